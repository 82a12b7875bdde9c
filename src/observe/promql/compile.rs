//! From text through the grammar crate's tree to ours.

use super::call::Func;
use super::node::{AggregateOp, At, Grouping, Kind, Many, Matching, Node, Op, Selector, Shift};
use super::{QueryError, SUBQUERY_STEP_MS, scan};
use crate::observe::series::{Labels, METRIC_NAME, MatchOp, Matcher};
use promql_parser::label as grammar_label;
use promql_parser::parser as grammar;
use promql_parser::parser::token;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, UNIX_EPOCH};

/// Deepest tree: evaluation recurses as deep.
const DEPTH_MAX: usize = 128;

/// Parses a text.
pub(super) fn compile(text: &str) -> Result<Node, QueryError> {
    let plain = scan::scan(text)?;
    // The scan refuses every text that is known to make the grammar panic; the fence is for those that are not.
    let parsed = catch_unwind(AssertUnwindSafe(|| grammar::parse(&plain)))
        .unwrap_or_else(|_| Err("the grammar cannot take this query".into()));
    let expr = parsed.map_err(|message| QueryError::new(settled(message)))?;
    node(&expr, 0)
}

/// The grammar's message in Prometheus's words. Where the grammar names any of several labels, none is named, so that
/// the message is the same every time.
fn settled(message: String) -> String {
    let both = "must not occur in ON and GROUP clause at once";
    if message.contains(both) {
        return format!("a label {both}");
    }
    let typed = |m: String, before: &str| {
        m.replace(&format!("{before} matrix"), &format!("{before} range vector"))
            .replace(&format!("{before} vector"), &format!("{before} instant vector"))
    };
    typed(typed(message, "expected type"), "got")
}

fn node(expr: &grammar::Expr, depth: usize) -> Result<Node, QueryError> {
    use grammar::Expr;
    if depth > DEPTH_MAX {
        return Err(QueryError::new(format!("nested deeper than {DEPTH_MAX}")));
    }
    let inner = |e: &grammar::Expr| node(e, depth + 1);
    match expr {
        Expr::Paren(e) => inner(&e.expr),
        Expr::NumberLiteral(e) => Ok(Node::Number(e.val)),
        Expr::StringLiteral(e) => Ok(Node::Text(e.val.clone())),
        Expr::VectorSelector(e) => Ok(Node::Select(selector(e)?)),
        Expr::MatrixSelector(e) => Ok(Node::Range { selector: selector(&e.vs)?, range_ms: positive_ms(e.range)? }),
        Expr::Subquery(e) => Ok(Node::Subquery {
            inner: Box::new(inner(&e.expr)?),
            range_ms: positive_ms(e.range)?,
            step_ms: e.step.map_or(Ok(SUBQUERY_STEP_MS), positive_ms)?,
            shift: shift(e.offset.as_ref(), e.at.as_ref())?,
        }),
        Expr::Unary(e) => Ok(Node::Negate(Box::new(inner(&e.expr)?))),
        Expr::Binary(e) => binary(op(e.op)?, inner(&e.lhs)?, inner(&e.rhs)?, matching(e.modifier.as_ref())),
        Expr::Aggregate(e) => Ok(Node::Aggregate {
            op: aggregate_op(e.op)?,
            grouping: grouping(e.modifier.as_ref(), true),
            parameter: e.param.as_ref().map(|p| inner(p)).transpose()?.map(Box::new),
            inner: Box::new(inner(&e.expr)?),
        }),
        Expr::Call(e) => call(e, depth),
        Expr::Extension(_) => Err(QueryError::new("unknown expression")),
    }
}

fn binary(op: Op, left: Node, right: Node, matching: Matching) -> Result<Node, QueryError> {
    let vectors = left.kind() == Kind::Vector && right.kind() == Kind::Vector;
    if matching.fill != (None, None) && (op.is_set() || !vectors) {
        return Err(QueryError::new(
            "filling in missing series is only allowed for arithmetic and comparison of vectors",
        ));
    }
    Ok(Node::Binary { op, left: Box::new(left), right: Box::new(right), matching: Box::new(matching) })
}

/// A function call. `absent` and `timestamp` depend on what their argument is, not only on its value.
fn call(e: &grammar::Call, depth: usize) -> Result<Node, QueryError> {
    let args = e.args.args.iter().map(|a| node(a, depth + 1)).collect::<Result<Vec<Node>, _>>()?;
    match (e.func.name, args.as_slice()) {
        ("timestamp", [Node::Select(selector)]) => Ok(Node::Times(selector.clone())),
        ("absent", [Node::Select(s)]) => Ok(Node::Call { func: Func::Absent(implied(s)), args }),
        ("absent_over_time", [Node::Range { selector: s, .. }]) => {
            Ok(Node::Call { func: Func::AbsentOverTime(implied(s)), args })
        }
        (name, _) => match Func::find(name) {
            Some(func) => Ok(Node::Call { func, args }),
            None => Err(QueryError::new(format!("function {name:?} is not supported"))),
        },
    }
}

/// The labels that a selector's absence implies: those with one equality matcher and no other.
fn implied(selector: &Selector) -> Labels {
    let [matchers] = selector.any_of.as_slice() else { return Labels::default() };
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for m in matchers {
        if !seen.insert(m.name()) || m.op() != MatchOp::Equal {
            twice.insert(m.name());
        }
    }
    let single = matchers.iter().filter(|m| m.name() != METRIC_NAME && !twice.contains(m.name()));
    Labels::new(single.map(|m| (m.name(), m.value())))
}

