//! Where a statement ends: quotes, dollar quotes and comments hide a semicolon.

/// What a piece of text holds first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A statement without its semicolon, and what follows.
    Statement(String, String),
    /// A statement ended by a command such as `\g` or `\gx`; the command, and what follows.
    Command(String, String),
    /// Nothing is finished; what the prompt shows for what is open: `-`, `'`, `"`, `(`, `*`, `$`.
    Open(char),
}

/// Reads up to the first end.
pub(super) fn cut(text: &str) -> Cut {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let (mut i, mut depth) = (0, 0usize);
    while i < bytes.len() {
        match at(i) {
            q @ (b'\'' | b'"') => match text.get(i + 1..).and_then(|t| t.find(char::from(q))) {
                Some(end) => i += end + 2,
                None => return Cut::Open(char::from(q)),
            },
            b'-' if at(i + 1) == b'-' => i += text.get(i..).and_then(|t| t.find('\n')).unwrap_or(bytes.len() - i),
            b'/' if at(i + 1) == b'*' => match text.get(i + 2..).and_then(|t| t.find("*/")) {
                Some(end) => i += end + 4,
                None => return Cut::Open('*'),
            },
            b'$' => {
                let rest = text.get(i + 1..).unwrap_or_default();
                let name =
                    rest.find('$').map(|n| &rest[..n]).filter(|n| n.chars().all(|c| c.is_alphanumeric() || c == '_'));
                match name.filter(|n| !n.starts_with(|c: char| c.is_ascii_digit())) {
                    Some(name) => {
                        let tag = format!("${name}$");
                        match text.get(i + tag.len()..).and_then(|t| t.find(&tag)) {
                            Some(end) => i += end + 2 * tag.len(),
                            None => return Cut::Open('$'),
                        }
                    }
                    None => i += 1,
                }
            }
            b'(' => {
                depth += 1;
                i += 1;
            }
            b')' => {
                depth = depth.saturating_sub(1);
                i += 1;
            }
            b';' if depth == 0 => {
                let (statement, rest) = (text.get(..i).unwrap_or_default(), text.get(i + 1..).unwrap_or_default());
                return Cut::Statement(statement.trim().to_owned(), rest.trim_start().to_owned());
            }
            b'\\' => {
                let (before, rest) = (text.get(..i).unwrap_or_default(), text.get(i..).unwrap_or_default());
                let (command, after) = rest.split_once('\n').unwrap_or((rest, ""));
                let after = if before.trim().is_empty() { after.to_owned() } else { format!("{before}\0{after}") };
                return Cut::Command(command.trim().to_owned(), after);
            }
            _ => i += 1,
        }
    }
    Cut::Open(if depth > 0 { '(' } else { '-' })
}
