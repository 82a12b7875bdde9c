//! Text at a place: painted, measured, cut to a width, with a label for screen readers.

use crate::ui::theme;
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Pos2, Rect, Response, Sense, Ui, WidgetInfo, WidgetType};
use std::sync::Arc;

/// Font and colour of a text.
#[derive(Clone, Debug)]
pub struct Ink {
    /// Font.
    pub font: FontId,
    /// Colour.
    pub color: Color32,
}

impl Ink {
    /// Regular text of `size`.
    pub fn new(size: f32, color: Color32) -> Ink {
        Ink { font: theme::regular_font(size), color }
    }

    /// Semi-bold text of `size`.
    pub fn bold(size: f32, color: Color32) -> Ink {
        Ink { font: theme::semibold_font(size), color }
    }

    /// A label of 12 points.
    pub fn label(color: Color32) -> Ink {
        Ink::new(theme::LABEL, color)
    }

    /// Body text of 14 points.
    pub fn body(color: Color32) -> Ink {
        Ink::new(theme::BODY, color)
    }

    /// Console text of `size`.
    pub fn mono(size: f32, color: Color32) -> Ink {
        Ink { font: theme::mono_font(size), color }
    }
}

fn galley(ui: &Ui, text: &str, ink: &Ink, max_width: f32, max_rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::simple(text.to_owned(), ink.font.clone(), ink.color, max_width);
    job.wrap = TextWrapping { max_width, max_rows, ..TextWrapping::default() };
    // A single line stands on its own height, so that its centre is the centre of its letters.
    if let (Some(s), true) = (job.sections.first_mut(), max_width.is_finite()) {
        s.format.line_height = Some(line_height(ink.font.size));
    }
    ui.fonts_mut(|f| f.layout_job(job))
}

/// Line heights of the type scale: 12/16, 14/20, 16/24.
fn line_height(size: f32) -> f32 {
    if size <= 12.0 {
        16.0
    } else if size <= 14.0 {
        20.0
    } else if size <= 16.0 {
        24.0
    } else {
        (size * 1.25).round()
    }
}

/// Width of a text on one line, points.
pub fn width(ui: &Ui, text: &str, ink: &Ink) -> f32 {
    ui.fonts_mut(|f| f.layout_no_wrap(text.to_owned(), ink.font.clone(), ink.color)).size().x
}

/// The text, cut with an ellipsis so that it is at most `room` points wide.
pub fn fit(ui: &Ui, text: &str, ink: &Ink, room: f32) -> String {
    if width(ui, text, ink) <= room {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut low, mut high) = (0, chars.len());
    while low < high {
        let middle = (low + high).div_ceil(2);
        let cut: String = chars.iter().take(middle).chain(&['…']).collect();
        if width(ui, &cut, ink) <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let head: String = chars.iter().take(low).collect();
    format!("{}…", head.trim_end())
}

/// Paints a line of text without a label for screen readers: for text that a labelled widget already says.
pub fn paint(ui: &Ui, at: Pos2, anchor: Align2, text: &str, ink: &Ink) -> Rect {
    let g = galley(ui, text, ink, f32::INFINITY, 1);
    let rect = anchor.anchor_size(at, g.size());
    ui.painter().galley(rect.min, g, ink.color);
    rect
}

/// Paints a line with digits of equal width, so that a running number does not tremble.
pub fn paint_tabular(ui: &Ui, at: Pos2, anchor: Align2, text: &str, ink: &Ink) -> Rect {
    let digit = width(ui, "0", ink);
    let step = |c: char| if c.is_ascii_digit() { digit } else { width(ui, &c.to_string(), ink) };
    let total: f32 = text.chars().map(step).sum();
    let rect = anchor.anchor_size(at, egui::vec2(total, line_height(ink.font.size)));
    let mut x = rect.left();
    for c in text.chars() {
        let room = step(c);
        let anchor = if c.is_ascii_digit() { Align2::CENTER_CENTER } else { Align2::LEFT_CENTER };
        let place = if c.is_ascii_digit() { x + room / 2.0 } else { x };
        paint(ui, egui::pos2(place, rect.center().y), anchor, &c.to_string(), ink);
        x += room;
    }
    rect
}

/// Paints text wrapped at `max_width`, at most `max_rows` rows. Returns its rectangle.
pub fn paint_wrapped(ui: &Ui, at: Pos2, max_width: f32, max_rows: usize, text: &str, ink: &Ink) -> Rect {
    let g = galley(ui, text, ink, max_width, max_rows);
    let rect = Rect::from_min_size(at, g.size());
    ui.painter().galley(at, g, ink.color);
    rect
}

/// Height of text wrapped at `max_width`.
pub fn wrapped_height(ui: &Ui, text: &str, ink: &Ink, max_width: f32) -> f32 {
    galley(ui, text, ink, max_width, usize::MAX).size().y
}

/// A line of text that screen readers can say and the pointer can rest on.
pub fn put(ui: &mut Ui, at: Pos2, anchor: Align2, text: &str, ink: &Ink) -> Response {
    let rect = paint(ui, at, anchor, text, ink);
    labelled(ui, rect, text)
}

/// Wrapped text that screen readers can say and the pointer can rest on.
pub fn put_wrapped(ui: &mut Ui, at: Pos2, max_width: f32, max_rows: usize, text: &str, ink: &Ink) -> Response {
    let rect = paint_wrapped(ui, at, max_width, max_rows, text, ink);
    labelled(ui, rect, text)
}

fn labelled(ui: &mut Ui, rect: Rect, text: &str) -> Response {
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, text));
    response
}
