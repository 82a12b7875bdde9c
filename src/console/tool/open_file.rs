//! lsof, fuser: which program has which file or socket open, also files whose name is gone.

use crate::console::tool::machine::{Row, rows};
use crate::console::tool::send;
use crate::console::tool::socket::{Line, lines, port_name};
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};
use crate::scenario::ObservedKind;

/// Lines that are listed at most.
const LSOF_MAX: usize = 20_000;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "lsof",
        synopsis: "[-p PIDS] [-u USER] [-c NAME] [-i[tcp|udp][:PORT]] [-n] [-P] [-t] [+L1] [+D DIR] [FILE...]",
        about: "list open files; those of other users are shown to root only",
        opts: &[
            value("p", "", "PIDS", "of these processes"),
            value("u", "", "USER", "of this user's processes"),
            value("c", "", "NAME", "of programs whose name begins so"),
            value("i", "", "ADDRESS", "sockets, such as `-i :80`, `-iTCP`"),
            flag("n", "", "addresses as numbers"),
            flag("P", "", "ports as numbers"),
            flag("t", "", "process ids only"),
            flag("a", "", "all conditions must hold"),
            flag("w", "", "accepted"),
        ],
        operand: Operand::Path,
        words: Words::Raw,
        missing: &["Libraries that are mapped, pipes, directories of programs other than `/`."],
        examples: &[("lsof -p 99999 | wc -l", "0\n"), ("lsof +L1 | wc -l", "0\n")],
        step: lsof,
        ..Decl::BLANK
    },
    Decl {
        name: "fuser",
        synopsis: "[-v] [-k] [-SIGNAL] [-m] FILE|PORT/tcp...",
        about: "identify processes that use files or sockets",
        opts: &[
            flag("v", "verbose", "with user and program"),
            flag("k", "kill", "kill them"),
            flag("m", "mount", "all that use the file system"),
            flag("n", "namespace", "the next word is tcp or file"),
        ],
        operand: Operand::Path,
        words: Words::Raw,
        examples: &[("fuser 80/tcp; echo $?", "1\n")],
        step: fuser,
        ..Decl::BLANK
    },
];

/// One open file.
struct Open {
    pid: u32,
    program: String,
    user: String,
    fd: String,
    kind: &'static str,
    device: String,
    size: String,
    links: u64,
    node: String,
    name: String,
    socket: Option<Line>,
    path: String,
}

/// Everything that a process has open, as far as the caller may know.
fn open(c: &Ctx<'_>, r: &Row, sockets: &[Line], numeric: (bool, bool)) -> Vec<Open> {
    let on = c.on();
    let entry = |fd: String, kind, device: &str, size: String, links, node: String, name: String| Open {
        pid: r.pid,
        program: r.name().chars().take(9).collect(),
        user: r.user.clone(),
        fd,
        kind,
        device: device.to_owned(),
        size,
        links,
        node,
        path: name.clone(),
        name,
        socket: None,
    };
    let mut out = vec![
        entry("cwd".into(), "DIR", "259,1", "4096".into(), 18, "2".into(), "/".into()),
        entry("rtd".into(), "DIR", "259,1", "4096".into(), 18, "2".into(), "/".into()),
    ];
    let exec = r.command.split_whitespace().next().unwrap_or_default();
    if exec.starts_with('/') {
        let node = (u64::from(r.pid) * 37 + 130_000).to_string();
        out.push(entry("txt".into(), "REG", "259,1", (r.rss / 12).to_string(), 1, node, exec.to_owned()));
    }
    for (fd, mode) in [(0, "r"), (1, "u"), (2, "u")] {
        let target = if r.tty == "?" { "/dev/null".to_owned() } else { format!("/dev/{}", r.tty) };
        out.push(entry(format!("{fd}{mode}"), "CHR", "1,3", "0t0".into(), 1, "5".into(), target));
    }
    let mut next = 3;
    for f in c.host.open_files(&on).into_iter().filter(|f| f.pid == r.pid) {
        let node = (f.path.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b))) % 900_000
            + 100_000)
            .to_string();
        let name = if f.deleted { format!("{} (deleted)", f.path) } else { f.path.clone() };
        let links = u64::from(!f.deleted);
        let mut e = entry(format!("{}w", f.fd), "REG", "259,1", f.bytes.to_string(), links, node, name);
        e.path = f.path;
        out.push(e);
        next = next.max(f.fd + 1);
    }
    let port = |p: u16| match (p, numeric.1) {
        (0, _) => "*".to_owned(),
        (p, false) => port_name(p).map_or_else(|| p.to_string(), str::to_owned),
        (p, true) => p.to_string(),
    };
    for (i, l) in sockets.iter().filter(|l| l.pid == r.pid).enumerate() {
        let name = if l.state == "LISTEN" {
            let host = if l.local.0 == "0.0.0.0" { "*" } else { &l.local.0 };
            format!("{host}:{} (LISTEN)", port(l.local.1))
        } else {
            let state = match l.state {
                "ESTAB" => "ESTABLISHED",
                "SYN-SENT" => "SYN_SENT",
                other => other,
            };
            let host = if numeric.0 { l.local.0.as_str() } else { on.as_str() };
            format!("{host}:{}->{}:{} ({state})", port(l.local.1), l.peer.0, port(l.peer.1))
        };
        let node = if l.proto == "udp" { "UDP" } else { "TCP" };
        let mut e = entry(
            format!("{}u", next + i as u32),
            "IPv4",
            &(18_000 + u64::from(r.pid) + i as u64).to_string(),
            "0t0".into(),
            1,
            node.into(),
            name,
        );
        e.socket = Some(l.clone());
        out.push(e);
    }
    // What else it holds, up to the number that its control group counts.
    let held = c.host.unit_use(&on, &r.unit).map_or(8, |u| u.descriptors) as usize;
    let have = out.len() - 3;
    for i in have..held.min(LSOF_MAX) {
        let (kind, name) = if i % 3 == 0 { ("a_inode", "[eventpoll]") } else { ("sock", "protocol: TCP") };
        out.push(entry(format!("{i}u"), kind, "0,8", "0t0".into(), 1, (4_000 + i).to_string(), name.to_owned()));
    }
    out
}

