//! Graphs, painted: series, the usual value dashed, thresholds dotted, marks, hatching where there is no data.

use crate::locale::{Arg, Locale};
use crate::session::projection::{GraphMark, Health, MarkKind};
use crate::stdx::time::Utc;
use crate::ui::panel::{n, w};
use crate::ui::theme::{self, GAP, MARGIN, Tokens};
use crate::ui::widget::{self, Ink, MarkShape, area, fit, paint, put, width};
use crate::view::panel::explore::{LineVm, SpanVm};
use crate::view::panel::graph::{GraphVm, GraphsVm};
use crate::view::words::author_text;
use egui::{Align2, Color32, Pos2, Rect, ScrollArea, Sense, Shape, Stroke, Ui, pos2, vec2};

/// State of the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphsUiState {
    /// Graph to scroll to.
    pub want: Option<String>,
    /// Graphs that were on screen in the last pass.
    pub on_screen: Vec<String>,
}

/// Draws the board into the whole of `ui`.
pub fn graphs_ui(ui: &mut Ui, vm: &GraphsVm, state: &mut GraphsUiState, locale: &Locale) {
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    state.on_screen.clear();
    if vm.graphs.is_empty() {
        let ink = Ink::body(t.muted);
        put(ui, full.center(), Align2::CENTER_CENTER, &locale.say("graphs-none"), &ink);
        return;
    }
    // A small window keeps its height for the plots.
    let legend_height = if full.height() < 360.0 { 0.0 } else { 32.0 };
    let legend = Rect::from_min_max(pos2(full.left(), full.bottom() - legend_height), full.max);
    let body = Rect::from_min_max(full.min, legend.right_top());
    let shown = if body.height() > 620.0 { 3.0 } else { 2.0 };
    let height = (body.height() / f32::min(shown, vm.graphs.len() as f32)).max(140.0).floor();
    area(ui, "graphs-body", body, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            for graph in &vm.graphs {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
                if state.want.as_deref() == Some(&graph.id) {
                    response.scroll_to_me(Some(egui::Align::TOP));
                    state.want = None;
                }
                if ui.clip_rect().intersect(rect).height() > 0.5 * height {
                    state.on_screen.push(graph.id.clone());
                    graph_ui(ui, rect, graph, vm, locale);
                } else if ui.is_rect_visible(rect) {
                    graph_ui(ui, rect, graph, vm, locale);
                }
            }
        });
    });
    if legend_height > 0.0 {
        legend_ui(ui, legend, locale);
    }
}

fn legend_ui(ui: &mut Ui, rect: Rect, locale: &Locale) {
    let t = theme::tokens(ui);
    widget::hline(ui, rect.x_range(), rect.top() + 1.0, t.line);
    let y = rect.center().y;
    let ink = Ink::label(t.muted);
    let mut x = rect.left() + MARGIN;
    ui.painter().line_segment([pos2(x, y), pos2(x + 24.0, y)], Stroke::new(2.0, t.series));
    x = put(ui, pos2(x + 32.0, y), Align2::LEFT_CENTER, &locale.say("legend-now"), &ink).rect.right() + 24.0;
    ui.painter().extend(Shape::dashed_line(&[pos2(x, y), pos2(x + 24.0, y)], Stroke::new(1.5, t.usual), 4.0, 3.0));
    x = put(ui, pos2(x + 32.0, y), Align2::LEFT_CENTER, &locale.say("legend-usual"), &ink).rect.right() + 24.0;
    for (shape, key) in
        [(MarkShape::Deploy, "legend-deploy"), (MarkShape::Page, "legend-page"), (MarkShape::Team, "legend-team")]
    {
        widget::mark(ui, pos2(x + 5.0, y), shape, t);
        x = put(ui, pos2(x + 16.0, y), Align2::LEFT_CENTER, &locale.say(key), &ink).rect.right() + 24.0;
    }
}

