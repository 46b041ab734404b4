//! Every codec through an SFU: what goes in comes out, begun at keyframes, cut to the layers that are wanted.

#[path = "common/raw.rs"]
mod raw;

use std::time::Duration;

use dtel_media_core::codecs::bits::BitWriter;
use dtel_media_core::codecs::dependency::{extension::Raw, Descriptor};
use dtel_media_core::sfu::Event;
use dtel_media_core::MediaKind;
use raw::{browser, with_codecs, Call, PUBLISHER, SID, SUBSCRIBER};
use str0m::format::Codec;
use str0m::rtp::{ExtensionValues, RedDecoder};
use str0m::RtcConfig;

fn ms(n: u64) -> Duration {
	Duration::from_millis(n)
}

/// A publisher of one codec and a subscriber of all.
fn video(codec: Codec) -> Call {
	Call::new(MediaKind::Video, with_codecs(false, &[codec]), browser(false))
}

/// A keyframe in two packets and a delta frame in one; the delta frame before them must not come through.
fn starts_at_keyframe(codec: Codec, key: [&[u8]; 2], delta: &[u8]) {
	let mut call = video(codec);
	call.video(codec, 0, true, delta);
	call.run(ms(450));
	assert!(call.received().is_empty(), "{codec:?}");
	call.video(codec, 3_000, false, key[0]);
	call.video(codec, 3_000, true, key[1]);
	call.video(codec, 6_000, true, delta);
	assert_eq!(call.payloads(), [key[0], key[1], delta], "{codec:?}");
	assert_eq!(call.sequences(), [0, 1, 2]);
	let markers: Vec<bool> = call.received().iter().map(|p| p.header.marker).collect();
	assert_eq!(markers, [false, true, true]);
	for packet in call.received() {
		assert_eq!(call.peers[SUBSCRIBER].codec(packet), (codec, false));
	}
	// The subscriber waited for a keyframe, so that one was asked for.
	assert!(call.peers[PUBLISHER].requests > 0 && call.sfu.totals().keyframe_requests > 0);
}

#[test]
fn vp8_starts_at_a_keyframe() {
	starts_at_keyframe(Codec::Vp8, [&[0x10, 0x00, 7, 7], &[0x00, 8, 8]], &[0x10, 0x01, 9]);
}

#[test]
fn h264_starts_at_parameter_sets() {
	let sps = [0x78, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x68, 0xce];
	starts_at_keyframe(Codec::H264, [&sps, &[0x65, 0x88, 0x84]], &[0x41, 0x9a, 1]);
}

#[test]
fn h264_starts_at_an_idr_fragment_when_there_are_no_parameter_sets() {
	starts_at_keyframe(Codec::H264, [&[0x7c, 0x85, 1], &[0x7c, 0x45, 2]], &[0x41, 0x9a, 1]);
}

#[test]
fn vp9_starts_at_a_keyframe() {
	starts_at_keyframe(Codec::Vp9, [&[0x88, 1, 7, 7], &[0x84, 1, 8]], &[0xcc, 2, 9]);
}

#[test]
fn av1_starts_at_a_sequence_header() {
	starts_at_keyframe(Codec::Av1, [&[0x28, 2, 0x08, 1, 0x30, 5], &[0x90, 6]], &[0x10, 0x30, 7]);
}

#[test]
fn only_the_codec_of_the_track_is_offered() {
	let mut call = Call::new(MediaKind::Video, browser(false), browser(false));
	call.video(Codec::Vp8, 0, true, &[0x10, 0x00, 7]);
	let offers: Vec<&String> = call
		.events
		.iter()
		.filter_map(|e| match e {
			Event::SubscriberOffer { participant, sdp } if *participant == call.ids[SUBSCRIBER] => {
				Some(sdp)
			}
			_ => None,
		})
		.collect();
	let with_video: Vec<_> = offers.iter().filter(|o| o.contains("m=video")).collect();
	assert!(!with_video.is_empty());
	for offer in with_video {
		assert!(offer.contains("VP8/90000") && offer.contains("apt=96"), "{offer}");
		assert!(!offer.contains("VP9") && !offer.contains("H264") && !offer.contains("AV1"));
	}
}

