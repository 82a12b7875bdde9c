//! Functions of texts that the embedded engine does not have, or has otherwise.

use super::function::{failure, number, text};
use md5::{Digest as _, Md5};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};

/// Longest text that a repetition or a padding makes.
const TEXT_MAX: usize = 1 << 20;

/// Adds them to a connection.
pub(super) fn register(db: &Connection, flags: FunctionFlags) -> Result<()> {
    db.create_scalar_function("pg_left", 2, flags, |c| {
        let (t, n) = (text(c, 0)?.unwrap_or_default(), number(c, 1)?.unwrap_or(0.0) as i64);
        let len = t.chars().count() as i64;
        let keep = if n < 0 { (len + n).max(0) } else { n };
        Ok(t.chars().take(keep as usize).collect::<String>())
    })?;
    db.create_scalar_function("pg_right", 2, flags, |c| {
        let (t, n) = (text(c, 0)?.unwrap_or_default(), number(c, 1)?.unwrap_or(0.0) as i64);
        let len = t.chars().count() as i64;
        let skip = if n < 0 { -n } else { (len - n).max(0) };
        Ok(t.chars().skip(skip as usize).collect::<String>())
    })?;
    db.create_scalar_function("pg_split_part", 3, flags, |c| {
        let (t, by) = (text(c, 0)?.unwrap_or_default(), text(c, 1)?.unwrap_or_default());
        let n = number(c, 2)?.unwrap_or(1.0) as usize;
        Ok(t.split(by.as_str()).nth(n.saturating_sub(1)).unwrap_or_default().to_owned())
    })?;
    db.create_scalar_function("pg_initcap", 1, flags, |c| {
        let mut start = true;
        let t = text(c, 0)?.unwrap_or_default();
        let up = t.chars().map(|ch| {
            let out = if start { ch.to_uppercase().next() } else { ch.to_lowercase().next() };
            start = !ch.is_alphanumeric();
            out.unwrap_or(ch)
        });
        Ok(up.collect::<String>())
    })?;
    db.create_scalar_function(
        "pg_reverse",
        1,
        flags,
        |c| Ok(text(c, 0)?.map(|t| t.chars().rev().collect::<String>())),
    )?;
    db.create_scalar_function("pg_concat_ws", -1, flags, |c| {
        let Some(by) = text(c, 0)? else { return Ok(None) };
        let parts = (1..c.len()).map(|k| text(c, k)).collect::<Result<Vec<_>>>()?;
        Ok(Some(parts.into_iter().flatten().collect::<Vec<_>>().join(&by)))
    })?;
    db.create_scalar_function("pg_repeat", 2, flags, |c| {
        let (Some(t), Some(n)) = (text(c, 0)?, number(c, 1)?) else { return Ok(None) };
        let n = n.max(0.0) as usize;
        if t.len().saturating_mul(n) > TEXT_MAX {
            return Err(failure("requested length too large"));
        }
        Ok(Some(t.repeat(n)))
    })?;
    for (name, left) in [("pg_lpad", true), ("pg_rpad", false)] {
        db.create_scalar_function(name, -1, flags, move |c| {
            let (Some(t), Some(n)) = (text(c, 0)?, number(c, 1)?) else { return Ok(None) };
            let fill = if c.len() > 2 { text(c, 2)?.unwrap_or_default() } else { " ".to_owned() };
            let n = n.max(0.0) as usize;
            if n > TEXT_MAX {
                return Err(failure("requested length too large"));
            }
            let have: Vec<char> = t.chars().take(n).collect();
            let pad: String = fill.chars().cycle().take(if fill.is_empty() { 0 } else { n - have.len() }).collect();
            let have: String = have.into_iter().collect();
            Ok(Some(if left { pad + &have } else { have + &pad }))
        })?;
    }
    db.create_scalar_function("pg_md5", 1, flags, |c| {
        Ok(text(c, 0)?.map(|t| Md5::digest(t.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>()))
    })?;
    db.create_scalar_function("pg_regexp_replace", -1, flags, |c| {
        let (Some(t), Some(pattern), Some(with)) = (text(c, 0)?, text(c, 1)?, text(c, 2)?) else { return Ok(None) };
        let how = if c.len() > 3 { text(c, 3)?.unwrap_or_default() } else { String::new() };
        let regex = regex::RegexBuilder::new(&pattern).case_insensitive(how.contains('i')).size_limit(1 << 20).build();
        let regex =
            regex.map_err(|_| failure("invalid regular expression: parentheses () or brackets [] not balanced"))?;
        // `\1` and `\&` stand for what was found; a dollar for itself.
        let mut by = String::new();
        let mut chars = with.chars();
        while let Some(ch) = chars.next() {
            match (ch, ch == '\\') {
                ('$', _) => by.push_str("$$"),
                (_, true) => match chars.next() {
                    Some('&') => by.push_str("${0}"),
                    Some(d) if d.is_ascii_digit() => by.push_str(&format!("${{{d}}}")),
                    Some(other) => by.push(other),
                    None => by.push(ch),
                },
                _ => by.push(ch),
            }
        }
        let times = usize::from(!how.contains('g'));
        Ok(Some(regex.replacen(&t, times, by.as_str()).into_owned()))
    })?;
    Ok(())
}
