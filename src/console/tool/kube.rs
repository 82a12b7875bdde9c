//! kubectl: a cluster as its API server would show it to whoever is asked by the right context, and change it.

mod args;
mod change;
mod config;
mod delete;
mod describe;
mod drain;
mod exec;
mod get;
mod jsonpath;
mod kind;
mod logs;
mod manifest;
mod object;
mod output;
mod patch;
mod rollout;
mod staging;
mod top;
pub(crate) mod words;

pub(crate) use logs::lines_of;
pub(crate) use object::digest;
pub(crate) use output::json_text;

use crate::console::host::kube::Cluster;
use crate::console::host::{Caller, NameKind};
use crate::console::path;
use crate::console::tool::{Ctx, Decl, Operand, Step, Style, Words as Division, flag, value};
use crate::sim::effect::{Applied, Effect};
use crate::stdx::time::Utc;
use args::Words;
use kind::Kind;

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "kubectl",
    synopsis: "VERB [TYPE[/NAME] | TYPE NAME...] [FLAGS]",
    about: "control a cluster: look at what runs in it, roll out, scale, drain, log, execute",
    opts: &[
        value("n", "namespace", "NAMESPACE", "the namespace to ask for (default)"),
        flag("A", "all-namespaces", "all namespaces"),
        value("o", "output", "FORMAT", "wide, json, yaml, name, jsonpath=…, custom-columns=…"),
        value("l", "selector", "LABELS", "only what has these labels: `app=api`, `app in (a,b)`, `!x`"),
        value("", "field-selector", "FIELDS", "only what has these fields: `status.phase=Running`"),
        value("", "sort-by", "PATH", "order by a field: `.metadata.creationTimestamp`"),
        flag("w", "watch", "print every change until Ctrl-C (get, rollout status)"),
        flag("", "show-labels", "labels as the last column (get)"),
        value("f", "filename", "FILE", "the manifest to apply; with `logs`, follow"),
        flag("p", "previous", "the container before the last restart (logs); with `patch`, the patch"),
        value("", "tail", "LINES", "the last lines (logs)"),
        value("", "since", "TIME", "lines of the last while: `5m` (logs)"),
        value("", "context", "NAME", "another context than the current one"),
    ],
    subs: VERBS,
    operand: Operand::Name(NameKind::Service),
    style: Style::Plain,
    words: Division::Raw,
    missing: &[
        "edit: there is no editor in the way; use patch, set, or apply -f with what `get -o yaml` printed.",
        "create, expose, label, annotate, port-forward, proxy, cp, attach, debug, explain: they say so.",
        "apply and patch: replicas, image, resources, env, paused, probes' timeouts; another field is refused.",
        "Secrets, jobs, persistent volumes: the clusters here have none.",
    ],
    examples: &[
        ("kubectl config current-context", "prod\n"),
        (
            "kubectl get deployments",
            "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\napi    3/3     3            3           209d\n",
        ),
        ("kubectl get pods nope", "Error from server (NotFound): pods \"nope\" not found\n"),
        ("kubectl get foo", "error: the server doesn't have a resource type \"foo\"\n"),
        ("kubectl rollout status deployment/api", "deployment \"api\" successfully rolled out\n"),
        (
            "kubectl rollout history deployment/api",
            "deployment.apps/api \nREVISION  CHANGE-CAUSE\n1         release v481: build download URLs in one place\n\n",
        ),
        (
            "kubectl get deploy api -o jsonpath='{.spec.template.spec.containers[0].image}'",
            "registry.internal/api:v481",
        ),
        (
            "kubectl scale deployment/api --replicas=5",
            "Error from server (Forbidden): deployments.apps \"api\" is forbidden: User \"primary\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"default\"\n",
        ),
    ],
    step: kubectl,
    ..Decl::BLANK
}];

/// Verbs.
const VERBS: &[&str] = &[
    "annotate",
    "api-resources",
    "apply",
    "auth",
    "cluster-info",
    "config",
    "cordon",
    "delete",
    "describe",
    "drain",
    "edit",
    "events",
    "exec",
    "get",
    "label",
    "logs",
    "patch",
    "rollout",
    "scale",
    "set",
    "top",
    "uncordon",
    "version",
    "wait",
];

