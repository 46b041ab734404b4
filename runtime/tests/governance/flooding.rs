//! Attacks by filling what is bounded: queues, preimages, agendas. Each says what it costs.

use crate::world::*;
use dtel_primitives::{Balance, BlockNumber, DTEL};
use dtel_runtime::{
	configs::fees::deposit,
	governance::{
		origins::Origin,
		room::{WithRoom, ROOM},
	},
	setup, Balances, OriginCaller, Referenda, Runtime, RuntimeCall, Scheduler,
};
use frame_support::{
	assert_noop, assert_ok,
	traits::{
		fungible::InspectHold,
		schedule::{v3::Anon, v3::Named, DispatchTime},
		Bounded, StorePreimage,
	},
};
use pallet_conviction_voting::Conviction;
use pallet_preimage::{Call as Preimage, Error as PreimageError, MAX_SIZE};
use pallet_referenda::{DecidingCount, ReferendumInfo, TrackQueue};
use pallet_scheduler::Agenda;
use sp_runtime::{
	traits::{BlakeTwo256, Hash},
	DispatchError,
};

/// Tasks that a block's agenda holds.
const PLACES: u32 = 256;
const TIPPER: u16 = 30;

fn reserved(name: &str) -> Balance {
	Balances::reserved_balance(who(name))
}

#[test]
fn whoever_floods_a_track_pays_for_each_and_votes_decide_who_is_next() {
	chain().execute_with(|| {
		let (places, queue) = (100u32, 100u32);
		for _ in 0..places + queue + 5 {
			propose("Ferdie", Origin::Tipper, mark("spam"));
		}
		let flood = Balance::from(places + queue + 5);
		assert_eq!(
			reserved("Ferdie"),
			flood * (100 + 10) * DTEL,
			"for each, to submit and to decide"
		);
		next_block();
		next_block();
		assert_eq!(DecidingCount::<Runtime>::get(TIPPER), places);
		assert_eq!(TrackQueue::<Runtime>::get(TIPPER).len() as u32, queue);
		// Somebody else's, with a single vote, waits in front of all of them.
		let index = propose("Alice", Origin::Tipper, mark("useful"));
		assert_ok!(vote("Alice", index, standard(true, Conviction::Locked1x, ENDOWMENT / 2)));
		next_block();
		next_block();
		assert_eq!(TrackQueue::<Runtime>::get(TIPPER).last().map(|next| next.0), Some(index));
		assert_eq!(TrackQueue::<Runtime>::get(TIPPER).len() as u32, queue);
		// And is decided as soon as one is rejected, or killed.
		let origin = Origin::ReferendumKiller.into();
		assert_ok!(dispatch(origin, pallet_referenda::Call::kill { index: 0 }));
		assert_eq!(reserved("Ferdie"), (flood - 1) * 110 * DTEL, "which costs its deposits");
		next_block();
		assert!(status(index).deciding.is_some());
		check();
	});
}

#[test]
fn what_nobody_decides_is_forgotten_and_its_deposit_is_not_given_back() {
	chain().execute_with(|| {
		let index = submit("Ferdie", root(), mark("nobody wants it"));
		run_to(1 + setup::days(14));
		assert!(matches!(info(index), ReferendumInfo::TimedOut(..)));
		assert!(Referenda::refund_submission_deposit(signed("Ferdie"), index).is_err());
		assert_eq!(reserved("Ferdie"), 100 * DTEL);
	});
}

fn preimage_hold(name: &str) -> Balance {
	Balances::balance_on_hold(&pallet_preimage::HoldReason::Preimage.into(), &who(name))
}

