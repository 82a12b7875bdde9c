//! join, comm: two sorted files side by side.

use crate::console::tool::input::pieces;
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use std::cmp::Ordering;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "join",
        synopsis: "[OPTION]... FILE1 FILE2",
        about: "join lines of two files on a common field",
        opts: &[
            value("a", "", "FILENUM", "also print unpairable lines from file FILENUM, where FILENUM is 1 or 2"),
            value("e", "", "STRING", "replace missing (empty) input fields with STRING"),
            flag("i", "ignore-case", "ignore differences in case when comparing fields"),
            value("j", "", "FIELD", "equivalent to -1 FIELD -2 FIELD"),
            value("o", "", "FORMAT", "obey FORMAT while constructing output line; auto is as wide as the first lines"),
            value("t", "", "CHAR", "use CHAR as input and output field separator"),
            value("v", "", "FILENUM", "like -a FILENUM, but suppress joined output lines"),
            value("1", "", "FIELD", "join on this FIELD of file 1"),
            value("2", "", "FIELD", "join on this FIELD of file 2"),
            flag("", "check-order", "check that the input is correctly sorted"),
            flag("", "nocheck-order", "do not check that the input is correctly sorted"),
            flag("", "header", "treat the first line in each file as field headers"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("join <(printf '1 a\\n2 b\\n') <(printf '1 x\\n3 y\\n')", "1 a x\n")],
        step: join,
        ..Decl::BLANK
    },
    Decl {
        name: "comm",
        synopsis: "[OPTION]... FILE1 FILE2",
        about: "compare two sorted files line by line",
        opts: &[
            flag("1", "", "suppress column 1 (lines unique to FILE1)"),
            flag("2", "", "suppress column 2 (lines unique to FILE2)"),
            flag("3", "", "suppress column 3 (lines that appear in both files)"),
            flag("", "check-order", "check that the input is correctly sorted"),
            flag("", "nocheck-order", "do not check that the input is correctly sorted"),
            value("", "output-delimiter", "STR", "separate columns with STR"),
            flag("", "total", "output a summary"),
            flag("z", "zero-terminated", "line delimiter is NUL, not newline"),
        ],
        operand: Operand::Path,
        examples: &[("comm -12 <(seq 1 3) <(seq 2 4)", "2\n3\n")],
        step: comm,
        ..Decl::BLANK
    },
];

/// Lines of a file that fit into memory.
const MOST_LINES: usize = 1_000_000;
/// Bytes of all lines joined at most: files whose keys are all alike make a line of every pair.
const MOST_JOINED: usize = 32 << 20;

/// The lines of both files.
fn two(c: &mut Ctx<'_>, delim: char) -> Result<[Vec<String>; 2], Step> {
    let names = c.args.rest.clone();
    match names.as_slice() {
        [] => return Err(c.misuse("missing operand", 1)),
        [one] => return Err(c.misuse(&format!("missing operand after ‘{one}’"), 1)),
        [_, _] => {}
        [_, _, extra, ..] => return Err(c.misuse(&format!("extra operand ‘{extra}’"), 1)),
    }
    let mut out: [Vec<String>; 2] = Default::default();
    let texts = c.slurp(&names)?;
    for ((slot, name), text) in out.iter_mut().zip(&names).zip(texts) {
        match text {
            Ok(t) => {
                let lines = pieces(&t, delim);
                if lines.len() > MOST_LINES {
                    c.error("memory exhausted");
                    return Err(Step::Exit(1));
                }
                *slot = lines.into_iter().map(str::to_owned).collect();
            }
            Err(why) => {
                c.unreadable(name, &why);
                return Err(Step::Exit(1));
            }
        }
    }
    Ok(out)
}

