//! Keys of sort: which part of a line they take, and how two such parts compare.

use crate::console::text_format::{from_bytes, to_bytes};
use crate::stdx::rng::Stream;
use std::borrow::Cow;
use std::cmp::Ordering;

/// How parts compare.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Order {
    pub blanks: bool,
    pub blanks_end: bool,
    dictionary: bool,
    fold: bool,
    general: bool,
    human: bool,
    printable: bool,
    month: bool,
    numeric: bool,
    pub random: bool,
    /// What a random order begins with.
    pub seed: u64,
    pub reverse: bool,
    version: bool,
}

impl Order {
    /// Sets an ordering option by its letter; whether there is one.
    pub fn letter(&mut self, letter: char) -> bool {
        let slot = match letter {
            'd' => &mut self.dictionary,
            'f' => &mut self.fold,
            'g' => &mut self.general,
            'h' => &mut self.human,
            'i' => &mut self.printable,
            'M' => &mut self.month,
            'n' => &mut self.numeric,
            'R' => &mut self.random,
            'r' => &mut self.reverse,
            'V' => &mut self.version,
            _ => return false,
        };
        *slot = true;
        true
    }

    /// Whether it asks for anything but the plain order of whole lines.
    pub fn any(&self) -> bool {
        self.blanks
            || self.blanks_end
            || self.dictionary
            || self.fold
            || self.general
            || self.human
            || self.printable
            || self.month
            || self.numeric
            || self.random
            || self.reverse
            || self.version
    }

    /// Letters of kinds that exclude each other.
    pub fn clash(&self) -> Option<String> {
        let kinds = [
            (self.general, 'g'),
            (self.human, 'h'),
            (self.month, 'M'),
            (self.numeric, 'n'),
            (self.random || self.version, if self.version { 'V' } else { 'R' }),
        ];
        let mut on: String = kinds.iter().filter(|(set, _)| *set).map(|(_, c)| *c).collect();
        let text = self.dictionary || self.printable;
        if on.len() > 1 || (on.len() == 1 && text && !self.version) {
            if self.dictionary {
                on.insert(0, 'd');
            } else if self.printable {
                on.push('i');
            }
            return Some(on);
        }
        None
    }

    /// Compares two parts, without regard to `-r`.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        if self.numeric {
            numeric(a, b)
        } else if self.general {
            general(a).compare(&general(b))
        } else if self.human {
            human(a, b)
        } else if self.month {
            month(a).cmp(&month(b))
        } else if self.random {
            self.place(a).cmp(&self.place(b))
        } else if self.version {
            version(&self.folded(a), &self.folded(b))
        } else if self.fold || self.dictionary || self.printable {
            self.folded(a).cmp(&self.folded(b))
        } else {
            plain(a, b)
        }
    }

    /// A text's place in the random order.
    fn place(&self, text: &str) -> u64 {
        let mut random = Stream::new(self.seed, &self.folded(text));
        random.below(u64::MAX)
    }

    fn folded(&self, text: &str) -> String {
        text.chars()
            .filter(|c| !self.dictionary || c.is_ascii_alphanumeric() || matches!(c, ' ' | '\t'))
            .filter(|c| !self.printable || matches!(c, ' '..='~'))
            .map(|c| if self.fold { c.to_ascii_uppercase() } else { c })
            .collect()
    }
}

/// A key: from a character of a field to a character of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub order: Order,
    /// It has ordering options of its own.
    pub own: bool,
    start: (usize, usize),
    /// Field and character of the end; character 0 is the end of the field. None for the end of the line.
    end: Option<(usize, usize)>,
}

impl Key {
    pub fn whole(order: Order) -> Key {
        Key { order, own: true, start: (1, 1), end: None }
    }

    /// The part of a line that it compares.
    pub fn part<'a>(&self, line: &'a str, separator: Option<char>) -> Cow<'a, str> {
        let from = start_of(line, separator, self.start, self.order.blanks);
        let to = match self.end {
            None => line.len(),
            Some(end) => end_of(line, separator, end, self.order.blanks_end),
        };
        let to = to.max(from);
        // Places are counted in bytes, which may cut a character.
        line.get(from..to)
            .map_or_else(|| Cow::Owned(from_bytes(line.as_bytes().get(from..to).unwrap_or_default())), Cow::Borrowed)
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// Where a field begins (from 0); past the last one is the end of the line.
fn field(line: &str, separator: Option<char>, n: usize) -> usize {
    let mut at = 0;
    for _ in 0..n {
        let rest = line.get(at..).unwrap_or_default();
        at = match separator {
            Some(s) => rest.find(s).map_or(line.len(), |i| at + i + s.len_utf8()),
            None => at + blank_field(rest),
        };
    }
    at
}