#[test]
fn subscribers_follow_when_the_publisher_takes_another_codec() {
	let mut call = Call::new(MediaKind::Video, browser(false), browser(false));
	call.video(Codec::Vp8, 0, true, &[0x10, 0x00, 7]);
	assert_eq!(call.received().len(), 1);
	let offers = |call: &Call| {
		let offer = |e: &&Event| matches!(e, Event::SubscriberOffer { .. });
		call.events.iter().filter(offer).count()
	};
	let before = offers(&call);
	for round in 0..20u32 {
		let codec = if round % 2 == 0 { Codec::H264 } else { Codec::Vp8 };
		let payload: &[u8] = if round % 2 == 0 { &[0x67, 0x42] } else { &[0x10, 0x00, 7] };
		call.video(codec, 3_000 * (round + 1), true, payload);
		call.run(ms(50));
	}
	assert_eq!(offers(&call), before + 1);
	let codecs: Vec<Codec> =
		call.received().iter().map(|p| call.peers[SUBSCRIBER].codec(p).0).collect();
	assert!(codecs.iter().filter(|c| **c == Codec::H264).count() >= 9, "{codecs:?}");
	assert!(codecs.iter().filter(|c| **c == Codec::Vp8).count() >= 10, "{codecs:?}");
}

#[test]
fn encrypted_frames_pass_untouched() {
	// As LiveKit's clients encrypt VP8: ten bytes of a keyframe and three of others stay clear, then come the
	// ciphertext, the initialisation vector, its length and the key's number.
	let mut call = video(Codec::Vp8);
	let mut key =
		vec![0x90, 0x80, 0x05, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00];
	key.extend((0..900u32).map(|i| (i * 31 % 251) as u8));
	let mut delta = vec![0x90, 0x80, 0x06, 0x31, 0x01, 0x00];
	delta.extend((0..700u32).map(|i| (i * 17 % 253) as u8));
	call.video(Codec::Vp8, 0, true, &key);
	call.video(Codec::Vp8, 3_000, true, &delta);
	let got = call.payloads();
	assert_eq!(got.len(), 2);
	// Only the picture's number in the descriptor may differ: byte 2 of both.
	for (sent, got) in [&key, &delta].into_iter().zip(&got) {
		assert_eq!((sent.len(), &sent[..2], &sent[3..]), (got.len(), &got[..2], &got[3..]));
	}
	// All other codecs: nothing at all differs.
	let mut call = video(Codec::H264);
	let mut fragment = vec![0x7c, 0x85];
	fragment.extend((0..900u32).map(|i| (i * 7 % 249) as u8));
	call.video(Codec::H264, 0, true, &fragment);
	assert_eq!(call.payloads(), [fragment]);
}

#[test]
fn frames_that_cannot_be_read_pass_after_a_while() {
	// Wholly encrypted: nothing says where a keyframe is.
	for codec in [Codec::Vp8, Codec::H264, Codec::Av1] {
		let mut call = video(codec);
		// The descriptor of VP8 is never encrypted; this one says nothing.
		let noise = [if codec == Codec::Vp8 { 0 } else { 0xffu8 }; 40];
		for frame in 0..40u32 {
			call.video(codec, frame * 9_000, false, &noise);
			call.video(codec, frame * 9_000, true, &noise);
			call.run(ms(80));
		}
		let got = call.received();
		assert!(got.len() > 10 && got.len() < 30, "{codec:?} {}", got.len());
		// Begun at the first packet of a frame, and whole from there on.
		assert!(!got[0].header.marker && got[1].header.marker, "{codec:?}");
		assert_eq!(call.sequences(), (0..got.len() as u64).collect::<Vec<_>>());
		assert!(got.iter().all(|p| *p.payload == noise));
	}
}

fn audio(publisher: RtcConfig, subscriber: RtcConfig) -> Call {
	Call::new(MediaKind::Audio, publisher, subscriber)
}

/// A redundant block of two bytes and a primary one of three.
fn red(pt: u8) -> Vec<u8> {
	vec![0x80 | pt, 0x0f, 0x00, 0x02, pt, 1, 2, 3, 4, 5]
}

#[test]
fn red_passes_to_whoever_takes_it() {
	let mut call = audio(browser(true), browser(true));
	call.send((Codec::Opus, true), 0, false, &red(111), ExtensionValues::default());
	call.run(ms(50));
	assert_eq!(call.payloads(), [red(111)]);
	let packet = &call.received()[0];
	assert_eq!(call.peers[SUBSCRIBER].codec(packet), (Codec::Opus, true));
	assert_eq!(RedDecoder::decode(&packet.payload).unwrap().len(), 2);
}

