//! The catalogue and the wheel's draw: seeded, weighted, never repeating until all have come up.
