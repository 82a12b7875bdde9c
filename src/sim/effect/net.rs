//! Changes to the network that people can make.

use serde::{Deserialize, Serialize};

/// A change to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetEffect {
    /// Orders and stores a new certificate (a job).
    CertRenew {
        /// Certificate.
        cert: String,
    },
    /// Takes the stored certificate into use at a service.
    CertReload {
        /// Certificate.
        cert: String,
        /// Service; `None` for all that present it.
        service: Option<String>,
    },
    /// Gives a consumer the certificate that it shall accept.
    CertTrust {
        /// Certificate.
        cert: String,
        /// Service; `None` for all that keep a copy.
        service: Option<String>,
    },
    /// Gives a holder the credential that is checked for now.
    SecretReload {
        /// Secret.
        secret: String,
        /// Service; `None` for all holders.
        service: Option<String>,
    },
    /// Takes a rotation back: the version before is checked for again.
    SecretRollback {
        /// Secret.
        secret: String,
    },
    /// Sets what a record says.
    RecordSet {
        /// Name.
        name: String,
        /// Services or addresses.
        to: Vec<String>,
        /// Time to live, seconds; `None` keeps it.
        ttl: Option<u64>,
    },
    /// Sets a record to what it said before.
    RecordRollback {
        /// Name.
        name: String,
    },
    /// Starts or stops the DNS planner.
    Planner {
        /// Whether it shall run.
        run: bool,
    },
    /// Empties the cache of a host, or of everybody who asks a resolver.
    Flush {
        /// Host or resolver.
        whose: String,
        /// One name only.
        name: Option<String>,
    },
    /// Lets everybody who asks a resolver ask another one.
    ResolverUse {
        /// Resolver as in the scenario.
        resolver: String,
        /// The one to ask.
        instead: String,
    },
    /// Blocks or unblocks a link.
    LinkBlock {
        /// Link.
        link: String,
        /// Whether it shall be blocked.
        block: bool,
    },
    /// Replaces or resets the device of a link (a job).
    LinkRepair {
        /// Link.
        link: String,
    },
    /// Announces the routes of a site again (a job).
    Announce {
        /// Site.
        site: String,
    },
    /// Takes the replicas of a site out of service, or back.
    Drain {
        /// Site.
        site: String,
        /// Whether they shall be out.
        drain: bool,
    },
    /// Steps a clock to what its time source says.
    ClockStep {
        /// Host.
        host: String,
    },
    /// Switches NTP on or off.
    ClockNtp {
        /// Host.
        host: String,
        /// Whether it shall be disciplined.
        on: bool,
    },
    /// Sets a host's time zone.
    ClockZone {
        /// Host.
        host: String,
        /// Minutes east of UTC.
        zone_min: i32,
    },
    /// Switches a rule of an edge on or off.
    RuleSet {
        /// Rule, as `edge:rule`.
        rule: String,
        /// Whether it shall be on.
        on: bool,
    },
    /// Takes a rule back to what the history says, or if it is that already, to what it was before.
    RuleRollback {
        /// Rule, as `edge:rule`.
        rule: String,
    },
    /// Empties the cache of an edge.
    Purge {
        /// Edge.
        edge: String,
    },
    /// Opens the break-glass path of a tool (a job).
    BreakGlass {
        /// Tool.
        tool: String,
    },
}

impl NetEffect {
    /// The component that it touches, by name.
    pub fn component(&self) -> &str {
        use NetEffect::*;
        match self {
            CertRenew { cert } | CertReload { cert, .. } | CertTrust { cert, .. } => cert,
            SecretReload { secret, .. } | SecretRollback { secret } => secret,
            RecordSet { name, .. } | RecordRollback { name } => name,
            Planner { .. } => "planner",
            Flush { whose, .. } => whose,
            ResolverUse { resolver, .. } => resolver,
            LinkBlock { link, .. } | LinkRepair { link } => link,
            Announce { site } | Drain { site, .. } => site,
            ClockStep { host } | ClockNtp { host, .. } | ClockZone { host, .. } => host,
            RuleSet { rule, .. } | RuleRollback { rule } => rule,
            Purge { edge } => edge,
            BreakGlass { tool } => tool,
        }
    }

    /// Verb and target, as a fact names them.
    pub fn named(&self) -> (String, String) {
        use NetEffect::*;
        let switch = |on: bool, yes, no| if on { yes } else { no };
        let verb = match self {
            CertRenew { .. } => "renew",
            CertReload { .. } | SecretReload { .. } => "reload",
            CertTrust { .. } => "trust",
            SecretRollback { .. } | RecordRollback { .. } | RuleRollback { .. } => "revert",
            RecordSet { .. } | ClockNtp { .. } | ClockZone { .. } => "set",
            Planner { run } => switch(*run, "start", "stop"),
            Flush { .. } => "flush",
            ResolverUse { .. } => "repoint",
            LinkBlock { block, .. } => switch(*block, "block", "unblock"),
            LinkRepair { .. } => "reset",
            Announce { .. } => "announce",
            Drain { drain, .. } => switch(*drain, "drain", "undrain"),
            ClockStep { .. } => "step",
            RuleSet { on, .. } => switch(*on, "enable", "disable"),
            Purge { .. } => "purge",
            BreakGlass { .. } => "break_glass",
        };
        (verb.to_owned(), self.component().to_owned())
    }

    /// What it does, as a list of jobs shows it.
    pub fn words(&self) -> String {
        use NetEffect::*;
        let verb = match self {
            CertRenew { .. } => "renew certificate",
            LinkRepair { .. } => "reset link",
            Announce { .. } => "announce routes of",
            BreakGlass { .. } => "break-glass access to",
            _ => "change",
        };
        format!("{verb} {}", self.component())
    }

    /// The permission that it needs.
    pub fn permission(&self) -> &'static str {
        use NetEffect::*;
        match self {
            CertRenew { .. } | CertReload { .. } | CertTrust { .. } => "cert",
            SecretReload { .. } | SecretRollback { .. } => "cert",
            RecordSet { .. } | RecordRollback { .. } | Planner { .. } | ResolverUse { .. } => "dns",
            LinkBlock { .. } | LinkRepair { .. } | Announce { .. } | Drain { .. } => "network",
            RuleSet { .. } | RuleRollback { .. } | Purge { .. } => "edge",
            // Those of a host need root there; a break-glass path is there for whoever has none.
            Flush { .. } | ClockStep { .. } | ClockNtp { .. } | ClockZone { .. } | BreakGlass { .. } => "",
        }
    }
}
