//! Each invariant, broken on purpose, is seen.

use super::*;
use crate::{
	Books, Checkpoints, HoldReason, Holder, Holders, Members, Pool, Pools, SlashesOf, SourcesOf,
	CREDIT_ERAS,
};
use codec::{Decode, Encode};
use dtel_math::pool::{Book, Checkpoint, Entry, Factor, Position, Slashes, Step};
use dtel_primitives::BasisPoints;
use frame_support::{
	assert_err,
	storage::unhashed,
	traits::{
		fungible::{Mutate, MutateHold},
		tokens::{Precision, Preservation},
	},
};
use sp_runtime::TryRuntimeError;

/// Alice's pool with Carol, who was paid a part, moved a part to Bob's, and is leaving with a part; rewards are owed.
fn seen(corrupt: impl FnOnce(), message: &'static str) {
	ExtBuilder::new().build().execute_with(|| {
		two();
		bond_in(2, BOB, 1_000);
		go_to_era(4);
		done(CAROL, Call::undelegate { pool: ALICE, amount: 1_000 });
		done(CAROL, Call::redelegate { from: ALICE, to: BOB, amount: 500 });
		delegate_in(4, DAVE, ALICE, 100);
		go_to_era(5);
		assert_credit(ALICE, 3, 10_000);
		slash(ALICE, 10, 4);
		// Boundaries go into storage when the pool is next written.
		done(ALICE, Call::set_chilled { chilled: true });
		assert!(Checkpoints::<Test>::iter_prefix(ALICE).count() > 0);
		assert_ok!(Staking::do_try_state());
		corrupt();
		assert_err!(Staking::do_try_state(), TryRuntimeError::Other(message));
	});
}

fn pool_of(who: AccountId, f: impl FnOnce(&mut Pool)) {
	Pools::<Test>::mutate(who, |pool| f(pool.as_mut().unwrap()));
}

fn book(f: impl FnOnce(&mut Book)) {
	Books::<Test>::mutate(ALICE, |earnings| f(&mut earnings.book));
}

/// Something with the layout of another, changed as no code could.
fn remade<T: Decode>(parts: impl Encode) -> T {
	T::decode(&mut &parts.encode()[..]).unwrap()
}

type Parts = (Vec<Entry<AccountId>>, Vec<Step>, EraIndex, u128);
type BookParts = (EraIndex, u128, Balance, Vec<Step>, Vec<Checkpoint>);
type RateParts = (BasisPoints, BasisPoints, Vec<(EraIndex, BasisPoints)>);

fn entries(f: impl FnOnce(&mut Vec<Entry<AccountId>>)) {
	Members::<Test>::mutate(CAROL, ALICE, |member| {
		let member = member.as_mut().unwrap();
		let mut parts: Parts = remade(&member.position);
		f(&mut parts.0);
		member.position = remade(parts);
	});
}

#[test]
fn inv_1_is_seen_when_a_hold_differs() {
	let message = "INV-1: a hold is not what positions say";
	let reason = || HoldReason::Stake.into();
	seen(
		|| {
			assert_ok!(Balances::hold(&reason(), &CAROL, 1));
		},
		message,
	);
	seen(
		|| {
			assert_ok!(Balances::release(&reason(), &CAROL, 1, Precision::Exact));
		},
		message,
	);
	seen(
		|| {
			entries(|list| {
				list[0].amount += 1;
				list[0].units += 1;
			})
		},
		message,
	);
}

#[test]
fn inv_2_is_seen_when_a_position_is_empty() {
	seen(
		|| {
			let book = Books::<Test>::get(ALICE).book;
			Members::<Test>::mutate(CAROL, ALICE, |member| {
				member.as_mut().unwrap().position = Position::new(&book);
			})
		},
		"INV-2: an empty position is kept",
	);
}

#[test]
fn inv_2_is_seen_when_an_entry_is_wrong() {
	let message = "INV-2: an entry is of the future, or weighs wrong";
	seen(|| entries(|list| list[0].units += 1), message);
	seen(|| entries(|list| list[0].since = 6), message);
	seen(|| entries(|list| list[0].joined = 2), message);
	seen(|| entries(|list| list[0].left = Some(6)), message);
}

#[test]
fn inv_3_is_seen_when_something_is_miscounted() {
	seen(|| Holders::<Test>::mutate(CAROL, |h| h.pools += 1), "INV-3: pools are miscounted");
	seen(|| Holders::<Test>::remove(CAROL), "INV-3: pools are miscounted");
	let ghost = Holder { pools: 1, ..Holder::default() };
	seen(|| Holders::<Test>::insert(RESERVE, ghost), "INV-3: a holder is counted that has nothing");
	// Nor is anything known of one who has nothing, whatever it once wished.
	let wish = Holder { private: true, ..Holder::default() };
	seen(|| Holders::<Test>::insert(RESERVE, wish), "INV-3: a holder is counted that has nothing");
	seen(|| pool_of(ALICE, |p| p.members += 1), "INV-3: members are miscounted");
	seen(|| SourcesOf::<Test>::remove(ALICE), "INV-3: sources are miscounted");
	seen(|| SourcesOf::<Test>::insert(BOB, 1), "INV-3: sources are miscounted");
}

#[test]
fn inv_4_is_seen_when_units_differ() {
	let message = "INV-4: units are not those of the positions";
	seen(|| book(|b| b.activate(1, 4, None).unwrap()), message);
	seen(|| book(|b| b.deactivate(1, 5, Some(6)).unwrap()), message);
}

