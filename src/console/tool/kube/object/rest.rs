//! Everything around deployments: services and their endpoints, ingresses, nodes, namespaces, configuration, events.

use super::{Api, Object, VERSION};
use crate::console::host::kube::{DeploymentInfo, NodeInfo};
use crate::console::tool::kube::kind::Kind;
use crate::console::tool::kube::words::{age, bytes, cores};
use crate::sim::capacity::{EventView, pod_ip};
use serde_json::{Value, json};

/// Kernel and runtime that nodes say they have.
const OS: (&str, &str, &str) = ("Debian GNU/Linux 12 (bookworm)", "6.1.0-21-amd64", "containerd://1.7.18");

/// Pods that a node takes.
pub(in crate::console::tool::kube) const PODS_MAX: u64 = 110;

/// Address of a service in the cluster.
pub(in crate::console::tool::kube) fn cluster_ip(name: &str) -> String {
    let h = name.bytes().fold(17u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)));
    format!("10.96.{}.{}", 16 + (h >> 8) % 200, 2 + h % 250)
}

/// Addresses of the ready replicas of a deployment, with the port.
pub(in crate::console::tool::kube) fn ready_addresses(d: &DeploymentInfo) -> Vec<String> {
    let ready = d.view.pods.iter().filter(|p| p.ready);
    ready.map(|p| format!("{}:8080", pod_ip(p.node.as_ref().map(|n| n.0), p.number))).collect()
}

/// The status of a node as a word.
pub(in crate::console::tool::kube) fn node_status(n: &NodeInfo) -> String {
    let ready = if is_ready(n) { "Ready" } else { "NotReady" };
    if n.usage.cordoned { format!("{ready},SchedulingDisabled") } else { ready.to_owned() }
}

/// A node that does not answer is believed for a while.
pub(in crate::console::tool::kube) fn is_ready(n: &NodeInfo) -> bool {
    !n.usage.given_up
}

