//! Datagrams that wait to be sent.

use super::{Socket, MAX_SEGMENT};
use std::{cmp::Ordering, io, net::SocketAddr};

/// Bytes that are sent as one: a UDP datagram's length has 16 bits.
const MAX_TOGETHER: usize = 65_000;

/// What was sent, since the start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct SendCounts {
	/// System calls.
	pub calls: u64,
	/// Datagrams that were sent.
	pub datagrams: u64,
	/// Those of them that went together with others.
	pub together: u64,
	/// Datagrams for which there was no place, or that the kernel refused.
	pub dropped: u64,
}

struct Waiting {
	/// Datagrams that a full socket has left behind come first.
	round: u64,
	destination: SocketAddr,
	number: u64,
	contents: Vec<u8>,
}

/// Datagrams that wait to be sent: a bounded number. Those of one destination keep their order; those of different ones
/// do not.
pub struct Outgoing {
	waiting: Vec<Waiting>,
	limit: usize,
	round: u64,
	number: u64,
	together: Vec<u8>,
	counts: SendCounts,
}

impl Outgoing {
	/// Holds up to `limit` datagrams.
	pub fn new(limit: usize) -> Self {
		Self {
			waiting: Vec::with_capacity(limit),
			limit,
			round: 0,
			number: 0,
			together: Vec::with_capacity(MAX_TOGETHER),
			counts: SendCounts::default(),
		}
	}

	/// Nothing waits.
	pub fn is_empty(&self) -> bool {
		self.waiting.is_empty()
	}

	/// How many wait.
	pub fn len(&self) -> usize {
		self.waiting.len()
	}

	/// There is no place for another one.
	pub fn is_full(&self) -> bool {
		self.waiting.len() >= self.limit
	}

	/// What was sent so far.
	pub fn counts(&self) -> SendCounts {
		self.counts
	}

	/// Adds a datagram. One for which there is no place is dropped and counted.
	pub fn push(&mut self, destination: SocketAddr, contents: Vec<u8>) {
		if self.is_full() {
			self.counts.dropped = self.counts.dropped.saturating_add(1);
			return;
		}
		self.number = self.number.wrapping_add(1);
		let (round, number) = (self.round, self.number);
		self.waiting.push(Waiting { round, destination, number, contents });
	}

	/// Sends what waits, until the socket takes no more.
	pub fn flush(&mut self, socket: &Socket) {
		if self.waiting.is_empty() {
			return;
		}
		self.round = self.round.wrapping_add(1);
		if self.waiting.len() > 1 {
			self.waiting.sort_unstable_by(order);
		}
		let mut done = 0usize;
		while let Some(rest) = self.waiting.get(done..).filter(|rest| !rest.is_empty()) {
			let run = rest.get(..run_length(rest, socket.segments())).unwrap_or_default();
			let sent = send_run(socket, run, &mut self.together, &mut self.counts);
			done = done.saturating_add(sent);
			if sent < run.len() {
				break;
			}
		}
		self.waiting.drain(..done);
	}
}

/// What is older first; datagrams of one destination together, as they were given.
fn order(a: &Waiting, b: &Waiting) -> Ordering {
	(a.round, a.destination, a.number).cmp(&(b.round, b.destination, b.number))
}

/// How many of the first datagrams can go as one: at least 1, which there must be.
fn run_length(waiting: &[Waiting], segments: usize) -> usize {
	let Some(first) = waiting.first() else { return 0 };
	let segment = first.contents.len();
	if segment > MAX_SEGMENT || segment == 0 {
		return 1;
	}
	let most = segments.min(MAX_TOGETHER.checked_div(segment).unwrap_or(1)).max(1);
	let mut length = 1usize;
	for next in waiting.iter().take(most).skip(1) {
		let shorter = next.contents.len() < segment;
		if next.destination != first.destination
			|| next.contents.len() > segment
			|| next.contents.is_empty()
		{
			break;
		}
		length = length.saturating_add(1);
		// Only the last one may be shorter.
		if shorter {
			break;
		}
	}
	length
}

/// Sends a run; how many of it are done with, which is fewer only if the socket takes no more.
fn send_run(
	socket: &Socket,
	run: &[Waiting],
	together: &mut Vec<u8>,
	counts: &mut SendCounts,
) -> usize {
	let length = u64::try_from(run.len()).unwrap_or(u64::MAX);
	if let [first, _, ..] = run {
		together.clear();
		run.iter().for_each(|w| together.extend_from_slice(&w.contents));
		counts.calls = counts.calls.saturating_add(1);
		match socket.send(first.destination, together, Some(first.contents.len())) {
			Ok(()) => {
				counts.datagrams = counts.datagrams.saturating_add(length);
				counts.together = counts.together.saturating_add(length);
				return run.len();
			}
			Err(error) if error.kind() == io::ErrorKind::WouldBlock => return 0,
			// The interface cannot do it, or the destination is none: each for itself will show.
			Err(_) => {}
		}
	}
	let mut done = 0usize;
	for one in run {
		counts.calls = counts.calls.saturating_add(1);
		match socket.send(one.destination, &one.contents, None) {
			Ok(()) => counts.datagrams = counts.datagrams.saturating_add(1),
			Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
			Err(_) => counts.dropped = counts.dropped.saturating_add(1),
		}
		done = done.saturating_add(1);
	}
	done
}
