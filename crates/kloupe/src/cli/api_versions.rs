//! `kloupe api-versions`: every group and version that is served.

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_model::{Lang, say};
use kloupe_report::Style;

use super::manual::Manual;
use super::mirror::{self, Stop, connection, list};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "api-versions", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| {
        let extra = list(matches, "extra");
        if !extra.is_empty() {
            return Err(Stop::usage("api-versions", &format!("unexpected arguments: [{}]", extra.join(" "))));
        }
        let mut versions = session.discovery()?.versions;
        versions.sort();
        versions.dedup();
        out.text = versions.join("\n") + "\n";
        Ok(())
    })
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let extra = Arg::new("extra").num_args(0..).hide(true).action(ArgAction::Append);
    std::iter::once(extra).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "List the API groups and versions that are served", zh: "列出提供的 API 组与版本"),
        usage: "kloupe api-versions [--from PATH…]",
        examples: &["kloupe api-versions", "kloupe api-versions --from dump/"],
        details: String::new(),
    }
}
