//! Proof of quality: registry, staking, attestation, rewards, penalties.
//!
//! The economic numbers that a referendum can set are [`parameters`](crate::governance::parameters); what is here takes a new
//! runtime. Those that differ between presets come from [`setup`].

use super::fees::{ToTreasury, Treasury};
use crate::{governance::origins, *};
use dtel_primitives::BasisPoints;
use dtel_traits::StakeLedger;
use frame_support::{parameter_types, traits::EitherOf, PalletId};

pub use crate::governance::parameters::{
	AppealBond, ClientDeposit, MaxClientLimit, MaxNodesPerOwner, MinBond, MinDelegation,
	MinStakePerNode, NodeDeposit, NodeDepositPerByte, RewardSplit, StakePerMbps, YearlyRelease,
};

parameter_types! {
	/// From which the account of the reward reserve is derived.
	pub const RewardsId: PalletId = PalletId(*b"dtel/rwd");
	/// From which the account of stakers' rewards is derived, into which the reserve releases.
	pub const StakingId: PalletId = PalletId(*b"dtel/stk");
	/// Operators that a holder can delegate to.
	pub const MaxPoolsPerHolder: u32 = 24;
	/// Whom a verifier measures.
	pub const TargetsPerVerifier: u32 = 5;
	/// Eras whose reports make a median.
	pub const PoolEras: u32 = 24;
	/// The largest share of one operator in a median of many: of a full pool of 120 it takes the twenty-eight heaviest to be half.
	pub const WeightCap: BasisPoints = BasisPoints::saturating(180);
	/// A score from which on all is paid.
	pub const FullScore: BasisPoints = BasisPoints::saturating(9_000);
	/// By how much pay moves in an era: of 33, or eight days of production, from all to nothing.
	pub const PayStep: BasisPoints = BasisPoints::saturating(300);
	/// What a score keeps in an era in which nobody could measure.
	pub const ScoreKept: BasisPoints = BasisPoints::saturating(9_000);
	/// Eras of which scores, pay and offences are kept.
	pub const HistoryEras: u32 = 84;
	/// Nodes looked at in one step of freezing a snapshot.
	pub const SnapshotPage: u32 = 32;
	/// For how many eras all pay is locked: until nothing that costs it is done, or shown by who signed twice, any more. Pay
	/// of an era for which a penalty is open waits for that, however long, so nobody else has to.
	pub const EscrowEras: u32 = 2;
	/// What offences cost.
	pub const Policy: pallet_dtel_penalties::Policy = pallet_dtel_penalties::Policy::DEFAULT;
	/// From an offence to its penalty: four eras, fewer where stake answers for fewer.
	pub PenaltyDeferralEras: u32 = <Staking as StakeLedger<AccountId>>::answers_until(0).min(4);
	/// From a report to the penalty: one full era between the two, if stake answers as long.
	pub PenaltyNoticeEras: u32 = <Staking as StakeLedger<AccountId>>::answers_until(0).min(2);
	/// For how long an appeal holds a penalty up: as long as stake answers, in production.
	pub const AppealEras: u32 = 22;
}

// What Rewards still pays, Staking must still be able to share.
const _: () = assert!(HistoryEras::get() < pallet_dtel_staking::CREDIT_ERAS);
// While two reveals of an era can still be shown, or an equivocation be done that is dated to it, its pay must wait.
const _: () = assert!(EscrowEras::get() > pallet_dtel_attestation::SHOWN_ERAS);
const _: () = assert!(EscrowEras::get() > crate::equivocations::DATED_BACK_ERAS);

impl pallet_dtel_registry::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Clock = setup::Clock<Runtime>;
	type Jail = Penalties;
	type Eligibility = Attestation;
	type Retirements = Penalties;
	type NodeDeposit = NodeDeposit;
	type ByteDeposit = NodeDepositPerByte;
	type ClientDeposit = ClientDeposit;
	type MaxClientLimit = MaxClientLimit;
	type MaxNodesPerOwner = MaxNodesPerOwner;
	type DevDomains = setup::DevDomains<Runtime>;
	type WeightInfo = pallet_dtel_registry::weights::SubstrateWeight<Runtime>;
}

impl pallet_dtel_staking::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type PalletId = StakingId;
	type Clock = setup::Clock<Runtime>;
	type Registry = Registry;
	type Promised = Vesting;
	type UnbondingEras = setup::UnbondingEras<Runtime>;
	type MinBond = MinBond;
	type MinDelegation = MinDelegation;
	type MaxPoolsPerHolder = MaxPoolsPerHolder;
	type MinimumPerNode = MinStakePerNode;
	type Slashed = ToTreasury;
	type WeightInfo = pallet_dtel_staking::weights::SubstrateWeight<Runtime>;
}

impl pallet_dtel_attestation::Config for Runtime {
	type Clock = setup::Clock<Runtime>;
	type Randomness = pallet_babe::RandomnessFromOneEpochAgo<Runtime>;
	type Registry = Registry;
	type Stake = Staking;
	type Offences = Penalties;
	type Jail = Penalties;
	type Quality = Penalties;
	type Scores = Rewards;
	type TargetsPerVerifier = TargetsPerVerifier;
	type PoolEras = PoolEras;
	type WeightCap = WeightCap;
	type LeastSamples = setup::LeastSamples<Runtime>;
	type FullScore = FullScore;
	type PayStep = PayStep;
	type ScoreKept = ScoreKept;
	type HistoryEras = HistoryEras;
	type SnapshotPage = SnapshotPage;
	type WeightInfo = pallet_dtel_attestation::weights::SubstrateWeight<Runtime>;
}

impl pallet_dtel_rewards::Config for Runtime {
	type Currency = Balances;
	type Stakers = Staking;
	type Disputes = Penalties;
	type Jail = Penalties;
	type PalletId = RewardsId;
	type Treasury = Treasury;
	type Clock = setup::Clock<Runtime>;
	type EraMillis = setup::EraMillis<Runtime>;
	type StakePerMbps = StakePerMbps;
	type YearlyRelease = YearlyRelease;
	type Split = RewardSplit;
	type EscrowEras = EscrowEras;
	type HistoryEras = HistoryEras;
	type WeightInfo = pallet_dtel_rewards::weights::SubstrateWeight<Runtime>;
}

impl pallet_dtel_penalties::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Clock = setup::Clock<Runtime>;
	type Registry = Registry;
	type Stake = Staking;
	type Policy = Policy;
	type DeferralEras = PenaltyDeferralEras;
	type NoticeEras = PenaltyNoticeEras;
	type AppealEras = AppealEras;
	type AppealBond = AppealBond;
	type AppealOrigin = EitherOf<frame_system::EnsureRoot<AccountId>, origins::EnsurePenaltyAdmin>;
	type Forfeited = ToTreasury;
	type Payroll = Rewards;
	type Validators = Validators;
	type HistoryEras = HistoryEras;
	type WeightInfo = pallet_dtel_penalties::weights::SubstrateWeight<Runtime>;
}
