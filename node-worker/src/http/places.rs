//! Places for connections: so many in all, so many of one client, and whoever keeps the server waiting goes first.
//!
//! A connection *waits* until its request is there in full, and between two requests. When all places are taken, a
//! newcomer gets that of the connection that has waited for longest. So connections that are opened and left, or that
//! send their request drop by drop, cannot keep anybody out; a signalling connection, once it is one, waits no more.
//!
//! Connections count for their peer's address (IPv6: its network of 64 bits). Those of a trusted proxy count for the
//! client that it names, as long as they serve it.

use crate::net::network;
use std::{
	collections::{BTreeMap, HashMap},
	net::IpAddr,
	sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// How many connections one server holds.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
	/// In all.
	pub total: usize,
	/// Of one client.
	pub per_address: usize,
}

/// The places of one server.
pub(super) struct Places {
	limits: ConnectionLimits,
	all: Arc<Mutex<All>>,
}

#[derive(Default)]
struct All {
	/// Places that are taken, and connections so far.
	taken: usize,
	numbers: u64,
	by_address: HashMap<IpAddr, usize>,
	/// Connections that wait, in the order in which they began to, and how they are sent away.
	waiting: BTreeMap<u64, Arc<Notify>>,
}

impl All {
	fn count(&mut self, client: IpAddr, most: usize) -> bool {
		let count = self.by_address.entry(client).or_insert(0);
		let free = *count < most;
		*count = count.saturating_add(usize::from(free));
		free
	}

	fn discount(&mut self, client: IpAddr) {
		match self.by_address.get_mut(&client) {
			Some(count) if *count > 1 => *count -= 1,
			_ => drop(self.by_address.remove(&client)),
		}
	}

	fn wait(&mut self, told: &Arc<Notify>) -> u64 {
		self.numbers = self.numbers.saturating_add(1);
		self.waiting.insert(self.numbers, Arc::clone(told));
		self.numbers
	}

	/// The longest waiting connection gives up its place.
	fn make_place(&mut self) -> bool {
		let Some((_, told)) = self.waiting.pop_first() else { return false };
		told.notify_one();
		self.taken = self.taken.saturating_sub(1);
		true
	}
}

/// Where a connection is.
#[derive(Default)]
struct Where {
	/// Number among those that wait.
	waits: Option<u64>,
	/// Whom it counts for.
	client: Option<IpAddr>,
}

/// A counted connection; dropping it frees its place. Handlers find it as `Extension<Arc<Place>>` and keep it as
/// long as an upgraded connection lives.
pub(super) struct Place {
	limits: ConnectionLimits,
	all: Arc<Mutex<All>>,
	/// The peer is a trusted proxy.
	proxied: bool,
	told: Arc<Notify>,
	now: Mutex<Where>,
}

impl Places {
	pub fn new(limits: ConnectionLimits) -> Self {
		Self { limits, all: Arc::default() }
	}

	/// A place for a connection from this address.
	pub fn take(&self, peer: IpAddr, proxied: bool) -> Option<Place> {
		let client = (!proxied).then(|| network(peer));
		let mut all = lock(&self.all);
		if client.is_some_and(|client| !all.count(client, self.limits.per_address)) {
			return None;
		}
		if all.taken >= self.limits.total && !all.make_place() {
			client.into_iter().for_each(|client| all.discount(client));
			return None;
		}
		all.taken = all.taken.saturating_add(1);
		let told = Arc::<Notify>::default();
		let waits = Some(all.wait(&told));
		drop(all);
		let now = Mutex::new(Where { waits, client });
		Some(Place { limits: self.limits, all: Arc::clone(&self.all), proxied, told, now })
	}
}

impl Place {
	/// A request is there in full. Nothing if the connection has lost its place meanwhile.
	pub fn busy(&self) {
		let (mut all, mut now) = (lock(&self.all), lock(&self.now));
		if let Some(number) = now.waits {
			if all.waiting.remove(&number).is_some() {
				now.waits = None;
			}
		}
	}

	/// The request is answered: the next one is waited for.
	pub fn rest(&self) {
		let (mut all, mut now) = (lock(&self.all), lock(&self.now));
		if now.waits.is_none() {
			now.waits = Some(all.wait(&self.told));
		}
	}

