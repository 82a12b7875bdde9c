//! What a terminal has printed, in its colours; only rows in sight are laid out, however many there are.

use super::find::Find;
use super::rows::{Piece, Point, Style, full, pieces};
use super::select::{Selection, Unit};
use super::{TermUiState, input};
use crate::locale::Locale;
use crate::session::projection::{Color, Ink as Printed, TermLine, TerminalView};
use crate::ui::panel::n;
use crate::ui::theme::{self, MARGIN, Tokens};
use crate::ui::widget::{self, Ink, area, put};
use crate::view::action::UiAction;
use egui::style::ScrollAnimation;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Align2, Color32, CursorIcon, Id, Key, Modifiers, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// Where to go in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// So many pages down, or up if negative.
    Pages(i8),
    /// To the oldest line.
    Top,
    /// To the line that is typed on.
    Bottom,
}

/// The measures of a terminal.
#[derive(Clone, Copy)]
struct Grid {
    columns: usize,
    cell: f32,
    row: f32,
    size: f32,
}

#[allow(clippy::too_many_arguments)] // Output and the line below it need their place and all that the panel has.
pub(super) fn output(
    ui: &mut Ui,
    number: u32,
    view: &TerminalView,
    term: &mut TermUiState,
    body: Rect,
    size: f32,
    locale: &Locale,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let cell = widget::width(ui, &"0".repeat(32), &Ink::mono(size, t.text)) / 32.0;
    let inner = body.shrink2(vec2(MARGIN, 8.0));
    let columns = ((inner.width() - ui.spacing().scroll.allocated_width()) / cell).floor().max(2.0) as usize;
    let grid = Grid { columns, cell, row: size + 4.0, size };
    term.rows.update(&view.lines, columns);
    if let Some(find) = &mut term.find {
        find.update(&view.lines);
    }
    let candidates = (!term.candidates.is_empty()).then(|| TermLine::plain(term.candidates.join("  ")));
    let below = candidates.as_ref().map_or(0, |c| pieces(c, columns).len());
    area(ui, &format!("console-{number}"), inner, |ui| {
        ScrollArea::vertical().id_salt(number).auto_shrink(false).stick_to_bottom(true).show_viewport(
            ui,
            |ui, port| {
                let total = term.rows.total();
                ui.set_height(grid.row * (total + below + 1) as f32);
                let left = ui.max_rect().left();
                let clip = ui.clip_rect();
                // A million rows are more points than an f32 counts in fractions: places are reckoned from what is in sight.
                let y_of = |row: usize| row as f32 * grid.row;
                let y = |row: usize| {
                    (f64::from(clip.top()) + row as f64 * f64::from(grid.row) - f64::from(port.min.y)) as f32
                };
                let response = ui.interact(clip, Id::new(("console-output", number)), Sense::click_and_drag());
                let first = (port.min.y / grid.row).floor().max(0.0) as usize;
                let last = ((port.max.y / grid.row).ceil() as usize).min(total);
                select(ui, view, term, grid, &response, |at| {
                    let row = ((f64::from(at.y - clip.top()) + f64::from(port.min.y)) / f64::from(grid.row)).max(0.0);
                    (row as usize, ((at.x - left) / grid.cell).max(0.0))
                });
                let mut shown = String::new();
                let mut row = first;
                while row < last {
                    let Some((at, above)) = term.rows.at(row) else { break };
                    let Some(line) = view.lines.get(at) else { break };
                    let number = view.lines.first() + at as u64;
                    let chars = full(line).chars().count();
                    let chosen = term.selection.map_or(0..0, |s| s.of_line(&view.lines, number, chars));
                    for pieces in pieces(line, columns).iter().skip(above) {
                        let place = pos2(left, y(row));
                        let marks = term.find.iter().flat_map(|f| f.of_line(number));
                        let wash = |range: std::ops::Range<usize>, color: Color32| {
                            if let Some((from, to)) = columns_of(pieces, &range) {
                                let min = place + vec2(from as f32 * grid.cell, 0.0);
                                let rect = Rect::from_min_size(min, vec2((to - from) as f32 * grid.cell, grid.row));
                                ui.painter().rect_filled(rect, 0, color);
                            }
                        };
                        wash(chosen.clone(), t.strong.gamma_multiply(0.25));
                        for (at, len, this) in marks {
                            wash(at..at + len, t.amber.gamma_multiply(if this { 0.6 } else { 0.25 }));
                        }
                        draw(ui, place, pieces, grid, t);
                        row += 1;
                    }
                    shown.push_str(&full(line));
                    shown.push('\n');
                }
                response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, shown.trim_end()));
                if let Some(line) = &candidates {
                    for (k, pieces) in pieces(line, columns).iter().enumerate() {
                        draw(ui, pos2(left, y(total + k)), pieces, grid, t);
                    }
                }
                let line = Rect::from_min_size(pos2(left, y(total + below)), vec2(ui.available_width(), grid.row));
                let mut go = match term.scroll.take() {
                    Some(Scroll::Pages(by)) => Some(port.min.y + f32::from(by) * (clip.height() - grid.row)),
                    Some(Scroll::Top) => Some(0.0),
                    Some(Scroll::Bottom) => Some(y_of(total + below)),
                    None => None,
                };
                if let Some(find) = &mut term.find
                    && std::mem::take(&mut find.show)
                    && let Some(at) = find.chosen()
                {
                    let row = term.rows.of(usize::try_from(at.line.saturating_sub(view.lines.first())).unwrap_or(0));
                    let seen = port.min.y..=port.max.y - grid.row;
                    go = (!seen.contains(&y_of(row))).then(|| y_of(row) - clip.height() / 2.0).or(go);
                }
                if let Some(top) = go {
                    ui.scroll_with_delta_animation(vec2(0.0, port.min.y - top), ScrollAnimation::none());
                }
                input::input(ui, number, view, term, line, size, locale, out);
            },
        );
    });
    if let Some(find) = &mut term.find
        && find_bar(ui, number, find, body, locale)
    {
        term.find = None;
        term.want_focus = true;
    }
}

