//! The ui tier's tests, one binary.

#[path = "../support/projection.rs"]
mod projection;
#[path = "../support/raster.rs"]
mod raster;

mod live;
