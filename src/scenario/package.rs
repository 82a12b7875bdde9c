//! A scenario package as text in memory: the folder's files by name. Reading a folder is `storage`'s work.

use crate::stdx::digest;
use std::collections::BTreeMap;

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
    /// Digest over names and contents: what a session's header pins.
    pub fn digest(&self) -> String {
        digest::of(&self.files)
    }
}
