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
    /// Who is told: `you` or a person's id; an empty text is nobody.
    pub receiver: Option<String>,
    /// Whether the routes after it are tried too.
    pub go_on: bool,
    /// Labels by which alerts are told together.
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
    /// How long a page has gone unanswered.
    pub after: Span,
    /// Who is called then.
    pub to: String,
}
