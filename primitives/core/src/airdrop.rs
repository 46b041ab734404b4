//! Airdrops by Merkle root: what a leaf is, how a tree is made of leaves, how a proof is checked.
//!
//! Chain and clients share these rules, so that what `dtel claims build` makes is what the chain accepts.
//!
//! ```text
//! domain = H("dtel/drop/domain" genesis label leaves total)
//! leaf   = H("dtel/drop/leaf\0\0" domain index amount account)
//! none   = H("dtel/drop/none\0\0")                    in the place of every leaf that is not there
//! node   = H("dtel/drop/node\0\0" left right)
//! ```
//!
//! `H` is BLAKE2b with 256 bits, numbers are SCALE. The tags are of one length and differ, so no input of one hash is an
//! input of another: a node is never taken for a leaf, nor a missing leaf for one that is there. Leaves stand by their
//! index; the tree is as deep as their number demands ([`depth`]), and a proof has exactly one sibling for each level,
//! lowest first. Bit `i` of the index says on which side of its sibling the node of level `i` stands. So a leaf has
//! exactly one proof that is accepted.
//!
//! A leaf is bound to its chain, and to the list that it is part of: its label, its length and its sum. A tree whose
//! list has another length or another sum than the chain was told has other leaves, and nothing of it can be claimed.

use crate::{units::text, vesting::Terms, Balance, BlockNumber, Hash};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::Serialize;
use sp_core::{bounded::BoundedVec, ConstU32};
use sp_io::hashing::blake2_256;

/// Number of an airdrop, given once and never again.
pub type AirdropId = u32;
/// Place of a leaf in its list, from 0.
pub type LeafIndex = u32;

/// Most levels of a tree.
pub const MAX_DEPTH: u32 = 20;
/// Most leaves of a tree: 1,048,576.
pub const MAX_LEAVES: u32 = 1 << MAX_DEPTH;
/// Most bytes of a label.
pub const MAX_LABEL: u32 = 32;

/// What tells lists of one chain apart: a name that people read.
pub type Label = BoundedVec<u8, ConstU32<MAX_LABEL>>;
/// The siblings of a leaf and of the nodes above it, lowest first.
pub type Proof = BoundedVec<Hash, ConstU32<MAX_DEPTH>>;

const DOMAIN_TAG: [u8; 16] = *b"dtel/drop/domain";
const LEAF_TAG: [u8; 16] = *b"dtel/drop/leaf\0\0";
const NODE_TAG: [u8; 16] = *b"dtel/drop/node\0\0";
const NONE_TAG: [u8; 16] = *b"dtel/drop/none\0\0";

/// An airdrop as it is proposed.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Plan {
	/// The label with which the tree was built.
	pub label: Label,
	/// The root of the tree.
	pub root: Hash,
	/// How many leaves the tree has.
	pub leaves: u32,
	/// The sum of all leaves: what the airdrop is given.
	pub amount: Balance,
	/// The first block in which can be claimed.
	pub opens: BlockNumber,
	/// The first block in which cannot be claimed any more.
	pub closes: BlockNumber,
	/// The terms under which what is claimed becomes free; all at once if there are none.
	pub vesting: Option<Terms>,
}

/// How far an airdrop is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize)]
pub enum Progress {
	/// Its money is there: before its window, in it, or after it and not closed.
	Live,
	/// What was left went back; of what says who claimed, so many pages are gone.
	Closed {
		/// The first page that is still there.
		pruned: u32,
	},
}

/// An airdrop, as the chain keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize)]
pub struct Airdrop<AccountId> {
	/// Who gave the money and gets back what is left.
	pub funder: AccountId,
	/// What leaves are bound to: [`domain`].
	#[serde(serialize_with = "hex")]
	pub domain: Hash,
	/// The root of the tree.
	#[serde(serialize_with = "hex")]
	pub root: Hash,
	/// How many leaves the tree has.
	pub leaves: u32,
	/// What was given.
	#[serde(serialize_with = "text")]
	pub amount: Balance,
	/// What was claimed of it.
	#[serde(serialize_with = "text")]
	pub paid: Balance,
	/// How many leaves were claimed.
	pub claims: u32,
	/// The first block in which can be claimed.
	pub opens: BlockNumber,
	/// The first block in which cannot be claimed any more.
	pub closes: BlockNumber,
	/// The terms under which what is claimed becomes free; all at once if there are none.
	pub vesting: Option<Terms>,
	/// How far it is.
	pub progress: Progress,
}

impl<AccountId> Airdrop<AccountId> {
	/// What was not claimed.
	pub const fn left(&self) -> Balance {
		self.amount.saturating_sub(self.paid)
	}
}

/// A hash as text, also where hashes themselves have no text.
fn hex<S: serde::Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
	to.collect_str(&format_args!("{hash:?}"))
}

