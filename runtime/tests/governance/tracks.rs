//! How tracks fit each other, at production's hour and at the development preset's.

use crate::world::*;
use codec::Encode;
use dtel_primitives::{clock::EraClock, Balance, DTEL};
use dtel_runtime::{
	configs::quality::AppealEras,
	governance::tracks::{Plan, Tracks, CANCEL_HOURS, TRACKS},
	setup::pallet::Parameters,
	OriginCaller, RuntimeCall, RuntimeOrigin,
};
use frame_support::traits::{Get, OriginTrait};
use pallet_referenda::{Curve, ReferendumInfo, TracksInfo};
use scale_info::TypeInfo;
use sp_runtime::Perbill;
use std::collections::BTreeSet;

/// Blocks in an hour, in production and for development.
fn hours_in_blocks() -> [u32; 2] {
	[Parameters::default().hour_blocks, 1]
}

fn plan(name: &str) -> &'static Plan {
	TRACKS.iter().find(|plan| plan.name == name).expect("a track")
}

fn caller(plan: &Plan) -> OriginCaller {
	plan.origin.map_or_else(root, Into::into)
}

/// From submission to enactment of what passes at the last moment.
fn longest(plan: &Plan) -> u32 {
	plan.prepare + plan.decision + plan.confirm + plan.enactment
}

#[test]
fn every_origin_has_a_track_and_every_track_an_origin() {
	chain().execute_with(|| {
		for plan in &TRACKS {
			assert_eq!(Tracks::track_for(&caller(plan)), Ok(plan.id), "{}", plan.name);
		}
		let tracks: BTreeSet<u16> =
			CUSTOM.iter().filter_map(|origin| Tracks::track_for(&(*origin).into()).ok()).collect();
		assert_eq!(tracks.len(), CUSTOM.len(), "each has one of its own");
		assert_eq!(CUSTOM.len() + 1, TRACKS.len(), "and Root");
		let signed: RuntimeOrigin = signed("Alice");
		for other in [signed, RuntimeOrigin::none(), members(3, 3)] {
			assert_eq!(Tracks::track_for(other.caller()), Err(()), "{other:?}");
		}
	});
}

#[test]
fn origins_are_listed_here_as_they_are() {
	let scale_info::TypeDef::Variant(origins) =
		dtel_runtime::governance::origins::Origin::type_info().type_def
	else {
		panic!("an enum")
	};
	let named: Vec<_> = origins.variants.iter().map(|origin| (origin.name, origin.index)).collect();
	let here: Vec<_> =
		CUSTOM.iter().map(|origin| (format!("{origin:?}"), origin.encode()[0])).collect();
	assert_eq!(named.len(), here.len());
	for ((name, index), (listed, at)) in named.into_iter().zip(here) {
		assert_eq!((name, index), (listed.as_str(), at));
	}
}

#[test]
fn numbers_are_sorted_and_names_are_those_of_origins() {
	assert!(TRACKS.windows(2).all(|pair| pair[0].id < pair[1].id));
	chain().execute_with(|| assert_eq!(Tracks::check_integrity(), Ok(())));
	for plan in &TRACKS {
		let origin = plan.origin.map_or("Root".into(), |origin| format!("{origin:?}"));
		assert_eq!(plan.name.replace('_', ""), origin.to_lowercase());
	}
	let names: BTreeSet<_> = TRACKS.iter().map(|plan| plan.name).collect();
	assert_eq!(names.len(), TRACKS.len());
}

#[test]
fn periods_are_told_in_hours_of_governance() {
	for hour in hours_in_blocks() {
		chain_of_hours(hour).execute_with(|| {
			assert_eq!(Tracks::tracks().count(), TRACKS.len());
			for plan in &TRACKS {
				let info = Tracks::info(plan.id).expect("a track");
				assert_eq!(info.prepare_period, plan.prepare * hour);
				assert_eq!(info.decision_period, plan.decision * hour);
				assert_eq!(info.confirm_period, plan.confirm * hour);
				assert_eq!(info.min_enactment_period, plan.enactment * hour);
				assert!(info.prepare_period > 0 && info.min_enactment_period > 0);
				assert!(info.confirm_period < info.decision_period);
			}
			assert_eq!(Tracks::info(2), None);
		});
	}
}

/// One that is confirmed cannot be cancelled any more, so enactment does not count.
#[test]
fn whatever_is_being_confirmed_can_be_cancelled() {
	let canceller = plan("referendum_canceller");
	assert_eq!(canceller.prepare + canceller.confirm + canceller.enactment, CANCEL_HOURS);
	for plan in TRACKS.iter().filter(|plan| plan.id != canceller.id) {
		assert!(plan.confirm > CANCEL_HOURS, "{}", plan.name);
	}
	let tenth = Perbill::from_percent(10);
	assert!(canceller.support.passing(Perbill::zero(), tenth), "a tenth is enough at once");
	assert!(canceller.support.passing(Perbill::one(), Perbill::from_rational(5u32, 1_000)));
}

