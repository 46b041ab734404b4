//! Rooms full of participants, driven by one task: joining, talking, and what came of it.

use super::{
	histogram::Histogram,
	net::{rtp, unix_nanos, Arrived, Net},
	node::{Node, KEY},
	peer::{Peer, Role, Told},
};
use crate::token::DevKeys;
use anyhow::{bail, Context, Result};
use dtel_media_core::{
	client::{Event, Input, Output},
	files::samples,
	TransportKind,
};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Payload type of Opus, in what this crate's client offers and media-core's SFU offers to it.
const OPUS: u8 = 111;
/// Participants that join at the same time.
const JOINING: usize = 8;
/// Time in which somebody has to get on with joining.
const PATIENCE: Duration = Duration::from_secs(60);
/// Batches that are read of a socket before others get their turn.
const BATCHES: usize = 8;
/// Packets that a participant may send at once when it is late.
const BURST: usize = 64;
/// Messages of the signalling that may wait.
const MESSAGES: usize = 1_024;
/// How often everybody's timers are looked at.
const TIMERS: Duration = Duration::from_millis(1);

/// Who is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Rooms {
	/// Participants of each room.
	pub sizes: Vec<usize>,
	/// Of these, so many publish video, too.
	pub videos: usize,
	/// Media is only counted where it arrives.
	pub light: bool,
}

/// How fast everybody speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
	/// Between two audio packets of one participant.
	pub interval: Duration,
	/// Bytes of a payload; those of the samples if absent.
	pub bytes: Option<usize>,
}

/// What came of a measurement.
#[derive(Debug, Default)]
pub(super) struct Window {
	pub seconds: f64,
	/// Audio packets that should have arrived, and that did.
	pub expected: u64,
	pub received: u64,
	/// From sending to arrival, by the kernel's clock.
	pub latency: Histogram,
	/// Longest time that a packet was sent late.
	pub late: Duration,
}

pub(super) struct Load {
	net: Net,
	peers: Vec<Peer>,
	told: mpsc::Receiver<(usize, Told)>,
	/// Timestamps between two audio packets, and between the first ones of two participants.
	step: u32,
	stride: u32,
	window: Option<Window>,
	began: u64,
	next_timers: Instant,
	/// Audio is spoken.
	rate: Option<Rate>,
	/// Datagrams that our own sockets did not take.
	pub(super) unsent: u64,
}

impl Load {
	/// Lets everybody join, and waits until everybody could hear everybody else.
	pub(super) async fn join(
		node: &Node,
		rooms: &Rooms,
		step: u32,
		progress: &impl Fn(String),
	) -> Result<Self> {
		let total: usize = rooms.sizes.iter().sum();
		let (sender, told) = mpsc::channel(MESSAGES);
		let stride = u32::MAX.checked_div(u32::try_from(total)?.max(1)).unwrap_or(u32::MAX);
		let mut load = Self {
			net: Net::bind(total)?,
			peers: Vec::new(),
			told,
			step,
			stride,
			window: None,
			began: 0,
			next_timers: Instant::now(),
			rate: None,
			unsent: 0,
		};
		let mut last = (Instant::now(), 0);
		let mut said = Instant::now();
		loop {
			let ready = load.peers.iter().filter(|p| p.is_ready()).count();
			let joined = load.peers.iter().filter(|p| p.connected.contains(&true)).count();
			if ready == total {
				break;
			}
			let state = load.peers.iter().map(|p| p.tracks).sum::<usize>() + ready + joined;
			if state != last.1 {
				last = (Instant::now(), state);
			} else if last.0.elapsed() > PATIENCE {
				bail!("{ready} of {total} participants are connected and nothing goes on");
			}
			while load.peers.len() < (joined + JOINING).min(total) {
				load.add(node, rooms, sender.clone())?;
			}
			if said.elapsed() > Duration::from_secs(2) {
				said = Instant::now();
				progress(format!("{ready} of {total} participants are connected"));
			}
			load.turn(Instant::now() + Duration::from_millis(50)).await?;
		}
		progress(format!("{total} participants are connected"));
		Ok(load)
	}

	fn add(&mut self, node: &Node, rooms: &Rooms, told: mpsc::Sender<(usize, Told)>) -> Result<()> {
		let index = self.peers.len();
		let (mut room, mut place) = (0, index);
		for size in &rooms.sizes {
			if place < *size {
				break;
			}
			(room, place) = (room + 1, place - size);
		}
		let size = rooms.sizes.get(room).copied().unwrap_or_default();
		let video = place < rooms.videos;
		let videos = rooms.videos.min(size) - usize::from(video);
		let others = size.saturating_sub(1);
		let role = Role { others, video, tracks: others + videos, light: rooms.light };
		let addresses = [self.net.address(index, 0), self.net.address(index, 1)];
		let access = (node.url.clone(), token(&format!("bench-{room}"), &format!("peer-{index}"))?);
		self.peers.push(Peer::start(index, role, addresses, access, told));
		Ok(())
	}

