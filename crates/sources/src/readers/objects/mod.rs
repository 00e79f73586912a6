//! Whole objects: YAML and JSON as `kubectl get -o yaml|json`, manifests and collectors write them.
//!
//! `yaml.rs` and `json.rs` turn text into values and keep the good parts of a broken text; `take.rs` turns values into facts.

mod json;
mod secret;
mod take;
mod yaml;

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: true, probe, read };

fn probe(section: &Section) -> bool {
    let text = section.text.trim_start();
    if text.starts_with(['{', '[']) { json::probe(text) } else { yaml::probe(text) }
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
