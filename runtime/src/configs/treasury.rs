//! The treasury, bounties and grants.

use super::fees::{deposit, TreasuryId};
use crate::{
	governance::{origins, parameters},
	setup, *,
};
use frame_support::{
	parameter_types,
	traits::{
		tokens::{PayFromAccount, UnityAssetBalanceConversion},
		ConstU32, EitherOf,
	},
};
use frame_system::EnsureRoot;
use sp_runtime::{traits::IdentityLookup, Permill};

parameter_types! {
	/// How often bounties are funded, and the treasury burns what it burns.
	pub SpendPeriod: BlockNumber = setup::days(7);
	/// For how long an approved spend can be claimed.
	pub PayoutPeriod: BlockNumber = setup::days(30);
	/// Of whoever proposes a bounty.
	pub const BountyDeposit: Balance = 10 * DTEL;
	/// For each byte of what it says.
	pub const BountyByteDeposit: Balance = deposit(0, 1);
	/// From the award of a bounty until it can be claimed.
	pub PayoutDelay: BlockNumber = setup::days(4);
	/// How often a curator has to show that it is there.
	pub UpdatePeriod: BlockNumber = setup::days(90);
	/// The part of its fee that a curator deposits.
	pub const CuratorShare: Permill = Permill::from_percent(50);
	/// And the least of it.
	pub const CuratorLeast: Option<Balance> = Some(10 * DTEL);
	/// And the most.
	pub const CuratorMost: Option<Balance> = Some(10_000 * DTEL);
	/// The least that a bounty is worth.
	pub const BountyLeast: Balance = 50 * DTEL;
	/// The least that a part of one is worth.
	pub const ChildBountyLeast: Balance = 5 * DTEL;
}

impl pallet_treasury::Config for Runtime {
	type Currency = Balances;
	type RejectOrigin = EitherOf<EnsureRoot<AccountId>, origins::EnsureTreasurer>;
	type RuntimeEvent = RuntimeEvent;
	type SpendPeriod = SpendPeriod;
	type Burn = parameters::TreasuryBurn;
	type PalletId = TreasuryId;
	type BurnDestination = ();
	type WeightInfo = crate::weights::pallet_treasury::WeightInfo<Runtime>;
	type SpendFunds = Bounties;
	type MaxApprovals = ConstU32<100>;
	type SpendOrigin = origins::Spender;
	type AssetKind = ();
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	type Paymaster = PayFromAccount<Balances, super::fees::Treasury>;
	type BalanceConverter = UnityAssetBalanceConversion;
	type PayoutPeriod = PayoutPeriod;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = BenchmarkHelper;
	type BlockNumberProvider = System;
}

/// Makes what benchmarks of the treasury pay.
#[cfg(feature = "runtime-benchmarks")]
pub struct BenchmarkHelper;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_treasury::ArgumentsFactory<(), AccountId> for BenchmarkHelper {
	fn create_asset_kind(_: u32) {}
	fn create_beneficiary(seed: [u8; 32]) -> AccountId {
		// Alive already: what benchmarks pay is less than an account needs.
		let who: AccountId = seed.into();
		let least = super::fees::ExistentialDeposit::get();
		let minted =
			<Balances as frame_support::traits::fungible::Mutate<_>>::mint_into(&who, least);
		debug_assert!(minted.is_ok());
		who
	}
}

impl pallet_bounties::Config for Runtime {
	type BountyDepositBase = BountyDeposit;
	type BountyDepositPayoutDelay = PayoutDelay;
	type BountyUpdatePeriod = UpdatePeriod;
	type CuratorDepositMultiplier = CuratorShare;
	type CuratorDepositMax = CuratorMost;
	type CuratorDepositMin = CuratorLeast;
	type BountyValueMinimum = BountyLeast;
	type DataDepositPerByte = BountyByteDeposit;
	type RuntimeEvent = RuntimeEvent;
	type MaximumReasonLength = ConstU32<1_024>;
	type WeightInfo = crate::weights::pallet_bounties::WeightInfo<Runtime>;
	type ChildBountyManager = ChildBounties;
	type OnSlash = Treasury;
	type TransferAllAssets = pallet_bounties::TransferFungible<AccountId, Balances>;
}

impl pallet_child_bounties::Config for Runtime {
	type MaxActiveChildBountyCount = ConstU32<100>;
	type ChildBountyValueMinimum = ChildBountyLeast;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = crate::weights::pallet_child_bounties::WeightInfo<Runtime>;
}
