//! How many tokens can vote.

use crate::{
	configs::{fees::Treasury, quality::RewardsId},
	AccountId, Balance, Balances, Staking,
};
use frame_support::traits::{fungible::Inspect, Get};
use sp_runtime::traits::AccountIdConversion;

/// All tokens but those of the treasury, of the reward reserve and of the stakers' pot: they are nobody's, and cannot vote.
///
/// Support is a share of this. Were it one of all that was ever issued, the reserve and the treasury, which hold most of it in
/// the first years, would vote against everything. Every token can only leave those accounts by a rule of the runtime, and who
/// sends tokens there gives them away, so nobody gains by moving this number.
pub struct Turnout;

impl Turnout {
	/// The accounts whose tokens cannot vote.
	pub fn silent() -> [AccountId; 3] {
		[Treasury::get(), RewardsId::get().into_account_truncating(), Staking::pot()]
	}
}

impl Get<Balance> for Turnout {
	fn get() -> Balance {
		let issued = <Balances as Inspect<AccountId>>::total_issuance();
		let silent = Self::silent()
			.iter()
			.map(<Balances as Inspect<AccountId>>::total_balance)
			.fold(0, Balance::saturating_add);
		// Never nothing: support is a quotient.
		issued.saturating_sub(silent).max(1)
	}
}
