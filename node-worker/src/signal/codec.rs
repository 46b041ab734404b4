//! Frames: binary ones are protobuf, text ones its JSON form. Clients are answered in the form they speak.

use axum::extract::ws::Message;
use livekit_protocol as proto;
use prost::Message as _;
use proto::signal_request;

/// Form of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
	/// Protobuf in binary frames.
	Binary,
	/// JSON in text frames.
	Json,
}

/// The message of a frame; nothing if it holds none that is known.
pub(crate) fn decode(frame: &Message) -> Option<(signal_request::Message, Format)> {
	let (request, format) = match frame {
		Message::Binary(bytes) => {
			(proto::SignalRequest::decode(bytes.as_ref()).ok()?, Format::Binary)
		}
		Message::Text(text) => {
			(serde_json::from_str::<proto::SignalRequest>(text).ok()?, Format::Json)
		}
		Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return None,
	};
	Some((request.message?, format))
}

/// A message as a frame.
pub(crate) fn encode(message: &proto::SignalResponse, format: Format) -> Message {
	match format {
		Format::Json => match serde_json::to_string(message) {
			Ok(text) => Message::Text(text.into()),
			Err(_) => Message::Binary(message.encode_to_vec().into()),
		},
		Format::Binary => Message::Binary(message.encode_to_vec().into()),
	}
}
