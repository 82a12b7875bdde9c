//! Words of a line: split at spaces, with quotes; and quoting, so that what is written reads back the same.

use super::GrammarError;

/// One word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text without quotes.
    pub text: String,
    /// Column of its first character, from 1; for an argument of a console tool its position.
    pub column: usize,
}

/// The words of a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    words: Vec<Word>,
    /// Column after the last word.
    end: usize,
}

impl Words {
    /// Splits at spaces. `"…"` and `'…'` keep spaces; in double quotes `\"` `\\` `\n` `\r` stand for themselves.
    pub fn split(text: &str, column: usize) -> Result<Words, GrammarError> {
        let mut words = Vec::new();
        let mut chars = text.chars().zip(column..).peekable();
        while let Some((c, at)) = chars.next() {
            if c.is_whitespace() {
                continue;
            }
            let mut word = String::new();
            let mut next = Some((c, at));
            while let Some((c, at)) = next {
                match c {
                    '"' | '\'' => quoted(c, at, &mut chars, &mut word)?,
                    _ => word.push(c),
                }
                next = chars.next_if(|(c, _)| !c.is_whitespace());
            }
            words.push(Word { text: word, column: at });
        }
        Ok(Words { words, end: column + text.chars().count() })
    }

    /// Arguments that a shell has already split.
    pub fn from_args(args: &[String]) -> Words {
        let words: Vec<_> = args.iter().zip(1..).map(|(a, column)| Word { text: a.clone(), column }).collect();
        Words { end: words.len() + 1, words }
    }

    /// The first word; empty if there is none.
    pub fn first(&self) -> &str {
        self.words.first().map_or("", |w| w.text.as_str())
    }

    /// Column of the first word.
    pub fn column(&self) -> usize {
        self.words.first().map_or(self.end, |w| w.column)
    }

    pub fn get(&self, n: usize) -> Option<&Word> {
        self.words.get(n)
    }

    /// The words from `n` on.
    pub fn from(&self, n: usize) -> &[Word] {
        self.words.get(n..).unwrap_or_default()
    }

    /// Word `n`, or an error that names `what` is missing and shows an example.
    pub fn need(&self, n: usize, what: &str, example: &str) -> Result<&Word, GrammarError> {
        self.get(n).ok_or_else(|| {
            GrammarError::new(self.end, format!("`{}` needs {what}", self.first()), format!("for example: {example}"))
        })
    }

    /// An error if there are more than `n` words.
    pub fn at_most(&self, n: usize) -> Result<(), GrammarError> {
        match self.get(n) {
            None => Ok(()),
            Some(w) => Err(GrammarError::new(
                w.column,
                format!("`{}` takes nothing more: `{}`", self.first(), w.text),
                "leave it out, or put quotes around words that belong together",
            )),
        }
    }
}

fn quoted(
    quote: char,
    at: usize,
    chars: &mut impl Iterator<Item = (char, usize)>,
    word: &mut String,
) -> Result<(), GrammarError> {
    while let Some((c, _)) = chars.next() {
        match c {
            _ if c == quote => return Ok(()),
            '\\' if quote == '"' => match chars.next() {
                Some(('n', _)) => word.push('\n'),
                Some(('r', _)) => word.push('\r'),
                Some((c @ ('"' | '\\'), _)) => word.push(c),
                Some((c, _)) => word.extend(['\\', c]),
                None => break,
            },
            _ => word.push(c),
        }
    }
    Err(GrammarError::new(at, "a quote is not closed", format!("put a {quote} at the end of the text")))
}

/// `text` so that it reads back as one word.
pub(super) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+%,=#~*".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
