//! Scenario packages: from a folder, from the working folder's `scenarios/`, or from those built into the program.

use crate::scenario::package::Package;
use crate::stdx::text;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Largest file of a package, in bytes.
pub const MAX_FILE: u64 = 1 << 20;
/// Most files of a package.
pub const MAX_FILES: usize = 200;

/// Why a package could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Nothing has that name.
    #[error("no scenario `{name}`{hint}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// `; did you mean …?`, or the list.
        hint: String,
    },
    /// A file or folder could not be read.
    #[error("cannot read {}: {why}", path.display())]
    Read {
        /// Path.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// Reads the text files of a scenario's folder, also those of its subfolders.
///
/// # Errors
/// If the folder or a file of it cannot be read, is no text, or goes over a limit.
pub fn read(dir: &Path) -> Result<Package, PackageError> {
    let mut files = BTreeMap::new();
    collect(dir, "", &mut files)?;
    let slug = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let slug = slug.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let path = dir.to_string_lossy().trim_end_matches('/').to_owned();
    Ok(Package { slug, path, files })
}

fn collect(dir: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), PackageError> {
    let fail = |path: &Path, why: String| PackageError::Read { path: path.to_owned(), why };
    let listing = fs::read_dir(dir).map_err(|e| fail(dir, e.to_string()))?;
    for entry in listing {
        let entry = entry.map_err(|e| fail(dir, e.to_string()))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let kind = entry.file_type().map_err(|e| fail(&path, e.to_string()))?;
        let name = format!("{prefix}{name}");
        if kind.is_dir() {
            // A package is two levels deep at most; whatever lies deeper is not part of it.
            if prefix.is_empty() {
                collect(&path, &format!("{name}/"), files)?;
            }
        } else if kind.is_file() {
            let size = entry.metadata().map_err(|e| fail(&path, e.to_string()))?.len();
            if size > MAX_FILE || files.len() >= MAX_FILES {
                return Err(fail(&path, format!("a package holds up to {MAX_FILES} files of up to {MAX_FILE} bytes")));
            }
            let text = fs::read_to_string(&path).map_err(|e| fail(&path, e.to_string()))?;
            files.insert(name, text);
        }
    }
    Ok(())
}

/// Finds a package: a path to a folder or to its `scenario.ron`, else `./scenarios/<slug>`, else a built-in one.
///
/// # Errors
/// If nothing has that name, or what has it cannot be read.
pub fn find(slug_or_path: &str) -> Result<Package, PackageError> {
    let path = Path::new(slug_or_path);
    if path.is_dir() {
        return read(path);
    }
    if path.is_file() {
        return read(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    }
    let local = Path::new("scenarios").join(slug_or_path);
    if !slug_or_path.is_empty() && local.is_dir() {
        return read(&local);
    }
    let built_in = bundled();
    let slugs: Vec<String> = built_in.iter().map(|p| p.slug.clone()).collect();
    if let Some(package) = built_in.into_iter().find(|p| p.slug == slug_or_path) {
        return Ok(package);
    }
    let hint = match near(slug_or_path, &slugs) {
        Some(slug) => format!("; did you mean `{slug}`?"),
        None => format!("; there are: {}, or the path of a scenario's folder", slugs.join(", ")),
    };
    Err(PackageError::Unknown { name: slug_or_path.to_owned(), hint })
}

/// A slug that begins or holds what was typed, else the nearest one.
fn near<'a>(word: &str, slugs: &'a [String]) -> Option<&'a str> {
    let part = slugs.iter().find(|s| word.len() >= 3 && s.contains(&word.to_lowercase()));
    part.map(String::as_str).or_else(|| text::nearest(word, slugs.iter().map(String::as_str)))
}

macro_rules! package {
    ($slug:literal: $($name:literal)+) => {
        ($slug, &[$(($name, include_str!(concat!("../../scenarios/", $slug, "/", $name)))),+])
    };
}

/// A file's name in its package, and its text.
type Embedded = (&'static str, &'static str);

/// The scenarios built into the program, by slug; a test compares the list with the folder.
const BUNDLED: &[(&str, &[Embedded])] = &[
    package!("docsrs-2019-10-21-disk-full":
        "better.wom"
        "briefing.en.md"
        "briefing.ko.md"
        "files/archive-README.txt"
        "files/builder.toml"
        "files/web.toml"
        "nobody.wom"
        "par.ron"
        "reference.wom"
        "runbooks/disk.en.md"
        "runbooks/disk.ko.md"
        "runbooks/site-down.en.md"
        "runbooks/site-down.ko.md"
        "scenario.ron"
        "sources.md"
    ),
    package!("rust-registry-2023-07-20-bad-deploy":
        "better.wom"
        "briefing.en.md"
        "briefing.ko.md"
        "diffs/v1041.diff"
        "diffs/v1042.diff"
        "diffs/v1043.diff"
        "files/README"
        "files/smoke-test"
        "nobody.wom"
        "par.ron"
        "reference.wom"
        "runbooks/deploy.en.md"
        "runbooks/deploy.ko.md"
        "runbooks/downloads.en.md"
        "runbooks/downloads.ko.md"
        "scenario.ron"
        "sources.md"
    ),
];

/// The scenarios built into the program.
pub fn bundled() -> Vec<Package> {
    BUNDLED
        .iter()
        .map(|(slug, files)| Package {
            slug: (*slug).to_owned(),
            path: format!("scenarios/{slug}"),
            files: files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        })
        .collect()
}
