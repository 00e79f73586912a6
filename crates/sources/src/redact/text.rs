//! Secrets in a text: `key=value`, `"key": "value"` at any depth of escaping, lines of YAML, keys, tokens and passwords in addresses.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{REDACTED, is_secret_name};

/// A name, its quote if it has one, and the sign before its value.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?P<name>[A-Za-z0-9_][A-Za-z0-9_./-]*)(?:=|(?P<quote>\\*["'])[ \t]*:[ \t]*)(?P<open>\\*["'])?"#)
});

/// A line of YAML or of a properties file: nothing but a name and a value.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?m)^(?P<start>[ \t]*(?:- )?)(?P<name>[A-Za-z0-9_][A-Za-z0-9_./-]*)(?P<sign>:[ \t]+)(?P<value>\S.*)$")
});

/// What is a secret by its look.
static LOOKS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules: [(&str, &str); 8] = [
        // A private key, whole.
        (r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|\z)", "${1}<redacted>${2}"),
        // A JSON Web Token.
        (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", "<redacted>"),
        // The header of a request.
        (r"(?i)\b(bearer|basic)([ ]+)[A-Za-z0-9._~+/-]{16,}=*", "${1}${2}<redacted>"),
        (
            r"(?i)(authorization\\*[\x22']?[ ]*[:=][ ]*\\*[\x22']?(?:(?:bearer|basic|token)[ ]+)?)[^\s\x22'\\,<]+",
            "${1}<redacted>",
        ),
        // A password in an address.
        (r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@\x22']*):[^\s/@\x22']+@", "${1}:<redacted>@"),
        // Keys of well-known services, which all begin alike.
        (r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", "<redacted>"),
        (r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|npm_|pypi-)[A-Za-z0-9_-]{16,}", "<redacted>"),
        (r"\bAIza[0-9A-Za-z_-]{35}\b", "<redacted>"),
    ];
    rules.map(|(rule, with)| (pattern(rule), with)).into()
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns are fixed and tested")
}

/// The text without its secrets; none if it has none.
pub fn redact(text: &str) -> Option<String> {
    let mut clean = named(text);
    if let Some(lines) = lines(clean.as_deref().unwrap_or(text)) {
        clean = Some(lines);
    }
    for (look, with) in LOOKS.iter() {
        let now = clean.as_deref().unwrap_or(text);
        if look.is_match(now) {
            let then = look.replace_all(now, *with).into_owned();
            clean = Some(then);
        }
    }
    clean.filter(|clean| clean != text)
}

/// `key=value` and `"key": "value"`.
fn named(text: &str) -> Option<String> {
    let mut clean = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = NAMED.captures_at(text, from) {
        let whole = found.get(0).expect("a match has a whole").range();
        // A name may begin behind one that is none.
        from = whole.end.max(from + 1);
        if !is_secret_name(&found["name"]) {
            from = found.name("name").map_or(from, |name| name.end()).max(whole.start + 1);
            from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            continue;
        }
        let end = whole.end + value(&text[whole.end..], &found);
        let was = &text[whole.end..end];
        if was.is_empty() || was == REDACTED || is_reference(was) {
            continue;
        }
        clean.push_str(&text[done..whole.end]);
        // A number of JSON becomes a text of JSON.
        let bare = found.name("quote").filter(|_| found.name("open").is_none()).map_or("", |quote| quote.as_str());
        clean.push_str(&format!("{bare}{REDACTED}{bare}"));
        done = end;
        from = end;
        if from >= text.len() {
            break;
        }
    }
    (done > 0).then(|| {
        clean.push_str(&text[done..]);
        clean
    })
}

/// How long the value is.
fn value(rest: &str, found: &Captures<'_>) -> usize {
    let Some(open) = found.name("open").map(|open| open.as_str()) else {
        // Without a quote a value ends with the word; `"key": 5` and `"key": {` are looked at as values of JSON.
        let ends = |c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ',' | ';' | ')' | ']' | '}' | '\\' | '{' | '[')
        };
        return rest.find(ends).unwrap_or(rest.len());
    };
    let (depth, quote) = (open.len() - 1, &open[open.len() - 1..]);
    let mut from = 0;
    while let Some(at) = rest[from..].find(quote).map(|at| from + at) {
        let slashes = rest[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
        let closes = if depth == 0 { slashes % 2 == 0 } else { slashes == depth };
        if closes {
            return at - if depth == 0 { 0 } else { depth };
        }
        from = at + 1;
    }
    rest.find('\n').unwrap_or(rest.len())
}

/// `shop/db`: the namespace and the name of an object, which a log line says of a Secret.
fn is_reference(value: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
    };
    value.split_once('/').is_some_and(|(namespace, name)| is_name(namespace) && is_name(name))
}

