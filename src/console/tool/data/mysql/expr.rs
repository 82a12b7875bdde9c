//! Expressions of a statement in the engine's syntax, with their types.

use super::error::MyError;
use super::kind::{Kind, Ty, leading, parse_moment};
use super::translate::{NOTHING, Said, Work, body_of, key};
use sqlparser::ast::{BinaryOperator as B, CaseWhen, CastKind, DataType, Expr, Interval, UnaryOperator, Value};

const INT: Ty = Ty::Int;

/// A text for the engine.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text of a literal.
pub(super) fn string(e: &Expr) -> Option<String> {
    match e {
        Expr::Value(v) => match &v.value {
            Value::SingleQuotedString(s) | Value::DoubleQuotedString(s) => Some(s.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A value as a text.
pub(super) fn as_text(sql: &str, kind: Kind) -> String {
    match kind.ty {
        Ty::Text | Ty::Null => sql.to_owned(),
        Ty::Moment => format!("my_text({sql}, 0)"),
        Ty::Date => format!("my_text({sql}, 1)"),
        Ty::Decimal(p) => format!("my_decimal({sql}, {p})"),
        Ty::Int | Ty::Double => format!("CAST({sql} AS TEXT)"),
    }
}

/// A value as a number.
pub(super) fn as_number(sql: &str, kind: Kind) -> String {
    match kind.ty {
        Ty::Text => format!("my_number({sql})"),
        Ty::Moment | Ty::Date => format!("my_digits({sql})"),
        _ => sql.to_owned(),
    }
}

/// A value as a moment.
pub(super) fn as_moment(sql: &str, kind: Kind) -> String {
    match kind.ty {
        Ty::Moment | Ty::Date => sql.to_owned(),
        _ => format!("my_moment({sql})"),
    }
}

/// The unit of an interval, and how many of it.
pub(super) fn unit(i: &Interval) -> Said<(&'static str, &Expr)> {
    let field = i.leading_field.as_ref().map(ToString::to_string).unwrap_or_default();
    field_of(&field).map(|u| (u, &*i.value))
}

pub(super) fn field_of(word: &str) -> Said<&'static str> {
    const UNITS: [&str; 9] = ["MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
    let known = UNITS.into_iter().find(|u| u.eq_ignore_ascii_case(word.trim()));
    known.ok_or_else(|| MyError::missing(format!("the unit {word}")))
}

impl Work<'_> {
    /// An expression and its type.
    pub fn expr(&mut self, e: &Expr) -> Said<(String, Kind)> {
        let grouped = self.groups.contains(&key(e)) && !matches!(e, Expr::Value(_));
        self.within += usize::from(grouped);
        let made = self.one(e);
        self.within -= usize::from(grouped);
        made
    }

    fn one(&mut self, e: &Expr) -> Said<(String, Kind)> {
        let not = |negated: bool| if negated { "NOT " } else { "" };
        Ok(match e {
            Expr::Value(v) => value(&v.value)?,
            Expr::Identifier(i) => match (i.value.strip_prefix("@@"), i.value.to_lowercase().as_str()) {
                (Some(name), _) => self.variable(name)?,
                (None, _) if i.value.starts_with('@') => ("NULL".to_owned(), NOTHING),
                (None, "current_timestamp" | "localtime" | "localtimestamp") => self.call("now", &[])?,
                (None, "current_date") => self.call("curdate", &[])?,
                (None, "current_user") => self.call("current_user", &[])?,
                _ => self.column(None, &i.value)?,
            },
            Expr::CompoundIdentifier(list) => {
                let names: Vec<&str> = list.iter().map(|i| i.value.as_str()).collect();
                match names.as_slice() {
                    [scope, name] if scope.starts_with("@@") => {
                        let scope = scope.trim_start_matches('@').to_lowercase();
                        if !matches!(scope.as_str(), "global" | "session" | "local") {
                            return Err(unknown_variable(name));
                        }
                        self.variable(name)?
                    }
                    [table, name] | [_, table, name] => self.column(Some(table), name)?,
                    _ => return Err(MyError::syntax(&e.to_string(), 0)),
                }
            }
            Expr::Nested(inner) => {
                let (sql, kind) = self.expr(inner)?;
                (format!("({sql})"), kind)
            }
            Expr::UnaryOp { op, expr } => {
                let (sql, kind) = self.expr(expr)?;
                match op {
                    UnaryOperator::Minus => (format!("-{}", as_number(&sql, kind)), numeric(kind)),
                    UnaryOperator::Plus => (sql, kind),
                    UnaryOperator::Not | UnaryOperator::BangNot => {
                        (format!("(NOT {})", as_number(&sql, kind)), Kind::new(INT, kind.null))
                    }
                    other => return Err(MyError::missing(format!("operator {other}"))),
                }
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right)?,
            Expr::IsNull(inner) => (format!("({} IS NULL)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::IsNotNull(inner) => (format!("({} IS NOT NULL)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::IsTrue(inner) => (format!("({} IS TRUE)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::IsFalse(inner) => (format!("({} IS FALSE)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::IsNotTrue(inner) => (format!("({} IS NOT TRUE)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::IsNotFalse(inner) => (format!("({} IS NOT FALSE)", self.expr(inner)?.0), Kind::new(INT, false)),
            Expr::Between { expr, negated, low, high } => {
                let low = self.compared(expr, ">=", low)?;
                let high = self.compared(expr, "<=", high)?;
                let null = low.1.null || high.1.null;
                (format!("({}({} AND {}))", not(*negated), low.0, high.0), Kind::new(INT, null))
            }
            Expr::InList { expr, list, negated } => {
                let mut made = Vec::new();
                let mut null = false;
                for other in list {
                    let (sql, kind) = self.compared(expr, "=", other)?;
                    null |= kind.null;
                    made.push(sql);
                }
                (format!("({}({}))", not(*negated), made.join(" OR ")), Kind::new(INT, null))
            }
            Expr::InSubquery { expr, subquery, negated } => {
                let (sql, kind) = self.expr(expr)?;
                let (below, columns) = self.query(subquery)?;
                if columns.len() != 1 {
                    return Err(MyError::new(1241, "21000", "Operand should contain 1 column(s)"));
                }
                (format!("({sql} COLLATE NOCASE {}IN ({below}))", not(*negated)), Kind::new(INT, kind.null))
            }
            Expr::Exists { subquery, negated } => {
                let (below, _) = self.query(subquery)?;
                (format!("({}EXISTS ({below}))", not(*negated)), Kind::new(INT, false))
            }
            Expr::Subquery(q) => {
                let (below, columns) = self.query(q)?;
                let [one] = columns.as_slice() else {
                    return Err(MyError::new(1241, "21000", "Operand should contain 1 column(s)"));
                };
                // Without a table there is always a row.
                let rows = body_of(&q.body).is_none_or(|s| !s.from.is_empty() || s.selection.is_some());
                (format!("({below})"), Kind::new(one.kind.ty, one.kind.null || rows))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let (a, ka) = self.expr(expr)?;
                let (b, kb) = self.expr(pattern)?;
                let by =
                    escape_char.as_ref().map_or_else(|| "\\".to_owned(), |v| v.to_string().trim_matches('\'').into());
                let text =
                    format!("({} {}LIKE {} ESCAPE {})", as_text(&a, ka), not(*negated), as_text(&b, kb), literal(&by));
                (text, Kind::new(INT, ka.null || kb.null))
            }
            Expr::RLike { negated, expr, pattern, .. } => {
                let (a, ka) = self.expr(expr)?;
                let (b, kb) = self.expr(pattern)?;
                let text = format!("({}my_match({}, {b}))", not(*negated), as_text(&a, ka));
                (text, Kind::new(INT, ka.null || kb.null))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())?
            }
            Expr::Cast { kind: CastKind::Cast, expr, data_type, .. } => self.cast(expr, data_type)?,
            Expr::Convert { expr, data_type: Some(data_type), .. } => self.cast(expr, data_type)?,
            Expr::Extract { field, expr, .. } => self.part(&field.to_string(), expr)?,
            Expr::Ceil { expr, .. } => self.call("ceil", std::slice::from_ref(&**expr))?,
            Expr::Floor { expr, .. } => self.call("floor", std::slice::from_ref(&**expr))?,
            Expr::Position { expr, r#in } => self.call("locate", &[(**expr).clone(), (**r#in).clone()])?,
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let from = substring_from.as_deref().cloned();
                let more = [from, substring_for.as_deref().cloned()];
                let args: Vec<Expr> = std::iter::once((**expr).clone()).chain(more.into_iter().flatten()).collect();
                self.call("substr", &args)?
            }
            Expr::Trim { expr, trim_where: None, trim_what: None, .. } => {
                self.call("trim", std::slice::from_ref(&**expr))?
            }
            Expr::Collate { expr, .. } => self.expr(expr)?,
            Expr::TypedString(t) => {
                let text = t.value.value.clone().into_string().unwrap_or_default();
                let ty = if matches!(t.data_type, DataType::Date) { Ty::Date } else { Ty::Moment };
                let us = parse_moment(&text)
                    .ok_or_else(|| MyError::new(1525, "HY000", format!("Incorrect {} value: '{text}'", t.data_type)))?;
                (us.to_string(), Kind::new(ty, false))
            }
            Expr::Function(f) => self.function(f)?,
            Expr::Interval(_) => return Err(MyError::syntax(&e.to_string(), 0)),
            Expr::Tuple(_) => return Err(MyError::new(1241, "21000", "Operand should contain 1 column(s)")),
            other => return Err(MyError::missing(other.to_string())),
        })
    }

    fn variable(&self, name: &str) -> Said<(String, Kind)> {
        let bare = name.strip_prefix("global.").or_else(|| name.strip_prefix("session.")).unwrap_or(name);
        let value = self.names.variable(bare)?;
        Ok(match (value.parse::<i64>(), value.as_str()) {
            (Ok(n), _) => (n.to_string(), Kind::new(INT, false)),
            (_, "ON") => ("1".to_owned(), Kind::new(INT, false)),
            (_, "OFF") => ("0".to_owned(), Kind::new(INT, false)),
            _ => (literal(&value), Kind::new(Ty::Text, true)),
        })
    }

    /// Two values beside a comparison, made comparable as the server does.
    pub fn compared(&mut self, left: &Expr, op: &str, right: &Expr) -> Said<(String, Kind)> {
        let (a, ka) = self.expr(left)?;
        let (b, kb) = self.expr(right)?;
        let null = if op == "IS" { false } else { ka.null || kb.null };
        let time = |k: Kind| matches!(k.ty, Ty::Moment | Ty::Date);
        let (a, b) = match (ka, kb) {
            (x, y) if time(x) && y.ty == Ty::Text => (a, self.moment(right, &b)?),
            (x, y) if x.ty == Ty::Text && time(y) => (self.moment(left, &a)?, b),
            (x, y) if x.ty == Ty::Text && y.number() => (as_number(&a, x), b),
            (x, y) if x.number() && y.ty == Ty::Text => {
                let text = string(right).map(|t| leading(&t).to_string());
                (a, text.unwrap_or_else(|| as_number(&b, y)))
            }
            (x, y) if time(x) && y.number() => (as_number(&a, x), b),
            (x, y) if x.number() && time(y) => (a, as_number(&b, y)),
            _ => (format!("{a} COLLATE NOCASE"), b),
        };
        Ok((format!("({a} {op} {b})"), Kind::new(INT, null)))
    }

    /// A text beside a moment is one.
    fn moment(&self, e: &Expr, sql: &str) -> Said<String> {
        match string(e) {
            Some(text) => parse_moment(&text)
                .map(|us| us.to_string())
                .ok_or_else(|| MyError::new(1525, "HY000", format!("Incorrect DATETIME value: '{text}'"))),
            None => Ok(format!("my_moment({sql})")),
        }
    }

    fn binary(&mut self, left: &Expr, op: &B, right: &Expr) -> Said<(String, Kind)> {
        let comparison = match op {
            B::Eq => "=",
            B::NotEq => "<>",
            B::Lt => "<",
            B::LtEq => "<=",
            B::Gt => ">",
            B::GtEq => ">=",
            B::Spaceship => "IS",
            _ => "",
        };
        if !comparison.is_empty() {
            return self.compared(left, comparison, right);
        }
        if let (B::Plus | B::Minus, Expr::Interval(i)) = (op, right) {
            return self.shifted(left, i, *op == B::Minus);
        }
        if let (B::Plus, Expr::Interval(i)) = (op, left) {
            return self.shifted(right, i, false);
        }
        let (a, ka) = self.expr(left)?;
        let (b, kb) = self.expr(right)?;
        let (a, b) = (as_number(&a, ka), as_number(&b, kb));
        let (ka, kb) = (numeric(ka), numeric(kb));
        let null = ka.null || kb.null;
        let places = |f: fn(u8, u8) -> u8| match (ka.places(), kb.places()) {
            (Some(p), Some(q)) if (ka.ty, kb.ty) == (INT, INT) => {
                if f(p, q) == 0 {
                    INT
                } else {
                    Ty::Decimal(f(p, q))
                }
            }
            (Some(p), Some(q)) => Ty::Decimal(f(p, q).min(30)),
            _ => Ty::Double,
        };
        Ok(match op {
            B::Plus => (format!("({a} + {b})"), Kind::new(places(u8::max), null)),
            B::Minus => (format!("({a} - {b})"), Kind::new(places(u8::max), null)),
            B::Multiply => (format!("({a} * {b})"), Kind::new(places(u8::saturating_add), null)),
            B::Divide => {
                let ty = match (ka.places(), kb.places()) {
                    (Some(p), Some(_)) => Ty::Decimal((p + 4).min(30)),
                    _ => Ty::Double,
                };
                (format!("(CAST({a} AS REAL) / NULLIF({b}, 0))"), Kind::new(ty, true))
            }
            B::MyIntegerDivide => {
                (format!("CAST(CAST({a} AS REAL) / NULLIF({b}, 0) AS INTEGER)"), Kind::new(INT, true))
            }
            B::Modulo => (format!("my_mod({a}, {b})"), Kind::new(places(u8::max), true)),
            B::And | B::PGOverlap => (format!("({a} AND {b})"), Kind::new(INT, null)),
            B::Or | B::StringConcat => (format!("({a} OR {b})"), Kind::new(INT, null)),
            B::Xor => (format!("(({a} <> 0) <> ({b} <> 0))"), Kind::new(INT, null)),
            B::BitwiseAnd => (format!("({a} & {b})"), Kind::new(INT, null)),
            B::BitwiseOr => (format!("({a} | {b})"), Kind::new(INT, null)),
            B::PGBitwiseShiftLeft => (format!("({a} << {b})"), Kind::new(INT, null)),
            B::PGBitwiseShiftRight => (format!("({a} >> {b})"), Kind::new(INT, null)),
            other => return Err(MyError::missing(format!("operator {other}"))),
        })
    }

    /// A moment so much earlier or later.
    pub fn shifted(&mut self, at: &Expr, by: &Interval, back: bool) -> Said<(String, Kind)> {
        let (unit, n) = unit(by)?;
        let (sql, kind) = self.expr(at)?;
        let (n, kn) = self.expr(n)?;
        let n = as_number(&n, kn);
        let sign = if back { "-" } else { "" };
        // A date stays one as long as whole days are added.
        let whole = matches!(unit, "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR");
        let text = kind.ty == Ty::Text;
        let ty = if kind.ty == Ty::Date && whole { Ty::Date } else { Ty::Moment };
        let made = format!("my_shift({}, {sign}({n}), '{unit}')", as_moment(&sql, kind));
        let short = text && whole && string(at).is_some_and(|t| t.len() <= 10);
        Ok((made, Kind::new(if short { Ty::Date } else { ty }, true)))
    }

    fn case(&mut self, operand: Option<&Expr>, whens: &[CaseWhen], other: Option<&Expr>) -> Said<(String, Kind)> {
        let mut sql = "CASE".to_owned();
        let mut kind = Kind::new(Ty::Null, false);
        for w in whens {
            let condition = match operand {
                Some(o) => self.compared(o, "=", &w.condition)?.0,
                None => self.expr(&w.condition)?.0,
            };
            let (then, k) = self.expr(&w.result)?;
            kind = kind.either(k);
            sql.push_str(&format!(" WHEN {condition} THEN {then}"));
        }
        match other {
            Some(o) => {
                let (then, k) = self.expr(o)?;
                kind = kind.either(k);
                sql.push_str(&format!(" ELSE {then}"));
            }
            None => kind.null = true,
        }
        Ok((format!("({sql} END)"), kind))
    }

    fn cast(&mut self, e: &Expr, to: &DataType) -> Said<(String, Kind)> {
        let (sql, kind) = self.expr(e)?;
        let name = to.to_string().to_lowercase();
        let base = name.split(['(', ' ']).next().unwrap_or_default();
        Ok(match base {
            "signed" | "unsigned" | "int" | "integer" | "bigint" => {
                (format!("CAST(round({}) AS INTEGER)", as_number(&sql, kind)), Kind::new(INT, kind.null))
            }
            "decimal" | "numeric" => {
                let places = name.split_once(',').and_then(|(_, p)| p.trim_end_matches(')').trim().parse().ok());
                (as_number(&sql, kind), Kind::new(Ty::Decimal(places.unwrap_or(0)), kind.null))
            }
            "double" | "float" | "real" => {
                (format!("CAST({} AS REAL)", as_number(&sql, kind)), Kind::new(Ty::Double, kind.null))
            }
            "char" | "varchar" | "text" | "nchar" => (as_text(&sql, kind), Kind::new(Ty::Text, kind.null)),
            "datetime" | "timestamp" => (as_moment(&sql, kind), Kind::new(Ty::Moment, true)),
            "date" => (format!("my_day({})", as_moment(&sql, kind)), Kind::new(Ty::Date, true)),
            _ => return Err(MyError::missing(format!("CAST AS {}", name.to_uppercase()))),
        })
    }

    /// A field of a moment.
    pub fn part(&mut self, field: &str, e: &Expr) -> Said<(String, Kind)> {
        let field = field_of(field)?;
        let (sql, kind) = self.expr(e)?;
        Ok((format!("my_part('{field}', {})", as_moment(&sql, kind)), Kind::new(INT, true)))
    }
}

/// Fields named by functions of their own: `HOUR(x)`.
pub(super) fn field_function(name: &str) -> Option<&'static str> {
    match name {
        "dayofmonth" => Some("DAY"),
        "second" | "minute" | "hour" | "day" | "month" | "quarter" | "year" | "microsecond" => field_of(name).ok(),
        _ => None,
    }
}

/// What a value is in a sum.
fn numeric(kind: Kind) -> Kind {
    match kind.ty {
        Ty::Text => Kind::new(Ty::Double, kind.null),
        Ty::Moment | Ty::Date => Kind::new(INT, kind.null),
        _ => kind,
    }
}

pub(super) fn unknown_variable(name: &str) -> MyError {
    MyError::new(1193, "HY000", format!("Unknown system variable '{name}'"))
}

fn value(v: &Value) -> Said<(String, Kind)> {
    Ok(match v {
        Value::Number(n, _) => {
            let ty = match n.split_once('.') {
                _ if n.contains(['e', 'E']) => Ty::Double,
                Some((_, part)) => Ty::Decimal(part.len().min(30) as u8),
                None => INT,
            };
            (n.clone(), Kind::new(ty, false))
        }
        Value::SingleQuotedString(s) | Value::DoubleQuotedString(s) => (literal(s), Kind::new(Ty::Text, false)),
        Value::Boolean(b) => (u8::from(*b).to_string(), Kind::new(INT, false)),
        Value::Null => ("NULL".to_owned(), NOTHING),
        other => return Err(MyError::missing(other.to_string())),
    })
}

/// The field of a word that a call names bare: `TIMESTAMPDIFF(MINUTE, …)`.
pub(super) fn word(e: &Expr) -> Option<String> {
    match e {
        Expr::Identifier(i) => Some(i.value.clone()),
        _ => None,
    }
}
