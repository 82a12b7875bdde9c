//! ps, pstree, pgrep, pidof: what runs on a host.

mod column;

use crate::console::tool::machine::{Row, rows};
use crate::console::tool::{Ctx, Decl, Step, Words, flag, value};
use crate::scenario::ObservedKind;
use column::{Column, column};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "ps",
        synopsis: "[aux | -ef | -e] [-o FIELDS] [--sort FIELDS] [-p PIDS] [-C NAMES] [-u USERS] [--ppid PIDS] [f | --forest] [-L]",
        about: "report a snapshot of the current processes",
        opts: &[
            flag("e", "", "all processes (`-A` too)"),
            flag("f", "", "full format"),
            value(
                "o",
                "format",
                "FIELDS",
                "columns: pid ppid user uid %cpu %mem vsz rss tty stat start stime time etime etimes lstart comm args nlwp ni pri psr wchan unit cgroup; `FIELD=TITLE` changes a title",
            ),
            value("p", "pid", "PIDS", "processes with these ids"),
            value("C", "", "NAMES", "processes of these programs"),
            value("u", "user", "USERS", "processes of these users"),
            value("", "ppid", "PIDS", "children of these processes"),
            value("", "sort", "FIELDS", "order, such as `-%cpu,pid`"),
            flag("", "forest", "draw who is whose child"),
            flag("", "no-headers", "no line of titles"),
        ],
        words: Words::Raw,
        missing: &["Threads are counted (`nlwp`) and not listed (`-L`).", "Kernel threads are not listed."],
        examples: &[
            ("ps aux | grep '[s]shd' | awk '{print $1, $2}'", "root 300\n"),
            ("ps -o pid,user,comm -p 300", "    PID USER     COMMAND\n    300 root     sshd\n"),
            ("ps -C nope", "    PID TTY          TIME CMD\n"),
        ],
        step: ps,
        ..Decl::BLANK
    },
    Decl {
        name: "pstree",
        synopsis: "[-a] [-p] [-u] [PID]",
        about: "show the processes as a tree",
        opts: &[
            flag("a", "arguments", "command lines"),
            flag("p", "show-pids", "their ids"),
            flag("u", "uid-changes", "the user, where it is another than the parent's"),
        ],
        missing: &["Threads, and the one line for several that are alike."],
        examples: &[("pstree -p 300", "sshd(300)\n")],
        step: pstree,
        ..Decl::BLANK
    },
    Decl {
        name: "pgrep",
        synopsis: "[-f] [-l] [-a] [-c] [-u USER] [-x] [-n] [-o] [-d TEXT] PATTERN",
        about: "look up processes by name",
        opts: PATTERN_OPTS,
        misuse: 2,
        examples: &[("pgrep -a sshd", "300 /usr/sbin/sshd -D\n"), ("pgrep nope; echo $?", "1\n")],
        step: pgrep,
        ..Decl::BLANK
    },
    Decl {
        name: "pidof",
        synopsis: "PROGRAM...",
        about: "find the process ids of a running program",
        opts: &[flag("s", "", "one id at most")],
        examples: &[("pidof sshd", "300\n")],
        step: pidof,
        ..Decl::BLANK
    },
];

/// Options that `pgrep` and `pkill` share.
pub(super) const PATTERN_OPTS: &[crate::console::tool::Opt] = &[
    flag("f", "full", "match the whole command line"),
    flag("l", "list-name", "print the name too"),
    flag("a", "list-full", "print the whole command line too"),
    flag("c", "count", "print how many there are"),
    flag("x", "exact", "match exactly"),
    flag("n", "newest", "the newest one only"),
    flag("o", "oldest", "the oldest one only"),
    value("u", "euid", "USER", "processes of this user"),
    value("d", "delimiter", "TEXT", "between the ids"),
];

/// What was asked for.
#[derive(Default)]
struct Ask {
    all: bool,
    terminals: bool,
    mine: bool,
    full: bool,
    user_format: bool,
    jobs: bool,
    forest: bool,
    bare: bool,
    columns: Vec<Column>,
    sort: Vec<(bool, String)>,
    pids: Vec<u32>,
    parents: Vec<u32>,
    names: Vec<String>,
    users: Vec<String>,
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ']).filter(|w| !w.is_empty())
}

