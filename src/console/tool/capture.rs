//! tcpdump: packets of a machine, as far as what its programs do says which they are.

use crate::console::host::Traffic;
use crate::console::tool::socket::{own_address, port_name};
use crate::console::tool::{Ctx, Decl, Step, flag, value};
use crate::scenario::ObservedKind;

/// Connections of a second that are shown.
const SHOWN: u64 = 3;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "tcpdump",
    synopsis: "[-i INTERFACE] [-n] [-c COUNT] [-q] [-t] [EXPRESSION]",
    about: "dump traffic on a network; Ctrl-C ends it",
    opts: &[
        value("i", "interface", "INTERFACE", "eth0 or any"),
        value("c", "", "COUNT", "end after COUNT packets"),
        flag("n", "", "numbers instead of names"),
        flag("nn", "", "numbers instead of names of ports too"),
        flag("q", "", "less about each packet"),
        flag("t", "", "no times"),
        flag("v", "", "accepted; headers are short here"),
        flag("A", "", "accepted; contents are not kept"),
        flag("l", "", "accepted; lines come as they are"),
        value("s", "", "SIZE", "accepted; contents are not kept"),
    ],
    missing: &[
        "Every packet: a few connections of each second are shown, with what really becomes of them.",
        "Expressions other than `tcp`, `udp`, `icmp`, `[src|dst] host ADDRESS`, `[src|dst] port PORT`, `and`, `not port PORT`.",
        "Files (-w, -r).",
    ],
    examples: &[(
        "tcpdump -c 1",
        "tcpdump: eth0: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
    )],
    step: tcpdump,
    ..Decl::BLANK
}];

/// A packet.
struct Packet {
    from: (String, u16),
    to: (String, u16),
    flags: &'static str,
    rest: String,
}

fn connection(out: &mut Vec<Packet>, client: (String, u16), server: (String, u16), seed: u64, answer: Answer) {
    let n = seed.wrapping_mul(2_654_435_761) % 4_000_000_000;
    let mut say = |up: bool, flags, rest: String| {
        let (from, to) = if up { (client.clone(), server.clone()) } else { (server.clone(), client.clone()) };
        out.push(Packet { from, to, flags, rest });
    };
    let syn = format!(
        "seq {n}, win 64240, options [mss 1460,sackOK,TS val {} ecr 0,nop,wscale 7], length 0",
        n % 1_000_000_000
    );
    say(true, "S", syn.clone());
    match answer {
        Answer::Refused => say(false, "R.", format!("seq 0, ack {}, win 0, length 0", n + 1)),
        Answer::Silent => {
            say(true, "S", syn.clone());
            say(true, "S", syn);
        }
        Answer::Data => {
            let m = n.wrapping_mul(31) % 4_000_000_000;
            say(
                false,
                "S.",
                format!("seq {m}, ack {}, win 65160, options [mss 1460,sackOK,nop,wscale 7], length 0", n + 1),
            );
            say(true, ".", "ack 1, win 502, length 0".to_owned());
            say(true, "P.", "seq 1:213, ack 1, win 502, length 212".to_owned());
            say(false, "P.", "seq 1:1449, ack 213, win 509, length 1448".to_owned());
            say(true, "F.", "seq 213, ack 1449, win 501, length 0".to_owned());
            say(false, "F.", "seq 1449, ack 214, win 509, length 0".to_owned());
        }
    }
}

/// What becomes of a connection.
#[derive(Clone, Copy)]
enum Answer {
    Data,
    Refused,
    Silent,
}

/// Packets of a second.
fn second(all: &[Traffic], own: &str, seed: u64) -> Vec<Packet> {
    let mut out = Vec::new();
    for (k, t) in all.iter().enumerate() {
        let seed = seed + k as u64 * 101;
        for i in 0..t.requests.min(SHOWN) {
            let client = (
                format!("198.51.100.{}", (seed * 7 + i * 31) % 250 + 2),
                32_768 + ((seed * 131 + i * 17) % 28_000) as u16,
            );
            let answer = if t.pid.is_none() { Answer::Refused } else { Answer::Data };
            connection(&mut out, client, (own.to_owned(), t.port), seed + i, answer);
        }
        for (j, c) in t.calls.iter().enumerate().filter(|(_, c)| c.sent > 0 && !c.address.is_empty()) {
            let answer = match () {
                () if c.refused > 0 => Answer::Refused,
                () if c.timeouts > 0 && c.ok + c.errors == 0 => Answer::Silent,
                () => Answer::Data,
            };
            let local = (own.to_owned(), 32_768 + ((seed * 97 + j as u64 * 11) % 28_000) as u16);
            connection(&mut out, local, (c.address.clone(), c.port), seed + 50 + j as u64, answer);
        }
    }
    out
}

