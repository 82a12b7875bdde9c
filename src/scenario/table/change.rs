//! Declaration of changes: rollouts, configuration, flags, scheduled jobs, vendors, queues in depth, and their faults.

use super::super::schema::{Shape, Space, Ty, Union, Variant, def, named, opt, req, unit};
use super::SERVICE;
use super::effect::EFFECT;
use super::fault::FAULT;

const HOST: Ty = Ty::Name(Space::Host);
const CONFIG: Ty = Ty::Name(Space::Config);

pub static PUSH: Union = Union {
    name: "Push",
    doc: "How a version spreads.",
    more: &[],
    variants: &[
        named(
            "Global",
            "Everywhere, evenly over a while.",
            &[def("takes", Ty::Span, "\"60s\"", "Until it is everywhere.").eg("\"60s\"")],
        ),
        named(
            "Staged",
            "In steps, with a look at the errors between them.",
            &[
                req(
                    "steps",
                    Ty::List(&Ty::Struct(&STEP)),
                    "Steps in rising order; after the last one it is everywhere.",
                )
                .eg("[(percent: 5, wait: \"10m\"), (percent: 50, wait: \"10m\")]"),
                opt("gate", Ty::Share, "Stops by itself when the share of errors in a step is above this.")
                    .eg("\"1/20\""),
            ],
        ),
    ],
};

static STEP: Shape = Shape {
    name: "Step",
    doc: "A step of a staged rollout.",
    fields: &[
        req("percent", Ty::Int(1, 100), "Percent of the replicas, or of the traffic of a managed service.").eg("5"),
        req("wait", Ty::Span, "How long it stays there.").eg("\"10m\""),
    ],
};

