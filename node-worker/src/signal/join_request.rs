//! The join request of `/rtc/v1`: what `/rtc` takes from its query, and the client's first messages, in one.
//!
//! The query has `join_request`, base64 (RFC 4648 §5, with or without padding) of a `WrappedJoinRequest` that holds a
//! `JoinRequest`, compressed with gzip (RFC 1952) or not. What it says of the client's machine is not used.

use super::{Arrival, OLDEST_PROTOCOL};
use crate::engine::{Entry, JoinOptions};
use base64::{
	alphabet,
	engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
	Engine as _,
};
use flate2::read::GzDecoder;
use livekit_protocol as proto;
use prost::Message as _;
use proto::{signal_request::Message, wrapped_join_request::Compression};
use std::io::Read as _;
use thiserror::Error;

/// Tracks that are announced in a join; what a client publishes later it announces by itself.
const MAX_TRACKS: usize = 64;

/// Why a join request is none.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum BadJoinRequest {
	/// No base64.
	#[error("join_request is no base64")]
	Base64,
	/// No gzip.
	#[error("join_request is not compressed as it says")]
	Gzip,
	/// Larger than a signalling message may be.
	#[error("join_request is too large")]
	TooLarge,
	/// No such message.
	#[error("join_request holds no such message")]
	Message,
}

/// Reads the value of `join_request`. What it holds may have `most` bytes, before and after decompression. `limit`:
/// participants that the key may have.
pub fn parse(text: &str, most: usize, limit: u32) -> Result<Arrival, BadJoinRequest> {
	let request = unwrap(text, most)?;
	let settings = request.connection_settings.unwrap_or_default();
	let client = request.client_info.unwrap_or_default();
	let options = JoinOptions {
		auto_subscribe: settings.auto_subscribe,
		limit,
		protocol: u32::try_from(client.protocol).unwrap_or(0).max(OLDEST_PROTOCOL),
		client_protocol: client.client_protocol,
		single: true,
	};
	let mut first = Vec::new();
	if !request.metadata.is_empty() || !request.participant_attributes.is_empty() {
		// With the grant that later changes need.
		first.push(Message::UpdateMetadata(proto::UpdateParticipantMetadata {
			metadata: request.metadata,
			attributes: request.participant_attributes,
			..Default::default()
		}));
	}
	first.extend(request.sync_state.filter(|_| request.reconnect).map(Message::SyncState));
	let tracks = request.add_track_requests.into_iter().take(MAX_TRACKS);
	first.extend(tracks.map(Message::AddTrack));
	first.extend(request.publisher_offer.map(Message::Offer));
	let entry = match request.reconnect {
		true => Entry::Resume { sid: request.participant_sid },
		false => Entry::Join,
	};
	Ok(Arrival { options, entry, first })
}

fn unwrap(text: &str, most: usize) -> Result<proto::JoinRequest, BadJoinRequest> {
	let config =
		GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
	let bytes = GeneralPurpose::new(&alphabet::URL_SAFE, config)
		.decode(text)
		.map_err(|_| BadJoinRequest::Base64)?;
	let wrapped =
		proto::WrappedJoinRequest::decode(bytes.as_slice()).map_err(|_| BadJoinRequest::Message)?;
	let bytes = match Compression::try_from(wrapped.compression) {
		Ok(Compression::None) => wrapped.join_request,
		Ok(Compression::Gzip) => {
			let mut out = Vec::new();
			let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
			GzDecoder::new(wrapped.join_request.as_slice())
				.take(bound)
				.read_to_end(&mut out)
				.map_err(|_| BadJoinRequest::Gzip)?;
			out
		}
		Err(_) => return Err(BadJoinRequest::Gzip),
	};
	if bytes.len() > most {
		return Err(BadJoinRequest::TooLarge);
	}
	proto::JoinRequest::decode(bytes.as_slice()).map_err(|_| BadJoinRequest::Message)
}

#[cfg(test)]
mod tests {
	use super::*;
	use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
	use flate2::{write::GzEncoder, Compression as Level};
	use std::io::Write as _;

	const MOST: usize = 10_000;

	fn wrap(compression: i32, join_request: Vec<u8>) -> Vec<u8> {
		proto::WrappedJoinRequest { compression, join_request }.encode_to_vec()
	}

