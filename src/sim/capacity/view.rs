//! The platform's own books, as its API would give them out: deployments, replicas, events. All derived from the one state.

use super::cohort::{Cohort, Phase, Why};
use super::event::{EVENTS_TTL_S, Event, Reason};
use super::group::Group;
use super::plan::{CapacityPlan, ServicePlan};
use super::read::{ROWS_MAX, hash_of, pod_name};
use super::{CapacityState, Needs, Power, Revision};

/// A managed replica.
#[derive(Clone, Debug, PartialEq)]
pub struct PodView {
    /// Name.
    pub name: String,
    /// Its number in the deployment.
    pub number: u64,
    /// Key of its revision.
    pub template: u64,
    /// Hash in its name.
    pub hash: String,
    /// What it is at.
    pub phase: Phase,
    /// Why it is there, or why its last container ended.
    pub why: Why,
    /// The word in the column STATUS.
    pub status: &'static str,
    /// Whether it takes requests.
    pub ready: bool,
    /// Restarts.
    pub restarts: u32,
    /// Seconds since its last container ended.
    pub ended_s: u64,
    /// Seconds since its container began to run.
    pub started_s: u64,
    /// Seconds since it was made.
    pub age_s: u64,
    /// Position and name of its node.
    pub node: Option<(usize, String)>,
    /// Whether its node does not answer.
    pub lost: bool,
    /// Memory in use, bytes.
    pub memory: u64,
    /// Cores in use.
    pub cores: f64,
}

/// A deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentView {
    /// Service.
    pub name: String,
    /// Wanted replicas.
    pub desired: u64,
    /// Replicas that there are.
    pub total: u64,
    /// Ready ones.
    pub ready: u64,
    /// Of the newest revision.
    pub updated: u64,
    /// Of the newest revision, and ready.
    pub updated_ready: u64,
    /// Revisions, oldest first, with the hash of each.
    pub revisions: Vec<(Revision, String)>,
    /// Whether its rollout is paused.
    pub paused: bool,
    /// Seconds since it began to move to the newest revision, while it does.
    pub moving_s: Option<u64>,
    /// Why the last replica was not made.
    pub refused: Option<String>,
    /// Probe timeouts, milliseconds, and the periods and failures of readiness and liveness.
    pub readiness: Option<(u64, f64, u32)>,
    /// Of the liveness probe.
    pub liveness: Option<(u64, f64, u32)>,
    /// Seconds that its first replicas had run at the opening.
    pub aged_s: u64,
    /// Replicas that a disruption must leave; `None` is no budget.
    pub budget: Option<u64>,
    /// Names of the nodes that it may use.
    pub nodes: Vec<String>,
    /// Its replicas by number.
    pub pods: Vec<PodView>,
    /// Replicas that are no more: what they were, seconds since they ended, and why.
    pub ended: Vec<(PodView, u64, Why)>,
    /// Events, oldest first.
    pub events: Vec<EventView>,
}

/// An event in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventView {
    /// Seconds since the first and the last time.
    pub first_s: u64,
    /// Since the last time.
    pub last_s: u64,
    /// How often.
    pub count: u64,
    /// Whether it is a warning.
    pub warning: bool,
    /// Reason, such as `BackOff`.
    pub reason: &'static str,
    /// Kind of what it is about: `Pod`, `ReplicaSet`, `Deployment`, `HorizontalPodAutoscaler`, `Node`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Message.
    pub message: String,
}

