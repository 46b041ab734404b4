//! The `media` key: an Ed25519 seed in a file that only its owner can read.
//!
//! The file holds the 32 bytes of the seed as 64 hexadecimal digits and a line end. It is created with mode
//! `0600` and refused when group or others can read it.

use anyhow::{bail, ensure, Context, Result};
use ed25519_dalek::SigningKey;
use std::{
	fs,
	io::{Read, Write},
	os::unix::fs::{OpenOptionsExt, PermissionsExt},
	path::Path,
};

/// Makes a new key and writes it to `path`, which must not exist.
pub fn generate(path: &Path) -> Result<SigningKey> {
	let mut seed = [0u8; 32];
	random(&mut seed)?;
	write(path, &seed)?;
	Ok(SigningKey::from_bytes(&seed))
}

/// Makes a new key that is kept nowhere.
pub fn ephemeral() -> Result<SigningKey> {
	let mut seed = [0u8; 32];
	random(&mut seed)?;
	Ok(SigningKey::from_bytes(&seed))
}

/// Writes a seed to a new file of mode `0600`.
pub fn write(path: &Path, seed: &[u8; 32]) -> Result<()> {
	if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
		fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
	}
	let mut file = fs::OpenOptions::new()
		.write(true)
		.create_new(true)
		.mode(0o600)
		.open(path)
		.with_context(|| format!("cannot create key file {}", path.display()))?;
	writeln!(file, "{}", hex::encode(seed))?;
	file.sync_all()?;
	Ok(())
}

/// Reads the key of a file.
pub fn load(path: &Path) -> Result<SigningKey> {
	let context = || format!("media key {}", path.display());
	let file = fs::File::open(path).with_context(context)?;
	let mode = file.metadata().with_context(context)?.permissions().mode() & 0o777;
	if mode & 0o077 != 0 {
		bail!("media key {} has mode {mode:o}; make it 600", path.display());
	}
	let mut text = String::new();
	file.take(1024).read_to_string(&mut text).with_context(context)?;
	parse_seed(&text).with_context(context)
}

/// Parses a seed of 64 hexadecimal digits, with or without `0x`.
pub fn parse_seed(text: &str) -> Result<SigningKey> {
	let text = text.trim();
	let digits = text.strip_prefix("0x").unwrap_or(text);
	ensure!(digits.len() == 64, "a seed is 64 hexadecimal digits, this has {}", digits.len());
	let mut seed = [0u8; 32];
	hex::decode_to_slice(digits, &mut seed).context("a seed is 64 hexadecimal digits")?;
	Ok(SigningKey::from_bytes(&seed))
}

/// Fills `bytes` from the operating system's generator.
pub fn random(bytes: &mut [u8]) -> Result<()> {
	use ed25519_dalek::ed25519::signature::rand_core::{OsRng, RngCore};
	OsRng.try_fill_bytes(bytes).context("the system's random generator failed")
}

/// A short random name: `prefix` and twelve letters and digits.
pub fn random_id(prefix: &str) -> Result<String> {
	const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
	let mut bytes = [0u8; 12];
	random(&mut bytes)?;
	let letters = bytes.iter().filter_map(|b| ALPHABET.get(usize::from(b & 31)));
	Ok(prefix.chars().chain(letters.map(|b| char::from(*b))).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn dir(name: &str) -> std::path::PathBuf {
		let dir = std::env::temp_dir().join(random_id(name).expect("random"));
		fs::create_dir_all(&dir).expect("directory");
		dir
	}

	#[test]
	fn key_is_read_back() {
		let path = dir("dtel-keys-").join("sub/media.key");
		let key = generate(&path).expect("generated");
		assert_eq!(load(&path).expect("loaded").to_bytes(), key.to_bytes());
		assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
		assert!(generate(&path).is_err(), "an existing key is never overwritten");
	}

	#[test]
	fn readable_or_malformed_keys_are_refused() {
		let path = dir("dtel-keys-").join("media.key");
		write(&path, &[1; 32]).expect("written");
		fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
		assert!(load(&path).expect_err("too open").to_string().contains("600"));
		for text in ["", "00", "zz".repeat(32).as_str(), "00".repeat(33).as_str()] {
			assert!(parse_seed(text).is_err(), "{text}");
		}
		assert!(parse_seed(&format!("0x{}\n", "07".repeat(32))).is_ok());
	}
}
