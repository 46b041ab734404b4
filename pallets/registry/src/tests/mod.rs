//! Tests: a file for each call, for what others ask, and for the invariants.

mod add_client;
mod invariants;
mod near;
mod origins;
mod queries;
mod register;
mod renew_client;
mod retire;
mod revoke_client;
mod rotate_keys;
mod set_status;
mod tripwires;
mod try_state;
mod update;

use crate::{
	mock::{AccountId, Balances, RuntimeOrigin},
	HoldReason,
};
use codec::{Decode, Encode};
use dtel_primitives::Balance;
use frame_support::traits::fungible::InspectHold;

fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Held for nodes and for clients.
fn held(who: AccountId) -> (Balance, Balance) {
	let on_hold = |reason: HoldReason| Balances::balance_on_hold(&reason.into(), &who);
	(on_hold(HoldReason::Node), on_hold(HoldReason::Client))
}

/// A text as it may come from outside: bounded, but not checked.
fn unchecked<Text: Decode>(text: &str) -> Text {
	Text::decode(&mut &text.as_bytes().encode()[..]).unwrap()
}