impl CapacityState {
    /// A deployment as the platform's API describes it; `None` if the service is not managed or somebody deleted it.
    pub fn deployment(&self, plan: &CapacityPlan, service: usize) -> Option<DeploymentView> {
        let (s, g) = (plan.services.get(service)?, self.group(service).filter(|g| !g.gone)?);
        let p = s.managed.as_ref()?;
        let (updated_ready, ready) = g.progress();
        let now = g.key();
        let probe = |c: Option<super::plan::CheckPlan>, own: Option<f64>| {
            c.map(|c| (c.every, self.probe_timeout(&s.name, own.unwrap_or(c.timeout_ms)), c.failures))
        };
        let cores = self.pod_cores(plan, service);
        let view = |c: &Cohort, i: u64| self.pod_view(plan, s, g, c, i, cores);
        let mut cohorts: Vec<&Cohort> = g.cohorts.iter().collect();
        cohorts.sort_by_key(|c| c.first);
        let each = |c: &Cohort| (0..c.n.min(ROWS_MAX as u64)).collect::<Vec<_>>();
        let pods = cohorts.iter().flat_map(|c| each(c).into_iter().map(|i| view(c, i))).take(ROWS_MAX);
        let ended = g.ended.iter().flat_map(|e| {
            let gone = self.tick.saturating_sub(e.at);
            each(&e.was).into_iter().map(move |i| (i, e, gone))
        });
        Some(DeploymentView {
            name: s.name.clone(),
            desired: g.desired,
            total: g.alive(),
            ready,
            updated: g.count(|c| c.counts() && c.template == now),
            updated_ready,
            revisions: g.revisions.iter().map(|r| (r.clone(), hash_of(r.key))).collect(),
            paused: g.paused,
            moving_s: g.moving.map(|t| self.tick.saturating_sub(t)),
            refused: g.refused.clone(),
            readiness: probe(p.readiness, g.readiness_ms),
            liveness: probe(p.liveness, g.liveness_ms),
            aged_s: g.aged_s,
            budget: p.min_available,
            nodes: p.nodes.iter().filter_map(|n| plan.hosts.get(*n)).map(|h| h.name.clone()).collect(),
            pods: pods.collect(),
            ended: ended.take(ROWS_MAX).map(|(i, e, gone)| (view(&e.was, i), gone, e.why)).collect(),
            events: self.events_of(plan, s, g),
        })
    }

    fn pod_view(&self, plan: &CapacityPlan, s: &ServicePlan, g: &Group, c: &Cohort, i: u64, cores: f64) -> PodView {
        let old = if c.born == 0 { g.aged_s } else { 0 };
        let host = c.node.and_then(|n| Some((n, plan.hosts.get(n)?.name.clone())));
        let dark = c.node.and_then(|n| self.hosts.get(n)).is_some_and(|h| h.power != Power::On);
        let base = s.managed.as_ref().map_or(0, |p| p.base);
        let in_flight = plan.service(&s.name).and_then(|at| self.services.get(at)).map_or(0.0, |x| x.in_flight);
        let held = if c.serves() { s.connection as f64 * in_flight / g.ready().max(1) as f64 } else { 0.0 };
        let lives = matches!(c.phase, Phase::Running | Phase::Terminating)
            || (c.phase == Phase::Starting && c.why != Why::NoImage);
        PodView {
            name: pod_name(&s.name, c.template, c.first + i),
            number: c.first + i,
            template: c.template,
            hash: hash_of(c.template),
            phase: c.phase,
            why: c.why,
            status: c.status(),
            ready: c.serves() && !dark,
            restarts: c.restarts,
            ended_s: self.tick.saturating_sub(c.ended_at),
            started_s: self.tick.saturating_sub(c.since) + if c.since == 0 { g.aged_s } else { 0 },
            age_s: self.tick.saturating_sub(c.born) + old,
            node: host,
            lost: dark,
            memory: if lives { (base as f64 + c.leaked + held) as u64 } else { 0 },
            cores: if c.serves() { cores } else { 0.0 },
        }
    }

    /// Events of a deployment in words, oldest first; those of replicas one by one, a dozen of each at most.
    fn events_of(&self, plan: &CapacityPlan, s: &ServicePlan, g: &Group) -> Vec<EventView> {
        let mut out = Vec::new();
        for e in g.events.at(self.tick) {
            for i in 0..e.n.clamp(1, 12) {
                out.extend(self.events_in_words(plan, s, g, e, i));
                if matches!(e.reason, Reason::Scaled | Reason::Refused | Reason::Rescaled) {
                    break;
                }
            }
        }
        out
    }

