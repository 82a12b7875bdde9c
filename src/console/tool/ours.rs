//! release, queue, volume, metrics, logs, alerts, status, people, tickets: the tools of the simulated organisation.

use crate::console::host::{LogScope, NameKind, Source};
use crate::console::process::Fd;
use crate::console::text_format::{self, human};
use crate::console::tool::job::{begin_job, wait_job};
use crate::console::tool::journal::{follow, moment};
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag, value};
use crate::scenario::{LogLevel, ObservedKind};
use crate::sim::effect::{Applied, Effect};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "release",
        synopsis: "status [SERVICE] | list|show|diff|rollback|promote SERVICE [RELEASE] [--staging]",
        about: "look at releases of a service, and put one into production",
        opts: &[flag("", "staging", "put the release on staging instead of production (promote)")],
        subs: &["diff", "list", "promote", "rollback", "show", "status"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[
            (
                "release list api",
                "=== api Releases - Current: v481\n\nv481  deployer      2023/07/20 12:17:00 +0000  (~ 1m ago)   build download URLs in one place\nv480  deployer      2023/07/18 10:19:00 +0000  (~ 2d ago)   set pool size\n",
            ),
            (
                "release status",
                "SERVICE       PRODUCTION  PREVIOUS    STAGING\napi           v481        v480        v481\n",
            ),
            ("release status api", "production  v481\nprevious    v480\nstaging     v481\n"),
            ("release list nope", "release: no releases of 'nope'; services: api docs\n"),
            (
                "release rollback api",
                "Rolling back api to v480: job 1, about 20s\napi: rollback to v480 done after 20s\n",
            ),
        ],
        step: release,
        ..Decl::BLANK
    },
    Decl {
        name: "queue",
        synopsis: "list | status [NAME] | show NAME | pause|resume|skip|purge NAME | requeue NAME --failed",
        about: "look at work queues, and steer one",
        opts: &[flag("", "failed", "the failed items (requeue)")],
        subs: &["list", "pause", "purge", "requeue", "resume", "show", "skip", "status"],
        operand: Operand::Name(NameKind::Queue),
        style: Style::Plain,
        examples: &[
            ("queue list", "NAME          WAITING   RUNNING    FAILED\nbuilds             12         1       340\n"),
            ("queue requeue builds --failed", "builds: failed items are back in the queue\n"),
            (
                "queue show builds",
                "builds: running\n  ready 12, unacked 1 (delivery 2), dead letters 340\n  oldest item 6m40s\n  done 900, redelivered 3, expired 0, rejected 0\n",
            ),
        ],
        step: queue,
        ..Decl::BLANK
    },
    Decl {
        name: "volume",
        synopsis: "list | resize NAME SIZE",
        about: "look at volumes, and make one larger",
        opts: &[],
        subs: &["list", "resize"],
        operand: Operand::Name(NameKind::Volume),
        style: Style::Plain,
        examples: &[
            ("volume list", "NAME            HOST        SIZE  MOUNTED ON\nweb-01-root     web-01       40G  /\n"),
            ("volume resize web-01-root 80G", "volume: permission denied: volume:resize requires role infra-admin\n"),
        ],
        step: volume,
        ..Decl::BLANK
    },
    Decl {
        name: "metrics",
        synopsis: "list | get ID [--since 30m]",
        about: "list the graphs, or print one as numbers",
        opts: &[value("", "since", "TIME", "from this time on: `30m`, `12:10`")],
        subs: &["get", "list"],
        operand: Operand::Name(NameKind::Graph),
        style: Style::Plain,
        examples: &[(
            "metrics list",
            "ID                         NOW  TITLE\ndownloads             4.71K/s  Download requests\nerrors                 0.03 %  Server errors\n",
        )],
        step: metrics,
        ..Decl::BLANK
    },
    Decl {
        name: "logs",
        synopsis: "SERVICE [--since 5m] [-n LINES|all] [-g TEXT] [-f]",
        about: "print log lines of a service",
        opts: &[
            value("", "since", "TIME", "from this time on: `5m`, `12:10`"),
            value("n", "lines", "LINES", "the last LINES lines, or all; 100 on a screen, else all"),
            value("g", "grep", "TEXT", "lines that contain TEXT"),
            flag("f", "follow", "print new lines as they come; Ctrl-C ends it"),
        ],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[
            ("logs api -n 1", "2023-07-20T12:18:00Z app ERROR write failed: No space left on device (item 39)\n"),
            ("logs api | grep -c 'No space'", "10\n"),
            ("logs nope", "logs: no service 'nope'; `status` lists them\n"),
        ],
        step: logs,
        ..Decl::BLANK
    },
    Decl {
        name: "alerts",
        synopsis: "",
        about: "list alert rules and their state",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[(
            "alerts",
            "STATE    SEVERITY  SINCE     SERVICE   VALUE       SUMMARY\nfiring   critical  12:16:00  docs      0           Documentation site does not answer\n",
        )],
        step: alerts,
        ..Decl::BLANK
    },
    Decl {
        name: "status",
        synopsis: "",
        about: "list services with their measured health",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[(
            "status",
            "SERVICE         HEALTH    RELEASE     NOW         HOSTS\napi             ok        v481        4.71K/s     api-1 api-2\ndocs            critical  -           -           web-01\n",
        )],
        step: status,
        ..Decl::BLANK
    },
    Decl {
        name: "people",
        synopsis: "",
        about: "list who can help; `page ID` calls one",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("people", "infra           infrastructure admin            joins in about 10 min\n")],
        step: people,
        ..Decl::BLANK
    },
    Decl {
        name: "tickets",
        synopsis: "",
        about: "list users' tickets, newest first",
        opts: &[],
        subs: &[],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("tickets", "12:14:00  a user          Downloads redirect to a wrong address\n")],
        step: tickets,
        ..Decl::BLANK
    },
];

