//! Clients and an SFU joined by a seeded network in memory, in virtual time.

#![allow(dead_code)] // every test uses a part

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use dtel_media_core::client::{self, Client, ClientConfig};
use dtel_media_core::probe::{ProbeConfig, ProbeKey, ProbeMeter};
use dtel_media_core::sfu::{self, ParticipantId, Sfu, SfuConfig, TrackBinding};
use dtel_media_core::{MediaKind, TransportKind};

/// SplitMix64.
pub struct Rng(pub u64);

impl Rng {
	pub fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.0;
		z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ z >> 31
	}

	pub fn below(&mut self, n: u64) -> u64 {
		self.next() % n.max(1)
	}
}

/// What a link does to datagrams, in each direction.
#[derive(Clone, Copy, Default)]
pub struct Link {
	pub loss_percent: u64,
	pub delay: Duration,
	pub jitter: Duration,
}

struct Flying {
	source: SocketAddr,
	destination: SocketAddr,
	contents: Vec<u8>,
}

pub struct Node {
	pub client: Client,
	pub id: ParticipantId,
	pub sid: String,
	pub events: Vec<(Instant, client::Event)>,
	pub meter_role: Option<MeterRole>,
	/// Frames by track sid.
	pub frames: BTreeMap<String, Vec<(Instant, MediaKind, usize)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MeterRole {
	Publisher,
	Subscriber,
}

pub struct World {
	pub start: Instant,
	pub now: Instant,
	pub sfu: Sfu,
	pub nodes: Vec<Node>,
	pub meter: Option<ProbeMeter>,
	pub sfu_events: Vec<sfu::Event>,
	pub link: Link,
	pub rng: Rng,
	by_address: BTreeMap<SocketAddr, (usize, TransportKind)>,
	net: BinaryHeap<Reverse<(Instant, u64)>>,
	flying: BTreeMap<u64, Flying>,
	busy: BTreeMap<SocketAddr, Instant>,
	sequence: u64,
	pub sfu_alive: bool,
	/// Towards this node so many bits per second fit; what would wait longer than 200 ms is lost.
	pub narrow: Option<(usize, u64)>,
	/// Called with `true` before the SFU does anything and with `false` after it.
	pub around: fn(bool),
}

pub const SFU: &str = "203.0.113.7:7882";
/// Socket of the SFU: another address than the advertised one.
pub const SFU_SOCKET: &str = "10.0.0.1:7882";

impl World {
	pub fn new(seed: u64, link: Link) -> Self {
		let start = Instant::now();
		Self {
			start,
			now: start,
			sfu: Sfu::new(start, SfuConfig::new(SFU.parse().unwrap())),
			nodes: Vec::new(),
			meter: None,
			sfu_events: Vec::new(),
			link,
			rng: Rng(seed),
			by_address: BTreeMap::new(),
			net: BinaryHeap::new(),
			flying: BTreeMap::new(),
			busy: BTreeMap::new(),
			sequence: 0,
			sfu_alive: true,
			narrow: None,
			around: |_| {},
		}
	}

