//! The two lanes as boxes: labels of each lane, and the pills between them, for one size, zoom and language.

use super::label::{Box2, PillWish, Place, Wish, place, place_pills};
use super::scale::{Detail, Scale};
use super::{DebriefVm, MarkVm};

/// Sizes of the picture, logical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// Left edge that labels keep.
    pub from: f32,
    /// Right edge that labels keep.
    pub to: f32,
    /// Height of the original lane.
    pub original_y: f32,
    /// Height of your lane.
    pub yours_y: f32,
    /// Rows of labels above the original lane.
    pub rows_up: usize,
    /// Rows of labels below your lane.
    pub rows_down: usize,
}

/// A label with its words, already cut to its width.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Index of the mark.
    pub mark: usize,
    /// Mark's pixel.
    pub x: f32,
    /// Place.
    pub place: Place,
    /// Time and id.
    pub head: String,
    /// Words.
    pub words: String,
}

/// Everything that was placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lanes {
    /// Labels of the original, above its lane.
    pub original: Vec<Label>,
    /// Labels of yours, below its lane.
    pub yours: Vec<Label>,
    /// Pills by join; `None` waits for hover.
    pub pills: Vec<Option<Box2>>,
}

/// How wide the full and the short wording may be.
const FULL_PX: f32 = 230.0;
const SHORT_PX: f32 = 150.0;
/// Room for the disc of a turning point beside the time.
const DISC_PX: f32 = 22.0;

/// Measures a text: `(text, strong) -> pixels`, in the size of labels.
pub type Measure<'a> = dyn Fn(&str, bool) -> f32 + 'a;

/// Cuts a text to a width, at a word if it can, with an ellipsis.
pub fn fit(text: &str, strong: bool, most: f32, measure: &Measure<'_>) -> String {
    if measure(text, strong) <= most {
        return text.to_owned();
    }
    let mut cut: String = text.to_owned();
    while let Some(_gone) = cut.pop() {
        let trimmed = cut.trim_end();
        if measure(&format!("{trimmed}…"), strong) <= most {
            let whole = trimmed.rfind(' ').filter(|i| *i * 2 > trimmed.len()).and_then(|i| trimmed.get(..i));
            return format!("{}…", whole.unwrap_or(trimmed).trim_end_matches([',', ';', ':', ' ']));
        }
    }
    "…".to_owned()
}

/// Places labels and pills; of your lane those of one seat, if one is named. `head` gives time and id of a mark, `words` its text, `pill` the words on a join.
#[expect(clippy::too_many_arguments, reason = "words and their measure come from whoever draws")]
pub fn lanes(
    vm: &DebriefVm,
    seat: Option<&str>,
    scale: &Scale,
    g: &Geometry,
    measure: &Measure<'_>,
    head: &dyn Fn(&MarkVm) -> String,
    words: &dyn Fn(&MarkVm) -> String,
    pill: &dyn Fn(usize) -> String,
) -> Lanes {
    let detail = Detail::at(scale.px_per_min());
    let lane = |marks: &[MarkVm], rows_here: usize| -> Vec<Label> {
        let mut rows: Vec<(usize, f32, String, String, bool)> = Vec::new();
        let mut wishes = Vec::new();
        for (i, m) in marks.iter().enumerate() {
            let shown = m.milestone || m.turning.is_some() || detail.others;
            let hidden = m.fact.is_some() && seat.is_some_and(|s| s != m.by);
            if !shown || hidden || m.t_s < scale.from_s() || m.t_s > scale.to_s() {
                continue;
            }
            let x = scale.x(m.t_s as f64);
            let (h, full) = (head(m), words(m));
            let disc = if m.turning.is_some() { DISC_PX } else { 0.0 };
            let head_px = measure(&h, false) + disc;
            let width = |most: f32| measure(&fit(&full, m.milestone, most, measure), m.milestone).max(head_px);
            // Beyond two thirds of the page a label hangs to the left, so that the tail reads toward the story.
            let hang_left = x > g.from + (g.to - g.from) * 0.72;
            wishes.push(Wish {
                x,
                width: width(FULL_PX),
                short: Some(width(SHORT_PX)),
                priority: if m.turning.is_some() { 2 } else { u8::from(m.milestone) },
                hang_left,
            });
            rows.push((i, x, h, full, m.milestone));
        }
        place(&wishes, rows_here, g.from, g.to)
            .into_iter()
            .zip(rows)
            .filter_map(|(place, (mark, x, head, full, strong))| {
                let place = place?;
                let words = fit(&full, strong, if place.short { SHORT_PX } else { FULL_PX }, measure);
                Some(Label { mark, x, place, head, words })
            })
            .collect()
    };
    let mut marks = Vec::new();
    for (list, y) in [(&vm.original, g.original_y), (&vm.yours, g.yours_y)] {
        marks.extend(list.iter().map(|m| Box2::around(scale.x(m.t_s as f64), y, 14.0, 14.0)));
    }
    let wishes: Vec<PillWish> = vm
        .joins
        .iter()
        .enumerate()
        .map(|(i, j)| {
            let large = if j.large { 1.15 } else { 1.0 };
            let mark = if j.assumed { 14.0 } else { 0.0 };
            PillWish {
                a: [scale.x(j.original_s as f64), g.original_y],
                b: [scale.x(j.yours_s as f64), g.yours_y],
                size: [measure(&pill(i), true) * large + 18.0 + mark, if j.large { 26.0 } else { 22.0 }],
                large: j.large,
            }
        })
        .collect();
    Lanes {
        original: lane(&vm.original, g.rows_up),
        yours: lane(&vm.yours, g.rows_down),
        pills: place_pills(&wishes, &marks, g.from, g.to),
    }
}