pub static CONFIG_DECL: Shape = Shape {
    name: "Config",
    doc: "A configuration artefact with its versions.",
    fields: &[
        def("applies_to", Ty::List(&SERVICE), "[]", "Services that read it; a gate looks at their errors."),
        req("versions", Ty::Map(&Ty::Struct(&CONFIG_VERSION)), "Versions by id.")
            .eg("{ \"v1\": (at: \"T-10d\", by: \"deployer\", change: \"first rules\") }"),
        req("live", Ty::Text, "Version that is live at the opening.").eg("\"v1\""),
        opt("declared", Ty::Text, "Version that the repository declares, if another one is live: drift.").eg("\"v1\""),
        def("push", Ty::OneOf(&PUSH), "Global()", "How a version spreads."),
        opt("generated", Ty::Struct(&GENERATED), "It is made again and again by a program.")
            .eg("(every: \"5m\", bad: \"v2\", share: \"1/2\")"),
        opt("stack", Ty::Text, "Infrastructure-as-code stack that declares it.").eg("\"edge\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static CONFIG_VERSION: Shape = Shape {
    name: "ConfigVersion",
    doc: "One version of a configuration artefact.",
    fields: &[
        req("at", Ty::Offset, "From when on it exists.").eg("\"T-1116m\""),
        req("by", Ty::Name(Space::Owner), "Who wrote it."),
        req("change", Ty::Text, "What changed, one line.").eg("\"match shorter bodies\""),
        def("text", Ty::Doc, "\"\"", "Its text.").eg("\"timeout = \\\"2s\\\"\\n\""),
        opt("fault", Ty::OneOf(&FAULT), "What it brings, as far as it is live.")
            .eg("Slow(service: \"api\", factor: \"3\")"),
    ],
};

static GENERATED: Shape = Shape {
    name: "Generated",
    doc: "An artefact that a program makes again and again.",
    fields: &[
        def("every", Ty::Span, "\"5m\"", "A new one is made so often.").eg("\"5m\""),
        req("bad", Ty::Text, "The version that a bad one is.").eg("\"v2\""),
        def("share", Ty::Share, "\"0\"", "Share of the cycles that make a bad one.").eg("\"1/2\""),
        def("from", Ty::Offset, "\"T+0s\"", "From when on bad ones are made."),
    ],
};

pub static FLAG: Shape = Shape {
    name: "Flag",
    doc: "A feature flag, or a kill switch.",
    fields: &[
        req("service", SERVICE, "Service that reads it."),
        req("about", Ty::Text, "What it is for, as `flag list` shows it.").eg("\"new checkout\""),
        def("percent", Ty::Int(0, 100), "0", "Percent of the requests for which it is on at the opening.").eg("10"),
        def("effects", Ty::List(&Ty::Struct(&FLAG_EFFECT)), "[]", "What it brings."),
        def(
            "disarms",
            Ty::List(&Ty::Name(Space::Carrier)),
            "[]",
            "What it silences as far as it is on: configuration artefacts, releases, flags.",
        ),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static FLAG_EFFECT: Shape = Shape {
    name: "FlagEffect",
    doc: "What a flag brings.",
    fields: &[
        opt(
            "release",
            Ty::Name(Space::Release),
            "Only as far as this release runs: the same flag may mean another thing.",
        ),
        def("off", Ty::Bool, "false", "It is the flag's absence that does it."),
        req("fault", Ty::OneOf(&FAULT), "What it brings.").eg("Errors(service: \"api\", share: \"1/2\")"),
    ],
};

pub static CRON: Shape = Shape {
    name: "Cron",
    doc: "A scheduled job.",
    fields: &[
        req("host", HOST, "Host in whose crontab it stands."),
        def("user", Ty::Text, "\"root\"", "User that it runs as."),
        req("schedule", Ty::Text, "When: the five fields of a crontab, or `@daily` and its like.").eg("\"30 2 * * *\""),
        def(
            "zone",
            Ty::Int(-840, 840),
            "0",
            "Minutes that its zone is ahead of UTC, where `network.clocks` says nothing of its host.",
        )
        .eg("-300"),
        opt("zone_change", Ty::Struct(&ZONE_CHANGE), "When its zone changes: an hour comes twice, or never.")
            .eg("(at: \"T+1h\", zone: 60)"),
        req("command", Ty::Text, "Command line, as `crontab -l` shows it.").eg("\"/usr/local/bin/report\""),
        def("takes", Ty::Span, "\"60s\"", "How long one run takes."),
        opt("during", Ty::OneOf(&FAULT), "What a run brings while it lasts.")
            .eg("Slow(service: \"db\", factor: \"3\")"),
        def("weight", Ty::Share, "\"1\"", "How much of that one run brings; runs that overlap add up.").eg("\"1/2\""),
        def("then", Ty::List(&Ty::OneOf(&EFFECT)), "[]", "What a run does at its end.")
            .eg("[Remove(host: \"web-01\", path: \"/srv/cache\")]"),
        def("overlaps", Ty::Bool, "false", "Whether a run starts while the last one still goes on."),
        def("enabled", Ty::Bool, "true", "Whether it is switched on."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static ZONE_CHANGE: Shape = Shape {
    name: "ZoneChange",
    doc: "A change of a host's zone.",
    fields: &[
        req("at", Ty::Offset, "When."),
        req("zone", Ty::Int(-840, 840), "Minutes ahead of UTC from then on.").eg("60"),
    ],
};

pub static VENDOR: Shape = Shape {
    name: "Vendor",
    doc: "A system that somebody else runs, and what its status page says.",
    fields: &[
        req("page", Ty::Text, "Host name of its status page.").eg("\"status.payments.example\""),
        def("lag", Ty::Span, "\"10m\"", "How late the page follows what is true.").eg("\"10m\""),
        def("silent", Ty::Bool, "false", "The page never follows."),
        opt("claims", Ty::Text, "What the page claims at the opening, true or not.").eg("\"Major Outage\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static FEED: Shape = Shape {
    name: "Feed",
    doc: "Requests that put items into a queue.",
    fields: &[
        req("endpoint", Ty::Name(Space::Endpoint), "Whose requests."),
        def("each", Ty::Exact, "\"1\"", "Items a request.").eg("\"1\""),
    ],
};

pub static CHANGE_FAULTS: &[Variant] = &[
    named(
        "BadConfig",
        "A version of a configuration artefact is pushed; the end brings the one before back.",
        &[req("config", CONFIG, "Artefact."), req("version", Ty::Text, "Version.").eg("\"v2\"")],
    ),
    named(
        "OutOfBand",
        "A version is put in place by hand, past the repository and its history.",
        &[req("config", CONFIG, "Artefact."), req("version", Ty::Text, "Version.").eg("\"v2\"")],
    ),
    named("BadGenerator", "The program that makes an artefact makes bad ones.", &[req("config", CONFIG, "Artefact.")]),
    named(
        "AutoUpdate",
        "A release is put on hosts by an automatic update that no delivery log shows.",
        &[req("service", SERVICE, "Service."), req("release", Ty::Name(Space::Release), "Release.")],
    ),
    named(
        "FlagFlip",
        "A flag is switched.",
        &[req("flag", Ty::Name(Space::Flag), "Flag."), req("percent", Ty::Int(0, 100), "Percent.").eg("100")],
    ),
    named(
        "Timeout",
        "Calls from one service to another wait this long for an answer: too short, or too long.",
        &[
            req("from", SERVICE, "Caller."),
            req("to", SERVICE, "Called."),
            req("timeout", Ty::Micros, "How long.").eg("\"20ms\""),
        ],
    ),
    named(
        "Limit",
        "A service works on at most so many requests at once, in all its replicas.",
        &[req("service", SERVICE, "Service."), req("slots", Ty::Int(1, 1_000_000), "How many.").eg("5")],
    ),
    named(
        "Quota",
        "A service answers what exceeds a quota with a 429.",
        &[req("service", SERVICE, "Service."), req("rate", Ty::Rate, "Requests that it lets in.").eg("\"50/s\"")],
    ),
    named(
        "Poison",
        "Items come that their consumer cannot handle.",
        &[
            req("queue", Ty::Name(Space::Queue), "Queue."),
            def("items", Ty::Int(1, 1_000_000), "1", "How many."),
            def("crashes", Ty::Bool, "true", "Whether the consumer dies of one; else it is only held up."),
        ],
    ),
    named(
        "SlowConsumer",
        "Consumers of a queue take this many times their usual time.",
        &[req("queue", Ty::Name(Space::Queue), "Queue."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"3\"")],
    ),
    named(
        "QueueFlood",
        "Producers put this many times their usual number into a queue.",
        &[req("queue", Ty::Name(Space::Queue), "Queue."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"3\"")],
    ),
    named("CacheFlush", "A cache loses what it holds.", &[req("cache", SERVICE, "Cache.")]),
    named(
        "ShortTtl",
        "What a cache holds expires too early.",
        &[req("cache", SERVICE, "Cache."), req("share", Ty::Share, "Share that it loses a minute.").eg("\"1/2\"")],
    ),
    named(
        "VendorOutage",
        "A vendor's system answers this share of its requests with errors.",
        &[
            req("vendor", Ty::Name(Space::Vendor), "Service that stands for it."),
            def("share", Ty::Share, "\"1\"", "Share of requests.").eg("\"1\""),
        ],
    ),
    named(
        "RunawayJob",
        "Runs of a scheduled job take this many times their usual time and overlap.",
        &[req("cron", Ty::Name(Space::Cron), "Job."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"20\"")],
    ),
    named(
        "Descheduled",
        "Automation takes this share of a service's replicas away.",
        &[req("service", SERVICE, "Service."), req("share", Ty::Share, "Share of its replicas.").eg("\"1/2\"")],
    ),
    named(
        "MonitoringBlind",
        "Nothing is scraped from a service and none of its log lines arrive.",
        &[req("service", SERVICE, "Service.")],
    ),
    named("FalseAlarm", "A probe's own checker is broken.", &[req("probe", Ty::Name(Space::Probe), "Probe.")]),
];

pub static ROLLOUT_VERB: Union = Union {
    name: "RolloutVerb",
    doc: "What to do with a rollout.",
    more: &[],
    variants: &[
        unit("Pause", "It stands still."),
        unit("Resume", "It goes on."),
        unit("Promote", "To the next step now."),
        unit("Abort", "Back to the version before, everywhere."),
    ],
};

pub static CRON_VERB: Union = Union {
    name: "CronVerb",
    doc: "What to do with a scheduled job.",
    more: &[],
    variants: &[
        unit("Pause", "It is switched off."),
        unit("Resume", "It is switched on."),
        unit("Run", "It runs now."),
        unit("Kill", "Its runs end."),
    ],
};

pub static QUEUE_VERB: Union = Union {
    name: "QueueVerb",
    doc: "What to do with a work queue.",
    more: &[],
    variants: &[
        unit("Pause", "Consumers take nothing more."),
        unit("Resume", "They go on."),
        unit("Purge", "Everything that waits is dropped."),
        unit("Skip", "The item at the head is put aside."),
    ],
};
