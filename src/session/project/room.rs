//! The room: pages, alerts, changes, tickets, people, messages, graphs, logs, jobs, runbooks, the team's timeline.

use super::super::measure::{alert_state, with_unit};
use super::super::projection::*;
use super::{MAX_LOGS, MAX_TIMELINE, Session};
use crate::fact::words::fact_phrase;
use crate::fact::{Actor, Fact, FactKind, UpdateFields};
use crate::observe::LogQuery;
use crate::scenario::{Channel, Signal};
use crate::stdx::time::Offset;
use std::sync::Arc;

impl Session {
    pub(super) fn incident_view(&self) -> IncidentView {
        let i = &self.state.incident;
        IncidentView {
            severity: i.severity,
            declared_t_s: i.declared.map(|t| self.t(t)),
            roles: i.roles.iter().map(|(r, w)| (r.clone(), w.clone())).collect(),
            last_update_t_s: i.last_update.map(|t| self.t(t)),
            promised_t_s: i.promised.map(|t| self.t(t)),
            resolved_t_s: i.resolved.map(|t| self.t(t)),
            hypothesis: i.hypothesis.clone(),
            cause: i.cause.clone(),
            followups: i.followups.clone(),
        }
    }

    /// Pages that reach a seat; the game master sees all.
    pub(in crate::session) fn page_views(&self, seat: &str) -> Vec<PageView> {
        let pages = self.state.incident.pages.iter().zip(1u32..).filter(|(p, _)| seat == "gm" || p.reaches(seat));
        pages
            .map(|(p, id)| PageView {
                id,
                text: p.text.clone(),
                source: p.source.clone(),
                service: p.service.clone(),
                severity: p.severity,
                at_t_s: self.t(p.at),
                to: p.to.clone(),
                firing: p.firing.clone(),
                acked_t_s: p.acked.map(|t| self.t(t)),
                resolved_t_s: p.resolved.map(|t| self.t(t)),
                escalated: p.escalated,
                escalates_in_s: self.escalation(p).map(|step| step.after.0.saturating_sub(self.state.tick.since(p.at))),
            })
            .collect()
    }

    pub(super) fn alert_views(&self) -> Vec<AlertView> {
        let now = self.state.telemetry.alerts();
        let rules = now.into_iter().filter_map(|a| {
            let spec = self.scenario.world.alerts.get(&a.id)?;
            Some(AlertView {
                text: spec.summary.clone(),
                service: spec.service.clone(),
                state: alert_state(a.state),
                since_t_s: a.since,
                value: match &spec.signal {
                    Signal::Query { unit, .. } => {
                        a.value.map(|v| Text::Raw(with_unit(v * Session::scale(&spec.signal), unit)))
                    }
                    signal => self.figure_text(signal),
                },
                rule: Session::rule_text(spec),
                severity: spec.severity,
                id: a.id,
            })
        });
        rules.collect()
    }

    pub(super) fn change_views(&self) -> Vec<ChangeView> {
        let t0 = self.scenario.t0.utc.0;
        let mut out: Vec<ChangeView> = self
            .state
            .world
            .deploys()
            .iter()
            .map(|d| ChangeView {
                at_t_s: d.at.0 - t0,
                service: d.service.clone(),
                release: d.release.clone(),
                stage: d.stage.clone(),
                by: d.by.clone(),
                changes: self.scenario.world.releases.get(&d.release).map(|r| r.changes.clone()).unwrap_or_default(),
            })
            .collect();
        out.reverse();
        out
    }

    pub(super) fn ticket_views(&self) -> Vec<TicketView> {
        let mut out: Vec<TicketView> = self
            .facts()
            .iter()
            .filter_map(|f| match &f.what {
                FactKind::TicketArrived { who, text, .. } => {
                    Some(TicketView { id: f.id, at_t_s: self.t(f.id.tick), who: who.clone(), text: text.clone() })
                }
                _ => None,
            })
            .collect();
        out.reverse();
        out
    }

    pub(super) fn person_views(&self) -> Vec<PersonView> {
        let seats = self.header.seats.iter().map(|seat| PersonView {
            id: seat.clone(),
            role: crate::scenario::LangText { en: seat.clone(), ko: String::new() },
            seat: true,
            presence: Presence::Here,
        });
        let people = self.scenario.people.iter().map(|(id, spec)| {
            let state = self.state.people.get(id);
            let presence = match state {
                Some(p) if p.here => Presence::Here,
                Some(p) if p.joins_at.is_some() => {
                    Presence::Called(p.joins_at.map_or(0, |at| at.since(self.state.tick)))
                }
                _ => spec.comes_in(self.state.world.utc()).map_or(Presence::Away, Presence::JoinsIn),
            };
            PersonView { id: id.clone(), role: spec.role.clone(), seat: false, presence }
        });
        seats.chain(people).collect()
    }

    pub(super) fn message_views(&self, seat: &str) -> Vec<MessageView> {
        self.facts().iter().filter_map(|f| self.message(f, seat)).collect()
    }

