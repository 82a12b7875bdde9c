//! Sheets over the front screens: settings, and the list of keys.

use super::{Frame, FrontUiState, Sheet, action, escape, key, press};
use crate::locale::{Lang, Locale};
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::UiAction;
use crate::view::front::SettingsVm;
use egui::{Align2, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

/// A card of the right half that a sheet is written on.
pub(super) fn sheet(ui: &mut Ui, f: &Frame, title: &str) -> Rect {
    let t = theme::tokens(ui);
    let rect = f.rect(960.0, 172.0, 1856.0, 972.0);
    ui.painter().rect(rect, 16, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let inner = rect.shrink(f.k.y * 48.0);
    widget::put(ui, inner.left_top(), Align2::LEFT_TOP, title, &Ink::bold(f.size(28.0), t.text));
    inner
}

/// Language, sound, motion and light.
pub fn settings_ui(ui: &mut Ui, locale: &Locale, vm: &SettingsVm, state: &mut FrontUiState, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    let inner = sheet(ui, &f, &locale.say("front-settings"));
    // Four rows, the note and the button share the height.
    let pitch = ((inner.height() - 72.0 - 48.0 - 76.0) / 4.0).clamp(44.0, 80.0);
    let row = |i: f32| inner.top() + 72.0 + i * pitch;
    let label = |ui: &mut Ui, i: f32, key: &str| {
        let at = pos2(inner.left(), row(i) + 16.0);
        widget::put(ui, at, Align2::LEFT_CENTER, &locale.say(key), &Ink::new(16.0, t.text));
    };
    let slot = |i: f32, n: f32| Rect::from_min_size(pos2(inner.left() + 190.0 + n * 100.0, row(i)), vec2(92.0, 32.0));
    label(ui, 0.0, "front-language");
    for (n, lang) in Lang::ALL.into_iter().enumerate() {
        let name = locale.say(if lang == Lang::En { "front-language-en" } else { "front-language-ko" });
        if widget::chip(ui, slot(0.0, n as f32), &name, vm.lang == lang, &name).clicked() {
            out.push(UiAction::Language(lang.tag()));
        }
    }
    if key(ui, Key::G) {
        out.push(super::title::other_language(vm.lang));
    }
    label(ui, 1.0, "front-volume");
    for (n, volume) in [0_u8, 30, 60, 100].into_iter().enumerate() {
        let text = if volume == 0 { locale.say("front-volume-off") } else { format!("{volume} %") };
        let on = vm.volume == volume;
        if widget::chip(ui, slot(1.0, n as f32), &text, on, &format!("{} {text}", locale.say("front-volume"))).clicked()
        {
            out.push(UiAction::Volume(volume));
        }
    }
    if key(ui, Key::M) {
        out.push(UiAction::Volume(if vm.volume == 0 { 60 } else { 0 }));
    }
    label(ui, 2.0, "front-motion");
    for (n, (reduce, word)) in [(false, "front-motion-full"), (true, "front-motion-still")].into_iter().enumerate() {
        let text = locale.say(word);
        if widget::chip(ui, slot(2.0, n as f32), &text, vm.reduce_motion == reduce, &text).clicked() {
            out.push(UiAction::ReduceMotion(reduce));
        }
    }
    label(ui, 3.0, "front-theme");
    for (n, (light, word)) in [(false, "front-theme-dark"), (true, "front-theme-light")].into_iter().enumerate() {
        let text = locale.say(word);
        if widget::chip(ui, slot(3.0, n as f32), &text, vm.light == light, &text).clicked() {
            out.push(UiAction::Light(light));
        }
    }
    let note = pos2(inner.left(), row(4.0));
    widget::put_wrapped(ui, note, inner.width(), 3, &locale.say("front-settings-note"), &Ink::new(14.0, t.muted));
    let done = Rect::from_min_size(pos2(inner.left(), inner.bottom() - 48.0), vec2(200.0, 48.0));
    let word = locale.say("front-done");
    if action(ui, done, false, &word, "Esc", 16.0, &word) || escape(ui) || key(ui, Key::T) {
        state.sheet = Sheet::None;
    }
}

/// What the keyboard does on these screens, as a card in the middle. Any press on it closes it.
pub fn keys_ui(ui: &mut Ui, locale: &Locale, out: &mut Vec<UiAction>) {
    const ROWS: [(&str, &str); 20] = [
        ("Esc", "front-key-back"),
        ("?", "front-key-keys"),
        ("G", "front-key-language"),
        ("M", "front-key-sound"),
        ("↑ ↓", "front-key-choose"),
        ("Enter", "front-key-enter"),
        ("Space", "front-key-spin"),
        ("← →", "front-key-volunteer"),
        ("V", "front-key-draw"),
        ("E", "front-key-names"),
        ("C", "front-key-copy"),
        ("N", "front-key-never"),
        ("B", "front-key-put-back"),
        ("1–5", "front-key-stages"),
        ("X", "front-key-export"),
        ("E", "front-key-again"),
        ("S", "front-key-seat"),
        ("T", "front-key-turning"),
        ("Z", "front-key-zoom"),
        ("L", "front-key-log"),
    ];
    let t = theme::tokens(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0, t.ink.gamma_multiply(0.72));
    let rect = Rect::from_center_size(full.center(), vec2(520.0, 84.0 + ROWS.len() as f32 * 30.0));
    let close = locale.say("front-keys-close");
    let pressed = press(ui, full, &close).clicked();
    ui.painter().rect(rect, 12, t.panel, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let title = locale.say("front-keys");
    widget::put(ui, rect.left_top() + vec2(28.0, 36.0), Align2::LEFT_CENTER, &title, &Ink::bold(20.0, t.text));
    for (i, (cap, words)) in ROWS.iter().enumerate() {
        let y = rect.top() + 76.0 + i as f32 * 30.0;
        let right = rect.left() + 124.0;
        let cap_px = widget::key_cap_width(ui, cap);
        widget::key_cap(ui, pos2(right - 24.0 - cap_px, y), cap, t.text);
        widget::put(ui, pos2(right, y), Align2::LEFT_CENTER, &locale.say(words), &Ink::new(14.0, t.text));
    }
    if pressed || escape(ui) || key(ui, Key::Questionmark) {
        out.push(UiAction::Keys(false));
    }
}
