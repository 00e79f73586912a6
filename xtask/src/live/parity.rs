//! kloupe beside kubectl: the same command line, the same words, the same exit status.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use super::compare::{Said, difference};
use crate::root;

/// The lines that may differ on a live cluster, and on a served capture of it.
const LIVE: &str = "testbed/differences.txt";
const SERVED: &str = "testbed/differences-served.txt";

/// A command that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(40);

/// What to compare, and with what.
#[derive(Args)]
pub(crate) struct Parity {
    /// The cluster's kubeconfig
    #[arg(long)]
    kubeconfig: PathBuf,
    /// The kubectl to compare with
    #[arg(long)]
    kubectl: PathBuf,
    /// The program to judge [default: target/debug/kloupe]
    #[arg(long)]
    program: Option<PathBuf>,
    /// Judge a served capture instead: run kubectl on both sides, the second time with this kubeconfig of `kloupe serve`
    #[arg(long)]
    served: Option<PathBuf>,
    /// Only lines that contain this
    #[arg(long, default_value = "")]
    only: String,
    /// No lines that contain this
    #[arg(long)]
    except: Option<String>,
    /// Fail if a line differs that testbed/differences.txt (for a served capture testbed/differences-served.txt) does not list, or a listed one does not
    #[arg(long)]
    check: bool,
    /// With --check: so many lines may do so all the same, since a cluster lives between two commands; they are printed
    #[arg(long, default_value_t = 0)]
    tolerate: usize,
}

/// Compares line by line and prints what differs.
pub(crate) fn run(parity: &Parity) -> Result<(), String> {
    let cluster = Side { program: parity.kubectl.clone(), kubeconfig: parity.kubeconfig.clone() };
    let judged = match &parity.served {
        Some(kubeconfig) => Side { program: parity.kubectl.clone(), kubeconfig: kubeconfig.clone() },
        None => Side {
            program: parity.program.clone().unwrap_or_else(|| built("kloupe")),
            kubeconfig: parity.kubeconfig.clone(),
        },
    };
    let table = read("testbed/parity.txt")?;
    let list = if parity.served.is_some() { SERVED } else { LIVE };
    let allowed = allowed(list)?;
    let pods = pods(&cluster)?;

    let (mut equal, mut surprises) = (0, Vec::new());
    let mut different = 0;
    let wanted = |line: &&str| {
        line.contains(&parity.only) && !parity.except.as_ref().is_some_and(|except| line.contains(except))
    };
    for line in lines(&table).filter(wanted) {
        let (in_any_order, command) = in_any_order(line);
        let words = words(&fill_in(command, &pods)?)?;
        let mut found = compare(&cluster, &judged, &words, in_any_order)?;
        // The cluster lives: a pod may have restarted between the two. What differs twice, differs.
        if found.is_some() {
            found = compare(&cluster, &judged, &words, in_any_order)?;
        }
        match (found, allowed.get(line)) {
            (None, None) => equal += 1,
            // What a capture lacks may happen to be as it was.
            (None, Some(_)) if parity.served.is_some() => equal += 1,
            (None, Some(_)) => {
                equal += 1;
                surprises.push(format!("equal, though {list} lists it: {line}"));
            }
            (Some(what), reason) => {
                different += 1;
                let mark = reason.map_or_else(String::new, |reason| format!(" (allowed: {reason})"));
                println!("different{mark}: {line}\n    {what}");
                if reason.is_none() {
                    surprises.push(format!("different, and {list} does not list it: {line}"));
                }
            }
        }
    }
    println!("{equal} equal, {different} different");
    let surprise = surprises.join("\n");
    if parity.check && surprises.len() > parity.tolerate {
        return Err(surprise);
    }
    if !surprises.is_empty() {
        println!("{surprise}");
    }
    Ok(())
}

/// A program and the cluster it speaks to.
struct Side {
    program: PathBuf,
    kubeconfig: PathBuf,
}