	/// A client joins the room "r".
	pub fn join(&mut self, audio: bool, video: bool, stamp: Option<ProbeKey>) -> usize {
		let index = self.nodes.len();
		let address = |port: u16| -> SocketAddr {
			format!("198.51.100.{}:{port}", index + 1).parse().unwrap()
		};
		let (publisher_addr, subscriber_addr) = (address(5_000), address(5_001));
		self.by_address.insert(publisher_addr, (index, TransportKind::Publisher));
		self.by_address.insert(subscriber_addr, (index, TransportKind::Subscriber));
		let config = ClientConfig {
			publisher_addr,
			subscriber_addr,
			audio,
			video,
			stamp,
			epoch: self.start,
		};
		let client = Client::new(self.now, config);
		let sid = format!("PA_{index}");
		let id = self
			.sfu
			.create_participant(self.now, "r", &sid, &format!("user{index}"), true)
			.unwrap();
		let mut node =
			Node { client, id, sid, events: Vec::new(), meter_role: None, frames: BTreeMap::new() };
		for track in node.client.tracks() {
			let binding = TrackBinding {
				track_sid: format!("TR_{index}_{}", track.name),
				cid: track.cid,
				kind: track.kind,
				name: track.name,
				source: 0,
				muted: false,
				width: track.width,
				height: track.height,
			};
			self.sfu.add_track(id, binding).unwrap();
		}
		if let Some(offer) = node.client.publisher_offer(self.now) {
			let answer = self.sfu.publisher_offer(self.now, id, &offer).unwrap();
			node.client.publisher_answer(self.now, &answer).unwrap();
		}
		self.nodes.push(node);
		self.settle();
		index
	}

	pub fn probe(seed: u64, link: Link, config: ProbeConfig) -> Self {
		let mut world = Self::new(seed, link);
		let key = ProbeKey([9; 32]);
		world.meter = Some(ProbeMeter::new(key.clone(), world.start, config));
		let subscriber = world.join(false, false, Some(key.clone()));
		let publisher = world.join(true, true, Some(key));
		world.nodes[subscriber].meter_role = Some(MeterRole::Subscriber);
		world.nodes[publisher].meter_role = Some(MeterRole::Publisher);
		world
	}

	pub fn run_probe(&mut self) -> dtel_media_core::probe::ProbeResult {
		while !self.meter.as_ref().unwrap().is_finished(self.now) {
			let deadline = self.meter.as_ref().unwrap().deadline();
			self.run_until(deadline);
		}
		self.meter.as_ref().unwrap().result(self.now)
	}

	fn fly(&mut self, source: SocketAddr, destination: SocketAddr, contents: Vec<u8>) {
		if self.rng.below(100) < self.link.loss_percent {
			return;
		}
		let mut at = self.now + self.link.delay;
		let jitter = self.link.jitter.as_micros() as u64;
		if jitter > 0 {
			at += Duration::from_micros(self.rng.below(jitter + 1));
		}
		let to = self.by_address.get(&destination).map(|(index, _)| *index);
		if let Some((_, rate)) = self.narrow.filter(|(index, _)| to == Some(*index)) {
			let free = self.busy.entry(destination).or_insert(self.now);
			let begin = (*free).max(self.now);
			if begin - self.now > Duration::from_millis(200) {
				return;
			}
			*free = begin + Duration::from_secs_f64(contents.len() as f64 * 8.0 / rate as f64);
			at += *free - self.now;
		}
		self.sequence += 1;
		self.net.push(Reverse((at, self.sequence)));
		self.flying.insert(self.sequence, Flying { source, destination, contents });
	}

	/// Takes everybody's output, until nobody has any. Gives when somebody wants to be called next.
	pub fn settle(&mut self) -> Instant {
		loop {
			let mut next = None;
			let mut again = false;
			while self.sfu_alive {
				(self.around)(true);
				let output = self.sfu.poll_output();
				(self.around)(false);
				match output {
					sfu::Output::Timeout(at) => {
						next = Some(at);
						break;
					}
					sfu::Output::Transmit(t) => self.fly(t.source, t.destination, t.contents),
					sfu::Output::Event(event) => {
						again = true;
						self.on_sfu_event(event);
					}
				}
			}
			for index in 0..self.nodes.len() {
				loop {
					match self.nodes[index].client.poll_output() {
						client::Output::Timeout(at) => {
							next = Some(next.map_or(at, |n: Instant| n.min(at)));
							break;
						}
						client::Output::Transmit(_, t) => {
							self.fly(t.source, t.destination, t.contents)
						}
						client::Output::Event(event) => self.on_client_event(index, event),
					}
				}
			}
			if !again {
				return next.unwrap_or(self.now + Duration::from_secs(1));
			}
		}
	}