/// Verbs of the real tool that this one does not do.
const MISSING: &[&str] = &[
    "annotate",
    "attach",
    "autoscale",
    "certificate",
    "completion",
    "cp",
    "create",
    "debug",
    "diff",
    "edit",
    "explain",
    "expose",
    "kustomize",
    "label",
    "plugin",
    "port-forward",
    "proxy",
    "replace",
    "run",
    "taint",
];

/// Namespaces that every cluster has.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Which namespaces are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    /// All.
    All,
    /// One.
    One(String),
}

/// A call of kubectl, with the cluster that it reaches.
struct Call {
    words: Words,
    cluster: Cluster,
    scope: Scope,
    who: Caller,
    now: Utc,
    context: String,
}

/// What kubectl says where the API server is out of reach, in place of what a web client says.
pub(crate) fn unreachable(why: &str) -> String {
    let server = "10.96.0.1:6443";
    if let Some(name) = why.strip_prefix("Could not resolve host: ") {
        format!("Unable to connect to the server: dial tcp: lookup {name}: no such host\n")
    } else if why.contains("refused") {
        format!("The connection to the server {server} was refused - did you specify the right host or port?\n")
    } else if why.contains("certificate") {
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid\n".to_owned()
    } else {
        format!("Unable to connect to the server: dial tcp {server}: i/o timeout\n")
    }
}

impl Call {
    /// Says what is wrong and ends.
    fn fail(&self, c: &mut Ctx<'_>, why: &str) -> Step {
        c.p.err.push_str(&format!("{why}\n"));
        Step::Exit(1)
    }

    /// Says that the caller may not do something, and records it.
    fn forbidden(&self, c: &mut Ctx<'_>, kind: &Kind, verb: &str, name: Option<&str>) -> Step {
        let on = name.map_or(String::new(), |n| format!(" \"{n}\""));
        let space = match (&self.scope, kind.namespaced) {
            (Scope::One(ns), true) => format!(" in the namespace \"{ns}\""),
            _ => " at the cluster scope".to_owned(),
        };
        let why = format!(
            "Error from server (Forbidden): {}{on} is forbidden: User \"{}\" cannot {verb} resource \"{}\" in API group \"{}\"{space}",
            kind.full(),
            self.who.user,
            kind.plural,
            kind.group
        );
        c.refuse(verb, name.unwrap_or(kind.plural), &why);
        self.fail(c, &why)
    }

    /// Asks the cluster for a change: whoever lacks the permission learns it in the cluster's words.
    fn ask(
        &self,
        c: &mut Ctx<'_>,
        effect: &Effect,
        need: &str,
        verb: &str,
        on: (&'static Kind, &str),
    ) -> Result<Applied, Step> {
        let api_verb = match verb {
            "delete" => "delete",
            "evict" => "create",
            _ => "patch",
        };
        if !c.host.may(&self.who, need) || (self.context == staging::NAME && !matches!(effect, Effect::Stage { .. })) {
            return Err(self.forbidden(c, on.0, api_verb, Some(on.1)));
        }
        c.apply(effect, verb, on.1).map_err(|why| self.fail(c, &why))
    }

    /// Whether only what would be done is to be said.
    fn dry(&self) -> &'static str {
        match self.words.get("dry-run") {
            Some("server") => " (server dry run)",
            Some("none" | "false") | None => "",
            Some(_) => " (dry run)",
        }
    }
}