#[test]
fn red_is_unwrapped_for_whoever_does_not_take_it() {
	let mut call = audio(browser(true), browser(false));
	call.send((Codec::Opus, true), 0, false, &red(111), ExtensionValues::default());
	call.run(ms(50));
	assert_eq!(call.payloads(), [[3, 4, 5]]);
	assert_eq!(call.peers[SUBSCRIBER].codec(&call.received()[0]), (Codec::Opus, false));
}

#[test]
fn gaps_of_dtx_keep_their_length() {
	let mut call = audio(browser(false), browser(false));
	for (wait, timestamp) in [(20, 0u32), (400, 960), (400, 20_160), (20, 39_360)] {
		call.send((Codec::Opus, false), timestamp, false, &[0xf8, 1], ExtensionValues::default());
		call.run(ms(wait));
	}
	let got = call.received();
	let first = got[0].header.timestamp;
	let times: Vec<u32> = got.iter().map(|p| p.header.timestamp.wrapping_sub(first)).collect();
	assert_eq!(times, [0, 960, 20_160, 39_360]);
	assert_eq!(call.sequences(), [0, 1, 2, 3]);
}

/// A VP9 frame in one packet: spatial layer, keyframe or not, and a byte of its own.
fn vp9(picture: u8, spatial: u8, key: bool, tag: u8) -> Vec<u8> {
	// I P L F B E; PictureID; TID 0 U SID D; a reference unless it is a keyframe.
	let mut out = vec![0xbc | if key { 0 } else { 0x40 }, picture, 0x10 | spatial << 1];
	if !key {
		out.push(2);
	} else if spatial == 0 {
		// A structure of three layers without sizes.
		out[0] |= 0x02;
		out.push(0x40);
	}
	out.push(tag);
	out
}

fn vp9_picture(call: &mut Call, picture: u8, key: bool) {
	for spatial in 0..3u8 {
		let payload = vp9(picture, spatial, key, 100 + spatial);
		call.video(Codec::Vp9, u32::from(picture) * 9_000, spatial == 2, &payload);
	}
	call.run(ms(70));
}

fn spatials(call: &Call, from: usize) -> Vec<(u8, bool)> {
	let tag = |p: &str0m::rtp::RtpPacket| (p.payload.last().unwrap() - 100, p.header.marker);
	call.received()[from..].iter().map(tag).collect()
}

#[test]
fn vp9_is_cut_to_the_spatial_layer_that_is_wanted() {
	let mut call = video(Codec::Vp9);
	vp9_picture(&mut call, 1, true);
	vp9_picture(&mut call, 2, false);
	assert_eq!(
		spatials(&call, 0),
		[(0, false), (1, false), (2, true), (0, false), (1, false), (2, true)]
	);
	call.sfu.set_track_settings(call.now, call.ids[SUBSCRIBER], SID, false, Some(1)).unwrap();
	vp9_picture(&mut call, 3, false);
	assert_eq!(spatials(&call, 6), [(0, false), (1, true)]);
	// Up again only at a keyframe, which is asked for.
	call.sfu.set_track_settings(call.now, call.ids[SUBSCRIBER], SID, false, None).unwrap();
	let asked = call.peers[PUBLISHER].requests;
	// It was a step down a moment ago: the next one up is not tried at once.
	for picture in 4..30 {
		vp9_picture(&mut call, picture, false);
	}
	let before = call.received().len();
	assert!(call.peers[PUBLISHER].requests > asked);
	vp9_picture(&mut call, 30, true);
	assert_eq!(spatials(&call, before), [(0, false), (1, false), (2, true)]);
	// What was left out leaves no gap.
	assert_eq!(call.sequences(), (0..call.received().len() as u64).collect::<Vec<_>>());
}

/// A structure of two spatial layers, the upper one depending on the lower one at keyframes only.
fn structure(frame: u16) -> Vec<u8> {
	let templates = [([2, 2], 0u32), ([2, 0], 2), ([0, 2], 0), ([0, 3], 3)];
	let mut w = BitWriter::default();
	w.bits(0b11, 2);
	w.bits(0, 6);
	w.bits(frame.into(), 16);
	w.bits(0b10000, 5);
	w.bits(0, 6);
	w.bits(1, 5);
	templates.iter().for_each(|t| w.bits(t.1, 2));
	templates.iter().flat_map(|t| t.0).for_each(|d| w.bits(d, 2));
	w.bits(0, 4);
	w.bits(0, 1); // no chains: ns(3)
	w.bits(1, 1);
	for size in [319, 179, 639, 359] {
		w.bits(size, 16);
	}
	w.finish()
}