	/// Everybody speaks at this rate from now on.
	pub(super) fn speak(&mut self, rate: Rate) {
		let now = Instant::now();
		let total = self.peers.len().max(1);
		for (index, peer) in self.peers.iter_mut().enumerate() {
			// Not all at the same moment.
			let share = index as f64 / total as f64;
			peer.next_audio = now + rate.interval.mul_f64(share);
		}
		self.rate = Some(rate);
	}

	/// Lets the load go on for some time.
	pub(super) async fn run_for(&mut self, time: Duration) -> Result<()> {
		let end = Instant::now() + time;
		while Instant::now() < end {
			self.turn(end).await?;
		}
		Ok(())
	}

	/// Begins to measure.
	pub(super) fn begin(&mut self) {
		self.began = unix_nanos();
		self.window = Some(Window::default());
	}

	/// Ends the measurement: nobody speaks, and what is on its way has so long to come.
	pub(super) async fn end(&mut self, grace: Duration) -> Result<Window> {
		let took = unix_nanos().saturating_sub(self.began);
		let (end, rate) = (Instant::now() + grace, self.rate.take());
		while Instant::now() < end && self.window.as_ref().is_some_and(|w| w.received < w.expected)
		{
			self.turn(Instant::now() + Duration::from_millis(20)).await?;
		}
		let mut window = self.window.take().unwrap_or_default();
		window.seconds = took as f64 / 1e9;
		if let Some(rate) = rate {
			self.speak(rate);
		}
		Ok(window)
	}

	/// Video packets that should have come, and those that did not, by the receivers' statistics.
	pub(super) fn video(&self) -> (u64, u64) {
		let streams =
			self.peers.iter().filter(|p| !p.role.light).flat_map(|p| p.client.stats().received);
		streams
			.filter(|(_, s)| s.frames > 0)
			.fold((0, 0), |(expected, lost), (_, s)| (expected + s.expected, lost + s.lost))
	}

	/// Does what is due, and waits for what happens next, at most until `until`.
	async fn turn(&mut self, until: Instant) -> Result<()> {
		let mut wake = until;
		if let Some(rate) = self.rate {
			self.play(rate)?;
			// The timer has a resolution of a millisecond: later packets follow at once.
			wake = self.peers.iter().map(|p| p.next_audio).fold(wake, Instant::min);
		}
		let now = Instant::now();
		if now >= self.next_timers {
			self.next_timers = now + TIMERS;
			for index in 0..self.peers.len() {
				if let Some(peer) = self.peers.get_mut(index).filter(|p| p.deadline <= now) {
					peer.client.handle_input(now, Input::Timeout);
					self.flush(index)?;
				}
			}
		}
		let timers = self.peers.iter().map(|p| p.deadline).min().unwrap_or(until);
		wake = wake.min(timers.max(self.next_timers));
		tokio::select! {
			() = self.net.readable() => self.read()?,
			told = self.told.recv() => {
				let mut told = told;
				while let Some((index, what)) = told {
					self.hear(index, what)?;
					told = self.told.try_recv().ok();
				}
			},
			() = tokio::time::sleep_until(wake.into()) => {},
		}
		Ok(())
	}

	fn hear(&mut self, index: usize, told: Told) -> Result<()> {
		match told {
			Told::Joined => Ok(()),
			Told::Ended(why) => bail!("participant {index}: {why}"),
			Told::Message(message) => {
				let Some(peer) = self.peers.get_mut(index) else { return Ok(()) };
				let handled = peer.handle(Instant::now(), *message);
				handled
					.map_err(anyhow::Error::msg)
					.with_context(|| format!("participant {index}"))?;
				self.flush(index)
			}
		}
	}

	/// Sends the audio that is due.
	fn play(&mut self, rate: Rate) -> Result<()> {
		for index in 0..self.peers.len() {
			for _ in 0..BURST {
				let now = Instant::now();
				let (stride, step) = (self.stride, self.step);
				let Some(peer) = self.peers.get_mut(index).filter(|p| p.next_audio <= now) else {
					break;
				};
				if let Some(window) = &mut self.window {
					window.late = window.late.max(now.saturating_duration_since(peer.next_audio));
				}
				peer.next_audio += rate.interval;
				let count = peer.sent_at.len();
				let base = stride.wrapping_mul(index as u32);
				let offset = step.saturating_mul(count as u32);
				if offset >= stride.saturating_sub(step) {
					bail!("too many packets for one run: choose fewer seconds");
				}
				let frames = &samples().audio;
				let payload =
					match (rate.bytes, frames.get(count.checked_rem(frames.len()).unwrap_or(0))) {
						(None, Some(frame)) => frame.to_vec(),
						(bytes, _) => vec![0x5a; bytes.unwrap_or(80)],
					};
				peer.sent_at.push(0);
				peer.client.publish_audio(now, base.wrapping_add(offset), payload);
				self.flush(index)?;
			}
		}
		Ok(())
	}

