//! patch: unified and normal diffs applied to files, with offsets and fuzz as GNU patch finds them.

use crate::console::tool::mutate::{discard, replace};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(super) const PATCH: Decl = Decl {
    name: "patch",
    synopsis: "[OPTION]... [ORIGFILE [PATCHFILE]]",
    about: "apply a diff file to an original",
    opts: &[
        value("p", "strip", "NUM", "strip NUM leading components from file names"),
        value("F", "fuzz", "LINES", "set the fuzz factor to LINES (default 2)"),
        flag("N", "forward", "ignore patches that appear to be reversed or already applied"),
        flag("R", "reverse", "assume patches were created with old and new files swapped"),
        value("i", "input", "PATCHFILE", "read patch from PATCHFILE instead of stdin"),
        value("o", "output", "FILE", "output patched files to FILE"),
        value("r", "reject-file", "FILE", "output rejects to FILE; - discards them"),
        flag("E", "remove-empty-files", "remove output files that are empty after patching"),
        flag("b", "backup", "back up the original contents of each file"),
        value("z", "suffix", "SUFFIX", "append SUFFIX to backup file names (.orig)"),
        value("d", "directory", "DIR", "change the working directory to DIR first"),
        flag("u", "unified", "interpret the patch as a unified difference"),
        flag("n", "normal", "interpret the patch as a normal difference"),
        flag("f", "force", "like -t, but ignore bad patches and assume unreversed patches"),
        flag("t", "batch", "ask no questions; skip bad patches, assume reversed ones"),
        flag("s", "quiet", "work silently unless an error occurs"),
        flag("", "silent", "like -s"),
        flag("", "dry-run", "do not actually change any files, just print what would happen"),
        flag("", "verbose", "accepted; says no more"),
    ],
    operand: Operand::Path,
    misuse: 2,
    missing: &["Context diffs, ed scripts and git's binary patches; questions are answered as without a terminal."],
    examples: &[(
        "echo a > x; printf -- '--- x\\n+++ x\\n@@ -1 +1 @@\\n-a\\n+b\\n' | patch; cat x",
        "patching file x\nb\n",
    )],
    step: patch,
    ..Decl::BLANK
};

/// A hunk: what it looks for and what it puts there, each line with its mark and end.
#[derive(Clone, Debug, Default)]
struct Hunk {
    first: usize,
    new_first: usize,
    lines: Vec<(char, String)>,
}

impl Hunk {
    fn side(&self, mark: char) -> Vec<&str> {
        self.lines.iter().filter(|(m, _)| *m == ' ' || *m == mark).map(|(_, l)| l.as_str()).collect()
    }

    fn reversed(&self) -> Hunk {
        let swap = |m: char| match m {
            '-' => '+',
            '+' => '-',
            m => m,
        };
        let mut lines: Vec<(char, String)> = Vec::new();
        // Deletions stand before insertions.
        let mut late: Vec<(char, String)> = Vec::new();
        for (m, l) in &self.lines {
            match swap(*m) {
                ' ' => {
                    lines.append(&mut late);
                    lines.push((' ', l.clone()));
                }
                '+' => late.push(('+', l.clone())),
                m => lines.push((m, l.clone())),
            }
        }
        lines.append(&mut late);
        Hunk { first: self.new_first, new_first: self.first, lines }
    }

    /// Lines of context before the first and behind the last change.
    fn context(&self) -> (usize, usize) {
        let plain = |l: &&(char, String)| l.0 == ' ';
        let before = self.lines.iter().take_while(plain).count();
        (before, self.lines.iter().rev().take_while(plain).count())
    }

    /// As a file of rejects has it; `shift` lines were added before.
    fn show(&self, shift: i64) -> String {
        let (old, new) = (self.side('-').len(), self.side('+').len());
        let part = |first: usize, n: usize| {
            let first = first as i64 + shift;
            if n == 1 { first.to_string() } else { format!("{first},{n}") }
        };
        let mut out = format!("@@ -{} +{} @@\n", part(self.first, old), part(self.new_first, new));
        for (m, l) in &self.lines {
            out.push(*m);
            out.push_str(l);
        }
        out
    }
}

