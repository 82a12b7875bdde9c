//! Runs a script over its input, a bounded number of commands a step.

use super::parse::{Address, Command, Op, Program};
use super::substitute::substitute;
use super::{Append, Plan, Range, State};
use crate::console::machine::Read;
use crate::console::path;
use crate::console::tool::{Ctx, Step};

/// Commands of one step at most.
const COMMANDS: u32 = 20_000;

/// Bytes of pattern and hold space at most.
const SPACE: usize = 8 << 20;

/// What a read of the next line gave.
enum Next {
    Line,
    Later,
    End,
}

/// Writes to a file as `w` does.
pub(super) fn output(c: &mut Ctx<'_>, name: &str, text: &str, append: bool) -> Result<(), String> {
    match name {
        "/dev/stdout" => {
            c.print(text);
            return Ok(());
        }
        "/dev/stderr" => {
            c.p.err.push_str(text);
            return Ok(());
        }
        _ => {}
    }
    let full = c.full(name);
    crate::console::tool::mutate::write(c, &full, text.to_owned(), append)
}

fn emit(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, text: &str, end: Option<char>) {
    let mut out = String::with_capacity(text.len() + 2);
    if std::mem::take(&mut st.missing) {
        out.push(plan.delim);
    }
    out.push_str(text);
    out.extend(end);
    if plan.suffix.is_some() {
        st.edited.push_str(&out);
    } else {
        c.p.out.push_str(&out);
    }
}

fn print_space(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) {
    let space = std::mem::take(&mut st.space);
    let newline = st.newline;
    emit(c, plan, st, &space, newline.then_some(plan.delim));
    st.missing = !newline;
    st.space = space;
}

/// Opens the next file; false if there is none.
fn open(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) -> bool {
    while let Some(name) = st.files.pop() {
        st.used = 0;
        st.text.clear();
        if plan.separate && st.open {
            st.line = 0;
            // What `R` reads begins again with each file.
            st.taken.clear();
        }
        if name == "-" && plan.suffix.is_none() {
            (st.stream, st.open, st.name) = (true, true, name);
            return true;
        }
        match c.load(&name) {
            Ok(t) => {
                (st.text, st.open, st.name) = (t, true, name);
                st.edited.clear();
                return true;
            }
            Err(why) => {
                let directory = why == "Is a directory";
                let text = match (directory, plan.suffix.is_some()) {
                    (true, true) => format!("couldn't edit {name}: not a regular file"),
                    (true, false) => format!("read error on {name}: Is a directory"),
                    _ => format!("can't read {name}: {why}"),
                };
                c.error(&text);
                c.tool.status = if plan.suffix.is_some() && directory { 4 } else { 2 };
            }
        }
    }
    false
}

/// Whether another line follows; `None` if that is not known yet.
fn more(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) -> Option<bool> {
    loop {
        if st.used < st.text.len() {
            // An unfinished line of a stream may go on.
            if !st.stream || st.text.get(st.used..).is_some_and(|t| t.contains(plan.delim)) {
                return Some(true);
            }
        }
        if st.stream {
            match c.con.read(c.p) {
                Read::Bytes(t) => {
                    st.text = format!("{}{t}", st.text.get(st.used..).unwrap_or_default());
                    st.used = 0;
                    continue;
                }
                Read::Later => return None,
                Read::End => {
                    st.stream = false;
                    continue;
                }
            }
        }
        if plan.separate && st.open {
            return Some(false);
        }
        if !open(c, plan, st) {
            return Some(false);
        }
    }
}

/// Reads the next line into the pattern space, behind what is there if `join`.
fn read(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, join: bool) -> Next {
    match more(c, plan, st) {
        None => return Next::Later,
        Some(false) => return Next::End,
        Some(true) => {}
    }
    let rest = st.text.get(st.used..).unwrap_or_default();
    let (line, newline) = match rest.find(plan.delim) {
        Some(i) => (rest.get(..i).unwrap_or_default(), true),
        None => (rest, false),
    };
    if join && st.space.len() + line.len() < SPACE {
        st.space.push('\n');
        st.space.push_str(line);
    } else if !join {
        line.clone_into(&mut st.space);
    }
    st.newline = newline;
    st.used += line.len() + usize::from(newline);
    st.line += 1;
    Next::Line
}

