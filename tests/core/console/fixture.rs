//! A small host for the console's tests: two machines, a registry and a documentation site, all plain data.

#[path = "../../support/stores.rs"]
mod stores;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use wheel_of_misfortune::console::devfs;
use wheel_of_misfortune::console::host::*;
use wheel_of_misfortune::console::tool::{may_alter, new_mode};
use wheel_of_misfortune::scenario::{ColumnKind, ColumnSpec, LogLevel, ObservedKind};
use wheel_of_misfortune::sim::effect::{Applied, ChangeEffect, Effect, Refusal, UnitVerb};
use wheel_of_misfortune::sim::store::{StoreInfo, StorePlan, StoreState};
use wheel_of_misfortune::sim::vfs::{self, Content, Vfs};
use wheel_of_misfortune::sim::{Held, Keyspace};
use wheel_of_misfortune::stdx::time::{Tick, Utc};

pub struct Fixture {
    pub now: u64,
    pub files: BTreeMap<String, Vfs>,
    pub nginx: UnitState,
    pub production: String,
    pub applied: Vec<(String, String)>,
    pub refusals: Vec<(String, String, String)>,
    pub said: Vec<Vec<String>>,
    pub jobs: Vec<(u64, u64)>,
    pub store: (StorePlan, StoreState),
    pub shop: (StorePlan, StoreState),
    pub asked: RefCell<u64>,
    pub cache: Held,
    /// Machines that are off.
    pub dark: Vec<String>,
}

pub const START: i64 = 1_689_855_480; // 2023-07-20T12:18:00Z

impl Fixture {
    pub fn new() -> Fixture {
        let mut f = Fixture {
            now: 0,
            files: BTreeMap::new(),
            nginx: UnitState::Failed,
            production: "v481".to_owned(),
            applied: Vec::new(),
            refusals: Vec::new(),
            said: Vec::new(),
            jobs: Vec::new(),
            store: store(),
            shop: shop(),
            asked: RefCell::new(0),
            cache: Held { origin: "docs".to_owned(), objects: 4_000, count: 1_000, ..Held::default() },
            dark: Vec::new(),
        };
        for host in ["ops", "web-01"] {
            for dir in ["/", "/etc", "/tmp", "/home", "/home/primary", "/var", "/var/log", "/var/www", "/root"] {
                f.dir(host, dir, if dir == "/home/primary" { "primary" } else { "root" });
            }
            f.put(host, "/etc/hostname", &format!("{host}\n"), "root");
            f.put(
                host,
                "/etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\nprimary:x:1000:1000::/home/primary:/bin/bash\n",
                "root",
            );
        }
        f.put("ops", "/home/primary/notes.txt", "alpha\nbeta\ngamma\n", "primary");
        f.put("web-01", "/var/log/nginx.log", "GET /a 200\nGET /b 503\nGET /a 200\n", "primary");
        f.dir("web-01", "/var/www/build", "primary");
        for (name, size) in [("one.tar", 3u64 << 30), ("two.tar", 1 << 30)] {
            let path = format!("/var/www/build/{name}");
            f.vfs("web-01").lay(&path, Content::Blob(size), "primary", None, Utc(START - 3600));
        }
        f
    }

    fn vfs(&mut self, host: &str) -> &mut Vfs {
        self.files.entry(host.to_owned()).or_insert_with(|| {
            let mount = vfs::Mount::new("/", "/dev/nvme0n1p1", "root", 40 << 30, 8 << 30);
            Vfs::empty(vec![mount])
        })
    }

    pub fn dir(&mut self, host: &str, path: &str, owner: &str) {
        self.vfs(host).lay(path, Content::Dir, owner, None, Utc(START - 86_400));
    }

    pub fn put(&mut self, host: &str, path: &str, text: &str, owner: &str) {
        self.vfs(host).lay(path, Content::text(text.to_owned()), owner, None, Utc(START - 3600));
    }

    /// Text of a file, nothing if it is not there.
    pub fn text(&self, host: &str, path: &str) -> String {
        self.files.get(host).and_then(|v| v.read(path).ok()).unwrap_or_default()
    }

    fn job(&mut self, seconds: u64) -> Result<Applied, Refusal> {
        self.jobs.push((self.now, seconds));
        Ok(Applied::Job { job: self.jobs.len() as u32, seconds })
    }
}

