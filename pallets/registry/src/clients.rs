//! API keys of app developers. Sole writer of [`Clients`].

use crate::{Client, Clients, Config, Error, Event, HoldReason, NodeOfMedia, Pallet};
use dtel_primitives::{BlockNumber, MediaKey};
use frame_support::{
	ensure,
	traits::{fungible::MutateHold, tokens::Precision, Get},
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_add_client(
		who: T::AccountId,
		key: MediaKey,
		until: Option<BlockNumber>,
		limit: u32,
	) -> DispatchResult {
		Self::ensure_useful(until, limit)?;
		let taken = Clients::<T>::contains_key(key) || NodeOfMedia::<T>::contains_key(key);
		ensure!(!taken, Error::<T>::ClientKeyTaken);

		let deposit = T::ClientDeposit::get();
		T::Currency::hold(&HoldReason::Client.into(), &who, deposit)?;
		Clients::<T>::insert(key, Client { owner: who.clone(), until, limit, deposit });
		Self::deposit_event(Event::ClientAdded { key, who, until, limit, deposit });
		Ok(())
	}

	pub(crate) fn do_renew_client(
		who: T::AccountId,
		key: MediaKey,
		until: Option<BlockNumber>,
		limit: u32,
	) -> DispatchResult {
		let before = Self::owned_client(&who, key)?;
		Self::ensure_useful(until, limit)?;
		let after = Client { until, limit, ..before.clone() };
		ensure!(after != before, Error::<T>::ClientUnchanged);

		Clients::<T>::insert(key, after);
		Self::deposit_event(Event::ClientRenewed { key, who, until, limit });
		Ok(())
	}

	pub(crate) fn do_revoke_client(who: &T::AccountId, key: MediaKey) -> DispatchResult {
		let deposit = Self::owned_client(who, key)?.deposit;
		T::Currency::release(&HoldReason::Client.into(), who, deposit, Precision::Exact)?;
		Clients::<T>::remove(key);
		Self::deposit_event(Event::ClientRevoked { key, who: who.clone(), deposit });
		Ok(())
	}

	/// Whether a client may have these terms: somebody may connect, not too many, and not only in the past.
	fn ensure_useful(until: Option<BlockNumber>, limit: u32) -> Result<(), Error<T>> {
		ensure!(limit > 0, Error::ZeroLimit);
		ensure!(limit <= T::MaxClientLimit::get(), Error::LimitTooHigh);
		ensure!(until.is_none_or(|until| until >= Self::block()), Error::AlreadyExpired);
		Ok(())
	}

	/// The client, if `who` owns it.
	fn owned_client(
		who: &T::AccountId,
		key: MediaKey,
	) -> Result<Client<T::AccountId>, DispatchError> {
		let client = Clients::<T>::get(key).ok_or(Error::<T>::UnknownClient)?;
		ensure!(client.owner == *who, Error::<T>::NotOwner);
		Ok(client)
	}

	/// A client.
	pub fn client(key: MediaKey) -> Option<Client<T::AccountId>> {
		Clients::<T>::get(key)
	}

	/// Whether tokens under this API key are to be accepted now.
	pub fn is_client_valid(key: MediaKey) -> bool {
		Self::client(key).is_some_and(|client| client.is_valid_at(Self::block()))
	}
}
