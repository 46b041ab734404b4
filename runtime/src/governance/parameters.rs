//! Every number that a referendum can set without a new runtime, and the bounds that none can leave.
//!
//! The bounds are in the types ([`Within`](super::within::Within)): a value outside of them does not decode. Who may set what stands in
//! [`Admin`]. What is not here is decided by a new runtime alone: what consensus depends on, what storage is laid out by, and
//! what the belief in measurements was reckoned from (docs/simulation.md).
//!
//! Amounts are in planck, parts in ten-thousandths.

use super::{origins, within::Within};
use crate::{AccountId, Balance, Runtime, RuntimeOrigin, DTEL};
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use dtel_primitives::BasisPoints;
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	parameter_types,
	traits::{EnsureOrigin, EnsureOriginWithArg, Get},
};
use frame_system::EnsureRoot;
use pallet_dtel_rewards::Split;
use scale_info::TypeInfo;
use sp_runtime::{Permill, Perquintill};

/// A thousandth of a DTEL.
const MILLI: u128 = DTEL / 1_000;

/// How a release is split; parts of ten thousand, which are the whole.
///
/// At least half is for work, something for blocks and duty, and no more than a fifth for the treasury.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, MaxEncodedLen, TypeInfo)]
pub struct Shares {
	work: u16,
	blocks: u16,
	duty: u16,
	treasury: u16,
}

impl Shares {
	/// What genesis has.
	pub const DEFAULT: Self = Self {
		work: Split::DEFAULT.work.parts(),
		blocks: Split::DEFAULT.blocks.parts(),
		duty: Split::DEFAULT.duty.parts(),
		treasury: Split::DEFAULT.treasury.parts(),
	};

	/// Shares for work, blocks, duty and the treasury, if they are within the bounds.
	pub fn new(work: u16, blocks: u16, duty: u16, treasury: u16) -> Option<Self> {
		let shares = Self { work, blocks, duty, treasury };
		let within = work >= 5_000
			&& (100..=2_500).contains(&blocks)
			&& (100..=2_500).contains(&duty)
			&& treasury <= 2_000;
		(within && shares.split().is_whole()).then_some(shares)
	}

	/// The same for pallet Rewards.
	pub fn split(self) -> Split {
		let part = |parts: u16| BasisPoints::saturating(parts.into());
		Split {
			work: part(self.work),
			blocks: part(self.blocks),
			duty: part(self.duty),
			treasury: part(self.treasury),
		}
	}
}

impl Decode for Shares {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		let (work, blocks, duty, treasury) = Decode::decode(input)?;
		Self::new(work, blocks, duty, treasury)
			.ok_or_else(|| Error::from("shares out of their bounds, or not the whole"))
	}
}

impl DecodeWithMemTracking for Shares {}