/// What the last test reckons, done: a proposal for which more than half of all voted at once, on each track; and a
/// tenth that sees it in the block after its confirmation began.
fn cancels_in_time(plan: &Plan, hour: u32) {
	chain_of_hours(hour).execute_with(|| {
		let bad = propose("Op6", caller(plan), mark("bad"));
		ayes(&["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "App"], bad);
		while confirming(bad).is_none() {
			next_block();
		}
		let ends = confirming(bad).expect("it is");
		assert_eq!(ends - now(), plan.confirm * hour);
		next_block();
		let begun = now();
		let call = RuntimeCall::Referenda(pallet_referenda::Call::cancel { index: bad });
		let cancel =
			propose("Op5", dtel_runtime::governance::origins::Origin::ReferendumCanceller, call);
		ayes(&["Op1", "Op2"], cancel);
		run_to(begun + CANCEL_HOURS * hour - 1);
		assert!(matches!(info(bad), ReferendumInfo::Ongoing(_)), "{}", plan.name);
		next_block();
		let ReferendumInfo::Cancelled(at, ..) = info(bad) else {
			panic!("{} at {hour}: {:?}", plan.name, info(bad))
		};
		assert_eq!(at, begun + CANCEL_HOURS * hour);
		assert!(at <= ends);
		run_to(ends + plan.enactment * hour + 2);
		assert!(matches!(info(bad), ReferendumInfo::Cancelled(..)));
		check();
	});
}

#[test]
fn a_tenth_cancels_what_most_votes_began_to_confirm_in_development() {
	for plan in TRACKS.iter().filter(|plan| plan.name != "referendum_canceller") {
		cancels_in_time(plan, 1);
	}
}

#[test]
fn a_tenth_cancels_what_is_confirmed_fastest_in_production() {
	let others = || TRACKS.iter().filter(|plan| plan.name != "referendum_canceller");
	let least = others().map(|plan| plan.confirm).min().expect("tracks");
	for plan in others().filter(|plan| plan.confirm == least) {
		cancels_in_time(plan, Parameters::default().hour_blocks);
	}
}

#[test]
fn an_appeal_is_decided_before_its_penalty_is_executed_without_an_answer() {
	let chains = [(EraClock::PRODUCTION, hours_in_blocks()[0]), (EraClock::DEV, 1)];
	for (clock, hour) in chains {
		let held_up = <AppealEras as Get<u32>>::get() * clock.era_blocks;
		// With a day to write it and to gather the deposit.
		let takes = (longest(plan("penalty_admin")) + 24) * hour;
		assert!(takes <= held_up, "{takes} blocks of {held_up}");
	}
}

/// What all places of a track cost.
fn all_places(plan: &Plan) -> Balance {
	Balance::from(plan.deciding) * plan.deposit
}

#[test]
fn nobody_buys_all_places_of_what_defends() {
	let defends = ["penalty_admin", "emergency_admin", "referendum_canceller", "referendum_killer"];
	for name in defends {
		// As much as putting the chain into safe mode, and for no longer than its decision period.
		assert!(all_places(plan(name)) >= 500_000 * DTEL, "{name}");
	}
}

#[test]
fn deposits_rise_with_what_is_decided() {
	let tiers = ["tipper", "small_spender", "medium_spender", "big_spender", "treasurer", "root"];
	let deposits: Vec<_> = tiers.iter().map(|name| plan(name).deposit).collect();
	assert!(deposits.windows(2).all(|pair| pair[0] < pair[1]), "{deposits:?}");
	let periods: Vec<_> = tiers[..4].iter().map(|name| longest(plan(name))).collect();
	assert!(periods.windows(2).all(|pair| pair[0] < pair[1]), "{periods:?}");
}

/// The parts of a decision period that curves are looked at in.
const STEPS: u32 = 10_000;

fn falls(name: &str, curve: &Curve, least: Perbill) {
	let at = |step: u32| curve.threshold(Perbill::from_rational(step, STEPS));
	for step in 0..STEPS {
		assert!(at(step) >= at(step + 1), "{name}: rises at {step}");
	}
	let floor = at(STEPS);
	assert!(floor >= least, "{name}: {floor:?} of {least:?}");
	for step in 0..=STEPS {
		assert!(at(step) >= floor && curve.passing(Perbill::from_rational(step, STEPS), at(step)));
	}
}

#[test]
fn curves_fall_and_approval_is_never_less_than_half() {
	// The curves are of parts of a thousand million, and their parameters are rounded to them.
	let half = Perbill::from_percent(50) - Perbill::from_parts(10);
	for plan in &TRACKS {
		falls(plan.name, &plan.approval, half);
		falls(plan.name, &plan.support, Perbill::zero());
		assert!(plan.support.threshold(Perbill::zero()) <= Perbill::from_percent(50));
		// Less power needs less support, never none at the beginning.
		assert!(plan.support.threshold(Perbill::zero()) >= Perbill::from_percent(5));
	}
}

#[test]
fn curves_are_as_their_comments_say() {
	let day = |plan: &Plan, day: u32| Perbill::from_rational(day * 24, plan.decision);
	let near = |is: Perbill, permille: u32| {
		let said = Perbill::from_rational(permille, 1_000);
		let off = if is > said { is - said } else { said - is };
		assert!(off < Perbill::from_rational(1u32, 10_000), "{is:?} of {said:?}");
	};
	for name in ["root", "treasurer"] {
		let plan = plan(name);
		near(plan.approval.threshold(day(plan, 4)), 800);
		near(plan.approval.threshold(Perbill::one()), 500);
		near(plan.support.threshold(Perbill::zero()), 500);
		near(plan.support.threshold(Perbill::one()), 20);
	}
	let canceller = plan("referendum_canceller");
	near(canceller.support.threshold(Perbill::zero()), 100);
	near(canceller.support.threshold(day(canceller, 1)), 30);
	near(canceller.support.threshold(Perbill::one()), 5);
	near(plan("referendum_killer").approval.threshold(Perbill::one()), 750);
}