	fn gzip(bytes: &[u8]) -> Vec<u8> {
		let mut encoder = GzEncoder::new(Vec::new(), Level::best());
		encoder.write_all(bytes).expect("to memory");
		encoder.finish().expect("to memory")
	}

	fn request() -> proto::JoinRequest {
		let offer = proto::SessionDescription { sdp: "v=0".into(), id: 1, ..Default::default() };
		proto::JoinRequest {
			client_info: Some(proto::ClientInfo {
				protocol: 17,
				client_protocol: 2,
				..Default::default()
			}),
			connection_settings: Some(proto::ConnectionSettings {
				auto_subscribe: true,
				..Default::default()
			}),
			add_track_requests: vec![
				proto::AddTrackRequest {
					cid: "c".into(),
					..Default::default()
				};
				100
			],
			publisher_offer: Some(offer),
			..Default::default()
		}
	}

	#[test]
	fn all_forms_are_read() {
		let bytes = request().encode_to_vec();
		for text in [
			URL_SAFE.encode(wrap(0, bytes.clone())),
			URL_SAFE_NO_PAD.encode(wrap(0, bytes.clone())),
			URL_SAFE.encode(wrap(1, gzip(&bytes))),
		] {
			let arrival = parse(&text, MOST, 5).expect("a join request");
			let JoinOptions { auto_subscribe, limit, protocol, client_protocol, single } =
				arrival.options;
			assert_eq!(
				(auto_subscribe, limit, protocol, client_protocol, single),
				(true, 5, 17, 2, true)
			);
			assert_eq!(arrival.entry, Entry::Join);
			assert_eq!(arrival.first.len(), MAX_TRACKS + 1);
			assert!(matches!(arrival.first.last(), Some(Message::Offer(offer)) if offer.id == 1));
		}
	}

	#[test]
	fn a_resume_names_its_participant_and_says_what_it_knows_first() {
		let request = proto::JoinRequest {
			reconnect: true,
			participant_sid: "PA_a".into(),
			metadata: "m".into(),
			sync_state: Some(proto::SyncState::default()),
			..request()
		};
		let arrival = parse(&URL_SAFE.encode(wrap(0, request.encode_to_vec())), MOST, 5)
			.expect("a join request");
		assert_eq!(arrival.entry, Entry::Resume { sid: "PA_a".into() });
		assert!(matches!(
			arrival.first.as_slice(),
			[Message::UpdateMetadata(_), Message::SyncState(_), Message::AddTrack(_), ..]
		));
	}

	#[test]
	fn what_is_none_is_refused() {
		let bad = |text: &str| parse(text, MOST, 1).map(|_| ());
		assert_eq!(bad("*"), Err(BadJoinRequest::Base64));
		assert_eq!(bad(&URL_SAFE.encode([0xff; 9])), Err(BadJoinRequest::Message));
		assert_eq!(bad(&URL_SAFE.encode(wrap(1, vec![1, 2, 3]))), Err(BadJoinRequest::Gzip));
		assert_eq!(bad(&URL_SAFE.encode(wrap(7, vec![]))), Err(BadJoinRequest::Gzip));
		assert_eq!(bad(&URL_SAFE.encode(wrap(0, vec![0xff; 9]))), Err(BadJoinRequest::Message));
		// A million bytes in a thousand.
		let bomb = gzip(&vec![0; 1_000_000]);
		assert!(bomb.len() < 2_000);
		assert_eq!(bad(&URL_SAFE.encode(wrap(1, bomb))), Err(BadJoinRequest::TooLarge));
		assert_eq!(
			bad(&URL_SAFE.encode(wrap(0, vec![0; MOST + 1]))),
			Err(BadJoinRequest::TooLarge)
		);
		// Nothing at all is a request of a client that says nothing.
		assert!(parse("", MOST, 1)
			.is_ok_and(|a| a.first.is_empty() && a.options.protocol == OLDEST_PROTOCOL));
	}

	proptest::proptest! {
		#[test]
		fn arbitrary_requests_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), compression in 0..3, text in ".{0,100}") {
			let _ = parse(&text, MOST, 1);
			let _ = parse(&URL_SAFE.encode(&bytes), MOST, 1);
			let _ = parse(&URL_SAFE.encode(wrap(compression, bytes)), MOST, 1);
		}
	}
}
