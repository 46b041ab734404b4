//! Random calls against a model that keeps the whole history: every key that a node ever had, with
//! the era from which it counted, and every deposit.
//!
//! `PROPTEST_CASES` sets how many sequences run (64 without it: everything is compared after each step).

use super::*;
use crate::mock::*;
use dtel_primitives::node::{Capabilities, NodeStatus};
use dtel_traits::NodeRegistry;
use proptest::{prelude::*, test_runner::RngSeed};
use std::collections::{BTreeMap, BTreeSet};

const WHO: [AccountId; 2] = [ALICE, BOB];

#[derive(Clone, Debug)]
enum Op {
	Register { who: usize, key: u8 },
	Rotate { who: usize, node: u32, attestor: u8, media: u8 },
	SetStatus { who: usize, node: u32, drain: bool },
	Retire { who: usize, node: u32 },
	AddClient { who: usize, key: u8, until: Option<u32> },
	RevokeClient { who: usize, key: u8 },
	Eras(u32),
}

fn op() -> impl Strategy<Value = Op> {
	// Few keys and nodes, so that they clash.
	let (who, node, key) = (0..2usize, 0..12u32, 0..8u8);
	prop_oneof![
		4 => (who.clone(), key.clone()).prop_map(|(who, key)| Op::Register { who, key }),
		4 => (who.clone(), node.clone(), key.clone(), key.clone())
			.prop_map(|(who, node, attestor, media)| Op::Rotate { who, node, attestor, media }),
		2 => (who.clone(), node.clone(), any::<bool>())
			.prop_map(|(who, node, drain)| Op::SetStatus { who, node, drain }),
		4 => (who.clone(), node).prop_map(|(who, node)| Op::Retire { who, node }),
		2 => (who.clone(), key.clone(), prop::option::of(0..200u32))
			.prop_map(|(who, key, until)| Op::AddClient { who, key, until }),
		2 => (who, key).prop_map(|(who, key)| Op::RevokeClient { who, key }),
		3 => (1..3u32).prop_map(Op::Eras),
	]
}

/// What a node had: keys by the era from which they counted, oldest first.
#[derive(Clone, Debug)]
struct Past {
	who: usize,
	name: u8,
	deposit: Balance,
	attestors: Vec<(u32, u8)>,
	medias: Vec<(u32, u8)>,
	registered: u32,
	draining: Option<u32>,
	last_rotation: u32,
}

fn at(history: &[(u32, u8)], era: u32) -> u8 {
	history.iter().rev().find(|(from, _)| *from <= era).unwrap().1
}

/// What blocks others: every key from the one that counted when the node last rotated.
fn blocked(history: &[(u32, u8)], last_rotation: u32) -> BTreeSet<u8> {
	let current = at(history, last_rotation);
	let later = history.iter().filter(|(from, _)| *from > last_rotation).map(|(_, key)| *key);
	later.chain([current]).collect()
}

#[derive(Default)]
struct World {
	era: u32,
	next: u32,
	nodes: BTreeMap<u32, Past>,
	clients: BTreeMap<u8, (usize, Option<u32>)>,
}

impl World {
	fn attestor_free(&self, but: u32, key: u8) -> bool {
		self.nodes
			.iter()
			.all(|(id, n)| *id == but || !blocked(&n.attestors, n.last_rotation).contains(&key))
	}

	fn media_free(&self, but: u32, key: u8) -> bool {
		!self.clients.contains_key(&key)
			&& self
				.nodes
				.iter()
				.all(|(id, n)| *id == but || !blocked(&n.medias, n.last_rotation).contains(&key))
	}

	fn block(&self) -> u32 {
		System::block_number() as u32
	}

