//! The invariants of the crate's documentation, checked against storage.

use crate::{
	offences::OffenderOf,
	strikes::{Strike, Strikes},
	types::State,
	Appeals, Carried, Config, Disputed, Drained, Due, History, HoldReason, Jailed, JailedOf,
	NextId, Occasions, OfOwner, Offences, Pallet, Penalties, Quarrel, Records, Tallies,
};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::{NodeRegistry, Offender, PenaltyId};
use frame_support::{
	ensure,
	traits::{fungible::InspectHold, Get},
};
use sp_runtime::{Perbill, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_sentences()?;
		Self::check_records()?;
		Self::check_equivocations()?;
		Self::check_penalties()?;
		Self::check_queue()?;
		Self::check_appeals()?;
		Self::check_conduct()?;
		Self::check_strikes()?;
		Self::check_disputes()
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
			let merged = sentence.terms().iter().filter(|term| term.penalty().is_none()).count();
			ensure!(
				merged == usize::from(sentence.merged > 0),
				"INV-1: what was merged is one term"
			);
			let named = sentence.terms().iter().filter_map(|term| term.penalty());
			ensure!(
				named.clone().all(|id| id >= sentence.first),
				"INV-1: a term of before the sentence"
			);
			match &offender {
				Offender::Node(node) => ensure!(
					T::Registry::owner(*node).as_ref() == Some(&sentence.owner),
					"INV-8: a node is jailed that its operator could not release"
				),
				Offender::Validator(who) => {
					ensure!(sentence.owner == *who, "INV-8: a validator is its own operator")
				}
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
		for ((era, offender, kind, occasion), id) in Offences::<T>::iter() {
			ensure!(
				era >= horizon.oldest
					|| horizon.sweeping && era.checked_add(1) == Some(horizon.oldest),
				"INV-3: a record of an era that is neither open nor being swept"
			);
			ensure!(era <= now, "INV-5: an offence that is yet to come");
			ensure!(
				Penalties::<T>::get(id).is_some_and(|p| {
					p.era == era
						&& p.offender == offender
						&& p.kind() == kind
						&& p.evidence.occasion() == occasion
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

	fn check_equivocations() -> Result<(), TryRuntimeError> {
		let oldest = History::<T>::get().oldest;
		let mut tallies = BTreeMap::<_, (u32, Perbill)>::new();
		let mut count = 0usize;
		for ((era, offender, kind, occasion), id) in Offences::<T>::iter() {
			if kind.is_service() {
				continue;
			}
			count = count.saturating_add(1);
			ensure!(
				Occasions::<T>::get((&offender, kind, occasion)) == Some(id),
				"INV-11: an equivocation that could be reported again"
			);
			let fraction = Penalties::<T>::get(id).map(|p| p.fraction).unwrap_or_default();
			let (known, largest) = tallies.entry((era, offender, kind)).or_default();
			*known = known.saturating_add(1);
			*largest = fraction.max(*largest);
		}
		ensure!(
			Occasions::<T>::iter_keys().count() == count,
			"INV-11: an occasion on which nothing was done"
		);
		for (key, tally) in Tallies::<T>::iter().filter(|((era, _, _), _)| *era >= oldest) {
			ensure!(
				tallies.remove(&key).is_some_and(|(known, largest)| {
					known == tally.count && largest <= tally.largest
				}),
				"INV-11: equivocations are miscounted"
			);
		}
		ensure!(
			tallies.keys().all(|(era, _, _)| *era < oldest),
			"INV-11: equivocations that nobody counted"
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
				let waited = if penalty.lapsed { penalty.last } else { penalty.due };
				ensure!(
					penalty.decided.is_some_and(|era| era >= waited && era <= now),
					"INV-4: stake was taken before it was due"
				);
			}
			ensure!(
				penalty.decided.is_none() == penalty.is_open(),
				"INV-4: a penalty that was decided in no era, or that is open and was decided"
			);
			ensure!(
				!penalty.lapsed || matches!(penalty.state, State::Executed { .. }),
				"INV-4: an appeal lapsed and nothing was executed"
			);
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

	fn check_disputes() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::<(T::AccountId, EraIndex), Quarrel>::new();
		for penalty in Penalties::<T>::iter_values() {
			let count = counts.entry((penalty.owner.clone(), penalty.era)).or_default();
			*count = count.plus(Self::quarrel_of(&penalty));
		}
		counts.retain(|_, count| *count != Quarrel::default());
		let stored = Disputed::<T>::iter().map(|(owner, era, count)| ((owner, era), count));
		ensure!(
			stored.collect::<BTreeMap<_, _>>() == counts,
			"INV-12: pay waits for other penalties"
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
		for (who, (count, _)) in &appeals {
			ensure!(Appeals::<T>::get(who) == *count, "INV-7: open appeals are miscounted");
		}
		// Of everybody, not only of those who have penalties.
		for who in frame_system::Account::<T>::iter_keys() {
			let held = appeals.get(&who).map_or(0, |(_, held)| *held);
			ensure!(
				T::Currency::balance_on_hold(&HoldReason::Appeal.into(), &who) == held,
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
			let windows = record.windows();
			ensure!(
				record.strikes != Strikes::default()
					|| windows.iter().any(|window| window.bits > 0),
				"INV-9: a record that says nothing"
			);
			let newest = windows.iter().filter_map(|window| window.newest).max();
			ensure!(newest.is_none_or(|era| era <= now), "INV-5: a record of what is yet to come");
			let rules = [policy.poor, policy.outliers, policy.down, policy.places];
			ensure!(
				windows
					.iter()
					.zip(rules)
					.all(|(window, rule)| window.hits() < u32::from(rule.hits)),
				"INV-9: too often, and not reported"
			);
		}
		Ok(())
	}

	fn check_strikes() -> Result<(), TryRuntimeError> {
		let next = NextId::<T>::get();
		for (offender, record) in Records::<T>::iter() {
			ensure!(
				record
					.strikes
					.recent()
					.iter()
					.all(|strike| strike.node.is_none() && strike.at < next),
				"INV-10: a strike of another node, or of no penalty"
			);
			Self::check_strikes_of(&record.strikes, |_| Some(offender.clone()))?;
		}
		for carried in Carried::<T>::iter_values() {
			ensure!(carried != Strikes::default(), "INV-10: no strikes are carried");
			ensure!(
				carried.recent().iter().all(|strike| {
					strike.at <= next
						&& strike.node.is_some_and(|node| T::Registry::owner(node).is_none())
				}),
				"INV-10: strikes of a node that is still there are carried"
			);
			Self::check_strikes_of(&carried, |strike| strike.node.map(Offender::Node))?;
		}
		Ok(())
	}

	fn check_strikes_of(
		strikes: &Strikes,
		of: impl Fn(&Strike) -> Option<OffenderOf<T>>,
	) -> Result<(), TryRuntimeError> {
		let (now, oldest) = (Self::current_era(), History::<T>::get().oldest);
		let (mut last, mut at) = (strikes.since, 0);
		let mut eras = BTreeSet::new();
		for strike in strikes.recent() {
			ensure!(
				strike.era <= strike.struck && strike.struck <= now,
				"INV-5: a strike for what is yet to come"
			);
			ensure!(
				last <= strike.struck && at <= strike.at,
				"INV-10: strikes that are out of order"
			);
			(last, at) = (strike.struck, strike.at);
			ensure!(eras.insert((strike.node, strike.era)), "INV-10: two strikes for one era");
			let borne = strike.era < oldest
				|| of(strike).is_some_and(|offender| {
					Self::penalties_in(strike.era, &offender)
						.iter()
						.any(|(_, p)| p.kind().is_service() && p.state != State::Cancelled)
				});
			ensure!(borne, "INV-10: a strike for nothing");
		}
		ensure!(last <= now, "INV-5: a strike for what is yet to come");
		Ok(())
	}
}
