//! BABE, GRANDPA, sessions and who is told of equivocations.

use super::fees;
use crate::{equivocations::Noted, *};
use frame_support::{parameter_types, traits::ConstU32};
use sp_runtime::traits::ConvertInto;
use sp_staking::SessionIndex;

/// Most validators.
pub const MAX_AUTHORITIES: u32 = 256;
/// How many sessions back an equivocation can be proven: about a month of hour-long ones.
pub const HISTORY_SESSIONS: SessionIndex = 24 * 28;

/// BABE's parameters at genesis: one slot in four has a primary author, secondary ones fill the rest.
pub const BABE_GENESIS_EPOCH_CONFIG: sp_consensus_babe::BabeEpochConfiguration =
	sp_consensus_babe::BabeEpochConfiguration {
		c: (1, 4),
		allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
	};

parameter_types! {
	/// For how many blocks a report of an equivocation is kept in pools.
	pub ReportLongevity: u64 = <setup::EpochSlots<Runtime> as frame_support::traits::Get<u64>>::get() * u64::from(HISTORY_SESSIONS);
	/// How many sets of GRANDPA authorities are remembered.
	pub const MaxSetIdSessionEntries: u64 = HISTORY_SESSIONS as u64;
}

impl pallet_babe::Config for Runtime {
	type EpochDuration = setup::EpochSlots<Runtime>;
	type ExpectedBlockTime = setup::SlotMillis<Runtime>;
	type EpochChangeTrigger = pallet_babe::ExternalTrigger;
	type DisabledValidators = Session;
	type WeightInfo = ();
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_babe::EquivocationReportSystem<Self, Equivocations, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Equivocations, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
	type EventHandler = ();
}

/// The identification of a validator in historical sessions: the account alone.
pub struct Identification;
impl sp_runtime::traits::Convert<AccountId, Option<()>> for Identification {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

/// The validators of genesis, until staking selects them: each whenever it has session keys.
///
/// A set is announced only when it differs from the one that is queued, so that GRANDPA changes its authorities
/// no more often than there is a reason. Without an announcement the historical root of the session before is kept,
/// which is what proves equivocations of earlier sessions.
pub struct GenesisValidators;

impl GenesisValidators {
	fn announce() -> Option<Vec<AccountId>> {
		let able: Vec<AccountId> = setup::Validators::<Runtime>::get()
			.into_iter()
			.filter(|who| Session::load_keys(who).is_some())
			.collect();
		let queued = pallet_session::QueuedKeys::<Runtime>::get();
		let same = able.iter().eq(queued.iter().map(|(who, _)| who));
		// An empty set would halt the chain: better the old one.
		(!able.is_empty() && !same).then_some(able)
	}

	fn forget(ended: SessionIndex) {
		if let Some(oldest) = ended.checked_sub(HISTORY_SESSIONS) {
			Historical::prune_up_to(oldest);
		}
	}
}

impl pallet_session::SessionManager<AccountId> for GenesisValidators {
	fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
		Self::announce()
	}
	fn start_session(_: SessionIndex) {}
	fn end_session(ended: SessionIndex) {
		Self::forget(ended)
	}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for GenesisValidators {
	fn new_session(_: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		Self::announce().map(|all| all.into_iter().map(|who| (who, ())).collect())
	}
	fn start_session(_: SessionIndex) {}
	fn end_session(ended: SessionIndex) {
		Self::forget(ended)
	}
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = Babe;
	type NextSessionRotation = Babe;
	type SessionManager =
		pallet_session::historical::NoteHistoricalRoot<Self, Noted<GenesisValidators>>;
	type SessionHandler = <SessionKeys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type KeyDeposit = fees::SessionKeyDeposit;
}

impl pallet_session::historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = Identification;
}

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
	type OnOffenceHandler = Equivocations;
}

impl crate::equivocations::Config for Runtime {}
