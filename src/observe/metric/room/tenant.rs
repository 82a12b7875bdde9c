//! Requests by tenant, as a service that knows its tenants counts them itself.

use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::sim::World;

families! {
    STARTED = Counter "tenant_requests_started_total" ["service", "tenant"] "1" "Requests of a tenant that arrived.";
    REQUESTS = Counter "tenant_requests_total" ["service", "tenant", "result"] "1" "Requests of a tenant that were answered: `ok`, `limited` with a 429, `error` with a 5xx.";
}

pub(super) fn collect(w: &World, emit: &mut Emit<'_>) {
    for (service, s) in w.services() {
        for (tenant, t) in w.tenants().iter().zip(&s.tenants) {
            emit(&STARTED, &[service, tenant], t.started as f64);
            for (result, n) in [("ok", t.ok), ("limited", t.limited), ("error", t.failed)] {
                emit(&REQUESTS, &[service, tenant, result], n as f64);
            }
        }
    }
}