/// The columns that some characters of a row take, from and to.
fn columns_of(row: &[Piece], chars: &std::ops::Range<usize>) -> Option<(usize, usize)> {
    let mut ends: Option<(usize, usize)> = None;
    for p in row.iter().filter(|p| p.chars.start < chars.end && chars.start < p.chars.end) {
        // A piece of many characters has one column for each.
        let (from, to) = if p.text.is_ascii() {
            let from = p.column + chars.start.saturating_sub(p.chars.start);
            (from, p.column + p.wide - p.chars.end.saturating_sub(chars.end))
        } else {
            (p.column, p.column + p.wide)
        };
        ends = Some((ends.map_or(from, |e| e.0), to));
    }
    ends
}

/// The character that stands at a column of a row, in halves: past its middle it is the next one.
fn char_at(row: &[Piece], column: f32) -> usize {
    for p in row {
        if column < (p.column + p.wide) as f32 {
            let into = (column - p.column as f32).max(0.0);
            return if p.text.is_ascii() {
                p.chars.start + (into.round() as usize).min(p.chars.len())
            } else if into * 2.0 < p.wide as f32 {
                p.chars.start
            } else {
                p.chars.end
            };
        }
    }
    row.last().map_or(0, |p| p.chars.end)
}

/// Presses and drags over the output; `at` finds the row and the column of a place.
fn select(
    ui: &Ui,
    view: &TerminalView,
    term: &mut TermUiState,
    grid: Grid,
    response: &egui::Response,
    at: impl Fn(egui::Pos2) -> (usize, f32),
) {
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Text);
    }
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let lines = &view.lines;
    let point = |place: egui::Pos2, exact: bool| -> Option<Point> {
        let (row, column) = at(place);
        let Some((line, above)) = term.rows.at(row) else {
            let end = lines.first() + lines.len() as u64;
            let last = lines.iter().next_back()?;
            return Some(Point { line: end - 1, at: full(last).chars().count() });
        };
        let rows = pieces(lines.get(line)?, grid.columns);
        let column = if exact { column.floor() } else { column };
        Some(Point { line: lines.first() + line as u64, at: char_at(rows.get(above)?, column) })
    };
    let primary = ui.input(|i| i.pointer.button_down(egui::PointerButton::Primary) || i.pointer.primary_clicked());
    if !primary {
        return;
    }
    let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
    if response.triple_clicked() || response.double_clicked() {
        let unit = if response.triple_clicked() { Unit::Line } else { Unit::Word };
        term.selection = point(pointer, true).map(|p| Selection { from: p, to: p, unit });
    } else if response.clicked() {
        let shift = ui.input(|i| i.modifiers.shift);
        term.selection = match (term.selection, point(pointer, false)) {
            (Some(s), Some(to)) if shift => Some(Selection { to, ..s }),
            _ => None,
        };
    } else if response.drag_started() {
        term.selection = point(origin, false).map(|from| Selection { from, to: from, unit: Unit::Char });
    }
    if response.dragged()
        && let Some(to) = point(pointer, false)
        && let Some(s) = &mut term.selection
    {
        s.to = to;
        // Beyond an edge the output goes along.
        let clip = ui.clip_rect();
        let over = (clip.top() - pointer.y).max(0.0) - (pointer.y - clip.bottom()).max(0.0);
        if over != 0.0 {
            ui.scroll_with_delta_animation(vec2(0.0, over.clamp(-60.0, 60.0)), ScrollAnimation::none());
            ui.ctx().request_repaint();
        }
    }
}