fn usage(c: &mut Ctx<'_>) -> Step {
    let synopsis = crate::console::tool::find(&c.tool.name).map_or("", |d| d.synopsis);
    let line = format!("usage: {} {synopsis}\n", c.tool.name);
    c.p.err.push_str(&line);
    Step::Exit(2)
}

/// What is where of every service that is deployed.
fn everything(c: &mut Ctx<'_>) -> Step {
    let mut rows = vec![["SERVICE", "PRODUCTION", "PREVIOUS", "STAGING"].map(str::to_owned)];
    for service in c.con.names(c.p, NameKind::Service, &*c.host) {
        let Some(r) = c.host.releases(&service).filter(|r| !r.all.is_empty()) else { continue };
        c.see(ObservedKind::Release, service.clone(), Some(service.clone()));
        let or_none = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
        rows.push([service, or_none(r.production), or_none(r.previous), or_none(r.staging)]);
    }
    let wide = rows.iter().map(|[service, ..]| service.chars().count()).max().unwrap_or(0).max(12) + 2;
    for [service, production, previous, staging] in rows {
        c.line(format!("{service:<wide$}{production:<12}{previous:<12}{staging}").trim_end());
    }
    Step::Exit(0)
}

pub(crate) fn release(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    if let (Some("status"), None) = (a.at(0), a.at(1)) {
        return everything(c);
    }
    let (Some(verb), Some(service)) = (a.at(0), a.at(1)) else { return usage(c) };
    if a.has("staging") && verb != "promote" || a.rest.len() > 3 {
        return usage(c);
    }
    let Some(r) = c.host.releases(service) else {
        let known = c.con.names(c.p, NameKind::Service, &*c.host).join(" ");
        c.error(&format!("no releases of '{service}'; services: {known}"));
        return Step::Exit(1);
    };
    let id = a.at(2).map(str::to_owned);
    if let Some(id) = &id
        && !r.all.iter().any(|x| x.id == *id)
    {
        c.error(&format!("{service} has no release '{id}'; `release list {service}` shows them"));
        return Step::Exit(1);
    }
    let now = c.host.utc();
    let stamp = |t: crate::stdx::time::Utc| t.iso().replace('-', "/").replace('T', " ").replace('Z', " +0000");
    match verb {
        "list" | "status" | "show" | "diff" => {
            c.see(ObservedKind::Release, service.to_owned(), Some(service.to_owned()));
        }
        _ => {}
    }
    match verb {
        "list" => {
            c.line(&format!("=== {service} Releases - Current: {}\n", r.production.as_deref().unwrap_or("none")));
            for x in r.all.iter().rev() {
                let at = x.deployed.unwrap_or(x.at);
                let age = (now.0 - at.0).max(0);
                let age = match age {
                    s if s < 3600 => format!("~ {}m ago", s / 60),
                    s if s < 172_800 => format!("~ {}h ago", s / 3600),
                    s => format!("~ {}d ago", s / 86_400),
                };
                let what = x.changes.join("; ");
                let stage = if x.deployed.is_none() { "  (not in production yet)" } else { "" };
                c.line(&format!("{:<5} {:<13} {}  {:<12} {what}{stage}", x.id, x.by, stamp(at), format!("({age})")));
            }
            Step::Exit(0)
        }
        "status" => {
            for (name, id) in [("production", &r.production), ("previous", &r.previous), ("staging", &r.staging)] {
                c.line(&format!("{name:<12}{}", id.as_deref().unwrap_or("-")));
            }
            for line in super::change::spread(&c.host.changes(), service) {
                c.line(&line);
            }
            Step::Exit(0)
        }
        "show" => {
            let Some(x) = r.all.iter().find(|x| Some(&x.id) == id.as_ref().or(r.production.as_ref())) else {
                return usage(c);
            };
            c.line(&format!("=== {service} {}\nBy:        {}\nBuilt:     {}", x.id, x.by, stamp(x.at)));
            c.line(&format!("Deployed:  {}", x.deployed.map_or("never".to_owned(), stamp)));
            for change in &x.changes {
                c.line(&format!("  - {change}"));
            }
            Step::Exit(0)
        }
        "diff" => {
            let Some(id) = id.or(r.production) else { return usage(c) };
            match c.host.diff(service, &id) {
                Some(text) => {
                    c.print(&text);
                    if !text.ends_with('\n') {
                        c.line("");
                    }
                    Step::Exit(0)
                }
                None => {
                    c.error(&format!("no recorded diff of {service} {id}"));
                    Step::Exit(1)
                }
            }
        }
        "rollback" | "promote" => {
            let to = match (verb, id) {
                (_, Some(id)) => Some(id),
                ("rollback", None) => r.previous.clone(),
                _ => r.staging.clone(),
            };
            let Some(to) = to else {
                c.error(&format!("{service}: no release to {verb}; name one"));
                return Step::Exit(1);
            };
            // What the delivery log says may not be all that runs: something else may be on its way, or on some of the hosts.
            let running = c.host.changes();
            let elsewhere = running.running.iter().any(|x| x.service == service && x.release != to);
            let mixed = elsewhere || running.rollouts.iter().any(|x| x.of == service);
            if !a.has("staging") && r.production.as_ref() == Some(&to) && !mixed {
                c.error(&format!("{service} already runs {to} in production"));
                return Step::Exit(1);
            }
            let effect = if a.has("staging") {
                Effect::Stage { service: service.to_owned(), release: to.clone() }
            } else {
                Effect::Promote { service: service.to_owned(), release: to.clone() }
            };
            let (doing, what) = match (verb, a.has("staging")) {
                ("rollback", _) => (format!("Rolling back {service} to {to}"), format!("{service}: rollback to {to}")),
                (_, true) => (format!("Putting {service} {to} on staging"), format!("{service}: staging of {to}")),
                _ => (format!("Promoting {service} to {to}"), format!("{service}: promotion of {to}")),
            };
            let word = if a.has("staging") { "stage" } else { verb };
            match c.apply(&effect, word, service) {
                Ok(Applied::Now) => {
                    c.line(&format!("{what} done"));
                    Step::Exit(0)
                }
                Ok(Applied::Job { job, seconds }) => {
                    let line = format!("{doing}: job {job}, about {seconds}s");
                    begin_job(c, job, &what, &line)
                }
                Err(why) => {
                    c.error(&why);
                    Step::Exit(1)
                }
            }
        }
        _ => usage(c),
    }
}

