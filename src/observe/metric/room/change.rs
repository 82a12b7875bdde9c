//! What changes: versions of configuration, flags, releases, scheduled jobs, what vendors say of themselves.

use super::{Tally, flag};
use crate::observe::metric::exposition::Emit;
use crate::observe::metric::family::families;
use crate::scenario::{ChangeFault, Fault};
use crate::sim::World;
use crate::sim::change::Health;

families! {
    CONFIG_SHARE = Gauge "config_version_ratio" ["config", "version"] "ratio" "Share of its readers that have a version.";
    CONFIG_DECLARED = Gauge "config_declared_info" ["config", "version"] "1" "The version that the repository declares: always 1.";
    CONFIG_CHANGED = Gauge "config_last_reload_success_timestamp_seconds" ["config"] "unix" "When it was last pushed.";
    FLAG = Gauge "feature_flag_enabled_ratio" ["flag"] "ratio" "Share of the requests for which a flag is on.";
    RELEASE_SHARE = Gauge "service_release_ratio" ["service", "release"] "ratio" "Share of a service that runs a release.";
    SCHEDULED = Gauge "kube_cronjob_status_last_schedule_time" ["cronjob", "instance"] "unix" "When a job was last started.";
    SUCCEEDED = Gauge "kube_cronjob_status_last_successful_time" ["cronjob", "instance"] "unix" "When a run of it last ended.";
    ACTIVE = Gauge "kube_cronjob_status_active" ["cronjob", "instance"] "1" "Runs of it under way.";
    SUSPENDED = Gauge "kube_cronjob_spec_suspend" ["cronjob", "instance"] "bool" "Whether it is switched off.";
    NEXT = Gauge "kube_cronjob_next_schedule_time" ["cronjob", "instance"] "unix" "When it is due next.";
    STATUS_PAGE = Gauge "statuspage_component" ["service"] "1" "What a vendor says of itself: 1 operational, 3 degraded, 5 major outage, 0 anything else.";
    QUOTA = Gauge "ratelimit_limit" ["service"] "/s" "Requests a second that a service lets its clients make.";
    QUOTA_LEFT = Gauge "ratelimit_remaining" ["service"] "/s" "Of those, how many were left in the last second.";
}

pub(super) fn collect(w: &World, tally: &Tally, emit: &mut Emit<'_>) {
    for config in w.configs() {
        let versions = w.spec().change.configs.get(config.name).map_or(0, |c| c.versions.len());
        for at in 0..versions {
            let share = config.state.share(at);
            if share > 0.0 {
                emit(&CONFIG_SHARE, &[config.name, config.version(at)], share);
            }
        }
        emit(&CONFIG_DECLARED, &[config.name, config.declared()], 1.0);
        if let Some((at, ..)) = config.history().last() {
            emit(&CONFIG_CHANGED, &[config.name], at.0 as f64);
        }
    }
    for f in w.flags() {
        emit(&FLAG, &[f.name], f.percent as f64 / 100.0);
    }
    for (service, _) in w.services() {
        for share in w.release_shares(service) {
            emit(&RELEASE_SHARE, &[service, &share.release], share.permille as f64 / 1_000.0);
        }
    }
    let seconds = |ticks: u64| i64::try_from(ticks).unwrap_or(i64::MAX / 4);
    let start = w.utc().plus(-seconds(w.tick().0));
    for ((cron, job), spec) in w.crons().zip(&tally.crons).zip(w.spec().change.crons.values()) {
        let of: &[&str] = &[cron.name, &spec.host];
        if let Some(last) = cron.state.last {
            emit(&SCHEDULED, of, last.0 as f64);
        }
        if let Some(ended) = job.ended {
            emit(&SUCCEEDED, of, ended as f64);
        }
        emit(&ACTIVE, of, cron.state.running.len() as f64);
        emit(&SUSPENDED, of, flag(!cron.state.enabled));
        if let Some(next) = cron.state.next {
            emit(&NEXT, of, start.plus(seconds(next)).0 as f64);
        }
    }
    for v in w.vendors() {
        let says = [(Health::Operational, 1.0), (Health::Degraded, 3.0), (Health::Outage, 5.0)];
        let code = says.iter().find(|(h, _)| h.word() == v.says()).map_or(0.0, |(_, code)| *code);
        emit(&STATUS_PAGE, &[v.name], code);
    }
    for fault in w.faults() {
        if let Fault::Change(ChangeFault::Quota { service, rate }) = fault {
            let used = w.flow(service).map_or(0, |f| f.requests) as f64;
            emit(&QUOTA, &[service], rate.to_f64());
            emit(&QUOTA_LEFT, &[service], (rate.to_f64() - used).max(0.0));
        }
    }
}
