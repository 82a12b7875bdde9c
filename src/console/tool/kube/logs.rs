//! `kubectl logs`: the lines of one replica, of all that a selector names, or of the one before the last restart.
//!
//! What a service wrote is kept by service. Which replica wrote a line is drawn from the line and the replicas that
//! were there: the same line is of the same replica, whoever asks and whenever.

use super::Call;
use super::get::asked;
use crate::console::host::kube::Cluster;
use crate::console::host::{LogFrom, LogLine, LogScope};
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;
use crate::sim::capacity::{Phase, PodView, Why};
use crate::stdx::time::Utc;
use crate::stdx::units;

/// Lines read at once.
const PAGE: usize = 400;

/// Lines at the end of the log that a call reads through.
const DEPTH: u64 = 20_000;

/// A replica and when it could write: from, to.
#[derive(Clone, Debug)]
struct Writer {
    pod: PodView,
    from: i64,
    to: i64,
}

impl Call {
    /// Replicas that `api-…`, `pod/api-…`, `deploy/api`, `svc/api` names, and their service; the ready ones first.
    pub(super) fn pods_of(&self, name: &str) -> Result<Vec<(String, PodView)>, String> {
        let (kind, name) = match name.split_once('/') {
            Some(_) => match asked(&[name.to_owned()])?.into_iter().next() {
                Some((kind, names)) => (kind.plural, names.into_iter().next().unwrap_or_default()),
                None => return Err("error: expected a pod".to_owned()),
            },
            None => ("pods", name.to_owned()),
        };
        let all = self.cluster.deployments.iter().filter(|_| self.space() == "default");
        let mut found: Vec<(String, PodView)> = Vec::new();
        for d in all {
            let whole = matches!(kind, "deployments" | "services") && d.view.name == name;
            let mine = |p: &&PodView| match kind {
                "pods" => p.name == name,
                "replicasets" => name == format!("{}-{}", d.view.name, p.hash),
                _ => whole,
            };
            found.extend(d.view.pods.iter().filter(mine).map(|p| (d.view.name.clone(), p.clone())));
            if whole && d.view.pods.is_empty() {
                return Err(format!("error: timed out waiting for the condition: no pods of {}", d.view.name));
            }
        }
        if found.is_empty() {
            let full = super::kind::known(kind).full();
            return Err(format!("Error from server (NotFound): {full} \"{name}\" not found"));
        }
        found.sort_by_key(|(_, p)| (!p.ready, p.number));
        Ok(found)
    }
}

/// Everybody who could have written lines of a service.
fn writers_of(cluster: &Cluster, now: Utc, service: &str) -> Vec<Writer> {
    let Some(d) = cluster.deployments.iter().find(|d| d.view.name == service) else { return Vec::new() };
    let back = |s: u64| now.0 - i64::try_from(s).unwrap_or(0);
    let live = d.view.pods.iter().filter(|p| p.phase != Phase::Pending);
    let mut all: Vec<Writer> = live.map(|p| Writer { from: back(p.age_s), to: i64::MAX, pod: p.clone() }).collect();
    let gone = d.view.ended.iter();
    all.extend(gone.map(|(p, gone, _)| Writer { from: back(p.age_s), to: back(*gone), pod: p.clone() }));
    all
}

/// Lines that a replica wrote, of those of its service.
pub(crate) fn lines_of(cluster: &Cluster, now: Utc, service: &str, pod: &str, lines: &[LogLine]) -> Vec<String> {
    let writers = writers_of(cluster, now, service);
    let (mut last, mut nth) = (i64::MIN, 0);
    let mut out = Vec::new();
    for l in lines {
        (last, nth) = if l.at.0 == last { (last, nth + 1) } else { (l.at.0, 0) };
        if writer_of(l, nth, &writers).is_some_and(|w| w.pod.name == pod) {
            out.push(l.text.clone());
        }
    }
    out
}

/// The writer of a line: of those that were there, the one with the highest draw.
fn writer_of<'w>(line: &LogLine, nth: u64, writers: &'w [Writer]) -> Option<&'w Writer> {
    let draw = |w: &Writer| {
        let mut h = 0xcbf2_9ce4_8422_2325u64 ^ w.pod.number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for b in line.at.0.to_le_bytes().into_iter().chain(nth.to_le_bytes()) {
            h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
        h ^ (h >> 29)
    };
    writers.iter().filter(|w| w.from <= line.at.0 && line.at.0 < w.to).max_by_key(|w| draw(w))
}

