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
        // Whoever was called says that they came, then what they know of the topic; each thing once, one a tick.
        if let Some(topic) = &person.called {
            let came = (!spec.here).then_some("join");
            let unsaid = |t: &&str| spec.says.contains_key(*t) && !person.said.iter().any(|s| s == *t);
            if let Some(next) = came.into_iter().chain([topic.as_str()]).find(unsaid) {
                out.push((actor, Command::Tell { person: id.clone(), topic: next.to_owned() }));
            }
        }
    }
    out
}
