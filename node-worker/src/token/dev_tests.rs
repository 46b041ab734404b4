//! Development keys: each row of the table is one way to be let in, or to be wrong.

use super::{mint::sign, *};
use ed25519_dalek::SigningKey;
use serde_json::{json, Value};

const NOW: u64 = 1_800_000_000;
const OWN: [u8; 32] = [77; 32];
const SECRET: &str = "a secret of some length";

fn chain_key() -> SigningKey {
	SigningKey::from_bytes(&[1; 32])
}

fn chain_name() -> String {
	encode_key(&chain_key().verifying_key().to_bytes())
}

fn dev() -> DevKeys {
	DevKeys::new([("devkey", SECRET), ("other", "another secret")]).expect("keys")
}

fn claims(issuer: &str) -> Value {
	json!({
		"iss": issuer, "sub": "alice", "nbf": NOW - 10, "exp": NOW + 600,
		"video": { "roomJoin": true, "room": "r" },
	})
}

fn with(path: &str, value: Value) -> Value {
	let mut c = claims("devkey");
	*c.pointer_mut(path).expect("path exists") = value;
	c
}

/// A token with any header, under the code of a secret.
fn coded(header: &str, claims: &Value, secret: &[u8]) -> String {
	use hmac::{Hmac, Mac};
	let signed = format!("{}.{}", B64.encode(header), B64.encode(claims.to_string()));
	let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).expect("any length");
	mac.update(signed.as_bytes());
	format!("{signed}.{}", B64.encode(mac.finalize().into_bytes()))
}

fn run(token: &str, dev: &DevKeys) -> Result<Access, TokenError> {
	check(token, dev, &[OWN])?.authorise(Issuer::Client, &[OWN], NOW)
}

const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const EDDSA: &str = r#"{"alg":"EdDSA","typ":"JWT"}"#;

#[test]
fn each_key_has_exactly_one_algorithm() {
	use TokenError::*;
	let public = chain_key().verifying_key().to_bytes();
	let dev_claims = claims("devkey");
	let chain_claims = claims(&chain_name());
	let good = coded(HS256, &dev_claims, SECRET.as_bytes());
	let unsigned = |alg: &str| {
		let header = json!({ "alg": alg }).to_string();
		format!("{}.{}.", B64.encode(header), B64.encode(dev_claims.to_string()))
	};
	let alg = |alg: &str| {
		let header = json!({ "alg": alg, "typ": "JWT" }).to_string();
		coded(&header, &dev_claims, SECRET.as_bytes())
	};
	let table: Vec<(&str, String, Option<TokenError>)> = vec![
		("a development token", good.clone(), None),
		("a chain token", sign(&chain_key(), EDDSA, &chain_claims.to_string()), None),
		("none", unsigned("none"), Some(Algorithm)),
		("HS256 without a code", unsigned("HS256"), Some(Signature)),
		("RS256", alg("RS256"), Some(Algorithm)),
		("HS384", alg("HS384"), Some(Algorithm)),
		("HS512", alg("HS512"), Some(Algorithm)),
		("ES256", alg("ES256"), Some(Algorithm)),
		("hs256", alg("hs256"), Some(Algorithm)),
		// The classical confusion: the public key taken for a secret.
		("chain key by HS256", coded(HS256, &chain_claims, &public), Some(UnknownIssuer)),
		(
			"chain key by HS256, secret in base58",
			coded(HS256, &chain_claims, chain_name().as_bytes()),
			Some(UnknownIssuer),
		),
		(
			"chain key by HS256 with a development secret",
			coded(HS256, &chain_claims, SECRET.as_bytes()),
			Some(UnknownIssuer),
		),
		(
			"development key by EdDSA",
			sign(&chain_key(), EDDSA, &dev_claims.to_string()),
			Some(IssuerFormat),
		),
		("HS256 code under EdDSA", coded(EDDSA, &chain_claims, &public), Some(Signature)),
		("wrong secret", coded(HS256, &dev_claims, b"guess"), Some(Signature)),
		("empty secret", coded(HS256, &dev_claims, b""), Some(Signature)),
		("another key's secret", coded(HS256, &dev_claims, b"another secret"), Some(Signature)),
		("unknown key", coded(HS256, &claims("nokey"), SECRET.as_bytes()), Some(UnknownIssuer)),
		("cut code", good[..good.len() - 3].to_owned(), Some(Signature)),
	];
	for (what, token, error) in table {
		assert_eq!(run(&token, &dev()).err(), error, "{what}");
	}
	// Without configured keys nothing but EdDSA exists.
	assert_eq!(run(&good, &DevKeys::default()), Err(Algorithm));
	assert_eq!(check_signature(&good), Err(Algorithm));
}

