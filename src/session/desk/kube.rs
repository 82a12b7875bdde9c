//! What the desk's tools learn of the cluster: the platform's books, with names and addresses around them. And where a
//! shell in a container is: a host of its own, on the node of its pod.

use super::Desk;
use crate::console::host::kube::{Cluster, Container, DeploymentInfo, KubeHost, NodeInfo};
use crate::console::host::{Caller, ConsoleHost};
use crate::sim::capacity::{Phase, PodView, Power, Why, image_of, pod_ip, pod_pid};
use crate::sim::effect::FileEffect;
use crate::sim::{Effect, Refusal};

/// Where the API server of the simulated cluster listens.
pub(super) const API_SERVER: &str = "10.96.0.1:6443";

/// Least age of a cluster, seconds: older than anything in it.
const CLUSTER_AGE_S: u64 = 212 * 86_400;

impl Desk<'_> {
    /// A replica by name, and the position of its service.
    pub(super) fn pod(&self, name: &str) -> Option<(usize, PodView)> {
        let (state, plan) = self.session.state.world.machines();
        let at = plan.services.iter().position(|s| {
            name.strip_prefix(s.name.as_str())
                .is_some_and(|rest| rest.starts_with('-') && rest.matches('-').count() == 2)
        })?;
        let view = state.deployment(plan, at)?;
        view.pods.into_iter().find(|p| p.name == name).map(|p| (at, p))
    }

    /// The machine that a host name stands for: that of a replica's node if it is a container.
    pub(super) fn place(&self, host: &str) -> String {
        if self.spec().hosts.contains_key(host) {
            return host.to_owned();
        }
        let node =
            self.pod(host).map(|(_, p)| p.node.map(|n| n.1).unwrap_or_else(|| self.session.scenario.you.host.clone()));
        node.unwrap_or_else(|| host.to_owned())
    }

    /// The files of a container are its image: nobody writes to them.
    pub(super) fn not_in_container(&self, effect: &Effect) -> Result<(), Refusal> {
        let host = match effect {
            Effect::Write { host, .. }
            | Effect::Remove { host, .. }
            | Effect::MakeDir { host, .. }
            | Effect::Rename { host, .. }
            | Effect::File(FileEffect { host, .. }) => host,
            _ => return Ok(()),
        };
        if !self.spec().hosts.contains_key(host) && self.pod(host).is_some() {
            return Err(Refusal { message: "Read-only file system".to_owned() });
        }
        Ok(())
    }

    /// What `ps` finds in a container: its own process, as number 1.
    pub(super) fn container_processes(&self, host: &str) -> Option<Vec<crate::console::host::Process>> {
        if self.spec().hosts.contains_key(host) {
            return None;
        }
        let (at, pod) = self.pod(host)?;
        let name = self.session.state.world.machines().1.services.get(at).map(|s| s.name.clone())?;
        Some(vec![crate::console::host::Process {
            pid: 1,
            ppid: 0,
            user: "app".to_owned(),
            cpu_percent: pod.cores * 100.0,
            memory: pod.memory,
            state: 'S',
            started: self.utc().plus(-i64::try_from(pod.started_s).unwrap_or(0)),
            cpu_s: (pod.cores * pod.started_s as f64) as u64,
            command: format!("/app/{name}"),
        }])
    }

    fn causes(&self, name: &str, view: &crate::sim::capacity::DeploymentView) -> Vec<(u64, String)> {
        let releases = &self.spec().releases;
        let cause = |r: &crate::sim::capacity::Revision| {
            let restarted = r.restarted.map(|_| format!("kubectl rollout restart deployment/{name}"));
            let what = r.release.as_ref().and_then(|id| releases.get(id)).map(|x| x.changes.join("; "));
            let text = match (&r.image, restarted, &r.release, what) {
                (Some(image), ..) => format!("kubectl set image deployment/{name} {name}={image}"),
                (None, Some(text), ..) => text,
                (None, None, Some(id), Some(what)) => format!("release {id}: {what}"),
                _ => "<none>".to_owned(),
            };
            (r.number, text)
        };
        view.revisions.iter().map(|(r, _)| cause(r)).collect()
    }

    fn made(&self, name: &str, view: &crate::sim::capacity::DeploymentView) -> Vec<(u64, crate::stdx::time::Utc)> {
        let world = &self.session.state.world;
        let deployed = |release: &str| {
            let of = |d: &&crate::sim::Deploy| d.service == name && d.release == release && d.stage == "production";
            world.deploys().iter().find(of).map(|d| d.at)
        };
        let opens = self.utc_of(world.opens().0);
        let made = |r: &crate::sim::capacity::Revision| match (r.made, r.release.as_deref().and_then(deployed)) {
            (0, Some(at)) => at,
            (0, None) => opens.plus(-i64::try_from(view.aged_s).unwrap_or(0)),
            (tick, _) => opens.plus(i64::try_from(tick).unwrap_or(0)),
        };
        view.revisions.iter().map(|(r, _)| (r.number, made(r))).collect()
    }
}

