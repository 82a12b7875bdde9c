//! Where labels and pills go: pure, deterministic, and never one upon another.

/// A box in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box2 {
    /// Left.
    pub x0: f32,
    /// Top.
    pub y0: f32,
    /// Right.
    pub x1: f32,
    /// Bottom.
    pub y1: f32,
}

impl Box2 {
    /// A box around a centre.
    pub fn around(cx: f32, cy: f32, w: f32, h: f32) -> Box2 {
        Box2 { x0: cx - w / 2.0, y0: cy - h / 2.0, x1: cx + w / 2.0, y1: cy + h / 2.0 }
    }

    /// Whether two boxes come closer than `gap`.
    pub fn near(&self, o: &Box2, gap: f32) -> bool {
        self.x0 < o.x1 + gap && o.x0 < self.x1 + gap && self.y0 < o.y1 + gap && o.y0 < self.y1 + gap
    }
}

/// A label that wants a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Where its mark is.
    pub x: f32,
    /// Width of its words.
    pub width: f32,
    /// Width of the short wording, if there is one.
    pub short: Option<f32>,
    /// What goes first when space runs out is the lowest: 0 other, 1 milestone, 2 turning point.
    pub priority: u8,
    /// In a compressed tail labels hang to the left.
    pub hang_left: bool,
}

/// A placed label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Row, 0 is nearest to the lane.
    pub row: usize,
    /// Left edge of the words.
    pub x0: f32,
    /// Right edge.
    pub x1: f32,
    /// Hangs to the left of its leader.
    pub left: bool,
    /// In the short wording.
    pub short: bool,
}

/// Room between labels of a row, pixels.
const LABEL_GAP: f32 = 13.0;
/// Room between a leader and a box that it passes, pixels.
const LEADER_GAP: f32 = 5.0;
/// Room between a leader and its own words, pixels.
const TEXT_GAP: f32 = 5.0;

/// Which wordings and sides are tried first.
#[derive(Clone, Copy)]
struct Taste {
    short_first: bool,
    left_first: bool,
}

/// Places labels in `rows` rows between the edges `from` and `to`. A label without a place is `None`: its mark stays, its words come with hover.
///
/// One greedy pass can paint itself into a corner, so four are made and the one that keeps the most important words wins.
pub fn place(wishes: &[Wish], rows: usize, from: f32, to: f32) -> Vec<Option<Place>> {
    let mut best: Option<(u64, Vec<Option<Place>>)> = None;
    for (short_first, left_first) in [(false, false), (true, false), (false, true), (true, true)] {
        let taste = Taste { short_first, left_first };
        let places = place_as(wishes, rows, from, to, taste);
        let worth = wishes
            .iter()
            .zip(&places)
            .filter_map(|(w, p)| p.map(|p| 1_000_u64.pow(w.priority.min(2).into()) * 10 + u64::from(!p.short)))
            .sum();
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, places));
        }
    }
    best.map(|(_, places)| places).unwrap_or_default()
}

fn place_as(wishes: &[Wish], rows: usize, from: f32, to: f32, taste: Taste) -> Vec<Option<Place>> {
    let mut dropped = vec![false; wishes.len()];
    loop {
        match attempt(wishes, &dropped, rows, from, to, taste) {
            Ok(mut places) => {
                give_back(wishes, &mut places, rows, from, to, taste);
                grow(wishes, &mut places, from, to);
                return places;
            }
            Err(stuck) => {
                // Make room beside the one that is stuck: the lowest priority goes first, of equals the one that is stuck.
                let here = wishes.get(stuck).copied();
                let victim = (0..wishes.len())
                    .filter(|i| !dropped.get(*i).copied().unwrap_or(true))
                    .filter(|i| {
                        let (Some(w), Some(h)) = (wishes.get(*i), here) else { return false };
                        (w.x - h.x).abs() < w.width + h.width + 2.0 * LABEL_GAP
                    })
                    .min_by_key(|i| (wishes.get(*i).map_or(0, |w| w.priority), usize::from(*i != stuck), *i));
                if let Some(slot) = dropped.get_mut(victim.unwrap_or(stuck)) {
                    *slot = true;
                }
            }
        }
    }
}

