//! One program for all targets: `DTEL_FUZZ_TARGET` says which one runs.

#![no_main]

#[path = "../../node-worker/src/signal/codec.rs"]
#[allow(dead_code)]
mod codec;
mod daemon;
#[path = "../../node-worker/src/api/form.rs"]
#[allow(dead_code)]
mod form;
mod media;
#[path = "../../media-core/tests/common/raw.rs"]
mod raw;
mod strangers;
#[path = "../../node-worker/src/token/mod.rs"]
#[allow(dead_code, unused_imports)]
mod token;

use std::sync::OnceLock;

type Target = fn(&[u8]);

/// The target, found once.
fn target() -> Target {
	static TARGET: OnceLock<Target> = OnceLock::new();
	*TARGET.get_or_init(|| {
		let name = std::env::var("DTEL_FUZZ_TARGET").unwrap_or_default();
		let all = || media::TARGETS.iter().chain(daemon::TARGETS).chain(strangers::TARGETS);
		let found = all().filter(|t| t.0 == name).map(|t| t.1).collect::<Vec<_>>();
		match found.as_slice() {
			// A name may stand for our part and for a library's: both see the input.
			[one] => *one,
			[_, _] => both,
			_ => {
				let names: Vec<_> = all().map(|t| t.0).collect();
				eprintln!("DTEL_FUZZ_TARGET is {name:?}: it must be one of {names:?}");
				std::process::exit(2);
			}
		}
	})
}

fn both(data: &[u8]) {
	let name = std::env::var("DTEL_FUZZ_TARGET").unwrap_or_default();
	for (known, run) in media::TARGETS.iter().chain(daemon::TARGETS).chain(strangers::TARGETS) {
		if *known == name {
			run(data);
		}
	}
}

/// A panic of the peer connections' library ends one connection in the daemon (`Transport::guard`), and is no finding
/// here: it is said and goes on. Any other panic leaves the target, which ends the run with the input that caused it.
fn say_panics() {
	std::panic::set_hook(Box::new(|info| eprintln!("panic: {info}")));
}

libfuzzer_sys::fuzz_target!(init: say_panics(), |data: &[u8]| target()(data));
