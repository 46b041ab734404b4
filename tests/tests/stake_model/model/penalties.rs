//! Offences and what follows from them: a list that forgets nothing.

use super::*;
use dtel_traits::Offender;

/// A node, or an operator as a validator.
pub type Who = Offender<usize>;

/// Slash and its maximum in parts of 10^9, full eras in jail and their maximum; by kind of service offence.
const TERMS: [(u64, u64, u32, u32); 6] = [
	(0, 0, 1, 16),
	(1_000_000, 16_000_000, 2, 32),
	(1_000_000, 16_000_000, 2, 32),
	(2_000_000, 32_000_000, 3, 33),
	(50_000_000, 200_000_000, 14, 56),
	(10_000_000, 80_000_000, 7, 56),
];
/// Full eras in jail for an equivocation.
const EQUIVOCATION_JAIL: u32 = 56;
/// After so many eras without another there is a strike less.
const STRIKE_ERAS: u32 = 28;
/// From an offence to its penalty, from its report to its penalty, and for how long an appeal holds it up.
const DEFERRAL: u32 = 4;
const NOTICE: u32 = 2;
const APPEAL: u32 = 22;
/// The bond of the first open appeal.
const APPEAL_BOND: Balance = 100 * DTEL;
/// Most offences that a sentence tells apart.
const MAX_CELLS: usize = 8;

/// How far a penalty has come.
#[derive(Clone, PartialEq, Debug)]
pub enum Fate {
	/// It waits.
	Pending,
	/// It waits for a decision; so much is held.
	Appealed(Balance),
	/// The appeal was rejected; it waits.
	Upheld,
	/// It was done. Whether stake still answered for it.
	Executed {
		/// Else nothing was taken.
		reached: bool,
	},
	/// It will never be.
	Cancelled,
}

/// An offence that was reported.
#[derive(Clone, Debug)]
pub struct Deed {
	/// When it was done.
	pub era: u32,
	/// By whom.
	pub who: Who,
	/// Whose stake answers.
	pub owner: usize,
	/// What.
	pub kind: usize,
	/// What tells it from others of its era, offender and kind.
	pub occasion: u64,
	/// The part of the stake that it costs.
	pub fraction: u64,
	/// Strikes before it.
	pub strikes: u32,
	/// The first era in which it jails no more.
	pub until: u32,
	/// When it is executed.
	pub due: u32,
	/// When it is executed at the latest.
	pub last: u32,
	/// How far it has come.
	pub fate: Fate,
}

impl Deed {
	/// Whether nothing final has happened.
	pub fn is_open(&self) -> bool {
		!matches!(self.fate, Fate::Executed { .. } | Fate::Cancelled)
	}

	/// From when on it is executed as things stand.
	pub fn executes_from(&self) -> u32 {
		match self.fate {
			Fate::Appealed(_) => self.last,
			_ => self.due,
		}
	}

	/// Whether it stands for this, so that the same is not taken twice: a service offence by its era, an equivocation by
	/// its occasion, in whatever era it is reported.
	pub fn is(&self, era: u32, who: Who, kind: usize, occasion: u64) -> bool {
		let when = if kind < 6 { self.era == era } else { self.occasion == occasion };
		(self.who, self.kind) == (who, kind) && when
	}
}

/// A service offence of a node, and the era in which it was counted.
#[derive(Clone, Debug)]
struct Strike {
	node: u32,
	era: u32,
	counted: u32,
	/// How many offences there had been before it; of a node that is gone, how many before that.
	before: usize,
}

/// Service offences of a node, or of nodes that are gone.
#[derive(Clone, Debug, Default)]
pub struct Strikes {
	all: Vec<Strike>,
	/// Until when they bear on others, or others on them.
	until: u32,
}

