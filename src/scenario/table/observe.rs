//! Declaration of what watches the world: objectives, routes of alerts, escalation.

use super::super::schema::{Shape, Space, Ty, def, opt, req};
use super::SERVICE;

pub static SLO: Shape = Shape {
    name: "Slo",
    doc: "A service level objective. It records the share of bad events over several windows and alerts when the error budget burns: `ID-fast-burn` (14.4 times over 1 h and 5 m, or 6 times over 6 h and 30 m) and `ID-slow-burn` (3 times over 1 d and 2 h, or once over 3 d and 6 h).",
    fields: &[
        req("objective", Ty::Share, "Share of events that have to be good.").eg("\"0.999\""),
        req("good", Ty::Text, "PromQL of good events a second, with `$window` for the range.")
            .eg("\"sum(rate(http_requests_total{service=\\\"api\\\",code!~\\\"5..\\\"}[$window]))\""),
        req("total", Ty::Text, "PromQL of all events a second, with `$window` for the range.")
            .eg("\"sum(rate(http_requests_total{service=\\\"api\\\"}[$window]))\""),
        def("period", Ty::Span, "\"30d\"", "Period of the error budget.").eg("\"30d\""),
        opt(
            "pages",
            Ty::Name(Space::Receiver),
            "Who is paged when the budget burns fast: `you`, a seat or role, or a person.",
        ),
        req("summary", Ty::Lang, "What the page says."),
        req("service", SERVICE, "Service it is about."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static ROUTING: Shape = Shape {
    name: "Routing",
    doc: "Where alerts go, as Alertmanager has it. Without it each rule pages whom it names, at once.",
    fields: &[
        req("route", Ty::Struct(&ROUTE), "The root of the routing tree."),
        def("inhibit", Ty::List(&Ty::Struct(&INHIBIT)), "[]", "Alerts that keep others quiet."),
    ],
};

static ROUTE: Shape = Shape {
    name: "Route",
    doc: "A node of the routing tree. What it leaves out it has from its parent; the root has `you`, `[\"alertname\"]`, 30 s, 5 m and 4 h.",
    fields: &[
        def("matchers", Ty::List(&Ty::Text), "[]", "What an alert's labels have to pass.")
            .eg("[\"severity=\\\"critical\\\"\"]"),
        opt(
            "receiver",
            Ty::Name(Space::Receiver),
            "Who is told: `you` (every seat), a seat or role, a person, or `nobody`.",
        ),
        def("continue", Ty::Bool, "false", "Whether the routes after it are tried too."),
        opt("group_by", Ty::List(&Ty::Text), "Labels by which alerts are told together; `...` is all of them.")
            .eg("[\"service\"]"),
        opt("group_wait", Ty::Span, "How long a new group waits for more.").eg("\"30s\""),
        opt("group_interval", Ty::Span, "How long until a group tells that it changed.").eg("\"5m\""),
        opt("repeat_interval", Ty::Span, "How long until a group is told again.").eg("\"4h\""),
        def("routes", Ty::List(&Ty::Struct(&ROUTE)), "[]", "Routes below it.").eg("[]"),
    ],
};

static INHIBIT: Shape = Shape {
    name: "Inhibit",
    doc: "While an alert that `source` matches fires, those that `target` matches are not told.",
    fields: &[
        req("source", Ty::List(&Ty::Text), "Matchers of what fires.").eg("[\"severity=\\\"critical\\\"\"]"),
        req("target", Ty::List(&Ty::Text), "Matchers of what is kept quiet.").eg("[\"severity=\\\"warning\\\"\"]"),
        def("equal", Ty::List(&Ty::Text), "[]", "Labels that have to be equal.").eg("[\"service\"]"),
    ],
};

pub static ESCALATION: Shape = Shape {
    name: "Escalation",
    doc: "A step of the escalation policy.",
    fields: &[
        req("after", Ty::Span, "How long a page has gone unanswered, from its beginning.").eg("\"5m\""),
        req("to", Ty::Name(Space::Receiver), "Who is called then: a person, or a seat or role.").eg("\"deployer\""),
    ],
};
