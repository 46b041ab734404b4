//! Benchmarks of the call, of the steps of hooks and of what the settlement of a target causes.

use super::*;
use crate::types::{Entries, Entry, EraLedger, Tally, Walk};
use dtel_primitives::{
	reward::{Pay, PayState},
	Balance, BasisPoints, EraIndex, DTEL,
};
use dtel_traits::{ScoreSink, Scored, StakeRewards};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Get,
	},
	weights::WeightMeter,
};
use frame_system::RawOrigin;

/// What an era released for each part.
const PART: Balance = 10_000 * DTEL;
/// Of which the operators of a benchmark have a hundredth each.
const ALL: Tally = Tally { points: 2_000_000_003, blocks: 100, duty: 300 };

fn operator<T: Config>(index: u32) -> T::AccountId {
	account("operator", index, 0)
}

const fn entry(era: EraIndex, state: PayState) -> Entry {
	Entry { era, points: 20_000_000, blocks: 1, duty: 4, state }
}

/// Writes a settled era whose release lies in the stakers' pot.
fn settled_era<T: Config>(era: EraIndex) -> Result<(), BenchmarkError> {
	let released = Pay { work: PART, blocks: PART, duty: PART };
	let ledger = EraLedger {
		members: 1,
		all: ALL,
		waiting: ALL,
		released,
		treasury: PART,
		paid: Pay::default(),
		settled: true,
	};
	Eras::<T>::insert(era, ledger);
	Released::<T>::mutate(|open| *open = open.saturating_add(released.total()));
	let float = T::Currency::minimum_balance();
	T::Currency::mint_into(&T::Stakers::pot(), released.total().saturating_add(float))?;
	T::Currency::mint_into(&Pallet::<T>::reserve_account(), float)?;
	T::Currency::mint_into(&T::Treasury::get(), float)?;
	Ok(())
}

/// Gives an operator a ledger with as many eras as can be open at once: those of history, the running one and the next.
/// `era` and those that follow wait to be paid, those before are paid.
fn full_ledger<T: Config>(owner: &T::AccountId, era: EraIndex, oldest: EraIndex) {
	let room = T::HistoryEras::get().saturating_add(2).min(MAX_ENTRIES) as usize;
	let state = |of| if of < era { PayState::Paid } else { PayState::Waiting };
	let entries = (oldest..).map(|of| entry(of, state(of))).take(room).collect();
	Ledgers::<T>::insert(owner, Entries::truncate_from(entries));
}

/// Lets an operator with a full ledger wait for an era to be paid, to a pool that is as full as it can be: the last one that
/// can be, or as many before it, as far as they are open. Returns the era.
pub(crate) fn payable<T: Config>(
	owner: &T::AccountId,
	before: u32,
) -> Result<EraIndex, BenchmarkError> {
	let last = T::Stakers::set_up_pool(owner);
	go_to::<T>(last.saturating_add(T::EscrowEras::get().max(1)));
	let open = last.saturating_sub(Pallet::<T>::oldest()).saturating_add(1);
	let era = last.saturating_sub(before.checked_rem(open).unwrap_or(0));
	if !Eras::<T>::contains_key(era) {
		settled_era::<T>(era)?;
	}
	full_ledger::<T>(owner, era, Pallet::<T>::oldest());
	Ok(era)
}

/// Lets an operator that earns in `era` have as many other eras as are open at once, and the era open the pot and pay
/// all parts by its release, for benchmarks of other pallets.
pub(crate) fn worst_case<T: Config>(
	era: EraIndex,
	owner: &T::AccountId,
) -> Result<(), BenchmarkError> {
	let oldest = era.saturating_sub(T::HistoryEras::get());
	full_ledger::<T>(owner, era, oldest);
	Ledgers::<T>::mutate(owner, |entries| entries.retain(|entry| entry.era != era));
	if !Eras::<T>::contains_key(era) {
		let ledger = EraLedger { members: 1, all: ALL, waiting: ALL, ..Default::default() };
		Eras::<T>::insert(era, ledger);
		fill_reserve::<T>()?;
	}
	Ok(())
}

/// Lets an operator wait for `era` to be paid, with a ledger that is full in the era after, for benchmarks of other pallets.
pub(crate) fn waits_for<T: Config>(
	era: EraIndex,
	owner: &T::AccountId,
) -> Result<(), BenchmarkError> {
	if !Eras::<T>::contains_key(era) {
		settled_era::<T>(era)?;
	}
	full_ledger::<T>(owner, era, era.saturating_add(1).saturating_sub(T::HistoryEras::get()));
	Ok(())
}

fn fill_reserve<T: Config>() -> Result<(), BenchmarkError> {
	let float = T::Currency::minimum_balance();
	let plenty = float.saturating_add(1_000_000_000 * DTEL);
	T::Currency::mint_into(&Pallet::<T>::reserve_account(), plenty)?;
	T::Currency::mint_into(&T::Treasury::get(), float)?;
	Ok(())
}

