//! What one system call has read.

use super::Socket;
use quinn_udp::{RecvMeta, BATCH_SIZE};
use std::{
	io::{self, IoSliceMut},
	net::SocketAddr,
};

/// Room for datagrams that the kernel has put together, in bytes.
const COALESCED: usize = 64 * 1024;
/// Room for one datagram, in bytes. A longer one is cut and will fail to authenticate.
const DATAGRAM: usize = 2_048;

/// Room for what one system call reads: up to 32 times one datagram, or with GRO up to 64 of a peer (2 MiB).
pub struct Received {
	buffer: Box<[u8]>,
	room: usize,
	meta: [RecvMeta; BATCH_SIZE],
	filled: usize,
}

impl Received {
	/// Room for what any of these sockets gives.
	pub fn of<'a>(sockets: impl IntoIterator<Item = &'a Socket>) -> Self {
		let coalesces = sockets.into_iter().any(Socket::coalesces);
		let room = if coalesces { COALESCED } else { DATAGRAM };
		Self {
			buffer: vec![0; room.saturating_mul(BATCH_SIZE)].into(),
			room,
			meta: [RecvMeta::default(); BATCH_SIZE],
			filled: 0,
		}
	}

	pub(super) fn fill(
		&mut self,
		read: impl FnOnce(&mut [IoSliceMut<'_>], &mut [RecvMeta]) -> io::Result<usize>,
	) -> io::Result<()> {
		self.filled = 0;
		let mut rooms = self.buffer.chunks_exact_mut(self.room);
		let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
			std::array::from_fn(|_| IoSliceMut::new(rooms.next().unwrap_or_default()));
		self.filled = read(&mut slices, &mut self.meta)?;
		Ok(())
	}

	/// The datagrams and who sent them, in the order in which they came.
	pub fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
		let rooms = self.buffer.chunks_exact(self.room).zip(&self.meta).take(self.filled);
		rooms.flat_map(|(room, meta)| {
			let contents = room.get(..meta.len).unwrap_or_default();
			contents.chunks(meta.stride.max(1)).map(|datagram| (meta.addr, datagram))
		})
	}
}
