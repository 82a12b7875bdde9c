//! Sounds: few and recognisable, each with a visual twin on the screen. A machine without a sound server is simply silent.

pub mod player; // the way to the sound server
pub mod tone; // the sounds as samples

use super::desk::Desk;
use super::wheel::WheelEvent;
use crate::session::projection::{AlertState, MessageFrom, Projection};
use bevy::prelude::*;
use player::Player;
pub use tone::Cue;

/// Asks for a sound.
#[derive(Message, Clone, Copy, Debug, PartialEq)]
pub struct Hear(pub Cue);

/// The player; a test has none.
#[derive(Resource)]
struct Speaker(std::sync::Mutex<Player>);

/// Adds sounds; `audible` is false in tests.
pub fn plugin(app: &mut App, audible: bool) {
    app.add_message::<Hear>().add_systems(Update, pegs);
    if audible {
        app.insert_resource(Speaker(std::sync::Mutex::new(Player::start()))).add_systems(Last, play);
    }
}

fn pegs(mut events: MessageReader<WheelEvent>, mut out: MessageWriter<Hear>) {
    for event in events.read() {
        if let WheelEvent::Peg(speed) = event {
            out.write(Hear(Cue::Peg(*speed)));
        }
    }
}

fn play(mut cues: MessageReader<Hear>, speaker: Res<Speaker>, desk: Res<Desk>) {
    let volume = f32::from(desk.settings.volume.min(100)) / 100.0;
    for Hear(cue) in cues.read() {
        if volume > 0.0
            && let Ok(player) = speaker.0.lock()
        {
            player.play(tone::samples(*cue), volume * volume);
        }
    }
}

/// What of a projection can be heard when it changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pages: usize,
    acked: usize,
    escalated: usize,
    messages: usize,
    resolved: bool,
}

impl Heard {
    /// Reads a projection.
    pub fn of(p: &Projection) -> Heard {
        Heard {
            pages: p.pages.len(),
            acked: p.pages.iter().filter(|x| x.acked_t_s.is_some()).count(),
            escalated: p.pages.iter().map(|x| x.escalated).sum(),
            messages: p.messages.iter().filter(|m| !matches!(m.from, MessageFrom::Team { .. })).count(),
            resolved: p.incident.resolved_t_s.is_some() && !p.alerts.iter().any(|a| a.state == AlertState::Firing),
        }
    }

    /// The one sound of the change from `before`, the weightiest first.
    pub fn since(self, before: Heard) -> Option<Cue> {
        if self.pages > before.pages {
            Some(Cue::Page)
        } else if self.escalated > before.escalated {
            Some(Cue::Escalation)
        } else if self.acked > before.acked {
            Some(Cue::Acknowledge)
        } else if self.resolved && !before.resolved {
            Some(Cue::AllClear)
        } else if self.messages > before.messages {
            Some(Cue::Message)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_heard_before_a_message() {
        let now = Heard { pages: 1, messages: 4, ..Heard::default() };
        assert_eq!(now.since(Heard::default()), Some(Cue::Page));
        assert_eq!(now.since(now), None);
        assert_eq!(Heard { acked: 1, ..now }.since(now), Some(Cue::Acknowledge));
    }
}
