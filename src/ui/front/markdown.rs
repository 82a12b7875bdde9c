//! Draws the Markdown of briefings and runbooks.

use crate::ui::theme;
use crate::view::front::{Block, Run, markdown};
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Ui, vec2};

/// Draws a Markdown text from the cursor down, as wide as the `Ui`.
pub fn markdown_ui(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    let mut first = true;
    for block in markdown(text) {
        match block {
            Block::Heading(depth, runs) => {
                if !first {
                    ui.add_space(if depth <= 2 { 14.0 } else { 8.0 });
                }
                let size = if depth <= 2 { 20.0 } else { 16.0 };
                lay(ui, &runs, size, true, t.text, 0.0);
            }
            Block::Paragraph(runs) => lay(ui, &runs, 16.0, false, t.text, 0.0),
            Block::Item(number, runs) => {
                let mark = number.map_or_else(|| "•".to_owned(), |n| format!("{n}."));
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    ui.allocate_ui(vec2(if number.is_some() { 24.0 } else { 16.0 }, 24.0), |ui| {
                        ui.label(egui::RichText::new(mark).font(theme::regular_font(16.0)).color(t.muted));
                        ui.set_min_width(ui.max_rect().width());
                    });
                    ui.vertical(|ui| lay(ui, &runs, 16.0, false, t.text, 0.0));
                });
            }
            Block::Code(code) => {
                egui::Frame::new().fill(t.ink).inner_margin(8).corner_radius(6).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.label(egui::RichText::new(code).font(theme::mono_font(14.0)).color(t.output));
                });
            }
        }
        first = false;
    }
}

fn lay(ui: &mut Ui, runs: &[Run], size: f32, strong: bool, color: Color32, indent: f32) {
    let t = theme::tokens(ui);
    let mut job = LayoutJob::default();
    let line = Some((size * 1.4).round());
    let mut push = |text: &str, font: FontId, color: Color32, ground: Color32| {
        let format = TextFormat {
            font_id: font,
            color,
            background: ground,
            line_height: line,
            valign: egui::Align::Center,
            ..TextFormat::default()
        };
        job.append(text, indent, format);
    };
    for run in runs {
        match run {
            Run::Plain(s) if strong => push(s, theme::semibold_font(size), color, Color32::TRANSPARENT),
            Run::Plain(s) => push(s, theme::regular_font(size), color, Color32::TRANSPARENT),
            Run::Bold(s) => push(s, theme::semibold_font(size), t.text, Color32::TRANSPARENT),
            Run::Code(s) => push(s, theme::mono_font(size - 1.0), t.output, t.raised),
        }
    }
    ui.label(job);
}
