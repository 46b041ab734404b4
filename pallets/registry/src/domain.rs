//! Which domains are accepted: host names by RFC 1123 §2.1 and RFC 1035 §2.3.4, in one spelling only.

use alloc::string::ToString;
use core::net::{Ipv4Addr, Ipv6Addr};
use dtel_primitives::node::MAX_DOMAIN;

/// Longest label of a host name.
const MAX_LABEL: usize = 63;

/// Whether `domain` is a public host name — lower case, at least two labels, the last of them beginning with
/// a letter — or, if `dev`, any host name, IPv4 address or bracketed IPv6 address, with or without a
/// port, each in its canonical spelling: what is unique as bytes is unique as a place.
pub fn is_valid(domain: &[u8], dev: bool) -> bool {
	let Ok(text) = core::str::from_utf8(domain) else { return false };
	domain.len() <= MAX_DOMAIN as usize && (is_public_host(text) || dev && is_dev_authority(text))
}

fn is_public_host(text: &str) -> bool {
	text.contains('.') && is_host(text)
}

/// Labels of letters, digits and inner hyphens. A last label that begins with a digit may be read as part of an
/// IPv4 address (RFC 1123 §2.1), also one like `0x1`.
fn is_host(text: &str) -> bool {
	let last = text.rsplit('.').next().unwrap_or_default();
	text.split('.').all(is_label) && !last.starts_with(|c: char| c.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
	(1..=MAX_LABEL).contains(&label.len())
		&& label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
		&& !label.starts_with('-')
		&& !label.ends_with('-')
}

/// `host`, `host:port`, `1.2.3.4[:port]`, `[::1][:port]`.
fn is_dev_authority(text: &str) -> bool {
	let (host, port) = match text.rsplit_once(':') {
		// A colon within brackets belongs to the address.
		Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
		_ => (text, None),
	};
	// Port 80 is what no port means.
	port.is_none_or(|port| is_port(port) && port != "80")
		&& (is_host(host) || is_ipv4(host) || is_bracketed_ipv6(host))
}

fn is_port(text: &str) -> bool {
	text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
}

fn is_ipv4(text: &str) -> bool {
	text.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == text)
}

fn is_bracketed_ipv6(text: &str) -> bool {
	text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|inner| {
		inner
			.parse::<Ipv6Addr>()
			.is_ok_and(|address| address.to_ipv4_mapped().is_none() && address.to_string() == inner)
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn public(text: &str) -> bool {
		is_valid(text.as_bytes(), false)
	}

	fn dev(text: &str) -> bool {
		is_valid(text.as_bytes(), true)
	}

	#[test]
	fn accepts_public_hosts() {
		let label = "a".repeat(63);
		let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
		assert_eq!(longest.len(), 253);
		for good in
			["sfu.example.org", "3com.com", "a.b", "x--y.zz", "xn--bcher-kva.example", &longest]
		{
			assert!(public(good), "{good}");
		}
	}

	#[test]
	fn refuses_what_is_no_public_host() {
		let label = "a".repeat(64);
		let too_long = ["a"; 127].join(".") + ".a";
		assert_eq!(too_long.len(), 255);
		for bad in [
			"",
			".",
			"localhost",
			"Sfu.example.org",
			"sfu.example.org.",
			".example.org",
			"a..b",
			"-a.example",
			"a-.example",
			"a_b.example",
			"a b.example",
			"bücher.example",
			"10.0.0.1",
			"127.0.0.0x1",
			"1.2.0x304",
			"a.1",
			"a.1b",
			"sfu.example.org:443",
			"[::1]",
			"https://a.b",
			"a.b/c",
			"user@a.b",
			&format!("{label}.example"),
			&too_long,
		] {
			assert!(!public(bad), "{bad}");
		}
		assert!(!is_valid(&[0xff, b'.', b'a'], true));
	}

	#[test]
	fn accepts_ports_and_addresses_on_a_development_chain_only() {
		for good in [
			"localhost",
			"localhost:7880",
			"sfu.example.org:443",
			"127.0.0.1",
			"127.0.0.1:65535",
			"[::1]",
			"[::1]:7880",
			"[2001:db8::1]:1",
		] {
			assert!(dev(good), "{good}");
		}
	}

	#[test]
	fn refuses_second_spellings_on_a_development_chain() {
		for bad in [
			"127.0.0.1:0",
			"127.0.0.1:080",
			"127.0.0.1:+80",
			"127.0.0.1:65536",
			"127.0.0.1:",
			"127.0.0.01",
			"127.1",
			"256.0.0.1",
			"::1",
			"[::1",
			"[0:0:0:0:0:0:0:1]",
			"[::FFFF]",
			"[::ffff:1.2.3.4]",
			"localhost:80",
			"[::1]x",
			"[]",
			":80",
			"a:b:80",
		] {
			assert!(!dev(bad), "{bad}");
		}
	}

	proptest! {
		/// Total over arbitrary bytes, and whatever is public is a development domain, too.
		#[test]
		fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
			prop_assert!(!is_valid(&bytes, false) || is_valid(&bytes, true));
		}

		/// Another spelling of an accepted domain, by case, a final dot or a number at its end, is refused.
		#[test]
		fn has_one_spelling(labels in prop::collection::vec("[a-z][a-z0-9]{0,8}", 2..6)) {
			let host = labels.join(".");
			prop_assert!(public(&host), "{}", host);
			prop_assert!(!public(&host.to_uppercase()));
			for more in [".", ".1", ".0x1", ":443", "-", "_"] {
				prop_assert!(!public(&format!("{host}{more}")), "{}{}", host, more);
			}
		}
	}
}
