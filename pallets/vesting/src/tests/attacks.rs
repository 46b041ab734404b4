//! Ways to move tokens that are not free, or to keep what was revoked: none works. Stake, batches, proxies and multisigs are the real pallets.

use super::*;
use dtel_primitives::stake::Commission;
use dtel_traits::StakeLedger;
use frame_support::traits::fungible::{InspectHold, MutateHold};
use frame_support::traits::tokens::{Fortitude, Precision, Restriction};
use sp_runtime::Perbill;

type Stake = pallet_dtel_staking::Call<Test>;

const ERA: BlockNumber = 30;

fn transfer_call(dest: AccountId, value: Balance) -> RuntimeCall {
	pallet_balances::Call::transfer_allow_death { dest, value }.into()
}

fn bond(who: AccountId, amount: Balance) {
	let commission = Commission::default();
	dispatch(who, Stake::bond { amount, commission }).unwrap();
}

/// Carol has 10,000 that are free at block 1,000 and 10 of her own. Alice's.
fn granted(revoker: Option<AccountId>) -> u64 {
	grant(CAROL, 10_000, AT_END, revoker)
}

/// Whatever was tried, no more of what Carol has is anybody else's.
fn nothing_moved() {
	assert_eq!((total(CAROL), frozen(CAROL)), (10_010, 10_000));
}

#[test]
fn nothing_moves_by_a_batch() {
	ExtBuilder::new().build_and_execute(|| {
		granted(None);
		let calls = vec![transfer_call(DAVE, 10), transfer_call(DAVE, 1)];
		let all = pallet_utility::Call::batch_all { calls };
		noop(|| dispatch(CAROL, all), TokenError::Frozen);
		let calls = vec![
			Stake::bond { amount: 10_000, commission: Commission::default() }.into(),
			pallet_balances::Call::transfer_all { dest: DAVE, keep_alive: false }.into(),
			Stake::retire {}.into(),
			transfer_call(DAVE, 1),
		];
		dispatch(CAROL, pallet_utility::Call::force_batch { calls }).unwrap();
		nothing_moved();
	});
}

#[test]
fn nothing_moves_by_a_proxy() {
	ExtBuilder::new().build_and_execute(|| {
		granted(None);
		transfer(ALICE, CAROL, 2).unwrap();
		let add = pallet_proxy::Call::add_proxy { delegate: DAVE, proxy_type: (), delay: 0 };
		dispatch(CAROL, add).unwrap();
		// What is deposited for it is held, and serves the freeze.
		let call = Box::new(transfer_call(DAVE, 13));
		let by = pallet_proxy::Call::proxy { real: CAROL, force_proxy_type: None, call };
		dispatch(DAVE, by).unwrap();
		let failed = pallet_proxy::Event::ProxyExecuted { result: Err(TokenError::Frozen.into()) };
		assert!(System::events().iter().any(|e| e.event == failed.clone().into()));
		assert_eq!((total(CAROL), frozen(CAROL)), (10_012, 10_000));
	});
}

#[test]
fn nothing_moves_by_a_multisig() {
	ExtBuilder::new().build_and_execute(|| {
		let multi = Multisig::multi_account_id(&[CAROL, DAVE], 1);
		grant(multi, 10_000, AT_END, None);
		let as_multi = |other: AccountId, call: RuntimeCall| {
			let call = Box::new(call);
			pallet_multisig::Call::as_multi_threshold_1 { other_signatories: vec![other], call }
		};
		noop(|| dispatch(CAROL, as_multi(DAVE, transfer_call(DAVE, 1))), TokenError::Frozen);
		let all = pallet_balances::Call::transfer_all { dest: DAVE, keep_alive: false };
		let _ = dispatch(CAROL, as_multi(DAVE, all.into()));
		assert_eq!((total(multi), frozen(multi)), (10_000, 10_000));
	});
}

/// Every call of balances by which a holder gets rid of tokens, and every way by which a pallet would.
#[test]
fn nothing_moves_by_the_currency() {
	ExtBuilder::new().build_and_execute(|| {
		granted(None);
		let calls: [pallet_balances::Call<Test>; 4] = [
			pallet_balances::Call::transfer_allow_death { dest: DAVE, value: 10_010 },
			pallet_balances::Call::transfer_keep_alive { dest: DAVE, value: 11 },
			pallet_balances::Call::burn { value: 11, keep_alive: false },
			pallet_balances::Call::force_transfer { source: CAROL, dest: DAVE, value: 11 },
		];
		for call in calls {
			assert!(dispatch(CAROL, call.clone()).is_err(), "{call:?}");
			let _ = matches!(call, pallet_balances::Call::force_transfer { .. })
				.then(|| assert!(dispatch_root(call).is_err()));
		}
		// Not even what is held for another is paid on while it is needed for the freeze.
		hold(CAROL, 10_000).unwrap();
		let (reason, polite) = (stake_reason(), Fortitude::Polite);
		let best = Precision::BestEffort;
		let free = Restriction::Free;
		let moved = Balances::transfer_on_hold(&reason, &CAROL, &DAVE, 10_000, best, free, polite);
		assert!(moved.is_err() || moved == Ok(10), "{moved:?}");
		assert!(Balances::total_balance_on_hold(&CAROL) >= 9_990);
		assert!(total(CAROL) >= 10_000);
	});
}

