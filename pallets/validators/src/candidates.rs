//! Candidates: the sole writer of [`Candidates`] and [`NextPlace`].

use crate::{Candidates, Config, Error, Event, NextPlace, Pallet};
use core::cmp::Reverse;
use dtel_primitives::{validator::Standing, Balance, EraIndex};
use dtel_traits::{Jail, Seats, StakeLedger};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The running era.
	pub(crate) fn era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// Whether an account could be chosen now, or why not, and its active stake.
	pub(crate) fn standing_of(who: &T::AccountId) -> (Standing, Balance) {
		let stake = T::Stake::active(who, Self::era());
		let standing = if !T::Seats::has_keys(who) {
			Standing::NoKeys
		} else if T::Jail::is_validator_jailed(who) {
			Standing::Jailed
		} else if stake < T::Floor::get() {
			Standing::BelowFloor
		} else {
			Standing::Eligible
		};
		(standing, stake)
	}

	/// Makes `who` a candidate. Says how many candidates it had to look at.
	pub(crate) fn do_validate(who: T::AccountId) -> Result<u32, DispatchError> {
		Self::ask(who, T::MaxCandidates::get())
	}

	/// The same with so many places.
	pub(crate) fn ask(who: T::AccountId, places: u32) -> Result<u32, DispatchError> {
		ensure!(!Candidates::<T>::contains_key(&who), Error::<T>::AlreadyCandidate);
		let (standing, stake) = Self::standing_of(&who);
		match standing {
			Standing::Eligible => (),
			Standing::NoKeys => return Err(Error::<T>::NoKeys.into()),
			Standing::Jailed => return Err(Error::<T>::Jailed.into()),
			Standing::BelowFloor => return Err(Error::<T>::BelowFloor.into()),
		}
		let seen = Candidates::<T>::count();
		let full = seen >= places;
		let displaced = match full {
			true => Some(Self::outranked_by(stake).ok_or(Error::<T>::NoPlace)?),
			false => None,
		};
		if let Some(other) = &displaced {
			Candidates::<T>::remove(other);
		}
		let place = NextPlace::<T>::get();
		NextPlace::<T>::put(place.saturating_add(1));
		Candidates::<T>::insert(&who, place);
		Self::deposit_event(Event::CandidateAdded { who, stake, displaced });
		Ok(if full { seen } else { 0 })
	}

	/// The lowest candidate: one that cannot be chosen, or the one with the least stake, of equals the last that asked. Nobody if
	/// that one can be chosen and has as much.
	fn outranked_by(stake: Balance) -> Option<T::AccountId> {
		let ranks = Candidates::<T>::iter().map(|(who, place)| {
			let (standing, theirs) = Self::standing_of(&who);
			let rank = (standing == Standing::Eligible).then_some(theirs);
			((rank, Reverse(place)), who)
		});
		let ((rank, _), who) = ranks.min_by_key(|(rank, _)| *rank)?;
		rank.is_none_or(|theirs| theirs < stake).then_some(who)
	}

	pub(crate) fn do_resign(who: T::AccountId) -> DispatchResult {
		Candidates::<T>::take(&who).ok_or(Error::<T>::NotCandidate)?;
		Self::deposit_event(Event::CandidateResigned { who });
		Ok(())
	}

	pub(crate) fn do_remove(who: T::AccountId) -> DispatchResult {
		ensure!(Candidates::<T>::contains_key(&who), Error::<T>::NotCandidate);
		let (standing, _) = Self::standing_of(&who);
		ensure!(standing != Standing::Eligible, Error::<T>::StillEligible);
		Candidates::<T>::remove(&who);
		Self::deposit_event(Event::CandidateRemoved { who, standing });
		Ok(())
	}
}
