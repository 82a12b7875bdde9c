//! `kubectl describe`: what is known of one thing, with its events.

mod node;
mod pod;
mod scaler;

use super::Call;
use super::get::asked;
use super::kind::Kind;
use super::object::{Api, Object};
use super::words::{Moment, bytes, cores};
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::{Ctx, Step};
use crate::scenario::ObservedKind;
use crate::sim::capacity::{EventView, Revision, image_of};
pub(super) use scaler::behavior_json;
use serde_json::Value;

/// Lines of a description: a key and what it says, the values one below the other.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    /// `Key:   value`, the value at column `at`.
    pub fn row(&mut self, at: usize, key: &str, value: &str) {
        self.text.push_str(&format!("{:<at$}{value}\n", format!("{key}:")));
    }

    /// Values one below the other, `<none>` if there are none.
    pub fn list(&mut self, at: usize, key: &str, values: &[String]) {
        let Some((first, rest)) = values.split_first() else { return self.row(at, key, "<none>") };
        self.row(at, key, first);
        rest.iter().for_each(|v| self.line(&format!("{:at$}{v}", "")));
    }

    /// A line as it is.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// Rows below a heading, in columns two blanks apart, each column underlined.
    pub fn columns(&mut self, indent: usize, heads: &[&str], rows: &[Vec<String>]) {
        let under: Vec<String> = heads.iter().map(|h| "-".repeat(h.chars().count())).collect();
        let heads: Vec<String> = heads.iter().map(|h| (*h).to_owned()).collect();
        let all: Vec<&Vec<String>> = [&heads, &under].into_iter().chain(rows).collect();
        let width = |c: usize| all.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        for r in all {
            let mut line = " ".repeat(indent);
            for (cell, w) in r.iter().zip(&widths) {
                line.push_str(&format!("{cell:<w$}  "));
            }
            self.line(&line);
        }
    }

    /// The events of something, oldest first.
    pub fn events(&mut self, at: usize, events: &[EventView]) {
        if events.is_empty() {
            return self.row(at, "Events", "<none>");
        }
        self.line("Events:");
        let rows: Vec<Vec<String>> = events
            .iter()
            .map(|e| {
                vec![
                    if e.warning { "Warning" } else { "Normal" }.to_owned(),
                    e.reason.to_owned(),
                    super::object::when(e),
                    super::object::source(e).to_owned(),
                    e.message.clone(),
                ]
            })
            .collect();
        self.columns(2, &["Type", "Reason", "Age", "From", "Message"], &rows);
    }
}

/// What a container of a revision requests and may use, and how it is probed.
pub(super) fn container(page: &mut Page, pad: usize, d: &DeploymentInfo, r: Option<&Revision>) {
    let p = " ".repeat(pad);
    let needs = r.map(|r| r.needs).unwrap_or_default();
    let mut block = |name: &str, cpu: Option<f64>, memory: Option<u64>| {
        if cpu.is_none() && memory.is_none() {
            return;
        }
        page.line(&format!("{p}{name}:"));
        if let Some(cpu) = cpu {
            page.line(&format!("{p}  {:<9}{}", "cpu:", cores(cpu)));
        }
        if let Some(memory) = memory {
            page.line(&format!("{p}  {:<9}{}", "memory:", bytes(memory)));
        }
    };
    block("Limits", needs.cpu_limit, needs.memory_limit);
    block("Requests", Some(needs.cpu), Some(needs.memory));
    let probe = |(every, timeout_ms, failures): (u64, f64, u32)| {
        let timeout = (timeout_ms / 1_000.0).ceil().max(1.0) as u64;
        format!(
            "http-get http://:8080/healthz delay=0s timeout={timeout}s period={every}s #success=1 #failure={failures}"
        )
    };
    if let Some(l) = d.view.liveness {
        page.line(&format!("{p}{:<14}{}", "Liveness:", probe(l)));
    }
    if let Some(l) = d.view.readiness {
        page.line(&format!("{p}{:<14}{}", "Readiness:", probe(l)));
    }
    let env: Vec<String> = r.into_iter().flat_map(|r| &r.env).map(|(k, v)| format!("{k}:  {v}")).collect();
    match env.as_slice() {
        [] => page.line(&format!("{p}{:<14}<none>", "Environment:")),
        all => {
            page.line(&format!("{p}Environment:"));
            all.iter().for_each(|e| page.line(&format!("{p}  {e}")));
        }
    }
}

fn labels(o: &Object) -> Vec<String> {
    let all = o.labels();
    if all == "<none>" { Vec::new() } else { all.split(',').map(str::to_owned).collect() }
}

fn annotations(o: &Object) -> Vec<String> {
    let all = o.json.get("metadata").and_then(|m| m.get("annotations")).and_then(Value::as_object);
    let mut all: Vec<String> =
        all.into_iter().flatten().map(|(k, v)| format!("{k}: {}", v.as_str().unwrap_or_default())).collect();
    all.sort();
    all
}

