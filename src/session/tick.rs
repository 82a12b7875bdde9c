//! One tick: the world steps, telemetry records, shells run, screens count as seen, the script's rules fire.

use super::Session;
use crate::fact::{Actor, FactKind};
use crate::stdx::time::Tick;

/// Seconds for which a shadow runs.
pub(super) const SHADOW_SECONDS: u64 = 600;

/// Seconds of relief that show it.
const RELIEF_SECONDS: u64 = 60;

/// Rounds in one tick in which a rule may set off another.
const RULE_ROUNDS: usize = 8;

impl Session {
    /// Advances one simulated second. Total; after the end it advances the world only.
    pub fn advance(&mut self) {
        self.state.tick = self.state.tick.plus(1);
        for kind in self.state.world.step() {
            self.world_fact(kind);
        }
        self.state.telemetry.write(&self.state.world);
        self.fill_logs();
        for kind in self.state.telemetry.measure(&self.state.world) {
            self.emit(Actor::World, kind, Vec::new());
        }
        self.notify();
        self.with_console(|console, desk| console.advance(desk));
        self.step_shadows();
        self.see_views();
        self.escalate();
        self.step_rules();
        if self.state.clock.ended.is_none() && self.state.tick >= self.horizon() {
            self.end(Actor::World);
        }
    }

    /// A fact of the world, kept in the state where the session needs it.
    pub(super) fn world_fact(&mut self, kind: FactKind) {
        if let FactKind::DurableLoss { amount, .. } = &kind {
            self.state.durable_loss = self.state.durable_loss.saturating_add(*amount);
        }
        self.emit(Actor::World, kind, Vec::new());
    }

    /// Runs every shadow one second and says where an effect brought relief.
    fn step_shadows(&mut self) {
        let now = self.state.tick;
        let (n, of) = self.state.world.users();
        let mut shadows = std::mem::take(&mut self.state.shadows);
        shadows.retain_mut(|shadow| {
            shadow.world.step();
            let (without, _) = shadow.world.users();
            let worse = super::guard::worse(n, without, of) && !shadow.told;
            if let Some(at) = super::guard::worsened(&mut shadow.worse, worse, now) {
                shadow.told = true;
                self.emit(Actor::World, FactKind::Worsened { action: shadow.action, at }, vec![shadow.action]);
            }
            // At least a tenth fewer users affected than without the effect.
            if without > 0 && u128::from(n) * 10 <= u128::from(without) * 9 {
                let since = *shadow.since.get_or_insert(now);
                if now.since(since) + 1 >= RELIEF_SECONDS {
                    let kind = FactKind::Relief { action: shadow.action, at: since };
                    self.emit(Actor::Seat(shadow.seat.clone()), kind, vec![shadow.action]);
                    return false;
                }
            } else {
                shadow.since = None;
            }
            now < shadow.until || shadow.since.is_some() || (shadow.worse.is_some() && !shadow.told)
        });
        // Effects are applied between ticks, so nothing was added meanwhile.
        self.state.shadows = shadows;
    }

    /// Feeds the facts that the script has not seen, those of entries since the last tick too, and does what fires;
    /// again for what that brought, a few rounds.
    pub(super) fn step_rules(&mut self) {
        let mut from = self.state.rules.fed();
        for _ in 0..RULE_ROUNDS {
            let now: Tick = self.state.tick;
            let new = self.facts.since(from).to_vec();
            from = self.facts.len();
            let fired = self.state.rules.step(&new, now);
            for rule in fired {
                self.run_rule(&rule);
            }
            if self.facts.len() == from {
                break;
            }
        }
        self.state.rules.seen(self.facts.len());
    }
}
