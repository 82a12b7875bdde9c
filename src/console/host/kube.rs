//! What tools can learn of a cluster that runs replicas: what its API server would answer to whoever asks.

use crate::console::host::Caller;
use crate::sim::capacity::{DeploymentView, EventView, HostUse, QuotaRow, ScalerRow};
use crate::stdx::time::Utc;

/// A cluster as its API describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Name of the cluster, as contexts name it.
    pub name: String,
    /// Address of its API server, host and port.
    pub server: String,
    /// Seconds since it was made.
    pub age_s: u64,
    /// Nodes by name.
    pub nodes: Vec<NodeInfo>,
    /// Deployments by name.
    pub deployments: Vec<DeploymentInfo>,
    /// Configuration that is mounted from config maps, by name: text, seconds since it was changed.
    pub configs: Vec<(String, String, u64)>,
    /// Events of nodes, oldest first.
    pub events: Vec<EventView>,
    /// The quota.
    pub quota: Option<QuotaRow>,
}

/// A node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeInfo {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// As its kernel counts.
    pub usage: HostUse,
    /// Seconds since it booted.
    pub uptime_s: u64,
    /// Seconds since it stopped answering, if it does not.
    pub dark_s: Option<u64>,
}

/// A deployment with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentInfo {
    /// As the platform runs it.
    pub view: DeploymentView,
    /// Its autoscaler.
    pub scaler: Option<ScalerRow>,
    /// Name under which the world reaches it, and the addresses of that name.
    pub dns: String,
    /// Addresses of the name.
    pub addresses: Vec<String>,
    /// Endpoints: name and path.
    pub endpoints: Vec<(String, String)>,
    /// Services that it calls.
    pub calls: Vec<String>,
    /// Release on staging.
    pub staging: Option<String>,
    /// When revisions were made: number and moment.
    pub made: Vec<(u64, Utc)>,
    /// Who made them, in words for the column CHANGE-CAUSE: number and words.
    pub causes: Vec<(u64, String)>,
}

/// A container on a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Replica that it belongs to.
    pub pod: String,
    /// Its service.
    pub service: String,
    /// Image.
    pub image: String,
    /// Process id on the host.
    pub pid: u32,
    /// Whether it runs.
    pub running: bool,
    /// Seconds since it was made.
    pub age_s: u64,
    /// Seconds since it started, or since it ended.
    pub since_s: u64,
    /// Exit status, if it ended.
    pub exit: i32,
    /// Cores in use.
    pub cores: f64,
    /// Memory in use, bytes, and at most; 0 is no limit.
    pub memory: u64,
    /// Limit of the memory.
    pub memory_limit: u64,
    /// Restarts.
    pub restarts: u32,
    /// Address.
    pub ip: String,
    /// Command line.
    pub command: String,
}

/// The capabilities of tools that look at clusters and containers.
pub trait KubeHost {
    /// The cluster; `None` if nothing here is run by one.
    fn cluster(&self, _who: &Caller) -> Option<Cluster> {
        None
    }

    /// Containers on a host, the newest first; `None` if it runs no container runtime.
    fn containers(&self, _host: &str) -> Option<Vec<Container>> {
        None
    }
}
