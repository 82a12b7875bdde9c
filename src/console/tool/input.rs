//! Input of the text tools: records with their ends, whole files, and what each tool says of a file that it cannot read.

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
        if names.iter().any(|n| n == "-") && !self.tool.input.done {
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
        let mut texts = Vec::new();
        for n in names {
            texts.push(if n == "-" { Ok(std::mem::take(&mut self.tool.text)) } else { self.load(n) });
        }
        Ok(texts)
    }

    /// `NAME: message` and a hint at `--help`.
    pub fn misuse(&mut self, message: &str, status: i32) -> Step {
        let name = self.tool.name.clone();
        self.p.err.push_str(&format!("{name}: {message}\nTry '{name} --help' for more information.\n"));
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
