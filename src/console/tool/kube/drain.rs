//! `kubectl cordon`, `uncordon` and `drain`: a drain evicts pod by pod, waits for each to be gone, and tries again where
//! a disruption budget forbids it. Ctrl-C leaves the node cordoned and half empty, as it does in reality.

use super::kind::known;
use super::object::proxy_name;
use super::{Call, Kind};
use crate::console::tool::{Ctx, Step};
use crate::sim::capacity::Phase;
use crate::sim::effect::{CapacityEffect, Effect};
use crate::stdx::units;

fn node(call: &Call, word: &str) -> Result<String, String> {
    let name = word.strip_prefix("node/").or_else(|| word.strip_prefix("nodes/")).unwrap_or(word);
    match call.cluster.nodes.iter().find(|n| n.name == name) {
        Some(n) => Ok(n.name.clone()),
        None => Err(format!("Error from server (NotFound): nodes \"{name}\" not found")),
    }
}

/// The verbs `cordon` and `uncordon`.
pub(super) fn cordon(c: &mut Ctx<'_>, call: &Call) -> Step {
    let verb = call.words.verb.clone();
    if call.words.rest.is_empty() {
        return call.fail(c, &format!("error: USAGE: {verb} NODE [flags]"));
    }
    let mut status = 0;
    for word in call.words.rest.clone() {
        let name = match node(call, &word) {
            Ok(n) => n,
            Err(why) => {
                call.fail(c, &why);
                status = 1;
                continue;
            }
        };
        let on = verb == "cordon";
        let now = call.cluster.nodes.iter().any(|n| n.name == name && n.usage.cordoned);
        if on == now {
            c.line(&format!("node/{name} already {verb}ed"));
            continue;
        }
        if call.dry().is_empty() {
            let effect = Effect::Capacity(CapacityEffect::Cordon { host: name.clone(), on });
            if let Err(step) = call.ask(c, &effect, "nodes", &verb, (known("nodes"), &name)) {
                return step;
            }
        }
        c.line(&format!("node/{name} {verb}ed{}", call.dry()));
    }
    Step::Exit(status)
}

/// Pods of deployments on a node that are not on their way out.
fn left(call: &Call, node: &str) -> Vec<(String, bool)> {
    let all = call.cluster.deployments.iter().flat_map(|d| &d.view.pods);
    let here = all.filter(|p| p.node.as_ref().is_some_and(|n| n.1 == node));
    here.map(|p| (p.name.clone(), p.phase == Phase::Terminating)).collect()
}

/// The verb `drain`. `tool.text` is the node, `tool.lines` the pods that are evicted and not yet gone, `tool.wake` the
/// next look, `tool.n` the beginning.
pub(super) fn drain(c: &mut Ctx<'_>, call: &Call) -> Step {
    let nodes: &'static Kind = known("nodes");
    if c.tool.phase == 0 {
        let [word] = call.words.rest.as_slice() else { return call.fail(c, "error: USAGE: drain NODE [flags]") };
        let name = match node(call, word) {
            Ok(n) => n,
            Err(why) => return call.fail(c, &why),
        };
        let now = call.cluster.nodes.iter().any(|n| n.name == name && n.usage.cordoned);
        if call.dry().is_empty() && !now {
            let effect = Effect::Capacity(CapacityEffect::Cordon { host: name.clone(), on: true });
            if let Err(step) = call.ask(c, &effect, "nodes", "cordon", (nodes, &name)) {
                return step;
            }
        }
        c.line(&format!("node/{name} {}cordoned{}", if now { "already " } else { "" }, call.dry()));
        let proxy = proxy_name(&name);
        if !call.words.has("ignore-daemonsets") {
            c.p.err.push_str(&format!("error: unable to drain node \"{name}\" due to error: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): kube-system/{proxy}, continuing command...\nThere are pending nodes to be drained:\n {name}\ncannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): kube-system/{proxy}\n"));
            return Step::Exit(1);
        }
        c.p.err.push_str(&format!("Warning: ignoring DaemonSet-managed Pods: kube-system/{proxy}\n"));
        (c.tool.phase, c.tool.text, c.tool.n) = (1, name, c.con.now_ms);
        if !call.dry().is_empty() {
            c.line(&format!("node/{} drained{}", c.tool.text.clone(), call.dry()));
            return Step::Exit(0);
        }
        return Step::More;
    }
    if c.asleep() {
        return Step::Wait;
    }
    let name = c.tool.text.clone();
    let there = left(call, &name);
    let waiting = std::mem::take(&mut c.tool.lines);
    let (gone, still): (Vec<String>, Vec<String>) =
        waiting.into_iter().partition(|w| !there.iter().any(|(n, _)| n == w));
    gone.iter().for_each(|n| c.line(&format!("pod/{n} evicted")));
    c.tool.lines = still;
    let mut blocked = false;
    for (pod, ending) in &there {
        if *ending || c.tool.lines.contains(pod) {
            continue;
        }
        // What a budget held back is tried again every five seconds.
        if c.tool.phase == 2 && c.tool.m > c.con.now_ms {
            blocked = true;
            continue;
        }
        c.line(&format!("evicting pod default/{pod}"));
        let effect = Effect::Capacity(CapacityEffect::Evict { pod: pod.clone() });
        match c.apply(&effect, "evict", pod) {
            Ok(_) => c.tool.lines.push(pod.clone()),
            Err(why) if why.contains("disruption budget") => {
                blocked = true;
                c.p.err.push_str(&format!(
                    "error when evicting pods/\"{pod}\" -n \"default\" (will retry after 5s): {why}\n"
                ));
            }
            Err(why) => return call.fail(c, &why),
        }
    }
    if blocked && c.tool.m <= c.con.now_ms {
        (c.tool.phase, c.tool.m) = (2, c.con.now_ms + 5_000);
    }
    if there.is_empty() {
        let effect = Effect::Capacity(CapacityEffect::Drain { host: name.clone() });
        return match call.ask(c, &effect, "nodes", "drain", (nodes, &name)) {
            Ok(_) => {
                c.line(&format!("node/{name} drained"));
                Step::Exit(0)
            }
            Err(step) => step,
        };
    }
    let limit = call.words.get("timeout").and_then(units::span).map(|s| s.0).filter(|s| *s > 0);
    if limit.is_some_and(|s| c.con.now_ms.saturating_sub(c.tool.n) >= s * 1_000) {
        let why = format!(
            "error: unable to drain node \"{name}\" due to error: global timeout reached: {}s, continuing command...\nThere are pending nodes to be drained:\n {name}",
            limit.unwrap_or(0)
        );
        return call.fail(c, &why);
    }
    c.sleep_ms(1_000);
    Step::More
}
