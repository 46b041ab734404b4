//! What a proxy of each type reaches, call by call.

use crate::{arguments::*, world::*};
use dtel_runtime::{configs::accounts::ProxyType, Runtime, RuntimeCall};
use frame_support::{assert_ok, traits::InstanceFilter};
use std::collections::BTreeSet;

const TYPES: [ProxyType; 5] = [
	ProxyType::Any,
	ProxyType::NonTransfer,
	ProxyType::Operation,
	ProxyType::Staking,
	ProxyType::Governance,
];

/// The pallets of which a type passes any call, and those of which it passes each.
fn reach(proxy: ProxyType) -> (BTreeSet<String>, BTreeSet<String>) {
	let mut maker = Maker::new(3);
	let (mut some, mut refused) = (BTreeSet::new(), BTreeSet::new());
	for variant in maker.variants() {
		let call = maker.make(&variant);
		let of = if proxy.filter(&call) { &mut some } else { &mut refused };
		of.insert(variant.pallet);
	}
	let all = some.difference(&refused).cloned().collect();
	(some, all)
}

fn names(of: &[&str]) -> BTreeSet<String> {
	of.iter().map(|name| name.to_string()).collect()
}

#[test]
fn types_are_listed_here_as_they_are() {
	use codec::{Decode, Encode};
	let all: Vec<_> = (0..=u8::MAX).filter_map(|n| ProxyType::decode(&mut &[n][..]).ok()).collect();
	assert_eq!(all, TYPES);
	assert!((0u8..).zip(TYPES).all(|(number, proxy)| proxy.encode() == [number]));
}

#[test]
fn each_type_reaches_what_it_is_for() {
	let governance = ["Preimage", "Referenda", "ConvictionVoting", "TechnicalCommittee"];
	let quality = ["Registry", "Staking", "Attestation", "Rewards", "Penalties", "Validators"];
	let non_transfer =
		names(&[&governance[..], &quality, &["System", "Session", "Utility"]].concat());
	let operation = ["Registry", "Rewards", "Attestation", "Validators"];
	let expected = [
		// Of vesting and claims what gives nothing away.
		(
			ProxyType::NonTransfer,
			non_transfer.iter().cloned().chain(names(&["Claims", "Vesting"])).collect(),
			non_transfer,
		),
		(
			ProxyType::Operation,
			names(&[&operation[..], &["Penalties"]].concat()),
			names(&operation),
		),
		(ProxyType::Staking, names(&["Staking"]), names(&["Staking"])),
		(ProxyType::Governance, names(&governance), names(&governance)),
	];
	for (proxy, some, all) in expected {
		assert_eq!(reach(proxy), (some, all), "{proxy:?}");
	}
	let (some, all) = reach(ProxyType::Any);
	assert_eq!(some, all);
}

/// The treasury, bounties, grants, parameters and emergencies are for whoever is trusted with everything.
#[test]
fn only_any_reaches_what_pays_and_what_stops() {
	let only = [
		"Balances",
		"Proxy",
		"Multisig",
		"Scheduler",
		"Whitelist",
		"Parameters",
		"Treasury",
		"Bounties",
		"ChildBounties",
		"SafeMode",
		"TxPause",
	];
	for proxy in TYPES {
		let (some, _) = reach(proxy);
		for pallet in only {
			assert_eq!(some.contains(pallet), proxy == ProxyType::Any, "{pallet} by {proxy:?}");
		}
	}
}

fn by_proxy(call_of: RuntimeCall) -> RuntimeCall {
	let (real, call) = (who("Alice").into(), Box::new(call_of));
	pallet_proxy::Call::proxy { real, force_proxy_type: None, call }.into()
}

/// Seen from outside: whose vote there is.
#[test]
fn only_those_that_may_vote_do() {
	for proxy_type in TYPES {
		chain().execute_with(|| {
			let index = propose("Eve", root(), mark("proposal"));
			let add =
				pallet_proxy::Call::add_proxy { delegate: who("Bob").into(), proxy_type, delay: 0 };
			assert_ok!(call("Alice", add));
			let vote = || {
				let vote = standard(true, pallet_conviction_voting::Conviction::None, 10);
				RuntimeCall::from(pallet_conviction_voting::Call::vote { poll_index: index, vote })
			};
			let batch = pallet_utility::Call::batch_all { calls: vec![vote()] }.into();
			for call_of in [vote(), batch] {
				let _ = call("Bob", by_proxy(call_of));
			}
			let may = matches!(
				proxy_type,
				ProxyType::Any | ProxyType::NonTransfer | ProxyType::Governance
			);
			assert_eq!(status(index).tally.support > 0, may, "{proxy_type:?}");
		});
	}
}

/// A proxy's filter holds for what a batch has in it, however deep, and for what another proxy dispatches.
#[test]
fn what_is_wrapped_is_filtered() {
	chain().execute_with(|| {
		let add = |delegate: &str, proxy_type| pallet_proxy::Call::add_proxy {
			delegate: who(delegate).into(),
			proxy_type,
			delay: 0,
		};
		assert_ok!(call("Alice", add("Bob", ProxyType::NonTransfer)));
		let transfer = || -> RuntimeCall {
			let dest = who("Bob").into();
			pallet_balances::Call::transfer_allow_death { dest, value: 1_000 }.into()
		};
		let enter = || RuntimeCall::from(pallet_safe_mode::Call::enter {});
		let before = frame_system::Pallet::<Runtime>::account(who("Alice")).data;
		for harm in [transfer(), enter()] {
			let batch = || {
				RuntimeCall::from(pallet_utility::Call::force_batch { calls: vec![harm.clone()] })
			};
			let deep = pallet_utility::Call::batch { calls: vec![batch()] }.into();
			let other = pallet_utility::Call::if_else {
				main: Box::new(mark("fails not")),
				fallback: Box::new(harm.clone()),
			};
			for call_of in [harm.clone(), batch(), deep, other.into(), by_proxy(harm.clone())] {
				let _ = call("Bob", by_proxy(call_of));
			}
			let more = RuntimeCall::from(add("Bob", ProxyType::Any));
			let _ = call("Bob", by_proxy(more));
		}
		assert_eq!(frame_system::Pallet::<Runtime>::account(who("Alice")).data, before);
		assert_eq!(pallet_safe_mode::EnteredUntil::<Runtime>::get(), None);
		let (proxies, _) = pallet_proxy::Proxies::<Runtime>::get(who("Alice"));
		assert_eq!(proxies.len(), 1);
	});
}
