//! The limit: the same packets decrypted once and encrypted for each receiver, with a batch of packets for one receiver in
//! one call of the kernel (GSO), and nothing else.

use super::node::thread_nanos;
use anyhow::{ensure, Context, Result};
use dtel_media_core::srtp::{Srtp, HEADER, TAG};
use quinn_udp::{RecvMeta, Transmit, UdpSocketState, BATCH_SIZE};
use serde::Serialize;
use std::{
	io::IoSliceMut,
	net::{Ipv4Addr, SocketAddr, UdpSocket},
	sync::{
		atomic::{AtomicBool, AtomicU64, Ordering},
		Arc,
	},
	time::{Duration, Instant},
};
use tokio::io::Interest;

/// Packets that may be on their way to the forwarder.
const IN_FLIGHT: u64 = 128;
/// Asked of the kernel for sockets' buffers.
const SOCKET_BUFFER: usize = 8 * 1024 * 1024;
/// Longest run of packets for one call (UDP's length is 16 bits).
const RUN_BYTES: usize = 60_000;
const BUFFER: usize = 65_536;
const KEY: [u8; 32] = [7; 32];
const SALT: [u8; 12] = [9; 12];

/// What one core could do.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
	/// Bytes of a datagram.
	pub bytes: usize,
	/// Receivers of each packet.
	pub receivers: usize,
	/// Packets for one receiver that go out together.
	pub batch: usize,
	/// Packets sent for each second that the forwarding thread ran.
	pub packets_per_core: f64,
	/// Share of them that the receiving socket saw.
	pub arrived: f64,
}

/// Measures for some seconds. Blocks.
pub(super) fn measure(
	bytes: usize,
	receivers: usize,
	batch: usize,
	time: Duration,
) -> Result<Limit> {
	let bytes = bytes.clamp(HEADER + TAG + 1, 1_400);
	let batch = batch.clamp(1, 32).min((RUN_BYTES / bytes).max(1));
	let ingress = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot open a UDP socket")?;
	let sink = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).context("cannot open a UDP socket")?;
	let (to, sink_port) = (ingress.local_addr()?, sink.local_addr()?.port());
	let stop = Arc::new(AtomicBool::new(false));
	let (taken, seen) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
	let feeder = {
		let (stop, taken, seen) = (Arc::clone(&stop), Arc::clone(&taken), Arc::clone(&seen));
		std::thread::spawn(move || feed(&sink, to, (bytes, batch), &stop, &taken, &seen))
	};
	let forwarder = {
		let (stop, taken) = (Arc::clone(&stop), Arc::clone(&taken));
		std::thread::spawn(move || {
			let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
			runtime.block_on(forward(ingress, sink_port, receivers, &stop, &taken))
		})
	};
	std::thread::sleep(time);
	stop.store(true, Ordering::Relaxed);
	let fed = feeder.join();
	let forwarded = forwarder.join();
	let (sent, nanos) = forwarded.ok().context("the forwarding thread broke")??;
	fed.ok().context("the feeding thread broke")??;
	ensure!(sent > 0 && nanos > 0, "nothing was forwarded");
	Ok(Limit {
		bytes,
		receivers,
		batch,
		packets_per_core: sent as f64 / (nanos as f64 / 1e9),
		arrived: seen.load(Ordering::Relaxed) as f64 / sent as f64,
	})
}

