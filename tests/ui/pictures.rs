//! The pictures of the documentation: every page of the debrief of a played session, in both languages, drawn without a display.
//! `.ci/pictures.sh` writes them to `docs/images`.

use crate::debrief_fixture::long;
use crate::raster::{Screen, keep};
use wheel_of_misfortune::debrief;
use wheel_of_misfortune::host::{Options, Scrub};
use wheel_of_misfortune::locale::{Lang, Locale};
use wheel_of_misfortune::rehearsal;
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::stdx::time::{Offset, Tick};
use wheel_of_misfortune::storage::package;
use wheel_of_misfortune::ui::debrief::{DebriefUiState, Stage, debrief_ui};
use wheel_of_misfortune::ui::replay::{ReplayUiState, replay_ui};
use wheel_of_misfortune::ui::theme;
use wheel_of_misfortune::view::debrief::DebriefVm;
use wheel_of_misfortune::view::replay::ReplayVm;

const SIZE: (f32, f32) = (1280.0, 720.0);

const WORDS: &str = r#"
:reflect surprise "the disk was full although old files were gone"
:reflect plus "looking at the site the way a reader does"
:reflect action "alert on free space before it runs out" --owner storage
:workload mental 60
:workload temporal 45
"#;

fn page(vm: &DebriefVm, lang: Lang, state: &DebriefUiState, name: &str) -> usize {
    let locale = Locale::new(lang);
    let mut screen = Screen::new(SIZE.0, SIZE.1);
    let (mut state, mut out) = (state.clone(), Vec::new());
    let picture = screen.draw(3, Vec::new(), |ui| {
        if theme::ensure(ui.ctx()) {
            debrief_ui(ui, &locale, vm, &mut state, &mut out);
        }
    });
    keep(&picture, &format!("{name}-{}", lang.tag()));
    screen.words.len()
}

#[test]
fn every_page_of_a_played_session_is_drawn() {
    for (scenario, tag) in [("docsrs", "debrief-docsrs"), ("registry", "debrief-registry")] {
        let package = package::bundled().into_iter().find(|p| p.slug.contains(scenario)).expect("built in");
        let text = format!("{}{WORDS}", package.files["better.wom"]);
        let done = rehearsal::run(package.clone(), &text, Options::default(), None).expect("it runs");
        let session = done.host.session();
        let d = debrief::against_par(&package, &session.scenario, &session.header, session.facts()).expect("a par");
        let vm = DebriefVm::of(&d);
        let relief = vm.turning.get(vm.turning.len() / 2).map(|t| t.t_s);
        for lang in Lang::ALL {
            for (n, (stage, name)) in Stage::ALL.into_iter().enumerate() {
                // A later stage has seen the ones before it.
                let state = DebriefUiState { stage, scrub_s: relief, ..DebriefUiState::default() };
                let name = format!("{tag}-{}-{}", n + 1, name.trim_start_matches("dui-stage-"));
                assert!(page(&vm, lang, &state, &name) > 20, "{name}");
            }
            let (mut scrub, mut maker) =
                Scrub::new(session.header.clone(), session.scenario.clone(), done.host.items());
            while let Some(checkpoint) = maker.step() {
                scrub.add(checkpoint);
            }
            let opens = session.scenario.opens;
            let at = Offset(relief.unwrap_or(0)).tick(opens).unwrap_or(Tick(0));
            let end = Offset::of(scrub.end(), opens).0;
            let shown = scrub.at(at);
            let room = ReplayVm::of(&shown.project("primary"), &vm.seats, opens.0, end, end);
            let locale = Locale::new(lang);
            let mut screen = Screen::new(SIZE.0, SIZE.1);
            let (mut state, mut out) = (ReplayUiState::new("primary", room.t_s), Vec::new());
            let picture = screen.draw(3, Vec::new(), |ui| {
                if theme::ensure(ui.ctx()) {
                    replay_ui(ui, &locale, &vm, &room, &mut state, &mut out);
                }
            });
            keep(&picture, &format!("{tag}-6-replay-{}", lang.tag()));
            assert!(screen.words.len() > 30);
        }
    }
}

