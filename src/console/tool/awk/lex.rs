//! Words of an awk program.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    Num(f64),
    Str(String),
    /// The text between slashes.
    Regex(String),
    Name(String),
    /// A name with an open parenthesis right behind it.
    Call(String),
    /// A keyword or punctuation.
    Op(&'static str),
    Newline,
    End,
}

const KEYWORDS: &[&str] = &[
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile",
    "exit", "return", "delete", "in", "getline", "print", "printf",
];

const PUNCTUATION: &[&str] = &[
    "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", ">>", "{", "}", "(", ")",
    "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
];

/// Names of builtin functions, which need no parenthesis right behind them.
pub(super) const BUILTINS: &[&str] = &[
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "sin", "cos",
    "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "system", "close", "fflush", "gensub", "strftime",
    "systime", "mktime", "and", "or", "xor", "lshift", "rshift", "compl", "strtonum", "asort", "asorti",
];

/// Carries out the escapes of a string.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\\') => out.push('\\'),
            Some('"') => out.push('"'),
            Some('/') => out.push('/'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('\n') => {}
            Some(d @ '0'..='7') => {
                let mut n = d.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(d) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                    n = n * 8 + d;
                    chars.next();
                }
                out.push_str(&crate::console::text_format::from_bytes(&[n.to_le_bytes()[0]]));
            }
            Some('x') => {
                let mut n = None;
                for _ in 0..2 {
                    let Some(d) = chars.peek().and_then(|c| c.to_digit(16)) else { break };
                    n = Some(n.unwrap_or(0u32) * 16 + d);
                    chars.next();
                }
                match n {
                    Some(n) => out.push_str(&crate::console::text_format::from_bytes(&[n.to_le_bytes()[0]])),
                    None => out.push_str("\\x"),
                }
            }
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}

/// All tokens with their lines.
pub(super) fn lex(text: &str) -> Result<Vec<(Tok, usize)>, (usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut toks: Vec<(Tok, usize)> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&c) = chars.get(at) {
        match c {
            '\n' => {
                toks.push((Tok::Newline, line));
                line += 1;
                at += 1;
            }
            ' ' | '\t' | '\r' => at += 1,
            '\\' if chars.get(at + 1) == Some(&'\n') => {
                at += 2;
                line += 1;
            }
            '\\' if chars.get(at + 1) == Some(&'\r') && chars.get(at + 2) == Some(&'\n') => {
                at += 3;
                line += 1;
            }
            '#' => {
                while chars.get(at).is_some_and(|c| *c != '\n') {
                    at += 1;
                }
            }
            '"' => {
                let mut body = String::new();
                at += 1;
                loop {
                    match chars.get(at) {
                        None | Some('\n') => return Err((line, format!("runaway string constant \"{body} ..."))),
                        Some('"') => break,
                        Some('\\') => {
                            body.push('\\');
                            body.extend(chars.get(at + 1));
                            line += usize::from(chars.get(at + 1) == Some(&'\n'));
                            at += 2;
                        }
                        Some(c) => {
                            body.push(*c);
                            at += 1;
                        }
                    }
                }
                at += 1;
                toks.push((Tok::Str(unescape(&body)), line));
            }
            '/' if !divides(toks.last().map(|t| &t.0)) => {
                let mut body = String::new();
                let mut bracket = false;
                at += 1;
                loop {
                    match chars.get(at) {
                        None | Some('\n') => {
                            return Err((line, "runaway regular expression /".to_owned() + &body + " ..."));
                        }
                        Some('/') if !bracket => break,
                        Some('\\') if chars.get(at + 1) == Some(&'/') => {
                            body.push('/');
                            at += 2;
                            continue;
                        }
                        Some('\\') => {
                            body.push('\\');
                            body.extend(chars.get(at + 1));
                            at += 2;
                            continue;
                        }
                        Some('[') if !bracket => {
                            bracket = true;
                            body.push('[');
                            // A bracket that closes at once stands for itself.
                            if chars.get(at + 1) == Some(&'^') {
                                body.push('^');
                                at += 1;
                            }
                            if chars.get(at + 1) == Some(&']') {
                                body.push(']');
                                at += 1;
                            }
                        }
                        Some('[') if chars.get(at + 1) == Some(&':') => {
                            body.push_str("[:");
                            at += 2;
                            while let Some(c) = chars.get(at).filter(|c| c.is_alphabetic()) {
                                body.push(*c);
                                at += 1;
                            }
                            if chars.get(at) == Some(&':') && chars.get(at + 1) == Some(&']') {
                                body.push_str(":]");
                                at += 2;
                            }
                            continue;
                        }
                        Some(c) => {
                            bracket &= *c != ']';
                            body.push(*c);
                        }
                    }
                    at += 1;
                }
                at += 1;
                toks.push((Tok::Regex(body), line));
            }
            c if c.is_ascii_digit() || (c == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit)) => {
                let rest: String = chars.iter().skip(at).take(64).collect();
                let (v, n) = super::value::prefix(&rest);
                at += n.max(1);
                toks.push((Tok::Num(v), line));
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let mut name = String::new();
                while let Some(c) = chars.get(at).filter(|c| c.is_ascii_alphanumeric() || **c == '_') {
                    name.push(*c);
                    at += 1;
                }
                let tok = match KEYWORDS.iter().find(|k| **k == name) {
                    Some(&"func") => Tok::Op("function"),
                    Some(k) => Tok::Op(k),
                    None if chars.get(at) == Some(&'(') && !BUILTINS.contains(&name.as_str()) => Tok::Call(name),
                    None => Tok::Name(name),
                };
                toks.push((tok, line));
            }
            _ => {
                let here: String = chars.iter().skip(at).take(3).collect();
                let Some(p) = PUNCTUATION.iter().find(|p| here.starts_with(**p)) else {
                    return Err((line, format!("unexpected character '{c}'")));
                };
                at += p.len();
                toks.push((Tok::Op(p), line));
            }
        }
    }
    toks.push((Tok::Newline, line));
    toks.push((Tok::End, line + 1));
    Ok(toks)
}

/// Whether a slash behind this token divides.
fn divides(last: Option<&Tok>) -> bool {
    match last {
        Some(Tok::Num(_) | Tok::Str(_) | Tok::Regex(_) | Tok::Name(_)) => true,
        Some(Tok::Op(o)) => matches!(*o, ")" | "]" | "$" | "++" | "--"),
        _ => false,
    }
}
