//! Commands back to text: what is written here reads back as the same command.

use super::incident::STATUSES;
use super::word::quote;
use super::{EvidenceRef, Item, Line, Request, Wait};
use crate::fact::{Actor, Learning, Ruling, UpdateFields};
use crate::scenario::Channel;
use crate::session::{Command, TermSignal};
use std::fmt::Display;

/// The line form of a command; game master's commands begin with `@gm`.
pub fn format(command: &Command) -> String {
    let sign = if command.is_gm() { "@gm " } else { ":" };
    format!("{sign}{}", words(command))
}

/// A whole line, with its wait and its actor.
pub fn format_line(line: &Line) -> String {
    let mut parts = Vec::new();
    match line.at {
        Some(Wait::At(offset)) => parts.push(offset.to_string()),
        Some(Wait::For(span)) => parts.push(format!("+{span}")),
        None => {}
    }
    match &line.by {
        Some(Actor::Seat(seat)) => parts.push(format!("@{seat}")),
        Some(Actor::Gm) => parts.push("@gm".into()),
        _ => {}
    }
    if let Some(item) = &line.what {
        parts.push(self::item(item));
    }
    parts.join(" ")
}

fn item(item: &Item) -> String {
    let on = |terminal: &Option<u32>| terminal.map(|t| format!(" {t}")).unwrap_or_default();
    match item {
        Item::Typed { terminal: None, text } => text.clone(),
        Item::Typed { terminal: Some(t), text } => {
            format!(":{}", words(&Command::LineSubmitted { terminal: *t, text: text.clone() }))
        }
        Item::Term(t) => format!(":term {t}"),
        Item::Key { terminal, key } => format!(":key {}{}", quote(key), on(terminal)),
        Item::Signal { terminal, signal } => format!(":{}{}", signal_name(*signal), on(terminal)),
        Item::Command(Request::Ready(command)) => format!(":{}", words(command)),
        Item::Command(Request::Cause { components, mechanisms, evidence, confidence }) => {
            let evidence: Vec<_> = evidence.iter().map(evidence_ref).collect();
            format!(":{}", cause(components, mechanisms, &evidence, *confidence))
        }
        Item::Wait(span) => format!(":wait {span}"),
        Item::Skip => ":skip".into(),
        Item::End => ":end".into(),
        Item::Expect(expectation) => expectation.to_string(),
    }
}

