//! The `s` command.

use super::parse::{Part, Substitute};
use crate::console::posix::{Re, step};

/// Pieces of a replacement text.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut lit = String::new();
    let mut chars = text.chars();
    let push = |lit: &mut String, part: Part, parts: &mut Vec<Part>| {
        if !lit.is_empty() {
            parts.push(Part::Text(std::mem::take(lit)));
        }
        parts.push(part);
    };
    while let Some(c) = chars.next() {
        match c {
            '&' => push(&mut lit, Part::Group(0), &mut parts),
            '\\' => match chars.next() {
                Some(d @ '0'..='9') => {
                    push(&mut lit, Part::Group(d.to_digit(10).unwrap_or(0) as usize), &mut parts);
                }
                Some(c @ ('L' | 'U' | 'l' | 'u' | 'E')) => push(&mut lit, Part::Case(c), &mut parts),
                Some('n') => lit.push('\n'),
                Some('t') => lit.push('\t'),
                Some('r') => lit.push('\r'),
                Some('f') => lit.push('\u{c}'),
                Some('v') => lit.push('\u{b}'),
                Some('a') => lit.push('\u{7}'),
                Some('x') => {
                    let rest = chars.as_str();
                    let hex: String = rest.chars().take(2).take_while(char::is_ascii_hexdigit).collect();
                    match u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32) {
                        Some(c) => {
                            lit.push(c);
                            chars = rest.get(hex.len()..).unwrap_or_default().chars();
                        }
                        None => lit.push('x'),
                    }
                }
                Some(c) => lit.push(c),
                None => lit.push('\\'),
            },
            c => lit.push(c),
        }
    }
    if !lit.is_empty() {
        parts.push(Part::Text(lit));
    }
    parts
}

/// Case conversions while a replacement is put together.
#[derive(Default)]
struct Caser {
    all: Option<char>,
    once: Option<char>,
}

impl Caser {
    fn push(&mut self, text: &str, out: &mut String) {
        let mut text = text;
        if let (Some(how), Some(first)) = (self.once, text.chars().next()) {
            self.once = None;
            if how == 'u' {
                out.extend(first.to_uppercase());
            } else {
                out.extend(first.to_lowercase());
            }
            text = text.get(first.len_utf8()..).unwrap_or_default();
        }
        match self.all {
            Some('U') => out.push_str(&text.to_uppercase()),
            Some('L') => out.push_str(&text.to_lowercase()),
            _ => out.push_str(text),
        }
    }

    fn set(&mut self, how: char) {
        match how {
            'E' => {
                self.all = None;
                self.once = None;
            }
            'l' | 'u' => self.once = Some(how),
            c => self.all = Some(c),
        }
    }
}

/// The text with its matches replaced; `None` if there is none to replace.
pub(super) fn substitute(s: &Substitute, re: &Re, text: &str) -> Option<String> {
    let mut out = String::new();
    let mut caser = Caser::default();
    let (mut at, mut copied, mut count, mut hit) = (0, 0, 0u64, false);
    let plain = s.parts.iter().all(|p| matches!(p, Part::Text(_) | Part::Group(0)));
    let mut last_end = None;
    while at <= text.len() {
        let groups = if plain { re.find_at(text, at).map(|m| vec![Some(m)]) } else { re.captures_at(text, at) };
        let Some(groups) = groups else { break };
        let Some((start, end)) = groups.first().copied().flatten() else { break };
        // An empty match right behind another does not count.
        if start == end && last_end == Some(start) {
            at = step(text, start);
            continue;
        }
        count += 1;
        last_end = Some(end);
        at = if end > start { end } else { step(text, end) };
        if count < s.number {
            continue;
        }
        hit = true;
        out.push_str(text.get(copied..start).unwrap_or_default());
        copied = end;
        caser.set('E');
        for p in &s.parts {
            match p {
                Part::Text(t) => caser.push(t, &mut out),
                Part::Case(c) => caser.set(*c),
                Part::Group(n) => {
                    if let Some((a, b)) = groups.get(*n).copied().flatten() {
                        caser.push(text.get(a..b).unwrap_or_default(), &mut out);
                    }
                }
            }
        }
        if !s.global || out.len() > super::super::input::MOST {
            break;
        }
    }
    if !hit {
        return None;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}
