//! tr: translates, squeezes or deletes characters as they come.

use crate::console::machine::Read;
use crate::console::text_format::{from_bytes, to_bytes};
use crate::console::tool::{Ctx, Decl, Step, flag};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "tr",
    synopsis: "[OPTION]... STRING1 [STRING2]",
    about: "translate, squeeze or delete characters",
    opts: &[
        flag("c", "complement", "use the complement of STRING1"),
        flag("C", "", "the same as -c"),
        flag("d", "delete", "delete characters in STRING1, do not translate"),
        flag("s", "squeeze-repeats", "replace each sequence of a repeated character of the last STRING with one of it"),
        flag("t", "truncate-set1", "first truncate STRING1 to length of STRING2"),
    ],
    examples: &[
        ("echo hello | tr a-z A-Z", "HELLO\n"),
        ("echo a--b | tr -s -", "a-b\n"),
        ("echo 'a1 b2' | tr -dc '[:digit:]\\n'", "12\n"),
        ("tr", "tr: missing operand\nTry 'tr --help' for more information.\n"),
    ],
    step: tr,
    ..Decl::BLANK
}];

/// A set in order. `[x*n]` and `[x*]` fill up to `length`; `second` says that it is STRING2 of a translation.
/// `cases` are the places of `[:upper:]` and `[:lower:]` in STRING1, which those of STRING2 have to meet.
fn set_of(text: &str, length: usize, second: bool, cases: &mut Vec<usize>) -> Result<Vec<u8>, String> {
    let raw = unescaped(text)?;
    let mut out = Vec::new();
    let mut i = 0;
    while let Some((b, escaped)) = raw.get(i).copied() {
        let plain = |at: usize| raw.get(at).filter(|r| !r.1).map(|r| r.0);
        let name_until = |from: usize, end: u8| -> Option<Vec<u8>> {
            let rest = raw.get(from..).unwrap_or_default();
            let n = rest.windows(2).position(|w| w == [(end, false), (b']', false)])?;
            Some(rest.iter().take(n).map(|r| r.0).collect())
        };
        if b == b'[' && !escaped {
            if plain(i + 1) == Some(b':')
                && let Some(name) = name_until(i + 2, b':')
            {
                let name = String::from_utf8_lossy(&name).into_owned();
                if second && !matches!(name.as_str(), "upper" | "lower") {
                    let why = "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'";
                    return Err(why.to_owned());
                }
                if second && !cases.contains(&out.len()) {
                    return Err("misaligned [:upper:] and/or [:lower:] construct".to_owned());
                }
                if !second && matches!(name.as_str(), "upper" | "lower") {
                    cases.push(out.len());
                }
                out.extend(class(&name).ok_or_else(|| format!("invalid character class ‘{name}’"))?);
                i += name.len() + 4;
                continue;
            }
            if plain(i + 1) == Some(b'=')
                && let Some(name) = name_until(i + 2, b'=')
                && let [one] = name.as_slice()
            {
                if second {
                    return Err("[=c=] expressions may not appear in string2 when translating".to_owned());
                }
                out.push(*one);
                i += 5;
                continue;
            }
            if plain(i + 2) == Some(b'*') {
                let close = raw.get(i + 3..).unwrap_or_default().iter().position(|r| *r == (b']', false));
                let count: String = raw.iter().skip(i + 3).take(close.unwrap_or(0)).map(|r| char::from(r.0)).collect();
                if close.is_some() && !count.chars().all(|d| d.is_ascii_digit()) {
                    return Err(format!("invalid repeat count ‘{count}’ in [c*n] construct"));
                }
                if let Some(n) = close {
                    if !second {
                        return Err("the [c*] repeat construct may not appear in string1".to_owned());
                    }
                    let times = if count.starts_with('0') { usize::from_str_radix(&count, 8) } else { count.parse() };
                    let fill = match times.unwrap_or(0) {
                        0 => length.saturating_sub(out.len()),
                        n => n.min(70_000),
                    };
                    out.extend(std::iter::repeat_n(raw.get(i + 1).map_or(b' ', |r| r.0), fill));
                    i += n + 4;
                    continue;
                }
            }
        }
        if plain(i + 1) == Some(b'-')
            && let Some((last, _)) = raw.get(i + 2).copied()
        {
            if last < b {
                let name =
                    |b: u8| if (32..127).contains(&b) { char::from(b).to_string() } else { format!("\\{b:03o}") };
                let (a, z) = (name(b), name(last));
                return Err(format!("range-endpoints of '{a}-{z}' are in reverse collating sequence order"));
            }
            out.extend(b..=last);
            i += 3;
            continue;
        }
        out.push(b);
        i += 1;
    }
    Ok(out)
}

/// Bytes of a set as typed, and whether each was escaped.
fn unescaped(text: &str) -> Result<Vec<(u8, bool)>, String> {
    let mut raw = Vec::new();
    let bytes = to_bytes(text);
    let mut rest = bytes.iter().copied().peekable();
    while let Some(b) = rest.next() {
        if b != b'\\' {
            raw.push((b, false));
            continue;
        }
        let made = match rest.next() {
            None => b'\\',
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'v') => 11,
            Some(d @ b'0'..=b'7') => {
                let mut n = u32::from(d - b'0');
                for _ in 0..2 {
                    let digit = rest.peek().filter(|d| (b'0'..=b'7').contains(*d)).map(|d| u32::from(d - b'0'));
                    let Some(d) = digit.filter(|d| n * 8 + d < 256) else { break };
                    n = n * 8 + d;
                    rest.next();
                }
                u8::try_from(n).unwrap_or(0)
            }
            Some(other) => other,
        };
        raw.push((made, true));
    }
    Ok(raw)
}

