//! A predicate as a phrase, for the game master's script: parts within parts, turned into words by the screen.

use crate::fact::words::{Phrase, PhraseArg};
use crate::scenario::Predicate;

/// The condition as one line of plain words.
pub fn in_words(predicate: &Predicate) -> Phrase {
    let part = |p: &Predicate| PhraseArg::Phrase(Box::new(in_words(p)));
    let word = |w: &str| PhraseArg::Word(w.to_owned());
    let name = |id: &str| PhraseArg::Name(id.to_owned());
    let phrase = |key: &'static str, args: Vec<(&'static str, PhraseArg)>| Phrase { key, args };
    match predicate {
        Predicate::All(parts) => joined(parts, "cond-and"),
        Predicate::Any(parts) => joined(parts, "cond-or"),
        Predicate::Not(p) => phrase("cond-not", vec![("what", part(p))]),
        Predicate::After(at) => phrase("cond-from", vec![("at", word(&at.to_string()))]),
        Predicate::Since { milestone, then } => {
            phrase("cond-since", vec![("what", part(then)), ("milestone", word(milestone))])
        }
        Predicate::Delay { by, first } => {
            phrase("cond-delay", vec![("by", word(&by.to_string())), ("what", part(first))])
        }
        Predicate::Times { at_least, distinct, of } => {
            let key = if *distinct { "cond-times-distinct" } else { "cond-times" };
            phrase(key, vec![("n", PhraseArg::Number(i64::from(*at_least))), ("what", part(of))])
        }
        Predicate::Lasts { by, that } => {
            phrase("cond-lasts", vec![("by", word(&by.to_string())), ("what", part(that))])
        }
        Predicate::Acknowledged => phrase("cond-acknowledged", Vec::new()),
        Predicate::Declared => phrase("cond-declared", Vec::new()),
        Predicate::Said { by, about, .. } => match (by.as_deref(), about) {
            (None, None) => phrase("cond-said", Vec::new()),
            (None, Some(about)) => phrase("cond-said-about", vec![("about", word(about))]),
            (Some(who), None) => phrase("cond-said-by", vec![("who", poster(who))]),
            (Some(who), Some(about)) => {
                phrase("cond-said-by-about", vec![("who", poster(who)), ("about", word(about))])
            }
        },
        Predicate::CauseStated { component } => phrase("cond-cause", vec![("component", word(component))]),
        Predicate::Observed { target, service, .. } => match target.as_deref().or(service.as_deref()) {
            Some(target) => phrase("cond-seen", vec![("target", word(target))]),
            None => phrase("cond-seen-any", Vec::new()),
        },
        Predicate::Acted { verb, target, .. } => match target {
            Some(target) => phrase("cond-acted-on", vec![("verb", word(verb)), ("target", word(target))]),
            None => phrase("cond-acted", vec![("verb", word(verb))]),
        },
        Predicate::Running { service, release } => {
            phrase("cond-running", vec![("service", word(service)), ("release", word(release))])
        }
        Predicate::Paged { person } => phrase("cond-paged", vec![("person", name(person))]),
        Predicate::Joined { person } => phrase("cond-joined", vec![("person", name(person))]),
        Predicate::AlertFired { alert } => phrase("cond-alert", vec![("alert", word(alert))]),
        Predicate::TicketArrived { about } => phrase("cond-ticket", vec![("about", word(about))]),
        Predicate::Relief => phrase("cond-relief", Vec::new()),
        Predicate::UsersAffected { at_most, .. } => {
            phrase("cond-users-at-most", vec![("share", word(&at_most.0.to_string()))])
        }
        Predicate::Impact { above } => phrase("cond-users-above", vec![("share", word(&above.0.to_string()))]),
        Predicate::Resolved => phrase("cond-resolved", Vec::new()),
        Predicate::FollowedUp => phrase("cond-followed-up", Vec::new()),
    }
}

/// Who posts: a person or seat, or any seat of the team.
fn poster(who: &str) -> PhraseArg {
    match who {
        "responder" => PhraseArg::Phrase(Box::new(Phrase { key: "cond-team", args: Vec::new() })),
        who => PhraseArg::Name(who.to_owned()),
    }
}

/// Parts two by two from the left: `a and b`, then that `and c`.
fn joined(parts: &[Predicate], key: &'static str) -> Phrase {
    let part = |p: Phrase| PhraseArg::Phrase(Box::new(p));
    let mut phrases = parts.iter().map(in_words);
    let first = phrases.next().unwrap_or(Phrase { key: "cond-always", args: Vec::new() });
    phrases.fold(first, |left, right| Phrase { key, args: vec![("left", part(left)), ("right", part(right))] })
}
