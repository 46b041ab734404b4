//! Random calls against a model that keeps the whole history: every key and place that a node ever
//! had, with the era from which it counted, and every deposit.
//!
//! `PROPTEST_CASES` sets how many sequences run (64 without it: everything is compared after each step).

use super::*;
use crate::{mock::*, Declaration, DidChange, NodeUpdate};
use dtel_math::globe::Point;
use dtel_primitives::node::{NodeStatus, Region};
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
	Update { who: usize, node: u32, change: Change },
	RenewClient { who: usize, key: u8, until: Option<u32>, limit: u32 },
	Eras(u32),
}

/// A change of some of what a node declares: number of the domain, of the place, length of the
/// version, and of the DID (none when 0).
#[derive(Clone, Debug)]
struct Change {
	name: Option<u8>,
	place: Option<usize>,
	kbps: Option<u32>,
	version: Option<usize>,
	did: Option<usize>,
}

/// Two in one cell, one beyond the date line, one at a pole.
const PLACES: [(i16, i16); 4] = [(525, 134), (510, 130), (0, 1_800), (-900, 0)];

fn place(index: usize) -> Region {
	let (lat, lon) = PLACES[index];
	Region { country: *b"DE", lat, lon }
}

impl Change {
	fn update(&self) -> NodeUpdate {
		NodeUpdate {
			domain: self.name.map(|key| domain(format!("n{key}.example"))),
			region: self.place.map(place),
			capabilities: None,
			declared_kbps: self.kbps,
			version: self.version.map(|length| version("v".repeat(length))),
			did: match self.did {
				None => DidChange::Keep,
				Some(0) => DidChange::Remove,
				Some(length) => DidChange::Set(did(format!("did:peaq:{}", "z".repeat(length)))),
			},
		}
	}
}

fn change() -> impl Strategy<Value = Change> {
	use prop::option::weighted;
	let (name, place, kbps) = (0..8u8, 0..PLACES.len(), 1..3u32);
	(
		weighted(0.3, name),
		weighted(0.5, place),
		weighted(0.2, kbps),
		weighted(0.3, 1..5usize),
		weighted(0.3, 0..4usize),
	)
		.prop_map(|(name, place, kbps, version, did)| Change { name, place, kbps, version, did })
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
		2 => (who.clone(), key.clone()).prop_map(|(who, key)| Op::RevokeClient { who, key }),
		5 => (who.clone(), 0..12u32, change())
			.prop_map(|(who, node, change)| Op::Update { who, node, change }),
		3 => (who, key, prop::option::of(0..200u32), 0..3u32)
			.prop_map(|(who, key, until, limit)| Op::RenewClient { who, key, until, limit }),
		3 => (1..3u32).prop_map(Op::Eras),
	]
}

/// What a node had: keys by the era from which they counted, oldest first.
#[derive(Clone, Debug)]
struct Past {
	who: usize,
	name: u8,
	places: Vec<(u32, usize)>,
	kbps: u32,
	version: usize,
	did: usize,
	attestors: Vec<(u32, u8)>,
	medias: Vec<(u32, u8)>,
	since: u32,
	draining: Option<u32>,
	last_rotation: u32,
}

fn at<X: Copy>(history: &[(u32, X)], era: u32) -> X {
	history.iter().rev().find(|(from, _)| *from <= era).unwrap().1
}

/// What blocks others: every key from the one that counted when the node last rotated.
fn blocked(history: &[(u32, u8)], last_rotation: u32) -> BTreeSet<u8> {
	let current = at(history, last_rotation);
	let later = history.iter().filter(|(from, _)| *from > last_rotation).map(|(_, key)| *key);
	later.chain([current]).collect()
}

impl Past {
	fn deposit(&self) -> Balance {
		let did = if self.did == 0 { 0 } else { "did:peaq:".len() + self.did };
		100 + 2 * ("n0.example".len() + self.version + did) as u128
	}
}

