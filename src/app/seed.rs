//! Seeds as people copy them: eight characters of Crockford's base 32, as in `7Q4M-2K9D`.

use std::hash::{BuildHasher as _, Hasher as _};

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits that eight characters hold.
const BITS: u64 = 40;

/// A fresh seed from the system's randomness.
pub fn fresh() -> u64 {
    let mut hasher = std::hash::RandomState::new().build_hasher();
    hasher.write_u8(0);
    hasher.finish() & ((1 << BITS) - 1)
}

/// The seed as shown; a seed too long for eight characters is shown as a number.
pub fn words(seed: u64) -> String {
    if seed >> BITS != 0 {
        return seed.to_string();
    }
    let letter = |i: u32| LETTERS.get((seed >> (35 - 5 * i)) as usize & 31).copied().map_or('0', char::from);
    let text: String = (0..8).map(letter).collect();
    let (a, b) = text.split_at(4);
    format!("{a}-{b}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_seeds() {
        assert_eq!(words(0), "0000-0000");
        assert_eq!(words(33), "0000-0011");
        assert_eq!(words((1 << 40) - 1), "ZZZZ-ZZZZ");
        assert_eq!(words(1 << 40), (1u64 << 40).to_string());
    }
}
