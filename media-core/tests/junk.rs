//! Nothing that comes from outside makes the SFU or a client panic.

mod common;

use std::time::Duration;

use common::{Link, World, SFU_SOCKET};
use dtel_media_core::sfu::Input;
use dtel_media_core::{client, TransportKind};
use proptest::prelude::*;

/// Bytes that begin like STUN, DTLS, RTP or RTCP.
fn datagram() -> impl Strategy<Value = Vec<u8>> {
	(
		prop_oneof![
			Just(vec![]),
			Just(vec![0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]),
			Just(vec![1, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]),
			Just(vec![22, 0xfe, 0xfd]),
			Just(vec![0x80, 111]),
			Just(vec![0x90, 96]),
			Just(vec![0x81, 201]),
			Just(vec![0x8f, 205]),
		],
		proptest::collection::vec(any::<u8>(), 0..300),
	)
		.prop_map(|(mut head, tail)| {
			head.extend(tail);
			head
		})
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

	#[test]
	fn call_survives_arbitrary_datagrams(junk in proptest::collection::vec((datagram(), 0..4usize), 1..100)) {
		let mut w = World::new(1, Link::default());
		let a = w.join(true, false, None);
		let b = w.join(false, false, None);
		w.run_for(Duration::from_secs(1));
		for (contents, from) in &junk {
			let source = ["192.0.2.1:9", "198.51.100.1:5000", "198.51.100.1:5001", "198.51.100.2:5001"][*from];
			let (source, destination) = (source.parse().unwrap(), SFU_SOCKET.parse().unwrap());
			w.sfu.handle_input(w.now, Input::Datagram { source, destination, contents });
			w.sfu.handle_input(w.now, Input::Tcp { source, destination, contents });
			for transport in [TransportKind::Publisher, TransportKind::Subscriber] {
				let source = common::SFU.parse().unwrap();
				w.nodes[b].client.handle_input(w.now, client::Input::Datagram { transport, source, contents });
			}
			w.run_for(Duration::from_millis(5));
		}
		let sid = format!("TR_{a}_microphone");
		let before = w.frames(b, &sid);
		w.run_for(Duration::from_secs(1));
		prop_assert!(w.frames(b, &sid) >= before + 45);
	}

	#[test]
	fn sdp_may_be_anything(text in "[a-z=:0-9 \r\n/.;|-]{0,400}", cut in 0usize..4_000, at in 0usize..4_000, byte in 32u8..127) {
		let mut w = World::new(2, Link::default());
		let a = w.join(true, true, None);
		let id = w.nodes[a].id;
		let _ = w.sfu.publisher_offer(w.now, id, &text);
		let _ = w.sfu.subscriber_answer(w.now, id, &text);
		let _ = w.sfu.add_candidate(w.now, id, TransportKind::Publisher, &text);
		let _ = w.nodes[a].client.subscriber_offer(w.now, &text);
		let _ = w.nodes[a].client.publisher_answer(w.now, &text);
		// A real offer, cut and changed.
		let mut other = client::Client::new(w.now, client::ClientConfig {
			publisher_addr: "198.51.100.77:1".parse().unwrap(),
			subscriber_addr: "198.51.100.77:2".parse().unwrap(),
			audio: true,
			video: true,
			stamp: None,
			epoch: w.now,
		});
		let mut offer = other.publisher_offer(w.now).unwrap().into_bytes();
		let length = offer.len();
		offer[at % length] = byte;
		offer.truncate(length - cut % length);
		let id = w.sfu.create_participant(w.now, "r", "PA_x", "x", true).unwrap();
		let _ = w.sfu.publisher_offer(w.now, id, &String::from_utf8_lossy(&offer));
		w.run_for(Duration::from_millis(300));
	}
}
