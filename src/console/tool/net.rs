//! curl and ping: requests the way a client makes them.

use crate::console::host::{HttpError, HttpFailure, HttpReply, HttpRequest, NameKind};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "curl",
        synopsis: "[-IisSLvf] [-o FILE] [-w FORMAT] [-m SECONDS] URL...",
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
            value("o", "output", "FILE", "write to FILE instead of stdout (only /dev/null is available here)"),
            value(
                "w",
                "write-out",
                "FORMAT",
                "print FORMAT after completion: %{http_code} %{redirect_url} %{time_total} %{url_effective} %{num_redirects}",
            ),
            value("m", "max-time", "SECONDS", "maximum time allowed"),
            value("X", "request", "METHOD", "request method: GET or HEAD"),
            value("A", "user-agent", "NAME", "accepted; the simulated servers do not look at it"),
        ],
        subs: &[],
        operand: Operand::Free,
        style: Style::Curl,
        examples: &[
            ("curl -s https://registry.example/", "ok\n"),
            (
                "curl -I https://registry.example/api/v1/crates/serde/1.0.171/download",
                "HTTP/2 302\ncontent-length: 0\nserver: nginx\ndate: Thu, 20 Jul 2023 12:18:00 GMT\nlocation: https://static.registry.examplecrates/serde/serde-1.0.171.crate\n\n",
            ),
            (
                "curl -sSL https://registry.example/api/v1/crates/serde/1.0.171/download",
                "curl: (6) Could not resolve host: static.registry.examplecrates\n",
            ),
            ("curl -s -o /dev/null -w '%{http_code}\\n' https://registry.example/", "200\n"),
            ("curl http://web-01/", "curl: (7) Failed to connect to web-01 port 80: Connection refused\n"),
        ],
        step: curl,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "ping",
        synopsis: "[-c COUNT] HOST",
        about: "send ICMP ECHO_REQUEST to network hosts",
        opts: &[
            value("c", "", "COUNT", "stop after COUNT replies"),
            value("W", "", "SECONDS", "accepted; replies take at most a second here"),
        ],
        subs: &[],
        operand: Operand::Name(NameKind::Host),
        style: Style::Gnu,
        examples: &[("ping -c 1 nowhere", "ping: nowhere: Name or service not known\n")],
        step: ping,
        misuse: 2,
        ..Decl::BLANK
    },
];

fn curl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if c.tool.phase == 1 {
        // The connection took its time; what came is printed now.
        if c.asleep() {
            return Step::Wait;
        }
        // After what was printed on the way there.
        let error = std::mem::take(&mut c.tool.text);
        c.p.err.push_str(&error);
        return Step::Exit(c.tool.status);
    }
    if a.rest.is_empty() {
        c.p.err.push_str("curl: no URL specified!\ncurl: try 'curl --help' or 'curl --manual' for more information\n");
        return Step::Exit(2);
    }
    if a.get("o").is_some_and(|o| o != "/dev/null") {
        c.p.err.push_str("curl: (23) only -o /dev/null is available here; use > FILE\n");
        return Step::Exit(23);
    }
    let method = match a.get("X") {
        None if a.has("I") => "HEAD",
        None | Some("GET") => "GET",
        Some("HEAD") => "HEAD",
        Some(m) => {
            c.p.err.push_str(&format!("curl: ({m}) only GET and HEAD are available here\n"));
            return Step::Exit(2);
        }
    };
    let mut ms = 0;
    for url in &a.rest {
        let url = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        ms += one(c, &url, method);
    }
    c.tool.phase = 1;
    c.sleep_ms(ms);
    Step::More
}

