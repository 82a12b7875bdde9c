//! Declaration of what machines and replicas have, and of the faults on them.

use super::super::schema::{Shape, Space, Ty, Union, Variant, def, named, opt, req, tuple, unit};
use super::SERVICE;

const HOST: Ty = Ty::Name(Space::Host);
const COUNT: Ty = Ty::Int(1, 1_000_000_000);

pub static CAPACITY: Shape = Shape {
    name: "Capacity",
    doc: "Limits and managed replicas. `()` where nothing but cores and memory can run out.",
    fields: &[
        def("hosts", Ty::Map(&Ty::Struct(&HOST_LIMITS)), "{}", "Limits by host.").eg("{ \"web-01\": (zone: \"a\") }"),
        def("units", Ty::Map(&Ty::Struct(&UNIT_LIMITS)), "{}", "Limits by `host:unit`.")
            .eg("{ \"web-01:web\": (descriptors: 1024) }"),
        def("services", Ty::Map(&Ty::Struct(&SERVICE_COST)), "{}", "What a request costs, by service.")
            .eg("{ \"api\": (warm: \"60s\", cold: \"3\") }"),
        opt("addresses", COUNT, "Addresses that the pool of managed replicas has; absent is plenty."),
        opt("quota", COUNT, "Managed replicas that the quota allows in all; absent is no quota."),
    ],
};

static HOST_LIMITS: Shape = Shape {
    name: "HostLimits",
    doc: "Limits of a machine.",
    fields: &[
        def("zone", Ty::Text, "\"\"", "Zone that it stands in: what shares its power.").eg("\"a\""),
        def("conntrack", COUNT, "262144", "Connections that its kernel can track."),
        def("ports", Ty::Int(1, 64_512), "28232", "Local ports for outgoing connections."),
        def("inodes", Ty::Map(&COUNT), "{}", "Inodes by mount point; a mount that is not named has plenty.")
            .eg("{ \"/\": 1310720 }"),
    ],
};

static UNIT_LIMITS: Shape = Shape {
    name: "UnitLimits",
    doc: "Limits of a unit, as its control group and `ulimit` have them.",
    fields: &[
        opt("cpu", Ty::Exact, "Cores that it may use; absent is no limit.").eg("\"3/2\""),
        opt("memory", Ty::Bytes, "Memory at which it is killed; absent is no limit."),
        opt("descriptors", Ty::Int(64, 1_000_000_000), "Open descriptors; absent is plenty.").eg("1024"),
        opt("threads", Ty::Int(16, 1_000_000), "Threads; absent is plenty.").eg("4096"),
    ],
};

static SERVICE_COST: Shape = Shape {
    name: "ServiceCost",
    doc: "What a request costs at a service, and how its replicas are run.",
    fields: &[
        def("cpu", Ty::Share, "\"1/3\"", "Share of the service time that is computing; the rest waits."),
        def("disk", Ty::Share, "\"0\"", "Share of the service time that waits for a local disk."),
        def("connection", Ty::Bytes, "\"0B\"", "Memory for each request in flight.").eg("\"64KiB\""),
        def("threads_per_peer", Ty::Int(0, 10_000), "0", "Threads that a replica holds for each other replica."),
        def("reuse", Ty::Int(1, 1_000_000), "20", "Requests that share one connection."),
        def("warm", Ty::Span, "\"0s\"", "How long a replica that has just started is slow.").eg("\"60s\""),
        def("cold", Ty::Exact, "\"1\"", "How many times its usual time a request takes at first, at least 1."),
        def("balance", Ty::OneOf(&BALANCE), "RoundRobin", "How requests are spread over replicas."),
        def(
            "weights",
            Ty::Map(&WEIGHT),
            "{}",
            "Weight of the replica on each host at the balancer; the others have 100.",
        )
        .eg("{ \"web-02\": 10 }"),
        opt("managed", Ty::Struct(&MANAGED), "Replicas that a platform runs; only for a service without hosts."),
    ],
};

/// As HAProxy takes them.
static WEIGHT: Ty = Ty::Int(0, 256);

static BALANCE: Union = Union {
    name: "Balance",
    doc: "How a load balancer spreads requests over replicas.",
    more: &[],
    variants: &[
        unit("RoundRobin", "Each in turn."),
        unit(
            "LeastRequests",
            "To the one with the fewest in flight: the faster it answers, the more it gets, errors included.",
        ),
    ],
};

