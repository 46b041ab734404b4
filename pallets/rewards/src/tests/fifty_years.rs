//! Fifty years of production's eras, one after the other, against the model in big integers.

use super::{model::*, *};
use crate::{types::Split, Cleared, Event, Walked};
use dtel_primitives::{BasisPoints, DTEL};
use dtel_traits::{Dispute, Payroll, ScoreSink, Scored};
use num_bigint::BigUint;
use sp_runtime::Perquintill;
use std::collections::BTreeMap;

/// Four a day.
const YEAR: EraIndex = 365 * 4;
const ERAS: EraIndex = 50 * YEAR;
/// Production's.
const HISTORY: EraIndex = 84;
/// What the reserve holds at genesis, above its existential deposit.
const RELEASABLE: u128 = 400_000_000 * DTEL;

/// A generator of numbers, always the same ones.
struct Dice(u64);

impl Dice {
	fn below(&mut self, n: u64) -> u64 {
		self.0 ^= self.0 << 13;
		self.0 ^= self.0 >> 7;
		self.0 ^= self.0 << 17;
		self.0 % n
	}

	fn one_in(&mut self, n: u64) -> bool {
		self.below(n) == 0
	}
}

/// What operators do in the running era: most of them something of each kind, in some eras nobody anything of one.
fn work_of_an_era(model: &mut Model, dice: &mut Dice, era: EraIndex) {
	let (serves, measures, authors) = (!dice.one_in(60), !dice.one_in(60), !dice.one_in(60));
	for owner in OPERATORS {
		if dice.one_in(40) {
			continue;
		}
		for node in 0..1 + dice.below(2) as u32 {
			let kbps = if serves { 1 + dice.below(1_000_000) as u32 } else { 0 };
			let parts = if dice.one_in(10) { dice.below(10_000) as u16 } else { 10_000 };
			let duty = if measures { dice.below(6) as u32 } else { 0 };
			let stake = (10_000 + u128::from(dice.below(100_000))) * DTEL;
			let points = model.score(era, owner, (kbps, stake, parts, duty));
			let score = BasisPoints::new(parts).unwrap();
			let scored = Scored { era, node, owner, stake, kbps, score, duty };
			assert_eq!(big(Rewards::scored(scored)), points);
		}
		if authors {
			let blocks = dice.below(5);
			(0..blocks).for_each(|_| model.author(owner));
			super::authors(owner, blocks as u32);
		}
	}
}

/// Penalties are reported, decided or never decided, and operators lose their stakers and find others.
fn trouble(
	model: &mut Model,
	dice: &mut Dice,
	era: EraIndex,
	trials: &mut BTreeMap<(EraIndex, AccountId), EraIndex>,
) {
	for owner in OPERATORS {
		if dice.one_in(60) {
			model.disputes.insert((owner, era), Dispute::Open);
			// Most are decided sooner than the era is closed.
			trials.insert((era, owner), era + 3 + dice.below(100) as EraIndex);
		}
		if dice.one_in(if model.refused.contains(&owner) { 5 } else { 200 })
			&& !model.refused.remove(&owner)
		{
			model.refused.insert(owner);
		}
	}
	Refused::set(model.refused.clone());
	trials.retain(|(of, owner), due| {
		if *due == era {
			let state = if dice.one_in(2) { Dispute::Lost } else { Dispute::None };
			model.disputes.insert((*owner, *of), state);
			if state == Dispute::Lost {
				model.forfeit(*of, *owner);
				Rewards::forfeit(owner, *of);
			}
		}
		*due > era
	});
	model.disputes.retain(|(_, of), _| *of + HISTORY + 1 >= era);
	Disputed::set(model.disputes.clone());
}

/// Blocks with room, until every era that is closed is cleared and the walk rests.
fn blocks_with_room(model: &mut Model, era: EraIndex) {
	let closed = era.saturating_sub(HISTORY);
	while Cleared::<Test>::get() < closed || Walked::<Test>::get().from <= era {
		model.pass();
		idle();
		model.clear_up_to(Cleared::<Test>::get());
	}
}

