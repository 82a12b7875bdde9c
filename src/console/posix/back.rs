//! Patterns with back-references, which no automaton can match: a backtracker with a bound on its steps.

use super::Options;
use super::Span;
use super::emit::class;
use super::parse::{Edge, Item, Node};

/// Steps of one search; after that what was found so far counts.
const STEPS: usize = 300_000;

/// Instructions at most.
const SIZE: usize = 20_000;

enum Op {
    Char(char),
    Any,
    Set(bool, Vec<(char, char)>),
    Edge(Edge),
    Save(usize),
    Back(usize),
    /// First try the first, then the second.
    Split(usize, usize),
    Jump(usize),
    /// Fails where nothing was consumed since the place was saved.
    Moved(usize),
    Done,
}

/// A compiled pattern.
pub(super) struct Back {
    ops: Vec<Op>,
    groups: usize,
    slots: usize,
    options: Options,
}

fn fold(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(|c| c == '_' || c.is_alphanumeric())
}

impl Back {
    pub(super) fn new(node: &Node, groups: usize, options: Options) -> Result<Back, String> {
        let mut b = Back { ops: Vec::new(), groups, slots: (groups + 1) * 2, options };
        b.add(node)?;
        b.ops.push(Op::Done);
        Ok(b)
    }

    fn add(&mut self, node: &Node) -> Result<(), String> {
        if self.ops.len() > SIZE {
            return Err("Regular expression too big".to_owned());
        }
        match node {
            Node::Char(c) => self.ops.push(Op::Char(if self.options.ignore_case { fold(*c) } else { *c })),
            Node::Any => self.ops.push(Op::Any),
            Node::Set(negated, items) => {
                let ranges = items.iter().flat_map(|i| match i {
                    Item::Range(a, b) => vec![(*a, *b)],
                    Item::Class(name) => class(name),
                });
                let ranges = ranges.collect();
                self.ops.push(Op::Set(*negated, ranges));
            }
            Node::Edge(e) => self.ops.push(Op::Edge(*e)),
            Node::Group(n, number) => {
                self.ops.push(Op::Save(number * 2));
                self.add(n)?;
                self.ops.push(Op::Save(number * 2 + 1));
            }
            Node::Cat(all) => {
                for n in all {
                    self.add(n)?;
                }
            }
            Node::Alt(all) => self.add_any(all)?,
            Node::Repeat(n, min, max) => {
                for _ in 0..*min {
                    self.add(n)?;
                }
                match max {
                    None => self.add_star(n)?,
                    Some(m) => {
                        let mut splits = Vec::new();
                        for _ in *min..*m {
                            splits.push(self.ops.len());
                            self.ops.push(Op::Done);
                            self.add(n)?;
                        }
                        let end = self.ops.len();
                        for s in splits {
                            self.set(s, Op::Split(s + 1, end));
                        }
                    }
                }
            }
            Node::Back(n) => self.ops.push(Op::Back(*n)),
        }
        Ok(())
    }

    fn set(&mut self, at: usize, op: Op) {
        if let Some(slot) = self.ops.get_mut(at) {
            *slot = op;
        }
    }

    fn add_any(&mut self, all: &[Node]) -> Result<(), String> {
        let mut jumps = Vec::new();
        for (i, n) in all.iter().enumerate() {
            if i + 1 == all.len() {
                self.add(n)?;
                break;
            }
            let split = self.ops.len();
            self.ops.push(Op::Done);
            self.add(n)?;
            jumps.push(self.ops.len());
            self.ops.push(Op::Done);
            let next = self.ops.len();
            self.set(split, Op::Split(split + 1, next));
        }
        let end = self.ops.len();
        for j in jumps {
            self.set(j, Op::Jump(end));
        }
        Ok(())
    }

    fn add_star(&mut self, n: &Node) -> Result<(), String> {
        let slot = self.slots;
        self.slots += 1;
        let split = self.ops.len();
        self.ops.push(Op::Done);
        self.ops.push(Op::Save(slot));
        self.add(n)?;
        self.ops.push(Op::Moved(slot));
        self.ops.push(Op::Jump(split));
        let end = self.ops.len();
        self.set(split, Op::Split(split + 1, end));
        Ok(())
    }

