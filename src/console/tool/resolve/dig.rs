//! dig: the whole answer of a resolver.

use super::{begin, date, late, look_up, pointer, reversed};
use crate::console::tool::{Ctx, Step};
use crate::sim::distro::Distro;
use crate::sim::net::{Lookup, Rcode};

const TYPES: &[&str] = &["A", "AAAA", "CNAME", "NS", "SOA", "MX", "TXT", "PTR", "ANY", "SRV", "CAA"];

/// What is asked, and which parts of the answer are shown.
struct Ask {
    name: String,
    kind: String,
    server: Option<String>,
    short: bool,
    /// Command, comments, question, answer, authority, statistics.
    parts: [bool; 6],
    words: String,
}

const PARTS: [&str; 6] = ["cmd", "comments", "question", "answer", "authority", "stats"];

fn read(c: &Ctx<'_>) -> Result<Ask, String> {
    let words = c.args.rest.clone();
    let mut ask = Ask {
        name: String::new(),
        kind: "A".to_owned(),
        server: None,
        short: false,
        parts: [true; 6],
        words: words.join(" "),
    };
    let mut at = words.iter();
    while let Some(w) = at.next() {
        if let Some(s) = w.strip_prefix('@') {
            ask.server = Some(s.to_owned());
        } else if let Some(o) = w.strip_prefix('+') {
            let (on, name) = o.strip_prefix("no").map_or((true, o), |n| (false, n));
            let key = name.split('=').next().unwrap_or_default();
            match key {
                "short" => ask.short = on,
                "all" => ask.parts = [on; 6],
                "time" | "timeout" | "tries" | "retry" | "tcp" | "vc" | "recurse" | "dnssec" | "edns" | "search"
                | "additional" | "ttlid" | "multiline" | "cookie" | "ignore" | "rdflag" | "qr" => {}
                _ => match PARTS.iter().position(|p| *p == key) {
                    Some(i) => {
                        if let Some(p) = ask.parts.get_mut(i) {
                            *p = on;
                        }
                    }
                    None if key == "trace" => return Err("dig: +trace is not available in this shell\n".to_owned()),
                    None => {
                        return Err(format!(
                            "Invalid option: {w}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {{q-opt}}\n            {{global-d-opt}} host [@local-server] {{local-d-opt}}\n            [ host [@local-server] {{local-d-opt}} [...]]\n\nUse \"dig -h\" (or \"dig -h | more\") for complete list of options\n"
                        ));
                    }
                },
            }
        } else if w == "-x" {
            let address = at.next().cloned().unwrap_or_default();
            ask.name = format!("{}.in-addr.arpa", reversed(&address));
            ask.kind = "PTR".to_owned();
        } else if w == "-t" {
            ask.kind = at.next().map(|t| t.to_uppercase()).unwrap_or_default();
        } else if matches!(w.as_str(), "-4" | "-6" | "-u") {
        } else if matches!(w.as_str(), "-p" | "-b" | "-c") {
            at.next();
        } else if w == "-q" {
            ask.name = at.next().cloned().unwrap_or_default();
        } else if w.starts_with('-') && w.len() > 1 {
            return Err(format!(
                "Invalid option: {w}\nUsage:  dig [@global-server] [domain] [q-type] [q-class] {{q-opt}}\n\nUse \"dig -h\" (or \"dig -h | more\") for complete list of options\n"
            ));
        } else if w.eq_ignore_ascii_case("IN") {
        } else if TYPES.contains(&w.to_uppercase().as_str())
            && (!ask.name.is_empty() || !w.contains('.') && words.len() > 1)
        {
            ask.kind = w.to_uppercase();
        } else {
            ask.name = w.trim_end_matches('.').to_owned();
        }
    }
    if !TYPES.contains(&ask.kind.as_str()) {
        return Err(format!(";; Warning, ignoring invalid type {}\n", ask.kind));
    }
    Ok(ask)
}

