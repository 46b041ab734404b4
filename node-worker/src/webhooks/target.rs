//! Where a webhook may go.
//!
//! URLs come from tokens, so from whoever has an API key: the daemon must not be a way into its operator's network. A
//! name is resolved by the daemon, every address that comes back is checked, and the connection goes to one of those
//! checked, so that a second look-up cannot give another answer.

use crate::{net::is_public, token::MAX_URL};
use std::{
	net::{IpAddr, SocketAddr},
	time::Duration,
};
use thiserror::Error;
use url::{Host, Url};

/// Addresses of one name that are looked at.
const MAX_ADDRESSES: usize = 16;

/// What is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
	/// Requests to private and local addresses: for development alone.
	pub allow_private: bool,
	/// Time for one attempt.
	pub timeout: Duration,
}

/// Why a URL is refused.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Refused {
	/// No URL, or a longer one than allowed.
	#[error("malformed URL")]
	Malformed,
	/// Neither `http` nor `https`.
	#[error("scheme not allowed")]
	Scheme,
	/// It has a user name or password.
	#[error("user name or password in the URL")]
	Credentials,
	/// An address that is none of the public internet.
	#[error("{0} is no public address")]
	Private(IpAddr),
}

/// A URL that may be tried.
#[derive(Clone, Debug)]
pub struct Target {
	/// By TLS.
	pub tls: bool,
	/// Name or address.
	pub host: Host,
	/// Port.
	pub port: u16,
	/// Path and query.
	pub path: String,
}

impl Target {
	/// Checks what can be checked without resolving a name.
	pub fn parse(text: &str, policy: &Policy) -> Result<Self, Refused> {
		if text.len() > MAX_URL {
			return Err(Refused::Malformed);
		}
		let url = Url::parse(text).map_err(|_| Refused::Malformed)?;
		let tls = match url.scheme() {
			"https" => true,
			"http" => false,
			_ => return Err(Refused::Scheme),
		};
		if !url.username().is_empty() || url.password().is_some() {
			return Err(Refused::Credentials);
		}
		let host = url.host().ok_or(Refused::Malformed)?.to_owned();
		let port = url.port_or_known_default().ok_or(Refused::Malformed)?;
		let path = match url.query() {
			Some(query) => format!("{}?{query}", url.path()),
			None => url.path().into(),
		};
		let target = Self { tls, host, port, path };
		if let Some(ip) = target.literal() {
			check(ip, policy)?;
		}
		Ok(target)
	}

	/// The address, if the host is one.
	fn literal(&self) -> Option<IpAddr> {
		match &self.host {
			Host::Ipv4(ip) => Some((*ip).into()),
			Host::Ipv6(ip) => Some((*ip).into()),
			Host::Domain(_) => None,
		}
	}

	/// Addresses to connect to, all of them checked. One that is not public condemns the name.
	pub async fn resolve(&self, policy: &Policy) -> Result<Vec<SocketAddr>, ResolveError> {
		if let Some(ip) = self.literal() {
			check(ip, policy)?;
			return Ok(vec![SocketAddr::new(ip, self.port)]);
		}
		let name = self.host.to_string();
		let found = tokio::net::lookup_host((name.as_str(), self.port)).await;
		let addresses: Vec<_> =
			found.map_err(|e| ResolveError::Name(e.to_string()))?.take(MAX_ADDRESSES).collect();
		check_all(&addresses, policy)?;
		Ok(addresses)
	}

	/// Value of the `Host` header.
	pub fn authority(&self) -> String {
		let default = if self.tls { 443 } else { 80 };
		if self.port == default {
			self.host.to_string()
		} else {
			format!("{}:{}", self.host, self.port)
		}
	}
}

/// Why there is nothing to connect to.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ResolveError {
	/// Not allowed.
	#[error(transparent)]
	Refused(#[from] Refused),
	/// The name could not be resolved.
	#[error("name: {0}")]
	Name(String),
}

fn check_all(addresses: &[SocketAddr], policy: &Policy) -> Result<(), ResolveError> {
	if addresses.is_empty() {
		return Err(ResolveError::Name("no address".into()));
	}
	for address in addresses {
		check(address.ip(), policy)?;
	}
	Ok(())
}

