//! One file a call, one a concern.

mod attacks;
mod choose;
mod invariants;
mod matrix;
mod remove;
mod resign;
mod strikes;
mod tripwires;
mod try_state;
mod validate;

use crate::Event;
