//! Addresses: which ones the daemon may send requests to, who a client behind a proxy is, and how often one may ask.

mod buckets;
mod forwarded;
pub mod framed;
mod public;
pub mod stun;
pub mod udp;

pub use buckets::{Buckets, Rate};
pub use forwarded::client_address;
pub use public::is_public;

use std::net::IpAddr;

/// Who has one address of an IPv6 network of 64 bits has all of them.
pub fn network(ip: IpAddr) -> IpAddr {
	match ip.to_canonical() {
		IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
		v4 => v4,
	}
}
