//! pkill, killall, nice, renice, ionice, taskset: signals and priorities of processes.

use crate::console::process::Proc;
use crate::console::tool::machine::{Row, rows};
use crate::console::tool::process::{found, nothing_asked};
use crate::console::tool::run::run_command;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};
use crate::sim::effect::{Effect, UnitVerb};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "pkill",
        synopsis: "[-SIGNAL] [-f] [-e] [-u USER] [-x] [-n] [-o] PATTERN",
        about: "signal processes by name",
        opts: &[
            value("s", "signal", "SIGNAL", "the signal: TERM, KILL, HUP, INT, QUIT, 0; `-9` and `-HUP` too"),
            flag("f", "full", "match the whole command line"),
            flag("e", "echo", "say what is killed"),
            flag("x", "exact", "match exactly"),
            flag("n", "newest", "the newest one only"),
            flag("o", "oldest", "the oldest one only"),
            flag("c", "count", "print how many there are"),
            value("u", "euid", "USER", "processes of this user"),
        ],
        words: Words::Raw,
        misuse: 2,
        missing: &["STOP and CONT do not stop a simulated program."],
        examples: &[
            ("pkill sshd", "pkill: killing pid 300 failed: Operation not permitted\n"),
            ("pkill nope; echo $?", "1\n"),
        ],
        step: pkill,
        ..Decl::BLANK
    },
    Decl {
        name: "killall",
        synopsis: "[-SIGNAL] [-v] [-q] [-u USER] NAME...",
        about: "kill processes by name",
        opts: &[
            value("s", "signal", "SIGNAL", "the signal: TERM, KILL, HUP, INT, QUIT, 0; `-9` and `-HUP` too"),
            flag("v", "verbose", "say what was signalled"),
            flag("q", "quiet", "do not complain if there is none"),
            value("u", "user", "USER", "processes of this user"),
        ],
        words: Words::Raw,
        examples: &[("killall nope", "nope: no process found\n")],
        step: killall,
        ..Decl::BLANK
    },
    Decl {
        name: "nice",
        synopsis: "[-n ADJUSTMENT] [COMMAND]",
        about: "run a command with another priority",
        opts: &[value("n", "adjustment", "N", "add N to the niceness (10)")],
        words: Words::Prefix,
        misuse: 125,
        missing: &["The simulated kernel shares its cores evenly: a priority changes nothing."],
        examples: &[("nice", "0\n"), ("nice -n 5 hostname", "ops\n")],
        step: nice,
        ..Decl::BLANK
    },
    Decl {
        name: "ionice",
        synopsis: "[-c CLASS] [-n LEVEL] [-t] COMMAND [ARG]... | -p PID",
        about: "run a command with another priority for disks, or show one",
        opts: &[
            value("c", "class", "CLASS", "0: none, 1: realtime, 2: best-effort, 3: idle"),
            value("n", "classdata", "LEVEL", "0 to 7, for realtime and best-effort"),
            value("p", "pid", "PID", "show the priority of this process"),
            flag("t", "ignore", "ignore failures"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        missing: &["Priorities: they change nothing in the simulation."],
        examples: &[
            ("ionice -c 3 echo x", "x\n"),
            ("ionice -p 300", "none: prio 0\n"),
            ("ionice -p 9", "ionice: ioprio_get failed: No such process\n"),
        ],
        step: ionice,
        ..Decl::BLANK
    },
    Decl {
        name: "taskset",
        synopsis: "[-c] MASK COMMAND [ARG]... | [-c] -p PID",
        about: "run a command on some processors, or show those of a process",
        opts: &[
            flag("c", "cpu-list", "a list such as `0-3` in place of a mask"),
            value("p", "pid", "PID", "show those of this process"),
        ],
        operand: Operand::Tool,
        words: Words::Prefix,
        missing: &["Affinity: it changes nothing in the simulation."],
        examples: &[
            ("taskset -c 0 echo x", "x\n"),
            ("taskset -p 300", "pid 300's current affinity mask: f\n"),
            ("taskset -c -p 300", "pid 300's current affinity list: 0-3\n"),
        ],
        step: taskset,
        ..Decl::BLANK
    },
    Decl {
        name: "renice",
        synopsis: "[-n] PRIORITY [-p] PID...",
        about: "change the priority of running processes",
        opts: &[flag("n", "", "the next word is the priority"), flag("p", "", "the next words are processes")],
        words: Words::Raw,
        missing: &["The simulated kernel shares its cores evenly: a priority changes nothing."],
        examples: &[
            ("renice 5 99999", "renice: failed to get priority for 99999 (process ID): No such process\n"),
            ("renice -n 5 -p 300", "renice: failed to set priority for 300 (process ID): Operation not permitted\n"),
        ],
        step: renice,
        ..Decl::BLANK
    },
];

/// A signal by name or number; `None` if there is no such.
pub(super) fn signal(text: &str) -> Option<u32> {
    let name = text.trim_start_matches("SIG");
    let known = [
        ("0", 0),
        ("HUP", 1),
        ("INT", 2),
        ("QUIT", 3),
        ("ABRT", 6),
        ("KILL", 9),
        ("USR1", 10),
        ("SEGV", 11),
        ("USR2", 12),
        ("PIPE", 13),
        ("ALRM", 14),
        ("TERM", 15),
        ("CONT", 18),
        ("STOP", 19),
    ];
    let by_number = name.parse::<u32>().ok().filter(|n| known.iter().any(|(_, k)| k == n));
    by_number.or_else(|| known.iter().find(|(n, _)| *n == name).map(|(_, k)| *k))
}

/// Words of `pkill` and `killall`: a signal in front, then options as declared.
fn words(c: &mut Ctx<'_>) -> Result<u32, Step> {
    let name = c.tool.name.clone();
    let (mut number, mut rest) = (15, Vec::new());
    for w in &c.args.rest {
        match w.strip_prefix('-').and_then(signal) {
            Some(n) if rest.is_empty() => number = n,
            _ => rest.push(w.clone()),
        }
    }
    let Some(decl) = crate::console::tool::find(&name) else { return Err(Step::Exit(1)) };
    let mixed = Decl { words: Words::Mixed, ..*decl };
    match crate::console::tool::argument::parse(&mixed, &rest) {
        Ok(args) => c.args = args,
        Err((status, text)) => {
            c.p.err.push_str(&text);
            return Err(Step::Exit(status));
        }
    }
    if let Some(s) = c.args.get("s").map(str::to_owned) {
        match signal(&s) {
            Some(n) => number = n,
            None => {
                c.error(&format!("{s}: unknown signal"));
                return Err(Step::Exit(decl.misuse));
            }
        }
    }
    Ok(number)
}

/// Sends a signal; the error is the kernel's.
pub(super) fn send(c: &mut Ctx<'_>, r: &Row, number: u32) -> Result<(), String> {
    let may = c.p.user == "root" || r.user == c.p.user;
    let own = c.con.procs.contains_key(&r.pid);
    match number {
        _ if !may => {
            let target = format!("{}:{}", c.p.host, r.pid);
            c.refuse("kill", &target, "Operation not permitted");
            Err("Operation not permitted".to_owned())
        }
        0 | 10 | 12 | 13 | 14 | 18 | 19 => Ok(()),
        // Servers read their settings anew; whoever has no terminal does not care.
        1 if !own && !r.unit.is_empty() => {
            let effect = Effect::Unit { host: c.on(), unit: r.unit.clone(), verb: UnitVerb::Reload };
            let target = format!("{}:{}", c.p.host, r.unit);
            let mut root = c.caller();
            root.user = "root".to_owned();
            c.host.apply(&root, &effect, "reload", &target).map(|_| ()).map_err(|e| e.message)
        }
        _ if own => {
            c.con.kill(r.pid, 128 + i32::try_from(number).unwrap_or(15), c.host);
            Ok(())
        }
        _ => {
            let who: Proc = c.p.clone();
            c.con.kill_world(&who, r.pid, c.host)
        }
    }
}

fn pkill(c: &mut Ctx<'_>) -> Step {
    let number = match words(c) {
        Ok(n) => n,
        Err(step) => return step,
    };
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
    let mut done = 0;
    for r in &all {
        match send(c, r, number) {
            Ok(()) => {
                done += 1;
                if a.has("e") {
                    c.line(&format!("{} killed (pid {})", r.name(), r.pid));
                }
            }
            Err(why) => c.error(&format!("killing pid {} failed: {why}", r.pid)),
        }
    }
    if a.has("c") {
        c.line(&all.len().to_string());
    }
    Step::Exit(i32::from(done == 0))
}

fn killall(c: &mut Ctx<'_>) -> Step {
    let number = match words(c) {
        Ok(n) => n,
        Err(step) => return step,
    };
    let a = c.args.clone();
    if a.rest.is_empty() {
        c.p.err.push_str("Usage: killall [OPTION]... [--] NAME...\n");
        return Step::Exit(1);
    }
    let mut status = 0;
    for name in &a.rest {
        let mut all = rows(c);
        let own = c.p.pid;
        all.retain(|r| r.name() == name && r.pid != own && a.get("u").is_none_or(|u| u == r.user));
        if all.is_empty() {
            status = 1;
            if !a.has("q") {
                c.p.err.push_str(&format!("{name}: no process found\n"));
            }
        }
        for r in all {
            match send(c, &r, number) {
                Ok(()) if a.has("v") => {
                    c.p.err.push_str(&format!("Killed {name}({}) with signal {number}\n", r.pid));
                }
                Ok(()) => {}
                Err(why) => {
                    status = 1;
                    c.p.err.push_str(&format!("{name}({}): {why}\n", r.pid));
                }
            }
        }
    }
    Step::Exit(status)
}

fn nice(c: &mut Ctx<'_>) -> Step {
    if let Some(n) = c.args.get("n").map(str::to_owned)
        && n.parse::<i32>().is_err()
    {
        c.error(&format!("invalid adjustment ‘{n}’"));
        return Step::Exit(125);
    }
    if c.args.rest.is_empty() && c.tool.child.is_none() {
        c.line("0");
        return Step::Exit(0);
    }
    let command = c.args.rest.clone();
    run_command(c, &command)
}

/// The process that `-p` names, if there is one.
fn named(c: &Ctx<'_>) -> Option<u32> {
    let pid = c.args.get("p")?.parse().ok()?;
    rows(c).iter().any(|r| r.pid == pid).then_some(pid)
}

fn ionice(c: &mut Ctx<'_>) -> Step {
    if c.args.has("p") {
        if named(c).is_none() {
            c.error("ioprio_get failed: No such process");
            return Step::Exit(1);
        }
        c.line("none: prio 0");
        return Step::Exit(0);
    }
    if let Some(odd) = c.args.get("c").map(str::to_owned)
        && !matches!(odd.as_str(), "0" | "1" | "2" | "3" | "none" | "realtime" | "best-effort" | "idle")
    {
        c.error(&format!("unknown scheduling class: '{odd}'"));
        return Step::Exit(1);
    }
    if c.args.rest.is_empty() && c.tool.child.is_none() {
        c.line("none: prio 0");
        return Step::Exit(0);
    }
    let command = c.args.rest.clone();
    run_command(c, &command)
}

fn taskset(c: &mut Ctx<'_>) -> Step {
    let list = c.args.has("c");
    if let Some(text) = c.args.get("p").map(str::to_owned) {
        let Some(pid) = named(c) else {
            c.error(&format!("failed to get pid {text}'s affinity: No such process"));
            return Step::Exit(1);
        };
        let cores = c.host.cores(&c.on()).max(1);
        let (what, mine) = match (list, cores) {
            (true, 1) => ("list", "0".to_owned()),
            (true, n) => ("list", format!("0-{}", n - 1)),
            (false, n) => ("mask", format!("{:x}", (1u128 << n.min(127)) - 1)),
        };
        c.line(&format!("pid {pid}'s current affinity {what}: {mine}"));
        return Step::Exit(0);
    }
    let mut command = c.args.rest.clone();
    if command.len() < 2 {
        return c.misuse("bad usage", 1);
    }
    let mask = command.remove(0);
    let digit =
        |ch: char| if list { ch.is_ascii_digit() || matches!(ch, '-' | ',' | ':') } else { ch.is_ascii_hexdigit() };
    if !mask.trim_start_matches("0x").chars().all(digit) {
        let what = if list { "list" } else { "mask" };
        c.error(&format!("failed to parse CPU {what}: {mask}"));
        return Step::Exit(1);
    }
    run_command(c, &command)
}

fn renice(c: &mut Ctx<'_>) -> Step {
    let words: Vec<String> =
        c.args.rest.iter().filter(|w| !matches!(w.as_str(), "-n" | "-p" | "--priority" | "--pid")).cloned().collect();
    let Some((priority, pids)) = words.split_first() else {
        c.p.err.push_str("renice: not enough arguments\nTry 'renice --help' for more information.\n");
        return Step::Exit(1);
    };
    let Ok(priority) = priority.parse::<i32>() else {
        c.error(&format!("invalid priority '{priority}'"));
        return Step::Exit(1);
    };
    for text in pids {
        let Ok(pid) = text.parse::<u32>() else {
            c.error(&format!("bad process ID value: {text}"));
            continue;
        };
        match rows(c).into_iter().find(|r| r.pid == pid) {
            None => c.error(&format!("failed to get priority for {pid} (process ID): No such process")),
            Some(r) if c.p.user != "root" && r.user != c.p.user => {
                c.error(&format!("failed to set priority for {pid} (process ID): Operation not permitted"));
            }
            Some(_) if priority < 0 && c.p.user != "root" => {
                c.error(&format!("failed to set priority for {pid} (process ID): Permission denied"));
            }
            Some(_) => c.line(&format!("{pid} (process ID) old priority 0, new priority {}", priority.min(19))),
        }
    }
    Step::Exit(c.tool.status)
}
