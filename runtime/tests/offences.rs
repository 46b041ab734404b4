//! From a proven equivocation to a penalty, over the real pallets; and how genesis decides when penalties
//! are due.

use dtel_primitives::offence::{Evidence, OffenceKind, Offender, PenaltyStatus};
use dtel_runtime::{
	configs::{consensus::HISTORY_SESSIONS, quality},
	equivocations::{Noted, SessionEras},
	genesis_presets,
	setup::pallet::Parameters,
	AccountId, Equivocations, Penalties, Runtime, RuntimeGenesisConfig, RuntimeHoldReason, System,
};
use dtel_traits::{Jail, StakeLedger};
use frame_support::traits::{Get, Hooks, PalletInfoAccess, TryState, TryStateSelect};
use sp_runtime::{BuildStorage, Perbill};
use sp_staking::{
	offence::{Offence, OffenceError, ReportOffence},
	SessionIndex,
};

type Identity = (AccountId, ());
type Babe = pallet_babe::EquivocationOffence<Identity>;
type Grandpa = pallet_grandpa::EquivocationOffence<Identity>;

/// A chain of four validators at block 1, with these parameters of genesis.
fn chain(parameters: Parameters) -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"local".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let mut genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.setup.parameters = parameters;
	let mut ext: sp_io::TestExternalities = genesis.build_storage().expect("builds").into();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
	match (base, patch) {
		(serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(serde_json::Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

fn validator(index: usize) -> AccountId {
	dtel_runtime::Session::validators()[index].clone()
}

fn babe(slot: u64, session_index: SessionIndex, who: usize) -> Result<(), OffenceError> {
	let offender = (validator(who), ());
	let offence = Babe { slot: slot.into(), session_index, validator_set_count: 4, offender };
	Equivocations::report_offence(vec![], offence)
}

fn grandpa(round: u64, session_index: SessionIndex, who: usize) -> Result<(), OffenceError> {
	let time_slot = pallet_grandpa::TimeSlot { set_id: 0, round };
	let offender = (validator(who), ());
	let offence = Grandpa { time_slot, session_index, validator_set_count: 4, offender };
	Equivocations::report_offence(vec![], offence)
}

/// Era, evidence and fraction of a validator's penalties.
fn penalties(who: usize) -> Vec<(u32, Evidence, Perbill)> {
	let all = Penalties::offender_penalties(Offender::Validator(validator(who)), 100);
	all.iter().map(|(_, p)| (p.era(), *p.evidence(), p.fraction())).collect()
}

#[test]
fn the_fraction_is_the_square_of_three_times_the_share_of_offenders() {
	for n in [1u32, 2, 3, 4, 10, 100, 255, 256] {
		for x in 1..=n {
			let offender = (AccountId::new([1; 32]), ());
			let time_slot = pallet_grandpa::TimeSlot { set_id: 0, round: 0 };
			let babe = Babe {
				slot: 0.into(),
				session_index: 0,
				validator_set_count: n,
				offender: offender.clone(),
			};
			let grandpa = Grandpa { time_slot, session_index: 0, validator_set_count: n, offender };
			let (x, n) = (u128::from(x), u128::from(n));
			let exact = (9 * x * x * 1_000_000_000 / (n * n)).min(1_000_000_000);
			for fraction in [babe.slash_fraction(x as u32), grandpa.slash_fraction(x as u32)] {
				let parts = u128::from(fraction.deconstruct());
				assert!(parts.abs_diff(exact) <= 3, "{x} of {n}: {parts} against {exact}");
			}
		}
	}
}

#[test]
fn an_equivocation_becomes_a_penalty_of_its_kind_and_session() {
	chain(Parameters::default()).execute_with(|| {
		assert_eq!(babe(7, 0, 0), Ok(()));
		assert_eq!(grandpa(7, 0, 0), Ok(()));
		let fraction = Perbill::from_rational(9u32, 16);
		let all = penalties(0);
		assert_eq!(all.len(), 2);
		let (era, evidence, cost) = &all[0];
		assert_eq!((*era, *cost), (0, fraction));
		let Evidence::BabeEquivocation(e) = evidence else { panic!("{evidence:?}") };
		assert_eq!((e.session, e.offenders, e.validators, e.fraction), (0, 1, 4, fraction));
		assert_eq!(all[1].1.kind(), OffenceKind::GrandpaEquivocation);
		assert!(Penalties::is_validator_jailed(&validator(0)));
		assert!(Penalties::is_operator_jailed(&validator(0)));
		assert_eq!(babe(7, 0, 0), Err(OffenceError::DuplicateReport));
		assert_eq!(penalties(0).len(), 2);
		check();
	});
}

#[test]
fn the_fraction_of_all_rises_when_another_did_it_in_the_same_slot() {
	chain(Parameters::default()).execute_with(|| {
		babe(7, 0, 0).unwrap();
		babe(8, 0, 1).unwrap();
		assert_eq!(penalties(1)[0].2, Perbill::from_rational(9u32, 16), "another slot");
		babe(7, 0, 2).unwrap();
		assert_eq!(penalties(2)[0].2, Perbill::one(), "min((3 · 2 / 4)², 1)");
		assert_eq!((penalties(0).len(), penalties(0)[0].2), (1, Perbill::one()));
		let Evidence::BabeEquivocation(e) = penalties(0)[0].1 else { panic!() };
		assert_eq!((e.offenders, e.validators), (2, 4));
		assert_eq!(penalties(1)[0].2, Perbill::from_rational(9u32, 16));
		check();
	});
}

#[test]
fn the_era_is_that_in_which_the_session_started() {
	use pallet_session::SessionManager;
	type Manager = pallet_session::historical::NoteHistoricalRoot<
		Runtime,
		Noted<dtel_runtime::configs::consensus::ByStake>,
	>;
	chain(Parameters::default()).execute_with(|| {
		assert_eq!(SessionEras::<Runtime>::get(0), Some(0), "genesis starts a session");
		System::set_block_number(3 * 3_600 + 100);
		Manager::start_session(19);
		System::set_block_number(5 * 3_600);
		babe(7, 19, 0).unwrap();
		assert_eq!(penalties(0)[0].0, 3);
		// Nothing is known of a session that never was.
		babe(9, 18, 1).unwrap();
		assert_eq!(penalties(1), []);
		// As long as its root is kept, and no longer.
		Manager::end_session(19 + HISTORY_SESSIONS);
		assert_eq!(SessionEras::<Runtime>::get(19), Some(3));
		Manager::end_session(20 + HISTORY_SESSIONS);
		assert_eq!(SessionEras::<Runtime>::get(19), None);
		assert_eq!(SessionEras::<Runtime>::get(0), Some(0));
		babe(10, 19, 2).unwrap();
		assert_eq!(penalties(2), []);
		check();
	});
}

#[test]
fn the_era_of_a_round_is_that_of_its_set_whatever_session_the_report_names() {
	chain(Parameters::default()).execute_with(|| {
		// Set 0 ended with session 9. Set 1 began with session 10, in era 3, and goes on in session 14, in era 5.
		pallet_grandpa::SetIdSession::<Runtime>::insert(0, 9);
		pallet_grandpa::SetIdSession::<Runtime>::insert(1, 14);
		System::set_block_number(5 * 3_600);
		for (session, era) in [(9, 2), (10, 3), (12, 4), (14, 5)] {
			SessionEras::<Runtime>::insert(session, era);
		}
		for (who, session_index) in [(0, 10), (1, 12), (2, 14)] {
			let time_slot = pallet_grandpa::TimeSlot { set_id: 1, round: 7 + who as u64 };
			let offender = (validator(who), ());
			let offence = Grandpa { time_slot, session_index, validator_set_count: 4, offender };
			Equivocations::report_offence(vec![], offence).unwrap();
			let Evidence::GrandpaEquivocation(e) = penalties(who)[0].1 else { panic!() };
			assert_eq!((penalties(who)[0].0, e.session), (3, 10), "named {session_index}");
		}
		// The set of genesis began with session 0.
		grandpa(7, 9, 3).unwrap();
		assert_eq!(penalties(3)[0].0, 0);
		check();
	});
}

#[test]
fn known_offences_are_those_of_pallet_offences() {
	chain(Parameters::default()).execute_with(|| {
		let known = |who: usize| {
			<Equivocations as ReportOffence<AccountId, Identity, Babe>>::is_known_offence(
				&[(validator(who), ())],
				&7.into(),
			)
		};
		babe(7, 0, 0).unwrap();
		assert!(known(0) && !known(1));
	});
}

fn check() {
	<Equivocations as TryState<u32>>::try_state(1, TryStateSelect::All).unwrap();
	<Penalties as TryState<u32>>::try_state(1, TryStateSelect::All).unwrap();
}

#[test]
fn try_state_catches_each_broken_invariant_of_equivocations() {
	let breaks = |invariant: &str, corrupt: fn()| {
		chain(Parameters::default()).execute_with(|| {
			check();
			corrupt();
			let result = <Equivocations as TryState<u32>>::try_state(1, TryStateSelect::All);
			let error = format!("{:?}", result.expect_err(invariant));
			assert!(error.contains(invariant), "{error}");
		});
	};
	breaks("INV-1", || {
		let key = frame_support::storage::storage_prefix(b"Equivocations", b"Reporting");
		sp_io::storage::set(&key, &codec::Encode::encode(&([0u8; 16], 4u32)));
	});
	breaks("INV-2", || SessionEras::<Runtime>::insert(1, 1));
	breaks("INV-2", || {
		System::set_block_number(2 * 3_600);
		SessionEras::<Runtime>::insert(1, 2);
		SessionEras::<Runtime>::insert(2, 1);
	});
	breaks("INV-2", || {
		(0..=HISTORY_SESSIONS + 3).for_each(|session| SessionEras::<Runtime>::insert(session, 0));
	});
}

/// Parameters with so many eras of unbonding.
fn unbonding(unbonding_eras: u32) -> Parameters {
	Parameters { unbonding_eras, ..Parameters::default() }
}

#[test]
fn penalties_are_due_before_stake_can_leave_under_every_genesis() {
	for (eras, deferral, notice, due, last) in [
		// Production; then both development presets; then the extremes that setup allows.
		(28, 4, 2, 14, 36),
		(4, 2, 2, 12, 12),
		(3, 1, 1, 11, 11),
		(30, 4, 2, 14, 36),
	] {
		chain(unbonding(eras)).execute_with(|| {
			use dtel_runtime::Staking;
			let answers = <Staking as StakeLedger<AccountId>>::answers_until(10);
			let get = |get: fn() -> u32| get();
			assert_eq!(get(quality::PenaltyDeferralEras::get), deferral);
			assert_eq!(get(quality::PenaltyNoticeEras::get), notice);
			<Penalties as Hooks<u32>>::integrity_test();
			// Reported in its own era, as settlement does, or in the next one where there is room.
			assert_eq!(Penalties::schedule_of(10, 10), (due, last));
			for reported in 10..answers {
				let (due, last) = Penalties::schedule_of(10, reported);
				assert!(reported < due && due <= last && last <= answers, "{eras}: {reported}");
			}
		});
	}
	// What the presets say is what is tested here.
	for id in genesis_presets::preset_names() {
		let preset = genesis_presets::get_preset(&id).expect("exists");
		let json: serde_json::Value = serde_json::from_slice(&preset).expect("valid JSON");
		let eras = if id == genesis_presets::LAUNCH { 28 } else { 4 };
		assert_eq!(json["setup"]["parameters"]["unbondingEras"], eras, "{id}");
	}
	assert_eq!(Parameters::default().unbonding_eras, 28);
}

#[test]
fn clients_see_a_penalty_and_who_may_do_what_until_when() {
	chain(Parameters::default()).execute_with(|| {
		babe(7, 0, 0).unwrap();
		let (id, penalty) =
			Penalties::offender_penalties(Offender::Validator(validator(0)), 1).remove(0);
		let view = Penalties::view(id, &penalty);
		assert_eq!(
			(view.owner.clone(), view.era, view.kind),
			(validator(0), 0, OffenceKind::BabeEquivocation)
		);
		assert_eq!((view.status, view.taken, view.bond), (PenaltyStatus::Pending, 0, 0));
		assert_eq!((view.appeal_before, view.executes_from), (Some(4), Some(4)));
		assert!(view.may_cancel && !view.may_uphold);
		let bond = <quality::AppealBond as Get<u128>>::get();
		Penalties::appeal(dtel_runtime::RuntimeOrigin::signed(validator(0)), id).unwrap();
		let view = Penalties::view(id, &Penalties::penalty(id).unwrap());
		assert_eq!((view.status, view.bond), (PenaltyStatus::Appealed, bond));
		assert_eq!((view.appeal_before, view.executes_from), (None, Some(26)));
		assert!(view.may_cancel && view.may_uphold);
		Penalties::cancel(dtel_runtime::RuntimeOrigin::root(), id).unwrap();
		let view = Penalties::view(id, &Penalties::penalty(id).unwrap());
		assert_eq!((view.status, view.executes_from), (PenaltyStatus::Cancelled, None));
		assert!(!view.may_cancel && !view.may_uphold);
	});
}

#[test]
fn indices_stay() {
	use codec::Encode;
	assert_eq!((Equivocations::index(), Equivocations::name()), (9, "Equivocations"));
	let appeal: RuntimeHoldReason = pallet_dtel_penalties::HoldReason::Appeal.into();
	assert_eq!(appeal.encode(), [44, 0]);
}
