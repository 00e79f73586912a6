//! One run: sources to facts and logs, logs to digests, and the diagnosis of both. Everything that reads is called here; the engine only
//! sees what was read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{io, thread};

use kloupe_diagnosis::{LogFacts, Question, diagnose, signatures};
use kloupe_logs::{Matcher, Signature, digest};
use kloupe_model::{Gap, Report};
use kloupe_sources::{Archive, LogFile, Source, read};

use crate::error::{Failure, of_io, of_sources, of_target};

/// Reads the sources and answers the question, with a person's own rules beside the built-in signatures.
pub fn answer(sources: &[Source], rules: Vec<&'static Signature>, question: &Question) -> Result<Report, Failure> {
    let lang = question.lang;
    let Archive { mut facts, logs, .. } = read(sources).map_err(|error| of_sources(lang, &error))?;
    let matcher = Matcher::new(signatures().iter().chain(rules));
    let mut digested = Vec::new();
    for (log, result) in logs.iter().zip(digests(&logs, &matcher)) {
        match result {
            Ok(log) => digested.push(log),
            Err(error) => facts.gaps.push(Gap { what: log.file.clone(), why: of_io(lang, &error).into() }),
        }
    }
    diagnose(&facts, &digested, &matcher, question).map_err(|error| of_target(lang, &error))
}

/// What each log says. They are read on all cores; the results come in the order of the files.
fn digests(logs: &[LogFile], matcher: &Matcher) -> Vec<io::Result<LogFacts>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, io::Result<LogFacts>)>> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(log) = logs.get(at) else { break };
            let result = digest_one(log, matcher);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from).min(logs.len().max(1));
    thread::scope(|scope| {
        for _ in 1..cores {
            scope.spawn(work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

fn digest_one(log: &LogFile, matcher: &Matcher) -> io::Result<LogFacts> {
    Ok(LogFacts {
        file: log.file.clone(),
        namespace: log.namespace.clone(),
        pod: log.pod.clone(),
        container: log.container.clone(),
        workload: log.workload.clone(),
        previous: log.previous,
        digest: digest(log.open()?, matcher, log.first_line)?,
    })
}
