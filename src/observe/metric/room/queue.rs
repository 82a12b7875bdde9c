//! Queues as their broker shows them, beside what each queue's own exporter says.

use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::scenario::ServiceKind;
use crate::sim::World;

families! {
    READY = Gauge "rabbitmq_queue_messages_ready" ["queue"] "1" "Items that wait.";
    UNACKED = Gauge "rabbitmq_queue_messages_unacked" ["queue"] "1" "Items that a consumer holds.";
    HEAD = Gauge "rabbitmq_queue_head_message_timestamp" ["queue"] "unix" "When the oldest item that waits came; absent while none waits.";
    AGE = Gauge "queue_oldest_item_age_seconds" ["queue"] "s" "Age of the oldest item that waits.";
    CONSUMERS = Gauge "rabbitmq_queue_consumers" ["queue"] "1" "Consumers that take items.";
    EXPIRED = Counter "queue_items_expired_total" ["queue"] "1" "Items dropped because they were too old.";
    REJECTED = Counter "queue_items_rejected_total" ["queue"] "1" "Items turned away because the queue was full.";
    REDELIVERED = Counter "queue_items_redelivered_total" ["queue"] "1" "Items delivered again.";
}

pub(super) fn collect(w: &World, waiting: &dyn Fn(&str) -> f64, emit: &mut Emit<'_>) {
    for (name, q) in w.queues() {
        let of: &[&str] = &[name];
        let depth = waiting(name);
        emit(&READY, of, depth);
        emit(&UNACKED, of, w.in_work(name) as f64);
        let age = q.oldest_s(w.tick().0);
        if depth > 0.0 {
            let age = i64::try_from(age).unwrap_or(i64::MAX / 4);
            emit(&HEAD, of, w.utc().0.saturating_sub(age) as f64);
        }
        emit(&AGE, of, if depth > 0.0 { age as f64 } else { 0.0 });
        let takes = |kind: &ServiceKind| matches!(kind, ServiceKind::Worker { queue } if queue == name);
        let workers = w.spec().services.iter().filter(|(_, s)| takes(&s.kind));
        let ready: u64 = workers.map(|(service, _)| w.replicas(service).map_or(0, |(ready, _)| ready)).sum();
        emit(&CONSUMERS, of, if q.paused { 0.0 } else { ready as f64 });
        emit(&EXPIRED, of, q.expired_total as f64);
        emit(&REJECTED, of, q.rejected_total as f64);
        emit(&REDELIVERED, of, q.redelivered_total as f64);
    }
}
