//! What clients rely on and must not move by accident.

use crate::{mock::*, Call, Error, Event, State};
use codec::{Encode, MaxEncodedLen};
use dtel_traits::{
	OffenceKind::{self, MissedDuty},
	Offender,
};
use frame_support::{
	traits::{GetStorageVersion, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};
use sp_runtime::Perbill;

#[test]
fn call_indices_stay() {
	let encoded = |call: Call<Test>| RuntimeCall::Penalties(call).encode();
	let penalty = 7;
	assert_eq!(encoded(Call::unjail { node: 7 }), [1, 0, 7 << 2]);
	assert_eq!(encoded(Call::unjail_validator {}), [1, 1]);
	assert_eq!(encoded(Call::appeal { penalty }), [1, 2, 7 << 2]);
	assert_eq!(encoded(Call::uphold { penalty }), [1, 3, 7 << 2]);
	assert_eq!(encoded(Call::cancel { penalty }), [1, 4, 7 << 2]);
	assert_eq!(encoded(Call::execute { penalty }), [1, 5, 7 << 2]);
}

#[test]
fn kinds_stay() {
	let indices: Vec<u8> = OffenceKind::ALL.iter().flat_map(Encode::encode).collect();
	assert_eq!(indices, [0, 1, 2, 3, 4, 5, 6, 7]);
	assert_eq!(OffenceKind::ALL[..2], [MissedDuty, OffenceKind::Unavailable]);
}

#[test]
fn states_stay() {
	let states = [
		State::Pending,
		State::Appealed { bond: 0 },
		State::Upheld,
		State::Executed { amount: 0 },
		State::Cancelled,
	];
	assert_eq!(states.map(|state| state.encode()[0]), [0, 1, 2, 3, 4]);
}

#[test]
fn hold_reasons_stay() {
	let reason: RuntimeHoldReason = crate::HoldReason::Appeal.into();
	assert_eq!(reason.encode(), [1, 0]);
}

#[test]
fn error_indices_stay() {
	let index = |error: Error<Test>| error.encode()[0];
	assert_eq!(
		[
			Error::NotJailed,
			Error::NotOwner,
			Error::TermNotOver,
			Error::UnknownPenalty,
			Error::AlreadyFinal,
			Error::NotOffender,
			Error::AppealedBefore,
			Error::TooLate,
			Error::NotAppealed,
			Error::NotDue,
			Error::EraNotSettled,
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
	);
}

#[test]
fn event_indices_stay() {
	let index = |event: Event<Test>| event.encode()[0];
	let (penalty, kind, era, owner, who, bond) = (0, MissedDuty, 0, 0, 0, 0);
	let offender = Offender::Node(0);
	let fraction = Perbill::zero();
	assert_eq!(
		[
			Event::OffenceReported { penalty, kind, era, offender, owner, fraction, due: 1 },
			Event::Jailed { offender, since: 0, until: 1 },
			Event::PenaltyExecuted { penalty, owner, fraction, amount: 0 },
			Event::Unjailed { offender },
			Event::PenaltyRaised { penalty, fraction, due: 1 },
			Event::Appealed { penalty, who, bond, until: 1 },
			Event::Upheld { penalty, who, bond },
			Event::PenaltyCancelled { penalty, owner, bond },
			Event::AppealLapsed { penalty, who, bond },
		]
		.map(index),
		[0, 1, 2, 3, 4, 5, 6, 7, 8]
	);
}

#[test]
fn storage_stays_where_it_is() {
	assert_eq!(crate::Offences::<Test>::storage_prefix(), b"Offences");
	assert_eq!(crate::Occasions::<Test>::storage_prefix(), b"Occasions");
	assert_eq!(crate::Tallies::<Test>::storage_prefix(), b"Tallies");
	assert_eq!(crate::Carried::<Test>::storage_prefix(), b"Carried");
	assert_eq!(crate::Penalties::<Test>::storage_prefix(), b"Penalties");
	assert_eq!(crate::OfOwner::<Test>::storage_prefix(), b"OfOwner");
	assert_eq!(crate::Disputed::<Test>::storage_prefix(), b"Disputed");
	assert_eq!(crate::Due::<Test>::storage_prefix(), b"Due");
	assert_eq!(crate::Appeals::<Test>::storage_prefix(), b"Appeals");
	assert_eq!(crate::Jailed::<Test>::storage_prefix(), b"Jailed");
	assert_eq!(crate::JailedOf::<Test>::storage_prefix(), b"JailedOf");
	assert_eq!(crate::Records::<Test>::storage_prefix(), b"Records");
	assert_eq!(Penalties::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Penalties::name(), "Penalties");
}

#[test]
fn sizes_stay() {
	// A strike tells its eras, its penalty and its node.
	let strikes = 4 + 4 + (1 + crate::MAX_STRIKES as usize * (3 * 4 + 5)) + 4;
	assert_eq!(crate::Strikes::max_encoded_len(), strikes);
	assert_eq!(crate::Record::max_encoded_len(), strikes + 4 * (4 + 5) + 2);
}
