//! Stamps: `kind u8, sequence u32, time u32, MAC [u8; 8]`, big endian.

use std::time::Instant;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{ProbeKey, StampKind};
use crate::opus::Packet;

/// Length of a stamp.
pub const STAMP_BYTES: usize = 17;
/// What is not MAC.
const FIELDS: usize = 9;
/// Kind byte of audio; video has its layer.
const AUDIO: u8 = 0xff;
/// Kind byte of a packet of the ramp.
const LOAD: u8 = 0xfe;

/// A stamp that was found, with a valid MAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
	/// What it was on.
	pub kind: StampKind,
	/// Number of the audio packet, or of the picture (one for all layers).
	pub sequence: u32,
	/// When it was sent: microseconds since the probe's epoch, modulo 2³².
	pub time: u32,
}

impl Stamp {
	/// Time from sending to `now`, in microseconds (modulo 2³², 71 minutes).
	pub fn age_us(&self, epoch: Instant, now: Instant) -> u32 {
		micros(epoch, now).wrapping_sub(self.time)
	}

	fn fields(&self) -> [u8; FIELDS] {
		let kind = match self.kind {
			StampKind::Audio => AUDIO,
			StampKind::Load => LOAD,
			StampKind::Video(layer) => layer.min(LOAD - 1),
		};
		let [s0, s1, s2, s3] = self.sequence.to_be_bytes();
		let [t0, t1, t2, t3] = self.time.to_be_bytes();
		[kind, s0, s1, s2, s3, t0, t1, t2, t3]
	}

	fn from_fields(fields: &[u8; FIELDS]) -> Self {
		let [kind, s0, s1, s2, s3, t0, t1, t2, t3] = *fields;
		Self {
			kind: match kind {
				AUDIO => StampKind::Audio,
				LOAD => StampKind::Load,
				layer => StampKind::Video(layer),
			},
			sequence: u32::from_be_bytes([s0, s1, s2, s3]),
			time: u32::from_be_bytes([t0, t1, t2, t3]),
		}
	}
}

fn micros(epoch: Instant, now: Instant) -> u32 {
	now.saturating_duration_since(epoch).as_micros() as u32
}

/// Makes and checks the stamps of one probe.
#[derive(Clone)]
pub struct Stamper {
	mac: Hmac<Sha256>,
	epoch: Instant,
}

impl std::fmt::Debug for Stamper {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		f.write_str("Stamper(..)")
	}
}

impl Stamper {
	/// Stamps of a probe whose time counts from `epoch`.
	pub fn new(key: ProbeKey, epoch: Instant) -> Self {
		// HMAC takes keys of any length; the fallback is never used.
		let mac = Hmac::<Sha256>::new_from_slice(&key.0)
			.unwrap_or_else(|_| Hmac::new(&Default::default()));
		Self { mac, epoch }
	}

	/// When its time began.
	pub fn epoch(&self) -> Instant {
		self.epoch
	}

	/// MAC over the fields and the media, with the length of every piece.
	fn mac<'a>(
		&self,
		fields: &[u8; FIELDS],
		media: impl IntoIterator<Item = &'a [u8]>,
	) -> Hmac<Sha256> {
		let mut mac = self.mac.clone();
		mac.update(fields);
		for piece in media {
			mac.update(&(piece.len() as u32).to_be_bytes());
			mac.update(piece);
		}
		mac
	}

	fn make<'a>(
		&self,
		now: Instant,
		kind: StampKind,
		sequence: u32,
		media: impl IntoIterator<Item = &'a [u8]>,
	) -> [u8; STAMP_BYTES] {
		let fields = Stamp { kind, sequence, time: micros(self.epoch, now) }.fields();
		let tag = self.mac(&fields, media).finalize().into_bytes();
		let mut out = [0; STAMP_BYTES];
		for (o, b) in out.iter_mut().zip(fields.iter().chain(tag.iter())) {
			*o = *b;
		}
		out
	}

	fn check<'a>(&self, stamp: &[u8], media: impl IntoIterator<Item = &'a [u8]>) -> Option<Stamp> {
		let (fields, tag) = stamp.split_first_chunk::<FIELDS>()?;
		let tag = tag.get(..STAMP_BYTES - FIELDS)?;
		self.mac(fields, media).verify_truncated_left(tag).ok()?;
		Some(Stamp::from_fields(fields))
	}

	/// An Opus packet with a stamp as its padding (RFC 6716 §3.2.5). `None` if it is no Opus packet.
	pub fn stamp_audio(&self, now: Instant, sequence: u32, packet: &[u8]) -> Option<Vec<u8>> {
		let packet = Packet::parse(packet)?;
		let config = [packet.config()];
		let media = std::iter::once(&config[..]).chain(packet.frames().iter().copied());
		let stamp = self.make(now, StampKind::Audio, sequence, media);
		Some(packet.with_padding(&stamp))
	}

	/// Reads the stamp of an Opus packet.
	pub fn read_audio(&self, packet: &[u8]) -> Option<Stamp> {
		let packet = Packet::parse(packet)?;
		let config = [packet.config()];
		let stamp = self.check(
			packet.padding(),
			std::iter::once(&config[..]).chain(packet.frames().iter().copied()),
		)?;
		(stamp.kind == StampKind::Audio).then_some(stamp)
	}

	/// A VP8 frame with a stamp behind it. A decoder reads the last partition only as far as its bool
	/// coder goes and does not see it.
	pub fn stamp_video(&self, now: Instant, layer: u8, sequence: u32, frame: &[u8]) -> Vec<u8> {
		let stamp = self.make(now, StampKind::Video(layer), sequence, [frame]);
		[frame, &stamp].concat()
	}

	/// Ends a packet of the ramp, the VP8 data of it, with a stamp. `None` if there is no room.
	pub fn stamp_load(&self, now: Instant, sequence: u32, packet: &mut [u8]) -> Option<()> {
		let (media, end) = packet.split_at_mut(packet.len().checked_sub(STAMP_BYTES)?);
		end.copy_from_slice(&self.make(now, StampKind::Load, sequence, [&*media]));
		Some(())
	}

	/// Whether VP8 data of one packet ends with a stamp of the ramp.
	pub fn is_load(&self, packet: &[u8]) -> bool {
		let kind = packet.len().checked_sub(STAMP_BYTES).and_then(|at| packet.get(at));
		kind == Some(&LOAD)
			&& self.read_video(packet).is_some_and(|stamp| stamp.kind == StampKind::Load)
	}

	/// Reads the stamp of a VP8 frame, or of a packet of the ramp.
	pub fn read_video(&self, frame: &[u8]) -> Option<Stamp> {
		let (media, stamp) = frame.split_at_checked(frame.len().checked_sub(STAMP_BYTES)?)?;
		let stamp = self.check(stamp, [media])?;
		(stamp.kind != StampKind::Audio).then_some(stamp)
	}
}

