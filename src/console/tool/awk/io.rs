//! awk's files, pipes and children.

use super::State;
use super::ast::{From, To};
use super::compile::Program;
use super::value::Val;
use super::vm::{Flow, regex};
use crate::console::machine::Read;
use crate::console::process::Fd;
use crate::console::tool::{Ctx, Step};
use serde::Serialize;
use std::sync::Arc;

/// Bytes that may wait in a pipe to a command.
const PIPE: usize = 64 * 1024;

/// Bytes of a file that are written at once.
const WRITE: usize = 256 * 1024;

/// Elements of `ARGV` that are looked for at most.
const OPERANDS: usize = 100_000;

/// Files and commands open at once.
const OPEN: usize = 50;

/// Something that is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Reader {
    text: String,
    used: usize,
    /// Descriptor 0, or the pipe from a command.
    stream: bool,
    pipe: Option<u32>,
    child: Option<u32>,
    /// For the main input: operands from the command line; the number of the next element of `ARGV`; whether a file was
    /// opened.
    pub(super) operands: Vec<String>,
    next: usize,
    opened: bool,
    ended: bool,
}

/// Something that is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Writer {
    text: String,
    append: bool,
    pipe: Option<u32>,
    child: Option<u32>,
}

/// What reading gave.
pub(super) enum Got {
    /// 1 a record, 0 the end, -1 an error.
    Status(f64),
    Wait,
}

impl Reader {
    /// Leaves the rest of the file.
    pub(super) fn skip(&mut self) {
        self.text.clear();
        self.used = 0;
        self.stream = false;
    }

    /// The next record, if the buffer holds a whole one (or the end is known).
    fn take(&mut self, program: &Program, rs: &str, end: bool) -> Result<Option<String>, String> {
        let rest = self.text.get(self.used..).unwrap_or_default();
        let rest_end = if rest.is_empty() { return Ok(None) } else { rest.len() };
        if rs.is_empty() {
            let skip = rest.len() - rest.trim_start_matches('\n').len();
            let body = rest.get(skip..).unwrap_or_default();
            if body.is_empty() {
                return Ok(None);
            }
            return Ok(match body.find("\n\n") {
                Some(i) => {
                    let record = body.get(..i).unwrap_or_default().to_owned();
                    let tail = body.get(i..).unwrap_or_default();
                    let gap = tail.len() - tail.trim_start_matches('\n').len();
                    if gap == tail.len() && !end {
                        return Ok(None);
                    }
                    self.used += skip + i + gap;
                    Some(record)
                }
                None if end => {
                    self.used += rest_end;
                    Some(body.trim_end_matches('\n').to_owned())
                }
                None => None,
            });
        }
        let found = if rs.chars().count() == 1 {
            rest.find(rs).map(|i| (i, i + rs.len()))
        } else {
            // A match that touches the end of the buffer may go on.
            regex(program, rs)?.find_at(rest, 0).filter(|(s, e)| e > s && (*e < rest_end || end))
        };
        Ok(match found {
            Some((s, e)) => {
                let record = rest.get(..s).unwrap_or_default().to_owned();
                self.used += e;
                Some(record)
            }
            None if end => {
                let record = rest.to_owned();
                self.used += rest_end;
                // A newline at the very end of the input is none of the record's if it is in the separator.
                Some(record)
            }
            None => None,
        })
    }

    fn fill(&mut self, more: String) {
        if self.used > 0 {
            self.text.drain(..self.used);
            self.used = 0;
        }
        if self.text.is_empty() {
            self.text = more;
        } else {
            self.text.push_str(&more);
        }
    }
}

fn read_fd(c: &mut Ctx<'_>, pipe: Option<u32>) -> Read {
    let Some(id) = pipe else { return c.con.read(c.p) };
    let old = std::mem::replace(&mut c.p.fds[0], Fd::Read(id));
    let got = c.con.read(c.p);
    c.p.fds[0] = old;
    got
}

