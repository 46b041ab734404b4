//! Peers by hand: signalling over a bare WebSocket, datagrams over bare sockets.

use super::*;
use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{signal_request::Message as Request, signal_response::Message as Response};
use stun_types::{
	attribute::{AttributeType, RawAttribute, Username},
	message::{
		IntegrityAlgorithm, Message as Stun, MessageIntegrityCredentials, MessageWrite,
		MessageWriteVec, ShortTermCredentials, BINDING,
	},
	prelude::MessageWriteExt,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

type Socket =
	tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// A participant that speaks signalling alone.
pub struct RawPeer {
	socket: Socket,
	/// The node's first subscriber offer.
	pub offer: String,
	offer_id: u32,
}

impl RawPeer {
	/// Joins and waits for the node's offer.
	pub async fn join(url: &str, room: &str, identity: &str) -> Self {
		let token = token(room, identity);
		let url = format!("{url}/rtc?access_token={token}&auto_subscribe=1&protocol=9");
		let (mut socket, _) = connect_async(url).await.expect("connects");
		loop {
			if let Response::Offer(offer) = message(&mut socket).await {
				return Self { socket, offer: offer.sdp, offer_id: offer.id };
			}
		}
	}

	/// Answers the offer.
	pub async fn answer(&mut self, sdp: String) {
		let answer = proto::SessionDescription {
			r#type: "answer".into(),
			sdp,
			id: self.offer_id,
			..Default::default()
		};
		self.send(Request::Answer(answer)).await;
		// When a later request has been answered, this one has been looked at.
		self.send(Request::PingReq(proto::Ping::default())).await;
		while !matches!(message(&mut self.socket).await, Response::PongResp(_)) {}
	}

	async fn send(&mut self, message: Request) {
		let request = proto::SignalRequest { message: Some(message) };
		let frame = Message::Binary(request.encode_to_vec().into());
		self.socket.send(frame).await.expect("sent");
	}

	/// A value of the offer, such as `ice-ufrag`.
	pub fn value(&self, attribute: &str) -> &str {
		value(&self.offer, attribute)
	}

	/// The candidates of the offer: protocol, address and port.
	pub fn candidates(&self) -> Vec<(String, SocketAddr)> {
		let mut all: Vec<_> = candidates(&self.offer).collect();
		all.sort();
		all.dedup();
		all
	}
}

async fn message(socket: &mut Socket) -> Response {
	within("a message", async {
		loop {
			let frame = socket.next().await.expect("connected").expect("a frame");
			if let Message::Binary(bytes) = frame {
				let response = proto::SignalResponse::decode(bytes.as_ref()).expect("protobuf");
				if let Some(message) = response.message {
					return message;
				}
			}
		}
	})
	.await
}

/// A value of a description, such as `ice-ufrag`.
pub fn value<'a>(sdp: &'a str, attribute: &str) -> &'a str {
	let start = format!("a={attribute}:");
	sdp.lines().find_map(|line| line.strip_prefix(&start)).expect("in the description").trim()
}

/// The candidates of a description: protocol, address and port.
pub fn candidates(sdp: &str) -> impl Iterator<Item = (String, SocketAddr)> + '_ {
	sdp.lines().filter(|line| line.starts_with("a=candidate:")).map(|line| {
		let words: Vec<_> = line.split_whitespace().collect();
		let ip = words[4].parse().expect("an address");
		(words[2].to_lowercase(), SocketAddr::new(ip, words[5].parse().expect("a port")))
	})
}

/// A check as ICE makes it (RFC 8445 §7.2.2), with this user name and password.
pub fn check(username: &str, password: Option<&str>) -> Vec<u8> {
	let mut request = Stun::builder_request(BINDING, MessageWriteVec::new());
	let raw = |kind: u16, value: &'static [u8]| RawAttribute::new(AttributeType::new(kind), value);
	request.add_attribute(&Username::new(username).expect("a name")).expect("fits");
	// PRIORITY, ICE-CONTROLLING, USE-CANDIDATE.
	request.add_attribute(&raw(0x0024, &[0x6e, 0, 0x1e, 0xff])).expect("fits");
	request.add_attribute(&raw(0x802a, &[1, 2, 3, 4, 5, 6, 7, 8])).expect("fits");
	request.add_attribute(&raw(0x0025, &[])).expect("fits");
	if let Some(password) = password {
		let credentials: MessageIntegrityCredentials =
			ShortTermCredentials::new(password.into()).into();
		request.add_message_integrity(&credentials, IntegrityAlgorithm::Sha1).expect("fits");
	}
	request.add_fingerprint().expect("fits");
	request.finish()
}

/// A whole DTLS 1.2 ClientHello (RFC 6347 §4.2.1) with one cipher suite and no extension.
pub fn client_hello(sequence: u16) -> Vec<u8> {
	let mut body = vec![0xfe, 0xfd];
	body.extend([sequence as u8; 32]);
	body.extend([0, 0, 0, 2, 0xc0, 0x2b, 1, 0]);
	let length = body.len() as u8;
	let mut handshake = vec![1, 0, 0, length, 0, 0, 0, 0, 0, 0, 0, length];
	handshake.extend(body);
	let mut record = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0];
	record.extend(sequence.to_be_bytes());
	record.extend((handshake.len() as u16).to_be_bytes());
	record.extend(handshake);
	record
}

/// Junk of a linear congruential generator: the same in every run.
pub fn junk(length: usize, seed: &mut u64) -> Vec<u8> {
	let mut next = || {
		*seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
		(*seed >> 33) as u8
	};
	(0..length).map(|_| next()).collect()
}
