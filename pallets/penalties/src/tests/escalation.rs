//! Strikes: how they raise slash and jail, decay, and are taken back.

use super::*;
use crate::{mock::*, Policy, Records};
use dtel_traits::OffenceKind::{
	DoubleReveal, FalsePlace, MissedDuty, Outlier, PoorQuality, Unavailable,
};

fn strikes(of: NodeId) -> u32 {
	Penalties::record(node(of)).map_or(0, |(strikes, _)| strikes)
}

#[test]
fn slash_and_jail_double_with_each_strike_up_to_their_maxima() {
	ExtBuilder.build_and_execute(|| {
		// Slash in basis points and full eras in jail, by number of strikes.
		let grown = [(10, 2), (20, 4), (40, 8), (80, 16), (160, 32), (160, 32)];
		for (strikes, (slash, jail)) in grown.into_iter().enumerate() {
			let era = strikes as u32;
			go_to_era(era);
			let id = report(Unavailable, era, 1);
			assert_eq!(penalty(id).strikes(), era);
			assert_eq!(penalty(id).fraction(), bp(slash));
			assert_eq!(penalty(id).jail_until(), era + 1 + jail);
		}
		assert_eq!(penalty(report(Unavailable, 5, 2)).strikes(), 0, "each node for itself");
	});
}

#[test]
fn defaults_are_as_documented() {
	let policy = Policy::default();
	let price = |kind, strikes| {
		let price = policy.price(&evidence(kind), strikes);
		(price.fraction, price.jail_eras)
	};
	for (kind, least, most) in [
		(MissedDuty, (bp(0), 1), (bp(0), 16)),
		(Unavailable, (bp(10), 2), (bp(160), 32)),
		(PoorQuality, (bp(10), 2), (bp(160), 32)),
		(Outlier, (bp(20), 2), (bp(320), 32)),
		(DoubleReveal, (bp(500), 14), (bp(2_000), 56)),
		(FalsePlace, (bp(100), 7), (bp(800), 56)),
	] {
		assert_eq!(price(kind, 0), least, "{kind:?}");
		for many in [10, 31, 32, 1_000, u32::MAX] {
			assert_eq!(price(kind, many), most, "{kind:?}");
		}
	}
	for kind in [OffenceKind::BabeEquivocation, OffenceKind::GrandpaEquivocation] {
		assert_eq!(price(kind, 5), (Perbill::from_percent(1), 56), "it comes with the report");
	}
	assert_eq!(policy.longest_term(), 56);
}

#[test]
fn what_was_done_in_one_era_is_one_strike_in_any_order() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		let id = report(Unavailable, 0, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (0, 1));
		go_to_era(1);
		report(Unavailable, 1, 1);
		let id = report(DoubleReveal, 1, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2));
		// Reported later, of the era before: as it would have been then.
		let id = report(Outlier, 0, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (0, 2));
	});
}

#[test]
fn a_strike_goes_for_every_period_without_another() {
	ExtBuilder.build_and_execute(|| {
		for era in 0..3 {
			go_to_era(era);
			report(MissedDuty, era, 1);
		}
		for (era, left) in [(29, 3), (30, 2), (57, 2), (58, 1)] {
			go_to_era(era);
			assert_eq!(strikes(1), left, "era {era}");
		}
		let id = report(MissedDuty, 58, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2), "the period begins anew");
		go_to_era(85);
		assert_eq!(strikes(1), 2);
		go_to_era(200);
		assert_eq!(strikes(1), 0);
	});
}

#[test]
fn the_strike_is_taken_back_when_the_only_offence_of_its_era_is_cancelled() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(1);
		let (duty, down) = (report(MissedDuty, 1, 1), report(Unavailable, 1, 1));
		cancel(duty).unwrap();
		assert_eq!(strikes(1), 2, "the other bears it");
		cancel(down).unwrap();
		assert_eq!(strikes(1), 1);
		// Another kind of the same era is a strike again.
		let id = report(Outlier, 1, 1);
		assert_eq!((penalty(id).strikes(), strikes(1)), (1, 2));
		cancel(id).unwrap();
		cancel(0).unwrap();
		assert!(!Records::<Test>::contains_key(node(1)), "nothing is left to say");
	});
}

#[test]
fn a_strike_of_another_offence_is_not_taken_back_when_the_own_one_has_decayed() {
	ExtBuilder.build_and_execute(|| {
		// Such a policy is refused by the integrity test; the pallet does not rely on it.
		Rules::set(Policy { strike_eras: 2, ..Policy::DEFAULT });
		let id = report(MissedDuty, 0, 1);
		go_to_era(3);
		report(MissedDuty, 3, 1);
		assert_eq!(strikes(1), 1);
		cancel(id).unwrap();
		assert_eq!(strikes(1), 1);
	});
}
