//! pr: text in pages and columns for a printer, or just side by side.

use crate::console::tool::{Ctx, Decl, Operand, Opt, Step, flag, strftime_in, value};
use crate::stdx::time::Utc;

const DIGIT: &str = "digits of -COLUMN: output COLUMN columns and print columns down";

const OPTS: &[Opt] = &[
    flag("1", "", DIGIT),
    flag("2", "", DIGIT),
    flag("3", "", DIGIT),
    flag("4", "", DIGIT),
    flag("5", "", DIGIT),
    flag("6", "", DIGIT),
    flag("7", "", DIGIT),
    flag("8", "", DIGIT),
    flag("9", "", DIGIT),
    flag("0", "", DIGIT),
    value("", "columns", "COLUMN", "output COLUMN columns and print columns down"),
    flag("a", "across", "print columns across rather than down"),
    flag("d", "double-space", "double space the output"),
    value("D", "date-format", "FORMAT", "use FORMAT for the header date"),
    flag("f", "", "the same as -F"),
    flag("F", "form-feed", "use form feeds instead of newlines to separate pages"),
    value("h", "header", "HEADER", "use a centered HEADER instead of filename in page header"),
    flag("J", "join-lines", "merge full lines, turns off -W line truncation"),
    value("l", "length", "PAGE_LENGTH", "set the page length to PAGE_LENGTH (66) lines"),
    flag("m", "merge", "print all files in parallel, one in each column"),
    value("n", "number-lines", "[SEP[DIGITS]]", "number lines, use DIGITS (5) digits, then SEP (TAB)"),
    value("N", "first-line-number", "NUMBER", "start counting with NUMBER at 1st line of first page printed"),
    value("o", "indent", "MARGIN", "offset each line with MARGIN (zero) spaces"),
    flag("r", "no-file-warnings", "omit warning when a file cannot be opened"),
    value("s", "separator", "[CHAR]", "separate columns by a single character"),
    value("S", "sep-string", "[STRING]", "separate columns by STRING"),
    flag("t", "omit-header", "omit page headers and trailers"),
    flag("T", "omit-pagination", "omit page headers and trailers, eliminate any pagination"),
    value("w", "width", "PAGE_WIDTH", "set page width to PAGE_WIDTH (72) characters for multiple text-column output"),
    value("W", "page-width", "PAGE_WIDTH", "set page width to PAGE_WIDTH (72) characters always"),
];

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "pr",
    synopsis: "[OPTION]... [FILE]...",
    about: "convert text files for printing",
    opts: OPTS,
    operand: Operand::Path,
    missing: &["-b, -c, -e, -i, -v; form feeds in the text are characters like others."],
    examples: &[
        ("seq 6 | pr -t -3", "1\t\t\t3\t\t\t5\n2\t\t\t4\t\t\t6\n"),
        ("seq 2 > x; printf 'a\\nb\\n' | pr -mts x -", "1\ta\n2\tb\n"),
    ],
    step: pr,
    ..Decl::BLANK
}];

/// Lines of a page's head and of its foot.
const EDGE: usize = 5;

struct Plan {
    columns: usize,
    across: bool,
    merge: bool,
    double: bool,
    feed: bool,
    headed: bool,
    /// Lines of text on a page.
    body: usize,
    pages: (usize, usize),
    /// Columns of a page, of a text column, and of the margin.
    width: usize,
    column: usize,
    margin: usize,
    /// A separator of its own between columns that stand where they end.
    separator: String,
    /// Columns are padded to their width; text is cut at it.
    padded: bool,
    cut: bool,
    /// Digits of a number and what follows it.
    number: Option<(usize, char)>,
    first: u64,
}

/// Columns of a character at a place. Only those of ASCII have any here, as in the tool.
fn columns_of(c: char, at: usize) -> usize {
    match c {
        '\t' => 8 - at % 8,
        ' '..='~' => 1,
        _ => 0,
    }
}

/// Text that is put out with blanks as tabs where they reach one.
#[derive(Default)]
struct Row {
    text: String,
    at: usize,
    blanks: usize,
    tabs: bool,
}