    fn events_in_words(&self, plan: &CapacityPlan, s: &ServicePlan, g: &Group, e: &Event, i: u64) -> Vec<EventView> {
        let pod = pod_name(&s.name, e.template, e.first + i);
        let set = format!("{}-{}", s.name, hash_of(e.template));
        let node = e.node.and_then(|n| plan.hosts.get(n)).map_or("", |h| h.name.as_str());
        let image = image_of(&s.name, g.revision_of(e.template));
        let nodes = s.managed.as_ref().map_or(0, |p| p.nodes.len());
        let say = |kind: &'static str, name: &str, reason: &'static str, warning: bool, message: String| EventView {
            first_s: self.tick.saturating_sub(e.from),
            last_s: self.tick.saturating_sub(e.last),
            count: e.count,
            warning,
            reason,
            kind,
            name: name.to_owned(),
            message,
        };
        let on_pod = |reason, warning, message: String| say("Pod", &pod, reason, warning, message);
        let probe = |kind: &str| {
            let ip = pod_ip(e.node, e.first + i);
            format!(
                "{kind} probe failed: Get \"http://{ip}:8080/healthz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
            )
        };
        match e.reason {
            Reason::Created => {
                vec![say("ReplicaSet", &set, "SuccessfulCreate", false, format!("Created pod: {pod}"))]
            }
            Reason::Deleted => {
                vec![say("ReplicaSet", &set, "SuccessfulDelete", false, format!("Deleted pod: {pod}"))]
            }
            Reason::Scheduled if node.is_empty() => Vec::new(),
            Reason::Scheduled => {
                vec![on_pod("Scheduled", false, format!("Successfully assigned default/{pod} to {node}"))]
            }
            Reason::NoRoom => vec![on_pod("FailedScheduling", true, self.no_room(plan, s, g, nodes))],
            Reason::NoAddress => vec![on_pod(
                "FailedCreatePodSandBox",
                true,
                "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type=\"cni\" failed (add): failed to allocate for range 0: no IP addresses available in range set".to_owned(),
            )],
            Reason::Started => vec![
                on_pod("Pulled", false, format!("Container image \"{image}\" already present on machine")),
                on_pod("Created", false, format!("Created container {}", s.name)),
                on_pod("Started", false, format!("Started container {}", s.name)),
            ],
            Reason::NoImage => vec![
                on_pod("Pulling", false, format!("Pulling image \"{image}\"")),
                on_pod("Failed", true, format!("Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found")),
                on_pod("Failed", true, "Error: ErrImagePull".to_owned()),
                on_pod("BackOff", false, format!("Back-off pulling image \"{image}\"")),
                on_pod("Failed", true, "Error: ImagePullBackOff".to_owned()),
            ],
            Reason::BackOff => vec![on_pod(
                "BackOff",
                true,
                format!("Back-off restarting failed container {} in pod {pod}_default({})", s.name, uid(&pod)),
            )],
            Reason::Unlive => vec![
                on_pod("Unhealthy", true, probe("Liveness")),
                on_pod("Killing", false, format!("Container {} failed liveness probe, will be restarted", s.name)),
            ],
            Reason::Unready => vec![on_pod("Unhealthy", true, probe("Readiness"))],
            Reason::Killing => vec![on_pod("Killing", false, format!("Stopping container {}", s.name))],
            Reason::Evicted => vec![on_pod(
                "Evicted",
                true,
                format!("The node was low on resource: memory. Container {} was using more than its request.", s.name),
            )],
            Reason::Scaled => {
                let (to, from) = (e.first, e.n);
                let word = if to > from { "up" } else { "down" };
                let text = format!("Scaled {word} replica set {set} to {to} from {from}");
                vec![say("Deployment", &s.name, "ScalingReplicaSet", false, text)]
            }
            Reason::Refused => {
                let set = format!("{}-{}", s.name, hash_of(g.key()));
                let text = format!("Error creating: pods \"{set}-{}\" is forbidden: {}", "x", e.text);
                vec![say("ReplicaSet", &set, "FailedCreate", true, text.replace("-x\"", "-\""))]
            }
            Reason::Rescaled => {
                let text = format!("New size: {}; reason: {}", e.n, e.text);
                vec![say("HorizontalPodAutoscaler", &s.name, "SuccessfulRescale", false, text)]
            }
        }
    }

