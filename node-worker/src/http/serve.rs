//! Accepting connections within bounds: so many in all, so many from one address, and no time for those that
//! send their request drop by drop.

use super::tls::Tls;
use axum::{extract::Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{
	rt::{TokioIo, TokioTimer},
	service::TowerToHyperService,
};
use ipnet::IpNet;
use std::{
	collections::HashMap,
	net::{IpAddr, SocketAddr},
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::{TcpListener, TcpStream},
	sync::{watch, OwnedSemaphorePermit, Semaphore},
};
use tracing::{debug, warn};

/// Time for the header of a request, and between two requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a request's header.
const MAX_HEADER: usize = 32 * 1024;

/// How many connections one server holds.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
	/// In all.
	pub total: usize,
	/// From one address.
	pub per_address: usize,
}

/// How connections are let in.
#[derive(Clone)]
pub struct Door {
	/// How many.
	pub limits: ConnectionLimits,
	/// With TLS.
	pub tls: Option<Arc<Tls>>,
	/// Proxies: all their clients come from one address, so that the bound for one address is not for them.
	pub trusted: Arc<[IpNet]>,
}

impl Door {
	/// Without TLS and proxies.
	pub fn plain(limits: ConnectionLimits) -> Self {
		Self { limits, tls: None, trusted: Arc::default() }
	}
}

/// A counted connection; dropping it frees its place. Handlers find it as `Extension<Arc<Place>>` and keep it as
/// long as an upgraded connection lives.
pub(super) struct Place {
	ip: IpAddr,
	by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
	_permit: OwnedSemaphorePermit,
}

impl Drop for Place {
	fn drop(&mut self) {
		let mut counts = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
		match counts.get_mut(&self.ip) {
			Some(count) if *count > 1 => *count -= 1,
			_ => drop(counts.remove(&self.ip)),
		}
	}
}

struct Places {
	limits: ConnectionLimits,
	total: Arc<Semaphore>,
	by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Places {
	fn take(&self, ip: IpAddr, trusted: bool) -> Option<Place> {
		let permit = Arc::clone(&self.total).try_acquire_owned().ok()?;
		let mut counts = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
		let count = counts.entry(ip).or_insert(0);
		if *count >= self.limits.per_address && !trusted {
			return None;
		}
		*count += 1;
		drop(counts);
		Some(Place { ip, by_address: Arc::clone(&self.by_address), _permit: permit })
	}
}

/// Serves `router` until `stop` becomes true. Handlers find the peer's address in `Extension<SocketAddr>`.
/// A connection that was upgraded to a WebSocket ends with its own task.
pub async fn serve(
	listener: TcpListener,
	router: Router,
	door: Door,
	mut stop: watch::Receiver<bool>,
) {
	let limits = door.limits;
	let places = Places {
		limits,
		total: Arc::new(Semaphore::new(limits.total)),
		by_address: Arc::default(),
	};
	loop {
		let accepted = tokio::select! {
			accepted = listener.accept() => accepted,
			_ = stop.wait_for(|stop| *stop) => return,
		};
		match accepted {
			Ok((stream, peer)) => match places.take(peer.ip(), is_trusted(&door, peer.ip())) {
				Some(place) => {
					let router =
						router.clone().layer(Extension(peer)).layer(Extension(Arc::new(place)));
					tokio::spawn(connection(stream, door.tls.clone(), peer, router, stop.clone()));
				}
				None => debug!(%peer, "connection refused: limit reached"),
			},
			Err(error) => {
				// Out of file descriptors, mostly: others have to end first.
				warn!(%error, "cannot accept connections");
				tokio::time::sleep(Duration::from_millis(100)).await;
			}
		}
	}
}

fn is_trusted(door: &Door, ip: IpAddr) -> bool {
	door.trusted.iter().any(|net| net.contains(&ip.to_canonical()))
}

async fn connection(
	stream: TcpStream,
	tls: Option<Arc<Tls>>,
	peer: SocketAddr,
	router: Router,
	stop: watch::Receiver<bool>,
) {
	// Signalling messages are small and must not wait for each other.
	let _ = stream.set_nodelay(true);
	let Some(tls) = tls else { return requests(stream, peer, router, stop).await };
	match tokio::time::timeout(HEADER_TIMEOUT, tls.acceptor().accept(stream)).await {
		Ok(Ok(stream)) => requests(stream, peer, router, stop).await,
		Ok(Err(error)) => debug!(%peer, %error, "TLS"),
		Err(_) => debug!(%peer, "TLS took too long"),
	}
}

async fn requests(
	stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
	peer: SocketAddr,
	router: Router,
	mut stop: watch::Receiver<bool>,
) {
	let mut builder = http1::Builder::new();
	builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEADER);
	let service = TowerToHyperService::new(router);
	let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
	tokio::pin!(connection);
	let mut ended = tokio::select! {
		ended = connection.as_mut() => Some(ended),
		_ = stop.wait_for(|stop| *stop) => None,
	};
	if ended.is_none() {
		connection.as_mut().graceful_shutdown();
		ended = Some(connection.await);
	}
	if let Some(Err(error)) = ended {
		debug!(%peer, %error, "connection");
	}
}
