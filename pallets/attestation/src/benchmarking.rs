//! Benchmarks: every call, what authorises them, and every step that hooks take, each at its worst.

use super::*;
use crate::{turns::Turns, types::Past};
use alloc::vec::Vec;
use dtel_math::globe::{Direction, Point};
use dtel_primitives::{
	api::{Outcome, Verdict},
	clock::Phase,
	report::{commit_payload, EraReport, Measurement, SelfReport, SignedReveal},
	AttestorId, AttestorSignature, Balance, BasisPoints, EraIndex, Hash, NodeId,
};
use dtel_traits::{Evidence, NodeRegistry, QualitySink, ScoreSink, Seen, StakeLedger};
use frame_benchmarking::{account, v2::*, BenchmarkError};
use frame_support::{
	pallet_prelude::{Authorize, TransactionSource},
	traits::Get,
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_application_crypto::RuntimeAppPublic;

/// The era in which everything happens: far enough for a full pool behind it, and for full lists of past eras in other
/// pallets.
fn era<T: Config>() -> EraIndex {
	T::HistoryEras::get().saturating_add(T::PoolEras::get())
}

/// Goes to the first block of a phase.
fn at<T: Config>(era: EraIndex, phase: Phase) {
	let clock = T::Clock::get();
	let offset = match phase {
		Phase::Measure => 0,
		Phase::Commit => clock.commit_at,
		Phase::Reveal => clock.reveal_at,
		Phase::Settle => clock.settle_at,
	};
	let block: BlockNumberFor<T> = clock.first_block(era).saturating_add(offset).into();
	frame_system::Pallet::<T>::set_block_number(block);
}

/// A registered node of an operator of its own, with stake; the key is in the keystore.
fn node<T: Config>(seed: u32) -> (NodeId, T::AccountId) {
	let key = AttestorId::generate_pair(None);
	let owner: T::AccountId = account("operator", seed, 0);
	let node = T::Registry::set_up_node(&owner, key);
	T::Stake::set_up_stake(&owner, stake::<T>());
	(node, owner)
}

fn stake<T: Config>() -> Balance {
	T::Stake::minimum_per_node().saturating_mul(2).max(1_000)
}

/// `n` members of `era`, each of another operator, with seed and complete snapshot.
fn members<T: Config>(era: EraIndex, n: u32) -> Vec<NodeId> {
	let nodes: Vec<_> = (0..n).map(node::<T>).collect();
	freeze_all::<T>(era, &nodes);
	nodes.into_iter().map(|(node, _)| node).collect()
}

fn freeze_all<T: Config>(era: EraIndex, nodes: &[(NodeId, T::AccountId)]) {
	let mut snapshot = Snapshot { complete: true, ..Default::default() };
	for (node, owner) in nodes {
		// All at one place that is far from nobody's: each round trip is compared.
		let place = Point::new(525, 134).map(Direction::from);
		let member = Member {
			node: *node,
			owner: owner.clone(),
			stake: stake::<T>(),
			place,
			declared_kbps: u32::MAX,
		};
		MemberIndex::<T>::insert(era, node, snapshot.members);
		Members::<T>::insert(era, snapshot.members, member);
		snapshot.members += 1;
		snapshot.stake += stake::<T>();
	}
	Snapshots::<T>::insert(era, snapshot);
	Seeds::<T>::insert(era, Draw { seed: [7; 32], targets: T::TargetsPerVerifier::get() });
}

/// Enough members for everybody to have all targets and verifiers.
fn full_ring<T: Config>() -> u32 {
	T::TargetsPerVerifier::get() + 2
}

fn measurement(target: NodeId, spread: u32) -> Measurement {
	Measurement {
		calls_tried: 3,
		calls_up: 2,
		setup_ms: 100 + spread,
		loss: BasisPoints::saturating(spread),
		jitter_us: 1_000 - spread,
		rtt_min_us: 1_000 + spread,
		rtt_us: 2_000 + spread,
		rtt_p95_us: 3_000 + spread,
		mos_centi: 400 - (spread % 100) as u16,
		video: BasisPoints::saturating(9_000 + spread),
		up_kbps: 2_000,
		down_kbps: 1_500 + spread,
		..Measurement::down(target, 3)
	}
}

fn report_of_itself() -> Option<SelfReport> {
	Some(SelfReport {
		participants: 1,
		loss: BasisPoints::ZERO,
		jitter_us: 1,
		rtt_us: 1,
		mos_centi: 500,
		up_kbps: 1,
		down_kbps: 1,
	})
}

fn report<T: Config>(era: EraIndex, verifier: NodeId) -> EraReport {
	let targets = Pallet::<T>::targets(era, verifier).unwrap_or_default();
	assert_eq!(targets.len() as u32, T::TargetsPerVerifier::get());
	let measurements = targets.into_iter().map(|t| measurement(t, t % 89)).collect::<Vec<_>>();
	let own = report_of_itself();
	EraReport { era, verifier, measurements: measurements.try_into().unwrap_or_default(), own }
}

fn sign<T: Config>(era: EraIndex, verifier: NodeId, payload: &[u8]) -> AttestorSignature {
	T::Registry::attestor(verifier, era)
		.and_then(|key| key.sign(&payload))
		.expect("the key was generated here")
}

fn commit_call<T: Config>(report: &EraReport) -> Call<T> {
	let genesis = Pallet::<T>::genesis_hash();
	let commitment = report.commitment(&genesis, &[9; 32]);
	let (era, verifier) = (report.era, report.verifier);
	let payload = commit_payload(&genesis, era, verifier, &commitment);
	Call::commit { era, verifier, commitment, signature: sign::<T>(era, verifier, &payload) }
}

fn reveal_call<T: Config>(report: EraReport) -> Call<T> {
	let payload = report.reveal_payload(&Pallet::<T>::genesis_hash(), &[9; 32]);
	let signature = sign::<T>(report.era, report.verifier, &payload);
	Call::reveal { report, salt: [9; 32], signature }
}

/// A verifier that has committed, in the reveal phase, whose targets lack one sample each.
fn committed<T: Config>() -> EraReport {
	let era = era::<T>();
	let nodes = members::<T>(era, full_ring::<T>());
	let report = report::<T>(era, nodes[0]);
	let hash = report.commitment(&Pallet::<T>::genesis_hash(), &[9; 32]);
	let key = T::Registry::attestor(report.verifier, era).expect("a registered node");
	Commitments::<T>::insert(era, report.verifier, Commitment { hash, key, revealed: None });
	for m in &report.measurements {
		for other in 1..T::TargetsPerVerifier::get() {
			push_sample::<T>(era, m.target, 10_000 + other);
		}
	}
	at::<T>(era, Phase::Reveal);
	report
}

fn push_sample<T: Config>(era: EraIndex, target: NodeId, verifier: NodeId) {
	Samples::<T>::mutate(era, target, |s| s.try_push(sample::<T>(target, verifier)).expect("≤ k"));
}

fn sample<T: Config>(target: NodeId, verifier: NodeId) -> Sample {
	Sample {
		verifier,
		voice: verifier.into(),
		// Different for each, so that the cap has to be looked for.
		weight: stake::<T>().saturating_mul(u128::from(verifier % 97 + 1)),
		measurement: measurement(target, verifier % 89),
	}
}

/// What a verifier has revealed, and said of itself that it was not.
fn revealed<T: Config>(era: EraIndex, node: NodeId) -> Commitment {
	let key = T::Registry::attestor(node, era).expect("a registered node");
	let measured = T::TargetsPerVerifier::get() as u8;
	let own = report_of_itself();
	let revealed = Some(Revealed { measured, outliers: 0, own });
	Commitment { hash: Hash::repeat_byte(1), key, revealed }
}

/// An era of `n` members and a full ring more in its settle phase. Each served, did its duty in this era and the one before, and has a full pool of
/// samples by as many different verifiers. The era has something to release when it is closed.
fn unsettled<T: Config>(n: u32) -> EraIndex {
	let era = era::<T>();
	at::<T>(era, Phase::Settle);
	let k = T::TargetsPerVerifier::get();
	let nodes = members::<T>(era, n.saturating_add(full_ring::<T>()));
	let committee = Pallet::<T>::committee(era).expect("there is a ring");
	for (index, node) in nodes.into_iter().enumerate() {
		let verifiers = Pallet::<T>::verifiers_of(era, &committee, index as u32);
		let current = verifiers.iter().map(|v| sample::<T>(node, v.node)).collect::<Vec<_>>();
		Samples::<T>::insert(era, node, BoundedVec::truncate_from(current));
		let mut pool = Pool::default();
		for (i, past) in (era + 1 - T::PoolEras::get()..era).enumerate() {
			let first = 10_000 + i as u32 * k;
			let samples: Vec<_> = (first..first + k).map(|v| sample::<T>(node, v)).collect();
			pool.add(0, past, &samples);
		}
		let worth = Some(Worth { score: BasisPoints::ONE, kbps: u32::MAX });
		pool.last = Some(Last { era: era - 1, score: BasisPoints::ONE, nearly_downs: 0, worth });
		Pools::<T>::insert(node, pool);
		for past in [era - 1, era] {
			Commitments::<T>::insert(past, node, revealed::<T>(past, node));
		}
		let owner = T::Registry::owner(node).expect("a registered node");
		T::Scores::set_up_scores(era, &owner);
	}
	// Most members revealed, and few targets were down: else nobody would be blamed.
	Eras::<T>::mutate(era, |p| p.reveals = n.saturating_add(full_ring::<T>()));
	Unsettled::<T>::put(era);
	era
}

/// Lets `n` members be left, the last of whom is returned.
fn leave<T: Config>(era: EraIndex, n: u32) -> NodeId {
	let members = Pallet::<T>::members(era);
	Eras::<T>::mutate(era, |p| p.settled = members - n);
	Turns::<T>::of(era).member(members - 1).expect("a member").node
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn authorize_commit() -> Result<(), BenchmarkError> {
		let nodes = members::<T>(era::<T>(), full_ring::<T>());
		at::<T>(era::<T>(), Phase::Commit);
		let call = commit_call::<T>(&report::<T>(era::<T>(), nodes[0]));
		#[block]
		{
			call.authorize(TransactionSource::External).ok_or("an authorised call")??;
		}
		Ok(())
	}

	#[benchmark]
	fn authorize_reveal() -> Result<(), BenchmarkError> {
		let call = reveal_call::<T>(committed::<T>());
		#[block]
		{
			call.authorize(TransactionSource::External).ok_or("an authorised call")??;
		}
		Ok(())
	}

	#[benchmark]
	fn commit() {
		let nodes = members::<T>(era::<T>(), full_ring::<T>());
		at::<T>(era::<T>(), Phase::Commit);
		let Call::commit { era, verifier, commitment, signature } =
			commit_call::<T>(&report::<T>(era::<T>(), nodes[0]))
		else {
			unreachable!()
		};
		#[extrinsic_call]
		_(RawOrigin::Authorized, era, verifier, commitment, signature);
		assert!(Commitments::<T>::contains_key(era, verifier));
	}

	#[benchmark]
	fn reveal() {
		let Call::reveal { report, salt, signature } = reveal_call::<T>(committed::<T>()) else {
			unreachable!()
		};
		let (era, verifier) = (report.era, report.verifier);
		#[extrinsic_call]
		_(RawOrigin::Authorized, report, salt, signature);
		assert!(Commitments::<T>::get(era, verifier).is_some_and(|c| c.is_revealed()));
	}

	/// Members that earn, each the first node of an operator that waits for pay of too many eras. The last of them closes the
	/// era. Who is not measured, or down, costs less; what they are blamed for, and what is known of bad eras, is measured by itself.
	/// Each verifier of the first was settled before.
	#[benchmark]
	fn settle(n: Linear<1, SETTLE_PAGE>) {
		let era = unsettled::<T>(n);
		let last = leave::<T>(era, n);
		let caller: T::AccountId = account("caller", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), n);
		assert!(Pallet::<T>::is_settled(era));
		let Outcome { verdict, score, boasts, .. } =
			Outcomes::<T>::get(last, era).expect("settled");
		assert!(verdict == Verdict::Measured && score > BasisPoints::ZERO && boasts);
		let worth = Pools::<T>::get(last).last().and_then(|last| last.worth).expect("measured");
		let paid = Event::NodeSettled { era, node: last, verdict, score, paid: worth.score };
		frame_system::Pallet::<T>::assert_has_event(paid.into());
	}

	/// An offence is reported: the last of as many as there can be of a node in an era, and of those that can cost its pay.
	#[benchmark]
	fn offence() {
		let era = unsettled::<T>(1);
		let member = Members::<T>::get(era, 0).expect("a member");
		for evidence in [
			Evidence::MissedDuty { committed: false, revealed: 1, members: 1 },
			Evidence::Unavailable { assigned: 5, reported: 5, down: 5, measured: 1_000 },
			Evidence::PoorQuality { below: 8, of: 12, worst: BasisPoints::ZERO },
			Evidence::Outlier { eras: 8, of: 12 },
		] {
			Pallet::<T>::report(era, member.node, &member.owner, evidence);
		}
		let evidence = Evidence::FalsePlace { broken: 9, of: 12 };
		#[block]
		{
			Pallet::<T>::report(era, member.node, &member.owner, evidence);
		}
	}

	/// An era of a node is written to what is known of its bad ones.
	#[benchmark]
	fn record() {
		let era = unsettled::<T>(1);
		let Member { node, owner, .. } = Members::<T>::get(era, 0).expect("a member");
		T::Quality::set_up_watched(node);
		let score = BasisPoints::ONE;
		let seen = Seen { era, node, owner, score, down: None, misplaced: Some(false) };
		#[block]
		{
			T::Quality::observed(seen);
		}
	}

	/// A verifier is noted.
	#[benchmark]
	fn note() {
		let era = unsettled::<T>(1);
		let verifier = Members::<T>::get(era, 0).expect("a member").node;
		#[block]
		{
			Pallet::<T>::note(era, verifier, |r| r.outliers = 1);
			Pallet::<T>::deposit_event(Event::Deviated { era, target: verifier, verifier });
		}
		let noted = Commitments::<T>::get(era, verifier).and_then(|c| c.revealed);
		assert!(noted.is_some_and(|r| r.outliers == 1));
	}

	#[benchmark]
	fn report_double_reveal() {
		let era = unsettled::<T>(1);
		let verifier = Members::<T>::get(era, 0).expect("a member").node;
		let signed = |loss| {
			let mut report = report::<T>(era, verifier);
			report.measurements.iter_mut().for_each(|m| m.loss = loss);
			let salt = [9; 32];
			let payload = report.reveal_payload(&Pallet::<T>::genesis_hash(), &salt);
			let signature = sign::<T>(era, verifier, &payload);
			SignedReveal { report, salt, signature }
		};
		let (first, second) = (signed(BasisPoints::ZERO), signed(BasisPoints::ONE));
		let caller: T::AccountId = account("caller", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), first, second);
		assert!(DoubleReveals::<T>::contains_key(era, verifier));
	}

	/// All of them are taken.
	#[benchmark]
	fn freeze(n: Linear<1, { T::SnapshotPage::get() }>) {
		at::<T>(era::<T>(), Phase::Measure);
		let nodes: Vec<_> = (0..n).map(node::<T>).collect();
		let before = nodes.iter().map(|(node, _)| *node).collect::<Vec<_>>();
		let caller: T::AccountId = account("caller", 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), n);
		assert_eq!(Members::<T>::iter_prefix(era::<T>() + 1).count(), before.len());
	}

	#[benchmark]
	fn draw_seed() {
		let era = era::<T>();
		let _ = members::<T>(era, full_ring::<T>());
		Seeds::<T>::remove(era);
		at::<T>(era, Phase::Measure);
		let first = T::Clock::get().first_block(era);
		#[block]
		{
			Pallet::<T>::begin_block(first);
		}
		assert!(Seeds::<T>::contains_key(era));
	}

	/// A block in the midst of an era.
	#[benchmark]
	fn quiet_block() {
		let era = era::<T>();
		at::<T>(era, Phase::Commit);
		let now = Pallet::<T>::now();
		#[block]
		{
			Pallet::<T>::begin_block(now);
		}
		assert!(!Seeds::<T>::contains_key(era));
	}

	/// What a block does when nothing waits.
	#[benchmark]
	fn look() {
		let era = era::<T>();
		at::<T>(era, Phase::Measure);
		Unsettled::<T>::put(era);
		EvidenceWalk::<T>::put(Walk { era, index: 0 });
		HistoryWalk::<T>::put(Walk { era, index: 0 });
		Snapshots::<T>::insert(era + 1, Snapshot { complete: true, ..Default::default() });
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::work(&mut meter, false);
		}
		assert_eq!(meter.consumed(), T::WeightInfo::look());
	}

	/// The last member, with it the era.
	#[benchmark]
	fn prune_evidence() {
		let era = unsettled::<T>(1);
		let members = Pallet::<T>::members(era);
		let last = Members::<T>::get(era, members - 1).expect("a member").node;
		Commitments::<T>::insert(era, last, revealed::<T>(era, last));
		EvidenceWalk::<T>::put(Walk { era, index: members - 1 });
		Unsettled::<T>::put(era + T::PoolEras::get());
		#[block]
		{
			if Pallet::<T>::can_prune(Past::Evidence) {
				Pallet::<T>::prune_next(Past::Evidence);
			}
		}
		assert!(!Seeds::<T>::contains_key(era));
	}

	/// The last member, with it the era.
	#[benchmark]
	fn prune_history() {
		let era = unsettled::<T>(1);
		let members = Pallet::<T>::members(era);
		let mut turns = Turns::of(era);
		for _ in 0..members {
			Pallet::<T>::settle_next(&mut turns);
		}
		EvidenceWalk::<T>::put(Walk { era: era + 1, index: 0 });
		HistoryWalk::<T>::put(Walk { era, index: members - 1 });
		Unsettled::<T>::put(era + T::HistoryEras::get() + 1);
		#[block]
		{
			if Pallet::<T>::can_prune(Past::History) {
				Pallet::<T>::prune_next(Past::History);
			}
		}
		assert!(!Snapshots::<T>::contains_key(era));
	}

	impl_benchmark_test_suite!(
		Pallet,
		{
			let mut ext = crate::mock::new_test_ext();
			let keystore = sp_keystore::testing::MemoryKeystore::new();
			ext.register_extension(sp_keystore::KeystoreExt::new(keystore));
			ext
		},
		crate::mock::Test
	);
}
