//! BABE, GRANDPA, sessions and who is told of equivocations.

use super::fees;
pub use crate::governance::parameters::ValidatorFloor;
use crate::{equivocations::Noted, *};
use dtel_traits::Seats;
use frame_support::{
	parameter_types,
	storage::with_transaction,
	traits::{ConstU32, KeyOwnerProofSystem},
	weights::Weight,
};
use sp_core::crypto::KeyTypeId;
use sp_runtime::{traits::ConvertInto, Perbill, SaturatedConversion, TransactionOutcome};
use sp_staking::{offence::OffenceSeverity, SessionIndex};

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

/// Proofs that a session key was a validator's, by the keys that the validators of the session have.
///
/// Pallet Historical reads the keys that are registered now. A validator that registered others in the session in which it
/// signs twice could not be shown to have done it, or a stranger would answer who has registered its key since. So for the
/// running session the registered keys are replaced by the session's while it is asked, and nothing of that stays. Of earlier
/// sessions it keeps a root, which was made when their keys were queued.
pub struct SeatProofs;

impl SeatProofs {
	fn with_seat_keys<R>(asks: impl FnOnce() -> Option<R>) -> Option<R> {
		let answer = with_transaction(|| {
			for (who, keys) in crate::equivocations::SeatKeys::<Runtime>::get() {
				pallet_session::NextKeys::<Runtime>::insert(who, keys);
			}
			TransactionOutcome::Rollback(Ok::<_, sp_runtime::DispatchError>(asks()))
		});
		answer.ok().flatten()
	}
}

impl<D: AsRef<[u8]>> KeyOwnerProofSystem<(KeyTypeId, D)> for SeatProofs {
	type Proof = sp_session::MembershipProof;
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;

	fn prove(key: (KeyTypeId, D)) -> Option<Self::Proof> {
		Self::with_seat_keys(|| Historical::prove(key))
	}

	fn check_proof(key: (KeyTypeId, D), proof: Self::Proof) -> Option<Self::IdentificationTuple> {
		if proof.session == Session::current_index() {
			Self::with_seat_keys(|| Historical::check_proof(key, proof))
		} else {
			Historical::check_proof(key, proof)
		}
	}
}

/// What reports of equivocations weigh: what the SDK reckons for the proofs, and what follows from them here.
///
/// Pallet Offences drops the weight that its handler returns, and hands the handler everybody who did the same at the same
/// time again with each report. So the report itself pays, for as many as can have: the whole set.
pub struct ReportWeight;

impl ReportWeight {
	fn judged(validators: u32) -> Weight {
		let database =
			<<Runtime as frame_system::Config>::DbWeight as frame_support::traits::Get<
				frame_support::weights::RuntimeDbWeight,
			>>::get();
		// For the proof the session's keys are put in the place of those that are registered: charged as though they were written.
		crate::equivocations::weight_of_one()
			.saturating_add(database.reads_writes(1, 1))
			.saturating_mul(validators.into())
			.saturating_add(database.reads(1))
	}
}

impl pallet_babe::WeightInfo for ReportWeight {
	fn plan_config_change() -> Weight {
		<() as pallet_babe::WeightInfo>::plan_config_change()
	}
	fn report_equivocation(validators: u32, nominators: u32) -> Weight {
		<() as pallet_babe::WeightInfo>::report_equivocation(validators, nominators)
			.saturating_add(Self::judged(validators))
	}
}

impl pallet_grandpa::WeightInfo for ReportWeight {
	fn report_equivocation(validators: u32, nominators: u32) -> Weight {
		<() as pallet_grandpa::WeightInfo>::report_equivocation(validators, nominators)
			.saturating_add(Self::judged(validators))
	}
	fn note_stalled() -> Weight {
		<() as pallet_grandpa::WeightInfo>::note_stalled()
	}
}

impl pallet_babe::Config for Runtime {
	type EpochDuration = setup::EpochSlots<Runtime>;
	type ExpectedBlockTime = setup::SlotMillis<Runtime>;
	type EpochChangeTrigger = pallet_babe::ExternalTrigger;
	type DisabledValidators = Session;
	type WeightInfo = ReportWeight;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_babe::EquivocationReportSystem<Self, Equivocations, SeatProofs, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ReportWeight;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Equivocations, SeatProofs, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
	type EventHandler = PaidAuthors;
}

/// Authors earn a share of the era's release.
pub struct PaidAuthors;

impl pallet_authorship::EventHandler<AccountId, BlockNumber> for PaidAuthors {
	fn note_author(author: AccountId) {
		Rewards::note_author(&author);
	}
}

/// The identification of a validator in historical sessions: the account alone.
pub struct Identification;
impl sp_runtime::traits::Convert<AccountId, Option<()>> for Identification {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

/// The validators by stake, as pallet Validators chooses them at the beginning of each session.
///
/// A set is announced when it differs from the one that is queued, by an account or by a key, and in the first session
/// of each era even if it does not: stake is another then, and a set of GRANDPA's, in which an equivocation cannot be
/// dated any better, lasts an era and not longer. Without an announcement the historical root of the session before is
/// kept. So the root of every session has the keys of that session in it, which is what proves equivocations later.
pub struct ByStake;

impl ByStake {
	/// Whether the running session is the first one of its era.
	fn is_new_era(running: Option<SessionIndex>) -> bool {
		let era_of = |session: Option<SessionIndex>| {
			session.and_then(crate::equivocations::SessionEras::<Runtime>::get)
		};
		let before = running.and_then(|session| session.checked_sub(1));
		matches!((era_of(before), era_of(running)), (Some(before), Some(now)) if before != now)
	}

