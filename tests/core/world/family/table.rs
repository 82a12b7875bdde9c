//! Rows of the table of families.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A family of faults, as the data file has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    pub name: String,
    pub fault: String,
    #[serde(default = "minute")]
    pub wait: u64,
    pub metric: String,
    pub log: (String, String),
    pub alert: String,
    pub tool: (String, String),
    pub mends: Vec<String>,
    pub useless: Vec<String>,
    #[serde(default)]
    pub stays: bool,
    #[serde(default)]
    pub dial: Option<String>,
    /// Seconds after which the dial is read, if others.
    #[serde(default)]
    pub dial_wait: Option<u64>,
    /// The tool goes on showing what it has done.
    #[serde(default)]
    pub scar: bool,
    /// A service, and the line that starts a replica of it anew.
    #[serde(default = "restart")]
    pub restart: (String, String),
    /// A component, and a mitigation that touches it.
    #[serde(default = "touch")]
    pub touch: (String, String),
    /// What it did stays until somebody cleans it up, and why: when it goes by itself, only its cause does.
    #[serde(default)]
    pub leaves: Option<String>,
    /// Lines without which it does not come back once it was mended.
    #[serde(default)]
    pub revives: Vec<String>,
    /// Courses that make no sense for it, and why.
    #[serde(default)]
    pub never: BTreeMap<String, String>,
    /// How overload outlives it.
    #[serde(default)]
    pub metastable: Option<Metastable>,
    /// Seconds that it takes until nothing is seen once it is gone.
    #[serde(default = "fades")]
    pub fades: u64,
}

/// A place in which overload holds itself up: what leaves little room, the fault that sets it off and goes, what sheds it.
#[derive(Clone, Debug, Deserialize)]
pub struct Metastable {
    pub tight: Vec<String>,
    pub fault: String,
    pub lasts: u64,
    pub shed: Vec<String>,
}

impl Row {
    /// What responders themselves do to mend it.
    pub fn by_hand(&self) -> Vec<String> {
        self.mends.iter().filter(|l| !l.starts_with("@gm")).cloned().collect()
    }
}

fn minute() -> u64 {
    60
}

fn fades() -> u64 {
    super::SETTLES
}

fn restart() -> (String, String) {
    ("api".to_owned(), "ssh api-01 'sudo systemctl restart api'".to_owned())
}

fn touch() -> (String, String) {
    ("stock".to_owned(), "admit stock 100".to_owned())
}

/// Every row.
pub fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/fault/family.ron");
    let text = std::fs::read_to_string(path).expect("family.ron");
    ron::Options::default()
        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
        .from_str(&text)
        .unwrap_or_else(|e| panic!("family.ron: {e}"))
}
