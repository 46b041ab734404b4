//! Safe mode, pauses, and what neither can stop.

use crate::{
	governance::{origins, parameters},
	setup, *,
};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains, InsideBoth},
};
use frame_system::EnsureRoot;
use pallet_tx_pause::RuntimeCallNameOf;

parameter_types! {
	/// For how long whoever deposits enough puts the chain into safe mode: as long as the emergency administrator's referendum
	/// needs, that extends or ends it, and as much again.
	pub EnterDuration: BlockNumber = setup::hours(12);
	/// Nobody extends it for a deposit.
	pub const ExtendDeposit: Option<Balance> = None;
	/// When such a deposit can be released, unless a referendum takes it before that: after twice the time of the longest one.
	pub ReleaseDelay: Option<BlockNumber> = Some(setup::days(60));
}

/// What works in safe mode, and cannot be paused: consensus, attestation, the way out with one's stake, votes and what they
/// decide, the defence against penalties, and the way out of safe mode.
///
/// Batches, proxies and multisigs are here because they dispatch what they wrap under this filter again. Whatever
/// referenda enact with an origin of their own passes the filter, too, and one that fails there is lost: so what those origins are
/// for is here, and nobody can lose a decision by entering safe mode.
pub struct Always;

impl Always {
	/// The pallets all of whose calls always work.
	const PALLETS: [&'static str; 21] = [
		"System",
		"Timestamp",
		"Babe",
		"Grandpa",
		"Session",
		"Utility",
		"Proxy",
		"Multisig",
		"Attestation",
		"Penalties",
		"Validators",
		"Preimage",
		"Scheduler",
		"Referenda",
		"ConvictionVoting",
		"Whitelist",
		"TechnicalCommittee",
		"Parameters",
		"SafeMode",
		"TxPause",
		"Treasury",
	];
	/// Calls of others that always work.
	const CALLS: [(&'static str, &'static str); 26] = [
		("Staking", "unbond"),
		("Staking", "undelegate"),
		("Staking", "withdraw"),
		("Staking", "claim"),
		("Staking", "claim_for"),
		("Staking", "settle"),
		("Staking", "retire"),
		("Staking", "set_chilled"),
		("Staking", "set_compounding"),
		("Registry", "retire"),
		("Registry", "set_status"),
		("Registry", "rotate_keys"),
		("Rewards", "payout"),
		("Bounties", "approve_bounty"),
		("Bounties", "approve_bounty_with_curator"),
		("Bounties", "propose_curator"),
		("Bounties", "unassign_curator"),
		("Bounties", "close_bounty"),
		("ChildBounties", "unassign_curator"),
		("ChildBounties", "close_child_bounty"),
		("Vesting", "claim"),
		("Vesting", "collect"),
		("Claims", "create"),
		("Claims", "cancel"),
		("Claims", "claim"),
		("Claims", "close"),
	];

	/// Whether a call, by the names that it has in metadata, always works.
	pub fn works(pallet: &[u8], call: &[u8]) -> bool {
		Self::PALLETS.iter().any(|name| name.as_bytes() == pallet)
			|| Self::CALLS
				.iter()
				.any(|(name, of)| name.as_bytes() == pallet && of.as_bytes() == call)
	}
}

impl Contains<RuntimeCall> for Always {
	fn contains(call: &RuntimeCall) -> bool {
		use frame_support::traits::GetCallMetadata;
		let name = call.get_call_metadata();
		Self::works(name.pallet_name.as_bytes(), name.function_name.as_bytes())
	}
}

impl Contains<RuntimeCallNameOf<Runtime>> for Always {
	fn contains(name: &RuntimeCallNameOf<Runtime>) -> bool {
		Self::works(&name.0, &name.1)
	}
}

/// Refuses entering safe mode for a deposit in the quiet time after the last one.
pub struct QuietTime;

impl Contains<RuntimeCall> for QuietTime {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::SafeMode(pallet_safe_mode::Call::enter { .. }) => Emergency::may_enter(),
			_ => true,
		}
	}
}

/// What can be dispatched now. Root is not asked.
pub type CallFilter = InsideBoth<InsideBoth<SafeMode, TxPause>, QuietTime>;

impl pallet_safe_mode::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WhitelistedCalls = Always;
	type EnterDuration = EnterDuration;
	// Nobody extends it but a referendum.
	type ExtendDuration = ConstU32<1>;
	type EnterDepositAmount = parameters::SafeModeDeposit;
	type ExtendDepositAmount = ExtendDeposit;
	type ForceEnterOrigin = origins::ForceEnter;
	type ForceExtendOrigin = origins::ForceExtend;
	type ForceExitOrigin = origins::ByReferendum;
	// Only Root takes a deposit, or gives it back early.
	type ForceDepositOrigin = EnsureRoot<AccountId>;
	type Notify = Emergency;
	type ReleaseDelay = ReleaseDelay;
	type WeightInfo = crate::weights::pallet_safe_mode::WeightInfo<Runtime>;
}

impl pallet_tx_pause::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PauseOrigin = origins::ByReferendum;
	type UnpauseOrigin = origins::ByReferendum;
	type WhitelistedCalls = Always;
	type MaxNameLen = ConstU32<64>;
	type WeightInfo = crate::weights::pallet_tx_pause::WeightInfo<Runtime>;
}

impl crate::emergency::Config for Runtime {}
