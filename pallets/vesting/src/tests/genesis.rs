//! Grants of genesis.

use super::*;
use crate::GenesisGrant;

fn grant_of(who: AccountId, amount: Balance) -> GenesisGrant<AccountId> {
	GenesisGrant { who, terms: TERMS, amount, grantor: TREASURY, revoker: Some(BOB) }
}

#[test]
fn freezes_what_accounts_have_by_the_genesis_of_balances() {
	let grants = vec![grant_of(ALICE, FUNDS - 500), grant_of(ALICE, 500), grant_of(DAVE, 1_000)];
	ExtBuilder::new().grants(grants).build_and_execute(|| {
		assert_eq!([ALICE, DAVE].map(frozen), [FUNDS, 1_000]);
		assert_noop!(transfer(ALICE, BOB, 1), TokenError::Frozen);
		transfer(DAVE, BOB, FUNDS - 1_000).unwrap();
		dispatch(BOB, Call::revoke { who: DAVE, id: 2 }).unwrap();
		assert_eq!(total(TREASURY), FUNDS + 1_000 - ED);
	});
}

/// What is vested in the first block is not frozen at all.
#[test]
fn freezes_nothing_that_is_free_at_once() {
	let terms = Terms { start: 0, cliff: 0, end: 100, at_start: BasisPoints::ONE, period: 1 };
	let grant = GenesisGrant { terms, ..grant_of(ALICE, 1_000) };
	ExtBuilder::new().grants(vec![grant]).build_and_execute(|| {
		assert_eq!(frozen(ALICE), 0);
		assert!(Vesting::grants(ALICE).is_empty());
	});
}

#[test]
fn is_read_from_json_as_presets_write_it() {
	let json = r#"{ "grants": [{ "who": 3, "amount": 100, "grantor": 99, "revoker": null,
		"terms": { "start": 0, "cliff": 1, "end": 2, "at_start": 500, "period": 1 } }] }"#;
	let config: crate::GenesisConfig<Test> = serde_json::from_str(json).unwrap();
	assert_eq!(config.grants[0].terms.at_start.parts(), 500);
	let late = json.replace("500", "10001");
	assert!(serde_json::from_str::<crate::GenesisConfig<Test>>(&late).is_err());
}

#[test]
#[should_panic(expected = "is granted more than it has in genesis")]
fn fails_when_an_account_has_too_little() {
	ExtBuilder::new().grants(vec![grant_of(ALICE, FUNDS), grant_of(ALICE, 100)]).build();
}

#[test]
#[should_panic(expected = "PeriodOutside")]
fn fails_when_terms_are_out_of_order() {
	let terms = Terms { period: 0, ..TERMS };
	ExtBuilder::new().grants(vec![GenesisGrant { terms, ..grant_of(ALICE, 100) }]).build();
}

#[test]
#[should_panic(expected = "ReceiverRefused")]
fn fails_when_a_pallets_account_is_granted_anything() {
	let grant = GenesisGrant { grantor: ALICE, ..grant_of(TREASURY, 100) };
	ExtBuilder::new().grants(vec![grant]).build();
}

#[test]
#[should_panic(expected = "no room for a grant")]
fn fails_when_an_account_has_too_many() {
	let grants = (0..=crate::MAX_GRANTS).map(|_| grant_of(ALICE, 100)).collect();
	ExtBuilder::new().grants(grants).build();
}