/// What `lsof` was asked for.
#[derive(Default)]
struct Ask {
    pids: Vec<u32>,
    users: Vec<String>,
    names: Vec<String>,
    inet: Option<String>,
    all: bool,
    numeric: (bool, bool),
    brief: bool,
    unlinked: bool,
    below: Vec<String>,
    files: Vec<String>,
}

fn read(c: &mut Ctx<'_>) -> Result<Ask, String> {
    let mut ask = Ask::default();
    let words = c.args.rest.clone();
    let mut at = words.iter().peekable();
    let bad =
        |w: &str| format!("lsof: illegal option -- {w}\nlsof: use the '-h' option to get more help information.\n");
    while let Some(w) = at.next() {
        if let Some(links) = w.strip_prefix("+L") {
            ask.unlinked = links == "1" || links.is_empty() && at.next().is_some_and(|n| n == "1");
            continue;
        }
        if w == "+D" || w == "+d" {
            let dir = at.next().cloned().unwrap_or_default();
            ask.below.push(c.full(&dir));
            continue;
        }
        let Some(letters) = w.strip_prefix('-').filter(|l| !l.is_empty()) else {
            ask.files.push(c.full(w));
            continue;
        };
        let letters = letters.char_indices();
        for (i, letter) in letters {
            let rest = w.get(i + 2..).unwrap_or_default().to_owned();
            let mut value = || if rest.is_empty() { at.next().cloned().unwrap_or_default() } else { rest.clone() };
            match letter {
                'n' => ask.numeric.0 = true,
                'P' => ask.numeric.1 = true,
                't' => ask.brief = true,
                'a' => ask.all = true,
                'w' | 'l' | 'O' => {}
                'p' => {
                    let text = value();
                    for p in text.split(',') {
                        ask.pids.push(p.parse().map_err(|_| format!("lsof: illegal process ID: {p}\n"))?);
                    }
                    break;
                }
                'u' => {
                    ask.users.extend(value().split(',').map(str::to_owned));
                    break;
                }
                'c' => {
                    ask.names.push(value());
                    break;
                }
                'i' => {
                    // The address may be the next word, if it looks like one.
                    let next =
                        at.peek().filter(|n| n.starts_with(':') || matches!(n.to_lowercase().as_str(), "tcp" | "udp"));
                    let next = next.map(|n| (*n).clone());
                    ask.inet = Some(if rest.is_empty() {
                        match next {
                            Some(n) => {
                                at.next();
                                n
                            }
                            None => String::new(),
                        }
                    } else {
                        rest
                    });
                    break;
                }
                '-' => return Err(bad(w)),
                other => return Err(bad(&other.to_string())),
            }
        }
    }
    Ok(ask)
}

