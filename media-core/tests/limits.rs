//! What the SFU refuses, and that refusing changes nothing.

mod common;

use std::time::{Duration, Instant};

use common::{Link, World};
use dtel_media_core::sfu::{Event, Sfu, SfuConfig, SfuError, TrackBinding};
use dtel_media_core::{MediaKind, TransportKind};

fn small() -> (Sfu, Instant) {
	let now = Instant::now();
	let config = SfuConfig {
		max_rooms: 2,
		max_participants_per_room: 2,
		max_tracks_per_participant: 1,
		max_sdp_bytes: 10_000,
		max_name_bytes: 8,
		max_data_bytes: 4,
		..SfuConfig::new("203.0.113.7:7882".parse().unwrap())
	};
	(Sfu::new(now, config), now)
}

fn track(sid: &str) -> TrackBinding {
	TrackBinding {
		cid: sid.into(),
		track_sid: sid.into(),
		kind: MediaKind::Audio,
		name: String::new(),
		source: 0,
		muted: false,
		width: 0,
		height: 0,
	}
}

#[test]
fn join_fails_when_limit_is_reached() {
	let (mut s, now) = small();
	s.create_participant(now, "a", "1", "x", true).unwrap();
	let two = s.create_participant(now, "a", "2", "x", true).unwrap();
	let full = Err(SfuError::Limit("max_participants_per_room"));
	assert_eq!(s.create_participant(now, "a", "3", "x", true), full);
	s.create_participant(now, "b", "1", "x", true).unwrap();
	assert_eq!(s.create_participant(now, "c", "1", "x", true), Err(SfuError::Limit("max_rooms")));
	assert_eq!(s.create_participant(now, "b", "1", "x", true), Err(SfuError::InvalidId));
	for name in ["", "123456789"] {
		assert_eq!(s.create_participant(now, name, "9", "x", true), Err(SfuError::InvalidId));
	}
	assert_eq!(s.counts(), (2, 3));
	s.leave(now, two).unwrap();
	assert!(s.create_participant(now, "a", "3", "x", true).is_ok());
}

#[test]
fn track_fails_when_limit_is_reached_or_sid_is_taken() {
	let (mut s, now) = small();
	let a = s.create_participant(now, "a", "1", "x", true).unwrap();
	let b = s.create_participant(now, "a", "2", "x", true).unwrap();
	s.add_track(a, track("T1")).unwrap();
	assert_eq!(s.add_track(b, track("T1")), Err(SfuError::InvalidId));
	assert_eq!(s.add_track(a, track("T2")), Err(SfuError::Limit("max_tracks_per_participant")));
	assert_eq!(s.add_track(b, track("")), Err(SfuError::InvalidId));
	s.unpublish(now, a, "T1").unwrap();
	s.add_track(a, track("T2")).unwrap();
	assert_eq!(s.unpublish(now, a, "T1"), Err(SfuError::UnknownTrack));
}

#[test]
fn sdp_fails_when_it_is_long_or_wrong_or_not_awaited() {
	let (mut s, now) = small();
	let a = s.create_participant(now, "a", "1", "x", true).unwrap();
	let long = "v".repeat(10_001);
	assert_eq!(s.publisher_offer(now, a, &long), Err(SfuError::Limit("max_sdp_bytes")));
	assert_eq!(s.subscriber_answer(now, a, &long), Err(SfuError::Limit("max_sdp_bytes")));
	let lines = "\nm=audio 9 X 1".repeat(100);
	assert_eq!(s.publisher_offer(now, a, &lines), Err(SfuError::Limit("media lines")));
	assert!(matches!(s.publisher_offer(now, a, "v=0"), Err(SfuError::Sdp(_))));
	assert!(matches!(s.subscriber_answer(now, a, "v=0"), Err(SfuError::Sdp(_))));
	s.leave(now, a).unwrap();
	assert_eq!(s.publisher_offer(now, a, "v=0"), Err(SfuError::UnknownParticipant));
	assert_eq!(s.leave(now, a), Err(SfuError::UnknownParticipant));
}

#[test]
fn data_fails_when_too_long_and_is_dropped_when_not_open() {
	let (mut s, now) = small();
	let a = s.create_participant(now, "a", "1", "x", true).unwrap();
	assert_eq!(s.send_data(now, a, true, b"12345"), Err(SfuError::Limit("max_data_bytes")));
	assert_eq!(s.send_data(now, a, true, b"1234"), Ok(false));
}

#[test]
fn answer_fails_when_no_offer_is_open() {
	let mut w = World::new(1, Link::default());
	let a = w.join(false, false, None);
	let id = w.nodes[a].id;
	let sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
	assert_eq!(w.sfu.subscriber_answer(w.now, id, sdp), Err(SfuError::NoOffer));
}

#[test]
fn subscription_ends_and_begins_when_asked() {
	let mut w = World::new(2, Link::default());
	let a = w.join(true, false, None);
	let b = w.join(false, false, None);
	let (id, sid) = (w.nodes[b].id, format!("TR_{a}_microphone"));
	w.run_for(Duration::from_secs(1));
	w.sfu.set_subscribed(w.now, id, &sid, false).unwrap();
	w.run_for(Duration::from_millis(200));
	let before = w.frames(b, &sid);
	assert!(before > 20);
	w.run_for(Duration::from_secs(1));
	assert_eq!(w.frames(b, &sid), before);
	w.sfu.set_subscribed(w.now, id, &sid, true).unwrap();
	w.sfu.set_subscribed(w.now, id, &sid, true).unwrap();
	w.run_for(Duration::from_secs(1));
	assert!(w.frames(b, &sid) > before + 40);
	assert_eq!(w.sfu.set_subscribed(w.now, id, "TR_x", true), Err(SfuError::UnknownTrack));
}

#[test]
fn media_goes_on_when_subscriber_ice_restarts() {
	let mut w = World::new(3, Link { delay: Duration::from_millis(10), ..Link::default() });
	let a = w.join(true, false, None);
	let b = w.join(false, false, None);
	w.run_for(Duration::from_secs(1));
	w.sfu.restart_subscriber_ice(w.now, w.nodes[b].id).unwrap();
	w.run_for(Duration::from_secs(1));
	let sid = format!("TR_{a}_microphone");
	let before = w.frames(b, &sid);
	w.run_for(Duration::from_secs(2));
	assert!(w.frames(b, &sid) > before + 90);
}

#[test]
fn transport_fails_when_peer_is_silent() {
	let mut w = World::new(4, Link::default());
	w.join(true, false, None);
	w.run_for(Duration::from_secs(2));
	w.link.loss_percent = 100;
	w.run_for(Duration::from_secs(25));
	for transport in [TransportKind::Publisher, TransportKind::Subscriber] {
		let failed = |e: &&Event| matches!(e, Event::TransportFailed { transport: t, .. } if *t == transport);
		assert_eq!(w.sfu_events.iter().filter(failed).count(), 1);
	}
	w.run_for(Duration::from_secs(40));
	assert_eq!(w.sfu.counts(), (0, 0));
}
