//! Reads YAML: the documents of a text with their styles, and the comments put to the nodes that they belong to.

use super::node::{DEPTH_MAX, Id, Key, Kind, Node, Res, Style, Tree};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use std::collections::BTreeMap;

/// Deepest nesting of a document.
const NESTING_MAX: usize = 200;
/// Most brackets that are open at once in a text.
const BRACKETS_MAX: usize = 2000;

/// The tag of a plain scalar.
pub(super) fn resolved(text: &str) -> &'static str {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return "!!null",
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return "!!bool",
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return "!!float",
        "<<" => return "!!merge",
        _ => {}
    }
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = body.replace('_', "");
    let all = |d: &str, radix: u32| !d.is_empty() && d.chars().all(|c| c.is_digit(radix));
    let based =
        [("0x", 16), ("0o", 8), ("0b", 2)].iter().any(|(p, r)| digits.strip_prefix(p).is_some_and(|d| all(d, *r)));
    if body.starts_with(|c: char| c.is_ascii_digit()) && (based || all(&digits, 10)) {
        return "!!int";
    }
    if float(body) {
        return "!!float";
    }
    if moment(text) { "!!timestamp" } else { "!!str" }
}

fn float(body: &str) -> bool {
    let (number, exponent) = match body.find(['e', 'E']) {
        Some(at) => (body.get(..at).unwrap_or_default(), body.get(at + 1..)),
        None => (body, None),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    let exponent = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty()) && exponent
}

/// `2001-12-14`, `2001-12-14T21:59:43Z`, `2001-12-14 21:59:43.1`.
pub(super) fn moment(text: &str) -> bool {
    let (date, clock) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let numbers =
        |t: &str, by: char| t.split(by).filter(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit())).count();
    let dated = date.len() >= 8 && date.split('-').next().is_some_and(|y| y.len() == 4) && numbers(date, '-') == 3;
    let clocked = clock.is_none_or(|c| {
        let end = c.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(c.len());
        let (clock, zone) = c.split_at(end);
        let seconds = clock.split('.').next().unwrap_or_default();
        let zone = zone.is_empty() || zone == "Z" || zone == "z" || zone.starts_with(['+', '-']);
        numbers(seconds, ':') == 3 && zone
    });
    dated && clocked && date.split('-').count() == 3
}

/// What go-yaml says of a text that is none.
fn said(e: &ScanError) -> String {
    if e.info().contains("recursion limit") {
        return format!("yaml: exceeded max depth of {NESTING_MAX}");
    }
    format!("yaml: line {}: {}", e.marker().line(), e.info())
}

/// A collection that is open while the events come.
struct Open {
    id: Id,
    key: Option<Id>,
}

/// Where an entry of a block collection begins: its line, its column, and the node that a comment before it belongs to.
#[derive(Clone, Copy)]
struct Entry {
    line: usize,
    column: usize,
    node: Id,
}

struct Builder<'t> {
    tree: &'t mut Tree,
    chars: Vec<char>,
    /// Where the last event ended.
    last: usize,
    stack: Vec<Open>,
    anchors: BTreeMap<usize, Id>,
    done: Vec<Id>,
    /// Texts, in which no comment begins: from and to, and whether they are blocks of lines.
    texts: Vec<(usize, usize, bool)>,
    /// The first one of each line.
    entries: BTreeMap<usize, Entry>,
    /// Blanks at the beginning of each line.
    indents: Vec<usize>,
    /// The last node that ends on a line, or the key that stands before a collection.
    ends: BTreeMap<usize, Id>,
    /// Flow collections: from and to.
    flows: Vec<(usize, usize)>,
    flow_start: Vec<usize>,
    /// Lines at which documents begin.
    starts: Vec<usize>,
}