fn check(ip: IpAddr, policy: &Policy) -> Result<(), Refused> {
	(policy.allow_private || is_public(ip)).then_some(()).ok_or(Refused::Private(ip))
}

#[cfg(test)]
mod tests {
	use super::*;

	const STRICT: Policy = Policy { allow_private: false, timeout: Duration::from_secs(1) };
	const DEV: Policy = Policy { allow_private: true, ..STRICT };

	#[test]
	fn urls_into_the_operators_network_are_refused() {
		for url in [
			"http://127.0.0.1/",
			"http://127.1/",
			"http://2130706433/",
			"http://0x7f000001/",
			"http://0177.0.0.1/",
			"http://0/",
			"https://10.1.2.3:8443/x",
			"http://192.168.1.1/",
			"http://169.254.169.254/latest/meta-data/",
			"http://[::1]/",
			"http://[::]/",
			"http://[::ffff:127.0.0.1]/",
			"http://[::ffff:a9fe:a9fe]/",
			"http://[fd00:ec2::254]/",
			"http://[fe80::1]/",
			"http://100.100.100.200/",
			"http://127。0。0。1/",
			"http://①②⑦.0.0.1/",
			"http://[64:ff9b::7f00:1]/",
		] {
			let refused = Target::parse(url, &STRICT).expect_err(url);
			assert!(matches!(refused, Refused::Private(_)), "{url}: {refused:?}");
			assert!(Target::parse(url, &DEV).is_ok(), "{url}");
		}
		for (url, why) in [
			("", Refused::Malformed),
			("/hook", Refused::Malformed),
			("example.org/hook", Refused::Malformed),
			("http://", Refused::Malformed),
			("file:///etc/passwd", Refused::Scheme),
			("ftp://example.org/", Refused::Scheme),
			("gopher://127.0.0.1:6379/_x", Refused::Scheme),
			("unix:/run/docker.sock", Refused::Scheme),
			("https://user@example.org/", Refused::Credentials),
			("https://user:pass@example.org/", Refused::Credentials),
		] {
			assert_eq!(Target::parse(url, &STRICT).expect_err(url), why, "{url}");
		}
		assert!(
			Target::parse(&format!("https://example.org/{}", "x".repeat(MAX_URL)), &DEV).is_err()
		);
	}

	#[test]
	fn names_are_condemned_by_one_bad_address() {
		let sockets = |ips: &[&str]| -> Vec<SocketAddr> {
			ips.iter().map(|ip| SocketAddr::new(ip.parse().expect("an address"), 443)).collect()
		};
		assert!(check_all(&sockets(&["1.1.1.1", "2606:4700::1111"]), &STRICT).is_ok());
		for bad in [vec!["1.1.1.1", "10.0.0.1"], vec!["::1"], vec![]] {
			assert!(check_all(&sockets(&bad), &STRICT).is_err(), "{bad:?}");
		}
		assert!(check_all(&sockets(&["10.0.0.1"]), &DEV).is_ok());
	}

	#[tokio::test]
	async fn names_of_this_machine_are_refused_when_resolved() {
		let target = Target::parse("http://localhost:9/", &STRICT).expect("a name");
		let refused = target.resolve(&STRICT).await.expect_err("loopback");
		assert!(matches!(refused, ResolveError::Refused(Refused::Private(_))), "{refused:?}");
		assert!(target.resolve(&DEV).await.expect("allowed").iter().all(|a| a.ip().is_loopback()));
	}

	#[test]
	fn what_is_sent_is_what_the_url_says() {
		let target = Target::parse("https://Example.org/a/b?c=d#e", &STRICT).expect("good");
		assert_eq!((target.tls, target.port), (true, 443));
		assert_eq!(
			(target.authority().as_str(), target.path.as_str()),
			("example.org", "/a/b?c=d")
		);
		let target = Target::parse("http://example.org:8080", &STRICT).expect("good");
		assert_eq!((target.authority().as_str(), target.path.as_str()), ("example.org:8080", "/"));
	}
}
