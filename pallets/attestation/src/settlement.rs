//! From evidence to scores, offences and pay. Sole writer of [`Unsettled`], [`Outcomes`] and
//! [`LastScore`], and of the counter of settled members in [`Eras`], but for their pruning.
//!
//! Eras are settled in order, members of an era by dense index, one at a time. Each step stands for
//! itself: it reads what was frozen and what was revealed, and leaves nothing half done.

use crate::{
	medians::medians, types::Committee, Commitments, Config, Eras, Error, Event, Last, LastScore,
	Member, Members, Outcomes, Pallet, Progress, Sample, Samples, Unsettled,
};
use alloc::{collections::BTreeSet, vec::Vec};
use dtel_math::{
	robust::quorum,
	score::{decayed_floor, score_floor},
};
use dtel_primitives::{
	api::{Outcome, Verdict},
	BasisPoints, EraIndex, NodeId, NodeIndex,
};
use dtel_traits::{Evidence, Jail, Offence, OffenceSink, Offender, QualitySink, ScoreSink, Scored};
use frame_support::traits::Get;
use sp_runtime::SaturatedConversion;

/// Fewer verifiers than this decide nothing: neither that a node is down, nor what it is worth.
pub(crate) const LEAST_VERIFIERS: u32 = 3;

impl<T: Config> Pallet<T> {
	/// Whether every member of an era is settled.
	pub fn is_settled(era: EraIndex) -> bool {
		era < Unsettled::<T>::get()
	}

	/// The era that can be settled now, if any: the oldest unsettled one, from its settle phase on.
	pub(crate) fn settling() -> Option<EraIndex> {
		let era = Unsettled::<T>::get();
		let clock = T::Clock::get();
		let from = clock.first_block(era).saturating_add(clock.settle_at);
		(Self::now() >= from).then_some(era)
	}

	/// Settles up to `limit` members of the era that waits for it. Returns how many steps it took,
	/// where an era without members takes one.
	pub(crate) fn do_settle(limit: u32) -> Result<u32, Error<T>> {
		let era = Self::settling().ok_or(Error::<T>::NothingToSettle)?;
		let mut steps = 0u32;
		while steps < limit && !Self::is_settled(era) {
			Self::settle_next(era);
			steps = steps.saturating_add(1);
		}
		Ok(steps)
	}

	/// Settles the next member of `era`, and with the last one the era.
	pub(crate) fn settle_next(era: EraIndex) {
		let members = Self::members(era);
		let index = Eras::<T>::get(era).settled;
		if index < members {
			if let Some(member) = Members::<T>::get(era, index) {
				Self::settle_member(era, index, member);
			}
			Eras::<T>::mutate(era, |p| p.settled = index.saturating_add(1));
		}
		if index.saturating_add(1) >= members {
			Unsettled::<T>::put(era.saturating_add(1));
			T::Scores::era_settled(era);
			Self::deposit_event(Event::EraSettled { era, members });
		}
	}

