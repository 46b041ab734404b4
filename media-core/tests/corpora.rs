//! What the fuzzer found worth keeping, replayed: `fuzz/corpora` holds it, `fuzz/src/media.rs` what is done with it.
//!
//! With `DTEL_RECORD_CORPORA=<dir>` the last test writes what calls of these tests put on the wire there, as first
//! inputs of the targets.

#[path = "common/raw.rs"]
mod raw;

#[path = "../../fuzz/src/media.rs"]
mod media;

use dtel_media_core::{
	client::{self, Client, ClientConfig},
	files::samples,
	sfu::{Event, Input, Output, Sfu, SfuConfig},
	vp8, TransportKind,
};
use std::{collections::BTreeMap, path::Path, time::Duration};

fn replay(name: &str) {
	let known = media::TARGETS.iter().find(|t| t.0 == name).expect("a target");
	let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpora").join(name);
	let files: Vec<_> = std::fs::read_dir(&dir).expect("a corpus").collect();
	assert!(files.len() >= 5, "{} has {} files", dir.display(), files.len());
	for file in files {
		(known.1)(&std::fs::read(file.expect("a file").path()).expect("readable"));
	}
}

#[test]
fn descriptions_are_harmless() {
	replay("sdp");
}

#[test]
fn datagrams_of_strangers_are_harmless() {
	replay("stun");
}

#[test]
fn packets_of_publishers_are_harmless() {
	replay("rtp");
}

#[test]
fn control_packets_are_harmless() {
	replay("rtcp");
}

#[test]
fn payloads_are_harmless() {
	replay("payload");
}

#[test]
fn ivf_files_are_harmless() {
	replay("ivf");
}

#[test]
fn ogg_files_are_harmless() {
	replay("ogg");
}

type Seeds = BTreeMap<&'static str, Vec<Vec<u8>>>;

/// A call between a client and an SFU: descriptions and datagrams as they are.
fn record_call(seeds: &mut Seeds) {
	let now = std::time::Instant::now();
	let mut now = now;
	let sfu_address = "203.0.113.7:7882".parse().unwrap();
	let mut sfu = Sfu::new(now, SfuConfig::new(sfu_address));
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
	let id = sfu.create_participant(now, "r", "PA_a", "a", true).unwrap();
	let with = |kind: u8, text: &str| [&[kind], text.as_bytes()].concat();
	let mut descriptions = Vec::new();
	let offer = client.publisher_offer(now).unwrap();
	let answer = sfu.publisher_offer(now, id, &offer).unwrap();
	client.publisher_answer(now, &answer).unwrap();
	descriptions.extend([with(0, &offer), with(5, &answer)]);
	let candidates = offer.lines().filter(|l| l.starts_with("a=candidate:"));
	descriptions.push(with(3, &candidates.collect::<Vec<_>>().join("\n")));
	let browser = include_str!("fixtures/chromium_offer.sdp");
	descriptions.extend([with(0, browser), with(1, browser), with(2, "a=end-of-candidates\r\n")]);
	let mut datagrams: Vec<Vec<u8>> = Vec::new();
	let end = now + Duration::from_secs(3);
	while now < end {
		loop {
			match sfu.poll_output() {
				Output::Timeout(_) => break,
				Output::Event(Event::SubscriberOffer { sdp, .. }) => {
					let answer = client.subscriber_offer(now, &sdp).unwrap();
					sfu.subscriber_answer(now, id, &answer).unwrap();
					descriptions.extend([with(4, &sdp), with(1, &answer)]);
				}
				Output::Event(_) => {}
				Output::Transmit(t) => {
					let transport = match t.destination.port() {
						1 => TransportKind::Publisher,
						_ => TransportKind::Subscriber,
					};
					datagrams.push(t.contents.clone());
					let (source, contents) = (t.source, t.contents.as_slice());
					let input = client::Input::Datagram { transport, source, contents };
					client.handle_input(now, input);
				}
			}
		}
		loop {
			match client.poll_output() {
				client::Output::Timeout(_) => break,
				client::Output::Event(_) => {}
				client::Output::Transmit(_, t) => {
					datagrams.push(t.contents.clone());
					let (source, destination) = (t.source, t.destination);
					let input = Input::Datagram { source, destination, contents: &t.contents };
					sfu.handle_input(now, input);
				}
			}
		}
		now += Duration::from_millis(20);
		sfu.handle_input(now, Input::Timeout);
		client.handle_input(now, client::Input::Timeout);
	}
	seeds.insert("sdp", descriptions);
	let kind = |d: &Vec<u8>| match d.as_slice() {
		[0..=3, ..] => "stun",
		[20..=63, ..] => "dtls",
		[128..=191, 192..=223, ..] => "rtcp",
		_ => "rtp",
	};
	for (place, datagram) in datagrams.iter().enumerate() {
		let known = seeds.entry(kind(datagram)).or_default();
		if known.len() < 12 {
			known.push([&[place as u8 % 4], datagram.as_slice()].concat());
		}
	}
	// Strangers' datagrams are of every kind; a check names a user that is there.
	let mut all = seeds.remove("dtls").unwrap_or_default();
	all.extend(seeds.remove("rtp").unwrap_or_default().into_iter().take(2));
	all.truncate(6);
	let checks = seeds.entry("stun").or_default();
	for check in checks.iter_mut() {
		if let Some(at) = check.windows(2).position(|w| w == [0, 6]) {
			let end = check.iter().skip(at + 4).position(|b| *b == b':').unwrap_or(0);
			check[at + 4..at + 4 + end].fill(b'u');
		}
	}
	checks.extend(all);
}

