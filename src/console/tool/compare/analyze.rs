//! What differs between two texts, as GNU diff finds it: common ends are set aside, lines that nothing matches are dropped,
//! Myers' search in both directions runs over the rest (E. Myers, "An O(ND) Difference Algorithm and Its Variations",
//! 1986), and runs of changes slide as far down as they can.

use super::Fold;
use std::collections::BTreeMap;

/// A change: lines deleted from the first text and inserted from the second, from these places on (0-based).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub line0: usize,
    pub deleted: usize,
    pub line1: usize,
    pub inserted: usize,
    /// Only blank or ignored lines change.
    pub ignore: bool,
}

/// Cost from which the search settles for a way that may not be the shortest.
const TOO_EXPENSIVE: i64 = 4096;

/// How many lines the common beginning and end set aside, once `horizon` lines next to the difference are kept.
fn ends(a: &str, b: &str, horizon: usize) -> (usize, usize) {
    let open = |t: &str| !t.is_empty() && !t.ends_with('\n');
    let (x, y): (Vec<&str>, Vec<&str>) = (a.split_inclusive('\n').collect(), b.split_inclusive('\n').collect());
    let mut before = x.iter().zip(&y).take_while(|(p, q)| p == q).count();
    let kept = horizon.min(before);
    before -= kept;
    if open(a) != open(b) {
        return (before, 0);
    }
    let room = x.len().min(y.len()).saturating_sub(before);
    let same = x.iter().rev().zip(y.iter().rev()).take(room).take_while(|(p, q)| p == q).count();
    (before, same.saturating_sub(horizon))
}

/// One of the two texts while it is analyzed; the marks have a border on both sides.
struct Side {
    classes: Vec<usize>,
    changed: Vec<bool>,
    kept: Vec<usize>,
}

impl Side {
    fn is_changed(&self, at: i64) -> bool {
        usize::try_from(at + 1).ok().and_then(|at| self.changed.get(at)).copied().unwrap_or(false)
    }

    fn mark(&mut self, at: i64, yes: bool) {
        if let Some(m) = usize::try_from(at + 1).ok().and_then(|at| self.changed.get_mut(at)) {
            *m = yes;
        }
    }

    fn class(&self, at: i64) -> Option<usize> {
        usize::try_from(at).ok().and_then(|at| self.classes.get(at)).copied()
    }

    /// The class of a kept line.
    fn at(&self, at: i64) -> Option<usize> {
        usize::try_from(at).ok().and_then(|at| self.kept.get(at)).and_then(|l| self.classes.get(*l)).copied()
    }

    /// A kept line differs.
    fn note(&mut self, at: i64) {
        if let Some(line) = usize::try_from(at).ok().and_then(|at| self.kept.get(at)).copied() {
            self.mark(line as i64, true);
        }
    }
}

/// Lines that nothing matches (1), and those that match too much (2).
fn discards(classes: &[usize], counts: &BTreeMap<usize, usize>) -> Vec<u8> {
    let mut many = 5;
    let mut rest = classes.len() / 64;
    loop {
        rest >>= 2;
        if rest == 0 {
            break;
        }
        many *= 2;
    }
    let mut marks: Vec<u8> = classes
        .iter()
        .map(|class| match counts.get(class).copied().unwrap_or(0) {
            0 => 1,
            n if n > many => 2,
            _ => 0,
        })
        .collect();
    let mut i = 0;
    while i < marks.len() {
        match marks.get(i) {
            Some(2) => marks[i] = 0,
            Some(1) => {
                let mut run = marks[i..].iter().take_while(|m| **m != 0).count();
                while run > 0 && marks[i + run - 1] == 2 {
                    run -= 1;
                    marks[i + run] = 0;
                }
                settle_run(&mut marks[i..i + run]);
                i += run.max(1) - 1;
            }
            _ => {}
        }
        i += 1;
    }
    marks
}

/// Keeps what a run of discards may not hold.
fn settle_run(run: &mut [u8]) {
    let provisional = run.iter().filter(|m| **m == 2).count();
    if provisional * 4 > run.len() {
        run.iter_mut().filter(|m| **m == 2).for_each(|m| *m = 0);
        return;
    }
    let mut minimum = 1;
    let mut rest = run.len() >> 2;
    loop {
        rest >>= 2;
        if rest == 0 {
            break;
        }
        minimum <<= 1;
    }
    minimum += 1;
    // Subruns of that many provisional ones are kept.
    let mut at = 0;
    while at < run.len() {
        let n = run[at..].iter().take_while(|m| **m == 2).count();
        if n >= minimum {
            run[at..at + n].fill(0);
        }
        at += n.max(1);
    }
    // From both ends, until lines without any match are thick enough.
    for backwards in [false, true] {
        let mut consecutive = 0;
        for j in 0..run.len() {
            let at = if backwards { run.len() - 1 - j } else { j };
            if j >= 8 && run[at] == 1 {
                break;
            }
            match run[at] {
                2 => {
                    consecutive = 0;
                    run[at] = 0;
                }
                0 => consecutive = 0,
                _ => consecutive += 1,
            }
            if consecutive == 3 {
                break;
            }
        }
    }
}