/// Packets sent, and nanoseconds of the thread.
async fn forward(
	socket: UdpSocket,
	sink: u16,
	receivers: usize,
	stop: &AtomicBool,
	taken: &AtomicU64,
) -> Result<(u64, u64)> {
	let state = UdpSocketState::new((&socket).into())?;
	let _ = state.set_recv_buffer_size((&socket).into(), SOCKET_BUFFER);
	let _ = state.set_send_buffer_size((&socket).into(), SOCKET_BUFFER);
	let socket = tokio::net::UdpSocket::from_std(socket)?;
	let mut session = Srtp::new(KEY, SALT);
	let mut sessions: Vec<Srtp> = (0..receivers).map(|_| Srtp::new(KEY, SALT)).collect();
	let mut buffers = vec![vec![0; BUFFER]; BATCH_SIZE];
	let mut metas = vec![RecvMeta::default(); BATCH_SIZE];
	let (mut plain, mut run) = (vec![Vec::new(); 64], Vec::with_capacity(BUFFER));
	let mut sent = 0u64;
	let began = thread_nanos()?;
	while !stop.load(Ordering::Relaxed) {
		if tokio::time::timeout(Duration::from_millis(50), socket.readable()).await.is_err() {
			continue;
		}
		let mut slices: Vec<IoSliceMut> = buffers.iter_mut().map(|b| IoSliceMut::new(b)).collect();
		let recv = || state.recv((&socket).into(), &mut slices, &mut metas);
		let Ok(filled) = socket.try_io(Interest::READABLE, recv) else { continue };
		for (buffer, meta) in buffers.iter().zip(&metas).take(filled) {
			let contents = buffer.get(..meta.len).unwrap_or_default();
			let mut count = 0;
			for (packet, plain) in contents.chunks(meta.stride.max(1)).zip(&mut plain) {
				ensure!(
					session.unprotect(packet, 0, plain),
					"a packet of our own is not authentic"
				);
				count += 1;
			}
			taken.fetch_add(count as u64, Ordering::Relaxed);
			for (receiver, session) in sessions.iter_mut().enumerate() {
				run.clear();
				for packet in plain.iter_mut().take(count) {
					// What is sent to each differs: the source there.
					if let Some(ssrc) = packet.get_mut(8..12) {
						ssrc.copy_from_slice(&(receiver as u32).to_be_bytes());
					}
					session.protect(packet, 0, &mut run);
				}
				let [.., high, low] = receiver.to_be_bytes();
				let transmit = Transmit {
					destination: SocketAddr::new(Ipv4Addr::new(127, 20, high, low).into(), sink),
					ecn: None,
					contents: &run,
					segment_size: (count > 1).then_some(meta.stride),
					src_ip: None,
				};
				if state.try_send((&socket).into(), &transmit).is_ok() {
					sent = sent.saturating_add(count as u64);
				}
			}
		}
	}
	Ok((sent, thread_nanos()?.saturating_sub(began)))
}

/// Sends packets to the forwarder, at most some ahead of it, and takes in what it sends on.
fn feed(
	sink: &UdpSocket,
	to: SocketAddr,
	(bytes, batch): (usize, usize),
	stop: &AtomicBool,
	taken: &AtomicU64,
	seen: &AtomicU64,
) -> Result<()> {
	let state = UdpSocketState::new(sink.into())?;
	let _ = state.set_recv_buffer_size(sink.into(), SOCKET_BUFFER);
	let mut session = Srtp::new(KEY, SALT);
	let mut run = Vec::with_capacity(BUFFER);
	let mut plain = vec![0x80; bytes.saturating_sub(TAG)];
	for sequence in 0..batch as u16 {
		if let Some(field) = plain.get_mut(2..4) {
			field.copy_from_slice(&sequence.to_be_bytes());
		}
		session.protect(&plain, 0, &mut run);
	}
	let mut buffers = vec![vec![0; BUFFER]; BATCH_SIZE];
	let mut metas = vec![RecvMeta::default(); BATCH_SIZE];
	let segment_size = (batch > 1).then_some(bytes);
	let (mut fed, mut moved) = (0u64, (0, Instant::now()));
	while !stop.load(Ordering::Relaxed) {
		let done = taken.load(Ordering::Relaxed);
		if done != moved.0 {
			moved = (done, Instant::now());
		} else if moved.1.elapsed() > Duration::from_millis(200) {
			// What was lost is not waited for.
			fed = done;
			moved = (done, Instant::now());
		}
		let mut idle = true;
		if fed.saturating_sub(done) < IN_FLIGHT {
			let transmit =
				Transmit { destination: to, ecn: None, contents: &run, segment_size, src_ip: None };
			if state.try_send(sink.into(), &transmit).is_ok() {
				fed = fed.saturating_add(batch as u64);
				idle = false;
			}
		}
		let mut slices: Vec<IoSliceMut> = buffers.iter_mut().map(|b| IoSliceMut::new(b)).collect();
		if let Ok(filled) = state.recv(sink.into(), &mut slices, &mut metas) {
			let packets = metas.iter().take(filled).map(|m| m.len.div_ceil(m.stride.max(1)) as u64);
			seen.fetch_add(packets.sum(), Ordering::Relaxed);
			idle = false;
		}
		if idle {
			std::thread::yield_now();
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn limit_is_measured_alone_and_in_batches() {
		for batch in [1, 8] {
			let limit = measure(200, 3, batch, Duration::from_millis(400)).unwrap();
			assert!(limit.packets_per_core > 0.0 && limit.arrived > 0.0, "{limit:?}");
			assert_eq!((limit.bytes, limit.receivers, limit.batch), (200, 3, batch));
		}
	}
}
