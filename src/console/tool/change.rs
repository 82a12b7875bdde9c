//! config, flag, rollout, freeze, terraform, job, cache, vendor, targets, automation: seeing and steering changes.

use crate::console::host::change::{Changes, Config, Rollout};
use crate::console::tool::job::{begin_job, wait_job};
use crate::console::tool::network::tool;
use crate::console::tool::{Ctx, Decl, Step, flag};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, ChangeEffect, CronVerb, Effect, QueueVerb, RolloutVerb};
use crate::stdx::time::Span;

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        opts: &[flag("", "live", "what its readers have, instead of what the repository declares (show)")],
        ..tool(
            "config",
            "list|history|show|diff|push|rollback NAME [VERSION] [--live] | generator NAME on|off",
            "look at configuration artefacts, and push a version",
            &["diff", "generator", "history", "list", "push", "rollback", "show"],
            &[
                (
                    "config history rules",
                    "2023/07/20 12:17:00 +0000  r2       deployer      match bodies\n2023/07/18 10:19:00 +0000  r1       deployer      first rules\n",
                ),
                ("config diff rules", "--- rules r1\n+++ rules r2\n a\n+b\n"),
            ],
            config,
        )
    },
    tool(
        "flag",
        "list | set NAME on|off|PERCENT",
        "look at feature flags and kill switches, and switch one",
        &["list", "set"],
        &[(
            "flag list",
            "FLAG                 ON  SERVICE       ABOUT\nno-rules             0%  api           kill switch of the rules\n",
        )],
        flags,
    ),
    tool(
        "rollout",
        "status [NAME] | pause|resume|promote|abort NAME",
        "look at rollouts of releases and configuration, and steer one",
        &["abort", "pause", "promote", "resume", "status"],
        &[("rollout status", "rules          r1 -> r2            40%  progressing, about 24s left, by deployer\n")],
        rollout,
    ),
    tool(
        "freeze",
        "status | on REASON | off",
        "freeze deploys of new releases and configuration, or let them go on",
        &["off", "on", "status"],
        &[("freeze status", "deploys are open\n")],
        freeze,
    ),
    tool(
        "terraform",
        "plan|apply STACK",
        "compare what a stack declares with what is live, and make it so",
        &["apply", "plan"],
        &[(
            "terraform plan edge",
            "config.rules: Refreshing state... [id=rules]\n\nNote: Objects have changed outside of Terraform\n\nTerraform detected the following changes made outside of Terraform since the last \"terraform apply\" which may have affected this plan:\n\n  # config.rules has changed\n  ~ resource \"config\" \"rules\" {\n      ~ version = \"r1\" -> \"r2\"\n    }\n\nTerraform used the selected providers to generate the following execution plan. Resource actions are indicated with the following symbols:\n  ~ update in-place\n\nTerraform will perform the following actions:\n\n  # config.rules will be updated in-place\n  ~ resource \"config\" \"rules\" {\n        id      = \"rules\"\n      ~ version = \"r2\" -> \"r1\"\n    }\n\nPlan: 0 to add, 1 to change, 0 to destroy.\n",
        )],
        terraform,
    ),
    tool(
        "job",
        "list | pause|resume|run|kill NAME",
        "look at scheduled jobs of all hosts, and steer one",
        &["kill", "list", "pause", "resume", "run"],
        &[(
            "job list",
            "JOB            HOST       SCHEDULE         STATE      LAST      NEXT\nreport         web-01     30 12 * * *      idle       -         12:30:00\n",
        )],
        job,
    ),
    tool(
        "cache",
        "status | flush|warm NAME",
        "look at caches, and empty or fill one",
        &["flush", "status", "warm"],
        &[("cache status", "CACHE          FILLED\nshelf             25%\n")],
        cache,
    ),
    tool(
        "vendor",
        "status [NAME]",
        "read the status pages of systems that others run",
        &["status"],
        &[(
            "vendor status",
            "pay            status.pay.example     All Systems Operational  (updated 2023-07-20T10:00:00Z)\n",
        )],
        vendor,
    ),
    tool(
        "targets",
        "list | restart SERVICE | reset PROBE",
        "list what the monitoring scrapes, start its agent again, or make a probe's checker again",
        &["list", "reset", "restart"],
        &[(
            "targets list",
            "TARGET         STATE\napi            UP\ndocs           DOWN  context deadline exceeded\nprobe/uptime   DOWN  HTTP 503\n",
        )],
        targets,
    ),
    tool(
        "automation",
        "pause|resume SERVICE",
        "let automation move a service's replicas, or keep its hands off",
        &["pause", "resume"],
        &[("automation pause nope", "automation: Operation not supported\n")],
        automation,
    ),
];

