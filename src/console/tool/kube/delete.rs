//! `kubectl delete`: a pod is made anew by its replica set; a deployment is gone for good.

use super::Call;
use super::get::asked;
use super::kind::Kind;
use super::object::Object;
use crate::console::tool::{Ctx, Step};
use crate::sim::effect::{CapacityEffect, Effect};

/// The verb.
pub(super) fn delete(c: &mut Ctx<'_>, call: &Call) -> Step {
    if c.tool.phase == 1 {
        return gone(c, call);
    }
    let asked = match asked(&call.words.rest) {
        Ok(a) => a,
        Err(why) => return call.fail(c, &why),
    };
    let Some((kind, names)) = asked.first().cloned() else {
        return call.fail(c, "error: You must provide one or more resources by argument or filename.");
    };
    if names.is_empty() && call.words.get("selector").is_none() && !call.words.has("all") {
        return call.fail(c, "error: resource(s) were provided, but no name was specified");
    }
    let (objects, error) = match call.objects(&asked) {
        Ok(o) => (o, None),
        Err((o, why)) => (o, Some(why)),
    };
    if objects.is_empty() && error.is_none() {
        c.p.err.push_str("No resources found\n");
        return Step::Exit(0);
    }
    let now = call.words.has("now") || call.words.has("force");
    if call.words.has("force") {
        c.p.err.push_str("Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n");
    }
    for o in &objects {
        let one = if o.kind.group.is_empty() {
            o.kind.singular.to_owned()
        } else {
            format!("{}.{}", o.kind.singular, o.kind.group)
        };
        let word = if call.words.has("force") { "force deleted" } else { "deleted" };
        let done = format!("{one} \"{}\" {word}{}", o.name, call.dry());
        if call.dry().is_empty()
            && let Err(step) = one_of(c, call, o)
        {
            return step;
        }
        c.line(&done);
    }
    if let Some(why) = error {
        return call.fail(c, &why);
    }
    let pods = kind.plural == "pods" && call.dry().is_empty();
    if !pods || now || call.words.get("wait") == Some("false") {
        return Step::Exit(0);
    }
    // It comes back when the last one is gone.
    (c.tool.phase, c.tool.n) = (1, c.con.now_ms);
    c.tool.lines = objects.into_iter().map(|o| o.name).collect();
    c.sleep_ms(1_000);
    Step::More
}

fn gone(c: &mut Ctx<'_>, call: &Call) -> Step {
    if c.asleep() {
        return Step::Wait;
    }
    let mut there = call.cluster.deployments.iter().flat_map(|d| &d.view.pods);
    if !there.any(|p| c.tool.lines.contains(&p.name)) {
        return Step::Exit(0);
    }
    c.sleep_ms(1_000);
    Step::Wait
}

fn one_of(c: &mut Ctx<'_>, call: &Call, o: &Object) -> Result<(), Step> {
    let name = o.name.clone();
    let kind: &'static Kind = o.kind;
    let (effect, need) = match (kind.plural, &o.service) {
        ("pods", Some(_)) => (CapacityEffect::DeletePod { pod: name.clone() }, "scale"),
        ("deployments", _) => (CapacityEffect::DeleteDeployment { service: name.clone() }, "scale"),
        ("horizontalpodautoscalers", _) => (CapacityEffect::DeleteScaler { service: name.clone() }, "scale"),
        ("resourcequotas", _) => (CapacityEffect::DeleteQuota, "nodes"),
        _ => return Err(call.forbidden(c, kind, "delete", Some(&name))),
    };
    call.ask(c, &Effect::Capacity(effect), need, "delete", (kind, &name)).map(|_| ())
}
