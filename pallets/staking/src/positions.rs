//! Positions: the sole writer of [`Members`] and [`Holders`], and the only place from which stake is held,
//! released or taken.

use crate::{
	claims::Pages,
	pools::Opened,
	types::{Holder, Membership},
	Config, Error, Event, HoldReason, Holders, Members, Pallet, Pools, SlashesOf,
};
use alloc::{collections::BTreeMap, vec::Vec};
use dtel_math::pool::{PoolError, Position, Surroundings, Touched};
use dtel_primitives::{Balance, EraIndex};
use dtel_traits::Promised;
use frame_support::{
	defensive, ensure,
	traits::{
		fungible::{BalancedHold, Inspect, MutateHold},
		tokens::{Precision, Provenance},
		Get, OnUnbalanced,
	},
};
use sp_runtime::{DispatchError, DispatchResult};

/// A position with its pool, out of storage and brought up to date. Nothing is written before
/// [`Pallet::close_account`].
pub(crate) struct Account<T: Config> {
	pub holder: T::AccountId,
	pub opened: Opened<T>,
	pub member: Membership<T::AccountId>,
	/// What it was before, but for what slashes took.
	before: Position<T::AccountId>,
	/// Pools from which its entries were moved, before.
	sources: Vec<T::AccountId>,
	existed: bool,
	/// Whether there were slashes of the pool that it did not know of, or may have been of another from which some was moved.
	unsettled: bool,
	touched: Touched,
}

impl<T: Config> Account<T> {
	/// The position.
	pub fn position(&mut self) -> &mut Position<T::AccountId> {
		&mut self.member.position
	}

	/// What slashes took of it since it was last touched.
	pub const fn slashed(&self) -> Balance {
		self.touched.slashed
	}

	/// What it earned since then.
	pub const fn reward(&self) -> Balance {
		self.touched.reward
	}

	/// Notes boundaries in storage of their own to which nothing here refers any more.
	pub fn release(&mut self, eras: Vec<EraIndex>) {
		self.touched.released.extend(eras);
	}

	/// Whether there were slashes of the pool that it did not know of, or may have been of one from which some was moved.
	#[cfg(any(test, feature = "try-runtime"))]
	pub const fn is_unsettled(&self) -> bool {
		self.unsettled
	}

	/// Whether it is by settling that it is to be paid: no claim pays what may have been slashed, nor who has no stake left.
	pub fn is_paid_by_settling(&self) -> bool {
		self.touched.reward > 0 && (self.unsettled || self.member.position.total() == 0)
	}

	/// Whether some of it does not answer for another pool any more.
	pub fn is_freed(&self) -> bool {
		let now = sources(&self.member.position);
		self.sources.iter().any(|pool| !now.contains(pool))
	}

	/// Whether it is an operator's, of which slashes took less than its pool says.
	pub fn is_miscounted(&self) -> bool {
		self.is_own() && self.opened.pool.own != self.member.position.active()
	}

	/// Whether the holder is the pool's operator.
	pub fn is_own(&self) -> bool {
		self.holder == self.opened.operator
	}
}

fn sources<A: Clone + PartialEq>(position: &Position<A>) -> Vec<A> {
	let entries = position.entries().iter();
	entries.filter_map(|entry| entry.source.as_ref().map(|s| s.pool.clone())).collect()
}

impl<T: Config> Pallet<T> {
	/// Does something with a position and what is around it.
	pub(crate) fn around<R>(
		opened: &mut Opened<T>,
		position: &mut Position<T::AccountId>,
		does: impl FnOnce(
			&mut Position<T::AccountId>,
			&mut Surroundings<T::AccountId>,
		) -> Result<R, PoolError>,
	) -> Result<R, Error<T>> {
		let Opened { operator, pool, book, slashes, .. } = opened;
		let pages = Pages::<T>::of(operator);
		let mut around = Surroundings {
			book,
			slashes,
			closed: pool.closed,
			now: Self::era(),
			window: Self::window(),
			stored: &|era| pages.index_at(era),
			slashes_of: &|pool| SlashesOf::<T>::get(pool),
		};
		does(position, &mut around).map_err(Error::from)
	}

