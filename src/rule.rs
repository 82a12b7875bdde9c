//! The scenario's triggers: what the script does is a fact.