/// How many there are, going through all eras: one less for so many without another.
fn count<'a>(all: impl IntoIterator<Item = &'a Strike>, now: u32) -> u32 {
	let eras: Vec<u32> = all.into_iter().map(|strike| strike.counted).collect();
	let (mut count, mut last) = (0u32, 0);
	for era in 0..=now {
		if era > last && (era - last).is_multiple_of(STRIKE_ERAS) {
			count = count.saturating_sub(1);
		}
		for _ in eras.iter().filter(|counted| **counted == era) {
			(count, last) = (count + 1, era);
		}
	}
	count
}

impl Strikes {
	fn is_over(&self, now: u32) -> bool {
		self.until <= now && count(&self.all, now) == 0
	}

	fn forget(&mut self, node: u32, era: u32) {
		self.all.retain(|strike| (strike.node, strike.era) != (node, era));
		if self.all.is_empty() {
			self.until = 0;
		}
	}
}

/// For what an offender sits: one offence, or several that are not told apart.
#[derive(Clone, Debug)]
pub struct Cell {
	/// Which offences.
	pub ids: Vec<usize>,
	/// Whether it was made of several.
	pub merged: bool,
	/// The era of the first of them.
	pub since: u32,
	/// The first era after.
	pub until: u32,
}

impl Model {
	/// The strikes before a service offence: those of the node, and those that its operator did not shed with another one.
	/// What is done in an era is one.
	fn strike(&mut self, era: u32, who: Who, owner: usize) -> u32 {
		if let Some(shared) = self.bearers(era, who, None).next() {
			return self.deeds[shared].strikes;
		}
		let now = self.now;
		let Offender::Node(node) = who else { return 0 };
		let strike = Strike { node, era, counted: now, before: self.deeds.len() };
		let mut kept = self.left_behind(owner);
		if !self.nodes[node as usize].there {
			let before = count(&kept.all, now);
			let under = kept.all.iter().filter(|s| s.node == node || s.counted <= era).cloned();
			let line = under.chain([strike]).collect();
			self.keep_worst(owner, kept, vec![line]);
			return before;
		}
		let own = self.strikes.entry(node).or_default();
		if own.is_over(now) {
			*own = Strikes::default();
		}
		let before = count(kept.all.iter().chain(&own.all), now);
		let end = now + (before + 1) * STRIKE_ERAS;
		own.all.push(strike);
		own.until = own.until.max(end);
		if !kept.all.is_empty() {
			kept.until = kept.until.max(end);
			self.carried.insert(owner, kept);
		}
		before
	}

	/// Takes what an operator's gone nodes left behind, if it still matters.
	fn left_behind(&mut self, owner: usize) -> Strikes {
		let now = self.now;
		self.carried.remove(&owner).filter(|kept| !kept.is_over(now)).unwrap_or_default()
	}

	/// A node is gone: its strikes stay with its operator, on top of those that were there when they were counted, if that
	/// is worse than what there is.
	pub fn shed(&mut self, node: u32, owner: usize) {
		let (now, before) = (self.now, self.deeds.len());
		let own = self.strikes.remove(&node).filter(|own| !own.is_over(now));
		let Some(own) = own else { return };
		let mut kept = self.left_behind(owner);
		kept.until = kept.until.max(own.until);
		let lines = (0..own.all.len())
			.map(|first| {
				let mine = &own.all[first..];
				let under = kept.all.iter().filter(|s| s.before <= mine[0].before).cloned();
				under.chain(mine.iter().map(|s| Strike { before, ..s.clone() })).collect()
			})
			.collect();
		self.keep_worst(owner, kept, lines);
	}

	fn keep_worst(&mut self, owner: usize, kept: Strikes, lines: Vec<Vec<Strike>>) {
		let now = self.now;
		let weight = |all: &Vec<Strike>| (count(all, now), all.last().map_or(0, |s| s.counted));
		let mut worst = kept.all;
		for line in lines {
			if weight(&line) > weight(&worst) {
				worst = line;
			}
		}
		if !worst.is_empty() {
			self.carried.insert(owner, Strikes { all: worst, until: kept.until });
		}
	}

