//! Parameter expansion: `${x:-w}` and its like.

use super::{Env, Got, Mode, Stop};
use crate::console::parse;
use crate::console::syntax::{Index, Part, VarOp, Word};
use crate::console::var::Var;

impl Env<'_> {
    /// The name that `${!x}` leads to, with its index.
    fn resolve(&mut self, name: &str, index: Option<&Index>, indirect: bool) -> Result<(String, Option<Index>), Stop> {
        if !indirect {
            return Ok((name.to_owned(), index.cloned()));
        }
        if let Some(Var { nameref: true, value: crate::console::var::Value::Text(t), .. }) = self.sh.vars.raw(name) {
            // Of a reference, `${!x}` is the name itself; that is dealt with by the caller.
            return Ok((t.clone(), None));
        }
        let text = match self.fetch(name, index)? {
            Got::One(t) => t,
            Got::None => String::new(),
            Got::Many(all) | Got::Star(all) => all.join(" "),
        };
        if text.is_empty() {
            return Err(Stop::Error(format!("{name}: invalid indirect expansion")));
        }
        let valid = match text.split_once('[') {
            Some((array, rest)) => parse::is_name(array) && rest.ends_with(']'),
            None => {
                parse::is_name(&text)
                    || text.chars().all(|c| c.is_ascii_digit())
                    || matches!(text.as_str(), "?" | "$" | "!" | "#" | "@" | "*" | "-")
            }
        };
        if !valid {
            return Err(Stop::Discard(format!("{text}: invalid variable name")));
        }
        match text.split_once('[') {
            Some((array, rest)) => {
                let inner = rest.strip_suffix(']').unwrap_or(rest);
                let index = match inner {
                    "@" => Index::At,
                    "*" => Index::Star,
                    t => Index::Of(parse::subscript(t).unwrap_or_else(|_| Word(vec![Part::Lit(t.to_owned())]))),
                };
                Ok((array.to_owned(), Some(index)))
            }
            None => Ok((text, None)),
        }
    }

    /// The word that stands in for a variable (`${x:-w}`), if it does; assigns for `:=` and stops for `:?`.
    pub(super) fn word_instead<'w>(
        &mut self,
        name: &str,
        index: Option<&Index>,
        indirect: bool,
        op: &'w VarOp,
        mode: Mode,
    ) -> Result<Option<&'w Word>, Stop> {
        let (colon, word, inverse) = match op {
            VarOp::Default(c, w) => (*c, w, false),
            VarOp::Instead(c, w) => (*c, w, true),
            _ => return Ok(None),
        };
        let (name, index) = self.resolve(name, index, indirect)?;
        let got = match self.fetch(&name, index.as_ref())? {
            Got::Star(all) if mode.quoted && !all.is_empty() => Got::One(all.join(&self.joint())),
            got => got,
        };
        Ok((is_set(&got, colon) == inverse).then_some(word))
    }

    /// What a form of a variable stands for, except where a word stands in.
    pub(super) fn variable(
        &mut self,
        name: &str,
        index: Option<&Index>,
        indirect: bool,
        op: &VarOp,
    ) -> Result<Got, Stop> {
        match op {
            VarOp::Bad(text) => return Err(Stop::Discard(format!("{text}: bad substitution"))),
            VarOp::Names(at) => {
                let all: Vec<String> = self.sh.vars.names().filter(|n| n.starts_with(name)).cloned().collect();
                return Ok(if *at { Got::Many(all) } else { Got::Star(all) });
            }
            VarOp::Keys => {
                let keys = self.keys(name);
                return Ok(if index == Some(&Index::Star) { Got::Star(keys) } else { Got::Many(keys) });
            }
            _ => {}
        }
        if indirect
            && matches!(op, VarOp::Plain | VarOp::Bare)
            && let Some(Var { nameref: true, .. }) = self.sh.vars.raw(name)
        {
            return Ok(Got::One(self.sh.vars.target(name)));
        }
        let (name, index) = self.resolve(name, index, indirect)?;
        let (name, index) = (name.as_str(), index.as_ref());
        if *op == VarOp::Length {
            let n = match index {
                Some(Index::At | Index::Star) => self.elements(name).len(),
                _ if matches!(name, "@" | "*") => self.sh.args.len(),
                _ => match self.fetch(name, index)? {
                    Got::One(t) => t.chars().count(),
                    Got::None if self.sh.opts.nounset => return Err(unbound(name)),
                    _ => 0,
                },
            };
            return Ok(Got::One(n.to_string()));
        }
        let got = self.fetch(name, index)?;
        if matches!(got, Got::None)
            && self.sh.opts.nounset
            && !matches!(op, VarOp::Default(..) | VarOp::Instead(..) | VarOp::Assign(..) | VarOp::Error(..))
            && !matches!(name, "@" | "*")
        {
            let element = match index {
                Some(Index::Of(w)) => format!("{name}[{}]", crate::console::print::word(w)),
                _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("${name}"),
                _ => name.to_owned(),
            };
            return Err(unbound(&element));
        }
        Ok(match op {
            VarOp::Assign(colon, word) if !is_set(&got, *colon) => {
                let text = self.text(word)?;
                if !crate::console::parse::is_name(name) {
                    return Err(Stop::Fatal(format!("${name}: cannot assign in this way")));
                }
                let index = match index {
                    Some(Index::Of(w)) => Some(self.index(name, w)?),
                    _ => None,
                };
                let sources = self.sources.clone();
                self.store(name, index.as_deref(), &text, false, sources).map_err(Stop::Fatal)?;
                Got::One(text)
            }
            VarOp::Error(colon, word) if !is_set(&got, *colon) => {
                let text = self.text(word)?;
                let usual = if *colon { "parameter null or not set" } else { "parameter not set" };
                let text = if word.0.is_empty() { usual } else { text.as_str() };
                return Err(Stop::Fatal(format!("{name}: {text}")));
            }
            VarOp::Instead(..) => Got::None,
            VarOp::Slice(offset, length) => {
                let offset = self.arithmetic(offset)?;
                let length = match length {
                    Some(l) => Some(self.arithmetic(l)?),
                    None => None,
                };
                self.slice(got, name, index, offset, length)?
            }
            op => self.each(got, name, op)?,
        })
    }

    fn slice(
        &mut self,
        got: Got,
        name: &str,
        index: Option<&Index>,
        offset: i64,
        length: Option<i64>,
    ) -> Result<Got, Stop> {
        let list = match got {
            Got::None => return Ok(Got::None),
            Got::One(text) => {
                let chars: Vec<char> = text.chars().collect();
                return Ok(Got::One(span(&chars, offset, length)?.iter().collect()));
            }
            Got::Many(list) | Got::Star(list) => list,
        };
        let star = name == "*" || index == Some(&Index::Star);
        let list = if matches!(name, "@" | "*") {
            // Parameter 0 counts.
            let mut all = vec![self.sh.name.clone()];
            all.extend(list);
            all_span(&all, offset, length)?
        } else if let Some(keys) = self.sh.vars.get(name).filter(|v| v.is_array()).map(Var::keys) {
            // The offset is an index, and there may be gaps.
            let numbers: Vec<i64> = keys.iter().map(|k| k.parse().unwrap_or(0)).collect();
            let assoc = self.sh.vars.is_assoc(name);
            let from = if offset < 0 { offset + numbers.last().map_or(0, |n| n + 1) } else { offset };
            let skip = if assoc {
                usize::try_from(offset.max(0)).unwrap_or(0)
            } else {
                numbers.iter().position(|n| *n >= from).unwrap_or(list.len())
            };
            if from < 0 {
                Vec::new()
            } else {
                let rest = list.get(skip.min(list.len())..).unwrap_or_default();
                all_span(rest, 0, length)?
            }
        } else {
            all_span(&list, offset, length)?
        };
        Ok(if star { Got::Star(list) } else { Got::Many(list) })
    }
}

