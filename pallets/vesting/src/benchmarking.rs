//! Benchmarks: every call with the receiver's list as full as it can be.

use super::*;
use crate::ledger::Book;
use dtel_primitives::{vesting::Terms, Balance, BasisPoints, BlockNumber};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, InspectFreeze, Mutate},
	tokens::{Fortitude, Precision, Preservation},
	EnsureOrigin, Get,
};
use frame_system::RawOrigin;

/// A block at which grants have been running for a while.
const NOW: BlockNumber = 10_000;

/// Terms in the middle of which the running block is, and long after it, too.
fn terms<T: Config>() -> Terms {
	let start = Pallet::<T>::now().saturating_sub(T::MaxSpan::get().clamp(2, 1_000) / 2);
	let at_start = BasisPoints::saturating(1_000);
	let end = start.saturating_add(T::MaxSpan::get());
	Terms { start, cliff: start, end, at_start, period: 1 }
}

fn go_to<T: Config>(block: BlockNumber) {
	frame_system::Pallet::<T>::set_block_number(block.into());
}

fn least<T: Config>() -> Balance {
	T::MinGrant::get().max(1_000_000)
}

fn grantor<T: Config>(index: u32) -> T::AccountId {
	account("grantor", index, 0)
}

/// Gives an account grants of which nothing was claimed yet, and debts, each of another grantor whose account lives, and the tokens for
/// them.
fn fill<T: Config>(
	who: &T::AccountId,
	grants: u32,
	debts: u32,
	revoker: Option<&T::AccountId>,
) -> Result<(), BenchmarkError> {
	let alive = T::Currency::minimum_balance().max(1);
	T::Currency::mint_into(who, alive.saturating_mul(2))?;
	let (amount, terms) = (least::<T>(), terms::<T>());
	let mut book = Book::<T>::open(who.clone());
	for index in 0..grants + debts {
		let grantor = grantor::<T>(index);
		T::Currency::mint_into(&grantor, alive)?;
		T::Currency::mint_into(who, amount)?;
		if index < grants {
			let (id, revoker) = (Pallet::<T>::next_id(), revoker.cloned());
			let schedule = Schedule { id, grantor, terms, amount, released: 0, revoker, merges: 0 };
			book.add(schedule, MAX_GRANTS)?;
		} else {
			let room = book.owed.try_push(Debt { grantor, amount });
			room.map_err(|_| BenchmarkError::Stop("no room for a debt"))?;
		}
	}
	book.close()?;
	Ok(())
}

/// Makes an account one to whom one more grant can be given, and no more, in the running block. For benchmarks of other pallets, too.
pub(crate) fn nearly_full<T: Config>(to: &T::AccountId) -> (Terms, Balance) {
	let filled = fill::<T>(to, MAX_GRANTS - 1, 0, None);
	debug_assert!(filled.is_ok(), "{filled:?}");
	(terms::<T>(), least::<T>())
}

/// As long a list as there can be, of nothing: for benchmarks of other pallets, which are refused nothing by it.
pub(crate) fn owes_nothing_to_many<T: Config>(who: &T::AccountId) {
	let mut list = DebtList::default();
	for index in 0..MAX_GRANTS {
		let _ = list.try_push(Debt { grantor: grantor::<T>(index), amount: 0 });
	}
	Owed::<T>::insert(who, list);
}

/// Takes so much from an account, as a slash would, that only half of what its first grant has frozen can go back: the other half is owed.
fn slash<T: Config>(who: &T::AccountId) -> Result<(), BenchmarkError> {
	let book = Book::<T>::open(who.clone());
	let half = book.schedules.first().map_or(0, |schedule| schedule.unreleased() / 2);
	let left = book.frozen().saturating_sub(half);
	let taken = T::Currency::total_balance(who).saturating_sub(left);
	let (alive, best, force) = (Preservation::Preserve, Precision::BestEffort, Fortitude::Force);
	T::Currency::burn_from(who, taken, alive, best, force)?;
	Ok(())
}

fn frozen<T: Config>(who: &T::AccountId) -> Balance {
	T::Currency::balance_frozen(&FreezeReason::Vesting.into(), who)
}

fn holder<T: Config>() -> T::AccountId {
	account("holder", 0, 0)
}

fn rich<T: Config>(who: &T::AccountId) -> Result<(), BenchmarkError> {
	let funds = least::<T>().saturating_add(T::Currency::minimum_balance().saturating_mul(2));
	T::Currency::mint_into(who, funds)?;
	Ok(())
}

