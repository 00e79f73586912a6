//! What a person asks about: `deploy/x`, `pod/x`, `foos.example.com/shop`.

use std::fmt;
use std::str::FromStr;

/// A target as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A workload.
    Workload {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A pod.
    Pod(String),
    /// A custom resource: then the controller that serves it is diagnosed.
    Custom {
        /// `plural.group`, or just the plural or the kind.
        resource: String,
        /// Its name.
        name: String,
    },
}

/// Why a target cannot be diagnosed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum TargetError {
    /// It does not have the form of a target.
    #[error("\"{0}\" is no target")]
    Form(String),
    /// Nothing of that name was read.
    #[error("{target} is not in what was read")]
    NotFound {
        /// The target.
        target: String,
        /// What was read instead, nearest first.
        known: Vec<String>,
    },
    /// The object was read, but not what serves it.
    #[error("no controller of {target} is in what was read")]
    NoController {
        /// The target.
        target: String,
        /// Workloads that were read.
        known: Vec<String>,
    },
}

const WORKLOADS: [(&str, &[&str]); 4] = [
    ("Deployment", &["deploy", "deployment", "deployments", "deployment.apps", "deployments.apps"]),
    ("StatefulSet", &["sts", "statefulset", "statefulsets", "statefulset.apps", "statefulsets.apps"]),
    ("DaemonSet", &["ds", "daemonset", "daemonsets", "daemonset.apps", "daemonsets.apps"]),
    ("ReplicaSet", &["rs", "replicaset", "replicasets", "replicaset.apps", "replicasets.apps"]),
];

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Target, TargetError> {
        let form = || TargetError::Form(text.to_owned());
        let (resource, name) = text.split_once('/').ok_or_else(form)?;
        if resource.is_empty() || name.is_empty() || name.contains('/') {
            return Err(form());
        }
        let lower = resource.to_lowercase();
        let name = name.to_owned();
        if let Some((kind, _)) = WORKLOADS.iter().find(|(_, spellings)| spellings.contains(&lower.as_str())) {
            return Ok(Target::Workload { kind, name });
        }
        Ok(match lower.as_str() {
            "po" | "pod" | "pods" => Target::Pod(name),
            _ => Target::Custom { resource: lower, name },
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Workload { kind, name } => kloupe_model::ObjectRef::new(kind, "apps", "", name).fmt(f),
            Target::Pod(name) => write!(f, "pod/{name}"),
            Target::Custom { resource, name } => write!(f, "{resource}/{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubectl_s_spellings_are_understood() {
        for text in ["deploy/x", "deployment/x", "Deployments.apps/x"] {
            assert_eq!(text.parse(), Ok(Target::Workload { kind: "Deployment", name: "x".into() }), "{text}");
        }
        assert_eq!(
            "foos.example.com/shop".parse(),
            Ok(Target::Custom { resource: "foos.example.com".into(), name: "shop".into() })
        );
        assert!("shop".parse::<Target>().is_err());
        assert!("/shop".parse::<Target>().is_err());
    }
}
