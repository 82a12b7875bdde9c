//! Sense of changes: steps that rise, versions that exist, jobs that run, queues that hold something.

use super::super::crontab::Crontab;
use super::super::read::{Reader, suggest};
use super::super::value::Value;
use super::walk;
use crate::diagnostic::Code;
use crate::stdx::rational::whole;
use crate::stdx::time::Offset;
use num_traits::Zero as _;

/// Runs all checks of this room.
pub fn check(reader: &mut Reader<'_>, root: &Value) {
    let world = root.at("world");
    walk(world, &mut |v| {
        if v.tag() == "Staged" {
            steps(reader, v);
        }
    });
    for (id, _, config) in world.at("configs").entries() {
        versions(reader, id, config);
    }
    named_versions(reader, root);
    for (id, place, cron) in world.at("crons").entries() {
        runs(reader, root, id, place.clone(), cron);
    }
    for (id, _, queue) in world.at("queues").entries() {
        holds(reader, id, queue);
    }
    for (id, _, service) in world.at("rollouts").entries() {
        if !world.at("services").entries().iter().any(|(s, _, _)| s == id) {
            let known = world.at("services").entries().iter().map(|(s, _, _)| s.as_str());
            let help = suggest(id, known);
            reader.report(
                Code::UnknownName,
                &service.at,
                format!("unknown service `{id}`"),
                "no such service".into(),
                help,
            );
        }
    }
    for (id, place, _) in world.at("vendors").entries() {
        match world.at("services").entries().iter().find(|(s, _, _)| s == id) {
            None => {
                let message = format!("unknown service `{id}`");
                let help = Some("a vendor is a service of somebody else; declare it under `services`".to_owned());
                reader.report(Code::UnknownName, place, message, "no such service".into(), help);
            }
            Some((_, _, s)) if s.at("owner").text() == "you" => {
                let message = format!("`{id}` is yours, so it is no vendor");
                let help = Some("give the service an `owner` from `people`".to_owned());
                reader.report(Code::OutOfRange, place, message, "owned by `you`".into(), help);
            }
            Some(_) => {}
        }
    }
    factors(reader, root);
}

fn steps(reader: &mut Reader<'_>, v: &Value) {
    let steps = v.at("steps");
    if steps.items().is_empty() {
        let help = Some("write `Global()` for a push without steps".to_owned());
        reader.report(Code::OutOfRange, &steps.at, "a staged push has steps".into(), "none".into(), help);
    }
    let mut last = 0u64;
    for step in steps.items() {
        let percent: u64 = step.at("percent").int();
        if percent <= last && step.get("percent").is_some() {
            let message = format!("{percent} % comes after {last} %");
            let help = Some("steps stand in rising order".to_owned());
            reader.report(Code::OutOfRange, &step.at, message, "does not rise".into(), help);
        }
        last = last.max(percent);
        if let Some(wait) = step.get("wait").filter(|w| w.span().0 == 0) {
            let help = Some("leave the step out, or wait in it".to_owned());
            reader.report(Code::OutOfRange, &wait.at, "a step that waits no time is none".into(), "0s".into(), help);
        }
    }
}

fn known(config: &Value) -> impl Iterator<Item = &str> {
    config.at("versions").entries().iter().map(|(id, _, _)| id.as_str())
}

fn no_version(reader: &mut Reader<'_>, id: &str, config: &Value, named: &Value) {
    let version = named.text();
    if !known(config).any(|k| k == version) {
        let help = suggest(&version, known(config)).or_else(|| Some(format!("`{id}` has no versions")));
        let message = format!("`{id}` has no version `{version}`");
        reader.report(Code::UnknownName, &named.at, message, "no such version".into(), help);
    }
}

fn versions(reader: &mut Reader<'_>, id: &str, config: &Value) {
    let named = [config.get("live"), config.get("declared"), config.at("generated").get("bad")];
    for v in named.into_iter().flatten() {
        no_version(reader, id, config, v);
    }
    let bad = config.at("generated").get("bad");
    if let Some(bad) = bad.filter(|b| b.text() == config.at("declared").text() && !b.text().is_empty()) {
        let message = "the bad version is the one that the repository declares".to_owned();
        reader.report(Code::OutOfRange, &bad.at, message, "no good one is left".into(), None);
    }
    if let Some(every) = config.at("generated").get("every").filter(|e| e.span().0 == 0) {
        reader.report(Code::OutOfRange, &every.at, "a cycle takes time".into(), "0s".into(), None);
    }
}

