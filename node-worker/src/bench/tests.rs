//! What is refused before anything starts.

use super::*;
use clap::Parser;

#[derive(Debug, Parser)]
struct Line {
	#[command(flatten)]
	args: BenchArgs,
}

fn check(line: &str) -> Result<(), String> {
	let args = Line::parse_from(std::iter::once("bench").chain(line.split_whitespace())).args;
	args.check().map_err(|e| e.to_string())
}

#[test]
fn flags_are_bounded() {
	assert_eq!(check("--pairs 1 --room 2"), Ok(()));
	for (line, word) in [
		("--pairs 401", "--pairs"),
		("--room 1", "--room"),
		("--room 101", "--room"),
		("--seconds 0", "--seconds"),
		("--bitrate 5", "--bitrate"),
		("--pairs 0 --room 0", "nothing"),
		("--saturate --payload 2000", "--payload"),
	] {
		let refused = check(line).unwrap_err();
		assert!(refused.contains(word), "{line}: {refused}");
	}
}

#[test]
fn bitrate_gives_the_size_of_packets() {
	let args = Line::parse_from(["bench", "--bitrate", "64"]).args;
	assert_eq!(args.audio_bytes(), Some(160));
}
