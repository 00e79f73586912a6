//! One line through every line parser.
#![no_main]

use kloupe_logs::{clean, parse_record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let line = clean(text);
    let record = parse_record(&line);
    // What a record holds can be asked for without a surprise.
    let _ = (record.message.len(), record.time.map(|time| time.micros()), record.field("err"));
});
