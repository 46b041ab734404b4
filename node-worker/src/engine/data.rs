//! Messages on the data channels: the sender's name is set by the node, and only those meant get them.

use super::Engine;
use dtel_media_core::sfu::ParticipantId;
use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use std::time::Instant;

impl Engine {
	#[allow(deprecated)]
	pub(super) fn data(&mut self, id: ParticipantId, reliable: bool, payload: &[u8]) {
		let Some(session) = self.directory.sessions.get_mut(&id) else { return };
		let Ok(mut packet) = proto::DataPacket::decode(payload) else { return };
		// Speaker updates come from the node alone.
		if !session.access.can_publish_data
			|| matches!(packet.value, Some(Value::Speaker(_)) | None)
		{
			return;
		}
		// Newer clients number reliable messages and, after a resume, send again what may not have arrived.
		if reliable && packet.sequence > 0 {
			if packet.sequence <= session.data_sequence {
				return;
			}
			session.data_sequence = packet.sequence;
		}
		let Some(session) = self.directory.sessions.get(&id) else { return };
		packet.participant_sid = session.sid.clone();
		packet.participant_identity = session.access.identity.clone();
		let (mut sids, mut identities) = (Vec::new(), packet.destination_identities.clone());
		if let Some(Value::User(user)) = &mut packet.value {
			user.participant_sid = session.sid.clone();
			user.participant_identity = session.access.identity.clone();
			sids.append(&mut user.destination_sids.clone());
			identities.append(&mut user.destination_identities.clone());
		}
		let everybody = sids.is_empty() && identities.is_empty();
		let to: Vec<_> = self
			.directory
			.members(&session.room)
			.filter(|s| s.id != id)
			.filter(|s| {
				everybody || sids.contains(&s.sid) || identities.contains(&s.access.identity)
			})
			.map(|s| s.id)
			.collect();
		let payload = packet.encode_to_vec();
		for other in to {
			// A full or closed channel drops the message, as the channel's owner would.
			let _ = self.sfu.send_data(Instant::now(), other, reliable, &payload);
		}
	}
}
