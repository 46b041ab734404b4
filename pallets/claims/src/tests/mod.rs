//! One file a call, one a concern.

mod attacks;
mod cancel;
mod claim;
mod close;
mod create;
mod invariants;
mod model;
mod prune;
mod tripwires;
mod try_state;
mod vested;
mod views;
