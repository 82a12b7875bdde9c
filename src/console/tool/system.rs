//! systemctl, service: units of a host, looked at and steered.

mod show;

use crate::console::host::{Caller, JobState, NameKind, UnitInfo, UnitState};
use crate::console::tool::job::{begin_job, wait_job};
use crate::console::tool::{Ctx, Decl, Operand, Step, flag, value};
use crate::scenario::ObservedKind;
use crate::sim::effect::{Applied, CapacityEffect, Effect, UnitLimit, UnitVerb};

pub(crate) const TOOLS: &[Decl] = &[
    Decl {
        name: "systemctl",
        synopsis: "status|start|stop|restart|reload|enable|disable|mask|unmask|is-active|is-enabled|is-failed|cat|show|kill|set-property UNIT... | list-units | list-unit-files | list-timers | --failed | daemon-reload",
        about: "control the systemd system and service manager",
        opts: &[
            flag("", "failed", "list only failed units"),
            flag("a", "all", "list inactive units too"),
            value("t", "type", "TYPE", "list units of this type"),
            value("", "state", "STATE", "list units in this state"),
            value("p", "property", "NAMES", "these properties (show)"),
            value("n", "lines", "LINES", "so many lines of the journal (status)"),
            value("s", "signal", "SIGNAL", "the signal (kill)"),
            flag("", "now", "start or stop at once too (enable, disable, mask)"),
            flag("", "value", "values without names (show)"),
            flag("q", "quiet", "print nothing (is-active)"),
            flag("l", "full", "accepted; nothing is cut off"),
            flag("", "no-legend", "no titles and no last lines"),
            flag("", "plain", "no marks in front of units"),
            flag("", "no-pager", "do not pipe output into a pager (there is none here)"),
        ],
        subs: &[
            "cat",
            "daemon-reload",
            "disable",
            "enable",
            "is-active",
            "is-enabled",
            "is-failed",
            "kill",
            "list-timers",
            "list-unit-files",
            "list-units",
            "mask",
            "reload",
            "reset-failed",
            "restart",
            "set-property",
            "show",
            "start",
            "status",
            "stop",
            "try-restart",
            "unmask",
        ],
        operand: Operand::Name(NameKind::Unit),
        missing: &["edit: unit files of simulated machines are read only; set-property changes limits."],
        examples: &[
            ("systemctl is-active ssh", "active\n"),
            ("systemctl restart nope", "Failed to restart nope.service: Unit nope.service not found.\n"),
            ("ssh web-01 systemctl restart nginx; ssh web-01 systemctl is-active nginx", "active\n"),
            ("systemctl show -p MainPID,ActiveState ssh", "MainPID=812\nActiveState=active\n"),
        ],
        step: systemctl,
        ..Decl::BLANK
    },
    Decl {
        name: "service",
        synopsis: "UNIT status|start|stop|restart|reload | --status-all",
        about: "run a unit's init script, which here is systemctl",
        opts: &[flag("", "status-all", "all units and whether they run")],
        operand: Operand::Name(NameKind::Unit),
        examples: &[("service nope restart", "Failed to restart nope.service: Unit nope.service not found.\n")],
        step: service,
        ..Decl::BLANK
    },
];

fn words(s: UnitState) -> (&'static str, &'static str) {
    match s {
        UnitState::Active => ("active", "running"),
        UnitState::Activating => ("activating", "start"),
        UnitState::AutoRestart => ("activating", "auto-restart"),
        UnitState::Inactive => ("inactive", "dead"),
        UnitState::Failed => ("failed", "failed"),
    }
}

/// Whether its main process has died since it was last started or stopped.
fn died(u: &UnitInfo) -> bool {
    matches!(u.state, UnitState::AutoRestart | UnitState::Failed)
}

