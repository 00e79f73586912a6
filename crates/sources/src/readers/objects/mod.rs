//! Whole objects: YAML and JSON as `kubectl get -o yaml|json`, manifests and collectors write them.
//!
//! `yaml.rs` and `json.rs` turn text into values and keep the good parts of a broken text; `take.rs` turns values into facts.

mod head;
mod json;
mod place;
mod secret;
mod take;
mod yaml;

use serde_json::Value;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: true, probe, read };

fn probe(section: &Section) -> bool {
    let text = section.text.trim_start();
    if text.starts_with(['{', '[']) {
        return json::probe(text) || place::kind_of_place(section.path).is_some();
    }
    yaml::probe(text)
}

fn read(section: &Section, found: &mut Found) -> bool {
    let mut take = take::Take::new(section, found);
    if section.text.trim_start().starts_with(['{', '[']) {
        json::read(section, &mut take);
    } else {
        yaml::read(section, &mut take);
    }
    take.any()
}

/// Takes what is in one value that was found in something else.
pub(super) fn take(section: &Section, value: Value, found: &mut Found) {
    let mut take = take::Take::new(section, found);
    take.value(value);
    take.any();
}
