//! Scenarios: RON text to a validated [`Scenario`], with every problem of a file found in one pass.

mod check;
pub mod crontab;
mod decode;
mod decode_world;
pub mod model;
mod names;
pub mod package;
mod read;
mod reference;
pub mod schema;
mod table;
mod value;
mod vocabulary;

pub use check::{PACKAGE_FILES, PATHS_MAX};
pub use crontab::Crontab;
pub use decode::deed_of;
pub use decode::fault::{fault_from_words, fault_kinds, fault_words};
pub use decode::observe::burn_alerts;
pub use model::*;
pub use read::problems_of_example;
pub use reference::{all_fields, format_reference};
pub use table::effect::{CAPACITY_EFFECT, EFFECT, NET_EFFECT, STORE_ACT};
pub use vocabulary::VOCABULARY;

use crate::diagnostic::{Code, Diagnostic, any_error};
use package::Package;

/// What came of reading a package.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario, if no problem is an error.
    pub scenario: Option<Scenario>,
    /// Every problem, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks a package; collects every problem and never stops at the first.
pub fn load(package: &Package) -> Loaded {
    let Some(source) = package.files.get("scenario.ron") else {
        let message = format!("`{}` has no file `scenario.ron`", package.slug);
        let file = package.shown("scenario.ron");
        let label = "expected `Scenario(…)`".to_owned();
        let missing = Diagnostic::new(Code::MissingScenario, &file, "", 0..0, message, label);
        return Loaded { scenario: None, diagnostics: vec![missing] };
    };
    let mut reader = read::Reader::new(package, source);
    let root = reader.document(&table::SCENARIO);
    // After a syntax error whole sections may be lost; names and what depends on them would be reported in vain.
    if !reader.broken {
        names::check(&mut reader, &root);
    }
    if matches!(root.what, value::What::Record(..)) {
        check::check(&mut reader, &root, &package.slug);
    }
    let mut diagnostics = reader.problems;
    let torn: Vec<usize> = diagnostics.iter().filter(|d| d.code == Code::Syntax).map(|d| d.span.line).collect();
    diagnostics.retain(|d| d.code == Code::Syntax || !torn.contains(&d.span.line));
    diagnostics.sort_by(|a, b| (&a.span, a.code, &a.message).cmp(&(&b.span, b.code, &b.message)));
    diagnostics.dedup();
    let scenario = (!any_error(&diagnostics)).then(|| decode::scenario(&root, package));
    Loaded { scenario, diagnostics }
}
