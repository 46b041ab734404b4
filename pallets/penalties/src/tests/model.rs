//! A model of penalties that shares no code with the pallet: it never forgets a deed, lets strikes decay era by
//! era, and reckons with big integers.

use crate::{mock::*, Policy, Terms, Watch};
use dtel_primitives::{BasisPoints, EraIndex, NodeId, DTEL};
use dtel_traits::{Offender, PenaltyId};
use num_bigint::BigUint;
use std::collections::{BTreeMap, VecDeque};

pub(super) const PEOPLE: std::ops::Range<AccountId> = 11..14;
pub(super) const NODES: std::ops::Range<NodeId> = 0..9;
/// Those of histories in which nodes come and go.
pub(super) const MORE_NODES: std::ops::Range<NodeId> = 0..30;
/// Nodes that are there from the beginning.
const FIRST: NodeId = 5;
pub(super) const HISTORY: EraIndex = 12;
pub(super) const UNBONDING: EraIndex = 10;
pub(super) const STRIKE_ERAS: EraIndex = 9;
/// Slash and its maximum in parts of a thousand million, jail and its maximum, by kind.
pub(super) const TERMS: [(u64, u64, EraIndex, EraIndex); 6] = [
	(0, 0, 1, 4),
	(1_000_000, 16_000_000, 2, 8),
	(1_234_567, 3_000_000, 1, 1),
	(999_999_999, 1_000_000_000, 0, 11),
	(300_000_000, 1_000_000_000, 3, 11),
	(7, 100, 2, 3),
];
pub(super) const EQUIVOCATION_JAIL: EraIndex = 9;
pub(super) const BELOW: u16 = 5_000;

/// A node, or a validator.
pub(super) type Who = Offender<AccountId>;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Fate {
	Pending,
	Appealed(BigUint),
	Upheld,
	Executed(BigUint),
	Cancelled,
}

/// An offence as the model remembers it: for ever.
pub(super) struct Deed {
	pub(super) era: EraIndex,
	pub(super) who: Who,
	pub(super) owner: AccountId,
	pub(super) kind: usize,
	pub(super) fraction: u64,
	/// The slot of an equivocation.
	pub(super) slot: u64,
	pub(super) strikes: u32,
	pub(super) until: EraIndex,
	pub(super) due: EraIndex,
	pub(super) last: EraIndex,
	pub(super) fate: Fate,
}

impl Deed {
	pub(super) fn is_open(&self) -> bool {
		!matches!(self.fate, Fate::Executed(_) | Fate::Cancelled)
	}

	pub(super) fn executes_from(&self) -> EraIndex {
		if matches!(self.fate, Fate::Appealed(_)) {
			self.last
		} else {
			self.due
		}
	}
}

/// Offences for which an offender sits, with begin and end.
#[derive(Clone)]
pub(super) struct Cell {
	pub(super) ids: Vec<PenaltyId>,
	pub(super) merged: bool,
	pub(super) since: EraIndex,
	pub(super) until: EraIndex,
}

/// A strike, of whom and for which era.
#[derive(Clone, Copy)]
pub(super) struct Hit {
	node: Who,
	era: EraIndex,
	counted: EraIndex,
	/// How many deeds there had been when it was counted.
	deeds: usize,
	/// How many there had been when it began to count for others.
	left: usize,
}

/// Strikes, and until when they bear on others or others on them.
#[derive(Clone, Default)]
pub(super) struct Struck {
	hits: Vec<Hit>,
	until: EraIndex,
}

impl Struck {
	fn is_over(&self, now: EraIndex) -> bool {
		count(&self.hits, now) == 0 && self.until <= now
	}

	pub(super) fn count(&self, now: EraIndex) -> u32 {
		count(&self.hits, now)
	}

	fn forget(&mut self, node: Who, era: EraIndex) {
		self.hits.retain(|hit| (hit.node, hit.era) != (node, era));
		if self.hits.is_empty() {
			self.until = 0;
		}
	}
}

