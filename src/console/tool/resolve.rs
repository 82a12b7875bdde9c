//! dig, host, nslookup, resolvectl: where a name leads.

mod dig;

use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Effect, NetEffect};
use crate::sim::net::{Lookup, PUBLIC_RESOLVER, Rcode};
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "dig",
        synopsis: "[@SERVER] [-x ADDRESS] [-t TYPE] NAME [TYPE] [+short] [+noall +answer] [+nocmd] [+nocomments] [+nostats] [+noquestion] [+time=N] [+tries=N]",
        about: "DNS lookup utility",
        operand: Operand::Free,
        words: Words::Raw,
        missing: &["+trace and zone transfers.", "Records other than A, AAAA, CNAME, NS, SOA, MX, TXT and PTR."],
        examples: &[
            ("dig +short registry.example", "203.0.113.10\n"),
            ("dig +noall +answer registry.example", "registry.example.\t60\tIN\tA\t203.0.113.10\n"),
        ],
        step: dig::dig,
        ..Decl::BLANK
    },
    Decl {
        name: "host",
        synopsis: "[-t TYPE] [-W SECONDS] NAME|ADDRESS [SERVER]",
        about: "DNS lookup utility",
        opts: &[
            value("t", "", "TYPE", "type of record: A, AAAA, CNAME, NS, SOA, MX, TXT"),
            value("W", "", "SECONDS", "accepted; the resolver's own patience counts"),
            flag("v", "", "accepted; use dig for the whole answer"),
        ],
        examples: &[
            ("host registry.example", "registry.example has address 203.0.113.10\n"),
            ("host nowhere", "Host nowhere not found: 3(NXDOMAIN)\n"),
        ],
        step: host,
        ..Decl::BLANK
    },
    Decl {
        name: "nslookup",
        synopsis: "[-type=TYPE] NAME [SERVER]",
        about: "query Internet name servers",
        words: Words::Raw,
        missing: &["The interactive mode."],
        examples: &[(
            "nslookup registry.example",
            "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\nNon-authoritative answer:\nName:\tregistry.example\nAddress: 203.0.113.10\n\n",
        )],
        step: nslookup,
        ..Decl::BLANK
    },
    Decl {
        name: "resolvectl",
        synopsis: "flush-caches | query NAME",
        about: "resolve names, and empty this host's cache of answers",
        opts: &[],
        subs: &["flush-caches", "query"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("resolvectl query registry.example", "registry.example: 203.0.113.10\n")],
        step: resolvectl,
        ..Decl::BLANK
    },
];

/// A look-up as the caller's host makes it, or at a server.
fn look_up(c: &mut Ctx<'_>, name: &str, server: Option<&str>) -> Lookup {
    let on = c.on();
    let addresses = c.host.lookup(&on, name);
    c.see(ObservedKind::Request, format!("dns:{name}"), None);
    let now = c.host.utc();
    match c.host.network() {
        Some(n) if n.record(&name.trim_end_matches('.').to_ascii_lowercase()).is_some() => {
            n.look_up(Some(&on), name, server, now)
        }
        // Machines and what no zone lists: the search list of the host knows them.
        _ => Lookup {
            rcode: if addresses.is_empty() { Rcode::NxDomain } else { Rcode::NoError },
            targets: addresses.clone(),
            addresses,
            ttl: 60,
            server: server.unwrap_or(PUBLIC_RESOLVER).to_owned(),
            ms: 4,
        },
    }
}

/// `Thu Jul 20 12:18:00 UTC 2023`.
fn date(at: Utc) -> String {
    let d = at.civil();
    format!("{} {} {:02} {} UTC {}", at.day_name(), at.month_name(), d.day, at.hms(), d.year)
}

/// Prints now, or after so many milliseconds.
fn begin(c: &mut Ctx<'_>, text: String, ms: u64) -> Step {
    c.tool.text = text;
    c.tool.phase = 1;
    c.sleep_ms(ms);
    Step::More
}

fn late(c: &mut Ctx<'_>) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let text = std::mem::take(&mut c.tool.text);
    c.print(&text);
    Step::Exit(c.tool.status)
}