impl Builder<'_> {
    /// The name behind a mark (`&`, `*`), between the last event and the end of this one.
    fn name(&self, mark: char, span: &Span) -> Option<String> {
        let end = span.end.index().max(span.start.index() + 1);
        let between = self.chars.get(self.last..end).unwrap_or_default();
        let mut comment = false;
        let at = between.iter().position(|c| {
            comment = (comment || *c == '#') && *c != '\n';
            !comment && *c == mark
        })?;
        let rest = self.chars.get(self.last + at + 1..).unwrap_or_default();
        let name: String = rest.iter().take_while(|c| !c.is_whitespace() && !"[]{},".contains(**c)).collect();
        (!name.is_empty()).then_some(name)
    }

    fn is_flow(&self, span: &Span) -> bool {
        self.chars.get(span.start.index()).is_some_and(|c| matches!(c, '[' | '{'))
    }

    /// Puts a node where it belongs.
    fn put(&mut self, id: Id, anchor: usize, span: &Span) {
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        let at = Entry { line: span.start.line(), column: span.start.col(), node: id };
        let block = self.flow_start.is_empty();
        let Some(open) = self.stack.last_mut() else {
            self.done.push(id);
            return;
        };
        let up = open.id;
        if self.tree.at(up).kind == Kind::Seq {
            let place = self.tree.at(up).items.len();
            self.tree.change(id, |n| (n.parent, n.key) = (Some(up), Key::Index(place)));
            if block {
                self.entries.entry(at.line).or_insert(at);
            }
        } else if let Some(key) = open.key.take() {
            self.tree.change(id, |n| (n.parent, n.key) = (Some(up), Key::Name(key)));
        } else {
            open.key = Some(id);
            self.tree.change(id, |n| (n.parent, n.is_key) = (Some(up), true));
            if block {
                self.entries.entry(at.line).or_insert(at);
            }
        }
        self.tree.change(up, |n| n.items.push(id));
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Res<()> {
        let anchor = |b: &Self, id: usize| if id > 0 { b.name('&', span) } else { None };
        match event {
            Event::Scalar(text, style, id, t) => {
                let written: String =
                    self.chars.get(span.start.index()..span.end.index()).unwrap_or_default().iter().collect();
                // A value that is not there is reported as `~`.
                let text =
                    if style == ScalarStyle::Plain && text == "~" && written.trim() != "~" { "" } else { &*text };
                let plain = style == ScalarStyle::Plain;
                let tag = t.as_deref().map(tag_of);
                let mut node = Node::scalar(if plain { resolved(text) } else { "!!str" }, text);
                node.style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::Single,
                    ScalarStyle::DoubleQuoted => Style::Double,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                node.tagged = tag.is_some();
                node.tag = tag.unwrap_or(node.tag);
                node.anchor = anchor(self, id);
                let lines = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                self.texts.push((span.start.index(), span.end.index(), lines));
                let new = self.tree.add(node)?;
                self.put(new, id, span);
                let line = if lines { span.start.line() } else { span.end.line() };
                self.ends.insert(line, new);
            }
            Event::SequenceStart(id, t) => self.open(Kind::Seq, "!!seq", id, t.as_deref(), span)?,
            Event::MappingStart(id, t) => self.open(Kind::Map, "!!map", id, t.as_deref(), span)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.stack.pop()
                    && self.tree.at(open.id).style == Style::Flow
                {
                    let from = self.flow_start.pop().unwrap_or(0);
                    if self.flow_start.is_empty() {
                        self.flows.push((from, span.end.index()));
                    }
                    self.ends.insert(span.end.line(), open.id);
                }
            }
            Event::Alias(id) => {
                let name = self.name('*', span).unwrap_or_default();
                let Some(to) = self.anchors.get(&id).copied().filter(|to| self.stack.iter().all(|o| o.id != *to))
                else {
                    return Err(format!("yaml: anchor '{name}' value contains itself"));
                };
                let new = self.tree.add(Node::new(Kind::Alias(to), "", name))?;
                self.put(new, 0, span);
                self.ends.insert(span.end.line(), new);
            }
            Event::DocumentStart(_) => self.starts.push(span.start.line()),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        self.last = span.end.index().max(self.last);
        Ok(())
    }

    fn open(&mut self, kind: Kind, tag: &str, id: usize, t: Option<&Tag>, span: &Span) -> Res<()> {
        if self.stack.len() >= NESTING_MAX {
            return Err(format!("yaml: exceeded max depth of {NESTING_MAX}"));
        }
        let mut node = Node::new(kind, tag, "");
        if let Some(t) = t {
            (node.tag, node.tagged) = (tag_of(t), true);
        }
        node.anchor = if id > 0 { self.name('&', span) } else { None };
        if self.is_flow(span) {
            node.style = Style::Flow;
        }
        let flow = node.style == Style::Flow;
        let new = self.tree.add(node)?;
        // A node behind a dash begins with its first part, which a comment before the dash does not see.
        self.put(new, id, span);
        if flow {
            self.flow_start.push(span.start.index());
        }
        self.stack.push(Open { id: new, key: None });
        Ok(())
    }

    /// Puts every comment to the node that it belongs to; `from` is where the text after the leading lines begins.
    fn comments(&mut self, from: usize, first_line: usize) {
        let mut lines: Vec<(usize, usize, usize)> = Vec::new();
        let (mut line, mut begin) = (first_line, from);
        for i in from..=self.chars.len() {
            if self.chars.get(i).is_none_or(|c| *c == '\n') {
                lines.push((line, begin, i));
                (line, begin) = (line + 1, i + 1);
            }
        }
        let blank = |b: &Self, begin: usize, end: usize| {
            b.chars.get(begin..end).unwrap_or_default().iter().all(|c| c.is_whitespace())
        };
        let last_entry = self.entries.keys().next_back().copied().unwrap_or(0);
        let mut group: Vec<(usize, usize, String)> = Vec::new();
        for (line, begin, end) in lines {
            let Some(at) = self.comment_in(begin, end) else {
                if blank(self, begin, end) {
                    if let Some((l, ..)) = group.first().filter(|_| line <= last_entry) {
                        let l = *l;
                        self.odd(l);
                        group.clear();
                    }
                } else {
                    self.head(&mut group, line);
                }
                continue;
            };
            let text: String = self.chars.get(at..end).unwrap_or_default().iter().collect();
            let text = text.trim_end().to_owned();
            if blank(self, begin, at) {
                group.push((line, at - begin, text));
                continue;
            }
            self.head(&mut group, line);
            let within = |spans: &[(usize, usize)]| spans.iter().any(|(a, b)| (*a..*b).contains(&at));
            let owner = self.ends.get(&line).copied().filter(|_| !within(&self.flows));
            match owner {
                Some(id) if self.tree.at(id).line.is_empty() => self.tree.change(id, |n| n.line = text),
                _ => self.odd(line),
            }
        }
        // What is left stands behind everything.
        if let (Some(first), Some(root)) = (group.first().cloned(), self.done.last().copied()) {
            let whole = group.windows(2).all(|w| matches!(w, [a, b] if b.0 == a.0 + 1));
            if !whole || group.iter().any(|g| g.1 > 0) || self.done.len() > 1 {
                self.odd(first.0);
            } else {
                let text: Vec<String> = group.into_iter().map(|g| g.2).collect();
                self.tree.change(root, |n| n.foot = text.join("\n"));
            }
        }
    }

    /// Where a comment begins in a line.
    fn comment_in(&self, begin: usize, end: usize) -> Option<usize> {
        (begin..end).find(|i| {
            let before = i.checked_sub(1).and_then(|b| self.chars.get(b)).is_none_or(|c| c.is_whitespace());
            let starts = self.chars.get(*i) == Some(&'#') && (before || *i == begin);
            starts && !self.texts.iter().any(|(a, b, _)| (*a..*b).contains(i))
        })
    }

    /// Comments before an entry, if they stand right above it.
    fn head(&mut self, group: &mut Vec<(usize, usize, String)>, line: usize) {
        let Some((first, column, _)) = group.first().cloned() else { return };
        // The dash of an item stands before the item itself; its own line tells the column.
        let entry = self.entries.get(&line).copied();
        let own = entry.filter(|e| {
            let indent = self.indent(line);
            indent == column && group.iter().all(|g| g.1 == column) && e.column >= indent
        });
        match own {
            Some(e) if self.starts.iter().all(|s| *s != line) => {
                let text: Vec<String> = group.iter().map(|g| g.2.clone()).collect();
                self.tree.change(e.node, |n| n.head = text.join("\n"));
            }
            _ => self.odd(first),
        }
        group.clear();
    }

    fn indent(&self, line: usize) -> usize {
        self.indents.get(line.saturating_sub(1)).copied().unwrap_or(0)
    }

    fn odd(&mut self, line: usize) {
        // The document that it is in, or after.
        let document = self.starts.iter().filter(|s| **s <= line).count().saturating_sub(1);
        self.tree.odd.push((document, line));
    }
}

