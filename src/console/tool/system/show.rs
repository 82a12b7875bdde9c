//! What systemctl prints: lists of units, one unit, its file and its properties.

use super::{ago, bare, died, words};
use crate::console::host::{LogScope, UnitInfo, UnitState};
use crate::console::text_format::{ended, short, spent};
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;
use crate::stdx::time::Utc;

const LEGEND: &str = "\nLOAD   = Reflects whether the unit definition was properly loaded.\nACTIVE = The high-level unit activation state, i.e. generalization of SUB.\nSUB    = The low-level unit activation state, values depend on unit type.\n";

/// Starts, and seconds within which more of them are refused, where a unit's file says nothing.
const START_LIMIT: (u32, u64) = (5, 10);

fn load(c: &Ctx<'_>, u: &UnitInfo) -> &'static str {
    if c.host.unit_file(&c.p.host, &u.name).masked { "masked" } else { "loaded" }
}

pub(super) fn list(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let a = c.args.clone();
    let wanted = a.get("state").map(str::to_owned).or(a.has("failed").then(|| "failed".to_owned()));
    let fits = |u: &UnitInfo| {
        let (active, sub) = words(u.state);
        match &wanted {
            Some(w) => w.split(',').any(|w| w == active || w == sub),
            None => a.has("a") || u.state != UnitState::Inactive,
        }
    };
    let kind = a.get("t").is_none_or(|t| t.split(',').any(|t| t == "service"));
    let names: Vec<String> = a.rest.iter().skip(1).map(|n| bare(n)).collect();
    let named = |u: &UnitInfo| {
        names.is_empty()
            || names.iter().any(|n| n == &u.name || n.strip_suffix('*').is_some_and(|p| u.name.starts_with(p)))
    };
    let rows: Vec<UnitInfo> = c.host.units(&on).into_iter().filter(|u| kind && fits(u) && named(u)).collect();
    let width = rows.iter().map(|u| u.name.len() + 8).max().unwrap_or(4).max(4);
    let (w1, w2) = rows.iter().map(|u| words(u.state)).fold((6, 3), |m, w| (m.0.max(w.0.len()), m.1.max(w.1.len())));
    let (legend, plain) = (!a.has("no-legend"), a.has("plain"));
    let indent = if plain { "" } else { "  " };
    if legend && !rows.is_empty() {
        c.line(&format!("{indent}{:<width$} LOAD   {:<w1$} {:<w2$} DESCRIPTION", "UNIT", "ACTIVE", "SUB"));
    }
    for u in &rows {
        let (active, sub) = words(u.state);
        let dot = match (plain, u.state) {
            (true, _) => "",
            (false, UnitState::Failed) => "● ",
            _ => "  ",
        };
        let (unit, load) = (format!("{}.service", u.name), load(c, u));
        c.line(&format!("{dot}{unit:<width$} {load} {active:<w1$} {sub:<w2$} {}", u.description));
    }
    if legend {
        if !rows.is_empty() {
            c.line(LEGEND.trim_end());
        }
        let more =
            if wanted.is_none() && !a.has("a") { " Pass --all to see loaded but inactive units, too." } else { "" };
        c.line(&format!("{} loaded units listed.{more}", rows.len()));
        if wanted.is_none() {
            c.line("To show all installed unit files use 'systemctl list-unit-files'.");
        }
    }
    Step::Exit(0)
}

pub(super) fn files(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let rows: Vec<(String, &str)> = c
        .host
        .units(&on)
        .into_iter()
        .map(|u| (format!("{}.service", u.name), enabled(c, &u.name)))
        .filter(|(_, s)| c.args.get("state").is_none_or(|w| w == *s))
        .collect();
    let width = rows.iter().map(|r| r.0.len()).max().unwrap_or(9).max(9);
    let legend = !c.args.has("no-legend");
    if legend {
        c.line(&format!("{:<width$} {:<8} PRESET", "UNIT FILE", "STATE"));
    }
    for (name, state) in &rows {
        c.line(&format!("{name:<width$} {state:<8} enabled"));
    }
    if legend {
        c.line(&format!("\n{} unit files listed.", rows.len()));
    }
    Step::Exit(0)
}

pub(super) fn timers(c: &mut Ctx<'_>) -> Step {
    if !c.args.has("no-legend") {
        c.line("NEXT LEFT LAST PASSED UNIT ACTIVATES\n");
        c.line("0 timers listed.\nPass --all to see loaded but inactive timers, too.");
    }
    Step::Exit(0)
}

fn enabled(c: &Ctx<'_>, name: &str) -> &'static str {
    let f = c.host.unit_file(&c.p.host, name);
    match (f.masked, f.disabled) {
        (true, _) => "masked",
        (_, true) => "disabled",
        _ => "enabled",
    }
}

/// `is-active`, `is-enabled`, `is-failed`: a word for each unit; the status says whether one is.
pub(super) fn question(c: &mut Ctx<'_>, verb: &str, names: &[String]) -> Step {
    let (on, service) = (c.on(), c.service());
    let units = c.host.units(&on);
    let mut good = false;
    let mut bad = 3;
    for name in names {
        let unit = units.iter().find(|u| u.name == *name);
        c.see(ObservedKind::Process, format!("{on}:{name}"), unit.and_then(|u| u.service.clone()).or(service.clone()));
        let Some(u) = unit else {
            if verb == "is-enabled" {
                c.p.err.push_str(&format!(
                    "Failed to get unit file state for {name}.service: No such file or directory\n"
                ));
                bad = 1;
            } else {
                bad = 4;
                if !c.args.has("q") {
                    c.line("inactive");
                }
            }
            continue;
        };
        let word = if verb == "is-enabled" { enabled(c, name) } else { words(u.state).0 };
        good |= match verb {
            "is-enabled" => word == "enabled",
            "is-failed" => word == "failed",
            _ => word == "active",
        };
        if verb != "is-active" {
            bad = 1;
        }
        if !c.args.has("q") {
            c.line(word);
        }
    }
    Step::Exit(if good { 0 } else { bad })
}

/// `systemctl status` without a unit: the machine as a whole.
pub(super) fn machine(c: &mut Ctx<'_>) -> Step {
    let (on, service) = (c.on(), c.service());
    c.see(ObservedKind::Process, on.clone(), service);
    let units = c.host.units(&on);
    let failed = units.iter().filter(|u| u.state == UnitState::Failed).count();
    let state = if failed > 0 { "degraded" } else { "running" };
    let up = i64::try_from(c.host.uptime_s(&on)).unwrap_or(0);
    let since = c.host.utc().plus(-up);
    c.line(&format!("● {on}\n    State: {state}\n    Units: {} loaded (incl. loaded aliases)", units.len() + 108));
    c.line(&format!("     Jobs: {} queued", units.iter().filter(|u| u.state == UnitState::Activating).count()));
    c.line(&format!("   Failed: {failed} units\n    Since: {} {}; {}", since.day_name(), stamp(since), ago(up)));
    c.line("   CGroup: /\n           ├─init.scope\n           │ └─1 /sbin/init\n           └─system.slice");
    let running: Vec<&UnitInfo> = units.iter().filter(|u| u.pid.is_some()).collect();
    for (i, u) in running.iter().enumerate() {
        let last = i + 1 == running.len();
        let (branch, bar) = if last { ("└─", "  ") } else { ("├─", "│ ") };
        let pid = u.pid.unwrap_or(0);
        c.line(&format!("             {branch}{}.service\n             {bar}└─{pid} {}", u.name, u.exec));
    }
    Step::Exit(0)
}

fn stamp(at: Utc) -> String {
    at.iso().replace('T', " ").replace('Z', " UTC")
}

pub(super) fn status(c: &mut Ctx<'_>, names: &[String]) -> Step {
    let on = c.on();
    let units = c.host.units(&on);
    let mut status = 0;
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            c.line("");
        }
        match units.iter().find(|u| u.name == *name) {
            Some(u) => status = status.max(unit(c, u)),
            None => {
                c.p.err.push_str(&format!("Unit {name}.service could not be found.\n"));
                status = 4;
            }
        }
    }
    Step::Exit(status)
}

