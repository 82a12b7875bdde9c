//! What tools learn about data stores.

use super::Desk;
use crate::sim::store::StoreInfo;

impl Desk<'_> {
    /// Everything that tools may show of each store.
    pub(super) fn store_infos(&self) -> Vec<StoreInfo> {
        let world = &self.session.state.world;
        world.stores().map(|(plan, state)| state.info(plan, world.store_active(plan))).collect()
    }

    /// Why a job of a store ended without what was wanted.
    pub(super) fn store_failure(&self, job: u32) -> Option<String> {
        let mut stores = self.session.state.world.stores();
        stores.find_map(|(_, state)| state.job_failure(job).map(str::to_owned))
    }
}