fn selector(e: &grammar::VectorSelector) -> Result<Selector, QueryError> {
    let name = e.name.as_ref().map(|n| Matcher::equal(METRIC_NAME, n));
    let sets: Vec<&Vec<grammar_label::Matcher>> = if e.matchers.or_matchers.is_empty() {
        vec![&e.matchers.matchers]
    } else {
        e.matchers.or_matchers.iter().collect()
    };
    let any_of = sets
        .into_iter()
        .map(|set| name.iter().cloned().map(Ok).chain(set.iter().map(matcher)).collect::<Result<Vec<Matcher>, _>>())
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Selector { any_of, shift: shift(e.offset.as_ref(), e.at.as_ref())? })
}

fn matcher(m: &grammar_label::Matcher) -> Result<Matcher, QueryError> {
    let op = match m.op {
        grammar_label::MatchOp::Equal => MatchOp::Equal,
        grammar_label::MatchOp::NotEqual => MatchOp::NotEqual,
        grammar_label::MatchOp::Re(_) => MatchOp::Regex,
        grammar_label::MatchOp::NotRe(_) => MatchOp::NotRegex,
    };
    Matcher::new(&m.name, op, &m.value).map_err(QueryError::new)
}

fn shift(offset: Option<&grammar::Offset>, at: Option<&grammar::AtModifier>) -> Result<Shift, QueryError> {
    let offset_ms = match offset {
        None => 0,
        Some(grammar::Offset::Pos(d)) => ms(*d)?,
        Some(grammar::Offset::Neg(d)) => -ms(*d)?,
    };
    let at = match at {
        None => None,
        Some(grammar::AtModifier::Start) => Some(At::Start),
        Some(grammar::AtModifier::End) => Some(At::End),
        Some(grammar::AtModifier::At(time)) => Some(At::Time(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => ms(after)?,
            Err(before) => -ms(before.duration())?,
        })),
    };
    Ok(Shift { offset_ms, at })
}

/// Times and durations stay far from the ends of the number range, so that sums of a few of them cannot overflow.
fn ms(d: Duration) -> Result<i64, QueryError> {
    let out_of_range = || QueryError::new("time or duration out of range");
    i64::try_from(d.as_millis()).ok().filter(|ms| *ms <= i64::MAX / 16).ok_or_else(out_of_range)
}

fn positive_ms(d: Duration) -> Result<i64, QueryError> {
    match ms(d)? {
        0 => Err(QueryError::new("duration must be greater than 0")),
        ms => Ok(ms),
    }
}

fn grouping(modifier: Option<&grammar::LabelModifier>, keep_if_none: bool) -> Grouping {
    match modifier {
        None => Grouping { keep: keep_if_none, labels: Vec::new() },
        Some(grammar::LabelModifier::Include(l)) => Grouping { keep: true, labels: l.labels.clone() },
        Some(grammar::LabelModifier::Exclude(l)) => Grouping { keep: false, labels: l.labels.clone() },
    }
}

fn matching(modifier: Option<&grammar::BinModifier>) -> Matching {
    use grammar::VectorMatchCardinality::{ManyToMany, ManyToOne, OneToMany, OneToOne};
    let (many, include) = match modifier.map(|m| &m.card) {
        Some(ManyToOne(labels)) => (Many::Left, labels.labels.clone()),
        Some(OneToMany(labels)) => (Many::Right, labels.labels.clone()),
        None | Some(OneToOne | ManyToMany) => (Many::Neither, Vec::new()),
    };
    Matching {
        on: grouping(modifier.and_then(|m| m.matching.as_ref()), false),
        many,
        include,
        return_bool: modifier.is_some_and(|m| m.return_bool),
        fill: modifier.map_or((None, None), |m| (m.fill_values.lhs, m.fill_values.rhs)),
    }
}

fn op(token: token::TokenType) -> Result<Op, QueryError> {
    Ok(match token.id() {
        token::T_ADD => Op::Add,
        token::T_SUB => Op::Sub,
        token::T_MUL => Op::Mul,
        token::T_DIV => Op::Div,
        token::T_MOD => Op::Mod,
        token::T_POW => Op::Pow,
        token::T_ATAN2 => Op::Atan2,
        token::T_EQLC => Op::Equal,
        token::T_NEQ => Op::NotEqual,
        token::T_LSS => Op::Less,
        token::T_LTE => Op::LessEqual,
        token::T_GTR => Op::Greater,
        token::T_GTE => Op::GreaterEqual,
        token::T_LAND => Op::And,
        token::T_LOR => Op::Or,
        token::T_LUNLESS => Op::Unless,
        _ => return Err(QueryError::new(format!("operator {token} is not supported"))),
    })
}

fn aggregate_op(token: token::TokenType) -> Result<AggregateOp, QueryError> {
    Ok(match token.id() {
        token::T_SUM => AggregateOp::Sum,
        token::T_AVG => AggregateOp::Avg,
        token::T_MIN => AggregateOp::Min,
        token::T_MAX => AggregateOp::Max,
        token::T_COUNT => AggregateOp::Count,
        token::T_GROUP => AggregateOp::Group,
        token::T_STDDEV => AggregateOp::Stddev,
        token::T_STDVAR => AggregateOp::Stdvar,
        token::T_QUANTILE => AggregateOp::Quantile,
        token::T_TOPK => AggregateOp::Topk,
        token::T_BOTTOMK => AggregateOp::Bottomk,
        token::T_LIMITK => AggregateOp::Limitk,
        token::T_LIMIT_RATIO => AggregateOp::LimitRatio,
        token::T_COUNT_VALUES => AggregateOp::CountValues,
        _ => return Err(QueryError::new(format!("aggregation {token} is not supported"))),
    })
}
