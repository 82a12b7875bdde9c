//! The title: the wheel half out of the frame at the left, what can be done at the right, reachable by keyboard at once.

use super::{Frame, FrontUiState, Sheet, hint, hint_right, key, letter, press};
use crate::locale::{Arg, Lang, Locale};
use crate::stdx::time::Offset;
use crate::ui::theme;
use crate::ui::widget::{self, Ink};
use crate::view::action::{Screen, UiAction};
use crate::view::front::{SettingsVm, TitleVm};
use crate::view::words::author_text;
use egui::{Align2, Key, Rect, Stroke, StrokeKind, Ui, pos2};

/// Draws the title over the wheel.
pub fn title_ui(
    ui: &mut Ui,
    locale: &Locale,
    vm: &TitleVm,
    settings: &SettingsVm,
    state: &mut FrontUiState,
    out: &mut Vec<UiAction>,
) {
    let t = theme::tokens(ui);
    let f = Frame::new(ui);
    letter(ui, locale, &vm.wheel, &vm.volunteers, None);
    if state.sheet == Sheet::Settings {
        super::settings_ui(ui, locale, settings, state, out);
        return;
    }
    if state.sheet == Sheet::Sessions {
        super::sessions_ui(ui, locale, &vm.past, state, out);
        return;
    }
    let x = f.at(984.0, 0.0).x;
    let mark = Ink::bold(72.0 * f.k.y.min(f.k.x * 1.05), t.text);
    widget::put(ui, pos2(x, f.at(0.0, 200.0).y), Align2::LEFT_CENTER, &locale.say("front-title"), &mark);
    let ink = Ink::new(f.size(20.0), t.muted);
    widget::put(ui, pos2(x, f.at(0.0, 270.0).y), Align2::LEFT_CENTER, &locale.say("front-subtitle"), &ink);
    lanes_motif(ui, &f, locale);

    let mut rows: Vec<(&str, String, String, Option<UiAction>)> = vec![
        ("S", locale.say("front-spin"), locale.say("front-spin-about"), Some(UiAction::Go(Screen::Wheel))),
        (
            "L",
            locale.say("front-library"),
            locale.text(
                "front-library-about",
                &[("n", Arg::Number(vm.incidents.into())), ("played", Arg::Number(vm.played.into()))],
            ),
            Some(UiAction::Go(Screen::Library)),
        ),
    ];
    if let Some(kept) = &vm.kept {
        let about = [
            ("name", Arg::Word(author_text(locale, &kept.name).to_owned())),
            ("at", Arg::Word(Offset(kept.t_s).clock())),
        ];
        let row =
            ("R", locale.say("front-resume"), locale.text("front-resume-about", &about), Some(UiAction::ResumeKept));
        rows.push(row);
    }
    if vm.sessions > 0 {
        let about = locale.text("front-sessions-about", &[("n", Arg::Number(vm.sessions.into()))]);
        rows.push(("P", locale.say("front-sessions"), about, Some(UiAction::ListSessions)));
    }
    // Settings is a sheet of this screen, so its row asks nothing of the shell.
    rows.push(("T", locale.say("front-settings"), locale.say("front-settings-about"), None));

    state.title_row = state.title_row.min(rows.len() - 1);
    if key(ui, Key::ArrowDown) {
        state.title_row = (state.title_row + 1) % rows.len();
    }
    if key(ui, Key::ArrowUp) {
        state.title_row = (state.title_row + rows.len() - 1) % rows.len();
    }
    let mut chosen = key(ui, Key::Enter).then_some(state.title_row);
    for (i, (cap, name, about, _)) in rows.iter().enumerate() {
        let letter = Key::from_name(cap);
        if letter.is_some_and(|k| key(ui, k)) {
            chosen = Some(i);
        }
        let y = 556.0 + 92.0 * i as f32;
        let rect = f.rect(960.0, y - 44.0, 1856.0, y + 44.0);
        let response = press(ui, rect, name);
        if response.clicked() {
            chosen = Some(i);
        }
        let on = state.title_row == i;
        if on {
            ui.painter().rect(rect, 8, t.raised, Stroke::new(1.0, t.line), StrokeKind::Inside);
            let bar = Rect::from_min_max(
                rect.left_top() + egui::vec2(0.0, 14.0),
                rect.left_bottom() + egui::vec2(3.0, -14.0),
            );
            ui.painter().rect_filled(bar, 2, t.amber);
            let enter = pos2(rect.right() - 32.0 - widget::key_cap_width(ui, "Enter"), rect.center().y);
            widget::key_cap(ui, enter, "Enter", t.text);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 8, t.raised.gamma_multiply(0.5));
        }
        widget::key_cap(ui, pos2(x, rect.center().y), cap, t.text);
        let head = Ink::bold(f.size(28.0), t.text);
        widget::paint(ui, pos2(f.at(1036.0, 0.0).x, rect.center().y), Align2::LEFT_CENTER, name, &head);
        let from = f.at(1236.0, 0.0).x;
        let ink = Ink::new(16.0, if on { t.text } else { t.muted });
        let about = widget::fit(ui, about, &ink, rect.right() - from - if on { 104.0 } else { 24.0 });
        widget::paint(ui, pos2(from, rect.center().y), Align2::LEFT_CENTER, &about, &ink);
        if i + 1 < rows.len() && !on && state.title_row != i + 1 {
            widget::hline(ui, egui::Rangef::new(x, f.at(1832.0, 0.0).x), rect.bottom() + 2.0, t.line);
        }
    }
    if let Some(i) = chosen {
        state.title_row = i;
        match rows.into_iter().nth(i).and_then(|(_, _, _, action)| action) {
            Some(action) => {
                if action == UiAction::ListSessions {
                    state.sheet = Sheet::Sessions;
                    state.session_row = 0;
                }
                out.push(action);
            }
            None => state.sheet = Sheet::Settings,
        }
    }
    footer(ui, &f, locale, settings, out);
}