/// The part of a patch that is about one file.
#[derive(Debug, Default)]
struct Part {
    old: String,
    new: String,
    heads: Vec<String>,
    hunks: Vec<Hunk>,
    /// Where in the input its first hunk stands, and what stood before it.
    line: usize,
    lead: Vec<String>,
    unified: bool,
}

/// `12,3` as a first line and a number of lines.
fn range(text: &str, default: usize) -> Option<(usize, usize)> {
    match text.split_once(',') {
        Some((a, n)) => Some((a.parse().ok()?, n.parse().ok()?)),
        None => Some((text.parse().ok()?, default)),
    }
}

/// The file name of a header line.
fn named(line: &str) -> String {
    let rest = line.get(4..).unwrap_or_default().trim_end_matches('\n');
    let name = rest.split('\t').next().unwrap_or_default();
    name.split("  ").next().unwrap_or(name).trim_end().to_owned()
}

/// Reads the hunks of a patch; the error is what the real one says of a malformed one.
fn read(text: &str) -> Result<Vec<Part>, String> {
    let all: Vec<&str> = text.split_inclusive('\n').collect();
    let mut parts: Vec<Part> = Vec::new();
    let (mut at, mut begun) = (0, 0);
    while let Some(line) = all.get(at) {
        let next = all.get(at + 1).copied().unwrap_or_default();
        if line.starts_with("--- ")
            && next.starts_with("+++ ")
            && all.get(at + 2).is_some_and(|l| l.starts_with("@@ -"))
        {
            parts.push(Part {
                old: named(line),
                new: named(next),
                heads: vec![(*line).to_owned(), next.to_owned()],
                line: at + 3,
                lead: all.get(begun..at + 2).unwrap_or_default().iter().map(|l| (*l).to_owned()).collect(),
                unified: true,
                ..Part::default()
            });
            at += 2;
        } else if line.starts_with("@@ -") && parts.last().is_some_and(|p| p.unified) {
            let hunk = unified(&all, &mut at)?;
            parts.last_mut().into_iter().for_each(|p| p.hunks.push(hunk.clone()));
            begun = at;
        } else if let Some((old, letter, new)) = command(line) {
            if parts.last().is_none_or(|p| p.unified || begun != at) {
                let lead = all.get(begun..at).unwrap_or_default().iter().map(|l| (*l).to_owned()).collect();
                parts.push(Part { line: at + 1, lead, ..Part::default() });
            }
            let hunk = normal(&all, &mut at, old, letter, new)?;
            parts.last_mut().into_iter().for_each(|p| p.hunks.push(hunk.clone()));
            begun = at;
        } else {
            at += 1;
        }
    }
    Ok(parts)
}

/// A line without its end where a note below it says so.
fn ended(all: &[&str], at: &mut usize, text: &str) -> String {
    *at += 1;
    let note = all.get(*at).is_some_and(|l| l.starts_with('\\'));
    *at += usize::from(note);
    let bare = text.trim_end_matches('\n');
    if note { bare.to_owned() } else { format!("{bare}\n") }
}

fn unified(all: &[&str], at: &mut usize) -> Result<Hunk, String> {
    let line = all.get(*at).copied().unwrap_or_default();
    let bad = |at: usize, l: &str| format!("malformed patch at line {}: {}\n", at + 1, l.trim_end_matches('\n'));
    let head = line.get(4..).and_then(|l| l.split_once(" @@")).and_then(|(l, _)| l.split_once(" +"));
    let ranges = head.and_then(|(a, b)| Some((range(a, 1)?, range(b, 1)?)));
    let Some(((first, mut old), (new_first, mut new))) = ranges else { return Err(bad(*at, line)) };
    *at += 1;
    let mut hunk = Hunk { first, new_first, lines: Vec::new() };
    while old > 0 || new > 0 {
        let Some(l) = all.get(*at) else {
            return Err("unexpected end of file in patch\n".to_owned());
        };
        let mark = if *l == "\n" { ' ' } else { l.chars().next().unwrap_or(' ') };
        let enough = match mark {
            ' ' => old > 0 && new > 0,
            '-' => old > 0,
            '+' => new > 0,
            _ => false,
        };
        if !enough {
            return Err(bad(*at, l));
        }
        old -= usize::from(mark != '+');
        new -= usize::from(mark != '-');
        let text = if *l == "\n" { "\n" } else { l.get(1..).unwrap_or_default() };
        let text = ended(all, at, text);
        hunk.lines.push((mark, text));
    }
    Ok(hunk)
}

