//! Bevy: window, screens, the wheel scene, assets, sound.

pub mod clock; // steps the session
pub mod desk; // what the program holds
pub mod dispatch; // from what a person wants to what happens
pub mod idle; // how often the window draws
pub mod past; // sessions that were played here
pub mod play; // a session on this machine
pub mod preflight; // is there a display and a graphics driver
pub mod screens; // draws every screen
pub mod seed; // seeds as people copy them
pub mod shelf; // the scenarios at hand
pub mod shot; // screenshots
pub mod sound; // sounds
pub mod watch; // hot reload of scenario files
pub mod wheel; // the wheel scene

use crate::locale::{Lang, Locale};
use crate::view::action::Screen;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::window::{PresentMode, RequestRedraw, WindowCloseRequested, WindowResized};
use bevy_egui::{EguiGlobalSettings, EguiPlugin, EguiStartupSet};
use desk::Desk;
use screens::Ask;
use std::path::PathBuf;
use wheel::{Wheel, WheelEvent};

/// How the desktop program is started.
#[derive(Clone, Debug, Default)]
pub struct AppOptions {
    /// Scenario whose briefing opens at once, by slug or path.
    pub scenario: Option<String>,
    /// Seed of the draw and the session.
    pub seed: Option<u64>,
    /// Folder of scenarios that is watched; usually `./scenarios` where it exists.
    pub scenarios: Option<PathBuf>,
    /// Configuration folder instead of the machine's.
    pub config: Option<PathBuf>,
    /// Data folder instead of the machine's.
    pub data: Option<PathBuf>,
}

/// A Bevy state that follows the desk's screen.
#[derive(States, Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum AppScreen {
    /// Title.
    #[default]
    Title,
    /// The list of scenarios.
    Library,
    /// The wheel and the landing card.
    Wheel,
    /// The briefing.
    Briefing,
    /// The live session.
    Live,
    /// The debrief.
    Debrief,
}

impl From<Screen> for AppScreen {
    fn from(screen: Screen) -> AppScreen {
        match screen {
            Screen::Title => AppScreen::Title,
            Screen::Library => AppScreen::Library,
            Screen::Wheel => AppScreen::Wheel,
            Screen::Briefing => AppScreen::Briefing,
            Screen::Live => AppScreen::Live,
            Screen::Debrief => AppScreen::Debrief,
        }
    }
}

/// Opens the window, with a scenario's briefing if one is named, and runs until it is closed.
///
/// # Errors
/// What the machine lacks and what to install, in words.
pub fn run(scenario: Option<String>, seed: Option<u64>) -> Result<(), String> {
    let mut options = AppOptions { scenario, seed, ..AppOptions::default() };
    if options.scenarios.is_none() {
        let local = PathBuf::from("scenarios");
        options.scenarios = std::fs::canonicalize(&local).ok().filter(|p| p.is_dir());
    }
    if let Err(missing) = preflight::check() {
        let lang = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| Lang::parse(&std::env::var(n).ok()?));
        return Err(missing.words(&Locale::new(lang.unwrap_or_default())));
    }
    let desk = Desk::new(&options);
    let mut app = App::new();
    app.set_error_handler(bevy::ecs::error::error);
    watch::source(&mut app, options.scenarios.as_deref());
    let (width, height) = desk.settings.window;
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin {
                primary_window: Some(Window {
                    title: desk.locale.say("front-title"),
                    name: Some("wheel-of-misfortune".into()),
                    resolution: (width, height).into(),
                    resize_constraints: WindowResizeConstraints {
                        min_width: 1280.0,
                        min_height: 720.0,
                        ..Default::default()
                    },
                    present_mode: PresentMode::AutoVsync,
                    ..Default::default()
                }),
                // Closing asks first while a session runs.
                close_when_requested: false,
                ..Default::default()
            })
            .set(LogPlugin {
                filter: "warn,wgpu=error,naga=error,bevy_egui=error,winit=error".into(),
                ..Default::default()
            }),
    );
    app.add_plugins((|app: &mut App| sound::plugin(app, true), shot::plugin));
    build(&mut app, desk, &options);
    match app.run() {
        AppExit::Success => Ok(()),
        AppExit::Error(code) => Err(format!("exit code {code}")),
    }
}

