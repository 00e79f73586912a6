//! Rows and columns of text tables. Columns stand where the header says; a row that was shifted (a long cell, a paste that lost
//! blanks) is split at its gaps instead.

/// Column heads of two words, which matter only where a paste left single blanks.
const TWO_WORDS: &[(&str, &str)] = &[
    ("LAST", "SEEN"),
    ("FIRST", "SEEN"),
    ("CREATED", "AT"),
    ("NOMINATED", "NODE"),
    ("READINESS", "GATES"),
    ("NODE", "SELECTOR"),
    ("ACCESS", "MODES"),
    ("RECLAIM", "POLICY"),
];

/// The columns of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::readers) struct Grid {
    names: Vec<String>,
    /// Where each column starts, in characters.
    starts: Vec<usize>,
}

impl Grid {
    /// Reads a header line.
    pub(in crate::readers) fn of(header: &str) -> Grid {
        let header = header.trim_end();
        let mut cells = gaps(header);
        if cells.len() == 1 && header.contains(' ') {
            cells = single_blanks(header);
        }
        let names = cells.iter().map(|(_, name)| (*name).to_owned()).collect();
        let starts = cells.iter().map(|(start, _)| *start).collect();
        Grid { names, starts }
    }

    /// The columns' names.
    pub(in crate::readers) fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of the column with one of these names.
    pub(in crate::readers) fn column(&self, names: &[&str]) -> Option<usize> {
        self.names.iter().position(|name| names.contains(&name.as_str()))
    }

    /// The cells of a row, one for each column.
    pub(in crate::readers) fn row<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let line = line.trim_end();
        let mut cells = self.by_place(line).unwrap_or_else(|| self.by_gaps(line));
        cells.resize(self.names.len(), "");
        cells
    }

    /// Cuts where the columns start, if the row keeps to them.
    fn by_place<'a>(&self, line: &'a str) -> Option<Vec<&'a str>> {
        if line.contains('\t') {
            return None;
        }
        let offsets: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let place = |start: usize| offsets.get(start).copied().unwrap_or(line.len());
        let mut cells = Vec::with_capacity(self.starts.len());
        for (column, start) in self.starts.iter().enumerate() {
            let from = place(*start);
            let to = self.starts.get(column + 1).map_or(line.len(), |next| place(*next));
            let cell = &line[from..to];
            let kept = line[..from].ends_with(' ') || *start == 0 || from == line.len();
            // A cell that starts with a blank is empty, or the row is shifted.
            if !kept || (cell.starts_with(' ') && !cell.trim().is_empty()) {
                return None;
            }
            cells.push(cell.trim_end());
        }
        Some(cells)
    }

    fn by_gaps<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let count = self.names.len();
        let cells = gaps(line);
        let cells = if cells.len() >= count { cells } else { words(line) };
        if cells.len() <= count {
            return cells.into_iter().map(|(_, cell)| cell).collect();
        }
        // Too many: one column holds text with gaps of its own. It is the message, or else the last.
        let text = self.column(&["MESSAGE", "Message"]).unwrap_or(count - 1);
        let after = count - 1 - text;
        let end = cells.len() - after;
        let mut row: Vec<&str> = cells[..text].iter().map(|(_, cell)| *cell).collect();
        row.push(span(line, cells[text].1, cells[end - 1].1));
        row.extend(cells[end..].iter().map(|(_, cell)| *cell));
        row
    }
}

/// The cells of a line of which no header is known.
pub(super) fn cells(line: &str) -> Vec<&str> {
    let cells = gaps(line);
    let cells = if cells.len() > 1 { cells } else { words(line) };
    cells.into_iter().map(|(_, cell)| cell).collect()
}

/// The part of `line` from the start of `first` to the end of `last`, which are parts of it.
fn span<'a>(line: &'a str, first: &str, last: &str) -> &'a str {
    let start = first.as_ptr() as usize - line.as_ptr() as usize;
    let end = last.as_ptr() as usize - line.as_ptr() as usize + last.len();
    &line[start..end]
}

