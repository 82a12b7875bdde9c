//! What the desk knows about machines and managed replicas, and who may change them.

use super::Desk;
use crate::console::host::{Caller, KernelMessage, MachineHost};
use crate::sim::capacity::{CapacityPlan, CapacityState, HostUse, PodRow, QuotaRow, ScalerRow, UnitUse};
use crate::sim::{CapacityEffect, Effect};

impl Desk<'_> {
    pub(super) fn machines(&self) -> (&CapacityState, &CapacityPlan) {
        self.session.state.world.machines()
    }

    /// The permission that an effect on machines and replicas needs.
    pub(super) fn capacity_permission(effect: &Effect) -> Option<&'static str> {
        use CapacityEffect::*;
        let Effect::Capacity(effect) = effect else { return None };
        match effect {
            Scale { .. }
            | Rollout { .. }
            | DeletePod { .. }
            | Undo { .. }
            | Hold { .. }
            | Resources { .. }
            | Environment { .. }
            | DeleteDeployment { .. }
            | CreateDeployment { .. }
            | DeleteScaler { .. }
            | ProbeTimeout { .. }
            | Autoscaler { .. }
            | ScaleBounds { .. }
            | Admit { .. } => Some("scale"),
            Image { .. } => Some("release"),
            Cordon { .. } | Drain { .. } | Evict { .. } | Power { .. } | DeleteQuota | ReleaseAddresses => {
                Some("nodes")
            }
            Sysctl { .. } | Limit { .. } | Shutdown { .. } => None,
        }
    }

    /// Whether an effect needs `root` on its host.
    pub(super) fn capacity_needs_root(effect: &Effect) -> bool {
        matches!(
            effect,
            Effect::Capacity(
                CapacityEffect::Sysctl { .. } | CapacityEffect::Limit { .. } | CapacityEffect::Shutdown { .. }
            )
        )
    }

    /// Why nobody can log in to a host that is off.
    pub(super) fn unreachable(&self, _who: &Caller, to: &str) -> Result<(), String> {
        if crate::console::host::ConsoleHost::answers(self, to) {
            Ok(())
        } else {
            Err(format!("ssh: connect to host {to} port 22: No route to host"))
        }
    }
}

impl MachineHost for Desk<'_> {
    fn machine(&self, host: &str) -> Option<HostUse> {
        let (state, plan) = self.machines();
        state.host_use(plan, plan.host(&self.place(host))?)
    }

    fn cpu_spent_s(&self, host: &str) -> u64 {
        self.session.state.world.cpu_spent_s(&self.place(host))
    }

    fn unit_use(&self, host: &str, unit: &str) -> Option<UnitUse> {
        let (state, plan) = self.machines();
        state.unit_use(plan.unit(host, unit)?)
    }

    fn kernel_log(&self, host: &str) -> Vec<KernelMessage> {
        let (state, plan) = self.machines();
        let Some(at) = plan.host(host) else { return Vec::new() };
        let opens = self.session.state.world.opens().0;
        let line = |l: &crate::sim::capacity::KernelLine| KernelMessage {
            at: self.utc_of(opens.saturating_add(i64::try_from(l.tick).unwrap_or(0))),
            level: l.level.to_owned(),
            text: l.text.clone(),
        };
        state.kernel_log(at).map(line).collect()
    }

    fn sysctls(&self, host: &str) -> Vec<(String, String)> {
        let (state, plan) = self.machines();
        let all = plan.host(host).map(|at| state.sysctls(at)).unwrap_or_default();
        all.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
    }

    fn inodes(&self, host: &str) -> Vec<(String, u64, u64)> {
        let (state, plan) = self.machines();
        plan.host(host).map(|at| state.inodes_of(plan, at)).unwrap_or_default()
    }

    fn pods(&self) -> Vec<(String, Vec<PodRow>)> {
        let (state, plan) = self.machines();
        let managed = plan.services.iter().enumerate().filter(|(at, _)| state.group(*at).is_some());
        managed.map(|(at, s)| (s.name.clone(), state.pods(plan, at))).collect()
    }

    fn scalers(&self) -> Vec<ScalerRow> {
        let (state, plan) = self.machines();
        plan.services.iter().filter_map(|s| state.scaler(plan, &s.name)).collect()
    }

    fn quota(&self) -> Option<QuotaRow> {
        let (state, plan) = self.machines();
        state.quota(plan)
    }

    fn addresses(&self) -> Option<(u64, u64)> {
        let (state, plan) = self.machines();
        state.addresses(plan)
    }
}
