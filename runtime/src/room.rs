//! Room in a block that nobody can pay for.

use crate::{RuntimeCall, RuntimeOrigin};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	dispatch::{DispatchClass, DispatchInfo},
	pallet_prelude::TransactionSource,
	traits::OriginTrait,
	weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{
	impl_tx_ext_default,
	traits::{TransactionExtension, ValidateResult},
	transaction_validity::InvalidTransaction,
};

/// Keeps the operational class for what the runtime authorises: refuses whatever is signed and of that class.
///
/// Every block has room for commitments and reveals that other transactions do not get, because those are
/// operational and the others normal. A call has its class whoever sends it, and Utility, Proxy and Multisig pass on
/// the class of what they wrap: without this, anybody could sign a commitment, pay the fee of a dispatch that fails,
/// and so fill that room. Every other operational call is Root's, which signs nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct KeepRoom;

impl TransactionExtension<RuntimeCall> for KeepRoom {
	const IDENTIFIER: &'static str = "KeepRoom";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	/// Two comparisons.
	fn weight(&self, _: &RuntimeCall) -> Weight {
		Weight::zero()
	}

	fn validate(
		&self,
		origin: RuntimeOrigin,
		_: &RuntimeCall,
		info: &DispatchInfo,
		_: usize,
		_: Self::Implicit,
		_: &impl Encode,
		_: TransactionSource,
	) -> ValidateResult<Self::Val, RuntimeCall> {
		if info.class == DispatchClass::Operational && origin.as_signer().is_some() {
			return Err(InvalidTransaction::Call.into());
		}
		Ok((Default::default(), (), origin))
	}

	impl_tx_ext_default!(RuntimeCall; prepare);
}
