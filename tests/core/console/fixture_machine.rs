//! What the fixture's machine and platform look like.

use super::fixture::{Fixture, START};
use wheel_of_misfortune::console::host::{KernelMessage, MachineHost};
use wheel_of_misfortune::sim::capacity::{HostUse, PodRow, QuotaRow, ScalerRow};
use wheel_of_misfortune::stdx::time::Utc;

impl MachineHost for Fixture {
    fn machine(&self, _host: &str) -> Option<HostUse> {
        Some(HostUse {
            cores: 4.0,
            busy: 1.0,
            runnable: 1.0,
            memory: 8 << 30,
            memory_used: 2 << 30,
            cache: 1 << 30,
            ..HostUse::default()
        })
    }

    fn kernel_log(&self, _host: &str) -> Vec<KernelMessage> {
        let text = "nf_conntrack: nf_conntrack: table full, dropping packet".to_owned();
        vec![KernelMessage { at: Utc(START), level: "warn".to_owned(), text }]
    }

    fn sysctls(&self, _host: &str) -> Vec<(String, String)> {
        vec![("net.netfilter.nf_conntrack_max".to_owned(), "65536".to_owned())]
    }

    fn pods(&self) -> Vec<(String, Vec<PodRow>)> {
        let row = |name: &str, ready, status, restarts, age_s| PodRow {
            name: name.to_owned(),
            ready,
            status,
            restarts,
            age_s,
            node: None,
            memory: 0,
            event: String::new(),
        };
        let rows = vec![
            row("api-7c9d8f-x2k9q", true, "Running", 0, 10_800),
            row("api-7c9d8f-z5m4t", false, "CrashLoopBackOff", 6, 720),
        ];
        vec![("api".to_owned(), rows)]
    }

    fn scalers(&self) -> Vec<ScalerRow> {
        let (service, metric) = ("api".to_owned(), "cpu");
        vec![ScalerRow { service, metric, read: None, target: 70, min: 2, max: 12, replicas: 4, paused: false }]
    }

    fn quota(&self) -> Option<QuotaRow> {
        Some(QuotaRow { used: 15_000, hard: 15_000 })
    }
}

impl wheel_of_misfortune::console::host::kube::KubeHost for Fixture {}
