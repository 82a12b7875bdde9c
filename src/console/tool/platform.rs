//! pods, scale, hpa, nodes, quota, admit, weight: the platform that runs replicas, in the way its own tool prints.

use super::kube::words::table;
use crate::console::host::NameKind;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, flag};
use crate::scenario::ObservedKind;
use crate::sim::capacity::{PodRow, ScalerRow};
use crate::sim::effect::{CapacityEffect, Effect};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "pods",
        synopsis: "[list [SERVICE]] | describe POD | delete POD | restart SERVICE | timeout SERVICE MILLISECONDS",
        about: "list managed replicas, look at one, replace them, or change how long their probes wait",
        opts: &[flag("w", "wide", "also the node and memory")],
        subs: &["delete", "describe", "list", "restart", "timeout"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[
            (
                "pods",
                "NAME                  READY   STATUS             RESTARTS   AGE\napi-7c9d8f-x2k9q      1/1     Running            0          3h\napi-7c9d8f-z5m4t      0/1     CrashLoopBackOff   6          12m\n",
            ),
            ("pods restart nope", "Error from server (NotFound): deployments.apps \"nope\" not found\n"),
        ],
        step: pods,
        ..Decl::BLANK
    },
    Decl {
        name: "scale",
        synopsis: "SERVICE REPLICAS",
        about: "set the number of managed replicas of a service",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[("scale nope 3", "Error from server (NotFound): deployments.apps \"nope\" not found\n")],
        step: scale,
        ..Decl::BLANK
    },
    Decl {
        name: "hpa",
        synopsis: "[list] | pause SERVICE | resume SERVICE | set SERVICE MIN MAX",
        about: "list autoscalers, stop one, or set its bounds",
        opts: &[],
        subs: &["list", "pause", "resume", "set"],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[(
            "hpa",
            "NAME   REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS\napi    Deployment/api   <unknown>/70%   2         12        4\n",
        )],
        step: hpa,
        ..Decl::BLANK
    },
    Decl {
        name: "nodes",
        synopsis: "[list] | cordon HOST | uncordon HOST | drain HOST | on HOST | off HOST",
        about: "list machines as the platform sees them, take one out, or turn one on",
        opts: &[],
        subs: &["cordon", "drain", "list", "off", "on", "uncordon"],
        operand: Operand::Name(NameKind::Host),
        style: Style::Plain,
        examples: &[(
            "nodes",
            "NAME     STATUS   ZONE   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\ndb-01    Ready    -      1000m        25%    2048Mi          25%\nops      Ready    -      1000m        25%    2048Mi          25%\nweb-01   Ready    -      1000m        25%    2048Mi          25%\n",
        )],
        step: nodes,
        ..Decl::BLANK
    },
    Decl {
        name: "quota",
        synopsis: "[show] | delete | release-addresses",
        about: "show what managed replicas may use; delete the quota so that it is counted anew; free unused addresses",
        opts: &[],
        subs: &["delete", "release-addresses", "show"],
        operand: Operand::Free,
        style: Style::Plain,
        examples: &[("quota", "NAME            REQUEST\ncompute-quota   pods: 15000/15000\n")],
        step: quota,
        ..Decl::BLANK
    },
    Decl {
        name: "admit",
        synopsis: "SERVICE PERCENT",
        about: "let only so many percent of the requests into a service, and turn the rest away",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[("admit api most", "usage: admit SERVICE PERCENT\n")],
        step: admit,
        ..Decl::BLANK
    },
    Decl {
        name: "weight",
        synopsis: "SERVICE [HOST WEIGHT]",
        about: "show how a balancer spreads a service's requests over its machines, or set the weight of one: 0 to 256, usually 100",
        opts: &[],
        subs: &[],
        operand: Operand::Name(NameKind::Service),
        style: Style::Plain,
        examples: &[("weight nope", "No such backend.\n")],
        step: weight,
        ..Decl::BLANK
    },
];

