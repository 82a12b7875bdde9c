//! The world: hosts, services, traffic, queues, releases, faults. One `step` is one simulated second.

pub mod effect;

pub use effect::*;
