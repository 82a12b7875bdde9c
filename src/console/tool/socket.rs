//! ss, netstat: sockets that wait for clients, connections, and how many there are.

use crate::console::host::{Connections, Listener};
use crate::console::tool::net_tools::{interface_table, routes};
use crate::console::tool::{Ctx, Decl, Step, flag};
use crate::scenario::ObservedKind;
use crate::sim::capacity::HostUse;

/// Lines of connections that are listed at most.
const LIST_MAX: u64 = 20_000;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ss",
        synopsis: "[-t] [-u] [-l] [-a] [-n] [-p] [-s] [-H] [-o] [-i] [state STATE] [sport = :PORT] [dport = :PORT] [dst ADDRESS]",
        about: "dump socket statistics; programs of other users are shown to root only",
        opts: &[
            flag("t", "tcp", "TCP sockets"),
            flag("u", "udp", "UDP sockets"),
            flag("l", "listening", "sockets that wait for clients"),
            flag("a", "all", "all of them"),
            flag("n", "numeric", "ports as numbers"),
            flag("p", "processes", "the programs that use them"),
            flag("s", "summary", "how many there are"),
            flag("H", "no-header", "no titles"),
            flag("o", "options", "timers"),
            flag("i", "info", "what TCP measures"),
            flag("4", "ipv4", "IPv4 only, as all of them are here"),
            flag("e", "extended", "users of sockets"),
        ],
        subs: &["dport", "dst", "sport", "state"],
        missing: &["Filters other than `state`, `sport`, `dport`, `src` and `dst`.", "Unix sockets."],
        misuse: 255,
        examples: &[
            ("ss -tlnH", "LISTEN 0      128             0.0.0.0:22        0.0.0.0:*\n"),
            ("ssh web-01 'ss -s | head -n 2'", "Total: 114\nTCP:   46 (estab 3, closed 40, orphaned 0, timewait 40)\n"),
        ],
        step: ss,
        ..Decl::BLANK
    },
    Decl {
        name: "netstat",
        synopsis: "[-t] [-u] [-l] [-a] [-n] [-p] | -s | -i | -r",
        about: "print network connections, statistics, interfaces, routes",
        opts: &[
            flag("t", "tcp", "TCP sockets"),
            flag("u", "udp", "UDP sockets"),
            flag("l", "listening", "sockets that wait for clients"),
            flag("a", "all", "all of them"),
            flag("n", "numeric", "numbers instead of names"),
            flag("p", "programs", "the programs that use them"),
            flag("s", "statistics", "what the protocols count"),
            flag("i", "interfaces", "interfaces"),
            flag("r", "route", "routes"),
            flag("e", "extend", "accepted; users are shown by ss -e"),
        ],
        missing: &["Unix sockets."],
        examples: &[(
            "ssh web-01 'netstat -tln | grep :80'",
            "tcp        3      0 0.0.0.0:80              0.0.0.0:*               LISTEN\n",
        )],
        step: netstat,
        ..Decl::BLANK
    },
];

/// A socket as a line: state, waiting bytes, both ends, who uses it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub proto: &'static str,
    pub state: &'static str,
    pub recv: u64,
    pub send: u64,
    pub local: (String, u16),
    pub peer: (String, u16),
    pub pid: u32,
    pub program: String,
    pub user: String,
}

/// The `i`-th client on the internet: an address and a port.
fn client(i: u64) -> (String, u16) {
    let net = ["198.51.100", "203.0.113", "192.0.2"];
    let at = i.wrapping_mul(2_654_435_761) >> 7;
    let prefix = net.get((at % 3) as usize).copied().unwrap_or("198.51.100");
    (format!("{prefix}.{}", at / 3 % 250 + 2), 32_768 + ((at / 751 + i) % 28_000) as u16)
}

/// The well known name of a port.
pub(super) fn port_name(port: u16) -> Option<&'static str> {
    Some(match port {
        22 => "ssh",
        25 => "smtp",
        53 => "domain",
        80 => "http",
        123 => "ntp",
        443 => "https",
        3306 => "mysql",
        5432 => "postgresql",
        6379 => "redis",
        8080 => "http-alt",
        _ => return None,
    })
}

