//! du: how much space files take.

use super::ls::shell_quoted;
use super::unit::Unit;
use crate::console::host::Stat;
use crate::console::path;
use crate::console::tool::strftime_in;
use crate::console::tool::{Ctx, Opt, Step, flag, value};
use crate::scenario::ObservedKind;
use std::collections::BTreeSet;

pub(super) const OPTS: &[Opt] = &[
    flag("0", "null", "end each output line with NUL, not newline"),
    flag("a", "all", "write counts for all files, not just directories"),
    flag("", "apparent-size", "print apparent sizes rather than device usage"),
    value("B", "block-size", "SIZE", "scale sizes by SIZE before printing them"),
    flag("b", "bytes", "equivalent to '--apparent-size --block-size=1'"),
    flag("c", "total", "produce a grand total"),
    flag("D", "dereference-args", "dereference only symlinks that are listed on the command line"),
    value("d", "max-depth", "DEPTH", "print the total only for directories at most DEPTH below the argument"),
    flag("h", "human-readable", "print sizes in human readable format (e.g., 1K 234M 2G)"),
    flag("H", "", "equivalent to --dereference-args"),
    flag("", "inodes", "list inode usage information instead of block usage"),
    flag("k", "", "like --block-size=1K"),
    flag("L", "dereference", "dereference all symbolic links"),
    flag("l", "count-links", "count sizes many times if hard linked"),
    flag("m", "", "like --block-size=1M"),
    flag("P", "no-dereference", "don't follow any symbolic links (the default)"),
    flag("S", "separate-dirs", "for directories do not include size of subdirectories"),
    flag("", "si", "like -h, but use powers of 1000 not 1024"),
    flag("s", "summarize", "display only a total for each argument"),
    value("t", "threshold", "SIZE", "exclude entries smaller than SIZE if positive, or greater if negative"),
    flag("", "time", "show time of the last modification of any file in the directory"),
    flag("x", "one-file-system", "skip directories on different file systems"),
    value("", "exclude", "PATTERN", "exclude files that match PATTERN"),
];

/// Lines of one run at most.
const MOST: u64 = 50_000;

struct Frame {
    shown: String,
    full: String,
    depth: usize,
    sum: u64,
    own: u64,
    newest: i64,
    left: Vec<(String, Stat)>,
}

