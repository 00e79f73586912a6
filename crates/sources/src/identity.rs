//! Whose log or metrics page a file is, from where it lies: the layouts that kubelets, kubectl and the usual collectors write.

use crate::bundle::ROOT;
use crate::kinds::{is_generated_pod, is_label, is_name};

/// What the place of a log says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) namespace: Option<String>,
    pub(crate) pod: Option<String>,
    pub(crate) container: Option<String>,
    pub(crate) previous: bool,
}

impl Identity {
    fn new(namespace: &str, pod: &str, container: &str) -> Option<Identity> {
        (is_label(namespace) && is_name(pod) && is_label(container)).then(|| Identity {
            namespace: Some(namespace.to_owned()),
            pod: Some(pod.to_owned()),
            container: Some(container.to_owned()),
            previous: false,
        })
    }
}

/// Whose log it is that lies at this path.
pub(crate) fn of_log(path: &[String]) -> Identity {
    let Some(file) = path.last() else { return Identity::default() };
    let (stem, previous) = log_stem(file);
    let folders: Vec<&str> = path[..path.len() - 1].iter().map(String::as_str).collect();
    let found = match folders[..] {
        // Kubelet: /var/log/pods/NS_POD_UID/CONTAINER/0.log
        [.., pod, container] if pod.matches('_').count() == 2 && stem.parse::<u32>().is_ok() => {
            let mut parts = pod.split('_');
            Identity::new(parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), container)
        }
        // must-gather: namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log
        [.., "namespaces", namespace, "pods", pod, container, _, "logs"] => Identity::new(namespace, pod, container),
        // Its older parts: …/CONTAINER/CONTAINER/logs/rotated/0.log.20261104-082023.gz
        [.., "namespaces", namespace, "pods", pod, container, _, "logs", "rotated"] => {
            return Identity { previous: true, ..Identity::new(namespace, pod, container).unwrap_or_default() };
        }
        // crust-gather: namespaces/NS/v1/pod/POD/CONTAINER/current.log
        [.., "namespaces", namespace, "pods", pod, container]
        | [.., "namespaces", namespace, "v1", "pod", pod, container]
            if is_log_word(stem) =>
        {
            Identity::new(namespace, pod, container)
        }
        // In a bundle of our own the place says it, whatever the container's name.
        [.., ROOT, "logs", namespace, pod] => Identity::new(namespace, pod, stem),
        [.., "logs", namespace, pod] if !is_log_word(stem) => Identity::new(namespace, pod, stem),
        // kubectl cluster-info dump: NS/POD/logs.txt
        [.., namespace, pod] if file == "logs.txt" => {
            Identity::new(namespace, pod, "x").map(|found| Identity { container: None, ..found })
        }
        [.., above, pod] if is_generated_pod(pod) && is_label(stem) && !is_log_word(stem) => {
            of_folder(above, pod, stem, &folders)
        }
        _ => None,
    };
    let found = found.or_else(|| of_container_link(stem)).unwrap_or_else(|| of_stem(stem, &folders));
    Identity { previous, ..found }
}

/// `…/NS/POD/CONTAINER.log`, where only the folder above tells whether the one above the pod's is a namespace.
fn of_folder(above: &str, pod: &str, container: &str, folders: &[&str]) -> Option<Identity> {
    let root = folders.len().checked_sub(3).map_or("", |at| folders[at]);
    let found = Identity::new(if is_label(above) { above } else { "x" }, pod, container)?;
    let known = matches!(root, "logs" | "pods" | "namespaces" | "pod-logs" | "podlogs");
    Some(Identity { namespace: found.namespace.filter(|_| known), ..found })
}

/// `/var/log/containers/POD_NS_CONTAINER-<64 hex digits>.log`.
fn of_container_link(stem: &str) -> Option<Identity> {
    let (name, id) = stem.rsplit_once('-')?;
    if id.len() != 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut parts = name.split('_');
    Identity::new(parts.next().filter(|pod| is_name(pod)).and(parts.next())?, name.split('_').next()?, parts.next()?)
}

/// `POD.log`, where the name can only be a pod's; also `POD_CONTAINER.log`.
fn of_stem(stem: &str, folders: &[&str]) -> Identity {
    let (pod, container) = stem.split_once('_').unwrap_or((stem, ""));
    if !is_generated_pod(pod) || !(container.is_empty() || is_label(container)) {
        return Identity::default();
    }
    let namespace = match folders {
        [.., "logs", namespace] if is_label(namespace) => Some((*namespace).to_owned()),
        _ => None,
    };
    let container = (!container.is_empty()).then(|| container.to_owned());
    Identity { namespace, pod: Some(pod.to_owned()), container, previous: false }
}

/// The name without its endings, and whether it says that the log is the one before the last restart.
fn log_stem(file: &str) -> (&str, bool) {
    let mut stem = file;
    let mut previous = false;
    loop {
        let before = stem;
        for ending in
            [".gz", ".zst", ".log", ".txt", ".json", ".jsonl", ".ndjson", ".out", ".current", ".insecure", "-current"]
        {
            stem = stem.strip_suffix(ending).unwrap_or(stem);
        }
        for ending in [".previous", "-previous", "_previous", ".prev", "-prev"] {
            if let Some(rest) = stem.strip_suffix(ending) {
                stem = rest;
                previous = true;
            }
        }
        if stem == before {
            break;
        }
    }
    (stem, previous || matches!(stem, "previous" | "prev"))
}