fn unit(c: &mut Ctx<'_>, u: &UnitInfo) -> i32 {
    let (on, service, name) = (c.on(), c.service(), u.name.clone());
    let target = format!("{on}:{name}");
    c.see(ObservedKind::Process, target.clone(), u.service.clone().or(service));
    let file = c.host.unit_file(&on, &name);
    let dot = match u.state {
        UnitState::Failed => "×",
        UnitState::Inactive => "○",
        _ => "●",
    };
    let (active, sub) = words(u.state);
    let long = match u.state {
        UnitState::AutoRestart => format!("{active} ({sub}) (Result: {})", u.result),
        UnitState::Failed => format!("failed (Result: {})", u.result),
        _ => format!("{active} ({sub})"),
    };
    let gone = c.host.utc().0 - u.since.0;
    let is = enabled(c, &name);
    c.line(&format!("{dot} {name}.service - {}", u.description));
    if file.masked {
        c.line(&format!("     Loaded: masked (Reason: Unit {name}.service is masked.)"));
    } else {
        c.line(&format!("     Loaded: loaded (/lib/systemd/system/{name}.service; {is}; preset: enabled)"));
    }
    c.line(&format!("     Active: {long} since {} {}; {}", u.since.day_name(), stamp(u.since), ago(gone)));
    let program = u.exec.split_whitespace().next().unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or(program);
    if died(u) {
        let (pid, how) = (u.last_pid, ended(&u.result));
        c.line(&format!("    Process: {pid} ExecStart={} ({how})", u.exec));
        c.line(&format!("   Main PID: {pid} ({how})"));
        c.line(&format!("        CPU: {}", spent(u.cpu_ms)));
    }
    if let Some(pid) = u.pid {
        let own = c.host.unit_use(&on, &name);
        let tasks = own.as_ref().map_or(1, |x| x.threads.max(1));
        let limit = own.as_ref().and_then(|x| x.limits.threads).unwrap_or(9_508);
        let memory = match own.and_then(|x| x.limits.memory) {
            Some(max) => format!("{} (max: {})", short(u.memory, ""), short(max, "")),
            None => short(u.memory, ""),
        };
        c.line(&format!("   Main PID: {pid} ({program})"));
        c.line(&format!("      Tasks: {tasks} (limit: {limit})"));
        c.line(&format!("     Memory: {memory}"));
        c.line(&format!("        CPU: {}", spent(u.cpu_ms)));
        c.line(&format!("     CGroup: /system.slice/{name}.service\n             └─{pid} {}", u.exec));
    }
    let lines = c.args.get("n").and_then(|n| n.parse().ok()).unwrap_or(10);
    let scope = LogScope::Unit(on.clone(), name);
    let logs = c.host.logs(&scope, Utc(i64::MIN / 2), lines).unwrap_or_default();
    if !logs.is_empty() {
        c.see(ObservedKind::Log, target, u.service.clone());
        c.line("");
    }
    for l in logs {
        c.line(&l.journal(&on));
    }
    if u.state == UnitState::Active { 0 } else { 3 }
}

