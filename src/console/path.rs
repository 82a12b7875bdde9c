//! Paths and patterns of the virtual file system.

pub use crate::sim::home;

use crate::console::host::{ConsoleHost, Stat};
use crate::console::option::Options;
use crate::console::pattern::{self, Pattern};
use crate::stdx::path::normal;
pub use crate::stdx::path::parent;

/// An absolute, normalised path: `.`, `..` and double slashes are gone.
pub fn absolute(cwd: &str, path: &str) -> String {
    let full = if path.starts_with('/') { path.to_owned() } else { format!("{cwd}/{path}") };
    normal(&full)
}

/// As [`absolute`], but `..` behind a symbolic link leads to where the link's target lies.
pub fn physical(host: &dyn ConsoleHost, on: &str, cwd: &str, path: &str) -> String {
    if !path.split('/').any(|p| p == "..") {
        return absolute(cwd, path);
    }
    let mut at = if path.starts_with('/') { "/".to_owned() } else { normal(cwd) };
    for part in path.split('/').filter(|p| !p.is_empty() && *p != ".") {
        at = if part == ".." {
            let real = host.resolve(on, &at, true).unwrap_or(at);
            parent(&real).to_owned()
        } else {
            join(&at, part)
        };
    }
    at
}

/// Last part of a path.
pub fn base(path: &str) -> &str {
    let t = path.trim_end_matches('/');
    if t.is_empty() { "/" } else { t.rsplit('/').next().unwrap_or(t) }
}

/// `dir/name`.
pub fn join(dir: &str, name: &str) -> String {
    if dir.ends_with('/') { format!("{dir}{name}") } else { format!("{dir}/{name}") }
}

/// Whether `user` may do what `bit` (4 read, 2 write, 1 enter) says.
pub fn allowed(stat: &Stat, user: &str, bit: u16) -> bool {
    let bits = match () {
        () if user == "root" => return bit != 1 || stat.dir || stat.mode & 0o111 != 0,
        () if stat.owner == user => stat.mode >> 6,
        () if stat.group == user => stat.mode >> 3,
        () => stat.mode,
    };
    bits & bit == bit
}

/// Whether `user` finds a way to `path` through the directories before it, and if not, why.
pub fn reach(host: &dyn ConsoleHost, on: &str, user: &str, path: &str) -> Result<(), String> {
    let mut dirs: Vec<&str> = std::iter::successors(Some(parent(path)), |p| (*p != "/").then(|| parent(p))).collect();
    dirs.reverse();
    for dir in dirs {
        match host.stat(on, dir) {
            None if dir == home(user) || dir == "/home" => {}
            None => return host.resolve(on, path, true).and(Err("No such file or directory".to_owned())),
            Some(s) if !s.dir => return Err("Not a directory".to_owned()),
            Some(s) if !allowed(&s, user, 1) => return Err("Permission denied".to_owned()),
            Some(_) => {}
        }
    }
    Ok(())
}

/// Whether `user` may add or remove names in the directory of `path`, and if not, why.
pub fn may_change(host: &dyn ConsoleHost, on: &str, user: &str, path: &str) -> Result<(), String> {
    let dir = parent(path);
    match host.stat(on, dir) {
        None => Err("No such file or directory".to_owned()),
        Some(s) if !s.dir => Err("Not a directory".to_owned()),
        Some(s) if !allowed(&s, user, 3) => Err("Permission denied".to_owned()),
        Some(s) if s.mode & 0o1000 != 0 => match host.lstat(on, path) {
            // In a sticky directory such as /tmp only the owner removes a name, or the directory's owner.
            Some(f) if f.owner != user && s.owner != user && user != "root" => {
                Err("Operation not permitted".to_owned())
            }
            _ => Ok(()),
        },
        Some(_) => Ok(()),
    }
}

/// Whether `text` matches a shell pattern; a character that was quoted stands for itself.
pub fn matches(pattern: &[(char, bool)], text: &str) -> bool {
    pattern::matches(pattern, text)
}

/// Plain text as an unquoted pattern.
pub fn pattern(text: &str) -> Vec<(char, bool)> {
    pattern::unquoted(text)
}

