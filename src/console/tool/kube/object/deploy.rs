//! Deployments, replica sets, autoscalers, disruption budgets.

use super::{Api, Object};
use crate::console::host::kube::DeploymentInfo;
use crate::console::tool::kube::kind::Kind;
use crate::console::tool::kube::words::age;
use crate::sim::capacity::{DEADLINE_S, Revision, image_of, uid};
use serde_json::{Value, json};

/// Replicas of a revision: there are, ready.
pub(in crate::console::tool::kube) fn size(d: &DeploymentInfo, key: u64) -> (u64, u64) {
    let mine =
        |p: &&crate::sim::capacity::PodView| p.template == key && p.phase != crate::sim::capacity::Phase::Terminating;
    let all = d.view.pods.iter().filter(mine);
    (all.clone().count() as u64, all.filter(|p| p.ready).count() as u64)
}

/// What an autoscaler reads and wants to read.
fn targets(d: &DeploymentInfo) -> String {
    let Some(s) = &d.scaler else { return String::new() };
    match s.metric {
        "cpu" => {
            format!("{}/{}%", s.read.map_or("<unknown>".to_owned(), |v| format!("{}%", v.round() as u64)), s.target)
        }
        _ => {
            format!("{}/{} (avg)", s.read.map_or("<unknown>".to_owned(), |v| format!("{}", v.round() as u64)), s.target)
        }
    }
}