fn usage(c: &mut Ctx<'_>) -> Step {
    let synopsis = crate::console::tool::find(&c.tool.name).map_or("", |d| d.synopsis);
    let line = format!("usage: {} {synopsis}\n", c.tool.name);
    c.p.err.push_str(&line);
    Step::Exit(2)
}

fn fail(c: &mut Ctx<'_>, message: &str) -> Step {
    c.error(message);
    Step::Exit(1)
}

/// Asks for a change and says that it is done, or waits for its job.
fn act(c: &mut Ctx<'_>, effect: ChangeEffect, verb: &str, target: &str, done: &str) -> Step {
    match c.apply(&Effect::Change(effect), verb, target) {
        Ok(Applied::Now) => {
            c.line(done);
            Step::Exit(0)
        }
        Ok(Applied::Job { job, seconds }) => {
            begin_job(c, job, &format!("{target}: {verb}"), &format!("{done}: job {job}, about {seconds}s"))
        }
        Err(why) => fail(c, &why),
    }
}

fn stamp(at: crate::stdx::time::Utc) -> String {
    at.iso().replace('-', "/").replace('T', " ").replace('Z', " +0000")
}

fn text_of<'a>(config: &'a Config, version: &str) -> &'a str {
    config.versions.iter().find(|v| v.id == version).map_or("", |v| v.text.as_str())
}

/// Lines of two texts as a unified diff without hunks: what went and what came around what stayed.
fn diff(old: &str, new: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let mut out = String::new();
    let mut part = |sign: char, lines: &[&str]| lines.iter().for_each(|l| out.push_str(&format!("{sign}{l}\n")));
    part(' ', a.get(..head).unwrap_or_default());
    part('-', a.get(head..a.len() - tail).unwrap_or_default());
    part('+', b.get(head..b.len() - tail).unwrap_or_default());
    part(' ', a.get(a.len() - tail..).unwrap_or_default());
    out
}

fn config(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let all = c.host.changes().configs;
    if (a.at(0), a.rest.len()) == (Some("list"), 1) {
        c.line("CONFIG         VERSION  STACK");
        for x in &all {
            c.see(ObservedKind::Release, format!("config:{}", x.name), x.service.clone());
            c.line(&format!("{:<14} {:<8} {}", x.name, x.declared, x.stack.as_deref().unwrap_or("-")));
        }
        return Step::Exit(0);
    }
    let (Some(verb), Some(name), 2..=3) = (a.at(0), a.at(1), a.rest.len()) else { return usage(c) };
    let Some(x) = all.into_iter().find(|x| x.name == name) else {
        return fail(c, &format!("no config '{name}'; `config list` shows them"));
    };
    if matches!(verb, "history" | "show" | "diff") {
        c.see(ObservedKind::Release, format!("config:{name}"), x.service.clone());
    }
    let change = |id: &str| x.versions.iter().find(|v| v.id == id).map_or("", |v| v.change.as_str()).to_owned();
    let mut pushed = x.history.iter().rev().map(|(_, v, _)| v.as_str());
    let current = pushed.next().unwrap_or(&x.declared).to_owned();
    let before = pushed.find(|v| *v != current).map(str::to_owned);
    match (verb, a.at(2)) {
        ("history", None) => {
            for (at, version, by) in x.history.iter().rev() {
                c.line(&format!("{}  {version:<8} {by:<13} {}", stamp(*at), change(version)));
            }
            Step::Exit(0)
        }
        ("show", version) => {
            let version = version.unwrap_or(if a.has("live") { &x.live } else { &x.declared });
            c.print(text_of(&x, version));
            Step::Exit(0)
        }
        ("diff", to) => {
            let to = to.map_or(current, str::to_owned);
            let at = x.versions.iter().position(|v| v.id == to);
            let Some(at) = at else { return fail(c, &format!("{name} has no version {to}")) };
            let older = if at > 0 { x.versions.get(at - 1) } else { None };
            let (id, old) = older.map_or(("/dev/null", ""), |v| (v.id.as_str(), v.text.as_str()));
            c.line(&format!("--- {name} {id}\n+++ {name} {to}"));
            c.print(&diff(old, text_of(&x, &to)));
            Step::Exit(0)
        }
        ("push" | "rollback", version) => {
            let to = match (verb, version) {
                (_, Some(v)) => v.to_owned(),
                ("rollback", None) if before.is_some() => before.unwrap_or_default(),
                _ => return fail(c, &format!("{name}: no version to {verb}; name one")),
            };
            let effect = ChangeEffect::Push { config: name.to_owned(), version: to.clone() };
            act(c, effect, verb, name, &format!("{name}: pushing {to}; `rollout status {name}` shows how far it is"))
        }
        ("generator", Some(word @ ("on" | "off"))) => {
            let on = word == "on";
            let effect = ChangeEffect::Generator { config: name.to_owned(), on };
            act(c, effect, if on { "resume" } else { "pause" }, name, &format!("generator of {name} is {word}"))
        }
        _ => usage(c),
    }
}

