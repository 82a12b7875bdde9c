//! What signs tell of two values: whether they are alike, which is larger, whether one is in the other.

use super::super::node::{DEPTH_MAX, Id, Kind, Node, Res, Tree, fail, memory};
use super::super::read::{guess, moment};
use super::{boolean, find, no_alias, numeric, real, whole};

/// Whether a name fits a pattern of `*` and `?`.
pub(in super::super) fn fits(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.as_bytes(), pattern.as_bytes());
    if pattern.is_empty() {
        return name.is_empty();
    }
    let (mut p, mut n, mut back) = (0, 0, None);
    while p < pattern.len() || n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p, n + 1));
                p += 1;
                continue;
            }
            Some(b'?') if n < name.len() => {
                (p, n) = (p + 1, n + 1);
                continue;
            }
            Some(c) if name.get(n) == Some(c) => {
                (p, n) = (p + 1, n + 1);
                continue;
            }
            _ => {}
        }
        match back {
            Some((bp, bn)) if bn <= name.len() => {
                (p, n) = (bp, bn);
            }
            _ => return false,
        }
    }
    true
}

/// `a == b`.
pub(in super::super) fn equals(tree: &mut Tree, a: Option<Id>, b: Option<Id>, not: bool) -> Res<Id> {
    let truth = match (a, b) {
        (None, None) => true,
        (Some(one), None) | (None, Some(one)) => tree.at(one).is_null(),
        (Some(a), Some(b)) => {
            let (x, y) = (tree.at(a), tree.at(b));
            if x.is_null() {
                y.is_null()
            } else {
                x.kind == Kind::Scalar && y.kind == Kind::Scalar && fits(&x.text, &y.text)
            }
        }
    };
    boolean(tree, a.or(b), truth != not)
}

/// How two values of a comparison stand to each other.
fn against(x: &Node, y: &Node, greater: bool, equal: bool) -> Res<bool> {
    use std::cmp::Ordering;
    let (p, q) = (guess(x), guess(y));
    let told = |o: Ordering| match o {
        Ordering::Equal => equal,
        Ordering::Greater => greater,
        Ordering::Less => !greater,
    };
    let dates = x.tag == "!!timestamp" || (p == "!!str" && moment(&x.text) && x.text.contains('T'));
    if dates {
        // Dates of one form are in the order of their texts.
        let same = x.text.len() == y.text.len() && y.text.get(10..) == x.text.get(10..).filter(|t| t.is_empty());
        let zulu = x.text.len() == y.text.len() && x.text.ends_with('Z') && y.text.ends_with('Z');
        return if same || zulu {
            Ok(told(x.text.cmp(&y.text)))
        } else {
            fail("comparing dates of this form is not simulated")
        };
    }
    if p == "!!int" && q == "!!int" {
        Ok(told(whole(&x.text)?.cmp(&whole(&y.text)?)))
    } else if numeric(&p) && numeric(&q) {
        Ok(real(&x.text)?.partial_cmp(&real(&y.text)?).is_some_and(told))
    } else if p == "!!str" && q == "!!str" {
        Ok(told(x.text.cmp(&y.text)))
    } else if p == "!!null" || q == "!!null" {
        Ok(p == q && equal)
    } else {
        fail(format!("{} not yet supported for comparison", x.tag))
    }
}

/// `a < b` and its kin.
pub(in super::super) fn compare(tree: &mut Tree, a: Option<Id>, b: Option<Id>, greater: bool, equal: bool) -> Res<Id> {
    let truth = match (a, b) {
        (None, None) => equal,
        (Some(a), Some(b)) => {
            no_alias(tree, &[a, b])?;
            let (x, y) = (tree.at(a), tree.at(b));
            match x.kind {
                Kind::Map => return fail("maps not yet supported for comparison"),
                Kind::Seq => return fail("arrays not yet supported for comparison"),
                _ if y.kind != Kind::Scalar => {
                    return fail(format!("{} ({}) cannot be subtracted from {}", y.tag, tree.nice_path(b), x.tag));
                }
                _ => against(x, y, greater, equal)?,
            }
        }
        _ => false,
    };
    boolean(tree, a.or(b), truth)
}

/// The order of two values in a sorted sequence.
pub(in super::super) fn order(x: &Node, y: &Node) -> Res<std::cmp::Ordering> {
    let (p, q) = (guess(x), guess(y));
    let rank = |tag: &str| match tag {
        "!!null" => 0,
        "!!bool" => 1,
        _ => 2,
    };
    let dates = p == "!!timestamp" && q == "!!timestamp";
    if dates && x.text.len() != y.text.len() {
        return fail("comparing dates of this form is not simulated");
    }
    Ok(match (rank(&p), rank(&q)) {
        (0, 0) => x.text.cmp(&y.text),
        (1, 1) => x.truth().cmp(&y.truth()),
        (a, b) if a != b => a.cmp(&b),
        _ if p == "!!int" && q == "!!int" => whole(&x.text)?.cmp(&whole(&y.text)?),
        _ if numeric(&p) && numeric(&q) => real(&x.text)?.total_cmp(&real(&y.text)?),
        _ => x.text.cmp(&y.text),
    })
}

/// Whether one value has another one in it.
pub(in super::super) fn contains(tree: &Tree, a: Id, b: Id, depth: u32) -> Res<bool> {
    let (x, y) = (tree.at(a), tree.at(b));
    if depth > DEPTH_MAX {
        return Err(memory());
    }
    Ok(match x.kind {
        Kind::Map => {
            if y.kind != Kind::Map {
                return Ok(false);
            }
            for pair in y.items.chunks_exact(2) {
                let [k, v] = pair else { continue };
                let Some(w) = find(tree, a, *k).and_then(|at| x.items.get(at + 1)) else { return Ok(false) };
                if !contains(tree, *w, *v, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        Kind::Seq => {
            let wanted = if y.kind == Kind::Seq { y.items.clone() } else { vec![b] };
            for w in wanted {
                let mut found = false;
                for i in &x.items {
                    found = found || contains(tree, *i, w, depth + 1)?;
                }
                if !found {
                    return Ok(false);
                }
            }
            true
        }
        Kind::Scalar if y.kind != Kind::Scalar || x.tag != y.tag => false,
        Kind::Scalar if x.tag == "!!str" => x.text.contains(&y.text),
        Kind::Scalar => x.is_null() || x.text == y.text,
        Kind::Alias(_) => return fail("an alias in contains is not simulated"),
    })
}
