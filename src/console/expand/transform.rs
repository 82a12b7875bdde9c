//! Forms that change a text: trimming, replacing, case, quoting.

use super::{Env, Got, Stop};
use crate::console::escape;
use crate::console::pattern::Pattern;
use crate::console::syntax::{VarOp, Which};
use crate::console::var::Var;

/// Positions that one replacement may look at before it gives up.
const MAX_WORK: usize = 30_000_000;

impl Env<'_> {
    /// Applies a form to each text.
    pub(super) fn each(&mut self, got: Got, name: &str, op: &VarOp) -> Result<Got, Stop> {
        if let VarOp::Transform(kind @ ('A' | 'K' | 'k')) = op
            && let Got::Many(_) | Got::Star(_) = got
            && let Some(var) = self.sh.vars.get(name).filter(|v| v.is_array())
        {
            let pairs: Vec<(String, String)> = var.keys().into_iter().zip(var.all()).collect();
            if *kind == 'k' {
                return Ok(Got::Many(pairs.into_iter().flat_map(|(k, v)| [k, v]).collect()));
            }
            let assoc = matches!(var.value, crate::console::var::Value::Assoc(_));
            if *kind == 'K' {
                let one = |(k, v): &(String, String)| format!("{k} {}", escape::double(v));
                let text = pairs.iter().map(one).collect::<Vec<_>>().join(" ");
                return Ok(Got::One(if assoc { format!("{text} ") } else { text }));
            }
            let one = |(k, v): &(String, String)| format!("[{k}]={}", escape::double(v));
            let text = pairs.iter().map(one).collect::<Vec<_>>().join(" ");
            let end = if assoc { " " } else { "" };
            return Ok(Got::One(format!("declare -{} {name}=({text}{end})", flags(var))));
        }
        if *op == VarOp::Transform('a')
            && matches!(got, Got::None)
            && let Some(var) = self.sh.vars.get(name)
        {
            return Ok(Got::One(flags(var)));
        }
        if *op == VarOp::Transform('P') {
            let mut all =
                |list: Vec<String>| list.iter().map(|t| self.prompt(t)).collect::<Result<Vec<String>, Stop>>();
            return Ok(match got {
                Got::None => Got::None,
                Got::One(t) => Got::One(self.prompt(&t)?),
                Got::Many(list) => Got::Many(all(list)?),
                Got::Star(list) => Got::Star(all(list)?),
            });
        }
        let change = self.changer(name, op)?;
        let Some(change) = change else { return Ok(got) };
        let many = |list: Vec<String>| list.iter().map(|t| change(t)).collect::<Result<Vec<String>, Stop>>();
        Ok(match got {
            Got::None => Got::None,
            Got::One(t) => Got::One(change(&t)?),
            Got::Many(list) => Got::Many(many(list)?),
            Got::Star(list) => Got::Star(many(list)?),
        })
    }

    #[allow(clippy::type_complexity)]
    fn changer(&mut self, name: &str, op: &VarOp) -> Result<Option<Box<dyn Fn(&str) -> Result<String, Stop>>>, Stop> {
        Ok(Some(match op {
            VarOp::Head(longest, word) => {
                let pattern = self.read_pattern(word)?;
                let longest = *longest;
                Box::new(move |t| Ok(head(&pattern, t, longest)))
            }
            VarOp::Tail(longest, word) => {
                let pattern = self.read_pattern(word)?.reversed();
                let longest = *longest;
                Box::new(move |t| {
                    let back: String = t.chars().rev().collect();
                    Ok(head(&pattern, &back, longest).chars().rev().collect())
                })
            }
            VarOp::Replace(which, word, with) => {
                let chars = self.pattern(word)?;
                let pattern = Pattern::new(&chars, self.sh.opts.extglob, self.sh.opts.nocasematch);
                let empty = word.0.is_empty() && !matches!(which, Which::Start | Which::End);
                let with = self.pattern(with)?;
                let which = *which;
                let ampersand = self.sh.opts.is_on("patsub_replacement");
                Box::new(move |t| if empty { Ok(t.to_owned()) } else { replace(&pattern, t, which, &with, ampersand) })
            }
            VarOp::Case(upper, all, word) => {
                let pattern = if word.0.is_empty() { None } else { Some(self.read_pattern(word)?) };
                let (upper, all) = (*upper, *all);
                Box::new(move |t| {
                    let fits = |c: char| pattern.as_ref().is_none_or(|p| p.matches(&c.to_string()));
                    let mut out = String::new();
                    for (i, c) in t.chars().enumerate() {
                        match (all || i == 0) && fits(c) {
                            true if upper => out.extend(c.to_uppercase()),
                            true => out.extend(c.to_lowercase()),
                            false => out.push(c),
                        }
                    }
                    Ok(out)
                })
            }
            VarOp::Toggle(all, word) => {
                let pattern = if word.0.is_empty() { None } else { Some(self.read_pattern(word)?) };
                let all = *all;
                Box::new(move |t| {
                    let fits = |c: char| pattern.as_ref().is_none_or(|p| p.matches(&c.to_string()));
                    let mut out = String::new();
                    for (i, c) in t.chars().enumerate() {
                        match (all || i == 0) && fits(c) {
                            true if c.is_uppercase() => out.extend(c.to_lowercase()),
                            true => out.extend(c.to_uppercase()),
                            false => out.push(c),
                        }
                    }
                    Ok(out)
                })
            }
            VarOp::Transform(kind) => {
                let kind = *kind;
                let flags = self.sh.vars.get(name).map(flags).unwrap_or_default();
                let name = name.to_owned();
                Box::new(move |t| {
                    Ok(match kind {
                        'Q' => quoted(t),
                        'U' => t.to_uppercase(),
                        'L' => t.to_lowercase(),
                        'u' => {
                            let mut chars = t.chars();
                            let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
                            first + chars.as_str()
                        }
                        'E' => escape::ansi(t),
                        'a' => flags.clone(),
                        'A' if flags.is_empty() => format!("{name}={}", quoted(t)),
                        'A' => format!("declare -{flags} {name}={}", quoted(t)),
                        'K' | 'k' => quoted(t),
                        _ => return Err(Stop::Fatal(format!("${{{name}@{kind}}}: bad substitution"))),
                    })
                })
            }
            _ => return Ok(None),
        }))
    }

    fn read_pattern(&mut self, word: &crate::console::syntax::Word) -> Result<Pattern, Stop> {
        let chars = self.pattern(word)?;
        Ok(Pattern::new(&chars, self.sh.opts.extglob, false))
    }
}