/// Everything but the window, the sound server and the log: what a test builds too.
pub fn build(app: &mut App, mut desk: Desk, options: &AppOptions) {
    let mut wheel = Wheel::default();
    wheel.reduced = desk.settings.reduce_motion;
    wheel.load(desk.wedges());
    if let Some(slug) = &options.scenario
        && let Ok(package) = crate::storage::package::find(slug)
    {
        let slug = package.slug.clone();
        desk.shelf.place(package);
        desk.chosen = Some(slug);
        desk.go(Screen::Briefing, &mut wheel, std::time::Duration::ZERO);
    }
    app.add_plugins(EguiPlugin::default())
        .insert_resource(ClearColor(Color::srgb_u8(0x0E, 0x11, 0x16)))
        .insert_resource(desk)
        .insert_resource(wheel)
        .init_state::<AppScreen>()
        .add_plugins((clock::plugin, idle::plugin, screens::plugin, wheel::plugin))
        .add_plugins({
            let folder = options.scenarios.clone();
            move |app: &mut App| watch::plugin(app, folder.as_deref())
        })
        .add_systems(PreStartup, camera.before(EguiStartupSet::InitContexts))
        .add_systems(Update, (resized, closing, answer, landed, stage).chain().before(wheel::turn))
        .add_systems(Last, (follow, quit).chain());
    // Console text is typed, not composed; the fields of the composer take whole words from the input method.
    app.world_mut().resource_mut::<EguiGlobalSettings>().enable_absorb_bevy_input_system = false;
}

fn camera(mut commands: Commands) {
    commands.spawn(Camera2d);
}

/// Does what people asked for in the last frame.
fn answer(
    time: Res<Time<Real>>,
    mut asks: MessageReader<Ask>,
    mut desk: ResMut<Desk>,
    mut wheel: ResMut<Wheel>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    let now = time.elapsed();
    for ask in asks.read() {
        redraw.write(RequestRedraw);
        match ask.clone() {
            Ask::Do(action) => desk.act(action, &mut wheel, now),
            Ask::Leave => desk.leave(&mut wheel, now),
            Ask::Stay => desk.leaving = None,
            Ask::TakeNewer => desk.take_newer(now),
            Ask::KeepVersion => desk.newer = false,
        }
    }
}

fn landed(
    time: Res<Time<Real>>,
    mut events: MessageReader<WheelEvent>,
    mut desk: ResMut<Desk>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    for event in events.read() {
        if let WheelEvent::Landed(wedge) = event {
            desk.landed(*wedge, time.elapsed());
            redraw.write(RequestRedraw);
        }
    }
}

fn stage(time: Res<Time<Real>>, desk: Res<Desk>, mut wheel: ResMut<Wheel>) {
    desk.stage(&mut wheel, time.elapsed());
}

/// Remembers the window's size.
fn resized(mut events: MessageReader<WindowResized>, mut desk: ResMut<Desk>) {
    if let Some(last) = events.read().last() {
        desk.settings.window = (last.width as u32, last.height as u32);
    }
}

fn closing(
    mut events: MessageReader<WindowCloseRequested>,
    mut desk: ResMut<Desk>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    for _ in events.read() {
        desk.close();
        redraw.write(RequestRedraw);
    }
}

/// Lets the state follow the desk; with `WOM_TRACE=1` says each screen on stderr, for tests that drive the window.
fn follow(
    time: Res<Time<Real>>,
    desk: Res<Desk>,
    wheel: Res<Wheel>,
    state: Res<State<AppScreen>>,
    mut next: ResMut<NextState<AppScreen>>,
    mut told: Local<String>,
    mut trace: Local<Option<bool>>,
) {
    let wanted = AppScreen::from(desk.screen);
    if *state.get() != wanted {
        next.set(wanted);
    }
    let on = *trace.get_or_insert_with(|| std::env::var("WOM_TRACE").is_ok_and(|v| v == "1"));
    if on {
        let mut screen = format!("{:?}", desk.screen).to_lowercase();
        if desk.screen == Screen::Wheel && wheel.card_shown(time.elapsed()) {
            screen = "landing".to_owned();
        }
        if let Some(play) = desk.play.as_ref().filter(|p| p.seat == play::GM) {
            screen = play.seat.clone();
        }
        if desk.leaving.is_some() {
            screen = "leaving".to_owned();
        }
        if *told != screen {
            eprintln!("screen: {screen}");
            *told = screen;
        }
    }
}

fn quit(time: Res<Time<Real>>, mut desk: ResMut<Desk>, mut exit: MessageWriter<AppExit>) {
    if desk.quit {
        desk.save(time.elapsed());
        exit.write(AppExit::Success);
    }
}
