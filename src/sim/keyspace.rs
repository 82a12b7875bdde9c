//! The keys of a cache: what it holds of its origin, and what clients put in and took out by hand.
//!
//! A cache is a number of objects of which it holds as many as it is warm. Each has a key, `ORIGIN:N`. Which ones it holds
//! follows from the count: the lowest numbers, except those that were taken out, which are fetched again last.

use super::plan::Kind;
use super::{Refusal, World};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most objects whose removal is remembered; of the oldest it is forgotten.
const GONE_MAX: usize = 10_000;

/// Most keys that clients can put in, and most bytes of all of them.
const OWN_MAX: usize = 10_000;
const BYTES_MAX: usize = 4 << 20;

/// What a key that a client put in stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// A string.
    Text(String),
    /// A list.
    List(Vec<String>),
}

impl Item {
    /// Bytes of its content.
    pub fn bytes(&self) -> usize {
        match self {
            Item::Text(t) => t.len(),
            Item::List(l) => l.iter().map(String::len).sum(),
        }
    }
}

/// A key that a client put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stored {
    /// Its value.
    pub item: Item,
    /// Tick at which it expires.
    pub until: Option<u64>,
}

/// What happens to keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAct {
    /// Puts a value in, for so many seconds if they are given.
    Set {
        /// Value.
        item: Item,
        /// Seconds that it lives.
        ttl_s: Option<u64>,
    },
    /// Takes them out.
    Delete,
    /// They expire in so many seconds; `None` is never.
    Expire {
        /// Seconds from now.
        ttl_s: Option<u64>,
    },
    /// Takes out all of the database.
    Clear,
}

impl KeyAct {
    /// As a fact names it.
    pub fn word(&self) -> &'static str {
        match self {
            KeyAct::Set { .. } => "set",
            KeyAct::Delete => "del",
            KeyAct::Expire { .. } => "expire",
            KeyAct::Clear => "flush",
        }
    }
}

/// What clients did by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Keyspace {
    /// By database and key.
    own: BTreeMap<u8, BTreeMap<String, Stored>>,
    /// Objects that were taken out, and in what order.
    gone: BTreeMap<u64, u64>,
    taken: u64,
}

/// What a cache holds now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// What it is in front of.
    pub origin: String,
    /// Objects in use.
    pub objects: u64,
    /// Of those, how many it holds.
    pub count: u64,
    /// Seconds after which what it holds expires; `None` if it does not.
    pub ttl_s: Option<u64>,
    /// Now.
    pub tick: u64,
    /// What clients did by hand.
    pub keys: Keyspace,
}

impl Held {
    /// The number of an object by its key.
    pub fn number(&self, key: &str) -> Option<u64> {
        let digits = key.strip_prefix(self.origin.as_str())?.strip_prefix(':')?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        digits.parse().ok().filter(|n| plain && (1..=self.objects).contains(n))
    }

    /// The key of an object.
    pub fn key(&self, number: u64) -> String {
        format!("{}:{number}", self.origin)
    }

    /// Whether it holds an object.
    pub fn has(&self, number: u64) -> bool {
        let gone = &self.keys.gone;
        let place = match gone.get(&number) {
            Some(order) => {
                let before = gone.values().filter(|o| *o < order).count() as u64;
                self.objects.saturating_sub(gone.len() as u64).saturating_add(before)
            }
            None => (number - 1).saturating_sub(gone.range(..number).count() as u64),
        };
        place < self.count
    }

    /// Number of the object at a place, below its count.
    pub fn nth(&self, place: u64) -> Option<u64> {
        if place >= self.count {
            return None;
        }
        let gone = &self.keys.gone;
        let stay = self.objects.saturating_sub(gone.len() as u64);
        if place < stay {
            let mut number = place + 1;
            for n in gone.keys() {
                if *n > number {
                    break;
                }
                number += 1;
            }
            return Some(number);
        }
        let mut again: Vec<(u64, u64)> = gone.iter().map(|(n, order)| (*order, *n)).collect();
        again.sort_unstable();
        again.get(usize::try_from(place - stay).ok()?).map(|(_, n)| *n)
    }

    /// Seconds until an object expires; `None` if it does not.
    pub fn object_ttl(&self, number: u64) -> Option<u64> {
        let ttl = self.ttl_s?.max(1);
        Some(ttl - self.tick.wrapping_add(number.wrapping_mul(7_919)) % ttl)
    }

    /// Keys of a database that clients put in and that have not expired.
    pub fn own(&self, db: u8) -> impl Iterator<Item = (&String, &Stored)> {
        let all = self.keys.own.get(&db).into_iter().flatten();
        all.filter(|(_, s)| s.until.is_none_or(|t| t > self.tick))
    }