fn flush_appends(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) {
    for a in std::mem::take(&mut st.append) {
        match a {
            Append::Text(t) => emit(c, plan, st, &t, None),
            Append::File(name) => {
                if let Ok(t) = c.load(&name)
                    && !t.is_empty()
                {
                    emit(c, plan, st, &t, None);
                    st.missing = !t.ends_with('\n');
                }
            }
        }
    }
}

/// Ends a file that is edited in place.
fn save(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) {
    let Some(suffix) = plan.suffix.clone().filter(|_| st.open) else { return };
    let full = c.full(&st.name);
    if !suffix.is_empty() {
        let base = path::base(&st.name).to_owned();
        let name = if suffix.contains('*') { suffix.replace('*', &base) } else { format!("{base}{suffix}") };
        let target = if name.contains('/') { c.full(&name) } else { path::join(path::parent(&full), &name) };
        if let Ok(text) = c.load(&st.name.clone())
            && let Err(why) = crate::console::tool::mutate::write(c, &target, text, false)
        {
            c.error(&format!("cannot rename {}: {why}", st.name));
            c.tool.status = 4;
        }
    }
    let text = std::mem::take(&mut st.edited);
    st.missing = false;
    if let Err(why) = crate::console::tool::mutate::replace(c, &full, text) {
        let dir = path::parent(&full).to_owned();
        c.error(&format!("couldn't open temporary file {}: {why}", path::join(&dir, "sedXXXXXX")));
        c.tool.status = 4;
    }
}

/// Goes on until enough is printed, input is missing or the script ends.
pub(super) fn run(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Program) -> Step {
    let mut left = COMMANDS;
    loop {
        if c.enough() || left == 0 || st.edited.len() > super::super::input::MOST {
            return Step::More;
        }
        // A long pattern space costs what working on it costs.
        let cost = 1 + u32::try_from(st.space.len() / 256).unwrap_or(COMMANDS);
        left = left.saturating_sub(cost);
        if left == 0 {
            c.p.spent = c.p.spent.saturating_add(20);
        }
        let Some(pc) = st.pc else {
            if let Some(step) = next_cycle(c, plan, st) {
                return step;
            }
            continue;
        };
        let Some(command) = program.commands.get(pc) else {
            end_cycle(c, plan, st, !plan.quiet);
            continue;
        };
        let chosen = match selects(c, plan, st, program, pc, command) {
            Ok(Some(yes)) => yes != command.negate,
            Ok(None) => return c.later(),
            Err(why) => {
                c.error(&why);
                return Step::Exit(1);
            }
        };
        st.pc = Some(pc + 1);
        if !chosen {
            if let Op::Open(close) = command.op {
                st.pc = Some(close + 1);
            }
            continue;
        }
        if let Some(step) = act(c, plan, st, program, (pc, command)) {
            return step;
        }
    }
}

/// Begins the next cycle; a step if it cannot, or the script is over.
fn next_cycle(c: &mut Ctx<'_>, plan: &Plan, st: &mut State) -> Option<Step> {
    if let Some(status) = st.quit {
        // The rest of a file that is edited in place stays.
        if plan.suffix.is_some() {
            let rest = st.text.get(st.used..).unwrap_or_default().to_owned();
            if !rest.is_empty() {
                emit(c, plan, st, &rest, None);
            }
        }
        save(c, plan, st);
        return Some(Step::Exit(if status > 0 { status } else { c.tool.status }));
    }
    if std::mem::take(&mut st.keep) {
        st.pc = Some(0);
        return None;
    }
    loop {
        match read(c, plan, st, false) {
            Next::Line => {
                st.replaced = false;
                st.pc = Some(0);
                return None;
            }
            Next::Later => return Some(c.later()),
            Next::End => {
                save(c, plan, st);
                if plan.separate && open(c, plan, st) {
                    st.line = if plan.suffix.is_some() || plan.separate { 0 } else { st.line };
                    continue;
                }
                return Some(Step::Exit(c.tool.status));
            }
        }
    }
}

fn end_cycle(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, print: bool) {
    if print {
        print_space(c, plan, st);
    }
    flush_appends(c, plan, st);
    st.pc = None;
}

