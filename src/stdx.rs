//! Small things every room uses: time, named random streams, digest, exact quantities, text helpers.

pub mod digest;
pub mod path;
pub mod rational;
pub mod rng;
pub mod text;
pub mod time;
pub mod units;
