//! Tests of debrief.
