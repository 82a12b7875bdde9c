//! The automatic game master.
