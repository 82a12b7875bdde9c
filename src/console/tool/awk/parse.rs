//! awk's grammar.

mod expr;

use super::ast::{Expr, Func, Pattern, Stmt, To, Tree};
use super::lex::{Tok, lex};

/// Nesting of expressions and statements at most.
const DEEP: usize = 150;
/// Operators in one expression at most: each may stand inside the next.
const OPERATORS: usize = 1_500;

struct Parser {
    toks: Vec<(Tok, usize)>,
    at: usize,
    depth: usize,
    /// Operators read of the statement so far.
    operators: usize,
    /// `in` is no operator (the head of a `for`).
    no_in: bool,
    /// `>` writes to a file (print's arguments outside parentheses).
    no_gt: bool,
}

type Res<T> = Result<T, String>;

/// Parses a program; an error is worded as awk words it, without the program's name.
pub(super) fn parse(text: &str) -> Res<Tree> {
    let toks = lex(text).map_err(|(line, why)| format!("line {line}: {why}"))?;
    let mut p = Parser { toks, at: 0, depth: 0, operators: 0, no_in: false, no_gt: false };
    let mut tree = Tree::default();
    loop {
        p.gaps();
        if p.peek() == &Tok::End {
            return Ok(tree);
        }
        p.operators = 0;
        p.item(&mut tree)?;
    }
}

fn shown(t: &Tok) -> String {
    match t {
        Tok::Num(v) => super::value::number(*v, "%.6g"),
        Tok::Str(s) => format!("\"{s}\""),
        Tok::Regex(s) => format!("/{s}/"),
        Tok::Name(s) | Tok::Call(s) => s.clone(),
        Tok::Op(s) => (*s).to_owned(),
        Tok::Newline => "end of line".to_owned(),
        Tok::End => "end of file".to_owned(),
    }
}

fn lvalue(e: &Expr) -> bool {
    matches!(e, Expr::Var(_) | Expr::Field(_) | Expr::Index(..))
}

impl Parser {
    fn peek(&self) -> &Tok {
        self.toks.get(self.at).map_or(&Tok::End, |t| &t.0)
    }

    fn ahead(&self, n: usize) -> &Tok {
        self.toks.get(self.at + n).map_or(&Tok::End, |t| &t.0)
    }

    fn is(&self, op: &str) -> bool {
        matches!(self.peek(), Tok::Op(o) if *o == op)
    }

    fn take(&mut self, op: &str) -> bool {
        let yes = self.is(op);
        self.at += usize::from(yes);
        yes
    }

    fn bad<T>(&self) -> Res<T> {
        let line = self.toks.get(self.at).map_or(1, |t| t.1);
        match self.peek() {
            Tok::End => Err(format!("line {line}: syntax error at or near end of file")),
            t => Err(format!("line {line}: syntax error at or near {}", shown(t))),
        }
    }

    fn want(&mut self, op: &str) -> Res<()> {
        if self.take(op) {
            return Ok(());
        }
        let line = self.toks.get(self.at).map_or(1, |t| t.1);
        if self.peek() == &Tok::End {
            return Err(format!("line {line}: missing {op} near end of file"));
        }
        self.bad()
    }

    /// Skips newlines and semicolons.
    fn gaps(&mut self) {
        while self.peek() == &Tok::Newline || self.is(";") {
            self.at += 1;
        }
    }

    fn newlines(&mut self) {
        while self.peek() == &Tok::Newline {
            self.at += 1;
        }
    }

    fn name(&mut self) -> Res<String> {
        match self.peek().clone() {
            Tok::Name(n) | Tok::Call(n) => {
                self.at += 1;
                Ok(n)
            }
            _ => self.bad(),
        }
    }

    fn item(&mut self, tree: &mut Tree) -> Res<()> {
        if self.take("function") {
            let name = self.name()?;
            self.want("(")?;
            let mut params = Vec::new();
            self.newlines();
            while !self.is(")") {
                params.push(self.name()?);
                self.newlines();
                if !self.take(",") {
                    break;
                }
                self.newlines();
            }
            self.want(")")?;
            self.newlines();
            let body = self.block()?;
            tree.functions.push(Func { name, params, body });
            return Ok(());
        }
        let pattern = if self.take("BEGIN") {
            Pattern::Begin
        } else if self.take("END") {
            Pattern::End
        } else if self.is("{") {
            Pattern::Always
        } else {
            let first = self.expr()?;
            if self.take(",") {
                self.newlines();
                Pattern::Range(first, self.expr()?)
            } else {
                Pattern::When(first)
            }
        };
        let body = if self.is("{") { Some(self.block()?) } else { None };
        if body.is_none() && matches!(pattern, Pattern::Begin | Pattern::End) {
            return self.bad();
        }
        if body.is_none() && !matches!(self.peek(), Tok::Newline | Tok::End) && !self.is(";") {
            return self.bad();
        }
        tree.items.push((pattern, body));
        Ok(())
    }

    fn block(&mut self) -> Res<Stmt> {
        self.want("{")?;
        let mut all = Vec::new();
        loop {
            self.gaps();
            if self.take("}") {
                return Ok(Stmt::Block(all));
            }
            if self.peek() == &Tok::End {
                self.want("}")?;
            }
            all.push(self.statement()?);
        }
    }