fn queue(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let all = c.host.queues();
    let verb = a.at(0).unwrap_or_default();
    let find = |name: &str| all.iter().find(|q| q.name == name).cloned();
    if matches!((verb, a.rest.len()), ("list" | "status", 1) | ("status", 2)) {
        let rows = match a.at(1) {
            Some(name) => match find(name) {
                Some(q) => vec![q],
                None => {
                    c.error(&format!("no queue '{name}'"));
                    return Step::Exit(1);
                }
            },
            None => all.clone(),
        };
        c.line("NAME          WAITING   RUNNING    FAILED");
        for q in rows {
            c.see(ObservedKind::Queue, q.name.clone(), q.service.clone());
            c.line(&format!("{:<11} {:>9} {:>9} {:>9}", q.name, q.waiting, q.running, q.failed));
        }
        return Step::Exit(0);
    }
    if let (Some(name), 2) = (a.at(1), a.rest.len())
        && verb != "requeue"
    {
        return super::change::queue(c, verb, name);
    }
    let (true, Some(name)) = (verb == "requeue" && a.rest.len() == 2 && a.has("failed"), a.at(1)) else {
        return usage(c);
    };
    if find(name).is_none() {
        c.error(&format!("no queue '{name}'"));
        return Step::Exit(1);
    }
    match c.apply(&Effect::Requeue { queue: name.to_owned() }, "requeue", name) {
        Ok(Applied::Now) => {
            c.line(&format!("{name}: failed items are back in the queue"));
            Step::Exit(0)
        }
        Ok(Applied::Job { job, seconds }) => {
            begin_job(c, job, &format!("{name}: requeue"), &format!("Requeueing {name}: job {job}, about {seconds}s"))
        }
        Err(why) => {
            c.error(&why);
            Step::Exit(1)
        }
    }
}

