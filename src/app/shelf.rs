//! The scenarios at hand: those built into the program, replaced or joined by the ones in the `scenarios/` folder.

use crate::diagnostic::Diagnostic;
use crate::library::catalogue::{self, Entry};
use crate::scenario::package::Package;
use crate::scenario::{self, Scenario};
use crate::storage::package;
use crate::view::front::ScenarioFace;
use std::path::Path;
use std::sync::Arc;

/// A scenario that can be played.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its files.
    pub package: Package,
    /// What was read from them.
    pub scenario: Arc<Scenario>,
}

impl Book {
    /// What may be told of it before it is played.
    pub fn face(&self) -> ScenarioFace {
        let s = &self.scenario;
        ScenarioFace {
            id: s.id.clone(),
            name: s.wedge.clone(),
            level: s.level,
            minutes: s.minutes,
            role: s.you.role.clone(),
            skills: s.skills.clone(),
        }
    }
}

/// A scenario file with problems.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Slug.
    pub slug: String,
    /// What is wrong, as text with places and help.
    pub text: String,
    /// The first problem in one line.
    pub first: String,
}

/// Every scenario at hand, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// Playable ones, easy ones first.
    pub books: Vec<Book>,
    /// Those whose newest edit has errors. The last good version stays among the books.
    pub problems: Vec<Problem>,
}

/// What a changed file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The same as before.
    Same,
    /// A new version of this scenario.
    Updated(String),
    /// Problems; the last good version is kept.
    Broken(String),
}

impl Shelf {
    /// Reads everything. A package with errors is a problem, never a reason to stop.
    pub fn open(folder: Option<&Path>) -> Shelf {
        let mut shelf = Shelf::default();
        for package in package::bundled() {
            shelf.place(package);
        }
        let Some(folder) = folder else { return shelf };
        let Ok(listing) = std::fs::read_dir(folder) else { return shelf };
        let mut dirs: Vec<_> = listing.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_dir()).collect();
        dirs.sort();
        for dir in dirs {
            match package::read(&dir) {
                Ok(package) if package.files.contains_key("scenario.ron") => {
                    shelf.place(package);
                }
                Ok(_) => {}
                Err(e) => {
                    let slug = dir.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                    shelf.problems.push(Problem { slug, text: e.to_string(), first: e.to_string() });
                }
            }
        }
        shelf
    }

    /// Takes a package in place of its older version, unless it has errors.
    pub fn place(&mut self, package: Package) -> Change {
        let slug = package.slug.clone();
        let digest = package.digest();
        if self.book(&slug).is_some_and(|b| b.package.digest() == digest) {
            self.problems.retain(|p| p.slug != slug);
            return Change::Same;
        }
        let loaded = scenario::load(&package);
        self.problems.retain(|p| p.slug != slug);
        match loaded.scenario {
            Some(scenario) => {
                self.books.retain(|b| b.package.slug != slug);
                self.books.push(Book { package, scenario: Arc::new(scenario) });
                self.books.sort_by(|a, b| (a.scenario.level, &a.scenario.id).cmp(&(b.scenario.level, &b.scenario.id)));
                Change::Updated(slug)
            }
            None => {
                self.problems.push(problem(&package, &loaded.diagnostics));
                Change::Broken(slug)
            }
        }
    }

    /// A playable scenario by slug.
    pub fn book(&self, slug: &str) -> Option<&Book> {
        self.books.iter().find(|b| b.package.slug == slug)
    }

    /// The pool of the wheel's draw, in the order of the books.
    pub fn pool(&self) -> Vec<Entry> {
        let mut pool: Vec<Entry> = self.books.iter().map(|b| Entry::of(&b.scenario)).collect();
        catalogue::sort(&mut pool);
        pool
    }
}

fn problem(package: &Package, diagnostics: &[Diagnostic]) -> Problem {
    let source = |file: &str| {
        package.files.iter().find(|(name, _)| file.ends_with(name.as_str())).map(|(_, text)| text.as_str())
    };
    let first = diagnostics.first().map(|d| format!("{}: {}", d.place(), d.message)).unwrap_or_default();
    Problem { slug: package.slug.clone(), text: crate::diagnostic::to_text(diagnostics, source), first }
}
