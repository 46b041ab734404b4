//! Balances, fees and deposits.

use crate::{governance::parameters, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::Credit, tokens::imbalance::ResolveTo, ConstU32, Imbalance, OnUnbalanced,
		VariantCountOf,
	},
	PalletId,
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
	traits::{AccountIdConversion, Bounded},
	FixedPointNumber, Perquintill,
};

/// A thousandth of a DTEL.
pub const MILLI: Balance = DTEL / 1_000;

/// What an account pays for keeping `items` entries of `bytes` in all in storage.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
	items as Balance * 100 * MILLI + bytes as Balance * MILLI / 10
}

parameter_types! {
	/// An account with less is removed.
	pub const ExistentialDeposit: Balance = MILLI;
	/// The account to which fees and slashes go.
	pub const TreasuryId: PalletId = PalletId(*b"dtel/trs");
	/// That account.
	pub Treasury: AccountId = TreasuryId::get().into_account_truncating();
	/// Held for a validator's session keys.
	pub const SessionKeyDeposit: Balance = deposit(1, 64);
	/// A quarter of a block: fees rise above it, fall below it.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// How quickly.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	/// How deep they may fall.
	pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
	/// How high they may rise.
	pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type DustRemoval = ToTreasury;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type ReserveIdentifier = [u8; 8];
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type WeightInfo = crate::weights::pallet_balances::WeightInfo<Runtime>;
}

/// Puts a credit into the treasury's account.
pub type ToTreasury = ResolveTo<Treasury, Balances>;

/// A transfer of about 200 µs costs 0.0002 DTEL and its bytes at genesis.
pub type WeightToFee = frame_support::weights::ConstantMultiplier<Balance, parameters::WeightPrice>;

/// Takes fees: burns the part that a referendum set, none at genesis, and gives the rest and all tips to the treasury.
pub struct FeesTo;

impl OnUnbalanced<Credit<AccountId, Balances>> for FeesTo {
	fn on_unbalanceds(mut credits: impl Iterator<Item = Credit<AccountId, Balances>>) {
		let Some(fee) = credits.next() else { return };
		let burned = parameters::BurnedFees::get().mul_floor(fee.peek());
		let (burned, kept) = fee.split(burned);
		drop(burned);
		ToTreasury::on_unbalanced(kept);
		if let Some(tip) = credits.next() {
			ToTreasury::on_unbalanced(tip);
		}
	}

	fn on_nonzero_unbalanced(credit: Credit<AccountId, Balances>) {
		ToTreasury::on_unbalanced(credit);
	}
}

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = FungibleAdapter<Balances, FeesTo>;
	type OperationalFeeMultiplier = frame_support::traits::ConstU8<5>;
	type WeightToFee = WeightToFee;
	type LengthToFee =
		frame_support::weights::ConstantMultiplier<Balance, parameters::TransactionByteFee>;
	type FeeMultiplierUpdate = TargetedFeeAdjustment<
		Self,
		TargetBlockFullness,
		AdjustmentVariable,
		MinimumMultiplier,
		MaximumMultiplier,
	>;
	type WeightInfo = crate::weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