/// The first line that is less than the one before it, as its number and text.
fn disorder<'a>(lines: &'a [String], skip: usize, less: &dyn Fn(&str, &str) -> bool) -> Option<(usize, &'a str)> {
    let rest = lines.get(skip..).unwrap_or_default();
    let at = rest.windows(2).position(|w| matches!(w, [a, b] if less(b, a)))?;
    rest.get(at + 1).map(|l| (skip + at + 2, l.as_str()))
}

fn comm(c: &mut Ctx<'_>) -> Step {
    let delim = if c.args.has("z") { '\0' } else { '\n' };
    let [one, two] = match two(c, delim) {
        Ok(t) => t,
        Err(step) => return step,
    };
    let a = c.args.clone();
    let tab = match a.get("output-delimiter") {
        Some("") => "\0",
        Some(d) => d,
        None => "\t",
    };
    let (first, second) = (!a.has("1"), !a.has("2"));
    let margin = |column: usize| {
        let n = match column {
            2 => usize::from(first),
            3 => usize::from(first) + usize::from(second),
            _ => 0,
        };
        tab.repeat(n)
    };
    let (mut i, mut j) = (0, 0);
    let mut totals = [0u64; 3];
    let mut out = String::new();
    let mut order_matters = a.has("check-order");
    let mut stopped = false;
    loop {
        let column = match (one.get(i), two.get(j)) {
            (None, None) => break,
            (Some(_), None) => 1,
            (None, Some(_)) => 2,
            (Some(x), Some(y)) => match x.cmp(y) {
                Ordering::Less => 1,
                Ordering::Greater => 2,
                Ordering::Equal => 3,
            },
        };
        order_matters |= column != 3;
        let line = if column == 2 { two.get(j) } else { one.get(i) }.map_or("", String::as_str);
        i += usize::from(column != 2);
        j += usize::from(column != 1);
        // What was asked for ends at the first line that is out of order.
        let falls = |all: &[String], at: usize| matches!(all.get(at.wrapping_sub(1)..=at), Some([a, b]) if b < a);
        stopped = a.has("check-order") && ((column != 2 && falls(&one, i)) || (column != 1 && falls(&two, j)));
        if let Some(t) = totals.get_mut(column - 1) {
            *t += 1;
        }
        if !a.has(&column.to_string()) {
            out.push_str(&margin(column));
            out.push_str(line);
            out.push(delim);
        }
        if stopped {
            break;
        }
    }
    if stopped {
        c.print(&out);
        let n = if i > 0 && matches!(one.get(i - 1..=i), Some([a, b]) if b < a) { 1 } else { 2 };
        c.error(&format!("file {n} is not in sorted order"));
        return Step::Exit(1);
    }
    if a.has("total") {
        let [x, y, z] = totals;
        out.push_str(&format!("{x}{tab}{y}{tab}{z}{tab}total{delim}"));
    }
    c.print(&out);
    if order_matters && !a.has("nocheck-order") {
        for (n, lines) in [(1, &one), (2, &two)] {
            if disorder(lines, 0, &|x, y| x < y).is_some() {
                c.error(&format!("file {n} is not in sorted order"));
            }
        }
        if c.tool.status > 0 && !a.has("check-order") {
            c.error("input is not in sorted order");
        }
    }
    Step::Exit(c.tool.status)
}

/// A field of an output line.
#[derive(Clone, Copy)]
enum Out {
    Key,
    Field(usize, usize),
}

struct Join {
    keys: [usize; 2],
    separator: Option<char>,
    fold: bool,
    empty: String,
    format: Option<Vec<Out>>,
    show: [bool; 2],
    paired: bool,
}