fn attempt(
    wishes: &[Wish],
    dropped: &[bool],
    rows: usize,
    from: f32,
    to: f32,
    taste: Taste,
) -> Result<Vec<Option<Place>>, usize> {
    let mut order: Vec<usize> = (0..wishes.len()).filter(|i| !dropped.get(*i).copied().unwrap_or(true)).collect();
    // Right to left; the tail, which hangs left, goes left to right and after the others.
    let key = |i: &usize| wishes.get(*i).map_or((false, 0.0), |w| (w.hang_left, if w.hang_left { w.x } else { -w.x }));
    order.sort_by(|a, b| {
        let (ka, kb) = (key(a), key(b));
        ka.0.cmp(&kb.0).then(ka.1.total_cmp(&kb.1)).then(a.cmp(b))
    });
    let mut out: Vec<Option<Place>> = vec![None; wishes.len()];
    let mut taken: Vec<(f32, Place)> = Vec::new();
    for i in order {
        let Some(w) = wishes.get(i) else { continue };
        match find(w, &taken, rows, from, to, taste) {
            Some(place) => {
                taken.push((w.x, place));
                if let Some(slot) = out.get_mut(i) {
                    *slot = Some(place);
                }
            }
            None => return Err(i),
        }
    }
    Ok(out)
}

/// Labels that were dropped to make room come back where there is room after all, the most important first.
fn give_back(wishes: &[Wish], places: &mut [Option<Place>], rows: usize, from: f32, to: f32, taste: Taste) {
    let mut taken: Vec<(f32, Place)> =
        wishes.iter().zip(places.iter()).filter_map(|(w, p)| p.map(|p| (w.x, p))).collect();
    let mut lost: Vec<usize> = (0..wishes.len()).filter(|i| places.get(*i).is_some_and(Option::is_none)).collect();
    lost.sort_by_key(|i| std::cmp::Reverse(wishes.get(*i).map_or(0, |w| w.priority)));
    for i in lost {
        let Some(w) = wishes.get(i) else { continue };
        if let Some(place) = find(w, &taken, rows, from, to, taste) {
            taken.push((w.x, place));
            if let Some(slot) = places.get_mut(i) {
                *slot = Some(place);
            }
        }
    }
}

/// A label in the short wording gets the full one back where nothing is in its way.
fn grow(wishes: &[Wish], places: &mut [Option<Place>], from: f32, to: f32) {
    for (i, w) in wishes.iter().enumerate() {
        let Some(p) = places.get(i).copied().flatten().filter(|p| p.short) else { continue };
        let full = if p.left {
            Place { x0: p.x1 - w.width, short: false, ..p }
        } else {
            Place { x1: p.x0 + w.width, short: false, ..p }
        };
        let others: Vec<(f32, Place)> = wishes
            .iter()
            .zip(places.iter())
            .enumerate()
            .filter_map(|(j, (o, q))| q.filter(|_| j != i).map(|q| (o.x, q)))
            .collect();
        if full.x0 >= from
            && full.x1 <= to
            && free(w.x, &full, &others)
            && let Some(slot) = places.get_mut(i)
        {
            *slot = Some(full);
        }
    }
}

/// The first free place of a label, nearest row first.
fn find(w: &Wish, taken: &[(f32, Place)], rows: usize, from: f32, to: f32, taste: Taste) -> Option<Place> {
    let mut forms = vec![(w.width, false)];
    forms.extend(w.short.filter(|s| *s < w.width).map(|s| (s, true)));
    if taste.short_first {
        forms.reverse();
    }
    let sides = if w.hang_left != taste.left_first { [true, false] } else { [false, true] };
    forms.iter().find_map(|(width, short)| {
        sides.iter().find_map(|left| {
            (0..rows).find_map(|row| {
                let (x0, x1) = if *left {
                    (w.x - TEXT_GAP - width, w.x - TEXT_GAP)
                } else {
                    (w.x + TEXT_GAP, w.x + TEXT_GAP + width)
                };
                let place = Place { row, x0, x1, left: *left, short: *short };
                (x0 >= from && x1 <= to && free(w.x, &place, taken)).then_some(place)
            })
        })
    })
}

