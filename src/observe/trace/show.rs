//! A trace as people read it: rows with names, and a waterfall.

use super::{End, Of, Stored};
use crate::sim::World;
use crate::stdx::time::Utc;
use serde::Serialize;

/// Columns of the waterfall's bars.
const BAR: u64 = 32;

/// One span of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceSpan {
    /// How deep it stands: the client 0, what it asks 1, …
    pub depth: u32,
    /// Who calls, for an attempt of a call; the traffic source, for the client.
    pub caller: Option<String>,
    /// The service at work, or the one that is called.
    pub service: String,
    /// Path asked for, where an endpoint is named.
    pub path: Option<String>,
    /// Number of the attempt, from 1; 0 where it is no call.
    pub attempt: u32,
    /// Status of an answer, such as `200`; for a call `ok`, or what went wrong.
    pub status: &'static str,
    /// Whether it went well.
    pub ok: bool,
    /// Microseconds since the client began.
    pub start_us: u64,
    /// Microseconds that it took.
    pub us: u64,
}

/// A sampled request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// Sixteen hex digits, as log lines have it in `trace_id`.
    pub id: String,
    /// The second in which it was answered.
    pub utc: Utc,
    /// Spans in the order of their beginning, the client first.
    pub spans: Vec<TraceSpan>,
}

/// Names by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    services: Vec<String>,
    paths: Vec<Vec<String>>,
    edges: Vec<(usize, usize)>,
    sources: Vec<(String, usize)>,
}

impl End {
    fn word(self) -> &'static str {
        match self {
            End::Ok => "200",
            End::Redirect => "302",
            End::Missing => "404",
            End::Own => "500",
            End::Call => "503",
            End::Shed => "503",
            End::Limited => "429",
            End::Timeout => "timeout",
            End::Error => "5xx",
            End::Refused => "refused",
            End::Broken => "breaker open",
            End::Starved => "pool empty",
            End::Unresolved => "no such host",
            End::Tls => "tls error",
            End::Denied => "denied",
        }
    }
}

impl Names {
    pub fn new(w: &World) -> Names {
        let path = |s: &crate::scenario::ServiceSpec| s.endpoints.values().map(|e| e.path.clone()).collect();
        Names {
            services: w.services().map(|(n, _)| n.to_owned()).collect(),
            paths: w.spec().services.values().map(path).collect(),
            edges: (0..).map_while(|e| w.terms(e)).map(|t| (t.from, t.to)).collect(),
            sources: w.entries().map(|e| (e.name.to_owned(), e.service)).collect(),
        }
    }

    fn service(&self, at: usize) -> String {
        self.services.get(at).cloned().unwrap_or_default()
    }

    pub fn passes(&self, t: &Stored, service: &str) -> bool {
        let Some(at) = self.services.iter().position(|s| s == service) else { return false };
        t.spans.iter().any(|s| match s.of {
            Of::Client(source) => self.sources.get(source as usize).is_some_and(|s| s.1 == at),
            Of::Service(s, _) => s as usize == at,
            Of::Call(e, _) => self.edges.get(e as usize).is_some_and(|e| e.1 == at),
        })
    }

    pub fn expand(&self, t: &Stored) -> Trace {
        let spans = t.spans.iter().map(|s| {
            let (caller, service, path, attempt) = match s.of {
                Of::Client(at) => {
                    let (name, entry) = self.sources.get(at as usize).cloned().unwrap_or_default();
                    (Some(name), self.service(entry), None, 0)
                }
                Of::Service(at, slot) => {
                    let path = self.paths.get(at as usize).and_then(|p| p.get(slot as usize)).cloned();
                    (None, self.service(at as usize), path, 0)
                }
                Of::Call(e, attempt) => {
                    let (from, to) = self.edges.get(e as usize).copied().unwrap_or_default();
                    (Some(self.service(from)), self.service(to), None, attempt)
                }
            };
            let status = if s.end == End::Ok && attempt > 0 { "ok" } else { s.end.word() };
            let (start_us, us) = (u64::from(s.start_us), u64::from(s.us));
            TraceSpan {
                depth: s.depth,
                caller,
                service,
                path,
                attempt,
                status,
                ok: s.end <= End::Missing,
                start_us,
                us,
            }
        });
        Trace { id: format!("{:016x}", t.id), utc: t.utc, spans: spans.collect() }
    }
}

fn ms(us: u64) -> String {
    format!("{}.{}ms", us / 1_000, us / 100 % 10)
}

impl Trace {
    /// Whether the client got what it asked for.
    pub fn ok(&self) -> bool {
        self.spans.first().is_some_and(|s| s.ok)
    }

    /// The service at which it failed, as deep as it can be told; else the one at which it came in.
    pub fn culprit(&self) -> Option<&str> {
        let failed = self.spans.iter().filter(|s| !s.ok).max_by_key(|s| s.depth);
        failed.or(self.spans.first()).map(|s| s.service.as_str())
    }

    /// One row of a list: id, time, duration, status, the service it enters and the path.
    pub fn row(&self) -> String {
        let Some(root) = self.spans.first() else { return self.id.clone() };
        let path = self.spans.iter().find_map(|s| s.path.as_deref()).unwrap_or("/");
        format!(
            "{}  {}  {:>10}  {:<12}  {:<14}  GET {path}",
            self.id,
            self.utc.hms(),
            ms(root.us),
            root.status,
            root.service
        )
    }

    /// All spans, each with its offset, duration, status and a bar.
    pub fn waterfall(&self) -> String {
        let whole = self.spans.first().map_or(0, |s| s.us).max(1);
        let bar = |s: &TraceSpan| {
            let from = (s.start_us.min(whole) * BAR / whole).min(BAR - 1);
            let to = ((s.start_us + s.us).min(whole) * BAR).div_ceil(whole).clamp(from + 1, BAR);
            let (before, length) = (from as usize, (to - from) as usize);
            format!("{}{}{}", " ".repeat(before), "=".repeat(length), " ".repeat(BAR as usize - before - length))
        };
        let mut out = format!("trace {}  {}  {}\n", self.id, self.utc.iso(), ms(whole));
        for s in &self.spans {
            let what = match (&s.caller, &s.path) {
                (Some(c), _) if s.attempt == 0 => format!("{c} -> {}", s.service),
                (Some(c), _) if s.attempt > 1 => format!("{c} -> {} (attempt {})", s.service, s.attempt),
                (Some(c), _) => format!("{c} -> {}", s.service),
                (None, Some(p)) => format!("{} GET {p}", s.service),
                (None, None) => s.service.clone(),
            };
            out.push_str(&format!(
                "{:>10} {:>10}  |{}|  {:<12}  {}{what}\n",
                ms(s.start_us),
                ms(s.us),
                bar(s),
                s.status,
                "  ".repeat(s.depth as usize)
            ));
        }
        out
    }
}
