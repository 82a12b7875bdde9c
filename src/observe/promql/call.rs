//! Function calls: which function a name is, and what it does with its arguments.

use super::calendar;
use super::eval::{Eval, NOTHING, Out, Row, Steps, is_some, seconds, text};
use super::node::{Kind, Node};
use super::note::Notes;
use super::over::{self, Over};
use super::{QueryError, label, order};
use crate::observe::series::Labels;

/// A function.
#[derive(Clone, Debug)]
pub(super) enum Func {
    /// Of each window of a range vector; the place of the range among the arguments, and whether names stay.
    Over {
        name: String,
        f: Over,
        range_at: usize,
        keep_name: bool,
    },
    /// Of each value of an instant vector.
    Each(fn(f64) -> f64),
    /// Of each value, or of the step's time without an argument.
    Calendar(fn(f64) -> f64),
    /// Of each value and one or two scalars.
    Clamp,
    ClampMin,
    ClampMax,
    Round,
    /// With the labels that the absent selector implies.
    Absent(Labels),
    AbsentOverTime(Labels),
    HistogramQuantile,
    HistogramQuantiles,
    HistogramFraction,
    /// Functions of native histograms, of which there are none here.
    OfNativeHistograms,
    LabelJoin,
    LabelReplace,
    Sort {
        descending: bool,
    },
    SortByLabel {
        descending: bool,
    },
    Scalar,
    Vector,
    Time,
    Timestamp,
    Pi,
    /// Of the query itself.
    Start,
    End,
    Step,
    Range,
    MinOf,
    MaxOf,
}

impl Func {
    /// The function of a name.
    pub(super) fn find(name: &str) -> Option<Func> {
        if let Some((f, keep_name)) = over::find(name) {
            let range_at = usize::from(name == "quantile_over_time");
            return Some(Func::Over { name: name.to_owned(), f, range_at, keep_name });
        }
        if let Some(f) = each(name) {
            return Some(Func::Each(f));
        }
        if let Some(f) = calendar::find(name) {
            return Some(Func::Calendar(f));
        }
        Some(match name {
            "absent" => Func::Absent(Labels::default()),
            "absent_over_time" => Func::AbsentOverTime(Labels::default()),
            "clamp" => Func::Clamp,
            "clamp_max" => Func::ClampMax,
            "clamp_min" => Func::ClampMin,
            "end" => Func::End,
            "histogram_avg" | "histogram_count" | "histogram_stddev" | "histogram_stdvar" | "histogram_sum" => {
                Func::OfNativeHistograms
            }
            "histogram_fraction" => Func::HistogramFraction,
            "histogram_quantile" => Func::HistogramQuantile,
            "histogram_quantiles" => Func::HistogramQuantiles,
            "label_join" => Func::LabelJoin,
            "label_replace" => Func::LabelReplace,
            "max_of" => Func::MaxOf,
            "min_of" => Func::MinOf,
            "pi" => Func::Pi,
            "range" => Func::Range,
            "round" => Func::Round,
            "scalar" => Func::Scalar,
            "sort" => Func::Sort { descending: false },
            "sort_by_label" => Func::SortByLabel { descending: false },
            "sort_by_label_desc" => Func::SortByLabel { descending: true },
            "sort_desc" => Func::Sort { descending: true },
            "start" => Func::Start,
            "step" => Func::Step,
            "time" => Func::Time,
            "timestamp" => Func::Timestamp,
            "vector" => Func::Vector,
            _ => return None,
        })
    }

    /// The type of the result.
    pub(super) fn kind(&self) -> Kind {
        use Func::{End, MaxOf, MinOf, Pi, Range, Scalar, Start, Step, Time};
        if matches!(self, End | MaxOf | MinOf | Pi | Range | Scalar | Start | Step | Time) {
            Kind::Scalar
        } else {
            Kind::Vector
        }
    }
}

