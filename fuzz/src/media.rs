//! Targets of media-core. The replay test of media-core includes this file, too: see `media-core/tests/corpora.rs`.
//!
//! Each takes any bytes. What it must not do is panic, overflow, or break what is asserted.

use super::raw::{browser, Call, PUBLISHER, SID, SUBSCRIBER};
use dtel_media_core::{
	client::{Client, ClientConfig},
	codecs::{av1, dependency, h264, red, vp9},
	files::{read_ivf, read_ogg_opus},
	net, opus,
	sfu::{Event, Input, Output, ParticipantId, TrackBinding},
	vp8, MediaKind, TransportKind,
};
use std::{cell::RefCell, sync::Arc, time::Duration};
use str0m::{format::Codec, rtp::ExtensionValues};

/// A name, and what is done with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Targets by name.
pub const TARGETS: &[Target] = &[
	("sdp", sdp),
	("stun", stun),
	("rtp", rtp),
	("rtcp", rtcp),
	("payload", payload),
	("ivf", ivf),
	("ogg", ogg),
];

/// Inputs that share a call: making one is dear.
const SHARED: u32 = 500;
/// Stands for the SFU's ICE user name in inputs: as long as it is.
const UFRAG: u8 = b'u';
/// Address that the SFU listens on, as `raw` has it.
const SFU: &str = "203.0.113.7:7882";

thread_local! {
	static VIDEO: RefCell<Option<(Call, u32)>> = const { RefCell::new(None) };
	static AUDIO: RefCell<Option<(Call, u32)>> = const { RefCell::new(None) };
}

/// A call of two that is up.
fn with_call(kind: MediaKind, run: impl FnOnce(&mut Call)) {
	let slot = if kind == MediaKind::Video { &VIDEO } else { &AUDIO };
	slot.with_borrow_mut(|slot| {
		let (call, uses) =
			slot.get_or_insert_with(|| (Call::new(kind, browser(true), browser(true)), 0));
		run(call);
		call.events.clear();
		call.peers.iter_mut().for_each(|p| p.packets.clear());
		*uses += 1;
		if *uses >= SHARED {
			*slot = None;
		}
	});
}

/// Somebody else in the room, and what the SFU offers to it.
fn newcomer(call: &mut Call) -> (ParticipantId, String) {
	let sid = format!("PA_{}", call.sequence);
	call.sequence += 1;
	let id = call.sfu.create_participant(call.now, "r", &sid, "x", true).expect("a place");
	let mut offer = String::new();
	loop {
		match call.sfu.poll_output() {
			Output::Timeout(_) => return (id, offer),
			Output::Event(Event::SubscriberOffer { participant, sdp }) if participant == id => {
				offer = sdp;
			}
			_ => {}
		}
	}
}

fn leave(call: &mut Call, id: ParticipantId) {
	call.run(Duration::from_millis(2));
	let _ = call.sfu.leave(call.now, id);
	call.run(Duration::from_millis(1));
}

fn media_lines(sdp: &str) -> usize {
	sdp.lines().filter(|l| l.starts_with("m=")).count()
}

/// Descriptions and candidates: the first byte says whose and which, the rest is the text.
pub fn sdp(data: &[u8]) {
	let Some((kind, text)) = data.split_first() else { return };
	let text = &*String::from_utf8_lossy(text);
	if kind % 6 >= 4 {
		return client_sdp(kind % 6 == 4, text);
	}
	with_call(MediaKind::Video, |call| {
		let (id, offer) = newcomer(call);
		let now = call.now;
		for (cid, kind) in [("cid-a", MediaKind::Audio), ("cid-v", MediaKind::Video)] {
			let track = TrackBinding {
				cid: cid.into(),
				track_sid: format!("TR_{cid}_{}", call.sequence),
				kind,
				name: String::new(),
				source: 1,
				muted: false,
				width: 640,
				height: 360,
			};
			call.sfu.add_track(id, track).expect("a track");
		}
		match kind % 6 {
			0 => {
				if let Ok(answer) = call.sfu.publisher_offer(now, id, text) {
					assert!(answer.starts_with("v=0"), "{answer}");
					assert!(media_lines(&answer) <= text.matches("m=").count(), "{answer}");
					// The same again, as after an ICE restart.
					let _ = call.sfu.publisher_offer(now, id, text);
				}
			}
			1 => drop(call.sfu.subscriber_answer(now, id, text)),
			2 => {
				// The SFU's own words come back, changed.
				let mut echo = offer.replace("actpass", "active").replace("sendonly", "recvonly");
				echo.push_str(text);
				let _ = call.sfu.subscriber_answer(now, id, &echo);
			}
			_ => {
				for line in text.lines().take(64) {
					let _ = call.sfu.add_candidate(now, id, TransportKind::Publisher, line);
				}
			}
		}
		leave(call, id);
	});
}

