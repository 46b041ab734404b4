//! The numbered invariants of the crate docs, checked against storage.

use crate::{
	settlement::LEAST_VERIFIERS, turns::Turns, Commitments, Config, Eras, EvidenceWalk,
	HistoryWalk, MemberIndex, Members, Outcomes, Pallet, Pools, Samples, Seeds, Snapshots,
	Unsettled, Walk,
};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use dtel_math::robust::quorum;
use dtel_primitives::{
	api::{Outcome, Verdict},
	BasisPoints, EraIndex, NodeId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

type Checked = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub fn do_try_state() -> Checked {
		Self::past_is_gone()?;
		Self::members_are_dense()?;
		Self::counters_count()?;
		Self::samples_are_assigned()?;
		Self::measurements_count()?;
		Self::settled_in_order()?;
		Self::notes_count()?;
		Self::last_scores_are_newest()?;
		Self::pools_hold_what_was_revealed()?;
		Self::verdicts_have_grounds()?;
		Self::nothing_is_of_the_future()
	}

	/// INV-1.
	fn members_are_dense() -> Checked {
		let history = HistoryWalk::<T>::get();
		let mut found = BTreeMap::<EraIndex, (u32, u128)>::new();
		for (era, index, member) in Members::<T>::iter() {
			let snapshot = Snapshots::<T>::get(era).ok_or("INV-1: a member without a snapshot")?;
			ensure!(index < snapshot.members, "INV-1: a dense index beyond the snapshot");
			ensure!(
				MemberIndex::<T>::get(era, member.node) == Some(index),
				"INV-1: the index of a member does not lead back"
			);
			let sum = found.entry(era).or_default();
			sum.0 = sum.0.saturating_add(1);
			sum.1 = sum.1.saturating_add(member.stake);
		}
		for (era, snapshot) in Snapshots::<T>::iter() {
			let (members, stake) = found.get(&era).copied().unwrap_or_default();
			if history.era == era && history.index > 0 {
				// Half pruned.
				ensure!(
					members == snapshot.members.saturating_sub(history.index),
					"INV-1: members of a half pruned snapshot"
				);
				continue;
			}
			ensure!(members == snapshot.members, "INV-1: a hole in the dense indices");
			ensure!(stake == snapshot.stake, "INV-1: members' stakes do not sum up");
			ensure!(
				!snapshot.complete || snapshot.cursor.is_none(),
				"INV-1: a complete snapshot with a cursor"
			);
		}
		let indices = u32::try_from(MemberIndex::<T>::iter().count()).unwrap_or(u32::MAX);
		let members = found.values().fold(0u32, |sum, (n, _)| sum.saturating_add(*n));
		ensure!(indices == members, "INV-1: an index without a member");
		Ok(())
	}

	/// INV-2.
	fn counters_count() -> Checked {
		let evidence = EvidenceWalk::<T>::get();
		let mut found = BTreeMap::<EraIndex, (u32, u32)>::new();
		for (era, node, commitment) in Commitments::<T>::iter() {
			ensure!(MemberIndex::<T>::contains_key(era, node), "INV-2: a commitment of a stranger");
			let sum = found.entry(era).or_default();
			sum.0 = sum.0.saturating_add(1);
			sum.1 = sum.1.saturating_add(u32::from(commitment.is_revealed()));
		}
		for (era, progress) in Eras::<T>::iter().filter(|(era, _)| *era > evidence.era) {
			let counted = found.remove(&era).unwrap_or_default();
			ensure!(
				counted == (progress.commits, progress.reveals),
				"INV-2: commits or reveals are miscounted"
			);
		}
		found.remove(&evidence.era);
		ensure!(found.is_empty(), "INV-2: commitments that nobody counted");
		Ok(())
	}

	/// INV-2, as for measurements.
	fn measurements_count() -> Checked {
		let mut found = BTreeMap::<EraIndex, (u32, u32)>::new();
		for (era, _, samples) in Samples::<T>::iter() {
			let sum = found.entry(era).or_default();
			for sample in &samples {
				sum.0 = sum.0.saturating_add(1);
				sum.1 = sum.1.saturating_add(u32::from(sample.measurement.is_down()));
			}
		}
		let evidence = EvidenceWalk::<T>::get();
		for (era, progress) in Eras::<T>::iter().filter(|(era, _)| *era > evidence.era) {
			ensure!(
				found.remove(&era).unwrap_or_default() == (progress.measured, progress.down),
				"INV-2: measurements are miscounted"
			);
		}
		found.remove(&evidence.era);
		ensure!(found.is_empty(), "INV-2: measurements that nobody counted");
		Ok(())
	}

	/// INV-3.
	fn samples_are_assigned() -> Checked {
		let evidence = EvidenceWalk::<T>::get();
		for (era, target, samples) in Samples::<T>::iter() {
			if era == evidence.era && evidence.index > 0 {
				// Commitments of some of the verifiers are gone.
				continue;
			}
			let index =
				MemberIndex::<T>::get(era, target).ok_or("INV-3: a sample of who is no member")?;
			let committee = Self::committee(era).ok_or("INV-3: a sample without a committee")?;
			let assigned: BTreeSet<NodeId> =
				Self::verifiers_of(era, &committee, index).into_iter().map(|m| m.node).collect();
			let mut seen = BTreeSet::new();
			for sample in &samples {
				ensure!(sample.measurement.target == target, "INV-3: a sample of another target");
				ensure!(sample.measurement.validate().is_ok(), "INV-3: an invalid measurement");
				ensure!(sample.weight > 0, "INV-3: a sample without weight");
				ensure!(assigned.contains(&sample.verifier), "INV-3: an unassigned sample");
				ensure!(seen.insert(sample.verifier), "INV-3: two samples of one verifier");
				ensure!(
					Commitments::<T>::get(era, sample.verifier).is_some_and(|c| c.is_revealed()),
					"INV-3: a sample that nobody revealed"
				);
			}
		}
		Ok(())
	}

	/// INV-4.
	fn settled_in_order() -> Checked {
		let unsettled = Unsettled::<T>::get();
		let history = HistoryWalk::<T>::get();
		for (era, progress) in Eras::<T>::iter() {
			let members = Self::members(era);
			ensure!(progress.settled <= members, "INV-4: more settled than there are");
			ensure!(
				era >= unsettled || progress.settled == members,
				"INV-4: an era passed over before its last member was settled"
			);
			ensure!(
				era != unsettled || progress.settled < members.max(1),
				"INV-4: an era is not passed over after its last member"
			);
			ensure!(
				era <= unsettled || progress.settled == 0,
				"INV-4: a member settled before its turn"
			);
		}
		for (era, index, member) in Members::<T>::iter() {
			let turn = || Turns::<T>::of(era).turn(index);
			let settled = era < unsettled && index < Self::members(era)
				|| era == unsettled && turn() < Eras::<T>::get(era).settled;
			ensure!(
				settled == Outcomes::<T>::contains_key(member.node, era),
				"INV-4: outcomes and the settled disagree"
			);
		}
		for (node, era, _) in Outcomes::<T>::iter() {
			ensure!(era >= history.era, "INV-5: an outcome that should be pruned");
			ensure!(MemberIndex::<T>::contains_key(era, node), "INV-4: an outcome of a stranger");
		}
		Ok(())
	}

	/// INV-5.
	fn past_is_gone() -> Checked {
		let (evidence, history) = (EvidenceWalk::<T>::get(), HistoryWalk::<T>::get());
		let unsettled = Unsettled::<T>::get();
		// An era is only begun when it may go; the walk rests before the next.
		let reached = |walk: Walk, kept: u32| {
			let allowed = unsettled.saturating_add(u32::from(walk.index == 0));
			walk == Walk::default() || walk.era.saturating_add(kept) <= allowed
		};
		ensure!(
			reached(evidence, T::PoolEras::get()),
			"INV-5: evidence removed that is still pooled"
		);
		ensure!(
			reached(history, T::HistoryEras::get().saturating_add(1)),
			"INV-5: history removed too early"
		);
		ensure!(
			history.era < evidence.era || (history.era == evidence.era && history.index == 0),
			"INV-5: history removed before evidence"
		);
		let evidence_eras: Vec<EraIndex> = Seeds::<T>::iter_keys()
			.chain(Commitments::<T>::iter_keys().map(|(era, _)| era))
			.chain(Samples::<T>::iter_keys().map(|(era, _)| era))
			.collect();
		ensure!(
			evidence_eras.iter().all(|era| *era >= evidence.era),
			"INV-5: evidence that should be pruned"
		);
		let history_eras: Vec<EraIndex> = Snapshots::<T>::iter_keys()
			.chain(Eras::<T>::iter_keys())
			.chain(Members::<T>::iter_keys().map(|(era, _)| era))
			.collect();
		ensure!(
			history_eras.iter().all(|era| *era >= history.era),
			"INV-5: history that should be pruned"
		);
		Ok(())
	}

	/// INV-6.
	fn last_scores_are_newest() -> Checked {
		let mut newest = BTreeMap::new();
		for (node, era, outcome) in Outcomes::<T>::iter() {
			let entry = newest.entry(node).or_insert((era, outcome.score));
			if entry.0 < era {
				*entry = (era, outcome.score);
			}
		}
		for (node, pool) in Pools::<T>::iter() {
			let last = pool.last.ok_or("INV-6: a pool without a score")?;
			ensure!(
				newest.remove(&node) == Some((last.era, last.score)),
				"INV-6: a last score that is not the newest outcome's"
			);
		}
		ensure!(newest.is_empty(), "INV-6: an outcome without a last score");
		Ok(())
	}

	/// INV-9.
	fn pools_hold_what_was_revealed() -> Checked {
		let evidence = EvidenceWalk::<T>::get().era;
		for (node, pool) in Pools::<T>::iter() {
			let rising =
				pool.samples.windows(2).all(|pair| matches!(pair, [a, b] if a.era <= b.era));
			ensure!(rising, "INV-9: pooled samples are out of order");
			let Some(last) = pool.last else { continue };
			let oldest = last.era.saturating_sub(T::PoolEras::get().saturating_sub(1));
			let bounds = oldest..=last.era;
			ensure!(
				pool.samples.iter().all(|p| bounds.contains(&p.era)),
				"INV-9: a sample of an era that is not pooled"
			);
			for era in oldest.max(evidence.saturating_add(1))..=last.era {
				let pooled = pool.samples.iter().filter(|p| p.era == era).map(|p| p.sample);
				ensure!(
					// The oldest may have had to make room.
					pool.samples.is_full() || pooled.eq(Samples::<T>::get(era, node)),
					"INV-9: a pool is not what was revealed"
				);
			}
		}
		Ok(())
	}

	/// INV-2, as for what became of measurements.
	fn notes_count() -> Checked {
		let mut found = BTreeMap::<EraIndex, u32>::new();
		for (era, _, commitment) in Commitments::<T>::iter() {
			let Some(revealed) = commitment.revealed else { continue };
			ensure!(revealed.outliers <= revealed.measured, "INV-2: more notes than measurements");
			let sum = found.entry(era).or_default();
			*sum = sum.saturating_add(revealed.outliers.into());
		}
		let evidence = EvidenceWalk::<T>::get().era;
		for (era, progress) in Eras::<T>::iter().filter(|(era, _)| *era > evidence) {
			let noted = found.remove(&era).unwrap_or_default();
			ensure!(noted == progress.noted, "INV-2: notes are miscounted");
		}
		Ok(())
	}

	/// INV-8.
	fn verdicts_have_grounds() -> Checked {
		for (_, _, outcome) in Outcomes::<T>::iter() {
			let Outcome { assigned, reported, pooled, verdict, kbps, score, .. } = outcome;
			ensure!(
				reported <= assigned && u16::from(reported) <= pooled,
				"INV-8: more reports than verifiers or samples"
			);
			let quorate = assigned > 0 && u32::from(reported) >= quorum(assigned.into());
			let many = |n: u16| u32::from(n) >= LEAST_VERIFIERS;
			let enough = u32::from(pooled) >= T::LeastSamples::get().max(LEAST_VERIFIERS);
			let grounds = match verdict {
				Verdict::Measured => quorate && enough,
				Verdict::Down => quorate && many(reported.into()) && score == BasisPoints::ZERO,
				Verdict::Unmeasured => true,
			};
			ensure!(grounds, "INV-8: a verdict of too few");
			ensure!(
				kbps == 0 || (verdict != Verdict::Down && enough),
				"INV-8: bandwidth that too few or nobody attested"
			);
		}
		Ok(())
	}

	/// INV-7.
	fn nothing_is_of_the_future() -> Checked {
		let era = Self::current_era();
		ensure!(Seeds::<T>::iter_keys().all(|e| e <= era), "INV-7: a seed of a future era");
		ensure!(
			Commitments::<T>::iter_keys().all(|(e, _)| e <= era),
			"INV-7: a commitment of a future era"
		);
		ensure!(
			Snapshots::<T>::iter_keys().all(|e| e <= era.saturating_add(1)),
			"INV-7: a snapshot of a far future era"
		);
		ensure!(Unsettled::<T>::get() <= era.saturating_add(1), "INV-7: a future era is settled");
		Ok(())
	}
}
