//! Prompts: the escapes of `PS1`, which `${x@P}` reads too.

use super::{Env, Stop};
use crate::console::tool::strftime;

impl Env<'_> {
    /// A text with the escapes of a prompt decoded, and expanded as between double quotes.
    pub fn prompt(&mut self, raw: &str) -> Result<String, Stop> {
        let decoded = self.decoded(raw);
        match crate::console::parse::double(&decoded) {
            Ok(parts) => self.quoted_text(&parts),
            Err(_) => Ok(decoded),
        }
    }

    fn decoded(&self, raw: &str) -> String {
        let time = |format: &str| strftime(format, self.host.utc(), 0);
        let home = self.lookup("HOME").unwrap_or_default();
        let short = match self.cwd.strip_prefix(&home) {
            Some(rest) if home.len() > 1 && (rest.is_empty() || rest.starts_with('/')) => format!("~{rest}"),
            _ => self.cwd.to_owned(),
        };
        let mut out = String::new();
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            let Some(c) = chars.next() else {
                out.push('\\');
                break;
            };
            match c {
                'a' => out.push('\u{7}'),
                'e' => out.push('\u{1b}'),
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                '\\' => out.push_str("\\\\"),
                'd' => out.push_str(&time("%a %b %d")),
                't' => out.push_str(&time("%H:%M:%S")),
                'T' => out.push_str(&time("%I:%M:%S")),
                '@' => out.push_str(&time("%I:%M %p")),
                'A' => out.push_str(&time("%H:%M")),
                'D' if chars.peek() == Some(&'{') => {
                    chars.next();
                    let format: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    out.push_str(&time(if format.is_empty() { "%X" } else { &format }));
                }
                'H' => out.push_str(self.on),
                'h' => out.push_str(self.on.split('.').next().unwrap_or_default()),
                'j' => out.push_str(&self.sh.jobs.len().to_string()),
                'l' => out.push_str(if self.sh.interactive { "pts" } else { "tty" }),
                's' => out.push_str(self.sh.name.rsplit('/').next().unwrap_or_default().trim_start_matches('-')),
                'u' => out.push_str(self.user),
                'v' => out.push_str("5.2"),
                'V' => out.push_str("5.2.15"),
                'w' => out.push_str(&short),
                'W' if short == "~" || short == "/" => out.push_str(&short),
                'W' => out.push_str(short.rsplit('/').next().unwrap_or_default()),
                '!' | '#' => out.push_str(&self.sh.typed.to_string()),
                '$' => out.push(if self.user == "root" { '#' } else { '$' }),
                '[' | ']' => {}
                '0'..='7' => {
                    let mut value = c.to_digit(8).unwrap_or(0);
                    for _ in 0..2 {
                        let Some(d) = chars.peek().and_then(|d| d.to_digit(8)) else { break };
                        value = value * 8 + d;
                        chars.next();
                    }
                    out.extend(char::from_u32(value & 255));
                }
                c => {
                    out.push('\\');
                    out.push(c);
                }
            }
        }
        out
    }
}