fn volume(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    let all = c.host.volumes();
    match (a.at(0), a.at(1), a.at(2), a.rest.len()) {
        (Some("list"), None, None, _) => {
            c.line("NAME            HOST        SIZE  MOUNTED ON");
            for v in all {
                let service = c.host.service_of(&v.host);
                c.see(ObservedKind::Disk, format!("{}:{}", v.host, v.at), service);
                c.line(&format!("{:<15} {:<9} {:>6}  {}", v.name, v.host, human(v.size), v.at));
            }
            Step::Exit(0)
        }
        (Some("resize"), Some(name), Some(size), 3) => {
            let Some(v) = all.iter().find(|v| v.name == name) else {
                c.error(&format!("no volume '{name}'; `volume list` shows them"));
                return Step::Exit(1);
            };
            let bytes = match text_format::size(size) {
                Some(b) if b > v.size => b,
                Some(_) => {
                    c.error(&format!("{name} has {}; a volume can only be made larger", human(v.size)));
                    return Step::Exit(1);
                }
                None => {
                    c.error(&format!("'{size}' is not a size such as 80G"));
                    return Step::Exit(1);
                }
            };
            match c.apply(&Effect::Resize { volume: name.to_owned(), bytes }, "resize", name) {
                Ok(Applied::Now) => {
                    c.line(&format!("{name}: resized to {}", human(bytes)));
                    Step::Exit(0)
                }
                Ok(Applied::Job { job, seconds }) => {
                    let line = format!("Resizing {name} to {}: job {job}, about {seconds}s", human(bytes));
                    begin_job(c, job, &format!("{name}: resize"), &line)
                }
                Err(why) => {
                    c.error(&why);
                    Step::Exit(1)
                }
            }
        }
        _ => usage(c),
    }
}

/// A value with its unit, in three figures: `4.71K/s`, `0.03 %`.
fn figure(v: f64, unit: &str) -> String {
    let (v, k) = if v.abs() >= 1e6 {
        (v / 1e6, "M")
    } else if v.abs() >= 1e3 {
        (v / 1e3, "K")
    } else {
        (v, "")
    };
    let digits = if v.abs() >= 100.0 || v == v.trunc() {
        0
    } else if v.abs() >= 10.0 {
        1
    } else {
        2
    };
    let space = if unit.starts_with('/') || unit.is_empty() { "" } else { " " };
    format!("{v:.digits$}{k}{space}{unit}")
}

