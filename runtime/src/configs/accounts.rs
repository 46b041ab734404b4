//! Batches, proxies and multisigs.

use super::fees::deposit;
use crate::*;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;

impl pallet_utility::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type PalletsOrigin = OriginCaller;
	type WeightInfo = crate::weights::pallet_utility::WeightInfo<Runtime>;
}

parameter_types! {
	/// For a list of proxies.
	pub const ProxyDepositBase: Balance = deposit(1, 8);
	/// For a proxy in it.
	pub const ProxyDepositFactor: Balance = deposit(0, 33);
	/// For a list of announcements.
	pub const AnnouncementDepositBase: Balance = deposit(1, 8);
	/// For an announcement in it.
	pub const AnnouncementDepositFactor: Balance = deposit(0, 66);
	/// For a multisig operation.
	pub const MultisigDepositBase: Balance = deposit(1, 88);
	/// For a signatory of it.
	pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

/// What a proxy may do for the account that trusts it.
#[derive(
	Copy,
	Clone,
	Eq,
	PartialEq,
	Ord,
	PartialOrd,
	Encode,
	Decode,
	DecodeWithMemTracking,
	Debug,
	MaxEncodedLen,
	TypeInfo,
	Default,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything that moves no funds to others.
	#[codec(index = 1)]
	NonTransfer,
	/// Run nodes: the registry's calls, payouts, unjailing and candidacy as a validator; no appeals, which put funds at
	/// risk.
	#[codec(index = 2)]
	Operation,
	/// Bond and unbond.
	#[codec(index = 3)]
	Staking,
	/// Vote, delegate votes, propose.
	#[codec(index = 4)]
	Governance,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			// A list of what is allowed: proxies and multisigs dispatch under an origin of their own, in
			// which this filter is forgotten.
			Self::NonTransfer => {
				matches!(
					call,
					RuntimeCall::System(..)
						| RuntimeCall::Session(..)
						| RuntimeCall::Utility(..)
						| RuntimeCall::Registry(..)
						| RuntimeCall::Staking(..)
						| RuntimeCall::Attestation(..)
						| RuntimeCall::Rewards(..)
						| RuntimeCall::Penalties(..)
						| RuntimeCall::Validators(..)
						| RuntimeCall::Vesting(
							pallet_dtel_vesting::Call::claim { .. }
								| pallet_dtel_vesting::Call::collect { .. }
								| pallet_dtel_vesting::Call::merge { .. }
								| pallet_dtel_vesting::Call::waive { .. }
						) | RuntimeCall::Claims(pallet_dtel_claims::Call::claim { .. })
				) || Self::Governance.filter(call)
			}
			Self::Operation => matches!(
				call,
				RuntimeCall::Registry(..)
					| RuntimeCall::Rewards(..)
					| RuntimeCall::Penalties(
						pallet_dtel_penalties::Call::unjail { .. }
							| pallet_dtel_penalties::Call::unjail_validator { .. }
							| pallet_dtel_penalties::Call::execute { .. }
					) | RuntimeCall::Attestation(..)
					| RuntimeCall::Validators(..)
			),
			Self::Staking => matches!(call, RuntimeCall::Staking(..)),
			Self::Governance => matches!(
				call,
				RuntimeCall::Preimage(..)
					| RuntimeCall::Referenda(..)
					| RuntimeCall::ConvictionVoting(..)
					| RuntimeCall::TechnicalCommittee(..)
			),
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		self == other
			|| matches!(
				(self, other),
				(Self::Any, _)
					| (Self::NonTransfer, Self::Operation | Self::Staking | Self::Governance)
			)
	}
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type MaxProxies = ConstU32<32>;
	type MaxPending = ConstU32<32>;
	type CallHasher = sp_runtime::traits::BlakeTwo256;
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_proxy::WeightInfo<Runtime>;
}

impl pallet_multisig::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type DepositBase = MultisigDepositBase;
	type DepositFactor = MultisigDepositFactor;
	type MaxSignatories = ConstU32<100>;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_multisig::WeightInfo<Runtime>;
}
