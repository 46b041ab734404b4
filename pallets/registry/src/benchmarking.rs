//! Benchmarks: every call in its worst case.

use super::*;
use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region, MAX_DOMAIN},
	AttestorId, Balance, MediaKey, NodeId,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	Get,
};
use frame_system::RawOrigin;
use sp_core::sr25519;
use types::Rotating;

const REGION: Region = Region { country: *b"DE", lat: 525, lon: 134 };

/// A public host name of full length that differs for each seed.
fn longest_domain(seed: u32) -> Domain {
	let label = |byte: u8, length: usize| alloc::vec![byte; length];
	let tail = (MAX_DOMAIN as usize).saturating_sub(3 * 64);
	let mut last: alloc::vec::Vec<u8> = alloc::format!("n{seed}").into_bytes();
	last.resize(tail, b'z');
	let labels = [label(b'a', 63), label(b'b', 63), label(b'c', 63), last];
	Domain::truncate_from(labels.join(&b'.'))
}

fn key(tag: u8, seed: u32) -> [u8; 32] {
	sp_io::hashing::blake2_256(&[&[tag][..], &seed.to_le_bytes()].concat())
}

fn attestor(seed: u32) -> AttestorId {
	sr25519::Public::from_raw(key(0, seed)).into()
}

fn media(seed: u32) -> MediaKey {
	MediaKey::from_raw(key(1, seed))
}

/// A node as large as one can be, registered in era 0.
pub(crate) fn largest_node<T: Config>(
	owner: T::AccountId,
	seed: NodeId,
	attestor: AttestorId,
) -> Node<T::AccountId> {
	Node {
		owner,
		domain: longest_domain(seed),
		region: REGION,
		capabilities: Capabilities::KNOWN,
		declared_kbps: 1_000_000,
		attestor: Rotating::new(attestor),
		media: Rotating::new(media(seed)),
		registered: 0,
		draining_since: None,
		deposit: 0,
	}
}

fn skip_eras<T: Config>(eras: u32) {
	let clock = T::Clock::get();
	let block = clock.first_block(Pallet::<T>::era().saturating_add(eras));
	frame_system::Pallet::<T>::set_block_number(block.into());
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
	use super::*;

	fn rich<T: Config>() -> T::AccountId
	where
		T::Currency: Mutate<T::AccountId>,
	{
		let who: T::AccountId = whitelisted_caller();
		let needed = Pallet::<T>::node_deposit(&longest_domain(0))
			.saturating_add(T::ClientDeposit::get())
			.saturating_add(T::Currency::minimum_balance());
		let funds: Balance = needed.saturating_mul(4);
		T::Currency::set_balance(&who, funds);
		who
	}

	/// A node with a real deposit.
	fn registered<T: Config>() -> Result<(T::AccountId, NodeId), BenchmarkError>
	where
		T::Currency: Mutate<T::AccountId>,
	{
		let who = rich::<T>();
		let node = NextNodeId::<T>::get();
		Pallet::<T>::do_register(
			who.clone(),
			longest_domain(0),
			REGION,
			Capabilities::KNOWN,
			1_000_000,
			attestor(0),
			media(0),
		)?;
		Ok((who, node))
	}

	#[benchmark]
	fn register() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		let node = NextNodeId::<T>::get();
		#[extrinsic_call]
		_(
			RawOrigin::Signed(caller),
			longest_domain(0),
			REGION,
			Capabilities::KNOWN,
			1_000_000,
			attestor(0),
			media(0),
		);
		assert!(Pallet::<T>::node(node).is_some());
		Ok(())
	}

	/// A successor has begun, so that both old keys are freed and both new ones are taken.
	#[benchmark]
	fn rotate_keys() -> Result<(), BenchmarkError> {
		let (caller, node) = registered::<T>()?;
		Pallet::<T>::do_rotate_keys(&caller, node, attestor(1), media(1))?;
		skip_eras::<T>(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), node, attestor(2), media(2));
		assert!(!NodeOfMedia::<T>::contains_key(media(0)));
		assert_eq!(NodeOfMedia::<T>::get(media(2)), Some(node));
		Ok(())
	}

	#[benchmark]
	fn set_status() -> Result<(), BenchmarkError> {
		let (caller, node) = registered::<T>()?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), node, NodeStatus::Draining);
		assert_eq!(Pallet::<T>::node(node).map(|n| n.status()), Some(NodeStatus::Draining));
		Ok(())
	}

	/// The second call, which removes; both keys have a successor.
	#[benchmark]
	fn retire() -> Result<(), BenchmarkError> {
		let (caller, node) = registered::<T>()?;
		Pallet::<T>::do_rotate_keys(&caller, node, attestor(1), media(1))?;
		Pallet::<T>::do_retire(&caller, node)?;
		skip_eras::<T>(2);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), node);
		assert!(Pallet::<T>::node(node).is_none());
		Ok(())
	}

	#[benchmark]
	fn add_client() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), media(9), Some(u32::MAX), u32::MAX);
		assert!(Pallet::<T>::is_client_valid(media(9)));
		Ok(())
	}

	#[benchmark]
	fn revoke_client() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		Pallet::<T>::do_add_client(caller.clone(), media(9), Some(u32::MAX), u32::MAX)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), media(9));
		assert!(Pallet::<T>::client(media(9)).is_none());
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::new().build(), crate::mock::Test);
}
