//! The table of tokens: each row is one way to be wrong.

use super::{mint::sign, *};
use ed25519_dalek::SigningKey;
use serde_json::{json, Value};

const NOW: u64 = 1_800_000_000;
/// The `media` key of the daemon that checks.
const OWN: [u8; 32] = [77; 32];
/// Made by `@dtelecom/server-sdk-js` 3.2.0 from a seed of 32 bytes of 7.
const FROM_SDK: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJtZXRhZGF0YSI6IntcIm1cIjoxfSIsIm5hbWUiOiJBbGljZSBBIiwid2ViSG9va1VSTCI6Imh0dHBzOi8veC5leGFtcGxlL2giLCJ2aWRlbyI6eyJyb29tSm9pbiI6dHJ1ZSwicm9vbSI6InJvb20tMSIsImNhblB1Ymxpc2giOnRydWUsImNhblN1YnNjcmliZSI6dHJ1ZX0sImlzcyI6IkdtYURycHBCQzdQNUFSS1Y4ZzNkaml3UDg5dnoxakxLMjNWMkdCanVBRUdCIiwic3ViIjoiYWxpY2UiLCJuYmYiOjE3OTUxNDc2MDcsImV4cCI6MTc5NTE2OTIwNywiaWF0IjoxNzk1MTQ3NjA3fQ.iXuugk1GgX9Zw9T6goWcN8qDfawtXdskNXB32fmLoAAWKAAuCTA4Z2DjjtQaN1Z2k_TTtOwCojqcPhWjlQbaBw";

fn key(n: u8) -> SigningKey {
	SigningKey::from_bytes(&[n; 32])
}

fn claims() -> Value {
	json!({
		"iss": encode_key(&key(1).verifying_key().to_bytes()),
		"sub": "alice",
		"nbf": NOW - 10,
		"exp": NOW + 600,
		"video": { "roomJoin": true, "room": "r" },
	})
}

fn with(path: &str, value: Value) -> Value {
	let mut c = claims();
	*c.pointer_mut(path).expect("path exists") = value;
	c
}

fn run(header: &str, claims: &Value, issuer: Issuer) -> Result<Access, TokenError> {
	check_signature(&sign(&key(1), header, &claims.to_string()))?.authorise(
		issuer,
		&[[6; 32], OWN],
		NOW,
	)
}

const EDDSA: &str = r#"{"alg":"EdDSA","typ":"JWT"}"#;

#[test]
fn token_of_the_sdk_is_accepted() {
	let token = check_signature(FROM_SDK).expect("signature");
	assert_eq!(encode_key(&token.issuer()), "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB");
	let access = token.authorise(Issuer::Client, &[OWN], 1_795_147_700).expect("authorised");
	assert_eq!((access.identity.as_str(), access.room.as_str()), ("alice", "room-1"));
	assert_eq!((access.name.as_str(), access.metadata.as_str()), ("Alice A", "{\"m\":1}"));
	assert!(access.can_publish && access.can_subscribe && access.can_publish_data);
	assert!(!access.probe && !access.hidden);
}

