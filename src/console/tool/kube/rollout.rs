//! `kubectl rollout` and `kubectl wait`: how far a deployment is, its history, and steering it.

use super::kind::known;
use super::{Call, Kind};
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;
use crate::sim::capacity::{DEADLINE_S, image_of};
use crate::sim::effect::{CapacityEffect, Effect};
use crate::stdx::units;

/// What `rollout status` says; the flag says whether it is done.
fn state(d: &DeploymentInfo) -> (String, bool) {
    let v = &d.view;
    let waiting = |text: String| (format!("Waiting for deployment \"{}\" rollout to finish: {text}...", v.name), false);
    if v.updated < v.desired {
        return waiting(format!("{} out of {} new replicas have been updated", v.updated, v.desired));
    }
    if v.total > v.updated {
        return waiting(format!("{} old replicas are pending termination", v.total - v.updated));
    }
    if v.ready < v.updated {
        return waiting(format!("{} of {} updated replicas are available", v.ready, v.updated));
    }
    (format!("deployment \"{}\" successfully rolled out", v.name), true)
}

impl Call {
    /// A deployment that a command names.
    pub(super) fn deployment(&self, rest: &[String]) -> Result<&DeploymentInfo, String> {
        let (kind, name) = self.target(rest, "")?;
        if kind.plural != "deployments" {
            return Err(format!("error: {}.{} \"{name}\" is no deployment", kind.plural, kind.version));
        }
        self.cluster
            .deployments
            .iter()
            .find(|d| d.view.name == name)
            .ok_or(format!("Error from server (NotFound): deployments.apps \"{name}\" not found"))
    }
}

/// The verb.
pub(super) fn rollout(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some((verb, rest)) = call.words.rest.split_first() else {
        return call.fail(c, "error: there are rollout history, pause, restart, resume, status, undo");
    };
    if !matches!(verb.as_str(), "status" | "history" | "pause" | "resume" | "restart" | "undo") {
        return call.fail(c, &format!("error: unknown command \"{verb}\" for \"kubectl rollout\""));
    }
    if rest.is_empty() {
        return call.fail(c, "error: required resource not specified");
    }
    let d = match call.deployment(rest) {
        Ok(d) => d,
        Err(why) => return call.fail(c, &why),
    };
    let name = d.view.name.clone();
    c.see(ObservedKind::Release, name.clone(), Some(name.clone()));
    let service = name.clone();
    let (effect, done) = match verb.as_str() {
        "status" => return status(c, call, d),
        "history" => return history(c, call, d),
        "pause" => (CapacityEffect::Hold { service, on: true }, "paused"),
        "resume" => (CapacityEffect::Hold { service, on: false }, "resumed"),
        "restart" => (CapacityEffect::Rollout { service }, "restarted"),
        _ => {
            let revision = match call.words.get("to-revision").unwrap_or("0").parse::<u64>() {
                Ok(n) => n,
                Err(_) => return call.fail(c, "error: invalid argument for \"--to-revision\" flag"),
            };
            let now = d.view.revisions.last().map_or(0, |(r, _)| r.number);
            if revision == now && revision > 0 {
                c.line(&format!(
                    "deployment.apps/{name} skipped rollback (current template already matches revision {now})"
                ));
                return Step::Exit(0);
            }
            (CapacityEffect::Undo { service, revision }, "rolled back")
        }
    };
    let need = if verb == "undo" && !c.host.may(&call.who, "scale") { "release" } else { "scale" };
    match call.ask(c, &Effect::Capacity(effect), need, verb, (known("deployments"), &name)) {
        Ok(_) => {
            c.line(&format!("deployment.apps/{name} {done}"));
            Step::Exit(0)
        }
        Err(step) => step,
    }
}

/// Says how far it is whenever that is news, until it is done. Ctrl-C ends the looking, not the rollout.
fn status(c: &mut Ctx<'_>, call: &Call, d: &DeploymentInfo) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let (text, done) = state(d);
    let name = &d.view.name;
    if !done && !d.view.paused && d.view.moving_s.is_some_and(|s| s > DEADLINE_S) {
        return call.fail(c, &format!("error: deployment \"{name}\" exceeded its progress deadline"));
    }
    if c.tool.text != text {
        c.line(&text);
        c.tool.text = text;
    }
    if done || call.words.get("watch") == Some("false") {
        return Step::Exit(0);
    }
    if c.tool.phase == 0 {
        (c.tool.phase, c.tool.n) = (1, c.con.now_ms);
    }
    let limit = call.words.get("timeout").and_then(units::span).map(|s| s.0).filter(|s| *s > 0);
    if limit.is_some_and(|s| c.con.now_ms.saturating_sub(c.tool.n) >= s * 1_000) {
        return call.fail(c, "error: timed out waiting for the condition");
    }
    c.sleep_ms(1_000);
    if c.p.out.is_empty() { Step::Wait } else { Step::More }
}

