//! What the tools of a terminal learn of the network: addresses, echoes, and whether a tool can be reached at all.

use super::Desk;
use crate::sim::NetEffect;
use crate::sim::net::{PUBLIC_RESOLVER, ToolReach, is_address};
use crate::stdx::rng::Stream;

/// Addresses that answer from everywhere: the resolver of the world, and those of the internet that people try.
const ALWAYS: [&str; 5] = [PUBLIC_RESOLVER, "1.1.1.1", "8.8.4.4", "8.8.8.8", "9.9.9.9"];

/// Whether a change to the network is one of a machine, which needs root there.
pub(super) fn needs_root(effect: &NetEffect) -> bool {
    use NetEffect::*;
    matches!(effect, Flush { .. } | ClockStep { .. } | ClockNtp { .. } | ClockZone { .. })
}

impl Desk<'_> {
    /// Addresses of a name that is no machine.
    pub(super) fn addresses(&self, host: &str, name: &str) -> Vec<String> {
        let world = &self.session.state.world;
        if world.net().record(&name.to_ascii_lowercase()).is_some() {
            return world.net().look_up(Some(host), name, None, world.utc()).addresses;
        }
        // The copies on staging have names that no zone lists.
        world.http_from(Some(host), &format!("http://{name}/"), true).address.into_iter().collect()
    }

    /// Round trip of one echo request in microseconds; `None` if it or its answer is lost.
    pub(super) fn echo(&self, host: &str, name: &str) -> Option<u64> {
        let world = &self.session.state.world;
        if host == name || matches!(name, "localhost" | "127.0.0.1") {
            return Some(40);
        }
        let spec = self.spec();
        let is = |(_, s): &(&String, &crate::scenario::ServiceSpec)| {
            s.dns.eq_ignore_ascii_case(name)
                || (is_address(name) && self.addresses(host, &s.dns).iter().any(|a| a == name))
        };
        let service = spec.services.iter().find(is).map(|(id, _)| id.as_str());
        let machine = spec.hosts.iter().find(|(_, h)| h.address == name).map(|(id, _)| id.as_str());
        if machine == Some(host) {
            return Some(40);
        }
        // At an address that is not known nobody answers; the gateway and the resolvers are always there.
        let own = spec.hosts.get(host).and_then(|h| h.address.rsplit_once('.')).map(|(net, _)| format!("{net}.1"));
        let always = ALWAYS.contains(&name) || own.is_some_and(|gateway| gateway == name);
        let known = machine.or(service);
        if known.is_none() && is_address(name) && !always {
            return None;
        }
        let to = known.unwrap_or(name);
        let hop = world.net().hop(Some(host), to);
        let lost = hop.lost > 0.0 && Stream::new(world.tick().0, name).unit() < hop.lost;
        (!lost).then_some(380 + (hop.latency_s * 1e6) as u64)
    }

    /// Whether a tool can be reached; else what it prints.
    pub(super) fn reaches(&self, host: &str, tool: &str) -> Result<(), String> {
        let world = &self.session.state.world;
        match world.net().tool(tool, host, world.utc(), |s| world.is_up(s)) {
            ToolReach::Cut(why) => Err(why),
            ToolReach::Reachable | ToolReach::BreakGlass => Ok(()),
        }
    }
}
