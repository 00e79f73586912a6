//! A person's own signature file; what it accepts can be matched with.
#![no_main]

use kloupe_logs::rules::{Texts, load};
use kloupe_logs::{Matcher, parse_record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(signatures) = load(text, "rules.yaml", Texts::One) {
        let matcher = Matcher::new(&*signatures.leak());
        let _ = matcher.read_record(&parse_record("cannot reach registry.example.com now"));
    }
});
