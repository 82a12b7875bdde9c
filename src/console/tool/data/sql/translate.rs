//! From PostgreSQL's syntax to the embedded engine's: names and functions by a white list, casts, intervals, moments, order of nulls.

use super::PgError;
use super::array;
use super::distinct;
use super::grouping;
use super::json;
use super::kind::{UNBOUND, cast_type};
use super::numeric;
use super::source;
use super::value::{Ty, parse_moment, parse_span};
use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    ObjectNamePart, OrderByExpr, OrderByKind, Query, Select, SelectItem, SetExpr, TableFactor, Value, VisitMut,
    VisitorMut,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What a function answers.
#[derive(Clone, Copy)]
pub(super) enum Answers {
    /// This.
    Is(Ty),
    /// What its first argument is.
    Same,
}

/// Functions: as PostgreSQL names them, as the engine does, and what they answer.
#[rustfmt::skip]
pub(super) const FUNCTIONS: &[(&str, &str, Answers)] = {
    use Answers::{Is, Same};
    use Ty::{Bool, Float, Int, Moment, Numeric, Span, Text};
    &[
        ("abs", "abs", Same), ("avg", "avg", Is(Numeric(16))), ("bool_and", "min", Is(Bool)), ("bool_or", "max", Is(Bool)),
        ("btrim", "trim", Is(Text)), ("concat_ws", "pg_concat_ws", Is(Text)), ("ltrim", "ltrim", Is(Text)), ("rtrim", "rtrim", Is(Text)),
        ("lpad", "pg_lpad", Is(Text)), ("rpad", "pg_rpad", Is(Text)), ("repeat", "pg_repeat", Is(Text)), ("reverse", "pg_reverse", Is(Text)),
        ("regexp_replace", "pg_regexp_replace", Is(Text)), ("md5", "pg_md5", Is(Text)), ("trunc", "pg_cut", Is(Numeric(0))),
        ("date_part", "pg_part", Is(Float)), ("to_timestamp", "pg_from_epoch", Is(Moment)), ("power", "pg_power", Is(Float)), ("ceil", "pg_ceil", Is(Int)), ("ceiling", "pg_ceil", Is(Int)),
        ("char_length", "length", Is(Int)), ("clock_timestamp", "pg_now", Is(Moment)), ("coalesce", "coalesce", Same),
        ("concat", "pg_concat", Is(Text)), ("count", "count", Is(Int)), ("cume_dist", "cume_dist", Is(Float)),
        ("current_database", "pg_database_name", Is(Text)), ("current_role", "pg_role", Is(Text)),
        ("current_setting", "pg_setting", Is(Text)), ("current_timestamp", "pg_now", Is(Moment)),
        ("current_user", "pg_role", Is(Text)), ("date_trunc", "pg_trunc", Is(Moment)), ("dense_rank", "dense_rank", Is(Int)),
        ("every", "min", Is(Bool)), ("first_value", "first_value", Same), ("floor", "pg_floor", Is(Int)),
        ("greatest", "max", Same), ("inet_server_addr", "pg_address", Is(Text)), ("initcap", "pg_initcap", Is(Text)),
        ("lag", "lag", Same), ("last_value", "last_value", Same), ("lead", "lead", Same), ("least", "min", Same),
        ("left", "pg_left", Is(Text)), ("length", "length", Is(Int)), ("lower", "lower", Is(Text)), ("max", "max", Same),
        ("min", "min", Same), ("mod", "pg_mod", Is(Int)), ("now", "pg_now", Is(Moment)), ("ntile", "ntile", Is(Int)),
        ("nullif", "nullif", Same), ("octet_length", "length", Is(Int)), ("percent_rank", "percent_rank", Is(Float)),
        ("pg_backend_pid", "pg_backend_pid", Is(Int)), ("pg_blocking_pids", "pg_blocking_pids", Is(Text)),
        ("pg_cancel_backend", "pg_cancel", Is(Bool)), ("pg_current_wal_insert_lsn", "pg_lsn_written", Is(Text)),
        ("pg_current_wal_lsn", "pg_lsn_written", Is(Text)), ("pg_database_size", "pg_database_bytes", Is(Int)),
        ("pg_is_in_recovery", "pg_standby", Is(Bool)), ("pg_last_wal_receive_lsn", "pg_lsn_received", Is(Text)),
        ("pg_last_wal_replay_lsn", "pg_lsn_replayed", Is(Text)),
        ("pg_last_xact_replay_timestamp", "pg_replayed_at", Is(Moment)), ("pg_promote", "pg_promote", Is(Bool)),
        ("pg_relation_size", "pg_table_bytes", Is(Int)), ("pg_reload_conf", "pg_reload", Is(Bool)),
        ("pg_size_pretty", "pg_pretty", Is(Text)), ("pg_table_size", "pg_table_bytes", Is(Int)),
        ("pg_terminate_backend", "pg_terminate", Is(Bool)), ("pg_total_relation_size", "pg_table_bytes", Is(Int)),
        ("pg_wal_lsn_diff", "pg_lsn_diff", Is(Int)), ("rank", "rank", Is(Int)), ("replace", "replace", Is(Text)),
        ("right", "pg_right", Is(Text)), ("round", "round", Is(Numeric(0))), ("row_number", "row_number", Is(Int)),
        ("session_user", "pg_role", Is(Text)), ("split_part", "pg_split_part", Is(Text)),
        ("statement_timestamp", "pg_now", Is(Moment)), ("string_agg", "group_concat", Is(Text)),
        ("strpos", "instr", Is(Int)), ("substr", "substr", Is(Text)), ("sum", "sum", Same),
        ("transaction_timestamp", "pg_now", Is(Moment)), ("txid_current", "pg_xid", Is(Int)), ("upper", "upper", Is(Text)),
        ("user", "pg_role", Is(Text)), ("version", "pg_version", Is(Text)),
        // What the translation itself makes.
        ("pg_div", "pg_div", Same), ("pg_quotient", "pg_quotient", Is(Numeric(16))), ("pg_mod", "pg_mod", Is(Int)), ("pg_age", "pg_age", Is(Int)), ("pg_match", "pg_match", Is(Bool)), ("pg_part", "pg_part", Is(Numeric(6))),
        ("pg_to_char", "pg_to_char", Is(Text)), ("pg_text", "pg_text", Is(Text)), ("pg_power", "pg_power", Is(Float)), ("to_char", "pg_to_char", Is(Text)),
        ("age", "pg_since", Is(Span)),
        ("pg_json_get", "pg_json_get", Is(Text)), ("pg_json_path", "pg_json_path", Is(Text)), ("pg_json_holds", "pg_json_holds", Is(Bool)),
        ("json_array_length", "pg_json_length", Is(Int)), ("jsonb_array_length", "pg_json_length", Is(Int)),
        ("json_typeof", "pg_json_kind", Is(Text)), ("jsonb_typeof", "pg_json_kind", Is(Text)), ("pg_json_binary", "pg_json_binary", Is(Ty::Jsonb)), ("pg_json_plain", "pg_json_plain", Is(Ty::Json)),
    ]
};

