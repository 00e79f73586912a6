//! What `kubectl auth` prints: the rules of a `SelfSubjectRulesReview`, and who one is.

use serde_json::Value;

use crate::layout::{Aligner, escape};

/// One rule of one group, resource and name, or of one path.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    verbs: Vec<String>,
    group: Option<String>,
    resource: String,
    name: Option<String>,
    path: Option<String>,
}

impl Row {
    /// What kubectl sorts by: the rule as Go prints it.
    fn key(&self) -> String {
        let one = |text: Option<&str>| format!("[{}]", text.unwrap_or_default());
        format!(
            "&PolicyRule{{Verbs:[{}],APIGroups:{},Resources:{},ResourceNames:{},NonResourceURLs:{},}}",
            self.verbs.join(" "),
            one(self.group.as_deref()),
            one(self.group.as_ref().map(|_| self.resource.as_str())),
            one(self.name.as_deref()),
            one(self.path.as_deref())
        )
    }

    fn line(&self) -> String {
        let one = |text: Option<&String>| text.map_or_else(|| "[]".to_owned(), |text| format!("[{text}]"));
        let resource = self.group.as_ref().map_or_else(String::new, |group| full_name(&self.resource, group));
        format!("{resource}\t{}\t{}\t[{}]\n", one(self.path.as_ref()), one(self.name.as_ref()), self.verbs.join(" "))
    }
}

/// `pods`, `deployments.apps`, `deployments.apps/scale`.
fn full_name(resource: &str, group: &str) -> String {
    let (parent, sub) = resource.split_once('/').map_or((resource, None), |(parent, sub)| (parent, Some(sub)));
    let dot = if group.is_empty() { "" } else { "." };
    let slash = sub.map_or_else(String::new, |sub| format!("/{sub}"));
    format!("{parent}{dot}{group}{slash}")
}

/// The table of `kubectl auth can-i --list`, of the status of a review.
pub fn rules(status: &Value, no_headers: bool) -> String {
    let mut rows = rows(status);
    rows.sort_by_cached_key(Row::key);
    let mut text = String::new();
    if !no_headers {
        text.push_str("Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    }
    text.extend(rows.iter().map(Row::line));
    Aligner::table().align(&escape(&text))
}

/// Every rule taken apart, and what differs by verb only put together again; paths stay apart.
fn rows(status: &Value) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for rule in list(status, "resourceRules") {
        let names: Vec<Option<String>> = match strings(rule, "resourceNames") {
            names if names.is_empty() => vec![None],
            names => names.into_iter().map(Some).collect(),
        };
        for group in strings(rule, "apiGroups") {
            for resource in strings(rule, "resources") {
                for verb in strings(rule, "verbs") {
                    for name in &names {
                        add(&mut rows, &group, &resource, name.as_deref(), &verb);
                    }
                }
            }
        }
    }
    for rule in list(status, "nonResourceRules") {
        for path in strings(rule, "nonResourceURLs") {
            let row = |verb| Row { verbs: vec![verb], path: Some(path.clone()), ..Row::default() };
            rows.extend(strings(rule, "verbs").into_iter().map(row));
        }
    }
    rows
}

fn add(rows: &mut Vec<Row>, group: &str, resource: &str, name: Option<&str>, verb: &str) {
    let same =
        |row: &&mut Row| row.group.as_deref() == Some(group) && row.resource == resource && row.name.as_deref() == name;
    match rows.iter_mut().find(same) {
        Some(row) if row.verbs.iter().any(|known| known == verb) => {}
        Some(row) => row.verbs.push(verb.to_owned()),
        None => rows.push(Row {
            verbs: vec![verb.to_owned()],
            group: Some(group.to_owned()),
            resource: resource.to_owned(),
            name: name.map(str::to_owned),
            path: None,
        }),
    }
}

/// The table of `kubectl auth whoami`, of a `userInfo`.
pub fn who(info: &Value) -> String {
    let mut text = String::from("ATTRIBUTE\tVALUE\n");
    for (label, key) in [("Username", "username"), ("UID", "uid")] {
        if let Some(value) = info.get(key).and_then(Value::as_str).filter(|value| !value.is_empty()) {
            text.push_str(&format!("{label}\t{value}\n"));
        }
    }
    let groups = strings(info, "groups");
    if !groups.is_empty() {
        text.push_str(&format!("Groups\t[{}]\n", groups.join(" ")));
    }
    let mut extra: Vec<(&String, String)> = info
        .get("extra")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, _)| (key, strings(&info["extra"], key).join(" ")))
        .collect();
    extra.sort();
    for (key, values) in extra {
        text.push_str(&format!("Extra: {key}\t[{values}]\n"));
    }
    Aligner::table().align(&escape(&text))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    list(value, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_are_taken_apart_put_together_by_verb_and_sorted_as_go_prints_them() {
        let status = json!({"resourceRules": [
                {"verbs": ["get", "list"], "apiGroups": ["", "apps"], "resources": ["pods", "deployments/scale"]},
                {"verbs": ["watch", "get"], "apiGroups": [""], "resources": ["pods"]},
                {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": ["a", "b"]},
                {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
            "nonResourceRules": [{"verbs": ["get", "post"], "nonResourceURLs": ["/x"]}, {"verbs": ["get"], "nonResourceURLs": ["/x"]}]});
        let expected = "\
Resources                Non-Resource URLs   Resource Names   Verbs
*.*                      []                  []               [*]
deployments/scale        []                  []               [get list]
pods                     []                  []               [get list watch]
deployments.apps/scale   []                  []               [get list]
pods.apps                []                  []               [get list]
                         [/x]                []               [get]
                         [/x]                []               [get]
pods                     []                  [a]              [get]
pods                     []                  [b]              [get]
                         [/x]                []               [post]
";
        let shown = rules(&status, false);
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&shown), sorted(expected));
        assert!(shown.lines().nth(1).is_some_and(|line| line.starts_with("*.*")), "{shown}");
        assert!(shown.ends_with("[post]\n") && !rules(&status, true).contains("Verbs"), "{shown}");
    }

    #[test]
    fn of_a_user_only_what_is_set_is_shown() {
        let info = json!({"username": "x", "uid": "", "groups": ["a", "b"], "extra": {"z": ["1"], "k": ["2", "3"]}});
        assert_eq!(
            who(&info),
            "ATTRIBUTE   VALUE\nUsername    x\nGroups      [a b]\nExtra: k    [2 3]\nExtra: z    [1]\n"
        );
    }
}
