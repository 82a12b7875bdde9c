//! Integer arithmetic of `$(( … ))`: 64-bit, wrapping, with a depth limit.

use std::collections::BTreeMap;

const OPS: [(&str, u8); 19] = [
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

/// The value of an expression whose `$` parts are already expanded; names are read from `vars`.
pub fn eval(text: &str, vars: &BTreeMap<String, String>) -> Result<i64, String> {
    let mut e = Eval { chars: text.chars().collect(), at: 0, depth: 0, vars, text };
    e.blank();
    if e.at >= e.chars.len() {
        return Ok(0);
    }
    let v = e.binary(1)?;
    e.blank();
    if e.at < e.chars.len() {
        let rest: String = e.chars.iter().skip(e.at).collect();
        return Err(format!("{text}: syntax error in expression (error token is \"{rest}\")"));
    }
    Ok(v)
}

struct Eval<'a> {
    chars: Vec<char>,
    at: usize,
    depth: u32,
    vars: &'a BTreeMap<String, String>,
    text: &'a str,
}

impl Eval<'_> {
    fn blank(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn binary(&mut self, min: u8) -> Result<i64, String> {
        let mut left = self.unary()?;
        loop {
            self.blank();
            let Some((op, power)) = OPS
                .iter()
                .find(|(op, _)| op.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c)))
                .copied()
            else {
                return Ok(left);
            };
            if power < min {
                return Ok(left);
            }
            self.at += op.len();
            let right = self.binary(if op == "**" { power } else { power + 1 })?;
            left = match op {
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
                "**" => left.wrapping_pow(
                    u32::try_from(right)
                        .map_err(|_| format!("{}: exponent less than 0 (error token is \"{right}\")", self.text))?,
                ),
                _ if right == 0 => return Err(format!("{}: division by 0 (error token is \"{right}\")", self.text)),
                "/" => left.wrapping_div(right),
                _ => left.wrapping_rem(right),
            };
        }
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 200 {
            return Err(format!("{}: expression recursion level exceeded", self.text));
        }
        self.blank();
        let c = self.chars.get(self.at).copied();
        let v = match c {
            Some('-') => {
                self.at += 1;
                self.unary()?.wrapping_neg()
            }
            Some('+') => {
                self.at += 1;
                self.unary()?
            }
            Some('!') => {
                self.at += 1;
                i64::from(self.unary()? == 0)
            }
            Some('~') => {
                self.at += 1;
                !self.unary()?
            }
            Some('(') => {
                self.at += 1;
                let v = self.binary(1)?;
                self.blank();
                if self.chars.get(self.at) != Some(&')') {
                    return Err(format!("{}: missing `)' (error token is \"\")", self.text));
                }
                self.at += 1;
                v
            }
            Some(c) if c.is_ascii_alphanumeric() || c == '_' => {
                let mut word = String::new();
                while let Some(c) = self.chars.get(self.at)
                    && (c.is_ascii_alphanumeric() || *c == '_')
                {
                    word.push(*c);
                    self.at += 1;
                }
                if c.is_ascii_digit() {
                    word.parse()
                        .map_err(|_| format!("{}: value too great for base (error token is \"{word}\")", self.text))?
                } else {
                    self.vars.get(&word).and_then(|v| v.trim().parse().ok()).unwrap_or(0)
                }
            }
            _ => {
                let rest: String = self.chars.iter().skip(self.at).collect();
                return Err(format!("{}: syntax error: operand expected (error token is \"{rest}\")", self.text));
            }
        };
        self.depth -= 1;
        Ok(v)
    }
}
