//! What a YAML reader takes plain text for.

/// Whether the text, written plainly, would be read as something else than text.
pub(super) fn reads_as_other(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return true };
    match first {
        'y' | 'Y' | 'n' | 'N' | 't' | 'T' | 'f' | 'F' | 'o' | 'O' | '~' => is_word(text),
        '.' => is_word(text) || is_float(&underscores_gone(text)),
        '+' | '-' | '0'..='9' => is_word(text) || is_number_or_time(text) || is_base_60(text),
        _ => false,
    }
}

/// A whole number, a decimal number or a time.
pub(super) fn is_number_or_time(text: &str) -> bool {
    let plain = text.replace('_', "");
    is_time(text) || is_whole(&plain) || is_float(&plain)
}

fn is_word(text: &str) -> bool {
    const SMALL: [&str; 12] = ["y", "yes", "true", "on", "n", "no", "false", "off", "null", ".nan", ".inf", "+.inf"];
    let lower = text.to_ascii_lowercase();
    if text == "~" || lower == ".nan" && matches!(text, ".NaN" | ".NAN" | ".nan") {
        return true;
    }
    if lower == ".nan" || !(SMALL.contains(&lower.as_str()) || lower == "-.inf") {
        return false;
    }
    // Small, capitalised or all capitals; nothing in between.
    let letters = text.trim_start_matches(['.', '+', '-']);
    let rest = &letters[1..];
    let capital = letters.starts_with(|c: char| c.is_ascii_uppercase());
    rest == rest.to_ascii_lowercase() || capital && rest == rest.to_ascii_uppercase()
}

/// Underscores between digits do not count where a number begins with its point.
fn underscores_gone(text: &str) -> String {
    let bytes = text.as_bytes();
    let between = |at: usize| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        digit(at.checked_sub(1)) && digit(Some(at + 1))
    };
    if (0..bytes.len()).all(|at| bytes[at] != b'_' || between(at)) { text.replace('_', "") } else { text.to_owned() }
}

/// A whole number in Go's notation that 64 bits hold.
fn is_whole(text: &str) -> bool {
    let (negative, signed, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, true, &text[1..]),
        Some(b'+') => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let most = match (negative, signed) {
        (true, _) => 1 << 63,
        (false, true) => (1 << 63) - 1,
        (false, false) => u64::MAX,
    };
    u64::from_str_radix(digits, radix).is_ok_and(|value| value <= most)
}

/// A decimal number that a float holds.
fn is_float(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
        && digits.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `12:30:45`: older readers take it for a number.
fn is_base_60(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = digits.split(':');
    let Some(first) = parts.next() else { return false };
    let minutes = |part: &str| {
        let bytes = part.as_bytes();
        match bytes.len() {
            1 => bytes[0].is_ascii_digit(),
            2 => (b'0'..=b'5').contains(&bytes[0]) && bytes[1].is_ascii_digit(),
            _ => false,
        }
    };
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && middle.iter().all(|part| minutes(part))
        && minutes(last)
        && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

/// A date, or a date with a time of day.
fn is_time(text: &str) -> bool {
    let mut rest = text;
    let year = rest.bytes().take_while(u8::is_ascii_digit).count();
    if year != 4 {
        return false;
    }
    let year: i16 = rest[..4].parse().unwrap_or_default();
    rest = &rest[4..];
    let mut next = |mark: char| {
        rest = rest.strip_prefix(mark)?;
        let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let value: Option<i8> = rest[..length].parse().ok();
        rest = &rest[length..];
        value
    };
    let (Some(month), Some(day)) = (next('-'), next('-')) else { return false };
    if jiff::civil::Date::new(year, month, day).is_err() {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let zoned = !rest.starts_with(' ');
    let mark = if rest.starts_with('t') {
        't'
    } else if zoned {
        'T'
    } else {
        ' '
    };
    let mut next = |mark: char, below: i8| {
        let inner = rest.strip_prefix(mark)?;
        let length = inner.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let value = inner[..length].parse::<i8>().ok().filter(|value| *value < below);
        rest = &inner[length..];
        value
    };
    if next(mark, 24).is_none() || next(':', 60).is_none() || next(':', 60).is_none() {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length > 0 {
            rest = &fraction[length..];
        }
    }
    if !zoned {
        return rest.is_empty();
    }
    let offset = rest.as_bytes();
    rest == "Z"
        || offset.len() == 6
            && matches!(offset[0], b'+' | b'-')
            && offset[3] == b':'
            && [1, 2, 4, 5].iter().all(|at| offset[*at].is_ascii_digit())
            && rest[1..3].parse::<u8>().is_ok_and(|hours| hours <= 24)
            && rest[4..].parse::<u8>().is_ok_and(|minutes| minutes <= 60)
}
