//! `dtel-worker bench` on a small scale: everything arrives, and everything is measured. How fast is not asserted.

#![allow(missing_docs)]

use serde_json::Value;
use std::process::Command;

fn bench(args: &[&str]) -> Value {
	let output = Command::new(env!("CARGO_BIN_EXE_dtel-worker"))
		.env_remove("RUST_LOG")
		.args(["bench", "--json"])
		.args(args)
		.output()
		.expect("runs");
	let stderr = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "{stderr}");
	serde_json::from_slice(&output.stdout).expect("json")
}

fn number(value: &Value, path: &str) -> f64 {
	value.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path} of {value:#}"))
}

#[test]
fn all_media_arrives_in_calls_and_in_a_room() {
	let report = bench(&[
		"--pairs",
		"2",
		"--room",
		"4",
		"--videos",
		"1",
		"--seconds",
		"2",
		"--bitrate",
		"64",
	]);
	let loads = report["loads"].as_array().expect("loads");
	assert_eq!(loads.len(), 2);
	for (load, receivers) in loads.iter().zip([1.0, 3.0]) {
		assert_eq!(number(load, "/participants"), 4.0);
		// Four participants with fifty packets a second each, for two seconds or a little more.
		assert!(number(load, "/expected") >= 300.0 * receivers, "{load:#}");
		assert_eq!(load["received"], load["expected"], "{load:#}");
		assert_eq!(number(load, "/loss"), 0.0);
		assert!(number(load, "/video_expected") > 0.0, "{load:#}");
		assert_eq!(number(load, "/video_lost"), 0.0, "{load:#}");
		assert_eq!(load["latency"]["packets"], load["received"], "{load:#}");
		assert!(number(load, "/latency/p99_us") >= number(load, "/latency/p50_us"), "{load:#}");
		assert!(number(load, "/packets_forwarded") > number(load, "/packets_in") / 8.0, "{load:#}");
		assert!(number(load, "/inside/packets") > 0.0, "{load:#}");
		assert!(number(load, "/memory_per_participant") > 0.0, "{load:#}");
		assert_eq!(number(load, "/overflowed"), 0.0, "{load:#}");
		for limit in ["/limits/0", "/limits/1"] {
			assert_eq!(number(load, &format!("{limit}/receivers")), receivers);
			assert!(number(load, &format!("{limit}/packets_per_core")) > 0.0);
		}
		assert!(number(load, "/share") > 0.0, "{load:#}");
	}
}

#[test]
fn search_for_the_most_ends_where_it_was_told_to() {
	let args =
		["--pairs", "0", "--room", "0", "--saturate", "--saturate-room", "3", "--most", "8000"];
	let report = bench(&args);
	let saturation = &report["saturation"];
	assert_eq!(saturation["steps"].as_array().map(Vec::len), Some(1), "{saturation:#}");
	assert!(number(saturation, "/steps/0/packets_forwarded") > 0.0, "{saturation:#}");
	assert!(number(saturation, "/limits/0/packets_per_core") > 0.0, "{saturation:#}");
}

#[test]
fn what_cannot_be_done_is_said() {
	let mut command = Command::new("sh");
	let program = env!("CARGO_BIN_EXE_dtel-worker");
	let limited = format!("ulimit -n 64; exec '{program}' bench --pairs 100");
	let refused = command.args(["-c", &limited]).output().expect("runs");
	let said = String::from_utf8_lossy(&refused.stderr).into_owned();
	assert!(!refused.status.success() && said.contains("ulimit -n"), "{said}");
}
