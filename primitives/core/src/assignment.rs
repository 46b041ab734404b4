//! Who measures whom.
//!
//! A seed puts the `N` members of an era on a ring in an order that nobody chose. The member at
//! position `p` measures those at `p + 1 … p + k`. Hence nobody measures itself, all targets of a
//! verifier differ, every member is measured by exactly `k` others, and *who measures this one* is
//! as cheap to answer as *whom does this one measure*. Nothing is stored: both questions are `O(k)`.
//!
//! The order is a keyed permutation by the swap-or-not network (Hoang, Morris and Rogaway, CRYPTO
//! 2012), with as many rounds as Ethereum's consensus specification takes for its committees. It
//! works on `0..N` for any `N` and runs backwards as easily as forwards.

use crate::NodeIndex;
use sp_io::hashing::blake2_256;

/// Rounds of the swap-or-not network.
pub const ROUNDS: u8 = 90;

/// The ring of one era.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ring {
	seed: [u8; 32],
	members: u32,
}

impl Ring {
	/// The ring of `members` nodes under `seed`.
	pub const fn new(seed: [u8; 32], members: u32) -> Self {
		Self { seed, members }
	}

	/// How many members there are.
	pub const fn members(&self) -> u32 {
		self.members
	}

	/// How many targets each member has when `k` are asked for: never more than there are others.
	pub const fn degree(&self, k: u32) -> u32 {
		let others = self.members.saturating_sub(1);
		if k < others {
			k
		} else {
			others
		}
	}

	/// The members that `verifier` measures, nearest on the ring first. Empty for a stranger.
	pub fn targets(&self, verifier: NodeIndex, k: u32) -> impl Iterator<Item = NodeIndex> + '_ {
		self.neighbours(verifier, k, true)
	}

	/// The members that measure `target`, nearest on the ring first. Empty for a stranger.
	pub fn verifiers(&self, target: NodeIndex, k: u32) -> impl Iterator<Item = NodeIndex> + '_ {
		self.neighbours(target, k, false)
	}

	fn neighbours(
		&self,
		of: NodeIndex,
		k: u32,
		forward: bool,
	) -> impl Iterator<Item = NodeIndex> + '_ {
		let degree = if of < self.members { self.degree(k) } else { 0 };
		let start = if degree > 0 { self.position(of) } else { 0 };
		(1..=degree).map(move |step| {
			let step = if forward { step } else { self.members.saturating_sub(step) };
			self.member_at(self.add(start, step))
		})
	}

	/// Position on the ring of a member.
	fn position(&self, index: NodeIndex) -> u32 {
		(0..ROUNDS).fold(index, |x, round| self.swap_or_not(x, round))
	}

	/// The member at a position.
	fn member_at(&self, position: u32) -> NodeIndex {
		(0..ROUNDS).rev().fold(position, |x, round| self.swap_or_not(x, round))
	}

	/// One round: `x` and its partner change places or stay, by a bit that both see. An involution.
	fn swap_or_not(&self, x: u32, round: u8) -> u32 {
		let pivot = self.word(round, None).checked_rem(self.members).unwrap_or(0);
		// pivot − x (mod N)
		let partner = self.add(pivot, self.members.saturating_sub(x));
		let larger = x.max(partner);
		if self.word(round, Some(larger)) & 1 == 1 {
			partner
		} else {
			x
		}
	}

	/// `a + b (mod N)` for `a, b ≤ N`.
	fn add(&self, a: u32, b: u32) -> u32 {
		(u64::from(a).saturating_add(u64::from(b)))
			.checked_rem(u64::from(self.members))
			.unwrap_or(0) as u32
	}

	/// 32 bits that depend on the seed, the round, and — for the bit — on the larger of a pair.
	fn word(&self, round: u8, larger: Option<u32>) -> u32 {
		let mut input = [0u8; 38];
		let (seed, rest) = input.split_at_mut(32);
		seed.copy_from_slice(&self.seed);
		let [r, tag, number @ ..] = rest else { return 0 };
		*r = round;
		if let Some(larger) = larger {
			*tag = 1;
			number.copy_from_slice(&larger.to_le_bytes());
		}
		let [a, b, c, d, ..] = blake2_256(&input);
		u32::from_le_bytes([a, b, c, d])
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;
	use std::collections::BTreeSet;

	proptest! {
		#![proptest_config(ProptestConfig::with_cases(24))]

		/// Every member measures k distinct others and is measured by exactly the k that say so.
		#[test]
		fn everybody_is_measured_by_exactly_k_others(seed in any::<[u8; 32]>(), n in 0u32..24, k in 0u32..8) {
			let ring = Ring::new(seed, n);
			let mut measured = vec![BTreeSet::new(); n as usize];
			for verifier in 0..n {
				let targets: Vec<_> = ring.targets(verifier, k).collect();
				let distinct: BTreeSet<_> = targets.iter().copied().collect();
				prop_assert_eq!(targets.len() as u32, ring.degree(k));
				prop_assert_eq!(distinct.len(), targets.len());
				prop_assert!(!distinct.contains(&verifier));
				for target in targets {
					measured[target as usize].insert(verifier);
				}
			}
			for target in 0..n {
				let verifiers: BTreeSet<_> = ring.verifiers(target, k).collect();
				prop_assert_eq!(&verifiers, &measured[target as usize]);
			}
		}

		#[test]
		fn positions_are_a_permutation(seed in any::<[u8; 32]>(), n in 1u32..90) {
			let ring = Ring::new(seed, n);
			let positions: BTreeSet<_> = (0..n).map(|i| ring.position(i)).collect();
			prop_assert_eq!(positions.len() as u32, n);
			for i in 0..n {
				prop_assert_eq!(ring.member_at(ring.position(i)), i);
			}
		}
	}

	#[test]
	fn strangers_and_lonely_members_have_nobody() {
		let ring = Ring::new([7; 32], 5);
		assert_eq!(ring.targets(5, 3).count(), 0);
		assert_eq!(ring.verifiers(9, 3).count(), 0);
		assert_eq!(Ring::new([7; 32], 1).targets(0, 3).count(), 0);
		assert_eq!(Ring::new([7; 32], 0).targets(0, 3).count(), 0);
	}

	/// Each ordered pair should be equally likely: χ² over 1,400 seeds against the 99.99 % bound.
	#[test]
	fn every_pair_is_equally_likely() {
		let (n, seeds) = (8u32, 1_400u32);
		let mut hits = vec![0f64; (n * n) as usize];
		for s in 0..seeds {
			let ring = Ring::new(blake2_256(&s.to_le_bytes()), n);
			for v in 0..n {
				let t = ring.targets(v, 1).next().unwrap();
				hits[(v * n + t) as usize] += 1.0;
			}
		}
		let expected = f64::from(seeds) / f64::from(n - 1);
		for v in 0..n {
			let chi: f64 = (0..n)
				.filter(|t| *t != v)
				.map(|t| (hits[(v * n + t) as usize] - expected).powi(2) / expected)
				.sum();
			assert!(chi < 27.86, "verifier {v}: χ² = {chi} at 6 degrees of freedom");
		}
	}
}
