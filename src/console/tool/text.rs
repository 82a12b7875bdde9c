//! cat, head, tail, wc, tee, seq.

use crate::console::host::NameKind;
use crate::console::machine::Read;
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Decl, Line, Operand, Step, Style, Words, flag, value};
use crate::sim::effect::Effect;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "cat",
        synopsis: "[-n] [FILE]...",
        about: "concatenate files to standard output",
        opts: &[flag("n", "number", "number all output lines")],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[
            ("cat /etc/hostname", "ops\n"),
            ("cat /etc/hostname - < /etc/hostname", "ops\nops\n"),
            ("cat /nope", "cat: /nope: No such file or directory\n"),
        ],
        step: cat,
        ..Decl::BLANK
    },
    Decl {
        name: "head",
        synopsis: "[-n LINES] [FILE]...",
        about: "output the first part of files",
        opts: &[
            value("n", "lines", "LINES", "print the first LINES lines instead of the first 10"),
            value("c", "bytes", "BYTES", "print the first BYTES bytes"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("seq 20 | head -n 2", "1\n2\n"), ("seq 20 | head -1", "1\n")],
        step: head,
        words: Words::Count,
        ..Decl::BLANK
    },
    Decl {
        name: "tail",
        synopsis: "[-f] [-n LINES] [FILE]...",
        about: "output the last part of files",
        opts: &[
            value("n", "lines", "LINES", "print the last LINES lines instead of the last 10; +N starts at line N"),
            flag("f", "follow", "output appended data as the file grows"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("seq 20 | tail -n 2", "19\n20\n"), ("seq 5 | tail -n +4", "4\n5\n")],
        step: tail,
        words: Words::Count,
        ..Decl::BLANK
    },
    Decl {
        name: "wc",
        synopsis: "[-lwc] [FILE]...",
        about: "print newline, word, and byte counts",
        opts: &[
            flag("l", "lines", "print the newline counts"),
            flag("w", "words", "print the word counts"),
            flag("c", "bytes", "print the byte counts"),
        ],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("seq 12 | wc -l", "12\n"), ("wc /etc/hostname", "1 1 4 /etc/hostname\n")],
        step: wc,
        ..Decl::BLANK
    },
    Decl {
        name: "tee",
        synopsis: "[-a] [FILE]...",
        about: "copy standard input to files and to standard output",
        opts: &[flag("a", "append", "append to the files")],
        subs: &[],
        operand: Operand::Path,
        style: Style::Gnu,
        examples: &[("echo hello | tee /tmp/t; cat /tmp/t", "hello\nhello\n")],
        step: tee,
        ..Decl::BLANK
    },
    Decl {
        name: "seq",
        synopsis: "[FIRST [INCREMENT]] LAST",
        about: "print a sequence of numbers",
        opts: &[value("s", "separator", "STRING", "use STRING to separate numbers (default: newline)")],
        subs: &[],
        operand: Operand::Free,
        style: Style::Gnu,
        examples: &[("seq 2 2 6", "2\n4\n6\n"), ("seq -s , 3", "1,2,3\n")],
        step: seq,
        words: Words::Numbers,
        ..Decl::BLANK
    },
    Decl {
        name: "runbook",
        synopsis: "[ID]",
        about: "list the runbooks, or print one",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Runbook),
        style: Style::Plain,
        examples: &[("runbook", "disk-full\n"), ("runbook disk-full", "Find the largest directory.\n")],
        step: runbook,
        ..Decl::BLANK
    },
];

fn cat(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    if c.args.has("n") {
        return match c.next_line(&files) {
            Line::Text(t) => {
                c.tool.n += 1;
                let text = format!("{:>6}\t{t}\n", c.tool.n);
                c.print(&text);
                Step::More
            }
            Line::Later => Step::Wait,
            Line::End => Step::Exit(c.tool.status),
        };
    }
    match c.chunk(&files) {
        Read::Bytes(t) => {
            c.print(&t);
            Step::More
        }
        Read::Later => Step::Wait,
        Read::End => Step::Exit(c.tool.status),
    }
}

fn count(c: &mut Ctx<'_>, key: &str, default: u64) -> Result<u64, Step> {
    match c.args.get(key).map(str::to_owned) {
        None => Ok(default),
        Some(v) => v.trim_start_matches('+').parse().map_err(|_| {
            c.error(&format!("invalid number of lines: ‘{v}’"));
            Step::Exit(1)
        }),
    }
}

