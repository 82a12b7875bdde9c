//! A predicate in short words, for the game master's script.

use crate::scenario::Predicate;

/// The condition as one line of plain words.
pub fn in_words(predicate: &Predicate) -> String {
    let join = |parts: &[Predicate], word: &str| parts.iter().map(in_words).collect::<Vec<_>>().join(word);
    match predicate {
        Predicate::All(parts) => join(parts, " and "),
        Predicate::Any(parts) => join(parts, " or "),
        Predicate::Not(p) => format!("not ({})", in_words(p)),
        Predicate::After(at) => format!("from {at}"),
        Predicate::Since { milestone, then } => format!("{} since {milestone}", in_words(then)),
        Predicate::Delay { by, first } => format!("{by} after ({})", in_words(first)),
        Predicate::Acknowledged => "acknowledged".to_owned(),
        Predicate::Declared => "declared".to_owned(),
        Predicate::Said { by, about, .. } => {
            let by = by.as_deref().unwrap_or("somebody");
            about.as_ref().map_or_else(|| format!("{by} posts"), |a| format!("{by} posts about {a}"))
        }
        Predicate::CauseStated { component } => format!("cause names {component}"),
        Predicate::Observed { target, service, .. } => {
            format!("seen: {}", target.as_deref().or(service.as_deref()).unwrap_or("anything"))
        }
        Predicate::Acted { verb, target, .. } => format!("{verb} {}", target.as_deref().unwrap_or("")),
        Predicate::Running { service, release } => format!("{service} runs {release}"),
        Predicate::Paged { person } => format!("{person} called"),
        Predicate::Joined { person } => format!("{person} joined"),
        Predicate::AlertFired { alert } => format!("alert {alert} fired"),
        Predicate::TicketArrived { about } => format!("ticket about {about}"),
        Predicate::Relief => "relief".to_owned(),
        Predicate::UsersAffected { at_most, .. } => format!("users affected at most {}", at_most.0),
        Predicate::Impact { above } => format!("users affected above {}", above.0),
        Predicate::Resolved => "closed".to_owned(),
        Predicate::FollowedUp => "followed up".to_owned(),
    }
}
