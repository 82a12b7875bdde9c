//! crontab, at, ntpq, logrotate, and the editors that are not here: what else people reach for on a machine.

use crate::console::host::change::Job;
use crate::console::path;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, mutate, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{ChangeEffect, CronVerb, Effect, FileAct};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "crontab",
        synopsis: "[-u USER] FILE | [-u USER] { -l | -r | -e }",
        about: "maintain crontab files for individual users",
        opts: &[
            flag("l", "", "list the crontab"),
            flag("r", "", "remove the crontab: none of its jobs runs any more"),
            flag("e", "", "refused: there is no interactive editor here"),
            flag("i", "", "with -r: prompt before removing"),
            value("u", "", "USER", "whose crontab (needs root)"),
        ],
        operand: Operand::Path,
        missing: &[
            "Jobs and schedules that the machine does not know: a line may be taken out, commented out, or put back as it was.",
            "An editor: `crontab -l > f`, `sed -i`, and `crontab f` do the same.",
        ],
        examples: &[("crontab -l", "no crontab for primary\n"), ("crontab -e", EDIT)],
        step: crontab,
        ..Decl::BLANK
    },
    Decl {
        name: "at",
        synopsis: "TIME",
        about: "refused: no at daemon runs on these machines",
        missing: &["Queueing commands for later: `sleep 600 && COMMAND &` in a terminal does."],
        examples: &[("at now", "at: no atd is running here; `sleep N && COMMAND &` does the same\n")],
        step: |c| {
            c.p.err.push_str("at: no atd is running here; `sleep N && COMMAND &` does the same\n");
            Step::Exit(1)
        },
        ..Decl::BLANK
    },
    editor(
        "vi",
        &[(
            "vi notes.txt",
            "vi: no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`\n",
        )],
    ),
    editor(
        "vim",
        &[(
            "vim x; echo $?",
            "vim: no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`\n1\n",
        )],
    ),
    editor(
        "nano",
        &[(
            "nano x; echo $?",
            "nano: no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`\n1\n",
        )],
    ),
    editor(
        "emacs",
        &[(
            "emacs x; echo $?",
            "emacs: no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`\n1\n",
        )],
    ),
    editor(
        "ed",
        &[(
            "ed x; echo $?",
            "ed: no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`\n1\n",
        )],
    ),
    Decl {
        name: "ntpq",
        synopsis: "-p [-n]",
        about: "list the time servers of this host and how far off its clock is",
        opts: &[flag("p", "peers", "print the peers"), flag("n", "numeric", "addresses instead of names")],
        examples: &[(
            "ntpq -pn | tail -1",
            "*192.0.2.53      10.0.0.1         2 u   37   64  377    0.842   +0.000   0.031\n",
        )],
        step: ntpq,
        ..Decl::BLANK
    },
    Decl {
        name: "logrotate",
        synopsis: "[-dfv] CONFIG",
        about: "rotate, compress and remove log files",
        opts: &[
            flag("d", "debug", "don't do anything, just test"),
            flag("f", "force", "force file rotation"),
            flag("v", "verbose", "display messages during rotation"),
            value("s", "state", "FILE", "accepted"),
        ],
        operand: Operand::Path,
        missing: &[
            "Of the directives of a configuration rotate, size and maxsize count; every log of /var/log is rotated, from the second on compressed.",
        ],
        examples: &[(
            "logrotate -f /etc/logrotate.conf",
            "error: error creating temp state file /var/lib/logrotate/status.tmp: Permission denied\n",
        )],
        step: logrotate,
        ..Decl::BLANK
    },
];

const EDIT: &str =
    "crontab: no interactive editor in this console; use `crontab -l > f`, change f with `sed -i`, and `crontab f`\n";

