//! Duties against everything that would crowd them out of pool and block.

use crate::{
	chain::{Chain, Tx, OPERATORS},
	seen, started,
};
use codec::{Decode, Encode};
use dtel_primitives::{clock::Phase, AccountId, Hash};
use dtel_runtime::{Attestation, RuntimeCall};
use pallet_dtel_attestation::Call;
use sp_runtime::transaction_validity::{
	InvalidTransaction, TransactionValidityError, UnknownTransaction,
};
use std::collections::BTreeMap;

/// A chain in the commit phase, and the commitment of operator 0.
fn committing() -> (Chain, RuntimeCall) {
	let mut chain = started();
	chain.run_to_phase(Phase::Commit);
	let Some(Tx::Authorized(duty)) = chain.commit(&OPERATORS[0], |target| seen(target, &[])) else {
		panic!("a member");
	};
	(chain, duty)
}

/// The same commitment with something changed.
fn altered(duty: &RuntimeCall, change: impl FnOnce(&mut u32, &mut u32, &mut Hash)) -> RuntimeCall {
	let RuntimeCall::Attestation(Call::commit { era, verifier, commitment, signature }) = duty
	else {
		panic!("a commitment");
	};
	let (mut era, mut verifier, mut commitment) = (*era, *verifier, *commitment);
	change(&mut era, &mut verifier, &mut commitment);
	let signature = signature.clone();
	RuntimeCall::Attestation(Call::commit { era, verifier, commitment, signature })
}

#[test]
fn ten_thousand_submissions_of_strangers_fill_neither_pool_nor_block() {
	let (mut chain, duty) = committing();
	let replay = chain.commit(&OPERATORS[1], |target| seen(target, &[])).expect("a member");
	assert_eq!(chain.try_apply(replay.clone()), Ok(Ok(())));
	let Tx::Authorized(replay) = replay else { unreachable!() };
	let early = |duty: &RuntimeCall, i| altered(duty, |era, _, _| *era += i + 1);
	let junk: Vec<RuntimeCall> = (0..2_000u32)
		.flat_map(|i| {
			let hash = Hash::from(sp_io::hashing::blake2_256(&i.encode()));
			[
				altered(&duty, |_, verifier, _| *verifier = 5 + i),
				altered(&duty, |_, _, commitment| *commitment = hash),
				early(&duty, i),
				altered(&duty, |era, _, _| *era = i % 2),
				replay.clone(),
			]
		})
		.collect();
	assert_eq!(junk.len(), 10_000);
	let why = |error: TransactionValidityError| match error {
		TransactionValidityError::Invalid(InvalidTransaction::Custom(3)) => "no member",
		TransactionValidityError::Invalid(InvalidTransaction::BadProof) => "bad signature",
		TransactionValidityError::Invalid(InvalidTransaction::Stale) => "stale",
		TransactionValidityError::Unknown(UnknownTransaction::Custom(1)) => "too early",
		other => panic!("{other:?}"),
	};
	let expected: BTreeMap<_, _> =
		[("no member", 2_000), ("bad signature", 2_000), ("too early", 2_000), ("stale", 4_000)]
			.into();
	let mut pool = BTreeMap::new();
	for call in &junk {
		let refused = chain.validate(Tx::Authorized(call.clone())).expect_err("refused");
		*pool.entry(why(refused)).or_insert(0) += 1;
	}
	assert_eq!(pool, expected);
	let mut block = BTreeMap::new();
	for refused in chain.refuse(junk.into_iter().map(Tx::Authorized).collect()) {
		*block.entry(why(refused)).or_insert(0) += 1;
	}
	assert_eq!(block, expected);
	assert_eq!(chain.try_apply(Tx::Authorized(duty)), Ok(Ok(())));
	let era = chain.era();
	assert_eq!(chain.view(|| Attestation::era_progress(era)).1, 2);
	chain.check();
}

/// Whoever pays can have any of a block but the part that is kept for duties.
#[test]
fn nobody_can_pay_for_the_room_of_duties() {
	let (mut chain, duty) = committing();
	let rich = &OPERATORS[1];
	let utility = |index: u8| {
		let bytes = (20u8, index, vec![duty.clone()]).encode();
		RuntimeCall::decode(&mut &bytes[..]).expect("a batch")
	};
	let multisig = {
		let bytes = (22u8, 0u8, vec![AccountId::new([9; 32])], duty.clone()).encode();
		RuntimeCall::decode(&mut &bytes[..]).expect("of one signatory")
	};
	let mut paid = Vec::new();
	for call in [duty.clone(), utility(0), utility(2), utility(4), multisig] {
		let tx = rich.sign(call.clone());
		assert_eq!(chain.validate(tx.clone()), Err(InvalidTransaction::Call.into()), "{call:?}");
		paid.push(tx);
	}
	assert!(chain.refuse(paid).iter().all(|error| *error == InvalidTransaction::Call.into()));
	let filler = rich.sign(duty.clone());
	assert_eq!(chain.try_apply_after(&filler, Tx::Authorized(duty)), (0, Ok(Ok(()))));
	chain.check();
}