/// `3,5c7`: a change of a normal diff.
fn command(line: &str) -> Option<((usize, usize), char, (usize, usize))> {
    let line = line.trim_end_matches('\n');
    let letter = line.chars().find(|c| matches!(c, 'a' | 'c' | 'd'))?;
    let (a, b) = line.split_once(letter)?;
    let pair = |t: &str| {
        let (x, y) = t.split_once(',').unwrap_or((t, t));
        Some((x.parse::<usize>().ok()?, y.parse::<usize>().ok()?))
    };
    Some((pair(a)?, letter, pair(b)?))
}

fn normal(
    all: &[&str],
    at: &mut usize,
    old: (usize, usize),
    letter: char,
    new: (usize, usize),
) -> Result<Hunk, String> {
    let mut hunk = Hunk { first: old.0, new_first: new.0, lines: Vec::new() };
    *at += 1;
    let take = |hunk: &mut Hunk, at: &mut usize, n: usize, mark: char, sign: char| -> Result<(), String> {
        for _ in 0..n {
            match all.get(*at) {
                Some(l) if l.starts_with(sign) => {
                    let text = l.get(2..).unwrap_or("\n");
                    let text = ended(all, at, text);
                    hunk.lines.push((mark, text));
                }
                Some(_) => return Err(format!("'{sign}' expected at line {} of patch\n", *at + 1)),
                None => return Err(format!("unexpected end of file in patch at line {}\n", *at + 1)),
            }
        }
        Ok(())
    };
    if letter != 'a' {
        take(&mut hunk, at, (old.1 + 1).saturating_sub(old.0), '-', '<')?;
    }
    if letter == 'c' {
        match all.get(*at) {
            Some(l) if l.starts_with("---") => *at += 1,
            _ => return Err(format!("'---' expected at line {} of patch\n", *at + 1)),
        }
    }
    if letter != 'd' {
        take(&mut hunk, at, (new.1 + 1).saturating_sub(new.0), '+', '>')?;
    }
    Ok(hunk)
}

/// A file while hunks are put into it.
struct Work<'a> {
    input: Vec<&'a str>,
    out: String,
    /// Lines of the input that are out already.
    frozen: usize,
    offset: i64,
    shift: i64,
}