/// Draws one graph into `rect`.
pub fn graph_ui(ui: &mut Ui, rect: Rect, vm: &GraphVm, board: &GraphsVm, locale: &Locale) {
    let t = theme::tokens(ui);
    title_row(ui, rect, vm, locale, t);
    let axis_ink = Ink::label(t.muted);
    let plot = Rect::from_min_max(rect.min + vec2(48.0, 52.0), rect.max - vec2(MARGIN, 28.0));
    if plot.height() < 24.0 || plot.width() < 48.0 {
        return;
    }
    ui.painter().rect_filled(plot, 0, t.ink);
    let top = vm.axis.last().map_or(1.0, |(v, _)| *v).max(1e-9);
    let y_of = |v: f64| plot.bottom() - (v / top) as f32 * plot.height();
    let (from, to) = board.window;
    let x_of = |s: i64| plot.left() + (s - from) as f32 / (to - from).max(1) as f32 * plot.width();
    // On a low plot every second label would touch its neighbour.
    let skip = if plot.height() / (vm.axis.len().max(2) - 1) as f32 >= 18.0 { 1 } else { 2 };
    for (k, (value, label)) in vm.axis.iter().enumerate() {
        let y = y_of(*value);
        widget::hline(
            ui,
            plot.x_range(),
            y,
            if k == 0 { t.edge.gamma_multiply(0.6) } else { t.line.gamma_multiply(0.7) },
        );
        if k % skip == 0 {
            paint(ui, pos2(plot.left() - GAP, y), Align2::RIGHT_CENTER, label, &axis_ink);
        }
    }
    for utc in minutes(board.utc_zero_s, (from, to), plot.width()) {
        let x = x_of(utc - board.utc_zero_s);
        let hms = Utc(utc).hms();
        let hm = hms.get(..5).unwrap_or(&hms);
        if x > plot.left() + 18.0 && x < plot.right() - 12.0 {
            paint(ui, pos2(x, plot.bottom() + 14.0), Align2::CENTER_CENTER, hm, &axis_ink);
        }
    }
    if let Some(usual) = vm.usual_value {
        let y = y_of(usual);
        let ends = [pos2(plot.left(), y), pos2(plot.right(), y)];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.5, t.usual), 5.0, 4.0));
    }
    spans(ui, plot, &vm.spans, &x_of, t);
    if vm.lines.len() > 1 {
        lines(ui, plot, &vm.lines, (from, to), (&x_of, &y_of), t);
    } else {
        series(ui, plot, vm, (from, to), (&x_of, &y_of), t);
    }
    if let Some((value, figure)) = &vm.threshold {
        let y = y_of(*value);
        let ends = [pos2(plot.left(), y), pos2(plot.right(), y)];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.2, t.muted), 2.0, 3.0));
        let words = locale.text("graph-threshold", &[("value", w(figure))]);
        let below = y - 10.0 < plot.top();
        let at = pos2(plot.left() + GAP, if below { y + 10.0 } else { y - 10.0 });
        put(ui, at, Align2::LEFT_CENTER, &words, &axis_ink);
    }
    if let Some((since, _)) = &vm.no_data {
        let gap = Rect::from_min_max(pos2(x_of(*since).max(plot.left()), plot.top()), plot.max);
        widget::hatch(ui, gap, t.line);
        if gap.width() > 72.0 {
            let chip = Rect::from_center_size(gap.center(), vec2(72.0, 22.0));
            ui.painter().rect_filled(chip, 2, t.ink);
            widget::dashed_circle(ui, pos2(chip.left() + 10.0, chip.center().y), 5.0, t.unknown);
            let at = pos2(chip.left() + 20.0, chip.center().y);
            put(ui, at, Align2::LEFT_CENTER, &locale.say("alert-no-data"), &axis_ink);
        }
    }
    marks(ui, plot, &vm.marks, &x_of, t);
    let hover = ui.interact(plot, ui.id().with(("graph", &vm.id)), Sense::hover());
    let summary = spoken(vm, locale);
    hover.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &summary));
    if let Some(at) = hover.hover_pos() {
        readout(ui, plot, at, vm, (from, to), board, t);
    }
}

fn title_row(ui: &mut Ui, rect: Rect, vm: &GraphVm, locale: &Locale, t: &Tokens) {
    let y = rect.top() + 18.0;
    let mut right = rect.right() - MARGIN;
    let note = match (&vm.no_data, &vm.usual) {
        (Some((_, Some(last))), _) => locale.text("graph-last", &[("value", w(last))]),
        (None, Some(usual)) => locale.text("graph-usual", &[("value", w(usual))]),
        (None, None) if vm.watched => locale.say(theme::status_key(vm.health)),
        _ => String::new(),
    };
    if !note.is_empty() {
        right = put(ui, pos2(right, y), Align2::RIGHT_CENTER, &note, &Ink::label(t.muted)).rect.left() - GAP;
    }
    let value = vm.now.clone().unwrap_or_else(|| locale.say("alert-no-data"));
    let drawn = put(ui, pos2(right, y), Align2::RIGHT_CENTER, &value, &Ink::bold(theme::VALUE - 1.0, t.text));
    let mut left = drawn.rect.left();
    if vm.watched || vm.health == Health::Unknown {
        left -= 16.0;
        widget::status_glyph(ui, pos2(left, y), 12.0, vm.health, t);
        left -= 8.0;
    }
    let ink = Ink::bold(theme::BODY, t.text);
    let title = author_text(locale, &vm.title);
    let shown = fit(ui, title, &ink, left - rect.left() - MARGIN - GAP);
    put(ui, pos2(rect.left() + MARGIN, y), Align2::LEFT_CENTER, &shown, &ink);
}

