//! grep: streams when it can, so that `tail -f log | grep x` shows lines as they come.

use super::pattern;
use crate::console::tool::{Ctx, Line, Step};

pub(super) fn grep(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut files = a.rest.clone();
    let text = match a.get("e") {
        Some(p) => p.to_owned(),
        None if files.is_empty() => {
            c.p.err.push_str("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
            return Step::Exit(2);
        }
        None => files.remove(0),
    };
    let re = match pattern(&text, a.has("E"), a.has("F"), a.has("i"), a.has("w")) {
        Ok(re) => re,
        Err(why) => {
            c.error(&why);
            return Step::Exit(2);
        }
    };
    let number = |key: &str| a.get(key).and_then(|v| v.parse::<usize>().ok());
    let context = number("C").unwrap_or(0);
    let (before, after) = (number("B").unwrap_or(context), number("A").unwrap_or(context));
    let whole = !files.is_empty() || a.has("r") || before + after > 0;
    let limit = number("m").unwrap_or(usize::MAX);
    let pick = |line: &str| re.is_match(line) != a.has("v");
    let emit = |c: &mut Ctx<'_>, prefix: &str, n: u64, line: &str| {
        let place = if a.has("n") { format!("{prefix}{n}:") } else { prefix.to_owned() };
        if a.has("o") {
            let found: Vec<String> =
                re.find_iter(line).filter(|m| !m.is_empty()).map(|m| m.as_str().to_owned()).collect();
            for m in found {
                c.line(&format!("{place}{m}"));
            }
        } else {
            c.line(&format!("{place}{line}"));
        }
    };
    if !whole {
        // Streaming, so that `tail -f log | grep x` shows lines as they come.
        for _ in 0..64 {
            let line = match c.next_line(&[]) {
                Line::Text(t) => t,
                Line::Later => return if c.p.out.is_empty() { Step::Wait } else { Step::More },
                Line::End => break,
            };
            c.tool.n += 1;
            if pick(&line) {
                c.tool.m += 1;
                if a.has("q") {
                    return Step::Exit(0);
                }
                if a.has("l") {
                    c.line("(standard input)");
                    return Step::Exit(0);
                }
                if !a.has("c") {
                    let n = c.tool.n;
                    emit(c, "", n, &line);
                }
                if c.tool.m as usize >= limit {
                    return finish_grep(c, a.has("c"));
                }
            }
        }
        return if c.tool.input.done { finish_grep(c, a.has("c")) } else { Step::More };
    }
    if c.tool.phase == 0 {
        c.tool.phase = 1;
        if files.is_empty() && !a.has("r") {
            files.push("-".to_owned());
        } else if files.is_empty() {
            files.push(".".to_owned());
        }
        let mut all = Vec::new();
        for f in &files {
            let full = c.full(f);
            match c.stat(&full) {
                Some(s) if s.dir && f != "-" => {
                    if a.has("r") {
                        collect_files(c, &full, f, &mut all);
                    } else {
                        c.error(&format!("{f}: Is a directory"));
                    }
                }
                _ => all.push(f.clone()),
            }
        }
        c.tool.text =
            if a.has("h") || (files.len() == 1 && !a.has("r") && !a.has("H")) { String::new() } else { "y".to_owned() };
        c.tool.input.files = all.into_iter().rev().collect();
    }
    let mut lines: Vec<String> = Vec::new();
    let name = match c.tool.input.files.last().cloned() {
        None => return Step::Exit(if c.tool.status > 0 { 2 } else { i32::from(c.tool.m == 0) }),
        Some(n) => n,
    };
    if name == "-" {
        let keep = std::mem::take(&mut c.tool.input.files);
        if let Some(step) = c.gather(&[]) {
            c.tool.input.files = keep;
            return step;
        }
        lines.append(&mut c.tool.lines);
    } else {
        c.tool.input.files.pop();
        match c.load(&name) {
            Ok(t) => lines.extend(t.lines().map(str::to_owned)),
            Err(why) => {
                c.error(&format!("{name}: {why}"));
                return Step::More;
            }
        }
    }
    if name == "-" {
        c.tool.input.files.pop();
    }
    let prefix = if c.tool.text.is_empty() { String::new() } else { format!("{name}:") };
    let hits: Vec<usize> = lines.iter().enumerate().filter(|(_, l)| pick(l)).map(|(i, _)| i).take(limit).collect();
    c.tool.m += hits.len() as u64;
    if a.has("q") {
        return if hits.is_empty() { Step::More } else { Step::Exit(0) };
    }
    if a.has("l") {
        if !hits.is_empty() {
            c.line(&name);
        }
    } else if a.has("c") {
        c.line(&format!("{prefix}{}", hits.len()));
    } else {
        let mut shown: Option<usize> = None;
        for h in hits.iter().copied() {
            let from = h.saturating_sub(before).max(shown.map_or(0, |s| s + 1));
            let to = (h + after).min(lines.len().saturating_sub(1));
            if before + after > 0 && shown.is_some_and(|s| from > s + 1) {
                c.line("--");
            }
            for i in from..=to {
                let Some(line) = lines.get(i) else { continue };
                if hits.binary_search(&i).is_ok() {
                    emit(c, &prefix, i as u64 + 1, line);
                } else {
                    let dash = prefix.trim_end_matches(':');
                    let dash = if dash.is_empty() { String::new() } else { format!("{dash}-") };
                    let place = if a.has("n") { format!("{dash}{}-", i + 1) } else { dash };
                    c.line(&format!("{place}{line}"));
                }
                shown = Some(i);
            }
        }
    }
    Step::More
}

fn finish_grep(c: &mut Ctx<'_>, count: bool) -> Step {
    if count {
        let n = c.tool.m;
        c.line(&n.to_string());
    }
    Step::Exit(i32::from(c.tool.m == 0))
}

fn collect_files(c: &mut Ctx<'_>, full: &str, shown: &str, out: &mut Vec<String>) {
    let mut todo = vec![(full.to_owned(), shown.to_owned())];
    while let Some((dir, name)) = todo.pop() {
        let mut subs = Vec::new();
        for (child, stat) in c.list(&dir).unwrap_or_default() {
            let path = crate::console::path::join(&dir, &child);
            let shown = crate::console::path::join(&name, &child);
            if stat.dir {
                subs.push((path, shown));
            } else if out.len() < 5000 {
                out.push(shown);
            }
        }
        if todo.len() < 5000 {
            todo.extend(subs.into_iter().rev());
        }
    }
}
