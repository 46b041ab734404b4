//! From evidence to scores, offences and pay. Sole writer of [`Unsettled`], [`Outcomes`] and
//! [`Pools`], of the counter of settled members in [`Eras`] and of what is counted in a [`Revealed`], but for their
//! pruning.
//!
//! Eras are settled in order, members of an era by their place on the ring ([`turns`](crate::turns)), one at a time. Each step stands for
//! itself: it reads what was frozen and what was revealed, and leaves nothing half done.
//!
//! A verifier's measurements are judged with their targets, some before and some after itself. So what it did as a verifier is
//! summed up an era later, when all of them are.

use crate::{
	medians::{boasts, low_kbps, medians, outliers, weigh, Weighed},
	turns::Turns,
	types::{Revealed, Voice, Worth},
	Commitments, Config, Eras, Error, Event, Last, Member, Outcomes, Pallet, Pool, Pools, Progress,
	Sample, Samples, Unsettled,
};
use alloc::{collections::BTreeSet, vec::Vec};
use dtel_math::{
	robust::quorum,
	score::{counted_kbps, decayed_floor, paid_floor, score_floor},
};
use dtel_primitives::{
	api::{Outcome, Verdict},
	report::MAX_TARGETS,
	BasisPoints, EraIndex, NodeId,
};
use dtel_traits::{
	Evidence, Jail, Noticed, Offence, OffenceSink, Offender, QualitySink, ScoreSink, Scored, Seen,
};
use frame_support::traits::Get;
use sp_runtime::SaturatedConversion;

/// Fewer verifiers than this decide nothing: neither that a node is down, nor what it is worth, nor where it is.
pub(crate) const LEAST_VERIFIERS: u32 = 3;

/// What a step did that costs beside the step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Extra {
	/// Offences that were reported.
	pub offences: u32,
	/// Verifiers that were noted for a measurement, doubts that were told, and whether an odd era was looked for.
	pub notes: u32,
	/// Records of bad eras that were written.
	pub records: u32,
}

impl Extra {
	/// The most that a step can do: missed its duty, was too often outside of the tolerance, down, poor, and found false in its place; all
	/// its verifiers noted for what they measured and doubting its place, and its own era as a verifier looked at; known for what it did as
	/// a target and as a verifier.
	pub const MOST: Self =
		Self { offences: 5, notes: MAX_TARGETS.saturating_mul(2).saturating_add(1), records: 2 };

	/// Both together.
	pub const fn plus(self, more: Self) -> Self {
		Self {
			offences: self.offences.saturating_add(more.offences),
			notes: self.notes.saturating_add(more.notes),
			records: self.records.saturating_add(more.records),
		}
	}

	/// So many times.
	pub const fn times(self, n: u32) -> Self {
		Self {
			offences: self.offences.saturating_mul(n),
			notes: self.notes.saturating_mul(n),
			records: self.records.saturating_mul(n),
		}
	}
}

impl From<Noticed> for Extra {
	fn from(Noticed { offences, kept }: Noticed) -> Self {
		Self { offences, notes: 0, records: kept.into() }
	}
}

