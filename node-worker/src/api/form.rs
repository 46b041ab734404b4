//! Forms of a Twirp message: protobuf, binary or as JSON.

use prost::Message;
use serde::{de::DeserializeOwned, Serialize};

/// Form of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
	Json,
	Protobuf,
}

impl Form {
	/// That of a `Content-Type`.
	pub fn named(content_type: &str) -> Option<Self> {
		let kind = content_type.split(';').next().unwrap_or_default().trim();
		match kind.to_ascii_lowercase().as_str() {
			"application/json" => Some(Self::Json),
			"application/protobuf" => Some(Self::Protobuf),
			_ => None,
		}
	}

	/// Its `Content-Type`.
	pub fn content_type(self) -> &'static str {
		match self {
			Self::Json => "application/json",
			Self::Protobuf => "application/protobuf",
		}
	}

	/// The message of a body, or what is wrong with it.
	pub fn decode<M: Message + Default + DeserializeOwned>(self, body: &[u8]) -> Result<M, String> {
		match self {
			Self::Json => serde_json::from_slice(body)
				.map_err(|e| format!("the json request could not be decoded: {e}")),
			Self::Protobuf => M::decode(body)
				.map_err(|e| format!("the protobuf request could not be decoded: {e}")),
		}
	}

	/// A message as a body.
	pub fn encode<M: Message + Serialize>(self, message: &M) -> Result<Vec<u8>, String> {
		match self {
			Self::Json => serde_json::to_vec(message).map_err(|e| e.to_string()),
			Self::Protobuf => Ok(message.encode_to_vec()),
		}
	}
}
