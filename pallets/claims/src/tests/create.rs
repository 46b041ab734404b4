use crate::{mock::*, Airdrops, Error, Event, NextId};
use dtel_primitives::{
	airdrop::{domain, Airdrop, Label, Plan, Progress},
	Balance, BlockNumber, DTEL,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::BadOrigin, ArithmeticError, DispatchError, TokenError};

fn refused(plan: Plan, error: impl Into<DispatchError>) {
	let error: DispatchError = error.into();
	assert_noop!(Claims::create(RuntimeOrigin::root(), plan), error);
}

fn window(opens: BlockNumber, closes: BlockNumber) -> Plan {
	Plan { opens, closes, ..Listed::of(3).plan() }
}

#[test]
fn money_moves_into_the_airdrops_own_account() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let plan = Plan { vesting: Some(vesting(100)), ..drop.plan() };
		let Plan { label, root, leaves, amount, opens, closes, vesting } = plan.clone();
		assert_eq!((leaves, amount, opens, closes), (3, 6 * DTEL, 11, 31));
		assert_ok!(Claims::create(RuntimeOrigin::root(), plan));
		assert_eq!(balance(Claims::account(0)), 6 * DTEL + ED);
		assert_eq!(balance(TREASURY), FUNDS - 6 * DTEL - ED);
		let domain = domain(&Claims::genesis_hash(), b"test", 3, 6 * DTEL);
		let (funder, progress) = (TREASURY, Progress::Live);
		let (paid, claims) = (0, 0);
		let expected = Airdrop {
			funder,
			domain,
			root,
			leaves,
			amount,
			paid,
			claims,
			opens,
			closes,
			vesting,
			progress,
		};
		assert_eq!(Airdrops::<Test>::get(0), Some(expected));
		let expected = Event::Created {
			airdrop: 0,
			funder,
			label,
			root,
			leaves,
			amount,
			opens,
			closes,
			vesting,
		};
		assert_eq!(events(), [expected]);
	});
}

#[test]
fn fails_when_not_asked_by_governance() {
	ExtBuilder.build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(TREASURY), RuntimeOrigin::none()] {
			assert_noop!(Claims::create(origin, Listed::of(3).plan()), BadOrigin);
		}
	});
}

#[test]
fn fails_when_a_tree_cannot_have_so_many_leaves() {
	ExtBuilder.build_and_execute(|| {
		MaxLeaves::set(5);
		for leaves in [0, 6, u32::MAX] {
			refused(Plan { leaves, ..Listed::of(3).plan() }, Error::<Test>::LeavesOutOfRange);
		}
		create(Listed::of(5).plan());
		// Whatever the bound says, trees are not deeper than proofs can be.
		MaxLeaves::set(u32::MAX);
		refused(
			Plan { leaves: (1 << 20) + 1, ..Listed::of(3).plan() },
			Error::<Test>::LeavesOutOfRange,
		);
	});
}

#[test]
fn fails_when_there_is_nothing_to_give() {
	ExtBuilder.build_and_execute(|| {
		refused(Plan { amount: 0, ..Listed::of(3).plan() }, Error::<Test>::ZeroAmount);
	});
}

#[test]
fn the_window_is_checked_at_its_ends() {
	ExtBuilder.build_and_execute(|| {
		go_to(100);
		for opens in [0, 1, 99, 100, 109] {
			refused(window(opens, opens + 20), Error::<Test>::TooLittleNotice);
		}
		for closes in [0, 110, 129] {
			refused(window(110, closes), Error::<Test>::WindowTooShort);
		}
		for closes in [1_111, u32::MAX] {
			refused(window(110, closes), Error::<Test>::WindowTooLong);
		}
		create(window(110, 130));
		create(window(110, 1_110));
	});
}

#[test]
fn windows_at_the_end_of_time_are_windows() {
	ExtBuilder.build_and_execute(|| {
		let max = BlockNumber::MAX;
		refused(window(max, max), Error::<Test>::WindowTooShort);
		refused(window(max - 19, max), Error::<Test>::WindowTooShort);
		refused(window(max, 19), Error::<Test>::WindowTooShort);
		create(window(max - 20, max));
		MinNotice::set(max);
		refused(window(max, max), Error::<Test>::TooLittleNotice);
		MinNotice::set(NOTICE);
		go_to(max - 5);
		refused(window(max, max), Error::<Test>::TooLittleNotice);
		refused(window(4, 40), Error::<Test>::TooLittleNotice);
	});
}

#[test]
fn fails_when_terms_are_over_before_the_window() {
	ExtBuilder.build_and_execute(|| {
		let plan = |end| Plan { vesting: Some(vesting(end)), ..Listed::of(3).plan() };
		let closes = plan(9).closes;
		for end in [9, closes - 1] {
			refused(plan(end), Error::<Test>::TermsTooShort);
		}
		create(plan(closes));
	});
}

#[test]
fn fails_when_terms_cannot_be_granted() {
	ExtBuilder.build_and_execute(|| {
		let mut terms = vesting(100);
		terms.period = 0;
		let plan = |terms| Plan { vesting: Some(terms), ..Listed::of(3).plan() };
		refused(plan(terms), DispatchError::Other("period"));
		terms.period = 96;
		refused(plan(terms), DispatchError::Other("period"));
		terms.cliff = 101;
		refused(plan(terms), DispatchError::Other("terms"));
	});
}

#[test]
fn fails_when_too_many_are_kept() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		for _ in 0..4 {
			create(drop.plan());
		}
		refused(drop.plan(), Error::<Test>::TooManyAirdrops);
		go_to(31);
		// Closing makes no room: what is kept of it is still there.
		close(2).unwrap();
		refused(drop.plan(), Error::<Test>::TooManyAirdrops);
		prune(2, 1).unwrap();
		assert_eq!(create(drop.plan()), 4);
		refused(drop.plan(), Error::<Test>::TooManyAirdrops);
		Claims::cancel(RuntimeOrigin::root(), 4).unwrap();
		assert_eq!(create(drop.plan()), 5);
	});
}

#[test]
fn fails_when_no_number_is_left() {
	ExtBuilder.build_and_execute(|| {
		NextId::<Test>::put(u32::MAX - 1);
		assert_eq!(create(Listed::of(3).plan()), u32::MAX - 1);
		refused(Listed::of(3).plan(), Error::<Test>::NoIdLeft);
	});
}

#[test]
fn fails_when_the_funder_would_not_live_on() {
	ExtBuilder.build_and_execute(|| {
		let plan = |amount: Balance| Plan { amount, ..Listed::of(3).plan() };
		refused(plan(FUNDS), TokenError::FundsUnavailable);
		refused(plan(FUNDS - ED), TokenError::NotExpendable);
		refused(plan(FUNDS - 2 * ED + 1), TokenError::NotExpendable);
		refused(plan(Balance::MAX), ArithmeticError::Overflow);
		create(plan(FUNDS - 2 * ED));
		assert_eq!(balance(TREASURY), ED);
	});
}

/// An amount below the existential deposit is no trouble: a deposit is lent beside it.
#[test]
fn the_least_airdrop_can_be_made() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Listed::new("", vec![(ANYBODY, 1)]).plan());
		assert_eq!(balance(Claims::account(airdrop)), ED + 1);
	});
}

#[test]
fn labels_are_bounded() {
	ExtBuilder.build_and_execute(|| {
		let longest = "l".repeat(32);
		let drop = Listed::new(&longest, vec![(1, DTEL)]);
		let airdrop = open(drop.plan());
		drop.claim(airdrop, 0).unwrap();
		assert!(Label::try_from(vec![b'l'; 33]).is_err());
	});
}
