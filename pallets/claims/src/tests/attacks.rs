//! What somebody would try.

use crate::{mock::*, Error};
use dtel_primitives::{
	airdrop::{leaf, node, Plan, Proof},
	Hash, DTEL,
};
use frame_support::{
	assert_noop, assert_ok,
	traits::fungible::{Mutate, MutateFreeze},
};

/// The bytes of a leaf, with other fields, are never those of a node: nobody finds an account and an amount for which a
/// node of the tree stands.
#[test]
fn the_children_of_a_node_are_no_claim() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(4);
		let airdrop = open(drop.plan());
		let kept = Claims::airdrop(airdrop).unwrap();
		let leaves = [0, 1].map(|index: u32| {
			let (who, amount) = drop.list[index as usize];
			leaf(&kept.domain, index, &who, amount)
		});
		// What a rule without domains would take for a leaf: 64 bytes, the last of which are an account.
		let bytes = bytes_of((leaves[0], leaves[1]));
		let who = u128::from_le_bytes(bytes[48..].try_into().unwrap());
		let amount = u128::from_le_bytes(bytes[32..48].try_into().unwrap());
		let above = drop.tree.proof(0).unwrap()[1..].to_vec();
		assert_eq!(node(&node(&leaves[0], &leaves[1]), &above[0]), kept.root);
		let short = Proof::try_from(above.clone()).unwrap();
		assert_noop!(claim(airdrop, 0, who, amount, short), Error::<Test>::WrongProofLength);
		let long = Proof::try_from([above.clone(), above].concat()).unwrap();
		assert_noop!(claim(airdrop, 0, who, amount, long), Error::<Test>::BadProof);
	});
}

/// The places that fill up the tree have no claim, whoever asks.
#[test]
fn places_beside_the_list_pay_nobody() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(5);
		let airdrop = open(drop.plan());
		for index in 5..8 {
			for who in [0, 1, ANYBODY] {
				let proof = drop.tree.proof(4).unwrap();
				assert_noop!(claim(airdrop, index, who, 0, proof), Error::<Test>::IndexOutOfRange);
			}
		}
	});
}

/// A tree of another size does not open this one: neither the number of leaves nor the depth can be claimed to be another.
#[test]
fn a_proof_of_a_larger_list_is_of_another_tree() {
	ExtBuilder.build_and_execute(|| {
		let (small, large) = (Listed::of(4), Listed::of(8));
		let airdrop = open(small.plan());
		let proof = large.tree.proof(1).unwrap();
		assert_noop!(
			claim(airdrop, 1, 2, 2 * DTEL, proof.clone()),
			Error::<Test>::WrongProofLength
		);
		let cut = Proof::try_from(proof[..2].to_vec()).unwrap();
		assert_noop!(claim(airdrop, 1, 2, 2 * DTEL, cut), Error::<Test>::BadProof);
	});
}

/// Somebody freezes tokens of his own in the account of an airdrop, as a vested transfer would. Claims go on, and only
/// what he brought stays.
#[test]
fn tokens_frozen_in_the_account_stop_no_claim() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		let account = Claims::account(airdrop);
		send(TREASURY, account, DTEL);
		Balances::set_freeze(&FREEZE, &account, DTEL).unwrap();
		for index in 0..3 {
			assert_ok!(drop.claim(airdrop, index));
		}
		go_to(31);
		assert_ok!(close(airdrop));
		assert_eq!(balance(account), DTEL);
		assert_eq!(balance(TREASURY), FUNDS - 7 * DTEL);
		Balances::thaw(&FREEZE, &account).unwrap();
	});
}

/// Claims of others, in whatever order, are of no matter to one.
#[test]
fn a_claim_does_not_depend_on_others() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(9);
		let airdrop = open(drop.plan());
		for index in [8, 0, 3, 7, 1, 2, 6, 5, 4] {
			assert_ok!(drop.claim(airdrop, index));
			assert_eq!(balance(index as u128 + 1), DTEL * u128::from(index + 1));
		}
	});
}

/// Who claims with the proof of another pays that other.
#[test]
fn nobody_takes_anothers_claim() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		let proof = drop.tree.proof(0).unwrap();
		assert_noop!(claim(airdrop, 0, ANYBODY, DTEL, proof), Error::<Test>::BadProof);
		assert_ok!(drop.claim(airdrop, 0));
		assert_eq!((balance(1), balance(ANYBODY)), (DTEL, DTEL));
	});
}

/// A root that nobody knows a tree of pays nobody and comes back.
#[test]
fn an_unknown_root_locks_money_only_for_its_window() {
	ExtBuilder.build_and_execute(|| {
		let airdrop = open(Plan { root: Hash::zero(), ..Listed::of(3).plan() });
		assert_noop!(Listed::of(3).claim(airdrop, 0), Error::<Test>::BadProof);
		go_to(31);
		assert_ok!(close(airdrop));
		assert_eq!(balance(TREASURY), FUNDS);
	});
}

/// The total issuance is at its largest: nothing adds up to more.
#[test]
fn sums_at_the_end_of_numbers_do_not_overflow() {
	ExtBuilder.build().execute_with(|| {
		let rest = u128::MAX - Balances::total_issuance();
		Balances::mint_into(&TREASURY, rest).unwrap();
		let amount = balance(TREASURY) - 2 * ED;
		let drop = Listed::new("all", vec![(1, amount - DTEL), (2, DTEL)]);
		let airdrop = open(drop.plan());
		assert_ok!(drop.claim(airdrop, 0));
		assert_ok!(drop.claim(airdrop, 1));
		assert_eq!(balance(1), amount - DTEL);
		Claims::do_try_state().unwrap();
	});
}
