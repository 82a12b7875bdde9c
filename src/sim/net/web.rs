//! What a single client meets on its way: the questions of `curl` and of probes, answered from the state that decides users' fate.

use super::read::Hop;
use super::{NetState, Passage, Rcode};
use crate::scenario::RuleKind;
use crate::stdx::rng::Stream;
use crate::stdx::time::Utc;

/// How long a client waits for a connection that never comes, milliseconds.
pub(in crate::sim) const CONNECT_MS: u64 = 130_000;

/// Where a name led a client.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Service behind the address, if there is one.
    pub service: Option<usize>,
    /// Whether a service is there that does not listen for such requests.
    pub deaf: bool,
    /// Address, if it resolved.
    pub address: Option<String>,
    /// Milliseconds of looking up.
    pub ms: u64,
}

/// Why a client got no answer.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub error: String,
    /// Exit status of `curl`: 28 timed out, 60 certificate refused.
    pub exit: u8,
    /// Milliseconds until it gave up.
    pub ms: u64,
}

impl NetState {
    /// Resolves a name of the zones for a client; `None` if they do not know of it.
    pub(crate) fn asked(&self, from: Option<&str>, name: &str, now: Utc) -> Option<Asked> {
        self.plan.record(name)?;
        let found = self.look_up(from, name, None, now);
        let want = self.plan.services.iter().position(|s| s.dns == name);
        let pick = Stream::new(now.0 as u64, "address").below(found.targets.len().max(1) as u64) as usize;
        let target = found.targets.get(pick);
        let leads = target.and_then(|t| self.leads_to(t, want));
        // What does not speak HTTP is there, and refuses the connection.
        let service = leads.filter(|at| want.is_none_or(|w| *at == w || self.speak_alike(*at, w)));
        Some(Asked {
            service,
            deaf: leads.is_some() && service.is_none(),
            address: found.addresses.get(pick).cloned(),
            ms: if found.rcode == Rcode::NoError { 0 } else { found.ms },
        })
    }

    /// What stops a client at `from`, who looks at certificates if `careful`, before its request is read by the service `to`; `on` is the machine that it asked
    /// for by name or address.
    pub(crate) fn stopped(
        &self,
        (from, careful): (Option<&str>, bool),
        to: Option<usize>,
        on: Option<&str>,
        (scheme, name): (&str, &str),
        now: Utc,
        answers: impl Fn(&str) -> bool,
    ) -> Option<Stopped> {
        let port = if scheme == "https" { 443 } else { 80 };
        let silent = || Stopped {
            error: format!("Failed to connect to {name} port {port} after {CONNECT_MS} ms: Couldn't connect to server"),
            exit: 28,
            ms: CONNECT_MS,
        };
        let mut dice = Stream::new(now.0 as u64, "way");
        let hop = match (on, to) {
            (Some(h), _) if from == Some(h) => Hop::default(),
            (Some(h), _) => self.hop(from, h),
            (None, Some(to)) => self.hop_to(from, to),
            // The address belongs to nobody.
            (None, None) => return Some(silent()),
        };
        if hop.lost > 0.0 && dice.unit() < hop.lost {
            return Some(silent());
        }
        let to = to.filter(|_| scheme == "https" && careful && on.is_none())?;
        let service = self.plan.services.get(to).map(|s| s.name.as_str()).unwrap_or_default();
        let problem = self.tls(from, service, name, now, answers).map(|t| t.problem).unwrap_or_default();
        let error = match problem.as_str() {
            "" => return None,
            "hostname mismatch" => {
                format!("SSL: no alternative certificate subject name matches target host name '{name}'")
            }
            other => format!("SSL certificate problem: {other}"),
        };
        Some(Stopped { error, exit: 60, ms: 20 })
    }

    /// What lies between a client and a service.
    pub(crate) fn hop_to(&self, from: Option<&str>, to: usize) -> Hop {
        self.plan.services.get(to).map_or_else(Hop::default, |s| self.hop(from, &s.name))
    }

    /// What the edge, or a check of tokens, answers in place of the service: status and a location.
    pub(crate) fn turned_with(
        &self,
        to: usize,
        path: &str,
        dice: &mut Stream,
        now: Utc,
    ) -> Option<(u16, Option<String>)> {
        let mut p = Passage::default();
        self.edge_verdict(to, path, &self.load, &mut p);
        p.denied = self.denied(None, to, now);
        let mut hit = |share: f64| share > 0.0 && dice.unit() < share;
        if hit(p.blocked) {
            Some((403, None))
        } else if hit(p.limited) {
            Some((429, None))
        } else if hit(p.redirected) {
            Some((302, self.redirect_of(to, path)))
        } else {
            hit(p.denied).then_some((401, None))
        }
    }

    fn redirect_of(&self, to: usize, path: &str) -> Option<String> {
        let name = self.plan.services.get(to).map(|s| s.name.as_str())?;
        let (e, (_, spec)) = self.plan.spec.edges.iter().enumerate().find(|(_, (n, _))| *n == name)?;
        let live = self.edges.get(e)?.live.iter().zip(spec.rules.values());
        live.filter(|(r, s)| r.on && path.starts_with(&s.path)).find_map(|(r, _)| match &r.kind {
            RuleKind::Redirect(to) => Some(to.clone()),
            _ => None,
        })
    }
}