fn all_span(list: &[String], offset: i64, length: Option<i64>) -> Result<Vec<String>, Stop> {
    if length.is_some_and(|l| l < 0) {
        return Err(Stop::Error(format!("{}: substring expression < 0", length.unwrap_or(0))));
    }
    Ok(span(list, offset, length)?.to_vec())
}

fn span<T>(all: &[T], offset: i64, length: Option<i64>) -> Result<&[T], Stop> {
    let n = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let from = if offset < 0 { n.saturating_add(offset) } else { offset };
    if from < 0 || from > n {
        return Ok(&[]);
    }
    let to = match length {
        None => n,
        Some(l) if l < 0 => {
            let to = n.saturating_add(l);
            if to < from {
                return Err(Stop::Discard(format!("{l}: substring expression < 0")));
            }
            to
        }
        Some(l) => from.saturating_add(l).min(n),
    };
    let at = |i: i64| usize::try_from(i).unwrap_or(0);
    Ok(all.get(at(from)..at(to)).unwrap_or_default())
}

fn unbound(name: &str) -> Stop {
    Stop::Fatal(format!("{name}: unbound variable"))
}

fn is_set(got: &Got, colon: bool) -> bool {
    match got {
        Got::None => false,
        Got::One(t) => !colon || !t.is_empty(),
        // Two empty ones are joined to a text that is not.
        Got::Many(all) | Got::Star(all) => {
            !all.is_empty() && (!colon || all.len() > 1 || all.iter().any(|t| !t.is_empty()))
        }
    }
}
