//! Media from publishers to subscribers.

use std::sync::Arc;
use std::time::Instant;

use str0m::media::Pt;
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

use super::codec::{inspect, Change, Exit, Format, Seen};
use super::munger::{Numbers, Position};
use super::track::DownTrack;
use super::types::ParticipantId;
use super::Sfu;
use crate::codecs::dependency::{extension::Raw, Structure};
use crate::codecs::{red, vp9};
use crate::stats::PacketInfo;
use crate::svc::Verdict;
use crate::{MediaKind, TransportKind};

/// Sources remembered for one publisher.
const MAX_SOURCES: usize = 64;

/// A packet on its way.
struct Passing<'a> {
	key: u64,
	/// Simulcast stream.
	stream: usize,
	kind: MediaKind,
	format: Format,
	packet: &'a RtpPacket,
	seen: Seen,
	/// A receiver can start here.
	keyframe: bool,
	/// Spatial layers to choose from; 0 or 1: none.
	scalable: usize,
	structure: Option<Arc<Structure>>,
	active: u32,
	/// Its publisher is among those that are heard.
	audible: bool,
	/// The newest block of RED, for those who have no RED: taken out once for all of them.
	primary: Option<Arc<[u8]>>,
}

impl Sfu {
	/// Counts a packet of a publisher and forwards it.
	pub(super) fn on_rtp(&mut self, id: ParticipantId, packet: &RtpPacket) {
		let now = self.now;
		self.totals.rtp_in += 1;
		let Some((key, stream)) = self.source_of(id, packet) else { return };
		let Some(format) = self.format_of(id, key, packet.header.payload_type) else { return };
		let Some(participant) = self.participants.get_mut(id) else { return };
		if participant.counts {
			self.service.bytes_up += packet.payload.len() as u64;
		}
		let audible = participant.audible || self.config.speakers.last_n == 0;
		let Some(track) = participant.up_by_key(key) else { return };
		let (kind, timestamp) = (track.binding.kind, packet.header.timestamp);
		let Some(source) = track.layers.get_mut(stream) else { return };
		let (mut seen, mut keyframe) = (Seen::Plain, false);
		let values = &packet.header.ext_vals;
		if kind == MediaKind::Video {
			let (what, starts) = inspect(format.spec.codec, &packet.payload, values, source);
			keyframe = source.starts(now, timestamp, starts);
			seen = what;
			if let Some(rate) = source.spatial.get_mut(usize::from(seen.spatial())) {
				rate.add(now, packet.payload.len() as u64 * 8);
			}
		}
		source.stats.packet(
			now,
			PacketInfo {
				sequence: *packet.seq_no,
				timestamp,
				marker: packet.header.marker,
				bytes: packet.payload.len(),
				keyframe,
			},
		);
		let (structure, active) = (source.structure.clone(), source.active);
		if track.muted {
			return;
		}
		if let Some(level) = values.audio_level.filter(|_| kind == MediaKind::Audio) {
			let level = level.unsigned_abs().min(127);
			track.level.packet(now, &self.config.speakers, level, timestamp);
		}
		let scalable = track.scalable();
		let subscribers = std::mem::take(&mut track.subscribers);
		let mut passing = Passing {
			key,
			stream,
			kind,
			format,
			packet,
			seen,
			keyframe,
			scalable,
			structure,
			active,
			audible,
			primary: None,
		};
		for subscriber in &subscribers {
			self.pass(*subscriber, &mut passing);
		}
		if let Some(track) = self.participants.get_mut(id).and_then(|p| p.up_by_key(key)) {
			track.subscribers = subscribers;
		}
	}

	/// Track key and stream that a packet belongs to.
	fn source_of(&mut self, id: ParticipantId, packet: &RtpPacket) -> Option<(u64, usize)> {
		let participant = self.participants.get_mut(id)?;
		let ssrc = packet.header.ssrc;
		if let Some(found) = participant.by_ssrc.get(&ssrc) {
			return Some(*found);
		}
		let (mid, rid) = {
			let mut api = participant.publisher.rtc.direct_api();
			let stream = api.stream_rx(&ssrc)?;
			(stream.mid(), stream.rid())
		};
		let track = participant.up.iter_mut().find(|t| t.mid == mid)?;
		let layer = track.layers.iter().position(|l| l.rid == rid)?;
		if let Some(source) = track.layers.get_mut(layer) {
			source.ssrc = Some(ssrc);
		}
		let found = (track.key, layer);
		if participant.by_ssrc.len() >= MAX_SOURCES {
			participant.by_ssrc.clear();
		}
		participant.by_ssrc.insert(ssrc, found);
		Some(found)
	}

	/// What a payload type of a publisher is.
	fn format_of(&mut self, id: ParticipantId, key: u64, pt: Pt) -> Option<Format> {
		let participant = self.participants.get_mut(id)?;
		let known = participant.up_by_key(key)?.format;
		if let Some((_, format)) = known.filter(|(known, _)| *known == pt) {
			return Some(format);
		}
		let format = Format::find(&participant.publisher.rtc, pt)?;
		participant.up_by_key(key)?.format = Some((pt, format));
		self.widen(id, key, format.spec.codec);
		Some(format)
	}