#[test]
fn other_algorithms_are_refused() {
	for alg in
		["none", "None", "", "HS256", "RS256", "ES256", "eddsa", "EDDSA", "Ed25519", "EdDSA "]
	{
		let header = json!({ "alg": alg, "typ": "JWT" }).to_string();
		assert_eq!(run(&header, &claims(), Issuer::Client), Err(TokenError::Algorithm), "{alg}");
	}
	// `none` with an empty signature, as attackers send it.
	let parts = [r#"{"alg":"none"}"#.into(), claims().to_string()].map(|p| B64.encode(p));
	let unsigned = format!("{}.{}.", parts[0], parts[1]);
	assert_eq!(check_signature(&unsigned), Err(TokenError::Algorithm));
	// The same with the right algorithm's name.
	let unsigned = format!("{}.{}.", B64.encode(EDDSA), parts[1]);
	assert_eq!(check_signature(&unsigned), Err(TokenError::Signature));
}

#[test]
fn signature_must_be_the_issuers() {
	let token = sign(&key(2), EDDSA, &claims().to_string());
	assert_eq!(check_signature(&token), Err(TokenError::Signature));
	// A payload swapped under another's signature.
	let good = sign(&key(1), EDDSA, &claims().to_string());
	let signature = good.rsplit_once('.').expect("three parts").1;
	let other = with("/sub", json!("mallory")).to_string();
	let forged = format!("{}.{}.{signature}", B64.encode(EDDSA), B64.encode(other));
	assert_eq!(check_signature(&forged), Err(TokenError::Signature));
	// An all-zero key is a point of small order: strict verification refuses it.
	let weak = with("/iss", json!(encode_key(&[0; 32])));
	assert!(run(EDDSA, &weak, Issuer::Client).is_err());
}

#[test]
fn claims_are_checked() {
	use TokenError::*;
	let long = "x".repeat(MAX_NAME + 1);
	let table: Vec<(&str, Value, TokenError)> = vec![
		("expired", with("/exp", json!(NOW - CLOCK_SKEW)), Expired),
		("future", with("/nbf", json!(NOW + CLOCK_SKEW + 1)), NotYetValid),
		(
			"no exp",
			json!({ "iss": claims()["iss"], "sub": "a", "video": claims()["video"] }),
			Malformed,
		),
		("exp is text", with("/exp", json!("soon")), Malformed),
		("negative exp", with("/exp", json!(-1)), Malformed),
		("issuer no key", with("/iss", json!("devkey")), IssuerFormat),
		("issuer too long", with("/iss", json!("1".repeat(65))), IssuerFormat),
		("no join", with("/video/roomJoin", json!(false)), NoJoinGrant),
		("join is text", with("/video/roomJoin", json!("true")), Malformed),
		("no room", with("/video/room", json!("")), NoJoinGrant),
		("no grant", with("/video", json!({})), NoJoinGrant),
		("probe room", with("/video/room", json!("probe-x")), WrongRoom),
		("no identity", with("/sub", json!("")), FieldLength),
		("long identity", with("/sub", json!(long)), FieldLength),
		("long room", with("/video/room", json!(long)), FieldLength),
	];
	for (what, claims, error) in table {
		assert_eq!(run(EDDSA, &claims, Issuer::Client), Err(error), "{what}");
	}
	assert_eq!(run(EDDSA, &claims(), Issuer::Unknown), Err(UnknownIssuer));
	// The skew is tolerated on both sides, and not one second more.
	assert!(run(EDDSA, &with("/exp", json!(NOW - CLOCK_SKEW + 1)), Issuer::Client).is_ok());
	assert!(run(EDDSA, &with("/nbf", json!(NOW + CLOCK_SKEW)), Issuer::Client).is_ok());
}

#[test]
fn nodes_join_only_their_own_probe_rooms() {
	let [one, two] = [1, 2].map(|n| key(n).verifying_key().to_bytes());
	let own = probe_room(&one, &OWN, "7");
	let join = |room: &str, issuer| run(EDDSA, &with("/video/room", json!(room)), issuer);
	assert!(join(&own, Issuer::Node).expect("own probe").probe);
	let own_key = encode_key(&one);
	for other in [
		// Another verifier's room, a probe of another node, the keys exchanged.
		probe_room(&two, &OWN, "7"),
		probe_room(&one, &two, "7"),
		probe_room(&OWN, &one, "7"),
		// The target named behind another one, not at all, or cut.
		probe_room(&one, &two, &format!("{}-7", encode_key(&OWN))),
		format!("probe-{own_key}-7"),
		format!("probe-{own_key}-{}", encode_key(&OWN)),
		"r".into(),
	] {
		assert_eq!(join(&other, Issuer::Node), Err(TokenError::WrongRoom), "{other}");
	}
	assert_eq!(join(&own, Issuer::Client), Err(TokenError::WrongRoom));
}

#[test]
fn malformed_tokens_are_refused() {
	let good = sign(&key(1), EDDSA, &claims().to_string());
	let extended = format!("{good}.x");
	let padded = format!("{good}=");
	let huge = "a".repeat(MAX_TOKEN + 1);
	for token in ["", ".", "..", "...", "a.b.c", "💥.💥.💥", &good[1..], &extended, &padded, &huge]
	{
		assert!(check_signature(token).is_err(), "{token}");
	}
	for header in ["{}", "[]", "null", r#"{"alg":"EdDSA","alg":"none"}"#, r#"{"alg":["EdDSA"]}"#] {
		assert!(run(header, &claims(), Issuer::Client).is_err(), "{header}");
	}
	let crit = r#"{"alg":"EdDSA","crit":["exp"]}"#;
	assert_eq!(run(crit, &claims(), Issuer::Client), Err(TokenError::Malformed));
}

#[test]
fn minted_tokens_are_accepted() {
	let grant = Grant { room: "r", identity: "bot", can_publish: true, can_subscribe: false };
	let access = check_signature(&mint(&key(3), &grant, NOW, 60))
		.and_then(|t| t.authorise(Issuer::Client, &[OWN], NOW))
		.expect("valid");
	assert!(access.can_publish && !access.can_subscribe);
}

#[test]
fn grants_of_the_server_api_are_read() {
	let api = |claims: &Value, issuer| {
		check_signature(&sign(&key(1), EDDSA, &claims.to_string()))?.authorise_api(issuer, NOW)
	};
	// As both server SDKs make them: without a `sub`, or with one that says nothing.
	let token = |video: Value| json!({ "iss": claims()["iss"], "nbf": NOW, "exp": NOW + 600, "video": video });
	for (video, create, list, admin_of) in [
		(json!({}), false, false, None),
		(json!({ "roomCreate": true }), true, false, None),
		(json!({ "roomList": true }), false, true, None),
		(json!({ "roomAdmin": true, "room": "r" }), false, false, Some("r")),
		(json!({ "roomAdmin": true }), false, false, None),
		(json!({ "roomAdmin": false, "room": "r" }), false, false, None),
		(json!({ "roomJoin": true, "room": "r" }), false, false, None),
	] {
		let access = api(&token(video.clone()), Issuer::Client).expect("accepted");
		let found = (access.room_create, access.room_list, access.admin_of.as_deref());
		assert_eq!(found, (create, list, admin_of), "{video}");
	}
	// A token for the server API lets nobody in.
	let joining = run(EDDSA, &token(json!({ "roomAdmin": true, "room": "r" })), Issuer::Client);
	assert_eq!(joining, Err(TokenError::NoJoinGrant));
	let nameless = run(EDDSA, &token(json!({ "roomJoin": true, "room": "r" })), Issuer::Client);
	assert_eq!(nameless, Err(TokenError::FieldLength));
	for issuer in [Issuer::Node, Issuer::Unknown] {
		assert_eq!(api(&claims(), issuer), Err(TokenError::UnknownIssuer));
	}
	let late = with("/exp", json!(NOW - CLOCK_SKEW));
	assert_eq!(api(&late, Issuer::Client), Err(TokenError::Expired));
	let early = with("/nbf", json!(NOW + CLOCK_SKEW + 1));
	assert_eq!(api(&early, Issuer::Client), Err(TokenError::NotYetValid));
}

#[test]
fn webhook_urls_are_taken_if_they_are_not_too_long() {
	let token = check_signature(FROM_SDK).expect("signature");
	let access = token.authorise(Issuer::Client, &[OWN], 1_795_147_700).expect("authorised");
	assert_eq!(access.web_hook_url.as_deref(), Some("https://x.example/h"));
	for (url, taken) in [("", None), ("u", Some("u")), ("x".repeat(MAX_URL + 1).as_str(), None)] {
		let mut claims = claims();
		claims["webHookURL"] = json!(url);
		let access = run(EDDSA, &claims, Issuer::Client).expect("authorised");
		assert_eq!(access.web_hook_url.as_deref(), taken);
	}
}

proptest::proptest! {
	#[test]
	fn arbitrary_text_never_panics(text in ".{0,300}") {
		let _ = check_signature(&text);
	}
}
