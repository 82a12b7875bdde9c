//! Declaration of faults and of the course that they take.

use super::super::schema::{Shape, Space, Ty, Union, def, named, opt, req, tuple};
use super::change::CHANGE_FAULTS;
use super::{SERVICE, net, store};

const HOST: Ty = Ty::Name(Space::Host);

pub static FAULT_AT: Shape = Shape {
    name: "FaultAt",
    doc: "A fault of the world.",
    fields: &[
        req("at", Ty::Offset, "From when on; before the opening means already present.").eg("\"T-1483m\""),
        req("fault", Ty::OneOf(&FAULT), "What is wrong."),
        def("course", Ty::Struct(&COURSE), "()", "How it runs.").eg("(severity: \"1/2\", lasts: \"10m\")"),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static COURSE: Shape = Shape {
    name: "Course",
    doc: "How a fault runs: its modifiers. `()` is at once, in full, until somebody ends it.",
    fields: &[
        def("severity", Ty::Share, "\"1\"", "Its dial: the share of its full size at which it works."),
        opt("lasts", Ty::Span, "It heals by itself after so long."),
        opt("rise", Ty::Span, "It grows evenly to its full size over so long.").eg("\"5m\""),
        opt("fall", Ty::Span, "It shrinks evenly over so long before it heals; only with `lasts`.").eg("\"5m\""),
        opt("pulse", Ty::Struct(&PULSE), "It comes and goes."),
        opt("again", Ty::Span, "It comes back so long after it was ended."),
        opt(
            "wakes",
            Ty::OneOf(&WAKE),
            "It sleeps until this happens: a latent fault, or one that a mitigation causes.",
        ),
        def(
            "behind",
            Ty::Bool,
            "false",
            "It sleeps as long as any other fault is awake, and shows when that one ends: a masked second fault.",
        ),
    ],
};

static PULSE: Shape = Shape {
    name: "Pulse",
    doc: "An intermittent fault.",
    fields: &[req("on", Ty::Span, "Present for so long."), req("off", Ty::Span, "Then gone for so long.")],
};

static WAKE: Union = Union {
    name: "Wake",
    doc: "What wakes a sleeping fault.",
    more: &[],
    variants: &[
        tuple("Start", "A unit or replica of this service starts.", &[req("service", SERVICE, "Service.")]),
        tuple("Release", "This service gets another release.", &[req("service", SERVICE, "Service.")]),
        tuple(
            "Touch",
            "An effect that somebody applies names this component: a failover, a change of scale, a purge.",
            &[req("component", Ty::Name(Space::Component), "Component.")],
        ),
    ],
};

pub static FAULT: Union = Union {
    name: "Fault",
    doc: "A typed defect on a component.",
    more: &[net::NET_FAULTS, super::capacity::CAPACITY_FAULTS, CHANGE_FAULTS, store::STORE_FAULTS],
    variants: &[
        named(
            "DiskFill",
            "Something writes to a path while there is room.",
            &[
                req("host", HOST, "Host."),
                req("path", Ty::Text, "Directory or file that grows.").eg("\"/srv/build\""),
                req("bytes_per_s", Ty::Bytes, "Bytes a second.").eg("\"2MB\""),
            ],
        ),
        named(
            "Errors",
            "A service answers this share of its requests with a 500.",
            &[req("service", SERVICE, "Service."), req("share", Ty::Share, "Share of requests.")],
        ),
        named(
            "Slow",
            "A service takes this many times its usual time.",
            &[req("service", SERVICE, "Service."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"3\"")],
        ),
        named(
            "Crash",
            "A unit stops and does not come back by itself.",
            &[req("host", HOST, "Host."), req("unit", Ty::Text, "Unit.").eg("\"web\"")],
        ),
        named(
            "TenantErrors",
            "A service answers this share of the requests of one tenant with a 500; those of others it serves.",
            &[
                req("tenant", Ty::Name(Space::Tenant), "Tenant."),
                req("service", SERVICE, "Service."),
                req("share", Ty::Share, "Share of its requests."),
            ],
        ),
        named(
            "TenantLimit",
            "A service answers what one tenant asks beyond a rate with a 429.",
            &[
                req("tenant", Ty::Name(Space::Tenant), "Tenant."),
                req("service", SERVICE, "Service."),
                req("rate", Ty::Rate, "Requests that it lets in.").eg("\"50/s\""),
            ],
        ),
        named(
            "Surge",
            "First attempts of a traffic source are multiplied.",
            &[
                req("traffic", Ty::Name(Space::Traffic), "Traffic source."),
                req("factor", Ty::Exact, "Factor, at least 1.").eg("\"2\""),
            ],
        ),
    ],
};
