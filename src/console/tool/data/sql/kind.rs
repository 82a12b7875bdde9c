//! Types of expressions, as far as they can be told without running them.

use super::translate::{Answers, FUNCTIONS, Names, arguments, body, folded, last};
use super::value::Ty;
use sqlparser::ast::{BinaryOperator, DataType, Expr, SelectItem, UnaryOperator, Value};

/// Places of a `numeric` that was not given any.
pub(super) const UNBOUND: u8 = u8::MAX;

/// The type that a cast names.
pub(super) fn cast_type(ty: &DataType) -> Option<Ty> {
    let name = ty.to_string().to_lowercase();
    let base = name.split('(').next().unwrap_or_default().trim();
    Some(match base {
        "int" | "integer" | "bigint" | "smallint" | "int4" | "int8" | "int2" | "oid" => Ty::Int,
        "numeric" | "decimal" => {
            let places = name.split_once(',').and_then(|(_, p)| p.trim_end_matches(')').trim().parse().ok());
            places.map_or(Ty::Numeric(UNBOUND), Ty::Numeric)
        }
        "float" | "float8" | "float4" | "real" | "double precision" | "double" => Ty::Float,
        "text" | "varchar" | "character varying" | "name" | "char" | "bpchar" | "regclass" | "inet" | "pg_lsn" => {
            Ty::Text
        }
        "bool" | "boolean" => Ty::Bool,
        "timestamptz" | "timestamp" | "timestamp with time zone" | "timestamp without time zone" => Ty::Moment,
        "interval" => Ty::Span,
        "xid" => Ty::Xid,
        "json" => Ty::Json,
        "jsonb" => Ty::Jsonb,
        _ => return None,
    })
}

