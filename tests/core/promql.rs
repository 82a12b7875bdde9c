//! PromQL and its store: Prometheus's own test data, and what they leave open.

#[path = "../support/promql_test.rs"]
mod format;

mod conformance;
mod evaluator;
mod property;
mod store;
