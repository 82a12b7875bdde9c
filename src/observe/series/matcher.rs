//! Label matchers: `=`, `!=`, `=~` and `!~`, the last two fully anchored and compiled once.

use regex::Regex;

/// How a matcher compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

/// One condition on one label.
#[derive(Clone, Debug)]
pub struct Matcher {
    name: String,
    op: MatchOp,
    value: String,
    regex: Option<Regex>,
}

impl Matcher {
    /// A matcher; the error says why the regular expression is none.
    pub fn new(name: &str, op: MatchOp, value: &str) -> Result<Matcher, String> {
        let regex = match op {
            MatchOp::Regex | MatchOp::NotRegex => Some(anchored(value)?),
            MatchOp::Equal | MatchOp::NotEqual => None,
        };
        Ok(Matcher { name: name.to_owned(), op, value: value.to_owned(), regex })
    }

    /// `name="value"`.
    pub fn equal(name: &str, value: &str) -> Matcher {
        Matcher { name: name.to_owned(), op: MatchOp::Equal, value: value.to_owned(), regex: None }
    }

    /// The label that is looked at.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is compared.
    pub fn op(&self) -> MatchOp {
        self.op
    }

    /// What it is compared to.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether a label's value is accepted; no label counts as an empty value.
    pub fn matches(&self, value: &str) -> bool {
        let fits = self.regex.as_ref().map_or(self.value == value, |r| r.is_match(value));
        fits == matches!(self.op, MatchOp::Equal | MatchOp::Regex)
    }
}

/// A regular expression that must match the whole text, in which a dot matches a line end as well.
///
/// Prometheus's syntax takes a brace that starts no repetition as itself (`a{b}`), ours wants it escaped.
pub(crate) fn anchored(pattern: &str) -> Result<Regex, String> {
    let whole = |p: &str| Regex::new(&format!("^(?s:{p})$"));
    whole(pattern)
        .or_else(|e| whole(&escape_braces(pattern)).map_err(|_| e))
        .map_err(|e| format!("invalid regular expression {pattern:?}: {}", e.to_string().replace('\n', " ")))
}

/// The pattern with every brace escaped that is not part of `{n}`, `{n,}`, `{n,m}` or an escape such as `\p{L}`.
fn escape_braces(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 4);
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            // `\p{L}` and `\x{e9}` keep their braces.
            '\\' if ["\\p{", "\\P{", "\\x{"].iter().any(|e| rest.starts_with(e)) => {
                rest.find('}').map_or(rest.len(), |end| end + 1)
            }
            '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            '{' => {
                let inside = rest.get(1..).and_then(|r| r.split_once('}')).map(|(inside, _)| inside);
                match inside.filter(|i| repeats(i)) {
                    Some(i) => i.len() + 2,
                    None => {
                        out.push('\\');
                        1
                    }
                }
            }
            c => c.len_utf8(),
        };
        let (head, tail) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        out.push_str(head);
        rest = tail;
    }
    out
}

/// Whether `n`, `n,` or `n,m` stands between braces.
fn repeats(inside: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    match inside.split_once(',') {
        None => digits(inside),
        Some((low, high)) => digits(low) && (high.is_empty() || digits(high)),
    }
}