/// How many strikes there are, era by era.
fn count(hits: &[Hit], now: EraIndex) -> u32 {
	let (mut count, mut last) = (0u32, 0);
	for era in 0..=now {
		if era > last && (era - last).is_multiple_of(STRIKE_ERAS) {
			count = count.saturating_sub(1);
		}
		for _ in hits.iter().filter(|hit| hit.counted == era) {
			count += 1;
			last = era;
		}
	}
	count
}

/// What is known of a node.
#[derive(Default)]
pub(super) struct Known {
	pub(super) struck: Struck,
	pub(super) windows: [VecDeque<(EraIndex, bool)>; 4],
}

/// Places of the windows.
pub(super) const POOR: usize = 0;
pub(super) const DOWNS: usize = 1;
pub(super) const PLACES: usize = 2;
pub(super) const OUTLIERS: usize = 3;
/// How many eras each looks at, and what kind of offence two bad ones are.
const WINDOWS: [(usize, usize); 4] = [(3, 2), (2, 1), (5, 5), (4, 3)];

impl Known {
	pub(super) fn is_spent(&self, now: EraIndex) -> bool {
		self.struck.is_over(now)
	}
}

pub(super) fn bad(window: &VecDeque<(EraIndex, bool)>) -> u32 {
	window.iter().filter(|(_, bad)| *bad).count() as u32
}

pub(super) struct Model {
	pub(super) now: EraIndex,
	pub(super) oldest: EraIndex,
	pub(super) owners: BTreeMap<NodeId, AccountId>,
	/// Whose the nodes were that are gone.
	pub(super) former: BTreeMap<NodeId, AccountId>,
	/// The strikes of retired nodes, by their operator.
	pub(super) carried: BTreeMap<AccountId, Struck>,
	pub(super) stakes: BTreeMap<AccountId, BigUint>,
	pub(super) free: BTreeMap<AccountId, BigUint>,
	pub(super) held: BTreeMap<AccountId, BigUint>,
	pub(super) lost: BigUint,
	pub(super) deeds: Vec<Deed>,
	pub(super) cells: BTreeMap<Who, Vec<Cell>>,
	/// Who counts as jailed with it.
	pub(super) wardens: BTreeMap<Who, AccountId>,
	pub(super) known: BTreeMap<Who, Known>,
	/// How often terms had to be merged.
	pub(super) merges: u32,
	/// How often strikes of one gone node came on top of those of another.
	pub(super) inherited: u32,
}

pub(super) fn big(amount: u128) -> BigUint {
	BigUint::from(amount)
}

impl Model {
	pub(super) fn new() -> Self {
		let t = TERMS.map(|(slash, max_slash, jail_eras, max_jail_eras)| Terms {
			slash: sp_runtime::Perbill::from_parts(slash as u32),
			max_slash: sp_runtime::Perbill::from_parts(max_slash as u32),
			jail_eras,
			max_jail_eras,
		});
		Rules::set(Policy {
			missed_duty: t[0],
			unavailable: t[1],
			poor_quality: t[2],
			outlier: t[3],
			double_reveal: t[4],
			false_place: t[5],
			equivocation_jail_eras: EQUIVOCATION_JAIL,
			poor_below: BasisPoints::new(BELOW).unwrap(),
			poor: Watch { hits: 2, of: 3 },
			outliers: Watch { hits: 2, of: 4 },
			down: Watch { hits: 2, of: 2 },
			places: Watch { hits: 2, of: 5 },
			strike_eras: STRIKE_ERAS,
			..Policy::DEFAULT
		});
		HistoryEras::set(HISTORY);
		UnbondingEras::set(UNBONDING);
		<Penalties as frame_support::traits::Hooks<u64>>::integrity_test();
		let owners =
			(0..FIRST).map(|node| (node, 11 + u64::from(node) % 3)).collect::<BTreeMap<_, _>>();
		owners.iter().for_each(|(node, owner)| register(*node, *owner));
		PEOPLE.for_each(|owner| bond(owner, 1_000 * DTEL + 7));
		go_to_era(0);
		Self {
			now: 0,
			oldest: 0,
			owners,
			former: BTreeMap::new(),
			carried: BTreeMap::new(),
			stakes: PEOPLE.map(|owner| (owner, big(1_000 * DTEL + 7))).collect(),
			free: PEOPLE.map(|owner| (owner, big(FUNDS))).collect(),
			held: PEOPLE.map(|owner| (owner, big(0))).collect(),
			lost: big(0),
			deeds: Vec::new(),
			cells: BTreeMap::new(),
			wardens: BTreeMap::new(),
			known: BTreeMap::new(),
			merges: 0,
			inherited: 0,
		}
	}

