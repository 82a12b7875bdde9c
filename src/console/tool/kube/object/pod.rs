//! Pods, those of the platform's own daemons included.

use super::{Api, Object};
use crate::console::host::kube::{DeploymentInfo, NodeInfo};
use crate::console::tool::kube::kind::Kind;
use crate::console::tool::kube::words::age;
use crate::sim::capacity::{Phase, PodView, Power, Why, pod_ip, uid};
use serde_json::{Value, json};

/// Exit status and reason of a container that ended.
fn ended(why: Why) -> (u64, &'static str) {
    match why {
        Why::OomKilled => (137, "OOMKilled"),
        Why::Unhealthy => (137, "Error"),
        _ => (1, "Error"),
    }
}

/// Restarts as a cell: `3 (2m ago)`.
fn restarts(p: &PodView) -> String {
    if p.restarts == 0 { "0".to_owned() } else { format!("{} ({} ago)", p.restarts, age(p.ended_s)) }
}

/// Address of a pod, once it has one.
pub(in crate::console::tool::kube) fn address(p: &PodView) -> Option<String> {
    let placed = matches!(p.phase, Phase::Running | Phase::BackOff | Phase::Terminating)
        || (p.phase == Phase::Starting && p.restarts > 0);
    placed.then(|| pod_ip(p.node.as_ref().map(|n| n.0), p.number))
}