fn tag_of(tag: &Tag) -> String {
    if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) }
}

/// Lines before the first document: comments, blank ones, separators; and how many characters and lines they are.
fn leading(text: &str) -> (String, usize, usize) {
    let (mut lead, mut chars, mut lines) = (String::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if !(bare.is_empty() || bare.starts_with('#') || bare.starts_with("%YAML") || bare == "---") {
            break;
        }
        lead.push_str(line);
        chars += line.chars().count();
        lines += 1;
    }
    (lead, chars, lines)
}

/// The documents of a text, the first one with the number `first`.
///
/// # Errors
/// What go-yaml says of a text that is no YAML, or of one that is too deep.
pub(super) fn documents(tree: &mut Tree, text: &str, first: usize) -> Res<Vec<Id>> {
    // The scanner looks at every open bracket for every token; a text of nothing else would take for ever.
    let (mut open, mut most) = (0usize, 0usize);
    for c in text.chars() {
        match c {
            '[' | '{' => open += 1,
            ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    if most > BRACKETS_MAX {
        return Err(format!("yaml: exceeded max depth of {NESTING_MAX}"));
    }
    let (lead, from, lines) = leading(text);
    // The leading lines are no part of what is read, but places are told in the whole text.
    let rest: String = text.chars().enumerate().map(|(i, c)| if i < from && c != '\n' { ' ' } else { c }).collect();
    let mut b = Builder {
        tree,
        chars: rest.chars().collect(),
        last: 0,
        stack: Vec::new(),
        anchors: BTreeMap::new(),
        done: Vec::new(),
        texts: Vec::new(),
        entries: BTreeMap::new(),
        indents: rest.lines().map(|l| l.len() - l.trim_start().len()).collect(),
        ends: BTreeMap::new(),
        flows: Vec::new(),
        flow_start: Vec::new(),
        starts: Vec::new(),
    };
    for next in Parser::new_from_str(&rest) {
        let (event, span) = next.map_err(|e| said(&e))?;
        b.event(event, &span)?;
    }
    let known = b.tree.odd.len();
    b.comments(from, lines + 1);
    for odd in b.tree.odd.iter_mut().skip(known) {
        odd.0 += first;
    }
    let done = std::mem::take(&mut b.done);
    if done.is_empty() && !lead.is_empty() {
        let mut node = Node::scalar("!!null", "");
        (node.lead, node.document) = (lead, first);
        return Ok(vec![tree.add(node)?]);
    }
    for (i, id) in done.iter().enumerate() {
        tree.change(*id, |n| {
            n.document = first + i;
            if i == 0 {
                n.lead.clone_from(&lead);
            }
        });
    }
    Ok(done)
}

/// The text as one value (`to_number` and the like see it so).
pub(super) fn guess(n: &Node) -> String {
    if n.tag.starts_with("!!") || n.text.is_empty() { n.tag.clone() } else { resolved(&n.text).to_owned() }
}
const _: () = assert!(NESTING_MAX < DEPTH_MAX as usize);