/// A data store of two members.
fn store() -> (StorePlan, StoreState) {
    let mut spec = stores::three();
    spec.members.retain(|n, _| n != "db-3");
    let column = |name: &str, kind, values: &[&str]| ColumnSpec {
        name: name.to_owned(),
        kind,
        values: values.iter().map(|v| (*v).to_owned()).collect(),
    };
    if let Some(mut orders) = spec.tables.get("events").cloned() {
        (orders.rows, orders.size, orders.weight) = (2_000, 1 << 20, 0);
        orders.columns = vec![
            column("kind", ColumnKind::Text, &["view", "view", "buy", ""]),
            column("cents", ColumnKind::Bigint, &[]),
            column("paid", ColumnKind::Boolean, &["true", "false"]),
        ];
        spec.tables.insert("orders".to_owned(), orders);
    }
    let plan = StorePlan::new("db-main", &spec, Utc(START));
    let state = StoreState::new(&plan, Utc(START), Utc(START));
    (plan, state)
}

/// A MySQL store of two members.
fn shop() -> (StorePlan, StoreState) {
    let plan = StorePlan::new("db-shop", &stores::shop(), Utc(START));
    let state = StoreState::new(&plan, Utc(START), Utc(START));
    (plan, state)
}

fn no(message: &str) -> Result<Applied, Refusal> {
    Err(Refusal { message: message.to_owned() })
}

impl ConsoleHost for Fixture {
    fn tick(&self) -> Tick {
        Tick(self.now)
    }

    fn utc(&self) -> Utc {
        Utc(START + self.now as i64)
    }

    fn stat(&self, host: &str, path: &str) -> Option<Stat> {
        if devfs::is_in(path) {
            return devfs::stat(path, self.utc());
        }
        let v = self.files.get(host)?;
        v.stat(path).map(|n| Stat::of(n, v.links(path, n)))
    }

    fn lstat(&self, host: &str, path: &str) -> Option<Stat> {
        if devfs::is_in(path) {
            return devfs::stat(path, self.utc());
        }
        let v = self.files.get(host)?;
        v.lstat(path).map(|n| Stat::of(n, v.links(path, n)))
    }

    fn resolve(&self, host: &str, path: &str, follow: bool) -> Result<String, String> {
        if devfs::is_in(path) {
            return Ok(path.to_owned());
        }
        let v = self.files.get(host).ok_or("No such file or directory")?;
        v.resolve(path, follow).map_err(|r| r.message)
    }

    fn list(&self, host: &str, path: &str) -> Result<Vec<(String, Stat)>, String> {
        if path == "/dev" {
            return Ok(devfs::list(self.utc()));
        }
        let v = self.files.get(host).ok_or("No such file or directory")?;
        let stat =
            |(name, n): (&str, &vfs::Node)| (name.to_owned(), Stat::of(n, v.links(&format!("{path}/{name}"), n)));
        Ok(v.children(path).map_err(|r| r.message)?.into_iter().map(stat).collect())
    }

    fn text(&self, host: &str, path: &str) -> Result<Arc<String>, String> {
        if (host, path) == ("ops", "/home/primary/.kube/config") {
            return Ok(Arc::new("apiVersion: v1\ncurrent-context: prod\nkind: Config\n".to_owned()));
        }
        let v = self.files.get(host).ok_or("No such file or directory")?;
        match v.stat(path).map(|n| &n.content) {
            Some(Content::Blob(_)) => Ok(Arc::default()),
            _ => v.text(path).map_err(|r| r.message),
        }
    }

    fn path_of(&self, host: &str, ino: u64) -> Option<String> {
        self.files.get(host)?.path_of(ino).map(str::to_owned)
    }

    fn usage(&self, host: &str, path: &str) -> u64 {
        self.files.get(host).and_then(|v| v.blocks(path)).unwrap_or(0)
    }

    fn mounts(&self, host: &str) -> Vec<Mount> {
        let used = self.files.get(host).and_then(|v| v.mount("/")).map_or(0, |m| m.used());
        vec![Mount { device: "/dev/nvme0n1p1".to_owned(), at: "/".to_owned(), size: 40 << 30, used }]
    }

