//! bc's language: tokens and what they stand for.

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    Number(String),
    Place(Place),
    Last,
    Neg(Box<Expr>),
    Not(Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// The operator before the `=`, or none.
    Assign(&'static str, Place, Box<Expr>),
    /// By how much, and whether the value is the new one.
    Step(i64, bool, Place),
    Call(String, Vec<Arg>),
}

/// An argument: a value, or an array as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Arg {
    Value(Expr),
    Array(String),
}

/// What can be assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Var(String),
    Element(String, Box<Expr>),
    /// `scale`, `ibase`, `obase`.
    Special(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stmt {
    /// An expression; `true` if its value is printed.
    Expr(Expr, bool),
    Text(String),
    Print(Vec<Result<Expr, String>>),
    Block(Vec<Stmt>),
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    For(Option<Expr>, Option<Expr>, Option<Expr>, Box<Stmt>),
    Break,
    Continue,
    Return(Option<Expr>),
    Halt,
    Define(String, Function),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Function {
    pub params: Vec<(String, bool)>,
    pub autos: Vec<(String, bool)>,
    pub body: Vec<Stmt>,
    pub void: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tok {
    Num(String),
    Name(String),
    Str(String),
    Op(&'static str),
    Line,
    Bad,
}

const OPS: [&str; 33] = [
    "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "&&", "||", "+", "-", "*", "/", "%", "^",
    "=", "<", ">", "!", "(", ")", "[", "]", "{", "}", ";", ",", ".",
];

/// Blocks inside blocks at most.
const DEEP: u32 = 100;
/// Operators in one statement at most: each may stand inside the next.
const OPERATORS: u32 = 1_500;

fn tokens(text: &str) -> Vec<(Tok, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line) = (0, 1);
    let mut out = Vec::new();
    while let Some(&c) = chars.get(at) {
        let run = |from: usize, f: fn(char) -> bool| chars.iter().skip(from).take_while(|c| f(**c)).count();
        match c {
            '\n' => {
                out.push((Tok::Line, line));
                line += 1;
                at += 1;
            }
            ' ' | '\t' | '\r' => at += 1,
            '\\' if chars.get(at + 1) == Some(&'\n') => {
                line += 1;
                at += 2;
            }
            '#' => at += run(at, |c| c != '\n'),
            '/' if chars.get(at + 1) == Some(&'*') => {
                at += 2;
                while at < chars.len() && !(chars.get(at) == Some(&'*') && chars.get(at + 1) == Some(&'/')) {
                    line += usize::from(chars.get(at) == Some(&'\n'));
                    at += 1;
                }
                at += 2;
            }
            '"' => {
                let n = run(at + 1, |c| c != '"');
                let text: String = chars.iter().skip(at + 1).take(n).collect();
                line += text.matches('\n').count();
                out.push((Tok::Str(text), line));
                at += n + 2;
            }
            '0'..='9' | 'A'..='F' | '.' => {
                let is = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
                let mut n = run(at, is);
                if chars.get(at + n) == Some(&'.') {
                    n += 1 + run(at + n + 1, is);
                }
                let text: String = chars.iter().skip(at).take(n).collect();
                out.push((if text == "." { Tok::Op(".") } else { Tok::Num(text) }, line));
                at += n.max(1);
            }
            'a'..='z' => {
                let n = run(at, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                out.push((Tok::Name(chars.iter().skip(at).take(n).collect()), line));
                at += n;
            }
            _ => {
                let rest: String = chars.iter().skip(at).take(2).collect();
                match OPS.iter().find(|o| rest.starts_with(**o)) {
                    Some(o) => {
                        out.push((Tok::Op(o), line));
                        at += o.len();
                    }
                    None => {
                        out.push((Tok::Bad, line));
                        at += 1;
                    }
                }
            }
        }
    }
    out
}

/// What stands in a program: statements, or the number of a line that is wrong.
pub(super) struct Parser {
    toks: Vec<(Tok, usize)>,
    at: usize,
    depth: u32,
    /// Operators read of the statement so far.
    operators: u32,
}

/// Why a statement does not come to be.
pub(super) enum Wrong {
    /// A syntax error on this line.
    Line(usize),
    /// The text ends before it does.
    Short(usize),
}

type Res<T> = Result<T, Wrong>;

impl Parser {
    pub(super) fn new(text: &str) -> Parser {
        Parser { toks: tokens(text), at: 0, depth: 0, operators: 0 }
    }

    /// The statements of the next line; none at the end. After an error the rest of the line is skipped.
    pub(super) fn next(&mut self) -> Option<Res<Vec<Stmt>>> {
        while matches!(self.peek(), Some(Tok::Line)) {
            self.at += 1;
        }
        self.peek()?;
        self.depth = 0;
        let made = self.line();
        if made.is_err() {
            while !matches!(self.peek(), None | Some(Tok::Line)) {
                self.at += 1;
            }
        }
        Some(made)
    }

    fn peek(&self) -> Option<&Tok> {
        self.toks.get(self.at).map(|t| &t.0)
    }

    fn wrong<T>(&self) -> Res<T> {
        let last = self.toks.last().map_or(1, |t| t.1);
        Err(match self.toks.get(self.at) {
            // What is wrong with the end of a line is said on the next.
            Some((tok, line)) => Wrong::Line(line + usize::from(*tok == Tok::Line)),
            None => Wrong::Short(last + 1),
        })
    }

    fn is(&self, op: &str) -> bool {
        matches!(self.peek(), Some(Tok::Op(o)) if *o == op)
    }

    fn take(&mut self, op: &str) -> bool {
        let yes = self.is(op);
        self.at += usize::from(yes);
        yes
    }

    fn want(&mut self, op: &str) -> Res<()> {
        if self.take(op) { Ok(()) } else { self.wrong() }
    }

    fn word(&mut self, word: &str) -> bool {
        let yes = matches!(self.peek(), Some(Tok::Name(n)) if n == word);
        self.at += usize::from(yes);
        yes
    }

    fn lines(&mut self) {
        while matches!(self.peek(), Some(Tok::Line)) {
            self.at += 1;
        }
    }

    fn line(&mut self) -> Res<Vec<Stmt>> {
        let mut all = Vec::new();
        loop {
            while self.take(";") {}
            if matches!(self.peek(), None | Some(Tok::Line)) {
                return Ok(all);
            }
            let made = self.statement()?;
            // Behind a function there may be more on the same line.
            let whole = matches!(made, Stmt::Define(..));
            all.push(made);
            if !whole && !self.is(";") && !matches!(self.peek(), None | Some(Tok::Line)) {
                return self.wrong();
            }
        }
    }

    fn block(&mut self) -> Res<Vec<Stmt>> {
        let mut all = Vec::new();
        loop {
            while matches!(self.peek(), Some(Tok::Line | Tok::Op(";"))) {
                self.at += 1;
            }
            if self.take("}") {
                return Ok(all);
            }
            all.push(self.statement()?);
            if !matches!(self.peek(), Some(Tok::Line | Tok::Op(";" | "}"))) {
                return self.wrong();
            }
        }
    }

    fn statement(&mut self) -> Res<Stmt> {
        (self.depth, self.operators) = (self.depth + 1, 0);
        if self.depth > DEEP {
            return self.wrong();
        }
        let made = self.plain_statement();
        self.depth -= 1;
        made
    }

    fn plain_statement(&mut self) -> Res<Stmt> {
        if self.take("{") {
            return Ok(Stmt::Block(self.block()?));
        }
        let tok = self.peek().cloned();
        match &tok {
            Some(Tok::Str(s)) => {
                self.at += 1;
                return Ok(Stmt::Text(s.clone()));
            }
            Some(Tok::Name(n)) => match n.as_str() {
                "if" => {
                    self.at += 1;
                    self.want("(")?;
                    let test = self.expr()?;
                    self.want(")")?;
                    self.lines();
                    let yes = Box::new(self.statement()?);
                    // `else` may stand behind a newline only where a block is open, which is where it is looked for.
                    let no = if self.word("else") {
                        self.lines();
                        Some(Box::new(self.statement()?))
                    } else {
                        None
                    };
                    return Ok(Stmt::If(test, yes, no));
                }
                "while" => {
                    self.at += 1;
                    self.want("(")?;
                    let test = self.expr()?;
                    self.want(")")?;
                    self.lines();
                    return Ok(Stmt::While(test, Box::new(self.statement()?)));
                }
                "for" => {
                    self.at += 1;
                    self.want("(")?;
                    let first = self.maybe(";")?;
                    let test = self.maybe(";")?;
                    let step = self.maybe(")")?;
                    self.lines();
                    return Ok(Stmt::For(first, test, step, Box::new(self.statement()?)));
                }
                "break" | "continue" | "halt" | "quit" => {
                    self.at += 1;
                    return Ok(match n.as_str() {
                        "break" => Stmt::Break,
                        "continue" => Stmt::Continue,
                        _ => Stmt::Halt,
                    });
                }
                "return" => {
                    self.at += 1;
                    let end = matches!(self.peek(), None | Some(Tok::Line | Tok::Op(";" | "}")));
                    return Ok(Stmt::Return(if end { None } else { Some(self.expr()?) }));
                }
                "print" => {
                    self.at += 1;
                    let mut all = Vec::new();
                    loop {
                        all.push(match self.peek().cloned() {
                            Some(Tok::Str(s)) => {
                                self.at += 1;
                                Err(s)
                            }
                            _ => Ok(self.expr()?),
                        });
                        if !self.take(",") {
                            return Ok(Stmt::Print(all));
                        }
                    }
                }
                "define" => {
                    self.at += 1;
                    return self.define();
                }
                "auto" | "else" => return self.wrong(),
                _ => {}
            },
            _ => {}
        }
        let e = self.expr()?;
        let shown = !matches!(e, Expr::Assign(..));
        Ok(Stmt::Expr(e, shown))
    }

    fn maybe(&mut self, end: &str) -> Res<Option<Expr>> {
        if self.take(end) {
            return Ok(None);
        }
        let e = self.expr()?;
        self.want(end)?;
        Ok(Some(e))
    }

    fn names(&mut self, ends: fn(&Tok) -> bool) -> Res<Vec<(String, bool)>> {
        let mut all = Vec::new();
        while !self.peek().is_some_and(ends) {
            self.take("*");
            let Some(Tok::Name(n)) = self.peek().cloned() else { return self.wrong() };
            self.at += 1;
            let array = self.take("[");
            if array {
                self.want("]")?;
            }
            all.push((n, array));
            if !self.take(",") {
                break;
            }
        }
        Ok(all)
    }

    fn define(&mut self) -> Res<Stmt> {
        let void = self.word("void");
        let Some(Tok::Name(name)) = self.peek().cloned() else { return self.wrong() };
        self.at += 1;
        self.want("(")?;
        let params = self.names(|t| *t == Tok::Op(")"))?;
        self.want(")")?;
        self.lines();
        self.want("{")?;
        while matches!(self.peek(), Some(Tok::Line | Tok::Op(";"))) {
            self.at += 1;
        }
        let mut autos = Vec::new();
        if self.word("auto") {
            autos = self.names(|t| matches!(t, Tok::Line | Tok::Op(";")))?;
        }
        let body = self.block()?;
        Ok(Stmt::Define(name, Function { params, autos, body, void }))
    }

    fn expr(&mut self) -> Res<Expr> {
        self.deeper(Self::or)
    }

    fn or(&mut self) -> Res<Expr> {
        let mut e = self.and()?;
        while self.take("||") {
            self.joined()?;
            e = Expr::Binary("||", Box::new(e), Box::new(self.and()?));
        }
        Ok(e)
    }

    /// One operator more, as far as there is a stack for what they build.
    fn joined(&mut self) -> Res<()> {
        self.operators += 1;
        if self.operators > OPERATORS { self.wrong() } else { Ok(()) }
    }

    /// One level further in, as far as there is a stack for it.
    fn deeper(&mut self, part: fn(&mut Self) -> Res<Expr>) -> Res<Expr> {
        self.depth += 1;
        if self.depth > DEEP {
            return self.wrong();
        }
        let e = part(self)?;
        self.depth -= 1;
        Ok(e)
    }

    fn and(&mut self) -> Res<Expr> {
        let mut e = self.not()?;
        while self.take("&&") {
            self.joined()?;
            e = Expr::Binary("&&", Box::new(e), Box::new(self.not()?));
        }
        Ok(e)
    }

    fn not(&mut self) -> Res<Expr> {
        if self.take("!") {
            return Ok(Expr::Not(Box::new(self.deeper(Self::not)?)));
        }
        let mut e = self.sum()?;
        while let Some(op) = ["==", "<=", ">=", "!=", "<", ">"].into_iter().find(|o| self.is(o)) {
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.sum()?));
        }
        Ok(e)
    }

    fn sum(&mut self) -> Res<Expr> {
        let mut e = self.product()?;
        while let Some(op) = ["+", "-"].into_iter().find(|o| self.is(o)) {
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.product()?));
        }
        Ok(e)
    }

    fn product(&mut self) -> Res<Expr> {
        let mut e = self.power()?;
        while let Some(op) = ["*", "/", "%"].into_iter().find(|o| self.is(o)) {
            self.joined()?;
            self.at += 1;
            e = Expr::Binary(op, Box::new(e), Box::new(self.power()?));
        }
        Ok(e)
    }

    fn power(&mut self) -> Res<Expr> {
        let e = self.unary()?;
        if self.take("^") {
            return Ok(Expr::Binary("^", Box::new(e), Box::new(self.deeper(Self::power)?)));
        }
        Ok(e)
    }

    fn unary(&mut self) -> Res<Expr> {
        if self.take("-") {
            return Ok(Expr::Neg(Box::new(self.deeper(Self::unary)?)));
        }
        for (op, by) in [("++", 1), ("--", -1)] {
            if self.take(op) {
                let Expr::Place(p) = self.primary()? else { return self.wrong() };
                return Ok(Expr::Step(by, true, p));
            }
        }
        let e = self.primary()?;
        let Expr::Place(p) = e else { return Ok(e) };
        for (op, by) in [("++", 1), ("--", -1)] {
            if self.take(op) {
                return Ok(Expr::Step(by, false, p));
            }
        }
        for (op, name) in [("=", ""), ("+=", "+"), ("-=", "-"), ("*=", "*"), ("/=", "/"), ("%=", "%"), ("^=", "^")] {
            if self.take(op) {
                return Ok(Expr::Assign(name, p, Box::new(self.deeper(Self::sum)?)));
            }
        }
        Ok(Expr::Place(p))
    }

    fn primary(&mut self) -> Res<Expr> {
        let Some(tok) = self.peek().cloned() else { return self.wrong() };
        match tok {
            Tok::Num(n) => {
                self.at += 1;
                Ok(Expr::Number(n))
            }
            Tok::Op(".") => {
                self.at += 1;
                Ok(Expr::Last)
            }
            Tok::Op("(") => {
                self.at += 1;
                let e = self.expr()?;
                self.want(")")?;
                // What stands in parentheses is a value, which is printed even if it assigns.
                Ok(match e {
                    Expr::Place(_) | Expr::Assign(..) => {
                        Expr::Binary("+", Box::new(e), Box::new(Expr::Number("0".to_owned())))
                    }
                    e => e,
                })
            }
            Tok::Name(name) => {
                self.at += 1;
                if self.take("(") {
                    let mut args = Vec::new();
                    while !self.take(")") {
                        let array = match (self.peek(), self.toks.get(self.at + 1), self.toks.get(self.at + 2)) {
                            (Some(Tok::Name(n)), Some((Tok::Op("["), _)), Some((Tok::Op("]"), _))) => Some(n.clone()),
                            _ => None,
                        };
                        match array {
                            Some(n) => {
                                self.at += 3;
                                args.push(Arg::Array(n));
                            }
                            None => args.push(Arg::Value(self.expr()?)),
                        }
                        if !self.take(",") && !self.is(")") {
                            return self.wrong();
                        }
                    }
                    return Ok(Expr::Call(name, args));
                }
                if self.take("[") {
                    let index = self.expr()?;
                    self.want("]")?;
                    return Ok(Expr::Place(Place::Element(name, Box::new(index))));
                }
                Ok(match name.as_str() {
                    "scale" => Expr::Place(Place::Special("scale")),
                    "ibase" => Expr::Place(Place::Special("ibase")),
                    "obase" => Expr::Place(Place::Special("obase")),
                    "last" => Expr::Last,
                    "if" | "while" | "for" | "define" | "print" | "return" | "else" | "auto" => return self.wrong(),
                    _ => Expr::Place(Place::Var(name)),
                })
            }
            _ => self.wrong(),
        }
    }
}
