//! The catalogue and the wheel: what there is to play, which one comes up, and how the wheel turns to it.
//!
//! Everything here is a pure function over plain data, so that a draw can be repeated from its seed.

pub mod catalogue;
pub mod draw;
pub mod spin;
