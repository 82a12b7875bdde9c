//! What the tools of a terminal learn of the network: addresses, echoes, and whether a tool can be reached at all.

use super::Desk;
use crate::sim::NetEffect;
use crate::sim::net::ToolReach;
use crate::stdx::rng::Stream;

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
        let is = |(_, s): &(&String, &crate::scenario::ServiceSpec)| s.dns.eq_ignore_ascii_case(name);
        let to = spec.services.iter().find(is).map_or(name, |(id, _)| id.as_str());
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
