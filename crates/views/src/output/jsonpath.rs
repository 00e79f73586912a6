//! kubectl's `JSONPath`: text with `{…}` blocks; fields, quoted fields, indices, slices, unions, filters, `..`, `range`.

use serde_json::Value;

use super::json::compact;

use super::go;
use super::json::indented;
use super::{Kind, Printer, Settings, file};

/// `jsonpath`, `jsonpath-as-json`, `jsonpath-file`.
pub(super) static FORMAT: Kind = Kind {
    names: &["jsonpath", "jsonpath-as-json", "jsonpath-file"],
    template: Some("template format specified but no template given"),
    make: |name, template| {
        let template = if name == "jsonpath-file" { file("--template", template)? } else { template.to_owned() };
        Ok(Box::new(JsonPath {
            template: Template::parse(&template)?,
            written: template,
            as_json: name == "jsonpath-as-json",
        }))
    },
};

#[derive(Debug)]
struct JsonPath {
    written: String,
    template: Template,
    as_json: bool,
}

impl Printer for JsonPath {
    fn print(&self, object: &Value, _: Settings, text: &mut String) -> Result<(), String> {
        let printed = if self.as_json {
            self.template.values(object).map(|values| indented(&Value::Array(values)) + "\n")
        } else {
            self.template.print(object)
        };
        let explain = |error: String| {
            format!(
                "error executing jsonpath {}: Error executing template: {error}. Printing more information for debugging the \
                 template:\n\ttemplate was:\n\t\t{}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n",
                go::quoted(&self.written),
                self.written,
                go::source(object)
            )
        };
        text.push_str(&printed.map_err(explain)?);
        Ok(())
    }
}

/// A template.
#[derive(Clone, Debug)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Paths(Vec<Vec<Step>>),
    Range(Vec<Step>, Vec<Part>),
}

#[derive(Clone, Debug)]
enum Step {
    Field(String),
    Any,
    Recursive,
    Slice(Option<i64>, Option<i64>, Option<i64>),
    Index(i64),
    Union(Vec<Vec<Step>>),
    Filter(Operand, Option<(String, Operand)>),
}

#[derive(Clone, Debug)]
enum Operand {
    Path(Vec<Step>),
    Literal(Value),
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Template, String> {
        let mut rest = text;
        let parts = parts(text, &mut rest, false)?;
        Ok(Template(parts))
    }

    /// What the template writes.
    pub(super) fn print(&self, object: &Value) -> Result<String, String> {
        let mut text = String::new();
        write(&self.0, object, object, &mut text)?;
        Ok(text)
    }

    /// What its paths find.
    pub(super) fn values(&self, object: &Value) -> Result<Vec<Value>, String> {
        let mut values = Vec::new();
        for part in &self.0 {
            if let Part::Paths(paths) = part {
                for path in paths {
                    values.extend(find(path, object, object)?.into_iter().cloned());
                }
            }
        }
        Ok(values)
    }
}

fn write(parts: &[Part], root: &Value, at: &Value, text: &mut String) -> Result<(), String> {
    for part in parts {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Paths(paths) => {
                let mut found = Vec::new();
                for path in paths {
                    found.extend(find(path, root, at)?);
                }
                text.push_str(&found.into_iter().map(shown).collect::<Vec<_>>().join(" "));
            }
            Part::Range(path, inner) => {
                for item in find(path, root, at)? {
                    write(inner, root, item, text)?;
                }
            }
        }
    }
    Ok(())
}

/// A value as it is written: text raw, all else as compact JSON, floats as Go's `%v`.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => float(number.as_f64().unwrap_or_default()),
        other => compact(other),
    }
}

fn float(value: f64) -> String {
    let exponent = if value == 0.0 {
        0
    } else {
        format!("{value:e}").split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0)
    };
    if !(-4..21).contains(&exponent) || exponent >= 6 && value.fract() == 0.0 {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    value.to_string()
}

fn find<'a>(path: &[Step], root: &'a Value, at: &'a Value) -> Result<Vec<&'a Value>, String> {
    let mut found = vec![at];
    for step in path {
        let mut next = Vec::new();
        for value in found {
            take(step, root, value, &mut next)?;
        }
        found = next;
    }
    Ok(found)
}