#[test]
fn preimages_cost_a_deposit_for_each_byte() {
	chain().execute_with(|| {
		let mut sum = 0;
		for len in [0u32, 1, 1_000, 1_000_000] {
			assert_ok!(call("Ferdie", Preimage::note_preimage { bytes: vec![1; len as usize] }));
			sum += deposit(2, 64) + deposit(0, len);
			assert_eq!(preimage_hold("Ferdie"), sum);
		}
		// A hundred thousand tokens keep less than a gigabyte.
		let whole = Balance::from(MAX_SIZE) * deposit(0, 1);
		assert!(100_000 * DTEL / whole * Balance::from(MAX_SIZE) < 1 << 30);
		let bytes = vec![0; MAX_SIZE as usize + 1];
		assert_noop!(
			call("Ferdie", Preimage::note_preimage { bytes }),
			PreimageError::<Runtime>::TooBig
		);
		let bytes = vec![1; 1_000];
		let hash = BlakeTwo256::hash(&bytes);
		let again = Preimage::note_preimage { bytes };
		assert_noop!(call("Eve", again), PreimageError::<Runtime>::AlreadyNoted);
		assert_noop!(
			call("Eve", Preimage::unnote_preimage { hash }),
			PreimageError::<Runtime>::NotAuthorized
		);
		assert_noop!(call("Eve", Preimage::request_preimage { hash }), DispatchError::BadOrigin);
		assert_noop!(call("Eve", Preimage::unrequest_preimage { hash }), DispatchError::BadOrigin);
		assert_ok!(call("Ferdie", Preimage::unnote_preimage { hash }));
		assert_eq!(preimage_hold("Ferdie"), sum - deposit(2, 64) - deposit(0, 1_000));
		check();
	});
}

#[test]
fn nobody_notes_more_than_the_deposit_that_it_has() {
	chain().execute_with(|| {
		let dest = sp_runtime::MultiAddress::Id([8; 32].into());
		let value = DTEL;
		assert_ok!(call("Ferdie", pallet_balances::Call::transfer_keep_alive { dest, value }));
		let poor = dtel_runtime::RuntimeOrigin::signed([8; 32].into());
		let note = |len| Preimage::note_preimage { bytes: vec![1; len] };
		assert!(dispatch(poor.clone(), note(10_000)).is_err());
		assert_ok!(dispatch(poor, note(1_000)));
	});
}

/// As many proposals in a block as the agenda of the one in which they are forgotten holds.
fn fill_with_alarms(name: &str) -> BlockNumber {
	for _ in 0..PLACES {
		submit(name, root(), mark("alarm"));
	}
	let at = now() + setup::days(14);
	assert_eq!(Agenda::<Runtime>::get(at).len() as u32, PLACES);
	at
}

#[test]
fn a_full_block_delays_what_was_decided_by_one_and_loses_nothing() {
	chain().execute_with(|| {
		let full = fill_with_alarms("Ferdie");
		assert_eq!(reserved("Ferdie"), Balance::from(PLACES) * 100 * DTEL, "for one block");
		// Its enactment is known long before.
		let index = submit_for("Alice", root(), put(b"decided"), DispatchTime::At(full));
		assert_ok!(Referenda::place_decision_deposit(signed("Alice"), index));
		ayes(&["Alice", "Bob", "Charlie", "Dave", "Eve", "App", "Op1"], index);
		run_to(full);
		assert!(is_approved(index) && !is_put(b"decided"));
		next_block();
		assert!(is_put(b"decided"));
		// What filled the block was done as well.
		run_to(full + 2);
		for spam in 0..PLACES {
			assert!(matches!(info(spam), ReferendumInfo::TimedOut(..)), "{spam}");
		}
		check();
	});
}

#[test]
fn a_referendum_whose_alarm_finds_a_full_block_is_looked_at_in_the_next_one() {
	chain().execute_with(|| {
		let index = propose("Alice", Origin::Tipper, put(b"nothing"));
		run_to(4);
		fill(now() + 1, now() + 10);
		ayes(&["Alice", "Bob", "Charlie"], index);
		let (at, _) = status(index).alarm.expect("its vote set one");
		assert_eq!(at, now() + 1, "for then it was asked for");
		run_to(14);
		assert_eq!(confirming(index), None);
		next_block();
		assert_eq!(confirming(index), Some(15 + 6));
		run_to(25);
		assert!(is_approved(index));
		check();
	});
}