impl Row {
    fn flush(&mut self) {
        let goal = self.at + self.blanks;
        while self.tabs && goal - self.at > 1 && self.at + 8 - self.at % 8 <= goal {
            self.text.push('\t');
            self.at += 8 - self.at % 8;
        }
        self.text.extend(std::iter::repeat_n(' ', goal - self.at));
        (self.at, self.blanks) = (goal, 0);
    }

    /// Blanks behind the last text are not printed.
    fn end(self) -> String {
        self.text
    }

    fn pad_to(&mut self, goal: usize) {
        self.blanks = goal.saturating_sub(self.at).max(self.blanks);
    }

    fn put(&mut self, text: &str) {
        for c in text.chars() {
            if c == ' ' && self.tabs {
                self.blanks += 1;
                continue;
            }
            self.flush();
            self.text.push(c);
            self.at += columns_of(c, self.at);
        }
    }
}

/// A text with its tabs as blanks, `width` columns at most.
fn spread(text: &str, expand: bool, width: usize) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for c in text.chars() {
        let w = columns_of(c, at);
        if at + w > width {
            if c == '\t' && expand {
                out.extend(std::iter::repeat_n(' ', width - at));
            }
            break;
        }
        match c {
            '\t' if expand => out.extend(std::iter::repeat_n(' ', w)),
            c => out.push(c),
        }
        at += w;
    }
    out
}

fn number(text: &str, what: &str, least: usize) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n >= least => Ok(n),
        Ok(_) => Err(format!("{what}: ‘{text}’: Numerical result out of range")),
        Err(_) => Err(format!("{what}: ‘{text}’")),
    }
}

fn plan(c: &Ctx<'_>, files: usize, pages: (usize, usize)) -> Result<Plan, String> {
    let a = &c.args;
    let typed: String =
        a.flags.iter().filter(|(k, _)| k.chars().all(|d| d.is_ascii_digit())).map(|(k, _)| k.as_str()).collect();
    let typed = a.get("columns").map_or(typed, str::to_owned);
    let merge = a.has("m");
    let mut columns = if typed.is_empty() { 1 } else { number(&typed, "invalid number of columns", 1)? };
    if merge && !typed.is_empty() {
        return Err("cannot specify number of columns when printing in parallel".to_owned());
    }
    if merge && a.has("a") {
        return Err("cannot specify both printing across and printing in parallel".to_owned());
    }
    if merge {
        columns = files.max(1);
    }
    let length = a.get("l").map_or(Ok(66), |l| number(l, "'-l PAGE_LENGTH' invalid number of lines", 1))?;
    let narrow = a.get("w").map(|w| number(w, "'-w PAGE_WIDTH' invalid number of characters", 1)).transpose()?;
    let always = a.get("W").map(|w| number(w, "'-W PAGE_WIDTH' invalid number of characters", 1)).transpose()?;
    let margin = a.get("o").map_or(Ok(0), |o| number(o, "'-o MARGIN' invalid line offset", 0))?;
    let first = match a.get("N") {
        None => 1,
        Some(n) => n.parse().map_err(|_| format!("'-N NUMBER' invalid starting line number: ‘{n}’"))?,
    };
    let width = always.or(narrow).unwrap_or(72);
    let mut given = None;
    for (_, n) in a.flags.iter().filter(|(k, _)| k == "n") {
        // Each `-n` changes what it names.
        let (digits, sep) = given.unwrap_or((5, '\t'));
        let own = n.chars().next().filter(|s| !s.is_ascii_digit());
        let rest = n.strip_prefix(|s: char| Some(s) == own).unwrap_or(n);
        let bad = || format!("'-n' extra characters or invalid number in the argument: ‘{rest}’");
        let digits = if rest.is_empty() { digits } else { rest.parse().ok().filter(|d| *d > 0).ok_or_else(bad)? };
        given = Some((digits, own.unwrap_or(sep)));
    }
    let numbers = given.map_or(0, |(digits, sep)| digits + if sep == '\t' { 8 - digits % 8 } else { 1 });
    // A character of `-s` between columns ends their cutting and padding, unless a width is given.
    let loose = a.has("s") && narrow.is_none() && always.is_none();
    let joined = a.has("J");
    let separator = match (a.get("S"), a.get("s")) {
        (Some(s), _) => s.to_owned(),
        (None, Some("")) if !loose => String::new(),
        (None, Some("")) => "\t".to_owned(),
        (None, Some(s)) => s.to_owned(),
        (None, None) if joined => "\t".to_owned(),
        (None, None) => " ".to_owned(),
    };
    let beside = if merge { numbers } else { 0 };
    let useful = width.saturating_sub(beside + (columns - 1) * separator.chars().count());
    if useful / columns == 0 {
        return Err("page width too narrow".to_owned());
    }
    let headed = !a.has("t") && !a.has("T") && length > 2 * EDGE;
    let body = if headed { length - 2 * EDGE } else { length };
    let double = a.has("d");
    Ok(Plan {
        columns,
        across: a.has("a"),
        merge,
        double,
        feed: a.has("F") || a.has("f"),
        headed,
        body: if double { (body / 2).max(1) } else { body },
        pages,
        width,
        column: useful / columns,
        margin,
        separator,
        padded: columns > 1 && !joined && !loose,
        cut: (columns > 1 && !joined && !loose) || (always.is_some() && !joined),
        number: given,
        first,
    })
}

