//! Headless runs of walkthroughs.
