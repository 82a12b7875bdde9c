//! The desktop program without window, graphics card or display: screens draw, actions lead from the title to a session and back.

mod debrief;

use bevy::ecs::message::Messages;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::settings::WgpuSettings;
use bevy::time::TimeUpdateStrategy;
use bevy::winit::WinitPlugin;
use bevy_egui::{EguiGlobalSettings, EguiPostUpdateSet, EguiRenderOutput};
use std::time::Duration;
use wheel_of_misfortune::app::desk::Desk;
use wheel_of_misfortune::app::screens::Ask;
use wheel_of_misfortune::app::wheel::Wheel;
use wheel_of_misfortune::app::{self, AppOptions, AppScreen};
use wheel_of_misfortune::session::projection::ClockState;
use wheel_of_misfortune::ui::live::Tab;
use wheel_of_misfortune::view::action::{Screen, UiAction};

const DOCS: &str = "docsrs-2019-10-21-disk-full";

/// An app whose frames are a tenth of a second apart, with its own folders.
fn program(dir: &std::path::Path) -> App {
    let options = AppOptions {
        seed: Some(1),
        config: Some(dir.join("config")),
        data: Some(dir.join("data")),
        ..AppOptions::default()
    };
    let mut app = App::new();
    app.add_plugins(
        DefaultPlugins
            .build()
            .disable::<WinitPlugin>()
            .disable::<LogPlugin>()
            .set(RenderPlugin { render_creation: WgpuSettings { backends: None, ..default() }.into(), ..default() }),
    );
    app::sound::plugin(&mut app, false);
    app::build(&mut app, Desk::new(&options), &options);
    app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(100)));
    app.world_mut().resource_mut::<EguiGlobalSettings>().enable_ime = false;
    app.finish();
    app.cleanup();
    frames(&mut app, 3);
    app
}

fn frames(app: &mut App, n: usize) {
    for _ in 0..n {
        app.update();
    }
}

fn ask(app: &mut App, action: UiAction) {
    app.world_mut().write_message(Ask::Do(action));
    frames(app, 2);
}

fn screen(app: &App) -> AppScreen {
    *app.world().resource::<State<AppScreen>>().get()
}

fn desk(app: &App) -> &Desk {
    app.world().resource::<Desk>()
}

/// Ticks of the running session.
fn ticks(app: &App) -> u64 {
    desk(app).play.as_ref().map_or(0, |p| p.host.session().tick().0)
}

fn live(app: &mut App) {
    ask(app, UiAction::Choose(DOCS.to_owned()));
    ask(app, UiAction::Ready);
    frames(app, 2);
    assert_eq!(screen(app), AppScreen::Live);
}

#[test]
fn from_the_title_over_a_spin_to_a_session() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    assert_eq!(screen(&app), AppScreen::Title);
    ask(&mut app, UiAction::Go(Screen::Wheel));
    frames(&mut app, 1);
    assert_eq!(screen(&app), AppScreen::Wheel);
    ask(&mut app, UiAction::Spin);
    assert!(app.world().resource::<Wheel>().spinning());
    frames(&mut app, 150);
    let wheel = app.world().resource::<Wheel>();
    assert!(!wheel.spinning(), "15 s are enough for any spin");
    let (wedge, _) = wheel.landed.expect("it has landed");
    let at = wheel.face(Duration::ZERO, 1080.0).at_pointer();
    assert_eq!(at, Some(wedge), "the drawn wedge is the one at the pointer");
    let chosen = desk(&app).chosen.clone().expect("a scenario is chosen");
    assert_eq!(desk(&app).settings.played, vec![chosen], "what came up is written down");
    ask(&mut app, UiAction::Go(Screen::Briefing));
    frames(&mut app, 1);
    assert_eq!(screen(&app), AppScreen::Briefing);
    assert!(desk(&app).memory.briefing.is_some());
    ask(&mut app, UiAction::Ready);
    frames(&mut app, 1);
    assert_eq!(screen(&app), AppScreen::Live);
}