/// Where two halves of the search meet, and whether each half must be exact.
struct Middle {
    x: i64,
    y: i64,
    low: bool,
    high: bool,
}

/// Furthest points of both searches, by diagonal.
struct Search {
    forward: Vec<i64>,
    backward: Vec<i64>,
    zero: i64,
    expensive: i64,
}

impl Search {
    fn slot(&self, d: i64) -> usize {
        usize::try_from(d + self.zero).unwrap_or(0)
    }

    fn middle(&mut self, [x0, x1, y0, y1]: [i64; 4], exact: bool, a: &Side, b: &Side) -> Middle {
        let (least, most) = (x0 - y1, x1 - y0);
        let (fmid, bmid) = (x0 - y0, x1 - y1);
        let (mut fmin, mut fmax, mut bmin, mut bmax) = (fmid, fmid, bmid, bmid);
        let odd = (fmid - bmid) & 1 != 0;
        let slot = self.slot(fmid);
        self.forward[slot] = x0;
        let slot = self.slot(bmid);
        self.backward[slot] = x1;
        let found = |x: i64, d: i64| Middle { x, y: x - d, low: true, high: true };
        for cost in 1.. {
            if fmin > least {
                fmin -= 1;
                let slot = self.slot(fmin - 1);
                self.forward[slot] = -1;
            } else {
                fmin += 1;
            }
            if fmax < most {
                fmax += 1;
                let slot = self.slot(fmax + 1);
                self.forward[slot] = -1;
            } else {
                fmax -= 1;
            }
            let mut d = fmax;
            while d >= fmin {
                let slot = self.slot(d);
                let (low, high) = (self.forward[slot - 1], self.forward[slot + 1]);
                let mut x = if low < high { high } else { low + 1 };
                while x < x1 && x - d < y1 && a.at(x) == b.at(x - d) {
                    x += 1;
                }
                self.forward[slot] = x;
                if odd && bmin <= d && d <= bmax && self.backward[slot] <= x {
                    return found(x, d);
                }
                d -= 2;
            }
            if bmin > least {
                bmin -= 1;
                let slot = self.slot(bmin - 1);
                self.backward[slot] = i64::MAX;
            } else {
                bmin += 1;
            }
            if bmax < most {
                bmax += 1;
                let slot = self.slot(bmax + 1);
                self.backward[slot] = i64::MAX;
            } else {
                bmax -= 1;
            }
            let mut d = bmax;
            while d >= bmin {
                let slot = self.slot(d);
                let (low, high) = (self.backward[slot - 1], self.backward[slot + 1]);
                let mut x = if low < high { low } else { high - 1 };
                while x0 < x && y0 < x - d && a.at(x - 1) == b.at(x - d - 1) {
                    x -= 1;
                }
                self.backward[slot] = x;
                if !odd && fmin <= d && d <= fmax && x <= self.forward[slot] {
                    return found(x, d);
                }
                d -= 2;
            }
            if !exact && cost >= self.expensive {
                return self.give_up([x0, x1, y0, y1], [fmin, fmax, bmin, bmax]);
            }
        }
        found(x0, fmid)
    }

    /// The better of the furthest points so far.
    fn give_up(&self, [x0, x1, y0, y1]: [i64; 4], [fmin, fmax, bmin, bmax]: [i64; 4]) -> Middle {
        let (mut best, mut at) = (-1, x0);
        let mut d = fmax;
        while d >= fmin {
            let x = self.forward[self.slot(d)].min(x1);
            let (x, y) = if x - d > y1 { (y1 + d, y1) } else { (x, x - d) };
            if best < x + y {
                (best, at) = (x + y, x);
            }
            d -= 2;
        }
        let (mut back, mut from) = (i64::MAX, x1);
        let mut d = bmax;
        while d >= bmin {
            let x = self.backward[self.slot(d)].max(x0);
            let (x, y) = if x - d < y0 { (y0 + d, y0) } else { (x, x - d) };
            if x + y < back {
                (back, from) = (x + y, x);
            }
            d -= 2;
        }
        if (x1 + y1) - back < best - (x0 + y0) {
            Middle { x: at, y: best - at, low: true, high: false }
        } else {
            Middle { x: from, y: back - from, low: false, high: true }
        }
    }
}

