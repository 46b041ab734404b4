//! What the calls do: the sole writer of [`Airdrops`], [`Claimed`] and [`NextId`].

use crate::{
	types::{page_of, pages, MAX_PRUNE},
	Airdrops, Claimed, Config, Error, Event, NextId, Pallet, WeightInfo,
};
use dtel_primitives::{
	airdrop::{
		depth, domain, leaf, verify, Airdrop, AirdropId, LeafIndex, Plan, Progress, Proof,
		ProofError,
	},
	vesting::Terms,
	Balance, BlockNumber, Hash,
};
use dtel_traits::Grants;
use frame_support::pallet_prelude::*;
use sp_runtime::{traits::Zero, SaturatedConversion};

impl<T: Config> Pallet<T> {
	pub(crate) fn now() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// The hash of the genesis block.
	pub(crate) fn genesis_hash() -> Hash {
		frame_system::Pallet::<T>::block_hash(
			frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
		)
	}

	fn kept(airdrop: AirdropId) -> Result<Airdrop<T::AccountId>, Error<T>> {
		Airdrops::<T>::get(airdrop).ok_or(Error::<T>::AirdropUnknown)
	}

	/// Differences only: no sum that could be too large.
	fn check_window(opens: BlockNumber, closes: BlockNumber) -> DispatchResult {
		let notice = opens.checked_sub(Self::now());
		ensure!(notice >= Some(T::MinNotice::get()), Error::<T>::TooLittleNotice);
		let window = closes.checked_sub(opens);
		ensure!(window >= Some(T::MinWindow::get()), Error::<T>::WindowTooShort);
		ensure!(window <= Some(T::MaxWindow::get()), Error::<T>::WindowTooLong);
		Ok(())
	}

	/// Terms that are over when somebody claims would freeze nothing: they last as long as the window.
	fn check_terms(terms: &Terms, closes: BlockNumber) -> DispatchResult {
		ensure!(terms.end >= closes, Error::<T>::TermsTooShort);
		T::Grants::check(terms)
	}

	pub(crate) fn do_create(funder: T::AccountId, plan: Plan) -> DispatchResult {
		let Plan { label, root, leaves, amount, opens, closes, vesting } = plan;
		let fits = depth(leaves).is_some() && leaves <= T::MaxLeaves::get();
		ensure!(fits, Error::<T>::LeavesOutOfRange);
		ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
		Self::check_window(opens, closes)?;
		vesting.iter().try_for_each(|terms| Self::check_terms(terms, closes))?;
		ensure!(Airdrops::<T>::count() < T::MaxAirdrops::get(), Error::<T>::TooManyAirdrops);
		let airdrop = NextId::<T>::get();
		let next = airdrop.checked_add(1).ok_or(Error::<T>::NoIdLeft)?;
		Self::fill(airdrop, &funder, amount)?;
		NextId::<T>::put(next);
		let kept = Airdrop {
			funder: funder.clone(),
			domain: domain(&Self::genesis_hash(), &label, leaves, amount),
			root,
			leaves,
			amount,
			paid: 0,
			claims: 0,
			opens,
			closes,
			vesting,
			progress: Progress::Live,
		};
		Airdrops::<T>::insert(airdrop, kept);
		Self::deposit_event(Event::Created {
			airdrop,
			funder,
			label,
			root,
			leaves,
			amount,
			opens,
			closes,
			vesting,
		});
		Ok(())
	}