/// Whether a socket is one of an address such as `TCP:80`, `:443,8080`, `@10.0.0.5:5432`.
fn inet(l: &Line, address: &str) -> bool {
    let lower = address.to_lowercase();
    let lower = lower.strip_prefix('4').unwrap_or(&lower);
    let (proto, rest) = match lower {
        a if a.starts_with("tcp") => ("tcp", a.get(3..).unwrap_or_default()),
        a if a.starts_with("udp") => ("udp", a.get(3..).unwrap_or_default()),
        a => ("", a),
    };
    let (host, ports) = match rest.split_once(':') {
        Some((h, p)) => (h, p),
        None => (rest, ""),
    };
    let host = host.trim_start_matches('@');
    let is = |p: &str| {
        let n = p.parse().ok();
        [l.local.1, l.peer.1].iter().any(|x| Some(*x) == n || port_name(*x) == Some(p))
    };
    (proto.is_empty() || proto == l.proto)
        && (host.is_empty() || host == l.local.0 || host == l.peer.0)
        && (ports.is_empty() || ports.split(',').any(is))
}

fn lsof(c: &mut Ctx<'_>) -> Step {
    let ask = match read(c) {
        Ok(ask) => ask,
        Err(why) => {
            c.p.err.push_str(&why);
            return Step::Exit(1);
        }
    };
    let (on, service) = (c.on(), c.service());
    let sockets = lines(c);
    let (root, me) = (c.p.user == "root", c.p.user.clone());
    let mut found: Vec<Open> = Vec::new();
    for name in &ask.files {
        if c.stat(name).is_none() && !c.host.open_files(&on).iter().any(|f| f.path == *name) {
            c.p.err.push_str(&format!("lsof: status error on {name}: No such file or directory\n"));
        }
    }
    for r in rows(c) {
        if !root && r.user != me {
            continue;
        }
        let mut asked: Vec<bool> = Vec::new();
        if !ask.pids.is_empty() {
            asked.push(ask.pids.contains(&r.pid));
        }
        if !ask.users.is_empty() {
            asked.push(ask.users.iter().any(|u| *u == r.user || u.parse() == Ok(r.uid())));
        }
        if !ask.names.is_empty() {
            asked.push(ask.names.iter().any(|n| r.name().starts_with(n.as_str())));
        }
        let by_file = ask.inet.is_some() || ask.unlinked || !ask.files.is_empty() || !ask.below.is_empty();
        let process = if ask.all { asked.iter().all(|x| *x) } else { asked.iter().any(|x| *x) };
        if !asked.is_empty() && !process && (ask.all || !by_file) {
            continue;
        }
        for o in open(c, &r, &sockets, ask.numeric) {
            let file = ask.inet.as_ref().is_some_and(|a| o.socket.as_ref().is_some_and(|l| inet(l, a)))
                || ask.unlinked && o.links == 0
                || ask.files.contains(&o.path)
                || ask.below.iter().any(|d| o.path == *d || o.path.starts_with(&format!("{d}/")));
            let keep = match (asked.is_empty(), by_file) {
                (_, false) => true,
                (true, true) => file,
                (false, true) if ask.all || ask.unlinked => process && file,
                (false, true) => process || file,
            };
            if keep {
                found.push(o);
            }
        }
    }
    if found.is_empty() {
        return Step::Exit(1);
    }
    c.see(ObservedKind::Process, on.clone(), service.clone());
    if found.iter().any(|o| o.links == 0) {
        c.see(ObservedKind::Disk, on, service);
    }
    if ask.brief {
        let mut pids: Vec<u32> = found.iter().map(|o| o.pid).collect();
        pids.dedup();
        for p in pids {
            c.line(&p.to_string());
        }
        return Step::Exit(0);
    }
    print(c, &found, ask.unlinked);
    Step::Exit(0)
}

