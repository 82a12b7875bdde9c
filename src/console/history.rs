//! History expansion: `!!`, `!n`, `!-n`, `!text`, `!?text?`, `!$`, `^old^new`, with word designators and modifiers.

/// A line after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The line.
    pub text: String,
    /// `:p`: it is printed and not run.
    pub only_print: bool,
}

const MAX_LINE: usize = 16_384;

/// Expands a line; `None` if there is nothing to expand.
///
/// # Errors
/// In bash's words: `!x: event not found`.
pub fn expand(line: &str, history: &[String]) -> Result<Option<Expanded>, String> {
    if let Some(rest) = line.strip_prefix('^') {
        let mut parts = rest.splitn(3, '^');
        let (old, new, tail) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let last = history.last().ok_or_else(|| format!("{line}: event not found"))?;
        if old.is_empty() || !last.contains(old) {
            return Err(format!(":s{line}: substitution failed"));
        }
        let text = last.replacen(old, new, 1) + tail;
        return Ok(Some(Expanded { text, only_print: false }));
    }
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::new();
    let (mut i, mut changed, mut only_print) = (0, false, false);
    let (mut single, mut double) = (false, false);
    while let Some(&c) = chars.get(i) {
        let next = chars.get(i + 1).copied();
        match c {
            '\\' if !single => {
                out.push(c);
                out.extend(next);
                i += 2;
                continue;
            }
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '!' if !single
                // `${!x}`, `$!` and `[!a]` are the shell's own.
                && !(out.ends_with("${") || out.ends_with('$') || out.ends_with('['))
                && next.is_some_and(|n| !n.is_whitespace() && !matches!(n, '=' | '(') && !(double && n == '"')) =>
            {
                let (text, used, print) = event(&chars, i + 1, history, &out)?;
                out.push_str(&text);
                changed = true;
                only_print |= print;
                i = used;
                if out.len() > MAX_LINE {
                    return Err("history expansion: line is too long".to_owned());
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
        i += 1;
    }
    Ok(changed.then_some(Expanded { text: out, only_print }))
}

/// The event behind a `!` at `at`: its text, where the line goes on, whether `:p` was there.
fn event(chars: &[char], at: usize, history: &[String], so_far: &str) -> Result<(String, usize, bool), String> {
    let mut i = at;
    let rest = |i: usize| chars.iter().skip(i);
    let missing = |name: &str| format!("!{name}: event not found");
    let digits = |i: usize| rest(i).take_while(|c| c.is_ascii_digit()).collect::<String>();
    let mut words_follow = false;
    let found = match chars.get(i).copied() {
        Some('!') => {
            i += 1;
            history.last().cloned().ok_or_else(|| missing("!"))?
        }
        Some('#') => {
            i += 1;
            so_far.to_owned()
        }
        Some('$' | '^' | '*' | ':') => {
            words_follow = true;
            history.last().cloned().ok_or_else(|| "!: event not found".to_owned())?
        }
        Some('-') if !digits(i + 1).is_empty() => {
            let text = digits(i + 1);
            i += 1 + text.len();
            let n = text.parse::<usize>().unwrap_or(usize::MAX);
            let line = history.len().checked_sub(n).filter(|_| n > 0).and_then(|k| history.get(k));
            line.cloned().ok_or_else(|| missing(&format!("-{text}")))?
        }
        Some(c) if c.is_ascii_digit() => {
            let text = digits(i);
            i += text.len();
            let line = text.parse::<usize>().ok().and_then(|n| history.get(n.checked_sub(1)?));
            line.cloned().ok_or_else(|| missing(&text))?
        }
        Some('?') => {
            let text: String = rest(i + 1).take_while(|c| **c != '?').collect();
            i += 1 + text.chars().count();
            i += usize::from(chars.get(i) == Some(&'?'));
            let line = history.iter().rev().find(|l| l.contains(&text));
            line.cloned().ok_or_else(|| missing(&format!("?{text}")))?
        }
        _ => {
            let text: String = rest(i).take_while(|c| !c.is_whitespace() && !":;&|()<>\"'".contains(**c)).collect();
            i += text.chars().count();
            let line = history.iter().rev().find(|l| l.starts_with(&text));
            line.cloned().ok_or_else(|| missing(&text))?
        }
    };
    let mut text = found;
    // Words: `!$`, `!^`, `!*`, `:2`, `:2-4`, `:$`.
    let colon = chars.get(i) == Some(&':');
    let designator = chars.get(i + usize::from(colon)).copied();
    if words_follow
        || matches!(designator, Some('$' | '^' | '*'))
        || (colon && designator.is_some_and(|c| c.is_ascii_digit()))
    {
        i += usize::from(colon);
        let words: Vec<&str> = text.split_whitespace().collect();
        let last = words.len().saturating_sub(1);
        let (from, to) = match chars.get(i).copied() {
            Some('$') => {
                i += 1;
                (last, last)
            }
            Some('^') => {
                i += 1;
                (1, 1)
            }
            Some('*') => {
                i += 1;
                (1, last)
            }
            Some(c) if c.is_ascii_digit() => {
                let a = digits(i);
                i += a.len();
                let from = a.parse::<usize>().unwrap_or(usize::MAX);
                if chars.get(i) == Some(&'-') {
                    let b = digits(i + 1);
                    i += 1 + b.len();
                    if chars.get(i) == Some(&'$') {
                        i += 1;
                        (from, last)
                    } else {
                        (from, b.parse().unwrap_or(last.saturating_sub(1)))
                    }
                } else if chars.get(i) == Some(&'*') {
                    i += 1;
                    (from, last)
                } else {
                    (from, from)
                }
            }
            _ => (0, last),
        };
        if from > last && from > 1 || to > last {
            return Err(format!(":{from}: bad word specifier"));
        }
        text = words.get(from..=to).unwrap_or_default().join(" ");
    }
    let mut print = false;
    while chars.get(i) == Some(&':') {
        match chars.get(i + 1).copied() {
            Some('p') => print = true,
            Some('h') => text = text.rsplit_once('/').map_or(text.clone(), |(a, _)| a.to_owned()),
            Some('t') => text = text.rsplit_once('/').map_or(text.clone(), |(_, b)| b.to_owned()),
            Some('r') => text = text.rsplit_once('.').map_or(text.clone(), |(a, _)| a.to_owned()),
            Some('e') => text = text.rsplit_once('.').map_or(text.clone(), |(_, b)| format!(".{b}")),
            Some('q') => text = format!("'{}'", text.replace('\'', "'\\''")),
            Some(c @ ('s' | 'g')) => {
                let all = c == 'g';
                let begin = i + 2 + usize::from(all);
                let Some(mark) = chars.get(begin).copied() else { break };
                let old: String = rest(begin + 1).take_while(|c| **c != mark).collect();
                let middle = begin + 1 + old.chars().count() + 1;
                let new: String = rest(middle).take_while(|c| **c != mark).collect();
                if !text.contains(&old) || old.is_empty() {
                    return Err(format!(":s{mark}{old}{mark}{new}: substitution failed"));
                }
                text = if all { text.replace(&old, &new) } else { text.replacen(&old, &new, 1) };
                i = middle + new.chars().count();
                i += usize::from(chars.get(i) == Some(&mark));
                continue;
            }
            _ => break,
        }
        i += 2;
    }
    Ok((text, i, print))
}
