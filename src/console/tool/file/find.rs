//! find: files below directories for which an expression holds.
//!
//! A file's expression may wait for a command (`-exec`). What its actions have answered so far is kept, and the expression
//! is evaluated again from the start with these answers when the command has ended.

mod action;
mod parse;
mod print;

use crate::console::host::{NodeKind, Stat};
use crate::console::path;
use crate::console::pattern::Pattern;
use crate::console::tool::{Ctx, Mind, Step};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;
use parse::{Compare, Expr, Plan, Test};
use serde::Serialize;
use std::sync::Arc;

/// Results of one search at most.
const MOST: u64 = 200_000;

/// What find has in its head.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// What is still to be looked at, the next one last.
    todo: Vec<Item>,
    /// What is being looked at.
    now: Option<Item>,
    /// Answers of the actions that were carried out for it.
    done: Vec<bool>,
    /// Files for each `-exec … +`.
    batches: Vec<Vec<String>>,
    /// Whether the directory being looked at is not to be entered.
    pruned: bool,
    /// `-quit` was met.
    quit: bool,
    /// The batch that is being carried out at the end.
    flushing: usize,
    /// Files seen.
    seen: u64,
}

/// A file to be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Item {
    /// As printed.
    shown: String,
    /// The starting point that it was found from.
    root: String,
    /// Directories between.
    depth: usize,
    /// What is in it was looked at before.
    left: bool,
}

/// How an evaluation went.
enum Flow {
    Yes,
    No,
    /// It waits for a command.
    Wait,
}

impl From<bool> for Flow {
    fn from(yes: bool) -> Flow {
        if yes { Flow::Yes } else { Flow::No }
    }
}

pub(super) fn find(c: &mut Ctx<'_>) -> Step {
    let words = c.args.rest.clone();
    let plan: Arc<Plan> = match c.tool.memo.clone().get(|| parse::plan(&words, c)) {
        Ok(p) => p,
        Err(why) => {
            c.p.err.push_str(&format!("find: {why}\n"));
            return Step::Exit(1);
        }
    };
    let _kept = c.tool.memo.get(|| Ok::<_, String>(Plan::clone(&plan)));
    let mut state = match c.tool.mind.take().map(|m| *m) {
        Some(Mind::Find(s)) => s,
        _ => State {
            todo: plan
                .roots
                .iter()
                .rev()
                .map(|r| Item { shown: r.clone(), root: r.clone(), ..Item::default() })
                .collect(),
            batches: vec![Vec::new(); plan.batches],
            ..State::default()
        },
    };
    let step = walk(c, &plan, &mut state);
    c.tool.mind = Some(Box::new(Mind::Find(state)));
    step
}

fn walk(c: &mut Ctx<'_>, plan: &Plan, s: &mut State) -> Step {
    if let Some(pid) = c.tool.child {
        match c.con.exits.remove(&pid) {
            Some(status) => {
                c.tool.child = None;
                if s.now.is_some() {
                    s.done.push(status == 0);
                } else if status != 0 {
                    c.tool.status = 1;
                }
            }
            None if c.con.procs.contains_key(&pid) => return Step::Wait,
            None => c.tool.child = None,
        }
    }
    for _ in 0..500 {
        if s.now.is_none() {
            if s.quit {
                s.todo.clear();
            }
            let Some(item) = s.todo.pop() else { return finish(c, plan, s) };
            s.done.clear();
            s.pruned = false;
            s.now = Some(item);
        }
        let Some(item) = s.now.clone() else { continue };
        let Some(stat) = look(c, plan, &item) else {
            s.now = None;
            continue;
        };
        if item.depth == 0 && !item.left && s.done.is_empty() {
            let (full, service) = (c.full(&item.shown), c.service());
            let target = format!("{}:{full}", c.on());
            c.see(ObservedKind::Files, target, service);
        }
        let late = plan.depth_first && stat.dir && !item.left && item.depth < plan.max;
        if late {
            s.now = None;
            s.todo.push(Item { left: true, ..item.clone() });
            enter(c, &item, s);
            continue;
        }
        if item.depth >= plan.min {
            let mut at = 0;
            if let Flow::Wait = evaluate(c, plan, &plan.expr, &item, &stat, s, &mut at) {
                return Step::More;
            }
        }
        s.now = None;
        s.seen += 1;
        if s.seen > MOST {
            c.error("too many files");
            return Step::Exit(1);
        }
        if stat.dir && !item.left && !s.pruned && !s.quit && item.depth < plan.max {
            enter(c, &item, s);
        }
    }
    Step::More
}

