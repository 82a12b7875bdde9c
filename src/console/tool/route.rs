//! traceroute, mtr, ip, arp, ethtool, nft, iptables: the way to a name, and what a machine's network looks like.

use crate::console::host::NameKind;
use crate::console::tool::socket::{gateway, own_address};
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "traceroute",
        synopsis: "[-n] [-m HOPS] [-q QUERIES] [-w SECONDS] HOST",
        about: "print the route packets take to a host",
        opts: &[
            flag("n", "", "numbers only"),
            flag("I", "icmp", "accepted; all probes are alike here"),
            flag("T", "tcp", "accepted; all probes are alike here"),
            value("m", "max-hops", "HOPS", "hops at most (30)"),
            value("q", "queries", "QUERIES", "probes of each hop (3)"),
            value("w", "wait", "SECONDS", "accepted; nothing answers later"),
            value("p", "port", "PORT", "accepted; all probes are alike here"),
        ],
        operand: Operand::Name(NameKind::Host),
        misuse: 2,
        examples: &[(
            "traceroute nowhere",
            "nowhere: Name or service not known\nCannot handle \"host\" cmdline arg `nowhere' on position 1 (argc 1)\n",
        )],
        step: traceroute,
        ..Decl::BLANK
    },
    Decl {
        name: "mtr",
        synopsis: "-r [-n] [-w] [-c COUNT] HOST",
        about: "report loss and latency of each hop to a host",
        opts: &[
            flag("r", "report", "print a report"),
            flag("n", "no-dns", "numbers only"),
            flag("w", "report-wide", "wide names"),
            flag("b", "show-ips", "accepted; hops have no other names here"),
            value("c", "report-cycles", "COUNT", "pings of each hop (10)"),
        ],
        operand: Operand::Name(NameKind::Host),
        missing: &["The full screen: reports only."],
        examples: &[("mtr -r nowhere", "mtr: Failed to resolve host: nowhere: Name or service not known\n")],
        step: mtr,
        ..Decl::BLANK
    },
    Decl {
        name: "ip",
        synopsis: "[-br] [-s] [-4] addr|link|route|neigh [show] [dev DEV | get ADDRESS]",
        about: "show addresses, interfaces, routes and neighbours",
        subs: &["addr", "link", "neigh", "route"],
        words: Words::Raw,
        misuse: 255,
        missing: &["Changes: the network of simulated machines is changed by `link`, `site` and `dns`."],
        examples: &[
            (
                "ip route",
                "default via 10.0.0.1 dev eth0 proto static\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5\n",
            ),
            (
                "ip -br addr",
                "lo               UNKNOWN        127.0.0.1/8\neth0             UP             10.0.0.5/24\n",
            ),
            ("ip foo", "Object \"foo\" is unknown, try \"ip help\".\n"),
        ],
        step: ip,
        ..Decl::BLANK
    },
    Decl {
        name: "arp",
        synopsis: "[-n] [-a]",
        about: "show the cache of neighbours' addresses",
        opts: &[flag("n", "numeric", "numbers instead of names"), flag("a", "", "another style")],
        examples: &[("arp -n | wc -l", "3\n")],
        step: arp,
        ..Decl::BLANK
    },
    Decl {
        name: "ethtool",
        synopsis: "[-S] DEVNAME",
        about: "show the settings of a network device",
        opts: &[flag("S", "statistics", "what the device counts")],
        missing: &["Changes."],
        examples: &[(
            "ethtool nope",
            "netlink error: no device matches name (offset 24)\nnetlink error: No such device\n",
        )],
        step: ethtool,
        ..Decl::BLANK
    },
    Decl {
        name: "nft",
        synopsis: "list ruleset",
        about: "show the rules of the packet filter",
        subs: &["list"],
        missing: &["Changes: the edge's rules are those of `edge rules`."],
        examples: &[("nft list ruleset", "Operation not permitted (you must be root)\n")],
        step: nft,
        ..Decl::BLANK
    },
    Decl {
        name: "iptables",
        synopsis: "-L [-n] [-v] | -S",
        about: "show the rules of the packet filter",
        opts: &[
            flag("L", "list", "list the rules"),
            flag("S", "list-rules", "print the rules as commands"),
            flag("n", "numeric", "numbers instead of names"),
            flag("v", "verbose", "with counters"),
            flag("", "line-numbers", "number the rules"),
            value("t", "table", "TABLE", "filter or nat"),
        ],
        misuse: 2,
        missing: &["Changes: the edge's rules are those of `edge rules`."],
        examples: &[(
            "iptables -L",
            "iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n",
        )],
        step: iptables,
        ..Decl::BLANK
    },
];

