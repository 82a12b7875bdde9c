//! wc: lines, words, characters, bytes and the longest line.

use crate::console::machine::{Console, Read};
use crate::console::process::Fd;
use crate::console::text_format::to_bytes;
use crate::console::tool::{Ctx, Decl, Mind, Operand, Step, flag, value};
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "wc",
    synopsis: "[OPTION]... [FILE]...",
    about: "print newline, word, and byte counts for each file",
    opts: &[
        flag("c", "bytes", "print the byte counts"),
        flag("m", "chars", "print the character counts"),
        flag("l", "lines", "print the newline counts"),
        flag("L", "max-line-length", "print the maximum display width"),
        flag("w", "words", "print the word counts"),
        value("", "files0-from", "F", "read input from the files specified by NUL-terminated names in file F"),
    ],
    operand: Operand::Path,
    examples: &[("seq 12 | wc -l", "12\n"), ("wc /etc/hostname", "1 1 4 /etc/hostname\n")],
    step: wc,
    ..Decl::BLANK
}];

/// What was counted of one input so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    lines: u64,
    words: u64,
    chars: u64,
    bytes: u64,
    longest: u64,
    column: u64,
    word: bool,
}

impl Counts {
    fn add(&mut self, text: &str) {
        self.bytes += if text.is_ascii() { text.len() } else { to_bytes(text).len() } as u64;
        for ch in text.chars() {
            self.chars += 1;
            match ch {
                '\n' | '\r' | '\u{c}' => {
                    self.lines += u64::from(ch == '\n');
                    self.longest = self.longest.max(self.column);
                    self.column = 0;
                }
                '\t' => self.column += 8 - self.column % 8,
                _ => self.column += ch.width().unwrap_or(0) as u64,
            }
            let blank = ch.is_whitespace() && !matches!(ch, '\u{a0}' | '\u{2007}' | '\u{202f}');
            if blank {
                self.word = false;
            } else if !self.word && !ch.is_control() {
                self.word = true;
                self.words += 1;
            }
        }
        self.longest = self.longest.max(self.column);
    }

    /// The counts that were asked for, in the order in which they are printed.
    fn shown(&self, asked: &dyn Fn(&str) -> bool) -> Vec<u64> {
        let all = [("l", self.lines), ("w", self.words), ("m", self.chars), ("c", self.bytes), ("L", self.longest)];
        all.into_iter().filter(|(k, _)| asked(k)).map(|(_, n)| n).collect()
    }

    fn total(&mut self, other: &Counts) {
        self.lines += other.lines;
        self.words += other.words;
        self.chars += other.chars;
        self.bytes += other.bytes;
        self.longest = self.longest.max(other.longest);
    }
}

/// Columns of a number: as many as the sizes of the files have in all, and seven if one of them is no file.
fn width(c: &Ctx<'_>, names: &[String], kinds: usize) -> usize {
    if (names.len() <= 1 && kinds == 1) || c.args.has("files0-from") {
        return 1;
    }
    let (mut least, mut bytes) = (1, 0u64);
    for name in names {
        let size = match (name.as_str(), Console::descriptor(c.p, 0)) {
            ("-", Fd::File(id)) => c.con.files.get(&id).map(|f| f.text.len() as u64),
            ("-", _) => None,
            _ => match c.stat(&c.full(name)) {
                Some(s) if s.kind == crate::console::host::NodeKind::File => Some(s.size),
                Some(_) => None,
                None => Some(0),
            },
        };
        match size {
            Some(n) => bytes = bytes.saturating_add(n),
            None => least = 7,
        }
    }
    bytes.to_string().len().max(least)
}

fn wc(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let all = !["l", "w", "m", "c", "L"].iter().any(|k| a.has(k));
    let asked = |k: &str| if all { matches!(k, "l" | "w" | "c") } else { a.has(k) };
    let kinds = ["l", "w", "m", "c", "L"].iter().filter(|k| asked(k)).count();
    let mut files = a.rest.clone();
    if let Some(list) = a.get("files0-from") {
        if let Some(extra) = files.first() {
            let text = format!("extra operand ‘{extra}’\nfile operands cannot be combined with --files0-from");
            return c.misuse(&text, 1);
        }
        match c.slurp(&[list.to_owned()]).map(|mut t| t.remove(0)) {
            Ok(Ok(text)) => files = text.split('\0').filter(|n| !n.is_empty()).map(str::to_owned).collect(),
            Ok(Err(why)) => {
                c.error(&format!("cannot open '{list}' for reading: {why}"));
                return Step::Exit(1);
            }
            Err(step) => return step,
        }
    }
    let names = if a.rest.is_empty() && files.is_empty() { vec!["-".to_owned()] } else { files.clone() };
    let row = |counts: &Counts, width: usize, name: Option<&str>| {
        let numbers: Vec<String> = counts.shown(&asked).iter().map(|n| format!("{n:>width$}")).collect();
        match name {
            Some(name) => format!("{} {name}", numbers.join(" ")),
            None => numbers.join(" "),
        }
    };
    let width = width(c, &names, kinds);
    // Descriptor 0 is counted as it comes: there may be more of it than fits.
    let mut piped = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Counts(n)) => n,
        _ => Counts::default(),
    };
    if names.iter().any(|n| n == "-") && !c.tool.input.done {
        match c.con.read(c.p) {
            Read::Bytes(t) => piped.add(&t),
            Read::Later => {
                c.tool.mind = Some(Box::new(Mind::Counts(piped)));
                return Step::Wait;
            }
            Read::End => c.tool.input.done = true,
        }
        c.tool.mind = Some(Box::new(Mind::Counts(piped)));
        return Step::More;
    }
    let mut total = Counts::default();
    for name in &names {
        let counts = if name == "-" {
            std::mem::take(&mut piped)
        } else {
            let mut counts = Counts::default();
            match c.load(name) {
                Ok(text) => counts.add(&text),
                Err(why) => {
                    c.error(&format!("{name}: {why}"));
                    if why != "Is a directory" {
                        continue;
                    }
                }
            }
            counts
        };
        total.total(&counts);
        c.line(&row(&counts, width, (!files.is_empty()).then_some(name)));
    }
    if names.len() > 1 {
        c.line(&row(&total, width, Some("total")));
    }
    Step::Exit(c.tool.status)
}
