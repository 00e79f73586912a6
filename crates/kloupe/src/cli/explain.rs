//! `kloupe explain [ID]`: the manual page of a cause, what is known of a message, or a list of both.

mod cause_page;
mod list;
mod signature_page;

use clap::{Arg, ArgAction, ArgMatches};
use kloupe_diagnosis::{cause, causes, nearest, signatures};
use kloupe_model::{Lang, say};
use kloupe_report::{Page, Style};
use serde_json::Value;

use super::manual::Manual;
use super::{Answer, Command, output_argument};
use crate::error::{Failure, did_you_mean};

pub(crate) const COMMAND: Command = Command { name: "explain", arguments, manual, run, mirrors: false };

/// The version of what `-o json` gives: raised when a key changes its meaning or goes away.
const VERSION: &str = "1";

/// Something that can be explained, in every format: the terminal shows the Markdown laid out, unless it has a layout of its own.
struct Topic {
    markdown: String,
    json: Value,
    text: Option<String>,
}

fn run(matches: &ArgMatches, style: Style) -> Result<Answer, Failure> {
    let topic = match matches.get_one::<String>("id") {
        Some(id) => topic(style, id)?,
        None if matches.get_flag("all") => list::pages(style),
        None => list::all(style),
    };
    Ok(Answer::done(match matches.get_one::<String>("output").map_or("text", String::as_str) {
        "json" => format!("{:#}\n", topic.json),
        "markdown" | "md" => topic.markdown,
        _ => topic.text.unwrap_or_else(|| laid_out(style, &topic.markdown)),
    }))
}

fn laid_out(style: Style, markdown: &str) -> String {
    let mut page = Page::new(style);
    page.manual(markdown);
    page.finish()
}

fn topic(style: Style, id: &str) -> Result<Topic, Failure> {
    let lang = style.lang;
    if let Some(entry) = cause(id) {
        return Ok(cause_page::of(lang, entry));
    }
    if let Some(signature) = signatures().iter().find(|signature| signature.id == id) {
        return Ok(signature_page::of(lang, signature));
    }
    if let Some(topic) = list::of_origin(style, id) {
        return Ok(topic);
    }
    let known = causes()
        .iter()
        .map(|entry| entry.id)
        .chain(list::origins().into_keys())
        .chain(signatures().iter().map(|signature| signature.id));
    let near = nearest(id, known).map(|near| did_you_mean(lang, &format!("kloupe explain {near}")));
    Err(Failure::new(say!(lang, en: "nothing is known by the id \"{id}\"", zh: "没有 id 为 \"{id}\" 的内容"))
        .hint(near)
        .hint(say!(lang, en: "`kloupe explain` lists what is known", zh: "`kloupe explain` 列出全部内容")))
}

fn arguments(lang: Lang) -> Vec<Arg> {
    vec![
        Arg::new("id").value_name("ID").help_heading(say!(lang, en: "What to explain", zh: "解释什么")).help(say!(
            lang,
            en: "A cause, a signature, or an origin of signatures; without it all causes are listed",
            zh: "根因、签名，或签名的来源；未指定时列出所有根因"
        )),
        Arg::new("all").long("all").action(ArgAction::SetTrue).conflicts_with("id").help(say!(
            lang,
            en: "The pages of all causes, as one document",
            zh: "所有根因的页面，合为一篇"
        )),
        output_argument(lang),
    ]
}

fn manual(lang: Lang) -> Manual {
    Manual {
        summary: say!(lang, en: "Explain a cause, or a message that is known", zh: "解释某个根因，或某条已知的消息"),
        usage: "kloupe explain [ID | --all]",
        examples: &[
            "kloupe explain",
            "kloupe explain rbac-read-denied",
            "kloupe explain client-go",
            "kloupe explain rbac-read-denied -o markdown",
            "kloupe explain --all -o markdown > causes.md",
        ],
        details: say!(
            lang,
            en: "\
## What is known
- A cause is why a controller does not do its job: how it shows, why it happens, what to do, what looks alike.
- A signature is a message that is known: its wordings, what it means, which cause it speaks for and how strongly.
- `decides`: names the cause alone; `supports`: fits it, a second sign is needed; `weak`: is also seen when all is well; `benign`: is expected and speaks for nothing.
",
            zh: "\
## 有哪些内容
- 根因：控制器没有正常工作的原因，包括表现、原因、处理和容易混淆之处。
- 签名：一条已知的消息，包括它的各种措辞、含义，以及它指向哪个根因、力度如何。
- `decides`：单独即可定论；`supports`：相符，但还需另一个迹象；`weak`：一切正常时也会出现；`benign`：属于正常现象，不指向任何根因。
"
        ),
    }
}