fn kubectl(c: &mut Ctx<'_>) -> Step {
    let argv = c.tool.argv.clone();
    let fail = |c: &mut Ctx<'_>, why: &str| {
        c.p.err.push_str(&format!("{why}\n"));
        Step::Exit(1)
    };
    let words = match Words::parse(&argv) {
        Ok(w) => w,
        Err(why) => return fail(c, &why),
    };
    if words.has("help") || words.verb.is_empty() || words.verb == "help" {
        let usage = crate::console::tool::find("kubectl").map(crate::console::tool::usage).unwrap_or_default();
        c.print(&format!("{usage}\nVerbs: {}\n", VERBS.join(" ")));
        return Step::Exit(0);
    }
    if MISSING.contains(&words.verb.as_str()) {
        let why = format!("error: kubectl {} is not simulated here; `man kubectl` says what is", words.verb);
        return fail(c, &why);
    }
    if !VERBS.contains(&words.verb.as_str()) {
        let mut why = format!("error: unknown command \"{}\" for \"kubectl\"", words.verb);
        let near = |v: &&&str| {
            let (a, b) = (v.as_bytes(), words.verb.as_bytes());
            a.len().abs_diff(b.len()) <= 1
                && a.iter().zip(b).filter(|(x, y)| x != y).count() <= 1
                && a.first() == b.first()
        };
        if let Some(v) = VERBS.iter().find(near) {
            why.push_str(&format!("\n\nDid you mean this?\n\t{v}"));
        }
        return fail(c, &why);
    }
    let who = c.caller();
    if words.verb == "config" {
        return config::config(c, &words, &who);
    }
    if words.verb == "version" && words.has("client") {
        return config::version(c, None);
    }
    let context = match config::context(c, &words, &who) {
        Ok(context) => context,
        Err(why) => return fail(c, &why),
    };
    let cluster = c.host.cluster(&who);
    let Some((context, cluster)) = context.zip(cluster) else {
        if words.verb == "version" {
            config::version(c, None);
        }
        return fail(
            c,
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        );
    };
    let cluster = if context == staging::NAME { staging::cluster(&cluster) } else { cluster };
    let space = words.get("namespace").unwrap_or("default").to_owned();
    let scope = if words.has("all-namespaces") { Scope::All } else { Scope::One(space) };
    let now = c.host.utc();
    let call = Call { words, cluster, scope, who, now, context };
    match call.words.verb.as_str() {
        "get" => get::get(c, &call),
        "describe" => describe::describe(c, &call),
        "events" => get::events(c, &call),
        "logs" => logs::logs(c, &call),
        "exec" => exec::exec(c, &call),
        "top" => top::top(c, &call),
        "rollout" => rollout::rollout(c, &call),
        "wait" => rollout::wait(c, &call),
        "scale" => change::scale(c, &call),
        "set" => change::set(c, &call),
        "patch" => patch::patch(c, &call),
        "apply" => manifest::apply(c, &call),
        "delete" => delete::delete(c, &call),
        "cordon" | "uncordon" => drain::cordon(c, &call),
        "drain" => drain::drain(c, &call),
        "auth" => config::auth(c, &call),
        "api-resources" => config::api_resources(c, &call),
        "cluster-info" => config::cluster_info(c, &call),
        _ => config::version(c, Some(&call)),
    }
}

/// Names for completion: of the objects of a kind, or of all verbs' kinds.
pub(crate) fn complete(words: &[&str], word: &str, cluster: Option<&Cluster>) -> Vec<String> {
    let Some(cluster) = cluster else { return Vec::new() };
    let api = object::Api { cluster, now: Utc(0) };
    let names = |kind: &'static Kind| api.list(kind).into_iter().map(|o| o.name).collect::<Vec<_>>();
    if let Some((kind, _)) = word.split_once('/') {
        return kind::find(kind).map_or(Vec::new(), |k| names(k).into_iter().map(|n| format!("{kind}/{n}")).collect());
    }
    let operands: Vec<&str> = words.iter().skip(2).copied().filter(|w| !w.starts_with('-')).collect();
    match (words.get(1).copied().unwrap_or_default(), operands.as_slice()) {
        ("logs" | "exec", []) => names(kind::known("pods")),
        ("drain" | "cordon" | "uncordon", _) => names(kind::known("nodes")),
        ("rollout", []) => ["history", "pause", "restart", "resume", "status", "undo"].map(str::to_owned).to_vec(),
        ("rollout", _) | ("scale", _) | ("set", [_, ..]) => {
            names(kind::known("deployments")).into_iter().map(|n| format!("deployment/{n}")).collect()
        }
        ("set", []) => ["env", "image", "resources"].map(str::to_owned).to_vec(),
        ("config", []) => ["current-context", "get-contexts", "use-context", "view"].map(str::to_owned).to_vec(),
        ("config", _) => ["prod", staging::NAME].map(str::to_owned).to_vec(),
        ("top", []) => ["nodes", "pods"].map(str::to_owned).to_vec(),
        (_, []) => kind::KINDS.iter().map(|k| k.plural.to_owned()).collect(),
        (_, [kind, ..]) => kind::find(kind).map_or(Vec::new(), names),
    }
}

/// Home of a user's configuration.
fn kubeconfig(who: &Caller) -> String {
    format!("{}/.kube/config", path::home(&who.user))
}
