//! Who may ask the chain, and when: strangers' keys must not keep verifiers' keys from an answer.
//!
//! Keys of registered nodes, which the follower learns once an era, have a lane of their own, which nobody can enter
//! without such a key. All other keys share one, in which each address has a few places. Who finds no place waits
//! for one, for a bounded time.

use super::ChainError;
use std::{
	collections::{HashMap, HashSet},
	net::IpAddr,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
	time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Questions about nodes' keys at a time.
const NODES: usize = 16;
/// Questions about all other keys at a time.
const OTHERS: usize = 32;
/// Of those, for one address (IPv6: one network of 64 bits).
const PER_ADDRESS: usize = 8;
/// Longest wait for a place.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
pub(super) struct Questions {
	nodes: Arc<Semaphore>,
	others: Arc<Semaphore>,
	addresses: Arc<Mutex<HashMap<IpAddr, Arc<Semaphore>>>>,
	known: Mutex<HashSet<[u8; 32]>>,
}

impl Default for Questions {
	fn default() -> Self {
		Self {
			nodes: Arc::new(Semaphore::new(NODES)),
			others: Arc::new(Semaphore::new(OTHERS)),
			addresses: Arc::default(),
			known: Mutex::default(),
		}
	}
}

/// A place; dropping it frees it.
pub(super) struct Question {
	_address: Option<Address>,
	_place: OwnedSemaphorePermit,
}

/// A place among those of an address, which is forgotten with its last one.
struct Address {
	ip: IpAddr,
	places: Option<Arc<Semaphore>>,
	permit: Option<OwnedSemaphorePermit>,
	all: Arc<Mutex<HashMap<IpAddr, Arc<Semaphore>>>>,
}

impl Drop for Address {
	fn drop(&mut self) {
		let mut all = lock(&self.all);
		drop((self.permit.take(), self.places.take()));
		if all.get(&self.ip).is_some_and(|places| Arc::strong_count(places) == 1) {
			all.remove(&self.ip);
		}
	}
}

impl Questions {
	/// The keys of all registered nodes.
	pub fn set_nodes(&self, keys: HashSet<[u8; 32]>) {
		*lock(&self.known) = keys;
	}

	/// Waits for a place to ask about a key, on behalf of an address if it is not this daemon that asks.
	pub async fn place(
		&self,
		key: &[u8; 32],
		from: Option<IpAddr>,
	) -> Result<Question, ChainError> {
		let node = lock(&self.known).contains(key);
		let place = async {
			// Behind a proxy on this machine all clients have its address.
			let counted = from.filter(|ip| !node && !ip.to_canonical().is_loopback());
			let (address, lane) = match counted {
				Some(ip) => (Some(self.address(ip).await?), &self.others),
				None if node => (None, &self.nodes),
				None => (None, &self.others),
			};
			let place = Arc::clone(lane).acquire_owned().await.ok()?;
			Some(Question { _address: address, _place: place })
		};
		let place = tokio::time::timeout(PATIENCE, place).await;
		place.ok().flatten().ok_or(ChainError::Busy)
	}

	async fn address(&self, ip: IpAddr) -> Option<Address> {
		let ip = network(ip);
		let places = Arc::clone(
			lock(&self.addresses)
				.entry(ip)
				.or_insert_with(|| Arc::new(Semaphore::new(PER_ADDRESS))),
		);
		// Made before waiting: who gives up frees it, too.
		let all = Arc::clone(&self.addresses);
		let mut address = Address { ip, places: Some(Arc::clone(&places)), permit: None, all };
		address.permit = Some(places.acquire_owned().await.ok()?);
		Some(address)
	}
}

/// Who has one address of an IPv6 network has all of them.
fn network(ip: IpAddr) -> IpAddr {
	match ip.to_canonical() {
		IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
		v4 => v4,
	}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn ip(n: u8) -> Option<IpAddr> {
		Some([192, 0, 2, n].into())
	}

	#[tokio::test]
	async fn one_address_takes_its_places_only() {
		let q = Questions::default();
		let mut held = Vec::new();
		for n in 0..PER_ADDRESS {
			held.push(q.place(&[n as u8; 32], ip(1)).await.expect("a place"));
		}
		let before = tokio::time::Instant::now();
		assert!(matches!(q.place(&[99; 32], ip(1)).await, Err(ChainError::Busy)));
		assert!(before.elapsed() >= PATIENCE);
		held.push(q.place(&[99; 32], ip(2)).await.expect("another address"));
		// Who waits gets the place that becomes free.
		held.remove(0);
		held.push(q.place(&[99; 32], ip(1)).await.expect("a place again"));
		drop(held);
		assert!(lock(&q.addresses).is_empty());
		let six = |s: &str| network(s.parse().expect("an address"));
		assert_eq!(six("2001:db8::1"), six("2001:db8::2:0:0:9"));
		assert_ne!(six("2001:db8::1"), six("2001:db8:0:1::1"));
		assert_eq!(six("::ffff:192.0.2.1"), six("192.0.2.1"));
	}

	#[tokio::test]
	async fn nodes_have_places_when_strangers_hold_all_others() {
		let q = Questions::default();
		q.set_nodes([[7; 32]].into());
		let mut held = Vec::new();
		for n in 0..OTHERS {
			held.push(q.place(&[200; 32], ip((n / PER_ADDRESS) as u8)).await.expect("a place"));
		}
		assert!(q.place(&[201; 32], ip(100)).await.is_err());
		let before = tokio::time::Instant::now();
		// Even from an address whose places are all taken.
		assert!(q.place(&[7; 32], ip(0)).await.is_ok());
		assert!(before.elapsed() < PATIENCE / 2);
	}
}
