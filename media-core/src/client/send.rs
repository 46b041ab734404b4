//! Plays the samples in a loop.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use str0m::format::Codec;
use str0m::media::{Mid, Pt, Rid};
use str0m::rtp::{RtpWrite, Ssrc};

use super::load::Load;
use super::types::Event;
use crate::files::{samples, VideoSample};
use crate::probe::{StampKind, Stamper};
use crate::transport::Transport;
use crate::vp8::{is_keyframe, packetize, PictureIds};
use crate::MediaKind;

/// Duration of an Opus packet of the samples.
const AUDIO_FRAME: Duration = Duration::from_millis(20);
/// Behind by more than this (the process stood still), it goes on from now.
const MAX_LAG: Duration = Duration::from_millis(500);
/// Two keyframe requests for a layer are honoured in this time, others are ignored, as an encoder with a rate
/// control would: who asks shall not decide how much is sent.
const KEYFRAME_INTERVAL: Duration = Duration::from_secs(2);

/// One outgoing RTP stream.
#[derive(Debug, Default)]
struct Stream {
	tx: Option<(Ssrc, Pt)>,
	/// Next frame of the sample.
	position: usize,
	sequence: u64,
	ids: (u16, u8),
	/// When the last two keyframe requests were honoured, the older one first.
	asked: [Option<Instant>; 2],
}

impl Stream {
	/// Finds out where to write, once negotiated.
	fn bind(
		&mut self,
		t: &mut Transport,
		mid: Mid,
		rid: Option<Rid>,
		codec: Codec,
	) -> Option<(Ssrc, Pt)> {
		if self.tx.is_none() {
			let rtc = &mut t.rtc;
			let accepted: Vec<Pt> =
				rtc.media(mid).map(|m| m.remote_pts().to_vec()).unwrap_or_default();
			let config = rtc.codec_config();
			let pt = accepted.into_iter().find(|pt| {
				config.find(|p| p.pt() == *pt).is_some_and(|p| p.spec().codec == codec)
			})?;
			let ssrc = rtc.direct_api().stream_tx_by_mid(mid, rid)?.ssrc();
			self.tx = Some((ssrc, pt));
		}
		self.tx
	}
}

/// Plays the samples.
#[derive(Debug)]
pub(super) struct Sender {
	stamper: Option<Stamper>,
	audio_line: Option<Mid>,
	video_line: Option<Mid>,
	audio_paused: bool,
	video_paused: bool,
	audio: Stream,
	layers: Vec<Stream>,
	next_audio: Instant,
	next_video: Instant,
	audio_count: u32,
	video_count: u32,
	/// The layer of the present picture that is next.
	layer: usize,
	/// In place of the highest layer's sample.
	load: Load,
}

impl Sender {
	pub(super) fn new(now: Instant, stamper: Option<Stamper>) -> Self {
		Self {
			stamper,
			audio_line: None,
			video_line: None,
			audio_paused: false,
			video_paused: false,
			audio: Stream::default(),
			layers: samples().video.iter().map(|_| Stream::default()).collect(),
			next_audio: now,
			next_video: now,
			audio_count: 0,
			video_count: 0,
			layer: 0,
			load: Load::new(now),
		}
	}

	pub(super) fn has_lines(&self) -> bool {
		self.audio_line.is_some() || self.video_line.is_some()
	}

	pub(super) fn set_line(&mut self, kind: MediaKind, mid: Mid) {
		match kind {
			MediaKind::Audio => self.audio_line = Some(mid),
			MediaKind::Video => self.video_line = Some(mid),
		}
	}

	pub(super) fn set_paused(&mut self, kind: MediaKind, paused: bool) {
		match kind {
			MediaKind::Audio => self.audio_paused = paused,
			MediaKind::Video => self.video_paused = paused,
		}
	}

	/// Bits per second that the highest layer carries instead of its sample; 0 for the sample. Only what is stamped can be
	/// loaded.
	pub(super) fn set_load(&mut self, now: Instant, rate: u64) {
		let rate = if self.stamper.is_some() && self.video_line.is_some() { rate } else { 0 };
		self.load.set_rate(now, rate);
	}

	/// Plays from now on.
	pub(super) fn start(&mut self, now: Instant) {
		(self.next_audio, self.next_video, self.layer) = (now, now, 0);
	}

	/// When the next frame is due.
	pub(super) fn deadline(&self) -> Option<Instant> {
		let audio = self.audio_line.map(|_| self.next_audio);
		let video = self.video_line.map(|_| self.next_video);
		audio.into_iter().chain(video).chain(self.load.deadline()).min()
	}

