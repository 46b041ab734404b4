//! Datagrams in and out, and what both sides need to tell transports apart.

use std::net::SocketAddr;

/// What carries datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
	/// UDP.
	Udp,
	/// TCP, where each stands behind its length (RFC 4571 §2).
	Tcp,
}

impl From<str0m::net::Protocol> for Protocol {
	fn from(protocol: str0m::net::Protocol) -> Self {
		match protocol {
			str0m::net::Protocol::Udp => Self::Udp,
			_ => Self::Tcp,
		}
	}
}

impl From<Protocol> for str0m::net::Protocol {
	fn from(protocol: Protocol) -> Self {
		match protocol {
			Protocol::Udp => Self::Udp,
			Protocol::Tcp => Self::Tcp,
		}
	}
}

/// One datagram that the owner of the sockets has to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
	/// Over what.
	pub protocol: Protocol,
	/// Advertised address that the datagram comes from. A daemon with one socket ignores it.
	pub source: SocketAddr,
	/// Where to send it.
	pub destination: SocketAddr,
	/// The datagram itself.
	pub contents: Vec<u8>,
}

/// The two peer connections that a participant of LiveKit's protocol up to version 9 has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransportKind {
	/// Client to server media; the client offers (`SignalTarget::PUBLISHER`).
	Publisher,
	/// Server to client media; the server offers (`SignalTarget::SUBSCRIBER`).
	Subscriber,
}

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaKind {
	/// Opus.
	Audio,
	/// VP8.
	Video,
}

impl From<str0m::media::MediaKind> for MediaKind {
	fn from(kind: str0m::media::MediaKind) -> Self {
		match kind {
			str0m::media::MediaKind::Audio => Self::Audio,
			str0m::media::MediaKind::Video => Self::Video,
		}
	}
}

impl From<MediaKind> for str0m::media::MediaKind {
	fn from(kind: MediaKind) -> Self {
		match kind {
			MediaKind::Audio => Self::Audio,
			MediaKind::Video => Self::Video,
		}
	}
}

/// Local ICE user name fragment that a STUN message is addressed to.
///
/// Total over arbitrary bytes: anything that is no STUN message with a `USERNAME` of the form
/// `local:remote` (RFC 8445 §7.2.2) gives `None`. It authenticates nothing.
pub fn stun_local_ufrag(datagram: &[u8]) -> Option<&str> {
	const HEADER: usize = 20;
	const MAGIC: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
	const USERNAME: u16 = 0x0006;
	if datagram.first()? >= &2 || datagram.get(4..8)? != MAGIC {
		return None;
	}
	let mut rest = datagram.get(HEADER..)?;
	while let [t0, t1, l0, l1, value @ ..] = rest {
		let length = usize::from(u16::from_be_bytes([*l0, *l1]));
		if u16::from_be_bytes([*t0, *t1]) == USERNAME {
			let name = std::str::from_utf8(value.get(..length)?).ok()?;
			return name.split_once(':').map(|(local, _)| local);
		}
		// Attributes are padded to four bytes (RFC 8489 §14).
		rest = value.get(length.checked_add(3)? & !3..)?;
	}
	None
}

/// Whether a datagram is STUN by RFC 7983's demultiplexing.
pub fn is_stun(datagram: &[u8]) -> bool {
	matches!(datagram.first(), Some(0..=3)) && datagram.len() >= 20
}

#[cfg(test)]
mod tests {
	use super::*;

	fn binding(username: &[u8]) -> Vec<u8> {
		let mut m = vec![0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42];
		m.extend([7; 12]);
		m.extend([0x80, 0x22, 0, 3, b'a', b'b', b'c', 0]); // SOFTWARE, padded
		m.extend([0, 6, 0, username.len() as u8]);
		m.extend(username);
		m
	}

	#[test]
	fn finds_ufrag_when_username_follows_padded_attribute() {
		assert_eq!(stun_local_ufrag(&binding(b"srv:cli")), Some("srv"));
	}

	#[test]
	fn gives_none_when_username_is_cut_or_has_no_colon() {
		let whole = binding(b"srv:cli");
		for cut in 0..whole.len() {
			assert_eq!(stun_local_ufrag(&whole[..cut]), None);
		}
		assert_eq!(stun_local_ufrag(&binding(b"srvcli")), None);
		assert_eq!(stun_local_ufrag(&binding(&[0xff, b':'])), None);
	}
}
