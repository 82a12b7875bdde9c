//! curl.

use super::write_out::{Outcome, write_out};
use super::{View, save, split, status_line, version, view};
use crate::console::host::{HttpError, HttpFailure, HttpReply, HttpRequest};
use crate::console::process::Fd;
use crate::console::tool::meta::millis;
use crate::console::tool::{Ctx, Step};
use crate::sim::distro::Distro;

/// Answer of a server to a method that it does not know.
const NOT_ALLOWED: u16 = 405;

pub(super) fn curl(c: &mut Ctx<'_>) -> Step {
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
    for key in ["m", "connect-timeout", "retry-delay", "retry", "max-redirs"] {
        if let Some(t) = a.get(key)
            && !t.parse::<f64>().is_ok_and(|n| n >= 0.0)
        {
            let name = if key == "m" { "-m" } else { &format!("--{key}") };
            c.p.err.push_str(&format!("curl: option {name}: expected a proper numerical parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n"));
            return Step::Exit(2);
        }
    }
    let method = match (a.get("X"), a.has("I"), a.get("d").is_some() && !a.has("G")) {
        (Some(m), ..) => m.to_owned(),
        (None, true, _) => "HEAD".to_owned(),
        (None, _, true) => "POST".to_owned(),
        _ => "GET".to_owned(),
    };
    let mut ms = 0u64;
    for url in &a.rest {
        let mut url = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        if let (true, Some(d)) = (a.has("G"), a.get("d")) {
            url = format!("{url}{}{d}", if url.contains('?') { "&" } else { "?" });
        }
        let tries: u32 = a.get("retry").and_then(|n| n.parse().ok()).unwrap_or(0).min(20);
        let mut again = 0;
        loop {
            let before = c.tool.text.len();
            let (took, passes) = one(c, &url, &method);
            ms = ms.saturating_add(took);
            if !passes || again >= tries {
                break;
            }
            again += 1;
            let wait = a.get("retry-delay").and_then(millis).unwrap_or(1_000 << again.min(9));
            c.tool.text.truncate(before);
            if !a.has("s") {
                c.p.err.push_str(&format!(
                    "Warning: Problem: transient error. Will retry in {} seconds. {} retries left.\n",
                    wait / 1_000,
                    tries - again + 1
                ));
            }
            c.tool.status = 0;
            ms = ms.saturating_add(wait);
        }
    }
    c.tool.phase = 1;
    c.sleep_ms(ms);
    Step::More
}

/// The URL that is really asked for: `--resolve` and `-H Host:` lead elsewhere than the name.
fn asked(c: &Ctx<'_>, url: &str) -> String {
    let (host, port, _) = split(url);
    let a = &c.args;
    let to = a.flags.iter().filter(|(k, _)| k == "resolve").find_map(|(_, v)| {
        let (left, address) = v.rsplit_once(':')?;
        (left == format!("{host}:{port}")).then_some(address)
    });
    match to {
        // The address decides who answers; the name stays what is asked for if it leads to the same address.
        Some(address) if !c.host.lookup(&c.p.host, &host).iter().any(|x| x == address) => {
            url.replacen(&host, address, 1)
        }
        _ => url.to_owned(),
    }
}