#[derive(Default)]
struct World {
	era: u32,
	steps: usize,
	next: u32,
	nodes: BTreeMap<u32, Past>,
	clients: BTreeMap<u8, (usize, Option<u32>, u32)>,
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
		self.steps += 1;
		match op {
			Op::Register { who, key } => {
				let fits = self.nodes.values().all(|n| n.name != key)
					&& self.attestor_free(u32::MAX, key)
					&& self.media_free(u32::MAX, key);
				let declared = Declaration {
					region: place(0),
					declared_kbps: 1,
					version: version("v"),
					..declaration(format!("n{key}.example"))
				};
				let done =
					Registry::register(signed(WHO[who]), declared, attestor(key), media(key));
				assert_eq!(done.is_ok(), fits);
				if fits {
					let past = Past {
						who,
						name: key,
						places: vec![(0, 0)],
						kbps: 1,
						version: 1,
						did: 0,
						attestors: vec![(0, key)],
						medias: vec![(0, key)],
						since: era,
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
					if !drain {
						past.since = era;
					}
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
					self.clients.insert(key, (who, until, 1));
				}
			}
			Op::RevokeClient { who, key } => {
				let fits = self.clients.get(&key).is_some_and(|(owner, ..)| *owner == who);
				assert_eq!(Registry::revoke_client(signed(WHO[who]), media(key)).is_ok(), fits);
				if fits {
					self.clients.remove(&key);
				}
			}
			Op::Update { who, node, change } => {
				let done = Registry::update(signed(WHO[who]), node, change.update()).is_ok();
				let name_free = |name| self.nodes.values().all(|n| n.name != name);
				let fits = self.nodes.get(&node).is_some_and(|n| {
					let named = change.name.is_none_or(|name| name == n.name || name_free(name));
					let other = change.name.is_some_and(|name| name != n.name)
						|| change.place.is_some_and(|place| place != at(&n.places, era + 1))
						|| change.kbps.is_some_and(|kbps| kbps != n.kbps)
						|| change.version.is_some_and(|version| version != n.version)
						|| change.did.is_some_and(|did| did != n.did);
					n.who == who && named && other
				});
				assert_eq!(done, fits);
				if let (Some(past), true) = (self.nodes.get_mut(&node), fits) {
					past.name = change.name.unwrap_or(past.name);
					past.kbps = change.kbps.unwrap_or(past.kbps);
					past.version = change.version.unwrap_or(past.version);
					past.did = change.did.unwrap_or(past.did);
					if let Some(place) = change.place {
						past.places.retain(|(from, _)| *from <= era);
						past.places.push((era + 1, place));
					}
				}
			}
			Op::RenewClient { who, key, until, limit } => {
				let terms = (who, until, limit);
				let fits = self.clients.get(&key).is_some_and(|had| had.0 == who && *had != terms)
					&& limit > 0 && until.is_none_or(|until| until >= self.block());
				let done = Registry::renew_client(signed(WHO[who]), media(key), until, limit);
				assert_eq!(done.is_ok(), fits);
				if fits {
					self.clients.insert(key, terms);
				}
			}
			Op::Eras(eras) => {
				self.era += eras;
				go_to_era(self.era);
			}
		}
	}

	/// Who takes calls, and who of them is nearest to each of the places.
	fn compare_places(&self) {
		let active = || self.nodes.iter().filter(|(_, n)| n.draining.is_none());
		let (nodes, next) = Registry::active_nodes(0, 100);
		let ids: Vec<u32> = nodes.into_iter().map(|(id, _)| id).collect();
		assert_eq!((ids, next), (active().map(|(id, _)| *id).collect(), None));
		// One place after each step, each in turn: a walk over the globe takes its time.
		let (lat, lon) = PLACES[self.steps % PLACES.len()];
		let from = Point::new(lat, lon).unwrap();
		let apart = |n: &Past| from.apart(Point::of(place(at(&n.places, self.era))));
		let mut all: Vec<_> = active().map(|(id, n)| (apart(n), *id)).collect();
		all.sort();
		let near = Registry::nodes_near(lat, lon, 100).nodes.into_iter();
		assert_eq!(near.map(|(apart, id, _)| (apart, id)).collect::<Vec<_>>(), all);
	}

	fn compare(&self) {
		let ids: Vec<u32> = self.nodes.keys().copied().collect();
		assert_eq!(Registry::page(None, 100), ids);
		let listed: Vec<u32> = Registry::nodes(0, 100).into_iter().map(|(id, _)| id).collect();
		assert_eq!(listed, ids);
		self.compare_places();
		for (id, past) in &self.nodes {
			let node = Registry::node(*id).unwrap();
			assert_eq!(node.domain(), format!("n{}.example", past.name).as_bytes());
			assert_eq!((node.declared_kbps(), node.version().len()), (past.kbps, past.version));
			assert_eq!(node.did().map_or(0, |did| did.len() - 9), past.did);
			for era in [self.era, self.era + 1, self.era + 9] {
				assert_eq!(Registry::attestor(*id, era), Some(attestor(at(&past.attestors, era))));
				assert_eq!(Registry::media(*id, era), Some(media(at(&past.medias, era))));
				let candidate = past.draining.is_none() && past.since < era;
				assert_eq!(Registry::is_candidate(*id, era), candidate);
				assert_eq!(Registry::region(*id, era), Some(place(at(&past.places, era))));
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
				.is_some_and(|(_, until, _)| until.is_none_or(|until| until >= self.block()));
			assert_eq!(Registry::is_client_valid(media(key)), valid);
			let limit = Registry::client(media(key)).map(|client| client.limit());
			assert_eq!(limit, self.clients.get(&key).map(|(_, _, limit)| *limit));
		}
		for (index, who) in WHO.iter().enumerate() {
			let own = || self.nodes.values().filter(|n| n.who == index);
			let nodes: Balance = own().map(Past::deposit).sum();
			let clients =
				50 * self.clients.values().filter(|(who, ..)| *who == index).count() as u128;
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
