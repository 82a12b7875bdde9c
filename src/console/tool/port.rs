//! ping, nc, telnet: whether something answers at all.

use crate::console::host::NameKind;
use crate::console::machine::Read;
use crate::console::process::Tool;
use crate::console::tool::meta::millis;
use crate::console::tool::reach::{PATIENCE_MS, Reach, connect};
use crate::console::tool::socket::port_name;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::scenario::ObservedKind;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ping",
        synopsis: "[-c COUNT] [-i SECONDS] [-W SECONDS] [-w SECONDS] [-s BYTES] [-q] [-n] [-D] HOST",
        about: "send ICMP ECHO_REQUEST to network hosts",
        opts: &[
            value("c", "", "COUNT", "stop after COUNT requests"),
            value("i", "", "SECONDS", "seconds between requests (1)"),
            value("W", "", "SECONDS", "seconds to wait for the last reply (10)"),
            value("w", "", "SECONDS", "stop after so many seconds"),
            value("s", "", "BYTES", "bytes of data (56)"),
            flag("q", "", "only the summary"),
            flag("n", "", "no names of addresses"),
            flag("D", "", "the time in front of each line"),
            flag("4", "", "IPv4, as always here"),
        ],
        operand: Operand::Name(NameKind::Host),
        examples: &[
            ("ping -c 1 nowhere", "ping: nowhere: Name or service not known\n"),
            (
                "ping -c 1 web-01",
                "PING web-01 (10.0.0.11) 56(84) bytes of data.\n64 bytes from web-01 (10.0.0.11): icmp_seq=1 ttl=64 time=0.421 ms\n\n--- web-01 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 0.421/0.421/0.421/0.000 ms\n",
            ),
        ],
        step: ping,
        misuse: 2,
        ..Decl::BLANK
    },
    Decl {
        name: "nc",
        synopsis: "[-z] [-v] [-w SECONDS] HOST PORT[-PORT]",
        about: "connect to a port, or see whether one is open",
        opts: &[
            flag("z", "", "only see whether something listens"),
            flag("v", "", "say what happens"),
            flag("n", "", "no look-ups of names"),
            flag("u", "", "UDP"),
            value("w", "", "SECONDS", "give up after so many seconds"),
        ],
        operand: Operand::Name(NameKind::Host),
        missing: &["Listening (-l).", "Talking: what is typed to a server is answered by none; use curl."],
        examples: &[
            ("nc -zv web-01 22", "Connection to web-01 (10.0.0.11) 22 port [tcp/ssh] succeeded!\n"),
            ("nc -zv web-01 81", "nc: connect to web-01 (10.0.0.11) port 81 (tcp) failed: Connection refused\n"),
            ("nc -zv nowhere 80", "nc: getaddrinfo for host \"nowhere\" port 80: Name or service not known\n"),
        ],
        step: nc,
        ..Decl::BLANK
    },
    Decl {
        name: "telnet",
        synopsis: "HOST [PORT]",
        about: "connect to a port; Ctrl-C or a line ends it",
        operand: Operand::Name(NameKind::Host),
        missing: &["Protocols: a server closes the connection at the first line that it does not understand."],
        examples: &[(
            "telnet web-01 81",
            "Trying 10.0.0.11...\ntelnet: Unable to connect to remote host: Connection refused\n",
        )],
        step: telnet,
        ..Decl::BLANK
    },
];

