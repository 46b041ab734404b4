//! What an SFU's participants got, by the reports of their own receivers.
//!
//! A receiver report (RFC 3550 §6.4.1) of a forwarded stream speaks of the whole way from one participant through the
//! SFU to another: the SFU keeps the distances of sequence numbers and timestamps, so that a gap or a delay before it
//! is one behind it. That is the way that a probe measures, too, and both can be laid side by side.
//!
//! [`Service`] holds sums of integers since the start and nothing about anybody. What happened between two moments is
//! the difference of two of them.

use std::time::{Duration, Instant};

use crate::quality::{audio_quality, AudioObservation, CodecImpairment};
use crate::MediaKind;

/// Longest jitter or round trip that is believed of a report.
const LONGEST: Duration = Duration::from_secs(10);
/// What a receiver holds back at least: the default of [`ProbeConfig`](crate::probe::ProbeConfig).
const PLAYOUT_MS: f64 = 60.0;
/// Lost packets are summed up in millionths, so that shares of them stay integers.
const MILLION: u128 = 1_000_000;

/// Sums over all participants that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Service {
	/// Participants that have been connected.
	pub participants: u64,
	/// Those of them that are still there.
	pub present: u64,
	/// Bytes of media that came from them.
	pub bytes_up: u64,
	/// Bytes of media that went to them, without repetitions.
	pub bytes_down: u64,
	/// What they reported of audio.
	pub audio: Reception,
	/// What they reported of video.
	pub video: Reception,
}

/// Sums over receivers' reports, weighted by the packets that each report speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reception {
	packets: u64,
	/// Millionths of packets.
	lost: u128,
	/// Packets of the reports whose jitter counts.
	jitter_packets: u64,
	jitter_us: u128,
	/// Packets of the reports that told a round trip.
	rtt_packets: u64,
	rtt_us: u128,
}

/// Means of a [`Service`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
	/// Participants.
	pub participants: u64,
	/// Packets that were lost between two participants, rounded up.
	pub loss_bp: u16,
	/// Interarrival jitter at the receivers (RFC 3550 §6.4.1), microseconds.
	pub jitter_us: u32,
	/// Round trip between SFU and receiver, microseconds; zero if none was told.
	pub rtt_us: u32,
	/// Mean opinion score (ITU-T G.107) of these three, in hundredths.
	pub mos_centi: u16,
	/// Media from the participants, kbit/s.
	pub up_kbps: u64,
	/// Media to them, kbit/s.
	pub down_kbps: u64,
}

impl Service {
	/// What happened since `earlier`; a participant that was there then counts.
	pub fn since(&self, earlier: &Self) -> Self {
		let newcomers = self.participants.saturating_sub(earlier.participants);
		Self {
			participants: newcomers.saturating_add(earlier.present),
			present: self.present,
			bytes_up: self.bytes_up.saturating_sub(earlier.bytes_up),
			bytes_down: self.bytes_down.saturating_sub(earlier.bytes_down),
			audio: self.audio.since(&earlier.audio),
			video: self.video.since(&earlier.video),
		}
	}

