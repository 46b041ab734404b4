//! The origins that referenda can have, and what each may do.

use crate::{setup, AccountId, Balance, BlockNumber, Emergency, OriginCaller, RuntimeOrigin, DTEL};
use frame_support::{
	dispatch_context::with_context,
	traits::{EitherOf, EnsureOrigin, OriginTrait},
};
use frame_system::RawOrigin;

pub use pallet::Origin;

/// Origins without calls and storage.
#[frame_support::pallet]
pub mod pallet {
	use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
	use frame_support::pallet_prelude::*;

	/// Configuration.
	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// The pallet.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// Who a proposal speaks for once a referendum on the track of the same name approved it. Root is System's.
	#[pallet::origin]
	#[derive(
		PartialEq,
		Eq,
		Clone,
		Copy,
		Debug,
		Encode,
		Decode,
		DecodeWithMemTracking,
		MaxEncodedLen,
		TypeInfo,
	)]
	pub enum Origin {
		/// Dispatches, as Root, what the technical committee whitelisted.
		#[codec(index = 0)]
		WhitelistedCaller,
		/// Sets any parameter, within its bounds.
		#[codec(index = 1)]
		ParameterAdmin,
		/// Sets the parameters of stake and of validators.
		#[codec(index = 2)]
		StakingAdmin,
		/// Decides appeals, and sets their bond.
		#[codec(index = 3)]
		PenaltyAdmin,
		/// Sets the parameters of the registry.
		#[codec(index = 4)]
		RegistryAdmin,
		/// Spends of the treasury without a limit, and ends bounties.
		#[codec(index = 5)]
		Treasurer,
		/// Pauses calls, and enters, extends and leaves safe mode.
		#[codec(index = 6)]
		EmergencyAdmin,
		/// Cancels referenda; their deposits are given back.
		#[codec(index = 7)]
		ReferendumCanceller,
		/// Kills referenda; their deposits go to the treasury.
		#[codec(index = 8)]
		ReferendumKiller,
		/// Spends up to [`SPEND_TIERS`](super::SPEND_TIERS)' first.
		#[codec(index = 9)]
		Tipper,
		/// Spends up to the second.
		#[codec(index = 10)]
		SmallSpender,
		/// Spends up to the third.
		#[codec(index = 11)]
		MediumSpender,
		/// Spends up to the fourth.
		#[codec(index = 12)]
		BigSpender,
	}
}

/// What one referendum of each tier may spend.
pub const SPEND_TIERS: [(Origin, Balance); 4] = [
	(Origin::Tipper, 1_000 * DTEL),
	(Origin::SmallSpender, 10_000 * DTEL),
	(Origin::MediumSpender, 100_000 * DTEL),
	(Origin::BigSpender, 1_000_000 * DTEL),
];

/// The custom origin of a call, if it has one.
fn custom(origin: &RuntimeOrigin) -> Option<Origin> {
	match origin.caller() {
		OriginCaller::Origins(custom) => Some(*custom),
		_ => None,
	}
}

macro_rules! ensures {
	($($(#[$doc:meta])* $name:ident = $origin:ident;)*) => {$(
		$(#[$doc])*
		pub struct $name;
		impl EnsureOrigin<RuntimeOrigin> for $name {
			type Success = ();
			fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
				match custom(&origin) {
					Some(Origin::$origin) => Ok(()),
					_ => Err(origin),
				}
			}
			#[cfg(feature = "runtime-benchmarks")]
			fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
				Ok(Origin::$origin.into())
			}
		}
	)*};
}

ensures! {
	/// What the technical committee whitelisted and a referendum approved.
	EnsureWhitelistedCaller = WhitelistedCaller;
	/// For any parameter.
	EnsureParameterAdmin = ParameterAdmin;
	/// For stake and validators.
	EnsureStakingAdmin = StakingAdmin;
	/// For appeals.
	EnsurePenaltyAdmin = PenaltyAdmin;
	/// For the registry.
	EnsureRegistryAdmin = RegistryAdmin;
	/// For the treasury.
	EnsureTreasurer = Treasurer;
	/// For emergencies.
	EnsureEmergencyAdmin = EmergencyAdmin;
	/// Against referenda.
	EnsureReferendumCanceller = ReferendumCanceller;
	/// Against malicious referenda.
	EnsureReferendumKiller = ReferendumKiller;
}

