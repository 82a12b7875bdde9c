//! What tools learn of metrics, alerts that fire and silences.

use crate::stdx::time::Utc;

/// The answer to a query of the metrics; times are milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A text.
    Text(String),
    /// A number at a time.
    Scalar(i64, f64),
    /// Series with the service that each is about, a time and a value.
    Vector(Vec<(String, Option<String>, i64, f64)>),
    /// Series with the service that each is about and their values by time.
    Matrix(Vec<(String, Option<String>, Vec<(i64, f64)>)>),
}

/// An alert that fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiringAlert {
    /// Its rule.
    pub id: String,
    /// Service it is about.
    pub service: String,
    /// Since when it fires.
    pub since: Utc,
    /// What it says.
    pub summary: String,
    /// Whether a silence keeps it quiet.
    pub silenced: bool,
    /// Whether another alert keeps it quiet.
    pub inhibited: bool,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow {
    /// Its number.
    pub id: u32,
    /// `open`, `acknowledged` or `resolved`.
    pub state: String,
    /// When it came.
    pub since: Utc,
    /// Service it is about.
    pub service: String,
    /// Whom it reached: `you` (every seat) or seats.
    pub to: Vec<String>,
    /// How many alerts of its group fire, as it was last told.
    pub firing: usize,
    /// What it says, in English.
    pub summary: String,
}

/// A silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceRow {
    /// Its id.
    pub id: String,
    /// Matchers.
    pub matchers: Vec<String>,
    /// When it ends.
    pub ends: Utc,
    /// Who made it.
    pub by: String,
    /// Why.
    pub comment: String,
}

/// A silence to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSilence {
    /// Matchers, as typed.
    pub matchers: Vec<String>,
    /// How long it lasts, seconds.
    pub seconds: u64,
    /// Why.
    pub comment: String,
}
