//! `kubectl config`, `auth`, `version`, `cluster-info`, `api-resources`: where one is, and what one may.

use super::args::Words;
use super::get::asked;
use super::kind::{KINDS, find};
use super::object::VERSION;
use super::words::table;
use super::{Call, Scope, kubeconfig, staging};
use crate::console::host::Caller;
use crate::console::tool::{Ctx, Step};
use crate::sim::effect::Effect;

/// Contexts: name, cluster.
const CONTEXTS: [(&str, &str); 2] = [("prod", "prod"), (staging::NAME, staging::NAME)];

/// The current context of the file of whoever asks; `None` without a file.
fn current(c: &mut Ctx<'_>, who: &Caller) -> Option<String> {
    let text = c.host.read(&who.host, &kubeconfig(who)).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("current-context:"))?;
    Some(line.trim().trim_matches('"').to_owned()).filter(|l| !l.is_empty())
}

/// The context that a call is for; `None` if nothing says where a cluster is.
pub(super) fn context(c: &mut Ctx<'_>, words: &Words, who: &Caller) -> Result<Option<String>, String> {
    let Some(now) = current(c, who) else { return Ok(None) };
    let name = words.get("context").unwrap_or(&now).to_owned();
    if CONTEXTS.iter().any(|(n, _)| *n == name) {
        Ok(Some(name))
    } else {
        Err(format!("error: context \"{name}\" does not exist"))
    }
}

/// `config`.
pub(super) fn config(c: &mut Ctx<'_>, words: &Words, who: &Caller) -> Step {
    let now = current(c, who);
    let fail = |c: &mut Ctx<'_>, why: &str| {
        c.p.err.push_str(&format!("{why}\n"));
        Step::Exit(1)
    };
    match (words.at(0).unwrap_or_default(), words.at(1)) {
        ("current-context", None) => match now {
            Some(now) => {
                c.line(&now);
                Step::Exit(0)
            }
            None => fail(c, "error: current-context is not set"),
        },
        ("get-contexts", only) => {
            let heads = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"].map(str::to_owned).to_vec();
            let mut rows = if words.has("no-headers") { Vec::new() } else { vec![heads] };
            for (name, cluster) in CONTEXTS.iter().filter(|_| now.is_some()) {
                if only.is_some_and(|o| o != *name) {
                    continue;
                }
                if words.get("output") == Some("name") {
                    c.line(name);
                    continue;
                }
                let mark = if now.as_deref() == Some(name) { "*" } else { "" };
                rows.push(vec![
                    mark.to_owned(),
                    (*name).to_owned(),
                    (*cluster).to_owned(),
                    who.user.clone(),
                    String::new(),
                ]);
            }
            if words.get("output") != Some("name") {
                c.print(&table(&rows));
            }
            Step::Exit(0)
        }
        ("use-context" | "use", Some(name)) => {
            if now.is_none() || !CONTEXTS.iter().any(|(n, _)| *n == name) {
                return fail(c, &format!("error: no context exists with the name: \"{name}\""));
            }
            let path = kubeconfig(who);
            let text = c.host.read(&who.host, &path).unwrap_or_default();
            let line = |l: &str| {
                if l.starts_with("current-context:") { format!("current-context: {name}") } else { l.to_owned() }
            };
            let text: String = text.lines().map(|l| format!("{}\n", line(l))).collect();
            let (host, owner) = (who.host.clone(), who.user.clone());
            let effect = Effect::Write { host, path, text, append: false, owner };
            match c.apply(&effect, "use-context", name) {
                Ok(_) => {
                    c.line(&format!("Switched to context \"{name}\"."));
                    Step::Exit(0)
                }
                Err(why) => fail(c, &format!("error: {why}")),
            }
        }
        ("use-context" | "use", None) => fail(c, "error: Unexpected args: []"),
        ("view", None) => {
            let text = c.host.read(&who.host, &kubeconfig(who)).unwrap_or_else(|_| {
                "apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: \"\"\nkind: Config\npreferences: {}\nusers: null\n".to_owned()
            });
            c.print(&text);
            Step::Exit(0)
        }
        (other, _) => {
            let why = format!("error: unknown command \"{other}\" for \"kubectl config\"");
            fail(c, &why)
        }
    }
}

/// What may be done here to a kind, by permission.
fn may(c: &Ctx<'_>, call: &Call, verb: &str, kind: &str, sub: &str) -> bool {
    let may = |p: &str| c.host.may(&call.who, p);
    let staging = call.context == staging::NAME;
    match (verb, kind, sub) {
        ("*", ..) | (_, "*", _) => false,
        ("get" | "list" | "watch", "secrets", _) => may("infra"),
        ("get" | "list" | "watch", ..) => true,
        _ if staging => false,
        ("patch" | "update", "deployments", _) => may("scale") || may("release"),
        ("delete" | "create", "deployments", _) => may("scale"),
        ("patch" | "update", "replicasets", _) => false,
        ("delete", "pods", _) | ("patch" | "update" | "delete", "horizontalpodautoscalers", _) => may("scale"),
        ("create", "pods", "exec") => true,
        ("create", "pods", "eviction") | ("patch" | "update", "nodes", _) => may("nodes"),
        ("delete", "resourcequotas", _) => may("nodes"),
        _ => false,
    }
}

