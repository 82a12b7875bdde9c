//! The platform that runs managed replicas: deployments, replicas, autoscalers, nodes, quotas, addresses.

use super::{UP, flag};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::World;
use crate::sim::capacity::PodRow;

/// Replicas that have series of their own, of all services together.
const PODS_MAX: usize = 200;

/// The namespace in which everything runs.
const NS: &str = "default";

families! {
    SPEC = Gauge "kube_deployment_spec_replicas" ["namespace", "deployment"] "1" "Replicas asked for.";
    STATUS = Gauge "kube_deployment_status_replicas" ["namespace", "deployment"] "1" "Replicas that exist.";
    READY = Gauge "kube_deployment_status_replicas_ready" ["namespace", "deployment"] "1" "Replicas that take requests.";
    AVAILABLE = Gauge "kube_deployment_status_replicas_available" ["namespace", "deployment"] "1" "Replicas that take requests and have for long enough.";
    UNAVAILABLE = Gauge "kube_deployment_status_replicas_unavailable" ["namespace", "deployment"] "1" "Replicas that are missing.";
    HPA_CURRENT = Gauge "kube_horizontalpodautoscaler_status_current_replicas" ["namespace", "horizontalpodautoscaler"] "1" "Replicas that the autoscaler counts.";
    HPA_DESIRED = Gauge "kube_horizontalpodautoscaler_status_desired_replicas" ["namespace", "horizontalpodautoscaler"] "1" "Replicas that it wants.";
    HPA_MIN = Gauge "kube_horizontalpodautoscaler_spec_min_replicas" ["namespace", "horizontalpodautoscaler"] "1" "Fewest that it may want.";
    HPA_MAX = Gauge "kube_horizontalpodautoscaler_spec_max_replicas" ["namespace", "horizontalpodautoscaler"] "1" "Most that it may want.";
    HPA_TARGET = Gauge "kube_horizontalpodautoscaler_spec_target_metric" ["namespace", "horizontalpodautoscaler", "metric_name"] "1" "What its metric should be.";
    HPA_READ = Gauge "kube_horizontalpodautoscaler_status_target_metric" ["namespace", "horizontalpodautoscaler", "metric_name"] "1" "What it read last; absent while it can read nothing.";
    POD_INFO = Gauge "kube_pod_info" ["namespace", "pod", "node", "created_by_name"] "1" "A replica and its node: always 1.";
    PHASE = Gauge "kube_pod_status_phase" ["namespace", "pod", "phase"] "bool" "The phase of a replica.";
    POD_READY = Gauge "kube_pod_status_ready" ["namespace", "pod", "condition"] "bool" "Whether a replica takes requests.";
    RESTARTS = Counter "kube_pod_container_status_restarts_total" ["namespace", "pod", "container"] "1" "Restarts of a replica.";
    WAITING = Gauge "kube_pod_container_status_waiting_reason" ["namespace", "pod", "container", "reason"] "1" "Why it does not run, while it does not: 1.";
    MEMORY = Gauge "container_memory_working_set_bytes" ["namespace", "pod", "container"] "B" "Memory of a replica.";
    OOM = Counter "container_oom_events_total" ["namespace", "container"] "1" "Replicas of a service killed for memory.";
    NODE_READY = Gauge "kube_node_status_condition" ["node", "condition", "status"] "bool" "Whether a node answers, and whether it is short of memory.";
    CORDONED = Gauge "kube_node_spec_unschedulable" ["node"] "bool" "Whether a node takes no new replicas.";
    QUOTA = Gauge "kube_resourcequota" ["namespace", "resource", "type"] "1" "Replicas that the quota allows, and that it counts.";
    ADDRESSES = Gauge "awscni_total_ip_addresses" [] "1" "Addresses of the pool.";
    ASSIGNED = Gauge "awscni_assigned_ip_addresses" [] "1" "Addresses that are taken.";
}

pub(super) fn collect(w: &World, emit: &mut Emit<'_>) {
    let (machines, plan) = w.machines();
    let mut pods_left = PODS_MAX;
    let mut any = false;
    for (at, (name, _)) in w.services().enumerate() {
        let Some(group) = machines.group(at) else { continue };
        any = true;
        let of: &[&str] = &[NS, name];
        emit(&SPEC, of, group.desired as f64);
        emit(&STATUS, of, group.alive() as f64);
        emit(&READY, of, group.ready() as f64);
        emit(&AVAILABLE, of, group.ready() as f64);
        emit(&UNAVAILABLE, of, group.desired.saturating_sub(group.ready()) as f64);
        emit(&OOM, of, group.oom_kills as f64);
        if let Some(row) = machines.scaler(plan, name) {
            emit(&HPA_CURRENT, of, group.alive() as f64);
            emit(&HPA_DESIRED, of, row.replicas as f64);
            emit(&HPA_MIN, of, row.min as f64);
            emit(&HPA_MAX, of, row.max as f64);
            emit(&HPA_TARGET, &[NS, name, row.metric], row.target as f64);
            if let Some(read) = row.read {
                emit(&HPA_READ, &[NS, name, row.metric], read);
            }
        }
        let rows = machines.pods(plan, at);
        for row in rows.iter().take(pods_left) {
            pod(name, row, emit);
        }
        pods_left -= rows.len().min(pods_left);
    }
    if !any {
        return;
    }
    emit(&UP, &["kube-state-metrics", "cluster"], 1.0);
    for (at, host) in plan.hosts.iter().enumerate() {
        let Some(h) = machines.host_use(plan, at) else { continue };
        emit(&NODE_READY, &[&host.name, "Ready", "true"], flag(!h.given_up));
        emit(&NODE_READY, &[&host.name, "MemoryPressure", "true"], flag(h.pressure));
        emit(&CORDONED, &[&host.name], flag(h.cordoned));
    }
    if let Some(q) = machines.quota(plan) {
        emit(&QUOTA, &[NS, "pods", "hard"], q.hard as f64);
        emit(&QUOTA, &[NS, "pods", "used"], q.used as f64);
    }
    if let Some((taken, all)) = machines.addresses(plan) {
        emit(&ADDRESSES, &[], all as f64);
        emit(&ASSIGNED, &[], taken as f64);
    }
}

/// The phases of a replica as the platform's interface has them; crashing ones count as running.
const PHASES: [&str; 5] = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

fn phase(status: &str) -> &'static str {
    match status {
        "Pending" | "ContainerCreating" => "Pending",
        "Evicted" => "Failed",
        _ => "Running",
    }
}

fn pod(service: &str, row: &PodRow, emit: &mut Emit<'_>) {
    let (name, container) = (row.name.as_str(), [NS, row.name.as_str(), service]);
    emit(&POD_INFO, &[NS, name, row.node.as_deref().unwrap_or_default(), service], 1.0);
    let is = phase(row.status);
    for p in PHASES {
        emit(&PHASE, &[NS, name, p], flag(p == is));
    }
    emit(&POD_READY, &[NS, name, "true"], flag(row.ready));
    emit(&RESTARTS, &container, f64::from(row.restarts));
    if matches!(row.status, "CrashLoopBackOff" | "ContainerCreating") {
        emit(&WAITING, &[NS, name, service, row.status], 1.0);
    }
    if row.memory > 0 {
        emit(&MEMORY, &container, row.memory as f64);
    }
}