fn ping(c: &mut Ctx<'_>) -> Step {
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("ping: usage error: Destination address required\n");
        return Step::Exit(1);
    };
    let number = |key: &str| c.args.get(key).map(|t| (t.to_owned(), t.parse::<u64>()));
    let limit = match number("c") {
        None => u64::MAX,
        Some((_, Ok(n))) if n > 0 => n,
        Some((t, Ok(_))) => {
            c.error(&format!("invalid argument: '{t}': out of range: 1 <= value <= 9223372036854775807"));
            return Step::Exit(1);
        }
        Some((t, Err(_))) => {
            c.error(&format!("invalid argument: '{t}'"));
            return Step::Exit(1);
        }
    };
    let every = match c.args.get("i").map(|t| (t.to_owned(), millis(t))) {
        None => 1_000,
        Some((_, Some(ms))) if ms >= 200 || c.p.user == "root" => ms.max(10),
        Some((_, Some(_))) => {
            c.error("cannot flood; minimal interval allowed for user is 200ms");
            return Step::Exit(2);
        }
        Some((t, None)) => {
            c.error(&format!("bad timing interval: {t}"));
            return Step::Exit(1);
        }
    };
    let bytes = number("s").and_then(|(_, n)| n.ok()).unwrap_or(56).min(65_000);
    if c.asleep() {
        return Step::Wait;
    }
    let Some(pong) = c.host.ping(&c.p.host, &name) else {
        c.error(&format!("{name}: Name or service not known"));
        return Step::Exit(2);
    };
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        c.tool.text = c.con.now_ms.to_string();
        c.line(&format!("PING {name} ({}) {bytes}({}) bytes of data.", pong.address, bytes + 28));
    }
    let began: u64 = c.tool.text.parse().unwrap_or(0);
    let late = c.args.get("w").and_then(millis).is_some_and(|ms| c.con.now_ms.saturating_sub(began) >= ms);
    if c.tool.n >= limit || late {
        // The last request is waited for.
        if c.tool.phase == 1 && c.tool.m < c.tool.n && !late {
            c.tool.phase = 2;
            let wait = c.args.get("W").and_then(millis).unwrap_or(10_000);
            return c.sleep_ms(wait);
        }
        let text = summary(c.tool, &name, every);
        c.print(&text);
        return Step::Exit(i32::from(c.tool.m == 0));
    }
    let to = crate::console::tool::reach::machine(c, &name);
    let service = c.host.service_of(to.as_deref().unwrap_or(&name));
    c.see(ObservedKind::Host, to.unwrap_or_else(|| name.clone()), service);
    c.tool.n += 1;
    if let Some(us) = pong.rtt_us {
        c.tool.m += 1;
        let n = c.tool.n;
        if c.tool.lines.len() < 100_000 {
            c.tool.lines.push(us.to_string());
        }
        if !c.args.has("q") {
            let from = if c.args.has("n") || name == pong.address {
                pong.address.clone()
            } else {
                format!("{name} ({})", pong.address)
            };
            let at =
                if c.args.has("D") { format!("[{}.{:06}] ", c.host.utc().0, us % 1_000_000) } else { String::new() };
            // As many figures as the tool prints.
            let ms = us as f64 / 1_000.0;
            let time = match us {
                100_000.. => format!("{ms:.0}"),
                10_000.. => format!("{ms:.1}"),
                1_000.. => format!("{ms:.2}"),
                _ => format!("{ms:.3}"),
            };
            c.line(&format!("{at}{} bytes from {from}: icmp_seq={n} ttl=64 time={time} ms", bytes + 8));
        }
    }
    if c.tool.n < limit {
        c.sleep_ms(every);
    }
    Step::More
}

/// The lines at the end: what was lost, and how long the others took.
/// The same when it is interrupted.
pub(super) fn last_words(tool: &Tool) -> String {
    let args = tool.args.clone().unwrap_or_default();
    let every = args.get("i").and_then(millis).unwrap_or(1_000);
    args.at(0).filter(|_| tool.phase > 0).map_or(String::new(), |name| summary(tool, name, every))
}

fn summary(tool: &Tool, name: &str, every: u64) -> String {
    let (n, m) = (tool.n, tool.m);
    let lost = (n - m.min(n)) as f64 * 100.0 / n.max(1) as f64;
    let lost = if lost == lost.trunc() { format!("{lost:.0}") } else { format!("{lost:.4}") };
    let mut out = format!(
        "\n--- {name} ping statistics ---\n{n} packets transmitted, {m} received, {lost}% packet loss, time {}ms\n",
        n.saturating_sub(1) * every
    );
    let all: Vec<f64> = tool.lines.iter().filter_map(|l| l.parse::<f64>().ok()).map(|us| us / 1_000.0).collect();
    if all.is_empty() {
        return out;
    }
    let k = all.len() as f64;
    let mean = all.iter().sum::<f64>() / k;
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(0.0, f64::max);
    let spread = (all.iter().map(|x| x * x).sum::<f64>() / k - mean * mean).max(0.0).sqrt();
    out.push_str(&format!("rtt min/avg/max/mdev = {least:.3}/{mean:.3}/{most:.3}/{spread:.3} ms\n"));
    out
}