/// Full marks of the wall clock within the window, five minutes apart or as far as their labels need.
pub(super) fn minutes(utc_zero_s: i64, (from, to): (i64, i64), wide: f32) -> Vec<i64> {
    let most = (wide / 44.0).max(1.0) as i64;
    let steps = [60, 300, 600, 900, 1_800, 3_600, 7_200];
    let short = if to - from <= 600 { 0 } else { 1 };
    let fits = steps.into_iter().skip(short).find(|step| (to - from) / step <= most);
    let step = fits.unwrap_or(14_400);
    let first = (utc_zero_s + from).div_euclid(step) + 1;
    let last = (utc_zero_s + to).div_euclid(step);
    (first..=last).map(|k| k * step).collect()
}

/// A stretch of the k-th line of a graph: lines differ by colour and by their dashes.
pub(super) fn stroke(ui: &Ui, ends: [Pos2; 2], k: usize, t: &Tokens) {
    strokes(ui.painter(), &ends, k, t);
}

fn strokes(painter: &egui::Painter, points: &[Pos2], k: usize, t: &Tokens) {
    let colors = [t.series, t.yours, t.amber, t.ok, t.critical, t.unknown];
    let stroke = Stroke::new(1.75, colors.get(k % colors.len()).copied().unwrap_or(t.series));
    match k / colors.len() {
        0 => {
            painter.add(Shape::line(points.to_vec(), stroke));
        }
        round => {
            painter.extend(Shape::dashed_line(points, stroke, 6.0 / round as f32, 3.0));
        }
    }
}

/// Lines of a query, each with its gaps.
pub(super) fn lines(ui: &Ui, plot: Rect, all: &[LineVm], (from, to): (i64, i64), (x_of, y_of): Axes<'_>, t: &Tokens) {
    let painter = ui.painter().with_clip_rect(plot.expand(2.0).intersect(ui.clip_rect()));
    // The first line is drawn last, so that nothing covers it.
    for (k, l) in all.iter().enumerate().rev() {
        let inside: Vec<_> = l.points.iter().filter(|(s, _)| (from..=to).contains(s)).collect();
        for run in inside.split(|(_, v)| v.is_none()) {
            let run: Vec<Pos2> = run.iter().filter_map(|(s, v)| Some(pos2(x_of(*s), y_of((*v)?)))).collect();
            match run.as_slice() {
                [] => {}
                [only] => {
                    painter.circle_filled(*only, 2.0, t.series);
                }
                _ => strokes(&painter, &run, k, t),
            }
        }
    }
}

/// When alerts fired: a band at the foot of the plot and a faint one behind the lines, with the rule's name on hover.
pub(super) fn spans(ui: &mut Ui, plot: Rect, all: &[SpanVm], x_of: &dyn Fn(i64) -> f32, t: &Tokens) {
    for (k, s) in all.iter().enumerate() {
        let (left, right) = (x_of(s.from_t_s), x_of(s.to_t_s));
        let band = Rect::from_min_max(pos2(left, plot.top()), pos2(right.max(left + 1.0), plot.bottom()));
        ui.painter().rect_filled(band, 0, t.warn.gamma_multiply(0.07));
        let foot = Rect::from_min_max(pos2(band.left(), plot.bottom() - 3.0), band.max);
        ui.painter().rect_filled(foot, 0, t.warn);
        let salt = ui.id().with(("alert-span", plot.min.x as i64, plot.min.y as i64, k));
        ui.interact(foot.expand(3.0), salt, Sense::hover()).on_hover_text(&s.alert);
    }
}

type Axes<'a> = (&'a dyn Fn(i64) -> f32, &'a dyn Fn(f64) -> f32);

fn series(ui: &Ui, plot: Rect, vm: &GraphVm, (from, to): (i64, i64), (x_of, y_of): Axes<'_>, t: &Tokens) {
    let painter = ui.painter().with_clip_rect(plot.expand(2.0).intersect(ui.clip_rect()));
    let mut run: Vec<Pos2> = Vec::new();
    let flush = |run: &mut Vec<Pos2>| {
        if run.len() >= 2 {
            widget::area_under(&painter, run, plot.bottom(), t.series.gamma_multiply(0.10));
            painter.add(Shape::line(run.clone(), Stroke::new(2.0, t.series)));
        }
        run.clear();
    };
    let mut last = None;
    for (s, value) in vm.points.iter().filter(|(s, _)| (from..=to).contains(s)) {
        match value {
            Some(v) => {
                let p = pos2(x_of(*s), y_of(*v).clamp(plot.top() - 1.0, plot.bottom()));
                run.push(p);
                last = Some(p);
            }
            None => flush(&mut run),
        }
    }
    flush(&mut run);
    if let (Some(p), None) = (last, &vm.no_data) {
        painter.circle_filled(p, 4.0, t.series);
    }
}

