//! Slashes and sentences of validators: the sole writer of [`Struck`].

use crate::{Candidates, Config, Event, Pallet, Struck};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_traits::{Jail, Seats, ValidatorSink};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// A validator that was slashed or jailed.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Strike<AccountId> {
	/// Who.
	pub who: AccountId,
	/// The largest fraction of its stake that it was for.
	pub fraction: Perbill,
	/// Whether the next choice leaves it out. After a choice that kept the old set it does so no more.
	pub fresh: bool,
}

impl<T: Config> Pallet<T> {
	/// Disables who has a seat, and notes that the next choice leaves it out. Who neither has one nor asked for one is
	/// no concern of this pallet.
	pub(crate) fn strike(who: &T::AccountId, fraction: Perbill) {
		if !Candidates::<T>::contains_key(who) && !T::Seats::is_seated(who) {
			return;
		}
		Struck::<T>::mutate(|struck| {
			if let Some(strike) = struck.iter_mut().find(|strike| strike.who == *who) {
				strike.fraction = fraction.max(strike.fraction);
				strike.fresh = true;
				return;
			}
			if struck.is_full() && !struck.is_empty() {
				struck.remove(0);
			}
			// There is room unless the bound is zero.
			let _ = struck.try_push(Strike { who: who.clone(), fraction, fresh: true });
		});
		Self::disable(who, fraction);
		Self::deposit_event(Event::ValidatorStruck { who: who.clone(), fraction });
	}

	/// Seats are emptied by severity when there are more than a third to be. Who is jailed for what it did as a validator goes before
	/// who was slashed for its service, however small the fraction was.
	fn disable(who: &T::AccountId, fraction: Perbill) {
		let jailed = T::Jail::is_validator_jailed(who);
		T::Seats::disable(who, if jailed { Perbill::one() } else { fraction });
	}

	/// A session has started. Sessions forget who is disabled when the set changes; who was struck and still has a
	/// seat is disabled again.
	pub fn session_started() {
		for strike in Struck::<T>::get() {
			Self::disable(&strike.who, strike.fraction);
		}
	}

	/// Whether the next choice leaves an account out although it could be chosen.
	pub fn is_struck(who: &T::AccountId) -> bool {
		Struck::<T>::get().iter().any(|strike| strike.who == *who && strike.fresh)
	}

	/// A set was chosen without those who were struck.
	pub(crate) fn forget_strikes() {
		Struck::<T>::kill();
	}

	/// The old set was kept, with those in it who were struck. They stay disabled for its next session, and as long as
	/// they are jailed; but they can be chosen again when they are free, or a set might never be found.
	pub(crate) fn wear_strikes() {
		Struck::<T>::mutate(|struck| {
			struck.retain(|strike| strike.fresh || T::Jail::is_validator_jailed(&strike.who));
			struck.iter_mut().for_each(|strike| strike.fresh = false);
		});
	}
}

impl<T: Config> ValidatorSink<T::AccountId> for Pallet<T> {
	fn offended(who: &T::AccountId, fraction: Perbill) {
		Self::strike(who, fraction)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_validator(who: &T::AccountId) {
		crate::benchmarking::seated::<T>(who);
	}
}
