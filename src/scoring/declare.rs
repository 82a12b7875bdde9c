//! Declarative rules over a sequence of steps, in their textbook meaning (Declare, finite traces): for notes about order,
//! never for points.

/// A rule about one or two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule<'a> {
    /// It occurs.
    Existence(&'a str),
    /// It does not occur.
    Absence(&'a str),
    /// It occurs once.
    ExactlyOne(&'a str),
    /// If the first occurs, so does the second, whenever.
    RespondedExistence(&'a str, &'a str),
    /// Both occur or neither.
    Coexistence(&'a str, &'a str),
    /// The first is followed by the second, each time.
    Response(&'a str, &'a str),
    /// The second occurs only after the first has.
    Precedence(&'a str, &'a str),
    /// Response and precedence.
    Succession(&'a str, &'a str),
    /// Not both occur.
    NonCoexistence(&'a str, &'a str),
    /// The second never follows the first.
    NonSuccession(&'a str, &'a str),
}

impl<'a> Rule<'a> {
    /// A rule by its template's name and its arguments.
    pub fn named(template: &str, args: &[&'a str]) -> Option<Rule<'a>> {
        Some(match (template, args) {
            ("existence", [a]) => Rule::Existence(a),
            ("absence", [a]) => Rule::Absence(a),
            ("exactly_one", [a]) => Rule::ExactlyOne(a),
            ("responded_existence", [a, b]) => Rule::RespondedExistence(a, b),
            ("coexistence", [a, b]) => Rule::Coexistence(a, b),
            ("response", [a, b]) => Rule::Response(a, b),
            ("precedence", [a, b]) => Rule::Precedence(a, b),
            ("succession", [a, b]) => Rule::Succession(a, b),
            ("noncoexistence", [a, b]) => Rule::NonCoexistence(a, b),
            ("nonsuccession", [a, b]) => Rule::NonSuccession(a, b),
            _ => return None,
        })
    }

    /// Whether it holds of a sequence.
    pub fn holds(self, trace: &[&str]) -> bool {
        let has = |a: &str| trace.contains(&a);
        let first = |a: &str| trace.iter().position(|x| *x == a);
        let last = |a: &str| trace.iter().rposition(|x| *x == a);
        match self {
            Rule::Existence(a) => has(a),
            Rule::Absence(a) => !has(a),
            Rule::ExactlyOne(a) => trace.iter().filter(|x| **x == a).count() == 1,
            Rule::RespondedExistence(a, b) => !has(a) || has(b),
            Rule::Coexistence(a, b) => has(a) == has(b),
            Rule::Response(a, b) => last(a).is_none_or(|a| last(b).is_some_and(|b| b > a)),
            Rule::Precedence(a, b) => first(b).is_none_or(|b| first(a).is_some_and(|a| a < b)),
            Rule::Succession(a, b) => Rule::Response(a, b).holds(trace) && Rule::Precedence(a, b).holds(trace),
            Rule::NonCoexistence(a, b) => !(has(a) && has(b)),
            Rule::NonSuccession(a, b) => first(a).zip(last(b)).is_none_or(|(a, b)| b < a),
        }
    }
}
