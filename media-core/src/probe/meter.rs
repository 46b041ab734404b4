//! From events of the two clients to a [`ProbeResult`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::{ProbeConfig, ProbeKey, ProbeResult, Stamp, StampKind, Stamper};
use crate::client::Event;
use crate::quality::{
	audio_quality, basis_points, burst_ratio, video_score, AudioObservation, CodecImpairment,
	FreezeDetector, VideoObservation,
};
use crate::vp8::is_keyframe;
use crate::MediaKind;

/// Stamps remembered in each direction; a probe of a minute has some 7,000.
const MAX_STAMPS: usize = 100_000;

#[derive(Debug, Clone, Copy)]
struct Sent {
	at: Instant,
	bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Back {
	at: Instant,
	age_us: u32,
	bytes: usize,
	keyframe: bool,
}

/// What was sent in the window.
type Window = BTreeMap<(StampKind, u32), Sent>;

/// Follows one probe from `started` to its result.
#[derive(Debug)]
pub struct ProbeMeter {
	stamper: Stamper,
	config: ProbeConfig,
	started: Instant,
	first_back: Option<Instant>,
	sent: BTreeMap<(StampKind, u32), Sent>,
	back: BTreeMap<(StampKind, u32), Back>,
}

impl ProbeMeter {
	/// A meter for a probe whose WebSocket connect begins at `started`; the clients' `epoch` must be
	/// the same.
	pub fn new(key: ProbeKey, started: Instant, config: ProbeConfig) -> Self {
		Self {
			stamper: Stamper::new(key, started),
			config,
			started,
			first_back: None,
			sent: BTreeMap::new(),
			back: BTreeMap::new(),
		}
	}

	/// Feeds every event of the publishing client.
	pub fn published(&mut self, _now: Instant, event: &Event) {
		if let Event::Sent { kind, sequence, bytes, at } = event {
			if self.sent.len() < MAX_STAMPS {
				self.sent.insert((*kind, *sequence), Sent { at: *at, bytes: *bytes });
			}
		}
	}

	/// Feeds every event of the subscribing client.
	pub fn subscribed(&mut self, _now: Instant, event: &Event) {
		let Event::Frame { kind, at, data, .. } = event else { return };
		let (stamp, keyframe) = match kind {
			MediaKind::Audio => (self.stamper.read_audio(data), false),
			MediaKind::Video => (self.stamper.read_video(data), is_keyframe(data)),
		};
		let Some(stamp) = stamp else { return };
		self.first_back.get_or_insert(*at);
		if self.back.len() < MAX_STAMPS {
			let Stamp { kind, sequence, .. } = stamp;
			let age_us = stamp.age_us(self.started, *at);
			// The first copy counts.
			self.back.entry((kind, sequence)).or_insert(Back {
				at: *at,
				age_us,
				bytes: data.len(),
				keyframe,
			});
		}
	}

	/// Start and end of the window, once media came back.
	fn window(&self) -> Option<(Instant, Instant)> {
		let start = self.first_back? + self.config.warm_up;
		Some((start, start + self.config.window))
	}

	/// When to look at [`is_finished`](Self::is_finished) again at the latest.
	pub fn deadline(&self) -> Instant {
		match self.window() {
			Some((_, end)) => end + self.config.grace,
			None => self.started + self.config.setup_timeout,
		}
	}

	/// Whether the window and its grace are over, or the target is dead.
	pub fn is_finished(&self, now: Instant) -> bool {
		now >= self.deadline()
	}

	/// The result, of what has been seen so far if not finished.
	pub fn result(&self, now: Instant) -> ProbeResult {
		let Some((start, end)) = self.window() else {
			return ProbeResult { loss_bp: 10_000, mos_centi: 100, ..ProbeResult::default() };
		};
		// What was sent less than the grace ago may still be on its way.
		let end = now.checked_sub(self.config.grace).map_or(start, |t| t.min(end)).max(start);
		let length = end.saturating_duration_since(start);
		let inside = |at: Instant| start <= at && at < end;
		let sent: Window =
			self.sent.iter().filter(|(_, s)| inside(s.at)).map(|(k, s)| (*k, *s)).collect();
		let setup =
			self.first_back.map_or(Duration::ZERO, |at| at.saturating_duration_since(self.started));
		let mut result =
			ProbeResult { up: true, setup_ms: clamp(setup.as_millis()), ..ProbeResult::default() };
		self.audio(&sent, &mut result);
		self.video(&sent, start, end, &mut result);
		let millis = length.as_millis().max(1);
		let kbps = |bytes: u128| clamp(bytes * 8 / millis);
		result.up_kbps = kbps(sent.values().map(|s| s.bytes as u128).sum());
		result.down_kbps =
			kbps(sent.keys().filter_map(|k| self.timely(k, &sent)).map(|b| b.bytes as u128).sum());
		result
	}

	/// What came back of something, within the grace.
	fn timely(&self, key: &(StampKind, u32), sent: &Window) -> Option<&Back> {
		let sent = sent.get(key)?;
		self.back.get(key).filter(|b| b.at.saturating_duration_since(sent.at) <= self.config.grace)
	}

