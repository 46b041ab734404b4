//! What an SFU tells the signalling: speakers, layers that are wanted, streams that pause, the quality of connections.

#[path = "common/raw.rs"]
mod raw;

mod common;

use std::time::Duration;

use common::{Link, World};
use dtel_media_core::quality::connection::ConnectionClass;
use dtel_media_core::sfu::Event;
use dtel_media_core::MediaKind;
use raw::{browser, Call, PUBLISHER, SID, SUBSCRIBER};
use str0m::format::Codec;
use str0m::rtp::ExtensionValues;

fn ms(n: u64) -> Duration {
	Duration::from_millis(n)
}

fn secs(n: u64) -> Duration {
	Duration::from_secs(n)
}

/// So many packets of 20 ms with this level in dBov.
fn talk(call: &mut Call, timestamp: &mut u32, level: i8, packets: u32) {
	for _ in 0..packets {
		let values = ExtensionValues {
			audio_level: Some(level),
			voice_activity: Some(true),
			..ExtensionValues::default()
		};
		call.send((Codec::Opus, false), *timestamp, false, &[0xf8, 1], values);
		*timestamp += 960;
		call.run(ms(20));
	}
}

fn levels(call: &Call) -> Vec<(f32, bool)> {
	let of = |e: &Event| match e {
		Event::Speakers { room, changes } => {
			assert_eq!((room.as_str(), changes.len()), ("r", 1));
			assert_eq!(changes[0].participant, call.ids[PUBLISHER]);
			Some((changes[0].level, changes[0].active))
		}
		_ => None,
	};
	call.events.iter().filter_map(of).collect()
}

#[test]
fn speakers_are_told_when_they_begin_and_when_they_end() {
	let mut call = Call::new(MediaKind::Audio, browser(false), browser(false));
	let mut timestamp = 0;
	talk(&mut call, &mut timestamp, -60, 100);
	assert_eq!(levels(&call), []);
	talk(&mut call, &mut timestamp, -20, 250);
	let loud = levels(&call);
	// −20 dBov is an amplitude of 0.1, in eighths 0.125.
	assert_eq!(loud, [(0.125, true)]);
	talk(&mut call, &mut timestamp, -5, 250);
	let louder = levels(&call);
	assert!(louder.len() > 1 && louder.len() <= 8, "{louder:?}");
	assert_eq!(louder.last(), Some(&(0.625, true)));
	// The levels reach the subscriber, too.
	let got = call.received().last().unwrap().header.ext_vals.audio_level;
	assert_eq!(got, Some(-5));
	call.run(secs(2));
	assert_eq!(levels(&call).last(), Some(&(0.0, false)));
}

#[test]
fn muted_track_does_not_speak() {
	let mut call = Call::new(MediaKind::Audio, browser(false), browser(false));
	let mut timestamp = 0;
	talk(&mut call, &mut timestamp, -20, 100);
	call.sfu.set_muted(call.now, call.ids[PUBLISHER], SID, true).unwrap();
	talk(&mut call, &mut timestamp, -20, 100);
	assert_eq!(levels(&call), [(0.125, true), (0.0, false)]);
}

#[test]
fn only_the_loudest_are_heard_when_that_is_configured() {
	for (last_n, heard) in [(0, true), (1, true)] {
		let (a, b) = (browser(false), browser(false));
		let mut call = Call::with(MediaKind::Audio, a, b, |mut c| {
			c.speakers.last_n = last_n;
			c
		});
		let mut timestamp = 0;
		talk(&mut call, &mut timestamp, -20, 100);
		assert_eq!(call.received().len() >= 75, heard, "{}", call.received().len());
		assert_eq!(call.sequences(), (0..call.received().len() as u64).collect::<Vec<_>>());
	}
}

fn wanted(call: &Call) -> Vec<(&'static str, Option<u8>)> {
	let of = |e: &Event| match e {
		Event::WantedLayers { participant, track_sid, codec, max_layer, layers } => {
			assert_eq!((*participant, track_sid.as_str(), *layers), (call.ids[PUBLISHER], SID, 1));
			Some((*codec, *max_layer))
		}
		_ => None,
	};
	call.events.iter().filter_map(of).collect()
}

#[test]
fn publisher_is_told_what_is_wanted() {
	let mut call = Call::new(MediaKind::Video, browser(false), browser(false));
	assert_eq!(wanted(&call), [("vp8", Some(0))]);
	let (id, sid) = (call.ids[SUBSCRIBER], SID);
	call.sfu.set_track_settings(call.now, id, sid, true, None).unwrap();
	call.run(secs(4));
	assert_eq!(wanted(&call).len(), 1);
	call.run(secs(2));
	assert_eq!(wanted(&call)[1..], [("vp8", None)]);
	call.sfu.set_track_settings(call.now, id, sid, false, None).unwrap();
	call.run(ms(1));
	assert_eq!(wanted(&call)[2..], [("vp8", Some(0))]);
	// Whoever unsubscribes wants nothing either.
	call.sfu.set_subscribed(call.now, id, sid, false).unwrap();
	call.run(secs(6));
	assert_eq!(wanted(&call)[3..], [("vp8", None)]);
}