fn draw(ui: &Ui, place: egui::Pos2, row: &[Piece], grid: Grid, t: &Tokens) {
    let painter = ui.painter();
    for piece in row {
        let at = place + vec2(piece.column as f32 * grid.cell, 0.0);
        let look = look(piece.style, t);
        let rect = Rect::from_min_size(at, vec2(piece.wide as f32 * grid.cell, grid.row));
        if let Some(back) = look.back {
            painter.rect_filled(rect, 0, back);
        }
        let text = piece.text.trim_end();
        if let Some(arms) = text.chars().next().and_then(arms) {
            frame(ui, rect, arms, look.fore);
        } else if !text.is_empty() {
            let galley = painter.layout_no_wrap(text.to_owned(), theme::mono_font(grid.size), look.fore);
            // A character of another font stands in the middle of its cells.
            let spare = if text.is_ascii() { 0.0 } else { (rect.width() - galley.size().x) / 2.0 };
            let at = pos2(at.x + spare, at.y + (grid.row - galley.size().y) / 2.0);
            painter.galley(at, galley, look.fore);
        }
        if look.underline {
            widget::hline(ui, rect.x_range(), rect.bottom() - 2.0, look.fore);
        }
    }
}

/// Which ways the lines of a box-drawing character go from its middle: left, right, up, down.
fn arms(c: char) -> Option<[bool; 4]> {
    let ways = match c {
        '─' | '━' | '═' => "lr",
        '│' | '┃' | '║' => "ud",
        '┌' | '┏' | '╔' | '╭' => "rd",
        '┐' | '┓' | '╗' | '╮' => "ld",
        '└' | '┗' | '╚' | '╰' => "ru",
        '┘' | '┛' | '╝' | '╯' => "lu",
        '├' | '┣' | '╠' => "rud",
        '┤' | '┫' | '╣' => "lud",
        '┬' | '┳' | '╦' => "lrd",
        '┴' | '┻' | '╩' => "lru",
        '┼' | '╋' | '╬' => "lrud",
        _ => return None,
    };
    Some(['l', 'r', 'u', 'd'].map(|way| ways.contains(way)))
}

/// Draws them from edge to edge, so that the lines of neighbours meet whatever the font.
fn frame(ui: &Ui, rect: Rect, [left, right, up, down]: [bool; 4], color: Color32) {
    let mid = rect.center().round();
    if left || right {
        let from = if left { rect.left() } else { mid.x };
        widget::hline(ui, from..=if right { rect.right() } else { mid.x }, mid.y, color);
    }
    if up || down {
        let from = if up { rect.top() } else { mid.y };
        widget::vline(ui, mid.x, from..=if down { rect.bottom() } else { mid.y }, color);
    }
}

struct Look {
    fore: Color32,
    back: Option<Color32>,
    underline: bool,
}

fn look(style: Style, t: &Tokens) -> Look {
    match style {
        Style::Prompt => Look { fore: t.yours, back: None, underline: false },
        Style::Typed => Look { fore: t.text, back: None, underline: false },
        Style::Printed(ink) => printed(ink, t),
    }
}