/// The hops to a name: links and the end, each with the round trip so far in milliseconds; whether the last one answers.
fn hops(c: &Ctx<'_>, name: &str) -> (Vec<(String, f64)>, f64) {
    let on = c.on();
    let address = c.host.lookup(&on, name).into_iter().next().unwrap_or_default();
    let now = c.host.utc();
    if crate::console::tool::reach::machine(c, name).is_some_and(|to| to == on) {
        return (vec![(format!("{name} ({address})"), 0.02)], 0.0);
    }
    let Some(n) = c.host.network() else { return (vec![(format!("{name} ({address})"), 0.4)], 0.0) };
    let to = n.look_up(Some(&on), name, None, now).targets.into_iter().next().unwrap_or_else(|| name.to_owned());
    let hop = n.hop(Some(&on), &to);
    let mut all = vec![(format!("_gateway ({})", gateway(c)), 0.3)];
    let each = hop.latency_s * 1000.0 / hop.links.len().max(1) as f64;
    let links = hop.links.iter().enumerate();
    all.extend(links.map(|(i, l)| (format!("{l}-gw"), 0.4 + each * (i + 1) as f64)));
    all.push((format!("{name} ({address})"), 0.5 + hop.latency_s * 1000.0));
    // Behind the gateway nobody answers for an address that is not there.
    let nobody = c.host.ping(&on, name).is_none_or(|p| p.rtt_us.is_none()) && hop.links.is_empty();
    (all, if nobody { 1.0 } else { hop.lost })
}

fn unresolved(c: &mut Ctx<'_>, name: &str) -> bool {
    let on = c.on();
    c.host.lookup(&on, name).is_empty()
}

/// Microseconds by which a probe differs from another one, a few of them.
fn jitter(c: &Ctx<'_>, i: usize, probe: u64) -> f64 {
    let x = (c.con.now_ms / 1_000 + i as u64 * 31 + probe * 17).wrapping_mul(2_654_435_761) >> 9;
    (x % 90) as f64 / 1_000.0
}

fn traceroute(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        // Each probe that nobody answers is waited for.
        if c.asleep() {
            return Step::Wait;
        }
        return match c.tool.lines.pop() {
            None => Step::Exit(0),
            Some(line) => {
                c.line(&line);
                if line.ends_with('*') {
                    c.sleep_ms(1_000);
                }
                Step::More
            }
        };
    }
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
    let number = |key: &str, usual: usize| match c.args.get(key).map(str::parse::<usize>) {
        None => Some(usual),
        Some(Ok(n)) if n > 0 && n < 256 => Some(n),
        Some(_) => None,
    };
    let (Some(most), Some(queries)) = (number("m", 30), number("q", 3)) else {
        c.p.err.push_str("bad number of hops or probes\n");
        return Step::Exit(2);
    };
    let service = c.host.service_of(&name);
    c.see(ObservedKind::Host, name.clone(), service);
    let (all, lost) = hops(c, &name);
    c.line(&format!("traceroute to {name} ({address}), {most} hops max, 60 byte packets"));
    // A cut link does not answer, and neither does anything behind it.
    let dark = if lost >= 1.0 { 1 } else { all.len() };
    let mut lines = Vec::new();
    for i in 0..if lost >= 1.0 { most } else { all.len().min(most) } {
        let mut line = format!("{:>2} ", i + 1);
        match all.get(i).filter(|_| i < dark) {
            Some((hop, ms)) => {
                let bare = hop.rsplit(['(', ')']).find(|p| !p.is_empty()).unwrap_or(hop);
                line.push_str(&format!(" {}", if c.args.has("n") { bare } else { hop }));
                for q in 0..queries {
                    line.push_str(&format!("  {:.3} ms", ms + jitter(c, i, q as u64)));
                }
            }
            None => line.push_str(&" *".repeat(queries)),
        }
        lines.push(line);
    }
    lines.reverse();
    c.tool.lines = lines;
    c.tool.phase = 1;
    Step::More
}

