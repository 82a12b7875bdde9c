//! Simulated colleagues: they join when called and say what they know.
