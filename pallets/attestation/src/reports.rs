//! Commit and reveal: what is authorised, and what is recorded. Sole writer of [`Commitments`] (but for what `settlement` counts in
//! them), [`Samples`] and [`DoubleReveals`], and of the counters of commits and reveals in [`Eras`], but for their pruning.
//!
//! Everything that decides on a report is checked in `authorize`, which runs in the pool and again in
//! the block right before the dispatch. What dispatches is therefore never refused for anything but
//! a race of two transactions, and a refused one never fills a block.

use crate::{
	types::{Revealed, Voice},
	Commitment, Commitments, Config, DoubleReveals, Eras, Error, Event, MemberIndex, Members,
	Pallet, Sample, Samples,
};
use codec::Encode;
use dtel_primitives::{
	clock::{Moment, Phase},
	report::{commit_payload, EraReport, SignedReveal},
	AttestorId, AttestorSignature, Balance, EraIndex, Hash, NodeId,
};
use dtel_traits::{Evidence, Jail, NodeRegistry, Offence, OffenceSink, Offender};
use frame_support::{
	defensive_assert, ensure,
	pallet_prelude::{
		DispatchResult, InvalidTransaction, TransactionSource, TransactionValidityError,
		TransactionValidityWithRefund, UnknownTransaction, ValidTransaction, Weight,
	},
};
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::{traits::Zero, transaction_validity::TransactionPriority, SaturatedConversion};

/// Priority of commits and reveals in the pool: the highest, so that no tip outbids them in the few
/// blocks of their phase. They are of the operational class, for which every block keeps room that
/// nothing else gets, and there is at most one a member and phase.
pub const PRIORITY: TransactionPriority = TransactionPriority::MAX;

const TAG: &str = "DtelAttestation";

impl<T: Config> Pallet<T> {
	/// The hash of the genesis block.
	pub(crate) fn genesis_hash() -> Hash {
		frame_system::Pallet::<T>::block_hash(
			frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
		)
	}

	/// The moment, if it is in `phase` of `era`.
	fn moment_in(era: EraIndex, phase: Phase) -> Result<Moment, Error<T>> {
		let moment = Self::moment();
		match (era, phase).cmp(&(moment.era, moment.phase)) {
			core::cmp::Ordering::Equal => Ok(moment),
			core::cmp::Ordering::Less => Err(Error::<T>::TooLate),
			core::cmp::Ordering::Greater => Err(Error::<T>::TooEarly),
		}
	}

	fn check_commit(era: EraIndex, verifier: NodeId) -> Result<Moment, Error<T>> {
		let moment = Self::moment_in(era, Phase::Commit)?;
		ensure!(MemberIndex::<T>::contains_key(era, verifier), Error::<T>::NotMember);
		ensure!(Self::committee(era).is_some(), Error::<T>::NoCommittee);
		ensure!(!Commitments::<T>::contains_key(era, verifier), Error::<T>::AlreadyCommitted);
		Ok(moment)
	}

	fn check_reveal(report: &EraReport, salt: &[u8; 32]) -> Result<Moment, Error<T>> {
		let moment = Self::moment_in(report.era, Phase::Reveal)?;
		ensure!(MemberIndex::<T>::contains_key(report.era, report.verifier), Error::<T>::NotMember);
		let commitment =
			Commitments::<T>::get(report.era, report.verifier).ok_or(Error::<T>::NotCommitted)?;
		ensure!(commitment.revealed.is_none(), Error::<T>::AlreadyRevealed);
		ensure!(
			report.commitment(&Self::genesis_hash(), salt) == commitment.hash,
			Error::<T>::CommitmentMismatch
		);
		Ok(moment)
	}

	/// Whether a report is valid and about exactly the targets of its verifier.
	pub(crate) fn check_report(report: &EraReport) -> Result<(), Error<T>> {
		report.validate().map_err(|_| Error::<T>::ReportInvalid)?;
		let index =
			MemberIndex::<T>::get(report.era, report.verifier).ok_or(Error::<T>::NotMember)?;
		let committee = Self::committee(report.era).ok_or(Error::<T>::NoCommittee)?;
		let targets = Self::targets_of(report.era, &committee, index);
		ensure!(!targets.is_empty(), Error::<T>::NoDuty);
		ensure!(
			targets.iter().eq(report.measurements.iter().map(|m| &m.target)),
			Error::<T>::TargetsMismatch
		);
		Ok(())
	}