impl Join {
    fn fields<'a>(&self, line: &'a str) -> Vec<&'a str> {
        match self.separator {
            Some(s) => line.split(s).collect(),
            None => line.split([' ', '\t', '\n']).filter(|f| !f.is_empty()).collect(),
        }
    }

    fn key<'a>(&self, line: &'a str, file: usize) -> &'a str {
        let at = self.keys.get(file).copied().unwrap_or(0);
        self.fields(line).get(at).copied().unwrap_or_default()
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        if self.fold { a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()) } else { a.cmp(b) }
    }

    /// The output line of a pair, or of a line without partner.
    fn line(&self, pair: [Option<&str>; 2]) -> String {
        let gap = self.separator.unwrap_or(' ').to_string();
        let fields: Vec<Option<Vec<&str>>> = pair.iter().map(|l| l.map(|l| self.fields(l))).collect();
        let get = |file: usize, at: usize| -> &str {
            let text = fields.get(file).and_then(Option::as_ref).and_then(|f| f.get(at)).copied().unwrap_or_default();
            if text.is_empty() { &self.empty } else { text }
        };
        let present = usize::from(pair.first().is_none_or(Option::is_none));
        let key = get(present, self.keys.get(present).copied().unwrap_or(0));
        if let Some(format) = &self.format {
            let parts: Vec<&str> = format
                .iter()
                .map(|o| match o {
                    Out::Key => key,
                    Out::Field(file, at) => get(*file, *at),
                })
                .collect();
            return parts.join(&gap);
        }
        let mut parts = vec![key];
        for (file, f) in fields.iter().enumerate() {
            let Some(f) = f else { continue };
            for at in 0..f.len() {
                if Some(&at) != self.keys.get(file) {
                    parts.push(get(file, at));
                }
            }
        }
        parts.join(&gap)
    }
}

fn outputs(text: &str) -> Result<Vec<Out>, String> {
    let mut out = Vec::new();
    for part in text.split([',', ' ', '\t']).filter(|p| !p.is_empty()) {
        if part == "0" {
            out.push(Out::Key);
            continue;
        }
        let bad = || format!("invalid field specifier: ‘{part}’");
        let (file, field) = part.split_once('.').ok_or_else(bad)?;
        let file = match file {
            "1" => 0,
            "2" => 1,
            _ => return Err(format!("invalid file number in field spec: ‘{part}’")),
        };
        match field.parse::<usize>() {
            Ok(n) if n > 0 => out.push(Out::Field(file, n - 1)),
            _ => return Err(format!("invalid field number: ‘{field}’")),
        }
    }
    Ok(out)
}

fn plan(c: &Ctx<'_>) -> Result<Join, String> {
    let a = &c.args;
    let mut keys = [0usize; 2];
    let mut show = [false; 2];
    let mut paired = true;
    for (k, v) in &a.flags {
        let number = || match v.parse::<usize>() {
            Ok(n) if n > 0 => Ok(n - 1),
            _ => Err(format!("invalid field number: ‘{v}’")),
        };
        match k.as_str() {
            "j" => keys = [number()?; 2],
            "1" => keys = [number()?, keys.last().copied().unwrap_or(0)],
            "2" => keys = [keys.first().copied().unwrap_or(0), number()?],
            "a" | "v" => {
                paired &= k == "a";
                match v.as_str() {
                    "1" => show = [true, show.last().copied().unwrap_or(false)],
                    "2" => show = [show.first().copied().unwrap_or(false), true],
                    _ => return Err(format!("invalid field number: ‘{v}’")),
                }
            }
            _ => {}
        }
    }
    let separator = match a.get("t") {
        None => None,
        Some("") => Some('\n'),
        Some("\\0") => Some('\0'),
        Some(t) if t.chars().count() > 1 => return Err(format!("multi-character tab ‘{t}’")),
        Some(t) => t.chars().next(),
    };
    let mut format: Option<Vec<Out>> = None;
    for (_, o) in a.flags.iter().filter(|(k, v)| k == "o" && v != "auto") {
        format.get_or_insert_default().extend(outputs(o)?);
    }
    let mut empties = a.flags.iter().filter(|(k, _)| k == "e").map(|(_, v)| v);
    if let Some(first) = empties.next()
        && empties.any(|e| e != first)
    {
        return Err("conflicting empty-field replacement strings".to_owned());
    }
    let empty = a.get("e").unwrap_or_default().to_owned();
    Ok(Join { keys, separator, fold: a.has("i"), empty, format, show, paired })
}