impl Side {
    fn say(&self, words: &[String]) -> Result<Said, String> {
        let mut child = Command::new(&self.program)
            .args(words)
            .env("KUBECONFIG", &self.kubeconfig)
            .envs([("TZ", "UTC"), ("LC_ALL", "C"), ("NO_COLOR", "1")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", self.program.display()))?;
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                break status.code();
            }
            if started.elapsed() > LONGEST {
                child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
                break None;
            }
            thread::sleep(Duration::from_millis(5));
        };
        let text = |reader: thread::JoinHandle<Vec<u8>>| {
            let bytes = reader.join().map_err(|_| "a reader of output failed".to_owned())?;
            Ok::<_, String>(String::from_utf8_lossy(&bytes).into_owned())
        };
        Ok(Said { status, stdout: text(stdout)?, stderr: text(stderr)? })
    }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What came before an error is what the program said.
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Where kubectl writes what it has in no order, the table says so with a `~` before the line.
fn in_any_order(line: &str) -> (bool, &str) {
    line.strip_prefix("~ ").map_or((false, line), |line| (true, line))
}

fn compare(cluster: &Side, judged: &Side, words: &[String], in_any_order: bool) -> Result<Option<String>, String> {
    let mut expected = cluster.say(words)?;
    let mut got = judged.say(words)?;
    if in_any_order {
        for said in [&mut expected, &mut got] {
            let mut lines: Vec<&str> = said.stdout.split('\n').collect();
            lines.sort_unstable();
            said.stdout = lines.join("\n");
        }
    }
    // Usage lines name the program.
    got.stderr = got.stderr.replace("kloupe", "kubectl");
    Ok(difference(&expected, &got))
}

/// Names of pods end in letters that differ from run to run, so the table says `{namespace/app}` for the first pod with that label.
fn pods(cluster: &Side) -> Result<BTreeMap<String, String>, String> {
    let template = r#"{range .items[*]}{.metadata.namespace}/{.metadata.labels.app} {.metadata.name}{"\n"}{end}"#;
    let asked = ["get", "pods", "--all-namespaces", "-o", &format!("jsonpath={template}")].map(str::to_owned);
    let said = cluster.say(&asked)?;
    if said.status != Some(0) {
        return Err(format!("the cluster does not answer: {}", said.stderr.trim()));
    }
    let mut pods = BTreeMap::new();
    for (label, name) in said.stdout.lines().filter_map(|line| line.split_once(' ')) {
        pods.entry(label.to_owned()).or_insert_with(|| name.to_owned());
    }
    Ok(pods)
}

/// Puts pod names where the line says `{namespace/app}`; other braces are a template's.
fn fill_in(line: &str, pods: &BTreeMap<String, String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((label, tail)) if is_label(label) => {
                out.push_str(
                    pods.get(label).ok_or_else(|| format!("{line}: no pod {label}; was the cluster filled?"))?,
                );
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    Ok(out + rest)
}

fn is_label(text: &str) -> bool {
    text.contains('/') && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-' || letter == '/')
}

/// Words as a shell parts them, with single and double quotes; no other character is special.
fn words(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match quote {
            Some(mark) if letter == mark => quote = None,
            None if letter == '\'' || letter == '"' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter == ' ' => words.extend(word.take()),
            Some(_) | None => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    if quote.is_some() { Err(format!("{line}: a quote is not closed")) } else { Ok(words) }
}

/// The lines that count: neither empty nor a comment.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The lines that may differ, with the reason of each.
fn allowed(list: &str) -> Result<BTreeMap<String, String>, String> {
    lines(&read(list)?)
        .map(|line| {
            let (command, reason) =
                line.split_once('\t').ok_or_else(|| format!("{list}: no tab and reason in: {line}"))?;
            Ok((command.to_owned(), reason.to_owned()))
        })
        .collect()
}

fn built(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("debug").join(name)
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(Path::new(root()).join(path)).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_as_a_shell_does() {
        let parted = words(r#"get pods -o jsonpath='{.a}{"\n"}' -l "" x"#).expect("closed quotes");
        assert_eq!(parted, ["get", "pods", "-o", r#"jsonpath={.a}{"\n"}"#, "-l", "", "x"]);
        assert!(words("get 'pods").is_err());
    }

    #[test]
    fn only_pods_are_filled_in() {
        let pods = BTreeMap::from([("shop/web".to_owned(), "web-1".to_owned())]);
        assert_eq!(fill_in("logs {shop/web} -o {.a/b} {end}", &pods).as_deref(), Ok("logs web-1 -o {.a/b} {end}"));
        assert!(fill_in("logs {shop/gone}", &pods).is_err());
    }

    #[test]
    fn every_line_of_the_table_can_be_read_and_stands_there_once() {
        let table = read("testbed/parity.txt").expect("the table is there");
        let mut seen = std::collections::BTreeSet::new();
        for line in lines(&table) {
            assert!(words(in_any_order(line).1).is_ok(), "{line}");
            assert!(seen.insert(line), "twice: {line}");
        }
        for list in [LIVE, SERVED] {
            for line in allowed(list).expect("a tab in every line").keys() {
                assert!(seen.contains(line.as_str()), "{list}: not in the table: {line}");
            }
        }
    }
}
