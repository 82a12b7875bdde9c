//! Steps the session from the monotonic clock; at its end the debrief follows.

use super::desk::Desk;
use super::play::Stepped;
use super::sound::Hear;
use crate::locale::Arg;
use crate::view::action::Screen;
use bevy::prelude::*;
use bevy::window::RequestRedraw;

/// Adds the clock.
pub fn plugin(app: &mut App) {
    app.add_systems(Update, step);
}

fn step(
    time: Res<Time<Real>>,
    mut desk: ResMut<Desk>,
    mut hear: MessageWriter<Hear>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    let now = time.elapsed();
    if desk.note.as_ref().is_some_and(|(_, until)| *until <= now) {
        desk.note = None;
        redraw.write(RequestRedraw);
    }
    if desk.screen != Screen::Live {
        return;
    }
    let Some(play) = &mut desk.play else { return };
    match play.step(now) {
        Ok(Stepped { paused_after_gap, more, cue }) => {
            if let Some(cue) = cue {
                hear.write(Hear(cue));
            }
            if more {
                redraw.write(RequestRedraw);
            }
            let ended = play.host.ended();
            if paused_after_gap {
                desk.say_key("app-paused-gap", now);
            }
            if ended {
                desk.finish(now);
                redraw.write(RequestRedraw);
            }
        }
        Err(e) => {
            // Nothing is lived that is not on disk: the clock stands until the disk takes it again.
            let words = desk.locale.text("app-log-unwritten", &[("why", Arg::Word(e.to_string()))]);
            desk.say(words, now);
        }
    }
}
