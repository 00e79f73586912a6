//! One file: unpack it, cut it into sections, ask the readers whose each section is. What nobody knows is a log.

use kloupe_model::{Text, Why};
use std::borrow::Cow;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::bundle::{OPENAPI, ROOT};
use crate::found::Found;
use crate::identity;
use crate::log_file::{Announced, LogFile};
use crate::marks::Marks;
use crate::origin::{Bytes, Origin, read_up_to};
use crate::readers::{self, Held, Reader, Section};
use crate::section::{Part, cut};
use crate::text::{binary_kind, clean, cleaned, has_records, is_binary, is_log_like, plain};
use crate::unread;

/// So much of a text is looked at to see what it is.
const HEAD: u64 = 64 << 10;

/// Text that is read as a whole (objects, tables) may be so long; a log may have any length.
const MAX_TEXT: u64 = 4 << 30;

/// Text that nobody knows is searched for prompt lines up to this length even if its start has none.
const SEARCHED: u64 = 8 << 20;

/// So many paragraphs of what someone wrote are looked at.
const MAX_PARAGRAPHS: usize = 200;

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
    if found.is_nothing() {
        found.unread.push((input.file.clone(), unread::OTHER));
    }
    found
}

struct File<'a> {
    input: &'a Input,
    origin: Origin,
}

