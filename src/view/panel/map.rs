//! The service map: columns for users, edge, services, data; a slot in its column for every node.

use crate::scenario::LangText;
use crate::session::projection::{Health, MapNode, Projection, Text};
use crate::view::panel::When;

/// A node with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeVm {
    /// Id.
    pub id: String,
    /// Name.
    pub name: LangText,
    /// Column, 0 to 3.
    pub column: usize,
    /// Row, from 0.
    pub slot: usize,
    /// Health.
    pub health: Health,
    /// One figure.
    pub figure: Option<Text>,
    /// Sparkline.
    pub spark: Vec<f64>,
    /// Release and its age.
    pub deploy: Option<(String, When)>,
    /// Initials of seats that look at it.
    pub touched_by: Vec<String>,
}

/// An edge between two nodes of [`MapVm::nodes`].
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeVm {
    /// Index of the caller.
    pub from: usize,
    /// Index of the callee.
    pub to: usize,
    /// Width by traffic: 0 for none, 1 for the most.
    pub weight: f64,
    /// Share of errors.
    pub error_share: f64,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapVm {
    /// Nodes.
    pub nodes: Vec<NodeVm>,
    /// Edges.
    pub edges: Vec<EdgeVm>,
    /// Slots of the fullest column.
    pub slots: usize,
}

/// Seconds for which a deploy's ring stays.
const RING_S: i64 = 30 * 60;

impl MapVm {
    /// Builds it: a node stands beside the one that calls it most, as far as its column has room.
    pub fn of(p: &Projection) -> MapVm {
        let nodes = &p.map.nodes;
        let index = |id: &str| nodes.iter().position(|n| n.id == id);
        let links: Vec<(usize, usize, f64)> =
            p.map.edges.iter().filter_map(|e| Some((index(&e.from)?, index(&e.to)?, e.rate))).collect();
        let slots = slots(nodes, &links);
        let most = p.map.edges.iter().map(|e| e.rate).fold(0.0_f64, f64::max);
        let edges = p
            .map
            .edges
            .iter()
            .filter_map(|e| {
                let weight = if most > 0.0 { (e.rate / most).clamp(0.0, 1.0) } else { 0.0 };
                Some(EdgeVm { from: index(&e.from)?, to: index(&e.to)?, weight, error_share: e.error_share })
            })
            .collect();
        let vms: Vec<NodeVm> = nodes
            .iter()
            .zip(&slots)
            .map(|(n, slot)| NodeVm {
                id: n.id.clone(),
                name: n.name.clone(),
                column: usize::from(n.column.min(3)),
                slot: *slot,
                health: n.health,
                figure: n.figure.clone(),
                spark: n.spark.clone(),
                deploy: n
                    .deploy
                    .as_ref()
                    .map(|(release, t)| (release.clone(), When::of(&p.clock, *t)))
                    .filter(|(_, w)| w.ago_s < RING_S),
                touched_by: n.touched_by.clone(),
            })
            .collect();
        let count = vms.iter().map(|n| n.slot + 1).max().unwrap_or(0);
        MapVm { nodes: vms, edges, slots: count }
    }
}

/// A slot for every node, by its heaviest caller in the columns to its left.
fn slots(nodes: &[MapNode], links: &[(usize, usize, f64)]) -> Vec<usize> {
    let mut slot = vec![0_usize; nodes.len()];
    for column in 0..4_u8 {
        let mut here: Vec<(usize, usize)> = nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| n.column.min(3) == column)
            .map(|(i, _)| {
                let caller = links
                    .iter()
                    .filter(|(from, to, _)| *to == i && nodes.get(*from).is_some_and(|n| n.column < column))
                    .max_by(|a, b| a.2.total_cmp(&b.2))
                    .and_then(|(from, _, _)| slot.get(*from).copied());
                let alone = if column == 0 { 0 } else { nodes.len() };
                (caller.unwrap_or(alone), i)
            })
            .collect();
        here.sort();
        let mut next = 0;
        for (wanted, i) in here {
            // A wish beyond the next free row would leave holes that mean nothing.
            let place = wanted.clamp(next, next.max(wanted.min(next + 1)));
            if let Some(s) = slot.get_mut(i) {
                *s = place;
            }
            next = place + 1;
        }
    }
    slot
}
