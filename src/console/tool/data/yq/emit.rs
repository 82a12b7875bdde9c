//! Writes nodes: YAML as go-yaml does for yq (two blanks for a level, sequences indented below their key, styles and comments as
//! they were), and JSON as Go does.

use super::node::{DEPTH_MAX, Id, Kind, Node, Res, Style, Tree, fail, memory};
use super::read::resolved;

/// Most bytes of output.
pub(super) const OUTPUT_MAX: usize = 4 << 20;

/// The style that a string can be written in, where it should be plain.
fn fitting(text: &str, flow: bool, key: bool) -> Style {
    let special = |c: char| {
        (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    if text.chars().any(special) {
        return Style::Double;
    }
    if text.contains('\n') {
        let literal = !flow && !key && !text.contains(" \n") && !text.ends_with(' ') && !text.starts_with([' ', '\n']);
        return if literal { Style::Literal } else { Style::Double };
    }
    let mut chars = text.chars();
    let (first, second) = (chars.next().unwrap_or(' '), chars.next());
    let blank = |c: Option<char>| c.is_none_or(|c| c == ' ' || c == '\t');
    let indicator = match first {
        '-' => blank(second),
        '?' | ':' => flow || blank(second),
        c => ",[]{}#&*!|>'\"%@`".contains(c),
    };
    let inner = text.contains(": ") || text.ends_with(':') || text.contains(" #") || text.contains("\t#");
    let flowing = flow && text.contains([',', '?', '[', ']', '{', '}', ':']);
    let edges = text.starts_with(' ') || text.ends_with(' ') || text.starts_with("---") || text.starts_with("...");
    if indicator || inner || flowing || edges || text.contains('\t') { Style::Single } else { Style::Plain }
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{a0}' => out.push_str("\\_"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", c as u32)),
            '\u{feff}' => out.push_str("\\uFEFF"),
            c => out.push(c),
        }
    }
    out + "\""
}

/// A writer of YAML.
struct Yaml<'t> {
    tree: &'t Tree,
    /// Blanks for a level.
    step: usize,
    out: String,
}

/// A node as a document.
///
/// # Errors
/// What has no room, or what is not simulated.
pub(super) fn yaml(tree: &Tree, id: Id, step: usize) -> Res<String> {
    let mut w = Yaml { tree, step: step.clamp(2, 9), out: String::new() };
    let n = tree.at(id);
    if w.block(n) {
        let head = properties(n);
        w.comment(&n.head, 0);
        if !head.is_empty() {
            w.out.push_str(head.trim_start());
            w.out.push('\n');
        }
        w.lines(id, 0, 0)?;
    } else {
        w.comment(&n.head, 0);
        let before = w.out.len();
        w.inline(id, 0, false, 0)?;
        let written = w.out.get(before..).unwrap_or_default().trim_start().to_owned();
        w.out.truncate(before);
        w.out.push_str(&written);
        w.behind(n);
        w.out.push('\n');
    }
    if !n.foot.is_empty() {
        w.out.push_str(&n.foot);
        w.out.push('\n');
    }
    Ok(w.out)
}

