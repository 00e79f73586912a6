//! Metrics pages in the text formats of Prometheus and `OpenMetrics`: `name{label="value"} 1.5`. A line that is none is passed over.

use std::collections::BTreeMap;

use kloupe_model::{MetricSample, Metrics, Stamp};

use super::{Reader, Section};
use crate::bundle::SCRAPED;
use crate::found::Found;
use crate::identity::of_metrics;

pub(super) const READER: Reader = Reader { reads_logs: false, in_prose: false, probe, read, list: None };

/// So many lines of the start decide.
const PROBED: usize = 40;

/// A page begins with `# HELP` or `# TYPE`, or nearly all its lines are samples, some of them with labels.
fn probe(section: &Section) -> bool {
    let lines = || section.text.lines().filter(|line| !line.trim().is_empty()).take(PROBED);
    let comments = lines().filter(|line| is_comment(line)).count();
    let samples = lines().filter(|line| sample(line, 0).is_some()).count();
    let other = lines().count() - comments - samples;
    let with_labels = lines().filter(|line| line.contains('{') && sample(line, 0).is_some()).count();
    // The last line of the start may be cut off.
    samples > 0 && other <= 1 && (comments > 0 || (with_labels > 0 && samples >= 3))
}

fn is_comment(line: &str) -> bool {
    ["# HELP ", "# TYPE ", "# UNIT ", "# EOF", SCRAPED].iter().any(|start| line.starts_with(start)) || line == "#"
}

fn read(section: &Section, found: &mut Found) -> bool {
    let (pod, scrape) = of_metrics(section.path);
    let lines = section.text.lines().zip(section.first_line..);
    let samples: Vec<_> = lines.filter_map(|(line, number)| sample(line, number)).collect();
    if samples.is_empty() {
        return false;
    }
    let taken = section.text.lines().find_map(|line| Stamp::parse_rfc3339(line.strip_prefix(SCRAPED)?.trim()));
    found.facts.metrics.push(Metrics { pod, scrape, taken, samples, file: section.file.to_owned() });
    true
}

fn sample(line: &str, number: u64) -> Option<MetricSample> {
    let line = line.trim();
    let is_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | ':');
    let end = line.find(|char| !is_name(char))?;
    let (name, mut rest) = line.split_at(end);
    if name.is_empty() || name.starts_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = read_labels(inner, &mut labels)?;
    }
    // An exemplar stands behind ` # `, a time behind the value.
    let rest = rest.strip_prefix([' ', '\t'])?.split(" # ").next()?;
    let mut words = rest.split_whitespace();
    let value = number_of(words.next()?)?;
    let time = words.next();
    let ends = words.next().is_none() && time.is_none_or(|time| time.parse::<f64>().is_ok());
    ends.then(|| MetricSample { name: name.to_owned(), labels, value, line: number })
}

fn number_of(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        _ => text
            .parse()
            .ok()
            .filter(|_| text.starts_with(|char: char| char.is_ascii_digit() || matches!(char, '-' | '+' | '.'))),
    }
}

/// Reads `a="b",c="d"}` and gives what stands behind.
fn read_labels<'a>(mut rest: &'a str, labels: &mut BTreeMap<String, String>) -> Option<&'a str> {
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if let Some(behind) = rest.strip_prefix('}') {
            return Some(behind);
        }
        let (name, value) = rest.split_once('=')?;
        let name = name.trim();
        if name.is_empty()
            || name.contains(|char: char| !(char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '"' | ':')))
        {
            return None;
        }
        let inner = value.trim_start().strip_prefix('"')?;
        let mut text = String::new();
        let mut chars = inner.char_indices();
        loop {
            match chars.next()?.1 {
                '"' => break,
                '\\' => match chars.next()?.1 {
                    'n' => text.push('\n'),
                    char => text.push(char),
                },
                char => text.push(char),
            }
        }
        labels.insert(name.trim_matches('"').to_owned(), text);
        rest = chars.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read_as;

    const PAGE: &str = "# HELP workqueue_depth Current depth of workqueue\n# TYPE workqueue_depth gauge\n\
                        workqueue_depth{controller=\"widget\",name=\"widget \\\"x\\\"\"} 12 1730000000000\n\
                        rest_seconds_bucket{le=\"+Inf\"} 2.5e+06 # {trace_id=\"a\"} 1\ngo_info NaN\n# EOF\n";

    #[test]
    fn samples_are_read_with_labels_and_lines() {
        let found = read_as("metrics/ops/shop-0.2.txt", PAGE);
        let page = &found.facts.metrics[0];
        assert_eq!(page.pod, Some(("ops".to_owned(), "shop-0".to_owned())));
        assert_eq!(page.scrape, 2);
        assert_eq!(page.samples.len(), 3);
        assert_eq!((page.samples[0].value, page.samples[0].line), (12.0, 3));
        assert_eq!(page.samples[0].labels["name"], "widget \"x\"");
        assert!((page.samples[1].value - 2.5e6).abs() < 1.0);
        assert!(page.samples[2].value.is_nan());
    }

    #[test]
    fn a_log_with_numbers_is_no_page() {
        for text in
            ["started 1\nstopped 2\nstarted 3\n", "level=info msg=\"x\" n=1\n", "# HELP is on the way\nline\nline\n"]
        {
            let found = read_as("controller.log", text);
            assert!(found.facts.metrics.is_empty(), "{text}");
            assert_eq!(found.logs.len(), 1);
        }
    }
}