/// The address of the caller's host.
pub(super) fn own_address(c: &Ctx<'_>) -> String {
    let a = c.host.address(&c.p.host);
    if a.is_empty() { "127.0.0.1".to_owned() } else { a }
}

/// The gateway of the caller's host: the first address of its network.
pub(super) fn gateway(c: &Ctx<'_>) -> String {
    let own = own_address(c);
    own.rsplit_once('.').map_or(own.clone(), |(net, _)| format!("{net}.1"))
}

fn listening(l: Listener) -> Line {
    Line {
        proto: l.proto,
        state: "LISTEN",
        recv: l.waiting,
        send: l.backlog,
        local: (l.address, l.port),
        peer: ("0.0.0.0".to_owned(), 0),
        pid: l.pid,
        program: l.program,
        user: l.user,
    }
}

/// The connections of a group, one by one.
pub(super) fn spread(g: &Connections, own: &str, from: u64) -> impl Iterator<Item = Line> {
    let (g, own) = (g.clone(), own.to_owned());
    (0..g.count.min(LIST_MAX)).map(move |i| {
        let (address, port) = client(from + i);
        let outgoing = g.local_port == 0;
        Line {
            proto: "tcp",
            state: g.state,
            recv: 0,
            send: u64::from(g.state == "SYN-SENT"),
            local: (own.clone(), if outgoing { port } else { g.local_port }),
            peer: if outgoing { (g.peer.clone(), g.peer_port) } else { (address, port) },
            pid: g.pid,
            program: g.program.clone(),
            user: String::new(),
        }
    })
}

/// Logins by ssh from another host are connections too.
fn sessions(c: &Ctx<'_>) -> Vec<Connections> {
    let ssh: Vec<_> = crate::console::tool::machine::logins(c).into_iter().filter(|l| !l.from.is_empty()).collect();
    let one = |l: &crate::console::tool::machine::Login| Connections {
        state: "ESTAB",
        pid: 0,
        program: "sshd".to_owned(),
        local_port: 22,
        peer: l.from.clone(),
        peer_port: 0,
        count: 1,
    };
    ssh.iter().map(one).collect()
}

/// All sockets of the caller's host.
pub(super) fn lines(c: &Ctx<'_>) -> Vec<Line> {
    let on = c.on();
    let own = own_address(c);
    let mut out: Vec<Line> = c.host.listeners(&on).into_iter().map(listening).collect();
    for (i, g) in c.host.connections(&on).iter().enumerate() {
        out.extend(spread(g, &own, (i as u64 + 1) * 7_919));
    }
    for (i, g) in sessions(c).iter().enumerate() {
        let mut line = spread(g, &own, 13 + i as u64).next();
        if let Some(l) = &mut line {
            l.peer.0.clone_from(&g.peer);
        }
        out.extend(line);
    }
    out
}

/// Whether the caller may know which program uses a socket.
pub(super) fn visible(c: &Ctx<'_>, pid: u32) -> bool {
    pid != 0 && (c.p.user == "root" || c.host.processes(&c.p.host).iter().any(|p| p.pid == pid && p.user == c.p.user))
}

/// What a filter of `ss` keeps.
#[derive(Default)]
struct Filter {
    states: Vec<&'static str>,
    ends: Vec<(bool, Option<String>, Option<u16>)>,
}

const STATES: &[(&str, &str)] = &[
    ("established", "ESTAB"),
    ("estab", "ESTAB"),
    ("listening", "LISTEN"),
    ("listen", "LISTEN"),
    ("time-wait", "TIME-WAIT"),
    ("syn-sent", "SYN-SENT"),
    ("syn-recv", "SYN-RECV"),
    ("close-wait", "CLOSE-WAIT"),
    ("fin-wait-1", "FIN-WAIT-1"),
    ("fin-wait-2", "FIN-WAIT-2"),
    ("last-ack", "LAST-ACK"),
    ("closing", "CLOSING"),
];

