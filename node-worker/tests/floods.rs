//! Calls go on, and memory stays bounded, whatever strangers send and however much of it.

#![allow(missing_docs)]

mod common;

use common::{calls::*, raw::*, *};
use dtel_media_core::client::{Client, ClientConfig};
use dtel_worker::chain::Issuer;
use std::{
	net::{Ipv4Addr, SocketAddr, UdpSocket},
	time::{Duration, Instant},
};

/// Half-open handshakes.
const HANDSHAKES: u32 = 10_000;
/// Participants whose peer connections they belong to.
const HALF_OPEN: u32 = 100;
/// Bytes of junk that the node has to read.
const JUNK: u64 = 1_000_000_000;
/// What memory may grow by: the bounded queues and buffers of the node, this test's own, and a margin.
const GROWTH: u64 = 256 * 1024 * 1024;
/// Longest time for the junk: the machine may be busy.
const LONG: Duration = Duration::from_secs(150);

/// A socket with an address of its own on loopback.
fn stranger(n: u32) -> UdpSocket {
	let ip = Ipv4Addr::from_bits((127 << 24 | 1 << 16) + n);
	UdpSocket::bind((ip, 0)).expect("binds")
}

fn answer(offer: &str, address: SocketAddr) -> (String, String) {
	let now = Instant::now();
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

/// What a participant still receives of the other in the worst case is most of it.
fn assert_good(parts: &[Part], most_lost_percent: u64) {
	for part in parts {
		assert!(part.audio > 0 && part.video > 0, "{part:?}");
		let all = part.packets + part.lost;
		assert!(part.lost * 100 <= all * most_lost_percent, "{part:?}");
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn call_outlives_ten_thousand_half_open_handshakes() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.signal.resume_seconds = 0;
		c.limits.participants = 200;
	})
	.await;
	worker.chain.set_issuer(public(&client_key()), Issuer::Client { limit: 1_000 });
	let node = worker.daemon.media;
	let call = Call::begin(&worker.url(), "r").await;
	let before = resident();

	// Peer connections whose ICE succeeds from a hundred addresses each, and whose DTLS begins and never ends.
	let mut peers = Vec::new();
	for n in 0..HALF_OPEN {
		let mut peer = RawPeer::join(&worker.url(), "half", &format!("p{n}")).await;
		let (sdp, remote) = answer(&peer.offer, ([127, 1, 0, 1], 9).into());
		peer.answer(sdp).await;
		let name = format!("{}:{remote}", peer.value("ice-ufrag"));
		let password = peer.value("ice-pwd").to_owned();
		peers.push(peer);
		tokio::task::spawn_blocking(move || {
			let each = HANDSHAKES / HALF_OPEN;
			for one in 0..each {
				let socket = stranger(n * each + one);
				let send = |datagram: &[u8]| socket.send_to(datagram, node).expect("sent");
				// As a stranger first; then with the credentials; then a handshake, twice begun.
				send(&client_hello(0));
				send(&check(&name, Some("wrong")));
				send(&check(&name, Some(&password)));
				send(&client_hello(0));
				send(&client_hello(1));
			}
		})
		.await
		.expect("sent");
	}
	let quality = worker.quality().await;
	let rooms = quality["rooms"].as_array().expect("rooms");
	let half = rooms.iter().find(|r| r["name"] == "half").expect("the room");
	let half = half["participants"].as_array().expect("participants");
	assert!(!half.is_empty() && half.iter().all(|p| p["subscriber_connected"] == false));
	let grown = resident().saturating_sub(before);
	println!("memory grew by {} KiB", grown / 1_024);
	assert!(grown < GROWTH, "{grown}");

	// They go when their signalling does; who stays is removed for want of a connection.
	drop(peers);
	within("the others are gone", async {
		loop {
			let rooms = worker.quality().await["rooms"].take();
			let present = |r: &serde_json::Value| r["participants"].as_array().map_or(0, Vec::len);
			let all: usize = rooms.as_array().expect("rooms").iter().map(present).sum();
			if all == 2 {
				break;
			}
			tokio::time::sleep(Duration::from_millis(100)).await;
		}
	})
	.await;
	let parts = call.end().await;
	println!("{parts:?}");
	assert_good(&parts, 10);
	worker.daemon.stop().await;
}

/// Datagrams of many lengths that begin like STUN, DTLS, RTP, RTCP and nothing.
fn pieces() -> Vec<Vec<u8>> {
	let mut seed = 3;
	let firsts: [&[u8]; 8] = [
		&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42],
		&[22, 0xfe, 0xfd],
		&[0x80, 111],
		&[0x90, 96],
		&[0x81, 201],
		&[0x8f, 205],
		&[0x40],
		&[],
	];
	let lengths = [40, 200, 700, 1_200, 1_400, 1_472];
	let piece = |n: usize| {
		let mut datagram = junk(lengths[n % lengths.len()], &mut seed);
		let first = firsts[n % firsts.len()];
		datagram[..first.len()].copy_from_slice(first);
		datagram
	};
	let mut pieces: Vec<_> = (0..96).map(piece).collect();
	pieces.push(client_hello(0));
	pieces.push(check("some:body", Some("password")));
	pieces
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn call_outlives_a_gigabyte_of_junk() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let (node, engine) = (worker.daemon.media, worker.daemon.engine.clone());
	let call = Call::begin(&worker.url(), "r").await;
	let before = resident();
	let pieces = pieces();
	let sockets: Vec<_> = (0..16).map(stranger).collect();
	let round = |count: usize| {
		let mut sent = 0u64;
		for n in 0..count {
			let datagram = &pieces[n % pieces.len()];
			// A full queue of the sender's own is no failure of the node.
			if sockets[n % sockets.len()].send_to(datagram, node).is_ok() {
				sent += datagram.len() as u64;
			}
		}
		sent
	};

	// As fast as the node reads: a gigabyte gets as far as the SFU and is dropped there.
	let began = Instant::now();
	let read_before = engine.view().await.expect("a view").totals.bytes_in;
	let (mut sent, mut read) = (0u64, 0u64);
	while read < JUNK {
		sent += tokio::task::block_in_place(|| round(512));
		read = engine.view().await.expect("a view").totals.bytes_in - read_before;
		// What the kernel had no room for is not waited for.
		sent = sent.min(read + 4_000_000);
		assert!(began.elapsed() < LONG, "{read} of {sent} bytes");
		if sent > read + 1_000_000 {
			tokio::time::sleep(Duration::from_millis(1)).await;
		}
	}
	let took = began.elapsed();
	let grown = resident().saturating_sub(before);
	let parts = call.end().await;
	println!("{read} bytes in {took:?}, memory grew by {} KiB, {parts:?}", grown / 1_024);
	assert!(grown < GROWTH, "{grown}");
	assert_good(&parts, 20);

	// Faster than anybody can read: much is lost, but the participants stay.
	let call = Call::begin(&worker.url(), "s").await;
	let until = Instant::now() + Duration::from_secs(3);
	while Instant::now() < until {
		tokio::task::block_in_place(|| round(4_096));
		tokio::task::yield_now().await;
	}
	let grown = resident().saturating_sub(before);
	assert!(grown < GROWTH, "{grown}");
	let parts = call.end().await;
	println!("while flooded: {parts:?}");
	assert!(parts.iter().all(|p| p.packets > 0), "{parts:?}");
	let call = Call::begin(&worker.url(), "t").await;
	call.end().await;
	let totals = worker.quality().await["totals"].take();
	println!("{totals}");
	assert!(totals["datagrams_dropped"].as_u64() > Some(500_000));
	worker.daemon.stop().await;
}