const HINT: &str = "\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n";

impl Ask {
    fn format(&mut self, text: &str) -> Result<(), String> {
        // `comm=NAME` takes the rest of the word as its title.
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find([',', ' ']).unwrap_or(rest.len());
            let (word, after) = match rest.find('=') {
                Some(at) if at < end && !rest.get(at..).is_some_and(|t| t.starts_with("=,")) => (rest, ""),
                _ => (rest.get(..end).unwrap_or_default(), rest.get(end..).unwrap_or_default()),
            };
            let (name, title) = match word.split_once('=') {
                Some((n, t)) => (n, Some(t)),
                None => (word, None),
            };
            if !name.is_empty() {
                let mut c = column(name).ok_or(format!("error: unknown user-defined format specifier \"{name}\"\n"))?;
                if let Some(t) = title {
                    c.title = t.to_owned();
                }
                self.columns.push(c);
            }
            rest = after.trim_start_matches([',', ' ']);
        }
        Ok(())
    }

    fn pids(text: &str) -> Result<Vec<u32>, String> {
        let one = |w: &str| w.parse().map_err(|_| "error: process ID list syntax error\n".to_owned());
        list(text).map(one).collect()
    }

    fn sort(&mut self, text: &str) -> Result<(), String> {
        for w in list(text) {
            let (down, name) = match w.strip_prefix('-') {
                Some(n) => (true, n),
                None => (false, w.trim_start_matches('+')),
            };
            let known = column(name).ok_or("error: unknown sort specifier\n".to_owned())?;
            self.sort.push((down, known.name.to_owned()));
        }
        Ok(())
    }

    fn read(argv: &[String]) -> Result<Ask, String> {
        let mut ask = Ask::default();
        let mut words = argv.iter();
        while let Some(w) = words.next() {
            if let Some(long) = w.strip_prefix("--") {
                let (name, inline) = match long.split_once('=') {
                    Some((n, v)) => (n, Some(v.to_owned())),
                    None => (long, None),
                };
                let mut value = || inline.clone().or_else(|| words.next().cloned()).unwrap_or_default();
                match name {
                    "sort" => ask.sort(&value())?,
                    "forest" => ask.forest = true,
                    "no-headers" | "no-heading" | "no-headings" | "noheader" | "noheaders" => ask.bare = true,
                    "format" => ask.format(&value())?,
                    "pid" => ask.pids.extend(Ask::pids(&value())?),
                    "ppid" => ask.parents.extend(Ask::pids(&value())?),
                    "user" | "User" => ask.users.extend(list(&value()).map(str::to_owned)),
                    "headers" | "cols" | "columns" | "width" => drop(value()),
                    _ => return Err(format!("error: unknown gnu long option '--{name}'\n")),
                }
                continue;
            }
            if w.chars().all(|c| c.is_ascii_digit() || c == ',') {
                ask.pids.extend(Ask::pids(w)?);
                continue;
            }
            let dash = w.starts_with('-');
            let mut letters = w.trim_start_matches('-').chars();
            while let Some(c) = letters.next() {
                let mut value = |words: &mut std::slice::Iter<'_, String>| {
                    let rest: String = letters.by_ref().collect();
                    if rest.is_empty() { words.next().cloned().unwrap_or_default() } else { rest }
                };
                match (c, dash) {
                    ('e' | 'A', true) => ask.all = true,
                    ('a', false) => ask.terminals = true,
                    ('x', false) => ask.mine = true,
                    ('a', true) => ask.terminals = true,
                    ('f', true) => ask.full = true,
                    ('f', false) | ('H', true) => ask.forest = true,
                    ('u', false) => ask.user_format = true,
                    ('j', _) => ask.jobs = true,
                    ('w' | 'l' | 'e', _) if c != 'l' => {}
                    ('h', false) => ask.bare = true,
                    ('o', _) => ask.format(&value(&mut words))?,
                    ('p' | 'q', _) => ask.pids.extend(Ask::pids(&value(&mut words))?),
                    ('C', true) => ask.names.extend(list(&value(&mut words)).map(str::to_owned)),
                    ('u' | 'U', true) => ask.users.extend(list(&value(&mut words)).map(str::to_owned)),
                    ('k', false) => ask.sort(&value(&mut words))?,
                    ('L', _) => return Err("error: threads are not listed in this shell; see `-o nlwp'\n".to_owned()),
                    (_, true) => return Err(format!("error: unsupported SysV option\n{HINT}")),
                    (_, false) => return Err(format!("error: unsupported option (BSD syntax)\n{HINT}")),
                }
            }
        }
        Ok(ask)
    }

    fn columns(&mut self) -> Vec<Column> {
        if !self.columns.is_empty() {
            return std::mem::take(&mut self.columns);
        }
        let names: &[(&str, &str)] = if self.jobs {
            &[
                ("ppid", "PPID"),
                ("pid", "PID"),
                ("pgid", "PGID"),
                ("sid", "SID"),
                ("tty", "TTY"),
                ("tpgid", "TPGID"),
                ("stat", "STAT"),
                ("uid", "UID"),
                ("bsdtime", "TIME"),
                ("args", "COMMAND"),
            ]
        } else if self.user_format {
            &[
                ("user", "USER"),
                ("pid", "PID"),
                ("%cpu", "%CPU"),
                ("%mem", "%MEM"),
                ("vsz", "VSZ"),
                ("rss", "RSS"),
                ("tty", "TTY"),
                ("stat", "STAT"),
                ("start_time", "START"),
                ("bsdtime", "TIME"),
                ("args", "COMMAND"),
            ]
        } else if self.full {
            &[
                ("user", "UID"),
                ("pid", "PID"),
                ("ppid", "PPID"),
                ("c", "C"),
                ("start_time", "STIME"),
                ("tty", "TTY"),
                ("time", "TIME"),
                ("args", "CMD"),
            ]
        } else if self.terminals && !self.all || self.mine {
            &[("pid", "PID"), ("tty", "TTY"), ("stat", "STAT"), ("bsdtime", "TIME"), ("args", "COMMAND")]
        } else {
            &[("pid", "PID"), ("tty", "TTY"), ("time", "TIME"), ("comm", "CMD")]
        };
        let made = names.iter().filter_map(|(n, t)| {
            column(n).map(|mut c| {
                (*t).clone_into(&mut c.title);
                c
            })
        });
        made.collect()
    }

    fn takes(&self, r: &Row, user: &str, tty: &str) -> bool {
        let chosen =
            !self.pids.is_empty() || !self.parents.is_empty() || !self.names.is_empty() || !self.users.is_empty();
        if self.pids.contains(&r.pid)
            || self.parents.contains(&r.ppid)
            || self.names.iter().any(|n| n == r.name())
            || self.users.iter().any(|u| *u == r.user || u.parse() == Ok(r.uid()))
        {
            return true;
        }
        if self.all || self.terminals && self.mine {
            return true;
        }
        if chosen {
            return false;
        }
        match (self.terminals, self.mine) {
            (true, _) => r.tty != "?",
            (_, true) => r.user == user,
            _ => r.user == user && r.tty == tty,
        }
    }
}

