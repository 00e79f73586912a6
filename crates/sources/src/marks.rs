//! Lines that mark where a section of a text begins: prompt lines, `==== START logs for container …`, `==> FILE <==`, and the fences of
//! Markdown.

use std::borrow::Cow;

use crate::command::Command;
use crate::prompt::{Prompt, inline, prompt};
use crate::text::{clean, is_log_like};

/// What the mark of `kubectl cluster-info dump` names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) container: String,
}

/// What a line marks.
#[derive(Debug)]
pub(crate) enum Mark {
    /// A prompt with its command.
    Command(Command),
    /// A fence opens; the command is one that the text before it names.
    Open(Option<Command>),
    /// A fence closes.
    Close,
    /// The log of a container begins.
    LogStart(Marked),
    /// It ends.
    LogEnd,
    /// What follows is from this file.
    File(String),
}

/// Recognises marks, line by line; the first prompt line says how the later ones look.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    markdown: bool,
    fence: Option<Fence>,
    /// The command that the lines above name, and how many lines ago.
    named: Option<(Command, usize)>,
    above: Above,
    indent: Option<usize>,
    in_log: bool,
}

/// What stands above a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Above {
    /// No text yet.
    #[default]
    Nothing,
    /// A blank line, and text somewhere above it.
    Blank,
    /// A line of text.
    Text,
}

/// An open fence: by what it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fence {
    Marks(char, usize),
    Pre,
}

/// A command that is named so many lines before a fence is what its content is the output of.
const NAMED_REACH: usize = 3;

/// Whether it is one of the lines of JSON, of which there may be many: none of them is a mark.
pub(crate) fn is_json(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), Some(b'"' | b'{' | b'}' | b']'))
}

impl Marks {
    /// Looks at the start of a text to see whether fences mean something in it: not in a log that prints some.
    pub(crate) fn of(head: &str) -> Marks {
        let lines = || head.lines().map(unquoted);
        let before: Vec<&str> = lines().take_while(|line| fence(line).is_none()).collect();
        let markdown = lines().any(|line| fence(line).is_some()) && !is_log_like(&before.join("\n"));
        Marks { markdown, ..Marks::default() }
    }

    /// Whether the start of a text has a mark, so that the rest is worth a search.
    pub(crate) fn any(head: &str) -> bool {
        let mut marks = Marks::of(head);
        head.lines().any(|line| marks.mark(line).is_some())
    }

    /// Whether the lines that follow are what someone wrote around fenced parts.
    pub(crate) fn is_prose(&self) -> bool {
        self.markdown && self.fence.is_none()
    }

    /// The next line is none.
    pub(crate) fn pass_over(&mut self) {
        self.above = Above::Text;
    }

    /// The mark that the next line is.
    pub(crate) fn mark(&mut self, line: &str) -> Option<Mark> {
        if is_json(line.as_bytes()) {
            self.pass_over();
            return None;
        }
        let plain = if line.contains('\x1b') { Cow::Owned(clean(line.as_bytes())) } else { Cow::Borrowed(line) };
        let line = if self.markdown { unquoted(&plain) } else { &*plain };
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.above = if self.above == Above::Nothing { Above::Nothing } else { Above::Blank };
            return None;
        }
        let above = std::mem::replace(&mut self.above, Above::Text);
        if let Some(mark) = dump_mark(trimmed) {
            self.in_log = matches!(mark, Mark::LogStart(_));
            return Some(mark);
        }
        if self.in_log {
            return None;
        }
        if let Some(mark) = self.fence(line) {
            return Some(mark);
        }
        if let Some(file) = trimmed.strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            return Some(Mark::File(file.to_owned()));
        }
        let command = self.prompt(line, above);
        self.name(line, command.as_ref());
        command.map(Mark::Command)
    }

    fn fence(&mut self, line: &str) -> Option<Mark> {
        if !self.markdown {
            return None;
        }
        let found = fence(line);
        match (self.fence, found) {
            (Some(Fence::Pre), _) if line.trim_end().ends_with("</pre>") => {}
            (Some(Fence::Marks(char, length)), Some(Fence::Marks(other, longer)))
                if char == other && longer >= length && line.trim().chars().all(|it| it == char) => {}
            (None, Some(opens)) => {
                self.fence = Some(opens);
                // The first prompt inside says how the later ones look.
                (self.above, self.indent) = (Above::Nothing, None);
                return Some(Mark::Open(self.named.take().map(|(command, _)| command)));
            }
            _ => return None,
        }
        self.fence = None;
        self.indent = None;
        Some(Mark::Close)
    }

    fn prompt(&mut self, line: &str, above: Above) -> Option<Command> {
        let prompt = prompt(line)?;
        let is_telling = prompt.is_telling();
        let Prompt { indent, prefix, command } = prompt;
        let indented_as_others = match self.indent {
            _ if is_telling => true,
            Some(known) => indent == known,
            // The first prompt may be indented only if nothing stands before it; else it is a line of a script in a manifest.
            None => indent == 0 || above == Above::Nothing,
        };
        // `kubectl get pods` without a prompt, and `+ kubectl …` of a script's trace, may well be a line of a log.
        let sure = match prefix {
            "" => above != Above::Text,
            "+ " => above == Above::Nothing || self.indent.is_some(),
            _ => true,
        };
        if !indented_as_others || !sure {
            return None;
        }
        self.indent = Some(indent);
        Some(command)
    }

    /// Remembers the command that the text before a fence names.
    fn name(&mut self, line: &str, command: Option<&Command>) {
        if !self.is_prose() {
            return;
        }
        let older =
            self.named.take().filter(|(_, lines)| *lines < NAMED_REACH).map(|(command, lines)| (command, lines + 1));
        self.named = command.cloned().or_else(|| inline(line)).map(|command| (command, 0)).or(older);
    }
}

/// A line of a quoted text without the mark of its quoting.
fn unquoted(line: &str) -> &str {
    match line.trim_start().strip_prefix('>') {
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => line,
    }
}

/// The fence that this line may open or close.
fn fence(line: &str) -> Option<Fence> {
    let line = line.trim();
    if line == "<pre>" || line == "<pre><code>" {
        return Some(Fence::Pre);
    }
    let char = line.chars().next().filter(|char| matches!(char, '`' | '~'))?;
    let length = line.chars().take_while(|it| *it == char).count();
    // A fence's line holds nothing else but the name of a language.
    let named = &line[length..];
    (length >= 3 && !named.contains('`') && named.len() < 40).then_some(Fence::Marks(char, length))
}

/// `==== START logs for container X of pod NS/POD ====`, and its end.
fn dump_mark(line: &str) -> Option<Mark> {
    let inner = line.strip_prefix("==== ")?.strip_suffix(" ====")?;
    if inner.starts_with("END logs") {
        return Some(Mark::LogEnd);
    }
    let (container, pod) = inner.strip_prefix("START logs for container ")?.split_once(" of pod ")?;
    let (namespace, pod) = pod.split_once('/').unwrap_or(("", pod));
    Some(Mark::LogStart(Marked { namespace: namespace.into(), pod: pod.into(), container: container.into() }))
}
