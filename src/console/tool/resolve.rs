//! dig, host, nslookup, resolvectl, openssl, traceroute, mtr: where a name leads, what stands on the way, who answers.

use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Effect, NetEffect};
use crate::sim::net::{Lookup, PUBLIC_RESOLVER, Rcode};
use crate::stdx::time::Utc;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "dig",
        synopsis: "[@SERVER] [+short] NAME [A]",
        about: "DNS lookup utility",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("dig +short registry.example", "203.0.113.10\n")],
        step: dig,
        ..Decl::BLANK
    },
    Decl {
        name: "host",
        synopsis: "NAME [SERVER]",
        about: "DNS lookup utility",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[
            ("host registry.example", "registry.example has address 203.0.113.10\n"),
            ("host nowhere", "Host nowhere not found: 3(NXDOMAIN)\n"),
        ],
        step: host,
        ..Decl::BLANK
    },
    Decl {
        name: "nslookup",
        synopsis: "NAME [SERVER]",
        about: "query Internet name servers",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
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
    Decl {
        name: "openssl",
        synopsis: "s_client -connect HOST:PORT [-servername NAME] | x509 -noout -dates|-subject|-issuer",
        about: "look at a server's certificate (`openssl s_client -connect HOST:443 | openssl x509 -noout -dates`)",
        opts: &[
            flag("connect", "", "the next word is HOST:PORT"),
            flag("servername", "", "the next word is the name to ask for"),
            flag("noout", "", "no encoded certificate"),
            flag("dates", "", "validity"),
            flag("enddate", "", "end of validity"),
            flag("subject", "", "names"),
            flag("issuer", "", "who signed it"),
            flag("showcerts", "", "accepted; the chain is always shown"),
        ],
        subs: &["s_client", "x509"],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("openssl rsa", "openssl: only s_client and x509 are available here\n")],
        step: openssl,
        ..Decl::BLANK
    },
    Decl {
        name: "traceroute",
        synopsis: "HOST",
        about: "print the route packets take to a host",
        opts: &[flag("n", "", "numbers only")],
        subs: &[],
        operand: Operand::Name(NameKind::Host),
        style: Style::Gnu,
        examples: &[(
            "traceroute nowhere",
            "nowhere: Name or service not known\nCannot handle \"host\" cmdline arg `nowhere' on position 1 (argc 1)\n",
        )],
        step: traceroute,
        ..Decl::BLANK
    },
    Decl {
        name: "mtr",
        synopsis: "-r [-c COUNT] HOST",
        about: "report loss and latency of each hop to a host",
        opts: &[
            flag("r", "report", "print a report"),
            flag("n", "no-dns", "numbers only"),
            flag("w", "report-wide", "accepted"),
            value("c", "report-cycles", "COUNT", "pings of each hop"),
        ],
        subs: &[],
        operand: Operand::Name(NameKind::Host),
        style: Style::Gnu,
        examples: &[("mtr -r nowhere", "mtr: Failed to resolve host: nowhere: Name or service not known\n")],
        step: mtr,
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

fn dig(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        return late(c);
    }
    let a = c.args.clone();
    let short = a.rest.iter().any(|r| r == "+short");
    if let Some(odd) =
        a.rest.iter().find(|r| r.starts_with('+') && !matches!(r.as_str(), "+short" | "+noall" | "+answer"))
    {
        c.p.err.push_str(&format!("Invalid option: {odd} (only +short is available here)\n"));
        return Step::Exit(1);
    }
    let Some(name) = a.rest.iter().find(|r| !r.starts_with(['+', '@']) && *r != "A") else {
        c.p.err.push_str("Usage: dig [@SERVER] [+short] NAME\n");
        return Step::Exit(1);
    };
    let server = a.rest.iter().find_map(|r| r.strip_prefix('@'));
    let found = look_up(c, name, server);
    let mut out = String::new();
    let words = a.rest.join(" ");
    let status = match found.rcode {
        Rcode::NoError => "NOERROR",
        Rcode::NxDomain => "NXDOMAIN",
        Rcode::ServFail => "SERVFAIL",
        Rcode::TimedOut => {
            let line = format!(";; communications error to {}#53: timed out\n", found.server);
            out.push_str(&line.repeat(3));
            if !short {
                out.push_str(&format!("\n; <<>> DiG 9.18.16 <<>> {words}\n;; global options: +cmd\n"));
            }
            out.push_str(";; no servers could be reached\n");
            c.tool.status = 9;
            return begin(c, out, found.ms);
        }
    };
    if short {
        out.extend(found.addresses.iter().map(|a| format!("{a}\n")));
        return begin(c, out, 0);
    }
    let zone = name.split_once('.').map_or(name.as_str(), |(_, z)| z);
    let empty = found.addresses.is_empty() && found.rcode != Rcode::ServFail;
    out.push_str(&format!("\n; <<>> DiG 9.18.16 <<>> {words}\n;; global options: +cmd\n;; Got answer:\n"));
    let id = 1 + (c.con.now_ms / 7 * 40_503 + 4_711) % 65_535;
    out.push_str(&format!(";; ->>HEADER<<- opcode: QUERY, status: {status}, id: {id}\n"));
    let (answers, authority) = (found.addresses.len(), u8::from(empty));
    out.push_str(&format!(
        ";; flags: qr rd ra; QUERY: 1, ANSWER: {answers}, AUTHORITY: {authority}, ADDITIONAL: 1\n\n"
    ));
    out.push_str(&format!(";; QUESTION SECTION:\n;{name}.\t\tIN\tA\n\n"));
    if answers > 0 {
        out.push_str(";; ANSWER SECTION:\n");
        for address in &found.addresses {
            out.push_str(&format!("{name}.\t{}\tIN\tA\t{address}\n", found.ttl));
        }
        out.push('\n');
    } else if empty {
        let ttl = found.ttl;
        out.push_str(&format!(
            ";; AUTHORITY SECTION:\n{zone}.\t{ttl}\tIN\tSOA\tns1.{zone}. hostmaster.{zone}. 1 7200 3600 1209600 {ttl}\n\n"
        ));
    }
    let server = &found.server;
    out.push_str(&format!(";; Query time: {} msec\n;; SERVER: {server}#53({server}) (UDP)\n", found.ms));
    out.push_str(&format!(";; WHEN: {}\n\n", date(c.host.utc())));
    begin(c, out, 0)
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
        c.p.err.push_str("Usage: host NAME [SERVER]\n");
        return Step::Exit(1);
    };
    let server = c.args.at(1).map(str::to_owned);
    let found = look_up(c, &name, server.as_deref());
    match found.rcode {
        Rcode::NoError => {
            for address in found.addresses {
                c.line(&format!("{name} has address {address}"));
            }
            return Step::Exit(0);
        }
        Rcode::NxDomain => c.line(&format!("Host {name} not found: 3(NXDOMAIN)")),
        Rcode::ServFail => c.line(&format!("Host {name} not found: 2(SERVFAIL)")),
        Rcode::TimedOut => c.line(";; connection timed out; no servers could be reached"),
    }
    Step::Exit(1)
}

