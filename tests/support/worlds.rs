//! Two small scenarios for tests: one like the package registry, one like the documentation site.

use std::collections::BTreeMap;
use wheel_of_misfortune::scenario::*;
use wheel_of_misfortune::stdx::rational::{Exact, ratio};
use wheel_of_misfortune::stdx::time::{Offset, Span, Utc};

/// `n/d` as scenario data.
pub fn exact(n: i64, d: i64) -> Exact {
    Exact(ratio(n, d))
}

/// A text in English.
pub fn text(en: &str) -> LangText {
    LangText { en: en.to_owned(), ko: String::new() }
}

fn map<T>(pairs: Vec<(&str, T)>) -> BTreeMap<String, T> {
    pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

fn host(address: &str, mounts: Vec<(&str, MountSpec)>, files: Vec<FileSpec>, units: Vec<(&str, UnitSpec)>) -> HostSpec {
    HostSpec {
        cores: 4,
        memory: 16 << 30,
        address: address.to_owned(),
        mounts: map(mounts),
        files,
        units: map(units),
        up: Span(86_400 * 40),
        logrotate: None,
    }
}

fn file(path: &str, kind: FileKind, precious: Option<u64>) -> FileSpec {
    FileSpec { path: path.to_owned(), kind, owner: "app".to_owned(), precious, fact: Provenance::Invented }
}

/// A service, 40 requests of 6 ms at once.
pub fn service(kind: ServiceKind, on: &[&str], dns: &str, endpoints: Vec<(&str, EndpointSpec)>) -> ServiceSpec {
    ServiceSpec {
        kind,
        on: on.iter().map(|h| (*h).to_owned()).collect(),
        concurrency: 40,
        service_time_us: 6_000,
        replicas: 1,
        queue: None,
        drops_expired: false,
        log_style: LogStyle::Logfmt,
        calls: Vec::new(),
        edges: BTreeMap::new(),
        endpoints: map(endpoints),
        release: None,
        staging: None,
        needs_space: Vec::new(),
        dns: dns.to_owned(),
        owner: "you".to_owned(),
        name: text(dns),
    }
}

fn release(at: i64, defect: Option<Defect>) -> ReleaseSpec {
    ReleaseSpec {
        service: "api".to_owned(),
        at: Offset(at),
        changes: vec!["a change".to_owned()],
        diff: String::new(),
        defect,
        by: "deployer".to_owned(),
        fact: Provenance::Invented,
    }
}

fn page(path: &str) -> EndpointSpec {
    EndpointSpec { path: path.to_owned(), reply: ReplySpec::Ok { content: "text/html".to_owned() }, calls: None }
}

fn unit(service: Option<&str>, start: u64, restart: bool) -> UnitSpec {
    UnitSpec {
        description: "a unit".to_owned(),
        service: service.map(str::to_owned),
        exec: "/usr/local/bin/unit".to_owned(),
        start: Span(start),
        restart,
        restart_after: None,
        start_limit: StartLimit::default(),
        memory: 300 << 20,
    }
}

/// A scenario of this world and nothing else.
pub fn scenario(id: &str, utc: &str, opens: i64, horizon: i64, host: &str, world: WorldSpec) -> Scenario {
    Scenario {
        id: id.to_owned(),
        title: text(id),
        wedge: text(id),
        level: Level::Easy,
        minutes: (20, 40),
        classes: Vec::new(),
        skills: Vec::new(),
        sources: BTreeMap::new(),
        contradictions: Vec::new(),
        t0: T0 {
            utc: Utc::parse(utc).expect("a moment"),
            means: LangText::default(),
            also: Vec::new(),
            fact: Provenance::Invented,
        },
        opens: Offset(opens),
        horizon: Offset(horizon),
        briefing: text("Look after it."),
        you: You {
            role: text("on call"),
            host: host.to_owned(),
            user: "oncall".to_owned(),
            may: Vec::new(),
            channel: "#ops".to_owned(),
        },
        world,
        script: Vec::new(),
        original: Vec::new(),
        milestones: Vec::new(),
        scoring: Default::default(),
        truth: Truth {
            summary: text(""),
            components: Vec::new(),
            mechanisms: Vec::new(),
            affected: Vec::new(),
            severity: 1,
            impact: Offset(0),
            works: text(""),
            tau: exact(1, 20),
            delta: Span(60),
            loss_rate: exact(1, 1),
        },
        people: BTreeMap::new(),
        deck: Vec::new(),
        nudges: Vec::new(),
        decisions: Vec::new(),
        questions: Vec::new(),
        runbooks: BTreeMap::new(),
        weight: 1,
        digest: String::new(),
    }
}

/// A registry: an API that redirects downloads to an edge in front of a bucket; `v2` forgets a slash.
pub fn registry() -> Scenario {
    let download = EndpointSpec {
        path: "/api/v1/crates/{name}/{version}/download".to_owned(),
        reply: ReplySpec::Redirect {
            location: "https://static.registry.example/crates/{name}/{version}".to_owned(),
            to: "static".to_owned(),
        },
        calls: None,
    };
    let mut api = service(ServiceKind::Http, &["web-1", "web-2"], "registry.example", vec![("download", download)]);
    api.release = Some("v1".to_owned());
    api.staging = Some("v2".to_owned());
    let cdn = ServiceKind::Cdn { origin: "bucket".to_owned(), hit_ratio: exact(97, 100), recovers: Span(0) };
    let wrong = Defect::BadRedirect {
        on: "api:download".to_owned(),
        location: "https://static.registry.examplecrates/{name}/{version}".to_owned(),
        share: exact(1, 1),
    };
    let web = |n: u8| {
        let root = MountSpec { device: "/dev/sda1".into(), size: 20 << 30, base: 4 << 30, volume: format!("web-{n}") };
        let units = vec![("api", unit(Some("api"), 5, true))];
        // Cores enough for a storm of retries, so that what a release breaks is all that is wrong.
        HostSpec { cores: 8, ..host(&format!("10.0.0.{n}"), vec![("/", root)], Vec::new(), units) }
    };
    let log = |when, per_minute, text: &str| LogTemplate {
        when,
        per_minute,
        level: LogLevel::Info,
        text: text.into(),
        reliability: None,
    };
    let world = WorldSpec {
        hosts: map(vec![("web-1", web(1)), ("web-2", web(2))]),
        services: map(vec![
            ("api", api),
            ("static", service(cdn, &[], "static.registry.example", vec![("crate", page("/crates/{name}/{version}"))])),
            ("bucket", service(ServiceKind::Bucket, &[], "bucket.registry.example", Vec::new())),
        ]),
        traffic: map(vec![(
            "cargo",
            TrafficSpec {
                load: None,
                tenant: None,
                calls: "api:download".to_owned(),
                rate: exact(2_355, 2),
                users: 40_000,
                timeout_us: None,
                budget: None,
                on_failure: OnFailure::Retry { attempts: 4, wait_s: vec![1, 2, 4] },
                name: text("cargo"),
                fact: Provenance::Invented,
            },
        )]),
        releases: map(vec![
            ("v1", release(-90_000, None)),
            ("v2", release(-7_440, Some(wrong))),
            ("v3", release(960, None)),
        ]),
        probes: map(vec![
            ("front", ProbeSpec { target: "api:download".into(), every: Span(30), user_facing: false }),
            ("user", ProbeSpec { target: "api:download".into(), every: Span(10), user_facing: true }),
        ]),
        alerts: map(vec![(
            "api-rate",
            AlertSpec {
                reliability: None,
                signal: Signal::RequestRate("api".to_owned()),
                when: Some(Threshold::Above(exact(3_000, 1))),
                keep_firing: Span(0),
                labels: BTreeMap::new(),
                annotations: BTreeMap::new(),
                hold: Span(60),
                pages: None,
                severity: AlertSeverity::Warning,
                summary: text("many requests"),
                service: "api".to_owned(),
                fact: Provenance::Invented,
            },
        )]),
        change: ChangeSpec::default(),
        logs: map(vec![(
            "api",
            LogSpec {
                on: "api".to_owned(),
                lines: vec![
                    log(LogWhen::Running, 90, "GET /api/v1/crates/{crate}/download 302 {ms}ms ip={ip} n={n}"),
                    log(LogWhen::UsersFail("static".to_owned()), 6, "client gave up"),
                ],
            },
        )]),
        ..WorldSpec::default()
    };
    scenario("test-registry", "2023-07-20T12:17:00Z", -120, 7_200, "web-1", world)
}

/// Bytes free on the documentation host at the opening.
pub const DOCS_FREE: u64 = 6_000_000_000;
/// Bytes that the leak there writes a second.
pub const DOCS_LEAK: u64 = 13_000_000;

/// A documentation site: web server and builder on one disk that a leak fills; an edge in front.
pub fn docs() -> Scenario {
    let mut web = service(ServiceKind::Http, &["docs-01"], "origin.docs.example", vec![("page", page("/{name}"))]);
    web.needs_space = vec!["docs-01:/".to_owned()];
    let mut builder = service(ServiceKind::Worker { queue: "builds".to_owned() }, &["docs-01"], "", Vec::new());
    builder.needs_space = Vec::new();
    let cdn = ServiceKind::Cdn { origin: "web".to_owned(), hit_ratio: exact(0, 1), recovers: Span(180) };
    let names = |p: &str, n: u32| (0..n).map(|i| format!("{p}-{i:03}")).collect::<Vec<_>>();
    let files = vec![
        file("/srv/build/output", FileKind::Dir { entries: names("crate", 40), size: 60_000_000_000 }, None),
        file(
            "/var/lib/postgresql/11/main",
            FileKind::Dir { entries: names("base", 8), size: 20_000_000_000 },
            Some(500),
        ),
        file("/srv/web/config.toml", FileKind::Text("port = 3000\n".to_owned()), None),
    ];
    let used = 5_000_000_000 + 60_000_000_000 + 20_000_000_000 + 12;
    let root = MountSpec {
        device: "/dev/xvda1".to_owned(),
        size: used + DOCS_FREE,
        base: 5_000_000_000,
        volume: "docs-root".to_owned(),
    };
    let units = vec![("web", unit(Some("web"), 8, false)), ("builder", unit(Some("builder"), 3, true))];
    let line =
        |when, level, text: &str| LogTemplate { when, per_minute: 12, level, text: text.to_owned(), reliability: None };
    let world = WorldSpec {
        hosts: map(vec![("docs-01", host("10.0.1.5", vec![("/", root)], files, units))]),
        services: map(vec![
            ("web", web),
            ("builder", builder),
            ("cdn", service(cdn, &[], "docs.example", vec![("page", page("/{name}"))])),
        ]),
        traffic: map(vec![(
            "readers",
            TrafficSpec {
                load: None,
                tenant: None,
                calls: "cdn:page".to_owned(),
                rate: exact(85, 1),
                users: 3_000,
                timeout_us: None,
                budget: None,
                on_failure: OnFailure::GiveUp,
                name: text("readers"),
                fact: Provenance::Invented,
            },
        )]),
        queues: map(vec![(
            "builds",
            QueueSpec {
                arrivals: exact(1, 40),
                rate: exact(1, 30),
                waiting: 200,
                failed: 1_900,
                leaves: Some(("docs-01:/srv/build/output".to_owned(), 1_000)),
                needs: Some(("docs-01:/".to_owned(), 8_000_000_000)),
                more: QueueMore::default(),
            },
        )]),
        probes: map(vec![("site", ProbeSpec { target: "cdn:page".into(), every: Span(30), user_facing: true })]),
        alerts: map(vec![(
            "site-down",
            AlertSpec {
                reliability: None,
                signal: Signal::Probe("site".to_owned()),
                when: Some(Threshold::Below(exact(1, 2))),
                keep_firing: Span(0),
                labels: BTreeMap::new(),
                annotations: BTreeMap::new(),
                hold: Span(30),
                pages: Some("you".to_owned()),
                severity: AlertSeverity::Critical,
                summary: text("site down"),
                service: "cdn".to_owned(),
                fact: Provenance::Invented,
            },
        )]),
        faults: vec![FaultSpec {
            at: Offset(-90_000),
            fault: Fault::DiskFill {
                host: "docs-01".to_owned(),
                path: "/srv/build/output".to_owned(),
                bytes_per_s: DOCS_LEAK,
            },
            course: Course::default(),
            fact: Provenance::Invented,
        }],
        change: ChangeSpec::default(),
        logs: map(vec![(
            "web",
            LogSpec {
                on: "docs-01".to_owned(),
                lines: vec![
                    line(LogWhen::Running, LogLevel::Info, "GET /{crate} 200 {ms}ms"),
                    line(LogWhen::DiskFull("docs-01:/".to_owned()), LogLevel::Error, "write: No space left on device"),
                ],
            },
        )]),
        ..WorldSpec::default()
    };
    scenario("test-docs", "2019-10-21T01:38:00Z", -480, 7_200, "docs-01", world)
}
