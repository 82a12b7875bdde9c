//! The other cluster: staging, with one replica of whatever has a release there. Whoever looks at it and thinks that it
//! is production learns nothing of production.

use crate::console::host::kube::{Cluster, NodeInfo};
use crate::sim::capacity::{HostUse, Phase, PodView, Why};

/// Name of its context.
pub(super) const NAME: &str = "staging";

/// Staging, as it follows from what is deployed there.
pub(super) fn cluster(prod: &Cluster) -> Cluster {
    let node = NodeInfo {
        name: "staging-1".to_owned(),
        address: "10.97.0.11".to_owned(),
        usage: HostUse { cores: 4.0, memory: 16 << 30, memory_used: 3 << 30, busy: 0.2, ..HostUse::default() },
        uptime_s: prod.age_s,
        dark_s: None,
    };
    let of = |d: &crate::console::host::kube::DeploymentInfo| {
        let release = d.staging.clone()?;
        let mut d = d.clone();
        let v = &mut d.view;
        let (mut r, hash) = v.revisions.last().cloned()?;
        let hash: String = hash.chars().rev().collect();
        (r.release, r.image, r.restarted, r.number) = (Some(release), None, None, 1);
        let pod = PodView {
            name: format!("{}-{hash}-{}", v.name, hash.get(..5).unwrap_or("x7kqz")),
            number: 0,
            template: r.key,
            hash: hash.clone(),
            phase: Phase::Running,
            why: Why::None,
            status: "Running",
            ready: true,
            restarts: 0,
            ended_s: 0,
            started_s: 86_400,
            age_s: 86_400,
            node: Some((0, node.name.clone())),
            lost: false,
            memory: 180 << 20,
            cores: 0.01,
        };
        (v.desired, v.total, v.ready, v.updated, v.updated_ready) = (1, 1, 1, 1, 1);
        (v.revisions, v.pods) = (vec![(r, hash)], vec![pod]);
        (v.paused, v.moving_s, v.refused, v.budget) = (false, None, None, None);
        (v.ended, v.events, v.nodes) = (Vec::new(), Vec::new(), vec![node.name.clone()]);
        (d.scaler, d.causes) = (None, Vec::new());
        (d.dns, d.addresses) = (format!("staging.{}", d.dns), Vec::new());
        Some(d)
    };
    Cluster {
        name: NAME.to_owned(),
        server: "10.97.0.1:6443".to_owned(),
        age_s: prod.age_s,
        deployments: prod.deployments.iter().filter_map(of).collect(),
        nodes: vec![node],
        configs: Vec::new(),
        events: Vec::new(),
        quota: None,
    }
}