fn nslookup(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("usage: nslookup NAME [SERVER]\n");
        return Step::Exit(1);
    };
    let server = c.args.at(1).map(str::to_owned);
    let found = look_up(c, &name, server.as_deref());
    if found.rcode == Rcode::TimedOut {
        c.line(";; connection timed out; no servers could be reached\n");
        return Step::Exit(1);
    }
    c.line(&format!("Server:\t\t{0}\nAddress:\t{0}#53\n", found.server));
    match found.rcode {
        Rcode::NoError if !found.addresses.is_empty() => {
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

fn openssl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match a.at(0) {
        Some("s_client") => s_client(c),
        Some("x509") => x509(c),
        _ => {
            c.p.err.push_str("openssl: only s_client and x509 are available here\n");
            Step::Exit(1)
        }
    }
}

fn s_client(c: &mut Ctx<'_>) -> Step {
    let mut rest = c.args.rest.clone();
    rest.retain(|w| w != "s_client");
    let mut words = rest.into_iter();
    let target = if c.args.has("connect") { words.next() } else { None };
    let Some(target) = target else {
        c.p.err.push_str("s_client: Use -connect HOST:PORT\n");
        return Step::Exit(1);
    };
    let (address, _) = target.split_once(':').unwrap_or((&target, ""));
    let name = if c.args.has("servername") { words.next() } else { None }.unwrap_or_else(|| address.to_owned());
    let on = c.on();
    let now = c.host.utc();
    let url = format!("https://{address}/");
    let request = crate::console::host::HttpRequest { method: "HEAD".into(), url, hop: 0, insecure: true };
    match c.host.http(&on, &request) {
        Ok(reply) => {
            c.p.sources.insert(reply.source);
        }
        Err(e) => {
            c.p.sources.insert(e.source);
            let why = match e.failure {
                crate::console::host::HttpFailure::Resolve(n) => {
                    format!("BIO_lookup_ex: {n}: Name or service not known")
                }
                crate::console::host::HttpFailure::Refused(..) => "connect: Connection refused".to_owned(),
                _ => "connect: Connection timed out".to_owned(),
            };
            c.p.err.push_str(&format!("{why}\nconnect:errno=111\n"));
            return Step::Exit(1);
        }
    }
    let found = look_up(c, address, None);
    let view = c.host.network().and_then(|n| {
        let by_address = |t: &String| n.tls(Some(&on), t, &name, now);
        found.targets.iter().find_map(by_address)
    });
    let Some(v) = view else {
        c.p.err.push_str("no peer certificate available\n");
        return Step::Exit(1);
    };
    let first = v.names.first().cloned().unwrap_or_default();
    c.line("CONNECTED(00000003)");
    let code = match v.problem.as_str() {
        "" => 0,
        "certificate is not yet valid" => 9,
        "certificate has expired" => 10,
        "unable to get local issuer certificate" => 20,
        _ => 62,
    };
    if code != 0 {
        c.p.err.push_str(&format!("depth=0 CN = {first}\nverify error:num={code}:{}\n", v.problem));
    }
    c.line("---\nCertificate chain");
    c.line(&format!(" 0 s:CN = {first}\n   i:CN = {}", v.issuer));
    let (from, until) = (date_of(v.issue.from), date_of(v.issue.until));
    c.line(&format!("   v:NotBefore: {from}; NotAfter: {until}"));
    if v.chain {
        c.line(&format!(" 1 s:CN = {}\n   i:CN = Example Trust Root", v.issuer));
    }
    c.line(&format!("---\nServer certificate\nsubject=CN = {first}\nissuer=CN = {}", v.issuer));
    c.line(&format!(
        "X509v3 Subject Alternative Name: {}",
        v.names.iter().map(|n| format!("DNS:{n}")).collect::<Vec<_>>().join(", ")
    ));
    let ok = if code == 0 { "ok" } else { v.problem.as_str() };
    c.line(&format!("---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nVerify return code: {code} ({ok})\n---"));
    Step::Exit(0)
}

/// `Jan  1 01:00:00 2024 GMT`.
fn date_of(at: Utc) -> String {
    format!("{} {} GMT", at.syslog(), at.civil().year)
}

/// Reads what `s_client` printed.
fn x509(c: &mut Ctx<'_>) -> Step {
    if let Some(step) = c.gather(&[]) {
        return step;
    }
    let lines = c.tool.lines.clone();
    let after = |prefix: &str| lines.iter().find_map(|l| l.trim().strip_prefix(prefix)).map(str::to_owned);
    let Some(validity) = after("v:NotBefore: ") else {
        c.p.err.push_str("Could not find certificate from <stdin>\n");
        return Step::Exit(1);
    };
    let (from, until) = validity.split_once("; NotAfter: ").unwrap_or((&validity, ""));
    if c.args.has("subject") {
        c.line(&format!("subject={}", after("subject=").unwrap_or_default()));
    }
    if c.args.has("issuer") {
        c.line(&format!("issuer={}", after("issuer=").unwrap_or_default()));
    }
    if c.args.has("dates") {
        c.line(&format!("notBefore={from}"));
    }
    if c.args.has("dates") || c.args.has("enddate") {
        c.line(&format!("notAfter={until}"));
    }
    Step::Exit(0)
}

/// The hops to a name: links and the end, each with the round trip so far in milliseconds; whether the last one answers.
fn hops(c: &Ctx<'_>, name: &str) -> (Vec<(String, f64)>, f64) {
    let on = c.on();
    let address = c.host.lookup(&on, name).into_iter().next().unwrap_or_default();
    let now = c.host.utc();
    let Some(n) = c.host.network() else { return (vec![(format!("{name} ({address})"), 0.4)], 0.0) };
    let to = n.look_up(Some(&on), name, None, now).targets.into_iter().next().unwrap_or_else(|| name.to_owned());
    let hop = n.hop(Some(&on), &to);
    let mut all = vec![("_gateway (10.0.0.1)".to_owned(), 0.3)];
    let each = hop.latency_s * 1000.0 / hop.links.len().max(1) as f64;
    let links = hop.links.iter().enumerate();
    all.extend(links.map(|(i, l)| (format!("{l}-gw"), 0.4 + each * (i + 1) as f64)));
    all.push((format!("{name} ({address})"), 0.5 + hop.latency_s * 1000.0));
    (all, hop.lost)
}

fn traceroute(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("Usage: traceroute HOST\n");
        return Step::Exit(2);
    };
    let on = c.on();
    let Some(address) = c.host.lookup(&on, &name).into_iter().next() else {
        c.p.err.push_str(&format!(
            "{name}: Name or service not known\nCannot handle \"host\" cmdline arg `{name}' on position 1 (argc 1)\n"
        ));
        return Step::Exit(2);
    };
    let service = c.host.service_of(&name);
    c.see(ObservedKind::Host, name.clone(), service);
    let (all, lost) = hops(c, &name);
    c.line(&format!("traceroute to {name} ({address}), 30 hops max, 60 byte packets"));
    // A cut link does not answer, and neither does anything behind it.
    let dark = if lost >= 1.0 { 1 } else { all.len() };
    for (i, (hop, ms)) in all.iter().enumerate() {
        if i >= dark {
            c.line(&format!("{:>2}  * * *", i + 1));
        } else {
            c.line(&format!("{:>2}  {hop}  {ms:.3} ms  {:.3} ms  {:.3} ms", i + 1, ms + 0.02, ms + 0.05));
        }
    }
    Step::Exit(0)
}

