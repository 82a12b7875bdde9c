//! The desktop tier's tests, one binary.
