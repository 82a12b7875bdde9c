//! Finding the way: links in a path are followed as a kernel follows them.

use super::{Content, Vfs, below, normal, parent, refuse};
use crate::sim::Refusal;

/// Links that one path may lead through.
const MOST_LINKS: u32 = 40;

/// Bytes of a path with the one that ends it, and bytes of a name, as in Linux's limits.h.
const PATH_MAX: usize = 4096;
const NAME_MAX: usize = 255;

impl Vfs {
    /// The path of what `path` names, without links; a link at its end is followed only if `follow` says so. What it names
    /// need not exist, the directories before it must.
    ///
    /// # Errors
    /// `No such file or directory`, `Not a directory`, `Too many levels of symbolic links`, `File name too long`.
    pub fn resolve(&self, path: &str, follow: bool) -> Result<String, Refusal> {
        let path = normal(path);
        if path.len() >= PATH_MAX || path.split('/').any(|part| part.len() > NAME_MAX) {
            return refuse("File name too long");
        }
        if self.nodes.get(&path).is_some_and(|n| !follow || !n.is_link()) {
            return Ok(path);
        }
        // What lies in a real directory has no links before it.
        if !self.nodes.contains_key(&path) && self.nodes.get(parent(&path)).is_some_and(|n| n.is_dir()) {
            return Ok(path);
        }
        let mut done = "/".to_owned();
        let mut todo: Vec<String> = path.rsplit('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            match part.as_str() {
                "." => continue,
                ".." => {
                    done = parent(&done).to_owned();
                    continue;
                }
                _ => {}
            }
            let at = format!("{}{part}", below(&done));
            match self.nodes.get(&at).map(|n| &n.content) {
                Some(Content::Link(target)) if follow || !todo.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return refuse("Too many levels of symbolic links");
                    }
                    if target.starts_with('/') {
                        "/".clone_into(&mut done);
                    }
                    todo.extend(target.rsplit('/').filter(|p| !p.is_empty()).map(str::to_owned));
                }
                Some(Content::Text(_) | Content::Blob(_)) if !todo.is_empty() => return refuse("Not a directory"),
                None if !todo.is_empty() => return refuse("No such file or directory"),
                _ => done = at,
            }
        }
        Ok(done)
    }
}
