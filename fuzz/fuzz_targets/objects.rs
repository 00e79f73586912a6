//! Objects as YAML and as JSON; what was read is parsed to the end.
#![no_main]

use kloupe_sources::{Source, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["objects.yaml", "objects.json"] {
        if let Ok(archive) = read(&[Source::Memory { name: name.into(), bytes: bytes.to_vec() }]) {
            for object in &archive.facts.objects {
                let _ = object.str_at(&["metadata", "name"]);
            }
        }
    }
});
