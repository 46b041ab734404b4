//! Settings and bounds of the SFU: what it keeps, how long it waits, what it does when there is too little bandwidth.

use super::in_range;
use anyhow::Result;
use dtel_media_core::{sfu::SfuConfig, speakers::SpeakerConfig};
use serde::Deserialize;
use std::time::Duration;

/// How media are passed on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Forwarding {
	/// Bytes of a description (SDP) that are looked at.
	pub sdp_bytes: usize,
	/// Addresses of one peer that are remembered.
	pub addresses: usize,
	/// Datagrams that may wait to be sent.
	pub queued_datagrams: usize,
	/// Bytes of one data message.
	pub data_bytes: usize,
	/// Seconds of silence after which a transport has failed.
	pub silence_seconds: u64,
	/// Seconds without any transport after which a participant is removed.
	pub idle_seconds: u64,
	/// Milliseconds between two keyframe requests for one layer.
	pub keyframe_ms: u64,
	/// Where the bandwidth estimate of a subscriber starts, in kbit/s.
	pub initial_kbps: u64,
	/// Videos whose lowest layer does not fit are paused; else it goes on.
	pub pause_video: bool,
	/// Seconds after which a publisher is told that less of a video is wanted.
	pub dynacast_seconds: u64,
	/// Packets of each forwarded stream that are kept to be sent again.
	pub nack_packets: usize,
	/// Milliseconds for which they are kept.
	pub nack_ms: u64,
	/// Seconds between two looks at the quality of connections.
	pub quality_seconds: u64,
}

/// Who counts as speaking, and whose audio is passed on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Speakers {
	/// Level that is loud enough, in −dBov: 0 is the loudest, 127 silence.
	pub level: u8,
	/// Percent of an interval that have to be loud enough.
	pub percent: u8,
	/// Milliseconds of an interval; also the least time between two messages.
	pub interval_ms: u64,
	/// Intervals that the smoothed level stands for.
	pub smooth_intervals: u32,
	/// Loudest participants whose audio is passed on; 0 for everybody's.
	pub last_n: usize,
}

impl Default for Forwarding {
	fn default() -> Self {
		Self {
			sdp_bytes: 256 * 1024,
			addresses: 4,
			queued_datagrams: 65_536,
			data_bytes: 16 * 1024,
			silence_seconds: 15,
			idle_seconds: 30,
			keyframe_ms: 500,
			initial_kbps: 2_500,
			pause_video: true,
			dynacast_seconds: 5,
			nack_packets: 1_024,
			nack_ms: 3_000,
			quality_seconds: 5,
		}
	}
}

impl Default for Speakers {
	fn default() -> Self {
		Self { level: 35, percent: 40, interval_ms: 400, smooth_intervals: 2, last_n: 0 }
	}
}

impl Forwarding {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("forwarding.sdp-bytes", self.sdp_bytes, 16 * 1024..=1024 * 1024)?;
		in_range("forwarding.addresses", self.addresses, 1..=64)?;
		in_range("forwarding.queued-datagrams", self.queued_datagrams, 1_024..=1_048_576)?;
		in_range("forwarding.data-bytes", self.data_bytes, 1_024..=65_535)?;
		in_range("forwarding.silence-seconds", self.silence_seconds, 6..=120)?;
		in_range("forwarding.idle-seconds", self.idle_seconds, 10..=600)?;
		in_range("forwarding.keyframe-ms", self.keyframe_ms, 100..=10_000)?;
		in_range("forwarding.initial-kbps", self.initial_kbps, 100..=100_000)?;
		in_range("forwarding.dynacast-seconds", self.dynacast_seconds, 0..=60)?;
		in_range("forwarding.nack-packets", self.nack_packets, 1..=65_536)?;
		in_range("forwarding.nack-ms", self.nack_ms, 100..=60_000)?;
		in_range("forwarding.quality-seconds", self.quality_seconds, 1..=60)
	}

	/// Puts them into the SFU's configuration.
	pub fn apply(&self, to: &mut SfuConfig) {
		let seconds = Duration::from_secs;
		to.max_sdp_bytes = self.sdp_bytes;
		to.max_addresses_per_transport = self.addresses;
		to.max_queued_datagrams = self.queued_datagrams;
		to.max_data_bytes = self.data_bytes;
		to.silence_timeout = seconds(self.silence_seconds);
		to.idle_timeout = seconds(self.idle_seconds);
		to.keyframe_interval = Duration::from_millis(self.keyframe_ms);
		to.initial_bitrate = self.initial_kbps.saturating_mul(1_000);
		to.pause_video = self.pause_video;
		to.dynacast_delay = seconds(self.dynacast_seconds);
		to.nack_packets = self.nack_packets;
		to.nack_age = Duration::from_millis(self.nack_ms);
		to.quality_interval = seconds(self.quality_seconds);
	}
}

impl Speakers {
	pub(super) fn validate(&self) -> Result<()> {
		in_range("speakers.level", self.level, 0..=127)?;
		in_range("speakers.percent", self.percent, 1..=100)?;
		in_range("speakers.interval-ms", self.interval_ms, 100..=10_000)?;
		in_range("speakers.smooth-intervals", self.smooth_intervals, 0..=100)?;
		in_range("speakers.last-n", self.last_n, 0..=1_000)
	}

	/// Puts them into the SFU's configuration.
	pub fn apply(&self, to: &mut SfuConfig) {
		to.speakers = SpeakerConfig {
			active_level: self.level,
			active_percent: self.percent,
			interval: Duration::from_millis(self.interval_ms),
			smooth_intervals: self.smooth_intervals,
			last_n: self.last_n,
		};
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sfu() -> SfuConfig {
		SfuConfig::new(([192, 0, 2, 1], 7882).into())
	}

	#[test]
	fn defaults_are_those_of_the_sfu() {
		let mut config = sfu();
		Forwarding::default().apply(&mut config);
		Speakers::default().apply(&mut config);
		assert_eq!(format!("{config:?}"), format!("{:?}", sfu()));
	}

	/// Every field of the SFU's configuration, so that a new one has to be put somewhere.
	#[test]
	fn every_bound_can_be_set() {
		let forwarding = Forwarding {
			sdp_bytes: 20_001,
			addresses: 2,
			queued_datagrams: 2_003,
			data_bytes: 2_004,
			silence_seconds: 7,
			idle_seconds: 11,
			keyframe_ms: 101,
			initial_kbps: 102,
			pause_video: false,
			dynacast_seconds: 3,
			nack_packets: 12,
			nack_ms: 103,
			quality_seconds: 9,
		};
		let speakers =
			Speakers { level: 1, percent: 2, interval_ms: 104, smooth_intervals: 3, last_n: 4 };
		forwarding.validate().expect("valid");
		speakers.validate().expect("valid");
		let mut config = sfu();
		forwarding.apply(&mut config);
		speakers.apply(&mut config);
		let (set, unset) = (format!("{config:#?}"), format!("{:#?}", sfu()));
		let same = set.lines().zip(unset.lines()).filter(|(a, b)| a == b && a.contains(": "));
		let same: Vec<_> = same.map(|(line, _)| line.trim()).collect();
		// These are `[limits]`, `[media]` and the daemon's own business.
		let names: Vec<_> = same.iter().filter_map(|line| line.split(':').next()).collect();
		assert_eq!(
			names,
			[
				"candidates",
				"tcp_candidates",
				"max_rooms",
				"max_participants_per_room",
				"max_tracks_per_participant",
				"max_name_bytes",
				"speakers",
				"forward_data"
			]
		);
	}
}
