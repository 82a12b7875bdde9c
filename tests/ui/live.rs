//! The live room and the game master's station: what pressing, typing and looking does.

use crate::{projection, raster};
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use wheel_of_misfortune::host::{Options, SessionHost};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::session::PRIMARY;
use wheel_of_misfortune::session::projection::Projection;
use wheel_of_misfortune::storage::package;
use wheel_of_misfortune::ui::gm::{GmUiState, gm_ui};
use wheel_of_misfortune::ui::live::dialog::Dialog;
use wheel_of_misfortune::ui::live::{LiveUiState, Tab, live_ui};
use wheel_of_misfortune::ui::panel::console::Completion;
use wheel_of_misfortune::ui::panel::pager::Fold;
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::UiAction;
use wheel_of_misfortune::view::gm::GmVm;
use wheel_of_misfortune::view::live::LiveVm;

/// A room under test: model, state, words, and what it asked for.
struct Room {
    vm: LiveVm,
    ui: LiveUiState,
    locale: Locale,
    out: Vec<UiAction>,
}

impl Room {
    fn new(p: &Projection, lang: Lang) -> Room {
        Room { vm: LiveVm::of(p), ui: LiveUiState::default(), locale: Locale::new(lang), out: Vec::new() }
    }
}

fn shot(
    name: &str,
    p: &Projection,
    lang: Lang,
    (w, h): (f32, f32),
    prepare: impl Fn(&mut LiveUiState),
) -> raster::Picture {
    let mut screen = raster::Screen::new(w, h);
    let mut room = Room::new(p, lang);
    room.ui.composer.impact = match lang {
        Lang::En => "Downloads: 4× the usual requests. Effect on users unknown".to_owned(),
        Lang::Ko => "다운로드 요청이 평소의 4배. 사용자 영향은 아직 모름".to_owned(),
    };
    room.ui.console.term(1).line = "curl -I".to_owned();
    prepare(&mut room.ui);
    let picture = screen.draw(5, Vec::new(), |ui| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out));
    raster::keep(&picture, name);
    picture
}

#[test]
fn a_trainees_screen_has_no_rose_and_no_violet() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
        for size in [(1920.0, 1080.0), (1280.0, 720.0)] {
            let name = format!("live-{tag}-{}", size.0);
            let picture = shot(&name, &projection::trainee(), lang, size, |_| {});
            assert_eq!(picture.count(theme::DARK.gm, 6), 0, "{name} shows rose");
            assert_eq!(picture.count(theme::DARK.theirs, 6), 0, "{name} shows violet");
            assert!(picture.count(theme::DARK.amber, 6) > 2000, "{name}: the page does not stand out");
        }
    }
}

#[test]
fn the_station_draws_in_both_languages() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
        let vm = GmVm::of(&projection::game_master()).expect("a game master's projection");
        let locale = Locale::new(lang);
        let mut state = GmUiState { card: Some("surge".to_owned()), ..GmUiState::default() };
        let mut out = Vec::new();
        let mut screen = raster::Screen::new(1920.0, 1080.0);
        let picture = screen.draw(5, Vec::new(), |ui| gm_ui(ui, &vm, &mut state, &locale, &mut out));
        raster::keep(&picture, &format!("gm-{tag}"));
        let mut small = raster::Screen::new(1280.0, 720.0);
        let mut narrow = GmUiState::default();
        let shown = small.draw(5, Vec::new(), |ui| gm_ui(ui, &vm, &mut narrow, &locale, &mut out));
        raster::keep(&shown, &format!("gm-{tag}-1280"));
        assert!(picture.count(theme::DARK.gm, 4) > 10_000, "the station is not marked as the game master's");
        assert!(out.is_empty(), "drawing asked for {out:?}");
    }
}

fn harness(p: &Projection, size: (f32, f32)) -> Harness<'static, Room> {
    let mut h = Harness::builder().with_size(egui::vec2(size.0, size.1)).build_ui_state(
        |ui, room: &mut Room| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out),
        Room::new(p, Lang::En),
    );
    h.run_steps(3);
    h.state_mut().out.clear();
    h
}