/// Fills the agendas of these blocks.
fn fill(first: BlockNumber, last: BlockNumber) {
	for _ in 0..PLACES {
		let remark = Box::new(mark("full"));
		assert_ok!(Scheduler::schedule(
			frame_system::RawOrigin::Root.into(),
			first,
			None,
			1,
			remark
		));
	}
	let agenda = Agenda::<Runtime>::get(first);
	(first + 1..=last).for_each(|block| Agenda::<Runtime>::insert(block, agenda.clone()));
}

fn bounded(call: RuntimeCall) -> Bounded<RuntimeCall, BlakeTwo256> {
	<dtel_runtime::Preimage as StorePreimage>::bound(call).expect("short")
}

type Room = WithRoom<Scheduler>;

fn anon(at: BlockNumber) -> Result<(BlockNumber, u32), DispatchError> {
	let call = bounded(put(b"anon"));
	<Room as Anon<BlockNumber, RuntimeCall, OriginCaller>>::schedule(
		DispatchTime::At(at),
		None,
		63,
		root(),
		call,
	)
}

#[test]
fn room_is_looked_for_in_so_many_blocks_and_no_more() {
	chain().execute_with(|| {
		fill(10, 10 + ROOM);
		assert_eq!(anon(10), Err(DispatchError::Exhausted));
		assert_eq!(anon(11), Ok((10 + ROOM + 1, 0)));
		Agenda::<Runtime>::mutate(10 + ROOM, |agenda| agenda.pop());
		assert_eq!(anon(10), Ok((10 + ROOM, PLACES - 1)));
		// Any other error is passed on as it is.
		run_to(3);
		let past = pallet_scheduler::Error::<Runtime>::TargetBlockNumberInPast;
		assert_eq!(anon(3), Err(past.into()));
		// To keep that much full costs more than most votes.
		let price = Balance::from(ROOM * PLACES) * 100 * DTEL;
		assert!(price > 1_600_000 * DTEL);
	});
}

#[test]
fn a_named_task_is_moved_into_room_and_never_lost() {
	chain().execute_with(|| {
		let id = [1; 32];
		let call = bounded(put(b"named"));
		let schedule = <Room as Named<BlockNumber, RuntimeCall, OriginCaller>>::schedule_named;
		let reschedule = <Room as Named<BlockNumber, RuntimeCall, OriginCaller>>::reschedule_named;
		fill(10, 12);
		let placed = schedule(id, DispatchTime::At(5), None, 63, root(), call);
		assert_eq!(placed.map(|at| at.0), Ok(5));
		assert_eq!(reschedule(id, DispatchTime::At(10)).map(|at| at.0), Ok(13));
		fill(20, 20 + ROOM);
		// Nowhere: it stays where it was.
		assert_eq!(reschedule(id, DispatchTime::At(20)), Err(DispatchError::Exhausted));
		run_to(12);
		assert!(!is_put(b"named"));
		next_block();
		assert!(is_put(b"named"));
	});
}

/// What a block may not do at once it does in the next: enacted proposals come first.
#[test]
fn enactment_comes_before_alarms() {
	chain().execute_with(|| {
		for number in 0..PLACES - 1 {
			submit(PEOPLE[(number % 8) as usize], root(), mark("alarm"));
		}
		let at = now() + setup::days(14);
		let index = submit_for("Alice", root(), put(b"decided"), DispatchTime::At(at));
		assert_ok!(Referenda::place_decision_deposit(signed("Alice"), index));
		ayes(&["Bob", "Charlie", "Dave", "Eve", "App", "Op1", "Op2"], index);
		run_to(at);
		assert!(is_put(b"decided"));
	});
}