/// Whether an expression keeps a packet; `None` if it cannot be read.
fn keeps(words: &[String], p: &Packet) -> Option<bool> {
    let mut at = words.iter().map(String::as_str);
    let (mut side, mut not, mut good) = ("", false, true);
    while let Some(w) = at.next() {
        let ok = match w {
            "and" | "tcp" | "ip" | "(" | ")" => continue,
            "not" | "!" => {
                not = true;
                continue;
            }
            "src" | "dst" => {
                side = w;
                continue;
            }
            "udp" | "icmp" | "arp" => false,
            "host" | "port" => {
                let v = at.next()?;
                let is = |end: &(String, u16)| match w {
                    "host" => end.0 == v,
                    _ => v.parse() == Ok(end.1) || port_name(end.1) == Some(v),
                };
                match side {
                    "src" => is(&p.from),
                    "dst" => is(&p.to),
                    _ => is(&p.from) || is(&p.to),
                }
            }
            _ => return None,
        };
        good &= ok != not;
        (side, not) = ("", false);
    }
    Some(good)
}

fn tcpdump(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let device = a.get("i").unwrap_or("eth0").to_owned();
    if c.tool.phase == 1 && c.asleep() {
        return Step::Wait;
    }
    if c.tool.phase == 0 {
        if c.p.user != "root" {
            c.p.err.push_str(&format!("tcpdump: {device}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n"));
            return Step::Exit(1);
        }
        if !matches!(device.as_str(), "eth0" | "any" | "lo") {
            c.p.err.push_str(&format!("tcpdump: {device}: No such device exists\n(SIOCGIFHWADDR: No such device)\n"));
            return Step::Exit(1);
        }
        let nothing = Packet { from: (String::new(), 0), to: (String::new(), 0), flags: "", rest: String::new() };
        let words: Vec<String> = a.rest.iter().flat_map(|w| w.split_whitespace().map(str::to_owned)).collect();
        if keeps(&words, &nothing).is_none() {
            c.p.err.push_str("tcpdump: can't parse filter expression: syntax error\n");
            return Step::Exit(1);
        }
        let link = if device == "any" { "LINUX_SLL2 (Linux cooked v2)" } else { "EN10MB (Ethernet)" };
        c.p.err.push_str(&format!("tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on {device}, link-type {link}, snapshot length 262144 bytes\n"));
        c.tool.phase = 1;
    }
    let limit = a.get("c").and_then(|n| n.parse::<u64>().ok()).unwrap_or(u64::MAX);
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    let own = own_address(c);
    let traffic = if device == "lo" { Vec::new() } else { c.host.traffic(&on) };
    let words: Vec<String> = a.rest.iter().flat_map(|w| w.split_whitespace().map(str::to_owned)).collect();
    let clock = c.host.utc().hms();
    let seed = c.con.now_ms / 1_000;
    for (i, p) in second(&traffic, &own, seed).iter().enumerate() {
        c.tool.m += 1;
        if keeps(&words, p) != Some(true) {
            continue;
        }
        if c.tool.n >= limit {
            break;
        }
        c.tool.n += 1;
        let end = |e: &(String, u16)| {
            let host = if e.0 == own && !a.has("n") && !a.has("nn") { on.as_str() } else { e.0.as_str() };
            let port = match port_name(e.1) {
                Some(name) if !a.has("n") && !a.has("nn") => name.to_owned(),
                _ => e.1.to_string(),
            };
            format!("{host}.{port}")
        };
        let at = if a.has("t") {
            String::new()
        } else {
            format!("{clock}.{:06} ", (i as u64 * 41_117 + seed * 7_919) % 1_000_000)
        };
        let side = if device == "any" { if p.from.0 == own { "eth0  Out " } else { "eth0  In  " } } else { "" };
        let length = p.rest.rsplit(' ').next().unwrap_or("0");
        let what = if a.has("q") { format!("tcp {length}") } else { format!("Flags [{}], {}", p.flags, p.rest) };
        c.line(&format!("{at}{side}IP {} > {}: {what}", end(&p.from), end(&p.to)));
    }
    if c.tool.n >= limit {
        let (n, m) = (c.tool.n, c.tool.m);
        c.p.err
            .push_str(&format!("{n} packets captured\n{m} packets received by filter\n0 packets dropped by kernel\n"));
        return Step::Exit(0);
    }
    c.sleep_ms(1_000);
    Step::More
}
