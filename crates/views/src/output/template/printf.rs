//! Go's `fmt`: values as text, and `printf` with its verbs.

use serde_json::Value;

use super::super::go;
use super::value::{Data, Val};

/// A value as `%v` shows it.
pub(super) fn plain(data: &Data) -> String {
    Flags::default().value(data, 'v')
}

/// A value as `%s` shows it.
pub(super) fn as_text(data: &Data) -> String {
    Flags::default().value(data, 's')
}

/// Values one behind the other, with blanks where neither is text.
pub(super) fn sprint(args: &[Val]) -> String {
    let mut text = String::new();
    let mut after_text = false;
    for (at, arg) in args.iter().enumerate() {
        let is_text = matches!(arg.data, Data::Text(_));
        if at > 0 && !is_text && !after_text {
            text.push(' ');
        }
        text.push_str(&plain(&arg.data));
        after_text = is_text;
    }
    text
}

/// The first argument is the format of the others.
pub(super) fn sprintf(args: &[Val]) -> String {
    let Some((Data::Text(format), args)) = args.split_first().map(|(format, args)| (&format.data, args)) else {
        return String::new();
    };
    let mut printer = Printer { args, next: 0, reordered: false, good: true, text: String::new() };
    printer.print(format);
    printer.text
}

/// What stands between the percent sign and the verb.
#[derive(Clone, Default)]
struct Flags {
    /// The characters `#0+- `; `v` where `%#v` asks for Go's own notation.
    marks: String,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer<'p, 'a> {
    args: &'p [Val<'a>],
    next: usize,
    /// Whether an argument was named by its place.
    reordered: bool,
    good: bool,
    text: String,
}