fn nc(c: &mut Ctx<'_>) -> Step {
    if c.tool.phase == 1 {
        if c.asleep() {
            return Step::Wait;
        }
        let text = std::mem::take(&mut c.tool.text);
        c.p.err.push_str(&text);
        return Step::Exit(c.tool.status);
    }
    if c.tool.phase == 2 {
        // Connected: whatever is sent is not understood, and the end of input ends it.
        return match c.con.read(c.p) {
            Read::Later => Step::Wait,
            _ => Step::Exit(0),
        };
    }
    let (Some(name), Some(ports)) = (c.args.at(0).map(str::to_owned), c.args.at(1).map(str::to_owned)) else {
        c.p.err.push_str("usage: nc [-nuvz] [-w timeout] [destination] [port]\n");
        return Step::Exit(1);
    };
    let (from, to) = ports.split_once('-').unwrap_or((&ports, &ports));
    let number = |t: &str| t.parse::<u16>().ok().filter(|p| *p > 0);
    let (Some(from), Some(to)) = (number(from), number(to)) else {
        c.error(&format!("port number invalid: {ports}"));
        return Step::Exit(1);
    };
    let (verbose, proto) = (c.args.has("v"), if c.args.has("u") { "udp" } else { "tcp" });
    let limit = c.args.get("w").and_then(millis).unwrap_or(PATIENCE_MS);
    let (mut text, mut waited, mut open) = (String::new(), 0u64, false);
    for port in from..=to.min(from.saturating_add(1_023)) {
        let label = port_name(port).unwrap_or("*");
        match connect(c, &name, port) {
            Reach::Unresolved => {
                text.push_str(&format!("nc: getaddrinfo for host \"{name}\" port {port}: Name or service not known\n"));
                break;
            }
            Reach::Open(a) => {
                open = true;
                if verbose {
                    text.push_str(&format!("Connection to {name} ({a}) {port} port [{proto}/{label}] succeeded!\n"));
                }
            }
            Reach::Refused(a) if verbose => {
                text.push_str(&format!(
                    "nc: connect to {name} ({a}) port {port} ({proto}) failed: Connection refused\n"
                ));
            }
            Reach::Refused(_) => {}
            Reach::Silent(a) => {
                waited = waited.saturating_add(limit);
                if verbose {
                    let why = if limit < PATIENCE_MS { "Operation now in progress" } else { "Connection timed out" };
                    let what = if limit < PATIENCE_MS { "timed out" } else { "failed" };
                    text.push_str(&format!("nc: connect to {name} ({a}) port {port} ({proto}) {what}: {why}\n"));
                }
            }
        }
    }
    c.tool.status = i32::from(!open);
    if open && !c.args.has("z") {
        c.p.err.push_str(&text);
        c.tool.phase = 2;
        return Step::More;
    }
    c.tool.text = text;
    c.tool.phase = 1;
    c.sleep_ms(waited);
    Step::More
}

fn telnet(c: &mut Ctx<'_>) -> Step {
    match c.tool.phase {
        1 => {
            if c.asleep() {
                return Step::Wait;
            }
            let text = std::mem::take(&mut c.tool.text);
            c.p.err.push_str(&format!("telnet: Unable to connect to remote host: {text}\n"));
            return Step::Exit(1);
        }
        2 => {
            return match c.con.read(c.p) {
                Read::Later => Step::Wait,
                _ => {
                    c.line("Connection closed by foreign host.");
                    Step::Exit(1)
                }
            };
        }
        _ => {}
    }
    let Some(name) = c.args.at(0).map(str::to_owned) else {
        c.p.err.push_str("usage: telnet HOST [PORT]\n");
        return Step::Exit(1);
    };
    let text = c.args.at(1).unwrap_or("23").to_owned();
    let Ok(port) = text.parse::<u16>() else {
        c.error(&format!("could not resolve {name}/{text}: Servname not supported for ai_socktype"));
        return Step::Exit(1);
    };
    match connect(c, &name, port) {
        Reach::Unresolved => {
            c.error(&format!("could not resolve {name}/{text}: Name or service not known"));
            Step::Exit(1)
        }
        Reach::Open(a) => {
            c.line(&format!("Trying {a}...\nConnected to {name}.\nEscape character is '^]'."));
            if port == 22 {
                c.line("SSH-2.0-OpenSSH_9.2p1 Debian-2");
            }
            c.tool.phase = 2;
            Step::More
        }
        Reach::Refused(a) => {
            c.line(&format!("Trying {a}..."));
            c.tool.text = "Connection refused".to_owned();
            c.tool.phase = 1;
            c.sleep_ms(2);
            Step::More
        }
        Reach::Silent(a) => {
            c.line(&format!("Trying {a}..."));
            c.tool.text = "Connection timed out".to_owned();
            c.tool.phase = 1;
            c.sleep_ms(PATIENCE_MS);
            Step::More
        }
    }
}
