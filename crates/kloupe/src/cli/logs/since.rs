//! `--since-time`, refused in the words of Go's time package, which people search for.

/// The parts of RFC 3339: how Go's layout writes them, how many digits, and the range with its name.
const PARTS: [(&str, usize, &str, u32, u32); 6] = [
    ("2006", 4, "", 0, 9999),
    ("01", 2, "month", 1, 12),
    ("02", 2, "day", 1, 31),
    ("15", 2, "hour", 0, 23),
    ("04", 2, "minute", 0, 59),
    ("05", 2, "second", 0, 59),
];

/// What stands behind each part but the last.
const BETWEEN: [&str; 5] = ["-", "-", "T", ":", ":"];

/// Whether a text is a time.
pub(super) fn check(typed: &str) -> Result<(), String> {
    let cannot = |rest: &str, part: &str| {
        format!("parsing time {typed:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse {rest:?} as {part:?}")
    };
    let mut rest = typed;
    let mut out_of_range = None;
    for (at, (layout, digits, name, least, most)) in PARTS.into_iter().enumerate() {
        let number = rest.get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.ok_or_else(|| cannot(rest, layout))?;
        let fits = number.parse::<u32>().is_ok_and(|it| (least..=most).contains(&it));
        if !fits && out_of_range.is_none() {
            out_of_range = Some(name);
        }
        rest = &rest[digits..];
        if let Some(between) = BETWEEN.get(at) {
            rest = rest.strip_prefix(between).ok_or_else(|| cannot(rest, between))?;
        }
        if let Some(name) = out_of_range {
            return Err(format!("parsing time {typed:?}: {name} out of range"));
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        rest = if after.len() < fraction.len() { after } else { rest };
    }
    let after = zone(rest).ok_or_else(|| cannot(rest, "Z07:00"))?;
    if !after.is_empty() {
        return Err(format!("parsing time {typed:?}: extra text: {after:?}"));
    }
    typed.parse::<jiff::Timestamp>().map(drop).map_err(|_| format!("parsing time {typed:?}: day out of range"))
}

/// What follows the zone.
fn zone(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Some(rest);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let digits =
        |from: usize| rest.get(from..from + 2).is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_digit()));
    (matches!(sign, "+" | "-") && digits(0) && rest.get(2..3) == Some(":") && digits(3)).then(|| &rest[5..])
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn times_are_refused_as_go_refuses_them() {
        for fine in ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        let as_layout = |typed: &str, rest: &str, part: &str| {
            format!("parsing time \"{typed}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{rest}\" as \"{part}\"")
        };
        for (typed, rest, part) in [
            ("nonsense", "nonsense", "2006"),
            ("2026-11-01", "", "T"),
            ("2026-11-01T00:00:00", "", "Z07:00"),
            ("2026/11", "/11", "-"),
        ] {
            assert_eq!(check(typed), Err(as_layout(typed, rest, part)));
        }
        for (typed, why) in [
            ("2026-13-01T00:00:00Z", "month out of range"),
            ("2026-02-30T00:00:00Z", "day out of range"),
            ("2026-11-01T00:00:00Zx", "extra text: \"x\""),
        ] {
            assert_eq!(check(typed), Err(format!("parsing time \"{typed}\": {why}")));
        }
    }
}
