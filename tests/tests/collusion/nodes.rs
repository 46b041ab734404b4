//! Nodes as they are, and what an honest verifier measures of them.

use dtel_math::globe::Point;
use dtel_primitives::{node::Region, report::Measurement, BasisPoints, EraIndex, NodeId};

/// Mean opinion score of a good node, in hundredths: near to the best that the model gives (441), as calls over a data
/// centre's network are.
const MOS_CENTI: f64 = 430.0;
/// Good nodes differ by so much of it.
const MOS_SPREAD: f64 = 3.0;
/// What of the video arrives at a good node as it was sent, in parts of ten thousand.
const VIDEO: f64 = 9_700.0;
/// Good nodes differ by so much of it.
const VIDEO_SPREAD: f64 = 60.0;
/// Bandwidth of a good node, in kbit/s. Only what nodes have in proportion to each other matters for pay.
const KBPS: f64 = 110_000.0;
/// Good nodes differ by such a part of it.
const KBPS_SPREAD: f64 = 0.02;
/// Standard deviation of a measured MOS, in hundredths. A probe is a short call: jitter and a burst of loss on the
/// verifier's own path move it by some hundredths.
const MOS_NOISE: f64 = 5.0;
/// Standard deviation of measured video, in parts of ten thousand: about one freeze of half a second in half a minute.
const VIDEO_NOISE: f64 = 150.0;
/// Standard deviation of measured bandwidth, as a part of it: what short measurements of throughput over the Internet scatter
/// by at the least.
const KBPS_NOISE: f64 = 0.05;
/// In how many of a hundred measurements one of the two calls does not come up.
const FAILED_PERCENT: f64 = 1.0;
/// Calls that a verifier tries.
const CALLS: u16 = 2;

/// Light in fibre takes 5 µs for a km, and cables are about a third longer than the way of a bird.
const US_PER_KM: f64 = 2.0 * 5.0 * 1.33;
/// What the ends of a path add.
const US_AT_ENDS: f64 = 800.0;

/// Where nodes are: latitude and longitude in tenths of a degree.
const PLACES: [(&[u8; 2], i16, i16); 12] = [
	(b"DE", 501, 87),
	(b"NL", 524, 49),
	(b"GB", 515, -1),
	(b"FR", 489, 24),
	(b"FI", 602, 249),
	(b"US", 390, -775),
	(b"US", 374, -1_221),
	(b"CA", 435, -794),
	(b"BR", -236, -466),
	(b"SG", 13, 1_038),
	(b"JP", 357, 1_397),
	(b"AU", -339, 1_512),
];

/// Numbers that depend on nothing but on what they are for: the same in every run with the same seed, whatever else is
/// different.
pub struct Draw(u64);

impl Draw {
	/// The numbers for a purpose.
	pub fn of(seed: u64, purpose: &[u64]) -> Self {
		let mut draw = Self(seed);
		for part in purpose {
			draw.0 = draw.word() ^ part.wrapping_mul(0xD6E8_FEB8_6659_FD93);
		}
		draw
	}

	/// The next one: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
	pub fn word(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mut z = self.0;
		z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
		z ^ (z >> 31)
	}

	/// From 0 to 1.
	fn unit(&mut self) -> f64 {
		(self.word() >> 11) as f64 / (1u64 << 53) as f64
	}

	/// Nearly normal, with a standard deviation of one: twelve uniform ones less six. No function of the platform's
	/// mathematical library is in it, so that it is the same everywhere.
	fn normal(&mut self) -> f64 {
		(0..12).map(|_| self.unit()).sum::<f64>() - 6.0
	}
}

/// How a node serves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Service {
	/// MOS in hundredths.
	pub mos_centi: f64,
	/// Video in parts of ten thousand.
	pub video: f64,
	/// Bandwidth.
	pub kbps: f64,
}

impl Service {
	/// Of a good node that nobody knows anything else about.
	pub const TYPICAL: Self = Self { mos_centi: MOS_CENTI, video: VIDEO, kbps: KBPS };

