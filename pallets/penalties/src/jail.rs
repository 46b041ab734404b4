//! Sentences: the sole writer of [`Jailed`] and [`JailedOf`].

use crate::{
	offences::OffenderOf,
	types::{Sentence, Span},
	Config, Error, Event, Jailed, JailedOf, Pallet,
};
use dtel_traits::{NodeRegistry, Offender, Payroll, PenaltyId};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// Jails an offender, or adds a term to the sentence that it serves. A node that is not registered
	/// any more is left alone: it takes no calls, and nobody could release it.
	pub(crate) fn imprison(
		id: PenaltyId,
		offender: OffenderOf<T>,
		owner: T::AccountId,
		span: Span,
	) {
		let owner = match offender {
			Offender::Node(node) => T::Registry::owner(node),
			Offender::Validator(_) => Some(owner),
		};
		let Some(owner) = owner else { return };
		let served = Jailed::<T>::get(&offender);
		if served.is_none() {
			JailedOf::<T>::mutate(&owner, |count| *count = count.saturating_add(1));
		}
		let before = served.as_ref().and_then(Sentence::span);
		let mut sentence = served.unwrap_or_else(|| Sentence::of(owner, id));
		sentence.add(id, span);
		Self::announce(&offender, before, sentence.span());
		Jailed::<T>::insert(offender, sentence);
	}

	/// Takes back what a penalty added to a sentence, and with the last term the sentence.
	pub(crate) fn pardon(id: PenaltyId, offender: &OffenderOf<T>) {
		let Some(mut sentence) = Jailed::<T>::get(offender) else { return };
		let before = sentence.span();
		sentence.remove(id);
		if sentence.terms.is_empty() {
			return Self::release(offender.clone(), sentence);
		}
		Self::announce(offender, before, sentence.span());
		Jailed::<T>::insert(offender, sentence);
	}

	/// Releases a node at its owner's wish.
	pub(crate) fn do_unjail(who: T::AccountId, offender: OffenderOf<T>) -> DispatchResult {
		let sentence = Jailed::<T>::get(&offender).ok_or(Error::<T>::NotJailed)?;
		if let Offender::Node(node) = offender {
			ensure!(T::Registry::owner(node) == Some(who), Error::<T>::NotOwner);
		}
		let over = sentence.span().is_none_or(|span| Self::current_era() >= span.until);
		ensure!(over, Error::<T>::TermNotOver);
		// Whoever is free when an era is settled is paid for it, jailed in it or not.
		let last = Self::current_era().checked_sub(1);
		let settled = last.is_none_or(<T::Payroll as Payroll<T::AccountId>>::is_settled);
		ensure!(settled || matches!(offender, Offender::Validator(_)), Error::<T>::EraNotSettled);
		Self::release(offender, sentence);
		Ok(())
	}

	fn release(offender: OffenderOf<T>, sentence: Sentence<T::AccountId>) {
		Jailed::<T>::remove(&offender);
		JailedOf::<T>::mutate_exists(&sentence.owner, |count| {
			*count = count.map(|n| n.saturating_sub(1)).filter(|n| *n > 0);
		});
		Self::deposit_event(Event::Unjailed { offender });
	}

	fn announce(offender: &OffenderOf<T>, before: Option<Span>, after: Option<Span>) {
		if let Some(Span { since, until }) = after.filter(|_| before != after) {
			Self::deposit_event(Event::Jailed { offender: offender.clone(), since, until });
		}
	}
}
