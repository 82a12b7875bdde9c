//! docker and crictl: containers of the host that one is on.

use crate::console::host::kube::Container;
use crate::console::host::{LogScope, NameKind};
use crate::console::tool::kube::digest;
use crate::console::tool::kube::words::table;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::Effect;
use crate::stdx::time::Utc;

const NO_DAEMON: &str =
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "docker",
        synopsis: "ps [-a] [-q] | logs [--tail N] ID | inspect ID | stats | top ID | restart ID | exec ID COMMAND | images",
        about: "containers of this host",
        opts: &[
            flag("a", "all", "also those that have ended (ps)"),
            flag("q", "quiet", "ids alone (ps)"),
            flag("", "no-stream", "accepted; stats print once (stats)"),
            value("", "tail", "LINES", "the last lines (logs)"),
            value("n", "", "LINES", "the last lines (logs)"),
            flag("i", "interactive", "accepted (exec)"),
            flag("t", "tty", "accepted (exec)"),
        ],
        subs: &["exec", "images", "inspect", "logs", "ps", "restart", "stats", "top"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        words: Words::Mixed,
        missing: &["run, build, pull, rm, network, volume, compose, events: they say so."],
        examples: &[("docker ps", NO_DAEMON)],
        step: docker,
        ..Decl::BLANK
    },
    Decl {
        name: "crictl",
        synopsis: "ps [-a] | pods | logs ID | inspect ID | stats | images",
        about: "containers of this node, as its kubelet sees them",
        opts: &[
            flag("a", "all", "also those that have ended (ps)"),
            value("", "tail", "LINES", "the last lines (logs)"),
        ],
        subs: &["images", "inspect", "logs", "pods", "ps", "stats"],
        operand: Operand::Free,
        style: Style::Plain,
        words: Words::Mixed,
        missing: &["stop, rm, exec, pull."],
        examples: &[(
            "crictl ps",
            "FATA[0000] validate service connection: validate CRI v1 runtime API for endpoint \"unix:///run/containerd/containerd.sock\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory\"\n",
        )],
        step: crictl,
        ..Decl::BLANK
    },
];

/// Id of a container; every start of it is another one.
fn id(x: &Container) -> String {
    digest(&format!("{}/{}", x.pod, x.restarts))
}

fn short(x: &Container) -> String {
    id(x).chars().take(12).collect()
}

/// Name that a kubelet gives a container.
fn name(x: &Container) -> String {
    format!("k8s_{}_{}_default_{}", x.service, x.pod, x.restarts)
}

/// A span as docker says it: `3 minutes`, `About an hour`.
fn span(s: u64) -> String {
    match s {
        0 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..=59 => format!("{s} seconds"),
        60..=119 => "About a minute".to_owned(),
        120..=3_599 => format!("{} minutes", s / 60),
        3_600..=7_199 => "About an hour".to_owned(),
        7_200..=172_799 => format!("{} hours", s / 3_600),
        172_800..=1_209_599 => format!("{} days", s / 86_400),
        _ => format!("{} weeks", s / 604_800),
    }
}

fn mib(b: u64) -> String {
    if b >= 1 << 30 {
        format!("{:.2}GiB", b as f64 / (1u64 << 30) as f64)
    } else {
        format!("{:.1}MiB", b as f64 / (1u64 << 20) as f64)
    }
}

fn see(c: &mut Ctx<'_>, all: &[Container]) {
    for x in all {
        c.see(ObservedKind::Process, x.service.clone(), Some(x.service.clone()));
    }
}

fn words(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|w| (*w).to_owned()).collect()
}