	/// The means, rates over `length`: of audio, or of video if nobody reported of audio. Nothing if there was no
	/// call, so that no receiver reported anything.
	pub fn figures(&self, length: Duration) -> Option<Figures> {
		let Reception { packets, lost, jitter_packets, jitter_us, rtt_packets, rtt_us } =
			[self.audio, self.video].into_iter().find(|r| r.packets > 0)?;
		let mean = |sum: u128, weight: u64| clamp(sum / u128::from(weight.max(1)));
		let (jitter_us, rtt_us) = (mean(jitter_us, jitter_packets), mean(rtt_us, rtt_packets));
		let all = u128::from(packets) * MILLION;
		// Rounded up: a lost packet is never rounded away.
		let loss_bp = lost.saturating_mul(10_000).div_ceil(all).min(10_000);
		let buffer = (f64::from(jitter_us) / 500.0).max(PLAYOUT_MS);
		let quality = audio_quality(AudioObservation {
			delay_ms: f64::from(rtt_us) / 2_000.0 + buffer,
			loss_percent: lost as f64 * 100.0 / all as f64,
			burst_ratio: 1.0,
			codec: CodecImpairment::OPUS_PROVISIONAL,
		});
		let kbps = |bytes: u64| {
			let rate = u128::from(bytes) * 8 / length.as_millis().max(1);
			u64::try_from(rate).unwrap_or(u64::MAX)
		};
		Some(Figures {
			participants: self.participants,
			loss_bp: u16::try_from(loss_bp).unwrap_or(10_000),
			jitter_us,
			rtt_us,
			mos_centi: quality.mos_centi(),
			up_kbps: kbps(self.bytes_up),
			down_kbps: kbps(self.bytes_down),
		})
	}

	pub(crate) fn add(&mut self, kind: MediaKind, news: &News) {
		match kind {
			MediaKind::Audio => self.audio.add(news),
			MediaKind::Video => self.video.add(news),
		}
	}
}

impl Reception {
	fn since(&self, earlier: &Self) -> Self {
		Self {
			packets: self.packets.saturating_sub(earlier.packets),
			lost: self.lost.saturating_sub(earlier.lost),
			jitter_packets: self.jitter_packets.saturating_sub(earlier.jitter_packets),
			jitter_us: self.jitter_us.saturating_sub(earlier.jitter_us),
			rtt_packets: self.rtt_packets.saturating_sub(earlier.rtt_packets),
			rtt_us: self.rtt_us.saturating_sub(earlier.rtt_us),
		}
	}

	fn add(&mut self, news: &News) {
		let weight = u128::from(news.packets);
		let micros = |d: Duration| d.min(LONGEST).as_micros() * weight;
		self.packets = self.packets.saturating_add(news.packets);
		self.lost = self.lost.saturating_add(news.lost);
		if let Some(jitter) = news.jitter {
			self.jitter_packets = self.jitter_packets.saturating_add(news.packets);
			self.jitter_us = self.jitter_us.saturating_add(micros(jitter));
		}
		if let Some(rtt) = news.rtt {
			self.rtt_packets = self.rtt_packets.saturating_add(news.packets);
			self.rtt_us = self.rtt_us.saturating_add(micros(rtt));
		}
	}
}

fn clamp(n: u128) -> u32 {
	u32::try_from(n).unwrap_or(u32::MAX)
}

/// What a receiver last reported of a stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
	/// Extended highest sequence number that came.
	pub highest: u64,
	/// Cumulative number of packets lost, 24 bits with sign.
	pub lost: u64,
	/// Interarrival jitter.
	pub jitter: Duration,
	/// Round trip to the receiver.
	pub rtt: Option<Duration>,
}

/// What a report tells beyond the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct News {
	packets: u64,
	/// Millionths of packets.
	lost: u128,
	/// Not of the first report: what was held back while the call was set up comes at once, and is no jitter of the path.
	jitter: Option<Duration>,
	rtt: Option<Duration>,
}

/// Follows the reports of one receiver about one stream. It may report what it likes: it never weighs more than an
/// ordinary stream of its kind could in the time.
#[derive(Debug)]
pub(crate) struct Receiver {
	per_second: u128,
	highest: Option<u64>,
	lost: u64,
	at: Instant,
}

impl Receiver {
	pub(crate) fn new(now: Instant, kind: MediaKind) -> Self {
		let per_second = match kind {
			MediaKind::Audio => 100,
			MediaKind::Video => 1_000,
		};
		Self { per_second, highest: None, lost: 0, at: now }
	}

