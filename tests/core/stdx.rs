//! Tests of stdx.
