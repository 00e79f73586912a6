//! The logs of containers, one after another, or side by side where they are followed.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, future};
use kloupe_cluster::cluster::{ANY, escape, with_query};
use kloupe_cluster::{Cluster, Refusal};

use crate::cli::mirror::Stop;
use crate::terminal;

/// How long a server that refuses is left alone before it is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// What is written at once.
const BLOCK: usize = 64 << 10;

/// The log of one container.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) namespace: String,
    pub(super) pod: String,
    /// Empty where the server chooses.
    pub(super) container: String,
}

/// What is asked of the API server.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The switches that are on, as the API names them.
    pub(super) on: Vec<&'static str>,
    pub(super) since: Option<i64>,
    pub(super) since_time: Option<String>,
    pub(super) tail: Option<i64>,
    pub(super) limit: Option<i64>,
}

/// How the logs are shown.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) wanted: Wanted,
    pub(super) follow: bool,
    pub(super) prefix: bool,
    pub(super) ignore_errors: bool,
}

impl Stream {
    pub(super) fn path(&self, wanted: &Wanted) -> String {
        let mut query = Vec::new();
        let mut add =
            |key: &str, value: Option<String>| query.extend(value.map(|value| format!("{key}={}", escape(&value))));
        add("container", Some(self.container.clone()).filter(|name| !name.is_empty()));
        for switch in &wanted.on {
            add(switch, Some("true".into()));
        }
        add("sinceSeconds", wanted.since.map(|it| it.to_string()));
        add("sinceTime", wanted.since_time.clone());
        add("tailLines", wanted.tail.map(|it| it.to_string()));
        add("limitBytes", wanted.limit.map(|it| it.to_string()));
        let path = format!("/api/v1/namespaces/{}/pods/{}/log", self.namespace, escape(&self.pod));
        with_query(&path, &query.join("&"))
    }

    fn prefix(&self, options: &Options) -> Option<String> {
        options.prefix.then(|| format!("[pod/{}/{}] ", self.pod, self.container))
    }
}

/// Shows the streams. The first that fails ends it, unless errors are to be ignored.
pub(super) async fn show(
    cluster: &Cluster,
    streams: &[Stream],
    options: &Options,
    patience: Duration,
) -> Result<(), Stop> {
    if options.follow {
        let followed = streams.iter().map(|stream| follow(cluster, stream, options, patience, streams.len() > 1));
        return future::try_join_all(followed).await.map(drop);
    }
    for stream in streams {
        if let Err(failed) = one(cluster, stream, options, false).await {
            failed.report(options)?;
        }
    }
    Ok(())
}

/// Why a stream ended early.
enum Failed {
    Refused(Refusal),
    Broken(String),
    /// Nobody reads any more.
    Unread,
}

impl Failed {
    fn report(self, options: &Options) -> Result<(), Stop> {
        let (line, bare) = match self {
            Failed::Unread => return Err(Stop(String::new())),
            Failed::Refused(refusal) => (refusal.to_string(), refusal.message()),
            Failed::Broken(why) => (format!("error: {why}"), why),
        };
        if !options.ignore_errors {
            return Err(Stop(line));
        }
        // Among the logs, as kubectl has it.
        drop(terminal::write(format!("error: {bare}\n").as_bytes()));
        Ok(())
    }
}

async fn follow(
    cluster: &Cluster,
    stream: &Stream,
    options: &Options,
    patience: Duration,
    shared: bool,
) -> Result<(), Stop> {
    let until = Instant::now() + patience;
    loop {
        match one(cluster, stream, options, shared).await {
            Err(Failed::Refused(refusal)) if !options.ignore_errors => {
                terminal::remark(&refusal.message());
                if !matches!(refusal, Refusal::Status { .. }) {
                    return Err(refusal.into());
                }
                if Instant::now() + AGAIN > until {
                    return Err(Stop("error: context deadline exceeded".into()));
                }
                tokio::time::sleep(AGAIN).await;
            }
            Err(failed) => return failed.report(options),
            Ok(()) => return Ok(()),
        }
    }
}

async fn one(cluster: &Cluster, stream: &Stream, options: &Options, shared: bool) -> Result<(), Failed> {
    let reader = cluster.stream(&stream.path(&options.wanted), ANY).await.map_err(Failed::Refused)?;
    let reader = pin!(reader);
    match stream.prefix(options) {
        None if !shared => copy(reader).await,
        prefix => lines(reader, prefix.as_deref().unwrap_or_default()).await,
    }
}

async fn copy(mut reader: impl AsyncBufRead + Unpin) -> Result<(), Failed> {
    let mut block = vec![0; BLOCK];
    loop {
        match reader.read(&mut block).await {
            Ok(0) => return Ok(()),
            Ok(read) => terminal::write(&block[..read]).map_err(|_| Failed::Unread)?,
            Err(error) => return Err(Failed::Broken(error.to_string())),
        }
    }
}

/// Whole lines, so that two streams never mix within one.
async fn lines(mut reader: impl AsyncBufRead + Unpin, prefix: &str) -> Result<(), Failed> {
    let mut line = Vec::new();
    loop {
        line.clear();
        line.extend_from_slice(prefix.as_bytes());
        match reader.read_until(b'\n', &mut line).await {
            Ok(0) => return Ok(()),
            Ok(_) => terminal::write(&line).map_err(|_| Failed::Unread)?,
            Err(error) => return Err(Failed::Broken(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_says_what_is_wanted_and_nothing_else() {
        let stream = Stream { namespace: "shop".into(), pod: "web-0".into(), container: "app".into() };
        assert_eq!(stream.path(&Wanted::default()), "/api/v1/namespaces/shop/pods/web-0/log?container=app");
        let wanted = Wanted {
            on: vec!["previous"],
            tail: Some(0),
            since_time: Some("2026-01-01T00:00:00+02:00".into()),
            ..Wanted::default()
        };
        assert_eq!(
            stream.path(&wanted),
            "/api/v1/namespaces/shop/pods/web-0/log?container=app&previous=true&sinceTime=2026-01-01T00%3A00%3A00%2B02%3A00&tailLines=0"
        );
    }
}
