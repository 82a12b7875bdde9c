//! `journalctl --vacuum-size`, `--vacuum-time`: removes old journals, which are files of their host.

use super::moment;
use crate::console::path;
use crate::console::text_format::{short, size};
use crate::console::tool::{Ctx, Step};
use crate::sim::effect::Effect;

const DIR: &str = "/var/log/journal";

pub(super) fn vacuum(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (on, now) = (c.on(), c.host.utc());
    let most = a.get("vacuum-size").map(size);
    let since = a.get("vacuum-time").map(|t| moment(t, now));
    if let (Some(None), _) | (_, Some(None)) = (most, since) {
        c.p.err.push_str("Failed to parse vacuum limit: Invalid argument\n");
        return Step::Exit(1);
    }
    // The journal that is written to is the newest one; it stays.
    let mut todo = vec![DIR.to_owned()];
    let mut files = Vec::new();
    while let Some(dir) = todo.pop() {
        for (name, s) in c.list(&dir).unwrap_or_default() {
            let full = path::join(&dir, &name);
            if s.dir { todo.push(full) } else { files.push((s.written(), s.size, full)) }
        }
    }
    files.sort();
    files.pop();
    let mut sum: u64 = files.iter().map(|f| f.1).sum();
    let mut freed = 0;
    for (at, bytes, full) in files {
        let large = most.flatten().is_some_and(|m| sum > m);
        let old = since.flatten().is_some_and(|s| at.0 < s);
        if !large && !old {
            continue;
        }
        let target = format!("{on}:{full}");
        match c.apply(&Effect::Remove { host: on.clone(), path: full.clone() }, "remove", &target) {
            Ok(_) => {
                sum = sum.saturating_sub(bytes);
                freed += bytes;
                c.p.err.push_str(&format!("Deleted archived journal {full} ({}).\n", short(bytes, "")));
            }
            Err(why) => {
                c.p.err.push_str(&format!("Failed to delete archived journal {full}: {why}\n"));
                return Step::Exit(1);
            }
        }
    }
    let text = if freed == 0 { "0B".to_owned() } else { short(freed, "") };
    c.p.err.push_str(&format!("Vacuuming done, freed {text} of archived journals from {DIR}.\n"));
    Step::Exit(0)
}
