//! expr: evaluates an expression of words.

use crate::console::posix::{Options, Re, Syntax};
use crate::console::tool::{Ctx, Decl, Step, Words};
use num_bigint::{BigInt, Sign};

pub(crate) const TOOLS: &[Decl] = &[Decl {
    name: "expr",
    synopsis: "EXPRESSION",
    about: "evaluate expressions",
    words: Words::Raw,
    examples: &[
        ("expr 3 + 4 '*' 2", "11\n"),
        ("expr release-42 : '.*-\\([0-9]*\\)'", "42\n"),
        ("expr length disk", "4\n"),
        ("expr 1 / 0", "expr: division by zero\n"),
    ],
    step: expr,
    ..Decl::BLANK
}];

struct Parser<'a> {
    words: &'a [String],
    at: usize,
    depth: usize,
    /// What is read now decides nothing: the other side of `|` or `&` did.
    idle: bool,
}

/// Largest number that expr makes, in bits.
const MOST_BITS: u64 = 1 << 17;

fn integer(text: &str) -> Option<BigInt> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Whether a value counts as false: empty, or a zero.
fn null(text: &str) -> bool {
    text.is_empty() || {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.chars().all(|c| c == '0')
    }
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn take(&mut self, any: &[&str]) -> Option<String> {
        let word = self.peek().filter(|w| any.contains(w))?.to_owned();
        self.at += 1;
        Some(word)
    }

    fn missing(&self) -> String {
        let before = self.at.checked_sub(1).and_then(|i| self.words.get(i)).map_or("", String::as_str);
        format!("syntax error: missing argument after ‘{before}’")
    }

    /// `|`, then `&`, and so on down to the primaries.
    fn level(&mut self, n: usize) -> Result<String, String> {
        let operators: &[&str] = match n {
            0 => &["|"],
            1 => &["&"],
            2 => &["<", "<=", "=", "==", "!=", ">=", ">"],
            3 => &["+", "-"],
            4 => &["*", "/", "%"],
            5 => &[":"],
            _ => return self.primary(),
        };
        let mut left = self.level(n + 1)?;
        while let Some(op) = self.take(operators) {
            let outer = self.idle;
            self.idle |= (op == "|" && !null(&left)) || (op == "&" && null(&left));
            let right = self.level(n + 1);
            self.idle = outer;
            left = self.apply(&op, &left, &right?)?;
        }
        Ok(left)
    }

    fn apply(&self, op: &str, left: &str, right: &str) -> Result<String, String> {
        if self.idle { Ok(String::new()) } else { apply(op, left, right) }
    }

    fn primary(&mut self) -> Result<String, String> {
        self.depth += 1;
        if self.depth > 2000 {
            return Err("expression is nested too deeply".to_owned());
        }
        let Some(word) = self.peek().map(str::to_owned) else { return Err(self.missing()) };
        self.at += 1;
        match word.as_str() {
            "(" => {
                let inner = self.level(0)?;
                if self.take(&[")"]).is_none() {
                    let why = match self.peek() {
                        Some(w) => format!("syntax error: expecting ')' instead of ‘{w}’"),
                        None => {
                            let before = self.words.last().map_or("", String::as_str);
                            format!("syntax error: expecting ')' after ‘{before}’")
                        }
                    };
                    return Err(why);
                }
                Ok(inner)
            }
            ")" => Err("syntax error: unexpected ')'".to_owned()),
            "+" if self.peek().is_some() => {
                let word = self.peek().unwrap_or_default().to_owned();
                self.at += 1;
                Ok(word)
            }
            "length" => Ok(self.level(6)?.chars().count().to_string()),
            "match" => {
                let (text, pattern) = (self.level(6)?, self.level(6)?);
                self.apply(":", &text, &pattern)
            }
            "index" => {
                let (text, set) = (self.level(6)?, self.level(6)?);
                Ok(text.chars().position(|c| set.contains(c)).map_or(0, |i| i + 1).to_string())
            }
            "substr" => {
                let (text, from, count) = (self.level(6)?, self.level(6)?, self.level(6)?);
                let size = |t: &str| {
                    integer(t).filter(|n| n.sign() == Sign::Plus).map(|n| usize::try_from(n).unwrap_or(usize::MAX))
                };
                let (Some(from), Some(count)) = (size(&from), size(&count)) else { return Ok(String::new()) };
                Ok(text.chars().skip(from - 1).take(count).collect())
            }
            _ => Ok(word),
        }
    }
}

fn apply(op: &str, a: &str, b: &str) -> Result<String, String> {
    let truth = |t: bool| Ok(u8::from(t).to_string());
    match op {
        "|" if !null(a) => return Ok(a.to_owned()),
        "|" => return Ok(if null(b) { "0".to_owned() } else { b.to_owned() }),
        "&" => return Ok(if null(a) || null(b) { "0".to_owned() } else { a.to_owned() }),
        ":" => {
            let re = Re::new(&format!("^{}", b.strip_prefix('^').unwrap_or(b)), Syntax::Basic, Options::default())?;
            let found = re.captures_at(a, 0);
            return Ok(match (&found, re.groups) {
                (Some(groups), n) if n > 0 => {
                    let span = groups.get(1).copied().flatten();
                    span.and_then(|(s, e)| a.get(s..e)).unwrap_or_default().to_owned()
                }
                (None, n) if n > 0 => String::new(),
                (Some(groups), _) => {
                    let end = groups.first().copied().flatten().map_or(0, |(_, e)| e);
                    a.get(..end).unwrap_or_default().chars().count().to_string()
                }
                (None, _) => "0".to_owned(),
            });
        }
        _ => {}
    }
    let numbers = integer(a).zip(integer(b));
    if let "<" | "<=" | "=" | "==" | "!=" | ">=" | ">" = op {
        let order = match &numbers {
            Some((x, y)) => x.cmp(y),
            None => a.cmp(b),
        };
        return truth(match op {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            "=" | "==" => order.is_eq(),
            "!=" => order.is_ne(),
            ">=" => order.is_ge(),
            _ => order.is_gt(),
        });
    }
    let Some((x, y)) = numbers else { return Err("non-integer argument".to_owned()) };
    if x.bits() + y.bits() > MOST_BITS {
        return Err("integer result too large".to_owned());
    }
    let made = match op {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        _ if y.sign() == Sign::NoSign => return Err("division by zero".to_owned()),
        "/" => x / y,
        _ => x % y,
    };
    Ok(made.to_string())
}

fn expr(c: &mut Ctx<'_>) -> Step {
    let mut words = c.args.rest.clone();
    if words.first().is_some_and(|w| w == "--") {
        words.remove(0);
    }
    if words.is_empty() {
        return c.misuse("missing operand", 2);
    }
    let mut p = Parser { words: &words, at: 0, depth: 0, idle: false };
    let made = p.level(0).and_then(|value| match p.peek() {
        None => Ok(value),
        Some(")") => Err("syntax error: unexpected ')'".to_owned()),
        Some(w) => Err(format!("syntax error: unexpected argument ‘{w}’")),
    });
    match made {
        Ok(value) => {
            c.line(&value);
            Step::Exit(i32::from(null(&value)))
        }
        Err(why) => {
            c.error(&why);
            Step::Exit(2)
        }
    }
}
