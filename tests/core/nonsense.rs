//! Numbers that make no sense, in every field that takes one: refused or doubted at their line.

use std::collections::BTreeMap;
use wheel_of_misfortune::diagnostic::Severity;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::schema::Ty;
use wheel_of_misfortune::scenario::{PACKAGE_FILES, PATHS_MAX, all_fields, load, problems_of_example};

/// What a type cannot be, made from its declaration.
fn nonsense(ty: Ty) -> Vec<String> {
    let quoted = |all: &[&str]| all.iter().map(|s| format!("\"{s}\"")).collect();
    match ty {
        Ty::Int(lo, hi) => vec![(lo - 1).to_string(), (hi + 1).to_string(), "1.5".into(), "\"1\"".into()],
        Ty::Share => quoted(&["-1/2", "3/2", "1.01", "1/0", "NaN", "inf", ""]),
        Ty::Exact => quoted(&["-1", "1/0", "NaN", "1e9999999", ""]),
        Ty::Rate => quoted(&["-5/s", "5", "1/0/s", "5/d", "NaN/s", ""]),
        Ty::Bytes => quoted(&["-1B", "5", "1.5B", "GB", "99999999999TB", ""]),
        Ty::Micros => quoted(&["-1ms", "5", "ms", "1.0005us", ""]),
        Ty::Span => quoted(&["-1s", "5", "s", "1s1m", "99999999999999999999s", ""]),
        Ty::Offset => quoted(&["10m", "T", "T10m", "T+-5s", ""]),
        Ty::List(item) | Ty::Some(item) => nonsense(*item).into_iter().map(|n| format!("[{n}]")).collect(),
        Ty::Map(item) => nonsense(*item).into_iter().map(|n| format!("{{ \"id\": {n} }}")).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_declared_number_refuses_what_it_cannot_be() {
    let mut tried = 0;
    for (owner, field) in all_fields() {
        for text in nonsense(field.ty) {
            let problems = problems_of_example(&text, field.ty);
            assert!(!problems.is_empty(), "{owner}.{} takes {text}", field.name);
            tried += 1;
        }
    }
    assert!(tried > 1_000, "{tried}");
}

fn package(text: &str) -> Package {
    let mut files: BTreeMap<String, String> =
        PACKAGE_FILES.iter().map(|(name, _)| ((*name).to_owned(), String::new())).collect();
    files.insert("briefing.en.md".into(), "Look.".into());
    files.insert("briefing.ko.md".into(), "봐요.".into());
    files.insert("scenario.ron".into(), text.into());
    Package { slug: "small".into(), files, ..Package::default() }
}

/// The small scenario with `more` as further lines of its world, and what is said of each line of them.
fn said(more: &str) -> Vec<(Severity, usize, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/small.ron");
    let small = std::fs::read_to_string(path).expect("small.ron");
    let open = "        services: {\n";
    let (before, after) = small.split_once(open).expect("services");
    // `%` parts what goes among the services from what goes beside them.
    let (services, world) = more.split_once('%').unwrap_or((more, ""));
    let text = format!("{before}{world}\n{open}{services}\n{after}");
    let first = text.split(if services.trim().is_empty() { world } else { services }).next().unwrap_or_default();
    let line = first.matches('\n').count();
    let loaded = load(&package(&text));
    let shown = loaded.diagnostics.into_iter().filter(|d| !d.message.contains("Korean"));
    shown.map(|d| (d.severity, d.span.line.saturating_sub(line), d.message)).collect()
}

const DB: &str = r#""db": (kind: Database, name: "DB", owner: "you", dns: "db.example"),"#;

/// A service with one call, written on its second line.
fn calling(edge: &str) -> String {
    format!(
        "{DB}\n\"web\": (kind: Http, name: \"W\", owner: \"you\", dns: \"w.example\", edges: {{ \"db\": ({edge}) }}),"
    )
}

/// A fault of the small world, written on its only line.
fn fault(text: &str) -> String {
    format!("%faults: [(at: \"T+1m\", fault: {text}, fact: \"invented\")],")
}

#[test]
fn what_makes_no_sense_is_told_at_its_line() {
    use Severity::{Error, Warning};
    let web =
        |fields: &str| format!("\"web\": (kind: Http, name: \"W\", owner: \"you\", dns: \"w.example\", {fields}),");
    let host = |fields: &str| format!("%capacity: (hosts: {{ \"web-01\": ({fields}) }}),");
    let cases: Vec<(String, Severity, usize, &str)> = vec![
        (calling("timeout: \"0ms\""), Error, 2, "a call that waits no time always fails"),
        (calling("timeout: \"5ms\", latency: \"5ms\""), Error, 2, "no answer of `db` can come in time"),
        (calling("share: \"0\""), Warning, 2, "the call is never made"),
        (calling("share: \"2\""), Error, 2, "`2` is not a share from 0 to 1"),
        (calling("retries: 99"), Error, 2, "99 is out of range"),
        (calling("pool: 0"), Error, 2, "0 is out of range"),
        (calling("budget: \"-1/2\""), Error, 2, "`-1/2` is not a exact number"),
        (calling("retries: 1, budget: \"0\""), Warning, 2, "no further attempt is ever made"),
        (calling("breaker: (share: \"0\")"), Error, 2, "a breaker that needs no failure is always open"),
        (calling("breaker: (share: \"1/2\", open: \"0s\")"), Error, 2, "a breaker that is open for no time"),
        (calling("breaker: (share: \"1/2\", least: 0)"), Error, 2, "0 is out of range"),
        (web("replicas: 0"), Error, 1, "0 is out of range"),
        (web("concurrency: 0"), Error, 1, "0 is out of range"),
        (web("service_time: \"-1ms\""), Error, 1, "`-1ms` is not a short span of time"),
        (web("calls: [\"web\"]"), Error, 1, "every request goes round for ever: web → web"),
        (web("edges: { \"web\": (share: \"1/2\") }"), Warning, 1, "in a circle without a breaker: web → web"),
        (host("conntrack: 0"), Error, 1, "0 is out of range"),
        (host("ports: 70000"), Error, 1, "70000 is out of range"),
        ("%scrape: \"0s\",".into(), Error, 1, "metrics that are scraped without a pause"),
        ("%queues: { \"q\": (arrivals: \"1/m\", rate: \"0/m\") },".into(), Warning, 1, "nothing is ever completed"),
        ("%queues: { \"q\": (arrivals: \"-1/m\", rate: \"1/m\") },".into(), Error, 1, "`-1/m` is not a rate"),
        ("%probes: { \"p\": (target: \"api:get\", every: \"0s\") },".into(), Error, 1, "looks without a pause"),
        (fault("Errors(service: \"api\", share: \"0\")"), Warning, 1, "a fault of nothing"),
        (fault("Errors(service: \"api\", share: \"3/2\")"), Error, 1, "is not a share from 0 to 1"),
        (fault("Slow(service: \"api\", factor: \"1/2\")"), Error, 1, "a factor is at least 1"),
        (fault("Surge(traffic: \"users\", factor: \"-2\")"), Error, 1, "`-2` is not a exact number"),
        (fault("DiskFill(host: \"web-01\", path: \"/srv\", bytes_per_s: \"0B\")"), Warning, 1, "a fault of nothing"),
        (fault("Throttle(service: \"api\", cores: \"0\")"), Error, 1, "a replica without a core never answers"),
    ];
    for (text, severity, line, message) in cases {
        let all = said(&text);
        let told = all.iter().any(|(s, l, m)| *s == severity && *l == line && m.contains(message));
        assert!(told, "{text}\n  wanted {severity:?} at {line}: {message}\n  said {all:#?}");
    }
    assert_eq!(said(&calling("timeout: \"2s\", retries: 2, breaker: (share: \"1/2\")")), vec![]);
}

/// Layers of services of which each calls all of the next.
fn layers(deep: usize, wide: usize) -> String {
    let name = |d: usize, w: usize| format!("l{d}w{w}");
    let mut text = String::new();
    for d in 0..deep {
        for w in 0..wide {
            let calls = (0..wide).filter(|_| d + 1 < deep).map(|w| format!("\"{}\"", name(d + 1, w)));
            let (name, calls) = (name(d, w), calls.collect::<Vec<_>>().join(", "));
            let ends = if (d, w) == (0, 0) { "endpoints: { \"get\": (path: \"/\") }, " } else { "" };
            let rest = format!("name: \"S\", owner: \"you\", {ends}calls: [{calls}], dns: \"{name}.example\"");
            text.push_str(&format!("\"{name}\": (kind: Http, {rest}),\n"));
        }
    }
    text
}

#[test]
fn more_ways_than_a_second_can_walk_are_refused_at_the_traffic() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/small.ron");
    let small = std::fs::read_to_string(path).expect("small.ron");
    let told = |deep: usize| {
        let text = small.replace("        services: {\n", &format!("        services: {{\n{}", layers(deep, 4)));
        let text = text.replace("calls: \"api:get\", rate", "calls: \"l0w0:get\", rate");
        let loaded = load(&package(&text));
        let found = loaded.diagnostics.into_iter().find(|d| d.message.contains("ways through the services"));
        found.map(|d| (d.severity, text.lines().nth(d.span.line - 1).unwrap_or_default().trim().to_owned()))
    };
    // 1 + 4 + 16 + …: 5,461 ways with seven layers, 21,845 with eight.
    assert_eq!(told(7), None);
    let (severity, line) = told(8).expect("too many");
    assert_eq!(severity, Severity::Error);
    assert!(line.starts_with("traffic: { \"users\""), "{line}");
    assert!((5_461..21_845).contains(&PATHS_MAX));
}

/// The small scenario with more fields beside one that it has, and what is said of their line.
fn said_beside(field: &str, more: &str) -> Vec<(Severity, usize, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/small.ron");
    let small = std::fs::read_to_string(path).expect("small.ron");
    let (before, after) = small.split_once(field).expect("the field");
    let text = format!("{before}{field},\n{more}{after}");
    let line = before.matches('\n').count() + 1;
    let all = load(&package(&text)).diagnostics.into_iter();
    all.map(|d| (d.severity, d.span.line.saturating_sub(line), d.message)).collect()
}

/// What is said of a row of `nonsense.txt`, each with its line, of which the row's own is the first.
fn said_of(place: &str, text: &str) -> Vec<(Severity, usize, String)> {
    match place {
        "service" => said(&format!("\"web\": ({text}, name: \"W\", owner: \"you\", dns: \"w.example\"),")),
        "fault" => said(&fault(text)),
        "world" => said(&format!("%{text},")),
        "clock" => said_beside("horizon: \"T+30m\"", text),
        "person" => said_beside("joins: \"5m\"", text),
        "course" => said(&format!(
            "%faults: [(at: \"T+1m\", fault: Slow(service: \"api\", factor: \"2\"), course: ({text}), fact: \"invented\")],"
        )),
        "release" => {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/small.ron");
            let small = std::fs::read_to_string(path).expect("small.ron");
            let rest = "service: \"api\", at: \"T-700m\", by: \"dev\", changes: [\"x\"], fact: \"invented\"";
            let open = "releases: {\n";
            let source = small.replacen(open, &format!("{open}\"v0\": ({rest}, defect: {text}),\n"), 1);
            let before = source.split("\"v0\"").next().unwrap_or_default().matches('\n').count();
            let all = load(&package(&source)).diagnostics.into_iter();
            all.map(|d| (d.severity, d.span.line.saturating_sub(before), d.message)).collect()
        }
        _ => match place.split_once('.') {
            Some((outer, inner)) => said(&format!("%{outer}: ({inner}: {{ {text} }}),")),
            None => said(&format!("%{place}: {{ {text} }},")),
        },
    }
}

#[test]
fn every_section_of_the_world_refuses_or_doubts_its_bad_numbers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/scenario/nonsense.txt");
    let rows = std::fs::read_to_string(path).expect("nonsense.txt");
    let (mut tried, mut bad) = (0, String::new());
    for row in rows.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [place, text, severity, message] = cells.as_slice() else { panic!("four cells: {row}") };
        let severity = if *severity == "error" { Severity::Error } else { Severity::Warning };
        let all = said_of(place, text);
        assert!(!message.is_empty(), "{row}");
        if !all.iter().any(|(s, l, m)| *s == severity && *l == 1 && m.contains(message)) {
            bad.push_str(&format!("{row}\n  said {all:?}\n"));
        }
        tried += 1;
    }
    assert!(bad.is_empty(), "{bad}");
    assert!(tried > 40, "{tried}");
}
