use super::*;
use crate::{mock::*, Domain, Error, Event, NextNodeId, NodeOfDomain, NodesOwned};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	report::Measurement,
	AttestorId, MediaKey,
};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult, TokenError};

/// A registration that is right, to be made wrong in one point.
struct Given {
	domain: Domain,
	region: Region,
	capabilities: Capabilities,
	kbps: u32,
	attestor: AttestorId,
	media: MediaKey,
}

impl Default for Given {
	fn default() -> Self {
		Self {
			domain: domain(DOMAIN),
			region: REGION,
			capabilities: Capabilities(0b11),
			kbps: 10_000,
			attestor: attestor(1),
			media: media(1),
		}
	}
}

impl Given {
	fn by(self, who: AccountId) -> DispatchResult {
		Registry::register(
			signed(who),
			self.domain,
			self.region,
			self.capabilities,
			self.kbps,
			self.attestor,
			self.media,
		)
	}
}

#[test]
fn stores_holds_and_indexes_when_all_is_right() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(3);
		assert_ok!(Given::default().by(ALICE));
		assert_eq!(only_event(), Event::NodeRegistered { node: 0, who: ALICE, deposit: DEPOSIT });
		assert_eq!(held(ALICE), (DEPOSIT, 0));
		assert_eq!(Balances::free_balance(ALICE), FUNDS - DEPOSIT);

		let node = Registry::node(0).unwrap();
		assert_eq!(*node.owner(), ALICE);
		assert_eq!(node.domain(), DOMAIN);
		assert_eq!(node.region(), REGION);
		assert_eq!(node.capabilities(), Capabilities(0b11));
		assert_eq!(node.declared_kbps(), 10_000);
		assert_eq!(node.status(), NodeStatus::Active);
		assert_eq!(node.registered(), 3);
		assert_eq!(node.draining_since(), None);
		assert_eq!(node.deposit(), DEPOSIT);
		assert_eq!(Registry::attestor(0, 3), Some(attestor(1)));
		assert_eq!(Registry::media(0, 3), Some(media(1)));
		assert_eq!(Registry::node_by_media(media(1)).map(|(id, _)| id), Some(0));
		assert_eq!(Registry::owner(0), Some(ALICE));
		assert_eq!(Registry::owned_by(&ALICE), 1);
		assert_eq!(NextNodeId::<Test>::get(), 1);
	});
}

#[test]
fn counts_from_the_next_era() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(3);
		let node = register(ALICE, 1);
		assert!(!Registry::is_candidate(node, 3));
		assert!(Registry::is_candidate(node, 4));
	});
}

#[test]
fn gives_rising_identifiers_to_nodes_of_all_owners() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!([register(ALICE, 1), register(BOB, 2), register(ALICE, 3)], [0, 1, 2]);
		assert_eq!((Registry::owned_by(&ALICE), Registry::owned_by(&BOB)), (2, 1));
	});
}

#[test]
fn fails_when_a_declaration_is_invalid() {
	ExtBuilder::new().build_and_execute(|| {
		for bad in ["localhost", "UPPER.example", "10.0.0.1", "a.b:80", ""] {
			let given = Given { domain: domain(bad), ..Default::default() };
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidDomain);
		}
		let given = Given { region: Region { country: *b"d1", ..REGION }, ..Default::default() };
		assert_noop!(given.by(ALICE), Error::<Test>::InvalidRegion);
		for capabilities in [Capabilities(0), Capabilities::TURN, Capabilities(1 | 1 << 31)] {
			let given = Given { capabilities, ..Default::default() };
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidCapabilities);
		}
		for kbps in [0, Measurement::MAX_KBPS + 1] {
			let given = Given { kbps, ..Default::default() };
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidBandwidth);
		}
	});
}

#[test]
fn accepts_addresses_and_ports_when_on_a_development_chain() {
	ExtBuilder::new().build_and_execute(|| {
		DevDomains::set(true);
		assert_ok!(Given { domain: domain("127.0.0.1:7880"), ..Default::default() }.by(ALICE));
		assert_eq!(NodeOfDomain::<Test>::get(domain("127.0.0.1:7880")), Some(0));
	});
}

#[test]
fn fails_when_domain_or_key_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Given::default().by(BOB));
		let other = || Given {
			domain: domain("b.example"),
			attestor: attestor(2),
			media: media(2),
			..Default::default()
		};
		assert_noop!(
			Given { domain: domain(DOMAIN), ..other() }.by(ALICE),
			Error::<Test>::DomainTaken
		);
		assert_noop!(
			Given { attestor: attestor(1), ..other() }.by(ALICE),
			Error::<Test>::AttestorTaken
		);
		assert_noop!(Given { media: media(1), ..other() }.by(ALICE), Error::<Test>::MediaTaken);
		assert_ok!(Registry::add_client(signed(BOB), media(9), None, 1));
		assert_noop!(Given { media: media(9), ..other() }.by(ALICE), Error::<Test>::MediaTaken);
		assert_ok!(other().by(ALICE));
	});
}

/// A key that another node will have from the next era on is taken already.
#[test]
fn fails_when_a_key_is_about_to_be_taken() {
	ExtBuilder::new().build_and_execute(|| {
		let node = register(BOB, 1);
		assert_ok!(Registry::rotate_keys(signed(BOB), node, attestor(7), media(8)));
		for (a, m, error) in [
			(attestor(7), media(9), Error::<Test>::AttestorTaken),
			(attestor(1), media(9), Error::<Test>::AttestorTaken),
			(attestor(9), media(8), Error::<Test>::MediaTaken),
			(attestor(9), media(1), Error::<Test>::MediaTaken),
		] {
			let given = Given { attestor: a, media: m, ..Default::default() };
			assert_noop!(given.by(ALICE), error);
		}
	});
}

#[test]
fn fails_when_the_owner_has_too_many() {
	ExtBuilder::new().build_and_execute(|| {
		(0..64).for_each(|key| {
			register(ALICE, key);
		});
		assert_noop!(
			Given { attestor: attestor(99), media: media(99), ..Default::default() }.by(ALICE),
			Error::<Test>::TooManyNodes
		);
		assert_eq!(NodesOwned::<Test>::get(ALICE), 64);
		register(BOB, 99);
	});
}

#[test]
fn fails_when_identifiers_are_used_up() {
	ExtBuilder::new().build_and_execute(|| {
		NextNodeId::<Test>::put(u32::MAX);
		assert_noop!(Given::default().by(ALICE), Error::<Test>::NoIdLeft);
	});
}

#[test]
fn fails_when_the_deposit_cannot_be_held() {
	ExtBuilder::new().build_and_execute(|| {
		// The existential deposit has to stay free.
		assert_eq!(Balances::free_balance(POOR), DEPOSIT);
		assert_noop!(Given::default().by(POOR), TokenError::FundsUnavailable);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder::new().build_and_execute(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let o = || origin.clone();
			let bad = DispatchError::BadOrigin;
			assert_noop!(
				Registry::register(
					o(),
					domain(DOMAIN),
					REGION,
					Capabilities::SFU,
					1,
					attestor(1),
					media(1)
				),
				bad
			);
			assert_noop!(Registry::rotate_keys(o(), 0, attestor(1), media(1)), bad);
			assert_noop!(Registry::set_status(o(), 0, NodeStatus::Draining), bad);
			assert_noop!(Registry::retire(o(), 0), bad);
			assert_noop!(Registry::add_client(o(), media(1), None, 1), bad);
			assert_noop!(Registry::revoke_client(o(), media(1)), bad);
		}
	});
}