impl Printer<'_, '_> {
    fn print(&mut self, format: &str) {
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            self.text.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            self.verb(&mut rest);
        }
        self.text.push_str(rest);
        if !self.reordered && self.next < self.args.len() {
            let extra = self.args[self.next..].iter().map(|arg| match &arg.data {
                Data::Nil => "<nil>".to_owned(),
                data => format!("{}={}", data.kind(), plain(data)),
            });
            let extra = extra.collect::<Vec<_>>().join(", ");
            self.text.push_str(&format!("%!(EXTRA {extra})"));
        }
    }

    fn verb(&mut self, rest: &mut &str) {
        let mut flags = Flags::default();
        self.good = true;
        let marks = rest.len() - rest.trim_start_matches(['#', '0', '+', '-', ' ']).len();
        flags.marks.push_str(&rest[..marks]);
        *rest = &rest[marks..];
        let mut after_index = self.index(rest);
        if let Some(after) = rest.strip_prefix('*') {
            *rest = after;
            match self.number() {
                Some(width) => {
                    if width < 0 {
                        flags.marks = flags.marks.replace('0', "") + "-";
                    }
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.text.push_str("%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            flags.width = digits(rest);
            self.good &= !(after_index && flags.width.is_some());
        }
        if rest.len() > 1
            && let Some(after) = rest.strip_prefix('.')
        {
            *rest = after;
            self.good &= !after_index;
            after_index = self.index(rest);
            if let Some(after) = rest.strip_prefix('*') {
                *rest = after;
                match self.number() {
                    Some(precision) => flags.precision = usize::try_from(precision).ok(),
                    None => self.text.push_str("%!(BADPREC)"),
                }
                after_index = false;
            } else {
                flags.precision = Some(digits(rest).unwrap_or(0));
            }
        }
        if !after_index {
            self.index(rest);
        }
        let Some(verb) = rest.chars().next() else {
            self.text.push_str("%!(NOVERB)");
            return;
        };
        *rest = &rest[verb.len_utf8()..];
        if verb == '%' {
            self.text.push('%');
        } else if !self.good {
            self.text.push_str(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(arg) = self.args.get(self.next) {
            if verb == 'v' && flags.has('#') {
                flags.marks = flags.marks.replace('#', "v");
            }
            if verb == 'v' {
                flags.marks = flags.marks.replace('+', "");
            }
            self.text.push_str(&flags.argument(&arg.data, verb));
            self.next += 1;
        } else {
            self.text.push_str(&format!("%!{verb}(MISSING)"));
        }
    }

    /// `[2]`: the next argument is the second.
    fn index(&mut self, rest: &mut &str) -> bool {
        let Some(inner) = rest.strip_prefix('[') else { return false };
        self.reordered = true;
        let Some(end) = inner.find(']').filter(|_| rest.len() >= 3) else {
            self.good = false;
            *rest = inner;
            return false;
        };
        let place = inner[..end].parse::<usize>().ok().filter(|_| inner.as_bytes()[0].is_ascii_digit());
        *rest = &inner[end + 1..];
        match place.and_then(|place| place.checked_sub(1)) {
            Some(place) if place < self.args.len() => {
                self.next = place;
                true
            }
            _ => {
                self.good = false;
                place.is_some()
            }
        }
    }

    /// A width or precision among the arguments.
    fn number(&mut self) -> Option<i64> {
        let number = match self.args.get(self.next)?.data {
            Data::Int(number) | Data::Int64(number) => Some(number),
            Data::Byte(number) => Some(number.into()),
            _ => None,
        };
        self.next += 1;
        number.filter(|number| number.unsigned_abs() <= 1_000_000)
    }
}

fn digits(rest: &mut &str) -> Option<usize> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..length].parse().ok().filter(|number| *number <= 1_000_000);
    *rest = &rest[length..];
    number
}

impl Flags {
    fn has(&self, mark: char) -> bool {
        self.marks.contains(mark)
    }

    /// A whole argument.
    fn argument(&self, data: &Data, verb: char) -> String {
        match (data, verb) {
            (Data::Nil, 'v' | 'T') => self.pad("<nil>"),
            (Data::Nil, _) => format!("%!{verb}(<nil>)"),
            (data, 'T') => self.text(data.kind()),
            (data, verb) => self.value(data, verb),
        }
    }

    fn value(&self, data: &Data, verb: char) -> String {
        match data {
            Data::Nil if self.has('v') => "interface {}(nil)".into(),
            Data::Nil => "<nil>".into(),
            Data::Bool(truth) if matches!(verb, 't' | 'v') => self.pad(&truth.to_string()),
            Data::Int(value) | Data::Int64(value) => self.whole(data, *value, verb),
            Data::Byte(value) if verb == 'v' && self.has('v') => format!("0x{value:x}"),
            Data::Byte(value) => self.whole(data, i64::from(*value), verb),
            Data::Float(value) => self.float(data, *value, verb),
            Data::Text(text) => match verb {
                'v' if self.has('v') => self.quoted(text),
                'v' | 's' => self.text(text),
                'q' => self.quoted(text),
                'x' => self.hex(text, "0x", |byte| format!("{byte:02x}")),
                'X' => self.hex(text, "0X", |byte| format!("{byte:02X}")),
                _ => self.bad(data, verb),
            },
            Data::List(items) => self.list("[]interface {}", "", items.iter().map(|item| self.element(item, verb))),
            Data::Map(fields) => {
                let pair = |(key, value): (&String, &Value)| {
                    let key = Data::Text(key.as_str().into());
                    format!("{}:{}", self.value(&key, verb), self.element(value, verb))
                };
                self.list("map[string]interface {}", "map", go::sorted(fields).into_iter().map(pair))
            }
            Data::Bool(_) => self.bad(data, verb),
        }
    }

    fn element(&self, value: &Value, verb: char) -> String {
        self.value(&Data::of(value), verb)
    }

    fn list(&self, kind: &str, name: &str, parts: impl Iterator<Item = String>) -> String {
        let parts: Vec<String> = parts.collect();
        if self.has('v') { format!("{kind}{{{}}}", parts.join(", ")) } else { format!("{name}[{}]", parts.join(" ")) }
    }

    fn bad(&self, data: &Data, verb: char) -> String {
        format!("%!{verb}({}={})", data.kind(), self.value(data, 'v'))
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.has('-') {
            return format!("{text}{}", " ".repeat(missing));
        }
        format!("{}{text}", if self.has('0') { "0" } else { " " }.repeat(missing))
    }

    fn without_zeros(&self) -> Flags {
        Flags { marks: self.marks.replace('0', ""), ..self.clone() }
    }

    fn cut(&self, text: &str) -> String {
        text.chars().take(self.precision.unwrap_or(usize::MAX)).collect()
    }

    fn text(&self, text: &str) -> String {
        self.pad(&self.cut(text))
    }

    fn quoted(&self, text: &str) -> String {
        let text = self.cut(text);
        let raw = !text.contains(|c: char| c == '`' || c == '\u{7f}' || c == '\u{feff}' || c < ' ' && c != '\t');
        if self.has('#') && raw {
            return self.pad(&format!("`{text}`"));
        }
        let quoted = go::quoted(&text);
        if !self.has('+') {
            return self.pad(&quoted);
        }
        let ascii = quoted.chars().map(|c| match u32::from(c) {
            0..=0x7f => c.to_string(),
            code @ ..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        });
        self.pad(&ascii.collect::<String>())
    }

    fn hex(&self, text: &str, prefix: &str, digits: impl Fn(&u8) -> String) -> String {
        let bytes = &text.as_bytes()[..self.precision.unwrap_or(text.len()).min(text.len())];
        let prefix = if self.has('#') { prefix } else { "" };
        let parts = bytes.iter().map(digits);
        let shown = match self.has(' ') {
            _ if bytes.is_empty() => String::new(),
            true => parts.map(|digits| format!("{prefix}{digits}")).collect::<Vec<_>>().join(" "),
            false => format!("{prefix}{}", parts.collect::<String>()),
        };
        self.pad(&shown)
    }

    fn sign(&self, negative: bool) -> &'static str {
        match negative {
            true => "-",
            false if self.has('+') => "+",
            false if self.has(' ') => " ",
            false => "",
        }
    }

    fn whole(&self, data: &Data, value: i64, verb: char) -> String {
        let size = value.unsigned_abs();
        let (mut digits, prefix) = match verb {
            'v' | 'd' => (size.to_string(), ""),
            'b' => (format!("{size:b}"), "0b"),
            'o' => (format!("{size:o}"), ""),
            'O' => (format!("{size:o}"), "0o"),
            'x' => (format!("{size:x}"), "0x"),
            'X' => (format!("{size:X}"), "0X"),
            'c' | 'q' | 'U' => {
                let c = u32::try_from(value).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
                let mut shown = String::new();
                match verb {
                    'c' => shown.push(c),
                    'U' => {
                        shown = format!("U+{value:04X}");
                        if self.has('#') && go::is_print(c) {
                            shown.push_str(&format!(" '{c}'"));
                        }
                        return self.without_zeros().pad(&shown);
                    }
                    _ if c == '\'' => shown.push_str("'\\''"),
                    _ => {
                        shown.push('\'');
                        go::escaped(c, &mut shown);
                        shown.push('\'');
                    }
                }
                return self.pad(&shown);
            }
            _ => return self.bad(data, verb),
        };
        if self.precision == Some(0) && value == 0 {
            return " ".repeat(self.width.unwrap_or(0));
        }
        let sign = self.sign(value < 0);
        let least = match (self.precision, self.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if self.has('0') && !self.has('-') => width.saturating_sub(sign.len()),
            _ => 0,
        };
        digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
        let prefix = match verb {
            'O' => prefix,
            'o' if self.has('#') && !digits.starts_with('0') => "0",
            _ if self.has('#') => prefix,
            _ => "",
        };
        self.without_zeros().pad(&format!("{sign}{prefix}{digits}"))
    }

    fn float(&self, data: &Data, value: f64, verb: char) -> String {
        let size = value.abs();
        let digits = match (verb, self.precision) {
            ('v' | 'g' | 'G', None) => go::float(size),
            ('v' | 'g' | 'G', Some(precision)) => rounded(size, precision.max(1)),
            ('f' | 'F', precision) => format!("{size:.*}", precision.unwrap_or(6)),
            ('e' | 'E', precision) => exponent(&format!("{size:.*e}", precision.unwrap_or(6))),
            _ => return self.bad(data, verb),
        };
        let digits = if verb.is_ascii_uppercase() { digits.replace('e', "E") } else { digits };
        let sign = self.sign(value.is_sign_negative());
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        if self.has('0') && !self.has('-') {
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        self.pad(&format!("{sign}{digits}"))
    }
}

/// `1.5e0` as `1.5e+00`.
fn exponent(text: &str) -> String {
    let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

/// At most so many digits, with an exponent where the number is large or small.
fn rounded(value: f64, precision: usize) -> String {
    let text = format!("{value:.*e}", precision - 1);
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let wanted = i32::try_from(precision).unwrap_or(i32::MAX);
    let limit = if wanted > count && count > power { count } else { wanted };
    if power < -4 || power >= limit {
        let mantissa =
            if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
        return exponent(&format!("{mantissa}e{power}"));
    }
    let places = usize::try_from(count - 1 - power).unwrap_or_default();
    format!("{value:.places$}")
}
