//! Data between the members of a room, and how they go.

use bytes::Bytes;
use str0m::channel::ChannelData;

use super::types::{Event, ParticipantId};
use super::{Sfu, TransportKey};
use crate::TransportKind;

impl Sfu {
	/// A message came on a data channel.
	pub(super) fn on_data(&mut self, key: TransportKey, data: ChannelData) {
		let Some(p) = self.participants.get_mut(key.0) else { return };
		let channel = p.transport(key.1).channels.iter().find(|c| c.id == data.id);
		let Some(reliable) = channel.map(|c| c.reliable) else { return };
		let full = self.outputs.len() >= self.config.max_queued_datagrams;
		if data.data.len() > self.config.max_data_bytes || full {
			return;
		}
		if self.config.forward_data {
			let room = p.room.clone();
			for member in self.rooms.get(&room).cloned().unwrap_or_default() {
				if member == key.0 {
					continue;
				}
				if let Some(other) = self.participants.get_mut(member) {
					other.downward_mut().write_data(reliable, &data.data);
					self.touch((member, TransportKind::Subscriber));
				}
			}
		}
		self.event(Event::Data { participant: key.0, reliable, payload: Bytes::from(data.data) });
	}

	/// Takes a participant out of everything.
	pub(super) fn remove_participant(&mut self, id: ParticipantId, timed_out: bool) {
		let Some(p) = self.participants.get(id) else { return };
		let tracks: Vec<u64> = p.up.iter().map(|t| t.key).collect();
		let subscriptions: Vec<(ParticipantId, u64)> =
			p.down.iter().map(|(k, d)| (d.source, *k)).collect();
		let kinds = p.kinds();
		for key in tracks {
			self.remove_track(id, key);
		}
		for (publisher, key) in subscriptions {
			self.unsubscribe(id, publisher, key);
		}
		for kind in kinds.iter().copied() {
			let key = (id, kind);
			if let Some(t) = self.participants.get_mut(id).map(|p| p.transport(kind)) {
				// Nobody wants to know that its transports end.
				t.buried = true;
				t.connected = false;
				let _ = t.guard(|t| t.rtc.close());
			}
			self.drain(key);
			let Some(t) = self.participants.get_mut(id).map(|p| p.transport(kind)) else {
				continue;
			};
			let (addresses, ufrag) = (std::mem::take(&mut t.addresses), t.ufrag.clone());
			self.forget_addresses(key, &addresses);
			if self.by_ufrag.get(&ufrag) == Some(&key) {
				self.by_ufrag.remove(&ufrag);
			}
		}
		let Some(p) = self.participants.remove(id) else { return };
		self.renegotiate.remove(&id);
		self.service.present = self.service.present.saturating_sub(p.counted.into());
		if let Some(members) = self.rooms.get_mut(&p.room) {
			members.retain(|m| *m != id);
			if members.is_empty() {
				self.rooms.remove(&p.room);
			}
		}
		self.event(Event::ParticipantGone { participant: id, timed_out });
	}
}