/// What a hostile node tells a prober.
fn client_sdp(offer: bool, text: &str) {
	let now = std::time::Instant::now();
	let address = |port| ([198, 51, 100, 9], port).into();
	let mut client = Client::new(
		now,
		ClientConfig {
			publisher_addr: address(1),
			subscriber_addr: address(2),
			audio: true,
			video: true,
			stamp: None,
			epoch: now,
		},
	);
	if offer {
		let _ = client.subscriber_offer(now, text);
	} else if client.publisher_offer(now).is_some() {
		let _ = client.publisher_answer(now, text);
	}
	while !matches!(client.poll_output(), dtel_media_core::client::Output::Timeout(_)) {}
}

/// A datagram: the first byte says from where it comes.
pub fn stun(data: &[u8]) {
	let Some((from, datagram)) = data.split_first() else { return };
	let named = net::stun_local_ufrag(datagram);
	assert!(named.is_none() || datagram.len() > 20);
	with_call(MediaKind::Audio, |call| datagrams(call, *from, datagram));
}

/// The same, for what the demultiplexer takes for RTCP.
pub fn rtcp(data: &[u8]) {
	let Some((from, rest)) = data.split_first() else { return };
	let mut datagram = rest.to_vec();
	if let [first, second, ..] = datagram.as_mut_slice() {
		// Version 2; packet types 192 to 223 (RFC 5761 §4).
		*first = *first & 0x3f | 0x80;
		*second = *second & 0x1f | 0xc0;
	}
	with_call(MediaKind::Audio, |call| datagrams(call, *from, &datagram));
}

fn datagrams(call: &mut Call, from: u8, datagram: &[u8]) {
	let mut datagram = datagram.to_vec();
	let (id, offer) = newcomer(call);
	// A check can name a user that is there; its password nobody knows.
	let ufrag = offer.lines().find_map(|l| l.strip_prefix("a=ice-ufrag:")).unwrap_or_default();
	let place = vec![UFRAG; ufrag.len()];
	let at = datagram.windows(place.len().max(1)).position(|w| w == place);
	if let Some(place) = at.and_then(|at| datagram.get_mut(at..at + ufrag.len())) {
		place.copy_from_slice(ufrag.as_bytes());
	}
	let source = match from % 4 {
		0 => "198.51.100.1:5000",
		1 => "198.51.100.2:5001",
		2 => "192.0.2.9:9",
		_ => "[2001:db8::9]:9",
	};
	let (source, destination) =
		(source.parse().expect("an address"), SFU.parse().expect("an address"));
	let input = Input::Datagram { source, destination, contents: &datagram };
	call.sfu.handle_input(call.now, input);
	leave(call, id);
}

/// Packets of a hostile publisher, encrypted as they should be: for each a byte of flags, one of time, two lengths,
/// then payload and dependency descriptor.
pub fn rtp(data: &[u8]) {
	let Some((settings, mut rest)) = data.split_first() else { return };
	let kind = if settings & 1 == 0 { MediaKind::Video } else { MediaKind::Audio };
	with_call(kind, |call| {
		let (id, now) = (call.ids[SUBSCRIBER], call.now);
		let highest = |bits: u8| (bits < 3).then_some(bits);
		let _ = call.sfu.set_track_settings(now, id, SID, false, highest(settings >> 1 & 3));
		let _ = call.sfu.set_max_temporal(now, id, SID, highest(settings >> 3 & 3));
		let mut timestamp = 90_000u32.wrapping_mul(call.sequence as u32);
		for _ in 0..32 {
			let [flags, time, length, described, after @ ..] = rest else { break };
			let (payload, after) = after.split_at(after.len().min((*length).into()));
			let (descriptor, after) = after.split_at(after.len().min((*described).into()));
			rest = after;
			let format = match (kind, flags & 3) {
				(MediaKind::Audio, red) => (Codec::Opus, red & 1 == 1),
				(_, 0) => (Codec::Vp8, false),
				(_, 1) => (Codec::H264, false),
				(_, 2) => (Codec::Vp9, false),
				_ => (Codec::Av1, false),
			};
			let mut values = ExtensionValues {
				audio_level: (flags & 8 != 0).then_some(-((time & 0x7f) as i8)),
				..ExtensionValues::default()
			};
			if descriptor.len() >= 3 {
				values.user_values.set(dependency::extension::Raw::new(descriptor));
			}
			if flags & 16 != 0 {
				timestamp = timestamp.wrapping_add(u32::from(*time) << (flags >> 6));
			}
			if flags & 32 != 0 {
				call.sequence += u64::from(*time);
			}
			call.send(format, timestamp, flags & 4 != 0, payload, values);
			call.run(Duration::from_millis(3));
		}
		call.run(Duration::from_millis(20));
		assert!(call.sfu.participant_stats(call.ids[PUBLISHER]).is_some(), "the publisher is gone");
	});
}