/// Lines that are a name and a value, and the blocks below such names.
fn lines(text: &str) -> Option<String> {
    let mut clean = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = LINE.captures_at(text, from) {
        let (Some(whole), Some(value)) = (found.get(0), found.name("value")) else { break };
        from = whole.end();
        let shown = value.as_str().trim_end();
        if is_secret_name(&found["name"]) && !shown.starts_with(['{', '[', '*', '&', '#', '<']) {
            clean.push_str(&text[done..value.start()]);
            done = if shown.starts_with(['|', '>']) {
                clean.push_str(value.as_str());
                block(text, whole.end(), found["start"].len(), &mut clean)
            } else if shown.contains(' ') && !shown.starts_with(['"', '\'']) {
                // A sentence, as in a log line.
                clean.push_str(value.as_str());
                whole.end()
            } else {
                clean.push_str(REDACTED);
                value.start() + shown.len()
            };
            from = done.max(from);
        }
        if from >= text.len() {
            break;
        }
    }
    (done > 0).then(|| {
        clean.push_str(&text[done..]);
        clean
    })
}

/// The lines below that are set in further; returns where they end.
fn block(text: &str, from: usize, indent: usize, clean: &mut String) -> usize {
    let mut end = from;
    let mut inner = None;
    for line in text[from..].split_inclusive('\n') {
        let blank = line.trim().is_empty();
        let its = line.len() - line.trim_start().len();
        if !blank && its <= indent {
            break;
        }
        if !blank {
            inner = inner.or(Some(its));
        }
        end += line.len();
    }
    if let Some(inner) = inner {
        clean.push_str(&format!("\n{}{REDACTED}\n", " ".repeat(inner)));
        return end;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::redact;

    fn clean(text: &str) -> String {
        redact(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn values_under_secret_names_go_whatever_the_quoting() {
        for (text, said) in [
            ("login password=canary user=joe", "login password=<redacted> user=joe"),
            ("--api-token=\"can ary\" --v=4", "--api-token=\"<redacted>\" --v=4"),
            (r#"{"password":"can\"ary","user":"joe"}"#, r#"{"password":"<redacted>","user":"joe"}"#),
            (r#"msg="{\"token\": \"canary\", \"n\": 1}""#, r#"msg="{\"token\": \"<redacted>\", \"n\": 1}""#),
            (r#"{\\\"apiKey\\\":\\\"canary\\\"}"#, r#"{\\\"apiKey\\\":\\\"<redacted>\\\"}"#),
            ("https://x/?access_token=canary&page=2", "https://x/?access_token=<redacted>&page=2"),
            ("{'clientSecret': 'canary'}", "{'clientSecret': '<redacted>'}"),
            (r#"{"pwd":12345,"n":1}"#, r#"{"pwd":"<redacted>","n":1}"#),
            ("  - token: canary\n  - name: x\n", "  - token: <redacted>\n  - name: x\n"),
            ("password: |\n  can\n  ary\nuser: joe\n", "password: |\n  <redacted>\nuser: joe\n"),
        ] {
            assert_eq!(clean(text), said);
        }
    }

    #[test]
    fn what_is_secret_by_its_look_goes_wherever_it_stands() {
        for text in [
            "-----BEGIN RSA PRIVATE KEY-----\ncanary\ncanary\n-----END RSA PRIVATE KEY-----\nrest",
            "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
            "Authorization: Bearer canarycanarycanary",
            "authorization=\"Basic canary\"",
            "postgres://joe:canary@db:5432/shop",
            "key AKIACANARYCANARYCANA used",
            "clone with ghp_canarycanarycanarycanarycanarycanary",
        ] {
            let said = clean(text);
            assert!(said.contains("<redacted>"), "{said}");
            assert!(!said.to_lowercase().contains("canary"), "{said}");
        }
    }

    #[test]
    fn what_a_diagnosis_needs_stays() {
        for text in [
            r#"failed to get secret "db": secrets "db" not found"#,
            r#""Synced" secret="shop/db" namespace="shop""#,
            "E1125 10:00:00.000000 1 auth.go:1] invalid bearer token: it has expired",
            "failed to get token: Post \"https://10.0.0.1:443/api\": dial tcp: connection refused",
            "secretName: web-tls\nkey: tls.crt\n",
            r#"{"tokenPath":"/var/run/secrets/token","secretRef":{"name":"x"}}"#,
            "serviceAccountTokenExpirationSeconds=3607",
            "User \"jane\" cannot list resource \"secrets\" in API group \"\"",
            "http://10.0.0.1:8080/metrics and user@example.com",
            "密码 token 控制器",
        ] {
            assert_eq!(redact(text), None, "{text}");
        }
    }
}
