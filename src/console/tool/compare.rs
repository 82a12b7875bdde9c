//! Tools that compare files and carry differences over: diff, cmp, patch.

mod analyze;
mod cmp;
mod directory;
mod patch;
mod print;
mod side;

use crate::console::posix::{Options, Re, Syntax};
use crate::console::tool::file::ls::shell_quoted;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::console::zone::Zone;
use crate::stdx::time::Utc;
use analyze::{Change, changes};

pub(crate) const TOOLS: &[Decl] = &[DIFF, cmp::CMP, patch::PATCH];

const DIFF: Decl = Decl {
    name: "diff",
    synopsis: "[OPTION]... FILES",
    about: "compare files line by line",
    opts: &[
        flag("", "normal", "output a normal diff (the default)"),
        flag("q", "brief", "report only when files differ"),
        flag("s", "report-identical-files", "report when two files are the same"),
        flag("c", "", "output 3 lines of copied context"),
        value("C", "context", "[NUM]", "output NUM (default 3) lines of copied context"),
        flag("u", "", "output 3 lines of unified context"),
        value("U", "unified", "[NUM]", "output NUM (default 3) lines of unified context"),
        flag("e", "ed", "output an ed script"),
        flag("f", "forward-ed", "output something like an ed script in forward order"),
        flag("n", "rcs", "output an RCS format diff"),
        flag("y", "side-by-side", "output in two columns"),
        value("W", "width", "NUM", "output at most NUM (default 130) print columns"),
        flag("", "left-column", "output only the left column of common lines"),
        flag("", "suppress-common-lines", "do not output common lines"),
        value("L", "label", "LABEL", "use LABEL instead of file name and timestamp"),
        flag("t", "expand-tabs", "expand tabs to spaces in output"),
        flag("T", "initial-tab", "make tabs line up by prepending a tab"),
        flag("r", "recursive", "recursively compare any subdirectories found"),
        flag("N", "new-file", "treat absent files as empty"),
        value("x", "exclude", "PAT", "exclude files that match PAT"),
        flag("i", "ignore-case", "ignore case differences in file contents"),
        flag("b", "ignore-space-change", "ignore changes in the amount of white space"),
        flag("w", "ignore-all-space", "ignore all white space"),
        flag("Z", "ignore-trailing-space", "ignore white space at line end"),
        flag("B", "ignore-blank-lines", "ignore changes where lines are all blank"),
        value("I", "ignore-matching-lines", "RE", "ignore changes where all lines match RE"),
        flag("", "strip-trailing-cr", "strip trailing carriage return on input"),
        flag("a", "text", "treat all files as text"),
        flag("d", "minimal", "try hard to find a smaller set of changes"),
        flag("H", "speed-large-files", "accepted; there is no slower way"),
        value("", "color", "[WHEN]", "accepted; output has no colours"),
    ],
    operand: Operand::Path,
    misuse: 2,
    missing: &["-D, -p, -F, -l, -E, --GTYPE-group-format and --from-file are not options here."],
    examples: &[
        ("diff <(printf 'a\\nb\\n') <(printf 'a\\nc\\n')", "2c2\n< b\n---\n> c\n"),
        ("printf 'x\\n' > x; printf 'y\\n' > y; diff -q x y", "Files x and y differ\n"),
    ],
    step: diff,
    ..Decl::BLANK
};

/// Which differences between two lines count for nothing.
#[derive(Clone, Copy, Default)]
struct Fold {
    case: bool,
    all_space: bool,
    space_change: bool,
    trailing: bool,
    cr: bool,
}

impl Fold {
    /// What a line, with its end, is compared by.
    fn key(&self, line: &str) -> String {
        let loose = self.all_space || self.space_change || self.trailing;
        let (mut text, mut end) = match line.strip_suffix('\n') {
            Some(t) => (t, "\n"),
            None => (line, ""),
        };
        if self.cr && end == "\n" {
            text = text.strip_suffix('\r').unwrap_or(text);
        }
        if loose {
            end = "\n";
            text = text.trim_end_matches(is_space);
        }
        let mut out = if self.all_space {
            text.chars().filter(|c| !is_space(*c)).collect()
        } else if self.space_change {
            let mut out = String::new();
            let mut gap = false;
            for c in text.chars() {
                match is_space(c) {
                    true => gap = true,
                    false => {
                        if std::mem::take(&mut gap) {
                            out.push(' ');
                        }
                        out.push(c);
                    }
                }
            }
            out
        } else {
            text.to_owned()
        };
        if self.case {
            out.make_ascii_lowercase();
        }
        out.push_str(end);
        out
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Normal,
    Context(usize),
    Unified(usize),
    Ed,
    Forward,
    Rcs,
    Side,
}

/// What the command line asks for.
struct Plan {
    format: Format,
    fold: Fold,
    brief: bool,
    identical: bool,
    blank: bool,
    ignore: Vec<Re>,
    text: bool,
    minimal: bool,
    recursive: bool,
    new_file: bool,
    exclude: Vec<String>,
    labels: Vec<String>,
    /// What times are shown in.
    zone: Zone,
    width: usize,
    left_column: bool,
    suppress: bool,
    expand: bool,
    tab: bool,
    /// The options as typed, for the line above the files of a directory.
    words: String,
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./=+,:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { shell_quoted(word) }
}

/// One of the two files.
struct Side<'a> {
    name: &'a str,
    text: &'a str,
    mtime: Utc,
}