    fn processes(&self, host: &str) -> Vec<Process> {
        let p = |pid, ppid, user: &str, command: &str, cpu_percent| Process {
            pid,
            ppid,
            user: user.to_owned(),
            cpu_percent,
            memory: 50 << 20,
            state: 'S',
            started: Utc(START - 7200),
            cpu_s: 65,
            command: command.to_owned(),
        };
        let mut all = vec![p(1, 0, "root", "/sbin/init", 0.0), p(300, 1, "root", "/usr/sbin/sshd -D", 0.1)];
        if host == "web-01" {
            all.push(p(812, 1, "primary", "builder --workers 4", 12.5));
        }
        all
    }

    fn units(&self, host: &str) -> Vec<UnitInfo> {
        let unit = |name: &str, description: &str, state| UnitInfo {
            name: name.to_owned(),
            description: description.to_owned(),
            state,
            since: Utc(START - 600),
            pid: (state == UnitState::Active).then_some(812),
            last_pid: 812,
            result: "exit-code".to_owned(),
            cpu_ms: 75_250,
            memory: 120 << 20,
            exec: format!("/usr/sbin/{name}"),
            service: (name == "nginx").then(|| "docs".to_owned()),
        };
        match host {
            "web-01" => vec![
                unit("builder", "Documentation builder", UnitState::Active),
                unit("nginx", "Web server", self.nginx),
            ],
            _ => vec![unit("ssh", "OpenBSD Secure Shell server", UnitState::Active)],
        }
    }

    fn memory(&self, _host: &str) -> Memory {
        Memory { total: 8 << 30, used: 2 << 30, cache: 1 << 30 }
    }

    fn load(&self, _host: &str) -> [f64; 3] {
        [0.42, 0.38, 0.31]
    }

    fn cores(&self, _host: &str) -> u32 {
        4
    }

    fn answers(&self, host: &str) -> bool {
        !self.dark.iter().any(|h| h == host)
    }

    fn uptime_s(&self, _host: &str) -> u64 {
        86_400 * 21 + 3_600 * 3 + 60 * 7 + self.now
    }

    fn service_of(&self, host: &str) -> Option<String> {
        (host == "web-01").then(|| "docs".to_owned())
    }

    fn http(&self, _host: &str, r: &HttpRequest) -> Result<HttpReply, HttpError> {
        *self.asked.borrow_mut() += 1;
        let source = |user_facing| Source {
            what: ObservedKind::Request,
            target: "api:download".to_owned(),
            service: Some("api".to_owned()),
            user_facing,
        };
        let rest = r.url.split_once("://").map_or(r.url.as_str(), |(_, rest)| rest);
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        let date = ("date".to_owned(), self.utc().http());
        match name {
            "registry.example" if path.ends_with("/download") => {
                let slash = if self.production == "v481" { "" } else { "/" };
                let location = format!("https://static.registry.example{slash}crates/serde");
                Ok(HttpReply {
                    status: 302,
                    headers: vec![
                        ("content-length".to_owned(), "0".to_owned()),
                        ("server".to_owned(), "nginx".to_owned()),
                        date,
                        ("location".to_owned(), location),
                    ],
                    body: String::new(),
                    source: source(false),
                    ms: 12,
                })
            }
            "registry.example" | "static.registry.example" => Ok(HttpReply {
                status: 200,
                headers: vec![
                    ("content-type".to_owned(), "text/plain".to_owned()),
                    ("content-length".to_owned(), "3".to_owned()),
                    date,
                ],
                body: "ok\n".to_owned(),
                source: source(true),
                ms: 20,
            }),
            "web-01" if self.nginx != UnitState::Active => {
                Err(HttpError { failure: HttpFailure::Refused("web-01".to_owned(), 80), source: source(true) })
            }
            name => Err(HttpError { failure: HttpFailure::Resolve(name.to_owned()), source: source(true) }),
        }
    }

    fn lookup(&self, _host: &str, name: &str) -> Vec<String> {
        match name {
            "registry.example" => vec!["203.0.113.10".to_owned()],
            "static.registry.example" => vec!["203.0.113.20".to_owned(), "203.0.113.21".to_owned()],
            "web-01" => vec!["10.0.0.11".to_owned()],
            "ops" => vec!["10.0.0.5".to_owned()],
            _ => Vec::new(),
        }
    }

