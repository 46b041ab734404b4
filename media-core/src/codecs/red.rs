//! Redundant audio data (RFC 2198): the newest block, and payload types inside.

/// Blocks of one packet that are looked at.
const MAX_BLOCKS: usize = 16;

/// Payload type and bytes of the primary block, the last one (§3). `None` if a header or block is cut.
pub fn primary(payload: &[u8]) -> Option<(u8, &[u8])> {
	let mut redundant = 0usize;
	let mut rest = payload;
	for _ in 0..MAX_BLOCKS {
		let (&first, after) = rest.split_first()?;
		if first & 0x80 == 0 {
			return Some((first & 0x7f, after.get(redundant..)?));
		}
		// F, payload type; 14 bits of timestamp offset; 10 bits of length.
		let [_, high, low, after @ ..] = after else { return None };
		redundant += usize::from(u16::from_be_bytes([*high, *low]) & 0x3ff);
		rest = after;
	}
	None
}

/// The payload with payload type `from` written as `to` in all block headers. `None` if the headers are cut.
pub fn renumber(payload: &[u8], from: u8, to: u8) -> Option<Vec<u8>> {
	let mut out = payload.to_vec();
	let mut at = 0;
	for _ in 0..MAX_BLOCKS {
		let header = out.get_mut(at)?;
		if *header & 0x7f == from {
			*header = *header & 0x80 | to & 0x7f;
		}
		if *header & 0x80 == 0 {
			return Some(out);
		}
		at += 4;
	}
	None
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	/// Two redundant blocks of 2 and 3 bytes and a primary of 4, payload type 111.
	const PACKET: [u8; 18] = [0xef, 0x1e, 0, 2, 0xef, 0x0f, 0, 3, 0x6f, 1, 1, 2, 2, 2, 9, 8, 7, 6];

	#[test]
	fn takes_the_last_block() {
		assert_eq!(primary(&PACKET), Some((111, &[9u8, 8, 7, 6][..])));
		assert_eq!(primary(&[0x6f, 5]), Some((111, &[5u8][..])));
		for bad in [&[][..], &[0xef], &[0xef, 0, 0], &[0xef, 0, 0, 9, 0x6f, 1], &[0xff; 100]] {
			assert_eq!(primary(bad), None, "{bad:?}");
		}
	}

	#[test]
	fn agrees_with_str0m() {
		let decoded = str0m::rtp::RedDecoder::decode(&PACKET).unwrap();
		assert_eq!(decoded.last().map(|b| b.payload), Some(&[9u8, 8, 7, 6][..]));
	}

	#[test]
	fn changes_nothing_but_payload_types() {
		let out = renumber(&PACKET, 111, 109).unwrap();
		let mut wanted = PACKET;
		for at in [0, 4] {
			wanted[at] = 0x80 | 109;
		}
		wanted[8] = 109;
		assert_eq!(out, wanted);
		assert_eq!(renumber(&PACKET, 100, 109).as_deref(), Some(&PACKET[..]));
	}

	proptest! {
		#[test]
		fn survives_arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
			let block = primary(&bytes).map(|(_, b)| b.to_vec());
			if let Some(out) = renumber(&bytes, 111, 63) {
				prop_assert_eq!(out.len(), bytes.len());
				prop_assert_eq!(primary(&out).map(|(_, b)| b.to_vec()), block);
			}
		}
	}
}