pub(super) fn cat(c: &mut Ctx<'_>, names: &[String]) -> Step {
    let on = c.on();
    let units = c.host.units(&on);
    for name in names {
        let Some(u) = units.iter().find(|u| u.name == *name) else {
            c.p.err.push_str(&format!("No files found for {name}.service.\n"));
            return Step::Exit(1);
        };
        let service = c.service();
        c.see(ObservedKind::Process, format!("{on}:/lib/systemd/system/{name}.service"), u.service.clone().or(service));
        let user = u.pid.and_then(|pid| c.host.processes(&on).into_iter().find(|p| p.pid == pid)).map(|p| p.user);
        let limits = c.host.unit_use(&on, name).map(|x| x.limits).unwrap_or_default();
        let file = c.host.unit_file(&on, name);
        let limit = file
            .start_limit
            .filter(|l| *l != START_LIMIT)
            .map(|(burst, within)| format!("StartLimitBurst={burst}\nStartLimitIntervalSec={within}\n"));
        let mut text = format!(
            "# /lib/systemd/system/{name}.service\n[Unit]\nDescription={}\nAfter=network.target\n{}\n[Service]\nExecStart={}\n",
            u.description,
            limit.unwrap_or_default(),
            u.exec
        );
        if let Some(user) = user.filter(|u| u != "root") {
            text.push_str(&format!("User={user}\n"));
        }
        match (file.restart, file.restart_after_s) {
            (false, _) => text.push_str("Restart=no\n"),
            (true, Some(s)) => text.push_str(&format!("Restart=on-failure\nRestartSec={s}\n")),
            (true, None) => {
                text.push_str("Restart=on-failure\nRestartSec=2\nRestartSteps=5\nRestartMaxDelaySec=60\n");
            }
        }
        for (key, value) in
            [("LimitNOFILE", limits.descriptors), ("TasksMax", limits.threads), ("MemoryMax", limits.memory)]
        {
            if let Some(n) = value {
                text.push_str(&format!("{key}={n}\n"));
            }
        }
        text.push_str("\n[Install]\nWantedBy=multi-user.target\n");
        c.print(&text);
    }
    Step::Exit(0)
}

