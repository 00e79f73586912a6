//! Runs a template over an object.

use std::borrow::Cow;
use std::fmt::Display;

use super::super::go;
use super::node::{Command, Control, Expr, Node, Pipe, Term};
use super::parse::Trees;
use super::value::{Data, Val};
use super::{funcs, printf};

/// Why a walk does not go on.
enum Stop {
    Break,
    Continue,
    Error(String),
}

type Walked<T> = Result<T, Stop>;

/// Runs the template of a name; what was written before an error stays.
pub(super) fn execute(
    trees: &Trees,
    source: &str,
    name: &str,
    object: &Val,
    allow_missing: bool,
    out: &mut String,
) -> Result<(), String> {
    let Some(root) = trees.get(name) else { return Ok(()) };
    let mut state = State {
        trees,
        source,
        root: name,
        name,
        allow_missing,
        spot: Spot { at: 0, shown: &"" },
        variables: vec![("$", object.clone())],
        depth: 0,
        out,
    };
    match state.list(object, root) {
        Err(Stop::Error(error)) => Err(error),
        _ => Ok(()),
    }
}

/// Where a walk is, for messages.
#[derive(Clone, Copy)]
struct Spot<'a> {
    at: usize,
    shown: &'a dyn Display,
}

struct State<'a, 'o> {
    trees: &'a Trees,
    source: &'a str,
    root: &'a str,
    /// The template that runs.
    name: &'a str,
    allow_missing: bool,
    spot: Spot<'a>,
    variables: Vec<(&'a str, Val<'a>)>,
    depth: usize,
    out: &'o mut String,
}

/// Templates that call each other end here.
const DEPTH: usize = 1000;