fn count(text: &str, what: &str) -> Result<usize, String> {
    match text {
        "" => Ok(3),
        t => t.parse().map_err(|_| format!("invalid {what} length '{t}'")),
    }
}

fn plan(c: &Ctx<'_>) -> Result<Plan, String> {
    let a = &c.args;
    let mut format: Option<Format> = None;
    for (k, v) in &a.flags {
        let next = match k.as_str() {
            "normal" => Format::Normal,
            "c" => Format::Context(3),
            "C" => Format::Context(count(v, "context")?),
            "u" => Format::Unified(3),
            "U" => Format::Unified(count(v, "context")?),
            "e" => Format::Ed,
            "f" => Format::Forward,
            "n" => Format::Rcs,
            "y" => Format::Side,
            _ => continue,
        };
        format = match (format, next) {
            (Some(Format::Unified(n)), Format::Unified(m)) => Some(Format::Unified(n.max(m))),
            (Some(Format::Context(n)), Format::Context(m)) => Some(Format::Context(n.max(m))),
            (Some(f), n) if f != n => return Err("conflicting output style options".to_owned()),
            _ => Some(next),
        };
    }
    let width = match a.get("W") {
        None => 130,
        Some(w) => w.parse().ok().filter(|w| *w > 0).ok_or_else(|| format!("invalid width '{w}'"))?,
    };
    let values = |key: &str| a.flags.iter().filter(|(k, _)| k == key).map(|(_, v)| v.clone()).collect::<Vec<_>>();
    let ignore: Result<Vec<Re>, String> =
        values("I").iter().map(|r| Re::new(r, Syntax::Basic, Options::default())).collect();
    let mut rest = a.rest.iter().peekable();
    let mut words = String::from("diff");
    for w in &c.tool.argv {
        if rest.peek().is_some_and(|r| *r == w) {
            rest.next();
        } else {
            words.push_str(&format!(" {}", quoted(w)));
        }
    }
    Ok(Plan {
        zone: c.zone(),
        format: format.unwrap_or(Format::Normal),
        fold: Fold {
            case: a.has("i"),
            all_space: a.has("w"),
            space_change: a.has("b"),
            trailing: a.has("Z"),
            cr: a.has("strip-trailing-cr"),
        },
        brief: a.has("q"),
        identical: a.has("s"),
        blank: a.has("B"),
        ignore: ignore?,
        text: a.has("a"),
        minimal: a.has("d"),
        recursive: a.has("r"),
        new_file: a.has("N"),
        exclude: values("x"),
        labels: values("L"),
        width,
        left_column: a.has("left-column"),
        suppress: a.has("suppress-common-lines"),
        expand: a.has("t"),
        tab: a.has("T"),
        words,
    })
}

/// Lines that `diff` compares at most, both files together.
const MOST_LINES: usize = 400_000;

/// Compares two texts and prints how they differ; 0, 1, or 2 if they are too much.
fn pair(c: &mut Ctx<'_>, p: &Plan, one: &Side<'_>, two: &Side<'_>) -> i32 {
    let label = |n: usize, name: &str| p.labels.get(n).cloned().unwrap_or_else(|| name.to_owned());
    let (x, y) = (label(0, one.name), label(1, two.name));
    let binary = !p.text && [one, two].iter().any(|s| s.text.contains('\0'));
    let strict = {
        let f = &p.fold;
        !(f.case || f.all_space || f.space_change || f.trailing || f.cr || p.blank || !p.ignore.is_empty())
    };
    if one.text == two.text || binary || (p.brief && strict) {
        if one.text == two.text {
            if p.format == Format::Side && !p.brief && !p.suppress {
                let text = side::show(p, one.text, two.text, &[]);
                c.print(&text);
            }
            if p.identical {
                c.line(&format!("Files {x} and {y} are identical"));
            }
            return 0;
        }
        let what = if binary && !p.brief { "Binary files" } else { "Files" };
        c.line(&format!("{what} {x} and {y} differ"));
        return 1;
    }
    if one.text.matches('\n').count() + two.text.matches('\n').count() > MOST_LINES {
        c.error("memory exhausted");
        return 2;
    }
    let horizon = match p.format {
        Format::Context(n) | Format::Unified(n) => n,
        _ => 0,
    };
    let mut script = changes(one.text, two.text, &p.fold, horizon, p.minimal);
    if p.blank || !p.ignore.is_empty() {
        mark_ignored(p, one.text, two.text, &mut script);
    }
    let mut real = script.iter().any(|s| !s.ignore);
    // An ed script cannot say that the last line has no end: it is as if it had one.
    let open = |t: &str| !t.is_empty() && !t.ends_with('\n');
    let ed = matches!(p.format, Format::Ed | Format::Forward);
    let robust = ed && !p.brief && (open(one.text) || open(two.text));
    if robust {
        let [x, y] = [one.text, two.text].map(|t| if open(t) { format!("{t}\n") } else { t.to_owned() });
        script = changes(&x, &y, &p.fold, horizon, p.minimal);
        if p.blank || !p.ignore.is_empty() {
            mark_ignored(p, &x, &y, &mut script);
        }
        real = script.iter().any(|s| !s.ignore);
    }
    if p.brief {
        if real {
            c.line(&format!("Files {x} and {y} differ"));
        }
    } else {
        let text = match p.format {
            Format::Side => side::show(p, one.text, two.text, &script),
            _ if !real => String::new(),
            _ => print::show(p, one, two, &script),
        };
        c.print(&text);
    }
    if !real && p.identical {
        c.line(&format!("Files {x} and {y} are identical"));
    }
    for (name, _) in [(&x, one.text), (&y, two.text)].into_iter().filter(|(_, t)| robust && open(t)) {
        c.error(&format!("{name}: No newline at end of file\n"));
    }
    if robust { 2 } else { i32::from(real) }
}

