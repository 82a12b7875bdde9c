//! What a client would get right now: resolution, connection and answer, from the same state that decides users' fate.

use crate::sim::carry::Rate;
use crate::sim::flow::Leads;
use crate::sim::plan::{Kind, ServiceAt, fill, matches, parts};
use crate::sim::state::Probe;
use crate::sim::strain::Way;
use crate::sim::{World, state::Flow};
use crate::stdx::rng::Stream;
use crate::stdx::time::Tick;
use serde::Serialize;

/// Redirects that a probe follows.
const REDIRECTS_MAX: u32 = 5;

/// An answer, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HttpReply {
    /// Host name of the URL.
    pub host: String,
    /// Address it resolved to; `None` if it did not.
    pub address: Option<String>,
    /// Why there is no answer, in the words of a client: `Could not resolve host: x`, `Failed to connect to …`.
    pub error: Option<String>,
    /// Exit status of a command-line client for that error: 6 not resolved, 7 refused; 0 with an answer.
    pub exit: u8,
    /// Status code, 0 without an answer.
    pub status: u16,
    /// Status line, such as `HTTP/2 302`.
    pub line: String,
    /// Headers in the order they are sent, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body; empty for a HEAD request.
    pub body: String,
    /// Bytes of the body (of the one that a GET would give, for HEAD).
    pub body_bytes: u64,
    /// Milliseconds until the whole answer was there.
    pub time_ms: u64,
    /// Service that answered.
    pub service: Option<String>,
    /// Endpoint that answered, as `service:endpoint`.
    pub endpoint: Option<String>,
}

impl HttpReply {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether there was an answer below 400.
    pub fn is_good(&self) -> bool {
        (100..400).contains(&self.status)
    }
}

/// Words of a status.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        _ => "Service Unavailable",
    }
}

impl World {
    /// What a client on the internet would get for `url` right now.
    pub fn http(&self, url: &str, head: bool) -> HttpReply {
        self.http_from(None, url, head)
    }

    /// The same from a host of the world, where `localhost` means that host.
    pub fn http_from(&self, from: Option<&str>, url: &str, head: bool) -> HttpReply {
        self.request(from, url, head, true)
    }

