//! grep: searches what it has read as a whole, not line by line, and streams, so that `tail -f log | grep x` shows lines
//! as they come.

mod files;
mod show;

use crate::console::machine::Read;
use crate::console::posix::{Options, Re, Syntax};
use crate::console::process::Args;
use crate::console::tool::mind::Mind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

const OPTS: &[crate::console::tool::Opt] = &[
    flag("E", "extended-regexp", "PATTERNS are extended regular expressions"),
    flag("F", "fixed-strings", "PATTERNS are strings"),
    flag("G", "basic-regexp", "PATTERNS are basic regular expressions"),
    flag("P", "perl-regexp", "PATTERNS are Perl regular expressions"),
    value("e", "regexp", "PATTERNS", "use PATTERNS for matching"),
    value("f", "file", "FILE", "take PATTERNS from FILE"),
    flag("i", "ignore-case", "ignore case distinctions in patterns and data"),
    flag("y", "", "the same as -i"),
    flag("w", "word-regexp", "match only whole words"),
    flag("x", "line-regexp", "match only whole lines"),
    flag("z", "null-data", "a data line ends in 0 byte, not newline"),
    flag("s", "no-messages", "suppress error messages"),
    flag("v", "invert-match", "select non-matching lines"),
    value("m", "max-count", "NUM", "stop after NUM selected lines"),
    flag("b", "byte-offset", "print the byte offset with output lines"),
    flag("n", "line-number", "print line number with output lines"),
    flag("", "line-buffered", "flush output on every line, as is always done here"),
    flag("H", "with-filename", "print file name with output lines"),
    flag("h", "no-filename", "suppress the file name prefix on output"),
    value("", "label", "LABEL", "use LABEL as the standard input file name prefix"),
    flag("o", "only-matching", "show only nonempty parts of lines that match"),
    flag("q", "quiet", "suppress all normal output"),
    flag("", "silent", "the same as --quiet"),
    flag("a", "text", "process a binary file as if it were text"),
    flag("I", "", "skip binary files"),
    flag("r", "recursive", "search directories recursively"),
    flag("R", "dereference-recursive", "likewise, but follow all symlinks"),
    value("", "include", "GLOB", "search only files that match GLOB (a file pattern)"),
    value("", "exclude", "GLOB", "skip files that match GLOB"),
    value("", "exclude-dir", "GLOB", "skip directories that match GLOB"),
    value("d", "directories", "ACTION", "how to handle directories; ACTION is 'read', 'recurse', or 'skip'"),
    flag("L", "files-without-match", "print only names of FILEs with no selected lines"),
    flag("l", "files-with-matches", "print only names of FILEs with selected lines"),
    flag("c", "count", "print only a count of selected lines per FILE"),
    flag("T", "initial-tab", "make tabs line up (if needed)"),
    flag("Z", "null", "print 0 byte after FILE name"),
    value("B", "before-context", "NUM", "print NUM lines of leading context"),
    value("A", "after-context", "NUM", "print NUM lines of trailing context"),
    value("C", "context", "NUM", "print NUM lines of output context"),
    value("", "group-separator", "SEP", "print SEP on line between matches with context"),
    flag("", "no-group-separator", "do not print separator for matches with context"),
    flag("U", "binary", "do not strip CR characters at EOL, as is never done here"),
    value("", "color", "[WHEN]", "use markers to highlight the matching strings; WHEN is 'always', 'never', or 'auto'"),
    value("", "colour", "[WHEN]", "the same as --color"),
];

const fn decl(name: &'static str, about: &'static str, examples: &'static [(&'static str, &'static str)]) -> Decl {
    Decl {
        name,
        synopsis: "[OPTION]... PATTERNS [FILE]...",
        about,
        opts: OPTS,
        operand: Operand::Path,
        words: Words::Count,
        misuse: 2,
        missing: &[
            "--color=auto never colours; -P has look-around only at the ends of a pattern and no back-references.",
        ],
        examples,
        step: grep,
        ..Decl::BLANK
    }
}

pub(crate) const TOOLS: &[Decl] = &[
    decl(
        "grep",
        "print lines that match patterns",
        &[
            ("seq 12 | grep -n 1", "1:1\n10:10\n11:11\n12:12\n"),
            ("grep -c root /etc/passwd", "1\n"),
            ("seq 5 | grep -vE '[234]'", "1\n5\n"),
            ("echo a1b22 | grep -oE '[0-9]+'", "1\n22\n"),
            ("echo key=x | grep -oP '(?<=key=)\\w'", "x\n"),
        ],
    ),
    decl("egrep", "print lines that match extended patterns", &[("seq 12 | egrep '^(1|12)$'", "1\n12\n")]),
    decl("fgrep", "print lines that contain strings", &[("echo a.b | fgrep .", "a.b\n")]),
    decl("zgrep", "search possibly compressed files", &[("zgrep -c root /etc/passwd", "1\n")]),
];

