//! What tools can learn of machines and of replicas that a platform runs. Each answer is empty where there is none.

use crate::sim::capacity::{HostUse, PodRow, QuotaRow, ScalerRow, UnitUse};
use crate::stdx::time::Utc;

/// A line of a kernel's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelMessage {
    /// When.
    pub at: Utc,
    /// Level word: `err`, `warn`, `info`.
    pub level: String,
    /// Text.
    pub text: String,
}

/// The capabilities of tools that look at machines and replicas.
pub trait MachineHost {
    /// A machine as its kernel counts.
    fn machine(&self, _host: &str) -> Option<HostUse> {
        None
    }

    /// Processor time that everything on a machine has used since it was started, core seconds.
    fn cpu_spent_s(&self, _host: &str) -> u64 {
        0
    }

    /// A unit as its control group counts.
    fn unit_use(&self, _host: &str, _unit: &str) -> Option<UnitUse> {
        None
    }

    /// The kernel's log, oldest first.
    fn kernel_log(&self, _host: &str) -> Vec<KernelMessage> {
        Vec::new()
    }

    /// Kernel parameters and their values, by name.
    fn sysctls(&self, _host: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Inodes of mounts that have a limit: mount point, used, all.
    fn inodes(&self, _host: &str) -> Vec<(String, u64, u64)> {
        Vec::new()
    }

    /// Managed services with their replicas, by name.
    fn pods(&self) -> Vec<(String, Vec<PodRow>)> {
        Vec::new()
    }

    /// Autoscalers.
    fn scalers(&self) -> Vec<ScalerRow> {
        Vec::new()
    }

    /// The quota on managed replicas.
    fn quota(&self) -> Option<QuotaRow> {
        None
    }

    /// Addresses of the pool: taken, all.
    fn addresses(&self) -> Option<(u64, u64)> {
        None
    }
}

/// Memory of a host in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// In all.
    pub total: u64,
    /// Used by programs.
    pub used: u64,
    /// Buffers and cache.
    pub cache: u64,
}

impl Memory {
    /// What of the cache is buffers.
    pub fn buffers(&self) -> u64 {
        self.cache / 16
    }
}
