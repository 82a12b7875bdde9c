//! The service map as measured: what no signal looks at is unknown, never green.

use super::super::projection::{Health, MapEdge, MapNode, MapView};
use super::Session;
use crate::scenario::{ReplySpec, ServiceKind, Signal};

/// Points of a sparkline.
const SPARK: usize = 40;

impl Session {
    /// The map; only in `truth` with the calls that nobody drew and nobody found yet.
    pub(super) fn map_view(&self, truth: bool) -> MapView {
        let world = &self.scenario.world;
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        for (id, traffic) in &world.traffic {
            // What users get is not measured by the servers: that is what a probe or a look is for.
            nodes.push(MapNode {
                id: id.clone(),
                name: traffic.name.clone(),
                column: 0,
                health: Health::Unknown,
                figure: None,
                spark: Vec::new(),
                yours: false,
                deploy: None,
                touched_by: Vec::new(),
            });
            let (service, endpoint) = traffic.calls.split_once(':').unwrap_or((&traffic.calls, ""));
            self.edge(&mut edges, id, service);
            // A name that leads elsewhere makes an arrow of its own.
            for to in self.state.world.led_elsewhere(id, None) {
                self.edge(&mut edges, id, to);
            }
            if let Some(ReplySpec::Redirect { to, .. }) =
                world.services.get(service).and_then(|s| s.endpoints.get(endpoint)).map(|e| &e.reply)
            {
                self.edge(&mut edges, id, to);
            }
        }
        for (id, spec) in &world.services {
            let signal = self.figure_signal(id);
            let column = match &spec.kind {
                ServiceKind::Cdn { .. } => 1,
                ServiceKind::Cache(_) => 2,
                ServiceKind::Http | ServiceKind::Worker { .. } => 2,
                ServiceKind::Bucket | ServiceKind::Database => 3,
            };
            let origin = match &spec.kind {
                ServiceKind::Cdn { origin, .. } => Some(origin),
                ServiceKind::Cache(c) => Some(&c.origin),
                _ => None,
            };
            let own = spec.endpoints.values().filter_map(|e| e.calls.as_ref()).flatten();
            for callee in origin.into_iter().chain(&spec.calls).chain(own).chain(spec.edges.keys()) {
                if !truth && world.hides(id, callee) && !self.has_found(id, callee) {
                    continue;
                }
                self.edge(&mut edges, id, callee);
                for to in self.state.world.led_elsewhere(id, Some(callee)) {
                    self.edge(&mut edges, id, to);
                }
            }
            nodes.push(MapNode {
                id: id.clone(),
                name: spec.name.clone(),
                column,
                health: self.health(id),
                figure: signal.as_ref().and_then(|s| self.figure_text(s)),
                spark: signal.as_ref().map(|s| self.spark(s)).unwrap_or_default(),
                yours: spec.owner == "you",
                deploy: self.last_deploy(id),
                touched_by: self.touching(id),
            });
        }
        MapView { nodes, edges }
    }

    fn edge(&self, edges: &mut Vec<MapEdge>, from: &str, to: &str) {
        let rate = self.state.telemetry.now(&Signal::RequestRate(to.to_owned())).unwrap_or(0.0);
        let error_share = self.state.telemetry.now(&Signal::ErrorShare(to.to_owned())).unwrap_or(0.0);
        if edges.iter().any(|e| e.from == from && e.to == to) {
            return;
        }
        edges.push(MapEdge { from: from.to_owned(), to: to.to_owned(), rate, error_share });
    }

    fn spark(&self, signal: &Signal) -> Vec<f64> {
        let points = self.state.telemetry.series(signal);
        let skip = points.len().saturating_sub(120);
        let recent: Vec<f64> = points.iter().skip(skip).filter_map(|(_, v)| *v).collect();
        let step = recent.len().div_ceil(SPARK).max(1);
        recent.into_iter().step_by(step).collect()
    }

    fn last_deploy(&self, service: &str) -> Option<(String, i64)> {
        let deploys = self.state.world.deploys();
        let last = deploys.iter().rev().find(|d| d.service == service && d.stage == "production")?;
        Some((last.release.clone(), last.at.0 - self.scenario.t0.utc.0))
    }

    /// Initials of seats that look at a service or have a shell on one of its hosts.
    fn touching(&self, service: &str) -> Vec<String> {
        let hosts = self.scenario.world.services.get(service).map(|s| s.on.clone()).unwrap_or_default();
        let mut out = Vec::new();
        for seat in &self.header.seats {
            let looks = self.state.views.keys().any(|(s, panel, subject)| {
                s == seat
                    && panel != "runbook"
                    && (subject == service || self.subject_service(panel, subject).as_deref() == Some(service))
            });
            let shell = (1..=super::super::TERMINALS).any(|n| {
                self.terminal_of(seat, n)
                    .and_then(|id| self.state.console.terminal(id))
                    .is_some_and(|t| hosts.contains(&t.host))
            });
            if looks || shell {
                out.push(seat.chars().take(1).flat_map(char::to_uppercase).collect());
            }
        }
        out
    }

    fn subject_service(&self, panel: &str, subject: &str) -> Option<String> {
        if panel != "graph" {
            return None;
        }
        let graph = self.scenario.world.graphs.iter().find(|g| g.id == subject)?;
        self.service_of_signal(&graph.signal)
    }
}