fn port(text: &str) -> Option<u16> {
    let known = [
        ("ssh", 22),
        ("http", 80),
        ("https", 443),
        ("domain", 53),
        ("mysql", 3306),
        ("postgresql", 5432),
        ("redis", 6379),
    ];
    text.parse().ok().or_else(|| known.iter().find(|(n, _)| *n == text).map(|(_, p)| *p))
}

impl Filter {
    fn read(words: &[String]) -> Result<Filter, String> {
        let mut f = Filter::default();
        let plain: Vec<&str> = words
            .iter()
            .flat_map(|w| w.split_whitespace())
            .filter(|w| !matches!(*w, "(" | ")" | "and" | "or"))
            .collect();
        let mut at = plain.iter();
        while let Some(w) = at.next() {
            match *w {
                "state" | "exclude" => {
                    let name = at.next().copied().unwrap_or_default();
                    if *w == "state" && matches!(name, "connected" | "all") {
                        let all = STATES.iter().map(|s| s.1).filter(|s| name == "all" || *s != "LISTEN");
                        f.states.extend(all);
                        continue;
                    }
                    let found = STATES.iter().find(|s| s.0 == name).map(|s| s.1);
                    let found = found.ok_or(format!("ss: wrong state name: {name}\n"))?;
                    match *w {
                        "state" => f.states.push(found),
                        _ => f.states.extend(STATES.iter().map(|s| s.1).filter(|s| *s != found)),
                    }
                }
                "sport" | "dport" => {
                    let mut text = at.next().copied().unwrap_or_default();
                    if matches!(text, "=" | "==" | "eq") {
                        text = at.next().copied().unwrap_or_default();
                    }
                    let n = port(text.trim_start_matches(['=', ':']));
                    f.ends.push((
                        *w == "sport",
                        None,
                        Some(n.ok_or(format!("Error: an inet prefix is expected rather than \"{text}\".\n"))?),
                    ));
                }
                "src" | "dst" => {
                    let text = at.next().copied().unwrap_or_default();
                    let (host, n) = match text.rsplit_once(':') {
                        Some((h, p)) => (h, port(p)),
                        None => (text, None),
                    };
                    f.ends.push((*w == "src", (!host.is_empty()).then(|| host.to_owned()), n));
                }
                other => {
                    return Err(format!(
                        "Error: an inet prefix is expected rather than \"{other}\".\nCannot parse dst/src address.\n"
                    ));
                }
            }
        }
        Ok(f)
    }

    fn keeps(&self, l: &Line) -> bool {
        (self.states.is_empty() || self.states.contains(&l.state))
            && self.ends.iter().all(|(local, host, port)| {
                let end = if *local { &l.local } else { &l.peer };
                host.as_ref().is_none_or(|h| *h == end.0) && port.is_none_or(|p| p == end.1)
            })
    }
}

