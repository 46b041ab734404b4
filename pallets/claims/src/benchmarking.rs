//! Benchmarks: every call in its worst case.

use super::*;
use crate::types::{page_of, pages};
use alloc::vec::Vec;
use dtel_primitives::{
	airdrop::{
		depth, leaf, root_from, Airdrop, AirdropId, LeafIndex, Plan, Progress, Proof, MAX_DEPTH,
		MAX_LABEL, MAX_LEAVES,
	},
	vesting::Terms,
	Balance, BlockNumber, Hash, DTEL,
};
use dtel_traits::Grants;
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	EnsureOrigin, Get,
};
use frame_system::RawOrigin;

/// The number of the airdrop that is benchmarked.
const ID: AirdropId = 7;
/// What the claimed leaf has: more than any existential deposit.
const AMOUNT: Balance = 1_000_000 * DTEL;

fn plenty<T: Config>() -> Balance {
	AMOUNT.saturating_mul(4).saturating_add(T::Currency::minimum_balance())
}

/// An origin that succeeds, and who funds then, with money.
fn admin<T: Config>() -> Result<(T::RuntimeOrigin, T::AccountId), BenchmarkError> {
	let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
	let funder = T::AdminOrigin::ensure_origin(origin.clone())
		.map_err(|_| BenchmarkError::Stop("the origin is refused"))?;
	T::Currency::mint_into(&funder, plenty::<T>().saturating_mul(2))?;
	Ok((origin, funder))
}

/// An airdrop with so many leaves that is open, and whose account is full.
fn opened<T: Config>(leaves: u32, root: Hash) -> Result<Airdrop<T::AccountId>, BenchmarkError> {
	let (_, funder) = admin::<T>()?;
	let (opens, closes) = (5, 5u32.saturating_add(T::MaxWindow::get()));
	let kept = Airdrop {
		funder,
		domain: Hash::repeat_byte(0xd0),
		root,
		leaves,
		amount: AMOUNT.saturating_mul(4),
		paid: 0,
		claims: 0,
		opens,
		closes,
		vesting: None,
		progress: Progress::Live,
	};
	NextId::<T>::put(ID.saturating_add(1));
	Airdrops::<T>::insert(ID, &kept);
	T::Currency::mint_into(&Pallet::<T>::account_of(ID), plenty::<T>())?;
	go_to::<T>(opens);
	Ok(kept)
}

fn go_to<T: Config>(block: BlockNumber) {
	frame_system::Pallet::<T>::set_block_number(block.into());
}

/// The last leaf of an open airdrop whose tree has so many levels, of `who`; all others of its page were claimed.
fn claimable<T: Config>(
	levels: u32,
	who: &T::AccountId,
	amount: Balance,
	vesting: Option<Terms>,
) -> Result<(LeafIndex, Proof), BenchmarkError> {
	let leaves = 1u32.checked_shl(levels).unwrap_or(MAX_LEAVES);
	let index = leaves.saturating_sub(1);
	let mut kept = opened::<T>(leaves, Hash::default())?;
	let siblings: Vec<Hash> = (0..levels).map(|level| Hash::repeat_byte(level as u8)).collect();
	kept.root = root_from(index, leaf(&kept.domain, index, who, amount), &siblings);
	kept.vesting = vesting;
	Airdrops::<T>::insert(ID, kept);
	let mut page = Page::default();
	let others = page_of(index).saturating_mul(PAGE_LEAVES)..index;
	others.for_each(|other| page.note(other));
	if index > 0 {
		Claimed::<T>::insert(ID, page_of(index), page);
	}
	let proof = Proof::try_from(siblings).map_err(|_| BenchmarkError::Stop("too many levels"))?;
	Ok((index, proof))
}

fn is_claimed<T: Config>(index: LeafIndex) -> bool {
	Claimed::<T>::get(ID, page_of(index)).has(index)
}

