//! The core tier's tests, one binary.

mod agree;
mod capacity;
mod change;
mod cli;
mod console;
mod debrief;
#[path = "../support/debrief.rs"]
mod debrief_fixture;
mod debrief_view;
#[path = "../support/des.rs"]
mod des;
mod grammar;
mod journal;
mod kube;
mod library;
mod line;
mod locale;
mod milestone;
mod net;
mod nonsense;
mod observe;
mod postmortem;
mod promql;
mod queueing;
mod rehearsal;
mod scenario;
mod scoring;
mod scrub;
mod session;
mod stdx;
mod store;
mod tidy;
mod view;
mod vocab;
mod whole;
mod world;
