//! pg_dump, pg_restore and mysqldump: rows written out as SQL, or as an archive whose bytes come at the rate of the store.

mod mysql;
mod postgres;
mod restore;

use crate::console::host::JobState;
use crate::console::process::Fd;
use crate::console::tool::mutate::{alter, check};
use crate::console::tool::{Ctx, Decl, Mind, Step};
use crate::sim::effect::{Applied, Effect, FileAct, StoreAct, StoreEffect};
use serde::Serialize;

pub(crate) const TOOLS: &[Decl] = &[mysql::TOOL, postgres::TOOL, restore::TOOL];

/// Most rows of a table that are written as text.
const MOST_ROWS: u64 = 20_000;

/// A part of what is written: what is told on the other output before it, its text, and the milliseconds that it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Piece {
    told: String,
    text: String,
    ms: u64,
}

/// What is left to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// Parts of a text, the next one last.
    pieces: Vec<Piece>,
    /// The file that is written to: its path, or the output.
    file: Option<String>,
    /// Bytes of an archive in all.
    total: u64,
    /// Told as shares of an archive are done: percent and line.
    told: Vec<(u64, String)>,
}

/// Milliseconds that so many bytes take.
fn milliseconds(bytes: u64, rate: u64) -> u64 {
    u64::try_from(u128::from(bytes) * 1_000 / u128::from(rate.max(1))).unwrap_or(u64::MAX)
}

/// The path that is written to: the one that is named, or what the output was sent to.
fn target(c: &Ctx<'_>, named: Option<&str>) -> Option<String> {
    match (named, c.p.fds.get(1)) {
        (Some(name), _) => Some(c.full(name)),
        (None, Some(Fd::File(n))) => c.con.files.get(n).filter(|f| f.host == c.p.host).map(|f| f.path.clone()),
        _ => None,
    }
}

/// Makes an empty file; the error is in the kernel's words.
fn create(c: &mut Ctx<'_>, full: &str) -> Result<(), String> {
    check(c, "write", full)?;
    let host = c.on();
    let target = format!("{host}:{full}");
    let owner = c.p.user.clone();
    let effect = Effect::Write { host, path: full.to_owned(), text: String::new(), append: false, owner };
    c.apply(&effect, "write", &target).map(|_| ())
}

fn append(c: &mut Ctx<'_>, full: &str, text: String) -> Result<(), String> {
    let host = c.on();
    let target = format!("{host}:{full}");
    let owner = c.p.user.clone();
    c.apply(&Effect::Write { host, path: full.to_owned(), text, append: true, owner }, "write", &target).map(|_| ())
}

/// Begins to write an archive of a store into a file.
fn archive(c: &mut Ctx<'_>, store: &str, file: String, told: Vec<(u64, String)>) -> Result<Step, String> {
    create(c, &file)?;
    let act = StoreAct::Dump { place: format!("{}:{file}", c.on()) };
    let effect = Effect::Store(StoreEffect { store: store.to_owned(), act });
    match c.apply(&effect, "backup", store)? {
        Applied::Now => Ok(Step::Exit(0)),
        Applied::Job { job, .. } => {
            c.tool.job = Some(job);
            c.tool.n = c.con.now_ms;
            let state = State { pieces: Vec::new(), file: Some(file), total: 0, told };
            c.tool.mind = Some(Box::new(Mind::Dump(Box::new(state))));
            c.sleep_ms(1_000);
            Ok(Step::More)
        }
    }
}

/// Writes what is left; `None` if nothing has begun.
fn go_on(c: &mut Ctx<'_>) -> Option<Step> {
    let Some(Mind::Dump(mut s)) = c.tool.mind.take().map(|m| *m) else { return None };
    let next = if c.asleep() {
        Step::Wait
    } else if let Some(job) = c.tool.job {
        grow(c, &mut s, job)
    } else {
        write(c, &mut s)
    };
    c.tool.mind = Some(Box::new(Mind::Dump(s)));
    Some(next)
}

fn write(c: &mut Ctx<'_>, s: &mut State) -> Step {
    let Some(piece) = s.pieces.pop() else { return Step::Exit(0) };
    c.p.err.push_str(&piece.told);
    match &s.file {
        None => c.print(&piece.text),
        Some(file) => {
            if let Err(why) = append(c, file, piece.text) {
                return broken(c, &why);
            }
        }
    }
    if piece.ms > 0 {
        c.sleep_ms(piece.ms);
    }
    Step::More
}

fn broken(c: &mut Ctx<'_>, why: &str) -> Step {
    let said = match c.tool.name.as_str() {
        "mysqldump" => format!("mysqldump: Got errno 28 on write: {why}\n"),
        name => format!("{name}: error: could not write to output file: {why}\n"),
    };
    c.p.err.push_str(&said);
    Step::Exit(1)
}

/// The file has as many bytes as have come.
fn grow(c: &mut Ctx<'_>, s: &mut State, job: u32) -> Step {
    let (done, ended) = match c.host.job(job) {
        JobState::Running { moved, elapsed_s, seconds } => {
            let done = moved.as_ref().map_or(0, |m| m.done);
            s.total = moved.as_ref().map_or(s.total, |m| m.total);
            let share = match &moved {
                Some(m) => m.done * 100 / m.total.max(1),
                None => elapsed_s * 100 / seconds.max(1),
            };
            while let Some((_, line)) = s.told.first().filter(|(at, _)| *at <= share).cloned() {
                s.told.remove(0);
                c.p.err.push_str(&line);
            }
            (done, None)
        }
        JobState::Done => (s.total, Some(None)),
        JobState::Failed(why) => (0, Some(Some(why))),
    };
    if let Some(Some(why)) = ended {
        let name = c.tool.name.clone();
        c.p.err.push_str(&format!("{name}: error: query failed: {why}\n"));
        return Step::Exit(1);
    }
    if let Some(file) = s.file.clone()
        && done > 0
    {
        let owner = c.p.user.clone();
        if let Err(why) = alter(c, &file, FileAct::Resize { bytes: done, owner }) {
            let stores: Vec<String> = c.host.stores().into_iter().map(|s| s.name).collect();
            for store in stores {
                let effect = Effect::Store(StoreEffect { store: store.clone(), act: StoreAct::Cancel { job } });
                if c.apply(&effect, "abort", &store).is_ok() {
                    break;
                }
            }
            c.tool.job = None;
            return broken(c, &why);
        }
    }
    if ended.is_some() {
        s.told.drain(..).for_each(|(_, line)| c.p.err.push_str(&line));
        return Step::Exit(0);
    }
    c.sleep_ms(1_000);
    Step::More
}
