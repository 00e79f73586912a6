//! The pieces of a parsed template, and how messages show them.

use std::fmt;

/// A piece of the text between or around actions, or an action.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    /// `{{pipeline}}`
    Action(Pipe),
    If(Control),
    With(Control),
    Range(Control),
    Template {
        at: usize,
        name: String,
        pipe: Option<Pipe>,
    },
    Break,
    Continue,
}

/// `{{if pipeline}}…{{else}}…{{end}}` and its like.
#[derive(Clone, Debug)]
pub(super) struct Control {
    pub(super) pipe: Pipe,
    pub(super) list: Vec<Node>,
    pub(super) otherwise: Option<Vec<Node>>,
}

/// Commands one behind the other, and the variables that take the result.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    pub(super) at: usize,
    pub(super) assigns: bool,
    pub(super) variables: Vec<String>,
    pub(super) commands: Vec<Command>,
}

/// A value, or a function and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) at: usize,
    pub(super) args: Vec<Expr>,
}

/// An operand.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) at: usize,
    pub(super) term: Term,
}

/// What an operand is.
#[derive(Clone, Debug)]
pub(super) enum Term {
    Field(Vec<String>),
    Variable(Vec<String>),
    Chain(Box<Expr>, Vec<String>),
    Identifier(String),
    Pipe(Pipe),
    Bool(bool),
    Dot,
    Nil,
    Number(Number),
    /// As it was written, and what it says.
    Text(String, String),
}

/// A number as it was written, and what it can be read as.
#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) written: String,
    pub(super) whole: Option<i64>,
    pub(super) float: Option<f64>,
}

impl fmt::Display for Pipe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            write!(out, "{} {} ", self.variables.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (at, command) in self.commands.iter().enumerate() {
            write!(out, "{}{command}", if at > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, arg) in self.args.iter().enumerate() {
            write!(out, "{}", if at > 0 { " " } else { "" })?;
            match &arg.term {
                Term::Pipe(pipe) => write!(out, "({pipe})")?,
                _ => write!(out, "{arg}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.term {
            Term::Field(names) => write!(out, ".{}", names.join(".")),
            Term::Variable(names) => write!(out, "{}", names.join(".")),
            Term::Chain(expr, names) => match &expr.term {
                Term::Pipe(pipe) => write!(out, "({pipe}).{}", names.join(".")),
                _ => write!(out, "{expr}.{}", names.join(".")),
            },
            Term::Identifier(name) => write!(out, "{name}"),
            Term::Pipe(pipe) => write!(out, "{pipe}"),
            Term::Bool(truth) => write!(out, "{truth}"),
            Term::Dot => write!(out, "."),
            Term::Nil => write!(out, "nil"),
            Term::Number(number) => write!(out, "{}", number.written),
            Term::Text(written, _) => write!(out, "{written}"),
        }
    }
}