/// The next operand as the program may have changed it: an element of `ARGV` that is gone is passed over.
fn operand(st: &mut State) -> Option<String> {
    let id = |name: &str| super::compile::SPECIAL.iter().position(|s| *s == name).and_then(|i| u32::try_from(i).ok());
    let count = id("ARGC").and_then(|i| st.globals.get(usize::try_from(i).ok()?)).map_or(0.0, Val::num);
    while ((st.main.next + 1) as f64) < count {
        st.main.next += 1;
        let element = id("ARGV").and_then(|i| st.arrays.get(&i)).and_then(|a| a.find(&st.main.next.to_string()));
        match element.map(|v| v.str("%.6g")) {
            Some(text) if !text.is_empty() => return Some(text.to_string()),
            // A program may claim any count: elements far behind the last one are none.
            None if st.main.next > OPERANDS => return None,
            _ => {}
        }
    }
    None
}

/// The next record of the main input, without setting anything.
fn main_record(c: &mut Ctx<'_>, st: &mut State, program: &Program) -> Result<Result<String, Got>, String> {
    loop {
        let rs = st.special("RS");
        let end = !st.main.stream;
        if let Some(r) = st.main.take(program, &rs, end)? {
            return Ok(Ok(r));
        }
        if st.main.stream {
            match read_fd(c, None) {
                Read::Bytes(t) => st.main.fill(t),
                Read::Later => return Ok(Err(Got::Wait)),
                Read::End => st.main.stream = false,
            }
            continue;
        }
        if st.main.ended {
            return Ok(Err(Got::Status(0.0)));
        }
        match operand(st) {
            None if st.main.opened => {
                st.main.ended = true;
            }
            None => {
                st.main.opened = true;
                st.main.stream = true;
            }
            Some(o) => {
                let assigns = o.split_once('=').filter(|(n, _)| {
                    n.starts_with(|ch: char| ch.is_ascii_alphabetic() || ch == '_')
                        && n.chars().all(|ch| ch.is_ascii_alphanumeric() || ch == '_')
                });
                if let Some((name, value)) = assigns {
                    let v = Val::input(&super::lex::unescape(value));
                    st.assign(program, name, v);
                    continue;
                }
                st.main.opened = true;
                st.set_special("FNR", Val::Num(0.0));
                st.set_special("FILENAME", Val::text(&o));
                if o == "-" || o == "/dev/stdin" {
                    st.main.stream = true;
                    continue;
                }
                st.main.skip();
                match c.load(&o) {
                    Ok(t) => st.main.text = t,
                    Err(why) => return Err(format!("cannot open {o} ({why})")),
                }
            }
        }
    }
}

/// Reads the next record of the main input into `$0`.
pub(super) fn next_record(c: &mut Ctx<'_>, st: &mut State, program: &Program) -> Result<Got, String> {
    match main_record(c, st, program)? {
        Err(got) => Ok(got),
        Ok(text) => {
            st.take_record(&text);
            st.count(true);
            Ok(Got::Status(1.0))
        }
    }
}

impl State {
    fn count(&mut self, file: bool) {
        for name in if file { &["NR", "FNR"][..] } else { &["NR"][..] } {
            let at = super::compile::SPECIAL.iter().position(|s| s == name).unwrap_or(0);
            if let Some(v) = self.globals.get_mut(at) {
                *v = Val::Num(v.num() + 1.0);
            }
        }
    }

    fn take_record(&mut self, text: &str) {
        self.set_record(text);
        self.separator = self.special("FS");
    }

    /// Sets a global variable by name.
    pub(super) fn assign(&mut self, program: &Program, name: &str, v: Val) {
        if let Some(i) = program.globals.iter().position(|g| g == name) {
            self.set(program, super::compile::Place::Global(i), v);
        }
    }
}

