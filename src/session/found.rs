//! Calls that nobody drew: on the map once a screen showed a trace, a log line or a connection that gives them away.

use super::Session;
use crate::console::Source;
use crate::fact::{Actor, FactKind};

/// Whether a name stands in a text as a word of its own.
fn names(text: &str, name: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let whole = |(at, _): (usize, &str)| {
        let (before, after) = (text.get(..at), text.get(at + name.len()..));
        let dot = after.is_some_and(|a| a.starts_with('.') && !part(a.chars().nth(1)));
        !part(before.and_then(|b| b.chars().next_back())) && (dot || !part(after.and_then(|a| a.chars().next())))
    };
    !name.is_empty() && text.match_indices(name).any(whole)
}

impl Session {
    /// Whether somebody found a call that nobody drew.
    pub(super) fn has_found(&self, from: &str, to: &str) -> bool {
        self.state.found.contains(&(from.to_owned(), to.to_owned()))
    }

    /// Calls that nobody drew and nobody found yet.
    fn unknown_calls(&self) -> Vec<(String, String)> {
        let edges = self.scenario.world.services.iter().flat_map(|(from, s)| {
            let hidden = s.edges.iter().filter(|(_, e)| e.hidden);
            hidden.map(move |(to, _)| (from.clone(), to.clone()))
        });
        edges.filter(|e| !self.state.found.contains(e)).collect()
    }

    /// A screen shows a text: what it gives away is known from now on.
    pub(super) fn find_calls(&mut self, source: &Source, text: &str) {
        let unknown = self.unknown_calls();
        if unknown.is_empty() {
            return;
        }
        let trace = source.target.starts_with("trace:");
        for (from, to) in unknown {
            let its = source.service.as_deref() == Some(from.as_str()) || self.runs_on(&from, &source.target);
            let callee = self.known_as(&to);
            let told = |line: &str| callee.iter().any(|n| names(line, n)) && (its || names(line, &from));
            if if trace { told(text) } else { text.lines().any(told) } {
                let component = format!("call {from} -> {to}");
                self.state.found.insert((from, to));
                self.emit(Actor::World, FactKind::StateChanged { component, to: "found".to_owned() }, Vec::new());
            }
        }
    }

    fn runs_on(&self, service: &str, host: &str) -> bool {
        self.scenario.world.services.get(service).is_some_and(|s| s.on.iter().any(|h| h == host))
    }

    /// Names under which a service shows up: its own, its host name, and the addresses of its hosts.
    fn known_as(&self, service: &str) -> Vec<String> {
        let world = &self.scenario.world;
        let Some(s) = world.services.get(service) else { return Vec::new() };
        let hosts = s.on.iter().filter_map(|h| world.hosts.get(h)).map(|h| h.address.clone());
        [service.to_owned(), s.dns.clone()]
            .into_iter()
            .chain(hosts)
            .chain(self.state.world.address_of(service))
            .collect()
    }
}