    /// The same from a client that may leave certificates unchecked.
    pub fn request(&self, from: Option<&str>, url: &str, head: bool, careful: bool) -> HttpReply {
        let (scheme, host, path) = parts(url);
        let mut reply = HttpReply {
            host: host.clone(),
            address: None,
            error: None,
            exit: 0,
            status: 0,
            line: String::new(),
            headers: Vec::new(),
            body: String::new(),
            body_bytes: 0,
            time_ms: 3,
            service: None,
            endpoint: None,
        };
        let local = matches!(host.as_str(), "localhost" | "127.0.0.1");
        let on = if local { from } else { self.host_at(&host) };
        let asked = if on.is_none() { self.net.asked(from, &host, self.utc()) } else { None };
        let found = match (on, &asked) {
            (Some(h), _) => self.serves_on(h),
            (None, Some(a)) => a.service.map(|at| (at, false)),
            (None, None) => self.plan.lookup(&host).or_else(|| self.addressed(&host)),
        };
        reply.address = if local {
            Some("127.0.0.1".to_owned())
        } else if on.is_some() {
            Some(on.and_then(|h| self.plan.spec.hosts.get(h)).map_or(host.clone(), |h| h.address.clone()))
        } else if let Some(a) = &asked {
            reply.time_ms += a.ms;
            a.address.clone()
        } else {
            let known = found.and_then(|(at, _)| self.plan.services.get(at)).map(|s| s.address.clone());
            known.or_else(|| super::net::is_address(&host).then(|| host.clone()))
        };
        if reply.address.is_none() {
            reply.error = Some(format!("Could not resolve host: {host}"));
            reply.exit = 6;
            return reply;
        }
        // Nobody is at an address that is not known.
        if !local && on.is_none() && asked.is_none() && found.is_none() {
            let (port, ms) = (if scheme == "https" { 443 } else { 80 }, super::net::web::CONNECT_MS);
            reply.error =
                Some(format!("Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server"));
            (reply.exit, reply.time_ms) = (28, ms);
            return reply;
        }
        let refused = |mut reply: HttpReply| {
            let port = if scheme == "https" { 443 } else { 80 };
            reply.error = Some(format!("Failed to connect to {host} port {port} after 3 ms: Connection refused"));
            reply.exit = 7;
            reply
        };
        if asked.as_ref().is_some_and(|a| a.deaf) {
            return refused(reply);
        }
        let to = found.map(|(at, _)| at);
        let answers = |on: &str| self.plan.capacity.host(on).is_none_or(|at| self.capacity.is_on(at));
        let stopped = || self.net.stopped((from, careful), to, on, (&scheme, &host), self.utc(), answers);
        if let Some(outcome) = if local { None } else { stopped() } {
            reply.error = Some(outcome.error);
            reply.exit = outcome.exit;
            reply.time_ms += outcome.ms;
            return reply;
        }
        let Some((at, staging)) = found else { return refused(reply) };
        if on.is_some_and(|h| !self.replica_runs_on(at, h)) {
            return refused(reply);
        }
        let Some(spec) = self.plan.services.get(at) else { return refused(reply) };
        let endpoint = self.endpoint_for(at, &path);
        reply.service = Some(spec.name.clone());
        let mut dice = Stream::new(self.tick, url);
        let turned =
            if staging || on.is_some() { None } else { self.net.turned_with(at, &path, &mut dice, self.utc()) };
        let status = match &turned {
            Some((status, _)) => Some(*status),
            None if staging => Some(200),
            None => self.answer(at, endpoint, &mut dice, 0),
        };
        let Some(status) = status else { return refused(reply) };
        let e = endpoint.and_then(|e| spec.endpoints.get(e));
        reply.endpoint = e.map(|e| format!("{}:{}", spec.name, e.name));
        let values = e.and_then(|e| matches(&e.path, &path)).unwrap_or_default();
        let (status, content, location) = match (status, self.leads_one(at, endpoint, staging, &mut dice)) {
            (200, Leads::Page(content)) => (200, content, None),
            (200, Leads::Redirect(to)) => (302, "text/plain; charset=utf-8".to_owned(), Some(fill(&to, &values))),
            // Every site has a front page.
            (200, Leads::Missing) if path == "/" => (200, "text/html; charset=utf-8".to_owned(), None),
            (200, Leads::Missing) => (404, "text/plain; charset=utf-8".to_owned(), None),
            (302, _) => (302, "text/plain; charset=utf-8".to_owned(), turned.and_then(|(_, to)| to)),
            (status, _) => (status, "text/plain; charset=utf-8".to_owned(), None),
        };
        let body = match status {
            200 if content.starts_with("text/html") => {
                format!("<!DOCTYPE html>\n<html><head><title>{host}{path}</title></head><body>ok</body></html>\n")
            }
            200 if content.contains("json") => "{\"ok\":true}\n".to_owned(),
            200 => "ok\n".to_owned(),
            302 => String::new(),
            status => format!("{}\n", reason(status)),
        };
        reply.status = status;
        reply.line = if scheme == "https" {
            format!("HTTP/2 {status}")
        } else {
            format!("HTTP/1.1 {status} {}", reason(status))
        };
        reply.body_bytes = body.len() as u64;
        reply.headers.push(("date".into(), self.utc().http()));
        if !body.is_empty() {
            reply.headers.push(("content-type".into(), content));
        }
        reply.headers.push(("content-length".into(), body.len().to_string()));
        if status == 429 {
            reply.headers.push(("retry-after".into(), "30".into()));
        }
        reply.headers.extend(location.map(|l| ("location".to_owned(), l)));
        reply.body = if head { String::new() } else { body };
        reply.time_ms += 9 + (self.net.hop_to(from, at).latency_s * 1000.0) as u64;
        reply.time_ms += self.services.get(at).map_or(0, |s| s.latency_ms as u64);
        reply
    }

