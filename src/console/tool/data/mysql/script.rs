//! Where a statement ends: quotes and comments hide its end.

/// How a statement was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `;` or `\g`.
    Go,
    /// `\G`: rows one below the other.
    Vertical,
}

/// What a piece of text holds first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A statement, how it ended, and what follows.
    Statement(String, End, String),
    /// A command of the client such as `\s`, what stood before it, and what follows.
    Command(char, String, String),
    /// Nothing is finished; what the prompt shows for what is open: `-`, `'`, `"`, `` ` ``, `*`.
    Open(char),
}

/// The end of what is in quotes from `at`, behind the quote.
fn quoted(text: &str, at: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut i = at + 1;
    while let Some(b) = bytes.get(i) {
        match *b {
            b'\\' if quote != b'`' => i += 1,
            b if b == quote => return Some(i + 1),
            _ => {}
        }
        i += 1;
    }
    None
}

/// Reads up to the first end.
pub(super) fn cut(text: &str) -> Cut {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let mut i = 0;
    while i < bytes.len() {
        match at(i) {
            q @ (b'\'' | b'"' | b'`') => match quoted(text, i, q) {
                Some(end) => i = end,
                None => return Cut::Open(char::from(q)),
            },
            b'#' => i += part(i, bytes.len()).find('\n').unwrap_or(bytes.len() - i),
            b'-' if at(i + 1) == b'-' && matches!(at(i + 2), b' ' | b'\t' | b'\n' | 0) => {
                i += part(i, bytes.len()).find('\n').unwrap_or(bytes.len() - i);
            }
            b'/' if at(i + 1) == b'*' => match part(i + 2, bytes.len()).find("*/") {
                Some(end) => i += end + 4,
                None => return Cut::Open('*'),
            },
            b';' => {
                return Cut::Statement(part(0, i).trim().to_owned(), End::Go, part(i + 1, bytes.len()).to_owned());
            }
            b'\\' => {
                let letter = text.get(i + 1..).and_then(|t| t.chars().next()).unwrap_or(' ');
                let rest = part(i + 1 + letter.len_utf8(), bytes.len()).to_owned();
                let before = part(0, i).trim().to_owned();
                return match letter {
                    'g' => Cut::Statement(before, End::Go, rest),
                    'G' => Cut::Statement(before, End::Vertical, rest),
                    other => Cut::Command(other, before, rest),
                };
            }
            _ => i += 1,
        }
    }
    Cut::Open('-')
}

/// A statement without its comments at the front.
pub(super) fn bare(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let rest = match text {
            t if t.starts_with('#') || t.starts_with("-- ") => t.split_once('\n').map_or("", |(_, r)| r),
            t if t.starts_with("/*") && !t.starts_with("/*!") => t.split_once("*/").map_or("", |(_, r)| r),
            t => return t.trim_end(),
        };
        text = rest.trim_start();
    }
}
