//! Validators by stake over the real pallets: sessions are rotated by BABE, block by block.

use dtel_primitives::{
	offence::{Evidence, OffenceKind, Offender},
	validator::Standing,
	DTEL,
};
use dtel_runtime::{
	configs::{
		consensus::{MaxCandidates, ReportWeight, ValidatorFloor},
		system::BlockWeights,
	},
	setup, AccountId, Babe, Equivocations, Penalties, Runtime, Session, Staking, Validators,
};
use dtel_traits::{Jail, Offence as DtelOffence, OffenceSink, StakeLedger};
use frame_support::{
	assert_ok,
	traits::{Get, Hooks},
};
use pallet_dtel_validators::WeightInfo;
use pallet_session::WeightInfo as _;
use sp_staking::offence::ReportOffence;

mod proofs;
mod world;

use world::*;

#[test]
fn the_validators_of_genesis_stay_without_candidates() {
	for preset in ["development", "local"] {
		chain(preset).execute_with(|| {
			for session in 1..8 {
				run_to_session(session);
				assert_eq!(Session::validators(), founders());
				assert_eq!(Babe::authorities().len(), founders().len());
			}
			assert!(Session::disabled_validators().is_empty());
			check();
		});
	}
}

#[test]
fn a_single_candidate_does_not_take_over_a_development_chain() {
	chain("development").execute_with(|| {
		candidates(&["Op1"]);
		run_to_effect();
		assert_eq!(Session::validators(), founders());
		let two = candidates(&["Op2"]);
		run_to_effect();
		validate(&[&person("Op1"), &two[0]]);
	});
}

#[test]
fn the_set_follows_stake_and_so_do_both_engines() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS);
		assert_eq!(Session::validators(), founders());
		run_to_effect();
		// Four are wanted: the one with the least is not among them.
		validate(&[&ops[1], &ops[2], &ops[3], &ops[4]]);
		// It gets more, which counts from the next era on.
		assert_ok!(Staking::bond_extra(ops[0].signed(), 100_000 * DTEL));
		run_to_effect();
		if now() < 3 {
			validate(&[&ops[1], &ops[2], &ops[3], &ops[4]]);
		}
		run_to_era(now() + 1);
		run_to_effect();
		validate(&[&ops[0], &ops[2], &ops[3], &ops[4]]);
		// Delegated stake counts as well.
		let stake = 500_000 * DTEL;
		let pool = ops[1].account.clone();
		assert_ok!(Staking::delegate(person("Eve").signed(), pool, stake));
		run_to_era(now() + 1);
		run_to_effect();
		validate(&[&ops[0], &ops[1], &ops[3], &ops[4]]);
		// And stake that leaves counts no more: at once below the floor, if it was the operator's own.
		assert_ok!(Staking::retire(ops[1].signed()));
		run_to_effect();
		validate(&[&ops[0], &ops[2], &ops[3], &ops[4]]);
		check();
	});
}

#[test]
fn the_old_set_stays_when_too_few_can_be_chosen() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS[..4]);
		run_to_effect();
		let all: Vec<&Person> = ops.iter().collect();
		validate(&all);
		assert_ok!(Validators::resign(ops[0].signed()));
		run_to_effect();
		validate(&all[1..]);
		// Three is the minimum.
		assert_ok!(Staking::retire(ops[1].signed()));
		run_to_era(now() + 3);
		validate(&all[1..]);
		// Not even who takes its keys away brings others in; but without keys nobody validates.
		assert_ok!(Session::purge_keys(ops[3].signed()));
		run_to_effect();
		validate(&all[1..3]);
		check();
	});
}

fn equivocate(who: &AccountId) {
	let offence = pallet_babe::EquivocationOffence {
		slot: 7.into(),
		session_index: Session::current_index(),
		validator_set_count: Session::validators().len() as u32,
		offender: (who.clone(), ()),
	};
	assert_ok!(Equivocations::report_offence(vec![], offence));
}

