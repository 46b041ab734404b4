//! `dtel validate …` and `dtel validators`

use super::Session;
use crate::{calls, keys, table::table, Dtel};
use anyhow::{Context, Result};
use clap::Subcommand;
use dtel_primitives::{
	validator::{Standing, ValidatorView},
	AccountId,
};

#[derive(Subcommand, Debug)]
pub enum Validate {
	/// Register session keys. `author_rotateKeysWithOwner` of your own node, with your account, makes both arguments.
	Keys {
		/// The public keys as `0x` and hex: BABE's, then GRANDPA's.
		#[arg(value_parser = session_keys)]
		keys: [u8; 64],
		/// The proof that they are yours: a signature over your account with each of them.
		#[arg(value_parser = hex)]
		proof: Bytes,
	},
	/// Ask to be chosen, by the stake that you and your delegators have in your pool. When all places are taken, whoever has least
	/// loses its own, if that is less than yours.
	Start,
	/// Ask no more. Go on validating until you are in no set any more.
	Stop,
	/// Remove a candidate that cannot be chosen; anybody may.
	Remove {
		/// The candidate.
		#[arg(value_parser = keys::account)]
		candidate: AccountId,
	},
	/// Be released when your term in jail as a validator is over.
	Unjail,
}

/// Bytes of an argument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bytes(Vec<u8>);

fn hex(text: &str) -> Result<Bytes> {
	let digits = text.strip_prefix("0x").context("0x and hexadecimal digits")?;
	Ok(Bytes(::hex::decode(digits).context("not hexadecimal")?))
}

fn session_keys(text: &str) -> Result<[u8; 64]> {
	hex(text)?.0.try_into().ok().context("two keys of 32 bytes each")
}

impl Validate {
	pub(super) async fn run(self, session: &Session) -> Result<()> {
		match self {
			Self::Keys { keys, proof } => {
				let (mut babe, mut grandpa) = ([0; 32], [0; 32]);
				babe.copy_from_slice(&keys[..32]);
				grandpa.copy_from_slice(&keys[32..]);
				let call = calls::set_keys(babe, grandpa, &proof.0);
				session.send(call, ("Balances", "Held"), "the keys are registered".into()).await
			}
			Self::Start => {
				let words = "you are a candidate".into();
				session.send(calls::validate(), ("Validators", "CandidateAdded"), words).await
			}
			Self::Stop => {
				let words = "you are no candidate any more".into();
				session.send(calls::resign(), ("Validators", "CandidateResigned"), words).await
			}
			Self::Remove { candidate } => {
				let words = format!("{candidate} is no candidate any more");
				let call = calls::remove_candidate(&candidate);
				session.send(call, ("Validators", "CandidateRemoved"), words).await
			}
			Self::Unjail => {
				let words = "you are free".into();
				session.send(calls::unjail_validator(), ("Penalties", "Unjailed"), words).await
			}
		}
	}
}

pub(super) async fn list(session: &Session) -> Result<()> {
	let view = session.chain.validators(None).await?;
	session.print(&view, || {
		let rows = table(
			["validator", "stake DTEL", "asked", "validates", "next session", "remarks"],
			view.validators.iter().map(row),
		);
		let by = if view.elected { "chosen by stake" } else { "those of genesis" };
		format!(
			"{rows}\nvalidators are {by}; at most {}, at least {} for a new set, each with {} DTEL",
			view.wanted,
			view.minimum,
			Dtel(view.floor)
		)
	})
}

fn row(one: &ValidatorView<AccountId>) -> [String; 6] {
	let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
	[
		one.who.to_string(),
		format!("{:#}", Dtel(one.stake)),
		yes(one.candidate),
		yes(one.seated),
		yes(one.next),
		remarks(one),
	]
}

fn remarks(one: &ValidatorView<AccountId>) -> String {
	let standing = match one.standing {
		Standing::Eligible => None,
		Standing::NoKeys => Some("no session keys"),
		Standing::Jailed => Some("jailed"),
		Standing::BelowFloor => Some("too little stake"),
	};
	let all = [
		standing,
		one.founder.then_some("of genesis"),
		one.disabled.then_some("disabled"),
		one.struck.then_some("slashed or jailed: not in the next set"),
	];
	all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
	use super::*;

	fn one(who: u8, stake: u128, standing: Standing) -> ValidatorView<AccountId> {
		ValidatorView {
			who: [who; 32].into(),
			stake,
			candidate: true,
			founder: false,
			standing,
			struck: false,
			seated: false,
			next: false,
			disabled: false,
		}
	}

	#[test]
	fn a_line_says_why_somebody_does_not_validate() {
		let mut view = one(1, 0, Standing::BelowFloor);
		view.founder = true;
		assert_eq!(remarks(&view), "too little stake, of genesis");
		assert_eq!(remarks(&one(1, 0, Standing::Eligible)), "");
		assert_eq!(row(&view)[2..5], ["yes", "no", "no"]);
	}

	#[test]
	fn session_keys_are_two_keys() {
		let text = format!("0x{}", "ab".repeat(64));
		assert_eq!(session_keys(&text).unwrap(), [0xab; 64]);
		assert!(session_keys("0xab").is_err() && session_keys(&text[2..]).is_err());
		assert_eq!(hex("0x0102").unwrap(), Bytes(vec![1, 2]));
		assert!(hex("0x1").is_err());
	}
}