pub(super) fn du(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let depth = match (a.has("s"), a.get("d").map(str::parse::<usize>)) {
        (true, Some(Ok(d))) if d > 0 => {
            c.p.err.push_str(&format!("du: warning: summarizing conflicts with --max-depth={d}\n"));
            return c.misuse_hint();
        }
        (true, _) if a.has("a") => {
            c.p.err.push_str("du: cannot both summarize and show all entries\n");
            return c.misuse_hint();
        }
        (true, _) => 0,
        (false, None) => usize::MAX,
        (false, Some(Ok(d))) => d,
        (false, Some(Err(_))) => {
            c.error(&format!("invalid maximum depth ‘{}’", a.get("d").unwrap_or_default()));
            return c.misuse_hint();
        }
    };
    let unit = a.flags.iter().rev().find_map(|(k, v)| match k.as_str() {
        "h" => Some(Ok(Unit::Human(1024))),
        "si" => Some(Ok(Unit::Human(1000))),
        "k" => Some(Ok(Unit::Block(1024, String::new()))),
        "m" => Some(Ok(Unit::Block(1 << 20, String::new()))),
        "b" => Some(Ok(Unit::Block(1, String::new()))),
        "B" => Some(Unit::parse(v).ok_or_else(|| v.clone())),
        _ => None,
    });
    let unit = match unit.unwrap_or(Ok(Unit::Block(if a.has("inodes") { 1 } else { 1024 }, String::new()))) {
        Ok(u) => u,
        Err(v) => {
            c.error(&format!("invalid --block-size argument '{v}'"));
            return Step::Exit(1);
        }
    };
    let threshold = a.get("t").and_then(|t| {
        let (less, t) = t.strip_prefix('-').map_or((false, t), |t| (true, t));
        Some((less, crate::console::text_format::size(t)?))
    });
    let names = if a.rest.is_empty() { vec![".".to_owned()] } else { a.rest.clone() };
    let apparent = a.has("b") || a.has("apparent-size");
    let size = |s: &Stat| match (a.has("inodes"), apparent) {
        (true, _) => 1,
        (false, true) => s.size,
        (false, false) => s.blocks * 512,
    };
    let excluded = |name: &str, shown: &str| {
        let mut patterns = a.flags.iter().filter(|(k, _)| k == "exclude");
        patterns.any(|(_, p)| path::matches(&path::pattern(p), name) || path::matches(&path::pattern(p), shown))
    };
    let (on, service) = (c.on(), c.service());
    let zone = c.zone();
    let (mut total, mut lines) = (0, 0);
    let mut seen: BTreeSet<u64> = BTreeSet::new();
    let print = |c: &mut Ctx<'_>, bytes: u64, newest: i64, shown: &str| {
        if threshold.is_some_and(|(less, t)| if less { bytes > t } else { bytes < t }) {
            return;
        }
        let when = match a.has("time") {
            true => format!("{}\t", strftime_in(&zone, "%Y-%m-%d %H:%M", crate::stdx::time::Utc(newest), 0)),
            false => String::new(),
        };
        c.print(&format!("{}\t{when}{shown}{}", unit.show(bytes), if a.has("0") { "\0" } else { "\n" }));
    };
    for name in names {
        let follow = a.has("D") || a.has("H") || a.has("L");
        let stat = match c.look(&name, follow) {
            Ok(s) => s,
            Err(why) => {
                c.error(&format!("cannot access {}: {why}", shell_quoted(&name)));
                continue;
            }
        };
        let full = c.full(&name);
        c.see(ObservedKind::Files, format!("{on}:{full}"), service.clone());
        // What was counted is not counted again.
        let several = a.rest.len() > 1;
        let fresh = |s: &Stat, seen: &mut BTreeSet<u64>| {
            let known = (several || (!s.dir && s.links > 1)) && !a.has("l");
            !known || seen.insert(s.ino)
        };
        if !fresh(&stat, &mut seen) {
            continue;
        }
        if !stat.dir {
            print(c, size(&stat), stat.mtime.0, &name);
            total += size(&stat);
            continue;
        }
        let mut frames = Vec::new();
        let mut enter = Some((name, full, 0usize, stat));
        loop {
            if let Some((shown, full, depth, s)) = enter.take() {
                let left = match c.list(&full) {
                    Ok(mut l) => {
                        l.reverse();
                        l
                    }
                    Err(why) => {
                        c.error(&format!("cannot read directory {}: {why}", shell_quoted(&shown)));
                        Vec::new()
                    }
                };
                let own = size(&s);
                frames.push(Frame { shown, full, depth, sum: own, own, newest: s.mtime.0, left });
            }
            let Some(top) = frames.last_mut() else { break };
            if let Some((child, s)) = top.left.pop() {
                let shown = path::join(&top.shown, &child);
                let full = path::join(&top.full, &child);
                let s = if a.has("L") && s.is_link() { c.stat(&full).unwrap_or(s) } else { s };
                if excluded(&child, &shown) || !fresh(&s, &mut seen) {
                    continue;
                }
                if s.dir {
                    enter = Some((shown, full, top.depth + 1, s));
                    continue;
                }
                let bytes = size(&s);
                top.sum += bytes;
                top.own += bytes;
                top.newest = top.newest.max(s.mtime.0);
                if a.has("a") && top.depth < depth {
                    lines += 1;
                    print(c, bytes, s.mtime.0, &shown);
                }
                continue;
            }
            let Some(done) = frames.pop() else { break };
            if let Some(parent) = frames.last_mut() {
                parent.sum += done.sum;
                parent.newest = parent.newest.max(done.newest);
            } else {
                total += done.sum;
            }
            if done.depth <= depth {
                lines += 1;
                c.see(ObservedKind::Files, format!("{on}:{}", done.full), service.clone());
                print(c, if a.has("S") { done.own } else { done.sum }, done.newest, &done.shown);
            }
            if lines > MOST {
                c.error("too many directories; use -s or -d");
                return Step::Exit(1);
            }
        }
    }
    if a.has("c") {
        let now = c.host.utc().0;
        print(c, total, now, "total");
    }
    Step::Exit(c.tool.status)
}