fn is_disabled(who: &AccountId) -> bool {
	let index = Session::validator_id_to_index(who).expect("has a seat");
	Session::disabled_validators().contains(&index)
}

#[test]
fn who_equivocates_is_disabled_at_once_and_gone_with_the_next_set() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS);
		run_to_effect();
		let bad = &ops[4];
		validate(&[&ops[1], &ops[2], &ops[3], bad]);
		equivocate(&bad.account);
		assert!(is_disabled(&bad.account), "in the block of the report");
		assert!(Penalties::is_validator_jailed(&bad.account));
		// Its seat in the next session was given away before; it stays disabled in it.
		run_to_session(Session::current_index() + 1);
		if Session::validators().contains(&bad.account) {
			assert!(is_disabled(&bad.account));
		}
		run_to_session(Session::current_index() + 1);
		validate(&[&ops[0], &ops[1], &ops[2], &ops[3]]);
		assert!(Session::disabled_validators().is_empty());
		// As long as it is jailed it does not return.
		run_to_era(now() + 2);
		validate(&[&ops[0], &ops[1], &ops[2], &ops[3]]);
		check();
	});
}

#[test]
fn a_validator_of_genesis_that_equivocates_is_left_out_while_enough_remain() {
	chain("local").execute_with(|| {
		let bad = founders()[0].clone();
		equivocate(&bad);
		assert!(is_disabled(&bad));
		run_to_effect();
		assert_eq!(Session::validators(), founders()[1..]);
		check();
	});
}

#[test]
fn a_jailed_validator_in_a_set_that_is_kept_stays_disabled_through_every_change() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS[..3]);
		let fourth = candidates(&["Op4"]).remove(0);
		run_to_effect();
		let set = [&ops[0], &ops[1], &ops[2], &fourth];
		validate(&set);
		// Two can be chosen, the minimum is three.
		assert_ok!(Validators::resign(ops[1].signed()));
		equivocate(&ops[0].account);
		for _ in 0..3 {
			run_to_era(now() + 1);
			validate(&set);
			assert!(is_disabled(&ops[0].account), "although the set was announced anew");
			assert!(!is_disabled(&ops[1].account));
		}
		check();
	});
}

#[test]
fn whose_stake_is_taken_is_disabled_at_once_and_left_out_of_a_set() {
	chain("local").execute_with(|| {
		let ops = candidates(&OPS);
		run_to_effect();
		let bad = &ops[4];
		// Something that a node of its did, not its validator: jail of that node takes no seat.
		let id = pallet_dtel_penalties::NextId::<Runtime>::get();
		let owner = bad.account.clone();
		let evidence = Evidence::FalsePlace { broken: 4, of: 5 };
		assert_eq!(evidence.kind(), OffenceKind::FalsePlace);
		let offender = Offender::Node(0);
		Penalties::report(DtelOffence { era: now(), offender, owner, evidence });
		assert!(!is_disabled(&bad.account));
		let due = Penalties::penalty(id).expect("reported").due();
		run_to_era(due);
		validate(&[&ops[1], &ops[2], &ops[3], bad]);
		let before = <Staking as StakeLedger<AccountId>>::active(&bad.account, now());
		assert_ok!(Penalties::execute(ops[0].signed(), id));
		let after = <Staking as StakeLedger<AccountId>>::active(&bad.account, now());
		assert!(after < before);
		assert!(is_disabled(&bad.account));
		run_to_effect();
		validate(&[&ops[0], &ops[1], &ops[2], &ops[3]]);
		// It is free, and has the stake: it returns with the set after.
		run_to_session(Session::current_index() + 1);
		validate(&[&ops[1], &ops[2], &ops[3], bad]);
		check();
	});
}

