use super::*;
use crate::AccountId;
use proptest::prelude::*;

const GENESIS: Hash = Hash::repeat_byte(7);

fn account(n: u32) -> AccountId {
	let mut bytes = [0xac; 32];
	bytes[..4].copy_from_slice(&n.to_le_bytes());
	AccountId::new(bytes)
}

/// A list of so many, each with its place plus one.
fn list(leaves: u32) -> (Hash, Vec<(AccountId, Balance)>) {
	let list: Vec<_> = (0..leaves).map(|n| (account(n), Balance::from(n) + 1)).collect();
	let total = list.iter().map(|(_, amount)| amount).sum();
	(domain(&GENESIS, b"test", leaves, total), list)
}

fn tree(leaves: u32) -> (Hash, Tree) {
	let (domain, list) = list(leaves);
	let tree = Tree::of(&domain, list.iter().map(|(who, amount)| (who, *amount))).unwrap();
	(domain, tree)
}

fn flip(hash: &Hash, bit: usize) -> Hash {
	let mut hash = *hash;
	hash.0[bit / 8] ^= 1 << (bit % 8);
	hash
}

/// The root by the rules as they are written, without levels that are shared: the whole tree of 2^depth leaves, by halves.
fn written(leaves: &[Hash], depth: u32) -> Hash {
	match depth {
		0 => leaves.first().copied().unwrap_or(Hash::from(blake2_256(b"dtel/drop/none\0\0"))),
		_ => {
			let half = (1usize << (depth - 1)).min(leaves.len());
			let (left, right) = leaves.split_at(half);
			let (left, right) = (written(left, depth - 1), written(right, depth - 1));
			Hash::from(blake2_256(&[b"dtel/drop/node\0\0", &left.0[..], &right.0[..]].concat()))
		}
	}
}

#[test]
fn depth_is_of_the_number_of_leaves() {
	let depths = [1, 2, 3, 4, 5, 8, 9, 1 << 19, (1 << 19) + 1, MAX_LEAVES].map(depth);
	assert_eq!(depths, [0, 1, 2, 2, 3, 3, 4, 19, 20, 20].map(Some));
	assert_eq!([0, MAX_LEAVES + 1, u32::MAX].map(depth), [None; 3]);
}

/// Bytes that other programs can be checked against.
#[test]
fn hashes_are_of_the_bytes_that_the_rules_say() {
	let label = b"spring";
	let bytes =
		[b"dtel/drop/domain", &[7u8; 32][..], &[6 << 2], label, &[3, 0, 0, 0], &[9], &[0; 15]];
	let domain = domain(&GENESIS, label, 3, 9);
	assert_eq!(domain.0, blake2_256(&bytes.concat()));
	let who: [u8; 32] = account(5).into();
	let bytes = [b"dtel/drop/leaf\0\0", &domain.0[..], &[2, 0, 0, 0], &[4], &[0; 15], &who];
	assert_eq!(leaf(&domain, 2, &account(5), 4).0, blake2_256(&bytes.concat()));
	let bytes = [b"dtel/drop/node\0\0", &[1u8; 32][..], &[2u8; 32]];
	assert_eq!(node(&Hash::repeat_byte(1), &Hash::repeat_byte(2)).0, blake2_256(&bytes.concat()));
}

#[test]
fn roots_are_those_of_the_rules_and_every_leaf_has_its_proof() {
	for leaves in 1..=33 {
		let (domain, list) = list(leaves);
		let (_, tree) = tree(leaves);
		let depth = depth(leaves).unwrap();
		let hashes: Vec<_> = (0..leaves)
			.zip(&list)
			.map(|(index, (who, amount))| leaf(&domain, index, who, *amount))
			.collect();
		assert_eq!(tree.root(), written(&hashes, depth), "{leaves}");
		assert_eq!(tree.leaves(), leaves);
		for (index, leaf) in (0..leaves).zip(&hashes) {
			let proof = tree.proof(index).unwrap();
			assert_eq!(proof.len() as u32, depth);
			assert_eq!(verify(&tree.root(), leaves, index, *leaf, &proof), Ok(()));
		}
		assert_eq!(tree.proof(leaves), None);
	}
}

