use super::*;
use crate::codecs::bits::BitWriter;
use proptest::prelude::*;
use std::sync::Arc;

const FORWARD: Verdict = Verdict::Forward { marker: false };
const LAST: Verdict = Verdict::Forward { marker: true };

fn layers(spatial: u8, temporal: u8) -> Layers {
	Layers { spatial, temporal }
}

/// A whole frame in one VP9 packet.
fn vp9_frame(spatial: u8, temporal: u8, inter: bool, switching_up: bool) -> vp9::Descriptor {
	vp9::Descriptor {
		picture: Some(1),
		inter,
		flexible: true,
		begin: true,
		end: true,
		layer: Some(vp9::Layer {
			temporal,
			switching_up,
			spatial,
			depends: spatial > 0,
			tl0: None,
		}),
		structure: None,
		length: 4,
	}
}

#[test]
fn vp9_starts_at_a_keyframe_with_the_layers_wanted() {
	let mut s = Selector { target: layers(1, 2), ..Selector::default() };
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, false), true, false), Verdict::Drop);
	assert_eq!(s.vp9(&vp9_frame(0, 0, false, false), true, false), FORWARD);
	// The marker goes to the highest layer that is sent.
	assert_eq!(s.vp9(&vp9_frame(1, 0, false, false), true, false), LAST);
	assert_eq!(s.vp9(&vp9_frame(2, 0, false, false), true, true), Verdict::Drop);
}

#[test]
fn vp9_goes_down_at_the_next_picture_and_up_at_a_key_picture() {
	let mut s = Selector { target: layers(2, 2), ..Selector::default() };
	for spatial in 0..3 {
		assert_ne!(s.vp9(&vp9_frame(spatial, 0, false, false), true, spatial == 2), Verdict::Drop);
	}
	s.target = layers(0, 2);
	// Not in the middle of a picture.
	assert_ne!(s.vp9(&vp9_frame(2, 0, true, false), true, true), Verdict::Drop);
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, false), true, false), LAST);
	assert_eq!(s.vp9(&vp9_frame(1, 0, true, false), true, false), Verdict::Drop);
	s.target = layers(2, 2);
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, false), true, false), LAST);
	assert_eq!(s.vp9(&vp9_frame(1, 0, true, false), true, false), Verdict::Drop);
	assert_eq!(s.vp9(&vp9_frame(0, 0, false, false), true, false), FORWARD);
	assert_eq!(s.vp9(&vp9_frame(1, 0, false, false), true, false), FORWARD);
	assert_eq!(s.vp9(&vp9_frame(2, 0, false, false), true, true), LAST);
}

#[test]
fn vp9_temporal_layers_rise_at_switching_points() {
	let mut s = Selector { target: layers(0, 0), ..Selector::default() };
	s.vp9(&vp9_frame(0, 0, false, false), true, true);
	assert_eq!(s.vp9(&vp9_frame(0, 2, true, true), true, true), Verdict::Drop);
	s.target = layers(0, 2);
	// A switching point in a layer that is not sent, and a frame that is none.
	assert_eq!(s.vp9(&vp9_frame(0, 1, true, true), true, true), Verdict::Drop);
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, false), true, true), LAST);
	assert_eq!(s.vp9(&vp9_frame(0, 2, true, false), true, true), Verdict::Drop);
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, true), true, true), LAST);
	assert_eq!(s.vp9(&vp9_frame(0, 2, true, false), true, true), LAST);
}

#[test]
fn late_packets_change_nothing() {
	let mut s = Selector { target: layers(1, 0), ..Selector::default() };
	s.vp9(&vp9_frame(0, 0, false, false), true, false);
	s.target = layers(0, 0);
	assert_eq!(s.vp9(&vp9_frame(0, 0, true, false), false, false), FORWARD);
	assert_eq!(s.current(), Some(layers(1, 0)));
}

