//! Which key signs: missing ones, replaced ones, several at once.

use super::*;
use sp_runtime::transaction_validity::InvalidTransaction;

/// The number of the key that replaces node 1's.
const NEW: u32 = 101;

/// The registry has another key for node 1 from now on.
fn rotate() {
	World::with(|t| t.nodes.get_mut(&1).unwrap().attestor = attestor(NEW).public().into());
}

fn with_signature_of(key: u32, call: &Call<Test>) -> Call<Test> {
	match call.clone() {
		Call::commit { era, verifier, commitment, .. } => {
			let payload = commit_payload(&genesis(), era, verifier, &commitment);
			let signature = attestor(key).sign(&payload).into();
			Call::commit { era, verifier, commitment, signature }
		}
		Call::reveal { report, salt, .. } => {
			let signature = attestor(key).sign(&report.reveal_payload(&genesis(), &salt)).into();
			Call::reveal { report, salt, signature }
		}
		other => panic!("{other:?}"),
	}
}

fn bad_proof(call: Call<Test>) {
	assert_eq!(apply(call), Err(InvalidTransaction::BadProof.into()));
}

#[test]
fn without_its_key_nothing_is_kept_and_with_it_all_is_well() {
	let mut bench = Bench::new(4, &[], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
	assert_eq!(bench.kept(), TROUBLED);
	bench.insert_key(1);
	let calls = bench.work();
	commitment_of(&calls);
	bench.include(calls);
	assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"]);
	bench.on(|| assert_eq!(entry(&genesis(), 1, 2).unwrap().report, report));
}

#[test]
fn a_key_that_is_lost_after_the_commitment_reveals_as_soon_as_it_is_back() {
	let (mut bench, report) = Bench::committed();
	bench.keystore = MemoryKeystore::new();
	bench.start();
	assert!(bench.work().is_empty());
	assert!(bench.has_complained("node 1"));
	assert_eq!(bench.daemons.asked(URL, 2), 1, "a daemon cannot help");
	bench.insert_key(1);
	bench.on(|| System::set_block_number(26));
	let calls = bench.work();
	assert_eq!(revealed(&calls).0, report);
	bench.include(calls);
	assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"]);
}

#[test]
fn a_key_that_was_rotated_before_the_era_signs_nothing() {
	let mut bench = Bench::new(4, &[1], &[URL]);
	let report = bench.on(|| report(2, 1));
	bench.serve(URL, report.clone());
	bench.on(rotate);
	assert!(bench.work().is_empty());
	assert!(bench.has_complained(URL));
	assert_eq!(bench.kept(), TROUBLED);
	// Whoever holds the old key cannot use it either.
	bench.on(|| bad_proof(commit_call(&report)));
	bench.insert_key(NEW);
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.on(|| bad_proof(with_signature_of(1, &calls[0])));
	bench.include(calls);
}

/// The key that committed reveals, whatever the registry has become of it.
#[test]
fn a_key_that_was_rotated_after_the_commitment_still_reveals() {
	let (mut bench, report) = Bench::committed();
	bench.on(rotate);
	bench.insert_key(NEW);
	let reveal = bench.work();
	assert_eq!(revealed(&reveal).0, report);
	bench.on(|| bad_proof(with_signature_of(NEW, &reveal[0])));
	bench.include(reveal);
}

#[test]
fn of_two_keys_that_of_the_registry_signs() {
	let mut bench = Bench::new(4, &[NEW, 1], &[URL]);
	let first = bench.on(|| report(2, 1));
	bench.serve(URL, first.clone());
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.include(calls);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.include(calls);

	bench.on(|| {
		roll_to_phase(3, Phase::Commit);
		rotate();
	});
	let second = bench.on(|| report(3, 1));
	bench.serve(URL, second);
	let calls = bench.work();
	assert_eq!(calls.len(), 1);
	bench.on(|| bad_proof(with_signature_of(1, &calls[0])));
	bench.include(calls);
	bench.on(|| {
		assert_eq!(Attestation::era_progress(2), (4, 1, 1, 4), "settled");
		assert_eq!(Attestation::era_progress(3), (4, 1, 0, 0));
	});
	assert_eq!(bench.kept(), ["entry", "entry", "secret", "served", "verifiers"]);
}

#[test]
fn each_of_two_nodes_in_one_client_signs_for_itself_alone() {
	let mut bench = Bench::new(4, &[1, 2], &[URL, OTHER]);
	for (url, node) in [(URL, 1), (OTHER, 2)] {
		let report = bench.on(|| report(2, node));
		bench.serve(url, report);
	}
	let commits = bench.work();
	assert_eq!(commits.len(), 2);
	let foreign = |call: &Call<Test>| match call {
		Call::commit { verifier, .. } => 3 - verifier,
		Call::reveal { report, .. } => 3 - report.verifier,
		_ => unreachable!(),
	};
	bench.on(|| commits.iter().for_each(|c| bad_proof(with_signature_of(foreign(c), c))));
	bench.include(commits);
	let bound = bench.on(|| [1, 2].map(|n| Commitments::<Test>::get(2, n).unwrap().hash()));
	assert_ne!(bound[0], bound[1]);
	bench.on(|| roll_to_phase(2, Phase::Reveal));
	let reveals = bench.work();
	assert_eq!(reveals.len(), 2);
	bench.on(|| reveals.iter().for_each(|c| bad_proof(with_signature_of(foreign(c), c))));
	let salts: Vec<_> = reveals.iter().map(|c| revealed(std::slice::from_ref(c)).1).collect();
	assert_ne!(salts[0], salts[1]);
	bench.include(reveals);
	bench.on(|| {
		assert_eq!(Attestation::era_progress(2), (4, 2, 2, 0));
		assert_eq!(verifiers(&genesis()), vec![1, 2]);
	});
	assert_eq!(bench.kept(), ["entry", "entry", "secret", "served", "served", "verifiers"]);
}

#[test]
fn of_two_nodes_the_one_without_a_key_does_not_hold_up_the_other() {
	let mut bench = Bench::new(4, &[2], &[URL, OTHER]);
	for (url, node) in [(URL, 1), (OTHER, 2)] {
		let report = bench.on(|| report(2, node));
		bench.serve(url, report);
	}
	let calls = bench.work();
	assert!(matches!(calls[..], [Call::commit { verifier: 2, .. }]), "{calls:?}");
	assert!(bench.has_complained(URL) && !bench.has_complained(OTHER));
	bench.include(calls);
	bench.on(|| assert_eq!(verifiers(&genesis()), vec![2]));
	assert_eq!(bench.kept(), ["entry", "logged", "secret", "served", "verifiers"]);
}

/// A daemon that speaks for its neighbour, too late: the neighbour's own word stands.
#[test]
fn a_daemon_cannot_speak_for_its_neighbour() {
	let mut bench = Bench::new(4, &[1, 2], &[OTHER, URL]);
	let own = bench.on(|| report(2, 2));
	bench.serve(OTHER, own.clone());
	// Signed by its own key, it is not even read.
	let forged = bench.on(|| report_with(2, 2, |t| Measurement { mos_centi: 200, ..good(t) }));
	let mut body = bench.on(|| answer(forged.clone()));
	body.signature = media(1).sign(&bench.on(|| forged.media_payload(&genesis())));
	bench.daemons.set(URL, 2, Answer::Body(200, body.encode()));
	let calls = bench.work();
	assert!(matches!(calls[..], [Call::commit { verifier: 2, .. }]), "{calls:?}");
	assert!(bench.has_complained(URL));
	bench.include(calls);
	bench.on(|| assert_eq!(entry(&genesis(), 2, 2).unwrap().report, own));
	bench.on(|| assert_eq!(entry(&genesis(), 1, 2), None));
}