impl Api<'_> {
    /// Pods of deployments and of the platform.
    pub(super) fn pods(&self, kind: &'static Kind) -> Vec<Object> {
        let mut all = Vec::new();
        for d in &self.cluster.deployments {
            all.extend(d.view.pods.iter().map(|p| self.pod(kind, d, p)));
            let evicted = d.view.ended.iter().filter(|(_, _, why)| *why == Why::Evicted);
            all.extend(evicted.map(|(p, gone, _)| self.evicted(kind, d, p, *gone)));
        }
        all.extend(self.cluster.nodes.iter().map(|n| self.proxy(kind, n)));
        all
    }

    /// Object of one pod.
    pub(in crate::console::tool::kube) fn pod(&self, kind: &'static Kind, d: &DeploymentInfo, p: &PodView) -> Object {
        let name = &d.view.name;
        let labels = [("app", name.clone()), ("pod-template-hash", p.hash.clone())];
        let mut meta = self.meta(&p.name, "default", &labels, p.age_s);
        let set = format!("{name}-{}", p.hash);
        meta["generateName"] = format!("{set}-").into();
        meta["ownerReferences"] = json!([{
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": set, "uid": uid(&format!("default/{set}")),
            "controller": true, "blockOwnerDeletion": true,
        }]);
        let r = d.view.revisions.iter().find(|(r, _)| r.key == p.template).map(|(r, _)| r);
        let container = self.container(d, r);
        let mut spec = json!({
            "containers": [container],
            "restartPolicy": "Always",
            "serviceAccountName": "default",
            "terminationGracePeriodSeconds": 30,
            "dnsPolicy": "ClusterFirst",
        });
        if let Some((_, node)) = &p.node {
            spec["nodeName"] = node.clone().into();
        }
        let json = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec, "status": self.pod_status(d, p),
        });
        let ready = format!("{}/1", u8::from(p.ready));
        let none = || "<none>".to_owned();
        let node = p.node.as_ref().map_or_else(none, |n| n.1.clone());
        let cells = vec![
            p.name.clone(),
            ready,
            p.status.to_owned(),
            restarts(p),
            age(p.age_s),
            address(p).unwrap_or_else(none),
            node,
            none(),
            none(),
        ];
        Object { kind, name: p.name.clone(), namespace: "default", json, cells, service: Some(name.clone()) }
    }

    fn pod_status(&self, d: &DeploymentInfo, p: &PodView) -> Value {
        let name = &d.view.name;
        let r = d.view.revisions.iter().find(|(r, _)| r.key == p.template).map(|(r, _)| r);
        let image = crate::sim::capacity::image_of(name, r);
        let started = self.ago(p.started_s);
        let condition = |kind: &str, ok: bool, s: u64| json!({ "type": kind, "status": if ok { "True" } else { "False" }, "lastTransitionTime": self.ago(s), "lastProbeTime": null });
        let scheduled = p.phase != Phase::Pending;
        let mut conditions = vec![
            condition("Initialized", true, p.age_s),
            condition("Ready", p.ready, if p.ready { p.started_s } else { p.ended_s.min(p.age_s) }),
            condition("ContainersReady", p.ready, if p.ready { p.started_s } else { p.ended_s.min(p.age_s) }),
            condition("PodScheduled", scheduled, p.age_s),
        ];
        if let (false, Some(c)) = (scheduled, conditions.last_mut()) {
            c["reason"] = "Unschedulable".into();
        }
        if let (false, Some(c)) = (p.ready, conditions.get_mut(1)) {
            c["reason"] = "ContainersNotReady".into();
            c["message"] = format!("containers with unready status: [{name}]").into();
        }
        let waiting = |reason: &str, message: String| json!({ "waiting": { "reason": reason, "message": message } });
        let state = match (p.phase, p.why) {
            (Phase::Pending, _) => None,
            (Phase::Starting, Why::NoImage) => Some(waiting("ErrImagePull", format!("{image}: not found"))),
            (Phase::BackOff, Why::NoImage) => {
                Some(waiting("ImagePullBackOff", format!("Back-off pulling image \"{image}\"")))
            }
            (Phase::Starting, _) if p.restarts == 0 => Some(json!({ "waiting": { "reason": "ContainerCreating" } })),
            (Phase::BackOff, why) if p.status != "CrashLoopBackOff" => Some(json!({ "terminated": {
                "exitCode": ended(why).0, "reason": ended(why).1, "finishedAt": self.ago(p.ended_s),
            } })),
            (Phase::BackOff, _) => Some(waiting(
                "CrashLoopBackOff",
                format!("back-off restarting failed container={name} pod={}_default({})", p.name, uid(&p.name)),
            )),
            _ => Some(json!({ "running": { "startedAt": started } })),
        };
        let mut status = json!({
            "phase": if matches!(p.phase, Phase::Pending) || (p.phase == Phase::Starting && p.restarts == 0) || p.why == Why::NoImage { "Pending" } else { "Running" },
            "qosClass": "Burstable",
            "conditions": conditions,
        });
        if let Some(state) = state {
            let mut c = json!({
                "name": name, "image": image, "imageID": format!("{image}@sha256:{}", digest(&image)),
                "ready": p.ready, "started": matches!(p.phase, Phase::Running), "restartCount": p.restarts, "state": state, "lastState": {},
            });
            if p.restarts > 0 && p.phase != Phase::BackOff || p.status == "CrashLoopBackOff" {
                let (exit, reason) = ended(p.why);
                c["lastState"] = json!({ "terminated": {
                    "exitCode": exit, "reason": reason, "finishedAt": self.ago(p.ended_s),
                } });
            }
            status["containerStatuses"] = json!([c]);
        }
        if let Some(ip) = address(p) {
            status["podIP"] = ip.clone().into();
            status["podIPs"] = json!([{ "ip": ip }]);
        }
        if let Some((_, node)) = &p.node {
            let host = self.cluster.nodes.iter().find(|n| n.name == *node).map(|n| n.address.clone());
            status["hostIP"] = host.unwrap_or_default().into();
            status["startTime"] = self.ago(p.age_s).into();
        }
        status
    }

    fn evicted(&self, kind: &'static Kind, d: &DeploymentInfo, p: &PodView, gone: u64) -> Object {
        let mut o = self.pod(kind, d, p);
        o.json["status"] = json!({
            "phase": "Failed", "reason": "Evicted", "startTime": self.ago(p.age_s),
            "message": format!("The node was low on resource: memory. Container {} was using more than its request.", d.view.name),
        });
        let node = p.node.as_ref().map_or("<none>", |n| n.1.as_str());
        let none = "<none>".to_owned();
        o.cells = vec![
            p.name.clone(),
            "0/1".to_owned(),
            "Evicted".to_owned(),
            "0".to_owned(),
            age(p.age_s.max(gone)),
            none.clone(),
            node.to_owned(),
            none.clone(),
            none,
        ];
        o
    }

    /// The daemon that every node runs for the cluster's own network.
    fn proxy(&self, kind: &'static Kind, n: &NodeInfo) -> Object {
        let name = proxy_name(&n.name);
        let labels = [("k8s-app", "kube-proxy".to_owned()), ("controller-revision-hash", "5c7b8f4d9c".to_owned())];
        let mut meta = self.meta(&name, "kube-system", &labels, n.uptime_s.max(self.cluster.age_s.min(n.uptime_s)));
        meta["ownerReferences"] =
            json!([{ "apiVersion": "apps/v1", "kind": "DaemonSet", "name": "kube-proxy", "controller": true }]);
        let ready = n.usage.power == Power::On;
        let json = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": meta,
            "spec": { "nodeName": n.name, "hostNetwork": true, "containers": [{ "name": "kube-proxy", "image": format!("registry.k8s.io/kube-proxy:{}", super::VERSION) }] },
            "status": { "phase": "Running", "podIP": n.address, "hostIP": n.address },
        });
        let none = "<none>".to_owned();
        let cells = vec![
            name.clone(),
            format!("{}/1", u8::from(ready)),
            "Running".to_owned(),
            "0".to_owned(),
            age(n.uptime_s),
            n.address.clone(),
            n.name.clone(),
            none.clone(),
            none,
        ];
        Object { kind, name, namespace: "kube-system", json, cells, service: None }
    }
}

/// Name of the network daemon's pod on a node.
pub(in crate::console::tool::kube) fn proxy_name(node: &str) -> String {
    format!("kube-proxy-{}", digest(node).get(..5).unwrap_or("00000"))
}

/// Digits that stand for the content of something.
pub(crate) fn digest(text: &str) -> String {
    let part = |salt: &str| uid(&format!("{salt}{text}")).replace('-', "");
    format!("{}{}", part("a"), part("b"))
}
