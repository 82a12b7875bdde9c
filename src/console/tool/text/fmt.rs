//! fmt: paragraphs filled so that their lines come near a goal; which breaks are best is found by dynamic programming.

use crate::console::tool::{Ctx, Decl, Operand, Step, Words, flag, value};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "fmt",
    synopsis: "[-WIDTH] [OPTION]... [FILE]...",
    about: "simple optimal text formatter",
    opts: &[
        flag("c", "crown-margin", "preserve indentation of first two lines"),
        value("p", "prefix", "STRING", "reformat only lines beginning with STRING, reattaching the prefix"),
        flag("s", "split-only", "split long lines, but do not refill"),
        flag("t", "tagged-paragraph", "indentation of first line different from second"),
        flag("u", "uniform-spacing", "one space between words, two after sentences"),
        value("w", "width", "WIDTH", "maximum line width (default of 75 columns)"),
        value("g", "goal", "WIDTH", "goal width (default of 93% of width)"),
        // `-72` is read as a count.
        value("n", "", "WIDTH", "the same as -w"),
    ],
    operand: Operand::Path,
    words: Words::Count,
    examples: &[("echo one two three four | fmt -w 10", "one two\nthree\nfour\n")],
    step: fmt,
    ..Decl::BLANK
}];

/// A word and what is known of it.
struct Word {
    text: String,
    /// Blanks after it, if no line ends there.
    space: i64,
    opens: bool,
    comma: bool,
    period: bool,
    ends: bool,
    cost: i64,
    next: usize,
    length: i64,
}

impl Word {
    fn width(&self) -> i64 {
        i64::try_from(self.text.len()).unwrap_or(0)
    }
}

/// A line of input: its indentation and words.
struct Row {
    prefix: bool,
    indent: i64,
    words: Vec<Word>,
}

fn square(n: i64) -> i64 {
    n.saturating_mul(n)
}

fn short(n: i64) -> i64 {
    square(n.saturating_mul(10))
}

/// What it costs to begin a line with word `i`.
fn begins(words: &[Word], i: usize) -> i64 {
    let mut cost = square(70);
    let Some(this) = words.get(i) else { return cost };
    if let Some(before) = i.checked_sub(1).and_then(|p| words.get(p)) {
        if before.period {
            if before.ends { cost -= square(50) } else { cost += square(600) }
        } else if before.comma {
            cost -= square(40);
        } else if i > 1 && words.get(i - 2).is_some_and(|w| w.ends) {
            cost += square(200) / (before.width() + 2);
        }
    }
    if this.opens {
        cost -= square(40);
    } else if this.ends {
        cost += square(150) / (this.width() + 2);
    }
    cost
}

/// Finds the best breaks from the end to the beginning.
fn breaks(words: &mut [Word], first: i64, rest: i64, width: i64, goal: i64) {
    let n = words.len();
    for start in (0..n).rev() {
        let mut length = if start == 0 { first } else { rest };
        let (mut best, mut next, mut best_length) = (i64::MAX, n, length);
        for end in start..n {
            if end > start {
                length += words.get(end - 1).map_or(1, |w| w.space);
            }
            length += words.get(end).map_or(0, Word::width);
            if end > start && length >= width {
                break;
            }
            let cost = match words.get(end + 1) {
                None => 0,
                Some(w) => {
                    let ragged = if w.next < n { short(length - w.length) / 2 } else { 0 };
                    short(goal - length) + ragged + w.cost
                }
            };
            if cost < best {
                (best, next, best_length) = (cost, end + 1, length);
            }
        }
        let own = begins(words, start);
        if let Some(w) = words.get_mut(start) {
            w.next = next;
            w.length = best_length;
            w.cost = best.saturating_add(own);
        }
    }
}

/// Words of a text; blanks between them are kept unless `uniform`.
fn words(text: &str, indent: i64, uniform: bool) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut rest = text;
    let mut column = indent;
    while !rest.is_empty() {
        let end = rest.find([' ', '\t']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        column += i64::try_from(word.len()).unwrap_or(0);
        let next = after.trim_start_matches([' ', '\t']);
        let from = column;
        for ch in after.get(..after.len() - next.len()).unwrap_or_default().chars() {
            column = if ch == '\t' { (column / 8 + 1) * 8 } else { column + 1 };
        }
        let tail = word.trim_end_matches([')', ']', '\'', '"']);
        let period = tail.ends_with(['.', '?', '!']);
        let last = next.is_empty();
        let gap = column - from;
        let ends = last || (period && gap > 1);
        let ends_sentence = period && ends;
        out.push(Word {
            text: word.to_owned(),
            space: if uniform || last { if ends_sentence { 2 } else { 1 } } else { gap },
            opens: word.starts_with(['(', '[', '\'', '`', '"']),
            comma: word.ends_with(|c: char| c.is_ascii_punctuation()),
            period,
            ends: ends_sentence,
            cost: 0,
            next: 0,
            length: 0,
        });
        rest = next;
    }
    out
}

