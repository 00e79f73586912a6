//! What must-gather tells of its own work (`must-gather.logs`): the errors in it are gaps, and it is no controller's log.

use super::{Reader, Section};
use crate::found::Found;

pub(super) const READER: Reader = Reader { reads_logs: true, in_prose: false, probe, read, list: None };

/// So many errors are told.
const MAX_ERRORS: usize = 30;

fn probe(section: &Section) -> bool {
    section
        .path
        .last()
        .is_some_and(|name| matches!(name.as_str(), "must-gather.logs" | "must-gather.log" | "gather.logs"))
}

fn read(section: &Section, found: &mut Found) -> bool {
    let mut errors: Vec<&str> = Vec::new();
    for line in section.text.lines() {
        // `[must-gather-x2x4z] OUT 2026-11-25T10:00:00Z …`, `[must-gather-x2x4z] POD …`
        let line =
            line.strip_prefix("[must-gather").and_then(|rest| rest.split_once("] ")).map_or(line, |(_, rest)| rest);
        let text = line.trim_start_matches(|char: char| !char.is_ascii_lowercase() && char != 'E').trim();
        let is_error = text.starts_with("error: ")
            || text.starts_with("Error from server")
            || text.contains("skipping gathering ")
            || text.contains(" is forbidden: ");
        if is_error && errors.len() < MAX_ERRORS && !errors.contains(&text) {
            errors.push(text);
        }
    }
    for error in errors {
        found.gap(section.file, error);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gaps, read_as};

    #[test]
    fn the_errors_of_must_gather_are_gaps() {
        let text = "[must-gather      ] OUT 2026-11-25T10:00:00Z Using must-gather plug-in image: x\n\
                    [must-gather-x2x4z] POD 2026-11-25T10:00:01Z error: inspection completed with the errors occurred while gathering data:\n\
                    [must-gather-x2x4z] POD 2026-11-25T10:00:01Z     skipping gathering leases due to error: leases is forbidden: no\n\
                    [must-gather-x2x4z] POD 2026-11-25T10:00:02Z Gathering data for ns/ops...\n";
        let found = read_as("must-gather.local.1/must-gather.logs", text);
        let expected = [
            "must-gather.local.1/must-gather.logs: error: inspection completed with the errors occurred while gathering data:",
            "must-gather.local.1/must-gather.logs: skipping gathering leases due to error: leases is forbidden: no",
        ];
        assert_eq!((gaps(&found), found.logs.len()), (expected.map(str::to_owned).to_vec(), 0));
        let found = read_as("controller.log", text);
        assert_eq!((found.facts.gaps.len(), found.logs.len()), (0, 1));
    }
}
