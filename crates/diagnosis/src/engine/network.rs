//! Who a failing network call went to: the same "connection refused" speaks for another cause by its target.

use std::collections::BTreeSet;

/// The target of a network call, worked out from its text and from what stands around it.
pub(crate) fn target(text: &str, outer: &BTreeSet<&'static str>, reason: &str) -> &'static str {
    let around = |prefixes: &[&str]| outer.iter().any(|id| prefixes.iter().any(|prefix| id.starts_with(prefix)));
    if around(&["cv-"]) || text.contains("conversion webhook for") {
        return "conversion";
    }
    if around(&["wh-"]) || text.contains("failed calling webhook") || text.contains("failed to call webhook") {
        return "webhook";
    }
    let pulling = text.contains("pull image")
        || text.contains("pulling image")
        || text.contains("container registry")
        || text.contains("failed to resolve reference");
    if pulling || matches!(reason, "ErrImagePull" | "ImagePullBackOff") {
        return "registry";
    }
    if let Some((host, path)) = last_url(text) {
        return of_host(host, Some(path));
    }
    if let Some(host) = word_after(text, "lookup ")
        .or_else(|| word_after(text, "dial tcp "))
        .or_else(|| word_after(text, "read tcp ").map(|both| both.rsplit("->").next().unwrap_or(both)))
    {
        return of_host(host.trim_end_matches(':'), None);
    }
    if around(&["cg-", "le-", "disc-", "rest-", "kr-", "cr-lazy", "map-", "ev-"]) {
        return "api";
    }
    "unknown"
}

/// Host and path of the last URL in the text: errors nest, and the innermost call is the one that failed.
fn last_url(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind("http://").map(|at| at + 7).max(text.rfind("https://").map(|at| at + 8))?;
    let url = &text[at..];
    let url = &url[..url.find(['"', '\'', ' ', ')', '>']).unwrap_or(url.len())];
    let (host, path) = url.split_at(url.find('/').unwrap_or(url.len()));
    (!host.is_empty()).then_some((host, path))
}

fn word_after<'t>(text: &'t str, before: &str) -> Option<&'t str> {
    let at = text.rfind(before)? + before.len();
    let word = &text[at..];
    Some(&word[..word.find(char::is_whitespace).unwrap_or(word.len())]).filter(|word| !word.is_empty())
}

fn of_host(host: &str, path: Option<&str>) -> &'static str {
    let (name, port) = split_port(host);
    if matches!(name, "localhost" | "127.0.0.1" | "::1") {
        return "localhost";
    }
    let api_path = path.is_some_and(|path| {
        ["/api/", "/apis/", "/api?", "/apis?", "/version", "/openapi/"].iter().any(|start| path.starts_with(start))
            || path == "/api"
            || path == "/apis"
    });
    if api_path || name.starts_with("kubernetes.default") || name == "kubernetes" {
        return "api";
    }
    if is_private(name) {
        let api_port = matches!(port, Some("443" | "6443" | "8443"));
        return if path.is_none_or(str::is_empty) && api_port { "api" } else { "service" };
    }
    if name.rsplit('.').next() == Some("svc")
        || name.contains(".svc.")
        || name.ends_with(".cluster.local")
        || !name.contains('.')
    {
        return "service";
    }
    "external"
}

fn split_port(host: &str) -> (&str, Option<&str>) {
    if let Some(inner) = host.strip_prefix('[') {
        let (name, rest) = inner.split_once(']').unwrap_or((inner, ""));
        return (name, rest.strip_prefix(':'));
    }
    match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') => (name, Some(port)),
        _ => (host, None),
    }
}

/// RFC 1918, carrier-grade NAT, link-local and unique local addresses.
fn is_private(name: &str) -> bool {
    if let Ok(address) = name.parse::<std::net::Ipv4Addr>() {
        let [a, b, ..] = address.octets();
        return address.is_private() || address.is_link_local() || a == 100 && (64..128).contains(&b);
    }
    name.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.segments()[0] & 0xfe00 == 0xfc00)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> &'static str {
        target(text, &BTreeSet::new(), "")
    }

    #[test]
    fn the_target_decides_who_failed() {
        for (text, expected) in [
            (
                r#"Get "https://10.0.0.1:443/apis/example.com/v1/widgets": dial tcp 10.0.0.1:443: connect: connection refused"#,
                "api",
            ),
            ("dial tcp 10.96.0.1:443: i/o timeout", "api"),
            (r#"Get "https://api.example.org/v1/zones": dial tcp: lookup api.example.org: no such host"#, "external"),
            (r#"Post "http://store.team-a.svc:8080/x": EOF"#, "service"),
            ("dial tcp 10.1.2.3:5432: connect: connection refused", "service"),
            (
                r#"failed calling webhook "w.example.com": failed to call webhook: Post "https://w.team-a.svc:443/v": EOF"#,
                "webhook",
            ),
            (r#"Get "http://localhost:8080/api": dial tcp 127.0.0.1:8080: connect: connection refused"#, "localhost"),
            ("nothing of the kind", "unknown"),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