/// A packet as the target reads it: flags, time, lengths, payload, descriptor.
fn packet(flags: u8, payload: &[u8], descriptor: &[u8]) -> Vec<u8> {
	let payload = &payload[..payload.len().min(200)];
	let head = [flags, 40, payload.len() as u8, descriptor.len() as u8];
	[&head[..], payload, descriptor].concat()
}

fn record_packets(seeds: &mut Seeds) {
	let samples = samples();
	let mut vp8 = vec![0x1e];
	for (n, frame) in samples.video[0].frames.iter().take(6).enumerate() {
		let ids = vp8::PictureIds { picture: 100 + n as u16, tl0: n as u8 };
		vp8.extend(packet(0x14, &vp8::packetize(frame, ids)[0], &[]));
	}
	let audio: Vec<u8> = samples.audio.iter().take(6).flat_map(|p| packet(0x18, p, &[])).collect();
	let red = [0xef, 0x1e, 0, 2, 0x6f, 0xf8, 1, 0xf8, 2];
	// SPS, PPS and IDR slice in a STAP-A; a fragment; a plain slice.
	let h264: Vec<u8> = [
		&[0x18, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x68, 1, 0, 2, 0x65, 2][..],
		&[0x7c, 0x85, 1, 2, 3],
		&[0x7c, 0x45, 4, 5],
		&[0x41, 9, 9],
	]
	.into_iter()
	.flat_map(|p| packet(0x15, p, &[]))
	.collect();
	// A keyframe with its scalability structure, then two layers of the next picture.
	let vp9: Vec<u8> = [
		&[0xaa, 0x81, 0x02, 0x00, 0x01, 0x30, 1, 64, 0, 36, 2, 128, 0, 72, 7, 7][..],
		&[0xe8, 0x81, 0x03, 0x20, 0x02, 7],
		&[0xe4, 0x81, 0x03, 0x23, 0x02, 7],
	]
	.into_iter()
	.flat_map(|p| packet(0x16, p, &[]))
	.collect();
	let av1 = packet(0x17, &[0x28, 3, 0x08, 1, 2, 0x30, 9, 9], &L1T1);
	let av1 = [av1, packet(0x17, &[0x10, 0x30, 1], &[0xc0, 0, 2])].concat();
	let with = |first: u8, rest: &[u8]| [&[first], rest].concat();
	seeds.insert(
		"rtp",
		vec![
			vp8.clone(),
			with(0x00, &vp8[1..]),
			with(0x01, &audio),
			with(0x01, &packet(0x19, &red, &[])),
			with(0x1e, &h264),
			with(0x1e, &vp9),
			with(0x08, &vp9),
			with(0x1e, &av1),
		],
	);
	let frame = &samples.video[0].frames[0];
	let ids = vp8::PictureIds { picture: 5, tl0: 5 };
	let descriptors = [&[L1T1.len() as u8][..], &L1T1, &[0xc0, 0, 2, 0x40]].concat();
	seeds.insert(
		"payload",
		vec![
			with(0, &[0x18, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x65, 2]),
			with(0, &[0x7c, 0x85, 1, 2, 3]),
			with(1, &[0xaa, 0x81, 0x02, 0x00, 0x01, 0x30, 1, 64, 0, 36, 2, 128, 0, 72, 7, 7]),
			with(2, &[0x28, 3, 0x08, 1, 2, 0x30, 9, 9]),
			with(3, &descriptors),
			with(4, &red),
			with(5, &vp8::packetize(frame, ids)[0][..200]),
			with(6, &samples.audio[7]),
			with(6, &[0x03, 0xc2, 3, 1, 9, 9, 0, 0, 0]),
			with(7, &vp8::packetize(frame, ids)[0][..64]),
		],
	);
}

/// One layer: structure with one target, one template, no chains.
const L1T1: [u8; 6] = [0xc0, 0, 1, 0x80, 0, 0x38];

fn record_files(seeds: &mut Seeds) {
	let ivf: &[u8] = include_bytes!("../samples/video_q.ivf");
	let ogg: &[u8] = include_bytes!("../samples/audio.opus");
	let cuts = |file: &[u8], at: &[usize]| at.iter().map(|n| file[..*n].to_vec()).collect();
	seeds.insert("ivf", cuts(ivf, &[20, 32, 44, 500, 3_000]));
	// Both header pages are short; the first page of sound is longer.
	seeds.insert("ogg", cuts(ogg, &[27, 47, 100, 200, 4_500]));
}

#[test]
fn what_calls_put_on_the_wire_is_harmless() {
	let mut seeds = Seeds::new();
	record_call(&mut seeds);
	record_packets(&mut seeds);
	record_files(&mut seeds);
	let names: Vec<_> = seeds.keys().copied().collect();
	assert_eq!(names, ["ivf", "ogg", "payload", "rtcp", "rtp", "sdp", "stun"]);
	for (name, run) in media::TARGETS {
		let inputs = &seeds[name];
		assert!(inputs.len() >= 5, "{name}: {}", inputs.len());
		for (place, input) in inputs.iter().enumerate() {
			run(input);
			if let Ok(dir) = std::env::var("DTEL_RECORD_CORPORA") {
				let dir = Path::new(&dir).join(name);
				std::fs::create_dir_all(&dir).unwrap();
				std::fs::write(dir.join(format!("seed-{place:02}")), input).unwrap();
			}
		}
	}
}
