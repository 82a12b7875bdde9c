//! Folding numbers into one: compensated sums, means, variances and quantiles, for aggregations and for windows.

/// A sum with what rounding took from it (Neumaier's variant of Kahan's summation).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    pub(super) fn new(high: f64) -> Sum {
        Sum { high, low: 0.0 }
    }

    /// Adds a number. A sum that has become infinite has nothing to compensate.
    pub(super) fn add(self, value: f64) -> Sum {
        let high = self.high + value;
        let lost = if self.high.abs() >= value.abs() { (self.high - high) + value } else { (value - high) + self.high };
        let low = if high.is_infinite() { 0.0 } else { self.low + lost };
        Sum { high, low }
    }

    /// The sum times a factor.
    fn scaled(self, factor: f64) -> Sum {
        Sum { high: self.high * factor, low: self.low * factor }
    }

    fn is_infinite(self) -> bool {
        self.high.is_infinite()
    }

    pub(super) fn value(self) -> f64 {
        if self.high.is_infinite() { self.high } else { self.high + self.low }
    }
}

/// The sum; 0 of nothing.
pub(super) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(Sum::default(), Sum::add).value()
}

/// The mean: the sum over the count, or, once the sum leaves the number range, a running mean. NaN of nothing.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values = values.into_iter();
    let Some(first) = values.next() else { return f64::NAN };
    let (mut acc, mut count, mut running) = (Sum::new(first), 1.0, false);
    for value in values {
        count += 1.0;
        if !running {
            let next = acc.add(value);
            if !next.is_infinite() {
                acc = next;
                continue;
            }
            running = true;
            acc = Sum { high: acc.high / (count - 1.0), low: acc.low / (count - 1.0) };
        }
        acc = acc.scaled((count - 1.0) / count).add(value / count);
    }
    if running { acc.high + acc.low } else { acc.high / count + acc.low / count }
}

/// The population variance (Welford's running method, compensated). NaN of nothing and of anything not finite.
pub(super) fn variance(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut mean, mut squares, mut count) = (Sum::default(), Sum::default(), 0.0);
    for value in values {
        count += 1.0;
        let delta = value - (mean.high + mean.low);
        mean = mean.add(delta / count);
        squares = squares.add(delta * (value - (mean.high + mean.low)));
    }
    (squares.high + squares.low) / count
}

/// The smallest; NaN only if there is nothing else.
pub(super) fn smallest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, |least, v| if v < least || least.is_nan() { v } else { least })
}

/// The greatest; NaN only if there is nothing else.
pub(super) fn greatest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NAN, |most, v| if v > most || most.is_nan() { v } else { most })
}

/// The quantile `q`, interpolated between neighbours; NaN sorts before everything. Outside 0…1 it is infinite.
pub(super) fn quantile(q: f64, values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    if values.is_empty() || q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    values.sort_by(|a, b| b.is_nan().cmp(&a.is_nan()).then(a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal)));
    let rank = q * (values.len() - 1) as f64;
    let below = rank.floor();
    let weight = rank - below;
    // The rank lies between 0 and the length, so the cast is exact.
    let low = below as usize;
    let at = |n: usize| values.get(n.min(values.len() - 1)).copied().unwrap_or(f64::NAN);
    at(low) * (1.0 - weight) + at(low + 1) * weight
}

/// The median of the distances from the median; NaN if there is one.
pub(super) fn median_deviation(values: &[f64]) -> f64 {
    if values.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    let median = quantile(0.5, values.iter().copied());
    quantile(0.5, values.iter().map(|v| (v - median).abs()))
}
