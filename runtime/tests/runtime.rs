//! Tripwires: what is on disk or in signed bytes must not move by accident.

use codec::Encode;
use dtel_runtime::{
	genesis_presets, setup::pallet::Parameters, Runtime, RuntimeCall, RuntimeFreezeReason,
	RuntimeGenesisConfig, RuntimeHoldReason, VERSION,
};
use frame_support::traits::{GetCallMetadata, PalletInfoAccess};

fn index<P: PalletInfoAccess>() -> usize {
	P::index()
}

#[test]
fn pallet_indices_stay() {
	use dtel_runtime::*;
	let indices = [
		("System", index::<System>(), 0),
		("Setup", index::<Setup>(), 1),
		("Timestamp", index::<Timestamp>(), 2),
		("Babe", index::<Babe>(), 3),
		("Authorship", index::<Authorship>(), 4),
		("Offences", index::<Offences>(), 5),
		("Historical", index::<Historical>(), 6),
		("Session", index::<Session>(), 7),
		("Grandpa", index::<Grandpa>(), 8),
		("Balances", index::<Balances>(), 10),
		("TransactionPayment", index::<TransactionPayment>(), 11),
		("Utility", index::<Utility>(), 20),
		("Proxy", index::<Proxy>(), 21),
		("Multisig", index::<Multisig>(), 22),
		("Registry", index::<Registry>(), 40),
		("Staking", index::<Staking>(), 41),
		("Attestation", index::<Attestation>(), 42),
		("Rewards", index::<Rewards>(), 43),
		("Penalties", index::<Penalties>(), 44),
		("Validators", index::<Validators>(), 45),
		("Vesting", index::<Vesting>(), 46),
		("Claims", index::<Claims>(), 47),
		("Preimage", index::<Preimage>(), 50),
		("Scheduler", index::<Scheduler>(), 51),
		("Referenda", index::<Referenda>(), 52),
		("ConvictionVoting", index::<ConvictionVoting>(), 53),
		("Origins", index::<Origins>(), 54),
		("Whitelist", index::<Whitelist>(), 55),
		("TechnicalCommittee", index::<TechnicalCommittee>(), 56),
		("Parameters", index::<dtel_runtime::Parameters>(), 57),
		("Treasury", index::<Treasury>(), 60),
		("Bounties", index::<Bounties>(), 61),
		("ChildBounties", index::<ChildBounties>(), 62),
		("SafeMode", index::<SafeMode>(), 70),
		("TxPause", index::<TxPause>(), 71),
		("Emergency", index::<Emergency>(), 72),
	];
	for (name, is, was) in indices {
		assert_eq!(is, was, "{name}");
	}
}

#[test]
fn pallet_names_in_storage_stay() {
	let names = RuntimeCall::get_module_names();
	for name in [
		"Registry",
		"Staking",
		"Attestation",
		"Rewards",
		"Penalties",
		"Validators",
		"Vesting",
		"Claims",
	] {
		assert!(names.contains(&name), "{name} in {names:?}");
	}
	assert!(!names.contains(&"Sudo"));
}

#[test]
fn hold_reasons_stay() {
	let bond: RuntimeHoldReason = pallet_dtel_staking::HoldReason::Stake.into();
	let node: RuntimeHoldReason = pallet_dtel_registry::HoldReason::Node.into();
	let client: RuntimeHoldReason = pallet_dtel_registry::HoldReason::Client.into();
	assert_eq!(bond.encode(), [41, 0]);
	assert_eq!(node.encode(), [40, 0]);
	assert_eq!(client.encode(), [40, 1]);
	let appeal: RuntimeHoldReason = pallet_dtel_penalties::HoldReason::Appeal.into();
	let preimage: RuntimeHoldReason = pallet_preimage::HoldReason::Preimage.into();
	let safe_mode: RuntimeHoldReason = pallet_safe_mode::HoldReason::EnterOrExtend.into();
	assert_eq!(appeal.encode(), [44, 0]);
	assert_eq!(preimage.encode(), [50, 0]);
	assert_eq!(safe_mode.encode(), [70, 0]);
}

#[test]
fn freeze_reasons_stay() {
	let vesting: RuntimeFreezeReason = pallet_dtel_vesting::FreezeReason::Vesting.into();
	assert_eq!(vesting.encode(), [46, 0]);
}

