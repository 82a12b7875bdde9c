//! What find does with a file: printing, running a command, removing.

use super::parse::{Action, Plan};
use super::{Item, State, print};
use crate::console::host::Stat;
use crate::console::path;
use crate::console::tool::Ctx;
use crate::console::tool::launch;
use crate::sim::effect::Effect;

/// Files of one `-exec … +` command.
const BATCH: usize = 2_000;

/// Carries an action out; its answer, or `None` while a command runs.
pub(super) fn carry_out(
    c: &mut Ctx<'_>,
    plan: &Plan,
    action: &Action,
    item: &Item,
    stat: &Stat,
    s: &mut State,
) -> Option<bool> {
    match action {
        Action::Print(end) => {
            c.print(&item.shown);
            c.print(&end.to_string());
        }
        Action::Format(format) => {
            let text = print::format(c, format, item, stat);
            c.print(&text);
        }
        Action::Ls => {
            let text = print::ls(c, item, stat);
            c.line(&text);
        }
        Action::Quit => s.quit = true,
        Action::Batch(at) => {
            let full = s.batches.get_mut(*at).map_or(0, |b| {
                b.push(item.shown.clone());
                b.len()
            });
            if full >= BATCH {
                c.error("argument list too long");
                s.quit = true;
            }
        }
        Action::Exec { words, inside } => {
            let (dir, name) = if *inside {
                let full = c.full(&item.shown);
                (Some(path::parent(&full).to_owned()), format!("./{}", path::base(&item.shown)))
            } else {
                (None, item.shown.clone())
            };
            let words: Vec<String> = words.iter().map(|w| w.replace("{}", &name)).collect();
            return if spawn(c, &words, dir) { None } else { Some(false) };
        }
        Action::Delete => {
            if item.shown == "." {
                return Some(true);
            }
            let full = c.full(&item.shown);
            let on = c.on();
            let target = format!("{on}:{full}");
            let done = if stat.dir && c.list(&full).is_ok_and(|l| !l.is_empty()) {
                Err("Directory not empty".to_owned())
            } else {
                path::may_change(&*c.host, &on, &c.p.user, &full)
                    .inspect_err(|why| c.refuse("remove", &target, why))
                    .and_then(|()| c.apply(&Effect::Remove { host: on, path: full }, "remove", &target).map(|_| ()))
            };
            if let Err(why) = done {
                c.error(&format!("cannot delete ‘{}’: {why}", item.shown));
                return Some(false);
            }
        }
    }
    let _the_same_for_all = plan;
    Some(true)
}

/// Starts a command as a child, in a directory if one is given.
pub(super) fn spawn(c: &mut Ctx<'_>, words: &[String], dir: Option<String>) -> bool {
    let mut there = c.p.clone();
    if let Some(dir) = dir {
        there.cwd = dir;
    }
    launch::start(c, there, words).is_ok()
}
