//! # Equivocations
//!
//! Turns what BABE and GRANDPA prove of a validator into a report to pallet Penalties.
//!
//! Pallet Offences is asked as always: it knows which reports are new and which validators did the same in
//! the same slot or round, and computes the fraction from their number. It hands this on, but neither the
//! kind of the offence nor the size of the set. So this pallet stands on both sides of it: as the
//! `ReportOffence` that the consensus pallets call it notes both, and as the `OnOffenceHandler` it reads them
//! within the same call.
//!
//! A penalty is for an era, an equivocation in a session. The era of a session is the one in which the session
//! started: of the two that it can lie in, the earlier, before which all stake that elected the validator was
//! bonded. It is noted when the session starts and forgotten together with the session's historical root, without
//! which nothing of it can be proven.
//!
//! A slot of BABE lies in one session. A round of GRANDPA lies in a set, which can last several sessions, and the report
//! may name any of them. So the session that counts is the first one of the set, whoever reports. The session manager
//! announces a set in each era, so a set is no longer than an era.
//!
//! What an offender costs in a block is paid by the report: see `ReportWeight` in `configs::consensus`.
//!
//! ## Invariants
//!
//! - **INV-1** Between two calls nothing is being reported.
//! - **INV-2** Eras of sessions rise with the sessions, none is yet to come, and no more are kept than
//!   equivocations can be proven of.
//! - **INV-3** The keys that are kept are those of the running session's validators, in their order.

pub use pallet::*;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
	use dtel_primitives::{offence::Occasion, EraIndex};
	use frame_support::pallet_prelude::*;
	use sp_staking::{offence::Kind, SessionIndex};

	/// The version of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// Configuration.
	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// The era in which each session started. Absent: it has not, or too long ago to prove anything.
	///
	/// Sole writer: this file, when sessions start and end. At most `HISTORY_SESSIONS` + 3 entries. INV-2.
	#[pallet::storage]
	pub type SessionEras<T> = StorageMap<_, Twox64Concat, SessionIndex, EraIndex>;

	/// Who validates in the running session, with the keys of that session. Who registers others, or none, meanwhile is still known by
	/// them: see `SeatProofs` in `configs::consensus`.
	///
	/// Sole writer: this file, when sessions start. As many as there are validators. INV-3.
	#[pallet::storage]
	#[pallet::unbounded]
	pub type SeatKeys<T> =
		StorageValue<_, alloc::vec::Vec<(crate::AccountId, crate::SessionKeys)>, ValueQuery>;

	/// The kind of the offence that is being reported, the size of the set at the time, and the slot or round. Absent between
	/// calls, so never in a block's state. INV-1.
	#[pallet::storage]
	pub(crate) type Reporting<T> = StorageValue<_, (Kind, u32, Occasion)>;

	#[pallet::hooks]
	impl<T: Config> Hooks<frame_system::pallet_prelude::BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(
			_: frame_system::pallet_prelude::BlockNumberFor<T>,
		) -> Result<(), sp_runtime::TryRuntimeError> {
			super::check::<T>()
		}
	}
}

