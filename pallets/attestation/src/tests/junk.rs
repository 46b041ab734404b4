//! Ten thousand submissions that are no duty's: none is valid, so none gets into a pool or a block.

use super::*;
use crate::reports::{code, PRIORITY};
use sp_core::sr25519;
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};
use std::collections::BTreeMap;

/// How much of each kind.
const EACH: u32 = 500;
/// Members of the eras.
const MEMBERS: u32 = 12;

type Junk = (&'static str, TransactionValidityError, Call<Test>);

const BAD_PROOF: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::BadProof);
const STALE: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::Stale);
const EARLY: TransactionValidityError =
	TransactionValidityError::Unknown(UnknownTransaction::Custom(code::TOO_EARLY));

const fn custom(code: u8) -> TransactionValidityError {
	TransactionValidityError::Invalid(InvalidTransaction::Custom(code))
}

fn hash(i: u32) -> Hash {
	sp_io::hashing::blake2_256(&i.encode()).into()
}

/// Signatures by a stranger's key, by another member's, by nobody's, and for something else.
fn signature(kind: u32, i: u32, payload: &[u8]) -> sr25519::Signature {
	match kind {
		0 => attestor(1_000 + i % 50).sign(payload),
		1 => attestor((i + 1) % MEMBERS).sign(payload),
		2 => {
			let mut bytes = [0; 64];
			bytes[..32].copy_from_slice(hash(i).as_ref());
			bytes[32..].copy_from_slice(hash(!i).as_ref());
			sr25519::Signature::from_raw(bytes)
		}
		_ => attestor(i % MEMBERS).sign(&[payload, &[0]].concat()),
	}
}

fn commit(
	era: EraIndex,
	verifier: NodeId,
	commitment: Hash,
	signature: sr25519::Signature,
) -> Call<Test> {
	Call::commit { era, verifier, commitment, signature: signature.into() }
}

fn reveal(report: EraReport, salt: [u8; 32], signature: sr25519::Signature) -> Call<Test> {
	Call::reveal { report, salt, signature: signature.into() }
}

fn reveal_by(key: NodeId, report: EraReport, salt: [u8; 32]) -> Call<Test> {
	let signature = attestor(key).sign(&report.reveal_payload(&genesis(), &salt));
	reveal(report, salt, signature)
}

/// In the commit phase of era 3, in which the even members have committed.
fn in_commit_phase(old: &[Call<Test>], included: &[Call<Test>]) -> Vec<Junk> {
	let mut all = Vec::new();
	for i in 0..EACH {
		let (odd, even) = (2 * (i % 6) + 1, 2 * (i % 6));
		let member = i % MEMBERS;
		let pick = |from: &[Call<Test>]| from[i as usize % from.len()].clone();
		let stranger = MEMBERS + i;
		let key = attestor(1_000 + i % 50);
		let payload = commit_payload(&genesis(), 3, stranger, &hash(i));
		let its_own = key.sign(&payload);
		all.push(("a stranger", custom(code::NOT_MEMBER), commit(3, stranger, hash(i), its_own)));
		let payload = commit_payload(&genesis(), 3, odd, &hash(i));
		for kind in 0..4 {
			// The key of another member, never its own.
			let i_of_other = if kind == 1 { odd + i % (MEMBERS - 1) } else { i };
			let signature = signature(kind, i_of_other, &payload);
			all.push(("a bad signature", BAD_PROOF, commit(3, odd, hash(i), signature)));
		}
		let elsewhere = commit_payload(&hash(i), 3, odd, &hash(i));
		all.push((
			"for another chain",
			BAD_PROOF,
			commit(3, odd, hash(i), attestor(odd).sign(&elsewhere)),
		));
		all.push(("a later era", EARLY, commit_to(4 + i, member, hash(i))));
		all.push(("an earlier era", STALE, commit_to(i % 3, member, hash(i))));
		all.push(("an old transaction", STALE, pick(old)));
		all.push(("a replay", STALE, pick(included)));
		all.push(("another commitment", STALE, commit_to(3, even, hash(i))));
		let early = report(3, member);
		all.push(("a reveal too early", EARLY, reveal_by(member, early, SALT)));
	}
	all
}

