//! `claim`.

use super::*;

#[test]
fn frees_what_the_terms_say_when_claimed_by_anybody() {
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_000, TERMS, None);
		assert_eq!((frozen(CAROL), liquid(CAROL)), (1_000, 10));
		for (block, freed, left) in
			[(100, 100, 900), (130, 270, 630), (145, 90, 540), (199, 450, 90), (200, 90, 0)]
		{
			go_to(block);
			dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
			let event = Event::Claimed { who: CAROL, amount: freed, frozen: left };
			assert_eq!(events(), [event]);
			assert_eq!((frozen(CAROL), total(CAROL)), (left, 1_010));
			refused(ANYBODY, Call::claim { who: CAROL }, Error::<Test>::NothingFree);
		}
		assert!(crate::Schedules::<Test>::iter().next().is_none());
		transfer(CAROL, ALICE, 1_010).unwrap();
	});
}

#[test]
fn fails_when_nothing_more_is_vested() {
	ExtBuilder::new().build_and_execute(|| {
		refused(CAROL, Call::claim { who: CAROL }, Error::<Test>::NothingFree);
		grant(CAROL, 1_000, TERMS, None);
		for block in [1, 99] {
			go_to(block);
			refused(CAROL, Call::claim { who: CAROL }, Error::<Test>::NothingFree);
		}
		go_to(100);
		dispatch(CAROL, Call::claim { who: CAROL }).unwrap();
		// Nothing but the part at the start before the cliff.
		go_to(129);
		refused(CAROL, Call::claim { who: CAROL }, Error::<Test>::NothingFree);
	});
}

#[test]
fn weighs_what_the_number_of_grants_costs() {
	use crate::WeightInfo;
	use sp_runtime::traits::Dispatchable;
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_000, TERMS, None);
		grant(CAROL, 1_000, TERMS, None);
		go_to(100);
		let call = RuntimeCall::Vesting(Call::claim { who: CAROL });
		let info = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&call);
		assert_eq!(info.call_weight, <()>::claim(crate::MAX_GRANTS));
		let post = call.dispatch(signed(ANYBODY)).unwrap();
		assert_eq!(post.actual_weight, Some(<()>::claim(2)));
	});
}

/// A vote's lock is another matter than the freeze: the larger counts.
#[test]
fn frees_nothing_that_is_locked_by_a_vote() {
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_000, TERMS, None);
		vote_with(CAROL, 1_010);
		go_to(200);
		dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
		assert_eq!((frozen(CAROL), liquid(CAROL)), (0, 0));
		vote_with(CAROL, 300);
		assert_eq!(liquid(CAROL), 710);
	});
}

/// A slash takes the holder's vested tokens first: what is left serves the freeze.
#[test]
fn frees_only_what_a_slash_left_above_the_freeze() {
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_000, TERMS, None);
		hold(CAROL, 1_000).unwrap();
		assert_eq!(slash_held(CAROL, 400), 400);
		release(CAROL, 600);
		go_to(130);
		dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
		// 370 are vested, and 610 are there, of which 630 are frozen.
		assert_eq!((total(CAROL), frozen(CAROL), liquid(CAROL)), (610, 630, 0));
		go_to(150);
		dispatch(ANYBODY, Call::claim { who: CAROL }).unwrap();
		assert_eq!((frozen(CAROL), liquid(CAROL)), (450, 160));
	});
}