impl Plan {
    fn numbered(&self, n: u64) -> String {
        let Some((digits, sep)) = self.number else { return String::new() };
        let text = format!("{n:>digits$}");
        let text: String = text.chars().skip(text.chars().count() - digits).collect();
        match sep {
            '\t' if self.columns > 1 => format!("{text}{}", " ".repeat(8 - digits % 8)),
            sep => format!("{text}{sep}"),
        }
    }

    /// One line of a page. Each cell has its line number and its text; a column without one is not there.
    fn row(&self, cells: &[Option<(u64, &str)>], n: u64) -> String {
        let plain = self.columns == 1 || (!self.padded && self.separator == "\t");
        let mut row = Row { tabs: self.columns > 1 && !plain, ..Row::default() };
        let beside = if self.merge { self.numbered(n) } else { String::new() };
        row.pad_to(self.margin);
        row.flush();
        row.put(&beside);
        let start = row.at + row.blanks;
        let step = self.column + self.separator.chars().count();
        for (i, cell) in cells.iter().enumerate() {
            // The columns of files that have ended stay where they are.
            if cell.is_none() && !self.merge {
                break;
            }
            if i > 0 {
                if self.padded {
                    row.pad_to(start + i * step - (step - self.column));
                }
                row.put(&self.separator);
                row.flush();
            }
            let (n, text) = cell.unwrap_or((0, ""));
            let head = if self.merge { String::new() } else { self.numbered(n) };
            let used = if self.columns == 1 && head.ends_with('\t') { 0 } else { head.chars().count() };
            let room = if self.cut { self.column.saturating_sub(used) } else { usize::MAX };
            row.put(&head);
            row.put(&spread(text, row.tabs, room));
        }
        row.end()
    }

    /// The pages of a column each, as rows.
    fn pages(&self, texts: &[Vec<&str>]) -> Vec<Vec<String>> {
        let mut n = self.first;
        let mut pages = Vec::new();
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        if self.merge {
            let all: Vec<usize> = (0..longest).collect();
            for page in all.chunks(self.body) {
                let row = |i: &usize| {
                    let cells: Vec<_> = texts.iter().map(|t| t.get(*i).map(|l| (0, *l))).collect();
                    self.row(&cells, self.first + *i as u64)
                };
                pages.push(page.iter().map(row).collect());
            }
            return pages;
        }
        for page in texts.first().map_or(&[][..], Vec::as_slice).chunks(self.body.saturating_mul(self.columns)) {
            let cells: Vec<_> = (n..).zip(page.iter().copied()).collect();
            n += cells.len() as u64;
            let rows = cells.len().div_ceil(self.columns).min(self.body);
            // What does not fill the columns is spread over them, the first ones having one line more.
            let (each, more) = (cells.len() / self.columns, cells.len() % self.columns);
            let place = |row: usize, column: usize| match self.across {
                true => Some(row * self.columns + column),
                false => (row < each + usize::from(column < more)).then(|| column * each + column.min(more) + row),
            };
            let line = |row: usize| {
                let cell = |column: usize| place(row, column).and_then(|i| cells.get(i).copied());
                self.row(&(0..self.columns).map(cell).collect::<Vec<_>>(), 0)
            };
            pages.push((0..rows).map(line).collect());
        }
        pages
    }

