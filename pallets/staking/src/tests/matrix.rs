//! Every call by nobody, by a stranger, by the owner, and by root.

use super::*;
use crate::Error;
use frame_support::traits::GetCallMetadata;

/// A call, by whom it is to be called, and what a stranger is told: nothing if anybody may.
fn all() -> Vec<(Call<Test>, AccountId, Option<Error<Test>>)> {
	use Error as E;
	let call = commission(1, 1, 1);
	let (pool, holder) = (ALICE, CAROL);
	vec![
		(Call::bond { amount: 500, commission: call }, BOB, None),
		(Call::bond_extra { amount: 10 }, ALICE, Some(E::NoPool)),
		(Call::unbond { amount: 10 }, ALICE, Some(E::NoPool)),
		(Call::withdraw { pool }, CAROL, Some(E::NoStake)),
		(Call::rebond { pool, amount: 10 }, CAROL, Some(E::NoStake)),
		(Call::delegate { pool, amount: 10 }, BOB, None),
		(Call::delegate_extra { pool, amount: 10 }, CAROL, Some(E::NoStake)),
		(Call::undelegate { pool, amount: 10 }, CAROL, Some(E::NoStake)),
		(Call::redelegate { from: ALICE, to: RESERVE, amount: 10 }, CAROL, Some(E::NoStake)),
		(Call::claim { pool }, CAROL, Some(E::NoStake)),
		(Call::claim_for { holder, pool }, CAROL, None),
		(Call::settle { holder, pool }, CAROL, None),
		(Call::kick { holder: DAVE, pool }, CAROL, None),
		(Call::retire {}, ALICE, Some(E::NoPool)),
		(Call::set_chilled { chilled: true }, ALICE, Some(E::NoPool)),
		(Call::set_commission { rate: call.rate }, ALICE, Some(E::NoPool)),
		(Call::set_compounding { pool, compounds: true }, CAROL, Some(E::NoStake)),
		(Call::set_private { private: true }, CAROL, Some(E::NoStake)),
		(Call::compound { holder: CAROL, pool }, CAROL, None),
	]
}

/// Alice's pool with Carol, who has matured stake, a reward and a slash to be taken, and Dave, who is below the minimum. Bob is a stranger.
/// For calls that want no slash there is none, for one that wants Carol to compound she does.
fn scene(call: &Call<Test>) {
	two();
	delegate_in(2, DAVE, ALICE, 10);
	done(CAROL, Call::undelegate { pool: ALICE, amount: 1_000 });
	bond_in(2, RESERVE, 100);
	go_to_era(6);
	assert_credit(ALICE, 5, 10_000);
	match call {
		Call::claim { .. } | Call::claim_for { .. } => {}
		Call::compound { .. } => {
			done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
			go_to_era(7);
			assert_credit(ALICE, 6, 10_000);
		}
		_ => {
			slash(ALICE, 60, 5);
		}
	}
}

#[test]
fn the_matrix_has_every_call() {
	let names: Vec<&str> = all().iter().map(|(call, ..)| name(call)).collect();
	assert_eq!(names, RuntimeCall::get_call_names("Staking"));
}

fn name(call: &Call<Test>) -> &'static str {
	use frame_support::traits::GetCallName;
	call.get_call_name()
}

#[test]
fn nobody_and_root_are_refused_by_every_call() {
	for (call, ..) in all() {
		ExtBuilder::new().build_and_execute(|| {
			scene(&call);
			let before = root();
			for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
				let done = RuntimeCall::Staking(call.clone()).dispatch(origin);
				assert_eq!(done.unwrap_err().error, DispatchError::BadOrigin, "{}", name(&call));
				assert_eq!(root(), before);
			}
		});
	}
}

#[test]
fn strangers_are_refused_by_every_call_that_is_not_for_all() {
	for (call, _, error) in all() {
		ExtBuilder::new().build_and_execute(|| {
			scene(&call);
			match error {
				Some(error) => refused(BOB, call, error),
				None => done(BOB, call),
			}
		});
	}
}

#[test]
fn owners_are_admitted_by_every_call() {
	for (call, who, _) in all() {
		ExtBuilder::new().build_and_execute(|| {
			scene(&call);
			done(who, call);
			assert!(!events().is_empty());
		});
	}
}
