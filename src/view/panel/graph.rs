//! Graphs: what is measured, what is usual, thresholds, marks. Without data there is a gap, never a zero.

use crate::scenario::LangText;
use crate::session::projection::{AlertState, GraphMark, GraphView, Health, Projection};
use crate::view::panel::explore::{LineVm, SpanVm, line, spans};
use crate::view::panel::{figure, ticks};
use std::sync::Arc;

/// Seconds that the board shows.
pub const WINDOW_S: i64 = 30 * 60;

/// A graph, ready to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphVm {
    /// Id.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// Service it is about.
    pub service: String,
    /// State, if an alert watches this signal; without one, whether there is data.
    pub health: Health,
    /// Whether an alert watches it.
    pub watched: bool,
    /// The figure now; `None` without data.
    pub now: Option<String>,
    /// The usual figure.
    pub usual: Option<String>,
    /// The usual value.
    pub usual_value: Option<f64>,
    /// Threshold and its figure.
    pub threshold: Option<(f64, String)>,
    /// Points of the whole record.
    pub points: Arc<Vec<(i64, Option<f64>)>>,
    /// Axis: value, label; 0 first.
    pub axis: Vec<(f64, String)>,
    /// Marks within the window.
    pub marks: Vec<GraphMark>,
    /// Lines of a query that has several; empty where `points` are all of it.
    pub lines: Vec<LineVm>,
    /// When alerts of its service fired, within the window.
    pub spans: Vec<SpanVm>,
    /// Since when there is no data, if there is none now, and the last figure before.
    pub no_data: Option<(i64, Option<String>)>,
}

/// The board.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphsVm {
    /// Graphs in the author's order.
    pub graphs: Vec<GraphVm>,
    /// First and last second of the window, from T0.
    pub window: (i64, i64),
    /// Simulated UTC of T0, for the axis.
    pub utc_zero_s: i64,
}

impl GraphsVm {
    /// Builds it.
    pub fn of(p: &Projection) -> GraphsVm {
        let window = (p.clock.t_s - WINDOW_S, p.clock.t_s);
        GraphsVm {
            graphs: p.graphs.iter().map(|g| graph(p, g, window)).collect(),
            window,
            utc_zero_s: p.clock.utc_s.saturating_sub(p.clock.t_s),
        }
    }
}

fn graph(p: &Projection, g: &GraphView, window: (i64, i64)) -> GraphVm {
    let shown = || g.points.iter().filter(|(t, _)| (window.0..=window.1).contains(t));
    let others = g.lines.iter().flat_map(|l| &l.points).filter_map(|(_, v)| *v);
    let top = shown()
        .filter_map(|(_, v)| *v)
        .chain(others)
        .chain(g.usual)
        .chain(g.threshold)
        .filter(|v| v.is_finite())
        .fold(0.0_f64, f64::max);
    // A check is 0 or 1; there is nothing between.
    let steps = if g.unit == "ok" { vec![0.0, 1.0] } else { ticks(top * 1.08, 4) };
    let axis = steps.into_iter().map(|v| (v, figure(v, if g.unit == "/s" { "" } else { &g.unit }))).collect();
    let now = g.points.last().and_then(|(_, v)| *v);
    let no_data = match now {
        Some(_) => None,
        None => {
            let last = g.points.iter().rev().find(|(_, v)| v.is_some());
            let since = last.map_or(window.0, |(t, _)| *t);
            Some((since, last.and_then(|(_, v)| *v).map(|v| figure(v, &g.unit))))
        }
    };
    GraphVm {
        id: g.id.clone(),
        title: g.title.clone(),
        service: g.service.clone(),
        health: match (now, g.state) {
            (None, _) | (_, Some(AlertState::NoData)) => Health::Unknown,
            (_, Some(AlertState::Firing | AlertState::Pending)) => Health::Warning,
            (_, Some(AlertState::Normal) | None) => Health::Ok,
        },
        watched: g.state.is_some(),
        now: now.map(|v| figure(v, &g.unit)),
        usual: g.usual.map(|v| figure(v, &g.unit)),
        usual_value: g.usual,
        threshold: g.threshold.map(|v| (v, figure(v, &g.unit))),
        points: g.points.clone(),
        axis,
        marks: g.marks.iter().filter(|m| (window.0..=window.1).contains(&m.t_s)).cloned().collect(),
        no_data,
        lines: g.lines.iter().map(|l| line(l, &g.unit)).collect(),
        spans: spans(p, Some(&g.service), window),
    }
}
