//! Shell patterns: `*`, `?`, sets, extended patterns. Matching follows sets of positions, so that no pattern takes
//! more than its length times the text's.

/// A character and whether it was quoted, which makes it stand for itself.
pub type Quoted = (char, bool);

const MAX_DEPTH: u32 = 20;

/// Which extended pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Optional,
    Any,
    Some,
    Once,
    Not,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tok {
    Char(char),
    One,
    Star,
    Set(bool, Vec<Range>),
    Group(Times, Vec<Vec<Tok>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Range {
    Chars(char, char),
    Class(String),
}

/// A pattern, ready to be matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    toks: Vec<Tok>,
    nocase: bool,
}

/// Whether an expanded word holds an unquoted pattern character.
pub fn is_pattern(word: &[Quoted], extended: bool) -> bool {
    let set = |i: usize| word.iter().skip(i + 1).any(|(c, q)| !q && *c == ']');
    word.iter().enumerate().any(|(i, (c, q))| {
        !q && (matches!(c, '*' | '?')
            || (*c == '[' && set(i))
            || (extended && matches!(c, '@' | '+' | '!') && word.get(i + 1) == Some(&('(', false))))
    })
}

/// Plain text as an unquoted pattern.
pub fn unquoted(text: &str) -> Vec<Quoted> {
    text.chars().map(|c| (c, false)).collect()
}

/// Whether `text` matches as a whole.
pub fn matches(pattern: &[Quoted], text: &str) -> bool {
    Pattern::new(pattern, true, false).matches(text)
}

impl Pattern {
    /// Reads a pattern.
    pub fn new(word: &[Quoted], extended: bool, nocase: bool) -> Pattern {
        let mut at = 0;
        let toks = sequence(word, &mut at, extended, 0, false);
        Pattern { toks, nocase }
    }

    /// Whether the text matches as a whole.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.ends(&text, 0).last().is_some_and(|e| *e == text.len())
    }

    /// Where matches that begin at `from` may end, ascending.
    pub fn ends(&self, text: &[char], from: usize) -> Vec<usize> {
        ends(&self.toks, text, vec![from], self.nocase)
    }

    /// The pattern of the reversed text.
    pub fn reversed(&self) -> Pattern {
        Pattern { toks: reverse(&self.toks), nocase: self.nocase }
    }

    /// Whether a match must begin with this character; `None` if it may begin with several.
    pub fn first(&self) -> Option<char> {
        match self.toks.first() {
            Some(Tok::Char(c)) if !self.nocase => Some(*c),
            _ => None,
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.toks.is_empty()
    }

    /// Whether the pattern names its first character, as `.*` does.
    pub fn begins_with_dot(&self) -> bool {
        self.toks.first() == Some(&Tok::Char('.'))
    }
}

fn reverse(toks: &[Tok]) -> Vec<Tok> {
    let one = |t: &Tok| match t {
        Tok::Group(times, all) => Tok::Group(*times, all.iter().map(|s| reverse(s)).collect()),
        other => other.clone(),
    };
    toks.iter().rev().map(one).collect()
}

fn sequence(word: &[Quoted], at: &mut usize, extended: bool, depth: u32, inside: bool) -> Vec<Tok> {
    let mut toks = Vec::new();
    while let Some(&(c, quoted)) = word.get(*at) {
        if inside && !quoted && matches!(c, '|' | ')') {
            return toks;
        }
        *at += 1;
        if quoted {
            toks.push(Tok::Char(c));
            continue;
        }
        let group = extended && depth < MAX_DEPTH && word.get(*at) == Some(&('(', false));
        match c {
            '?' | '*' | '+' | '@' | '!' if group && closes(word, *at) => {
                *at += 1;
                let times = match c {
                    '?' => Times::Optional,
                    '*' => Times::Any,
                    '+' => Times::Some,
                    '@' => Times::Once,
                    _ => Times::Not,
                };
                let mut all = Vec::new();
                loop {
                    all.push(sequence(word, at, extended, depth + 1, true));
                    let end = word.get(*at).is_none_or(|(c, _)| *c == ')');
                    *at += 1;
                    if end {
                        break;
                    }
                }
                toks.push(Tok::Group(times, all));
            }
            // What a variable gave may quote with backslashes.
            '\\' if word.get(*at).is_some() => {
                toks.extend(word.get(*at).map(|(c, _)| Tok::Char(*c)));
                *at += 1;
            }
            '*' if toks.last() == Some(&Tok::Star) => {}
            '*' => toks.push(Tok::Star),
            '?' => toks.push(Tok::One),
            '[' => match set(word, *at) {
                Some((tok, next)) => {
                    toks.push(tok);
                    *at = next;
                }
                None => toks.push(Tok::Char('[')),
            },
            c => toks.push(Tok::Char(c)),
        }
    }
    toks
}

/// Whether the parenthesis at `at` is closed.
fn closes(word: &[Quoted], at: usize) -> bool {
    let mut open = 0u32;
    for (c, quoted) in word.iter().skip(at) {
        match (c, quoted) {
            ('(', false) => open += 1,
            (')', false) => {
                open -= 1;
                if open == 0 {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn set(word: &[Quoted], begin: usize) -> Option<(Tok, usize)> {
    let mut at = begin;
    let negated = matches!(word.get(at), Some(('!' | '^', false)));
    at += usize::from(negated);
    let first = at;
    let mut ranges = Vec::new();
    loop {
        let &(c, quoted) = word.get(at)?;
        if c == ']' && !quoted && at > first {
            return Some((Tok::Set(negated, ranges), at + 1));
        }
        if c == '[' && !quoted && word.get(at + 1).is_some_and(|(c, _)| *c == ':') {
            let name: String =
                word.iter().skip(at + 2).map(|(c, _)| *c).take_while(char::is_ascii_alphabetic).collect();
            let end = at + 2 + name.len();
            if word.get(end).map(|w| w.0) == Some(':') && word.get(end + 1).map(|w| w.0) == Some(']') {
                ranges.push(Range::Class(name));
                at = end + 2;
                continue;
            }
        }
        let range = word.get(at + 1) == Some(&('-', false)) && word.get(at + 2).is_some_and(|w| *w != (']', false));
        if range && let Some(&(to, _)) = word.get(at + 2) {
            ranges.push(Range::Chars(c, to));
            at += 3;
        } else {
            ranges.push(Range::Chars(c, c));
            at += 1;
        }
    }
}

/// Whether a character belongs to a class such as `alpha`.
pub fn in_class(name: &str, c: char) -> bool {
    match name {
        "alpha" => c.is_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_alphanumeric(),
        "upper" => c.is_uppercase(),
        "lower" => c.is_lowercase(),
        "space" => c.is_whitespace(),
        "blank" => c == ' ' || c == '\t',
        "punct" => c.is_ascii_punctuation(),
        "cntrl" => c.is_control(),
        "xdigit" => c.is_ascii_hexdigit(),
        "print" => !c.is_control(),
        "graph" => !c.is_control() && !c.is_whitespace(),
        "word" => c.is_alphanumeric() || c == '_',
        _ => false,
    }
}

fn hit(ranges: &[Range], have: char) -> bool {
    ranges.iter().any(|r| match r {
        Range::Chars(a, b) => (*a..=*b).contains(&have),
        Range::Class(name) => in_class(name, have),
    })
}

fn swap(c: char) -> char {
    if c.is_uppercase() { c.to_lowercase().next().unwrap_or(c) } else { c.to_uppercase().next().unwrap_or(c) }
}

fn one(tok: &Tok, have: char, nocase: bool) -> bool {
    let same = |have: char| match tok {
        Tok::Char(c) => *c == have,
        Tok::One => true,
        Tok::Set(negated, ranges) => hit(ranges, have) != *negated,
        _ => false,
    };
    match tok {
        Tok::Set(true, ranges) if nocase => !hit(ranges, have) && !hit(ranges, swap(have)),
        _ => same(have) || (nocase && same(swap(have))),
    }
}

/// All positions reached from `from` (ascending, without doubles).
fn ends(toks: &[Tok], text: &[char], from: Vec<usize>, nocase: bool) -> Vec<usize> {
    let mut now = from;
    for tok in toks {
        if now.is_empty() {
            return now;
        }
        now = match tok {
            Tok::Star => now.first().map(|first| (*first..=text.len()).collect()).unwrap_or_default(),
            Tok::Group(times, all) => group(*times, all, text, &now, nocase),
            tok => {
                now.iter().filter(|at| text.get(**at).is_some_and(|c| one(tok, *c, nocase))).map(|at| at + 1).collect()
            }
        };
    }
    now
}

fn group(times: Times, all: &[Vec<Tok>], text: &[char], from: &[usize], nocase: bool) -> Vec<usize> {
    let once = |from: &[usize]| {
        let mut out: Vec<usize> = all.iter().flat_map(|s| ends(s, text, from.to_vec(), nocase)).collect();
        out.sort_unstable();
        out.dedup();
        out
    };
    let mut out = match times {
        Times::Once => once(from),
        Times::Optional => [from.to_vec(), once(from)].concat(),
        Times::Any | Times::Some => {
            let mut reached = if times == Times::Any { from.to_vec() } else { Vec::new() };
            let mut edge = from.to_vec();
            loop {
                let next = once(&edge);
                edge = next.into_iter().filter(|e| reached.binary_search(e).is_err()).collect();
                if edge.is_empty() {
                    break;
                }
                reached.extend(&edge);
                reached.sort_unstable();
                reached.dedup();
            }
            reached
        }
        Times::Not => {
            let mut out = Vec::new();
            // Bounded: long texts are not looked at from everywhere.
            for at in from.iter().take(256) {
                let hits = once(&[*at]);
                out.extend((*at..=text.len()).filter(|e| hits.binary_search(e).is_err()));
            }
            out
        }
    };
    out.sort_unstable();
    out.dedup();
    out
}
