//! Declaration of how requests travel: populations of users, calls between services, caches.

use super::super::schema::{Field, Shape, Space, Ty, Union, def, named, opt, req, unit};
use super::SERVICE;

pub static TRAFFIC: Shape = Shape {
    name: "Traffic",
    doc: "A population of users.",
    fields: &[
        req("name", Ty::Lang, "Display name on the map."),
        req(
            "calls",
            Ty::Name(Space::Endpoint),
            "What they call; from there on at most 10,000 ways may lead through the services.",
        ),
        req("rate", Ty::Rate, "First attempts a second, exact."),
        req("users", Ty::Int(1, 1_000_000_000), "How many users there are.").eg("40000"),
        opt("tenant", Ty::Text, "Tenant that they belong to: their requests are known as its, all the way, in metrics and in `tenant=` of access lines.").eg("\"acme\""),
        def(
            "profile",
            Ty::List(&Ty::Struct(&LOAD_POINT)),
            "[]",
            "What multiplies the rate over time, straight from point to point; before the first as there, after the last as there.",
        )
        .eg("[(at: \"T+0s\", factor: \"1\"), (at: \"T+10m\", factor: \"5\")]"),
        def(
            "day",
            Ty::List(&Ty::Exact),
            "[]",
            "What multiplies the rate over the day in UTC: moments that divide it evenly from midnight on, straight between two.",
        )
        .eg("[\"1/4\", \"1\", \"3/2\", \"1\"]"),
        def("on_failure", Ty::OneOf(&ON_FAILURE), "GiveUp", "What a client does when an attempt fails."),
        opt("timeout", Ty::Micros, "How long a client waits for an answer; absent is for ever.").eg("\"10s\""),
        opt("budget", Ty::Exact, "Further attempts in all, as a share of first attempts; absent is no limit.")
            .eg("\"1/10\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static LOAD_POINT: Shape = Shape {
    name: "LoadPoint",
    doc: "Offered load at a moment.",
    fields: &[
        req("at", Ty::Offset, "The moment."),
        req("factor", Ty::Exact, "How many times the rate.").eg("\"5\""),
        def("step", Ty::Bool, "false", "Whether it comes at once instead of rising or falling from the point before."),
    ],
};

static ON_FAILURE: Union = Union {
    name: "OnFailure",
    doc: "What a client does when an attempt fails.",
    more: &[],
    variants: &[
        unit("GiveUp", "Gives up."),
        named(
            "Retry",
            "Tries again.",
            &[
                req("attempts", Ty::Int(2, 20), "Attempts in all.").eg("4"),
                req("wait", Ty::List(&Ty::Span), "Wait before each further attempt; the last one repeats.")
                    .eg("[\"1s\", \"2s\", \"4s\"]"),
            ],
        ),
    ],
};

pub static EDGE: Shape = Shape {
    name: "Edge",
    doc: "How a service calls another.",
    fields: &[
        def("share", Ty::Share, "\"1\"", "Share of requests that need the call."),
        opt("timeout", Ty::Micros, "How long it waits for an answer; absent is for ever.").eg("\"2s\""),
        def("retries", Ty::Int(0, 20), "0", "Further attempts after one that failed."),
        def(
            "wait",
            Ty::Micros,
            "\"100ms\"",
            "Wait before a further attempt; below a second it is made in the same second.",
        ),
        opt("budget", Ty::Exact, "Further attempts in all, as a share of calls; absent is no limit.").eg("\"1/10\""),
        opt("breaker", Ty::Struct(&BREAKER), "Circuit breaker.").eg("(share: \"1/2\")"),
        opt("pool", Ty::Int(1, 1_000_000), "Connections that the caller holds open at most, in all its replicas."),
        def(
            "optional",
            Ty::Bool,
            "false",
            "Whether a request can do without: a failed call is then no failed request.",
        ),
        def("latency", Ty::Micros, "\"0ms\"", "Round trip on the way."),
        def(
            "hidden",
            Ty::Bool,
            "false",
            "Whether nobody drew it: it is on no map, board or description until a trace, a log or a connection showed it.",
        ),
    ],
};

static BREAKER: Shape = Shape {
    name: "Breaker",
    doc: "A circuit breaker: it fails calls at once while the service behind does not answer well.",
    fields: &[
        req("share", Ty::Share, "Share of failed calls in the last ten seconds at which it opens.").eg("\"1/2\""),
        def("least", Ty::Int(1, 1_000_000), "20", "Calls in the last ten seconds below which it never opens."),
        def("open", Ty::Span, "\"30s\"", "How long it stays open before it lets a few calls through again."),
    ],
};

/// Fields of a cache.
pub const CACHE: &[Field] = &[
    req("origin", SERVICE, "Service that it fetches from."),
    req("hit_ratio", Ty::Share, "Share of requests that it answers itself once it is warm.").eg("\"0.95\""),
    def(
        "objects",
        Ty::Int(1, 1_000_000_000),
        "10000",
        "Fetches that make a cold one warm: the size of what is in use.",
    ),
];
