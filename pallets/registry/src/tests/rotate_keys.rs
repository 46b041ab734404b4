use super::*;
use crate::{mock::*, Error, Event, NodeOfAttestor, NodeOfMedia};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};

/// Keys in the running era, keys in the next.
fn keys(node: u32, era: u32) -> [(u8, u8); 2] {
	[era, era + 1].map(|era| {
		let a: &[u8] = &codec::Encode::encode(&Registry::attestor(node, era).unwrap());
		(a[0], Registry::media(node, era).unwrap().0[0])
	})
}

#[test]
fn counts_from_the_next_era() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		go_to_era(5);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(2), media(3)));
		assert_eq!(
			only_event(),
			Event::KeysRotated { node, attestor: attestor(2), media: media(3), from: 6 }
		);
		assert_eq!(keys(node, 5), [(1, 1), (2, 3)]);
		assert_eq!(Registry::node_by_media(media(1)).map(|(id, _)| id), Some(node));
		assert_eq!(Registry::node_by_media(media(3)), None);
		go_to_era(6);
		assert_eq!(keys(node, 6), [(2, 3), (2, 3)]);
		assert_eq!(Registry::node_by_media(media(1)), None);
		assert_eq!(Registry::node_by_media(media(3)).map(|(id, _)| id), Some(node));
	});
}

#[test]
fn replaces_what_was_to_come_when_called_again_in_an_era() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(2), media(2)));
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(3), media(2)));
		assert_eq!(keys(node, 0), [(1, 1), (3, 2)]);
		assert!(!NodeOfAttestor::<Test>::contains_key(attestor(2)));
		// Back to where it was.
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(1), media(1)));
		assert_eq!(keys(node, 0), [(1, 1), (1, 1)]);
		assert!(!NodeOfAttestor::<Test>::contains_key(attestor(3)));
		assert!(!NodeOfMedia::<Test>::contains_key(media(2)));
	});
}

#[test]
fn keeps_a_key_when_it_is_given_again() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(1), media(2)));
		assert_eq!(keys(node, 0), [(1, 1), (1, 2)]);
		// The media key keeps rotating on its own: its successor has begun when the attestor's comes.
		go_to_era(1);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(3), media(2)));
		assert_eq!(keys(node, 1), [(1, 2), (3, 2)]);
	});
}

/// Old keys are free after the next rotation, not before: the same node may take them back.
#[test]
fn frees_old_keys_when_rotated_again_in_a_later_era() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(2), media(2)));
		go_to_era(1);
		assert_eq!(NodeOfMedia::<Test>::get(media(1)), Some(node));
		assert_ok!(Registry::rotate_keys(signed(ALICE), node, attestor(1), media(3)));
		assert_eq!(keys(node, 1), [(2, 2), (1, 3)]);
		assert!(!NodeOfMedia::<Test>::contains_key(media(1)));
		assert_eq!(NodeOfAttestor::<Test>::get(attestor(1)), Some(node));
	});
}

#[test]
fn fails_when_nothing_changes() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		let rotate = |key| Registry::rotate_keys(signed(ALICE), node, attestor(key), media(key));
		assert_noop!(rotate(1), Error::<Test>::KeysUnchanged);
		assert_ok!(rotate(2));
		assert_noop!(rotate(2), Error::<Test>::KeysUnchanged);
		go_to_era(1);
		assert_noop!(rotate(2), Error::<Test>::KeysUnchanged);
	});
}

#[test]
fn fails_when_a_key_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		let other = register(BOB, 2);
		assert_ok!(Registry::rotate_keys(signed(BOB), other, attestor(3), media(3)));
		assert_ok!(Registry::add_client(signed(BOB), media(4), None, 1));
		let rotate = |a, m| Registry::rotate_keys(signed(ALICE), node, attestor(a), media(m));
		for taken in [2, 3] {
			assert_noop!(rotate(taken, 9), Error::<Test>::AttestorTaken);
			assert_noop!(rotate(9, taken), Error::<Test>::MediaTaken);
		}
		assert_noop!(rotate(9, 4), Error::<Test>::MediaTaken);
	});
}

#[test]
fn fails_when_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(ALICE, 1);
		let rotate = |who, node| Registry::rotate_keys(signed(who), node, attestor(2), media(2));
		assert_noop!(rotate(BOB, node), Error::<Test>::NotOwner);
		assert_noop!(rotate(ALICE, node + 1), Error::<Test>::UnknownNode);
	});
}
