//! H.264 in RTP (RFC 6184): where a receiver can start.

/// NAL unit types (H.264 table 7-1, RFC 6184 §5.2).
const IDR: u8 = 5;
const SPS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;
/// NAL units of one aggregation packet that are looked at.
const MAX_UNITS: usize = 64;

/// What a payload begins or carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Units {
	/// A sequence parameter set.
	pub sps: bool,
	/// The first part of an IDR slice, or a whole one.
	pub idr: bool,
}

impl Units {
	/// Looks through a payload: a single NAL unit (§5.6), STAP-A (§5.7.1) or FU-A (§5.8). `None` if it is empty or an
	/// aggregation is cut; other packet types (interleaved mode) carry nothing that is looked at.
	pub fn parse(payload: &[u8]) -> Option<Self> {
		let (&header, rest) = payload.split_first()?;
		let mut units = Self::default();
		match header & 0x1f {
			STAP_A => {
				let mut rest = rest;
				for _ in 0..MAX_UNITS {
					let [high, low, after @ ..] = rest else { break };
					let size = usize::from(u16::from_be_bytes([*high, *low]));
					let unit = after.get(..size)?;
					units.add(*unit.first()? & 0x1f);
					rest = after.get(size..)?;
				}
			}
			// The FU header's S bit marks the first fragment.
			FU_A => {
				let fragment = *rest.first()?;
				if fragment & 0x80 != 0 {
					units.add(fragment & 0x1f);
				}
			}
			single => units.add(single),
		}
		Some(units)
	}

	fn add(&mut self, kind: u8) {
		self.sps |= kind == SPS;
		self.idr |= kind == IDR;
	}
}

/// Profile of a `profile-level-id`: two of them are the same if these are (RFC 6184 §8.1, table 5). `None` if it is
/// none of the profiles that WebRTC knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
	/// CBP.
	ConstrainedBaseline,
	/// BP.
	Baseline,
	/// MP.
	Main,
	/// CHP.
	ConstrainedHigh,
	/// HiP.
	High,
}

impl Profile {
	/// From a `profile-level-id` as a number: `profile_idc`, `profile-iop`, `level_idc`.
	pub fn parse(profile_level_id: u32) -> Option<Self> {
		let [_, idc, iop, _] = profile_level_id.to_be_bytes();
		// RFC 6184 table 5: patterns of profile-iop, most significant bit first; x is any.
		Some(match (idc, iop) {
			(0x42, b) if b & 0x4f == 0x40 => Self::ConstrainedBaseline, // x1xx0000
			(0x4d, b) if b & 0x8f == 0x80 => Self::ConstrainedBaseline, // 1xxx0000
			(0x58, b) if b & 0xcf == 0xc0 => Self::ConstrainedBaseline, // 11xx0000
			(0x42, b) if b & 0x4f == 0 => Self::Baseline,               // x0xx0000
			(0x58, b) if b & 0xcf == 0x80 => Self::Baseline,            // 10xx0000
			(0x4d, b) if b & 0xaf == 0 => Self::Main,                   // 0x0x0000
			(0x64, 0x0c) => Self::ConstrainedHigh,
			(0x64, 0) => Self::High,
			_ => return None,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn found(payload: &[u8]) -> (bool, bool) {
		let units = Units::parse(payload).unwrap();
		(units.sps, units.idr)
	}

	#[test]
	fn finds_parameter_sets_and_idr_slices_in_all_packet_types() {
		assert_eq!(found(&[0x67, 0x42, 0xe0, 0x1f]), (true, false));
		assert_eq!(found(&[0x65, 0x88]), (false, true));
		assert_eq!(found(&[0x41, 0x9a]), (false, false));
		// STAP-A of SPS, PPS and IDR
		assert_eq!(found(&[0x78, 0, 2, 0x67, 1, 0, 1, 0x68, 0, 2, 0x65, 9]), (true, true));
		// FU-A: first, middle and last fragment of an IDR slice; first one of another slice
		assert_eq!(found(&[0x7c, 0x85, 1]), (false, true));
		assert_eq!(found(&[0x7c, 0x05, 1]), (false, false));
		assert_eq!(found(&[0x7c, 0x45, 1]), (false, false));
		assert_eq!(found(&[0x7c, 0x81, 1]), (false, false));
		for bad in [&[][..], &[0x78, 0, 5, 0x67], &[0x78, 0, 0, 0], &[0x7c]] {
			assert_eq!(Units::parse(bad), None, "{bad:?}");
		}
	}

	#[test]
	fn profiles_are_those_of_table_5() {
		let of = Profile::parse;
		assert_eq!(of(0x42e01f), Some(Profile::ConstrainedBaseline));
		assert_eq!(of(0x42c00a), Some(Profile::ConstrainedBaseline));
		assert_eq!(of(0x4d8020), Some(Profile::ConstrainedBaseline));
		assert_eq!(of(0x58f01f), Some(Profile::ConstrainedBaseline));
		assert_eq!(of(0x42001f), Some(Profile::Baseline));
		assert_eq!(of(0x42a01f), Some(Profile::Baseline));
		assert_eq!(of(0x58a01f), Some(Profile::Baseline));
		assert_eq!(of(0x4d401f), Some(Profile::Main));
		assert_eq!(of(0x4d001f), Some(Profile::Main));
		assert_eq!(of(0x640c1f), Some(Profile::ConstrainedHigh));
		assert_eq!(of(0x64001f), Some(Profile::High));
		for unknown in [0x42ff1f, 0x42f11f, 0x640a1f, 0x7a001f, 0] {
			assert_eq!(of(unknown), None, "{unknown:x}");
		}
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
			let _ = Units::parse(&bytes);
		}
	}
}