/// `getline` in its forms. Sources are on the stack until it is done.
pub(super) fn getline(
    c: &mut Ctx<'_>,
    st: &mut State,
    program: &Program,
    from: From,
    target: bool,
) -> Result<Got, String> {
    if from == From::Main {
        return Ok(match main_record(c, st, program) {
            Err(_) => Got::Status(-1.0),
            Ok(Err(got)) => got,
            Ok(Ok(text)) => {
                if target {
                    st.got = Val::input(&text);
                } else {
                    st.take_record(&text);
                }
                st.count(true);
                Got::Status(1.0)
            }
        });
    }
    let name = st.stack.last().map(|v| v.str("%.6g")).unwrap_or_else(|| Arc::from(""));
    let key = format!("{}{name}", if from == From::File { "<" } else { "|" });
    if !st.readers.contains_key(&key) {
        if st.readers.len() + st.writers.len() >= OPEN {
            return Err("too many open files".to_owned());
        }
        // What was printed so far comes before what the command prints.
        if from == From::Command && !c.p.out.is_empty() {
            return Ok(Got::Wait);
        }
        let mut reader = Reader::default();
        if from == From::Command {
            flush_files(c, st);
            let pipe = c.con.pipe();
            let [input, _, err] = c.p.fds;
            let parent = c.p.clone();
            match c.con.spawn_text(&parent, &name, [input, Fd::Write(pipe), err]) {
                Ok(pid) => {
                    (reader.pipe, reader.child, reader.stream) = (Some(pipe), Some(pid), true);
                    c.tool.held.push(Fd::Read(pipe));
                    c.tool.children.push(pid);
                }
                Err(text) => {
                    c.p.err.push_str(&format!("{text}\n"));
                    st.pop();
                    return Ok(Got::Status(-1.0));
                }
            }
        } else if &*name == "-" || &*name == "/dev/stdin" {
            reader.stream = true;
        } else {
            match c.load(&name) {
                Ok(t) => reader.text = t,
                Err(_) => {
                    st.pop();
                    return Ok(Got::Status(-1.0));
                }
            }
        }
        st.readers.insert(key.clone(), reader);
    }
    let rs = st.special("RS");
    loop {
        let Some(reader) = st.readers.get_mut(&key) else { return Ok(Got::Status(-1.0)) };
        let end = !reader.stream;
        if let Some(text) = reader.take(program, &rs, end)? {
            st.pop();
            if target {
                st.got = Val::input(&text);
            } else {
                st.take_record(&text);
            }
            return Ok(Got::Status(1.0));
        }
        if end {
            st.pop();
            return Ok(Got::Status(0.0));
        }
        let pipe = reader.pipe;
        match read_fd(c, pipe) {
            Read::Bytes(t) => reader.fill(t),
            Read::Later => return Ok(Got::Wait),
            Read::End => reader.stream = false,
        }
    }
}

/// `print` and `printf`.
pub(super) fn print(
    c: &mut Ctx<'_>,
    st: &mut State,
    program: &Program,
    format: bool,
    n: usize,
    to: Option<To>,
) -> Flow {
    // The target is on top; nothing is taken before there is room for the output.
    let mut key = String::new();
    if let Some(to) = to {
        let name = st.stack.last().map(|v| v.str("%.6g")).unwrap_or_else(|| Arc::from(""));
        if name.is_empty() {
            return Flow::Fail("cannot open \"\" for output".to_owned());
        }
        key = format!("{}{name}", if to == To::Command { "|" } else { ">" });
        if let Some(flow) = open(c, st, &key, &name, to) {
            return flow;
        }
        st.pop();
    }
    let from = st.stack.len().saturating_sub(n);
    let args: Vec<Val> = st.stack.drain(from..).collect();
    let text = if format {
        let fmt = st.convfmt();
        let pattern = args.first().map(|v| v.str(&fmt)).unwrap_or_else(|| Arc::from(""));
        match super::builtin::format(&pattern, args.get(1..).unwrap_or_default()) {
            Ok(t) => t,
            Err(why) => return Flow::Fail(why),
        }
    } else {
        let end = st.special("ORS");
        if n == 0 {
            format!("{}{end}", st.record(program))
        } else {
            let sep = st.special("OFS");
            let fmt = st.special("OFMT");
            let mut out = String::new();
            for (i, a) in args.iter().enumerate() {
                if i > 0 {
                    out.push_str(&sep);
                }
                match a {
                    Val::Str(s) | Val::StrNum(s, _) => out.push_str(s),
                    a => out.push_str(&a.str(&fmt)),
                }
            }
            out.push_str(&end);
            out
        }
    };
    match key.as_str() {
        "" | ">/dev/stdout" | ">-" => c.print(&text),
        ">/dev/stderr" => c.p.err.push_str(&text),
        _ => {
            let Some(w) = st.writers.get_mut(&key) else { return Flow::On };
            w.text.push_str(&text);
            let full = w.text.len() > WRITE;
            match w.pipe {
                Some(_) => pump(c, st, &key),
                None if full => flush(c, st, &key),
                None => {}
            }
        }
    }
    Flow::On
}