    /// Why no node takes a replica, as a scheduler counts it.
    fn no_room(&self, plan: &CapacityPlan, s: &ServicePlan, g: &Group, nodes: usize) -> String {
        let Some(p) = &s.managed else { return String::new() };
        let needs: Needs = g.needs(p);
        let mut why: Vec<(&str, usize)> = Vec::new();
        let mut count = |text: &'static str| match why.iter_mut().find(|w| w.0 == text) {
            Some(w) => w.1 += 1,
            None => why.push((text, 1)),
        };
        for n in &p.nodes {
            let Some(h) = self.hosts.get(*n) else { continue };
            if h.power != Power::On {
                count("node(s) had untolerated taint {node.kubernetes.io/unreachable: }");
            } else if h.cordoned {
                count("node(s) were unschedulable");
            } else if h.pressure_until > self.tick {
                count("node(s) had untolerated taint {node.kubernetes.io/memory-pressure: }");
            } else if self.room_on(plan, *n, &Needs { memory: 0, ..needs }) == 0 {
                count("Insufficient cpu");
            } else {
                count("Insufficient memory");
            }
        }
        why.sort_unstable();
        let list: Vec<String> = why.iter().map(|(text, n)| format!("{n} {text}")).collect();
        format!(
            "0/{nodes} nodes are available: {}. preemption: 0/{nodes} nodes are available: {nodes} No preemption victims found for incoming pod.",
            list.join(", ")
        )
    }

    /// Replicas whose containers run on a node: position of the service, and each.
    pub fn pods_on(&self, plan: &CapacityPlan, node: usize) -> Vec<(usize, PodView)> {
        let mut out = Vec::new();
        for (at, s) in plan.services.iter().enumerate() {
            let Some(g) = self.group(at) else { continue };
            let here = |c: &&Cohort| c.node == Some(node) && c.placed() && c.phase != Phase::BackOff;
            let cores = self.pod_cores(plan, at);
            for c in g.cohorts.iter().filter(here).filter(|c| c.why != Why::NoImage) {
                out.extend((0..c.n.min(ROWS_MAX as u64)).map(|i| (at, self.pod_view(plan, s, g, c, i, cores))));
            }
        }
        out.sort_by_key(|a| (a.0, a.1.number));
        out
    }

    /// Events of nodes, oldest first.
    pub fn node_events(&self, plan: &CapacityPlan) -> Vec<EventView> {
        let mut out = Vec::new();
        for e in &self.node_events {
            let age = self.tick.saturating_sub(e.at);
            let Some(h) = plan.hosts.get(e.node).filter(|_| age <= EVENTS_TTL_S) else { continue };
            out.push(EventView {
                first_s: age,
                last_s: age,
                count: 1,
                warning: e.warning,
                reason: e.reason,
                kind: "Node",
                name: h.name.clone(),
                message: e.text.replace("{node}", &h.name),
            });
        }
        out
    }
}

/// The image of a revision of a service.
pub fn image_of(service: &str, revision: Option<&Revision>) -> String {
    match revision {
        Some(Revision { image: Some(image), .. }) => image.clone(),
        Some(Revision { release: Some(release), .. }) => format!("registry.internal/{service}:{release}"),
        _ => format!("registry.internal/{service}:latest"),
    }
}

/// Process id of the container of a replica on its node; every start has another.
pub fn pod_pid(service: usize, number: u64, restarts: u32) -> u32 {
    let n = (service as u64 * 4_001 + number * 37 + u64::from(restarts) * 7_919) % 12_000;
    20_000 + u32::try_from(n).unwrap_or(0)
}

/// Address of a replica in the network of its platform.
pub fn pod_ip(node: Option<usize>, number: u64) -> String {
    format!("10.244.{}.{}", node.map_or(0, |n| n + 1), 2 + number % 250)
}

/// An id as platforms give everything, made from its name.
pub fn uid(name: &str) -> String {
    let h = |salt: u64| {
        let h = name.bytes().fold(salt, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h ^ (h >> 33)
    };
    let (a, b) = (h(0xcbf2_9ce4_8422_2325), h(0x8422_2325_cbf2_9ce4));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}