	fn check_signature(
		era: EraIndex,
		verifier: NodeId,
		payload: &[u8],
		signature: &AttestorSignature,
	) -> Result<(), Error<T>> {
		ensure!(Self::key_of(era, verifier)?.verify(&payload, signature), Error::<T>::BadSignature);
		Ok(())
	}

	/// The key with which a verifier signs in an era: that with which it committed, else that which is registered.
	pub(crate) fn key_of(era: EraIndex, verifier: NodeId) -> Result<AttestorId, Error<T>> {
		Commitments::<T>::get(era, verifier)
			.map(|commitment| commitment.key)
			.or_else(|| T::Registry::attestor(verifier, era))
			.ok_or(Error::<T>::UnknownKey)
	}

	pub(crate) fn authorize_commit(
		_source: TransactionSource,
		era: &EraIndex,
		verifier: &NodeId,
		commitment: &Hash,
		signature: &AttestorSignature,
	) -> TransactionValidityWithRefund {
		let checked = || {
			let moment = Self::check_commit(*era, *verifier)?;
			let payload = commit_payload(&Self::genesis_hash(), *era, *verifier, commitment);
			Self::check_signature(*era, *verifier, &payload, signature)?;
			Ok(moment)
		};
		Self::validity(checked(), *era, *verifier)
	}

	pub(crate) fn authorize_reveal(
		_source: TransactionSource,
		report: &EraReport,
		salt: &[u8; 32],
		signature: &AttestorSignature,
	) -> TransactionValidityWithRefund {
		let checked = || {
			let moment = Self::check_reveal(report, salt)?;
			let payload = report.reveal_payload(&Self::genesis_hash(), salt);
			Self::check_signature(report.era, report.verifier, &payload, signature)?;
			Self::check_report(report)?;
			Ok(moment)
		};
		Self::validity(checked(), report.era, report.verifier)
	}

	/// One transaction a phase, era and verifier, valid until the phase ends.
	fn validity(
		checked: Result<Moment, Error<T>>,
		era: EraIndex,
		verifier: NodeId,
	) -> TransactionValidityWithRefund {
		let moment = checked.map_err(refusal)?;
		let left = moment.phase_ends.saturating_sub(Self::now()).max(1);
		let valid = ValidTransaction::with_tag_prefix(TAG)
			.priority(PRIORITY)
			.and_provides((moment.phase, era, verifier).encode())
			.longevity(left.into())
			.propagate(true)
			.build()?;
		Ok((valid, Weight::zero()))
	}

	pub(crate) fn do_commit(era: EraIndex, verifier: NodeId, hash: Hash) -> DispatchResult {
		Self::check_commit(era, verifier)?;
		let key = Self::key_of(era, verifier)?;
		Commitments::<T>::insert(era, verifier, Commitment { hash, key, revealed: None });
		Eras::<T>::mutate(era, |p| p.commits = p.commits.saturating_add(1));
		Self::deposit_event(Event::Committed { era, verifier });
		Ok(())
	}

	/// Whose a verifier's samples are, and what they weigh: its stake. One that was jailed after the era was frozen has
	/// nothing more to lose in it, and weighs next to nothing.
	fn voice_and_weight(era: EraIndex, verifier: NodeId) -> (Voice, Balance) {
		let index = MemberIndex::<T>::get(era, verifier);
		let member = index.and_then(|index| Members::<T>::get(era, index));
		let (voice, stake) = member.map_or((0, 0), |m| (Sample::voice_of(&m.owner), m.stake));
		let stake = if T::Jail::is_jailed(verifier) { 0 } else { stake };
		(voice, stake.max(Sample::LEAST_WEIGHT))
	}

