//! `read` and `mapfile`: what they do with what comes.

use super::{fail, set};
use crate::console::expand::read_fields;
use crate::console::machine::{Console, Read};
use crate::console::process::{Frame, Proc, Reading, Shell};
use crate::console::var::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const MAX_LINE: usize = 1 << 20;

impl Console {
    pub(super) fn read_builtin(&mut self, p: &mut Proc, sh: &mut Shell, mut r: Box<Reading>) -> bool {
        let before = std::mem::take(&mut p.sources);
        let left = r.count.map(|n| n.saturating_sub(r.have.chars().count()));
        let delimiter = if r.map || r.exact { None } else { Some(r.delimiter) };
        let got = if left == Some(0) { Read::End } else { self.take(p, r.fd, delimiter, left) };
        r.sources.extend(std::mem::replace(&mut p.sources, before));
        let late = r.until_ms.is_some_and(|t| t <= self.now_ms);
        let full = left == Some(0);
        match got {
            Read::Later if late => self.finish_reading(p, sh, *r, 142),
            Read::Later => {
                sh.frames.push(Frame::Read(r));
                return false;
            }
            Read::End => {
                let status = i32::from(!full);
                self.finish_reading(p, sh, *r, status);
            }
            Read::Bytes(text) => {
                r.have.push_str(&text);
                if r.map {
                    let many = r.count.is_some();
                    if r.have.len() > MAX_LINE || many && r.have.is_empty() {
                        self.finish_reading(p, sh, *r, 1);
                        return true;
                    }
                    sh.frames.push(Frame::Read(r));
                    return true;
                }
                let whole = !r.exact && r.have.ends_with(r.delimiter) && !continued(&r);
                if whole {
                    r.have.truncate(r.have.len() - r.delimiter.len_utf8());
                    self.finish_reading(p, sh, *r, 0);
                } else if r.have.len() > MAX_LINE {
                    self.finish_reading(p, sh, *r, 1);
                } else {
                    sh.frames.push(Frame::Read(r));
                }
            }
        }
        true
    }

    fn finish_reading(&mut self, p: &mut Proc, sh: &mut Shell, r: Reading, status: i32) {
        sh.status = status;
        if r.map {
            return map(p, sh, &r);
        }
        // A text has no NUL bytes.
        let line = unescaped(&r.have.replace('\0', ""), r.raw);
        let ifs = sh.vars.get("IFS").and_then(|v| v.text()).unwrap_or(" \t\n").to_owned();
        if let Some(array) = &r.array {
            let fields = read_fields(&line, &ifs, usize::MAX);
            return put_array(p, sh, array, fields, 0, true, &r);
        }
        let whole: String = line.iter().map(|(c, _)| *c).collect();
        if r.names.is_empty() {
            return put(p, sh, "REPLY", &whole, &r, status);
        }
        if r.exact {
            for (i, name) in r.names.iter().enumerate() {
                put(p, sh, name, if i == 0 { &whole } else { "" }, &r, status);
            }
            return;
        }
        let fields = read_fields(&line, &ifs, r.names.len());
        for (i, name) in r.names.iter().enumerate() {
            put(p, sh, name, fields.get(i).map(String::as_str).unwrap_or_default(), &r, status);
        }
    }
}

fn put(p: &mut Proc, sh: &mut Shell, name: &str, text: &str, r: &Reading, status: i32) {
    let (array, index) = match name.split_once('[') {
        Some((a, rest)) => (a, rest.strip_suffix(']')),
        None => (name, None),
    };
    let sources = r.sources.clone();
    match index {
        Some(i) => {
            if let Err(why) = sh.store(array, Some(i), text, false, sources, 0) {
                fail(p, sh, 1, &why);
            }
        }
        None => {
            set(p, sh, name, text, sources);
            if sh.status == 0 {
                sh.status = status;
            }
        }
    }
}

/// Whether a backslash joins the next line.
fn continued(r: &Reading) -> bool {
    if r.raw || r.delimiter != '\n' {
        return false;
    }
    let line = r.have.get(..r.have.len().saturating_sub(1)).unwrap_or_default();
    line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
}

/// The line with its backslashes taken out; what they stood before is no separator.
fn unescaped(line: &str, raw: bool) -> Vec<(char, bool)> {
    if raw {
        return line.chars().map(|c| (c, false)).collect();
    }
    let mut out = Vec::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push((c, false));
            continue;
        }
        match chars.next() {
            Some('\n') | None => {}
            Some(c) => out.push((c, true)),
        }
    }
    out
}

fn map(p: &mut Proc, sh: &mut Shell, r: &Reading) {
    let mut lines = Vec::new();
    let mut rest = r.have.as_str();
    while !rest.is_empty() {
        let end = rest.find(r.delimiter).map_or(rest.len(), |i| i + r.delimiter.len_utf8());
        let (line, after) = rest.split_at(end);
        rest = after;
        let line = if r.trim { line.strip_suffix(r.delimiter).unwrap_or(line) } else { line };
        lines.push(line.to_owned());
    }
    let lines: Vec<String> = lines.into_iter().skip(r.skip).take(r.limit()).collect();
    sh.status = 0;
    let array = r.array.clone().unwrap_or_else(|| "MAPFILE".to_owned());
    if let Some((command, every)) = &r.callback {
        let every = usize::try_from(*every).unwrap_or(1);
        let mut text = String::new();
        for (i, line) in lines.iter().enumerate().skip(every - 1).step_by(every).take(1000) {
            let at = r.origin.saturating_add(i as u64);
            text.push_str(&format!("{command} {at} {}\n", crate::console::escape::single(line)));
        }
        let script = crate::console::process::Script::new(&text, sh.line, crate::console::process::ScriptKind::Eval);
        sh.frames.push(Frame::Script(script));
    }
    put_array(p, sh, &array, lines, r.origin, r.origin == 0, r);
}

impl Reading {
    /// `mapfile -n`: most lines. It travels as text because `count` counts characters.
    fn limit(&self) -> usize {
        self.names.first().and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(usize::MAX)
    }
}

fn put_array(p: &mut Proc, sh: &mut Shell, name: &str, all: Vec<String>, origin: u64, fresh: bool, r: &Reading) {
    if sh.vars.get(name).is_some_and(|v| v.readonly) {
        return fail(p, sh, 1, &format!("{name}: readonly variable"));
    }
    let name = sh.vars.target(name);
    let Some(var) = sh.vars.change(&name) else { return };
    var.sources.clone_from(&r.sources);
    if fresh || !var.is_array() {
        var.value = Value::Indexed(Arc::new(BTreeMap::new()));
    }
    if let Value::Indexed(a) = &mut var.value {
        Arc::make_mut(a).extend((origin..).zip(all));
    }
}