/// In the reveal phase, in which members 0, 4 and 8 have revealed.
fn in_reveal_phase(old: &[Call<Test>], included: &[Call<Test>]) -> Vec<Junk> {
	let mut all = Vec::new();
	for i in 0..EACH {
		let (silent, hidden, open) = (2 * (i % 6) + 1, 2 + 4 * (i % 3), 4 * (i % 3));
		let pick = |from: &[Call<Test>]| from[i as usize % from.len()].clone();
		let salt: [u8; 32] = hash(i).0;
		let truth = report(3, hidden);
		all.push(("too late", STALE, commit_to(3, silent, hash(i))));
		all.push(("an old transaction", STALE, pick(old)));
		all.push(("a replay", STALE, pick(included)));
		all.push((
			"without a commitment",
			custom(code::NOT_COMMITTED),
			reveal_by(silent, report(3, silent), salt),
		));
		all.push((
			"a wrong salt",
			custom(code::COMMITMENT_MISMATCH),
			reveal_by(hidden, truth.clone(), salt),
		));
		let better = report_with(3, hidden, |t| Measurement { rtt_us: i, ..good(t) });
		all.push((
			"another report",
			custom(code::COMMITMENT_MISMATCH),
			reveal_by(hidden, better, SALT),
		));
		all.push(("what is revealed, otherwise", STALE, reveal_by(open, report(3, open), salt)));
		// Whoever saw a report and its salt still lacks the key.
		let payload = truth.reveal_payload(&genesis(), &SALT);
		let kind = if i % 4 == 1 { 0 } else { i % 4 };
		all.push(("a bad signature", BAD_PROOF, reveal(truth, SALT, signature(kind, i, &payload))));
	}
	all
}

/// Offers each to pool and block; says how much of each kind there was.
fn offer(junk: Vec<Junk>) -> BTreeMap<&'static str, u32> {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let mut refused = BTreeMap::new();
	for (what, why, call) in junk {
		assert_eq!(validate(call.clone()), Err(why), "{what}: {call:?}");
		assert_eq!(apply(call), Err(why), "{what}");
		*refused.entry(what).or_default() += 1;
	}
	assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1), "nothing is written");
	assert!(events().is_empty());
	refused
}

#[test]
fn none_of_ten_thousand_is_valid_and_every_duty_is() {
	build_and_execute(|| {
		network(MEMBERS);
		let members = || 0..MEMBERS;
		// An era whose transactions everybody has seen.
		roll_to_phase(2, Phase::Commit);
		let mut old: Vec<_> = members().map(|n| commit_call(&report(2, n))).collect();
		old.iter().cloned().for_each(assert_included);
		let reveals: Vec<_> = members().map(|n| reveal_call(&report(2, n))).collect();
		roll_to_phase(2, Phase::Reveal);
		reveals.iter().cloned().for_each(assert_included);
		old.extend(reveals);

		roll_to_phase(3, Phase::Commit);
		let even: Vec<_> = members().step_by(2).map(|n| commit_call(&report(3, n))).collect();
		even.iter().cloned().for_each(assert_included);
		events();
		let mut refused = offer(in_commit_phase(&old, &even));
		// The duties of the others are as valid as ever.
		let valid = validate(commit_call(&report(3, 1))).unwrap();
		assert_eq!((valid.priority, valid.provides.len()), (PRIORITY, 1));

		roll_to_phase(3, Phase::Reveal);
		let open: Vec<_> = [0, 4, 8].map(|n| reveal_call(&report(3, n))).to_vec();
		open.iter().cloned().for_each(assert_included);
		events();
		let included: Vec<_> = even.into_iter().chain(open).collect();
		for (what, n) in offer(in_reveal_phase(&old, &included)) {
			*refused.entry(what).or_default() += n;
		}
		let total: u32 = refused.values().sum();
		assert_eq!(total, 20 * EACH);
		assert_eq!((total, refused.len()), (10_000, 14), "{refused:?}");

		for n in [2, 6, 10] {
			let duty = reveal_call(&report(3, n));
			assert_eq!(validate(duty.clone()).unwrap().priority, PRIORITY);
			assert_included(duty);
		}
		assert_eq!(Attestation::era_progress(3), (MEMBERS, 6, 6, 0));
	});
}

/// The pool takes one for each tag; whatever a member signs has the tag of its duty, so that a
/// member fills no more than its own place.
#[test]
fn a_member_that_signs_ten_thousand_commitments_has_one_place_in_the_pool() {
	build_and_execute(|| {
		network(3);
		roll_to_phase(2, Phase::Commit);
		let mut tags = std::collections::BTreeSet::new();
		for i in 0..10_000 {
			let valid = validate(commit_to(2, 1, hash(i))).unwrap();
			assert_eq!(valid.priority, PRIORITY, "none replaces another");
			assert!(valid.requires.is_empty());
			tags.extend(valid.provides);
		}
		assert_eq!(tags.len(), 1);
		assert_included(commit_to(2, 1, hash(9_999)));
		assert_eq!(validate(commit_to(2, 1, hash(0))), Err(STALE));
	});
}
