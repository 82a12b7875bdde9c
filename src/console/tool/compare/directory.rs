//! diff of directories: names side by side, in order.

use super::{Format, Plan, Side, pair, quoted};
use crate::console::host::Stat;
use crate::console::pattern;
use crate::console::tool::Ctx;
use crate::stdx::time::Utc;
use std::collections::BTreeMap;

/// Pairs that one command compares at most.
const MOST: usize = 20_000;

/// When a file was last changed; now for a stream, the epoch for what is not there.
pub(super) fn time(c: &Ctx<'_>, name: &str) -> Utc {
    if name == "-" || name.starts_with("/dev/fd/") {
        return c.host.utc();
    }
    c.look(name, true).map_or(Utc(0), |s| s.mtime)
}

fn names(c: &mut Ctx<'_>, p: &Plan, dir: &str) -> Option<BTreeMap<String, Stat>> {
    let full = c.full(dir);
    match c.list(&full) {
        Ok(all) => Some(
            all.into_iter()
                .filter(|(n, _)| !p.exclude.iter().any(|x| pattern::matches(&pattern::unquoted(x), n)))
                .collect(),
        ),
        Err(_) if p.new_file && c.look(dir, false).is_err() => Some(BTreeMap::new()),
        Err(why) => {
            c.error(&format!("{dir}: {why}"));
            None
        }
    }
}

/// Compares two directories; the worst status of what lies in them.
pub(super) fn compare(c: &mut Ctx<'_>, p: &Plan, one: &str, two: &str) -> i32 {
    let mut open = vec![(one.to_owned(), two.to_owned(), String::new())];
    let (mut status, mut seen) = (0, 0);
    // Subdirectories come where their names stand, so what is left of their parents waits.
    while let Some((one, two, only)) = open.pop() {
        if !only.is_empty() {
            status = status.max(entry(c, p, (&one, &two), &only, &mut open));
            continue;
        }
        let (Some(x), Some(y)) = (names(c, p, &one), names(c, p, &two)) else {
            status = 2;
            continue;
        };
        let mut all: Vec<String> = x.keys().chain(y.keys()).cloned().collect();
        all.sort();
        all.dedup();
        seen += all.len();
        if seen > MOST {
            c.error("too many files");
            return 2;
        }
        open.extend(all.into_iter().rev().map(|n| (one.clone(), two.clone(), n)));
    }
    status
}

fn join(dir: &str, name: &str) -> String {
    if dir.ends_with('/') { format!("{dir}{name}") } else { format!("{dir}/{name}") }
}

fn kind(s: &Stat) -> &'static str {
    if s.dir {
        "directory"
    } else if s.size == 0 {
        "regular empty file"
    } else {
        "regular file"
    }
}

fn entry(
    c: &mut Ctx<'_>,
    p: &Plan,
    (one, two): (&str, &str),
    name: &str,
    open: &mut Vec<(String, String, String)>,
) -> i32 {
    let (x, y) = (join(one, name), join(two, name));
    let (sx, sy) = (c.look(&x, true).ok(), c.look(&y, true).ok());
    let dirs = [&sx, &sy].map(|s| s.as_ref().map(|s| s.dir));
    match dirs {
        [Some(true), Some(true)] => {
            if p.recursive {
                open.push((x, y, String::new()));
            } else {
                c.line(&format!("Common subdirectories: {x} and {y}"));
            }
            return 0;
        }
        [Some(true), None] | [None, Some(true)] if p.new_file && p.recursive => {
            open.push((x, y, String::new()));
            return 0;
        }
        [Some(_), None] | [None, Some(_)] if !p.new_file => {
            let dir = if sx.is_some() { one } else { two };
            c.line(&format!("Only in {}: {name}", if dir == "/" { dir } else { dir.trim_end_matches('/') }));
            return 1;
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (&sx, &sy)
        && a.dir != b.dir
    {
        c.line(&format!("File {x} is a {} while file {y} is a {}", kind(a), kind(b)));
        return 1;
    }
    let mut texts = Vec::new();
    for (n, s) in [(&x, &sx), (&y, &sy)] {
        match c.load(n) {
            Ok(t) => texts.push(t),
            Err(_) if s.is_none() => texts.push(String::new()),
            Err(why) => {
                c.error(&format!("{n}: {why}"));
                return 2;
            }
        }
    }
    let [a, b] = texts.as_slice() else { return 2 };
    let (mx, my) = (time(c, &x), time(c, &y));
    let before = c.p.out.len();
    let status = pair(c, p, &Side { name: &x, text: a, mtime: mx }, &Side { name: &y, text: b, mtime: my });
    // Above the hunks stands what would print them alone.
    let binary = !p.text && (a.contains('\0') || b.contains('\0'));
    let head = !p.brief && !binary && (status == 1 || p.format == Format::Side);
    if head && c.p.out.len() > before && a != b {
        let line = format!("{} {} {}\n", p.words, quoted(&x), quoted(&y));
        c.p.out.insert_str(before, &line);
    }
    status
}
