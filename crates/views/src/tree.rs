//! Owners and what they own, as a drawn tree.

use crate::layout::Aligner;
use crate::state::State;

/// Deeper than any controllers nest; from here on lines are not moved further to the right.
const DEEPEST: usize = 40;

/// A line of the tree; its children follow it, one deeper.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// How many owners stand above it.
    pub depth: usize,
    /// The namespace; empty for what belongs to the cluster.
    pub namespace: String,
    /// `Deployment/web`, and what marks it.
    pub name: String,
    /// How it fares.
    pub state: State,
    /// How old it is.
    pub age: String,
}

/// The tree as a table. Text of objects must come without tabs and line breaks.
pub fn print(rows: &[Row], with_namespace: bool) -> String {
    let mut text = String::from(if with_namespace { "NAMESPACE\t" } else { "" });
    text.push_str("NAME\tREADY\tSTATUS\tAGE\n");
    for (row, branch) in rows.iter().zip(branches(rows)) {
        if with_namespace {
            text.push_str(&row.namespace);
            text.push('\t');
        }
        let State { ready, status } = &row.state;
        text.push_str(&format!("{branch}{}\t{ready}\t{status}\t{}\n", row.name, row.age));
    }
    Aligner::table().align(&text)
}

/// What is drawn before each name. Whether a line goes on below is known from the end.
fn branches(rows: &[Row]) -> Vec<String> {
    let mut goes_on: Vec<bool> = Vec::new();
    let mut branches: Vec<String> = rows.iter().rev().map(|row| branch(row.depth.min(DEEPEST), &mut goes_on)).collect();
    branches.reverse();
    branches
}

fn branch(depth: usize, goes_on: &mut Vec<bool>) -> String {
    goes_on.resize(depth + 1, false);
    let mut drawn: String = (1..depth).map(|level| if goes_on[level] { "│ " } else { "  " }).collect();
    if depth > 0 {
        drawn.push_str(if goes_on[depth] { "├─" } else { "└─" });
    }
    goes_on[depth] = true;
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[(usize, &str)]) -> Vec<Row> {
        let row = |&(depth, name): &(usize, &str)| Row { depth, name: name.into(), age: "5d".into(), ..Row::default() };
        lines.iter().map(row).collect()
    }

    #[test]
    fn branches_end_where_the_last_child_is() {
        let rows = rows(&[(0, "a"), (1, "b"), (2, "c"), (2, "d"), (1, "e"), (2, "f"), (3, "g"), (0, "h"), (1, "i")]);
        let expected = "\
NAME      READY   STATUS   AGE
a         -       -        5d
├─b       -       -        5d
│ ├─c     -       -        5d
│ └─d     -       -        5d
└─e       -       -        5d
  └─f     -       -        5d
    └─g   -       -        5d
h         -       -        5d
└─i       -       -        5d
";
        assert_eq!(print(&rows, false), expected);
    }

    #[test]
    fn namespaces_come_first_and_a_chain_without_end_stays_narrow() {
        let mut one = rows(&[(0, "a")]);
        one[0].namespace = "shop".into();
        assert_eq!(
            print(&one, true),
            "NAMESPACE   NAME   READY   STATUS   AGE\nshop        a      -       -        5d\n"
        );
        let names: Vec<String> = (0..5000).map(|at| at.to_string()).collect();
        let chain: Vec<(usize, &str)> = names.iter().enumerate().map(|(depth, name)| (depth, name.as_str())).collect();
        assert!(print(&rows(&chain), false).lines().all(|line| line.chars().count() < 200));
    }
}
