//! The field's own tools judge routing: `amtool` says who hears of an alert, and a running Alertmanager what they are
//! told, and when. `.ci/alertmanager.sh` runs these.

use super::route::texts;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use wheel_of_misfortune::observe::series::Labels;
use wheel_of_misfortune::observe::{Active, Manager, Silence};
use wheel_of_misfortune::scenario::{InhibitSpec, RouteSpec, RoutingSpec};
use wheel_of_misfortune::stdx::time::{Span, Utc};

/// A tree of routes as Alertmanager's configuration has it.
fn yaml(spec: &RoutingSpec, url: &str) -> String {
    let quoted = |list: &[String]| list.iter().map(|t| format!("'{t}'")).collect::<Vec<_>>().join(", ");
    let mut receivers = BTreeSet::new();
    let mut out = String::from("route:\n");
    fn route(r: &RouteSpec, indent: usize, out: &mut String, receivers: &mut BTreeSet<String>) {
        let pad = " ".repeat(indent);
        if let Some(receiver) = &r.receiver {
            receivers.insert(receiver.clone());
            let _ = writeln!(out, "{pad}receiver: {receiver}");
        }
        for (name, list) in [("matchers", Some(&r.matchers)), ("group_by", r.group_by.as_ref())] {
            if let Some(list) = list.filter(|l| !l.is_empty()) {
                let list: Vec<String> = list.iter().map(|t| format!("'{t}'")).collect();
                let _ = writeln!(out, "{pad}{name}: [{}]", list.join(", "));
            }
        }
        let times = [
            ("group_wait", r.group_wait),
            ("group_interval", r.group_interval),
            ("repeat_interval", r.repeat_interval),
        ];
        for (name, span) in times {
            if let Some(span) = span {
                let _ = writeln!(out, "{pad}{name}: {}s", span.0);
            }
        }
        let _ = writeln!(out, "{pad}continue: {}", r.go_on);
        if !r.routes.is_empty() {
            let _ = writeln!(out, "{pad}routes:");
            for below in &r.routes {
                let _ = writeln!(out, "{pad}-");
                route(below, indent + 2, out, receivers);
            }
        }
    }
    route(&spec.route, 2, &mut out, &mut receivers);
    if !spec.inhibit.is_empty() {
        out.push_str("inhibit_rules:\n");
    }
    for i in &spec.inhibit {
        let _ = writeln!(out, "- source_matchers: [{}]", quoted(&i.source));
        let _ = writeln!(out, "  target_matchers: [{}]", quoted(&i.target));
        let _ = writeln!(out, "  equal: [{}]", quoted(&i.equal));
    }
    out.push_str("receivers:\n");
    for receiver in receivers {
        let _ = writeln!(out, "- name: {receiver}\n  webhook_configs: [{{url: '{url}'}}]");
    }
    out
}

/// A small generator of numbers below a limit.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn matcher(&mut self) -> String {
        let name = ["a", "b", "c"][self.below(3) as usize];
        let op = ["=", "!=", "=~", "!~"][self.below(4) as usize];
        let value = ["x", "y", "", "x|y", "[xz]", ".+"][self.below(6) as usize];
        format!("{name}{op}\"{value}\"")
    }

    fn route(&mut self, depth: u64, next: &mut u32) -> RouteSpec {
        *next += 1;
        let receiver = (depth == 0 || self.below(4) > 0).then(|| format!("r{next}"));
        let matchers = if depth == 0 { 0 } else { 1 + self.below(2) };
        let below = if depth < 3 { self.below(4) } else { 0 };
        RouteSpec {
            receiver,
            matchers: (0..matchers).map(|_| self.matcher()).collect(),
            go_on: depth > 0 && self.below(3) == 0,
            routes: (0..below).map(|_| self.route(depth + 1, next)).collect(),
            ..RouteSpec::default()
        }
    }
}

