//! What penalties say about pay: the sole writer of [`Disputed`].

use crate::{offences::PenaltyOf, types::State, Config, Disputed, Pallet, Quarrel};
use dtel_primitives::EraIndex;
use dtel_traits::{Dispute, Disputes, Payroll};

impl<T: Config> Pallet<T> {
	/// What a penalty counts as, if it is for what costs pay: as long as it is open the pay of its era waits, when it was
	/// executed that is lost. Nobody's pay waits for a penalty that cannot take it.
	pub(crate) fn quarrel_of(penalty: &PenaltyOf<T>) -> Quarrel {
		let matters = penalty.kind().forfeits_pay();
		let lost = matters && matches!(penalty.state, State::Executed { .. });
		Quarrel { open: (matters && penalty.is_open()).into(), lost: lost.into() }
	}

	/// A penalty of an operator for what was done in an era counts as something else than before.
	pub(crate) fn recount(owner: &T::AccountId, era: EraIndex, before: Quarrel, after: Quarrel) {
		if before == after {
			return;
		}
		Disputed::<T>::mutate_exists(owner, era, |known| {
			let count = known.unwrap_or_default().less(before).plus(after);
			*known = (count != Quarrel::default()).then_some(count);
		});
		if after.lost > before.lost {
			T::Payroll::forfeit(owner, era);
		}
	}
}

impl<T: Config> Disputes<T::AccountId> for Pallet<T> {
	fn state(owner: &T::AccountId, era: EraIndex) -> Dispute {
		match Disputed::<T>::get(owner, era) {
			Some(Quarrel { open, .. }) if open > 0 => Dispute::Open,
			Some(Quarrel { lost, .. }) if lost > 0 => Dispute::Lost,
			_ => Dispute::None,
		}
	}
}
