//! Parsers of the peer connections' library that read what strangers send. Only here: they are not public API, and an
//! ordinary build does not have them.

use str0m::_internal_test_exports::fuzz;

/// A name, and what is done with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Targets by name, beside those of ours with the same names.
pub const TARGETS: &[Target] = &[("stun", stun), ("rtcp", rtcp), ("rtp", rtp)];

fn stun(data: &[u8]) {
	let _ = fuzz::stun(data.get(1..).unwrap_or_default());
}

fn rtcp(data: &[u8]) {
	let _ = fuzz::rtcp(data.get(1..).unwrap_or_default());
}

fn rtp(data: &[u8]) {
	let _ = fuzz::rtp_packet(data);
}