fn usage(c: &mut Ctx<'_>) -> Step {
    let name = c.tool.name.clone();
    let synopsis = TOOLS.iter().find(|d| d.name == name).map_or("", |d| d.synopsis);
    c.p.err.push_str(&format!("usage: {name} {synopsis}\n"));
    Step::Exit(1)
}

/// Asks for a change and says what came of it, in the words of the platform's tool.
fn ask(c: &mut Ctx<'_>, effect: CapacityEffect, verb: &str, target: &str, done: &str) -> Step {
    match c.apply(&Effect::Capacity(effect), verb, target) {
        Ok(_) => {
            c.line(done);
            Step::Exit(0)
        }
        Err(why) => {
            c.p.err.push_str(&format!("{why}\n"));
            Step::Exit(1)
        }
    }
}

/// An age as the platform prints it: `45s`, `12m`, `3h`, `2d`.
fn age(s: u64) -> String {
    match s {
        0..=119 => format!("{s}s"),
        120..=7_199 => format!("{}m", s / 60),
        7_200..=172_799 => format!("{}h", s / 3_600),
        _ => format!("{}d", s / 86_400),
    }
}

fn row(c: &mut Ctx<'_>, p: &PodRow, name: usize, wide: bool) {
    let ready = if p.ready { "1/1" } else { "0/1" };
    let head = format!("{:<name$} {ready:<7} {:<18} {:<10}", p.name, p.status, p.restarts);
    let tail = if wide {
        format!(" {:<6} {:<10} {}Mi", age(p.age_s), p.node.as_deref().unwrap_or("<none>"), p.memory >> 20)
    } else {
        format!(" {}", age(p.age_s))
    };
    c.line(&format!("{head}{tail}"));
}

fn pods(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let all = c.host.pods();
    let wide = a.has("w");
    match (a.at(0).unwrap_or("list"), a.at(1), a.at(2)) {
        ("list", of, None) => {
            let shown: Vec<_> = all.iter().filter(|(s, _)| of.is_none_or(|o| o == s)).collect();
            if shown.iter().all(|(_, rows)| rows.is_empty()) {
                c.p.err.push_str("No resources found in default namespace.\n");
                return Step::Exit(0);
            }
            let last = if wide { "AGE    NODE       MEMORY" } else { "AGE" };
            let name = shown.iter().flat_map(|(_, rows)| rows).map(|p| p.name.len()).max().unwrap_or(0).max(21);
            c.line(&format!("{:<name$} {:<7} {:<18} {:<10} {last}", "NAME", "READY", "STATUS", "RESTARTS"));
            for (service, rows) in shown {
                c.see(ObservedKind::Process, service.clone(), Some(service.clone()));
                for p in rows {
                    row(c, p, name, wide);
                }
            }
            Step::Exit(0)
        }
        ("describe", Some(name), None) => {
            let found = all.iter().find_map(|(s, rows)| Some((s, rows.iter().find(|p| p.name == name)?)));
            let Some((service, p)) = found else {
                c.p.err.push_str(&format!("Error from server (NotFound): pods \"{name}\" not found\n"));
                return Step::Exit(1);
            };
            c.see(ObservedKind::Process, service.clone(), Some(service.clone()));
            c.line(&format!("Name:           {}", p.name));
            c.line(&format!("Node:           {}", p.node.as_deref().unwrap_or("<none>")));
            c.line(&format!("Status:         {}", p.status));
            c.line(&format!("Ready:          {}", if p.ready { "True" } else { "False" }));
            c.line(&format!("Restart Count:  {}", p.restarts));
            c.line(&format!("Memory:         {}Mi", p.memory >> 20));
            c.line(&format!("Events:         {}", if p.event.is_empty() { "<none>" } else { p.event.as_str() }));
            Step::Exit(0)
        }
        ("delete", Some(pod), None) => {
            let done = format!("pod \"{pod}\" deleted");
            ask(c, CapacityEffect::DeletePod { pod: pod.to_owned() }, "delete", pod, &done)
        }
        ("restart", Some(service), None) => {
            let done = format!("deployment.apps/{service} restarted");
            ask(c, CapacityEffect::Rollout { service: service.to_owned() }, "rollout", service, &done)
        }
        ("timeout", Some(service), Some(ms)) => {
            let Ok(ms) = ms.parse::<u64>() else { return usage(c) };
            let done = format!("deployment.apps/{service} patched");
            ask(c, CapacityEffect::ProbeTimeout { service: service.to_owned(), ms }, "probe", service, &done)
        }
        _ => usage(c),
    }
}

