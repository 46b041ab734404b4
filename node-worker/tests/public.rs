//! The public server: which pages may ask, how often, from where; TLS; which nodes are near.

#![allow(missing_docs)]

mod common;

use common::{twirp::*, *};
use dtel_primitives::node::Region;
use ed25519_dalek::SigningKey;
use rustls_pki_types::{pem::PemObject, CertificateDer, ServerName};
use serde_json::{json, Value};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio_rustls::{
	rustls::{ClientConfig, RootCertStore},
	TlsConnector,
};

const ORIGIN: &str = "access-control-allow-origin: ";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_page_may_ask_by_default() {
	let worker = worker(|c| c.probe.enabled = false).await;
	let to = worker.daemon.public;
	for path in ["/rtc/validate", "/no-such-path", "/rtc/v1/validate"] {
		let (status, head, _) =
			request(to, "GET", path, "origin: https://any.example\r\n", b"").await;
		assert!(head.contains(&format!("{ORIGIN}*")), "{path}: {head}");
		assert!([401, 404].contains(&status), "{path}: {status}");
	}
	let preflight = "origin: https://any.example\r\naccess-control-request-method: POST\r\naccess-control-request-headers: authorization\r\n";
	let (status, head, _) = request(to, "OPTIONS", &path("ListRooms"), preflight, b"").await;
	assert_eq!(status, 204);
	assert!(head.contains("access-control-allow-headers: authorization"), "{head}");
	assert!(head.contains("access-control-allow-methods: get, head, post"), "{head}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn configured_pages_alone_may_connect() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.allowed_origins = vec!["https://app.example".into()];
	})
	.await;
	let to = worker.daemon.public;
	let validate = format!("/rtc/validate?access_token={}", token("r", "a"));
	for (origin, allowed) in [
		("https://app.example", true),
		("HTTPS://APP.example", true),
		("https://evil.example", false),
		("http://app.example", false),
		("https://app.example.evil", false),
		("null", false),
	] {
		let origin_line = format!("origin: {origin}\r\n");
		let (status, head, _) = request(to, "GET", &validate, &origin_line, b"").await;
		// The browser keeps the answer from a page that is not named.
		let named = head.contains(&format!("{ORIGIN}{}", origin.to_lowercase()));
		assert_eq!((status, named), (200, allowed), "{origin}: {head}");
		assert!(head.contains("vary: origin"), "{head}");
		let upgrade = format!(
			"{origin_line}upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		);
		let (status, ..) = request(to, "GET", "/rtc?access_token=x", &upgrade, b"").await;
		assert_eq!(status == 403, !allowed, "{origin}: {status}");
	}
	// What is no browser names no origin.
	assert_eq!(request(to, "GET", &validate, "", b"").await.0, 200);
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_behind_a_trusted_proxy_are_told_apart() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.requests_per_second = 1;
		c.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
	})
	.await;
	let to = worker.daemon.public;
	let ask = |path: &'static str, from: &'static str| async move {
		request(to, "GET", path, &format!("x-forwarded-for: {from}\r\n"), b"").await
	};
	let mut statuses = Vec::new();
	for _ in 0..8 {
		statuses.push(ask("/healthz", "198.51.100.7").await.0);
	}
	assert_eq!(statuses[..4], [200; 4], "{statuses:?}");
	assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
	// A client cannot take another address by writing the header itself.
	assert_eq!(ask("/healthz", "192.0.2.1, 198.51.100.7").await.0, 429);
	let (status, _, body) = ask("/twirp/livekit.RoomService/ListRooms", "198.51.100.7").await;
	let body: Value = serde_json::from_slice(&body).expect("json");
	assert_eq!((status, body["code"].as_str()), (429, Some("resource_exhausted")));
	assert_eq!(ask("/healthz", "198.51.100.8").await.0, 200);
	// One network of 64 bits is one client.
	let mut six = Vec::new();
	for from in
		["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5", "2001:db8::6"]
	{
		six.push(ask("/healthz", from).await.0);
	}
	assert!(six.contains(&429), "{six:?}");
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_headers_are_not_believed() {
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.requests_per_second = 1;
	})
	.await;
	// Without a trusted proxy this is a client of this machine, which is not counted.
	for _ in 0..20 {
		let header = "x-forwarded-for: 198.51.100.7\r\n";
		assert_eq!(request(worker.daemon.public, "GET", "/healthz", header, b"").await.0, 200);
	}
	worker.daemon.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_ends_is_given_up() {
	use tokio::io::{AsyncReadExt, AsyncWriteExt};
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.http.request_seconds = 1;
	})
	.await;
	let token = api_token(json!({ "roomList": true }));
	for (path, headers) in
		[(path("ListRooms"), bearer(&token)), ("/relevants".into(), String::new())]
	{
		let mut stream =
			tokio::net::TcpStream::connect(worker.daemon.public).await.expect("connects");
		let head = format!(
			"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n{headers}\r\n{{"
		);
		stream.write_all(head.as_bytes()).await.expect("sent");
		let mut answer = vec![0; 64];
		let n = within("an answer", stream.read(&mut answer)).await.expect("read");
		let answer = String::from_utf8_lossy(&answer[..n]).into_owned();
		assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
	}
	worker.daemon.stop().await;
}