	fn on_sfu_event(&mut self, event: sfu::Event) {
		if let sfu::Event::SubscriberOffer { participant, sdp } = &event {
			// Somebody may have left since the offer was made.
			let here = self.sfu.participant_stats(*participant).is_some();
			let node = self.nodes.iter_mut().find(|n| n.id == *participant);
			if let Some(node) = node.filter(|_| here) {
				let answer = node.client.subscriber_offer(self.now, sdp).unwrap();
				self.sfu.subscriber_answer(self.now, *participant, &answer).unwrap();
			}
		}
		self.sfu_events.push(event);
	}

	fn on_client_event(&mut self, index: usize, event: client::Event) {
		let node = &mut self.nodes[index];
		if let Some(meter) = &mut self.meter {
			match node.meter_role {
				Some(MeterRole::Publisher) => meter.published(self.now, &event),
				Some(MeterRole::Subscriber) => meter.subscribed(self.now, &event),
				None => {}
			}
		}
		match event {
			client::Event::Frame { track_sid, kind, at, data } => {
				node.frames.entry(track_sid).or_default().push((at, kind, data.len()));
			}
			client::Event::Sent { .. } => {}
			other => node.events.push((self.now, other)),
		}
	}

	pub fn run_for(&mut self, time: Duration) {
		self.run_until(self.now + time);
	}

	pub fn run_until(&mut self, end: Instant) {
		loop {
			let wanted = self.settle();
			let arrival = self.net.peek().map(|Reverse((at, _))| *at);
			let next = arrival.map_or(wanted, |a| a.min(wanted)).max(self.now);
			if next >= end {
				self.now = end;
				return;
			}
			self.now = next;
			if arrival.is_some_and(|a| a <= next) {
				let Some(Reverse((_, n))) = self.net.pop() else { continue };
				let Some(datagram) = self.flying.remove(&n) else { continue };
				self.deliver(datagram);
			} else {
				if self.sfu_alive {
					(self.around)(true);
					self.sfu.handle_input(next, sfu::Input::Timeout);
					(self.around)(false);
				}
				for node in &mut self.nodes {
					node.client.handle_input(next, client::Input::Timeout);
				}
			}
		}
	}

	/// The next datagrams of a node's publisher transport, taken away from the network.
	pub fn capture(&mut self, index: usize, count: usize) -> Vec<(Instant, Vec<u8>)> {
		let mut out = Vec::new();
		while out.len() < count {
			self.now += Duration::from_millis(20);
			let client = &mut self.nodes[index].client;
			client.handle_input(self.now, client::Input::Timeout);
			loop {
				match client.poll_output() {
					client::Output::Timeout(_) => break,
					client::Output::Transmit(TransportKind::Publisher, t) => {
						out.push((self.now, t.contents))
					}
					_ => {}
				}
			}
		}
		out
	}

	fn deliver(&mut self, d: Flying) {
		if d.destination == SFU.parse().unwrap() {
			if self.sfu_alive {
				let destination = SFU_SOCKET.parse().unwrap();
				let input =
					sfu::Input::Datagram { source: d.source, destination, contents: &d.contents };
				(self.around)(true);
				self.sfu.handle_input(self.now, input);
				(self.around)(false);
			}
		} else if let Some((index, transport)) = self.by_address.get(&d.destination).copied() {
			let input =
				client::Input::Datagram { transport, source: d.source, contents: &d.contents };
			self.nodes[index].client.handle_input(self.now, input);
		}
	}

	pub fn connected(&self, index: usize, transport: TransportKind) -> bool {
		self.nodes[index].events.iter().any(|(_, e)| *e == client::Event::Connected(transport))
	}

	pub fn frames(&self, index: usize, track_sid: &str) -> usize {
		self.nodes[index].frames.get(track_sid).map_or(0, Vec::len)
	}
}
