//! Where files live on this machine: data and configuration folders, and writing a file whole or not at all.

use etcetera::{AppStrategy as _, AppStrategyArgs};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

fn strategy() -> io::Result<impl etcetera::AppStrategy> {
    etcetera::choose_app_strategy(AppStrategyArgs {
        top_level_domain: "example".into(),
        author: "wheel-of-misfortune".into(),
        app_name: "wheel-of-misfortune".into(),
    })
    .map_err(|e| io::Error::new(io::ErrorKind::NotFound, e.to_string()))
}

fn from_env(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// The data folder: `WOM_DATA_DIR`, else the platform's.
///
/// # Errors
/// If there is no home folder.
pub fn data_dir() -> io::Result<PathBuf> {
    match from_env("WOM_DATA_DIR") {
        Some(dir) => Ok(dir),
        None => Ok(strategy()?.data_dir()),
    }
}

/// The configuration folder: `WOM_CONFIG_DIR`, else the platform's.
///
/// # Errors
/// If there is no home folder.
pub fn config_dir() -> io::Result<PathBuf> {
    match from_env("WOM_CONFIG_DIR") {
        Some(dir) => Ok(dir),
        None => Ok(strategy()?.config_dir()),
    }
}

/// Writes a file whole or not at all; its folder is made if it is missing.
///
/// # Errors
/// If the folder or file cannot be written; an older file is then untouched.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}
