//! The sounds as samples: computed, short, recognisable. 48 kHz mono, −1 to 1.

use std::f32::consts::TAU;

/// Samples a second.
pub const RATE: u32 = 48_000;

/// What can be heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cue {
    /// A page: two tones that you learn to dread.
    Page,
    /// A page was acknowledged.
    Acknowledge,
    /// A message came.
    Message,
    /// A peg passed the flapper at this speed, turns a second.
    Peg(f32),
    /// A page went on to somebody else.
    Escalation,
    /// It is over.
    AllClear,
}

/// One partial: starts at, lasts (seconds), frequency (Hz), loudness.
type Note = (f32, f32, f32, f32);

/// The samples of a cue at full volume.
pub fn samples(cue: Cue) -> Vec<f32> {
    match cue {
        Cue::Page => notes(&[
            (0.00, 0.20, 880.0, 0.40),
            (0.20, 0.26, 659.3, 0.40),
            (0.56, 0.20, 880.0, 0.40),
            (0.76, 0.34, 659.3, 0.40),
        ]),
        Cue::Acknowledge => notes(&[(0.0, 0.09, 523.3, 0.26), (0.07, 0.16, 784.0, 0.26)]),
        Cue::Message => notes(&[(0.0, 0.10, 1046.5, 0.14)]),
        Cue::Escalation => notes(&[
            (0.0, 0.16, 659.3, 0.36),
            (0.16, 0.16, 784.0, 0.36),
            (0.32, 0.16, 932.3, 0.36),
            (0.48, 0.36, 1108.7, 0.36),
        ]),
        Cue::AllClear => notes(&[
            (0.00, 1.10, 261.6, 0.16),
            (0.06, 1.10, 329.6, 0.16),
            (0.12, 1.10, 392.0, 0.16),
            (0.18, 1.20, 523.3, 0.14),
        ]),
        Cue::Peg(speed) => {
            // Pitch falls with speed; a knock rather than a tone.
            let pitch = 900.0 + 500.0 * speed.clamp(0.0, 1.6);
            let length = (RATE as f32 * 0.030) as usize;
            (0..length)
                .map(|i| {
                    let t = i as f32 / RATE as f32;
                    let decay = (-t * 160.0).exp();
                    ((TAU * pitch * t).sin() + 0.5 * (TAU * pitch * 2.7 * t).sin()) * 0.16 * decay
                })
                .collect()
        }
    }
}

/// Bell-like notes, each fading in within 4 ms and out to nothing.
fn notes(notes: &[Note]) -> Vec<f32> {
    let end = notes.iter().map(|n| n.0 + n.1).fold(0.0, f32::max);
    let mut out = vec![0.0; (end * RATE as f32) as usize];
    for (start, length, pitch, loud) in notes {
        let first = (start * RATE as f32) as usize;
        let count = (length * RATE as f32) as usize;
        for (i, sample) in out.iter_mut().skip(first).take(count).enumerate() {
            let t = i as f32 / RATE as f32;
            let attack = (t / 0.004).min(1.0);
            let release = (1.0 - t / length).max(0.0);
            let wave =
                (TAU * pitch * t).sin() + 0.25 * (TAU * 2.0 * pitch * t).sin() + 0.08 * (TAU * 3.0 * pitch * t).sin();
            *sample += wave * loud * attack * release;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sound_clips_or_ends_with_a_click() {
        for cue in
            [Cue::Page, Cue::Acknowledge, Cue::Message, Cue::Peg(1.6), Cue::Peg(0.0), Cue::Escalation, Cue::AllClear]
        {
            let s = samples(cue);
            assert!(s.len() > 500 && s.iter().all(|v| v.abs() < 1.0), "{cue:?}");
            assert!(s.iter().any(|v| v.abs() > 0.05), "{cue:?} is heard");
            assert!(s.last().is_some_and(|v| v.abs() < 0.02), "{cue:?} ends softly");
        }
    }
}
