//! A STUN client (RFC 8489) that asks one server, again and again, what this machine's address looks like from
//! outside. It owns no socket: the questions must go out of the very socket that peers are to reach.

use std::{
	net::SocketAddr,
	time::{Duration, Instant},
};
use stun_types::{
	attribute::XorMappedAddress,
	message::{Message, MessageWrite, MessageWriteVec, TransactionId, BINDING},
};

/// First time until a question is asked again (RFC 8489 §6.2.1); doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How often a question is asked before it counts as unanswered.
const ATTEMPTS: u32 = 5;

/// What a datagram of the server, or the passing of time, brought about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum News {
	/// This is the address from outside.
	Mapped(SocketAddr),
	/// The server did not answer one question, however often it was asked.
	Silent,
}

struct Asked {
	transaction: TransactionId,
	attempts: u32,
}

/// See the module.
pub struct StunClient {
	server: SocketAddr,
	every: Duration,
	asked: Option<Asked>,
	due: Instant,
}

impl StunClient {
	/// Asks at once, then this often.
	pub fn new(server: SocketAddr, every: Duration, now: Instant) -> Self {
		Self { server, every, asked: None, due: now }
	}

	/// Whom it asks.
	pub fn server(&self) -> SocketAddr {
		self.server
	}

	/// When [`StunClient::poll`] has something to do.
	pub fn due(&self) -> Instant {
		self.due
	}

	/// What to send to the server now, if anything, and whether it has failed to answer.
	pub fn poll(&mut self, now: Instant) -> (Option<Vec<u8>>, Option<News>) {
		if now < self.due {
			return (None, None);
		}
		let attempts = self.asked.take().map_or(0, |asked| asked.attempts);
		if attempts >= ATTEMPTS {
			self.due = later(now, self.every);
			return (None, Some(News::Silent));
		}
		// A transaction of its own each time: an answer to any but the newest is late by more than its time.
		let request = Message::builder_request(BINDING, MessageWriteVec::new()).finish();
		let transaction = Message::from_bytes(&request).map(|m| m.transaction_id());
		let wait = FIRST_WAIT.saturating_mul(2u32.saturating_pow(attempts));
		self.due = later(now, wait);
		self.asked = transaction
			.ok()
			.map(|transaction| Asked { transaction, attempts: attempts.saturating_add(1) });
		(Some(request), None)
	}

	/// Looks at a datagram. `None` if it is no answer of the server to the open question: then it is somebody else's.
	pub fn handle(&mut self, now: Instant, source: SocketAddr, datagram: &[u8]) -> Option<News> {
		if source != self.server {
			return None;
		}
		let asked = self.asked.as_ref()?;
		let message = Message::from_bytes(datagram).ok()?;
		let ours = message.is_response()
			&& message.has_method(BINDING)
			&& message.transaction_id() == asked.transaction;
		if !ours {
			return None;
		}
		let mapped = message.attribute::<XorMappedAddress>().ok();
		let mapped = mapped
			.map(|a| a.addr(message.transaction_id()))
			.filter(|a| !a.ip().is_unspecified() && !a.ip().is_multicast() && a.port() != 0);
		self.asked = None;
		self.due = later(now, self.every);
		Some(mapped.map_or(News::Silent, News::Mapped))
	}
}

fn later(now: Instant, by: Duration) -> Instant {
	now.checked_add(by).unwrap_or(now)
}

#[cfg(test)]
mod tests {
	use super::*;
	use stun_types::prelude::MessageWriteExt;

	/// An answer as a server gives it.
	fn answer(request: &[u8], mapped: SocketAddr) -> Option<Vec<u8>> {
		let request = Message::from_bytes(request).ok().filter(|m| m.has_method(BINDING))?;
		let mut answer = Message::builder_success(&request, MessageWriteVec::new());
		let mapped = XorMappedAddress::new(mapped, request.transaction_id());
		answer.add_attribute(&mapped).ok()?;
		Some(answer.finish())
	}

	const MINUTE: Duration = Duration::from_secs(60);

	fn server() -> SocketAddr {
		"192.0.2.1:3478".parse().expect("an address")
	}

	#[test]
	fn answer_to_the_open_question_is_believed() {
		let start = Instant::now();
		for text in ["203.0.113.9:4242", "[2001:db8::5]:1"] {
			let mut client = StunClient::new(server(), MINUTE, start);
			let (request, news) = client.poll(start);
			let request = request.expect("a question");
			assert_eq!((request.len(), news), (20, None));
			assert_eq!(client.poll(start), (None, None));
			let mapped = text.parse().expect("an address");
			let good = answer(&request, mapped).expect("an answer");
			let stranger = "192.0.2.2:3478".parse().expect("an address");
			assert_eq!(client.handle(start, stranger, &good), None);
			assert_eq!(client.handle(start, server(), &request), None);
			for cut in 0..good.len() {
				assert_eq!(client.handle(start, server(), &good[..cut]), None);
			}
			assert_eq!(client.handle(start, server(), &good), Some(News::Mapped(mapped)));
			// Once.
			assert_eq!(client.handle(start, server(), &good), None);
			assert_eq!(client.due(), start + MINUTE);
		}
	}

	#[test]
	fn silence_is_reported_and_outlived() {
		let start = Instant::now();
		let mut client = StunClient::new(server(), MINUTE, start);
		let mut asked = Vec::new();
		loop {
			let now = client.due();
			match client.poll(now) {
				(Some(request), None) => asked.push((now - start, request)),
				(None, Some(News::Silent)) => break,
				other => panic!("{other:?}"),
			}
		}
		let times: Vec<_> = asked.iter().map(|(at, _)| at.as_millis()).collect();
		assert_eq!(times, [0, 500, 1_500, 3_500, 7_500]);
		// An answer that comes too late is nobody's.
		let late = answer(&asked[4].1, server()).expect("an answer");
		assert_eq!(client.handle(client.due(), server(), &late), None);
		let (request, _) = client.poll(client.due());
		let good = answer(&request.expect("asks again"), server()).expect("an answer");
		assert_eq!(client.handle(client.due(), server(), &good), Some(News::Mapped(server())));
	}

	#[test]
	fn answer_without_a_usable_address_is_none() {
		let start = Instant::now();
		let mut client = StunClient::new(server(), MINUTE, start);
		let request = client.poll(start).0.expect("a question");
		let bad = answer(&request, "0.0.0.0:5".parse().expect("an address")).expect("an answer");
		assert_eq!(client.handle(start, server(), &bad), Some(News::Silent));
	}
}
