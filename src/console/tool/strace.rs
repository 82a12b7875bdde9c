//! strace: the system calls of a program, as far as what it does in this world says which they are.

use crate::console::host::{CallRow, Traffic};
use crate::console::tool::machine::rows;
use crate::console::tool::{Ctx, Decl, Step, flag, value};
use crate::scenario::ObservedKind;

/// Requests and calls of a second that are shown.
const SHOWN: u64 = 3;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "strace",
    synopsis: "-p PID [-f] [-t | -tt] [-T] [-e trace=network|file|write|connect|...]",
    about: "trace system calls of a running process; Ctrl-C detaches",
    opts: &[
        value("p", "attach", "PID", "the process"),
        flag("f", "follow-forks", "its threads too, as always here"),
        flag("t", "", "the time in front of each line"),
        flag("tt", "", "the time with microseconds"),
        flag("T", "", "how long each call took"),
        flag("y", "", "accepted"),
        value("e", "", "EXPRESSION", "only these calls: `trace=network`, `trace=file`, `trace=connect,write`"),
        value("s", "", "SIZE", "accepted; strings are short"),
    ],
    missing: &[
        "Starting a command under strace.",
        "Summaries (-c).",
        "Every call: a few requests of each second are shown, with what really became of them.",
    ],
    examples: &[
        ("strace -p 99999", "strace: attach: ptrace(PTRACE_SEIZE, 99999): No such process\n"),
        ("strace -p 300", "strace: attach: ptrace(PTRACE_SEIZE, 300): Operation not permitted\n"),
        (
            "strace ls",
            "strace: must have -p PID: starting a command is not available in this shell\nTry 'strace -h' for more information.\n",
        ),
    ],
    step: strace,
    ..Decl::BLANK
}];

/// A call: its name, the group that it belongs to, the text, and seconds that it took.
struct Call {
    name: &'static str,
    group: &'static str,
    text: String,
    took_s: f64,
}

fn call(name: &'static str, group: &'static str, arguments: &str, result: &str, took_s: f64) -> Call {
    Call { name, group, text: format!("{name}({arguments}) = {result}"), took_s }
}

fn address(ip: &str, port: u16) -> String {
    format!("{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{ip}\")}}, 16")
}

/// What one call to another service looks like from inside.
fn outgoing(c: &CallRow, fd: u32) -> Vec<Call> {
    let open = || {
        call(
            "socket",
            "network",
            "AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP",
            &fd.to_string(),
            0.000_02,
        )
    };
    let close = || call("close", "desc", &fd.to_string(), "0", 0.000_01);
    if c.sent == 0 {
        return Vec::new();
    }
    if c.address.is_empty() {
        return vec![
            call(
                "sendto",
                "network",
                &format!("{fd}, \"\\216\\1\\1\\0\\0\\1...{}\", 40, MSG_NOSIGNAL, NULL, 0", c.name),
                "40",
                0.000_03,
            ),
            call("recvfrom", "network", &format!("{fd}, \"\\216\\1\\201\\203...\", 2048, 0, NULL, NULL"), "115", 0.002),
        ];
    }
    let to = address(&c.address, c.port);
    let mut out = vec![open()];
    if c.refused > 0 {
        out.push(call("connect", "network", &format!("{fd}, {to}"), "-1 ECONNREFUSED (Connection refused)", 0.000_3));
        out.push(close());
        return out;
    }
    if c.timeouts > 0 && c.ok == 0 && c.errors == 0 {
        out.push(call(
            "connect",
            "network",
            &format!("{fd}, {to}"),
            "-1 EINPROGRESS (Operation now in progress)",
            0.000_05,
        ));
        out.push(call("poll", "desc", &format!("[{{fd={fd}, events=POLLOUT}}], 1, 1000"), "0 (Timeout)", 1.0));
        out.push(call(
            "getsockopt",
            "network",
            &format!("{fd}, SOL_SOCKET, SO_ERROR, [ETIMEDOUT], [4]"),
            "0",
            0.000_01,
        ));
        out.push(close());
        return out;
    }
    out.push(call(
        "connect",
        "network",
        &format!("{fd}, {to}"),
        "-1 EINPROGRESS (Operation now in progress)",
        0.000_05,
    ));
    out.push(call("sendto", "network", &format!("{fd}, \"...\", 212, MSG_NOSIGNAL, NULL, 0"), "212", 0.000_03));
    if c.timeouts > 0 {
        out.push(call("poll", "desc", &format!("[{{fd={fd}, events=POLLIN}}], 1, 1000"), "0 (Timeout)", 1.0));
    } else if c.errors > 0 {
        out.push(call(
            "recvfrom",
            "network",
            &format!("{fd}, \"HTTP/1.1 503 Service Unavailable\\r\\n\"..., 8192, 0, NULL, NULL"),
            "187",
            0.004,
        ));
    } else {
        out.push(call("recvfrom", "network", &format!("{fd}, \"...\", 8192, 0, NULL, NULL"), "1448", 0.003));
    }
    out.push(close());
    out
}

