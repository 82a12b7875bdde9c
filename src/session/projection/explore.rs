//! What a seat asks of the metrics: boards, the query box, and what every graph is marked with.

use super::{GraphMark, Text};
use serde::{Deserialize, Serialize};

/// Boards, and the charts that this seat has open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExploreView {
    /// Components that have a generated board.
    pub boards: Vec<String>,
    /// Charts of the open board and query, in order.
    pub charts: Vec<ChartView>,
    /// When alerts fired, for every graph.
    pub spans: Vec<AlertSpan>,
    /// Deploys, pages and what the team did, for every graph.
    pub marks: Vec<GraphMark>,
}

/// A query and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// `board` or `promql`.
    pub panel: String,
    /// What is looked at, as the line form has it: `30m web`.
    pub subject: String,
    /// Title.
    pub title: Text,
    /// In PromQL.
    pub query: String,
    /// Unit: `/s`, `%`, `ms`, `s`, `B`, `items`, `ok`, or nothing. A share is in percent here.
    pub unit: String,
    /// Seconds that are shown, up to now.
    pub range_s: i64,
    /// Lines, by labels.
    pub lines: Vec<LineView>,
    /// Lines beyond those.
    pub more: usize,
    /// What is wrong with the query.
    pub error: Option<String>,
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineView {
    /// The labels that tell it from the others.
    pub name: String,
    /// `(seconds from T0, value)`, a gap where there is no data.
    pub points: Vec<(i64, Option<f64>)>,
}

/// A time in which an alert fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSpan {
    /// Rule's id.
    pub alert: String,
    /// Service.
    pub service: String,
    /// Since when.
    pub from_t_s: i64,
    /// Until when; `None` while it goes on.
    pub to_t_s: Option<i64>,
}
