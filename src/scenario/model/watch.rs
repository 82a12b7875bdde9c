//! What watches the world: alert rules, signals, graphs, log templates.

use super::{LangText, Provenance, Reliability};
use crate::stdx::rational::Exact;
use crate::stdx::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An alert rule: a threshold on a signal, or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSpec {
    /// The signal, as a graph names it.
    pub signal: Signal,
    /// Fires above or below; an expression says so itself.
    pub when: Option<Threshold>,
    /// For so long before it fires.
    pub hold: Span,
    /// Goes on firing for so long after it no longer holds.
    pub keep_firing: Span,
    /// Labels that the alert gets besides `severity` and `service`.
    pub labels: BTreeMap<String, String>,
    /// Annotations, templates of Prometheus; `summary` is there by itself.
    pub annotations: BTreeMap<String, String>,
    /// Who is paged: a seat (`you`) or a person's id; `None` only shows it.
    pub pages: Option<String>,
    /// Severity word: `critical` or `warning`.
    pub severity: AlertSeverity,
    /// What is to be thought of it when it fires.
    #[serde(default)]
    pub reliability: Option<Reliability>,
    /// Summary shown on the page.
    pub summary: LangText,
    /// Service it is about.
    pub service: String,
    /// Its provenance.
    pub fact: Provenance,
}

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AlertSeverity {
    /// Wakes somebody.
    Critical,
    /// For working hours.
    Warning,
}

/// Side of a threshold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Threshold {
    /// Fires while the signal is above.
    Above(Exact),
    /// Fires while the signal is below.
    Below(Exact),
}

/// A signal that metrics record: the closed vocabulary of format 1, or an expression over the metrics themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Signal {
    /// Requests a second at `service` or `service:endpoint`.
    RequestRate(String),
    /// Share of responses of `service` with a 5xx status.
    ErrorShare(String),
    /// Mean latency of `service` in milliseconds.
    Latency(String),
    /// Requests a second that `service` answers with a 2xx.
    OkRate(String),
    /// 1 if the probe's last check succeeded, else 0.
    Probe(String),
    /// Share of `host:/mount` in use.
    DiskUsed(String),
    /// Items waiting in a queue.
    QueueDepth(String),
    /// Share of a queue's finished items, over the last scrape interval, that succeeded.
    QueueSuccess(String),
    /// Load of a host: share of its cores in use.
    Load(String),
    /// A PromQL expression.
    Query {
        /// The expression.
        expr: String,
        /// Unit of its values.
        unit: String,
    },
}

/// A graph on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphSpec {
    /// Id, as `look graph ID` names it.
    pub id: String,
    /// Title.
    pub title: LangText,
    /// What it shows.
    pub signal: Signal,
    /// Whether it shows what a user experiences.
    pub user_facing: bool,
    /// What is to be thought of what it shows.
    #[serde(default)]
    pub reliability: Option<Reliability>,
}

/// Log lines that a program writes in good health and in trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSpec {
    /// Host or service it appears on.
    pub on: String,
    /// Templates with the situation in which they appear.
    pub lines: Vec<LogTemplate>,
}

/// One template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTemplate {
    /// When it is written.
    pub when: LogWhen,
    /// About how many a minute.
    pub per_minute: u32,
    /// `info`, `warning` or `error`.
    pub level: LogLevel,
    /// Text with `{crate}` `{ip}` `{ms}` `{n}` `{id}` `{user}` `{port}` holes, filled from a seed when it is read.
    pub text: String,
    /// What is to be thought of it.
    #[serde(default)]
    pub reliability: Option<Reliability>,
}

impl LogTemplate {
    /// Its text, with what stands in braces left open.
    pub fn shown(&self) -> LangText {
        let mut out = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((_, tail)) = after.split_once('}') else { break };
            out.push_str(before);
            out.push('…');
            rest = tail;
        }
        out.push_str(rest);
        LangText { ko: out.clone(), en: out }
    }
}

/// Situation in which a template is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogWhen {
    /// Always, while its unit or service runs.
    Running,
    /// While the service runs this release.
    Release(String),
    /// While a mount (`host:/mount`) is full.
    DiskFull(String),
    /// While the unit is down (written by whatever still runs).
    Down(String),
    /// While the service's clients fail.
    UsersFail(String),
}

/// How a program formats the fields of its log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogStyle {
    /// `level=error msg="upstream timed out" callee=db`.
    #[default]
    Logfmt,
    /// `{"level":"error","msg":"upstream timed out","callee":"db"}`.
    Json,
}

/// Level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LogLevel {
    /// Normal work.
    Info,
    /// Noteworthy.
    Warning,
    /// Trouble.
    Error,
}
