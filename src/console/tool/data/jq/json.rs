//! Values of jq: JSON with numbers as doubles and objects in the order in which their keys came.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Deepest nesting of a value, as the parser of the real program has it.
pub(crate) const DEPTH_MAX: u32 = 256;

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Num(f64),
    Str(Rc<str>),
    Arr(Rc<List>),
    Obj(Rc<Map>),
}

/// An array, with how deep it goes at most.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub items: Vec<Json>,
    depth: u32,
}

/// An object: keys in the order of their coming, and where each is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    items: Vec<(Rc<str>, Json)>,
    at: BTreeMap<Rc<str>, usize>,
    depth: u32,
}

impl Map {
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.at.get(key).and_then(|i| self.items.get(*i)).map(|(_, v)| v)
    }

    pub fn set(&mut self, key: Rc<str>, value: Json) {
        self.depth = self.depth.max(value.depth() + 1);
        match self.at.get(&key).and_then(|i| self.items.get_mut(*i)) {
            Some(slot) => slot.1 = value,
            None => {
                self.at.insert(key.clone(), self.items.len());
                self.items.push((key, value));
            }
        }
    }

    pub fn remove(&mut self, key: &str) {
        let Some(i) = self.at.remove(key) else { return };
        self.items.remove(i);
        for place in self.at.values_mut().filter(|p| **p > i) {
            *place -= 1;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Rc<str>, Json)> {
        self.items.iter()
    }

    /// Keys and values by key.
    pub fn sorted(&self) -> impl Iterator<Item = (&Rc<str>, &Json)> {
        self.at.iter().filter_map(|(k, i)| self.items.get(*i).map(|(_, v)| (k, v)))
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }
}

impl List {
    pub fn push(&mut self, value: Json) {
        self.depth = self.depth.max(value.depth() + 1);
        self.items.push(value);
    }

    pub fn set(&mut self, at: usize, value: Json) {
        self.depth = self.depth.max(value.depth() + 1);
        if at >= self.items.len() {
            self.items.resize(at + 1, Json::Null);
        }
        if let Some(slot) = self.items.get_mut(at) {
            *slot = value;
        }
    }
}

impl Json {
    pub fn str(text: impl AsRef<str>) -> Json {
        Json::Str(Rc::from(text.as_ref()))
    }

    pub fn arr(items: Vec<Json>) -> Json {
        let depth = items.iter().map(Json::depth).max().unwrap_or(0) + 1;
        Json::Arr(Rc::new(List { items, depth }))
    }

    pub fn obj(map: Map) -> Json {
        Json::Obj(Rc::new(map))
    }

    pub fn pairs(items: Vec<(&str, Json)>) -> Json {
        let mut map = Map::default();
        for (k, v) in items {
            map.set(Rc::from(k), v);
        }
        Json::obj(map)
    }

    /// How deep it nests, at most.
    pub fn depth(&self) -> u32 {
        match self {
            Json::Arr(l) => l.depth.max(1),
            Json::Obj(m) => m.depth.max(1),
            _ => 0,
        }
    }

    /// Everything but `null` and `false`.
    pub fn truth(&self) -> bool {
        !matches!(self, Json::Null | Json::Bool(false))
    }

    /// `number`, `string`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            Json::Num(_) => "number",
            Json::Str(_) => "string",
            Json::Arr(_) => "array",
            Json::Obj(_) => "object",
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Json::Null => 0,
            Json::Bool(false) => 1,
            Json::Bool(true) => 2,
            Json::Num(_) => 3,
            Json::Str(_) => 4,
            Json::Arr(_) => 5,
            Json::Obj(_) => 6,
        }
    }

    /// The order of `sort`: null, false, true, numbers, strings, arrays, objects.
    pub fn order(&self, other: &Json) -> Ordering {
        match (self, other) {
            // A number that is none is below every number, itself included.
            (Json::Num(a), Json::Num(b)) => {
                a.partial_cmp(b).unwrap_or(if a.is_nan() { Ordering::Less } else { Ordering::Greater })
            }
            (Json::Str(a), Json::Str(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Json::Arr(a), Json::Arr(b)) => {
                let mut pairs = a.items.iter().zip(&b.items).map(|(x, y)| x.order(y));
                pairs.find(|o| o.is_ne()).unwrap_or_else(|| a.items.len().cmp(&b.items.len()))
            }
            (Json::Obj(a), Json::Obj(b)) => a.at.keys().cmp(b.at.keys()).then_with(|| {
                let mut pairs = a.sorted().zip(b.sorted()).map(|((_, x), (_, y))| x.order(y));
                pairs.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
            }),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    pub fn same(&self, other: &Json) -> bool {
        self.order(other).is_eq()
    }

    /// As `tojson` writes it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        Writer::default().write(self, 0, &mut out);
        out
    }

    /// A value in an error: at most 14 bytes of it.
    pub fn short(&self) -> String {
        let text = self.text();
        if text.len() <= 14 {
            return text;
        }
        let mut end = 11.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}...", text.get(..end).unwrap_or_default())
    }

    /// `number (1)`, as errors name a value.
    pub fn named(&self) -> String {
        format!("{} ({})", self.kind(), self.short())
    }
}