/// Makes the first block of `era` the running one.
fn go_to<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

/// The running era in benchmarks of sinks: so late that a full history is before it.
fn late<T: Config>() -> EraIndex {
	let era = T::HistoryEras::get().saturating_add(9);
	go_to::<T>(era);
	era
}

fn is_paid<T: Config>(owner: &T::AccountId, era: EraIndex) -> bool {
	Ledgers::<T>::get(owner).iter().any(|e| e.era == era && e.state == PayState::Paid)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// To a pool that is as full as it can be, of an operator whose ledger is, too.
	#[benchmark]
	fn payout() -> Result<(), BenchmarkError> {
		let owner = operator::<T>(0);
		let era = payable::<T>(&owner, 0)?;
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), era, owner.clone());
		assert!(is_paid::<T>(&owner, era));
		assert!(Eras::<T>::get(era).is_some_and(|ledger| ledger.paid.total() > 0));
		Ok(())
	}

	/// The first node of an operator with a full ledger, in an era in which others were scored.
	#[benchmark]
	fn scored() -> Result<(), BenchmarkError> {
		let (owner, era) = (operator::<T>(1), late::<T>());
		worst_case::<T>(era, &owner)?;
		let (stake, kbps, score) = (Balance::MAX, u32::MAX, BasisPoints::ONE);
		let member = Scored { era, node: 8, owner: owner.clone(), stake, kbps, score, duty: 5 };
		let points;
		#[block]
		{
			points = <Pallet<T> as ScoreSink<T::AccountId>>::scored(member);
		}
		assert!(points > 0);
		assert!(Ledgers::<T>::get(&owner).iter().any(|e| e.era == era && e.duty == 5));
		Ok(())
	}

	/// The first block of an operator with a full ledger, in an era in which others were scored.
	#[benchmark]
	fn note_author() -> Result<(), BenchmarkError> {
		let (owner, era) = (operator::<T>(1), late::<T>());
		worst_case::<T>(era, &owner)?;
		Unsettled::<T>::put(era);
		#[block]
		{
			Pallet::<T>::note_author(&owner);
		}
		assert!(Ledgers::<T>::get(&owner).iter().any(|e| e.era == era && e.blocks == 1));
		Ok(())
	}

	/// The pot is opened by the release, every part is earned, and it is so late that the walk has to be woken.
	#[benchmark]
	fn era_settled() -> Result<(), BenchmarkError> {
		let ledger = EraLedger { members: 1, all: ALL, waiting: ALL, ..Default::default() };
		Eras::<T>::insert(0, ledger);
		fill_reserve::<T>()?;
		go_to::<T>(Pallet::<T>::payable_from(0));
		Walked::<T>::put(Walk { from: EraIndex::MAX, ..Walk::default() });
		#[block]
		{
			<Pallet<T> as ScoreSink<T::AccountId>>::era_settled(0);
		}
		assert!(Eras::<T>::get(0).is_some_and(|ledger| ledger.settled));
		assert_eq!(Walked::<T>::get().from, Pallet::<T>::current_era());
		Ok(())
	}

	/// Nothing is closed, and the walk rests.
	#[benchmark]
	fn on_idle_base() {
		Walked::<T>::put(Walk { from: EraIndex::MAX, ..Walk::default() });
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::tidy(&mut meter);
		}
	}

	/// Some of it was refused, and nobody asked for the rest.
	#[benchmark]
	fn close_era() -> Result<(), BenchmarkError> {
		settled_era::<T>(0)?;
		Eras::<T>::mutate_extant(0, |era| era.waiting.points = era.all.points / 2);
		go_to::<T>(T::HistoryEras::get().saturating_add(1));
		#[block]
		{
			if Pallet::<T>::is_closed(Cleared::<T>::get()) {
				Pallet::<T>::clear_next();
			}
		}
		assert_eq!((Released::<T>::get(), Cleared::<T>::get()), (0, 1));
		Ok(())
	}

	/// `n` operators are paid, each as in `payout` and each for another era, as far as so many are open; then nothing is left to
	/// look at.
	#[benchmark]
	fn walk(n: Linear<0, WALK_PAGE>) -> Result<(), BenchmarkError> {
		let mut owners = alloc::vec::Vec::new();
		for index in 0..n {
			let owner = operator::<T>(index);
			let era = payable::<T>(&owner, index)?;
			owners.push((owner, era));
		}
		#[block]
		{
			Pallet::<T>::walk(Walked::<T>::get(), WALK_PAGE.saturating_add(1));
		}
		assert!(owners.iter().all(|(owner, era)| is_paid::<T>(owner, *era)));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