/// Marks the changes that consist of blank or ignored lines alone.
fn mark_ignored(p: &Plan, a: &str, b: &str, script: &mut [Change]) {
    let (x, y): (Vec<&str>, Vec<&str>) = (a.split_inclusive('\n').collect(), b.split_inclusive('\n').collect());
    let nothing = |line: &&str| {
        let text = line.strip_suffix('\n').unwrap_or(line);
        let loose = p.fold.all_space || p.fold.space_change || p.fold.trailing;
        let blank = if loose { text.chars().all(is_space) } else { text.is_empty() };
        (p.blank && blank) || p.ignore.iter().any(|r| r.is_match(text))
    };
    for s in script {
        let old = x.get(s.line0..s.line0 + s.deleted).unwrap_or_default();
        let new = y.get(s.line1..s.line1 + s.inserted).unwrap_or_default();
        s.ignore = old.iter().all(nothing) && new.iter().all(nothing);
    }
}

fn diff(c: &mut Ctx<'_>) -> Step {
    let p = match plan(c) {
        Ok(p) => p,
        Err(why) => return c.misuse(&why, 2),
    };
    let names = c.args.rest.clone();
    let (one, two) = match names.as_slice() {
        [] => return c.misuse("missing operand after 'diff'", 2),
        [one] => return c.misuse(&format!("missing operand after '{one}'"), 2),
        [one, two] => (one.clone(), two.clone()),
        [_, _, extra, ..] => return c.misuse(&format!("extra operand '{extra}'"), 2),
    };
    let is_dir = |c: &Ctx<'_>, n: &str| n != "-" && c.look(n, true).is_ok_and(|s| s.dir);
    let inside = |dir: &str, file: &str| {
        let base = file.trim_end_matches('/').rsplit('/').next().unwrap_or(file);
        format!("{}/{base}", dir.trim_end_matches('/'))
    };
    let (one, two) = match (is_dir(c, &one), is_dir(c, &two)) {
        (true, true) => {
            let status = directory::compare(c, &p, &one, &two);
            return Step::Exit(status.max(if c.tool.status > 0 { 2 } else { 0 }));
        }
        (true, false) if two == "-" => {
            c.error("cannot compare '-' to a directory");
            return Step::Exit(2);
        }
        (false, true) if one == "-" => {
            c.error("cannot compare '-' to a directory");
            return Step::Exit(2);
        }
        (true, false) => (inside(&one, &two), two),
        (false, true) => (one.clone(), inside(&two, &one)),
        (false, false) => (one, two),
    };
    let texts = match c.slurp(&[one.clone(), two.clone()]) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let mut found = Vec::new();
    for (name, text) in [&one, &two].into_iter().zip(texts) {
        match text {
            Ok(t) => found.push(t),
            Err(_) if p.new_file && c.look(name, false).is_err() => found.push(String::new()),
            Err(why) => c.error(&format!("{name}: {why}")),
        }
    }
    // The same input twice is the same text.
    if one == "-"
        && two == "-"
        && let [x, y] = found.as_mut_slice()
    {
        y.clone_from(x);
    }
    let [x, y] = found.as_slice() else { return Step::Exit(2) };
    let (mx, my) = (directory::time(c, &one), directory::time(c, &two));
    let status = pair(c, &p, &Side { name: &one, text: x, mtime: mx }, &Side { name: &two, text: y, mtime: my });
    Step::Exit(status)
}