fn take<'a>(step: &Step, root: &'a Value, value: &'a Value, next: &mut Vec<&'a Value>) -> Result<(), String> {
    match step {
        Step::Field(name) => next.extend(value.get(name)),
        Step::Any => match value {
            Value::Array(items) => next.extend(items),
            Value::Object(fields) => next.extend(fields.values()),
            _ => {}
        },
        Step::Recursive => descend(value, next),
        Step::Index(index) => {
            if let Value::Array(items) = value {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = if *index < 0 { index + length } else { *index };
                match usize::try_from(place).ok().and_then(|place| items.get(place)) {
                    Some(item) => next.push(item),
                    None => return Err(format!("array index out of bounds: index {index}, length {length}")),
                }
            }
        }
        Step::Slice(from, to, step) => {
            if let Value::Array(items) = value {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = |bound: Option<i64>, open: i64| {
                    let bound = bound.map_or(open, |bound| if bound < 0 { bound + length } else { bound });
                    usize::try_from(bound.clamp(0, length)).unwrap_or_default()
                };
                let (from, to) = (place(*from, 0), place(*to, length));
                let step = usize::try_from(step.unwrap_or(1).max(1)).unwrap_or(1);
                next.extend(items.get(from..to.max(from)).unwrap_or_default().iter().step_by(step));
            }
        }
        Step::Union(paths) => {
            for path in paths {
                next.extend(find(path, root, value)?);
            }
        }
        Step::Filter(left, comparison) => {
            let items: Vec<&Value> = match value {
                Value::Array(items) => items.iter().collect(),
                _ => Vec::new(),
            };
            for item in items {
                if holds(left, comparison.as_ref(), root, item)? {
                    next.push(item);
                }
            }
        }
    }
    Ok(())
}

fn descend<'a>(value: &'a Value, next: &mut Vec<&'a Value>) {
    next.push(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| descend(item, next)),
        Value::Object(fields) => fields.values().for_each(|item| descend(item, next)),
        _ => {}
    }
}

fn holds(left: &Operand, comparison: Option<&(String, Operand)>, root: &Value, item: &Value) -> Result<bool, String> {
    let value = |operand: &Operand| -> Result<Option<Value>, String> {
        Ok(match operand {
            Operand::Literal(value) => Some(value.clone()),
            Operand::Path(path) => find(path, root, item)?.into_iter().next().cloned(),
        })
    };
    let Some((operator, right)) = comparison else { return Ok(value(left)?.is_some()) };
    let (Some(left), Some(right)) = (value(left)?, value(right)?) else { return Ok(false) };
    let order = match (&left, &right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    Ok(match operator.as_str() {
        "==" => left == right || order.is_some_and(std::cmp::Ordering::is_eq),
        "!=" => left != right,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    })
}

/// Reads parts up to the end, or up to `{end}` within a range.
fn parts(whole: &str, rest: &mut &str, in_range: bool) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let Some(start) = rest.find('{') else {
            parts.push(Part::Text((*rest).to_owned()));
            *rest = "";
            break;
        };
        if start > 0 {
            parts.push(Part::Text(rest[..start].to_owned()));
        }
        let end = closing(&rest[start..]).ok_or_else(|| format!("error parsing jsonpath {whole}, unclosed action"))?;
        let inner = rest[start + 1..start + end].trim();
        *rest = &rest[start + end + 1..];
        if inner == "end" {
            return if in_range {
                Ok(parts)
            } else {
                Err(format!("error parsing jsonpath {whole}, not in range, nothing to end"))
            };
        }
        if let Some(path) = inner.strip_prefix("range ") {
            let path = one_path(whole, path.trim())?;
            parts.push(Part::Range(path, self::parts(whole, rest, true)?));
        } else if let Some(text) = quoted(inner) {
            parts.push(Part::Text(text));
        } else if !inner.is_empty() {
            let paths = words(inner).into_iter().map(|path| one_path(whole, path)).collect::<Result<_, _>>()?;
            parts.push(Part::Paths(paths));
        }
    }
    if in_range { Err(format!("error parsing jsonpath {whole}, unclosed range")) } else { Ok(parts) }
}

/// Where the block that starts here ends.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut plain = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match (c, c == '\\').1.then(|| characters.next()).flatten() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some(other) => plain.push(other),
            None => plain.push(c),
        }
    }
    Some(plain)
}

/// Several paths of one block, apart by blanks outside brackets.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ' ' if depth == 0 => {
                words.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

fn one_path(whole: &str, text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix(['$', '@']).unwrap_or(text);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("..") {
            steps.push(Step::Recursive);
            rest = after;
            if rest.is_empty() || rest.starts_with('[') {
                continue;
            }
        } else if let Some(after) = rest.strip_prefix('.') {
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('[') {
            let end = bracket(after).ok_or_else(|| format!("error parsing jsonpath {whole}, unterminated array"))?;
            steps.push(subscript(whole, after[..end].trim())?);
            rest = &after[end + 1..];
            continue;
        }
        let (name, after) = field(rest);
        rest = after;
        match name.as_str() {
            "" if rest.is_empty() => break,
            "" => return Err(format!("error parsing jsonpath {whole}, unrecognized character in action: {rest}")),
            "*" => steps.push(Step::Any),
            _ => steps.push(Step::Field(name)),
        }
    }
    Ok(steps)
}