	/// A real encoder would make a keyframe: go to the sample's next one, at most twice in two seconds for a layer.
	pub(super) fn on_keyframe_request(&mut self, now: Instant, rid: Option<Rid>) {
		for (stream, sample) in self.layers.iter_mut().zip(&samples().video) {
			let early = stream.asked[0]
				.is_some_and(|at| now.saturating_duration_since(at) < KEYFRAME_INTERVAL);
			if !early && rid.is_none_or(|r| *r == *sample.rid) {
				stream.asked = [stream.asked[1], Some(now)];
				let (before, after) =
					sample.frames.split_at(stream.position.min(sample.frames.len()));
				stream.position = match after.iter().position(|f| is_keyframe(f)) {
					Some(at) => before.len() + at,
					None => 0,
				};
			}
		}
	}

	/// Plays one frame that is due and hands it to the transport. `None`: nothing is due. The inner
	/// event tells of a stamp.
	pub(super) fn play(&mut self, now: Instant, t: &mut Transport) -> Option<Option<Event>> {
		if let Some(mid) = self.audio_line.filter(|_| self.next_audio <= now) {
			if now.saturating_duration_since(self.next_audio) > MAX_LAG {
				self.next_audio = now;
			}
			self.next_audio += AUDIO_FRAME;
			let count = self.audio_count;
			self.audio_count = count.wrapping_add(1);
			return Some(if self.audio_paused {
				None
			} else {
				self.play_audio(now, t, mid, count)
			});
		}
		if self.load.is_due(now) && !self.wants_keyframe() {
			let played = self.play_load(now, t);
			if played.is_none() {
				// There is no stream for it.
				self.load.set_rate(now, 0);
			}
			return Some(played);
		}
		let mid = self.video_line.filter(|_| self.next_video <= now)?;
		let samples = samples();
		let (count, index) = (self.video_count, self.layer);
		self.layer += 1;
		if self.layer >= self.layers.len() {
			self.layer = 0;
			self.video_count = count.wrapping_add(1);
			if now.saturating_duration_since(self.next_video) > MAX_LAG {
				self.next_video = now;
			}
			self.next_video += Duration::from_secs(1) / samples.frame_rate;
		}
		let sample = samples.video.get(index)?;
		let top = index + 1 >= self.layers.len();
		let loaded = top && self.load.is_on() && !self.wants_keyframe();
		Some(if self.video_paused || loaded {
			None
		} else {
			self.play_layer(now, t, mid, count, index, sample)
		})
	}

	/// Sends one audio packet with a payload and timestamp of the caller's.
	pub(super) fn write_audio(
		&mut self,
		now: Instant,
		t: &mut Transport,
		timestamp: u32,
		payload: Vec<u8>,
	) -> bool {
		let bound = self.audio_line.and_then(|mid| self.audio.bind(t, mid, None, Codec::Opus));
		let Some(tx) = bound else { return false };
		write(t, tx, &mut self.audio.sequence, timestamp, now, payload, false, false);
		true
	}

	/// A load gives way to a keyframe that was asked for, between two of its pictures.
	fn wants_keyframe(&self) -> bool {
		let (stream, sample) = (self.layers.last(), samples().video.last());
		let next = stream.zip(sample).and_then(|(stream, s)| s.frames.get(stream.position));
		self.load.is_between_pictures() && next.is_some_and(|f| is_keyframe(f))
	}

	/// One packet of the load.
	fn play_load(&mut self, now: Instant, t: &mut Transport) -> Option<Event> {
		let (mid, samples) = (self.video_line?, samples());
		let rid = samples.video.last().map(|s| Rid::from(s.rid));
		let (stream, stamper) = (self.layers.last_mut()?, self.stamper.as_ref()?);
		let tx = stream.bind(t, mid, rid, Codec::Vp8)?;
		let (rate, ids, count) = (samples.frame_rate, &mut stream.ids, self.video_count);
		let piece = self.load.piece(now, stamper, rate, || {
			*ids = (ids.0.wrapping_add(1), ids.1.wrapping_add(1));
			(timestamp_of(count, rate), PictureIds { picture: ids.0, tl0: ids.1 })
		})?;
		let (sequence, bytes) = (piece.sequence, piece.bytes);
		// Not repeated when the target asks for it: what is sent stays within the budget.
		write(
			t,
			tx,
			&mut stream.sequence,
			piece.timestamp,
			now,
			piece.payload,
			piece.marker,
			false,
		);
		Some(Event::Sent { kind: StampKind::Load, sequence, bytes, at: now })
	}

