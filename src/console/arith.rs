//! Integer arithmetic of `$(( … ))`: all operators of C and `**`, 64-bit, wrapping, with a depth limit.

mod number;

pub use number::number;

/// Where names are looked up and assigned.
pub trait Names {
    /// A variable's text; an element of it with an index.
    fn value(&mut self, name: &str, index: Option<&str>) -> Result<Option<String>, String>;
    /// Sets one.
    fn assign(&mut self, name: &str, index: Option<&str>, value: i64) -> Result<(), String>;
    /// Whether its indices are texts.
    fn is_assoc(&self, name: &str) -> bool;
}

const MAX_DEPTH: u32 = 100;

const BINARY: [(&str, u8); 19] = [
    ("||", 1),
    ("&&", 2),
    ("==", 6),
    ("!=", 6),
    ("<=", 7),
    (">=", 7),
    ("<<", 8),
    (">>", 8),
    ("**", 11),
    ("|", 3),
    ("^", 4),
    ("&", 5),
    ("<", 7),
    (">", 7),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("%", 10),
];
const ASSIGN: [&str; 11] = ["<<=", ">>=", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "="];

/// The value of an expression whose `$` parts are already expanded.
pub fn eval(text: &str, names: &mut dyn Names) -> Result<i64, String> {
    eval_at(text, names, 0)
}

fn eval_at(text: &str, names: &mut dyn Names, depth: u32) -> Result<i64, String> {
    let mut e = Eval { chars: text.chars().collect(), at: 0, depth, names, text, live: true };
    e.blank();
    if e.at >= e.chars.len() {
        return Ok(0);
    }
    let v = e.comma()?;
    e.blank();
    if e.at < e.chars.len() {
        let assigns = e.looking_at("=") && !e.looking_at("==");
        return e.error(if assigns { "attempted assignment to non-variable" } else { "syntax error in expression" });
    }
    Ok(v)
}

struct Eval<'a> {
    chars: Vec<char>,
    at: usize,
    depth: u32,
    names: &'a mut dyn Names,
    text: &'a str,
    /// Whether assignments and divisions happen; not on the branch that is not taken.
    live: bool,
}

/// A name with its index.
type Place = (String, Option<String>);

