//! tr: translates, squeezes or deletes characters as they come.

use crate::console::machine::Read;
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

/// Members of a range or class at most.
const MOST: usize = 70_000;

/// A set in order; `[x*n]` and `[x*]` fill up to `length`.
fn set_of(text: &str, length: usize) -> Result<Vec<char>, String> {
    // Characters, and whether each was escaped.
    let mut raw: Vec<(char, bool)> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            raw.push((c, false));
            continue;
        }
        let made = match chars.next() {
            None => '\\',
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('a') => '\u{7}',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('v') => '\u{b}',
            Some(d) if d.is_digit(8) => {
                let mut n = d.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(d) = chars.peek().and_then(|c| c.to_digit(8)).filter(|d| n * 8 + d < 256) else { break };
                    n = n * 8 + d;
                    chars.next();
                }
                let byte = n.to_le_bytes().first().copied().unwrap_or(0);
                crate::console::text_format::from_bytes(&[byte]).chars().next().unwrap_or('\0')
            }
            Some(c) => c,
        };
        raw.push((made, true));
    }
    let mut out = Vec::new();
    let mut i = 0;
    while let Some((c, escaped)) = raw.get(i).copied() {
        let plain = |at: usize| raw.get(at).filter(|r| !r.1).map(|r| r.0);
        if c == '[' && !escaped && plain(i + 1) == Some(':') {
            let end = raw.get(i + 2..).unwrap_or_default().windows(2).position(|w| w == [(':', false), (']', false)]);
            if let Some(n) = end {
                let name: String = raw.iter().skip(i + 2).take(n).map(|r| r.0).collect();
                out.extend(class(&name).ok_or_else(|| format!("invalid character class ‘{name}’"))?);
                i += n + 4;
                continue;
            }
        }
        if c == '[' && !escaped && plain(i + 2) == Some('*') {
            let close = raw.get(i + 3..).unwrap_or_default().iter().position(|r| *r == (']', false));
            let count: String = raw.iter().skip(i + 3).take(close.unwrap_or(0)).map(|r| r.0).collect();
            if let (Some(n), true) = (close, count.chars().all(|d| d.is_ascii_digit())) {
                let times = if count.starts_with('0') { usize::from_str_radix(&count, 8) } else { count.parse() };
                let fill = match times.unwrap_or(0) {
                    0 => length.saturating_sub(out.len()),
                    n => n.min(MOST),
                };
                let member = raw.get(i + 1).map_or(' ', |r| r.0);
                out.extend(std::iter::repeat_n(member, fill));
                i += n + 4;
                continue;
            }
        }
        if plain(i + 1) == Some('-')
            && let Some((last, _)) = raw.get(i + 2).copied()
        {
            if last < c {
                return Err(format!("range-endpoints of '{c}-{last}' are in reverse collating sequence order"));
            }
            out.extend((c..=last).take(MOST));
            i += 3;
            continue;
        }
        out.push(c);
        i += 1;
    }
    Ok(out)
}

/// The ASCII characters of a class in order.
fn class(name: &str) -> Option<Vec<char>> {
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
    Some(('\0'..='\u{7f}').filter(test).collect())
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
    let sets = set_of(a.at(0).unwrap_or_default(), 0)
        .and_then(|one| set_of(a.at(1).unwrap_or_default(), one.len()).map(|two| (one, two)));
    let (mut one, mut two) = match sets {
        Ok(s) => s,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    let translate = !delete && a.rest.len() > 1;
    if translate && two.is_empty() {
        c.error("when not truncating set1, string2 must be non-empty");
        return Step::Exit(1);
    }
    if a.has("t") && translate {
        one.truncate(two.len());
    }
    if let Some(last) = two.last().copied().filter(|_| translate) {
        two.resize(two.len().max(one.len()), last);
    }
    let text = match c.chunk(&[]) {
        Read::Bytes(t) => t,
        Read::Later => return Step::Wait,
        Read::End => return Step::Exit(c.tool.status),
    };
    let within = |x: char| one.contains(&x) != complement;
    let squeezed = |x: char| if a.rest.len() > 1 { two.contains(&x) } else { within(x) };
    let mut last = c.tool.text.chars().next();
    let mut out = String::with_capacity(text.len());
    for x in text.chars() {
        if delete && within(x) {
            continue;
        }
        let made = match one.iter().rposition(|o| *o == x) {
            _ if !translate || !within(x) => x,
            Some(i) if !complement => two.get(i).copied().unwrap_or(x),
            _ => two.last().copied().unwrap_or(x),
        };
        if squeeze && last == Some(made) && squeezed(made) {
            continue;
        }
        last = Some(made);
        out.push(made);
    }
    c.tool.text = last.map(String::from).unwrap_or_default();
    c.print(&out);
    Step::More
}