/// What the process of a service did in the last second.
fn of_service(t: &Traffic, seed: u64) -> Vec<Call> {
    let mut out = Vec::new();
    let listen = 6;
    let n = t.requests.min(SHOWN);
    for i in 0..n {
        let fd = 20 + ((seed + i) % 40) as u32;
        let ip = format!("198.51.100.{}", (seed * 7 + i * 31) % 250 + 2);
        let port = 32_768 + ((seed * 131 + i * 17) % 28_000) as u16;
        out.push(call(
            "accept4",
            "network",
            &format!("{listen}, {{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{ip}\")}}, [128 => 16], SOCK_CLOEXEC|SOCK_NONBLOCK"),
            &fd.to_string(),
            0.000_02,
        ));
        out.push(call(
            "recvfrom",
            "network",
            &format!("{fd}, \"GET / HTTP/1.1\\r\\nHost: \"..., 8192, 0, NULL, NULL"),
            "212",
            0.000_02,
        ));
        for c in &t.calls {
            out.extend(outgoing(c, fd + 40));
        }
        let failed = i < t.errors * n / t.requests.max(1) || t.errors >= t.requests;
        if let (Some(mount), true) = (&t.full, failed) {
            out.push(call(
                "write",
                "write",
                &format!("9, \"...\", 4096 /* {mount} */"),
                "-1 ENOSPC (No space left on device)",
                0.000_04,
            ));
        }
        let status = if failed { "503 Service Unavailable" } else { "200 OK" };
        out.push(call(
            "sendto",
            "network",
            &format!("{fd}, \"HTTP/1.1 {status}\\r\\n\"..., 1448, MSG_NOSIGNAL, NULL, 0"),
            "1448",
            t.latency_ms / 1_000.0 / 20.0,
        ));
        out.push(call("write", "write", "4, \"...\", 118", "118", 0.000_02));
        out.push(call("close", "desc", &fd.to_string(), "0", 0.000_01));
    }
    if n == 0 {
        for c in t.calls.iter().filter(|c| c.sent > 0).take(2) {
            out.extend(outgoing(c, 24));
        }
    }
    if let (Some(mount), true) = (&t.full, out.is_empty()) {
        out.push(call(
            "write",
            "write",
            &format!("9, \"...\", 4096 /* {mount} */"),
            "-1 ENOSPC (No space left on device)",
            0.000_04,
        ));
    }
    out
}

/// Whether an expression of `-e` asks for a call.
fn asked(expression: &str, c: &Call) -> bool {
    let list = expression.strip_prefix("trace=").unwrap_or(expression);
    list.split(',').any(|w| {
        let w = w.trim_start_matches(['%', '?']);
        w == "all"
            || w == c.name
            || w == c.group
            || w == "write" && c.name == "write"
            || w == "net" && c.group == "network"
    })
}

fn strace(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let Some(text) = a.get("p").map(str::to_owned) else {
        c.p.err.push_str("strace: must have -p PID: starting a command is not available in this shell\nTry 'strace -h' for more information.\n");
        return Step::Exit(1);
    };
    let Ok(pid) = text.parse::<u32>() else {
        c.error(&format!("Invalid process id: '{text}'"));
        return Step::Exit(1);
    };
    if c.tool.phase == 1 && c.asleep() {
        return Step::Wait;
    }
    let row = rows(c).into_iter().find(|r| r.pid == pid);
    let Some(row) = row else {
        if c.tool.phase == 1 {
            c.p.err.push_str("+++ killed by SIGKILL +++\n");
            return Step::Exit(0);
        }
        c.p.err.push_str(&format!("strace: attach: ptrace(PTRACE_SEIZE, {pid}): No such process\n"));
        return Step::Exit(1);
    };
    if c.p.user != "root" && row.user != c.p.user {
        c.p.err.push_str(&format!("strace: attach: ptrace(PTRACE_SEIZE, {pid}): Operation not permitted\n"));
        return Step::Exit(1);
    }
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        c.p.err.push_str(&format!("strace: Process {pid} attached\n"));
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, format!("{on}:{}", if row.unit.is_empty() { row.name() } else { &row.unit }), service);
    let traffic = c.host.traffic(&on).into_iter().find(|t| t.pid == Some(pid));
    let seed = c.con.now_ms / 1_000 + u64::from(pid);
    let mut calls = traffic.map(|t| of_service(&t, seed)).unwrap_or_default();
    let own = c.host.unit_use(&on, &row.unit);
    if let Some(u) = own
        && u.limits.descriptors.is_some_and(|n| u.descriptors >= n)
    {
        calls.insert(
            0,
            call("accept4", "network", "6, NULL, NULL, SOCK_CLOEXEC", "-1 EMFILE (Too many open files)", 0.000_01),
        );
    }
    calls.push(call("epoll_wait", "desc", "5, [], 1024, 1000", "0", 1.0));
    let expression = a.get("e").map(str::to_owned);
    let clock = c.host.utc().hms();
    for (i, x) in calls.iter().filter(|x| expression.as_ref().is_none_or(|e| asked(e, x))).enumerate() {
        let at = if a.has("tt") {
            format!("{clock}.{:06} ", (seed * 7_919 + i as u64 * 1_301) % 1_000_000)
        } else if a.has("t") {
            format!("{clock} ")
        } else {
            String::new()
        };
        let took = if a.has("T") { format!(" <{:.6}>", x.took_s) } else { String::new() };
        // As the real one, it prints where errors go.
        c.p.err.push_str(&format!("{at}{}{took}\n", x.text));
    }
    c.sleep_ms(1_000);
    Step::More
}
