//! What a caller may do: permissions of the seat, `sudo` on a host.

use super::{Desk, net};
use crate::console::Caller;
use crate::scenario::ServiceKind;
use crate::sim::Effect;

impl Desk<'_> {
    pub(super) fn permission_for(&self, effect: &Effect, verb: &str, target: &str) -> Option<(&'static str, String)> {
        match effect {
            Effect::Promote { .. } | Effect::Stage { .. } | Effect::Release { .. } => {
                Some(("release", format!("permission denied: {verb} {target} requires the permission `release`")))
            }
            Effect::Resize { volume, .. } => {
                Some(("volume", format!("permission denied: volume:resize on {volume} requires role infra-admin")))
            }
            Effect::Net(e) if !e.permission().is_empty() => Some((
                e.permission(),
                format!("permission denied: {verb} {target} requires the permission `{}`", e.permission()),
            )),
            Effect::Store(effect) => Some((
                "database",
                format!("permission denied: {verb} on {} requires the permission `database`", effect.store),
            )),
            Effect::Requeue { queue } if !self.is_mine(queue) => {
                Some(("queue", format!("permission denied: {verb} {target} requires the permission `queue`")))
            }
            Effect::Change(change) => {
                let word = self.permission_for_change(change)?;
                Some((word, format!("permission denied: {verb} {target} requires the permission `{word}`")))
            }
            _ => Desk::capacity_permission(effect)
                .map(|p| (p, format!("permission denied: {verb} {target} requires the permission `{p}`"))),
        }
    }

    /// Whether the trainee runs the worker of a queue.
    pub(super) fn is_mine(&self, queue: &str) -> bool {
        let works = |kind: &ServiceKind| matches!(kind, ServiceKind::Worker { queue: q } if q == queue);
        self.spec().services.values().any(|s| works(&s.kind) && s.owner == "you")
    }

    /// Units and other people's files need `sudo` on that host.
    pub(super) fn needs_root(&self, who: &Caller, effect: &Effect) -> bool {
        if who.user == "root" {
            return false;
        }
        match effect {
            Effect::Unit { .. } | Effect::Kill { .. } => true,
            Effect::Net(e) => net::needs_root(e),
            _ => Desk::capacity_needs_root(effect),
        }
    }
}