pub(super) fn properties(c: &mut Ctx<'_>, names: &[String]) -> Step {
    let on = c.on();
    let asked: Option<Vec<String>> = c.args.get("p").map(|p| p.split(',').map(str::to_owned).collect());
    let units = c.host.units(&on);
    for (i, name) in names.iter().enumerate() {
        if i > 0 {
            c.line("");
        }
        let unit = units.iter().find(|u| u.name == *name);
        c.see(ObservedKind::Process, format!("{on}:{name}"), unit.and_then(|u| u.service.clone()));
        let own = c.host.unit_use(&on, name);
        let limits = own.as_ref().map(|x| x.limits.clone()).unwrap_or_default();
        let file = c.host.unit_file(&on, name);
        let limit = file.start_limit.unwrap_or(START_LIMIT);
        let number = |n: Option<u64>| n.map_or("infinity".to_owned(), |n| n.to_string());
        let (active, sub) = unit.map_or(("inactive", "dead"), |u| words(u.state));
        let since = unit.map_or(String::new(), |u| format!("{} {}", u.since.day_name(), stamp(u.since)));
        let all = [
            ("Type", "simple".to_owned()),
            ("Restart", if file.restart { "on-failure" } else { "no" }.to_owned()),
            ("MainPID", unit.and_then(|u| u.pid).unwrap_or(0).to_string()),
            ("Result", unit.filter(|u| died(u)).map_or("success".to_owned(), |u| u.result.clone())),
            ("NRestarts", file.restarts.to_string()),
            ("RestartUSec", format!("{}s", file.restart_after_s.unwrap_or(2))),
            ("StartLimitBurst", limit.0.to_string()),
            ("StartLimitIntervalUSec", format!("{}s", limit.1)),
            (
                "ExecStart",
                unit.map_or(String::new(), |u| {
                    format!("{{ path={} ; argv[]={} }}", u.exec.split(' ').next().unwrap_or(""), u.exec)
                }),
            ),
            (
                "MemoryCurrent",
                unit.filter(|u| u.pid.is_some()).map_or("[not set]".to_owned(), |u| u.memory.to_string()),
            ),
            ("CPUUsageNSec", unit.map_or(0, |u| u.cpu_ms.saturating_mul(1_000_000)).to_string()),
            (
                "TasksCurrent",
                own.as_ref()
                    .filter(|_| unit.is_some_and(|u| u.pid.is_some()))
                    .map_or("[not set]".to_owned(), |x| x.threads.to_string()),
            ),
            ("TasksMax", number(limits.threads)),
            ("MemoryMax", number(limits.memory)),
            ("LimitNOFILE", limits.descriptors.unwrap_or(1_048_576).to_string()),
            ("Id", format!("{name}.service")),
            ("Description", unit.map_or(format!("{name}.service"), |u| u.description.clone())),
            (
                "LoadState",
                if unit.is_none() {
                    "not-found"
                } else if file.masked {
                    "masked"
                } else {
                    "loaded"
                }
                .to_owned(),
            ),
            ("ActiveState", active.to_owned()),
            ("SubState", sub.to_owned()),
            ("UnitFileState", if unit.is_some() { enabled(c, name) } else { "" }.to_owned()),
            ("ActiveEnterTimestamp", if active == "active" { since.clone() } else { String::new() }),
            ("StateChangeTimestamp", since),
        ];
        for (key, value) in all {
            if asked.as_ref().is_none_or(|p| p.iter().any(|p| p == key)) {
                c.line(&if c.args.has("value") { value } else { format!("{key}={value}") });
            }
        }
    }
    Step::Exit(0)
}
