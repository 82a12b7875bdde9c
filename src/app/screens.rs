//! One system draws every screen with egui; what a person does comes out as actions.

pub mod debrief; // a finished session
pub mod front; // title, library, wheel, landing card, briefing
pub mod live; // the trainee's room and the game master's station
mod overlay; // notes, the question before leaving, problems of scenario files

use super::desk::Desk;
use super::wheel::Wheel;
use crate::fact::FactId;
use crate::ui::debrief::DebriefUiState;
use crate::ui::front::FrontUiState;
use crate::ui::live::LiveUiState;
use crate::ui::theme;
use crate::view::action::{Screen, UiAction};
use crate::view::front::{BriefingVm, PastRow};
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};

/// Something a person wants, on its way to the desk.
#[derive(Message, Clone, Debug, PartialEq)]
pub enum Ask {
    /// An action of a screen.
    Do(UiAction),
    /// Leave the running session and keep it.
    Leave,
    /// Stay in it.
    Stay,
    /// Open a branch with the newer version of the scenario.
    TakeNewer,
    /// Go on with the version that is played.
    KeepVersion,
}

/// What the screens remember between frames.
#[derive(Default)]
pub struct Memory {
    /// Title, library, wheel.
    pub front: FrontUiState,
    /// The room.
    pub live: LiveUiState,
    /// The station.
    pub gm: live::Station,
    /// The debrief.
    pub debrief: DebriefUiState,
    /// View-models of the running session, built once a change.
    pub models: live::Models,
    /// The briefing.
    pub briefing: Option<BriefingVm>,
    /// Sessions that were played here, once they were asked for.
    pub past: Vec<PastRow>,
    /// The debrief's view-model.
    pub concluded: Option<debrief::Concluded>,
    /// The list of keys is open.
    pub keys: bool,
    /// Problems of a scenario file that are shown in full.
    pub problem: Option<String>,
}

impl Memory {
    /// Opens or closes the palette of the room.
    pub fn palette(&mut self, open: bool) {
        self.live.palette.open = open;
    }

    /// Closes what lies over the screen; says whether anything did.
    pub fn close_overlay(&mut self) -> bool {
        std::mem::take(&mut self.keys) || self.problem.take().is_some()
    }

    /// Lights a fact in the debrief's log.
    pub fn show_fact(&mut self, fact: FactId) {
        self.debrief.log = true;
        self.debrief.shown = Some(fact);
    }

    /// A session begins: nothing of an older one stays but the layout.
    pub fn enter_session(&mut self, layout: &str) {
        self.live = LiveUiState::default();
        self.live.set_layout(layout);
        self.gm = live::Station::default();
        self.models = live::Models::default();
        self.keys = false;
    }

    /// A session is over.
    pub fn leave_session(&mut self) {
        self.models = live::Models::default();
        self.debrief = DebriefUiState::default();
    }
}

/// Adds the drawing system.
pub fn plugin(app: &mut App) {
    app.add_message::<Ask>().add_systems(EguiPrimaryContextPass, draw);
}

/// Draws the screen. May run twice a frame: nothing but what people did leaves it.
fn draw(
    mut contexts: EguiContexts,
    time: Res<Time<Real>>,
    mut desk: ResMut<Desk>,
    wheel: Res<Wheel>,
    windows: Query<&Window>,
    mut clear: ResMut<ClearColor>,
    mut out: MessageWriter<Ask>,
) {
    let Ok(ctx) = contexts.ctx_mut() else { return };
    if !theme::ensure(ctx) {
        return;
    }
    // The wheel hangs on a wall at night: its screens stay dark in either theme.
    let light = desk.settings.light && !matches!(desk.screen, Screen::Title | Screen::Wheel);
    ctx.set_theme(if light { egui::Theme::Light } else { egui::Theme::Dark });
    let [r, g, b, _] = if light { theme::LIGHT.ink } else { theme::DARK.ink }.to_array();
    if clear.0 != Color::srgb_u8(r, g, b) {
        clear.0 = Color::srgb_u8(r, g, b);
    }
    let height = windows.single().map_or(1080.0, Window::height);
    let mut actions = Vec::new();
    let mut asks = Vec::new();
    let mut root = egui::Ui::new(
        ctx.clone(),
        "root".into(),
        egui::UiBuilder::new().layer_id(egui::LayerId::background()).max_rect(ctx.viewport_rect()),
    );
    let now = time.elapsed();
    overlay::before(&mut root, &mut desk, &mut asks);
    if desk.leaving.is_some() {
        // What lies behind the question does not act.
        root.disable();
    }
    match desk.screen {
        Screen::Title | Screen::Library | Screen::Wheel | Screen::Briefing => {
            front::draw(&mut root, &mut desk, &wheel, now, height, &mut actions);
        }
        Screen::Live => live::draw(&mut root, &mut desk, &mut actions),
        Screen::Debrief => debrief::draw(&mut root, &mut desk, now, &mut actions),
    }
    overlay::after(&mut root, &mut desk, &mut actions, &mut asks);
    desk.keep_layout(now);
    out.write_batch(actions.into_iter().map(Ask::Do));
    out.write_batch(asks);
}
