//! What the fixture's machine and platform look like.

use super::fixture::{Fixture, START};
use wheel_of_misfortune::console::host::kube::{Cluster, DeploymentInfo, KubeHost, NodeInfo};
use wheel_of_misfortune::console::host::{Caller, ConsoleHost, KernelMessage, MachineHost};
use wheel_of_misfortune::scenario::{AutoscaleSpec, CheckSpec, ManagedSpec, ScaleInSpec, ScaleMetric, ServiceCapacity};
use wheel_of_misfortune::sim::capacity::{CapacityPlan, CapacityState};
use wheel_of_misfortune::sim::capacity::{HostUse, PodRow, QuotaRow, ScalerRow};
use wheel_of_misfortune::stdx::time::{Span, Utc};

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

    fn cpu_spent_s(&self, host: &str) -> u64 {
        self.uptime_s(host)
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
        vec![ScalerRow {
            service,
            metric,
            read: None,
            target: 70,
            min: 2,
            max: 12,
            replicas: 4,
            paused: false,
            every_s: 15,
            settle_s: 300,
            scale_in: ScaleInSpec::default(),
        }]
    }

    fn quota(&self) -> Option<QuotaRow> {
        Some(QuotaRow { used: 15_000, hard: 15_000 })
    }
}

/// A cluster of two nodes that runs the API, three replicas of `v481`.
impl KubeHost for Fixture {
    fn cluster(&self, _who: &Caller) -> Option<Cluster> {
        let mut s = super::worlds::registry();
        let api = s.world.services.get_mut("api")?;
        api.on.clear();
        api.replicas = 3;
        s.world.hosts.values_mut().for_each(|h| h.units.clear());
        let managed = ManagedSpec {
            nodes: vec!["web-1".into(), "web-2".into()],
            cpu: super::worlds::exact(1, 2),
            cpu_limit: Some(super::worlds::exact(2, 1)),
            memory: 512 << 20,
            base: 200 << 20,
            memory_limit: Some(1 << 30),
            start: Span(10),
            readiness: Some(CheckSpec { every: Span(10), timeout_us: 1_000_000, failures: 3 }),
            liveness: None,
            autoscale: Some(AutoscaleSpec {
                min: 2,
                max: 12,
                metric: ScaleMetric::Cpu,
                target: 70,
                every: Span(15),
                scale_in: Default::default(),
                settle: Span(300),
            }),
            min_available: Some(2),
        };
        let own = ServiceCapacity { managed: Some(managed), ..ServiceCapacity::default() };
        s.world.capacity.services.insert("api".to_owned(), own);
        let plan = CapacityPlan::new(&s.world);
        let state = CapacityState::new(&plan);
        let mut view = state.deployment(&plan, plan.service("api")?)?;
        view.aged_s = 7_200;
        view.pods.iter_mut().for_each(|p| p.age_s = 7_260);
        if let Some(first) = view.revisions.first_mut() {
            first.0.release = Some("v481".to_owned());
        }
        let node = |name: &str, address: &str| NodeInfo {
            name: name.to_owned(),
            address: address.to_owned(),
            usage: state.host_use(&plan, plan.host(name).unwrap()).unwrap(),
            uptime_s: 86_400 * 40,
            dark_s: None,
        };
        Some(Cluster {
            name: "prod".to_owned(),
            server: "10.96.0.1:6443".to_owned(),
            age_s: 86_400 * 212,
            nodes: vec![node("web-1", "10.0.0.1"), node("web-2", "10.0.0.2")],
            deployments: vec![DeploymentInfo {
                scaler: state.scaler(&plan, "api"),
                dns: "registry.example".to_owned(),
                addresses: vec!["203.0.113.10".to_owned()],
                endpoints: Vec::new(),
                calls: Vec::new(),
                staging: Some("v481".to_owned()),
                made: vec![(1, Utc(START - 7_200))],
                causes: vec![(1, "release v481: build download URLs in one place".to_owned())],
                view,
            }],
            configs: vec![("rules".to_owned(), "a\nb\n".to_owned(), 600)],
            events: Vec::new(),
            quota: Some(QuotaRow { used: 3, hard: 20 }),
        })
    }
}
