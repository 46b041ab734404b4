//! Free loopback ports, below the range from which the system takes ports for outgoing connections.

use anyhow::{bail, Result};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};

const FIRST: u16 = 16_000;
const LAST: u16 = 31_999;

/// Gives out ports that nobody holds, for TCP and UDP alike.
pub struct Ports {
	next: u16,
	left: u16,
}

impl Ports {
	/// Runs that begin at the same time look in different places first.
	pub fn new() -> Self {
		let spread = (std::process::id() % 500) as u16 * 32;
		Self { next: FIRST + spread % (LAST - FIRST), left: LAST - FIRST }
	}

	/// The next free port.
	pub fn take(&mut self) -> Result<u16> {
		while self.left > 0 {
			let port = self.next;
			self.next = if port >= LAST { FIRST } else { port + 1 };
			self.left -= 1;
			let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
			let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, port));
			if tcp.is_ok() && udp.is_ok() {
				return Ok(port);
			}
		}
		bail!("no free port between {FIRST} and {LAST}")
	}
}

impl Default for Ports {
	fn default() -> Self {
		Self::new()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn taken_ports_are_passed_over() {
		let mut ports = Ports::new();
		let first = ports.take().unwrap();
		let held = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
		let mut again = Ports { next: first, left: 10 };
		assert_ne!(again.take().unwrap(), first);
		drop(held);
		assert!(Ports { next: first, left: 0 }.take().is_err());
	}
}