	/// What is new in a report, if anything is. `first` and `last` are the sequence numbers that have been sent.
	pub(crate) fn report(
		&mut self,
		now: Instant,
		(first, last): (u64, u64),
		report: &Report,
	) -> Option<News> {
		let jitter = self.highest.map(|_| report.jitter);
		let before = self.highest.unwrap_or(first.saturating_sub(1));
		// What was never sent cannot have come.
		if report.highest > last || report.highest <= before {
			return None;
		}
		let expected = report.highest - before;
		let total = if report.lost < 1 << 23 { report.lost } else { 0 };
		let lost = total.saturating_sub(self.lost).min(expected);
		let millis = now.saturating_duration_since(self.at).as_millis();
		let possible = (millis * self.per_second).div_ceil(1_000);
		let packets = expected.min(u64::try_from(possible).unwrap_or(u64::MAX));
		(self.highest, self.lost, self.at) = (Some(report.highest), total, now);
		Some(News {
			packets,
			lost: u128::from(lost) * MILLION * u128::from(packets) / u128::from(expected),
			jitter,
			rtt: report.rtt,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn ms(n: u64) -> Duration {
		Duration::from_millis(n)
	}

	fn news(packets: u64, lost: u64, jitter: u64, rtt: Option<u64>) -> News {
		let (lost, jitter) = (u128::from(lost) * MILLION, Some(ms(jitter)));
		News { packets, lost, jitter, rtt: rtt.map(ms) }
	}

	fn report(highest: u64, lost: u64) -> Report {
		Report { highest, lost, jitter: ms(3), rtt: Some(ms(20)) }
	}

	#[test]
	fn reports_weigh_by_their_packets() {
		let mut service = Service { participants: 2, ..Service::default() };
		service.add(MediaKind::Audio, &news(300, 3, 10, Some(40)));
		service.add(MediaKind::Audio, &news(100, 5, 30, None));
		(service.bytes_up, service.bytes_down) = (10_000, 25_000);
		let f = service.figures(Duration::from_secs(2)).expect("a call");
		assert_eq!((f.participants, f.loss_bp, f.jitter_us, f.rtt_us), (2, 200, 15_000, 40_000));
		assert_eq!((f.up_kbps, f.down_kbps), (40, 100));
		// G.107 with 20 ms of network and 60 ms of buffer, 2 % of loss.
		let expected = audio_quality(AudioObservation {
			delay_ms: 80.0,
			loss_percent: 2.0,
			burst_ratio: 1.0,
			codec: CodecImpairment::OPUS_PROVISIONAL,
		});
		assert_eq!(f.mos_centi, expected.mos_centi());
		assert!((400..441).contains(&f.mos_centi), "{f:?}");
		// Twice a long jitter is held back.
		service.add(MediaKind::Audio, &news(10_000, 0, 200, Some(40)));
		assert!(service.figures(ms(1)).expect("a call").mos_centi < f.mos_centi);
	}

	#[test]
	fn there_are_no_figures_without_a_receivers_report() {
		let alone = Service { participants: 1, present: 1, bytes_up: 99, ..Service::default() };
		assert_eq!(alone.figures(Duration::from_secs(1)), None);
		let mut silent = Service::default();
		silent.add(MediaKind::Video, &news(10, 1, 0, None));
		let f = silent.figures(Duration::ZERO).expect("video alone is a call");
		assert_eq!((f.loss_bp, f.rtt_us), (1_000, 0));
		silent.add(MediaKind::Audio, &news(10, 0, 0, None));
		assert_eq!(silent.figures(Duration::ZERO).map(|f| f.loss_bp), Some(0));
	}

	#[test]
	fn a_difference_is_of_the_time_between() {
		let mut service =
			Service { participants: 5, present: 2, bytes_up: 7, ..Service::default() };
		service.add(MediaKind::Audio, &news(100, 90, 50, Some(500)));
		let then = service;
		assert_eq!(service.since(&then).figures(ms(1)), None);
		service.add(MediaKind::Audio, &news(50, 1, 2, Some(10)));
		(service.participants, service.present, service.bytes_up) = (6, 1, 1_007);
		let f = service.since(&then).figures(ms(8)).expect("a call");
		// Two had stayed, one came.
		assert_eq!((f.participants, f.loss_bp, f.up_kbps), (3, 200, 1_000));
		assert_eq!((f.jitter_us, f.rtt_us), (2_000, 10_000));
	}

	#[test]
	fn a_lost_packet_is_never_rounded_away() {
		let mut service = Service::default();
		service.add(MediaKind::Audio, &news(1_000_000, 1, 0, None));
		assert_eq!(service.figures(ms(1)).map(|f| f.loss_bp), Some(1));
	}

	#[test]
	fn a_receiver_tells_what_is_new() {
		let start = Instant::now();
		let mut receiver = Receiver::new(start, MediaKind::Audio);
		let mut at =
			|seconds: u64, last, r| receiver.report(start + ms(seconds * 1_000), (11, last), &r);
		// The first report speaks of everything since the first packet.
		let first = at(1, 60, report(60, 5)).expect("new");
		assert_eq!((first.packets, first.lost), (50, 5 * MILLION));
		assert_eq!((first.jitter, first.rtt), (None, Some(ms(20))));
		// The same one again, an older one and one of what was not sent tell nothing.
		assert_eq!(at(2, 60, report(60, 5)), None);
		assert_eq!(at(2, 110, report(59, 5)), None);
		assert_eq!(at(2, 110, report(111, 5)), None);
		// Reports that were lost on the way are made up for by the next one.
		let next = at(4, 300, report(210, 20)).expect("new");
		assert_eq!((next.packets, next.lost), (150, 15 * MILLION));
		assert_eq!(next.jitter, Some(ms(3)));
		// What came late after all takes nothing back, and a negative number is none.
		assert_eq!(at(5, 300, report(260, 18)).map(|n| n.lost), Some(0));
		assert_eq!(at(6, 300, report(300, 0xff_ffff)).map(|n| n.lost), Some(0));
	}

	#[test]
	fn a_stream_weighs_no_more_than_time_allows() {
		let start = Instant::now();
		let mut receiver = Receiver::new(start, MediaKind::Audio);
		// A publisher jumped in its numbers.
		let news = receiver.report(start + ms(1_000), (1, 40_000), &report(40_000, 20_000));
		assert_eq!(news.map(|n| (n.packets, n.lost)), Some((100, 50 * MILLION)));
		let news = receiver.report(start + ms(1_000), (1, 50_000), &report(50_000, 30_000));
		assert_eq!(news.map(|n| (n.packets, n.lost)), Some((0, 0)));
	}

	proptest! {
		#[test]
		fn figures_stay_in_range_whatever_is_reported(
			reports in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<u64>(), proptest::option::of(any::<u64>()), 0u64..100_000, any::<bool>()), 1..50),
			sent in (any::<u64>(), any::<u64>()),
			length in any::<u64>(),
		) {
			let start = Instant::now();
			let mut receiver = Receiver::new(start, MediaKind::Audio);
			let mut service = Service { bytes_up: u64::MAX, bytes_down: 1, ..Service::default() };
			for (highest, lost, jitter, rtt, at, near) in reports {
				let highest = if near { sent.0.saturating_add(highest % 10_000) } else { highest };
				let lost = if near { lost % 10_000 } else { lost };
				let report = Report { highest, lost, jitter: ms(jitter), rtt: rtt.map(ms) };
				if let Some(news) = receiver.report(start + ms(at), sent, &report) {
					prop_assert!(news.packets <= 10_000);
					prop_assert!(news.lost <= u128::from(news.packets) * MILLION);
					service.add(MediaKind::Audio, &news);
				}
			}
			if let Some(f) = service.figures(Duration::from_nanos(length)) {
				prop_assert!(f.loss_bp <= 10_000 && (100..=450).contains(&f.mos_centi));
				prop_assert!(f.jitter_us <= 10_000_000 && f.rtt_us <= 10_000_000);
			}
		}
	}
}