#[test]
fn a_set_of_grandpa_lasts_an_era_and_not_longer() {
	chain("local").execute_with(|| {
		run_to_era(1);
		run_to_effect();
		for _ in 0..4 {
			let (set, era) = (pallet_grandpa::CurrentSetId::<Runtime>::get(), now());
			run_to_era(era + 1);
			run_to_effect();
			assert_eq!(pallet_grandpa::CurrentSetId::<Runtime>::get(), set + 1);
			assert_eq!(Session::validators(), founders(), "although it is the same");
		}
	});
}

#[test]
fn clients_see_who_validates_who_wants_to_and_why_somebody_does_not() {
	use dtel_primitives::api::runtime_decl_for_dtel_api::DtelApiV1;
	let view = || <Runtime as DtelApiV1<dtel_runtime::Block>>::validators();
	chain("local").execute_with(|| {
		let ops = candidates(&OPS);
		run_to_effect();
		let seen = view();
		assert_eq!((seen.wanted, seen.minimum, seen.places), (4, 3, 256));
		assert_eq!((seen.floor, seen.elected), (ValidatorFloor::get(), true));
		assert_eq!(seen.validators.len(), 9);
		let one = |who: &AccountId| {
			view().validators.into_iter().find(|one| one.who == *who).expect("is there")
		};
		let best = one(&ops[4].account);
		assert_eq!(seen.validators[0], best);
		assert_eq!((best.stake, best.standing), (100_000 * DTEL, Standing::Eligible));
		assert!(best.candidate && best.seated && best.next && !best.founder && !best.disabled);
		let last = one(&ops[0].account);
		assert!(last.candidate && !last.seated && !last.next);
		let founder = one(&founders()[0]);
		assert_eq!((founder.stake, founder.standing), (0, Standing::BelowFloor));
		assert!(founder.founder && !founder.candidate && !founder.seated);
		equivocate(&ops[4].account);
		let bad = one(&ops[4].account);
		assert!(bad.struck && bad.disabled && bad.seated);
		assert_eq!(bad.standing, Standing::Jailed);
	});
}

#[test]
fn what_sessions_and_reports_do_fits_into_a_block() {
	chain("local").execute_with(|| {
		type Weights = <Runtime as pallet_dtel_validators::Config>::WeightInfo;
		let all = MaxCandidates::get();
		let block = BlockWeights::get();
		// Session charges all of a block when it rotates, whatever the manager does.
		let rotated = Weights::choose(all).saturating_add(Weights::session_started(all));
		assert!(rotated.all_lt(block.max_block / 8), "{rotated}");
		// A report pays for each of the set, and can be included.
		let most = block.get(frame_support::dispatch::DispatchClass::Normal).max_extrinsic;
		let most = most.expect("is bounded");
		let babe = <ReportWeight as pallet_babe::WeightInfo>::report_equivocation;
		let grandpa = <ReportWeight as pallet_grandpa::WeightInfo>::report_equivocation;
		for report in [babe, grandpa] {
			let (one, many) = (report(1, 0), report(256, 0));
			assert!(many.all_lt(most), "{many} of {most}");
			let each = Penalties::equivocation_weight().saturating_add(Weights::offended());
			assert!(many.saturating_sub(one).all_gte(each.saturating_mul(255)));
		}
		assert!(<Runtime as pallet_session::Config>::WeightInfo::set_keys().all_lt(most));
	});
}

#[test]
fn every_preset_says_how_many_validators_it_wants() {
	let expected = [("development", 4, 2), ("local", 4, 3)];
	for (preset, wanted, minimum) in expected {
		chain(preset).execute_with(|| {
			assert_eq!(setup::WantedValidators::<Runtime>::get(), wanted);
			assert_eq!(setup::MinimumValidators::<Runtime>::get(), minimum);
			<Validators as Hooks<u32>>::integrity_test();
		});
	}
	let production = setup::pallet::Parameters::default();
	assert_eq!((production.wanted_validators, production.minimum_validators), (100, 4));
}