/// The number of one of an account's grants, counted from the first.
fn id_of<T: Config>(who: &T::AccountId, at: usize) -> GrantId {
	Schedules::<T>::get(who).get(at).map_or(GrantId::MAX, |schedule| schedule.id)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn claim(n: Linear<1, { MAX_GRANTS }>) -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let who = holder::<T>();
		fill::<T>(&who, n, 0, None)?;
		let before = frozen::<T>(&who);
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), who.clone());
		assert!(frozen::<T>(&who) < before);
		Ok(())
	}

	#[benchmark]
	fn vested_transfer() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let (caller, to): (T::AccountId, _) = (whitelisted_caller(), holder::<T>());
		rich::<T>(&caller)?;
		fill::<T>(&to, MAX_GRANTS - T::ReservedGrants::get() - 1, 0, None)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), to.clone(), least::<T>(), terms::<T>(), Some(to.clone()));
		let room = (MAX_GRANTS - T::ReservedGrants::get()) as usize;
		assert_eq!(Schedules::<T>::get(&to).len(), room);
		Ok(())
	}

	#[benchmark]
	fn force_vested_transfer() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let (from, to): (T::AccountId, _) = (account("from", 0, 0), holder::<T>());
		rich::<T>(&from)?;
		let (terms, amount) = nearly_full::<T>(&to);
		let origin =
			T::ForceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, from, to.clone(), amount, terms, Some(to.clone()));
		assert_eq!(Schedules::<T>::get(&to).len(), MAX_GRANTS as usize);
		Ok(())
	}

	/// The first of a full list, half of which goes back; the account has debts, too, and gets one more.
	#[benchmark]
	fn revoke() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let (caller, who): (T::AccountId, _) = (whitelisted_caller(), holder::<T>());
		fill::<T>(&who, MAX_GRANTS / 2, MAX_GRANTS / 2, Some(&caller))?;
		slash::<T>(&who)?;
		let id = id_of::<T>(&who, 0);
		let (before, debts) = (frozen::<T>(&who), Owed::<T>::get(&who).len());
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who.clone(), id);
		assert!(frozen::<T>(&who) < before);
		assert_eq!(Owed::<T>::get(&who).len(), debts + 1);
		Ok(())
	}

	#[benchmark]
	fn force_revoke() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let who = holder::<T>();
		fill::<T>(&who, MAX_GRANTS / 2, MAX_GRANTS / 2, None)?;
		slash::<T>(&who)?;
		let id = id_of::<T>(&who, 0);
		let (before, debts) = (frozen::<T>(&who), Owed::<T>::get(&who).len());
		let origin =
			T::ForceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, who.clone(), id);
		assert!(frozen::<T>(&who) < before);
		assert_eq!(Owed::<T>::get(&who).len(), debts + 1);
		Ok(())
	}

	#[benchmark]
	fn waive() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let (caller, who): (T::AccountId, _) = (whitelisted_caller(), holder::<T>());
		fill::<T>(&who, MAX_GRANTS, 0, Some(&caller))?;
		let id = id_of::<T>(&who, MAX_GRANTS as usize - 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), who.clone(), id);
		assert!(Schedules::<T>::get(&who).iter().any(|s| s.id == id && s.revoker.is_none()));
		Ok(())
	}

	#[benchmark]
	fn merge() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let who: T::AccountId = whitelisted_caller();
		fill::<T>(&who, MAX_GRANTS, 0, None)?;
		Schedules::<T>::mutate(&who, |list| {
			list.iter_mut().for_each(|schedule| schedule.grantor = grantor::<T>(0));
		});
		let (id, other) = (id_of::<T>(&who, MAX_GRANTS as usize - 1), id_of::<T>(&who, 0));
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), who.clone(), id, other);
		assert_eq!(Schedules::<T>::get(&who).len(), MAX_GRANTS as usize - 1);
		Ok(())
	}

	#[benchmark]
	fn collect(n: Linear<1, { MAX_GRANTS }>) -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let who = holder::<T>();
		fill::<T>(&who, MAX_GRANTS - n, n, None)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(whitelisted_caller()), who.clone());
		assert!(Owed::<T>::get(&who).is_empty());
		Ok(())
	}

	#[benchmark]
	fn force_lift() -> Result<(), BenchmarkError> {
		go_to::<T>(NOW);
		let who = holder::<T>();
		fill::<T>(&who, MAX_GRANTS, 0, None)?;
		let id = id_of::<T>(&who, 0);
		let origin =
			T::ForceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, who.clone(), id);
		assert!(id_of::<T>(&who, 0) != id);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::new().build(), crate::mock::Test);
}
