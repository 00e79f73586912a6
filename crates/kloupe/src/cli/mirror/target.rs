//! `TYPE`, `TYPE NAME`, `TYPE/NAME`, `TYPE,TYPE`: what the arguments name.

use kloupe_cluster::cluster::{JSON, escape};
use kloupe_cluster::{Discovery, Refusal, Resource};
use kloupe_views::output::quoted;
use serde_json::Value;

use super::{Session, Stop};

/// One type, and the names of it that are asked for; no names means all.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) names: Vec<String>,
    /// Whether it was written `TYPE/NAME`.
    pub(crate) slashed: bool,
    /// Whether a category named it (`all`).
    pub(crate) of_category: bool,
}

impl Asked<'_> {
    /// Why a list was refused, in kubectl's words: where the question is wrong, it is repeated.
    pub(crate) fn of_list(&self, refusal: Refusal, labels: &str, fields: &str) -> Refusal {
        let Refusal::Status { code, reason, message } = refusal else { return refusal };
        if reason != "BadRequest" && reason != "NotFound" {
            return Refusal::Status { code, reason, message };
        }
        let Resource { group, version, plural, .. } = self.resource;
        let what = format!("\"{group}/{version}, Resource={plural}\"");
        let message = match (labels, fields) {
            ("", "") => format!("Unable to list {what}: {message}"),
            _ => format!(
                "Unable to find {what} that match label selector {}, field selector {}: {message}",
                quoted(labels),
                quoted(fields)
            ),
        };
        Refusal::Status { code, reason, message }
    }
}

/// Reads one object. Where it is missing because its namespace is, that is what is said.
pub(crate) fn object(session: &Session, resource: &Resource, path: &str, accept: &str) -> Result<Value, Refusal> {
    let cluster = &session.cluster;
    let refusal = match session.wait(cluster.get(path, accept)) {
        Err(refusal) if refusal.is_not_found() => refusal,
        answer => return answer,
    };
    if resource.namespaced && cluster.namespace != "default" && cluster.is_live() {
        let namespace = format!("/api/v1/namespaces/{}", escape(&cluster.namespace));
        if let Err(missing) = session.wait(cluster.get(&namespace, JSON))
            && missing.is_not_found()
        {
            return Err(missing);
        }
    }
    Err(refusal)
}

/// What the arguments name. Several types come in the order typed.
pub(crate) fn asked<'a>(discovery: &'a Discovery, arguments: &[String]) -> Result<Vec<Asked<'a>>, Stop> {
    if arguments.iter().any(|argument| argument.contains('/')) {
        return slashed(discovery, arguments);
    }
    let Some((types, names)) = arguments.split_first() else { return Ok(Vec::new()) };
    let mut asked: Vec<Asked<'a>> = Vec::new();
    for typed in types.split(',').filter(|typed| !typed.is_empty()) {
        let category = discovery.category(typed);
        let of_category = !category.is_empty();
        let resources = if category.is_empty() { vec![resource(discovery, typed)?] } else { category };
        for resource in resources {
            if !asked.iter().any(|known| known.resource == resource) {
                asked.push(Asked { resource, names: names.to_vec(), slashed: false, of_category });
            }
        }
    }
    Ok(asked)
}

fn slashed<'a>(discovery: &'a Discovery, arguments: &[String]) -> Result<Vec<Asked<'a>>, Stop> {
    if arguments.iter().any(|argument| !argument.contains('/')) {
        return Err(Stop(
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
                .into(),
        ));
    }
    let mut asked = Vec::new();
    for argument in arguments {
        let mut parts = argument.split('/');
        let (Some(typed), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Stop("error: arguments in resource/name form may not have more than one slash".into()));
        };
        if typed.is_empty() || name.is_empty() {
            return Err(Stop("error: arguments in resource/name form must have a single resource and name".into()));
        }
        asked.push(Asked {
            resource: resource(discovery, typed)?,
            names: vec![name.to_owned()],
            slashed: true,
            of_category: false,
        });
    }
    Ok(asked)
}

