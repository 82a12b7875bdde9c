//! What incidents are told with, thing by thing, and how each is written: the index of the generated page.

use super::schema::Ty;
use super::table::{
    capacity, change, decision, fault, flow, net, observe, original, people, scoring, store, story, world,
};

/// A thing that a story may need: what it is, the type that has it, and an example of that type.
pub type Word = (&'static str, Ty, &'static str);

const FAULT: Ty = Ty::OneOf(&fault::FAULT);
const COURSE: Ty = Ty::Struct(&fault::COURSE);
const ACTION: Ty = Ty::OneOf(&story::ACTION);
const WHEN: Ty = Ty::OneOf(&story::PREDICATE);

/// Everything, in the order state, fault, course, signal, action, branch, people, scoring.
pub const VOCABULARY: &[Word] = &[
    (
        "a call with a timeout, retries, a budget and a breaker",
        Ty::Struct(&flow::EDGE),
        "(timeout: \"2s\", retries: 2, budget: \"1/10\", breaker: (share: \"1/2\"))",
    ),
    (
        "offered load, and clients that try again",
        Ty::Struct(&flow::TRAFFIC),
        "(name: \"Readers\", calls: \"api:get\", rate: \"40/s\", users: 5000, on_failure: Retry(attempts: 3, wait: [\"1s\", \"5s\"]), fact: \"invented\")",
    ),
    (
        "load that rises, falls and has a shape over the day",
        Ty::Struct(&flow::TRAFFIC),
        "(name: \"Readers\", calls: \"api:get\", rate: \"40/s\", users: 5000, profile: [(at: \"T+0s\", factor: \"1\"), (at: \"T+10m\", factor: \"5\")], day: [\"1/4\", \"1\", \"3/2\", \"1\"], fact: \"invented\")",
    ),
    (
        "a tenant, whose requests are known as its all the way",
        Ty::Struct(&flow::TRAFFIC),
        "(name: \"Acme\", tenant: \"acme\", calls: \"api:get\", rate: \"10/s\", users: 500, fact: \"invented\")",
    ),
    ("a call that nobody drew", Ty::Struct(&flow::EDGE), "(hidden: true)"),
    (
        "a platform that scales in, and how",
        Ty::Struct(&capacity::AUTOSCALE),
        "(max: 12, target: 70, scale_in: (most: 1, cooldown: \"5m\", first: Oldest))",
    ),
    (
        "money that an outage costs",
        Ty::Struct(&world::BUSINESS),
        "(per_user_minute: \"3/100\", currency: \"EUR\", fact: \"invented\")",
    ),
    (
        "a release that leads a share of requests astray",
        Ty::OneOf(&world::DEFECT),
        "BadRedirect(on: \"api:get\", location: \"https://nowhere.invalid/\", share: \"1/4\")",
    ),
    (
        "a configuration with versions, pushed in steps",
        Ty::OneOf(&change::PUSH),
        "Staged(steps: [(percent: 10, wait: \"5m\")], gate: \"1/50\")",
    ),
    (
        "a feature flag",
        Ty::Struct(&change::FLAG),
        "(service: \"api\", about: \"the new path\", effects: [], fact: \"invented\")",
    ),
    (
        "a scheduled job that overlaps",
        Ty::Struct(&change::CRON),
        "(host: \"web-01\", schedule: \"30 2 * * *\", command: \"/usr/local/bin/report\", takes: \"10m\", during: Slow(service: \"api\", factor: \"3\"), overlaps: true, fact: \"invented\")",
    ),
    (
        "somebody else's system, with a page that is late",
        Ty::Struct(&change::VENDOR),
        "(page: \"status.pay.example\", lag: \"5m\", fact: \"invented\")",
    ),
    (
        "a certificate that runs out, and who may renew it",
        Ty::Struct(&net::CERT_DECL),
        "(names: [\"api.example\"], on: [\"api\"], expires: \"T+2h\", owner: \"deployer\", fact: \"invented\")",
    ),
    (
        "a credential with a grace time",
        Ty::Struct(&net::SECRET),
        "(of: \"db\", held_by: [\"api\"], grace: \"20s\", fact: \"invented\")",
    ),
    (
        "a tool inside the blast radius, with a break-glass way",
        Ty::Struct(&net::TOOL),
        "(needs: [\"auth\"], break_glass: \"2m\")",
    ),
    ("a host's clock and zone", Ty::Struct(&net::CLOCK), "(offset_ms: 900, zone_min: 60, fact: \"invented\")"),
    ("a backup that claims more than is true", FAULT, "BackupsEmpty(store: \"db-main\")"),
    (
        "a name that leads to another service until answers run out",
        FAULT,
        "RecordWrong(record: \"api.example\", to: \"old-api\")",
    ),
    ("a fault that hits one tenant", FAULT, "TenantErrors(tenant: \"acme\", service: \"api\", share: \"1\")"),
    ("a limit for one tenant", FAULT, "TenantLimit(tenant: \"acme\", service: \"api\", rate: \"50/s\")"),
    ("an empty record", FAULT, "RecordEmptied(record: \"api.example\")"),
    ("a partition in one direction", FAULT, "LinkDown(link: \"backbone\", one_way: true)"),
    ("a route that is withdrawn", FAULT, "RouteWithdrawn(site: \"eu\")"),
    ("a gray device", FAULT, "LinkGray(link: \"backbone\", share: \"1/20\")"),
    ("a saturated gateway", FAULT, "LinkNarrow(link: \"backbone\", share: \"1/4\")"),
    ("a quota below use, answered with 429", FAULT, "Quota(service: \"api\", rate: \"50/s\")"),
    ("an artefact that is generated badly now and then", FAULT, "BadGenerator(config: \"features\")"),
    ("a change that no history shows", FAULT, "OutOfBand(config: \"rules\", version: \"v2\")"),
    ("an update that no delivery log shows", FAULT, "AutoUpdate(service: \"api\", release: \"v1041\")"),
    ("processor time burnt by an input", FAULT, "CpuBurn(service: \"api\", factor: \"20\")"),
    ("memory that leaks until it is killed", FAULT, "MemoryLeak(service: \"api\", per_s: \"8MB\")"),
    ("a step of a clock", FAULT, "ClockStep(host: \"web-01\", ms: -900000)"),
    ("replication that stands still", FAULT, "ReplicationStuck(store: \"db-main\", member: \"db-2\")"),
    ("a split brain", FAULT, "Isolated(store: \"db-main\", member: \"db-1\")"),
    ("transaction ids that run out", FAULT, "XidBurn(store: \"db-main\", rate: \"1000000/s\")"),
    ("missing statistics", FAULT, "StatisticsMissing(store: \"db-main\", table: \"users\")"),
    ("a poison item", FAULT, "Poison(queue: \"builds\", items: 1)"),
    ("a surge, of which a storm of retries may be left", FAULT, "Surge(traffic: \"readers\", factor: \"4\")"),
    ("a cache that is lost at once", FAULT, "CacheFlush(cache: \"shelf\")"),
    ("an autoscaler that reads something misleading", FAULT, "MetricWrong(service: \"api\", factor: \"1/10\")"),
    ("automation that takes replicas away", FAULT, "Descheduled(service: \"api\", share: \"1/2\")"),
    ("a zone without power", FAULT, "ZoneDown(zone: \"a\")"),
    ("a blackout of the watching itself", FAULT, "MonitoringBlind(service: \"api\")"),
    ("an alert that is a decoy", FAULT, "FalseAlarm(probe: \"uptime\")"),
    ("latent until a restart", COURSE, "(wakes: Start(\"api\"))"),
    ("one that grows and shrinks", COURSE, "(rise: \"5m\", lasts: \"20m\", fall: \"10m\")"),
    ("intermittent", COURSE, "(pulse: (on: \"30s\", off: \"60s\"))"),
    ("self-healing", COURSE, "(lasts: \"10m\")"),
    ("masked by the first: it shows when that one ends", COURSE, "(behind: true)"),
    ("recurring", COURSE, "(again: \"15m\")"),
    ("a milder case", COURSE, "(severity: \"1/3\")"),
    (
        "an objective with burn-rate alerts",
        Ty::Struct(&observe::SLO),
        r#"(service: "api", objective: "0.999", good: "sum(rate(http_requests_total{service=\"api\",code!~\"5..\"}[$window]))", total: "sum(rate(http_requests_total{service=\"api\"}[$window]))", summary: { "en": "The API fails too often", "ko": "API가 너무 자주 실패합니다" }, fact: "invented")"#,
    ),
    ("a ticket of a user", ACTION, "Ticket(who: \"reader\", text: \"It does not open.\", about: \"api\")"),
    (
        "a call from a person instead of an alert",
        ACTION,
        "Page(by: \"deployer\", text: \"Please look.\", service: \"api\")",
    ),
    (
        "another team that acts on the world",
        ACTION,
        "Does(who: \"dba\", effect: Remove(host: \"web-01\", path: \"/srv/build\"))",
    ),
    ("a second fault behind the first", ACTION, "Begin(Slow(service: \"api\", factor: \"3\"))"),
    (
        "a decision, and what the original did",
        Ty::Struct(&decision::DECISION),
        "(id: \"lag\", name: { \"en\": \"Wait or fail over?\", \"ko\": \"기다릴까, 전환할까?\" }, when: AlertFired(alert: \"site-down\"), options: [(name: \"Wait\", when: Relief, original: true), (name: \"Fail over\", when: Acted(verb: \"failover\"), outcome: Worse)])",
    ),
    ("what a mitigation causes", WHEN, "Delay(by: \"2m\", first: Acted(verb: \"restart\"))"),
    ("a deadline that passes without a deed", WHEN, "All([After(\"T+30m\"), Not(Acted(verb: \"resize\"))])"),
    ("an effect in truth, not in words", WHEN, "UsersAffected(at_most: \"1/20\", sustained: true)"),
    ("why a row of the original is not played", Ty::OneOf(&original::PLAYED), "BeforeOpening"),
    (
        "a person who joins late and has rights",
        Ty::Struct(&people::PERSON_DECL),
        "(role: { \"en\": \"Database team\", \"ko\": \"DB 팀\" }, joins: \"10m\", may: [\"volume\"])",
    ),
    (
        "a vendor's support: hours, pace, how tired",
        Ty::Struct(&people::PERSON_DECL),
        "(role: { \"en\": \"Vendor support\", \"ko\": \"업체 지원\" }, joins: \"10m\", answers: \"2m\", skill: Novice, fatigue: \"1/4\", hours: (from: 9, to: 17, zone_min: 540))",
    ),
    (
        "a mitigation that fails at first",
        Ty::Struct(&world::SETBACK),
        "(verb: \"promote\", target: \"api\", first: 1, says: \"lock is held by another deploy\", fact: \"invented\")",
    ),
    (
        "a signal that is a decoy",
        Ty::Struct(&story::RULE),
        "(at: \"T+12m30s\", do: Ticket(who: \"reader\", text: \"Search is slow.\", about: \"api\"), reliability: Decoy, fact: \"invented\")",
    ),
    (
        "a night that is played in minutes",
        Ty::Struct(&story::CLOCK),
        "(opens: \"T-2m\", horizon: \"T+120m\", compress: [(from: \"T+1h\", to: \"T+13h\", takes: \"20m\")])",
    ),
    (
        "an action that calls for safeguards",
        Ty::Struct(&scoring::HAZARD),
        "(verb: \"remove\", target: \"web-01:/srv/*\", severity: \"1/2\")",
    ),
    (
        "a source, how it was read, and its licence",
        Ty::Struct(&original::SOURCE),
        "(title: \"Outage postmortem\", url: \"https://blog.example/postmortem\", licence: \"MIT\", read: InPart)",
    ),
    (
        "two accounts that contradict each other",
        Ty::Struct(&original::CONTRADICTION),
        "(about: \"how long it lasted\", accounts: [(says: \"about nine hours\", fact: \"pm summary\"), (says: \"from 10:00 to 21:24\", follows: true, fact: \"pm timeline\")])",
    ),
    (
        "what T0 is, and what else it could be",
        Ty::Struct(&original::T0),
        "(utc: \"2023-07-20T12:17:00Z\", means: \"the first broken download\", also: [(name: \"the first report\", at: \"T+7m\", fact: \"pm 12:24\")], fact: \"pm 12:17\")",
    ),
    (
        "a time that a source gives roughly, as a stretch, or not at all",
        Ty::OneOf(&original::PRECISION),
        "Range(from: \"T+10m\", to: \"T+15m\")",
    ),
    (
        "a side path of the original, which nobody needs to take",
        Ty::Struct(&original::MILESTONE),
        "(name: { \"en\": \"Cache emptied\", \"ko\": \"캐시 비움\" }, weight: 0, avoidable: true, when: Acted(verb: \"flush\"))",
    ),
    (
        "something that the original never did",
        Ty::Struct(&original::MILESTONE),
        "(name: { \"en\": \"Users told\", \"ko\": \"사용자에게 공지\" }, weight: 2, never: \"pm lessons\", when: Said(channel: Status, by: \"responder\", fields_at_least: 2))",
    ),
    (
        "a person who tires the longer the night is",
        Ty::Struct(&people::PERSON_DECL),
        "(role: { \"en\": \"Database team\", \"ko\": \"DB 팀\" }, joins: \"10m\", answers: \"2m\", tires: (since: \"T-14h\", per_hour: \"1/20\"))",
    ),
    (
        "a graph that leads elsewhere",
        Ty::Struct(&world::GRAPH),
        "(id: \"search\", title: { \"en\": \"Search\", \"ko\": \"검색\" }, signal: RequestRate(\"api\"), reliability: Decoy)",
    ),
    (
        "a log line that is no longer true",
        Ty::Struct(&world::LOG_LINE),
        "(text: \"pool has room for {n} more\", reliability: Stale)",
    ),
    ("a copy behind its primary, and how it fails over", Ty::OneOf(&store::FAILOVER), "Manual"),
];
