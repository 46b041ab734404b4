//! The WebSocket of a participant.

use futures::{SinkExt, StreamExt};
use livekit_protocol as proto;
use prost::Message as _;
use proto::{signal_request::Message as Request, signal_response::Message as Response};
use std::{
	collections::VecDeque,
	future::poll_fn,
	io,
	net::IpAddr,
	task::{ready, Context, Poll},
};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_tungstenite::{
	tungstenite::{self, protocol::WebSocketConfig, Message},
	MaybeTlsStream, WebSocketStream,
};

/// Longest message that a node may send.
const MAX_MESSAGE: usize = 1024 * 1024;
/// Version of LiveKit's protocol that is spoken.
const PROTOCOL: u32 = 9;

/// Why signalling failed.
#[derive(Debug, Error)]
pub enum SignalError {
	/// Connecting or joining took too long.
	#[error("timed out")]
	Timeout,
	/// The connection was closed.
	#[error("connection closed")]
	Closed,
	/// The node refused the connection.
	#[error("refused with status {0}")]
	Refused(u16),
	/// The connection could not be made, or broke.
	#[error("connection: {0}")]
	Connection(String),
	/// The node said something else than it should.
	#[error("unexpected answer: {0}")]
	Unexpected(&'static str),
	/// No socket of our own could be had.
	#[error("socket: {0}")]
	Socket(#[from] io::Error),
}

impl SignalError {
	/// The fault is on our side: it says nothing about the node.
	pub fn is_local(&self) -> bool {
		matches!(self, Self::Socket(_))
	}
}

impl From<tungstenite::Error> for SignalError {
	fn from(error: tungstenite::Error) -> Self {
		match error {
			tungstenite::Error::Http(response) => Self::Refused(response.status().as_u16()),
			tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
				Self::Closed
			}
			tungstenite::Error::Io(error) if is_exhaustion(&error) => Self::Socket(error),
			other => Self::Connection(other.to_string()),
		}
	}
}

/// This machine has no file descriptors or memory left. Other errors, an address without a route among them, are what
/// a node could bring about by what it registered.
fn is_exhaustion(error: &io::Error) -> bool {
	// ENFILE and EMFILE.
	error.kind() == io::ErrorKind::OutOfMemory || matches!(error.raw_os_error(), Some(23 | 24))
}

/// Messages that wait for a node that does not read; one that makes us answer more of them is not worth the memory.
const MAX_QUEUE: usize = 64;

/// Messages are queued and written while receiving, so that whoever waits for messages may be cancelled without
/// one being lost.
pub(crate) struct Signalling {
	stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
	queue: VecDeque<Message>,
	unflushed: bool,
}

impl Signalling {
	/// Connects; also gives the local address of the connection.
	pub async fn connect(
		url: &str,
		token: &str,
		auto_subscribe: bool,
	) -> Result<(Self, IpAddr), SignalError> {
		Self::open(url, token, auto_subscribe, "").await
	}

	/// Connects for a participant who is there already; what the node says first.
	pub async fn resume(
		url: &str,
		token: &str,
		auto_subscribe: bool,
		sid: &str,
	) -> Result<(Self, Response), SignalError> {
		let more = format!("&reconnect=1&sid={sid}");
		let (mut signalling, _) = Self::open(url, token, auto_subscribe, &more).await?;
		let first = signalling.receive().await?;
		Ok((signalling, first))
	}

	async fn open(
		url: &str,
		token: &str,
		auto_subscribe: bool,
		more: &str,
	) -> Result<(Self, IpAddr), SignalError> {
		let url = url.trim_end_matches('/');
		let auto = u8::from(auto_subscribe);
		let version = env!("CARGO_PKG_VERSION");
		// A token is base64url and dots: nothing in it needs escaping.
		let url = format!(
			"{url}/rtc?access_token={token}&auto_subscribe={auto}&sdk=rust&version={version}&protocol={PROTOCOL}{more}"
		);
		let config = WebSocketConfig::default()
			.max_message_size(Some(MAX_MESSAGE))
			.max_frame_size(Some(MAX_MESSAGE));
		let (stream, _) =
			tokio_tungstenite::connect_async_with_config(url, Some(config), true).await?;
		let MaybeTlsStream::Plain(tcp) = stream.get_ref() else {
			return Err(SignalError::Unexpected("TLS"));
		};
		let local = tcp.local_addr()?.ip();
		Ok((Self { stream, queue: VecDeque::new(), unflushed: false }, local))
	}

	/// The join response, which comes first.
	pub async fn joined(&mut self) -> Result<proto::JoinResponse, SignalError> {
		match self.receive().await? {
			Response::Join(join) if join.participant.is_some() => Ok(join),
			Response::Leave(_) => Err(SignalError::Unexpected("asked to leave")),
			_ => Err(SignalError::Unexpected("first message is no join")),
		}
	}

	/// The next message that is known, while queued ones are written. Loses nothing when cancelled.
	pub async fn receive(&mut self) -> Result<Response, SignalError> {
		loop {
			let frame = poll_fn(|cx| {
				if let Poll::Ready(Err(error)) = self.poll_write(cx) {
					return Poll::Ready(Err(error));
				}
				if self.queue.len() > MAX_QUEUE {
					return Poll::Ready(Err(SignalError::Unexpected("asks without listening")));
				}
				self.stream.poll_next_unpin(cx).map(|f| f.ok_or(SignalError::Closed))
			});
			match frame.await?? {
				Message::Binary(bytes) => {
					let response = proto::SignalResponse::decode(bytes.as_ref());
					if let Some(message) = response.ok().and_then(|r| r.message) {
						return Ok(message);
					}
				}
				Message::Close(_) => return Err(SignalError::Closed),
				_ => {}
			}
		}
	}

	/// Queues a message.
	pub fn queue(&mut self, message: Request) {
		let request = proto::SignalRequest { message: Some(message) };
		self.queue.push_back(Message::Binary(request.encode_to_vec().into()));
	}

	/// Writes what is queued.
	pub async fn flush(&mut self) -> Result<(), SignalError> {
		poll_fn(|cx| self.poll_write(cx)).await
	}

	/// Closes the connection.
	pub async fn close(&mut self) {
		let _ = self.stream.close(None).await;
	}

	fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SignalError>> {
		while !self.queue.is_empty() {
			ready!(self.stream.poll_ready_unpin(cx))?;
			if let Some(message) = self.queue.pop_front() {
				self.stream.start_send_unpin(message)?;
				self.unflushed = true;
			}
		}
		if self.unflushed {
			ready!(self.stream.poll_flush_unpin(cx))?;
			self.unflushed = false;
		}
		Poll::Ready(Ok(()))
	}
}
