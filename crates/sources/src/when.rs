//! Times and ages as kubectl prints them for people.

use jiff::fmt::rfc2822::DateTimeParser;

/// The times of describe text: `Wed, 25 Nov 2026 02:41:29 +0000`.
static PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);

/// An age in seconds: `47s`, `5m50s`, `3h2m`, `2d4h`, `1y20d`; `None` for `<unknown>` and anything else.
pub(crate) fn age(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(0);
    }
    let mut seconds = 0u64;
    let mut read = false;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let factor = match unit {
            's' => 1,
            'm' if rest[digits..].starts_with("ms") => return Some(seconds),
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            'y' => 365 * 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[digits + 1..];
        read = true;
    }
    read.then_some(seconds)
}

/// The age column of an event: `4m (x12 over 20m)` is 240 seconds, seen 12 times.
pub(crate) fn age_and_count(text: &str) -> (Option<u64>, Option<u64>) {
    let (last, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    let count = rest
        .trim_start()
        .strip_prefix("(x")
        .and_then(|rest| rest.split(|char: char| !char.is_ascii_digit()).next())
        .and_then(|count| count.parse().ok());
    (age(last), count)
}

/// A time of describe text in RFC 3339, as the API has it.
pub(crate) fn rfc3339(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains(',') {
        return PARSER.parse_timestamp(text).ok().map(|time| time.to_string());
    }
    // `2025-05-22 11:31:18 +0000 UTC`: how Go prints a time.
    let mut parts = text.split(' ');
    let (date, time, zone) = (parts.next()?, parts.next(), parts.next());
    match (time, zone) {
        (None, _) => date.parse::<jiff::Timestamp>().ok().map(|time| time.to_string()),
        (Some(time), Some(zone)) => {
            format!("{date}T{time}{zone}").parse::<jiff::Timestamp>().ok().map(|time| time.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        assert_eq!(age("5m50s"), Some(350));
        assert_eq!(age("2d4h"), Some(187_200));
        assert_eq!(age("1y20d"), Some(33_264_000));
        assert_eq!(age("<unknown>"), None);
        assert_eq!(age("5"), None);
        assert_eq!(age("99999999999999999999h"), None);
        assert_eq!(age_and_count("4m (x12 over 20m)"), (Some(240), Some(12)));
        assert_eq!(age_and_count("62s"), (Some(62), None));
    }

    #[test]
    fn times_of_describe_text_are_read() {
        assert_eq!(rfc3339("Mon, 13 Jul 2020 08:02:11 +0200").as_deref(), Some("2020-07-13T06:02:11Z"));
        assert_eq!(rfc3339("2025-05-22 11:31:18 +0000 UTC").as_deref(), Some("2025-05-22T11:31:18Z"));
        assert_eq!(rfc3339("2025-05-22T11:31:18Z").as_deref(), Some("2025-05-22T11:31:18Z"));
        assert_eq!(rfc3339("<unset>"), None);
    }
}
