//! Functions: how a call is written for the engine.

use super::error::MyError;
use super::expr::{as_moment, as_number, as_text, field_function, field_of, literal, word};
use super::kind::{DAY, Kind, SECOND, Ty};
use super::translate::{NOTHING, Said, Work};
use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
    ObjectNamePart, OrderBySort, WindowType,
};

/// Functions that make one value of many.
const AGGREGATES: [&str; 6] = ["avg", "count", "group_concat", "max", "min", "sum"];

/// Functions that only stand before OVER.
const WINDOWS: [&str; 9] =
    ["row_number", "rank", "dense_rank", "ntile", "lag", "lead", "first_value", "last_value", "percent_rank"];

fn count(name: &str) -> MyError {
    MyError::new(1582, "42000", format!("Incorrect parameter count in the call to native function '{name}'"))
}

impl Work<'_> {
    /// A call as it was parsed.
    pub fn function(&mut self, f: &Function) -> Said<(String, Kind)> {
        let name = match f.name.0.as_slice() {
            [ObjectNamePart::Identifier(i)] => i.value.to_lowercase(),
            _ => return Err(MyError::new(1305, "42000", format!("FUNCTION {} does not exist", f.name))),
        };
        let (mut args, mut star, mut distinct) = (Vec::new(), false, false);
        let (mut order, mut separator) = (String::new(), None);
        if let FunctionArguments::List(list) = &f.args {
            distinct = matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct));
            for a in &list.args {
                match a {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(e)) => args.push(e.clone()),
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => star = true,
                    other => return Err(MyError::syntax(&other.to_string(), 0)),
                }
            }
            for clause in &list.clauses {
                match clause {
                    FunctionArgumentClause::OrderBy(keys) => {
                        self.within += 1;
                        for k in keys {
                            let word = if matches!(k.options.sort, Some(OrderBySort::Desc)) { " DESC" } else { "" };
                            let sep = if order.is_empty() { " ORDER BY " } else { ", " };
                            order.push_str(&format!("{sep}{} COLLATE NOCASE{word}", self.expr(&k.expr)?.0));
                        }
                        self.within -= 1;
                    }
                    FunctionArgumentClause::Separator(v) => separator = v.clone().into_string(),
                    other => return Err(MyError::missing(other.to_string())),
                }
            }
        }
        let over = match &f.over {
            None => None,
            Some(WindowType::WindowSpec(w)) => {
                self.within += 1;
                let mut parts = Vec::new();
                if !w.partition_by.is_empty() {
                    let keys = w.partition_by.iter().map(|e| self.expr(e).map(|(s, _)| s)).collect::<Said<Vec<_>>>()?;
                    parts.push(format!("PARTITION BY {}", keys.join(", ")));
                }
                if !w.order_by.is_empty() {
                    let mut keys = Vec::new();
                    for k in &w.order_by {
                        let word = if matches!(k.options.sort, Some(OrderBySort::Desc)) { " DESC" } else { "" };
                        keys.push(format!("{} COLLATE NOCASE{word}", self.expr(&k.expr)?.0));
                    }
                    parts.push(format!("ORDER BY {}", keys.join(", ")));
                }
                if let Some(frame) = &w.window_frame {
                    let end = frame.end_bound.as_ref().map(|e| format!(" AND {e}")).unwrap_or_default();
                    let between = if end.is_empty() { "" } else { "BETWEEN " };
                    parts.push(format!("{} {between}{}{end}", frame.units, frame.start_bound));
                }
                self.within -= 1;
                Some(format!(" OVER ({})", parts.join(" ")))
            }
            Some(WindowType::NamedWindow(n)) => return Err(MyError::missing(format!("WINDOW {n}"))),
        };
        if AGGREGATES.contains(&name.as_str()) {
            self.aggregates |= over.is_none();
            self.within += 1;
            let made = self.aggregate(&name, &args, star, distinct, &order, separator.as_deref());
            self.within -= 1;
            let (sql, kind) = made?;
            return Ok((format!("{sql}{}", over.unwrap_or_default()), kind));
        }
        if WINDOWS.contains(&name.as_str()) {
            let Some(over) = over else {
                return Err(MyError::syntax("OVER", 0));
            };
            self.within += 1;
            let made = args.iter().map(|a| self.expr(a)).collect::<Said<Vec<_>>>();
            self.within -= 1;
            let made = made?;
            let kind = match name.as_str() {
                "percent_rank" => Kind::new(Ty::Double, false),
                "lag" | "lead" | "first_value" | "last_value" => {
                    made.first().map_or(NOTHING, |m| Kind::new(m.1.ty, true))
                }
                _ => Kind::new(Ty::Int, false),
            };
            let list: Vec<String> = made.into_iter().map(|(s, _)| s).collect();
            return Ok((format!("{name}({}){over}", list.join(", ")), kind));
        }
        if over.is_some() || star {
            return Err(MyError::syntax(&f.to_string(), 0));
        }
        self.call(&name, &args)
    }

    fn aggregate(
        &mut self,
        name: &str,
        args: &[Expr],
        star: bool,
        distinct: bool,
        order: &str,
        separator: Option<&str>,
    ) -> Said<(String, Kind)> {
        if star {
            return match name {
                "count" => Ok(("count(*)".to_owned(), Kind::new(Ty::Int, false))),
                _ => Err(MyError::syntax(")", 0)),
            };
        }
        let made = args.iter().map(|a| self.expr(a)).collect::<Said<Vec<_>>>()?;
        let word = if distinct { "DISTINCT " } else { "" };
        let (Some((sql, kind)), 1) = (made.first().cloned(), made.len()) else {
            return match (name, made.is_empty()) {
                ("group_concat", false) => {
                    let parts: Vec<String> = made.iter().map(|(s, k)| as_text(s, *k)).collect();
                    let by = literal(separator.unwrap_or(","));
                    Ok((format!("group_concat({}, {by}{order})", parts.join(" || ")), Kind::new(Ty::Text, true)))
                }
                _ => Err(MyError::syntax(")", 0)),
            };
        };
        let number = as_number(&sql, kind);
        Ok(match name {
            "count" => (format!("count({word}{sql} COLLATE NOCASE)"), Kind::new(Ty::Int, false)),
            "sum" => {
                let ty = kind.places().map_or(Ty::Double, Ty::Decimal);
                (format!("sum({word}{number})"), Kind::new(ty, true))
            }
            "avg" => {
                let ty = kind.places().map_or(Ty::Double, |p| Ty::Decimal(p.saturating_add(4).min(30)));
                (format!("avg({word}{number})"), Kind::new(ty, true))
            }
            "group_concat" if distinct && order.is_empty() && separator.is_none() => {
                (format!("group_concat(DISTINCT {})", as_text(&sql, kind)), Kind::new(Ty::Text, true))
            }
            "group_concat" if distinct => {
                return Err(MyError::missing("GROUP_CONCAT(DISTINCT … ORDER BY … SEPARATOR …)"));
            }
            "group_concat" => {
                let by = literal(separator.unwrap_or(","));
                (format!("group_concat({}, {by}{order})", as_text(&sql, kind)), Kind::new(Ty::Text, true))
            }
            _ => (format!("{name}({sql} COLLATE NOCASE)"), Kind::new(kind.ty, true)),
        })
    }

    /// A call of a function that makes one value of those beside it.
    pub fn call(&mut self, name: &str, args: &[Expr]) -> Said<(String, Kind)> {
        // Some take a word where others take a value.
        if let ("timestampdiff" | "timestampadd", [first, a, b]) = (name, args) {
            let unit = field_of(&word(first).unwrap_or_else(|| first.to_string()))?;
            let (x, kx) = self.expr(a)?;
            let (y, ky) = self.expr(b)?;
            return Ok(match name {
                "timestampdiff" => (
                    format!("my_between('{unit}', {}, {})", as_moment(&x, kx), as_moment(&y, ky)),
                    Kind::new(Ty::Int, true),
                ),
                _ => (format!("my_shift({}, {x}, '{unit}')", as_moment(&y, ky)), Kind::new(Ty::Moment, true)),
            });
        }
        if let ("date_add" | "adddate" | "date_sub" | "subdate", [at, Expr::Interval(i)]) = (name, args) {
            return self.shifted(at, i, matches!(name, "date_sub" | "subdate"));
        }
        if let (Some(field), [one]) = (field_function(name), args) {
            return self.part(field, one);
        }
        let made = args.iter().map(|a| self.expr(a)).collect::<Said<Vec<_>>>()?;
        let null = made.iter().any(|(_, k)| k.null);
        let texts: Vec<String> = made.iter().map(|(s, k)| as_text(s, *k)).collect();
        let numbers: Vec<String> = made.iter().map(|(s, k)| as_number(s, *k)).collect();
        let kinds: Vec<Kind> = made.iter().map(|(_, k)| *k).collect();
        let plain: Vec<String> = made.into_iter().map(|(s, _)| s).collect();
        let all = plain.join(", ");
        let text = |sql: String| Ok((sql, Kind::new(Ty::Text, null)));
        let int = |sql: String| Ok((sql, Kind::new(Ty::Int, null)));
        let either = |kinds: &[Kind]| kinds.iter().copied().reduce(Kind::either).unwrap_or(NOTHING);
        match (name, plain.as_slice()) {
            ("now" | "sysdate" | "current_timestamp" | "localtime" | "utc_timestamp", []) => {
                Ok(((self.names.now() / SECOND * SECOND).to_string(), Kind::new(Ty::Moment, false)))
            }
            ("curdate" | "current_date" | "utc_date", []) => {
                let now = self.names.now();
                Ok(((now - now.rem_euclid(DAY)).to_string(), Kind::new(Ty::Date, false)))
            }
            ("unix_timestamp", []) => Ok(((self.names.now() / SECOND).to_string(), Kind::new(Ty::Int, false))),
            (f, []) if self.names.fixed(f).is_some() => Ok(match self.names.fixed(f).flatten() {
                None => ("NULL".to_owned(), Kind::new(Ty::Text, true)),
                Some(v) if f == "connection_id" => (v, Kind::new(Ty::Int, false)),
                Some(v) => (literal(&v), Kind::new(Ty::Text, true)),
            }),
            ("unix_timestamp", [_]) => {
                let at = as_moment(&plain.join(""), either(&kinds));
                Ok((format!("({at} / {SECOND})"), Kind::new(Ty::Int, true)))
            }
            ("from_unixtime", [_]) => {
                Ok((format!("CAST({} * {SECOND} AS INTEGER)", numbers.join("")), Kind::new(Ty::Moment, true)))
            }
            ("date", [a]) => Ok((format!("my_day({})", as_moment(a, either(&kinds))), Kind::new(Ty::Date, true))),
            ("date_format", [a, f]) => {
                let at = as_moment(a, kinds.first().copied().unwrap_or(NOTHING));
                Ok((format!("my_format({at}, {f})"), Kind::new(Ty::Text, true)))
            }
            ("datediff", [a, b]) => {
                let day = |s: &str, at: usize| {
                    format!("my_day({}) / {DAY}", as_moment(s, kinds.get(at).copied().unwrap_or(NOTHING)))
                };
                Ok((format!("({} - {})", day(a, 0), day(b, 1)), Kind::new(Ty::Int, true)))
            }
            ("dayname" | "monthname", [a]) => {
                let pattern = if name == "dayname" { "%W" } else { "%M" };
                Ok((format!("my_format({}, '{pattern}')", as_moment(a, either(&kinds))), Kind::new(Ty::Text, true)))
            }
            ("if", [a, b, c]) => {
                let kind = either(kinds.get(1..).unwrap_or_default());
                let a = as_number(a, kinds.first().copied().unwrap_or(NOTHING));
                Ok((format!("(CASE WHEN {a} THEN {b} ELSE {c} END)"), kind))
            }
            ("ifnull", [a, b]) => {
                let kind = Kind { null: kinds.iter().all(|k| k.null), ..either(&kinds) };
                Ok((format!("coalesce({a}, {b})"), kind))
            }
            ("coalesce", [_, ..]) => {
                let kind = Kind { null: kinds.iter().all(|k| k.null), ..either(&kinds) };
                Ok((if plain.len() == 1 { all } else { format!("coalesce({all})") }, kind))
            }
            ("nullif", [a, b]) => {
                let kind = kinds.first().copied().unwrap_or(NOTHING);
                Ok((format!("nullif({a}, {b})"), Kind { null: true, ..kind }))
            }
            ("isnull", [a]) => Ok((format!("({a} IS NULL)"), Kind::new(Ty::Int, false))),
            ("greatest", [_, _, ..]) => Ok((format!("max({all})"), either(&kinds))),
            ("least", [_, _, ..]) => Ok((format!("min({all})"), either(&kinds))),
            ("concat", [_, ..]) => text(format!("({})", texts.join(" || "))),
            ("concat_ws", [_, _, ..]) => {
                let first = kinds.first().is_some_and(|k| k.null);
                Ok((format!("my_joined({})", texts.join(", ")), Kind::new(Ty::Text, first)))
            }
            ("length" | "octet_length", [_]) => int(format!("octet_length({})", texts.join(""))),
            ("char_length" | "character_length", [_]) => int(format!("length({})", texts.join(""))),
            ("upper" | "ucase", [_]) => text(format!("upper({})", texts.join(""))),
            ("lower" | "lcase", [_]) => text(format!("lower({})", texts.join(""))),
            ("trim" | "ltrim" | "rtrim", [_]) => text(format!("{name}({})", texts.join(""))),
            ("reverse", [_]) => text(format!("my_reverse({})", texts.join(""))),
            ("left", [_, n]) => text(format!("substr({}, 1, max({n}, 0))", texts.first().cloned().unwrap_or_default())),
            ("right", [_, n]) => {
                let t = texts.first().cloned().unwrap_or_default();
                text(format!("(CASE WHEN {n} <= 0 THEN '' ELSE substr({t}, -min({n}, length({t}))) END)"))
            }
            ("substr" | "substring" | "mid", [_, rest @ ..]) if !rest.is_empty() && rest.len() < 3 => {
                text(format!("substr({}, {})", texts.first().cloned().unwrap_or_default(), rest.join(", ")))
            }
            ("substring_index", [_, _, n]) => text(format!(
                "my_index({}, {}, {n})",
                texts.first().cloned().unwrap_or_default(),
                texts.get(1).cloned().unwrap_or_default()
            )),
            ("replace", [_, _, _]) => text(format!("replace({})", texts.join(", "))),
            ("repeat", [_, n]) => text(format!("my_repeat({}, {n})", texts.first().cloned().unwrap_or_default())),
            ("lpad" | "rpad", [_, n, _]) => {
                let (t, by) = (texts.first().cloned().unwrap_or_default(), texts.get(2).cloned().unwrap_or_default());
                Ok((format!("my_{name}({t}, {n}, {by})"), Kind::new(Ty::Text, true)))
            }
            ("locate", [_, _]) => int(format!(
                "instr(lower({}), lower({}))",
                texts.get(1).cloned().unwrap_or_default(),
                texts.first().cloned().unwrap_or_default()
            )),
            ("instr", [_, _]) => int(format!(
                "instr(lower({}), lower({}))",
                texts.first().cloned().unwrap_or_default(),
                texts.get(1).cloned().unwrap_or_default()
            )),
            ("md5", [_]) => text(format!("my_md5({})", texts.join(""))),
            ("format", [_, n]) => text(format!("my_thousands({}, {n})", numbers.first().cloned().unwrap_or_default())),
            ("format_bytes", [_]) => text(format!("my_bytes({})", numbers.join(""))),
            ("abs", [_]) => Ok((format!("abs({})", numbers.join("")), either(&kinds))),
            ("ceil" | "ceiling", [_]) => int(format!("my_ceil({})", numbers.join(""))),
            ("floor", [_]) => int(format!("my_floor({})", numbers.join(""))),
            ("sign", [_]) => int(format!("sign({})", numbers.join(""))),
            ("mod", [_, _]) => Ok((format!("my_mod({})", numbers.join(", ")), Kind { null: true, ..either(&kinds) })),
            ("pow" | "power", [_, _]) => Ok((format!("my_power({})", numbers.join(", ")), Kind::new(Ty::Double, null))),
            ("sqrt", [_]) => Ok((format!("my_power({}, 0.5)", numbers.join("")), Kind::new(Ty::Double, true))),
            ("round", [_]) => Ok(match either(&kinds).ty {
                Ty::Int => (all, Kind::new(Ty::Int, null)),
                Ty::Decimal(_) => (format!("my_round({}, 0)", numbers.join("")), Kind::new(Ty::Decimal(0), null)),
                _ => (format!("my_round({}, 0)", numbers.join("")), Kind::new(Ty::Double, null)),
            }),
            ("round" | "truncate", [_, n]) => {
                let places = n.parse::<u8>().unwrap_or(0);
                let kind = kinds.first().copied().unwrap_or(NOTHING);
                let ty = match kind.ty {
                    Ty::Decimal(p) => Ty::Decimal(p.min(places)),
                    Ty::Int => Ty::Int,
                    _ => Ty::Double,
                };
                let f = if name == "round" { "my_round" } else { "my_cut" };
                Ok((format!("{f}({}, {n})", numbers.first().cloned().unwrap_or_default()), Kind::new(ty, null)))
            }
            ("rand" | "uuid", _) => Err(MyError::missing(format!("{}()", name.to_uppercase()))),
            (known, _) if NATIVE.contains(&known) || self.names.fixed(known).is_some() => Err(count(known)),
            _ => Err(MyError::new(1305, "42000", format!("FUNCTION {}.{name} does not exist", self.names.schema()))),
        }
    }
}

/// Names of functions that there are, for a wrong number of arguments.
#[rustfmt::skip]
const NATIVE: &[&str] = &[
    "now", "curdate", "unix_timestamp", "from_unixtime", "date", "date_format", "datediff", "dayname", "monthname", "if", "ifnull", "coalesce", "nullif", "isnull", "greatest",
    "least", "concat", "concat_ws", "length", "char_length", "upper", "lower", "trim", "ltrim", "rtrim", "reverse", "left", "right", "substr", "substring", "substring_index",
    "replace", "repeat", "lpad", "rpad", "locate", "instr", "md5", "format", "format_bytes", "abs", "ceil", "floor", "sign", "mod", "pow", "sqrt", "round", "truncate",
    "date_add", "date_sub", "timestampdiff", "timestampadd", "hour", "minute", "second", "day", "month", "year",
];