impl<'a> State<'a, '_> {
    fn error<T>(&self, what: impl Display) -> Walked<T> {
        let before = &self.source[..self.spot.at];
        let line = 1 + before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let (root, name, shown) = (self.root, go::quoted(self.name), self.spot.shown);
        Err(Stop::Error(format!("template: {root}:{line}:{column}: executing {name} at <{shown}>: {what}")))
    }

    fn list(&mut self, dot: &Val<'a>, nodes: &'a [Node]) -> Walked<()> {
        nodes.iter().try_for_each(|node| self.node(dot, node))
    }

    fn node(&mut self, dot: &Val<'a>, node: &'a Node) -> Walked<()> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(pipe) => {
                let value = self.pipe(dot, pipe)?;
                if pipe.variables.is_empty() {
                    self.out.push_str(&if value.is_nothing() {
                        "<no value>".to_owned()
                    } else {
                        printf::plain(&value.data)
                    });
                }
            }
            Node::Break => return Err(Stop::Break),
            Node::Continue => return Err(Stop::Continue),
            Node::If(control) => self.choose(dot, control, false)?,
            Node::With(control) => self.choose(dot, control, true)?,
            Node::Range(control) => self.range(dot, control)?,
            Node::Template { at, name, pipe } => self.template(dot, *at, name, pipe.as_ref())?,
        }
        Ok(())
    }

    fn choose(&mut self, dot: &Val<'a>, control: &'a Control, with: bool) -> Walked<()> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &control.pipe)?;
        if value.data.is_true() {
            self.list(if with { &value } else { dot }, &control.list)?;
        } else if let Some(nodes) = &control.otherwise {
            self.list(dot, nodes)?;
        }
        self.variables.truncate(mark);
        Ok(())
    }

    fn range(&mut self, dot: &Val<'a>, control: &'a Control) -> Walked<()> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &control.pipe)?;
        let elements: Vec<(Val, Val)> = match &value.data {
            Data::Nil => Vec::new(),
            Data::List(items) => {
                items.iter().enumerate().map(|(at, item)| (Val::length(at), Val::element(item))).collect()
            }
            Data::Map(fields) => go::sorted(fields)
                .into_iter()
                .map(|(key, value)| (Val::bare(Data::Text(Cow::Borrowed(key))), Val::element(value)))
                .collect(),
            Data::Int(count) | Data::Int64(count) => {
                if control.pipe.variables.len() > 1 {
                    return self.error(format!("can't use {count} to iterate over more than one variable"));
                }
                let is_int = matches!(value.data, Data::Int(_));
                let number = |at| Val::bare(if is_int { Data::Int(at) } else { Data::Int64(at) });
                (0..*count).map(|at| (Val::NOTHING, number(at))).collect()
            }
            other => return self.error(format!("range can't iterate over {}", printf::plain(other))),
        };
        let nothing = elements.is_empty();
        let inner = self.variables.len();
        for (index, element) in elements {
            self.bind(&control.pipe, index, &element)?;
            let walked = self.list(&element, &control.list);
            self.variables.truncate(inner);
            match walked {
                Err(Stop::Break) => break,
                Err(Stop::Continue) | Ok(()) => {}
                stop => return stop,
            }
        }
        if let Some(nodes) = control.otherwise.as_ref().filter(|_| nothing) {
            self.list(dot, nodes)?;
        }
        self.variables.truncate(mark);
        Ok(())
    }

    /// Gives the variables of a range their values: the index comes first, where there are two.
    fn bind(&mut self, pipe: &'a Pipe, index: Val<'a>, element: &Val<'a>) -> Walked<()> {
        let names = &pipe.variables;
        let Some(last) = names.last() else { return Ok(()) };
        if pipe.assigns {
            if names.len() > 1 {
                self.assign(&names[0], index)?;
            }
            return self.assign(last, element.clone());
        }
        let top = self.variables.len();
        self.variables[top - 1].1 = element.clone();
        if names.len() > 1 {
            self.variables[top - 2].1 = index;
        }
        Ok(())
    }

    fn template(&mut self, dot: &Val<'a>, at: usize, name: &'a str, pipe: Option<&'a Pipe>) -> Walked<()> {
        let Some((known, nodes)) = self.trees.get_key_value(name) else {
            let shown = pipe.map_or(String::new(), |pipe| format!(" {pipe}"));
            let shown = format!("{{{{template {}{shown}}}}}", go::quoted(name));
            let before = &self.source[..at];
            let line = 1 + before.matches('\n').count();
            let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
            return Err(Stop::Error(format!(
                "template: {}:{line}:{column}: executing {} at <{shown}>: template {} not defined",
                self.root,
                go::quoted(self.name),
                go::quoted(name)
            )));
        };
        if self.depth == DEPTH {
            return self.error(format!("exceeded maximum template depth ({DEPTH})"));
        }
        let dot = match pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Val::NOTHING,
        };
        let variables = std::mem::replace(&mut self.variables, vec![("$", dot.clone())]);
        let outer = std::mem::replace(&mut self.name, known);
        self.depth += 1;
        let walked = self.list(&dot, nodes);
        self.depth -= 1;
        self.name = outer;
        self.variables = variables;
        walked
    }

    fn assign(&mut self, name: &str, value: Val<'a>) -> Walked<()> {
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, old)) => {
                *old = value;
                Ok(())
            }
            None => self.error(format!("undefined variable: {name}")),
        }
    }

    fn pipe(&mut self, dot: &Val<'a>, pipe: &'a Pipe) -> Walked<Val<'a>> {
        self.spot = Spot { at: pipe.at, shown: pipe };
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(dot, command, value)?.unboxed());
        }
        let value = value.unwrap_or(Val::NOTHING);
        for name in &pipe.variables {
            if pipe.assigns {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name, value.clone()));
            }
        }
        Ok(value)
    }

    /// Evaluates a command; `last` is what the command before it gave.
    fn command(&mut self, dot: &Val<'a>, command: &'a Command, last: Option<Val<'a>>) -> Walked<Val<'a>> {
        let Some((first, rest)) = command.args.split_first() else { return Ok(Val::NOTHING) };
        let has_args = !rest.is_empty() || last.is_some();
        match &first.term {
            Term::Field(_) | Term::Chain(..) => return self.chain(dot, first, has_args),
            Term::Variable(names) if names.len() > 1 => return self.chain(dot, first, has_args),
            Term::Identifier(name) => {
                self.spot = Spot { at: first.at, shown: first };
                return self.call(dot, name, Spot { at: command.at, shown: command }, rest, last);
            }
            // What was looked at before stays the place of a message.
            Term::Pipe(_) => {}
            _ => self.spot = Spot { at: first.at, shown: first },
        }
        if has_args {
            return self.error(format!("can't give argument to non-function {first}"));
        }
        match &first.term {
            Term::Pipe(pipe) => self.pipe(dot, pipe),
            Term::Nil => self.error("nil is not a command"),
            _ => self.operand(dot, first),
        }
    }

    /// A value that is no call.
    fn operand(&mut self, dot: &Val<'a>, expr: &'a Expr) -> Walked<Val<'a>> {
        self.spot = Spot { at: expr.at, shown: expr };
        Ok(match &expr.term {
            Term::Bool(truth) => Val::truth(*truth),
            Term::Dot => dot.clone(),
            Term::Number(number) => match (number.whole, number.float) {
                (Some(whole), _) => Val::bare(Data::Int(whole)),
                (None, float) => Val::bare(Data::Float(float.unwrap_or_default())),
            },
            Term::Text(_, text) => Val::bare(Data::Text(Cow::Borrowed(text))),
            Term::Variable(names) if names.len() == 1 => self.variable(&names[0])?,
            Term::Field(_) | Term::Variable(_) | Term::Chain(..) => self.chain(dot, expr, false)?,
            Term::Identifier(name) => self.call(dot, name, Spot { at: expr.at, shown: expr }, &[], None)?,
            Term::Pipe(pipe) => self.pipe(dot, pipe)?,
            Term::Nil => Val::NOTHING,
        })
    }

    fn variable(&self, name: &str) -> Walked<Val<'a>> {
        match self.variables.iter().rev().find(|(known, _)| *known == name) {
            Some((_, value)) => Ok(value.clone()),
            None => self.error(format!("undefined variable: {name}")),
        }
    }

    /// `.a.b`, `$x.a`, `(…).a`
    fn chain(&mut self, dot: &Val<'a>, expr: &'a Expr, has_args: bool) -> Walked<Val<'a>> {
        self.spot = Spot { at: expr.at, shown: expr };
        let (mut value, names) = match &expr.term {
            Term::Field(names) => (dot.clone(), names.as_slice()),
            Term::Variable(names) => (self.variable(&names[0])?, &names[1..]),
            Term::Chain(inner, names) => {
                if matches!(inner.term, Term::Nil) {
                    return self.error(format!("indirection through explicit nil in {expr}"));
                }
                (self.operand(dot, inner)?, names.as_slice())
            }
            _ => return Ok(Val::NOTHING),
        };
        for (at, name) in names.iter().enumerate() {
            value = self.field(&value, name, has_args && at + 1 == names.len())?;
        }
        Ok(value)
    }

    fn field(&self, value: &Val<'a>, name: &str, has_args: bool) -> Walked<Val<'a>> {
        match &value.data {
            Data::Nil if value.boxed => self.error(format!("nil pointer evaluating interface {{}}.{name}")),
            Data::Nil if self.allow_missing => Ok(Val::NOTHING),
            Data::Nil => self.error(format!("nil data; no entry for key {}", go::quoted(name))),
            Data::Map(_) if has_args => self.error(format!("{name} is not a method but has arguments")),
            Data::Map(fields) => match fields.get(name) {
                Some(field) => Ok(Val::element(field)),
                None if self.allow_missing => Ok(Val::NOTHING),
                None => self.error(format!("map has no entry for key {}", go::quoted(name))),
            },
            _ => self.error(format!("can't evaluate field {name} in type {}", value.kind())),
        }
    }

    fn call(
        &mut self,
        dot: &Val<'a>,
        name: &'a str,
        whole: Spot<'a>,
        args: &'a [Expr],
        last: Option<Val<'a>>,
    ) -> Walked<Val<'a>> {
        let Some(function) = funcs::find(name) else {
            return self.error(format!("{} is not a defined function", go::quoted(name)));
        };
        let count = args.len() + usize::from(last.is_some());
        if function.variadic && count < function.least {
            let (wanted, got) = (function.least, args.len());
            return self.error(format!("wrong number of args for {name}: want at least {wanted} got {got}"));
        }
        if !function.variadic && count != function.least {
            return self.error(format!("wrong number of args for {name}: want {} got {count}", function.least));
        }
        if let "and" | "or" = name {
            let mut value = Val::NOTHING;
            for arg in args {
                value = self.operand(dot, arg)?;
                if value.data.is_true() == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut values = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            let value = if function.wants_text(at) { self.text_arg(dot, arg)? } else { self.operand(dot, arg)? };
            values.push(value);
        }
        if let Some(last) = last {
            let last = if function.wants_text(args.len()) { self.as_text(last)? } else { last };
            values.push(last);
        }
        if name == "call" {
            // Nothing that a template has can be called.
            let callee =
                args.first().map_or_else(|| values.first().map_or(String::new(), unnamed), ToString::to_string);
            let what = match values.first().map(|value| &value.data) {
                None | Some(Data::Nil) => "call of nil".to_owned(),
                Some(data) => format!("non-function {callee} of type {}", data.kind()),
            };
            self.spot = whole;
            return self.error(format!("error calling call: {what}"));
        }
        match (function.run)(values) {
            Ok(value) => Ok(value),
            Err(error) => {
                self.spot = whole;
                self.error(format!("error calling {name}: {error}"))
            }
        }
    }

    /// An argument that must be text.
    fn text_arg(&mut self, dot: &Val<'a>, arg: &'a Expr) -> Walked<Val<'a>> {
        self.spot = Spot { at: arg.at, shown: arg };
        match &arg.term {
            Term::Nil => self.error("cannot assign nil to string"),
            Term::Bool(_) | Term::Number(_) => self.error(format!("expected string; found {arg}")),
            _ => {
                let value = self.operand(dot, arg)?;
                self.as_text(value)
            }
        }
    }

    fn as_text(&self, value: Val<'a>) -> Walked<Val<'a>> {
        match &value.data {
            Data::Text(_) => Ok(value.unboxed()),
            Data::Nil if !value.boxed => self.error("invalid value; expected string"),
            Data::Nil => self.error("wrong type for value; expected string; got interface {}"),
            other => self.error(format!("wrong type for value; expected string; got {}", other.kind())),
        }
    }
}

/// What a value is called that has no name.
fn unnamed(value: &Val) -> String {
    match &value.data {
        Data::Text(text) => text.to_string(),
        data => format!("<{} Value>", data.kind()),
    }
}