	/// The set of session `planned`, if it is to be announced.
	fn announce(planned: SessionIndex) -> Option<Vec<AccountId>> {
		let queued = pallet_session::QueuedKeys::<Runtime>::get();
		let chosen = Validators::choose()
			.unwrap_or_else(|| queued.iter().map(|(who, _)| who.clone()).collect());
		let able: Vec<(AccountId, SessionKeys)> = chosen
			.into_iter()
			.filter_map(|who| Session::load_keys(&who).map(|keys| (who, keys)))
			.collect();
		let due = able != queued || Self::is_new_era(planned.checked_sub(1));
		// Nobody has keys any more, and nobody who has could be chosen. BABE goes on with no authorities then: the chain
		// stands still, announced or not.
		(due && !able.is_empty()).then(|| able.into_iter().map(|(who, _)| who).collect())
	}

	fn forget(ended: SessionIndex) {
		if let Some(oldest) = ended.checked_sub(HISTORY_SESSIONS) {
			Historical::prune_up_to(oldest);
		}
	}
}

impl pallet_session::SessionManager<AccountId> for ByStake {
	fn new_session(planned: SessionIndex) -> Option<Vec<AccountId>> {
		Self::announce(planned)
	}
	fn start_session(_: SessionIndex) {
		Validators::session_started()
	}
	fn end_session(ended: SessionIndex) {
		Self::forget(ended)
	}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for ByStake {
	fn new_session(planned: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		Self::announce(planned).map(|all| all.into_iter().map(|who| (who, ())).collect())
	}
	fn start_session(_: SessionIndex) {
		Validators::session_started()
	}
	fn end_session(ended: SessionIndex) {
		Self::forget(ended)
	}
}

parameter_types! {
	/// How many can ask to be chosen: as many as there can be validators. Each costs six reads in the first block of a
	/// session, for which Session charges the whole block.
	pub const MaxCandidates: u32 = MAX_AUTHORITIES;
}

impl pallet_dtel_validators::Config for Runtime {
	type Clock = setup::Clock<Runtime>;
	type Stake = Staking;
	type Jail = Penalties;
	type Seats = SessionSeats;
	type Founders = setup::Founders<Runtime>;
	type Wanted = setup::WantedValidators<Runtime>;
	type Minimum = setup::MinimumValidators<Runtime>;
	type Floor = ValidatorFloor;
	type MaxCandidates = MaxCandidates;
	type WeightInfo = pallet_dtel_validators::weights::SubstrateWeight<Runtime>;
}

/// Keys and seats as pallet Session has them.
///
/// Keys get there by `Session::set_keys` alone, which demands a signature over the account with each of them: a proof
/// of possession.
pub struct SessionSeats;

impl Seats<AccountId> for SessionSeats {
	fn has_keys(who: &AccountId) -> bool {
		pallet_session::NextKeys::<Runtime>::contains_key(who)
	}
	fn is_seated(who: &AccountId) -> bool {
		pallet_session::Validators::<Runtime>::get().contains(who)
			|| pallet_session::QueuedKeys::<Runtime>::get().iter().any(|(other, _)| other == who)
	}
	fn able() -> u32 {
		let queued = pallet_session::QueuedKeys::<Runtime>::get();
		queued.iter().filter(|(who, _)| Self::has_keys(who)).count().saturated_into()
	}
	fn disable(who: &AccountId, severity: Perbill) {
		Session::report_offence(who.clone(), OffenceSeverity(severity))
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(who: &AccountId) {
		pallet_session::NextKeys::<Runtime>::insert(who, benchmark_keys(who));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_seat(who: &AccountId) {
		pallet_session::DisabledValidators::<Runtime>::kill();
		pallet_session::Validators::<Runtime>::mutate(|all| {
			let others = (0..MAX_AUTHORITIES).map(|n| frame_benchmarking::account("seat", n, 0));
			all.extend(others.take((MAX_AUTHORITIES as usize).saturating_sub(all.len())));
			all.remove(0);
			all.push(who.clone());
			let queued = all.iter().map(|other| (other.clone(), benchmark_keys(other)));
			pallet_session::QueuedKeys::<Runtime>::put(queued.collect::<Vec<_>>());
		});
	}
}

/// Some keys, different for each account.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_keys(who: &AccountId) -> SessionKeys {
	let raw: [u8; 32] = who.clone().into();
	SessionKeys {
		babe: sp_core::sr25519::Public::from_raw(raw).into(),
		grandpa: sp_core::ed25519::Public::from_raw(raw).into(),
	}
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = Babe;
	type NextSessionRotation = Babe;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, Noted<ByStake>>;
	type SessionHandler = <SessionKeys as sp_runtime::traits::OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
	type WeightInfo = crate::weights::pallet_session::WeightInfo<Runtime>;
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
