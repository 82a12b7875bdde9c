//! How often the window draws: never without cause, in time for each due tick, and continuously only while something moves.

use super::desk::Desk;
use super::wheel::Wheel;
use bevy::asset::AssetEventSystems;
use bevy::prelude::*;
use bevy::window::RequestRedraw;
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::{EguiContext, EguiInput, EguiPostUpdateSet, EguiPreUpdateSet, EguiRenderOutput, egui};
use std::time::Duration;

/// How soon the next frame is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// As soon as possible.
    Continuous,
    /// Within this time.
    Within(Duration),
    /// When something happens.
    Idle,
}

/// Longest time without a frame.
const IDLE: Duration = Duration::from_secs(60);
/// Shortest time between two frames that only the clock of a session asks for.
const SHORTEST: Duration = Duration::from_millis(40);

/// Adds pacing.
pub fn plugin(app: &mut App) {
    app.insert_resource(WinitSettings::desktop_app())
        .add_systems(
            PreUpdate,
            forget_modifiers.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass),
        )
        // What changes in the font's texture is told to the renderer in the frame whose words need it, not in the next one.
        .configure_sets(PostUpdate, EguiPostUpdateSet::PostProcessOutput.before(AssetEventSystems))
        .add_systems(
            PostUpdate,
            settle.after(EguiPostUpdateSet::ProcessOutput).before(EguiPostUpdateSet::PostProcessOutput),
        )
        .add_systems(Last, pace);
}

/// Frames that are drawn after one that brought new letters into the font's texture.
const SETTLING: u8 = 2;

/// Draws again after new letters came into the font's texture, should the card get them a frame after the words that need them.
fn settle(outputs: Query<&EguiRenderOutput>, mut left: Local<u8>, mut redraw: MessageWriter<RequestRedraw>) {
    if outputs.iter().any(|o| !o.textures_delta.set.is_empty()) {
        *left = SETTLING;
    }
    if *left > 0 {
        *left -= 1;
        redraw.write(RequestRedraw);
    }
}

/// Drops the modifier events that repeat what egui knows: one comes every frame, and egui would ask for a repaint each time.
fn forget_modifiers(mut contexts: Query<(&mut EguiInput, &mut EguiContext)>) {
    for (mut input, mut ctx) in &mut contexts {
        let known = ctx.get_mut().input(|i| i.modifiers);
        let stale = |e: &egui::Event| matches!(e, egui::Event::ModifiersChanged(m) if *m == known);
        if input.events.iter().any(stale) {
            input.events.retain(|e| !stale(e));
        }
    }
}

/// Tells the event loop when to wake.
fn pace(time: Res<Time<Real>>, wheel: Res<Wheel>, desk: Res<Desk>, mut settings: ResMut<WinitSettings>) {
    let pace = wheel.pace(time.elapsed()).min(desk.pace(time.elapsed()));
    let (focused, unfocused) = match pace {
        Pace::Continuous => (UpdateMode::Continuous, UpdateMode::reactive_low_power(Duration::from_millis(33))),
        Pace::Within(wait) => {
            let wait = wait.max(Duration::from_millis(15));
            // A session's clock runs whether the window has the focus or not; a turning title need not.
            let away = if desk.clock_runs() { wait.max(SHORTEST) } else { IDLE };
            (UpdateMode::reactive_low_power(wait), UpdateMode::reactive_low_power(away))
        }
        Pace::Idle => (UpdateMode::reactive_low_power(IDLE), UpdateMode::reactive_low_power(IDLE)),
    };
    if settings.focused_mode != focused || settings.unfocused_mode != unfocused {
        settings.focused_mode = focused;
        settings.unfocused_mode = unfocused;
    }
}