/// Marks a dispatch in which a tier was used.
#[derive(Default)]
struct TierUsed(bool);

/// Who may spend of the treasury, and how much.
///
/// Root and the treasurer may spend any amount. A tier's limit is that of a *proposal*: pallet Treasury adds up what
/// one dispatch spends, but Bounties does not, so a batch of many bounties, each just below the limit, would be a spend of
/// any amount. Therefore a tier's origin can be used once in a dispatch, whatever it is used for. A proposal that needs several
/// spends goes to the treasurer's track.
pub struct Spender;

impl EnsureOrigin<RuntimeOrigin> for Spender {
	type Success = Balance;

	fn try_origin(origin: RuntimeOrigin) -> Result<Balance, RuntimeOrigin> {
		if matches!(origin.caller(), OriginCaller::system(RawOrigin::Root)) {
			return Ok(Balance::MAX);
		}
		let Some(custom) = custom(&origin) else { return Err(origin) };
		if custom == Origin::Treasurer {
			return Ok(Balance::MAX);
		}
		let Some((_, limit)) = SPEND_TIERS.into_iter().find(|(tier, _)| *tier == custom) else {
			return Err(origin);
		};
		let used =
			with_context::<TierUsed, _>(|used| core::mem::replace(&mut used.or_default().0, true));
		match used {
			Some(true) => Err(origin),
			_ => Ok(limit),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(Origin::Treasurer.into())
	}
}

/// Two thirds of the technical committee, and at least three of its members: with fewer members it can do nothing.
pub struct TwoThirdsOfCommittee;

/// Fewest members that must agree, however few there are.
pub const LEAST_MEMBERS: u32 = 3;

impl EnsureOrigin<RuntimeOrigin> for TwoThirdsOfCommittee {
	type Success = ();

	fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
		match origin.caller() {
			OriginCaller::TechnicalCommittee(pallet_collective::RawOrigin::Members(ayes, of))
				if *ayes >= LEAST_MEMBERS
					&& u64::from(*ayes).saturating_mul(3) >= u64::from(*of).saturating_mul(2) =>
			{
				Ok(())
			}
			_ => Err(origin),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		let members = pallet_collective::RawOrigin::<AccountId, super::Technical>::Members(3, 3);
		Ok(members.into())
	}
}

/// What a member of the technical committee votes that does not vote: no. Were it what the prime votes, one member could carry
/// a motion alone, for those who were silent would count among the two thirds.
pub struct SilenceIsNo;

impl pallet_collective::DefaultVote for SilenceIsNo {
	fn default_vote(_prime: Option<bool>, _: u32, _: u32, _: u32) -> bool {
		// The SDK's benchmark of a motion that is carried by its prime's vote; nothing but that runs this.
		#[cfg(all(feature = "runtime-benchmarks", not(feature = "std")))]
		return _prime.unwrap_or(false);
		#[cfg(not(all(feature = "runtime-benchmarks", not(feature = "std"))))]
		false
	}
}

/// Who may force the chain into safe mode, and for how long: a referendum for a week; the technical committee for twelve
/// hours, and not within a week after the last time.
pub struct ForceEnter;

impl EnsureOrigin<RuntimeOrigin> for ForceEnter {
	type Success = BlockNumber;

	fn try_origin(origin: RuntimeOrigin) -> Result<BlockNumber, RuntimeOrigin> {
		let origin = match ByReferendum::try_origin(origin) {
			Ok(()) => return Ok(setup::days(7)),
			Err(origin) => origin,
		};
		if !Emergency::may_enter() {
			return Err(origin);
		}
		TwoThirdsOfCommittee::try_origin(origin).map(|()| setup::hours(12))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		ByReferendum::try_successful_origin()
	}
}

/// Who may extend safe mode: a referendum, for a week each time.
pub struct ForceExtend;

impl EnsureOrigin<RuntimeOrigin> for ForceExtend {
	type Success = BlockNumber;

	fn try_origin(origin: RuntimeOrigin) -> Result<BlockNumber, RuntimeOrigin> {
		ByReferendum::try_origin(origin).map(|()| setup::days(7))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		ByReferendum::try_successful_origin()
	}
}

/// A referendum about an emergency: Root or the emergency administrator.
pub type ByReferendum = EitherOf<frame_system::EnsureRoot<AccountId>, EnsureEmergencyAdmin>;
