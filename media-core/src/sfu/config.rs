//! Limits and addresses of an [`Sfu`](super::Sfu).

use std::net::SocketAddr;
use std::time::Duration;

use crate::speakers::SpeakerConfig;

/// Limits and addresses of an [`Sfu`](super::Sfu). Every collection it holds is bounded by these.
#[derive(Debug, Clone)]
pub struct SfuConfig {
	/// Addresses that are advertised as ICE host candidates. They may differ from the socket's own
	/// (a node behind NAT or a relay). Must not be empty, unspecified (`0.0.0.0`) or have port 0.
	pub candidates: Vec<SocketAddr>,
	/// Addresses that are advertised as passive TCP candidates (RFC 6544), for peers that UDP does not reach.
	pub tcp_candidates: Vec<SocketAddr>,
	/// Rooms at one time.
	pub max_rooms: usize,
	/// Participants in one room.
	pub max_participants_per_room: usize,
	/// Tracks that one participant may publish.
	pub max_tracks_per_participant: usize,
	/// Bytes of one SDP or candidate that are looked at.
	pub max_sdp_bytes: usize,
	/// Characters of room names, identities, sids, cids and track names.
	pub max_name_bytes: usize,
	/// Source addresses remembered for one transport.
	pub max_addresses_per_transport: usize,
	/// Datagrams that may wait for [`poll_output`](super::Sfu::poll_output); more are dropped and counted.
	pub max_queued_datagrams: usize,
	/// Bytes of one data-channel message.
	pub max_data_bytes: usize,
	/// A connected transport that heard nothing from its peer for this long has failed (ICE consent
	/// checks come at least every 5 s, RFC 7675).
	pub silence_timeout: Duration,
	/// A participant none of whose transports has been connected for this long is removed.
	pub idle_timeout: Duration,
	/// Keyframe requests for one simulcast layer are at least this far apart.
	pub keyframe_interval: Duration,
	/// Where the bandwidth estimate of a subscriber starts, in bits per second.
	pub initial_bitrate: u64,
	/// Stop videos for which the estimate does not suffice even on their lowest layer. If not, the lowest layer goes on.
	pub pause_video: bool,
	/// A publisher is told that less of a track is wanted after this time; that more is, at once.
	pub dynacast_delay: Duration,
	/// Packets of each forwarded stream that are kept to be sent again.
	pub nack_packets: usize,
	/// For so long they are kept.
	pub nack_age: Duration,
	/// Who counts as speaking, and how many are heard.
	pub speakers: SpeakerConfig,
	/// How often [`Event::ConnectionQuality`](super::Event::ConnectionQuality) is thought about.
	pub quality_interval: Duration,
	/// Hand data-channel messages of participants on to the rest of the room. If not, they are only
	/// reported as [`Event::Data`](super::Event::Data).
	pub forward_data: bool,
}

impl SfuConfig {
	/// Defaults for a node that is reached at `candidate`.
	pub fn new(candidate: SocketAddr) -> Self {
		Self {
			candidates: vec![candidate],
			tcp_candidates: Vec::new(),
			max_rooms: 1_000,
			max_participants_per_room: 100,
			max_tracks_per_participant: 8,
			max_sdp_bytes: 256 * 1024,
			max_name_bytes: 256,
			max_addresses_per_transport: 4,
			max_queued_datagrams: 65_536,
			max_data_bytes: 16 * 1024,
			silence_timeout: Duration::from_secs(15),
			idle_timeout: Duration::from_secs(30),
			keyframe_interval: Duration::from_millis(500),
			initial_bitrate: 2_500_000,
			pause_video: true,
			dynacast_delay: Duration::from_secs(5),
			nack_packets: 1_024,
			nack_age: Duration::from_secs(3),
			speakers: SpeakerConfig::default(),
			quality_interval: crate::quality::connection::INTERVAL,
			forward_data: true,
		}
	}
}