/// The verb.
pub(super) fn logs(c: &mut Ctx<'_>, call: &Call) -> Step {
    if c.tool.phase == 1 && c.asleep() {
        return Step::Wait;
    }
    let picked: Vec<(String, PodView)> = match (call.words.at(0), call.words.get("selector")) {
        (Some(_), Some(_)) => return call.fail(c, "error: only a selector (-l) or a POD name is allowed"),
        (None, None) => {
            return call.fail(
                c,
                "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples",
            );
        }
        (Some(name), None) => match call.pods_of(name) {
            Ok(all) => {
                let many = all.len();
                let one: Vec<_> = all.into_iter().take(1).collect();
                if let (true, 0, Some((_, p))) = (many > 1, c.tool.phase, one.first()) {
                    c.p.err.push_str(&format!("Found {many} pods, using pod/{}\n", p.name));
                }
                one
            }
            Err(why) => return call.fail(c, &why),
        },
        (None, Some(_)) => {
            let asked = vec![(super::kind::known("pods"), Vec::new())];
            let objects = match call.objects(&asked) {
                Ok(o) => o,
                Err((_, why)) => return call.fail(c, &why),
            };
            objects.iter().filter_map(|o| call.pods_of(&o.name).ok()).flatten().collect()
        }
    };
    let Some((service, first)) = picked.first().cloned() else {
        c.p.err.push_str(&format!("No resources found in {} namespace.\n", call.space()));
        return Step::Exit(0);
    };
    if let Some(container) = call.words.get("container").filter(|x| *x != service) {
        let why = format!("error: container {container} is not valid for pod {}", first.name);
        return call.fail(c, &why);
    }
    let waits = first.phase == Phase::Pending || first.why == Why::NoImage || first.status == "ContainerCreating";
    if picked.len() == 1 && waits {
        let why = match first.status {
            "ImagePullBackOff" => "trying and failing to pull image",
            "ErrImagePull" => "image can't be pulled",
            _ => "ContainerCreating",
        };
        let text = format!(
            "Error from server (BadRequest): container \"{service}\" in pod \"{}\" is waiting to start: {why}",
            first.name
        );
        return call.fail(c, &text);
    }
    if first.lost && picked.len() == 1 {
        let node = first.node.as_ref().map_or("", |n| n.1.as_str());
        let address = call.cluster.nodes.iter().find(|n| n.name == node).map_or("", |n| n.address.as_str());
        let why = format!(
            "Error from server: Get \"https://{address}:10250/containerLogs/default/{}/{service}\": dial tcp {address}:10250: i/o timeout",
            first.name
        );
        return call.fail(c, &why);
    }
    let previous = call.words.has("previous");
    if previous && first.restarts == 0 {
        let why = format!(
            "Error from server (BadRequest): previous terminated container \"{service}\" in pod \"{}\" not found",
            first.name
        );
        return call.fail(c, &why);
    }
    print(c, call, &service, &picked, previous)
}

/// Prints the lines of the replicas picked; with `-f`, new ones as they come.
fn print(c: &mut Ctx<'_>, call: &Call, service: &str, picked: &[(String, PodView)], previous: bool) -> Step {
    let scope = LogScope::Service(service.to_owned());
    let follow = call.words.has("follow");
    let since = match call.words.get("since").filter(|s| *s != "0") {
        None => Utc(i64::MIN / 2),
        Some(text) => match units::span(text).and_then(|s| i64::try_from(s.0).ok()) {
            Some(s) => call.now.plus(-s - 1),
            None => {
                let why = format!(
                    "error: invalid argument \"{text}\" for \"--since\" flag: time: invalid duration \"{text}\""
                );
                return call.fail(c, &why);
            }
        },
    };
    // A selector shows the last ten of each, as kubectl does; a pod all of them.
    let usual = if call.words.get("selector").is_some() { "10" } else { "-1" };
    let tail = match call.words.get("tail").unwrap_or(usual).parse::<i64>() {
        Ok(n) => usize::try_from(n).ok(),
        Err(_) => {
            let text = call.words.get("tail").unwrap_or_default();
            let why = format!(
                "error: invalid argument \"{text}\" for \"--tail\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            );
            return call.fail(c, &why);
        }
    };
    let writers = writers_of(&call.cluster, call.now, service);
    let mut from = if c.tool.phase == 0 { LogFrom::Last(DEPTH) } else { LogFrom::Line(c.tool.m) };
    let mut lines: Vec<(usize, String)> = Vec::new();
    let (mut last, mut nth) = (i64::MIN, 0);
    for _ in 0..(DEPTH as usize / PAGE + 1) {
        let Some(page) = c.host.log_page(&scope, since, None, from, PAGE) else { break };
        for l in &page.lines {
            (last, nth) = if l.at.0 == last { (last, nth + 1) } else { (l.at.0, 0) };
            let Some(w) = writer_of(l, nth, &writers) else { continue };
            let Some(at) = picked.iter().position(|(_, p)| p.name == w.pod.name) else { continue };
            let p = &w.pod;
            let ended = call.now.0 - i64::try_from(p.ended_s).unwrap_or(0);
            let before = p.restarts > 0 && l.at.0 < ended;
            if before != previous {
                continue;
            }
            let stamp = if call.words.has("timestamps") { format!("{} ", l.at.iso()) } else { String::new() };
            let prefix = if call.words.has("prefix") { format!("[pod/{}/{service}] ", p.name) } else { String::new() };
            lines.push((at, format!("{prefix}{stamp}{}\n", l.text)));
        }
        c.tool.m = page.next;
        if !page.more {
            break;
        }
        from = LogFrom::Line(page.next);
    }
    if let (Some(tail), 0) = (tail, c.tool.phase) {
        let mut kept = Vec::new();
        for at in 0..picked.len() {
            let mine: Vec<usize> = (0..lines.len()).filter(|i| lines.get(*i).is_some_and(|l| l.0 == at)).collect();
            kept.extend(mine.iter().rev().take(tail).copied());
        }
        kept.sort_unstable();
        // Without -f the pods come one after the other.
        if !follow {
            kept.sort_by_key(|i| lines.get(*i).map(|l| l.0));
        }
        lines = kept.iter().filter_map(|i| lines.get(*i).cloned()).collect();
    }
    if !lines.is_empty() {
        c.see(ObservedKind::Log, service.to_owned(), Some(service.to_owned()));
    }
    for (_, text) in &lines {
        c.print(text);
    }
    if !follow || previous {
        return Step::Exit(0);
    }
    let gone = picked.iter().all(|(_, p)| p.phase == Phase::Terminating);
    if gone {
        return Step::Exit(0);
    }
    c.tool.phase = 1;
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}