/// The letters of a variable's attributes, as `declare -p` prints them.
pub fn flags(v: &Var) -> String {
    use crate::console::var::Value;
    let mut out = String::new();
    for (on, c) in [
        (matches!(v.value, Value::Indexed(_)), 'a'),
        (matches!(v.value, Value::Assoc(_)), 'A'),
        (v.integer, 'i'),
        (v.lower, 'l'),
        (v.nameref, 'n'),
        (v.readonly, 'r'),
        (v.upper, 'u'),
        (v.exported, 'x'),
    ] {
        if on {
            out.push(c);
        }
    }
    out
}

fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) { escape::dollar(text) } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The text without the part at its beginning that matches.
fn head(pattern: &Pattern, text: &str, longest: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let ends = pattern.ends(&chars, 0);
    let cut = if longest { ends.last() } else { ends.first() };
    chars.iter().skip(cut.copied().unwrap_or(0)).collect()
}

fn replace(
    pattern: &Pattern,
    text: &str,
    which: Which,
    with: &[(char, bool)],
    ampersand: bool,
) -> Result<String, Stop> {
    let chars: Vec<char> = text.chars().collect();
    let put = |out: &mut String, from: usize, to: usize| {
        for (c, quoted) in with {
            // An unquoted `&` is what matched.
            if *c == '&' && !quoted && ampersand {
                out.extend(chars.get(from..to).unwrap_or_default());
            } else {
                out.push(*c);
            }
        }
    };
    let mut out = String::new();
    match which {
        Which::Start => {
            let end = pattern.ends(&chars, 0).last().copied();
            if let Some(end) = end {
                put(&mut out, 0, end);
            }
            out.extend(chars.iter().skip(end.unwrap_or(0)));
            return Ok(out);
        }
        Which::End => {
            let back: Vec<char> = chars.iter().rev().copied().collect();
            let end = pattern.reversed().ends(&back, 0).last().copied();
            let keep = chars.len() - end.unwrap_or(0);
            out.extend(chars.iter().take(keep));
            if end.is_some() {
                put(&mut out, keep, chars.len());
            }
            return Ok(out);
        }
        _ => {}
    }
    let mut work = 0usize;
    let mut at = 0;
    let mut done = pattern.is_empty();
    while at < chars.len() {
        let skip = done || pattern.first().is_some_and(|c| chars.get(at) != Some(&c));
        let end = if skip { None } else { pattern.ends(&chars, at).last().copied() };
        if !skip {
            work += chars.len() - at;
            if work > MAX_WORK {
                return Err(Stop::Discard("pattern substitution: text is too long".to_owned()));
            }
        }
        match end {
            Some(end) => {
                put(&mut out, at, end);
                // Where nothing is what matches, the character there stays.
                if end == at {
                    out.extend(chars.get(at));
                }
                at = end.max(at + 1);
                done = which == Which::First;
            }
            None => {
                out.extend(chars.get(at));
                at += 1;
            }
        }
    }
    Ok(out)
}
