//! Which facts a predicate of the event sort matches, and how names are compared.

use crate::fact::{Actor, Fact, FactKind};
use crate::scenario::Predicate;

/// Whether `name` is what `pattern` means: equal, below it (`api:download` for `api`), or a prefix with a trailing `*`.
pub(super) fn named(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern || name.strip_prefix(pattern).is_some_and(|rest| rest.starts_with(':')),
    }
}

fn any_or(pattern: Option<&String>, name: Option<&str>) -> bool {
    match (pattern, name) {
        (None, _) => true,
        (Some(p), Some(n)) => named(p, n),
        (Some(_), None) => false,
    }
}

fn spoken_by(wanted: Option<&String>, by: &Actor) -> bool {
    let Some(wanted) = wanted else { return true };
    match by {
        Actor::Seat(seat) => wanted == "responder" || wanted == seat,
        Actor::Person(id) => wanted == id,
        Actor::Gm => wanted == "gm",
        Actor::Director => wanted == "director",
        Actor::Script(_) | Actor::World => false,
    }
}

/// Whether this fact is an occurrence of an event predicate; `false` for predicates that are states or logic.
pub(super) fn matches(predicate: &Predicate, fact: &Fact) -> bool {
    match (predicate, &fact.what) {
        (Predicate::Acknowledged, FactKind::Acked { .. })
        | (Predicate::Declared, FactKind::Declared { .. })
        | (Predicate::Relief, FactKind::Relief { .. })
        | (Predicate::Resolved, FactKind::Resolved) => true,
        (
            Predicate::Said { channel, by, about, fields_at_least, truthful },
            FactKind::Said { channel: in_channel, fields, about: names, truthful: was, .. },
        ) => {
            channel.is_none_or(|c| c == *in_channel)
                && spoken_by(by.as_ref(), &fact.by)
                && about.as_ref().is_none_or(|a| {
                    names.iter().chain(fields.impact.as_ref()).any(|n| named(&a.to_lowercase(), &n.to_lowercase()))
                })
                && fields.count() >= *fields_at_least
                // What cannot be checked is neutral; only a contradiction of the state is not true.
                && (!truthful || *was != Some(false))
        }
        (Predicate::CauseStated { component }, FactKind::Cause { components, .. }) => {
            components.iter().any(|c| named(component, c))
        }
        (
            Predicate::Observed { what, target, service, user_facing },
            FactKind::Observed { what: seen, target: on, service: of, user_facing: as_user, .. },
        ) => {
            what.is_none_or(|w| w == *seen)
                && any_or(target.as_ref(), Some(on))
                && any_or(service.as_ref(), of.as_deref())
                && (!user_facing || *as_user)
        }
        (Predicate::Acted { verb, target, .. }, FactKind::Acted { verb: did, target: on, .. }) => {
            acted_by_people(&fact.by) && verb == did && any_or(target.as_ref(), Some(on))
        }
        (Predicate::Acted { verb, target, or_refused: true }, FactKind::Refused { verb: did, target: on, .. }) => {
            acted_by_people(&fact.by) && verb == did && any_or(target.as_ref(), Some(on))
        }
        (Predicate::Paged { person }, FactKind::Called { person: who, .. }) => person == who,
        (Predicate::Paged { person }, FactKind::PageOpened { to, .. }) => person == to,
        (Predicate::Joined { person }, FactKind::Joined { person: who }) => person == who,
        (Predicate::AlertFired { alert }, FactKind::AlertFired { alert: which, .. }) => alert == which,
        (Predicate::TicketArrived { about }, FactKind::TicketArrived { about: of, .. }) => named(about, of),
        (Predicate::FollowedUp, FactKind::FollowUp { owner, .. }) => !owner.trim().is_empty(),
        _ => false,
    }
}

/// A colleague who acts because somebody asked acts for the team; the script, the GM and the world do not.
fn acted_by_people(by: &Actor) -> bool {
    matches!(by, Actor::Seat(_) | Actor::Person(_))
}