    fn ping(&self, host: &str, name: &str) -> Option<Pong> {
        Some(Pong { address: self.lookup(host, name).first()?.clone(), rtt_us: Some(421) })
    }

    fn ssh(&self, who: &Caller, to: &str) -> Result<(), String> {
        match to {
            "web-01" | "ops" => Ok(()),
            "db-01" => Err(format!("{}@db-01: Permission denied (publickey).", who.user)),
            other => Err(format!("ssh: Could not resolve hostname {other}: Name or service not known")),
        }
    }

    fn names(&self, who: &Caller, kind: NameKind) -> Vec<String> {
        let names: &[&str] = match kind {
            NameKind::Host => &["db-01", "ops", "web-01"],
            NameKind::Unit => return self.units(&who.host).into_iter().map(|u| u.name).collect(),
            NameKind::Service => &["api", "docs"],
            NameKind::Queue => &["builds"],
            NameKind::Volume => &["web-01-root"],
            NameKind::Store => &["db-main", "db-shop"],
            NameKind::Graph => &["downloads", "errors"],
            NameKind::Person => &["infra"],
            NameKind::Runbook => &["disk-full"],
        };
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    fn logs(&self, scope: &LogScope, since: Utc, limit: usize) -> Option<Vec<LogLine>> {
        let (on, program) = match scope {
            LogScope::Host(h) => (h.clone(), "sshd".to_owned()),
            LogScope::Unit(h, u) if self.units(h).iter().any(|x| x.name == *u) => (h.clone(), u.clone()),
            LogScope::Service(s) if s == "api" || s == "docs" => (s.clone(), "app".to_owned()),
            _ => return None,
        };
        let mut all = Vec::new();
        for i in 0..(40 + self.now as i64 / 2) {
            let (level, text) = if i % 4 == 3 {
                (LogLevel::Error, format!("write failed: No space left on device (item {i})"))
            } else {
                (LogLevel::Info, format!("handled item {i}"))
            };
            all.push(LogLine {
                at: Utc(START - 78 + i * 2),
                on: on.clone(),
                program: program.clone(),
                pid: Some(300),
                level,
                text,
            });
        }
        all.retain(|l| l.at > since && l.at <= self.utc());
        let skip = all.len().saturating_sub(limit);
        Some(all.split_off(skip))
    }

    fn graphs(&self) -> Vec<Graph> {
        let graph = |id: &str, title: &str, unit: &str, value| Graph {
            id: id.to_owned(),
            title: title.to_owned(),
            unit: unit.to_owned(),
            service: Some("api".to_owned()),
            user_facing: id == "errors",
            value: Some(value),
        };
        vec![graph("downloads", "Download requests", "/s", 4710.0), graph("errors", "Server errors", "%", 0.03)]
    }

    fn points(&self, _graph: &str, since: Utc) -> Vec<(Utc, Option<f64>)> {
        (0..120)
            .map(|i| {
                (Utc(START - 1800 + i * 15), Some(if i < 100 { 1180.0 } else { 1180.0 + (i - 100) as f64 * 176.5 }))
            })
            .filter(|(t, _)| *t > since && *t <= self.utc())
            .collect()
    }

    fn alerts(&self) -> Vec<Alert> {
        vec![Alert {
            id: "docs-down".to_owned(),
            state: "firing".to_owned(),
            severity: "critical".to_owned(),
            service: "docs".to_owned(),
            since: Utc(START - 120),
            value: "0".to_owned(),
            summary: "Documentation site does not answer".to_owned(),
        }]
    }

    fn services(&self) -> Vec<ServiceStatus> {
        let row = |id: &str, health: &str, release: &str, figure: &str, hosts: &[&str]| ServiceStatus {
            id: id.to_owned(),
            health: health.to_owned(),
            release: release.to_owned(),
            figure: figure.to_owned(),
            hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
        };
        vec![
            row("api", "ok", &self.production, "4.71K/s", &["api-1", "api-2"]),
            row("docs", "critical", "-", "-", &["web-01"]),
        ]
    }

    fn releases(&self, service: &str) -> Option<Releases> {
        let release = |id: &str, at: i64, change: &str| Release {
            id: id.to_owned(),
            at: Utc(at),
            by: "deployer".to_owned(),
            changes: vec![change.to_owned()],
            deployed: Some(Utc(at + 60)),
        };
        (service == "api").then(|| Releases {
            all: vec![
                release("v480", START - 180_000, "set pool size"),
                release("v481", START - 120, "build download URLs in one place"),
            ],
            production: Some(self.production.clone()),
            previous: Some("v480".to_owned()),
            staging: Some("v481".to_owned()),
        })
    }

    fn diff(&self, service: &str, release: &str) -> Option<String> {
        (service == "api" && release == "v481").then(|| {
            "--- a/url.rs\n+++ b/url.rs\n-    format!(\"{prefix}/{path}\")\n+    format!(\"{prefix}{path}\")\n"
                .to_owned()
        })
    }

    fn queues(&self) -> Vec<Queue> {
        vec![Queue {
            name: "builds".to_owned(),
            waiting: 12,
            running: 1,
            failed: 340,
            service: Some("docs".to_owned()),
        }]
    }

    fn changes(&self) -> change::Changes {
        super::fixture_change::changes(START)
    }

    fn caches(&self) -> Vec<CacheInfo> {
        super::fixture_change::caches(self.now, &self.cache)
    }

    fn stores(&self) -> Vec<StoreInfo> {
        [&self.store, &self.shop].map(|(plan, state)| state.info(plan, 0)).to_vec()
    }

    fn volumes(&self) -> Vec<Volume> {
        vec![Volume { name: "web-01-root".to_owned(), host: "web-01".to_owned(), at: "/".to_owned(), size: 40 << 30 }]
    }

    fn people(&self) -> Vec<Row> {
        vec![Row {
            key: "infra".to_owned(),
            text: "infrastructure admin".to_owned(),
            note: "joins in about 10 min".to_owned(),
        }]
    }

    fn tickets(&self) -> Vec<Row> {
        vec![Row {
            key: "12:14:00".to_owned(),
            text: "Downloads redirect to a wrong address".to_owned(),
            note: "a user".to_owned(),
        }]
    }

    fn runbook(&self, id: &str) -> Option<String> {
        (id == "disk-full").then(|| "Find the largest directory.".to_owned())
    }

    fn may(&self, who: &Caller, permission: &str) -> bool {
        who.seat == "primary" && matches!(permission, "release" | "sudo:web-01" | "queue")
    }

    fn apply(&mut self, who: &Caller, effect: &Effect, verb: &str, target: &str) -> Result<Applied, Refusal> {
        let now = self.utc();
        if let Err(why) = may_alter(self, who, effect) {
            self.refusals.push((verb.to_owned(), target.to_owned(), why.clone()));
            return no(&why);
        }
        let mode = new_mode(self, who, effect);
        let result = match effect {
            Effect::Remove { host, path } => self.vfs(host).remove(path, now).map(|_| Applied::Now),
            Effect::Write { path, .. } if path.contains("/full/") => return no("No space left on device"),
            Effect::Write { host, path, text, append, owner } => {
                self.vfs(host).write(path, text, *append, owner, now).map(|_| Applied::Now)
            }
            Effect::MakeDir { host, path, owner } => self.vfs(host).make_dir(path, owner, now).map(|()| Applied::Now),
            Effect::Rename { host, from, to } => self.vfs(host).rename(from, to, now).map(|_| Applied::Now),
            Effect::File(e) => e.act.carry_out(self.vfs(&e.host), &e.path, now).map(|_| Applied::Now),
            Effect::Unit { verb: v, .. } => {
                self.nginx = if *v == UnitVerb::Stop { UnitState::Inactive } else { UnitState::Active };
                if *v == UnitVerb::Stop { Ok(Applied::Now) } else { self.job(5) }
            }
            Effect::Kill { .. } => Ok(Applied::Now),
            Effect::Promote { release, .. } => {
                if !self.may(who, "release") {
                    return no("permission denied: release requires role deployer");
                }
                release.clone_into(&mut self.production);
                self.job(20)
            }
            Effect::Requeue { .. } => Ok(Applied::Now),
            Effect::Change(ChangeEffect::Keys { db, keys, act, .. }) => {
                self.cache.tick = self.now;
                self.cache.act(*db, keys, act).map(|_| Applied::Now)
            }
            Effect::Change(ChangeEffect::Flush { .. }) => {
                self.cache = Held { count: 0, keys: Keyspace::default(), ..self.cache.clone() };
                Ok(Applied::Now)
            }
            Effect::Store(effect) => {
                let job = self.jobs.len() as u32 + 1;
                let of = if effect.store == "db-shop" { &mut self.shop } else { &mut self.store };
                match of.1.act(&of.0, &effect.act, job, &mut Vec::new())? {
                    Some((_, seconds)) => self.job(seconds),
                    None => Ok(Applied::Now),
                }
            }
            Effect::Resize { .. } => {
                let why = "permission denied: volume:resize requires role infra-admin";
                self.refusals.push((verb.to_owned(), target.to_owned(), why.to_owned()));
                return no(why);
            }
            Effect::Capacity(_) => return no("Error from server (NotFound): deployments.apps \"nope\" not found"),
            _ => return no("Operation not supported"),
        };
        if let (Ok(_), Some((host, path, mode))) = (&result, mode) {
            self.vfs(&host).set_mode(&path, mode, now)?;
        }
        self.applied.push((verb.to_owned(), target.to_owned()));
        result
    }

    fn refused(&mut self, _who: &Caller, verb: &str, target: &str, why: &str) {
        self.refusals.push((verb.to_owned(), target.to_owned(), why.to_owned()));
    }

    fn job(&self, job: u32) -> JobState {
        match self.jobs.get(job as usize - 1) {
            Some((start, seconds)) if self.now < start + seconds => {
                JobState::Running { elapsed_s: self.now - start, seconds: *seconds, moved: None }
            }
            _ => JobState::Done,
        }
    }

    fn query(&self, expr: &str, range: Option<(u64, u64)>) -> Result<Answer, String> {
        let labels = "up{job=\"service\", service=\"api\"}".to_owned();
        let service = Some("api".to_owned());
        let now = self.utc().0 * 1_000;
        match (expr, range) {
            ("up{service=\"api\"}", None) => Ok(Answer::Vector(vec![(labels, service, now, 1.0)])),
            (_, Some(_)) => Ok(Answer::Matrix(vec![(labels, service, vec![(now - 60_000, 1.0), (now, 0.5)])])),
            _ => Err("parse error: unexpected end of input".to_owned()),
        }
    }

    fn pages(&self, _seat: &str) -> Vec<PageRow> {
        vec![PageRow {
            id: 1,
            state: "open".into(),
            since: self.utc().plus(-105),
            service: "docs".into(),
            to: vec!["you".into()],
            firing: 1,
            summary: "Documentation site does not answer".into(),
        }]
    }
    fn receivers(&self, labels: &[(String, String)]) -> Vec<String> {
        let critical = labels.iter().any(|(name, value)| name == "severity" && value == "critical");
        vec![if critical { "you" } else { "nobody" }.into()]
    }
    fn firing(&self) -> Vec<FiringAlert> {
        vec![FiringAlert {
            id: "site-down".to_owned(),
            service: "docs".to_owned(),
            since: Utc(START - 60),
            summary: "Documentation site does not answer".to_owned(),
            silenced: false,
            inhibited: false,
        }]
    }

    fn silences(&self) -> Vec<SilenceRow> {
        Vec::new()
    }

    fn silence(&mut self, _who: &Caller, new: &NewSilence) -> Result<String, String> {
        if new.matchers.is_empty() {
            return Err("no matchers specified".to_owned());
        }
        Ok("6d1e6f5a-0000-4000-8000-000000000001".to_owned())
    }

    fn expire(&mut self, _who: &Caller, id: &str) -> Result<(), String> {
        Err(format!("silence {id} not found"))
    }

    fn incident(&mut self, _who: &Caller, argv: &[String]) -> Result<String, String> {
        self.said.push(argv.to_vec());
        match argv.first().map(String::as_str) {
            Some("ack") => Ok("acknowledged page 1".to_owned()),
            Some("help") => Ok("asked for help".to_owned()),
            Some(word) => Ok(format!("{word}: recorded")),
            None => Err("nothing to do".to_owned()),
        }
    }
}