#[cfg(test)]
mod tests {
	use std::time::Duration;

	use proptest::prelude::*;

	use super::*;
	use crate::files::samples;

	fn stamper(key: u8) -> Stamper {
		Stamper::new(ProbeKey([key; 32]), Instant::now())
	}

	#[test]
	fn reads_back_when_key_is_the_same() {
		let s = stamper(1);
		let at = s.epoch() + Duration::from_micros(12_345);
		for (n, packet) in samples().audio.iter().enumerate() {
			let stamped = s.stamp_audio(at, n as u32, packet).unwrap();
			assert_eq!(stamped.len(), packet.len() + 2 + STAMP_BYTES);
			let stamp = s.read_audio(&stamped).unwrap();
			assert_eq!(
				(stamp.kind, stamp.sequence, stamp.time),
				(StampKind::Audio, n as u32, 12_345)
			);
			assert_eq!(stamp.age_us(s.epoch(), at + Duration::from_millis(1)), 1_000);
			assert_eq!(stamper(2).read_audio(&stamped), None);
		}
		let frame = &samples().video[1].frames[0];
		let stamped = s.stamp_video(at, 1, 7, frame);
		assert_eq!(
			s.read_video(&stamped).map(|s| (s.kind, s.sequence)),
			Some((StampKind::Video(1), 7))
		);
		assert_eq!(s.read_video(frame), None);
	}

	#[test]
	fn refuses_when_any_byte_differs() {
		let s = stamper(1);
		let stamped = s.stamp_audio(s.epoch(), 3, &samples().audio[5]).unwrap();
		for i in 0..stamped.len() {
			let mut forged = stamped.clone();
			forged[i] ^= 1;
			assert_eq!(s.read_audio(&forged), None, "{i}");
		}
		let stamped = s.stamp_video(s.epoch(), 0, 3, &[1, 2, 3]);
		for i in 0..stamped.len() {
			let mut forged = stamped.clone();
			forged[i] ^= 1;
			assert_eq!(s.read_video(&forged), None, "{i}");
		}
	}

	#[test]
	fn packets_of_the_ramp_are_told_from_frames() {
		let s = stamper(1);
		let mut packet = vec![7; 40];
		assert_eq!(s.stamp_load(s.epoch(), 9, &mut packet), Some(()));
		let read = s.read_video(&packet).map(|s| (s.kind, s.sequence));
		assert_eq!(read, Some((StampKind::Load, 9)));
		assert!(s.is_load(&packet) && !stamper(2).is_load(&packet));
		assert!(!s.is_load(&s.stamp_video(s.epoch(), 2, 9, &[1, 2, 3])));
		packet[0] ^= 1;
		assert!(!s.is_load(&packet) && !s.is_load(&[]));
		assert_eq!(s.stamp_load(s.epoch(), 9, &mut [0; STAMP_BYTES - 1]), None);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
			let s = stamper(1);
			prop_assert_eq!(s.read_audio(&bytes), None);
			prop_assert_eq!(s.read_video(&bytes), None);
		}
	}
}