impl Work<'_> {
    fn fits(&self, pattern: &[&str], at: i64, (before, after): (usize, usize)) -> bool {
        let Ok(at) = usize::try_from(at - 1) else { return false };
        let to = pattern.len().saturating_sub(after);
        (before..to).all(|n| self.input.get(at + n) == pattern.get(n))
    }

    /// Where a hunk fits with so much fuzz, counted from 1.
    fn locate(&mut self, hunk: &Hunk, fuzz: i64) -> Option<i64> {
        let pattern = hunk.side('-');
        let lines = pattern.len() as i64;
        // Nothing to look for stands behind the line that is named.
        let first = hunk.first as i64 + i64::from(pattern.is_empty());
        let guess = first + self.offset;
        if pattern.is_empty() {
            return Some(guess);
        }
        let (before, after) = hunk.context();
        let (before, after) = (before as i64, after as i64);
        let context = before.max(after);
        let (mut prefix, suffix) = (fuzz + before - context, fuzz + after - context);
        let total = self.input.len() as i64;
        let frozen = self.frozen as i64;
        let most = total - (lines - suffix) + 1;
        let (up, mut down) = (most - guess, guess - frozen - 1);
        let far = up.max(down);
        if guess <= down {
            down = guess - 1;
        }
        let cut = |n: i64| usize::try_from(n).unwrap_or(0);
        if prefix < 0 && first <= 1 {
            if suffix < 0 && (lines != total || before < frozen) {
                return None;
            }
            let offset = 1 - guess;
            let good = frozen <= before && offset <= up && self.fits(&pattern, 1, (0, cut(suffix)));
            self.offset += if good { offset } else { 0 };
            return good.then_some(1);
        }
        prefix = prefix.max(0);
        if suffix < 0 {
            let offset = guess - (total - lines + 1);
            let good = offset <= down && self.fits(&pattern, guess - offset, (cut(prefix), 0));
            self.offset -= if good { offset } else { 0 };
            return good.then_some(guess - offset);
        }
        let least = if up < 0 {
            guess - most
        } else if down < 0 {
            frozen + 1 - guess
        } else {
            0
        };
        for offset in least..=far {
            for step in [offset, -offset] {
                let allowed = if step == offset { offset <= up } else { offset > 0 && offset <= down };
                if allowed && self.fits(&pattern, guess + step, (cut(prefix), cut(suffix))) {
                    self.offset += step;
                    return Some(guess + step);
                }
            }
        }
        None
    }

    /// Copies the input up to a place and puts the hunk there.
    fn apply(&mut self, hunk: &Hunk, at: i64) {
        let at = usize::try_from(at - 1).unwrap_or(0);
        for l in self.input.get(self.frozen..at).unwrap_or_default() {
            self.out.push_str(l);
        }
        let mut from = at;
        for (mark, l) in &hunk.lines {
            match mark {
                '+' => self.out.push_str(l),
                '-' => from += 1,
                // Context stays as the file has it.
                _ => {
                    self.out.push_str(self.input.get(from).copied().unwrap_or(l));
                    from += 1;
                }
            }
        }
        self.frozen = from;
        self.shift += hunk.side('+').len() as i64 - hunk.side('-').len() as i64;
    }
}

/// A name without so many leading components; without a number only the last one stays.
fn strip(name: &str, n: Option<usize>) -> Option<String> {
    let Some(n) = n else { return Some(name.rsplit('/').next().unwrap_or(name).to_owned()) };
    let mut rest = name;
    for _ in 0..n {
        rest = rest.split_once('/')?.1.trim_start_matches('/');
    }
    Some(rest.to_owned())
}

fn patch(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let number = |key: &str| a.get(key).map(|n| (n.to_owned(), n.parse::<usize>().ok()));
    for (key, what) in [("p", "strip count"), ("F", "fuzz factor")] {
        if let Some((text, None)) = number(key) {
            let word = if text.is_empty() { "missing" } else { "not a number" };
            c.p.err.push_str(&format!("patch: **** {what} {text} is {word}\n"));
            return Step::Exit(2);
        }
    }
    if let Some(dir) = a.get("d") {
        let full = c.full(dir);
        if !c.stat(&full).is_some_and(|s| s.dir) {
            c.p.err.push_str(&format!("patch: **** Can't change to directory {dir} : No such file or directory\n"));
            return Step::Exit(2);
        }
        c.p.cwd = full;
    }
    let from = a.get("i").or(a.at(1)).unwrap_or("-").to_owned();
    let text = match c.slurp(&[from.clone()]) {
        Err(step) => return step,
        Ok(mut all) => match all.remove(0) {
            Ok(t) => t,
            Err(why) => {
                c.p.err.push_str(&format!("patch: **** Can't open patch file {from} : {why}\n"));
                return Step::Exit(2);
            }
        },
    };
    let parts = match read(&text) {
        Ok(p) => p,
        Err(why) => {
            c.p.err.push_str(&format!("patch: **** {why}"));
            return Step::Exit(2);
        }
    };
    if parts.is_empty() {
        if !text.is_empty() {
            c.p.err.push_str("patch: **** Only garbage was found in the patch input.\n");
            return Step::Exit(2);
        }
        return Step::Exit(0);
    }
    let mut status = 0;
    for part in &parts {
        status = status.max(file(c, part, number("p").and_then(|(_, n)| n), number("F").and_then(|(_, n)| n)));
    }
    Step::Exit(status)
}

