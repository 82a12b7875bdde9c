//! Effects: the only way anything changes the world from outside its own physics.

mod capacity;
mod change;
mod file;
mod net;
mod store;

pub use capacity::{CapacityEffect, UnitLimit};
pub use change::*;
pub use file::{FileAct, FileEffect};
pub use net::NetEffect;
pub use store::{StoreAct, StoreEffect};

use crate::scenario::{Course, Deed, Fault};
use serde::{Deserialize, Serialize};

/// A change to the world. Applied at once, or at the end of a job if it takes time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Removes a file or directory.
    Remove {
        /// Host.
        host: String,
        /// Absolute path.
        path: String,
    },
    /// Writes text to a file, replacing or appending; parents must exist.
    Write {
        /// Host.
        host: String,
        /// Absolute path.
        path: String,
        /// Text.
        text: String,
        /// Append instead of replace.
        append: bool,
        /// Owner of a new file.
        owner: String,
    },
    /// Makes a directory (parents must exist).
    MakeDir {
        /// Host.
        host: String,
        /// Absolute path.
        path: String,
        /// Owner.
        owner: String,
    },
    /// Renames within a host.
    Rename {
        /// Host.
        host: String,
        /// From.
        from: String,
        /// To (the full new path).
        to: String,
    },
    /// Something else about a file.
    File(FileEffect),
    /// Starts, stops or restarts a unit.
    Unit {
        /// Host.
        host: String,
        /// Unit, without `.service`.
        unit: String,
        /// What.
        verb: UnitVerb,
    },
    /// Kills a process.
    Kill {
        /// Host.
        host: String,
        /// Process id.
        pid: u32,
    },
    /// Puts a release into production (a rollback is this with an earlier one).
    Promote {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// Puts a release into production at once (the script's own deploys, whose work happened before).
    Release {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// Puts a release on staging.
    Stage {
        /// Service.
        service: String,
        /// Release.
        release: String,
    },
    /// Puts failed items of a queue back into it.
    Requeue {
        /// Queue.
        queue: String,
    },
    /// Makes a volume larger.
    Resize {
        /// Volume.
        volume: String,
        /// New size in bytes.
        bytes: u64,
    },
    /// A change to the network.
    Net(NetEffect),
    /// Something about machines and replicas.
    Capacity(CapacityEffect),
    /// Something is done to a data store.
    Store(StoreEffect),
    /// A fault begins (GM, script).
    Begin(Fault, Course),
    /// A fault ends.
    Clear(Fault),
    /// A change.
    Change(ChangeEffect),
}

impl Effect {
    /// The effect that a scenario's deed names; `None` if the world knows none like it.
    pub fn of(deed: &Deed) -> Option<Effect> {
        let json = || deed.0.clone();
        let plain = serde_json::from_value(json()).ok();
        plain
            .or_else(|| serde_json::from_value(json()).ok().map(Effect::Change))
            .or_else(|| serde_json::from_value(json()).ok().map(Effect::Net))
            .or_else(|| serde_json::from_value(json()).ok().map(Effect::Capacity))
            .or_else(|| serde_json::from_value(json()).ok().map(Effect::Store))
    }

    /// Verb and target, as a fact names them.
    pub fn named(&self) -> (String, String) {
        let at = |host: &str, path: &str| format!("{host}:{path}");
        let (verb, target) = match self {
            Effect::Remove { host, path } => ("remove", at(host, path)),
            Effect::Write { host, path, .. } => ("write", at(host, path)),
            Effect::MakeDir { host, path, .. } => ("mkdir", at(host, path)),
            Effect::Rename { host, from, .. } => ("rename", at(host, from)),
            Effect::File(e) => (e.act.verb(), at(&e.host, &e.path)),
            Effect::Unit { host, unit, verb } => (
                match verb {
                    UnitVerb::Start => "start",
                    UnitVerb::Stop => "stop",
                    UnitVerb::Restart => "restart",
                    UnitVerb::Reload => "reload",
                    UnitVerb::Enable => "enable",
                    UnitVerb::Disable => "disable",
                    UnitVerb::Mask => "mask",
                    UnitVerb::Unmask => "unmask",
                },
                at(host, unit),
            ),
            Effect::Kill { host, pid } => ("kill", at(host, &pid.to_string())),
            Effect::Promote { service, .. } | Effect::Release { service, .. } => ("promote", service.clone()),
            Effect::Stage { service, .. } => ("stage", service.clone()),
            Effect::Requeue { queue } => ("requeue", queue.clone()),
            Effect::Resize { volume, .. } => ("resize", volume.clone()),
            Effect::Begin(..) => ("begin", "fault".to_owned()),
            Effect::Clear(_) => ("clear", "fault".to_owned()),
            Effect::Change(effect) => return effect.named(),
            Effect::Net(effect) => return effect.named(),
            Effect::Capacity(effect) => return effect.named(),
            Effect::Store(effect) => return effect.named(),
        };
        (verb.to_owned(), target)
    }
}

/// What to do with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitVerb {
    /// Start if it does not run.
    Start,
    /// Stop.
    Stop,
    /// Stop, then start.
    Restart,
    /// Read certificates, secrets and settings anew without ending.
    Reload,
    /// Start it with the machine.
    Enable,
    /// Do not start it with the machine.
    Disable,
    /// Let nobody start it.
    Mask,
    /// Let it be started again.
    Unmask,
}

/// What the world said to an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Applied {
    /// Done within this tick.
    Now,
    /// It runs as a job of so many seconds.
    Job {
        /// Job number.
        job: u32,
        /// Seconds.
        seconds: u64,
    },
}

/// Why the world refused an effect, in the words that the real system would use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Message, such as `No space left on device`, `No such file or directory`, `Unit x.service not found.`.
    pub message: String,
}