/// A statement for the engine, and what its columns are called and are; a wild card leaves that to the engine.
pub(super) struct Translated {
    pub sql: String,
    pub columns: Option<Vec<(String, Option<Ty>)>>,
}

/// What is known by name.
pub(super) struct Names {
    /// Relations.
    pub relations: BTreeSet<String>,
    /// Types of columns, whatever their relation.
    pub columns: BTreeMap<String, Ty>,
}

/// Translates a query.
pub(super) fn query(query: &Query, names: &mut Names, statement: &str) -> Result<Translated, PgError> {
    let mut query = query.clone();
    let first = query.clone();
    distinct::all(&mut query, statement)?;
    source::gather(&query, names);
    let columns = match body(&first.body) {
        Some(select) => outputs(select, names),
        None => None,
    };
    numeric::outputs(&mut query, names)?;
    let mut work = Work { names, statement };
    match query.visit(&mut work) {
        ControlFlow::Continue(()) => Ok(Translated { sql: query.to_string(), columns }),
        ControlFlow::Break(e) => Err(*e),
    }
}

/// The select that names the columns of a query.
pub(super) fn body(e: &SetExpr) -> Option<&Select> {
    match e {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(q) => body(&q.body),
        SetExpr::SetOperation { left, .. } => body(left),
        _ => None,
    }
}

