//! cat, tac, nl, rev: lines as they are, numbered, or turned around.

use crate::console::machine::Read;
use crate::console::posix::{Options, Re, Syntax};
use crate::console::text_format::to_bytes;
use crate::console::tool::input::{pieces, whole_pieces};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "cat",
        synopsis: "[OPTION]... [FILE]...",
        about: "concatenate files and print on the standard output",
        opts: &[
            flag("A", "show-all", "equivalent to -vET"),
            flag("b", "number-nonblank", "number nonempty output lines, overrides -n"),
            flag("e", "", "equivalent to -vE"),
            flag("E", "show-ends", "display $ at end of each line"),
            flag("n", "number", "number all output lines"),
            flag("s", "squeeze-blank", "suppress repeated empty output lines"),
            flag("t", "", "equivalent to -vT"),
            flag("T", "show-tabs", "display TAB characters as ^I"),
            flag("u", "", "ignored"),
            flag("v", "show-nonprinting", "use ^ and M- notation, except for LFD and TAB"),
        ],
        operand: Operand::Path,
        examples: &[
            ("cat /etc/hostname", "ops\n"),
            ("cat /etc/hostname - < /etc/hostname", "ops\nops\n"),
            ("printf 'a\\tb\\n' | cat -A", "a^Ib$\n"),
            ("cat /nope", "cat: /nope: No such file or directory\n"),
        ],
        step: cat,
        ..Decl::BLANK
    },
    Decl {
        name: "tac",
        synopsis: "[OPTION]... [FILE]...",
        about: "concatenate and print files in reverse",
        opts: &[
            flag("b", "before", "attach the separator before instead of after"),
            flag("r", "regex", "interpret the separator as a regular expression"),
            value("s", "separator", "STRING", "use STRING as the separator instead of newline"),
        ],
        operand: Operand::Path,
        examples: &[("seq 3 | tac", "3\n2\n1\n")],
        step: tac,
        ..Decl::BLANK
    },
    Decl {
        name: "nl",
        synopsis: "[OPTION]... [FILE]...",
        about: "number lines of files",
        opts: &[
            value("b", "body-numbering", "STYLE", "use STYLE for numbering body lines: a, t, n or pBRE"),
            value("d", "section-delimiter", "CC", "use CC for logical page delimiters"),
            value("f", "footer-numbering", "STYLE", "use STYLE for numbering footer lines"),
            value("h", "header-numbering", "STYLE", "use STYLE for numbering header lines"),
            value("i", "line-increment", "NUMBER", "line number increment at each line"),
            value("l", "join-blank-lines", "NUMBER", "group of NUMBER empty lines counted as one"),
            value("n", "number-format", "FORMAT", "insert line numbers according to FORMAT: ln, rn or rz"),
            flag("p", "no-renumber", "do not reset line numbers for each section"),
            value("s", "number-separator", "STRING", "add STRING after (possible) line number"),
            value("v", "starting-line-number", "NUMBER", "first line number for each section"),
            value("w", "number-width", "NUMBER", "use NUMBER columns for line numbers"),
        ],
        operand: Operand::Path,
        examples: &[("printf 'a\\n\\nb\\n' | nl", "     1\ta\n       \n     2\tb\n")],
        step: nl,
        ..Decl::BLANK
    },
    Decl {
        name: "rev",
        synopsis: "[OPTION] [FILE]...",
        about: "reverse lines characterwise",
        opts: &[],
        operand: Operand::Path,
        examples: &[("echo abc | rev", "cba\n")],
        step: rev,
        ..Decl::BLANK
    },
];

/// A byte in the notation of `cat -v`.
fn visible(out: &mut String, byte: u8, tabs: bool) {
    match byte {
        b'\t' if !tabs => out.push('\t'),
        b'\n' => out.push('\n'),
        0..=31 => {
            out.push('^');
            out.push(char::from(byte + 64));
        }
        127 => out.push_str("^?"),
        128..=255 => {
            out.push_str("M-");
            match byte - 128 {
                low @ 0..=31 => {
                    out.push('^');
                    out.push(char::from(low + 64));
                }
                127 => out.push_str("^?"),
                low => out.push(char::from(low)),
            }
        }
        _ => out.push(char::from(byte)),
    }
}

fn cat(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let any = |keys: &[&str]| keys.iter().any(|k| a.has(k));
    let ends = any(&["A", "e", "E"]);
    let tabs = any(&["A", "t", "T"]);
    let odd = any(&["A", "e", "t", "v"]);
    let (nonblank, number, squeeze) = (a.has("b"), a.has("n") || a.has("b"), a.has("s"));
    if !(ends || tabs || odd || number || squeeze) {
        return match c.chunk(&a.rest) {
            Read::Bytes(t) => {
                c.print(&t);
                Step::More
            }
            Read::Later => Step::Wait,
            Read::End => Step::Exit(c.tool.status),
        };
    }
    // `phase` says that the last record had no newline: the next one goes on with its line. `m` counts blank lines.
    c.each(&a.rest, '\n', |c, line, ended| {
        let goes_on = c.tool.phase == 1;
        let blank = line.is_empty() && ended && !goes_on;
        c.tool.m = if blank { c.tool.m + 1 } else { 0 };
        c.tool.phase = u32::from(!ended);
        if squeeze && c.tool.m > 1 {
            return None;
        }
        let mut out = String::new();
        if number && !goes_on && !(nonblank && blank) {
            c.tool.n += 1;
            out.push_str(&format!("{:>6}\t", c.tool.n));
        }
        if odd {
            to_bytes(line).into_iter().for_each(|b| visible(&mut out, b, tabs));
        } else {
            let shown = if tabs { line.replace('\t', "^I") } else { line.to_owned() };
            match shown.strip_suffix('\r').filter(|_| ends && ended) {
                Some(head) => out.push_str(&format!("{head}^M")),
                None => out.push_str(&shown),
            }
        }
        if ended {
            out.push_str(if ends { "$\n" } else { "\n" });
        }
        c.print(&out);
        None
    })
}

