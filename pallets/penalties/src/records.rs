//! Strikes, and what was bad era by era: the sole writer of [`Records`], [`Carried`] and of the cursors [`Walked`]
//! and [`WalkedCarried`].

use crate::{
	offences::{OffenderOf, PenaltyOf},
	strikes::{Strike, Strikes},
	types::{Record, State},
	Carried, Config, NextId, Pallet, Records, Walked, WalkedCarried,
};
use dtel_primitives::{EraIndex, NodeId};
use dtel_traits::{Evidence, NodeRegistry, Noticed, Offence, Offender, PenaltyId, Seen};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	/// Counts a service offence as a strike. Returns how many there were before, those of nodes that the operator
	/// retired among them. What was done in one era is one strike, however many offences it was.
	pub(crate) fn strike(
		id: PenaltyId,
		era: EraIndex,
		offender: &OffenderOf<T>,
		owner: &T::AccountId,
		now: EraIndex,
	) -> u32 {
		if let Some((_, counted)) = Self::strikes_in(era, offender).next() {
			return counted.strikes;
		}
		let decay = T::Policy::get().strike_eras;
		let strike = Strike { era, struck: now, at: id, node: None };
		let mut carried = Self::inherited(owner);
		if let Offender::Node(node) = offender {
			if T::Registry::owner(*node).is_none() {
				let before = carried.count(now, decay);
				Self::keep_carried(owner, carried.carry_late(*node, strike, decay));
				return before;
			}
		}
		let mut record = Records::<T>::get(offender).unwrap_or_default();
		if record.strikes.has_decayed(now, decay) {
			record.strikes = Strikes::default();
		}
		let before = record.strikes.count_with(&carried, now, decay);
		let count = before.saturating_add(1);
		record.strikes.push(strike, decay);
		record.strikes.stay(count, now, decay);
		Self::keep(offender, record);
		if carried != Strikes::default() {
			carried.stay(count, now, decay);
			Self::keep_carried(owner, carried);
		}
		before
	}

	/// Takes the strike of a cancelled penalty back, unless another offence of its era bears it.
	pub(crate) fn take_strike_back(id: PenaltyId, penalty: &PenaltyOf<T>) {
		if !penalty.kind().is_service()
			|| Self::strikes_in(penalty.era, &penalty.offender).any(|(other, _)| other != id)
		{
			return;
		}
		let mut record = Records::<T>::get(&penalty.offender).unwrap_or_default();
		if record.strikes.remove(None, penalty.era) {
			return Self::keep(&penalty.offender, record);
		}
		let Offender::Node(node) = penalty.offender else { return };
		let Some(mut carried) = Carried::<T>::get(&penalty.owner) else { return };
		if carried.remove(Some(node), penalty.era) {
			Self::keep_carried(&penalty.owner, carried);
		}
	}

	/// A node was retired: its strikes count for the other nodes of its operator from now on.
	pub(crate) fn do_retired(node: NodeId, owner: &T::AccountId) {
		let Some(record) = Records::<T>::take(Offender::<T::AccountId>::Node(node)) else { return };
		let (now, decay) = (Self::current_era(), T::Policy::get().strike_eras);
		if !record.strikes.has_decayed(now, decay) {
			let next = NextId::<T>::get();
			let carried = Self::inherited(owner).carry(node, &record.strikes, next, now, decay);
			Self::keep_carried(owner, carried);
		}
	}

	/// What an operator's retired nodes left behind, as long as it matters.
	fn inherited(owner: &T::AccountId) -> Strikes {
		Carried::<T>::get(owner).filter(|carried| !Self::has_decayed(carried)).unwrap_or_default()
	}

	fn keep_carried(owner: &T::AccountId, carried: Strikes) {
		if Self::has_decayed(&carried) {
			Carried::<T>::remove(owner);
		} else {
			Carried::<T>::insert(owner, carried);
		}
	}

	fn has_decayed(carried: &Strikes) -> bool {
		carried.has_decayed(Self::current_era(), T::Policy::get().strike_eras)
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
	pub(crate) fn do_observe(seen: Seen<T::AccountId>) -> Noticed {
		let Seen { era, node, owner, score, down, misplaced } = seen;
		let policy = T::Policy::get();
		// Down with most others: that is nobody's own failure.
		let down = down.filter(|evidence| !policy.excuses(evidence));
		let poor = score < policy.poor_below;
		let bad = poor || down.is_some() || misplaced == Some(true);
		Self::watch(era, node, &owner, bad, |record| {
			let poor = record.poor(era, score, poor, policy.poor);
			let down = record.down(era, down, policy.down);
			let misplaced = misplaced.and_then(|off| record.misplaced(era, off, policy.places));
			[poor, down, misplaced]
		})
	}

	/// What a verifier measured was compared with what the others did.
	pub(crate) fn do_verify(
		era: EraIndex,
		node: NodeId,
		owner: &T::AccountId,
		outlier: bool,
	) -> Noticed {
		let rule = T::Policy::get().outliers;
		Self::watch(era, node, owner, outlier, |record| {
			let eras = record.outliers.too_often(era, outlier, rule);
			[eras.map(|eras| Evidence::Outlier { eras, of: rule.of })]
		})
	}

	/// Changes the record of a node by what an era showed, and reports what it adds up to. A good era of
	/// a node that is known for nothing writes nothing.
	fn watch<const N: usize>(
		era: EraIndex,
		node: NodeId,
		owner: &T::AccountId,
		bad: bool,
		change: impl FnOnce(&mut Record) -> [Option<Evidence>; N],
	) -> Noticed {
		let offender = Offender::Node(node);
		let known = Records::<T>::get(&offender);
		if known.is_none() && !bad || !Self::is_reportable(era) {
			return Noticed::default();
		}
		let mut record = known.unwrap_or_default();
		let found = change(&mut record);
		Self::keep(&offender, record);
		let mut offences = 0u32;
		for evidence in found.into_iter().flatten() {
			Self::do_report(Offence {
				era,
				offender: offender.clone(),
				owner: owner.clone(),
				evidence,
			});
			offences = offences.saturating_add(1);
		}
		Noticed { offences, kept: true }
	}

	/// Writes a record, or removes it when it says nothing any more.
	fn keep(offender: &OffenderOf<T>, record: Record) {
		if record.is_clean(Self::current_era(), T::Policy::get().strike_eras) {
			Records::<T>::remove(offender);
		} else {
			Records::<T>::insert(offender, record);
		}
	}

	/// Looks at the next record, and at the next of the strikes of gone nodes, and removes what is stale: strikes that
	/// have decayed, and windows that know nothing newer than history. So what is known of nodes that are gone goes, too.
	pub(crate) fn walk() {
		let mut records = match Walked::<T>::get() {
			Some(last) => Records::<T>::iter_from(Records::<T>::hashed_key_for(last)),
			None => Records::<T>::iter(),
		};
		let next = records.next();
		if let Some((offender, _)) = next.as_ref().filter(|(_, record)| Self::is_stale(record)) {
			Records::<T>::remove(offender);
		}
		Walked::<T>::set(next.map(|(offender, _)| offender));

		let mut carried = match WalkedCarried::<T>::get() {
			Some(last) => Carried::<T>::iter_from(Carried::<T>::hashed_key_for(last)),
			None => Carried::<T>::iter(),
		};
		let next = carried.next();
		if let Some((owner, _)) = next.as_ref().filter(|(_, carried)| Self::has_decayed(carried)) {
			Carried::<T>::remove(owner);
		}
		WalkedCarried::<T>::set(next.map(|(owner, _)| owner));
	}

	/// Makes a node one of whom the next bad era is an offence. It and one that its operator retired have as many strikes
	/// as are told apart.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn write_watched(node: NodeId) {
		let policy = T::Policy::get();
		let one_less = |hits: u8| {
			1u32.checked_shl(u32::from(hits).saturating_sub(1)).unwrap_or(0).saturating_sub(1)
		};
		let mut record = Record { strikes: Self::full_strikes(), ..Record::default() };
		record.quality.bits = one_less(policy.poor.hits);
		record.outliers.bits = one_less(policy.outliers.hits);
		record.downs.bits = one_less(policy.down.hits);
		record.places.bits = one_less(policy.places.hits);
		if let Some(owner) = T::Registry::owner(node) {
			Self::write_retirement(node, &owner);
		}
		Records::<T>::insert(Offender::<T::AccountId>::Node(node), record);
	}

	/// Makes a node and another one that its operator retired before two with as many strikes as are told apart; those
	/// of the node count more.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn write_retirement(node: NodeId, owner: &T::AccountId) {
		let record = Record { strikes: Self::full_strikes(), ..Record::default() };
		Records::<T>::insert(Offender::<T::AccountId>::Node(node), record);
		let mut carried = Self::full_strikes();
		carried.remove(None, EraIndex::MAX);
		carried.recent.iter_mut().for_each(|strike| strike.node = Some(NodeId::MAX));
		Carried::<T>::insert(owner, carried);
	}

	/// As many strikes as are told apart, the last of them counted in the running era, of eras that nothing is
	/// reported of.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn full_strikes() -> Strikes {
		let (now, decay) = (Self::current_era(), T::Policy::get().strike_eras);
		let mut strikes = Strikes::default();
		for back in (0..=crate::MAX_STRIKES).rev() {
			let era = EraIndex::MAX.saturating_sub(back);
			let at = crate::MAX_STRIKES.saturating_sub(back);
			strikes.push(Strike { era, struck: now.saturating_sub(back), at, node: None }, decay);
		}
		strikes
	}

	fn is_stale(record: &Record) -> bool {
		let now = Self::current_era();
		let history = T::HistoryEras::get();
		let old = |newest: Option<EraIndex>| {
			newest.is_none_or(|newest| now.saturating_sub(newest) > history)
		};
		record.strikes.has_decayed(now, T::Policy::get().strike_eras)
			&& record.windows().into_iter().all(|window| old(window.newest))
	}
}