/// They are in storage: in referenda and in what is scheduled.
#[test]
fn origins_and_tracks_stay() {
	use dtel_runtime::{
		governance::{origins::Origin, tracks::TRACKS},
		OriginCaller,
	};
	let origins = [
		(Origin::WhitelistedCaller, 0, 1),
		(Origin::ParameterAdmin, 1, 10),
		(Origin::StakingAdmin, 2, 11),
		(Origin::PenaltyAdmin, 3, 12),
		(Origin::RegistryAdmin, 4, 13),
		(Origin::Treasurer, 5, 20),
		(Origin::EmergencyAdmin, 6, 21),
		(Origin::ReferendumCanceller, 7, 22),
		(Origin::ReferendumKiller, 8, 23),
		(Origin::Tipper, 9, 30),
		(Origin::SmallSpender, 10, 31),
		(Origin::MediumSpender, 11, 32),
		(Origin::BigSpender, 12, 33),
	];
	for (origin, number, track) in origins {
		assert_eq!(OriginCaller::from(origin).encode(), [54, number]);
		let of = TRACKS.iter().find(|plan| plan.origin == Some(origin)).expect("a track");
		assert_eq!(of.id, track, "{origin:?}");
	}
	let root: OriginCaller = frame_system::RawOrigin::Root.into();
	assert_eq!(root.encode(), [0, 0]);
	assert!(TRACKS[0].id == 0 && TRACKS[0].origin.is_none());
	assert_eq!(TRACKS.len(), origins.len() + 1);
}

#[test]
fn every_preset_builds_the_whole_supply() {
	use dtel_runtime::Balances;
	for id in genesis_presets::preset_names() {
		let mut externalities = chain_of(&id);
		externalities.execute_with(|| {
			assert_eq!(Balances::total_issuance(), genesis_presets::SUPPLY, "{id}");
			let reserve = pallet_dtel_rewards::Pallet::<Runtime>::reserve_account();
			assert_eq!(Balances::free_balance(reserve), genesis_presets::RESERVE, "{id}");
		});
	}
	assert!(genesis_presets::get_preset(&"unknown".into()).is_none());
}

#[test]
fn a_broken_clock_is_refused_at_genesis() {
	let good = Parameters::default();
	assert_eq!(good.check(), Ok(()));
	let bad = [
		Parameters { epoch_slots: u64::from(good.clock.era_blocks), ..good.clone() },
		Parameters { slot_ms: 999, ..good.clone() },
		Parameters { epoch_slots: 1, ..good.clone() },
		Parameters { unbonding_eras: 0, ..good.clone() },
		Parameters { minimum_validators: 0, ..good.clone() },
	];
	for parameters in bad {
		assert!(parameters.check().is_err(), "{parameters:?}");
	}
}

#[test]
fn try_state_catches_each_broken_invariant_of_setup() {
	use dtel_primitives::clock::EraClock;
	use dtel_runtime::{setup, Setup};
	use frame_support::traits::{TryState, TryStateSelect};
	let corrupt = |invariant: &str, change: fn(&mut Parameters)| {
		chain_of(&genesis_presets::LOCAL.into()).execute_with(|| {
			let check = || <Setup as TryState<u32>>::try_state(1, TryStateSelect::All);
			assert_eq!(check(), Ok(()));
			setup::Chosen::<Runtime>::mutate(change);
			let error = format!("{:?}", check().expect_err(invariant));
			assert!(error.contains(invariant), "{error}");
		});
	};
	corrupt("INV-1", |p| p.clock = EraClock { reveal_at: p.clock.commit_at, ..p.clock });
	corrupt("INV-1", |p| p.epoch_slots = u64::from(p.clock.era_blocks));
	corrupt("INV-2", |p| p.slot_ms = 0);
	corrupt("INV-2", |p| p.epoch_slots = 1);
	corrupt("INV-3", |p| p.unbonding_eras = 2);
	corrupt("INV-3", |p| p.unbonding_eras = pallet_dtel_staking::MAX_UNBONDING_ERAS + 1);
	corrupt("INV-4", |p| p.minimum_validators = 0);
	corrupt("INV-4", |p| p.wanted_validators = p.minimum_validators - 1);
	corrupt("INV-4", |p| p.wanted_validators = 257);
	corrupt("INV-5", |p| p.least_samples = 2);
	corrupt("INV-6", |p| p.hour_blocks = 0);
	corrupt("INV-6", |p| p.hour_blocks = 3_600_000 / p.slot_ms as u32 + 1);
}

