//! Brace expansion: `{a,b}` and `{1..5}`, on words as they are parsed.

use crate::console::syntax::{Part, Word};

const MAX_WORDS: usize = 1000;

#[derive(Clone)]
enum Atom {
    Char(char),
    Part(Part),
}

/// All words that a word stands for, in order; one if there is nothing to expand.
pub fn expand(word: Word) -> Vec<Word> {
    let braces = word.0.iter().any(|p| matches!(p, Part::Lit(t) if t.contains('{')));
    if !braces {
        return vec![word];
    }
    let mut atoms = Vec::new();
    for part in word.0 {
        match part {
            Part::Lit(t) => atoms.extend(t.chars().map(Atom::Char)),
            other => atoms.push(Atom::Part(other)),
        }
    }
    let mut done: Vec<Vec<Atom>> = Vec::new();
    let mut todo = vec![atoms];
    // Depth first, leftmost brace first; a word beyond the limit is left as it was typed.
    while let Some(atoms) = todo.pop() {
        match alternatives(&atoms) {
            Some(all) if done.len() + todo.len() + all.len() <= MAX_WORDS => todo.extend(all.into_iter().rev()),
            _ => done.push(atoms),
        }
    }
    done.into_iter().map(join).collect()
}

fn join(atoms: Vec<Atom>) -> Word {
    let mut parts = Vec::new();
    for atom in atoms {
        match (parts.last_mut(), atom) {
            (Some(Part::Lit(t)), Atom::Char(c)) => t.push(c),
            (_, Atom::Char(c)) => parts.push(Part::Lit(c.to_string())),
            (_, Atom::Part(p)) => parts.push(p),
        }
    }
    Word(parts)
}

fn alternatives(atoms: &[Atom]) -> Option<Vec<Vec<Atom>>> {
    for (open, atom) in atoms.iter().enumerate() {
        if !matches!(atom, Atom::Char('{')) {
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
                    } else if let Some(range) = range(atoms.get(open + 1..i)?) {
                        range
                    } else {
                        break;
                    };
                    return Some(
                        bodies
                            .into_iter()
                            .map(|body: Vec<Atom>| {
                                let mut all = atoms.get(..open).unwrap_or_default().to_vec();
                                all.extend(body);
                                all.extend_from_slice(atoms.get(i + 1..).unwrap_or_default());
                                all
                            })
                            .collect(),
                    );
                }
                _ => {}
            }
        }
    }
    None
}

fn range(atoms: &[Atom]) -> Option<Vec<Vec<Atom>>> {
    let mut text = String::new();
    for a in atoms {
        match a {
            Atom::Char(c) => text.push(*c),
            Atom::Part(_) => return None,
        }
    }
    let (from, to) = text.split_once("..")?;
    let mut out: Vec<String> = Vec::new();
    if let (Ok(a), Ok(b)) = (from.parse::<i64>(), to.parse::<i64>()) {
        if a.abs_diff(b) >= MAX_WORDS as u64 {
            return None;
        }
        let width = if from.starts_with('0') || to.starts_with('0') { from.len().max(to.len()) } else { 0 };
        let all: Vec<i64> = if a <= b { (a..=b).collect() } else { (b..=a).rev().collect() };
        out.extend(all.iter().map(|n| if width > 1 { format!("{n:0width$}") } else { n.to_string() }));
    } else {
        let (mut f, mut t) = (from.chars(), to.chars());
        let (a, b) = (f.next()?, t.next()?);
        if f.next().is_some() || t.next().is_some() || !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() {
            return None;
        }
        let all: Vec<char> = if a <= b { (a..=b).collect() } else { (b..=a).rev().collect() };
        out.extend(all.iter().map(char::to_string));
    }
    Some(out.into_iter().map(|t| t.chars().map(Atom::Char).collect()).collect())
}
