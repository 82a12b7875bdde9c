//! The simulated shell: grammar, process table, tools. Nothing in here can reach the real machine.
