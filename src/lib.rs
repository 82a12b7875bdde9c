//! Wheel of Misfortune: the flight simulator for on-call, as a library.
//!
//! The modules stand in reading order; each imports only from those above it (`tests/core/tidy.rs` checks the arrows).

#![forbid(unsafe_code)]

pub mod cli;
pub mod console; // the simulated shell: grammar, process table, tools
pub mod debrief; // two lanes, turning points, questions
pub mod diagnostic; // what an author sees when a file is wrong
pub mod fact; // what follows from the entries: the fact stream
pub mod host; // drives a live session: appends, applies, ticks
pub mod library; // catalogue, the wheel's draw and its motion
pub mod locale; // the message catalogue: keys and arguments -> words, English and Korean
pub mod milestone; // predicates over facts: one matcher for triggers, fidelity and scoring
pub mod observe; // what the world shows: metrics, logs, alerts
pub mod people; // simulated colleagues
pub mod postmortem; // export of a finished session
pub mod rehearsal; // headless runs of walkthroughs
pub mod rule; // the scenario's triggers -> effects
pub mod scenario; // RON text -> Scenario: data about a world, validated
pub mod scoring; // a report with evidence, a pure function of header, facts and scenario
pub mod session; // commands -> decide -> entries -> apply -> state; roles and projection
pub mod sim; // the simulated world and its step
pub mod stdx; // ids, time, named random streams, digest, exact quantities, text helpers
pub mod storage; // journal, recovery, settings, packages: the only place in core that touches files
pub mod view; // pure builders: what a screen shows, in display terms // the subcommands

#[cfg(feature = "ui")]
pub mod ui; // egui: panels as pure functions of a view-model

#[cfg(feature = "desktop")]
pub mod app; // Bevy: window, screens, the wheel scene, assets, sound
