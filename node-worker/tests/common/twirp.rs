//! Requests as the server SDKs make them.

use super::{client_key, unix, within, Worker};
use dtel_worker::token::mint_claims;
use serde_json::{json, Value};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A token for the server API with these video grants.
pub fn api_token(grants: Value) -> String {
	mint_claims(&client_key(), json!({ "nbf": unix(), "exp": unix() + 600, "video": grants }))
}

pub fn bearer(token: &str) -> String {
	format!("authorization: Bearer {token}\r\n")
}

/// Any request over a connection: status, head, body.
pub async fn exchange(
	mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin,
	method: &str,
	path: &str,
	headers: &str,
	body: &[u8],
) -> (u16, String, Vec<u8>) {
	let answer = async {
		let length = body.len();
		let head = format!(
			"{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
		);
		stream.write_all(head.as_bytes()).await.expect("sent");
		// Who refuses a request need not read its body.
		let _ = stream.write_all(body).await;
		let mut answer = Vec::new();
		let _ = stream.read_to_end(&mut answer).await;
		answer
	};
	let answer = within(path, answer).await;
	let split = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
	let head = String::from_utf8_lossy(&answer[..split]).to_ascii_lowercase();
	let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
	(status, head, answer[split + 4..].to_vec())
}

pub async fn request(
	to: SocketAddr,
	method: &str,
	path: &str,
	headers: &str,
	body: &[u8],
) -> (u16, String, Vec<u8>) {
	let stream = tokio::net::TcpStream::connect(to).await.expect("connects");
	exchange(stream, method, path, headers, body).await
}

pub fn path(method: &str) -> String {
	format!("/twirp/livekit.RoomService/{method}")
}

/// A method in JSON, as both SDKs call it: status and answer.
pub async fn call(worker: &Worker, method: &str, token: &str, body: Value) -> (u16, Value) {
	let headers = format!("content-type: application/json;charset=UTF-8\r\n{}", bearer(token));
	let body = body.to_string();
	let to = worker.daemon.public;
	let (status, head, answer) =
		request(to, "POST", &path(method), &headers, body.as_bytes()).await;
	assert!(head.contains("content-type: application/json"), "{head}");
	(status, serde_json::from_slice(&answer).expect("json"))
}

/// A method in protobuf: the answer.
pub async fn call_binary<Q: prost::Message, A: prost::Message + Default>(
	worker: &Worker,
	method: &str,
	token: &str,
	question: &Q,
) -> A {
	let headers = format!("content-type: application/protobuf\r\n{}", bearer(token));
	let body = question.encode_to_vec();
	let to = worker.daemon.public;
	let (status, head, answer) = request(to, "POST", &path(method), &headers, &body).await;
	assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
	assert!(head.contains("content-type: application/protobuf"), "{head}");
	A::decode(answer.as_slice()).expect("protobuf")
}
