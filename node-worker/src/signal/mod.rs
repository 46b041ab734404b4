//! One signalling connection: LiveKit's protocol over a WebSocket, in protobuf or JSON.
//!
//! The connection decodes, bounds and hands on; what messages mean is the engine's business. Messages that do not
//! decode or that are not known are ignored, as newer clients expect; a frame above the size limit, a flood or
//! silence ends the connection.

pub(crate) mod codec;
pub mod join_request;
#[cfg(test)]
mod tests;

use self::codec::Format;
use crate::{
	engine::{EngineHandle, Entry, JoinError, JoinOptions, Joined},
	metrics::Metrics,
	token::Access,
};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures::{
	stream::{SplitSink, SplitStream},
	SinkExt, StreamExt,
};
use livekit_protocol as proto;
use proto::{leave_request::Action, signal_request, signal_response, DisconnectReason};
use std::time::{Duration, Instant};
use tracing::debug;

/// Time for one message to be written.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for the client to close after us.
const LINGER: Duration = Duration::from_secs(2);
/// Oldest version of LiveKit's protocol that is spoken; what is assumed of clients that do not say.
pub const OLDEST_PROTOCOL: u32 = 9;
/// Seconds of the permitted rate that may come at once.
const BURST_SECONDS: u32 = 10;

/// Bounds of one connection.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
	/// Bytes of a message.
	pub message_bytes: usize,
	/// Messages per second on average.
	pub messages_per_second: u32,
	/// Silence after which the connection is closed.
	pub idle: Duration,
	/// Time after which it is closed whatever it does, if there is one.
	pub lifetime: Option<Duration>,
}

/// How a client arrives.
#[derive(Debug)]
pub struct Arrival {
	/// What it wants.
	pub options: JoinOptions,
	/// Join or resume.
	pub entry: Entry,
	/// What it says at once.
	pub first: Vec<signal_request::Message>,
}

/// Runs a connection from join to end.
pub async fn run(
	socket: WebSocket,
	engine: &EngineHandle,
	access: Access,
	arrival: Arrival,
	limits: Limits,
	metrics: &Metrics,
) {
	let joined = match engine.join(access, arrival.options, arrival.entry).await {
		Ok(joined) => joined,
		Err(error) => return refuse(socket, &error).await,
	};
	let (id, connection) = (joined.id, joined.connection);
	metrics.signal_connected();
	for message in arrival.first {
		// A stopped engine ends the outbox.
		let _ = engine.request(id, message).await;
	}
	let end = pump(socket, engine, joined, limits, metrics).await;
	metrics.signal_closed();
	engine.closed(id, connection, end == End::Broken).await;
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
	/// By the network, or by the client without a word: it may come back.
	Broken,
	/// We ended it, for good.
	Finished,
}

async fn refuse(mut socket: WebSocket, error: &JoinError) {
	debug!(%error, "join refused");
	// Who cannot resume shall join anew, which it does at once.
	let leave = match error {
		JoinError::Gone => leave(DisconnectReason::StateMismatch, true),
		JoinError::Draining => leave(DisconnectReason::ServerShutdown, true),
		_ => leave(DisconnectReason::JoinFailure, false),
	};
	let frame = codec::encode(&leave, Format::Binary);
	let _ = tokio::time::timeout(WRITE_TIMEOUT, socket.send(frame)).await;
	close(socket, &error.to_string()).await;
}

/// Moves messages in both directions until one side ends.
async fn pump(
	socket: WebSocket,
	engine: &EngineHandle,
	joined: Joined,
	limits: Limits,
	metrics: &Metrics,
) -> End {
	let Joined { id, mut outbox, .. } = joined;
	let (mut sink, mut stream) = socket.split();
	let mut format = Format::Binary;
	let mut bucket = Bucket::new(limits.messages_per_second);
	let mut last = Instant::now();
	let ends_at = limits.lifetime.and_then(|lifetime| last.checked_add(lifetime));
	loop {
		let idle_at = last.checked_add(limits.idle).unwrap_or(last);
		tokio::select! {
			message = outbox.recv() => match message {
				None => {
					finish(sink, stream).await;
					return End::Finished;
				},
				Some(message) => {
					metrics.signal_sent();
					if !write(&mut sink, codec::encode(&message, format)).await {
						return End::Broken;
					}
				},
			},
			frame = stream.next() => {
				let frame = match frame {
					None => return End::Broken,
					Some(Err(error)) => {
						debug!(%error, "signalling connection");
						return End::Broken;
					},
					Some(Ok(frame)) => frame,
				};
				last = Instant::now();
				if !bucket.take(last) {
					debug!("signalling flood");
					finish(sink, stream).await;
					return End::Finished;
				}
				if matches!(frame, Message::Close(_)) {
					return End::Broken;
				}
				let Some((message, seen)) = codec::decode(&frame) else { continue };
				metrics.signal_received();
				format = seen;
				if engine.request(id, message).await.is_err() {
					return End::Finished;
				}
			},
			() = tokio::time::sleep_until(ends_at.unwrap_or(idle_at).into()), if ends_at.is_some() => {
				debug!("signalling connection has had its time");
				finish(sink, stream).await;
				return End::Finished;
			},
			() = tokio::time::sleep_until(idle_at.into()) => {
				debug!("signalling connection was silent");
				finish(sink, stream).await;
				return End::Broken;
			},
		}
	}
}

async fn write(sink: &mut SplitSink<WebSocket, Message>, frame: Message) -> bool {
	matches!(tokio::time::timeout(WRITE_TIMEOUT, sink.send(frame)).await, Ok(Ok(())))
}

/// Closes from our side, so that what was sent is read before the connection goes.
async fn finish(mut sink: SplitSink<WebSocket, Message>, mut stream: SplitStream<WebSocket>) {
	if write(&mut sink, Message::Close(None)).await {
		let drained = async { while let Some(Ok(_)) = stream.next().await {} };
		let _ = tokio::time::timeout(LINGER, drained).await;
	}
}

async fn close(mut socket: WebSocket, reason: &str) {
	// A close frame carries at most 123 bytes of reason (RFC 6455 §5.5).
	let reason: String = reason.chars().filter(char::is_ascii).take(120).collect();
	let frame = CloseFrame { code: 1000, reason: reason.into() };
	let _ = tokio::time::timeout(WRITE_TIMEOUT, socket.send(Message::Close(Some(frame)))).await;
	let drained = async { while let Some(Ok(_)) = socket.recv().await {} };
	let _ = tokio::time::timeout(LINGER, drained).await;
}

fn leave(reason: DisconnectReason, can_reconnect: bool) -> proto::SignalResponse {
	let action = if can_reconnect { Action::Reconnect } else { Action::Disconnect };
	let leave = proto::LeaveRequest {
		can_reconnect,
		reason: reason.into(),
		action: action.into(),
		..Default::default()
	};
	proto::SignalResponse { message: Some(signal_response::Message::Leave(leave)) }
}

/// A token bucket: so many messages per second on average, ten seconds' worth at once.
struct Bucket {
	rate: f64,
	full: f64,
	level: f64,
	at: Instant,
}

impl Bucket {
	fn new(per_second: u32) -> Self {
		let full = f64::from(per_second.saturating_mul(BURST_SECONDS));
		Self { rate: per_second.into(), full, level: full, at: Instant::now() }
	}

	fn take(&mut self, now: Instant) -> bool {
		let passed = now.saturating_duration_since(self.at).as_secs_f64();
		self.level = (self.level + passed * self.rate).min(self.full);
		self.at = now;
		if self.level < 1.0 {
			return false;
		}
		self.level -= 1.0;
		true
	}
}
