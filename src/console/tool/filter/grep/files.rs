//! Which patterns grep looks for, and in which files.

use super::{Plan, State};
use crate::console::path;
use crate::console::tool::{Ctx, Step};
use std::sync::Arc;

/// Files of one recursive search at most.
const FILES: usize = 20_000;

/// Patterns and files, as the arguments say.
pub(super) fn begin(c: &mut Ctx<'_>, plan: &Plan) -> Result<State, Step> {
    let a = &plan.a;
    let mut rest = a.rest.clone();
    let mut patterns: Vec<String> = Vec::new();
    let mut given = false;
    for (k, v) in &a.flags {
        match k.as_str() {
            "e" => patterns.extend(v.split('\n').map(str::to_owned)),
            "f" => match c.slurp(std::slice::from_ref(v))?.remove(0) {
                Ok(text) => patterns.extend(crate::console::tool::input::lines(&text).into_iter().map(str::to_owned)),
                Err(why) => {
                    c.error(&format!("{v}: {why}"));
                    return Err(Step::Exit(2));
                }
            },
            _ => continue,
        }
        given = true;
    }
    if !given {
        if rest.is_empty() {
            let name = c.tool.name.clone();
            c.p.err.push_str(&format!(
                "Usage: {name} [OPTION]... PATTERNS [FILE]...\nTry '{name} --help' for more information.\n"
            ));
            return Err(Step::Exit(2));
        }
        patterns.extend(rest.remove(0).split('\n').map(str::to_owned));
    }
    let recursive = a.has("r") || a.has("R") || a.get("d") == Some("recurse");
    let mut st = State { patterns, ..State::default() };
    let mut all = Vec::new();
    if rest.is_empty() && recursive {
        walk(c, plan, ".", "", &mut all);
    } else if rest.is_empty() {
        all.push("-".to_owned());
    }
    for f in &rest {
        let full = c.full(f);
        if f != "-" && c.stat(&full).is_some_and(|s| s.dir) {
            if recursive {
                walk(c, plan, f, f, &mut all);
                continue;
            }
            if a.get("d") == Some("skip") {
                continue;
            }
        } else if !wanted(plan, path::base(f)) {
            continue;
        }
        all.push(f.clone());
    }
    let asked = a.flags.iter().rev().find(|(k, _)| k == "h" || k == "H");
    st.named = asked.map_or(rest.len() > 1 || recursive, |(k, _)| k == "H");
    all.reverse();
    st.files = all;
    Ok(st)
}

fn fits(plan: &Plan, key: &str, name: &str) -> Option<bool> {
    let mut globs = plan.a.flags.iter().filter(|(k, _)| k == key).peekable();
    globs.peek()?;
    Some(globs.any(|(_, g)| path::matches(&path::pattern(g.trim_end_matches('/')), name)))
}

fn wanted(plan: &Plan, name: &str) -> bool {
    fits(plan, "include", name).unwrap_or(true) && !fits(plan, "exclude", name).unwrap_or(false)
}

fn walk(c: &mut Ctx<'_>, plan: &Plan, dir: &str, shown: &str, out: &mut Vec<String>) {
    let mut todo = vec![(c.full(dir), shown.to_owned(), true)];
    while let Some((full, shown, is_dir)) = todo.pop() {
        if out.len() >= FILES {
            break;
        }
        if !is_dir {
            out.push(shown);
            continue;
        }
        match c.list(&full) {
            Ok(children) => {
                for (child, stat) in children.into_iter().rev() {
                    let keep = if stat.dir {
                        !fits(plan, "exclude-dir", &child).unwrap_or(false)
                    } else {
                        wanted(plan, &child)
                    };
                    if keep {
                        let name = if shown.is_empty() { child.clone() } else { path::join(&shown, &child) };
                        todo.push((path::join(&full, &child), name, stat.dir));
                    }
                }
            }
            Err(why) => {
                if !plan.a.has("s") {
                    c.error(&format!("{shown}: {why}"));
                }
                c.tool.status = 2;
            }
        }
    }
}

/// Begins with a file; false if it cannot be read.
pub(super) fn open(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, name: String) -> bool {
    let stream = name == "-";
    let text = if stream { Ok(Arc::default()) } else { c.text(&name) };
    let text = match text {
        Ok(t) if c.tool.name == "zgrep" => crate::console::tool::archive::unzip(&t).map_or(t, Arc::new),
        Ok(t) => t,
        // Bytes that nobody can show match nothing.
        Err(why) if why == "Binary file" => Arc::default(),
        Err(why) => {
            if !plan.a.has("s") {
                c.error(&format!("{name}: {why}"));
            }
            c.tool.status = 2;
            return false;
        }
    };
    // The size of a stream is not known: it may have the largest there is.
    let size = if stream { i64::MAX.unsigned_abs() } else { text.len() as u64 + u64::from(plan.a.has("n")) };
    *st = State {
        wide: size.to_string().len(),
        files: std::mem::take(&mut st.files),
        patterns: std::mem::take(&mut st.patterns),
        named: st.named,
        found: st.found,
        groups: st.groups,
        name: if stream { plan.a.get("label").unwrap_or("(standard input)").to_owned() } else { name },
        stream,
        text,
        ..State::default()
    };
    sniff(plan, st);
    true
}

/// Looks whether the text is binary.
pub(super) fn sniff(plan: &Plan, st: &mut State) {
    let byte = |c: char| matches!(u32::from(c), 0xF780..=0xF7FF) || (c == '\0' && plan.delim != '\0');
    if !st.binary && !plan.a.has("a") {
        let head = st.text.get(st.used..).unwrap_or_default();
        let (low, high) = head.bytes().fold((u8::MAX, 0), |(low, high), b| (low.min(b), high.max(b)));
        let zero = plan.delim != '\0' && low == 0;
        st.binary = zero || (!high.is_ascii() && head.chars().any(byte));
        // What such a byte ends is a line.
        if zero {
            st.text = Arc::new(st.text.replace('\0', "\n"));
        }
    }
}

/// Whether nothing that follows in this file can change what is printed.
pub(super) fn decided(plan: &Plan, st: &State) -> bool {
    st.count > 0 && (plan.first || (st.binary && !plan.counts)) || (st.binary && plan.a.has("I"))
}