impl Api<'_> {
    pub(super) fn services(&self, kind: &'static Kind) -> Vec<Object> {
        let port = json!([{ "name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080 }]);
        let of = |d: &DeploymentInfo| {
            let (name, old) = (d.view.name.clone(), self.deployment_age(d));
            let ip = cluster_ip(&name);
            let json = json!({
                "apiVersion": "v1", "kind": "Service",
                "metadata": self.meta(&name, "default", &[("app", name.clone())], old),
                "spec": { "type": "ClusterIP", "clusterIP": ip, "ports": port, "selector": { "app": name }, "sessionAffinity": "None" },
                "status": { "loadBalancer": {} },
            });
            let cells = vec![
                name.clone(),
                "ClusterIP".to_owned(),
                ip,
                "<none>".to_owned(),
                "80/TCP".to_owned(),
                age(old),
                format!("app={name}"),
            ];
            Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells }
        };
        let old = self.cluster.age_s;
        let name = "kubernetes".to_owned();
        let json = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": self.meta(&name, "default", &[("component", "apiserver".to_owned())], old),
            "spec": { "type": "ClusterIP", "clusterIP": "10.96.0.1", "ports": [{ "name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443 }] },
        });
        let cells = ["kubernetes", "ClusterIP", "10.96.0.1", "<none>", "443/TCP", &age(old), "<none>"];
        let own = Object {
            kind,
            name,
            namespace: "default",
            json,
            cells: cells.iter().map(|c| (*c).to_owned()).collect(),
            service: None,
        };
        self.cluster.deployments.iter().map(of).chain([own]).collect()
    }

    pub(super) fn endpoints(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |d: &DeploymentInfo| {
            let (name, old) = (d.view.name.clone(), self.deployment_age(d));
            let ready = ready_addresses(d);
            let shown = match ready.len() {
                0 => "<none>".to_owned(),
                1..=3 => ready.join(","),
                n => format!("{} + {} more...", ready.iter().take(3).cloned().collect::<Vec<_>>().join(","), n - 3),
            };
            let list = |ready: bool| -> Vec<Value> {
                let pods = d.view.pods.iter().filter(|p| p.ready == ready && super::pod::address(p).is_some());
                pods.map(|p| {
                    json!({ "ip": super::pod::address(p), "nodeName": p.node.as_ref().map(|n| n.1.clone()),
                            "targetRef": { "kind": "Pod", "name": p.name, "namespace": "default" } })
                })
                .collect()
            };
            let mut subset = json!({ "ports": [{ "name": "http", "port": 8080, "protocol": "TCP" }] });
            for (key, some) in [("addresses", list(true)), ("notReadyAddresses", list(false))] {
                if !some.is_empty() {
                    subset[key] = some.into();
                }
            }
            let json = json!({
                "apiVersion": "v1", "kind": "Endpoints",
                "metadata": self.meta(&name, "default", &[("app", name.clone())], old), "subsets": [subset],
            });
            let cells = vec![name.clone(), shown, age(old)];
            Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells }
        };
        self.cluster.deployments.iter().map(of).collect()
    }

    pub(super) fn ingresses(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |d: &DeploymentInfo| {
            let (name, old) = (d.view.name.clone(), self.deployment_age(d));
            let json = json!({
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
                "metadata": self.meta(&name, "default", &[("app", name.clone())], old),
                "spec": { "ingressClassName": "nginx", "rules": [{ "host": d.dns, "http": { "paths": [{
                    "path": "/", "pathType": "Prefix", "backend": { "service": { "name": name, "port": { "number": 80 } } },
                }] } }] },
                "status": { "loadBalancer": { "ingress": d.addresses.iter().map(|a| json!({ "ip": a })).collect::<Vec<_>>() } },
            });
            let address = d.addresses.join(",");
            let cells = vec![name.clone(), "nginx".to_owned(), d.dns.clone(), address, "80, 443".to_owned(), age(old)];
            Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells }
        };
        self.cluster.deployments.iter().filter(|d| !d.dns.is_empty()).map(of).collect()
    }

    pub(super) fn nodes(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |n: &NodeInfo| {
            let old = self.cluster.age_s.saturating_sub(3_600);
            let mut labels = vec![
                ("kubernetes.io/arch", "amd64".to_owned()),
                ("kubernetes.io/hostname", n.name.clone()),
                ("kubernetes.io/os", "linux".to_owned()),
            ];
            if !n.usage.zone.is_empty() {
                labels.push(("topology.kubernetes.io/zone", n.usage.zone.clone()));
            }
            let quantity = |memory: u64| json!({ "cpu": cores(n.usage.cores), "memory": bytes(memory), "pods": PODS_MAX.to_string() });
            let mut spec = json!({ "podCIDR": "10.244.0.0/24" });
            if n.usage.cordoned {
                spec["unschedulable"] = true.into();
                spec["taints"] = json!([{ "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule" }]);
            }
            let conditions: Vec<Value> = self
                .node_conditions(n)
                .into_iter()
                .map(|(kind, status, reason, message)| {
                    json!({ "type": kind, "status": status, "reason": reason, "message": message })
                })
                .collect();
            let json = json!({
                "apiVersion": "v1", "kind": "Node", "metadata": self.meta(&n.name, "", &labels, old), "spec": spec,
                "status": {
                    "addresses": [{ "type": "InternalIP", "address": n.address }, { "type": "Hostname", "address": n.name }],
                    "capacity": quantity(n.usage.memory),
                    "allocatable": quantity((n.usage.memory as f64 * 0.95) as u64 >> 10 << 10),
                    "conditions": conditions,
                    "nodeInfo": { "kubeletVersion": VERSION, "osImage": OS.0, "kernelVersion": OS.1, "containerRuntimeVersion": OS.2, "architecture": "amd64", "operatingSystem": "linux" },
                },
            });
            let cells = vec![
                n.name.clone(),
                node_status(n),
                "<none>".to_owned(),
                age(old),
                VERSION.to_owned(),
                n.address.clone(),
                "<none>".to_owned(),
                OS.0.to_owned(),
                OS.1.to_owned(),
                OS.2.to_owned(),
            ];
            Object { kind, name: n.name.clone(), namespace: "", json, cells, service: None }
        };
        self.cluster.nodes.iter().map(of).collect()
    }

    /// Conditions of a node: type, status, reason, message.
    pub(in crate::console::tool::kube) fn node_conditions(
        &self,
        n: &NodeInfo,
    ) -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
        if !is_ready(n) {
            let lost = "Kubelet stopped posting node status.";
            let row = |kind| (kind, "Unknown", "NodeStatusUnknown", lost);
            return vec![row("MemoryPressure"), row("DiskPressure"), row("PIDPressure"), row("Ready")];
        }
        let memory = match n.usage.pressure {
            true => {
                ("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
            }
            false => {
                ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available")
            }
        };
        vec![
            memory,
            ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ]
    }

    pub(super) fn namespaces(&self, kind: &'static Kind) -> Vec<Object> {
        let old = self.cluster.age_s;
        let of = |name: &str| {
            let label = [("kubernetes.io/metadata.name", name.to_owned())];
            let json = json!({
                "apiVersion": "v1", "kind": "Namespace", "metadata": self.meta(name, "", &label, old),
                "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" },
            });
            let cells = vec![name.to_owned(), "Active".to_owned(), age(old)];
            Object { kind, name: name.to_owned(), namespace: "", json, cells, service: None }
        };
        super::super::NAMESPACES.iter().map(|n| of(n)).collect()
    }

    pub(super) fn configmaps(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |(name, text, old): &(String, String, u64)| {
            let json = json!({
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": self.meta(name, "default", &[], *old), "data": { name.clone(): text },
            });
            let cells = vec![name.clone(), "1".to_owned(), age(*old)];
            Object { kind, name: name.clone(), namespace: "default", json, cells, service: None }
        };
        self.cluster.configs.iter().map(of).collect()
    }

    pub(super) fn quotas(&self, kind: &'static Kind) -> Vec<Object> {
        let Some(q) = &self.cluster.quota else { return Vec::new() };
        let (name, old) = ("compute-quota".to_owned(), self.cluster.age_s);
        let json = json!({
            "apiVersion": "v1", "kind": "ResourceQuota", "metadata": self.meta(&name, "default", &[], old),
            "spec": { "hard": { "pods": q.hard.to_string() } },
            "status": { "hard": { "pods": q.hard.to_string() }, "used": { "pods": q.used.to_string() } },
        });
        let cells = vec![name.clone(), age(old), format!("pods: {}/{}", q.used, q.hard), String::new()];
        vec![Object { kind, name, namespace: "default", json, cells, service: None }]
    }

    pub(super) fn accounts(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |namespace: &&'static str| {
            let json = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": self.meta("default", namespace, &[], self.cluster.age_s) });
            let cells = vec!["default".to_owned(), "0".to_owned(), age(self.cluster.age_s)];
            Object { kind, name: "default".to_owned(), namespace, json, cells, service: None }
        };
        super::super::NAMESPACES.iter().map(of).collect()
    }

    pub(super) fn daemonsets(&self, kind: &'static Kind) -> Vec<Object> {
        let nodes = self.cluster.nodes.len();
        let ready = self.cluster.nodes.iter().filter(|n| is_ready(n)).count();
        let name = "kube-proxy".to_owned();
        let json = json!({
            "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": self.meta(&name, "kube-system", &[("k8s-app", name.clone())], self.cluster.age_s),
            "status": { "desiredNumberScheduled": nodes, "currentNumberScheduled": nodes, "numberReady": ready, "numberAvailable": ready },
        });
        let (all, up) = (nodes.to_string(), ready.to_string());
        let selector = "kubernetes.io/os=linux".to_owned();
        let cells =
            vec![name.clone(), all.clone(), all.clone(), up.clone(), all, up, selector, age(self.cluster.age_s)];
        vec![Object { kind, name, namespace: "kube-system", json, cells, service: None }]
    }

    /// Every event, oldest first by its last time.
    pub(in crate::console::tool::kube) fn all_events(&self) -> Vec<(EventView, Option<String>)> {
        let mut all: Vec<(EventView, Option<String>)> = Vec::new();
        for d in &self.cluster.deployments {
            all.extend(d.view.events.iter().map(|e| (e.clone(), Some(d.view.name.clone()))));
        }
        all.extend(self.cluster.events.iter().map(|e| (e.clone(), None)));
        all.sort_by(|a, b| b.0.last_s.cmp(&a.0.last_s));
        all
    }

    pub(super) fn events(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |(i, (e, service)): (usize, (EventView, Option<String>))| {
            let name = format!("{}.{:016x}", e.name, 0x17b0_0000_0000u64 + i as u64 * 7_919 + e.first_s);
            let namespace = "default";
            let word = if e.warning { "Warning" } else { "Normal" };
            let json = json!({
                "apiVersion": "v1", "kind": "Event", "metadata": self.meta(&name, namespace, &[], e.first_s),
                "type": word, "reason": e.reason, "message": e.message, "count": e.count,
                "involvedObject": { "kind": e.kind, "name": e.name, "namespace": namespace },
                "source": { "component": source(&e) },
                "firstTimestamp": self.ago(e.first_s), "lastTimestamp": self.ago(e.last_s),
            });
            let object = format!("{}/{}", e.kind.to_ascii_lowercase(), e.name);
            let cells = vec![
                when(&e),
                word.to_owned(),
                e.reason.to_owned(),
                object,
                e.message.clone(),
                source(&e).to_owned(),
                e.count.to_string(),
            ];
            Object { kind, name, namespace, json, cells, service }
        };
        self.all_events().into_iter().enumerate().map(of).collect()
    }
}

/// When an event was seen, as a cell: `5m (x3 over 12m)`.
pub(in crate::console::tool::kube) fn when(e: &EventView) -> String {
    if e.count > 1 { format!("{} (x{} over {})", age(e.last_s), e.count, age(e.first_s)) } else { age(e.last_s) }
}

/// Which part of the platform says so.
pub(in crate::console::tool::kube) fn source(e: &EventView) -> &'static str {
    match (e.kind, e.reason) {
        ("Pod", "Scheduled" | "FailedScheduling") => "default-scheduler",
        ("Pod", _) => "kubelet",
        ("ReplicaSet", _) => "replicaset-controller",
        ("Deployment", _) => "deployment-controller",
        ("HorizontalPodAutoscaler", _) => "horizontal-pod-autoscaler",
        ("Node", "SystemOOM") => "kernel-monitor",
        ("Node", "NodeNotReady" | "NodeReady") => "node-controller",
        _ => "kubelet",
    }
}
