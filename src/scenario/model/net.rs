//! The network's part of the model: sites, links, DNS, certificates, secrets, clocks, edge rules, the reach of tools.

use super::Provenance;
use crate::stdx::rational::Exact;
use crate::stdx::time::{Offset, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything between a caller and a service. All empty: every name resolves, every link is perfect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetSpec {
    /// Places: which hosts, services and traffic sources are where.
    pub sites: BTreeMap<String, SiteSpec>,
    /// Links between two parties.
    pub links: BTreeMap<String, LinkSpec>,
    /// DNS records by name. Every service's own name has one even if it is not listed.
    pub records: BTreeMap<String, RecordSpec>,
    /// Resolvers; whoever none serves asks a perfect one.
    pub resolvers: BTreeMap<String, ResolverSpec>,
    /// Certificates.
    pub certs: BTreeMap<String, CertSpec>,
    /// Credentials shared by a service and its callers.
    pub secrets: BTreeMap<String, SecretSpec>,
    /// Signed tokens whose times are checked.
    pub tokens: BTreeMap<String, TokenSpec>,
    /// Clocks by host; a host without one is right.
    pub clocks: BTreeMap<String, ClockSpec>,
    /// Edge configuration by service.
    pub edges: BTreeMap<String, EdgeRulesSpec>,
    /// What a tool of the trainee needs to be reachable.
    pub tools: BTreeMap<String, ToolSpec>,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSpec {
    /// Hosts, services and traffic sources that are there.
    pub members: Vec<String>,
}

/// A link. Connections that `from` opens to `to` are its forward direction, those the other way its reverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSpec {
    /// One end: a site, host, service, traffic source, or `internet` (all traffic that is at no site).
    pub from: String,
    /// The other end.
    pub to: String,
    /// Round trip that it adds, microseconds.
    pub latency_us: u64,
    /// Share of attempts that it loses in good health.
    pub loss: Exact,
    /// Requests a second that it carries; `None` for more than anybody sends.
    pub capacity: Option<Exact>,
    /// Longest wait in its buffer when it is full, microseconds.
    pub buffer_us: u64,
    /// Its provenance.
    pub fact: Provenance,
}

/// A DNS record of type A.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSpec {
    /// Services or addresses that it points to.
    pub to: Vec<String>,
    /// For how long an answer is kept.
    pub ttl: Span,
    /// For how long an empty answer is kept.
    pub negative: Span,
    /// Its provenance.
    pub fact: Provenance,
}

/// A resolver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolverSpec {
    /// Its address, for `dig @…`.
    pub address: String,
    /// Parties that ask it.
    pub serves: Vec<String>,
    /// The service that it is, if its fate is that of one.
    pub service: Option<String>,
    /// Queries a second that it answers; `None` for any number.
    pub capacity: Option<Exact>,
    /// Queries that one look-up becomes (search domains, two address families).
    pub queries: u32,
    /// Whether those who ask it keep its answers; if not, every request asks again.
    pub kept: bool,
    /// Its provenance.
    pub fact: Provenance,
}

/// How something new on disk comes into use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pickup {
    /// At once.
    Auto,
    /// By a reload, or a restart.
    Reload,
    /// Only by a restart.
    Restart,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertSpec {
    /// Names that it is valid for; `*.` stands for one label.
    pub names: Vec<String>,
    /// Services that present it.
    pub on: Vec<String>,
    /// Valid from.
    pub from: Offset,
    /// Valid until.
    pub expires: Offset,
    /// Who signed it.
    pub issuer: String,
    /// How long a renewed one is valid.
    pub lifetime: Span,
    /// How long a renewal takes.
    pub renewal: Span,
    /// How a renewed one comes into use.
    pub pickup: Pickup,
    /// Services that keep a copy of it and refuse any other until they are given the new one.
    pub pinned_by: Vec<String>,
    /// Who may renew it: `you`, or a person's id.
    pub owner: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// A credential that a service accepts and its callers hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretSpec {
    /// Service that checks it.
    pub of: String,
    /// Services that present it.
    pub held_by: Vec<String>,
    /// For how long the one before is accepted after a rotation.
    pub grace: Span,
    /// How a new one comes into use at a holder.
    pub pickup: Pickup,
    /// Its provenance.
    pub fact: Provenance,
}

/// A signed token: its times are written by one clock and read by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSpec {
    /// Service that signs.
    pub issuer: String,
    /// Services that check.
    pub checked_by: Vec<String>,
    /// For how long it is valid.
    pub valid: Span,
    /// Difference of clocks that is forgiven.
    pub leeway: Span,
    /// Its provenance.
    pub fact: Provenance,
}

/// A host's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSpec {
    /// How far it is ahead at the opening, microseconds (negative: behind).
    pub offset_us: i64,
    /// How fast it runs away while nothing disciplines it, parts per million (negative: it loses).
    pub drift_ppm: i64,
    /// Whether it is disciplined by NTP.
    pub ntp: bool,
    /// Minutes that its local time is east of UTC.
    pub zone_min: i32,
    /// Change of that, such as the start of summer time.
    pub shift: Option<ZoneShift>,
    /// Its provenance.
    pub fact: Provenance,
}