/// A slash left Carol something to be earned of eras 2 to 4. Two of them pass; her position forgets them when it is touched,
/// and nothing else is changed of the pool.
#[test]
fn inv_4_holds_when_eras_passed_that_the_stored_book_still_knows() {
	ExtBuilder::new().build_and_execute(|| {
		two();
		go_to_era(5);
		slash(ALICE, 10, 4);
		done(DAVE, Call::settle { holder: CAROL, pool: ALICE });
		go_to_era(3 + CREDIT_ERAS);
		done(CAROL, Call::set_compounding { pool: ALICE, compounds: true });
		let member = Members::<Test>::get(CAROL, ALICE).unwrap();
		assert_eq!((member.position.claimed(), Books::<Test>::get(ALICE).book.credited()), (3, 1));
	});
}

#[test]
fn inv_5_is_seen_when_boundaries_differ() {
	let message = "INV-5: boundaries are not those of the entries";
	seen(|| book(|b| b.refer(4).unwrap()), message);
	seen(|| book(|b| assert!(b.release(4))), message);
	seen(|| Checkpoints::<Test>::remove(ALICE, 0), message);
	seen(
		|| {
			Checkpoints::<Test>::mutate(ALICE, 0, |page| {
				let kept = page.checkpoints(0).next().unwrap();
				assert!(page.add(&Checkpoint { refs: 1, ..kept }));
			})
		},
		message,
	);
	let message = "INV-5: a page is out of order, or empty";
	let raw = |list: Vec<(u8, u32, u128)>| {
		move || unhashed::put_raw(&Checkpoints::<Test>::hashed_key_for(ALICE, 0), &list.encode())
	};
	seen(raw(vec![]), message);
	seen(raw(vec![(4, 1, 1), (3, 1, 1)]), message);
	seen(raw(vec![(3, 1, 1), (3, 1, 1)]), message);
	seen(raw(vec![(90, 1, 1)]), message);
	seen(raw(vec![(3, 0, 1)]), message);
}

#[test]
fn inv_6_is_seen_when_something_belongs_to_no_pool() {
	seen(|| Pools::<Test>::remove(ALICE), "INV-6: a source's pool is gone");
	seen(|| Pools::<Test>::remove(BOB), "INV-6: a position without a pool");
	seen(
		|| Books::<Test>::insert(RESERVE, crate::Earnings::default()),
		"INV-6: a book is left of a pool that is gone",
	);
	seen(
		|| SlashesOf::<Test>::insert(RESERVE, Slashes::default()),
		"INV-6: slashes are left of a pool that is gone",
	);
	seen(
		|| {
			let list = Checkpoints::<Test>::get(ALICE, 0);
			Checkpoints::<Test>::insert(RESERVE, 0, list);
		},
		"INV-6: boundaries are left of a pool that is gone",
	);
}

#[test]
fn inv_7_is_seen_when_the_pot_lacks_something() {
	let message = "INV-7: the pot has less than it owes";
	seen(|| Books::<Test>::mutate(ALICE, |earnings| earnings.commission += 20), message);
	seen(
		|| {
			let pot = Staking::pot();
			assert_ok!(Balances::transfer(&pot, &DAVE, 20, Preservation::Preserve));
		},
		message,
	);
}

#[test]
fn inv_8_is_seen_when_a_pools_worth_differs() {
	let message = "INV-8: the operator's own stake is miscounted";
	// Slashed and not settled it may count too little, not too much; else it counts what it is.
	seen(|| pool_of(ALICE, |p| p.own += 40), message);
	for by in [-1, 1] {
		seen(
			|| {
				settle_own(ALICE);
				pool_of(ALICE, |p| p.own = p.own.saturating_add_signed(by));
			},
			message,
		);
	}
	seen(
		|| pool_of(ALICE, |p| p.worth.old -= 500),
		"INV-8: a pool is worth less than what is in it",
	);
}

#[test]
fn inv_9_is_seen_when_lists_are_wrong() {
	let message = "INV-9: lists are out of order";
	seen(
		|| {
			Members::<Test>::mutate(CAROL, ALICE, |member| {
				let position = &mut member.as_mut().unwrap().position;
				let mut parts: Parts = remade(&*position);
				parts.1 = vec![Step { era: 1_000, units: 1 }];
				*position = remade(parts);
			})
		},
		message,
	);
	seen(
		|| {
			book(|b| {
				let mut parts: BookParts = remade(&*b);
				parts.3.insert(0, Step { era: 1_000, units: 1 });
				*b = remade(parts);
			})
		},
		message,
	);
	seen(
		|| {
			let half = Factor::ONE.after_slash(Perbill::from_percent(50));
			SlashesOf::<Test>::insert(ALICE, remade::<Slashes>(vec![(4u32, half), (3, half)]));
		},
		message,
	);
	seen(
		|| SlashesOf::<Test>::insert(ALICE, remade::<Slashes>(vec![(4u32, Factor::ONE)])),
		message,
	);
	seen(
		|| {
			Books::<Test>::mutate(ALICE, |earnings| {
				let mut parts: RateParts = remade(&earnings.rates);
				parts.0 = BasisPoints::ZERO;
				earnings.rates = remade(parts);
			})
		},
		"INV-9: a promise about commission is broken",
	);
	seen(|| pool_of(ALICE, |p| p.opened = 6), "INV-9: future");
	seen(|| pool_of(ALICE, |p| p.closed = Some(6)), "INV-9: future");
}

#[test]
fn inv_10_is_seen_when_slashes_are_miscounted() {
	let member = |f: fn(&mut crate::Membership<AccountId>)| {
		move || Members::<Test>::mutate(CAROL, ALICE, |member| f(member.as_mut().unwrap()))
	};
	seen(
		member(|member| member.settled += 1),
		"INV-10: a slash is to be taken of a position that is settled",
	);
	seen(member(|member| member.settled += 2), "INV-10: slashes are miscounted");
	seen(|| pool_of(ALICE, |pool| pool.slashes = 0), "INV-10: slashes are miscounted");
}
