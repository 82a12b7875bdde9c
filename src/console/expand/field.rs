//! Fields: where arguments begin and end while a word is expanded.

use super::Chars;

/// Fields so far.
pub struct Fields {
    ifs: String,
    done: Vec<Chars>,
    open: Option<Chars>,
    /// A blank ended the last field, and a separator that is no blank may follow it.
    after_blank: bool,
    size: usize,
}

impl Fields {
    /// None yet.
    pub fn new(ifs: String) -> Fields {
        Fields { ifs, done: Vec::new(), open: None, after_blank: false, size: 0 }
    }

    /// Text that is not split.
    pub fn push(&mut self, text: &str, quoted: bool) {
        self.after_blank = false;
        let open = self.open.get_or_insert_default();
        open.extend(text.chars().map(|c| (c, quoted)));
        self.size += text.len();
    }

    /// Ends the field.
    pub fn cut(&mut self) {
        self.after_blank = false;
        self.done.extend(self.open.take());
    }

    /// Text that is split at the separators.
    pub fn split(&mut self, text: &str) {
        self.size += text.len();
        for c in text.chars() {
            if !self.ifs.contains(c) {
                self.after_blank = false;
                self.open.get_or_insert_default().push((c, false));
            } else if matches!(c, ' ' | '\t' | '\n') {
                if self.open.is_some() {
                    self.done.extend(self.open.take());
                    self.after_blank = true;
                }
            } else if self.open.is_some() {
                self.done.extend(self.open.take());
            } else if self.after_blank {
                self.after_blank = false;
            } else {
                self.done.push(Chars::new());
            }
        }
    }

    /// Characters in all.
    pub fn len(&self) -> usize {
        self.size
    }

    /// All fields.
    pub fn finish(mut self) -> Vec<Chars> {
        self.cut();
        self.done
    }

    /// Everything as one.
    pub fn joined(self) -> Chars {
        let mut all = Chars::new();
        for (i, field) in self.finish().into_iter().enumerate() {
            if i > 0 {
                all.push((' ', false));
            }
            all.extend(field);
        }
        all
    }
}

/// Splits a line for `read`: at most `max` fields, the last one takes the rest. A character marked as quoted is no
/// separator.
pub fn read_fields(line: &[(char, bool)], ifs: &str, max: usize) -> Vec<String> {
    let blank = |c: &(char, bool)| !c.1 && matches!(c.0, ' ' | '\t' | '\n') && ifs.contains(c.0);
    let other = |c: &(char, bool)| !c.1 && !matches!(c.0, ' ' | '\t' | '\n') && ifs.contains(c.0);
    let text = |s: &[(char, bool)]| s.iter().map(|(c, _)| *c).collect::<String>();
    let mut out = Vec::new();
    let mut at = 0;
    let skip = |at: &mut usize| {
        while line.get(*at).is_some_and(blank) {
            *at += 1;
        }
    };
    skip(&mut at);
    while at < line.len() {
        if out.len() + 1 == max {
            let mut rest = line.get(at..).unwrap_or_default();
            while rest.last().is_some_and(blank) {
                rest = rest.get(..rest.len() - 1).unwrap_or_default();
            }
            // One separator at the very end closes the last field, if it holds no other.
            if let Some((last, before)) = rest.split_last()
                && other(last)
                && !before.iter().any(|c| other(c) || blank(c))
            {
                rest = before;
            }
            out.push(text(rest));
            return out;
        }
        let end = line.iter().skip(at).position(|c| blank(c) || other(c)).map_or(line.len(), |n| n + at);
        out.push(text(line.get(at..end).unwrap_or_default()));
        at = end;
        skip(&mut at);
        if line.get(at).is_some_and(other) {
            at += 1;
            skip(&mut at);
        }
    }
    out
}
