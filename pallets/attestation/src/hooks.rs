//! What a block does by itself.
//!
//! | hook | work | cost |
//! |---|---|---|
//! | `on_initialize` | draws the seed in the first block of an era | constant |
//! | `on_poll` | at least one step of each kind that waits, then more up to a quarter of what the block has left | bounded |
//! | `on_idle` | whatever fits into the rest of the block | bounded |
//!
//! Order in both: settle, freeze, prune. The step that `on_poll` takes even when the block is full is
//! what makes settlement and snapshot end whatever transactions people send.

use crate::{
	settlement::{Extra, LEAST_VERIFIERS},
	turns::Turns,
	types::{Past, MAX_POOL},
	Config, Pallet, WeightInfo, SETTLE_PAGE,
};
use dtel_primitives::{clock::Moment, report::MAX_TARGETS, BlockNumber, EraIndex};
use frame_support::{
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::SaturatedConversion;

/// The part of a block's remaining weight that `on_poll` may take beyond its least steps: 1 / this.
const POLL_SHARE: u64 = 4;

impl<T: Config> Pallet<T> {
	/// The running block.
	pub(crate) fn now() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// Where the running block stands.
	pub(crate) fn moment() -> Moment {
		T::Clock::get().moment(Self::now())
	}

	/// The running era.
	pub(crate) fn current_era() -> EraIndex {
		T::Clock::get().era_of(Self::now())
	}

	/// Draws the seed if an era begins.
	pub(crate) fn begin_block(now: BlockNumber) -> Weight {
		let clock = T::Clock::get();
		if clock.is_first(now) {
			Self::draw_seed(clock.era_of(now));
			T::WeightInfo::draw_seed()
		} else {
			T::WeightInfo::quiet_block()
		}
	}

	/// Work that comes before the block's transactions.
	pub(crate) fn poll(meter: &mut WeightMeter) {
		let mut own = WeightMeter::with_limit(meter.remaining().div(POLL_SHARE));
		Self::work(&mut own, true);
		meter.consume(own.consumed().min(meter.remaining()));
	}

	/// What it weighs at most to settle so many members, whatever becomes of them.
	pub(crate) fn settle_weight(members: u32) -> Weight {
		Self::settled_weight((members, Extra::MOST.times(members)))
	}

	/// What it weighed.
	pub(crate) fn settled_weight((members, extra): (u32, Extra)) -> Weight {
		T::WeightInfo::settle(members)
			.saturating_add(T::WeightInfo::offence().saturating_mul(extra.offences.into()))
			.saturating_add(T::WeightInfo::note().saturating_mul(extra.notes.into()))
			.saturating_add(T::WeightInfo::record().saturating_mul(extra.records.into()))
	}

	/// Settles while the meter lasts, by pages as the call does: what they have in common is weighed once a page.
	fn settle_while(meter: &mut WeightMeter, least: bool) {
		let mut free = least;
		let mut page: Option<Page<T>> = None;
		while let Some(era) = Self::settling() {
			let mut now = page
				.take()
				.filter(|page| page.turns.era() == era && page.done.0 < SETTLE_PAGE)
				.unwrap_or_else(|| Page::of(era));
			// Reserved is what a step can cost at most; taken is what it did.
			let most = now.with(Extra::MOST).1.saturating_sub(now.weight);
			if !meter.can_consume(most) && !free {
				break;
			}
			free = false;
			let extra = Self::settle_next(&mut now.turns);
			let (done, weight) = now.with(extra);
			meter.consume(weight.saturating_sub(now.weight).min(meter.remaining()));
			page = Some(Page { done, weight, ..now });
		}
	}

	/// Settles, freezes and prunes while the meter lasts; with `least`, one step of each even beyond.
	pub(crate) fn work(meter: &mut WeightMeter, least: bool) {
		if !afford(meter, T::WeightInfo::look(), &mut least.clone()) {
			return;
		}
		Self::settle_while(meter, least);
		let mut free = least;
		let page = T::SnapshotPage::get();
		while Self::freezing().is_some() {
			if !afford(meter, T::WeightInfo::freeze(page), &mut free) {
				break;
			}
			if Self::do_freeze(page).is_err() {
				break;
			}
		}
		for past in [Past::Evidence, Past::History] {
			let cost = match past {
				Past::Evidence => T::WeightInfo::prune_evidence(),
				Past::History => T::WeightInfo::prune_history(),
			};
			let mut free = least;
			while Self::can_prune(past) {
				if !afford(meter, cost, &mut free) {
					break;
				}
				Self::prune_next(past);
			}
		}
	}
}

/// Steps of an era that were taken one after another, with what they weighed.
struct Page<T: Config> {
	turns: Turns<T>,
	done: (u32, Extra),
	weight: Weight,
}

impl<T: Config> Page<T> {
	fn of(era: EraIndex) -> Self {
		Self { turns: Turns::of(era), done: (0, Extra::default()), weight: Weight::zero() }
	}

	/// What it would weigh with a step more, and what that did.
	fn with(&self, extra: Extra) -> ((u32, Extra), Weight) {
		let done = (self.done.0.saturating_add(1), self.done.1.plus(extra));
		(done, Pallet::<T>::settled_weight(done))
	}
}

/// Takes `cost` from the meter if it is there, or once if it is not.
fn afford(meter: &mut WeightMeter, cost: Weight, free: &mut bool) -> bool {
	let fits = meter.try_consume(cost).is_ok();
	let granted = fits || *free;
	if !fits && granted {
		meter.consume(cost.min(meter.remaining()));
	}
	*free = false;
	granted
}

/// Checks constants against each other.
pub(crate) fn integrity_test<T: Config>() {
	let (pool, history) = (T::PoolEras::get(), T::HistoryEras::get());
	let targets = T::TargetsPerVerifier::get();
	assert!(T::Clock::get().is_valid(), "every phase needs a block");
	assert!(0 < targets && targets <= MAX_TARGETS, "1..=MAX_TARGETS targets a verifier");
	assert!(targets.saturating_mul(pool) <= MAX_POOL, "a pool has room for the eras that it pools");
	// What verifiers did in an era is summed up in the next: evidence has to last as long.
	assert!(1 < pool && pool <= history, "two eras or more have to be pooled, within the history");
	let least = T::LeastSamples::get();
	assert!(
		LEAST_VERIFIERS <= least && least <= targets.saturating_mul(pool),
		"a full pool has to have the samples that it needs"
	);
	assert!(T::FullScore::get().parts() > 0, "from a full score of nothing on all would be paid");
	assert!(0 < T::SnapshotPage::get(), "a page has at least one node");
	assert!(T::WeightCap::get().parts() > 0, "a cap of nothing leaves no weight");
}