	pub(crate) fn do_reveal(report: EraReport, salt: [u8; 32]) -> DispatchResult {
		Self::check_reveal(&report, &salt)?;
		let EraReport { era, verifier, measurements, own } = report;
		let (voice, weight) = Self::voice_and_weight(era, verifier);
		let (mut measured, mut down) = (0u32, 0u32);
		for measurement in measurements {
			measured = measured.saturating_add(1);
			down = down.saturating_add(u32::from(measurement.is_down()));
			let sample = Sample { verifier, voice, weight, measurement };
			Samples::<T>::mutate(era, measurement.target, |samples| {
				// Each target has at most `k ≤ MAX_TARGETS` verifiers, and each reveals once.
				defensive_assert!(samples.try_push(sample).is_ok());
			});
		}
		Commitments::<T>::mutate(era, verifier, |commitment| {
			if let Some(commitment) = commitment {
				let measured = measured.saturated_into();
				commitment.revealed = Some(Revealed { measured, outliers: 0, own });
			}
		});
		Eras::<T>::mutate(era, |p| {
			p.reveals = p.reveals.saturating_add(1);
			p.measured = p.measured.saturating_add(measured);
			p.down = p.down.saturating_add(down);
		});
		Self::deposit_event(Event::Revealed { era, verifier });
		Ok(())
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_report_double_reveal(
		reporter: T::AccountId,
		first: SignedReveal,
		second: SignedReveal,
	) -> DispatchResult {
		let (era, verifier) = (first.report.era, first.report.verifier);
		let same = (era, verifier) == (second.report.era, second.report.verifier);
		ensure!(same && first.report != second.report, Error::<T>::NoDoubleReveal);
		let now = Self::current_era();
		ensure!(era <= now, Error::<T>::TooEarly);
		// A key that is stolen later is no evidence of what was signed before.
		ensure!(now <= era.saturating_add(crate::SHOWN_ERAS), Error::<T>::TooLate);
		let index = MemberIndex::<T>::get(era, verifier).ok_or(Error::<T>::NotMember)?;
		let member = Members::<T>::get(era, index).ok_or(Error::<T>::NotMember)?;
		ensure!(Commitments::<T>::contains_key(era, verifier), Error::<T>::NotCommitted);
		ensure!(!DoubleReveals::<T>::contains_key(era, verifier), Error::<T>::AlreadyShown);
		let genesis = Self::genesis_hash();
		for SignedReveal { report, salt, signature } in [&first, &second] {
			let payload = report.reveal_payload(&genesis, salt);
			Self::check_signature(era, verifier, &payload, signature)?;
		}
		let hash = |of: &SignedReveal| of.report.commitment(&genesis, &of.salt);
		let evidence = Evidence::DoubleReveal { first: hash(&first), second: hash(&second) };
		DoubleReveals::<T>::insert(era, verifier, ());
		let offender = Offender::Node(verifier);
		T::Offences::report(Offence { era, offender, owner: member.owner, evidence });
		Self::deposit_event(Event::DoubleRevealReported { era, verifier, reporter });
		Ok(())
	}
}

/// Why a transaction is not valid. What is merely too early is *unknown*, because pools ban what is
/// invalid, and a peer that lags by a block must not.
pub(crate) fn refusal<T>(error: Error<T>) -> TransactionValidityError {
	match error {
		Error::TooEarly => UnknownTransaction::Custom(code::TOO_EARLY).into(),
		Error::TooLate | Error::AlreadyCommitted | Error::AlreadyRevealed => {
			InvalidTransaction::Stale.into()
		}
		Error::BadSignature => InvalidTransaction::BadProof.into(),
		Error::UnknownKey => InvalidTransaction::BadSigner.into(),
		Error::NoCommittee => InvalidTransaction::Custom(code::NO_COMMITTEE).into(),
		Error::NotMember => InvalidTransaction::Custom(code::NOT_MEMBER).into(),
		Error::NotCommitted => InvalidTransaction::Custom(code::NOT_COMMITTED).into(),
		Error::CommitmentMismatch => InvalidTransaction::Custom(code::COMMITMENT_MISMATCH).into(),
		Error::NoDuty => InvalidTransaction::Custom(code::NO_DUTY).into(),
		Error::TargetsMismatch => InvalidTransaction::Custom(code::TARGETS_MISMATCH).into(),
		Error::ReportInvalid => InvalidTransaction::Custom(code::REPORT_INVALID).into(),
		_ => InvalidTransaction::Call.into(),
	}
}

/// Numbers by which the pool names a refusal.
pub(crate) mod code {
	pub const TOO_EARLY: u8 = 1;
	pub const NO_COMMITTEE: u8 = 2;
	pub const NOT_MEMBER: u8 = 3;
	pub const NOT_COMMITTED: u8 = 4;
	pub const COMMITMENT_MISMATCH: u8 = 5;
	pub const NO_DUTY: u8 = 6;
	pub const TARGETS_MISMATCH: u8 = 7;
	pub const REPORT_INVALID: u8 = 8;
}
