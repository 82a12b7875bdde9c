//! What is checked and rewritten in a query's text before the grammar sees it.
//!
//! The grammar crate takes durations beyond its own limits as a reason to panic, recurses as deep as the text nests,
//! and does not know raw strings or escapes of bytes as Go has them. So the text is scanned once: comments go, every
//! string becomes a plain double-quoted one, and what would be too deep, too long or out of range is refused here.

use super::QueryError;

/// Longest text, in bytes.
const TEXT_MAX: usize = 1 << 16;
/// Most tokens.
const TOKENS_MAX: usize = 4096;
/// Deepest nesting of brackets of all kinds.
const NESTING_MAX: usize = 100;
/// Longest duration in seconds: some 300 years.
const DURATION_MAX_S: f64 = 1e10;

struct Scan<'a> {
    text: &'a str,
    at: usize,
    out: String,
    tokens: usize,
    open: Vec<u8>,
    /// The next number is a duration: the word `offset` stands before it.
    after_offset: bool,
}

/// The text as the grammar wants it. The error points into the text as it was given.
pub(super) fn scan(text: &str) -> Result<String, QueryError> {
    if text.len() > TEXT_MAX {
        return Err(QueryError::new(format!("query of {} bytes, at most {TEXT_MAX}", text.len())));
    }
    let mut s =
        Scan { text, at: 0, out: String::with_capacity(text.len()), tokens: 0, open: vec![], after_offset: false };
    while let Some(c) = s.peek() {
        s.token(c)?;
    }
    Ok(s.out)
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The length of the run at the cursor that `keep` accepts.
    fn run(&self, keep: impl Fn(char) -> bool) -> usize {
        let rest = self.rest();
        rest.find(|c| !keep(c)).unwrap_or(rest.len())
    }

    fn copy(&mut self, bytes: usize) {
        let head = self.text.get(self.at..self.at + bytes).unwrap_or_default();
        self.out.push_str(head);
        self.at += bytes;
    }

    fn token(&mut self, c: char) -> Result<(), QueryError> {
        if c.is_ascii_whitespace() {
            self.at += self.run(|c| c.is_ascii_whitespace());
            self.out.push(' ');
            return Ok(());
        }
        if c == '#' {
            self.at += self.run(|c| c != '\n' && c != '\r');
            return Ok(());
        }
        self.tokens += 1;
        if self.tokens > TOKENS_MAX {
            return Err(QueryError::at(self.at, format!("query of more than {TOKENS_MAX} tokens")));
        }
        let signs_an_offset = self.after_offset && matches!(c, '+' | '-');
        match c {
            '"' | '\'' | '`' => self.string(c)?,
            '(' | '[' | '{' => {
                if self.open.len() >= NESTING_MAX {
                    return Err(QueryError::at(self.at, format!("nested deeper than {NESTING_MAX}")));
                }
                self.open.push(c as u8);
                self.copy(1);
            }
            ')' | ']' | '}' => {
                self.open.pop();
                self.copy(1);
            }
            c if c.is_ascii_alphabetic() || c == '_' || c == ':' => return self.word(),
            c if c.is_ascii_digit() || c == '.' => return self.number(),
            c if c.is_ascii() => self.copy(1),
            c => return Err(QueryError::at(self.at, format!("unexpected character: {c:?}"))),
        }
        self.after_offset = signs_an_offset;
        Ok(())
    }

    fn word(&mut self) -> Result<(), QueryError> {
        let (start, len) = (self.at, self.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':'));
        // In brackets only a subquery's colon comes here.
        let len = if self.open.last() == Some(&b'[') { 1 } else { len };
        let word = self.text.get(start..start + len).unwrap_or_default().to_ascii_lowercase();
        if self.after_offset && (word == "inf" || word == "nan") {
            return Err(QueryError::at(start, "duration out of range"));
        }
        self.after_offset = word == "offset" && self.open.last() != Some(&b'{');
        self.copy(len);
        Ok(())
    }

    fn number(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        let mut len = self.run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        let digits = self.rest().get(..len).unwrap_or_default();
        let hex = digits.starts_with("0x") || digits.starts_with("0X");
        if !hex && digits.ends_with(['e', 'E']) && self.rest().get(len..).is_some_and(|r| r.starts_with(['+', '-'])) {
            let exponent = self.rest().get(len + 1..).unwrap_or_default();
            len += 1 + exponent.find(|c: char| !c.is_ascii_digit()).unwrap_or(exponent.len());
        }
        let number = self.text.get(start..start + len).unwrap_or_default();
        let is_duration = self.after_offset || self.open.last() == Some(&b'[');
        if !fits(number, is_duration) {
            return Err(QueryError::at(start, format!("duration out of range: {number:?}")));
        }
        self.after_offset = false;
        self.copy(len);
        Ok(())
    }

    /// A string in any of the three quotes, decoded as Go does and written in double quotes and ASCII.
    fn string(&mut self, quote: char) -> Result<(), QueryError> {
        let start = self.at;
        self.at += 1;
        let mut bytes: Vec<u8> = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(QueryError::at(start, "unterminated quoted string"));
            };
            self.at += c.len_utf8();
            match c {
                c if c == quote => break,
                '\n' if quote != '`' => return Err(QueryError::at(start, "unterminated quoted string")),
                '\\' if quote != '`' => self.escape(quote, &mut bytes)?,
                c => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        let text = String::from_utf8(bytes).map_err(|_| QueryError::at(start, "string is not valid UTF-8"))?;
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.out.extend(['\\', c]),
                ' '..='~' => self.out.push(c),
                c => self.out.push_str(&format!("\\U{:08x}", u32::from(c))),
            }
        }
        self.out.push('"');
        Ok(())
    }

    /// What follows a backslash, as bytes.
    fn escape(&mut self, quote: char, bytes: &mut Vec<u8>) -> Result<(), QueryError> {
        let at = self.at;
        let bad = || QueryError::at(at, "unknown escape sequence");
        let c = self.peek().ok_or_else(bad)?;
        self.at += c.len_utf8();
        let plain = match c {
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 0x0b,
            '\\' => b'\\',
            c if c == quote => c as u8,
            '0'..='7' => {
                self.at -= 1;
                bytes.push(u8::try_from(self.digits(3, 8).ok_or_else(bad)?).map_err(|_| bad())?);
                return Ok(());
            }
            'x' => {
                bytes.push(u8::try_from(self.digits(2, 16).ok_or_else(bad)?).map_err(|_| bad())?);
                return Ok(());
            }
            'u' | 'U' => {
                let code = self.digits(if c == 'u' { 4 } else { 8 }, 16).ok_or_else(bad)?;
                let c = char::from_u32(code).ok_or_else(bad)?;
                bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
                return Ok(());
            }
            _ => return Err(bad()),
        };
        bytes.push(plain);
        Ok(())
    }

    fn digits(&mut self, count: usize, radix: u32) -> Option<u32> {
        let digits = self.rest().get(..count)?;
        let value =
            u32::from_str_radix(digits, radix).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += count;
        Some(value)
    }
}

/// Whether the grammar crate can take a number: any plain one unless it is a duration; a duration only in its range.
fn fits(number: &str, is_duration: bool) -> bool {
    let in_range = |seconds: f64| seconds.is_finite() && (0.0..=DURATION_MAX_S).contains(&seconds);
    let lower = number.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        return !is_duration || u64::from_str_radix(hex, 16).is_ok_and(|n| in_range(n as f64));
    }
    if let Ok(value) = lower.parse::<f64>() {
        return !is_duration || in_range(value);
    }
    // `1h30m`: amounts beyond 32 bits would silently count as nothing. What is no duration at all the grammar refuses.
    lower.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() <= 9)
}
