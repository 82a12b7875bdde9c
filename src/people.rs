//! Simulated colleagues: they join when called and say what they know. They propose commands, like any other actor.

use crate::fact::Actor;
use crate::session::{Command, Session};

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
        // Whoever was called says what they know of the topic, or that they are here; each thing once.
        if let Some(topic) = &person.called {
            let known = if spec.says.contains_key(topic) { topic.as_str() } else { "hello" };
            if spec.says.contains_key(known) && !person.said.iter().any(|s| s == known) {
                out.push((actor, Command::Tell { person: id.clone(), topic: known.to_owned() }));
            }
        }
    }
    out
}