fn history(c: &mut Ctx<'_>, call: &Call, d: &DeploymentInfo) -> Step {
    let v = &d.view;
    if let Some(n) = call.words.get("revision").filter(|n| *n != "0") {
        let Some((r, hash)) = v.revisions.iter().find(|(r, _)| r.number.to_string() == n) else {
            return call.fail(c, "error: unable to find the specified revision");
        };
        c.line(&format!("deployment.apps/{} with revision #{n}", v.name));
        c.line(&format!("Pod Template:\n  Labels:\tapp={}\n\tpod-template-hash={hash}", v.name));
        if let Some((_, cause)) = d.causes.iter().find(|(m, cause)| *m == r.number && cause != "<none>") {
            c.line(&format!("  Annotations:\tkubernetes.io/change-cause: {cause}"));
        }
        c.line(&format!(
            "  Containers:\n   {}:\n    Image:\t{}\n    Port:\t8080/TCP",
            v.name,
            image_of(&v.name, Some(r))
        ));
        return Step::Exit(0);
    }
    let mut rows = vec![vec!["REVISION".to_owned(), "CHANGE-CAUSE".to_owned()]];
    for (r, _) in &v.revisions {
        let cause = d.causes.iter().find(|(n, _)| *n == r.number).map_or("<none>", |(_, cause)| cause);
        rows.push(vec![r.number.to_string(), cause.to_owned()]);
    }
    // This table alone has columns two blanks apart.
    let width = rows.iter().filter_map(|r| r.first()).map(String::len).max().unwrap_or(8) + 2;
    c.line(&format!("deployment.apps/{} ", v.name));
    for r in &rows {
        if let [number, cause] = r.as_slice() {
            c.line(&format!("{number:<width$}{cause}"));
        }
    }
    c.line("");
    Step::Exit(0)
}

/// `kubectl wait --for=condition=available deployment/api`.
pub(super) fn wait(c: &mut Ctx<'_>, call: &Call) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let Some(what) = call.words.get("for").map(str::to_ascii_lowercase) else {
        return call.fail(c, "error: unrecognized condition: \"\"");
    };
    let (kind, name): (&'static Kind, String) = match call.target(&call.words.rest, "") {
        Ok(t) => t,
        Err(_) if what == "delete" && c.tool.phase > 0 => {
            c.line(&format!("{} condition met", c.tool.text.clone()));
            return Step::Exit(0);
        }
        Err(why) => return call.fail(c, &why),
    };
    let one = format!("{}/{name}", kind.one());
    let condition = what.trim_start_matches("condition=").split('=').next().unwrap_or_default().to_owned();
    let is = |kind_name: &str| -> bool {
        let objects = call.objects(&vec![(kind, vec![name.clone()])]).unwrap_or_default();
        let conditions = objects.first().and_then(|o| o.json.get("status")?.get("conditions")?.as_array().cloned());
        conditions.into_iter().flatten().any(|x| {
            let field = |k: &str| x.get(k).and_then(serde_json::Value::as_str).unwrap_or_default().to_ascii_lowercase();
            field("type") == kind_name && field("status") == "true"
        })
    };
    if what != "delete" && is(&condition) {
        c.line(&format!("{one} condition met"));
        return Step::Exit(0);
    }
    if c.tool.phase == 0 {
        (c.tool.phase, c.tool.n, c.tool.text) = (1, c.con.now_ms, one.clone());
    }
    let limit = call.words.get("timeout").and_then(units::span).map_or(30, |s| s.0);
    if c.con.now_ms.saturating_sub(c.tool.n) >= limit * 1_000 {
        return call.fail(c, &format!("error: timed out waiting for the condition on {}/{name}", kind.plural));
    }
    c.sleep_ms(1_000);
    Step::Wait
}
