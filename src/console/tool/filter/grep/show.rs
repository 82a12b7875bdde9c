//! What grep prints of the lines that it selects.

use super::{Plan, Program, State, files};
use crate::console::tool::{Ctx, Step};

/// Searches up to `until`; whether it stopped because enough was printed.
pub(super) fn search(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Program, until: usize) -> bool {
    let text = std::mem::take(&mut st.text);
    let full = scan(c, plan, st, program, text.get(..until).unwrap_or_default());
    st.text = text;
    full
}

/// How many bytes of a part are `byte`.
fn count(part: &[u8], byte: u8) -> u64 {
    let few = |chunk: &[u8]| chunk.iter().map(|b| u8::from(*b == byte)).sum::<u8>();
    part.chunks(usize::from(u8::MAX)).map(|chunk| u64::from(few(chunk))).sum()
}

/// Counts the selected lines where nothing else of them is wanted.
fn tally(plan: &Plan, st: &mut State, program: &Program, text: &str) {
    while st.used < text.len() {
        let hit = program.line(text, st.used, plan.delim);
        let (start, end) = hit.unwrap_or((text.len(), text.len()));
        if plan.invert {
            let part = text.get(st.used..start).unwrap_or_default();
            st.count += count(part.as_bytes(), plan.byte) + u64::from(!part.is_empty() && !part.ends_with(plan.delim));
        } else {
            st.count += u64::from(hit.is_some());
        }
        st.used = (end + 1).min(text.len());
    }
    st.found |= st.count > 0;
}

fn scan(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Program, text: &str) -> bool {
    if plan.counts && !plan.first && plan.limit == u64::MAX && !files::decided(plan, st) {
        tally(plan, st, program, text);
        return false;
    }
    let mut hit: Option<Option<(usize, usize)>> = None;
    while st.used < text.len() {
        let over = st.count >= plan.limit;
        if (over && st.after == 0) || files::decided(plan, st) {
            return false;
        }
        if c.enough() {
            return true;
        }
        let next = match hit {
            Some(h) => h,
            None => *hit.insert(program.line(text, st.used, plan.delim)),
        };
        let (start, end) = next.unwrap_or((text.len(), text.len()));
        if start > st.used {
            // Lines that do not match.
            if plan.invert && !over {
                let end = text.get(st.used..).and_then(|t| t.find(plan.delim)).map_or(text.len(), |i| st.used + i);
                select(c, plan, st, program, text, end);
            } else if over && plan.invert {
                let end = text.get(st.used..).and_then(|t| t.find(plan.delim)).map_or(text.len(), |i| st.used + i);
                trail(c, plan, st, text, end);
            } else {
                skip(c, plan, st, text, start);
            }
            continue;
        }
        hit = None;
        if over || plan.invert {
            trail(c, plan, st, text, end);
        } else {
            select(c, plan, st, program, text, end);
        }
    }
    false
}

fn pass(st: &mut State, text: &str, end: usize) {
    let next = (end + 1).min(text.len());
    st.offset += (next - st.used) as u64;
    st.line += 1;
    st.used = next;
}

/// A line that was selected.
fn select(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Program, text: &str, end: usize) {
    st.count += 1;
    st.found = true;
    if !plan.brief && !st.binary {
        let line = text.get(st.used..end).unwrap_or_default();
        let number = st.line + 1;
        let first = number.saturating_sub(st.before.len() as u64);
        if let Some(gap) = &plan.gap
            && (st.shown.is_some_and(|s| first > s + 1) || (st.shown.is_none() && st.groups))
        {
            let gap = if plan.color { format!("\x1b[36m\x1b[K{gap}\x1b[m\x1b[K") } else { gap.clone() };
            c.line(&gap);
        }
        for (n, at, l) in std::mem::take(&mut st.before) {
            put(c, plan, st, program, (n, at, &l), false);
        }
        put(c, plan, st, program, (number, st.offset, line), true);
        st.shown = Some(number);
        st.groups = true;
        st.after = plan.after;
    }
    pass(st, text, end);
}

/// A line that was not selected: context after a selected one, or kept for the next.
fn trail(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, text: &str, end: usize) {
    let line = text.get(st.used..end).unwrap_or_default();
    let number = st.line + 1;
    if st.after > 0 && !plan.brief && !st.binary {
        st.after -= 1;
        let prefix = prefix(plan, st, (number, st.offset, line), '-');
        let end = plan.delim;
        c.print(&format!("{prefix}{line}{end}"));
        st.shown = Some(number);
    } else if plan.before > 0 {
        if st.before.len() as u64 >= plan.before {
            st.before.pop_front();
        }
        st.before.push_back((number, st.offset, line.to_owned()));
    }
    pass(st, text, end);
}

