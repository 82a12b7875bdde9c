//! An awk program as a tree.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Num(f64),
    Str(String),
    /// A pattern; alone it is matched with the record.
    Regex(String),
    Var(String),
    Field(Box<Expr>),
    Index(String, Vec<Expr>),
    Assign(&'static str, Box<Expr>, Box<Expr>),
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    In(Vec<Expr>, String),
    Match(bool, Box<Expr>, Box<Expr>),
    /// `+ - * / % ^ < <= == != > >=`, and a blank for concatenation.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Unary(char, Box<Expr>),
    /// By how much, whether the new value is the result, what.
    Step(f64, bool, Box<Expr>),
    Group(Box<Expr>),
    /// `(a, b)` before `in` or as print's arguments.
    List(Vec<Expr>),
    Call(String, Vec<Expr>),
    Builtin(String, Vec<Expr>),
    Getline(From, Option<Box<Expr>>, Option<Box<Expr>>),
}

/// Where `getline` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Main,
    File,
    Command,
}

/// Where `print` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    File,
    Append,
    Command,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stmt {
    Expr(Expr),
    /// `printf` if true.
    Print(bool, Vec<Expr>, Option<(To, Expr)>),
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    While(Expr, Box<Stmt>),
    Do(Box<Stmt>, Expr),
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Box<Stmt>),
    ForIn(String, String, Box<Stmt>),
    Block(Vec<Stmt>),
    Next,
    NextFile,
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Break,
    Continue,
    Delete(String, Option<Vec<Expr>>),
}

/// What an action waits for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pattern {
    Begin,
    End,
    Always,
    When(Expr),
    Range(Expr, Expr),
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Func {
    pub name: String,
    pub params: Vec<String>,
    pub body: Stmt,
}

/// A program.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree {
    pub items: Vec<(Pattern, Option<Stmt>)>,
    pub functions: Vec<Func>,
}
