//! The program itself: commands, exit codes, signals.

#![allow(missing_docs)]

mod common;

use common::http;
use dtel_worker::{keys::random_id, token::DevKeys};
use std::{
	net::{SocketAddr, TcpListener},
	path::PathBuf,
	process::{Child, Command, Output, Stdio},
	time::{Duration, Instant},
};

fn program() -> Command {
	let mut command = Command::new(env!("CARGO_BIN_EXE_dtel-worker"));
	command.env_remove("RUST_LOG");
	command
}

fn run(args: &[&str]) -> Output {
	program().args(args).output().expect("runs")
}

fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

fn dir() -> PathBuf {
	let dir = std::env::temp_dir().join(random_id("dtel-process-").expect("random"));
	std::fs::create_dir_all(&dir).expect("directory");
	dir
}

/// Ports that were free a moment ago.
fn free_ports() -> [SocketAddr; 3] {
	let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("binds"));
	listeners.map(|l| l.local_addr().expect("bound"))
}

#[test]
fn keys_are_made_and_shown() {
	let file = dir().join("media.key");
	let file = file.to_str().expect("a path");
	let seed = "07".repeat(32);
	let made = run(&["key", "generate", file, "--seed", &seed]);
	assert!(made.status.success(), "{}", text(&made.stderr));
	let shown = run(&["key", "show", file]);
	assert_eq!(text(&shown.stdout), text(&made.stdout));
	assert!(text(&shown.stdout).contains("GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB"));
	assert!(!text(&shown.stdout).contains(&seed), "the seed stays secret");
	assert!(!run(&["key", "generate", file]).status.success(), "a key is never overwritten");
}

#[test]
fn configuration_is_checked() {
	let file = dir().join("worker.toml");
	std::fs::write(&file, "private-listen = \"0.0.0.0:7881\"\n").expect("written");
	let file = file.to_str().expect("a path");
	for args in
		[&["check-config", "--config", file][..], &["run", "--config", file], &["--config", file]]
	{
		let refused = run(args);
		assert!(!refused.status.success());
		assert!(text(&refused.stderr).contains("loopback"), "{}", text(&refused.stderr));
	}
	// A flag wins over the file, and over the environment.
	let flag = ["check-config", "--config", file, "--private-listen", "127.0.0.1:9001"];
	let accepted = program()
		.args(flag)
		.env("DTEL_WORKER_PRIVATE_LISTEN", "127.0.0.1:9002")
		.env("DTEL_WORKER_PUBLIC_LISTEN", "127.0.0.1:9003")
		.output()
		.expect("runs");
	let shown = text(&accepted.stdout);
	assert!(accepted.status.success(), "{}", text(&accepted.stderr));
	assert!(shown.contains("127.0.0.1:9001") && shown.contains("127.0.0.1:9003"), "{shown}");
	assert!(!shown.contains("9002"), "{shown}");
	let missing = run(&["run", "--data-dir", "/nonexistent/dtel"]);
	assert!(text(&missing.stderr).contains("media key"), "{}", text(&missing.stderr));
}

#[tokio::test]
async fn it_runs_without_a_chain_and_ends_on_a_signal() {
	let dir = dir();
	let key = dir.join("media.key");
	assert!(run(&["key", "generate", key.to_str().expect("a path")]).status.success());
	let [public, private, media] = free_ports();
	let mut child = program()
		.arg("run")
		.arg("--data-dir")
		.arg(&dir)
		.args(["--chain-url", "ws://127.0.0.1:1"])
		.args(["--public-listen", &public.to_string()])
		.args(["--private-listen", &private.to_string()])
		.args(["--media-listen", &media.to_string()])
		.stderr(Stdio::null())
		.spawn()
		.expect("starts");
	listens(&mut child, private).await;
	let (status, health) = http(private, "GET /healthz").await;
	assert_eq!(status, 200);
	let health: serde_json::Value = serde_json::from_str(&health).expect("JSON");
	assert_eq!(health["chain"]["connected"], false);
	assert_eq!(http(public, "GET /healthz").await.0, 200);
	let (status, _) = http(private, "GET /v1/report/0").await;
	assert_eq!(status, 404);
	let token = common::token("r", "a");
	let (status, _) = http(public, &format!("GET /rtc/validate?access_token={token}")).await;
	assert_eq!(status, 503, "no token can be checked without the chain");

	ends(&mut child).await;
}

/// Waits until a daemon listens.
async fn listens(child: &mut Child, private: SocketAddr) {
	let deadline = Instant::now() + Duration::from_secs(20);
	while tokio::net::TcpStream::connect(private).await.is_err() {
		assert!(Instant::now() < deadline, "it does not listen");
		assert!(child.try_wait().expect("waits").is_none(), "it ended");
		tokio::time::sleep(Duration::from_millis(20)).await;
	}
}

/// Ends a daemon as an operator would.
async fn ends(child: &mut Child) {
	let pid = child.id().to_string();
	assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
	let deadline = Instant::now() + Duration::from_secs(10);
	let ended = loop {
		if let Some(status) = child.try_wait().expect("waits") {
			break status;
		}
		assert!(Instant::now() < deadline, "it does not end");
		tokio::time::sleep(Duration::from_millis(20)).await;
	};
	assert!(ended.success(), "{ended}");
}

#[tokio::test]
async fn a_development_key_is_all_it_needs() {
	let dir = dir();
	let [public, private, media] = free_ports();
	let at = [public, private, media].map(|address| address.to_string());
	let arguments = [
		["--data-dir", dir.to_str().expect("a path")],
		["--chain-url", ""],
		["--public-listen", &at[0]],
		["--private-listen", &at[1]],
		["--media-listen", &at[2]],
	]
	.concat();
	let refused = program().arg("run").args(&arguments).output().expect("runs");
	assert!(text(&refused.stderr).contains("development keys"), "{}", text(&refused.stderr));

	let mut child = program()
		.arg("run")
		.args(&arguments)
		.args(["--dev-key", "devkey:secret"])
		.stderr(Stdio::null())
		.spawn()
		.expect("starts");
	listens(&mut child, private).await;
	assert!(!dir.join("media.key").exists(), "a key for this run alone is not written");
	let token = |secret| {
		let keys = DevKeys::new([("devkey", secret)]).expect("a key");
		let video = serde_json::json!({ "roomJoin": true, "room": "r" });
		let claims = serde_json::json!({
			"iss": "devkey", "sub": "a", "exp": common::unix() + 60, "video": video,
		});
		keys.mint("devkey", &claims).expect("a key")
	};
	// A key of the chain is unknown where there is none.
	for (token, expected) in
		[(token("secret"), 200), (token("guess"), 401), (common::token("r", "a"), 401)]
	{
		let request = format!("GET /rtc/validate?access_token={token}");
		assert_eq!(http(public, &request).await.0, expected);
	}
	assert_eq!(http(private, "GET /v1/report/0").await.0, 404);
	ends(&mut child).await;
}