fn flags(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.at(2), a.rest.len()) {
        (Some("list"), None, None, 1) => {
            c.line("FLAG                 ON  SERVICE       ABOUT");
            for f in c.host.changes().flags {
                c.see(ObservedKind::Release, format!("flag:{}", f.name), Some(f.service.clone()));
                let on = format!("{}%", f.percent);
                c.line(&format!("{:<18} {on:>4}  {:<13} {}", f.name, f.service, f.about));
            }
            Step::Exit(0)
        }
        (Some("set"), Some(name), Some(to), 3) => {
            let percent = match to {
                "on" => Some(100),
                "off" => Some(0),
                n => n.trim_end_matches('%').parse().ok(),
            };
            let Some(percent) = percent else { return fail(c, &format!("'{to}' is not on, off or a percentage")) };
            let effect = ChangeEffect::Flag { flag: name.to_owned(), percent };
            act(c, effect, "flag", name, &format!("{name} is on for {percent}% of requests"))
        }
        _ => usage(c),
    }
}

/// A rollout in one line.
pub(super) fn progress(r: &Rollout) -> String {
    let state = match (r.why.as_str(), r.paused) {
        ("", false) => format!("progressing, about {} left", Span(r.left_s)),
        ("", true) => "paused".to_owned(),
        (why, _) => format!("stopped by its gate: {why}"),
    };
    format!("{:<14} {:<18} {:>3}%  {state}, by {}", r.of, format!("{} -> {}", r.from, r.to), r.percent, r.by)
}

fn rollout(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let verb = match a.at(0) {
        Some("status") if a.rest.len() <= 2 => {
            let all = c.host.changes().rollouts;
            let picked: Vec<_> = all.into_iter().filter(|r| a.at(1).is_none_or(|n| n == r.of)).collect();
            if picked.is_empty() {
                c.line("no rollout is in progress");
            }
            for r in picked {
                c.see(ObservedKind::Release, r.of.clone(), None);
                c.line(&progress(&r));
            }
            return Step::Exit(0);
        }
        Some("pause") => RolloutVerb::Pause,
        Some("resume") => RolloutVerb::Resume,
        Some("promote") => RolloutVerb::Promote,
        Some("abort") => RolloutVerb::Abort,
        _ => return usage(c),
    };
    let (Some(of), 2) = (a.at(1), a.rest.len()) else { return usage(c) };
    let effect = ChangeEffect::Rollout { of: of.to_owned(), verb };
    act(c, effect, verb.word(), of, &format!("rollout of {of}: {} done", verb.word()))
}

fn freeze(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.rest.len()) {
        (Some("status"), 1) => {
            match c.host.changes().freeze {
                None => c.line("deploys are open"),
                Some((who, why)) if who.is_empty() => c.line(&format!("deploys are frozen: {why}")),
                Some((who, why)) => c.line(&format!("deploys are frozen by {who}: {why}")),
            }
            Step::Exit(0)
        }
        (Some("on"), 2..) => {
            let why = a.rest.iter().skip(1).cloned().collect::<Vec<_>>().join(" ");
            act(c, ChangeEffect::Freeze { on: true, why }, "freeze", "deploys", "deploys are frozen")
        }
        (Some("off"), 1) => {
            let effect = ChangeEffect::Freeze { on: false, why: String::new() };
            act(c, effect, "unfreeze", "deploys", "deploys are open")
        }
        _ => usage(c),
    }
}