	/// Takes a position, or an empty one, out of storage and brings it up to date.
	pub(crate) fn open_account(
		holder: &T::AccountId,
		mut opened: Opened<T>,
	) -> Result<Account<T>, DispatchError> {
		let stored = Members::<T>::get(holder, &opened.operator);
		let existed = stored.is_some();
		let mut member = stored.unwrap_or_else(|| Membership {
			position: Position::new(&opened.book),
			compounds: false,
			settled: opened.pool.slashes,
		});
		let settled = core::mem::replace(&mut member.settled, opened.pool.slashes);
		let unsettled = settled != opened.pool.slashes || member.position.is_moved();
		let sources = sources(&member.position);
		opened.pool.worth.count_back(&member.position, Self::era(), false);
		let touched = Self::around(&mut opened, &mut member.position, |position, around| {
			position.touch(around)
		})?;
		// What slashes of other pools took, this one does not know yet.
		for (joined, loss) in &touched.foreign {
			opened.pool.worth.lose(*joined, *loss, Self::window());
		}
		let before = member.position.clone();
		let holder = holder.clone();
		Ok(Account { holder, opened, member, before, sources, existed, unsettled, touched })
	}

	/// Writes a position and its pool, takes what slashes took and pays what it earned. The amount that was
	/// withdrawn is released, and what is missing is held: all of the hold is the position's total. Returns what is active
	/// then.
	pub(crate) fn close_account(account: Account<T>) -> Result<Balance, DispatchError> {
		let Account { holder, mut opened, mut member, before, sources, existed, touched, .. } =
			account;
		let window = Self::window();
		let reason = HoldReason::Stake.into();

		// Money first: whatever may fail fails before anything is written.
		if touched.slashed > 0 {
			let (credit, missing) = T::Currency::slash(&reason, &holder, touched.slashed);
			if missing > 0 {
				defensive!("INV-1: less is held than positions say");
			}
			T::Slashed::on_unbalanced(credit);
			Self::deposit_event(Event::Settled {
				who: holder.clone(),
				pool: opened.operator.clone(),
				amount: touched.slashed,
			});
		}
		let reward = touched.reward;
		let can = T::Currency::can_deposit(&holder, reward, Provenance::Extant);
		if reward > 0 && can.into_result().is_err() {
			// Less than the existential deposit for an account that has nothing free: that must not keep it from a slash.
			Self::sweep(reward);
		} else if reward > 0 {
			Self::pay(&holder, reward)?;
			let compounded = member.compounds
				&& opened.pool.closed.is_none()
				// Who takes everything out wants nothing put in.
				&& member.position.active() > 0
				&& Self::may_hold(&holder, reward)
				&& Self::make_stake(&mut opened, &mut member.position, reward);
			Self::deposit_event(Event::Claimed {
				who: holder.clone(),
				pool: opened.operator.clone(),
				amount: reward,
				compounded,
			});
		}
		let (had, has) = (before.total(), member.position.total());
		if has > had {
			T::Currency::hold(&reason, &holder, has.saturating_sub(had))?;
		} else if had > has {
			let amount = had.saturating_sub(has);
			T::Currency::release(&reason, &holder, amount, Precision::Exact)?;
		}

		opened.pool.worth.count(&before, window, false);
		opened.pool.worth.count(&member.position, window, true);
		opened.pool.worth.count_back(&member.position, Self::era(), true);
		if holder == opened.operator {
			opened.pool.own = member.position.active();
		}
		Self::release_checkpoints(&opened.operator, &touched.released);
		let active = member.position.active();
		Self::write_member(&holder, &mut opened, member, &sources, existed);
		Self::write_pool(opened);
		Ok(active)
	}