	fn play_audio(
		&mut self,
		now: Instant,
		t: &mut Transport,
		mid: Mid,
		count: u32,
	) -> Option<Event> {
		let tx = self.audio.bind(t, mid, None, Codec::Opus)?;
		let frames = &samples().audio;
		let packet = frames.get(self.audio.position % frames.len().max(1))?;
		self.audio.position = (self.audio.position + 1) % frames.len().max(1);
		let (payload, stamped) =
			match self.stamper.as_ref().and_then(|s| s.stamp_audio(now, count, packet)) {
				Some(stamped) => (Cow::Owned(stamped), true),
				None => (Cow::Borrowed(&packet[..]), false),
			};
		let bytes = payload.len();
		let timestamp = count.wrapping_mul(960);
		write(
			t,
			tx,
			&mut self.audio.sequence,
			timestamp,
			now,
			payload.into_owned(),
			count == 0,
			false,
		);
		stamped.then_some(Event::Sent { kind: StampKind::Audio, sequence: count, bytes, at: now })
	}

	fn play_layer(
		&mut self,
		now: Instant,
		t: &mut Transport,
		mid: Mid,
		count: u32,
		index: usize,
		sample: &VideoSample,
	) -> Option<Event> {
		let stream = self.layers.get_mut(index)?;
		let tx = stream.bind(t, mid, Some(Rid::from(sample.rid)), Codec::Vp8)?;
		let frame = sample.frames.get(stream.position)?;
		stream.position = (stream.position + 1) % sample.frames.len().max(1);
		let kind = StampKind::Video(index as u8);
		let stamped = self.stamper.as_ref().map(|s| s.stamp_video(now, index as u8, count, frame));
		let data = stamped.as_deref().unwrap_or(frame);
		stream.ids = (stream.ids.0.wrapping_add(1), stream.ids.1.wrapping_add(1));
		let packets = packetize(data, PictureIds { picture: stream.ids.0, tl0: stream.ids.1 });
		let timestamp = timestamp_of(count, samples().frame_rate);
		let last = packets.len().saturating_sub(1);
		for (i, packet) in packets.into_iter().enumerate() {
			write(t, tx, &mut stream.sequence, timestamp, now, packet, i == last, true);
		}
		stamped.as_ref().map(|s| Event::Sent { kind, sequence: count, bytes: s.len(), at: now })
	}
}

/// RTP timestamp of a picture.
fn timestamp_of(count: u32, frame_rate: u32) -> u32 {
	(u64::from(count) * 90_000 / u64::from(frame_rate.max(1))) as u32
}

#[allow(clippy::too_many_arguments)]
fn write(
	t: &mut Transport,
	(ssrc, pt): (Ssrc, Pt),
	sequence: &mut u64,
	timestamp: u32,
	now: Instant,
	payload: Vec<u8>,
	marker: bool,
	nackable: bool,
) {
	*sequence += 1;
	let packet = RtpWrite::new(pt, (*sequence).into(), timestamp, now, payload)
		.marker(marker)
		.nackable(nackable);
	let _ = t.guard(|t| {
		t.rtc.direct_api().stream_tx(&ssrc).map(|tx| tx.write_rtp(packet)).ok_or("no stream")
	});
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn requests_for_keyframes_are_honoured_twice_in_two_seconds_and_layer() {
		let t = Instant::now();
		let mut sender = Sender::new(t, None);
		let top = Some(Rid::from(samples().video[2].rid));
		let play = |sender: &mut Sender| sender.layers.iter_mut().for_each(|l| l.position = 1);
		let positions = |sender: &Sender| [0, 1, 2].map(|i| sender.layers[i].position);
		play(&mut sender);
		let keyframe = |i: usize| {
			let frames = &samples().video[i].frames;
			frames.iter().skip(1).position(|f| is_keyframe(f)).map_or(0, |at| at + 1)
		};
		let ms = |ms| t + Duration::from_millis(ms);
		for at in [0, 700] {
			sender.on_keyframe_request(ms(at), top);
			assert_eq!(positions(&sender), [1, 1, keyframe(2)]);
			play(&mut sender);
		}
		sender.on_keyframe_request(ms(1_999), top);
		assert_eq!(positions(&sender), [1, 1, 1]);
		// Other layers have a clock of their own.
		sender.on_keyframe_request(ms(1_999), None);
		assert_eq!(positions(&sender), [keyframe(0), keyframe(1), 1]);
		play(&mut sender);
		sender.on_keyframe_request(ms(2_000), top);
		assert_eq!(positions(&sender), [1, 1, keyframe(2)]);
		play(&mut sender);
		sender.on_keyframe_request(ms(2_001), top);
		assert_eq!(positions(&sender), [1, 1, 1]);
	}
}
