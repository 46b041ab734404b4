//! The parts of forwarding by themselves, each beside what it could cost or what another library takes for it.

use std::hint::black_box;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use criterion::{criterion_group, criterion_main, BatchSize, Criterion, Throughput};
use dtel_media_core::codecs::{dependency, red, vp9};
use dtel_media_core::net::{is_stun, stun_local_ufrag};
use dtel_media_core::quality::{audio_quality, AudioObservation, CodecImpairment};
use dtel_media_core::sfu::{Input, Output};
use dtel_media_core::srtp::{Srtp, HEADER};
use dtel_media_core::stats::{PacketInfo, RtpStats};
use dtel_media_core::vp8;
use str0m::rtp::{RedDecoder, Vp8Descriptor};

#[path = "../tests/common/mod.rs"]
mod common;

/// What every parser has to do at least: look at each byte of the descriptor once.
fn touch(bytes: &[u8]) -> u8 {
	bytes.iter().fold(0, |sum, b| sum ^ b)
}

fn hex(text: &str) -> Vec<u8> {
	let digit = |b: u8| (b as char).to_digit(16).expect("hex") as u8;
	text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn parse(c: &mut Criterion) {
	let mut group = c.benchmark_group("parse");
	// X=1 S=1; I L T K; 15-bit PictureID; TL0PICIDX; TID, KEYIDX; a keyframe begins.
	let vp8_payload = [0x90, 0xf0, 0x81, 2, 9, 0x21, 0x10, 0, 0, 0x9d, 1, 0x2a, 0, 0, 0, 0];
	group.bench_function("VP8 descriptor", |b| {
		b.iter(|| vp8::Payload::parse(black_box(&vp8_payload)))
	});
	group.bench_function("VP8 descriptor, str0m", |b| {
		b.iter(|| Vp8Descriptor::parse(black_box(&vp8_payload)))
	});
	group.bench_function("VP8 descriptor, limit", |b| {
		b.iter(|| touch(black_box(&vp8_payload[..6])))
	});
	let vp9_payload = [0xa8, 0x81, 2, 0, 9, 0xff];
	group.bench_function("VP9 descriptor", |b| {
		b.iter(|| vp9::Descriptor::parse(black_box(&vp9_payload)))
	});
	// The structure of a captured keyframe of three spatial and three temporal layers, and what most packets carry.
	let keyframe = hex("c1017280081485214eafffaaaa863cf0430c10c302afc0aaa0063c00430010c002a000a80006000040001d954926e082b04a0941b820ac1282503157f974000ca864330e222222eca8655304224230eca877530077004200ef008601df010d");
	let structure = dependency::Descriptor::parse(&keyframe, None)
		.and_then(|d| d.structure)
		.expect("structure");
	let descriptor = [keyframe[0], 1, 0x73];
	assert!(dependency::Descriptor::parse(&descriptor, Some(&structure)).is_some());
	group.bench_function("dependency descriptor", |b| {
		b.iter(|| dependency::Descriptor::parse(black_box(&descriptor), Some(&structure)))
	});
	group.bench_function("dependency descriptor, limit", |b| {
		b.iter(|| touch(black_box(&descriptor)))
	});
	let redundant = [0xef, 0x1e, 0, 2, 0xef, 0x0f, 0, 3, 0x6f, 1, 1, 2, 2, 2, 9, 8, 7, 6];
	group.bench_function("RED", |b| b.iter(|| red::primary(black_box(&redundant)).map(|p| p.0)));
	group.bench_function("RED, str0m", |b| {
		b.iter(|| RedDecoder::decode(black_box(&redundant)).map(|d| d.len()))
	});
	let mut stun = vec![0, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42];
	stun.extend([0; 12]);
	stun.extend([0, 6, 0, 7]);
	stun.extend(b"abc:def\0");
	group.bench_function("STUN user name", |b| {
		b.iter(|| {
			is_stun(black_box(&stun)).then(|| stun_local_ufrag(black_box(&stun)).map(str::len))
		})
	});
	group.bench_function("STUN user name, limit", |b| b.iter(|| touch(black_box(&stun))));
	group.finish();
}

/// Datagrams of nobody: what finding out costs beside looking an address up in a table.
fn route(c: &mut Criterion) {
	let mut group = c.benchmark_group("route");
	let mut world = common::World::new(1, common::Link::default());
	for _ in 0..20 {
		world.join(false, false, None);
	}
	world.run_for(Duration::from_secs(2));
	let (source, destination): (SocketAddr, SocketAddr) = (
		"198.51.100.77:4000".parse().expect("address"),
		common::SFU_SOCKET.parse().expect("address"),
	);
	let contents = [0x80u8, 111, 0, 1, 0, 0, 3, 0xc0, 9, 9, 9, 9, 1, 2, 3, 4];
	let now = world.now;
	group.bench_function("datagram of nobody", |b| {
		b.iter(|| {
			let contents = black_box(&contents[..]);
			world.sfu.handle_input(now, Input::Datagram { source, destination, contents });
			matches!(world.sfu.poll_output(), Output::Timeout(_))
		})
	});
	let table: std::collections::HashMap<SocketAddr, u64> =
		(0..40).map(|n| (SocketAddr::from(([198, 51, 100, n], 5_000)), u64::from(n))).collect();
	group.bench_function("look-up alone, limit", |b| {
		b.iter(|| table.get(black_box(&source)).copied())
	});
	group.finish();
}

/// Encrypting and decrypting a packet, beside copying it.
fn protect(c: &mut Criterion) {
	let mut group = c.benchmark_group("protect");
	for bytes in [100usize, 1_100] {
		let mut srtp = Srtp::new([7; 32], [9; 12]);
		let plain = vec![0x80; HEADER + bytes];
		let (mut sealed, mut out) = (Vec::new(), Vec::with_capacity(2_048));
		assert!(srtp.protect(&plain, 0, &mut sealed));
		group.throughput(Throughput::Bytes(bytes as u64));
		group.bench_function(format!("encrypt {bytes} bytes"), |b| {
			b.iter(|| {
				out.clear();
				srtp.protect(black_box(&plain), 0, &mut out)
			})
		});
		group.bench_function(format!("decrypt {bytes} bytes"), |b| {
			b.iter(|| srtp.unprotect(black_box(&sealed), 0, &mut out))
		});
		group.bench_function(format!("copy {bytes} bytes, limit"), |b| {
			b.iter(|| {
				out.clear();
				out.extend_from_slice(black_box(&plain));
			})
		});
	}
	group.finish();
}

/// Counting a packet, beside adding to three numbers; and what a score costs.
fn statistics(c: &mut Criterion) {
	let mut group = c.benchmark_group("statistics");
	let start = Instant::now();
	let info = |sequence: u64| PacketInfo {
		sequence,
		timestamp: (sequence as u32).wrapping_mul(960),
		marker: false,
		bytes: 80,
		keyframe: false,
	};
	group.bench_function("count a packet", |b| {
		b.iter_batched_ref(
			|| RtpStats::new(start, 48_000),
			|stats| {
				for n in 0..1_000u64 {
					stats.packet(start + Duration::from_millis(20 * n), black_box(info(n)));
				}
			},
			BatchSize::SmallInput,
		)
	});
	group.bench_function("count a packet, limit", |b| {
		b.iter(|| {
			let mut sums = [0u64; 3];
			for n in 0..1_000u64 {
				let info = black_box(info(n));
				sums[0] += 1;
				sums[1] += info.bytes as u64;
				sums[2] = sums[2].max(info.sequence);
			}
			sums
		})
	});
	let observation = AudioObservation {
		delay_ms: 90.0,
		loss_percent: 1.0,
		burst_ratio: 1.0,
		codec: CodecImpairment::OPUS_PROVISIONAL,
	};
	group.bench_function("E-model", |b| b.iter(|| audio_quality(black_box(observation))));
	group.finish();
}

criterion_group!(benches, parse, route, protect, statistics);
criterion_main!(benches);
