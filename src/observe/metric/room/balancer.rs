//! The balancer in front of a service whose replicas weigh differently.

use super::{UP, flag};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::World;

families! {
    STATUS = Gauge "haproxy_server_up" ["proxy", "server"] "bool" "Whether the balancer finds a replica up.";
    WEIGHT = Gauge "haproxy_server_weight" ["proxy", "server"] "1" "Weight of a replica.";
    SESSIONS = Counter "haproxy_server_sessions_total" ["proxy", "server"] "1" "Requests that a replica was given.";
}

pub(super) fn collect(w: &World, emit: &mut Emit<'_>) {
    let (machines, plan) = w.machines();
    let mut any = false;
    for (at, (name, _)) in w.services().enumerate().filter(|(at, _)| machines.is_weighed(*at)) {
        any = true;
        for row in machines.servers(plan, at) {
            let of: &[&str] = &[name, &row.host];
            emit(&STATUS, of, flag(row.up));
            emit(&WEIGHT, of, row.weight as f64);
            emit(&SESSIONS, of, row.given as f64);
        }
    }
    if any {
        emit(&UP, &["haproxy", "balancer"], 1.0);
    }
}