	fn settle_member(era: EraIndex, index: NodeIndex, member: Member<T::AccountId>) {
		let Member { node, owner, stake } = member;
		// Who is jailed was so before this era is judged: for an earlier one.
		let jailed = T::Jail::is_jailed(node);
		let committee = Self::committee(era);
		let duty_done = Self::duty_done(era, committee.as_ref(), index, node);
		let assigned = committee
			.map_or(0, |c| Self::verifiers_of(era, &c, index).len().saturated_into::<u32>());
		let outcome = Self::judge(era, node, assigned, duty_done);

		if !jailed {
			let report = |evidence| {
				let offender = Offender::Node(node);
				T::Offences::report(Offence { era, offender, owner: owner.clone(), evidence })
			};
			// What the era as a whole was like goes along: whoever decides may blame nobody for a common failure.
			let Progress { reveals, measured, down, .. } = Eras::<T>::get(era);
			if !duty_done {
				let committed = Commitments::<T>::contains_key(era, node);
				let members = Self::members(era);
				report(Evidence::MissedDuty { committed, revealed: reveals, members });
			}
			if outcome.verdict == Verdict::Down {
				let Outcome { assigned, reported, .. } = outcome;
				report(Evidence::Unavailable { assigned, reported, down, measured });
			}
			if outcome.verdict != Verdict::Unmeasured {
				T::Quality::observed(era, node, &owner, outcome.score);
			}
		}
		// A score that was only kept says what the node was worth once, not that it served in this era.
		let earned = outcome.verdict == Verdict::Measured && duty_done && !jailed;
		let paid = if earned { outcome.score } else { BasisPoints::ZERO };
		T::Scores::scored(Scored { era, node, owner, stake, kbps: outcome.kbps, score: paid });

		Outcomes::<T>::insert(node, era, outcome);
		LastScore::<T>::insert(node, Last { era, score: outcome.score });
		Self::deposit_event(Event::NodeSettled {
			era,
			node,
			verdict: outcome.verdict,
			score: outcome.score,
			paid,
		});
	}

	/// Whether a member did its duty as a verifier: it revealed, or had nobody to measure.
	fn duty_done(
		era: EraIndex,
		committee: Option<&Committee>,
		index: NodeIndex,
		node: NodeId,
	) -> bool {
		Commitments::<T>::get(era, node).is_some_and(|c| c.revealed)
			|| committee.is_none_or(|c| Self::targets_of(era, c, index).is_empty())
	}

	/// What the evidence says of a node.
	///
	/// A pool of fewer than [`LEAST_VERIFIERS`] says nothing: it has no figures. A committee that finds a
	/// node down and is too small to condemn it leaves it unmeasured.
	fn judge(era: EraIndex, node: NodeId, assigned: u32, duty_done: bool) -> Outcome {
		let current = Samples::<T>::get(era, node);
		let reported = current.len().saturated_into::<u32>();
		let quorate = assigned > 0 && reported >= quorum(assigned);
		let pool = Self::pool(era, node);
		let found = (verifiers_in(&pool) >= LEAST_VERIFIERS)
			.then(|| medians(&pool, T::WeightCap::get()))
			.flatten();
		let down = quorate && current.iter().all(|s| s.measurement.is_down());

		let verdict = if down && reported >= LEAST_VERIFIERS {
			Verdict::Down
		} else if quorate && !down && found.is_some() {
			Verdict::Measured
		} else {
			Verdict::Unmeasured
		};
		let found = found.unwrap_or_default();
		let score = match verdict {
			Verdict::Measured => score_floor(found.availability, found.mos_centi, found.video),
			Verdict::Down => BasisPoints::ZERO,
			Verdict::Unmeasured => LastScore::<T>::get(node)
				.map_or(BasisPoints::ZERO, |l| decayed_floor(l.score, T::ScoreKept::get())),
		};
		Outcome {
			assigned: assigned.saturated_into(),
			reported: reported.saturated_into(),
			pooled: pool.len().saturated_into(),
			verdict,
			loss: found.loss,
			jitter_us: found.jitter_us,
			rtt_us: found.rtt_us,
			mos_centi: found.mos_centi,
			video: found.video,
			availability: found.availability,
			kbps: if down { 0 } else { found.kbps },
			score,
			duty_done,
		}
	}

	/// The samples of a node over the pooled eras.
	fn pool(era: EraIndex, node: NodeId) -> Vec<Sample> {
		let earlier = T::PoolEras::get().saturating_sub(1);
		(era.saturating_sub(earlier)..=era).flat_map(|era| Samples::<T>::get(era, node)).collect()
	}
}

/// How many different verifiers a pool is from.
fn verifiers_in(pool: &[Sample]) -> u32 {
	pool.iter().map(|s| s.verifier).collect::<BTreeSet<_>>().len().saturated_into()
}
