//! `wheel replay LOG`: folds a log again and names the first tick that differs.

use super::score::Played;
use crate::host::fold;
use crate::session::SIMULATOR;
use crate::stdx::time::Offset;
use crate::storage::journal::Item;
use serde_json::json;

/// Folds a log, up to a time if one is given; whether every recorded digest holds.
pub fn run(played: Played, at: Option<Offset>, as_json: bool) -> bool {
    if played.header.simulator != SIMULATOR {
        println!(
            "simulator version {} (this program has {SIMULATOR}): shown from its {} recorded facts, not folded",
            played.header.simulator,
            played.facts.len()
        );
        return true;
    }
    let items = match at.and_then(|at| at.tick(played.scenario.opens)) {
        Some(tick) => crate::host::cut(&played.items, tick),
        None => played.items,
    };
    let digests = items.iter().filter(|i| matches!(i, Item::Digest(_) | Item::End(_))).count();
    let folded = fold(played.header, played.scenario, &items);
    let session = &folded.session;
    let recorded = items.iter().filter(|i| matches!(i, Item::Fact(_))).count();
    if as_json {
        let d = folded.divergence.as_ref();
        let out = json!({
            "tick": session.tick().0, "t": session.offset().to_string(), "digest": session.digest(),
            "facts": session.facts().len(), "facts_recorded": recorded, "digests_checked": digests,
            "divergence": d.map(|d| json!({"tick": d.tick, "recorded": d.recorded, "folded": d.folded})),
        });
        println!("{out:#}");
    } else {
        println!("{} tick {} facts {} digests checked {digests}", session.offset(), session.tick().0, session.facts().len());
        match &folded.divergence {
            Some(d) => println!("differs at tick {}: recorded {}, folded {}", d.tick, d.recorded, d.folded),
            None => println!("digest {}", session.digest()),
        }
    }
    folded.divergence.is_none()
}
