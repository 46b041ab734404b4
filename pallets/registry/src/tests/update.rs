use super::*;
use crate::{mock::*, DidChange, Error, Event, NodeKey, NodeOfDomain, NodeUpdate, NodesInCell};
use dtel_math::globe::{Cell, Point};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	report::Measurement,
};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, TokenError};

const SYDNEY: Region = Region { country: *b"AU", lat: -339, lon: 1_512 };
const NEW_YORK: Region = Region { country: *b"US", lat: 407, lon: -740 };

fn none() -> NodeUpdate {
	NodeUpdate::default()
}

fn to(region: Region) -> NodeUpdate {
	NodeUpdate { region: Some(region), ..none() }
}

fn update(who: AccountId, update: NodeUpdate) -> DispatchResult {
	Registry::update(signed(who), 0, update)
}

/// Registers [`DOMAIN`] without a DID: a deposit of [`DEPOSIT`].
fn registered() {
	register_as(ALICE, 1, declaration(DOMAIN));
	System::reset_events();
}

fn is_in(region: Region) -> bool {
	NodesInCell::<Test>::contains_key(Cell::of(Point::of(region)), NodeKey::from(0))
}

#[test]
fn changes_everything_that_is_given() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		go_to_era(3);
		let all = NodeUpdate {
			domain: Some(domain("sfu-2.operator-one.example.org")),
			region: Some(SYDNEY),
			capabilities: Some(Capabilities::KNOWN),
			declared_kbps: Some(7),
			version: Some(version("v2")),
			did: DidChange::Set(did(DID)),
		};
		assert_ok!(update(ALICE, all));
		let deposit = 100 + 2 * (30 + 2 + DID.len() as u128);
		assert_eq!(only_event(), Event::NodeUpdated { node: 0, who: ALICE, deposit });
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), ((deposit, 0), FUNDS - deposit));

		let node = Registry::node(0).unwrap();
		assert_eq!(node.domain(), b"sfu-2.operator-one.example.org");
		assert_eq!((node.region(3), node.region(4)), (REGION, SYDNEY));
		assert_eq!(node.capabilities(), Capabilities::KNOWN);
		assert_eq!(node.declared_kbps(), 7);
		assert_eq!((node.version(), node.did()), (&b"v2"[..], Some(DID)));
		assert_eq!(node.deposit(), deposit);
		// What an update does not touch.
		assert_eq!(
			(*node.owner(), node.active_since(), node.status()),
			(ALICE, 0, NodeStatus::Active)
		);
		assert_eq!(Registry::attestor(0, 3), Some(attestor(1)));
		assert_eq!(Registry::media(0, 3), Some(media(1)));
		assert_eq!(Registry::owned_by(&ALICE), 1);
	});
}

#[test]
fn keeps_what_is_not_given() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		for change in [
			NodeUpdate { domain: Some(domain("b.example")), ..none() },
			to(SYDNEY),
			NodeUpdate { capabilities: Some(Capabilities::KNOWN), ..none() },
			NodeUpdate { declared_kbps: Some(1), ..none() },
			NodeUpdate { version: Some(version("v2")), ..none() },
			NodeUpdate { did: DidChange::Set(did(DID)), ..none() },
			NodeUpdate { did: DidChange::Remove, ..none() },
		] {
			let before = Registry::node(0).unwrap().declaration(1);
			assert_ok!(update(ALICE, change.clone()));
			let after = Registry::node(0).unwrap().declaration(1);
			assert_eq!(after, change.applied_to(before));
		}
		assert_eq!(Registry::node(0).unwrap().did(), None);
	});
}

#[test]
fn frees_the_old_domain_at_once() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		assert_ok!(update(ALICE, NodeUpdate { domain: Some(domain("b.example")), ..none() }));
		assert_eq!(NodeOfDomain::<Test>::get(domain("b.example")), Some(0));
		assert!(!NodeOfDomain::<Test>::contains_key(domain(DOMAIN)));
		register_as(BOB, 2, declaration(DOMAIN));
		let back = NodeUpdate { domain: Some(domain(DOMAIN)), ..none() };
		assert_noop!(update(ALICE, back), Error::<Test>::DomainTaken);
	});
}