fn ps(c: &mut Ctx<'_>) -> Step {
    // What was started with it, as `ps | head` does, runs by the time that it looks.
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        c.sleep_ms(5);
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    let argv = c.args.rest.clone();
    let mut ask = match Ask::read(&argv) {
        Ok(ask) => ask,
        Err(why) => {
            c.p.err.push_str(&why);
            return Step::Exit(1);
        }
    };
    let (on, service) = (c.on(), c.service());
    let mut all = rows(c);
    c.see(ObservedKind::Process, on.clone(), service);
    let (user, tty) = (c.p.user.clone(), format!("pts/{}", c.p.terminal.saturating_sub(1)));
    all.retain(|r| ask.takes(r, &user, &tty));
    let columns = ask.columns();
    let world = column::World::of(c);
    for (down, name) in ask.sort.iter().rev() {
        all.sort_by(|a, b| {
            let order = world.compare(name, a, b);
            if *down { order.reverse() } else { order }
        });
    }
    let mut depth = vec![0usize; all.len()];
    if ask.forest {
        (all, depth) = forest(all);
    }
    if !ask.bare && columns.iter().any(|c| !c.title.is_empty()) {
        let head: Vec<String> = columns.iter().map(|c| c.pad(&c.title, false)).collect();
        c.line(head.join(" ").trim_end());
    }
    let last = columns.len().saturating_sub(1);
    for (r, depth) in all.iter().zip(&depth) {
        let cells: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(i, col)| {
                let mut cell = world.cell(col.name, r);
                if matches!(col.name, "args" | "comm") && *depth > 0 {
                    cell = format!("{} \\_ {cell}", "    ".repeat(depth - 1));
                }
                col.pad(&cell, i == last)
            })
            .collect();
        c.line(cells.join(" ").trim_end());
    }
    Step::Exit(i32::from(all.is_empty()))
}

