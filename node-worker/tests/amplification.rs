//! A node sends nothing to an address from which no valid ICE credentials came: it cannot be used against others.

#![allow(missing_docs)]

mod common;

use common::{raw::*, *};
use dtel_media_core::client::{Client, ClientConfig};
use std::{net::SocketAddr, time::Duration};
use tokio::net::UdpSocket;

/// Time in which an answer would have come.
const QUIET: Duration = Duration::from_millis(1_500);

async fn socket() -> UdpSocket {
	UdpSocket::bind("127.0.0.1:0").await.expect("binds")
}

/// What comes to a socket until it has been quiet for a while.
async fn datagrams(socket: &UdpSocket) -> Vec<Vec<u8>> {
	let mut all = Vec::new();
	let mut buffer = [0; 2_048];
	while let Ok(read) = tokio::time::timeout(QUIET, socket.recv(&mut buffer)).await {
		all.push(buffer[..read.expect("read")].to_vec());
	}
	all
}

/// Bytes and datagrams that come to a socket until it has been quiet for a while.
async fn received(socket: &UdpSocket) -> (usize, usize) {
	let all = datagrams(socket).await;
	(all.iter().map(Vec::len).sum(), all.len())
}

/// The answer of a client that is at this address, and its user name fragment.
fn answer(offer: &str, address: SocketAddr) -> (String, String) {
	let now = std::time::Instant::now();
	let config = ClientConfig {
		publisher_addr: address,
		subscriber_addr: address,
		audio: false,
		video: false,
		stamp: None,
		epoch: now,
	};
	let sdp = Client::new(now, config).subscriber_offer(now, offer).expect("an answer");
	let ufrag = value(&sdp, "ice-ufrag").to_owned();
	(sdp, ufrag)
}

/// Requests and responses of STUN that are none of the peer's, and what is not STUN at all.
fn kinds(local: &str, password: &str, remote: &str) -> Vec<(&'static str, Vec<u8>)> {
	let name = format!("{local}:{remote}");
	let good = check(&name, Some(password));
	let with_type = |kind: [u8; 2]| {
		let mut message = good.clone();
		message[..2].copy_from_slice(&kind);
		message
	};
	let mut seed = 7;
	let mut turned = good.clone();
	turned[70] ^= 1;
	let starting = |first: &[u8], length: usize, seed: &mut u64| {
		let mut datagram = junk(length, seed);
		datagram[..first.len()].copy_from_slice(first);
		datagram
	};
	let bare = stun_types::message::Message::builder_request(
		stun_types::message::BINDING,
		stun_types::message::MessageWriteVec::new(),
	);
	vec![
		("binding request without anything", stun_types::message::MessageWrite::finish(bare)),
		("without integrity", check(&name, None)),
		("wrong password", check(&name, Some("not the password of this peer"))),
		("wrong user name", check(&format!("abcd:{remote}"), Some(password))),
		("wrong name of the peer", check(&format!("{local}:abcd"), Some(password))),
		("names swapped", check(&format!("{remote}:{local}"), Some(password))),
		("one bit turned", turned),
		("cut", good[..good.len() - 9].to_vec()),
		("indication", with_type([0x00, 0x11])),
		("success response", with_type([0x01, 0x01])),
		("error response", with_type([0x01, 0x11])),
		("TURN allocate", with_type([0x00, 0x03])),
		("unknown method", with_type([0x0f, 0x01])),
		("ClientHello", client_hello(0)),
		("DTLS alert", starting(&[21, 0xfe, 0xfd], 30, &mut seed)),
		("DTLS application data", starting(&[23, 0xfe, 0xfd], 400, &mut seed)),
		("RTP", starting(&[0x80, 111], 200, &mut seed)),
		("RTP video", starting(&[0x90, 96], 1_200, &mut seed)),
		("RTCP sender report", starting(&[0x80, 200], 60, &mut seed)),
		("RTCP keyframe request", starting(&[0x81, 206], 12, &mut seed)),
		("RTCP goodbye", starting(&[0x81, 203], 8, &mut seed)),
		("TURN channel data", starting(&[0x40, 0], 100, &mut seed)),
		("ZRTP", starting(&[16], 100, &mut seed)),
		("QUIC", starting(&[0xc0, 0, 0, 0, 1], 1_200, &mut seed)),
		("DNS", starting(&[0x12, 0x34, 1, 0, 0, 1], 40, &mut seed)),
		("one byte", vec![0]),
		("nothing", vec![]),
		("long", junk(8_000, &mut seed)),
	]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_before_credentials_match() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let node = worker.daemon.media;
	let mut peer = RawPeer::join(&worker.url(), "r", "a").await;
	let (local, password) = (peer.value("ice-ufrag").to_owned(), peer.value("ice-pwd").to_owned());
	let strangers = socket().await;
	let mut sent = 0;

	// Before and after the answer, which names an address that never asked for anything.
	let victim = socket().await;
	let (sdp, remote) = answer(&peer.offer, victim.local_addr().expect("bound"));
	for answered in [false, true] {
		for _ in 0..20 {
			for (_, datagram) in kinds(&local, &password, &remote) {
				strangers.send_to(&datagram, node).await.expect("sent");
				sent += datagram.len();
			}
		}
		let got = received(&strangers).await;
		assert_eq!(got, (0, 0), "answered: {answered}; {sent} bytes were sent");
		if !answered {
			peer.answer(sdp.clone()).await;
		}
	}
	for (what, datagram) in kinds(&local, &password, &remote) {
		let one = socket().await;
		one.send_to(&datagram, node).await.expect("sent");
		let mut buffer = [0; 2_048];
		let read = tokio::time::timeout(Duration::from_millis(200), one.recv(&mut buffer)).await;
		assert!(read.is_err(), "{what} is answered");
	}
	assert_eq!(received(&victim).await, (0, 0), "who is named as a candidate is left alone");

	// The right credentials are answered, to whom they came from and nobody else, and with less than was sent. What follows
	// is the handshake: it begins with them.
	let known = socket().await;
	let good = check(&format!("{local}:{remote}"), Some(&password));
	known.send_to(&good, node).await.expect("sent");
	let all = datagrams(&known).await;
	assert_eq!(all[0][..2], [1, 1], "a binding response: {:?}", all[0]);
	assert!(all[0].len() <= good.len(), "{} for {}", all[0].len(), good.len());
	assert!(all[1..].iter().all(|d| d[0] == 22), "{:?}", &all[1..]);
	assert_eq!(received(&strangers).await, (0, 0));
	assert_eq!(received(&victim).await, (0, 0));
	worker.daemon.stop().await;
}