fn lines(h: &Harness<'_, Room>) -> Vec<String> {
    let line = |a: &UiAction| if let UiAction::Line(l) = a { Some(l.clone()) } else { None };
    h.state().out.iter().filter_map(line).collect()
}

/// Takes the keyboard away from the console, which has it when the room opens.
fn leave_console(h: &mut Harness<'_, Room>) {
    h.key_press(Key::Escape);
    h.run_steps(2);
    assert!(!h.state().out.contains(&UiAction::Back), "the first Escape only lets go of the keyboard");
    h.state_mut().out.clear();
}

#[test]
fn escape_backs_out_step_by_step() {
    let mut h = harness(&projection::trainee(), (1280.0, 720.0));
    leave_console(&mut h);
    h.key_press(Key::Escape);
    h.run_steps(2);
    assert!(h.state().out.contains(&UiAction::Back), "nothing has the keyboard: it asks to leave");
}

#[test]
fn acknowledging_sends_the_line_of_that_page() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    h.get_by_label("Acknowledge page 1: Request rate above usual band").click();
    h.run_steps(2);
    assert_eq!(lines(&h), [":ack 1"]);
}

#[test]
fn letters_act_only_while_nothing_is_typed() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    h.event(Event::Text("a".to_owned()));
    h.key_press(Key::A);
    h.run_steps(2);
    assert!(lines(&h).is_empty(), "a letter typed into the console acknowledged a page");
    assert_eq!(h.state_mut().ui.console.term(1).line, "a");
    h.key_press_modifiers(Modifiers::ALT, Key::A);
    h.run_steps(2);
    assert_eq!(lines(&h), [":ack 1"], "Alt and the letter act inside the console");
    leave_console(&mut h);
    h.key_press(Key::A);
    h.run_steps(2);
    assert_eq!(lines(&h), [":ack 1"], "the letter acts outside");
}

#[test]
fn the_update_key_goes_to_the_composer_and_types_nothing() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    leave_console(&mut h);
    h.event(Event::Text("u".to_owned()));
    h.key_press(Key::U);
    h.run_steps(2);
    h.event(Event::Text("Downloads fail".to_owned()));
    h.run_steps(2);
    assert_eq!(h.state().ui.composer.impact, "Downloads fail");
    h.get_by_label("Post the update").click();
    h.run_steps(2);
    let posted =
        h.state().out.iter().find_map(|a| if let UiAction::Post { fields, .. } = a { Some(fields) } else { None });
    let fields = posted.expect("an update was posted");
    assert_eq!(fields.impact.as_deref(), Some("Downloads fail"));
    assert_eq!(fields.again_min, Some(10));
    assert!(h.state().ui.composer.impact.is_empty(), "the fields are cleared");
}

#[test]
fn a_command_line_is_submitted_recalled_and_interrupted() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    h.event(Event::Text("heroku ps".to_owned()));
    h.key_press(Key::Enter);
    h.run_steps(3);
    let typed = UiAction::Type { terminal: 1, text: "heroku ps".to_owned() };
    assert!(h.state().out.contains(&typed), "{:?}", h.state().out);
    h.key_press(Key::ArrowUp);
    h.run_steps(2);
    let newest = "curl -I https://registry.example/api/v1/crates/serde/1.0.171/download";
    assert_eq!(h.state_mut().ui.console.term(1).line, newest);
    h.event(Event::Copy);
    h.run_steps(2);
    assert!(h.state().out.contains(&UiAction::Signal { terminal: 1, signal: "int" }));
    assert_eq!(h.state_mut().ui.console.term(1).line, "");
    h.event(Event::Text("he".to_owned()));
    h.run_steps(2);
    h.key_press(Key::Tab);
    h.run_steps(2);
    let asked = UiAction::Complete { terminal: 1, line: "he".to_owned(), cursor: 2 };
    assert!(h.state().out.contains(&asked), "{:?}", h.state().out);
    let answer = Completion { terminal: 1, asked: "he".into(), line: "heroku ".into(), cursor: 7, candidates: vec![] };
    h.state_mut().ui.console.complete(answer);
    h.event(Event::Text("ps".to_owned()));
    h.run_steps(3);
    assert_eq!(h.state_mut().ui.console.term(1).line, "heroku ps");
}