/// How long ago, as systemd says it.
fn ago(seconds: i64) -> String {
    let s = seconds.max(0);
    let part = |n: i64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    match s {
        31_557_600.. => format!("{} {} ago", part(s / 31_557_600, "year"), part(s % 31_557_600 / 2_629_800, "month")),
        2_629_800.. => format!("{} {} ago", part(s / 2_629_800, "month"), part(s % 2_629_800 / 86_400, "day")),
        604_800.. => format!("{} {} ago", part(s / 604_800, "week"), part(s % 604_800 / 86_400, "day")),
        172_800.. => format!("{} days ago", s / 86_400),
        90_000.. => format!("1 day {}h ago", (s - 86_400) / 3_600),
        21_600.. => format!("{}h ago", s / 3_600),
        3_600.. => format!("{}h {}min ago", s / 3_600, s / 60 % 60),
        300.. => format!("{}min ago", s / 60),
        60.. => format!("{}min {}s ago", s / 60, s % 60),
        _ => format!("{s}s ago"),
    }
}

fn bare(name: &str) -> String {
    name.trim_end_matches(".service").to_owned()
}

fn too_few(c: &mut Ctx<'_>) -> Step {
    c.p.err.push_str("Too few arguments.\n");
    Step::Exit(1)
}

fn systemctl(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        return started(c);
    }
    let a = c.args.clone();
    let verb = a.at(0).unwrap_or("list-units").to_owned();
    let names: Vec<String> = a.rest.iter().skip(1).map(|n| bare(n)).collect();
    match verb.as_str() {
        "list-units" => show::list(c),
        "list-unit-files" => show::files(c),
        "list-timers" => show::timers(c),
        "daemon-reload" | "daemon-reexec" => {
            if root(c) {
                return Step::Exit(0);
            }
            c.p.err.push_str("Failed to reload daemon: Access denied\n");
            Step::Exit(1)
        }
        "is-system-running" => {
            let on = c.on();
            let failed = c.host.units(&on).iter().any(|u| u.state == UnitState::Failed);
            c.line(if failed { "degraded" } else { "running" });
            Step::Exit(i32::from(failed))
        }
        "status" if names.is_empty() => show::machine(c),
        "status" => show::status(c, &names),
        "show" => show::properties(c, &names),
        "cat" | "is-active" | "is-enabled" | "is-failed" if names.is_empty() => too_few(c),
        "cat" => show::cat(c, &names),
        "is-active" | "is-enabled" | "is-failed" => show::question(c, &verb, &names),
        "start" | "stop" | "restart" | "reload" | "try-restart" | "reload-or-restart" | "enable" | "disable"
        | "mask" | "unmask" | "reset-failed" | "kill" => {
            if names.is_empty() {
                return if verb == "reset-failed" { Step::Exit(0) } else { too_few(c) };
            }
            c.tool.lines = names.into_iter().rev().collect();
            next(c, &verb)
        }
        "set-property" => set_property(c, names.first().cloned(), a.rest.get(2..).unwrap_or_default()),
        other => {
            c.p.err.push_str(&format!("Unknown command verb '{other}', or it is not available in this shell.\n"));
            Step::Exit(1)
        }
    }
}

/// Whether the caller manages units: as root, or by the policy that lets those who hold sudo do it without typing it.
fn root(c: &mut Ctx<'_>) -> bool {
    let who: Caller = c.caller();
    let on = c.on();
    who.user == "root" || c.host.may(&who, &format!("sudo:{on}"))
}

/// The next unit of a command that names several; `tool.lines` holds those that are left.
fn next(c: &mut Ctx<'_>, verb: &str) -> Step {
    while let Some(name) = c.tool.lines.pop() {
        match one(c, verb, &name) {
            Step::Exit(0) => {}
            Step::Exit(n) => c.tool.status = n,
            wait => return wait,
        }
    }
    Step::Exit(c.tool.status)
}