/// The file that a part is about.
fn target(c: &Ctx<'_>, part: &Part, depth: Option<usize>, reverse: bool) -> Option<String> {
    if let Some(name) = c.args.at(0) {
        return Some(name.to_owned());
    }
    let names: Vec<String> =
        [&part.old, &part.new].into_iter().filter(|n| *n != "/dev/null").filter_map(|n| strip(n, depth)).collect();
    let there = |n: &&String| c.look(n, true).is_ok_and(|s| !s.dir);
    // Of several, the one with the fewest components, then the shorter base, then the shorter name.
    let rank = |n: &&String| (n.matches('/').count(), n.rsplit('/').next().map_or(0, str::len), n.len());
    let made = if reverse { part.new == "/dev/null" } else { part.old == "/dev/null" };
    names.iter().filter(there).min_by_key(rank).or_else(|| names.iter().filter(|_| made).min_by_key(rank)).cloned()
}

fn file(c: &mut Ctx<'_>, part: &Part, depth: Option<usize>, fuzz: Option<usize>) -> i32 {
    let a = c.args.clone();
    let (reverse, quiet, dry) = (a.has("R"), a.has("s") || a.has("silent"), a.has("dry-run"));
    let hunks: Vec<Hunk> = part.hunks.iter().map(|h| if reverse { h.reversed() } else { h.clone() }).collect();
    let total = hunks.len();
    let word = if total == 1 { "hunk" } else { "hunks" };
    let Some(name) = target(c, part, depth, reverse) else {
        c.line(&format!("can't find file to patch at input line {}", part.line));
        if depth.is_none() {
            c.line("Perhaps you should have used the -p or --strip option?");
        }
        if !part.lead.is_empty() {
            c.line("The text leading up to this was:\n--------------------------");
            part.lead.iter().for_each(|l| c.print(&format!("|{l}")));
            c.line("--------------------------");
        }
        if !(a.has("f") || a.has("t")) {
            c.print("File to patch: \nSkip this patch? [y] \n");
        } else {
            c.line("No file to patch.  Skipping patch.");
            c.line(&format!("{total} out of {total} {word} ignored"));
            return 1;
        }
        c.line("Skipping patch.");
        c.line(&format!("{total} out of {total} {word} ignored"));
        return 1;
    };
    let old = match c.load(&name) {
        Ok(t) => t,
        Err(why) if why.starts_with("No such") => String::new(),
        Err(why) => {
            c.p.err.push_str(&format!("patch: **** Can't open file {name} : {why}\n"));
            return 2;
        }
    };
    if !quiet {
        let to = match a.get("o") {
            Some(o) => format!("{o} (read from {name})"),
            None => name.clone(),
        };
        c.line(&format!("{} file {to}", if dry { "checking" } else { "patching" }));
    }
    let most = fuzz.unwrap_or(2) as i64;
    let begin =
        || Work { input: old.split_inclusive('\n').collect(), out: String::new(), frozen: 0, offset: 0, shift: 0 };
    let mut w = begin();
    let mut rejected: Vec<(&Hunk, i64)> = Vec::new();
    let mut skip = false;
    for (n, hunk) in hunks.iter().enumerate() {
        let (before, after) = hunk.context();
        let limit = most.min(before.max(after) as i64);
        let mut found = None;
        for fuzz in 0..=limit {
            if let Some(at) = w.locate(hunk, fuzz) {
                found = Some((at, fuzz));
                break;
            }
            // What fits the other way round was applied before.
            let back = hunk.reversed();
            if n == 0 && !a.has("f") && begin().locate(&back, fuzz).is_some() {
                let kind = if reverse { "Unreversed" } else { "Reversed" };
                let tail = if reverse { "Ignore" } else { "Assume" };
                c.print(&format!("{kind} (or previously applied) patch detected!  "));
                if a.has("N") {
                    c.line("Skipping patch.");
                } else {
                    c.print(&format!("{tail} -R? [n] \nApply anyway? [n] \nSkipping patch.\n"));
                }
                skip = true;
                break;
            }
        }
        if skip {
            rejected = hunks.iter().map(|h| (h, 0)).collect();
            break;
        }
        match found {
            Some((at, fuzz)) => {
                let stands = at + w.shift;
                w.apply(hunk, at);
                if !quiet && (fuzz > 0 || w.offset != 0) {
                    let mut text = format!("Hunk #{} succeeded at {stands}", n + 1);
                    if fuzz > 0 {
                        text.push_str(&format!(" with fuzz {fuzz}"));
                    }
                    if w.offset != 0 {
                        let s = if w.offset == 1 { "" } else { "s" };
                        text.push_str(&format!(" (offset {} line{s})", w.offset));
                    }
                    c.line(&format!("{text}."));
                }
            }
            None => {
                if !quiet {
                    c.line(&format!("Hunk #{} FAILED at {}.", n + 1, hunk.first as i64 + w.shift));
                }
                rejected.push((hunk, w.shift));
            }
        }
    }
    let mut out = std::mem::take(&mut w.out);
    w.input.get(w.frozen..).unwrap_or_default().iter().for_each(|l| out.push_str(l));
    if skip {
        out.clone_from(&old);
    }
    finish(c, part, (&name, &old, &out), &rejected, (total, skip))
}