	/// Whether a holder can put so much of what it has free at stake and keep free what is another's.
	fn may_hold(holder: &T::AccountId, amount: Balance) -> bool {
		let promised = T::Promised::promised(holder);
		let needed = amount.saturating_add(promised);
		// Otherwise the currency knows better.
		promised == 0 || T::Currency::balance(holder) >= needed
	}

	/// Refuses to put another's funds at stake.
	pub(crate) fn ensure_own(holder: &T::AccountId, amount: Balance) -> DispatchResult {
		ensure!(Self::may_hold(holder, amount), Error::<T>::Promised);
		Ok(())
	}

	/// Makes a reward stake. Says no when there is no room for it: then it stays in the holder's account.
	fn make_stake(
		opened: &mut Opened<T>,
		position: &mut Position<T::AccountId>,
		reward: Balance,
	) -> bool {
		let (book, kept) = (opened.book.clone(), position.clone());
		let done = position.join(reward, None, &mut opened.book, Self::era()).is_ok();
		if !done {
			(opened.book, *position) = (book, kept);
		}
		done
	}

	/// Writes a position that was paid, and is as it was but for that.
	pub(crate) fn keep_paid(
		holder: &T::AccountId,
		operator: &T::AccountId,
		member: Membership<T::AccountId>,
	) {
		Members::<T>::insert(holder, operator, member);
	}

	fn write_member(
		holder: &T::AccountId,
		opened: &mut Opened<T>,
		member: Membership<T::AccountId>,
		before: &[T::AccountId],
		existed: bool,
	) {
		let after = sources(&member.position);
		Self::change_sources(before, &after);
		let exists = !member.position.is_empty();
		if exists {
			Members::<T>::insert(holder, &opened.operator, member);
		} else if existed {
			Members::<T>::remove(holder, &opened.operator);
		}
		let members = &mut opened.pool.members;
		match (existed, exists) {
			(false, true) => {
				*members = members.saturating_add(1);
				Self::change_holder(holder, |h| h.pools = h.pools.saturating_add(1));
			}
			(true, false) => {
				*members = members.saturating_sub(1);
				Self::change_holder(holder, |h| h.pools = h.pools.saturating_sub(1));
			}
			_ => {}
		}
	}

	/// Notes of each pool how many entries elsewhere still answer for it.
	fn change_sources(before: &[T::AccountId], after: &[T::AccountId]) {
		let mut change: BTreeMap<&T::AccountId, (u32, u32)> = BTreeMap::new();
		for pool in before {
			let (_, less) = change.entry(pool).or_default();
			*less = less.saturating_add(1);
		}
		for pool in after {
			let (more, _) = change.entry(pool).or_default();
			*more = more.saturating_add(1);
		}
		for (source, (more, less)) in change.into_iter().filter(|(_, (more, less))| more != less) {
			Self::count_sources(source, more, less);
		}
	}

	/// Changes what is known of a holder, and forgets who has no stake: nobody would pay for it.
	pub(crate) fn change_holder(holder: &T::AccountId, change: impl FnOnce(&mut Holder)) {
		Holders::<T>::mutate_exists(holder, |entry| {
			let mut known = entry.take().unwrap_or_default();
			change(&mut known);
			*entry = (known.pools > 0).then_some(known);
		});
	}

	/// Whether a holder may have a position in one more pool.
	pub(crate) fn ensure_room(holder: &T::AccountId) -> DispatchResult {
		let pools = Holders::<T>::get(holder).pools;
		ensure!(pools < T::MaxPoolsPerHolder::get(), Error::<T>::TooManyPools);
		Ok(())
	}

	/// Opens the account of a holder in a pool in which it has one.
	pub(crate) fn existing(
		holder: &T::AccountId,
		operator: &T::AccountId,
	) -> Result<Account<T>, DispatchError> {
		ensure!(Members::<T>::contains_key(holder, operator), Error::<T>::NoStake);
		ensure!(Pools::<T>::contains_key(operator), Error::<T>::NoPool);
		Self::open_account(holder, Self::open(operator)?)
	}
}