/// A shipped scenario whose clock runs on for four hours, played from the first page to a night of looking after it.
fn four_hours() -> (Package, String) {
    let mut package = package::bundled().into_iter().find(|p| p.slug.contains("docsrs")).expect("built in");
    let text = package.files.get_mut("scenario.ron").expect("its scenario");
    *text = text.replacen("horizon: \"T+60m\"", "horizon: \"T+240m\"", 1);
    assert!(text.contains("T+240m"), "the scenario states its horizon");
    let kept = package.files["better.wom"].lines().filter(|l| !l.starts_with("expect") && !l.contains(":end"));
    let mut lines = kept.collect::<Vec<_>>().join("\n");
    for (at, line) in [
        (45, "curl -sI https://docs.example/serde"),
        (95, "df -h"),
        (140, "sudo systemctl restart web"),
        (141, "look graph pages"),
    ] {
        lines += &format!("\nT+{at}m {line}");
    }
    for at in [150, 190, 228] {
        lines += &format!(
            "\nT+{at}m update status --impact web:page --status monitoring --action \"still watched\" --next news"
        );
    }
    (package, lines + "\nT+235m :end\n")
}

#[test]
fn a_played_night_has_its_map_and_its_rooms() {
    let (package, text) = four_hours();
    let done = rehearsal::run(package.clone(), &text, Options::default(), None).expect("it runs");
    assert_eq!(done.problems, []);
    let session = done.host.session();
    let d = debrief::against_par(&package, &session.scenario, &session.header, session.facts()).expect("a par");
    let vm = DebriefVm::of(&d);
    assert!(vm.to_s - vm.from_s > 3 * 3600);
    let (mut scrub, mut maker) = Scrub::new(session.header.clone(), session.scenario.clone(), done.host.items());
    while let Some(checkpoint) = maker.step() {
        scrub.add(checkpoint);
    }
    let opens = session.scenario.opens;
    let end = Offset::of(scrub.end(), opens).0;
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        for (stage, name) in Stage::ALL {
            let mut state = DebriefUiState { stage, scrub_s: Some(141 * 60), ..DebriefUiState::default() };
            let mut screen = Screen::new(1920.0, 1080.0);
            let mut out = Vec::new();
            let picture = screen.draw(3, Vec::new(), |ui| {
                if theme::ensure(ui.ctx()) {
                    debrief_ui(ui, &locale, &vm, &mut state, &mut out);
                }
            });
            keep(&picture, &format!("debrief-night-{}-{}", name.trim_start_matches("dui-stage-"), lang.tag()));
            if stage == Stage::Timelines {
                let said = |key: &str| screen.words.iter().any(|(w, _)| *w == locale.say(key));
                assert!(said("dui-true-time") && said("dui-drawn-time"), "the map is there");
            }
            assert!(
                page(&vm, lang, &state, &format!("debrief-night-small-{}", name.trim_start_matches("dui-stage-"))) > 20
            );
        }
        // The rooms of every seat as they were, hours in.
        for (seat, minutes) in [("primary", 141), ("primary", 229), ("gm", 141)] {
            let at = Offset(minutes * 60).tick(opens).unwrap_or(Tick(0));
            let room = ReplayVm::of(&scrub.at(at).project(seat), &vm.seats, opens.0, end, end);
            assert_eq!((room.t_s, room.seat.as_str()), (minutes * 60, seat));
            let mut screen = Screen::new(SIZE.0, SIZE.1);
            let (mut state, mut out) = (ReplayUiState::new(seat, room.t_s), Vec::new());
            let picture = screen.draw(3, Vec::new(), |ui| {
                if theme::ensure(ui.ctx()) {
                    replay_ui(ui, &locale, &vm, &room, &mut state, &mut out);
                }
            });
            keep(&picture, &format!("debrief-night-replay-{seat}-{minutes}-{}", lang.tag()));
            assert!(screen.words.len() > 30);
        }
    }
}

#[test]
fn a_day_is_told_on_one_page_with_its_map() {
    let vm = DebriefVm::of(&long());
    let state = DebriefUiState { stage: Stage::Timelines, ..DebriefUiState::default() };
    for lang in Lang::ALL {
        let locale = Locale::new(lang);
        let mut screen = Screen::new(1920.0, 1080.0);
        let (mut state, mut out) = (state.clone(), Vec::new());
        let picture = screen.draw(3, Vec::new(), |ui| {
            if theme::ensure(ui.ctx()) {
                debrief_ui(ui, &locale, &vm, &mut state, &mut out);
            }
        });
        keep(&picture, &format!("debrief-day-sample-{}", lang.tag()));
        let said = |key: &str| screen.words.iter().any(|(w, _)| *w == locale.say(key));
        assert!(said("dui-true-time") && said("dui-drawn-time"), "the map is there");
        assert!(screen.words.iter().any(|(w, _)| w.contains('×') || w.contains("배")), "its pieces are named");
        assert!(page(&vm, lang, &state, "debrief-day-small") > 20);
    }
}
