//! The call `payout`.

use crate::{mock::*, types::NodeLedger, Eras, Error, Event, Owed, Points};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::ScoreSink;
use frame_support::{
	assert_noop,
	dispatch::Pays,
	traits::{fungible::Mutate, tokens::Preservation},
};
use sp_runtime::{DispatchError, TokenError};

fn payout(era: u32, node: u32) -> frame_support::pallet_prelude::DispatchResultWithPostInfo {
	Rewards::payout(RuntimeOrigin::signed(ANYBODY), era, node)
}

macro_rules! assert_refused {
	($era:expr, $node:expr, $error:expr) => {
		assert_eq!(Rewards::payable($era, $node), None);
		assert_noop!(payout($era, $node), $error);
	};
}

#[test]
fn the_owner_is_paid_when_the_escrow_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		events();
		let amount = 10 * DTEL / 3;
		assert_eq!(Rewards::payable(3, 1), Some(amount));
		assert_eq!(payout(3, 1).unwrap().pays_fee, Pays::No);
		assert_eq!(events(), [Event::PaidOut { era: 3, node: 1, owner: 11, amount }]);
		assert_eq!(balance(11), amount);
		assert_eq!(balance(ANYBODY), DTEL);
		assert_eq!(balance(Rewards::pot_account()), 10 * DTEL - amount + ED);
		assert_eq!(Rewards::node_pay(3, 1).unwrap().paid, Some(amount));
		assert_eq!(Rewards::era_pay(3).unwrap().paid, amount);
		assert_eq!(Owed::<Test>::get(), 10 * DTEL - amount);
	});
}

#[test]
fn the_pot_survives_when_everything_is_paid() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(3);
		score(3, 1, 11, 1);
		Rewards::era_settled(3);
		go_to_era(4);
		payout(3, 1).unwrap();
		assert_eq!(balance(11), 10 * DTEL);
		assert_eq!(balance(Rewards::pot_account()), ED);
		assert_eq!(Owed::<Test>::get(), 0);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_noop!(Rewards::payout(RuntimeOrigin::none(), 3, 1), DispatchError::BadOrigin);
		assert_noop!(Rewards::payout(RuntimeOrigin::root(), 3, 1), DispatchError::BadOrigin);
	});
}

#[test]
fn fails_when_the_era_is_unknown() {
	ExtBuilder::default().build_and_execute(|| {
		go_to_era(4);
		assert_refused!(2, 1, Error::<Test>::EraUnknown);
		assert_refused!(u32::MAX, 1, Error::<Test>::EraUnknown);
	});
}

#[test]
fn fails_when_the_era_is_not_settled() {
	ExtBuilder::default().build_and_execute(|| {
		score(2, 1, 11, 1);
		go_to_era(4);
		assert_refused!(2, 1, Error::<Test>::EraNotSettled);
	});
}

#[test]
fn fails_when_in_escrow() {
	ExtBuilder::default().build_and_execute(|| {
		EscrowEras::set(2);
		era_three();
		System::set_block_number(30 * 5 - 1);
		assert_refused!(3, 1, Error::<Test>::InEscrow);
		System::set_block_number(30 * 5);
		payout(3, 1).unwrap();
	});
}

#[test]
fn fails_when_the_node_was_no_member() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_refused!(3, 4, Error::<Test>::NotScored);
	});
}

#[test]
fn fails_when_nothing_was_earned() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		assert_refused!(3, 3, Error::<Test>::NothingEarned);
	});
}

#[test]
fn fails_when_the_share_is_below_a_planck() {
	ExtBuilder::default().reserve(2 * ED + 100).build_and_execute(|| {
		go_to_era(3);
		score_with(3, 1, 11, 1, BasisPoints::new(1).unwrap());
		score(3, 2, 12, 1_000_000);
		ReleasePerEra::set(sp_runtime::Perquintill::one());
		Rewards::era_settled(3);
		go_to_era(4);
		assert_eq!(Rewards::era_pay(3).unwrap().released, 100);
		assert_refused!(3, 1, Error::<Test>::NothingEarned);
	});
}

#[test]
fn fails_when_paid_before() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(4);
		payout(3, 1).unwrap();
		assert_refused!(3, 1, Error::<Test>::AlreadyPaid);
	});
}

#[test]
fn fails_when_the_era_is_closed() {
	ExtBuilder::default().build_and_execute(|| {
		era_three();
		go_to_era(8);
		while !Rewards::is_closed(3) {
			idle();
		}
		assert_refused!(3, 1, Error::<Test>::EraClosed);
	});
}

#[test]
fn fails_when_the_share_cannot_open_the_owners_account() {
	ExtBuilder::default().reserve(2 * ED + 100).build_and_execute(|| {
		ReleasePerEra::set(sp_runtime::Perquintill::one());
		era_three();
		go_to_era(4);
		assert_eq!(Rewards::payable(3, 1), Some(33));
		assert_noop!(payout(3, 1), TokenError::BelowMinimum);
		<Balances as Mutate<_>>::transfer(&ANYBODY, &11, ED, Preservation::Preserve).unwrap();
		payout(3, 1).unwrap();
		assert_eq!(balance(11), ED + 33);
	});
}

#[test]
fn fails_when_the_era_would_pay_more_than_released() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		Eras::<Test>::mutate_extant(3, |era| era.paid = 9 * DTEL);
		assert_refused!(3, 1, Error::<Test>::BudgetExceeded);
		Eras::<Test>::mutate_extant(3, |era| era.paid = 11 * DTEL);
		assert_refused!(3, 1, Error::<Test>::BudgetExceeded);
	});
}

#[test]
fn fails_when_the_node_has_more_points_than_its_era() {
	let mut ext = ExtBuilder::default().build();
	ext.execute_with(|| {
		era_three();
		go_to_era(4);
		let points = 30_000_001;
		Points::<Test>::insert(3, 1, NodeLedger { owner: 11, points, paid: None });
		assert_refused!(3, 1, Error::<Test>::PointsExceedEra);
	});
}
