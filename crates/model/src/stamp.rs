//! Points in time as logs and objects give them: UTC microseconds, and whether the year was written down.

use std::fmt;

use jiff::{Timestamp, civil};

/// A point in time with microseconds. klog writes no year: such a stamp carries a placeholder year until a neighbour tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    micros: i64,
    year_known: bool,
}

/// A leap year, so that 29 February is a day of it.
const PLACEHOLDER_YEAR: i16 = 1972;

impl Stamp {
    /// From microseconds since the epoch.
    pub fn from_micros(micros: i64) -> Stamp {
        Stamp { micros, year_known: true }
    }

    /// From a civil date and time in UTC; `None` if there is no such moment. Without a year the placeholder year is used.
    pub fn from_civil(year: Option<i16>, month: i8, day: i8, time: (i8, i8, i8), micro: i32) -> Option<Stamp> {
        let (hour, minute, second) = time;
        let date_time =
            civil::DateTime::new(year.unwrap_or(PLACEHOLDER_YEAR), month, day, hour, minute, second, micro * 1000)
                .ok()?;
        let timestamp = jiff::tz::TimeZone::UTC.to_timestamp(date_time).ok()?;
        Some(Stamp { micros: timestamp.as_microsecond(), year_known: year.is_some() })
    }

    /// Reads RFC 3339 (also with a blank for the `T`, a comma before the fraction, or `+0100` without a colon).
    pub fn parse_rfc3339(text: &str) -> Option<Stamp> {
        text.parse::<Timestamp>().ok().map(|t| Stamp::from_micros(t.as_microsecond()))
    }

    /// As RFC 3339 writes it, in UTC with microseconds; `None` where the year is not known.
    pub fn rfc3339(self) -> Option<String> {
        let timestamp = Timestamp::from_microsecond(self.micros).ok().filter(|_| self.year_known)?;
        Some(timestamp.to_string())
    }

    /// Microseconds since the epoch (of the placeholder year where the year is not known).
    pub fn micros(self) -> i64 {
        self.micros
    }

    /// Whether the year was written down.
    pub fn year_known(self) -> bool {
        self.year_known
    }

    /// Seconds from `earlier` to this; negative if it is not earlier. Only meaningful when both know their year, or neither does.
    pub fn seconds_since(self, earlier: Stamp) -> i64 {
        (self.micros - earlier.micros) / 1_000_000
    }

    /// The same month, day and time in the year of `neighbour`, or in the year before if that would lie more than a month after it.
    #[must_use]
    pub fn with_year_of(self, neighbour: Stamp) -> Stamp {
        if self.year_known || !neighbour.year_known {
            return self;
        }
        let year = civil_of(neighbour.micros).year();
        let here = civil_of(self.micros);
        let in_year = |year: i16| {
            Stamp::from_civil(
                Some(year),
                here.month(),
                here.day(),
                (here.hour(), here.minute(), here.second()),
                here.subsec_nanosecond() / 1000,
            )
        };
        let month = 30 * 86_400_000_000;
        match in_year(year) {
            Some(stamp) if stamp.micros <= neighbour.micros + month => stamp,
            _ => in_year(year - 1).unwrap_or(self),
        }
    }
}

fn civil_of(micros: i64) -> civil::DateTime {
    let timestamp = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    jiff::tz::TimeZone::UTC.to_datetime(timestamp)
}

/// `2026-11-25 09:12:07 UTC`, or `11-25 09:12:07` where the year is not known.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = civil_of(self.micros);
        if self.year_known {
            write!(f, "{:04}-", t.year())?;
        }
        write!(f, "{:02}-{:02} {:02}:{:02}:{:02}", t.month(), t.day(), t.hour(), t.minute(), t.second())?;
        if self.year_known { f.write_str(" UTC") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_without_year_takes_its_neighbours() {
        let klog = Stamp::from_civil(None, 12, 31, (23, 59, 58), 5).expect("a day");
        let after = Stamp::parse_rfc3339("2026-01-01T00:00:03Z").expect("a time");
        assert_eq!(klog.with_year_of(after).to_string(), "2025-12-31 23:59:58 UTC");
        assert_eq!(klog.to_string(), "12-31 23:59:58");
    }
}
