//! Participants with one peer connection for both directions.

#[path = "common/raw.rs"]
mod raw;

use std::time::Duration;

use dtel_media_core::sfu::{Event, SfuError, TrackBinding};
use dtel_media_core::{MediaKind, TransportKind};
use raw::{browser, Call, PUBLISHER, SID, SUBSCRIBER};
use str0m::change::SdpAnswer;
use str0m::format::Codec;
use str0m::media::{Direction, Mid};
use str0m::rtp::{ExtensionValues, Ssrc};

const KEYFRAME: [u8; 3] = [0x10, 0x00, 7];
const DELTA: [u8; 3] = [0x10, 0x01, 9];

fn call() -> Call {
	Call::single(MediaKind::Video, browser(false), browser(false))
}

fn asked(call: &Call) -> Vec<(u32, u32)> {
	let of = |e: &Event| match e {
		Event::MediaSections { audios, videos, .. } => Some((*audios, *videos)),
		_ => None,
	};
	call.events.iter().filter_map(of).collect()
}

/// The lines of an answer about one media line.
fn section(answer: &str, mid: Mid) -> Vec<&str> {
	let of_mid = |s: &&str| s.lines().any(|l| l == format!("a=mid:{mid}"));
	answer.split("\r\nm=").skip(1).find(of_mid).unwrap().lines().collect()
}

fn says(call: &Call, mid: Mid, line: &str) -> bool {
	section(call.answers.last().unwrap(), mid).contains(&line)
}

fn send(call: &mut Call, timestamp: &mut u32, frames: u32) {
	for n in 0..frames {
		let payload = if n == 0 { &KEYFRAME } else { &DELTA };
		call.video(Codec::Vp8, *timestamp, true, payload);
		*timestamp += 3_000;
	}
}

fn sources(call: &Call) -> Vec<Ssrc> {
	let mut sources: Vec<Ssrc> = call.received().iter().map(|p| p.header.ssrc).collect();
	sources.dedup();
	sources
}

#[test]
fn track_comes_on_a_line_that_was_offered() {
	let mut call = call();
	assert_eq!(asked(&call), [], "nothing is asked of a client that has not offered yet");
	call.offer(1, 2);
	call.run(Duration::from_secs(1));
	let [audio, video, spare] = call.slots[..] else { panic!("three lines") };
	assert!(says(&call, video, "a=sendonly"));
	assert!(says(&call, video, &format!("a=msid:PA_0|{SID} {SID}")));
	for empty in [audio, spare] {
		assert!(says(&call, empty, "a=inactive"));
		let answer = call.answers.last().unwrap();
		let names = ["a=ssrc", "a=msid"];
		assert!(!section(answer, empty).iter().any(|l| names.iter().any(|n| l.starts_with(n))));
	}
	let lines = call.sfu.received_lines(call.ids[SUBSCRIBER]);
	assert_eq!(lines, [(video.to_string(), SID.to_owned())]);
	let connected = |transport| {
		let participant = call.ids[SUBSCRIBER];
		call.events.contains(&Event::TransportConnected { participant, transport })
	};
	assert!(connected(TransportKind::Publisher) && !connected(TransportKind::Subscriber));
	let mut timestamp = 0;
	send(&mut call, &mut timestamp, 5);
	assert_eq!(call.received().len(), 5);
	assert_eq!(asked(&call), []);
}

#[test]
fn lines_are_asked_for_when_they_are_missing() {
	let mut call = call();
	call.offer(2, 0);
	call.run(Duration::from_secs(1));
	assert_eq!(asked(&call), [(0, 1)]);
	let mut timestamp = 0;
	send(&mut call, &mut timestamp, 5);
	assert_eq!(call.received().len(), 5);
	// All codecs are on the line: another one needs no offer.
	call.video(Codec::H264, timestamp, true, &[0x67, 0x42]);
	call.run(Duration::from_millis(100));
	call.video(Codec::H264, timestamp + 3_000, true, &[0x67, 0x42]);
	assert_eq!(call.peers[SUBSCRIBER].codec(call.received().last().unwrap()).0, Codec::H264);
	assert_eq!(asked(&call).len(), 1);
}

#[test]
fn line_is_used_again_as_another_stream() {
	let mut call = call();
	call.offer(0, 1);
	call.run(Duration::from_secs(1));
	let (id, line) = (call.ids[SUBSCRIBER], call.slots[0]);
	let mut timestamp = 0;
	send(&mut call, &mut timestamp, 40);
	call.sfu.set_subscribed(call.now, id, SID, false).unwrap();
	call.run(Duration::from_millis(200));
	assert_eq!(asked(&call), [(0, 0)]);
	assert!(says(&call, line, "a=inactive"));
	assert_eq!(call.sfu.received_lines(id), []);
	send(&mut call, &mut timestamp, 5);
	assert_eq!(call.received().len(), 40);
	call.sfu.set_subscribed(call.now, id, SID, true).unwrap();
	call.run(Duration::from_millis(200));
	assert_eq!(asked(&call), [(0, 0), (0, 0)]);
	assert!(says(&call, line, "a=sendonly"));
	send(&mut call, &mut timestamp, 5);
	// Another source: its sequence numbers begin anew.
	assert_eq!((call.received().len(), sources(&call).len(), call.slots.len()), (45, 2, 1));
}

