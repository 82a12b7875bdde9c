//! The core tier's tests, one binary.

mod cli;
mod console;
mod debrief;
mod grammar;
mod journal;
mod library;
mod locale;
mod milestone;
mod rehearsal;
mod scenario;
mod scoring;
mod session;
mod stdx;
mod tidy;
mod view;
mod world;
