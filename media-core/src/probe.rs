//! A call to one's own second self that a media server cannot forge.
//!
//! The prober joins a room of the target twice. One participant publishes stamped media, the other
//! receives it back. A stamp holds a sequence number and the send time, and a MAC over them and the
//! media that they travel with, under a key of this probe only. So a target can neither make up what
//! it lost, nor change times, nor thin out media. All figures come from what came back against what
//! was sent.

mod meter;
mod ramp;
mod stamp;

use std::time::Duration;

pub use meter::ProbeMeter;
pub use ramp::RampConfig;
pub use stamp::{Stamp, Stamper, STAMP_BYTES};

/// Secret of one probe, from a good random source. Never reuse one.
#[derive(Clone)]
pub struct ProbeKey(pub [u8; 32]);

impl std::fmt::Debug for ProbeKey {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		f.write_str("ProbeKey(..)")
	}
}

/// What a stamp is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StampKind {
	/// An Opus packet.
	Audio,
	/// A VP8 frame of this simulcast layer, 0 lowest.
	Video(u8),
	/// One packet of the highest layer while throughput is measured.
	Load,
}

/// When and how long a probe measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProbeConfig {
	/// No media back within this: the target is dead.
	pub setup_timeout: Duration,
	/// From the first media back to the start of the window.
	pub warm_up: Duration,
	/// Length of the window.
	pub window: Duration,
	/// How long what was sent in the window may take to come back.
	pub grace: Duration,
	/// Jitter buffer and codec delay added to RTT/2 for the E-model.
	pub playout_delay: Duration,
	/// How to measure throughput, after the window; `None`: by what the call itself carries.
	pub ramp: Option<RampConfig>,
}

impl Default for ProbeConfig {
	fn default() -> Self {
		Self {
			setup_timeout: Duration::from_secs(10),
			warm_up: Duration::from_secs(1),
			window: Duration::from_secs(8),
			grace: Duration::from_secs(1),
			playout_delay: Duration::from_millis(60),
			ramp: None,
		}
	}
}

/// What a probe found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProbeResult {
	/// Whether media came back in the window. If not, every figure below is the worst or zero.
	pub up: bool,
	/// From the start (WebSocket connect) to the first media back, milliseconds.
	pub setup_ms: u32,
	/// Audio packets sent in the window, or that would have been if the target had not ended the call.
	pub audio_sent: u32,
	/// Of those, distinct ones that came back.
	pub audio_received: u32,
	/// Audio loss, basis points.
	pub loss_bp: u16,
	/// Jitter by RFC 3550 A.8 over (arrival, stamped send), the mean over the window, microseconds.
	pub jitter_us: u32,
	/// Least round trip through the target, microseconds.
	pub rtt_min_us: u32,
	/// Median round trip, microseconds.
	pub rtt_median_us: u32,
	/// 95th percentile of the round trip, microseconds.
	pub rtt_p95_us: u32,
	/// MOS by ITU-T G.107, hundredths (441 = 4.41).
	pub mos_centi: u16,
	/// Transmission rating R by ITU-T G.107, hundredths.
	pub r_centi: u16,
	/// Video score, basis points.
	pub video_bp: u16,
	/// Video frames sent in the window, or that would have been (all layers of one instant count once).
	pub frames_sent: u32,
	/// Of those, complete ones that came back.
	pub frames_received: u32,
	/// Freezes (W3C webrtc-stats).
	pub freezes: u32,
	/// Time spent frozen, milliseconds.
	pub freeze_ms: u32,
	/// Highest simulcast layer that came back for most of the frames, 0 lowest.
	pub layer: u8,
	/// Stamped payload that was sent and came back, kbit/s: in the window, or in the best step of the ramp if that is more.
	pub up_kbps: u32,
	/// Stamped payload that came back, kbit/s: audio, and of every picture the layer that could be shown. Each stamp
	/// once, and never more than was sent under it. In the best step of the ramp, if that is more: what came back in time.
	pub down_kbps: u32,
	/// Steps of the ramp that were made.
	pub ramp_steps: u32,
	/// Stamped payload sent while the ramp lasted.
	pub ramp_bytes: u64,
}