fn printed(ink: Printed, t: &Tokens) -> Look {
    // Bold stands out by its colour: the bright one of a plain one, as xterm has it.
    let fore = match ink.fore {
        Some(Color::Indexed(n @ 0..=7)) if ink.bold => theme::terminal_color(Color::Indexed(n + 8), t),
        Some(c) => theme::terminal_color(c, t),
        None if ink.bold => t.strong,
        None => t.output,
    };
    let back = ink.back.map(|c| theme::terminal_color(c, t));
    let (fore, back) = if ink.inverse { (back.unwrap_or(t.ink), Some(fore)) } else { (fore, back) };
    let fore = if ink.dim { widget::mix(fore, back.unwrap_or(t.ink), 0.4) } else { fore };
    Look { fore: theme::readable(fore, back.unwrap_or(t.ink)), back, underline: ink.underline }
}

/// The bar of the search; whether it was closed.
fn find_bar(ui: &mut Ui, number: u32, find: &mut Find, body: Rect, locale: &Locale) -> bool {
    let t = theme::tokens(ui);
    let wide = 400.0_f32.min(body.width() - 2.0 * MARGIN);
    let bar = Rect::from_min_size(pos2(body.right() - MARGIN - wide, body.top() + 8.0), vec2(wide, 40.0));
    widget::card(ui, bar, t.raised, t.line);
    let id = Id::new(("console-find", number));
    let focused = ui.memory(|m| m.has_focus(id));
    let key = |modifiers, key| focused && input::take(ui, modifiers, key);
    let newer = key(Modifiers::SHIFT, Key::Enter) || key(Modifiers::NONE, Key::ArrowDown);
    let older = key(Modifiers::NONE, Key::Enter) || key(Modifiers::NONE, Key::ArrowUp);
    // egui takes the keyboard from a field with Escape before anybody sees the key.
    let mut close = ui.input(|i| i.key_pressed(Key::Escape));
    if std::mem::take(&mut find.want_focus) {
        ui.memory_mut(|m| m.request_focus(id));
    }
    let mut x = bar.right() - 8.0;
    let mut chip = |ui: &mut Ui, sign: &str, aria: &str| {
        let rect = Rect::from_min_size(pos2(x - 28.0, bar.top() + 8.0), vec2(24.0, 24.0));
        x -= 32.0;
        widget::chip(ui, rect, sign, false, &locale.say(aria)).clicked()
    };
    close |= chip(ui, "×", "console-find-close");
    let down = chip(ui, "↓", "console-find-newer");
    let up = chip(ui, "↑", "console-find-older");
    if older || up {
        find.step(true);
    } else if newer || down {
        find.step(false);
    }
    let (at, of) = find.count();
    let (text, color) = match (find.words.is_empty(), of) {
        (true, _) => (String::new(), t.muted),
        (false, 0) => (locale.say("console-find-none"), t.warn),
        (false, _) => (locale.text("console-find-count", &[("n", n(at as u32)), ("of", n(of as u32))]), t.muted),
    };
    let ink = Ink::label(color);
    if !text.is_empty() {
        x -= put(ui, pos2(x - 8.0, bar.center().y), Align2::RIGHT_CENTER, &text, &ink).rect.width() + 16.0;
    }
    let field = Rect::from_min_max(bar.min + vec2(12.0, 8.0), pos2(x - 4.0, bar.bottom() - 8.0));
    let hint = locale.say("console-find-hint");
    let response = ui
        .scope_builder(egui::UiBuilder::new().max_rect(field), |ui| {
            egui::TextEdit::singleline(&mut find.words)
                .id(id)
                .font(theme::mono_font(14.0))
                .hint_text(&hint)
                .frame(egui::Frame::NONE)
                .margin(egui::Margin::ZERO)
                .desired_width(field.width())
                .vertical_align(Align::Center)
                .min_size(field.size())
                .char_limit(256)
                .lock_focus(true)
                .show(ui)
                .response
                .response
        })
        .inner;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, &hint));
    close
}

/// A line of the scrollback as text that wraps by itself, for the game master's mirror.
pub fn line_job(line: &TermLine, size: f32, width: f32, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut append = |text: &str, color: Color32| {
        let format = TextFormat { line_height: Some(size + 4.0), ..TextFormat::simple(theme::mono_font(size), color) };
        job.append(text, 0.0, format);
    };
    let rows = pieces(line, usize::MAX);
    for piece in rows.iter().flatten() {
        append(&piece.text, look(piece.style, t).fore);
    }
    if rows.iter().all(Vec::is_empty) {
        // An empty line still has its height.
        append(" ", t.output);
    }
    job.wrap.max_width = width;
    job.wrap.break_anywhere = true;
    job
}
