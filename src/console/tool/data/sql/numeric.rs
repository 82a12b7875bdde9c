//! Quotients of `numeric` as the server computes them: exact, to as many places as it chooses.

use super::function::{failure, text};
use super::translate::{Names, folded, parse};
use super::value::Ty;
use super::{PgError, translate};
use num_bigint::{BigInt, Sign};
use num_traits::Zero as _;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Result};
use sqlparser::ast::{BinaryOperator, Expr, OrderByKind, Query, SelectItem, SetExpr, Value};

/// A number with its places behind the point.
struct Decimal {
    digits: BigInt,
    places: usize,
}

impl Decimal {
    fn read(text: &str, places: usize) -> Option<Decimal> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let part: String = part.chars().chain(std::iter::repeat('0')).take(places).collect();
        Some(Decimal { digits: format!("{whole}{part}").parse().ok()?, places })
    }

    /// The place of its first digit and that digit, to the base of ten thousand.
    fn head(&self) -> (i64, u32) {
        if self.digits.is_zero() {
            return (0, 0);
        }
        let text = self.digits.magnitude().to_string();
        let text = format!("{text:0>width$}", width = self.places + 1);
        let (whole, part) = text.split_at(text.len() - self.places);
        let whole = whole.trim_start_matches('0');
        if !whole.is_empty() {
            let weight = (whole.len() - 1) / 4;
            let first = whole.get(..whole.len() - 4 * weight).and_then(|d| d.parse().ok()).unwrap_or(0);
            return (i64::try_from(weight).unwrap_or(0), first);
        }
        let part: Vec<char> = part.chars().collect();
        for (i, four) in part.chunks(4).enumerate() {
            let digit: String = four.iter().chain(std::iter::repeat(&'0')).take(4).collect();
            if let Some(first) = digit.parse::<u32>().ok().filter(|d| *d > 0) {
                return (-(i64::try_from(i).unwrap_or(0) + 1), first);
            }
        }
        (0, 0)
    }
}

/// `a / b`; `None` where the divisor is nothing.
fn quotient(a: &Decimal, b: &Decimal) -> Option<String> {
    if b.digits.is_zero() {
        return None;
    }
    let ((weight, first), (below, under)) = (a.head(), b.head());
    let weight = weight - below - i64::from(first <= under);
    let places = (16 - 4 * weight).max(a.places as i64).max(b.places as i64).clamp(0, 1000) as usize;
    let ten = |n: usize| BigInt::from(10u8).pow(u32::try_from(n).unwrap_or(0));
    let (over, under) = (&a.digits * ten(places + b.places), &b.digits * ten(a.places));
    let negative = (over.sign() == Sign::Minus) != (under.sign() == Sign::Minus);
    let (over, under) = (BigInt::from(over.magnitude().clone()), BigInt::from(under.magnitude().clone()));
    // Half a unit more is rounded away from nothing.
    let digits: BigInt = (&over * 2u8 + &under) / (&under * 2u8);
    let sign = if negative && !digits.is_zero() { "-" } else { "" };
    let text = format!("{digits:0>width$}", digits = digits.to_string(), width = places + 1);
    let (whole, part) = text.split_at(text.len() - places);
    Some(if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

/// Adds the quotient to a connection.
pub(super) fn register(db: &Connection, flags: FunctionFlags) -> Result<()> {
    db.create_scalar_function("pg_quotient", 4, flags, |c| {
        let (Some(a), Some(b)) = (text(c, 0)?, text(c, 1)?) else { return Ok(None) };
        let (p, q): (usize, usize) = (c.get::<u32>(2)? as usize, c.get::<u32>(3)? as usize);
        let (Some(a), Some(b)) = (Decimal::read(&a, p), Decimal::read(&b, q)) else {
            return Err(failure("invalid input syntax for type numeric"));
        };
        quotient(&a, &b).map(Some).ok_or_else(|| failure("division by zero"))
    })
}

/// A quotient or a mean at the top of an output, in its exact form.
fn exact(e: &Expr, names: &Names) -> std::result::Result<Option<Expr>, PgError> {
    let places = |ty: Option<Ty>| match ty {
        Some(Ty::Int) => Some(0),
        Some(Ty::Numeric(p)) => Some(p),
        _ => None,
    };
    match e {
        Expr::Nested(inner) => exact(inner, names),
        Expr::BinaryOp { left, op: BinaryOperator::Divide, right } => {
            let (Some(p), Some(q)) = (places(names.ty(left)), places(names.ty(right))) else { return Ok(None) };
            let whole = names.ty(left) == Some(Ty::Int) && names.ty(right) == Some(Ty::Int);
            if whole {
                return Ok(None);
            }
            parse(&format!("pg_quotient({left}, {right}, {p}, {q})")).map(Some)
        }
        Expr::Function(f) if translate::last(&f.name) == "avg" => {
            let arguments = translate::arguments(f);
            let [one] = arguments.as_slice() else { return Ok(None) };
            if names.ty(one) != Some(Ty::Int) {
                return Ok(None);
            }
            let text = e.to_string();
            let Some(rest) = text.find('(').and_then(|at| text.get(at..)) else { return Ok(None) };
            parse(&format!("pg_quotient(sum{rest}, count{rest}, 0, 0)")).map(Some)
        }
        _ => Ok(None),
    }
}

/// Makes the quotients among the outputs of a query exact; what is in order of one stays in order of its size.
pub(super) fn outputs(query: &mut Query, names: &Names) -> std::result::Result<(), PgError> {
    let SetExpr::Select(select) = &mut *query.body else { return Ok(()) };
    let mut changed: Vec<(usize, Option<String>, Expr)> = Vec::new();
    for (at, item) in select.projection.iter_mut().enumerate() {
        let (e, name) = match item {
            SelectItem::UnnamedExpr(e) => (e, None),
            SelectItem::ExprWithAlias { expr, alias } => (expr, Some(folded(alias))),
            _ => continue,
        };
        if let Some(new) = exact(e, names)? {
            let name = name.or_else(|| matches!(e, Expr::Function(_)).then(|| "avg".to_owned()));
            changed.push((at + 1, name, std::mem::replace(e, new)));
        }
    }
    let Some(OrderByKind::Expressions(order)) = query.order_by.as_mut().map(|o| &mut o.kind) else { return Ok(()) };
    for o in order {
        let named = |(at, name, _): &&(usize, Option<String>, Expr)| match &o.expr {
            Expr::Value(v) => matches!(&v.value, Value::Number(n, _) if n.parse() == Ok(*at)),
            Expr::Identifier(i) => name.as_ref() == Some(&folded(i)),
            _ => false,
        };
        if let Some((_, _, was)) = changed.iter().find(named) {
            o.expr = parse(&format!("CAST({was} AS double precision)"))?;
        }
    }
    Ok(())
}