const fn editor(name: &'static str, examples: &'static [(&'static str, &'static str)]) -> Decl {
    Decl {
        name,
        synopsis: "FILE",
        about: "refused: there is no full-screen editor in this console",
        operand: Operand::Path,
        missing: &["Editing on a screen. `sed -i`, `cat > FILE <<'EOF'`, `tee`, `printf` and `patch` change files."],
        examples,
        step: |c| {
            c.error("no full-screen editor in this console; use `sed -i 's/old/new/' FILE`, or `cat > FILE <<'EOF'`");
            Step::Exit(1)
        },
        ..Decl::BLANK
    }
}

fn line_of(j: &Job) -> String {
    format!("{} {}", j.schedule, j.command)
}

fn crontab(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let host = c.on();
    let user = a.get("u").unwrap_or(&c.p.user).to_owned();
    if user != c.p.user && c.p.user != "root" {
        c.p.err.push_str("must be privileged to use -u\n");
        return Step::Exit(1);
    }
    let all = c.host.changes().jobs;
    let whole = c.p.user == "root" && !a.has("u");
    let mine: Vec<Job> = all.into_iter().filter(|j| j.host == host && (j.user == user || whole)).collect();
    for j in &mine {
        c.see(ObservedKind::Process, format!("{host}:{}", j.name), None);
    }
    if a.has("e") {
        c.p.err.push_str(EDIT);
        return Step::Exit(1);
    }
    if a.has("l") {
        if mine.is_empty() {
            c.p.err.push_str(&format!("no crontab for {user}\n"));
            return Step::Exit(1);
        }
        for j in mine {
            let off = if j.enabled { "" } else { "# " };
            c.line(&format!("# {}\n{off}{}", j.name, line_of(&j)));
        }
        return Step::Exit(0);
    }
    if a.has("r") {
        if mine.is_empty() {
            c.p.err.push_str(&format!("no crontab for {user}\n"));
            return Step::Exit(1);
        }
        return install(c, &mine, "-", "");
    }
    let file = a.at(0).unwrap_or("-").to_owned();
    let text = match c.slurp(std::slice::from_ref(&file)) {
        Err(step) => return step,
        Ok(mut t) => match t.pop().unwrap_or(Ok(String::new())) {
            Ok(t) => t,
            Err(why) => {
                c.p.err.push_str(&format!("{file}: {why}\n"));
                return Step::Exit(1);
            }
        },
    };
    install(c, &mine, &file, &text)
}

/// Makes the jobs of a host run as a crontab says; a line that the machine does not know is an error.
fn install(c: &mut Ctx<'_>, mine: &[Job], file: &str, text: &str) -> Step {
    let squeeze = |l: &str| l.split_whitespace().collect::<Vec<_>>().join(" ");
    let active: Vec<(usize, String)> = text
        .lines()
        .enumerate()
        .map(|(i, l)| (i + 1, squeeze(l)))
        .filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
        .filter(|(_, l)| {
            !l.split_once('=').is_some_and(|(k, _)| k.trim().chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        })
        .collect();
    for (n, l) in &active {
        if !mine.iter().any(|j| squeeze(&line_of(j)) == *l) {
            c.p.err.push_str(&format!(
                "\"{file}\":{n}: nothing on this machine runs this line; take lines out, comment them out, or put them back\nerrors in crontab file, can't install.\n"
            ));
            return Step::Exit(1);
        }
    }
    for j in mine {
        let wanted = active.iter().any(|(_, l)| *l == squeeze(&line_of(j)));
        if wanted == j.enabled {
            continue;
        }
        let verb = if wanted { CronVerb::Resume } else { CronVerb::Pause };
        let effect = Effect::Change(ChangeEffect::Cron { cron: j.name.clone(), verb });
        if let Err(why) = c.apply(&effect, verb.word(), &j.name) {
            c.p.err.push_str(&format!("{why}\n"));
            return Step::Exit(1);
        }
    }
    Step::Exit(0)
}

fn ntpq(c: &mut Ctx<'_>) -> Step {
    let host = c.on();
    let clock = c.host.network().and_then(|n| n.clock(&host)).cloned();
    let clock = clock.unwrap_or_else(crate::sim::net::clock::Clock::right);
    c.see(ObservedKind::Host, format!("clock:{host}"), None);
    if !clock.ntp {
        c.p.err.push_str("ntpq: read: Connection refused\n");
        return Step::Exit(1);
    }
    c.line("     remote           refid      st t when poll reach   delay   offset  jitter");
    c.line("==============================================================================");
    let ms = clock.offset_us / 1_000.0;
    // A clock that is far off is followed by nobody: its server is not selected.
    let mark = if ms.abs() < 128.0 { '*' } else { ' ' };
    let name = if c.args.has("n") { "192.0.2.53" } else { "ntp1.example" };
    // The server is right: what is off is this host, the other way round.
    let offset = if ms == 0.0 { 0.0 } else { -ms };
    c.line(&format!(
        "{mark}{name:<15} {:<15} {:>2} u {:>4} {:>4} {:>4} {:>8.3} {offset:>+8.3} {:>7.3}",
        "10.0.0.1", 2, 37, 64, 377, 0.842, 0.031
    ));
    Step::Exit(0)
}

/// What a configuration of logrotate says: how many old logs are kept, and the size beyond which one is rotated.
fn rotation(text: &str) -> (u32, Option<u64>) {
    let (mut keep, mut most) = (0, None);
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("rotate"), Some(n)) => keep = n.parse().unwrap_or(keep),
            (Some("maxsize" | "size"), Some(n)) => most = super::super::text_format::size(n).or(most),
            _ => {}
        }
    }
    (keep, most)
}

