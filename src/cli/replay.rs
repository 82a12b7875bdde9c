//! `wheel replay LOG`: folds a log again and names the first tick that differs.

use super::args::Replay;
use super::{Exit, Io, score};
use crate::host::fold;
use crate::session::SIMULATOR;
use crate::storage::journal::Item;
use clap::ArgMatches;
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, io: &mut Io<'_>) -> Exit {
    let Some(asked) = Replay::read(matches) else { return Exit::Usage };
    let played = match score::read(&asked.log) {
        Ok(played) => played,
        Err(e) => return io.fail(Exit::Wrong, e),
    };
    if let Some(d) = &played.dropped {
        io.note(&format!("{}:{}: {d}", asked.log.display(), d.line));
    }
    for warning in score::foreign(&played, &asked.log, io.locale) {
        io.note(&warning);
    }
    if played.header.simulator != SIMULATOR {
        let facts = played.facts.len();
        io.line(&format!(
            "simulator {} (this program has {SIMULATOR}): shown from its {facts} recorded facts, not folded",
            played.header.simulator
        ));
        return Exit::Done;
    }
    let lines = played.lines.clone();
    let line = |position: usize| lines.get(position).copied().unwrap_or_default();
    let items = match asked.at.and_then(|at| at.tick(played.scenario.opens)) {
        Some(tick) => crate::host::cut(&played.items, tick),
        None => played.items,
    };
    let digests = items.iter().filter(|i| matches!(i, Item::Digest(_) | Item::End(_))).count();
    let recorded = items.iter().filter(|i| matches!(i, Item::Fact(_))).count();
    let folded = fold(played.header, played.scenario, &items);
    let session = &folded.session;
    if asked.json {
        let d = folded.divergence.as_ref();
        let out = json!({
            "tick": session.tick().0, "t": session.offset().to_string(), "digest": session.digest(),
            "facts": session.facts().len(), "facts_recorded": recorded, "digests_checked": digests,
            "divergence": d.map(|d| json!({"line": line(d.position), "tick": d.tick, "recorded": d.recorded, "folded": d.folded})),
        });
        io.line(&format!("{out:#}"));
    } else {
        let (t, tick, facts) = (session.offset(), session.tick().0, session.facts().len());
        io.line(&format!("{t} tick {tick} facts {facts} digests checked {digests}"));
        match &folded.divergence {
            Some(d) => io.line(&format!(
                "differs at tick {} (line {}): recorded {}, folded {}",
                d.tick,
                line(d.position),
                d.recorded,
                d.folded
            )),
            None => io.line(&format!("digest {}", session.digest())),
        }
    }
    if folded.divergence.is_none() { Exit::Done } else { Exit::Wrong }
}