/// Lines up to `to` that were not selected.
fn skip(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, text: &str, to: usize) {
    if st.after > 0 || plan.before > 0 {
        let end = text.get(st.used..).and_then(|t| t.find(plan.delim)).map_or(text.len(), |i| st.used + i);
        return trail(c, plan, st, text, end);
    }
    let part = text.as_bytes().get(st.used..to).unwrap_or_default();
    st.offset += part.len() as u64;
    if plan.a.has("n") {
        st.line += count(part, plan.byte);
    } else {
        st.line += 1;
    }
    st.used = to;
}

fn prefix(plan: &Plan, st: &State, (number, offset, line): (u64, u64, &str), mark: char) -> String {
    let mut out = String::new();
    let paint = |code: &str, text: &str| {
        if plan.color { format!("\x1b[{code}m\x1b[K{text}\x1b[m\x1b[K") } else { text.to_owned() }
    };
    let mark = paint("36", &mark.to_string());
    if st.named {
        out.push_str(&paint("35", &st.name));
        out.push_str(if plan.a.has("Z") { "\0" } else { &mark });
    }
    // Numbers stand in columns if tabs are to line up.
    let wide = if plan.a.has("T") { st.wide } else { 0 };
    if plan.a.has("n") {
        out.push_str(&paint("32", &format!("{number:>wide$}")));
        out.push_str(&mark);
    }
    if plan.a.has("b") {
        out.push_str(&paint("32", &format!("{offset:>wide$}")));
        out.push_str(&mark);
    }
    if plan.a.has("T") && !out.is_empty() && !line.is_empty() {
        out.push('\t');
    }
    out
}

fn put(c: &mut Ctx<'_>, plan: &Plan, st: &State, program: &Program, row: (u64, u64, &str), selected: bool) {
    let (number, offset, line) = row;
    let mark = if selected { ':' } else { '-' };
    if plan.a.has("o") {
        if plan.invert {
            return;
        }
        for (s, e) in program.parts(line) {
            let part = line.get(s..e).unwrap_or_default();
            let head = prefix(plan, st, (number, offset + s as u64, part), mark);
            let part = if plan.color { format!("\x1b[01;31m\x1b[K{part}\x1b[m\x1b[K") } else { part.to_owned() };
            c.print(&format!("{head}{part}{}", plan.delim));
        }
        return;
    }
    let head = prefix(plan, st, row, mark);
    if plan.color && selected && !plan.invert {
        let mut text = head;
        let mut at = 0;
        for (s, e) in program.parts(line) {
            text.push_str(line.get(at..s).unwrap_or_default());
            text.push_str(&format!("\x1b[01;31m\x1b[K{}\x1b[m\x1b[K", line.get(s..e).unwrap_or_default()));
            at = e;
        }
        text.push_str(line.get(at..).unwrap_or_default());
        c.print(&format!("{text}{}", plan.delim));
        return;
    }
    c.p.out.push_str(&head);
    c.p.out.push_str(line);
    c.p.out.push(plan.delim);
}

/// What is left to say of a file; a step if the search ends with it.
pub(super) fn close(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) -> Option<Step> {
    let a = &plan.a;
    let name = std::mem::take(&mut st.name);
    if a.has("q") || a.has("silent") {
        return st.found.then_some(Step::Exit(0));
    }
    let ends = if a.has("Z") { "\0" } else { "\n" };
    if plan.lacking {
        if st.count == 0 {
            c.print(&format!("{name}{ends}"));
        }
    } else if a.has("l") {
        if st.count > 0 {
            c.print(&format!("{name}{ends}"));
        }
    } else if a.has("c") {
        let head = if st.named { format!("{name}{}", if a.has("Z") { '\0' } else { ':' }) } else { String::new() };
        let count = st.count;
        c.line(&format!("{head}{count}"));
    } else if st.binary && st.count > 0 {
        let tool = c.tool.name.clone();
        let tool = if tool == "zgrep" { "grep" } else { &tool };
        c.p.err.push_str(&format!("{tool}: {name}: binary file matches\n"));
    }
    None
}
