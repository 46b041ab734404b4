//! Keys of sessions: how they are registered, and how it is proven later whose they were.

use crate::world::*;
use codec::Encode;
use dtel_runtime::{configs::consensus::SeatProofs, Runtime, Session, Validators};
use frame_support::{assert_noop, assert_ok, traits::KeyOwnerProofSystem};

#[test]
fn keys_are_registered_with_a_proof_of_possession_only() {
	chain("local").execute_with(|| {
		let (op, thief) = (person("Op1"), person("Op2"));
		op.bond(60);
		thief.bond(60);
		run_to_era(1);
		assert_noop!(Validators::validate(op.signed()), Error::NoKeys);
		let invalid = || pallet_session::Error::<Runtime>::InvalidProof;
		// Neither a proof for another account, nor one of another's keys, nor none at all.
		let set_keys = |who: &Person, keys: &Person, proof: Vec<u8>| {
			Session::set_keys(who.signed(), keys.keys(), proof)
		};
		assert_noop!(set_keys(&thief, &op, op.proof_for(&op.account)), invalid());
		assert_noop!(set_keys(&thief, &op, thief.proof_for(&thief.account)), invalid());
		assert_noop!(set_keys(&thief, &op, vec![]), invalid());
		// One key of one's own does not do for both.
		let half = Person {
			account: thief.account.clone(),
			babe: thief.babe.clone(),
			grandpa: op.grandpa,
		};
		let mut proof = half.proof_for(&thief.account);
		proof[64..].copy_from_slice(&thief.proof_for(&thief.account)[64..]);
		assert_noop!(set_keys(&thief, &half, proof), invalid());
		op.set_keys();
		// Who has the keys, and proves it, cannot share them.
		let duplicated = pallet_session::Error::<Runtime>::DuplicatedKey;
		assert_noop!(set_keys(&thief, &op, op.proof_for(&thief.account)), duplicated);
		op.validate();
		assert_noop!(Validators::validate(thief.signed()), Error::NoKeys);
	});
}

fn grandpa_key(who: &Person) -> (sp_core::crypto::KeyTypeId, Vec<u8>) {
	(sp_consensus_grandpa::KEY_TYPE, who.keys().grandpa.encode())
}

#[test]
fn equivocations_of_earlier_sessions_and_with_rotated_keys_stay_provable() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS[..4]);
		run_to_effect();
		let (old, new) = (&ops[3], with_keys("Op4", "Op4//rotated"));
		let proof = SeatProofs::prove(grandpa_key(old)).expect("it validates");
		let session = proof.session;
		new.set_keys();
		// The rotation alone is a reason to announce the set, so that roots have the new key in them.
		run_to_effect();
		validate(&[&ops[0], &ops[1], &ops[2], &new]);
		let rotated = SeatProofs::prove(grandpa_key(&new)).expect("it validates");
		run_to_era(now() + 2);
		assert!(Session::current_index() > session + 3);
		let owner = Some((old.account.clone(), ()));
		assert_eq!(SeatProofs::check_proof(grandpa_key(old), proof.clone()), owner);
		assert_eq!(SeatProofs::check_proof(grandpa_key(&new), rotated.clone()), owner);
		assert_eq!(SeatProofs::check_proof(grandpa_key(&new), proof), None);
		// And when it validates no more.
		assert_ok!(Validators::resign(new.signed()));
		run_to_effect();
		run_to_era(now() + 1);
		validate(&[&ops[0], &ops[1], &ops[2]]);
		assert_eq!(SeatProofs::check_proof(grandpa_key(&new), rotated), owner);
		check();
	});
}

/// A key proves who had it when the session's validators were set, whoever has registered it since.
#[test]
fn equivocating_with_a_key_that_was_replaced_before_in_its_session() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS[..4]);
		run_to_effect();
		let (bad, accomplice) = (&ops[3], with_keys("Op1", "Op4"));
		with_keys("Op4", "Op4//rotated").set_keys();
		// The key is free, and one with a seat takes it, to answer for it with less stake.
		accomplice.set_keys();
		let prove = || SeatProofs::prove(grandpa_key(bad));
		let owner = Some((bad.account.clone(), ()));
		let proof = prove().expect("it is the running session's");
		assert_eq!(SeatProofs::check_proof(grandpa_key(bad), proof.clone()), owner);
		// Nothing was changed by asking.
		assert_eq!(Session::load_keys(&accomplice.account), Some(accomplice.keys()));
		// The next session's keys were queued before they changed: it is still so.
		run_to_session(Session::current_index() + 1);
		assert_eq!(SeatProofs::check_proof(grandpa_key(bad), proof), owner);
		let again = prove().expect("it is the running session's");
		assert_eq!(SeatProofs::check_proof(grandpa_key(bad), again), owner);
		// From then on it is the accomplice's.
		run_to_session(Session::current_index() + 1);
		let proof = prove().expect("it is the running session's");
		let owner = Some((accomplice.account.clone(), ()));
		assert_eq!(SeatProofs::check_proof(grandpa_key(bad), proof), owner);
		check();
	});
}

#[test]
fn equivocating_after_the_keys_were_taken_away() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS[..4]);
		run_to_effect();
		let bad = &ops[3];
		assert_ok!(Session::purge_keys(bad.signed()));
		let proof = SeatProofs::prove(grandpa_key(bad)).expect("it still validates");
		let owner = Some((bad.account.clone(), ()));
		assert_eq!(SeatProofs::check_proof(grandpa_key(bad), proof), owner);
		assert_eq!(Session::load_keys(&bad.account), None);
		check();
	});
}
