//! The client's own figures about its requests: waits in its rate limiter, answers 429.

use kloupe_model::{Strength, say};

use super::queue_metrics::{line, pages, signal, sum};
use super::{Check, Scene};
use crate::engine::Signal;

pub(crate) const CHECK: Check = Check { id: "request-metrics", run };

/// The mean wait for the client's rate limiter above which it delays the work; client-go itself logs from 1 s on.
const SLOW_WAIT: f64 = 1.0;
/// Share of requests refused with 429, and how many there must be at least (proposals).
const REFUSED_SHARE: f64 = 0.01;
const REFUSED_LEAST: f64 = 10.0;
/// The same since the program started: the client tries again by itself, so few are seen before a request is too late.
const REFUSED_EVER_SHARE: f64 = 0.02;
const REFUSED_EVER_LEAST: f64 = 3.0;

fn run(scene: &Scene<'_>) -> Vec<Signal> {
    let lang = scene.world.lang;
    let mut signals = Vec::new();
    for pair in pages(scene) {
        let rise = |name: &str, labels: &[(&str, &str)]| {
            sum(pair.last, name, labels) - pair.first.map_or(0.0, |first| sum(first, name, labels))
        };
        let waits = "rest_client_rate_limiter_duration_seconds_sum";
        let requests = rise("rest_client_rate_limiter_duration_seconds_count", &[]);
        let wait = rise(waits, &[]) / requests.max(1.0);
        if requests >= REFUSED_LEAST && wait > SLOW_WAIT {
            let quote = say!(lang, en: "requests wait {wait:.1} s on average for the client's own rate limiter", zh: "请求在客户端自身的限速器上平均等待 {wait:.1} 秒");
            let found =
                signal(pair.last, line(pair.last, waits, &[]), &CHECK, "client-throttled", Strength::Decides, quote);
            signals.push(found.with("duration", format!("{wait:.1} s")));
        }
        let total = "rest_client_requests_total";
        let code = [("code", "429")];
        let refused = rise(total, &code);
        let lately = refused >= REFUSED_LEAST && refused / rise(total, &[]).max(1.0) > REFUSED_SHARE;
        let ever = sum(pair.last, total, &code);
        let often = ever >= REFUSED_EVER_LEAST && ever / sum(pair.last, total, &[]).max(1.0) > REFUSED_EVER_SHARE;
        if lately || often {
            let count = if lately { format!("+{refused:.0}") } else { format!("{ever:.0}") };
            let quote = format!("{total}{{code=\"429\"}} {count}");
            signals.push(signal(
                pair.last,
                line(pair.last, total, &code),
                &CHECK,
                "api-throttled",
                Strength::Supports,
                quote,
            ));
        }
    }
    signals
}