fn terraform(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (Some(verb @ ("plan" | "apply")), Some(stack), 2) = (a.at(0), a.at(1), a.rest.len()) else { return usage(c) };
    let all = c.host.changes().configs;
    let mine: Vec<&Config> = all.iter().filter(|x| x.stack.as_deref() == Some(stack)).collect();
    if mine.is_empty() {
        return fail(c, &format!("stack '{stack}' not found"));
    }
    for x in &mine {
        c.see(ObservedKind::Release, format!("config:{}", x.name), x.service.clone());
        c.line(&format!("config.{0}: Refreshing state... [id={0}]", x.name));
    }
    let drifted: Vec<&&Config> = mine.iter().filter(|x| x.live != x.declared).collect();
    if drifted.is_empty() {
        c.line("\nNo changes. Your infrastructure matches the configuration.\n\nTerraform has compared your real infrastructure against your configuration and found no differences, so no changes are needed.");
        if verb == "apply" {
            c.line("\nApply complete! Resources: 0 added, 0 changed, 0 destroyed.");
        }
        return Step::Exit(0);
    }
    c.line("\nNote: Objects have changed outside of Terraform\n\nTerraform detected the following changes made outside of Terraform since the last \"terraform apply\" which may have affected this plan:\n");
    for x in &drifted {
        c.line(&format!("  # config.{0} has changed\n  ~ resource \"config\" \"{0}\" {{", x.name));
        c.line(&format!("      ~ version = \"{}\" -> \"{}\"\n    }}", x.declared, x.live));
    }
    c.line("\nTerraform used the selected providers to generate the following execution plan. Resource actions are indicated with the following symbols:\n  ~ update in-place\n\nTerraform will perform the following actions:\n");
    for x in &drifted {
        c.line(&format!("  # config.{0} will be updated in-place\n  ~ resource \"config\" \"{0}\" {{", x.name));
        c.line(&format!("        id      = \"{}\"", x.name));
        c.line(&format!("      ~ version = \"{}\" -> \"{}\"\n    }}\n", x.live, x.declared));
    }
    c.line(&format!("Plan: 0 to add, {} to change, 0 to destroy.", drifted.len()));
    if verb == "plan" {
        return Step::Exit(0);
    }
    for x in &drifted {
        c.line(&format!("config.{0}: Modifying... [id={0}]", x.name));
    }
    let done = format!("\nApply complete! Resources: 0 added, {} changed, 0 destroyed.", drifted.len());
    act(c, ChangeEffect::Reconcile { stack: stack.to_owned() }, "apply", stack, &done)
}

fn job(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let verb = match (a.at(0), a.rest.len()) {
        (Some("list"), 1) => {
            c.line("JOB            HOST       SCHEDULE         STATE      LAST      NEXT");
            for j in c.host.changes().jobs {
                c.see(ObservedKind::Process, format!("{}:{}", j.host, j.name), None);
                let state = match (j.running, j.enabled) {
                    (0, true) => "idle".to_owned(),
                    (0, false) => "off".to_owned(),
                    (n, _) => format!("running {n}"),
                };
                let time = |t: Option<crate::stdx::time::Utc>| t.map_or("-".to_owned(), |t| t.hms());
                let (last, next) = (time(j.last), time(j.next.filter(|_| j.enabled)));
                c.line(&format!("{:<14} {:<10} {:<16} {state:<10} {last:<9} {next}", j.name, j.host, j.schedule));
            }
            return Step::Exit(0);
        }
        (Some("pause"), 2) => CronVerb::Pause,
        (Some("resume"), 2) => CronVerb::Resume,
        (Some("run"), 2) => CronVerb::Run,
        (Some("kill"), 2) => CronVerb::Kill,
        _ => return usage(c),
    };
    let name = a.at(1).unwrap_or_default().to_owned();
    let effect = ChangeEffect::Cron { cron: name.clone(), verb };
    act(c, effect, verb.word(), &name, &format!("{name}: {} done", verb.word()))
}

fn cache(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return wait_job(c);
    }
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.rest.len()) {
        (Some("status"), None, 1) => {
            c.line("CACHE          FILLED");
            for (name, share) in c.host.changes().caches {
                c.see(ObservedKind::Metric, format!("cache:{name}"), Some(name.clone()));
                c.line(&format!("{name:<14} {:>5.0}%", share * 100.0));
            }
            Step::Exit(0)
        }
        (Some("flush"), Some(name), 2) => {
            act(c, ChangeEffect::Flush { cache: name.to_owned() }, "flush", name, &format!("{name}: flushed"))
        }
        (Some("warm"), Some(name), 2) => {
            act(c, ChangeEffect::Warm { cache: name.to_owned() }, "warm", name, &format!("Filling {name}"))
        }
        _ => usage(c),
    }
}

