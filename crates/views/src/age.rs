//! How long ago, and when: kubectl's ways of saying both.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What time it is, and where.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The moment against which ages are counted.
    pub now: Timestamp,
    /// The zone in which times are written.
    pub zone: TimeZone,
}

/// The moment that an API time says, if it says one.
pub fn parse(value: &str) -> Option<Timestamp> {
    value.parse().ok()
}

/// How old `value` (RFC 3339) is; `<unknown>` where nothing is set.
pub fn since(now: Timestamp, value: Option<&str>) -> String {
    match value.and_then(parse) {
        Some(then) => human(nanoseconds(now, then)),
        None => "<unknown>".to_owned(),
    }
}

/// How far in the future `value` is; `<unknown>` where nothing is set.
pub fn until(now: Timestamp, value: Option<&str>) -> String {
    match value.and_then(parse) {
        Some(then) => human(nanoseconds(then, now)),
        None => "<unknown>".to_owned(),
    }
}

/// The time between two moments; `None` if either is not set.
pub fn between(from: Option<&str>, to: Option<&str>) -> Option<String> {
    Some(human(nanoseconds(parse(to?)?, parse(from?)?)))
}

/// A length of time in seconds.
pub fn human_seconds(seconds: i64) -> String {
    human(i128::from(seconds) * NANOS)
}

const NANOS: i128 = 1_000_000_000;

fn nanoseconds(later: Timestamp, earlier: Timestamp) -> i128 {
    later.as_nanosecond() - earlier.as_nanosecond()
}

fn human(nanoseconds: i128) -> String {
    let seconds = nanoseconds / NANOS;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match () {
        () if seconds < -1 => "<invalid>".to_owned(),
        () if seconds < 0 => "0s".to_owned(),
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => pair(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => pair(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 24 * 8 => pair(days, 'd', hours % 24, 'h'),
        () if days < 730 => format!("{days}d"),
        () if days < 365 * 8 => pair(days / 365, 'y', days % 365, 'd'),
        () => format!("{}y", days / 365),
    }
}

fn pair(large: i128, large_unit: char, small: i128, small_unit: char) -> String {
    if small == 0 { format!("{large}{large_unit}") } else { format!("{large}{large_unit}{small}{small_unit}") }
}

/// A moment as `describe` writes it: `Mon, 02 Jan 2006 15:04:05 -0700`, in the zone of the clock.
pub fn written(clock: &Clock, value: Option<&str>) -> String {
    match value.and_then(parse) {
        Some(time) => time.to_zoned(clock.zone.clone()).strftime("%a, %d %b %Y %H:%M:%S %z").to_string(),
        None => "Mon, 01 Jan 0001 00:00:00 +0000".to_owned(),
    }
}

/// A moment as Go prints it: `2006-01-02 15:04:05 -0700 MST`, in the zone of the clock.
pub fn plain(clock: &Clock, value: Option<&str>) -> String {
    match value.and_then(parse) {
        Some(time) => time.to_zoned(clock.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %z %Z").to_string(),
        None => "0001-01-01 00:00:00 +0000 UTC".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_has_its_range() {
        const MINUTE: i64 = 60;
        const HOUR: i64 = 3600;
        const DAY: i64 = 86400;
        let cases = [
            (-2, "<invalid>"),
            (-1, "0s"),
            (119, "119s"),
            (120, "2m"),
            (121, "2m1s"),
            (10 * MINUTE + 5, "10m"),
            (3 * HOUR - 1, "179m"),
            (3 * HOUR, "3h"),
            (3 * HOUR + MINUTE, "3h1m"),
            (8 * HOUR + MINUTE, "8h"),
            (48 * HOUR, "2d"),
            (49 * HOUR, "2d1h"),
            (8 * DAY + HOUR, "8d"),
            (729 * DAY, "729d"),
            (730 * DAY, "2y"),
            (731 * DAY, "2y1d"),
            (8 * 365 * DAY + DAY, "8y"),
        ];
        for (seconds, text) in cases {
            assert_eq!(human_seconds(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn a_part_of_a_second_in_the_future_is_now() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(since(now, Some("2026-01-01T00:00:01.5Z")), "0s");
        assert_eq!(since(now, Some("2026-01-01T00:00:02Z")), "<invalid>");
        assert_eq!(since(now, Some("2025-12-31T23:00:00+00:00")), "60m");
        assert_eq!(since(now, None), "<unknown>");
        assert_eq!(since(now, Some("not a time")), "<unknown>");
    }

    #[test]
    fn times_are_written_in_the_zone_of_the_reader() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let clock = Clock { now: Timestamp::UNIX_EPOCH, zone };
        assert_eq!(written(&clock, Some("2026-01-02T23:04:05Z")), "Sat, 03 Jan 2026 07:04:05 +0800");
        assert_eq!(written(&clock, None), "Mon, 01 Jan 0001 00:00:00 +0000");
        assert_eq!(plain(&clock, Some("2026-01-02T23:04:05Z")), "2026-01-03 07:04:05 +0800 +08");
        assert_eq!(plain(&clock, None), "0001-01-01 00:00:00 +0000 UTC");
    }
}
