//! Fills the holes of the catalogue's sentences and commands with this case's own values.

use std::collections::BTreeMap;

/// The holes of a text: `{name}`, letters only, so that `{.spec}`, `${HOME}` and JSON stay what they are.
pub(crate) fn holes(text: &str) -> Vec<String> {
    pieces(text)
        .filter_map(|piece| match piece {
            Piece::Hole(name) => Some(name.to_owned()),
            Piece::Text(_) => None,
        })
        .collect()
}

/// The text with its holes filled; `None` if a value is not known.
pub(crate) fn fill(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    pieces(text)
        .map(|piece| match piece {
            Piece::Text(text) => Some(text),
            Piece::Hole(name) => values.get(name).map(String::as_str).filter(|value| !value.is_empty()),
        })
        .collect()
}

/// A command with its holes filled. Log text is not trusted: `None` too if a value could be read as anything but a plain word.
pub(crate) fn fill_command(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let plain = |value: &str| {
        value == "\"\""
            || value.chars().all(|c| c.is_ascii_alphanumeric() || "-._/:@=+,".contains(c)) && !value.starts_with('-')
    };
    let safe = holes(text).iter().all(|name| values.get(name).is_some_and(|value| plain(value)));
    if safe { fill(text, values) } else { None }
}

enum Piece<'t> {
    Text(&'t str),
    Hole(&'t str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut left = text;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        if let Some(name) = hole_at_start(left) {
            left = &left[name.len() + 2..];
            return Some(Piece::Hole(name));
        }
        let end = (1..left.len())
            .find(|at| {
                left.is_char_boundary(*at)
                    && left[*at..].starts_with('{')
                    && !left[..*at].ends_with('$')
                    && hole_at_start(&left[*at..]).is_some()
            })
            .unwrap_or(left.len());
        let (text, rest) = left.split_at(end);
        left = rest;
        Some(Piece::Text(text))
    })
}

fn hole_at_start(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let name = &inner[..inner.find('}')?];
    // `{range}` and `{end}` belong to kubectl's jsonpath.
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()) && name != "end" && name != "range")
        .then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_takes_no_text_that_a_shell_would_read() {
        let values = |name: &str| BTreeMap::from([("pod".to_owned(), name.to_owned())]);
        assert_eq!(fill_command("kubectl logs {pod}", &values("web-0")).as_deref(), Some("kubectl logs web-0"));
        for name in ["web; rm -rf x", "$(id)", "`id`", "-o", "a b", "a\nb"] {
            assert_eq!(fill_command("kubectl logs {pod}", &values(name)), None, "{name}");
        }
    }

    #[test]
    fn holes_are_filled_and_other_braces_stay() {
        let values = BTreeMap::from([("name".to_owned(), "w1".to_owned())]);
        assert_eq!(
            fill("get {name} -o jsonpath='{.spec}{end}' ${HOME}", &values).as_deref(),
            Some("get w1 -o jsonpath='{.spec}{end}' ${HOME}")
        );
        assert_eq!(fill("{name} in {namespace}", &values), None);
        assert_eq!(holes("{name} 在 {namespace} 中"), ["name", "namespace"]);
    }
}