#[test]
fn every_screen_draws_in_both_languages() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    for language in ["ko", "en"] {
        ask(&mut app, UiAction::Language(language));
        for (go, want) in [
            (Screen::Library, AppScreen::Library),
            (Screen::Wheel, AppScreen::Wheel),
            (Screen::Title, AppScreen::Title),
        ] {
            ask(&mut app, UiAction::Go(go));
            frames(&mut app, 2);
            assert_eq!(screen(&app), want);
        }
    }
    live(&mut app);
    ask(&mut app, UiAction::Seat("gm".to_owned()));
    frames(&mut app, 2);
    ask(&mut app, UiAction::Line(":end".to_owned()));
    frames(&mut app, 3);
    assert_eq!(screen(&app), AppScreen::Debrief);
    assert!(desk(&app).memory.concluded.is_some());
}

#[test]
fn the_clock_turns_real_time_into_ticks_and_a_gap_pauses() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    live(&mut app);
    let before = ticks(&app);
    frames(&mut app, 50);
    let lived = ticks(&app) - before;
    assert!((4..=6).contains(&lived), "5 s of frames are about 5 ticks, not {lived}");
    ask(&mut app, UiAction::Line("@gm speed 10".to_owned()));
    let before = ticks(&app);
    frames(&mut app, 20);
    let lived = ticks(&app) - before;
    assert!((18..=22).contains(&lived), "2 s at tenfold speed are about 20 ticks, not {lived}");
    app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_secs(60)));
    let before = ticks(&app);
    frames(&mut app, 1);
    let play = desk(&app).play.as_ref().expect("the session is there");
    assert_eq!(play.projection().clock.state, ClockState::Paused);
    assert_eq!(ticks(&app), before, "the gap itself is not lived");
}

#[test]
fn closing_in_the_middle_asks_once_and_keeps_the_session() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    live(&mut app);
    ask(&mut app, UiAction::Line(":wait 30s".to_owned()));
    let lived = ticks(&app);
    ask(&mut app, UiAction::Quit);
    assert_eq!(desk(&app).leaving, Some(true), "it asks");
    assert!(!desk(&app).quit);
    app.world_mut().write_message(Ask::Stay);
    frames(&mut app, 1);
    assert!(desk(&app).leaving.is_none() && desk(&app).play.is_some());
    ask(&mut app, UiAction::Quit);
    app.world_mut().write_message(Ask::Leave);
    frames(&mut app, 1);
    assert!(desk(&app).quit);
    assert!(!app.world().resource::<Messages<AppExit>>().is_empty(), "it closes");
    drop(app);

    let mut again = program(dir.path());
    let kept = desk(&again).kept.as_ref().expect("the session is offered");
    assert_eq!(kept.shown.name.en, desk(&again).shelf.book(DOCS).expect("built in").scenario.wedge.en);
    ask(&mut again, UiAction::ResumeKept);
    frames(&mut again, 1);
    assert_eq!(screen(&again), AppScreen::Live);
    assert!(ticks(&again) >= lived, "it goes on where it was");
}

#[test]
fn the_game_master_rewinds_and_the_session_goes_on_from_there() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    live(&mut app);
    ask(&mut app, UiAction::Line(":wait 3m".to_owned()));
    ask(&mut app, UiAction::Rewind(60));
    assert_eq!(desk(&app).play.as_ref().map(|p| p.host.session().header.branch), Some(0), "no trainee rewinds");
    ask(&mut app, UiAction::Seat("gm".to_owned()));
    ask(&mut app, UiAction::Line("@gm bookmark \"before\"".to_owned()));
    ask(&mut app, UiAction::Rewind(60));
    let play = desk(&app).play.as_ref().expect("the session is there");
    assert_eq!(play.host.session().header.branch, 1);
    let parent = play.host.session().header.parent.clone().expect("a branch has a parent");
    let then = play.host.session().offset().0;
    assert!((60..=62).contains(&then), "it goes on at T+1m, not {then}");
    assert_eq!(parent.tick, 80, "docs.rs opens 20 s before T0");
    assert!(desk(&app).note.is_some(), "it says so");
    let before = ticks(&app);
    frames(&mut app, 30);
    assert!(ticks(&app) > before, "the clock runs on");
}

/// Whether this frame's words brought letters that the font's texture did not have.
#[derive(Resource, Default)]
struct NewLetters(bool);