/// Whether the line is addressed; `Ok(None)` if that is not known yet.
fn selects(
    c: &mut Ctx<'_>,
    plan: &Plan,
    st: &mut State,
    program: &Program,
    pc: usize,
    command: &Command,
) -> Result<Option<bool>, String> {
    let Some(from) = command.from else { return Ok(Some(true)) };
    let Some(to) = command.to else { return at(c, plan, st, program, from) };
    let state = st.ranges.get(pc).copied().unwrap_or_default();
    let line = st.line;
    let set = |st: &mut State, r: Range| {
        if let Some(slot) = st.ranges.get_mut(pc) {
            *slot = r;
        }
    };
    if state == Range::Closed && from == Address::Line(0) {
        set(st, Range::Open);
        return selects(c, plan, st, program, pc, command);
    }
    match state {
        Range::Over | Range::Closed => {
            if state == Range::Over && !plan.separate {
                return Ok(Some(false));
            }
            let Some(begins) = at(c, plan, st, program, from)? else { return Ok(None) };
            if !begins {
                return Ok(Some(false));
            }
            let next = match to {
                Address::Line(n) if n <= line => Range::Closed,
                Address::Line(n) => Range::Until(n),
                Address::Plus(0) => Range::Closed,
                Address::Plus(n) => Range::Until(line + n),
                Address::Multiple(n) if n == 0 || line.is_multiple_of(n) => Range::Closed,
                Address::Multiple(n) => Range::Until(line.div_ceil(n) * n),
                _ => Range::Open,
            };
            set(st, next);
            Ok(Some(true))
        }
        Range::Until(n) => {
            if line >= n {
                set(st, if matches!(from, Address::Line(_)) { Range::Over } else { Range::Closed });
            }
            // A jump may have passed the end of the range.
            if line > n {
                return if matches!(from, Address::Line(_)) {
                    Ok(Some(false))
                } else {
                    selects(c, plan, st, program, pc, command)
                };
            }
            Ok(Some(true))
        }
        Range::Open => {
            let Some(ends) = at(c, plan, st, program, to)? else { return Ok(None) };
            if ends {
                set(st, if matches!(from, Address::Line(_)) { Range::Over } else { Range::Closed });
            }
            Ok(Some(true))
        }
    }
}

fn at(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, program: &Program, a: Address) -> Result<Option<bool>, String> {
    Ok(Some(match a {
        Address::Line(n) => st.line == n,
        Address::Step(first, 0) => st.line == first,
        Address::Step(first, step) => st.line >= first && (st.line - first).is_multiple_of(step),
        Address::Last => match more(c, plan, st) {
            None => return Ok(None),
            Some(more) => !more,
        },
        Address::Re(i) => {
            let i = i.or(st.last_re).ok_or("no previous regular expression")?;
            st.last_re = Some(i);
            program.regexes.get(i).is_some_and(|r| r.is_match(&st.space))
        }
        Address::Plus(_) | Address::Multiple(_) => false,
    }))
}

/// Carries out a command.
fn act(
    c: &mut Ctx<'_>,
    plan: &Plan,
    st: &mut State,
    program: &Program,
    (pc, command): (usize, &Command),
) -> Option<Step> {
    let end = program.commands.len();
    match &command.op {
        Op::Open(_) | Op::Close | Op::Label => {}
        Op::Append(t) => st.append.push(Append::Text(t.clone())),
        Op::Insert(t) => emit(c, plan, st, t, None),
        Op::Change(t) => {
            let closed = !matches!(st.ranges.get(pc), Some(Range::Open | Range::Until(_)));
            if command.to.is_none() || command.negate || closed {
                emit(c, plan, st, t, None);
            }
            end_cycle(c, plan, st, false);
        }
        Op::Branch(to) => st.pc = Some(to.unwrap_or(end)),
        Op::Test(want, to) => {
            if std::mem::take(&mut st.replaced) == *want {
                st.pc = Some(to.unwrap_or(end));
            }
        }
        Op::Quit(status, print) => {
            st.quit = Some(*status);
            if *print {
                end_cycle(c, plan, st, !plan.quiet);
            } else {
                st.pc = None;
            }
        }
        Op::List(n) => {
            let text = listed(&st.space, n.unwrap_or(plan.wrap));
            emit(c, plan, st, &text, None);
        }
        Op::Read(name) => st.append.push(Append::File(name.clone())),
        Op::ReadLine(name) => {
            let at = st.taken.get(name).copied().unwrap_or(0);
            if let Ok(text) = c.load(name)
                && let Some(rest) = text.get(at..).filter(|r| !r.is_empty())
            {
                let line = rest.split('\n').next().unwrap_or_default();
                st.append.push(Append::Text(format!("{line}\n")));
                st.taken.insert(name.clone(), (at + line.len() + 1).min(text.len()));
            }
        }
        Op::Write(name) => write(c, plan, st, name, false),
        Op::WriteLine(name) => write(c, plan, st, name, true),
        Op::Substitute(s) => {
            let Some(i) = s.re.or(st.last_re) else {
                c.error("no previous regular expression");
                return Some(Step::Exit(1));
            };
            st.last_re = Some(i);
            let made = program.regexes.get(i).and_then(|re| substitute(s, re, &st.space));
            if let Some(text) = made {
                if text.len() > SPACE {
                    c.error("memory exhausted");
                    return Some(Step::Exit(4));
                }
                st.space = text;
                st.replaced = true;
                if s.print {
                    print_space(c, plan, st);
                }
                if let Some(name) = &s.write {
                    write(c, plan, st, name, false);
                }
            }
        }
        Op::Translate(pairs) => {
            let swap = |ch: char| pairs.iter().find(|(a, _)| *a == ch).map_or(ch, |(_, b)| *b);
            st.space = st.space.chars().map(swap).collect();
        }
        Op::Plain(op) => return plain(c, plan, st, pc, *op),
    }
    None
}

