//! `test` and `[`.

use crate::console::host::ConsoleHost;
use crate::console::path;

/// Whether the condition holds, or what bash says about it.
pub fn eval(words: &[&str], host: &dyn ConsoleHost, on: &str, cwd: &str, user: &str) -> Result<bool, String> {
    // -o binds less than -a; both split the words at their first occurrence.
    for (op, or) in [("-o", true), ("-a", false)] {
        if let Some(i) = words.iter().skip(1).position(|w| *w == op).map(|i| i + 1)
            && i + 1 < words.len()
        {
            let left = eval(words.get(..i).unwrap_or_default(), host, on, cwd, user)?;
            let right = eval(words.get(i + 1..).unwrap_or_default(), host, on, cwd, user)?;
            return Ok(if or { left || right } else { left && right });
        }
    }
    match words {
        [] => Ok(false),
        ["!", rest @ ..] if !rest.is_empty() => {
            // A line is at most 4096 characters, so this depth is bounded, and a pair of `!` changes nothing.
            let bangs = 1 + rest.iter().take_while(|w| **w == "!").count();
            let bangs = bangs.min(words.len() - 1);
            let inner = eval_plain(words.get(bangs..).unwrap_or_default(), host, on, cwd, user)?;
            Ok(inner != (bangs % 2 == 1))
        }
        words => eval_plain(words, host, on, cwd, user),
    }
}

fn eval_plain(words: &[&str], host: &dyn ConsoleHost, on: &str, cwd: &str, user: &str) -> Result<bool, String> {
    match words {
        [] => Ok(false),
        [one] => Ok(!one.is_empty()),
        [op, arg] => {
            let stat = || host.stat(on, &path::absolute(cwd, arg));
            match *op {
                "-n" => Ok(!arg.is_empty()),
                "-z" => Ok(arg.is_empty()),
                "-e" => Ok(stat().is_some()),
                "-f" => Ok(stat().is_some_and(|s| !s.dir)),
                "-d" => Ok(stat().is_some_and(|s| s.dir)),
                "-s" => Ok(stat().is_some_and(|s| s.size > 0)),
                "-r" => Ok(stat().is_some_and(|s| path::allowed(&s, user, 4))),
                "-w" => Ok(stat().is_some_and(|s| path::allowed(&s, user, 2))),
                "-x" => Ok(stat().is_some_and(|s| path::allowed(&s, user, 1))),
                op => Err(format!("{op}: unary operator expected")),
            }
        }
        [a, op, b] => {
            let number = |t: &str| t.trim().parse::<i64>().map_err(|_| format!("{t}: integer expression expected"));
            match *op {
                "=" | "==" => Ok(a == b),
                "!=" => Ok(a != b),
                "<" => Ok(a < b),
                ">" => Ok(a > b),
                "-eq" => Ok(number(a)? == number(b)?),
                "-ne" => Ok(number(a)? != number(b)?),
                "-lt" => Ok(number(a)? < number(b)?),
                "-le" => Ok(number(a)? <= number(b)?),
                "-gt" => Ok(number(a)? > number(b)?),
                "-ge" => Ok(number(a)? >= number(b)?),
                op => Err(format!("{op}: binary operator expected")),
            }
        }
        _ => Err("too many arguments".to_owned()),
    }
}
