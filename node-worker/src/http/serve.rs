//! Accepting connections within bounds: so many in all, so many from one address, and no time for those that
//! send their request drop by drop.

use super::{
	places::{Place, Places},
	tls::Tls,
	ConnectionLimits,
};
use axum::{
	extract::{Request, State},
	http::StatusCode,
	middleware::{self, Next},
	response::Response,
	Router,
};
use hyper::server::conn::http1;
use hyper_util::{
	rt::{TokioIo, TokioTimer},
	service::TowerToHyperService,
};
use ipnet::IpNet;
use std::{
	net::{IpAddr, SocketAddr},
	sync::Arc,
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::{TcpListener, TcpStream},
	sync::watch,
};
use tracing::{debug, warn};

/// Time for the header of a request, and between two requests, if nothing else is said.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a peer to take what was sent to it before the kernel gives the connection up.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a request's header.
const MAX_HEADER: usize = 32 * 1024;

/// How connections are let in.
#[derive(Clone)]
pub struct Door {
	/// How many.
	pub limits: ConnectionLimits,
	/// With TLS.
	pub tls: Option<Arc<Tls>>,
	/// Proxies: all their clients come from one address, and count for the one that is named.
	pub trusted: Arc<[IpNet]>,
	/// Time for a TLS handshake, for the header of a request, and between two requests.
	pub header: Duration,
}

impl Door {
	/// Without TLS and proxies.
	pub fn plain(limits: ConnectionLimits) -> Self {
		Self { limits, tls: None, trusted: Arc::default(), header: HEADER_TIMEOUT }
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
	let places = Places::new(door.limits);
	loop {
		let accepted = tokio::select! {
			accepted = listener.accept() => accepted,
			_ = stop.wait_for(|stop| *stop) => return,
		};
		match accepted {
			Ok((stream, peer)) => match places.take(peer.ip(), is_trusted(&door, peer.ip())) {
				Some(place) => {
					let place = Arc::new(place);
					let (router, door, stop) = (router.clone(), door.clone(), stop.clone());
					tokio::spawn(async move {
						// Not before: it takes longer than accepting does.
						let caller = (peer, Arc::clone(&place));
						let router = router.layer(middleware::from_fn_with_state(caller, attend));
						tokio::select! {
							() = connection(stream, door, peer, router, stop) => {},
							() = place.lost() => debug!(%peer, "connection made place"),
						}
					});
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

/// Says whose a request is. A connection with a request waits for nothing; one that was upgraded never will again.
async fn attend(
	State((peer, place)): State<(SocketAddr, Arc<Place>)>,
	mut request: Request,
	next: Next,
) -> Response {
	place.busy();
	request.extensions_mut().insert(peer);
	request.extensions_mut().insert(Arc::clone(&place));
	let response = next.run(request).await;
	if response.status() != StatusCode::SWITCHING_PROTOCOLS {
		place.rest();
	}
	response
}

async fn connection(
	stream: TcpStream,
	door: Door,
	peer: SocketAddr,
	router: Router,
	stop: watch::Receiver<bool>,
) {
	// Signalling messages are small and must not wait for each other.
	let _ = stream.set_nodelay(true);
	// Who does not read its answers would keep them, and its place, for ever.
	let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD_TIMEOUT));
	let Some(tls) = &door.tls else {
		return requests(stream, peer, router, door.header, stop).await;
	};
	match tokio::time::timeout(door.header, tls.acceptor().accept(stream)).await {
		Ok(Ok(stream)) => requests(stream, peer, router, door.header, stop).await,
		Ok(Err(error)) => debug!(%peer, %error, "TLS"),
		Err(_) => debug!(%peer, "TLS took too long"),
	}
}

async fn requests(
	stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
	peer: SocketAddr,
	router: Router,
	header: Duration,
	mut stop: watch::Receiver<bool>,
) {
	let mut builder = http1::Builder::new();
	builder.timer(TokioTimer::new()).header_read_timeout(header).max_buf_size(MAX_HEADER);
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