/// One transfer; returns the milliseconds it took, and whether another try could end otherwise.
fn one(c: &mut Ctx<'_>, url: &str, method: &str) -> (u64, bool) {
    let a = c.args.clone();
    let on = c.on();
    let mut o = Outcome { url: url.to_owned(), method: method.to_owned(), ..Outcome::default() };
    let mut passes = false;
    let limit = |key: &str| a.get(key).and_then(millis).filter(|ms| *ms > 0);
    let (most, connect) = (limit("m").unwrap_or(u64::MAX), limit("connect-timeout").unwrap_or(u64::MAX));
    let redirects: u32 = a.get("max-redirs").and_then(|n| n.parse().ok()).unwrap_or(50);
    let quiet_body = a.get("o").is_some() || a.has("O");
    let mut body = String::new();
    let mut headers = String::new();
    loop {
        let scheme = o.url.split("://").next().unwrap_or_default().to_owned();
        if scheme != "http" && scheme != "https" {
            fail(c, &mut o, 1, &format!("Protocol \"{scheme}\" not supported or disabled in libcurl"));
            break;
        }
        let (name, port, _) = split(&o.url);
        let real = asked(c, &o.url);
        let probe = if method == "HEAD" { "HEAD" } else { "GET" };
        let request = HttpRequest { method: probe.to_owned(), url: real, hop: o.redirects, insecure: a.has("k") };
        o.port = port;
        o.ip = c.host.lookup(&on, &name).into_iter().next().unwrap_or_default();
        if a.has("v") && !o.ip.is_empty() {
            c.p.err.push_str(&format!("*   Trying {}:{port}...\n", o.ip));
        }
        match c.host.http(&on, &request) {
            Err(HttpError { failure, source }) => {
                c.p.sources.insert(source);
                passes = !matches!(failure, HttpFailure::Certificate(_));
                let left = most.saturating_sub(o.ms);
                let (status, text, ms) = failed(failure, left, connect);
                o.status = 0;
                o.ms = o.ms.saturating_add(ms);
                if a.has("v") {
                    c.p.err.push_str(&format!("* {text}\n* Closing connection 0\n"));
                }
                fail(c, &mut o, status, &text);
                break;
            }
            Ok(mut reply) => {
                c.p.sources.insert(reply.source.clone());
                if !matches!(method, "GET" | "HEAD" | "OPTIONS") && reply.status < 400 {
                    reply.status = NOT_ALLOWED;
                    reply.headers.retain(|(n, _)| n != "location" && n != "content-length");
                    reply.headers.push(("allow".to_owned(), "GET, HEAD".to_owned()));
                    reply.body = "Method Not Allowed\n".to_owned();
                }
                if o.ms.saturating_add(reply.ms) > most {
                    let text = format!("Operation timed out after {most} milliseconds with 0 bytes received");
                    o.ms = most;
                    passes = true;
                    fail(c, &mut o, 28, &text);
                    break;
                }
                o.ms = o.ms.saturating_add(reply.ms);
                o.status = reply.status;
                o.tls = if scheme == "https" { view(c, &name) } else { None };
                let find = |n: &str| reply.headers.iter().find(|(k, _)| k == n).map(|(_, v)| v.clone());
                o.redirect = find("location").unwrap_or_default();
                o.content = find("content-type").unwrap_or_default();
                let v = if a.has("http1.1") { "HTTP/1.1" } else { version(&o.url) };
                if a.has("v") {
                    verbose(c, &o, &name, v, &reply);
                }
                headers = format!("{v} {}\n", status_line(v, reply.status));
                for (n, value) in &reply.headers {
                    headers.push_str(&format!("{n}: {value}\n"));
                }
                headers.push('\n');
                o.header_bytes += headers.len() as u64 + reply.headers.len() as u64 + 2;
                if a.has("I") || a.has("i") {
                    body.push_str(&headers);
                }
                let follow = a.has("L") && (300..400).contains(&reply.status) && !o.redirect.is_empty();
                if follow && o.redirects >= redirects {
                    fail(c, &mut o, 47, &format!("Maximum ({redirects}) redirects followed"));
                    break;
                }
                // A way that leads in circles takes its time too.
                if follow {
                    o.url = if o.redirect.starts_with('/') {
                        format!("{scheme}://{name}{}", o.redirect)
                    } else {
                        o.redirect.clone()
                    };
                    o.redirect.clear();
                    o.redirects += 1;
                    continue;
                }
                passes = matches!(reply.status, 408 | 429 | 500 | 502 | 503 | 504);
                if reply.status >= 400 && (a.has("f") || a.has("fail-with-body")) {
                    if a.has("fail-with-body") {
                        body.push_str(&reply.body);
                    }
                    fail(c, &mut o, 22, &format!("The requested URL returned error: {}", reply.status));
                } else if method != "HEAD" {
                    o.bytes = reply.body.len() as u64;
                    body.push_str(&reply.body);
                }
                break;
            }
        }
    }
    deliver(c, &mut o, &body, &headers, quiet_body);
    if let Some(format) = a.get("w") {
        let text = write_out(c, format, &o);
        c.print(&text);
    }
    (o.ms, passes)
}

/// Puts what came where it belongs: to the screen or a file, with the progress meter that a silent one does not have.
fn deliver(c: &mut Ctx<'_>, o: &mut Outcome, body: &str, headers: &str, to_file: bool) {
    let a = c.args.clone();
    if let Some(name) = a.get("D") {
        match name {
            "-" => c.print(headers),
            name => {
                if let Err(why) = save(c, name, headers) {
                    fail(c, o, 23, &format!("Failed to open {name}: {why}"));
                }
            }
        }
    }
    let piped = c.p.fds.get(1) != Some(&Fd::Term);
    if (to_file || piped) && !a.has("s") && !a.has("v") && a.get("w").is_none() {
        let n = body.len();
        let rate = (n as u64).saturating_mul(1_000) / o.ms.max(1);
        let got = if n > 0 { 100 } else { 0 };
        c.p.err.push_str(&format!(
            "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n{got:>3} {n:>5}  {got:>3} {n:>5}    0     0  {rate:>5}      0 --:--:-- --:--:-- --:--:-- {rate:>5}\n"
        ));
    }
    let name = if a.has("O") {
        let (_, _, path) = split(&o.url);
        let name = path.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        if name.is_empty() {
            fail(c, o, 23, "Remote file name has no length");
            return;
        }
        Some(name)
    } else {
        a.get("o").filter(|n| *n != "-").map(str::to_owned)
    };
    match name {
        Some(_) if o.exit != 0 => {}
        Some(name) => {
            if let Err(why) = save(c, &name, body) {
                c.p.err.push_str(&format!("Warning: Failed to open the file {name}: {why}\n"));
                fail(c, o, 23, "Failure writing output to destination");
            }
        }
        None => c.print(body),
    }
}