/// Whether a row is free: no box near in it, the leader crosses no nearer box, the box covers no leader to a farther row.
fn free(x: f32, place: &Place, taken: &[(f32, Place)]) -> bool {
    taken.iter().all(|(other_x, other)| {
        let apart = place.x0 >= other.x1 + LABEL_GAP || other.x0 >= place.x1 + LABEL_GAP;
        let crosses = |leader: f32, b: &Place| leader > b.x0 - LEADER_GAP && leader < b.x1 + LEADER_GAP;
        match other.row.cmp(&place.row) {
            // The words of two marks at one spot stand on both sides of their leader only in different rows.
            std::cmp::Ordering::Equal => apart && !crosses(x, other) && !crosses(*other_x, place),
            std::cmp::Ordering::Less => !crosses(x, other),
            std::cmp::Ordering::Greater => !crosses(*other_x, place),
        }
    })
}

/// A pill that wants a place on its join.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PillWish {
    /// Upper end of the join.
    pub a: [f32; 2],
    /// Lower end.
    pub b: [f32; 2],
    /// Size of the pill.
    pub size: [f32; 2],
    /// The largest pill is placed first.
    pub large: bool,
}

/// Places pills along their joins: the first place that touches no pill, no mark and no edge. `None` leaves it to hover.
pub fn place_pills(wishes: &[PillWish], marks: &[Box2], from: f32, to: f32) -> Vec<Option<Box2>> {
    const AT: [f32; 13] = [0.5, 0.28, 0.72, 0.24, 0.76, 0.4, 0.6, 0.2, 0.8, 0.34, 0.66, 0.46, 0.54];
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|i| (!wishes.get(*i).is_some_and(|w| w.large), *i));
    let mut out: Vec<Option<Box2>> = vec![None; wishes.len()];
    for i in order {
        let Some(w) = wishes.get(i) else { continue };
        let found = AT.iter().find_map(|share| {
            let cx = w.a[0] + (w.b[0] - w.a[0]) * share;
            let cy = w.a[1] + (w.b[1] - w.a[1]) * share;
            let mut b = Box2::around(cx, cy, w.size[0], w.size[1]);
            // A pill that would leave the picture slides along the edge.
            let slide = (from - b.x0).max(0.0) - (b.x1 - to).max(0.0);
            b.x0 += slide;
            b.x1 += slide;
            let clear = out.iter().flatten().all(|o| !b.near(o, 2.0)) && marks.iter().all(|m| !b.near(m, 2.0));
            clear.then_some(b)
        });
        if let Some(slot) = out.get_mut(i) {
            *slot = found;
        }
    }
    out
}

/// A run of marks of one kind that stand closer than the eye can part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// First mark.
    pub first: usize,
    /// Last mark.
    pub last: usize,
}

impl Cluster {
    /// Number of marks.
    pub fn count(&self) -> usize {
        self.last + 1 - self.first
    }
}

/// Merges neighbours closer than 10 px if they are of one kind and no milestone. Marks `(x, kind, milestone)` come in the order of x.
pub fn cluster(marks: &[(f32, u8, bool)]) -> Vec<Cluster> {
    let mut out: Vec<Cluster> = Vec::new();
    for (i, (x, kind, milestone)) in marks.iter().enumerate() {
        let joins = out
            .last()
            .and_then(|c| marks.get(c.last))
            .is_some_and(|(px, pk, pm)| x - px < 10.0 && kind == pk && !milestone && !pm);
        match out.last_mut().filter(|_| joins) {
            Some(c) => c.last = i,
            None => out.push(Cluster { first: i, last: i }),
        }
    }
    out
}