	fn read(&mut self) -> Result<()> {
		for lane in 0..self.net.lanes() {
			for _ in 0..BATCHES {
				let filled = self.net.read(lane);
				if filled == 0 {
					break;
				}
				let now = Instant::now();
				let mut touched = Vec::new();
				for datagram in self.net.datagrams(filled) {
					let Some((index, transport)) = Net::owner(datagram.to) else { continue };
					let Some(peer) = self.peers.get_mut(index) else { continue };
					let light = peer.role.light && transport == 1;
					if let Some((OPUS, timestamp)) = rtp(datagram.contents) {
						if let Some(sent) = self.window.as_mut().zip(sent(
							&self.peers,
							timestamp,
							(self.stride, self.step),
						)) {
							arrived(sent.0, sent.1, self.began, &datagram);
						}
						if light {
							continue;
						}
					}
					let kind = [TransportKind::Publisher, TransportKind::Subscriber];
					let (Some(transport), Some(peer)) =
						(kind.get(usize::from(transport)).copied(), self.peers.get_mut(index))
					else {
						continue;
					};
					let (source, contents) = (datagram.from, datagram.contents);
					peer.client.handle_input(now, Input::Datagram { transport, source, contents });
					if touched.last() != Some(&index) {
						touched.push(index);
					}
				}
				for index in touched {
					self.flush(index)?;
				}
			}
		}
		Ok(())
	}

	/// Sends what a participant wants sent.
	fn flush(&mut self, index: usize) -> Result<()> {
		let Some(peer) = self.peers.get_mut(index) else { return Ok(()) };
		loop {
			match peer.client.poll_output() {
				Output::Transmit(_, t) => {
					let audio = rtp(&t.contents).filter(|(pt, _)| *pt == OPUS);
					let base = self.stride.wrapping_mul(index as u32);
					let place = audio.and_then(|(_, timestamp)| {
						let count = timestamp.wrapping_sub(base).checked_div(self.step)?;
						peer.sent_at.get_mut(count as usize)
					});
					if let Some(place) = place {
						*place = unix_nanos();
						if let Some(window) = &mut self.window {
							window.expected += peer.role.others as u64;
						}
					}
					if !self.net.send(index, t.source, t.destination, &t.contents) {
						self.unsent += 1;
					}
				}
				Output::Event(Event::Connected(TransportKind::Publisher)) => {
					peer.connected = [true, peer.connected[1]]
				}
				Output::Event(Event::Connected(TransportKind::Subscriber)) => {
					peer.connected = [peer.connected[0], true]
				}
				Output::Event(Event::Failed(transport)) => {
					bail!("participant {index} lost its {transport:?} transport")
				}
				Output::Event(Event::TrackAdded { .. }) => peer.tracks += 1,
				Output::Event(_) => {}
				Output::Timeout(at) => {
					peer.deadline = at;
					return Ok(());
				}
			}
		}
	}
}

/// When the audio packet with this timestamp was sent, whoever did: timestamps go through the daemon unchanged.
fn sent(peers: &[Peer], timestamp: u32, (stride, step): (u32, u32)) -> Option<u64> {
	let sender = timestamp.checked_div(stride)?;
	let count = timestamp.checked_rem(stride)?.checked_div(step)?;
	let at = *peers.get(sender as usize)?.sent_at.get(count as usize)?;
	(at > 0).then_some(at)
}

fn arrived(window: &mut Window, sent: u64, began: u64, datagram: &Arrived<'_>) {
	if sent >= began {
		window.received += 1;
		window.latency.record(datagram.at.saturating_sub(sent) / 1_000);
	}
}

/// A token for the daemon's development key.
fn token(room: &str, identity: &str) -> Result<String> {
	let now = unix_nanos() / 1_000_000_000;
	let claims = json!({
		"iss": KEY.0, "sub": identity, "nbf": now.saturating_sub(10), "exp": now.saturating_add(3_600),
		"video": { "roomJoin": true, "room": room },
	});
	let keys = DevKeys::new([KEY])?;
	keys.mint(KEY.0, &claims).context("no token")
}
