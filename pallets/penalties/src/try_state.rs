//! The invariants of the crate's documentation, checked against storage.

use crate::{
	types::State, Appeals, Config, Drained, Due, History, HoldReason, Jailed, JailedOf, NextId,
	OfOwner, Offences, Pallet, Penalties, Records,
};
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::{Offender, PenaltyId};
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_sentences()?;
		Self::check_records()?;
		Self::check_penalties()?;
		Self::check_queue()?;
		Self::check_appeals()?;
		Self::check_conduct()
	}

	fn check_sentences() -> Result<(), TryRuntimeError> {
		let (now, oldest) = (Self::current_era(), History::<T>::get().oldest);
		let mut counts = BTreeMap::<T::AccountId, u32>::new();
		for (offender, sentence) in Jailed::<T>::iter() {
			ensure!(!sentence.terms.is_empty(), "INV-1: a sentence for nothing");
			for term in sentence.terms() {
				let span = term.span();
				ensure!(span.until > span.since, "INV-1: a term ends before it begins");
				ensure!(span.since <= now, "INV-5: a term for what is yet to come");
				let Some(id) = term.penalty() else { continue };
				let of = sentence.terms().iter().filter(|other| other.penalty() == Some(id));
				ensure!(of.count() == 1, "INV-1: a penalty jails once");
				match Penalties::<T>::get(id) {
					Some(penalty) => ensure!(
						penalty.offender == offender
							&& penalty.span() == span
							&& penalty.state != State::Cancelled,
						"INV-2: a term that is not that of its penalty, or of a cancelled one"
					),
					None => ensure!(span.since < oldest, "INV-2: a term without a penalty"),
				}
			}
			if let Offender::Validator(who) = &offender {
				ensure!(sentence.owner == *who, "INV-8: a validator is its own operator");
			}
			let count = counts.entry(sentence.owner).or_default();
			*count = count.saturating_add(1);
		}
		let stored: BTreeMap<_, _> = JailedOf::<T>::iter().collect();
		ensure!(stored == counts, "INV-8: an operator's jailed offenders are miscounted");
		Ok(())
	}

	fn check_records() -> Result<(), TryRuntimeError> {
		let (now, horizon) = (Self::current_era(), History::<T>::get());
		ensure!(!horizon.sweeping || horizon.oldest > 0, "INV-3: an era before the first is swept");
		for ((era, offender, kind), id) in Offences::<T>::iter() {
			ensure!(
				era >= horizon.oldest
					|| horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-3: a record of an era that is neither open nor being swept"
			);
			ensure!(era <= now, "INV-5: an offence that is yet to come");
			ensure!(
				Penalties::<T>::get(id).is_some_and(|p| {
					p.era == era && p.offender == offender && p.kind() == kind
				}),
				"INV-3: a record without its penalty"
			);
		}
		ensure!(
			Offences::<T>::iter_keys().count() == Penalties::<T>::iter_keys().count(),
			"INV-3: a penalty without its record"
		);
		Ok(())
	}

	fn check_penalties() -> Result<(), TryRuntimeError> {
		let now = Self::current_era();
		for (id, penalty) in Penalties::<T>::iter() {
			let dates = [penalty.era, penalty.reported, now];
			ensure!(dates.is_sorted(), "INV-5: a report of what is yet to come");
			ensure!(
				penalty.reported < penalty.due && penalty.due <= penalty.last,
				"INV-5: a penalty that is due before anybody could appeal"
			);
			if let State::Executed { amount } = penalty.state {
				ensure!(
					amount == 0 || !penalty.fraction.is_zero(),
					"INV-4: stake was taken for an offence that costs none"
				);
				ensure!(penalty.due <= now, "INV-4: stake was taken before it was due");
			}
			ensure!(id < NextId::<T>::get(), "INV-3: an identifier that was not given");
			ensure!(
				OfOwner::<T>::contains_key(&penalty.owner, id),
				"INV-3: a penalty that its operator's index does not know"
			);
		}
		ensure!(
			OfOwner::<T>::iter_keys().count() == Penalties::<T>::iter_keys().count(),
			"INV-3: an index of a penalty that is not there"
		);
		Ok(())
	}

	fn check_queue() -> Result<(), TryRuntimeError> {
		let drained = Drained::<T>::get();
		let expected = |id: PenaltyId, p: crate::offences::PenaltyOf<T>| {
			p.executes_from().map(|era| (era, id))
		};
		let mut open: Vec<(EraIndex, PenaltyId)> =
			Penalties::<T>::iter().filter_map(|(id, p)| expected(id, p)).collect();
		let mut queued: Vec<_> = Due::<T>::iter_keys().collect();
		open.sort_unstable();
		queued.sort_unstable();
		ensure!(open == queued, "INV-6: the queue is not the open penalties");
		ensure!(
			queued.first().is_none_or(|(era, _)| *era >= drained),
			"INV-6: a penalty that the queue has passed"
		);
		Ok(())
	}

	fn check_appeals() -> Result<(), TryRuntimeError> {
		let mut appeals = BTreeMap::<T::AccountId, (u32, Balance)>::new();
		for penalty in Penalties::<T>::iter_values() {
			let (count, held) = appeals.entry(penalty.owner).or_default();
			if let State::Appealed { bond } = penalty.state {
				*count = count.saturating_add(1);
				*held = held.saturating_add(bond);
			}
		}
		for (who, (count, held)) in &appeals {
			ensure!(Appeals::<T>::get(who) == *count, "INV-7: open appeals are miscounted");
			ensure!(
				T::Currency::balance_on_hold(&HoldReason::Appeal.into(), who) == *held,
				"INV-7: what is held is not the bonds"
			);
		}
		let open = appeals.values().filter(|(count, _)| *count > 0).count();
		ensure!(Appeals::<T>::iter_keys().count() == open, "INV-7: open appeals are miscounted");
		Ok(())
	}

	fn check_conduct() -> Result<(), TryRuntimeError> {
		let (now, policy) = (Self::current_era(), T::Policy::get());
		for record in Records::<T>::iter_values() {
			ensure!(
				record.strikes > 0 || record.quality.bits > 0 || record.outliers.bits > 0,
				"INV-9: a record that says nothing"
			);
			let newest = record.quality.newest.max(record.outliers.newest);
			ensure!(
				record.struck <= now && newest.is_none_or(|era| era <= now),
				"INV-5: a record of what is yet to come"
			);
			ensure!(
				record.quality.hits() < u32::from(policy.poor.hits)
					&& record.outliers.hits() < u32::from(policy.outliers.hits),
				"INV-9: too often, and not reported"
			);
		}
		Ok(())
	}
}
