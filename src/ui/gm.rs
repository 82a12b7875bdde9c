//! The game master's station.
