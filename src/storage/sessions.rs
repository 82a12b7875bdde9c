//! Session folders: `session/<number>-<scenario>/` with the branches and the versions of the scenario package that they were played with.

use super::journal;
use super::place;
use crate::scenario::package::Package;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Most bytes of one package file that are read back.
const MAX_FILE: u64 = 1 << 23;
/// Characters of a package's digest that name the folder of a version.
const VERSION_CHARS: usize = 16;
/// The file that makes a folder a package.
const SCENARIO_FILE: &str = "scenario.ron";

/// The folder that holds all session folders.
///
/// # Errors
/// If there is no home folder.
pub fn sessions_dir() -> io::Result<PathBuf> {
    Ok(place::data_dir()?.join("session"))
}

/// Makes the folder of a new session below `dir` and writes the package into it.
///
/// # Errors
/// If it cannot be written, or the package names a file outside its folder.
pub fn new_session(dir: &Path, package: &Package) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let mut number = list(dir)?.last().map_or(1, |(n, _)| n.saturating_add(1));
    loop {
        let folder = dir.join(format!("{number:04}-{}", package.slug));
        match fs::create_dir(&folder) {
            Ok(()) => {
                write_package(&folder, package)?;
                return Ok(folder);
            }
            // Another process took the number between the look and the make.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => number = number.saturating_add(1),
            Err(e) => return Err(e),
        }
    }
}

/// The file of a branch.
pub fn branch_path(folder: &Path, branch: u32) -> PathBuf {
    folder.join(format!("branch-{branch}.jsonl"))
}

/// The branch with the highest number in a session folder.
///
/// # Errors
/// If the folder cannot be read.
pub fn newest_branch(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut newest: Option<u32> = None;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|n| n.strip_prefix("branch-")?.strip_suffix(".jsonl")?.parse().ok());
        newest = newest.max(number);
    }
    Ok(newest.map(|n| branch_path(folder, n)))
}

/// What a command's LOG argument names: the file itself, or a session folder's newest branch.
///
/// # Errors
/// If there is no such file, or the folder holds no branch.
pub fn find_log(path: &Path) -> io::Result<PathBuf> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(path.to_path_buf());
    }
    newest_branch(path)?.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no branch-N.jsonl in this folder"))
}

/// Session folders below `dir` by number, oldest first. A folder that does not exist has none.
///
/// # Errors
/// If it cannot be read.
pub fn list(dir: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|n| n.split_once('-')?.0.parse().ok());
        if let Some(n) = number
            && entry.file_type()?.is_dir()
        {
            found.push((n, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// The newest session below `dir` whose newest branch has no end line: the one that can be resumed.
///
/// A log that cannot be read at all cannot be resumed either and is passed over.
///
/// # Errors
/// If `dir` cannot be read.
pub fn kept_session_in(dir: &Path) -> io::Result<Option<PathBuf>> {
    for (_, folder) in list(dir)?.into_iter().rev() {
        let Some(log) = newest_branch(&folder)? else { continue };
        if journal::read(&log).is_ok_and(|log| log.end().is_none()) {
            return Ok(Some(folder));
        }
    }
    Ok(None)
}

/// [`kept_session_in`] the sessions folder of this machine.
///
/// # Errors
/// If it cannot be read.
pub fn kept_session() -> io::Result<Option<PathBuf>> {
    kept_session_in(&sessions_dir()?)
}

/// Writes a played package as `package/<digest>/<slug>/…` into a session folder: each version that a branch was played with stays.
///
/// # Errors
/// If it cannot be written, or a name leads out of the folder.
pub fn write_package(folder: &Path, package: &Package) -> io::Result<()> {
    check_name(&package.slug)?;
    let root = version(folder, &package.digest()).join(&package.slug);
    fs::create_dir_all(&root)?;
    for (name, text) in &package.files {
        check_name(name)?;
        place::write_atomic(&root.join(name), text.as_bytes())?;
    }
    Ok(())
}

/// The folder of a version of the package. A digest is all hexadecimal digits, and its beginning is enough to tell versions apart.
fn version(folder: &Path, digest: &str) -> PathBuf {
    folder.join("package").join(digest.chars().filter(char::is_ascii_hexdigit).take(VERSION_CHARS).collect::<String>())
}

/// Reads the package that a branch was played with, by the digest that its header pins.
///
/// Sessions of the first layout hold one package, `package/<slug>/…`; it is read where no version has that digest.
///
/// # Errors
/// If there is none, a file is not text, or one is larger than 8 MiB.
pub fn read_package(folder: &Path, digest: &str) -> io::Result<Package> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "no scenario package in this session folder");
    let holder = version(folder, digest);
    let holder = if holder.is_dir() { holder } else { folder.join("package") };
    let mut roots = fs::read_dir(&holder)?.collect::<Result<Vec<_>, _>>()?;
    roots.retain(|e| e.path().join(SCENARIO_FILE).is_file());
    roots.sort_by_key(fs::DirEntry::file_name);
    let root = roots.first().ok_or_else(missing)?.path();
    let slug = root.file_name().and_then(|n| n.to_str()).ok_or_else(missing)?.to_owned();
    let mut package = Package { slug, path: root.display().to_string(), files: Default::default() };
    collect(&root, "", &mut package, 0)?;
    Ok(package)
}

fn collect(folder: &Path, prefix: &str, package: &mut Package, depth: u32) -> io::Result<()> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    if depth > 8 {
        return Err(bad("folders nested too deep"));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_str().map(|n| format!("{prefix}{n}")).ok_or_else(|| bad("file name"))?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), package, depth + 1)?;
        } else {
            if entry.metadata()?.len() > MAX_FILE {
                return Err(bad("file larger than 8 MiB"));
            }
            package.files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

/// A name inside the folder: relative, without `..`.
fn check_name(name: &str) -> io::Result<()> {
    let inside = !name.is_empty() && Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
    if inside {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{name}` leads out of the folder")))
    }
}
