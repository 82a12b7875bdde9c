//! What tools learn about data stores and about work under way.

use super::Desk;
use crate::console::host::{JobState, Moved};
use crate::sim::store::StoreInfo;

impl Desk<'_> {
    /// Everything that tools may show of each store.
    pub(super) fn store_infos(&self) -> Vec<StoreInfo> {
        let world = &self.session.state.world;
        world.stores().map(|(plan, state)| state.info(plan, world.store_active(plan))).collect()
    }

    /// State of a job; one of a store may end without what was wanted.
    pub(super) fn job_state(&self, job: u32) -> JobState {
        let world = &self.session.state.world;
        if let Some(why) = world.stores().find_map(|(_, state)| state.job_failure(job)) {
            return JobState::Failed(why.to_owned());
        }
        let running = world.jobs().iter().find(|j| j.id == job);
        running.map_or(JobState::Done, |j| JobState::Running {
            elapsed_s: self.session.tick().since(j.started),
            seconds: j.seconds,
            moved: self.moved(job),
        })
    }

    fn moved(&self, job: u32) -> Option<Moved> {
        self.session.state.world.stores().find_map(|(plan, state)| {
            let w = state.job_work(job)?;
            let rate = if w.waits { 0 } else { w.rate };
            Some(Moved { store: plan.name.clone(), done: w.done, total: w.total, rate, left_s: w.left_s })
        })
    }
}