#[test]
fn severity_is_declared_from_the_keyboard_alone() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    leave_console(&mut h);
    h.key_press(Key::D);
    h.run_steps(3);
    h.key_press(Key::Num2);
    h.run_steps(3);
    assert_eq!(lines(&h), [":declare sev2"]);
    assert!(h.state().ui.dialog.open.is_none(), "the dialog closes");
}

#[test]
fn the_palette_finds_an_action_by_its_letters() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    h.key_press_modifiers(Modifiers::COMMAND, Key::K);
    h.run_steps(3);
    h.event(Event::Text("ack".to_owned()));
    h.run_steps(2);
    h.key_press(Key::Enter);
    h.run_steps(3);
    assert_eq!(lines(&h), [":ack 1"]);
    assert!(!h.state().ui.palette.open);
}

#[test]
fn a_latin_keyboard_finds_actions_in_korean_too() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    h.state_mut().locale = Locale::new(Lang::Ko);
    for query in ["end", "연습"] {
        h.key_press_modifiers(Modifiers::COMMAND, Key::K);
        h.run_steps(3);
        h.event(Event::Text(query.to_owned()));
        h.run_steps(2);
        h.key_press(Key::Enter);
        h.run_steps(3);
        assert_eq!(h.state().ui.dialog.open, Some(Dialog::End), "{query}");
        h.key_press(Key::Escape);
        h.run_steps(3);
        assert_eq!(h.state().ui.dialog.open, None);
    }
}

#[test]
fn what_comes_on_screen_and_leaves_it_is_told() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    leave_console(&mut h);
    h.key_press(Key::Num3);
    h.run_steps(3);
    let view =
        |panel: &str, subject: &str, shown| UiAction::View { panel: panel.into(), subject: subject.into(), shown };
    let out = &h.state().out;
    assert!(out.contains(&view("graph", "requests", false)), "{out:?}");
    assert!(out.contains(&view("log", "", true)), "{out:?}");
    assert!(!out.contains(&view("map", "", false)), "the map is still there: {out:?}");
}

#[test]
fn every_widget_that_can_be_pressed_has_a_label_of_its_own() {
    for size in [(1920.0, 1080.0), (1280.0, 720.0)] {
        let h = harness(&projection::trainee(), size);
        let mut seen = std::collections::BTreeSet::new();
        let mut count = 0;
        for node in h.root().children_recursive() {
            let node = node.accesskit_node();
            let role = format!("{:?}", node.role());
            if ["Button", "TextInput", "MultilineTextInput", "ComboBox", "CheckBox"].contains(&role.as_str()) {
                let label = node.label().unwrap_or_default();
                assert!(!label.is_empty(), "a {role} at {size:?} has no label");
                count += 1;
                assert!(seen.insert(label.clone()), "two widgets are called `{label}` at {size:?}");
            }
        }
        assert!(count > 30, "only {count} widgets found");
    }
}

#[test]
fn nothing_in_the_small_window_lies_on_top_of_another_control() {
    let h = harness(&projection::trainee(), (1280.0, 720.0));
    let labels =
        ["Acknowledge page 1: Request rate above usual band", "Post the update", "Graphs", "Service map", "Logs"];
    let rects: Vec<_> = labels.iter().map(|l| h.get_by_label(l).rect()).collect();
    for (i, a) in rects.iter().enumerate() {
        assert!(a.max.x <= 1280.0 && a.max.y <= 720.0, "{} leaves the window", labels[i]);
        for (j, b) in rects.iter().enumerate().skip(i + 1) {
            assert!(!a.shrink(1.0).intersects(b.shrink(1.0)), "{} lies on {}", labels[i], labels[j]);
        }
    }
}

#[test]
fn the_layout_is_remembered() {
    let mut state = LiveUiState::default();
    state.choose(Tab::Logs);
    state.choose(Tab::Runbooks);
    state.console.split();
    let mut other = LiveUiState::default();
    other.set_layout(&state.layout());
    assert_eq!((other.left, other.right, other.console.second), (Tab::Logs, Tab::Runbooks, Some(2)));
    assert_eq!(other.single, Tab::Runbooks, "a small window shows the tab that was chosen last");
    other.set_layout("nonsense");
    assert_eq!(other.layout(), state.layout());
    state.choose(Tab::Logs);
    state.pager.fold = Fold::Tickets;
    other.set_layout(&state.layout());
    assert_eq!((other.single, other.pager.fold), (Tab::Logs, Fold::Tickets));
}

