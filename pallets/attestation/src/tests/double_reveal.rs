//! `report_double_reveal`.

use super::*;
use crate::{DoubleReveals, Error, Event};
use dtel_traits::{Evidence, Offence, Offender};
use frame_support::{assert_noop, dispatch::Pays};

/// Two reports of node 1 in era 2 that differ.
fn two() -> (EraReport, EraReport) {
	(report(2, 1), report_with(2, 1, |t| Measurement { mos_centi: 100, ..good(t) }))
}

/// The same, after it committed to the first.
fn committed() -> (EraReport, EraReport) {
	roll_to_phase(2, Phase::Commit);
	let (first, second) = two();
	assert_included(commit_call(&first));
	(first, second)
}

fn show(a: SignedReveal, b: SignedReveal) -> DispatchResultWithPostInfo {
	Attestation::report_double_reveal(RuntimeOrigin::signed(9), a, b)
}

#[test]
fn a_verifier_is_blamed_when_it_signed_two_reports() {
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		System::reset_events();
		let info = show(signed_reveal(&first), signed_reveal(&second)).unwrap();
		assert_eq!(info.pays_fee, Pays::No);
		let hash = |report: &EraReport| report.commitment(&genesis(), &SALT);
		let evidence = Evidence::DoubleReveal { first: hash(&first), second: hash(&second) };
		let owner = World::with(|t| t.nodes[&1].owner);
		let offence = Offence { era: 2, offender: Offender::Node(1), owner, evidence };
		let of_two = || -> Vec<_> {
			World::with(|t| t.offences.clone()).into_iter().filter(|o| o.era == 2).collect()
		};
		assert_eq!(of_two(), [offence]);
		let event = Event::DoubleRevealReported { era: 2, verifier: 1, reporter: 9 };
		assert_eq!(events(), [event]);
		// Once: whoever shows it again pays for it.
		let again = show(signed_reveal(&second), signed_reveal(&first)).unwrap_err();
		assert_eq!(again.error, Error::<Test>::AlreadyShown.into());
		assert_eq!(of_two().len(), 1);
	});
}

#[test]
fn it_is_shown_until_the_next_era_ends_and_forgotten_with_the_history() {
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		let (a, b) = (signed_reveal(&first), signed_reveal(&second));
		roll_to_phase(4, Phase::Measure);
		assert_noop!(show(a, b), Error::<Test>::TooLate);
	});
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		roll_to_end(3);
		show(signed_reveal(&first), signed_reveal(&second)).unwrap();
		assert!(DoubleReveals::<Test>::contains_key(2, 1));
		let kept = HistoryEras::get();
		roll_to_phase(4 + kept, Phase::Settle);
		assert!(!DoubleReveals::<Test>::contains_key(2, 1));
	});
}

#[test]
fn a_key_that_is_rotated_does_not_hide_what_it_signed() {
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		let (a, b) = (signed_reveal(&first), signed_reveal(&second));
		World::with(|t| t.nodes.get_mut(&1).unwrap().attestor = attestor(77).public().into());
		show(a, b).unwrap();
	});
}

#[test]
fn a_key_that_committed_to_nothing_proves_nothing() {
	build_and_execute(|| {
		network(5);
		roll_to_phase(2, Phase::Commit);
		let (first, second) = two();
		let shown = show(signed_reveal(&first), signed_reveal(&second));
		assert_noop!(shown, Error::<Test>::NotCommitted);
	});
}

#[test]
fn nothing_is_shown_when_reports_agree_or_are_of_different_verifiers_or_eras() {
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		let (a, b) = (signed_reveal(&first), signed_reveal(&second));
		assert_noop!(show(a.clone(), a.clone()), Error::<Test>::NoDoubleReveal);
		// Another salt for the same report says nothing else.
		let salt = [8; 32];
		let payload = first.reveal_payload(&genesis(), &salt);
		let salted =
			SignedReveal { salt, signature: attestor(1).sign(&payload).into(), ..a.clone() };
		assert_noop!(show(a.clone(), salted), Error::<Test>::NoDoubleReveal);
		assert_noop!(show(a.clone(), signed_reveal(&report(2, 3))), Error::<Test>::NoDoubleReveal);
		let other_era = EraReport { era: 1, ..first };
		assert_noop!(show(a.clone(), signed_reveal(&other_era)), Error::<Test>::NoDoubleReveal);
		assert_noop!(
			Attestation::report_double_reveal(RuntimeOrigin::none(), a, b),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn nothing_is_shown_without_the_verifiers_signature() {
	build_and_execute(|| {
		network(5);
		let (first, second) = committed();
		let (a, b) = (signed_reveal(&first), signed_reveal(&second));
		let forged = SignedReveal { signature: a.signature.clone(), ..b.clone() };
		assert_noop!(show(a.clone(), forged.clone()), Error::<Test>::BadSignature);
		assert_noop!(show(forged, a), Error::<Test>::BadSignature);
		let strangers = |r: EraReport| signed_reveal(&EraReport { verifier: 9, ..r });
		assert_noop!(
			show(strangers(first.clone()), strangers(second.clone())),
			Error::<Test>::NotMember
		);
		let future = |r: EraReport| signed_reveal(&EraReport { era: 3, ..r });
		assert_noop!(show(future(first), future(second)), Error::<Test>::TooEarly);
	});
}
