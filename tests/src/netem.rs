//! A bad path in user space: a UDP relay that loses and delays datagrams.
//!
//! Every client address gets a socket of its own towards the target, as a NAT would give it, so that the
//! target tells clients apart. What happens to the n-th datagram of a direction depends on the seed
//! and on n alone. Delays are independent: datagrams overtake each other, as on a real path with jitter.

use anyhow::{ensure, Context, Result};
use std::{
	collections::HashMap,
	net::{Ipv4Addr, SocketAddr},
	sync::{
		atomic::{AtomicU64, Ordering},
		Arc,
	},
	time::Duration,
};
use tokio::{net::UdpSocket, sync::Semaphore, task::JoinSet, time::timeout};

/// Client addresses at a time.
const MAX_CLIENTS: usize = 1024;
/// Datagrams under way at a time; what comes beyond is lost, as in a full router.
const MAX_IN_FLIGHT: usize = 16_384;
/// A client's socket is closed after this silence from the target.
const IDLE: Duration = Duration::from_secs(120);
const MAX_DATAGRAM: usize = 65_536;

/// What a path does to datagrams, the same in both directions.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Impairment {
	/// The share that is lost, `0.0..=1.0`.
	pub loss: f64,
	/// Mean delay one way.
	pub delay: Duration,
	/// Each delay is uniform in `delay ± jitter`; never more than `delay`.
	pub jitter: Duration,
	/// Where the randomness comes from.
	pub seed: u64,
}

impl Impairment {
	/// 8 % loss and 40 ± 40 ms, each way.
	pub const BAD: Self = Self {
		loss: 0.08,
		delay: Duration::from_millis(40),
		jitter: Duration::from_millis(40),
		seed: 0x64_74_65_6c,
	};

	/// A path that does nothing to datagrams.
	pub const NONE: Self =
		Self { loss: 0.0, delay: Duration::ZERO, jitter: Duration::ZERO, seed: 0 };
}

/// The fates of the datagrams of one direction, in order.
pub struct Fates {
	impairment: Impairment,
	state: u64,
}

impl Fates {
	/// The fates of a direction; the two directions of a path differ.
	pub fn new(impairment: Impairment, backward: bool) -> Self {
		let state = impairment.seed ^ if backward { 0x9e37_79b9_7f4a_7c15 } else { 0 };
		Self { impairment, state }
	}

	/// Uniform in `0.0..1.0` (SplitMix64, Steele, Lea and Flood 2014).
	fn uniform(&mut self) -> f64 {
		self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut z = self.state;
		z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
	}
}

impl Iterator for Fates {
	type Item = Option<Duration>;

	/// Nothing for a datagram that is lost, else its delay. The sequence does not end.
	fn next(&mut self) -> Option<Self::Item> {
		let (lost, place) = (self.uniform() < self.impairment.loss, self.uniform());
		let jitter = self.impairment.jitter.min(self.impairment.delay);
		let delay = self.impairment.delay - jitter + (jitter * 2).mul_f64(place);
		Some((!lost).then_some(delay))
	}
}

/// What a relay has done so far, both directions together.
#[derive(Debug, Default)]
pub struct Counters {
	seen: AtomicU64,
	lost: AtomicU64,
}

impl Counters {
	/// Datagrams that came in.
	pub fn seen(&self) -> u64 {
		self.seen.load(Ordering::Relaxed)
	}

	/// Datagrams that were lost on purpose, or because too many were under way.
	pub fn lost(&self) -> u64 {
		self.lost.load(Ordering::Relaxed)
	}
}

/// A running relay. It ends when this is dropped.
pub struct Relay {
	address: SocketAddr,
	counters: Arc<Counters>,
	_tasks: JoinSet<()>,
}

