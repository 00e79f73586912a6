//! What certificates are made of: PEM around Base64 around DER.

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const OBJECT_ID: u8 = 0x06;
pub(crate) const OCTETS: u8 = 0x04;

/// The content of the first value, which must have the tag.
pub(crate) fn content(mut bytes: &[u8], tag: u8) -> Option<&[u8]> {
    take(&mut bytes, tag)
}

/// The content of the next value, which must have the tag.
pub(crate) fn take<'a>(bytes: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    next(bytes).filter(|(found, _)| *found == tag).map(|(_, content)| content)
}

/// Tag and content of the next value; the lengths of DER are always given.
pub(crate) fn next<'a>(bytes: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, &digit| (length << 8) | usize::from(digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some((tag, content))
}

/// The DER of every block with the label in a field that is PEM in Base64. `None` where the field is no text in Base64.
pub(crate) fn blocks(field: &str, label: &str) -> Option<Vec<Vec<u8>>> {
    let pem = String::from_utf8(decode(field)?).ok()?;
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let bodies = pem.split(&begin).skip(1).filter_map(|rest| rest.split_once(&end)).map(|(body, _)| body);
    // A line with a colon is a header.
    let bodies = bodies.map(|body| body.lines().filter(|line| !line.contains(':')).collect::<String>());
    Some(bodies.filter_map(|body| decode(&body)).collect())
}

/// The bytes of a Base64 text; white space does not count.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0);
    for digit in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let digit = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_checked() {
        assert_eq!(next(&mut [0x04, 2, 1, 2, 9].as_slice()), Some((4, [1, 2].as_slice())));
        assert_eq!(next(&mut [0x04, 0x81, 1, 7].as_slice()), Some((4, [7].as_slice())));
        for broken in [&[][..], &[4], &[4, 3, 1], &[4, 0x80, 0, 0], &[4, 0x82, 1], &[4, 0x84, 255, 255, 255, 255]] {
            assert_eq!(next(&mut { broken }), None, "{broken:?}");
        }
    }

    #[test]
    fn blocks_are_found_by_their_label() {
        // "-----BEGIN X-----\nAQI=\n-----END X-----\n"
        let field = "LS0tLS1CRUdJTiBYLS0tLS0KQVFJPQotLS0tLUVORCBYLS0tLS0K";
        assert_eq!(blocks(field, "X"), Some(vec![vec![1, 2]]));
        assert_eq!(blocks(field, "Y"), Some(Vec::new()));
        assert_eq!(blocks("no!", "X"), None);
    }
}
