//! The certificates by which the API server knows a server that it calls.

use jiff::Timestamp;
use kloupe_model::say;
use serde_json::Value;

use super::section::Section;
use crate::age;
use crate::describe::der::{SEQUENCE, blocks, content, next, take};
use crate::describe::value::text;

/// Writes what a `caBundle` holds.
pub(super) fn write(section: &mut Section, bundle: &Value) {
    let label = say!(section.lang, en: "CA", zh: "CA 证书");
    let said = authority(section, text(bundle));
    section.field(&label, said);
}

fn authority(section: &Section, bundle: &str) -> String {
    let lang = section.lang;
    if bundle.is_empty() {
        return say!(lang, en: "none: only what the API server's own host trusts is accepted", zh: "无：只接受 API server 所在主机信任的证书");
    }
    let ends: Vec<Timestamp> =
        blocks(bundle, "CERTIFICATE").unwrap_or_default().iter().filter_map(|der| end_of(der)).collect();
    let Some(last) = ends.iter().max() else {
        return say!(lang, en: "given, but no certificate can be read in it", zh: "已提供，但其中没有可读的证书");
    };
    let count = match ends.len() {
        1 => say!(lang, en: "1 certificate", zh: "1 张证书"),
        several => say!(lang, en: "{several} certificates", zh: "{several} 张证书"),
    };
    let left = age::human_seconds(last.duration_since(section.clock.now).as_secs().abs());
    let date = last.to_zoned(section.clock.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z");
    if *last < section.clock.now {
        return say!(lang, en: "{count}, expired {left} ago ({date})", zh: "{count}，{left} 前已过期（{date}）");
    }
    say!(lang, en: "{count}, valid for another {left} (until {date})", zh: "{count}，还有 {left} 有效（至 {date}）")
}

/// When the first certificate of a bundle ends, which is PEM in Base64.
pub fn end_of_first_certificate(bundle: &str) -> Option<Timestamp> {
    end_of(blocks(bundle, "CERTIFICATE")?.first()?)
}

/// When a certificate ends.
fn end_of(der: &[u8]) -> Option<Timestamp> {
    let mut certificate = content(content(der, SEQUENCE)?, SEQUENCE)?;
    // The version may be left out; then the serial number is first.
    let (mut tag, _) = next(&mut certificate)?;
    if tag == 0xa0 {
        (tag, _) = next(&mut certificate)?;
    }
    if tag != 0x02 {
        return None;
    }
    take(&mut certificate, SEQUENCE)?;
    take(&mut certificate, SEQUENCE)?;
    let mut validity = take(&mut certificate, SEQUENCE)?;
    next(&mut validity)?;
    let (tag, digits) = next(&mut validity)?;
    let digits = std::str::from_utf8(digits).ok()?.strip_suffix('Z')?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // Two digits of a year from 50 on are of the last century.
    let full = match tag {
        0x17 if digits >= "50" => format!("19{digits}"),
        0x17 => format!("20{digits}"),
        0x18 => digits.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| full.get(from..to);
    let [month, day, hour, minute, second] = [part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?];
    format!("{}-{month}-{day}T{hour}:{minute}:{second}Z", part(0, 4)?).parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use kloupe_model::Lang;

    use super::*;
    use crate::age::Clock;

    /// Two certificates, until the first days of 2027 and 2031.
    const BUNDLE: &str = include_str!("../../../tests/data/authorities.b64");

    fn said(bundle: &str, now: &str) -> String {
        let clock = Clock { now: now.parse().expect("a time"), zone: TimeZone::UTC };
        authority(&Section::new(&clock, Lang::En), bundle)
    }

    #[test]
    fn the_last_certificate_counts() {
        assert_eq!(
            said(BUNDLE, "2026-12-31T00:00:00Z"),
            "2 certificates, valid for another 4y2d (until 2031-01-01 00:00:00 +00:00)"
        );
        assert_eq!(said(BUNDLE, "2031-01-03T00:00:00Z"), "2 certificates, expired 2d ago (2031-01-01 00:00:00 +00:00)");
    }

    #[test]
    fn what_holds_no_certificate_says_so() {
        assert!(said("", "2026-12-31T00:00:00Z").starts_with("none: "));
        assert!(said("Zm9v", "2026-12-31T00:00:00Z").starts_with("given, but no certificate"));
        for length in (0..BUNDLE.len()).step_by(11).skip(1) {
            said(&BUNDLE[..length], "2026-12-31T00:00:00Z");
        }
    }
}
