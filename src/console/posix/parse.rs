//! Reads basic, extended and awk's regular expressions.

/// Whose syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// `grep`: `\(`, `\{`, `\|`.
    Basic,
    /// `grep -E`.
    Extended,
    /// `sed`: basic, with `\n` and `\t`.
    SedBasic,
    /// `sed -E`.
    SedExtended,
    /// `awk`: extended, a backslash escapes within brackets too, no back-references.
    Awk,
    /// A plain string.
    Fixed,
}

impl Syntax {
    fn extended(self) -> bool {
        matches!(self, Syntax::Extended | Syntax::SedExtended | Syntax::Awk)
    }

    fn escapes(self) -> bool {
        matches!(self, Syntax::SedBasic | Syntax::SedExtended | Syntax::Awk)
    }
}

/// A place rather than a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
    TextStart,
    TextEnd,
    Word,
    NotWord,
    WordStart,
    WordEnd,
    NoWordBefore,
    NoWordAfter,
}

/// A part of a bracket expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Range(char, char),
    Class(&'static str),
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Char(char),
    Any,
    Set(bool, Vec<Item>),
    Edge(Edge),
    Group(Box<Node>, usize),
    Cat(Vec<Node>),
    Alt(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    Back(usize),
}

pub(super) struct Parsed {
    pub node: Node,
    pub groups: usize,
    pub refers: bool,
}

/// Names of character classes.
const CLASSES: &[&str] =
    &["alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl", "xdigit"];

/// Groups may be nested this deep.
const DEEP: usize = 100;

struct Parser {
    chars: Vec<char>,
    at: usize,
    syntax: Syntax,
    groups: usize,
    closed: Vec<usize>,
    depth: usize,
    refers: bool,
}

/// Parses a pattern.
pub(super) fn parse(pattern: &str, syntax: Syntax) -> Result<Parsed, String> {
    if syntax == Syntax::Fixed {
        return Ok(Parsed { node: Node::Cat(pattern.chars().map(Node::Char).collect()), groups: 0, refers: false });
    }
    let chars = pattern.chars().collect();
    let mut p = Parser { chars, at: 0, syntax, groups: 0, closed: Vec::new(), depth: 0, refers: false };
    let node = p.alternatives()?;
    if p.at < p.chars.len() {
        return Err("Unmatched ) or \\)".to_owned());
    }
    Ok(Parsed { node, groups: p.groups, refers: p.refers })
}

/// Whether all matches from one place end at the same place.
pub(super) fn fixed(node: &Node) -> bool {
    match node {
        Node::Char(_) | Node::Any | Node::Set(..) | Node::Edge(_) => true,
        Node::Group(n, _) => fixed(n),
        Node::Cat(all) => {
            // A repeated single character at the very end is greedy, and so the longest.
            let last = all.len().saturating_sub(1);
            all.iter().enumerate().all(|(i, n)| {
                let single = |n: &Node| matches!(n, Node::Char(_) | Node::Any | Node::Set(..));
                fixed(n) || (i == last && matches!(n, Node::Repeat(r, ..) if single(r)))
            })
        }
        Node::Repeat(n, min, max) => fixed(n) && Some(*min) == *max,
        Node::Alt(_) | Node::Back(_) => false,
    }
}

impl Parser {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Whether the operator `c` stands here (with a backslash in basic syntax).
    fn operator(&self, c: char) -> Option<usize> {
        if self.syntax.extended() {
            (self.peek(0) == Some(c)).then_some(1)
        } else {
            (self.peek(0) == Some('\\') && self.peek(1) == Some(c)).then_some(2)
        }
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        let mut all = vec![self.sequence()?];
        while let Some(n) = self.operator('|') {
            self.at += n;
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alt(all) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut all: Vec<Node> = Vec::new();
        loop {
            if self.peek(0).is_none() || self.operator('|').is_some() {
                break;
            }
            if self.operator(')').is_some() {
                if self.depth > 0 {
                    break;
                }
                return Err("Unmatched ) or \\)".to_owned());
            }
            let first = all.iter().all(|n| matches!(n, Node::Edge(Edge::Start)));
            let Some(mut node) = self.atom(first)? else { continue };
            // In basic syntax a star right behind an anchor is a plain star.
            let anchored = !self.syntax.extended() && node == Node::Edge(Edge::Start);
            while let Some((min, max)) = if anchored { None } else { self.repetition()? } {
                node = match node {
                    // A place repeated is that place, or nothing.
                    Node::Edge(_) if min > 0 => node,
                    Node::Repeat(inner, 0, None) if (min, max) != (0, Some(0)) => Node::Repeat(inner, 0, None),
                    node => Node::Repeat(Box::new(node), min, max),
                };
            }
            all.push(node);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Cat(all) })
    }

    /// One item; `first` if nothing but anchors stands before it.
    fn atom(&mut self, first: bool) -> Result<Option<Node>, String> {
        let Some(c) = self.peek(0) else { return Ok(None) };
        let extended = self.syntax.extended();
        if let Some(n) = self.operator('(') {
            self.at += n;
            self.depth += 1;
            if self.depth > DEEP {
                return Err("Regular expression too big".to_owned());
            }
            self.groups += 1;
            let number = self.groups;
            let inner = self.alternatives()?;
            let Some(n) = self.operator(')') else { return Err("Unmatched ( or \\(".to_owned()) };
            self.at += n;
            self.depth -= 1;
            self.closed.push(number);
            return Ok(Some(Node::Group(Box::new(inner), number)));
        }
        self.at += 1;
        Ok(Some(match c {
            '.' => Node::Any,
            '[' => self.bracket()?,
            '^' if extended || first => Node::Edge(Edge::Start),
            '$' if extended || self.at_end() => Node::Edge(Edge::End),
            '*' if first && !extended => Node::Char('*'),
            '*' | '+' | '?' if extended && first => return Ok(None),
            '\\' => return self.escape().map(Some),
            c => Node::Char(c),
        }))
    }

    fn at_end(&self) -> bool {
        match (self.peek(0), self.peek(1)) {
            (None, _) => true,
            (Some('\\'), Some(')')) => self.depth > 0,
            (Some('\\'), Some('|')) => true,
            _ => false,
        }
    }

    fn escape(&mut self) -> Result<Node, String> {
        let Some(c) = self.peek(0) else { return Err("Trailing backslash".to_owned()) };
        self.at += 1;
        let class = |negated, name| Node::Set(negated, vec![Item::Class(name)]);
        Ok(match c {
            '1'..='9' if self.syntax != Syntax::Awk => {
                let n = c.to_digit(10).unwrap_or(1) as usize;
                if !self.closed.contains(&n) {
                    return Err("Invalid back reference".to_owned());
                }
                self.refers = true;
                Node::Back(n)
            }
            'w' => class(false, "word"),
            'W' => class(true, "word"),
            's' => class(false, "space"),
            'S' => class(true, "space"),
            'b' if self.syntax != Syntax::Awk => Node::Edge(Edge::Word),
            'y' if self.syntax == Syntax::Awk => Node::Edge(Edge::Word),
            'B' => Node::Edge(Edge::NotWord),
            '<' => Node::Edge(Edge::WordStart),
            '>' => Node::Edge(Edge::WordEnd),
            '`' => Node::Edge(Edge::TextStart),
            '\'' => Node::Edge(Edge::TextEnd),
            '{' if !self.syntax.extended() => return Err("Invalid preceding regular expression".to_owned()),
            c if self.syntax.escapes() => Node::Char(self.control(c)),
            c => Node::Char(c),
        })
    }

    /// What a letter after a backslash stands for in sed and awk.
    fn control(&mut self, c: char) -> char {
        match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'a' => '\u{7}',
            'b' if self.syntax == Syntax::Awk => '\u{8}',
            '0'..='7' if self.syntax == Syntax::Awk => {
                let mut n = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(d) = self.peek(0).and_then(|c| c.to_digit(8)) else { break };
                    n = n * 8 + d;
                    self.at += 1;
                }
                char::from_u32(n & 0xff).unwrap_or('\u{0}')
            }
            'x' => {
                let mut n = None;
                for _ in 0..2 {
                    let Some(d) = self.peek(0).and_then(|c| c.to_digit(16)) else { break };
                    n = Some(n.unwrap_or(0) * 16 + d);
                    self.at += 1;
                }
                n.and_then(char::from_u32).unwrap_or('x')
            }
            c => c,
        }
    }

    /// `*`, `+`, `?`, `{n,m}`: least and most.
    fn repetition(&mut self) -> Result<Option<(u32, Option<u32>)>, String> {
        if self.peek(0) == Some('*') {
            self.at += 1;
            return Ok(Some((0, None)));
        }
        if let Some(n) = self.operator('+') {
            self.at += n;
            return Ok(Some((1, None)));
        }
        if let Some(n) = self.operator('?') {
            self.at += n;
            return Ok(Some((0, Some(1))));
        }
        let Some(n) = self.operator('{') else { return Ok(None) };
        let extended = self.syntax.extended();
        let begin = self.at;
        self.at += n;
        let min = self.number();
        let mut max = min;
        let comma = self.peek(0) == Some(',');
        if comma {
            self.at += 1;
            max = self.number();
        }
        let end = self.operator('}');
        let Some(end) = end.filter(|_| min.is_some() || comma) else {
            // In extended syntax a brace that opens no interval stands for itself.
            self.at = begin;
            if extended {
                return Ok(None);
            }
            return Err(if self.chars.get(begin..).is_some_and(|r| r.contains(&'}')) {
                "Invalid content of \\{\\}".to_owned()
            } else {
                "Unmatched \\{".to_owned()
            });
        };
        self.at += end;
        let least = min.unwrap_or(0);
        if max.is_some_and(|m| m < least) {
            return Err("Invalid content of \\{\\}".to_owned());
        }
        if least > 32_767 || max.is_some_and(|m| m > 32_767) {
            return Err("Regular expression too big".to_owned());
        }
        Ok(Some((least, max)))
    }

    fn number(&mut self) -> Option<u32> {
        let mut n = None;
        while let Some(d) = self.peek(0).and_then(|c| c.to_digit(10)) {
            n = Some((n.unwrap_or(0) * 10 + d).min(100_000));
            self.at += 1;
        }
        n
    }

    /// A bracket expression after its `[`.
    fn bracket(&mut self) -> Result<Node, String> {
        let open = || "Unmatched [, [^, [:, [., or [=".to_owned();
        let negated = self.peek(0) == Some('^');
        self.at += usize::from(negated);
        let mut items = Vec::new();
        let mut first = true;
        loop {
            let c = self.peek(0).ok_or_else(open)?;
            if c == ']' && !first {
                self.at += 1;
                return Ok(Node::Set(negated, items));
            }
            first = false;
            if c == '[' && self.peek(1) == Some(':') {
                let from = self.at + 2;
                let rest = self.chars.get(from..).unwrap_or_default();
                let end = rest.windows(2).position(|w| w == [':', ']']).ok_or_else(open)?;
                let name: String = rest.iter().take(end).collect();
                let known = CLASSES.iter().find(|c| **c == name);
                items.push(Item::Class(known.ok_or("Invalid character class name")?));
                self.at = from + end + 2;
                continue;
            }
            let low = self.member().ok_or_else(open)?;
            let range = self.peek(0) == Some('-') && !matches!(self.peek(1), Some(']') | None);
            if !range {
                items.push(Item::Range(low, low));
                continue;
            }
            self.at += 1;
            let high = self.member().ok_or_else(open)?;
            if high < low {
                return Err("Invalid range end".to_owned());
            }
            items.push(Item::Range(low, high));
        }
    }

    /// One character within brackets.
    fn member(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        if c == '['
            && matches!(self.peek(0), Some('.' | '='))
            && self.peek(2) == self.peek(0)
            && self.peek(3) == Some(']')
        {
            let c = self.peek(1);
            self.at += 4;
            return c;
        }
        if c != '\\' {
            return Some(c);
        }
        match (self.syntax, self.peek(0)) {
            (Syntax::Awk, Some(next)) => {
                self.at += 1;
                Some(self.control(next))
            }
            (Syntax::SedBasic | Syntax::SedExtended, Some(next @ ('n' | 't' | 'r' | 'f' | 'v'))) => {
                self.at += 1;
                Some(self.control(next))
            }
            _ => Some('\\'),
        }
    }
}