fn pstree(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    let all = rows(c);
    let root = match c.args.at(0) {
        None => 1,
        Some(text) => match text.parse() {
            Ok(pid) => pid,
            Err(_) => {
                let text = text.to_owned();
                c.error(&format!("No such user name: {text}"));
                return Step::Exit(1);
            }
        },
    };
    let Some(first) = all.iter().find(|r| r.pid == root) else { return Step::Exit(1) };
    let tree = Tree { all: &all, arguments: c.args.has("a"), ids: c.args.has("p"), users: c.args.has("u") };
    let mut lines = Vec::new();
    tree.draw(first, (String::new(), ""), &mut lines);
    for line in lines {
        c.line(&line);
    }
    Step::Exit(0)
}

/// Processes as `pstree` draws them.
struct Tree<'a> {
    all: &'a [Row],
    arguments: bool,
    ids: bool,
    users: bool,
}

impl Tree<'_> {
    fn name(&self, r: &Row) -> String {
        let program = r.command.split(' ').next().unwrap_or_default();
        let short = program.rsplit('/').next().unwrap_or(program).trim_start_matches('-').trim_end_matches(':');
        let parent = self.all.iter().find(|p| p.pid == r.ppid && p.pid != r.pid);
        let user = self.users && parent.is_some_and(|p| p.user != r.user);
        let mut notes: Vec<String> = Vec::new();
        notes.extend((self.ids && !self.arguments).then(|| r.pid.to_string()));
        notes.extend(user.then(|| r.user.clone()));
        let notes = if notes.is_empty() { String::new() } else { format!("({})", notes.join(",")) };
        if !self.arguments {
            return format!("{short}{notes}");
        }
        let id = if self.ids { format!(",{}", r.pid) } else { String::new() };
        let rest = r.command.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
        format!("{short}{id}{rest}{notes}")
    }

    /// Draws a process and what is below it; `before` is what stands left of the lines below it, and what stands
    /// before the process itself on the line that is open.
    fn draw(&self, r: &Row, (before, open): (String, &str), lines: &mut Vec<String>) {
        let name = self.name(r);
        let mut line = format!("{open}{name}");
        let mut children: Vec<&Row> = self.all.iter().filter(|x| x.ppid == r.pid && x.pid != r.pid).collect();
        children.sort_by_key(|x| (self.name(x), x.pid));
        if children.is_empty() || self.arguments {
            lines.push(std::mem::take(&mut line));
        }
        let step = if self.arguments { 2 } else { name.chars().count() };
        let pad = format!("{before}{}", " ".repeat(step));
        for (i, child) in children.iter().enumerate() {
            let (first, last) = (i == 0 && !self.arguments, i + 1 == children.len());
            let (head, below) = match (first, last) {
                (true, true) => (format!("{line}───"), "   "),
                (true, false) => (format!("{line}─┬─"), " │ "),
                (false, true) if self.arguments => (format!("{pad}└─"), "  "),
                (false, false) if self.arguments => (format!("{pad}├─"), "│ "),
                (false, true) => (format!("{pad} └─"), "   "),
                (false, false) => (format!("{pad} ├─"), " │ "),
            };
            self.draw(child, (format!("{pad}{below}"), &head), lines);
        }
    }
}

