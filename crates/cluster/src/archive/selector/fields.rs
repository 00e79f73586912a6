//! Field selectors as the API server reads them: `status.phase!=Running`. Which fields a kind can be selected by, it alone decides.
//!
//! Follows `fields/selector.go` of k8s.io/apimachinery and the field labels of each kind in Kubernetes 1.37.

use serde_json::Value;

use super::super::kinds::Kind;
use super::super::status::Refusal;
use super::super::store::group_version;

/// A selector: all its requirements must hold.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<Requirement>);

#[derive(Debug)]
struct Requirement {
    path: String,
    equal: bool,
    value: String,
}

impl Fields {
    /// Reads the text of a selector for a kind; an empty one fits everything.
    pub(crate) fn parse(text: &str, kind: &Kind) -> Result<Fields, Refusal> {
        let mut terms = terms(text);
        terms.sort_unstable();
        let requirements = terms.into_iter().filter(|term| !term.is_empty()).map(|term| {
            let (path, equal, value) =
                split(term).ok_or_else(|| format!("invalid selector: '{text}'; can't understand '{term}'"))?;
            Ok(Requirement { path: path.to_owned(), equal, value: unescaped(value)? })
        });
        // All terms are read before the first one is asked for its field.
        let mut requirements = requirements.collect::<Result<Vec<_>, String>>().map_err(Refusal::bad_request)?;
        for requirement in &mut requirements {
            requirement.path = known(kind, &requirement.path).map_err(Refusal::bad_request)?;
        }
        Ok(Fields(requirements))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object fits.
    pub(crate) fn fit(&self, object: &Value) -> bool {
        self.0.iter().all(|it| (field(object, &it.path) == it.value) == it.equal)
    }
}

/// Cuts at commas that no backslash stands before.
fn terms(text: &str) -> Vec<&str> {
    let (mut terms, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

/// The text around the first operator.
fn split(term: &str) -> Option<(&str, bool, &str)> {
    let at = term.find('=')?;
    if let Some(path) = term[..at].strip_suffix('!') {
        return Some((path, false, &term[at + 1..]));
    }
    let value = &term[at + 1..];
    Some((&term[..at], true, value.strip_prefix('=').unwrap_or(value)))
}

fn unescaped(value: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ ('\\' | ',' | '=')) => plain.push(escaped),
                Some(other) => return Err(format!("invalid field selector: invalid escape sequence: \\{other}")),
                None => return Err("invalid field selector: invalid escape sequence: \\".to_owned()),
            },
            ',' | '=' => {
                return Err(format!("invalid field selector: unescaped character in value: {}", u32::from(letter)));
            }
            other => plain.push(other),
        }
    }
    Ok(plain)
}

/// The field that a kind knows under this name, or what the API server says where it knows none.
fn known(kind: &Kind, path: &str) -> Result<String, String> {
    let plain = Err(format!("field label not supported: {path}"));
    let one_of = |own: &[&str], in_namespaces: bool| {
        let common = path == "metadata.name" || (in_namespaces && path == "metadata.namespace");
        if common || own.contains(&path) { Ok(path.to_owned()) } else { plain.clone() }
    };
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") if path == "spec.host" => Ok("spec.nodeName".to_owned()),
        ("", "Pod") => one_of(POD, true),
        ("", "Event") => one_of(EVENT, true),
        ("events.k8s.io", "Event") => {
            let renamed = match path.strip_prefix("regarding.") {
                Some(rest) => format!("involvedObject.{rest}"),
                None if path == "reportingController" => "reportingComponent".to_owned(),
                None => path.to_owned(),
            };
            let is_old = path.starts_with("involvedObject.") || matches!(path, "reportingComponent" | "source");
            let common = matches!(path, "metadata.name" | "metadata.namespace");
            if !is_old && (common || EVENT.contains(&renamed.as_str())) { Ok(renamed) } else { plain }
        }
        ("", "Node") => one_of(&["spec.unschedulable"], false),
        ("", "Namespace") => one_of(&["status.phase"], false),
        ("", "Secret") => one_of(&["type"], true),
        ("", "Service") => one_of(&["spec.clusterIP", "spec.type"], true),
        ("", "ReplicationController") => one_of(&["status.replicas"], true),
        ("certificates.k8s.io", "CertificateSigningRequest" | "ClusterTrustBundle") => {
            one_of(&["spec.signerName"], false)
        }
        ("certificates.k8s.io", "PodCertificateRequest") => {
            one_of(&["spec.signerName", "spec.podName", "spec.nodeName"], false)
        }
        ("batch", "Job") => {
            one_of(&["status.successful"], true).map_err(|_| format!("field label {path:?} not supported for Job"))
        }
        ("resource.k8s.io", "ResourceSlice") => one_of(&["spec.nodeName", "spec.driver", "spec.pool.name"], false)
            .map_err(|_| {
                let version = group_version(&kind.group, &kind.version);
                format!("field label not supported for {version}, Kind=ResourceSlice: {path}")
            }),
        _ if kind.columns.is_some() => {
            let own: Vec<&str> = kind.selectable.iter().map(String::as_str).collect();
            one_of(&own, kind.namespaced)
        }
        _ => one_of(&[], true).map_err(|_| {
            format!("{path:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
        }),
    }
}