	pub(super) fn known(&self, who: &Who) -> bool {
		self.known.contains_key(who)
	}

	/// Forgets who is known for nothing.
	pub(super) fn tidy(&mut self, who: &Who) {
		let now = self.now;
		let clean = |k: &Known| k.is_spent(now) && k.windows.iter().all(|window| bad(window) == 0);
		if self.known.get(who).is_some_and(clean) {
			self.known.remove(who);
		}
	}

	/// The operator of a node, or the last one; nothing for one that never was.
	pub(super) fn operator(&self, node: NodeId) -> Option<AccountId> {
		self.owners.get(&node).or_else(|| self.former.get(&node)).copied()
	}

	/// The strikes before a service offence.
	pub(super) fn strike(&mut self, era: EraIndex, who: Who, owner: AccountId) -> u32 {
		let shared = self.bearers(era, who, None).next();
		if let Some(shared) = shared {
			return self.deeds[shared].strikes;
		}
		let now = self.now;
		let deeds = self.deeds.len();
		let hit = Hit { node: who, era, counted: now, deeds, left: deeds };
		let Offender::Node(node) = who else { panic!("validators have no strikes") };
		let mut kept = self.carried.remove(&owner).filter(|c| !c.is_over(now)).unwrap_or_default();
		if !self.owners.contains_key(&node) {
			let before = kept.count(now);
			let under = kept.hits.iter().filter(|h| h.node == who || h.counted <= era);
			let line = under.copied().chain([hit]).collect();
			self.keep_worst(owner, kept, vec![line]);
			return before;
		}
		let known = self.known.entry(who).or_default();
		if known.struck.is_over(now) {
			known.struck = Struck::default();
		}
		let all: Vec<Hit> = kept.hits.iter().chain(&known.struck.hits).copied().collect();
		let before = count(&all, now);
		// If nothing else happens, the last of them is gone then.
		let end = now + (before + 1) * STRIKE_ERAS;
		known.struck.hits.push(hit);
		known.struck.until = known.struck.until.max(end);
		if !kept.hits.is_empty() {
			kept.until = kept.until.max(end);
			self.carried.insert(owner, kept);
		}
		before
	}

	/// A node goes; what it did on top of what others left behind counts with that.
	pub(super) fn retire(&mut self, node: NodeId) {
		let Some(owner) = self.owners.remove(&node) else { return };
		self.former.insert(node, owner);
		let (now, left) = (self.now, self.deeds.len());
		let known = self.known.remove(&Offender::Node(node));
		let Some(own) = known.map(|k| k.struck).filter(|s| !s.is_over(now)) else { return };
		let mut kept = self.carried.remove(&owner).filter(|c| !c.is_over(now)).unwrap_or_default();
		kept.until = kept.until.max(own.until);
		let line = |from: usize| {
			let mine = &own.hits[from..];
			let under = kept.hits.iter().filter(|h| h.left <= mine[0].deeds).copied();
			under.chain(mine.iter().map(|h| Hit { left, ..*h })).collect()
		};
		let lines = (0..own.hits.len()).map(line).collect();
		self.keep_worst(owner, kept, lines);
	}

