//! Effects on machines and replicas.

use serde::{Deserialize, Serialize};

/// A change to what machines and replicas have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CapacityEffect {
    /// Sets the number of managed replicas of a service.
    Scale {
        /// Service.
        service: String,
        /// Replicas.
        replicas: u64,
    },
    /// Replaces the managed replicas of a service, a quarter at a time.
    Rollout {
        /// Service.
        service: String,
    },
    /// Goes back to an earlier revision of what replicas are made from; 0 is the one before.
    Undo {
        /// Service.
        service: String,
        /// Number of the revision.
        revision: u64,
    },
    /// Holds a move from one revision to the next where it is, or lets it go on.
    Hold {
        /// Service.
        service: String,
        /// Whether it is held.
        on: bool,
    },
    /// Makes replicas from another image: that of a release, or one that no registry has.
    Image {
        /// Service.
        service: String,
        /// Image.
        image: String,
    },
    /// Sets what each replica requests and may use; what is not given stays.
    Resources {
        /// Service.
        service: String,
        /// Thousandths of a core that it requests.
        cpu: Option<u64>,
        /// Thousandths of a core that it may use.
        cpu_limit: Option<u64>,
        /// Memory that it requests, bytes.
        memory: Option<u64>,
        /// Memory at which it is killed, bytes.
        memory_limit: Option<u64>,
    },
    /// Sets a variable in the environment of replicas, or removes it.
    Environment {
        /// Service.
        service: String,
        /// Name.
        name: String,
        /// Value.
        value: Option<String>,
    },
    /// Deletes the deployment of a service: its replicas end and none is made.
    DeleteDeployment {
        /// Service.
        service: String,
    },
    /// Makes a deleted deployment again.
    CreateDeployment {
        /// Service.
        service: String,
        /// Replicas.
        replicas: u64,
    },
    /// Deletes the autoscaler of a service.
    DeleteScaler {
        /// Service.
        service: String,
    },
    /// Asks a managed replica to leave its node, if the budget of its service allows it.
    Evict {
        /// Its name.
        pod: String,
    },
    /// Deletes one managed replica; the platform makes a new one.
    DeletePod {
        /// Its name.
        pod: String,
    },
    /// Lets a host take new replicas, or not.
    Cordon {
        /// Host.
        host: String,
        /// Whether it takes none.
        on: bool,
    },
    /// Moves everything off a host: its managed replicas end, and its units take no requests until it is uncordoned.
    Drain {
        /// Host.
        host: String,
    },
    /// Sets a kernel parameter.
    Sysctl {
        /// Host.
        host: String,
        /// Key, such as `net.netfilter.nf_conntrack_max`.
        key: String,
        /// Value as written.
        value: String,
    },
    /// Sets a limit of a unit; `None` lifts it.
    Limit {
        /// Host.
        host: String,
        /// Unit.
        unit: String,
        /// Which.
        what: UnitLimit,
        /// Value: bytes, a number, or hundredths of a core.
        value: Option<u64>,
    },
    /// Sets the timeout of a probe, or of both.
    ProbeTimeout {
        /// Service.
        service: String,
        /// Milliseconds.
        ms: u64,
    },
    /// Stops an autoscaler, or lets it go on.
    Autoscaler {
        /// Service.
        service: String,
        /// Whether it is stopped.
        paused: bool,
    },
    /// Sets the bounds of an autoscaler.
    ScaleBounds {
        /// Service.
        service: String,
        /// Fewest.
        min: u64,
        /// Most.
        max: u64,
    },
    /// Turns a host on or off.
    Power {
        /// Host.
        host: String,
        /// On or off.
        on: bool,
    },
    /// Shuts a host down from a shell of its own, and starts it anew if `again`.
    Shutdown {
        /// Host.
        host: String,
        /// Whether it starts again.
        again: bool,
    },
    /// Lets in this share of requests at a service and turns the rest away.
    Admit {
        /// Service.
        service: String,
        /// Percent.
        percent: u64,
    },
    /// Deletes the quota object; the platform makes it anew, and counts again.
    DeleteQuota,
    /// Gives addresses back that nobody uses.
    ReleaseAddresses,
}

impl CapacityEffect {
    /// Verb and target, as a fact names them.
    pub fn named(&self) -> (String, String) {
        use CapacityEffect::*;
        let switch = |on: bool, yes, no| if on { yes } else { no };
        let (verb, target): (&str, &str) = match self {
            Scale { service, .. } => ("scale", service.as_str()),
            Rollout { service } | Hold { service, .. } => ("rollout", service.as_str()),
            Undo { service, .. } => ("rollback", service),
            Image { service, .. } | Resources { service, .. } | Environment { service, .. } => ("set", service),
            DeleteDeployment { service } | DeleteScaler { service } => ("delete", service),
            CreateDeployment { service, .. } => ("apply", service),
            Evict { pod } => ("evict", pod),
            DeletePod { pod } => ("delete", pod),
            Cordon { host, on } => (switch(*on, "cordon", "uncordon"), host),
            Drain { host } => ("drain", host),
            Sysctl { host, .. } => ("sysctl", host),
            Limit { host, unit, .. } => return ("limit".to_owned(), format!("{host}:{unit}")),
            ProbeTimeout { service, .. } => ("probe", service),
            Autoscaler { service, .. } | ScaleBounds { service, .. } => ("autoscale", service),
            Power { host, .. } => ("power", host),
            Shutdown { host, again } => (switch(*again, "reboot", "poweroff"), host),
            Admit { service, .. } => ("admit", service),
            DeleteQuota => ("quota", "quota"),
            ReleaseAddresses => ("quota", "addresses"),
        };
        (verb.to_owned(), target.to_owned())
    }
}

/// A limit of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitLimit {
    /// Open descriptors (`LimitNOFILE`).
    Descriptors,
    /// Threads (`TasksMax`).
    Threads,
    /// Memory in bytes (`MemoryMax`).
    Memory,
    /// Hundredths of a core (`CPUQuota`).
    Cpu,
}
