//! Time stamps at the start of a line, in the shapes that loggers write. Faster than a general parser, and without a zone it is UTC.

use kloupe_model::Stamp;

/// Reads a time stamp at the start of `text`; gives it and the bytes it took.
///
/// Known: `2025-03-04T05:06:07.123Z`, `… +0100`, `2025-03-04 05:06:07,123`, `2025/03/04 05:06:07`, `05:06:07.123`, and Unix seconds with a
/// fraction (`1741064767.123`, `1.741064767123e+09`).
pub(crate) fn leading_time(text: &str) -> Option<(Option<Stamp>, usize)> {
    let bytes = text.as_bytes();
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    if bytes.len() >= 19 && matches!(bytes[4], b'-' | b'/') {
        return date_time(text);
    }
    if bytes.len() >= 8 && bytes[2] == b':' && bytes[5] == b':' {
        let fraction = fraction_end(bytes, 8);
        number(bytes, 0, 2)?;
        number(bytes, 3, 2)?;
        number(bytes, 6, 2)?;
        return Some((None, fraction));
    }
    epoch(text)
}

/// `May 18 16:33:28.421`, without a year: the stamp, and where it ends.
pub(crate) fn month_day_time(text: &str) -> Option<(Stamp, usize)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let bytes = text.as_bytes();
    let month = MONTHS.iter().position(|month| text.starts_with(month))? + 1;
    if bytes.len() < 15 || bytes[3] != b' ' || bytes[6] != b' ' || bytes[9] != b':' || bytes[12] != b':' {
        return None;
    }
    let day = if bytes[4] == b' ' { number(bytes, 5, 1)? } else { number(bytes, 4, 2)? };
    let part = |at| number(bytes, at, 2).and_then(|n| i8::try_from(n).ok());
    let end = fraction_end(bytes, 15);
    let time = (part(7)?, part(10)?, part(13)?);
    let month = i8::try_from(month).ok()?;
    Stamp::from_civil(None, month, i8::try_from(day).ok()?, time, micros(&bytes[15..end])).map(|stamp| (stamp, end))
}

fn date_time(text: &str) -> Option<(Option<Stamp>, usize)> {
    let bytes = text.as_bytes();
    let separator = bytes[4];
    if bytes[7] != separator || !matches!(bytes[10], b'T' | b' ' | b't') || bytes[13] != b':' || bytes[16] != b':' {
        return None;
    }
    let year = number(bytes, 0, 4)?;
    let (month, day) = (number(bytes, 5, 2)?, number(bytes, 8, 2)?);
    let time = (number(bytes, 11, 2)?, number(bytes, 14, 2)?, number(bytes, 17, 2)?);
    let end = fraction_end(bytes, 19);
    let micro = micros(&bytes[19..end]);
    let (offset, end) = zone(bytes, end);
    let narrow = |n: i32| i8::try_from(n).ok();
    let stamp = Stamp::from_civil(
        i16::try_from(year).ok(),
        narrow(month)?,
        narrow(day)?,
        (narrow(time.0)?, narrow(time.1)?, narrow(time.2.min(59))?),
        micro,
    )?;
    Some((Some(Stamp::from_micros(stamp.micros() - i64::from(offset) * 60_000_000)), end))
}

/// The zone after a time: minutes east of UTC, and where it ends.
fn zone(bytes: &[u8], at: usize) -> (i32, usize) {
    match bytes.get(at) {
        Some(b'Z' | b'z') => (0, at + 1),
        Some(sign @ (b'+' | b'-')) => {
            let sign = if *sign == b'-' { -1 } else { 1 };
            let Some(hours) = number(bytes, at + 1, 2) else { return (0, at) };
            let minutes_at = if bytes.get(at + 3) == Some(&b':') { at + 4 } else { at + 3 };
            match number(bytes, minutes_at, 2) {
                Some(minutes) => (sign * (hours * 60 + minutes), minutes_at + 2),
                None => (0, at),
            }
        }
        _ => (0, at),
    }
}

fn fraction_end(bytes: &[u8], at: usize) -> usize {
    if !matches!(bytes.get(at), Some(b'.' | b',')) {
        return at;
    }
    let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 { at } else { at + 1 + digits }
}

fn micros(fraction: &[u8]) -> i32 {
    let mut value = 0;
    for i in 0..6 {
        value = value * 10 + fraction.get(i + 1).filter(|b| b.is_ascii_digit()).map_or(0, |b| i32::from(b - b'0'));
    }
    value
}

/// `len` digits from `at`.
pub(crate) fn number(bytes: &[u8], at: usize, len: usize) -> Option<i32> {
    let digits = bytes.get(at..at + len)?;
    digits.iter().try_fold(0, |value, b| b.is_ascii_digit().then(|| value * 10 + i32::from(b - b'0')))
}

/// Unix time with a fraction; the number's size tells seconds from milli-, micro- and nanoseconds.
fn epoch(text: &str) -> Option<(Option<Stamp>, usize)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | '+'))).unwrap_or(text.len());
    let number = &text[..end];
    if number.len() < 10 || !number.contains('.') {
        return None;
    }
    from_number(number.parse().ok()?).map(|stamp| (Some(stamp), end))
}

/// Unix time as a number of unknown unit.
pub(crate) fn from_number(value: f64) -> Option<Stamp> {
    let micros = match value {
        v if !(1e8..1e20).contains(&v) => return None,
        v if v < 1e11 => v * 1e6,
        v if v < 1e14 => v * 1e3,
        v if v < 1e17 => v,
        v => v / 1e3,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
    Some(Stamp::from_micros(micros as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<(String, &str)> {
        leading_time(text).map(|(stamp, end)| (stamp.map(|s| s.to_string()).unwrap_or_default(), &text[end..]))
    }

    #[test]
    fn all_shapes_of_time_stamps() {
        let utc = "2025-03-04 05:06:07 UTC";
        for (text, rest) in [
            ("2025-03-04T05:06:07.123456789Z x", " x"),
            ("2025-03-04T06:06:07.123+0100\tx", "\tx"),
            ("2025-03-04T06:06:07+01:00 x", " x"),
            ("2025-03-04 05:06:07,123 x", " x"),
            ("2025/03/04 05:06:07 x", " x"),
            ("1741064767.123\tx", "\tx"),
            ("1.741064767123e+09\tx", "\tx"),
        ] {
            assert_eq!(shown(text), Some((utc.into(), rest)), "{text}");
        }
        assert_eq!(shown("05:06:07.123 [main] x"), Some((String::new(), " [main] x")));
    }

    #[test]
    fn numbers_are_not_times() {
        for text in ["", "12 pods", "2025-13-04 05:06:07 x", "1741064767 x", "10.0.0.1:443 refused"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
