use super::*;
use crate::{mock::*, Declaration, Error, Event, NextNodeId, NodeOfDomain, NodesOwned};
use dtel_primitives::{
	node::{Capabilities, NodeStatus, Region},
	report::Measurement,
	AttestorId, MediaKey,
};
use dtel_traits::NodeRegistry;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, TokenError};

/// A registration that is right, to be made wrong in one point.
struct Given {
	declaration: Declaration,
	attestor: AttestorId,
	media: MediaKey,
}

impl Default for Given {
	fn default() -> Self {
		Self { declaration: declaration(DOMAIN), attestor: attestor(1), media: media(1) }
	}
}

impl Given {
	/// With a change of what is declared.
	fn but(change: impl FnOnce(&mut Declaration)) -> Self {
		let mut given = Self::default();
		change(&mut given.declaration);
		given
	}

	fn by(self, who: AccountId) -> DispatchResult {
		Registry::register(signed(who), self.declaration, self.attestor, self.media)
	}
}

#[test]
fn stores_holds_and_indexes_when_all_is_right() {
	ExtBuilder::new().build_and_execute(|| {
		go_to_era(3);
		assert_ok!(Given::but(|d| d.capabilities = Capabilities(0b11)).by(ALICE));
		assert_eq!(only_event(), Event::NodeRegistered { node: 0, who: ALICE, deposit: DEPOSIT });
		assert_eq!(held(ALICE), (DEPOSIT, 0));
		assert_eq!(Balances::free_balance(ALICE), FUNDS - DEPOSIT);

		let node = Registry::node(0).unwrap();
		assert_eq!(*node.owner(), ALICE);
		assert_eq!(node.domain(), DOMAIN);
		assert_eq!(node.region(3), REGION);
		assert_eq!(Registry::region(0, 3), Some(REGION));
		assert_eq!(node.capabilities(), Capabilities(0b11));
		assert_eq!(node.declared_kbps(), 10_000);
		assert_eq!((node.version(), node.did()), (VERSION, None));
		assert_eq!(node.status(), NodeStatus::Active);
		assert_eq!(node.active_since(), 3);
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
			let given = Given::but(|d| d.domain = domain(bad));
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidDomain);
		}
		for country in [b"d1", b"de", b"XX", b"EU"] {
			let given = Given::but(|d| d.region.country = *country);
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidRegion);
		}
		for (lat, lon) in [(901, 0), (-901, 0), (0, 1_801), (0, -1_801)] {
			let given = Given::but(|d| d.region = Region { lat, lon, ..REGION });
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidRegion);
		}
		for capabilities in [Capabilities(0), Capabilities::TURN, Capabilities(1 | 1 << 31)] {
			let given = Given::but(|d| d.capabilities = capabilities);
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidCapabilities);
		}
		for kbps in [0, Measurement::MAX_KBPS + 1] {
			let given = Given::but(|d| d.declared_kbps = kbps);
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidBandwidth);
		}
		for bad in ["", "a b", "\u{fc}"] {
			let given = Given::but(|d| d.version = unchecked(bad));
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidVersion);
		}
		for bad in ["", "did:peaq:", "did:web:a", "did:peaq:0"] {
			let given = Given::but(|d| d.did = Some(unchecked(bad)));
			assert_noop!(given.by(ALICE), Error::<Test>::InvalidDid);
		}
	});
}

/// The deposit counts each byte of domain, version and DID.
#[test]
fn holds_for_every_byte_of_text() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Given::but(|d| d.did = Some(did(DID))).by(ALICE));
		let deposit = DEPOSIT + 2 * DID.len() as u128;
		assert_eq!(only_event(), Event::NodeRegistered { node: 0, who: ALICE, deposit });
		assert_eq!(held(ALICE), (deposit, 0));
		assert_eq!(Registry::node(0).unwrap().did(), Some(DID));
		System::reset_events();
		let label = "a".repeat(63);
		let longest = Declaration {
			domain: domain(format!("{label}.{label}.{label}.{}", "b".repeat(61))),
			version: version("v".repeat(32)),
			did: Some(did(format!("did:peaq:{}", "z".repeat(119)))),
			..declaration(DOMAIN)
		};
		register_as(BOB, 2, longest);
		assert_eq!(held(BOB), (100 + 2 * (253 + 32 + 128), 0));
	});
}

#[test]
fn accepts_addresses_and_ports_when_on_a_development_chain() {
	ExtBuilder::new().build_and_execute(|| {
		DevDomains::set(true);
		assert_ok!(Given::but(|d| d.domain = domain("127.0.0.1:7880")).by(ALICE));
		assert_eq!(NodeOfDomain::<Test>::get(domain("127.0.0.1:7880")), Some(0));
	});
}

#[test]
fn fails_when_domain_or_key_is_taken() {
	ExtBuilder::new().build_and_execute(|| {
		assert_ok!(Given::default().by(BOB));
		let other = || Given {
			declaration: declaration("b.example"),
			attestor: attestor(2),
			media: media(2),
		};
		assert_noop!(
			Given { declaration: declaration(DOMAIN), ..other() }.by(ALICE),
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
fn fails_when_the_operator_is_jailed() {
	ExtBuilder::new().build_and_execute(|| {
		JailedOperators::set(vec![ALICE]);
		assert_noop!(Given::default().by(ALICE), Error::<Test>::OperatorJailed);
		assert_ok!(Given::default().by(BOB));
	});
}
