//! The ui tier's tests, one binary.
