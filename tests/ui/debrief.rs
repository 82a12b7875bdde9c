//! The debrief's screen: pictures in both languages and sizes, chips, stages, keys, distinct labels.

use crate::debrief_fixture::{debrief, fact};
use crate::raster::{Screen, keep};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::BTreeMap;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::ui::debrief::{DebriefUiState, Stage, debrief_ui};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::UiAction;
use wheel_of_misfortune::view::debrief::DebriefVm;

struct World {
    locale: Locale,
    vm: DebriefVm,
    state: DebriefUiState,
    out: Vec<UiAction>,
}

fn harness(lang: Lang, size: egui::Vec2, state: DebriefUiState) -> Harness<'static, World> {
    let world = World { locale: Locale::new(lang), vm: DebriefVm::of(&debrief()), state, out: Vec::new() };
    let mut h = Harness::builder().with_size(size).build_ui_state(
        |ui, w: &mut World| {
            if theme::ensure(ui.ctx()) {
                let full = ui.ctx().viewport_rect();
                ui.scope_builder(egui::UiBuilder::new().max_rect(full), |ui| {
                    ui.set_clip_rect(full);
                    debrief_ui(ui, &w.locale, &w.vm, &mut w.state, &mut w.out);
                });
            }
        },
        world,
    );
    h.run_steps(3);
    h
}

const LARGE: egui::Vec2 = egui::vec2(1920.0, 1080.0);
const SMALL: egui::Vec2 = egui::vec2(1280.0, 720.0);

#[test]
fn every_stage_draws_in_both_languages_and_sizes() {
    let vm = DebriefVm::of(&debrief());
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        for (size, tag) in [(LARGE, "1080"), (SMALL, "720")] {
            let mut screen = Screen::new(size.x, size.y);
            for (stage, name) in Stage::ALL {
                let mut state = DebriefUiState { stage, ..DebriefUiState::default() };
                let mut out = Vec::new();
                let picture = screen.draw(3, Vec::new(), |ui| {
                    if theme::ensure(ui.ctx()) {
                        debrief_ui(ui, &locale, &vm, &mut state, &mut out);
                    }
                });
                keep(&picture, &format!("{name}-{}-{tag}", lang.tag()));
                if stage == Stage::Timelines {
                    assert!(picture.count(theme::DARK.yours, 6) > 500, "the team's lane is teal");
                    assert!(picture.count(theme::DARK.theirs, 6) > 500, "the original's lane is violet");
                }
                assert_eq!(picture.count(theme::DARK.gm, 4), 0, "rose is the game master's alone");
                assert!(out.is_empty(), "drawing alone asks for nothing");
            }
        }
    }
}

#[test]
fn a_chip_of_the_score_opens_the_log_at_its_fact() {
    let mut h = harness(Lang::En, LARGE, DebriefUiState { stage: Stage::Numbers, ..DebriefUiState::default() });
    let chip = format!("#{}: M1", fact(420));
    h.get_by_label(&chip).click();
    h.run_steps(3);
    assert_eq!(h.state().out, vec![UiAction::ShowFact(fact(420))]);
    assert!(h.state().state.log);
    assert_eq!(h.state().state.shown, Some(fact(420)));
    let row = format!("#{} primary: Rolled back to v1041", fact(420));
    let at = h.get_by_label(&row).rect();
    assert!(at.top() > 100.0 && at.bottom() < 1040.0, "the cited row is in sight: {at:?}");
}

#[test]
fn keys_change_stage_step_through_events_and_export() {
    let mut h = harness(Lang::En, LARGE, DebriefUiState::default());
    h.key_press(egui::Key::ArrowRight);
    h.run_steps(2);
    let first = h.state().state.scrub_s;
    h.key_press(egui::Key::ArrowRight);
    h.run_steps(2);
    assert!(h.state().state.scrub_s > first && first.is_some());
    h.key_press(egui::Key::ArrowLeft);
    h.run_steps(2);
    assert_eq!(h.state().state.scrub_s, first);
    h.key_press(egui::Key::Num5);
    h.key_press(egui::Key::X);
    h.run_steps(2);
    assert_eq!(h.state().state.stage, Stage::Numbers);
    assert_eq!(h.state().out, vec![UiAction::Export]);
    h.get_by_label("Questions").click();
    h.run_steps(2);
    assert_eq!(h.state().state.stage, Stage::Questions);
    h.get_by_label("export").click();
    h.run_steps(2);
    assert_eq!(h.state().out.len(), 2);
}

#[test]
fn buttons_have_distinct_labels_and_stay_in_the_window() {
    for lang in Lang::ALL {
        for size in [LARGE, SMALL] {
            for (stage, name) in Stage::ALL {
                let h = harness(lang, size, DebriefUiState { stage, ..DebriefUiState::default() });
                let mut seen: BTreeMap<String, usize> = BTreeMap::new();
                for node in h.root().children_recursive() {
                    let access = node.accesskit_node();
                    if access.role() == egui::accesskit::Role::Button {
                        *seen.entry(access.label().unwrap_or_default()).or_default() += 1;
                    }
                }
                for (label, n) in seen {
                    assert!(!label.is_empty() && !label.contains('⟦'), "{name}: `{label}`");
                    assert_eq!(n, 1, "{name} {} {size:?}: `{label}` stands {n} times", lang.tag());
                }
            }
        }
    }
}