	/// Applies the call to the model, if it is to succeed.
	fn apply(&mut self, op: Op) {
		let era = self.era;
		match op {
			Op::Register { who, key } => {
				let name = format!("n{key}.example");
				let fits = self.nodes.values().all(|n| n.name != key)
					&& self.attestor_free(u32::MAX, key)
					&& self.media_free(u32::MAX, key);
				let deposit = 100 + 2 * name.len() as u128;
				let done = Registry::register(
					signed(WHO[who]),
					domain(name),
					REGION,
					Capabilities::SFU,
					1,
					attestor(key),
					media(key),
				);
				assert_eq!(done.is_ok(), fits);
				if fits {
					let past = Past {
						who,
						name: key,
						deposit,
						attestors: vec![(0, key)],
						medias: vec![(0, key)],
						registered: era,
						draining: None,
						last_rotation: era,
					};
					self.nodes.insert(self.next, past);
					self.next += 1;
				}
			}
			Op::Rotate { who, node, attestor: a, media: m } => {
				let fits = self.nodes.get(&node).is_some_and(|n| {
					n.who == who
						&& (at(&n.attestors, era + 1), at(&n.medias, era + 1)) != (a, m)
						&& self.attestor_free(node, a)
						&& self.media_free(node, m)
				});
				let done = Registry::rotate_keys(signed(WHO[who]), node, attestor(a), media(m));
				assert_eq!(done.is_ok(), fits);
				if fits {
					let past = self.nodes.get_mut(&node).unwrap();
					for (history, key) in [(&mut past.attestors, a), (&mut past.medias, m)] {
						history.retain(|(from, _)| *from <= era);
						history.push((era + 1, key));
					}
					past.last_rotation = era;
				}
			}
			Op::SetStatus { who, node, drain } => {
				let past = self.nodes.get_mut(&node).filter(|n| n.who == who);
				let fits = past.as_ref().is_some_and(|n| n.draining.is_some() != drain);
				let status = if drain { NodeStatus::Draining } else { NodeStatus::Active };
				assert_eq!(Registry::set_status(signed(WHO[who]), node, status).is_ok(), fits);
				if let (Some(past), true) = (past, fits) {
					past.draining = drain.then_some(era);
				}
			}
			Op::Retire { who, node } => {
				let done = Registry::retire(signed(WHO[who]), node).is_ok();
				let Some(past) = self.nodes.get_mut(&node).filter(|n| n.who == who) else {
					assert!(!done);
					return;
				};
				match past.draining {
					None => {
						assert!(done);
						past.draining = Some(era);
					}
					Some(since) => {
						assert_eq!(done, era >= since + 2);
						if done {
							self.nodes.remove(&node);
						}
					}
				}
			}
			Op::AddClient { who, key, until } => {
				let fits = self.media_free(u32::MAX, key)
					&& until.is_none_or(|until| until >= self.block());
				let done = Registry::add_client(signed(WHO[who]), media(key), until, 1);
				assert_eq!(done.is_ok(), fits);
				if fits {
					self.clients.insert(key, (who, until));
				}
			}
			Op::RevokeClient { who, key } => {
				let fits = self.clients.get(&key).is_some_and(|(owner, _)| *owner == who);
				assert_eq!(Registry::revoke_client(signed(WHO[who]), media(key)).is_ok(), fits);
				if fits {
					self.clients.remove(&key);
				}
			}
			Op::Eras(eras) => {
				self.era += eras;
				go_to_era(self.era);
			}
		}
	}

	fn compare(&self) {
		let ids: Vec<u32> = self.nodes.keys().copied().collect();
		assert_eq!(Registry::page(None, 100), ids);
		let listed: Vec<u32> = Registry::nodes(0, 100).into_iter().map(|(id, _)| id).collect();
		assert_eq!(listed, ids);
		for (id, past) in &self.nodes {
			for era in [self.era, self.era + 1, self.era + 9] {
				assert_eq!(Registry::attestor(*id, era), Some(attestor(at(&past.attestors, era))));
				assert_eq!(Registry::media(*id, era), Some(media(at(&past.medias, era))));
				let candidate = past.draining.is_none() && past.registered < era;
				assert_eq!(Registry::is_candidate(*id, era), candidate);
			}
			assert_eq!(Registry::owner(*id), Some(WHO[past.who]));
		}
		for key in 0..8 {
			let holder = self.nodes.iter().find(|(_, n)| at(&n.medias, self.era) == key);
			let found = Registry::node_by_media(media(key)).map(|(id, _)| id);
			assert_eq!(found, holder.map(|(id, _)| *id));
			let valid = self
				.clients
				.get(&key)
				.is_some_and(|(_, until)| until.is_none_or(|until| until >= self.block()));
			assert_eq!(Registry::is_client_valid(media(key)), valid);
		}
		for (index, who) in WHO.iter().enumerate() {
			let own = || self.nodes.values().filter(|n| n.who == index);
			let nodes: Balance = own().map(|n| n.deposit).sum();
			let clients =
				50 * self.clients.values().filter(|(who, _)| *who == index).count() as u128;
			assert_eq!(held(*who), (nodes, clients));
			assert_eq!(Balances::free_balance(who), FUNDS - nodes - clients);
			assert_eq!(Registry::owned_by(who), own().count() as u32);
		}
		Registry::do_try_state().unwrap();
	}
}

/// 64 sequences, unless the environment asks for another number.
fn config() -> ProptestConfig {
	let config = match std::env::var_os("PROPTEST_CASES") {
		Some(_) => ProptestConfig::default(),
		None => ProptestConfig::with_cases(64),
	};
	ProptestConfig { rng_seed: RngSeed::Fixed(2_609), ..config }
}

proptest! {
	#![proptest_config(config())]

	#[test]
	fn the_registry_follows_the_model(ops in prop::collection::vec(op(), 1..80)) {
		ExtBuilder::new().build_and_execute(|| {
			let mut world = World::default();
			for op in ops {
				world.apply(op);
				world.compare();
			}
		});
	}
}