/// A change of local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneShift {
    /// When.
    pub at: Offset,
    /// Minutes east of UTC from then on.
    pub zone_min: i32,
}

/// Configuration of an edge (CDN, WAF, load balancer).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeRulesSpec {
    /// Rules by id.
    pub rules: BTreeMap<String, RuleSpec>,
    /// Share of the edge that a push reaches in one step; 1 is everywhere at once.
    pub stage: Exact,
    /// Time between steps.
    pub every: Span,
    /// How long a page is held; after a purge the cache is warm again after that.
    pub cache_ttl: Span,
    /// Its provenance.
    pub fact: Provenance,
}

/// A rule of an edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSpec {
    /// What it does with what it matches.
    pub kind: RuleKind,
    /// Path prefix that it looks at.
    pub path: String,
    /// Share of real users' requests to that path that it matches while it is on.
    pub share: Exact,
    /// Whether it is on at the opening.
    pub on: bool,
    /// When it was last changed.
    pub changed: Offset,
    /// Who changed it (a person's id, or words).
    pub by: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleKind {
    /// Answers 403.
    Block,
    /// Answers 429 beyond so many requests a second.
    Limit(Exact),
    /// Redirects to this address, where nobody serves the user.
    Redirect(String),
    /// Lets pass; it changes nothing.
    Allow,
}

/// A tool of the trainee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Services that must be up and reachable from the trainee's host, and whose names must resolve.
    pub needs: Vec<String>,
    /// How long it takes to get in by the break-glass path, if there is one.
    pub break_glass: Option<Span>,
}

/// What can go wrong between a caller and a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetFault {
    /// Nothing gets through a link (the forward direction only if `one_way`).
    LinkDown {
        /// Link.
        link: String,
        /// Only connections that its `from` opens.
        one_way: bool,
    },
    /// A link loses a share of all attempts.
    LinkLoss {
        /// Link.
        link: String,
        /// Share.
        share: Exact,
    },
    /// A link takes longer.
    LinkSlow {
        /// Link.
        link: String,
        /// Round trip added, microseconds.
        by: u64,
    },
    /// A half-dead device drops a share of flows altogether and passes the others.
    LinkGray {
        /// Link.
        link: String,
        /// Share of flows.
        share: Exact,
    },
    /// A gateway carries only this share of its capacity.
    LinkNarrow {
        /// Link.
        link: String,
        /// Share that is left.
        share: Exact,
    },
    /// The routes to a whole site are withdrawn.
    RouteWithdrawn {
        /// Site.
        site: String,
    },
    /// A record loses its addresses.
    RecordEmptied {
        /// Record's name.
        record: String,
    },
    /// A record points to the wrong place.
    RecordWrong {
        /// Record's name.
        record: String,
        /// Service or address.
        to: String,
    },
    /// Two runs of the DNS planner race: it empties the record again and again until it is stopped.
    PlannerRace {
        /// Record's name.
        record: String,
        /// Time between its runs.
        every: Span,
    },
    /// A resolver fails a share of queries.
    ResolverFails {
        /// Resolver.
        resolver: String,
        /// Share.
        share: Exact,
    },
    /// A certificate runs out now.
    CertExpired {
        /// Certificate.
        cert: String,
    },
    /// A certificate is served without its intermediate.
    CertChain {
        /// Certificate.
        cert: String,
        /// Share of clients that do not have the intermediate themselves.
        share: Exact,
    },
    /// A certificate for other names is served.
    CertName {
        /// Certificate.
        cert: String,
    },
    /// A credential is rotated at the service that checks it, and nobody tells the holders.
    SecretRotated {
        /// Secret.
        secret: String,
    },
    /// A bad time source steps a clock.
    ClockStep {
        /// Host.
        host: String,
        /// Milliseconds; negative for backwards.
        ms: i64,
    },
    /// A clock is no longer disciplined and runs away.
    ClockDrift {
        /// Host.
        host: String,
        /// Parts per million; negative: it loses.
        ppm: i64,
    },
    /// A leap second is inserted, and what runs on the host does not expect it.
    LeapSecond {
        /// Host.
        host: String,
        /// What the programs there do.
        kind: Leap,
        /// Share of their work that it spoils.
        share: Exact,
    },
    /// A host's local time is changed.
    TimeZone {
        /// Host.
        host: String,
        /// Minutes east of UTC.
        zone_min: i32,
    },
    /// A rule of an edge matches real users.
    EdgeRule {
        /// Rule, as `edge:rule`.
        rule: String,
        /// Share of real users' requests that it matches.
        share: Exact,
        /// Changed by hand: the history does not know of it.
        drift: bool,
    },
    /// A rate limit of an edge is set too low.
    EdgeLimit {
        /// Rule, as `edge:rule`.
        rule: String,
        /// Requests a second.
        rate: Exact,
    },
}

/// What a program does at a leap second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leap {
    /// It spins on timers that end at once, until the clock is set or it is restarted.
    Spin,
    /// It computes a negative duration and fails a share of requests, until it is restarted.
    Negative,
}