	/// Counts a proxy's connection for the client that it names now; `false` if that one has enough of them.
	pub fn claim(&self, client: IpAddr) -> bool {
		if !self.proxied {
			return true;
		}
		let (mut all, mut now) = (lock(&self.all), lock(&self.now));
		if let Some(before) = now.client.take() {
			all.discount(before);
		}
		let client = network(client);
		let free = all.count(client, self.limits.per_address);
		now.client = free.then_some(client);
		free
	}

	/// The proxy's connection serves nobody now.
	pub fn disclaim(&self) {
		if self.proxied {
			let (mut all, mut now) = (lock(&self.all), lock(&self.now));
			now.client.take().into_iter().for_each(|client| all.discount(client));
		}
	}

	/// Ends when the place is needed for somebody else.
	pub async fn lost(&self) {
		self.told.notified().await;
	}
}

impl Drop for Place {
	fn drop(&mut self) {
		let (mut all, mut now) = (lock(&self.all), lock(&self.now));
		now.client.take().into_iter().for_each(|client| all.discount(client));
		// One that waits and is not among them has lost its place already.
		if now.waits.is_none_or(|number| all.waiting.remove(&number).is_some()) {
			all.taken = all.taken.saturating_sub(1);
		}
	}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn places(total: usize, per_address: usize) -> Places {
		Places::new(ConnectionLimits { total, per_address })
	}

	fn ip(n: u8) -> IpAddr {
		[192, 0, 2, n].into()
	}

	fn was_told(place: &Place) -> bool {
		futures::FutureExt::now_or_never(place.lost()).is_some()
	}

	#[test]
	fn one_client_takes_its_places_only() {
		let places = places(100, 2);
		let held: Vec<_> = (0..2).map(|_| places.take(ip(1), false).expect("a place")).collect();
		assert!(places.take(ip(1), false).is_none());
		assert!(places.take(ip(2), false).is_some());
		let six = |s: &str| s.parse().expect("an address");
		let _network = [six("2001:db8::1"), six("2001:db8::2")].map(|ip| places.take(ip, false));
		assert!(places.take(six("2001:db8::3"), false).is_none());
		drop(held);
		assert!(places.take(ip(1), false).is_some());
	}

	#[test]
	fn whoever_waits_for_longest_makes_place() {
		let places = places(3, 10);
		let [a, b, c] = [1, 2, 3].map(|n| places.take(ip(n), false).expect("a place"));
		a.busy();
		let d = places.take(ip(4), false).expect("the place of b");
		assert_eq!([&a, &b, &c, &d].map(was_told), [false, true, false, false]);
		// A request that comes too late gives nothing back; a place that was lost is freed once.
		b.busy();
		b.rest();
		drop(b);
		a.rest();
		let e = places.take(ip(5), false).expect("the place of c");
		assert_eq!([&a, &c, &d, &e].map(was_told), [false, true, false, false]);
		for place in [&a, &d, &e] {
			place.busy();
		}
		assert!(places.take(ip(6), false).is_none(), "nobody waits");
		assert_eq!(lock(&places.all).by_address.get(&ip(6)), None);
		drop(d);
		assert!(places.take(ip(6), false).is_some());
		drop((a, c, e));
		let all = lock(&places.all);
		assert_eq!((all.taken, all.waiting.len(), all.by_address.len()), (0, 0, 0));
	}

	#[test]
	fn clients_of_a_proxy_are_counted_while_they_are_served() {
		let places = places(100, 2);
		let [a, b, c] = [(); 3].map(|()| places.take(ip(200), true).expect("a place"));
		assert!(a.claim(ip(1)) && b.claim(ip(1)) && !c.claim(ip(1)));
		assert!(c.claim(ip(2)));
		// The same connection for another client.
		assert!(a.claim(ip(2)) && c.claim(ip(1)));
		b.disclaim();
		assert!(b.claim(ip(1)));
		drop((a, b, c));
		assert!(lock(&places.all).by_address.is_empty());
		// Who comes without a proxy counts from the beginning, whatever it says.
		let own = places.take(ip(9), false).expect("a place");
		assert!(own.claim(ip(1)));
		assert_eq!(lock(&places.all).by_address.get(&ip(9)), Some(&1));
	}
}
