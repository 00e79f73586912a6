//! Checks that a signature's row asks by name (`when: {check: [crd_absent]}`), about the kind or the value that its text captured.

use std::collections::BTreeMap;

use kloupe_model::Object;
use serde_json::Value;

use crate::engine::World;

/// Whether the check of that name holds for the captured values.
pub(crate) fn named(check: &str, world: &World<'_>, values: &BTreeMap<String, String>) -> bool {
    match check {
        "crd_exists" => Kind::of(values).is_some_and(|kind| kind.definition(world).is_some()),
        "crd_absent" => Kind::of(values).is_some_and(|kind| kind.is_absent(world)),
        "crd_version_absent" => Kind::of(values).is_some_and(|kind| kind.version_is_absent(world)),
        "in_spec" => in_spec(world, values),
        _ => false,
    }
}

/// The definition of the kind that the captured values speak of.
pub(crate) fn definition<'w>(world: &World<'w>, values: &BTreeMap<String, String>) -> Option<&'w Object> {
    Kind::of(values)?.definition(world)
}

/// The kind that a text speaks of: what it says of group, version, and kind or plural.
#[derive(Debug, Default, PartialEq)]
struct Kind {
    group: Option<String>,
    version: Option<String>,
    /// Kind or plural, lower case.
    name: String,
}

impl Kind {
    fn of(values: &BTreeMap<String, String>) -> Option<Kind> {
        let get = |key: &str| values.get(key).map(|value| value.trim_matches('"')).filter(|value| !value.is_empty());
        let mut kind = Kind::default();
        if let Some((name, group)) = get("gk").or_else(|| get("gr")).and_then(|whole| whole.split_once('.')) {
            kind.name = name.to_lowercase();
            kind.group = Some(group.to_owned());
        }
        if let Some((group, version)) = get("gv").and_then(|whole| whole.split_once('/')) {
            kind.group = Some(group.to_owned());
            kind.version = Some(version.to_owned());
        }
        let typed = get("type").map(of_type).unwrap_or_default();
        kind.group = kind.group.or_else(|| get("group").map(str::to_owned)).or(typed.group);
        kind.version = kind.version.or_else(|| get("version").map(str::to_owned)).or(typed.version);
        if kind.name.is_empty() {
            kind.name = get("kind").or_else(|| get("resource")).map_or(typed.name, str::to_lowercase);
        }
        (!kind.name.is_empty()).then_some(kind)
    }

    /// The `CustomResourceDefinition` that defines it.
    fn definition<'w>(&self, world: &World<'w>) -> Option<&'w Object> {
        world.index.of_kind("CustomResourceDefinition").find(|definition| {
            let same_group =
                self.group.as_deref().is_none_or(|group| definition.str_at(&["spec", "group"]) == Some(group));
            let names = ["kind", "plural", "singular", "listKind"]
                .map(|key| definition.str_at(&["spec", "names", key]).unwrap_or_default().to_lowercase());
            let by_name = definition.reference.name.split_once('.').is_some_and(|(plural, group)| {
                plural == self.name && self.group.as_deref().is_none_or(|own| own == group)
            });
            same_group && names.contains(&self.name) || by_name
        })
    }

    /// All `CustomResourceDefinitions` were read, it is not among them, and it is no kind of Kubernetes' own.
    fn is_absent(&self, world: &World<'_>) -> bool {
        let custom = self.group.as_deref().is_some_and(|group| group.contains('.') && !is_built_in(group));
        custom
            && world.facts.listed.iter().any(|listed| listed.kind == "CustomResourceDefinition")
            && self.definition(world).is_none()
    }

    /// It is defined, but not served in this version.
    fn version_is_absent(&self, world: &World<'_>) -> bool {
        let (Some(version), Some(definition)) = (&self.version, self.definition(world)) else { return false };
        let versions = definition.list_at(&["spec", "versions"]);
        !versions.is_empty()
            && !versions.iter().any(|served| {
                served.get("name").and_then(Value::as_str) == Some(version)
                    && served.get("served").and_then(Value::as_bool) == Some(true)
            })
    }
}

/// Groups that the API server itself serves.
fn is_built_in(group: &str) -> bool {
    const BUILT_IN: [&str; 14] = [
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    ];
    BUILT_IN.contains(&group)
}

/// `*v1.Widget`, `example.com/v1, Kind=Widget`, `example.com/v1, Resource=widgets`, `/v1, Kind=Pod`.
fn of_type(text: &str) -> Kind {
    if let Some((gv, name)) = text.split_once(", Kind=").or_else(|| text.split_once(", Resource=")) {
        let (group, version) = gv.split_once('/').unwrap_or(("", gv));
        return Kind { group: Some(group.to_owned()), version: Some(version.to_owned()), name: name.to_lowercase() };
    }
    match text.trim_start_matches('*').rsplit_once('.') {
        Some((package, name)) => {
            let version = package.rsplit(['.', '/']).next().filter(|version| is_version(version)).map(str::to_owned);
            Kind { group: None, version, name: name.to_lowercase() }
        }
        None => Kind::default(),
    }
}

fn is_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A value that was refused stands in the spec of a custom resource: then the user asked for it.
fn in_spec(world: &World<'_>, values: &BTreeMap<String, String>) -> bool {
    let Some(value) = values.get("value").map(|value| value.trim_matches('"')).filter(|value| value.len() >= 3) else {
        return false;
    };
    world.index.custom().filter_map(|object| object.at(&["spec"])).any(|spec| holds(spec, value))
}

fn holds(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Number(number) => number.to_string() == wanted,
        Value::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Value::Object(fields) => fields.values().any(|field| holds(field, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[(&str, &str)]) -> Kind {
        Kind::of(&values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()).expect("a kind")
    }

    #[test]
    fn a_kind_is_read_from_any_form_that_client_go_writes() {
        let whole = Kind { group: Some("example.com".into()), version: Some("v1".into()), name: "widget".into() };
        assert_eq!(kind(&[("type", "example.com/v1, Kind=Widget")]), whole);
        assert_eq!(kind(&[("gk", "Widget.example.com"), ("version", "v1")]), whole);
        assert_eq!(kind(&[("gv", "example.com/v1"), ("kind", "Widget")]), whole);
        assert_eq!(
            kind(&[("type", "*v1.Widget")]),
            Kind { group: None, version: Some("v1".into()), name: "widget".into() }
        );
    }

    #[test]
    fn only_groups_that_nobody_serves_by_nature_can_be_absent() {
        assert!(is_built_in("networking.k8s.io") && !is_built_in("gateway.networking.k8s.io"));
    }
}