/// The ASCII characters of a class in order.
fn class(name: &str) -> Option<Vec<u8>> {
    let test: fn(&char) -> bool = match name {
        "alpha" => char::is_ascii_alphabetic,
        "digit" => char::is_ascii_digit,
        "alnum" => char::is_ascii_alphanumeric,
        "upper" => char::is_ascii_uppercase,
        "lower" => char::is_ascii_lowercase,
        "space" => |c| matches!(c, '\t'..='\r' | ' '),
        "blank" => |c| matches!(c, '\t' | ' '),
        "punct" => char::is_ascii_punctuation,
        "cntrl" => char::is_ascii_control,
        "xdigit" => char::is_ascii_hexdigit,
        "print" => |c| matches!(c, ' '..='~'),
        "graph" => char::is_ascii_graphic,
        _ => return None,
    };
    Some((0u8..=127).filter(|b| test(&char::from(*b))).collect())
}

fn tr(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let (delete, squeeze, complement) = (a.has("d"), a.has("s"), a.has("c") || a.has("C"));
    let wants_two = delete == squeeze;
    match (a.rest.as_slice(), wants_two) {
        ([], _) => return c.misuse("missing operand", 1),
        ([one], true) => {
            let what = if delete {
                "Two strings must be given when both deleting and squeezing repeats."
            } else {
                "Two strings must be given when translating."
            };
            return c.misuse(&format!("missing operand after ‘{one}’\n{what}"), 1);
        }
        ([_, two, ..], false) if delete => {
            let what = "Only one string may be given when deleting without squeezing repeats.";
            return c.misuse(&format!("extra operand ‘{two}’\n{what}"), 1);
        }
        ([_, _, three, ..], _) => return c.misuse(&format!("extra operand ‘{three}’"), 1),
        _ => {}
    }
    let translate = !delete && a.rest.len() > 1;
    let mut cases = Vec::new();
    let sets = set_of(a.at(0).unwrap_or_default(), 0, false, &mut cases).and_then(|one| {
        let have = if complement { 256 - distinct(&one) } else { one.len() };
        set_of(a.at(1).unwrap_or_default(), have, translate, &mut cases).map(|two| (one, two))
    });
    let (mut one, mut two) = match sets {
        Ok(s) => s,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    if translate && two.is_empty() && !a.has("t") {
        c.error("when not truncating set1, string2 must be non-empty");
        return Step::Exit(1);
    }
    if complement {
        one = (0..=255u8).filter(|b| !one.contains(b)).collect();
    }
    if a.has("t") && translate {
        one.truncate(two.len());
    }
    if let Some(last) = two.last().copied().filter(|_| translate && !a.has("t")) {
        two.resize(two.len().max(one.len()), last);
    }
    let classes = a.at(0).is_some_and(|s| s.contains("[:"));
    let even = two.len() == one.len() && two.windows(2).all(|w| w.first() == w.last());
    if complement && translate && classes && !even {
        let why = "when translating with complemented character classes,\nstring2 must map all characters in the domain to one";
        c.error(why);
        return Step::Exit(1);
    }
    let text = match c.chunk(&[]) {
        Read::Bytes(t) => t,
        Read::Later => return Step::Wait,
        Read::End => return Step::Exit(c.tool.status),
    };
    // What becomes of each byte, which go and which are squeezed.
    let mut to: Vec<u8> = (0..=255).collect();
    let (mut gone, mut once) = (vec![false; 256], vec![false; 256]);
    for (i, b) in one.iter().enumerate() {
        if let Some(slot) = to.get_mut(usize::from(*b)).filter(|_| translate) {
            *slot = two.get(i).copied().unwrap_or(*b);
        }
        if let Some(slot) = gone.get_mut(usize::from(*b)) {
            *slot = delete;
        }
    }
    for b in if a.rest.len() > 1 { &two } else { &one } {
        if let Some(slot) = once.get_mut(usize::from(*b)) {
            *slot = squeeze;
        }
    }
    let at = |table: &[bool], b: u8| table.get(usize::from(b)).copied().unwrap_or(false);
    let mut last = c.tool.text.parse::<u8>().ok();
    let mut out = Vec::with_capacity(text.len());
    for b in to_bytes(&text) {
        if at(&gone, b) {
            continue;
        }
        let made = to.get(usize::from(b)).copied().unwrap_or(b);
        if at(&once, made) && last == Some(made) {
            continue;
        }
        last = Some(made);
        out.push(made);
    }
    c.tool.text = last.map(|b| b.to_string()).unwrap_or_default();
    c.print(&from_bytes(&out));
    Step::More
}

/// How many different bytes there are.
fn distinct(set: &[u8]) -> usize {
    (0..=255u8).filter(|b| set.contains(b)).count()
}