/// Opens what is printed to, if it is not open; what to do if there is no room for more.
fn open(c: &mut Ctx<'_>, st: &mut State, key: &str, name: &str, to: To) -> Option<Flow> {
    if matches!(name, "/dev/stdout" | "/dev/stderr" | "-") && to != To::Command {
        return None;
    }
    if let Some(w) = st.writers.get(key) {
        if w.pipe.is_some() && w.text.len() > PIPE {
            pump(c, st, key);
            let full = st.writers.get(key).is_some_and(|w| w.text.len() > PIPE);
            return full.then_some(Flow::Again);
        }
        return None;
    }
    if st.readers.len() + st.writers.len() >= OPEN {
        return Some(Flow::Fail("too many open files".to_owned()));
    }
    let mut w = Writer { append: to == To::Append, ..Writer::default() };
    if to == To::Command {
        if !c.p.out.is_empty() {
            return Some(Flow::Flush);
        }
        flush_files(c, st);
        let pipe = c.con.pipe();
        let [_, out, err] = c.p.fds;
        let parent = c.p.clone();
        match c.con.spawn_text(&parent, name, [Fd::Read(pipe), out, err]) {
            Ok(pid) => {
                (w.pipe, w.child) = (Some(pipe), Some(pid));
                c.tool.held.push(Fd::Write(pipe));
                c.tool.children.push(pid);
            }
            Err(text) => return Some(Flow::Fail(text)),
        }
    }
    st.writers.insert(key.to_owned(), w);
    None
}

/// Moves what fits into the pipe of a command.
fn pump(c: &mut Ctx<'_>, st: &mut State, key: &str) {
    let Some(w) = st.writers.get_mut(key) else { return };
    let Some(id) = w.pipe else { return };
    let alive = w.child.is_some_and(|pid| c.con.procs.contains_key(&pid));
    let Some(pipe) = c.con.pipes.get_mut(&id).filter(|_| alive) else {
        w.text.clear();
        return;
    };
    pipe.sources.extend(c.p.sources.iter().cloned());
    let mut cut = PIPE.saturating_sub(pipe.buffer.len()).min(w.text.len());
    while !w.text.is_char_boundary(cut) {
        cut -= 1;
    }
    pipe.buffer.push_str(w.text.get(..cut).unwrap_or_default());
    w.text.drain(..cut);
}

/// Writes what a file was given.
fn flush(c: &mut Ctx<'_>, st: &mut State, key: &str) {
    let Some(w) = st.writers.get_mut(key).filter(|w| w.pipe.is_none()) else { return };
    if w.text.is_empty() && w.append {
        return;
    }
    let text = std::mem::take(&mut w.text);
    let append = std::mem::replace(&mut w.append, true);
    let name = key.get(1..).unwrap_or_default().to_owned();
    let full = c.full(&name);
    if let Err(why) = crate::console::tool::mutate::write(c, &full, text, append) {
        c.p.err.push_str(&format!("awk: cannot open \"{name}\" for output ({why})\n"));
        c.tool.status = 2;
        st.exit = Some(2);
    }
}

