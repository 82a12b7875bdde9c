//! Exact fractions for scores: big rationals, read and printed as `3/5`, `-7`, `0.97`.

use num_bigint::BigInt;
use num_traits::Zero as _;

/// A big rational. Scores never touch a float.
pub type Ratio = num_rational::BigRational;

/// `n/d`; `d` must not be 0.
pub fn ratio(n: i64, d: i64) -> Ratio {
    Ratio::new(BigInt::from(n), BigInt::from(if d == 0 { 1 } else { d }))
}

/// A whole number.
pub fn whole(n: i64) -> Ratio {
    Ratio::from_integer(BigInt::from(n))
}

/// Reads `3/5`, `0.97`, `12`, `-1/4`; `None` if it is none of these or the denominator is 0.
pub fn parse(text: &str) -> Option<Ratio> {
    let t = text.trim();
    if let Some((n, d)) = t.split_once('/') {
        let (n, d): (BigInt, BigInt) = (n.trim().parse().ok()?, d.trim().parse().ok()?);
        return if d.is_zero() { None } else { Some(Ratio::new(n, d)) };
    }
    if let Some((int, frac)) = t.split_once('.') {
        if frac.is_empty() || frac.len() > 18 || !frac.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits: BigInt = format!("{int}{frac}").parse().ok()?;
        return Some(Ratio::new(digits, BigInt::from(10u64.pow(frac.len() as u32))));
    }
    t.parse::<BigInt>().ok().map(Ratio::from_integer)
}

/// Decimal text with `places` digits, rounded half away from zero: `-6.40`.
pub fn decimal(r: &Ratio, places: u32) -> String {
    let scale = BigInt::from(10u32).pow(places);
    let scaled = (r * Ratio::from_integer(scale)).round().to_integer();
    let neg = scaled < BigInt::zero();
    let digits = scaled.magnitude().to_string();
    let digits = format!("{:0>width$}", digits, width = places as usize + 1);
    let (int, frac) = digits.split_at(digits.len() - places as usize);
    let sign = if neg { "-" } else { "" };
    if places == 0 { format!("{sign}{int}") } else { format!("{sign}{int}.{frac}") }
}

/// A [`Ratio`] as data: serialised as the text `3/5`, so that a log or digest reads like the scenario does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(pub Ratio);

impl std::ops::Deref for Exact {
    type Target = Ratio;

    fn deref(&self) -> &Ratio {
        &self.0
    }
}

impl Exact {
    /// The nearest `f64`, for display and the simulation's continuous quantities.
    pub fn to_f64(&self) -> f64 {
        num_traits::ToPrimitive::to_f64(&self.0).unwrap_or(0.0)
    }
}

impl serde::Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Exact, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(d)?;
        parse(&text).map(Exact).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a fraction like 3/5")))
    }
}
