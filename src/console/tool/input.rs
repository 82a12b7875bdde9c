//! Input of the text tools: records with their ends, whole files, and what each tool says of a file that it cannot read.

use super::context::pipe_name;
use super::{Ctx, Step};
use crate::console::machine::Read;
use serde::Serialize;
use std::any::Any;
use std::sync::Arc;

/// Bytes that a tool keeps of its input at most.
pub(crate) const MOST: usize = 64 << 20;

/// Something that can be made again from the arguments at any time, such as a compiled pattern; no part of the state.
#[derive(Clone, Default)]
pub struct Memo(Option<Arc<dyn Any + Send + Sync>>);

impl Memo {
    /// What is there, or what `make` makes.
    pub fn get<T: Any + Send + Sync, E>(&mut self, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Some(kept) = self.0.clone().and_then(|a| a.downcast::<T>().ok()) {
            return Ok(kept);
        }
        let made = Arc::new(make()?);
        self.0 = Some(made.clone());
        Ok(made)
    }
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memo")
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Memo) -> bool {
        true
    }
}

impl Eq for Memo {}

impl Serialize for Memo {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}

/// What a tool says of a file that it cannot read, without its own name.
pub(crate) fn complaint(tool: &str, name: &str, why: &str) -> String {
    let directory = why == "Is a directory";
    match tool {
        "head" | "tail" if directory => format!("error reading '{name}': {why}"),
        "head" | "tail" | "tac" | "shuf" if !directory => format!("cannot open '{name}' for reading: {why}").replacen(
            "cannot open",
            if matches!(tool, "tac" | "shuf") { "failed to open" } else { "cannot open" },
            1,
        ),
        "tac" => format!("{name}: read error: {why}"),
        "sort" if directory => format!("read failed: {name}: {why}"),
        "sort" => format!("cannot read: {name}: {why}"),
        "sed" if directory => format!("couldn't edit {name}: not a regular file"),
        "sed" => format!("can't read {name}: {why}"),
        "awk" => format!("cannot open {name} ({why})"),
        "split" => format!("cannot open '{name}' for reading: {why}"),
        "column" => format!("cannot open {name}: {why}"),
        "strings" => format!("'{name}': {}", if why.starts_with("No such") { "No such file" } else { why }),
        _ => format!("{name}: {why}"),
    }
}

/// Exit status of a tool that could not read a file.
pub(crate) fn unreadable(tool: &str) -> i32 {
    match tool {
        "sort" | "sed" | "awk" | "diff" | "cmp" | "grep" | "egrep" | "fgrep" | "zgrep" => 2,
        _ => 1,
    }
}

impl Ctx<'_> {
    /// Says that a file cannot be read.
    pub fn unreadable(&mut self, name: &str, why: &str) {
        let text = complaint(&self.tool.name, name, why);
        self.error(&text);
        self.tool.status = self.tool.status.max(unreadable(&self.tool.name));
    }

    /// Whether enough was printed for one step.
    pub fn enough(&self) -> bool {
        self.p.out.len() > 32 * 1024
    }

    /// What a step ends with while input is missing.
    pub fn later(&self) -> Step {
        if self.p.out.is_empty() && self.p.err.is_empty() { Step::Wait } else { Step::More }
    }

    /// The text of each file, `-` being descriptor 0; an error for one that cannot be read.
    pub fn slurp(&mut self, names: &[String]) -> Result<Vec<Result<String, String>>, Step> {
        let stdin = |n: &String| matches!(n.as_str(), "-" | "/dev/stdin" | "/dev/fd/0");
        if names.iter().any(stdin) && !self.tool.input.done {
            loop {
                match self.con.read(self.p) {
                    Read::Bytes(t) if self.tool.text.len() + t.len() > MOST => {
                        self.error("memory exhausted");
                        return Err(Step::Exit(2));
                    }
                    Read::Bytes(t) => self.tool.text.push_str(&t),
                    Read::Later => return Err(Step::Wait),
                    Read::End => break,
                }
            }
            self.tool.input.done = true;
        }
        let mut all = true;
        for n in names.iter().filter_map(|n| pipe_name(self.p, n)) {
            all &= self.con.gathered(self.p, n);
        }
        if !all {
            return Err(Step::Wait);
        }
        let mut texts = Vec::new();
        for n in names {
            texts.push(if stdin(n) { Ok(std::mem::take(&mut self.tool.text)) } else { self.load(n) });
        }
        Ok(texts)
    }

    /// `NAME: message` and a hint at `--help`.
    pub fn misuse(&mut self, message: &str, status: i32) -> Step {
        let name = self.tool.name.clone();
        self.p.err.push_str(&format!("{name}: {message}\n{}", super::argument::hint(&name)));
        Step::Exit(status)
    }
}

/// Lines of a text without their newlines; nothing after a last newline.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = text.split('\n').collect();
    if text.is_empty() || text.ends_with('\n') {
        all.pop();
    }
    all
}

