//! What the outputs of a query are called: as they were typed.

use super::script::bare;

/// Words that end a list of outputs.
const ENDS: [&str; 8] = ["from", "where", "order", "limit", "union", "group", "having", "into"];

/// The outputs of the select that is outermost, as they were typed.
pub(super) fn titles(text: &str) -> Vec<String> {
    let Some(start) = outermost(text) else { return Vec::new() };
    let mut rest = bare(text.get(start..).unwrap_or_default());
    for word in ["distinct ", "all "] {
        if rest.to_lowercase().starts_with(word) {
            rest = bare(rest.get(word.len()..).unwrap_or_default());
        }
    }
    let (mut out, mut one) = (Vec::new(), String::new());
    let mut scan = Scan::default();
    for (i, ch) in rest.char_indices() {
        if scan.plain() {
            match ch {
                ')' => break,
                ',' => {
                    out.push(std::mem::take(&mut one));
                    scan.step(ch);
                    continue;
                }
                _ if scan.begins && ENDS.contains(&word(rest, i).as_str()) => break,
                _ => {}
            }
        }
        scan.step(ch);
        one.push(ch);
    }
    out.push(one);
    out.iter().map(|t| bare(t).trim().to_owned()).collect()
}

/// The word at a place, in small letters.
fn word(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>().to_lowercase()
}

/// Where the outputs of the outermost select begin.
fn outermost(text: &str) -> Option<usize> {
    let mut scan = Scan::default();
    for (i, ch) in text.char_indices() {
        if scan.plain() && scan.begins && word(text, i) == "select" {
            return Some(i + "select".len());
        }
        scan.step(ch);
    }
    // A statement in brackets.
    text.to_lowercase().find("select").map(|at| at + "select".len())
}

/// Where in a text one is: in quotes, in brackets, at the beginning of a word.
struct Scan {
    quote: Option<char>,
    depth: usize,
    begins: bool,
    before: char,
}

impl Default for Scan {
    fn default() -> Scan {
        Scan { quote: None, depth: 0, begins: true, before: ' ' }
    }
}

impl Scan {
    /// Neither in quotes nor in brackets.
    fn plain(&self) -> bool {
        self.quote.is_none() && self.depth == 0
    }

    fn step(&mut self, ch: char) {
        match self.quote {
            Some(q) => {
                if ch == q && self.before != '\\' {
                    self.quote = None;
                }
            }
            None => match ch {
                '\'' | '"' | '`' => self.quote = Some(ch),
                '(' => self.depth += 1,
                ')' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            },
        }
        self.begins = !(ch.is_alphanumeric() || matches!(ch, '_' | '.' | '@'));
        self.before = ch;
    }
}
