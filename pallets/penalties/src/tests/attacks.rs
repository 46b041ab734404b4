//! Each known failure of this kind of pallet, by its name: none of them is possible.

use super::*;
use crate::{mock::*, Error, Policy, State};
use dtel_primitives::DTEL;
use dtel_traits::{
	Evidence, Jail, Offence,
	OffenceKind::{MissedDuty, Unavailable},
	OffenceSink, Offender,
};
use frame_support::{assert_noop, assert_storage_noop};

/// Every path that ends in taking stake, tried for eras.
fn try_everything(id: PenaltyId) {
	for _ in 0..25 {
		let now = Penalties::current_era();
		let _ = (execute(id), uphold(id), appeal(11, id), cancel(id));
		report(Unavailable, 0, 1);
		idle();
		poll(frame_support::weights::Weight::MAX);
		go_to_era(now + 1);
	}
	settle_down();
}

#[test]
fn penalty_executed_after_a_successful_appeal() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		cancel(id).unwrap();
		try_everything(id);
		assert_eq!(penalty(id).state(), State::Cancelled);
		assert_eq!((Slashes::get(), stake(11)), (vec![], 1_000 * DTEL));
		assert_eq!((held(11), Balances::free_balance(11)), (0, FUNDS));
		assert!(!Penalties::is_jailed(1));
	});
}

#[test]
fn penalty_executed_after_governance_cancelled_it() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		cancel(id).unwrap();
		try_everything(id);
		assert!(Slashes::get().is_empty());
	});
}

#[test]
fn penalty_executed_twice() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		go_to_era(5);
		uphold(id).unwrap();
		try_everything(id);
		assert_eq!((Slashes::get().len(), stake(11)), (1, 999 * DTEL));
	});
}

#[test]
fn offence_reported_again_after_its_record_is_gone() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		cancel(id).unwrap();
		go_to_era(61);
		settle_down();
		assert_noop!(execute(id), Error::<Test>::UnknownPenalty);
		assert_storage_noop!(report(Unavailable, 0, 1));
	});
}

#[test]
fn penalty_held_up_for_ever_by_an_undecided_appeal() {
	ExtBuilder.build_and_execute(|| {
		AppealEras::set(50);
		let id = report(Unavailable, 0, 1);
		appeal(11, id).unwrap();
		// Era 8 is the last in which stake answers for era 0.
		go_to_era(7);
		settle_down();
		assert_eq!(stake(11), 1_000 * DTEL);
		go_to_era(8);
		settle_down();
		assert_eq!(stake(11), 999 * DTEL);
	});
}

#[test]
fn penalty_held_up_by_full_blocks() {
	ExtBuilder.build_and_execute(|| {
		let id = report(Unavailable, 0, 1);
		go_to_era(4);
		// Transactions leave nothing to `on_idle`, but come after `on_poll`.
		for _ in 0..6 {
			poll(frame_support::weights::Weight::from_parts(100_000_000_000, u64::MAX));
		}
		assert!(!penalty(id).is_open());
	});
}

#[test]
fn appeals_flooded_by_one_operator() {
	ExtBuilder.build_and_execute(|| {
		let nodes = 100..140;
		let ids: Vec<_> = nodes
			.map(|node| {
				register(node, 11);
				report(MissedDuty, 0, node)
			})
			.collect();
		let appealed = ids.iter().take_while(|id| appeal(11, **id).is_ok()).count();
		// 10 + 20 + … + 130 = 910 DTEL of 1,000: the next would cost 140.
		assert_eq!((appealed, held(11)), (13, 910 * DTEL));
	});
}

#[test]
fn node_jailed_for_ever_after_its_retirement() {
	ExtBuilder.build_and_execute(|| {
		Owners::mutate(|owners| owners.remove(&1));
		let evidence = evidence(Unavailable);
		let offence = dtel_traits::Offence { era: 0, offender: node(1), owner: 11, evidence };
		<Penalties as dtel_traits::OffenceSink<AccountId>>::report(offence);
		assert_eq!(crate::Jailed::<Test>::iter().count(), 0);
		assert_eq!(crate::JailedOf::<Test>::iter().count(), 0);
	});
}

