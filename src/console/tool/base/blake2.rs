//! BLAKE2b without a key (RFC 7693).

/// The initial state: as in SHA-512.
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Which words of the block a round takes, in what order.
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The columns and diagonals that are mixed in a round.
const MIXED: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

const ROUNDS: usize = 12;
const BLOCK: usize = 128;

fn word<const N: usize>(all: &[u64; N], at: usize) -> u64 {
    all.get(at).copied().unwrap_or(0)
}

fn compress(h: &mut [u64; 8], block: &[u8], count: u128, last: bool) {
    let mut m = [0u64; 16];
    for (w, bytes) in m.iter_mut().zip(block.chunks(8)) {
        *w = bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b));
    }
    let mut v = [0u64; 16];
    for (slot, x) in v.iter_mut().zip(h.iter().chain(&IV)) {
        *slot = *x;
    }
    let low = u64::try_from(count & u128::from(u64::MAX)).unwrap_or(0);
    let high = u64::try_from(count >> 64).unwrap_or(0);
    for (at, x) in [(12, low), (13, high), (14, if last { u64::MAX } else { 0 })] {
        if let Some(slot) = v.get_mut(at) {
            *slot ^= x;
        }
    }
    for order in SIGMA.iter().cycle().take(ROUNDS) {
        for (at, pair) in MIXED.iter().zip(order.chunks(2)) {
            let [mut a, mut b, mut c, mut d] = at.map(|i| word(&v, i));
            for (n, (x, y)) in pair.iter().zip([(32, 24), (16, 63)]) {
                a = a.wrapping_add(b).wrapping_add(word(&m, *n));
                d = (d ^ a).rotate_right(x);
                c = c.wrapping_add(d);
                b = (b ^ c).rotate_right(y);
            }
            for (i, x) in at.iter().zip([a, b, c, d]) {
                if let Some(slot) = v.get_mut(*i) {
                    *slot = x;
                }
            }
        }
    }
    for (i, slot) in h.iter_mut().enumerate() {
        *slot ^= word(&v, i) ^ word(&v, i + 8);
    }
}

/// The digest of `length` bytes, 1 to 64.
pub(super) fn digest(bytes: &[u8], length: u8) -> Vec<u8> {
    let mut h = IV;
    if let Some(first) = h.first_mut() {
        *first ^= 0x0101_0000 ^ u64::from(length);
    }
    let blocks = bytes.len().div_ceil(BLOCK).max(1);
    for n in 0..blocks {
        let end = bytes.len().min((n + 1) * BLOCK);
        let part = bytes.get(n * BLOCK..end).unwrap_or_default();
        compress(&mut h, part, end as u128, n + 1 == blocks);
    }
    h.iter().flat_map(|w| w.to_le_bytes()).take(usize::from(length)).collect()
}