    /// A fact as it shows in the incident channel, if it does.
    fn message(&self, f: &Fact, seat: &str) -> Option<MessageView> {
        let (who, from) = match &f.by {
            Actor::Seat(s) if s == seat => (s.clone(), MessageFrom::You),
            Actor::Seat(s) => (s.clone(), MessageFrom::Team),
            Actor::Person(p) => (p.clone(), MessageFrom::Person),
            Actor::Gm | Actor::Director => (String::new(), MessageFrom::Gm),
            Actor::World | Actor::Script(_) => (String::new(), MessageFrom::System),
        };
        let view = |channel, from, text, fields| {
            Some(MessageView { id: f.id, at_t_s: self.t(f.id.tick), channel, who, from, text, fields })
        };
        match &f.what {
            FactKind::Said { channel, text, fields, .. } => {
                view(*channel, from, Text::Author(text.clone()), fields.clone())
            }
            FactKind::Nudged { text, .. } => {
                view(Channel::Internal, MessageFrom::Gm, Text::Author(text.clone()), UpdateFields::default())
            }
            FactKind::Acked { .. }
            | FactKind::PageResolved { .. }
            | FactKind::Declared { .. }
            | FactKind::SeveritySet { .. }
            | FactKind::RoleAssigned { .. }
            | FactKind::Hypothesis { .. }
            | FactKind::Cause { .. }
            | FactKind::Help { .. }
            | FactKind::Called { .. }
            | FactKind::Joined { .. }
            | FactKind::HandedOver { .. }
            | FactKind::Resolved
            | FactKind::FollowUp { .. } => {
                view(Channel::Internal, MessageFrom::System, self.words(&f.what), UpdateFields::default())
            }
            _ => None,
        }
    }

    /// A fact as a message of the catalogue.
    pub(super) fn words(&self, kind: &FactKind) -> Text {
        Text::of_phrase(fact_phrase(kind), &self.scenario.people)
    }

    pub(super) fn graph_views(&self) -> Vec<GraphView> {
        let all = self.marks();
        let graphs = self.scenario.world.graphs.iter().map(|g| {
            let scale = Session::scale(&g.signal);
            let points = self.state.telemetry.series(&g.signal);
            let points = if scale == 1.0 {
                points
            } else {
                Arc::new(points.iter().map(|(t, v)| (*t, v.map(|v| v * scale))).collect())
            };
            let service = self.service_of_signal(&g.signal).unwrap_or_default();
            let first = points.first().map_or(0, |(t, _)| *t);
            let marks = all.iter().filter(|m| m.kind != MarkKind::Deploy || m.t_s >= first).cloned().collect();
            // Of a query with many answers each is a line.
            let lines = match &g.signal {
                crate::scenario::Signal::Query { expr, .. } => self.lines_of(expr, super::super::explore::RANGE_S),
                _ => Ok((Vec::new(), 0)),
            };
            let lines = lines.map(|(l, _)| l).unwrap_or_default();
            let lines = if lines.len() > 1 { lines } else { Vec::new() };
            GraphView {
                id: g.id.clone(),
                title: g.title.clone(),
                service,
                unit: Session::unit(&g.signal).to_owned(),
                points,
                usual: self.state.telemetry.usual(&g.signal).map(|v| v * scale),
                threshold: self.threshold(&g.signal),
                state: self.graph_state(g),
                marks,
                lines,
            }
        });
        graphs.collect()
    }

    pub(in crate::session) fn log_views(&self) -> Vec<LogView> {
        // What many requests suffer in one second is one row with their number.
        let query = LogQuery { shipped: true, ..LogQuery::default() };
        let page = self.state.telemetry.log_tail(&query, MAX_LOGS, true);
        let rows = page.lines.into_iter().map(|l| LogView {
            t_s: l.utc.0 - self.scenario.t0.utc.0,
            utc_s: l.utc.0,
            on: l.on,
            program: l.program,
            level: l.level,
            text: if l.more == 0 { l.text } else { format!("{} ×{}", l.text, u64::from(l.more) + 1) },
        });
        rows.collect()
    }

    pub(super) fn job_views(&self) -> Vec<JobView> {
        let jobs = self.state.world.jobs().iter().map(|j| JobView {
            id: j.id,
            what: j.what.clone(),
            started_t_s: self.t(j.started),
            elapsed_s: self.state.tick.since(j.started),
        });
        jobs.collect()
    }

    pub(super) fn runbook_views(&self) -> Vec<RunbookView> {
        let docs = self.scenario.runbooks.iter().map(|(id, d)| RunbookView {
            id: id.clone(),
            title: d.title.clone(),
            text: d.text.clone(),
            service: d.service.clone(),
        });
        docs.collect()
    }

    /// Facts that the team may cite: what its seats did and saw, and what reached them.
    pub(super) fn timeline_rows(&self) -> Vec<TimelineRow> {
        let rows = self.facts().iter().filter(|f| self.is_known(f)).map(|f| TimelineRow {
            id: f.id,
            t_s: Offset::of(f.id.tick, self.scenario.opens).0,
            who: match &f.by {
                Actor::Seat(s) => s.clone(),
                Actor::Person(p) => p.clone(),
                _ => String::new(),
            },
            ours: f.by.is_responder(),
            text: self.words(&f.what),
        });
        let rows: Vec<TimelineRow> = rows.collect();
        let skip = rows.len().saturating_sub(MAX_TIMELINE);
        rows.into_iter().skip(skip).collect()
    }

    /// Whether a fact is the team's to know while it plays. Impact, relief, faults and script stay out: they are the truth.
    fn is_known(&self, f: &Fact) -> bool {
        match &f.what {
            FactKind::PageOpened { .. }
            | FactKind::PageResolved { .. }
            | FactKind::TicketArrived { .. }
            | FactKind::AlertFired { .. }
            | FactKind::AlertResolved { .. }
            | FactKind::Nudged { .. }
            | FactKind::JobDone { .. }
            | FactKind::Joined { .. }
            | FactKind::Said { .. }
            | FactKind::Ended => true,
            FactKind::Relief { .. } => false,
            _ => f.by.is_responder(),
        }
    }
}
