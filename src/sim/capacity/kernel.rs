//! What a kernel says: memory killed, tables full, disks late, machine checks. Bounded; oldest lines go first.

use serde::Serialize;

/// Lines that are kept.
const LINES_MAX: usize = 2_000;

/// A line of a host's kernel log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KernelLine {
    /// Tick at which it was written.
    pub tick: u64,
    /// Position of the host.
    pub host: usize,
    /// Level word as `dmesg` has it: `err`, `warn`, `info`.
    pub level: &'static str,
    /// Text.
    pub text: String,
}

/// The lines of all hosts, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct KernelLog {
    pub lines: Vec<KernelLine>,
}

impl KernelLog {
    pub fn say(&mut self, tick: u64, host: usize, level: &'static str, text: String) {
        if self.lines.len() >= LINES_MAX {
            self.lines.drain(..LINES_MAX / 4);
        }
        self.lines.push(KernelLine { tick, host, level, text });
    }

    /// Says it unless this host said the same within the last `quiet` ticks, as a rate-limited message.
    pub fn say_rarely(&mut self, tick: u64, host: usize, level: &'static str, text: &str, quiet: u64) {
        let recent = self.lines.iter().rev().take_while(|l| l.tick + quiet > tick);
        if !recent.into_iter().any(|l| l.host == host && l.text == text) {
            self.say(tick, host, level, text.to_owned());
        }
    }
}
