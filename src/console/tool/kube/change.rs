//! `kubectl scale` and `kubectl set`.

use super::kind::known;
use super::words::{read_bytes, read_cores};
use super::{Call, staging};
use crate::console::tool::{Ctx, Step};
use crate::sim::effect::{CapacityEffect, Effect};

/// Asks for a change of a deployment and says that it is done.
pub(super) fn deploy(c: &mut Ctx<'_>, call: &Call, effect: CapacityEffect, verb: &str, name: &str, done: &str) -> Step {
    let said = format!("deployment.apps/{name} {done}{}", call.dry());
    if !call.dry().is_empty() {
        c.line(&said);
        return Step::Exit(0);
    }
    let need = if matches!(effect, CapacityEffect::Image { .. }) { "release" } else { "scale" };
    match call.ask(c, &Effect::Capacity(effect), need, verb, (known("deployments"), name)) {
        Ok(_) => {
            c.line(&said);
            Step::Exit(0)
        }
        Err(step) => step,
    }
}

/// The verb `scale`.
pub(super) fn scale(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some(text) = call.words.get("replicas") else {
        return call.fail(c, "error: required flag(s) \"replicas\" not set");
    };
    let Ok(replicas) = text.parse::<u64>() else {
        let why = format!(
            "error: invalid argument \"{text}\" for \"--replicas\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax"
        );
        return call.fail(c, &why);
    };
    if call.words.rest.is_empty() {
        return call.fail(c, "error: required resource not specified");
    }
    let (desired, name) = match call.deployment(&call.words.rest) {
        Ok(d) => (d.view.desired, d.view.name.clone()),
        Err(why) => return call.fail(c, &why),
    };
    let expected = call.words.get("current-replicas").and_then(|n| n.parse::<u64>().ok());
    if let Some(n) = expected.filter(|n| *n != desired) {
        return call.fail(c, &format!("error: Expected replicas to be {n}, was {desired}"));
    }
    let effect = CapacityEffect::Scale { service: name.clone(), replicas };
    deploy(c, call, effect, "scale", &name, "scaled")
}

/// The verb `set`.
pub(super) fn set(c: &mut Ctx<'_>, call: &Call) -> Step {
    let Some((what, rest)) = call.words.rest.split_first() else {
        return call.fail(c, "error: there are set env, set image, set resources");
    };
    let pairs: Vec<String> = rest.iter().filter(|w| w.contains('=') || w.ends_with('-')).cloned().collect();
    let target: Vec<String> = rest.iter().filter(|w| !pairs.contains(w)).cloned().collect();
    let d = match call.deployment(&target) {
        Ok(d) => d.clone(),
        Err(why) => return call.fail(c, &why),
    };
    let name = d.view.name.clone();
    let fits = |container: &str| container == name || container == "*";
    match what.as_str() {
        "image" => {
            let Some((container, image)) = pairs.first().and_then(|p| p.split_once('=')) else {
                return call.fail(c, "error: at least one image update is required");
            };
            if !fits(container) {
                return call.fail(c, &format!("error: unable to find container named \"{container}\""));
            }
            let done = format!("deployment.apps/{name} image updated{}", call.dry());
            if call.context == staging::NAME && call.dry().is_empty() {
                let release = image.rsplit(':').next().unwrap_or_default().to_owned();
                let effect = Effect::Stage { service: name.clone(), release };
                return match call.ask(c, &effect, "release", "stage", (known("deployments"), &name)) {
                    Ok(_) => {
                        c.line(&done);
                        Step::Exit(0)
                    }
                    Err(step) => step,
                };
            }
            let effect = CapacityEffect::Image { service: name.clone(), image: image.to_owned() };
            deploy(c, call, effect, "set-image", &name, "image updated")
        }
        "env" => {
            if call.words.has("list") {
                c.line(&format!("# deployments {name}, container {name}"));
                let r = d.view.revisions.last().map(|(r, _)| r);
                for (k, v) in r.into_iter().flat_map(|r| &r.env) {
                    c.line(&format!("{k}={v}"));
                }
                return Step::Exit(0);
            }
            if pairs.is_empty() {
                return call.fail(c, "error: at least one environment variable must be provided");
            }
            let mut last = Step::Exit(0);
            for (i, p) in pairs.iter().enumerate() {
                let (key, value) = match p.split_once('=') {
                    Some((k, v)) => (k.to_owned(), Some(v.to_owned())),
                    None => (p.trim_end_matches('-').to_owned(), None),
                };
                let effect = CapacityEffect::Environment { service: name.clone(), name: key, value };
                if i + 1 == pairs.len() || !call.dry().is_empty() {
                    return deploy(c, call, effect, "set-env", &name, "env updated");
                }
                if let Err(step) =
                    call.ask(c, &Effect::Capacity(effect), "scale", "set-env", (known("deployments"), &name))
                {
                    last = step;
                    break;
                }
            }
            last
        }
        "resources" => {
            let mut e = Needs::default();
            for (flag, limit) in [("requests", false), ("limits", true)] {
                for pair in call.words.get(flag).into_iter().flat_map(|l| l.split(',')) {
                    let Some((key, value)) = pair.split_once('=') else {
                        return call
                            .fail(c, &format!("error: invalid argument syntax {pair}, expected <resource>=<value>"));
                    };
                    if !e.set(limit, key, value) {
                        return call.fail(c, &format!("error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$': {pair}"));
                    }
                }
            }
            if e == Needs::default() {
                return call.fail(
                    c,
                    "error: you must specify an update to requests or limits (in the form of --requests/--limits)",
                );
            }
            deploy(c, call, e.effect(&name), "set-resources", &name, "resource requirements updated")
        }
        other => call.fail(
            c,
            &format!("error: unknown command \"{other}\" for \"kubectl set\"; there are env, image, resources"),
        ),
    }
}

/// What is to be requested and allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    cpu: Option<u64>,
    cpu_limit: Option<u64>,
    memory: Option<u64>,
    memory_limit: Option<u64>,
}

impl Needs {
    /// Takes one quantity; whether it is one.
    pub fn set(&mut self, limit: bool, key: &str, value: &str) -> bool {
        let slot = match (key, limit) {
            ("cpu", false) => (&mut self.cpu, read_cores(value)),
            ("cpu", true) => (&mut self.cpu_limit, read_cores(value)),
            ("memory", false) => (&mut self.memory, read_bytes(value)),
            ("memory", true) => (&mut self.memory_limit, read_bytes(value)),
            _ => return false,
        };
        *slot.0 = slot.1;
        slot.1.is_some()
    }

    /// As an effect.
    pub fn effect(self, service: &str) -> CapacityEffect {
        let Needs { cpu, cpu_limit, memory, memory_limit } = self;
        CapacityEffect::Resources { service: service.to_owned(), cpu, cpu_limit, memory, memory_limit }
    }
}
