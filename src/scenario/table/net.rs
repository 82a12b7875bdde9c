//! Declaration of the network: sites, links, DNS, certificates, secrets, clocks, edge rules, reach of tools, and their faults.

use super::super::schema::{Shape, Space, Ty, Union, Variant, def, named, opt, req, tuple, unit};
use super::SERVICE;

const HOST: Ty = Ty::Name(Space::Host);
const LINK: Ty = Ty::Name(Space::Link);
const PARTY: Ty = Ty::Name(Space::Party);
const RECORD: Ty = Ty::Name(Space::Record);
const CERT: Ty = Ty::Name(Space::Cert);
const RULE: Ty = Ty::Name(Space::EdgeRule);
const ZONE: Ty = Ty::Int(-720, 840);

pub static NETWORK: Shape = Shape {
    name: "Network",
    doc: "What lies between a caller and a service.",
    fields: &[
        def("sites", Ty::Map(&Ty::Struct(&SITE)), "{}", "Places: who is where."),
        def(
            "links",
            Ty::Map(&Ty::Struct(&LINK_DECL)),
            "{}",
            "Links between two parties; without one the way is perfect.",
        ),
        def(
            "records",
            Ty::Map(&Ty::Struct(&RECORD_DECL)),
            "{}",
            "DNS records by name; every service's own name has one of 60 s even if it is not listed.",
        ),
        def("resolvers", Ty::Map(&Ty::Struct(&RESOLVER)), "{}", "Resolvers; whoever none serves asks a perfect one."),
        def("certs", Ty::Map(&Ty::Struct(&CERT_DECL)), "{}", "Certificates."),
        def("secrets", Ty::Map(&Ty::Struct(&SECRET)), "{}", "Credentials that callers present to a service."),
        def(
            "tokens",
            Ty::Map(&Ty::Struct(&TOKEN)),
            "{}",
            "Signed tokens, whose times one clock writes and another reads.",
        ),
        def("clocks", Ty::Map(&Ty::Struct(&CLOCK)), "{}", "Clocks by host; one that is not listed is right."),
        def(
            "crons",
            Ty::Map(&Ty::Struct(&CRON)),
            "{}",
            "Jobs as they were written before; `world.crons` has them now.",
        ),
        def("edges", Ty::Map(&Ty::Struct(&EDGE)), "{}", "Edge configuration by the service that is the edge."),
        def(
            "tools",
            Ty::Map(&Ty::Struct(&TOOL)),
            "{}",
            "What a tool of the trainee needs to be reachable, by its command.",
        ),
    ],
};

static SITE: Shape = Shape {
    name: "Site",
    doc: "A place.",
    fields: &[req("members", Ty::List(&PARTY), "Hosts, services and traffic sources there.").eg("[\"web-01\"]")],
};

