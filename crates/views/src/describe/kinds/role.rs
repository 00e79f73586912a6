//! Roles and `ClusterRoles`: their rules taken apart and put together again, a line for each resource.

use serde_json::Value;

use crate::describe::page::{Page, put};
use crate::describe::value::{list, text, texts};
use crate::describe::{Describer, Subject, nothing};

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole")],
    queries: nothing,
    events: false,
    write,
};

fn write(page: &mut Page, subject: &Subject) {
    page.field(0, "Name", text(&subject.metadata()["name"]));
    page.labels_and_annotations(subject.object);
    page.put(0, "PolicyRule:\n");
    page.heads(1, &["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]);
    for line in lines(&subject.object["rules"]) {
        let (urls, names, verbs) = (go_list(&line.urls), go_list(&line.names), go_list(&line.verbs));
        put!(page, 1, "{}\t{urls}\t{names}\t{verbs}\n", line.resource());
    }
}

/// What may be done with one resource (or one object of it), or with one URL.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line<'a> {
    groups: Vec<&'a str>,
    resources: Vec<&'a str>,
    names: Vec<&'a str>,
    urls: Vec<&'a str>,
    verbs: Vec<&'a str>,
}

impl Line<'_> {
    /// `pods`, `deployments.apps/scale`; empty for a URL.
    fn resource(&self) -> String {
        let Some(resource) = self.resources.first() else { return String::new() };
        let (name, part) = resource.split_once('/').map_or((*resource, None), |(name, part)| (name, Some(part)));
        let group = self.groups.first().copied().filter(|group| !group.is_empty());
        let group = group.map(|group| format!(".{group}")).unwrap_or_default();
        let part = part.map(|part| format!("/{part}")).unwrap_or_default();
        format!("{name}{group}{part}")
    }

    /// By this text kubectl sorts; verbs come first in it.
    fn order(&self) -> String {
        let [verbs, groups, resources, names, urls] =
            [&self.verbs, &self.groups, &self.resources, &self.names, &self.urls].map(|values| go_list(values));
        format!(
            "Verbs:{verbs},APIGroups:{groups},Resources:{resources},ResourceNames:{names},NonResourceURLs:{urls},}}"
        )
    }
}

/// The verbs of each resource together; each verb of a URL on a line of its own.
fn lines(rules: &Value) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    for rule in list(rules) {
        let names = texts(&rule["resourceNames"]);
        let names: Vec<Vec<&str>> =
            if names.is_empty() { vec![Vec::new()] } else { names.into_iter().map(|name| vec![name]).collect() };
        let verbs = texts(&rule["verbs"]);
        for group in texts(&rule["apiGroups"]) {
            for resource in texts(&rule["resources"]) {
                for verb in &verbs {
                    for names in &names {
                        add(&mut lines, group, resource, names, verb);
                    }
                }
            }
        }
        for url in texts(&rule["nonResourceURLs"]) {
            lines.extend(verbs.iter().map(|verb| Line { urls: vec![url], verbs: vec![*verb], ..Line::default() }));
        }
    }
    lines.sort_by_cached_key(Line::order);
    lines
}

fn add<'a>(lines: &mut Vec<Line<'a>>, group: &'a str, resource: &'a str, names: &[&'a str], verb: &'a str) {
    let known = lines.iter_mut().find(|line| {
        line.urls.is_empty() && line.groups == [group] && line.resources == [resource] && line.names == names
    });
    match known {
        Some(line) if line.verbs.contains(&verb) => {}
        Some(line) => line.verbs.push(verb),
        None => lines.push(Line {
            groups: vec![group],
            resources: vec![resource],
            names: names.to_vec(),
            verbs: vec![verb],
            ..Line::default()
        }),
    }
}

fn go_list(values: &[&str]) -> String {
    format!("[{}]", values.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::describe::described;

    #[test]
    fn verbs_of_a_resource_are_one_line_and_those_of_a_url_are_not() {
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"},
        "rules": [
            {"apiGroups": ["", "apps"], "resources": ["pods"], "verbs": ["list"]},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
            {"apiGroups": ["apps"], "resources": ["deployments/scale"], "resourceNames": ["a", "b"], "verbs": ["update"]},
            {"nonResourceURLs": ["/healthz"], "verbs": ["get", "post"]}
        ]});
        let said = described(&role);
        let expected = "\
Name:         r
Labels:       <none>
Annotations:  <none>
PolicyRule:
  Resources               Non-Resource URLs  Resource Names  Verbs
  ---------               -----------------  --------------  -----
                          [/healthz]         []              [get]
  pods                    []                 []              [list get]
  pods.apps               []                 []              [list]
                          [/healthz]         []              [post]
  deployments.apps/scale  []                 [a]             [update]
  deployments.apps/scale  []                 [b]             [update]
";
        assert_eq!(said, expected);
    }

    #[test]
    fn a_role_without_rules_has_the_heads_only() {
        let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "r"}, "rules": null});
        assert!(described(&role).ends_with("-----\n"));
    }
}
