//! The fact store: append-only, ids by tick and position, a running hash instead of hashing everything again.

use crate::fact::{Actor, Fact, FactId, FactKind};
use crate::stdx::digest::Running;
use crate::stdx::time::Tick;
use serde::Serialize;

/// Facts of a session. Only the hash is part of the state's digest.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    #[serde(skip)]
    list: Vec<Fact>,
    hash: Running,
    branch: u32,
    n: u32,
    tick: Tick,
}

impl Facts {
    /// An empty store of a branch.
    pub fn new(branch: u32) -> Facts {
        Facts { list: Vec::new(), hash: Running::default(), branch, n: 0, tick: Tick(0) }
    }

    /// Appends a fact of `tick` (never earlier than the last one) and returns its id.
    pub fn push(&mut self, tick: Tick, by: Actor, what: FactKind, evidence: Vec<FactId>) -> FactId {
        if tick > self.tick {
            self.tick = tick;
            self.n = 0;
        }
        self.n += 1;
        let id = FactId { branch: self.branch, tick: self.tick, n: self.n };
        let fact = Fact { id, by, what, evidence };
        self.hash.push(&fact);
        self.list.push(fact);
        id
    }

    /// All facts, in order.
    pub fn all(&self) -> &[Fact] {
        &self.list
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The facts from position `from` on.
    pub fn since(&self, from: usize) -> &[Fact] {
        self.list.get(from..).unwrap_or(&[])
    }
}