fn write(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, name: &str, first: bool) {
    let line = if first { st.space.split('\n').next().unwrap_or_default() } else { &st.space };
    let text = format!("{line}{}", plan.delim);
    if name == "/dev/stdout" {
        emit(c, plan, st, &text, None);
    } else if let Err(why) = output(c, name, &text, true) {
        c.error(&format!("couldn't write to {name}: {why}"));
        c.tool.status = 4;
    }
}

fn plain(c: &mut Ctx<'_>, plan: &Plan, st: &mut State, pc: usize, op: char) -> Option<Step> {
    match op {
        '=' => {
            let n = st.line;
            emit(c, plan, st, &format!("{n}{}", plan.delim), None);
        }
        'd' => end_cycle(c, plan, st, false),
        'D' => match st.space.find('\n') {
            None => end_cycle(c, plan, st, false),
            Some(i) => {
                st.space.drain(..=i);
                st.keep = true;
                end_cycle(c, plan, st, false);
            }
        },
        'F' => {
            let name = format!("{}\n", st.name);
            emit(c, plan, st, &name, None);
        }
        'g' => st.space.clone_from(&st.hold),
        'G' if st.space.len() + st.hold.len() < SPACE => {
            st.space.push(plan.delim);
            st.space.push_str(&st.hold);
        }
        'h' => st.hold.clone_from(&st.space),
        'H' if st.space.len() + st.hold.len() < SPACE => {
            st.hold.push(plan.delim);
            st.hold.push_str(&st.space);
        }
        'G' | 'H' => {
            c.error("memory exhausted");
            return Some(Step::Exit(4));
        }
        'n' | 'N' => {
            match more(c, plan, st) {
                None => {
                    // Asked again once there is input.
                    st.pc = Some(pc);
                    return Some(c.later());
                }
                Some(false) if plan.separate && !st.files.is_empty() => {
                    end_cycle(c, plan, st, !plan.quiet);
                    return None;
                }
                Some(false) => {
                    st.quit = Some(0);
                    end_cycle(c, plan, st, !plan.quiet);
                    return None;
                }
                Some(true) => {}
            }
            if op == 'n' && !plan.quiet {
                print_space(c, plan, st);
            }
            flush_appends(c, plan, st);
            read(c, plan, st, op == 'N');
        }
        'p' => print_space(c, plan, st),
        'P' => {
            let line = st.space.split('\n').next().unwrap_or_default().to_owned();
            emit(c, plan, st, &line, Some(plan.delim));
        }
        'x' => std::mem::swap(&mut st.space, &mut st.hold),
        'z' => st.space.clear(),
        _ => {}
    }
    None
}

/// What `l` prints.
fn listed(text: &str, wrap: usize) -> String {
    let mut out = String::new();
    let mut width = 0;
    for b in crate::console::text_format::to_bytes(text) {
        let one = match b {
            b'\\' => "\\\\".to_owned(),
            7 => "\\a".to_owned(),
            8 => "\\b".to_owned(),
            12 => "\\f".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            b'\t' => "\\t".to_owned(),
            11 => "\\v".to_owned(),
            b' '..=b'~' => char::from(b).to_string(),
            b => format!("\\{b:03o}"),
        };
        if wrap > 1 && width + one.len() > wrap - 1 {
            out.push_str("\\\n");
            width = 0;
        }
        width += one.len();
        out.push_str(&one);
    }
    out.push_str("$\n");
    out
}
