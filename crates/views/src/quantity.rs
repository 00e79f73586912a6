//! Resource quantities: `500m`, `1.5Gi`, `1e3`; read exactly and written in their canonical form.

use std::cmp::Ordering;
use std::fmt;

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Binary,
    Decimal,
    Exponent,
}

/// An amount, kept as a number of nano units.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nanos: i128,
    family: Family,
}

const UNIT: i128 = 1_000_000_000;
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/// Decimal suffixes from nano (10^-9) in steps of a thousand.
const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

impl Default for Quantity {
    fn default() -> Quantity {
        Quantity { nanos: 0, family: Family::Decimal }
    }
}

impl Quantity {
    /// Reads an API quantity. What is smaller than a nano unit is rounded up, what is too large to count is `None`.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return None;
        }
        let (family, power, factor) = suffix_of(suffix)?;
        let mut digits: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let shift = power + 9 - i32::try_from(fraction.len()).ok()?;
        let scaled = digits.checked_mul(factor)?;
        let nanos = if shift >= 0 {
            if scaled == 0 { 0 } else { scaled.checked_mul(10i128.checked_pow(shift.unsigned_abs())?)? }
        } else {
            match 10i128.checked_pow(shift.unsigned_abs()) {
                Some(divisor) => scaled / divisor + i128::from(scaled % divisor != 0),
                None => i128::from(scaled != 0),
            }
        };
        Some(Quantity { nanos: if negative { -nanos } else { nanos }, family })
    }

    /// A whole number.
    pub fn whole(value: i64) -> Quantity {
        Quantity { nanos: i128::from(value) * UNIT, family: Family::Decimal }
    }

    /// The value in whole units, rounded up (away from zero).
    pub fn value(self) -> i128 {
        rounded_up(self.nanos, UNIT)
    }

    /// The value in thousandths, rounded up (away from zero).
    pub fn milli(self) -> i128 {
        rounded_up(self.nanos, UNIT / 1000)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// The sum, written as `self` is (as `other` is, where `self` is zero).
    #[must_use]
    pub fn plus(self, other: Quantity) -> Quantity {
        let family = if self.nanos == 0 { other.family } else { self.family };
        Quantity { nanos: self.nanos.saturating_add(other.nanos), family }
    }

    /// The value written in the way of `other`; to whole units, where that is not its own way.
    #[must_use]
    pub fn written_as(self, other: Quantity) -> Quantity {
        if self.family == other.family {
            return self;
        }
        Quantity { nanos: self.value().saturating_mul(UNIT), family: other.family }
    }

    /// Which is more.
    pub fn compare(self, other: Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

fn rounded_up(nanos: i128, unit: i128) -> i128 {
    let whole = nanos / unit;
    if nanos % unit == 0 { whole } else { whole + nanos.signum() }
}

/// The family, the power of ten and the factor of a suffix.
fn suffix_of(suffix: &str) -> Option<(Family, i32, i128)> {
    if let Some(at) = DECIMAL.iter().position(|known| *known == suffix) {
        return Some((Family::Decimal, i32::try_from(at).ok()? * 3 - 9, 1));
    }
    if let Some(at) = BINARY.iter().position(|known| *known == suffix) {
        return Some((Family::Binary, 0, 1i128 << (10 * at)));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    Some((Family::Exponent, exponent, 1))
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return out.write_str("0");
        }
        if self.family == Family::Binary && self.nanos % UNIT == 0 && (self.nanos / UNIT).abs() >= 1024 {
            let mut value = self.nanos / UNIT;
            let mut at = 0;
            while value % 1024 == 0 && at + 1 < BINARY.len() {
                value /= 1024;
                at += 1;
            }
            return write!(out, "{value}{}", BINARY[at]);
        }
        let mut value = self.nanos;
        let mut at = 0;
        while value % 1000 == 0 && at + 1 < DECIMAL.len() {
            value /= 1000;
            at += 1;
        }
        if self.family == Family::Exponent {
            let exponent = i64::try_from(at).unwrap_or(0) * 3 - 9;
            return if exponent == 0 { write!(out, "{value}") } else { write!(out, "{value}e{exponent}") };
        }
        write!(out, "{value}{}", DECIMAL[at])
    }
}

/// A quantity of an object in canonical form; what is none stays as it is.
pub fn canonical(text: &str) -> String {
    Quantity::parse(text).map_or_else(|| text.to_owned(), |quantity| quantity.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        let cases = [
            ("1000m", "1"),
            ("0.1", "100m"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("0", "0"),
            ("0Gi", "0"),
            ("1023", "1023"),
            ("512Ki", "512Ki"),
            ("0.5Ki", "512"),
            ("0.5", "500m"),
            ("1e3", "1e3"),
            ("1500e3", "1500e3"),
            ("100000", "100k"),
            ("12345678k", "12345678k"),
            ("-1000m", "-1"),
            ("0.1n", "1n"),
            ("2Ei", "2Ei"),
        ];
        for (text, written) in cases {
            assert_eq!(canonical(text), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_stays() {
        for text in ["", "Gi", "1.2.3", "1GiB", "ten", "1 Gi"] {
            assert!(Quantity::parse(text).is_none(), "{text}");
            assert_eq!(canonical(text), text);
        }
    }

    #[test]
    fn values_round_up_and_sums_keep_the_first_form() {
        let half = Quantity::parse("500m").expect("a quantity");
        assert_eq!((half.value(), half.milli()), (1, 500));
        let zero = Quantity::default();
        let gi = Quantity::parse("1Gi").expect("a quantity");
        assert_eq!(zero.plus(gi).plus(gi).to_string(), "2Gi");
        assert_eq!(half.plus(half).to_string(), "1");
        assert_eq!(half.compare(gi), Ordering::Less);
        assert_eq!(half.written_as(gi).to_string(), "1");
        assert_eq!(half.written_as(zero).to_string(), "500m");
    }
}
