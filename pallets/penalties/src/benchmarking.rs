//! Benchmarks of the calls, of the steps of hooks and of what a report causes.
//!
//! Each builds the worst case itself: lists as long as they can be, and dates at which a penalty changes its place in the
//! queue. None depends on what a preset says of deferral, notice or unbonding.

use super::*;
use crate::{
	offences::OffenderOf,
	types::{Horizon, Sentence, Span, Term, Window},
};
use codec::DecodeAll;
use dtel_primitives::{AttestorId, Balance, BasisPoints, EraIndex, Hash, NodeId, DTEL};
use dtel_traits::{
	Equivocation, Evidence, NodeRegistry, Occasion, Offence, OffenceKind, OffenceSink, Offender,
	Payroll, PenaltyId, RetirementSink, StakeLedger, ValidatorSink,
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
use sp_runtime::Perbill;

/// The era of the offences: late enough for full lists of past eras in other pallets, on as many pages as they can lie.
const ERA: EraIndex = 225;

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

/// Reports what `offender` did in `era`. Returns the penalty.
fn offend<T: Config>(
	era: EraIndex,
	offender: OffenderOf<T>,
	owner: &T::AccountId,
	evidence: Evidence,
) -> PenaltyId {
	let id = NextId::<T>::get();
	let offence = Offence { era, offender, owner: owner.clone(), evidence };
	<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
	id
}

/// What costs most: it takes the era's pay, too.
const WORST: Evidence = Evidence::DoubleReveal { first: Hash::zero(), second: Hash::zero() };

/// Every other kind of service offence.
fn others() -> [Evidence; 5] {
	let worst = BasisPoints::ZERO;
	[
		Evidence::MissedDuty { committed: true, revealed: 0, members: 0 },
		Evidence::PoorQuality { below: 1, of: 1, worst },
		Evidence::Outlier { eras: 1, of: 1 },
		// Of no measurement is none too many.
		Evidence::Unavailable { assigned: 5, reported: 5, down: 0, measured: 0 },
		Evidence::FalsePlace { broken: 1, of: 1 },
	]
}

/// An equivocation in this round that costs this many parts of a thousand million.
fn equivocation(round: u64, parts: u32) -> Evidence {
	let (occasion, fraction) = (Occasion { set: 1, round }, Perbill::from_parts(parts));
	let equivocation = Equivocation { session: 1, occasion, offenders: 1, validators: 1, fraction };
	Evidence::GrandpaEquivocation(equivocation)
}

/// A sentence of as many terms as it can have, one of them merged.
fn long_sentence<T: Config>(owner: &T::AccountId, until: EraIndex) -> Sentence<T::AccountId> {
	let mut sentence = Sentence::of(owner.clone(), 0);
	for id in 0..MAX_TERMS {
		let penalty = (id > 0).then(|| PenaltyId::MAX.saturating_sub(id));
		let _ = sentence.terms.try_push(Term { penalty, span: Span { since: 1, until } });
	}
	sentence.merged = 2;
	sentence
}

/// Who decides about appeals.
fn judge<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::AppealOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

/// Moves a penalty within the queue: it is due in `due`, and an appeal holds it up until `last`.
fn stretch<T: Config>(id: PenaltyId, due: EraIndex, last: EraIndex) {
	Penalties::<T>::mutate(id, |penalty| {
		let Some(penalty) = penalty else { return };
		penalty.executes_from().into_iter().for_each(|era| Due::<T>::remove(era, id));
		(penalty.due, penalty.last) = (due, last);
		penalty.executes_from().into_iter().for_each(|era| Due::<T>::insert(era, id, ()));
	});
}

/// Stake in the worst shape of the running era, a seat as a validator, and funds for two appeals. Whoever is slashed for
/// that era loses both.
fn enrich<T: Config>(owner: &T::AccountId) -> Result<(), BenchmarkError> {
	T::Stake::set_up_stake(owner, 1_000_000 * DTEL);
	T::Validators::set_up_validator(owner);
	let funds: Balance =
		T::AppealBond::get().saturating_add(T::Currency::minimum_balance()).saturating_mul(4);
	drop(T::Currency::deposit(owner, funds, Precision::Exact)?);
	Ok(())
}

/// In [`ERA`], a staked operator with funds that waits for its pay, whose node has as many strikes as are told apart, and did everything that a
/// node can do wrong. All of it but that it signed two reports is cancelled, as though it had not been a strike.
///
/// The penalty for that is due in the next era; an appeal holds it up for one more. Returns it with one of another node
/// that is appealed.
fn worst_case<T: Config>(owner: &T::AccountId) -> Result<(NodeId, PenaltyId), BenchmarkError> {
	let node = node_of::<T>(owner)?;
	go_to::<T>(ERA);
	enrich::<T>(owner)?;
	T::Payroll::set_up_pay(owner, ERA);
	let offender = Offender::Node(node);
	for evidence in others() {
		let id = offend::<T>(ERA, offender.clone(), owner, evidence);
		Pallet::<T>::cancel(judge::<T>()?, id)?;
	}
	let record = Record { strikes: Pallet::<T>::full_strikes(), ..Record::default() };
	Records::<T>::insert(&offender, record);
	let id = offend::<T>(ERA, offender, owner, WORST);
	stretch::<T>(id, ERA + 1, ERA + 2);
	let other = offend::<T>(ERA, Offender::Node(node.saturating_add(1)), owner, WORST);
	stretch::<T>(other, ERA + 1, ERA + 2);
	Pallet::<T>::appeal(RawOrigin::Signed(owner.clone()).into(), other)?;
	Ok((node, id))
}

/// What was taken for a penalty, if anything.
fn taken<T: Config>(id: PenaltyId) -> Option<Balance> {
	match Penalties::<T>::get(id)?.state() {
		State::Executed { amount } => Some(amount).filter(|amount| *amount > 0),
		_ => None,
	}
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The term is over; the sentence is the longest list. A validator's release asks the registry for less.
	#[benchmark]
	fn unjail() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = whitelisted_caller();
		let node = node_of::<T>(&owner)?;
		go_to::<T>(ERA);
		Jailed::<T>::insert(Offender::Node(node), long_sentence::<T>(&owner, ERA));
		JailedOf::<T>::insert(&owner, 2);
		T::Payroll::set_up_settled(ERA - 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), node);
		assert!(!Jailed::<T>::contains_key(Offender::Node(node)));
		Ok(())
	}

	/// Another appeal is open. The penalty moves to another place in the queue.
	#[benchmark]
	fn appeal() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = whitelisted_caller();
		let (_, id) = worst_case::<T>(&owner)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(owner.clone()), id);
		assert_eq!(Appeals::<T>::get(owner), 2);
		assert!(Due::<T>::contains_key(ERA + 2, id) && !Due::<T>::contains_key(ERA + 1, id));
		Ok(())
	}

	/// Another appeal stays open. The penalty moves back to an earlier place in the queue, is due, and takes stake.
	#[benchmark]
	fn uphold() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (_, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		go_to::<T>(ERA + 1);
		let origin = judge::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);
		assert!(taken::<T>(id).is_some());
		Ok(())
	}

	/// An appeal is open, and another one stays so. All other kinds of offences of the era have a record and bear no strike:
	/// it is taken out of the longest list. The offender is released.
	#[benchmark]
	fn cancel() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (node, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		let offender = Offender::<T::AccountId>::Node(node);
		let strikes = || {
			Records::<T>::get(&offender).map_or(0, |record| record.strikes().recent().len() as u32)
		};
		assert_eq!(strikes(), MAX_STRIKES);
		let origin = judge::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);
		assert_eq!(Penalties::<T>::get(id).map(|penalty| penalty.state()), Some(State::Cancelled));
		assert_eq!(strikes(), MAX_STRIKES - 1);
		assert!(!Jailed::<T>::contains_key(&offender));
		Ok(())
	}

	/// An appeal has lapsed, another one stays open.
	#[benchmark]
	fn execute() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let (_, id) = worst_case::<T>(&owner)?;
		Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
		stretch::<T>(id, ERA + 1, ERA + 1);
		go_to::<T>(ERA + 1);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);
		assert!(taken::<T>(id).is_some());
		Ok(())
	}

	/// The last kind, by a node of which all others of that era are on record and bear no strike, with the longest lists
	/// of strikes and of terms; its operator has retired another.
	#[benchmark]
	fn report() -> Result<(), BenchmarkError> {
		let owner: T::AccountId = account("owner", 0, 0);
		let node = node_of::<T>(&owner)?;
		go_to::<T>(ERA);
		let offender = Offender::Node(node);
		for evidence in others() {
			let id = offend::<T>(ERA, offender.clone(), &owner, evidence);
			Pallet::<T>::cancel(judge::<T>()?, id)?;
		}
		<Pallet<T> as RetirementSink<T::AccountId>>::set_up_retirement(node, &owner);
		Jailed::<T>::insert(&offender, long_sentence::<T>(&owner, ERA));
		let offence = Offence { era: ERA, offender: offender.clone(), owner, evidence: WORST };
		#[block]
		{
			<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
		}
		let key = (ERA, offender, OffenceKind::DoubleReveal, Occasion::default());
		let penalty = Offences::<T>::get(key).and_then(Penalties::<T>::get);
		assert!(penalty.is_some_and(|penalty| penalty.strikes() > 0));
		Ok(())
	}

	/// Not the first of its kind and era, by a validator with the longest list of terms.
	#[benchmark]
	fn report_equivocation() {
		let who: T::AccountId = account("validator", 0, 0);
		let offender = Offender::Validator(who.clone());
		go_to::<T>(ERA);
		let _ = offend::<T>(ERA, offender.clone(), &who, equivocation(1, 1));
		Jailed::<T>::insert(&offender, long_sentence::<T>(&who, ERA));
		let evidence = equivocation(2, 2);
		let offence = Offence { era: ERA, offender: offender.clone(), owner: who, evidence };
		#[block]
		{
			<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
		}
		let kind = OffenceKind::GrandpaEquivocation;
		assert_eq!(Tallies::<T>::get((ERA, offender, kind)).count, 2);
	}

	/// The penalty was upheld, and moves to a later place in the queue.
	#[benchmark]
	fn raise_equivocation() {
		let who: T::AccountId = account("validator", 0, 0);
		let offender = Offender::Validator(who.clone());
		go_to::<T>(ERA);
		let id = offend::<T>(ERA, offender.clone(), &who, equivocation(1, 1));
		stretch::<T>(id, ERA, ERA);
		if let Some(penalty) = Penalties::<T>::get(id) {
			Pallet::<T>::advance(id, penalty, State::Upheld);
		}
		let offence = Offence { era: ERA, offender, owner: who, evidence: equivocation(1, 2) };
		#[block]
		{
			<Pallet<T> as OffenceSink<T::AccountId>>::report(offence);
		}
		let penalty = Penalties::<T>::get(id).map(|p| (p.state(), p.fraction()));
		assert_eq!(penalty, Some((State::Pending, Perbill::from_parts(2))));
		assert!(!Due::<T>::contains_key(ERA, id));
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

	/// `n` operators have a penalty due that takes stake, each with an appeal that has lapsed. As many others lose their pay, each
	/// for another era: for how many eras back stake can be taken, and pay with it, a preset says.
	#[benchmark]
	fn execute_due(n: Linear<0, DUE_PAGE>) -> Result<(), BenchmarkError> {
		go_to::<T>(ERA);
		let first = NextId::<T>::get();
		let mut losers = alloc::vec::Vec::new();
		for index in 0..n {
			let owner: T::AccountId = account("owner", index, 0);
			enrich::<T>(&owner)?;
			let id = offend::<T>(ERA, Offender::Node(index), &owner, WORST);
			Pallet::<T>::appeal(RawOrigin::Signed(owner).into(), id)?;
			stretch::<T>(id, ERA + 1, ERA + 1);
			let (loser, era) = (account("loser", index, 0), ERA.saturating_sub(index));
			T::Payroll::set_up_pay(&loser, era);
			losers.push((loser, era));
		}
		go_to::<T>(ERA + 1);
		#[block]
		{
			Pallet::<T>::execute_page(ERA + 1, DUE_PAGE);
			for (loser, era) in losers {
				T::Payroll::forfeit(&loser, era);
			}
		}
		assert_eq!(Due::<T>::iter_key_prefix(ERA + 1).count(), 0);
		assert_eq!((first..).map_while(taken::<T>).count(), n as usize);
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

	/// `n` records are left, each of an equivocation of another validator; the last page is never full.
	#[benchmark]
	fn sweep_page(n: Linear<0, SWEEP_PAGE>) {
		go_to::<T>(0);
		for index in 0..n {
			let who: T::AccountId = account("validator", index, 0);
			let id = offend::<T>(0, Offender::Validator(who.clone()), &who, equivocation(1, 1));
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
		assert_eq!((Occasions::<T>::iter().count(), Tallies::<T>::iter().count()), (0, 0));
	}

	/// The next record is stale, and so are the next of the strikes of gone nodes.
	#[benchmark]
	fn walk() {
		let strikes = Pallet::<T>::full_strikes();
		let stale = Record {
			strikes: strikes.clone(),
			quality: Window { bits: 1, newest: Some(0) },
			outliers: Window { bits: 1, newest: Some(0) },
			..Record::default()
		};
		for index in 0..2 {
			Records::<T>::insert(Offender::Node(index), stale.clone());
			let owner: T::AccountId = account("owner", index, 0);
			Carried::<T>::insert(owner, strikes.clone());
		}
		let decayed = T::Policy::get().strike_eras.saturating_mul(MAX_STRIKES + 1);
		go_to::<T>(T::HistoryEras::get().max(decayed).saturating_add(1));
		Pallet::<T>::walk();
		assert_eq!((Records::<T>::iter().count(), Carried::<T>::iter().count()), (1, 1));
		#[block]
		{
			Pallet::<T>::walk();
		}
		assert_eq!((Records::<T>::iter().count(), Carried::<T>::iter().count()), (0, 0));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