impl Yaml<'_> {
    /// Whether it stands in lines of its own.
    fn block(&self, n: &Node) -> bool {
        n.holds() && n.style != Style::Flow && !n.items.is_empty()
    }

    fn pad(&mut self, level: usize) {
        self.out.extend(std::iter::repeat_n(' ', level));
    }

    fn comment(&mut self, text: &str, level: usize) {
        for line in text.lines() {
            self.out.push_str(line);
            self.out.push('\n');
            self.pad(level);
        }
    }

    /// The comment behind what was written.
    fn behind(&mut self, n: &Node) {
        if !n.line.is_empty() {
            self.out.push(' ');
            self.out.push_str(&n.line);
        }
    }

    /// A collection in lines; the first one begins where the writer is.
    fn lines(&mut self, id: Id, level: usize, depth: u32) -> Res<()> {
        if depth > DEPTH_MAX || self.out.len() > OUTPUT_MAX {
            return Err(memory());
        }
        let n = self.tree.at(id);
        if n.kind == Kind::Seq {
            for (i, item) in n.items.iter().enumerate() {
                if i > 0 {
                    self.pad(level);
                }
                let head = &self.tree.at(*item).head;
                self.comment(head, level);
                self.out.push('-');
                self.value(*item, level, None, depth)?;
            }
            return Ok(());
        }
        for (i, pair) in n.items.chunks_exact(2).enumerate() {
            let [k, v] = pair else { continue };
            if i > 0 {
                self.pad(level);
            }
            let key = self.tree.at(*k);
            self.comment(&key.head, level);
            if key.holds() || key.text.contains('\n') || key.text.len() > 128 {
                return fail("a key of this kind is not simulated");
            }
            let before = self.out.len();
            self.inline(*k, level, true, depth)?;
            let written = self.out.get(before..).unwrap_or_default().trim_start().to_owned();
            self.out.truncate(before);
            self.out.push_str(&written);
            // An alias and a colon would read as one name.
            self.out.push_str(if matches!(key.kind, Kind::Alias(_)) { " :" } else { ":" });
            self.value(*v, level, Some(*k), depth)?;
        }
        Ok(())
    }

    /// What stands behind a key or a dash, up to the end of its lines.
    fn value(&mut self, id: Id, level: usize, key: Option<Id>, depth: u32) -> Res<()> {
        let n = self.tree.at(id);
        if !self.block(n) {
            self.inline(id, level + self.step, false, depth)?;
            if !matches!(n.style, Style::Literal | Style::Folded) {
                self.behind(n);
            }
            if let Some(k) = key.filter(|_| n.line.is_empty()) {
                self.behind(self.tree.at(k));
            }
            self.out.push('\n');
            return Ok(());
        }
        let head = properties(n);
        match key {
            None if head.is_empty() => {
                self.out.push_str(&" ".repeat(self.step - 1));
                self.lines(id, level + self.step, depth + 1)
            }
            _ => {
                self.out.push_str(&head);
                if let Some(k) = key {
                    self.behind(self.tree.at(k));
                }
                self.behind(n);
                self.out.push('\n');
                self.pad(level + self.step);
                if key.is_some() {
                    self.comment(&n.head, level + self.step);
                }
                self.lines(id, level + self.step, depth + 1)
            }
        }
    }

    /// A blank and what fits on a line; a block of text has its lines at this level.
    fn inline(&mut self, id: Id, level: usize, key: bool, depth: u32) -> Res<()> {
        if depth > DEPTH_MAX || self.out.len() > OUTPUT_MAX {
            return Err(memory());
        }
        self.part(id, level, key, depth, false)
    }

    fn part(&mut self, id: Id, level: usize, key: bool, depth: u32, flow: bool) -> Res<()> {
        if depth > DEPTH_MAX || self.out.len() > OUTPUT_MAX {
            return Err(memory());
        }
        let n = self.tree.at(id);
        self.out.push_str(&properties(n));
        match n.kind {
            Kind::Alias(_) => self.out.push_str(&format!(" *{}", n.text)),
            Kind::Scalar => self.scalar(n, level.max(self.step), flow, key)?,
            Kind::Seq => {
                self.out.push_str(" [");
                for (i, item) in n.items.iter().enumerate() {
                    self.listed(*item, i, level, depth)?;
                }
                self.out.push(']');
            }
            Kind::Map => {
                self.out.push_str(" {");
                for (i, pair) in n.items.chunks_exact(2).enumerate() {
                    let [k, v] = pair else { continue };
                    self.listed(*k, i, level, depth)?;
                    self.out.push(':');
                    self.part(*v, level, false, depth + 1, true)?;
                }
                self.out.push('}');
            }
        }
        Ok(())
    }

    /// A part of a flow collection.
    fn listed(&mut self, id: Id, i: usize, level: usize, depth: u32) -> Res<()> {
        let n = self.tree.at(id);
        if !(n.head.is_empty() && n.line.is_empty()) {
            return fail("a comment in a flow collection is not simulated");
        }
        self.out.push_str(if i > 0 { ", " } else { "" });
        let before = self.out.len();
        self.part(id, level, true, depth + 1, true)?;
        if self.out.get(before..).is_some_and(|t| t.starts_with(' ')) {
            self.out.remove(before);
        }
        Ok(())
    }

    fn scalar(&mut self, n: &Node, level: usize, flow: bool, key: bool) -> Res<()> {
        let text = &n.text;
        let mut style = n.style;
        // A string that would be read as something else is quoted.
        if style == Style::Plain || style == Style::Flow {
            let other = n.tag == "!!str" && resolved(text) != "!!str";
            style = if n.tag == "!!str" && !text.contains('\n') && other {
                Style::Double
            } else if text.is_empty() {
                if flow && n.tag != "!!null" { Style::Single } else { Style::Plain }
            } else {
                fitting(text, flow, key)
            };
        } else if matches!(style, Style::Literal | Style::Folded)
            && (flow || key || fitting(text, flow, key) == Style::Double)
        {
            style = Style::Double;
        } else if style == Style::Single && (text.contains('\n') || fitting(text, flow, key) == Style::Double) {
            style = Style::Double;
        }
        if !(text.is_empty() && style == Style::Plain) {
            self.out.push(' ');
        }
        match style {
            Style::Plain | Style::Flow => self.out.push_str(text),
            Style::Single => self.out.push_str(&format!("'{}'", text.replace('\'', "''"))),
            Style::Double => self.out.push_str(&quoted(text)),
            Style::Literal | Style::Folded => {
                if !n.line.is_empty() {
                    return fail("a comment behind a block of text is not simulated");
                }
                let body = text.trim_end_matches('\n');
                let keep = match text.len() - body.len() {
                    0 => "-",
                    1 => "",
                    _ => "+",
                };
                let folded = style == Style::Folded;
                if folded && body.lines().any(|l| l.is_empty() || l.starts_with(' ')) {
                    return fail("a folded text of this kind is not simulated");
                }
                self.out.push_str(if folded { ">" } else { "|" });
                self.out.push_str(keep);
                let newlines = if folded { "\n\n" } else { "\n" };
                for line in body.replace('\n', newlines).split('\n') {
                    self.out.push('\n');
                    if !line.is_empty() {
                        self.pad(level);
                        self.out.push_str(line);
                    }
                }
                self.out.extend(std::iter::repeat_n('\n', (text.len() - body.len()).saturating_sub(1)));
            }
        }
        Ok(())
    }
}