/// Where a search stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// Files left, the next one last; `-` is descriptor 0.
    files: Vec<String>,
    /// Names are printed.
    named: bool,
    /// Name of the file that is being searched; empty before the first.
    name: String,
    /// It is descriptor 0 and may go on.
    stream: bool,
    /// Its text so far, and how much of it was searched.
    text: Arc<String>,
    used: usize,
    /// Bytes and lines before `text`'s unsearched part.
    offset: u64,
    line: u64,
    /// Selected lines of this file.
    count: u64,
    /// Lines kept for `-B`: number, offset, text.
    before: VecDeque<(u64, u64, String)>,
    /// Columns of a number for `-T`: as many as the largest offset has digits.
    wide: usize,
    /// Lines still to be shown for `-A`.
    after: u64,
    /// Number of the last line shown.
    shown: Option<u64>,
    /// A group of lines was shown before.
    groups: bool,
    /// The file is binary.
    binary: bool,
    /// Something was selected in any file.
    found: bool,
    /// Patterns, read once.
    patterns: Vec<String>,
}

/// The patterns compiled: all without back-references in one, the others each.
struct Program {
    all: Vec<Re>,
    /// Lines are looked at one by one.
    each: bool,
}

impl Program {
    /// The first line at or after `from` that matches: its start and its end without newline.
    fn line(&self, text: &str, from: usize, delim: char) -> Option<(usize, usize)> {
        let bounds = |at: usize| {
            let start = text.get(from..at).and_then(|t| t.rfind(delim)).map_or(from, |i| from + i + 1);
            let end = text.get(at..).and_then(|t| t.find(delim)).map_or(text.len(), |i| at + i);
            (start, end)
        };
        if self.each {
            let mut at = from;
            while at < text.len() {
                let (start, end) = bounds(at);
                if self.all.iter().any(|r| r.is_match(text.get(start..end).unwrap_or_default())) {
                    return Some((start, end));
                }
                at = end + 1;
            }
            return None;
        }
        let at = self.all.iter().filter_map(|r| r.begin(text, from)).min()?;
        if at >= text.len() && (at == from || text.ends_with(delim)) {
            return None;
        }
        Some(bounds(at))
    }

    /// Parts of a line that match and are not empty.
    fn parts(&self, line: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at <= line.len() {
            let best = self.all.iter().filter_map(|r| r.find_at(line, at)).min_by_key(|(s, e)| (*s, usize::MAX - e));
            let Some((s, e)) = best else { break };
            if e > s {
                found.push((s, e));
            }
            at = if e > s { e } else { crate::console::posix::step(line, e) };
        }
        found
    }
}

fn compile(a: &Args, name: &str, patterns: &[String]) -> Result<Program, String> {
    let last = a.flags.iter().rev().find(|(k, _)| matches!(k.as_str(), "E" | "F" | "G" | "P")).map(|(k, _)| k.as_str());
    let kind = last.unwrap_or(match name {
        "egrep" => "E",
        "fgrep" => "F",
        _ => "G",
    });
    let zero = a.has("z");
    let options = Options {
        ignore_case: a.has("i") || a.has("y"),
        lines: !zero && kind != "P",
        multi: zero,
        word: a.has("w"),
        whole: a.has("x"),
    };
    if kind == "P" {
        let [p] = patterns else { return Err("the -P option only supports a single pattern".to_owned()) };
        if p.as_bytes()
            .windows(2)
            .any(|w| w.first() == Some(&b'\\') && w.get(1).is_some_and(|c| (b'1'..=b'9').contains(c)))
        {
            return Err("back-references are not available with -P here".to_owned());
        }
        return Ok(Program { all: vec![Re::perl(p, options)?], each: true });
    }
    let syntax = match kind {
        "E" => Syntax::Extended,
        "F" => Syntax::Fixed,
        _ => Syntax::Basic,
    };
    if kind == "G" && patterns.iter().any(|p| p.starts_with("[:") && p.ends_with(":]")) {
        return Err("character class syntax is [[:space:]], not [:space:]".to_owned());
    }
    // A bracket that nothing follows has a message of its own.
    let bare = patterns.iter().filter(|p| kind != "F" && p.ends_with('['));
    if bare.into_iter().any(|p| Re::new(p, syntax, options).is_err()) {
        return Err("Invalid regular expression".to_owned());
    }
    let (mut plain, mut all) = (Vec::new(), Vec::new());
    for p in patterns {
        if syntax != Syntax::Fixed
            && p.as_bytes().windows(2).any(|w| w.first() == Some(&b'\\') && w.get(1).is_some_and(u8::is_ascii_digit))
        {
            all.push(Re::new(p, syntax, options)?);
        } else {
            plain.push(p.as_str());
        }
    }
    if !plain.is_empty() {
        all.insert(0, Re::any(&plain, syntax, options)?);
    }
    Ok(Program { all, each: zero })
}

