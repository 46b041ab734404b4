//! Choosing a set: the sole writer of [`Elected`].

use crate::{Candidates, Config, Elected, Event, Pallet, Strike, Struck};
use alloc::vec::Vec;
use core::cmp::Reverse;
use dtel_primitives::{validator::Standing, Balance};
use dtel_traits::{Jail, Seats};
use frame_support::traits::Get;
use sp_runtime::SaturatedConversion;

/// A candidate that can be chosen.
pub(crate) struct Ranked<A> {
	pub stake: Balance,
	pub place: u64,
	pub who: A,
}

fn has_struck<A: PartialEq>(struck: &[Strike<A>], who: &A) -> bool {
	struck.iter().any(|strike| strike.fresh && strike.who == *who)
}

/// Of those who could be chosen, the ones that were struck are left out, the gravest first, but at most a third of a set, or
/// one: common trouble, such as a failing network, must not hand the chain to the rest.
fn leave_out<A: PartialEq>(ranked: &mut Vec<Ranked<A>>, struck: &[Strike<A>], wanted: usize) {
	let most = ranked.len().min(wanted).div_ceil(3);
	let mut gravest: Vec<&Strike<A>> = struck
		.iter()
		.filter(|strike| strike.fresh && ranked.iter().any(|other| other.who == strike.who))
		.collect();
	gravest.sort_by_key(|strike| Reverse(strike.fraction));
	gravest.truncate(most);
	ranked.retain(|other| !gravest.iter().any(|strike| strike.who == other.who));
}

impl<T: Config> Pallet<T> {
	/// Whom a set chosen now would have, by rank: the most stake first, then who asked first. At most as many as are
	/// wanted, without those who cannot be chosen or, up to a third, were struck.
	pub(crate) fn ranked() -> Vec<Ranked<T::AccountId>> {
		let struck = Struck::<T>::get();
		let mut ranked: Vec<_> = Candidates::<T>::iter()
			.filter_map(|(who, place)| {
				let (standing, stake) = Self::standing_of(&who);
				(standing == Standing::Eligible).then_some(Ranked { stake, place, who })
			})
			.collect();
		ranked.sort_by_key(|candidate| (Reverse(candidate.stake), candidate.place));
		let wanted = T::Wanted::get() as usize;
		leave_out(&mut ranked, &struck, wanted);
		ranked.truncate(wanted);
		ranked
	}

	/// Whether so many make a set. The founders give way to no fewer than they are themselves: else whoever stakes for the
	/// minimum, at the floor, has the chain. And a set that is too small is better than an old one of which even less is left.
	pub(crate) fn is_enough(eligible: usize) -> bool {
		let mut needed = T::Minimum::get() as usize;
		if Elected::<T>::get() {
			needed = needed.min((T::Seats::able() as usize).saturating_add(1));
		} else {
			needed = needed.max(Self::able_founders().len());
		}
		eligible > 0 && eligible >= needed
	}

	/// Chooses a set for the session after the one that has just started. None: the old one stays.
	///
	/// In the order of accounts, so that a change of rank within the set does not look like another set.
	pub fn choose() -> Option<Vec<T::AccountId>> {
		let set = Self::by_stake();
		match set {
			Some(_) => Self::forget_strikes(),
			None => Self::wear_strikes(),
		}
		set
	}

	fn by_stake() -> Option<Vec<T::AccountId>> {
		let ranked = Self::ranked();
		let eligible: u32 = ranked.len().saturated_into();
		if !Self::is_enough(ranked.len()) {
			if !Elected::<T>::get() {
				return Self::founders();
			}
			Self::deposit_event(Event::SetKept { eligible });
			return None;
		}
		Elected::<T>::put(true);
		let least = ranked.last().map_or(0, |candidate| candidate.stake);
		Self::deposit_event(Event::SetChosen { validators: eligible, least });
		let mut set: Vec<_> = ranked.into_iter().map(|candidate| candidate.who).collect();
		set.sort();
		Some(set)
	}

	/// The validators of genesis, if enough of them can validate. A genesis with fewer than the minimum wants all of its own.
	fn founders() -> Option<Vec<T::AccountId>> {
		let least = T::Founders::get().len().min(T::Minimum::get() as usize).max(1);
		let able = Self::able_founders();
		(able.len() >= least).then_some(able)
	}

	/// The validators of genesis that can validate.
	fn able_founders() -> Vec<T::AccountId> {
		let struck = Struck::<T>::get();
		let mut able = T::Founders::get();
		able.retain(|who| {
			T::Seats::has_keys(who)
				&& !T::Jail::is_validator_jailed(who)
				&& !has_struck(&struck, who)
		});
		able
	}
}
