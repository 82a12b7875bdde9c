//! Simulated colleagues: they join when called and say what they know. They propose commands, like any other actor.

use crate::fact::Actor;
use crate::scenario::Person;
use crate::session::state::PersonState;
use crate::session::{Command, ENLARGED, Session};
use crate::stdx::time::{Span, Utc};

/// What people do at the present tick: a pure function of the session, in a fixed order.
pub fn propose(session: &Session) -> Vec<(Actor, Command)> {
    let now = session.tick();
    let mut out = Vec::new();
    for (id, person) in session.people() {
        let actor = Actor::Person(id.clone());
        if !person.here {
            if person.joins_at.is_some_and(|at| at <= now) {
                out.push((actor, Command::Join { person: id.clone() }));
            }
            continue;
        }
        let Some(spec) = session.scenario.people.get(id) else { continue };
        // Whoever was called says that they came, then what they know of the topic; each thing once, one a tick.
        if let Some(topic) = &person.called {
            let came = (!spec.here).then_some("join");
            let unsaid = |t: &&str| spec.says.contains_key(*t) && !person.said.iter().any(|s| s == *t);
            if let Some(command) = enlarge(session, id, spec, person, topic) {
                out.push((actor.clone(), command));
            }
            // They think about it first, each as fast as they are; that they came they say at once.
            let thought = is_done(session, person, |at| spec.takes(spec.answers, at));
            let topic = thought.then_some(topic.as_str());
            if let Some(next) = came.into_iter().chain(topic).find(unsaid) {
                out.push((actor, Command::Tell { person: id.clone(), topic: next.to_owned() }));
            }
        }
    }
    out
}

/// Whether what they were asked for has taken as long as it takes them, as tired as they were when they were asked.
fn is_done(session: &Session, person: &PersonState, takes: impl Fn(Utc) -> u64) -> bool {
    person.asked.is_some_and(|at| {
        let so_far = session.tick().since(at);
        let asked = session.world().utc().plus(-i64::try_from(so_far).unwrap_or(i64::MAX));
        so_far >= takes(asked)
    })
}

/// How long a larger volume usually takes, from being asked in the channel.
const ENLARGE: Span = Span(120);

/// Whoever holds the permission makes a full volume half as large again, once, two minutes after they were asked, or how
/// long that takes them.
fn enlarge(session: &Session, id: &str, spec: &Person, person: &PersonState, topic: &str) -> Option<Command> {
    let asked = matches!(topic, "volume" | "resize" | "disk") && spec.may.iter().any(|m| m == "volume");
    let ready = is_done(session, person, |at| spec.takes(ENLARGE, at));
    if !asked || !ready || person.said.iter().any(|s| s == ENLARGED) {
        return None;
    }
    let mounts = session.world().hosts().flat_map(|(_, host)| host.vfs.mounts());
    let full = mounts.into_iter().find(|m| m.is_full() && !m.volume.is_empty())?;
    let bytes = full.size.saturating_add(full.size / 2);
    Some(Command::Enlarge { person: id.to_owned(), volume: full.volume.clone(), bytes })
}
