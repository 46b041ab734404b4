//! Signs and hands to the pool.

use crate::{Call, Config, LOG_TARGET};
use dtel_primitives::{
	report::{commit_payload, EraReport},
	AttestorId, Hash,
};
use frame_system::offchain::SubmitTransaction;
use sp_application_crypto::RuntimeAppPublic;

/// Sends a commitment. Says whether the pool took it.
pub(super) fn commit<T: Config>(
	genesis: &Hash,
	key: &AttestorId,
	report: &EraReport,
	commitment: Hash,
) -> bool {
	let (era, verifier) = (report.era, report.verifier);
	let Some(signature) = key.sign(&commit_payload(genesis, era, verifier, &commitment)) else {
		return false;
	};
	send::<T>(Call::commit { era, verifier, commitment, signature })
}

/// Sends a reveal. Says whether the pool took it.
pub(super) fn reveal<T: Config>(
	genesis: &Hash,
	key: &AttestorId,
	report: EraReport,
	salt: [u8; 32],
) -> bool {
	let Some(signature) = key.sign(&report.reveal_payload(genesis, &salt)) else { return false };
	send::<T>(Call::reveal { report, salt, signature })
}

/// A signature of sr25519 differs each time, so that what is sent again is a new transaction to a pool
/// that has banned an earlier one; that it provides the same tag keeps the pool from holding both.
fn send<T: Config>(call: Call<T>) -> bool {
	let transaction = T::create_authorized_transaction(call.into());
	let taken = SubmitTransaction::<T, Call<T>>::submit_transaction(transaction).is_ok();
	if !taken {
		log::debug!(target: LOG_TARGET, "the pool holds the transaction already, or refuses it");
	}
	taken
}
