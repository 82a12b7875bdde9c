//! Named random streams: one generator per subsystem, so that a new draw in one cannot move another.

use rand::Rng as _;
use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// One named stream. The generator is PCG-64-MCG; the sampling below is ours, because a library's may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stream(Pcg64Mcg);

impl Stream {
    /// The stream `name` of the session seed: a pure function of both.
    pub fn new(seed: u64, name: &str) -> Stream {
        let mut h = Sha256::new();
        h.update(seed.to_le_bytes());
        h.update(name.as_bytes());
        let d = h.finalize();
        let mut s = [0u8; 16];
        s.copy_from_slice(&d[..16]);
        Stream(Pcg64Mcg::from_seed(s))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in `0..n` without bias (Lemire's multiply-and-reject); 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let floor = n.wrapping_neg() % n;
        loop {
            let wide = u128::from(self.bits()) * u128::from(n);
            if wide as u64 >= floor {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Uniform in `[0, 1)`, 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform in `[-1, 1)`.
    pub fn signed(&mut self) -> f64 {
        self.unit() * 2.0 - 1.0
    }
}

/// The `n`-th 64 bits of a seed, each on its own: for what is made again whenever somebody looks, in any order, where a
/// [`Stream`] would have to be drawn from the start. SplitMix64's output function (Steele, Lea, Flood 2014).
pub fn scatter(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Of 64 random bits one of `0..n`, by multiplication: off by at most `n` in 2⁶⁴; 0 if `n` is 0.
pub fn within(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}