/// Versions that faults and effects name, of the artefact that they name.
fn named_versions(reader: &mut Reader<'_>, root: &Value) {
    let configs = root.at("world").at("configs").entries();
    let mut found = Vec::new();
    walk(root, &mut |v| {
        if matches!(v.tag(), "BadConfig" | "OutOfBand" | "Push" | "Edit") {
            let name = v.at("config").text();
            if let (Some((id, _, config)), Some(version)) =
                (configs.iter().find(|(id, _, _)| *id == name), v.get("version"))
            {
                found.push((id, config, version));
            }
        }
    });
    for (id, config, version) in found {
        no_version(reader, id, config, version);
    }
}

fn runs(reader: &mut Reader<'_>, root: &Value, id: &str, place: std::ops::Range<usize>, cron: &Value) {
    let Some(written) = cron.get("schedule") else { return };
    let schedule = match Crontab::parse(&written.text()) {
        Ok(schedule) => schedule,
        Err(why) => {
            let help = Some("minute hour day month weekday, such as `30 2 * * *`".to_owned());
            reader.report(Code::BadUnit, &written.at, why, "not a schedule".into(), help);
            return;
        }
    };
    let (t0, clock) = (root.at("t0").at("utc").utc(), root.at("clock"));
    let (opens, horizon): (Offset, Offset) = (clock.at("opens").offset(), clock.at("horizon").offset());
    let (zone, change): (i64, Option<(Offset, i64)>) =
        (cron.at("zone").int(), cron.get("zone_change").map(|z| (z.at("at").offset(), z.at("zone").int())));
    let ahead = |at: crate::stdx::time::Utc| match change {
        Some((from, other)) if at >= t0.plus(from.0) => other,
        _ => zone,
    };
    if schedule.next(t0.plus(opens.0), t0.plus(horizon.0), ahead).is_none() {
        let message = format!("the job `{id}` never runs in a session");
        let label = format!("not between {opens} and {horizon}");
        let help = Some("times are those of the host's zone; `zone` gives its minutes ahead of UTC".to_owned());
        reader.report(Code::NeverRuns, &written.at, message, label, help);
    }
    if cron.get("during").is_none() && cron.at("then").items().is_empty() {
        let help = Some("give it `during` or `then`, or leave it out".to_owned());
        reader.report(Code::NeverRuns, &place, format!("the job `{id}` does nothing"), "no effect".into(), help);
    }
}

fn holds(reader: &mut Reader<'_>, id: &str, queue: &Value) {
    if let Some(bound) = queue.get("bound") {
        let (most, waiting): (u64, u64) = (bound.int(), queue.at("waiting").int());
        if most < waiting {
            let message = format!("`{id}` holds at most {most} items, and {waiting} wait at the opening");
            reader.report(Code::OutOfRange, &bound.at, message, "too small".into(), None);
        }
    }
    if let Some(ttl) = queue.get("ttl").filter(|t| t.span().0 == 0) {
        let help = Some("leave it out for items that never grow too old".to_owned());
        reader.report(Code::OutOfRange, &ttl.at, "items live for some time".into(), "0s".into(), help);
    }
    if let Some(feed) = queue.get("fed_by").filter(|f| f.at("each").exact().is_zero()) {
        reader.report(Code::OutOfRange, &feed.at, "a feed that puts nothing in".into(), "0 items".into(), None);
    }
}

fn factors(reader: &mut Reader<'_>, root: &Value) {
    let mut bad = Vec::new();
    walk(root, &mut |v| {
        if matches!(v.tag(), "SlowConsumer" | "QueueFlood" | "RunawayJob")
            && let Some(factor) = v.get("factor").filter(|f| *f.exact() < whole(1))
        {
            bad.push(factor.at.clone());
        }
    });
    for at in bad {
        reader.report(Code::OutOfRange, &at, "a factor is at least 1".into(), "out of range".into(), None);
    }
}
