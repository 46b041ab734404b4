//! Most random operations would be refused, because there is nothing to withdraw or to decide. These turn them to where there is.

use dtel_traits::Offender;

use crate::{
	model::{exact, At, Deed, Fate, Model, DELEGATION, OPERATORS},
	operations::Op,
	world::World,
};

/// The n-th of those, going round.
fn nth<T>(mut all: Vec<T>, n: usize) -> Option<T> {
	let at = n.checked_rem(all.len())?;
	Some(all.swap_remove(at))
}

impl World {
	/// The same operation at a place where there is something to do, if there is one.
	pub fn turned(&self, op: &Op) -> Op {
		self.turned_to_stake(op).or_else(|| self.turned_to_penalty(op)).unwrap_or(op.clone())
	}

	fn turned_to_stake(&self, op: &Op) -> Option<Op> {
		let model = &self.model;
		let seat = |w: usize, p: usize, good: &dyn Fn(At) -> bool| {
			let good = model.positions.iter().copied().filter(|at| good(*at));
			nth(good.collect(), w * OPERATORS + p)
		};
		let open = |p: usize| model.open(p).is_ok();
		let active = |at: At| open(at.1) && model.active(at) > exact(0);
		let others = |at: At| at.0 != at.1;
		Some(match *op {
			Op::Withdraw(w, p) => {
				let (w, p) = seat(w, p, &|at| has_matured(model, at))?;
				Op::Withdraw(w, p)
			}
			Op::Rebond(w, p, part) => {
				let (w, p) = seat(w, p, &|at| open(at.1) && model.gone(at) > exact(0))?;
				Op::Rebond(w, p, part)
			}
			Op::DelegateExtra(w, p, amount) => {
				let (w, p) = seat(w, p, &|at| others(at) && open(at.1))?;
				Op::DelegateExtra(w, p, amount)
			}
			Op::Undelegate(w, p, part) => {
				let (w, p) = seat(w, p, &|at| others(at) && active(at))?;
				Op::Undelegate(w, p, part)
			}
			Op::Redelegate { who, from, to, part } => {
				let (who, from) = seat(who, from, &|at| others(at) && active(at))?;
				let to = (0..OPERATORS).cycle().skip(to).take(OPERATORS);
				let to = to.into_iter().find(|to| *to != from && *to != who)?;
				Op::Redelegate { who, from, to, part }
			}
			Op::Claim(w, p) => {
				let (w, p) = seat(w, p, &|at| model.owed.contains_key(&at))?;
				Op::Claim(w, p)
			}
			Op::ClaimFor(w, p) => {
				let (w, p) = seat(w, p, &|at| model.owed.contains_key(&at))?;
				Op::ClaimFor(w, p)
			}
			Op::Settle(w, p) => {
				let slashed = |at| model.of(at).any(|lot| !lot.pending.is_empty());
				let (w, p) = seat(w, p, &slashed)?;
				Op::Settle(w, p)
			}
			Op::Kick(w, p) => {
				let small = |at: At| {
					let own = at.0 == at.1;
					let least = if own { model.required(at.0) } else { DELEGATION / 2 };
					active(at) && model.stays(at) < exact(least)
				};
				let overdue = |at: At| small(at) && at.0 == at.1 && model.is_overdue(at.1);
				let (w, p) = seat(w, p, &overdue).or_else(|| seat(w, p, &small))?;
				Op::Kick(w, p)
			}
			// Somebody looks at operators in grace when it is over.
			Op::Eras { eras, full } => {
				let noted = |p: usize| {
					let pool = model.pools[p].as_ref().filter(|pool| pool.closed.is_none());
					pool.is_some_and(|pool| pool.below == Some(model.now))
				};
				let eras = (0..OPERATORS).any(noted).then_some(eras.min(2))?;
				Op::Eras { eras, full }
			}
			Op::SetCompounding(w, p, compounds) => {
				let (w, p) = seat(w, p, &|_| true)?;
				Op::SetCompounding(w, p, compounds)
			}
			Op::Bond(p, amount) => {
				let none =
					(0..OPERATORS).filter(|p| model.pools[*p].is_none() || model.is_over(*p));
				Op::Bond(nth(none.collect(), p)?, amount)
			}
			_ => return None,
		})
	}

	fn turned_to_penalty(&self, op: &Op) -> Option<Op> {
		let model = &self.model;
		let deed = |place: usize, good: &dyn Fn(&Deed) -> bool| {
			let places = model.deeds.iter().rev().enumerate().filter(|(_, deed)| good(deed));
			nth(places.map(|(place, _)| place).collect(), place)
		};
		let appealed = |deed: &Deed| matches!(deed.fate, Fate::Appealed(_));
		Some(match *op {
			Op::Appeal { by, place } => {
				let early = |deed: &Deed| deed.fate == Fate::Pending && model.now < deed.due;
				Op::Appeal { by, place: deed(place, &early)? }
			}
			Op::Uphold { place } => Op::Uphold { place: deed(place, &appealed)? },
			Op::Cancel { place } => Op::Cancel {
				place: deed(place, &appealed).or_else(|| deed(place, &Deed::is_open))?,
			},
			Op::Execute { place } => {
				let due = |deed: &Deed| deed.is_open() && deed.executes_from() <= model.now;
				Op::Execute { place: deed(place, &due)? }
			}
			// So much that one who delegated little can be thrown out.
			Op::ReportValidator { kind, back, who, occasion, together: 2 } => {
				let little = |at: At| at.0 != at.1 && at.1 == who && is_little(model, at);
				let together = model.positions.iter().any(|at| little(*at)).then_some(3)?;
				Op::ReportValidator { kind, back, who, occasion, together }
			}
			Op::Unjail { by, node } => {
				let free = |node: usize| {
					let cells = model.cells.get(&Offender::Node(node as u32));
					cells.is_some_and(|cells| cells.iter().all(|cell| cell.until <= model.now))
				};
				let last = model.nodes.len();
				let free = (0..last).filter(|node| model.nodes[*node].there && free(*node));
				Op::Unjail { by, node: last - 1 - nth(free.collect(), node)? }
			}
			_ => return None,
		})
	}
}

fn has_matured(model: &Model, at: At) -> bool {
	let closed = model.pools[at.1].as_ref().and_then(|pool| pool.closed);
	model.of(at).any(|lot| lot.left.or(closed).is_some_and(|l| l + model.unbonding <= model.now))
}

fn is_little(model: &Model, at: At) -> bool {
	let there = model.stays(at);
	there > exact(DELEGATION / 2) && there < exact(2 * DELEGATION)
}