/// The resource of one typed name.
pub(crate) fn resource<'a>(discovery: &'a Discovery, typed: &str) -> Result<&'a Resource, Stop> {
    discovery.find(typed).ok_or_else(|| Stop(format!("error: {}", unknown(typed))))
}

/// What kubectl says of a type that nobody serves.
pub(crate) fn unknown(typed: &str) -> String {
    match typed.split_once('.') {
        None => format!("the server doesn't have a resource type \"{typed}\""),
        Some((name, rest)) => match rest.split_once('.') {
            Some((version, group)) if is_version(version) => format!(
                "the server doesn't have a resource type \"{name}\" in group \"{group}\" and version \"{version}\""
            ),
            _ => format!("the server doesn't have a resource type \"{name}\" in group \"{rest}\""),
        },
    }
}

fn is_version(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('v') && characters.next().is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovery() -> Discovery {
        let resource = |kind: &str, plural: &str, categories: &[&str]| Resource {
            version: "v1".into(),
            kind: kind.into(),
            plural: plural.into(),
            singular: kind.to_lowercase(),
            categories: categories.iter().map(|&category| category.to_owned()).collect(),
            ..Resource::default()
        };
        Discovery {
            resources: vec![
                resource("Pod", "pods", &["all"]),
                resource("Service", "services", &["all"]),
                resource("Node", "nodes", &[]),
            ],
            ..Discovery::default()
        }
    }

    fn said(arguments: &[&str]) -> Result<Vec<String>, String> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let discovery = discovery();
        let asked = asked(&discovery, &arguments).map_err(|Stop(text)| text)?;
        Ok(asked.iter().map(|it| format!("{} {}", it.resource.plural, it.names.join(","))).collect())
    }

    #[test]
    fn types_and_names_may_be_written_in_all_of_the_ways() {
        assert_eq!(
            said(&["po,node"]).expect_err("it is refused"),
            "error: the server doesn't have a resource type \"po\""
        );
        assert_eq!(said(&["pod,nodes"]).expect("both are known"), ["pods ", "nodes "]);
        assert_eq!(said(&["pods", "a", "b"]).expect("known"), ["pods a,b"]);
        assert_eq!(said(&["pod/a", "node/b"]).expect("known"), ["pods a", "nodes b"]);
        assert_eq!(said(&["all"]).expect("a category"), ["pods ", "services "]);
    }

    #[test]
    fn a_mix_of_both_ways_is_refused() {
        assert!(
            said(&["pod", "pod/a"])
                .expect_err("it is refused")
                .starts_with("error: there is no need to specify a resource type")
        );
        assert!(said(&["pod/a/b"]).expect_err("it is refused").contains("more than one slash"));
        assert!(said(&["pod/"]).expect_err("it is refused").contains("must have a single resource and name"));
    }

    #[test]
    fn a_wrong_question_is_repeated_where_a_list_is_refused() {
        let discovery = discovery();
        let arguments = ["pods".to_owned()];
        let asked = asked(&discovery, &arguments).expect("known");
        let refused = |reason: &str, labels: &str| {
            let refusal = Refusal::Status { code: 400, reason: reason.into(), message: "m".into() };
            asked[0].of_list(refusal, labels, "").message()
        };
        assert_eq!(
            refused("BadRequest", "a=\"b"),
            r#"Unable to find "/v1, Resource=pods" that match label selector "a=\"b", field selector "": m"#
        );
        assert_eq!(refused("NotFound", ""), r#"Unable to list "/v1, Resource=pods": m"#);
        assert_eq!(refused("Forbidden", "a=b"), "m");
    }

    #[test]
    fn an_unknown_type_is_named_with_its_group_and_version() {
        assert_eq!(unknown("x.g"), "the server doesn't have a resource type \"x\" in group \"g\"");
        assert_eq!(
            unknown("x.v1.g"),
            "the server doesn't have a resource type \"x\" in group \"g\" and version \"v1\""
        );
    }
}