/// Where a separator ends (and, with `-b`, begins).
fn cuts(text: &str, separator: &str, re: Option<&Re>, before: bool) -> Vec<usize> {
    let spans: Vec<(usize, usize)> = match re {
        Some(re) => re.find_all(text).into_iter().filter(|(s, e)| e > s).collect(),
        None => text.match_indices(separator).map(|(i, m)| (i, i + m.len())).collect(),
    };
    spans.into_iter().map(|(s, e)| if before { s } else { e }).collect()
}

fn tac(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let separator = match a.get("s") {
        None => "\n",
        Some("") if a.has("r") => {
            c.error("separator cannot be empty");
            return Step::Exit(1);
        }
        Some("") => "\0",
        Some(s) => s,
    };
    let re = if a.has("r") {
        match Re::new(separator, Syntax::Basic, Options { multi: true, ..Options::default() }) {
            Ok(re) => Some(re),
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        }
    } else {
        None
    };
    let texts = match c.texts(&a.rest) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (_, text) in texts {
        let mut end = text.len();
        for at in cuts(&text, separator, re.as_ref(), a.has("b")).into_iter().rev() {
            c.print(text.get(at..end).unwrap_or_default());
            end = at;
        }
        c.print(text.get(..end).unwrap_or_default());
    }
    Step::Exit(c.tool.status)
}

/// Which lines of a section get a number.
enum Numbering {
    All,
    NonEmpty,
    Nothing,
    Matching(Re),
}

fn numbering(style: &str) -> Option<Numbering> {
    Some(match style {
        "a" => Numbering::All,
        "t" => Numbering::NonEmpty,
        "n" => Numbering::Nothing,
        _ => Numbering::Matching(Re::new(style.strip_prefix('p')?, Syntax::Basic, Options::default()).ok()?),
    })
}

fn nl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut styles = Vec::new();
    for (key, section, default) in [("h", "header", "n"), ("b", "body", "t"), ("f", "footer", "n")] {
        let style = a.get(key).unwrap_or(default);
        match numbering(style) {
            Some(n) => styles.push(n),
            None => return c.misuse(&format!("invalid {section} numbering style: ‘{style}’"), 1),
        }
    }
    let mut numbers = Vec::new();
    for (key, default, least, what) in [
        ("v", 1, i64::MIN, "starting line number"),
        ("i", 1, i64::MIN, "line number increment"),
        ("l", 1, 1, "line number of blank lines"),
        ("w", 6, 1, "line number field width"),
    ] {
        match a.get(key).map_or(Ok(default), str::parse::<i64>) {
            Ok(n) if n >= least => numbers.push(n),
            _ => {
                c.error(&format!("invalid {what}: ‘{}’", a.get(key).unwrap_or_default()));
                return Step::Exit(1);
            }
        }
    }
    let [start, increment, join, width] = numbers.as_slice() else { return Step::Exit(1) };
    let width = usize::try_from(*width).unwrap_or(6).min(4096);
    let separator = a.get("s").unwrap_or("\t").to_owned();
    let format = a.get("n").unwrap_or("rn");
    if !matches!(format, "ln" | "rn" | "rz") {
        return c.misuse(&format!("invalid line numbering format: ‘{format}’"), 1);
    }
    let mut mark = a.get("d").unwrap_or("\\:").to_owned();
    if mark.chars().count() == 1 {
        mark.push(':');
    }
    let lines = match c.records(&a.rest, '\n') {
        Ok(l) => l,
        Err(step) => return step,
    };
    let (mut section, mut n, mut blanks) = (1usize, *start, 0i64);
    for line in &lines {
        let page = [3usize, 2, 1].into_iter().find(|k| !mark.is_empty() && *line == mark.repeat(*k));
        if let Some(k) = page {
            section = 3 - k;
            if !a.has("p") {
                n = *start;
            }
            c.line("");
            continue;
        }
        let counts = match styles.get(section) {
            Some(Numbering::All) if line.is_empty() && *join > 1 => {
                blanks = (blanks + 1) % join;
                blanks == 0
            }
            Some(Numbering::All) => true,
            Some(Numbering::NonEmpty) => !line.is_empty(),
            Some(Numbering::Matching(re)) => re.is_match(line),
            _ => false,
        };
        if !line.is_empty() {
            blanks = 0;
        }
        if counts {
            let number = match format {
                "ln" => format!("{n:<width$}"),
                "rz" => format!("{n:0>width$}"),
                _ => format!("{n:>width$}"),
            };
            c.line(&format!("{number}{separator}{line}"));
            n = n.saturating_add(*increment);
        } else {
            c.line(&format!("{}{line}", " ".repeat(width + separator.chars().count())));
        }
    }
    Step::Exit(c.tool.status)
}

fn rev(c: &mut Ctx<'_>) -> Step {
    let files = c.args.rest.clone();
    c.each(&files, '\n', |c, line, ended| {
        let turned: String = line.chars().rev().collect();
        c.print(&turned);
        if ended {
            c.print("\n");
        }
        None
    })
}

/// Lines of a text, the last one without its newline if it has none: what `head` and `tail` count.
pub(super) fn lines_with_ends(text: &str, delim: char) -> Vec<&str> {
    if text.contains(delim) { whole_pieces(text, delim) } else { pieces(text, delim) }
}
