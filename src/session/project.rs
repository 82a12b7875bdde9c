//! The projection: what one seat may know. A white list, filled field by field.

mod explore;
mod gm;
mod map;
mod room;

use super::Session;
use super::projection::{ClockState, ClockView, Projection, ScenarioCard, TerminalView};
use crate::stdx::time::{Offset, Tick};

/// Log lines in a projection.
const MAX_LOGS: usize = 400;

/// Facts on the timeline of a projection.
const MAX_TIMELINE: usize = 400;

impl Session {
    /// What `seat` may know now; only `gm` gets the game master's part.
    pub fn project(&self, seat: &str) -> Projection {
        let gm = seat == "gm";
        Projection {
            seat: seat.to_owned(),
            scenario: self.card(),
            clock: self.clock_view(),
            incident: self.incident_view(),
            pages: self.page_views(seat),
            alerts: self.alert_views(),
            changes: self.change_views(),
            tickets: self.ticket_views(),
            people: self.person_views(),
            messages: self.message_views(seat),
            graphs: self.graph_views(),
            explore: self.explore_view(seat),
            logs: self.log_views(),
            map: self.map_view(gm),
            terminals: self.terminal_views(if gm { None } else { Some(seat) }),
            jobs: self.job_views(),
            runbooks: self.runbook_views(),
            timeline: self.timeline_rows(),
            gm: gm.then(|| self.gm_view()),
        }
    }

    /// What may be known of the scenario before and while it is played.
    pub fn card(&self) -> ScenarioCard {
        scenario_card(&self.scenario)
    }

    pub(super) fn t(&self, tick: Tick) -> i64 {
        Offset::of(tick, self.scenario.opens).0
    }

    fn clock_view(&self) -> ClockView {
        let t = self.offset();
        ClockView {
            tick: self.state.tick,
            t_s: t.0,
            utc_s: self.scenario.t0.utc.plus(t.0).0,
            state: if self.ended() {
                ClockState::Ended
            } else if self.paused() {
                ClockState::Paused
            } else {
                ClockState::Running
            },
            speed: self.state.clock.speed,
        }
    }

    fn terminal_views(&self, seat: Option<&str>) -> Vec<TerminalView> {
        let mut out = Vec::new();
        for owner in self.header.seats.iter().filter(|s| seat.is_none_or(|seat| seat == s.as_str())) {
            for number in 1..=super::TERMINALS {
                let Some(terminal) = self.terminal_of(owner, number).and_then(|id| self.state.console.terminal(id))
                else {
                    continue;
                };
                out.push(TerminalView {
                    seat: owner.clone(),
                    id: number,
                    host: terminal.host.clone(),
                    prompt: if terminal.running.is_some() { terminal.partial().text } else { terminal.prompt.clone() },
                    lines: terminal.lines().clone(),
                    running: terminal.running.clone(),
                    history: terminal.history.clone(),
                });
            }
        }
        out
    }
}

/// What may be known of a scenario before it is played.
pub fn scenario_card(scenario: &crate::scenario::Scenario) -> ScenarioCard {
    ScenarioCard {
        id: scenario.id.clone(),
        wedge: scenario.wedge.clone(),
        level: scenario.level,
        minutes: scenario.minutes,
        role: scenario.you.role.clone(),
        briefing: scenario.briefing.clone(),
        channel: scenario.you.channel.clone(),
    }
}
