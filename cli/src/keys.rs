//! Keys in the notations that people use: secret URIs, hex, SS58 and base58.

use anyhow::{bail, Context, Result};
use dtel_primitives::AccountId;
use std::str::FromStr;
use subxt_signer::{sr25519::Keypair, SecretUri};

/// The key pair of a secret URI: `//Alice`, a phrase with a path, or a hex seed.
pub fn signer(suri: &str) -> Result<Keypair> {
	let uri = SecretUri::from_str(suri).context("not a secret URI")?;
	Keypair::from_uri(&uri).context("not a secret URI of an sr25519 key")
}

/// The account of a key pair.
pub fn account_of(signer: &Keypair) -> AccountId {
	AccountId::new(signer.public_key().0)
}

/// 32 bytes of a public key: `0x` and hex, bare base58 (as the access tokens write it), or SS58.
pub fn public_key(text: &str) -> Result<[u8; 32]> {
	let text = text.trim();
	if let Some(digits) = text.strip_prefix("0x") {
		let bytes = hex::decode(digits).context("not hexadecimal")?;
		return bytes.try_into().ok().context("a public key has 32 bytes");
	}
	if let Ok(account) = subxt::utils::AccountId32::from_str(text) {
		return Ok(account.0);
	}
	match bs58::decode(text).into_vec() {
		Ok(bytes) if bytes.len() == 32 => {
			bytes.try_into().ok().context("a public key has 32 bytes")
		}
		_ => bail!("{text:?} is no public key: neither 0x-hex nor SS58 nor base58 of 32 bytes"),
	}
}

/// An account: SS58, `0x` and hex, or a development secret URI such as `//Alice`.
pub fn account(text: &str) -> Result<AccountId> {
	if text.starts_with("//") {
		return Ok(account_of(&signer(text)?));
	}
	Ok(AccountId::new(public_key(text)?))
}

#[cfg(test)]
mod tests {
	use super::*;

	const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
	const ALICE_SS58: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

	#[test]
	fn one_account_has_many_notations() {
		let alice = account("//Alice").unwrap();
		assert_eq!(account(ALICE_HEX).unwrap(), alice);
		assert_eq!(account(ALICE_SS58).unwrap(), alice);
		let base58 = bs58::encode(<[u8; 32]>::from(alice.clone())).into_string();
		assert_eq!(public_key(&base58).unwrap(), <[u8; 32]>::from(alice));
	}

	#[test]
	fn other_texts_are_refused() {
		for text in
			["", "0x", "0x12", "0xzz", "alice", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"]
		{
			assert!(public_key(text).is_err(), "{text:?}");
		}
	}
}