#[test]
fn trees_of_nothing_and_of_too_much_are_none() {
	assert_eq!(Tree::new(Vec::new()), None);
	assert_eq!(Tree::new(alloc::vec![Hash::zero(); MAX_LEAVES as usize + 1]), None);
}

#[test]
fn what_is_not_there_cannot_be_proven() {
	let (domain, tree) = tree(5);
	let (root, empty) = (tree.root(), none());
	// The proof of the place beside the last leaf is easily made, and what stands there is known.
	let beside: Vec<_> = [leaf(&domain, 4, &account(4), 5)]
		.into_iter()
		.chain(tree.proof(4).unwrap().into_iter().skip(1))
		.collect();
	assert_eq!(root_from(5, empty, &beside), root);
	for index in [5, 6, 7, 8, u32::MAX] {
		assert_eq!(verify(&root, 5, index, empty, &beside), Err(ProofError::NoSuchLeaf));
	}
	// Nor with the place of a leaf that is there and the bits of another.
	assert_eq!(verify(&root, 5, 4, empty, &beside), Err(ProofError::OtherRoot));
}

#[test]
fn a_place_has_no_other_name() {
	let (domain, tree) = tree(5);
	let (root, proof) = (tree.root(), tree.proof(1).unwrap());
	let leaf = leaf(&domain, 1, &account(1), 2);
	assert_eq!(verify(&root, 5, 1, leaf, &proof), Ok(()));
	// The path reads three bits only.
	assert_eq!(root_from(1 + 8, leaf, &proof), root);
	assert_eq!(verify(&root, 5, 1 + 8, leaf, &proof), Err(ProofError::NoSuchLeaf));
}

#[test]
fn a_node_is_no_leaf_and_a_leaf_no_node() {
	let (domain, tree) = tree(4);
	let (root, proof) = (tree.root(), tree.proof(0).unwrap());
	let below = node(&leaf(&domain, 0, &account(0), 1), &leaf(&domain, 1, &account(1), 2));
	// A shorter proof leads to the root, and is refused.
	assert_eq!(root_from(0, below, &proof[1..]), root);
	assert_eq!(verify(&root, 4, 0, below, &proof[1..]), Err(ProofError::WrongLength));
	assert_eq!(verify(&root, 4, 0, root, &[]), Err(ProofError::WrongLength));
	// Even where the length would be right: in a list of two.
	assert_eq!(verify(&root, 2, 0, below, &proof[1..]), Ok(()));
	// That is a leaf only if somebody finds an account and an amount of that hash: the bytes that made it are a node's.
	let bytes = |tag: &[u8; 16]| [&tag[..], &[0; 64]].concat();
	assert_ne!(blake2_256(&bytes(&NODE_TAG)), blake2_256(&bytes(&LEAF_TAG)));
}

#[test]
fn tags_are_of_one_length_and_differ() {
	let tags = [DOMAIN_TAG, LEAF_TAG, NODE_TAG, NONE_TAG];
	for (at, tag) in tags.iter().enumerate() {
		assert!(tags.iter().skip(at + 1).all(|other| other != tag));
	}
}

#[test]
fn lists_that_differ_in_anything_have_other_leaves() {
	let at = |genesis: u8, label: &[u8], leaves, total| {
		domain(&Hash::repeat_byte(genesis), label, leaves, total)
	};
	let one = at(1, b"a", 3, 6);
	for other in [
		at(2, b"a", 3, 6),
		at(1, b"b", 3, 6),
		at(1, b"", 3, 6),
		at(1, b"a", 4, 6),
		at(1, b"a", 3, 7),
	] {
		assert_ne!(one, other);
		assert_ne!(leaf(&one, 0, &account(0), 1), leaf(&other, 0, &account(0), 1));
	}
}

