//! POSIX regular expressions as grep, sed, awk, expr and find match them: leftmost, and of those the longest.
//!
//! A pattern is parsed here (basic, extended or awk's syntax), written in the syntax of the automaton library and searched
//! for in two passes: the first finds where the leftmost match begins, the second how far the longest one from there goes.
//! Groups are filled by a third pass over that span. A pattern with a back-reference has a bounded backtracker of its own.

mod around;
mod back;
mod emit;
mod parse;

use around::Around;
use back::Back;
pub use parse::Syntax;
use parse::{Edge, Node};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, meta};
use std::sync::{Mutex, OnceLock};

/// How a pattern is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Letters match in either case.
    pub ignore_case: bool,
    /// `^` and `$` match at each line, and nothing but a newline matches a newline: for a search in many lines at once.
    pub lines: bool,
    /// `^` and `$` match at each line too (sed's `M`).
    pub multi: bool,
    /// Only whole words (grep's `-w`).
    pub word: bool,
    /// Only whole lines (grep's `-x`).
    pub whole: bool,
}

/// A Perl pattern whose `\w`, `\d` and `\s` stand for ASCII alone, as they do there.
fn narrow(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut set = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next();
                let name = match next.map(|n| n.to_ascii_lowercase()) {
                    Some('w') => "word",
                    Some('d') => "digit",
                    Some('s') => "space",
                    _ => "",
                };
                let not = if next.is_some_and(|n| n.is_ascii_uppercase()) { "^" } else { "" };
                match (name, set, next) {
                    ("", false, Some(b @ ('b' | 'B'))) if chars.peek() != Some(&'{') => {
                        out.push_str(&format!("(?-u:\\{b})"));
                    }
                    ("", _, next) => {
                        out.push('\\');
                        out.extend(next);
                    }
                    (name, true, _) => out.push_str(&format!("[:{not}{name}:]")),
                    (name, false, _) => out.push_str(&format!("[[:{not}{name}:]]")),
                }
            }
            '[' if !set => {
                set = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    out.push_str("\\]");
                }
            }
            '[' if chars.peek() == Some(&':') => {
                // A class by name goes through to its end.
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            '[' => out.push_str("\\["),
            ']' if set => {
                set = false;
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

/// Start and end of a match or group, in bytes.
pub type Span = (usize, usize);

/// A compiled pattern.
pub struct Re {
    body: Body,
    /// Number of groups.
    pub groups: usize,
}

enum Body {
    Automaton(Box<Automaton>),
    Back(Back),
    Around(Box<Around>),
}

struct Automaton {
    first: meta::Regex,
    text: String,
    fold: bool,
    /// Every match from a place is as long as every other.
    fixed: bool,
    longest: OnceLock<Option<(DFA, Mutex<Cache>)>>,
    groups: OnceLock<Option<meta::Regex>>,
}

const SIZE: usize = 8 << 20;

fn build(text: &str, fold: bool) -> Result<meta::Regex, String> {
    meta::Regex::builder()
        .configure(meta::Config::new().nfa_size_limit(Some(SIZE)).onepass_size_limit(Some(1 << 16)))
        .syntax(syntax::Config::new().case_insensitive(fold))
        .build(text)
        .map_err(|e| {
            if e.size_limit().is_some() { "Regular expression too big" } else { "Invalid regular expression" }
                .to_owned()
        })
}

impl Re {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// In the words of the C library: `Unmatched ( or \(`.
    pub fn new(pattern: &str, syntax: Syntax, options: Options) -> Result<Re, String> {
        Re::any(&[pattern], syntax, options)
    }

    /// Compiles several patterns of which any may match. With back-references there may be only one.
    ///
    /// # Errors
    /// As [`Re::new`].
    pub fn any(patterns: &[&str], syntax: Syntax, options: Options) -> Result<Re, String> {
        let mut nodes = Vec::new();
        let (mut groups, mut refers) = (0, false);
        for p in patterns {
            let parsed = parse::parse(p, syntax)?;
            groups = parsed.groups;
            refers |= parsed.refers;
            nodes.push(parsed.node);
        }
        let mut node = if nodes.len() == 1 { nodes.remove(0) } else { Node::Alt(nodes) };
        if options.word {
            node = Node::Cat(vec![Node::Edge(Edge::NoWordBefore), node, Node::Edge(Edge::NoWordAfter)]);
        }
        if options.whole {
            node = Node::Cat(vec![Node::Edge(Edge::Start), node, Node::Edge(Edge::End)]);
        }
        if refers {
            return Ok(Re { body: Body::Back(Back::new(&node, groups, options)?), groups });
        }
        let text = emit::emit(&node, options);
        let first = build(&text, options.ignore_case)?;
        let body = Automaton {
            first,
            text,
            fold: options.ignore_case,
            fixed: parse::fixed(&node),
            longest: OnceLock::new(),
            groups: OnceLock::new(),
        };
        Ok(Re { body: Body::Automaton(Box::new(body)), groups })
    }

    /// Compiles a pattern of Perl's syntax as far as it has look-around only at its ends and no back-references.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn perl(pattern: &str, options: Options) -> Result<Re, String> {
        let frame = |mut text: String| {
            if options.word {
                text = format!(r"\b{{start-half}}{text}\b{{end-half}}");
            }
            if options.whole {
                text = format!("^{text}$");
            }
            if options.lines { format!("(?m-s:{text})") } else { text }
        };
        if Around::wanted(pattern) {
            let around = Around::new(pattern, options.ignore_case, frame)?;
            return Ok(Re { body: Body::Around(Box::new(around)), groups: 0 });
        }
        let text = frame(format!("(?:{})", narrow(pattern)));
        let first = build(&text, options.ignore_case)?;
        let body = Automaton {
            first,
            text,
            fold: options.ignore_case,
            fixed: true,
            longest: OnceLock::new(),
            groups: OnceLock::new(),
        };
        Ok(Re { body: Body::Automaton(Box::new(body)), groups: 0 })
    }

    /// Whether it matches anywhere.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.body {
            Body::Automaton(a) => a.first.is_match(text),
            Body::Back(b) => b.find(text, 0).is_some(),
            Body::Around(a) => a.find(text, 0).is_some(),
        }
    }

    /// Where some match begins at or after `from`; its end may be any.
    pub fn begin(&self, text: &str, from: usize) -> Option<usize> {
        match &self.body {
            Body::Automaton(a) => {
                let input = Input::new(text).range(from.min(text.len())..).earliest(true);
                a.first.search_half(&input).map(|m| m.offset())
            }
            Body::Back(b) => b.find(text, from).and_then(|g| g.first().copied().flatten()).map(|(s, _)| s),
            Body::Around(a) => a.find(text, from).map(|(s, _)| s),
        }
    }

    /// The leftmost longest match at or after `from`.
    pub fn find_at(&self, text: &str, from: usize) -> Option<Span> {
        match &self.body {
            Body::Automaton(a) => a.find(text, from),
            Body::Back(b) => b.find(text, from)?.first().copied().flatten(),
            Body::Around(a) => a.find(text, from),
        }
    }

    /// The leftmost longest match at or after `from` with its groups; the first is the whole match.
    pub fn captures_at(&self, text: &str, from: usize) -> Option<Vec<Option<Span>>> {
        match &self.body {
            Body::Automaton(a) => {
                let whole = a.find(text, from)?;
                let mut found = vec![Some(whole)];
                if self.groups > 0 {
                    a.fill(text, whole, &mut found);
                }
                found.resize(self.groups + 1, None);
                Some(found)
            }
            Body::Back(b) => b.find(text, from),
            Body::Around(a) => Some(vec![Some(a.find(text, from)?)]),
        }
    }

    /// All matches that do not overlap; an empty one right after another does not count.
    pub fn find_all(&self, text: &str) -> Vec<Span> {
        let mut found: Vec<Span> = Vec::new();
        let mut at = 0;
        while let Some((s, e)) = self.find_at(text, at) {
            let touches = s == e && found.last().is_some_and(|l| l.1 == s);
            if !touches {
                found.push((s, e));
            }
            at = if s == e { step(text, e) } else { e };
            if at > text.len() {
                break;
            }
        }
        found
    }
}

