//! One file a call or sink, one a concern.

mod close;
mod invariants;
mod model;
mod payout;
mod scored;
mod settled;
mod tripwires;
mod try_state;
mod views;