/// Of so many verifiers all but one are believed that a node is down,
const NEARLY_OF: u32 = 5;
/// when so they were in as many of the seven eras before: a node that has a friend among its verifiers is down no oftener than
/// twice in eight eras and paid for it. With a third of the nodes colluding an honest one suffers this in 0.16 % of the eras.
const NEARLY_BEFORE: u32 = 2;

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
	/// where an era without members takes one, and what they did besides.
	pub(crate) fn do_settle(limit: u32) -> Result<(u32, Extra), Error<T>> {
		let era = Self::settling().ok_or(Error::<T>::NothingToSettle)?;
		let mut turns = Turns::of(era);
		let (mut steps, mut all) = (0u32, Extra::default());
		while steps < limit && !Self::is_settled(era) {
			all = all.plus(Self::settle_next(&mut turns));
			steps = steps.saturating_add(1);
		}
		Ok((steps, all))
	}

	/// Settles the next member of an era, and with the last one the era.
	pub(crate) fn settle_next(turns: &mut Turns<T>) -> Extra {
		let (era, members) = (turns.era(), turns.members());
		let mut all = Eras::<T>::get(era);
		let turn = all.settled;
		let mut extra = Extra::default();
		if turn < members {
			if let Some(member) = turns.member(turn) {
				extra = Self::settle_member(turns, &mut all, member);
			}
			all.settled = turn.saturating_add(1);
			Eras::<T>::insert(era, all);
		}
		if turn.saturating_add(1) >= members {
			Unsettled::<T>::put(era.saturating_add(1));
			T::Scores::era_settled(era);
			Self::deposit_event(Event::EraSettled { era, members });
		}
		extra
	}

	fn settle_member(
		turns: &mut Turns<T>,
		all: &mut Progress,
		member: Member<T::AccountId>,
	) -> Extra {
		let (era, turn) = (turns.era(), all.settled);
		// For what was done before this era: whoever is jailed for this one is paid, or not, by what comes of that.
		let jailed = T::Jail::jailed_since(member.node).is_some_and(|since| since < era);
		let verifiers = turns.verifiers(turn, &member.owner);
		let node = member.node;
		let commitment = Commitments::<T>::get(era, node);
		let committed = commitment.is_some();
		let revealed = commitment.and_then(|c| c.revealed);
		let duty_done = revealed.is_some() || turns.has_no_duty(turn, &member.owner);

		let current = Samples::<T>::get(era, node);
		let mut pool = Pools::<T>::get(node);
		let oldest = era.saturating_sub(T::PoolEras::get().saturating_sub(1));
		pool.add(oldest, era, &current);
		let weighed = weigh(pool.samples(), T::WeightCap::get());
		let found = Found::of(era, &pool, &current, verifiers.len());
		let judged = Self::judge(&pool, &weighed, found);
		let own = revealed.and_then(|r| r.own);
		let mut outcome = Outcome { own, duty_done, ..judged };

		let mut extra = Extra::default();
		let mut misplaced = None;
		if outcome.verdict != Verdict::Unmeasured {
			let doubts = Self::doubts(&member, &current, &verifiers);
			outcome.doubts = doubts.by.len().saturated_into();
			misplaced = doubts.misplaced();
			extra.notes = Self::compare(era, &current, &weighed, &doubts, &mut outcome);
			all.noted = all.noted.saturating_add(outcome.outliers.into());
			if own.is_some_and(|own| boasts(&own, &outcome)) {
				outcome.boasts = true;
				Self::deposit_event(Event::SelfReportDiffers { era, node });
			}
		}
		// Its last era as a member: all measurements of that one are judged by now.
		let before = pool.last.and_then(|last| {
			let commitment = Commitments::<T>::get(last.era, node)?;
			Some(Before { era: last.era, revealed: commitment.revealed? })
		});
		if !jailed {
			let down = found.down;
			extra = extra
				.plus(Self::blame(era, all, &member, &outcome, committed, down, misplaced))
				.plus(before.map_or_else(Extra::default, |b| Self::blame_verifier(&member, b)));
		}

		// A score that was only kept says what the node was worth once, not that it served in this era.
		let earned = outcome.verdict == Verdict::Measured && duty_done && !jailed;
		let Outcome { score, verdict, .. } = outcome;
		let known = pool.last.and_then(|last| last.worth);
		let worth = Self::worth(known, &outcome, low_kbps(&weighed), member.declared_kbps);
		let paid = if earned { worth.score } else { BasisPoints::ZERO };
		let kbps = worth.kbps;
		let duty = before.filter(|_| !jailed).map_or(0, |b| b.revealed.accepted().into());
		let Member { owner, stake, .. } = member;
		let points = T::Scores::scored(Scored { era, node, owner, stake, kbps, score: paid, duty });
		outcome.points = points.saturated_into();

		Outcomes::<T>::insert(node, era, outcome);
		// What nobody measured changes nothing.
		let worth = if verdict == Verdict::Measured { Some(worth) } else { known };
		pool.last = Some(Last { era, score, nearly_downs: found.nearly_downs, worth });
		Pools::<T>::insert(node, pool);
		Self::deposit_event(Event::NodeSettled { era, node, verdict, score, paid });
		extra
	}

	/// What a node is worth: what its medians say, but when it was measured no more than a step away from what it was.
	fn worth(known: Option<Worth>, outcome: &Outcome, low_kbps: u32, declared_kbps: u32) -> Worth {
		let full = T::FullScore::get();
		let due = Worth {
			score: paid_floor(outcome.score, full),
			kbps: counted_kbps(outcome.kbps, low_kbps, declared_kbps, full),
		};
		known
			.filter(|_| outcome.verdict == Verdict::Measured)
			.map_or(due, |known| known.towards(due, declared_kbps, T::PayStep::get()))
	}

	/// Reports what a member did or left undone.
	fn blame(
		era: EraIndex,
		all: &Progress,
		member: &Member<T::AccountId>,
		outcome: &Outcome,
		committed: bool,
		down: bool,
		misplaced: Option<bool>,
	) -> Extra {
		let (node, owner) = (member.node, member.owner.clone());
		let mut extra = Extra::default();
		// What the era as a whole was like goes along: whoever decides may blame nobody for a common failure.
		if !outcome.duty_done {
			let members = Self::members(era);
			let evidence = Evidence::MissedDuty { committed, revealed: all.reveals, members };
			Self::report(era, node, &owner, evidence);
			extra.offences = 1;
		}
		if outcome.verdict == Verdict::Unmeasured {
			return extra;
		}
		let Outcome { assigned, reported, score, .. } = *outcome;
		let Progress { measured, down: downs, .. } = *all;
		let down =
			down.then_some(Evidence::Unavailable { assigned, reported, down: downs, measured });
		let seen = Seen { era, node, owner, score, down, misplaced };
		extra.plus(T::Quality::observed(seen).into())
	}

	/// Reports what a member did as a verifier.
	fn blame_verifier(member: &Member<T::AccountId>, before: Before) -> Extra {
		let Before { era, revealed } = before;
		// When most measurements of an era were outside of the tolerance it is the era that was odd.
		let deviates = revealed.deviates();
		let outlier = deviates && !Eras::<T>::get(era).is_odd();
		let noticed = T::Quality::verified(era, member.node, &member.owner, outlier);
		Extra { notes: deviates.into(), ..Extra::default() }.plus(noticed.into())
	}

	pub(crate) fn report(era: EraIndex, node: NodeId, owner: &T::AccountId, evidence: Evidence) {
		let offender = Offender::Node(node);
		T::Offences::report(Offence { era, offender, owner: owner.clone(), evidence });
	}

	/// Notes the verifiers whose measurements are outside of the tolerance, and one that says to be nearer than light allows and is the
	/// only one to say so: of two that do the target may be the liar. Returns how much there was to note and to tell.
	fn compare(
		era: EraIndex,
		current: &[Sample],
		weighed: &[Weighed],
		doubts: &Doubts,
		outcome: &mut Outcome,
	) -> u32 {
		let mut off = BTreeSet::new();
		if current.len() >= LEAST_VERIFIERS as usize {
			off.extend(outliers(weighed, current.len()));
		}
		for (place, rtt_us, least_us) in doubts.by.iter().copied() {
			let Some(Sample { verifier, measurement, .. }) = current.get(place) else { continue };
			let (target, verifier) = (measurement.target, *verifier);
			Self::deposit_event(Event::PlaceDoubted { era, target, verifier, rtt_us, least_us });
			if doubts.of_one() {
				off.insert(place);
			}
		}
		for place in off.iter().copied() {
			let Some(Sample { verifier, measurement, .. }) = current.get(place) else { continue };
			let (target, verifier) = (measurement.target, *verifier);
			Self::note(era, verifier, |r| r.outliers = r.outliers.saturating_add(1));
			Self::deposit_event(Event::Deviated { era, target, verifier });
		}
		outcome.outliers = off.len().saturated_into();
		off.len().saturating_add(doubts.by.len()).saturated_into()
	}

	/// Changes what is counted of a verifier.
	pub(crate) fn note(era: EraIndex, verifier: NodeId, change: impl FnOnce(&mut Revealed)) {
		Commitments::<T>::mutate(era, verifier, |commitment| {
			if let Some(revealed) = commitment.as_mut().and_then(|c| c.revealed.as_mut()) {
				change(revealed);
			}
		});
	}

	/// Compares the shortest round trips with what light needs between the declared places.
	fn doubts(
		target: &Member<T::AccountId>,
		current: &[Sample],
		verifiers: &[Member<T::AccountId>],
	) -> Doubts {
		let mut doubts = Doubts::default();
		let Some(here) = target.place else { return doubts };
		for (place, Sample { verifier, voice, measurement, .. }) in current.iter().enumerate() {
			let there = verifiers.iter().find(|v| v.node == *verifier).and_then(|v| v.place);
			// No round trip was seen by a call that brought no audio back.
			let Some(there) = there.filter(|_| measurement.rtt_min_us > 0) else { continue };
			doubts.can_tell.insert(*voice);
			let least_us = here.least_round_trip_us(there);
			if measurement.rtt_min_us < least_us {
				doubts.voices.insert(*voice);
				doubts.by.push((place, measurement.rtt_min_us, least_us));
			}
		}
		doubts
	}

	/// What the evidence says of a node.
	///
	/// A pool of fewer samples than [`LeastSamples`](Config::LeastSamples), or of fewer operators than [`LEAST_VERIFIERS`], says nothing: it has no
	/// figures. A committee that finds a node down and is too small to condemn it leaves it unmeasured.
	fn judge(pool: &Pool, weighed: &[Weighed], now: Found) -> Outcome {
		let Found { assigned, reported, quorate, all_down, believed_down, .. } = now;
		let pooled = pool.samples().len().saturated_into::<u32>();
		let enough = pooled >= T::LeastSamples::get().max(LEAST_VERIFIERS)
			&& voices(pool.samples().iter().map(|p| &p.sample)) >= LEAST_VERIFIERS;
		let figures = if enough { medians(weighed) } else { None };
		let verdict = if believed_down {
			Verdict::Down
		} else if quorate && !all_down && figures.is_some() {
			Verdict::Measured
		} else {
			Verdict::Unmeasured
		};
		let figures = figures.unwrap_or_default();
		let score = match verdict {
			Verdict::Measured => {
				score_floor(figures.availability, figures.mos_centi, figures.video)
			}
			Verdict::Down => BasisPoints::ZERO,
			Verdict::Unmeasured => {
				pool.last.map_or(BasisPoints::ZERO, |l| decayed_floor(l.score, T::ScoreKept::get()))
			}
		};
		let serves = verdict != Verdict::Down && !all_down;
		Outcome {
			assigned,
			reported,
			pooled: pooled.saturated_into(),
			verdict,
			setup_ms: figures.setup_ms,
			loss: figures.loss,
			jitter_us: figures.jitter_us,
			rtt_min_us: figures.rtt_min_us,
			rtt_us: figures.rtt_us,
			rtt_p95_us: figures.rtt_p95_us,
			mos_centi: figures.mos_centi,
			video: figures.video,
			availability: figures.availability,
			up_kbps: if serves { figures.up_kbps } else { 0 },
			kbps: if serves { figures.kbps } else { 0 },
			version: figures.version,
			score,
			..Outcome::default()
		}
	}
}

