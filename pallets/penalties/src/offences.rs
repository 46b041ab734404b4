//! Offences: the sole writer of [`Offences`] (but for their removal), and the only place from which
//! stake is taken.

use crate::{
	types::{Record, Sentence},
	Config, Event, History, Offences, Pallet, LOG_TARGET,
};
use alloc::vec::Vec;
use dtel_primitives::{EraIndex, NodeId};
use dtel_traits::{Offence, OffenceKind, StakeLedger};
use frame_support::pallet_prelude::*;
use sp_runtime::{traits::Zero, SaturatedConversion};

impl<T: Config> Pallet<T> {
	/// The running era.
	pub(crate) fn current_era() -> EraIndex {
		T::Clock::get().era_of(frame_system::Pallet::<T>::block_number().saturated_into())
	}

	/// Takes a report: records it, jails the node and executes the penalty.
	///
	/// The same offence is taken once, as long as its era is not closed; of a closed or a future era
	/// none is taken, so that nothing can be punished twice after its record is gone.
	pub(crate) fn do_report(offence: Offence<T::AccountId>) {
		let Offence { kind, era, node, owner } = offence;
		if Offences::<T>::contains_key((era, node, kind)) {
			return;
		}
		if era < History::<T>::get().oldest || era > Self::current_era() {
			log::error!(target: LOG_TARGET, "{kind:?} of node {node} in era {era}: out of history");
			return;
		}
		let terms = T::Policy::get().terms(kind);
		let mut record = Record { owner, fraction: terms.slash, slashed: 0 };
		Self::deposit_event(Event::OffenceReported {
			kind,
			era,
			node,
			owner: record.owner.clone(),
		});
		Self::imprison(node, Sentence::for_offence(era, terms.jail_eras));
		Self::execute(kind, era, node, &mut record);
		Offences::<T>::insert((era, node, kind), record);
	}

	/// Takes the stake that an offence costs and writes into its record how much it was. Whoever
	/// defers penalties calls this when one is due.
	fn execute(kind: OffenceKind, era: EraIndex, node: NodeId, record: &mut Record<T::AccountId>) {
		let fraction = record.fraction;
		if fraction.parts().is_zero() {
			return;
		}
		let amount = T::Stake::slash(&record.owner, fraction, era);
		record.slashed = amount;
		let owner = record.owner.clone();
		Self::deposit_event(Event::Slashed { kind, era, node, owner, fraction, amount });
	}

	/// What a node did in an era.
	pub(crate) fn records(era: EraIndex, node: NodeId) -> Vec<(OffenceKind, Record<T::AccountId>)> {
		if era < History::<T>::get().oldest {
			return Vec::new();
		}
		let mut records: Vec<_> = Offences::<T>::iter_prefix((era, node)).collect();
		records.sort_by_key(|(kind, _)| kind.encode());
		records
	}
}
