//! Reviews as kubectl sends them: protobuf in the envelope of the API server. Only what a review says of whom and what is read.

use serde_json::{Map, Value};

/// What every body in this form begins with.
pub(super) const MAGIC: &[u8] = b"k8s\0";

/// What a field of a message holds.
enum Form {
    Text,
    Texts,
    Message(&'static [Field]),
    Messages(&'static [Field]),
    /// A map of text to lists of text.
    Extra,
}

/// A field's number, its name in JSON and its form.
type Field = (u64, &'static str, Form);

const META: &[Field] = &[(1, "name", Form::Text), (3, "namespace", Form::Text)];
const REQUIREMENT: &[Field] = &[(1, "key", Form::Text), (2, "operator", Form::Text), (3, "values", Form::Texts)];
const SELECTOR: &[Field] = &[(1, "rawSelector", Form::Text), (2, "requirements", Form::Messages(REQUIREMENT))];
const RESOURCE: &[Field] = &[
    (1, "namespace", Form::Text),
    (2, "verb", Form::Text),
    (3, "group", Form::Text),
    (4, "version", Form::Text),
    (5, "resource", Form::Text),
    (6, "subresource", Form::Text),
    (7, "name", Form::Text),
    (8, "fieldSelector", Form::Message(SELECTOR)),
    (9, "labelSelector", Form::Message(SELECTOR)),
];
const PATH: &[Field] = &[(1, "path", Form::Text), (2, "verb", Form::Text)];
const ACCESS: &[Field] = &[
    (1, "resourceAttributes", Form::Message(RESOURCE)),
    (2, "nonResourceAttributes", Form::Message(PATH)),
    (3, "user", Form::Text),
    (4, "groups", Form::Texts),
    (5, "extra", Form::Extra),
    (6, "uid", Form::Text),
];
const ACCESS_REVIEW: &[Field] = &[(1, "metadata", Form::Message(META)), (2, "spec", Form::Message(ACCESS))];
const RULES_REVIEW: &[Field] =
    &[(1, "metadata", Form::Message(META)), (2, "spec", Form::Message(&[(1, "namespace", Form::Text)]))];
const WHO_REVIEW: &[Field] = &[(1, "metadata", Form::Message(META))];
const TYPE: &[Field] = &[(1, "apiVersion", Form::Text), (2, "kind", Form::Text)];

/// The review in a body as the JSON that would say the same. `kind` is what the path names.
pub(super) fn review(body: &[u8], kind: &str) -> Result<Value, String> {
    let envelope = body.strip_prefix(MAGIC).ok_or("the body does not begin as the API's protobuf does")?;
    let (mut types, mut raw) = (Map::new(), &[][..]);
    each(envelope, |number, bytes| {
        match number {
            1 => types = message(bytes, TYPE)?,
            2 => raw = bytes,
            _ => {}
        }
        Ok(())
    })?;
    let fields = match kind {
        "SelfSubjectReview" => WHO_REVIEW,
        "SelfSubjectRulesReview" => RULES_REVIEW,
        _ => ACCESS_REVIEW,
    };
    types.extend(message(raw, fields)?);
    Ok(Value::Object(types))
}

/// The known fields of a message. Empty text is left out, as in JSON.
fn message(bytes: &[u8], fields: &[Field]) -> Result<Map<String, Value>, String> {
    let mut found = Map::new();
    each(bytes, |number, bytes| {
        let Some((_, name, form)) = fields.iter().find(|(known, ..)| *known == number) else { return Ok(()) };
        let value = match form {
            Form::Text => match text(bytes)? {
                "" => return Ok(()),
                text => Value::from(text),
            },
            Form::Message(fields) => Value::Object(message(bytes, fields)?),
            Form::Texts => return push(&mut found, name, Value::from(text(bytes)?)),
            Form::Messages(fields) => return push(&mut found, name, Value::Object(message(bytes, fields)?)),
            Form::Extra => {
                let entry = message(
                    bytes,
                    &[(1, "key", Form::Text), (2, "value", Form::Message(&[(1, "items", Form::Texts)]))],
                )?;
                let key = entry.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
                let items = entry.get("value").and_then(|value| value.get("items")).cloned();
                let all = found.entry(*name).or_insert_with(|| Value::Object(Map::new()));
                if let Some(all) = all.as_object_mut() {
                    all.insert(key, items.unwrap_or_else(|| Value::Array(Vec::new())));
                }
                return Ok(());
            }
        };
        found.insert((*name).to_owned(), value);
        Ok(())
    })?;
    Ok(found)
}

fn push(found: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
    let list = found.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    list.as_array_mut().ok_or("a field has two forms")?.push(value);
    Ok(())
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

/// Calls back with every field that has a length; numbers are passed over.
fn each<'a>(mut bytes: &'a [u8], mut with: impl FnMut(u64, &'a [u8]) -> Result<(), String>) -> Result<(), String> {
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        match tag & 7 {
            0 => drop(varint(&mut bytes)?),
            1 => drop(take(&mut bytes, 8)?),
            2 => {
                let length = varint(&mut bytes)?;
                with(tag >> 3, take(&mut bytes, length)?)?;
            }
            5 => drop(take(&mut bytes, 4)?),
            other => return Err(format!("illegal wireType {other}")),
        }
    }
    Ok(())
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], String> {
    let cut = usize::try_from(length).ok().and_then(|length| bytes.split_at_checked(length));
    let (taken, rest) = cut.ok_or("unexpected EOF")?;
    *bytes = rest;
    Ok(taken)
}

fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or("unexpected EOF")?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("integer overflow".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u8::try_from(bytes.len()).expect("short enough");
        assert!(length < 0x80, "one byte tells the length");
        [&[number << 3 | 2, length], bytes].concat()
    }

    /// What kubectl sends for `auth can-i get pods -n shop --as ann`, with what it writes of empty fields.
    fn sent() -> Vec<u8> {
        let types = [field(1, b"authorization.k8s.io/v1"), field(2, b"SubjectAccessReview")].concat();
        let what = [field(1, b"shop"), field(2, b"get"), field(3, b""), field(5, b"pods"), field(7, b"")].concat();
        let extra = [field(1, b"scopes"), field(2, &[field(1, b"a"), field(1, b"b")].concat())].concat();
        let spec = [field(1, &what), field(3, b"ann"), field(4, b"x"), field(4, b"y"), field(5, &extra)].concat();
        let status = [field(3, &[8, 0])].concat();
        let raw = [field(1, &field(1, b"")), field(2, &spec), status].concat();
        [MAGIC, &field(1, &types), &field(2, &raw), &field(3, b""), &[0x38, 1]].concat()
    }

    #[test]
    fn a_review_reads_as_its_json() {
        let read = review(&sent(), "SubjectAccessReview").expect("a review");
        let what = json!({"namespace": "shop", "verb": "get", "resource": "pods"});
        let spec =
            json!({"resourceAttributes": what, "user": "ann", "groups": ["x", "y"], "extra": {"scopes": ["a", "b"]}});
        let expected = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "metadata": {}, "spec": spec});
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_broken_is_refused_and_never_a_panic() {
        let whole = sent();
        for end in 0..whole.len() {
            drop(review(&whole[..end], "SubjectAccessReview"));
        }
        for at in 0..whole.len() {
            for byte in [0, 0x7f, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] = byte;
                drop(review(&changed, "SubjectAccessReview"));
            }
        }
        let with = |rest: &[u8]| review(&[MAGIC, rest].concat(), "SelfSubjectReview");
        assert!(with(b"").is_ok());
        assert!(with(&[0x12, 5, 1]).is_err(), "longer than what is there");
        assert!(with(&[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]).is_err(), "no such length");
        assert!(with(&[0xff; 11]).is_err(), "a number without an end");
        assert!(with(&[0x0b]).is_err(), "groups are no part of it");
        assert!(review(b"{}", "SelfSubjectReview").is_err());
    }
}
