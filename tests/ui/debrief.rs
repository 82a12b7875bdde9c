//! The debrief's screen: pictures in both languages and sizes, chips, stages, keys, distinct labels.

use crate::debrief_fixture::{debrief, fact};
use crate::raster::{Screen, keep};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use std::collections::BTreeMap;
use wheel_of_misfortune::fact::{LoadScale, Reflection};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::ui::debrief::{DebriefUiState, Stage, debrief_ui, seat_word};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::{ExportForm, UiAction};
use wheel_of_misfortune::view::debrief::{DebriefVm, moment};
use wheel_of_misfortune::view::words::say;

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
    let mut h = harness(Lang::En, LARGE, lanes());
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
    h.run_steps(2);
    assert_eq!(h.state().state.stage, Stage::Numbers);
    h.get_by_label("Questions").click();
    h.run_steps(2);
    assert_eq!(h.state().state.stage, Stage::Questions);
    assert!(h.state().out.is_empty());
}

/// The stage of the two lanes.
fn lanes() -> DebriefUiState {
    DebriefUiState { stage: Stage::Timelines, ..DebriefUiState::default() }
}

#[test]
fn the_menu_of_exports_offers_every_form() {
    let mut h = harness(Lang::En, SMALL, lanes());
    h.key_press(egui::Key::X);
    h.run_steps(3);
    assert!(h.state().state.exports);
    for form in ExportForm::ALL {
        let words = h.state().locale.say(form.key());
        h.get_by_role_and_label(egui::accesskit::Role::Button, &words);
    }
    h.get_by_role_and_label(egui::accesskit::Role::Button, "Exercise events list (MSEL), CSV").click();
    h.run_steps(3);
    assert_eq!(h.state().out, vec![UiAction::Export(ExportForm::Msel)]);
    assert!(!h.state().state.exports, "it closes");
    // The mouse opens it too, a digit chooses, the last one takes all.
    h.get_by_label("export").click();
    h.run_steps(3);
    h.key_press(egui::Key::Num2);
    h.run_steps(2);
    assert_eq!(h.state().out[1], UiAction::Export(ExportForm::Page));
    assert_eq!(h.state().state.stage, Stage::Timelines, "a digit of the menu is no stage");
    h.key_press(egui::Key::X);
    h.run_steps(2);
    h.key_press(egui::Key::Num8);
    h.run_steps(2);
    assert_eq!(h.state().out.len(), 2 + ExportForm::ALL.len());
    let files: std::collections::BTreeSet<_> = ExportForm::ALL.iter().map(|f| f.file()).collect();
    assert_eq!(files.len(), ExportForm::ALL.len(), "no form overwrites another");
}

#[test]
fn reactions_come_first_and_hold_no_number_of_the_score() {
    let h = harness(Lang::En, LARGE, DebriefUiState::default());
    assert_eq!(h.state().state.stage, Stage::Reactions);
    let vm = &h.state().vm;
    for node in h.root().children_recursive() {
        let said = format!("{:?} {:?}", node.accesskit_node().label(), node.accesskit_node().value());
        assert!(!said.contains(&vm.delta) && !said.contains("support") && !said.contains(&vm.points.0), "{said}");
    }
    let shown = |lang| {
        let mut screen = Screen::new(1920.0, 1080.0);
        let (locale, mut state, mut out) = (Locale::new(lang), DebriefUiState::default(), Vec::new());
        screen.draw(3, Vec::new(), |ui| {
            if theme::ensure(ui.ctx()) {
                debrief_ui(ui, &locale, vm, &mut state, &mut out);
            }
        });
        screen.words.iter().map(|(w, _)| w.clone()).collect::<Vec<_>>()
    };
    for lang in Lang::ALL {
        assert!(!shown(lang).iter().any(|w| w.contains(&vm.delta)), "{lang:?}");
    }
    // The difference to par waits on the next stage.
    assert!(harness(Lang::En, LARGE, lanes()).query_by_label(&vm.delta).is_some());
}

