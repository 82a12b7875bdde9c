//! Replies of a cache, and how its client prints them: for a person at a terminal, or raw for a pipe.

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// `OK`, `PONG`.
    Status(String),
    /// An error with its code.
    Error(String),
    Int(i64),
    Bulk(String),
    Nil,
    Array(Vec<Reply>),
    /// A text that is printed as it is (INFO, CLIENT LIST).
    Text(String),
}

impl Reply {
    pub fn ok() -> Reply {
        Reply::Status("OK".to_owned())
    }

    pub fn error(text: impl Into<String>) -> Reply {
        Reply::Error(text.into())
    }

    pub fn int(n: u64) -> Reply {
        Reply::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// An array of texts.
    pub fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Reply {
        Reply::Array(items.into_iter().map(|t| Reply::Bulk(t.into())).collect())
    }

    /// As a person sees it.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, "");
        out
    }

    fn write(&self, out: &mut String, prefix: &str) {
        match self {
            Reply::Status(t) => out.push_str(&format!("{t}\n")),
            Reply::Error(t) => out.push_str(&format!("(error) {t}\n")),
            Reply::Int(n) => out.push_str(&format!("(integer) {n}\n")),
            Reply::Bulk(t) => out.push_str(&format!("{}\n", quoted(t))),
            Reply::Nil => out.push_str("(nil)\n"),
            Reply::Text(t) => out.push_str(t),
            Reply::Array(items) if items.is_empty() => out.push_str("(empty array)\n"),
            Reply::Array(items) => {
                let width = items.len().to_string().len();
                let deeper = format!("{prefix}{}", " ".repeat(width + 2));
                for (i, item) in items.iter().enumerate() {
                    let head = if i > 0 { prefix } else { "" };
                    out.push_str(&format!("{head}{:>width$}) ", i + 1));
                    item.write(out, &deeper);
                }
            }
        }
    }

    /// As a pipe gets it.
    pub fn raw(&self) -> String {
        match self {
            Reply::Error(t) => format!("{t}\n\n"),
            Reply::Text(t) => t.replace('\n', "\r\n"),
            other => format!("{}\n", other.plain()),
        }
    }

    fn plain(&self) -> String {
        match self {
            Reply::Status(t) | Reply::Error(t) | Reply::Bulk(t) | Reply::Text(t) => t.clone(),
            Reply::Int(n) => n.to_string(),
            Reply::Nil => String::new(),
            Reply::Array(items) => items.iter().map(Reply::plain).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// A text with its special characters spelled out.
pub(super) fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            ' '..='~' => out.push(c),
            other => {
                let mut bytes = [0; 4];
                for b in other.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("\\x{b:02x}"));
                }
            }
        }
    }
    out.push('"');
    out
}

/// The words of a line as typed; `None` if a quote stays open.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut rest = line.trim_start().chars().peekable();
    while rest.peek().is_some() {
        let mut word = String::new();
        while let Some(c) = rest.next() {
            match c {
                c if c.is_whitespace() => break,
                '"' | '\'' => {
                    quote(c, &mut rest, &mut word)?;
                    if rest.peek().is_some_and(|c| !c.is_whitespace()) {
                        return None;
                    }
                }
                c => word.push(c),
            }
        }
        out.push(word);
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
    }
    Some(out)
}

/// The rest of a quoted word.
fn quote(mark: char, rest: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            c if c == mark => return Some(()),
            '\\' if mark == '"' => match rest.next()? {
                'n' => word.push('\n'),
                'r' => word.push('\r'),
                't' => word.push('\t'),
                'a' => word.push('\u{7}'),
                'b' => word.push('\u{8}'),
                c => word.push(c),
            },
            c => word.push(c),
        }
    }
}
