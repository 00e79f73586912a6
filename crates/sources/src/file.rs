//! One file: unpack it, cut it into sections, ask the readers whose each section is. What nobody knows is a log.

use std::io::{self, Read};
use std::sync::Arc;

use kloupe_model::ObjectRef;

use crate::command::Command;
use crate::found::Found;
use crate::identity;
use crate::kinds::Resource;
use crate::log_file::LogFile;
use crate::origin::{Bytes, Origin, read_up_to};
use crate::readers::{self, Section};
use crate::section::{Part, cut, has_mark};
use crate::text::{binary_kind, clean, dedent, is_binary};

/// So much of a text is looked at to see what it is.
const HEAD: u64 = 64 << 10;

/// Text that is read as a whole (objects, tables) may be so long; a log may have any length.
const MAX_TEXT: u64 = 256 << 20;

/// A log up to this length is searched for prompt lines even if its start has none.
const SEARCHED: u64 = 8 << 20;

/// One file to read.
#[derive(Debug)]
pub(crate) struct Input {
    /// As the person named it.
    pub(crate) file: String,
    /// Where it lies, for what the place says.
    pub(crate) path: Vec<String>,
    /// Its bytes.
    pub(crate) bytes: Arc<Bytes>,
}

/// Reads one file. It never fails: what cannot be read is a gap.
pub(crate) fn read(input: &Input) -> Found {
    let mut found = Found::default();
    let result = Origin::inspect(Arc::clone(&input.bytes)).and_then(|origin| {
        let head = read_up_to(&mut origin.open()?, HEAD)?;
        File { input, origin }.read(&head, &mut found)
    });
    if let Err(error) = result {
        found.gap(&input.file, error.to_string());
    }
    found
}

struct File<'a> {
    input: &'a Input,
    origin: Origin,
}