#[test]
fn a_thought_is_written_kept_and_sent_in_hangul_too() {
    let mut h = harness(Lang::Ko, SMALL, DebriefUiState::default());
    let prompt = h.state().locale.say("reflect-plus");
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, &prompt).focus();
    h.run_steps(2);
    // As an input method sends it: a syllable grows, then the word is committed.
    for ime in ["ㅎ", "하", "한"] {
        h.event(egui::Event::Ime(egui::ImeEvent::Preedit { text: ime.to_owned(), active_range_chars: None }));
        h.run_steps(1);
    }
    h.event(egui::Event::Ime(egui::ImeEvent::Commit("한 번에 채널에 적기".to_owned())));
    h.run_steps(2);
    assert_eq!(h.state().state.reflect.drafts[2], "한 번에 채널에 적기");
    h.key_press(egui::Key::Enter);
    h.run_steps(3);
    let sent = UiAction::Reflect {
        seat: "primary".to_owned(),
        on: Reflection::Plus,
        text: "한 번에 채널에 적기".to_owned(),
        owner: String::new(),
    };
    assert_eq!(h.state().out, vec![sent]);
    assert!(h.state().state.reflect.drafts[2].is_empty(), "the field is free for the next thought");
    assert_eq!(h.state().state.stage, Stage::Reactions, "letters that are written are no keys");
    // The first Escape lets go of a field; only a second one would leave the page.
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, &prompt).focus();
    h.run_steps(2);
    h.key_press(egui::Key::Escape);
    h.run_steps(2);
    assert_eq!(h.state().out.len(), 1, "{:?}", h.state().out);
    // The other seat writes an action item with its owner.
    let comms = seat_word(&h.state().locale, "comms");
    h.get_by_role_and_label(egui::accesskit::Role::Button, &comms).click();
    h.run_steps(2);
    let action = h.state().locale.say("dui-reflect-action");
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, &action).focus();
    h.run_steps(2);
    h.event(egui::Event::Text("alert on free space".to_owned()));
    h.run_steps(2);
    let owner = h.state().locale.say("dui-reflect-owner");
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, &owner).focus();
    h.run_steps(2);
    h.event(egui::Event::Text("storage".to_owned()));
    h.run_steps(2);
    h.key_press(egui::Key::Enter);
    h.run_steps(3);
    let UiAction::Reflect { seat, on, text, owner } = h.state().out.last().unwrap().clone() else { panic!() };
    assert_eq!(
        (seat.as_str(), on, text.as_str(), owner.as_str()),
        ("comms", Reflection::Action, "alert on free space", "storage")
    );
}

#[test]
fn what_lies_under_the_menu_of_exports_says_nothing() {
    let mut h = harness(Lang::En, LARGE, DebriefUiState { stage: Stage::Numbers, ..DebriefUiState::default() });
    let row = |n: &AccessKitNode<'_>| n.value().is_some_and(|v| v.starts_with("D1: "));
    let check = h.query_all_by(row).next().expect("a row of the first check");
    let said = check.accesskit_node().value().unwrap_or_default().trim_start_matches("D1: ").to_owned();
    let at = check.rect().left_center() + egui::vec2(40.0, 0.0);
    let told = |h: &Harness<'_, World>| h.query_all_by_label(&said).count();
    let before = told(&h);
    h.hover_at(at);
    h.run_steps(8);
    assert_eq!(told(&h), before + 1, "the row says itself: {said}");
    h.key_press(egui::Key::X);
    h.run_steps(8);
    assert_eq!(told(&h), before, "the menu covers it");
}

#[test]
fn sliders_of_the_workload_send_steps_of_five() {
    let mut h = harness(Lang::En, LARGE, DebriefUiState::default());
    let label = "Effort: –";
    h.get_by_label(label).focus();
    h.run_steps(2);
    h.key_press(egui::Key::ArrowRight);
    h.run_steps(2);
    let sent = UiAction::Workload { seat: "primary".to_owned(), scale: LoadScale::Effort, value: 55 };
    assert_eq!(h.state().out, vec![sent]);
    let at = h.get_by_label(label).rect();
    h.drag_at(at.left_center() + egui::vec2(8.0, 0.0));
    h.run_steps(1);
    h.hover_at(at.center());
    h.run_steps(1);
    h.drop_at(at.center());
    h.run_steps(2);
    let Some(UiAction::Workload { scale, value, .. }) = h.state().out.last().cloned() else {
        panic!("{:?}", h.state().out)
    };
    assert_eq!((scale, value), (LoadScale::Effort, 50));
}