/// Columns of a select: what they are called, and their types.
pub(super) fn outputs(select: &Select, names: &Names) -> Option<Vec<(String, Option<Ty>)>> {
    select
        .projection
        .iter()
        .map(|item| match item {
            SelectItem::UnnamedExpr(e) => Some((title(e), names.ty(e))),
            SelectItem::ExprWithAlias { expr, alias } => Some((folded(alias), names.ty(expr))),
            _ => None,
        })
        .collect()
}

/// What PostgreSQL calls a column that has no name of its own.
fn title(e: &Expr) -> String {
    match e {
        Expr::Identifier(i) => folded(i),
        Expr::CompoundIdentifier(parts) => parts.last().map(folded).unwrap_or_default(),
        Expr::Function(f) => last(&f.name),
        Expr::Cast { expr, data_type, .. } => match title(expr) {
            t if t == "?column?" => data_type.to_string().to_lowercase(),
            t => t,
        },
        Expr::Case { else_result: Some(e), .. } if title(e) != "?column?" => title(e),
        Expr::Case { .. } => "case".to_owned(),
        Expr::Nested(e) => title(e),
        Expr::Extract { .. } => "extract".to_owned(),
        Expr::Exists { .. } => "exists".to_owned(),
        Expr::Interval(_) => "interval".to_owned(),
        Expr::Array(_) => "array".to_owned(),
        Expr::Subquery(q) => body(&q.body)
            .and_then(|s| s.projection.first())
            .map(|i| match i {
                SelectItem::UnnamedExpr(e) => title(e),
                SelectItem::ExprWithAlias { alias, .. } => folded(alias),
                _ => "?column?".to_owned(),
            })
            .unwrap_or_default(),
        Expr::Value(v) if matches!(v.value, Value::Boolean(_)) => "bool".to_owned(),
        Expr::Substring { .. } => "substring".to_owned(),
        Expr::Trim { .. } => "btrim".to_owned(),
        Expr::Position { .. } => "position".to_owned(),
        Expr::Ceil { .. } => "ceil".to_owned(),
        Expr::Floor { .. } => "floor".to_owned(),
        _ => "?column?".to_owned(),
    }
}

/// A name as the server folds it.
pub(super) fn folded(i: &Ident) -> String {
    if i.quote_style.is_some() { i.value.clone() } else { i.value.to_lowercase() }
}

pub(super) fn last(name: &ObjectName) -> String {
    match name.0.last() {
        Some(ObjectNamePart::Identifier(i)) => folded(i),
        _ => String::new(),
    }
}

/// Arguments of a call, as far as they are plain.
pub(super) fn arguments(f: &sqlparser::ast::Function) -> Vec<&Expr> {
    match &f.args {
        FunctionArguments::List(list) => list
            .args
            .iter()
            .filter_map(|a| match a {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => Some(e),
                _ => None,
            })
            .collect(),
        _ => vec![],
    }
}

struct Work<'a> {
    names: &'a Names,
    statement: &'a str,
}

pub(super) fn parse(text: &str) -> Result<Expr, PgError> {
    Parser::new(&PostgreSqlDialect {})
        .try_with_sql(text)
        .and_then(|mut p| p.parse_expr())
        .map_err(|_| PgError::new("this expression is not simulated"))
}

/// A refusal in the server's style of what is not simulated.
pub(super) fn missing(what: impl std::fmt::Display) -> PgError {
    PgError::new(format!("{what} is not implemented here")).hint("`man psql` lists what is not simulated.")
}