/// One transfer; returns the milliseconds it took.
fn one(c: &mut Ctx<'_>, url: &str, method: &str) -> u64 {
    let a = c.args.clone();
    let on = c.on();
    let (mut url, mut hop, mut total) = (url.to_owned(), 0u32, 0u64);
    let mut code = 0;
    let mut redirect = String::new();
    loop {
        let scheme = url.split("://").next().unwrap_or_default().to_owned();
        if scheme != "http" && scheme != "https" {
            fail(c, 1, &format!("Protocol \"{scheme}\" not supported"));
            break;
        }
        let insecure = a.has("k");
        let request = HttpRequest { method: method.to_owned(), url: url.clone(), hop, insecure };
        let name = url.split("://").nth(1).and_then(|r| r.split('/').next()).unwrap_or_default().to_owned();
        match c.host.http(&on, &request) {
            Err(HttpError { failure, source }) => {
                c.p.sources.insert(source);
                let (status, text, ms) = match failure {
                    HttpFailure::Resolve(n) => (6, format!("Could not resolve host: {n}"), 20),
                    HttpFailure::Refused(n, port) => {
                        (7, format!("Failed to connect to {n} port {port}: Connection refused"), 2)
                    }
                    HttpFailure::Certificate(why) => (60, why, 30),
                    HttpFailure::Silent(n, port, ms) => {
                        let limit = a.get("m").and_then(crate::console::tool::meta::millis).unwrap_or(u64::MAX);
                        if limit < ms {
                            (28, format!("Connection timed out after {limit} milliseconds"), limit)
                        } else {
                            (
                                28,
                                format!(
                                    "Failed to connect to {n} port {port} after {ms} ms: Couldn't connect to server"
                                ),
                                ms,
                            )
                        }
                    }
                    HttpFailure::TimedOut(ms) => {
                        let limit = a.get("m").and_then(crate::console::tool::meta::millis).unwrap_or(u64::MAX);
                        let ms = ms.min(limit);
                        (28, format!("Operation timed out after {ms} milliseconds with 0 bytes received"), ms)
                    }
                };
                code = 0;
                total += ms;
                if a.has("v") {
                    c.p.err.push_str(&format!("* {text}\n* Closing connection\n"));
                }
                fail(c, status, &text);
                break;
            }
            Ok(reply) => {
                c.p.sources.insert(reply.source.clone());
                total += reply.ms;
                code = reply.status;
                redirect =
                    reply.headers.iter().find(|(n, _)| n == "location").map(|(_, v)| v.clone()).unwrap_or_default();
                if a.has("v") {
                    verbose(c, &request, &name, &reply);
                }
                let body = a.get("o").is_none();
                if (a.has("I") || a.has("i")) && body {
                    c.line(&format!("{} {}", version(&url), status_line(&url, reply.status)));
                    for (n, v) in &reply.headers {
                        c.line(&format!("{n}: {v}"));
                    }
                    c.line("");
                }
                let follow = a.has("L") && (300..400).contains(&reply.status) && !redirect.is_empty();
                if follow && hop >= 20 {
                    fail(c, 47, "Maximum (50) redirects followed");
                    break;
                }
                if follow {
                    url = if redirect.starts_with('/') {
                        format!("{scheme}://{name}{redirect}")
                    } else {
                        redirect.clone()
                    };
                    redirect.clear();
                    hop += 1;
                    continue;
                }
                if a.has("f") && reply.status >= 400 {
                    fail(c, 22, &format!("The requested URL returned error: {}", reply.status));
                } else if body && method != "HEAD" {
                    c.print(&reply.body);
                }
                break;
            }
        }
    }
    if let Some(format) = a.get("w") {
        let text = format
            .replace("%{http_code}", &format!("{code:03}"))
            .replace("%{response_code}", &format!("{code:03}"))
            .replace("%{redirect_url}", &redirect)
            .replace("%{url_effective}", &url)
            .replace("%{num_redirects}", &hop.to_string())
            .replace("%{time_total}", &format!("{}.{:06}", total / 1000, total % 1000 * 1000))
            .replace("\\n", "\n")
            .replace("\\t", "\t");
        c.print(&text);
    }
    total
}

fn version(url: &str) -> &'static str {
    if url.starts_with("https") { "HTTP/2" } else { "HTTP/1.1" }
}

fn status_line(url: &str, status: u16) -> String {
    if url.starts_with("https") {
        return status.to_string();
    }
    let word = match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        401 => "Unauthorized",
        403 => "Forbidden",
        429 => "Too Many Requests",
        404 => "Not Found",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    };
    format!("{status} {word}").trim_end().to_owned()
}

fn fail(c: &mut Ctx<'_>, status: i32, text: &str) {
    c.tool.status = status;
    if !c.args.has("s") || c.args.has("S") {
        c.tool.text.push_str(&format!("curl: ({status}) {text}\n"));
    }
}

fn verbose(c: &mut Ctx<'_>, request: &HttpRequest, name: &str, reply: &HttpReply) {
    let address = c.host.lookup(&c.p.host, name).into_iter().next().unwrap_or_default();
    let path =
        request.url.split("://").nth(1).and_then(|r| r.split_once('/')).map_or(String::new(), |(_, p)| p.to_owned());
    let v = version(&request.url);
    let mut text = format!("*   Trying {address}...\n* Connected to {name} ({address})\n");
    text.push_str(&format!(
        "> {} /{path} {v}\n> Host: {name}\n> User-Agent: curl/7.88.1\n> Accept: */*\n>\n",
        request.method
    ));
    text.push_str(&format!("< {v} {}\n", status_line(&request.url, reply.status)));
    for (n, value) in &reply.headers {
        text.push_str(&format!("< {n}: {value}\n"));
    }
    text.push_str("<\n");
    c.p.err.push_str(&text);
}

fn ping(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("ping: usage error: Destination address required\n");
        return Step::Exit(1);
    };
    let limit = match c.args.get("c").map(str::parse::<u64>) {
        None => u64::MAX,
        Some(Ok(n)) if n > 0 => n,
        Some(_) => {
            c.error("invalid argument: out of range");
            return Step::Exit(1);
        }
    };
    if c.asleep() {
        return Step::Wait;
    }
    let Some(pong) = c.host.ping(&c.p.host, &name) else {
        c.error(&format!("{name}: Name or service not known"));
        return Step::Exit(2);
    };
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        c.line(&format!("PING {name} ({}) 56(84) bytes of data.", pong.address));
    }
    if c.tool.n >= limit {
        let lost = (c.tool.n - c.tool.m.min(c.tool.n)) * 100 / c.tool.n.max(1);
        let (n, m) = (c.tool.n, c.tool.m);
        c.line("");
        c.line(&format!("--- {name} ping statistics ---"));
        c.line(&format!(
            "{n} packets transmitted, {m} received, {lost}% packet loss, time {}ms",
            n.saturating_sub(1) * 1000
        ));
        return Step::Exit(i32::from(m == 0));
    }
    let service = c.host.service_of(&name);
    c.see(ObservedKind::Host, name, service);
    c.tool.n += 1;
    if let Some(us) = pong.rtt_us {
        c.tool.m += 1;
        let n = c.tool.n;
        c.line(&format!("64 bytes from {}: icmp_seq={n} ttl=64 time={}.{:03} ms", pong.address, us / 1000, us % 1000));
    }
    if c.tool.n < limit {
        c.sleep_ms(1000);
    }
    Step::More
}
