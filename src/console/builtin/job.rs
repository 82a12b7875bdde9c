//! `jobs`, `fg`, `bg`, `wait`, `kill`.

use super::bad_option;
use crate::console::host::{ConsoleHost, NameKind};
use crate::console::machine::Console;
use crate::console::process::{Frame, Job, Proc, Shell};
use crate::console::shell::{SIGNALS, abort, fail, signal};
use crate::sim::effect::Effect;

impl Console {
    pub(super) fn jobs(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        if sh.interactive {
            self.report_jobs(p, sh);
        }
        let has = |c: char| args.iter().any(|a| a.starts_with('-') && a.contains(c));
        if let Some(bad) =
            args.iter().filter(|a| a.starts_with('-')).find(|a| a.chars().skip(1).any(|c| !"lnprs".contains(c)))
        {
            return bad_option(p, sh, "jobs", &format!("{bad}"));
        }
        for a in args.iter().filter(|a| !a.starts_with('-')) {
            if job_pids(sh, a).is_none() {
                fail(p, sh, 1, &format!("jobs: {a}: no such job"));
            }
        }
        // In a pipeline it shows those of the shell that was forked.
        let shown = if sh.jobs.is_empty() { &sh.parent_jobs } else { &sh.jobs };
        let named: Vec<Vec<u32>> = args.iter().filter_map(|a| job_pids(sh, a)).collect();
        let chosen = |j: &Job| args.iter().all(|a| a.starts_with('-')) || named.contains(&j.pids);
        let alive = |j: &Job| sh.interactive || j.pids.iter().any(|pid| self.procs.contains_key(pid));
        let shown: Vec<&Job> = shown.iter().filter(|j| alive(j)).collect();
        let count = shown.len();
        for (i, j) in shown.into_iter().enumerate().filter(|(_, j)| chosen(j)) {
            if has('r') && j.stopped || has('s') && !j.stopped {
                continue;
            }
            if has('p') {
                p.out.push_str(&format!("{}\n", j.pids.last().copied().unwrap_or(0)));
                continue;
            }
            let mark = match count - i {
                1 => '+',
                2 => '-',
                _ => ' ',
            };
            let (word, tail) = if j.stopped { ("Stopped", "") } else { ("Running", " &") };
            let pid = if has('l') { format!("{} ", j.pids.last().copied().unwrap_or(0)) } else { " ".to_owned() };
            p.out.push_str(&format!("[{}]{mark} {pid}{word:<24}{}{tail}\n", j.number, j.text));
        }
    }

