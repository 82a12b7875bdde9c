//! The game master's part of a projection: truth, script, original, deck, seats. Nobody else ever gets it.

use super::super::projection::*;
use super::Session;
use crate::fact::words::{fact_phrase, judged, signal_phrase};
use crate::fact::{Actor, FactKind};
use crate::scenario::{Action, Predicate};
use crate::session::grammar::fault;
use crate::sim::Effect;

/// Unknown commands listed for the GM.
const MAX_UNKNOWN: usize = 20;

/// Marks on the time band.
const MAX_BAND: usize = 200;

impl Session {
    pub(super) fn gm_view(&self) -> GmView {
        let s = &self.scenario;
        let now = self.offset().0;
        GmView {
            title: s.title.clone(),
            truth: s.truth.summary.clone(),
            works: s.truth.works.clone(),
            affected: self.users(),
            failed_total: self.state.world.failed_total(),
            script: s.script.iter().map(|r| self.script_row(r)).collect(),
            original: s
                .original
                .iter()
                .map(|r| OriginalView { id: r.id.clone(), t_s: r.at.0, kind: r.kind, what: r.what.clone() })
                .collect(),
            deck: s
                .deck
                .iter()
                .map(|c| CardView {
                    id: c.id.clone(),
                    title: c.title.clone(),
                    note: c.note.clone(),
                    allowance_s: c.allowance.0,
                    fired_t_s: self.state.fired_cards.get(&c.id).map(|t| self.t(*t)),
                })
                .collect(),
            nudges: s
                .nudges
                .iter()
                .map(|n| NudgeView {
                    rung: n.rung,
                    text: n.text.clone(),
                    from_t_s: n.from.0,
                    due: now >= n.from.0 && n.rung > self.state.nudged && self.state.rules.met(&n.milestone).is_none(),
                })
                .collect(),
            nudged: self.state.nudged,
            milestones: s
                .milestones
                .iter()
                .map(|m| MilestoneView {
                    id: m.id.clone(),
                    name: m.name.clone(),
                    met_t_s: self.state.rules.met(&m.id).map(|t| self.t(t)),
                })
                .collect(),
            seats: self.header.seats.iter().map(|seat| self.seat_view(seat)).collect(),
            faults: self.fault_views(),
            components: self.component_views(),
            unknown: self.unknown_tools(),
            band: self.band(),
            bookmarks: self
                .facts()
                .iter()
                .filter(|f| matches!(f.what, FactKind::Bookmarked { .. }))
                .map(|f| self.t(f.id.tick))
                .collect(),
            opens_t_s: s.opens.0,
            branch: self.header.branch,
        }
    }

    fn action_text(&self, action: &Action) -> Text {
        let key = |key: &str, args: &[(&str, &str)]| {
            Text::Key(key.to_owned(), args.iter().map(|(n, a)| ((*n).to_owned(), Arg::Word((*a).to_owned()))).collect())
        };
        match action {
            Action::Say { text, .. } | Action::Ticket { text, .. } | Action::Page { text, .. } => {
                Text::Author(text.clone())
            }
            Action::Promote { service, to, .. } => key("script-promote", &[("service", service), ("release", to)]),
            Action::Stage { service, release, .. } => {
                key("script-stage", &[("service", service), ("release", release)])
            }
            Action::Begin(f, course) => Text::Raw(format!("{}{}", fault::show(f), fault::show_course(course))),
            Action::Does { who, effect } => Text::Raw(match Effect::of(effect).map(|e| e.named()) {
                Some((verb, target)) => format!("{who}: {verb} {target}"),
                None => who.clone(),
            }),
            Action::Clear(f) => key("script-clear", &[("fault", &fault::show(f))]),
            Action::Join { who } => {
                Text::of_phrase(fact_phrase(&FactKind::Joined { person: who.clone() }), &self.scenario.people)
            }
        }
    }

