//! UDP sockets that many participants share: each has addresses of its own in 127.0.0.0/8, as the daemon tells peers apart
//! by their addresses. Batches are read at once, with the kernel's time of arrival.

use anyhow::{Context, Result};
use quinn_udp::{RecvMeta, Transmit, UdpSocketState, BATCH_SIZE};
use std::{
	future::poll_fn,
	io::{self, IoSliceMut},
	net::{IpAddr, Ipv4Addr, SocketAddr},
	task::Poll,
	time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{io::Interest, net::UdpSocket};

/// Sockets at most. The kernel may grant each no more than some 200 KB.
const LANES: usize = 64;
/// Asked of the kernel for a socket's buffers.
const SOCKET_BUFFER: usize = 8 * 1024 * 1024;
/// Buffer for one datagram, or for several that the kernel put together.
const BUFFER: usize = 65_536;

struct Lane {
	socket: UdpSocket,
	state: UdpSocketState,
	port: u16,
}

pub(super) struct Net {
	lanes: Vec<Lane>,
	buffers: Vec<Vec<u8>>,
	metas: Vec<RecvMeta>,
}

/// A datagram that came.
pub(super) struct Arrived<'a> {
	pub to: Option<IpAddr>,
	pub from: SocketAddr,
	/// Nanoseconds since 1970.
	pub at: u64,
	pub contents: &'a [u8],
}

impl Net {
	/// Sockets for so many participants.
	pub(super) fn bind(participants: usize) -> Result<Self> {
		let lane = || {
			let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
			let state = UdpSocketState::new((&socket).into())?;
			let _ = state.set_recv_buffer_size((&socket).into(), SOCKET_BUFFER);
			let _ = state.set_send_buffer_size((&socket).into(), SOCKET_BUFFER);
			let port = socket.local_addr()?.port();
			Ok::<_, io::Error>(Lane { socket: UdpSocket::from_std(socket)?, state, port })
		};
		let lanes = (0..participants.clamp(1, LANES)).map(|_| lane()).collect::<Result<_, _>>();
		Ok(Self {
			lanes: lanes.context("cannot open UDP sockets")?,
			buffers: (0..BATCH_SIZE).map(|_| vec![0; BUFFER]).collect(),
			metas: vec![RecvMeta::default(); BATCH_SIZE],
		})
	}

	pub(super) fn lanes(&self) -> usize {
		self.lanes.len()
	}

	/// Address of a participant's publisher (0) or subscriber (1) transport.
	pub(super) fn address(&self, participant: usize, transport: u8) -> SocketAddr {
		let lane = participant.checked_rem(self.lanes.len()).unwrap_or(0);
		let port = self.lanes.get(lane).map_or(0, |l| l.port);
		let [.., high, low] = participant.to_be_bytes();
		SocketAddr::new(Ipv4Addr::new(127, transport.saturating_add(16), high, low).into(), port)
	}

	/// Whose address that is: the reverse of [`Net::address`].
	pub(super) fn owner(to: Option<IpAddr>) -> Option<(usize, u8)> {
		let Some(IpAddr::V4(ip)) = to else { return None };
		let [_, transport, high, low] = ip.octets();
		let transport = transport.checked_sub(16).filter(|t| *t < 2)?;
		Some((usize::from(u16::from_be_bytes([high, low])), transport))
	}

	/// Sends a datagram; whether the socket took it.
	pub(super) fn send(
		&self,
		participant: usize,
		source: SocketAddr,
		destination: SocketAddr,
		contents: &[u8],
	) -> bool {
		let lane = participant.checked_rem(self.lanes.len()).and_then(|l| self.lanes.get(l));
		let Some(lane) = lane else { return false };
		let transmit = Transmit {
			destination,
			ecn: None,
			contents,
			segment_size: None,
			src_ip: Some(source.ip()),
		};
		// Not by way of the runtime, which knows of a new socket's room only later.
		lane.state.try_send((&lane.socket).into(), &transmit).is_ok()
	}

	/// Waits until something came.
	pub(super) async fn readable(&self) {
		poll_fn(|cx| {
			// All are asked, so that each of them wakes this task.
			let ready = self.lanes.iter().filter(|l| l.socket.poll_recv_ready(cx).is_ready());
			if ready.count() > 0 {
				Poll::Ready(())
			} else {
				Poll::Pending
			}
		})
		.await;
	}

	/// Reads one batch of a socket; how many buffers are filled.
	pub(super) fn read(&mut self, lane: usize) -> usize {
		let Self { lanes, buffers, metas } = self;
		let Some(lane) = lanes.get(lane) else { return 0 };
		let mut slices: Vec<IoSliceMut> = buffers.iter_mut().map(|b| IoSliceMut::new(b)).collect();
		let recv = || lane.state.recv((&lane.socket).into(), &mut slices, metas);
		lane.socket.try_io(Interest::READABLE, recv).unwrap_or(0)
	}

	/// The datagrams of the last batch.
	pub(super) fn datagrams(&self, filled: usize) -> impl Iterator<Item = Arrived<'_>> {
		let now = unix_nanos();
		self.buffers.iter().zip(&self.metas).take(filled).flat_map(move |(buffer, meta)| {
			let at = meta.timestamp.map_or(now, nanos);
			let contents = buffer.get(..meta.len).unwrap_or_default();
			contents.chunks(meta.stride.max(1)).map(move |contents| Arrived {
				to: meta.dst_ip,
				from: meta.addr,
				at,
				contents,
			})
		})
	}
}

/// Nanoseconds since 1970, by the clock that the kernel stamps datagrams with.
pub(super) fn unix_nanos() -> u64 {
	nanos(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn nanos(time: Duration) -> u64 {
	u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The clear part of an RTP packet, encrypted or not (RFC 3550 §5.1; told from RTCP by RFC 5761 §4).
pub(super) fn rtp(contents: &[u8]) -> Option<(u8, u32)> {
	let [first, second, _, _, a, b, c, d, ..] = contents else { return None };
	let payload_type = second & 0x7f;
	let is_rtp = first >> 6 == 2 && !(64..96).contains(&payload_type);
	is_rtp.then(|| (payload_type, u32::from_be_bytes([*a, *b, *c, *d])))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn datagrams_reach_the_address_they_were_sent_to() {
		let mut net = Net::bind(300).unwrap();
		assert_eq!(net.lanes(), LANES);
		let (from, to) = (net.address(1, 0), net.address(299, 1));
		assert_eq!(Net::owner(Some(to.ip())), Some((299, 1)));
		let before = unix_nanos();
		assert!(net.send(1, from, to, b"hello"));
		net.readable().await;
		let filled = net.read(299 % LANES);
		let came: Vec<_> = net.datagrams(filled).collect();
		assert_eq!(came.len(), 1);
		assert_eq!(
			(came[0].to, came[0].from, came[0].contents),
			(Some(to.ip()), from, &b"hello"[..])
		);
		assert!(came[0].at >= before && came[0].at <= unix_nanos());
	}

	#[test]
	fn media_is_told_from_the_rest() {
		let mut packet = [0x80, 0x80 | 111, 0, 1, 0, 0, 3, 0xc0, 9, 9, 9, 9];
		assert_eq!(rtp(&packet), Some((111, 960)));
		packet[1] = 200;
		assert_eq!(rtp(&packet), None);
		assert_eq!(rtp(&[22, 254, 253, 0, 0, 0, 0, 0]), None);
	}
}
