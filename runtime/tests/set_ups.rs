//! What benchmarks of one pallet set up in another costs what they say, in the real runtime.
#![cfg(feature = "runtime-benchmarks")]

use dtel_primitives::{
	clock::EraClock,
	offence::{Evidence, Offender, PenaltyStatus},
	reward::PayState,
	DTEL,
};
use dtel_runtime::{
	genesis_presets, setup, AccountId, Penalties, Rewards, Runtime, RuntimeGenesisConfig,
	RuntimeOrigin, Session, Staking, System, Validators,
};
use dtel_traits::{Offence, OffenceSink, Payroll, ScoreSink, Scored, StakeLedger, ValidatorSink};
use frame_support::{assert_ok, traits::Get};
use sp_runtime::BuildStorage;

const OWNER: AccountId = AccountId::new([1; 32]);

/// The preset in which weights are measured.
fn chain() -> sp_io::TestExternalities {
	let preset = genesis_presets::get_preset(&"development".into()).expect("exists");
	let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
	merge(&mut genesis, serde_json::from_slice(&preset).expect("valid JSON"));
	let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("complete");
	genesis.build_storage().expect("builds").into()
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

fn go_to_era(era: u32) {
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	System::set_block_number(clock.first_block(era));
}

#[test]
fn a_penalty_takes_stake_of_a_full_pool_and_a_seat() {
	chain().execute_with(|| {
		let era = 225;
		go_to_era(era);
		Staking::set_up_stake(&OWNER, 1_000_000 * DTEL);
		Validators::set_up_validator(&OWNER);
		let down = Evidence::Unavailable { assigned: 5, reported: 5, down: 0, measured: 0 };
		let offender = Offender::Node(7);
		Penalties::report(Offence { era, offender, owner: OWNER, evidence: down });
		let penalty = || Penalties::view(0, &Penalties::penalty(0).expect("reported"));
		go_to_era(penalty().executes_from.expect("open"));
		let seat = Session::validators().iter().position(|who| *who == OWNER).expect("seated");
		assert!(!Session::disabled_validators().contains(&(seat as u32)));
		assert_ok!(Penalties::execute(RuntimeOrigin::signed(OWNER), 0));
		assert_eq!(penalty().status, PenaltyStatus::Executed);
		// A thousandth, but for what is left of it after 47 other slashes.
		assert!(penalty().taken > 0);
		assert!(Staking::pool(OWNER).is_some_and(|pool| pool.closed.is_some()));
		assert!(Validators::is_struck(&OWNER));
		assert!(Session::disabled_validators().contains(&(seat as u32)));
	});
}

#[test]
fn a_score_goes_into_a_full_ledger_and_the_last_one_releases_every_part() {
	chain().execute_with(|| {
		let era = 99;
		go_to_era(era);
		Rewards::set_up_scores(era, &OWNER);
		let (stake, score) = (20_000 * DTEL, dtel_primitives::BasisPoints::ONE);
		assert_eq!(Rewards::history(OWNER, 0, 256).len(), 85, "those of history and the next");
		let scored = Scored { era, node: 7, owner: OWNER, stake, kbps: 1_500, score, duty: 5 };
		assert_eq!(Rewards::scored(scored), 15_000_000);
		let pays = Rewards::history(OWNER, 0, 256);
		assert_eq!((pays.len(), pays.last().map(|pay| pay.era)), (86, Some(era + 1)));
		Rewards::era_settled(era);
		let pay = Rewards::era_pay(era).expect("settled");
		assert!(pay.released.work > 0 && pay.released.blocks > 0 && pay.released.duty > 0);
		assert!(pay.treasury > 0);
	});
}

#[test]
fn pay_that_waits_in_a_full_ledger_is_lost() {
	chain().execute_with(|| {
		let era = 225;
		go_to_era(era);
		Rewards::set_up_pay(&OWNER, era);
		go_to_era(era + 1);
		assert_eq!(
			Rewards::history(OWNER, 0, 256).len(),
			86,
			"of history, the running one, the next"
		);
		let pay = Rewards::operator_pay(era, OWNER).expect("it waits");
		assert!(pay.share.work > 0 && pay.share.blocks > 0 && pay.share.duty > 0);
		assert_eq!(pay.state, PayState::Waiting);
		Rewards::forfeit(&OWNER, era);
		let pay = Rewards::operator_pay(era, OWNER).expect("it waited");
		assert_eq!(pay.state, PayState::Forfeited);
	});
}
