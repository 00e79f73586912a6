use super::*;
use crate::table;
use serde_json::json;

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().expect("a time")
}

fn maps() -> Table {
    let first = json!({"metadata": {"name": "a", "namespace": "web", "creationTimestamp": "2026-01-01T11:00:00Z",
        "labels": {"app.example/tier": "x", "b": "2"}}, "data": {"k": "v"}});
    let second =
        json!({"metadata": {"name": "longer-name", "namespace": "web", "creationTimestamp": "2026-01-01T11:59:00Z"}});
    table::of("v1", "ConfigMap", &[&first, &second], now())
}

#[test]
fn a_plain_table() {
    assert_eq!(
        print(&maps(), &Options::default()),
        "NAME          DATA   AGE\na             1      60m\nlonger-name   0      60s\n"
    );
    let none = Options { no_headers: true, ..Options::default() };
    assert_eq!(print(&maps(), &none), "a             1     60m\nlonger-name   0     60s\n");
}

#[test]
fn added_columns() {
    let options = Options {
        with_namespace: true,
        with_kind: Some("ConfigMap".to_owned()),
        show_labels: true,
        label_columns: vec!["app.example/tier".to_owned()],
        ..Options::default()
    };
    assert_eq!(
        print(&maps(), &options),
        "NAMESPACE   NAME                    DATA   AGE   TIER   LABELS\n\
         web         configmap/a             1      60m   x      app.example/tier=x,b=2\n\
         web         configmap/longer-name   0      60s          <none>\n"
    );
}

#[test]
fn a_cell_ends_at_its_first_line_break_but_counts_whole() {
    let mut table = maps();
    table.rows[0].cells[1] = json!("red\u{1b}[0m\nmore");
    assert_eq!(
        print(&table, &Options::default()),
        "NAME          DATA           AGE\na             red^[[0m...    60m\nlonger-name   0              60s\n"
    );
    table.rows[0].cells[1] = json!("é\nlonger than that");
    assert!(print(&table, &Options::default()).contains("é...                  60m\n"));
}

#[test]
fn no_rows_no_header() {
    assert_eq!(print(&table::of("v1", "ConfigMap", &[], now()), &Options::default()), "");
}

#[test]
fn events_say_when_and_how_often() {
    let once = json!({"metadata": {"namespace": "web"}, "type": "Normal", "reason": "Pulled", "message": " done \n",
        "involvedObject": {"kind": "Pod", "name": "p"}, "firstTimestamp": "2026-01-01T11:59:50Z", "count": 1});
    let often = json!({"metadata": {"namespace": "web"}, "type": "Warning", "reason": "BackOff", "message": "again",
        "involvedObject": {"kind": "Pod", "name": "p"}, "firstTimestamp": "2026-01-01T11:00:00Z",
        "lastTimestamp": "2026-01-01T11:59:00Z", "count": 7});
    assert_eq!(
        events(&[once.clone(), often], now(), false, false),
        "LAST SEEN           TYPE      REASON    OBJECT   MESSAGE\n\
         10s                 Normal    Pulled    Pod/p    done\n\
         60s (x7 over 60m)   Warning   BackOff   Pod/p    again\n"
    );
    assert_eq!(events(&[once], now(), true, true), "web   10s   Normal   Pulled   Pod/p   done\n");
}

#[test]
fn a_growing_table_writes_its_header_once_and_never_gets_narrower() {
    let mut growing = Growing::default();
    let event = |kind: &str| Options { event: Some(format!("{kind:<8}")), ..Options::default() };
    let table = maps();
    let row = |at: usize, columns: &[Column]| Table { columns: columns.to_vec(), rows: vec![table.rows[at].clone()] };
    let nothing = Table { rows: Vec::new(), ..table.clone() };
    assert_eq!(growing.print(nothing, &event("ADDED")), "");
    assert_eq!(
        growing.print(row(1, &[]), &event("ADDED")),
        "EVENT      NAME          DATA   AGE\nADDED      longer-name   0      60s\n"
    );
    assert_eq!(growing.print(row(0, &table.columns), &event("DELETED")), "DELETED    a             1      60m\n");
    let other = growing.print(row(0, &table.columns[..1]), &event("ADDED"));
    assert_eq!(other, "EVENT      NAME\nADDED      a\n");
}