	/// Rewrites a packet for one subscriber and hands it to its transport.
	fn pass(&mut self, id: ParticipantId, passing: &mut Passing<'_>) {
		let now = self.now;
		let Some(participant) = self.participants.get_mut(id) else { return };
		let rtc = &participant.subscriber.as_ref().unwrap_or(&participant.publisher).rtc;
		let Some(down) =
			participant.down.get_mut(&passing.key).filter(|d| !d.disabled && !d.paused)
		else {
			return;
		};
		let (Some(ssrc), Some(mid)) = (down.tx, down.mid) else { return };
		let packet = passing.packet;
		let pt = packet.header.payload_type;
		let exit = match down.exit {
			Some((known, exit)) if known == pt => exit,
			_ => {
				let exit = Exit::find(rtc, mid, &passing.format);
				down.exit = Some((pt, exit));
				exit
			}
		};
		let Some(exit) = exit else { return };
		let Some(choice) = choose(now, down, passing) else { return };
		let (at, marker, payload) = match choice {
			Choice::Fill(at) => (at, false, self.nothing.clone()),
			Choice::Forward { at, marker } => {
				let Some(payload) = change(exit.change, down, passing) else { return };
				(at, marker, payload)
			}
		};
		let video = passing.kind == MediaKind::Video;
		let filler = matches!(choice, Choice::Fill(_));
		let bytes = payload.len();
		let mut out = RtpWrite::new(exit.pt, at.sequence.into(), at.timestamp, now, payload)
			.marker(marker)
			.nackable(video && !filler);
		if !filler {
			out = out.ext_vals(extensions(down, passing));
			if let Seen::Vp8(descriptor) = &passing.seen {
				if let Some(patch) = down.munger.patch(descriptor) {
					out = out.vp8_patch(patch);
				}
			}
			let keyframe = passing.keyframe;
			let (sequence, timestamp) = (at.sequence, at.timestamp);
			down.stats.packet(now, PacketInfo { sequence, timestamp, marker, bytes, keyframe });
		}
		let written = participant.downward_mut().guard(|t| {
			t.rtc.direct_api().stream_tx(&ssrc).map(|tx| tx.write_rtp(out)).ok_or("no stream")
		});
		if written.is_ok() {
			self.totals.rtp_forwarded += 1;
			if participant.counts {
				self.service.bytes_down += bytes as u64;
			}
			self.touch((id, TransportKind::Subscriber));
		}
	}
}

/// What becomes of a packet for one subscriber.
enum Choice {
	/// It is sent there.
	Forward { at: Position, marker: bool },
	/// It is left out, but its place has to be filled.
	Fill(Position),
}

/// Whether a subscriber gets a packet, and where in its stream.
fn choose(now: Instant, down: &mut DownTrack, passing: &Passing<'_>) -> Option<Choice> {
	let packet = passing.packet;
	let sequence = *packet.seq_no;
	let mut marker = packet.header.marker;
	if passing.kind == MediaKind::Audio {
		if !passing.audible {
			if down.munger.attached() {
				down.detach();
			}
			return None;
		}
		down.current = Some(0);
	} else if passing.scalable > 1 && !matches!(passing.seen, Seen::Plain) {
		down.selector.target = down.layers();
		let newest = down.munger.is_newest(sequence);
		let verdict = match (&passing.seen, &passing.structure) {
			(Seen::Vp9(d), _) => down.selector.vp9(d, newest, marker),
			(Seen::Described(d), Some(structure)) => {
				down.selector.dependency(d, structure, passing.active, newest, marker)
			}
			_ => Verdict::Forward { marker },
		};
		let top = passing.scalable - 1;
		if let Some(layers) = down.selector.current() {
			let rung = usize::from(layers.spatial).min(top);
			down.note_step(now, rung);
			down.current = Some(rung);
		}
		match verdict {
			Verdict::Drop => return down.munger.skip(sequence).map(Choice::Fill),
			Verdict::Forward { marker: last } => marker = last,
		}
	} else if down.current != Some(passing.stream) {
		// Switch at a keyframe of the wanted layer; start with whatever keyframe comes first.
		let wanted = down.target == Some(passing.stream)
			|| (down.current.is_none() && down.max_layer.is_none_or(|m| passing.stream <= m));
		if !(passing.keyframe && wanted) {
			return None;
		}
		down.switch(now, passing.stream);
	} else if !down.munger.attached() && !passing.keyframe {
		return None;
	}
	let numbers = match &passing.seen {
		Seen::Plain => Numbers::default(),
		Seen::Vp8(d) => Numbers { vp8: Some(d), ..Numbers::default() },
		Seen::Vp9(d) => {
			let tl0 = d.layer.and_then(|l| l.tl0);
			Numbers { vp9: Some((d.picture, tl0)), ..Numbers::default() }
		}
		Seen::Described(d) => Numbers { frame: Some(d.frame), ..Numbers::default() },
	};
	let at = down.munger.map(now, sequence, packet.header.timestamp, numbers)?;
	Some(Choice::Forward { at, marker })
}

