//! One file a call or sink, one a concern.

mod close;
mod invariants;
mod report;
mod tripwires;
mod try_state;
mod unjail;