use crate::{
	configs::consensus::HISTORY_SESSIONS, setup, AccountId, Offences, Penalties, Runtime, System,
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use dtel_traits::{
	Equivocation, Evidence, Occasion, Offence as DtelOffence, OffenceSink, Offender,
};
use frame_support::{traits::Get, weights::Weight};
use pallet_dtel_validators::WeightInfo;
use pallet_session::historical::{IdentificationTuple, SessionManager as HistoricalManager};
use sp_runtime::{Perbill, SaturatedConversion};
use sp_staking::{
	offence::{Kind, Offence, OffenceDetails, OffenceError, OnOffenceHandler, ReportOffence},
	SessionIndex,
};

const BABE: Kind = <pallet_babe::EquivocationOffence<()> as Offence<()>>::ID;
const GRANDPA: Kind = <pallet_grandpa::EquivocationOffence<()> as Offence<()>>::ID;
const LOG_TARGET: &str = "runtime::equivocations";

/// How many eras before it was done an equivocation can be dated: to the one in which its session, or its set's first one,
/// started. A set lasts no longer than an era.
pub const DATED_BACK_ERAS: dtel_primitives::EraIndex = 1;

type Identity = IdentificationTuple<Runtime>;

impl<O: Offence<Identity>> ReportOffence<AccountId, Identity, O> for Pallet<Runtime> {
	fn report_offence(reporters: Vec<AccountId>, offence: O) -> Result<(), OffenceError> {
		let slot = offence.slot().encode();
		let Some(occasion) = occasion(O::ID, &slot) else { return Err(OffenceError::Other(0)) };
		Reporting::<Runtime>::put((O::ID, offence.validator_set_count(), occasion));
		let result = Offences::report_offence(reporters, offence);
		Reporting::<Runtime>::kill();
		result
	}

	fn is_known_offence(offenders: &[Identity], slot: &O::Slot) -> bool {
		<Offences as ReportOffence<AccountId, Identity, O>>::is_known_offence(offenders, slot)
	}
}

impl OnOffenceHandler<AccountId, Identity, Weight> for Pallet<Runtime> {
	fn on_offence(
		offenders: &[OffenceDetails<AccountId, Identity>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		let Some((kind, validators, occasion)) = Reporting::<Runtime>::get() else {
			log::error!(target: LOG_TARGET, "an offence in session {session} that nobody reported");
			return Weight::zero();
		};
		let session = if kind == GRANDPA { first_session(occasion.set, session) } else { session };
		let Some(era) = SessionEras::<Runtime>::get(session) else {
			log::error!(target: LOG_TARGET, "an offence in session {session}: nothing is known of it");
			return Weight::zero();
		};
		for (details, fraction) in offenders.iter().zip(fractions) {
			let equivocation = Equivocation {
				session,
				occasion,
				offenders: offenders.len().saturated_into(),
				validators,
				fraction: *fraction,
			};
			let evidence = match kind {
				BABE => Evidence::BabeEquivocation(equivocation),
				GRANDPA => Evidence::GrandpaEquivocation(equivocation),
				_ => {
					log::error!(target: LOG_TARGET, "an offence of unknown kind {kind:?}");
					continue;
				}
			};
			let owner = details.offender.0.clone();
			let offender = Offender::Validator(owner.clone());
			Penalties::report(DtelOffence { era, offender, owner, evidence });
		}
		weight_of_one().saturating_mul(offenders.len().saturated_into())
	}
}

/// What one offender of a report weighs. Pallet Offences drops what `on_offence` returns: reports pay for it themselves,
/// see `ReportWeight` beside the configuration of BABE and GRANDPA.
pub(crate) fn weight_of_one() -> Weight {
	Penalties::equivocation_weight()
		.saturating_add(<Runtime as pallet_dtel_validators::Config>::WeightInfo::offended())
}

/// The first session of a set of GRANDPA's: the one after the last of the set before. A set lasts several sessions, and a
/// proof of membership in any of them proves an equivocation; which one is the reporter's choice, so `named` decides
/// nothing. It stands in only for a set of which nothing is remembered, of which no report gets as far as here.
fn first_session(set: u64, named: SessionIndex) -> SessionIndex {
	match set.checked_sub(1) {
		None => 0,
		Some(before) => pallet_grandpa::SetIdSession::<Runtime>::get(before)
			.map_or(named, |last| last.saturating_add(1)),
	}
}

/// The slot of BABE, or set and round of GRANDPA, from how pallet Offences knows it. Nothing for another kind.
fn occasion(kind: Kind, mut slot: &[u8]) -> Option<Occasion> {
	let (set, round) = match kind {
		BABE => (0, u64::decode(&mut slot).ok()?),
		GRANDPA => Decode::decode(&mut slot).ok()?,
		_ => return None,
	};
	Some(Occasion { set, round })
}

/// A session manager whose sessions are noted with the era in which they start.
pub struct Noted<M>(core::marker::PhantomData<M>);

impl<M> Noted<M> {
	fn start(session: SessionIndex) {
		let era = setup::Clock::<Runtime>::get().era_of(System::block_number());
		SessionEras::<Runtime>::insert(session, era);
		// Still what was queued for this session: what is queued next is decided after its start.
		SeatKeys::<Runtime>::put(pallet_session::QueuedKeys::<Runtime>::get());
	}

	fn end(session: SessionIndex) {
		// The root of session `session - HISTORY_SESSIONS` is still there: its predecessor goes.
		if let Some(gone) = session.checked_sub(HISTORY_SESSIONS.saturating_add(1)) {
			SessionEras::<Runtime>::remove(gone);
		}
	}
}

impl<M: pallet_session::SessionManager<AccountId>> pallet_session::SessionManager<AccountId>
	for Noted<M>
{
	fn new_session(session: SessionIndex) -> Option<Vec<AccountId>> {
		M::new_session(session)
	}
	fn new_session_genesis(session: SessionIndex) -> Option<Vec<AccountId>> {
		M::new_session_genesis(session)
	}
	fn start_session(session: SessionIndex) {
		Self::start(session);
		M::start_session(session)
	}
	fn end_session(session: SessionIndex) {
		Self::end(session);
		M::end_session(session)
	}
}

impl<I, M: HistoricalManager<AccountId, I> + pallet_session::SessionManager<AccountId>>
	HistoricalManager<AccountId, I> for Noted<M>
{
	fn new_session(session: SessionIndex) -> Option<Vec<(AccountId, I)>> {
		<M as HistoricalManager<AccountId, I>>::new_session(session)
	}
	fn new_session_genesis(session: SessionIndex) -> Option<Vec<(AccountId, I)>> {
		<M as HistoricalManager<AccountId, I>>::new_session_genesis(session)
	}
	fn start_session(session: SessionIndex) {
		Self::start(session);
		<M as HistoricalManager<AccountId, I>>::start_session(session)
	}
	fn end_session(session: SessionIndex) {
		Self::end(session);
		<M as HistoricalManager<AccountId, I>>::end_session(session)
	}
}

/// INV-1 to INV-3.
#[cfg(feature = "try-runtime")]
pub(crate) fn check<T: Config>() -> Result<(), sp_runtime::TryRuntimeError> {
	use frame_support::ensure;
	ensure!(!Reporting::<T>::exists(), "INV-1: a report that never ended");
	let mut eras: Vec<(SessionIndex, dtel_primitives::EraIndex)> =
		SessionEras::<T>::iter().collect();
	eras.sort_unstable();
	let now = setup::Clock::<Runtime>::get().era_of(System::block_number());
	ensure!(eras.is_sorted_by_key(|(_, era)| *era), "INV-2: a session that began before its last");
	ensure!(eras.last().is_none_or(|(_, era)| *era <= now), "INV-2: a session that is to come");
	ensure!(
		eras.len() <= HISTORY_SESSIONS.saturating_add(3) as usize,
		"INV-2: sessions of which nothing can be proven"
	);
	let seated: Vec<AccountId> = SeatKeys::<T>::get().into_iter().map(|(who, _)| who).collect();
	ensure!(
		seated == pallet_session::Validators::<Runtime>::get(),
		"INV-3: keys of others than the validators"
	);
	Ok(())
}
