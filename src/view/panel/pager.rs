//! Pager and alerts, recorded changes, running jobs, tickets, who can help.

use crate::fact::FactId;
use crate::scenario::{AlertSeverity, LangText};
use crate::session::projection::{AlertState, AlertView, Health, PageView, Presence, Projection, Text};
use crate::view::panel::{When, alert_health, initial};

/// An open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVm {
    /// Number.
    pub id: u32,
    /// What it says.
    pub text: LangText,
    /// Service.
    pub service: String,
    /// The alert's value, if the page comes from one that has data.
    pub value: Option<Text>,
    /// How many alerts fire in it; 0 if a person sent it.
    pub firing: i64,
    /// State.
    pub health: Health,
    /// When it came.
    pub when: When,
    /// Seconds until somebody else is paged.
    pub escalates_in_s: Option<i64>,
    /// Share of the time until then that is over, per mille.
    pub elapsed_per_mille: u32,
    /// Graph to look at.
    pub graph: Option<String>,
}

/// An alert rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertVm {
    /// Id.
    pub id: String,
    /// Summary.
    pub text: LangText,
    /// Value now.
    pub value: Option<Text>,
    /// The rule in words.
    pub rule: Text,
    /// State.
    pub health: Health,
    /// State of the rule.
    pub state: AlertState,
    /// Since when.
    pub since: When,
    /// Whether its page was acknowledged.
    pub acked: bool,
    /// Graph to look at.
    pub graph: Option<String>,
}

/// A recorded change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeVm {
    /// Release's id.
    pub release: String,
    /// Service.
    pub service: String,
    /// `production` or `staging`.
    pub stage: String,
    /// Who.
    pub by: String,
    /// Lines of the change log.
    pub changes: Vec<String>,
    /// When.
    pub when: When,
}

/// A running job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobVm {
    /// Number.
    pub id: u32,
    /// What.
    pub what: String,
    /// Seconds so far.
    pub elapsed_s: i64,
}

/// A ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketVm {
    /// Fact.
    pub id: FactId,
    /// Who.
    pub who: String,
    /// Text.
    pub text: LangText,
    /// When.
    pub when: When,
}

/// Somebody who can help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonVm {
    /// Id.
    pub id: String,
    /// Role.
    pub role: LangText,
    /// Initial.
    pub initial: String,
    /// Whether it is a seat of the team.
    pub seat: bool,
    /// Presence.
    pub presence: Presence,
    /// Whether that person has the command.
    pub commands: bool,
}

/// The left column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagerVm {
    /// Open pages, oldest first.
    pub pages: Vec<PageVm>,
    /// Alert rules: open, then acknowledged, then normal.
    pub alerts: Vec<AlertVm>,
    /// Changes, newest first.
    pub changes: Vec<ChangeVm>,
    /// Running jobs.
    pub jobs: Vec<JobVm>,
    /// Tickets, newest first.
    pub tickets: Vec<TicketVm>,
    /// Who can help.
    pub people: Vec<PersonVm>,
}

impl PagerVm {
    /// Builds it.
    pub fn of(p: &Projection) -> PagerVm {
        let now = |t| When::of(&p.clock, t);
        let value = |source: &str| p.alerts.iter().find(|a| a.id == source).and_then(|a| a.value.clone());
        let pages = p
            .pages
            .iter()
            .filter(|g| g.is_open())
            .map(|g| {
                let when = now(g.at_t_s);
                let left = g.escalates_in_s.and_then(|s| i64::try_from(s).ok());
                let whole = left.map_or(0, |l| l + when.ago_s);
                let share = if whole > 0 { when.ago_s * 1000 / whole } else { 0 };
                PageVm {
                    id: g.id,
                    text: g.text.clone(),
                    service: g.service.clone(),
                    value: value(&g.source),
                    firing: i64::try_from(g.firing.len()).unwrap_or(i64::MAX),
                    health: match g.severity {
                        AlertSeverity::Critical => Health::Critical,
                        AlertSeverity::Warning => Health::Warning,
                    },
                    when,
                    escalates_in_s: left,
                    elapsed_per_mille: u32::try_from(share.clamp(0, 1000)).unwrap_or(0),
                    graph: page_graph(p, &g.source, &g.service),
                }
            })
            .collect();
        let acked = |a: &AlertView| {
            let speaks = |g: &&PageView| g.resolved_t_s.is_none() && (g.source == a.id || g.firing.contains(&a.id));
            let mut of_alert = p.pages.iter().filter(speaks).peekable();
            of_alert.peek().is_some() && of_alert.all(|g| g.acked_t_s.is_some()) && a.state != AlertState::Normal
        };
        let mut alerts: Vec<AlertVm> = p
            .alerts
            .iter()
            .map(|a| AlertVm {
                id: a.id.clone(),
                text: a.text.clone(),
                value: a.value.clone(),
                rule: a.rule.clone(),
                health: alert_health(a.state, a.severity),
                state: a.state,
                since: now(a.since_t_s),
                acked: acked(a),
                graph: page_graph(p, &a.id, &a.service),
            })
            .collect();
        alerts.sort_by_key(|a| {
            let group = match (a.state, a.acked) {
                (AlertState::Firing | AlertState::Pending, false) => 0,
                (AlertState::Firing | AlertState::Pending, true) => 1,
                (AlertState::NoData, _) => 2,
                (AlertState::Normal, _) => 3,
            };
            (group, a.state, a.since.ago_s)
        });
        let ic = p.incident.roles.iter().find(|(r, _)| r == "ic").map(|(_, w)| w.as_str());
        PagerVm {
            pages,
            alerts,
            changes: p
                .changes
                .iter()
                .map(|c| ChangeVm {
                    release: c.release.clone(),
                    service: c.service.clone(),
                    stage: c.stage.clone(),
                    by: c.by.clone(),
                    changes: c.changes.clone(),
                    when: now(c.at_t_s),
                })
                .collect(),
            jobs: p
                .jobs
                .iter()
                .map(|j| JobVm {
                    id: j.id,
                    what: j.what.clone(),
                    elapsed_s: i64::try_from(j.elapsed_s).unwrap_or(i64::MAX),
                })
                .collect(),
            tickets: p
                .tickets
                .iter()
                .map(|k| TicketVm { id: k.id, who: k.who.clone(), text: k.text.clone(), when: now(k.at_t_s) })
                .collect(),
            people: p
                .people
                .iter()
                .filter(|x| x.id != p.seat)
                .map(|x| PersonVm {
                    id: x.id.clone(),
                    role: x.role.clone(),
                    initial: initial(&x.id),
                    seat: x.seat,
                    presence: x.presence,
                    commands: ic == Some(x.id.as_str()),
                })
                .collect(),
        }
    }
}

/// The graph that shows what a page or an alert is about: that of the same name, else one of its service.
fn page_graph(p: &Projection, source: &str, service: &str) -> Option<String> {
    let by_id = p.graphs.iter().find(|g| g.id == source);
    by_id.or_else(|| p.graphs.iter().find(|g| g.service == service)).map(|g| g.id.clone())
}