/// What an era judges by a node's place is judged by one place, like keys.
#[test]
fn moves_from_the_next_era_on() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		assert!(is_in(REGION));
		go_to_era(5);
		assert_ok!(update(ALICE, to(SYDNEY)));
		let places = |era| [era, era + 1].map(|era| Registry::region(0, era).unwrap());
		assert_eq!(places(5), [REGION, SYDNEY]);
		assert!(is_in(REGION) && is_in(SYDNEY));
		// Another thought in the same era replaces what was to come.
		assert_ok!(update(ALICE, to(NEW_YORK)));
		assert_eq!(places(5), [REGION, NEW_YORK]);
		assert!(is_in(REGION) && !is_in(SYDNEY) && is_in(NEW_YORK));
		// The old place is forgotten at the next update, whatever that changes.
		go_to_era(6);
		assert_eq!(places(6), [NEW_YORK, NEW_YORK]);
		assert!(is_in(REGION));
		assert_ok!(update(ALICE, NodeUpdate { declared_kbps: Some(1), ..none() }));
		assert!(!is_in(REGION) && is_in(NEW_YORK));
		// Back before it begins: as if nothing had been said.
		assert_ok!(update(ALICE, to(SYDNEY)));
		assert_ok!(update(ALICE, to(NEW_YORK)));
		assert_eq!(places(6), [NEW_YORK, NEW_YORK]);
		assert!(!is_in(SYDNEY));
	});
}

#[test]
fn leaves_no_trace_of_a_place_when_retired_while_moving() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		assert_ok!(Registry::retire(signed(ALICE), 0));
		go_to_era(2);
		assert_ok!(update(ALICE, to(SYDNEY)));
		assert_ok!(Registry::retire(signed(ALICE), 0));
		assert_eq!(NodesInCell::<Test>::iter().count(), 0);
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), ((0, 0), FUNDS));
	});
}

#[test]
fn keeps_keys_that_are_to_come() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		assert_ok!(Registry::rotate_keys(signed(ALICE), 0, attestor(2), media(2)));
		assert_ok!(update(ALICE, to(SYDNEY)));
		assert_eq!([0, 1].map(|era| Registry::media(0, era)), [Some(media(1)), Some(media(2))]);
		assert_ok!(Registry::rotate_keys(signed(ALICE), 0, attestor(3), media(3)));
		assert_eq!([0, 1].map(|era| Registry::region(0, era)), [Some(REGION), Some(SYDNEY)]);
	});
}

#[test]
fn adjusts_the_deposit_exactly() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		let expect = |change: NodeUpdate, deposit| {
			System::reset_events();
			assert_ok!(update(ALICE, change));
			assert_eq!(only_event(), Event::NodeUpdated { node: 0, who: ALICE, deposit });
			assert_eq!(
				(held(ALICE), Balances::free_balance(ALICE)),
				((deposit, 0), FUNDS - deposit)
			);
		};
		// 4 bytes more, 16 fewer, a DID, another of 10, none, then nothing that is paid by bytes.
		expect(NodeUpdate { version: Some(version([b'v'; 21])), ..none() }, DEPOSIT + 8);
		expect(NodeUpdate { version: Some(version("v.1.2")), ..none() }, DEPOSIT - 24);
		let with_did = DEPOSIT - 24 + 2 * DID.len() as u128;
		expect(NodeUpdate { did: DidChange::Set(did(DID)), ..none() }, with_did);
		expect(NodeUpdate { did: DidChange::Set(did("did:peaq:1")), ..none() }, DEPOSIT - 4);
		expect(NodeUpdate { did: DidChange::Remove, ..none() }, DEPOSIT - 24);
		expect(NodeUpdate { domain: Some(domain("a.b")), ..none() }, 100 + 2 * (3 + 5));
		expect(to(SYDNEY), 100 + 2 * (3 + 5));
		assert_ok!(Registry::retire(signed(ALICE), 0));
		go_to_era(2);
		assert_ok!(Registry::retire(signed(ALICE), 0));
		assert_eq!((held(ALICE), Balances::free_balance(ALICE)), ((0, 0), FUNDS));
	});
}

/// A node that an update makes is held for as a registration is now, and frees what it was held for.
#[test]
fn pays_todays_price_when_prices_have_changed() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		ByteDeposit::set(3);
		let faster = |kbps| NodeUpdate { declared_kbps: Some(kbps), ..none() };
		assert_ok!(update(ALICE, faster(1)));
		assert_eq!(held(ALICE), (100 + 3 * 43, 0));
		ByteDeposit::set(1);
		assert_ok!(update(ALICE, faster(2)));
		assert_eq!(held(ALICE), (100 + 43, 0));
		assert_eq!(Balances::free_balance(ALICE), FUNDS - 143);
	});
}