fn words(command: &Command) -> String {
    match command {
        Command::LineSubmitted { terminal, text } if text.is_empty() => format!("type {terminal}"),
        Command::LineSubmitted { terminal, text } => format!("type {terminal} {text}"),
        Command::KeyPressed { terminal, key } => format!("key {} {terminal}", quote(key)),
        Command::Signal { terminal, signal } => format!("{} {terminal}", signal_name(*signal)),
        Command::Answered { seat, terminal, text } => format!("answer {} {terminal} {}", quote(seat), quote(text)),
        Command::Viewed { panel, subject } => format!("look {panel}{}", tail(subject)),
        Command::Unviewed { panel, subject } => format!("unlook {panel}{}", tail(subject)),
        Command::Ack { page: 0 } => "ack".into(),
        Command::Ack { page } => format!("ack {page}"),
        Command::Declare { severity } => format!("declare sev{severity}"),
        Command::Role { role, to } => format!("role {role} {}", quote(to)),
        Command::Update { channel, text, fields, about } => update(*channel, text, fields, about),
        Command::Page { person, topic } => format!("page {}{}", quote(person), tail(topic)),
        Command::Help { topic } => format!("help {}", quote(topic)),
        Command::Hypothesis { component } => format!("hypothesis {}", quote(component)),
        Command::Cause { components, mechanisms, evidence, confidence } => {
            let evidence: Vec<_> = evidence.iter().map(ToString::to_string).collect();
            cause(components, mechanisms, &evidence, *confidence)
        }
        Command::Handover { to } => format!("handover {}", quote(to)),
        Command::Learn { what, text } => {
            let word = match what {
                Learning::Prediction => "predict",
                Learning::Revision => "revise",
                Learning::Note => "note",
                Learning::Reflection => "reflect reaction",
            };
            format!("{word} {}", quote(text))
        }
        Command::Triage { card } => format!("triage {}", quote(card)),
        Command::CloseInject { card } => format!("close {}", quote(card)),
        Command::Adjudicate { ruling: Ruling::Void, of, reason, .. } => format!("void {}{}", quote(of), tail(reason)),
        Command::Adjudicate { of, evidence, reason, .. } => {
            let ids: Vec<_> = evidence.iter().map(ToString::to_string).collect();
            let reason = if reason.is_empty() { String::new() } else { format!(" {}", free(reason)) };
            format!("confirm --evidence {} {}{reason}", quote(&ids.join(",")), quote(of))
        }
        Command::Resolve => "resolve".into(),
        Command::FollowUp { text, owner } => format!("followup --owner {} {}", quote(owner), free(text)),
        Command::End => "end".into(),
        Command::Reflect { on, text, owner } => {
            let owner = if owner.is_empty() { String::new() } else { format!(" --owner {}", quote(owner)) };
            format!("reflect {}{owner} {}", on.name(), free(text))
        }
        Command::RateWorkload { scale, value } => format!("workload {} {value}", scale.name()),
        Command::Witness { row, text } => format!("witness {} {}", quote(row), quote(text)),
        Command::Inject { card } => format!("inject {}", quote(card)),
        Command::BeginFault { fault, course } => {
            format!("fault {}{}", super::fault::show(fault), super::fault::show_course(course))
        }
        Command::ClearFault { fault } => format!("clear {}", super::fault::show(fault)),
        Command::Nudge { rung, text } => format!("nudge {rung}{}", tail(text)),
        Command::SpeakAs { person, text } => format!("say {} {}", quote(person), quote(text)),
        Command::Join { person } => format!("join {}", quote(person)),
        Command::Tell { person, topic } => format!("tell {} {}", quote(person), quote(topic)),
        Command::Enlarge { person, volume, bytes } => format!("enlarge {} {} {bytes}B", quote(person), quote(volume)),
        Command::Bookmark { text } => format!("bookmark {}", quote(text)),
        Command::Hold { rule, held } => format!("{} {}", if *held { "hold" } else { "release" }, quote(rule)),
        Command::Pause => "pause".into(),
        Command::Resume => "resume".into(),
        Command::Speed { factor } => format!("speed {factor}"),
    }
}

fn signal_name(signal: TermSignal) -> &'static str {
    match signal {
        TermSignal::Int => "int",
        TermSignal::Tstp => "tstp",
        TermSignal::Eof => "eof",
    }
}

/// An optional last word with the space before it.
fn tail(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {}", quote(text)) }
}

/// A free text after options: `--` keeps one that looks like an option from being read as one.
fn free(text: &str) -> String {
    if text.starts_with('-') { format!("-- {}", quote(text)) } else { quote(text) }
}

fn option(out: &mut String, name: &str, value: impl Display) {
    out.push_str(&format!(" --{name} {}", quote(&value.to_string())));
}

fn update(channel: Channel, text: &str, fields: &UpdateFields, about: &[String]) -> String {
    let mut out = String::from(match channel {
        Channel::Internal => "update internal",
        Channel::Status => "update status",
    });
    let status = fields.status.and_then(|s| STATUSES.iter().find(|(_, known)| *known == s)).map(|(name, _)| *name);
    if let Some(v) = &fields.impact {
        option(&mut out, "impact", v);
    }
    if let Some(v) = status {
        option(&mut out, "status", v);
    }
    if let Some(v) = &fields.action {
        option(&mut out, "action", v);
    }
    if let Some(v) = &fields.next {
        option(&mut out, "next", v);
    }
    if let Some(v) = fields.again_min {
        option(&mut out, "again", format!("{v}m"));
    }
    for v in about {
        option(&mut out, "about", v);
    }
    if !text.is_empty() {
        out.push(' ');
        out.push_str(&free(text));
    }
    out
}

fn cause(components: &[String], mechanisms: &[String], evidence: &[String], confidence: Option<u8>) -> String {
    let mut out = String::from("cause");
    for v in components {
        option(&mut out, "component", v);
    }
    for v in mechanisms {
        option(&mut out, "mechanism", v);
    }
    if !evidence.is_empty() {
        option(&mut out, "evidence", evidence.join(","));
    }
    if let Some(percent) = confidence {
        option(&mut out, "confidence", percent);
    }
    out
}

fn evidence_ref(evidence: &EvidenceRef) -> String {
    match evidence {
        EvidenceRef::Id(id) => id.to_string(),
        EvidenceRef::Last(service) => format!("last:{service}"),
    }
}