fn logrotate(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.rest.is_empty() {
        c.p.err.push_str("logrotate: no configuration file given\nUsage: logrotate [-dfv] CONFIG\n");
        return Step::Exit(1);
    }
    if c.p.user != "root" {
        c.p.err.push_str("error: error creating temp state file /var/lib/logrotate/status.tmp: Permission denied\n");
        return Step::Exit(1);
    }
    let mut found = Vec::new();
    for file in &a.rest {
        match c.load(file) {
            Ok(text) => found.push(rotation(&text)),
            Err(why) if why == "No such file or directory" => {
                c.p.err.push_str(&format!("error: cannot stat {file}: {why}\n"));
                c.tool.status = 1;
            }
            Err(why) => {
                c.p.err.push_str(&format!("error: {file}: {why}\n"));
                c.tool.status = 1;
            }
        }
    }
    let Some((keep, most)) = found.into_iter().last() else { return Step::Exit(1) };
    let mut todo = vec!["/var/log".to_owned()];
    let mut logs = Vec::new();
    while let Some(dir) = todo.pop() {
        for (name, s) in c.list(&dir).unwrap_or_default() {
            let full = path::join(&dir, &name);
            if s.dir {
                todo.push(full);
            } else if name.ends_with(".log") || matches!(name.as_str(), "syslog" | "messages") {
                logs.push((full, s));
            }
        }
    }
    logs.sort_by(|x, y| x.0.cmp(&y.0));
    for (log, s) in logs {
        let talk = a.has("v") || a.has("d");
        let large = most.is_some_and(|most| s.size > most);
        if !(a.has("f") || large) || s.size == 0 {
            if talk {
                let why = if s.size == 0 { "log is empty" } else { "log has been rotated already" };
                c.p.err.push_str(&format!("considering log {log}\n  log does not need rotating ({why})\n"));
            }
            continue;
        }
        if talk {
            c.p.err.push_str(&format!(
                "considering log {log}\n  log needs rotating\nrotating log {log}, log->rotateCount is {keep}\n"
            ));
        }
        if a.has("d") {
            continue;
        }
        let act = FileAct::Rotate { keep };
        if let Err(why) = mutate::alter(c, &log, act) {
            c.p.err.push_str(&format!("error: failed to rotate {log}: {why}\n"));
            c.tool.status = 1;
        }
    }
    Step::Exit(c.tool.status)
}