#[test]
#[ignore = "needs amtool: .ci/alertmanager.sh"]
fn amtool_finds_the_same_receivers() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("alertmanager.yml");
    let mut draw = Draw(7);
    let (mut asked, mut several) = (0, 0);
    for tree in 0..25 {
        let spec = RoutingSpec { route: draw.route(0, &mut 0), inhibit: Vec::new() };
        let text = yaml(&spec, "http://127.0.0.1:1/");
        std::fs::write(&file, &text).expect("written");
        let manager = Manager::new(&spec);
        for _ in 0..10 {
            let of =
                |name: &str, at: u64| ["", "x", "y", "z"].get(at as usize).map(|v| (name.to_owned(), (*v).to_owned()));
            let pairs = ["a", "b", "c"].map(|n| of(n, draw.below(4)).expect("there"));
            let pairs: Vec<_> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
            if pairs.is_empty() {
                continue;
            }
            let labels = Labels::new(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            let ours = manager.receivers(&labels).join(",");
            let mut tool = Command::new(std::env::var("WOM_AMTOOL").unwrap_or("amtool".into()));
            tool.args(["config", "routes", "test"]).arg(format!("--config.file={}", file.display()));
            tool.args(pairs.iter().map(|(n, v)| format!("{n}={v}")));
            let theirs = tool.output().expect("amtool runs");
            let theirs = String::from_utf8_lossy(&theirs.stdout).trim().to_owned();
            assert_eq!(ours, theirs, "tree {tree}, {labels}:\n{text}");
            asked += 1;
            several += usize::from(ours.contains(','));
        }
    }
    println!("amtool: {asked} label sets, {several} with several receivers: the same");
    assert!(asked > 150 && several > 10);
}

/// What happens, and when: milliseconds from the start.
enum Happens {
    Fires,
    Ends,
    /// A silence on the alert of this name.
    Silenced,
    /// That silence ends.
    Heard,
}

use Happens::{Ends, Fires, Heard, Silenced};

/// Alerts are named `group-letter`; `q` keeps the others of its group quiet.
const STORY: &[(u64, &str, Happens)] = &[
    (0, "hush-a", Silenced),
    (100, "join-a", Fires),
    (100, "flap-a", Fires),
    (100, "short-a", Fires),
    (100, "again-a", Fires),
    (100, "muted-a", Fires),
    (100, "hush-a", Fires),
    (100, "part-a", Fires),
    (100, "part-b", Fires),
    (100, "quiet-w", Fires),
    (100, "pass-a", Fires),
    (100, "late-q", Fires),
    (100, "late-w", Fires),
    (600, "short-a", Ends),
    (1_600, "flap-a", Ends),
    (1_700, "join-b", Fires),
    (1_700, "muted-a", Silenced),
    (1_700, "part-b", Silenced),
    (1_700, "quiet-q", Fires),
    (1_700, "pass-b", Fires),
    (2_200, "flap-a", Fires),
    (2_400, "pass-b", Ends),
    (2_400, "part-a", Ends),
    (2_400, "quiet-w", Ends),
    (3_700, "flap-a", Ends),
    (3_700, "muted-a", Ends),
    (3_700, "late-q", Ends),
    (4_200, "hush-a", Heard),
    (4_200, "part-b", Heard),
    (4_400, "join-a", Ends),
    (4_400, "join-b", Ends),
    (4_400, "quiet-q", Ends),
    (5_700, "muted-a", Heard),
    (6_200, "muted-a", Fires),
    (7_700, "join-a", Fires),
    (7_700, "quiet-w", Fires),
];

/// How long the story is played.
const STORY_MS: u64 = 12_000;

