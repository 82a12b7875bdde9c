//! Predicates over facts: one matcher for triggers, fidelity and scoring.
