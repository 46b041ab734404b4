//! SRTP with AEAD_AES_256_GCM (RFC 7714) and nothing around it: what packets would cost if they only had to be decrypted
//! and encrypted. Benchmarks compare the SFU with it; the ciphers are those that `str0m` uses.

use std::fmt;

use str0m::crypto::AeadAes256GcmCipher;

/// Bytes of the RTP header without extensions (RFC 3550 §5.1).
pub const HEADER: usize = 12;
/// Bytes of the authentication tag.
pub const TAG: usize = 16;
const SALT: usize = 12;

/// One direction of one session: the session key and salt, not the master key's.
pub struct Srtp {
	salt: [u8; SALT],
	seal: Box<dyn AeadAes256GcmCipher>,
	open: Box<dyn AeadAes256GcmCipher>,
}

impl fmt::Debug for Srtp {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("Srtp").finish_non_exhaustive()
	}
}

impl Srtp {
	/// With a session key and its salt.
	pub fn new(key: [u8; 32], salt: [u8; SALT]) -> Self {
		let ciphers = str0m::crypto::from_feature_flags().srtp_provider.aead_aes_256_gcm();
		Self {
			salt,
			seal: ciphers.create_cipher(key, true),
			open: ciphers.create_cipher(key, false),
		}
	}

	/// Appends the protected packet to `out`; `false`, and nothing appended, if `packet` has no whole header. `rollovers`
	/// of the sequence number are counted by the caller. Headers have neither extensions nor sources here.
	pub fn protect(&mut self, packet: &[u8], rollovers: u32, out: &mut Vec<u8>) -> bool {
		let Some((header, payload)) = packet.split_at_checked(HEADER) else { return false };
		let start = out.len();
		let Some(iv) = self.iv(header, rollovers) else { return false };
		out.extend_from_slice(header);
		out.resize(start + packet.len() + TAG, 0);
		let sealed = out
			.get_mut(start + HEADER..)
			.is_some_and(|body| self.seal.encrypt(&iv, header, payload, body).is_ok());
		if !sealed {
			out.truncate(start);
		}
		sealed
	}

	/// Writes the plain packet to `out`, which is emptied before; `false` if it is not authentic.
	pub fn unprotect(&mut self, packet: &[u8], rollovers: u32, out: &mut Vec<u8>) -> bool {
		out.clear();
		let Some((header, sealed)) = packet.split_at_checked(HEADER) else { return false };
		let Some(length) = packet.len().checked_sub(TAG).filter(|l| *l >= HEADER) else {
			return false;
		};
		let Some(iv) = self.iv(header, rollovers) else { return false };
		out.extend_from_slice(header);
		out.resize(length, 0);
		let opened = out
			.get_mut(HEADER..)
			.is_some_and(|body| self.open.decrypt(&iv, &[header], sealed, body).is_ok());
		if !opened {
			out.clear();
		}
		opened
	}

	/// RFC 7714 §8.1.
	fn iv(&self, header: &[u8], rollovers: u32) -> Option<[u8; SALT]> {
		let (sequence, ssrc) = (header.get(2..4)?, header.get(8..12)?);
		let mut iv = self.salt;
		let rollovers = rollovers.to_be_bytes();
		let parts = ssrc.iter().chain(&rollovers).chain(sequence);
		for (byte, part) in iv.iter_mut().skip(2).zip(parts) {
			*byte ^= part;
		}
		Some(iv)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn bytes(hex: &str) -> Vec<u8> {
		let hex: Vec<u8> = hex.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
		let digit = |b: u8| (b as char).to_digit(16).unwrap() as u8;
		hex.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
	}

	#[test]
	fn packets_of_rfc_7714_come_out() {
		// RFC 7714 §16.2.1, AEAD_AES_256_GCM.
		let key: Vec<u8> = (0..32).collect();
		let salt = bytes("51756964 2070726f 2071756f");
		let mut srtp = Srtp::new(key.try_into().unwrap(), salt.try_into().unwrap());
		let plain = bytes(
			"8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120
			696e2070 61727465 73207472 6573",
		);
		let protected = bytes(
			"8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3
			b50b2a02 76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13",
		);
		let mut out = vec![7];
		assert!(srtp.protect(&plain, 0, &mut out));
		assert_eq!((out[0], &out[1..]), (7, &protected[..]));
		assert!(srtp.unprotect(&protected, 0, &mut out));
		assert_eq!(out, plain);
		// Another rollover, a changed byte, too short.
		assert!(!srtp.unprotect(&protected, 1, &mut out) && out.is_empty());
		let mut forged = protected.clone();
		forged[20] ^= 1;
		assert!(!srtp.unprotect(&forged, 0, &mut out));
		assert!(!srtp.unprotect(&protected[..27], 0, &mut out));
		assert!(!srtp.protect(&plain[..11], 0, &mut out) && out.is_empty());
	}
}
