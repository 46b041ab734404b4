//! Each invariant is seen to break.

use super::*;
use crate::{
	mock::*, types::Horizon, Appeals, Drained, Due, History, Jailed, JailedOf, NextId, OfOwner,
	Offences, Penalties as Stored, Penalty, Record, Records, Sentence, State, Window,
};
use dtel_traits::OffenceKind::{MissedDuty, Unavailable};

/// In era 3, with node 1 jailed for missing era 2 (penalty 0), node 3 for being down in era 3 (penalty 1, appealed)
/// and validator 12 for an equivocation (penalty 2), `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder.build().execute_with(|| {
		go_to_era(3);
		report(MissedDuty, 2, 1);
		appeal(12, report(Unavailable, 3, 3)).unwrap();
		equivocate(3, 12, 1, 30);
		Penalties::do_try_state().unwrap();
		corrupt();
		let error = Penalties::do_try_state().unwrap_err();
		let sp_runtime::DispatchError::Other(message) = error else { panic!("{error:?}") };
		assert!(message.starts_with(name), "{message}");
	});
}

fn sentence(of: NodeId, change: impl FnOnce(&mut Sentence<AccountId>)) {
	Jailed::<Test>::mutate(node(of), |sentence| change(sentence.as_mut().unwrap()));
}

fn change(id: PenaltyId, change: impl FnOnce(&mut Penalty<AccountId>)) {
	Stored::<Test>::mutate(id, |penalty| change(penalty.as_mut().unwrap()));
}

#[test]
fn inv_1_breaks_when_a_sentence_has_no_length_or_a_penalty_two_terms() {
	breaks("INV-1", || sentence(1, |s| s.terms[0].span.until = 2));
	breaks("INV-1", || sentence(1, |s| s.terms.clear()));
	breaks("INV-1", || sentence(1, |s| s.terms.try_push(s.terms[0]).unwrap()));
}

#[test]
fn inv_2_breaks_when_a_node_is_jailed_for_nothing() {
	breaks("INV-2", || sentence(1, |s| s.terms[0].span.until = 9));
	breaks("INV-2", || sentence(1, |s| s.terms[0].penalty = Some(1)));
	breaks("INV-2", || sentence(1, |s| s.terms[0].penalty = Some(9)));
	breaks("INV-2", || change(0, |p| p.state = State::Cancelled));
}

#[test]
fn inv_3_breaks_when_records_of_a_closed_era_are_left() {
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 4, sweeping: false }));
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 5, sweeping: true }));
	breaks("INV-3", || History::<Test>::put(Horizon { oldest: 0, sweeping: true }));
}

#[test]
fn inv_3_breaks_when_records_penalties_and_index_differ() {
	breaks("INV-3", || Offences::<Test>::remove((2, node(1), MissedDuty)));
	breaks("INV-3", || Offences::<Test>::insert((2, node(2), MissedDuty), 0));
	breaks("INV-3", || OfOwner::<Test>::remove(11, 0));
	breaks("INV-3", || OfOwner::<Test>::insert(11, 9, ()));
	breaks("INV-3", || NextId::<Test>::put(2));
}

#[test]
fn inv_4_breaks_when_stake_was_taken_for_nothing_or_too_early() {
	let executed = |id, amount| {
		let penalty = penalty(id);
		Penalties::advance(id, penalty, State::Executed { amount });
	};
	breaks("INV-4", || executed(0, 1));
	breaks("INV-4", || executed(2, 1));
}

#[test]
fn inv_5_breaks_when_something_is_punished_before_it_is_done() {
	breaks("INV-5", || {
		Offences::<Test>::remove((2, node(1), MissedDuty));
		Offences::<Test>::insert((4, node(1), MissedDuty), 0);
	});
	breaks("INV-5", || sentence(1, |s| s.terms[0].span = Span { since: 4, until: 9 }));
	breaks("INV-5", || change(0, |p| p.reported = 4));
	breaks("INV-5", || change(0, |p| p.reported = 1));
	breaks("INV-5", || change(0, |p| p.due = 3));
	breaks("INV-5", || change(0, |p| p.last = 4));
	breaks("INV-5", || {
		Records::<Test>::insert(node(7), Record { strikes: 1, struck: 4, ..Record::default() });
	});
	breaks("INV-5", || {
		let quality = Window { bits: 1, newest: Some(4) };
		Records::<Test>::insert(node(7), Record { quality, ..Record::default() });
	});
}

#[test]
fn inv_6_breaks_when_the_queue_is_not_the_open_penalties() {
	breaks("INV-6", || Due::<Test>::remove(6, 0));
	breaks("INV-6", || Due::<Test>::insert(9, 77, ()));
	breaks("INV-6", || change(1, |p| p.state = State::Upheld));
	breaks("INV-6", || Drained::<Test>::put(7));
}

#[test]
fn inv_7_breaks_when_bonds_and_appeals_differ() {
	breaks("INV-7", || Appeals::<Test>::insert(12, 2));
	breaks("INV-7", || Appeals::<Test>::insert(13, 1));
	breaks("INV-7", || change(1, |p| p.state = State::Appealed { bond: BOND - 1 }));
	breaks("INV-7", || {
		use frame_support::traits::{fungible::MutateHold, tokens::Precision};
		let reason = crate::HoldReason::Appeal.into();
		Balances::release(&reason, &12, 1, Precision::Exact).unwrap();
	});
}

#[test]
fn inv_8_breaks_when_the_jailed_of_an_operator_are_miscounted() {
	breaks("INV-8", || JailedOf::<Test>::insert(12, 1));
	breaks("INV-8", || JailedOf::<Test>::remove(11));
	breaks("INV-8", || JailedOf::<Test>::insert(13, 1));
	breaks("INV-8", || sentence(1, |s| s.owner = 12));
	breaks("INV-8", || {
		let validator = Offender::Validator(12);
		Jailed::<Test>::mutate(validator, |s| s.as_mut().unwrap().owner = 11);
	});
}

#[test]
fn inv_9_breaks_when_a_record_says_nothing_or_too_much() {
	breaks("INV-9", || Records::<Test>::insert(node(7), Record::default()));
	breaks("INV-9", || {
		let outliers = Window { bits: 0b11111, newest: Some(3) };
		Records::<Test>::insert(node(7), Record { outliers, ..Record::default() });
	});
}
