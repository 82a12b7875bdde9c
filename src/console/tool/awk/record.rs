//! The record and its fields: split when somebody asks, put together again when a field was set.

use super::State;
use super::compile::Program;
use super::value::Val;
use super::vm::regex;
use std::sync::Arc;

/// Highest field.
const FIELDS: f64 = 1_000_000.0;

/// Pieces of a text between separators; `lines` if a newline separates too.
pub(super) fn pieces(program: &Program, text: &str, sep: &str, lines: bool) -> Result<Vec<Val>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if sep == " " {
        return Ok(text.split([' ', '\t', '\n']).filter(|p| !p.is_empty()).map(Val::input).collect());
    }
    if sep.is_empty() {
        return Ok(text.chars().map(|c| Val::input(c.encode_utf8(&mut [0; 4]))).collect());
    }
    let single = sep.chars().count() == 1 && sep != "\\";
    if single {
        if lines {
            let c = sep.chars().next().unwrap_or(' ');
            return Ok(text.split([c, '\n']).map(Val::input).collect());
        }
        return Ok(text.split(sep).map(Val::input).collect());
    }
    let sep = if lines { format!("({sep})|\n") } else { sep.to_owned() };
    let re = regex(program, &sep)?;
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some((s, e)) = re.find_at(text, at) {
        if e == s {
            at = crate::console::posix::step(text, e);
            if at > text.len() {
                break;
            }
            continue;
        }
        out.push(Val::input(text.get(from..s).unwrap_or_default()));
        from = e;
        at = e;
    }
    out.push(Val::input(text.get(from..).unwrap_or_default()));
    Ok(out)
}

impl State {
    pub(super) fn set_record(&mut self, text: &str) {
        self.record = Arc::from(text);
        self.fields.clear();
        self.split = false;
        self.stale = false;
    }

    /// `$0`, put together again if a field was set.
    pub(super) fn record(&mut self, _program: &Program) -> Arc<str> {
        if self.stale {
            let sep = self.special("OFS");
            let fmt = self.convfmt();
            let parts: Vec<Arc<str>> = self.fields.iter().map(|f| f.str(&fmt)).collect();
            self.record = Arc::from(parts.join(&sep));
            self.stale = false;
        }
        self.record.clone()
    }

    pub(super) fn split_record(&mut self, program: &Program) {
        if self.split {
            return;
        }
        self.split = true;
        let lines = self.special("RS").is_empty();
        let sep = self.separator.clone();
        let text = self.record.clone();
        self.fields = pieces(program, &text, &sep, lines && &*sep != " ").unwrap_or_default();
    }

    pub(super) fn field(&mut self, program: &Program, n: f64) -> Result<Val, String> {
        if n < 0.0 {
            return Err(format!("negative field index ${n}"));
        }
        if n < 1.0 {
            let text = self.record(program);
            return Ok(Val::input(&text));
        }
        self.split_record(program);
        Ok(self.fields.get(n as usize - 1).cloned().unwrap_or_else(|| Val::text("")))
    }

    pub(super) fn set_field(&mut self, program: &Program, n: f64, v: &Val) -> Result<(), String> {
        if n < 0.0 {
            return Err(format!("negative field index ${n}"));
        }
        if n > FIELDS {
            return Err(format!("maximum number of fields exceeded: ${n}"));
        }
        let fmt = self.convfmt();
        if n < 1.0 {
            self.set_record(&v.str(&fmt));
            self.separator = self.special("FS");
            return Ok(());
        }
        self.split_record(program);
        let at = n as usize - 1;
        if self.fields.len() <= at {
            self.fields.resize(at + 1, Val::text(""));
        }
        if let Some(slot) = self.fields.get_mut(at) {
            *slot = v.clone();
        }
        self.stale = true;
        Ok(())
    }
}