/// Columns as wide as they must be, never narrower than what the tool begins with.
fn print(c: &mut Ctx<'_>, found: &[Open], links: bool) {
    let wide = |f: &dyn Fn(&Open) -> usize, least: usize| found.iter().map(f).max().unwrap_or(0).max(least);
    let program = wide(&|o| o.program.len(), 7);
    let pid = wide(&|o| o.pid.to_string().len(), 3);
    let user = wide(&|o| o.user.len(), 4);
    let device = wide(&|o| o.device.len(), 6);
    let size = wide(&|o| o.size.len(), 8);
    let node = wide(&|o| o.node.len(), 4);
    let kind = wide(&|o| o.kind.len(), 4);
    let nlink = if links { " NLINK" } else { "" };
    c.line(&format!(
        "{:<program$} {:>pid$} {:>user$}   FD   {:>kind$} {:>device$} {:>size$}{nlink} {:>node$} NAME",
        "COMMAND", "PID", "USER", "TYPE", "DEVICE", "SIZE/OFF", "NODE"
    ));
    for o in found.iter().take(LSOF_MAX) {
        let n = if links { format!(" {:>5}", o.links) } else { String::new() };
        // A mode letter stands in a column of its own.
        let digits = o.fd.starts_with(|x: char| x.is_ascii_digit());
        let fd = if digits { format!("{:>5}", o.fd) } else { format!("{:>4} ", o.fd) };
        c.line(&format!(
            "{:<program$} {:>pid$} {:>user$} {fd}  {:>kind$} {:>device$} {:>size$}{n} {:>node$} {}",
            o.program, o.pid, o.user, o.kind, o.device, o.size, o.node, o.name
        ));
    }
}

fn fuser(c: &mut Ctx<'_>) -> Step {
    let (mut verbose, mut kill, mut mount, mut number) = (false, false, false, 9);
    let mut names: Vec<String> = Vec::new();
    let mut tcp = false;
    let words = c.args.rest.clone();
    let mut at = words.iter();
    while let Some(w) = at.next() {
        match w.strip_prefix('-').filter(|l| !l.is_empty()) {
            None if tcp => names.push(format!("{w}/tcp")),
            None => names.push(w.clone()),
            Some("n") => tcp = at.next().is_some_and(|n| n == "tcp"),
            Some(s) if send::signal(s).is_some() => number = send::signal(s).unwrap_or(9),
            Some(letters) => {
                for l in letters.chars() {
                    match l {
                        'v' => verbose = true,
                        'k' => kill = true,
                        'm' => mount = true,
                        'i' | 'u' | 'a' => {}
                        _ => {
                            c.p.err.push_str(&format!(
                                "{w}: Invalid option {l}\nUsage: fuser [-v] [-k] [-SIGNAL] [-m] NAME...\n"
                            ));
                            return Step::Exit(1);
                        }
                    }
                }
            }
        }
    }
    if names.is_empty() {
        c.p.err.push_str("No process specification given\nUsage: fuser [-v] [-k] [-SIGNAL] [-m] NAME...\n");
        return Step::Exit(1);
    }
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let sockets = lines(c);
    let files = c.host.open_files(&on);
    let (root, me) = (c.p.user == "root", c.p.user.clone());
    let mut any = false;
    if verbose {
        c.p.err.push_str("                     USER        PID ACCESS COMMAND\n");
    }
    for name in names {
        let socket = name.strip_suffix("/tcp").and_then(|p| p.parse::<u16>().ok());
        let full = c.full(&name);
        if socket.is_none() && c.stat(&full).is_none() {
            c.p.err.push_str(&format!("Specified filename {name} does not exist.\n"));
            continue;
        }
        let found: Vec<Row> = rows(c)
            .into_iter()
            .filter(|r| root || r.user == me)
            .filter(|r| match socket {
                Some(port) => sockets.iter().any(|l| l.pid == r.pid && l.local.1 == port),
                None if mount => true,
                None => files.iter().any(|f| f.pid == r.pid && f.path == full && !f.deleted),
            })
            .collect();
        if found.is_empty() {
            continue;
        }
        any = true;
        let label = if socket.is_some() { name.clone() } else { full };
        if verbose {
            for (i, r) in found.iter().enumerate() {
                let label = if i == 0 { format!("{label}:") } else { String::new() };
                let line = format!("{label:<20} {:<9} {:>5} F.... {}\n", r.user, r.pid, r.name());
                c.p.err.push_str(&line);
            }
        } else {
            c.p.err.push_str(&format!("{:<21}", format!("{label}:")));
            let pids: Vec<String> = found.iter().map(|r| format!("{:>5}", r.pid)).collect();
            c.line(&pids.join(" "));
        }
        if kill {
            for r in found {
                if let Err(why) = send::send(c, &r, number) {
                    c.p.err.push_str(&format!("Could not kill process {}: {why}\n", r.pid));
                }
            }
        }
    }
    Step::Exit(i32::from(!any))
}