static MANAGED: Shape = Shape {
    name: "Managed",
    doc: "Replicas that a platform starts, probes, scales and moves; how many is the service's `replicas`.",
    fields: &[
        def("nodes", Ty::List(&HOST), "[]", "Hosts that they are placed on; none if they cannot be seen."),
        def("cpu", Ty::Exact, "\"1/2\"", "Cores that each requests."),
        opt("cpu_limit", Ty::Exact, "Cores that each may use; absent is no limit.").eg("\"1\""),
        def("memory", Ty::Bytes, "\"256MiB\"", "Memory that each requests."),
        def("base", Ty::Bytes, "\"128MiB\"", "Memory that each uses when idle."),
        opt("memory_limit", Ty::Bytes, "Memory at which one is killed; absent is no limit."),
        def("start", Ty::Span, "\"10s\"", "From start to running."),
        opt("readiness", Ty::Struct(&CHECK), "A probe that takes one that fails it out of the balancer."),
        opt("liveness", Ty::Struct(&CHECK), "A probe that restarts one that fails it."),
        opt("autoscale", Ty::Struct(&AUTOSCALE), "What sets the number of replicas."),
        opt("min_available", COUNT, "Fewest ready replicas that a drain of a node may leave; absent is no budget."),
    ],
};

static CHECK: Shape = Shape {
    name: "Check",
    doc: "A platform's probe of each replica. It asks like everybody else, and waits like everybody else.",
    fields: &[
        def("every", Ty::Span, "\"10s\"", "Every so often."),
        def("timeout", Ty::Micros, "\"1s\"", "How long it waits for an answer."),
        def("failures", Ty::Int(1, 100), "3", "Failures in a row that count."),
    ],
};

pub static AUTOSCALE: Shape = Shape {
    name: "Autoscale",
    doc: "An autoscaler: it sees one number, and nothing else of the world.",
    fields: &[
        def("min", Ty::Int(1, 100_000), "1", "Fewest replicas."),
        req("max", Ty::Int(1, 100_000), "Most replicas.").eg("12"),
        def("metric", Ty::OneOf(&SCALE_METRIC), "Cpu", "What it looks at."),
        req("target", COUNT, "What it should be: percent of requested CPU, requests a second, or items, a replica.")
            .eg("70"),
        def("every", Ty::Span, "\"15s\"", "How often it decides."),
        def("settle", Ty::Span, "\"300s\"", "How long it waits before it scales in."),
        def("scale_in", Ty::Struct(&SCALE_IN), "()", "How it takes replicas away.").eg("(most: 1, cooldown: \"5m\")"),
    ],
};

static SCALE_IN: Shape = Shape {
    name: "ScaleIn",
    doc: "How an autoscaler takes replicas away.",
    fields: &[
        opt("most", COUNT, "Most replicas that it takes away in one decision; absent is no limit.").eg("1"),
        def("cooldown", Ty::Span, "\"0s\"", "How long after it changed the number it takes none away.").eg("\"5m\""),
        def("first", Ty::OneOf(&GOES_FIRST), "Youngest", "Which of those that take requests goes first."),
    ],
};

static GOES_FIRST: Union = Union {
    name: "GoesFirst",
    doc: "Which of several replicas goes first; those without a place and those that take no requests go before them.",
    more: &[],
    variants: &[
        unit("Youngest", "The one made last."),
        unit("Oldest", "The one made first: whatever is warm goes."),
        unit("Crowded", "One of the node with most of them."),
    ],
};

static SCALE_METRIC: Union = Union {
    name: "ScaleMetric",
    doc: "What an autoscaler looks at.",
    more: &[],
    variants: &[
        unit("Cpu", "CPU in use, percent of what is requested."),
        unit("Requests", "Requests a second and replica."),
        tuple("Queue", "Items waiting in a queue, a replica.", &[req("queue", Ty::Name(Space::Queue), "The queue.")]),
    ],
};