impl Relay {
	/// Relays between whoever sends to `listen` and `target`.
	pub async fn start(
		listen: SocketAddr,
		target: SocketAddr,
		impairment: Impairment,
	) -> Result<Self> {
		ensure!((0.0..=1.0).contains(&impairment.loss), "a share is between 0 and 1");
		let socket =
			UdpSocket::bind(listen).await.with_context(|| format!("cannot bind {listen}"))?;
		let address = socket.local_addr()?;
		let counters = Arc::new(Counters::default());
		let mut tasks = JoinSet::new();
		let path = Path {
			socket: Arc::new(socket),
			in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
			counters: counters.clone(),
		};
		tasks.spawn(forward(path, target, impairment));
		Ok(Self { address, counters, _tasks: tasks })
	}

	/// Where clients send to.
	pub fn address(&self) -> SocketAddr {
		self.address
	}

	/// What happened so far.
	pub fn counters(&self) -> &Counters {
		&self.counters
	}
}

#[derive(Clone)]
struct Path {
	socket: Arc<UdpSocket>,
	in_flight: Arc<Semaphore>,
	counters: Arc<Counters>,
}

impl Path {
	/// Sends a datagram when its time has come, or never.
	fn deliver(
		&self,
		fate: Option<Duration>,
		datagram: Vec<u8>,
		from: Arc<UdpSocket>,
		to: SocketAddr,
	) {
		self.counters.seen.fetch_add(1, Ordering::Relaxed);
		let permit = self.in_flight.clone().try_acquire_owned().ok();
		let (Some(delay), Some(permit)) = (fate, permit) else {
			self.counters.lost.fetch_add(1, Ordering::Relaxed);
			return;
		};
		tokio::spawn(async move {
			if !delay.is_zero() {
				tokio::time::sleep(delay).await;
			}
			// A datagram that the system refuses is lost, as on any path.
			let _ = from.send_to(&datagram, to).await;
			drop(permit);
		});
	}
}

/// Clients to target; opens a way back for each client.
async fn forward(path: Path, target: SocketAddr, impairment: Impairment) {
	let mut fates = Fates::new(impairment, false);
	let back_fates = Arc::new(tokio::sync::Mutex::new(Fates::new(impairment, true)));
	let mut clients: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
	let mut backs: JoinSet<SocketAddr> = JoinSet::new();
	let mut buffer = vec![0; MAX_DATAGRAM];
	loop {
		let (length, client) = tokio::select! {
			received = path.socket.recv_from(&mut buffer) => match received {
				Ok(received) => received,
				// An ICMP error of an earlier datagram; the socket itself is fine.
				Err(_) => continue,
			},
			Some(ended) = backs.join_next() => {
				if let Ok(client) = ended {
					clients.remove(&client);
				}
				continue;
			},
		};
		let upstream = match clients.get(&client) {
			Some(socket) => socket.clone(),
			None if clients.len() >= MAX_CLIENTS => continue,
			None => {
				let Ok(socket) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await else { continue };
				let socket = Arc::new(socket);
				clients.insert(client, socket.clone());
				backs.spawn(backward(
					path.clone(),
					socket.clone(),
					client,
					target,
					back_fates.clone(),
				));
				socket
			}
		};
		let Some(fate) = fates.next() else { return };
		path.deliver(fate, buffer.get(..length).unwrap_or_default().to_vec(), upstream, target);
	}
}