impl File<'_> {
    fn read(&self, head: &[u8], found: &mut Found) -> io::Result<()> {
        let whole = Part { first_line: 1, ..Part::default() };
        if self.input.path.windows(2).any(|pair| pair[0] == ROOT && pair[1] == OPENAPI) {
            found.understood = true;
            found.pages.push(self.stream(&whole));
            return Ok(());
        }
        let identity = identity::of_log(&self.input.path);
        if head.iter().all(u8::is_ascii_whitespace) {
            // A program that wrote nothing is worth knowing; another empty file is not.
            if identity.pod.is_some() || self.is_named_log() {
                return self.log(&whole, found);
            }
            found.gap(&self.input.file, Text { en: "the file is empty", zh: "文件是空的" });
            return Ok(());
        }
        if is_binary(head) {
            found.gap(&self.input.file, binary_kind(head));
            return Ok(());
        }
        let text = clean(head);
        let is_log_by_place = identity.container.is_some() && identity.pod.is_some();
        if !is_log_by_place && self.list(&text, found)? {
            return Ok(());
        }
        if is_log_by_place || !(Marks::any(&text) || self.is_worth_a_search(head, &text)?) {
            return self.part(&whole, is_log_by_place, false, found);
        }
        let parts = cut(self.origin.open()?, Marks::of(&text))?;
        let several = parts.len() > 1;
        // Every part is opened where it begins: that is cheap only where the text lies as it is.
        let origin = if several { self.origin.unfolded()? } else { self.origin.clone() };
        let file = File { input: self.input, origin };
        parts.iter().try_for_each(|part| file.part(part, false, several, found))
    }

    fn is_named_log(&self) -> bool {
        self.input.path.last().is_some_and(|name| name.contains(".log"))
    }

    fn is_named(&self, name: &str) -> bool {
        self.input.path.last().is_some_and(|file| file == name)
    }

    /// Reads a file that is one list of objects without holding it; `false` if it is not.
    fn list(&self, head: &str, found: &mut Found) -> io::Result<bool> {
        let part = Part { first_line: 1, ..Part::default() };
        let section = self.section(head, &part);
        let reader = readers::ALL.iter().find(|reader| (reader.probe)(&section));
        let Some(list) = reader.and_then(|reader| reader.list) else { return Ok(false) };
        let read = list(&section, &self.origin, found)?;
        found.understood |= read;
        Ok(read)
    }

    /// Whether it is a file of settings or the like: one JSON value over several lines, YAML or a page of the web, that is no object.
    /// It is no log.
    fn is_data(&self, part: &Part, head: &str) -> io::Result<bool> {
        let ending = self.input.path.last().and_then(|name| Path::new(name).extension()?.to_str());
        if head.starts_with("<!")
            || head.starts_with("<html")
            || ending == Some("timestamp")
            || self.is_named("timestamp")
        {
            return Ok(true);
        }
        match ending {
            Some("yaml" | "yml") => return Ok(!has_records(head)),
            Some("json") if head.starts_with(['{', '[']) => {}
            _ => return Ok(false),
        }
        let text = clean(&read_up_to(&mut self.open(part)?, SEARCHED)?);
        Ok(text.trim().contains('\n') && serde_json::from_str::<serde_json::Value>(&text).is_ok())
    }

    /// A log without a mark at its start is not read twice; other text may have one further down.
    fn is_worth_a_search(&self, head: &[u8], text: &str) -> io::Result<bool> {
        if (head.len() as u64) < HEAD || is_log_like(text) {
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
            held: None,
            first_line: part.first_line,
            command: part.command.as_ref(),
            failed: false,
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
        let head = plain(&head);
        if head.trim().is_empty() && !is_log {
            return Ok(());
        }
        let text = if is_log { Cow::Borrowed(&*head) } else { readers::without_errors(&head).0 };
        let metrics = found.facts.metrics.len();
        for reader in readers::ALL.iter().filter(|reader| reader.reads_logs || !is_log) {
            if (reader.probe)(&self.section(&text, part)) && self.read_with(reader, part, 0, is_log, found)? {
                if found.facts.metrics.len() > metrics {
                    found.pages.push(self.stream(part));
                }
                return Ok(());
            }
        }
        let is_log_like = is_log_like(&head);
        if !is_log && !is_log_like && !self.is_named_log() && self.paragraph(&text, part, found)? {
            return Ok(());
        }
        if is_log || is_log_like || !several {
            if is_log || !self.is_data(part, &head)? {
                return self.log(part, found);
            }
            found.unread.push((self.input.file.clone(), unread::OTHER));
            return Ok(());
        }
        // Other commands do something; what they print is no evidence.
        if part.command.as_ref().is_some_and(|command| matches!(command.verb.as_str(), "get" | "describe" | "events")) {
            let what = format!("{}:{}", self.input.file, part.first_line);
            found.gap(what, Text { en: "the output of this command is not understood", zh: "无法理解该命令的输出" });
        }
        Ok(())
    }

    /// Reads a part from one of its lines on; `false` if the reader did not know it after all.
    fn read_with(
        &self,
        reader: &Reader,
        part: &Part,
        skip: usize,
        is_log: bool,
        found: &mut Found,
    ) -> io::Result<bool> {
        let Some(held) = self.load(part, found)? else {
            found.understood = true;
            return Ok(true);
        };
        let text = plain(&held.text);
        let (text, errors) = if is_log { (text, Vec::new()) } else { readers::without_errors(&text) };
        let start: usize = text.split_inclusive('\n').take(skip).map(str::len).sum();
        let section = Section { failed: !errors.is_empty(), held: Some(&held), ..self.section(&text, part) };
        let understood = (reader.read)(&section.with(&text[start..], skip as u64), found);
        if understood {
            found.understood = true;
            for error in errors {
                found.gap(section.source(), error);
            }
        }
        Ok(understood)
    }

    /// In what someone wrote, an object or a table may begin with any paragraph.
    fn paragraph(&self, head: &str, part: &Part, found: &mut Found) -> io::Result<bool> {
        let mut start = 0;
        let mut after_blank = false;
        let mut tried = 0;
        for (number, line) in head.split_inclusive('\n').enumerate() {
            let is_blank = line.trim().is_empty();
            if after_blank && !is_blank && tried < MAX_PARAGRAPHS {
                tried += 1;
                let section = self.section(&head[start..], part);
                let knows = |reader: &&Reader| reader.in_prose && (reader.probe)(&section);
                if let Some(reader) = readers::ALL.iter().find(knows)
                    && self.read_with(reader, part, number, false, found)?
                {
                    return Ok(true);
                }
            }
            // A line that ends with a colon leads to what is below it; so does the first one, which may be a prompt of a strange shape.
            after_blank = is_blank || number == 0 || line.trim_end().ends_with(':');
            start += line.len();
        }
        Ok(false)
    }

    /// The whole text of a section that is no log; `None` if it is too long.
    fn load(&self, part: &Part, found: &mut Found) -> io::Result<Option<Held>> {
        // Known up to its packing, so that the text is not copied as it grows.
        let length = part.len.or_else(|| self.origin.len()).unwrap_or(0).saturating_sub(part.start);
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(MAX_TEXT)).unwrap_or(0) + 1);
        if let Err(error) = self.open(part)?.take(MAX_TEXT + 1).read_to_end(&mut bytes) {
            found.gap(
                &self.input.file,
                Why::of(Text { en: "only a part can be read", zh: "只能读取其中一部分" }, error.to_string()),
            );
        }
        if bytes.len() as u64 > MAX_TEXT {
            found.gap(&self.input.file, Text { en: "longer than 4 GiB", zh: "长度超过 4 GiB" });
            return Ok(None);
        }
        let (text, as_it_lies) = cleaned(bytes);
        let text = Arc::new(text);
        Ok(Some(if as_it_lies && self.origin.lies_open() {
            Held { text, texts: self.origin.clone().texts()?, start: part.start }
        } else {
            Held { texts: text.clone(), text, start: 0 }
        }))
    }

    /// A part as a stream that can be opened again.
    fn stream(&self, part: &Part) -> LogFile {
        LogFile {
            file: self.input.file.clone(),
            namespace: None,
            pod: None,
            container: None,
            workload: None,
            previous: false,
            first_line: part.first_line,
            origin: self.origin.clone(),
            start: part.start,
            len: part.len,
            path: self.input.path.clone(),
        }
    }

    fn log(&self, part: &Part, found: &mut Found) -> io::Result<()> {
        let announced = Announced::of(&read_up_to(&mut self.open(part)?, 4096)?);
        let path = match &part.file {
            Some(file) => file.split('/').map(str::to_owned).collect(),
            None => self.input.path.clone(),
        };
        let place = identity::of_log(&path);
        let mut log = LogFile {
            namespace: place.namespace,
            pod: place.pod,
            container: place.container,
            previous: place.previous,
            first_line: part.first_line + announced.lines,
            start: part.start + announced.bytes,
            len: part.len.map(|len| len - announced.bytes),
            path,
            ..self.stream(part)
        };
        if let Some(mark) = &part.log {
            let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            log.namespace = filled(&mark.namespace);
            log.pod = filled(&mark.pod);
            log.container = filled(&mark.container);
        }
        if let Some(command) = part.command.as_ref().filter(|command| command.verb == "logs") {
            log.name_by_command(command);
        }
        log.pod = announced.pod.or(log.pod);
        log.container = log.container.or(announced.container);
        found.understood = true;
        found.logs.push(log);
        Ok(())
    }
}
