//! What exporters of rooms show: series come and go with what they are about, as in a scrape of Prometheus.
//!
//! A scrape usually gives the same series in the same order as the one before, so each is found by its place, and only
//! what is new is looked up. A series that a scrape no longer gives ends.

use super::family::{Family, FamilyKind};
use super::target::Scrape;
use crate::observe::series::{Labels, STALE, SeriesId};
use std::collections::BTreeMap;

/// Series of rooms at most; what comes after them is not recorded.
const SERIES_MAX: usize = 20_000;

/// A series.
#[derive(Clone, Debug)]
struct Slot {
    family: &'static Family,
    values: Vec<String>,
    id: SeriesId,
    /// What a counter had shown when the books behind it began again.
    carry: f64,
    /// What it showed last.
    shown: f64,
    /// The last scrape that gave it.
    seen: u64,
}

impl Slot {
    fn is(&self, family: &'static Family, values: &[&str]) -> bool {
        std::ptr::eq(self.family, family) && self.values.iter().map(String::as_str).eq(values.iter().copied())
    }
}

/// A value of a scrape: the family, the values of its labels, the number.
pub(super) type Emit<'a> = dyn FnMut(&'static Family, &[&str], f64) + 'a;

#[derive(Clone, Debug, Default)]
pub(super) struct Exposition {
    slots: Vec<Slot>,
    by_key: BTreeMap<(&'static str, Vec<String>), usize>,
    /// Slots of the last scrape, in its order.
    order: Vec<usize>,
    scrapes: u64,
}

impl Exposition {
    /// A scrape: writes what `collect` gives, and ends what it no longer does.
    pub fn scrape(&mut self, scrape: &mut Scrape<'_>, collect: impl FnOnce(&mut Emit<'_>)) {
        self.scrapes += 1;
        let mut next = Vec::with_capacity(self.order.len());
        collect(&mut |family, values, raw| {
            let Some(at) = self.find(scrape, next.len(), family, values) else { return };
            let Some(slot) = self.slots.get_mut(at).filter(|s| s.seen != self.scrapes) else { return };
            slot.seen = self.scrapes;
            slot.shown = raw + slot.carry;
            scrape.write(slot.id, slot.shown);
            next.push(at);
        });
        for slot in self.order.iter().filter_map(|at| self.slots.get(*at)).filter(|s| s.seen != self.scrapes) {
            scrape.write(slot.id, STALE);
        }
        self.order = next;
    }

    /// The books behind the counters begin again at what `collect` gives; they go on from what they showed.
    pub fn rebase(&mut self, collect: impl FnOnce(&mut Emit<'_>)) {
        collect(&mut |family, values, raw| {
            let key = (family.name, values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>());
            let slot = self.by_key.get(&key).and_then(|at| self.slots.get_mut(*at));
            if let Some(slot) = slot.filter(|s| s.family.kind == FamilyKind::Counter) {
                slot.carry = slot.shown - raw;
            }
        });
    }

    fn find(
        &mut self,
        scrape: &mut Scrape<'_>,
        place: usize,
        family: &'static Family,
        values: &[&str],
    ) -> Option<usize> {
        debug_assert_eq!(family.labels.len(), values.len(), "{}: a value for each label", family.name);
        if let Some(at) = self.order.get(place).copied()
            && self.slots.get(at).is_some_and(|s| s.is(family, values))
        {
            return Some(at);
        }
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        if let Some(at) = self.by_key.get(&(family.name, values.clone())) {
            return Some(*at);
        }
        if self.slots.len() >= SERIES_MAX {
            return None;
        }
        let pairs = family.labels.iter().zip(&values);
        let id = scrape.store.series(Labels::metric(family.name, pairs));
        let at = self.slots.len();
        self.by_key.insert((family.name, values.clone()), at);
        self.slots.push(Slot { family, values, id, carry: 0.0, shown: 0.0, seen: 0 });
        Some(at)
    }
}
