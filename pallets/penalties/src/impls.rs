//! What other pallets and clients may ask and tell.

use crate::{
	offences::{OffenderOf, PenaltyOf},
	types::{Sentence, Span, State},
	Config, Jailed, JailedOf, OfOwner, Pallet, Penalties, WeightInfo,
};
use alloc::vec::Vec;
use dtel_primitives::{
	offence::{PenaltyStatus, PenaltyView},
	AccountId, EraIndex, NodeId,
};
use dtel_traits::{
	Jail, Noticed, Offence, OffenceSink, Offender, PenaltyId, QualitySink, RetirementSink, Seen,
};
use frame_support::{traits::Get, weights::Weight};

/// Most penalties that one question for open ones looks at.
pub const LOOK_PAGE: u32 = 1_024;

/// Penalties with their identifiers, and what to ask the next page with.
pub type PageOf<T> = (Vec<(PenaltyId, PenaltyOf<T>)>, Option<PenaltyId>);

impl<T: Config> OffenceSink<T::AccountId> for Pallet<T> {
	fn report(offence: Offence<T::AccountId>) {
		Self::do_report(offence)
	}
}

impl<T: Config> QualitySink<T::AccountId> for Pallet<T> {
	fn observed(seen: Seen<T::AccountId>) -> Noticed {
		Self::do_observe(seen)
	}

	fn verified(era: EraIndex, node: NodeId, owner: &T::AccountId, outlier: bool) -> Noticed {
		Self::do_verify(era, node, owner, outlier)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_watched(node: NodeId) {
		Self::write_watched(node)
	}
}

impl<T: Config> RetirementSink<T::AccountId> for Pallet<T> {
	fn retired(node: NodeId, owner: &T::AccountId) {
		Self::do_retired(node, owner)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_retirement(node: NodeId, owner: &T::AccountId) {
		Self::write_retirement(node, owner)
	}
}

impl<T: Config> Jail<T::AccountId> for Pallet<T> {
	fn is_jailed(node: NodeId) -> bool {
		Jailed::<T>::contains_key(Offender::Node(node))
	}

	fn jailed_since(node: NodeId) -> Option<EraIndex> {
		Self::span_of(Offender::Node(node)).map(|span| span.since)
	}

	fn jailed_until(node: NodeId) -> Option<EraIndex> {
		Self::span_of(Offender::Node(node)).map(|span| span.until)
	}

	fn is_operator_jailed(owner: &T::AccountId) -> bool {
		JailedOf::<T>::contains_key(owner)
	}

	fn is_validator_jailed(validator: &T::AccountId) -> bool {
		Jailed::<T>::contains_key(Offender::Validator(validator.clone()))
	}
}

impl<T: Config> Pallet<T> {
	/// What the report of an equivocation weighs, whether it is new or raises an older one.
	pub fn equivocation_weight() -> Weight {
		T::WeightInfo::report_equivocation().max(T::WeightInfo::raise_equivocation())
	}

	/// From when to when an offender is jailed, if it is.
	pub fn span_of(offender: OffenderOf<T>) -> Option<Span> {
		Jailed::<T>::get(offender).as_ref().and_then(Sentence::span)
	}

	/// In which era the penalty for an offence of `era` is due when it is reported in `reported`, and in which at
	/// the latest it is executed although an appeal is open.
	pub fn schedule_of(era: EraIndex, reported: EraIndex) -> (EraIndex, EraIndex) {
		Self::schedule(era, reported)
	}

	/// Up to `limit` open penalties, but at least one, that come after `after` in the order of storage (from the beginning without one), and
	/// what to go on with; that is nothing when all were looked at. Looks at [`LOOK_PAGE`] penalties, decided ones among
	/// them.
	///
	/// A penalty keeps its place as long as it exists, whatever becomes of it, and a place is known of one that is gone,
	/// too. So a penalty that is open throughout a walk is met once.
	pub fn open_after(after: Option<PenaltyId>, limit: u32) -> PageOf<T> {
		let penalties = match after {
			Some(id) => Penalties::<T>::iter_from(Penalties::<T>::hashed_key_for(id)),
			None => Penalties::<T>::iter(),
		};
		// Of none, no place could be told to go on from.
		let limit = limit.max(1) as usize;
		let (mut open, mut next) = (Vec::new(), None);
		for (looked, (id, penalty)) in (0u32..).zip(penalties) {
			if looked >= LOOK_PAGE || open.len() >= limit {
				return (open, next.or(after));
			}
			next = Some(id);
			if penalty.is_open() {
				open.push((id, penalty));
			}
		}
		(open, None)
	}

	/// Up to `limit` penalties of an operator that come after `after` in the order of storage, the decided ones included,
	/// and what to go on with; nothing behind the last.
	pub fn owner_after(owner: &T::AccountId, after: Option<PenaltyId>, limit: u32) -> PageOf<T> {
		let mut ids = match after {
			Some(id) => {
				OfOwner::<T>::iter_key_prefix_from(owner, OfOwner::<T>::hashed_key_for(owner, id))
			}
			None => OfOwner::<T>::iter_key_prefix(owner),
		};
		let page: Vec<PenaltyId> = ids.by_ref().take(limit as usize).collect();
		let next = ids.next().and_then(|_| page.last().copied().or(after));
		let known = |id| Penalties::<T>::get(id).map(|penalty| (id, penalty));
		(page.into_iter().filter_map(known).collect(), next)
	}

	/// The penalties of an offender that are on record, the newest eras first: at most `limit`, and one a
	/// kind for each era of history. For questions from outside, never for a call.
	pub fn offender_penalties(
		offender: OffenderOf<T>,
		limit: u32,
	) -> Vec<(PenaltyId, PenaltyOf<T>)> {
		let now = Self::current_era();
		let oldest = now.saturating_sub(T::HistoryEras::get());
		(oldest..=now)
			.rev()
			.flat_map(|era| Self::penalties_in(era, &offender))
			.take(limit as usize)
			.collect()
	}
}

impl<T: Config<AccountId = AccountId>> Pallet<T> {
	/// A penalty as clients see it.
	pub fn view(id: PenaltyId, penalty: &PenaltyOf<T>) -> PenaltyView {
		let now = Self::current_era();
		let (status, taken, bond) = match penalty.state {
			State::Pending => (PenaltyStatus::Pending, 0, 0),
			State::Appealed { bond } => (PenaltyStatus::Appealed, 0, bond),
			State::Upheld => (PenaltyStatus::Upheld, 0, 0),
			State::Executed { amount } => (PenaltyStatus::Executed, amount, 0),
			State::Cancelled => (PenaltyStatus::Cancelled, 0, 0),
		};
		let appealable = penalty.state == State::Pending && now < penalty.due;
		PenaltyView {
			id,
			era: penalty.era,
			offender: penalty.offender.clone(),
			owner: penalty.owner.clone(),
			kind: penalty.kind(),
			evidence: penalty.evidence,
			fraction: penalty.fraction,
			strikes: penalty.strikes,
			jail_until: penalty.jail_until,
			reported: penalty.reported,
			status,
			taken,
			bond,
			appeal_before: appealable.then_some(penalty.due),
			may_uphold: status == PenaltyStatus::Appealed,
			may_cancel: penalty.is_open(),
			executes_from: penalty.executes_from(),
		}
	}
}
