//! A moment of a session again: the room of a seat as it was then.

use crate::session::projection::Projection;
use crate::view::gm::GmVm;
use crate::view::live::LiveVm;

/// Seat of the game master.
const GM: &str = "gm";

/// The room as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayVm {
    /// The moment, seconds from T0.
    pub t_s: i64,
    /// Whose room.
    pub seat: String,
    /// Seats that can be looked from: those played, and the game master's.
    pub seats: Vec<String>,
    /// First moment.
    pub from_s: i64,
    /// Last moment of the log.
    pub to_s: i64,
    /// Last moment that is ready to be shown.
    pub warm_s: i64,
    /// The room, for a trainee's seat.
    pub live: Option<LiveVm>,
    /// The station, for the game master's.
    pub gm: Option<GmVm>,
}

impl ReplayVm {
    /// The room of the seat that a projection is of, in a session that opened at `from_s` and is ready up to `warm_s` of `to_s`.
    pub fn of(p: &Projection, played: &[String], from_s: i64, warm_s: i64, to_s: i64) -> ReplayVm {
        let gm = if p.gm.is_some() { GmVm::of(p) } else { None };
        let live = if p.gm.is_some() { None } else { Some(LiveVm::of(p)) };
        let mut seats = played.to_vec();
        seats.push(GM.to_owned());
        ReplayVm { t_s: p.clock.t_s, seat: p.seat.clone(), seats, from_s, to_s, warm_s, live, gm }
    }
}
