//! A JSON list that is read as it comes: of each item its head is kept, and where it lies. So a list of any length is read in little memory. What
//! is no plain list, or is broken, is left to `json.rs`, which holds the whole text and says what is wrong with it.

use std::io::Read;
use std::ops::Range;

use kloupe_model::Event;
use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Map, Value};

use super::head::Head;
use super::take::event;
use crate::text::is_clean;

/// So much is read at once.
const BLOCK: u64 = 1 << 20;

/// A longer value is no item of an API server's: those end at a few MiB.
const MAX_VALUE: usize = 64 << 20;

/// An item of a list.
pub(super) struct Item {
    pub(super) head: Head,
    pub(super) range: Range<u64>,
    /// What it says, if it is an Event.
    pub(super) event: Option<Event>,
}

impl Item {
    /// An object of which the outer levels were read; `whole` reads all of it.
    pub(super) fn of_value(value: &Value, range: Range<u64>, file: &str, whole: impl Fn() -> Value) -> Item {
        let head = Head::of_value(value);
        let event = (head.kind == "Event").then(|| event(&whole(), file));
        Item { head, range, event }
    }
}

/// A list: its items, and the fields around them.
pub(super) struct List {
    pub(super) items: Vec<Item>,
    pub(super) frame: Map<String, Value>,
}

impl List {
    pub(super) fn text(&self, key: &str) -> &str {
        self.frame.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Reads one list and nothing behind it.
pub(super) fn read(stream: Box<dyn Read + Send>, file: &str) -> Option<List> {
    let mut window = Window { stream, text: String::new(), at: 0, offset: 0, tail: Vec::new(), ended: false };
    let mut frame = Map::new();
    let mut items = None;
    window.expect(b'{')?;
    loop {
        let key: String = window.value()?;
        window.expect(b':')?;
        if key == "items" && window.peek()? == b'[' && items.is_none() {
            let implied = frame.get("kind").and_then(Value::as_str) == Some("EventList");
            items = Some(window.items(implied, file)?);
        } else {
            frame.insert(key, window.value()?);
        }
        if !window.goes_on(b'}')? {
            break;
        }
    }
    let list = List { items: items?, frame };
    let is_list = list.text("kind").is_empty() || list.text("kind").ends_with("List");
    (is_list && !list.frame.contains_key("object") && window.peek().is_none() && window.ended).then_some(list)
}

/// The part of the text that is looked at.
struct Window {
    stream: Box<dyn Read + Send>,
    text: String,
    /// How far in it one has come.
    at: usize,
    /// Where in the whole text it begins.
    offset: u64,
    /// Bytes behind it that are no whole character yet.
    tail: Vec<u8>,
    ended: bool,
}

impl Window {
    /// Drops what was passed and reads on; none at the end, or where the text would have to be changed to be read.
    fn more(&mut self) -> Option<()> {
        self.text.drain(..self.at);
        self.offset += self.at as u64;
        self.at = 0;
        let before = self.tail.len();
        (&mut self.stream).take(BLOCK).read_to_end(&mut self.tail).ok()?;
        if self.tail.len() == before {
            self.ended = self.tail.is_empty();
            return None;
        }
        let whole = match std::str::from_utf8(&self.tail) {
            Ok(_) => self.tail.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return None,
        };
        let block = std::str::from_utf8(&self.tail[..whole]).ok().filter(|block| is_clean(block))?;
        self.text.push_str(block);
        self.tail.drain(..whole);
        Some(())
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let blanks = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.at += blanks;
            if let Some(byte) = self.text.as_bytes().get(self.at) {
                return Some(*byte);
            }
            self.more()?;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let found = self.peek()? == byte;
        self.at += 1;
        found.then_some(())
    }

    /// Whether a comma follows, or the bracket that ends it.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        (byte == b',' || byte == end).then_some(byte == b',')
    }

    /// The value that comes next.
    fn value<T: DeserializeOwned>(&mut self) -> Option<T> {
        self.measured().map(|(value, _)| value)
    }

    /// The same, and how long its text is. A number is only known to be whole by what follows it.
    fn measured<T: DeserializeOwned>(&mut self) -> Option<(T, usize)> {
        self.peek()?;
        loop {
            let rest = &self.text[self.at..];
            let mut values = Deserializer::from_str(rest).into_iter::<T>();
            match values.next() {
                Some(Ok(value)) if values.byte_offset() < rest.len() => {
                    let length = values.byte_offset();
                    self.at += length;
                    return Some((value, length));
                }
                Some(Err(error)) if !error.is_eof() => return None,
                _ if rest.len() > MAX_VALUE => return None,
                _ => self.more()?,
            }
        }
    }

    fn items(&mut self, are_events: bool, file: &str) -> Option<Vec<Item>> {
        let mut items = Vec::new();
        self.expect(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(items);
        }
        loop {
            if self.peek()? != b'{' {
                return None;
            }
            let (head, length): (Head, usize) = self.measured()?;
            let text = &self.text[self.at - length..self.at];
            let is_event = head.kind == "Event" || head.kind.is_empty() && are_events;
            let event = if is_event { Some(event(&serde_json::from_str(text).ok()?, file)) } else { None };
            let end = self.offset + self.at as u64;
            items.push(Item { head, range: end - length as u64..end, event });
            if !self.goes_on(b']')? {
                return Some(items);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn list(text: &str) -> Option<List> {
        read(Box::new(Cursor::new(text.as_bytes().to_vec())), "x.json")
    }

    #[test]
    fn items_are_known_by_their_place() {
        let long = "ü".repeat(usize::try_from(BLOCK).expect("small"));
        let items = [
            "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"x\":[1,{\"items\":[]}]}".to_owned(),
            format!("{{\"metadata\":{{\"name\":\"b\"}},\"x\":\"{long}\"}}"),
            "{ \"kind\": \"Event\", \"reason\": \"Started\" }".to_owned(),
        ];
        let text = format!(
            " {{\"apiVersion\":\"v1\", \"items\" : [\n{},\n {} ,{}], \"kind\":\"List\"}}\n",
            items[0], items[1], items[2]
        );
        let list = list(&text).expect("a list");
        assert_eq!((list.text("kind"), list.text("apiVersion")), ("List", "v1"));
        let range = |item: &Item| {
            usize::try_from(item.range.start).expect("small")..usize::try_from(item.range.end).expect("small")
        };
        assert!(list.items.iter().map(|item| &text[range(item)]).eq(&items));
        assert_eq!(list.items[1].head.name, "b");
        assert_eq!(list.items[2].event.as_ref().map(|event| event.reason.as_str()), Some("Started"));
        assert!(list.items[..2].iter().all(|item| item.event.is_none()));
    }

    #[test]
    fn what_is_no_plain_list_is_left_to_others() {
        assert!(list("{\"items\":[]}").is_some());
        for text in [
            "{\"items\":[]",
            "{\"items\":[{}],}",
            "{\"items\":[{} {}]}",
            "{\"items\":[{},]}",
            "{\"items\":[1]}",
            "{\"items\":[{}]} {}",
            "{\"items\":[{\"n\":1e999}]}",
            "{\"items\":[{\"a\":\"\u{a0}\"}]}",
            "{\"items\":[{}]}\r\n",
            "{\"items\":{}}",
            "{\"kind\":\"ConfigMap\",\"items\":[]}",
            "{\"kind\":\"List\"}",
        ] {
            assert!(list(text).is_none(), "{text}");
        }
    }
}