struct Station {
    vm: GmVm,
    ui: GmUiState,
    locale: Locale,
    out: Vec<UiAction>,
}

#[test]
fn the_game_master_fires_holds_asks_and_pauses() {
    let vm = GmVm::of(&projection::game_master()).expect("a game master's projection");
    let station = Station { vm, ui: GmUiState::default(), locale: Locale::new(Lang::En), out: Vec::new() };
    let mut h = Harness::builder()
        .with_size(egui::vec2(1920.0, 1080.0))
        .build_ui_state(|ui, s: &mut Station| gm_ui(ui, &s.vm, &mut s.ui, &s.locale, &mut s.out), station);
    h.run_steps(3);
    h.get_by_label("Card Build farm starts, traffic surge").click();
    h.run_steps(2);
    h.get_by_label("Fire the chosen card").click();
    h.run_steps(2);
    h.get_by_label("Hold or release ticket-resolve").click();
    h.run_steps(2);
    h.get_by_label("Ask now").click();
    h.run_steps(2);
    h.get_by_label("Pause").click();
    h.run_steps(2);
    // The first press shows where it goes, the next one goes there: to the last bookmark.
    for pressed in [1, 2] {
        h.key_press(Key::R);
        h.run_steps(2);
        let asked = h.state().out.iter().any(|a| matches!(a, UiAction::Rewind(480)));
        assert_eq!(asked, pressed == 2, "after {pressed} presses");
        assert_eq!(h.state().ui.rewind, (pressed == 1).then_some(480));
    }
    h.key_press(Key::R);
    h.run_steps(2);
    h.key_press(Key::Escape);
    h.run_steps(2);
    assert_eq!(h.state().ui.rewind, None, "Escape takes it back");
    let line = |a: &UiAction| if let UiAction::Line(l) = a { Some(l.clone()) } else { None };
    let lines: Vec<_> = h.state().out.iter().filter_map(line).collect();
    let want = [
        "@gm inject surge",
        "@gm hold ticket-resolve",
        "@gm nudge 1 \"What does a client do with that answer?\"",
        "@gm pause",
    ];
    assert_eq!(lines, want);
}

#[test]
fn every_dialog_says_words_in_both_languages() {
    use wheel_of_misfortune::ui::live::dialog::Dialog;
    let all = [
        (Dialog::Declare, "declare"),
        (Dialog::Role, "role"),
        (Dialog::PagePerson, "page"),
        (Dialog::Help, "help"),
        (Dialog::Hypothesis, "hypothesis"),
        (Dialog::Cause, "cause"),
        (Dialog::Resolve, "resolve"),
        (Dialog::FollowUp, "follow-up"),
        (Dialog::Keys, "keys"),
        (Dialog::End, "end"),
    ];
    for lang in Lang::ALL {
        for (dialog, name) in all {
            let mut room = Room::new(&projection::trainee(), lang);
            room.ui.dialog.show(dialog);
            let mut h = Harness::builder().with_size(egui::vec2(1920.0, 1080.0)).build_ui_state(
                |ui, room: &mut Room| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out),
                room,
            );
            h.run_steps(3);
            assert!(h.state().ui.dialog.open.is_some(), "{name} closed itself");
            for node in h.root().children_recursive() {
                let label = node.accesskit_node().label().unwrap_or_default();
                assert!(!label.contains('⟦'), "{name} in {lang:?} has no words for {label}");
            }
            if matches!(dialog, Dialog::Cause | Dialog::Keys) {
                shot(&format!("dialog-{name}-{}", lang.tag()), &projection::trainee(), lang, (1920.0, 1080.0), |s| {
                    s.dialog.show(dialog);
                });
            }
        }
    }
}

