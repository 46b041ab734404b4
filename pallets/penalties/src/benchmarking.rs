//! Benchmarks of the calls, of the steps of hooks and of what a report causes.

use super::*;
use crate::types::{Horizon, Sentence, Span, Term, Window};
use codec::DecodeAll;
use dtel_primitives::{AttestorId, Balance, EraIndex, NodeId, DTEL};
use dtel_traits::{
	Evidence, NodeRegistry, Offence, OffenceKind, OffenceSink, Offender, PenaltyId, StakeLedger,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Balanced, Inspect},
		tokens::Precision,
		EnsureOrigin, Get,
	},
	weights::WeightMeter,
};
use frame_system::RawOrigin;

/// Registers a node of `owner` through whatever the runtime has for a registry.
fn node_of<T: Config>(owner: &T::AccountId) -> Result<NodeId, BenchmarkError> {
	let attestor = AttestorId::decode_all(&mut &[7u8; 32][..])
		.map_err(|_| BenchmarkError::Stop("a key is 32 bytes"))?;
	Ok(T::Registry::set_up_node(owner, attestor))
}

/// Makes the first block of `era` the running one.
fn go_to<T: Config>(era: EraIndex) {
	frame_system::Pallet::<T>::set_block_number(T::Clock::get().first_block(era).into());
}

/// Reports what `node` did in `era`. Returns the penalty.
fn offend<T: Config>(
	era: EraIndex,
	node: NodeId,
	owner: &T::AccountId,
	evidence: Evidence,
) -> PenaltyId {
	let id = NextId::<T>::get();
	let offence = Offence { era, offender: Offender::Node(node), owner: owner.clone(), evidence };
	<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
	id
}

const DOWN: Evidence = Evidence::Unavailable { assigned: 5, reported: 5 };

/// A sentence of as many terms as it can have, none of them of a known penalty.
fn long_sentence<T: Config>(owner: &T::AccountId, until: EraIndex) -> Sentence<T::AccountId> {
	let mut sentence = Sentence::of(owner.clone());
	for _ in 0..MAX_TERMS {
		let term = Term { penalty: None, span: Span { since: 1, until } };
		let _ = sentence.terms.try_push(term);
	}
	sentence
}

/// In era 3, a staked operator with funds, whose node did everything that a node can do wrong.
fn worst_case<T: Config>(owner: &T::AccountId) -> Result<(NodeId, PenaltyId), BenchmarkError> {
	let node = node_of::<T>(owner)?;
	T::Stake::set_up_stake(owner, 1_000_000 * DTEL);
	let funds: Balance =
		T::AppealBond::get().saturating_add(T::Currency::minimum_balance()).saturating_mul(4);
	drop(T::Currency::deposit(owner, funds, Precision::Exact)?);
	go_to::<T>(3);
	let hash = dtel_primitives::Hash::zero();
	let worst = dtel_primitives::BasisPoints::ZERO;
	for evidence in [
		Evidence::MissedDuty { committed: true },
		Evidence::PoorQuality { below: 1, of: 1, worst },
		Evidence::Outlier { eras: 1, of: 1 },
		Evidence::DoubleReveal { first: hash, second: hash },
		Evidence::FalsePlace { broken: 1, of: 1 },
	] {
		offend::<T>(3, node, owner, evidence);
	}
	Ok((node, offend::<T>(3, node, owner, DOWN)))
}