/// Exit status, message and milliseconds of a transfer that failed.
fn failed(failure: HttpFailure, most: u64, connect: u64) -> (i32, String, u64) {
    match failure {
        HttpFailure::Resolve(n) => (6, format!("Could not resolve host: {n}"), 20),
        HttpFailure::Refused(n, port) => {
            (7, format!("Failed to connect to {n} port {port} after 2 ms: Couldn't connect to server"), 2)
        }
        HttpFailure::Certificate(why) => (60, why, 30),
        HttpFailure::Silent(n, port, ms) => {
            let limit = most.min(connect);
            if limit < ms {
                (28, format!("Connection timed out after {limit} milliseconds"), limit)
            } else {
                (28, format!("Failed to connect to {n} port {port} after {ms} ms: Couldn't connect to server"), ms)
            }
        }
        HttpFailure::TimedOut(ms) => {
            let ms = ms.min(most);
            (28, format!("Operation timed out after {ms} milliseconds with 0 bytes received"), ms)
        }
    }
}

fn fail(c: &mut Ctx<'_>, o: &mut Outcome, status: i32, text: &str) {
    c.tool.status = status;
    o.exit = status;
    text.clone_into(&mut o.error);
    if !c.args.has("s") || c.args.has("S") {
        c.tool.text.push_str(&format!("curl: ({status}) {text}\n"));
        if status == 60 {
            c.tool.text.push_str("More details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.\n");
        }
    }
}

fn verbose(c: &mut Ctx<'_>, o: &Outcome, name: &str, v: &str, reply: &HttpReply) {
    let mut text = format!("* Connected to {name} ({}) port {} (#0)\n", o.ip, o.port);
    if o.url.starts_with("https") {
        text.push_str("* ALPN: offers h2,http/1.1\n* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n* TLSv1.3 (IN), TLS handshake, Server hello (2):\n* TLSv1.3 (IN), TLS handshake, Certificate (11):\n* TLSv1.3 (IN), TLS handshake, Finished (20):\n* TLSv1.3 (OUT), TLS handshake, Finished (20):\n* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n* ALPN: server accepted h2\n");
        if let Some(View { subject, from, until, issuer, problem, .. }) = &o.tls {
            text.push_str(&format!(
                "* Server certificate:\n*  subject: CN={subject}\n*  start date: {from}\n*  expire date: {until}\n"
            ));
            if problem.is_empty() {
                text.push_str(&format!("*  subjectAltName: host \"{name}\" matched cert's \"{subject}\"\n"));
            }
            text.push_str(&format!("*  issuer: CN={issuer}\n"));
            text.push_str(&match problem.as_str() {
                "" => "*  SSL certificate verify ok.\n".to_owned(),
                why => format!("*  SSL certificate verify result: {why}, continuing anyway.\n"),
            });
        }
        if v == "HTTP/2" {
            text.push_str("* using HTTP/2\n");
        }
    }
    let (_, _, path) = split(&o.url);
    let own = |key: &str, usual: &str| c.args.get(key).map_or(usual.to_owned(), str::to_owned);
    let host = c.args.flags.iter().filter(|(k, _)| k == "H").find_map(|(_, h)| h.strip_prefix("Host: "));
    // Names of fields are written small in HTTP/2.
    let (agent, accept) = if v == "HTTP/2" { ("user-agent", "accept") } else { ("User-Agent", "Accept") };
    text.push_str(&format!(
        "> {} {path} {v}\n> Host: {}\n> {agent}: {}\n> {accept}: */*\n",
        o.method,
        host.unwrap_or(name),
        own("A", &format!("curl/{}", Distro::at(c.host.utc()).curl))
    ));
    for (_, h) in c.args.flags.iter().filter(|(k, h)| k == "H" && !h.starts_with("Host:")) {
        text.push_str(&format!("> {h}\n"));
    }
    if let Some(d) = c.args.get("d") {
        text.push_str(&format!("> Content-Length: {}\n> Content-Type: application/x-www-form-urlencoded\n", d.len()));
    }
    text.push_str(&format!(">\n< {v} {}\n", status_line(v, reply.status)));
    for (n, value) in &reply.headers {
        text.push_str(&format!("< {n}: {value}\n"));
    }
    text.push_str(&format!("<\n* Connection #0 to host {name} left intact\n"));
    c.p.err.push_str(&text);
}
