//! A query as it is evaluated: the grammar's tree with names resolved, matchers compiled and parentheses gone.

use super::call::Func;
use crate::observe::series::{Labels, Matcher, SeriesStore, is_stale};

/// The time to which a selector is pinned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum At {
    /// A time in milliseconds.
    Time(i64),
    /// The query's start.
    Start,
    /// The query's end.
    End,
}

/// Which series, and at which time instead of the step's.
#[derive(Clone, Debug)]
pub(super) struct Selector {
    /// Any of these sets of matchers has to accept a series.
    pub(super) any_of: Vec<Vec<Matcher>>,
    pub(super) shift: Shift,
}

/// `offset` and `@`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shift {
    pub(super) offset_ms: i64,
    pub(super) at: Option<At>,
}

impl Selector {
    /// Whether a series of it has a value at this time.
    pub(super) fn is_alive(&self, store: &SeriesStore, t_ms: i64) -> bool {
        let fresh = |id| store.latest(id, t_ms - super::LOOKBACK_MS, t_ms).is_some_and(|(_, v)| !is_stale(v));
        self.any_of.iter().any(|matchers| store.select(matchers).into_iter().any(fresh))
    }
}

/// `by (…)` or `without (…)`, `on (…)` or `ignoring (…)`.
#[derive(Clone, Debug)]
pub(super) struct Grouping {
    pub(super) keep: bool,
    pub(super) labels: Vec<String>,
}

impl Grouping {
    /// The labels by which series belong together. Those that are not kept lose the metric's name as well.
    pub(super) fn key(&self, labels: &Labels) -> Labels {
        if self.keep { labels.only(&self.labels) } else { labels.without(&self.labels).nameless() }
    }
}

/// Operators between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    Unless,
}

impl Op {
    pub(super) fn is_comparison(self) -> bool {
        use Op::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        matches!(self, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
    }

    pub(super) fn is_set(self) -> bool {
        matches!(self, Op::And | Op::Or | Op::Unless)
    }
}

/// Which side may have several series of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Many {
    Neither,
    Left,
    Right,
}

/// How the series of two vectors find each other.
#[derive(Clone, Debug)]
pub(super) struct Matching {
    pub(super) on: Grouping,
    pub(super) many: Many,
    /// Labels that a result takes from the side with one series.
    pub(super) include: Vec<String>,
    pub(super) return_bool: bool,
    /// What stands for a missing series on the left, and on the right.
    pub(super) fill: (Option<f64>, Option<f64>),
}

/// Aggregation operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AggregateOp {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    Quantile,
    Topk,
    Bottomk,
    Limitk,
    LimitRatio,
    CountValues,
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Number(f64),
    Text(String),
    Select(Selector),
    /// A selector whose values are the samples' own times, for `timestamp`.
    Times(Selector),
    Range {
        selector: Selector,
        range_ms: i64,
    },
    Subquery {
        inner: Box<Node>,
        range_ms: i64,
        step_ms: i64,
        shift: Shift,
    },
    Negate(Box<Node>),
    Binary {
        op: Op,
        left: Box<Node>,
        right: Box<Node>,
        matching: Box<Matching>,
    },
    Aggregate {
        op: AggregateOp,
        grouping: Grouping,
        parameter: Option<Box<Node>>,
        inner: Box<Node>,
    },
    Call {
        func: Func,
        args: Vec<Node>,
    },
}

/// The type of an expression's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Text,
    Vector,
    Range,
}

impl Kind {
    /// The name that Prometheus gives it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Scalar => "scalar",
            Kind::Text => "string",
            Kind::Vector => "instant vector",
            Kind::Range => "range vector",
        }
    }
}

impl Node {
    /// Every selector in the expression.
    pub(super) fn selectors(&self) -> Vec<&Selector> {
        let mut found = Vec::new();
        let mut left = vec![self];
        while let Some(node) = left.pop() {
            match node {
                Node::Number(_) | Node::Text(_) => {}
                Node::Select(s) | Node::Times(s) | Node::Range { selector: s, .. } => found.push(s),
                Node::Subquery { inner, .. } | Node::Negate(inner) => left.push(inner),
                Node::Binary { left: a, right: b, .. } => left.extend([a.as_ref(), b.as_ref()]),
                Node::Aggregate { parameter, inner, .. } => {
                    left.push(inner);
                    left.extend(parameter.as_deref());
                }
                Node::Call { args, .. } => left.extend(args),
            }
        }
        found
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Node::Number(_) => Kind::Scalar,
            Node::Text(_) => Kind::Text,
            Node::Select(_) | Node::Times(_) | Node::Aggregate { .. } => Kind::Vector,
            Node::Range { .. } | Node::Subquery { .. } => Kind::Range,
            Node::Negate(inner) => inner.kind(),
            Node::Binary { left, right, .. } => {
                if left.kind() == Kind::Scalar && right.kind() == Kind::Scalar {
                    Kind::Scalar
                } else {
                    Kind::Vector
                }
            }
            Node::Call { func, .. } => func.kind(),
        }
    }
}
