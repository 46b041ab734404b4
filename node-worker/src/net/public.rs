//! Addresses of the public internet.
//!
//! Sources: IANA's registries of special-purpose addresses (RFC 6890) for IPv4 and IPv6; for clouds' metadata services
//! the addresses that the providers document and that are in no such registry.

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are not the public internet.
const V4: [(Ipv4Addr, u8); 17] = [
	(Ipv4Addr::new(0, 0, 0, 0), 8),        // this network
	(Ipv4Addr::new(10, 0, 0, 0), 8),       // private
	(Ipv4Addr::new(100, 64, 0, 0), 10),    // shared (carriers; Alibaba's metadata)
	(Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
	(Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local (metadata of most clouds)
	(Ipv4Addr::new(172, 16, 0, 0), 12),    // private
	(Ipv4Addr::new(192, 0, 0, 0), 24),     // IETF protocols (Oracle's metadata)
	(Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
	(Ipv4Addr::new(192, 31, 196, 0), 24),  // AS112
	(Ipv4Addr::new(192, 52, 193, 0), 24),  // AMT
	(Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays
	(Ipv4Addr::new(192, 168, 0, 0), 16),   // private
	(Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarks
	(Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
	(Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
	(Ipv4Addr::new(168, 63, 129, 16), 32), // Azure's host services
	(Ipv4Addr::new(224, 0, 0, 0), 3),      // multicast, reserved, broadcast
];

/// IPv6: global unicast is the one network that is not here …
const GLOBAL: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// … and of it these are no places on the internet.
const V6: [(Ipv6Addr, u8); 4] = [
	(Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // IETF protocols (Teredo, ORCHID)
	(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
	(Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4
	(Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// Translated IPv4 (RFC 6052): as public as the address inside.
const NAT64: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Whether an address belongs to a host of the public internet.
pub fn is_public(ip: IpAddr) -> bool {
	match ip.to_canonical() {
		IpAddr::V4(ip) => !V4.iter().any(|net| in_v4(net, ip)),
		IpAddr::V6(ip) if in_v6(&NAT64, ip) => {
			let [.., a, b, c, d] = ip.octets();
			is_public(Ipv4Addr::new(a, b, c, d).into())
		}
		IpAddr::V6(ip) => in_v6(&GLOBAL, ip) && !V6.iter().any(|net| in_v6(net, ip)),
	}
}

fn in_v4(net: &(Ipv4Addr, u8), ip: Ipv4Addr) -> bool {
	Ipv4Net::new(net.0, net.1).is_ok_and(|net| net.contains(&ip))
}

fn in_v6(net: &(Ipv6Addr, u8), ip: Ipv6Addr) -> bool {
	Ipv6Net::new(net.0, net.1).is_ok_and(|net| net.contains(&ip))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_the_public_internet_is_public() {
		for ip in [
			"1.1.1.1",
			"8.8.8.8",
			"9.255.255.255",
			"11.0.0.0",
			"100.63.255.255",
			"100.128.0.0",
			"126.255.255.255",
			"128.0.0.1",
			"169.253.1.1",
			"172.15.0.1",
			"172.32.0.1",
			"192.0.1.1",
			"192.167.1.1",
			"198.17.1.1",
			"198.20.0.1",
			"223.255.255.255",
			"2606:4700::1111",
			"2a00:1450::1",
			"2001:4860::8888",
			"::ffff:1.1.1.1",
			"64:ff9b::1.1.1.1",
		] {
			assert!(is_public(ip.parse().expect(ip)), "{ip}");
		}
		for ip in [
			"0.0.0.0",
			"0.1.2.3",
			"10.0.0.1",
			"100.64.0.1",
			"100.100.100.200",
			"127.0.0.1",
			"127.255.255.255",
			"169.254.169.254",
			"169.254.170.2",
			"172.16.0.1",
			"172.31.255.255",
			"192.0.0.192",
			"192.0.2.1",
			"192.168.0.1",
			"198.18.0.1",
			"198.19.255.255",
			"198.51.100.1",
			"203.0.113.1",
			"168.63.129.16",
			"224.0.0.1",
			"239.1.1.1",
			"240.0.0.1",
			"255.255.255.255",
			"::",
			"::1",
			"::ffff:127.0.0.1",
			"::ffff:169.254.169.254",
			"::127.0.0.1",
			"64:ff9b::10.0.0.1",
			"64:ff9b:1::1",
			"100::1",
			"fe80::1",
			"fec0::1",
			"fc00::1",
			"fd00:ec2::254",
			"ff02::1",
			"2001::1",
			"2001:db8::1",
			"2002:7f00:1::",
			"3fff::1",
			"5f00::1",
		] {
			assert!(!is_public(ip.parse().expect(ip)), "{ip}");
		}
	}
}