    /// A key that a client put in.
    pub fn find(&self, db: u8, key: &str) -> Option<&Stored> {
        self.keys.own.get(&db)?.get(key).filter(|s| s.until.is_none_or(|t| t > self.tick))
    }

    /// Databases that hold keys, and how many each.
    pub fn sizes(&self) -> Vec<(u8, u64)> {
        let sizes = (0..16).map(|db| (db, self.own(db).count() as u64 + if db == 0 { self.count } else { 0 }));
        sizes.filter(|(_, n)| *n > 0).collect()
    }

    /// Does it, and says how many objects of the origin were taken out by it.
    pub fn act(&mut self, db: u8, keys: &[String], act: &KeyAct) -> Result<u64, Refusal> {
        let tick = self.tick;
        for all in self.keys.own.values_mut() {
            all.retain(|_, s| s.until.is_none_or(|t| t > tick));
        }
        let own = self.keys.own.entry(db).or_default();
        match act {
            KeyAct::Set { item, ttl_s } => {
                let had: usize = own.values().map(|s| s.item.bytes()).sum();
                if own.len() + keys.len() > OWN_MAX || had + item.bytes() * keys.len() > BYTES_MAX {
                    let message = "OOM command not allowed when used memory > 'maxmemory'.".to_owned();
                    return Err(Refusal { message });
                }
                let until = ttl_s.map(|s| tick.saturating_add(s));
                own.extend(keys.iter().map(|k| (k.clone(), Stored { item: item.clone(), until })));
                Ok(0)
            }
            KeyAct::Expire { ttl_s } => {
                let until = ttl_s.map(|s| tick.saturating_add(s));
                for key in keys {
                    if let Some(stored) = own.get_mut(key) {
                        stored.until = until;
                    }
                }
                Ok(0)
            }
            KeyAct::Delete => {
                own.retain(|k, _| !keys.contains(k));
                Ok(if db == 0 { keys.iter().map(|k| self.take_out(k)).sum() } else { 0 })
            }
            KeyAct::Clear => {
                own.clear();
                if db > 0 {
                    return Ok(0);
                }
                self.keys.gone.clear();
                Ok(std::mem::take(&mut self.count))
            }
        }
    }

    /// Takes an object out, to be fetched again last; 1 if it was held.
    fn take_out(&mut self, key: &str) -> u64 {
        let Some(number) = self.number(key).filter(|n| self.has(*n)) else { return 0 };
        self.keys.taken += 1;
        self.keys.gone.insert(number, self.keys.taken);
        if self.keys.gone.len() > GONE_MAX
            && let Some(oldest) = self.keys.gone.iter().min_by_key(|(_, order)| **order).map(|(n, _)| *n)
        {
            self.keys.gone.remove(&oldest);
        }
        self.count -= 1;
        1
    }
}

impl World {
    /// What a cache holds; `None` of another kind of service.
    pub fn held_by(&self, cache: &str) -> Option<Held> {
        let at = self.plan.service(cache)?;
        let (origin, objects) = match self.plan.services.get(at)?.kind {
            Kind::Cache { origin, objects, .. } => (origin, objects),
            _ => return None,
        };
        // Sums of shares are off by a little: a whole number of objects is one.
        let count = self.services.get(at)?.warmth * objects as f64 + 1e-6;
        Some(Held {
            origin: self.plan.services.get(origin)?.name.clone(),
            objects,
            count: (count as u64).min(objects),
            ttl_s: self.expires_after(at),
            tick: self.tick,
            keys: self.keyspaces.get(cache).cloned().unwrap_or_default(),
        })
    }

    /// What a client does to keys of a cache.
    pub(super) fn change_keys(&mut self, cache: &str, db: u8, keys: &[String], act: &KeyAct) -> Result<(), Refusal> {
        let Some(mut held) = self.held_by(cache) else {
            return Err(Refusal { message: format!("{cache} is not a cache") });
        };
        let out = held.act(db, keys, act)?;
        let at = self.plan.service(cache);
        if let Some(s) = at.and_then(|at| self.services.get_mut(at)).filter(|_| out > 0) {
            s.warmth = (s.warmth - out as f64 / held.objects as f64).max(0.0);
        }
        self.keyspaces.insert(cache.to_owned(), held.keys);
        Ok(())
    }

    /// Nothing is left of what clients did to the keys of a cache.
    pub(super) fn forget_keys(&mut self, cache: &str) {
        self.keyspaces.remove(cache);
    }
}
