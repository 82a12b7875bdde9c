//! Boards and the query box: charts of several lines, with axes, marks and the times in which alerts fired.

use crate::session::projection::{ChartView, GraphMark, LineView, MarkKind, Projection, Text};
use crate::view::panel::{figure, ticks};

/// A line, ready to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct LineVm {
    /// The labels that tell it from the others.
    pub name: String,
    /// Its last figure; `None` without data.
    pub now: Option<String>,
    /// Points, gaps among them.
    pub points: Vec<(i64, Option<f64>)>,
}

/// A time in which an alert fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanVm {
    /// Rule's id.
    pub alert: String,
    /// From and to, seconds from T0.
    pub from_t_s: i64,
    /// Its end; now if it goes on.
    pub to_t_s: i64,
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartVm {
    /// Title.
    pub title: Text,
    /// In PromQL.
    pub query: String,
    /// Lines.
    pub lines: Vec<LineVm>,
    /// Lines beyond those.
    pub more: usize,
    /// What is wrong with the query.
    pub error: Option<String>,
    /// First and last second of the window, from T0.
    pub window: (i64, i64),
    /// Axis: value and label, the lowest first.
    pub axis: Vec<(f64, String)>,
    /// Marks within the window.
    pub marks: Vec<GraphMark>,
    /// Times in which alerts fired, within the window.
    pub spans: Vec<SpanVm>,
}

/// Boards and the query box.
#[derive(Clone, Debug, PartialEq)]
pub struct ExploreVm {
    /// Components that have a board.
    pub boards: Vec<String>,
    /// Charts of the open board.
    pub board: Vec<ChartVm>,
    /// The chart of the open query.
    pub query: Option<ChartVm>,
    /// Simulated UTC of T0, for the axis.
    pub utc_zero_s: i64,
}

impl ExploreVm {
    /// Builds it.
    pub fn of(p: &Projection) -> ExploreVm {
        let charts = |panel: &'static str| p.explore.charts.iter().filter(move |c| c.panel == panel);
        ExploreVm {
            boards: p.explore.boards.clone(),
            board: charts("board").map(|c| chart(p, c)).collect(),
            query: charts("promql").next().map(|c| chart(p, c)),
            utc_zero_s: p.clock.utc_s.saturating_sub(p.clock.t_s),
        }
    }
}

/// A line with its last figure.
pub fn line(l: &LineView, unit: &str) -> LineVm {
    let now = l.points.last().and_then(|(_, v)| *v).map(|v| figure(v, unit));
    LineVm { name: l.name.clone(), now, points: l.points.clone() }
}

/// When alerts fired within a window, of one service if it is given and any rule is about it.
pub fn spans(p: &Projection, service: Option<&str>, window: (i64, i64)) -> Vec<SpanVm> {
    let now = p.clock.t_s;
    let inside = p.explore.spans.iter().filter(|s| {
        let about = service.is_none_or(|of| of.is_empty() || s.service == of);
        about && s.from_t_s <= window.1 && s.to_t_s.unwrap_or(now) >= window.0
    });
    let span = |s: &crate::session::projection::AlertSpan| SpanVm {
        alert: s.alert.clone(),
        from_t_s: s.from_t_s.max(window.0),
        to_t_s: s.to_t_s.unwrap_or(now).min(window.1),
    };
    inside.map(span).collect()
}

fn chart(p: &Projection, c: &ChartView) -> ChartVm {
    let window = (p.clock.t_s - c.range_s, p.clock.t_s);
    let values = || {
        let all = c.lines.iter().flat_map(|l| &l.points);
        all.filter(|(t, _)| (window.0..=window.1).contains(t)).filter_map(|(_, v)| *v).filter(|v| v.is_finite())
    };
    let (low, top) = values().fold((0.0_f64, 0.0_f64), |(low, top), v| (low.min(v), top.max(v)));
    let unit = if c.unit == "/s" { "" } else { &c.unit };
    let steps = if c.unit == "ok" { vec![0.0, 1.0] } else { both(low, top) };
    let inside = |m: &&GraphMark| (window.0..=window.1).contains(&m.t_s) && m.kind != MarkKind::TeamAction;
    ChartVm {
        title: c.title.clone(),
        query: c.query.clone(),
        lines: c.lines.iter().map(|l| line(l, &c.unit)).collect(),
        more: c.more,
        error: c.error.clone(),
        window,
        axis: steps.into_iter().map(|v| (v, figure(v, unit))).collect(),
        marks: p.explore.marks.iter().filter(inside).cloned().collect(),
        spans: spans(p, None, window),
    }
}

/// An axis from at most `low` over 0 to at least `top`.
fn both(low: f64, top: f64) -> Vec<f64> {
    if low >= 0.0 {
        return ticks(top * 1.08, 4);
    }
    let steps = ticks(top.max(-low) * 1.08, 3);
    let below = steps.iter().skip(1).rev().map(|v| -v);
    let mut all: Vec<f64> = below.filter(|v| *v >= low * 1.5).collect();
    all.extend(steps.iter().filter(|v| **v <= top.max(0.0) * 1.5));
    all
}
