//! `commit`.

use super::*;
use crate::{reports::PRIORITY, Commitments, Error, Event};
use dtel_traits::NodeRegistry;
use frame_support::assert_noop;
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};

fn refused(call: Call<Test>) -> TransactionValidityError {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let error = apply(call.clone()).expect_err("refused");
	assert_eq!(validate(call), Err(error));
	assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1), "nothing is written");
	error
}

#[test]
fn records_the_first_commitment() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		events();
		let report = report(2, 1);
		assert_included(commit_call(&report));
		assert_eq!(events(), vec![Event::Committed { era: 2, verifier: 1 }]);
		let commitment = Commitments::<Test>::get(2, 1).unwrap();
		assert_eq!(commitment.hash(), report.commitment(&genesis(), &SALT));
		assert!(!commitment.is_revealed());
		assert_eq!(Attestation::era_progress(2), (3, 1, 0, 0));
		let duty = Attestation::duty(1).unwrap();
		assert!(duty.2 && !duty.3);
	});
}

#[test]
fn is_one_in_the_pool_a_verifier_and_era() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let valid = validate(commit_to(2, 1, Hash::repeat_byte(1))).unwrap();
		let other = validate(commit_to(2, 1, Hash::repeat_byte(2))).unwrap();
		let another = validate(commit_to(2, 2, Hash::repeat_byte(1))).unwrap();
		assert_eq!(valid.provides, other.provides);
		assert_ne!(valid.provides, another.provides);
		assert_eq!(valid.priority, PRIORITY);
		assert_eq!(valid.longevity, 2, "until the phase ends");
		assert!(valid.propagate && valid.requires.is_empty());
	});
}

#[test]
fn costs_no_fee_and_needs_no_account() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let signed = RuntimeOrigin::signed(101);
		let Call::commit { era, verifier, commitment, signature } = commit_call(&report(2, 1))
		else {
			unreachable!()
		};
		assert_noop!(
			Attestation::commit(signed, era, verifier, commitment, signature.clone()),
			DispatchError::BadOrigin
		);
		assert_noop!(
			Attestation::commit(RuntimeOrigin::root(), era, verifier, commitment, signature),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn fails_when_a_second_one_differs() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let first = report(2, 1);
		assert_included(commit_call(&first));
		assert_eq!(refused(commit_call(&first)), InvalidTransaction::Stale.into());
		let second = commit_to(2, 1, Hash::repeat_byte(3));
		assert_eq!(refused(second.clone()), InvalidTransaction::Stale.into());
		assert_eq!(dispatch(second), Err(Error::<Test>::AlreadyCommitted.into()));
		let kept = Commitments::<Test>::get(2, 1).unwrap().hash();
		assert_eq!(kept, first.commitment(&genesis(), &SALT));
		assert_eq!(Attestation::era_progress(2), (3, 1, 0, 0));
	});
}

#[test]
fn fails_when_the_phase_is_another() {
	build_and_execute(|| {
		network(3);
		roll_to(22);
		let early = UnknownTransaction::Custom(1).into();
		let call = commit_to(2, 1, Hash::zero());
		assert_eq!(refused(call.clone()), early);
		assert_eq!(refused(commit_to(3, 1, Hash::zero())), early);
		assert_eq!(dispatch(call.clone()), Err(Error::<Test>::TooEarly.into()));
		roll_to(24);
		assert!(validate(call.clone()).is_ok());
		assert_eq!(refused(commit_to(1, 1, Hash::zero())), InvalidTransaction::Stale.into());
		roll_to(25);
		assert_eq!(refused(call.clone()), InvalidTransaction::Stale.into());
		assert_eq!(dispatch(call), Err(Error::<Test>::TooLate.into()));
	});
}

#[test]
fn fails_when_the_verifier_is_no_member() {
	build_and_execute(|| {
		network(3);
		roll_to(11);
		World::node(7, 700, 1_000);
		roll_to_phase(2, Phase::Commit);
		assert_eq!(refused(commit_to(2, 7, Hash::zero())), InvalidTransaction::Custom(3).into());
		assert_eq!(refused(commit_to(2, 99, Hash::zero())), InvalidTransaction::Custom(3).into());
		assert_eq!(dispatch(commit_to(2, 7, Hash::zero())), Err(Error::<Test>::NotMember.into()));
	});
}

#[test]
fn fails_when_there_is_only_one_member() {
	build_and_execute(|| {
		network(1);
		roll_to_phase(2, Phase::Commit);
		assert_eq!(Attestation::members(2), 1);
		assert_eq!(refused(commit_to(2, 0, Hash::zero())), InvalidTransaction::Custom(2).into());
	});
}

#[test]
fn fails_when_signed_by_another_key_or_for_something_else() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let commitment = Hash::repeat_byte(5);
		let signed = |key: NodeId, payload: &[u8]| Call::commit {
			era: 2,
			verifier: 1,
			commitment,
			signature: attestor(key).sign(payload).into(),
		};
		let payload = commit_payload(&genesis(), 2, 1, &commitment);
		let bad = InvalidTransaction::BadProof.into();
		assert_eq!(refused(signed(2, &payload)), bad);
		for payload in [
			commit_payload(&Hash::repeat_byte(9), 2, 1, &commitment),
			commit_payload(&genesis(), 3, 1, &commitment),
			commit_payload(&genesis(), 2, 0, &commitment),
			commit_payload(&genesis(), 2, 1, &Hash::repeat_byte(6)),
		] {
			assert_eq!(refused(signed(1, &payload)), bad);
		}
		assert!(validate(signed(1, &payload)).is_ok());
		World::with(|t| t.nodes.remove(&1));
		assert_eq!(World::attestor(1, 2), None);
		assert_eq!(refused(signed(1, &payload)), InvalidTransaction::BadSigner.into());
	});
}
