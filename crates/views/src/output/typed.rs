//! Objects in the shape that kubectl has types for: their fields in a fixed order, some of them always there.

use serde_json::{Map, Value, json};

use super::go;

/// A field of a type.
struct Field {
    name: &'static str,
    shape: Shape,
    /// What stands there when the object has nothing for it.
    absent: Absent,
}

enum Shape {
    /// As it is.
    Plain,
    /// Another type, or a list of it.
    Type(&'static [Field]),
    /// Names and values, sorted.
    Map,
}

enum Absent {
    Left,
    Null,
    Text,
    /// Its type with nothing in it.
    Type,
}

const fn plain(name: &'static str) -> Field {
    Field { name, shape: Shape::Plain, absent: Absent::Left }
}

const fn null(name: &'static str) -> Field {
    Field { name, shape: Shape::Plain, absent: Absent::Null }
}

const fn text(name: &'static str) -> Field {
    Field { name, shape: Shape::Plain, absent: Absent::Text }
}

const fn map(name: &'static str) -> Field {
    Field { name, shape: Shape::Map, absent: Absent::Left }
}

const fn part(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, shape: Shape::Type(fields), absent: Absent::Left }
}

const fn whole(name: &'static str, fields: &'static [Field]) -> Field {
    Field { name, shape: Shape::Type(fields), absent: Absent::Type }
}

const OWNER: &[Field] =
    &[text("apiVersion"), text("kind"), text("name"), text("uid"), plain("controller"), plain("blockOwnerDeletion")];

const MANAGED: &[Field] = &[
    plain("manager"),
    plain("operation"),
    plain("apiVersion"),
    plain("time"),
    plain("fieldsType"),
    map("fieldsV1"),
    plain("subresource"),
];

const METADATA: &[Field] = &[
    plain("name"),
    plain("generateName"),
    plain("namespace"),
    plain("selfLink"),
    plain("uid"),
    plain("resourceVersion"),
    plain("generation"),
    plain("creationTimestamp"),
    plain("deletionTimestamp"),
    plain("deletionGracePeriodSeconds"),
    map("labels"),
    map("annotations"),
    part("ownerReferences", OWNER),
    plain("finalizers"),
    part("managedFields", MANAGED),
];

const REFERENCE: &[Field] = &[
    plain("kind"),
    plain("namespace"),
    plain("name"),
    plain("uid"),
    plain("apiVersion"),
    plain("resourceVersion"),
    plain("fieldPath"),
];

const EVENT: &[Field] = &[
    plain("kind"),
    plain("apiVersion"),
    whole("metadata", METADATA),
    whole("involvedObject", REFERENCE),
    plain("reason"),
    plain("message"),
    whole("source", &[plain("component"), plain("host")]),
    null("firstTimestamp"),
    null("lastTimestamp"),
    plain("count"),
    plain("type"),
    null("eventTime"),
    part("series", &[plain("count"), null("lastObservedTime")]),
    plain("action"),
    part("related", REFERENCE),
    text("reportingComponent"),
    text("reportingInstance"),
];

/// A list of events.
pub fn events(events: &[Value]) -> Value {
    let typed = |event: &Value| {
        let mut event = event.clone();
        event["kind"] = "Event".into();
        event["apiVersion"] = "v1".into();
        arranged(&event, EVENT)
    };
    let items: Vec<Value> = events.iter().map(typed).collect();
    json!({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": items})
}

fn arranged(value: &Value, fields: &[Field]) -> Value {
    let mut typed = Map::new();
    for field in fields {
        let found = value.get(field.name).filter(|value| !is_empty(value));
        let value = match (found, &field.shape, &field.absent) {
            (Some(Value::Array(items)), Shape::Type(fields), _) => {
                items.iter().map(|item| arranged(item, fields)).collect()
            }
            (Some(value), Shape::Type(fields), _) => arranged(value, fields),
            (Some(Value::Object(fields)), Shape::Map, _) => {
                go::sorted(fields).into_iter().map(|(key, value)| (key.clone(), value.clone())).collect()
            }
            (Some(value), ..) => value.clone(),
            (None, _, Absent::Left) => continue,
            (None, _, Absent::Null) => Value::Null,
            (None, _, Absent::Text) => "".into(),
            (None, Shape::Type(fields), Absent::Type) => arranged(&Value::Null, fields),
            (None, _, Absent::Type) => json!({}),
        };
        typed.insert(field.name.to_owned(), value);
    }
    Value::Object(typed)
}

/// What Go leaves out of JSON.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Known};
    use super::*;

    #[test]
    fn an_event_has_the_order_of_its_type_and_what_is_always_there() {
        let event = json!({"type": "Normal", "count": 0, "x": 1, "metadata": {"uid": "u", "labels": {"b": "1", "a": "2"},
            "name": "n"}, "reason": "R"});
        let format = Format::parse("json", "", Known::Objects).expect("a format").expect("a format of objects");
        let printed = format.as_they_stand().print(&events(&[event])).expect("it prints");
        let compact: String = printed.split_whitespace().collect();
        assert_eq!(
            compact,
            "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[{\"kind\":\"Event\",\"apiVersion\":\"v1\",\
             \"metadata\":{\"name\":\"n\",\"uid\":\"u\",\"labels\":{\"a\":\"2\",\"b\":\"1\"}},\"involvedObject\":{},\
             \"reason\":\"R\",\"source\":{},\"firstTimestamp\":null,\"lastTimestamp\":null,\"type\":\"Normal\",\
             \"eventTime\":null,\"reportingComponent\":\"\",\"reportingInstance\":\"\"}]}"
        );
    }
}
