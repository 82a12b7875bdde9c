//! Any moment of a log again: checkpoints along the way, and a fold from the nearest one. What is shown is the session itself as it
//! was then, so every panel of every seat can be built from it.

use crate::scenario::Scenario;
use crate::session::{Header, Session};
use crate::stdx::time::Tick;
use crate::storage::journal::Item;
use std::sync::Arc;

/// Checkpoints that are kept at most: each is a clone of the session.
const MOST: u64 = 240;

/// Checkpoints are no closer than this, ticks.
const LEAST_EVERY: u64 = 30;

/// A place in a log with the session as it is there.
#[derive(Clone, Debug)]
struct Cursor {
    session: Session,
    /// The item that comes next.
    item: usize,
    /// Ticks of it that are lived already.
    lived: u64,
}

impl Cursor {
    /// Folds up to `to`, with every entry of that tick.
    fn forward(&mut self, items: &[Item], to: Tick) {
        while let Some(item) = items.get(self.item) {
            match item {
                Item::Entry(entry) => self.session.apply(entry),
                Item::Ticks(n) => {
                    while self.lived < *n {
                        if self.session.tick() >= to {
                            return;
                        }
                        if self.session.tick() >= self.session.horizon() {
                            break;
                        }
                        self.session.advance();
                        self.lived += 1;
                    }
                    self.lived = 0;
                }
                _ => {}
            }
            self.item += 1;
        }
    }
}

/// The session at one moment.
#[derive(Debug)]
pub struct Checkpoint(Cursor);

/// Makes the checkpoints of a log one after the other; it can do so on another thread.
#[derive(Debug)]
pub struct Maker {
    items: Arc<[Item]>,
    cursor: Cursor,
    every: u64,
    end: Tick,
}

impl Maker {
    /// The next checkpoint; `None` when the end of the log is reached.
    pub fn step(&mut self) -> Option<Checkpoint> {
        let now = self.cursor.session.tick();
        if now >= self.end {
            return None;
        }
        self.cursor.forward(&self.items, now.plus(self.every));
        Some(Checkpoint(self.cursor.clone()))
    }
}

/// A log that can be looked at from any moment up to its last checkpoint.
#[derive(Debug)]
pub struct Scrub {
    items: Arc<[Item]>,
    checkpoints: Vec<Cursor>,
    shown: Cursor,
    end: Tick,
}

impl Scrub {
    /// A log from its beginning, and what makes its checkpoints.
    pub fn new(header: Header, scenario: Arc<Scenario>, items: &[Item]) -> (Scrub, Maker) {
        let kept = items.iter().filter(|i| matches!(i, Item::Entry(_) | Item::Ticks(_)));
        let items: Arc<[Item]> = kept.cloned().collect();
        let ticks = items.iter().map(|i| if let Item::Ticks(n) = i { *n } else { 0 });
        let end = Tick(ticks.fold(0, u64::saturating_add));
        let mut start = Cursor { session: Session::new(header, scenario), item: 0, lived: 0 };
        start.forward(&items, Tick(0));
        let every = (end.0 / MOST).max(LEAST_EVERY);
        let maker = Maker { items: Arc::clone(&items), cursor: start.clone(), every, end };
        (Scrub { items, checkpoints: vec![start.clone()], shown: start, end }, maker)
    }

    /// Adds the next checkpoint.
    pub fn add(&mut self, checkpoint: Checkpoint) {
        self.checkpoints.push(checkpoint.0);
    }

    /// The last moment that can be shown without a long wait.
    pub fn warm(&self) -> Tick {
        self.checkpoints.last().map_or(Tick(0), |c| c.session.tick())
    }

    /// The last moment of the log.
    pub fn end(&self) -> Tick {
        self.end
    }

    /// The session as it was at a moment, at the last warm one if that is earlier.
    pub fn at(&mut self, tick: Tick) -> &Session {
        let tick = tick.min(self.warm());
        let near = self.checkpoints.partition_point(|c| c.session.tick() <= tick).saturating_sub(1);
        let shown = self.shown.session.tick();
        if let Some(checkpoint) = self.checkpoints.get(near) {
            // Played forward, the moment before is nearer than any checkpoint.
            let behind = shown <= tick && shown >= checkpoint.session.tick();
            if !behind {
                self.shown = checkpoint.clone();
            }
        }
        self.shown.forward(&self.items, tick);
        &self.shown.session
    }
}
