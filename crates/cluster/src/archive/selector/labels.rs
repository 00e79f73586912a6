//! Label selectors as the API server reads them, its complaints word for word: `app=web,tier in (a,b),!legacy`.
//!
//! Follows `labels/selector.go` and the rules for names in `validate/content` of k8s.io/apimachinery 0.37.

use serde_json::Value;

use super::super::status::Refusal;

/// A selector: all its requirements must hold.
#[derive(Debug, Default)]
pub(crate) struct Labels(Vec<Requirement>);

#[derive(Debug)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    Lacks,
    In,
    NotIn,
    Greater,
    Less,
}

impl Labels {
    /// Reads the text of a selector; an empty one fits everything.
    pub(crate) fn parse(text: &str) -> Result<Labels, Refusal> {
        let mut parser = Parser { tokens: tokens(text), at: 0 };
        parser.selector().map(Labels).map_err(Refusal::bad_request)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object's labels fit.
    pub(crate) fn fit(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        self.0.iter().all(|requirement| requirement.fits(labels.get(&requirement.key).and_then(Value::as_str)))
    }
}

impl Requirement {
    fn fits(&self, value: Option<&str>) -> bool {
        let is_one = |value: &str| self.values.iter().any(|known| known == value);
        let numbers = || Some((value?.parse::<i64>().ok()?, self.values.first()?.parse::<i64>().ok()?));
        match self.operator {
            Operator::Exists => value.is_some(),
            Operator::Lacks => value.is_none(),
            Operator::In => value.is_some_and(is_one),
            Operator::NotIn => !value.is_some_and(is_one),
            Operator::Greater => numbers().is_some_and(|(has, wanted)| has > wanted),
            Operator::Less => numbers().is_some_and(|(has, wanted)| has < wanted),
        }
    }
}

/// A word: `in` and `notin` are operators where one is expected, else names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    End,
    Name(String),
    Sign(&'static str),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::End => "",
            Token::Name(name) => name,
            Token::Sign(sign) => sign,
        }
    }
}

