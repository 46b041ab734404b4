//! Input, time and output.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::bwe::BweKind;
use str0m::net::Receive;
use str0m::{Event as RtcEvent, IceConnectionState, Input as RtcInput, Output as RtcOutput};

use super::track::clock_rate;
use super::types::{Event, Input, Output, ParticipantId};
use super::{Sfu, TransportKey, TICK};
use crate::net::{is_stun, stun_local_ufrag};
use crate::service::Report;
use crate::transport::{DataChannel, PeerAddress};
use crate::{Protocol, Transmit, TransportKind};

/// Times that a transport may ask for "now" again before it has to wait.
const MAX_ROUNDS: u32 = 8;
/// Wait of a transport that asked too often, or gave an error.
const BACK_OFF: Duration = Duration::from_millis(5);
/// Data channels remembered for one transport.
const MAX_CHANNELS: usize = 8;
/// Label of newer clients' channel for data tracks.
const DATA_TRACKS: &str = "_data_track";

impl Sfu {
	/// Feeds a datagram or the passing of time. Nothing in a datagram is an error: what belongs to no
	/// transport is counted and dropped.
	pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
		self.advance(now);
		let datagram = match input {
			Input::Timeout => None,
			Input::Datagram { source, destination, contents } => {
				Some(((Protocol::Udp, source), destination, contents))
			}
			Input::Tcp { source, destination, contents } => {
				Some(((Protocol::Tcp, source), destination, contents))
			}
		};
		if let Some((source, destination, contents)) = datagram {
			self.totals.datagrams_in += 1;
			self.totals.bytes_in += contents.len() as u64;
			if !self.receive(source, destination, contents) {
				self.totals.datagrams_dropped += 1;
			}
		}
		self.pump();
	}

	/// Next thing to do. Call until it gives [`Output::Timeout`] after every input and command.
	pub fn poll_output(&mut self) -> Output {
		if let Some(output) = self.outputs.pop_front() {
			return output;
		}
		let timer = self.timers.first();
		Output::Timeout(timer.map_or(self.next_tick, |t| t.min(self.next_tick)))
	}

	/// Moves time forward and does what is due.
	pub(super) fn advance(&mut self, now: Instant) {
		self.now = self.now.max(now);
		while let Some((at, key)) = self.timers.due(self.now) {
			self.wake(at, key);
		}
		if self.next_tick <= self.now {
			self.next_tick = self.now + TICK;
			self.tick();
		}
	}

	/// An entry of a transport came up.
	fn wake(&mut self, at: Instant, key: TransportKey) {
		let now = self.now;
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else { return };
		if t.queued != Some(at) {
			return;
		}
		t.queued = None;
		match t.deadline {
			Some(deadline) if deadline > now => {
				self.timers.set(now, key, deadline, &mut t.queued);
			}
			Some(_) => {
				t.deadline = None;
				let _ = t.input(RtcInput::Timeout(now));
				self.touch(key);
			}
			None => {}
		}
	}

	// A function of its own in every build: what it allocates is told from what packets do (tests/allocations.rs).
	#[inline(never)]
	fn tick(&mut self) {
		let ids: Vec<ParticipantId> = self.participants.ids().collect();
		for id in &ids {
			let kinds = self.participants.get(*id).map(|p| p.kinds()).unwrap_or_default();
			for kind in kinds {
				let Some(t) = self.participants.get_mut(*id).map(|p| p.transport(*kind)) else {
					continue;
				};
				let silent = self.now.saturating_duration_since(t.last_heard);
				if t.connected && silent >= self.config.silence_timeout {
					self.set_connected((*id, *kind), false);
				}
			}
			let Some(p) = self.participants.get_mut(*id) else { continue };
			if p.publisher.connected || p.downward().connected {
				p.last_alive = self.now;
			} else if self.now.saturating_duration_since(p.last_alive) >= self.config.idle_timeout {
				self.remove_participant(*id, true);
				continue;
			}
			self.choose_layers(*id);
			self.update_wanted(*id);
		}
		for id in ids {
			self.request_wanted_keyframes(id);
		}
		self.tick_speakers();
		self.tick_quality();
	}

	/// Gives a datagram to the transport it belongs to.
	fn receive(&mut self, peer: PeerAddress, destination: SocketAddr, contents: &[u8]) -> bool {
		let stun = is_stun(contents);
		let named =
			if stun { stun_local_ufrag(contents).and_then(|u| self.by_ufrag.get(u)) } else { None };
		let Some(key) = named.or_else(|| self.by_address.get(&peer)).copied() else {
			return false;
		};
		let (protocol, source) = peer;
		let now = self.now;
		let Some(transport) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else {
			return false;
		};
		let taken = transport.guard(|t| {
			let destination = t.advertised(peer, destination);
			let Ok(receive) = Receive::new(protocol.into(), source, destination, contents) else {
				return Ok(false);
			};
			let input = RtcInput::Receive(now, receive);
			// Only a check with the right password makes an address known.
			if stun && !t.rtc.accepts(&input) {
				return Ok(false);
			}
			// An error is the sender's, who may be anybody: it does not count against the transport.
			Ok::<_, std::convert::Infallible>(t.rtc.handle_input(input).is_ok())
		});
		self.touch(key);
		if taken != Ok(true) {
			return false;
		}
		if stun {
			self.learn_address(key, peer);
		}
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else {
			return false;
		};
		t.last_heard = now;
		if t.dtls_up && !t.connected && t.rtc.is_alive() {
			self.set_connected(key, true);
		}
		true
	}

	fn learn_address(&mut self, key: TransportKey, source: PeerAddress) {
		if self.by_address.get(&source) == Some(&key) {
			return;
		}
		self.by_address.insert(source, key);
		let limit = self.config.max_addresses_per_transport.max(1);
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else { return };
		t.moved();
		t.addresses.retain(|a| *a != source);
		t.addresses.push(source);
		let surplus = t.addresses.len().saturating_sub(limit);
		let old: Vec<PeerAddress> = t.addresses.drain(..surplus).collect();
		self.forget_addresses(key, &old);
	}

	pub(super) fn forget_addresses(&mut self, key: TransportKey, addresses: &[PeerAddress]) {
		for address in addresses {
			if self.by_address.get(address) == Some(&key) {
				self.by_address.remove(address);
			}
		}
	}

	/// Makes a transport known by its present ICE user name.
	pub(super) fn learn_ufrag(&mut self, key: TransportKey) {
		let Some(p) = self.participants.get_mut(key.0) else { return };
		let key = (key.0, p.kind(key.1));
		let t = p.transport(key.1);
		let ufrag = t.rtc.direct_api().local_ice_credentials().ufrag;
		let old = std::mem::replace(&mut t.ufrag, ufrag.clone());
		if old != ufrag {
			self.by_ufrag.remove(&old);
		}
		self.by_ufrag.insert(ufrag, key);
	}

	/// Has a transport polled by the next [`pump`](Self::pump).
	pub(super) fn touch(&mut self, key: TransportKey) {
		let Some(p) = self.participants.get_mut(key.0) else { return };
		let kind = p.kind(key.1);
		let t = p.transport(kind);
		if !t.dirty {
			t.dirty = true;
			self.dirty.push_back((key.0, kind));
		}
	}

	/// Polls every transport that changed, and makes the offers that became due.
	pub(super) fn pump(&mut self) {
		loop {
			if let Some(key) = self.dirty.pop_front() {
				self.drain(key);
			} else if let Some(id) = self.renegotiate.pop_first() {
				self.negotiate(id);
			} else {
				return;
			}
		}
	}

	pub(super) fn drain(&mut self, key: TransportKey) {
		let (id, kind) = key;
		let now = self.now;
		if let Some(t) = self.participants.get_mut(id).map(|p| p.transport(kind)) {
			t.dirty = false;
		}
		let mut rounds = 0;
		loop {
			let Some(t) = self.participants.get_mut(id).map(|p| p.transport(kind)) else { return };
			match t.poll() {
				Ok(RtcOutput::Transmit(out)) => self.send(Transmit {
					protocol: out.proto.into(),
					source: out.source,
					destination: out.destination,
					contents: out.contents.into(),
				}),
				Ok(RtcOutput::Event(event)) => self.on_event(key, event),
				Ok(RtcOutput::Timeout(at)) if at <= now && rounds < MAX_ROUNDS => {
					rounds += 1;
					let _ = t.input(RtcInput::Timeout(now));
				}
				Ok(RtcOutput::Timeout(_)) if !t.rtc.is_alive() => {
					t.dead = true;
					return self.on_dead(key);
				}
				Ok(RtcOutput::Timeout(at)) => {
					return self.set_timer(key, at.max(now + Duration::from_millis(1)))
				}
				Err(_) if t.dead => return self.on_dead(key),
				Err(_) => return self.set_timer(key, now + BACK_OFF),
			}
		}
	}

	fn set_timer(&mut self, key: TransportKey, at: Instant) {
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else { return };
		t.deadline = Some(at);
		self.timers.set(self.now, key, at, &mut t.queued);
	}

	fn send(&mut self, transmit: Transmit) {
		if self.outputs.len() >= self.config.max_queued_datagrams {
			self.totals.output_overflow += 1;
			return;
		}
		self.totals.datagrams_out += 1;
		self.totals.bytes_out += transmit.contents.len() as u64;
		self.outputs.push_back(Output::Transmit(transmit));
	}

	pub(super) fn event(&mut self, event: Event) {
		self.outputs.push_back(Output::Event(event));
	}

	fn on_event(&mut self, key: TransportKey, event: RtcEvent) {
		let (id, kind) = key;
		let Some(p) = self.participants.get_mut(id) else { return };
		match event {
			RtcEvent::RtpPacket(packet) if kind == TransportKind::Publisher => {
				self.on_rtp(id, &packet)
			}
			RtcEvent::KeyframeRequest(request) => self.on_keyframe_request(id, request.mid),
			RtcEvent::Connected => {
				p.transport(kind).dtls_up = true;
				self.set_connected(key, true);
			}
			RtcEvent::IceConnectionStateChange(state) => {
				let up =
					matches!(state, IceConnectionState::Connected | IceConnectionState::Completed);
				if up && p.transport(kind).dtls_up {
					self.set_connected(key, true);
				} else if state == IceConnectionState::Disconnected {
					self.set_connected(key, false);
				}
			}
			RtcEvent::Closed => self.set_connected(key, false),
			RtcEvent::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
				p.estimate = Some(estimate.as_u64())
			}
			RtcEvent::PeerStats(stats) => {
				p.rtt = stats.rtt.or(p.rtt);
				if kind == p.kind(TransportKind::Subscriber) {
					p.egress_loss = stats.egress_loss_fraction.map(f64::from).or(p.egress_loss);
				}
			}
			RtcEvent::MediaEgressStats(stats) => {
				if let Some(down) = p.down.values_mut().find(|d| d.mid == Some(stats.mid)) {
					down.rtt = stats.rtt.or(down.rtt);
					if let Some(remote) = &stats.remote {
						let rate = f64::from(clock_rate(down.kind));
						let jitter = Duration::from_secs_f64(f64::from(remote.jitter) / rate);
						let highest = *remote.maximum_sequence_number;
						// 24 bits with sign (RFC 3550 §6.4.1).
						let lost = i64::from((remote.packets_lost as i32) << 8 >> 8);
						down.remote.report(highest, lost, jitter);
					}
					let reported = down.stats.span().zip(stats.remote).filter(|_| p.counts);
					let news = reported.and_then(|(sent, remote)| {
						let rate = f64::from(clock_rate(down.kind));
						let report = Report {
							highest: *remote.maximum_sequence_number,
							lost: remote.packets_lost,
							jitter: Duration::from_secs_f64(f64::from(remote.jitter) / rate),
							// Not that of the transport-wide feedback, which waits until it is sent.
							rtt: stats.rtt,
						};
						down.receiver.report(self.now, sent, &report)
					});
					if let Some(news) = news {
						self.service.add(down.kind, &news);
					}
				}
			}
			RtcEvent::MediaIngressStats(stats) => {
				let track = p.up.iter_mut().find(|t| t.mid == stats.mid);
				if let Some(layer) =
					track.and_then(|t| t.layers.iter_mut().find(|l| l.rid == stats.rid))
				{
					layer.rtt = stats.rtt.or(layer.rtt);
				}
			}
			RtcEvent::ChannelOpen(channel, label) => {
				// Frames of data tracks are no messages.
				if label == DATA_TRACKS {
					return;
				}
				let channels = &mut p.transport(kind).channels;
				if let Some(known) = channels.iter_mut().find(|c| c.id == channel) {
					known.open = true;
				} else if channels.len() < MAX_CHANNELS {
					channels.push(DataChannel {
						id: channel,
						reliable: label != "_lossy",
						open: true,
					});
				}
			}
			RtcEvent::ChannelClose(channel) => {
				p.transport(kind).channels.retain(|c| c.id != channel)
			}
			RtcEvent::ChannelData(data) => self.on_data(key, data),
			_ => {}
		}
	}

	fn set_connected(&mut self, key: TransportKey, up: bool) {
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else { return };
		if std::mem::replace(&mut t.connected, up) == up {
			return;
		}
		let (participant, transport) = key;
		if up {
			self.count(participant);
			self.choose_layers(participant);
			self.event(Event::TransportConnected { participant, transport });
		} else {
			self.event(Event::TransportFailed { participant, transport });
		}
	}

	/// Counts a participant that is connected for the first time.
	fn count(&mut self, id: ParticipantId) {
		let Some(p) = self.participants.get_mut(id).filter(|p| p.counts && !p.counted) else {
			return;
		};
		p.counted = true;
		self.service.participants += 1;
		self.service.present += 1;
	}

	fn on_dead(&mut self, key: TransportKey) {
		let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) else { return };
		if std::mem::replace(&mut t.buried, true) {
			return;
		}
		t.deadline = None;
		let addresses = std::mem::take(&mut t.addresses);
		self.forget_addresses(key, &addresses);
		self.totals.transport_errors += 1;
		// Also tell if it never was connected.
		if let Some(t) = self.participants.get_mut(key.0).map(|p| p.transport(key.1)) {
			t.connected = true;
		}
		self.set_connected(key, false);
	}
}