fn mtr(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("usage: mtr -r [-n] [-w] [-c COUNT] HOST\n");
        return Step::Exit(1);
    };
    if unresolved(c, &name) {
        c.error(&format!("Failed to resolve host: {name}: Name or service not known"));
        return Step::Exit(1);
    }
    if !c.args.has("r") && !c.args.has("w") {
        c.error("only reports are available in this shell: mtr -r HOST");
        return Step::Exit(1);
    }
    let n: u64 = match c.args.get("c").map(str::parse::<u64>) {
        None => 10,
        Some(Ok(n)) if n > 0 => n,
        Some(_) => {
            let text = c.args.get("c").unwrap_or_default().to_owned();
            c.error(&format!("invalid argument: '{text}'"));
            return Step::Exit(1);
        }
    };
    if c.tool.phase == 0 {
        // A ping a second.
        c.tool.phase = 1;
        c.tool.text = c.host.utc().iso().replace('Z', "+0000");
        c.sleep_ms(n.min(600) * 1_000);
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    let on = c.on();
    let service = c.host.service_of(&name);
    c.see(ObservedKind::Host, name.clone(), service);
    let (all, lost) = hops(c, &name);
    let start = c.tool.text.clone();
    c.line(&format!("Start: {start}"));
    let width = if c.args.has("w") { all.iter().map(|h| h.0.len()).max().unwrap_or(26).max(26) } else { 26 };
    let on_width = width + 2;
    c.line(&format!("HOST: {on:<on_width$} Loss%   Snt   Last   Avg  Best  Wrst StDev"));
    for (i, (hop, ms)) in all.iter().enumerate() {
        let gone = if i == 0 { 0.0 } else { lost * 100.0 };
        let hop = hop.split(' ').next().unwrap_or_default();
        let (hop, ms) = if gone >= 100.0 { ("???", 0.0) } else { (hop, *ms) };
        let (last, worst) = (ms + jitter(c, i, 1), ms * 1.1);
        let spread = if ms > 0.0 { 0.1 } else { 0.0 };
        c.line(&format!(
            "{:>3}.|-- {hop:<width$} {gone:>4.1}% {n:>5} {last:>6.1} {ms:>5.1} {ms:>5.1} {worst:>5.1} {spread:>5.1}",
            i + 1
        ));
    }
    Step::Exit(0)
}

pub(super) fn network_of(address: &str) -> String {
    let (net, _) = address.rsplit_once('.').unwrap_or((address, ""));
    format!("{net}.0/24")
}

/// A hardware address for an address.
pub(super) fn mac(address: &str) -> String {
    let h = address.bytes().fold(0x1505u64, |h, b| h.wrapping_mul(33) ^ u64::from(b));
    format!("52:54:00:{:02x}:{:02x}:{:02x}", h >> 16 & 255, h >> 8 & 255, h & 255)
}

