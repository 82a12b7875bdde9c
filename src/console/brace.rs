//! Brace expansion: `{a,b}` and `{1..5}`, the first of the expansions.

use crate::console::syntax::{Part, VarOp, Word};

/// Most words that one word may stand for.
const MAX_WORDS: usize = 100_000;
/// Most characters that all words of an expansion may have together.
const MAX_CHARS: usize = 4 << 20;

#[derive(Clone)]
enum Atom {
    Char(char),
    Part(Part),
}

/// Whether there may be something to expand.
pub fn has_braces(word: &Word) -> bool {
    word.0.iter().any(|p| matches!(p, Part::Lit(t) if t.contains('{')))
}

/// All words that a word stands for, in order; one if there is nothing to expand.
///
/// # Errors
/// Too many words, in bash's words.
pub fn expand(word: &Word) -> Result<Vec<Word>, String> {
    let mut atoms = Vec::new();
    for part in &word.0 {
        match part {
            Part::Lit(t) => atoms.extend(t.chars().map(Atom::Char)),
            other => atoms.push(Atom::Part(other.clone())),
        }
    }
    // What is done is kept as text, which takes a fraction of the room.
    let mut done: Vec<Word> = Vec::new();
    let mut chars = 0;
    let mut todo = vec![atoms];
    // Depth first, leftmost brace first.
    while let Some(atoms) = todo.pop() {
        match alternatives(&atoms)? {
            Some(all) => {
                let count = done.len() + todo.len() + all.len();
                if count > MAX_WORDS {
                    return Err(too_many(count as u64));
                }
                todo.extend(all.into_iter().rev());
            }
            None => {
                chars += atoms.len();
                if chars > MAX_CHARS {
                    return Err(too_many(done.len() as u64 + 1));
                }
                done.push(join(atoms));
            }
        }
    }
    let expanded = done.len() > 1;
    let word = |w| if expanded { with_home(w) } else { w };
    Ok(done.into_iter().map(word).filter(|w| !w.0.is_empty()).collect())
}

fn too_many(count: u64) -> String {
    format!("brace expansion: failed to allocate memory for {count} elements")
}

/// Braces come before homes: `{~,x}/y` is `~/y` and `x/y`.
fn with_home(mut word: Word) -> Word {
    let Some(Part::Lit(text)) = word.0.first() else { return word };
    let Some(rest) = text.strip_prefix('~') else { return word };
    let end = rest.find('/').unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-+".contains(c));
    if !plain || rest.is_empty() && word.0.len() > 1 {
        return word;
    }
    let parts = [Part::Home(name.to_owned()), Part::Lit(rest.to_owned())];
    word.0.splice(0..1, parts);
    word
}

fn join(atoms: Vec<Atom>) -> Word {
    let mut parts = Vec::new();
    for atom in atoms {
        match (parts.last_mut(), atom) {
            (Some(Part::Lit(t)), Atom::Char(c)) => t.push(c),
            // Braces come before variables: `$x{1,2}` is `$x1 $x2`.
            (Some(Part::Var { name, op: VarOp::Bare, .. }), Atom::Char(c)) if goes_on(name, c) => name.push(c),
            (_, Atom::Char(c)) => parts.push(Part::Lit(c.to_string())),
            (_, Atom::Part(p)) => parts.push(p),
        }
    }
    Word(parts)
}

/// Whether a character that follows the name of a variable belongs to it.
fn goes_on(name: &str, c: char) -> bool {
    name.starts_with(|n: char| n.is_ascii_alphabetic() || n == '_') && (c.is_ascii_alphanumeric() || c == '_')
}

fn alternatives(atoms: &[Atom]) -> Result<Option<Vec<Vec<Atom>>>, String> {
    for (open, atom) in atoms.iter().enumerate() {
        // `${` is no brace expansion, and neither is `{}`.
        if !matches!(atom, Atom::Char('{')) || (open > 0 && matches!(atoms.get(open - 1), Some(Atom::Char('$')))) {
            continue;
        }
        let mut depth = 0u32;
        let mut cuts = vec![open];
        for (i, atom) in atoms.iter().enumerate().skip(open) {
            match atom {
                Atom::Char('{') => depth += 1,
                Atom::Char(',') if depth == 1 => cuts.push(i),
                Atom::Char('}') => {
                    depth -= 1;
                    if depth > 0 {
                        continue;
                    }
                    cuts.push(i);
                    let bodies = if cuts.len() > 2 {
                        cuts.windows(2).filter_map(|w| Some(atoms.get(w.first()? + 1..*w.last()?)?.to_vec())).collect()
                    } else if let Some(range) = range(atoms.get(open + 1..i).unwrap_or_default())? {
                        range
                    } else {
                        break;
                    };
                    let whole = |body: Vec<Atom>| {
                        let mut all = atoms.get(..open).unwrap_or_default().to_vec();
                        all.extend(body);
                        all.extend_from_slice(atoms.get(i + 1..).unwrap_or_default());
                        all
                    };
                    return Ok(Some(bodies.into_iter().map(whole).collect()));
                }
                _ => {}
            }
        }
    }
    Ok(None)
}

fn range(atoms: &[Atom]) -> Result<Option<Vec<Vec<Atom>>>, String> {
    let mut text = String::new();
    for a in atoms {
        match a {
            Atom::Char(c) => text.push(*c),
            Atom::Part(_) => return Ok(None),
        }
    }
    let parts: Vec<&str> = text.split("..").collect();
    let (from, to, step) = match parts.as_slice() {
        [from, to] => (*from, *to, 1),
        [from, to, step] => match step.parse::<i64>() {
            Ok(n) => (*from, *to, n.unsigned_abs().max(1)),
            Err(_) => return Ok(None),
        },
        _ => return Ok(None),
    };
    let out: Vec<String> = if let (Ok(a), Ok(b)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let count = a.abs_diff(b) / step;
        if count >= MAX_WORDS as u64 {
            return Err(too_many(count.saturating_add(1)));
        }
        let zero = |t: &str| t.trim_start_matches('-').starts_with('0') && t.trim_start_matches('-').len() > 1;
        let width = if zero(from) || zero(to) { from.len().max(to.len()) } else { 0 };
        let value = |i: u64| {
            let by = i64::try_from(i.saturating_mul(step)).unwrap_or(0);
            if a <= b { a.saturating_add(by) } else { a.saturating_sub(by) }
        };
        (0..=count).map(|i| format!("{:0width$}", value(i))).collect()
    } else {
        let (mut f, mut t) = (from.chars(), to.chars());
        let (Some(a), Some(b), None, None) = (f.next(), t.next(), f.next(), t.next()) else { return Ok(None) };
        if !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() {
            return Ok(None);
        }
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        if a <= b {
            (a..=b).step_by(step).map(String::from).collect()
        } else {
            (b..=a).rev().step_by(step).map(String::from).collect()
        }
    };
    Ok(Some(out.into_iter().map(|t| t.chars().map(Atom::Char).collect()).collect()))
}