/// The place after the character at `at`, past the end if there is none.
pub fn step(text: &str, at: usize) -> usize {
    at + text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
}

impl Automaton {
    fn find(&self, text: &str, from: usize) -> Option<Span> {
        if from > text.len() {
            return None;
        }
        let m = self.first.search(&Input::new(text).range(from..))?;
        if self.fixed {
            return Some((m.start(), m.end()));
        }
        Some((m.start(), self.end(text, m.start()).unwrap_or(m.end())))
    }

    /// The end of the longest match that begins at `start`.
    fn end(&self, text: &str, start: usize) -> Option<usize> {
        let (dfa, cache) = self
            .longest
            .get_or_init(|| {
                let config = DFA::config()
                    .match_kind(MatchKind::All)
                    .unicode_word_boundary(true)
                    .skip_cache_capacity_check(true)
                    .cache_capacity(2 << 20);
                let syntax = syntax::Config::new().case_insensitive(self.fold);
                let dfa = DFA::builder().configure(config).syntax(syntax).build(&self.text).ok()?;
                let cache = Mutex::new(dfa.create_cache());
                Some((dfa, cache))
            })
            .as_ref()?;
        let mut cache = cache.lock().unwrap_or_else(|e| e.into_inner());
        let input = Input::new(text).range(start..).anchored(Anchored::Yes);
        dfa.try_search_fwd(&mut cache, &input).ok().flatten().map(|m| m.offset())
    }

    /// Adds the groups of a match.
    fn fill(&self, text: &str, (start, end): Span, found: &mut Vec<Option<Span>>) {
        let re = self.groups.get_or_init(|| build(&format!(r"(?:{})\z", self.text), self.fold).ok());
        let Some(head) = text.get(..end) else { return };
        let mut slots = self.first.create_captures();
        if let Some(re) = re {
            slots = re.create_captures();
            re.search_captures(&Input::new(head).range(start..).anchored(Anchored::Yes), &mut slots);
        }
        if !slots.is_match() {
            slots = self.first.create_captures();
            self.first.search_captures(&Input::new(text).range(start..).anchored(Anchored::Yes), &mut slots);
        }
        for i in 1..slots.group_len() {
            found.push(slots.get_group(i).map(|s| (s.start, s.end)));
        }
    }
}