pub static CAPACITY_FAULTS: &[Variant] = &[
    named(
        "InodeFill",
        "Small files appear under a path: inodes run out while bytes are left. The files stay when the fault ends.",
        &[
            req("host", HOST, "Host, with a stated number of inodes."),
            req("path", Ty::Text, "Directory.").eg("\"/var/spool/mail\""),
            req("per_s", COUNT, "Files a second.").eg("200"),
        ],
    ),
    named(
        "DescriptorLeak",
        "Requests leave descriptors open, until nothing more is accepted.",
        &[req("service", SERVICE, "Service."), req("share", Ty::Share, "Share of requests.")],
    ),
    named(
        "MemoryLeak",
        "Every replica of a service leaks memory, until something kills it.",
        &[
            req("service", SERVICE, "Service."),
            def("per_s", Ty::Bytes, "\"0B\"", "Bytes a second and replica.").eg("\"1MiB\""),
            def("per_request", Ty::Bytes, "\"0B\"", "Bytes a request.").eg("\"4KiB\""),
        ],
    ),
    named(
        "Runaway",
        "A process that does not belong there takes cores and memory.",
        &[
            req("host", HOST, "Host."),
            req("command", Ty::Text, "Command line shown by `ps`.").eg("\"/usr/bin/backup --all\""),
            req("cores", Ty::Exact, "Cores that it takes.").eg("\"4\""),
            def("per_s", Ty::Bytes, "\"0B\"", "Memory by which it grows a second."),
        ],
    ),
    named(
        "CpuBurn",
        "An input makes each request of a service compute many times as long.",
        &[req("service", SERVICE, "Service."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"20\"")],
    ),
    named(
        "Throttle",
        "Each replica of a service may use only so many cores.",
        &[req("service", SERVICE, "Service."), req("cores", Ty::Exact, "Cores.").eg("\"1/4\"")],
    ),
    named(
        "ConntrackFlood",
        "Connections fill a host's table of tracked connections; new ones are dropped.",
        &[req("host", HOST, "Host."), req("per_s", COUNT, "New entries a second.").eg("8000")],
    ),
    named(
        "PortLeak",
        "A client on a host opens a connection for every request: its local ports run out.",
        &[req("host", HOST, "Host."), req("per_s", COUNT, "Connections a second.").eg("900")],
    ),
    named(
        "AddressLeak",
        "Addresses of the pool are held by replicas that are long gone.",
        &[req("count", COUNT, "Addresses.").eg("200")],
    ),
    named(
        "QuotaPhantom",
        "The quota counts replicas that are not there.",
        &[req("count", COUNT, "Replicas too many.").eg("15000")],
    ),
    named(
        "GrayReplica",
        "Some replicas of a service are slow, or answer with errors at once and so draw traffic.",
        &[
            req("service", SERVICE, "Service."),
            def("replicas", Ty::Int(1, 100_000), "1", "How many."),
            req("factor", Ty::Exact, "Times its usual time; below 1 for one that fails fast.").eg("\"1/20\""),
            def("errors", Ty::Share, "\"0\"", "Share of its requests that it answers with an error.").eg("\"1\""),
        ],
    ),
    named(
        "GrayHost",
        "A machine computes slowly and logs machine checks.",
        &[req("host", HOST, "Host."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"8\"")],
    ),
    named(
        "SlowDisk",
        "A disk answers slowly; it weighs on services that wait for it.",
        &[req("host", HOST, "Host."), req("factor", Ty::Exact, "Factor, at least 1.").eg("\"40\"")],
    ),
    named(
        "HostDown",
        "A machine is off until somebody turns it on; a milder case computes slowly.",
        &[req("host", HOST, "Host.")],
    ),
    named(
        "ZoneDown",
        "A zone has no power; a milder case takes only some of its machines.",
        &[req("zone", Ty::Text, "Zone, as a host's limits name it.").eg("\"a\"")],
    ),
    named("MetricMissing", "The autoscaler of a service reads nothing.", &[req("service", SERVICE, "Service.")]),
    named(
        "MetricWrong",
        "The autoscaler of a service reads this many times the true value.",
        &[req("service", SERVICE, "Service."), req("factor", Ty::Exact, "Factor.").eg("\"1/10\"")],
    ),
    named(
        "CrashLoop",
        "A managed replica of a service exits soon after it starts; those that run go on.",
        &[req("service", SERVICE, "Service.")],
    ),
    named(
        "ProbeTimeout",
        "The platform's probes of a service give up after this time.",
        &[req("service", SERVICE, "Service."), req("timeout", Ty::Micros, "How long they wait.").eg("\"50ms\"")],
    ),
];