    /// The leftmost match at or after `from`, the longest that the steps suffice for.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Vec<Option<Span>>> {
        let mut left = STEPS;
        let mut start = from;
        loop {
            if let Some(found) = self.longest(text, start, &mut left) {
                return Some(found);
            }
            start = super::step(text, start);
            if start > text.len() || left == 0 {
                return None;
            }
        }
    }

    fn longest(&self, text: &str, start: usize, left: &mut usize) -> Option<Vec<Option<Span>>> {
        let mut best: Option<(usize, Vec<Option<usize>>)> = None;
        let mut todo: Vec<(usize, usize, Vec<Option<usize>>)> = vec![(0, start, vec![None; self.slots])];
        while let Some((mut pc, mut at, mut saved)) = todo.pop() {
            loop {
                if *left == 0 {
                    todo.clear();
                    break;
                }
                *left -= 1;
                let Some(op) = self.ops.get(pc) else { break };
                let next = || text.get(at..).and_then(|t| t.chars().next());
                pc += 1;
                match op {
                    Op::Done => {
                        if best.as_ref().is_none_or(|(end, _)| at > *end) {
                            best = Some((at, saved));
                        }
                        break;
                    }
                    Op::Char(_) | Op::Any | Op::Set(..) => match next().filter(|c| self.takes(op, *c)) {
                        Some(c) => at += c.len_utf8(),
                        None => break,
                    },
                    Op::Edge(e) => {
                        if !self.holds(*e, text, at) {
                            break;
                        }
                    }
                    Op::Save(slot) => {
                        if let Some(s) = saved.get_mut(*slot) {
                            *s = Some(at);
                        }
                    }
                    Op::Moved(slot) => {
                        if saved.get(*slot).copied().flatten() == Some(at) {
                            break;
                        }
                    }
                    Op::Back(n) => {
                        let (a, b) = (saved.get(n * 2).copied().flatten(), saved.get(n * 2 + 1).copied().flatten());
                        let (Some(a), Some(b)) = (a, b) else { break };
                        let group = text.get(a..b).unwrap_or_default();
                        let here = text.get(at..at + group.len()).unwrap_or("\u{0}");
                        let same = if self.options.ignore_case {
                            here.chars().map(fold).eq(group.chars().map(fold))
                        } else {
                            here == group
                        };
                        if !same {
                            break;
                        }
                        at += group.len();
                    }
                    Op::Jump(to) => pc = *to,
                    Op::Split(a, b) => {
                        if todo.len() < 10_000 {
                            todo.push((*b, at, saved.clone()));
                        }
                        pc = *a;
                    }
                }
            }
        }
        let (end, saved) = best?;
        let mut groups = vec![Some((start, end))];
        for g in 1..=self.groups {
            let span = saved.get(g * 2).copied().flatten().zip(saved.get(g * 2 + 1).copied().flatten());
            groups.push(span);
        }
        Some(groups)
    }

    fn takes(&self, op: &Op, c: char) -> bool {
        if self.options.lines && c == '\n' && !matches!(op, Op::Char('\n')) {
            return false;
        }
        match op {
            Op::Char(want) => *want == c || (self.options.ignore_case && *want == fold(c)),
            Op::Any => true,
            Op::Set(negated, ranges) => {
                let within = |c: char| ranges.iter().any(|(a, b)| (*a..=*b).contains(&c));
                let upper = || c.to_uppercase().next().unwrap_or(c);
                (within(c) || (self.options.ignore_case && (within(fold(c)) || within(upper())))) != *negated
            }
            _ => false,
        }
    }

    fn holds(&self, e: Edge, text: &str, at: usize) -> bool {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at..).and_then(|t| t.chars().next());
        let multi = self.options.lines || self.options.multi;
        match e {
            Edge::Start => before.is_none() || (multi && before == Some('\n')),
            Edge::End => after.is_none() || (multi && after == Some('\n')),
            Edge::TextStart => before.is_none(),
            Edge::TextEnd => after.is_none(),
            Edge::Word => word(before) != word(after),
            Edge::NotWord => word(before) == word(after),
            Edge::WordStart => !word(before) && word(after),
            Edge::WordEnd => word(before) && !word(after),
            Edge::NoWordBefore => !word(before),
            Edge::NoWordAfter => !word(after),
        }
    }
}