async fn relevants(worker: &Worker, path: &str, body: &str) -> (u16, Value) {
	let headers = "content-type: application/json\r\n";
	let (status, _, answer) =
		request(worker.daemon.public, "POST", path, headers, body.as_bytes()).await;
	(status, serde_json::from_slice(&answer).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nearest_nodes_are_named() {
	let file =
		std::env::temp_dir().join(dtel_worker::keys::random_id("dtel-geo-").expect("random"));
	std::fs::write(&file, mmdb(-33.9, 151.2)).expect("written");
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.relevants.geoip = Some(file);
		c.relevants.nodes = 2;
	})
	.await;
	let key = SigningKey::from_bytes(&[3; 32]);
	let at = |id, domain: &str, lat, lon| {
		let mut node = node(id, &key, domain);
		node.region = Region { country: *b"XX", lat, lon };
		node
	};
	let body = r#"{"ip":"1.2.3.4"}"#;
	// Nothing is registered, and nobody knows where this node is.
	assert_eq!(relevants(&worker, "/relevants", body).await, (200, json!([])));
	assert_eq!(relevants(&worker, "/relevant", body).await.0, 404);
	assert_eq!(relevants(&worker, "/relevants", r#"{"ip":"8.8.8.8"}"#).await.0, 503);
	worker.daemon.stop().await;

	let file =
		std::env::temp_dir().join(dtel_worker::keys::random_id("dtel-geo-").expect("random"));
	std::fs::write(&file, mmdb(-33.9, 151.2)).expect("written");
	let worker = common::worker(|c| {
		c.probe.enabled = false;
		c.relevants.geoip = Some(file);
		c.relevants.nodes = 2;
	})
	.await;
	let berlin = at(1, "berlin.example", 525, 134);
	let nodes =
		vec![berlin.clone(), at(2, "sydney.example", -339, 1_512), at(3, "paris.example", 489, 23)];
	worker.chain.set_nodes(nodes);
	worker.chain.set_head(head(1, berlin, vec![]));
	let domains = |names: [&str; 2]| json!(names.map(|n| json!({ "domain": n })));
	// By the file.
	let near = relevants(&worker, "/relevants", body).await;
	assert_eq!(near, (200, domains(["sydney.example", "berlin.example"])));
	assert_eq!(
		relevants(&worker, "/relevant", body).await,
		(200, json!({ "domain": "sydney.example" }))
	);
	// What the file does not know, and what is not public, counts as being here.
	for ip in ["8.8.8.8", "10.0.0.1", "2001:db8::1"] {
		let near = relevants(&worker, "/relevants", &json!({ "ip": ip }).to_string()).await;
		assert_eq!(near, (200, domains(["berlin.example", "paris.example"])), "{ip}");
	}
	// As LiveKit's clients ask.
	let headers = format!("authorization: Bearer {}\r\n", common::token("r", "a"));
	let (status, head, settings) =
		http_full(worker.daemon.public, "GET /settings/regions", &headers).await;
	let settings: Value = serde_json::from_slice(&settings).expect("JSON");
	assert_eq!((status, head.contains("max-age=30")), (200, true), "{head}");
	let urls: Vec<_> =
		settings["regions"].as_array().expect("regions").iter().map(|r| &r["url"]).collect();
	assert_eq!(urls, ["wss://berlin.example", "wss://paris.example"]);
	assert_eq!(settings["regions"][0]["region"], "XX");
	let headers = "authorization: Bearer x.y.z\r\n";
	let (status, ..) = http_full(worker.daemon.public, "GET /settings/regions", headers).await;
	assert_eq!(status, 401);
	for body in ["", "{}", r#"{"ip":"x"}"#, r#"{"ip":7}"#, "[]"] {
		assert_eq!(relevants(&worker, "/relevants", body).await.0, 400, "{body}");
	}
	let large = format!(r#"{{"ip":"1.2.3.4","x":"{}"}}"#, "x".repeat(2_000));
	assert_eq!(relevants(&worker, "/relevants", &large).await.0, 400);
	worker.daemon.stop().await;
}

/// A GeoIP file in which 1.0.0.0/8 is at one place, after the MaxMind DB format 2.0: a tree with a node for each bit of
/// the prefix, data, metadata.
fn mmdb(latitude: f64, longitude: f64) -> Vec<u8> {
	fn text(t: &str) -> Vec<u8> {
		[&[0x40 | t.len() as u8], t.as_bytes()].concat()
	}
	fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
		let mut bytes = vec![0xE0 | entries.len() as u8];
		for (name, value) in entries {
			bytes.extend(text(name));
			bytes.extend(value);
		}
		bytes
	}
	let double = |f: f64| [&[0x68][..], &f.to_be_bytes()].concat();
	let short = |n: u16| [&[0xA2][..], &n.to_be_bytes()].concat();
	const NODES: u32 = 8;
	let mut bytes = Vec::new();
	for bit in 0..NODES {
		let next = bit + 1;
		// The prefix is seven zeros and a one; the data begins behind 16 bytes of zeros.
		let (zero, one) = if next < NODES { (next, NODES) } else { (NODES, NODES + 16) };
		for record in [zero, one] {
			bytes.extend(&record.to_be_bytes()[1..]);
		}
	}
	bytes.extend([0; 16]);
	let location = map(&[("latitude", double(latitude)), ("longitude", double(longitude))]);
	bytes.extend(map(&[("location", location)]));
	bytes.extend(b"\xab\xcd\xefMaxMind.com");
	bytes.extend(map(&[
		("binary_format_major_version", short(2)),
		("binary_format_minor_version", short(0)),
		("build_epoch", vec![0x01, 0x02, 1]),
		("database_type", text("Test-City")),
		("description", map(&[])),
		("ip_version", short(4)),
		("languages", vec![0x00, 0x04]),
		("node_count", [&[0xC4][..], &NODES.to_be_bytes()].concat()),
		("record_size", short(24)),
	]));
	bytes
}

/// Writes a new certificate for `localhost` and its key.
fn certificate(dir: &Path) {
	let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).expect("certificate");
	let pem = |what: &str, der: &[u8]| {
		use base64::{engine::general_purpose::STANDARD, Engine};
		format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", STANDARD.encode(der))
	};
	let key = pem("PRIVATE KEY", &made.signing_key.serialize_der());
	std::fs::write(dir.join("key.pem"), key).expect("written");
	std::fs::write(dir.join("cert.pem"), pem("CERTIFICATE", made.cert.der())).expect("written");
}

/// A request over TLS that trusts the certificate of the file: its status.
async fn over_tls(to: SocketAddr, trusted: &Path) -> Result<u16, std::io::Error> {
	let mut roots = RootCertStore::empty();
	roots.add(CertificateDer::from_pem_file(trusted).expect("pem")).expect("a certificate");
	let config = ClientConfig::builder_with_provider(dtel_worker::http::tls_provider())
		.with_safe_default_protocol_versions()
		.expect("versions")
		.with_root_certificates(roots)
		.with_no_client_auth();
	let stream = tokio::net::TcpStream::connect(to).await?;
	let name = ServerName::try_from("localhost").expect("a name");
	let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
	Ok(exchange(stream, "GET", "/healthz", "", b"").await.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_are_exchanged_while_the_daemon_runs() {
	let dir = std::env::temp_dir().join(dtel_worker::keys::random_id("dtel-tls-").expect("random"));
	std::fs::create_dir_all(&dir).expect("directory");
	certificate(&dir);
	let worker = worker(|c| {
		c.probe.enabled = false;
		c.tls.listen = Some(([127, 0, 0, 1], 0).into());
		c.tls.certificate = dir.join("cert.pem");
		c.tls.key = dir.join("key.pem");
	})
	.await;
	let to = worker.daemon.tls.expect("an address");
	assert_eq!(over_tls(to, &dir.join("cert.pem")).await.expect("trusted"), 200);
	// Signalling without TLS is there, too: verifiers come by it.
	assert_eq!(request(worker.daemon.public, "GET", "/healthz", "", b"").await.0, 200);

	let old = dir.join("old.pem");
	std::fs::copy(dir.join("cert.pem"), &old).expect("copied");
	certificate(&dir);
	within("the new certificate", async {
		while over_tls(to, &dir.join("cert.pem")).await.is_err() {
			tokio::time::sleep(std::time::Duration::from_millis(200)).await;
		}
	})
	.await;
	assert!(over_tls(to, &old).await.is_err(), "the old certificate is still there");
	// A key that is not the certificate's: what was there stays.
	let tls =
		dtel_worker::http::Tls::load(dir.join("cert.pem"), dir.join("key.pem")).expect("loads");
	std::fs::copy(&old, dir.join("cert.pem")).expect("copied");
	assert!(tls.reload().is_err());
	worker.daemon.stop().await;
}