fn footer(ui: &mut Ui, f: &Frame, locale: &Locale, settings: &SettingsVm, out: &mut Vec<UiAction>) {
    let t = theme::tokens(ui);
    let y = f.at(0.0, 1022.0).y;
    widget::hline(ui, egui::Rangef::new(f.at(984.0, 0.0).x, f.at(1832.0, 0.0).x), f.at(0.0, 972.0).y, t.line);
    let mut x = f.at(984.0, 0.0).x;
    let sound = locale.say(if settings.volume == 0 { "front-sound-off" } else { "front-sound-on" });
    let language = locale.say("front-language-pair");
    let items: [(&str, Key, String, String, UiAction); 3] = [
        ("?", Key::Questionmark, locale.say("front-keys"), locale.say("front-keys-aria"), UiAction::Keys(true)),
        ("G", Key::G, language, locale.say("front-language-aria"), other_language(settings.lang)),
        (
            "M",
            Key::M,
            sound,
            locale.say("front-sound-aria"),
            UiAction::Volume(if settings.volume == 0 { 60 } else { 0 }),
        ),
    ];
    for (cap, k, words, aria, action) in items {
        let (clicked, right) = hint(ui, pos2(x, y), cap, &words, &aria);
        if clicked || key(ui, k) {
            out.push(action);
        }
        x = right + 28.0;
    }
    let right = pos2(f.at(1832.0, 0.0).x, y);
    if hint_right(ui, right, "Esc", &locale.say("front-quit"), &locale.say("front-quit-aria")).0 || super::escape(ui) {
        out.push(UiAction::Quit);
    }
}

/// The action that changes to the other language.
pub(super) fn other_language(lang: Lang) -> UiAction {
    UiAction::Language(match lang {
        Lang::En => "ko",
        Lang::Ko => "en",
    })
}

/// Two short lanes under the name: what the product is about.
fn lanes_motif(ui: &mut Ui, f: &Frame, locale: &Locale) {
    let t = theme::tokens(ui);
    let (yours, theirs) = (f.at(0.0, 331.0).y, f.at(0.0, 363.0).y);
    let dots = [984.0, 1052.0, 1128.0, 1183.0, 1314.0, 1408.0];
    let squares = [984.0, 1098.0, 1158.0, 1264.0, 1348.0, 1408.0];
    let x = |v: f32| f.at(v, 0.0).x;
    for (a, b) in dots.iter().zip(squares) {
        ui.painter().line_segment([pos2(x(*a), yours), pos2(x(b), theirs)], Stroke::new(1.0, t.line));
    }
    ui.painter().line_segment([pos2(x(984.0), yours), pos2(x(1408.0), yours)], Stroke::new(2.0, t.yours));
    ui.painter().line_segment([pos2(x(984.0), theirs), pos2(x(1408.0), theirs)], Stroke::new(2.0, t.theirs));
    for a in dots {
        ui.painter().circle(pos2(x(a), yours), 5.0, t.ink, Stroke::new(2.0, t.yours));
    }
    for b in squares {
        let rect = Rect::from_center_size(pos2(x(b), theirs), egui::vec2(9.0, 9.0));
        ui.painter().rect(rect, 0, t.ink, Stroke::new(2.0, t.theirs), StrokeKind::Inside);
    }
    let at = |y| pos2(x(1432.0), y);
    widget::put(ui, at(yours), Align2::LEFT_CENTER, &locale.say("front-motif-yours"), &Ink::new(14.0, t.yours));
    widget::put(ui, at(theirs), Align2::LEFT_CENTER, &locale.say("front-motif-theirs"), &Ink::new(14.0, t.theirs));
}
