//! Benchmarks: every call, the slash and the credit in their worst case, with every list full.

use super::*;
use crate::{
	pools::Opened,
	types::{Earnings, Pool, Rates},
};
use dtel_math::pool::{Book, Factor, Position, Source, EXPELLED_AT, MAX_ENTRIES};
use dtel_primitives::{stake::Commission, Balance, BasisPoints, EraIndex};
use dtel_traits::{Promised, StakeLedger, StakeRewards};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Balanced, Inspect, MutateHold},
	tokens::Precision,
	Get,
};
use frame_system::RawOrigin;
use sp_runtime::{DispatchResult, Perbill};

/// The running era of a benchmark: late enough for full lists of past eras, which lie on two pages.
pub(crate) const LATE: EraIndex = 2 * PAGE_ERAS + CREDIT_ERAS / 2;

/// More than any minimum.
fn stake<T: Config>() -> Balance {
	let least = T::MinBond::get().max(T::MinDelegation::get()).max(1);
	least.saturating_mul(10_000)
}

fn go_to_era<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

fn fund<T: Config>(who: &T::AccountId, amount: Balance) -> DispatchResult {
	let funds = amount.saturating_add(T::Currency::minimum_balance());
	drop(T::Currency::deposit(who, funds, Precision::Exact)?);
	Ok(())
}

/// The first era of which full lists know, in an era.
fn horizon(now: EraIndex) -> EraIndex {
	now.saturating_sub(CREDIT_ERAS)
}

/// A pool in which every list is as long as it can be: eras slashed, one less than close it; changes of the commission; eras that are
/// not credited.
fn full_pool<T: Config>(operator: &T::AccountId, now: EraIndex) -> Opened<T> {
	let from = horizon(now);
	let most = BasisPoints::ONE;
	let commission = Commission { rate: BasisPoints::ZERO, most, rise: most };
	let mut rates = Rates::new(commission, 0).unwrap_or_else(|| unreachable!());
	for era in from..now {
		rates.set(BasisPoints::saturating(1 + era % 100), era, from);
	}
	let mut opened = Pallet::<T>::found(operator, Pool::new(0), rates);
	for era in now.saturating_sub(EXPELLED_AT - 1)..now {
		let _ = opened.slashes.slash(era, Perbill::from_percent(1));
		opened.pool.slashes = opened.pool.slashes.saturating_add(1);
	}
	opened.book = Book::new(from);
	for era in from + 1..now {
		let _ = opened.book.activate(1, era, None);
		let _ = opened.book.refer(era);
	}
	opened
}

/// A position with as many entries as it can have but one, each with boundaries of its own: half of them left, some were moved from a
/// third pool if wanted, which was slashed as often. It was last touched before all that was slashed or earned.
fn full_position<T: Config>(
	holder: &T::AccountId,
	opened: &mut Opened<T>,
	amount: Balance,
	now: EraIndex,
	moved_here: bool,
) -> Result<(), BenchmarkError> {
	let third: T::AccountId = account("third", 0, 0);
	if !Pools::<T>::contains_key(&third) {
		Pallet::<T>::write_pool(full_pool::<T>(&third, now));
	}
	let from = horizon(now);
	let mut position = Position::new(&opened.book);
	let part = amount / Balance::from(MAX_ENTRIES);
	let mut moved = 0;
	for i in 0..MAX_ENTRIES - 2 {
		let era = (from + 1 + i * 2).min(now.saturating_sub(2));
		let source = (moved_here && i % 8 == 4).then(|| {
			moved += 1;
			let joined = from.saturating_sub(1);
			Source { pool: third.clone(), joined, left: era, applied: Factor::ONE }
		});
		let _ = position.join(part, source, &mut opened.book, era);
		if i % 2 == 1 {
			let _ = position.leave(part, &mut opened.book, era + 2);
		}
	}
	let rest = amount - position.active().min(amount);
	let _ = position.join(rest, None, &mut opened.book, from);
	Pallet::<T>::count_sources(&third, moved, 0);
	fund::<T>(holder, position.total())?;
	T::Promised::set_up_promised(holder);
	T::Currency::hold(&HoldReason::Stake.into(), holder, position.total())?;
	opened.pool.worth.count(&position, Pallet::<T>::window(), true);
	opened.pool.members = opened.pool.members.saturating_add(1);
	if *holder == opened.operator {
		opened.pool.own = position.active();
	}
	let member = Membership { position, compounds: true, settled: 0 };
	Members::<T>::insert(holder, &opened.operator, member);
	Holders::<T>::mutate(holder, |known| known.pools = known.pools.saturating_add(1));
	Ok(())
}