    /// Status of one more request at a service before its endpoint is looked at; `None` if nothing listens.
    fn answer(&self, at: ServiceAt, endpoint: Option<usize>, dice: &mut Stream, depth: u32) -> Option<u16> {
        let (spec, s) = (self.plan.services.get(at)?, self.services.get(at)?);
        if self.replicas_up(at) == 0 {
            return None;
        }
        let strain = self.pressure.strain.get(at)?;
        // What was shed in the last second is shed in this one, unless there is room for all of it now.
        let Flow { requests, shed, .. } = s.flow;
        let room = self.capacity(at);
        let overload = if shed > 0 && requests as f64 > room { 1.0 - room / requests as f64 } else { 0.0 };
        let share = strain.errors;
        if !strain.reject && strain.limited != Rate::ZERO && dice.unit() < strain.limited.to_f64() {
            return Some(429);
        }
        let turned = strain.shed != Rate::ZERO && dice.unit() < strain.shed.to_f64();
        let overloaded = overload > 0.0 && dice.unit() < overload;
        if !strain.reject && (turned || overloaded) {
            return Some(503);
        }
        if strain.reject || (share != Rate::ZERO && dice.unit() < share.to_f64()) {
            return Some(500);
        }
        if depth >= 8 {
            return Some(200);
        }
        let asked = endpoint.and_then(|e| spec.endpoints.get(e));
        let calls = asked.and_then(|e| e.calls.as_ref()).unwrap_or(&spec.calls);
        for &e in calls {
            let (Some(edge), Some(call)) = (self.plan.edges.get(e), self.edges.get(e)) else { continue };
            let (needed, behind) = match &spec.kind {
                Kind::Cdn { origin, hit, .. } if *origin == edge.to => {
                    (dice.unit() >= hit.to_f64(), asked.and_then(|e| e.behind))
                }
                Kind::Cache { origin, hit, .. } if *origin == edge.to => {
                    (dice.unit() >= hit * s.warmth, asked.and_then(|e| e.behind))
                }
                _ => (edge.share == Rate::ONE || dice.unit() < edge.share.to_f64(), None),
            };
            let (to, way, behind) = self.led(e, behind, dice);
            let mut unlucky = |share: Rate| share != Rate::ZERO && dice.unit() < share.to_f64();
            let lost = way.is_some_and(|w| w.cut.is_some() || unlucky(w.loss) || unlucky(w.turned));
            let late = call.late != Rate::ZERO && dice.unit() < call.late.to_f64();
            let fails = lost || late || call.open || s.sick_until.is_some();
            let well = |dice: &mut Stream| self.answer(to, behind, dice, depth + 1) == Some(200);
            if needed && !edge.optional && (fails || !well(dice)) {
                return Some(503);
            }
        }
        Some(200)
    }

    /// Where one more call goes: the service, the way there, and the endpoint.
    fn led(&self, e: usize, behind: Option<usize>, dice: &mut Stream) -> (ServiceAt, Option<&Way>, Option<usize>) {
        let meant = self.plan.edges.get(e).map_or(0, |e| e.to);
        let way = self.pressure.ways.get(e);
        let mut at = if way.is_some_and(|w| !w.moved.is_empty()) { dice.unit() } else { 1.0 };
        let moved = way.into_iter().flat_map(|w| &w.moved).find(|m| {
            at -= m.share.to_f64();
            at < 0.0
        });
        match moved {
            Some(m) => {
                let asked = behind.map(|e| e as u32);
                (m.to, Some(&m.way), self.plan.endpoint_at(meant, asked, m.to).map(|e| e as usize))
            }
            None => (meant, way, behind),
        }
    }

    /// The host that a name or address means, if it means a machine.
    fn host_at(&self, name: &str) -> Option<&str> {
        let is = |(n, h): &(&String, &crate::scenario::HostSpec)| *n == name || h.address == name;
        self.plan.spec.hosts.iter().find(is).map(|(n, _)| n.as_str())
    }

    /// The service that an address leads to.
    fn addressed(&self, address: &str) -> Option<(ServiceAt, bool)> {
        let at = self.plan.services.iter().position(|s| s.address == address)?;
        super::net::is_address(address).then_some((at, false))
    }

    /// The service that listens for HTTP on a host.
    fn serves_on(&self, host: &str) -> Option<(ServiceAt, bool)> {
        let listens = |s: &super::plan::ServicePlan| {
            matches!(s.kind, Kind::Plain) && !s.endpoints.is_empty() && s.replicas.iter().any(|r| r.host == host)
        };
        self.plan.services.iter().position(listens).map(|at| (at, false))
    }

    /// Looks at a URL as a probe does.
    pub(super) fn check(&self, url: &str, user_facing: bool) -> Probe {
        let mut reply = self.http(url, false);
        for _ in 0..REDIRECTS_MAX {
            match reply.header("location") {
                Some(to) if user_facing => {
                    let to = if to.contains("://") { to.to_owned() } else { format!("https://{}{to}", reply.host) };
                    reply = self.http(&to, false);
                }
                _ => break,
            }
        }
        let saw = reply.error.clone().unwrap_or_else(|| reply.line.clone());
        let ok = reply.is_good() && !(user_facing && reply.status >= 300);
        Probe { ok, at: Tick(self.tick), saw }
    }
}