    /// A statement behind `if (…)` and the like: it may stand on the next line, or be empty.
    fn body(&mut self) -> Res<Stmt> {
        self.newlines();
        if self.take(";") {
            return Ok(Stmt::Block(Vec::new()));
        }
        self.statement()
    }

    fn end(&mut self) -> Res<()> {
        match self.peek() {
            Tok::Newline => {
                self.at += 1;
                Ok(())
            }
            Tok::Op(";") => {
                self.at += 1;
                Ok(())
            }
            Tok::Op("}") | Tok::End => Ok(()),
            _ => self.bad(),
        }
    }

    fn statement(&mut self) -> Res<Stmt> {
        (self.depth, self.operators) = (self.depth + 1, 0);
        if self.depth > DEEP {
            return Err("program is nested too deep".to_owned());
        }
        let s = self.statement_inner();
        self.depth -= 1;
        s
    }

    fn statement_inner(&mut self) -> Res<Stmt> {
        let Tok::Op(word) = self.peek().clone() else { return self.simple_end() };
        match word {
            "{" => self.block(),
            "if" => {
                self.at += 1;
                self.want("(")?;
                let test = self.expr()?;
                self.want(")")?;
                let yes = self.body()?;
                let back = self.at;
                self.gaps();
                if self.take("else") {
                    let no = self.body()?;
                    return Ok(Stmt::If(test, Box::new(yes), Some(Box::new(no))));
                }
                self.at = back;
                Ok(Stmt::If(test, Box::new(yes), None))
            }
            "while" => {
                self.at += 1;
                self.want("(")?;
                let test = self.expr()?;
                self.want(")")?;
                Ok(Stmt::While(test, Box::new(self.body()?)))
            }
            "do" => {
                self.at += 1;
                let body = self.body()?;
                self.gaps();
                self.want("while")?;
                self.want("(")?;
                let test = self.expr()?;
                self.want(")")?;
                self.end()?;
                Ok(Stmt::Do(Box::new(body), test))
            }
            "for" => self.for_loop(),
            "next" | "nextfile" | "break" | "continue" => {
                self.at += 1;
                self.end()?;
                Ok(match word {
                    "next" => Stmt::Next,
                    "nextfile" => Stmt::NextFile,
                    "break" => Stmt::Break,
                    _ => Stmt::Continue,
                })
            }
            "exit" | "return" => {
                self.at += 1;
                let bare = matches!(self.peek(), Tok::Newline | Tok::End) || self.is(";") || self.is("}");
                let value = if bare { None } else { Some(self.expr()?) };
                self.end()?;
                Ok(if word == "exit" { Stmt::Exit(value) } else { Stmt::Return(value) })
            }
            _ => self.simple_end(),
        }
    }

    fn for_loop(&mut self) -> Res<Stmt> {
        self.at += 1;
        self.want("(")?;
        if let (Tok::Name(var), Tok::Op("in"), Tok::Name(array), Tok::Op(")")) =
            (self.peek().clone(), self.ahead(1), self.ahead(2).clone(), self.ahead(3))
        {
            self.at += 4;
            return Ok(Stmt::ForIn(var, array, Box::new(self.body()?)));
        }
        let first = if self.is(";") { None } else { Some(Box::new(self.simple()?)) };
        self.want(";")?;
        self.newlines();
        let test = if self.is(";") { None } else { Some(self.expr()?) };
        self.want(";")?;
        self.newlines();
        let next = if self.is(")") { None } else { Some(Box::new(self.simple()?)) };
        self.want(")")?;
        Ok(Stmt::For(first, test, next, Box::new(self.body()?)))
    }

    fn simple_end(&mut self) -> Res<Stmt> {
        let s = self.simple()?;
        self.end()?;
        Ok(s)
    }

    fn simple(&mut self) -> Res<Stmt> {
        if self.take("delete") {
            let name = self.name()?;
            if self.take("[") {
                let keys = self.list("]")?;
                return Ok(Stmt::Delete(name, Some(keys)));
            }
            return Ok(Stmt::Delete(name, None));
        }
        let format = self.is("printf");
        if !(format || self.is("print")) {
            return Ok(Stmt::Expr(self.expr()?));
        }
        self.at += 1;
        let outer = std::mem::replace(&mut self.no_gt, true);
        let mut args = Vec::new();
        let ends = |p: &Parser| {
            matches!(p.peek(), Tok::Newline | Tok::End) || [";", "}", ">", ">>", "|"].iter().any(|o| p.is(o))
        };
        if !ends(self) {
            loop {
                args.push(self.expr()?);
                if !self.take(",") {
                    break;
                }
                self.newlines();
            }
        }
        if let [Expr::List(all)] = args.as_slice() {
            args = all.clone();
        }
        let to = if self.take(">") {
            Some(To::File)
        } else if self.take(">>") {
            Some(To::Append)
        } else if self.take("|") {
            Some(To::Command)
        } else {
            None
        };
        let to = match to {
            None => None,
            Some(t) => Some((t, self.concat(true)?)),
        };
        self.no_gt = outer;
        if format && args.is_empty() {
            return self.bad();
        }
        Ok(Stmt::Print(format, args, to))
    }
}
