//! Who a client is whose connection a proxy makes: believed of configured proxies alone.

use ipnet::IpNet;
use std::net::IpAddr;

/// Addresses of one header that are looked at.
const MAX_HOPS: usize = 16;

/// The client's address: the peer's, unless that is a trusted proxy. Then the last address of `X-Forwarded-For` that
/// is none itself, because everything before it can be made up by the client. `headers` are the values in their order.
pub fn client_address<'a>(
	peer: IpAddr,
	trusted: &[IpNet],
	headers: impl DoubleEndedIterator<Item = &'a str>,
) -> IpAddr {
	let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
	let mut client = peer.to_canonical();
	for hop in headers.rev().flat_map(|value| value.rsplit(',')).take(MAX_HOPS) {
		if !is_trusted(client) {
			break;
		}
		// What the proxy did not understand it does not vouch for.
		let Some(ip) = parse(hop.trim()) else { break };
		client = ip.to_canonical();
	}
	client
}

/// An address, possibly in brackets or with a port.
fn parse(text: &str) -> Option<IpAddr> {
	let text = text.trim_matches('"');
	if let Ok(ip) = text.parse() {
		return Some(ip);
	}
	if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
		return Some(socket.ip());
	}
	text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_trusted_proxies_are_believed() {
		let trusted: Vec<IpNet> =
			["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().expect(net)).into();
		for (peer, headers, client) in [
			// Nobody vouches for what strangers say.
			("198.51.100.7", vec!["1.2.3.4"], "198.51.100.7"),
			("10.0.0.1", vec![], "10.0.0.1"),
			("10.0.0.1", vec!["1.2.3.4"], "1.2.3.4"),
			("::ffff:10.0.0.1", vec!["1.2.3.4"], "1.2.3.4"),
			// The client wrote the first one, the proxy the last.
			("10.0.0.1", vec!["9.9.9.9, 1.2.3.4"], "1.2.3.4"),
			("10.0.0.1", vec!["9.9.9.9", "1.2.3.4"], "1.2.3.4"),
			// Two proxies.
			("10.0.0.1", vec!["9.9.9.9, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
			("fd00::1", vec!["2606:4700::1"], "2606:4700::1"),
			("10.0.0.1", vec!["[2606:4700::1]:443"], "2606:4700::1"),
			("10.0.0.1", vec!["1.2.3.4:5678"], "1.2.3.4"),
			("10.0.0.1", vec!["1.2.3.4, unknown"], "10.0.0.1"),
			("10.0.0.1", vec![""], "10.0.0.1"),
		] {
			let found =
				client_address(peer.parse().expect(peer), &trusted, headers.iter().copied());
			assert_eq!(found, client.parse::<IpAddr>().expect(client), "{peer} {headers:?}");
		}
		let many = "10.0.0.2,".repeat(1_000);
		let found = client_address([10, 0, 0, 1].into(), &trusted, [many.as_str()].into_iter());
		assert!(trusted.iter().any(|net| net.contains(&found)));
	}
}