fn is_log_word(stem: &str) -> bool {
    matches!(stem, "logs" | "log" | "previous" | "prev" | "current")
}

/// Whose metrics page it is: `metrics/NS/POD.txt`, and which scrape, from 1 (`POD.2.txt`).
pub(crate) fn of_metrics(path: &[String]) -> (Option<(String, String)>, u32) {
    let Some(file) = path.last() else { return (None, 1) };
    let mut stem = file.as_str();
    for ending in [".gz", ".zst", ".txt", ".prom", ".metrics", ".log", ".out"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    let (stem, scrape) = match stem.rsplit_once('.') {
        Some((name, number)) => number.parse().map_or((stem, 1), |number| (name, number)),
        None => (stem, 1),
    };
    let pod = match path {
        [.., metrics, namespace, _] if metrics == "metrics" && is_label(namespace) && is_name(stem) => {
            Some((namespace.clone(), stem.to_owned()))
        }
        // The namespace is told by the pod, if that is among the objects.
        _ if is_generated_pod(stem) => Some((String::new(), stem.to_owned())),
        _ => None,
    };
    (pod, scrape.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('/').map(str::to_owned).collect()
    }

    fn identity(text: &str) -> String {
        let found = of_log(&path(text));
        let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".into());
        let previous = if found.previous { " previous" } else { "" };
        format!("{} {} {}{previous}", part(&found.namespace), part(&found.pod), part(&found.container))
    }

    #[test]
    fn the_usual_layouts_name_the_container() {
        assert_eq!(identity("x/logs/ops/shop-0/manager.log"), "ops shop-0 manager");
        assert_eq!(identity("kloupe-bundle/logs/ops/shop-0/log.log"), "ops shop-0 log");
        assert_eq!(identity("kloupe-bundle/logs/ops/shop-0/log.previous.log"), "ops shop-0 log previous");
        assert_eq!(identity("logs/ops/shop-0/manager.previous.log"), "ops shop-0 manager previous");
        assert_eq!(identity("logs/ops/shop-0/manager-previous.log.gz"), "ops shop-0 manager previous");
        assert_eq!(identity("var/log/pods/ops_shop-0_6c0a11b4-93de/manager/0.log"), "ops shop-0 manager");
        assert_eq!(
            identity("ns/namespaces/ops/pods/shop-0/manager/manager/logs/previous.log"),
            "ops shop-0 manager previous"
        );
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(identity(&format!("var/log/containers/shop-0_ops_manager-{id}.log")), "ops shop-0 manager");
        assert_eq!(identity("namespaces/ops/pods/shop-0/manager/current.log"), "ops shop-0 manager");
        assert_eq!(identity("namespaces/ops/v1/pod/shop-0/manager/current.log"), "ops shop-0 manager");
        assert_eq!(identity("namespaces/ops/v1/pod/shop-0/manager/previous.log"), "ops shop-0 manager previous");
        let place = "namespaces/ops/pods/shop-0/manager/manager/logs";
        assert_eq!(identity(&format!("{place}/previous.insecure.log")), "ops shop-0 manager previous");
        assert_eq!(identity(&format!("{place}/rotated/0.log.20261104-082023.gz")), "ops shop-0 manager previous");
        assert_eq!(identity("pods/ops/shop-7d9f8c6b5d-x2x4z/manager.log"), "ops shop-7d9f8c6b5d-x2x4z manager");
        assert_eq!(
            identity("saved/shop-7d9f8c6b5d-x2x4z/manager-previous.log"),
            "- shop-7d9f8c6b5d-x2x4z manager previous"
        );
        assert_eq!(identity("ops/shop-0/logs.txt"), "ops shop-0 -");
        assert_eq!(identity("shop-7d9f8c6b5d-x2x4z.log"), "- shop-7d9f8c6b5d-x2x4z -");
    }

    #[test]
    fn other_places_say_nothing() {
        assert_eq!(identity("home/me/controller.log"), "- - -");
        assert_eq!(identity("home/me/previous.log"), "- - - previous");
        assert_eq!(identity("My Logs/Some Thing/x.log"), "- - -");
    }

    #[test]
    fn scrapes_are_numbered() {
        assert_eq!(of_metrics(&path("metrics/ops/shop-0.2.txt")), (Some(("ops".into(), "shop-0".into())), 2));
        assert_eq!(of_metrics(&path("metrics/ops/shop-0.txt")), (Some(("ops".into(), "shop-0".into())), 1));
        assert_eq!(of_metrics(&path("scrape.txt")), (None, 1));
        let pod = "shop-7d9f8c6b5d-x2x4z".to_owned();
        assert_eq!(of_metrics(&path("metrics/shop-7d9f8c6b5d-x2x4z.2.txt")), (Some((String::new(), pod)), 2));
    }
}