/// One second of waiting, looks every two; told again after five seconds in the group `again`, else after a minute.
fn tree() -> RoutingSpec {
    let again =
        RouteSpec { matchers: texts(&["group=\"again\""]), repeat_interval: Some(Span(5)), ..RouteSpec::default() };
    let route = RouteSpec {
        receiver: Some("desk".into()),
        group_by: Some(texts(&["group"])),
        group_wait: Some(Span(1)),
        group_interval: Some(Span(2)),
        repeat_interval: Some(Span(60)),
        routes: vec![again],
        ..RouteSpec::default()
    };
    let inhibit = InhibitSpec {
        source: texts(&["alertname=~\".*-q\""]),
        target: texts(&["alertname!~\".*-q\""]),
        equal: texts(&["group"]),
    };
    RoutingSpec { route, inhibit: vec![inhibit] }
}

/// What a receiver is told of a group: when, what fires, what ended.
type Told = (u64, BTreeSet<String>, BTreeSet<String>);

fn group(name: &str) -> &str {
    name.split_once('-').expect("a group").0
}

fn ours() -> BTreeMap<String, Vec<Told>> {
    let mut manager = Manager::new(&tree());
    let mut firing: BTreeMap<String, Active> = BTreeMap::new();
    let mut silences: BTreeMap<&str, u32> = BTreeMap::new();
    let mut out: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for at in (0..STORY_MS).step_by(50) {
        let t_ms = at as i64;
        for (_, name, what) in STORY.iter().filter(|(ms, _, _)| (at..at + 50).contains(ms)) {
            match what {
                Fires => {
                    let labels = Labels::new([("alertname", *name), ("group", group(name))]);
                    firing.insert((*name).to_owned(), Active::firing(labels, t_ms, 1.0));
                }
                Ends => drop(firing.remove(*name)),
                Silenced => {
                    let matchers = vec![format!("alertname={name}")];
                    let (by, comment) = (String::new(), String::new());
                    let silence = Silence { id: 0, matchers, starts_ms: t_ms, ends_ms: i64::MAX, by, comment };
                    silences.insert(name, manager.silence(silence).expect("accepted"));
                }
                Heard => assert!(manager.expire(silences[name], t_ms)),
            }
        }
        for n in manager.step(firing.iter().map(|(id, a)| (id.as_str(), a)), t_ms) {
            let names = |list: &[wheel_of_misfortune::observe::Told]| list.iter().map(|t| t.rule.clone()).collect();
            let of = n.group.get("group").expect("grouped").to_owned();
            out.entry(of).or_default().push((at, names(&n.firing), names(&n.resolved)));
        }
    }
    out
}

/// Sends a request; the body of the answer.
fn http(port: u16, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("Alertmanager listens");
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json");
    write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{method} {path} {body}: {answer}");
    answer.split_once("\r\n\r\n").map(|(_, b)| b.to_owned()).unwrap_or_default()
}

/// Now and a while later as the interface writes times.
fn iso(ahead: Duration) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970") + ahead;
    let whole = Utc(now.as_secs() as i64).iso();
    format!("{}.{:03}Z", whole.trim_end_matches('Z'), now.subsec_millis())
}

/// Takes notifications in, each on a connection.
fn listen(listener: TcpListener, start: Instant, heard: &Mutex<BTreeMap<String, Vec<Told>>>) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { continue };
        let at = start.elapsed().as_millis() as u64;
        let mut got = Vec::new();
        let mut piece = [0; 4_096];
        let body = loop {
            let n = stream.read(&mut piece).unwrap_or(0);
            got.extend_from_slice(&piece[..n]);
            let text = String::from_utf8_lossy(&got).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|l| l.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
            if n == 0 || length.is_some_and(|l| body.len() >= l) {
                break body.to_owned();
            }
        };
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let n: serde_json::Value = serde_json::from_str(&body).expect("a notification");
        let names = |status: &str| -> BTreeSet<String> {
            let alerts = n["alerts"].as_array().expect("alerts").iter();
            let of = alerts.filter(|a| a["status"] == status);
            of.map(|a| a["labels"]["alertname"].as_str().expect("named").to_owned()).collect()
        };
        let of = n["groupLabels"]["group"].as_str().expect("grouped").to_owned();
        heard.lock().expect("whole").entry(of).or_default().push((at, names("firing"), names("resolved")));
    }
}

struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs Alertmanager: .ci/alertmanager.sh"]
fn alertmanager_tells_the_same_at_the_same_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let file = dir.path().join("alertmanager.yml");
    std::fs::write(&file, yaml(&tree(), &url)).expect("written");
    let mut server = Command::new(std::env::var("WOM_ALERTMANAGER").unwrap_or("prometheus-alertmanager".into()));
    server.arg(format!("--config.file={}", file.display())).arg(format!("--storage.path={}", dir.path().display()));
    server
        .arg(format!("--web.listen-address=127.0.0.1:{free}"))
        .arg("--cluster.listen-address=")
        .arg("--log.level=error");
    let server = Stopped(server.spawn().expect("Alertmanager runs"));
    let ready = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        TcpStream::connect(("127.0.0.1", free)).is_ok()
    });
    assert!(ready, "Alertmanager listens");
    let heard = Arc::new(Mutex::new(BTreeMap::new()));
    let start = Instant::now();
    let ear = Arc::clone(&heard);
    std::thread::spawn(move || listen(listener, start, &ear));
    let mut silences: BTreeMap<&str, String> = BTreeMap::new();
    for (ms, name, what) in STORY {
        std::thread::sleep(Duration::from_millis(*ms).saturating_sub(start.elapsed()));
        let labels = format!("\"labels\": {{\"alertname\": \"{name}\", \"group\": \"{}\"}}", group(name));
        match what {
            Fires => drop(http(free, "POST", "/api/v2/alerts", &format!("[{{{labels}}}]"))),
            Ends => {
                let ends = iso(Duration::ZERO);
                drop(http(free, "POST", "/api/v2/alerts", &format!("[{{{labels}, \"endsAt\": \"{ends}\"}}]")));
            }
            Silenced => {
                let (from, to) = (iso(Duration::ZERO), iso(Duration::from_secs(600)));
                let matchers = format!("[{{\"name\": \"alertname\", \"value\": \"{name}\", \"isRegex\": false}}]");
                let times = format!("\"startsAt\": \"{from}\", \"endsAt\": \"{to}\"");
                let body = format!("{{\"matchers\": {matchers}, {times}, \"createdBy\": \"x\", \"comment\": \"x\"}}");
                let made: serde_json::Value =
                    serde_json::from_str(&http(free, "POST", "/api/v2/silences", &body)).expect("a silence");
                silences.insert(name, made["silenceID"].as_str().expect("its id").to_owned());
            }
            Heard => drop(http(free, "DELETE", &format!("/api/v2/silence/{}", silences[name]), "")),
        }
    }
    std::thread::sleep(Duration::from_millis(STORY_MS).saturating_sub(start.elapsed()));
    drop(server);
    let (ours, theirs) = (ours(), heard.lock().expect("whole").clone());
    let what = |of: &BTreeMap<String, Vec<Told>>| -> BTreeMap<String, Vec<(BTreeSet<String>, BTreeSet<String>)>> {
        of.iter().map(|(g, list)| (g.clone(), list.iter().map(|(_, f, r)| (f.clone(), r.clone())).collect())).collect()
    };
    assert_eq!(what(&ours), what(&theirs), "ours {ours:#?}\ntheirs {theirs:#?}");
    let times = |of: &BTreeMap<String, Vec<Told>>| of.values().flatten().map(|(at, _, _)| *at).collect::<Vec<u64>>();
    let apart = times(&ours).into_iter().zip(times(&theirs)).map(|(a, b)| a.abs_diff(b)).max();
    println!(
        "Alertmanager: {} notifications of {} groups: the same, {apart:?} ms apart at most",
        times(&ours).len(),
        ours.len()
    );
    assert!(apart.is_some_and(|ms| ms < 900), "ours {ours:#?}\ntheirs {theirs:#?}");
}