/// What a member revealed as a verifier, and when.
#[derive(Clone, Copy)]
struct Before {
	era: EraIndex,
	revealed: Revealed,
}

/// What the committee of the running era found.
#[derive(Clone, Copy)]
struct Found {
	assigned: u8,
	reported: u8,
	quorate: bool,
	/// Each that reported found it down.
	all_down: bool,
	/// They are a quorum of enough operators.
	down: bool,
	/// All found it down, or all of a large committee but one for the third time in eight eras.
	believed_down: bool,
	/// The eras up to this one in which all found it down, or all of a large committee but one.
	nearly_downs: u8,
}

impl Found {
	fn of(era: EraIndex, pool: &Pool, current: &[Sample], assigned: usize) -> Self {
		let all = assigned.saturated_into::<u32>();
		let reported = current.len().saturated_into::<u32>();
		let quorate = all > 0 && reported >= quorum(all);
		let downs = current.iter().filter(|s| s.measurement.is_down()).count();
		let all_down = quorate && downs == current.len();
		let down = all_down && reported >= LEAST_VERIFIERS && voices(current) >= LEAST_VERIFIERS;
		let large = reported >= NEARLY_OF && downs.saturating_add(1) >= current.len();
		let nearly = down || quorate && large && voices(current) >= NEARLY_OF;
		let (before, nearly_downs) = Last::downs(pool.last, era, nearly);
		Self {
			assigned: assigned.saturated_into(),
			reported: reported.saturated_into(),
			quorate,
			all_down,
			down,
			believed_down: down || nearly && before >= NEARLY_BEFORE,
			nearly_downs,
		}
	}
}

/// Verifiers that say to be nearer to a target than light allows.
#[derive(Default)]
struct Doubts {
	/// Their places among the samples, the round trip that they measured and the least that there can be.
	by: Vec<(usize, u32, u32)>,
	/// Whose they are.
	voices: BTreeSet<Voice>,
	/// Whose those are that could tell.
	can_tell: BTreeSet<Voice>,
}

impl Doubts {
	/// Whether one operator contradicts the target, and most do not.
	fn of_one(&self) -> bool {
		self.misplaced() == Some(false) && self.voices.len() == 1
	}

	/// Whether most of them contradict the target; nothing when too few can tell.
	fn misplaced(&self) -> Option<bool> {
		let (doubting, of) = (self.voices.len(), self.can_tell.len());
		(of >= LEAST_VERIFIERS as usize).then_some(doubting > of / 2)
	}
}

/// From how many operators samples are.
fn voices<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> u32 {
	let mut voices: Vec<_> = samples.into_iter().map(|s| s.voice).collect();
	voices.sort_unstable();
	voices.dedup();
	voices.len().saturated_into()
}