proptest! {
	/// Whatever bit of whatever hash of a proof, of the leaf or of the root is changed.
	#[test]
	fn any_changed_bit_is_refused(leaves in 1..200u32, pick in any::<u32>(), bit in 0..256usize) {
		let (domain, tree) = tree(leaves);
		let (index, root) = (pick % leaves, tree.root());
		let leaf = leaf(&domain, index, &account(index), Balance::from(index) + 1);
		let proof = tree.proof(index).unwrap();
		prop_assert_eq!(verify(&root, leaves, index, leaf, &proof), Ok(()));
		prop_assert_eq!(verify(&flip(&root, bit), leaves, index, leaf, &proof), Err(ProofError::OtherRoot));
		prop_assert_eq!(verify(&root, leaves, index, flip(&leaf, bit), &proof), Err(ProofError::OtherRoot));
		for at in 0..proof.len() {
			let mut other = proof.to_vec();
			other[at] = flip(&other[at], bit);
			prop_assert_eq!(verify(&root, leaves, index, leaf, &other), Err(ProofError::OtherRoot));
		}
	}

	/// Whatever bit of what a leaf says is changed.
	#[test]
	fn any_changed_claim_is_refused(
		leaves in 1..200u32, pick in any::<u32>(), bit in 0..128usize, other in any::<u32>(),
	) {
		let (domain, tree) = tree(leaves);
		let (index, root) = (pick % leaves, tree.root());
		let proof = tree.proof(index).unwrap();
		let amount = Balance::from(index) + 1;
		let check = |index, leaf| verify(&root, leaves, index, leaf, &proof);
		let more = leaf(&domain, index, &account(index), amount ^ (1 << bit));
		prop_assert_eq!(check(index, more), Err(ProofError::OtherRoot));
		let who: [u8; 32] = account(index).into();
		let who = AccountId::new(flip(&Hash::from(who), bit * 2).0);
		prop_assert_eq!(check(index, leaf(&domain, index, &who, amount)), Err(ProofError::OtherRoot));
		let elsewhere = flip(&domain, bit * 2);
		prop_assert!(check(index, leaf(&elsewhere, index, &account(index), amount)).is_err());
		let other = other % leaves;
		if other != index {
			prop_assert!(check(other, leaf(&domain, other, &account(index), amount)).is_err());
			prop_assert!(check(other, leaf(&domain, index, &account(index), amount)).is_err());
		}
	}

	/// Siblings that are left out or added.
	#[test]
	fn any_other_length_is_refused(leaves in 1..200u32, pick in any::<u32>(), more in any::<[u8; 32]>()) {
		let (domain, tree) = tree(leaves);
		let (index, root) = (pick % leaves, tree.root());
		let leaf = leaf(&domain, index, &account(index), Balance::from(index) + 1);
		let proof = tree.proof(index).unwrap().to_vec();
		let longer = [&proof[..], &[Hash::from(more)]].concat();
		prop_assert_eq!(verify(&root, leaves, index, leaf, &longer), Err(ProofError::WrongLength));
		if let Some((_, shorter)) = proof.split_last() {
			prop_assert_eq!(verify(&root, leaves, index, leaf, shorter), Err(ProofError::WrongLength));
		}
	}

	/// Nodes at any height are no leaves, also when the rest of the path is right.
	#[test]
	fn no_inner_node_passes_for_a_leaf(leaves in 2..200u32, pick in any::<u32>(), height in 1..20usize) {
		let (domain, tree) = tree(leaves);
		let index = pick % leaves;
		let leaf = leaf(&domain, index, &account(index), Balance::from(index) + 1);
		let proof = tree.proof(index).unwrap();
		let height = height.min(proof.len());
		let inner = root_from(index, leaf, &proof[..height]);
		for place in 0..leaves {
			prop_assert!(verify(&tree.root(), leaves, place, inner, &proof).is_err());
			prop_assert!(verify(&tree.root(), leaves, place, inner, &proof[height..]).is_err());
		}
	}
}