/// The parameters, by whose they are.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod params {
	use super::*;

	/// Stake.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod staking {
		use super::*;

		/// What an operator needs of its own for each node: 100 to 100,000 DTEL.
		#[codec(index = 0)]
		pub static MinBond: Within<{ 100 * DTEL }, { 100_000 * DTEL }> = Within::new(1_000 * DTEL);
		/// The least that can be delegated: 1 to 1,000 DTEL.
		#[codec(index = 1)]
		pub static MinDelegation: Within<DTEL, { 1_000 * DTEL }> = Within::new(10 * DTEL);
		/// Stake that an operator needs for each node, its delegators' among it: 1,000 to 1,000,000 DTEL.
		#[codec(index = 2)]
		pub static MinStakePerNode: Within<{ 1_000 * DTEL }, { 1_000_000 * DTEL }> =
			Within::new(10_000 * DTEL);
		/// What a validator needs at stake, its delegators' among it: 1,000 to 5,000,000 DTEL.
		#[codec(index = 3)]
		pub static ValidatorFloor: Within<{ 1_000 * DTEL }, { 5_000_000 * DTEL }> =
			Within::new(50_000 * DTEL);
	}

	/// Pay.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod rewards {
		use super::*;

		/// Stake that one attested Mbit/s needs to count: 1 to 10,000 DTEL.
		#[codec(index = 0)]
		pub static StakePerMbps: Within<DTEL, { 10_000 * DTEL }> = Within::new(100 * DTEL);
		/// The part of the reserve that a year releases: 1 to 20 percent.
		#[codec(index = 1)]
		pub static YearlyRelease: Within<100, 2_000> = Within::new(1_000);
		/// What of it is for work, blocks, duty and the treasury.
		#[codec(index = 2)]
		pub static RewardShares: Shares = Shares::DEFAULT;
	}

	/// Penalties.
	#[dynamic_pallet_params]
	#[codec(index = 2)]
	pub mod penalties {
		use super::*;

		/// The bond of an operator's first open appeal: 1 to 10,000 DTEL.
		#[codec(index = 0)]
		pub static AppealBond: Within<DTEL, { 10_000 * DTEL }> = Within::new(100 * DTEL);
	}

	/// The registry.
	#[dynamic_pallet_params]
	#[codec(index = 3)]
	pub mod registry {
		use super::*;

		/// Held for a node: 0.1 to 100 DTEL.
		#[codec(index = 0)]
		pub static NodeDeposit: Within<{ 100 * MILLI }, { 100 * DTEL }> =
			Within::new(crate::configs::fees::deposit(9, 480));
		/// Held for each byte of its domain, version and DID: 0.0001 to 0.1 DTEL.
		#[codec(index = 1)]
		pub static NodeDepositPerByte: Within<{ MILLI / 10 }, { 100 * MILLI }> =
			Within::new(crate::configs::fees::deposit(0, 2));
		/// Held for an API key: 0.01 to 100 DTEL.
		#[codec(index = 2)]
		pub static ClientDeposit: Within<{ 10 * MILLI }, { 100 * DTEL }> =
			Within::new(crate::configs::fees::deposit(1, 100));
		/// Participants that may be connected at a node under an API key: 100 to 1,000,000.
		#[codec(index = 3)]
		pub static MaxClientLimit: Within<100, 1_000_000> = Within::new(100_000);
		/// Nodes of an operator: 1 to 256.
		#[codec(index = 4)]
		pub static MaxNodesPerOwner: Within<1, 256> = Within::new(64);
	}

	/// Fees.
	#[dynamic_pallet_params]
	#[codec(index = 4)]
	pub mod fees {
		use super::*;

		/// Planck for a picosecond of computation: a tenth of what genesis has to a hundred times as much.
		#[codec(index = 0)]
		pub static WeightPrice: Within<100_000, 100_000_000> = Within::new(1_000_000);
		/// For a byte of a transaction: 0.000001 to 0.001 DTEL.
		#[codec(index = 1)]
		pub static ByteFee: Within<{ MILLI / 1_000 }, MILLI> = Within::new(MILLI / 100);
		/// The part of fees that is burned instead of going to the treasury: none to half. Tips are never burned.
		#[codec(index = 2)]
		pub static BurnedFees: Within<0, 5_000> = Within::new(0);
	}

	/// The treasury, and governance itself.
	#[dynamic_pallet_params]
	#[codec(index = 5)]
	pub mod governance {
		use super::*;

		/// The part of the treasury that is burned each spend period: none to 1 percent.
		#[codec(index = 0)]
		pub static TreasuryBurn: Within<0, 100> = Within::new(0);
		/// Deposited with each referendum: 1 to 1,000 DTEL.
		#[codec(index = 1)]
		pub static SubmissionDeposit: Within<DTEL, { 1_000 * DTEL }> = Within::new(100 * DTEL);
		/// Deposited by whoever puts the chain into safe mode: 100,000 to 10,000,000 DTEL.
		#[codec(index = 2)]
		pub static SafeModeDeposit: Within<{ 100_000 * DTEL }, { 10_000_000 * DTEL }> =
			Within::new(500_000 * DTEL);
	}

	/// Measuring.
	#[dynamic_pallet_params]
	#[codec(index = 6)]
	pub mod attestation {
		use super::*;

		/// Megabytes of media that a verifier may send to one target in an era, whatever the target declared: 16 to 10,000. Ordinary
		/// calls take some; the rest is for throughput.
		#[codec(index = 0)]
		pub static ProbeMegabytes: Within<16, 10_000> = Within::new(64);
	}
}

use params as p;

