//! The order of keys: letters by their code, all else before them, numbers within keys by value.

/// Whether `a` comes before `b`.
pub(super) fn less(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else { return a.len() < b.len() };
    let (first, second) = (a[at], b[at]);
    match (first.is_alphabetic(), second.is_alphabetic()) {
        (true, true) => return first < second,
        (false, false) => {}
        (_, second_is_letter) => return second_is_letter,
    }
    // A zero inside a number counts with the digits before it.
    let inside = (first == '0' || second == '0')
        && a[..at].iter().rev().take_while(|c| c.is_ascii_digit()).any(|digit| *digit != '0');
    let value = |key: &[char]| {
        let digits = key[at..].iter().map_while(|c| c.to_digit(10));
        digits.fold((i64::from(inside), 0), |(value, count), digit| {
            (value.wrapping_mul(10).wrapping_add(i64::from(digit)), count + 1)
        })
    };
    let (first_value, second_value) = (value(&a), value(&b));
    if first_value == second_value { first < second } else { first_value < second_value }
}
