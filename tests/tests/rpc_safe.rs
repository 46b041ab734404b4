//! A real node with `--rpc-methods safe`: nobody reads or writes its off-chain storage or its keys by RPC.
//!
//! Needs `dtel-node` beside `dtel-run`, as `scripts/test.sh` builds it.

use codec::Encode;
use dtel_primitives::{Header, WORKER_URLS_KEY};
use serde_json::{json, Value};
use std::{
	io::{Read, Write},
	net::{Ipv4Addr, TcpListener, TcpStream},
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	time::{Duration, Instant},
};

const READY: Duration = Duration::from_secs(90);
const DAEMON: &str = "http://127.0.0.1:9";
/// What the server says of a method that only its operator may call.
const UNSAFE: (i64, &str) = (-32601, "RPC call is unsafe to be called externally");

/// A node that ends with the test.
struct Node {
	process: Child,
	port: u16,
}

impl Drop for Node {
	fn drop(&mut self) {
		let _ = self.process.kill();
		let _ = self.process.wait();
	}
}

/// Removed with the test.
struct Dir(PathBuf);

impl Drop for Dir {
	fn drop(&mut self) {
		let _ = std::fs::remove_dir_all(&self.0);
	}
}

impl Node {
	fn start(base: &Path, rpc_methods: &str) -> Self {
		let program = Path::new(env!("CARGO_BIN_EXE_dtel-run")).with_file_name("dtel-node");
		assert!(program.is_file(), "build it: {} is missing", program.display());
		let free = || {
			let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
			listener.local_addr().expect("bound").port()
		};
		let port = free();
		let process = Command::new(program)
			.args(["--dev", "--no-telemetry", "--no-prometheus", "--no-mdns"])
			.args(["--rpc-methods", rpc_methods, "--worker-url", DAEMON])
			.args(["--rpc-port", &port.to_string()])
			.args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{}", free())])
			.arg("--base-path")
			.arg(base)
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(Stdio::null())
			.spawn()
			.expect("starts");
		let mut node = Self { process, port };
		let deadline = Instant::now() + READY;
		while node.ask("system_health", json!([])).is_none() {
			assert!(Instant::now() < deadline, "the node is not ready");
			assert!(node.process.try_wait().expect("known").is_none(), "the node has ended");
			std::thread::sleep(Duration::from_millis(200));
		}
		node
	}

	fn ask(&self, method: &str, params: Value) -> Option<Value> {
		let body =
			json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
		let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
		stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
		let head = format!(
			"POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
			self.port,
			body.len()
		);
		stream.write_all(head.as_bytes()).ok()?;
		stream.write_all(body.as_bytes()).ok()?;
		let mut answer = Vec::new();
		stream.read_to_end(&mut answer).ok()?;
		let text = String::from_utf8(answer).ok()?;
		let (_, body) = text.split_once("\r\n\r\n")?;
		serde_json::from_str(body).ok()
	}

	fn answer(&self, method: &str, params: Value) -> Value {
		self.ask(method, params).unwrap_or_else(|| panic!("{method} got no answer"))
	}
}

/// The keys on disk.
fn keys(base: &Path) -> Vec<PathBuf> {
	let mut found = Vec::new();
	for chain in std::fs::read_dir(base.join("chains")).expect("a chain").flatten() {
		let keystore = std::fs::read_dir(chain.path().join("keystore"));
		found.extend(keystore.into_iter().flatten().flatten().map(|entry| entry.path()));
	}
	found.sort();
	found
}

fn hex(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}

#[test]
fn keys_and_off_chain_storage_are_out_of_reach_under_safe_methods() {
	let base = Dir(std::env::temp_dir().join(format!("dtel-rpc-safe-{}", std::process::id())));
	let node = Node::start(&base.0, "safe");
	let before = keys(&base.0);
	let (urls, ours) = (hex(WORKER_URLS_KEY), hex(b"dtel::attestation/anything"));
	let key = hex(&[7; 32]);
	let calls = [
		("offchain_localStorageGet", json!(["PERSISTENT", urls])),
		("offchain_localStorageGet", json!(["LOCAL", urls])),
		("offchain_localStorageSet", json!(["PERSISTENT", urls, "0x00"])),
		("offchain_localStorageSet", json!(["PERSISTENT", ours, "0x00"])),
		("offchain_localStorageClear", json!(["PERSISTENT", urls])),
		("author_insertKey", json!(["dtlq", "//Mallory", key])),
		("author_rotateKeys", json!([])),
		("author_rotateKeysWithOwner", json!([key])),
		("author_hasKey", json!([key, "dtlq"])),
		("author_hasSessionKeys", json!([hex(&[7; 64])])),
		("author_removeExtrinsic", json!([[{"hash": key}]])),
	];
	for (method, params) in &calls {
		let answer = node.answer(method, params.clone());
		let error = (answer["error"]["code"].as_i64(), answer["error"]["message"].as_str());
		assert_eq!(error, (Some(UNSAFE.0), Some(UNSAFE.1)), "{method}: {answer}");
	}

	// The list names what there is, whoever may call it: nothing else is about keys or that storage.
	let listed = node.answer("rpc_methods", json!([]));
	for method in listed["result"]["methods"].as_array().expect("a list") {
		let method = method.as_str().expect("a name");
		let of_chain = method.starts_with("state_") || method.starts_with("childstate_");
		let secret = method.contains("Key") || method.to_lowercase().contains("offchain");
		if secret && !of_chain {
			assert!(calls.iter().any(|(refused, _)| *refused == method), "{method} was not tried");
		}
	}

	// The runtime's own functions are called without keystore and without storage of this machine.
	let header: Header =
		serde_json::from_value(node.answer("chain_getHeader", json!([]))["result"].clone())
			.expect("a header");
	for (function, input) in [
		("OffchainWorkerApi_offchain_worker", header.encode()),
		("SessionKeys_generate_session_keys", (vec![7u8; 32], None::<Vec<u8>>).encode()),
	] {
		let answer = node.answer("state_call", json!([function, hex(&input)]));
		assert!(answer.get("error").is_some(), "{function}: {answer}");
	}
	assert!(node.answer("author_pendingExtrinsics", json!([]))["result"].is_array(), "still alive");
	assert_eq!(keys(&base.0), before, "no key came or went");
	drop(node);

	// The operator's own methods show that what was refused is there, and has not changed.
	let node = Node::start(&base.0, "unsafe");
	let stored = node.answer("offchain_localStorageGet", json!(["PERSISTENT", urls]));
	assert_eq!(stored["result"], json!(hex(&vec![DAEMON.as_bytes()].encode())));
	let stored = node.answer("offchain_localStorageGet", json!(["PERSISTENT", ours]));
	assert_eq!(stored["result"], Value::Null);
	assert_eq!(node.answer("author_hasKey", json!([key, "dtlq"]))["result"], json!(false));
}