pub(super) fn flush_files(c: &mut Ctx<'_>, st: &mut State) {
    let keys: Vec<String> = st.writers.keys().cloned().collect();
    for k in keys {
        flush(c, st, &k);
    }
}

/// The status of a child that ended; `None` while it runs.
fn ended(c: &mut Ctx<'_>, pid: u32) -> Option<i32> {
    let status = match c.con.exits.remove(&pid) {
        Some(s) => s,
        None if c.con.procs.contains_key(&pid) => return None,
        None => 0,
    };
    c.tool.children.retain(|p| *p != pid);
    Some(status)
}

/// Closes what is written under `key`; `None` while its command runs.
fn close_writer(c: &mut Ctx<'_>, st: &mut State, key: &str) -> Option<i32> {
    flush(c, st, key);
    pump(c, st, key);
    let w = st.writers.get(key)?;
    let (Some(pipe), Some(child)) = (w.pipe, w.child) else {
        st.writers.remove(key);
        return Some(0);
    };
    if !w.text.is_empty() {
        return None;
    }
    c.tool.held.retain(|fd| *fd != Fd::Write(pipe));
    let status = ended(c, child)?;
    st.writers.remove(key);
    Some(status)
}

/// `close(name)`: the name stays on the stack until it is done.
pub(super) fn close(c: &mut Ctx<'_>, st: &mut State) -> Flow {
    let name = st.stack.last().map(|v| v.str("%.6g")).unwrap_or_else(|| Arc::from(""));
    let mut status = -1;
    for key in [format!(">{name}"), format!("|{name}")] {
        if st.writers.contains_key(&key) {
            match close_writer(c, st, &key) {
                Some(s) => status = s,
                None => return Flow::Again,
            }
        }
    }
    for key in [format!("<{name}"), format!("|{name}")] {
        if let Some(r) = st.readers.remove(&key) {
            status = drop_reader(c, &r);
        }
    }
    st.pop();
    st.push(Val::Num(f64::from(status)));
    Flow::On
}

fn drop_reader(c: &mut Ctx<'_>, r: &Reader) -> i32 {
    if let Some(pipe) = r.pipe {
        c.tool.held.retain(|fd| *fd != Fd::Read(pipe));
    }
    match r.child {
        Some(pid) => {
            c.tool.children.retain(|p| *p != pid);
            c.con.exits.remove(&pid).unwrap_or(0)
        }
        None => 0,
    }
}

/// `system(command)`: the command stays on the stack until it is done.
pub(super) fn system(c: &mut Ctx<'_>, st: &mut State) -> Flow {
    if let Some(pid) = st.child {
        let Some(status) = ended(c, pid) else { return Flow::Again };
        st.child = None;
        st.pop();
        st.push(Val::Num(f64::from(status)));
        return Flow::On;
    }
    if !c.p.out.is_empty() || !c.p.err.is_empty() {
        return Flow::Flush;
    }
    flush_files(c, st);
    let command = st.stack.last().map(|v| v.str("%.6g")).unwrap_or_else(|| Arc::from(""));
    let parent = c.p.clone();
    match c.con.spawn_text(&parent, &command, c.p.fds) {
        Ok(pid) => {
            st.child = Some(pid);
            c.tool.children.push(pid);
            Flow::Again
        }
        Err(text) => {
            c.p.err.push_str(&format!("{text}\n"));
            st.pop();
            st.push(Val::Num(2.0));
            Flow::On
        }
    }
}

/// The end: what was printed goes out, then commands get the end of their input, and are waited for.
pub(super) fn finish(c: &mut Ctx<'_>, st: &mut State) -> Step {
    if !c.p.out.is_empty() || !c.p.err.is_empty() {
        return Step::More;
    }
    flush_files(c, st);
    for r in std::mem::take(&mut st.readers).into_values() {
        drop_reader(c, &r);
    }
    let keys: Vec<String> = st.writers.keys().cloned().collect();
    for k in keys {
        if close_writer(c, st, &k).is_none() {
            return c.later();
        }
    }
    Step::Exit(st.exit.unwrap_or(0).max(c.tool.status))
}
