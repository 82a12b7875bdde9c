//! The incident channel, the composer of updates, and the runbooks.

use crate::fact::{FactId, UpdateFields};
use crate::scenario::{Channel, LangText};
use crate::session::projection::{MessageFrom, Projection, Text};
use crate::view::panel::When;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageVm {
    /// Fact.
    pub id: FactId,
    /// Seat or person; empty for the session itself.
    pub who: String,
    /// That person's role, for a simulated one.
    pub role: Option<LangText>,
    /// Whose.
    pub from: MessageFrom,
    /// Channel.
    pub channel: Channel,
    /// Words.
    pub text: Text,
    /// Structured fields.
    pub fields: UpdateFields,
    /// When.
    pub when: When,
}

/// The channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelVm {
    /// Name.
    pub name: String,
    /// Whether an incident was declared.
    pub declared: bool,
    /// Messages, oldest first.
    pub messages: Vec<MessageVm>,
}

impl ChannelVm {
    /// Builds it.
    pub fn of(p: &Projection) -> ChannelVm {
        let messages = p
            .messages
            .iter()
            .map(|m| MessageVm {
                id: m.id,
                who: m.who.clone(),
                role: p.people.iter().find(|x| !x.seat && x.id == m.who).map(|x| x.role.clone()),
                from: m.from,
                channel: m.channel,
                text: m.text.clone(),
                fields: m.fields.clone(),
                when: When::of(&p.clock, m.at_t_s),
            })
            .collect();
        ChannelVm { name: p.scenario.channel.clone(), declared: p.incident.severity.is_some(), messages }
    }
}

/// What the composer needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComposerVm {
    /// Seconds past the promise.
    pub past_promise_s: Option<i64>,
    /// Components that a cause may name: services as measured.
    pub components: Vec<String>,
    /// Whether the incident is closed.
    pub resolved: bool,
    /// Severity now.
    pub severity: Option<u8>,
}

impl ComposerVm {
    /// Builds it.
    pub fn of(p: &Projection) -> ComposerVm {
        let now = p.clock.t_s;
        ComposerVm {
            past_promise_s: p.incident.promised_t_s.map(|t| now - t).filter(|s| *s > 0),
            components: p.map.nodes.iter().map(|n| n.id.clone()).collect(),
            resolved: p.incident.resolved_t_s.is_some(),
            severity: p.incident.severity,
        }
    }
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookPageVm {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// Markdown.
    pub text: LangText,
    /// Service.
    pub service: String,
}

/// The runbooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookVm {
    /// Pages in the author's order.
    pub pages: Vec<RunbookPageVm>,
}

impl RunbookVm {
    /// Builds it.
    pub fn of(p: &Projection) -> RunbookVm {
        let pages = p
            .runbooks
            .iter()
            .map(|r| RunbookPageVm {
                id: r.id.clone(),
                title: r.title.clone(),
                text: r.text.clone(),
                service: r.service.clone(),
            })
            .collect();
        RunbookVm { pages }
    }
}