/// Terms that can be granted and last as long as a window that closes then; none where nothing can be granted.
fn terms<T: Config>(closes: BlockNumber) -> Option<Terms> {
	let (mut terms, _) = T::Grants::set_up_grant(&account("grantee", 0, 0));
	terms.end = terms.end.max(closes);
	T::Grants::check(&terms).is_ok().then_some(terms)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// With the longest label, and terms.
	#[benchmark]
	fn create() -> Result<(), BenchmarkError> {
		let (origin, _) = admin::<T>()?;
		// The runner puts what runs in block 0 into block 1.
		go_to::<T>(1);
		let terms = terms::<T>(0);
		let opens = Pallet::<T>::now().saturating_add(T::MinNotice::get());
		let closes = opens.saturating_add(T::MinWindow::get());
		let plan = Plan {
			label: alloc::vec![b'l'; MAX_LABEL as usize].try_into().unwrap_or_default(),
			root: Hash::repeat_byte(1),
			leaves: T::MaxLeaves::get(),
			amount: AMOUNT,
			opens,
			closes,
			vesting: terms.map(|terms| Terms { end: terms.end.max(closes), ..terms }),
		};
		NextId::<T>::put(ID);
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, plan);
		assert!(Airdrops::<T>::contains_key(ID));
		Ok(())
	}

	/// By an account that is not alive before, at the end of a page that is nearly full.
	#[benchmark]
	fn claim(p: Linear<0, MAX_DEPTH>) -> Result<(), BenchmarkError> {
		let (caller, who): (T::AccountId, T::AccountId) =
			(whitelisted_caller(), account("who", 0, 0));
		let (index, proof) = claimable::<T>(p, &who, AMOUNT, None)?;
		assert_eq!(depth(index.saturating_add(1)), Some(p));
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), ID, index, who.clone(), AMOUNT, proof);
		assert!(is_claimed::<T>(index));
		assert_eq!(T::Currency::total_balance(&who), AMOUNT);
		Ok(())
	}

	/// By an account to which a grant costs most. Where nothing can be granted it is a claim without terms.
	#[benchmark]
	fn claim_vested(p: Linear<0, MAX_DEPTH>) -> Result<(), BenchmarkError> {
		let (caller, who): (T::AccountId, T::AccountId) =
			(whitelisted_caller(), account("who", 0, 0));
		let (terms, least) = T::Grants::set_up_grant(&who);
		let amount = least.max(T::Currency::minimum_balance());
		let vesting = T::Grants::check(&terms).is_ok().then_some(terms);
		let (index, proof) = claimable::<T>(p, &who, amount, vesting)?;
		#[extrinsic_call]
		claim(RawOrigin::Signed(caller), ID, index, who, amount, proof);
		assert!(is_claimed::<T>(index));
		Ok(())
	}

	#[benchmark]
	fn close() -> Result<(), BenchmarkError> {
		let kept = opened::<T>(T::MaxLeaves::get(), Hash::default())?;
		go_to::<T>(kept.closes);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), ID);
		assert_eq!(T::Currency::total_balance(&Pallet::<T>::account_of(ID)), 0);
		Ok(())
	}

	#[benchmark]
	fn cancel() -> Result<(), BenchmarkError> {
		opened::<T>(T::MaxLeaves::get(), Hash::default())?;
		go_to::<T>(1);
		let (origin, _) = admin::<T>()?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, ID);
		assert!(!Airdrops::<T>::contains_key(ID));
		Ok(())
	}

	/// The last pages, each of them full.
	#[benchmark]
	fn prune(n: Linear<1, MAX_PRUNE>) -> Result<(), BenchmarkError> {
		let mut kept = opened::<T>(MAX_LEAVES, Hash::default())?;
		let all = pages(kept.leaves);
		let mut full = Page::default();
		(0..PAGE_LEAVES).for_each(|index| full.note(index));
		let first = all.saturating_sub(n);
		(first..all).for_each(|page| Claimed::<T>::insert(ID, page, full.clone()));
		kept.progress = Progress::Closed { pruned: first };
		Airdrops::<T>::insert(ID, kept);
		let caller: T::AccountId = whitelisted_caller();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), ID, n);
		assert!(!Airdrops::<T>::contains_key(ID));
		assert!(!Claimed::<T>::contains_key(ID, first));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
