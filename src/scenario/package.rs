//! A scenario package as text in memory: the folder's files by name. Reading a folder is `storage`'s work.

use crate::stdx::digest;
use std::collections::BTreeMap;

/// File that pins the score of the reference.
pub const PAR_FILE: &str = "par.ron";

/// The files of `scenarios/<slug>/`, by name relative to it (`scenario.ron`, `briefing.en.md`, `reference.wom`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// The folder's name.
    pub slug: String,
    /// Path shown in diagnostics, such as `scenarios/<slug>`.
    pub path: String,
    /// Contents by relative name.
    pub files: BTreeMap<String, String>,
}

impl Package {
    /// Digest over names and contents: what a session's header pins. The pinned par and the walkthroughs are results and
    /// inputs of sessions, not part of what is played, so they stay out.
    pub fn digest(&self) -> String {
        let played = |name: &&String| name.as_str() != PAR_FILE && !name.ends_with(".wom");
        digest::of(&self.files.iter().filter(|(name, _)| played(name)).collect::<Vec<_>>())
    }

    /// The path of one of its files, as diagnostics show it.
    pub fn shown(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    /// The text of a file by the path that diagnostics show.
    pub fn source(&self, shown: &str) -> Option<&str> {
        let name = if self.path.is_empty() { shown } else { shown.strip_prefix(&self.path)?.strip_prefix('/')? };
        self.files.get(name).map(String::as_str)
    }
}
