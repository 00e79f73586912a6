//! Whole objects: YAML and JSON as `kubectl get -o yaml|json`, manifests and collectors write them.
//!
//! `yaml.rs` and `json.rs` turn text into values and keep the good parts of a broken text; `list.rs` reads a long list of JSON as it comes;
//! `take.rs` turns values into facts.

mod block;
mod head;
mod json;
mod list;
mod place;
mod secret;
mod take;
mod yaml;

use std::io;

use serde_json::Value;

use super::{Reader, Section};
use crate::found::Found;
use crate::origin::Origin;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: true, probe, read, list: Some(list) };

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

fn list(section: &Section, origin: &Origin, found: &mut Found) -> io::Result<bool> {
    if !json::begins_list(section.text) {
        return Ok(false);
    }
    let origin = origin.unfolded()?;
    let Some(list) = list::read(origin.open()?, section.file) else { return Ok(false) };
    let mut take = take::Take::new(section, found);
    take.list_of_texts(list, kloupe_model::Form::Json, &origin.texts()?);
    Ok(take.any())
}

/// Takes what is in one value that was found in something else.
pub(super) fn take(section: &Section, value: Value, found: &mut Found) {
    let mut take = take::Take::new(section, found);
    take.value(value);
    take.any();
}
