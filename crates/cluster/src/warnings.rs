//! Warnings that come with answers (`Warning: 299 - "v1 Endpoints is deprecated"`): the client collects them, whoever prints takes them.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use http::header::WARNING;
use http::{HeaderMap, Request, Response};
use tower::{Layer, Service};

/// The only code that a Kubernetes API server uses.
const MISCELLANEOUS: &str = "299";

/// The agent of a warning by which a capture says that it holds no list of what was asked for.
pub(crate) const NOT_CAPTURED: &str = "not-captured";

/// What was warned of and not taken yet; a clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Warnings(Arc<Mutex<Vec<Warning>>>);

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The path that was asked for.
    pub path: String,
    /// What is warned of.
    pub text: String,
    /// A capture says that it holds no list of this, so that nothing is not none.
    pub not_captured: bool,
}

impl Warnings {
    /// Takes what there is, in the order in which it came.
    pub fn take(&self) -> Vec<Warning> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, path: &str, headers: &HeaderMap) {
        let values = headers.get_all(WARNING).iter().filter_map(|value| value.to_str().ok());
        let parsed = values.flat_map(parse).filter(|(code, _, text)| code == MISCELLANEOUS && !text.is_empty());
        let warnings =
            parsed.map(|(_, agent, text)| Warning { path: path.to_owned(), text, not_captured: agent == NOT_CAPTURED });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(warnings);
    }
}

/// The value of a header.
pub(crate) fn header(agent: &str, text: &str) -> String {
    format!("{MISCELLANEOUS} {agent} \"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Code, agent and text of each warning in a header: `299 - "text", 299 - "more"`.
fn parse(header: &str) -> Vec<(String, String, String)> {
    let mut warnings = Vec::new();
    let mut rest = header.trim_start();
    while let Some((before, quoted)) = rest.split_once('"') {
        let mut words = before.split_whitespace();
        let (Some(code), Some(agent), None) = (words.next(), words.next(), words.next()) else { break };
        let mut text = String::new();
        let mut letters = quoted.char_indices();
        let end = loop {
            match letters.next() {
                Some((_, '\\')) => text.extend(letters.next().map(|(_, letter)| letter)),
                Some((at, '"')) => break Some(at + 1),
                Some((_, letter)) => text.push(letter),
                None => break None,
            }
        };
        let Some(end) = end else { break };
        warnings.push((code.to_owned(), agent.to_owned(), text));
        // A date may follow.
        rest = quoted[end..].split_once(',').map_or("", |(_, more)| more.trim_start());
    }
    warnings
}

impl<S> Layer<S> for Warnings {
    type Service = Listening<S>;

    fn layer(&self, inner: S) -> Listening<S> {
        Listening { inner, warnings: self.clone() }
    }
}

/// A service whose answers' warnings are collected.
#[derive(Clone, Debug)]
pub struct Listening<S> {
    inner: S,
    warnings: Warnings,
}

impl<S, B, R> Service<Request<B>> for Listening<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let warnings = self.warnings.clone();
        let path = request.uri().path().to_owned();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            warnings.note(&path, answer.headers());
            Ok(answer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_hold_several_warnings_with_quotes_and_commas() {
        let one = |code: &str, agent: &str, text: &str| (code.to_owned(), agent.to_owned(), text.to_owned());
        assert_eq!(
            parse(r#"299 - "say \"a, b\"" "Sat, 01 Jan 2026 00:00:00 GMT", 299 x "c""#)[0],
            one("299", "-", "say \"a, b\"")
        );
        assert_eq!(parse(r#"299 - "a", 299 x "b""#), [one("299", "-", "a"), one("299", "x", "b")]);
        assert!(parse("299 -").is_empty());
        assert!(parse(r#"299 - "never closed"#).is_empty());
        let said = header("x", "a \"b\" \\ c");
        assert_eq!(parse(&said), [one("299", "x", "a \"b\" \\ c")]);
    }

    #[test]
    fn only_the_code_of_the_api_server_counts() {
        let warnings = Warnings::default();
        let mut headers = HeaderMap::new();
        headers.append(WARNING, http::HeaderValue::from_static(r#"299 - "old""#));
        headers.append(WARNING, http::HeaderValue::from_static(r#"199 - "other""#));
        warnings.note("/api", &headers);
        let taken = warnings.take();
        assert_eq!(taken, [Warning { path: "/api".into(), text: "old".into(), not_captured: false }]);
        assert!(warnings.take().is_empty());
    }
}