fn mtr(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned).filter(|_| c.args.has("r")) else {
        c.p.err.push_str("mtr: only reports are available here: mtr -r HOST\n");
        return Step::Exit(1);
    };
    let on = c.on();
    if c.host.lookup(&on, &name).is_empty() {
        c.error(&format!("Failed to resolve host: {name}: Name or service not known"));
        return Step::Exit(1);
    }
    let n: u64 = c.args.get("c").and_then(|n| n.parse().ok()).unwrap_or(10);
    let service = c.host.service_of(&name);
    c.see(ObservedKind::Host, name.clone(), service);
    let (all, lost) = hops(c, &name);
    c.line(&format!("Start: {}", c.host.utc().iso().replace('Z', "+0000")));
    c.line(&format!("HOST: {on:<28} Loss%   Snt   Last   Avg  Best  Wrst StDev"));
    for (i, (hop, ms)) in all.iter().enumerate() {
        let gone = if i == 0 { 0.0 } else { lost * 100.0 };
        let hop = hop.split(' ').next().unwrap_or_default();
        let shown = if gone >= 100.0 { ("???", 0.0) } else { (hop, *ms) };
        let (hop, ms) = shown;
        c.line(&format!(
            "{:>3}.|-- {hop:<26} {gone:>4.1}% {n:>5} {ms:>6.1} {ms:>5.1} {ms:>5.1} {:>5.1}   0.1",
            i + 1,
            ms * 1.1
        ));
    }
    Step::Exit(0)
}
