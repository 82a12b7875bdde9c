//! awk's expressions, from the loosest operator to the tightest.

use super::super::ast::{Expr, From};
use super::super::lex::{BUILTINS, Tok};
use super::{DEEP, OPERATORS, Parser, Res, lvalue};

impl Parser {
    pub(super) fn list(&mut self, close: &str) -> Res<Vec<Expr>> {
        let (gt, no_in) = (std::mem::take(&mut self.no_gt), std::mem::take(&mut self.no_in));
        let mut all = Vec::new();
        self.newlines();
        if !self.take(close) {
            loop {
                all.push(self.expr()?);
                self.newlines();
                if !self.take(",") {
                    break;
                }
                self.newlines();
            }
            self.want(close)?;
        }
        (self.no_gt, self.no_in) = (gt, no_in);
        Ok(all)
    }

    pub(super) fn expr(&mut self) -> Res<Expr> {
        self.deeper(Self::ternary)
    }

    /// One operator more, as far as there is a stack for what they build.
    fn joined(&mut self) -> Res<()> {
        self.operators += 1;
        if self.operators > OPERATORS {
            return Err("program is nested too deep".to_owned());
        }
        Ok(())
    }

    /// One level further in, as far as there is a stack for it.
    fn deeper(&mut self, part: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("program is nested too deep".to_owned());
        }
        let e = part(self)?;
        self.depth -= 1;
        Ok(e)
    }

    fn ternary(&mut self) -> Res<Expr> {
        let test = self.or()?;
        if self.take("?") {
            self.newlines();
            let yes = self.expr()?;
            self.newlines();
            self.want(":")?;
            self.newlines();
            let no = self.expr()?;
            return Ok(Expr::Cond(Box::new(test), Box::new(yes), Box::new(no)));
        }
        if lvalue(&test) {
            for op in ["=", "+=", "-=", "*=", "/=", "%=", "^="] {
                if self.take(op) {
                    self.newlines();
                    let op = op.trim_end_matches('=');
                    let op = match op {
                        "+" => "+",
                        "-" => "-",
                        "*" => "*",
                        "/" => "/",
                        "%" => "%",
                        "^" => "^",
                        _ => "",
                    };
                    let value = self.expr()?;
                    return Ok(Expr::Assign(op, Box::new(test), Box::new(value)));
                }
            }
        }
        Ok(test)
    }

    fn or(&mut self) -> Res<Expr> {
        let mut e = self.and()?;
        while self.take("||") {
            self.joined()?;
            self.newlines();
            e = Expr::Or(Box::new(e), Box::new(self.and()?));
        }
        Ok(e)
    }

    fn and(&mut self) -> Res<Expr> {
        let mut e = self.within()?;
        while self.take("&&") {
            self.joined()?;
            self.newlines();
            e = Expr::And(Box::new(e), Box::new(self.within()?));
        }
        Ok(e)
    }

    fn within(&mut self) -> Res<Expr> {
        let mut e = self.matching()?;
        while !self.no_in && self.is("in") {
            self.joined()?;
            self.at += 1;
            let name = self.name()?;
            e = Expr::In(if let Expr::List(all) = e { all } else { vec![e] }, name);
        }
        Ok(e)
    }

    fn matching(&mut self) -> Res<Expr> {
        let mut e = self.comparison()?;
        loop {
            let negated = self.is("!~");
            if !negated && !self.is("~") {
                return Ok(e);
            }
            self.joined()?;
            self.at += 1;
            e = Expr::Match(negated, Box::new(e), Box::new(self.comparison()?));
        }
    }

    fn comparison(&mut self) -> Res<Expr> {
        let mut e = self.concat(false)?;
        loop {
            let op = ["<=", "==", "!=", ">=", "<", ">"].into_iter().find(|o| self.is(o) && !(*o == ">" && self.no_gt));
            let Some(op) = op else { return Ok(e) };
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.concat(false)?));
        }
    }

    /// Whether another operand of a concatenation begins here.
    fn begins(&self) -> bool {
        match self.peek() {
            Tok::Num(_) | Tok::Str(_) | Tok::Regex(_) | Tok::Name(_) | Tok::Call(_) => true,
            Tok::Op(o) => matches!(*o, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
            _ => false,
        }
    }

    /// Operands side by side; `narrow` for the target of a redirection, which is one operand (and those behind it).
    pub(super) fn concat(&mut self, narrow: bool) -> Res<Expr> {
        let mut e = self.sum()?;
        while self.begins() && !(narrow && self.is("(")) {
            self.joined()?;
            e = Expr::Binary(" ", Box::new(e), Box::new(self.sum()?));
        }
        Ok(e)
    }

    fn sum(&mut self) -> Res<Expr> {
        let mut e = self.product()?;
        loop {
            let op = if self.is("+") {
                "+"
            } else if self.is("-") {
                "-"
            } else {
                return Ok(e);
            };
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Res<Expr> {
        let mut e = self.unary()?;
        loop {
            let Some(op) = ["*", "/", "%"].into_iter().find(|o| self.is(o)) else { return Ok(e) };
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.unary()?));
        }
    }

    fn unary(&mut self) -> Res<Expr> {
        let sign = ['!', '-', '+'].into_iter().find(|s| self.take(s.encode_utf8(&mut [0; 4])));
        match sign {
            Some(sign) => Ok(Expr::Unary(sign, Box::new(self.deeper(Self::unary)?))),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Res<Expr> {
        let mut e = self.postfix()?;
        // A command is one operand: `"echo " x | getline` reads from `x`.
        while self.is("|") && self.ahead(1) == &Tok::Op("getline") {
            self.joined()?;
            self.at += 2;
            let target = self.target()?;
            e = Expr::Getline(From::Command, target, Some(Box::new(e)));
        }
        if self.take("^") {
            // The exponent may have a sign of its own, and binds to the right.
            let right = if self.take("-") {
                Expr::Unary('-', Box::new(self.deeper(Self::power)?))
            } else if self.take("!") {
                Expr::Unary('!', Box::new(self.deeper(Self::power)?))
            } else {
                self.take("+");
                self.deeper(Self::power)?
            };
            return Ok(Expr::Binary("^", Box::new(e), Box::new(right)));
        }
        Ok(e)
    }

    fn postfix(&mut self) -> Res<Expr> {
        for (op, by) in [("++", 1.0), ("--", -1.0)] {
            if self.is(op) {
                self.at += 1;
                let e = self.primary()?;
                return if lvalue(&e) { Ok(Expr::Step(by, true, Box::new(e))) } else { self.bad() };
            }
        }
        let e = self.primary()?;
        if lvalue(&e) {
            if self.take("++") {
                return Ok(Expr::Step(1.0, false, Box::new(e)));
            }
            if self.take("--") {
                return Ok(Expr::Step(-1.0, false, Box::new(e)));
            }
        }
        Ok(e)
    }

    /// What `getline` fills, if anything.
    fn target(&mut self) -> Res<Option<Box<Expr>>> {
        if self.is("$") || matches!(self.peek(), Tok::Name(n) if !BUILTINS.contains(&n.as_str())) {
            return Ok(Some(Box::new(self.primary()?)));
        }
        Ok(None)
    }

    fn primary(&mut self) -> Res<Expr> {
        let tok = self.peek().clone();
        match tok {
            Tok::Num(v) => {
                self.at += 1;
                Ok(Expr::Num(v))
            }
            Tok::Str(s) => {
                self.at += 1;
                Ok(Expr::Str(s))
            }
            Tok::Regex(r) => {
                self.at += 1;
                Ok(Expr::Regex(r))
            }
            Tok::Op("$") => {
                self.at += 1;
                let inner = if self.take("-") {
                    Expr::Unary('-', Box::new(self.deeper(Self::primary)?))
                } else if self.is("++") || self.is("--") {
                    self.deeper(Self::postfix)?
                } else {
                    self.deeper(Self::primary)?
                };
                Ok(Expr::Field(Box::new(inner)))
            }
            Tok::Op("(") => {
                self.at += 1;
                let mut all = self.list(")")?;
                match all.len() {
                    0 => self.bad(),
                    1 => Ok(Expr::Group(Box::new(all.remove(0)))),
                    _ => Ok(Expr::List(all)),
                }
            }
            Tok::Op("getline") => {
                self.at += 1;
                let target = self.target()?;
                if self.take("<") {
                    let file = self.postfix()?;
                    return Ok(Expr::Getline(From::File, target, Some(Box::new(file))));
                }
                Ok(Expr::Getline(From::Main, target, None))
            }
            Tok::Call(name) => {
                self.at += 2;
                Ok(Expr::Call(name, self.list(")")?))
            }
            Tok::Name(name) if BUILTINS.contains(&name.as_str()) => {
                self.at += 1;
                if self.take("(") {
                    return Ok(Expr::Builtin(name, self.list(")")?));
                }
                if name == "length" { Ok(Expr::Builtin(name, Vec::new())) } else { self.bad() }
            }
            Tok::Name(name) => {
                self.at += 1;
                if self.take("[") {
                    return Ok(Expr::Index(name, self.list("]")?));
                }
                Ok(Expr::Var(name))
            }
            _ => self.bad(),
        }
    }
}