/// Gives an operator stake in the worst shape of an era to be credited, for benchmarks of other pallets.
pub(crate) fn worst_case<T: Config>(
	owner: &T::AccountId,
	amount: Balance,
	now: EraIndex,
) -> Result<(), BenchmarkError> {
	let mut opened = full_pool::<T>(owner, now);
	full_position::<T>(owner, &mut opened, amount, now, false)?;
	store(opened);
	Ok(())
}

/// Gives an operator stake in the worst shape of an era to be slashed, for benchmarks of other pallets.
pub(crate) fn worst_slash<T: Config>(
	owner: &T::AccountId,
	amount: Balance,
	now: EraIndex,
) -> Result<(), BenchmarkError> {
	let mut opened = full_pool::<T>(owner, now);
	full_position::<T>(owner, &mut opened, amount, now, false)?;
	store_paid(opened, now)
}

/// Writes a pool as it is, with all that waits in its book.
fn store<T: Config>(opened: Opened<T>) {
	let Opened { operator, pool, book, commission, rates, slashes, .. } = opened;
	Pools::<T>::insert(&operator, pool);
	Books::<T>::insert(&operator, Earnings { book, commission, rates });
	SlashesOf::<T>::insert(&operator, slashes);
}

/// Writes a pool that was paid for all its eras at once, so that its boundaries are in storage of their own.
fn store_paid<T: Config>(mut opened: Opened<T>, now: EraIndex) -> Result<(), BenchmarkError> {
	let reward = T::Currency::minimum_balance().max(1).saturating_mul(1_000);
	fund::<T>(&Pallet::<T>::pot(), reward.saturating_mul(CREDIT_ERAS.into()))?;
	for era in horizon(now) + 1..now {
		let done = opened.book.credit(era, reward);
		done.map_err(|_| BenchmarkError::Stop("an era cannot be credited"))?;
	}
	while opened.book.marks().iter().any(|mark| mark.index.is_some()) {
		let Some((page, marks)) = opened.book.flush(PAGE_ERAS) else { break };
		Pallet::<T>::write_checkpoints(&opened.operator, page, marks);
	}
	opened.commission = reward;
	store(opened);
	Ok(())
}

/// An operator and a holder with full positions in a full pool, which were slashed and have earned.
fn full<T: Config>(
	holder: T::AccountId,
	moved_here: bool,
) -> Result<(T::AccountId, T::AccountId), BenchmarkError> {
	go_to_era::<T>(LATE);
	let operator: T::AccountId = account("operator", 0, 0);
	let mut opened = full_pool::<T>(&operator, LATE);
	full_position::<T>(&operator, &mut opened, stake::<T>(), LATE, false)?;
	full_position::<T>(&holder, &mut opened, stake::<T>(), LATE, moved_here)?;
	store_paid(opened, LATE)?;
	drop(T::Currency::deposit(&holder, stake::<T>(), Precision::Exact)?);
	Ok((operator, holder))
}

/// A holder that calls by itself.
fn full_caller<T: Config>() -> Result<(T::AccountId, T::AccountId), BenchmarkError> {
	full::<T>(whitelisted_caller(), true)
}

/// A holder for whom somebody else calls.
fn full_other<T: Config>() -> Result<(T::AccountId, T::AccountId), BenchmarkError> {
	full::<T>(account("holder", 0, 0), true)
}

/// An operator with a full position in its own full pool, as the caller.
fn full_operator<T: Config>() -> Result<T::AccountId, BenchmarkError> {
	go_to_era::<T>(LATE);
	let operator: T::AccountId = whitelisted_caller();
	let mut opened = full_pool::<T>(&operator, LATE);
	full_position::<T>(&operator, &mut opened, stake::<T>(), LATE, false)?;
	store_paid(opened, LATE)?;
	drop(T::Currency::deposit(&operator, stake::<T>(), Precision::Exact)?);
	Ok(operator)
}

/// Makes a position one whose slashes are settled and whose rewards are paid out.
fn to_be_paid<T: Config>(holder: &T::AccountId, pool: &T::AccountId) {
	let slashes = Pools::<T>::get(pool).map_or(0, |pool| pool.slashes);
	Members::<T>::mutate(holder, pool, |member| {
		if let Some(member) = member {
			(member.settled, member.compounds) = (slashes, false);
		}
	});
}