fn marks(ui: &mut Ui, plot: Rect, marks: &[GraphMark], x_of: &dyn Fn(i64) -> f32, t: &Tokens) {
    let y = plot.top() - 10.0;
    // Labels are placed from the right, so that the newest one is always told.
    let mut free = plot.right();
    for m in marks.iter().rev() {
        let x = x_of(m.t_s);
        let (shape, color) = match m.kind {
            MarkKind::Deploy => (MarkShape::Deploy, t.strong),
            MarkKind::Page => (MarkShape::Page, t.warn),
            MarkKind::TeamAction => (MarkShape::Team, t.yours),
        };
        let ends = [pos2(x, plot.top()), pos2(x, plot.bottom())];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, color), 4.0, 3.0));
        widget::mark(ui, pos2(x, y), shape, t);
        let ink = Ink::bold(theme::LABEL, color);
        let wide = width(ui, &m.label, &ink);
        let clear = |from: f32, to: f32| !marks.iter().any(|o| o != m && (from..to).contains(&x_of(o.t_s)));
        if x + 10.0 + wide <= free && clear(x, x + 16.0 + wide) {
            put(ui, pos2(x + 10.0, y), Align2::LEFT_CENTER, &m.label, &ink);
            free = x - 8.0;
        } else if x - 10.0 - wide >= plot.left() && x <= free && clear(x - 16.0 - wide, x) {
            put(ui, pos2(x - 10.0, y), Align2::RIGHT_CENTER, &m.label, &ink);
            free = x - 18.0 - wide;
        } else {
            let place = Rect::from_center_size(pos2(x, y), vec2(14.0, 14.0));
            let salt = ui.id().with(("mark", m.t_s, &m.label));
            ui.interact(place, salt, Sense::hover()).on_hover_text(&m.label);
            free = free.min(x - 8.0);
        }
    }
}

fn readout(ui: &Ui, plot: Rect, at: Pos2, vm: &GraphVm, (from, to): (i64, i64), board: &GraphsVm, t: &Tokens) {
    let share = f64::from((at.x - plot.left()) / plot.width());
    let s = from + (share * (to - from) as f64) as i64;
    let nearest = vm.points.iter().min_by_key(|(p, _)| (p - s).abs());
    let Some((s, value)) = nearest else { return };
    widget::vline(ui, at.x, plot.y_range(), t.muted);
    let time = Utc(board.utc_zero_s + s).hms();
    let figure = value.map_or_else(|| "—".to_owned(), crate::stdx::text::compact);
    let text = format!("{time}  {figure}");
    let ink = Ink::bold(theme::LABEL, t.text);
    let wide = width(ui, &text, &ink) + 16.0;
    let x = if at.x + wide + 8.0 > plot.right() { at.x - wide - 8.0 } else { at.x + 8.0 };
    let card = Rect::from_min_size(pos2(x, plot.top() + 8.0), vec2(wide, 24.0));
    widget::card(ui, card, t.raised, t.line);
    paint(ui, card.center(), Align2::CENTER_CENTER, &text, &ink);
}

fn spoken(vm: &GraphVm, locale: &Locale) -> String {
    let value = vm.now.clone().unwrap_or_else(|| locale.say("alert-no-data"));
    let word = locale.say(theme::status_key(vm.health));
    locale.text(
        "graph-aria",
        &[
            ("title", w(author_text(locale, &vm.title))),
            ("value", Arg::Word(value)),
            ("word", Arg::Word(word)),
            ("marks", n(vm.marks.len() as i64)),
        ],
    )
}

/// A sparkline into `rect`; dots where nothing is measured.
pub fn sparkline(ui: &Ui, rect: Rect, values: &[f64], color: Color32, unknown: bool) {
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    if unknown || finite().count() < 2 {
        let ends = [rect.left_center(), rect.right_center()];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, color), 2.0, 4.0));
        return;
    }
    let top = finite().fold(0.0_f64, f64::max).max(1e-9);
    let last = (values.len() - 1).max(1) as f32;
    let points = values
        .iter()
        .enumerate()
        .filter(|(_, v)| v.is_finite())
        .map(|(k, v)| {
            let x = rect.left() + rect.width() * k as f32 / last;
            // The middle third holds a level line; only a real move uses the height.
            pos2(x, rect.bottom() - (*v / top) as f32 * rect.height() * 0.9)
        })
        .collect();
    ui.painter().add(Shape::line(points, Stroke::new(1.5, color)));
}