#[test]
fn new_letters_reach_the_renderer_in_the_frame_that_shows_them() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    let notice = |outputs: Query<&EguiRenderOutput>, mut letters: ResMut<NewLetters>| {
        letters.0 = outputs.iter().any(|o| !o.textures_delta.set.is_empty());
    };
    app.init_resource::<NewLetters>().add_systems(
        PostUpdate,
        notice.after(EguiPostUpdateSet::ProcessOutput).before(EguiPostUpdateSet::PostProcessOutput),
    );
    frames(&mut app, 5);
    // Letters that no screen has shown yet, one at a time, as a clock's digits come.
    for words in ["뷁", "꿻", "뛟"] {
        app.world_mut().resource_mut::<Desk>().say(words.to_owned(), Duration::from_secs(60));
        let mut brought = false;
        for _ in 0..4 {
            app.world_mut().resource_mut::<Messages<AssetEvent<Image>>>().clear();
            app.update();
            if app.world().resource::<NewLetters>().0 {
                brought = true;
                let told = !app.world().resource::<Messages<AssetEvent<Image>>>().is_empty();
                assert!(told, "{words} is drawn in a frame whose texture lacks it");
            }
        }
        assert!(brought, "{words} was never drawn");
    }
}

#[test]
fn the_light_theme_lights_every_room_but_the_wheels() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    let ground = |app: &App| app.world().resource::<ClearColor>().0.to_srgba().red;
    ask(&mut app, UiAction::Light(true));
    frames(&mut app, 2);
    assert!(ground(&app) < 0.2, "the title is dark");
    for (screen, light) in [(Screen::Library, true), (Screen::Wheel, false)] {
        ask(&mut app, UiAction::Go(screen));
        frames(&mut app, 2);
        assert_eq!(ground(&app) > 0.9, light, "{screen:?}");
    }
    drop(app);
    let mut again = program(dir.path());
    live(&mut again);
    frames(&mut again, 2);
    assert!(ground(&again) > 0.9, "it is remembered");
}

#[test]
fn the_layout_of_the_room_outlives_the_program() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    live(&mut app);
    let usual = desk(&app).memory.live.layout();
    {
        let room = &mut app.world_mut().resource_mut::<Desk>().memory.live;
        room.choose(Tab::Timeline);
        room.choose(Tab::Logs);
        room.console.split();
    }
    frames(&mut app, 2);
    let mine = desk(&app).memory.live.layout();
    assert_ne!(mine, usual);
    // Not even a farewell: it is written as soon as it has changed.
    drop(app);

    let mut again = program(dir.path());
    live(&mut again);
    frames(&mut again, 2);
    let room = &desk(&again).memory.live;
    assert_eq!(room.layout(), mine);
    assert_eq!((room.left, room.right, room.single), (Tab::Logs, Tab::Timeline, Tab::Logs));
}

#[test]
fn a_broken_edit_keeps_the_last_good_scenario_and_a_good_one_offers_a_branch() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut app = program(dir.path());
    live(&mut app);
    let good = desk(&app).shelf.book(DOCS).expect("built in").package.clone();
    let edit = |app: &mut App, text: String| {
        let mut package = good.clone();
        package.files.insert("scenario.ron".to_owned(), text);
        let mut desk = app.world_mut().resource_mut::<Desk>();
        app::watch::take(&mut desk, package, Duration::ZERO);
    };
    let source = good.files["scenario.ron"].clone();
    edit(&mut app, source.replace('(', "["));
    assert_eq!(desk(&app).shelf.problems.len(), 1);
    assert!(!desk(&app).newer);
    assert_eq!(desk(&app).shelf.book(DOCS).map(|b| b.package.digest()), Some(good.digest()));
    edit(&mut app, format!("{source}\n// edited\n"));
    assert!(desk(&app).shelf.problems.is_empty());
    assert!(desk(&app).newer, "the running session is offered a branch");
    app.world_mut().write_message(Ask::TakeNewer);
    frames(&mut app, 1);
    let play = desk(&app).play.as_ref().expect("the session is there");
    assert_eq!(play.host.session().header.branch, 1);
}
