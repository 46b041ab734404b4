use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
	(0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// Descriptors that Chromium sent for three spatial and three temporal layers, as they are in LiveKit's tests.
const CAPTURED: &str = "c1017280081485214eafffaaaa863cf0430c10c302afc0aaa0063c00430010c002a000a80006000040001d954926e082b04a0941b820ac1282503157f974000ca864330e222222eca8655304224230eca877530077004200ef008601df010d";

/// A structure written field by field (§A.8.2): templates are layers, indications, frame differences.
fn written(
	targets: usize,
	templates: &[(u8, u8, &[u32], &[u32])],
	template: u8,
	frame: u16,
) -> Vec<u8> {
	let mut w = BitWriter::default();
	w.bits(3, 2);
	w.bits(template.into(), 6);
	w.bits(frame.into(), 16);
	w.bits(0b10000, 5);
	w.bits(0, 6);
	w.bits(targets as u32 - 1, 5);
	for pair in templates.windows(2) {
		let idc = match (pair[1].0 - pair[0].0, pair[1].1 == pair[0].1) {
			(0, true) => 0,
			(0, false) => 1,
			_ => 2,
		};
		w.bits(idc, 2);
	}
	w.bits(3, 2);
	for (_, _, dtis, _) in templates {
		dtis.iter().for_each(|d| w.bits(*d, 2));
	}
	for (_, _, _, fdiffs) in templates {
		for diff in *fdiffs {
			w.bits(1 << 4 | (diff - 1), 5);
		}
		w.bits(0, 1);
	}
	// No chains: ns(targets + 1) = 0.
	let width = 32 - (targets as u32 + 1).leading_zeros() as usize;
	w.bits(0, width - 1);
	w.bits(0, 1);
	w.finish()
}

const N: u32 = 0;
const D: u32 = 1;
const S: u32 = 2;
const R: u32 = 3;

/// L1T3 of the specification's examples: one spatial and three temporal layers; decode targets 0, 1, 2 are the frame
/// rates of a quarter, a half and the whole.
fn l1t3() -> Vec<u8> {
	let templates: [(u8, u8, &[u32], &[u32]); 5] = [
		(0, 0, &[S, S, S], &[]),
		(0, 0, &[S, S, S], &[4]),
		(0, 1, &[N, D, S], &[2]),
		(0, 2, &[N, N, D], &[1]),
		(0, 2, &[N, N, D], &[1]),
	];
	written(3, &templates, 0, 100)
}

#[test]
fn reads_a_captured_keyframe_and_what_follows_it() {
	let data = hex(CAPTURED);
	let key = Descriptor::parse(&data, None).unwrap();
	assert_eq!((key.start, key.end, key.frame), (true, true, 0x0172));
	let structure = key.structure.clone().unwrap();
	assert_eq!((structure.targets, structure.spatial_layers(), structure.chains), (9, 3, 3));
	assert_eq!(structure.sizes, [(120, 67), (240, 135), (480, 270)]);
	let wanted: Vec<_> = (0..3).flat_map(|s| (0..3).map(move |t| (s, t))).collect();
	assert_eq!(structure.layers, wanted);
	assert_eq!((key.template.spatial, key.template.temporal), (0, 0));

	// Two packets of a frame; the mask says that the upper spatial layer is off.
	for (text, start, end) in [("86017340fc", true, false), ("46017340fc", false, true)] {
		let next = Descriptor::parse(&hex(text), Some(&structure)).unwrap();
		assert_eq!((next.start, next.end, next.frame), (start, end, 0x0173));
		assert_eq!(next.active, Some(0b000_111_111));
		assert_eq!(Descriptor::parse(&hex(text), None), None);
	}
	for text in ["c3017540fc", "88017640fc", "c2017840fc", "860173", "8b0174", "c30175"] {
		assert!(Descriptor::parse(&hex(text), Some(&structure)).is_some(), "{text}");
	}
	for cut in 0..data.len() - 1 {
		assert_eq!(Descriptor::parse(&data[..cut], None), None, "{cut}");
	}
}

#[test]
fn finds_decode_targets_by_layer() {
	let key = Descriptor::parse(&l1t3(), None).unwrap();
	let structure = key.structure.unwrap();
	assert_eq!(structure.layers, [(0, 0), (0, 1), (0, 2)]);
	assert_eq!((structure.target(0, 0), structure.target(3, 7)), (Some(0), Some(2)));
	assert_eq!((structure.mask(0, 0), structure.mask(0, 1), structure.mask(0, 7)), (1, 3, 7));
	let of = |i: usize| structure.templates[i].indications;
	assert_eq!(of(2).of(0), Indication::NotPresent);
	assert_eq!(of(2).of(1), Indication::Discardable);
	assert_eq!(of(2).of(2), Indication::Switch);
	let other = [(0u8, 0u8, &[R, R][..], &[][..]), (1, 0, &[N, R], &[1])];
	let other = Descriptor::parse(&written(2, &other, 1, 3), None).unwrap();
	assert_eq!(other.template.spatial, 1);
	assert_eq!(other.template.indications.of(1), Indication::Required);
}

#[test]
fn rewriting_changes_frame_number_and_mask_only() {
	let data = hex(CAPTURED);
	let key = Descriptor::parse(&data, None).unwrap();
	let same = key.rewrite(&data, key.frame, None);
	assert_eq!(same.bytes(), data);
	let mask = key.structure.as_ref().unwrap().mask(0, 2);
	let out = key.rewrite(&data, 9, Some(mask));
	let again = Descriptor::parse(out.bytes(), None).unwrap();
	assert_eq!((again.frame, again.active, again.structure), (9, Some(0b111), key.structure));
	assert_eq!((again.start, again.end, again.template), (key.start, key.end, key.template));
	// A mask that is there is replaced.
	let twice = again_rewritten(out.bytes(), 1);
	assert_eq!((twice.frame, twice.active), (10, Some(1)));
}

fn again_rewritten(data: &[u8], mask: u32) -> Descriptor {
	let parsed = Descriptor::parse(data, None).unwrap();
	Descriptor::parse(parsed.rewrite(data, 10, Some(mask)).bytes(), None).unwrap()
}

proptest! {
	#[test]
	fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), frame: u16, mask: Option<u32>) {
		let structure = Descriptor::parse(&l1t3(), None).unwrap().structure;
		for known in [None, structure.as_ref()] {
			if let Some(d) = Descriptor::parse(&bytes, known) {
				let out = d.rewrite(&bytes, frame, mask);
				let again = Descriptor::parse(out.bytes(), known).unwrap();
				prop_assert_eq!(again.frame, frame);
				prop_assert_eq!(again.template, d.template);
				prop_assert_eq!(again.structure, d.structure);
			}
		}
	}
}
