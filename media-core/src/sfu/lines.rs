//! The few things of a publisher's SDP that bind media lines to announced tracks.

use crate::MediaKind;

/// A media line of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaLine {
	pub mid: String,
	pub kind: MediaKind,
	/// Second token of `a=msid` (RFC 8830): the MediaStreamTrack's id.
	pub track_id: Option<String>,
	/// Whether the client sends on it.
	pub sends: bool,
	/// Whether it receives on it.
	pub receives: bool,
	/// RIDs it sends, in the order offered (RFC 8853).
	pub rids: Vec<String>,
	/// Payload types, the preferred one first.
	pub pts: Vec<u8>,
}

/// Payload types of one line that are looked at.
const MAX_PTS: usize = 128;

/// Reads the audio and video lines of an SDP. Total: what it does not understand it skips.
pub(super) fn media_lines(sdp: &str) -> Vec<MediaLine> {
	let mut out = Vec::new();
	let mut session = (true, true);
	let mut open: Option<MediaLine> = None;
	for line in sdp.lines().map(str::trim_end) {
		if let Some(m) = line.strip_prefix("m=") {
			out.extend(open.take());
			let mut words = m.split_ascii_whitespace();
			let kind = match words.next() {
				Some("audio") => Some(MediaKind::Audio),
				Some("video") => Some(MediaKind::Video),
				_ => None,
			};
			let rejected = words.next() == Some("0");
			open = kind.map(|kind| MediaLine {
				mid: String::new(),
				kind,
				track_id: None,
				sends: session.0 && !rejected,
				receives: session.1 && !rejected,
				rids: Vec::new(),
				// After the protocol.
				pts: words.skip(1).take(MAX_PTS).filter_map(|w| w.parse().ok()).collect(),
			});
			continue;
		}
		let Some(attribute) = line.strip_prefix("a=") else { continue };
		let direction = match attribute {
			"sendrecv" => Some((true, true)),
			"sendonly" => Some((true, false)),
			"recvonly" => Some((false, true)),
			"inactive" => Some((false, false)),
			_ => None,
		};
		let Some(media) = open.as_mut() else {
			session = direction.unwrap_or(session);
			continue;
		};
		if let Some((sends, receives)) = direction {
			media.sends &= sends;
			media.receives &= receives;
		} else if let Some(mid) = attribute.strip_prefix("mid:") {
			media.mid = mid.trim().to_owned();
		} else if let Some(msid) = attribute.strip_prefix("msid:") {
			media.track_id = msid.split_ascii_whitespace().nth(1).map(str::to_owned);
		} else if let Some(list) = attribute.strip_prefix("simulcast:") {
			let mut words = list.split_ascii_whitespace();
			while let Some(direction) = words.next() {
				let Some(ids) = words.next() else { break };
				if direction == "send" {
					// Alternatives (",") count as one layer; "~" marks a paused one.
					media.rids = ids
						.split(';')
						.filter_map(|alternatives| alternatives.split(',').next())
						.map(|rid| rid.trim_start_matches('~').to_owned())
						.take(8)
						.collect();
				}
			}
		}
	}
	out.extend(open.take());
	out.retain(|m| !m.mid.is_empty());
	out
}

/// LiveKit's RIDs from low to high; others keep their order after them.
pub(super) fn rid_rank(rid: &str, position: usize) -> usize {
	match rid {
		"q" => 0,
		"h" => 1,
		"f" => 2,
		_ => 3 + position,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn reads_lines_when_browser_offers_simulcast() {
		let sdp = "v=0\r\na=group:BUNDLE 0 1 2\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n\
            m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=sendonly\r\na=msid:- abc-1\r\n\
            m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\na=sendonly\r\na=msid:{s} {t}\r\na=rid:q send\r\n\
            a=simulcast:send q;~h,x;f recv a\r\nm=video 9 X 96\r\na=mid:3\r\na=inactive\r\n";
		let lines = media_lines(sdp);
		assert_eq!(lines.len(), 3);
		assert_eq!(
			(lines[0].mid.as_str(), lines[0].track_id.as_deref(), lines[0].sends),
			("1", Some("abc-1"), true)
		);
		assert_eq!(lines[1].rids, ["q", "h", "f"]);
		assert_eq!((lines[0].pts.as_slice(), lines[1].pts.as_slice()), (&[111][..], &[96][..]));
		assert!(!lines[2].sends && !lines[2].receives);
		let receives: Vec<bool> = lines.iter().map(|l| l.receives).collect();
		assert_eq!(receives, [false, false, false]);
		let lines =
			media_lines("m=video 9 X 96\r\na=mid:0\r\na=recvonly\r\nm=audio 0 X 9\r\na=mid:1\r\n");
		assert_eq!((lines[0].sends, lines[0].receives), (false, true));
		assert_eq!((lines[1].sends, lines[1].receives), (false, false));
	}

	proptest! {
		#[test]
		fn survives_arbitrary_text(text in "(m=|a=|mid:|msid:|simulcast:|send|video|audio|[ ;,~0-9a-z\r\n])*") {
			let _ = media_lines(&text);
		}
	}
}