/// Children below their parents, and how deep each is.
fn forest(all: Vec<Row>) -> (Vec<Row>, Vec<usize>) {
    let has = |pid: u32| all.iter().any(|r| r.pid == pid);
    let mut stack: Vec<(usize, usize)> = Vec::new();
    let child = |of: u32| all.iter().enumerate().rev().filter(move |(_, r)| r.ppid == of && r.pid != of);
    stack.extend(all.iter().enumerate().rev().filter(|(_, r)| !has(r.ppid) || r.ppid == 1).map(|(i, _)| (i, 0)));
    let (mut out, mut depths) = (Vec::new(), Vec::new());
    while let Some((i, depth)) = stack.pop() {
        let Some(r) = all.get(i) else { continue };
        out.push(r.clone());
        depths.push(depth);
        if r.pid != 1 {
            stack.extend(child(r.pid).map(|(i, _)| (i, depth + 1)));
        }
    }
    (out, depths)
}

/// Processes that a pattern finds, as `pgrep` does; an error is the pattern's.
pub(super) fn found(c: &mut Ctx<'_>, pattern: Option<&str>) -> Result<Vec<Row>, String> {
    let a = c.args.clone();
    let regex = match pattern {
        None => None,
        Some(p) => {
            let text = if a.has("x") { format!("^(?:{p})$") } else { p.to_owned() };
            Some(regex_automata::meta::Regex::new(&text).map_err(|_| format!("invalid regular expression '{p}'"))?)
        }
    };
    let own = c.p.pid;
    let mut all = rows(c);
    all.retain(|r| {
        let text = if a.has("f") { r.command.clone() } else { r.name().chars().take(15).collect() };
        r.pid != own
            && regex.as_ref().is_none_or(|p| p.is_match(text.as_str()))
            && a.get("u").is_none_or(|u| list(u).any(|u| u == r.user || u.parse() == Ok(r.uid())))
    });
    if a.has("n") {
        let newest = all.iter().max_by_key(|r| (r.start, r.pid)).map(|r| r.pid);
        all.retain(|r| Some(r.pid) == newest);
    }
    if a.has("o") {
        let oldest = all.iter().min_by_key(|r| (r.start, r.pid)).map(|r| r.pid);
        all.retain(|r| Some(r.pid) == oldest);
    }
    Ok(all)
}

/// What `pgrep` and `pkill` say when they are not told what to look for.
pub(super) fn nothing_asked(c: &mut Ctx<'_>) -> Step {
    let name = c.tool.name.clone();
    c.p.err.push_str(&format!("{name}: no matching criteria specified\nTry `{name} --help' for more information.\n"));
    Step::Exit(2)
}

fn pgrep(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() && a.get("u").is_none() {
        return nothing_asked(c);
    }
    let all = match found(c, a.at(0)) {
        Ok(all) => all,
        Err(why) => {
            c.error(&why);
            return Step::Exit(2);
        }
    };
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on, service);
    if a.has("c") {
        c.line(&all.len().to_string());
        return Step::Exit(i32::from(all.is_empty()));
    }
    let text = |r: &Row| match (a.has("a"), a.has("l")) {
        (true, _) => format!("{} {}", r.pid, r.command),
        (_, true) => format!("{} {}", r.pid, r.name()),
        _ => r.pid.to_string(),
    };
    let lines: Vec<String> = all.iter().map(text).collect();
    let between = a.get("d").unwrap_or("\n").to_owned();
    if !lines.is_empty() {
        c.line(&lines.join(&between));
    }
    Step::Exit(i32::from(all.is_empty()))
}

fn pidof(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut pids: Vec<u32> = rows(c).iter().filter(|r| a.rest.iter().any(|n| n == r.name())).map(|r| r.pid).collect();
    pids.reverse();
    pids.truncate(if a.has("s") { 1 } else { usize::MAX });
    if pids.is_empty() {
        return Step::Exit(1);
    }
    let text: Vec<String> = pids.iter().map(u32::to_string).collect();
    c.line(&text.join(" "));
    Step::Exit(0)
}
