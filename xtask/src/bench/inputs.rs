//! The same cluster in the three shapes that large captures come in: one JSON list, a bundle, a must-gather of YAML.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use kloupe_sources::bundle::{MANIFEST, Writer};
use kloupe_views::output::{Format, Known, list};
use serde_json::{Value, json};

use super::objects::{self, CONTROLLER_NAMESPACE, Cluster, Made};

/// A capture to measure with.
pub(super) struct Input {
    /// How the rows call it.
    pub(super) name: &'static str,
    /// What `--from` is given.
    pub(super) paths: Vec<PathBuf>,
    /// How many bytes of text it holds, unpacked.
    pub(super) bytes: u64,
}

/// Writes what is not there yet; a folder that holds a cluster of another size is written anew.
pub(super) fn write(folder: &Path, cluster: Cluster) -> Result<Vec<Input>, String> {
    let said = |what: &Path, error: &std::io::Error| format!("cannot write {}: {error}", what.display());
    let done = folder.join(format!("{}-pods", cluster.pods));
    let [json, log, bundle, gather] =
        ["cluster.json", "widget-controller.log", "bundle.tar.zst", "must-gather"].map(|name| folder.join(name));
    if !done.exists() {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|error| said(folder, &error))?;
        }
        fs::create_dir_all(folder).map_err(|error| said(folder, &error))?;
        one_list(&json, cluster).map_err(|error| said(&json, &error))?;
        fs::write(&log, objects::log()).map_err(|error| said(&log, &error))?;
        let by_place = by_place(cluster);
        let unpacked = packed(&bundle, &by_place).map_err(|error| said(&bundle, &error))?;
        gathered(&gather, &by_place)?;
        fs::write(&done, unpacked.to_string()).map_err(|error| said(&done, &error))?;
    }
    let unpacked = fs::read_to_string(&done).map_err(|error| said(&done, &error))?.parse().unwrap_or_default();
    Ok(vec![
        Input { name: "one JSON list", bytes: size(&json), paths: vec![json, log] },
        Input { name: "bundle", bytes: unpacked, paths: vec![bundle] },
        Input { name: "must-gather", bytes: size(&gather), paths: vec![gather] },
    ])
}

/// How much lies in a file, or in all files of a folder.
fn size(path: &Path) -> u64 {
    let inner = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum::<u64>();
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(inner, |file| file.len())
}

fn one_list(path: &Path, cluster: Cluster) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"{\n    \"apiVersion\": \"v1\",\n    \"items\": [")?;
    for (at, made) in cluster.objects().enumerate() {
        file.write_all(if at == 0 { b"\n        " } else { b",\n        " })?;
        file.write_all(printed("json", &made.object).trim_end().replace('\n', "\n        ").as_bytes())?;
    }
    file.write_all(
        b"\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
    )?;
    file.flush()
}

/// As kubectl prints it, with who wrote which field.
fn printed(format: &str, object: &Value) -> String {
    let format = Format::parse(format, "", Known::Objects).ok().flatten().expect("a format that there is");
    format.show_managed_fields(true).print(object).expect("objects that were made here can be printed")
}

/// What a list is of: namespace, group, resource.
type Place = (String, &'static str, &'static str);

fn by_place(cluster: Cluster) -> BTreeMap<Place, Vec<Value>> {
    let mut lists: BTreeMap<Place, Vec<Value>> = BTreeMap::new();
    for Made { group, resource, namespace, object } in cluster.objects() {
        lists.entry((namespace, group, resource)).or_default().push(object);
    }
    lists
}

/// As `kloupe capture` writes it; returns how long the texts are.
fn packed(path: &Path, lists: &BTreeMap<Place, Vec<Value>>) -> std::io::Result<u64> {
    let mut writer = Writer::create(path, 1_764_000_000)?;
    let mut unpacked = 0;
    let mut add = |name: &str, text: &str| {
        unpacked += text.len() as u64;
        writer.add(name, text.as_bytes())
    };
    let resources: std::collections::BTreeSet<_> =
        lists.keys().map(|(_, group, resource)| (*group, *resource)).collect();
    for (group, resource) in resources {
        let its = lists.iter().filter(|((_, its, name), _)| (*its, *name) == (group, resource));
        let items: Vec<&Value> = its.flat_map(|(_, items)| items).collect();
        let (api_version, kind) = (&items[0]["apiVersion"], items[0]["kind"].as_str().unwrap_or_default());
        let list = json!({"apiVersion": api_version, "kind": format!("{kind}List"), "metadata": {"resourceVersion": "1"}, "items": items});
        let name = if group == "core" { resource.to_owned() } else { format!("{resource}.{group}") };
        add(&format!("cluster/{name}.json"), &list.to_string())?;
    }
    add(&format!("logs/{CONTROLLER_NAMESPACE}/{}/manager.log", objects::controller_pod()), &objects::log())?;
    add(MANIFEST, &json!({"kind": "KloupeBundle", "version": 1, "capturedAt": "2026-11-24T09:00:00Z"}).to_string())?;
    writer.finish()?;
    Ok(unpacked)
}

/// As `oc adm must-gather` lays it out.
fn gathered(root: &Path, lists: &BTreeMap<Place, Vec<Value>>) -> Result<(), String> {
    let put = |path: PathBuf, text: &str| {
        let parent = path.parent().unwrap_or(root);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))
    };
    for ((namespace, group, resource), items) in lists {
        if namespace.is_empty() {
            for item in items {
                let name = item["metadata"]["name"].as_str().unwrap_or_default();
                put(
                    root.join(format!("cluster-scoped-resources/{group}/{resource}/{name}.yaml")),
                    &format!("---\n{}", printed("yaml", item)),
                )?;
            }
            continue;
        }
        let text = printed("yaml", &list(items.clone()));
        put(root.join(format!("namespaces/{namespace}/{group}/{resource}.yaml")), &format!("---\n{text}"))?;
    }
    let pod = objects::controller_pod();
    put(
        root.join(format!("namespaces/{CONTROLLER_NAMESPACE}/pods/{pod}/manager/manager/logs/current.log")),
        &objects::log(),
    )
}
