//! The trainee's room: every panel's model from one projection.

use crate::session::projection::Projection;
use crate::view::panel::channel::{ChannelVm, ComposerVm, RunbookVm};
use crate::view::panel::console::ConsoleVm;
use crate::view::panel::explore::ExploreVm;
use crate::view::panel::graph::GraphsVm;
use crate::view::panel::log::{LogsVm, TimelineVm};
use crate::view::panel::map::MapVm;
use crate::view::panel::pager::PagerVm;
use crate::view::panel::top_bar::TopBarVm;

/// The room.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveVm {
    /// Seat that looks.
    pub seat: String,
    /// Top bar.
    pub top: TopBarVm,
    /// Left column.
    pub pager: PagerVm,
    /// Graphs.
    pub graphs: GraphsVm,
    /// Boards and the query box.
    pub explore: ExploreVm,
    /// Logs.
    pub logs: LogsVm,
    /// Service map.
    pub map: MapVm,
    /// Incident channel.
    pub channel: ChannelVm,
    /// Composer.
    pub composer: ComposerVm,
    /// Runbooks.
    pub runbooks: RunbookVm,
    /// The team's timeline.
    pub timeline: TimelineVm,
    /// Consoles.
    pub console: ConsoleVm,
}

impl LiveVm {
    /// Builds it. What only the game master may know is never read.
    pub fn of(p: &Projection) -> LiveVm {
        LiveVm {
            seat: p.seat.clone(),
            top: TopBarVm::of(p),
            pager: PagerVm::of(p),
            graphs: GraphsVm::of(p),
            explore: ExploreVm::of(p),
            logs: LogsVm::of(p),
            map: MapVm::of(p),
            channel: ChannelVm::of(p),
            composer: ComposerVm::of(p),
            runbooks: RunbookVm::of(p),
            timeline: TimelineVm::of(p),
            console: ConsoleVm::of(p),
        }
    }
}