impl Work<'_> {
    fn relation(&self, name: &mut ObjectName) -> Result<(), PgError> {
        let parts: Vec<String> = name
            .0
            .iter()
            .map(|p| if let ObjectNamePart::Identifier(i) = p { folded(i) } else { String::new() })
            .collect();
        let written = parts.join(".");
        let known = match parts.as_slice() {
            [schema, table] if schema == "public" || schema == "pg_catalog" => table.clone(),
            [_, _] => written.clone(),
            [table] => table.clone(),
            _ => return Err(PgError::new(format!("improper qualified name (too many dotted names): {written}"))),
        };
        if !self.names.relations.contains(&known) {
            let last = parts.last().cloned().unwrap_or_default();
            let missing = format!("relation \"{written}\" does not exist");
            return Err(PgError::new(missing).pointing(self.statement, parts.first().unwrap_or(&last)));
        }
        name.0 = vec![ObjectNamePart::Identifier(Ident::with_quote('"', known))];
        Ok(())
    }

    fn function(&self, f: &mut sqlparser::ast::Function) -> Result<Option<Expr>, PgError> {
        let name = last(&f.name);
        let args: Vec<Expr> = arguments(f).into_iter().cloned().collect();
        if name == "random" || name == "gen_random_uuid" {
            return Err(missing(format!("function {name}()")).detail("Its answer would differ from run to run."));
        }
        let Some((_, engine, _)) = FUNCTIONS.iter().find(|(n, ..)| *n == name) else {
            let types: Vec<&str> = args.iter().map(|a| self.names.told(a)).collect();
            return Err(PgError::new(format!("function {name}({}) does not exist", types.join(", ")))
                .hint(
                    "No function matches the given name and argument types. You might need to add explicit type casts.",
                )
                .pointing(self.statement, &name));
        };
        if let ("sum" | "avg", [a]) = (name.as_str(), args.as_slice())
            && self.names.ty(a) == Some(Ty::Text)
        {
            return Err(PgError::new(format!("function {name}({}) does not exist", self.names.told(a)))
                .hint(
                    "No function matches the given name and argument types. You might need to add explicit type casts.",
                )
                .pointing(self.statement, &name));
        }
        match (name.as_str(), args.as_slice()) {
            ("age", [a]) if self.names.ty(a) == Some(Ty::Xid) => return parse(&format!("pg_age({a})")).map(Some),
            ("age", [a]) => return parse(&format!("pg_trunc('day', pg_now()) - ({a})")).map(Some),
            ("age", [a, b]) => return parse(&format!("(({a}) - ({b}))")).map(Some),
            ("date_part", [field, a]) => {
                let span = self.names.ty(a) == Some(Ty::Span);
                return parse(&format!("pg_part({field}, {}, {a})", u8::from(span))).map(Some);
            }
            _ => {}
        }
        f.name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new(*engine))]);
        if matches!(f.args, FunctionArguments::None) {
            return parse(&format!("{engine}()")).map(Some);
        }
        Ok(None)
    }

    fn cast(&self, kind: &CastKind, inner: &Expr, data_type: &DataType) -> Result<Expr, PgError> {
        let Some(ty) = cast_type(data_type) else {
            let name = data_type.to_string().to_lowercase();
            let known = ["date", "time", "uuid", "bytea", "money", "point", "cidr", "macaddr", "bit"];
            if known.iter().any(|k| name.starts_with(k)) || name.ends_with("[]") {
                return Err(missing(format!("type {name}")));
            }
            return Err(PgError::new(format!("type \"{name}\" does not exist")).pointing(self.statement, &name));
        };
        if matches!(kind, CastKind::TryCast | CastKind::SafeCast) {
            return Err(PgError::new("syntax error"));
        }
        let literal = match inner {
            Expr::Value(v) => v.value.clone().into_string(),
            _ => None,
        };
        let bad = |what: &str, text: &str| {
            PgError::new(format!("invalid input syntax for type {what}: \"{text}\"")).quoting(self.statement, text)
        };
        let from = self.names.ty(inner);
        parse(&match (ty, literal) {
            (Ty::Span, Some(text)) => parse_span(&text).ok_or_else(|| bad("interval", &text))?.to_string(),
            (Ty::Moment, Some(text)) => {
                parse_moment(&text).ok_or_else(|| bad("timestamp with time zone", &text))?.to_string()
            }
            (Ty::Int | Ty::Xid, Some(text)) => {
                text.trim().parse::<i64>().map_err(|_| bad("integer", &text))?.to_string()
            }
            (Ty::Bool, Some(text)) => match text.to_lowercase().as_str() {
                "t" | "true" | "on" | "yes" | "1" => "true".to_owned(),
                "f" | "false" | "off" | "no" | "0" => "false".to_owned(),
                _ => return Err(bad("boolean", &text)),
            },
            (Ty::Span | Ty::Moment | Ty::Bool, None) => format!("({inner})"),
            (Ty::Json | Ty::Jsonb, Some(text)) => {
                let value = json::read(&text)
                    .ok_or_else(|| bad("json", &text).detail(format!("Token \"{text}\" is invalid.")))?;
                let (name, text) = match ty {
                    Ty::Jsonb => ("pg_json_binary", json::binary(&value)),
                    _ => ("pg_json_plain", text),
                };
                format!("{name}('{}')", text.replace('\'', "''"))
            }
            (Ty::Jsonb, None) => format!("pg_json_binary({inner})"),
            (Ty::Json, None) => format!("pg_json_plain({inner})"),
            (Ty::Int | Ty::Xid, None) => format!("CAST(round({inner}) AS INTEGER)"),
            (Ty::Numeric(UNBOUND), _) => format!("CAST({inner} AS REAL)"),
            (Ty::Numeric(places), _) => format!("round({inner}, {places})"),
            (Ty::Float, _) => format!("CAST({inner} AS REAL)"),
            (Ty::Text, _) => match from {
                Some(Ty::Moment) => format!("pg_text('moment', {inner})"),
                Some(Ty::Span) => format!("pg_text('span', {inner})"),
                Some(Ty::Bool) => format!("CASE WHEN {inner} THEN 'true' WHEN NOT {inner} THEN 'false' END"),
                _ => format!("CAST({inner} AS TEXT)"),
            },
        })
    }

    /// An operator of json.
    fn json(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Expr, PgError> {
        use BinaryOperator as B;
        let of = self.names.ty(left);
        let (binary, number) = (of == Some(Ty::Jsonb), self.names.ty(right) == Some(Ty::Int));
        if !matches!(of, Some(Ty::Json | Ty::Jsonb)) {
            let (a, b) = (self.names.told(left), self.names.told(right));
            let said = PgError::new(format!("operator does not exist: {a} {op} {b}")).hint(
                "No operator matches the given name and argument types. You might need to add explicit type casts.",
            );
            return Err(PgError { at: self.statement.find(&op.to_string()), ..said });
        }
        let text = matches!(op, B::LongArrow | B::HashLongArrow);
        let how: String = [(binary, 'b'), (text, 't'), (number, 'n')].iter().filter(|p| p.0).map(|p| p.1).collect();
        parse(&match op {
            B::Arrow | B::LongArrow => format!("pg_json_get({left}, {right}, '{how}')"),
            B::HashArrow | B::HashLongArrow => format!("pg_json_path({left}, {right}, '{how}')"),
            B::AtArrow => format!("pg_json_holds({left}, {right})"),
            _ => format!("pg_json_holds({right}, {left})"),
        })
    }

    fn rewrite(&self, e: &mut Expr) -> Result<(), PgError> {
        use BinaryOperator as B;
        let new = match e {
            Expr::Function(f) => self.function(f)?,
            Expr::Cast { kind, expr, data_type, .. } => Some(self.cast(kind, expr, data_type)?),
            Expr::TypedString(t) => {
                let text = t.value.value.clone().into_string().unwrap_or_default();
                let literal = parse(&format!("'{}'", text.replace('\'', "''")))?;
                Some(self.cast(&CastKind::Cast, &literal, &t.data_type)?)
            }
            Expr::Interval(i) => {
                let unit = i.leading_field.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
                let Expr::Value(v) = &*i.value else { return Err(missing("an interval of an expression")) };
                let text = v.value.clone().into_string().unwrap_or_else(|| v.to_string()) + &unit;
                let wrong = || {
                    let said = format!("invalid input syntax for type interval: \"{text}\"");
                    PgError::new(said).quoting(self.statement, &text)
                };
                Some(parse(&parse_span(&text).ok_or_else(wrong)?.to_string())?)
            }
            Expr::Extract { field, expr, .. } => {
                let span = self.names.ty(expr) == Some(Ty::Span);
                let field = field.to_string().to_lowercase();
                Some(parse(&format!("pg_part('{field}', {}, {expr})", u8::from(span)))?)
            }
            Expr::ILike { negated, any: false, expr, pattern, .. } => {
                let not = if *negated { "NOT " } else { "" };
                Some(parse(&format!("lower({expr}) {not}LIKE lower({pattern})"))?)
            }
            Expr::BinaryOp { left, op, right } => match op {
                B::PGRegexMatch => Some(parse(&format!("pg_match({left}, {right}, 0)"))?),
                B::PGRegexIMatch => Some(parse(&format!("pg_match({left}, {right}, 1)"))?),
                B::PGRegexNotMatch => Some(parse(&format!("NOT pg_match({left}, {right}, 0)"))?),
                B::PGRegexNotIMatch => Some(parse(&format!("NOT pg_match({left}, {right}, 1)"))?),
                B::PGLikeMatch => Some(parse(&format!("{left} LIKE {right}"))?),
                B::PGExp => Some(parse(&format!("pg_power({left}, {right})"))?),
                B::Arrow | B::LongArrow | B::HashArrow | B::HashLongArrow | B::AtArrow | B::ArrowAt => {
                    Some(self.json(left, op, right)?)
                }
                B::Divide => Some(parse(&format!("pg_div({left}, {right})"))?),
                B::Modulo => Some(parse(&format!("pg_mod({left}, {right})"))?),
                B::Plus
                | B::Minus
                | B::Multiply
                | B::StringConcat
                | B::Gt
                | B::Lt
                | B::GtEq
                | B::LtEq
                | B::Eq
                | B::NotEq
                | B::And
                | B::Or => {
                    // A text beside a moment or a span is one, too.
                    let (a, b) = (self.names.ty(left), self.names.ty(right));
                    for (side, other) in [(left, b), (right, a)] {
                        // A text beside a whole number is one.
                        if let (Expr::Value(v), Some(Ty::Int)) = (&**side, other)
                            && *op != B::StringConcat
                            && let Some(text) = v.value.clone().into_string()
                        {
                            let wrong = || {
                                let said = format!("invalid input syntax for type integer: \"{text}\"");
                                PgError::new(said).quoting(self.statement, &text)
                            };
                            **side = parse(&text.trim().parse::<i64>().map_err(|_| wrong())?.to_string())?;
                            continue;
                        }
                        if let (Expr::Value(v), Some(Ty::Moment)) = (&**side, other)
                            && let Some(text) = v.value.clone().into_string()
                        {
                            let wrong = || {
                                PgError::new(format!(
                                    "invalid input syntax for type timestamp with time zone: \"{text}\""
                                ))
                                .quoting(self.statement, &text)
                            };
                            **side = parse(&parse_moment(&text).ok_or_else(wrong)?.to_string())?;
                        }
                    }
                    None
                }
                other => return Err(missing(format!("operator {other}"))),
            },
            Expr::Array(a) => {
                let elements: Vec<_> = a.elem.iter().map(|e| (e.clone(), self.names.ty(e))).collect();
                Some(parse(&array::made(&elements))?)
            }
            Expr::AnyOp { left, compare_op: B::Eq, right, .. } => {
                let list = array::listed(right, self.names.ty(left));
                let list = list.ok_or_else(|| missing("ANY of an array that is not written out"))?;
                Some(parse(&format!("{left} IN ({list})"))?)
            }
            Expr::AllOp { left, compare_op: B::NotEq, right } => {
                let list = array::listed(right, self.names.ty(left));
                let list = list.ok_or_else(|| missing("ALL of an array that is not written out"))?;
                Some(parse(&format!("{left} NOT IN ({list})"))?)
            }
            Expr::AtTimeZone { timestamp, .. } => Some((**timestamp).clone()),
            Expr::Ceil { expr, .. } => Some(parse(&format!("pg_ceil({expr})"))?),
            Expr::Floor { expr, .. } => Some(parse(&format!("pg_floor({expr})"))?),
            Expr::Position { expr, r#in } => Some(parse(&format!("instr({in}, {expr})", in = r#in))?),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let from = substring_from.as_ref().map_or("1".to_owned(), ToString::to_string);
                let text = match substring_for {
                    Some(n) => format!("substr({expr}, {from}, {n})"),
                    None => format!("substr({expr}, {from})"),
                };
                Some(parse(&text)?)
            }
            Expr::Identifier(i) if i.quote_style.is_none() => match i.value.to_lowercase().as_str() {
                "current_timestamp" | "localtimestamp" => Some(parse("pg_now()")?),
                "current_user" | "session_user" | "user" => Some(parse("pg_role()")?),
                _ => None,
            },
            Expr::AnyOp { .. } | Expr::AllOp { .. } => return Err(missing("an array")),
            Expr::SimilarTo { .. } | Expr::RLike { .. } => return Err(missing("SIMILAR TO")),
            _ => None,
        };
        if let Some(new) = new {
            *e = new;
        }
        Ok(())
    }
}