impl Names {
    /// The type of an argument as an error tells it.
    pub fn told(&self, e: &Expr) -> &'static str {
        match e {
            Expr::Value(v) => match &v.value {
                Value::Number(n, _) if n.parse::<i32>().is_ok() => "integer",
                Value::SingleQuotedString(_) | Value::Null => "unknown",
                _ => self.ty(e).map_or("unknown", Ty::name),
            },
            e => self.ty(e).map_or("unknown", Ty::name),
        }
    }

    /// The type of an expression, if it can be told.
    pub fn ty(&self, e: &Expr) -> Option<Ty> {
        use BinaryOperator as B;
        match e {
            Expr::Identifier(i) if ["current_timestamp", "localtimestamp"].contains(&folded(i).as_str()) => {
                Some(Ty::Moment)
            }
            Expr::Identifier(i) => self.columns.get(&folded(i)).copied(),
            Expr::CompoundIdentifier(parts) => self.columns.get(&folded(parts.last()?)).copied(),
            Expr::Value(v) => match &v.value {
                Value::Number(n, _) => {
                    Some(n.split_once('.').map_or(Ty::Int, |(_, p)| Ty::Numeric(p.len().min(20) as u8)))
                }
                Value::Boolean(_) => Some(Ty::Bool),
                Value::Null => None,
                _ => Some(Ty::Text),
            },
            Expr::Nested(e) | Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr: e } => self.ty(e),
            Expr::UnaryOp { op: UnaryOperator::Not, .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::Between { .. }
            | Expr::InList { .. }
            | Expr::InSubquery { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::AnyOp { .. }
            | Expr::AllOp { .. }
            | Expr::Exists { .. } => Some(Ty::Bool),
            Expr::BinaryOp { left, op, right } => match op {
                B::Plus | B::Minus | B::Multiply | B::Divide | B::Modulo => match (self.ty(left), op, self.ty(right)) {
                    (Some(Ty::Moment), B::Minus, Some(Ty::Moment)) => Some(Ty::Span),
                    (Some(Ty::Moment), ..) | (_, _, Some(Ty::Moment)) => Some(Ty::Moment),
                    (Some(Ty::Span), ..) | (_, _, Some(Ty::Span)) => Some(Ty::Span),
                    (Some(Ty::Float), ..) | (_, _, Some(Ty::Float)) => Some(Ty::Float),
                    (Some(Ty::Numeric(a)), B::Multiply, Some(Ty::Numeric(b))) => Some(Ty::Numeric(a.saturating_add(b))),
                    (Some(Ty::Numeric(_)), B::Divide, _) | (_, B::Divide, Some(Ty::Numeric(_))) => {
                        Some(Ty::Numeric(16))
                    }
                    (Some(Ty::Numeric(a)), ..) | (_, _, Some(Ty::Numeric(a))) => Some(Ty::Numeric(a)),
                    _ => Some(Ty::Int),
                },
                B::StringConcat | B::LongArrow | B::HashLongArrow => Some(Ty::Text),
                B::Arrow | B::HashArrow => self.ty(left),
                B::PGExp => Some(Ty::Float),
                _ => Some(Ty::Bool),
            },
            Expr::Cast { data_type, expr, .. } => match (cast_type(data_type), self.ty(expr)) {
                // Without places it has those of what it is made of.
                (Some(Ty::Numeric(UNBOUND)), Some(Ty::Int)) => Some(Ty::Numeric(0)),
                (Some(Ty::Numeric(UNBOUND)), Some(Ty::Numeric(p))) => Some(Ty::Numeric(p)),
                (Some(Ty::Numeric(UNBOUND)), Some(Ty::Text)) => match &**expr {
                    Expr::Value(v) => {
                        let text = v.value.clone().into_string().unwrap_or_default();
                        Some(Ty::Numeric(text.split_once('.').map_or(0, |(_, p)| p.len().min(20) as u8)))
                    }
                    _ => Some(Ty::Float),
                },
                (Some(Ty::Numeric(UNBOUND)), _) => Some(Ty::Float),
                (ty, _) => ty,
            },
            Expr::Case { conditions, .. } => self.ty(&conditions.first()?.result),
            Expr::Interval(_) => Some(Ty::Span),
            Expr::TypedString(t) => cast_type(&t.data_type),
            Expr::Extract { field, .. } => Some(match field.to_string().to_lowercase().as_str() {
                "epoch" | "second" | "seconds" => Ty::Numeric(6),
                _ => Ty::Int,
            }),
            Expr::Ceil { .. } | Expr::Floor { .. } | Expr::Position { .. } => Some(Ty::Int),
            Expr::AtTimeZone { timestamp, .. } => self.ty(timestamp),
            Expr::Substring { .. } | Expr::Trim { .. } | Expr::Array(_) => Some(Ty::Text),
            Expr::Subquery(q) => match body(&q.body)?.projection.first()? {
                SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => self.ty(e),
                _ => None,
            },
            Expr::Function(f) => {
                let (name, args) = (last(&f.name), arguments(f));
                match (name.as_str(), args.as_slice()) {
                    // Its last argument says what it gives.
                    ("pg_json_get" | "pg_json_path", [.., how]) => {
                        let how = how.to_string();
                        return Some(match (how.contains('t'), how.contains('b')) {
                            (true, _) => Ty::Text,
                            (_, true) => Ty::Jsonb,
                            _ => Ty::Json,
                        });
                    }
                    ("age", [one]) if self.ty(one) == Some(Ty::Xid) => return Some(Ty::Int),
                    ("round", [_, places]) => {
                        return Some(Ty::Numeric(places.to_string().parse().unwrap_or(0)));
                    }
                    ("sum", [one]) if self.ty(one) == Some(Ty::Xid) => return Some(Ty::Int),
                    _ => {}
                }
                match FUNCTIONS.iter().find(|(n, ..)| *n == name)?.2 {
                    Answers::Is(ty) => Some(ty),
                    Answers::Same => self.ty(args.first()?),
                }
            }
            _ => None,
        }
    }
}