    pub(super) fn wait_builtin(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String]) {
        let (mut any, mut variable) = (false, None);
        let mut names: Vec<&String> = Vec::new();
        let mut rest = args.iter();
        while let Some(a) = rest.next() {
            match a.as_str() {
                "-n" => any = true,
                "-f" | "--" => {}
                "-p" => variable = rest.next().cloned(),
                a if a.starts_with('-') => {
                    return bad_option(p, sh, "wait", a);
                }
                _ => names.push(a),
            }
        }
        if let Some(name) = &variable {
            sh.vars.put(name, None);
        }
        let own = |sh: &Shell, pid: &u32| {
            sh.ended.contains_key(pid)
                || self.exits.contains_key(pid)
                || self.procs.get(pid).is_some_and(|q| q.ppid == p.pid)
        };
        let mut pids = Vec::new();
        let mut problems = Vec::new();
        for a in &names {
            match (job_pids(sh, a).filter(|_| a.starts_with('%')), a.parse::<u32>()) {
                (Some(found), _) => pids.extend(found),
                (None, Ok(pid)) if own(sh, &pid) => pids.push(pid),
                (None, Ok(pid)) => problems.push((127, format!("pid {pid} is not a child of this shell"))),
                (None, Err(_)) if a.starts_with('%') => problems.push((127, format!("{a}: no such job"))),
                (None, Err(_)) => problems.push((1, format!("`{a}': not a pid or valid job spec"))),
            }
        }
        for (status, why) in problems {
            fail(p, sh, status, &format!("wait: {why}"));
        }
        if names.is_empty() {
            pids = sh.jobs.iter().filter(|j| !j.stopped).flat_map(|j| j.pids.clone()).collect();
            if !any {
                // The last `<(…)` is waited for too.
                pids.extend(sh.last_background.filter(|pid| self.procs.contains_key(pid) && !pids.contains(pid)));
                sh.frames.push(Frame::Status(0));
            } else if pids.is_empty() {
                sh.status = 127;
            }
        }
        if !pids.is_empty() {
            // With `-p` a single one is as good as the first that ends.
            let first = any || (variable.is_some() && pids.len() == 1);
            sh.frames.push(if first { Frame::WaitAny(pids, variable) } else { Frame::Wait(pids) });
        }
    }

    pub(super) fn resume(&mut self, p: &mut Proc, sh: &mut Shell, name: &str, args: &[String]) {
        if !sh.interactive && !sh.opts.monitor {
            return fail(p, sh, 1, &format!("{name}: no job control"));
        }
        let which = args.first().map(String::as_str).unwrap_or("%+");
        let Some(pids) = job_pids(sh, which) else {
            let shown = args.first().map(String::as_str).unwrap_or("current");
            return fail(p, sh, 1, &format!("{name}: {shown}: no such job"));
        };
        let mut text = String::new();
        for j in sh.jobs.iter_mut().filter(|j| j.pids == pids) {
            j.stopped = false;
            text = if name == "bg" { format!("[{}]+ {} &\n", j.number, j.text) } else { format!("{}\n", j.text) };
        }
        p.out.push_str(&text);
        let mut all = pids.clone();
        for pid in &pids {
            all.extend(self.descendants(*pid));
        }
        for pid in all {
            if let Some(q) = self.procs.get_mut(&pid) {
                q.stopped = false;
                q.background = name == "bg";
            }
        }
        if name == "fg" {
            text.trim().clone_into(&mut sh.foreground);
            sh.frames.push(Frame::Wait(pids));
        }
    }

    pub(super) fn kill_builtin(&mut self, p: &mut Proc, sh: &mut Shell, args: &[String], host: &mut dyn ConsoleHost) {
        let mut sent = (15, "TERM");
        let (mut targets, mut chosen) = (Vec::<String>::new(), false);
        let mut rest = args.iter();
        while let Some(a) = rest.next() {
            let spec = match a.as_str() {
                "-l" | "-L" => return list(p, sh, args.get(1..).unwrap_or_default()),
                "--" => continue,
                "-s" | "-n" if !chosen => rest.next().map(String::as_str).unwrap_or_default(),
                a if a.starts_with('-') && !chosen && a.len() > 1 => a.trim_start_matches('-'),
                a => {
                    targets.push(a.to_owned());
                    continue;
                }
            };
            chosen = true;
            sent = match (spec, signal(spec)) {
                ("0", _) => (0, "0"),
                (_, Some(s)) => s,
                (_, None) => return fail(p, sh, 1, &format!("kill: {spec}: invalid signal specification")),
            };
        }
        if targets.is_empty() {
            sh.status = 2;
            return super::usage(p, "kill");
        }
        for t in targets {
            if t.starts_with('%') {
                match job_pids(sh, &t) {
                    Some(pids) => pids.into_iter().for_each(|pid| self.send(pid, sent, host)),
                    None => fail(p, sh, 1, &format!("kill: {t}: no such job")),
                }
                continue;
            }
            // A group of processes: those of one job, or everything that may be signalled, which is left alone.
            if let Some(group) = t.strip_prefix('-').and_then(|g| g.parse::<u32>().ok()) {
                let pids = sh.jobs.iter().find(|j| j.pids.contains(&group)).map(|j| j.pids.clone());
                match pids {
                    Some(pids) => pids.into_iter().for_each(|pid| self.send(pid, sent, host)),
                    None if group == 1 => fail(p, sh, 1, "kill: (-1) - Operation not permitted"),
                    None => fail(p, sh, 1, &format!("kill: ({t}) - No such process")),
                }
                continue;
            }
            let Ok(pid) = t.parse::<u32>() else {
                fail(p, sh, 1, &format!("kill: {t}: arguments must be process or job IDs"));
                continue;
            };
            if pid == p.pid {
                send_self(p, sh, sent);
            } else if self.procs.get(&pid).is_some_and(|q| q.terminal == p.terminal) {
                self.send(pid, sent, host);
            } else if let Err(why) = self.kill_world(p, pid, host) {
                fail(p, sh, 1, &format!("kill: ({pid}) - {why}"));
            }
        }
    }

    /// Kills a process of the simulated host.
    pub(crate) fn kill_world(&mut self, p: &Proc, pid: u32, host: &mut dyn ConsoleHost) -> Result<(), String> {
        let who = self.caller(p);
        let target = format!("{}:{pid}", p.host);
        let Some(q) = host.processes(&p.host).into_iter().find(|q| q.pid == pid) else {
            return Err("No such process".to_owned());
        };
        if q.user != p.user && p.user != "root" {
            host.refused(&who, "kill", &target, "Operation not permitted");
            return Err("Operation not permitted".to_owned());
        }
        host.apply(&who, &Effect::Kill { host: p.host.clone(), pid }, "kill", &target)
            .map(|_| ())
            .map_err(|r| r.message)
    }

    /// Names for completion and messages.
    pub(crate) fn names(&self, p: &Proc, kind: NameKind, host: &dyn ConsoleHost) -> Vec<String> {
        host.names(&self.caller(p), kind)
    }
}