fn join(c: &mut Ctx<'_>) -> Step {
    let mut j = match plan(c) {
        Ok(j) => j,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    // `-o 1.1 2.2`: what looks like a field of the format stands before the files.
    if c.args.has("o") && c.args.rest.len() > 2 {
        let extra = c.args.rest.len() - 2;
        let more: Vec<String> = c.args.rest.drain(..extra).collect();
        match outputs(&more.join(",")) {
            Ok(o) => j.format.get_or_insert_default().extend(o),
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        }
        c.tool.args = Some(c.args.clone());
    }
    let delim = if c.args.has("z") { '\0' } else { '\n' };
    let [one, two] = match two(c, delim) {
        Ok(t) => t,
        Err(step) => return step,
    };
    if c.args.get("o") == Some("auto") {
        let mut format = vec![Out::Key];
        for (file, lines) in [&one, &two].into_iter().enumerate() {
            let n = lines.first().map_or(0, |l| j.fields(l).len());
            format.extend((0..n).filter(|at| Some(at) != j.keys.get(file)).map(|at| Out::Field(file, at)));
        }
        j.format = Some(format);
    }
    let mut out = String::new();
    let put = |out: &mut String, text: String| {
        out.push_str(&text);
        out.push(delim);
    };
    let (mut a, mut b) = (0, 0);
    if c.args.has("header") {
        if let (x, y) = (one.first(), two.first())
            && (x.is_some() || y.is_some())
        {
            put(&mut out, j.line([x.map(String::as_str), y.map(String::as_str)]));
        }
        (a, b) = (1, 1);
    }
    let skip = a;
    let mut unpaired = false;
    loop {
        let order = match (one.get(a), two.get(b)) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(x), Some(y)) => j.compare(j.key(x, 0), j.key(y, 1)),
        };
        unpaired |= order.is_ne();
        let [show_one, show_two] = j.show;
        match order {
            Ordering::Less => {
                if show_one {
                    put(&mut out, j.line([one.get(a).map(String::as_str), None]));
                }
                a += 1;
            }
            Ordering::Greater => {
                if show_two {
                    put(&mut out, j.line([None, two.get(b).map(String::as_str)]));
                }
                b += 1;
            }
            Ordering::Equal => {
                let run = |lines: &[String], from: usize, file: usize| {
                    let key = lines.get(from).map_or("", |l| j.key(l, file)).to_owned();
                    let rest = lines.get(from..).unwrap_or_default();
                    rest.iter().take_while(|l| j.compare(j.key(l, file), &key).is_eq()).count()
                };
                let (n, m) = (run(&one, a, 0), run(&two, b, 1));
                if j.paired {
                    let pairs = one.get(a..a + n).into_iter().flatten();
                    for (x, y) in pairs.flat_map(|x| two.get(b..b + m).into_iter().flatten().map(move |y| (x, y))) {
                        if out.len() > MOST_JOINED {
                            c.error("memory exhausted");
                            return Step::Exit(1);
                        }
                        put(&mut out, j.line([Some(x), Some(y)]));
                    }
                }
                a += n;
                b += m;
            }
        }
    }
    c.print(&out);
    if !c.args.has("nocheck-order") && (unpaired || c.args.has("check-order")) {
        let names = c.args.rest.clone();
        for (file, lines) in [&one, &two].into_iter().enumerate() {
            let less = |x: &str, y: &str| j.compare(j.key(x, file), j.key(y, file)).is_lt();
            if let Some((n, text)) = disorder(lines, skip, &less) {
                let name = names.get(file).map_or("-", String::as_str);
                c.error(&format!("{name}:{n}: is not sorted: {text}"));
            }
        }
        if c.tool.status > 0 && !c.args.has("check-order") {
            c.error("input is not in sorted order");
        }
    }
    Step::Exit(c.tool.status)
}
