//! From events of the two clients to a [`ProbeResult`].

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::ramp::{Beside, Ramp};
use super::{ProbeConfig, ProbeKey, ProbeResult, Stamp, StampKind, Stamper};
use crate::client::Event;
use crate::files::samples;
use crate::quality::{
	audio_quality, basis_points, burst_ratio, video_score, AudioObservation, CodecImpairment,
	FreezeDetector, VideoObservation,
};
use crate::vp8::is_keyframe;
use crate::{MediaKind, TransportKind};

/// Stamps remembered in each direction; a probe of a minute has some 7,000.
const MAX_STAMPS: usize = 100_000;
/// Interruptions remembered; a target that makes more has lost anyway.
const MAX_OUTAGES: usize = 1_000;
/// Between two audio packets.
const AUDIO_PERIOD: Duration = Duration::from_millis(20);

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
	/// When the publisher could not send though it should have; the last one may go on.
	outages: Vec<(Instant, Option<Instant>)>,
	sent: BTreeMap<(StampKind, u32), Sent>,
	back: BTreeMap<(StampKind, u32), Back>,
	ramp: Option<Ramp>,
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
			outages: Vec::new(),
			sent: BTreeMap::new(),
			back: BTreeMap::new(),
			ramp: config.ramp.map(Ramp::new),
		}
	}

	/// Feeds every event of the publishing client.
	pub fn published(&mut self, now: Instant, event: &Event) {
		match event {
			Event::Sent { kind: StampKind::Load, sequence, bytes, at } => {
				if let Some(ramp) = &mut self.ramp {
					ramp.sent(*sequence, *bytes, *at);
				}
			}
			Event::Sent { kind, sequence, bytes, at } if self.sent.len() < MAX_STAMPS => {
				self.sent.insert((*kind, *sequence), Sent { at: *at, bytes: *bytes });
				if let Some(ramp) = self.ramp.as_mut().filter(|r| r.has_begun()) {
					ramp.spent += *bytes as u64;
				}
			}
			Event::Failed(TransportKind::Publisher) => self.interrupted(now),
			Event::Connected(TransportKind::Publisher) => {
				if let Some((_, end @ None)) = self.outages.last_mut() {
					*end = Some(now);
				}
			}
			_ => {}
		}
	}

	/// The publishing client lost the target: it was sent away, or its signalling or its transport ended. What it
	/// would have sent from now until it is connected again counts as sent and lost.
	pub fn interrupted(&mut self, now: Instant) {
		let open = self.outages.last().is_some_and(|(_, end)| end.is_none());
		if !open && self.outages.len() < MAX_OUTAGES {
			self.outages.push((now, None));
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
		if stamp.kind == StampKind::Load {
			if let Some(ramp) = &mut self.ramp {
				ramp.back(stamp.sequence, data.len());
			}
			return;
		}
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
		match self.ramp.as_ref().and_then(Ramp::deadline) {
			Some(step) => step,
			None => self.over(),
		}
	}

	/// When the window and its grace are over, or the target is taken for dead.
	fn over(&self) -> Instant {
		match self.window() {
			Some((_, end)) => end + self.config.grace,
			None => self.started + self.config.setup_timeout,
		}
	}

	/// Whether the window, its grace and the ramp are over, or the target is dead.
	pub fn is_finished(&self, now: Instant) -> bool {
		now >= self.over() && self.ramp.as_ref().is_none_or(Ramp::is_done)
	}

	/// What the publishing client has to carry in its highest layer now, kbit/s; 0 for its sample. Moves the ramp on: to be
	/// called whenever [`deadline`](Self::deadline) has come, before asking whether all is finished.
	pub fn load(&mut self, now: Instant) -> u32 {
		if now < self.over() || self.ramp.as_ref().is_none_or(Ramp::is_done) {
			return 0;
		}
		let base = match &self.ramp {
			Some(ramp) if !ramp.has_begun() => Some(self.result(now)),
			_ => None,
		};
		let lower = base.map_or(0, |_| self.lower_kbps());
		let counts = self.ramp.as_ref().and_then(|r| r.due(now)).map(|step| step.counts);
		let beside = counts.map(|(from, to)| self.beside(from, to)).unwrap_or_default();
		let Some(ramp) = &mut self.ramp else { return 0 };
		match base {
			Some(ProbeResult { up: false, .. }) => ramp.stop(),
			Some(result) => ramp.begin(now, result.up_kbps, lower),
			None if counts.is_some() => ramp.judge(now, beside),
			None => {}
		}
		ramp.load()
	}

	/// What was sent in the window of all that a load does not replace, kbit/s.
	fn lower_kbps(&self) -> u32 {
		let Some((start, end)) = self.window() else { return 0 };
		let top = samples().video.len().saturating_sub(1) as u8;
		let sent = self
			.sent
			.iter()
			.filter(|(key, s)| key.0 != StampKind::Video(top) && start <= s.at && s.at < end);
		let bytes: u128 = sent.map(|(_, s)| s.bytes as u128).sum();
		clamp(bytes * 8 / self.config.window.as_millis().max(1))
	}

	/// What was sent of the ordinary media in a time, and what of it came back by now, each stamp once.
	fn beside(&self, from: Instant, to: Instant) -> Beside {
		let sent = self.sent.iter().filter(|(_, s)| from <= s.at && s.at < to);
		sent.fold(Beside::default(), |b, (key, s)| {
			let back = self.back.get(key).map_or(0, |back| back.bytes.min(s.bytes));
			Beside { sent: b.sent + s.bytes as u64, back: b.back + back as u64 }
		})
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
		let audio = self.audio(&sent, start, end, &mut result);
		let video = self.video(&sent, start, end, &mut result);
		if result.audio_sent > 0 && result.audio_received == 0 && result.frames_received == 0 {
			// It let a stamp through and nothing in the window.
			return ProbeResult { loss_bp: 10_000, mos_centi: 100, ..ProbeResult::default() };
		}
		let millis = length.as_millis().max(1);
		let kbps = |bytes: u128| clamp(bytes * 8 / millis);
		result.up_kbps = kbps(sent.values().map(|s| s.bytes as u128).sum());
		result.down_kbps = kbps(audio + video);
		if let Some(ramp) = &self.ramp {
			result.up_kbps = result.up_kbps.max(ramp.up_kbps);
			result.down_kbps = result.down_kbps.max(ramp.down_kbps);
			(result.ramp_steps, result.ramp_bytes) = (ramp.steps, ramp.spent);
		}
		result
	}

	/// When the schedule would have sent something, but the target did not let it: in interruptions, or always if
	/// nothing of the kind was sent at all.
	fn missed(
		&self,
		sent: &Window,
		kind: MediaKind,
		period: Duration,
		(start, end): (Instant, Instant),
	) -> Vec<Instant> {
		let of_kind = |key: &&(StampKind, u32)| match kind {
			MediaKind::Audio => key.0 == StampKind::Audio,
			MediaKind::Video => key.0 != StampKind::Audio,
		};
		let never = [(start, None)];
		let outages = if sent.keys().any(|k| of_kind(&k)) { &self.outages[..] } else { &never[..] };
		let (mut missed, mut covered) = (Vec::new(), None);
		for (from, until) in outages {
			let until = until.unwrap_or(end).min(end);
			let mut sent = self.sent.iter().filter(|(k, _)| of_kind(k)).map(|(_, s)| s.at);
			// The next one would have followed the last one.
			let mut at = if outages == never {
				start
			} else {
				sent.by_ref().filter(|at| at <= from).max().map_or(*from, |at| at + period)
			};
			// If nothing was sent since the last outage, this one goes on where it ended.
			at = covered.map_or(at, |covered| at.max(covered));
			while at < until && missed.len() < MAX_STAMPS {
				if at >= start {
					missed.push(at);
				}
				at += period;
			}
			covered = Some(covered.map_or(at, |covered: Instant| covered.max(at)));
		}
		missed
	}

	/// What came back of something, within the grace.
	fn timely(&self, key: &(StampKind, u32), sent: &Window) -> Option<&Back> {
		let sent = sent.get(key)?;
		self.back.get(key).filter(|b| b.at.saturating_duration_since(sent.at) <= self.config.grace)
	}

	/// Fills in what concerns audio; bytes that came back.
	fn audio(&self, sent: &Window, start: Instant, end: Instant, result: &mut ProbeResult) -> u128 {
		// In the order of sending: when, and what came back of it.
		let mut packets: Vec<(Instant, Option<Back>)> = sent
			.iter()
			.filter(|((kind, _), _)| *kind == StampKind::Audio)
			.map(|(key, s)| {
				// Padding that was added on the way is nothing that was sent.
				let back = self.timely(key, sent);
				(s.at, back.map(|b| Back { bytes: b.bytes.min(s.bytes), ..*b }))
			})
			.collect();
		let missed = self.missed(sent, MediaKind::Audio, AUDIO_PERIOD, (start, end));
		packets.extend(missed.into_iter().map(|at| (at, None)));
		packets.sort_by_key(|(at, _)| *at);
		let mut back: Vec<Back> = packets.iter().filter_map(|(_, b)| *b).collect();
		let bytes = back.iter().map(|b| b.bytes as u128).sum();
		result.audio_sent = clamp(packets.len() as u128);
		result.audio_received = clamp(back.len() as u128);
		let share = |lost: u64| match result.audio_sent {
			0 => 1.0,
			sent => lost as f64 / f64::from(sent),
		};
		result.loss_bp = basis_points(share((packets.len() - back.len()) as u64));

		// RFC 3550 A.8: the difference of two packets' transit times is the difference of their ages. Its estimate
		// forgets in 16 packets: the mean of it stands for the window.
		back.sort_by_key(|b| b.at);
		let (mut estimate, mut sum, mut pairs) = (0.0, 0.0, 0u32);
		for pair in back.windows(2) {
			if let [a, b] = pair {
				let difference = f64::from(a.age_us.abs_diff(b.age_us));
				// The first one is the estimate, so that short windows are not flattered.
				let weight = if pairs == 0 { 1.0 } else { 1.0 / 16.0 };
				estimate += (difference - estimate) * weight;
				sum += estimate;
				pairs += 1;
			}
		}
		let jitter = sum / f64::from(pairs.max(1));
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
			return 0;
		}
		// A playout buffer of twice the jitter, if that is more than the configured one. What it does not hold
		// back long enough is not heard.
		let playout = self.config.playout_delay.as_secs_f64() * 1_000.0;
		let buffer = (jitter * 2.0 / 1_000.0).max(playout);
		let latest = f64::from(result.rtt_median_us) + buffer * 1_000.0;
		let (mut lost, mut bursts, mut in_burst) = (0u64, 0u64, false);
		for (_, back) in &packets {
			let heard = back.is_some_and(|b| f64::from(b.age_us) <= latest);
			lost += u64::from(!heard);
			bursts += u64::from(!heard && !in_burst);
			in_burst = !heard;
		}
		let loss_percent = share(lost) * 100.0;
		let quality = audio_quality(AudioObservation {
			delay_ms: f64::from(result.rtt_median_us) / 2_000.0 + buffer,
			loss_percent,
			burst_ratio: burst_ratio(lost, bursts, loss_percent),
			codec: CodecImpairment::OPUS_PROVISIONAL,
		});
		(result.mos_centi, result.r_centi) = (quality.mos_centi(), quality.r_centi());
		bytes
	}

	/// Fills in what concerns video; bytes that came back of what could be shown.
	fn video(&self, sent: &Window, start: Instant, end: Instant, result: &mut ProbeResult) -> u128 {
		let layer_of = |key: &(StampKind, u32)| match key.0 {
			StampKind::Video(layer) => Some((layer, key.1)),
			StampKind::Audio | StampKind::Load => None,
		};
		let pictures: BTreeSet<u32> = sent.keys().filter_map(layer_of).map(|(_, n)| n).collect();
		let period = Duration::from_secs(1) / samples().frame_rate.max(1);
		let missed = self.missed(sent, MediaKind::Video, period, (start, end)).len();
		// All layers are published: one that the target did not take is missing, too.
		let top = samples().video.len().saturating_sub(1) as u8;

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
			let bytes =
				sent.get(&(StampKind::Video(*layer), *number)).map_or(0, |s| s.bytes as u64);
			bytes_back += bytes.min(back.bytes as u64);
			bytes_sent += bytes;
		}
		freezes.finish(end + Duration::from_micros(result.rtt_median_us.into()));
		let length = end.saturating_duration_since(start);
		let frames_sent = (pictures.len() + missed) as u64;
		let (count, frozen) = match result.frames_received {
			// Less than two pictures do not move.
			0 | 1 if frames_sent > 1 => (1, length),
			_ => (freezes.count(), freezes.frozen()),
		};
		result.frames_sent = clamp(frames_sent.into());
		result.freezes = clamp(count.into());
		result.freeze_ms = clamp(frozen.as_millis());
		result.layer = per_layer.iter().max_by_key(|(_, n)| **n).map_or(0, |(layer, _)| *layer);
		let received = f64::from(result.frames_received).max(1.0);
		result.video_bp = video_score(VideoObservation {
			duration: length,
			frames_sent,
			frames_received: result.frames_received.into(),
			frozen,
			freezes: count,
			layer_distance: distance as f64 / received,
			bitrate_ratio: bytes_back as f64 / bytes_sent.max(1) as f64,
		});
		bytes_back.into()
	}
}

fn clamp(n: u128) -> u32 {
	u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