parameter_types! {
	/// [`p::staking::MinBond`].
	pub MinBond: Balance = p::staking::MinBond::get().get();
	/// [`p::staking::MinDelegation`].
	pub MinDelegation: Balance = p::staking::MinDelegation::get().get();
	/// [`p::staking::MinStakePerNode`].
	pub MinStakePerNode: Balance = p::staking::MinStakePerNode::get().get();
	/// [`p::staking::ValidatorFloor`].
	pub ValidatorFloor: Balance = p::staking::ValidatorFloor::get().get();
	/// [`p::rewards::StakePerMbps`].
	pub StakePerMbps: Balance = p::rewards::StakePerMbps::get().get();
	/// [`p::rewards::YearlyRelease`].
	pub YearlyRelease: Perquintill =
		Perquintill::from_rational(u64::from(p::rewards::YearlyRelease::get().small()), 10_000);
	/// [`p::rewards::RewardShares`].
	pub RewardSplit: Split = p::rewards::RewardShares::get().split();
	/// [`p::penalties::AppealBond`].
	pub AppealBond: Balance = p::penalties::AppealBond::get().get();
	/// [`p::registry::NodeDeposit`].
	pub NodeDeposit: Balance = p::registry::NodeDeposit::get().get();
	/// [`p::registry::NodeDepositPerByte`].
	pub NodeDepositPerByte: Balance = p::registry::NodeDepositPerByte::get().get();
	/// [`p::registry::ClientDeposit`].
	pub ClientDeposit: Balance = p::registry::ClientDeposit::get().get();
	/// [`p::registry::MaxClientLimit`].
	pub MaxClientLimit: u32 = p::registry::MaxClientLimit::get().small();
	/// [`p::registry::MaxNodesPerOwner`].
	pub MaxNodesPerOwner: u32 = p::registry::MaxNodesPerOwner::get().small();
	/// [`p::fees::WeightPrice`].
	pub WeightPrice: Balance = p::fees::WeightPrice::get().get();
	/// [`p::fees::ByteFee`].
	pub TransactionByteFee: Balance = p::fees::ByteFee::get().get();
	/// [`p::fees::BurnedFees`].
	pub BurnedFees: Permill = Permill::from_rational(p::fees::BurnedFees::get().small(), 10_000u32);
	/// [`p::governance::TreasuryBurn`].
	pub TreasuryBurn: Permill =
		Permill::from_rational(p::governance::TreasuryBurn::get().small(), 10_000u32);
	/// [`p::governance::SubmissionDeposit`].
	pub SubmissionDeposit: Balance = p::governance::SubmissionDeposit::get().get();
	/// [`p::governance::SafeModeDeposit`].
	pub SafeModeDeposit: Option<Balance> = Some(p::governance::SafeModeDeposit::get().get());
	/// [`p::attestation::ProbeMegabytes`].
	pub ProbeMegabytes: u32 = p::attestation::ProbeMegabytes::get().small();
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		Self::Staking(p::staking::Parameters::MinBond(
			p::staking::MinBond,
			Some(Within::new(1_000 * DTEL)),
		))
	}
}

/// Who may set a parameter: Root and the parameter administrator any; the others those of their own matter.
pub struct Admin;

impl EnsureOriginWithArg<RuntimeOrigin, RuntimeParametersKey> for Admin {
	type Success = ();

	fn try_origin(origin: RuntimeOrigin, key: &RuntimeParametersKey) -> Result<(), RuntimeOrigin> {
		let origin = match <EnsureRoot<AccountId> as EnsureOrigin<_>>::try_origin(origin) {
			Ok(()) => return Ok(()),
			Err(origin) => origin,
		};
		let origin = match origins::EnsureParameterAdmin::try_origin(origin) {
			Ok(()) => return Ok(()),
			Err(origin) => origin,
		};
		match key {
			RuntimeParametersKey::Staking(_) => origins::EnsureStakingAdmin::try_origin(origin),
			RuntimeParametersKey::Penalties(_) => origins::EnsurePenaltyAdmin::try_origin(origin),
			RuntimeParametersKey::Registry(_) => origins::EnsureRegistryAdmin::try_origin(origin),
			RuntimeParametersKey::Rewards(_)
			| RuntimeParametersKey::Fees(_)
			| RuntimeParametersKey::Governance(_)
			| RuntimeParametersKey::Attestation(_) => Err(origin),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(_: &RuntimeParametersKey) -> Result<RuntimeOrigin, ()> {
		Ok(origins::Origin::ParameterAdmin.into())
	}
}
