//! The ui tier's tests, one binary.

#[path = "../support/debrief.rs"]
mod debrief_fixture;
#[path = "../support/projection.rs"]
mod projection;
#[path = "../support/raster.rs"]
mod raster;

mod console;
mod contrast;
mod debrief;
mod explore;
mod front;
mod live;
mod pictures;
mod replay;
