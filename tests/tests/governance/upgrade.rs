//! A new runtime: a referendum of Root authorises its hash, and anybody applies the code, unsigned.
//!
//! The code that is substituted here is nothing but a version. That a real one runs is rehearsed against a live chain.

use crate::{
	chain::{code, Chain, Tx},
	world::*,
};
use dtel_primitives::Hash;
use dtel_runtime::{governance::origins::Origin, Runtime, RuntimeCall, RuntimeEvent};
use frame_system::{Call, Event};
use sp_core::storage::well_known_keys::CODE;
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	DispatchError,
};

fn authorize(code: &[u8]) -> RuntimeCall {
	Call::authorize_upgrade { code_hash: hash_of(code) }.into()
}

fn hash_of(code: &[u8]) -> Hash {
	sp_io::hashing::blake2_256(code).into()
}

fn apply(code: &[u8]) -> RuntimeCall {
	Call::apply_authorized_upgrade { code: code.to_vec() }.into()
}

fn refused<T>() -> Result<T, TransactionValidityError> {
	Err(InvalidTransaction::Call.into())
}

fn current_code(chain: &mut Chain) -> Option<Vec<u8>> {
	chain.view(|| sp_io::storage::get(CODE).map(|code| code.to_vec()))
}

fn authorized(chain: &mut Chain) -> bool {
	chain.view(|| frame_system::Pallet::<Runtime>::authorized_upgrade().is_some())
}

#[test]
fn an_upgrade_is_authorised_by_root_and_applied_by_anybody() {
	let mut chain = Chain::new();
	let (next, other) = (code(2), code(3));
	let before = current_code(&mut chain);
	assert_ne!(before.as_ref(), Some(&next));
	assert_eq!(chain.apply_one(Tx::Bare(apply(&next))), refused(), "nothing is authorised");

	// No other origin authorises one, neither an administrator nor who just signs.
	for origin in [Origin::WhitelistedCaller, Origin::ParameterAdmin, Origin::Treasurer] {
		let decided = chain.decide(as_origin(origin), authorize(&next));
		assert_eq!(decided, Err(DispatchError::BadOrigin), "{origin:?}");
	}
	assert_eq!(chain.attempt("Alice", authorize(&next)), refused());
	assert!(!authorized(&mut chain));

	assert_eq!(chain.decide(root(), authorize(&next)), Ok(()));
	chain.assert_once(Event::UpgradeAuthorized { code_hash: hash_of(&next), check_version: true });
	assert_eq!(current_code(&mut chain), before, "authorised is not applied");

	// Other code is refused, whoever sends it; the right code, too, when it is signed: it takes a whole block, which
	// nobody can buy.
	assert_eq!(chain.apply_one(Tx::Bare(apply(&other))), refused());
	let mut flipped = next.clone();
	flipped[0] ^= 1;
	assert_eq!(chain.apply_one(Tx::Bare(apply(&flipped))), refused());
	assert_eq!(chain.attempt("Alice", apply(&next)), refused());
	assert_eq!(current_code(&mut chain), before);
	assert!(authorized(&mut chain));

	assert_eq!(chain.apply_one(Tx::Bare(apply(&next))), Ok(Ok(())));
	assert_eq!(current_code(&mut chain), Some(next.clone()));
	chain.assert_once(RuntimeEvent::System(Event::CodeUpdated { hash: hash_of(&next) }));
	assert!(!authorized(&mut chain));
	assert_eq!(chain.apply_one(Tx::Bare(apply(&next))), refused(), "once");
	chain.check();
	chain.blocks(40);
	chain.check();
}

#[test]
fn code_that_has_no_version_is_refused_although_it_was_authorised() {
	let mut chain = Chain::new();
	let junk = vec![0xff; 100];
	let before = current_code(&mut chain);
	assert_eq!(chain.decide(root(), authorize(&junk)), Ok(()));
	// It is included, costs nobody anything, and ends the authorisation.
	assert_eq!(chain.apply_one(Tx::Bare(apply(&junk))), Ok(Ok(())));
	chain.assert_once(Event::RejectedInvalidAuthorizedUpgrade {
		code_hash: hash_of(&junk),
		error: frame_system::Error::<Runtime>::FailedToExtractRuntimeVersion.into(),
	});
	assert_eq!(current_code(&mut chain), before);
	assert!(!authorized(&mut chain));
	chain.check();
}