fn av1_picture(call: &mut Call, frame: u16, key: bool) {
	let timestamp = u32::from(frame) * 4_500;
	let [high, low] = frame.to_be_bytes();
	let [next_high, next_low] = (frame + 1).to_be_bytes();
	if key {
		call.described(timestamp, false, &[0x18, 0x08, 0], &structure(frame));
		call.described(timestamp, true, &[0x10, 0x30, 1], &[0xc2, next_high, next_low]);
	} else {
		call.described(timestamp, false, &[0x10, 0x30, 0], &[0xc1, high, low]);
		call.described(timestamp, true, &[0x10, 0x30, 1], &[0xc3, next_high, next_low]);
	}
	call.run(ms(70));
}

#[test]
fn av1_is_cut_to_the_decode_target_that_is_wanted() {
	let mut call = video(Codec::Av1);
	av1_picture(&mut call, 7, false);
	assert!(call.received().is_empty());
	av1_picture(&mut call, 9, true);
	av1_picture(&mut call, 11, false);
	let frames = |call: &Call, from: usize| -> Vec<(u16, u8, bool)> {
		let mut known = None;
		let all = call.received().iter().map(|p| {
			let bytes = p.header.ext_vals.user_values.get::<Raw>().unwrap().bytes();
			let d = Descriptor::parse(bytes, known.as_ref()).unwrap();
			known = d.structure.clone().or(known.take());
			(d.frame, d.template.spatial, p.header.marker)
		});
		let all: Vec<_> = all.collect();
		all[from..].to_vec()
	};
	// Frames of the lower layer are no part of the upper decode target, but for the keyframe.
	assert_eq!(frames(&call, 0), [(9, 0, false), (10, 1, true), (12, 1, true)]);
	call.sfu.set_track_settings(call.now, call.ids[SUBSCRIBER], SID, false, Some(0)).unwrap();
	av1_picture(&mut call, 13, false);
	let before = call.received().len();
	av1_picture(&mut call, 15, true);
	av1_picture(&mut call, 17, false);
	assert_eq!(frames(&call, before), [(15, 0, true), (17, 0, true)]);
	// The structure says which decode targets are left.
	let raw = call.received()[before].header.ext_vals.user_values.get::<Raw>().unwrap();
	let bytes = raw.bytes();
	assert_eq!(Descriptor::parse(bytes, None).unwrap().active, Some(1));
	assert_eq!(call.sequences(), (0..call.received().len() as u64).collect::<Vec<_>>());
}

#[test]
fn lost_packets_are_sent_again() {
	let mut call = video(Codec::Vp8);
	call.video(Codec::Vp8, 0, true, &[0x10, 0x00, 7]);
	let arrived = call.received().len();
	// Of what comes next every tenth packet is lost on the way to the subscriber.
	call.peers[SUBSCRIBER].lose = (0..10_000).filter(|n| n % 10 == 9).collect();
	for frame in 1..200u32 {
		call.video(Codec::Vp8, frame * 3_000, true, &[0x10, 0x01, frame as u8]);
	}
	call.peers[SUBSCRIBER].lose.clear();
	call.run(ms(500));
	let mut got: Vec<u8> = call.received()[arrived..].iter().map(|p| p.payload[2]).collect();
	got.sort_unstable();
	got.dedup();
	assert!(got.len() > 190, "{}", got.len());
}

#[test]
fn keyframe_requests_are_coalesced() {
	let mut call = video(Codec::Vp8);
	call.video(Codec::Vp8, 0, true, &[0x10, 0x00, 7]);
	let before = call.sfu.totals().keyframe_requests;
	for _ in 0..100 {
		let subscriber = &mut call.peers[SUBSCRIBER];
		let ssrc = subscriber.packets[0].header.ssrc;
		let kind = str0m::media::KeyframeRequestKind::Pli;
		subscriber.rtc.direct_api().stream_rx(&ssrc).unwrap().request_keyframe(kind);
		call.run(ms(20));
	}
	// Two seconds, at most two requests a second, and one at the start.
	let made = call.sfu.totals().keyframe_requests - before;
	assert!((2..=5).contains(&made), "{made}");
}