impl Eval<'_> {
    fn blank(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    /// What is wrong, with the text from the token at which that was seen; at the end it is the last one.
    fn error<T>(&self, what: &str) -> Result<T, String> {
        let at = if self.at < self.chars.len() { self.at } else { self.last_token() };
        self.error_at(what, at)
    }

    fn error_at<T>(&self, what: &str, at: usize) -> Result<T, String> {
        let rest: String = self.chars.iter().skip(at).collect();
        Err(format!("{}: {what} (error token is \"{rest}\")", self.text.trim_start()))
    }

    /// Where the last token begins.
    fn last_token(&self) -> usize {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '$');
        let (mut at, mut last) = (0, 0);
        while let Some(&c) = self.chars.get(at) {
            if c.is_whitespace() {
                at += 1;
                continue;
            }
            last = at;
            at += 1;
            while word(c) && self.chars.get(at).is_some_and(|c| word(*c)) {
                at += 1;
            }
        }
        last
    }

    fn looking_at(&self, op: &str) -> bool {
        op.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    fn eat(&mut self, op: &str) -> bool {
        self.blank();
        if self.looking_at(op) {
            self.at += op.len();
            return true;
        }
        false
    }

    fn comma(&mut self) -> Result<i64, String> {
        let mut v = self.assignment()?;
        while self.eat(",") {
            v = self.assignment()?;
        }
        Ok(v)
    }

    fn assignment(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("expression recursion level exceeded");
        }
        let begin = self.at;
        // Whether it is an assignment is seen without working out an index, which may change something.
        let live = std::mem::replace(&mut self.live, false);
        let place = self.place();
        self.live = live;
        let out = match place? {
            Some(_) => {
                self.blank();
                let op = ASSIGN.into_iter().find(|op| self.looking_at(op) && !(*op == "=" && self.looking_at("==")));
                match op {
                    Some(op) => {
                        self.at = begin;
                        let Some(place) = self.place()? else { return self.error("syntax error: operand expected") };
                        self.blank();
                        self.at += op.len();
                        // `v += (v = 1)` adds to what `v` was before.
                        let value = match op.strip_suffix('=') {
                            Some("") | None => self.assignment()?,
                            Some(op) => {
                                let left = self.read(&place)?;
                                self.blank();
                                let operand = self.at;
                                let right = self.assignment()?;
                                self.apply(op, left, right, operand)?
                            }
                        };
                        self.write(&place, value)?;
                        Ok(value)
                    }
                    None => {
                        self.at = begin;
                        self.ternary()
                    }
                }
            }
            None => {
                self.at = begin;
                self.ternary()
            }
        };
        self.depth -= 1;
        out
    }

    fn ternary(&mut self) -> Result<i64, String> {
        let cond = self.binary(1)?;
        if !self.eat("?") {
            return Ok(cond);
        }
        let live = self.live;
        self.live = live && cond != 0;
        let yes = self.comma()?;
        if !self.eat(":") {
            return self.error("`:' expected for conditional expression");
        }
        self.live = live && cond == 0;
        let no = self.assignment()?;
        self.live = live;
        Ok(if cond != 0 { yes } else { no })
    }

    fn binary(&mut self, min: u8) -> Result<i64, String> {
        let mut left = self.unary()?;
        loop {
            self.blank();
            let found = BINARY.iter().find(|(op, _)| self.looking_at(op)).copied();
            let Some((op, power)) = found else {
                let strange = |c: &char| !c.is_alphanumeric() && !"_<>=+-*/%!&|^~?:,()".contains(*c);
                if self.chars.get(self.at).is_some_and(strange) {
                    return self.error("syntax error: invalid arithmetic operator");
                }
                return Ok(left);
            };
            let assigns = ASSIGN.iter().any(|a| self.looking_at(a) && *a != "=" && a.len() > op.len());
            if power < min || assigns {
                return Ok(left);
            }
            self.at += op.len();
            let live = self.live;
            self.live = live && !(op == "||" && left != 0) && !(op == "&&" && left == 0);
            self.blank();
            let operand = self.at;
            let right = self.binary(if op == "**" { power } else { power + 1 })?;
            self.live = live;
            left = self.apply(op, left, right, operand)?;
        }
    }

    fn apply(&self, op: &str, left: i64, right: i64, operand: usize) -> Result<i64, String> {
        Ok(match op {
            "||" => i64::from(left != 0 || right != 0),
            "&&" => i64::from(left != 0 && right != 0),
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<" => i64::from(left < right),
            "<=" => i64::from(left <= right),
            ">" => i64::from(left > right),
            ">=" => i64::from(left >= right),
            "<<" => left.wrapping_shl(right as u32),
            ">>" => left.wrapping_shr(right as u32),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "**" if right < 0 && self.live => {
                return self.error("exponent less than 0");
            }
            "**" => power(left, right),
            _ if right == 0 && !self.live => 0,
            _ if right == 0 => return self.error_at("division by 0", operand),
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.error("expression recursion level exceeded");
        }
        let v = self.unary_here();
        self.depth -= 1;
        v
    }

    fn unary_here(&mut self) -> Result<i64, String> {
        self.blank();
        for (op, by) in [("++", 1i64), ("--", -1)] {
            if self.looking_at(op) {
                let begin = self.at;
                self.at += 2;
                self.blank();
                if let Some(place) = self.place()? {
                    let v = self.read(&place)?.wrapping_add(by);
                    self.write(&place, v)?;
                    return Ok(v);
                }
                self.at = begin;
            }
        }
        match self.chars.get(self.at).copied() {
            Some('-') => {
                self.at += 1;
                Ok(self.unary()?.wrapping_neg())
            }
            Some('+') => {
                self.at += 1;
                self.unary()
            }
            Some('!') => {
                self.at += 1;
                Ok(i64::from(self.unary()? == 0))
            }
            Some('~') => {
                self.at += 1;
                Ok(!self.unary()?)
            }
            Some('(') => {
                self.at += 1;
                let v = self.comma()?;
                if !self.eat(")") {
                    return self.error("missing `)'");
                }
                Ok(v)
            }
            Some(c) if c.is_ascii_digit() => {
                let word: String = self
                    .chars
                    .iter()
                    .skip(self.at)
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '#' | '@'))
                    .collect();
                self.at += word.len();
                number(&word).map_err(|what| format!("{}: {what} (error token is \"{word}\")", self.text))
            }
            _ => {
                let Some(place) = self.place()? else { return self.error("syntax error: operand expected") };
                let v = self.read(&place)?;
                for (op, by) in [("++", 1i64), ("--", -1)] {
                    self.blank();
                    if self.looking_at(op) {
                        self.at += 2;
                        self.write(&place, v.wrapping_add(by))?;
                        break;
                    }
                }
                Ok(v)
            }
        }
    }

    /// A name under the cursor, with its index.
    fn place(&mut self) -> Result<Option<Place>, String> {
        self.blank();
        let name: String =
            self.chars.iter().skip(self.at).take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(None);
        }
        self.at += name.len();
        if self.chars.get(self.at) != Some(&'[') {
            return Ok(Some((name, None)));
        }
        let mut open = 0u32;
        let mut index = String::new();
        while let Some(&c) = self.chars.get(self.at) {
            self.at += 1;
            match c {
                '[' => open += 1,
                ']' => open -= 1,
                _ => {}
            }
            if open == 0 {
                let index = index.get(1..).unwrap_or_default().to_owned();
                if self.names.is_assoc(&name) {
                    let bare = ['\'', '"'].iter().find_map(|q| index.strip_prefix(*q)?.strip_suffix(*q));
                    let index = bare.unwrap_or(&index).to_owned();
                    return Ok(Some((name, Some(index))));
                }
                if !self.live {
                    return Ok(Some((name, Some("0".to_owned()))));
                }
                let at = eval_at(&index, self.names, self.depth + 1)?;
                return Ok(Some((name, Some(at.to_string()))));
            }
            index.push(c);
        }
        Err(format!("{}: bad array subscript", self.text))
    }

    fn read(&mut self, place: &Place) -> Result<i64, String> {
        if !self.live {
            return Ok(0);
        }
        let text = self.names.value(&place.0, place.1.as_deref())?.unwrap_or_default();
        let text = text.trim();
        if text.is_empty() {
            return Ok(0);
        }
        if let Ok(n) = number(text) {
            return Ok(n);
        }
        if self.depth + 1 > MAX_DEPTH {
            return Err(format!("{text}: expression recursion level exceeded (error token is \"{text}\")"));
        }
        eval_at(text, self.names, self.depth + 1)
    }

    fn write(&mut self, place: &Place, value: i64) -> Result<(), String> {
        if self.live { self.names.assign(&place.0, place.1.as_deref(), value) } else { Ok(()) }
    }
}

fn power(base: i64, exponent: i64) -> i64 {
    let (mut out, mut base, mut left) = (1i64, base, exponent.max(0));
    while left > 0 {
        if left & 1 == 1 {
            out = out.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        left >>= 1;
    }
    out
}
