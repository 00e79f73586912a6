//! `DaemonSets`.

use crate::describe::page::{Page, put};
use crate::describe::value::number;
use crate::describe::{Describer, Subject, template};
use crate::selector::{label_selector, label_set, or_none};

pub(crate) static DESCRIBER: Describer = Describer {
    kinds: &[("apps", "DaemonSet")],
    queries: |object| vec![template::selected_pods(object)],
    events: true,
    write,
};

const COUNTS: [(&str, &str); 5] = [
    ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
    ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
    ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
    ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
    ("Number of Nodes Misscheduled", "numberMisscheduled"),
];

fn write(page: &mut Page, subject: &Subject) {
    let spec = subject.spec();
    page.name_and_namespace(subject.object);
    page.field(0, "Selector", label_selector(&spec["selector"]));
    page.field(0, "Node-Selector", or_none(label_set(&spec["template"]["spec"]["nodeSelector"])));
    page.labels_and_annotations(subject.object);
    for (label, field) in COUNTS {
        put!(page, 0, "{label}: {}\n", number(&subject.status()[field]));
    }
    template::pods_status(page, subject, &template::selected_pods(subject.object));
    template::write(page, &spec["template"]);
}