/// What an item is; a message if it is not there.
fn look(c: &mut Ctx<'_>, plan: &Plan, item: &Item) -> Option<Stat> {
    let follow = plan.follow || (plan.follow_roots && item.depth == 0);
    let found = match c.look(&item.shown, follow) {
        Err(_) if follow => c.look(&item.shown, false),
        other => other,
    };
    match found {
        Ok(s) => Some(s),
        Err(why) => {
            c.error(&format!("‘{}’: {why}", item.shown));
            None
        }
    }
}

fn enter(c: &mut Ctx<'_>, item: &Item, s: &mut State) {
    let full = c.full(&item.shown);
    match c.list(&full) {
        Ok(children) => {
            for (name, _) in children.into_iter().rev() {
                let shown = path::join(&item.shown, &name);
                s.todo.push(Item { shown, root: item.root.clone(), depth: item.depth + 1, left: false });
            }
        }
        Err(why) => c.error(&format!("‘{}’: {why}", item.shown)),
    }
}

/// Commands for collected files, one after the other, then the end.
fn finish(c: &mut Ctx<'_>, plan: &Plan, s: &mut State) -> Step {
    while let Some(files) = s.batches.get_mut(s.flushing) {
        let files = std::mem::take(files);
        let words = plan.batch(s.flushing);
        s.flushing += 1;
        if files.is_empty() {
            continue;
        }
        let mut command = words.to_vec();
        command.extend(files);
        if action::spawn(c, &command, None) {
            return Step::More;
        }
        c.tool.status = 1;
    }
    Step::Exit(c.tool.status)
}

fn evaluate(
    c: &mut Ctx<'_>,
    plan: &Plan,
    expr: &Expr,
    item: &Item,
    stat: &Stat,
    s: &mut State,
    at: &mut usize,
) -> Flow {
    match expr {
        Expr::Not(inner) => match evaluate(c, plan, inner, item, stat, s, at) {
            Flow::Yes => Flow::No,
            Flow::No => Flow::Yes,
            Flow::Wait => Flow::Wait,
        },
        Expr::And(all) => {
            for e in all {
                match evaluate(c, plan, e, item, stat, s, at) {
                    Flow::Yes if s.quit => return Flow::No,
                    Flow::Yes => {}
                    other => return other,
                }
            }
            Flow::Yes
        }
        Expr::Or(all) => {
            for e in all {
                match evaluate(c, plan, e, item, stat, s, at) {
                    Flow::No if !s.quit => {}
                    other => return other,
                }
            }
            Flow::No
        }
        Expr::List(all) => {
            let mut last = Flow::No;
            for e in all {
                last = evaluate(c, plan, e, item, stat, s, at);
                if s.quit || matches!(last, Flow::Wait) {
                    return last;
                }
            }
            last
        }
        Expr::Test(test) => holds(c, plan, test, item, stat, s).into(),
        Expr::Action(action) => {
            let mine = *at;
            *at += 1;
            if let Some(answer) = s.done.get(mine) {
                return (*answer).into();
            }
            match action::carry_out(c, plan, action, item, stat, s) {
                Some(answer) => {
                    s.done.push(answer);
                    answer.into()
                }
                None => Flow::Wait,
            }
        }
    }
}

fn compare(how: &Compare, have: i64) -> bool {
    match how {
        Compare::More(n) => have > *n,
        Compare::Less(n) => have < *n,
        Compare::Exactly(n) => have == *n,
    }
}