/// Lines of the answer and the authority section.
fn sections(c: &Ctx<'_>, ask: &Ask, found: &Lookup) -> (Vec<String>, Vec<String>) {
    let name = &ask.name;
    let zone = name.split_once('.').map_or(name.as_str(), |(_, z)| z);
    let ttl = found.ttl;
    let soa = |of: &str| format!("{of}.\t{ttl}\tIN\tSOA\tns1.{of}. hostmaster.{of}. 1 7200 3600 1209600 {ttl}");
    let mut answer = Vec::new();
    match ask.kind.as_str() {
        "A" | "ANY" => {
            answer.extend(found.addresses.iter().map(|a| format!("{name}.\t{ttl}\tIN\tA\t{a}")));
        }
        "NS" if found.rcode == Rcode::NoError && !found.addresses.is_empty() && name.split('.').count() == 2 => {
            answer.extend(["ns1", "ns2"].map(|n| format!("{name}.\t{ttl}\tIN\tNS\t{n}.{name}.")));
        }
        "SOA" if found.rcode == Rcode::NoError && name.split('.').count() == 2 => answer.push(soa(name)),
        "PTR" => {
            let address = reversed(name.trim_end_matches(".in-addr.arpa"));
            answer.extend(pointer(c, &address).map(|to| format!("{name}.\t{ttl}\tIN\tPTR\t{to}.")));
        }
        _ => {}
    }
    let dark = matches!(found.rcode, Rcode::ServFail | Rcode::TimedOut);
    let authority = if answer.is_empty() && !dark { vec![soa(zone)] } else { Vec::new() };
    (answer, authority)
}

pub(super) fn dig(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        return late(c);
    }
    let ask = match read(c) {
        Ok(a) => a,
        Err(why) => {
            c.p.err.push_str(&why);
            return Step::Exit(1);
        }
    };
    if ask.name.is_empty() {
        c.p.err.push_str("Usage: dig [@SERVER] [+short] NAME [TYPE]\n");
        return Step::Exit(1);
    }
    let mut found = look_up(c, &ask.name, ask.server.as_deref());
    let (answer, authority) = sections(c, &ask, &found);
    if ask.kind == "PTR" {
        found.rcode = if answer.is_empty() { Rcode::NxDomain } else { Rcode::NoError };
    }
    let [cmd, comments, question, answers, authorities, stats] = ask.parts;
    let mut out = String::new();
    let head = format!("\n; <<>> DiG {} <<>> {}\n;; global options: +cmd\n", Distro::at(c.host.utc()).dig, ask.words);
    let status = match found.rcode {
        Rcode::NoError => "NOERROR",
        Rcode::NxDomain => "NXDOMAIN",
        Rcode::ServFail => "SERVFAIL",
        Rcode::TimedOut => {
            let line = format!(";; communications error to {}#53: timed out\n", found.server);
            out.push_str(&line.repeat(3));
            if !ask.short && cmd {
                out.push_str(&head);
            }
            out.push_str(";; no servers could be reached\n");
            c.tool.status = 9;
            return begin(c, out, found.ms);
        }
    };
    if ask.short {
        out.extend(answer.iter().filter_map(|l| l.rsplit('\t').next()).map(|a| format!("{a}\n")));
        return begin(c, out, 0);
    }
    if cmd {
        out.push_str(&head);
    }
    if comments {
        let id = 1 + (c.con.now_ms / 7 * 40_503 + 4_711) % 65_535;
        out.push_str(&format!(";; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: {status}, id: {id}\n"));
        out.push_str(&format!(
            ";; flags: qr rd ra; QUERY: 1, ANSWER: {}, AUTHORITY: {}, ADDITIONAL: 1\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: 1232\n",
            answer.len(),
            authority.len()
        ));
    }
    if question {
        let title = if comments { ";; QUESTION SECTION:\n" } else { "" };
        out.push_str(&format!("{title};{}.\t\tIN\t{}\n\n", ask.name, ask.kind));
    }
    for (shown, title, lines) in [(answers, "ANSWER", &answer), (authorities, "AUTHORITY", &authority)] {
        if !shown || lines.is_empty() {
            continue;
        }
        if comments {
            out.push_str(&format!(";; {title} SECTION:\n"));
        }
        out.extend(lines.iter().map(|l| format!("{l}\n")));
        if comments || stats {
            out.push('\n');
        }
    }
    if stats {
        let server = &found.server;
        out.push_str(&format!(";; Query time: {} msec\n;; SERVER: {server}#53({server}) (UDP)\n", found.ms));
        out.push_str(&format!(
            ";; WHEN: {}\n;; MSG SIZE  rcvd: {}\n\n",
            date(c.host.utc()),
            // Header, question and EDNS, and an answer each, whose name is a pointer.
            29 + 16 * answer.len() + ask.name.len()
        ));
    }
    begin(c, out, 0)
}