#[test]
fn layers_of_simulcast_are_wanted_as_far_as_anybody_wants_them() {
	let mut w = World::new(21, Link { delay: ms(10), ..Link::default() });
	let a = w.join(false, true, None);
	let (b, c) = (w.join(false, false, None), w.join(false, false, None));
	let sid = format!("TR_{a}_camera");
	w.run_for(secs(2));
	let set = |w: &mut World, who: usize, most: Option<u8>| {
		let id = w.nodes[who].id;
		w.sfu.set_track_settings(w.now, id, &sid, false, most).unwrap();
	};
	set(&mut w, b, Some(0));
	w.run_for(secs(6));
	set(&mut w, c, Some(1));
	w.run_for(secs(6));
	set(&mut w, b, None);
	w.run_for(secs(1));
	let told: Vec<(Option<u8>, u8)> = w
		.sfu_events
		.iter()
		.filter_map(|e| match e {
			Event::WantedLayers { max_layer, layers, .. } => Some((*max_layer, *layers)),
			_ => None,
		})
		.collect();
	assert_eq!(told, [(Some(2), 3), (Some(1), 3), (Some(2), 3)]);
}

#[test]
fn video_pauses_before_audio_when_nothing_of_it_fits() {
	let mut w = World::new(22, Link { delay: ms(10), ..Link::default() });
	let a = w.join(true, true, None);
	let b = w.join(false, false, None);
	w.run_for(secs(4));
	let states = |w: &World| -> Vec<bool> {
		let of = |e: &Event| match e {
			Event::StreamState { participant, track_sid, paused } => {
				assert_eq!(*participant, w.nodes[b].id);
				assert_eq!(*track_sid, format!("TR_{a}_camera"));
				Some(*paused)
			}
			_ => None,
		};
		w.sfu_events.iter().filter_map(of).collect()
	};
	assert_eq!(states(&w), []);
	w.narrow = Some((b, 90_000));
	w.run_for(secs(25));
	assert_eq!(states(&w).first(), Some(&true), "{:?}", w.sfu.participant_stats(w.nodes[b].id));
	let heard = w.frames(b, &format!("TR_{a}_microphone"));
	w.run_for(secs(4));
	let heard = w.frames(b, &format!("TR_{a}_microphone")) - heard;
	assert!(heard >= 150, "{heard} of 200");
	w.narrow = None;
	let seen = w.frames(b, &format!("TR_{a}_camera"));
	w.run_for(secs(25));
	assert_eq!(states(&w).last(), Some(&false));
	assert!(w.frames(b, &format!("TR_{a}_camera")) > seen + 100);
}

fn classes(w: &World, who: usize) -> Vec<ConnectionClass> {
	let of = |e: &Event| match e {
		Event::ConnectionQuality { participant, class, .. } if *participant == w.nodes[who].id => {
			Some(*class)
		}
		_ => None,
	};
	w.sfu_events.iter().filter_map(of).collect()
}

#[test]
fn quality_is_excellent_when_the_network_is_clean() {
	let mut w = World::new(23, Link { delay: ms(10), ..Link::default() });
	let (a, b) = (w.join(true, true, None), w.join(true, true, None));
	w.run_for(secs(30));
	for who in [a, b] {
		assert_eq!(classes(&w, who), [ConnectionClass::Excellent]);
		let (class, opinion) = w.sfu.connection_quality(w.nodes[who].id).unwrap();
		assert!(class == ConnectionClass::Excellent && opinion > 4.3, "{opinion}");
	}
}

#[test]
fn quality_drops_under_loss_and_recovers() {
	let mut w = World::new(24, Link { delay: ms(10), ..Link::default() });
	let a = w.join(true, false, None);
	w.join(true, false, None);
	w.run_for(secs(11));
	w.link.loss_percent = 15;
	w.run_for(secs(20));
	let low = classes(&w, a);
	assert!(low.last() < Some(&ConnectionClass::Excellent), "{low:?}");
	assert!(!low.contains(&ConnectionClass::Lost), "{low:?}");
	w.link.loss_percent = 0;
	w.run_for(secs(30));
	assert_eq!(classes(&w, a).last(), Some(&ConnectionClass::Excellent));
}

#[test]
fn quality_is_lost_only_when_nothing_comes_from_a_publisher() {
	let mut w = World::new(25, Link { delay: ms(10), ..Link::default() });
	let a = w.join(true, false, None);
	let b = w.join(false, false, None);
	w.run_for(secs(11));
	w.sfu.set_muted(w.now, w.nodes[a].id, &format!("TR_{a}_microphone"), true).unwrap();
	w.run_for(secs(12));
	assert_eq!(classes(&w, a), [ConnectionClass::Excellent]);
	w.sfu.set_muted(w.now, w.nodes[a].id, &format!("TR_{a}_microphone"), false).unwrap();
	w.run_for(secs(12));
	w.link.loss_percent = 100;
	w.run_for(secs(16));
	assert_eq!(classes(&w, a).last(), Some(&ConnectionClass::Lost));
	// Who publishes nothing is not lost by silence alone.
	assert!(!classes(&w, b).contains(&ConnectionClass::Lost));
}