/// Writes what came of it: the file, its backup, the rejects.
fn finish(
    c: &mut Ctx<'_>,
    part: &Part,
    (name, old, out): (&str, &str, &str),
    rejected: &[(&Hunk, i64)],
    (total, skipped): (usize, bool),
) -> i32 {
    let a = c.args.clone();
    let dry = a.has("dry-run");
    let failed = rejected.len();
    let suffix = a.get("z").unwrap_or(".orig");
    let gone = if a.has("R") { &part.old } else { &part.new } == "/dev/null";
    let write = |c: &mut Ctx<'_>, to: &str, text: &str| -> bool {
        let full = c.full(to);
        if let Err(why) = replace(c, &full, text.to_owned()) {
            c.p.err.push_str(&format!("patch: **** Can't create file {to} : {why}\n"));
            return false;
        }
        true
    };
    if let Some(to) = a.get("o").filter(|_| !dry) {
        // What is written elsewhere is written in any case.
        if !write(c, to, if skipped { "" } else { out }) {
            return 2;
        }
    } else if !dry && failed < total {
        if a.has("b") || failed > 0 {
            write(c, &format!("{name}{suffix}"), old);
        }
        let to = name.to_owned();
        if out.is_empty() && failed == 0 && (gone || a.has("E")) {
            let full = c.full(&to);
            if let Err(why) = discard(c, &full) {
                c.p.err.push_str(&format!("patch: **** Can't remove file {to} : {why}\n"));
                return 2;
            }
        } else if !write(c, &to, out) {
            return 2;
        }
    }
    if failed == 0 {
        return 0;
    }
    let word = if total == 1 { "hunk" } else { "hunks" };
    let verb = if skipped { "ignored" } else { "FAILED" };
    let rejects = a.get("r").map_or_else(|| format!("{}.rej", a.get("o").unwrap_or(name)), str::to_owned);
    let tail = if dry || rejects == "-" { String::new() } else { format!(" -- saving rejects to file {rejects}") };
    c.line(&format!("{failed} out of {total} {word} {verb}{tail}"));
    if !tail.is_empty() {
        let mut text: String = match part.heads.as_slice() {
            [] => format!("--- {name}\n+++ {name}\n"),
            heads => heads.concat(),
        };
        rejected.iter().for_each(|(h, shift)| text.push_str(&h.show(*shift)));
        write(c, &rejects, &text);
    }
    1
}