	pub(crate) fn do_claim(
		airdrop: AirdropId,
		index: LeafIndex,
		who: T::AccountId,
		amount: Balance,
		proof: &Proof,
	) -> DispatchResultWithPostInfo {
		let mut kept = Self::kept(airdrop)?;
		let now = Self::now();
		ensure!(now >= kept.opens, Error::<T>::NotOpenYet);
		ensure!(now < kept.closes, Error::<T>::WindowOver);
		ensure!(Self::may_receive(&who), Error::<T>::NotAReceiver);
		let leaf = leaf(&kept.domain, index, &who, amount);
		verify(&kept.root, kept.leaves, index, leaf, proof).map_err(|why| match why {
			ProofError::NoSuchLeaf => Error::<T>::IndexOutOfRange,
			ProofError::WrongLength => Error::<T>::WrongProofLength,
			ProofError::OtherRoot => Error::<T>::BadProof,
		})?;
		let mut page = Claimed::<T>::get(airdrop, page_of(index));
		ensure!(!page.has(index), Error::<T>::AlreadyClaimed);
		ensure!(amount <= kept.left(), Error::<T>::Underfunded);
		Self::pay(airdrop, &who, amount, kept.vesting)?;
		page.note(index);
		Claimed::<T>::insert(airdrop, page_of(index), page);
		// Not more than the amount, and than there are leaves.
		kept.paid = kept.paid.saturating_add(amount);
		kept.claims = kept.claims.saturating_add(1);
		let levels = proof.len().saturated_into();
		let weight = match kept.vesting {
			Some(_) => T::WeightInfo::claim_vested(levels),
			None => T::WeightInfo::claim(levels),
		};
		Airdrops::<T>::insert(airdrop, kept);
		Self::deposit_event(Event::Claimed { airdrop, index, who, amount });
		Ok(Some(weight).into())
	}

	pub(crate) fn do_close(airdrop: AirdropId) -> DispatchResult {
		let mut kept = Self::kept(airdrop)?;
		ensure!(kept.progress == Progress::Live, Error::<T>::AlreadyClosed);
		ensure!(Self::now() >= kept.closes, Error::<T>::WindowNotOver);
		let returned = Self::empty(airdrop, &kept.funder)?;
		kept.progress = Progress::Closed { pruned: 0 };
		Airdrops::<T>::insert(airdrop, &kept);
		let Airdrop { funder, paid, claims, .. } = kept;
		Self::deposit_event(Event::Closed { airdrop, funder, returned, paid, claims });
		Ok(())
	}

	pub(crate) fn do_cancel(airdrop: AirdropId) -> DispatchResult {
		let Airdrop { funder, opens, .. } = Self::kept(airdrop)?;
		ensure!(Self::now() < opens, Error::<T>::AlreadyOpen);
		let returned = Self::empty(airdrop, &funder)?;
		Airdrops::<T>::remove(airdrop);
		Self::deposit_event(Event::Cancelled { airdrop, funder, returned });
		Ok(())
	}

	/// Removes the next pages in their order, whether or not anything stands on them: so nothing is searched, and what it
	/// costs is known before.
	pub(crate) fn do_prune(airdrop: AirdropId, limit: u32) -> DispatchResultWithPostInfo {
		let mut kept = Self::kept(airdrop)?;
		let Progress::Closed { pruned } = kept.progress else {
			return Err(Error::<T>::NotClosed.into());
		};
		ensure!(limit > 0, Error::<T>::ZeroLimit);
		let all = pages(kept.leaves);
		let next = pruned.saturating_add(limit.min(MAX_PRUNE)).min(all);
		let removed = next.saturating_sub(pruned);
		(pruned..next).for_each(|page| Claimed::<T>::remove(airdrop, page));
		let done = next == all;
		if done {
			Airdrops::<T>::remove(airdrop);
		} else {
			kept.progress = Progress::Closed { pruned: next };
			Airdrops::<T>::insert(airdrop, kept);
		}
		Self::deposit_event(Event::Pruned { airdrop, pages: removed, done });
		let pays = if done || removed == MAX_PRUNE { Pays::No } else { Pays::Yes };
		Ok((Some(T::WeightInfo::prune(removed)), pays).into())
	}

	pub(crate) fn view_claimed(airdrop: AirdropId, index: LeafIndex) -> Option<bool> {
		let kept = Airdrops::<T>::get(airdrop).filter(|kept| index < kept.leaves)?;
		let page = page_of(index);
		match kept.progress {
			Progress::Closed { pruned } if page < pruned => None,
			_ => Some(Claimed::<T>::get(airdrop, page).has(index)),
		}
	}
}