#[test]
fn vesting_tokens_are_staked_slashed_and_come_back_frozen() {
	ExtBuilder::new().build_and_execute(|| {
		granted(None);
		bond(CAROL, 10_000);
		assert_eq!((held(CAROL), frozen(CAROL)), (10_000, 10_000));
		go_to(3 * ERA);
		let taken = Staking::slash(&CAROL, Perbill::from_percent(10), 2);
		assert_eq!(taken, 1_000);
		dispatch(ANYBODY, Stake::settle { holder: CAROL, pool: CAROL }).unwrap();
		assert_eq!((total(CAROL), frozen(CAROL)), (9_010, 10_000));
		dispatch(CAROL, Stake::retire {}).unwrap();
		go_to(9 * ERA);
		dispatch(ANYBODY, Stake::settle { holder: CAROL, pool: CAROL }).unwrap();
		assert_eq!((held(CAROL), liquid(CAROL)), (0, 0));
		assert_noop!(transfer(CAROL, DAVE, 1), TokenError::Frozen);
		// At the end she has what the slash left.
		go_to(1_000);
		dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
		assert_eq!(liquid(CAROL), 9_010);
	});
}

/// Staked tokens that are revoked come back to the grantor when their stake ends, whatever their holder does meanwhile.
#[test]
fn revoked_stake_is_not_staked_again() {
	ExtBuilder::new().build_and_execute(|| {
		let id = granted(Some(BOB));
		bond(DAVE, 1_000);
		let promised: DispatchError = pallet_dtel_staking::Error::<Test>::Promised.into();
		dispatch(CAROL, Stake::delegate { pool: DAVE, amount: 10_000 }).unwrap();
		dispatch(BOB, Call::revoke { who: CAROL, id }).unwrap();
		assert_eq!(owed(CAROL), [(ALICE, 10_000)]);
		let more = || Stake::delegate_extra { pool: DAVE, amount: 500 };
		transfer(ALICE, CAROL, 9_980).unwrap();
		noop(|| dispatch(CAROL, more()), promised);
		go_to(2 * ERA);
		dispatch(CAROL, Stake::undelegate { pool: DAVE, amount: 10_000 }).unwrap();
		noop(|| dispatch(CAROL, Stake::rebond { pool: DAVE, amount: 500 }), promised);
		go_to(9 * ERA);
		// To take it out and put it back in one step does not help.
		let calls = vec![
			Stake::withdraw { pool: DAVE }.into(),
			Stake::bond { amount: 10_001, commission: Commission::default() }.into(),
		];
		let both = pallet_utility::Call::batch_all { calls };
		noop(|| dispatch(CAROL, both), promised);
		dispatch(CAROL, Stake::withdraw { pool: DAVE }).unwrap();
		dispatch(ANYBODY, Call::collect { who: CAROL }).unwrap();
		assert_eq!((owes(CAROL), total(CAROL), total(ALICE)), (0, 9_990, FUNDS - 9_980));
		dispatch(CAROL, Stake::delegate_extra { pool: DAVE, amount: 9_980 }).unwrap();
	});
}

/// A holder and a revoker who are one gain nothing by revoking: the tokens are where they came from, less what is locked by votes.
#[test]
fn a_vote_is_not_cast_again_with_tokens_that_were_revoked() {
	ExtBuilder::new().build_and_execute(|| {
		let id = granted(Some(CAROL));
		vote_with(CAROL, 10_000);
		dispatch(CAROL, Call::revoke { who: CAROL, id }).unwrap();
		assert_eq!((total(CAROL), owes(CAROL)), (10_000, 9_990));
		assert_eq!(total(ALICE), FUNDS - 9_990);
	});
}

/// Many small grants fill the places for strangers and no others.
#[test]
fn dust_leaves_the_places_of_governance() {
	ExtBuilder::new().build_and_execute(|| {
		let dust = |to| grant_from(DAVE, to, MIN_GRANT, AT_END, Some(DAVE));
		for _ in 0..crate::MAX_GRANTS - RESERVED {
			dust(CAROL);
		}
		let fill = || -> DispatchResult {
			<Vesting as dtel_traits::Grants<_>>::grant(&ALICE, &CAROL, MIN_GRANT, TERMS)
		};
		for _ in 0..RESERVED {
			fill().unwrap();
		}
		// Revoked while held, the dust stays in its places, and makes none in others.
		hold(CAROL, 2_800).unwrap();
		for id in 0..20 {
			dispatch(DAVE, Call::revoke { who: CAROL, id }).unwrap();
		}
		assert_eq!(owed(CAROL), [(DAVE, 2_000)]);
		assert_eq!(frozen(CAROL), 2_800);
	});
}

/// Released stake is claimed, collected and held again in every order: no planck above what is vested leaves.
#[test]
fn holds_of_any_reason_only_shift_what_is_free() {
	ExtBuilder::new().build_and_execute(|| {
		granted(None);
		transfer(DAVE, CAROL, 500).unwrap();
		for part in [1, 400, 510, 5_000, 10_500] {
			let can = hold(CAROL, part).is_ok();
			let free = Balances::balance_on_hold(&stake_reason(), &CAROL);
			assert_eq!(can, free == part);
			assert!(liquid(CAROL) <= 510, "{part}: {}", liquid(CAROL));
			release(CAROL, part);
		}
		assert_eq!(Balances::release(&stake_reason(), &CAROL, 0, Precision::Exact), Ok(0));
		assert_noop!(transfer(CAROL, DAVE, 511), TokenError::Frozen);
	});
}
