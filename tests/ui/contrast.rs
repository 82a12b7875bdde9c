//! Words can be read: every role of text against its grounds, and every word that a room really paints, in both themes.

use crate::debrief_fixture::debrief;
use crate::projection;
use crate::raster::{Screen, keep};
use egui::Color32;
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::ui::debrief::{DebriefUiState, Stage, debrief_ui};
use wheel_of_misfortune::ui::gm::{DeckTab, GmUiState, gm_ui};
use wheel_of_misfortune::ui::live::{LiveUiState, Tab, live_ui};
use wheel_of_misfortune::ui::theme::{self, Tokens, contrast};
use wheel_of_misfortune::view::debrief::DebriefVm;
use wheel_of_misfortune::view::gm::GmVm;
use wheel_of_misfortune::view::live::LiveVm;

/// Colours that words may have on a ground.
fn roles(t: &Tokens) -> [(&'static str, Color32); 13] {
    [
        ("text", t.text),
        ("muted", t.muted),
        ("amber", t.amber_text),
        ("yours", t.yours),
        ("theirs", t.theirs),
        ("ok", t.ok),
        ("warn", t.warn),
        ("critical", t.critical),
        ("gm", t.gm_text),
        ("output", t.output),
        ("ghost", t.ghost),
        ("strong", t.strong),
        ("series", t.series),
    ]
}

const THEMES: [(&str, &Tokens); 2] = [("dark", &theme::DARK), ("light", &theme::LIGHT)];

#[test]
fn the_measure_agrees_with_the_published_examples() {
    let grey = |v: u8| Color32::from_rgb(v, v, v);
    // WCAG's own extremes, and the two greys that stand on either side of 4.5:1 on white.
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    assert!((contrast(grey(0x76), Color32::WHITE) - 4.54).abs() < 0.01);
    assert!((contrast(grey(0x77), Color32::WHITE) - 4.48).abs() < 0.01);
}

#[test]
fn text_can_be_read_on_its_grounds_in_both_themes() {
    for (name, t) in THEMES {
        for ground in [t.ink, t.panel, t.raised, t.page] {
            for (what, color) in roles(t) {
                let c = contrast(color, ground);
                assert!(c >= 4.5, "{name}: {what} has {c:.2}:1 on {ground:?}");
            }
            // Marks have a shape and a word beside them; they are seen, not read.
            assert!(contrast(t.unknown, ground) >= 3.0, "{name}: the mark of unknown on {ground:?}");
        }
        for fill in [t.amber, t.gm] {
            assert!(contrast(t.on_fill, fill) >= 7.0, "{name}: words on {fill:?}");
        }
        for fill in [t.yours, t.theirs, t.text, t.strong] {
            assert!(contrast(t.ink, fill) >= 4.5, "{name}: words on {fill:?}");
        }
    }
}

/// Every word that is painted has the colour of a role; what the roles keep is tested above.
fn check(room: &str, theme: &str, t: &Tokens, words: &[(String, Color32)]) {
    assert!(words.len() > 30, "{room}: {} words", words.len());
    // The warning sign of an open page is cut out of a dark triangle.
    for (text, color) in words.iter().filter(|(text, color)| (text.as_str(), *color) != ("!", t.amber)) {
        let known = roles(t).iter().any(|(_, c)| c == color) || [t.ink, t.on_fill, t.unknown].contains(color);
        assert!(known, "{theme} {room}: `{text}` is painted in {color:?}");
        assert_ne!((*color, theme), (t.amber, "light"), "{room}: `{text}` is painted in the colour of a fill");
        assert_ne!((*color, theme), (t.gm, "light"), "{room}: `{text}` is painted in the colour of a fill");
    }
}

#[test]
fn words_of_every_room_have_the_colours_of_text() {
    let screens = [(false, THEMES[0]), (true, THEMES[1])];
    let sizes = [(1920.0, 1080.0), (1280.0, 720.0)];
    for (light, (name, t)) in screens {
        for ((w, h), lang) in sizes.into_iter().zip([Lang::En, Lang::Ko]) {
            let locale = Locale::new(lang);
            let mut screen = if light { Screen::light(w, h) } else { Screen::new(w, h) };
            let mut out = Vec::new();

            let room = LiveVm::of(&projection::trainee());
            for tab in Tab::ALL {
                let mut state = LiveUiState::default();
                state.choose(tab);
                screen.draw(4, Vec::new(), |ui| live_ui(ui, &room, &mut state, &locale, &mut out));
                check("room", name, t, &screen.words);
            }
            let station = GmVm::of(&projection::game_master()).expect("a game master's projection");
            for tab in [DeckTab::Deck, DeckTab::AdHoc, DeckTab::People] {
                let mut state = GmUiState { tab, card: Some("surge".to_owned()), ..GmUiState::default() };
                let picture = screen.draw(4, Vec::new(), |ui| gm_ui(ui, &station, &mut state, &locale, &mut out));
                keep(&picture, &format!("station-{name}-{tab:?}-{w}"));
                check("station", name, t, &screen.words);
            }
            let page = DebriefVm::of(&debrief());
            for (stage, _) in Stage::ALL {
                let mut state = DebriefUiState { stage, ..DebriefUiState::default() };
                let picture = screen.draw(4, Vec::new(), |ui| debrief_ui(ui, &locale, &page, &mut state, &mut out));
                keep(&picture, &format!("debrief-{name}-{stage:?}-{w}"));
                check("debrief", name, t, &screen.words);
            }
        }
    }
}