	/// Deeds of an era that bear its strike, but one.
	fn bearers(&self, era: u32, who: Who, but: Option<usize>) -> impl Iterator<Item = usize> + '_ {
		let is =
			move |d: &Deed| d.era == era && d.who == who && d.kind < 6 && d.fate != Fate::Cancelled;
		(0..self.deeds.len()).filter(move |i| Some(*i) != but && is(&self.deeds[*i]))
	}

	/// The last era in which stake that answers for an era is reached.
	fn reached(&self, era: u32) -> u32 {
		era + self.unbonding - 2
	}

	/// When a penalty is due, and when at the latest.
	fn dates(&self, era: u32) -> (u32, u32) {
		let reached = self.reached(era);
		let (deferral, notice) = (DEFERRAL.min(reached - era), NOTICE.min(reached - era));
		let noticed = match self.now < reached {
			true => (self.now + notice).min(reached),
			false => self.now + notice,
		};
		let due = (era + deferral).max(noticed);
		(due, due.max((due + APPEAL).min(reached)))
	}

	/// A report; `fraction` comes with equivocations. Returns whether it says anything new. (That nobody is blamed for what
	/// many did at the same time is tested in the pallet.)
	pub fn report(
		&mut self,
		kind: usize,
		era: u32,
		who: Who,
		owner: usize,
		(occasion, fraction): (u64, u64),
	) -> bool {
		if era > self.now {
			return false;
		}
		if let Some(id) = self.deeds.iter().position(|d| d.is(era, who, kind, occasion)) {
			let raises =
				kind >= 6 && self.deeds[id].is_open() && self.deeds[id].fraction < fraction;
			if raises {
				self.raise(id, fraction);
			}
			return raises;
		}
		let strikes = if kind < 6 { self.strike(era, who, owner) } else { 0 };
		let doubled = |base: u64, most: u64| {
			(0..strikes.min(40)).fold(base, |value, _| (value * 2).min(most.max(base)))
		};
		let (fraction, jail) = match TERMS.get(kind) {
			Some((slash, most, jail, longest)) => {
				(doubled(*slash, *most), doubled(u64::from(*jail), u64::from(*longest)) as u32)
			}
			None => (fraction, EQUIVOCATION_JAIL),
		};
		let until = era + 1 + jail;
		let (due, last) = self.dates(era);
		let (id, fate) = (self.deeds.len(), Fate::Pending);
		self.deeds.push(Deed {
			era,
			who,
			owner,
			kind,
			occasion,
			fraction,
			strikes,
			until,
			due,
			last,
			fate,
		});
		self.imprison(id, era, who, until);
		true
	}

	fn imprison(&mut self, id: usize, era: u32, who: Who, until: u32) {
		let warden = match who {
			Offender::Node(node) => {
				self.nodes.get(node as usize).filter(|n| n.there).map(|n| n.owner)
			}
			Offender::Validator(who) => Some(who),
		};
		let Some(warden) = warden else { return };
		self.wardens.entry(who).or_insert(warden);
		let cells = self.cells.entry(who).or_default();
		if cells.len() == MAX_CELLS {
			cells.sort_by_key(|cell| (!cell.merged, cell.until));
			let (a, b) = (cells.remove(0), &mut cells[0]);
			b.ids.extend(a.ids);
			b.merged = true;
			(b.since, b.until) = (a.since.min(b.since), a.until.max(b.until));
		}
		cells.push(Cell { ids: vec![id], merged: false, since: era, until });
	}

	/// A deed turns out to cost more: it is as though it had been reported now, if its stake is still there later.
	fn raise(&mut self, id: usize, fraction: u64) {
		let (due, last) = self.dates(self.deeds[id].era);
		let waits = self.now < self.reached(self.deeds[id].era);
		let deed = &mut self.deeds[id];
		deed.fraction = fraction;
		if waits {
			(deed.due, deed.last) = (deed.due.max(due), deed.last.max(last));
			if deed.fate == Fate::Upheld {
				deed.fate = Fate::Pending;
			}
		}
	}

	/// Takes what a deed costs.
	pub fn carry_out(&mut self, id: usize) {
		let deed = self.deeds[id].clone();
		assert!(deed.is_open() && deed.executes_from() <= self.now, "penalty {id} is not due");
		if let Fate::Appealed(bond) = deed.fate {
			self.free[deed.owner] += exact(bond);
		}
		let reached = self.slash(deed.owner, deed.fraction as u32, deed.era);
		self.deeds[id].fate = Fate::Executed { reached };
	}

	/// Its operator objects.
	pub fn appeal(&mut self, who: usize, id: usize) -> Result<(), No> {
		let appealed = |d: &&Deed| d.owner == who && matches!(d.fate, Fate::Appealed(_));
		let open = self.deeds.iter().filter(appealed).count() as Balance;
		let deed = self.deeds.get(id).ok_or(No)?;
		need(deed.owner == who && deed.fate == Fate::Pending && self.now < deed.due)?;
		let bond = APPEAL_BOND * (open + 1);
		self.hold(who, bond)?;
		self.deeds[id].fate = Fate::Appealed(bond);
		Ok(())
	}

	/// What is held for open appeals.
	pub fn bonds(&self, who: usize) -> Balance {
		let bond = |d: &Deed| match d.fate {
			Fate::Appealed(bond) if d.owner == who => bond,
			_ => 0,
		};
		self.deeds.iter().map(bond).sum()
	}

	/// An appeal is rejected.
	pub fn uphold(&mut self, id: usize) -> Result<(), No> {
		let Fate::Appealed(bond) = self.deeds.get(id).ok_or(No)?.fate else { return Err(No) };
		self.treasury += exact(bond);
		self.deeds[id].fate = Fate::Upheld;
		if self.deeds[id].due <= self.now {
			self.carry_out(id);
		}
		Ok(())
	}

	/// Anybody asks for what is due.
	pub fn execute(&mut self, id: usize) -> Result<(), No> {
		let deed = self.deeds.get(id).ok_or(No)?;
		need(deed.is_open() && deed.executes_from() <= self.now)?;
		self.carry_out(id);
		Ok(())
	}

	/// It will never be.
	pub fn cancel(&mut self, id: usize) -> Result<(), No> {
		let deed = self.deeds.get(id).ok_or(No)?.clone();
		need(deed.is_open())?;
		if let Fate::Appealed(bond) = deed.fate {
			self.free[deed.owner] += exact(bond);
		}
		self.deeds[id].fate = Fate::Cancelled;
		let borne = self.bearers(deed.era, deed.who, Some(id)).next().is_some();
		if let (Offender::Node(node), false) = (deed.who, borne) {
			let carried = self.carried.get_mut(&deed.owner);
			let strikes = self.strikes.get_mut(&node).into_iter().chain(carried);
			strikes.for_each(|strikes| strikes.forget(node, deed.era));
		}
		if let Some(cells) = self.cells.get_mut(&deed.who) {
			cells.iter_mut().for_each(|cell| cell.ids.retain(|of| *of != id));
			cells.retain(|cell| !cell.ids.is_empty());
			if cells.is_empty() {
				self.release(deed.who);
			}
		}
		Ok(())
	}

	fn release(&mut self, who: Who) {
		self.cells.remove(&who);
		self.wardens.remove(&who);
	}

	/// The owner says that what was wrong is put right.
	pub fn unjail(&mut self, by: usize, who: Who) -> Result<(), No> {
		let cells = self.cells.get(&who).ok_or(No)?;
		need(cells.iter().all(|cell| cell.until <= self.now))?;
		if let Offender::Node(node) = who {
			need(self.nodes.get(node as usize).is_some_and(|n| n.there && n.owner == by))?;
		}
		self.release(who);
		Ok(())
	}
}