fn vendor(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    if a.at(0) != Some("status") || a.rest.len() > 2 {
        return usage(c);
    }
    let all = c.host.changes().vendors;
    let picked: Vec<_> = all.into_iter().filter(|v| a.at(1).is_none_or(|n| n == v.0)).collect();
    if let (true, Some(name)) = (picked.is_empty(), a.at(1)) {
        return fail(c, &format!("no vendor '{name}'"));
    }
    for (name, page, says, at) in picked {
        c.see(ObservedKind::Status, format!("vendor:{name}"), Some(name.clone()));
        c.line(&format!("{name:<14} {page:<22} {says}  (updated {})", at.iso()));
    }
    Step::Exit(0)
}

fn targets(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    match (a.at(0), a.at(1), a.rest.len()) {
        (Some("list"), None, 1) => {
            c.line("TARGET         STATE");
            for (name, up) in c.host.changes().targets {
                c.see(ObservedKind::Metric, format!("target:{name}"), Some(name.clone()));
                c.line(&format!("{name:<14} {}", if up { "UP" } else { "DOWN  context deadline exceeded" }));
            }
            for (name, failed) in c.host.changes().probes {
                c.see(ObservedKind::Metric, format!("probe:{name}"), None);
                c.line(&format!(
                    "{:<14} {}",
                    format!("probe/{name}"),
                    failed.map_or("UP".into(), |w| format!("DOWN  {w}"))
                ));
            }
            Step::Exit(0)
        }
        (Some("restart"), Some(name), 2) => {
            let effect = ChangeEffect::Agent { service: name.to_owned() };
            act(c, effect, "restart", name, &format!("{name}: agent restarted"))
        }
        (Some("reset"), Some(name), 2) => {
            let effect = ChangeEffect::Checker { probe: name.to_owned() };
            act(c, effect, "reset", name, &format!("{name}: checker made again"))
        }
        _ => usage(c),
    }
}

fn automation(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (Some(verb @ ("pause" | "resume")), Some(name), 2) = (a.at(0), a.at(1), a.rest.len()) else { return usage(c) };
    let effect = ChangeEffect::Automation { service: name.to_owned(), on: verb == "resume" };
    act(c, effect, verb, name, &format!("{name}: automation {verb}d"))
}

/// A queue in depth, and what steers it.
pub(super) fn queue(c: &mut Ctx<'_>, verb: &str, name: &str) -> Step {
    let Some(q) = c.host.changes().queues.into_iter().find(|q| q.name == name) else {
        return fail(c, &format!("no queue '{name}'"));
    };
    let word = match verb {
        "show" => {
            c.see(ObservedKind::Queue, name.to_owned(), q.service.clone());
            c.line(&format!("{name}: {}", if q.paused { "paused" } else { "running" }));
            let delivery = if q.deliveries > 0 { format!(" (delivery {})", q.deliveries) } else { String::new() };
            c.line(&format!("  ready {}, unacked {}{delivery}, dead letters {}", q.ready, q.unacked, q.dead));
            c.line(&format!("  oldest item {}", Span(q.oldest_s)));
            let totals = (q.done, q.redelivered, q.expired, q.rejected);
            let (done, again, expired, rejected) = totals;
            c.line(&format!("  done {done}, redelivered {again}, expired {expired}, rejected {rejected}"));
            return Step::Exit(0);
        }
        "pause" => QueueVerb::Pause,
        "resume" => QueueVerb::Resume,
        "purge" => QueueVerb::Purge,
        "skip" => QueueVerb::Skip,
        _ => return usage(c),
    };
    let done = match word {
        QueueVerb::Pause => format!("{name}: consumers take nothing more"),
        QueueVerb::Resume => format!("{name}: consumers go on"),
        QueueVerb::Purge => format!("{name}: {} items dropped", q.ready + q.unacked),
        QueueVerb::Skip => format!("{name}: the item at the head is among the failed ones"),
    };
    act(c, ChangeEffect::Queue { queue: name.to_owned(), verb: word }, verb, name, &done)
}

/// Releases that run somewhere and a rollout of a service, for `release status`: only what is not plain.
pub(super) fn spread(changes: &Changes, service: &str) -> Vec<String> {
    let on = changes.running.iter().filter(|r| r.service == service);
    let rows: Vec<String> =
        on.map(|r| format!("{:>11}%  {}  {}", r.percent, r.release, r.hosts.join(" ")).trim_end().to_owned()).collect();
    let moving = changes.rollouts.iter().find(|r| r.of == service).map(|r| format!("rollout     {}", progress(r)));
    let mixed = if rows.len() > 1 { rows } else { Vec::new() };
    mixed.into_iter().chain(moving).collect()
}