impl Api<'_> {
    fn template(&self, d: &DeploymentInfo, r: Option<&Revision>) -> Value {
        let mut meta = json!({ "labels": { "app": d.view.name } });
        if r.is_some_and(|r| r.restarted.is_some()) {
            let made = r.and_then(|r| d.made.iter().find(|(n, _)| *n == r.number)).map_or(self.now, |m| m.1);
            meta["annotations"] = json!({ "kubectl.kubernetes.io/restartedAt": made.iso() });
        }
        json!({
            "metadata": meta,
            "spec": {
                "containers": [self.container(d, r)],
                "restartPolicy": "Always",
                "terminationGracePeriodSeconds": 30,
                "dnsPolicy": "ClusterFirst",
            },
        })
    }

    /// Conditions of a deployment: available, progressing.
    pub(in crate::console::tool::kube) fn conditions(
        &self,
        d: &DeploymentInfo,
    ) -> Vec<(&'static str, bool, &'static str, String)> {
        let v = &d.view;
        let enough = v.ready >= v.desired - v.desired / 4;
        let available = match enough {
            true => ("Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.".to_owned()),
            false => (
                "Available",
                false,
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.".to_owned(),
            ),
        };
        let set = v.revisions.last().map_or(String::new(), |(_, hash)| format!("{}-{hash}", v.name));
        let progressing = match v.moving_s {
            _ if v.paused => ("Progressing", false, "DeploymentPaused", "Deployment is paused".to_owned()),
            Some(s) if s > DEADLINE_S => (
                "Progressing",
                false,
                "ProgressDeadlineExceeded",
                format!("ReplicaSet \"{set}\" has timed out progressing."),
            ),
            Some(_) => ("Progressing", true, "ReplicaSetUpdated", format!("ReplicaSet \"{set}\" is progressing.")),
            None => (
                "Progressing",
                true,
                "NewReplicaSetAvailable",
                format!("ReplicaSet \"{set}\" has successfully progressed."),
            ),
        };
        let mut all = vec![available, progressing];
        if let Some(why) = &v.refused {
            all.push(("ReplicaFailure", true, "FailedCreate", format!("pods \"{set}-\" is forbidden: {why}")));
        }
        all
    }

    pub(super) fn deployments(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |d: &DeploymentInfo| {
            let v = &d.view;
            let r = v.revisions.last().map(|(r, _)| r);
            let labels = [("app", v.name.clone())];
            let old = self.deployment_age(d);
            let mut meta = self.meta(&v.name, "default", &labels, old);
            let number = r.map_or(1, |r| r.number);
            meta["generation"] = number.into();
            meta["annotations"] = json!({ "deployment.kubernetes.io/revision": number.to_string() });
            if let Some((_, cause)) = d.causes.iter().find(|(n, c)| *n == number && c != "<none>") {
                meta["annotations"]["kubernetes.io/change-cause"] = cause.clone().into();
            }
            let conditions: Vec<Value> = self
                .conditions(d)
                .into_iter()
                .map(|(kind, ok, reason, message)| {
                    json!({ "type": kind, "status": if ok { "True" } else { "False" }, "reason": reason, "message": message })
                })
                .collect();
            let mut spec = json!({
                "replicas": v.desired,
                "revisionHistoryLimit": 10,
                "progressDeadlineSeconds": DEADLINE_S,
                "selector": { "matchLabels": { "app": v.name } },
                "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": "25%" } },
                "template": self.template(d, r),
            });
            if v.paused {
                spec["paused"] = true.into();
            }
            let mut status = json!({
                "observedGeneration": number, "replicas": v.total, "updatedReplicas": v.updated, "conditions": conditions,
            });
            for (key, n) in [
                ("readyReplicas", v.ready),
                ("availableReplicas", v.ready),
                ("unavailableReplicas", v.total.max(v.desired).saturating_sub(v.ready)),
            ] {
                if n > 0 {
                    status[key] = n.into();
                }
            }
            let json = json!({
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec, "status": status,
            });
            let cells = vec![
                v.name.clone(),
                format!("{}/{}", v.ready, v.desired),
                v.updated.to_string(),
                v.ready.to_string(),
                age(old),
                v.name.clone(),
                image_of(&v.name, r),
                format!("app={}", v.name),
            ];
            let name = v.name.clone();
            Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells }
        };
        self.cluster.deployments.iter().map(of).collect()
    }

    pub(super) fn replica_sets(&self, kind: &'static Kind) -> Vec<Object> {
        let mut all = Vec::new();
        for d in &self.cluster.deployments {
            let v = &d.view;
            let last = v.revisions.last().map_or(0, |(r, _)| r.key);
            for (r, hash) in &v.revisions {
                let (there, ready) = size(d, r.key);
                // The newest one wants what is not held back by the others.
                let wanted = if r.key == last && v.moving_s.is_none() { v.desired } else { there };
                let name = format!("{}-{hash}", v.name);
                let labels = [("app", v.name.clone()), ("pod-template-hash", hash.clone())];
                let old = self.revision_age(d, r.number);
                let mut meta = self.meta(&name, "default", &labels, old);
                meta["annotations"] = json!({
                    "deployment.kubernetes.io/desired-replicas": v.desired.to_string(),
                    "deployment.kubernetes.io/revision": r.number.to_string(),
                });
                meta["ownerReferences"] = json!([{
                    "apiVersion": "apps/v1", "kind": "Deployment", "name": v.name, "uid": uid(&format!("default/{}", v.name)),
                    "controller": true, "blockOwnerDeletion": true,
                }]);
                let json = json!({
                    "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta,
                    "spec": {
                        "replicas": wanted,
                        "selector": { "matchLabels": { "app": v.name, "pod-template-hash": hash } },
                        "template": self.template(d, Some(r)),
                    },
                    "status": { "replicas": there, "readyReplicas": ready, "availableReplicas": ready, "fullyLabeledReplicas": there },
                });
                let cells = vec![
                    name.clone(),
                    wanted.to_string(),
                    there.to_string(),
                    ready.to_string(),
                    age(old),
                    v.name.clone(),
                    image_of(&v.name, Some(r)),
                    format!("app={},pod-template-hash={hash}", v.name),
                ];
                all.push(Object { kind, name, namespace: "default", json, cells, service: Some(v.name.clone()) });
            }
        }
        all
    }

    pub(super) fn scalers(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |d: &DeploymentInfo| {
            let s = d.scaler.as_ref()?;
            let name = d.view.name.clone();
            let old = self.deployment_age(d);
            let json = json!({
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                "metadata": self.meta(&name, "default", &[("app", name.clone())], old),
                "spec": {
                    "minReplicas": s.min, "maxReplicas": s.max,
                    "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": name },
                    "metrics": [{ "type": if s.metric == "cpu" { "Resource" } else { "Pods" }, "target": s.target, "name": s.metric }],
                },
                "status": { "currentReplicas": d.view.total, "desiredReplicas": s.replicas, "current": s.read.map(|v| v.round() as u64) },
            });
            let mut json = json;
            if let Some(behavior) = crate::console::tool::kube::describe::behavior_json(s) {
                json["spec"]["behavior"] = behavior;
            }
            let cells = vec![
                name.clone(),
                format!("Deployment/{name}"),
                targets(d),
                s.min.to_string(),
                s.max.to_string(),
                d.view.total.to_string(),
                age(old),
            ];
            Some(Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells })
        };
        self.cluster.deployments.iter().filter_map(of).collect()
    }

    pub(super) fn budgets(&self, kind: &'static Kind) -> Vec<Object> {
        let of = |d: &DeploymentInfo| {
            let least = d.view.budget?;
            let (name, old) = (d.view.name.clone(), self.deployment_age(d));
            let allowed = d.view.ready.saturating_sub(least);
            let json = json!({
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                "metadata": self.meta(&name, "default", &[("app", name.clone())], old),
                "spec": { "minAvailable": least, "selector": { "matchLabels": { "app": name } } },
                "status": { "currentHealthy": d.view.ready, "desiredHealthy": least, "disruptionsAllowed": allowed, "expectedPods": d.view.desired },
            });
            let cells = vec![name.clone(), least.to_string(), "N/A".to_owned(), allowed.to_string(), age(old)];
            Some(Object { kind, service: Some(name.clone()), name, namespace: "default", json, cells })
        };
        self.cluster.deployments.iter().filter_map(of).collect()
    }
}
