//! The scenario loader: bad files with the problems they are known to have, the two scenarios, and the generated pages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wheel_of_misfortune::diagnostic::{self, Code};
use wheel_of_misfortune::scenario::package::Package;
use wheel_of_misfortune::scenario::{
    Action, FileKind, Played, Predicate, Scenario, all_fields, format_reference, load, problems_of_example, schema::Need,
};
use wheel_of_misfortune::stdx::time::Offset;
use wheel_of_misfortune::storage::package;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn scenario(slug: &str) -> (Package, Scenario) {
    let package = package::read(&root().join("scenarios").join(slug)).expect("the folder can be read");
    let loaded = load(&package);
    let text = diagnostic::to_text(&loaded.diagnostics, |f| package.source(f));
    assert!(loaded.diagnostics.is_empty(), "{text}");
    (package, loaded.scenario.expect("no problem, so a scenario"))
}

const SLUGS: [&str; 2] = ["docsrs-2019-10-21-disk-full", "rust-registry-2023-07-20-bad-deploy"];

/// Compares with a committed file; `WOM_BLESS=1` writes it.
fn current(path: &Path, made: &str) {
    if std::env::var_os("WOM_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        std::fs::write(path, made).expect("written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "{} is not current: run the tests with WOM_BLESS=1", path.display());
}

#[test]
fn generated_pages_are_current() {
    current(&root().join("docs/scenario-format.md"), &format_reference());
    current(&root().join("docs/diagnostics.md"), &diagnostic::reference());
}

#[test]
fn examples_and_defaults_of_the_format_can_be_read() {
    for (owner, field) in all_fields() {
        let problems = problems_of_example(&field.sample(), field.ty);
        assert!(problems.is_empty(), "{owner}.{}: {}: {problems:?}", field.name, field.sample());
        if let Need::Default(ron) = field.need {
            let problems = problems_of_example(ron, field.ty);
            assert!(problems.is_empty(), "{owner}.{}: default {ron}: {problems:?}", field.name);
        }
    }
}

#[test]
fn codes_are_unique_and_numbered_without_gaps() {
    for (i, code) in Code::ALL.iter().enumerate() {
        assert_eq!(code.id(), format!("WOM{:04}", i + 1));
    }
}

#[test]
fn scenarios_load_without_a_word() {
    for slug in SLUGS {
        let (_, s) = scenario(slug);
        assert_eq!(s.id, slug);
    }
}
