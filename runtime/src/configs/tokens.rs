//! Grants that become free in time, and airdrops.

use super::fees::Treasury as TreasuryAccount;
use crate::{governance::origins, setup, *};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains, EitherOf},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};

parameter_types! {
	/// The least that can be granted: whoever filled somebody's list would give it two thousand DTEL.
	pub const MinGrant: Balance = 100 * DTEL;
	/// From now to the start of a grant at most, and from there to its end: twenty years.
	pub MaxSpan: BlockNumber = setup::days(7_305);
	/// From which the accounts of airdrops are derived.
	pub const ClaimsId: PalletId = PalletId(*b"dtel/clm");
	/// From the decision about an airdrop to its window.
	pub MinNotice: BlockNumber = setup::days(1);
	/// For how long what was dropped can be claimed at least.
	pub MinWindow: BlockNumber = setup::days(7);
	/// And at most.
	pub MaxWindow: BlockNumber = setup::days(731);
}

/// Everybody but the accounts of pallets: nobody could claim there, and a freeze would block what they pay.
pub struct NoPallets;

impl Contains<AccountId> for NoPallets {
	fn contains(who: &AccountId) -> bool {
		let raw: &[u8] = who.as_ref();
		!raw.starts_with(b"modl")
	}
}

impl pallet_dtel_vesting::Config for Runtime {
	type Currency = Balances;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type ForceOrigin = EnsureRoot<AccountId>;
	type Receivers = NoPallets;
	type MinGrant = MinGrant;
	type ReservedGrants = ConstU32<8>;
	type MaxSpan = MaxSpan;
	type WeightInfo = pallet_dtel_vesting::weights::SubstrateWeight<Runtime>;
}

/// Who makes airdrops: who may spend any amount of the treasury, which pays them.
pub type AirdropAdmin = EitherOf<
	EnsureRootWithSuccess<AccountId, TreasuryAccount>,
	frame_system::EnsureWithSuccess<origins::EnsureTreasurer, AccountId, TreasuryAccount>,
>;

impl pallet_dtel_claims::Config for Runtime {
	type Currency = Balances;
	type AdminOrigin = AirdropAdmin;
	type Grants = Vesting;
	type Receivers = NoPallets;
	type PalletId = ClaimsId;
	type MinNotice = MinNotice;
	type MinWindow = MinWindow;
	type MaxWindow = MaxWindow;
	type MaxLeaves = ConstU32<{ dtel_primitives::airdrop::MAX_LEAVES }>;
	type MaxAirdrops = ConstU32<64>;
	type WeightInfo = pallet_dtel_claims::weights::SubstrateWeight<Runtime>;
}
