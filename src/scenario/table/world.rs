//! Declaration of the world: machines, services, traffic, releases, queues, probes, alerts, graphs, faults and logs.

use super::super::schema::{Shape, Space, Ty, Union, def, named, opt, req, tuple, unit};
use super::change::{CONFIG_DECL, CRON, FEED, FLAG, PUSH, VENDOR};
use super::fault::FAULT;
use super::people::RELIABILITY;
use super::story::VERBS;
use super::{SERVICE, capacity, fault, flow, net, observe, store};

const HOST: Ty = Ty::Name(Space::Host);

pub static WORLD: Shape = Shape {
    name: "World",
    doc: "The world at the opening.",
    fields: &[
        def("scrape", Ty::Span, "\"15s\"", "Time between two scrapes of the metrics.").eg("\"5s\""),
        req("hosts", Ty::Map(&Ty::Struct(&HOST_DECL)), "Machines."),
        req("services", Ty::Map(&Ty::Struct(&SERVICE_DECL)), "Services."),
        req("traffic", Ty::Map(&Ty::Struct(&flow::TRAFFIC)), "Who calls what, how often."),
        def("releases", Ty::Map(&Ty::Struct(&RELEASE)), "{}", "Releases, each with the time at which it was built."),
        def("queues", Ty::Map(&Ty::Struct(&QUEUE)), "{}", "Work queues."),
        def("stores", Ty::Map(&Ty::Struct(&store::STORE)), "{}", "Data stores."),
        def("probes", Ty::Map(&Ty::Struct(&PROBE)), "{}", "External checks."),
        def("alerts", Ty::Map(&Ty::Struct(&ALERT)), "{}", "Alert rules."),
        def("slos", Ty::Map(&Ty::Struct(&observe::SLO)), "{}", "Service level objectives."),
        opt("routing", Ty::Struct(&observe::ROUTING), "Where alerts go; without it each rule pages whom it names."),
        opt(
            "escalation",
            Ty::List(&Ty::Struct(&observe::ESCALATION)),
            "Who is called when nobody answers a page; without it the person `secondary` after 5 minutes.",
        ),
        def("graphs", Ty::List(&Ty::Struct(&GRAPH)), "[]", "Graphs on the trainee's board, in order."),
        def("network", Ty::Struct(&net::NETWORK), "()", "What lies between callers and services."),
        def(
            "faults",
            Ty::List(&Ty::Struct(&fault::FAULT_AT)),
            "[]",
            "Faults, present from the opening or from a later time.",
        ),
        def(
            "capacity",
            Ty::Struct(&capacity::CAPACITY),
            "()",
            "Limits of machines, and replicas that a platform runs.",
        )
        .eg("(hosts: { \"web-01\": (zone: \"a\") })"),
        def("logs", Ty::Map(&Ty::Struct(&LOG)), "{}", "Log templates by program."),
        def("rollouts", Ty::Map(&Ty::OneOf(&PUSH)), "{}", "How releases of a service reach production, by service."),
        def("configs", Ty::Map(&Ty::Struct(&CONFIG_DECL)), "{}", "Configuration artefacts."),
        def("flags", Ty::Map(&Ty::Struct(&FLAG)), "{}", "Feature flags and kill switches."),
        def("crons", Ty::Map(&Ty::Struct(&CRON)), "{}", "Scheduled jobs."),
        def(
            "vendors",
            Ty::Map(&Ty::Struct(&VENDOR)),
            "{}",
            "Systems that somebody else runs, by the service that stands for each.",
        ),
        opt(
            "business",
            Ty::Struct(&BUSINESS),
            "What an outage costs the business; shown in the debrief, never scored.",
        ),
        def("setbacks", Ty::List(&Ty::Struct(&SETBACK)), "[]", "Actions of the team that do not succeed at once."),
        opt("freeze", Ty::Text, "Deploys are frozen at the opening, and why.").eg("\"change freeze until Monday\""),
    ],
};