	/// Of what is kept and other lines, that which counts most, or as much and was counted last.
	fn keep_worst(&mut self, owner: AccountId, kept: Struck, lines: Vec<Vec<Hit>>) {
		let now = self.now;
		let weight =
			|hits: &Vec<Hit>| (count(hits, now), hits.last().map_or(0, |last| last.counted));
		let until = kept.until;
		let worst = lines.into_iter().fold(kept.hits, |worst, line| {
			if weight(&line) > weight(&worst) {
				line
			} else {
				worst
			}
		});
		self.inherited += u32::from(worst.windows(2).any(|w| w[0].node != w[1].node));
		let worst = Struck { hits: worst, until };
		if !worst.hits.is_empty() && !worst.is_over(now) {
			self.carried.insert(owner, worst);
		}
	}

	/// Deeds of an era that bear its strike, but one.
	pub(super) fn bearers(
		&self,
		era: EraIndex,
		who: Who,
		but: Option<usize>,
	) -> impl Iterator<Item = usize> + '_ {
		let is =
			move |d: &Deed| d.era == era && d.who == who && d.kind < 6 && d.fate != Fate::Cancelled;
		(0..self.deeds.len()).filter(move |i| Some(*i) != but && is(&self.deeds[*i]))
	}

	/// A report that is the first of its kind and can be taken; `fraction` comes with equivocations.
	pub(super) fn report(
		&mut self,
		kind: usize,
		era: EraIndex,
		who: Who,
		owner: AccountId,
		(fraction, slot): (u64, u64),
	) {
		let strikes = if kind < 6 { self.strike(era, who, owner) } else { 0 };
		let doubled = |base: u64, most: u64| {
			let mut value = base;
			for _ in 0..strikes.min(40) {
				value = (value * 2).min(most.max(base));
			}
			value
		};
		let (fraction, jail) = match TERMS.get(kind) {
			Some((slash, most, jail, longest)) => {
				(doubled(*slash, *most), doubled(u64::from(*jail), u64::from(*longest)) as EraIndex)
			}
			None => (fraction, EQUIVOCATION_JAIL),
		};
		let until = era + 1 + jail;
		let (due, last) = self.dates(era);
		let id = self.deeds.len() as PenaltyId;
		let fate = Fate::Pending;
		self.deeds.push(Deed {
			era,
			who,
			owner,
			kind,
			fraction,
			slot,
			strikes,
			until,
			due,
			last,
			fate,
		});
		let warden = match who {
			Offender::Node(node) => self.owners.get(&node).copied(),
			Offender::Validator(who) => Some(who),
		};
		let Some(warden) = warden else { return };
		self.wardens.entry(who).or_insert(warden);
		let cells = self.cells.entry(who).or_default();
		if cells.len() == 8 {
			cells.sort_by_key(|cell| (!cell.merged, cell.until));
			let (a, b) = (cells.remove(0), &mut cells[0]);
			b.ids.extend(a.ids);
			b.merged = true;
			self.merges += 1;
			(b.since, b.until) = (a.since.min(b.since), a.until.max(b.until));
		}
		cells.push(Cell { ids: vec![id], merged: false, since: era, until });
	}

	/// Four eras after the offence, two after the report; less when stake would leave meanwhile.
	fn dates(&self, era: EraIndex) -> (EraIndex, EraIndex) {
		let reached = era + UNBONDING - 2;
		let notice = if self.now < reached { reached.min(self.now + 2) } else { self.now + 2 };
		let due = (era + 4).max(notice);
		(due, due.max((due + 3).min(reached)))
	}

	/// A deed turns out to cost more: it is as though it had been reported now, if its stake is still there later.
	pub(super) fn raise(&mut self, id: usize, fraction: u64) {
		let (due, last) = self.dates(self.deeds[id].era);
		let waits = self.now < self.deeds[id].era + UNBONDING - 2;
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
	pub(super) fn execute(&mut self, id: usize) -> BigUint {
		let deed = &mut self.deeds[id];
		let owner = deed.owner;
		if let Fate::Appealed(bond) = &deed.fate {
			*self.held.get_mut(&owner).unwrap() -= bond;
			*self.free.get_mut(&owner).unwrap() += bond;
		}
		let stake = self.stakes.get_mut(&owner).unwrap();
		let reached = self.now <= deed.era + UNBONDING - 2;
		let taken = if reached { &*stake * deed.fraction / 1_000_000_000u64 } else { big(0) };
		*stake -= &taken;
		deed.fate = Fate::Executed(taken.clone());
		taken
	}

	pub(super) fn open_appeals(&self, who: AccountId) -> u32 {
		let appealed = |d: &&Deed| d.owner == who && matches!(d.fate, Fate::Appealed(_));
		self.deeds.iter().filter(appealed).count() as u32
	}

	pub(super) fn free_of(&mut self, who: Who) {
		self.cells.remove(&who);
		self.wardens.remove(&who);
	}

	pub(super) fn unjail(&mut self, who: Who, by: AccountId) -> bool {
		let Some(cells) = self.cells.get(&who) else { return false };
		let owns = match who {
			Offender::Node(node) => self.owners.get(&node) == Some(&by),
			Offender::Validator(_) => true,
		};
		if !owns || cells.iter().any(|cell| cell.until > self.now) {
			return false;
		}
		self.free_of(who);
		true
	}

	pub(super) fn cancel(&mut self, id: usize) {
		let (era, who, owner, kind) = {
			let deed = &self.deeds[id];
			(deed.era, deed.who, deed.owner, deed.kind)
		};
		if let Fate::Appealed(bond) = self.deeds[id].fate.clone() {
			*self.held.get_mut(&owner).unwrap() -= &bond;
			*self.free.get_mut(&owner).unwrap() += bond;
		}
		self.deeds[id].fate = Fate::Cancelled;
		let borne = self.bearers(era, who, Some(id)).next().is_some();
		if kind < 6 && !borne {
			if self.known(&who) {
				self.known.get_mut(&who).unwrap().struck.forget(who, era);
				self.tidy(&who);
			}
			let now = self.now;
			if let Some(struck) = self.carried.get_mut(&owner) {
				struck.forget(who, era);
				if struck.is_over(now) {
					self.carried.remove(&owner);
				}
			}
		}
		if let Some(cells) = self.cells.get_mut(&who) {
			cells.iter_mut().for_each(|cell| cell.ids.retain(|of| *of != id as PenaltyId));
			cells.retain(|cell| !cell.ids.is_empty());
			if cells.is_empty() {
				self.free_of(who);
			}
		}
	}

	/// What an era showed of a node, by window; what that makes an offence is reported.
	pub(super) fn watch(&mut self, node: NodeId, owner: AccountId, seen: &[(usize, bool)]) {
		let who = Offender::Node(node);
		if !self.known(&who) && seen.iter().all(|(_, bad)| !bad) {
			return;
		}
		let now = self.now;
		let known = self.known.entry(who).or_default();
		let mut offends = vec![];
		for (place, is_bad) in seen {
			let (window, (of, kind)) = (&mut known.windows[*place], WINDOWS[*place]);
			if window.back().is_some_and(|(newest, _)| *newest >= now) {
				continue;
			}
			window.push_back((now, *is_bad));
			if window.len() > of {
				window.pop_front();
			}
			if bad(window) >= 2 {
				window.iter_mut().for_each(|(_, bad)| *bad = false);
				offends.push(kind);
			}
		}
		self.tidy(&who);
		for kind in offends {
			let taken = |d: &Deed| (d.era, d.who, d.kind) == (now, who, kind);
			if !self.deeds.iter().any(taken) {
				self.report(kind, now, who, owner, (0, 0));
			}
		}
	}

	/// A penalty by its place from the newest one on.
	pub(super) fn at(&self, place: u32) -> Option<usize> {
		self.deeds.len().checked_sub(1 + place as usize)
	}

	/// Whether storage may still know a deed: all of the open eras, and the open ones of any.
	pub(super) fn is_kept(&self, id: usize) -> bool {
		self.deeds[id].era >= self.oldest || self.deeds[id].is_open()
	}
}