/// Reads a line; `None` if nothing is to be filled in it (blank, or without the prefix).
fn row(line: &str, prefix: &str, uniform: bool) -> Option<Row> {
    let column = |text: &str| text.chars().fold(0i64, |n, c| if c == '\t' { (n / 8 + 1) * 8 } else { n + 1 });
    let trimmed = line.trim_start_matches([' ', '\t']);
    let bare = prefix.trim_start_matches(' ');
    let body = trimmed.strip_prefix(bare.trim_end_matches(' '))?;
    let body = body.trim_start_matches([' ', '\t']);
    if body.trim().is_empty() {
        return None;
    }
    let indent = column(line.get(..line.len() - body.len())?);
    Some(Row { prefix: !prefix.is_empty(), indent, words: words(body, indent, uniform) })
}

/// Goes `n` columns on: with tabs, where that is more than a step.
fn space(line: &mut String, column: &mut i64, n: i64, tabs: bool) {
    let to = *column + n;
    let stop = to / 8 * 8;
    if tabs && *column + 1 < stop {
        while *column < stop {
            line.push('\t');
            *column = (*column / 8 + 1) * 8;
        }
    }
    while *column < to {
        line.push(' ');
        *column += 1;
    }
}

fn put(c: &mut Ctx<'_>, prefix: &str, lead: i64, words: &[Word], (first, rest): (i64, i64), tabs: bool) {
    let mut at = 0;
    while let Some(w) = words.get(at) {
        let indent = if at == 0 { first } else { rest };
        let (mut line, mut column) = (String::new(), 0);
        if !prefix.is_empty() {
            space(&mut line, &mut column, lead, tabs);
            line.push_str(prefix.trim());
            column += i64::try_from(prefix.trim().len()).unwrap_or(0);
        }
        let gap = indent - column;
        space(&mut line, &mut column, gap, tabs);
        let end = w.next.max(at + 1);
        for (i, w) in words.iter().enumerate().take(end).skip(at) {
            line.push_str(&w.text);
            column += w.width();
            if i + 1 < end {
                space(&mut line, &mut column, w.space, tabs);
            }
        }
        c.line(&line);
        at = end;
    }
}

fn fmt(c: &mut Ctx<'_>) -> Step {
    let a = c.args.clone();
    let mut numbers = Vec::new();
    for key in ["w", "g"] {
        let text = a.get(key).or(if key == "w" { a.get("n") } else { None });
        match text.map(str::parse::<i64>) {
            None => numbers.push(None),
            Some(Ok(n)) if (0..=2500).contains(&n) => numbers.push(Some(n)),
            Some(_) => {
                c.error(&format!("invalid width: ‘{}’", text.unwrap_or_default()));
                return Step::Exit(1);
            }
        }
    }
    let given = numbers.first().copied().flatten();
    let goal = numbers.last().copied().flatten();
    let width = given.unwrap_or_else(|| goal.map_or(75, |g| g + 10));
    let goal = goal.unwrap_or(width * 187 / 200);
    let prefix = a.get("p").unwrap_or_default().to_owned();
    let texts = match c.texts(&a.rest) {
        Ok(t) => t,
        Err(step) => return step,
    };
    for (_, text) in texts {
        let lines = crate::console::tool::input::lines(&text);
        let (mut at, mut tabs) = (0, false);
        while let Some(line) = lines.get(at) {
            at += 1;
            let Some(first) = row(line, &prefix, a.has("u")) else {
                let kept = line.trim_end_matches([' ', '\t']);
                c.line(if prefix.is_empty() { "" } else { kept });
                continue;
            };
            let lead = i64::try_from(line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or(0);
            let (indent, mut rest) = (first.indent, first.indent);
            let mut all = first.words;
            let with = first.prefix;
            let same = |r: &Row| r.prefix == with;
            let mut free = a.has("c") || a.has("t");
            while !a.has("s") {
                let Some(next) = lines.get(at).and_then(|l| row(l, &prefix, a.has("u"))).filter(same) else { break };
                if free {
                    // The second line decides the indentation of the rest.
                    if a.has("t") && next.indent == indent {
                        break;
                    }
                    rest = next.indent;
                    free = false;
                }
                if next.indent != rest {
                    break;
                }
                all.extend(next.words);
                at += 1;
            }
            // A paragraph ends with a sentence.
            if let Some(last) = all.last_mut() {
                (last.period, last.ends) = (true, true);
            }
            breaks(&mut all, indent, rest, width, goal);
            // Tabs come out once one went in, be it before the first word of the line that follows.
            let indented =
                |l: &&str| l.get(..l.len() - l.trim_start_matches([' ', '\t']).len()).is_some_and(|i| i.contains('\t'));
            tabs |= lines.iter().take(at).any(|l| l.contains('\t')) || lines.get(at).is_some_and(indented);
            put(c, &prefix, lead, &all, (indent, rest), tabs);
        }
    }
    Step::Exit(c.tool.status)
}