/// `auth can-i`, `auth whoami`.
pub(super) fn auth(c: &mut Ctx<'_>, call: &Call) -> Step {
    match (call.words.at(0), call.words.at(1), call.words.at(2)) {
        (Some("whoami"), None, _) => {
            let user = call.who.user.clone();
            c.print(&table(&[
                vec!["ATTRIBUTE".to_owned(), "VALUE".to_owned()],
                vec!["Username".to_owned(), user],
                vec!["Groups".to_owned(), "[oncall system:authenticated]".to_owned()],
            ]));
            Step::Exit(0)
        }
        (Some("can-i"), Some(verb), Some(what)) => {
            let (name, sub) = what.split_once('/').unwrap_or((what, ""));
            let kind = find(name);
            if kind.is_none() && name != "*" {
                c.p.err.push_str(&format!("Warning: the server doesn't have a resource type '{name}'\n\n"));
            }
            let yes = may(c, call, verb, kind.map_or("*", |k| k.plural), sub);
            if kind.is_some_and(|k| !k.namespaced) {
                c.p.err.push_str(&format!("Warning: resource '{name}' is not namespace scoped\n\n"));
            }
            if !call.words.has("quiet") {
                c.line(if yes { "yes" } else { "no" });
            }
            Step::Exit(i32::from(!yes))
        }
        (Some("can-i"), None, _) if call.words.has("list") => {
            let mut rows = vec![["Resources", "Verbs"].map(str::to_owned).to_vec()];
            for k in KINDS {
                let verbs: Vec<&str> = ["get", "list", "watch", "create", "patch", "update", "delete"]
                    .into_iter()
                    .filter(|v| may(c, call, v, k.plural, ""))
                    .collect();
                if !verbs.is_empty() {
                    rows.push(vec![k.full(), format!("[{}]", verbs.join(" "))]);
                }
            }
            c.print(&table(&rows));
            Step::Exit(0)
        }
        (Some("can-i"), ..) => call.fail(
            c,
            "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        ),
        _ => call.fail(c, "error: unknown command for \"kubectl auth\"; there are can-i and whoami"),
    }
}

/// `api-resources`.
pub(super) fn api_resources(c: &mut Ctx<'_>, call: &Call) -> Step {
    let mut rows = vec![["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"].map(str::to_owned).to_vec()];
    if call.words.has("no-headers") {
        rows.clear();
    }
    for k in KINDS.iter().filter(|k| call.words.get("api-group").is_none_or(|g| g == k.group)) {
        if call.words.get("output") == Some("name") {
            c.line(&k.full());
            continue;
        }
        rows.push(vec![k.plural.to_owned(), k.short.join(","), k.api(), k.namespaced.to_string(), k.kind.to_owned()]);
    }
    if call.words.get("output") != Some("name") {
        c.print(&table(&rows));
    }
    Step::Exit(0)
}

/// `cluster-info`.
pub(super) fn cluster_info(c: &mut Ctx<'_>, call: &Call) -> Step {
    c.line(&format!("Kubernetes control plane is running at https://{}", call.cluster.server));
    c.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    Step::Exit(0)
}

/// `version`.
pub(super) fn version(c: &mut Ctx<'_>, call: Option<&Call>) -> Step {
    c.line(&format!("Client Version: {VERSION}\nKustomize Version: v5.0.4-0.20230601165947-6ce0bf390ce3"));
    if call.is_some() {
        c.line(&format!("Server Version: {VERSION}"));
    }
    Step::Exit(0)
}

impl Call {
    /// The one object that a command is about: `deployment/api`, `deployment api`, `api` where only one kind fits.
    pub(super) fn target(&self, rest: &[String], default: &str) -> Result<(&'static super::Kind, String), String> {
        let asked = match rest {
            [one] if !one.contains('/') && !default.is_empty() => {
                vec![(super::kind::known(default), vec![one.clone()])]
            }
            other => asked(other)?,
        };
        match asked.as_slice() {
            [(kind, names)] => match names.as_slice() {
                [name] => {
                    let there = self.objects(&vec![(*kind, vec![name.clone()])]);
                    there.map_err(|(_, why)| why).map(|_| (*kind, name.clone()))
                }
                [] => Err("error: resource(s) were provided, but no name was specified".to_owned()),
                _ => Err("error: one resource at a time here".to_owned()),
            },
            _ => Err("error: required resource not specified".to_owned()),
        }
    }

    /// The namespace asked for.
    pub(super) fn space(&self) -> &str {
        match &self.scope {
            Scope::All => "default",
            Scope::One(ns) => ns,
        }
    }
}