/// The payload as it leaves. VP8's numbers are not changed here: the transport does that in passing.
fn change(change: Change, down: &mut DownTrack, passing: &mut Passing<'_>) -> Option<Arc<[u8]>> {
	let payload = &passing.packet.payload;
	match change {
		Change::Nothing => {}
		Change::Strip => {
			if passing.primary.is_none() {
				passing.primary = red::primary(payload).map(|(_, block)| Arc::from(block));
			}
			return passing.primary.clone();
		}
		Change::Renumber { from, to } => return red::renumber(payload, from, to).map(Arc::from),
	}
	if let Seen::Vp9(d) = &passing.seen {
		return Some(renumber_vp9(payload, d, down));
	}
	Some(payload.clone())
}

/// A VP9 payload with the PictureID and TL0PICIDX of the outgoing stream. Most keep theirs.
fn renumber_vp9(payload: &Arc<[u8]>, d: &vp9::Descriptor, down: &mut DownTrack) -> Arc<[u8]> {
	// I=1: the PictureID follows the first byte, in one byte or, with M=1, in two.
	let long = payload.get(1).is_some_and(|b| b & 0x80 != 0);
	let mask = if long { 0x7fff } else { 0x7f };
	let tl0 = d.layer.and_then(|l| l.tl0);
	let (picture, new_tl0) = down.munger.vp9(d.picture.map(|id| (id, mask)), tl0);
	if picture == d.picture && new_tl0 == tl0 {
		return payload.clone();
	}
	// The one allocation that is left: another payload for one subscriber, for `str0m` to keep.
	let mut shared = Arc::<[u8]>::from(&payload[..]);
	let Some(out) = Arc::get_mut(&mut shared) else { return shared };
	let after = match (picture, &mut *out) {
		(Some(id), [_, high, low, ..]) if long => {
			[*high, *low] = (id | 0x8000).to_be_bytes();
			3
		}
		(Some(id), [_, byte, ..]) => {
			*byte = id as u8;
			2
		}
		_ => 1,
	};
	// TL0PICIDX follows the byte of layer indices.
	if let (Some(value), Some(byte)) = (new_tl0, out.get_mut(after + 1)) {
		*byte = value;
	}
	shared
}

/// Header extensions that go through.
fn extensions(down: &mut DownTrack, passing: &Passing<'_>) -> ExtensionValues {
	let values = &passing.packet.header.ext_vals;
	let mut out = ExtensionValues {
		audio_level: values.audio_level,
		voice_activity: values.voice_activity,
		video_orientation: values.video_orientation,
		..ExtensionValues::default()
	};
	let raw = values.user_values.get::<Raw>();
	if let (Seen::Described(d), Some(raw)) = (&passing.seen, raw) {
		let frame = down.munger.frame(d.frame);
		// With a structure goes the mask of what this subscriber gets.
		let layers = down.selector.current().filter(|_| passing.scalable > 1);
		let mask = layers.zip(d.structure.as_ref()).map(|(l, structure)| {
			let mask = structure.mask(l.spatial, l.temporal) & passing.active;
			if mask == 0 {
				1
			} else {
				mask
			}
		});
		out.user_values.set(d.rewrite(raw.bytes(), frame, mask));
	}
	out
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::sfu::negotiate::down_track;

	#[test]
	fn vp9_numbers_go_on_when_the_stream_changes() {
		let now = Instant::now();
		let mut down = down_track(now, ParticipantId(0), MediaKind::Video, 1);
		let mut send = |sequence: u64, payload: &[u8]| {
			let d = vp9::Descriptor::parse(payload).unwrap();
			let tl0 = d.layer.and_then(|l| l.tl0);
			let numbers = Numbers { vp9: Some((d.picture, tl0)), ..Numbers::default() };
			down.munger.map(now, sequence, 0, numbers).unwrap();
			let out = renumber_vp9(&Arc::from(payload), &d, &mut down);
			if sequence == 2 {
				down.munger.detach();
			}
			out.to_vec()
		};
		// I L B; 15-bit PictureID 0x0102; TID 0; TL0PICIDX 9.
		assert_eq!(send(1, &[0xa8, 0x81, 2, 0, 9, 0xff]), [0xa8, 0x81, 2, 0, 9, 0xff]);
		assert_eq!(send(2, &[0xa8, 0x81, 3, 0, 10, 0xff]), [0xa8, 0x81, 3, 0, 10, 0xff]);
		assert_eq!(send(900, &[0xa8, 0xff, 0xff, 0, 77, 5]), [0xa8, 0x81, 4, 0, 11, 5]);
		assert_eq!(send(901, &[0xa8, 0x80, 0, 0, 78, 5]), [0xa8, 0x81, 5, 0, 12, 5]);
	}
}
