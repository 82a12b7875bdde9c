//! Paths and patterns of the virtual file system.

use crate::console::host::{ConsoleHost, Stat};
use crate::stdx::path::normal;
pub use crate::stdx::path::parent;

/// An absolute, normalised path: `.`, `..` and double slashes are gone.
pub fn absolute(cwd: &str, path: &str) -> String {
    let full = if path.starts_with('/') { path.to_owned() } else { format!("{cwd}/{path}") };
    normal(&full)
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

/// Home directory of a user.
pub fn home(user: &str) -> String {
    if user == "root" { "/root".to_owned() } else { format!("/home/{user}") }
}

/// Whether `user` may do what `bit` (4 read, 2 write, 1 enter) says.
pub fn allowed(stat: &Stat, user: &str, bit: u16) -> bool {
    user == "root" || (if stat.owner == user { stat.mode >> 6 } else { stat.mode }) & bit == bit
}

/// Whether `user` may add or remove names in the directory of `path`, and if not, why.
pub fn may_change(host: &dyn ConsoleHost, on: &str, user: &str, path: &str) -> Result<(), String> {
    let dir = parent(path);
    match host.stat(on, dir) {
        None => Err("No such file or directory".to_owned()),
        Some(s) if !s.dir => Err("Not a directory".to_owned()),
        Some(s) if !allowed(&s, user, 3) => Err("Permission denied".to_owned()),
        Some(s) if s.mode & 0o1000 != 0 => match host.stat(on, path) {
            // In a sticky directory such as /tmp only the owner removes a name.
            Some(f) if f.owner != user && user != "root" => Err("Operation not permitted".to_owned()),
            _ => Ok(()),
        },
        Some(_) => Ok(()),
    }
}

/// Whether `text` matches a shell pattern; a character that was quoted stands for itself.
pub fn matches(pattern: &[(char, bool)], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0usize, 0usize);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if let Some(&(c, quoted)) = pattern.get(p) {
            if c == '*' && !quoted {
                star = Some((p, t));
                p += 1;
                continue;
            }
            if let Some(&have) = text.get(t)
                && let Some(next) = one(pattern, p, have)
            {
                p = next;
                t += 1;
                continue;
            }
        } else if t == text.len() {
            return true;
        }
        // Give the last star one more character; without one there is no match.
        match star {
            Some((sp, st)) if st < text.len() => {
                star = Some((sp, st + 1));
                p = sp + 1;
                t = st + 1;
            }
            _ => return false,
        }
    }
}

fn one(pattern: &[(char, bool)], p: usize, have: char) -> Option<usize> {
    let &(c, quoted) = pattern.get(p)?;
    if quoted {
        return (c == have).then_some(p + 1);
    }
    match c {
        '?' => Some(p + 1),
        '[' => {
            let close = pattern.iter().skip(p + 2).position(|(c, q)| *c == ']' && !q).map(|i| i + p + 2);
            let Some(close) = close else { return (have == '[').then_some(p + 1) };
            let set = pattern.get(p + 1..close)?;
            let (negated, set) = match set.first() {
                Some(('!' | '^', false)) => (true, set.get(1..)?),
                _ => (false, set),
            };
            let mut hit = false;
            let mut i = 0;
            while let Some((a, _)) = set.get(i) {
                if let (Some(('-', _)), Some((b, _))) = (set.get(i + 1), set.get(i + 2)) {
                    hit |= (*a..=*b).contains(&have);
                    i += 3;
                } else {
                    hit |= *a == have;
                    i += 1;
                }
            }
            (hit != negated).then_some(close + 1)
        }
        c => (c == have).then_some(p + 1),
    }
}

/// Whether an expanded word holds an unquoted pattern character.
pub fn is_pattern(word: &[(char, bool)]) -> bool {
    word.iter().any(|(c, q)| !q && matches!(c, '*' | '?' | '['))
}

/// Plain text as an unquoted pattern.
pub fn pattern(text: &str) -> Vec<(char, bool)> {
    text.chars().map(|c| (c, false)).collect()
}

/// Paths that match, sorted; empty if none does. At most 1000.
pub fn glob(host: &dyn ConsoleHost, on: &str, cwd: &str, word: &[(char, bool)]) -> Vec<String> {
    let rooted = word.first().is_some_and(|(c, _)| *c == '/');
    let mut found: Vec<String> = vec![if rooted { "/".to_owned() } else { String::new() }];
    for part in word.split(|(c, _)| *c == '/').filter(|p| !p.is_empty()) {
        let mut next = Vec::new();
        for at in &found {
            let dir = absolute(cwd, at);
            let add = |name: &str| if at.is_empty() { name.to_owned() } else { join(at, name) };
            if !is_pattern(part) {
                let name: String = part.iter().map(|(c, _)| *c).collect();
                if host.stat(on, &join(&dir, &name)).is_some() || name == ".." || name == "." {
                    next.push(add(&name));
                }
                continue;
            }
            let hidden = part.first().is_some_and(|(c, _)| *c == '.');
            for (name, _) in host.list(on, &dir).unwrap_or_default() {
                if next.len() < 1000 && (hidden || !name.starts_with('.')) && matches(part, &name) {
                    next.push(add(&name));
                }
            }
        }
        found = next;
    }
    found.retain(|f| !f.is_empty());
    found.sort();
    found
}
