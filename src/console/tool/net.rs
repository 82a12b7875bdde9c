//! curl, wget: requests the way a client makes them.

mod curl;
mod tls;
mod wget;
mod write_out;

use crate::console::tool::{Ctx, Decl, Style, flag, value};
use crate::sim::effect::Effect;
pub(super) use tls::{View, view};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "curl",
        synopsis: "[-IisSLvfkGO] [-X METHOD] [-H HEADER] [-d DATA] [-o FILE] [-w FORMAT] [-m SECONDS] [--connect-timeout SECONDS] [--resolve HOST:PORT:ADDRESS] URL...",
        about: "transfer a URL",
        opts: &[
            flag("I", "head", "fetch the headers only"),
            flag("i", "include", "include the response headers in the output"),
            flag("s", "silent", "silent mode"),
            flag("S", "show-error", "show error even when -s is used"),
            flag("L", "location", "follow redirects"),
            flag("v", "verbose", "make the operation more talkative"),
            flag("f", "fail", "fail with no output on HTTP errors"),
            flag("k", "insecure", "do not check the certificate of the server"),
            flag("G", "get", "put the data into the URL"),
            flag("O", "remote-name", "write to a file of the name in the URL"),
            flag("4", "ipv4", "IPv4, as always here"),
            flag("", "compressed", "accepted; answers come as they are"),
            flag("", "http1.1", "HTTP/1.1"),
            flag("", "http2", "HTTP/2"),
            flag("", "fail-with-body", "fail on HTTP errors, with output"),
            value("o", "output", "FILE", "write to FILE instead of stdout"),
            value("D", "dump-header", "FILE", "write the headers to FILE (`-` is stdout)"),
            value(
                "w",
                "write-out",
                "FORMAT",
                "print FORMAT after completion: %{http_code} %{time_total} %{time_connect} %{size_download} %{remote_ip} %{redirect_url} %{url_effective} %{num_redirects} %{content_type} %{errormsg} and others; `@-` reads it",
            ),
            value("m", "max-time", "SECONDS", "maximum time allowed"),
            value("", "connect-timeout", "SECONDS", "maximum time for the connection"),
            value("", "max-redirs", "N", "redirects that are followed at most (50)"),
            value("", "retry", "N", "try again on errors that may pass"),
            value("", "retry-delay", "SECONDS", "seconds between tries"),
            value("", "resolve", "HOST:PORT:ADDRESS", "use this address for a name"),
            value("X", "request", "METHOD", "request method; servers here know GET and HEAD"),
            value("H", "header", "LINE", "a header of the request; `Host: NAME` chooses the site"),
            value("d", "data", "DATA", "data of a POST"),
            value("u", "user", "NAME:PASSWORD", "credentials, which no server here asks for"),
            value("e", "referer", "URL", "the page that led here"),
            value("A", "user-agent", "NAME", "name of the client"),
        ],
        style: Style::Curl,
        missing: &[
            "Methods that change something: a server here answers POST, PUT, PATCH and DELETE with 405.",
            "Cookies, forms, uploads, proxies, protocols other than http and https.",
        ],
        examples: &[
            ("curl -s https://registry.example/", "ok\n"),
            (
                "curl -I https://registry.example/api/v1/crates/serde/download",
                "HTTP/2 302\ncontent-length: 0\nserver: nginx\ndate: Thu, 20 Jul 2023 12:18:00 GMT\nlocation: https://static.registry.examplecrates/serde\n\n",
            ),
            (
                "curl -sSL https://registry.example/api/v1/crates/serde/download",
                "curl: (6) Could not resolve host: static.registry.examplecrates\n",
            ),
            ("curl -s -o /dev/null -w '%{http_code}\\n' https://registry.example/", "200\n"),
            (
                "curl http://web-01/",
                "curl: (7) Failed to connect to web-01 port 80 after 2 ms: Couldn't connect to server\n",
            ),
        ],
        step: curl::curl,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "wget",
        synopsis: "[-q] [-S] [-O FILE] [--spider] [-T SECONDS] [-t TRIES] [--no-check-certificate] URL...",
        about: "the non-interactive network downloader",
        opts: &[
            flag("q", "quiet", "print nothing"),
            flag("S", "server-response", "print the headers of the answer"),
            flag("", "spider", "look whether it is there, fetch nothing"),
            flag("", "no-check-certificate", "do not check the certificate of the server"),
            flag("", "no-verbose", "print little"),
            value("O", "output-document", "FILE", "write to FILE (`-` is stdout)"),
            value("T", "timeout", "SECONDS", "maximum time allowed"),
            value("t", "tries", "N", "accepted; an error is told at once"),
        ],
        missing: &["Recursion, retries, and methods other than GET and HEAD."],
        examples: &[("wget -qO- https://registry.example/", "ok\n"), ("wget -q http://nowhere/; echo $?", "4\n")],
        step: wget::wget,
        misuse: 2,
        ..Decl::BLANK
    },
];

pub(super) fn version(url: &str) -> &'static str {
    if url.starts_with("https") { "HTTP/2" } else { "HTTP/1.1" }
}

pub(super) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

/// What stands behind the version in a status line: HTTP/2 has no words.
pub(super) fn status_line(version: &str, status: u16) -> String {
    if version == "HTTP/2" { status.to_string() } else { format!("{status} {}", reason(status)).trim_end().to_owned() }
}

/// Host and port of a URL, and what follows them.
pub(super) fn split(url: &str) -> (String, u16, String) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(cut).unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host);
    let usual = if scheme == "https" { 443 } else { 80 };
    let (host, port) = match host.rsplit_once(':') {
        Some((h, p)) => (h, p.parse().unwrap_or(usual)),
        None => (host, usual),
    };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (host.to_owned(), port, path)
}

/// Writes what was fetched to a file, as the caller; the error is the kernel's.
pub(super) fn save(c: &mut Ctx<'_>, name: &str, text: &str) -> Result<(), String> {
    let path = c.full(name);
    if path == "/dev/null" {
        return Ok(());
    }
    let (host, owner) = (c.on(), c.p.user.clone());
    let target = format!("{host}:{path}");
    let effect = Effect::Write { host, path, text: text.to_owned(), append: false, owner };
    c.apply(&effect, "write", &target)?;
    let sources = c.p.sources.clone();
    c.con.marks.insert(target, sources);
    Ok(())
}
