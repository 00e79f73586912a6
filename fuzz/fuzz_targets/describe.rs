//! Text of `kubectl describe`, `get` and events, as it is pasted.
#![no_main]

use kloupe_sources::{Source, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut text = b"Name:             web-0\nNamespace:        shop\n".to_vec();
    text.extend_from_slice(bytes);
    for bytes in [bytes.to_vec(), text] {
        // That nothing can be used is an answer too.
        let _ = read(&[Source::Memory { name: "describe.txt".into(), bytes }]);
    }
});