pub static BUSINESS: Shape = Shape {
    name: "Business",
    doc: "What an outage costs the business.",
    fields: &[
        req("per_user_minute", Ty::Exact, "Money lost in a minute for each affected user.").eg("\"3/100\""),
        req("currency", Ty::Text, "Its currency: three letters, as ISO 4217 has them.").eg("\"EUR\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static SETBACK: Shape = Shape {
    name: "Setback",
    doc: "An action of the team that fails though nothing forbids it: the tool says so, and nothing happens. Exactly one of `fails` and `first`.",
    fields: &[
        req("verb", Ty::Word(&VERBS), "Verb.").eg("\"promote\""),
        opt("target", Ty::Text, "Which; with a trailing `*` a prefix.").eg("\"api\""),
        opt("fails", Ty::Share, "Share of the attempts that fail.").eg("\"1/3\""),
        opt("first", Ty::Int(1, 1_000), "The first so many attempts fail."),
        req("says", Ty::Text, "What the tool says.").eg("\"lock is held by another deploy\""),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static HOST_DECL: Shape = Shape {
    name: "Host",
    doc: "A machine.",
    fields: &[
        def("cores", Ty::Int(1, 1024), "2", "Cores."),
        def("memory", Ty::Bytes, "\"4GiB\"", "Memory.").eg("\"4GiB\""),
        req("address", Ty::Text, "Address shown by tools.").eg("\"10.0.0.11\""),
        def("up", Ty::Span, "\"30d\"", "How long it has been up at the opening.").eg("\"30d\""),
        def(
            "mounts",
            Ty::Map(&Ty::Struct(&MOUNT)),
            "{ \"/\": (device: \"/dev/sda1\", size: \"20GB\", base: \"6GB\", volume: \"root\") }",
            "Mounted file systems by mount point.",
        )
        .eg("{ \"/\": (device: \"/dev/sda1\", size: \"20GB\", base: \"6GB\", volume: \"root\") }"),
        def("files", Ty::Map(&Ty::Struct(&FILE)), "{}", "Files and directories by absolute path; parents are made."),
        def("units", Ty::Map(&Ty::Struct(&UNIT)), "{}", "systemd units, without `.service`."),
        opt("logrotate", Ty::Struct(&LOGROTATE), "How the logs below `/var/log` are rotated.")
            .eg("(maxsize: \"100MB\", rotate: 4)"),
    ],
};

static LOGROTATE: Shape = Shape {
    name: "Logrotate",
    doc: "How logrotate turns the logs of a machine over: once a day at midnight of its own clock, `x.log` to `x.log.1` to `x.log.2.gz`.",
    fields: &[
        opt("maxsize", Ty::Bytes, "A log beyond this size is rotated at 17 minutes past each hour too.")
            .eg("\"100MB\""),
        def("rotate", Ty::Int(0, 1_000), "7", "Old logs that are kept."),
    ],
};

static MOUNT: Shape = Shape {
    name: "Mount",
    doc: "A mounted file system.",
    fields: &[
        req("device", Ty::Text, "Block device shown by `df`.").eg("\"/dev/sda1\""),
        req("size", Ty::Bytes, "Capacity."),
        req("base", Ty::Bytes, "In use at the opening by files that are not listed.").eg("\"6GB\""),
        req("volume", Ty::Text, "Volume that a resize names.").eg("\"root\""),
    ],
};

static FILE: Shape = Shape {
    name: "File",
    doc: "A file, or a directory filled with many files.",
    fields: &[
        req("kind", Ty::OneOf(&FILE_KIND), "What it is."),
        def("owner", Ty::Text, "\"root\"", "Owner shown by `ls -l`."),
        opt("precious", Ty::Int(1, 1_000_000_000), "Removing it loses this many units of data that people need."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static FILE_KIND: Union = Union {
    name: "FileKind",
    doc: "What a listed path is.",
    more: &[],
    variants: &[
        tuple(
            "Text",
            "A text file; an empty one below `/var/log` in the name of a unit begins with what it wrote before the opening.",
            &[req("text", Ty::Doc, "Its text.").eg("File(\"files/web.toml\")")],
        ),
        tuple(
            "Blob",
            "An opaque file: it has a size, and a log of which only the end can be read.",
            &[req("size", Ty::Bytes, "Its size.")],
        ),
        named(
            "Dir",
            "A directory with opaque children that share its size.",
            &[
                def("entries", Ty::List(&Ty::Text), "[]", "Names of the children.").eg("[\"a-1.0.0\", \"b-2.1.0\"]"),
                def("size", Ty::Bytes, "\"0B\"", "Bytes in all."),
            ],
        ),
    ],
};

static UNIT: Shape = Shape {
    name: "Unit",
    doc: "A systemd unit.",
    fields: &[
        req("description", Ty::Text, "Description shown by `systemctl status`.").eg("\"web server\""),
        opt("service", SERVICE, "Service whose replica it runs."),
        req("exec", Ty::Text, "Command line shown by `ps`.").eg("\"/usr/local/bin/web --port 3000\""),
        def("start", Ty::Span, "\"2s\"", "Time to start."),
        def("restart", Ty::Bool, "false", "Whether it comes back by itself after it died."),
        opt(
            "restart_after",
            Ty::Span,
            "Wait before it is started again (`RestartSec`); without it the wait doubles each time, from 2 to 60 seconds.",
        )
        .eg("\"1s\""),
        opt("start_limit", Ty::Struct(&START_LIMIT), "When systemd gives it up; without it after 5 starts in 10 seconds.")
            .eg("(burst: 3, interval: \"30s\")"),
        def("memory", Ty::Bytes, "\"64MiB\"", "Memory that it uses.").eg("\"64MiB\""),
    ],
};

static START_LIMIT: Shape = Shape {
    name: "StartLimit",
    doc: "How often a unit may be started before it stays failed.",
    fields: &[
        req("burst", Ty::Int(1, 1_000), "Starts (`StartLimitBurst`).").eg("3"),
        req("interval", Ty::Span, "Within this time (`StartLimitIntervalSec`).").eg("\"30s\""),
    ],
};

static SERVICE_DECL: Shape = Shape {
    name: "Service",
    doc: "A service.",
    fields: &[
        req("kind", Ty::OneOf(&SERVICE_KIND), "Kind; decides its physics and its column on the map."),
        req("name", Ty::Lang, "Display name."),
        req("owner", Ty::Name(Space::Owner), "Who runs it: `you`, or a person."),
        def("on", Ty::List(&HOST), "[]", "Hosts of its replicas; none for a managed service."),
        def("concurrency", Ty::Int(1, 1_000_000), "100", "Requests that a replica handles at once."),
        def("service_time", Ty::Micros, "\"5ms\"", "Time to handle one."),
        def("replicas", Ty::Int(1, 100_000), "1", "Replicas of a managed service, one without hosts."),
        opt(
            "queue",
            Ty::Int(0, 1_000_000),
            "Requests that may wait for a replica; absent is as many as it handles at once.",
        ),
        def(
            "drops_expired",
            Ty::Bool,
            "false",
            "Whether it drops, without working on them, requests whose caller has given up.",
        ),
        def(
            "log_style",
            Ty::OneOf(&LOG_STYLE),
            "Logfmt",
            "How the log lines that it writes without an author are formatted.",
        ),
        def("calls", Ty::List(&SERVICE), "[]", "Services that it calls for every request."),
        def(
            "edges",
            Ty::Map(&Ty::Struct(&flow::EDGE)),
            "{}",
            "How it calls, by the name of the service called; one that is not in `calls` is called after those.",
        )
        .eg("{ \"db\": (timeout: \"2s\", retries: 2) }"),
        def("endpoints", Ty::Map(&Ty::Struct(&ENDPOINT)), "{}", "Paths that it answers, by endpoint name."),
        opt("release", Ty::Name(Space::Release), "Release in production at the opening."),
        opt("staging", Ty::Name(Space::Release), "Release on staging at the opening."),
        def("needs_space", Ty::List(&Ty::Name(Space::Mount)), "[]", "Mounts that must have space for it to run."),
        req("dns", Ty::Text, "Host name under which it is reached.").eg("\"docs.example\""),
    ],
};

static SERVICE_KIND: Union = Union {
    name: "ServiceKind",
    doc: "Kind of a service.",
    more: &[],
    variants: &[
        unit("Http", "Answers HTTP from its own code."),
        named(
            "Cdn",
            "Content delivery network.",
            &[
                req("origin", SERVICE, "Service that it fetches from."),
                req("hit_ratio", Ty::Share, "Share of requests answered without the origin.").eg("\"0.97\""),
                def(
                    "recovers",
                    Ty::Span,
                    "\"0s\"",
                    "How long after the origin came back the edge goes on answering with errors.",
                )
                .eg("\"3m\""),
            ],
        ),
        unit("Bucket", "Object storage."),
        unit("Database", "Database."),
        named(
            "Cache",
            "A cache in front of a service: what it does not hold it fetches; it is cold after a flush or a restart.",
            flow::CACHE,
        ),
        named("Worker", "Takes work from a queue.", &[req("queue", Ty::Name(Space::Queue), "The queue.")]),
    ],
};

static ENDPOINT: Shape = Shape {
    name: "Endpoint",
    doc: "One endpoint of a service.",
    fields: &[
        req("path", Ty::Text, "Path with `{name}` holes.").eg("\"/api/v1/crates/{crate}/download\""),
        def("reply", Ty::OneOf(&REPLY), "Ok()", "What it answers in good health."),
        opt("calls", Ty::List(&SERVICE), "Services that it calls, instead of those of the service.").eg("[\"db\"]"),
    ],
};

static REPLY: Union = Union {
    name: "Reply",
    doc: "What an endpoint answers.",
    more: &[],
    variants: &[
        named("Ok", "A page.", &[def("content", Ty::Text, "\"text/html\"", "Content type.")]),
        named(
            "Redirect",
            "A redirect that the client follows: the second half of the user's request.",
            &[
                req("location", Ty::Text, "Where to, with the same holes.").eg("\"https://static.example/{crate}\""),
                req("to", SERVICE, "Service that answers there."),
            ],
        ),
    ],
};

static RELEASE: Shape = Shape {
    name: "Release",
    doc: "A release of a service.",
    fields: &[
        req("service", SERVICE, "Service that it belongs to."),
        req("at", Ty::Offset, "When it was built.").eg("\"T-1116m\""),
        req("by", Ty::Name(Space::Owner), "Who built it."),
        req("changes", Ty::List(&Ty::Text), "What changed, one line each."),
        def("diff", Ty::Doc, "\"\"", "Unified diff that `release diff` prints.").eg("File(\"diffs/v1042.diff\")"),
        opt("defect", Ty::OneOf(&DEFECT), "The defect that it carries."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

pub static DEFECT: Union = Union {
    name: "Defect",
    doc: "What is wrong with a release.",
    more: &[],
    variants: &[
        named(
            "BadRedirect",
            "An endpoint redirects to an address that no client can resolve.",
            &[
                req("on", Ty::Name(Space::Endpoint), "Endpoint."),
                req("location", Ty::Text, "The location, with the endpoint's holes.")
                    .eg("\"https://static.examplecrates/{crate}\""),
                def("share", Ty::Share, "\"1\"", "Share of the requests that it sends there; the others it serves."),
            ],
        ),
        tuple(
            "Carries",
            "It brings a fault, as far as it runs.",
            &[req("fault", Ty::OneOf(&FAULT), "The fault.").eg("Errors(service: \"api\", share: \"1/5\")")],
        ),
    ],
};

static QUEUE: Shape = Shape {
    name: "Queue",
    doc: "A work queue.",
    fields: &[
        req("arrivals", Ty::Rate, "New items.").eg("\"2/m\""),
        req("rate", Ty::Rate, "Items that the worker completes.").eg("\"3/m\""),
        def("waiting", Ty::Int(0, 1_000_000_000), "0", "Items waiting at the opening."),
        def("failed", Ty::Int(0, 1_000_000_000), "0", "Items that had failed before the opening."),
        opt("leaves", Ty::Struct(&ON_DISK), "What each item leaves on a disk; nothing removes it.")
            .eg("(path: \"web-01:/srv/build\", size: \"20MB\")"),
        opt("needs", Ty::Struct(&ON_MOUNT), "Space that an item needs.").eg("(mount: \"web-01:/\", size: \"200MB\")"),
        opt("ttl", Ty::Span, "Items older than this are dropped.").eg("\"1h\""),
        opt("bound", Ty::Int(1, 1_000_000_000), "Most items that may wait; more are turned away.").eg("10000"),
        def("deliveries", Ty::Int(0, 1_000), "0", "Deliveries of one item before it is put aside; 0 is no limit."),
        def("redeliver", Ty::Span, "\"30s\"", "Until an item that was not completed is delivered again."),
        def("per_worker", Ty::Bool, "false", "Whether `rate` is that of one replica of its worker."),
        def("precious", Ty::Int(0, 1_000_000), "0", "Units of data lost with each item that is dropped or purged."),
        opt("fed_by", Ty::Struct(&FEED), "Requests that put items in, beside `arrivals`.")
            .eg("(endpoint: \"api:download\")"),
    ],
};

static ON_DISK: Shape = Shape {
    name: "OnDisk",
    doc: "An amount at a path.",
    fields: &[req("path", Ty::Name(Space::Path), "Path on a host."), req("size", Ty::Bytes, "Bytes.")],
};

static ON_MOUNT: Shape = Shape {
    name: "OnMount",
    doc: "An amount on a mount.",
    fields: &[req("mount", Ty::Name(Space::Mount), "Mount."), req("size", Ty::Bytes, "Bytes.")],
};

static PROBE: Shape = Shape {
    name: "Probe",
    doc: "An external check of a URL.",
    fields: &[
        req("target", Ty::Name(Space::Endpoint), "What it asks for."),
        def("every", Ty::Span, "\"30s\"", "Every so often."),
        def("user_facing", Ty::Bool, "true", "Whether it looks the way a user does."),
    ],
};

static ALERT: Shape = Shape {
    name: "Alert",
    doc: "An alert rule: a threshold on a signal, or an expression as Prometheus has it.",
    fields: &[
        opt("signal", Ty::OneOf(&SIGNAL), "The signal; either this with `when`, or `expr`."),
        opt("when", Ty::OneOf(&THRESHOLD), "Side of the threshold."),
        opt("expr", Ty::Text, "PromQL; whatever it finds is an alert.")
            .eg("\"rate(http_requests_total{code=\\\"500\\\"}[1m]) > 1\""),
        def("hold", Ty::Span, "\"0s\"", "For so long before it fires.").eg("\"30s\""),
        opt("for", Ty::Span, "The same, in the word of Prometheus.").eg("\"2m\""),
        def("keep_firing_for", Ty::Span, "\"0s\"", "Goes on firing for so long after it no longer holds.").eg("\"5m\""),
        def("labels", Ty::Map(&Ty::Text), "{}", "Labels besides `severity` and `service`; templates.")
            .eg("{ \"team\": \"edge\" }"),
        def("annotations", Ty::Map(&Ty::Text), "{}", "Annotations; templates. `summary` is there by itself.")
            .eg("{ \"description\": \"{{ $labels.service }} has {{ $value | humanizePercentage }} errors\" }"),
        opt(
            "pages",
            Ty::Name(Space::Receiver),
            "Who is paged: `you`, a seat or role, or a person; absent only shows it.",
        ),
        req("severity", Ty::OneOf(&ALERT_SEVERITY), "How urgent."),
        opt("reliability", Ty::OneOf(&RELIABILITY), "What is to be thought of it when it fires."),
        req("summary", Ty::Lang, "Summary on the page."),
        req("service", SERVICE, "Service it is about."),
        req("fact", Ty::Fact, "Its provenance."),
    ],
};

static ALERT_SEVERITY: Union = Union {
    name: "AlertSeverity",
    doc: "How urgent an alert is.",
    more: &[],
    variants: &[unit("Critical", "Wakes somebody."), unit("Warning", "For working hours.")],
};

static THRESHOLD: Union = Union {
    name: "Threshold",
    doc: "Side of a threshold.",
    more: &[],
    variants: &[
        tuple("Above", "Fires while the signal is above.", &[req("value", Ty::Exact, "Value.").eg("\"0.9\"")]),
        tuple("Below", "Fires while the signal is below.", &[req("value", Ty::Exact, "Value.").eg("\"1\"")]),
    ],
};

static SIGNAL: Union = Union {
    name: "Signal",
    doc: "A signal that metrics record.",
    more: &[],
    variants: &[
        tuple(
            "RequestRate",
            "Requests a second.",
            &[req("of", Ty::Name(Space::ServiceOrEndpoint), "Service or endpoint.")],
        ),
        tuple("ErrorShare", "Share of responses with a 5xx status.", &[req("of", SERVICE, "Service.")]),
        tuple("Latency", "Mean latency in milliseconds.", &[req("of", SERVICE, "Service.")]),
        tuple("OkRate", "Requests a second that are answered with a 2xx.", &[req("of", SERVICE, "Service.")]),
        tuple(
            "Probe",
            "1 if the probe's last check succeeded, else 0.",
            &[req("of", Ty::Name(Space::Probe), "Probe.")],
        ),
        tuple("DiskUsed", "Share of a mount in use.", &[req("of", Ty::Name(Space::Mount), "Mount.")]),
        tuple("QueueDepth", "Items waiting in a queue.", &[req("of", Ty::Name(Space::Queue), "Queue.")]),
        tuple(
            "QueueSuccess",
            "Share of a queue's finished items that succeeded.",
            &[req("of", Ty::Name(Space::Queue), "Queue.")],
        ),
        tuple("Load", "Share of a host's cores in use.", &[req("of", HOST, "Host.")]),
    ],
};

pub static GRAPH: Shape = Shape {
    name: "Graph",
    doc: "A graph on the board.",
    fields: &[
        req("id", Ty::Text, "Id, as `look graph ID` names it.").eg("\"downloads\""),
        req("title", Ty::Lang, "Title."),
        opt("signal", Ty::OneOf(&SIGNAL), "What it shows; either this or `query`."),
        opt("query", Ty::Text, "PromQL of what it shows.")
            .eg("\"sum(rate(http_requests_total{service=\\\"api\\\"}[1m]))\""),
        opt(
            "unit",
            Ty::Word(&["/s", "%", "ms", "s", "B", "items", "ok"]),
            "Unit of the query's values; a share for `%`.",
        )
        .eg("\"/s\""),
        def("user_facing", Ty::Bool, "false", "Whether it shows what a user experiences."),
        opt("reliability", Ty::OneOf(&RELIABILITY), "What is to be thought of what it shows."),
    ],
};

static LOG: Shape = Shape {
    name: "Log",
    doc: "What a program writes.",
    fields: &[
        req("on", Ty::Name(Space::HostOrService), "Host or service on which it appears."),
        req("lines", Ty::List(&Ty::Struct(&LOG_LINE)), "Templates."),
    ],
};

pub static LOG_LINE: Shape = Shape {
    name: "LogLine",
    doc: "One template.",
    fields: &[
        def("when", Ty::OneOf(&LOG_WHEN), "Running", "When it is written."),
        def("per_minute", Ty::Int(1, 100_000), "6", "About how many a minute."),
        def("level", Ty::OneOf(&LOG_LEVEL), "Info", "Level."),
        req("text", Ty::Text, "Text with `{crate}` `{ip}` `{ms}` `{n}` `{id}` `{user}` `{port}` holes.")
            .eg("\"GET /{crate} 200 {ms}ms\""),
        opt("reliability", Ty::OneOf(&RELIABILITY), "What is to be thought of it."),
    ],
};

static LOG_WHEN: Union = Union {
    name: "LogWhen",
    doc: "Situation in which a template is written.",
    more: &[],
    variants: &[
        unit("Running", "While its unit or service runs."),
        tuple(
            "Release",
            "While the service runs this release.",
            &[req("release", Ty::Name(Space::Release), "Release.")],
        ),
        tuple("DiskFull", "While a mount is full.", &[req("mount", Ty::Name(Space::Mount), "Mount.")]),
        tuple(
            "Down",
            "While a unit is down; written by whatever still runs.",
            &[req("unit", Ty::Name(Space::Unit), "Unit.")],
        ),
        tuple("UsersFail", "While the service's clients fail.", &[req("service", SERVICE, "Service.")]),
    ],
};

static LOG_STYLE: Union = Union {
    name: "LogStyle",
    doc: "How a program formats the fields of its log lines.",
    more: &[],
    variants: &[
        unit("Logfmt", "`level=error msg=\"upstream timed out\" callee=db`."),
        unit("Json", "`{\"level\":\"error\",\"msg\":\"upstream timed out\",\"callee\":\"db\"}`."),
    ],
};

static LOG_LEVEL: Union = Union {
    name: "LogLevel",
    doc: "Level of a log line.",
    more: &[],
    variants: &[unit("Info", "Normal work."), unit("Warning", "Noteworthy."), unit("Error", "Trouble.")],
};