/// Marks what differs between the kept lines of both sides.
fn compare(a: &mut Side, b: &mut Side, minimal: bool) {
    let (n, m) = (a.kept.len() as i64, b.kept.len() as i64);
    let mut expensive = 1;
    let mut diagonals = n + m + 3;
    while diagonals != 0 {
        expensive <<= 1;
        diagonals >>= 2;
    }
    let size = usize::try_from(n + m + 5).unwrap_or(0);
    let mut search = Search {
        forward: vec![0; size],
        backward: vec![0; size],
        zero: m + 2,
        expensive: expensive.max(TOO_EXPENSIVE),
    };
    let mut open = vec![([0, n, 0, m], minimal)];
    while let Some(([mut x0, mut x1, mut y0, mut y1], exact)) = open.pop() {
        while x0 < x1 && y0 < y1 && a.at(x0) == b.at(y0) {
            (x0, y0) = (x0 + 1, y0 + 1);
        }
        while x0 < x1 && y0 < y1 && a.at(x1 - 1) == b.at(y1 - 1) {
            (x1, y1) = (x1 - 1, y1 - 1);
        }
        if x0 == x1 {
            (y0..y1).for_each(|y| b.note(y));
        } else if y0 == y1 {
            (x0..x1).for_each(|x| a.note(x));
        } else {
            let mid = search.middle([x0, x1, y0, y1], exact, a, b);
            open.push(([mid.x, x1, mid.y, y1], mid.high));
            open.push(([x0, mid.x, y0, mid.y], mid.low));
        }
    }
}

/// Slides runs of changes of `one` as far down as they go, or beside a run of the `other`.
fn slide(one: &mut Side, other: &Side) {
    let end = one.classes.len() as i64;
    let (mut i, mut j) = (0i64, 0i64);
    loop {
        while i < end && !one.is_changed(i) {
            while other.is_changed(j) {
                j += 1;
            }
            j += 1;
            i += 1;
        }
        if i >= end {
            return;
        }
        let mut start = i;
        i += 1;
        while one.is_changed(i) {
            i += 1;
        }
        while other.is_changed(j) {
            j += 1;
        }
        let mut beside;
        loop {
            let length = i - start;
            while start > 0 && one.class(start - 1) == one.class(i - 1) {
                start -= 1;
                one.mark(start, true);
                i -= 1;
                one.mark(i, false);
                while one.is_changed(start - 1) {
                    start -= 1;
                }
                j -= 1;
                while other.is_changed(j) {
                    j -= 1;
                }
            }
            beside = if other.is_changed(j - 1) { i } else { end };
            while i != end && one.class(start) == one.class(i) {
                one.mark(start, false);
                start += 1;
                one.mark(i, true);
                i += 1;
                while one.is_changed(i) {
                    i += 1;
                }
                j += 1;
                while other.is_changed(j) {
                    beside = i;
                    j += 1;
                }
            }
            if length == i - start {
                break;
            }
        }
        while beside < i {
            start -= 1;
            one.mark(start, true);
            i -= 1;
            one.mark(i, false);
            j -= 1;
            while other.is_changed(j) {
                j -= 1;
            }
        }
    }
}

/// The changes that lead from `a` to `b`; `horizon` lines of the common ends take part in the sliding.
pub(super) fn changes(a: &str, b: &str, fold: &Fold, horizon: usize, minimal: bool) -> Vec<Change> {
    let (before, after) = ends(a, b, horizon);
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut side = |text: &str| -> Side {
        let all: Vec<&str> = text.split_inclusive('\n').collect();
        let part = all.get(before..all.len().saturating_sub(after)).unwrap_or_default();
        let classes: Vec<usize> = part
            .iter()
            .map(|line| {
                let next = known.len();
                *known.entry(fold.key(line)).or_insert(next)
            })
            .collect();
        let changed = vec![false; classes.len() + 2];
        Side { classes, changed, kept: Vec::new() }
    };
    let mut sides = [side(a), side(b)];
    let count = |s: &Side| {
        let mut counts = BTreeMap::new();
        s.classes.iter().for_each(|c| *counts.entry(*c).or_insert(0) += 1);
        counts
    };
    let counts = sides.each_ref().map(count);
    for (s, other) in sides.iter_mut().zip(counts.iter().rev()) {
        for (line, mark) in discards(&s.classes, other).into_iter().enumerate() {
            if mark == 0 || minimal {
                s.kept.push(line);
            } else {
                s.mark(line as i64, true);
            }
        }
    }
    let [one, two] = &mut sides;
    compare(one, two, minimal);
    slide(one, two);
    slide(two, one);
    script(one, two, before)
}

fn script(a: &Side, b: &Side, before: usize) -> Vec<Change> {
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < a.classes.len() || j < b.classes.len() {
        let (x, y) = (i, j);
        while a.is_changed(i as i64) {
            i += 1;
        }
        while b.is_changed(j as i64) {
            j += 1;
        }
        if (x, y) != (i, j) {
            let (deleted, inserted) = (i - x, j - y);
            out.push(Change { line0: x + before, deleted, line1: y + before, inserted, ignore: false });
        }
        i += 1;
        j += 1;
    }
    out
}