/// Levels above the leaves in a tree of so many; nothing of none, and of more than [`MAX_LEAVES`].
pub const fn depth(leaves: u32) -> Option<u32> {
	match leaves {
		1..=MAX_LEAVES => Some(leaves.next_power_of_two().trailing_zeros()),
		_ => None,
	}
}

fn hash(input: impl Encode) -> Hash {
	input.using_encoded(|bytes| blake2_256(bytes).into())
}

/// What the leaves of a list are bound to: the chain, the label, how many leaves there are and their sum.
pub fn domain(genesis: &Hash, label: &[u8], leaves: u32, total: Balance) -> Hash {
	hash((DOMAIN_TAG, genesis, label, leaves, total))
}

/// A leaf: at this place of the list this account has this amount.
pub fn leaf(domain: &Hash, index: LeafIndex, account: &impl Encode, amount: Balance) -> Hash {
	// What has no fixed length in general stands last.
	hash((LEAF_TAG, domain, index, amount, account))
}

/// The node above two others.
pub fn node(left: &Hash, right: &Hash) -> Hash {
	hash((NODE_TAG, left, right))
}

/// What stands in the place of a leaf that is not there.
fn none() -> Hash {
	hash(NONE_TAG)
}

/// Where a proof leads from a leaf. Says nothing about whether the proof is of the right length.
pub fn root_from(index: LeafIndex, leaf: Hash, proof: &[Hash]) -> Hash {
	let mut place = index;
	proof.iter().fold(leaf, |below, sibling| {
		let right = place & 1 == 1;
		place >>= 1;
		match right {
			true => node(sibling, &below),
			false => node(&below, sibling),
		}
	})
}

/// Why a leaf is not proven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProofError {
	/// The list has no such place.
	NoSuchLeaf,
	/// The proof has not one sibling for each level of the tree.
	WrongLength,
	/// It leads to another root.
	OtherRoot,
}

/// Whether a leaf stands at `index` in the tree of so many leaves with this root.
pub fn verify(
	root: &Hash,
	leaves: u32,
	index: LeafIndex,
	leaf: Hash,
	proof: &[Hash],
) -> Result<(), ProofError> {
	let depth = depth(leaves).filter(|_| index < leaves).ok_or(ProofError::NoSuchLeaf)?;
	if u32::try_from(proof.len()) != Ok(depth) {
		return Err(ProofError::WrongLength);
	}
	match root_from(index, leaf, proof) == *root {
		true => Ok(()),
		false => Err(ProofError::OtherRoot),
	}
}

/// A tree with all its nodes: 64 bytes for each leaf. For those who make proofs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
	/// The leaves, then level by level what is above them; the last is the root alone.
	levels: Vec<Vec<Hash>>,
	/// For each level what stands where nothing is.
	empty: Vec<Hash>,
}

impl Tree {
	/// The tree over leaves in their order; nothing over none, and over more than [`MAX_LEAVES`].
	pub fn new(leaves: Vec<Hash>) -> Option<Self> {
		let depth = depth(leaves.len().try_into().ok()?)?;
		let (mut levels, mut empty) = (Vec::new(), Vec::new());
		let (mut level, mut nothing) = (leaves, none());
		for _ in 0..depth {
			let above = level
				.chunks(2)
				.filter_map(|pair| Some(node(pair.first()?, pair.get(1).unwrap_or(&nothing))))
				.collect();
			empty.push(nothing);
			nothing = node(&nothing, &nothing);
			levels.push(core::mem::replace(&mut level, above));
		}
		levels.push(level);
		Some(Self { levels, empty })
	}

	/// The tree of a list.
	pub fn of<'a, AccountId: Encode + 'a>(
		domain: &Hash,
		list: impl IntoIterator<Item = (&'a AccountId, Balance)>,
	) -> Option<Self> {
		let leaves = (0..=MAX_LEAVES)
			.zip(list)
			.map(|(index, (account, amount))| leaf(domain, index, account, amount));
		Self::new(leaves.collect())
	}

	/// The root.
	pub fn root(&self) -> Hash {
		self.levels.last().and_then(|top| top.first()).copied().unwrap_or_default()
	}

	/// How many leaves there are.
	pub fn leaves(&self) -> u32 {
		self.levels.first().and_then(|leaves| leaves.len().try_into().ok()).unwrap_or(0)
	}

	/// The proof of a leaf; nothing when there is no such leaf.
	pub fn proof(&self, index: LeafIndex) -> Option<Proof> {
		if index >= self.leaves() {
			return None;
		}
		let mut place = usize::try_from(index).ok()?;
		let mut siblings = Vec::new();
		for (level, empty) in self.levels.iter().zip(&self.empty) {
			siblings.push(level.get(place ^ 1).copied().unwrap_or(*empty));
			place >>= 1;
		}
		siblings.try_into().ok()
	}
}

#[cfg(test)]
#[path = "airdrop_tests.rs"]
mod tests;
