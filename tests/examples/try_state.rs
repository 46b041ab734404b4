//! Checks every pallet's invariants over the state of a chain that `dtel-run upgrade` wrote to a file.
//!
//! A program of its own, because the checks are compiled with `try-runtime`, which nothing that `dtel-run` is built with
//! may have: a second set of features would compile the SDK twice.
//!
//! The code is that of the ordinary runtime. The rehearsal's build (docs/adr/0002-profiles.md) differs from it in the version and
//! in one rule of pallet Emergency; with `--rehearsed` that rule is checked in its stricter form as well.

use clap::Parser;
use dtel_runtime::{
	emergency::{pallet::QuietUntil, REHEARSED_QUIET_DAYS, REHEARSED_STORAGE_VERSION},
	setup, AllPalletsWithSystem, Emergency, Runtime, System,
};
use frame_support::traits::{
	GetStorageVersion, PalletsInfoAccess, StorageVersion, TryState, TryStateSelect,
};
use sp_core::storage::Storage;
use sp_io::TestExternalities;
use std::{path::PathBuf, process::ExitCode};

/// Checks every pallet's invariants over a state.
#[derive(Parser)]
#[command(name = "try_state")]
struct Args {
	/// A state of before the rehearsal of an upgrade.
	#[arg(long, value_name = "FILE")]
	before: Option<PathBuf>,
	/// A state of after it.
	#[arg(long, value_name = "FILE")]
	rehearsed: Option<PathBuf>,
}

/// What can be wrong.
type Outcome<T> = Result<T, String>;

/// A state as `dtel-run` writes it.
fn parse(text: &str) -> Outcome<Storage> {
	let mut storage = Storage::default();
	for (at, line) in text.lines().enumerate() {
		let bytes = |part: &str| hex::decode(part).map_err(|e| format!("line {}: {e}", at + 1));
		let (key, value) =
			line.split_once(' ').ok_or_else(|| format!("line {}: no value", at + 1))?;
		storage.top.insert(bytes(key)?, bytes(value)?);
	}
	if storage.top.is_empty() {
		return Err("the state is empty".into());
	}
	Ok(storage)
}

/// What every state must keep; the number of its block.
fn check(storage: Storage, rehearsed: bool) -> Outcome<u32> {
	TestExternalities::new(storage).execute_with(|| {
		let now = System::block_number();
		// One by one: of all at once only the log says what is wrong.
		for pallet in AllPalletsWithSystem::infos() {
			let only = TryStateSelect::Only(vec![pallet.name.as_bytes().to_vec()]);
			<AllPalletsWithSystem as TryState<u32>>::try_state(now, only)
				.map_err(|error| format!("in block {now}: {}: {error:?}", pallet.name))?;
		}
		let version = Emergency::on_chain_storage_version();
		let wanted = match rehearsed {
			true => REHEARSED_STORAGE_VERSION,
			false => StorageVersion::new(1),
		};
		if version != wanted {
			return Err(format!("pallet Emergency has version {version:?}, not {wanted:?}"));
		}
		let latest = now.saturating_add(setup::days(REHEARSED_QUIET_DAYS));
		match QuietUntil::<Runtime>::get() {
			Some(until) if rehearsed && until > latest => {
				Err(format!("in block {now}: the quiet time ends in {until}, after {latest}"))
			}
			_ => Ok(now),
		}
	})
}

fn checked(file: &PathBuf, rehearsed: bool) -> Outcome<()> {
	let told = |error: String| format!("{}: {error}", file.display());
	let text = std::fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
	let storage = parse(&text).map_err(told)?;
	let keys = storage.top.len();
	let now = check(storage, rehearsed).map_err(told)?;
	println!("try_state holds in block {now}, {keys} keys");
	Ok(())
}

fn main() -> ExitCode {
	let args = Args::parse();
	let before = args.before.iter().map(|file| (file, false));
	let states: Vec<_> = before.chain(args.rehearsed.iter().map(|file| (file, true))).collect();
	let outcome = match states.is_empty() {
		true => Err("nothing to check: give --before or --rehearsed".into()),
		false => states.iter().try_for_each(|(file, rehearsed)| checked(file, *rehearsed)),
	};
	match outcome {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use dtel_runtime::{genesis_presets::get_preset, RuntimeGenesisConfig};
	use serde_json::Value;
	use sp_runtime::BuildStorage;

	fn merge(base: &mut Value, patch: Value) {
		match (base, patch) {
			(Value::Object(base), Value::Object(patch)) => {
				for (key, value) in patch {
					merge(base.entry(key).or_insert(Value::Null), value);
				}
			}
			(base, patch) => *base = patch,
		}
	}

	/// The state of a development chain at genesis, as the file that `dtel-run` writes of it.
	fn genesis() -> String {
		let preset = get_preset(&"development".into()).expect("the preset exists");
		let mut whole = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialises");
		merge(&mut whole, serde_json::from_slice(&preset).expect("valid JSON"));
		let config: RuntimeGenesisConfig = serde_json::from_value(whole).expect("complete");
		let top = config.build_storage().expect("builds").top;
		let line = |(key, value): (&Vec<u8>, &Vec<u8>)| {
			format!("{} {}\n", hex::encode(key), hex::encode(value))
		};
		top.iter().map(line).collect()
	}

	fn at(key: Vec<u8>, value: impl codec::Encode) -> String {
		format!("{} {}\n", hex::encode(key), hex::encode(value.encode()))
	}

	#[test]
	fn a_sound_state_passes() {
		assert_eq!(check(parse(&genesis()).unwrap(), false), Ok(0));
	}

	#[test]
	fn a_corrupt_state_is_caught() {
		let key = QuietUntil::<Runtime>::hashed_key().to_vec();
		let corrupt = genesis() + &at(key, u32::MAX);
		let error = check(parse(&corrupt).unwrap(), false).unwrap_err();
		assert!(error.contains("quiet time is too long"), "{error}");
	}

	#[test]
	fn what_was_not_migrated_is_caught() {
		let error = check(parse(&genesis()).unwrap(), true).unwrap_err();
		assert!(error.contains("pallet Emergency has version"), "{error}");
		let version = StorageVersion::storage_key::<Emergency>().to_vec();
		let upgraded = genesis() + &at(version, REHEARSED_STORAGE_VERSION);
		assert_eq!(check(parse(&upgraded).unwrap(), true), Ok(0));
		// Four days of 24 blocks: allowed by seven days, not by three.
		let key = QuietUntil::<Runtime>::hashed_key().to_vec();
		let error = check(parse(&(upgraded + &at(key, 96u32))).unwrap(), true).unwrap_err();
		assert!(error.contains("the quiet time ends in 96"), "{error}");
	}

	#[test]
	fn files_that_are_no_state_are_refused() {
		assert!(parse("").is_err());
		assert!(parse("00").is_err());
		assert!(parse("zz 00").is_err());
	}
}
