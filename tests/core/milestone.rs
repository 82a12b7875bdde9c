//! Tests of milestone.
