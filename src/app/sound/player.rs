//! Plays samples through the PulseAudio protocol on a thread of its own; silence where no server answers.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Sounds that may be heard at once; a new one beyond that is left out.
#[cfg(target_os = "linux")]
const VOICES: usize = 8;

/// Samples on their way to the ear, each with how far it has been played.
type Voices = Arc<Mutex<Vec<(Vec<f32>, usize)>>>;

/// The way to the player's thread. Sending never waits.
pub struct Player {
    sender: Sender<Vec<f32>>,
}

impl Player {
    /// Starts the thread. Where no server answers it ends at once, and what is sent is heard by nobody.
    pub fn start() -> Player {
        let (sender, receiver) = channel();
        // Without a thread there is no sound, and nothing else is lost.
        let _ = std::thread::Builder::new().name("sound".into()).spawn(move || play(&receiver));
        Player { sender }
    }

    /// Plays samples at a volume from 0 to 1.
    pub fn play(&self, mut samples: Vec<f32>, volume: f32) {
        for s in &mut samples {
            *s *= volume;
        }
        let _ = self.sender.send(samples);
    }
}

/// Adds the voices into `out` and drops the finished ones.
fn mix(voices: &Voices, out: &mut [u8]) {
    let mut voices = voices.lock().unwrap_or_else(PoisonError::into_inner);
    for bytes in out.chunks_exact_mut(2) {
        let mut sum = 0.0;
        for (samples, at) in voices.iter_mut() {
            sum += samples.get(*at).copied().unwrap_or(0.0);
            *at += 1;
        }
        bytes.copy_from_slice(&((sum.clamp(-1.0, 1.0) * 32_767.0) as i16).to_le_bytes());
    }
    voices.retain(|(samples, at)| *at < samples.len());
}

#[cfg(target_os = "linux")]
fn play(receiver: &Receiver<Vec<f32>>) {
    use bevy::tasks::block_on;
    use pulseaudio::{AsPlaybackSource as _, Client, protocol};

    let Ok(client) = Client::from_env(c"Wheel of Misfortune") else { return };
    let voices = Voices::default();
    let params = protocol::PlaybackStreamParams {
        sample_spec: protocol::SampleSpec {
            format: protocol::SampleFormat::S16Le,
            channels: 1,
            sample_rate: super::tone::RATE,
        },
        channel_map: protocol::ChannelMap::mono(),
        cvolume: Some(protocol::ChannelVolume::norm(1)),
        sink_name: Some(protocol::DEFAULT_SINK.to_owned()),
        buffer_attr: protocol::stream::BufferAttr {
            // 60 ms, so that a peg is heard when it is seen.
            target_length: super::tone::RATE * 2 * 60 / 1000,
            ..Default::default()
        },
        flags: protocol::stream::StreamFlags { start_corked: true, adjust_latency: true, ..Default::default() },
        ..Default::default()
    };
    let source = {
        let voices = voices.clone();
        move |out: &mut [u8]| {
            mix(&voices, out);
            out.len()
        }
    };
    let Ok(stream) = block_on(client.create_playback_stream(params, source.as_playback_source())) else { return };
    let mut flowing = false;
    loop {
        match receiver.recv_timeout(if flowing { Duration::from_secs(1) } else { Duration::MAX }) {
            Ok(samples) => {
                let mut voices = voices.lock().unwrap_or_else(PoisonError::into_inner);
                if voices.len() < VOICES {
                    voices.push((samples, 0));
                }
                drop(voices);
                if !flowing {
                    flowing = block_on(stream.uncork()).is_ok();
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                // Silence costs nothing: the stream is held until the next sound.
                if voices.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                    flowing = block_on(stream.cork()).is_err();
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn play(_: &Receiver<Vec<f32>>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_are_added_and_end() {
        let voices: Voices = Arc::new(Mutex::new(vec![(vec![0.5; 2], 0), (vec![0.25; 1], 0)]));
        let mut out = [0u8; 6];
        mix(&voices, &mut out);
        let heard: Vec<i16> = out.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        assert_eq!(heard, vec![24_575, 16_383, 0]);
        assert!(voices.lock().is_ok_and(|v| v.is_empty()));
    }
}