/// Structure of two spatial and two temporal layers where upper spatial layers depend on lower ones at keyframes only
/// (L2T2_KEY of the specification's list); targets 0 to 3 are S0T0, S0T1, S1T0, S1T1.
fn l2t2_key() -> Vec<u8> {
	const N: u32 = 0;
	const D: u32 = 1;
	const S: u32 = 2;
	const R: u32 = 3;
	// Templates in the order of their layers: key and delta of S0T0, S0T1, key and delta of S1T0, S1T1.
	let templates = [
		([S, S, S, S], 0u32), // 0: S0T0, key
		([S, S, N, N], 1),    // 1: S0T0; the next is of a higher temporal layer
		([N, D, N, N], 2),    // 2: S0T1; the next is of a higher spatial layer
		([N, N, S, S], 0),    // 3: S1T0, key
		([N, N, R, S], 1),    // 4: S1T0
		([N, N, N, D], 3),    // 5: S1T1
	];
	let mut w = BitWriter::default();
	w.bits(0b11, 2);
	w.bits(0, 6);
	w.bits(1, 16);
	w.bits(0b10000, 5);
	w.bits(0, 6);
	w.bits(3, 5);
	templates.iter().for_each(|t| w.bits(t.1, 2));
	templates.iter().flat_map(|t| t.0).for_each(|d| w.bits(d, 2));
	w.bits(0, 6); // no differences
	w.bits(0, 2); // no chains: ns(5)
	w.bits(0, 1); // no sizes
	w.finish()
}

fn av1() -> (Descriptor, Arc<Structure>) {
	let key = Descriptor::parse(&l2t2_key(), None).unwrap();
	let structure = key.structure.clone().unwrap();
	assert_eq!(structure.layers, [(0, 0), (0, 1), (1, 0), (1, 1)]);
	(key, structure)
}

/// A whole frame by template.
fn av1_frame(structure: &Arc<Structure>, template: u8) -> Descriptor {
	Descriptor::parse(&[0xc0 | template, 0, 2], Some(structure)).unwrap()
}

#[test]
fn av1_sends_the_frames_of_one_decode_target() {
	let (key, st) = av1();
	let mut s = Selector { target: layers(0, 0), ..Selector::default() };
	assert_eq!(s.dependency(&av1_frame(&st, 1), &st, 15, true, true), Verdict::Drop);
	assert_eq!(s.dependency(&key, &st, 15, true, false), LAST);
	for (template, verdict) in [(3, Verdict::Drop), (2, Verdict::Drop), (1, LAST)] {
		assert_eq!(s.dependency(&av1_frame(&st, template), &st, 15, true, false), verdict);
	}
}

#[test]
fn av1_rises_in_time_at_a_switch_and_in_size_at_a_keyframe() {
	let (key, st) = av1();
	let mut s = Selector { target: layers(0, 0), ..Selector::default() };
	s.dependency(&key, &st, 15, true, false);
	s.target = layers(0, 1);
	assert_eq!(s.dependency(&av1_frame(&st, 2), &st, 15, true, true), Verdict::Drop);
	assert_eq!(s.dependency(&av1_frame(&st, 1), &st, 15, true, true), LAST);
	assert_eq!(s.dependency(&av1_frame(&st, 2), &st, 15, true, true), LAST);
	s.target = layers(1, 1);
	for (template, verdict) in [(1, LAST), (4, Verdict::Drop), (5, Verdict::Drop)] {
		assert_eq!(s.dependency(&av1_frame(&st, template), &st, 15, true, false), verdict);
	}
	assert_eq!(s.dependency(&key, &st, 15, true, false), FORWARD);
	assert_eq!(s.dependency(&av1_frame(&st, 3), &st, 15, true, true), LAST);
	assert_eq!(s.dependency(&av1_frame(&st, 5), &st, 15, true, true), LAST);
	// Frames of the lower layer are no part of the target any more.
	assert_eq!(s.dependency(&av1_frame(&st, 1), &st, 15, true, false), Verdict::Drop);
}

#[test]
fn av1_follows_the_encoder_when_it_turns_layers_off() {
	let (key, st) = av1();
	let mut s = Selector::default();
	s.dependency(&key, &st, 15, true, false);
	assert_eq!(s.dependency(&av1_frame(&st, 1), &st, 15, true, true), Verdict::Drop);
	assert_eq!(s.dependency(&av1_frame(&st, 1), &st, 0b0011, true, true), LAST);
	assert_eq!(s.dependency(&av1_frame(&st, 2), &st, 0b0011, true, true), LAST);
}

proptest! {
	#[test]
	fn vp9_never_sends_more_than_it_says(frames in proptest::collection::vec((0u8..3, 0u8..3, any::<bool>(), any::<bool>(), any::<bool>(), 0u8..3, 0u8..3), 1..200)) {
		let mut s = Selector::default();
		for (spatial, temporal, inter, up, newest, ts, tt) in frames {
			s.target = layers(ts, tt);
			let verdict = s.vp9(&vp9_frame(spatial, temporal, inter, up), newest, false);
			match s.current() {
				None => prop_assert_eq!(verdict, Verdict::Drop),
				Some(now) => prop_assert_eq!(verdict != Verdict::Drop, spatial <= now.spatial && temporal <= now.temporal),
			}
		}
	}
}