/// The first era in which a penalty is executed.
fn due<T: Config>(id: PenaltyId) -> EraIndex {
	Penalties::<T>::get(id).and_then(|penalty| penalty.executes_from()).unwrap_or_default()
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The term is over; the sentence is the longest list. A validator's release asks the registry for less.
	#[benchmark]
	fn unjail() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = whitelisted_caller();
		let node = node_of::<T>(&owner)?;
		go_to::<T>(5);
		Jailed::<T>::insert(Offender::Node(node), long_sentence::<T>(&owner, 5));
		JailedOf::<T>::insert(&owner, 2);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), node);
		assert!(!Jailed::<T>::contains_key(Offender::Node(node)));
		Ok(())
	}

	/// Another appeal is open.
	#[benchmark]
	fn appeal() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = whitelisted_caller();
		let (_, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner.clone()).into(), id.saturating_sub(1))?;
		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()), id);
		assert_eq!(Appeals::<T>::get(owner), 2);
		Ok(())
	}

	/// The penalty is due.
	#[benchmark]
	fn uphold() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (_, id) = worst_case::<T>(&owner)?;
		let since = due::<T>(id);
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		go_to::<T>(since);
		let origin =
			T::AppealOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);
		assert!(Penalties::<T>::get(id).is_some_and(|penalty| !penalty.is_open()));
		Ok(())
	}

	/// An appeal is open, other offences of the era bear the strike, the sentence is a list.
	#[benchmark]
	fn cancel() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (_, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		let origin =
			T::AppealOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);
		assert_eq!(Penalties::<T>::get(id).map(|penalty| penalty.state()), Some(State::Cancelled));
		Ok(())
	}

	/// An appeal has lapsed.
	#[benchmark]
	fn execute() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (_, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		go_to::<T>(due::<T>(id));
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert!(Penalties::<T>::get(id).is_some_and(|penalty| !penalty.is_open()));
		Ok(())
	}

	/// The last kind, by a node that did everything else in that era and is jailed for all of it.
	#[benchmark]
	fn report() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (node, _) = worst_case::<T>(&owner)?;
		Jailed::<T>::insert(Offender::Node(node), long_sentence::<T>(&owner, 4));
		let offender = Offender::Node(node);
		go_to::<T>(4);
		let offence = Offence { era: 4, offender: offender.clone(), owner, evidence: DOWN };
		#[block]
		{
			<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
		}
		assert!(Offences::<T>::contains_key((4, offender, OffenceKind::Unavailable)));
		Ok(())
	}

	/// Nothing is due and nothing is past.
	#[benchmark]
	fn look() {
		Drained::<T>::put(9);
		let mut meter = WeightMeter::with_limit(T::WeightInfo::look());
		#[block]
		{
			Pallet::<T>::idle(&mut meter);
		}
	}

	/// `n` operators have a penalty due, each with an appeal that has lapsed.
	#[benchmark]
	fn execute_due(n: Linear<0, DUE_PAGE>) -> Result<(), BenchmarkError> {
		let mut era = 0;
		for index in 0..n {
			let owner: T::AccountId = account("owner", index, 0);
			T::Stake::set_up_stake(&owner, 1_000_000 * DTEL);
			let funds = T::AppealBond::get()
				.saturating_add(T::Currency::minimum_balance())
				.saturating_mul(2);
			drop(T::Currency::deposit(&owner, funds, Precision::Exact)?);
			go_to::<T>(3);
			let id = offend::<T>(3, index, &owner, DOWN);
			Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
			era = due::<T>(id);
		}
		go_to::<T>(era);
		#[block]
		{
			Pallet::<T>::execute_page(era, DUE_PAGE);
		}
		assert_eq!(Due::<T>::iter_key_prefix(era).count(), 0);
		Ok(())
	}

	/// The oldest era is past.
	#[benchmark]
	fn close_era() {
		go_to::<T>(T::HistoryEras::get().saturating_add(1));
		#[block]
		{
			if Pallet::<T>::is_past(0) {
				Pallet::<T>::close_next(Horizon::default());
			}
		}
		assert_eq!(History::<T>::get(), Horizon { oldest: 1, sweeping: true });
	}

	/// `n` records are left, each of another operator; the last page is never full.
	#[benchmark]
	fn sweep_page(n: Linear<0, SWEEP_PAGE>) {
		go_to::<T>(0);
		for index in 0..n {
			let owner: T::AccountId = account("owner", index, 0);
			let id = offend::<T>(0, index, &owner, DOWN);
			if let Some(penalty) = Penalties::<T>::get(id) {
				Pallet::<T>::advance(id, penalty, State::Executed { amount: 1 });
			}
		}
		let horizon = Horizon { oldest: 1, sweeping: true };
		History::<T>::put(horizon);
		#[block]
		{
			Pallet::<T>::sweep(horizon);
		}
		assert_eq!(Offences::<T>::iter_prefix((0,)).count(), 0);
		assert_eq!(Penalties::<T>::iter_keys().count(), 0);
	}

	/// The next record is stale.
	#[benchmark]
	fn walk() {
		let stale = Record {
			strikes: 1,
			quality: Window { bits: 1, newest: Some(0) },
			outliers: Window { bits: 1, newest: Some(0) },
			..Record::default()
		};
		Records::<T>::insert(Offender::Node(1), stale.clone());
		Records::<T>::insert(Offender::Node(2), stale);
		let longest = T::HistoryEras::get().max(T::Policy::get().strike_eras);
		go_to::<T>(longest.saturating_add(1));
		Pallet::<T>::walk();
		assert_eq!(Records::<T>::iter_keys().count(), 1);
		#[block]
		{
			Pallet::<T>::walk();
		}
		assert_eq!(Records::<T>::iter_keys().count(), 0);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
