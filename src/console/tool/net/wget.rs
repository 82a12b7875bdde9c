//! wget.

use super::{reason, save, split};
use crate::console::host::{HttpFailure, HttpRequest};
use crate::console::tool::meta::millis;
use crate::console::tool::{Ctx, Step};

/// Redirects that are followed at most.
const REDIRECTS_MAX: u32 = 20;

pub(super) fn wget(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        if c.asleep() {
            return Step::Wait;
        }
        let text = std::mem::take(&mut c.tool.text);
        c.p.err.push_str(&text);
        return Step::Exit(c.tool.status);
    }
    let a = c.args.clone();
    if a.rest.is_empty() {
        c.p.err
            .push_str("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n");
        return Step::Exit(1);
    }
    let mut ms = 0;
    for url in &a.rest {
        let url = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        ms += one(c, &url);
    }
    c.tool.phase = 1;
    c.sleep_ms(ms);
    Step::More
}

fn stamp(c: &Ctx<'_>) -> String {
    c.host.utc().iso().replace('T', " ").trim_end_matches('Z').to_owned()
}

fn one(c: &mut Ctx<'_>, first: &str) -> u64 {
    let a = c.args.clone();
    let (quiet, brief) = (a.has("q"), a.has("no-verbose"));
    let on = c.on();
    let (mut url, mut ms) = (first.to_owned(), 0u64);
    for hop in 0..=REDIRECTS_MAX {
        let (name, port, path) = split(&url);
        let ips = c.host.lookup(&on, &name);
        let mut text = String::new();
        if !quiet && !brief {
            if a.has("spider") && hop == 0 {
                text.push_str("Spider mode enabled. Check if remote file exists.\n");
            }
            let found = if ips.is_empty() { "failed: Name or service not known.".to_owned() } else { ips.join(", ") };
            text.push_str(&format!("--{}--  {url}\nResolving {name} ({name})... {found}\n", stamp(c)));
            if let Some(ip) = ips.first() {
                text.push_str(&format!("Connecting to {name} ({name})|{ip}|:{port}... "));
            }
        }
        let method = if a.has("spider") { "HEAD" } else { "GET" };
        let insecure = a.has("no-check-certificate");
        let request = HttpRequest { method: method.to_owned(), url: url.clone(), hop, insecure };
        let reply = match c.host.http(&on, &request) {
            Ok(reply) => reply,
            Err(e) => {
                c.p.sources.insert(e.source);
                let most = a.get("T").and_then(millis).unwrap_or(u64::MAX);
                let (status, why, took) = match e.failure {
                    HttpFailure::Resolve(n) => (4, format!("wget: unable to resolve host address ‘{n}’\n"), 20),
                    HttpFailure::Refused(..) => (4, "failed: Connection refused.\n".to_owned(), 2),
                    HttpFailure::Certificate(why) => (
                        5,
                        format!("connected.\nERROR: cannot verify {name}'s certificate: {why}\nTo connect to {name} insecurely, use `--no-check-certificate'.\n"),
                        30,
                    ),
                    HttpFailure::Silent(_, _, took) => (4, "failed: Connection timed out.\n".to_owned(), took),
                    HttpFailure::TimedOut(took) => {
                        (4, "connected.\nHTTP request sent, awaiting response... Read error (Connection timed out) in headers.\nGiving up.\n\n".to_owned(), took)
                    }
                };
                c.tool.status = status;
                if !quiet {
                    c.tool.text.push_str(&format!("{text}{why}"));
                }
                return ms + took.min(most);
            }
        };
        c.p.sources.insert(reply.source.clone());
        ms += reply.ms;
        let line = format!("{} {}", reply.status, reason(reply.status));
        if !quiet && !brief {
            text.push_str(&format!("connected.\nHTTP request sent, awaiting response... {}\n", line.trim_end()));
        }
        if a.has("S") {
            text.push_str(&format!("  HTTP/1.1 {}\n", line.trim_end()));
            for (n, v) in &reply.headers {
                text.push_str(&format!("  {n}: {v}\n"));
            }
        }
        let location = reply.headers.iter().find(|(n, _)| n == "location").map(|(_, v)| v.clone());
        if let (300..400, Some(to)) = (reply.status, location) {
            if !quiet && !brief {
                text.push_str(&format!("Location: {to} [following]\n"));
            }
            c.p.err.push_str(&text);
            url = if to.starts_with('/') {
                format!("{}://{name}{to}", url.split("://").next().unwrap_or("http"))
            } else {
                to
            };
            continue;
        }
        if reply.status >= 400 {
            c.tool.status = 8;
            if !quiet {
                c.tool.text.push_str(&format!(
                    "{text}{} ERROR {}.\n\n",
                    stamp(c),
                    line.trim_end().replacen(' ', ": ", 1)
                ));
            }
            return ms;
        }
        if a.has("spider") {
            if !quiet {
                text.push_str("Remote file exists.\n\n");
            }
            c.p.err.push_str(&text);
            return ms;
        }
        let n = reply.body.len();
        let named = path.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default();
        let file = a.get("O").unwrap_or(if named.is_empty() { "index.html" } else { named }).to_owned();
        if file == "-" {
            c.print(&reply.body);
        } else if let Err(why) = save(c, &file, &reply.body) {
            c.tool.status = 3;
            c.p.err.push_str(&format!("{text}{file}: {why}\n\nCannot write to ‘{file}’ ({why}).\n"));
            return ms;
        }
        if !quiet && !brief {
            let kind =
                reply.headers.iter().find(|(n, _)| n == "content-type").map_or("text/plain", |(_, v)| v.as_str());
            let kind = kind.split(';').next().unwrap_or(kind);
            let shown = if file == "-" { "STDOUT" } else { &file };
            text.push_str(&format!("Length: {n} [{kind}]\nSaving to: ‘{shown}’\n\n"));
            let done = if file == "-" { "written to stdout".to_owned() } else { format!("‘{file}’ saved") };
            text.push_str(&format!("{} ({:.2} MB/s) - {done} [{n}/{n}]\n\n", stamp(c), 12.5));
        } else if brief && !quiet {
            text.push_str(&format!("{} URL:{url} [{n}/{n}] -> \"{file}\" [1]\n", stamp(c)));
        }
        c.p.err.push_str(&text);
        return ms;
    }
    c.tool.status = 8;
    c.tool.text.push_str(&format!("{REDIRECTS_MAX} redirections exceeded.\n"));
    ms
}