/// Length of leading blanks and the word after them.
fn blank_field(rest: &str) -> usize {
    let word = rest.len() - rest.trim_start_matches(BLANK).len();
    rest.get(word..).and_then(|r| r.find(BLANK)).map_or(rest.len(), |i| word + i)
}

fn skip_blanks(line: &str, at: usize) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start_matches(BLANK).len()
}

/// The place so many bytes on.
fn ahead(line: &str, at: usize, n: usize) -> usize {
    at.saturating_add(n).min(line.len())
}

/// Compares the bytes of two texts.
pub(super) fn plain(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() { a.cmp(b) } else { to_bytes(a).cmp(&to_bytes(b)) }
}

fn start_of(line: &str, separator: Option<char>, (n, ch): (usize, usize), blanks: bool) -> usize {
    let mut at = field(line, separator, n.saturating_sub(1));
    if blanks {
        at = skip_blanks(line, at);
    }
    ahead(line, at, ch.saturating_sub(1))
}

fn end_of(line: &str, separator: Option<char>, (n, ch): (usize, usize), blanks: bool) -> usize {
    if ch == 0 {
        let at = field(line, separator, n.saturating_sub(1));
        let rest = line.get(at..).unwrap_or_default();
        return match separator {
            Some(s) => rest.find(s).map_or(line.len(), |i| at + i),
            None => at + blank_field(rest),
        };
    }
    let mut at = field(line, separator, n.saturating_sub(1));
    if blanks {
        at = skip_blanks(line, at);
    }
    ahead(line, at, ch)
}

/// Reads `2`, `2,2`, `1.3nr,1.5`.
pub(super) fn parse(text: &str) -> Result<Key, String> {
    let bad = |why: &str| format!("{why}: invalid field specification ‘{text}’");
    let (head, tail) = match text.split_once(',') {
        Some((h, t)) => (h, Some(t)),
        None => (text, None),
    };
    let mut order = Order::default();
    let mut own = false;
    let mut place = |text: &str, what: &str, start: bool| -> Result<(usize, usize), String> {
        let digits = |t: &str| t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
        let (field, mut rest) = text.split_at(digits(text));
        let field = match field.parse::<usize>() {
            Ok(0) => return Err(bad("field number is zero")),
            Ok(n) => n,
            Err(_) if field.is_empty() => return Err(bad(&format!("invalid number {what}"))),
            Err(_) => usize::MAX / 2,
        };
        let mut ch = usize::from(start);
        if let Some(r) = rest.strip_prefix('.') {
            let (n, r) = r.split_at(digits(r));
            ch = n.parse().map_err(|_| bad("invalid number after ‘.’"))?;
            if start && ch == 0 {
                return Err(bad("character offset is zero"));
            }
            rest = r;
        }
        for c in rest.chars() {
            own = true;
            match c {
                'b' if start => order.blanks = true,
                'b' => order.blanks_end = true,
                c if order.letter(c) => {}
                _ => return Err(bad("stray character in field spec")),
            }
        }
        Ok((field, ch))
    };
    let start = place(head, "at field start", true)?;
    let end = tail.map(|t| place(t, "after ‘,’", false)).transpose()?;
    Ok(Key { order, own, start, end })
}

/// Sign, digits before the point without leading zeros, digits behind it without trailing ones, and what follows.
fn number(text: &str) -> (bool, &str, &str, &str) {
    let t = text.trim_start_matches(BLANK);
    let (negative, t) = t.strip_prefix('-').map_or((false, t), |r| (true, r));
    let end = t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    let (whole, rest) = t.split_at(end);
    let (part, rest) = match rest.strip_prefix('.') {
        Some(r) => r.split_at(r.find(|c: char| !c.is_ascii_digit()).unwrap_or(r.len())),
        None => ("", rest),
    };
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    (negative && !(whole.is_empty() && part.is_empty()), whole, part, rest)
}

fn numeric(a: &str, b: &str) -> Ordering {
    let ((na, wa, pa, _), (nb, wb, pb, _)) = (number(a), number(b));
    if na != nb {
        return if na { Ordering::Less } else { Ordering::Greater };
    }
    let order = wa.len().cmp(&wb.len()).then_with(|| wa.cmp(wb)).then_with(|| pa.cmp(pb));
    if na { order.reverse() } else { order }
}

