//! Where a node may look for its media daemons.
//!
//! Reports travel unencrypted between daemon and off-chain worker, so that they must not leave the
//! machine. The rule is applied twice, where an address is configured and where it is used, and is
//! written once, here.

use core::{fmt, net::IpAddr, str::FromStr};

/// Why an address is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkerUrlError {
	/// It does not begin with `http://`.
	Scheme,
	/// It has more than a host and a port.
	Path,
	/// It has no port between 1 and 65,535.
	Port,
	/// The host is not a loopback address or `localhost`.
	Host,
}

impl fmt::Display for WorkerUrlError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Scheme => "it does not begin with http://",
			Self::Path => "it has more than a host and a port",
			Self::Port => "it has no port between 1 and 65535",
			Self::Host => "its host is not a loopback address",
		})
	}
}

/// Takes `http://<loopback>:<port>` and nothing else.
///
/// # Errors
///
/// [`WorkerUrlError`] says what is wrong with anything else.
pub fn check(url: &str) -> Result<(), WorkerUrlError> {
	let authority = url.strip_prefix("http://").ok_or(WorkerUrlError::Scheme)?;
	if authority.contains(['/', '?', '#', '@']) {
		return Err(WorkerUrlError::Path);
	}
	let (host, port) = authority.rsplit_once(':').ok_or(WorkerUrlError::Port)?;
	let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
	if !digits || !u16::from_str(port).is_ok_and(|port| port != 0) {
		return Err(WorkerUrlError::Port);
	}
	let loopback = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
		Some(v6) => IpAddr::from_str(v6).is_ok_and(|ip| ip.is_ipv6() && ip.is_loopback()),
		None => {
			host == "localhost"
				|| IpAddr::from_str(host).is_ok_and(|ip| ip.is_ipv4() && ip.is_loopback())
		}
	};
	if loopback {
		Ok(())
	} else {
		Err(WorkerUrlError::Host)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn loopback_addresses_pass() {
		for url in [
			"http://127.0.0.1:7881",
			"http://127.8.0.1:1",
			"http://localhost:7881",
			"http://[::1]:65535",
		] {
			assert_eq!(check(url), Ok(()), "{url}");
		}
	}

	#[test]
	fn everything_else_is_refused() {
		use WorkerUrlError::*;
		for (url, error) in [
			("https://127.0.0.1:7881", Scheme),
			("127.0.0.1:7881", Scheme),
			("http://user@127.0.0.1:80", Path),
			("http://127.0.0.1:80/", Path),
			("http://127.0.0.1:80?x", Path),
			("http://127.0.0.1", Port),
			("http://127.0.0.1:0", Port),
			("http://127.0.0.1:+80", Port),
			("http://127.0.0.1:99999", Port),
			("http://10.0.0.1:7881", Host),
			("http://0.0.0.0:80", Host),
			("http://example.org:80", Host),
			("http://127.0.0.1.example.org:80", Host),
			("http://::1:80", Host),
			("http://[127.0.0.1]:80", Host),
			("http://:80", Host),
			("http://[::2]:80", Host),
			("http://127.0.0.1:80@evil.example:80", Path),
			("http://127.0.0.1:80/x", Path),
			("http://127.0.0.1:", Port),
			("ftp://127.0.0.1:80", Scheme),
			("", Scheme),
		] {
			assert_eq!(check(url), Err(error), "{url}");
		}
	}
}
