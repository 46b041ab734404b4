//! A scheduler whose full blocks do not lose what was decided.

use crate::{BlockNumber, OriginCaller, RuntimeCall, System};
use frame_support::{
	storage::with_storage_layer,
	traits::{
		schedule::{
			v3::{Anon, Named, TaskName},
			DispatchTime, Period, Priority,
		},
		Bounded,
	},
};
use sp_runtime::DispatchError;

/// How many blocks later something may be scheduled than it was asked for.
pub const ROOM: BlockNumber = 64;

/// A scheduler that takes the next block with room when the one that was asked for is full.
///
/// Referenda schedules two things: when it looks at a referendum again, and when what was approved is enacted. Anybody can
/// put as many of the former into a block of the future as a block's agenda holds, for a deposit each. Without this, that
/// would be the way to have a referendum forgotten, or lose what was approved, whose moment can be foreseen. Whoever wants to
/// delay it pays for each block of delay as many deposits as an agenda has places, and for more than [`ROOM`] blocks so many
/// that far less buys the vote.
pub struct WithRoom<S>(core::marker::PhantomData<S>);

/// Tries the block that was asked for, then those after it.
fn find_room<R>(
	when: DispatchTime<BlockNumber>,
	mut place: impl FnMut(DispatchTime<BlockNumber>) -> Result<R, DispatchError>,
) -> Result<R, DispatchError> {
	let first = when.evaluate(System::block_number());
	let mut placed = place(when);
	for later in 1..=ROOM {
		if placed.as_ref().err() != Some(&DispatchError::Exhausted) {
			break;
		}
		placed = place(DispatchTime::At(first.saturating_add(later)));
	}
	placed
}

impl<S> Anon<BlockNumber, RuntimeCall, OriginCaller> for WithRoom<S>
where
	S: Anon<BlockNumber, RuntimeCall, OriginCaller>,
{
	type Address = S::Address;
	type Hasher = S::Hasher;

	fn schedule(
		when: DispatchTime<BlockNumber>,
		maybe_periodic: Option<Period<BlockNumber>>,
		priority: Priority,
		origin: OriginCaller,
		call: Bounded<RuntimeCall, Self::Hasher>,
	) -> Result<Self::Address, DispatchError> {
		find_room(when, |at| {
			S::schedule(at, maybe_periodic, priority, origin.clone(), call.clone())
		})
	}
	fn cancel(address: Self::Address) -> Result<(), DispatchError> {
		S::cancel(address)
	}
	fn reschedule(
		address: Self::Address,
		when: DispatchTime<BlockNumber>,
	) -> Result<Self::Address, DispatchError> {
		// One that fails has taken the task away already.
		find_room(when, |at| with_storage_layer(|| S::reschedule(address.clone(), at)))
	}
	fn next_dispatch_time(address: Self::Address) -> Result<BlockNumber, DispatchError> {
		S::next_dispatch_time(address)
	}
}

impl<S> Named<BlockNumber, RuntimeCall, OriginCaller> for WithRoom<S>
where
	S: Named<BlockNumber, RuntimeCall, OriginCaller>,
{
	type Address = S::Address;
	type Hasher = S::Hasher;

	fn schedule_named(
		id: TaskName,
		when: DispatchTime<BlockNumber>,
		maybe_periodic: Option<Period<BlockNumber>>,
		priority: Priority,
		origin: OriginCaller,
		call: Bounded<RuntimeCall, Self::Hasher>,
	) -> Result<Self::Address, DispatchError> {
		find_room(when, |at| {
			S::schedule_named(id, at, maybe_periodic, priority, origin.clone(), call.clone())
		})
	}
	fn cancel_named(id: TaskName) -> Result<(), DispatchError> {
		S::cancel_named(id)
	}
	fn reschedule_named(
		id: TaskName,
		when: DispatchTime<BlockNumber>,
	) -> Result<Self::Address, DispatchError> {
		find_room(when, |at| with_storage_layer(|| S::reschedule_named(id, at)))
	}
	fn next_dispatch_time(id: TaskName) -> Result<BlockNumber, DispatchError> {
		S::next_dispatch_time(id)
	}
}