fn moment(s: &Stat, which: char) -> (Utc, u32) {
    match which {
        'a' => s.atime,
        'c' => s.ctime,
        _ => s.written(),
    }
}

fn holds(c: &mut Ctx<'_>, plan: &Plan, test: &Test, item: &Item, stat: &Stat, s: &mut State) -> bool {
    let glob = |p: &str, text: &str, nocase: bool| {
        Pattern::new(&crate::console::pattern::unquoted(p), false, nocase).matches(text)
    };
    let may = |bit| path::allowed(stat, &c.p.user, bit);
    match test {
        Test::Constant(yes) => *yes,
        Test::Name(p, nocase) => {
            let trimmed = item.shown.trim_end_matches('/');
            glob(p, if trimmed.is_empty() { "/" } else { path::base(trimmed) }, *nocase)
        }
        Test::Path(p, nocase) => glob(p, &item.shown, *nocase),
        Test::Regex(re) => re.find_at(&item.shown, 0).is_some_and(|m| m == (0, item.shown.len())),
        Test::LinkName(p, nocase) => match &stat.kind {
            NodeKind::Link(target) => glob(p, target, *nocase),
            _ => false,
        },
        Test::Kind(letters) => letters.contains(letter(&stat.kind)),
        Test::BehindLink(letters) => {
            let full = c.full(&item.shown);
            let kind = c.stat(&full).map_or(stat.kind.clone(), |b| b.kind);
            letters.contains(letter(&kind))
        }
        Test::Size(how, unit) => compare(how, i64::try_from(stat.size.div_ceil(*unit)).unwrap_or(i64::MAX)),
        Test::Age { which, unit, how } => {
            let (at, nanos) = moment(stat, *which);
            let now = plan.now.0;
            let age = now - at.0 - i64::from(nanos > 0);
            match (how, unit) {
                (Compare::More(n), 86_400) => age >= (n + 1) * unit,
                (Compare::More(n), _) => age > n * unit,
                (Compare::Less(n), _) => age < n * unit,
                (Compare::Exactly(n), 86_400) => age >= n * unit && age < (n + 1) * unit,
                (Compare::Exactly(n), _) => age > (n - 1) * unit && age <= n * unit,
            }
        }
        Test::Newer(which, than) => moment(stat, *which) > *than,
        Test::Empty => match stat.kind {
            NodeKind::File => stat.size == 0,
            NodeKind::Dir => {
                let full = c.full(&item.shown);
                c.list(&full).is_ok_and(|l| l.is_empty())
            }
            _ => false,
        },
        Test::Perm(kind, bits) => {
            let have = stat.mode & 0o7777;
            match kind {
                '-' => have & bits == *bits,
                '/' => *bits == 0 || have & bits != 0,
                _ => have == *bits,
            }
        }
        Test::User(name) => stat.owner == *name || name.parse() == Ok(crate::console::tool::machine::uid(&stat.owner)),
        Test::Group(name) => stat.group == *name || name.parse() == Ok(crate::console::tool::machine::uid(&stat.group)),
        Test::Links(how) => compare(how, i64::try_from(stat.links).unwrap_or(i64::MAX)),
        Test::Number(how) => compare(how, i64::try_from(stat.ino).unwrap_or(i64::MAX)),
        Test::Same(ino) => stat.ino == *ino,
        // The right is that of what a link leads to.
        Test::May(bit) if stat.is_link() => {
            let full = c.full(&item.shown);
            c.stat(&full).is_some_and(|s| {
                crate::console::path::allowed(&s, &c.p.user, *bit) && (*bit != 1 || s.dir || s.mode & 0o111 != 0)
            })
        }
        Test::May(bit) => may(*bit),
        Test::Prune => {
            s.pruned = true;
            true
        }
    }
}

fn letter(kind: &NodeKind) -> char {
    match kind {
        NodeKind::File => 'f',
        other => crate::console::mode::letter(other),
    }
}
