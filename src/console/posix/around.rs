//! Look-around in Perl's patterns, as far as it stands at their ends: `(?<=a)b`, `(?!a)b`, `b(?=c)`, `a\Kb`.
//!
//! The automaton library knows none. What stands at an end can be asked apart: the body is searched for, and each place
//! where it matches is taken if what went before it and what follows it is as it has to be.

use super::{Span, build, narrow, step};
use regex_automata::{Anchored, Input, meta};

/// One question about a place.
struct Look {
    /// What has to be there, or not.
    re: meta::Regex,
    wanted: bool,
    /// It is about what goes before the place.
    behind: bool,
}

impl Look {
    fn holds(&self, text: &str, at: usize) -> bool {
        let found = if self.behind {
            self.re.is_match(text.get(..at).unwrap_or_default())
        } else {
            self.re.search(&Input::new(text).range(at..).anchored(Anchored::Yes)).is_some()
        };
        found == self.wanted
    }
}

/// A pattern with look-around at its ends.
pub(super) struct Around {
    before: Vec<Look>,
    /// Its first group is what counts as the match.
    body: meta::Regex,
    /// What may not follow.
    after: Option<Look>,
}

const KINDS: [(&str, bool, bool); 4] =
    [("(?=", true, false), ("(?!", false, false), ("(?<=", true, true), ("(?<!", false, true)];

/// The end of the group that begins a text, over its closing parenthesis.
fn group(text: &str) -> Option<usize> {
    let (mut depth, mut set, mut escaped) = (0u32, false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => set = true,
            ']' => set = false,
            '(' if !set => depth += 1,
            ')' if !set => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a pattern's parts begin that stand outside of its groups and sets.
fn outside(text: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let (mut at, mut set) = (0, false);
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        if !set {
            all.push(at);
        }
        match c {
            '\\' => at = step(text, at),
            '[' => set = true,
            ']' => set = false,
            '(' if !set => {
                at += text.get(at..).and_then(group).unwrap_or(1);
                continue;
            }
            _ => {}
        }
        at = step(text, at);
    }
    all
}

impl Around {
    /// Whether a pattern asks for it.
    pub(super) fn wanted(pattern: &str) -> bool {
        KINDS.iter().any(|(k, ..)| pattern.contains(k)) || pattern.contains("\\K")
    }

    /// Reads a pattern.
    ///
    /// # Errors
    /// Look-around in the midst of it, and what is wrong with its parts.
    pub(super) fn new(pattern: &str, fold: bool, frame: impl Fn(String) -> String) -> Result<Around, String> {
        let look = |text: &str, wanted: bool, behind: bool| -> Result<Look, String> {
            let end = if behind { r"\z" } else { "" };
            Ok(Look { re: build(&format!("(?:{}){end}", narrow(text)), fold)?, wanted, behind })
        };
        let (anchor, mut rest) = pattern.strip_prefix('^').map_or(("", pattern), |r| ("^", r));
        let mut before = Vec::new();
        while let Some((open, wanted, behind)) = KINDS.iter().find(|(k, ..)| rest.starts_with(k)) {
            let end = group(rest).ok_or("Unmatched ( or \\(")?;
            before.push(look(rest.get(open.len()..end - 1).unwrap_or_default(), *wanted, *behind)?);
            rest = rest.get(end..).unwrap_or_default();
        }
        let parts = outside(rest);
        let mut after = None;
        let mut follows = String::new();
        if let Some(at) = parts.iter().copied().next_back()
            && let Some(last) = rest.get(at..)
            && let Some((open, wanted, false)) = KINDS.iter().find(|(k, ..)| last.starts_with(k)).copied()
            && group(last) == Some(last.len())
        {
            let inner = last.get(open.len()..last.len() - 1).unwrap_or_default();
            if wanted {
                follows = format!("(?:{})", narrow(inner));
            } else {
                after = Some(look(inner, false, false)?);
            }
            rest = rest.get(..at).unwrap_or_default();
        }
        let keep = parts.iter().copied().rfind(|at| rest.get(*at..).is_some_and(|t| t.starts_with("\\K")));
        let (lead, kept) = match keep {
            Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at + 2..).unwrap_or_default()),
            None => ("", rest),
        };
        let either = parts.iter().any(|at| rest.get(*at..).is_some_and(|t| t.starts_with('|')));
        if either || [lead, kept].iter().any(|t| Around::wanted(t)) {
            return Err("look-around is available with -P only at the ends of a pattern here".to_owned());
        }
        // The groups of the pattern itself do not count here.
        let body = format!("{anchor}(?:{})(?P<kept>{}){follows}", narrow(lead), narrow(kept));
        Ok(Around { before, body: build(&frame(body), fold)?, after })
    }

    /// The first match at or after `from`.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Span> {
        let mut slots = self.body.create_captures();
        let mut at = from;
        while at <= text.len() {
            self.body.search_captures(&Input::new(text).range(at..), &mut slots);
            let whole = slots.get_match()?;
            let kept = slots.get_group_by_name("kept")?;
            let (start, mut end) = (kept.start, kept.end);
            if self.before.iter().all(|l| l.holds(text, whole.start())) {
                // Where the wrong thing follows, a shorter match may do.
                while self.after.as_ref().is_some_and(|l| !l.holds(text, end)) && end > start {
                    let Some(head) = text.get(..end - 1) else {
                        end -= 1;
                        continue;
                    };
                    self.body
                        .search_captures(&Input::new(head).range(whole.start()..).anchored(Anchored::Yes), &mut slots);
                    let Some(shorter) = slots.get_group_by_name("kept") else { break };
                    end = shorter.end;
                }
                if self.after.as_ref().is_none_or(|l| l.holds(text, end)) {
                    return Some((start, end));
                }
            }
            at = step(text, whole.start());
        }
        None
    }
}
