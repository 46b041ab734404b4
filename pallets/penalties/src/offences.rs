//! Reports: the sole writer of [`Offences`], [`Occasions`] and [`Tallies`], but for their removal.

use crate::{
	types::{Penalty, Span, State},
	Config, Event, History, Occasions, Offences, Pallet, Penalties, Tallies, LOG_TARGET,
};
use alloc::vec::Vec;
use dtel_primitives::EraIndex;
use dtel_traits::{
	Evidence, Offence, OffenceKind, Offender, PenaltyId, StakeLedger, ValidatorSink,
};
use frame_support::traits::Get;
use sp_runtime::{Perbill, SaturatedConversion};

/// Equivocations of a kind, a validator and an era that count whatever they cost. Of those beyond only such count that
/// cost more than all before.
pub const MAX_ALIKE: u32 = 32;

/// Shorthand for a penalty of this runtime.
pub(crate) type PenaltyOf<T> = Penalty<<T as frame_system::Config>::AccountId>;
/// Shorthand for an offender of this runtime.
pub(crate) type OffenderOf<T> = Offender<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
	/// The running era.
	pub(crate) fn current_era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// Whether offences of an era can be reported.
	pub(crate) fn is_reportable(era: EraIndex) -> bool {
		History::<T>::get().oldest <= era && era <= Self::current_era()
	}

	/// Takes a report: records it, puts its penalty into the queue and jails the offender.
	///
	/// The same offence is taken once, as long as its era is not closed; of a closed or a future era
	/// none is taken, so that nothing can be punished twice after its record is gone.
	pub(crate) fn do_report(offence: Offence<T::AccountId>) {
		let kind = offence.kind();
		let Offence { era, offender, owner, evidence } = offence;
		let occasion = evidence.occasion();
		let policy = T::Policy::get();
		if let Some(id) = Self::reported(era, &offender, &evidence) {
			return Self::raise(id, evidence);
		}
		if !Self::is_reportable(era) {
			log::error!(target: LOG_TARGET, "{kind:?} in era {era}: out of history");
			return;
		}
		if policy.excuses(&evidence) {
			log::warn!(target: LOG_TARGET, "{kind:?} in era {era}: too many failed alike, {evidence:?}");
			return;
		}
		if evidence.fraction().is_some_and(|cost| !Self::counts(era, &offender, kind, cost)) {
			log::warn!(target: LOG_TARGET, "{kind:?} in era {era}: one of too many by {offender:?}");
			return;
		}
		let now = Self::current_era();
		let Some(id) = Self::next_id() else { return };
		let strikes =
			if kind.is_service() { Self::strike(id, era, &offender, &owner, now) } else { 0 };
		let price = policy.price(&evidence, strikes);
		let span =
			Span { since: era, until: era.saturating_add(1).saturating_add(price.jail_eras) };
		let (due, last) = Self::schedule(era, now);
		let penalty = Penalty {
			era,
			offender: offender.clone(),
			owner: owner.clone(),
			evidence,
			fraction: price.fraction,
			strikes,
			jail_until: span.until,
			reported: now,
			due,
			last,
			state: State::Pending,
			decided: None,
			lapsed: false,
		};
		Offences::<T>::insert((era, &offender, kind, occasion), id);
		if let Some(cost) = evidence.fraction() {
			Occasions::<T>::insert((&offender, kind, occasion), id);
			Self::tally(era, &offender, kind, cost, 1);
		}
		Self::open(id, penalty);
		Self::deposit_event(Event::OffenceReported {
			penalty: id,
			kind,
			era,
			offender: offender.clone(),
			owner: owner.clone(),
			fraction: price.fraction,
			due,
		});
		Self::imprison(id, offender.clone(), owner, span);
		// Jailed first: that decides who loses its seat before others.
		if let Offender::Validator(who) = &offender {
			T::Validators::offended(who, price.fraction);
		}
	}

	/// The penalty that a report has led to before. An equivocation is the same in whatever era it is reported.
	fn reported(era: EraIndex, offender: &OffenderOf<T>, evidence: &Evidence) -> Option<PenaltyId> {
		let (kind, occasion) = (evidence.kind(), evidence.occasion());
		match evidence.fraction() {
			Some(_) => Occasions::<T>::get((offender, kind, occasion)),
			None => Offences::<T>::get((era, offender, kind, occasion)),
		}
	}

	/// Whether one more equivocation of a kind counts: the first ones of an era do, and each that costs more than all
	/// before. So what one can do alone, at little cost, never shelters what many do together.
	fn counts(era: EraIndex, offender: &OffenderOf<T>, kind: OffenceKind, cost: Perbill) -> bool {
		let tally = Tallies::<T>::get((era, offender, kind));
		tally.count < MAX_ALIKE || cost > tally.largest
	}

	/// Notes what an equivocation costs, and whether it is one more.
	pub(crate) fn tally(
		era: EraIndex,
		offender: &OffenderOf<T>,
		kind: OffenceKind,
		cost: Perbill,
		more: u32,
	) {
		Tallies::<T>::mutate((era, offender, kind), |tally| {
			tally.count = tally.count.saturating_add(more);
			tally.largest = tally.largest.max(cost);
		});
	}

	/// When the penalty for an offence of `era` that is reported in `now` is due, and when at the latest
	/// whatever becomes of an appeal.
	///
	/// Deferral counts from the offence, notice from the report. Notice gives way to the last era in which
	/// stake is reached, if that is yet to come: a penalty is never due in the era of its report.
	pub(crate) fn schedule(era: EraIndex, now: EraIndex) -> (EraIndex, EraIndex) {
		let reached = T::Stake::answers_until(era);
		let notice = now.saturating_add(T::NoticeEras::get());
		let noticed = if now < reached { notice.min(reached) } else { notice };
		let due = era.saturating_add(T::DeferralEras::get()).max(noticed);
		let last = due.saturating_add(T::AppealEras::get()).min(reached).max(due);
		(due, last)
	}

	/// The penalties of an offender for what it did in an era: at most one a kind of service offence.
	pub(crate) fn penalties_in(
		era: EraIndex,
		offender: &OffenderOf<T>,
	) -> Vec<(PenaltyId, PenaltyOf<T>)> {
		let mut all: Vec<_> = Offences::<T>::iter_prefix_values((era, offender))
			.filter_map(|id| Penalties::<T>::get(id).map(|penalty| (id, penalty)))
			.collect();
		all.sort_by_key(|(_, penalty)| penalty.kind());
		all
	}
}