#[test]
fn track_that_takes_the_place_of_another_comes_after_its_end() {
	let mut call = call();
	call.offer(0, 1);
	call.run(Duration::from_secs(1));
	let id = call.ids[SUBSCRIBER];
	// In one go: the client has to see that the first one ended.
	call.sfu.set_subscribed(call.now, id, SID, false).unwrap();
	call.sfu.set_subscribed(call.now, id, SID, true).unwrap();
	call.run(Duration::from_millis(500));
	assert_eq!(asked(&call), [(0, 0), (0, 0)]);
	let line = format!("a=mid:{}", call.slots[0]);
	let directions: Vec<&str> = call
		.answers
		.iter()
		.map(|a| {
			let (_, rest) = a.split_once(&line).unwrap();
			rest.lines().find(|l| *l == "a=sendonly" || *l == "a=inactive").unwrap()
		})
		.collect();
	assert_eq!(directions, ["a=sendonly", "a=inactive", "a=sendonly"]);
	let mut timestamp = 0;
	send(&mut call, &mut timestamp, 5);
	assert_eq!(call.received().len(), 5);
}

#[test]
fn it_publishes_and_receives_on_one_connection() {
	let mut call = call();
	let id = call.ids[SUBSCRIBER];
	call.offer(0, 1);
	let binding = TrackBinding {
		cid: "own".into(),
		track_sid: "TR_own".into(),
		kind: MediaKind::Audio,
		name: String::new(),
		source: 0,
		muted: false,
		width: 0,
		height: 0,
	};
	call.sfu.add_track(id, binding).unwrap();
	let mut api = call.peers[SUBSCRIBER].rtc.sdp_api();
	let (stream, track) = (Some("s".into()), Some("own".into()));
	let mid = api.add_media(MediaKind::Audio.into(), Direction::SendOnly, stream, track, None);
	let (offer, pending) = api.apply().unwrap();
	let answer = call.sfu.publisher_offer(call.now, id, &offer.to_sdp_string()).unwrap();
	let answer = SdpAnswer::from_sdp_string(&answer).unwrap();
	call.peers[SUBSCRIBER].rtc.sdp_api().accept_answer(pending, answer).unwrap();
	call.run(Duration::from_secs(1));
	assert!(call.events.iter().any(|e| matches!(e, Event::TrackPublished { participant, track }
		if *participant == id && track.track_sid == "TR_own")));
	// The other one, who has two, is subscribed to it.
	let other = call.sfu.participant_stats(call.ids[PUBLISHER]).unwrap();
	assert_eq!(other.subscribed[0].track_sid, "TR_own");
	let now = call.now;
	let rtc = &mut call.peers[SUBSCRIBER].rtc;
	let pt = rtc.codec_config().find(|p| p.spec().codec == Codec::Opus).unwrap().pt();
	let mut api = rtc.direct_api();
	let stream = api.stream_tx_by_mid(mid, None).unwrap();
	let packet = str0m::rtp::RtpWrite::new(pt, 9.into(), 0, now, &[0xf8, 1][..]);
	stream.write_rtp(packet.ext_vals(ExtensionValues::default()));
	call.run(Duration::from_millis(100));
	let stats = call.sfu.participant_stats(id).unwrap();
	assert_eq!(stats.published[0].streams[0].packets, 1);
	assert!(stats.publisher_connected && stats.subscriber_connected);
	let mut timestamp = 0;
	send(&mut call, &mut timestamp, 3);
	assert_eq!(call.received().len(), 3);
}

#[test]
fn data_goes_over_the_clients_channel() {
	let mut call = call();
	call.offer(0, 0);
	call.run(Duration::from_secs(2));
	let id = call.ids[SUBSCRIBER];
	assert_eq!(call.sfu.send_data(call.now, id, true, b"hello"), Ok(true));
	assert_eq!(
		call.sfu.send_data(call.now, id, false, b"hello"),
		Ok(false),
		"there is no such one"
	);
}

#[test]
fn it_gets_no_offers_and_gives_no_answers() {
	let mut call = call();
	let id = call.ids[SUBSCRIBER];
	call.offer(0, 1);
	let answer = call.answers[0].clone();
	assert_eq!(call.sfu.subscriber_answer(call.now, id, &answer), Err(SfuError::NoOffer));
	call.sfu.restart_subscriber_ice(call.now, id).unwrap();
	call.run(Duration::from_secs(1));
	let offered =
		|e: &Event| matches!(e, Event::SubscriberOffer { participant, .. } if *participant == id);
	assert!(!call.events.iter().any(offered));
	// It is gone without a trace.
	call.sfu.leave(call.now, id).unwrap();
	call.run(Duration::from_secs(1));
	assert_eq!(call.sfu.counts(), (1, 1));
}

#[test]
fn offers_do_not_grow_without_end() {
	let mut call = call();
	// Longer than what is read at a time, less one line.
	let long = format!("v=0\r\n{}", "a=x\r\n".repeat(60_000));
	let id = call.ids[SUBSCRIBER];
	assert_eq!(
		call.sfu.publisher_offer(call.now, id, &long),
		Err(SfuError::Limit("max_sdp_bytes"))
	);
	let lines = format!("v=0\r\n{}", "m=audio 9 X 0\r\n".repeat(1_000));
	assert_eq!(call.sfu.publisher_offer(call.now, id, &lines), Err(SfuError::Limit("media lines")));
}