/// `disown [-h] [-ar] [JOB ...]`: the shell forgets jobs.
pub(super) fn disown(p: &mut Proc, sh: &mut Shell, args: &[String]) {
    let letters: String = args.iter().filter_map(|a| a.strip_prefix('-')).collect();
    if let Some(bad) = letters.chars().find(|c| !"ahr".contains(*c)) {
        return bad_option(p, sh, "disown", &format!("-{bad}"));
    }
    // With `-h` a job stays, and is only spared when the shell ends.
    let keeps = letters.contains('h');
    let names: Vec<&String> = args.iter().filter(|a| !a.starts_with('-')).collect();
    if names.is_empty() && letters.contains(['a', 'r']) {
        let running_only = letters.contains('r');
        sh.jobs.retain(|j| keeps || running_only && j.stopped);
        return;
    }
    if names.is_empty() {
        return match job_pids(sh, "%+") {
            Some(_) if keeps => {}
            Some(pids) => sh.jobs.retain(|j| j.pids != pids),
            None => fail(p, sh, 1, "disown: current: no such job"),
        };
    }
    for name in names {
        let job = job_pids(sh, name).or_else(|| {
            let pid = name.parse::<u32>().ok()?;
            Some(sh.jobs.iter().find(|j| j.pids.contains(&pid))?.pids.clone())
        });
        match job {
            Some(_) if keeps => {}
            Some(pids) => sh.jobs.retain(|j| j.pids != pids),
            None => fail(p, sh, 1, &format!("disown: {name}: no such job")),
        }
    }
}

fn send_self(p: &mut Proc, sh: &mut Shell, sent: (i32, &'static str)) {
    let (number, name) = sent;
    match sh.traps.get(name) {
        Some(text) if number != 9 => {
            if !text.is_empty() {
                sh.signals.push_back(name.to_owned());
            }
        }
        _ if number == 0 || matches!(name, "CHLD" | "URG" | "WINCH" | "CONT") => {}
        _ if sh.interactive && matches!(name, "TERM" | "INT" | "QUIT") => {}
        _ => {
            abort(p, sh, 128 + number);
            p.exit = Some(128 + number);
        }
    }
}

fn list(p: &mut Proc, sh: &mut Shell, which: &[String]) {
    for w in which {
        match (w.parse::<i32>(), signal(w)) {
            (Ok(n), _) => match SIGNALS.iter().find(|(k, _)| *k == n || *k + 128 == n) {
                Some((_, name)) => p.out.push_str(&format!("{name}\n")),
                None => fail(p, sh, 1, &format!("kill: {w}: invalid signal specification")),
            },
            (_, Some((n, _))) => p.out.push_str(&format!("{n}\n")),
            _ => fail(p, sh, 1, &format!("kill: {w}: invalid signal specification")),
        }
    }
    if which.is_empty() {
        for (i, (n, name)) in SIGNALS.iter().enumerate() {
            let end = if i % 5 == 4 || i + 1 == SIGNALS.len() { '\n' } else { '\t' };
            p.out.push_str(&format!("{n:>2}) SIG{name}{end}"));
        }
    }
}

fn job_pids(sh: &Shell, which: &str) -> Option<Vec<u32>> {
    let spec = which.trim_start_matches('%');
    let job = match spec {
        "" | "+" | "%" => sh.jobs.last(),
        "-" => sh.jobs.iter().rev().nth(1),
        n => match n.parse::<u32>() {
            Ok(n) if which.starts_with('%') || n < 1000 => sh.jobs.iter().find(|j| j.number == n),
            Ok(_) => None,
            Err(_) => sh.jobs.iter().rev().find(|j| j.text.starts_with(n)),
        },
    };
    job.map(|j| j.pids.clone())
}
