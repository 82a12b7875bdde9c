//! The forms in which diff prints changes one below the other: normal, context, unified, ed.

use super::{Change, Format, Plan, Side};
use crate::console::tool::strftime_in;

/// A text's lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A line with its tabs as blanks, where that is asked for.
fn flat(p: &Plan, line: &str) -> String {
    if !p.expand {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut column = 0;
    for c in line.chars() {
        let n = if c == '\t' { 8 - column % 8 } else { 1 };
        if c == '\t' {
            out.extend(std::iter::repeat_n(' ', n));
        } else {
            out.push(c);
        }
        column += n;
    }
    out
}

/// A line behind its mark, and the note that its end is missing.
fn put(out: &mut String, p: &Plan, mark: &str, line: &str) {
    let bare = line.strip_suffix('\n').unwrap_or(line);
    if p.tab {
        out.push_str(mark.strip_suffix(' ').unwrap_or(mark));
        out.push('\t');
    } else {
        out.push_str(mark);
    }
    out.push_str(&flat(p, bare));
    out.push('\n');
    if bare.len() == line.len() {
        out.push_str("\\ No newline at end of file\n");
    }
}

/// `3`, `3,5`; lines are counted from 1.
fn range(first: usize, count: usize) -> String {
    match count {
        0 => first.to_string(),
        1 => (first + 1).to_string(),
        _ => format!("{},{}", first + 1, first + count),
    }
}

pub(super) fn show(p: &Plan, one: &Side<'_>, two: &Side<'_>, script: &[Change]) -> String {
    match p.format {
        Format::Context(n) => hunks(p, one, two, script, n, false),
        Format::Unified(n) => hunks(p, one, two, script, n, true),
        Format::Ed => ed(p, two.text, script),
        Format::Forward => forward(p, two.text, script),
        Format::Rcs => rcs(p, two.text, script),
        Format::Normal | Format::Side => normal(p, one.text, two.text, script),
    }
}

fn normal(p: &Plan, a: &str, b: &str, script: &[Change]) -> String {
    let (x, y) = (lines(a), lines(b));
    let mut out = String::new();
    for s in script.iter().filter(|s| !s.ignore) {
        let letter = match (s.deleted, s.inserted) {
            (0, _) => 'a',
            (_, 0) => 'd',
            _ => 'c',
        };
        out.push_str(&format!("{}{letter}{}\n", range(s.line0, s.deleted), range(s.line1, s.inserted)));
        for l in x.get(s.line0..s.line0 + s.deleted).unwrap_or_default() {
            put(&mut out, p, "< ", l);
        }
        if letter == 'c' {
            out.push_str("---\n");
        }
        for l in y.get(s.line1..s.line1 + s.inserted).unwrap_or_default() {
            put(&mut out, p, "> ", l);
        }
    }
    out
}

/// An ed script, from the last change to the first.
fn ed(p: &Plan, b: &str, script: &[Change]) -> String {
    let y = lines(b);
    let mut out = String::new();
    for s in script.iter().rev().filter(|s| !s.ignore) {
        let letter = match (s.deleted, s.inserted) {
            (0, _) => 'a',
            (_, 0) => 'd',
            _ => 'c',
        };
        out.push_str(&format!("{}{letter}\n", range(s.line0, s.deleted)));
        if s.inserted == 0 {
            continue;
        }
        let mut open = true;
        for l in y.get(s.line1..s.line1 + s.inserted).unwrap_or_default() {
            let bare = l.strip_suffix('\n').unwrap_or(l);
            if !open {
                out.push_str("a\n");
                open = true;
            }
            // A line that is a dot would end the text: it goes in as two, one of which is taken away again.
            if bare == "." {
                out.push_str("..\n.\ns/.//\n");
                open = false;
            } else {
                out.push_str(&flat(p, bare));
                out.push('\n');
            }
        }
        if open {
            out.push_str(".\n");
        }
    }
    out
}

/// A script in which line numbers are those of the old file and the command stands first: for eyes, not for ed.
fn forward(p: &Plan, b: &str, script: &[Change]) -> String {
    let y = lines(b);
    let mut out = String::new();
    for s in script.iter().filter(|s| !s.ignore) {
        let letter = match (s.deleted, s.inserted) {
            (0, _) => 'a',
            (_, 0) => 'd',
            _ => 'c',
        };
        out.push_str(&format!("{letter}{}\n", range(s.line0, s.deleted).replace(',', " ")));
        for l in y.get(s.line1..s.line1 + s.inserted).unwrap_or_default() {
            out.push_str(&flat(p, l.strip_suffix('\n').unwrap_or(l)));
            out.push('\n');
        }
        if s.inserted > 0 {
            out.push_str(".\n");
        }
    }
    out
}

/// What RCS keeps: lines taken out and put in, by number and count.
fn rcs(p: &Plan, b: &str, script: &[Change]) -> String {
    let y = lines(b);
    let mut out = String::new();
    for s in script.iter().filter(|s| !s.ignore) {
        if s.deleted > 0 {
            out.push_str(&format!("d{} {}\n", s.line0 + 1, s.deleted));
        }
        if s.inserted > 0 {
            out.push_str(&format!("a{} {}\n", s.line0 + s.deleted, s.inserted));
            let put = y.get(s.line1..s.line1 + s.inserted).unwrap_or_default();
            out.extend(put.iter().map(|l| flat(p, l)));
        }
    }
    out
}

/// The name and time above the hunks.
fn head(p: &Plan, at: usize, mark: &str, side: &Side<'_>) -> String {
    match p.labels.get(at) {
        Some(label) => format!("{mark} {label}\n"),
        None => {
            let name = if side.name.contains([' ', '\t']) { format!("{:?}", side.name) } else { side.name.to_owned() };
            format!("{mark} {name}\t{}\n", strftime_in(&p.zone, "%Y-%m-%d %H:%M:%S.%N %z", side.mtime, 0))
        }
    }
}

fn hunks(p: &Plan, one: &Side<'_>, two: &Side<'_>, script: &[Change], context: usize, unified: bool) -> String {
    let (x, y) = (lines(one.text), lines(two.text));
    let mut out = if unified {
        head(p, 0, "---", one) + &head(p, 1, "+++", two)
    } else {
        head(p, 0, "***", one) + &head(p, 1, "---", two)
    };
    let mut rest = script;
    while !rest.is_empty() {
        // Changes that are near each other share a hunk.
        let mut n = 1;
        while let (Some(last), Some(next)) = (rest.get(n - 1), rest.get(n)) {
            let near = if last.ignore || next.ignore { context } else { 2 * context + 1 };
            if next.line0 - (last.line0 + last.deleted) >= near {
                break;
            }
            n += 1;
        }
        let (hunk, later) = rest.split_at(n);
        rest = later;
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { break };
        if hunk.iter().all(|s| s.ignore) {
            continue;
        }
        let from = [first.line0.saturating_sub(context), first.line1.saturating_sub(context)];
        let to =
            [(last.line0 + last.deleted + context).min(x.len()), (last.line1 + last.inserted + context).min(y.len())];
        if unified {
            unified_hunk(&mut out, p, &x, &y, hunk, from, to);
        } else {
            context_hunk(&mut out, p, &x, &y, hunk, from, to);
        }
    }
    out
}

fn unified_hunk(
    out: &mut String,
    p: &Plan,
    x: &[&str],
    y: &[&str],
    hunk: &[Change],
    [from0, from1]: [usize; 2],
    [to0, to1]: [usize; 2],
) {
    let part = |from: usize, to: usize| match to - from {
        0 => format!("{from},0"),
        1 => format!("{to}"),
        n => format!("{},{n}", from + 1),
    };
    out.push_str(&format!("@@ -{} +{} @@\n", part(from0, to0), part(from1, to1)));
    let mut at = from0;
    for s in hunk {
        for l in x.get(at..s.line0).unwrap_or_default() {
            put(out, p, " ", l);
        }
        for l in x.get(s.line0..s.line0 + s.deleted).unwrap_or_default() {
            put(out, p, "-", l);
        }
        for l in y.get(s.line1..s.line1 + s.inserted).unwrap_or_default() {
            put(out, p, "+", l);
        }
        at = s.line0 + s.deleted;
    }
    for l in x.get(at..to0).unwrap_or_default() {
        put(out, p, " ", l);
    }
}

fn context_hunk(
    out: &mut String,
    p: &Plan,
    x: &[&str],
    y: &[&str],
    hunk: &[Change],
    [from0, from1]: [usize; 2],
    [to0, to1]: [usize; 2],
) {
    let part = |from: usize, to: usize| match to.saturating_sub(from) {
        0 | 1 => to.to_string(),
        _ => format!("{},{to}", from + 1),
    };
    out.push_str(&format!("***************\n*** {} ****\n", part(from0, to0)));
    if hunk.iter().any(|s| s.deleted > 0 && !s.ignore) {
        half(out, p, x, hunk, [from0, to0], true);
    }
    out.push_str(&format!("--- {} ----\n", part(from1, to1)));
    if hunk.iter().any(|s| s.inserted > 0 && !s.ignore) {
        half(out, p, y, hunk, [from1, to1], false);
    }
}

/// One side of a context hunk.
fn half(out: &mut String, p: &Plan, all: &[&str], hunk: &[Change], [from, to]: [usize; 2], old: bool) {
    let mut at = from;
    for s in hunk {
        let (line, n, other) = if old { (s.line0, s.deleted, s.inserted) } else { (s.line1, s.inserted, s.deleted) };
        for l in all.get(at..line).unwrap_or_default() {
            put(out, p, "  ", l);
        }
        let mark = match (other > 0, old) {
            (true, _) => "! ",
            (false, true) => "- ",
            (false, false) => "+ ",
        };
        for l in all.get(line..line + n).unwrap_or_default() {
            put(out, p, mark, l);
        }
        at = line + n;
    }
    for l in all.get(at..to).unwrap_or_default() {
        put(out, p, "  ", l);
    }
}