/// Functions of one value, by libm, which gives the same bits on every machine.
fn each(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "acos" => libm::acos,
        "acosh" => libm::acosh,
        "asin" => libm::asin,
        "asinh" => libm::asinh,
        "atan" => libm::atan,
        "atanh" => libm::atanh,
        "ceil" => f64::ceil,
        "cos" => libm::cos,
        "cosh" => libm::cosh,
        "deg" => |v| v * 180.0 / std::f64::consts::PI,
        "exp" => libm::exp,
        "floor" => f64::floor,
        "ln" => libm::log,
        "log10" => libm::log10,
        "log2" => libm::log2,
        "rad" => |v| v * std::f64::consts::PI / 180.0,
        "sgn" => |v| {
            if v > 0.0 {
                1.0
            } else if v < 0.0 {
                -1.0
            } else {
                v
            }
        },
        "sin" => libm::sin,
        "sinh" => libm::sinh,
        "sqrt" => f64::sqrt,
        "tan" => libm::tan,
        "tanh" => libm::tanh,
        _ => return None,
    })
}

/// The smaller; NaN if one is.
fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

/// The greater; NaN if one is.
fn most(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

impl Eval<'_> {
    pub(super) fn call(&self, func: &Func, args: &[Node], steps: &Steps) -> Result<Out, QueryError> {
        let always = |value: f64| Ok(Out::Scalar(vec![value; steps.len]));
        let scalar = |n: usize| self.scalar(args.get(n), steps);
        let vector = |n: usize| self.vector(args.get(n), steps);
        if matches!(func, Func::Sort { .. } | Func::SortByLabel { .. }) && steps.len > 1 {
            self.note(Notes::sorted_range);
        }
        match func {
            Func::Over { name, f, range_at, keep_name } => self.call_over(name, *f, *range_at, *keep_name, args, steps),
            Func::Each(f) => Ok(Out::Vector(mapped(vector(0)?, |_, v| f(v)))),
            Func::Calendar(f) if args.is_empty() => Ok(Out::Vector(vec![unlabelled(steps, |t| f(seconds(t)))])),
            Func::Calendar(f) => Ok(Out::Vector(mapped(vector(0)?, |_, v| f(v)))),
            Func::Clamp => self.clamp(args, steps),
            Func::ClampMin => {
                let low = scalar(1)?;
                Ok(Out::Vector(mapped(vector(0)?, |step, v| most(at(&low, step), v))))
            }
            Func::ClampMax => {
                let high = scalar(1)?;
                Ok(Out::Vector(mapped(vector(0)?, |step, v| least(at(&high, step), v))))
            }
            Func::Round => {
                let nearest = if args.len() > 1 { scalar(1)? } else { vec![1.0; steps.len] };
                // Times the inverse, as Prometheus does: 0.1 has none that is exact, its inverse 10 is.
                let round = |step: usize, v: f64| {
                    let inverse = 1.0 / at(&nearest, step);
                    (v * inverse + 0.5).floor() / inverse
                };
                Ok(Out::Vector(mapped(vector(0)?, round)))
            }
            Func::Absent(labels) => Ok(Out::Vector(vec![absent(labels, &vector(0)?, steps)])),
            Func::AbsentOverTime(labels) => {
                let present = self.over(args.first(), steps, &[], false, |_| Some(1.0))?;
                Ok(Out::Vector(vec![absent(labels, &present, steps)]))
            }
            Func::HistogramQuantile => self.histogram_quantile(args, steps),
            Func::HistogramQuantiles => self.histogram_quantiles(args, steps),
            Func::HistogramFraction => self.histogram_fraction(args, steps),
            Func::OfNativeHistograms => {
                vector(0)?;
                Ok(Out::Vector(Vec::new()))
            }
            Func::LabelJoin => {
                let (to, separator) = (text(args.get(1))?, text(args.get(2))?);
                let from = args.iter().skip(3).map(|a| text(Some(a))).collect::<Result<Vec<&str>, _>>()?;
                Ok(Out::Vector(label::join(vector(0)?, to, separator, &from)?))
            }
            Func::LabelReplace => {
                let (to, with) = (text(args.get(1))?, text(args.get(2))?);
                let (from, pattern) = (text(args.get(3))?, text(args.get(4))?);
                Ok(Out::Vector(label::replace(vector(0)?, to, with, from, pattern)?))
            }
            Func::Sort { descending } => Ok(Out::Vector(order::by_value(vector(0)?, *descending))),
            Func::SortByLabel { descending } => {
                let names = args.iter().skip(1).map(|a| text(Some(a))).collect::<Result<Vec<&str>, _>>()?;
                Ok(Out::Vector(order::by_labels(vector(0)?, &names, *descending)))
            }
            Func::Scalar => {
                let rows = vector(0)?;
                let only = |step: usize| {
                    let mut values = rows.iter().map(|r| at(&r.values, step)).filter(|v| is_some(*v));
                    values.next().filter(|_| values.next().is_none()).unwrap_or(f64::NAN)
                };
                Ok(Out::Scalar((0..steps.len).map(only).collect()))
            }
            Func::Vector => {
                let values = scalar(0)?;
                Ok(Out::Vector(vec![Row { labels: Labels::default(), drop_name: false, values }]))
            }
            Func::Time => Ok(Out::Scalar(steps.times().map(seconds).collect())),
            Func::Timestamp => {
                let rows = vector(0)?;
                Ok(Out::Vector(mapped(rows, |step, _| seconds(steps.at(step)))))
            }
            Func::Pi => always(std::f64::consts::PI),
            Func::Start => always(seconds(self.start_ms)),
            Func::End => always(seconds(self.end_ms)),
            Func::Step => always(seconds(self.step_ms)),
            Func::Range => always(seconds(self.end_ms.saturating_sub(self.start_ms))),
            Func::MinOf => Ok(Out::Scalar(zipped(&scalar(0)?, &scalar(1)?, least))),
            Func::MaxOf => Ok(Out::Scalar(zipped(&scalar(0)?, &scalar(1)?, most))),
        }
    }

    fn call_over(
        &self,
        name: &str,
        f: Over,
        range_at: usize,
        keep_name: bool,
        args: &[Node],
        steps: &Steps,
    ) -> Result<Out, QueryError> {
        let others = args.iter().enumerate().filter(|(n, _)| *n != range_at);
        let parameters = others.map(|(_, a)| self.scalar(Some(a), steps)).collect::<Result<Vec<Vec<f64>>, _>>()?;
        if name == "double_exponential_smoothing" && parameters.iter().flatten().any(|p| *p <= 0.0 || *p >= 1.0) {
            return Err(QueryError::new("invalid smoothing factor or trend factor: 0 < factor < 1 expected"));
        }
        let rows = self.over(args.get(range_at), steps, &parameters, keep_name, f)?;
        self.note(|notes| match name {
            "rate" | "increase" => rows.iter().for_each(|r| notes.counter(&r.labels)),
            "quantile_over_time" => {
                let asked = |step: &usize| rows.iter().any(|r| is_some(at(&r.values, *step)));
                let of = |step: usize| parameters.first().map_or(0.5, |p| at(p, step));
                (0..steps.len).filter(asked).for_each(|step| notes.quantile(of(step)));
            }
            _ => {}
        });
        Ok(Out::Vector(rows))
    }

    fn clamp(&self, args: &[Node], steps: &Steps) -> Result<Out, QueryError> {
        let (low, high) = (self.scalar(args.get(1), steps)?, self.scalar(args.get(2), steps)?);
        let clamped = |step: usize, v: f64| {
            let (low, high) = (at(&low, step), at(&high, step));
            if high < low { NOTHING } else { most(low, least(high, v)) }
        };
        Ok(Out::Vector(mapped(self.vector(args.first(), steps)?, clamped)))
    }
}

/// The value at a step.
pub(super) fn at(values: &[f64], step: usize) -> f64 {
    values.get(step).copied().unwrap_or(NOTHING)
}

/// A function of every value and its step; the metric's name goes.
fn mapped(mut rows: Vec<Row>, f: impl Fn(usize, f64) -> f64) -> Vec<Row> {
    for row in &mut rows {
        row.drop_name = true;
        for (step, v) in row.values.iter_mut().enumerate() {
            if is_some(*v) {
                *v = f(step, *v);
            }
        }
    }
    rows
}

fn zipped(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect()
}

/// A row without labels, its value by time.
fn unlabelled(steps: &Steps, f: impl Fn(i64) -> f64) -> Row {
    Row { labels: Labels::default(), drop_name: false, values: steps.times().map(f).collect() }
}

/// 1 wherever no row has a value.
fn absent(labels: &Labels, rows: &[Row], steps: &Steps) -> Row {
    let nobody = |step: usize| !rows.iter().any(|r| is_some(at(&r.values, step)));
    let values = (0..steps.len).map(|step| if nobody(step) { 1.0 } else { NOTHING }).collect();
    Row { labels: labels.clone(), drop_name: false, values }
}
