//! Reports: the sole writer of [`Offences`], but for their removal.

use crate::{
	types::{Penalty, Span, State},
	Config, Event, History, Offences, Pallet, Penalties, LOG_TARGET,
};
use alloc::vec::Vec;
use dtel_primitives::EraIndex;
use dtel_traits::{Offence, Offender, PenaltyId, StakeLedger};
use frame_support::traits::Get;
use sp_runtime::SaturatedConversion;

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
		if let Some(id) = Offences::<T>::get((era, &offender, kind)) {
			return Self::raise(id, evidence);
		}
		if !Self::is_reportable(era) {
			log::error!(target: LOG_TARGET, "{kind:?} in era {era}: out of history");
			return;
		}
		let now = Self::current_era();
		let Some(id) = Self::next_id() else { return };
		let (strikes, struck) = if kind.is_service() {
			let (strikes, struck) = Self::strike(era, &offender, now);
			(strikes, Some(struck))
		} else {
			(0, None)
		};
		let price = T::Policy::get().price(&evidence, strikes);
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
			struck,
			jail_until: span.until,
			reported: now,
			due,
			last,
			state: State::Pending,
		};
		Offences::<T>::insert((era, &offender, kind), id);
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
		Self::imprison(id, offender, owner, span);
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

	/// The penalties of an offender for what it did in an era: at most one a kind.
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