#[test]
fn a_launch_gives_the_supply_to_the_usual_classes_and_most_of_it_vests() {
	use dtel_primitives::{Balance, DTEL};
	use dtel_runtime::{Balances, Vesting};
	use frame_support::traits::{
		fungible::Inspect,
		tokens::{Fortitude, Preservation},
	};
	use pallet_dtel_vesting::classes::{check, AllocationError, Class};
	let treasury = <dtel_runtime::configs::fees::Treasury as frame_support::traits::Get<_>>::get();
	let of = |class| move |part: &&pallet_dtel_vesting::classes::Allocation<_>| part.class == class;
	let all = genesis_presets::allocations(&[dtel_runtime::AccountId::new([9; 32])]);
	let millions = |class| {
		let sum: Balance = all.iter().filter(of(class)).map(|part| part.amount).sum();
		(sum / DTEL / 1_000_000, sum % (1_000_000 * DTEL))
	};
	assert_eq!(
		Class::ALL.map(millions),
		[(150, 0), (30, 0), (100, 0), (50, 0), (100, 0), (170, 0), (400, 0)]
	);
	let mut short = all.clone();
	short[2].amount -= 1;
	let said = check(&short, genesis_presets::SUPPLY, &treasury);
	assert_eq!(said, Err(AllocationError::NotSupply(genesis_presets::SUPPLY - 1)));

	chain_of(&genesis_presets::LAUNCH.into()).execute_with(|| {
		for part in all.iter().filter(|part| part.terms.is_some() && part.amount > DTEL * 1_000_000)
		{
			let free =
				Balances::reducible_balance(&part.who, Preservation::Expendable, Fortitude::Polite);
			let calendar = Vesting::calendar(part.who.clone());
			let granted = Balances::total_balance(&part.who);
			let at_start = u128::from(part.terms.expect("terms").at_start.parts());
			// What is free at the start is free at once, the rest is frozen.
			assert_eq!((free, calendar.free_now), (granted / 10_000 * at_start, 0));
			assert_eq!((calendar.frozen, calendar.owed), (granted - free, 0));
		}
		let check =
			<dtel_runtime::AllPalletsWithSystem as frame_support::traits::TryState<u32>>::try_state(
				0,
				frame_support::traits::TryStateSelect::All,
			);
		assert_eq!(check, Ok(()));
	});
}

#[test]
fn versions_are_set() {
	assert_eq!(&*VERSION.spec_name, "dtelecom");
	assert_eq!(VERSION.transaction_version, 1);
}

fn chain_of(id: &sp_genesis_builder::PresetId) -> sp_io::TestExternalities {
	use sp_runtime::BuildStorage;
	let preset = genesis_presets::get_preset(id).expect("listed presets exist");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.build_storage().expect("builds").into()
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

#[test]
fn a_proxy_that_may_not_transfer_has_no_way_around() {
	use dtel_runtime::configs::accounts::ProxyType;
	use frame_support::traits::InstanceFilter;
	let who = || sp_runtime::MultiAddress::Id(dtel_runtime::AccountId::new([1; 32]));
	let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_all {
		dest: who(),
		keep_alive: false,
	});
	let by_proxy = RuntimeCall::Proxy(pallet_proxy::Call::proxy {
		real: who(),
		force_proxy_type: None,
		call: Box::new(transfer.clone()),
	});
	let by_multisig = RuntimeCall::Multisig(pallet_multisig::Call::as_multi_threshold_1 {
		other_signatories: vec![],
		call: Box::new(transfer.clone()),
	});
	for proxy in [ProxyType::NonTransfer, ProxyType::Operation, ProxyType::Staking] {
		for call in [&transfer, &by_proxy, &by_multisig] {
			assert!(!proxy.filter(call), "{proxy:?}: {call:?}");
		}
		assert!(ProxyType::Any.is_superset(&proxy) && !proxy.is_superset(&ProxyType::Any));
	}
	// A key that runs nodes cannot put funds at risk.
	let appeal = RuntimeCall::Penalties(pallet_dtel_penalties::Call::appeal { penalty: 0 });
	let unjail = RuntimeCall::Penalties(pallet_dtel_penalties::Call::unjail { node: 0 });
	assert!(!ProxyType::Operation.filter(&appeal) && ProxyType::NonTransfer.filter(&appeal));
	assert!(ProxyType::Operation.filter(&unjail));
}

#[test]
fn validators_of_genesis_are_announced_once_and_return_with_their_keys() {
	use dtel_runtime::{configs::consensus::ByStake, Session};
	use pallet_session::SessionManager;
	let announce = <ByStake as SessionManager<dtel_runtime::AccountId>>::new_session;
	chain_of(&genesis_presets::LOCAL.into()).execute_with(|| {
		let all = Session::validators();
		assert_eq!(all.len(), 4);
		assert_eq!(announce(1), None, "nothing has changed");
		let gone = all[0].clone();
		pallet_session::QueuedKeys::<Runtime>::mutate(|keys| keys.retain(|(who, _)| *who != gone));
		assert_eq!(announce(2), Some(all.clone()), "it has keys and is missing");
		assert!(pallet_session::historical::HistoricalSessions::<Runtime>::get(0).is_some());
	});
}