fn active_of<T: Config>(holder: &T::AccountId, pool: &T::AccountId) -> Balance {
	Pallet::<T>::view_position(holder, pool).map_or(0, |position| position.active)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn bond() -> Result<(), BenchmarkError> {
		go_to_era::<T>(LATE);
		let caller: T::AccountId = whitelisted_caller();
		fund::<T>(&caller, stake::<T>())?;
		T::Promised::set_up_promised(&caller);
		// A pool of before that nobody took away when it was over.
		let mut before = full_pool::<T>(&caller, LATE);
		before.pool.closed = Some(0);
		before.commission = T::Currency::minimum_balance();
		fund::<T>(&Pallet::<T>::pot(), before.commission)?;
		store(before);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), stake::<T>(), Commission::default());
		assert_eq!(active_of::<T>(&caller, &caller), stake::<T>());
		Ok(())
	}

	#[benchmark]
	fn bond_extra() -> Result<(), BenchmarkError> {
		let caller = full_operator::<T>()?;
		let before = active_of::<T>(&caller, &caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), stake::<T>() / 2);
		assert!(active_of::<T>(&caller, &caller) >= before + stake::<T>() / 2);
		Ok(())
	}

	#[benchmark]
	fn unbond() -> Result<(), BenchmarkError> {
		let caller = full_operator::<T>()?;
		let before = active_of::<T>(&caller, &caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), before / 2);
		assert!(active_of::<T>(&caller, &caller) < before);
		Ok(())
	}

	#[benchmark]
	fn withdraw() -> Result<(), BenchmarkError> {
		let (pool, caller) = full_caller::<T>()?;
		let before = held::<T>(&caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool);
		assert!(held::<T>(&caller) < before);
		Ok(())
	}

	#[benchmark]
	fn rebond() -> Result<(), BenchmarkError> {
		let (pool, caller) = full_caller::<T>()?;
		let before = active_of::<T>(&caller, &pool);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone(), stake::<T>() / 64);
		assert!(active_of::<T>(&caller, &pool) > before);
		Ok(())
	}

	#[benchmark]
	fn delegate() -> Result<(), BenchmarkError> {
		let (pool, _) = full_other::<T>()?;
		let caller: T::AccountId = account("another", 0, 0);
		fund::<T>(&caller, stake::<T>())?;
		T::Promised::set_up_promised(&caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone(), stake::<T>());
		assert_eq!(active_of::<T>(&caller, &pool), stake::<T>());
		Ok(())
	}

	#[benchmark]
	fn delegate_extra() -> Result<(), BenchmarkError> {
		let (pool, caller) = full_caller::<T>()?;
		let before = active_of::<T>(&caller, &pool);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone(), stake::<T>() / 2);
		assert!(active_of::<T>(&caller, &pool) >= before + stake::<T>() / 2);
		Ok(())
	}

	#[benchmark]
	fn undelegate() -> Result<(), BenchmarkError> {
		let (pool, caller) = full_caller::<T>()?;
		let before = active_of::<T>(&caller, &pool);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone(), before);
		assert_eq!(active_of::<T>(&caller, &pool), 0);
		Ok(())
	}

	/// All entries but one leave for a pool that is as full.
	#[benchmark]
	fn redelegate() -> Result<(), BenchmarkError> {
		let (from, caller) = full_caller::<T>()?;
		let to: T::AccountId = account("to", 0, 0);
		worst_case::<T>(&to, stake::<T>(), LATE)?;
		let before = active_of::<T>(&caller, &from);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), from.clone(), to.clone(), before);
		assert_eq!(active_of::<T>(&caller, &from), 0);
		assert!(active_of::<T>(&caller, &to) > 0);
		Ok(())
	}

	#[benchmark]
	fn claim() -> Result<(), BenchmarkError> {
		let (pool, caller) = full::<T>(whitelisted_caller(), false)?;
		to_be_paid::<T>(&caller, &pool);
		let before = Pallet::<T>::view_position(&caller, &pool).map_or(0, |p| p.reward);
		assert!(before > 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone());
		assert_eq!(Pallet::<T>::view_position(&caller, &pool).map(|p| p.reward), Some(0));
		Ok(())
	}

	#[benchmark]
	fn claim_for() -> Result<(), BenchmarkError> {
		let (pool, holder) = full::<T>(account("holder", 0, 0), false)?;
		to_be_paid::<T>(&holder, &pool);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), holder.clone(), pool.clone());
		assert_eq!(Pallet::<T>::view_position(&holder, &pool).map(|p| p.reward), Some(0));
		Ok(())
	}

	#[benchmark]
	fn compound() -> Result<(), BenchmarkError> {
		let (pool, holder) = full_other::<T>()?;
		let caller: T::AccountId = whitelisted_caller();
		let before = active_of::<T>(&holder, &pool);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), holder.clone(), pool.clone());
		assert!(active_of::<T>(&holder, &pool) > before);
		Ok(())
	}

	#[benchmark]
	fn settle() -> Result<(), BenchmarkError> {
		let (pool, holder) = full_other::<T>()?;
		let caller: T::AccountId = whitelisted_caller();
		let before = held::<T>(&holder);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), holder.clone(), pool);
		assert!(held::<T>(&holder) != before);
		Ok(())
	}

	#[benchmark]
	fn kick() -> Result<(), BenchmarkError> {
		let (pool, holder) = full_other::<T>()?;
		SlashesOf::<T>::mutate(&pool, |slashes| {
			let _ = slashes.slash(LATE - 1, Perbill::one());
		});
		// Too little, in the last entry that there is room for; nothing is left of the others.
		let little = T::MinDelegation::get().saturating_sub(1) / 2;
		fund::<T>(&holder, little)?;
		T::Currency::hold(&HoldReason::Stake.into(), &holder, little)?;
		Books::<T>::mutate(&pool, |earnings| {
			Members::<T>::mutate(&holder, &pool, |member| {
				let book = &mut earnings.book;
				let _ = member.as_mut().map(|m| m.position.join(little, None, book, LATE));
			});
		});
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), holder.clone(), pool.clone());
		assert_eq!(active_of::<T>(&holder, &pool), 0);
		Ok(())
	}

	#[benchmark]
	fn retire() -> Result<(), BenchmarkError> {
		let caller = full_operator::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()));
		assert_eq!(Pools::<T>::get(&caller).and_then(|pool| pool.closed), Some(LATE));
		Ok(())
	}

	#[benchmark]
	fn set_chilled() -> Result<(), BenchmarkError> {
		let caller = full_operator::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), true);
		assert!(Pools::<T>::get(&caller).is_some_and(|pool| pool.chilled));
		Ok(())
	}

	#[benchmark]
	fn set_commission() -> Result<(), BenchmarkError> {
		let caller = full_operator::<T>()?;
		let rate = BasisPoints::saturating(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), rate);
		assert_eq!(Books::<T>::get(&caller).rates.latest().rate, rate);
		Ok(())
	}

	#[benchmark]
	fn set_compounding() -> Result<(), BenchmarkError> {
		let (pool, caller) = full_caller::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), pool.clone(), false);
		assert!(Members::<T>::get(&caller, &pool).is_some_and(|member| !member.compounds));
		Ok(())
	}

	#[benchmark]
	fn set_private() -> Result<(), BenchmarkError> {
		let (_, caller) = full_caller::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller.clone()), true);
		assert!(Holders::<T>::get(&caller).private);
		Ok(())
	}

	/// All that answers for an era in a pool, whoever is in it, and the pool closes because it was slashed for too many eras.
	#[benchmark]
	fn slash() -> Result<(), BenchmarkError> {
		let (pool, _) = full_other::<T>()?;
		let taken;
		#[block]
		{
			let half = Perbill::from_percent(50);
			taken = <Pallet<T> as StakeLedger<T::AccountId>>::slash(&pool, half, LATE);
		}
		assert!(taken > 0);
		assert!(Pools::<T>::get(&pool).is_some_and(|pool| pool.closed.is_some()));
		Ok(())
	}

	/// Shares the reward of an operator's era, whoever is in the pool.
	#[benchmark]
	fn credit() -> Result<(), BenchmarkError> {
		go_to_era::<T>(LATE);
		let pool: T::AccountId = account("operator", 0, 0);
		worst_case::<T>(&pool, stake::<T>(), LATE)?;
		let amount = T::Currency::minimum_balance().max(1).saturating_mul(1_000);
		let done;
		#[block]
		{
			done = <Pallet<T> as StakeRewards<T::AccountId>>::credit(&pool, LATE - 1, amount);
		}
		assert_eq!(done, Ok(()));
		assert_eq!(Books::<T>::get(&pool).book.credited(), LATE - 1);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::new().build(), crate::mock::Test);
}

fn held<T: Config>(who: &T::AccountId) -> Balance {
	use frame_support::traits::fungible::InspectHold;
	T::Currency::balance_on_hold(&HoldReason::Stake.into(), who)
}