fn ip(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let (mut brief, mut counts, mut rest) = (false, false, Vec::new());
    for w in &words {
        match w.as_str() {
            "-br" | "-brief" => brief = true,
            "-s" | "-stats" | "-statistics" => counts = true,
            "-4" | "-c" | "-color" | "-o" | "-d" => {}
            w if w.starts_with('-') => {
                c.p.err.push_str(&format!("Option \"{w}\" is unknown, try \"ip -help\".\n"));
                return Step::Exit(255);
            }
            w => rest.push(w.to_owned()),
        }
    }
    let object = rest.first().cloned().unwrap_or_default();
    let full = ["addr", "address", "link", "route", "neighbour", "neighbor", "neigh"];
    let Some(kind) = full.iter().find(|f| !object.is_empty() && f.starts_with(object.as_str())) else {
        if object.is_empty() {
            c.p.err.push_str("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n");
        } else {
            c.p.err.push_str(&format!("Object \"{object}\" is unknown, try \"ip help\".\n"));
        }
        return Step::Exit(if object.is_empty() { 255 } else { 1 });
    };
    let command = rest.get(1).map_or("show", String::as_str).to_owned();
    if matches!(command.as_str(), "add" | "del" | "delete" | "set" | "change" | "replace" | "flush") {
        let why = if c.p.user == "root" { "not available in this shell" } else { "Operation not permitted" };
        c.p.err.push_str(&format!("RTNETLINK answers: {why}\n"));
        return Step::Exit(2);
    }
    let device = rest
        .iter()
        .skip(1)
        .find(|w| matches!(w.as_str(), "eth0" | "lo") || w.starts_with("eth") || w.starts_with("ens"));
    if let Some(d) = device.filter(|d| !matches!(d.as_str(), "eth0" | "lo")) {
        c.p.err.push_str(&format!("Device \"{d}\" does not exist.\n"));
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let own = own_address(c);
    match *kind {
        "route" if command == "get" => {
            let to = rest.get(2).cloned().unwrap_or_default();
            let near = network_of(&to) == network_of(&own);
            let via = if near { String::new() } else { format!(" via {}", gateway(c)) };
            c.line(&format!("{to}{via} dev eth0 src {own} uid 1000\n    cache"));
        }
        "route" => routes(c, &on, &own),
        "neigh" | "neighbour" | "neighbor" => {
            for (address, name) in neighbours(c) {
                let (mac, state) = (mac(&address), if reachable(c, &name) { "REACHABLE" } else { "FAILED" });
                let lladdr = if state == "FAILED" { String::new() } else { format!(" lladdr {mac}") };
                c.line(&format!("{address} dev eth0{lladdr} {state}"));
            }
        }
        kind => interfaces(c, kind.starts_with("addr"), brief, counts, device.map(String::as_str), &own),
    }
    Step::Exit(0)
}

fn routes(c: &mut Ctx<'_>, on: &str, own: &str) {
    let gateway = gateway(c);
    c.line(&format!("default via {gateway} dev eth0 proto static"));
    let rows: Vec<String> = c.host.network().map_or_else(Vec::new, |n| {
        let links = n.spec().links.iter().zip(n.links());
        let mine = links.filter(|((_, s), _)| {
            let is = |party: &str| {
                party == on || n.spec().sites.get(party).is_some_and(|x| x.members.iter().any(|m| m == on))
            };
            is(&s.from) || is(&s.to)
        });
        mine.map(|((name, s), (_, l))| {
            let kind = if l.blocked { "prohibit " } else { "" };
            format!("{kind}{} via {name}-gw dev eth0 proto bgp", s.to)
        })
        .collect()
    });
    for row in rows {
        c.line(&row);
    }
    c.line(&format!("{} dev eth0 proto kernel scope link src {own}", network_of(own)));
}

fn interfaces(c: &mut Ctx<'_>, addresses: bool, brief: bool, counts: bool, only: Option<&str>, own: &str) {
    let on = c.on();
    let i = c.host.interface(&on);
    let hard = mac(own);
    for (n, name, state, flags, mtu, queue, link, address, net) in [
        (
            1,
            "lo",
            "UNKNOWN",
            "LOOPBACK,UP,LOWER_UP",
            65_536,
            "noqueue",
            "loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00".to_owned(),
            "127.0.0.1/8".to_owned(),
            "host lo",
        ),
        (
            2,
            "eth0",
            "UP",
            "BROADCAST,MULTICAST,UP,LOWER_UP",
            1_500,
            "mq",
            format!("ether {hard} brd ff:ff:ff:ff:ff:ff"),
            format!("{own}/24"),
            "global eth0",
        ),
    ] {
        if only.is_some_and(|o| o != name) {
            continue;
        }
        if brief {
            let what =
                if addresses { address } else { format!("{} <{flags}>", link.split(' ').nth(1).unwrap_or_default()) };
            c.line(&format!("{name:<16} {state:<14} {what}"));
            continue;
        }
        let mode = if addresses { "" } else { "mode DEFAULT " };
        c.line(&format!("{n}: {name}: <{flags}> mtu {mtu} qdisc {queue} state {state} {mode}group default qlen 1000"));
        c.line(&format!("    link/{link}"));
        if addresses {
            let brd = if name == "eth0" {
                format!(" brd {}.255", own.rsplit_once('.').map_or(own, |x| x.0))
            } else {
                String::new()
            };
            c.line(&format!("    inet {address}{brd} scope {net}\n       valid_lft forever preferred_lft forever"));
        }
        if counts {
            let (rx, tx) = if name == "eth0" { (i.rx, i.tx) } else { ((0, 0), (0, 0)) };
            for (title, (bytes, packets), last) in [("RX", rx, "mcast"), ("TX", tx, "collsns")] {
                let other = if title == "RX" { "missed" } else { "carrier" };
                let digits = |n: u64| n.to_string().len();
                let wide = digits(i.rx.0).max(digits(i.tx.0)).max(10);
                let many = digits(i.rx.1).max(digits(i.tx.1)).max(7);
                let (head, size) = (format!("    {title}:"), wide - 3);
                c.line(&format!(
                    "{head}{:>size$} {:>many$} {:>6} {:>7} {other:>7} {last:>7}{:11}",
                    "bytes", "packets", "errors", "dropped", ""
                ));
                c.line(&format!("    {bytes:>wide$} {packets:>many$} {:>6} {:>7} {:>7} {:>7} ", 0, 0, 0, 0));
            }
        }
    }
}

/// Other machines on the same network, and the gateway.
fn neighbours(c: &Ctx<'_>) -> Vec<(String, String)> {
    let on = c.on();
    let own = own_address(c);
    let who = c.con.caller(c.p);
    let mut out = vec![(gateway(c), "_gateway".to_owned())];
    for h in c.host.names(&who, NameKind::Host).into_iter().filter(|h| *h != on) {
        let a = c.host.address(&h);
        if !a.is_empty() && network_of(&a) == network_of(&own) {
            out.push((a, h));
        }
    }
    out
}

fn reachable(c: &Ctx<'_>, name: &str) -> bool {
    name == "_gateway" || c.host.ping(&c.p.host, name).is_some_and(|p| p.rtt_us.is_some())
}

fn arp(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on, service);
    let (other, numeric) = (c.args.has("a"), c.args.has("n"));
    if !other {
        c.line("Address                  HWtype  HWaddress           Flags Mask            Iface");
    }
    for (address, name) in neighbours(c) {
        let known = reachable(c, &name);
        let shown = if numeric { address.clone() } else { name.clone() };
        let hard = mac(&address);
        let line = match (other, known) {
            (true, true) => format!("{name} ({address}) at {hard} [ether] on eth0"),
            (true, false) => format!("{name} ({address}) at <incomplete> on eth0"),
            (false, true) => format!("{shown:<24} ether   {hard}   C                     eth0"),
            (false, false) => format!("{shown:<24}         (incomplete)                              eth0"),
        };
        c.line(&line);
    }
    Step::Exit(0)
}