fn metrics(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let graphs = c.host.graphs();
    let source = |g: &crate::console::host::Graph| Source {
        what: ObservedKind::Metric,
        target: g.id.clone(),
        service: g.service.clone(),
        user_facing: g.user_facing,
    };
    match (a.at(0), a.at(1), a.rest.len()) {
        (Some("list"), None, 1) => {
            c.line("ID                         NOW  TITLE");
            for g in graphs {
                c.p.sources.insert(source(&g));
                let now = g.value.map_or("no data".to_owned(), |v| figure(v, &g.unit));
                c.line(&format!("{:<18} {now:>10}  {}", g.id, g.title));
            }
            Step::Exit(0)
        }
        (Some("get"), Some(id), 2) => {
            let Some(g) = graphs.iter().find(|g| g.id == id) else {
                c.error(&format!("no graph '{id}'; `metrics list` shows them"));
                return Step::Exit(1);
            };
            let now = c.host.utc();
            let since = a.get("since").unwrap_or("30m");
            let Some(from) = moment(since, now) else {
                c.error(&format!("'{since}' is not a time such as 30m or 12:10"));
                return Step::Exit(1);
            };
            let points = c.host.points(id, from);
            c.p.sources.insert(source(g));
            let values: Vec<f64> = points.iter().filter_map(|(_, v)| *v).collect();
            let (low, high) =
                values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
            c.line(&format!("{} ({})", g.title, g.id));
            if values.is_empty() {
                c.line("no data in this range");
                return Step::Exit(0);
            }
            // At most 24 rows; each is the last point of its stretch, with a bar against the highest value.
            let every = points.len().div_ceil(24).max(1);
            for chunk in points.chunks(every) {
                let Some((t, v)) = chunk.last() else { continue };
                match v {
                    Some(v) => {
                        let bar = if high > 0.0 { ((v / high) * 40.0).clamp(0.0, 40.0) as usize } else { 0 };
                        c.line(&format!("{}  {:>10}  {}", t.hms(), figure(*v, &g.unit), "#".repeat(bar)));
                    }
                    None => c.line(&format!("{}  {:>10}", t.hms(), "no data")),
                }
            }
            c.line(&format!("lowest {}, highest {}", figure(low, &g.unit), figure(high, &g.unit)));
            Step::Exit(0)
        }
        _ => usage(c),
    }
}

fn logs(c: &mut Ctx<'_>) -> Step {
    let Some(service) = c.args.at(0).filter(|_| c.args.rest.len() == 1).map(str::to_owned) else { return usage(c) };
    let format = |l: &crate::console::host::LogLine| {
        let level = match l.level {
            LogLevel::Info => "INFO ",
            LogLevel::Warning => "WARN ",
            LogLevel::Error => "ERROR",
        };
        format!("{} {} {level} {}\n", l.at.iso(), l.program, l.text)
    };
    // On a screen the last hundred; whoever counts them gets all.
    let default = matches!(c.p.fds[1], Fd::Term).then_some(100);
    follow(c, LogScope::Service(service.clone()), service, &format, default)
}

fn alerts(c: &mut Ctx<'_>) -> Step {
    c.line("STATE    SEVERITY  SINCE     SERVICE   VALUE       SUMMARY");
    for a in c.host.alerts() {
        c.see(ObservedKind::Alert, a.id.clone(), Some(a.service.clone()));
        c.line(&format!(
            "{:<8} {:<9} {:<9} {:<9} {:<11} {}",
            a.state,
            a.severity,
            a.since.hms(),
            a.service,
            a.value,
            a.summary
        ));
    }
    Step::Exit(0)
}

fn status(c: &mut Ctx<'_>) -> Step {
    c.line("SERVICE         HEALTH    RELEASE     NOW         HOSTS");
    for s in c.host.services() {
        c.see(ObservedKind::Map, s.id.clone(), Some(s.id.clone()));
        let hosts = if s.hosts.is_empty() { "managed".to_owned() } else { s.hosts.join(" ") };
        c.line(&format!("{:<15} {:<9} {:<11} {:<11} {hosts}", s.id, s.health, s.release, s.figure));
    }
    Step::Exit(0)
}

fn people(c: &mut Ctx<'_>) -> Step {
    for r in c.host.people() {
        c.line(&format!("{:<15} {:<31} {}", r.key, r.text, r.note));
    }
    Step::Exit(0)
}

fn tickets(c: &mut Ctx<'_>) -> Step {
    for r in c.host.tickets() {
        c.see(ObservedKind::Ticket, r.key.clone(), None);
        c.line(&format!("{}  {:<15} {}", r.key, r.note, r.text));
    }
    Step::Exit(0)
}
