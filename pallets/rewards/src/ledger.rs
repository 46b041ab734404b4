//! What was done, and what the reserve releases for it: the sole writer of [`Eras`], [`Ledgers`], [`Released`] and
//! [`Unsettled`] with `payout`, and the only place from which the reserve is moved.

use crate::{
	types::{Entries, Entry, EraLedger, Tally},
	Config, Eras, Event, Ledgers, Pallet, Released, Unsettled, WeightInfo, LOG_TARGET,
};
use dtel_math::{
	money::{part_floor, release_floor},
	points::points_floor,
};
use dtel_primitives::{reward::Pay, Balance, EraIndex};
use dtel_traits::{Jail, Scored, StakeRewards};
use frame_support::{
	defensive,
	dispatch::DispatchClass,
	pallet_prelude::*,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
	},
};
use sp_runtime::{traits::AccountIdConversion, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The account that holds what is yet to be released. A preset fills it at genesis.
	pub fn reserve_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// The running era.
	pub(crate) fn current_era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// The first era that has not left history.
	pub(crate) fn oldest() -> EraIndex {
		Self::current_era().saturating_sub(T::HistoryEras::get())
	}

	/// Whether an era has left history. Nothing is scored, settled or paid in it any more, whether or not its rest was
	/// cleared yet.
	pub(crate) fn is_closed(era: EraIndex) -> bool {
		era < Self::oldest()
	}

	/// An era in which things are still counted: one that is neither settled nor closed.
	fn counting(era: EraIndex) -> Option<EraLedger> {
		let ledger = Eras::<T>::get(era).unwrap_or_default();
		if ledger.settled || Self::is_closed(era) {
			log::error!(target: LOG_TARGET, "era {era} counts nothing any more");
			return None;
		}
		Some(ledger)
	}

	/// An operator's eras that have not left history.
	pub(crate) fn entries(owner: &T::AccountId) -> Entries {
		Self::entries_in(Self::current_era(), owner)
	}

	/// The same, when `now` is the running era: who asks for it only once has it read only once.
	pub(crate) fn entries_in(now: EraIndex, owner: &T::AccountId) -> Entries {
		let mut entries = Ledgers::<T>::get(owner);
		let oldest = now.saturating_sub(T::HistoryEras::get());
		entries.retain(|entry| entry.era >= oldest);
		entries
	}

	/// Writes an operator's ledger.
	pub(crate) fn keep(owner: &T::AccountId, entries: Entries) {
		if entries.is_empty() {
			Ledgers::<T>::remove(owner);
		} else {
			Ledgers::<T>::insert(owner, entries);
		}
	}

	/// Changes what an operator did in an era, and the era's sums with it. Says whether it could: there is no room only
	/// if more eras are open than `integrity_test` allows.
	fn count(
		era: EraIndex,
		owner: &T::AccountId,
		ledger: &mut EraLedger,
		change: impl FnOnce(&mut Entry),
	) -> bool {
		let mut entries = Self::entries(owner);
		let at = match entries.binary_search_by_key(&era, |entry| entry.era) {
			Ok(at) => at,
			Err(at) => match entries.try_insert(at, Entry::new(era)) {
				Ok(()) => at,
				Err(_) => {
					defensive!("an operator has room for every open era");
					return false;
				}
			},
		};
		let Some(entry) = entries.get_mut(at) else { return false };
		let before = entry.tally();
		change(entry);
		if ledger.count(before, entry.tally()).is_none() {
			defensive!("INV-1: an operator did more than all did");
			return false;
		}
		Self::keep(owner, entries);
		true
	}

	/// Writes down what a member earned, as server and as verifier. A score of an era that is settled or closed is
	/// dropped, so none can change pay or revive a past era.
	pub(crate) fn do_score(scored: Scored<T::AccountId>) -> u128 {
		let Scored { era, node: _, owner, stake, kbps, score, duty } = scored;
		let Some(mut ledger) = Self::counting(era) else { return 0 };
		let points = points_floor(kbps, stake, T::StakePerMbps::get(), score).unwrap_or_else(|e| {
			defensive!("points of a node fit", e);
			0
		});
		let earns = points > 0 || duty > 0;
		let counted = !earns
			|| Self::count(era, &owner, &mut ledger, |entry| {
				entry.add_points(points);
				entry.duty = entry.duty.saturating_add(duty);
			});
		ledger.members = ledger.members.saturating_add(1);
		Eras::<T>::insert(era, ledger);
		if counted {
			points
		} else {
			0
		}
	}

	/// Somebody authored the running block. It counts for the first era that is not settled, so each counts once; not for who
	/// is jailed as a validator and keeps its seat because too few others are left.
	pub fn note_author(author: &T::AccountId) {
		frame_system::Pallet::<T>::register_extra_weight_unchecked(
			T::WeightInfo::note_author(),
			DispatchClass::Mandatory,
		);
		if T::Jail::is_validator_jailed(author) {
			return;
		}
		let era = Unsettled::<T>::get().max(Self::oldest());
		let Some(mut ledger) = Self::counting(era) else { return };
		let one_more = |entry: &mut Entry| entry.blocks = entry.blocks.saturating_add(1);
		if Self::count(era, author, &mut ledger, one_more) {
			Eras::<T>::insert(era, ledger);
		}
	}

	/// Moves an era's release into the stakers' pot and to the treasury.
	pub(crate) fn do_settle(era: EraIndex) {
		let Some(mut ledger) = Self::counting(era) else { return };
		ledger.settled = true;
		(ledger.released, ledger.treasury) = Self::release(ledger.all);
		Eras::<T>::insert(era, ledger);
		let next = era.saturating_add(1);
		if Unsettled::<T>::get() < next {
			Unsettled::<T>::put(next);
		}
		if Self::payable_from(era) <= Self::current_era() {
			Self::wake();
		}
		let EraLedger { released, treasury, all, members, .. } = ledger;
		Self::deposit_event(Event::EraSettled {
			era,
			released,
			treasury,
			all: all.work(),
			members,
		});
	}

	/// What an era in which this was done would release now: for operators, and for the treasury. A part for which
	/// nothing was done stays in the reserve, and the treasury's with it if that is so of all.
	pub(crate) fn parts(whole: Balance, all: Tally) -> (Pay, Balance) {
		let split = T::Split::get();
		let part = |done: bool, part| if done { part_floor(whole, part) } else { 0 };
		let pay = Pay {
			work: part(all.points > 0, split.work),
			blocks: part(all.blocks > 0, split.blocks),
			duty: part(all.duty > 0, split.duty),
		};
		(pay, part(pay.total() > 0, split.treasury))
	}

	/// What the reserve can release now: a fraction of what it can give without dying.
	pub(crate) fn releasable() -> Balance {
		let reserve = Self::reserve_account();
		let budget =
			T::Currency::reducible_balance(&reserve, Preservation::Preserve, Fortitude::Polite);
		let whole = release_floor(budget, T::YearlyRelease::get(), T::EraMillis::get());
		whole.unwrap_or_default().min(budget.saturating_sub(Self::float()))
	}

	/// What the pot lacks of its existential deposit, if nobody gave it one.
	fn float() -> Balance {
		let held = T::Currency::balance(&T::Stakers::pot());
		T::Currency::minimum_balance().saturating_sub(held)
	}

	/// Releases for what was done. Also gives the pot its existential deposit, if nobody did before.
	fn release(all: Tally) -> (Pay, Balance) {
		let nothing = (Pay::default(), 0);
		let (pay, treasury) = Self::parts(Self::releasable(), all);
		if pay.total() == 0 {
			return nothing;
		}
		let (reserve, keep) = (Self::reserve_account(), Preservation::Preserve);
		let moved = pay.total().saturating_add(Self::float());
		if let Err(e) = T::Currency::transfer(&reserve, &T::Stakers::pot(), moved, keep) {
			defensive!("the reserve gives what is reducible", e);
			return nothing;
		}
		Released::<T>::mutate(|open| *open = open.saturating_add(pay.total()));
		// Less than the existential deposit does not make an account: it stays where it is.
		let given = treasury > 0
			&& T::Currency::transfer(&reserve, &T::Treasury::get(), treasury, keep).is_ok();
		(pay, if given { treasury } else { 0 })
	}

	/// Takes an era out of [`Eras`]. What was not paid of it leaves the pot: what nobody asked for goes to the treasury,
	/// what rules left unpaid to the reserve.
	pub(crate) fn clear(era: EraIndex) {
		let Some(ledger) = Eras::<T>::take(era) else { return };
		let (unclaimed, returned) = Self::take_back(era, &ledger);
		let paid = ledger.paid.total();
		Self::deposit_event(Event::EraClosed { era, paid, unclaimed, returned });
	}

	/// Takes what an era has left out of the stakers' pot. Nothing if more than that was released for it than for all
	/// eras: who has a right to the rest of the pot does not pay for broken books.
	fn take_back(era: EraIndex, ledger: &EraLedger) -> (Balance, Balance) {
		let released = ledger.released.total();
		if released == 0 {
			return (0, 0);
		}
		let Some(others) = Released::<T>::get().checked_sub(released) else {
			log::error!(target: LOG_TARGET, "era {era}: more was released for it than for all eras");
			return (0, 0);
		};
		Released::<T>::put(others);
		let (unclaimed, rest) = ledger.remains();
		let to_treasury = Self::give_back(&T::Treasury::get(), unclaimed);
		// What the treasury cannot take, because it would be less than an account needs, goes back, too.
		let rest = rest.saturating_add(unclaimed.saturating_sub(to_treasury));
		(to_treasury, Self::give_back(&Self::reserve_account(), rest))
	}

	fn give_back(to: &T::AccountId, amount: Balance) -> Balance {
		if amount == 0 {
			return 0;
		}
		match T::Stakers::give_back(to, amount) {
			Ok(()) => amount,
			Err(e) => {
				log::error!(target: LOG_TARGET, "the pot gave nothing of {amount} back: {e:?}");
				0
			}
		}
	}
}