/// How values are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writer {
    /// What a level of nesting is indented by; `None` writes everything on one line.
    pub indent: Option<String>,
    /// Whether keys are in their order.
    pub sort: bool,
    /// Whether everything beyond ASCII is escaped.
    pub ascii: bool,
    /// Whether it is coloured.
    pub color: bool,
}

/// Bytes after which nothing more of a value is written; more than any string may have.
pub(super) const TEXT_MAX: usize = 12 << 20;

const RESET: &str = "\u{1b}[0m";

fn color_of(v: &Json) -> &'static str {
    match v {
        Json::Null => "\u{1b}[1;30m",
        Json::Bool(_) | Json::Num(_) => "\u{1b}[0;39m",
        Json::Str(_) => "\u{1b}[0;32m",
        Json::Arr(_) | Json::Obj(_) => "\u{1b}[1;39m",
    }
}

impl Writer {
    fn line(&self, level: usize, out: &mut String) {
        if let Some(indent) = &self.indent {
            out.push('\n');
            for _ in 0..level {
                out.push_str(indent);
            }
        }
    }

    fn paint(&self, code: &str, out: &mut String) {
        if self.color {
            out.push_str(code);
        }
    }

    /// Writes a value that stands at this level of nesting.
    pub fn write(&self, v: &Json, level: usize, out: &mut String) {
        // A value that shares its parts may be far longer than what it takes to make it: whoever asked sees that it is too long.
        if out.len() > TEXT_MAX {
            return;
        }
        let color = color_of(v);
        self.paint(color, out);
        match v {
            Json::Null => out.push_str("null"),
            Json::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Json::Num(n) => out.push_str(&number(*n)),
            Json::Str(s) => self.quote(s, out),
            Json::Arr(l) if l.items.is_empty() => out.push_str("[]"),
            Json::Arr(l) => {
                out.push('[');
                for (i, item) in l.items.iter().enumerate() {
                    if i > 0 {
                        self.paint(color, out);
                        out.push(',');
                    }
                    self.line(level + 1, out);
                    self.write(item, level + 1, out);
                }
                self.paint(color, out);
                self.line(level, out);
                self.paint(color, out);
                out.push(']');
            }
            Json::Obj(m) if m.len() == 0 => out.push_str("{}"),
            Json::Obj(m) => {
                out.push('{');
                if self.sort {
                    self.entries(m.sorted(), level, color, out);
                } else {
                    self.entries(m.iter().map(|(k, v)| (k, v)), level, color, out);
                }
                self.paint(color, out);
                self.line(level, out);
                self.paint(color, out);
                out.push('}');
            }
        }
        self.paint(RESET, out);
    }

    fn entries<'a>(
        &self,
        items: impl Iterator<Item = (&'a Rc<str>, &'a Json)>,
        level: usize,
        color: &str,
        out: &mut String,
    ) {
        for (i, (k, v)) in items.enumerate() {
            if i > 0 {
                self.paint(color, out);
                out.push(',');
            }
            self.line(level + 1, out);
            self.paint(RESET, out);
            self.paint("\u{1b}[34;1m", out);
            self.quote(k, out);
            self.paint(RESET, out);
            self.paint(color, out);
            out.push(':');
            if self.indent.is_some() {
                out.push(' ');
            }
            self.paint(RESET, out);
            self.write(v, level + 1, out);
        }
    }

    fn quote(&self, s: &str, out: &mut String) {
        out.push('"');
        for c in s.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                c if (c as u32) < 32 || c == '\u{7f}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                c if self.ascii && !c.is_ascii() => {
                    let mut units = [0; 2];
                    for u in c.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{u:04x}"));
                    }
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

/// A number as it is written: at most 17 digits, with an exponent where there would be many zeros.
pub(crate) fn number(n: f64) -> String {
    if n.is_nan() {
        return "null".to_owned();
    }
    let n = if n.is_infinite() { f64::MAX.copysign(n) } else { n };
    if n == 0.0 {
        return if n.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let text = format!("{n:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let (count, point) = (digits.len() as i64, exponent.parse::<i64>().unwrap_or(0) + 1);
    if point <= -4 || point > count + 15 {
        let (head, tail) = digits.split_at(1);
        let dot = if tail.is_empty() { "" } else { "." };
        let e = point - 1;
        let mark = if e < 0 { '-' } else { '+' };
        return format!("{sign}{head}{dot}{tail}e{mark}{:02}", e.abs());
    }
    if point <= 0 {
        let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
        return format!("{sign}0.{zeros}{digits}");
    }
    if point >= count {
        let zeros = "0".repeat(usize::try_from(point - count).unwrap_or(0));
        return format!("{sign}{digits}{zeros}");
    }
    let (head, tail) = digits.split_at(usize::try_from(point).unwrap_or(0));
    format!("{sign}{head}.{tail}")
}