fn one(c: &mut Ctx<'_>, verb: &str, name: &str) -> Step {
    let on = c.on();
    let target = format!("{on}:{name}");
    let Some(unit) = c.host.units(&on).into_iter().find(|u| u.name == name) else {
        c.refuse(verb, &target, &format!("Unit {name}.service not found."));
        let what = match verb {
            "enable" | "disable" | "mask" | "unmask" => {
                format!("Failed to {verb} unit: Unit file {name}.service does not exist.\n")
            }
            _ => format!("Failed to {verb} {name}.service: Unit {name}.service not found.\n"),
        };
        c.p.err.push_str(&what);
        return Step::Exit(if matches!(verb, "enable" | "disable" | "mask" | "unmask") { 1 } else { 5 });
    };
    let service = c.service();
    c.see(ObservedKind::Process, target.clone(), unit.service.clone().or(service));
    if !root(c) {
        c.refuse(verb, &target, "Access denied");
        let text = match verb {
            "enable" | "disable" | "mask" | "unmask" => format!("Failed to {verb} unit: Access denied\n"),
            _ => format!(
                "Failed to {verb} {name}.service: Access denied\nSee system logs and 'systemctl status {name}.service' for details.\n"
            ),
        };
        c.p.err.push_str(&text);
        return Step::Exit(4);
    }
    let file = format!("/lib/systemd/system/{name}.service");
    let link = format!("/etc/systemd/system/multi-user.target.wants/{name}.service");
    let now = c.args.has("now");
    let is = c.host.unit_file(&on, name);
    let said = match verb {
        "enable" if is.disabled => format!("Created symlink {link} → {file}.\n"),
        "disable" if !is.disabled => format!("Removed \"{link}\".\n"),
        "mask" if !is.masked => format!("Created symlink /etc/systemd/system/{name}.service → /dev/null.\n"),
        "unmask" if is.masked => format!("Removed \"/etc/systemd/system/{name}.service\".\n"),
        _ => String::new(),
    };
    let action = match verb {
        "start" => UnitVerb::Start,
        "stop" => UnitVerb::Stop,
        "try-restart" if unit.state != UnitState::Active => return Step::Exit(0),
        "restart" | "try-restart" => UnitVerb::Restart,
        "reload-or-restart" if unit.state != UnitState::Active => UnitVerb::Restart,
        "reload" | "reload-or-restart" => UnitVerb::Reload,
        "enable" => UnitVerb::Enable,
        "disable" => UnitVerb::Disable,
        "mask" => UnitVerb::Mask,
        "unmask" => UnitVerb::Unmask,
        "kill" => return kill(c, &unit),
        _ => return Step::Exit(0),
    };
    // What is so already changes nothing.
    let idle = said.is_empty() && matches!(verb, "enable" | "disable" | "mask" | "unmask");
    if idle && c.p.user != "root" {
        let why = "Interactive authentication required.";
        c.refuse(verb, &target, why);
        c.p.err.push_str(&format!("Failed to {verb} unit: {why}\n"));
        return Step::Exit(1);
    }
    let mut result = if idle { Ok(Applied::Now) } else { run(c, &on, name, action, verb) };
    c.p.err.push_str(&said);
    if now && result.is_ok() {
        result = match verb {
            "enable" => run(c, &on, name, UnitVerb::Start, "start"),
            "disable" | "mask" => run(c, &on, name, UnitVerb::Stop, "stop"),
            _ => result,
        };
    }
    match result {
        Ok(Applied::Now) => Step::Exit(0),
        // The real tool says nothing while it waits, and nothing when all is well.
        Ok(Applied::Job { job, .. }) => begin_job(c, job, "", ""),
        Err(why) => {
            let text = match verb {
                "reload" if unit.state != UnitState::Active => {
                    format!("{name}.service is not active, cannot reload.\n")
                }
                _ => format!("Failed to {verb} {name}.service: {why}\n"),
            };
            c.p.err.push_str(&text);
            Step::Exit(1)
        }
    }
}

fn run(c: &mut Ctx<'_>, on: &str, name: &str, verb: UnitVerb, word: &str) -> Result<Applied, String> {
    let effect = Effect::Unit { host: on.to_owned(), unit: name.to_owned(), verb };
    c.apply(&effect, word, &format!("{on}:{name}"))
}

fn kill(c: &mut Ctx<'_>, unit: &UnitInfo) -> Step {
    let Some(pid) = unit.pid else {
        c.p.err.push_str(&format!("Failed to kill unit {}.service: No main process to kill\n", unit.name));
        return Step::Exit(1);
    };
    let signal = c.args.get("s").unwrap_or("SIGTERM").to_owned();
    let (effect, word) = match signal.trim_start_matches("SIG") {
        "HUP" | "1" => (Effect::Unit { host: c.on(), unit: unit.name.clone(), verb: UnitVerb::Reload }, "reload"),
        _ => (Effect::Kill { host: c.on(), pid }, "kill"),
    };
    let target = format!("{}:{pid}", c.p.host);
    let mut who = c.caller();
    who.user = "root".to_owned();
    match c.host.apply(&who, &effect, word, &target) {
        Ok(_) => Step::Exit(0),
        Err(why) => {
            c.p.err.push_str(&format!("Failed to kill unit {}.service: {}\n", unit.name, why.message));
            Step::Exit(1)
        }
    }
}