/// The cells between tabs or runs of two and more blanks, each with its place in characters.
fn gaps(line: &str) -> Vec<(usize, &str)> {
    let is_gap = |text: &str| text.starts_with('\t') || text.starts_with("  ");
    let mut cells = Vec::new();
    let mut start: Option<(usize, usize)> = None;
    for (chars, (at, char)) in line.char_indices().enumerate() {
        let rest = &line[at..];
        match start {
            None if !char.is_whitespace() => start = Some((chars, at)),
            Some((place, from)) if is_gap(rest) => {
                cells.push((place, &line[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    if let Some((place, from)) = start {
        cells.push((place, line[from..].trim_end()));
    }
    cells
}

/// The words of a line; what stands in brackets belongs to the word before it: `2m (x5 over 4m)`, `3 (2m ago)`.
fn words(line: &str) -> Vec<(usize, &str)> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut open: Option<&str> = None;
    for word in line.split_whitespace() {
        if let Some(first) = open {
            if word.ends_with(')') {
                if let Some(last) = words.last_mut() {
                    last.1 = span(line, first, word);
                }
                open = None;
            }
            continue;
        }
        let is_note = word.starts_with("(x") || (word.starts_with('(') && line[offset(line, word)..].contains(" ago)"));
        if let Some((_, before)) = words.last().filter(|_| is_note && !word.ends_with(')')) {
            open = Some(before);
            continue;
        }
        words.push((0, word));
    }
    words
}

fn offset(line: &str, part: &str) -> usize {
    part.as_ptr() as usize - line.as_ptr() as usize
}

/// A header whose gaps were lost.
fn single_blanks(header: &str) -> Vec<(usize, &str)> {
    let mut cells: Vec<(usize, &str)> = Vec::new();
    for word in header.split_whitespace() {
        let place = header[..offset(header, word)].chars().count();
        match cells.last_mut() {
            Some(last) if TWO_WORDS.contains(&(last.1, word)) => last.1 = span(header, last.1, word),
            _ => cells.push((place, word)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_their_heads() {
        let grid = Grid::of("NAME     READY   STATUS    NODE");
        assert_eq!(grid.row("shop-0   1/1     Running   n1"), ["shop-0", "1/1", "Running", "n1"]);
        assert_eq!(grid.row("shop-0           Running"), ["shop-0", "", "Running", ""]);
    }

    #[test]
    fn shifted_rows_are_split_at_their_gaps() {
        let grid = Grid::of("LAST SEEN   TYPE     REASON   OBJECT    MESSAGE");
        assert_eq!(
            grid.row("2m (x5 over 4m)   Warning   FailedScheduling   pod/shop-0   no  node is free"),
            ["2m (x5 over 4m)", "Warning", "FailedScheduling", "pod/shop-0", "no  node is free"]
        );
        assert_eq!(
            grid.row("2m (x5 over 4m) Warning BackOff pod/shop-0 Back-off restarting (failed) container"),
            ["2m (x5 over 4m)", "Warning", "BackOff", "pod/shop-0", "Back-off restarting (failed) container"]
        );
        let lost = Grid::of("LAST SEEN TYPE REASON OBJECT MESSAGE");
        assert_eq!(lost.names().len(), 5);
        assert_eq!(lost.row("5m Normal Pulled pod/shop-0 it is there")[4], "it is there");
        assert_eq!(Grid::of("NAME\tREADY").row("a\t1/1"), ["a", "1/1"]);
    }

    #[test]
    fn wide_events_keep_their_message_in_the_middle() {
        let grid = Grid::of("LAST SEEN  MESSAGE  COUNT  NAME");
        assert_eq!(
            grid.row("5m a long message of some words 3 x.1"),
            ["5m", "a long message of some words", "3", "x.1"]
        );
    }
}
