//! Calls that a referendum pauses one by one, and those that nothing pauses.

use crate::{chain::Chain, operators::bond, world::*};
use dtel_primitives::DTEL;
use dtel_runtime::{
	configs::emergency::Always, governance::origins::Origin, Runtime, RuntimeCall, TxPause,
};
use frame_support::traits::{Contains, GetCallMetadata};
use pallet_tx_pause::{Call, Error, Event, RuntimeCallNameOf};
use sp_runtime::DispatchError;

fn name(pallet: &str, call: &str) -> RuntimeCallNameOf<Runtime> {
	let bytes = |name: &str| name.as_bytes().to_vec().try_into().expect("short");
	(bytes(pallet), bytes(call))
}

#[test]
fn a_call_is_paused_and_unpaused_by_referendum() {
	let mut chain = Chain::new();
	let full_name = name("Balances", "transfer_keep_alive");
	let pause: RuntimeCall = Call::pause { full_name: full_name.clone() }.into();
	for origin in [Origin::ParameterAdmin, Origin::ReferendumKiller] {
		let refused = chain.decide(as_origin(origin), pause.clone());
		assert_eq!(refused, Err(DispatchError::BadOrigin), "{origin:?}");
	}
	assert_eq!(chain.motion(3, pause.clone()), Err(DispatchError::BadOrigin));
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));

	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), pause.clone()), Ok(()));
	chain.assert_once(Event::CallPaused { full_name: full_name.clone() });
	let (alice, mark) = (chain.total("Alice"), chain.mark());
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Err(filtered()));
	assert_eq!(chain.total("Alice") + chain.fees("Alice", mark), alice, "only the fee");
	// Not in a batch either, nor through a proxy.
	let batch = pallet_utility::Call::batch_all { calls: vec![transfer("Bob", DTEL)] };
	assert_eq!(chain.try_send("Alice", batch), Err(filtered()));
	// Other calls of the pallet go on.
	let other = pallet_balances::Call::transfer_allow_death { dest: to("Bob"), value: DTEL };
	assert_eq!(chain.try_send("Alice", other), Ok(()));
	assert_eq!(chain.try_send("Dave", bond(1_000 * DTEL)), Ok(()));
	// Twice is once.
	assert_eq!(
		chain.decide(as_origin(Origin::EmergencyAdmin), pause),
		Err(Error::<Runtime>::IsPaused.into())
	);

	let unpause = Call::unpause { ident: full_name.clone() };
	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), unpause), Ok(()));
	chain.assert_once(Event::CallUnpaused { full_name });
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));
	chain.check();
}

/// Every call of the runtime, by pallet and name.
fn calls() -> Vec<(&'static str, &'static str)> {
	RuntimeCall::get_module_names()
		.iter()
		.flat_map(|pallet| {
			RuntimeCall::get_call_names(pallet).iter().map(move |call| (*pallet, *call))
		})
		.collect()
}

#[test]
fn nothing_that_always_works_can_be_paused_and_everything_else_can() {
	let mut chain = Chain::new();
	let (mut never, mut paused) = (0, 0);
	for (pallet, call) in calls() {
		let full_name = name(pallet, call);
		let result =
			chain.view(|| TxPause::pause(Origin::EmergencyAdmin.into(), full_name.clone()));
		let always = <Always as Contains<RuntimeCallNameOf<Runtime>>>::contains(&full_name);
		if always {
			assert_eq!(result, Err(Error::<Runtime>::Unpausable.into()), "{pallet}::{call}");
			never += 1;
		} else {
			assert_eq!(result, Ok(()), "{pallet}::{call}");
			paused += 1;
		}
	}
	assert!(never > 100 && paused > 40, "{never} and {paused}");

	// With everything paused that can be, a referendum still unpauses.
	let ident = name("Balances", "transfer_keep_alive");
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Err(filtered()));
	let unpause = Call::unpause { ident };
	assert_eq!(chain.decide(as_origin(Origin::EmergencyAdmin), unpause), Ok(()));
	assert_eq!(chain.try_send("Alice", transfer("Bob", DTEL)), Ok(()));
	chain.check();
}

#[test]
fn whatever_is_said_to_work_always_is_a_call() {
	let calls = calls();
	for (pallet, call) in [
		("Staking", "unbond"),
		("Staking", "undelegate"),
		("Staking", "withdraw"),
		("Staking", "claim"),
		("Staking", "retire"),
		("Rewards", "payout"),
		("Penalties", "appeal"),
		("Penalties", "unjail"),
		("Attestation", "commit"),
		("Attestation", "reveal"),
		("ConvictionVoting", "vote"),
		("ConvictionVoting", "remove_vote"),
		("ConvictionVoting", "unlock"),
		("Referenda", "submit"),
		("Referenda", "place_decision_deposit"),
		("Preimage", "note_preimage"),
		("SafeMode", "force_exit"),
		("SafeMode", "release_deposit"),
		("TxPause", "unpause"),
		("Timestamp", "set"),
		("Babe", "report_equivocation_unsigned"),
		("Grandpa", "report_equivocation_unsigned"),
		("System", "apply_authorized_upgrade"),
	] {
		assert!(calls.contains(&(pallet, call)), "{pallet}::{call}");
		assert!(Always::works(pallet.as_bytes(), call.as_bytes()), "{pallet}::{call}");
	}
	for (pallet, call) in [
		("Balances", "transfer_keep_alive"),
		("Staking", "bond"),
		("Staking", "delegate"),
		("Staking", "redelegate"),
		("Registry", "register"),
		("Bounties", "claim_bounty"),
	] {
		assert!(calls.contains(&(pallet, call)), "{pallet}::{call}");
		assert!(!Always::works(pallet.as_bytes(), call.as_bytes()), "{pallet}::{call}");
	}
}