fn ss(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (on, service) = (c.on(), c.service());
    if a.has("s") {
        c.see(ObservedKind::Host, on.clone(), service);
        return summary(c);
    }
    let filter = match Filter::read(&a.rest) {
        Ok(f) => f,
        Err(why) => {
            c.p.err.push_str(&why);
            return Step::Exit(255);
        }
    };
    c.see(ObservedKind::Host, on, service);
    let listen = a.has("l");
    let (tcp, udp) = (a.has("t") || !a.has("u"), a.has("u") || !a.has("t"));
    let mut all = lines(c);
    all.retain(|l| {
        let proto = if l.proto == "udp" { udp } else { tcp };
        let by_flag = if !filter.states.is_empty() || a.has("a") {
            true
        } else {
            (l.state == "LISTEN") == listen && (listen || l.state == "ESTAB")
        };
        proto && by_flag && filter.keeps(l)
    });
    let both = tcp && udp;
    let stateless = filter.states.len() == 1;
    let name = |p: u16| match (p, a.has("n")) {
        (0, _) => "*".to_owned(),
        (p, false) => port_name(p).map_or_else(|| p.to_string(), str::to_owned),
        (p, true) => p.to_string(),
    };
    let mut rows: Vec<[String; 7]> = Vec::new();
    if !a.has("H") {
        let titles = ["Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port", "Process"];
        rows.push(titles.map(str::to_owned));
    }
    for l in &all {
        let mut users = if a.has("p") && visible(c, l.pid) {
            format!("users:((\"{}\",pid={},fd={}))", l.program, l.pid, 3 + l.local.1 % 4)
        } else {
            String::new()
        };
        if a.has("o") && l.state == "TIME-WAIT" {
            users.push_str(&format!(" timer:(timewait,{}sec,0)", 1 + l.peer.1 % 59));
        }
        if a.has("e") && !l.user.is_empty() {
            users.push_str(&format!(" uid:{}", crate::console::tool::machine::uid(&l.user)));
        }
        if a.has("i") && l.state == "ESTAB" {
            users.push_str(" cubic wscale:7,7 rto:204 rtt:0.6/0.3 mss:1448 cwnd:10");
        }
        rows.push([
            l.proto.to_owned(),
            l.state.to_owned(),
            l.recv.to_string(),
            l.send.to_string(),
            format!("{}:{}", l.local.0, name(l.local.1)),
            format!("{}:{}", l.peer.0, name(l.peer.1)),
            users.trim_start().to_owned(),
        ]);
    }
    // Addresses are set so that their colons stand below each other.
    let split = |t: &str| t.rsplit_once(':').map(|(h, p)| (h.len(), p.len())).unwrap_or((t.len(), 0));
    let width =
        |i: usize, title: usize| rows.iter().filter_map(|r| r.get(i)).map(String::len).max().unwrap_or(0).max(title);
    let left = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|t| split(t).0).max().unwrap_or(0);
    let right = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|t| split(t).1).max().unwrap_or(0);
    let (state, host, port, peer, peer_port) = (width(1, 6), left(4).max(16), right(4), left(5).max(14), right(5));
    for r in &rows {
        let [netid, st, recv, send, local, to, users] = r;
        let mut line = String::new();
        if both {
            line.push_str(&format!("{netid:<5} "));
        }
        if !stateless {
            line.push_str(&format!("{st:<state$} "));
        }
        line.push_str(&format!("{recv:<6} {send:<6} "));
        let end = |t: &str, h: usize, p: usize| {
            let (a, b) = t.rsplit_once(':').unwrap_or((t, ""));
            format!("{a:>h$}:{b:<p$}")
        };
        line.push_str(&format!("{} {}{users}", end(local, host, port), {
            let e = end(to, peer, peer_port);
            if users.is_empty() || users == "Process" { e } else { format!("{e} ") }
        }));
        c.line(line.trim_end());
    }
    Step::Exit(0)
}

/// How many sockets there are: listening, established, connecting, waiting for their time.
pub(super) struct Count {
    pub listen: u64,
    pub estab: u64,
    pub connecting: u64,
    pub waiting: u64,
    pub udp: u64,
}

pub(super) fn count(c: &Ctx<'_>) -> Count {
    let on = c.on();
    let listeners = c.host.listeners(&on);
    let groups = c.host.connections(&on);
    let own = sessions(c).len() as u64;
    let sum = |state: &str| groups.iter().filter(|g| g.state == state).map(|g| g.count).sum::<u64>();
    Count {
        listen: listeners.iter().filter(|l| l.proto == "tcp").count() as u64,
        estab: sum("ESTAB") + own,
        connecting: sum("SYN-SENT"),
        waiting: sum("TIME-WAIT"),
        udp: listeners.iter().filter(|l| l.proto == "udp").count() as u64,
    }
}

fn summary(c: &mut Ctx<'_>) -> Step {
    let n = count(c);
    let tcp = n.listen + n.estab + n.connecting;
    c.line(&format!("Total: {}", tcp + n.udp + 108));
    c.line(&format!(
        "TCP:   {} (estab {}, closed {}, orphaned 0, timewait {})",
        tcp + n.waiting,
        n.estab,
        n.waiting,
        n.waiting
    ));
    c.line("\nTransport Total     IP        IPv6");
    for (name, total) in [("RAW", 0), ("UDP", n.udp), ("TCP", tcp), ("INET", tcp + n.udp), ("FRAG", 0)] {
        c.line(&format!("{name:<9} {total:<9} {total:<9} 0"));
    }
    c.line("");
    Step::Exit(0)
}

