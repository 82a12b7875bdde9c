//! Settings kept between runs, as RON. A file that cannot be used is set aside and said so, never lost and never fatal.

use super::place;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Most volunteers kept.
pub const MAX_VOLUNTEERS: usize = 64;

/// Largest settings file that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// What is kept between runs. Fields that a file lacks have their defaults; ones that it has too many are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `en` or `ko`.
    pub language: String,
    /// Sound volume, 0 to 100.
    pub volume: u8,
    /// Stills all motion.
    pub reduce_motion: bool,
    /// The light theme instead of the dark one.
    pub light: bool,
    /// The wheel never repeats until all have come up.
    pub never_repeats: bool,
    /// Who may be drawn to take the pager.
    pub volunteers: Vec<Volunteer>,
    /// Size of the window in logical pixels.
    pub window: (u32, u32),
    /// Layout of the live room, as the screen words it; empty means the usual one.
    pub dock: String,
    /// Scenarios that have come up on the wheel since it last started over, by id.
    pub played: Vec<String>,
}

/// A person who may be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volunteer {
    /// Name as shown.
    pub name: String,
    /// Turns taken so far.
    pub turns: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            language: "en".into(),
            volume: 70,
            reduce_motion: false,
            light: false,
            never_repeats: true,
            volunteers: Vec::new(),
            window: (1280, 720),
            dock: String::new(),
            played: Vec::new(),
        }
    }
}

impl Settings {
    /// The nearest settings within limits.
    fn clamped(mut self) -> Settings {
        if !matches!(self.language.as_str(), "en" | "ko") {
            self.language = Settings::default().language;
        }
        self.volume = self.volume.min(100);
        self.volunteers.truncate(MAX_VOLUNTEERS);
        self.window = (self.window.0.clamp(640, 16_384), self.window.1.clamp(360, 16_384));
        self
    }
}

/// Settings and what had to be set aside to get them.
#[derive(Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// What was wrong with the file, if anything.
    pub broken: Option<BrokenFile>,
}

/// A settings file that could not be used.
#[derive(Debug)]
pub struct BrokenFile {
    /// Where its copy is; `None` if not even that could be written.
    pub kept_at: Option<PathBuf>,
    /// Why it could not be used.
    pub why: String,
}

/// The settings file of this machine.
///
/// # Errors
/// If there is no home folder.
pub fn path() -> io::Result<PathBuf> {
    Ok(place::config_dir()?.join("settings.ron"))
}

/// Loads settings. Never stops the program: a missing file means defaults, a broken one is copied to `….broken`.
pub fn load(path: &Path) -> Loaded {
    let text = match read(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Loaded { settings: Settings::default(), broken: None },
        Err(e) => return set_aside(path, e.to_string()),
    };
    match ron::from_str::<Settings>(&text) {
        Ok(settings) => Loaded { settings: settings.clamped(), broken: None },
        Err(e) => set_aside(path, e.to_string()),
    }
}

/// Saves settings whole or not at all.
///
/// # Errors
/// If they cannot be written.
pub fn save(path: &Path, settings: &Settings) -> io::Result<()> {
    let text = ron::ser::to_string_pretty(settings, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    place::write_atomic(path, text.as_bytes())
}

fn read(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "larger than 1 MiB"));
    }
    fs::read_to_string(path)
}

fn set_aside(path: &Path, why: String) -> Loaded {
    let mut name = path.as_os_str().to_owned();
    name.push(".broken");
    let copy = PathBuf::from(name);
    let kept_at = fs::copy(path, &copy).is_ok().then_some(copy);
    Loaded { settings: Settings::default(), broken: Some(BrokenFile { kept_at, why }) }
}