fn scale(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (Some(service), Some(Ok(replicas)), None) = (a.at(0), a.at(1).map(str::parse::<u64>), a.at(2)) else {
        return usage(c);
    };
    let done = format!("deployment.apps/{service} scaled");
    ask(c, CapacityEffect::Scale { service: service.to_owned(), replicas }, "scale", service, &done)
}

/// What an autoscaler reads and wants to read.
fn targets(r: &ScalerRow) -> String {
    let unit = if r.metric == "cpu" { "%" } else { "" };
    let read = r.read.map_or("<unknown>".to_owned(), |v| format!("{}{unit}", v.round() as u64));
    format!("{read}/{}{unit}", r.target)
}

fn hpa(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let number = |at: usize| a.at(at).and_then(|n| n.parse::<u64>().ok());
    match (a.at(0).unwrap_or("list"), a.at(1), a.rest.len()) {
        ("list", None, _) => {
            let all = c.host.scalers();
            let width = all.iter().map(|r| r.service.len()).max().unwrap_or(4).max(4) + 3;
            let targets: Vec<String> = all.iter().map(targets).collect();
            let wide = targets.iter().map(String::len).max().unwrap_or(7).max(7) + 3;
            let (name, reference) = ("NAME", "REFERENCE");
            let to = width + 10;
            c.line(&format!("{name:<width$}{reference:<to$}{:<wide$}MINPODS   MAXPODS   REPLICAS", "TARGETS"));
            for (r, t) in all.iter().zip(&targets) {
                c.see(ObservedKind::Metric, r.service.clone(), Some(r.service.clone()));
                let paused = if r.paused { "   (paused)" } else { "" };
                c.line(&format!(
                    "{:<width$}{:<to$}{t:<wide$}{:<10}{:<10}{}{paused}",
                    r.service,
                    format!("Deployment/{}", r.service),
                    r.min,
                    r.max,
                    r.replicas
                ));
            }
            Step::Exit(0)
        }
        (verb @ ("pause" | "resume"), Some(service), 2) => {
            let effect = CapacityEffect::Autoscaler { service: service.to_owned(), paused: verb == "pause" };
            let done = format!("horizontalpodautoscaler.autoscaling/{service} {verb}d");
            ask(c, effect, "autoscale", service, &done)
        }
        ("set", Some(service), 4) => {
            let (Some(min), Some(max)) = (number(2), number(3)) else { return usage(c) };
            let done = format!("horizontalpodautoscaler.autoscaling/{service} patched");
            ask(c, CapacityEffect::ScaleBounds { service: service.to_owned(), min, max }, "autoscale", service, &done)
        }
        _ => usage(c),
    }
}