fn head(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    if c.args.has("c") {
        let limit = match count(c, "c", 0) {
            Ok(n) => n,
            Err(step) => return step,
        };
        return match c.chunk(&files) {
            Read::Bytes(text) => {
                let mut cut = usize::try_from(limit - c.tool.n.min(limit)).unwrap_or(usize::MAX).min(text.len());
                while !text.is_char_boundary(cut) {
                    cut -= 1;
                }
                c.tool.n += cut as u64;
                c.print(text.get(..cut).unwrap_or_default());
                if cut < text.len() { Step::Exit(c.tool.status) } else { Step::More }
            }
            Read::Later => Step::Wait,
            Read::End => Step::Exit(c.tool.status),
        };
    }
    let limit = match count(c, "n", 10) {
        Ok(n) => n,
        Err(step) => return step,
    };
    if files.len() > 1 {
        // Each file has its own head, under a title.
        let Some(name) = files.get(c.tool.phase as usize) else { return Step::Exit(c.tool.status) };
        c.tool.phase += 1;
        match c.load(name) {
            Ok(text) => {
                let gap = if c.tool.m == 0 { "" } else { "\n" };
                c.tool.m += 1;
                let lines: String = text.lines().take(limit as usize).map(|l| format!("{l}\n")).collect();
                c.print(&format!("{gap}==> {name} <==\n{lines}"));
            }
            Err(why) => c.error(&format!("cannot open '{name}' for reading: {why}")),
        }
        return Step::More;
    }
    for _ in 0..64 {
        if c.tool.n >= limit {
            return Step::Exit(c.tool.status);
        }
        match c.next_line(&files) {
            Line::Text(t) => {
                c.tool.n += 1;
                c.line(&t);
            }
            Line::Later => return if c.p.out.is_empty() { Step::Wait } else { Step::More },
            Line::End => return Step::Exit(c.tool.status),
        }
    }
    Step::More
}

