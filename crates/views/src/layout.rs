//! Elastic tabs: columns are as wide as their widest cell among neighbouring lines. The rules are those of kubectl's writer, byte for byte.

/// Aligns text whose cells end in tabs. The text after the last tab of a line belongs to no column and is never padded.
#[derive(Clone, Debug)]
pub struct Aligner {
    min_width: usize,
    padding: usize,
    remembered: Option<Vec<usize>>,
}

impl Aligner {
    /// What `describe` uses: no least width, two spaces between columns.
    pub fn describe() -> Aligner {
        Aligner::new(0, 2)
    }

    /// What tables use: at least six wide, three spaces, and a column never gets narrower from one call to the next.
    pub fn table() -> Aligner {
        Aligner { remembered: Some(Vec::new()), ..Aligner::new(6, 3) }
    }

    /// An aligner that forgets its widths after each text.
    pub fn new(min_width: usize, padding: usize) -> Aligner {
        Aligner { min_width, padding, remembered: None }
    }

    /// The text with every tab replaced by the spaces that its column needs. A last line without a newline stays without. A form
    /// feed is a newline after which all columns begin anew.
    pub fn align(&mut self, text: &str) -> String {
        let mut out = Out { text: String::with_capacity(text.len() * 2), widths: Vec::new() };
        for part in text.split('\u{c}') {
            let lines: Vec<Vec<&str>> = part.split('\n').map(|line| line.split(['\t', '\u{b}']).collect()).collect();
            self.part(&lines, &mut out);
        }
        out.text.pop(); // the newline after the last piece that `split` gave
        out.text
    }

    /// Lays out lines. A block is a run of lines that have a column more than the block around it; there may be as many blocks in each
    /// other as a line has tabs.
    fn part(&mut self, lines: &[Vec<&str>], out: &mut Out) {
        let mut blocks: Vec<_> = std::iter::once(0..lines.len()).collect();
        while let Some(block) = blocks.last_mut() {
            let column = out.widths.len();
            let Some(at) = block.next() else {
                blocks.pop();
                out.widths.pop();
                continue;
            };
            if column + 1 >= lines[at].len() {
                out.line(&lines[at]);
                continue;
            }
            let end = (at..block.end).find(|&line| column + 1 >= lines[line].len()).unwrap_or(block.end);
            block.start = end;
            blocks.push(at..end);
            let widest =
                lines[at..end].iter().map(|line| line[column].chars().count() + self.padding).max().unwrap_or(0);
            out.widths.push(self.remember(column, widest.max(self.min_width)));
        }
    }

    fn remember(&mut self, column: usize, width: usize) -> usize {
        let Some(remembered) = &mut self.remembered else { return width };
        if remembered.len() <= column {
            remembered.resize(column + 1, 0);
        }
        remembered[column] = remembered[column].max(width);
        remembered[column]
    }
}

/// What was laid out so far.
struct Out {
    text: String,
    widths: Vec<usize>,
}

impl Out {
    fn line(&mut self, cells: &[&str]) {
        for (column, cell) in cells.iter().enumerate() {
            self.text.push_str(cell);
            if column + 1 < cells.len() {
                let width = self.widths.get(column).copied().unwrap_or(0);
                for _ in cell.chars().count()..width {
                    self.text.push(' ');
                }
            }
        }
        self.text.push('\n');
    }
}

/// What a terminal could take for a command, made visible: kubectl does this to everything it prints of an object.
pub fn escape(text: &str) -> String {
    if text.contains(['\u{1b}', '\r']) { text.replace('\u{1b}', "^[").replace('\r', "\\r") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_ends_where_a_line_has_no_such_cell() {
        let text = "Name:\tx\nLabels:\ta=b\n\tc=d\nplain\nA:\tb\tc\nLonger:\tbb\tc\nS:\ttail longer than the cell\n";
        let laid = "Name:    x\nLabels:  a=b\n         c=d\nplain\nA:       b   c\nLonger:  bb  c\nS:       tail longer than the cell\n";
        assert_eq!(Aligner::describe().align(text), laid);
    }

    #[test]
    fn empty_cells_and_wide_letters_count_in_scalar_values() {
        assert_eq!(Aligner::describe().align("a\t\tb\né中\t\tc"), "a     b\né中    c");
    }

    #[test]
    fn all_of_gos_signs_count() {
        assert_eq!(Aligner::describe().align("a\tb\u{c}long\tc\u{b}d\nx\ty\tz\n"), "a  b\nlong  c  d\nx     y  z\n");
    }

    #[test]
    fn a_line_may_have_any_number_of_cells() {
        let many = 300_000;
        assert_eq!(Aligner::describe().align(&"\t".repeat(many)).len(), many * 2);
    }

    #[test]
    fn a_table_keeps_its_widths_and_has_a_least_width() {
        let mut table = Aligner::table();
        assert_eq!(table.align("NAME\tAGE\nlong-name\t5s\n"), "NAME        AGE\nlong-name   5s\n");
        assert_eq!(table.align("x\t5s\n"), "x           5s\n");
        assert_eq!(Aligner::table().align("x\t5s\n"), "x     5s\n");
    }

    #[test]
    fn escapes_show() {
        assert_eq!(escape("a\u{1b}[31m\r\n"), "a^[[31m\\r\n");
        assert_eq!(escape("plain\t"), "plain\t");
    }
}
