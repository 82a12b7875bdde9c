//! The session again: the room of any seat at any moment, in both languages and sizes; its bar, its keys; nothing of it acts.

use crate::debrief_fixture::debrief;
use crate::raster::{Screen, keep};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::time::Duration;
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::storage::package;
use wheel_of_misfortune::ui::replay::{ReplayUiState, replay_ui};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::UiAction;
use wheel_of_misfortune::view::debrief::DebriefVm;
use wheel_of_misfortune::view::replay::ReplayVm;

fn moment(seat: &str) -> ReplayVm {
    let package = package::bundled().into_iter().find(|p| p.slug.contains("registry")).unwrap();
    let mut host = SessionHost::start(package, Options::default()).expect("it starts");
    host.advance(700).unwrap();
    ReplayVm::of(&host.projection(seat), &["primary".to_owned()], -120, 900, 1800)
}

struct World {
    vm: ReplayVm,
    debrief: DebriefVm,
    state: ReplayUiState,
    out: Vec<UiAction>,
}

fn harness(seat: &str) -> Harness<'static, World> {
    let vm = moment(seat);
    let state = ReplayUiState::new(seat, vm.t_s);
    let world = World { vm, debrief: DebriefVm::of(&debrief()), state, out: Vec::new() };
    let locale = Locale::new(Lang::En);
    let mut h = Harness::builder().with_size(egui::vec2(1920.0, 1080.0)).build_ui_state(
        move |ui, w: &mut World| {
            if theme::ensure(ui.ctx()) {
                let full = ui.ctx().viewport_rect();
                ui.scope_builder(egui::UiBuilder::new().max_rect(full), |ui| {
                    ui.set_clip_rect(full);
                    replay_ui(ui, &locale, &w.debrief, &w.vm, &mut w.state, &mut w.out);
                });
            }
        },
        world,
    );
    h.run_steps(3);
    h
}

#[test]
fn rooms_draw_in_both_languages_and_sizes() {
    let debrief = DebriefVm::of(&debrief());
    for seat in ["primary", "gm"] {
        let vm = moment(seat);
        for lang in Lang::ALL {
            let locale = Locale::new(lang);
            for (w, h, tag) in [(1920.0, 1080.0, "1080"), (1280.0, 720.0, "720")] {
                let mut screen = Screen::new(w, h);
                let (mut state, mut out) = (ReplayUiState::new(seat, vm.t_s), Vec::new());
                let picture = screen.draw(3, Vec::new(), |ui| {
                    if theme::ensure(ui.ctx()) {
                        replay_ui(ui, &locale, &debrief, &vm, &mut state, &mut out);
                    }
                });
                keep(&picture, &format!("replay-{seat}-{}-{tag}", lang.tag()));
                assert!(out.is_empty(), "looking asks for nothing");
                let rose = picture.count(theme::DARK.gm, 4) > 0;
                assert_eq!(rose, seat == "gm", "rose is the game master's alone");
            }
        }
    }
}

#[test]
fn keys_move_the_moment_and_never_reach_a_session() {
    let mut h = harness("primary");
    let at = h.state().state.t_s;
    h.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::ArrowRight);
    h.run_steps(2);
    assert_eq!(h.state().state.t_s, at + 1);
    h.key_press(egui::Key::ArrowLeft);
    h.run_steps(2);
    assert!(h.state().state.t_s < at);
    h.key_press(egui::Key::Space);
    h.run_steps(2);
    assert!(h.state().state.playing);
    h.key_press(egui::Key::Minus);
    h.run_steps(2);
    assert_eq!(h.state().state.speed, 5);
    h.key_press(egui::Key::S);
    h.run_steps(2);
    assert_eq!(h.state().state.seat, "gm");
    // What would act in the room does not: letters, lines, Ctrl-chords.
    for text in ["rm -rf /", "a", "d"] {
        h.event(egui::Event::Text(text.to_owned()));
    }
    h.key_press(egui::Key::Enter);
    h.key_press(egui::Key::A);
    h.key_press(egui::Key::D);
    h.key_press_modifiers(egui::Modifiers::CTRL, egui::Key::K);
    h.run_steps(3);
    assert!(h.state().out.is_empty(), "{:?}", h.state().out);
    h.key_press(egui::Key::B);
    h.run_steps(2);
    let t_s = h.state().vm.t_s;
    assert_eq!(h.state().out, vec![UiAction::Branch(t_s)]);
    h.key_press(egui::Key::Escape);
    h.run_steps(2);
    assert!(h.state().state.close);
}

#[test]
fn the_slider_and_the_buttons_do_what_the_keys_do() {
    let mut h = harness("gm");
    h.get_by_label("Speed 60").click();
    h.get_by_label("Seat: primary").click();
    h.get_by_role_and_label(egui::accesskit::Role::Button, "Play").click();
    h.run_steps(2);
    assert_eq!((h.state().state.speed, h.state().state.seat.as_str(), h.state().state.playing), (60, "primary", true));
    let slider = h.get_by_label_contains("Moment ").rect();
    h.drag_at(slider.left_center() + egui::vec2(24.0, 0.0));
    h.run_steps(1);
    h.drop_at(slider.left_center() + egui::vec2(24.0, 0.0));
    h.run_steps(2);
    assert_eq!(h.state().state.t_s, -120);
}

#[test]
fn time_flows_at_the_chosen_speed_and_stands_at_the_end() {
    let mut state = ReplayUiState::new("primary", 0);
    state.pass(Duration::from_secs(1), 100);
    assert_eq!(state.t_s, 0, "it stands until somebody plays it");
    state.playing = true;
    state.speed = 1;
    for _ in 0..30 {
        state.pass(Duration::from_millis(100), 100);
    }
    assert_eq!(state.t_s, 3, "tenths add up");
    state.speed = 60;
    state.pass(Duration::from_millis(500), 100);
    assert_eq!(state.t_s, 33);
    state.pass(Duration::from_secs(9), 100);
    assert_eq!(state.t_s, 93, "a gap of real time is no leap");
    state.pass(Duration::from_secs(1), 100);
    assert_eq!((state.t_s, state.playing), (100, false));
}
