//! Reading JSON as jq does: a stream of values, and what it says where the text is none.

use super::json::{DEPTH_MAX, Json, Map};
use std::rc::Rc;

enum Open {
    Arr(Vec<Json>),
    Obj(Map, Option<Rc<str>>),
}

/// A reader of values one after the other.
pub(crate) struct Reader<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    stack: Vec<Open>,
    next: Option<Json>,
    literal: String,
    line: u64,
    column: u64,
    /// Newlines that came so far, the rest of the line of the last value included.
    pub lines: u64,
    failed: bool,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str) -> Reader<'t> {
        Reader {
            chars: text.chars().peekable(),
            stack: Vec::new(),
            next: None,
            literal: String::new(),
            line: 1,
            column: 0,
            lines: 0,
            failed: false,
        }
    }

    /// The next value; `None` at the end, or after an error.
    pub fn value(&mut self) -> Option<Result<Json, String>> {
        if self.failed {
            return None;
        }
        let got = self.scan();
        self.failed = matches!(got, Some(Err(_)));
        got
    }

    fn scan(&mut self) -> Option<Result<Json, String>> {
        loop {
            let Some(c) = self.chars.next() else { return self.end() };
            self.column += 1;
            if c == '\n' {
                self.line += 1;
                self.lines += 1;
                self.column = 0;
            }
            let step = match c {
                '"' => self.check().and_then(|()| self.string()),
                '[' | ']' | '{' | '}' | ',' | ':' => self.check().and_then(|()| self.token(c)),
                ' ' | '\t' | '\r' | '\n' => self.check(),
                c => {
                    self.literal.push(c);
                    Ok(())
                }
            };
            if let Err(why) = step {
                return Some(Err(format!("{why} at line {}, column {}", self.line, self.column)));
            }
            if self.stack.is_empty()
                && self.literal.is_empty()
                && let Some(v) = self.next.take()
            {
                return Some(Ok(v));
            }
        }
    }

    /// The number of the last line that the value stands on: a line is read as a whole before it is looked at.
    pub fn line_read(&self) -> u64 {
        let rest = self.chars.clone();
        // What follows on the same line has been read with it.
        let more = self.column > 0 && rest.into_iter().any(|c| c == '\n');
        self.lines + u64::from(more)
    }

    fn end(&mut self) -> Option<Result<Json, String>> {
        let (line, column) = (self.line, self.column);
        let at = move |why: &str| Some(Err(format!("{why} at EOF at line {line}, column {column}")));
        if let Err(why) = self.check() {
            return at(why);
        }
        if !self.stack.is_empty() {
            self.stack.clear();
            return at("Unfinished JSON term");
        }
        self.next.take().map(Ok)
    }

    fn put(&mut self, v: Json) -> Result<(), &'static str> {
        if self.next.is_some() {
            return Err("Expected separator between values");
        }
        self.next = Some(v);
        Ok(())
    }

    fn check(&mut self) -> Result<(), &'static str> {
        if self.literal.is_empty() {
            return Ok(());
        }
        let word = std::mem::take(&mut self.literal);
        let v = match word.chars().next() {
            Some('t') if word == "true" => Json::Bool(true),
            Some('f') if word == "false" => Json::Bool(false),
            Some('n') if word == "null" => Json::Null,
            Some('t' | 'f' | 'n') => return Err("Invalid literal"),
            _ => {
                let plain = word.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
                match word.parse::<f64>() {
                    Ok(n) if plain => Json::Num(n),
                    _ => return Err("Invalid numeric literal"),
                }
            }
        };
        self.put(v)
    }

    fn string(&mut self) -> Result<(), &'static str> {
        let mut out = String::new();
        let mut bad = None;
        loop {
            let Some(c) = self.chars.next() else { return Err("Unfinished string at EOF") };
            self.column += 1;
            if c == '\n' {
                self.line += 1;
                self.lines += 1;
                self.column = 0;
            }
            match c {
                '"' => break,
                '\\' => {
                    let Some(e) = self.chars.next() else { return Err("Unfinished string at EOF") };
                    self.column += 1;
                    match e {
                        'n' => out.push('\n'),
                        't' => out.push('\t'),
                        'r' => out.push('\r'),
                        'b' => out.push('\u{8}'),
                        'f' => out.push('\u{c}'),
                        '"' | '\\' | '/' => out.push(e),
                        'u' => match self.unit() {
                            Some(u) => out.push(self.pair(u)),
                            None => bad = Some("Invalid escape"),
                        },
                        _ => bad = Some("Invalid escape"),
                    }
                }
                c => out.push(c),
            }
        }
        bad.map_or_else(|| self.put(Json::str(out)), Err)
    }

    fn unit(&mut self) -> Option<u32> {
        let mut n = 0;
        for _ in 0..4 {
            let d = self.chars.peek()?.to_digit(16)?;
            self.chars.next();
            self.column += 1;
            n = n * 16 + d;
        }
        Some(n)
    }

    /// The character of a unit; a low surrogate behind a high one belongs to it, half a pair is the replacement.
    fn pair(&mut self, unit: u32) -> char {
        if !(0xD800..0xDC00).contains(&unit) {
            return char::from_u32(unit).unwrap_or('\u{FFFD}');
        }
        let mut ahead = self.chars.clone();
        if ahead.next() == Some('\\') && ahead.next() == Some('u') {
            self.chars.next();
            self.chars.next();
            self.column += 2;
            if let Some(low) = self.unit().filter(|l| (0xDC00..0xE000).contains(l)) {
                return char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)).unwrap_or('\u{FFFD}');
            }
        }
        '\u{FFFD}'
    }

    fn open(&mut self, what: Open) -> Result<(), &'static str> {
        if self.stack.len() as u32 >= DEPTH_MAX {
            return Err("Exceeds depth limit for parsing");
        }
        if self.next.is_some() {
            return Err("Expected separator between values");
        }
        self.stack.push(what);
        Ok(())
    }

    fn token(&mut self, c: char) -> Result<(), &'static str> {
        match c {
            '[' => self.open(Open::Arr(Vec::new())),
            '{' => self.open(Open::Obj(Map::default(), None)),
            ':' => match (self.stack.last_mut(), self.next.take()) {
                (_, None) => Err("Expected string key before ':'"),
                (None, _) => Err("':' not as part of an object"),
                (Some(Open::Arr(_)), _) => Err("':' not as part of an object"),
                (Some(Open::Obj(_, Some(_))), _) => Err("':' should follow a key"),
                (Some(Open::Obj(_, key)), Some(Json::Str(s))) => {
                    *key = Some(s);
                    Ok(())
                }
                _ => Err("Object keys must be strings"),
            },
            ',' => match (self.stack.last_mut(), self.next.take()) {
                (_, None) => Err("Expected value before ','"),
                (None, _) => Err("',' not as part of an object or array"),
                (Some(Open::Arr(items)), Some(v)) => {
                    items.push(v);
                    Ok(())
                }
                (Some(Open::Obj(map, key)), Some(v)) => match key.take() {
                    Some(k) => {
                        map.set(k, v);
                        Ok(())
                    }
                    None => Err("Objects must consist of key:value pairs"),
                },
            },
            ']' => match (self.stack.pop(), self.next.take()) {
                (Some(Open::Arr(mut items)), last) => {
                    match last {
                        Some(v) => items.push(v),
                        None if !items.is_empty() => return Err("Expected another array element"),
                        None => {}
                    }
                    self.put(Json::arr(items))
                }
                _ => Err("Unmatched ']'"),
            },
            _ => match (self.stack.pop(), self.next.take()) {
                (Some(Open::Obj(mut map, key)), last) => {
                    match (key, last) {
                        (Some(k), Some(v)) => map.set(k, v),
                        (None, Some(_)) => return Err("Objects must consist of key:value pairs"),
                        (Some(_), None) => return Err("Unmatched '}'"),
                        (None, None) if map.len() > 0 => return Err("Expected another key-value pair"),
                        (None, None) => {}
                    }
                    self.put(Json::obj(map))
                }
                (Some(Open::Arr(_)), Some(_)) => Err("Objects must consist of key:value pairs"),
                _ => Err("Unmatched '}'"),
            },
        }
    }
}
