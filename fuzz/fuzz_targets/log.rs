//! A log through lines, joiner, parsers and all signatures; cut into small pieces it gives the same digest.
#![no_main]

use std::io::Read;
use std::sync::LazyLock;

use kloupe_diagnosis::signatures;
use kloupe_logs::{Matcher, digest};
use libfuzzer_sys::fuzz_target;

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| Matcher::new(signatures()));

/// Gives a few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.1.min(buffer.len());
        self.0.read(&mut buffer[..most])
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((step, log)) = bytes.split_first() else { return };
    let whole = digest(log, &MATCHER, 1).expect("memory can be read");
    let cut = digest(Trickle(log, usize::from(*step).max(1)), &MATCHER, 1).expect("memory can be read");
    assert_eq!(format!("{whole:?}"), format!("{cut:?}"));
});