fn netstat(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Host, on.clone(), service);
    if a.has("s") {
        return statistics(c);
    }
    if a.has("r") {
        c.line(
            "Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface",
        );
        for [to, by, mask, flags] in routes(c, true) {
            c.line(&format!("{to:<15} {by:<15} {mask:<15} {flags:<5}     0 0          0 eth0"));
        }
        return Step::Exit(0);
    }
    if a.has("i") {
        c.line("Kernel Interface table");
        interface_table(c);
        return Step::Exit(0);
    }
    let (tcp, udp) = (a.has("t") || !a.has("u"), a.has("u") || !a.has("t"));
    let (all, listen) = (a.has("a"), a.has("l"));
    let which = match (all, listen) {
        (true, _) => "servers and established",
        (_, true) => "only servers",
        _ => "w/o servers",
    };
    if a.has("p") && c.p.user != "root" {
        c.p.err.push_str("(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)\n");
    }
    c.line(&format!("Active Internet connections ({which})"));
    let program = if a.has("p") { "PID/Program name    " } else { "" };
    c.line(&format!("Proto Recv-Q Send-Q Local Address           Foreign Address         State       {program}"));
    let name = |p: u16| match (p, a.has("n")) {
        (0, _) => "*".to_owned(),
        (p, false) => port_name(p).map_or_else(|| p.to_string(), str::to_owned),
        (p, true) => p.to_string(),
    };
    for l in lines(c) {
        let server = l.state == "LISTEN";
        if !(all || server == listen) || !(if l.proto == "udp" { udp } else { tcp }) {
            continue;
        }
        let state = match l.state {
            "ESTAB" => "ESTABLISHED",
            "TIME-WAIT" => "TIME_WAIT",
            "SYN-SENT" => "SYN_SENT",
            other => other,
        };
        let who = match (a.has("p"), visible(c, l.pid)) {
            (false, _) => String::new(),
            (true, false) => format!("{:<20}", "-"),
            (true, true) => format!("{:<20}", format!("{}/{}", l.pid, l.program)),
        };
        let send = if server { 0 } else { l.send };
        c.line(
            format!(
                "{:<5} {:>6} {send:>6} {:<23} {:<23} {state:<11} {who}",
                l.proto,
                l.recv,
                format!("{}:{}", l.local.0, name(l.local.1)),
                format!("{}:{}", l.peer.0, name(l.peer.1))
            )
            .trim_end(),
        );
    }
    Step::Exit(0)
}

fn statistics(c: &mut Ctx<'_>) -> Step {
    let on = c.on();
    let m: HostUse = c.host.machine(&on).unwrap_or_default();
    let i = c.host.interface(&on);
    let n = count(c);
    let overflow: u64 = c.host.listeners(&on).iter().map(|l| l.waiting.saturating_sub(l.backlog)).sum();
    c.line("Ip:\n    Forwarding: 2");
    c.line(&format!("    {} total packets received\n    0 forwarded\n    0 incoming packets discarded", i.rx.1));
    c.line(&format!("    {} incoming packets delivered\n    {} requests sent out", i.rx.1, i.tx.1));
    c.line("Tcp:");
    c.line(&format!("    {} active connection openings", i.tx.1 / 8));
    c.line(&format!("    {} passive connection openings", i.rx.1 / 8));
    c.line("    0 failed connection attempts\n    0 connection resets received");
    c.line(&format!("    {} connections established", n.estab));
    c.line(&format!("    {} segments received\n    {} segments sent out", i.rx.1, i.tx.1));
    let lost = (i.tx.1 as f64 * m.dropped.min(1.0)) as u64;
    c.line(&format!("    {lost} segments retransmitted\n    0 bad segments received\n    0 resets sent"));
    c.line("TcpExt:");
    c.line(&format!("    {} TCP sockets finished time wait in fast timer", i.tx.1 / 8));
    if overflow > 0 {
        c.line(&format!(
            "    {overflow} times the listen queue of a socket overflowed\n    {overflow} SYNs to LISTEN sockets dropped"
        ));
    }
    Step::Exit(0)
}
