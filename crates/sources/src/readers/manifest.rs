//! What a bundle of kloupe's own says of itself: when it was made, and what could not be read.

use kloupe_model::{Gap, Stamp, Text, Why};
use serde::Deserialize;

use super::{Reader, Section};
use crate::bundle::{KIND, MANIFEST, VERSION};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read, list: None };

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    kind: String,
    version: u64,
    captured_at: String,
    #[serde(default)]
    namespaces: Option<Vec<String>>,
    #[serde(default)]
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Refused {
    path: String,
    why: String,
}

fn probe(section: &Section) -> bool {
    section.path.last().is_some_and(|name| name == MANIFEST) && section.text.contains(KIND)
}

fn read(section: &Section, found: &mut Found) -> bool {
    let Ok(manifest) = serde_json::from_str::<Manifest>(section.text) else { return false };
    if manifest.kind != KIND {
        return false;
    }
    if manifest.version > VERSION {
        let ours = Text {
            en: "the bundle's layout is newer than this program knows; what is known of it was read",
            zh: "该包的布局版本比本程序支持的新；已读取能识别的部分",
        };
        found.facts.gaps.push(Gap { what: section.file.to_owned(), why: Why::of(ours, manifest.version.to_string()) });
    }
    found.facts.captured_at = Stamp::parse_rfc3339(&manifest.captured_at);
    found.facts.asked = Some(manifest.namespaces.unwrap_or_default());
    let refused = manifest.refused.into_iter();
    found.facts.gaps.extend(refused.map(|Refused { path, why }| Gap { what: path, why: why.into() }));
    true
}