/// Target to one client, until the target has been silent for long.
async fn backward(
	path: Path,
	upstream: Arc<UdpSocket>,
	client: SocketAddr,
	target: SocketAddr,
	fates: Arc<tokio::sync::Mutex<Fates>>,
) -> SocketAddr {
	let mut buffer = vec![0; MAX_DATAGRAM];
	while let Ok(received) = timeout(IDLE, upstream.recv_from(&mut buffer)).await {
		let Ok((length, from)) = received else { continue };
		if from != target {
			continue;
		}
		let Some(fate) = fates.lock().await.next() else { break };
		let datagram = buffer.get(..length).unwrap_or_default().to_vec();
		path.deliver(fate, datagram, path.socket.clone(), client);
	}
	client
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;
	use tokio::time::Instant;

	#[test]
	fn fates_have_the_wanted_statistics() {
		let fates: Vec<_> = Fates::new(Impairment::BAD, false).take(100_000).collect();
		let lost = fates.iter().filter(|fate| fate.is_none()).count();
		assert!((7_700..8_300).contains(&lost), "{lost} of 100,000 at 8 %");
		let delays: Vec<f64> = fates.into_iter().flatten().map(|d| d.as_secs_f64() * 1e3).collect();
		let mean = delays.iter().sum::<f64>() / delays.len() as f64;
		assert!((39.0..41.0).contains(&mean), "mean {mean} ms");
		assert!(delays.iter().all(|d| (0.0..=80.0).contains(d)));
		let turning =
			delays.windows(2).map(|w| (w[0] - w[1]).abs()).sum::<f64>() / delays.len() as f64;
		assert!(
			(26.0..27.4).contains(&turning),
			"mean difference of uniforms is 80/3, not {turning}"
		);
	}

	#[test]
	fn fates_depend_on_seed_and_direction_alone() {
		let take =
			|impairment, backward| Fates::new(impairment, backward).take(100).collect::<Vec<_>>();
		assert_eq!(take(Impairment::BAD, false), take(Impairment::BAD, false));
		assert_ne!(take(Impairment::BAD, false), take(Impairment::BAD, true));
		assert_ne!(
			take(Impairment::BAD, false),
			take(Impairment { seed: 1, ..Impairment::BAD }, false)
		);
	}

	/// Two clients at an echo server behind the relay: each gets back its own, and exactly what the seed says.
	#[tokio::test]
	async fn a_relay_loses_what_the_seed_says_and_keeps_clients_apart() {
		const SENT: u32 = 400;
		let echo = UdpSocket::bind("127.0.0.1:0").await.unwrap();
		let target = echo.local_addr().unwrap();
		tokio::spawn(async move {
			let mut buffer = [0; 64];
			while let Ok((length, from)) = echo.recv_from(&mut buffer).await {
				let _ = echo.send_to(&buffer[..length], from).await;
			}
		});
		let impairment = Impairment {
			loss: 0.08,
			delay: Duration::from_millis(3),
			jitter: Duration::from_millis(2),
			seed: 7,
		};
		let relay = Relay::start("127.0.0.1:0".parse().unwrap(), target, impairment).await.unwrap();
		let mut forward = Fates::new(impairment, false);
		let mut survivors = 0;
		for client in 0..2u32 {
			let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
			socket.connect(relay.address()).await.unwrap();
			let mut expected = BTreeSet::new();
			let mut seen = BTreeSet::new();
			let mut buffer = [0; 64];
			for n in 0..SENT {
				let began = Instant::now();
				socket.send(&(client << 16 | n).to_be_bytes()).await.unwrap();
				if forward.next().unwrap().is_some() {
					expected.insert(client << 16 | n);
					survivors += 1;
				}
				if n % 20 == 19 {
					// Let this batch come back before the next: no socket buffer ever overflows.
					while timeout(Duration::from_millis(40), socket.recv(&mut buffer)).await.is_ok()
					{
						seen.insert(u32::from_be_bytes(buffer[..4].try_into().unwrap()));
					}
					assert!(began.elapsed() < Duration::from_secs(5));
				}
			}
			assert!(
				seen.is_subset(&expected),
				"nothing foreign, nothing that was lost on the way there"
			);
			let back = expected.len() - seen.len();
			assert!((10..=60).contains(&back), "{back} of {} lost on the way back", expected.len());
		}
		assert_eq!(relay.counters().seen(), u64::from(2 * SENT) + survivors);
	}

	#[tokio::test]
	async fn a_share_above_one_is_refused() {
		let bad = Impairment { loss: 1.1, ..Impairment::NONE };
		let any = "127.0.0.1:0".parse().unwrap();
		assert!(Relay::start(any, any, bad).await.is_err());
	}
}