const SIGNS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            tokens.push(Token::End);
            return tokens;
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
            continue;
        }
        let ends = |letter: char| " \t\r\n=!(),><".contains(letter);
        let (name, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        tokens.push(Token::Name(name.to_owned()));
        rest = after;
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn look(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn take(&mut self) -> Token {
        let token = self.look().clone();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut requirements = Vec::new();
        loop {
            match self.look() {
                Token::End => return Ok(requirements),
                Token::Name(_) | Token::Sign("!") => {}
                Token::Sign(sign) => {
                    return Err(format!("found '{sign}', expected: !, identifier, or 'end of string'"));
                }
            }
            let requirement = self.requirement().map_err(|why| format!("unable to parse requirement: {why}"))?;
            requirements.push(requirement);
            match self.take() {
                Token::End => return Ok(requirements),
                Token::Sign(",") => match self.look() {
                    Token::Name(_) | Token::Sign("!") => {}
                    other => return Err(format!("found '{}', expected: identifier after ','", other.text())),
                },
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.text())),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let lacks = *self.look() == Token::Sign("!");
        if lacks {
            self.at += 1;
        }
        let key = match self.take() {
            Token::Name(key) => key,
            other => return Err(format!("found '{}', expected: identifier", other.text())),
        };
        if let Some(why) = wrong_key(&key) {
            return Err(format!("<nil>: Invalid value: {key:?}: {why}"));
        }
        if lacks {
            return Ok(Requirement { key, operator: Operator::Lacks, values: Vec::new() });
        }
        if matches!(self.look(), Token::End | Token::Sign(",")) {
            return Ok(Requirement { key, operator: Operator::Exists, values: Vec::new() });
        }
        let sign = self.take();
        let (operator, several) = match sign.text() {
            "in" => (Operator::In, true),
            "notin" => (Operator::NotIn, true),
            "=" | "==" => (Operator::In, false),
            "!=" => (Operator::NotIn, false),
            ">" => (Operator::Greater, false),
            "<" => (Operator::Less, false),
            other => return Err(format!("found '{other}', expected: in, notin, =, ==, !=, gt, lt")),
        };
        let mut values = if several { self.values()? } else { vec![self.value()?] };
        values.sort();
        values.dedup();
        check_values(&key, operator, &values)?;
        Ok(Requirement { key, operator, values })
    }

    fn value(&mut self) -> Result<String, String> {
        if matches!(self.look(), Token::End | Token::Sign(",")) {
            return Ok(String::new());
        }
        match self.take() {
            Token::Name(value) => Ok(value),
            other => Err(format!("found '{}', expected: identifier", other.text())),
        }
    }

    /// `(a,b)`; an empty place between commas is the empty value.
    fn values(&mut self) -> Result<Vec<String>, String> {
        match self.take() {
            Token::Sign("(") => {}
            other => return Err(format!("found '{}' expected: '('", other.text())),
        }
        match self.look() {
            Token::Sign(")") => {
                self.at += 1;
                return Ok(vec![String::new()]);
            }
            Token::Name(_) | Token::Sign(",") => {}
            other => return Err(format!("found '{}', expected: ',', ')' or identifier", other.text())),
        }
        let mut values = Vec::new();
        loop {
            match self.take() {
                Token::Name(value) => {
                    values.push(value);
                    match self.look() {
                        Token::Sign(",") => {}
                        Token::Sign(")") => break,
                        other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
                    }
                }
                Token::Sign(",") => {
                    let ends = *self.look() == Token::Sign(")");
                    if values.is_empty() || ends || *self.look() == Token::Sign(",") {
                        values.push(String::new());
                    }
                    if ends {
                        break;
                    }
                }
                other => return Err(format!("found '{}', expected: ',', or identifier", other.text())),
            }
        }
        self.at += 1;
        Ok(values)
    }
}

fn check_values(key: &str, operator: Operator, values: &[String]) -> Result<(), String> {
    let mut wrong = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if matches!(operator, Operator::Greater | Operator::Less) && value.parse::<i64>().is_err() {
            let why = "for 'Gt', 'Lt' operators, the value must be an integer";
            wrong.push(format!("values[{at}]: Invalid value: {value:?}: {why}"));
        }
        if let Some(why) = wrong_value(value) {
            wrong.push(format!("values[{at}][{key}]: Invalid value: {value:?}: {why}"));
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

/// So long may a name or a value be.
const LONGEST: usize = 63;

/// So long may the domain before a name be.
const LONGEST_DOMAIN: usize = 253;

const TOO_LONG: &str = "must be no more than 63 bytes";
const BAD_NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const BAD_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const BAD_DOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/// What is wrong with a key, which is a name with or without a domain before it.
fn wrong_key(key: &str) -> Option<String> {
    let (domain, name) = match key.split('/').collect::<Vec<_>>().as_slice() {
        [name] => (None, *name),
        [domain, name] => (Some(*domain), *name),
        _ => {
            return Some(format!(
                "a valid label key {BAD_NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ));
        }
    };
    let mut wrong = Vec::new();
    if domain == Some("") {
        wrong.push("prefix part must be non-empty".to_owned());
    } else if let Some(domain) = domain {
        if domain.len() > LONGEST_DOMAIN {
            wrong.push(format!("prefix part must be no more than {LONGEST_DOMAIN} bytes"));
        }
        if !domain.split('.').all(is_domain_label) {
            wrong.push(format!("prefix part {BAD_DOMAIN}"));
        }
    }
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > LONGEST {
        wrong.push(format!("name part {TOO_LONG}"));
    }
    if !is_name(name) {
        wrong.push(format!("name part {BAD_NAME}"));
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

fn wrong_value(value: &str) -> Option<String> {
    let too_long = (value.len() > LONGEST).then_some(TOO_LONG);
    let bad = (!value.is_empty() && !is_name(value)).then_some(BAD_VALUE);
    let wrong: Vec<&str> = too_long.into_iter().chain(bad).collect();
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn is_domain_label(text: &str) -> bool {
    is_name(text) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(selector: &str, labels: &Value) -> bool {
        Labels::parse(selector).expect("a selector").fit(&json!({"metadata": {"labels": labels}}))
    }

    #[test]
    fn requirements_hold_as_the_server_says() {
        let labels = json!({"app": "web", "tier": "", "n": "7", "in": "x"});
        for (selector, expected) in [
            ("", true),
            ("app=web", true),
            ("app==web,n", true),
            ("app = web , n != 8", true),
            ("app!=web", false),
            ("gone!=web", true),
            ("app in (a, web)", true),
            ("app notin (a,web)", false),
            ("gone notin (a)", true),
            ("tier=", true),
            ("tier in ()", true),
            ("tier in (a,)", true),
            ("!gone,app", true),
            ("!app", false),
            ("n>6,n<8", true),
            ("app>6", false),
            ("in in (in,x)", true),
            ("gone", false),
        ] {
            assert_eq!(fits(selector, &labels), expected, "{selector}");
        }
    }

    #[test]
    fn complaints_are_the_servers() {
        let why = |selector: &str| Labels::parse(selector).expect_err(selector).message;
        assert_eq!(why("a=b=c"), "found '=', expected: ',' or 'end of string'");
        assert_eq!(why(",a"), "found ',', expected: !, identifier, or 'end of string'");
        assert_eq!(why("a,"), "found '', expected: identifier after ','");
        assert_eq!(why("a=,,b"), "found ',', expected: identifier after ','");
        assert_eq!(why("!"), "unable to parse requirement: found '', expected: identifier");
        assert_eq!(why("a b"), "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
        assert_eq!(why("a in b"), "unable to parse requirement: found 'b' expected: '('");
        assert_eq!(why("a in (b c)"), "unable to parse requirement: found 'c', expected: ',' or ')'");
        assert_eq!(why("a in (b"), "unable to parse requirement: found '', expected: ',' or ')'");
        assert_eq!(why("a=("), "unable to parse requirement: found '(', expected: identifier");
        assert_eq!(
            why("a>x"),
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"
        );
        let value = why("a=-x");
        assert!(
            value.starts_with(
                "unable to parse requirement: values[0][a]: Invalid value: \"-x\": a valid label must be an empty"
            ),
            "{value}"
        );
        let key = why("/a");
        assert_eq!(key, "unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty");
        assert!(why("a/b/c").contains("a valid label key must consist of"));
    }
}