/// Anchor and tag, a blank before each.
fn properties(n: &Node) -> String {
    let anchor = n.anchor.iter().map(|a| format!(" &{a}"));
    let tag = n.tagged.then(|| format!(" {}", n.tag));
    anchor.chain(tag).collect()
}

/// A number as JSON has it, from how YAML has it.
fn number(n: &Node) -> Res<String> {
    if n.tag == "!!float" {
        let json = serde_json::from_str::<f64>(&n.text).is_ok();
        return if json { Ok(n.text.clone()) } else { fail(format!("the number {} in JSON is not simulated", n.text)) };
    }
    super::op::integer(&n.text)
        .map(|i| i.to_string())
        .ok_or_else(|| format!("the number {} in JSON is not simulated", n.text))
}

/// A text as Go's JSON has it.
pub(super) fn json_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

/// A node as JSON on one line, or with so many blanks for a level.
///
/// # Errors
/// What has no room, or what is not simulated.
pub(super) fn json(tree: &Tree, id: Id, step: usize) -> Res<String> {
    let mut out = String::new();
    write_json(tree, id, step, 0, &mut out)?;
    Ok(out)
}

fn write_json(tree: &Tree, id: Id, step: usize, depth: u32, out: &mut String) -> Res<()> {
    if depth > DEPTH_MAX || out.len() > OUTPUT_MAX {
        return Err(memory());
    }
    let n = tree.at(tree.real(id)?);
    let line = |out: &mut String, depth: u32| {
        if step > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', step * depth as usize));
        }
    };
    match n.kind {
        Kind::Scalar => match super::read::guess(n).as_str() {
            "!!null" => out.push_str("null"),
            "!!bool" => out.push_str(if n.truth() { "true" } else { "false" }),
            "!!int" | "!!float" => out.push_str(&number(n)?),
            _ => out.push_str(&json_text(&n.text)),
        },
        Kind::Seq | Kind::Map if n.items.is_empty() => out.push_str(if n.kind == Kind::Seq { "[]" } else { "{}" }),
        Kind::Seq => {
            out.push('[');
            for (i, item) in n.items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                line(out, depth + 1);
                write_json(tree, *item, step, depth + 1, out)?;
            }
            line(out, depth);
            out.push(']');
        }
        Kind::Map => {
            out.push('{');
            for (i, pair) in n.items.chunks_exact(2).enumerate() {
                let [k, v] = pair else { continue };
                let key = tree.at(tree.real(*k)?);
                if key.tag == "!!merge" {
                    return fail("a merge of mappings (<<) is not simulated");
                }
                out.push_str(if i > 0 { "," } else { "" });
                line(out, depth + 1);
                out.push_str(&json_text(&key.text));
                out.push_str(if step > 0 { ": " } else { ":" });
                write_json(tree, *v, step, depth + 1, out)?;
            }
            line(out, depth);
            out.push('}');
        }
        Kind::Alias(_) => {}
    }
    Ok(())
}
