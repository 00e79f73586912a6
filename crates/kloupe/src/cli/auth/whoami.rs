//! `kloupe auth whoami`: whom the API server takes us for.

use clap::ArgMatches;
use kloupe_model::say;
use kloupe_views::output::{Format, Known};
use serde_json::{Value, json};

use super::super::mirror::{Out, Session, Stop, text};

/// The newest first: servers before 1.28 know the later ones only.
const VERSIONS: [&str; 3] =
    ["authentication.k8s.io/v1", "authentication.k8s.io/v1beta1", "authentication.k8s.io/v1alpha1"];

const MISSING: &str = "error: the selfsubjectreviews API is not enabled in the cluster";

pub(super) fn run(matches: &ArgMatches, session: &Session, out: &mut Out) -> Result<(), Stop> {
    let output = text(matches, "output").unwrap_or_default();
    let format = Format::parse(output, text(matches, "template").unwrap_or_default(), Known::Objects)?;
    let review = review(session)?;
    if !session.cluster.is_live() && !session.cluster.acts_as_another() {
        out.remarks.push(say!(
            session.lang,
            en: "a capture has no user: this stands for its reader, who may read and nothing else",
            zh: "捕获文件没有用户：这里代表读取者，只能读取"
        ));
    }
    out.text = match format {
        None => kloupe_views::auth::who(review.pointer("/status/userInfo").unwrap_or(&Value::Null)),
        // A review is one of kubectl's own types, which keep the order of their fields.
        Some(format) => format.as_they_stand().print(&review)?,
    };
    Ok(())
}

/// Who we are.
pub(super) fn review(session: &Session) -> Result<Value, Stop> {
    let mut refused = None;
    for version in VERSIONS {
        let body = json!({"kind": "SelfSubjectReview", "apiVersion": version, "metadata": {}});
        match session.wait(session.cluster.review(&format!("/apis/{version}/selfsubjectreviews"), &body)) {
            Ok(review) => return Ok(review),
            Err(refusal) if refusal.is_not_found() => {}
            Err(refusal) => {
                refused = Some(refusal);
                break;
            }
        }
    }
    Err(match refused {
        Some(refusal) if refusal.is_forbidden() => Stop(format!("{MISSING} or you do not have permission to call it")),
        Some(refusal) => refusal.into(),
        None => Stop(MISSING.into()),
    })
}