#[test]
fn two_hosts_stand_side_by_side_and_silence_is_hatched() {
    let mut p = projection::trainee();
    let mut points = (*p.graphs[0].points).clone();
    let from = points.len() - 20;
    points.iter_mut().skip(from).for_each(|(_, v)| *v = None);
    p.graphs[0].points = std::sync::Arc::new(points);
    p.incident.severity = Some(2);
    p.incident.declared_t_s = Some(100);
    p.incident.roles = vec![("ic".to_owned(), "secondary".to_owned())];
    p.incident.last_update_t_s = Some(200);
    p.incident.promised_t_s = Some(500);
    p.map.edges[3].error_share = 0.4;
    p.map.nodes[6].health = wheel_of_misfortune::session::projection::Health::Critical;
    p.jobs.push(wheel_of_misfortune::session::projection::JobView {
        id: 1,
        what: "pg_basebackup".to_owned(),
        started_t_s: 300,
        elapsed_s: 252,
    });
    let picture = shot("live-split", &p, Lang::En, (1920.0, 1080.0), |s| s.console.split());
    assert_eq!(picture.count(theme::DARK.gm, 6), 0);
    let mut room = Room::new(&p, Lang::Ko);
    room.ui.palette.open = true;
    let mut screen = raster::Screen::new(1280.0, 720.0);
    let picture = screen.draw(5, Vec::new(), |ui| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out));
    raster::keep(&picture, "live-palette-ko");
    let mut room = Room::new(&p, Lang::En);
    let mut screen = raster::Screen::new(3840.0, 2160.0);
    let picture = screen.draw(5, Vec::new(), |ui| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out));
    raster::keep(&picture, "live-4k");
    let mut screen = raster::Screen::light(1920.0, 1080.0);
    let picture = screen.draw(5, Vec::new(), |ui| live_ui(ui, &room.vm, &mut room.ui, &room.locale, &mut room.out));
    raster::keep(&picture, "live-light");
    assert!(picture.count(theme::LIGHT.panel, 2) > 100_000, "the light theme is not light");
}

#[test]
fn a_press_anywhere_in_the_console_gives_it_the_keyboard() {
    let mut h = harness(&projection::trainee(), (1920.0, 1080.0));
    let input = wheel_of_misfortune::ui::panel::console::input_id(1);
    h.ctx.memory_mut(|m| m.surrender_focus(input));
    h.run_steps(2);
    assert_ne!(h.ctx.memory(|m| m.focused()), Some(input));
    let pos = egui::pos2(860.0, 1000.0);
    h.event(Event::PointerMoved(pos));
    for pressed in [true, false] {
        h.event(Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        h.run_steps(1);
    }
    h.run_steps(2);
    assert_eq!(h.ctx.memory(|m| m.focused()), Some(input));
}

/// Lowest tab of the map on each shipped incident: nodes apart from each other and from the legend, in the smallest window too.
#[test]
fn nodes_of_the_map_touch_neither_each_other_nor_the_legend() {
    for package in package::bundled() {
        let host = SessionHost::start(package.clone(), Options::default()).expect("it starts");
        let p = host.projection(PRIMARY);
        for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
            for size in [(1280.0, 720.0), (1920.0, 1080.0)] {
                let name = format!("map-{}-{tag}-{}", &package.slug[..6], size.0);
                shot(&name, &p, lang, size, |s| s.choose(Tab::Map));
            }
        }
        for size in [(1280.0, 720.0), (1920.0, 1080.0)] {
            let mut h = harness(&p, size);
            h.state_mut().ui.choose(Tab::Map);
            h.run_steps(3);
            let nodes: Vec<egui::Rect> = h.get_all_by_label_contains("Map node ").map(|n| n.rect()).collect();
            assert_eq!(nodes.len(), h.state().vm.map.nodes.len(), "every node is there");
            let legend = h.get_by_label("traffic").rect();
            for (i, a) in nodes.iter().enumerate() {
                assert!(a.bottom() < legend.top() - 8.0, "{} {size:?}: {a:?} over {legend:?}", package.slug);
                for b in &nodes[i + 1..] {
                    assert!(!a.expand(2.0).intersects(*b), "{} {size:?}: {a:?} and {b:?}", package.slug);
                }
            }
        }
    }
}