#[test]
fn times_and_grants_are_checked_as_for_chain_keys() {
	use TokenError::*;
	let table: Vec<(&str, Value, Option<TokenError>)> = vec![
		("expired", with("/exp", json!(NOW - CLOCK_SKEW)), Some(Expired)),
		("expired within the skew", with("/exp", json!(NOW - CLOCK_SKEW + 1)), None),
		("future", with("/nbf", json!(NOW + CLOCK_SKEW + 1)), Some(NotYetValid)),
		("future within the skew", with("/nbf", json!(NOW + CLOCK_SKEW)), None),
		("no join", with("/video/roomJoin", json!(false)), Some(NoJoinGrant)),
		("no room", with("/video/room", json!("")), Some(NoJoinGrant)),
		("a probe's room", with("/video/room", json!("probe-x")), Some(WrongRoom)),
		("no identity", with("/sub", json!("")), Some(FieldLength)),
	];
	for (what, claims, error) in table {
		let token = dev().mint("devkey", &claims).expect("a key");
		assert_eq!(run(&token, &dev()).err(), error, "{what}");
	}
}

#[test]
fn keys_that_could_be_the_chains_are_refused() {
	let chain = chain_name();
	assert!(matches!(DevKeys::new([(chain.as_str(), SECRET)]), Err(DevKeyError::ChainKey(_))));
	assert!(matches!(DevKeys::new([("", SECRET)]), Err(DevKeyError::Length(_))));
	assert!(matches!(DevKeys::new([("devkey", "")]), Err(DevKeyError::Length(_))));
	let names: Vec<_> = (0..=MAX_DEV_KEYS).map(|n| n.to_string()).collect();
	let many = names.iter().map(|n| (n.as_str(), SECRET));
	assert_eq!(DevKeys::new(many).err(), Some(DevKeyError::TooMany));
	assert!(!format!("{:?}", dev()).contains(SECRET), "secrets stay secret");
}

#[test]
fn data_and_room_of_a_token_are_read() {
	let mut claims = claims("devkey");
	claims["attributes"] = json!({ "a": "1" });
	claims["video"]["canPublishSources"] = json!(["microphone", "nonsense"]);
	claims["video"]["canUpdateOwnMetadata"] = json!(true);
	claims["roomConfig"] = json!({ "emptyTimeout": 7, "maxParticipants": 3, "metadata": "m" });
	let access = run(&dev().mint("devkey", &claims).expect("a key"), &dev()).expect("valid");
	assert_eq!(access.attributes.get("a").map(String::as_str), Some("1"));
	assert!(access.may_publish(2) && !access.may_publish(1) && access.can_update_own_metadata);
	assert_eq!((access.room_config.empty_timeout, access.room_config.departure_timeout), (7, 0));
	assert_eq!(access.room_config.metadata, "m");
	claims["attributes"] = json!({ "a": "x".repeat(MAX_ATTRIBUTES) });
	let long = dev().mint("devkey", &claims).expect("a key");
	assert_eq!(run(&long, &dev()), Err(TokenError::FieldLength));
}

#[test]
fn refreshed_tokens_are_good_at_this_daemon_alone() {
	let node = SigningKey::from_bytes(&[9; 32]);
	let own = [node.verifying_key().to_bytes()];
	let refresher = Refresher::new(node.clone());
	for (token, from_dev) in [
		(dev().mint("devkey", &claims("devkey")).expect("a key"), true),
		(sign(&chain_key(), EDDSA, &claims(&chain_name()).to_string()), false),
	] {
		let first = check(&token, &dev(), &own).expect("signed");
		let mut access = first.clone().authorise(Issuer::Client, &own, NOW).expect("valid");
		access.metadata = "changed".into();
		access.can_publish_sources = vec![1];
		let later = NOW + 3_000;
		let token = refresher.token(&access, later, 600);
		let again = check(&token, &dev(), &own).expect("signed");
		assert_eq!((again.issuer(), again.is_dev()), (first.issuer(), from_dev));
		// It counts as made when it was, for an app that takes older ones back.
		access.issued = later;
		assert_eq!(again.clone().authorise(Issuer::Client, &own, later), Ok(access));
		// The key is asked about again, and the token ends as any other.
		let unknown = again.clone().authorise(Issuer::Unknown, &own, later);
		assert_eq!(unknown, Err(TokenError::UnknownIssuer));
		let expired = again.authorise(Issuer::Client, &own, later + 600 + CLOCK_SKEW);
		assert_eq!(expired, Err(TokenError::Expired));
		// Another daemon refuses it, and so does one where the development key is gone and the chain knows nothing.
		assert_eq!(check(&token, &dev(), &[OWN]).err(), Some(TokenError::UnknownIssuer));
		let elsewhere = check(&token, &DevKeys::default(), &own).expect("signed");
		assert!(!elsewhere.is_dev());
	}
	// Nobody else can speak on behalf of a key.
	let mut forged = claims("devkey");
	forged["dtelFor"] = json!(chain_name());
	let forged = dev().mint("devkey", &forged).expect("a key");
	assert_eq!(check(&forged, &dev(), &own).err(), Some(TokenError::UnknownIssuer));
}
