//! Permission modes as `chmod` reads them and `ls -l` prints them.

use crate::console::host::{NodeKind, Stat};

/// What a symbolic mode (`u+x,go-w`, `a=rX`) makes of permission bits; `None` if it is none. Who is not named is all, less
/// the mask.
pub fn symbolic(text: &str, mode: u16, dir: bool, mask: u16) -> Option<u16> {
    let mut now = mode;
    for clause in text.split(',') {
        let who_end = clause.find(|c: char| !"ugoa".contains(c))?;
        let (who, mut rest) = clause.split_at(who_end);
        let mut whom: u16 = 0;
        for c in who.chars() {
            whom |= match c {
                'u' => 0o4700,
                'g' => 0o2070,
                'o' => 0o1007,
                _ => 0o7777,
            };
        }
        let free = who.is_empty();
        if free {
            whom = 0o7777 & !mask;
        }
        while let Some(op) = rest.chars().next() {
            if !"+-=".contains(op) {
                return None;
            }
            rest = rest.get(1..)?;
            let end = rest.find(['+', '-', '=']).unwrap_or(rest.len());
            let (perms, more) = rest.split_at(end);
            rest = more;
            let mut bits: u16 = 0;
            let old = now;
            let spread = |b: u16| b | b << 3 | b << 6;
            for c in perms.chars() {
                bits |= match c {
                    'r' => 0o444,
                    'w' => 0o222,
                    'x' => 0o111,
                    'X' if dir || old & 0o111 != 0 => 0o111,
                    'X' => 0,
                    's' => 0o6000,
                    't' => 0o1000,
                    'u' => spread(old >> 6 & 7),
                    'g' => spread(old >> 3 & 7),
                    'o' => spread(old & 7),
                    _ => return None,
                };
            }
            let kept = if perms.contains('t') && !free && !who.contains(['o', 'a']) { 0o1000 } else { 0 };
            let bits = bits & whom & !kept;
            now = match op {
                '+' => now | bits,
                '-' => now & !bits,
                _ => {
                    // A directory keeps its special bits unless they are named.
                    let special = if dir && !perms.contains(['s', 't']) { 0o6000 } else { 0 };
                    let cleared = if free { 0o7777 } else { whom };
                    now & !(cleared & !special) | bits
                }
            };
        }
    }
    Some(now & 0o7777)
}

/// Permission bits of a mode in figures or words; `None` if it is neither.
pub fn parse(text: &str, mode: u16, dir: bool, mask: u16) -> Option<u16> {
    if let Some(digits) = text.strip_prefix(['+', '-', '=']).filter(|d| d.starts_with(|c: char| c.is_ascii_digit())) {
        let bits = u16::from_str_radix(digits, 8).ok().filter(|n| *n <= 0o7777)?;
        return Some(match text.chars().next() {
            Some('+') => mode | bits,
            Some('-') => mode & !bits,
            _ => bits,
        });
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let n = u16::from_str_radix(text, 8).ok().filter(|n| *n <= 0o7777)?;
        // A directory keeps its set-id bits unless five figures say otherwise.
        return Some(if dir && text.len() < 5 { n | mode & 0o6000 } else { n });
    }
    symbolic(text, mode, dir, mask)
}

/// The letter of a kind.
pub fn letter(kind: &NodeKind) -> char {
    match kind {
        NodeKind::File => '-',
        NodeKind::Dir => 'd',
        NodeKind::Link(_) => 'l',
        NodeKind::Device(..) => 'c',
        NodeKind::Pipe => 'p',
    }
}

/// Nine letters of permission bits.
pub fn letters(mode: u16) -> String {
    let mut out = String::new();
    for (shift, special, on, off) in [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')] {
        let bits = mode >> shift;
        out.push(if bits & 4 != 0 { 'r' } else { '-' });
        out.push(if bits & 2 != 0 { 'w' } else { '-' });
        out.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => on,
            (false, true) => off,
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    out
}

/// The first column of `ls -l`.
pub fn shown(s: &Stat) -> String {
    format!("{}{}", letter(&s.kind), letters(s.mode))
}