    fn script_row(&self, rule: &crate::scenario::ScriptRule) -> ScriptRow {
        let at_t_s = match &rule.when {
            Predicate::After(at) => Some(at.0),
            Predicate::All(parts) => {
                parts.iter().find_map(|p| if let Predicate::After(at) = p { Some(at.0) } else { None })
            }
            _ => None,
        };
        let by_time_alone = matches!(rule.when, Predicate::After(_));
        ScriptRow {
            id: rule.id.clone(),
            at_t_s,
            text: rule.actions.first().map_or_else(
                || Text::Raw(rule.id.clone()),
                |a| match (rule.reliability, self.action_text(a)) {
                    (Some(r), Text::Author(text)) => Text::of_phrase(judged(r, &text), &self.scenario.people),
                    (_, text) => text,
                },
            ),
            condition: (!by_time_alone)
                .then(|| Text::of_phrase(crate::milestone::in_words(&rule.when), &self.scenario.people)),
            fired_t_s: self.state.rules.fired(&rule.id).map(|t| self.t(t)),
            held: self.state.rules.is_held(&rule.id),
        }
    }

    fn seat_view(&self, seat: &str) -> SeatView {
        let open = self.state.views.iter().filter(|((s, _, _), _)| s == seat);
        SeatView {
            seat: seat.to_owned(),
            viewing: open.map(|((_, panel, subject), _)| (panel.clone(), subject.clone())).collect(),
            active_t_s: self.state.active.get(seat).map(|t| self.t(*t)),
        }
    }

    fn fault_views(&self) -> Vec<FaultView> {
        let faults = self.state.world.faults();
        faults
            .map(|f| {
                let command = super::super::Command::ClearFault { fault: f.clone() };
                FaultView { text: fault::show(f), clear: format!("@gm {}", super::super::grammar::format(&command)) }
            })
            .collect()
    }

    fn component_views(&self) -> Vec<ComponentView> {
        let w = &self.scenario.world;
        let kinds = |k: &[&str]| k.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let services = w.services.keys().map(|s| ComponentView { name: s.clone(), kinds: kinds(&["errors", "slow"]) });
        let units = w.hosts.iter().flat_map(|(h, spec)| {
            let name = move |u: &String| format!("{h}:{u}");
            spec.units.keys().map(move |u| ComponentView { name: name(u), kinds: vec!["crash".to_owned()] })
        });
        let hosts = w.hosts.iter().flat_map(|(h, spec)| {
            let first = spec.mounts.keys().next();
            first.map(|m| ComponentView { name: format!("{h}:{}", fill_path(m)), kinds: kinds(&["fill"]) })
        });
        let traffic = w.traffic.keys().map(|t| ComponentView { name: t.clone(), kinds: kinds(&["surge"]) });
        services.chain(units).chain(hosts).chain(traffic).collect()
    }

    fn unknown_tools(&self) -> Vec<(String, u32, String, i64)> {
        let mut out: Vec<_> = self
            .facts()
            .iter()
            .filter_map(|f| match (&f.what, &f.by) {
                (FactKind::UnknownTool { name }, Actor::Seat(seat)) => {
                    Some((seat.clone(), 1, name.clone(), self.t(f.id.tick)))
                }
                _ => None,
            })
            .collect();
        let skip = out.len().saturating_sub(MAX_UNKNOWN);
        out.drain(..skip);
        out
    }

    fn band(&self) -> Vec<(i64, String, Text)> {
        let mut out = Vec::new();
        for f in self.facts() {
            let lane = match (&f.by, &f.what) {
                (Actor::Seat(_), FactKind::ViewClosed { .. }) => continue,
                (Actor::Seat(_), FactKind::Observed { .. }) if signal_phrase(&self.scenario, &f.what).is_none() => {
                    continue;
                }
                (Actor::Seat(_), _) => "team",
                (
                    _,
                    FactKind::StateChanged { .. }
                    | FactKind::Deployed { .. }
                    | FactKind::AlertFired { .. }
                    | FactKind::AlertResolved { .. },
                ) => "world",
                (
                    _,
                    FactKind::Injected { .. }
                    | FactKind::Nudged { .. }
                    | FactKind::TicketArrived { .. }
                    | FactKind::PageOpened { .. }
                    | FactKind::Said { .. }
                    | FactKind::Bookmarked { .. },
                ) => "script",
                _ => continue,
            };
            let judged = signal_phrase(&self.scenario, &f.what);
            let words = judged.map_or_else(|| self.words(&f.what), |p| Text::of_phrase(p, &self.scenario.people));
            out.push((self.t(f.id.tick), lane.to_owned(), words));
        }
        let skip = out.len().saturating_sub(MAX_BAND);
        out.drain(..skip);
        out
    }
}

/// Where an ad-hoc fill writes on a mount.
fn fill_path(mount: &str) -> String {
    format!("{}/var/tmp/fill", mount.trim_end_matches('/'))
}
