//! Decimals of any length, with the scales that bc gives to results.

use num_bigint::{BigInt, Sign};

/// Digits behind the point at most.
pub(super) const MOST_SCALE: u32 = 10_000;
/// Bits of a number at most.
const MOST_BITS: u64 = 400_000;

/// `digits` tenths to the power of `scale`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Num {
    pub digits: BigInt,
    pub scale: u32,
}

fn ten(n: u32) -> BigInt {
    BigInt::from(10).pow(n)
}

impl Num {
    pub(super) fn int(n: i64) -> Num {
        Num { digits: BigInt::from(n), scale: 0 }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.sign() == Sign::NoSign
    }

    /// The digits with so many behind the point; what is cut off is lost.
    pub(super) fn at(&self, scale: u32) -> BigInt {
        match scale.cmp(&self.scale) {
            std::cmp::Ordering::Less => &self.digits / ten(self.scale - scale),
            _ => &self.digits * ten(scale - self.scale),
        }
    }

    pub(super) fn to(&self, scale: u32) -> Num {
        Num { digits: self.at(scale), scale }
    }

    pub(super) fn compare(&self, other: &Num) -> std::cmp::Ordering {
        let scale = self.scale.max(other.scale);
        self.at(scale).cmp(&other.at(scale))
    }

    /// The whole part as a machine number.
    pub(super) fn whole(&self) -> Option<i64> {
        i64::try_from(self.at(0)).ok()
    }

    pub(super) fn neg(&self) -> Num {
        Num { digits: -&self.digits, scale: self.scale }
    }

    pub(super) fn add(&self, other: &Num) -> Num {
        let scale = self.scale.max(other.scale);
        Num { digits: self.at(scale) + other.at(scale), scale }
    }

    pub(super) fn times(&self, other: &Num, scale: u32) -> Num {
        let full = self.scale + other.scale;
        let keep = full.min(scale.max(self.scale).max(other.scale));
        Num { digits: &self.digits * &other.digits, scale: full }.to(keep)
    }

    pub(super) fn over(&self, other: &Num, scale: u32) -> Result<Num, String> {
        if other.is_zero() {
            return Err("Divide by zero".to_owned());
        }
        let up = self.at(scale.max(self.scale)) * ten(other.scale);
        // The quotient has `scale` digits, or is cut to them.
        let wide = scale.max(self.scale);
        Ok(Num { digits: up / &other.digits, scale: wide }.to(scale))
    }

    pub(super) fn modulo(&self, other: &Num, scale: u32) -> Result<Num, String> {
        let quotient = self.over(other, scale)?;
        let keep = self.scale.max(scale + other.scale);
        let product = Num { digits: &quotient.digits * &other.digits, scale: quotient.scale + other.scale };
        Ok(self.add(&product.neg()).to(keep))
    }

    pub(super) fn power(&self, exponent: i64, scale: u32) -> Result<Num, String> {
        let n = u32::try_from(exponent.unsigned_abs()).map_err(|_| "exponent too large in raise".to_owned())?;
        if self.digits.bits().saturating_mul(u64::from(n)) > MOST_BITS {
            return Err("exponent too large in raise".to_owned());
        }
        let full = Num { digits: self.digits.pow(n), scale: self.scale.saturating_mul(n) };
        if exponent < 0 {
            return Num::int(1).over(&full, scale);
        }
        let keep = full.scale.min(scale.max(self.scale));
        Ok(full.to(keep))
    }

    pub(super) fn root(&self, scale: u32) -> Result<Num, String> {
        if self.digits.sign() == Sign::Minus {
            return Err("Square root of a negative number".to_owned());
        }
        // Of nothing and of one it has no digits behind the point.
        if self.is_zero() || self.compare(&Num::int(1)).is_eq() {
            return Ok(self.to(0));
        }
        let scale = scale.max(self.scale);
        Ok(Num { digits: self.at(scale * 2).sqrt(), scale })
    }

    /// Digits in all, as `length` counts them.
    pub(super) fn length(&self) -> i64 {
        let text = self.digits.magnitude().to_string();
        let n = if self.is_zero() { self.scale.max(1) as usize } else { text.len().max(self.scale as usize) };
        i64::try_from(n).unwrap_or(i64::MAX)
    }

    /// Whether it is small enough to go on with.
    pub(super) fn fits(&self) -> bool {
        self.digits.bits() <= MOST_BITS && self.scale <= MOST_SCALE * 2
    }

    /// Reads digits in a base; a single digit counts for what it is in any base.
    pub(super) fn read(text: &str, base: u32) -> Num {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let single = whole.len() == 1;
        let value = |c: char| c.to_digit(16).map_or(0, |d| if single { d } else { d.min(base - 1) });
        let of = |t: &str| t.chars().fold(BigInt::from(0), |n, c| n * base + value(c));
        let behind = |t: &str| {
            let digit = |c: char| c.to_digit(16).map_or(0, |d| d.min(base - 1));
            t.chars().fold(BigInt::from(0), |n, c| n * base + digit(c))
        };
        let scale = u32::try_from(part.len()).unwrap_or(0).min(MOST_SCALE);
        let part: String = part.chars().take(scale as usize).collect();
        let fraction = behind(&part) * ten(scale) / BigInt::from(base).pow(scale);
        Num { digits: of(whole) * ten(scale) + fraction, scale }
    }

    /// As bc prints it in a base.
    pub(super) fn show(&self, base: u32) -> String {
        let mut out = String::new();
        if self.is_zero() {
            return "0".to_owned();
        }
        if self.digits.sign() == Sign::Minus {
            out.push('-');
        }
        let magnitude = Num { digits: BigInt::from(self.digits.magnitude().clone()), scale: self.scale };
        let whole = magnitude.at(0);
        if base == 10 {
            if whole.sign() != Sign::NoSign {
                out.push_str(&whole.to_string());
            }
            if self.scale > 0 {
                let rest = magnitude.digits - whole * ten(self.scale);
                out.push_str(&format!(".{:0>width$}", rest.to_string(), width = self.scale as usize));
            }
            return out;
        }
        let width = (base - 1).to_string().len();
        let digit = |d: u32| match char::from_digit(d, 16) {
            Some(c) if base <= 16 => c.to_ascii_uppercase().to_string(),
            _ => format!(" {d:0width$}"),
        };
        let mut digits = Vec::new();
        let mut rest = whole.clone();
        while rest.sign() != Sign::NoSign {
            digits.push(u32::try_from(&rest % base).unwrap_or(0));
            rest /= base;
        }
        out.extend(digits.iter().rev().map(|d| digit(*d)));
        if self.scale > 0 {
            out.push('.');
            let unit = ten(self.scale);
            let mut rest = &magnitude.digits - whole * &unit;
            let mut reach = BigInt::from(1);
            let most = ten(self.scale);
            while reach < most {
                rest *= base;
                out.push_str(&digit(u32::try_from(&rest / &unit).unwrap_or(0)));
                rest %= &unit;
                reach *= base;
            }
        }
        out
    }
}
