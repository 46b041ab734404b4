//! Every call from everybody: unsigned, root, a stranger, the owner.

use super::*;
use crate::{mock::*, Call, Error, NodeUpdate};
use dtel_primitives::node::NodeStatus;
use frame_support::{assert_noop, assert_ok, traits::UnfilteredDispatchable};
use sp_runtime::DispatchError;

/// Every call, and what it says to somebody who is neither owner nor unsigned.
fn calls() -> Vec<(Call<Test>, Option<Error<Test>>)> {
	let (node, key) = (0, media(9));
	let update = NodeUpdate { declared_kbps: Some(1), ..Default::default() };
	let calls = vec![
		(
			Call::register {
				declaration: declaration(DOMAIN),
				attestor: attestor(5),
				media: media(5),
			},
			None,
		),
		(Call::rotate_keys { node, attestor: attestor(6), media: media(6) }, Some(Error::NotOwner)),
		(Call::set_status { node, status: NodeStatus::Draining }, Some(Error::NotOwner)),
		(Call::retire { node }, Some(Error::NotOwner)),
		(Call::add_client { key: media(8), until: None, limit: 1 }, None),
		(Call::revoke_client { key }, Some(Error::NotOwner)),
		(Call::update { node, update }, Some(Error::NotOwner)),
		(Call::renew_client { key, until: None, limit: 2 }, Some(Error::NotOwner)),
	];
	use frame_support::traits::GetCallName;
	assert_eq!(calls.len(), Call::<Test>::get_call_names().len(), "a call is missing here");
	calls
}

#[test]
fn only_owners_do_what_is_theirs() {
	for index in 0..calls().len() {
		ExtBuilder::new().build_and_execute(|| {
			register(ALICE, 1);
			assert_ok!(Registry::add_client(signed(ALICE), media(9), None, 1));
			let (call, to_strangers) = calls().swap_remove(index);
			let by = |origin| call.clone().dispatch_bypass_filter(origin);
			for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
				assert_noop!(by(origin), DispatchError::BadOrigin);
			}
			match to_strangers {
				Some(error) => {
					assert_noop!(by(signed(BOB)), error);
				}
				None => {
					let done = frame_support::storage::with_transaction(|| {
						sp_runtime::TransactionOutcome::Rollback(Ok::<_, DispatchError>(by(
							signed(BOB),
						)))
					});
					assert_ok!(done.unwrap());
				}
			}
			assert_ok!(by(signed(ALICE)));
		});
	}
}
