//! Boards and the query box: what typing, choosing and looking does.

use crate::{projection, raster};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::session::projection::Projection;
use wheel_of_misfortune::ui::live::{LiveUiState, Tab, live_ui};
use wheel_of_misfortune::view::action::UiAction;
use wheel_of_misfortune::view::live::LiveVm;

struct Room {
    vm: LiveVm,
    ui: LiveUiState,
    locale: Locale,
    out: Vec<UiAction>,
}

fn room(p: &Projection, lang: Lang) -> Room {
    let mut ui = LiveUiState::default();
    ui.choose(Tab::Explore);
    Room { vm: LiveVm::of(p), ui, locale: Locale::new(lang), out: Vec::new() }
}

fn harness() -> Harness<'static, Room> {
    let mut h = Harness::builder().with_size(egui::vec2(1920.0, 1080.0)).build_ui_state(
        |ui, r: &mut Room| live_ui(ui, &r.vm, &mut r.ui, &r.locale, &mut r.out),
        room(&projection::trainee(), Lang::En),
    );
    h.run_steps(3);
    h.state_mut().out.clear();
    h
}

/// Panels that were told to come on screen, and those that left it.
fn looks(h: &Harness<'_, Room>) -> Vec<(String, String, bool)> {
    let of = |a: &UiAction| match a {
        UiAction::View { panel, subject, shown } => Some((panel.clone(), subject.clone(), *shown)),
        _ => None,
    };
    h.state().out.iter().filter_map(of).collect()
}

fn look(panel: &str, subject: &str, shown: bool) -> (String, String, bool) {
    (panel.to_owned(), subject.to_owned(), shown)
}

#[test]
fn choosing_a_board_and_a_range_is_a_look_with_that_range() {
    let mut h = harness();
    h.get_by_label("Board of registry-api").click();
    h.run_steps(2);
    assert_eq!(looks(&h), [look("board", "30m registry-api", true)]);
    h.state_mut().out.clear();
    h.get_by_label("Show the last 1h").click();
    h.run_steps(2);
    assert_eq!(looks(&h), [look("board", "30m registry-api", false), look("board", "1h registry-api", true)]);
    h.state_mut().out.clear();
    h.state_mut().ui.choose(Tab::Logs);
    h.run_steps(2);
    assert!(looks(&h).contains(&look("board", "1h registry-api", false)), "out of sight: {:?}", looks(&h));
}

#[test]
fn a_query_is_completed_while_it_is_typed_and_asked_with_enter() {
    let mut h = harness();
    h.get_by_label("Query in PromQL").focus();
    h.run_steps(2);
    h.get_by_label("Query in PromQL").type_text("rate(http_re");
    h.run_steps(2);
    let asked = UiAction::CompleteQuery { text: "rate(http_re".into(), cursor: 12 };
    assert!(h.state().out.contains(&asked), "{:?}", h.state().out);
    let words = vec!["http_requests_total".to_owned(), "http_requests_queued".to_owned()];
    h.state_mut().ui.explore.complete("something older".into(), 0, words.clone());
    assert!(h.state().ui.explore.candidates.is_none(), "an answer to another text is dropped");
    h.state_mut().ui.explore.complete("rate(http_re".into(), 5, words);
    h.run_steps(2);
    h.get_by_label("Complete with http_requests_total").click();
    h.run_steps(2);
    assert_eq!(h.state().ui.explore.query, "rate(http_requests_total");
    h.get_by_label("Query in PromQL").focus();
    h.run_steps(2);
    h.get_by_label("Query in PromQL").type_text("[1m])");
    h.run_steps(2);
    h.state_mut().out.clear();
    h.key_press(Key::Enter);
    h.run_steps(2);
    let query = h.state().ui.explore.query.clone();
    assert_eq!(query, "rate(http_requests_total[1m])", "what is typed stands behind what was filled in");
    assert!(looks(&h).contains(&look("promql", &format!("30m {query}"), true)), "{query}: {:?}", looks(&h));
}

#[test]
fn tab_takes_the_first_word_that_is_offered_and_else_leads_on() {
    let mut h = harness();
    h.get_by_label("Query in PromQL").focus();
    h.run_steps(2);
    h.get_by_label("Query in PromQL").type_text("rate(http_re");
    h.run_steps(2);
    let words = vec!["http_requests_total".to_owned(), "http_requests_queued".to_owned()];
    h.state_mut().ui.explore.complete("rate(http_re".into(), 5, words);
    h.run_steps(2);
    h.key_press(Key::Tab);
    h.run_steps(2);
    assert_eq!(h.state().ui.explore.query, "rate(http_requests_total");
    assert!(h.get_by_label("Query in PromQL").is_focused(), "the field goes on");
    h.get_by_label("Query in PromQL").type_text("[1m])");
    h.run_steps(2);
    assert_eq!(h.state().ui.explore.query, "rate(http_requests_total[1m])");
    h.key_press(Key::Tab);
    h.run_steps(2);
    assert!(!h.get_by_label("Query in PromQL").is_focused(), "nothing is offered");
}

#[test]
fn charts_say_their_title_their_lines_and_the_figure() {
    let mut h = harness();
    h.state_mut().ui.explore.board = Some("registry-api".into());
    h.run_steps(2);
    h.get_by_label_contains("Requests by status: 3 lines, now");
    h.get_by_label_contains("Errors: 1 lines, now 1.");
    assert!(h.query_by_label_contains("up: 1 lines").is_none(), "nobody asked it here");
}

#[test]
fn the_board_draws_in_both_languages_and_sizes() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
        for size in [(1920.0, 1080.0), (1280.0, 720.0)] {
            let mut r = room(&projection::trainee(), lang);
            r.ui.explore.board = Some("registry-api".into());
            r.ui.explore.asked = Some("up".into());
            r.ui.explore.query = "up".into();
            let mut screen = raster::Screen::new(size.0, size.1);
            let picture = screen.draw(5, Vec::new(), |ui| live_ui(ui, &r.vm, &mut r.ui, &r.locale, &mut r.out));
            raster::keep(&picture, &format!("explore-{tag}-{}", size.0));
            let t = &wheel_of_misfortune::ui::theme::DARK;
            for (line, color) in [("second", t.yours), ("first", t.series)] {
                assert!(picture.count(color, 6) > 60, "{tag} {size:?}: the {line} line is not there");
            }
        }
    }
}
