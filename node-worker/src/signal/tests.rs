use super::{codec::*, *};
use axum::extract::ws::Message;
use prost::Message as _;
use proto::signal_request;

fn ping(timestamp: i64) -> proto::SignalRequest {
	let ping = proto::Ping { timestamp, rtt: 0 };
	proto::SignalRequest { message: Some(signal_request::Message::PingReq(ping)) }
}

#[test]
fn both_forms_are_understood() {
	let expected = ping(7).message.expect("a message");
	let binary = Message::Binary(ping(7).encode_to_vec().into());
	assert_eq!(decode(&binary), Some((expected.clone(), Format::Binary)));
	let text = Message::Text(r#"{"pingReq":{"timestamp":"7"}}"#.into());
	assert_eq!(decode(&text), Some((expected, Format::Json)));
}

#[test]
fn what_is_not_known_is_ignored() {
	for text in ["", "{}", "[]", "null", "{\"noSuchThing\":{}}", "\u{0}"] {
		assert_eq!(decode(&Message::Text(text.into())), None, "{text}");
	}
	// Field 900 of a future client.
	let unknown = [0xA2, 0x38, 0x01, 0x00];
	assert_eq!(decode(&Message::Binary(unknown.to_vec().into())), None);
	assert_eq!(decode(&Message::Binary(vec![0xff; 40].into())), None);
	assert_eq!(decode(&Message::Binary(Vec::new().into())), None);
}

#[test]
fn answers_come_in_the_form_that_was_asked_for() {
	let message = leave(DisconnectReason::StateMismatch, true);
	let Message::Text(text) = encode(&message, Format::Json) else { panic!("text") };
	assert_eq!(serde_json::from_str::<proto::SignalResponse>(&text).expect("json"), message);
	let Message::Binary(bytes) = encode(&message, Format::Binary) else { panic!("binary") };
	assert_eq!(proto::SignalResponse::decode(bytes.as_ref()).expect("protobuf"), message);
}

#[test]
fn floods_are_noticed() {
	let mut bucket = Bucket::new(10);
	let start = bucket.at;
	let at_once = (0..1_000).take_while(|_| bucket.take(start)).count();
	assert_eq!(at_once, 100);
	assert!(bucket.take(start + Duration::from_secs(1)));
	let later = start + Duration::from_secs(3_600);
	assert_eq!((0..1_000).take_while(|_| bucket.take(later)).count(), 100);
}

proptest::proptest! {
	#[test]
	fn arbitrary_frames_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in ".{0,100}") {
		let _ = decode(&Message::Binary(bytes.into()));
		let _ = decode(&Message::Text(text.into()));
	}
}