fn host(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("Usage: host [-t type] {name} [server]\n");
        return Step::Exit(1);
    };
    let server = c.args.at(1).map(str::to_owned);
    if let Some(s) = &server {
        c.line(&format!("Using domain server:\nName: {s}\nAddress: {s}#53\nAliases: \n"));
    }
    if name.split('.').count() == 4 && name.chars().all(|x| x.is_ascii_digit() || x == '.') {
        return match pointer(c, &name) {
            Some(to) => {
                c.line(&format!("{}.in-addr.arpa domain name pointer {to}.", reversed(&name)));
                Step::Exit(0)
            }
            None => {
                c.line(&format!("Host {}.in-addr.arpa. not found: 3(NXDOMAIN)", reversed(&name)));
                Step::Exit(1)
            }
        };
    }
    let kind = c.args.get("t").unwrap_or("A").to_uppercase();
    let found = look_up(c, &name, server.as_deref());
    match found.rcode {
        Rcode::NoError if kind == "A" => {
            for address in &found.addresses {
                c.line(&format!("{name} has address {address}"));
            }
            if found.addresses.is_empty() {
                c.line(&format!("{name} has no A record"));
            }
            return Step::Exit(0);
        }
        Rcode::NoError => {
            c.line(&format!("{name} has no {kind} record"));
            return Step::Exit(0);
        }
        Rcode::NxDomain => c.line(&format!("Host {name} not found: 3(NXDOMAIN)")),
        Rcode::ServFail => c.line(&format!("Host {name} not found: 2(SERVFAIL)")),
        Rcode::TimedOut => c.line(";; connection timed out; no servers could be reached"),
    }
    Step::Exit(1)
}

fn nslookup(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let mut kind = "A".to_owned();
    let mut rest = Vec::new();
    for w in &words {
        match w.strip_prefix('-') {
            Some(o) => match o.split_once('=') {
                Some(("type" | "query" | "q", t)) => kind = t.to_uppercase(),
                Some(("timeout" | "port" | "retry", _)) => {}
                _ => {
                    c.line(&format!("*** Invalid option: {o}"));
                    return Step::Exit(1);
                }
            },
            None => rest.push(w.clone()),
        }
    }
    let Some(name) = rest.first().cloned() else {
        c.p.err.push_str("nslookup: the interactive mode is not available in this shell; name what you look for\n");
        return Step::Exit(1);
    };
    let found = look_up(c, &name, rest.get(1).map(String::as_str));
    if found.rcode == Rcode::TimedOut {
        c.line(&format!(";; communications error to {}#53: timed out", found.server));
        c.line(";; no servers could be reached\n");
        return Step::Exit(1);
    }
    c.line(&format!("Server:\t\t{0}\nAddress:\t{0}#53\n", found.server));
    match found.rcode {
        Rcode::NoError if !found.addresses.is_empty() && kind == "A" => {
            c.line("Non-authoritative answer:");
            for a in found.addresses {
                c.line(&format!("Name:\t{name}\nAddress: {a}"));
            }
            c.line("");
            return Step::Exit(0);
        }
        Rcode::NoError => c.line(&format!("*** Can't find {name}: No answer\n")),
        Rcode::ServFail => c.line(&format!("** server can't find {name}: SERVFAIL\n")),
        _ => c.line(&format!("** server can't find {name}: NXDOMAIN\n")),
    }
    Step::Exit(1)
}

/// `1.2.3.4` as `4.3.2.1`.
fn reversed(address: &str) -> String {
    address.split('.').rev().collect::<Vec<_>>().join(".")
}

/// The machine or name that an address belongs to.
fn pointer(c: &Ctx<'_>, address: &str) -> Option<String> {
    let who = c.con.caller(c.p);
    let hosts = c.host.names(&who, NameKind::Host);
    if let Some(h) = hosts.into_iter().find(|h| c.host.address(h) == address) {
        return Some(h);
    }
    let on = c.on();
    let n = c.host.network()?;
    let names: Vec<String> = n.records().iter().map(|r| r.name.clone()).collect();
    names.into_iter().find(|name| c.host.lookup(&on, name).iter().any(|a| a == address))
}

fn resolvectl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1)) {
        (Some("flush-caches"), None) => {
            let on = c.on();
            let effect = Effect::Net(NetEffect::Flush { whose: on.clone(), name: None });
            match c.apply(&effect, "flush", &on) {
                Ok(_) => Step::Exit(0),
                Err(why) => {
                    c.error(&format!("Failed to flush caches: {why}"));
                    Step::Exit(1)
                }
            }
        }
        (Some("query"), Some(name)) => {
            let found = look_up(c, name, None);
            if found.addresses.is_empty() {
                let why = if found.rcode == Rcode::ServFail { "returned error code SERVFAIL" } else { "not found" };
                c.p.err.push_str(&format!("{name}: resolve call failed: '{name}' {why}\n"));
                return Step::Exit(1);
            }
            for a in found.addresses {
                c.line(&format!("{name}: {a}"));
            }
            Step::Exit(0)
        }
        _ => {
            c.p.err.push_str("usage: resolvectl flush-caches | query NAME\n");
            Step::Exit(1)
        }
    }
}