impl File<'_> {
    fn read(&self, head: &[u8], found: &mut Found) -> io::Result<()> {
        let name = self.input.path.last().map_or("", String::as_str);
        let identity = identity::of_log(&self.input.path);
        let is_log_by_place = identity.container.is_some() && identity.pod.is_some();
        if head.iter().all(u8::is_ascii_whitespace) {
            // A program that wrote nothing is worth knowing; another empty file is not.
            if identity.pod.is_some() || name.contains(".log") {
                self.log(&Part { first_line: 1, ..Part::default() }, found);
            } else {
                found.gap(&self.input.file, "the file is empty");
            }
            return Ok(());
        }
        if is_binary(head) {
            found.gap(&self.input.file, binary_kind(head));
            return Ok(());
        }
        let whole = Part { first_line: 1, ..Part::default() };
        let text = clean(head);
        if is_log_by_place || !(has_mark(&text) || self.is_worth_a_search(head, &text)?) {
            self.part(&whole, is_log_by_place, false, found)?;
            return Ok(());
        }
        let parts = cut(self.origin.open()?)?;
        let several = parts.len() > 1;
        for part in &parts {
            self.part(part, false, several, found)?;
        }
        Ok(())
    }

    /// A long log without a mark at its start is not read twice.
    fn is_worth_a_search(&self, head: &[u8], text: &str) -> io::Result<bool> {
        if (head.len() as u64) < HEAD {
            return Ok(false);
        }
        let part = Part::default();
        let section = self.section(text, &part);
        if readers::ALL.iter().any(|reader| (reader.probe)(&section)) {
            return Ok(true);
        }
        let beyond = read_up_to(&mut self.origin.open_at(SEARCHED)?, 1)?;
        Ok(beyond.is_empty())
    }

    fn section<'b>(&'b self, text: &'b str, part: &'b Part) -> Section<'b> {
        Section {
            file: &self.input.file,
            path: &self.input.path,
            text,
            first_line: part.first_line,
            command: part.command.as_ref(),
        }
    }

    fn open(&self, part: &Part) -> io::Result<Box<dyn Read + Send>> {
        let stream = self.origin.open_at(part.start)?;
        Ok(match part.len {
            Some(len) => Box::new(stream.take(len)),
            None => stream,
        })
    }

    fn part(&self, part: &Part, is_log_by_place: bool, several: bool, found: &mut Found) -> io::Result<()> {
        if part.len == Some(0) && part.log.is_none() {
            return Ok(());
        }
        let head = clean(&read_up_to(&mut self.open(part)?, HEAD)?);
        let is_log = is_log_by_place || part.log.is_some() || part.command.as_ref().is_some_and(|it| it.verb == "logs");
        if head.trim().is_empty() && !is_log {
            return Ok(());
        }
        let head = dedent(&head);
        for reader in readers::ALL {
            let section = self.section(&head, part);
            if (is_log && !reader.reads_logs) || !(reader.probe)(&section) {
                continue;
            }
            let Some(text) = self.load(part, found)? else {
                found.understood = true;
                return Ok(());
            };
            if (reader.read)(&self.section(&dedent(&text), part), found) {
                found.understood = true;
                return Ok(());
            }
        }
        if is_log || !several || looks_like_log(&head) {
            self.log(part, found);
        } else if part.command.as_ref().is_some_and(|command| !command.verb.is_empty()) {
            let what = format!("{}:{}", self.input.file, part.first_line);
            found.gap(what, "the output of this command is not understood");
        }
        Ok(())
    }

    /// The whole text of a section that is no log; `None` if it is too long.
    fn load(&self, part: &Part, found: &mut Found) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        if let Err(error) = self.open(part)?.take(MAX_TEXT + 1).read_to_end(&mut bytes) {
            found.gap(&self.input.file, format!("only a part can be read: {error}"));
        }
        if bytes.len() as u64 > MAX_TEXT {
            found.gap(&self.input.file, "longer than 256 MiB");
            return Ok(None);
        }
        Ok(Some(clean(&bytes)))
    }

    fn log(&self, part: &Part, found: &mut Found) {
        let path = match &part.file {
            Some(file) => file.split('/').map(str::to_owned).collect(),
            None => self.input.path.clone(),
        };
        let place = identity::of_log(&path);
        let mut log = LogFile {
            file: self.input.file.clone(),
            namespace: place.namespace,
            pod: place.pod,
            container: place.container,
            workload: None,
            previous: place.previous,
            first_line: part.first_line,
            origin: self.origin.clone(),
            start: part.start,
            len: part.len,
            path,
        };
        if let Some(mark) = &part.log {
            let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            log.namespace = filled(&mark.namespace);
            log.pod = filled(&mark.pod);
            log.container = filled(&mark.container);
        }
        if let Some(command) = part.command.as_ref().filter(|command| command.verb == "logs") {
            name_by_command(&mut log, command);
        }
        found.understood = true;
        found.logs.push(log);
    }
}

/// `kubectl logs POD [CONTAINER]`, `kubectl logs deploy/NAME -c CONTAINER`.
fn name_by_command(log: &mut LogFile, command: &Command) {
    log.namespace = command.namespace.clone().or(log.namespace.take());
    log.previous |= command.previous;
    let mut words = command.words.iter();
    let asked = words.next().map(|word| match word.split_once('/') {
        Some((kind, name)) => (Resource::parse(kind), name),
        None => (Resource::parse("pod"), word.as_str()),
    });
    match asked {
        Some((resource, name)) if resource.kind == "Pod" => log.pod = Some(name.to_owned()),
        Some((resource, name)) => {
            let namespace = log.namespace.as_deref().unwrap_or_default();
            log.workload = Some(ObjectRef::new(&resource.kind, &resource.group, namespace, name));
        }
        None => {}
    }
    log.container = command.container.clone().or_else(|| words.next().cloned()).or(log.container.take());
}

/// Whether text between other things is a log and not what someone wrote about it.
fn looks_like_log(text: &str) -> bool {
    text.lines().filter(|line| !line.trim().is_empty()).take(40).any(|line| {
        let line = line.trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let klog = line.len() > 5 && line.starts_with(['I', 'W', 'E', 'F']) && line.as_bytes()[1..5].iter().all(u8::is_ascii_digit);
        let key = ["level=", "time=", "ts="].iter().any(|key| line.starts_with(key));
        let word = ["INFO", "ERROR", "WARN", "DEBUG", "panic:", "Error: ", "error: ", "fatal"].iter().any(|word| line.contains(word));
        klog || key || word || digits == 4 && line[4..].starts_with(['-', '/']) || line.starts_with("{\"")
    })
}
