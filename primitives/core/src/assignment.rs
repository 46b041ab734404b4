//! Who measures whom.
//!
//! A seed puts the `N` members of an era on a ring in an order that nobody chose. The member at
//! position `p` measures those at `p + 1 … p + k`. Hence nobody measures itself, all targets of a
//! verifier differ, every member is measured by exactly `k` others, and *who measures this one* is
//! as cheap to answer as *whom does this one measure*. Nothing is stored: both questions are `O(k)`.
//!
//! The order is a keyed permutation: a Feistel network over the rectangle `a × b ≥ N` of least sides (Black and Rogaway,
//! "Ciphers with arbitrary finite domains", CT-RSA 2002), with cycle walking: what falls outside of `0..N` is sent through
//! again. Fewer than `a ≈ √N` numbers do, so that one pass is nearly always enough. It runs backwards as easily as forwards.

use crate::NodeIndex;
use sp_io::hashing::blake2_256;

/// Rounds of the network. Four are a good permutation for large domains; small ones need more.
pub const ROUNDS: u8 = 12;

/// The ring of one era.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ring {
	seed: [u8; 32],
	members: u32,
	/// Sides of the rectangle: the root of the members, rounded up, and what it takes to hold all.
	rows: u64,
	columns: u64,
}

impl Ring {
	/// The ring of `members` nodes under `seed`.
	pub const fn new(seed: [u8; 32], members: u32) -> Self {
		let n = if members > 0 { members as u64 } else { 1 };
		let floor = n.isqrt();
		let rows = if floor.saturating_mul(floor) < n { floor.saturating_add(1) } else { floor };
		Self { seed, members, rows, columns: n.div_ceil(rows) }
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
		self.after(self.position(verifier), self.degree_of(verifier, k))
			.map(|at| self.member_at(at))
	}

	/// The members that measure `target`, nearest on the ring first. Empty for a stranger.
	pub fn verifiers(&self, target: NodeIndex, k: u32) -> impl Iterator<Item = NodeIndex> + '_ {
		self.before(self.position(target), self.degree_of(target, k)).map(|at| self.member_at(at))
	}

	/// The positions of those that a position measures, nearest first.
	pub fn after(&self, position: u32, k: u32) -> impl Iterator<Item = u32> {
		let (members, degree) = (self.members, self.degree(k));
		(1..=degree).map(move |step| turned(position, step, members))
	}

	/// The positions of those that measure a position, nearest first.
	pub fn before(&self, position: u32, k: u32) -> impl Iterator<Item = u32> {
		let (members, degree) = (self.members, self.degree(k));
		(1..=degree).map(move |step| turned(position, members.saturating_sub(step), members))
	}

	/// None for a stranger.
	const fn degree_of(&self, index: NodeIndex, k: u32) -> u32 {
		if index < self.members {
			k
		} else {
			0
		}
	}

	/// Position on the ring of a member.
	pub fn position(&self, index: NodeIndex) -> u32 {
		self.walk(index, |ring, x| (0..ROUNDS).fold(x, |x, round| ring.round(x, round, true)))
	}

	/// The member at a position.
	pub fn member_at(&self, position: u32) -> NodeIndex {
		self.walk(position, |ring, x| {
			(0..ROUNDS).rev().fold(x, |x, round| ring.round(x, round, false))
		})
	}

	/// Goes on until it is within the members again: at the latest where it began.
	fn walk(&self, from: u32, pass: impl Fn(&Self, u64) -> u64) -> u32 {
		let (members, mut x) = (u64::from(self.members), u64::from(from));
		// As many numbers are outside, and no cycle visits one twice.
		let outside = self.rows.saturating_mul(self.columns).saturating_sub(members);
		for _ in 0..=outside {
			x = pass(self, x);
			if x < members {
				break;
			}
		}
		x as u32
	}

	/// One round: a number is a row and a column; every other round turns the row by what the column says, the others the
	/// column by what the row says. Backwards it turns the other way.
	fn round(&self, x: u64, round: u8, forward: bool) -> u64 {
		let (a, b) = (self.rows, self.columns);
		let (row, column) = (x.checked_div(b).unwrap_or(0), x.checked_rem(b).unwrap_or(0));
		let turn = |value: u64, by: u64, side: u64| {
			let by = by.checked_rem(side).unwrap_or(0);
			let by = if forward { by } else { side.saturating_sub(by) };
			value.saturating_add(by).checked_rem(side).unwrap_or(0)
		};
		let (row, column) = match round & 1 {
			0 => (turn(row, self.word(round, column), a), column),
			_ => (row, turn(column, self.word(round, row), b)),
		};
		row.saturating_mul(b).saturating_add(column)
	}

	/// 64 bits that depend on the seed, the round, and one half.
	fn word(&self, round: u8, half: u64) -> u64 {
		let mut input = [0u8; 41];
		let (seed, rest) = input.split_at_mut(32);
		seed.copy_from_slice(&self.seed);
		let [r, number @ ..] = rest else { return 0 };
		*r = round;
		number.copy_from_slice(&half.to_le_bytes());
		let [a, b, c, d, e, f, g, h, ..] = blake2_256(&input);
		u64::from_le_bytes([a, b, c, d, e, f, g, h])
	}
}

/// `position + by (mod members)`.
fn turned(position: u32, by: u32, members: u32) -> u32 {
	let sum = u64::from(position).saturating_add(u64::from(by));
	sum.checked_rem(u64::from(members)).unwrap_or(0) as u32
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

	/// For each number of members up to 5,000, and for some beyond, nobody is left out and nobody stands twice; backwards leads
	/// back.
	#[test]
	fn the_order_is_a_bijection_for_any_number_of_members() {
		for n in (1..=5_000u32).chain([5_003, 16_384, 50_000, 65_537]) {
			let ring = Ring::new(blake2_256(&n.to_le_bytes()), n);
			let mut seen = vec![false; n as usize];
			for i in 0..n {
				let position = ring.position(i);
				assert!(!std::mem::replace(&mut seen[position as usize], true), "{i} of {n}");
				if i % 61 == 0 {
					assert_eq!(ring.member_at(position), i, "{i} of {n}");
				}
			}
		}
		for n in [u32::MAX, u32::MAX - 1, 1 << 31, 4_000_000_007] {
			let ring = Ring::new([3; 32], n);
			for i in (0..64).map(|i| n / 64 * i) {
				assert_eq!(ring.member_at(ring.position(i)), i, "{i} of {n}");
			}
		}
	}

	/// Each order of four should be equally likely: χ² over 4,800 seeds against the 99.99 % bound.
	#[test]
	fn every_order_of_few_is_equally_likely() {
		let mut hits = std::collections::BTreeMap::<Vec<u32>, f64>::new();
		for s in 0..4_800u32 {
			let ring = Ring::new(blake2_256(&s.to_le_bytes()), 4);
			*hits.entry((0..4).map(|i| ring.position(i)).collect()).or_default() += 1.0;
		}
		assert_eq!(hits.len(), 24);
		let chi: f64 = hits.values().map(|n| (n - 200.0).powi(2) / 200.0).sum();
		assert!(chi < 56.0, "χ² = {chi} at 23 degrees of freedom");
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