fn ethtool(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("ethtool: bad command line argument(s)\nFor more information run ethtool -h\n");
        return Step::Exit(1);
    };
    if !matches!(name.as_str(), "eth0" | "lo") {
        c.p.err.push_str("netlink error: no device matches name (offset 24)\nnetlink error: No such device\n");
        return Step::Exit(75);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    if c.args.has("S") {
        let i = c.host.interface(&on);
        c.line(&format!("NIC statistics:\n     rx_packets: {}\n     tx_packets: {}\n     rx_bytes: {}\n     tx_bytes: {}\n     rx_drops: 0\n     tx_drops: 0", i.rx.1, i.tx.1, i.rx.0, i.tx.0));
        return Step::Exit(0);
    }
    c.line(&format!("Settings for {name}:"));
    if name == "eth0" {
        c.line("\tSpeed: 1000Mb/s\n\tDuplex: Full\n\tAuto-negotiation: on\n\tPort: Twisted Pair");
    }
    c.line("\tLink detected: yes");
    Step::Exit(0)
}

fn nft(c: &mut Ctx<'_>) -> Step {
    if c.args.at(0) != Some("list") {
        c.p.err.push_str("nft: only `nft list ruleset' is available in this shell\n");
        return Step::Exit(1);
    }
    if c.p.user != "root" {
        c.p.err.push_str("Operation not permitted (you must be root)\n");
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    c.line("table inet filter {");
    for (i, chain) in ["input", "forward", "output"].iter().enumerate() {
        if i > 0 {
            c.line("");
        }
        c.line(&format!("\tchain {chain} {{\n\t\ttype filter hook {chain} priority filter; policy accept;\n\t}}"));
    }
    c.line("}");
    Step::Exit(0)
}

fn iptables(c: &mut Ctx<'_>) -> Step {
    if !c.args.has("L") && !c.args.has("S") {
        c.p.err.push_str("iptables v1.8.9 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n");
        return Step::Exit(2);
    }
    if c.p.user != "root" {
        c.p.err.push_str("iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n");
        return Step::Exit(4);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let i = c.host.interface(&on);
    for (n, chain) in ["INPUT", "FORWARD", "OUTPUT"].iter().enumerate() {
        if c.args.has("S") {
            c.line(&format!("-P {chain} ACCEPT"));
            continue;
        }
        if n > 0 {
            c.line("");
        }
        if c.args.has("v") {
            let (bytes, packets) = [i.rx, (0, 0), i.tx].get(n).copied().unwrap_or_default();
            c.line(&format!("Chain {chain} (policy ACCEPT {packets} packets, {bytes} bytes)\n pkts bytes target     prot opt in     out     source               destination"));
        } else {
            c.line(&format!("Chain {chain} (policy ACCEPT)\ntarget     prot opt source               destination"));
        }
    }
    Step::Exit(0)
}