/// Takes from the pot what was credited, which has the model and the stakers forget the past.
fn take_all(model: &mut Model) {
	let credited: BigUint = model.credited.iter().map(|(_, _, amount)| amount).sum();
	assert_eq!(big(super::credited()), credited);
	model.take(100);
	stakers_take(super::credited());
	(model.credited, model.taken) = (Vec::new(), big(0));
	Credited::kill();
	Taken::kill();
}

/// Production's rules.
fn rules() -> Rules {
	let (yearly, era_ms) = (100_000_000_000_000_000, 6 * 60 * 60 * 1_000);
	Rules { yearly, era_ms, split: [8_000, 800, 700, 500], escrow: 2, price: 100 * DTEL }
}

#[test]
fn fifty_years_are_paid_to_the_planck() {
	let rules = rules();
	let mut ext = ExtBuilder::default().reserve(RELEASABLE + ED).build();
	YearlyRelease::set(Perquintill::from_percent(10));
	EraMillis::set(rules.era_ms);
	StakePerMbps::set(rules.price);
	EscrowEras::set(rules.escrow);
	Parts::set(Split::DEFAULT);
	HistoryEras::set(HISTORY);
	let mut model = Model::new(DTEL, rules);
	let issued = ext.execute_with(|| {
		model.accounts.insert(Rewards::reserve_account(), big(RELEASABLE + ED));
		Balances::total_issuance()
	});
	model.history = HISTORY;
	let (mut dice, mut trials) = (Dice(2_609), BTreeMap::new());
	let (mut released, mut to_treasury) = (big(0), big(0));

	let mut run = |model: &mut Model, era: EraIndex| {
		go_to_era(era);
		model.now = era;
		trouble(model, &mut dice, era, &mut trials);
		blocks_with_room(model, era);
		if era < ERAS {
			work_of_an_era(model, &mut dice, era);
			System::reset_events();
			model.settle(era);
			Rewards::era_settled(era);
			let [Event::EraSettled { released: pay, treasury, .. }] = events()[..] else {
				panic!("one era is settled")
			};
			released += pay.total();
			to_treasury += treasury;
			assert_eq!(model.sums[0], released);
		}
		take_all(model);
		for who in [Rewards::reserve_account(), STAKERS, TREASURY, TAKER] {
			assert_eq!(big(balance(who)), model.accounts[&who], "{who} in era {era}");
		}
		// So often that each era is looked at while it is open.
		if era.is_multiple_of(HISTORY - 4) {
			model.compare();
		}
	};
	// And on until nothing is open any more.
	let last = ERAS + HISTORY;
	for from in (0..=last).step_by(YEAR as usize) {
		ext.execute_with(|| {
			(from..(from + YEAR).min(last + 1)).for_each(|era| run(&mut model, era))
		});
		ext.commit_all().unwrap();
	}

	ext.execute_with(|| {
		model.compare();
		let [all, paid, unclaimed, returned] = model.sums.clone();
		assert_eq!(all, released);
		assert_eq!(&paid + &unclaimed + &returned, released, "what is not paid returned");
		assert_eq!(big(balance(TAKER) - ED), paid);
		assert_eq!(big(balance(TREASURY) - ED), &to_treasury + &unclaimed);
		assert_eq!((balance(STAKERS), crate::Released::<Test>::get()), (ED, 0));
		let left = big(balance(Rewards::reserve_account()) - ED);
		assert_eq!(left, big(RELEASABLE) + &returned - &released - &to_treasury);
		assert_eq!(Balances::total_issuance(), issued);
		// All of it happened, and what remains is not far from e^-5 of what there was.
		assert!([&paid, &unclaimed, &returned].into_iter().all(|sum| *sum > big(1_000_000 * DTEL)));
		let thousandths = u32::try_from(left * 1_000u32 / RELEASABLE).unwrap();
		assert!((6..20).contains(&thousandths), "{thousandths}");
		println!("{thousandths} of 1,000 are left; {:?}", model.seen);
	});
	HistoryEras::set(4);
	EscrowEras::set(1);
	Parts::set(WORK_ONLY);
	YearlyRelease::set(Perquintill::one());
	EraMillis::set(dtel_math::money::YEAR_MS / 100);
	StakePerMbps::set(10 * DTEL);
}