impl KubeHost for Desk<'_> {
    fn cluster(&self, who: &Caller) -> Option<Cluster> {
        let world = &self.session.state.world;
        let (state, plan) = world.machines();
        let managed: Vec<usize> = (0..plan.services.len()).filter(|at| state.group(*at).is_some()).collect();
        if managed.is_empty() {
            return None;
        }
        let spec = self.spec();
        let mut names: Vec<String> = Vec::new();
        let mut deployments = Vec::new();
        for at in managed {
            let Some(view) = state.deployment(plan, at) else { continue };
            let Some(s) = spec.services.get(&view.name) else { continue };
            names.extend(view.nodes.iter().cloned());
            let addresses = if s.dns.is_empty() { Vec::new() } else { self.lookup(&who.host, &s.dns) };
            deployments.push(DeploymentInfo {
                scaler: state.scaler(plan, &view.name),
                dns: s.dns.clone(),
                addresses,
                endpoints: s.endpoints.iter().map(|(n, e)| (n.clone(), e.path.clone())).collect(),
                calls: s.calls.iter().filter(|c| !spec.hides(&view.name, c)).cloned().collect(),
                staging: world.service(&view.name).and_then(|x| x.staging.clone()),
                made: self.made(&view.name, &view),
                causes: self.causes(&view.name, &view),
                view,
            });
        }
        // A node stays one even when nothing is left on it.
        let everywhere = spec.capacity.services.values().filter_map(|c| c.managed.as_ref()).flat_map(|m| &m.nodes);
        names.extend(everywhere.cloned());
        names.sort();
        names.dedup();
        let node = |name: &String| {
            let at = plan.host(name)?;
            let usage = state.host_use(plan, at)?;
            let dark = state.dark_s(at).filter(|_| usage.power != Power::On);
            Some(NodeInfo {
                address: spec.hosts.get(name).map_or(String::new(), |h| h.address.clone()),
                uptime_s: self.uptime_s(name),
                dark_s: dark,
                usage,
                name: name.clone(),
            })
        };
        let nodes: Vec<NodeInfo> = names.iter().filter_map(node).collect();
        let age_s = nodes.iter().map(|n| n.uptime_s).max().unwrap_or(0).max(CLUSTER_AGE_S + self.session.tick().0);
        let now = self.utc();
        let mounted = |c: &&crate::console::host::change::Config| {
            let reads = |s: &String| deployments.iter().any(|d| d.view.name == *s);
            spec.change.configs.get(&c.name).is_some_and(|s| s.applies_to.iter().any(reads))
        };
        let configs = self.all_changes().configs;
        let config = |c: &crate::console::host::change::Config| {
            let text = c.versions.iter().find(|v| v.id == c.live).map_or(String::new(), |v| v.text.clone());
            let at = c.history.iter().rev().find(|h| h.1 == c.live).map_or(now.0 - 86_400, |h| h.0.0);
            (c.name.clone(), text, u64::try_from(now.0 - at).unwrap_or(0))
        };
        Some(Cluster {
            name: "prod".to_owned(),
            server: API_SERVER.to_owned(),
            age_s,
            configs: configs.iter().filter(mounted).map(config).collect(),
            nodes,
            deployments,
            events: state.node_events(plan),
            quota: state.quota(plan),
        })
    }

    fn containers(&self, host: &str) -> Option<Vec<Container>> {
        let world = &self.session.state.world;
        let (state, plan) = world.machines();
        let node = plan.host(host)?;
        let runs = self.spec().capacity.services.values().filter_map(|c| c.managed.as_ref());
        if !runs.into_iter().any(|m| m.nodes.iter().any(|n| n == host)) {
            return None;
        }
        let mut out = Vec::new();
        for (at, s) in plan.services.iter().enumerate() {
            let Some(view) = state.deployment(plan, at) else { continue };
            let revision = |key: u64| view.revisions.iter().find(|(r, _)| r.key == key).map(|(r, _)| r);
            for p in view.pods.iter().filter(|p| p.node.as_ref().is_some_and(|n| n.0 == node)) {
                let r = revision(p.template);
                let running = matches!(p.phase, Phase::Running | Phase::Terminating);
                let made = running || (p.phase == Phase::BackOff && p.why != Why::NoImage);
                if !made {
                    continue;
                }
                out.push(Container {
                    pod: p.name.clone(),
                    service: s.name.clone(),
                    image: image_of(&s.name, r),
                    pid: if running { pod_pid(at, p.number, p.restarts) } else { 0 },
                    running,
                    age_s: if running { p.started_s } else { p.ended_s.max(p.started_s) },
                    since_s: if running { p.started_s } else { p.ended_s },
                    exit: match p.why {
                        Why::OomKilled | Why::Unhealthy => 137,
                        _ => 1,
                    },
                    cores: p.cores,
                    memory: p.memory,
                    memory_limit: r.and_then(|r| r.needs.memory_limit).unwrap_or(0),
                    restarts: p.restarts,
                    ip: pod_ip(Some(node), p.number),
                    command: format!("/app/{}", s.name),
                });
            }
        }
        out.sort_by(|a, b| a.since_s.cmp(&b.since_s).then(a.pod.cmp(&b.pod)));
        Some(out)
    }
}
