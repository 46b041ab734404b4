//! Strikes, and what was bad era by era: the sole writer of [`Records`] and of the cursor [`Walked`].

use crate::{
	offences::{OffenderOf, PenaltyOf},
	types::{Record, State},
	Config, Pallet, Records, Walked,
};
use dtel_primitives::{BasisPoints, EraIndex, NodeId};
use dtel_traits::{Evidence, Offence, Offender, PenaltyId};
use frame_support::traits::Get;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
	/// Counts a service offence as a strike. Returns how many there were before, and the era in which it was
	/// counted. What was done in one era is one strike, however many offences it was.
	pub(crate) fn strike(
		era: EraIndex,
		offender: &OffenderOf<T>,
		now: EraIndex,
	) -> (u32, EraIndex) {
		let counted =
			Self::strikes_in(era, offender).find_map(|(_, p)| Some((p.strikes, p.struck?)));
		if let Some(counted) = counted {
			return counted;
		}
		let mut record = Records::<T>::get(offender).unwrap_or_default();
		let before = record.strikes(now, T::Policy::get().strike_eras);
		record.strikes = before.saturating_add(1);
		record.struck = now;
		Self::keep(offender, record);
		(before, now)
	}

	/// Takes the strike of a cancelled penalty back, unless another offence of its era bears it, or it is
	/// so old that it may have decayed.
	pub(crate) fn take_strike_back(id: PenaltyId, penalty: &PenaltyOf<T>) {
		let Some(struck) = penalty.struck else { return };
		let (now, decay) = (Self::current_era(), T::Policy::get().strike_eras);
		let shared = Self::strikes_in(penalty.era, &penalty.offender).any(|(other, _)| other != id);
		if shared || now.saturating_sub(struck) >= decay {
			return;
		}
		if let Some(mut record) = Records::<T>::get(&penalty.offender) {
			record.strikes = record.strikes.saturating_sub(1);
			Self::keep(&penalty.offender, record);
		}
	}

	/// The penalties that bear the strike of an offender's era.
	fn strikes_in(
		era: EraIndex,
		offender: &OffenderOf<T>,
	) -> impl Iterator<Item = (PenaltyId, PenaltyOf<T>)> {
		Self::penalties_in(era, offender)
			.into_iter()
			.filter(|(_, p)| p.kind().is_service() && p.state != State::Cancelled)
	}

	/// A node was scored.
	pub(crate) fn do_observe(
		era: EraIndex,
		node: NodeId,
		owner: &T::AccountId,
		score: BasisPoints,
	) {
		let policy = T::Policy::get();
		let (rule, poor) = (policy.poor, score < policy.poor_below);
		Self::watch(era, node, owner, poor, |record| {
			if !record.quality.push(era, poor, rule.of) {
				return None;
			}
			if poor {
				record.worst = record.worst.min(score);
			}
			let below = record.quality.hits();
			let worst = record.worst;
			let offends = below >= u32::from(rule.hits);
			if offends {
				record.quality.bits = 0;
			}
			if record.quality.bits == 0 {
				record.worst = BasisPoints::ONE;
			}
			let below = below.saturated_into();
			offends.then_some(Evidence::PoorQuality { below, of: rule.of, worst })
		});
	}

	/// What a verifier measured was compared with what the others did.
	pub(crate) fn do_verify(era: EraIndex, node: NodeId, owner: &T::AccountId, outlier: bool) {
		let rule = T::Policy::get().outliers;
		Self::watch(era, node, owner, outlier, |record| {
			if !record.outliers.push(era, outlier, rule.of) {
				return None;
			}
			let eras = record.outliers.hits();
			if eras < u32::from(rule.hits) {
				return None;
			}
			record.outliers.bits = 0;
			Some(Evidence::Outlier { eras: eras.saturated_into(), of: rule.of })
		});
	}

	/// Changes the record of a node by what an era showed, and reports what it adds up to. A good era of
	/// a node that is known for nothing writes nothing.
	fn watch(
		era: EraIndex,
		node: NodeId,
		owner: &T::AccountId,
		bad: bool,
		change: impl FnOnce(&mut Record) -> Option<Evidence>,
	) {
		let offender = Offender::Node(node);
		let known = Records::<T>::get(&offender);
		if known.is_none() && !bad || !Self::is_reportable(era) {
			return;
		}
		let mut record = known.unwrap_or_default();
		let evidence = change(&mut record);
		Self::keep(&offender, record);
		if let Some(evidence) = evidence {
			Self::do_report(Offence { era, offender, owner: owner.clone(), evidence });
		}
	}

	/// Writes a record, or removes it when it says nothing any more.
	fn keep(offender: &OffenderOf<T>, record: Record) {
		if record.is_clean(Self::current_era(), T::Policy::get().strike_eras) {
			Records::<T>::remove(offender);
		} else {
			Records::<T>::insert(offender, record);
		}
	}

	/// Looks at the next record and removes it if it is stale: its strikes have decayed, and all that its
	/// windows know is older than history. So the records of nodes that are gone go, too.
	pub(crate) fn walk() {
		let mut keys = match Walked::<T>::get() {
			Some(last) => Records::<T>::iter_keys_from(Records::<T>::hashed_key_for(last)),
			None => Records::<T>::iter_keys(),
		};
		let Some(offender) = keys.next() else { return Walked::<T>::kill() };
		if Records::<T>::get(&offender).is_some_and(|record| Self::is_stale(&record)) {
			Records::<T>::remove(&offender);
		}
		Walked::<T>::put(offender);
	}

	/// Makes a node one of whom the next bad era is an offence.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn write_watched(node: NodeId) {
		let policy = T::Policy::get();
		let one_less = |hits: u8| {
			1u32.checked_shl(u32::from(hits).saturating_sub(1)).unwrap_or(0).saturating_sub(1)
		};
		let mut record = Record { strikes: 1, struck: Self::current_era(), ..Record::default() };
		record.quality.bits = one_less(policy.poor.hits);
		record.outliers.bits = one_less(policy.outliers.hits);
		Records::<T>::insert(Offender::<T::AccountId>::Node(node), record);
	}

	fn is_stale(record: &Record) -> bool {
		let now = Self::current_era();
		let history = T::HistoryEras::get();
		let old = |newest: Option<EraIndex>| {
			newest.is_none_or(|newest| now.saturating_sub(newest) > history)
		};
		record.strikes(now, T::Policy::get().strike_eras) == 0
			&& old(record.quality.newest)
			&& old(record.outliers.newest)
	}
}
