//! Runbooks: a list of pages, and a page of simple Markdown.

use crate::locale::Locale;
use crate::ui::panel::w;
use crate::ui::theme::{self, MARGIN};
use crate::ui::widget::{self, Ink, area, put};
use crate::view::panel::channel::RunbookVm;
use crate::view::words::author_text;
use egui::{Align2, Label, Rect, RichText, ScrollArea, Ui, pos2, vec2};

/// State of the runbooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookUiState {
    /// Chosen page.
    pub page: Option<String>,
}

/// Draws the runbooks into the whole of `ui`.
pub fn runbook_ui(ui: &mut Ui, vm: &RunbookVm, state: &mut RunbookUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    if vm.pages.is_empty() {
        put(ui, full.center(), Align2::CENTER_CENTER, &locale.say("runbook-none"), &Ink::body(t.muted));
        return;
    }
    let list = Rect::from_min_size(full.min, vec2(184.0, full.height()));
    widget::vline(ui, list.right(), full.y_range(), t.line);
    for (k, page) in vm.pages.iter().enumerate() {
        let top = list.top() + 40.0 * k as f32;
        let rect = Rect::from_min_size(pos2(list.left(), top), vec2(list.width() - 1.0, 40.0));
        let title = author_text(locale, &page.title);
        let chosen = state.page.as_deref() == Some(&page.id);
        let aria = locale.text("runbook-aria", &[("title", w(title))]);
        if ui.push_id(&page.id, |ui| widget::row_button(ui, rect, chosen, &aria)).inner.clicked() {
            state.page = Some(page.id.clone());
        }
        let ink = if chosen { Ink::bold(theme::BODY, t.text) } else { Ink::body(t.text) };
        let shown = widget::fit(ui, title, &ink, rect.width() - 2.0 * MARGIN);
        widget::paint(ui, pos2(rect.left() + MARGIN, rect.center().y), Align2::LEFT_CENTER, &shown, &ink);
    }
    let body = Rect::from_min_max(list.right_top(), full.max).shrink2(vec2(MARGIN, 8.0));
    let page = state.page.as_ref().and_then(|id| vm.pages.iter().find(|p| p.id == *id));
    match page {
        Some(page) => area(ui, &format!("runbook-{}", page.id), body, |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| markdown(ui, author_text(locale, &page.text)));
        }),
        None => {
            put(ui, body.center(), Align2::CENTER_CENTER, &locale.say("runbook-choose"), &Ink::body(t.muted));
        }
    }
}

/// Headings, bullets, code and paragraphs: what runbooks and briefings are written in.
pub fn markdown(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
            continue;
        }
        let rich = if code || line.starts_with("    ") {
            RichText::new(line).font(theme::mono_font(theme::BODY)).color(t.output)
        } else if let Some(h) = line.strip_prefix("# ") {
            RichText::new(h).font(theme::semibold_font(theme::HEADING)).color(t.text)
        } else if let Some(h) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            RichText::new(h).font(theme::semibold_font(theme::VALUE)).color(t.text)
        } else if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            RichText::new(format!("•  {}", item.replace(['`', '*'], ""))).color(t.text)
        } else {
            RichText::new(line.replace(['`', '*'], "")).color(t.text)
        };
        if line.trim().is_empty() && !code {
            ui.add_space(4.0);
        } else {
            ui.add(Label::new(rich).wrap().selectable(true));
        }
    }
}
