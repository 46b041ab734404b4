//! Targets of the daemon. Its replay test includes this file, too: see `node-worker/src/corpora.rs`.

use super::{codec, form::Form, token};
use axum::extract::ws::Message;
use base64::{engine::general_purpose::URL_SAFE_NO_PAD as B64, Engine};
use ed25519_dalek::{Signer, SigningKey};
use livekit_protocol as proto;
use serde::{de::DeserializeOwned, Serialize};
use token::{DevKeys, Issuer, SignedToken, TokenError};

/// A name, and what is done with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Targets by name.
pub const TARGETS: &[Target] = &[
	("signal_protobuf", signal_protobuf),
	("signal_json", signal_json),
	("twirp", twirp),
	("jwt", jwt),
];

/// A binary frame of signalling.
pub fn signal_protobuf(data: &[u8]) {
	let frame = Message::Binary(data.to_vec().into());
	let Some((message, _)) = codec::decode(&frame) else { return };
	let request = proto::SignalRequest { message: Some(message) };
	// What was understood can be said again, and means the same.
	use prost::Message as _;
	let bytes = request.encode_to_vec();
	let again = proto::SignalRequest::decode(bytes.as_slice()).expect("its own words");
	assert_eq!(again.encode_to_vec(), bytes);
	// Numbers of enumerations that nobody knows have no name in JSON: an error, not an end.
	let _ = serde_json::to_string(&request);
}

/// A text frame.
pub fn signal_json(data: &[u8]) {
	let text = String::from_utf8_lossy(data).into_owned();
	let Some((message, _)) = codec::decode(&Message::Text(text.into())) else { return };
	let request = proto::SignalRequest { message: Some(message) };
	use prost::Message as _;
	let bytes = request.encode_to_vec();
	assert!(proto::SignalRequest::decode(bytes.as_slice()).is_ok());
	let _ = serde_json::to_string(&request);
}

/// A body of the server API: the first byte says of which method and in which form.
pub fn twirp(data: &[u8]) {
	let Some((which, body)) = data.split_first() else { return };
	let form = if which & 0x80 == 0 { Form::Json } else { Form::Protobuf };
	match which % 11 {
		0 => body_of::<proto::CreateRoomRequest>(form, body),
		1 => body_of::<proto::ListRoomsRequest>(form, body),
		2 => body_of::<proto::DeleteRoomRequest>(form, body),
		3 => body_of::<proto::ListParticipantsRequest>(form, body),
		4 => body_of::<proto::RoomParticipantIdentity>(form, body),
		5 => body_of::<proto::MuteRoomTrackRequest>(form, body),
		6 => body_of::<proto::UpdateParticipantRequest>(form, body),
		7 => body_of::<proto::UpdateSubscriptionsRequest>(form, body),
		8 => body_of::<proto::SendDataRequest>(form, body),
		9 => body_of::<proto::UpdateRoomMetadataRequest>(form, body),
		_ => {
			let kind = String::from_utf8_lossy(body);
			assert!(Form::named(&kind).is_none() || kind.to_ascii_lowercase().contains('/'));
		}
	}
}

fn body_of<M: prost::Message + Default + DeserializeOwned + Serialize>(form: Form, body: &[u8]) {
	let Ok(message) = form.decode::<M>(body) else { return };
	let bytes = Form::Protobuf.encode(&message).expect("protobuf takes everything");
	assert!(Form::Protobuf.decode::<M>(&bytes).is_ok());
	let _ = Form::Json.encode(&message);
}

const OWN: [u8; 32] = [77; 32];
const NOW: u64 = 1_800_000_000;

/// A token as it comes; and header and claims, with a zero between them, signed by keys that are known.
pub fn jwt(data: &[u8]) {
	let dev = DevKeys::new([("devkey", "a secret")]).expect("a key");
	let text = String::from_utf8_lossy(data);
	judge(&text, &dev);
	let at = data.iter().position(|b| *b == 0).unwrap_or(data.len());
	let (header, claims) = data.split_at(at);
	let claims = claims.get(1..).unwrap_or_default();
	let key = SigningKey::from_bytes(&[1; 32]);
	let name = token::encode_key(&key.verifying_key().to_bytes());
	// The fuzzer cannot guess the key's name.
	let claims = String::from_utf8_lossy(claims).replace("$K", &name);
	let signed = format!("{}.{}", B64.encode(header), B64.encode(&claims));
	let signature = B64.encode(key.sign(signed.as_bytes()).to_bytes());
	judge(&format!("{signed}.{signature}"), &dev);
	if let Ok(claims) = serde_json::from_str(&claims) {
		judge(&dev.mint("devkey", &claims).expect("a key that is there"), &dev);
	}
}

/// Whatever is let in keeps to the rules.
fn judge(text: &str, dev: &DevKeys) {
	let known = |t: SignedToken, issuer| t.authorise(issuer, &[OWN], NOW);
	let Ok(signed) = token::check(text, dev, &[OWN]) else { return };
	let header = B64.decode(text.split('.').next().unwrap_or_default()).expect("base64");
	let header: serde_json::Value = serde_json::from_slice(&header).expect("JSON");
	let algorithm = if signed.is_dev() { "HS256" } else { "EdDSA" };
	assert_eq!(header["alg"], algorithm);
	assert_eq!(known(signed.clone(), Issuer::Unknown), Err(TokenError::UnknownIssuer));
	for issuer in [Issuer::Client, Issuer::Node] {
		let Ok(access) = known(signed.clone(), issuer) else { continue };
		assert!(!access.room.is_empty() && access.room.len() <= token::MAX_NAME);
		assert!(!access.identity.is_empty() && access.identity.len() <= token::MAX_NAME);
		assert!(access.metadata.len() <= token::MAX_METADATA);
		assert!(token::attributes_length(&access.attributes) <= token::MAX_ATTRIBUTES);
		assert_eq!(access.probe, issuer == Issuer::Node);
		assert_eq!(access.probe, access.room.starts_with(token::PROBE_PREFIX));
	}
	let api = signed.clone().authorise_api(Issuer::Client, NOW);
	assert!(api.is_err() || signed.authorise_api(Issuer::Node, NOW).is_err());
}
