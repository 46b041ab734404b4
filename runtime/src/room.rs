//! Room in a block that nobody can pay for.

use crate::{
	configs::system::BlockWeights, Runtime, RuntimeCall, RuntimeOrigin, System, TechnicalCommittee,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo},
	ensure,
	pallet_prelude::TransactionSource,
	traits::OriginTrait,
	weights::{RuntimeDbWeight, Weight},
};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{TransactionExtension, ValidateResult},
	transaction_validity::{InvalidTransaction, TransactionValidityError},
	Perbill,
};

/// Up to how much of a block operational calls may fill it for one of the technical committee to be taken.
const MOTIONS: Perbill = Perbill::from_percent(10);

/// Whether it is what members of the technical committee do, all of which is operational.
fn is_of_committee(call: &RuntimeCall) -> bool {
	use pallet_collective::Call;
	matches!(
		call,
		RuntimeCall::TechnicalCommittee(
			Call::propose { .. } | Call::vote { .. } | Call::close { .. }
		)
	)
}

/// Keeps the operational class for what the runtime authorises: refuses whatever is signed and of that class.
///
/// Every block has room for commitments and reveals that other transactions do not get, because those are
/// operational and the others normal. A call has its class whoever sends it, and Utility, Proxy and Multisig pass on
/// the class of what they wrap: without this, anybody could sign a commitment, pay the fee of a dispatch that fails,
/// and so fill that room. Every other operational call is Root's, which signs nothing, or the technical committee's: of those
/// a member's proposal, vote and closing are let through while operational calls fill less than a tenth of the block, so that no
/// member can fill it either. They sign themselves; through a proxy such a call is refused.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct KeepRoom;

impl TransactionExtension<RuntimeCall> for KeepRoom {
	const IDENTIFIER: &'static str = "KeepRoom";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	/// The committee's members here; and what the filter of calls reads before the call is dispatched, which no call's weight
	/// has: safe mode, and whether the call is paused.
	fn weight(&self, _: &RuntimeCall) -> Weight {
		<<Runtime as frame_system::Config>::DbWeight as frame_support::traits::Get<
			RuntimeDbWeight,
		>>::get()
		.reads(3)
	}

	fn validate(
		&self,
		origin: RuntimeOrigin,
		call: &RuntimeCall,
		info: &DispatchInfo,
		_: usize,
		_: Self::Implicit,
		_: &impl Encode,
		_: TransactionSource,
	) -> ValidateResult<Self::Val, RuntimeCall> {
		if info.class == DispatchClass::Operational {
			if let Some(who) = origin.as_signer() {
				if !is_of_committee(call) || !TechnicalCommittee::is_member(who) {
					return Err(InvalidTransaction::Call.into());
				}
			}
		}
		Ok((Default::default(), (), origin))
	}

	/// The room that others have taken is known only now.
	fn prepare(
		self,
		_: Self::Val,
		origin: &RuntimeOrigin,
		_: &RuntimeCall,
		info: &DispatchInfo,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		if info.class == DispatchClass::Operational && origin.as_signer().is_some() {
			let class = *System::block_weight().get(DispatchClass::Operational);
			let room = MOTIONS * BlockWeights::get().max_block;
			let fits = class.saturating_add(info.total_weight()).all_lte(room);
			ensure!(fits, InvalidTransaction::ExhaustsResources);
		}
		Ok(())
	}
}