#[test]
fn is_allowed_when_draining_or_jailed() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		Jailed::set(vec![0]);
		assert_ok!(Registry::set_status(signed(ALICE), 0, NodeStatus::Draining));
		assert_ok!(update(ALICE, NodeUpdate { version: Some(version("v2")), ..none() }));
		assert_eq!(Registry::node(0).unwrap().draining_since(), Some(0));
	});
}

#[test]
fn fails_when_nothing_changes() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		let same = NodeUpdate {
			domain: Some(domain(DOMAIN)),
			region: Some(REGION),
			capabilities: Some(Capabilities::SFU),
			declared_kbps: Some(10_000),
			version: Some(version(VERSION)),
			did: DidChange::Remove,
		};
		for nothing in [none(), same] {
			assert_noop!(update(ALICE, nothing), Error::<Test>::NodeUnchanged);
		}
		assert_ok!(update(ALICE, to(SYDNEY)));
		assert_noop!(update(ALICE, to(SYDNEY)), Error::<Test>::NodeUnchanged);
		go_to_era(1);
		assert_noop!(update(ALICE, to(SYDNEY)), Error::<Test>::NodeUnchanged);
	});
}

#[test]
fn fails_when_a_declaration_is_invalid() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		for bad in ["localhost", "UPPER.example", "10.0.0.1", "a.b:80", ""] {
			let change = NodeUpdate { domain: Some(domain(bad)), ..none() };
			assert_noop!(update(ALICE, change), Error::<Test>::InvalidDomain);
		}
		for bad in [Region { country: *b"XX", ..REGION }, Region { lat: 901, ..REGION }] {
			assert_noop!(update(ALICE, to(bad)), Error::<Test>::InvalidRegion);
		}
		for bad in [Capabilities(0), Capabilities(1 | 1 << 5)] {
			let change = NodeUpdate { capabilities: Some(bad), ..none() };
			assert_noop!(update(ALICE, change), Error::<Test>::InvalidCapabilities);
		}
		for bad in [0, Measurement::MAX_KBPS + 1] {
			let change = NodeUpdate { declared_kbps: Some(bad), ..none() };
			assert_noop!(update(ALICE, change), Error::<Test>::InvalidBandwidth);
		}
		for bad in ["", "a b"] {
			let change = NodeUpdate { version: Some(unchecked(bad)), ..none() };
			assert_noop!(update(ALICE, change), Error::<Test>::InvalidVersion);
		}
		for bad in ["", "did:peaq:", "did:web:a"] {
			let change = NodeUpdate { did: DidChange::Set(unchecked(bad)), ..none() };
			assert_noop!(update(ALICE, change), Error::<Test>::InvalidDid);
		}
	});
}

#[test]
fn fails_when_the_domain_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		register(BOB, 2);
		let change = NodeUpdate { domain: Some(domain("n2.example")), ..none() };
		assert_noop!(update(ALICE, change), Error::<Test>::DomainTaken);
	});
}

#[test]
fn fails_when_more_cannot_be_held() {
	ExtBuilder::new().build_and_execute(|| {
		// All but the last planck, which has to stay free.
		register_as(POOR, 1, crate::Declaration { version: version("v"), ..declaration("a.b") });
		let free = Balances::free_balance(POOR);
		let longer = |bytes: u128| NodeUpdate {
			did: DidChange::Set(did(format!("did:peaq:{}", "z".repeat(bytes as usize - 9)))),
			..none()
		};
		assert_noop!(update(POOR, longer(free / 2)), TokenError::FundsUnavailable);
		assert_ok!(update(POOR, longer(free / 2 - 1)));
	});
}

#[test]
fn fails_when_unknown_or_not_owner() {
	ExtBuilder::new().build_and_execute(|| {
		registered();
		assert_noop!(update(BOB, to(SYDNEY)), Error::<Test>::NotOwner);
		assert_noop!(update(BOB, none()), Error::<Test>::NotOwner);
		assert_noop!(Registry::update(signed(ALICE), 1, to(SYDNEY)), Error::<Test>::UnknownNode);
	});
}
