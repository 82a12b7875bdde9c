//! The model of what watches the world: objectives, routes of alerts, who is called when nobody answers.

use super::{LangText, Provenance};
use crate::stdx::rational::Exact;
use crate::stdx::time::Span;
use serde::{Deserialize, Serialize};

/// A service level objective: how many of the events have to be good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SloSpec {
    /// Share of events that have to be good, below 1.
    pub objective: Exact,
    /// PromQL of good events a second, with `$window` for the range.
    pub good: String,
    /// PromQL of all events a second, with `$window` for the range.
    pub total: String,
    /// Period of the error budget.
    pub period: Span,
    /// Who is paged when the budget burns fast.
    pub pages: Option<String>,
    /// What the page says.
    pub summary: LangText,
    /// Service it is about.
    pub service: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// The receiver of alerts that are told to nobody.
pub const NOBODY: &str = "nobody";

/// The receiver that is every seat of the team.
pub const EVERY_SEAT: &str = "you";

/// Seats and roles that can be receivers: two seats on call, and the roles of an incident, which are whoever has them.
pub const SEATS: [&str; 6] = ["primary", "secondary", "ic", "comms", "scribe", "ops"];

/// Where alerts go, as Alertmanager routes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingSpec {
    /// The root of the tree; its matchers count for nothing.
    pub route: RouteSpec,
    /// Alerts that silence others.
    pub inhibit: Vec<InhibitSpec>,
}

/// A node of the routing tree. What it leaves out it has from its parent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteSpec {
    /// Matchers that an alert has to pass, such as `severity="critical"` or `service=~"api|web"`.
    pub matchers: Vec<String>,
    /// Who is told: [`EVERY_SEAT`], a seat or role, a person's id, or [`NOBODY`].
    pub receiver: Option<String>,
    /// Whether the routes after it are tried too.
    pub go_on: bool,
    /// Labels by which alerts are told together; `...` is all of them.
    pub group_by: Option<Vec<String>>,
    /// How long a new group waits for more.
    pub group_wait: Option<Span>,
    /// How long until a group tells that it changed.
    pub group_interval: Option<Span>,
    /// How long until a group is told again.
    pub repeat_interval: Option<Span>,
    /// Routes below it.
    pub routes: Vec<RouteSpec>,
}

/// While an alert that `source` matches fires, those that `target` matches are not told, if the labels are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InhibitSpec {
    /// Matchers of what fires.
    pub source: Vec<String>,
    /// Matchers of what is kept quiet.
    pub target: Vec<String>,
    /// Labels that have to be equal.
    pub equal: Vec<String>,
}

/// A step of the escalation policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationSpec {
    /// How long a page has gone unanswered, from its beginning.
    pub after: Span,
    /// Who is called then: a person, or a seat or role, or [`EVERY_SEAT`].
    pub to: String,
}
