//! Log lines by service, and the team's own timeline.

use crate::fact::FactId;
use crate::scenario::{LangText, LogLevel};
use crate::session::projection::{Projection, Text};
use crate::stdx::time::Utc;
use crate::view::panel::When;

/// A log line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogVm {
    /// `12:26:12`.
    pub utc: String,
    /// Host or service.
    pub on: String,
    /// Program.
    pub program: String,
    /// Level.
    pub level: LogLevel,
    /// Text.
    pub text: String,
}

/// The log panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogsVm {
    /// Hosts and services that have lines, in order of name.
    pub sources: Vec<String>,
    /// Lines, oldest first.
    pub lines: Vec<LogVm>,
}

impl LogsVm {
    /// Builds it.
    pub fn of(p: &Projection) -> LogsVm {
        let mut sources: Vec<String> = p.logs.iter().map(|l| l.on.clone()).collect();
        sources.sort();
        sources.dedup();
        let lines = p
            .logs
            .iter()
            .map(|l| LogVm {
                utc: Utc(l.utc_s).hms(),
                on: l.on.clone(),
                program: l.program.clone(),
                level: l.level,
                text: l.text.clone(),
            })
            .collect();
        LogsVm { sources, lines }
    }
}

/// A row of the team's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRowVm {
    /// Fact, as evidence names it.
    pub id: FactId,
    /// When.
    pub when: When,
    /// Who; empty for the world.
    pub who: String,
    /// Role of a simulated person.
    pub role: Option<LangText>,
    /// Whether a seat of the team did it.
    pub ours: bool,
    /// What.
    pub text: Text,
}

/// The team's timeline, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineVm {
    /// Rows.
    pub rows: Vec<TimelineRowVm>,
}

impl TimelineVm {
    /// Builds it.
    pub fn of(p: &Projection) -> TimelineVm {
        let rows = p
            .timeline
            .iter()
            .map(|r| TimelineRowVm {
                id: r.id,
                when: When::of(&p.clock, r.t_s),
                who: r.who.clone(),
                role: p.people.iter().find(|x| !x.seat && x.id == r.who).map(|x| x.role.clone()),
                ours: r.ours,
                text: r.text.clone(),
            })
            .collect();
        TimelineVm { rows }
    }
}
