//! The wheel's draw: seeded and weighted, never repeating until all have come up; and the draw of a volunteer.

use super::catalogue::Entry;
use crate::stdx::rng::Stream;

/// Most wedges on the wheel.
pub const MAX_WEDGES: usize = 12;

/// Which scenarios of a pool stand where. The three lists hold positions in the pool and share none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// On the wheel, in wedge order.
    pub on_wheel: Vec<usize>,
    /// Came up already and stay away until all have.
    pub played: Vec<usize>,
    /// Wait for room on the wheel.
    pub waiting: Vec<usize>,
    /// All had come up, so that the wheel starts over: to be said, and the list of played ones to be emptied.
    pub started_over: bool,
    /// Where on the wheel a pinned scenario stands: the next spin lands on it.
    pub pinned: Option<usize>,
}

/// Fills the wheel from the pool, in the pool's order. A pinned scenario is always on it, played or not.
pub fn fill(pool: &[Entry], played: &[String], never_repeats: bool, pinned: Option<&str>) -> Filling {
    let came_up = |e: &Entry| never_repeats && played.contains(&e.slug);
    let started_over = !pool.is_empty() && pool.iter().all(came_up);
    let pin = pinned.and_then(|slug| pool.iter().position(|e| e.slug == slug));
    let mut filling = Filling { started_over, ..Filling::default() };
    // One place is kept for the pinned scenario until it has taken it.
    let mut kept = usize::from(pin.is_some());
    for (n, entry) in pool.iter().enumerate() {
        if Some(n) == pin {
            kept = 0;
            filling.pinned = Some(filling.on_wheel.len());
            filling.on_wheel.push(n);
        } else if came_up(entry) && !started_over {
            filling.played.push(n);
        } else if filling.on_wheel.len() + kept < MAX_WEDGES {
            filling.on_wheel.push(n);
        } else {
            filling.waiting.push(n);
        }
    }
    filling
}

/// The wedge that comes up: the pinned one, else drawn by weight from the seed. `None` if the wheel is empty.
pub fn draw(pool: &[Entry], filling: &Filling, seed: u64) -> Option<usize> {
    if filling.pinned.is_some() {
        return filling.pinned;
    }
    let weights = filling.on_wheel.iter().map(|n| pool.get(*n).map_or(0, |e| u64::from(e.weight.max(1))));
    let total = weights.clone().fold(0, u64::saturating_add);
    let mut left = Stream::new(seed, "wheel").below(total);
    for (wedge, weight) in weights.enumerate() {
        match left.checked_sub(weight) {
            Some(less) => left = less,
            None => return Some(wedge),
        }
    }
    None
}

/// Writes down what came up: after a start-over the list begins again.
pub fn record(played: &mut Vec<String>, filling: &Filling, slug: &str) {
    if filling.started_over {
        played.clear();
    }
    put_back(played, slug);
    played.push(slug.to_owned());
}

/// Puts a drawn scenario back: it may come up again.
pub fn put_back(played: &mut Vec<String>, slug: &str) {
    played.retain(|p| p != slug);
}

/// Draws one of the volunteers with the fewest turns; `turns` holds one number a volunteer. `None` if there are none.
pub fn volunteer(turns: &[u32], seed: u64) -> Option<usize> {
    let fewest = turns.iter().min()?;
    let first: Vec<usize> = turns.iter().enumerate().filter(|(_, t)| *t == fewest).map(|(n, _)| n).collect();
    let n = Stream::new(seed, "volunteer").below(first.len() as u64);
    first.get(usize::try_from(n).ok()?).copied()
}
