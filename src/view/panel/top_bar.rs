//! The top bar: the clock, whose move it is, severity, command, the last update, services, who is here.

use crate::session::projection::{ClockState, Health, Presence, Projection};
use crate::stdx::time::{Offset, Utc};
use crate::view::panel::initial;

/// What waits for this seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YourMove {
    /// Nothing.
    Nothing,
    /// Pages that nobody has acknowledged.
    Pages {
        /// How many.
        count: i64,
        /// Seconds until somebody else is paged, for the one that is nearest to it.
        escalates_in_s: Option<i64>,
    },
    /// The promised update is due.
    UpdateDue {
        /// Seconds past the promise.
        past_s: i64,
    },
    /// The session is over.
    Over,
}

/// Time since the last update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateAge {
    /// Seconds since the last update, or since T0 if there is none.
    pub seconds: i64,
    /// Whether there is one.
    pub any: bool,
    /// Seconds past the promise of the last one.
    pub past_promise_s: Option<i64>,
    /// Seconds until the promised one.
    pub promised_in_s: Option<i64>,
}

/// A seat that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HereVm {
    /// Initial.
    pub initial: String,
    /// Name.
    pub name: String,
    /// Whether it is the reader's own.
    pub you: bool,
}

/// The top bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopBarVm {
    /// `T+09:12`.
    pub clock: String,
    /// `12:26:12`.
    pub utc: String,
    /// State of the clock.
    pub state: ClockState,
    /// Speed.
    pub speed: i64,
    /// What waits.
    pub your_move: YourMove,
    /// Severity and seconds since it was declared.
    pub severity: Option<(u8, i64)>,
    /// Who has the command.
    pub commander: Option<String>,
    /// The last update.
    pub update: UpdateAge,
    /// Services by health, worst first; only those with at least one.
    pub services: Vec<(Health, i64)>,
    /// Seats here, the reader's first.
    pub here: Vec<HereVm>,
}

impl TopBarVm {
    /// Builds it.
    pub fn of(p: &Projection) -> TopBarVm {
        let now = p.clock.t_s;
        let i = &p.incident;
        let open: Vec<_> = p.pages.iter().filter(|g| g.is_open()).collect();
        let past = i.promised_t_s.filter(|_| i.resolved_t_s.is_none()).map(|t| now - t).filter(|s| *s > 0);
        let your_move = if p.clock.state == ClockState::Ended {
            YourMove::Over
        } else if !open.is_empty() {
            let nearest = open.iter().filter_map(|g| g.escalates_in_s).min();
            YourMove::Pages {
                count: i64::try_from(open.len()).unwrap_or(i64::MAX),
                escalates_in_s: nearest.and_then(|s| i64::try_from(s).ok()),
            }
        } else if let Some(past_s) = past {
            YourMove::UpdateDue { past_s }
        } else {
            YourMove::Nothing
        };
        let services = [Health::Critical, Health::Warning, Health::Unknown, Health::Ok]
            .into_iter()
            .map(|h| (h, p.map.nodes.iter().filter(|n| n.health == h).count()))
            .filter(|(_, n)| *n > 0)
            .map(|(h, n)| (h, i64::try_from(n).unwrap_or(i64::MAX)))
            .collect();
        let others = p.people.iter().filter(|x| x.seat && x.presence == Presence::Here && x.id != p.seat);
        let seat = |name: &str, you| HereVm { initial: initial(name), name: name.to_owned(), you };
        let here = std::iter::once(seat(&p.seat, true)).chain(others.map(|x| seat(&x.id, false))).collect();
        TopBarVm {
            clock: Offset(now).clock(),
            utc: Utc(p.clock.utc_s).hms(),
            state: p.clock.state,
            speed: i64::from(p.clock.speed),
            your_move,
            severity: i.severity.map(|s| (s, i.declared_t_s.map_or(0, |t| now - t))),
            commander: i
                .roles
                .iter()
                .find(|(role, _)| matches!(role.as_str(), "ic" | "commander" | "incident_commander"))
                .map(|(_, who)| who.clone()),
            update: UpdateAge {
                seconds: i.last_update_t_s.map_or(now, |t| now - t).max(0),
                any: i.last_update_t_s.is_some(),
                past_promise_s: past,
                promised_in_s: i.promised_t_s.map(|t| t - now).filter(|s| *s >= 0),
            },
            services,
            here,
        }
    }
}
