//! Objects of a cluster: what its API gives out of each kind, as JSON, with the cells of kubectl's table.

mod deploy;
mod pod;
mod rest;

pub(super) use deploy::size;
pub(crate) use pod::digest;
pub(super) use pod::proxy_name;
pub(super) use rest::{is_ready, ready_addresses, source, when};

use super::kind::Kind;
use crate::console::host::kube::{Cluster, DeploymentInfo};
use crate::sim::capacity::{Revision, image_of, uid};
use crate::stdx::time::Utc;
use serde_json::{Value, json};

/// One object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// Its kind.
    pub kind: &'static Kind,
    /// Name.
    pub name: String,
    /// Namespace; empty for what is in none.
    pub namespace: &'static str,
    /// As the API gives it out.
    pub json: Value,
    /// Cells of all columns of its kind.
    pub cells: Vec<String>,
    /// Service that it is about.
    pub service: Option<String>,
}

/// A cluster at a moment.
pub(super) struct Api<'c> {
    /// The cluster.
    pub cluster: &'c Cluster,
    /// Now.
    pub now: Utc,
}

/// Version that the simulated API server and its nodes say they are.
pub(super) const VERSION: &str = "v1.29.4";

impl Api<'_> {
    /// A moment so many seconds ago, as objects write it.
    pub fn ago(&self, s: u64) -> String {
        self.now.plus(-i64::try_from(s).unwrap_or(0)).iso()
    }

    /// All objects of a kind by name, events by time.
    pub fn list(&self, kind: &'static Kind) -> Vec<Object> {
        let mut all = match kind.plural {
            "pods" => self.pods(kind),
            "deployments" => self.deployments(kind),
            "replicasets" => self.replica_sets(kind),
            "horizontalpodautoscalers" => self.scalers(kind),
            "services" => self.services(kind),
            "endpoints" => self.endpoints(kind),
            "ingresses" => self.ingresses(kind),
            "poddisruptionbudgets" => self.budgets(kind),
            "nodes" => self.nodes(kind),
            "namespaces" => self.namespaces(kind),
            "configmaps" => self.configmaps(kind),
            "resourcequotas" => self.quotas(kind),
            "serviceaccounts" => self.accounts(kind),
            "daemonsets" => self.daemonsets(kind),
            "events" => self.events(kind),
            _ => Vec::new(),
        };
        if kind.plural != "events" {
            all.sort_by(|a, b| (a.namespace, &a.name).cmp(&(b.namespace, &b.name)));
        }
        all
    }

    /// What every object has: name, namespace, labels, age, id.
    pub fn meta(&self, name: &str, namespace: &str, labels: &[(&str, String)], age_s: u64) -> Value {
        let labels: serde_json::Map<String, Value> =
            labels.iter().map(|(k, v)| ((*k).to_owned(), Value::from(v.clone()))).collect();
        let mut m = json!({
            "name": name,
            "creationTimestamp": self.ago(age_s),
            "uid": uid(&format!("{namespace}/{name}")),
            "resourceVersion": (1_000_000 + u64::try_from(self.now.0.rem_euclid(10_000_000)).unwrap_or(0)).to_string(),
        });
        if let Some(m) = m.as_object_mut() {
            if !namespace.is_empty() {
                m.insert("namespace".to_owned(), Value::from(namespace));
            }
            if !labels.is_empty() {
                m.insert("labels".to_owned(), Value::Object(labels));
            }
        }
        m
    }

    /// Seconds since a deployment was made: as old as the cluster lets it be.
    pub fn deployment_age(&self, d: &DeploymentInfo) -> u64 {
        let first = d.made.iter().map(|(_, at)| self.now.0.saturating_sub(at.0)).max().unwrap_or(0);
        u64::try_from(first).unwrap_or(0).max(d.view.aged_s).max(self.cluster.age_s.saturating_sub(86_400 * 3))
    }

    /// Seconds since a revision of a deployment was made.
    pub fn revision_age(&self, d: &DeploymentInfo, number: u64) -> u64 {
        let at = d.made.iter().find(|(n, _)| *n == number).map_or(self.now, |m| m.1);
        u64::try_from(self.now.0.saturating_sub(at.0)).unwrap_or(0)
    }

    /// What the containers of a revision are.
    pub fn container(&self, d: &DeploymentInfo, r: Option<&Revision>) -> Value {
        let name = &d.view.name;
        let mut c = json!({
            "name": name,
            "image": image_of(name, r),
            "imagePullPolicy": "IfNotPresent",
            "ports": [{ "containerPort": 8080, "name": "http", "protocol": "TCP" }],
            "terminationMessagePath": "/dev/termination-log",
        });
        let needs = r.map(|r| r.needs).unwrap_or_default();
        let (mut requests, mut limits) = (json!({}), json!({}));
        requests["cpu"] = super::words::cores(needs.cpu).into();
        requests["memory"] = super::words::bytes(needs.memory).into();
        if let Some(cpu) = needs.cpu_limit {
            limits["cpu"] = super::words::cores(cpu).into();
        }
        if let Some(memory) = needs.memory_limit {
            limits["memory"] = super::words::bytes(memory).into();
        }
        c["resources"] = json!({ "requests": requests });
        if limits.as_object().is_some_and(|l| !l.is_empty()) {
            c["resources"]["limits"] = limits;
        }
        let env: Vec<Value> =
            r.into_iter().flat_map(|r| &r.env).map(|(k, v)| json!({ "name": k, "value": v })).collect();
        if !env.is_empty() {
            c["env"] = Value::from(env);
        }
        let probe = |(every, timeout_ms, failures): (u64, f64, u32)| {
            json!({
                "httpGet": { "path": "/healthz", "port": 8080, "scheme": "HTTP" },
                "periodSeconds": every,
                "timeoutSeconds": (timeout_ms / 1_000.0).ceil().max(1.0) as u64,
                "failureThreshold": failures,
                "successThreshold": 1,
            })
        };
        if let Some(p) = d.view.readiness {
            c["readinessProbe"] = probe(p);
        }
        if let Some(p) = d.view.liveness {
            c["livenessProbe"] = probe(p);
        }
        c
    }
}

impl Object {
    /// A label.
    pub fn label(&self, name: &str) -> Option<String> {
        self.json.get("metadata")?.get("labels")?.get(name)?.as_str().map(str::to_owned)
    }

    /// Labels as one cell.
    pub fn labels(&self) -> String {
        let labels = self.json.get("metadata").and_then(|m| m.get("labels")).and_then(Value::as_object);
        let mut all: Vec<String> =
            labels.into_iter().flatten().map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default())).collect();
        all.sort();
        if all.is_empty() { "<none>".to_owned() } else { all.join(",") }
    }
}
