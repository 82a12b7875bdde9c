//! Which names of an awk program are arrays: a function's parameter is one if its body uses it as one, or passes it on.

use super::ast::{Expr, Pattern, Stmt, Tree};

/// Fills in for each function which of its parameters are arrays.
pub(super) fn infer(tree: &Tree, arrays: &mut [Vec<bool>]) {
    loop {
        let mut changed = false;
        for (at, f) in tree.functions.iter().enumerate() {
            for (i, p) in f.params.iter().enumerate() {
                let known = arrays.get(at).and_then(|a| a.get(i)).copied().unwrap_or(true);
                if !known && in_stmt(&f.body, &|e| as_array(tree, arrays, e, p), &|s| stmt_array(s, p)) {
                    if let Some(slot) = arrays.get_mut(at).and_then(|a| a.get_mut(i)) {
                        *slot = true;
                    }
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// Whether a name is used as an array, in the function with these parameters or in the whole program.
pub(super) fn used(tree: &Tree, arrays: &[Vec<bool>], name: &str, params: &[String]) -> bool {
    if let Some(i) = params.iter().position(|p| p == name) {
        let at = tree.functions.iter().position(|f| f.params == params);
        return at.and_then(|a| arrays.get(a)).and_then(|a| a.get(i)).copied().unwrap_or(false);
    }
    if matches!(name, "ENVIRON" | "ARGV") {
        return true;
    }
    let expr = |e: &Expr| as_array(tree, arrays, e, name);
    let stmt = |s: &Stmt| stmt_array(s, name);
    let items = tree.items.iter().any(|(p, s)| {
        let pattern = match p {
            Pattern::When(e) => in_expr(e, &expr),
            Pattern::Range(a, b) => in_expr(a, &expr) || in_expr(b, &expr),
            _ => false,
        };
        pattern || s.as_ref().is_some_and(|s| in_stmt(s, &expr, &stmt))
    });
    items || tree.functions.iter().any(|f| !f.params.iter().any(|p| p == name) && in_stmt(&f.body, &expr, &stmt))
}

fn as_array(tree: &Tree, arrays: &[Vec<bool>], e: &Expr, name: &str) -> bool {
    let bare = |e: &Expr| matches!(e, Expr::Var(v) if v == name);
    match e {
        Expr::Index(n, _) | Expr::In(_, n) => n == name,
        Expr::Builtin(f, args) if f == "split" => args.get(1).is_some_and(bare),
        Expr::Builtin(f, args) if f == "asort" || f == "asorti" => args.iter().any(bare),
        Expr::Call(f, args) => {
            let at = tree.functions.iter().position(|x| x.name == *f);
            let flags = at.and_then(|a| arrays.get(a));
            args.iter().enumerate().any(|(i, a)| bare(a) && flags.and_then(|f| f.get(i)).copied().unwrap_or(false))
        }
        _ => false,
    }
}

fn stmt_array(s: &Stmt, name: &str) -> bool {
    match s {
        Stmt::ForIn(_, a, _) | Stmt::Delete(a, _) => a == name,
        _ => false,
    }
}

fn in_stmt(s: &Stmt, expr: &dyn Fn(&Expr) -> bool, stmt: &dyn Fn(&Stmt) -> bool) -> bool {
    let e = |x: &Expr| in_expr(x, expr);
    let go = |x: &Stmt| in_stmt(x, expr, stmt);
    stmt(s)
        || match s {
            Stmt::Expr(x) => e(x),
            Stmt::Print(_, args, to) => args.iter().any(e) || to.as_ref().is_some_and(|(_, t)| e(t)),
            Stmt::If(t, yes, no) => e(t) || go(yes) || no.as_deref().is_some_and(go),
            Stmt::While(t, b) | Stmt::Do(b, t) => e(t) || go(b),
            Stmt::For(a, t, n, b) => {
                a.as_deref().is_some_and(go) || t.as_ref().is_some_and(e) || n.as_deref().is_some_and(go) || go(b)
            }
            Stmt::ForIn(_, _, b) => go(b),
            Stmt::Block(all) => all.iter().any(go),
            Stmt::Exit(x) | Stmt::Return(x) => x.as_ref().is_some_and(e),
            Stmt::Delete(_, keys) => keys.as_ref().is_some_and(|k| k.iter().any(e)),
            Stmt::Next | Stmt::NextFile | Stmt::Break | Stmt::Continue => false,
        }
}

fn in_expr(e: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
    let go = |x: &Expr| in_expr(x, test);
    test(e)
        || match e {
            Expr::Num(_) | Expr::Str(_) | Expr::Regex(_) | Expr::Var(_) => false,
            Expr::Field(a) | Expr::Unary(_, a) | Expr::Step(_, _, a) | Expr::Group(a) => go(a),
            Expr::Index(_, all) | Expr::In(all, _) | Expr::List(all) | Expr::Call(_, all) | Expr::Builtin(_, all) => {
                all.iter().any(go)
            }
            Expr::Assign(_, a, b) | Expr::And(a, b) | Expr::Or(a, b) | Expr::Match(_, a, b) | Expr::Binary(_, a, b) => {
                go(a) || go(b)
            }
            Expr::Cond(a, b, c) => go(a) || go(b) || go(c),
            Expr::Getline(_, a, b) => a.as_deref().is_some_and(go) || b.as_deref().is_some_and(go),
        }
}
