//! What the world shows: metrics, log lines, alerts; all derived from one world at one tick.