const POD: &[&str] = &[
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
];

const EVENT: &[&str] = &[
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
];

/// What the API server compares: text, and for some fields what is true where nothing is said.
fn field(object: &Value, path: &str) -> String {
    let at = |path: &str| path.split('.').try_fold(object, |value, key| value.get(key));
    let text = |path: &str| at(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let or = |path: &str, other: &str| match at(path) {
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => other.to_owned(),
    };
    match path {
        "source" => {
            let component = text("source.component");
            if component.is_empty() { text("reportingComponent") } else { component }
        }
        "status.successful" => or("status.succeeded", "0"),
        "status.replicas" => or(path, "0"),
        "spec.unschedulable" | "spec.hostNetwork" => or(path, "false"),
        // The server knows this name and compares it with nothing.
        "status.podIPs" => String::new(),
        _ => match at(path) {
            Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
            _ => text(path),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(group: &str, kind: &str) -> Kind {
        Kind { group: group.into(), version: "v1".into(), kind: kind.into(), namespaced: true, ..Kind::default() }
    }

    #[test]
    fn terms_hold_as_the_server_says() {
        let pod = json!({"metadata": {"name": "a,b"}, "spec": {"nodeName": "n"}, "status": {"phase": "Running"}});
        for (selector, expected) in [
            ("", true),
            ("status.phase=Running", true),
            ("status.phase==Running,spec.nodeName!=m", true),
            ("status.phase!=Running", false),
            ("metadata.name=a\\,b", true),
            ("spec.hostNetwork=false", true),
            ("spec.host=n", true),
        ] {
            let fields = Fields::parse(selector, &kind("", "Pod")).expect(selector);
            assert_eq!(fields.fit(&pod), expected, "{selector}");
        }
        let event = json!({"reportingComponent": "k", "source": {}, "involvedObject": {"name": "x"}});
        let fits =
            |group: &str, selector: &str| Fields::parse(selector, &kind(group, "Event")).expect(selector).fit(&event);
        assert!(fits("", "source=k") && fits("", "involvedObject.name=x"));
        assert!(fits("events.k8s.io", "regarding.name=x,reportingController=k"));
    }

    #[test]
    fn complaints_are_the_servers() {
        let why = |group: &str, name: &str, selector: &str| {
            Fields::parse(selector, &kind(group, name)).expect_err(selector).message
        };
        assert_eq!(why("", "Pod", "x"), "invalid selector: 'x'; can't understand 'x'");
        assert_eq!(why("", "Pod", "spec.x=1"), "field label not supported: spec.x");
        assert_eq!(why("", "Pod", "a=b=c"), "invalid field selector: unescaped character in value: 61");
        assert_eq!(why("", "Pod", "a=\\x"), "invalid field selector: invalid escape sequence: \\x");
        assert_eq!(why("", "Node", "metadata.namespace=x"), "field label not supported: metadata.namespace");
        assert_eq!(why("batch", "Job", "x=1"), "field label \"x\" not supported for Job");
        assert_eq!(
            why("apps", "ReplicaSet", "status.replicas=1"),
            "\"status.replicas\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
        assert_eq!(
            why("resource.k8s.io", "ResourceSlice", "x=1"),
            "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x"
        );
        assert_eq!(why("events.k8s.io", "Event", "source=k"), "field label not supported: source");
    }
}
