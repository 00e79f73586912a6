//! `kloupe api-versions`: every group and version that is served.

use clap::ArgMatches;
use kloupe_model::{Lang, say};
use kloupe_report::Style;

use super::manual::Manual;
use super::mirror::{self, connection};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "api-versions", arguments: connection, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| {
        let mut versions = session.discovery()?.versions;
        versions.sort();
        versions.dedup();
        out.text = versions.join("\n") + "\n";
        Ok(())
    })
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "List the API groups and versions that are served", zh: "列出提供的 API 组与版本"),
        usage: "kloupe api-versions [--from PATH…]",
        examples: &["kloupe api-versions", "kloupe api-versions --from dump/"],
        details: String::new(),
    }
}
