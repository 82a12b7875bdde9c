//! diff -y: two columns.

use super::{Change, Plan};
use unicode_width::UnicodeWidthChar;

/// Least columns between the halves.
const GUTTER: usize = 3;
const TAB: usize = 8;

struct Columns {
    half: usize,
    second: usize,
    expand: bool,
}

impl Columns {
    fn new(total: usize, expand: bool) -> Columns {
        let t = if expand { 1 } else { TAB };
        let both = t + GUTTER;
        let unaligned = (total >> 1) + (both >> 1) + (total & both & 1);
        let second = unaligned - unaligned % t;
        let half = second.saturating_sub(GUTTER).min(total.saturating_sub(second));
        Columns { half, second: if half > 0 { second } else { total }, expand }
    }

    /// Moves from a column to another.
    fn go(&self, out: &mut String, mut from: usize, to: usize) -> usize {
        if !self.expand {
            let mut stop = from + TAB - from % TAB;
            while stop <= to {
                out.push('\t');
                from = stop;
                stop += TAB;
            }
        }
        out.extend(std::iter::repeat_n(' ', to.saturating_sub(from)));
        to.max(from)
    }

    /// As much of a line as fits into a half that begins at `indent`; the column behind it.
    fn put(&self, out: &mut String, line: &str, indent: usize) -> usize {
        let (mut seen, mut shown) = (0, 0);
        for c in line.trim_end_matches('\n').chars() {
            match c {
                '\t' => {
                    let n = TAB - seen % TAB;
                    if seen == shown {
                        let stop = (shown + n).min(if self.expand { self.half } else { usize::MAX });
                        if self.expand {
                            out.extend(std::iter::repeat_n(' ', stop.saturating_sub(shown)));
                            shown = stop;
                        } else if stop < self.half {
                            out.push('\t');
                            shown = stop;
                        }
                    }
                    seen += n;
                }
                '\r' => {
                    out.push('\r');
                    self.go(out, 0, indent);
                    (seen, shown) = (0, 0);
                }
                c if c.is_control() => {
                    if seen < self.half {
                        out.push(c);
                    }
                }
                c => {
                    let n = c.width().unwrap_or(0);
                    seen += n;
                    if seen <= self.half {
                        shown = seen;
                        out.push(c);
                    }
                }
            }
        }
        shown
    }

    fn line(&self, out: &mut String, left: Option<&str>, mut mark: char, right: Option<&str>) {
        let ended = |l: Option<&str>| l.is_some_and(|l| l.ends_with('\n'));
        let mut newline = ended(left);
        let mut column = left.map_or(0, |l| self.put(out, l, 0));
        if mark != ' ' {
            column = self.go(out, column, (self.half + self.second - 1) / 2) + 1;
            if mark == '|' && newline != ended(right) {
                mark = if newline { '/' } else { '\\' };
            }
            out.push(mark);
        }
        if let Some(r) = right {
            newline |= r.ends_with('\n');
            if !r.starts_with('\n') {
                self.go(out, column, self.second);
                self.put(out, r, self.second);
            }
        }
        if newline {
            out.push('\n');
        }
    }
}

pub(super) fn show(p: &Plan, a: &str, b: &str, script: &[Change]) -> String {
    let columns = Columns::new(p.width, p.expand);
    let (x, y): (Vec<&str>, Vec<&str>) = (a.split_inclusive('\n').collect(), b.split_inclusive('\n').collect());
    let mut out = String::new();
    let (mut i, mut j) = (0, 0);
    let common = |out: &mut String, (i, j): (usize, usize), (x_end, y_end): (usize, usize)| {
        if p.suppress {
            return;
        }
        let left = x.get(i..x_end).unwrap_or_default();
        let right = y.get(j..y_end).unwrap_or_default();
        for (l, r) in left.iter().zip(right) {
            if p.left_column {
                columns.line(out, Some(l), '(', None);
            } else {
                columns.line(out, Some(l), ' ', Some(r));
            }
        }
    };
    for s in script.iter().filter(|s| !s.ignore) {
        common(&mut out, (i, j), (s.line0, s.line1));
        let both = s.deleted.min(s.inserted);
        for n in 0..both {
            columns.line(&mut out, x.get(s.line0 + n).copied(), '|', y.get(s.line1 + n).copied());
        }
        for n in both..s.inserted {
            columns.line(&mut out, None, '>', y.get(s.line1 + n).copied());
        }
        for n in both..s.deleted {
            columns.line(&mut out, x.get(s.line0 + n).copied(), '<', None);
        }
        (i, j) = (s.line0 + s.deleted, s.line1 + s.inserted);
    }
    common(&mut out, (i, j), (x.len(), y.len()));
    out
}