/// A field's name up to the next dot or bracket; a backslash takes what follows as it is.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                name.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '.' | '[' => return (name, &text[at..]),
            _ => name.push(c),
        }
    }
    (name, "")
}

fn bracket(text: &str) -> Option<usize> {
    let mut depth = 1;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn subscript(whole: &str, inner: &str) -> Result<Step, String> {
    let wrong = || format!("error parsing jsonpath {whole}, invalid array index {inner}");
    if inner == "*" {
        return Ok(Step::Any);
    }
    if let Some(filter) = inner.strip_prefix("?(").and_then(|rest| rest.strip_suffix(')')) {
        return filter_step(whole, filter.trim());
    }
    if inner.starts_with(['\'', '"']) {
        let names: Vec<&str> = inner.split(',').map(str::trim).collect();
        let mut fields =
            names.iter().map(|name| quoted(name).map(Step::Field).ok_or_else(wrong)).collect::<Result<Vec<_>, _>>()?;
        return Ok(match fields.len() {
            1 => fields.remove(0),
            _ => Step::Union(fields.into_iter().map(|field| vec![field]).collect()),
        });
    }
    if inner.contains(',') {
        let steps = inner.split(',').map(|part| subscript(whole, part.trim()).map(|step| vec![step]));
        return Ok(Step::Union(steps.collect::<Result<_, _>>()?));
    }
    if inner.contains(':') {
        let number = |part: &str| if part.is_empty() { Ok(None) } else { part.parse().map(Some).map_err(|_| wrong()) };
        let mut bounds = inner.split(':').map(str::trim);
        let mut next = || bounds.next().map_or(Ok(None), number);
        return Ok(Step::Slice(next()?, next()?, next()?));
    }
    inner.parse().map(Step::Index).map_err(|_| wrong())
}

fn filter_step(whole: &str, text: &str) -> Result<Step, String> {
    let operand = |text: &str| -> Result<Operand, String> {
        let text = text.trim();
        if let Some(literal) = quoted(text) {
            return Ok(Operand::Literal(Value::String(literal)));
        }
        match serde_json::from_str::<Value>(text) {
            Ok(literal) => Ok(Operand::Literal(literal)),
            Err(_) => one_path(whole, text).map(Operand::Path),
        }
    };
    for operator in ["==", "!=", "<=", ">=", "<", ">"] {
        if let Some((left, right)) = text.split_once(operator) {
            return Ok(Step::Filter(operand(left)?, Some((operator.to_owned(), operand(right)?))));
        }
    }
    Ok(Step::Filter(operand(text)?, None))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(template: &str) -> String {
        let object = json!({
            "metadata": {"finalizers": ["example.com/f", "z"], "name": "w1", "namespace": "default",
                "labels": {"app.kubernetes.io/name": "shop"},
                "ownerReferences": [{"kind": "Deployment", "name": "web", "uid": "u", "controller": true}]},
            "spec": {"size": 3, "ratio": 0.5, "big": 1_000_000.0, "nul": null}
        });
        Template::parse(template)
            .and_then(|template| template.print(&object))
            .unwrap_or_else(|error| format!("!{error}"))
    }

    #[test]
    fn templates_print_what_kubectl_prints() {
        for (template, expected) in [
            ("{.metadata.ownerReferences}", r#"[{"controller":true,"kind":"Deployment","name":"web","uid":"u"}]"#),
            ("{.metadata.ownerReferences[0].name}", "web"),
            ("{.metadata.ownerReferences[?(@.controller==true)].uid}", "u"),
            ("{.metadata.ownerReferences[?(@.kind==\"Job\")].uid}", ""),
            ("{range .metadata.ownerReferences[*]}{.kind}/{.name}{\"\\n\"}{end}", "Deployment/web\n"),
            ("{.metadata.finalizers}", r#"["example.com/f","z"]"#),
            ("{.metadata.finalizers[*]}", "example.com/f z"),
            ("{.metadata.finalizers[-1]}", "z"),
            ("{.metadata.finalizers[0:1]}", "example.com/f"),
            ("{.missing.too}", ""),
            ("{.spec.size} {.spec.ratio} {.spec.big} {.spec.nul}", "3 0.5 1e+06 null"),
            ("{.metadata.labels.app\\.kubernetes\\.io/name}", "shop"),
            ("{.metadata['name','namespace']}", "w1 default"),
            ("foo", "foo"),
            ("{", "!error parsing jsonpath {, unclosed action"),
            ("{.metadata.finalizers[5]}", "!array index out of bounds: index 5, length 2"),
        ] {
            assert_eq!(printed(template), expected, "{template}");
        }
    }
}
