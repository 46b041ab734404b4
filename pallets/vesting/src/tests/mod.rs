//! Tests: a file for each call or topic.

mod attacks;
mod claim;
mod collect;
mod genesis;
mod grants;
mod invariants;
mod matrix;
mod merge;
mod model;
mod revoke;
mod tripwires;
mod try_state;
mod vested_transfer;
mod views;

use crate::{mock::*, Call, Error, Event};
use dtel_primitives::{vesting::Terms, Balance, BasisPoints, BlockNumber};
use frame_support::assert_noop;
use sp_runtime::{DispatchError, DispatchResult, TokenError};

/// All free at the end, nothing before.
const AT_END: Terms =
	Terms { start: 1, cliff: 1_000, end: 1_000, at_start: BasisPoints::ZERO, period: 1 };

/// It fails with this error and changes nothing at all.
fn noop(act: impl FnOnce() -> DispatchResult, error: impl Into<DispatchError>) {
	// Events are reset by whatever dispatches: once before, that is no change.
	System::reset_events();
	assert_noop!(act(), error.into());
}

/// The dispatched call fails with this error and changes nothing at all.
fn refused(who: AccountId, call: Call<Test>, error: impl Into<DispatchError>) {
	let call = RuntimeCall::Vesting(call);
	use sp_runtime::traits::Dispatchable;
	let act = || call.clone().dispatch(signed(who)).map(|_| ()).map_err(|e| e.error);
	assert_noop!(act(), error.into());
}
