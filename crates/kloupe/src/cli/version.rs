//! `kloupe version`: this program's version and the API server's.

use clap::{Arg, ArgMatches};
use kloupe_cluster::cluster::JSON;
use kloupe_model::{Lang, say};
use kloupe_report::Style;
use kloupe_views::output::{Format, Known};
use serde_json::{Value, json};

use super::manual::Manual;
use super::mirror::{self, Out, Session, Stop, connection, is_set, switch, text, value};
use super::{Answer, Command};
use crate::error::Failure;

pub(crate) const COMMAND: Command = Command { name: "version", arguments, manual, run, mirrors: true };

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    mirror::run(matches, style, |session, out| version(matches, session, out))
}

fn version(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let ours = format!("v{}", env!("CARGO_PKG_VERSION"));
    let format = match text(matches, "output") {
        None | Some("") => None,
        Some(typed @ ("json" | "yaml")) => Format::parse(typed, "", Known::Objects)?,
        Some(_) => return Err(Stop("error: --output must be 'yaml' or 'json'".into())),
    };
    let server =
        if is_set(matches, "client") { None } else { Some(session.wait(session.cluster.get("/version", JSON))) };
    if let Some(format) = format {
        let mut both = json!({"clientVersion": {"gitVersion": ours, "program": "kloupe"}});
        if let Some(Ok(server)) = &server {
            both["serverVersion"] = server.clone();
        }
        out.text = format.print(&both)?;
    } else {
        out.text = format!("Client Version: kloupe {ours}\n");
        if let Some(Ok(server)) = &server {
            let version = server.get("gitVersion").and_then(Value::as_str).unwrap_or_default();
            out.text.push_str(&format!("Server Version: {version}\n"));
        }
    }
    if let Some(Err(refusal)) = server {
        out.refuse(&refusal);
    }
    Ok(())
}

fn arguments(lang: Lang) -> Vec<Arg> {
    let heading = say!(lang, en: "Output", zh: "输出");
    let own = [
        switch("client").help(say!(lang, en: "Only of this program", zh: "只显示本程序的版本")),
        value("output", "FORMAT").short('o').help(say!(lang, en: "json or yaml", zh: "json 或 yaml")),
    ];
    own.into_iter().map(|argument| argument.help_heading(heading.clone())).chain(connection(lang)).collect()
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Show the versions of kloupe and of the API server", zh: "显示 kloupe 与 API server 的版本"),
        usage: "kloupe version [--from PATH…]",
        examples: &["kloupe version", "kloupe version -o json"],
        details: String::new(),
    }
}
