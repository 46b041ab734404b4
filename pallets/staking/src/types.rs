//! What storage holds beside the pure parts in [`dtel_math::pool`].

use codec::{Decode, Encode, MaxEncodedLen};
use dtel_math::pool::{Book, Entry, Position};
use dtel_primitives::{stake::Commission, Balance, BasisPoints, EraIndex};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// Most eras that stake can take to unbond.
pub const MAX_UNBONDING_ERAS: EraIndex = 30;
/// Eras that are told apart in what a pool is worth: those of unbonding, the running one, and one in reserve.
pub const MAX_COHORTS: u32 = 32;
/// An operator that is below the minimum can be kicked from so many eras after it was noted on.
pub const GRACE_ERAS: EraIndex = 2;
/// For so many eras after an era its reward can be credited.
pub const CREDIT_ERAS: EraIndex = 90;
/// Most changes of a commission that are remembered: one for each era that can be credited, and the next.
pub const MAX_RATES: u32 = 96;

/// The commission over time.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Rates {
	most: BasisPoints,
	rise: BasisPoints,
	/// From an era on, by rising era. Never empty.
	list: BoundedVec<(EraIndex, BasisPoints), ConstU32<MAX_RATES>>,
}

impl Rates {
	/// A commission from `era` on, if it keeps its own promise.
	pub fn new(commission: Commission, era: EraIndex) -> Option<Self> {
		let Commission { rate, most, rise } = commission;
		let list = BoundedVec::truncate_from(alloc::vec![(era, rate)]);
		(rate <= most).then_some(Self { most, rise, list })
	}

	/// The commission of an era.
	pub fn at(&self, era: EraIndex) -> BasisPoints {
		let holds = self.list.iter().rev().find(|(from, _)| *from <= era);
		holds.or(self.list.first()).map_or(BasisPoints::ZERO, |(_, rate)| *rate)
	}

	/// What holds from the latest change on, and what was promised.
	pub fn latest(&self) -> Commission {
		let rate = self.list.last().map_or(BasisPoints::ZERO, |(_, rate)| *rate);
		Commission { rate, most: self.most, rise: self.rise }
	}

	/// Changes the commission from the era after `now` on. Refuses what was promised not to be. Forgets what held
	/// before `oldest`.
	pub fn set(&mut self, rate: BasisPoints, now: EraIndex, oldest: EraIndex) -> bool {
		let allowed = self.at(now).parts().saturating_add(self.rise.parts());
		if rate > self.most || rate.parts() > allowed {
			return false;
		}
		let next = now.saturating_add(1);
		self.list.retain(|(from, _)| *from < next);
		while matches!(self.list.get(1), Some((from, _)) if *from <= oldest) {
			self.list.remove(0);
		}
		self.list.try_push((next, rate)).is_ok()
	}
}

/// What a pool's stake is worth after slashes, by era. For weights only: no money is taken or paid by it.
///
/// Each slash is rounded in the pool's favour, so it is never less than the sum over all positions, but for the planck that these are rounded.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Worth {
	/// Stake that joined so long ago that no offence can tell it apart.
	pub(crate) old: Balance,
	/// Active stake by the era in which it joined.
	pub(crate) joined: BoundedVec<(EraIndex, Balance), ConstU32<MAX_COHORTS>>,
	/// Stake that left, by the era in which it did; what can be slashed no more is forgotten.
	pub(crate) left: BoundedVec<(EraIndex, Balance), ConstU32<MAX_COHORTS>>,
	/// An era, and active stake that came back in it: it answers since it joined, but counts from the next era on. Slashes
	/// lower it when they are settled: until then too little may count in that era, never too much.
	pub(crate) back: (EraIndex, Balance),
}

fn cohort(
	list: &mut BoundedVec<(EraIndex, Balance), ConstU32<MAX_COHORTS>>,
	era: EraIndex,
	by: impl FnOnce(Balance) -> Balance,
) {
	match list.binary_search_by_key(&era, |(era, _)| *era) {
		Ok(at) => {
			if let Some((_, value)) = list.get_mut(at) {
				*value = by(*value);
			}
		}
		Err(at) => {
			// There is a place for each era that is told apart.
			let fits = list.try_insert(at, (era, by(0))).is_ok();
			debug_assert!(fits, "more cohorts than eras");
		}
	}
	list.retain(|(_, value)| *value > 0);
}

impl Worth {
	/// Forgets what no offence of an era from `window` on can tell apart.
	pub fn settle(&mut self, window: EraIndex) {
		let old = self.joined.iter().filter(|(era, _)| *era < window);
		self.old = old.fold(self.old, |sum, (_, value)| sum.saturating_add(*value));
		self.joined.retain(|(era, _)| *era >= window);
		self.left.retain(|(era, _)| era.saturating_add(1) >= window);
	}

	/// Adds what a position has, or takes it off again.
	pub fn count<A: Clone + PartialEq>(
		&mut self,
		position: &Position<A>,
		window: EraIndex,
		adds: bool,
	) {
		let by = |amount: Balance| {
			move |value: Balance| match adds {
				true => value.saturating_add(amount),
				false => value.saturating_sub(amount),
			}
		};
		for entry in position.entries().iter().filter(|entry| entry.amount > 0) {
			match entry.left {
				Some(era) if era.saturating_add(1) >= window => {
					cohort(&mut self.left, era, by(entry.amount))
				}
				Some(_) => {}
				None if entry.joined < window => self.old = by(entry.amount)(self.old),
				None => cohort(&mut self.joined, entry.joined, by(entry.amount)),
			}
		}
	}