#[test]
fn a_witness_writes_beside_a_row_of_the_original() {
    let mut h = harness(Lang::En, LARGE, lanes());
    let row = h.state().vm.original.iter().find(|m| m.id == "r6").unwrap().clone();
    let label = format!("{} {}", moment(&h.state().locale, row.t_s), say(&h.state().locale, &row.text));
    h.get_by_label(&label).click();
    h.run_steps(3);
    assert_eq!(h.state().state.witness.as_ref().map(|w| w.0.as_str()), Some("r6"));
    let ask = h.state().locale.say("dui-witness-ask");
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, &ask).focus();
    h.run_steps(2);
    h.event(egui::Event::Text("the release was two clicks away".to_owned()));
    h.run_steps(2);
    h.key_press(egui::Key::Enter);
    h.run_steps(3);
    let sent = UiAction::Witness {
        seat: "primary".to_owned(),
        row: "r6".to_owned(),
        text: "the release was two clicks away".to_owned(),
    };
    assert_eq!(h.state().out, vec![sent]);
    h.key_press(egui::Key::Escape);
    h.run_steps(2);
    h.key_press(egui::Key::Escape);
    h.run_steps(2);
    assert!(h.state().state.witness.is_none());
    // What was written before is on the card of its row.
    let row = h.state().vm.original.iter().find(|m| m.id == "r3").unwrap().clone();
    let label = format!("{} {}", moment(&h.state().locale, row.t_s), say(&h.state().locale, &row.text));
    h.get_by_label(&label).click();
    h.run_steps(3);
    assert!(h.query_by_label_contains("the graph was on the wall").is_some());
}

#[test]
fn the_seat_filter_leaves_the_others_as_small_rings() {
    let mut h = harness(Lang::En, LARGE, lanes());
    let mine = |h: &Harness<'static, World>| h.query_by_label_contains("Rolled back to v1041").is_some();
    assert!(mine(&h));
    h.key_press(egui::Key::S);
    h.run_steps(2);
    assert_eq!(h.state().state.seat.as_deref(), Some("primary"));
    assert!(mine(&h));
    h.key_press(egui::Key::S);
    h.run_steps(2);
    assert_eq!(h.state().state.seat.as_deref(), Some("comms"));
    assert!(!mine(&h), "another seat's labels and pills are away");
    h.key_press(egui::Key::S);
    h.run_steps(2);
    assert_eq!(h.state().state.seat, None);
    assert!(mine(&h));
}

#[test]
fn what_the_reference_assumes_is_said_beside_the_numbers() {
    let h = harness(Lang::En, LARGE, DebriefUiState { stage: Stage::Numbers, ..DebriefUiState::default() });
    assert!(h.query_by_label_contains("Par of M3 rests on a time").is_some());
}

#[test]
fn grounds_and_diagnosis_are_on_their_pages() {
    let state = |stage| DebriefUiState { stage, ..DebriefUiState::default() };
    let h = harness(Lang::En, LARGE, state(Stage::Plus));
    assert!(h.query_by_label_contains("followed what was on the screen").is_some());
    assert!(h.query_by_label("on other grounds").is_some());
    assert!(h.query_by_label("Roll back, or fix forward?").is_some());
    assert!(h.query_by_label("Roll back (it brings relief)").is_some());
    assert!(h.query_by_label("Empty the CDN first (nothing comes of it)").is_some());
    let h = harness(Lang::En, LARGE, state(Stage::Questions));
    assert!(h.query_by_label("How it reached users: api → cdn → downloads").is_some());
    assert!(h.query_by_label("cause, 70 %").is_some());
    // What the comparison rests on stands below them, in the window or on the way to it.
    for words in [
        "API restarted: a side path of the original at +9:00 (pm 12:26); taken here at +6:12",
        "search: Requests, search · coincidence: so, but for another reason; first on a screen at +4:00",
        "Counted from another moment, the first report (pm 12:24), every time shifts by −7:00.",
    ] {
        assert!(h.query_by_label(words).is_some(), "{words}");
    }
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