/// What a reader of records got.
pub(crate) enum Rec {
    /// A record without its end, and whether the end was there.
    Text(String, bool),
    /// Nothing yet.
    Later,
    /// The end.
    End,
}

impl Ctx<'_> {
    /// The next record of the inputs; what is left of one file is a record of its own, even without its end.
    pub fn record(&mut self, files: &[String], delim: char) -> Rec {
        loop {
            let input = &mut self.tool.input;
            let rest = input.buffer.get(input.used..).unwrap_or_default();
            if let Some(at) = rest.find(delim) {
                let line = rest.get(..at).unwrap_or_default().to_owned();
                input.used += at + delim.len_utf8();
                return Rec::Text(line, true);
            }
            let rest = rest.to_owned();
            input.buffer.clear();
            input.used = 0;
            let fresh = !input.stdin && input.ready;
            if fresh && !rest.is_empty() {
                return Rec::Text(rest, false);
            }
            match self.chunk(files) {
                Read::Bytes(text) => self.tool.input.buffer = rest + &text,
                Read::Later => {
                    self.tool.input.buffer = rest;
                    return Rec::Later;
                }
                Read::End if rest.is_empty() => return Rec::End,
                Read::End => return Rec::Text(rest, false),
            }
        }
    }

    /// Hands each record to `f` until enough is printed or input is missing; ends with the tool's status.
    pub fn each(
        &mut self,
        files: &[String],
        delim: char,
        mut f: impl FnMut(&mut Self, &str, bool) -> Option<Step>,
    ) -> Step {
        for _ in 0..20_000 {
            if self.enough() {
                break;
            }
            match self.record(files, delim) {
                Rec::Text(t, ended) => {
                    if let Some(step) = f(self, &t, ended) {
                        return step;
                    }
                }
                Rec::Later => return self.later(),
                Rec::End => return Step::Exit(self.tool.status),
            }
        }
        Step::More
    }

    /// All readable inputs with their names (descriptor 0 if there are none); complains of the others.
    pub fn texts(&mut self, files: &[String]) -> Result<Vec<(String, String)>, Step> {
        let names = if files.is_empty() { vec!["-".to_owned()] } else { files.to_vec() };
        let mut found = Vec::new();
        for (name, text) in names.iter().zip(self.slurp(&names)?) {
            match text {
                Ok(text) => found.push((name.clone(), text)),
                Err(why) => self.unreadable(name, &why),
            }
        }
        Ok(found)
    }

    /// All records of all inputs.
    pub fn records(&mut self, files: &[String], delim: char) -> Result<Vec<String>, Step> {
        let texts = self.texts(files)?;
        Ok(texts.iter().flat_map(|(_, t)| pieces(t, delim)).map(str::to_owned).collect())
    }

    /// Writes to a file that the command line names, with the checks and words of `open`.
    pub fn put(&mut self, name: &str, text: &str, append: bool) -> Result<(), String> {
        match name {
            "/dev/stdout" | "/dev/fd/1" => self.print(text),
            "/dev/stderr" | "/dev/fd/2" => self.p.err.push_str(text),
            name if name.starts_with("/dev/fd/") => {
                let n = name.trim_start_matches("/dev/fd/").parse().unwrap_or(u32::MAX);
                self.con.write_fd(self.p, n, text)?;
            }
            _ => {
                let full = self.full(name);
                super::mutate::write(self, &full, text.to_owned(), append)?;
                let marks = self.con.marks.entry(format!("{}:{full}", self.p.host)).or_default();
                marks.extend(self.p.sources.iter().cloned());
            }
        }
        Ok(())
    }
}

/// Records of a text without their ends; nothing after a last end.
pub(crate) fn pieces(text: &str, delim: char) -> Vec<&str> {
    let mut all: Vec<&str> = text.split(delim).collect();
    if text.is_empty() || text.ends_with(delim) {
        all.pop();
    }
    all
}

/// Records of a text with their ends.
pub(crate) fn whole_pieces(text: &str, delim: char) -> Vec<&str> {
    text.split_inclusive(delim).collect()
}

/// A count with a multiplier as coreutils reads it: `10`, `2K`, `1MB`, `3b`.
pub(crate) fn amount(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let scale: u128 = match suffix {
        "" => 1,
        "b" => 512,
        _ => {
            let mut letters = suffix.chars();
            let power = match letters.next()? {
                'k' | 'K' => 1,
                'M' => 2,
                'G' => 3,
                'T' => 4,
                'P' => 5,
                'E' => 6,
                _ => return None,
            };
            match letters.as_str() {
                "" | "iB" => 1024u128.pow(power),
                "B" => 1000u128.pow(power),
                _ => return None,
            }
        }
    };
    let number: u128 = if number.is_empty() && !suffix.is_empty() { 1 } else { number.parse().ok()? };
    Some(u64::try_from(number.saturating_mul(scale)).unwrap_or(u64::MAX))
}
