//! Appeals and what is decided about them. Sole writer of [`Appeals`] and of the holds behind it.

use crate::{
	offences::PenaltyOf, types::State, Appeals, Config, Error, Event, HoldReason, Pallet, Penalties,
};
use dtel_primitives::Balance;
use dtel_traits::PenaltyId;
use frame_support::{
	defensive,
	pallet_prelude::*,
	traits::{
		fungible::{BalancedHold, MutateHold},
		tokens::Precision,
		OnUnbalanced,
	},
};

impl<T: Config> Pallet<T> {
	fn known(id: PenaltyId) -> Result<PenaltyOf<T>, Error<T>> {
		Penalties::<T>::get(id).ok_or(Error::<T>::UnknownPenalty)
	}

	/// A penalty that is neither executed nor cancelled.
	fn known_open(id: PenaltyId) -> Result<PenaltyOf<T>, Error<T>> {
		let penalty = Self::known(id)?;
		ensure!(penalty.is_open(), Error::<T>::AlreadyFinal);
		Ok(penalty)
	}

	/// What the next appeal of an operator costs: the more are open, the more.
	pub(crate) fn next_bond(who: &T::AccountId) -> Balance {
		let open = Balance::from(Appeals::<T>::get(who));
		T::AppealBond::get().saturating_mul(open.saturating_add(1))
	}

	pub(crate) fn do_appeal(who: T::AccountId, id: PenaltyId) -> DispatchResult {
		let penalty = Self::known_open(id)?;
		ensure!(penalty.owner == who, Error::<T>::NotOffender);
		ensure!(penalty.state == State::Pending, Error::<T>::AppealedBefore);
		ensure!(Self::current_era() < penalty.due, Error::<T>::TooLate);
		let bond = Self::next_bond(&who);
		T::Currency::hold(&HoldReason::Appeal.into(), &who, bond)?;
		Appeals::<T>::mutate(&who, |open| *open = open.saturating_add(1));
		let until = penalty.last;
		Self::advance(id, penalty, State::Appealed { bond });
		Self::deposit_event(Event::Appealed { penalty: id, who, bond, until });
		Ok(())
	}

	pub(crate) fn do_uphold(id: PenaltyId) -> DispatchResult {
		let penalty = Self::known_open(id)?;
		let State::Appealed { bond } = penalty.state else {
			return Err(Error::<T>::NotAppealed.into());
		};
		let who = penalty.owner.clone();
		Self::forfeit_bond(&who, bond);
		Self::advance(id, penalty, State::Upheld);
		Self::deposit_event(Event::Upheld { penalty: id, who, bond });
		if let Some(penalty) = Self::due_now(id) {
			Self::carry_out(id, penalty);
		}
		Ok(())
	}

	pub(crate) fn do_cancel(id: PenaltyId) -> DispatchResult {
		let penalty = Self::known_open(id)?;
		let bond = match penalty.state {
			State::Appealed { bond } => bond,
			_ => 0,
		};
		if let State::Appealed { bond } = penalty.state {
			Self::return_bond(&penalty.owner, bond);
		}
		let owner = penalty.owner.clone();
		Self::advance(id, penalty.clone(), State::Cancelled);
		Self::deposit_event(Event::PenaltyCancelled { penalty: id, owner, bond });
		Self::take_strike_back(id, &penalty);
		Self::pardon(id, &penalty.offender);
		Ok(())
	}

	pub(crate) fn do_execute(id: PenaltyId) -> DispatchResult {
		let penalty = Self::known_open(id)?;
		ensure!(
			penalty.executes_from().is_some_and(|era| era <= Self::current_era()),
			Error::<T>::NotDue
		);
		Self::carry_out(id, penalty);
		Ok(())
	}

	/// The penalty, if it is to be executed now.
	fn due_now(id: PenaltyId) -> Option<PenaltyOf<T>> {
		let now = Self::current_era();
		Penalties::<T>::get(id).filter(|p| p.executes_from().is_some_and(|era| era <= now))
	}

	fn closed_appeal(who: &T::AccountId) {
		Appeals::<T>::mutate_exists(who, |open| {
			*open = open.map(|n| n.saturating_sub(1)).filter(|n| *n > 0);
		});
	}

	/// Gives a bond back.
	pub(crate) fn return_bond(who: &T::AccountId, bond: Balance) {
		Self::closed_appeal(who);
		let reason = HoldReason::Appeal.into();
		if T::Currency::release(&reason, who, bond, Precision::BestEffort) != Ok(bond) {
			defensive!("INV-7: less is held than the appeals say");
		}
	}

	/// Takes a bond.
	fn forfeit_bond(who: &T::AccountId, bond: Balance) {
		Self::closed_appeal(who);
		let (credit, missing) = T::Currency::slash(&HoldReason::Appeal.into(), who, bond);
		if missing > 0 {
			defensive!("INV-7: less is held than the appeals say");
		}
		T::Forfeited::on_unbalanced(credit);
	}
}
