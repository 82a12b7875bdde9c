//! Who may change which file: the checks of a kernel, and the modes of new files.

use crate::console::host::{Caller, ConsoleHost};
use crate::console::path;
use crate::sim::effect::{Effect, FileAct};
use crate::stdx::path::normal;

const DENIED: &str = "Permission denied";
const NOT_PERMITTED: &str = "Operation not permitted";

/// Whether the caller may do this to a file, and if not, why. Other effects are not asked here.
///
/// # Errors
/// `Permission denied`, `Operation not permitted`, and what is wrong with the path.
pub fn may_alter(host: &dyn ConsoleHost, who: &Caller, effect: &Effect) -> Result<(), String> {
    if who.user == "root" {
        return Ok(());
    }
    let may_write = |on: &str, at: &str| match host.stat(on, &normal(at)) {
        Some(s) if s.dir || path::allowed(&s, &who.user, 2) => Ok(()),
        Some(_) => Err(DENIED.to_owned()),
        None => may_name(host, who, on, at),
    };
    let owns = |on: &str, at: &str| match host.lstat(on, &normal(at)) {
        Some(s) if s.owner != who.user => Err(NOT_PERMITTED.to_owned()),
        _ => Ok(()),
    };
    match effect {
        Effect::Remove { host: on, path } | Effect::MakeDir { host: on, path, .. } => may_name(host, who, on, path),
        Effect::Write { host: on, path, .. } => may_write(on, path),
        Effect::Rename { host: on, from, to } => {
            may_name(host, who, on, from).and_then(|()| may_name(host, who, on, to))
        }
        Effect::File(e) => match &e.act {
            FileAct::Mode(_) => owns(&e.host, &e.path),
            FileAct::Owner { owner: None, group: Some(g), .. } if *g == who.user => owns(&e.host, &e.path),
            FileAct::Owner { .. } => Err(NOT_PERMITTED.to_owned()),
            FileAct::Times { read: None | Some(None), written: None | Some(None), .. }
                if may_write(&e.host, &e.path).is_ok() =>
            {
                Ok(())
            }
            FileAct::Times { written: Some(None), .. } => owns(&e.host, &e.path).map_err(|_| DENIED.to_owned()),
            FileAct::Times { .. } => owns(&e.host, &e.path),
            FileAct::Symlink { .. } | FileAct::Link { .. } => may_name(host, who, &e.host, &e.path),
            FileAct::Rotate { .. } => may_name(host, who, &e.host, &e.path),
            FileAct::Resize { .. } => may_write(&e.host, &e.path),
            FileAct::Copy { from, .. } => match host.stat(&e.host, from) {
                Some(s) if !path::allowed(&s, &who.user, 4) => Err(DENIED.to_owned()),
                _ => may_write(&e.host, &e.path),
            },
        },
        _ => Ok(()),
    }
}

/// Whether the caller may add or remove this name.
fn may_name(host: &dyn ConsoleHost, who: &Caller, on: &str, at: &str) -> Result<(), String> {
    let at = host.resolve(on, at, false).unwrap_or_else(|_| normal(at));
    match path::may_change(host, on, &who.user, &at) {
        // That something is missing is for the file system to say.
        Err(why) if why == DENIED || why == NOT_PERMITTED => Err(why),
        _ => Ok(()),
    }
}

/// Host, path and mode of what an effect makes anew, if the caller's mask is not the usual one.
pub fn new_mode(host: &dyn ConsoleHost, who: &Caller, effect: &Effect) -> Option<(String, String, u16)> {
    if who.umask == 0o022 {
        return None;
    }
    let (on, at, all) = match effect {
        Effect::Write { host, path, .. } => (host, path, 0o666),
        Effect::MakeDir { host, path, .. } => (host, path, 0o777),
        Effect::File(e) if matches!(e.act, FileAct::Resize { .. } | FileAct::Copy { .. }) => (&e.host, &e.path, 0o666),
        _ => return None,
    };
    host.stat(on, at).is_none().then(|| (on.clone(), at.clone(), all & !who.umask))
}