	/// Of one of the good nodes; `spread` says how far they differ, one being the figures above.
	pub fn of(seed: u64, node: NodeId, spread: f64) -> Self {
		let mut draw = Draw::of(seed, &[1, node.into()]);
		let mut differ = |by: f64| draw.normal().clamp(-2.0, 2.0) * by * spread;
		Self {
			mos_centi: MOS_CENTI + differ(MOS_SPREAD),
			video: VIDEO + differ(VIDEO_SPREAD),
			kbps: KBPS * (1.0 + differ(KBPS_SPREAD)),
		}
	}

	/// Half of it: as much worse in sound, picture and bandwidth.
	pub fn half(self) -> Self {
		let worst = f64::from(dtel_math::score::WORST_MOS_CENTI);
		Self {
			mos_centi: worst + (self.mos_centi - worst) / 2.0,
			video: self.video / 2.0,
			kbps: self.kbps / 2.0,
		}
	}
}

fn place_of(node: NodeId) -> (&'static [u8; 2], i16, i16) {
	PLACES[node as usize % PLACES.len()]
}

/// Where a node is, and truthfully says to be.
pub fn region(node: NodeId) -> Region {
	let (country, lat, lon) = place_of(node);
	Region { country: *country, lat, lon }
}

fn km(a: NodeId, b: NodeId) -> u32 {
	Point::of(region(a)).apart(Point::of(region(b))).km()
}

/// Who looks at whom, and when.
#[derive(Clone, Copy, Debug)]
pub struct Look {
	/// What all numbers come from.
	pub seed: u64,
	/// When.
	pub era: EraIndex,
	/// Who.
	pub verifier: NodeId,
	/// At whom.
	pub target: NodeId,
	/// How much measurements scatter, one being the figures above.
	pub noise: f64,
}

impl Look {
	/// What is measured of a node that serves like this, or of one that is down.
	pub fn at(self, service: Option<Service>) -> Measurement {
		let Some(Service { mos_centi, video, kbps }) = service else {
			return Measurement::down(self.target, CALLS);
		};
		let Self { seed, era, verifier, target, noise } = self;
		let mut draw = Draw::of(seed, &[2, era.into(), verifier.into(), target.into()]);
		let failed = draw.unit() * 100.0 < FAILED_PERCENT * noise;
		let mos_centi = mos_centi + draw.normal() * MOS_NOISE * noise;
		let video = video + draw.normal() * VIDEO_NOISE * noise;
		let kbps = kbps * (1.0 + draw.normal() * KBPS_NOISE * noise);
		let path = US_AT_ENDS + f64::from(km(verifier, target)) * US_PER_KM;
		let rtt_min_us = (path * (1.0 + draw.unit() * 0.02 * noise)) as u32;
		let up = CALLS - u16::from(failed);
		made(target, up, Service { mos_centi, video, kbps }, rtt_min_us)
	}
}

/// A measurement with these figures, as near to them as one can be.
fn made(target: NodeId, calls_up: u16, service: Service, rtt_min_us: u32) -> Measurement {
	let Service { mos_centi, video, kbps } = service;
	Measurement {
		calls_tried: CALLS,
		calls_up,
		setup_ms: 120 + rtt_min_us / 250,
		loss: BasisPoints::saturating(10),
		jitter_us: 400,
		rtt_min_us,
		rtt_us: rtt_min_us + 600,
		rtt_p95_us: rtt_min_us + 2_000,
		mos_centi: mos_centi.round().clamp(100.0, 500.0) as u16,
		video: BasisPoints::saturating(video.round().max(0.0) as u32),
		up_kbps: kbps.round().clamp(0.0, f64::from(Measurement::MAX_KBPS)) as u32,
		down_kbps: kbps.round().clamp(0.0, f64::from(Measurement::MAX_KBPS)) as u32,
		..Measurement::down(target, CALLS)
	}
}

/// What a verifier says that measured nothing: these figures, over the path that there would be.
pub fn invented(verifier: NodeId, target: NodeId, service: Service) -> Measurement {
	let path = US_AT_ENDS + f64::from(km(verifier, target)) * US_PER_KM;
	made(target, CALLS, service, path as u32)
}

/// What a verifier says that wants its target to be out.
pub fn down(target: NodeId) -> Measurement {
	Measurement::down(target, CALLS)
}
