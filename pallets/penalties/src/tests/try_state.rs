//! Each invariant is seen to break.

use super::*;
use crate::{
	mock::*, types::Horizon, Appeals, Disputed, Drained, Due, History, Jailed, JailedOf, NextId,
	Occasions, OfOwner, Offences, Penalties as Stored, Penalty, Quarrel, Record, Records, Sentence,
	State, Strike, Strikes, Tallies, Window,
};
use dtel_traits::OffenceKind::{BabeEquivocation, DoubleReveal, FalsePlace};

/// In era 3, with node 1 jailed for its place in era 2 (penalty 0), node 3 for two reports of era 3 (penalty 1, appealed)
/// and validator 12 for an equivocation (penalty 2), `corrupt` has to break the invariant `name`.
fn breaks(name: &str, corrupt: impl FnOnce()) {
	ExtBuilder.build().execute_with(|| {
		go_to_era(3);
		report(FalsePlace, 2, 1);
		appeal(12, report(DoubleReveal, 3, 3)).unwrap();
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

fn listed(recent: Vec<Strike>) -> Strikes {
	Strikes { recent: recent.try_into().unwrap(), ..Strikes::default() }
}

/// Node `of` has these strikes.
fn has(of: NodeId, recent: Vec<Strike>) {
	Records::<Test>::insert(node(of), Record { strikes: listed(recent), ..Record::default() });
}

/// Node `of` has strikes for these eras, counted in these.
fn strikes(of: NodeId, struck: &[(EraIndex, EraIndex)]) {
	has(of, struck.iter().map(|(era, struck)| strike(*era, *struck)).collect());
}

fn strike(era: EraIndex, struck: EraIndex) -> Strike {
	Strike { era, struck, at: 0, node: None }
}

#[test]
fn inv_1_breaks_when_a_sentence_has_no_length_or_a_penalty_two_terms() {
	breaks("INV-1", || sentence(1, |s| s.terms[0].span.until = 2));
	breaks("INV-1", || sentence(1, |s| s.terms.clear()));
	breaks("INV-1", || sentence(1, |s| s.terms.try_push(s.terms[0]).unwrap()));
	breaks("INV-1", || sentence(1, |s| s.merged = 2));
	breaks("INV-1", || sentence(1, |s| s.terms[0].penalty = None));
	breaks("INV-1", || sentence(1, |s| s.first = 1));
}

#[test]
fn inv_2_breaks_when_a_node_is_jailed_for_nothing() {
	breaks("INV-2", || sentence(1, |s| s.terms[0].span.until = 9));
	breaks("INV-2", || sentence(1, |s| s.terms[0].penalty = Some(1)));
	breaks("INV-2", || sentence(3, |s| s.terms[0].penalty = Some(2)));
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
	breaks("INV-3", || Offences::<Test>::remove((2, node(1), FalsePlace, ONCE)));
	breaks("INV-3", || Offences::<Test>::insert((2, node(2), FalsePlace, ONCE), 0));
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
	breaks("INV-4", || executed(2, 0));
}

#[test]
fn inv_4_breaks_when_an_appeal_lapsed_before_its_last_era() {
	// Penalty 1 is due in era 7, and waits for a decision until era 10.
	let lapsed_in = |era, expected: bool| {
		ExtBuilder.build().execute_with(|| {
			go_to_era(3);
			let id = report(DoubleReveal, 3, 3);
			appeal(12, id).unwrap();
			go_to_era(era);
			Penalties::carry_out(id, penalty(id));
			assert!(penalty(id).lapsed());
			assert_eq!(Penalties::do_try_state().is_ok(), expected, "{era}");
		});
	};
	lapsed_in(7, false);
	lapsed_in(9, false);
	lapsed_in(10, true);
}

#[test]
fn inv_4_breaks_when_it_is_unclear_whether_a_penalty_is_decided() {
	breaks("INV-4", || change(0, |p| p.decided = Some(3)));
	breaks("INV-4", || change(0, |p| p.lapsed = true));
	breaks("INV-4", || {
		cancel(0).unwrap();
		change(0, |p| p.decided = None);
	});
}

#[test]
fn inv_5_breaks_when_something_is_punished_before_it_is_done() {
	breaks("INV-5", || {
		Offences::<Test>::remove((2, node(1), FalsePlace, ONCE));
		Offences::<Test>::insert((4, node(1), FalsePlace, ONCE), 0);
	});
	breaks("INV-5", || sentence(1, |s| s.terms[0].span = Span { since: 4, until: 9 }));
	breaks("INV-5", || change(0, |p| p.reported = 4));
	breaks("INV-5", || change(0, |p| p.reported = 1));
	breaks("INV-5", || change(0, |p| p.due = 3));
	breaks("INV-5", || change(0, |p| p.last = 4));
	breaks("INV-5", || strikes(7, &[(4, 4)]));
	breaks("INV-5", || strikes(7, &[(3, 2)]));
	breaks("INV-5", || {
		let strikes = Strikes { older: 1, since: 4, ..Strikes::default() };
		Records::<Test>::insert(node(7), Record { strikes, ..Record::default() });
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
		use frame_support::traits::fungible::MutateHold;
		// Who has no penalty has no bond either.
		Balances::hold(&crate::HoldReason::Appeal.into(), &13, 1).unwrap();
	});
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
	breaks("INV-8", || {
		Owners::mutate(|owners| owners.remove(&1));
	});
	breaks("INV-8", || register(1, 12));
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
		let outliers = Window { bits: 0x7f, newest: Some(3) };
		Records::<Test>::insert(node(7), Record { outliers, ..Record::default() });
	});
	breaks("INV-9", || {
		let downs = Window { bits: 0b111, newest: Some(3) };
		Records::<Test>::insert(node(7), Record { downs, ..Record::default() });
	});
	breaks("INV-9", || {
		let places = Window { bits: 0x1ff, newest: Some(3) };
		Records::<Test>::insert(node(7), Record { places, ..Record::default() });
	});
}

#[test]
fn inv_10_breaks_when_strikes_are_for_nothing_or_out_of_order() {
	breaks("INV-10", || strikes(1, &[(2, 3), (2, 3)]));
	breaks("INV-10", || strikes(1, &[(1, 3), (2, 2)]));
	breaks("INV-10", || strikes(1, &[(1, 3)]));
	breaks("INV-10", || strikes(2, &[(2, 3)]));
	breaks("INV-10", || {
		let record = Records::<Test>::get(node(1)).unwrap();
		cancel(0).unwrap();
		Records::<Test>::insert(node(1), record);
	});
}

#[test]
fn inv_10_breaks_when_strikes_of_a_node_that_is_there_are_carried() {
	let carried = |strike| crate::Carried::<Test>::insert(11, listed(vec![strike]));
	let gone = |of| Strike { node: of, ..strike(2, 3) };
	breaks("INV-10", || carried(gone(Some(1))));
	breaks("INV-10", || carried(gone(None)));
	breaks("INV-10", || carried(Strike { at: 4, ..gone(Some(77)) }));
	breaks("INV-10: a strike for nothing", || carried(gone(Some(77))));
	breaks("INV-10", || crate::Carried::<Test>::insert(11, Strikes::default()));
}

#[test]
fn inv_10_breaks_when_a_strike_is_of_another_node_or_of_a_penalty_that_comes_later() {
	breaks("INV-10", || has(1, vec![Strike { node: Some(1), ..strike(2, 3) }]));
	breaks("INV-10", || has(1, vec![Strike { at: 3, ..strike(2, 3) }]));
	breaks("INV-10: strikes that are out of order", || {
		has(1, vec![Strike { at: 1, ..strike(2, 3) }, strike(1, 3)])
	});
}

#[test]
fn inv_11_breaks_when_equivocations_are_not_told_apart() {
	let (kind, who) = (BabeEquivocation, Offender::Validator(12));
	let occasion = |round| Occasion { set: 0, round };
	breaks("INV-11", || Occasions::<Test>::remove((who, kind, occasion(3))));
	breaks("INV-11", || Occasions::<Test>::insert((who, kind, occasion(3)), 1));
	breaks("INV-11", || Occasions::<Test>::insert((who, kind, occasion(4)), 2));
	breaks("INV-11", || Tallies::<Test>::remove((3, who, kind)));
	breaks("INV-11", || Tallies::<Test>::mutate((3, who, kind), |tally| tally.count = 2));
	breaks("INV-11", || {
		Tallies::<Test>::mutate((3, who, kind), |tally| tally.largest = Perbill::zero())
	});
	breaks("INV-11", || Tallies::<Test>::mutate((2, who, kind), |tally| tally.count = 1));
}

#[test]
fn inv_12_breaks_when_pay_waits_for_other_penalties() {
	breaks("INV-12", || Disputed::<Test>::remove(11, 2));
	breaks("INV-12", || Disputed::<Test>::insert(11, 3, Quarrel { open: 1, lost: 0 }));
	breaks("INV-12", || Disputed::<Test>::insert(12, 9, Quarrel::default()));
	breaks("INV-12", || Disputed::<Test>::mutate(12, 3, |count| count.as_mut().unwrap().open -= 1));
	breaks("INV-12", || Disputed::<Test>::mutate(12, 3, |count| count.as_mut().unwrap().lost = 1));
}