impl Call {
    fn deployment_of(&self, o: &Object) -> Option<&DeploymentInfo> {
        let service = o.service.as_deref()?;
        self.cluster.deployments.iter().find(|d| d.view.name == service)
    }

    fn events_about(&self, kind: &str, name: &str) -> Vec<EventView> {
        let api = Api { cluster: &self.cluster, now: self.now };
        let of = |e: &EventView| e.kind == kind && e.name == name;
        api.all_events().into_iter().map(|(e, _)| e).filter(of).collect()
    }

    fn describe_deployment(&self, o: &Object, d: &DeploymentInfo) -> String {
        let api = Api { cluster: &self.cluster, now: self.now };
        let (mut page, v) = (Page::default(), &d.view);
        let r = v.revisions.last().map(|(r, _)| r);
        page.row(24, "Name", &v.name);
        page.row(24, "Namespace", "default");
        page.row(24, "CreationTimestamp", &self.now.plus(-i64::try_from(api.deployment_age(d)).unwrap_or(0)).moment());
        page.list(24, "Labels", &labels(o));
        page.list(24, "Annotations", &annotations(o));
        page.row(24, "Selector", &format!("app={}", v.name));
        let unavailable = v.total.max(v.desired).saturating_sub(v.ready);
        page.row(
            24,
            "Replicas",
            &format!(
                "{} desired | {} updated | {} total | {} available | {unavailable} unavailable",
                v.desired, v.updated, v.total, v.ready
            ),
        );
        page.row(24, "StrategyType", "RollingUpdate");
        page.row(24, "MinReadySeconds", "0");
        page.row(24, "RollingUpdateStrategy", "25% max unavailable, 25% max surge");
        page.line("Pod Template:");
        page.line(&format!("  Labels:  app={}", v.name));
        page.line("  Containers:");
        page.line(&format!("   {}:", v.name));
        page.line(&format!("    {:<12}{}", "Image:", image_of(&v.name, r)));
        page.line(&format!("    {:<12}8080/TCP", "Port:"));
        page.line(&format!("    {:<12}0/TCP", "Host Port:"));
        container(&mut page, 4, d, r);
        page.line("    Mounts:       <none>");
        page.line("  Volumes:        <none>");
        page.line("Conditions:");
        let rows: Vec<Vec<String>> = api
            .conditions(d)
            .into_iter()
            .map(|(kind, ok, reason, _)| {
                vec![kind.to_owned(), if ok { "True" } else { "False" }.to_owned(), reason.to_owned()]
            })
            .collect();
        page.columns(2, &["Type", "Status", "Reason"], &rows);
        let set = |(r, hash): &(Revision, String)| {
            let (there, ready) = super::object::size(d, r.key);
            let _ = ready;
            format!("{}-{hash} ({there}/{there} replicas created)", v.name)
        };
        let (new, old) = v.revisions.split_last().map_or((None, &[][..]), |(n, o)| (Some(n), o));
        let olds: Vec<String> =
            old.iter().filter(|(r, _)| v.moving_s.is_some() && super::object::size(d, r.key).0 > 0).map(set).collect();
        page.row(17, "OldReplicaSets", if olds.is_empty() { "<none>".to_owned() } else { olds.join(", ") }.as_str());
        page.row(17, "NewReplicaSet", &new.map_or("<none>".to_owned(), set));
        page.events(19, &self.events_about("Deployment", &v.name));
        page.text
    }

    fn describe_service(&self, o: &Object, d: Option<&DeploymentInfo>) -> String {
        let mut page = Page::default();
        let spec = |key: &str| {
            o.json.get("spec").and_then(|s| s.get(key)).and_then(Value::as_str).unwrap_or("<none>").to_owned()
        };
        page.row(19, "Name", &o.name);
        page.row(19, "Namespace", "default");
        page.list(19, "Labels", &labels(o));
        page.row(19, "Annotations", "<none>");
        page.row(19, "Selector", &d.map_or("<none>".to_owned(), |d| format!("app={}", d.view.name)));
        page.row(19, "Type", "ClusterIP");
        page.row(19, "IP Family Policy", "SingleStack");
        page.row(19, "IP Families", "IPv4");
        page.row(19, "IP", &spec("clusterIP"));
        page.row(19, "IPs", &spec("clusterIP"));
        let (port, target) = if d.is_some() { ("http  80/TCP", "8080/TCP") } else { ("https  443/TCP", "6443/TCP") };
        page.row(19, "Port", port);
        page.row(19, "TargetPort", target);
        let ready = d.map_or(vec![self.cluster.server.clone()], super::object::ready_addresses);
        let shown = match ready.len() {
            0 => "<none>".to_owned(),
            1..=3 => ready.join(","),
            n => format!("{} + {} more...", ready.iter().take(3).cloned().collect::<Vec<_>>().join(","), n - 3),
        };
        page.row(19, "Endpoints", &shown);
        page.row(19, "Session Affinity", "None");
        page.row(19, "Events", "<none>");
        page.text
    }

