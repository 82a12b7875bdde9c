//! Incident tools at the console: the same words as the line grammar, decided and done within the typed line.

use crate::fact::{Actor, FactId, FactKind};
use crate::locale::{Lang, Locale};
use crate::session::{Command, Session, grammar};

/// Runs `declare sev2` and the like for a seat; the line to print, or what is wrong.
pub(super) fn run(session: &mut Session, seat: &str, argv: &[String]) -> Result<String, String> {
    let by = Actor::Seat(seat.to_owned());
    let explain = |e: grammar::GrammarError| format!("{}: {}", e.message, e.help);
    let request = grammar::parse_incident(argv).map_err(explain)?;
    let command = grammar::resolve(request, &by, |service| last_about(session, seat, service)).map_err(explain)?;
    if let Err(rejection) = session.decide(&by, &command) {
        // Tools speak English, as real ones do.
        let locale = Locale::new(Lang::En);
        return Err(in_english(&locale, &rejection.0));
    }
    let before = session.facts().len();
    session.execute(&by, &command);
    Ok(confirmation(session, &command, before))
}

fn in_english(locale: &Locale, text: &crate::session::projection::Text) -> String {
    match text {
        crate::session::projection::Text::Key(key, args) => {
            let args: Vec<_> = args.iter().map(|(n, a)| (n.as_str(), a.clone())).collect();
            locale.text(key, &args)
        }
        crate::session::projection::Text::Author(t) => t.en.clone(),
        crate::session::projection::Text::Raw(t) => t.clone(),
    }
}

/// The line that a tool prints when its command was accepted, with the id of the fact that it made.
fn confirmation(session: &Session, command: &Command, before: usize) -> String {
    let made = session.facts().get(before).map(|f| f.id);
    let what = match command {
        Command::Ack { .. } => match session.facts().get(before).map(|f| &f.what) {
            Some(FactKind::Acked { page, .. }) => format!("page {page} acknowledged"),
            _ => "acknowledged".to_owned(),
        },
        Command::Declare { severity } => format!("incident declared, sev{severity}"),
        Command::Role { role, to } => format!("{role}: {to}"),
        Command::Update { channel, .. } => match channel {
            crate::scenario::Channel::Internal => "posted to the incident channel".to_owned(),
            crate::scenario::Channel::Status => "posted to the status page".to_owned(),
        },
        Command::Page { person, .. } => {
            let joins = session.people().get(person).and_then(|p| p.joins_at);
            match joins {
                Some(at) => format!("{person} called, joins in about {}s", at.since(session.tick())),
                None if session.people().get(person).is_some_and(|p| p.here) => format!("{person} is in the channel"),
                None => format!("{person} called, does not join calls"),
            }
        }
        Command::Help { topic } => format!("asked for help with {topic}"),
        Command::Hypothesis { component } => format!("hypothesis: {component}"),
        Command::Cause { components, .. } => format!("cause: {}", components.join(", ")),
        Command::Viewed { panel, subject } => return format!("looking at {panel} {subject}").trim_end().to_owned(),
        Command::Unviewed { panel, subject } => return format!("closed {panel} {subject}").trim_end().to_owned(),
        Command::Resolve => "incident closed".to_owned(),
        Command::FollowUp { owner, .. } => format!("follow-up recorded, owner {owner}"),
        other => grammar::format(other),
    };
    match made {
        Some(id) => format!("{what} ({id})"),
        None => what,
    }
}

/// The last thing that a seat observed about a service.
pub(in crate::session) fn last_about(session: &Session, seat: &str, service: &str) -> Option<FactId> {
    let mine = session.facts().iter().rev().filter(|f| f.by == Actor::Seat(seat.to_owned()));
    let mut seen = mine.filter_map(|f| match &f.what {
        FactKind::Observed { service: Some(s), .. } if s == service => Some(f.id),
        // A mount or a unit is a component too: `last:web-01:/`.
        FactKind::Observed { target, .. } if target == service => Some(f.id),
        _ => None,
    });
    seen.next()
}