/// Sign and unit first, then the number.
fn human(a: &str, b: &str) -> Ordering {
    let rank = |text: &str| -> i32 {
        let (negative, whole, part, rest) = number(text);
        let unit = rest.chars().next().and_then(|c| "KMGTPEZYRQ".find(if c == 'k' { 'K' } else { c }));
        let size =
            if whole.is_empty() && part.is_empty() { 0 } else { unit.map_or(0, |u| i32::try_from(u).unwrap_or(0) + 1) };
        if negative { -size } else { size }
    };
    let (na, nb) = (number(a).0, number(b).0);
    if na != nb {
        return if na { Ordering::Less } else { Ordering::Greater };
    }
    rank(a).cmp(&rank(b)).then_with(|| numeric(a, b))
}

/// A number as `strtod` reads it.
enum General {
    None,
    Nan,
    Number(f64),
}

impl General {
    fn compare(&self, other: &General) -> Ordering {
        let rank = |g: &General| match g {
            General::None => 0,
            General::Nan => 1,
            General::Number(_) => 2,
        };
        match (self, other) {
            (General::Number(a), General::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

fn general(text: &str) -> General {
    let t = text.trim_start();
    let (sign, body) = match t.strip_prefix(['+', '-']) {
        Some(b) => (if t.starts_with('-') { -1.0 } else { 1.0 }, b),
        None => (1.0, t),
    };
    let lower: String = body.chars().take(3).collect::<String>().to_ascii_lowercase();
    match lower.as_str() {
        "inf" => return General::Number(sign * f64::INFINITY),
        "nan" => return General::Nan,
        _ => {}
    }
    // The longest beginning that is a number.
    let limit = body.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(body.len());
    for end in (1..=limit).rev() {
        let head = body.get(..end).unwrap_or_default();
        if !head.starts_with(['+', '-'])
            && let Ok(v) = head.parse::<f64>()
        {
            return General::Number(sign * v);
        }
    }
    General::None
}

fn month(text: &str) -> usize {
    let name: String = text.trim_start_matches(BLANK).chars().take(3).collect::<String>().to_ascii_uppercase();
    let names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    names.iter().position(|n| *n == name).map_or(0, |i| i + 1)
}

/// Digit runs compare as numbers; elsewhere a tilde comes before the end, letters before other characters.
fn version(a: &str, b: &str) -> Ordering {
    match (a, b) {
        _ if a == b => return Ordering::Equal,
        ("", _) => return Ordering::Less,
        (_, "") => return Ordering::Greater,
        _ => {}
    }
    for special in [".", ".."] {
        if a == special {
            return Ordering::Less;
        }
        if b == special {
            return Ordering::Greater;
        }
    }
    match (a.starts_with('.'), b.starts_with('.')) {
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    let (head_a, head_b) = (without_suffix(a), without_suffix(b));
    let order = if head_a == head_b { Ordering::Equal } else { runs(head_a, head_b) };
    order.then_with(|| runs(a, b)).then_with(|| a.cmp(b))
}

/// A file name without extensions such as `.tar.gz`.
fn without_suffix(name: &str) -> &str {
    let mut end = name.len();
    while let Some(dot) = name.get(..end).and_then(|n| n.rfind('.')) {
        let ext = name.get(dot + 1..end).unwrap_or_default();
        let fits = ext.starts_with(|c: char| c.is_ascii_alphabetic() || c == '~')
            && ext.chars().all(|c| c.is_ascii_alphanumeric() || c == '~');
        if !fits || dot == 0 {
            break;
        }
        end = dot;
    }
    name.get(..end).unwrap_or(name)
}

fn rank(c: Option<u8>) -> i32 {
    match c {
        Some(b'~') => -1,
        None => 0,
        Some(c) if c.is_ascii_digit() => 0,
        Some(c) if c.is_ascii_alphabetic() => i32::from(c),
        Some(c) => i32::from(c) + 256,
    }
}

fn runs(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let digit = |s: &[u8], i: usize| s.get(i).is_some_and(u8::is_ascii_digit);
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while (i < a.len() && !digit(a, i)) || (j < b.len() && !digit(b, j)) {
            let (x, y) = (rank(a.get(i).copied()), rank(b.get(j).copied()));
            if x != y {
                return x.cmp(&y);
            }
            i += 1;
            j += 1;
        }
        while a.get(i) == Some(&b'0') {
            i += 1;
        }
        while b.get(j) == Some(&b'0') {
            j += 1;
        }
        let mut first = Ordering::Equal;
        while digit(a, i) && digit(b, j) {
            first = first.then(a.get(i).cmp(&b.get(j)));
            i += 1;
            j += 1;
        }
        if digit(a, i) {
            return Ordering::Greater;
        }
        if digit(b, j) {
            return Ordering::Less;
        }
        if first.is_ne() {
            return first;
        }
    }
    Ordering::Equal
}