#[test]
fn jail_shortened_by_a_second_offence() {
	ExtBuilder.build_and_execute(|| {
		Rules::set(Policy { unavailable: terms(0, 20), ..Policy::DEFAULT });
		report(Unavailable, 0, 1);
		go_to_era(1);
		report(MissedDuty, 1, 1);
		assert_eq!(Penalties::jail(1), span(0, 21));
	});
}

#[test]
fn strikes_washed_off_by_registering_anew() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		unjail(11, 1).unwrap();
		retire(1);
		register(50, 11);
		let id = report(MissedDuty, 2, 50);
		assert_eq!((penalty(id).strikes(), penalty(id).jail_until()), (1, 5));
	});
}

#[test]
fn strikes_laundered_by_retiring_in_turn() {
	ExtBuilder.build_and_execute(|| {
		let (mut era, mut of) = (0, 1);
		for strikes in 0..5 {
			go_to_era(era);
			let id = report(MissedDuty, era, of);
			let jail = [1, 2, 4, 8, 16][strikes as usize];
			assert_eq!(
				(penalty(id).strikes(), penalty(id).jail_until()),
				(strikes, era + 1 + jail)
			);
			era += 1 + jail;
			go_to_era(era);
			unjail(11, of).unwrap();
			retire(of);
			assert_eq!(Penalties::carried(11), strikes + 1);
			of = 50 + strikes;
			register(of, 11);
		}
	});
}

#[test]
fn second_equivocation_of_an_era_for_free() {
	ExtBuilder.build_and_execute(|| {
		let first = equivocate_in(1, 0, 11, 1, 30);
		go_to_era(4);
		execute(first).unwrap();
		let second = equivocate_in(2, 0, 11, 1, 30);
		go_to_era(6);
		execute(second).unwrap();
		let one = Perbill::from_percent(1);
		assert_eq!(Slashes::get(), [(11, one, 0), (11, one, 0)]);
		assert_eq!(stake(11), 980 * DTEL + 100 * DTEL / 1_000);
	});
}

#[test]
fn conspiracy_sheltered_by_many_small_equivocations() {
	ExtBuilder.build_and_execute(|| {
		let filled = crate::MAX_ALIKE;
		(0..filled).for_each(|slot| {
			equivocate_in(slot.into(), 0, 11, 1, 300);
		});
		assert_storage_noop!(equivocate_in(u64::from(filled), 0, 11, 1, 300));
		let id = equivocate_in(u64::from(filled), 0, 11, 100, 300);
		assert_eq!(penalty(id).fraction(), Perbill::one());
		assert_storage_noop!(equivocate_in(u64::MAX, 0, 11, 100, 300));
	});
}

#[test]
fn everybody_jailed_by_one_bug() {
	ExtBuilder.build_and_execute(|| {
		let nodes = 100..140;
		for node in nodes.clone() {
			register(node, 11);
			let silent = Evidence::MissedDuty { committed: false, revealed: 1, members: 40 };
			let down = Evidence::Unavailable { assigned: 5, reported: 5, down: 101, measured: 200 };
			for evidence in [silent, down] {
				let offender = Offender::Node(node);
				assert_storage_noop!(<Penalties as OffenceSink<AccountId>>::report(Offence {
					era: 0,
					offender,
					owner: 11,
					evidence,
				}));
			}
		}
		assert!(!nodes.into_iter().any(Penalties::is_jailed));
	});
}

#[test]
fn strikes_washed_off_by_release() {
	ExtBuilder.build_and_execute(|| {
		report(MissedDuty, 0, 1);
		go_to_era(2);
		unjail(11, 1).unwrap();
		let id = report(MissedDuty, 2, 1);
		assert_eq!((penalty(id).strikes(), penalty(id).jail_until()), (1, 5));
	});
}
