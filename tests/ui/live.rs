//! The live room and the game master's station: what pressing, typing and looking does.

use crate::{projection, raster};
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::session::projection::Projection;
use wheel_of_misfortune::ui::live::{LiveUiState, live_ui};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::action::UiAction;
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

fn shot(name: &str, p: &Projection, lang: Lang, (w, h): (f32, f32), prepare: impl Fn(&mut LiveUiState)) -> raster::Picture {
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
    use wheel_of_misfortune::ui::gm::{GmUiState, gm_ui};
    use wheel_of_misfortune::view::gm::GmVm;
    for (lang, tag) in [(Lang::En, "en"), (Lang::Ko, "ko")] {
        let vm = GmVm::of(&projection::game_master()).expect("a game master's projection");
        let locale = Locale::new(lang);
        let mut state = GmUiState { card: Some("surge".to_owned()), ..GmUiState::default() };
        let mut out = Vec::new();
        let mut screen = raster::Screen::new(1920.0, 1080.0);
        let picture = screen.draw(5, Vec::new(), |ui| gm_ui(ui, &vm, &mut state, &locale, &mut out));
        raster::keep(&picture, &format!("gm-{tag}"));
        assert!(picture.count(theme::DARK.gm, 4) > 10_000, "the station is not marked as the game master's");
        assert!(out.is_empty(), "drawing asked for {out:?}");
    }
}