    fn describe_other(&self, kind: &Kind, o: &Object) -> String {
        let mut page = Page::default();
        page.row(14, "Name", &o.name);
        if !o.namespace.is_empty() {
            page.row(14, "Namespace", o.namespace);
        }
        page.list(14, "Labels", &labels(o));
        page.list(14, "Annotations", &annotations(o));
        for (head, cell) in kind.columns.iter().zip(&o.cells).filter(|(h, _)| **h != "NAME") {
            let word: String =
                head.chars().enumerate().map(|(i, c)| if i == 0 { c } else { c.to_ascii_lowercase() }).collect();
            page.row(14, &word, cell);
        }
        if kind.plural == "configmaps" {
            page.line("\nData\n====");
            for (k, v) in o.json.get("data").and_then(Value::as_object).into_iter().flatten() {
                page.line(&format!("{k}:\n----\n{}\n", v.as_str().unwrap_or_default()));
            }
        }
        page.events(14, &self.events_about(kind.kind, &o.name));
        page.text
    }

    fn describe_set(&self, o: &Object, d: &DeploymentInfo) -> String {
        let mut page = Page::default();
        let Some((r, hash)) = d.view.revisions.iter().find(|(_, h)| o.name.ends_with(h.as_str())) else {
            return String::new();
        };
        let (there, ready) = super::object::size(d, r.key);
        let selector = format!("app={},pod-template-hash={hash}", d.view.name);
        page.row(16, "Name", &o.name);
        page.row(16, "Namespace", "default");
        page.row(16, "Selector", &selector);
        page.list(16, "Labels", &labels(o));
        page.list(16, "Annotations", &annotations(o));
        page.row(16, "Controlled By", &format!("Deployment/{}", d.view.name));
        page.row(16, "Replicas", &format!("{there} current / {} desired", o.cells.get(1).map_or("0", String::as_str)));
        page.row(16, "Pods Status", &format!("{ready} Running / {} Waiting / 0 Succeeded / 0 Failed", there - ready));
        page.line("Pod Template:");
        page.line(&format!("  Labels:  app={}\n           pod-template-hash={hash}", d.view.name));
        page.line(&format!("  Containers:\n   {}:", d.view.name));
        page.line(&format!("    {:<12}{}", "Image:", image_of(&d.view.name, Some(r))));
        container(&mut page, 4, d, Some(r));
        page.events(19, &self.events_about("ReplicaSet", &o.name));
        page.text
    }
}

/// The verb.
pub(super) fn describe(c: &mut Ctx<'_>, call: &Call) -> Step {
    let asked = match asked(&call.words.rest) {
        Ok(a) if a.is_empty() => return call.fail(c, "error: You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources."),
        Ok(a) => a,
        Err(why) => return call.fail(c, &why),
    };
    let (mut objects, mut error) = match call.objects(&asked) {
        Ok(o) => (o, None),
        Err((o, why)) => (o, Some(why)),
    };
    // `describe pod api` takes every pod whose name begins so.
    if let (true, [(kind, names)]) = (error.is_some(), asked.as_slice()) {
        let all = call.objects(&vec![(*kind, Vec::new())]).unwrap_or_default();
        let begins = |o: &Object| names.iter().any(|n| o.name.starts_with(n.as_str()));
        let found: Vec<Object> = all.into_iter().filter(begins).collect();
        if !found.is_empty() && objects.is_empty() {
            (objects, error) = (found, None);
        }
    }
    if objects.is_empty() && error.is_none() {
        let text = match &call.scope {
            super::Scope::One(ns) => format!("No resources found in {ns} namespace.\n"),
            super::Scope::All => "No resources found\n".to_owned(),
        };
        c.p.err.push_str(&text);
        return Step::Exit(0);
    }
    let mut pages = Vec::new();
    for o in &objects {
        let d = call.deployment_of(o);
        let nodes = o.kind.plural == "nodes";
        let service = if nodes { c.host.service_of(&o.name) } else { o.service.clone() };
        let target = o.service.clone().unwrap_or_else(|| o.name.clone());
        c.see(if nodes { ObservedKind::Host } else { ObservedKind::Process }, target, service);
        pages.push(match (o.kind.plural, d) {
            ("pods", Some(d)) => call.describe_pod(o, d),
            ("deployments", Some(d)) => call.describe_deployment(o, d),
            ("replicasets", Some(d)) => call.describe_set(o, d),
            ("services", d) => call.describe_service(o, d),
            ("nodes", _) => call.describe_node(o),
            ("horizontalpodautoscalers", Some(d)) => call.describe_scaler(o, d),
            _ => call.describe_other(o.kind, o),
        });
    }
    c.print(&pages.join("\n\n"));
    match error {
        Some(why) => call.fail(c, &why),
        None => Step::Exit(0),
    }
}
