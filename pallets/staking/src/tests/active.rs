use super::*;
use crate::mock::*;
use dtel_traits::StakeLedger;

#[test]
fn is_nothing_when_unknown() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(Staking::active(&ALICE, 0), 0);
		assert_eq!(Staking::active(&ALICE, u32::MAX), 0);
		assert_eq!(Staking::minimum_per_node(), 250);
	});
}

#[test]
fn answers_for_each_era_when_joins_are_pending() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		bond_in(2, ALICE, 10);
		bond_in(3, ALICE, 1);
		let active = |era| Staking::active(&ALICE, era);
		assert_eq!([1, 2, 3, 4, 5].map(active), [0, 100, 110, 111, 111]);
		// The joins are forgotten once no era that can still be asked about needs them.
		unbond_in(7, ALICE, 1);
		assert_eq!([7, 8].map(active), [110, 110]);
		assert_eq!(Staking::ledger(&ALICE).unwrap().joins.len(), 0);
	});
}

#[test]
fn is_unchanged_when_nothing_happens_for_ever() {
	ExtBuilder::new().build_and_execute(|| {
		bond_in(1, ALICE, 100);
		go_to_era(1_000_000);
		assert_eq!(Staking::active(&ALICE, 1_000_000), 100);
		assert_eq!(Staking::active(&ALICE, u32::MAX), 100);
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn is_what_was_set_up_when_benchmarking() {
	ExtBuilder::new().build().execute_with(|| {
		for era in [0, 5, 40] {
			go_to_era(era);
			Staking::set_up_stake(&ALICE, 5_000 + u128::from(era));
			for asked in [era, era + 1, era + 2, era + 50] {
				assert_eq!(Staking::active(&ALICE, asked), 5_000 + u128::from(era));
			}
			let ledger = Staking::ledger(&ALICE).unwrap();
			assert_eq!((ledger.joins.len(), ledger.chunks.len()), (32, 32));
			assert_eq!(ledger.total(), held(ALICE));
		}
	});
}