	/// Adds what of a position came back in the running era, or takes it off again: as it is stored, before it is brought up to
	/// date.
	pub fn count_back<A: Clone + PartialEq>(
		&mut self,
		position: &Position<A>,
		now: EraIndex,
		adds: bool,
	) {
		let back = |entry: &&Entry<A>| {
			entry.left.is_none() && entry.joined < entry.since && entry.since == now
		};
		let came = position.entries().iter().filter(back);
		let came = came.fold(0, |sum: Balance, entry| sum.saturating_add(entry.amount));
		if came == 0 {
			return;
		}
		let (since, before) = self.back;
		let before = if since == now { before } else { 0 };
		let after = match adds {
			true => before.saturating_add(came),
			false => before.saturating_sub(came),
		};
		self.back = (now, after);
	}

	/// Takes off what slashes of another pool took of stake that joined in an era.
	pub fn lose(&mut self, joined: EraIndex, loss: Balance, window: EraIndex) {
		if joined < window {
			self.old = self.old.saturating_sub(loss);
		} else {
			cohort(&mut self.joined, joined, |value| value.saturating_sub(loss));
		}
	}

	/// Active stake that joined, and came back, before an era.
	pub fn active(&self, era: EraIndex) -> Balance {
		let joined = self.joined.iter().filter(|(joined, _)| *joined < era);
		let all = joined.fold(self.old, |sum, (_, value)| sum.saturating_add(*value));
		let (since, back) = self.back;
		if since >= era {
			all.saturating_sub(back)
		} else {
			all
		}
	}

	/// Takes a fraction of all that answers for an era. Returns about how much that is.
	pub fn slash(&mut self, era: EraIndex, fraction: Perbill) -> Balance {
		let mut taken: Balance = 0;
		let mut take = |value: &mut Balance| {
			let part = fraction.mul_floor(*value);
			*value = value.saturating_sub(part);
			taken = taken.saturating_add(part);
		};
		take(&mut self.old);
		let joined = self.joined.iter_mut().filter(|(joined, _)| *joined < era);
		joined.for_each(|(_, value)| take(value));
		let left = self.left.iter_mut().filter(|(left, _)| left.saturating_add(1) >= era);
		left.for_each(|(_, value)| take(value));
		taken
	}
}

/// An operator's pool.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pool {
	/// The era in which it was opened.
	pub(crate) opened: EraIndex,
	/// The era in which it closed: all stake in it left then.
	pub(crate) closed: Option<EraIndex>,
	/// Whether the operator wants no work for now.
	pub(crate) chilled: bool,
	/// Positions in it.
	pub(crate) members: u32,
	/// The era in which somebody noted that the operator is below the minimum.
	pub(crate) below: Option<EraIndex>,
	/// The operator's own active stake. Each slash takes its fraction of it, whenever the stake joined; what is really taken is
	/// known when the position is settled.
	pub(crate) own: Balance,
	/// What all stake in it is worth.
	pub(crate) worth: Worth,
	/// How often it was slashed.
	pub(crate) slashes: u32,
}

impl Pool {
	/// A pool that opens.
	pub(crate) fn new(opened: EraIndex) -> Self {
		Self {
			opened,
			closed: None,
			chilled: false,
			members: 0,
			below: None,
			own: 0,
			worth: Worth::default(),
			slashes: 0,
		}
	}

	/// Whether an operator below the minimum has had its time, and the note is not so old that it may have been above
	/// it since.
	pub(crate) fn is_overdue(&self, now: EraIndex) -> bool {
		let since = self.below.map(|era| now.saturating_sub(era));
		since.is_some_and(|eras| (GRACE_ERAS..GRACE_ERAS.saturating_mul(2)).contains(&eras))
	}

	/// Whether an offence of an era can have anything to take here.
	pub(crate) fn answers(&self, era: EraIndex) -> bool {
		era > self.opened && self.closed.is_none_or(|closed| era <= closed.saturating_add(1))
	}

	/// The boundary that a closed pool refers to for all who were in it. There is none if it closed in the era in which it was
	/// opened: nobody was ever active.
	pub(crate) fn boundary(&self) -> Option<EraIndex> {
		let closed = self.closed.filter(|closed| *closed > self.opened)?;
		Some(closed.saturating_sub(1))
	}
}

/// What a pool earned, and how that is shared: all that a payment needs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Earnings {
	/// Units, index and boundaries.
	pub(crate) book: Book,
	/// Commission that the operator has not claimed.
	pub(crate) commission: Balance,
	/// What the operator keeps.
	pub(crate) rates: Rates,
}

/// What a holder has in a pool.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Membership<AccountId> {
	/// Its stake.
	pub(crate) position: Position<AccountId>,
	/// Whether rewards become stake.
	pub(crate) compounds: bool,
	/// How many slashes of the pool are settled: [`Pool::slashes`] when it was last brought up to date.
	pub(crate) settled: u32,
}

/// What is known of a holder in all pools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Holder {
	/// In how many pools it has a position.
	pub(crate) pools: u32,
	/// The era in which it last moved stake from a pool to another.
	pub(crate) moved: Option<EraIndex>,
	/// Whether only it may claim its rewards.
	pub(crate) private: bool,
}