/// A unit that was started runs, or has died at once; then the next one.
fn started(c: &mut Ctx<'_>) -> Step {
    let on = c.on();
    let verb = c.args.at(0).unwrap_or_default().to_owned();
    // The one that is waited for stands before those that are left.
    let left = c.tool.lines.len();
    let of = c.args.rest.len().saturating_sub(left + 1);
    let unit = bare(c.args.at(of).unwrap_or_default());
    let failed = |u: &UnitInfo| u.name == unit && died(u);
    let done = c.tool.job.is_some_and(|j| c.host.job(j) == JobState::Done);
    if done && c.host.units(&on).iter().any(failed) {
        c.p.err.push_str(&format!(
            "Job for {unit}.service failed because the control process exited with error code.\nSee \"systemctl status {unit}.service\" and \"journalctl -xeu {unit}.service\" for details.\n"
        ));
        c.tool.status = 1;
    } else if !done {
        match wait_job(c) {
            Step::Exit(0) => {}
            Step::Exit(n) => c.tool.status = n,
            wait => return wait,
        }
    }
    c.tool.job = None;
    next(c, &verb)
}

fn set_property(c: &mut Ctx<'_>, name: Option<String>, sets: &[String]) -> Step {
    let (Some(name), false) = (name, sets.is_empty()) else { return too_few(c) };
    let on = c.on();
    if !c.host.units(&on).iter().any(|u| u.name == name) {
        c.p.err.push_str(&format!("Failed to set unit properties on {name}.service: Unit {name}.service not found.\n"));
        return Step::Exit(1);
    }
    for set in sets {
        let (key, text) = set.split_once('=').unwrap_or((set, ""));
        let none = text == "infinity" || text.is_empty();
        let (what, value) = match key {
            "MemoryMax" | "MemoryLimit" => (UnitLimit::Memory, crate::console::text_format::size(text)),
            "TasksMax" => (UnitLimit::Threads, text.parse().ok()),
            "LimitNOFILE" => (UnitLimit::Descriptors, text.split(':').next().and_then(|t| t.parse().ok())),
            "CPUQuota" => (UnitLimit::Cpu, text.trim_end_matches('%').parse::<u64>().ok()),
            _ => {
                c.p.err.push_str(&format!("Unknown assignment: {set}\n"));
                return Step::Exit(1);
            }
        };
        if value.is_none() && !none {
            c.p.err.push_str(&format!("Failed to parse {key}= parameter {text}: Invalid argument\n"));
            return Step::Exit(1);
        }
        let effect = CapacityEffect::Limit { host: on.clone(), unit: name.clone(), what, value };
        let target = format!("{on}:{name}");
        let mut who = c.caller();
        if root(c) {
            who.user = "root".to_owned();
        }
        if let Err(why) = c.host.apply(&who, &Effect::Capacity(effect), "limit", &target) {
            c.p.err.push_str(&format!("Failed to set unit properties on {name}.service: {}\n", why.message));
            return Step::Exit(1);
        }
    }
    Step::Exit(0)
}

fn service(c: &mut Ctx<'_>) -> Step {
    if c.tool.job.is_some() {
        // `tool.args` were turned round when it began.
        return started(c);
    }
    if c.args.has("status-all") {
        let on = c.on();
        for u in c.host.units(&on) {
            c.line(&format!(" [ {} ]  {}", if u.state == UnitState::Active { '+' } else { '-' }, u.name));
        }
        return Step::Exit(0);
    }
    let (Some(unit), Some(verb)) = (c.args.at(0).map(str::to_owned), c.args.at(1).map(str::to_owned)) else {
        c.p.err.push_str("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n");
        return Step::Exit(1);
    };
    c.args.rest = vec![verb, unit];
    c.tool.args = Some(c.args.clone());
    systemctl(c)
}