	fn audio(&self, sent: &Window, result: &mut ProbeResult) {
		let (mut lost, mut bursts, mut in_burst) = (0u64, 0u64, false);
		let mut back = Vec::new();
		for key in sent.keys().filter(|(kind, _)| *kind == StampKind::Audio) {
			result.audio_sent += 1;
			match self.timely(key, sent) {
				Some(b) => {
					back.push(*b);
					in_burst = false;
				}
				None => {
					lost += 1;
					bursts += u64::from(!std::mem::replace(&mut in_burst, true));
				}
			}
		}
		result.audio_received = clamp(back.len() as u128);
		let loss =
			if result.audio_sent == 0 { 1.0 } else { lost as f64 / f64::from(result.audio_sent) };
		result.loss_bp = basis_points(loss);

		// RFC 3550 A.8: the difference of two packets' transit times is the difference of their ages.
		back.sort_by_key(|b| b.at);
		let mut jitter = 0.0;
		for pair in back.windows(2) {
			if let [a, b] = pair {
				jitter += (f64::from(a.age_us.abs_diff(b.age_us)) - jitter) / 16.0;
			}
		}
		result.jitter_us = jitter as u32;

		let mut ages: Vec<u32> = back.iter().map(|b| b.age_us).collect();
		ages.sort_unstable();
		let rank = |percent: usize| {
			ages.get((ages.len().saturating_sub(1) * percent).div_ceil(100)).copied()
		};
		result.rtt_min_us = rank(0).unwrap_or(0);
		result.rtt_median_us = rank(50).unwrap_or(0);
		result.rtt_p95_us = rank(95).unwrap_or(0);

		if ages.is_empty() {
			result.mos_centi = 100;
			return;
		}
		// A playout buffer of twice the jitter, if that is more than the configured one.
		let playout = self.config.playout_delay.as_secs_f64() * 1_000.0;
		let buffer = (jitter * 2.0 / 1_000.0).max(playout);
		let quality = audio_quality(AudioObservation {
			delay_ms: f64::from(result.rtt_median_us) / 2_000.0 + buffer,
			loss_percent: loss * 100.0,
			burst_ratio: burst_ratio(lost, bursts, loss * 100.0),
			codec: CodecImpairment::OPUS_PROVISIONAL,
		});
		(result.mos_centi, result.r_centi) = (quality.mos_centi(), quality.r_centi());
	}

	fn video(&self, sent: &Window, start: Instant, end: Instant, result: &mut ProbeResult) {
		let layer_of = |key: &(StampKind, u32)| match key.0 {
			StampKind::Video(layer) => Some((layer, key.1)),
			StampKind::Audio => None,
		};
		let pictures: BTreeSet<u32> = sent.keys().filter_map(layer_of).map(|(_, n)| n).collect();
		let top = sent.keys().filter_map(layer_of).map(|(layer, _)| layer).max().unwrap_or(0);

		// In the order of pictures; the higher layer where a switch brought both.
		let mut frames: BTreeMap<u32, (u8, &Back)> = BTreeMap::new();
		for (key, back) in &self.back {
			let late = self
				.sent
				.get(key)
				.is_none_or(|s| back.at.saturating_duration_since(s.at) > self.config.grace);
			if let Some((layer, number)) = layer_of(key).filter(|_| !late) {
				frames.insert(number, (layer, back));
			}
		}
		let mut freezes = FreezeDetector::default();
		let mut decoded: Option<(u8, u32)> = None;
		let mut shown: Option<Instant> = None;
		let (mut distance, mut bytes_back, mut bytes_sent) = (0u64, 0u64, 0u64);
		let mut per_layer: BTreeMap<u8, u32> = BTreeMap::new();
		for (number, (layer, back)) in &frames {
			// A frame can be decoded if it is a keyframe or follows one that could.
			if !back.keyframe && decoded != Some((*layer, number.wrapping_sub(1))) {
				continue;
			}
			decoded = Some((*layer, *number));
			let at = shown.map_or(back.at, |s| s.max(back.at));
			shown = Some(at);
			if !pictures.contains(number) {
				continue;
			}
			freezes.frame(at);
			result.frames_received += 1;
			distance += u64::from(top - (*layer).min(top));
			*per_layer.entry(*layer).or_default() += 1;
			bytes_back += back.bytes as u64;
			bytes_sent +=
				sent.get(&(StampKind::Video(*layer), *number)).map_or(0, |s| s.bytes as u64);
		}
		freezes.finish(end + Duration::from_micros(result.rtt_median_us.into()));
		result.frames_sent = clamp(pictures.len() as u128);
		result.freezes = clamp(freezes.count().into());
		result.freeze_ms = clamp(freezes.frozen().as_millis());
		result.layer = per_layer.iter().max_by_key(|(_, n)| **n).map_or(0, |(layer, _)| *layer);
		let received = f64::from(result.frames_received).max(1.0);
		result.video_bp = video_score(VideoObservation {
			duration: end.saturating_duration_since(start),
			frames_sent: pictures.len() as u64,
			frames_received: result.frames_received.into(),
			frozen: freezes.frozen(),
			freezes: freezes.count(),
			layer_distance: distance as f64 / received,
			bitrate_ratio: bytes_back as f64 / bytes_sent.max(1) as f64,
		});
	}
}

fn clamp(n: u128) -> u32 {
	u32::try_from(n).unwrap_or(u32::MAX)
}
