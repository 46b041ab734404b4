//! Penalties from report to end: the sole writer of [`Penalties`], [`OfOwner`], [`Due`], [`NextId`] and
//! [`Drained`], and the only place from which stake is taken.

use crate::{
	offences::{OffenderOf, PenaltyOf},
	types::State,
	Config, Drained, Due, Event, NextId, Occasions, OfOwner, Offences, Pallet, Penalties, Quarrel,
	Tallies, WeightInfo,
};
use alloc::vec::Vec;
use dtel_primitives::EraIndex;
use dtel_traits::{
	Evidence, Occasion, OffenceKind, Offender, PenaltyId, StakeLedger, ValidatorSink,
};
use frame_support::weights::WeightMeter;

/// The key of a record.
type RecordKey<T> = (EraIndex, OffenderOf<T>, OffenceKind, Occasion);

/// Most penalties that a hook executes at once.
pub const DUE_PAGE: u32 = 16;

impl<T: Config> Pallet<T> {
	/// The identifier of the next penalty, which is given away; nothing when there is none left.
	pub(crate) fn next_id() -> Option<PenaltyId> {
		let id = NextId::<T>::get();
		NextId::<T>::put(id.checked_add(1)?);
		Some(id)
	}

	/// Writes a new penalty and queues it.
	pub(crate) fn open(id: PenaltyId, penalty: PenaltyOf<T>) {
		OfOwner::<T>::insert(&penalty.owner, id, ());
		Due::<T>::insert(penalty.due, id, ());
		let (none, now) = (Quarrel::default(), Self::quarrel_of(&penalty));
		Self::recount(&penalty.owner, penalty.era, none, now);
		Penalties::<T>::insert(id, penalty);
	}

	/// Writes the state of a penalty, and its place in the queue with it.
	pub(crate) fn advance(id: PenaltyId, mut penalty: PenaltyOf<T>, state: State) {
		let (before, counted) = (penalty.executes_from(), Self::quarrel_of(&penalty));
		penalty.state = state;
		if !penalty.is_open() {
			penalty.decided = Some(Self::current_era());
		}
		let after = penalty.executes_from();
		if before != after {
			if let Some(era) = before {
				Due::<T>::remove(era, id);
			}
			if let Some(era) = after {
				Due::<T>::insert(era, id, ());
			}
		}
		Self::recount(&penalty.owner, penalty.era, counted, Self::quarrel_of(&penalty));
		Penalties::<T>::insert(id, penalty);
	}

	/// The same equivocation was reported with more offenders: it costs more, as long as it is open. Nobody is punished
	/// unheard: it is due no sooner than if it had been reported now, and one that was upheld can be appealed again.
	pub(crate) fn raise(id: PenaltyId, evidence: Evidence) {
		let Some(mut penalty) = Penalties::<T>::get(id) else { return };
		let Some(fraction) = evidence.fraction() else { return };
		if !penalty.is_open() || fraction <= penalty.fraction {
			return;
		}
		Self::tally(penalty.era, &penalty.offender, penalty.kind(), fraction, 0);
		let (place, now) = (penalty.executes_from(), Self::current_era());
		penalty.fraction = fraction;
		penalty.evidence = evidence;
		// Where a later date would let the stake leave, it stays as it is.
		if now < T::Stake::answers_until(penalty.era) {
			let (due, last) = Self::schedule(penalty.era, now);
			penalty.due = penalty.due.max(due);
			penalty.last = penalty.last.max(last);
			if penalty.state == State::Upheld {
				penalty.state = State::Pending;
			}
		}
		if place != penalty.executes_from() {
			place.into_iter().for_each(|era| Due::<T>::remove(era, id));
			penalty.executes_from().into_iter().for_each(|era| Due::<T>::insert(era, id, ()));
		}
		let due = penalty.due;
		if let Offender::Validator(who) = &penalty.offender {
			T::Validators::offended(who, fraction);
		}
		Penalties::<T>::insert(id, penalty);
		Self::deposit_event(Event::PenaltyRaised { penalty: id, fraction, due });
	}

	/// Takes the stake that a penalty costs, once: whatever state it was in, it is in a final one then.
	/// Does nothing with one that is not open.
	pub(crate) fn carry_out(id: PenaltyId, mut penalty: PenaltyOf<T>) {
		if !penalty.is_open() {
			return;
		}
		let (owner, fraction, era) = (penalty.owner.clone(), penalty.fraction, penalty.era);
		if let State::Appealed { bond } = penalty.state {
			Self::return_bond(&owner, bond);
			penalty.lapsed = true;
			Self::deposit_event(Event::AppealLapsed { penalty: id, who: owner.clone(), bond });
		}
		let amount = if fraction.is_zero() { 0 } else { T::Stake::slash(&owner, fraction, era) };
		if amount > 0 {
			T::Validators::offended(&owner, fraction);
		}
		Self::advance(id, penalty, State::Executed { amount });
		Self::deposit_event(Event::PenaltyExecuted { penalty: id, owner, fraction, amount });
	}

	/// Executes a page of what is due, as far as the meter lasts. An era whose penalties are all
	/// decided is left behind: whatever is queued later is due in a later one.
	pub(crate) fn drain(meter: &mut WeightMeter) {
		let era = Drained::<T>::get();
		if era > Self::current_era() {
			return;
		}
		let affordable = |n: &u32| meter.can_consume(T::WeightInfo::execute_due(*n));
		let Some(page) = (1..=DUE_PAGE).rev().find(affordable) else { return };
		let done = Self::execute_page(era, page);
		meter.consume(T::WeightInfo::execute_due(done));
	}

	/// Executes up to `page` penalties that are due since `era`. Returns how many.
	pub(crate) fn execute_page(era: EraIndex, page: u32) -> u32 {
		let ids: Vec<PenaltyId> = Due::<T>::iter_key_prefix(era).take(page as usize).collect();
		let mut done = 0u32;
		for id in ids {
			done = done.saturating_add(1);
			match Penalties::<T>::get(id) {
				Some(penalty) => Self::carry_out(id, penalty),
				None => Due::<T>::remove(era, id),
			}
		}
		if done == 0 {
			Drained::<T>::put(era.saturating_add(1));
		}
		done
	}

	/// Whether a penalty waits for its end.
	pub(crate) fn is_open(id: PenaltyId) -> bool {
		Penalties::<T>::get(id).is_some_and(|penalty| penalty.is_open())
	}

	/// Removes a penalty with its record and its place in the index. Nothing more is counted in its era, which is
	/// closed.
	pub(crate) fn forget(key: RecordKey<T>, id: PenaltyId) {
		if let Some(penalty) = Penalties::<T>::take(id) {
			OfOwner::<T>::remove(&penalty.owner, id);
			let (counted, none) = (Self::quarrel_of(&penalty), Quarrel::default());
			Self::recount(&penalty.owner, penalty.era, counted, none);
		}
		let (era, offender, kind, occasion) = &key;
		if !kind.is_service() {
			Occasions::<T>::remove((offender, kind, occasion));
			Tallies::<T>::remove((era, offender, kind));
		}
		Offences::<T>::remove(key);
	}
}
