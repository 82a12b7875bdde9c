//! Backslash sequences of `$'…'`, `echo -e`, `printf` and `%b`.

/// What `$'…'` stands for.
pub fn ansi(text: &str) -> String {
    sequences(text, Kind::Ansi).0
}

/// Whose sequences.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `$'…'`.
    Ansi,
    /// `echo -e`: octal numbers begin with `\0`, `\c` ends everything.
    Echo,
    /// `%b`: as `echo -e`, with octal numbers that begin otherwise too.
    Argument,
    /// A format of `printf`.
    Format,
}

/// The text with its sequences replaced, and whether `\c` ended it.
pub fn sequences(text: &str, kind: Kind) -> (String, bool) {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Bytes::default();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        i += 1;
        if c != '\\' {
            out.char(c);
            continue;
        }
        let Some(&e) = chars.get(i) else {
            out.char('\\');
            break;
        };
        i += 1;
        let number = |i: &mut usize, base: u32, max: usize| -> Option<u32> {
            let digits: Vec<u32> = chars.iter().skip(*i).take(max).map_while(|c| c.to_digit(base)).collect();
            *i += digits.len();
            (!digits.is_empty()).then(|| digits.iter().fold(0u32, |n, d| n.wrapping_mul(base).wrapping_add(*d)))
        };
        match e {
            'a' => out.char('\u{7}'),
            'b' => out.char('\u{8}'),
            'e' | 'E' => out.char('\u{1b}'),
            'f' => out.char('\u{c}'),
            'n' => out.char('\n'),
            'r' => out.char('\r'),
            't' => out.char('\t'),
            'v' => out.char('\u{b}'),
            '\\' => out.char('\\'),
            '\'' | '"' | '?' if !matches!(kind, Kind::Echo | Kind::Argument) => out.char(e),
            'c' if matches!(kind, Kind::Echo | Kind::Argument) => return (out.finish(), true),
            'c' if kind == Kind::Ansi => {
                let c = chars.get(i).copied().unwrap_or('\\');
                i += 1;
                out.byte((c.to_ascii_uppercase() as u32 as u8) & 0x1f);
            }
            'x' => match number(&mut i, 16, 2) {
                Some(n) => out.byte(n as u8),
                None => {
                    out.char('\\');
                    out.char('x');
                }
            },
            'u' | 'U' => match number(&mut i, 16, if e == 'u' { 4 } else { 8 }) {
                Some(n) => out.char(char::from_u32(n).unwrap_or('\u{fffd}')),
                None => {
                    out.char('\\');
                    out.char(e);
                }
            },
            '0'..='7' => {
                if kind == Kind::Echo || (kind == Kind::Argument && e == '0') {
                    if e != '0' {
                        out.char('\\');
                        out.char(e);
                        continue;
                    }
                    out.byte(number(&mut i, 8, 3).unwrap_or(0) as u8);
                } else {
                    i -= 1;
                    out.byte(number(&mut i, 8, 3).unwrap_or(0) as u8);
                }
            }
            other => {
                out.char('\\');
                out.char(other);
            }
        }
    }
    (out.finish(), false)
}

/// Characters and single bytes; bytes that make no character travel as such.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn char(&mut self, c: char) {
        self.0.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn byte(&mut self, b: u8) {
        self.0.push(b);
    }

    fn finish(self) -> String {
        crate::console::text_format::from_bytes(&self.0)
    }
}

/// A text in quotes that a shell reads back as the same text, as `declare -p` of `set` and `%q` print it.
pub fn single(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    if text.chars().any(char::is_control) {
        return dollar(text);
    }
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_-./:@%+,=^".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// In double quotes, as `declare -p` prints a value.
pub fn double(text: &str) -> String {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') || text.contains('\n') {
        return dollar(text);
    }
    let mut out = "\"".to_owned();
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// `$'…'`.
pub fn dollar(text: &str) -> String {
    let mut out = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\E"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// With backslashes, as `printf %q` prints it.
pub fn backslash(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    if text.chars().any(char::is_control) {
        return dollar(text);
    }
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        let special = " \t!\"$&'()*,;<>?[\\]^`{|}".contains(c) || (i == 0 && matches!(c, '#' | '~'));
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
