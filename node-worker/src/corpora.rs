//! What the fuzzer found worth keeping, replayed: `fuzz/corpora` holds it, `fuzz/src/daemon.rs` what is done with it.

#[path = "../../fuzz/src/daemon.rs"]
mod daemon;

use crate::{api::form, signal::codec, token};
use std::path::Path;

fn replay(name: &str) {
	let known = daemon::TARGETS.iter().find(|t| t.0 == name).expect("a target");
	let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpora").join(name);
	let files: Vec<_> = std::fs::read_dir(&dir).expect("a corpus").collect();
	assert!(files.len() >= 5, "{} has {} files", dir.display(), files.len());
	for file in files {
		(known.1)(&std::fs::read(file.expect("a file").path()).expect("readable"));
	}
}

#[test]
fn signalling_in_protobuf_is_harmless() {
	replay("signal_protobuf");
}

#[test]
fn signalling_in_json_is_harmless() {
	replay("signal_json");
}

#[test]
fn bodies_of_the_server_api_are_harmless() {
	replay("twirp");
}

#[test]
fn tokens_are_harmless() {
	replay("jwt");
}