/// Whether a path matches one of the patterns of `GLOBIGNORE`, which colons part; part by part, as a glob does.
pub fn ignored(patterns: &str, path: &str) -> bool {
    let chars: Vec<char> = patterns.chars().collect();
    let mut all: Vec<Vec<(char, bool)>> = vec![Vec::new()];
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        // A set holds its colons: it ends at the first `]` behind its first character that ends no class.
        let set = (c == '[').then(|| {
            let negated = usize::from(matches!(chars.get(at + 1), Some('!' | '^')));
            let begin = at + negated + 2;
            (begin..chars.len()).find(|i| chars.get(*i) == Some(&']') && chars.get(i - 1) != Some(&':'))
        });
        let open = all.last_mut();
        let end = match (c, set.flatten(), open) {
            (_, Some(end), Some(open)) => {
                open.extend(chars.get(at..=end).unwrap_or_default().iter().map(|c| (*c, false)));
                end
            }
            ('\\', _, Some(open)) => {
                open.extend(chars.get(at + 1).map(|c| (*c, true)));
                at + 1
            }
            (':', ..) => {
                all.push(Vec::new());
                at
            }
            (c, _, open) => {
                open.into_iter().for_each(|open| open.push((c, false)));
                at
            }
        };
        at = end + 1;
    }
    let parts: Vec<&str> = path.split('/').collect();
    all.iter().any(|pattern| {
        let wanted: Vec<&[(char, bool)]> = pattern.split(|(c, _)| *c == '/').collect();
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(p, part)| matches(p, part))
    })
}

/// Most paths that one pattern gives.
const MAX_FOUND: usize = 20_000;

/// Paths that match, sorted; empty if none does.
pub fn glob(host: &dyn ConsoleHost, on: &str, cwd: &str, word: &[(char, bool)], opts: &Options) -> Vec<String> {
    let rooted = word.first().is_some_and(|(c, _)| *c == '/');
    let only_dirs = word.len() > 1 && word.last().is_some_and(|(c, _)| *c == '/');
    let mut found: Vec<String> = vec![if rooted { "/".to_owned() } else { String::new() }];
    let parts: Vec<&[(char, bool)]> = word.split(|(c, _)| *c == '/').filter(|p| !p.is_empty()).collect();
    let stars = |part: &[(char, bool)]| opts.globstar && part == [('*', false); 2];
    let skips_dots = opts.is_on("globskipdots");
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        let mut next = Vec::new();
        let deep = stars(part);
        // `**/**` is no deeper than `**`.
        if deep && parts.get(i + 1).is_some_and(|next| stars(next)) {
            continue;
        }
        for at in &found {
            let dir = absolute(cwd, at);
            let add = |name: &str| if at.is_empty() { name.to_owned() } else { join(at, name) };
            if deep {
                below(host, on, cwd, at, last && !only_dirs, opts, &mut next);
                continue;
            }
            if !pattern::is_pattern(part, opts.extglob) {
                let name: String = part.iter().map(|(c, _)| *c).collect();
                if host.stat(on, &absolute(&dir, &name)).is_some() || name == ".." || name == "." {
                    next.push(add(&name));
                }
                continue;
            }
            let pattern = Pattern::new(part, opts.extglob, opts.nocaseglob);
            let hidden = opts.dotglob || pattern.begins_with_dot();
            let mut names: Vec<(String, bool)> =
                host.list(on, &dir).unwrap_or_default().into_iter().map(|(n, s)| (n, s.dir)).collect();
            if pattern.begins_with_dot() && !opts.dotglob {
                names.extend([(".".to_owned(), true), ("..".to_owned(), true)]);
            }
            for (name, is_dir) in names {
                let dots = matches!(name.as_str(), "." | "..");
                let shown = hidden || !name.starts_with('.');
                if next.len() < MAX_FOUND
                    && shown
                    && !(dots && skips_dots)
                    && (last || is_dir)
                    && pattern.matches(&name)
                {
                    next.push(add(&name));
                }
            }
        }
        found = next;
    }
    found.retain(|f| !f.is_empty());
    if only_dirs {
        found.retain(|f| host.stat(on, &absolute(cwd, f)).is_some_and(|s| s.dir));
        for f in &mut found {
            f.push('/');
        }
    }
    found.sort();
    found
}

/// Everything below a directory and the directory itself (`**`).
fn below(host: &dyn ConsoleHost, on: &str, cwd: &str, at: &str, files: bool, opts: &Options, out: &mut Vec<String>) {
    out.push(if files && !at.is_empty() { format!("{at}/") } else { at.to_owned() });
    let mut todo = vec![at.to_owned()];
    while let Some(dir) = todo.pop() {
        for (name, stat) in host.list(on, &absolute(cwd, &dir)).unwrap_or_default() {
            if out.len() >= MAX_FOUND || (name.starts_with('.') && !opts.dotglob) {
                continue;
            }
            let full = if dir.is_empty() { name } else { join(&dir, &name) };
            if stat.dir {
                todo.push(full.clone());
            }
            if stat.dir || files {
                out.push(full);
            }
        }
    }
}
