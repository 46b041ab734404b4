//! What a target might do to look better.

use super::*;

const CONFIG: ProbeConfig = ProbeConfig {
	setup_timeout: Duration::from_secs(5),
	warm_up: Duration::from_millis(100),
	window: Duration::from_secs(4),
	grace: Duration::from_millis(500),
	playout_delay: Duration::from_millis(60),
	ramp: None,
};

/// A prober and a target that does as it likes with what it gets.
struct Bench {
	meter: ProbeMeter,
	stamper: Stamper,
	t: Instant,
}

impl Bench {
	fn new() -> Self {
		let (key, t) = (ProbeKey([5; 32]), Instant::now());
		let meter = ProbeMeter::new(key.clone(), t, CONFIG);
		Self { meter, stamper: Stamper::new(key, t), t }
	}

	fn at(&self, ms: u64) -> Instant {
		self.t + Duration::from_millis(ms)
	}

	fn sent(&mut self, at: Instant, kind: StampKind, sequence: u32, bytes: usize) {
		self.meter.published(at, &Event::Sent { kind, sequence, bytes, at });
	}

	fn back(&mut self, at: Instant, kind: MediaKind, data: Vec<u8>) {
		let (track_sid, data) = (String::new(), data.into());
		self.meter.subscribed(at, &Event::Frame { track_sid, kind, at, data });
	}

	/// One audio packet; `delay` says when it comes back.
	fn audio(&mut self, n: u32, delay: Option<u64>) {
		let at = self.at(u64::from(n) * 20);
		let packet = self.stamper.stamp_audio(at, n, &samples().audio[0]).unwrap();
		self.sent(at, StampKind::Audio, n, packet.len());
		if let Some(delay) = delay {
			self.back(at + Duration::from_millis(delay), MediaKind::Audio, packet);
		}
	}

	/// One picture in its layers, of which some come back.
	fn picture(&mut self, n: u32, back: &[u8]) -> usize {
		let at = self.at(u64::from(n) * 50);
		let mut top = 0;
		for (layer, sample) in (0u8..).zip(&samples().video) {
			let frame = self.stamper.stamp_video(at, layer, n, &sample.frames[0]);
			top = frame.len();
			self.sent(at, StampKind::Video(layer), n, frame.len());
			if back.contains(&layer) {
				self.back(at + Duration::from_millis(30), MediaKind::Video, frame);
			}
		}
		top
	}

	fn result(&self) -> ProbeResult {
		self.meter.result(self.at(10_000))
	}
}

#[test]
fn throughput_counts_each_picture_once_and_no_padding() {
	let mut b = Bench::new();
	let (mut top, mut audio) = (0, 0);
	for n in 0..300 {
		let at = b.at(u64::from(n) * 20);
		let packet = b.stamper.stamp_audio(at, n, &samples().audio[0]).unwrap();
		audio = packet.len();
		b.sent(at, StampKind::Audio, n, audio);
		let parsed = crate::opus::Packet::parse(&packet).unwrap();
		let long = parsed.with_padding(&[parsed.padding(), &[0; 900]].concat());
		for _ in 0..3 {
			b.back(at + Duration::from_millis(30), MediaKind::Audio, long.clone());
		}
	}
	for n in 0..120 {
		top = b.picture(n, &[0, 1, 2]);
	}
	let r = b.result();
	let wanted = (audio as u32 * 50 + top as u32 * 20) * 8 / 1_000;
	assert!(r.down_kbps.abs_diff(wanted) <= 1, "{} {wanted} {r:?}", r.down_kbps);
	assert!(r.down_kbps < r.up_kbps);
	assert_eq!((r.loss_bp, r.layer, r.video_bp), (0, 2, 10_000));
}

#[test]
fn layer_that_the_target_did_not_take_is_missing() {
	let mut b = Bench::new();
	for n in 0..300 {
		b.audio(n, Some(30));
	}
	for n in 0..120 {
		let at = b.at(u64::from(n) * 50);
		let frame = b.stamper.stamp_video(at, 0, n, &samples().video[0].frames[0]);
		b.sent(at, StampKind::Video(0), n, frame.len());
		b.back(at + Duration::from_millis(30), MediaKind::Video, frame);
	}
	assert_eq!(b.result().video_bp, 3_000);
}

#[test]
fn schedule_counts_when_publisher_is_cut_at_half() {
	// Until 2,130 ms everything is well; then the publisher is thrown out, for good or for a second.
	for (back_at, loss, frames) in [(None, 5_000, 40), (Some(3_130), 2_500, 60)] {
		let mut b = Bench::new();
		let sends = |ms: u64| ms < 2_130 || back_at.is_some_and(|at| ms >= at);
		for n in (0..300).filter(|n| sends(u64::from(*n) * 20)) {
			b.audio(n, Some(30));
		}
		for n in (0..120).filter(|n| sends(u64::from(*n) * 50)) {
			b.picture(n, &[2]);
		}
		b.meter.interrupted(b.at(2_130));
		b.meter.published(b.at(2_131), &Event::Failed(TransportKind::Publisher));
		if let Some(at) = back_at {
			let up = Event::Connected(TransportKind::Publisher);
			b.meter.published(b.at(at), &up);
		}
		let r = b.result();
		assert!(r.audio_sent.abs_diff(200) <= 1 && r.frames_sent.abs_diff(80) <= 1, "{r:?}");
		assert!(r.loss_bp.abs_diff(loss) <= 50, "{r:?}");
		assert!(r.frames_received.abs_diff(frames) <= 1, "{r:?}");
		assert!(r.up && r.freezes == 1 && r.freeze_ms >= 950, "{r:?}");
		assert!(r.video_bp <= if back_at.is_some() { 5_700 } else { 2_500 }, "{r:?}");
	}
}

#[test]
fn call_is_down_when_nothing_comes_back_in_the_window() {
	let mut b = Bench::new();
	b.audio(0, Some(10));
	b.meter.interrupted(b.at(15));
	let r = b.result();
	assert_eq!((r.up, r.loss_bp, r.mos_centi, r.video_bp), (false, 10_000, 100, 0));
}

#[test]
fn late_packets_are_not_heard() {
	let run = |late: fn(u32) -> bool| {
		let mut b = Bench::new();
		for n in 0..300 {
			b.audio(n, Some(if late(n) { 430 } else { 30 }));
		}
		b.result()
	};
	let good = run(|_| false);
	assert_eq!((good.loss_bp, good.jitter_us), (0, 0));
	// A second and more in which everything is late, and time for the last estimate to calm down after it.
	let held = run(|n| (30..100).contains(&n));
	assert_eq!(held.loss_bp, 0);
	assert!(held.jitter_us > 1_000, "{held:?}");
	assert!(held.mos_centi + 150 < good.mos_centi, "{held:?} {good:?}");
	// One in ten, spread.
	let spread = run(|n| n % 10 == 0);
	assert!(spread.loss_bp == 0 && spread.jitter_us > 20_000, "{spread:?}");
	assert!(spread.mos_centi + 50 < good.mos_centi, "{spread:?} {good:?}");
}