fn tail(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    if c.tool.phase == 0 {
        let limit = match count(c, "n", 10) {
            Ok(n) => n as usize,
            Err(step) => return step,
        };
        let from_start = c.args.get("n").is_some_and(|v| v.starts_with('+'));
        if files.len() <= 1 {
            if let Some(step) = c.gather(&files) {
                return step;
            }
            let lines = std::mem::take(&mut c.tool.lines);
            let skip = if from_start { limit.saturating_sub(1) } else { lines.len().saturating_sub(limit) };
            for l in lines.iter().skip(skip) {
                c.line(l);
            }
        } else {
            for (i, name) in files.iter().enumerate() {
                match c.load(name) {
                    Ok(text) => {
                        let n = text.lines().count();
                        let skip = if from_start { limit.saturating_sub(1) } else { n.saturating_sub(limit) };
                        let lines: String = text.lines().skip(skip).map(|l| format!("{l}\n")).collect();
                        c.print(&format!("{}==> {name} <==\n{lines}", if i == 0 { "" } else { "\n" }));
                    }
                    Err(why) => c.error(&format!("cannot open '{name}' for reading: {why}")),
                }
            }
        }
        if !c.args.has("f") || files.is_empty() || c.tool.status > 0 {
            return Step::Exit(c.tool.status);
        }
        c.tool.phase = 1;
        for name in &files {
            let n = c.load(name).map(|t| t.len()).unwrap_or(0);
            c.tool.lines.push(n.to_string());
        }
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    for (i, name) in files.iter().enumerate() {
        let Ok(text) = c.load(name) else { continue };
        let had: usize = c.tool.lines.get(i).and_then(|n| n.parse().ok()).unwrap_or(0);
        if text.len() < had {
            c.error(&format!("{name}: file truncated"));
        }
        if let Some(new) = text.get(if text.len() < had { 0 } else { had }..).filter(|t| !t.is_empty()) {
            let new = new.to_owned();
            c.print(&new);
        }
        if let Some(slot) = c.tool.lines.get_mut(i) {
            *slot = text.len().to_string();
        }
    }
    c.sleep_ms(1000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}

fn wc(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    let all = !(c.args.has("l") || c.args.has("w") || c.args.has("c"));
    let show = |l: u64, w: u64, b: u64, a: &crate::console::process::Args| {
        let mut parts = Vec::new();
        for (key, v) in [("l", l), ("w", w), ("c", b)] {
            if all || a.has(key) {
                parts.push(v);
            }
        }
        parts
    };
    let mut rows: Vec<(Vec<u64>, String)> = Vec::new();
    if files.is_empty() {
        return match c.chunk(&files) {
            Read::Bytes(t) => {
                c.tool.text.push_str(&t);
                if c.tool.text.len() > (16 << 20) {
                    c.error("input is too large");
                    return Step::Exit(1);
                }
                Step::More
            }
            Read::Later => Step::Wait,
            Read::End => {
                let t = std::mem::take(&mut c.tool.text);
                let row =
                    show(t.matches('\n').count() as u64, t.split_whitespace().count() as u64, t.len() as u64, &c.args);
                let one = row.len() == 1;
                let text: Vec<String> =
                    row.iter().map(|n| if one { n.to_string() } else { format!("{n:>7}") }).collect();
                c.line(&text.join(" "));
                Step::Exit(0)
            }
        };
    }
    let mut total = vec![0u64; 3];
    for name in &files {
        match c.load(name) {
            Ok(t) => {
                let row =
                    show(t.matches('\n').count() as u64, t.split_whitespace().count() as u64, t.len() as u64, &c.args);
                for (sum, v) in total.iter_mut().zip(&row) {
                    *sum += v;
                }
                rows.push((row, name.clone()));
            }
            Err(why) => c.error(&format!("{name}: {why}")),
        }
    }
    if files.len() > 1 {
        let n = rows.first().map(|(r, _)| r.len()).unwrap_or(0);
        rows.push((total.into_iter().take(n).collect(), "total".to_owned()));
    }
    let width = rows.iter().flat_map(|(r, _)| r).map(|n| n.to_string().len()).max().unwrap_or(1);
    for (row, name) in rows {
        let text: Vec<String> = row.iter().map(|n| format!("{n:>width$}")).collect();
        c.line(&format!("{} {name}", text.join(" ")));
    }
    Step::Exit(c.tool.status)
}

fn tee(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    let text = match c.chunk(&[]) {
        Read::Bytes(t) => t,
        Read::Later => return Step::Wait,
        Read::End if c.tool.n > 0 => return Step::Exit(c.tool.status),
        Read::End => String::new(),
    };
    let first = c.tool.n == 0;
    c.tool.n += 1;
    for name in &files {
        let full = c.full(name);
        let target = format!("{}:{full}", c.on());
        let denied = match c.stat(&full) {
            Some(s) if s.dir => Some("Is a directory".to_owned()),
            Some(s) if !crate::console::path::allowed(&s, &c.p.user, 2) => Some("Permission denied".to_owned()),
            Some(_) => None,
            None => crate::console::path::may_change(&*c.host, &c.p.host, &c.p.user, &full).err(),
        };
        if let Some(why) = denied {
            if first {
                c.refuse("write", &target, &why);
                c.error(&format!("{name}: {why}"));
            }
            continue;
        }
        let effect = Effect::Write {
            host: c.on(),
            path: full,
            text: text.clone(),
            append: !first || c.args.has("a"),
            owner: c.p.user.clone(),
        };
        match c.apply(&effect, "write", &target) {
            Ok(_) => {
                let marks = c.con.marks.entry(target).or_default();
                marks.extend(c.p.sources.iter().cloned());
            }
            Err(why) => c.error(&format!("{name}: {why}")),
        }
    }
    c.print(&text);
    Step::More
}

fn seq(c: &mut Ctx<'_>) -> Step {
    let numbers: Result<Vec<i64>, String> =
        c.args.rest.iter().map(|a| a.parse().map_err(|_| format!("invalid integer argument: ‘{a}’"))).collect();
    let numbers = match numbers {
        Ok(n) => n,
        Err(m) => {
            c.error(&m);
            return Step::Exit(1);
        }
    };
    let (first, step, last) = match numbers.as_slice() {
        [l] => (1, 1, *l),
        [f, l] => (*f, 1, *l),
        [f, s, l] => (*f, *s, *l),
        _ => {
            c.error(if numbers.is_empty() { "missing operand" } else { "extra operand" });
            return Step::Exit(1);
        }
    };
    if step == 0 {
        c.error("invalid Zero increment value: ‘0’");
        return Step::Exit(1);
    }
    let separator = c.args.get("s").unwrap_or("\n").to_owned();
    for _ in 0..200 {
        let at = i64::try_from(c.tool.n).ok().and_then(|n| n.checked_mul(step)).and_then(|d| first.checked_add(d));
        match at.filter(|v| if step > 0 { *v <= last } else { *v >= last }) {
            Some(v) => {
                let text = if c.tool.n == 0 { v.to_string() } else { format!("{separator}{v}") };
                c.print(&text);
                c.tool.n += 1;
            }
            None => {
                if c.tool.n > 0 {
                    c.print("\n");
                }
                return Step::Exit(0);
            }
        }
    }
    Step::More
}

fn runbook(c: &mut Ctx<'_>) -> Step {
    let ids = c.con.names(c.p, NameKind::Runbook, &*c.host);
    let Some(id) = c.args.at(0).map(str::to_owned) else {
        for id in ids {
            c.line(&id);
        }
        return Step::Exit(0);
    };
    match c.host.runbook(&id) {
        Some(text) => {
            c.see(crate::scenario::ObservedKind::Runbook, id, None);
            c.line(text.trim_end());
            Step::Exit(0)
        }
        None => {
            c.error(&format!("no runbook '{id}'; `runbook` lists them"));
            Step::Exit(1)
        }
    }
}

/// Whether descriptor 0 is the terminal.
pub(crate) fn interactive(c: &Ctx<'_>) -> bool {
    c.p.fds.first() == Some(&Fd::Term) && !c.p.background
}
