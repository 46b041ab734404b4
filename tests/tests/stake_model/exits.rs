//! Everybody can leave, whatever happened before.

use dtel_primitives::Balance;
use dtel_runtime::{Runtime, Staking};

use crate::{
	chain::*,
	model::{OPERATORS, PEOPLE},
	operations::{Op, COIN},
	views::{position, view},
	world::World,
};

/// More than all claims of a sequence were rounded.
const ROUNDED: Balance = 1 << 20;

impl World {
	/// Everybody leaves at once; all of it comes out in time, and nothing stays behind.
	pub fn everybody_leaves(&mut self) {
		let positions = || (0..PEOPLE).flat_map(|w| (0..OPERATORS).map(move |p| (w, p)));
		for (w, p) in positions().filter(|(w, p)| w != p) {
			let active = position(w, p).map_or(0, |view| view.active);
			if active > 0 {
				self.must(&Op::Undelegate(w, p, 256));
			}
		}
		for p in 0..OPERATORS {
			if view(p).is_some_and(|pool| pool.closed.is_none()) {
				self.must(&Op::Retire(p));
			}
		}
		for place in 0..self.model.nodes.len() {
			let node = &self.model.nodes[self.model.nodes.len() - 1 - place];
			if node.there && node.draining.is_none() {
				self.must(&Op::RetireNode { by: None, node: place });
			}
		}
		self.run(&Op::Eras { eras: self.model.unbonding, full: false });
		// Whatever was due before is taken before.
		self.run(&Op::Blocks { blocks: 60, full: false });
		for (w, p) in positions() {
			let left = position(w, p).is_some_and(|view| !view.entries.is_empty());
			if left {
				self.must(&Op::Withdraw(w, p));
			}
			if position(w, p).is_some_and(|view| view.slashed > 0) {
				self.must(&Op::Settle(w, p));
			}
		}
		for w in 0..PEOPLE {
			assert_eq!(held(w, pallet_dtel_staking::HoldReason::Stake), 0, "stake of {w} stays");
		}
		// No term is longer, and no reward is credited later.
		self.run(&Op::Eras { eras: 100, full: true });
		self.run(&Op::Blocks { blocks: 60, full: false });
		assert!(self.model.deeds.iter().all(|deed| !deed.is_open()), "a penalty stays open");
		// Where nobody settled a pool that is over, its operator can begin again, and leave again.
		for p in (0..OPERATORS).filter(|p| self.model.is_over(*p)).collect::<Vec<_>>() {
			if self.step.is_multiple_of(2) {
				self.must(&Op::Bond(p, 50_000 * COIN));
				self.must(&Op::Retire(p));
				self.run(&Op::Eras { eras: self.model.unbonding, full: true });
				self.must(&Op::Withdraw(p, p));
			}
		}
		for (w, p) in positions() {
			self.run(&Op::Settle(w, p));
		}
		for p in 0..OPERATORS {
			// Who answered for it elsewhere may have been the last.
			if view(p).is_some() {
				self.must(&Op::Settle(p, p));
			}
			assert!(view(p).is_none(), "pool {p} stays");
			if self.model.cells.contains_key(&dtel_traits::Offender::Validator(p)) {
				self.must(&Op::UnjailValidator(p));
			}
		}
		for place in 0..self.model.nodes.len() {
			let id = self.model.nodes.len() - 1 - place;
			if self.model.cells.contains_key(&dtel_traits::Offender::Node(id as u32)) {
				self.must(&Op::Unjail { by: None, node: place });
			}
			if self.model.nodes[id].there {
				self.must(&Op::RetireNode { by: None, node: place });
			}
		}
		for w in 0..PEOPLE {
			assert_eq!(total_held(w), 0, "something of {w} stays held");
		}
		assert_eq!(pallet_dtel_staking::Members::<Runtime>::iter().count(), 0);
		assert_eq!(pallet_dtel_staking::Checkpoints::<Runtime>::iter().count(), 0);
		// Claims are rounded down.
		assert!(spendable(&Staking::pot()) < ROUNDED, "the pot owes nobody");
	}

	fn must(&mut self, op: &Op) {
		let before = self.done.values().sum::<u32>();
		self.run(op);
		assert_eq!(self.done.values().sum::<u32>(), before + 1, "{op:?} has to be possible");
	}
}