fn nodes(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let done = |what: &str, host: &str| format!("node/{host} {what}");
    match (a.at(0).unwrap_or("list"), a.at(1), a.at(2)) {
        ("list", None, None) => {
            let who = c.caller();
            let names = c.host.names(&who, NameKind::Host);
            let heads = ["NAME", "STATUS", "ZONE", "CPU(cores)", "CPU%", "MEMORY(bytes)", "MEMORY%"];
            let mut rows = vec![heads.map(str::to_owned).to_vec()];
            for name in names {
                let Some(m) = c.host.machine(&name) else { continue };
                let service = c.host.service_of(&name);
                c.see(ObservedKind::Host, name.clone(), service);
                let status = match (m.given_up, m.cordoned) {
                    (false, false) => "Ready",
                    (false, true) => "Ready,SchedulingDisabled",
                    (true, false) => "NotReady",
                    (true, true) => "NotReady,SchedulingDisabled",
                };
                let zone = if m.zone.is_empty() { "-".to_owned() } else { m.zone.clone() };
                // What does not answer tells nobody what it uses.
                let [cpu, share, memory, full] = if m.given_up {
                    ["<unknown>"; 4].map(str::to_owned)
                } else {
                    let percent = |part: f64, whole: f64| format!("{}%", (part / whole.max(1.0) * 100.0) as u64);
                    [
                        format!("{}m", (m.busy * 1_000.0).round() as u64),
                        percent(m.busy, m.cores),
                        format!("{}Mi", m.memory_used >> 20),
                        percent(m.memory_used as f64, m.memory as f64),
                    ]
                };
                rows.push(vec![name, status.to_owned(), zone, cpu, share, memory, full]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        (verb @ ("cordon" | "uncordon"), Some(host), None) => {
            let effect = CapacityEffect::Cordon { host: host.to_owned(), on: verb == "cordon" };
            ask(c, effect, verb, host, &done(&format!("{verb}ed"), host))
        }
        ("drain", Some(host), None) => {
            ask(c, CapacityEffect::Drain { host: host.to_owned() }, "drain", host, &done("drained", host))
        }
        (verb @ ("on" | "off"), Some(host), None) => {
            let effect = CapacityEffect::Power { host: host.to_owned(), on: verb == "on" };
            ask(c, effect, "power", host, &format!("{host}: power {verb}"))
        }
        _ => usage(c),
    }
}

fn quota(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0).unwrap_or("show"), a.at(1)) {
        ("show", None) => {
            let (quota, addresses) = (c.host.quota(), c.host.addresses());
            if quota.is_none() && addresses.is_none() {
                c.p.err.push_str("No resources found in default namespace.\n");
                return Step::Exit(0);
            }
            c.see(ObservedKind::Host, "quota".to_owned(), None);
            c.line("NAME            REQUEST");
            if let Some(q) = quota {
                c.line(&format!("compute-quota   pods: {}/{}", q.used, q.hard));
            }
            if let Some((used, all)) = addresses {
                c.line(&format!("address-pool    addresses: {used}/{all}"));
            }
            Step::Exit(0)
        }
        ("delete", None) => {
            ask(c, CapacityEffect::DeleteQuota, "quota", "quota", "resourcequota \"compute-quota\" deleted")
        }
        ("release-addresses", None) => {
            ask(c, CapacityEffect::ReleaseAddresses, "quota", "addresses", "address-pool: unused addresses released")
        }
        _ => usage(c),
    }
}

fn admit(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (Some(service), Some(Ok(percent)), None) = (a.at(0), a.at(1).map(str::parse::<u64>), a.at(2)) else {
        return usage(c);
    };
    let done = format!("{service}: lets in {}% of the requests", percent.min(100));
    ask(c, CapacityEffect::Admit { service: service.to_owned(), percent }, "admit", service, &done)
}

fn weight(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.at(2).map(str::parse::<u64>), a.at(3)) {
        (Some(service), None, None, None) => {
            let servers = c.host.servers(service);
            if servers.is_empty() {
                c.p.err.push_str("No such backend.\n");
                return Step::Exit(1);
            }
            let mut rows = vec![["SERVER", "WEIGHT", "SHARE", "STATUS"].map(str::to_owned).to_vec()];
            for s in servers {
                c.see(ObservedKind::Host, s.host.clone(), Some(service.to_owned()));
                let status = match (s.up, s.weight) {
                    (false, _) => "DOWN",
                    (true, 0) => "DRAIN",
                    (true, _) => "UP",
                };
                let share = format!("{:.1}%", s.share * 100.0);
                rows.push(vec![s.host, s.weight.to_string(), share, status.to_owned()]);
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        (Some(service), Some(host), Some(Ok(weight @ 0..=256)), None) => {
            let (service, host) = (service.to_owned(), host.to_owned());
            let done = format!("{service}/{host}: weight {weight}");
            let effect = CapacityEffect::Weigh { service: service.clone(), host, weight };
            ask(c, effect, "weigh", &service, &done)
        }
        _ => usage(c),
    }
}