/// What is printed, from the arguments.
struct Plan {
    a: Args,
    delim: char,
    /// It as a byte.
    byte: u8,
    invert: bool,
    limit: u64,
    before: u64,
    after: u64,
    /// Only counts, names or a status are wanted.
    brief: bool,
    /// The first selected line of a file says all that is wanted of it.
    first: bool,
    /// Counts are wanted.
    counts: bool,
    /// Names of files without a selected line are wanted.
    lacking: bool,
    /// What stands between groups of lines.
    gap: Option<String>,
    color: bool,
}

fn number(c: &mut Ctx<'_>, key: &str, error: &str) -> Result<Option<u64>, Step> {
    match c.args.get(key).map(str::to_owned) {
        None => Ok(None),
        Some(v) => match v.parse::<u64>() {
            Ok(n) => Ok(Some(n)),
            Err(_) => {
                c.error(&if key == "m" { error.to_owned() } else { format!("{v}: {error}") });
                Err(Step::Exit(2))
            }
        },
    }
}

fn plan(c: &mut Ctx<'_>) -> Result<Plan, Step> {
    let mut a = c.args.clone();
    // `-3` is read as a count: here it is the context.
    for (k, v) in &mut a.flags {
        if k == "n" && !v.is_empty() {
            "C".clone_into(k);
        }
    }
    c.args = a.clone();
    let bad = "invalid context length argument";
    let context = number(c, "C", bad)?;
    let after = number(c, "A", bad)?.or(context).unwrap_or(0);
    let before = number(c, "B", bad)?.or(context).unwrap_or(0);
    let limit = number(c, "m", "invalid max count")?.unwrap_or(u64::MAX);
    let color = matches!(a.get("color").or(a.get("colour")), Some("always" | "yes" | "force"));
    let (first, counts) = (["q", "silent", "l", "L"].iter().any(|k| a.has(k)), a.has("c"));
    let brief = first || counts;
    let only = a.has("o") && !brief;
    let names = a.flags.iter().rev().find(|(k, _)| k == "l" || k == "L");
    let apart = ["A", "B", "C"].iter().any(|k| a.has(k)) && !a.has("no-group-separator");
    Ok(Plan {
        lacking: names.is_some_and(|(k, _)| k == "L"),
        gap: apart.then(|| a.get("group-separator").unwrap_or("--").to_owned()),
        delim: if a.has("z") { '\0' } else { '\n' },
        byte: if a.has("z") { 0 } else { b'\n' },
        invert: a.has("v"),
        limit,
        before: if brief || only { 0 } else { before },
        after: if brief || only { 0 } else { after },
        brief,
        first,
        counts,
        color,
        a,
    })
}

fn grep(c: &mut Ctx<'_>) -> Step {
    let plan = match plan(c) {
        Ok(p) => p,
        Err(step) => return step,
    };
    let mut st = match c.tool.mind.take() {
        Some(m) => match *m {
            Mind::Grep(s) => s,
            _ => State::default(),
        },
        None => match files::begin(c, &plan) {
            Ok(s) => s,
            Err(step) => return step,
        },
    };
    let mut memo = std::mem::take(&mut c.tool.memo);
    let name = c.tool.name.clone();
    let program = memo.get(|| compile(&plan.a, &name, &st.patterns));
    c.tool.memo = memo;
    let program = match program {
        Ok(p) => p,
        Err(why) => {
            c.error(&why);
            return Step::Exit(2);
        }
    };
    let step = advance(c, &plan, &mut st, &program);
    if !matches!(step, Step::Exit(_)) {
        c.tool.mind = Some(Box::new(Mind::Grep(st)));
    }
    step
}

fn end(c: &Ctx<'_>, plan: &Plan, st: &State) -> Step {
    let quiet = plan.a.has("q") || plan.a.has("silent");
    if st.found && quiet {
        return Step::Exit(0);
    }
    Step::Exit(if c.tool.status > 1 { 2 } else { i32::from(!st.found) })
}

/// Goes on with the search until enough is printed or input is missing.
fn advance(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Arc<Program>) -> Step {
    loop {
        if st.name.is_empty() {
            let Some(name) = st.files.pop() else { return end(c, plan, st) };
            if !files::open(c, plan, st, name) {
                continue;
            }
        }
        let mut last = !st.stream;
        if st.stream {
            match c.con.read(c.p) {
                Read::Bytes(t) => {
                    let rest = st.text.get(st.used..).unwrap_or_default();
                    st.text = Arc::new(format!("{rest}{t}"));
                    st.used = 0;
                    files::sniff(plan, st);
                }
                Read::Later => return c.later(),
                Read::End => {
                    last = true;
                    st.stream = false;
                }
            }
        }
        let until = if last { st.text.len() } else { st.text.rfind(plan.delim).map_or(0, |i| i + 1) };
        let full = show::search(c, plan, st, program, until);
        if full {
            return Step::More;
        }
        if st.count >= plan.limit && st.after == 0 || files::decided(plan, st) {
            last = true;
        }
        if last {
            if let Some(step) = show::close(c, plan, st) {
                return step;
            }
        } else {
            return Step::More;
        }
    }
}