/// The payload parsers by themselves: the first byte says which.
pub fn payload(data: &[u8]) {
	let Some((which, data)) = data.split_first() else { return };
	match which % 8 {
		0 => {
			let units = h264::Units::parse(data);
			assert!(units.is_none() || !data.is_empty());
			if let Some(id) = data.first_chunk() {
				let _ = h264::Profile::parse(u32::from_be_bytes(*id));
			}
		}
		1 => {
			if let Some(d) = vp9::Descriptor::parse(data) {
				assert!(d.length <= data.len());
				let _ = (d.starts_keyframe(), d.layers());
			}
		}
		2 => drop(av1::Packet::parse(data).map(|p| p.starts_keyframe())),
		3 => descriptors(data),
		4 => {
			if let Some((pt, block)) = red::primary(data) {
				assert!(pt < 128 && block.len() < data.len());
				let moved = red::renumber(data, pt, 99).expect("the headers are whole");
				assert_eq!(red::primary(&moved), Some((99, block)));
			}
		}
		5 => {
			let _ = (vp8::dimensions(data), vp8::is_keyframe(data));
			let mut assembler = vp8::Assembler::default();
			for (sequence, piece) in data.chunks(23).enumerate() {
				let parsed = vp8::Payload::parse(piece);
				assert!(parsed.is_none_or(|p| p.data.len() <= piece.len()));
				let _ = assembler.push(sequence as u64, 7, sequence % 3 == 2, piece, ());
			}
		}
		6 => {
			if let Some(packet) = opus::Packet::parse(data) {
				let padded = packet.with_padding(&[7; 21]);
				let again = opus::Packet::parse(&padded).expect("padding leaves a packet a packet");
				assert_eq!(again.frames(), packet.frames());
				assert_eq!((again.samples(), again.padding()), (packet.samples(), &[7; 21][..]));
			}
		}
		_ => {
			let at = data.len() / 2;
			let (head, tail) = data.split_at(at);
			let mut assembler = vp8::Assembler::default();
			let _ = assembler.push(u64::MAX, 1, true, head, ());
			let _ = assembler.push(0, 1, true, tail, ());
		}
	}
}

/// Two dependency descriptors: a length, the first, the rest.
fn descriptors(data: &[u8]) {
	let Some((length, rest)) = data.split_first() else { return };
	let (first, second) = rest.split_at(rest.len().min((*length).into()));
	let Some(key) = dependency::Descriptor::parse(first, None) else { return };
	let structure: &Arc<_> = key.structure.as_ref().expect("without one it is refused");
	assert!((1..=32).contains(&structure.targets) && structure.layers.len() == structure.targets);
	let _ = (structure.target(1, 1), structure.mask(1, 1), structure.spatial_layers());
	for (bytes, known) in [(first, None), (second, Some(structure))] {
		let Some(d) = dependency::Descriptor::parse(bytes, known) else { continue };
		for active in [None, Some(structure.mask(0, 0))] {
			let out = d.rewrite(bytes, 0x1234, active);
			let again =
				dependency::Descriptor::parse(out.bytes(), known).expect("still a descriptor");
			assert_eq!((again.frame, again.start, again.end), (0x1234, d.start, d.end));
			assert_eq!(again.template, d.template);
		}
	}
}

/// An IVF file.
pub fn ivf(data: &[u8]) {
	if let Ok(file) = read_ivf(data) {
		assert!(file.frame_rate() >= 1);
		let frames: usize = file.frames.iter().map(|f| f.data.len() + 12).sum();
		assert!(frames + 32 <= data.len());
	}
}

/// An Ogg file, as it is and with right checksums.
pub fn ogg(data: &[u8]) {
	let whole = |bytes: &[u8]| {
		if let Ok(file) = read_ogg_opus(bytes) {
			let sum: usize = file.packets.iter().map(Vec::len).sum();
			assert!(file.channels > 0 && sum < bytes.len());
		}
	};
	whole(data);
	let mut fixed = data.to_vec();
	let mut at = 0;
	while let Some(header) = fixed.get(at..at + 27) {
		let segments = usize::from(header[26]);
		let Some(lacing) = fixed.get(at + 27..at + 27 + segments) else { break };
		let length = 27 + segments + lacing.iter().map(|l| usize::from(*l)).sum::<usize>();
		let Some(page) = fixed.get_mut(at..at + length) else { break };
		page[22..26].fill(0);
		let sum = ogg_sum(page);
		page[22..26].copy_from_slice(&sum.to_le_bytes());
		at += length;
	}
	whole(&fixed);
}

/// RFC 3533 §6.
fn ogg_sum(page: &[u8]) -> u32 {
	page.iter().fold(0u32, |sum, byte| {
		(0..8).fold(sum ^ u32::from(*byte) << 24, |s, _| {
			if s >> 31 == 1 {
				s << 1 ^ 0x04c1_1db7
			} else {
				s << 1
			}
		})
	})
}
