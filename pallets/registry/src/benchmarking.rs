//! Benchmarks: every call in its worst case.

use super::*;
use dtel_primitives::{
	node::{
		Capabilities, NodeStatus, PeaqDid, Region, SoftwareVersion, MAX_DID, MAX_DOMAIN,
		MAX_VERSION,
	},
	AttestorId, Balance, MediaKey, NodeId,
};
use dtel_traits::RetirementSink;
use frame_benchmarking::v2::*;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	Get,
};
use frame_system::RawOrigin;
use sp_core::sr25519;

const REGION: Region = Region { country: *b"DE", lat: 525, lon: 134 };
const ELSEWHERE: [Region; 2] = [
	Region { country: *b"NZ", lat: -413, lon: 1748 },
	Region { country: *b"CL", lat: -335, lon: -707 },
];

/// A public host name of full length that differs for each seed.
fn longest_domain(seed: u32) -> Domain {
	let label = |byte: u8, length: usize| alloc::vec![byte; length];
	let tail = (MAX_DOMAIN as usize).saturating_sub(3 * 64);
	let mut last: alloc::vec::Vec<u8> = alloc::format!("n{seed}").into_bytes();
	last.resize(tail, b'z');
	let labels = [label(b'a', 63), label(b'b', 63), label(b'c', 63), last];
	Domain::truncate_from(labels.join(&b'.'))
}

// No chain's runtime has benchmarks in it.
#[allow(clippy::expect_used)]
fn longest_version() -> SoftwareVersion {
	SoftwareVersion::new(&[b'v'; MAX_VERSION as usize]).expect("visible characters, few enough")
}

/// A declaration as large as one can be.
fn longest_declaration(seed: u32) -> Declaration {
	let mut did = b"did:peaq:".to_vec();
	did.resize(MAX_DID as usize, b'z');
	Declaration {
		domain: longest_domain(seed),
		region: REGION,
		capabilities: Capabilities::KNOWN,
		declared_kbps: 1_000_000,
		version: longest_version(),
		did: PeaqDid::new(&did),
	}
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
	Node::new(owner, longest_declaration(seed), attestor, media(seed), 0, 0)
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
		let needed = Pallet::<T>::node_deposit(&longest_declaration(0))
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
		Pallet::<T>::do_register(who.clone(), longest_declaration(0), attestor(0), media(0))?;
		Ok((who, node))
	}

	#[benchmark]
	fn register() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		let node = NextNodeId::<T>::get();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), longest_declaration(0), attestor(0), media(0));
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

	/// The second call, which removes; both keys and the place have a successor, and what is told of it costs most.
	#[benchmark]
	fn retire() -> Result<(), BenchmarkError> {
		let (caller, node) = registered::<T>()?;
		Pallet::<T>::do_update(&caller, node, moved(0))?;
		Pallet::<T>::do_rotate_keys(&caller, node, attestor(1), media(1))?;
		Pallet::<T>::do_retire(&caller, node)?;
		skip_eras::<T>(2);
		T::Retirements::set_up_retirement(node, &caller);
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), node);
		assert!(Pallet::<T>::node(node).is_none());
		Ok(())
	}

	#[benchmark]
	fn add_client() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), media(9), Some(u32::MAX), T::MaxClientLimit::get());
		assert!(Pallet::<T>::is_client_valid(media(9)));
		Ok(())
	}

	#[benchmark]
	fn revoke_client() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		Pallet::<T>::do_add_client(
			caller.clone(),
			media(9),
			Some(u32::MAX),
			T::MaxClientLimit::get(),
		)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), media(9));
		assert!(Pallet::<T>::client(media(9)).is_none());
		Ok(())
	}

	/// A move to somewhere else.
	fn moved(times: usize) -> NodeUpdate {
		NodeUpdate { region: ELSEWHERE.get(times).copied(), ..Default::default() }
	}

	/// Everything changes, and the last move has begun, so that a cell is left and another entered.
	#[benchmark]
	fn update() -> Result<(), BenchmarkError> {
		let (caller, node) = registered::<T>()?;
		let short =
			NodeUpdate { version: SoftwareVersion::new(b"v"), did: DidChange::Remove, ..moved(0) };
		Pallet::<T>::do_update(&caller, node, short)?;
		skip_eras::<T>(1);
		let Declaration { domain, version, did, .. } = longest_declaration(1);
		let did = did.map_or(DidChange::Keep, DidChange::Set);
		let all = NodeUpdate {
			domain: Some(domain),
			capabilities: Some(Capabilities::SFU),
			declared_kbps: Some(1),
			version: Some(version),
			did,
			..moved(1)
		};
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), node, all);
		assert_eq!(Pallet::<T>::node(node).map(|n| n.declared_kbps()), Some(1));
		Ok(())
	}

	#[benchmark]
	fn renew_client() -> Result<(), BenchmarkError> {
		let caller = rich::<T>();
		Pallet::<T>::do_add_client(caller.clone(), media(9), Some(u32::MAX), 1)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(caller), media(9), None, T::MaxClientLimit::get());
		assert_eq!(
			Pallet::<T>::client(media(9)).map(|c| c.limit()),
			Some(T::MaxClientLimit::get())
		);
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::new().build(), crate::mock::Test);
}