fn docker(c: &mut Ctx<'_>) -> Step {
    if let Some(pid) = c.tool.child {
        return match c.con.exits.remove(&pid) {
            Some(status) => Step::Exit(status),
            None if c.con.procs.contains_key(&pid) => Step::Wait,
            None => Step::Exit(137),
        };
    }
    let a = c.args.clone();
    let on = c.on();
    let Some(all) = c.host.containers(&on) else {
        c.p.err.push_str(NO_DAEMON);
        return Step::Exit(1);
    };
    let verb = a.at(0).unwrap_or("help").to_owned();
    let found = a.at(1).and_then(|w| all.iter().find(|x| id(x).starts_with(w) || name(x) == w || x.pod == w).cloned());
    let missing = |c: &mut Ctx<'_>| {
        let what = a.at(1).unwrap_or_default();
        let text = match (a.at(1), verb.as_str()) {
            (None, _) => format!("\"docker {verb}\" requires at least 1 argument.\nSee 'docker {verb} --help'.\n"),
            (_, "inspect") => format!("[]\nError: No such object: {what}\n"),
            _ => format!("Error response from daemon: No such container: {what}\n"),
        };
        c.p.err.push_str(&text);
        Step::Exit(1)
    };
    match verb.as_str() {
        "ps" => {
            let shown: Vec<&Container> = all.iter().filter(|x| x.running || a.has("a")).collect();
            see(c, &all);
            if a.has("q") {
                shown.iter().for_each(|x| c.line(&short(x)));
                return Step::Exit(0);
            }
            let mut rows = vec![words(&["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"])];
            for x in shown {
                let status = if x.running {
                    format!("Up {}", span(x.since_s))
                } else {
                    format!("Exited ({}) {} ago", x.exit, span(x.since_s))
                };
                let created = format!("{} ago", span(x.age_s));
                rows.push(vec![
                    short(x),
                    x.image.clone(),
                    format!("\"{}\"", x.command),
                    created,
                    status,
                    String::new(),
                    name(x),
                ]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "stats" => {
            see(c, &all);
            let mut rows = vec![words(&["CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT", "MEM %", "PIDS"])];
            let total = c.host.memory(&on).total;
            for x in all.iter().filter(|x| x.running) {
                let limit = if x.memory_limit == 0 { total } else { x.memory_limit };
                let share = x.memory as f64 / limit.max(1) as f64 * 100.0;
                rows.push(vec![
                    short(x),
                    name(x),
                    format!("{:.2}%", x.cores * 100.0),
                    format!("{} / {}", mib(x.memory), mib(limit)),
                    format!("{share:.2}%"),
                    "8".to_owned(),
                ]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "images" => {
            let mut rows = vec![words(&["REPOSITORY", "TAG", "IMAGE ID"])];
            let mut images: Vec<&str> = all.iter().map(|x| x.image.as_str()).collect();
            images.sort_unstable();
            images.dedup();
            for i in images {
                let (repository, tag) = i.rsplit_once(':').unwrap_or((i, "latest"));
                rows.push(vec![repository.to_owned(), tag.to_owned(), digest(i).chars().take(12).collect()]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "logs" => {
            let Some(x) = found else { return missing(c) };
            logs(c, &x, a.get("tail").or(a.get("n")))
        }
        "top" => {
            let Some(x) = found.filter(|x| x.running) else { return missing(c) };
            see(c, std::slice::from_ref(&x));
            let now = c.host.utc();
            let start = now.plus(-i64::try_from(x.since_s).unwrap_or(0));
            c.print(&table(&[
                words(&["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]),
                vec![
                    "app".to_owned(),
                    x.pid.to_string(),
                    "1".to_owned(),
                    ((x.cores * 100.0) as u64).to_string(),
                    start.hms(),
                    "?".to_owned(),
                    "00:00:00".to_owned(),
                    x.command.clone(),
                ],
            ]));
            Step::Exit(0)
        }
        "inspect" => {
            let Some(x) = found else { return missing(c) };
            see(c, std::slice::from_ref(&x));
            let now: Utc = c.host.utc();
            let v = serde_json::json!([{
                "Id": id(&x), "Name": format!("/{}", name(&x)), "Image": format!("sha256:{}", digest(&x.image)), "RestartCount": x.restarts,
                "Created": now.plus(-i64::try_from(x.age_s).unwrap_or(0)).iso(),
                "State": { "Status": if x.running { "running" } else { "exited" }, "Running": x.running, "Pid": x.pid, "ExitCode": if x.running { 0 } else { x.exit }, "OOMKilled": !x.running && x.exit == 137 },
                "HostConfig": { "Memory": x.memory_limit },
                "Config": { "Image": x.image, "Cmd": [x.command], "Labels": { "io.kubernetes.pod.name": x.pod, "io.kubernetes.container.name": x.service, "io.kubernetes.pod.namespace": "default" } },
                "NetworkSettings": { "IPAddress": x.ip },
            }]);
            c.print(&crate::console::tool::kube::json_text(&v));
            Step::Exit(0)
        }
        "restart" | "kill" | "stop" => {
            let Some(x) = found.filter(|x| x.running) else { return missing(c) };
            // Whoever ends a container of a pod finds it started again: its kubelet wants it.
            match c.apply(&Effect::Kill { host: on, pid: x.pid }, "restart", &x.pod) {
                Ok(_) => {
                    c.line(a.at(1).unwrap_or_default());
                    Step::Exit(0)
                }
                Err(why) => {
                    let name = a.at(1).unwrap_or_default();
                    c.p.err.push_str(&format!("Error response from daemon: Cannot {verb} container {name}: {why}\n"));
                    Step::Exit(1)
                }
            }
        }
        "exec" => {
            let Some(x) = found.filter(|x| x.running) else { return missing(c) };
            let rest: Vec<String> = a.rest.iter().skip(2).cloned().collect();
            if rest.is_empty() {
                c.p.err.push_str("\"docker exec\" requires at least 2 arguments.\nSee 'docker exec --help'.\n");
                return Step::Exit(1);
            }
            let mut there = c.p.clone();
            (there.host, there.user, there.cwd) = (x.pod.clone(), "app".to_owned(), "/".to_owned());
            match c.con.spawn_text(&there, &crate::console::tool::run::quote(&rest), c.p.fds) {
                Ok(pid) => {
                    c.tool.child = Some(pid);
                    Step::More
                }
                Err(why) => {
                    c.p.err.push_str(&format!("{why}\n"));
                    Step::Exit(1)
                }
            }
        }
        "run" | "build" | "pull" | "push" | "rm" | "rmi" | "network" | "volume" | "compose" | "events" | "system" => {
            c.p.err.push_str(&format!("docker: '{verb}' is not simulated here; `man docker` says what is\n"));
            Step::Exit(1)
        }
        other => {
            c.p.err.push_str(&format!("docker: '{other}' is not a docker command.\nSee 'docker --help'\n"));
            Step::Exit(1)
        }
    }
}

/// Lines of the service that a container wrote, by way of the cluster's own books.
fn logs(c: &mut Ctx<'_>, x: &Container, tail: Option<&str>) -> Step {
    let most = tail.and_then(|t| t.parse::<usize>().ok()).unwrap_or(1_000);
    let since = c.host.utc().plus(-i64::try_from(x.since_s.max(x.age_s)).unwrap_or(0));
    let who = c.caller();
    let lines = c.host.logs(&LogScope::Service(x.service.clone()), since, 4_000).unwrap_or_default();
    let Some(cluster) = c.host.cluster(&who) else { return Step::Exit(0) };
    let mine = crate::console::tool::kube::lines_of(&cluster, c.host.utc(), &x.service, &x.pod, &lines);
    c.see(ObservedKind::Log, x.service.clone(), Some(x.service.clone()));
    for l in mine.iter().skip(mine.len().saturating_sub(most)) {
        c.line(l);
    }
    Step::Exit(0)
}

fn crictl(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let on = c.on();
    let Some(all) = c.host.containers(&on) else {
        c.p.err.push_str("FATA[0000] validate service connection: validate CRI v1 runtime API for endpoint \"unix:///run/containerd/containerd.sock\": rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: no such file or directory\"\n");
        return Step::Exit(1);
    };
    see(c, &all);
    let cut = |s: String| s.chars().take(13).collect::<String>();
    match a.at(0).unwrap_or_default() {
        "ps" => {
            let mut rows = vec![words(&["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT", "POD ID", "POD"])];
            for x in all.iter().filter(|x| x.running || a.has("a")) {
                rows.push(vec![
                    cut(id(x)),
                    cut(digest(&x.image)),
                    format!("{} ago", span(x.age_s)),
                    if x.running { "Running" } else { "Exited" }.to_owned(),
                    x.service.clone(),
                    x.restarts.to_string(),
                    cut(digest(&x.pod)),
                    x.pod.clone(),
                ]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "pods" => {
            let mut rows = vec![words(&["POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT"])];
            for x in &all {
                rows.push(vec![
                    cut(digest(&x.pod)),
                    format!("{} ago", span(x.age_s)),
                    "Ready".to_owned(),
                    x.pod.clone(),
                    "default".to_owned(),
                    "0".to_owned(),
                ]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "stats" => {
            let mut rows = vec![words(&["CONTAINER", "NAME", "CPU %", "MEM"])];
            for x in all.iter().filter(|x| x.running) {
                rows.push(vec![cut(id(x)), x.service.clone(), format!("{:.2}", x.cores * 100.0), mib(x.memory)]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        "logs" | "inspect" | "images" => docker(c),
        other => {
            c.p.err.push_str(&format!("No help topic for '{other}'\n"));
            Step::Exit(3)
        }
    }
}
