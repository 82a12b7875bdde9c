//! Drives a live session: appends, applies, ticks, asks people and director.