    fn head(&self, date: &str, title: &str, page: usize) -> String {
        let page = format!("Page {page}");
        let wide = |t: &str| unicode_width::UnicodeWidthStr::width(t);
        let room = self.width.saturating_sub(wide(date) + wide(title) + wide(&page));
        let left = (room / 2).max(1);
        let right = (room - room / 2).max(1);
        let margin = " ".repeat(self.margin);
        format!("{margin}\n\n{margin}{date}{}{title}{}{page}\n\n\n", " ".repeat(left), " ".repeat(right))
    }

    fn print(&self, texts: &[Vec<&str>], date: &str, title: &str) -> String {
        let mut out = String::new();
        let pages = self.pages(texts);
        let count = pages.len();
        for (i, rows) in pages.into_iter().enumerate() {
            let page = i + 1;
            if page < self.pages.0 || page > self.pages.1 {
                continue;
            }
            if self.headed {
                out.push_str(&self.head(date, title, page));
            }
            let gap = if self.double { 2 } else { 1 };
            let used = rows.len() * gap;
            for row in rows {
                out.push_str(&row);
                out.push_str(&"\n".repeat(gap));
            }
            // Columns that are known as a whole end without a blank line.
            if self.double && !self.headed && self.columns > 1 && !self.across && !self.merge && page == count {
                out.pop();
            }
            match (self.headed, self.feed) {
                (true, true) => out.push('\x0c'),
                (true, false) => out.push_str(&"\n".repeat(self.body * gap - used + EDGE)),
                (false, _) => {}
            }
        }
        out
    }
}

/// `+FIRST[:LAST]`.
fn range(word: &str) -> Option<(usize, usize)> {
    let (first, last) = word.strip_prefix('+')?.split_once(':').unwrap_or((word.strip_prefix('+')?, ""));
    let last = if last.is_empty() { usize::MAX } else { last.parse().ok()? };
    Some((first.parse().ok().filter(|n| *n > 0)?, last))
}

fn pr(c: &mut Ctx<'_>) -> Step {
    let pages = c.args.rest.iter().find_map(|w| range(w)).unwrap_or((1, usize::MAX));
    let mut names: Vec<String> = c.args.rest.iter().filter(|w| range(w).is_none()).cloned().collect();
    if names.is_empty() {
        names.push("-".to_owned());
    }
    let read = match c.slurp(&names) {
        Ok(all) => all,
        Err(step) => return step,
    };
    let (a, zone) = (c.args.clone(), c.zone());
    let mut texts = Vec::new();
    for (name, text) in names.iter().zip(read) {
        match text {
            Ok(text) => {
                let full = c.full(name);
                let written = c.stat(&full).filter(|_| name != "-" && !a.has("m")).map(|s| s.mtime);
                texts.push((name.clone(), written, text));
            }
            Err(why) => {
                if !a.has("r") {
                    c.error(&format!("{name}: {why}"));
                }
                c.tool.status = 1;
            }
        }
    }
    let plan = match plan(c, texts.len(), pages) {
        Ok(plan) => plan,
        Err(why) => {
            c.error(&why);
            return Step::Exit(1);
        }
    };
    let format = a.get("D").unwrap_or("%Y-%m-%d %H:%M");
    let date = |c: &Ctx<'_>, at: Option<Utc>| strftime_in(&zone, format, at.unwrap_or(c.host.utc()), 0);
    let title = |name: &str| a.get("h").unwrap_or(if name == "-" { "" } else { name }).to_owned();
    if plan.merge {
        let all: Vec<Vec<&str>> = texts.iter().map(|(.., t)| crate::console::tool::input::lines(t)).collect();
        let (date, title) = (date(c, None), title("-"));
        c.print(&plan.print(&all, &date, &title));
    } else {
        for (name, written, text) in &texts {
            let lines = crate::console::tool::input::lines(text);
            let (date, title) = (date(c, *written), title(name));
            c.print(&plan.print(&[lines], &date, &title));
        }
    }
    Step::Exit(c.tool.status)
}
