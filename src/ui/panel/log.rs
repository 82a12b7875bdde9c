//! Log lines with a filter by service and by words, recorded releases, and the team's timeline.

use crate::locale::Locale;
use crate::scenario::LogLevel;
use crate::ui::panel::{absolute, ago, name, w, who};
use crate::ui::theme::{self, GAP, MARGIN};
use crate::ui::widget::{self, Ink, MarkShape, area, paint, put};
use crate::view::panel::log::{LogsVm, TimelineVm};
use crate::view::panel::pager::ChangeVm;
use crate::view::words::say;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Id, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// State of the log panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogsUiState {
    /// Host or service; all if `None`.
    pub source: Option<String>,
    /// Words that a line must have.
    pub search: String,
}

/// Draws the logs into the whole of `ui`.
pub fn logs_ui(ui: &mut Ui, vm: &LogsVm, state: &mut LogsUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    let bar = Rect::from_min_size(full.min, vec2(full.width(), 44.0));
    let find = Rect::from_min_size(pos2(bar.right() - MARGIN - 180.0, bar.top() + 6.0), vec2(180.0, 32.0));
    let mut x = bar.left() + MARGIN;
    let all = std::iter::once(None).chain(vm.sources.iter().map(Some));
    for source in all {
        let text = source.map_or_else(|| locale.say("logs-all"), Clone::clone);
        let wide = widget::chip_width(ui, &text);
        if x + wide > find.left() - GAP {
            break;
        }
        let rect = Rect::from_min_size(pos2(x, bar.top() + 8.0), vec2(wide, 28.0));
        let aria = locale.text("logs-source-aria", &[("source", w(&text))]);
        if widget::chip(ui, rect, &text, state.source.as_ref() == source, &aria).clicked() {
            state.source = source.cloned();
        }
        x += wide + 4.0;
    }
    let id = Id::new("logs-search");
    widget::field(ui, find, id, &mut state.search, &locale.say("logs-search"), 1, &locale.say("logs-search-aria"));
    let body = Rect::from_min_max(bar.left_bottom(), full.max);
    ui.painter().rect_filled(body, 0, t.ink);
    let needle = state.search.to_lowercase();
    let lines: Vec<_> = vm
        .lines
        .iter()
        .filter(|l| state.source.as_ref().is_none_or(|s| *s == l.on))
        .filter(|l| needle.is_empty() || l.text.to_lowercase().contains(&needle))
        .collect();
    if lines.is_empty() {
        put(ui, body.center(), Align2::CENTER_CENTER, &locale.say("logs-none"), &Ink::body(t.muted));
        return;
    }
    area(ui, "logs-lines", body.shrink2(vec2(MARGIN, 8.0)), |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show_rows(
            ui,
            18.0,
            lines.len(),
            |ui, range| {
                for line in lines.get(range).unwrap_or_default() {
                    let mut job = LayoutJob::default();
                    let font = theme::mono_font(theme::BODY);
                    let part = |color| TextFormat::simple(font.clone(), color);
                    job.append(&format!("{} ", line.utc), 0.0, part(t.muted));
                    job.append(&format!("{} {} ", line.on, line.program), 0.0, part(t.muted));
                    let (mark, color) = match line.level {
                        LogLevel::Error => ("E ", t.critical),
                        LogLevel::Warning => ("W ", t.warn),
                        _ => ("", t.output),
                    };
                    job.append(mark, 0.0, part(color));
                    job.append(&line.text, 0.0, part(t.output));
                    ui.add(egui::Label::new(job).selectable(true).truncate());
                }
            },
        );
    });
}

/// Draws the releases into the whole of `ui`.
pub fn releases_ui(ui: &mut Ui, changes: &[ChangeVm], locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    area(ui, "releases", full, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            for c in changes {
                let height = 44.0 + 20.0 * c.changes.len() as f32 + 8.0;
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
                let y = rect.top() + 22.0;
                widget::mark(ui, pos2(rect.left() + MARGIN + 6.0, y), MarkShape::Deploy, t);
                let title = locale.text("change-title", &[("release", w(&c.release))]);
                let ink = Ink::bold(theme::BODY, t.text);
                let drawn = put(ui, pos2(rect.left() + 40.0, y), Align2::LEFT_CENTER, &title, &ink);
                let stage = locale.say(if c.stage == "staging" { "stage-staging" } else { "stage-production" });
                let note = format!("{} · {stage} · {}", c.service, who(locale, &c.by));
                paint(ui, pos2(drawn.rect.right() + 12.0, y), Align2::LEFT_CENTER, &note, &Ink::label(t.muted));
                let when = ago(locale, &c.when);
                put(ui, pos2(rect.right() - MARGIN, y), Align2::RIGHT_CENTER, &when, &Ink::label(t.muted))
                    .on_hover_text(absolute(&c.when));
                for (k, line) in c.changes.iter().enumerate() {
                    let at = pos2(rect.left() + 40.0, rect.top() + 48.0 + 20.0 * k as f32);
                    let ink = Ink::body(t.output);
                    let shown = widget::fit(ui, line, &ink, rect.width() - 56.0);
                    put(ui, at, Align2::LEFT_CENTER, &shown, &ink);
                }
                widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
            }
        });
    });
}

/// Draws the timeline into the whole of `ui`: newest first, each row with the id that evidence names.
pub fn timeline_ui(ui: &mut Ui, vm: &TimelineVm, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    if vm.rows.is_empty() {
        put(ui, full.center(), Align2::CENTER_CENTER, &locale.say("timeline-none"), &Ink::body(t.muted));
        return;
    }
    area(ui, "timeline", full, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, 32.0, vm.rows.len(), |ui, range| {
            let rows = vm.rows.len();
            for k in range {
                let Some(r) = vm.rows.get(rows - 1 - k) else { continue };
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
                let y = rect.center().y;
                if r.ours {
                    widget::mark(ui, pos2(rect.left() + MARGIN + 5.0, y), MarkShape::Team, t);
                }
                let clock = crate::stdx::time::Offset(r.when.t_s).clock();
                put(ui, pos2(rect.left() + 36.0, y), Align2::LEFT_CENTER, &clock, &Ink::label(t.muted))
                    .on_hover_text(absolute(&r.when));
                let id = r.id.to_string();
                let right = paint(ui, pos2(rect.right() - MARGIN, y), Align2::RIGHT_CENTER, &id, &Ink::label(t.muted));
                let color = if r.ours { t.yours } else { t.text };
                let mut x = rect.left() + 100.0;
                if !r.who.is_empty() {
                    let name = name(locale, &r.who, r.role.as_ref());
                    x = put(ui, pos2(x, y), Align2::LEFT_CENTER, &name, &Ink::bold(theme::BODY, color)).rect.right()
                        + GAP;
                }
                let ink = Ink::body(t.text);
                let text = say(locale, &r.text);
                let shown = widget::fit(ui, &text, &ink, right.left() - x - GAP);
                put(ui, pos2(x, y), Align2::LEFT_CENTER, &shown, &ink).on_hover_text(text);
                widget::hline(ui, rect.x_range(), rect.bottom(), t.line);
            }
        });
    });
}