static LINK_DECL: Shape = Shape {
    name: "Link",
    doc: "A link. Connections that `from` opens to `to` are its forward direction.",
    fields: &[
        req("from", PARTY, "One end: a site, host, service, traffic source or `internet`.").eg("\"internet\""),
        req("to", PARTY, "The other end.").eg("\"web-01\""),
        def("latency", Ty::Micros, "\"0ms\"", "Round trip that it adds."),
        def("loss", Ty::Share, "\"0\"", "Share of attempts that it loses in good health."),
        opt("capacity", Ty::Rate, "Requests that it carries; absent: more than anybody sends."),
        def("buffer", Ty::Micros, "\"200ms\"", "Longest wait in its buffer when it is full."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static RECORD_DECL: Shape = Shape {
    name: "Record",
    doc: "A DNS record of type A.",
    fields: &[
        req("to", Ty::List(&Ty::Text), "Services or addresses that it points to.").eg("[\"api\"]"),
        def("ttl", Ty::Span, "\"60s\"", "For how long an answer is kept."),
        def("negative", Ty::Span, "\"30s\"", "For how long an empty answer is kept."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static RESOLVER: Shape = Shape {
    name: "Resolver",
    doc: "A resolver.",
    fields: &[
        req("address", Ty::Text, "Its address, for `dig @ADDRESS`.").eg("\"10.0.0.2\""),
        req("serves", Ty::List(&PARTY), "Parties that ask it.").eg("[\"web-01\"]"),
        opt("service", SERVICE, "Service that it is: down with it."),
        opt("capacity", Ty::Rate, "Queries that it answers; absent: any number."),
        def(
            "queries",
            Ty::Int(1, 100),
            "1",
            "Queries that one look-up becomes (search domains, two address families).",
        ),
        def("kept", Ty::Bool, "true", "Whether those who ask it keep its answers; if not, every request asks again."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static PICKUP: Union = Union {
    name: "Pickup",
    doc: "How something new on disk comes into use.",
    more: &[],
    variants: &[
        unit("Auto", "At once."),
        unit("Reload", "By a reload or a restart."),
        unit("Restart", "Only by a restart."),
    ],
};

pub static CERT_DECL: Shape = Shape {
    name: "Cert",
    doc: "A certificate.",
    fields: &[
        req("names", Ty::List(&Ty::Text), "Names that it is valid for; `*.` stands for one label.")
            .eg("[\"docs.example\"]"),
        req("on", Ty::List(&SERVICE), "Services that present it."),
        def("from", Ty::Offset, "\"T-90d\"", "Valid from.").eg("\"T-90d\""),
        req("expires", Ty::Offset, "Valid until."),
        def("issuer", Ty::Text, "\"Example Trust CA R3\"", "Who signed it."),
        def("lifetime", Ty::Span, "\"90d\"", "How long a renewed one is valid."),
        def("renewal", Ty::Span, "\"30s\"", "How long a renewal takes."),
        def("pickup", Ty::OneOf(&PICKUP), "Reload", "How a renewed one comes into use."),
        def(
            "pinned_by",
            Ty::List(&SERVICE),
            "[]",
            "Services that keep a copy of it and refuse any other until they are given the new one.",
        ),
        def("owner", Ty::Name(Space::Owner), "\"you\"", "Who may renew it."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static SECRET: Shape = Shape {
    name: "Secret",
    doc: "A credential that callers present to a service.",
    fields: &[
        req("of", SERVICE, "Service that checks it."),
        req("held_by", Ty::List(&SERVICE), "Services that present it."),
        def("grace", Ty::Span, "\"0s\"", "For how long the one before is accepted after a rotation."),
        def("pickup", Ty::OneOf(&PICKUP), "Reload", "How a new one comes into use at a holder."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static TOKEN: Shape = Shape {
    name: "Token",
    doc: "A signed token.",
    fields: &[
        req("issuer", SERVICE, "Service that signs it, by its hosts' clocks."),
        req("checked_by", Ty::List(&SERVICE), "Services that check it, by theirs."),
        def("valid", Ty::Span, "\"5m\"", "For how long it is valid."),
        def("leeway", Ty::Span, "\"30s\"", "Difference of clocks that is forgiven."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static CLOCK: Shape = Shape {
    name: "HostClock",
    doc: "A host's clock.",
    fields: &[
        def(
            "offset_ms",
            Ty::Int(-1_000_000_000, 1_000_000_000),
            "0",
            "How far it is ahead at the opening, milliseconds (negative: behind).",
        )
        .eg("-1200"),
        def("drift_ppm", Ty::Int(-1_000_000, 1_000_000), "0", "How fast it runs away while nothing disciplines it.")
            .eg("40"),
        def("ntp", Ty::Bool, "true", "Whether it is disciplined by NTP."),
        def("zone_min", ZONE, "0", "Minutes that its local time is east of UTC.").eg("60"),
        opt("shift", Ty::Struct(&SHIFT), "Change of that, such as the start of summer time."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static SHIFT: Shape = Shape {
    name: "ZoneShift",
    doc: "A change of local time.",
    fields: &[req("at", Ty::Offset, "When."), req("zone_min", ZONE, "Minutes east of UTC from then on.").eg("120")],
};

static CRON: Shape = Shape {
    name: "Cron",
    doc: "A job that starts at a minute of its host's local day: the old way to write one.",
    fields: &[
        req("host", HOST, "Host whose local time counts."),
        req("minute", Ty::Int(0, 1439), "Minute of the local day at which it starts.").eg("150"),
        req("runs", Ty::Span, "How long one run takes."),
        req("service", SERVICE, "Service that is slower while it runs."),
        req("factor", Ty::Exact, "How many times its usual time a request takes there, for each run under way."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static EDGE: Shape = Shape {
    name: "Edge",
    doc: "Configuration of an edge.",
    fields: &[
        def("rules", Ty::Map(&Ty::Struct(&RULE_DECL)), "{}", "Rules in the order of their ids."),
        def("stage", Ty::Share, "\"1\"", "Share of the edge that a push reaches in one step; 1 is everywhere at once."),
        def("every", Ty::Span, "\"60s\"", "Time between steps."),
        def(
            "cache_ttl",
            Ty::Span,
            "\"5m\"",
            "How long a page is held; after a purge the cache is warm again after that.",
        ),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static RULE_DECL: Shape = Shape {
    name: "EdgeRule",
    doc: "A rule of an edge.",
    fields: &[
        req("kind", Ty::OneOf(&RULE_KIND), "What it does with what it matches."),
        def("path", Ty::Text, "\"/\"", "Path prefix that it looks at.").eg("\"/api/\""),
        def("share", Ty::Share, "\"0\"", "Share of real users' requests to that path that it matches while it is on."),
        def("on", Ty::Bool, "true", "Whether it is on at the opening."),
        def("changed", Ty::Offset, "\"T-30d\"", "When it was last changed.").eg("\"T-30d\""),
        def("by", Ty::Text, "\"edge pipeline\"", "Who changed it, as the history shows it."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static RULE_KIND: Union = Union {
    name: "RuleKind",
    doc: "What a rule does.",
    more: &[],
    variants: &[
        unit("Block", "Answers 403."),
        tuple("Limit", "Answers 429 beyond so many requests.", &[req("rate", Ty::Rate, "Requests.")]),
        tuple("Redirect", "Redirects where nobody serves the user.", &[req("to", Ty::Text, "Address.")]),
        unit("Allow", "Lets pass."),
    ],
};

pub static TOOL: Shape = Shape {
    name: "ToolReach",
    doc: "What a tool of the trainee needs.",
    fields: &[
        req("needs", Ty::List(&SERVICE), "Services that must be up, resolvable and reachable from the trainee's host."),
        opt("break_glass", Ty::Span, "How long it takes to get in by the break-glass path; absent: there is none."),
    ],
};

/// Faults of the network.
pub static NET_FAULTS: &[Variant] = &[
    named(
        "LinkDown",
        "Nothing gets through a link.",
        &[
            req("link", LINK, "Link."),
            def("one_way", Ty::Bool, "false", "Only the connections that its `from` opens are lost."),
        ],
    ),
    named(
        "LinkLoss",
        "A link loses a share of all attempts.",
        &[req("link", LINK, "Link."), req("share", Ty::Share, "Share.")],
    ),
    named(
        "LinkSlow",
        "A link takes longer.",
        &[req("link", LINK, "Link."), req("by", Ty::Micros, "Round trip added.")],
    ),
    named(
        "LinkGray",
        "A half-dead device drops a share of flows altogether and passes the others.",
        &[req("link", LINK, "Link."), req("share", Ty::Share, "Share of flows.")],
    ),
    named(
        "LinkNarrow",
        "A gateway carries only a share of its capacity.",
        &[req("link", LINK, "Link."), req("share", Ty::Share, "Share that is left.")],
    ),
    named(
        "RouteWithdrawn",
        "The routes to a whole site are withdrawn: its clients, tools and resolvers are cut off together.",
        &[req("site", Ty::Name(Space::Site), "Site.")],
    ),
    named("RecordEmptied", "A DNS record loses its addresses.", &[req("record", RECORD, "Name.")]),
    named(
        "RecordWrong",
        "A DNS record points to the wrong place.",
        &[req("record", RECORD, "Name."), req("to", Ty::Text, "Service or address.").eg("\"203.0.113.99\"")],
    ),
    named(
        "PlannerRace",
        "Runs of the DNS planner race: the record is emptied again and again until the planner is stopped.",
        &[req("record", RECORD, "Name."), def("every", Ty::Span, "\"5m\"", "Time between its runs.").eg("\"5m\"")],
    ),
    named(
        "ResolverFails",
        "A resolver fails a share of queries.",
        &[
            req("resolver", Ty::Name(Space::Resolver), "Resolver."),
            def("share", Ty::Share, "\"1\"", "Share of queries."),
        ],
    ),
    named("CertExpired", "A certificate runs out now.", &[req("cert", CERT, "Certificate.")]),
    named(
        "CertChain",
        "A certificate is served without its intermediate.",
        &[
            req("cert", CERT, "Certificate."),
            def("share", Ty::Share, "\"1/3\"", "Share of clients that lack the intermediate."),
        ],
    ),
    named("CertName", "A certificate for other names is served.", &[req("cert", CERT, "Certificate.")]),
    named(
        "SecretRotated",
        "A credential is rotated where it is checked, and the holders are not told.",
        &[req("secret", Ty::Name(Space::Secret), "Secret.")],
    ),
    named(
        "ClockStep",
        "A bad time source steps a clock.",
        &[
            req("host", HOST, "Host."),
            req("ms", Ty::Int(-1_000_000_000, 1_000_000_000), "Milliseconds, negative for backwards.").eg("900000"),
        ],
    ),
    named(
        "ClockDrift",
        "A clock is no longer disciplined and runs away.",
        &[req("host", HOST, "Host."), req("ppm", Ty::Int(-1_000_000, 1_000_000), "Parts per million.").eg("5000")],
    ),
    named(
        "LeapSecond",
        "A leap second is inserted, and the programs of the host do not expect it.",
        &[
            req("host", HOST, "Host."),
            def("kind", Ty::OneOf(&LEAP), "Spin", "What they do."),
            def("share", Ty::Share, "\"1/2\"", "Share of their work that it spoils."),
        ],
    ),
    named(
        "TimeZone",
        "A host's local time is changed.",
        &[req("host", HOST, "Host."), req("zone_min", ZONE, "Minutes east of UTC.").eg("120")],
    ),
    named(
        "EdgeRule",
        "A rule of an edge matches real users.",
        &[
            req("rule", RULE, "Rule."),
            req("share", Ty::Share, "Share of real users' requests."),
            def("drift", Ty::Bool, "false", "Changed by hand: the history does not know of it."),
        ],
    ),
    named(
        "EdgeLimit",
        "A rate limit of an edge is set too low.",
        &[req("rule", RULE, "Rule."), req("rate", Ty::Rate, "Requests that it lets pass.")],
    ),
];

static LEAP: Union = Union {
    name: "Leap",
    doc: "What a program does at a leap second.",
    more: &[],
    variants: &[
        unit("Spin", "Spins on timers, until the clock is set or it is restarted."),
        unit("Negative", "Computes negative durations and fails, until it is restarted."),
    ],
};
