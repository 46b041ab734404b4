//! VP9 in RTP (RFC 9628 §4.2): the payload descriptor.

/// Spatial layers that a stream can have (3 bits).
pub const MAX_SPATIAL: usize = 8;
/// References of one frame in flexible mode (§4.2: up to three).
const MAX_REFERENCES: usize = 3;

/// Layer indices (L=1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
	/// TID.
	pub temporal: u8,
	/// U: from here on a receiver can go up to higher temporal layers.
	pub switching_up: bool,
	/// SID.
	pub spatial: u8,
	/// D: depends on the lower spatial layer of this picture.
	pub depends: bool,
	/// TL0PICIDX, in non-flexible mode only.
	pub tl0: Option<u8>,
}

/// The scalability structure (V=1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure {
	/// Spatial layers (N_S + 1), 1 to 8.
	pub layers: usize,
	/// Width and height of each, if said.
	pub sizes: Option<[(u16, u16); MAX_SPATIAL]>,
}

/// A payload descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Descriptor {
	/// PictureID, 7 or 15 bits.
	pub picture: Option<u16>,
	/// P: predicted from an earlier picture.
	pub inter: bool,
	/// F.
	pub flexible: bool,
	/// B: first packet of a layer's frame.
	pub begin: bool,
	/// E: last packet of a layer's frame.
	pub end: bool,
	/// Layer indices.
	pub layer: Option<Layer>,
	/// Scalability structure.
	pub structure: Option<Structure>,
	/// Bytes before the VP9 data.
	pub length: usize,
}

impl Descriptor {
	/// Reads the descriptor. `None` if it is cut or nothing follows it.
	pub fn parse(payload: &[u8]) -> Option<Self> {
		let mut rest = payload;
		let first = take(&mut rest)?;
		let has = |mask: u8| first & mask != 0;
		let (inter, flexible) = (has(0x40), has(0x10));
		let picture = if has(0x80) {
			let high = take(&mut rest)?;
			Some(if high & 0x80 == 0 {
				u16::from(high)
			} else {
				u16::from(high & 0x7f) << 8 | u16::from(take(&mut rest)?)
			})
		} else {
			None
		};
		let layer = if has(0x20) {
			let byte = take(&mut rest)?;
			Some(Layer {
				temporal: byte >> 5,
				switching_up: byte & 0x10 != 0,
				spatial: byte >> 1 & 7,
				depends: byte & 1 != 0,
				tl0: if flexible { None } else { Some(take(&mut rest)?) },
			})
		} else {
			None
		};
		if inter && flexible {
			let mut references = 0;
			while take(&mut rest)? & 1 != 0 {
				references += 1;
				if references >= MAX_REFERENCES {
					return None;
				}
			}
		}
		let structure = if has(0x02) { Some(Structure::parse(&mut rest)?) } else { None };
		(!rest.is_empty()).then_some(Self {
			picture,
			inter,
			flexible,
			begin: has(0x08),
			end: has(0x04),
			layer,
			structure,
			length: payload.len() - rest.len(),
		})
	}

	/// First packet of a picture that needs no earlier one (§4.2: P=0 on the lowest spatial layer).
	pub fn starts_keyframe(&self) -> bool {
		self.begin && !self.inter && self.layer.is_none_or(|l| l.spatial == 0)
	}

	/// SID and TID; 0 if there are no layers.
	pub fn layers(&self) -> (u8, u8) {
		self.layer.map_or((0, 0), |l| (l.spatial, l.temporal))
	}
}

impl Structure {
	fn parse(rest: &mut &[u8]) -> Option<Self> {
		let first = take(rest)?;
		let layers = usize::from(first >> 5) + 1;
		let sizes = if first & 0x10 != 0 {
			let mut sizes = [(0, 0); MAX_SPATIAL];
			for size in sizes.iter_mut().take(layers) {
				*size = (take_u16(rest)?, take_u16(rest)?);
			}
			Some(sizes)
		} else {
			None
		};
		if first & 0x08 != 0 {
			for _ in 0..take(rest)? {
				let picture = take(rest)?;
				for _ in 0..picture >> 2 & 3 {
					take(rest)?;
				}
			}
		}
		Some(Self { layers, sizes })
	}
}

fn take(rest: &mut &[u8]) -> Option<u8> {
	let (&first, after) = rest.split_first()?;
	*rest = after;
	Some(first)
}

fn take_u16(rest: &mut &[u8]) -> Option<u16> {
	Some(u16::from_be_bytes([take(rest)?, take(rest)?]))
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn reads_every_field_of_figure_3_in_non_flexible_mode() {
		// I L B V, 15-bit PictureID, TID 1 U SID 2 D, TL0PICIDX; 3 layers with sizes, a group of two pictures.
		let mut packet = vec![0xaa, 0x92, 0x34, 0x35, 7, 0x58];
		for size in [320u16, 180, 640, 360, 1280, 720] {
			packet.extend(size.to_be_bytes());
		}
		packet.extend([2, 0x04, 1, 0x38, 1, 2, 0xff]);
		let d = Descriptor::parse(&packet).unwrap();
		assert_eq!((d.picture, d.inter, d.flexible), (Some(0x1234), false, false));
		assert_eq!((d.begin, d.end, d.length), (true, false, packet.len() - 1));
		let layer =
			Layer { temporal: 1, switching_up: true, spatial: 2, depends: true, tl0: Some(7) };
		assert_eq!(d.layer, Some(layer));
		let structure = d.structure.unwrap();
		assert_eq!(structure.layers, 3);
		assert_eq!(structure.sizes.unwrap()[..3], [(320, 180), (640, 360), (1280, 720)]);
		assert!(!d.starts_keyframe());
		for cut in 0..packet.len() {
			assert_eq!(Descriptor::parse(&packet[..cut]), None);
		}
	}

	#[test]
	fn reads_references_in_flexible_mode() {
		// I P L F B E; 7-bit PictureID; TID 2 SID 0; two references.
		let d = Descriptor::parse(&[0xfc, 0x11, 0x40, 0x03, 0x04, 0xff]).unwrap();
		assert_eq!((d.picture, d.inter, d.flexible, d.end), (Some(0x11), true, true, true));
		assert_eq!((d.layers(), d.length), ((0, 2), 5));
		assert_eq!(Descriptor::parse(&[0xfc, 0x11, 0x40, 3, 3, 3, 2, 0xff]), None);
	}

	#[test]
	fn keyframe_is_a_first_packet_that_is_not_predicted() {
		let starts = |p: &[u8]| Descriptor::parse(p).unwrap().starts_keyframe();
		assert!(starts(&[0x08, 0xff]));
		assert!(!starts(&[0x48, 0xff]));
		assert!(!starts(&[0x00, 0xff]));
		assert!(starts(&[0x28, 0x00, 0, 0xff]));
		// The upper layer of a key picture is no place to start.
		assert!(!starts(&[0x28, 0x03, 0, 0xff]));
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
			if let Some(d) = Descriptor::parse(&bytes) {
				prop_assert!(d.length < bytes.len());
				prop_assert!(d.structure.is_none_or(|s| (1..=MAX_SPATIAL).contains(&s.layers)));
			}
		}
	}
}
