//! What clients rely on and must not move by accident.

use crate::{mock::*, types::Page, Airdrops, Call, Claimed, Error, Event, NextId};
use codec::{Encode, MaxEncodedLen};
use dtel_primitives::{
	airdrop::{Airdrop, Plan, Progress, Proof},
	Hash,
};
use frame_support::{
	traits::{GetStorageVersion, Hooks, PalletInfoAccess, StorageVersion},
	StoragePrefixedMap,
};
use sp_io::hashing::twox_128;

fn plan() -> Plan {
	Plan {
		label: b"ab".to_vec().try_into().unwrap(),
		root: Hash::repeat_byte(1),
		leaves: 2,
		amount: 3,
		opens: 4,
		closes: 5,
		vesting: Some(vesting(9)),
	}
}

#[test]
fn call_indices_and_arguments_stay() {
	let encoded = |call: Call<Test>| RuntimeCall::Claims(call).encode();
	let terms = (1u8, (5u32, 7u32, 9u32), 0u16, 1u32).encode();
	let fields = (Hash::repeat_byte(1), 2u32, 3u128, 4u32, 5u32).encode();
	let expected = [&[2, 0, 2 << 2][..], b"ab", &fields, &terms].concat();
	assert_eq!(encoded(Call::create { plan: plan() }), expected);
	let proof = Proof::try_from(vec![Hash::repeat_byte(6)]).unwrap();
	let claim = Call::claim { airdrop: 1, index: 2, who: 3, amount: 4, proof };
	let expected =
		[&[2, 1, 1 << 2, 2 << 2][..], &3u128.to_le_bytes(), &[4 << 2, 1 << 2], &[6; 32]].concat();
	assert_eq!(encoded(claim), expected);
	assert_eq!(encoded(Call::close { airdrop: 1 }), [2, 2, 1 << 2]);
	assert_eq!(encoded(Call::cancel { airdrop: 1 }), [2, 3, 1 << 2]);
	assert_eq!(encoded(Call::prune { airdrop: 1, limit: 3 }), [2, 4, 1 << 2, 3 << 2]);
}

#[test]
fn error_indices_stay() {
	let errors = [
		Error::AirdropUnknown,
		Error::LeavesOutOfRange,
		Error::ZeroAmount,
		Error::TooLittleNotice,
		Error::WindowTooShort,
		Error::WindowTooLong,
		Error::TermsTooShort,
		Error::TooManyAirdrops,
		Error::NoIdLeft,
		Error::NotOpenYet,
		Error::WindowOver,
		Error::NotAReceiver,
		Error::IndexOutOfRange,
		Error::WrongProofLength,
		Error::BadProof,
		Error::AlreadyClaimed,
		Error::Underfunded,
		Error::AlreadyOpen,
		Error::WindowNotOver,
		Error::AlreadyClosed,
		Error::NotClosed,
		Error::ZeroLimit,
	];
	let indices: Vec<u8> = errors.map(|error: Error<Test>| error.encode()[0]).into();
	assert_eq!(indices, (0..22).collect::<Vec<u8>>());
}

#[test]
fn event_indices_and_fields_stay() {
	let (airdrop, funder, who, index) = (1u32, 2u128, 3u128, 4u32);
	let Plan { label, root, leaves, amount, opens, closes, vesting } = plan();
	let fields = (0u8, airdrop, funder, (&label, root, leaves, amount), (opens, closes), vesting);
	let event: Event<Test> = Event::Created {
		airdrop,
		funder,
		label: label.clone(),
		root,
		leaves,
		amount,
		opens,
		closes,
		vesting,
	};
	assert_eq!(event.encode(), fields.encode());
	let event: Event<Test> = Event::Claimed { airdrop, index, who, amount };
	assert_eq!(event.encode(), (1u8, airdrop, index, who, amount).encode());
	let (returned, paid, claims) = (5u128, 6u128, 7u32);
	let event: Event<Test> = Event::Closed { airdrop, funder, returned, paid, claims };
	assert_eq!(event.encode(), (2u8, airdrop, funder, returned, paid, claims).encode());
	let event: Event<Test> = Event::Cancelled { airdrop, funder, returned };
	assert_eq!(event.encode(), (3u8, airdrop, funder, returned).encode());
	let event: Event<Test> = Event::Pruned { airdrop, pages: 8, done: true };
	assert_eq!(event.encode(), (4u8, airdrop, 8u32, true).encode());
}

#[test]
fn sizes_stay() {
	let terms = 4 + 4 + 4 + 2 + 4;
	let airdrop = 16 + 32 + 32 + 4 + 16 + 16 + 4 + 4 + 4 + 1 + terms + 5;
	assert_eq!(Airdrop::<AccountId>::max_encoded_len(), airdrop);
	assert_eq!(Page::max_encoded_len(), 256);
	assert_eq!(Plan::max_encoded_len(), 33 + 32 + 4 + 16 + 4 + 4 + 1 + terms);
	assert_eq!(Proof::max_encoded_len(), 1 + 20 * 32);
	assert_eq!(Progress::Live.encode(), [0]);
	assert_eq!(Progress::Closed { pruned: 1 }.encode(), [1, 1, 0, 0, 0]);
}

#[test]
fn bits_stay_where_they_are() {
	let bits = |index: u32| {
		let mut page = Page::default();
		page.note(index);
		let bytes = page.encode();
		let at = bytes.iter().position(|byte| *byte != 0).unwrap();
		(at, bytes[at])
	};
	assert_eq!([0, 7, 8, 2_047, 2_048].map(bits), [(0, 1), (0, 128), (1, 1), (255, 128), (0, 1)]);
}

#[test]
fn storage_stays_where_it_is() {
	let prefix = [twox_128(b"Claims"), twox_128(b"Airdrops")].concat();
	assert_eq!(Airdrops::<Test>::hashed_key_for(0)[..32], prefix);
	assert_eq!(Claimed::<Test>::storage_prefix(), b"Claimed");
	let expected = [twox_128(b"Claims"), twox_128(b"NextId")].concat();
	assert_eq!(NextId::<Test>::hashed_key().to_vec(), expected);
	assert_eq!(Claims::in_code_storage_version(), StorageVersion::new(1));
	assert_eq!(Claims::name(), "Claims");
}

#[test]
fn accounts_stay() {
	assert_eq!(Claims::account(0x0403_0201).to_le_bytes(), *b"modldtel/clm\x01\x02\x03\x04");
}

#[test]
fn bounds_are_checked_against_each_other() {
	ExtBuilder.build_and_execute(|| {
		let fails = |set: fn(), reset: fn()| {
			set();
			assert!(std::panic::catch_unwind(Claims::integrity_test).is_err());
			reset();
		};
		Claims::integrity_test();
		fails(|| MaxLeaves::set(0), || MaxLeaves::set(1 << 20));
		fails(|| MaxLeaves::set((1 << 20) + 1), || MaxLeaves::set(1 << 20));
		fails(|| MinWindow::set(0), || MinWindow::set(20));
		fails(|| MaxWindow::set(19), || MaxWindow::set(1_000));
		fails(|| MaxAirdrops::set(0), || MaxAirdrops::set(4));
		Claims::integrity_test();
	});
}