fn broken(r: Result<(), PgError>) -> ControlFlow<Box<PgError>> {
    match r {
        Ok(()) => ControlFlow::Continue(()),
        Err(e) => ControlFlow::Break(Box::new(e)),
    }
}

/// Nulls come last as PostgreSQL orders them, first in descending order.
fn nulls(order: &mut OrderByExpr) {
    if order.options.nulls_first.is_none() {
        order.options.nulls_first = Some(matches!(order.options.sort, Some(sqlparser::ast::OrderBySort::Desc)));
    }
}

impl VisitorMut for Work<'_> {
    type Break = Box<PgError>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        query.locks.clear();
        if let Some(sqlparser::ast::LimitClause::LimitOffset { limit: Some(Expr::UnaryOp { op, .. }), .. }) =
            &query.limit_clause
            && *op == sqlparser::ast::UnaryOperator::Minus
        {
            return broken(Err(PgError::new("LIMIT must not be negative")));
        }
        if let Some(fetch) = query.fetch.take() {
            if fetch.with_ties || fetch.percent || query.limit_clause.is_some() {
                return broken(Err(missing("FETCH FIRST of this kind")));
            }
            query.limit_clause = Some(sqlparser::ast::LimitClause::LimitOffset {
                limit: Some(fetch.quantity.unwrap_or_else(|| Expr::value(Value::Number("1".to_owned(), false)))),
                offset: None,
                limit_by: Vec::new(),
            });
        }
        if let Some(order) = &mut query.order_by
            && let OrderByKind::Expressions(list) = &mut order.kind
        {
            list.iter_mut().for_each(nulls);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        if select.into.is_some() {
            return broken(Err(PgError::new("permission denied for schema public")));
        }
        // A name of an output may be a word of the engine's.
        for item in &mut select.projection {
            if let SelectItem::ExprWithAlias { alias, .. } = item {
                *alias = Ident::with_quote('"', folded(alias));
            }
        }
        if let Err(e) = grouping::check(select, self.statement) {
            return ControlFlow::Break(Box::new(e));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        if let TableFactor::Derived { alias: None, .. } = factor {
            let lower = self.statement.to_lowercase();
            let at = ["from (", "join (", ", ("].iter().find_map(|w| lower.find(w).map(|at| at + w.len() - 1));
            let said = PgError::new("subquery in FROM must have an alias");
            return broken(Err(PgError { at, ..said.hint("For example, FROM (SELECT ...) [AS] foo.") }));
        }
        broken(source::unrolled(factor))
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        broken(source::renamed(factor))
    }

    fn pre_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<Self::Break> {
        broken(self.relation(relation))
    }

    fn post_visit_expr(&mut self, e: &mut Expr) -> ControlFlow<Self::Break> {
        broken(self.rewrite(e))
    }
}
