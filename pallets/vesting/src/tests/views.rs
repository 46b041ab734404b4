//! What readers see.

use super::*;
use dtel_primitives::vesting::{Calendar, Segment, Unlock};

fn point(at: BlockNumber, amount: Balance) -> Segment {
	Segment { from: at, every: 0, until: at, amount }
}

#[test]
fn a_calendar_tells_what_is_free_now_next_and_later() {
	ExtBuilder::new().build_and_execute(|| {
		assert_eq!(Vesting::calendar(CAROL), Calendar::default());
		grant(CAROL, 1_000, TERMS, None);
		let later = Terms { start: 130, cliff: 130, ..TERMS };
		grant(CAROL, 700, Terms { at_start: BasisPoints::ZERO, ..later }, None);
		let steps = |from, until, amount| Segment { from, every: 10, until, amount };
		let calendar = Vesting::calendar(CAROL);
		assert_eq!(
			calendar.segments,
			[
				point(100, 100),
				point(130, 270),
				steps(140, 190, 540),
				steps(140, 190, 600),
				point(200, 90),
				point(200, 100),
			]
		);
		assert_eq!((calendar.free_now, calendar.frozen, calendar.owed), (0, 1_700, 0));
		assert_eq!(calendar.next, Some(Unlock { at: 100, amount: 100 }));
		// Nobody has claimed by 152.
		go_to(152);
		let calendar = Vesting::calendar(CAROL);
		assert_eq!((calendar.free_now, calendar.frozen), (550 + 200, 450 + 500));
		assert_eq!(calendar.next, Some(Unlock { at: 160, amount: 190 }));
		go_to(200);
		let calendar = Vesting::calendar(CAROL);
		assert_eq!((calendar.free_now, calendar.next, calendar.segments.len()), (1_700, None, 0));
	});
}

/// Followed block by block, the calendar is what claims give.
#[test]
fn a_calendar_is_what_claims_give() {
	ExtBuilder::new().build_and_execute(|| {
		grant(CAROL, 1_009, TERMS, None);
		grant(CAROL, 777, Terms { start: 90, cliff: 90, end: 161, period: 7, ..TERMS }, None);
		grant(CAROL, 333, Terms { cliff: 200, ..TERMS }, None);
		while let Some(next) = Vesting::calendar(CAROL).next {
			go_to(next.at - 1);
			refused(CAROL, Call::claim { who: CAROL }, Error::<Test>::NothingFree);
			go_to(next.at);
			let calendar = Vesting::calendar(CAROL);
			assert_eq!(calendar.free_now, next.amount);
			let rest: Balance = calendar.segments.iter().map(|segment| segment.amount).sum();
			assert_eq!(rest, calendar.frozen);
			dispatch(CAROL, Call::claim { who: CAROL }).unwrap();
			assert_eq!(frozen(CAROL), calendar.frozen);
		}
		assert_eq!((System::block_number(), frozen(CAROL)), (200, 0));
	});
}

#[test]
fn a_full_list_has_a_bounded_calendar() {
	ExtBuilder::new().build_and_execute(|| {
		for i in 0..crate::MAX_GRANTS {
			let terms = Terms { start: 10 + i, end: 203 + i, ..TERMS };
			let call = Call::force_vested_transfer {
				from: ALICE,
				to: CAROL,
				amount: 1_000,
				terms,
				revoker: None,
			};
			dispatch_root(call).unwrap();
		}
		let calendar = Vesting::calendar(CAROL);
		assert_eq!(calendar.segments.len(), 4 * crate::MAX_GRANTS as usize);
		let sum: Balance = calendar.segments.iter().map(|segment| segment.amount).sum();
		assert_eq!(sum, 28_000);
	});
}

#[test]
fn grants_and_debts_are_listed() {
	ExtBuilder::new().build_and_execute(|| {
		let first = grant(CAROL, 1_000, TERMS, Some(BOB));
		let second = grant(CAROL, 500, TERMS, None);
		go_to(130);
		let views = Vesting::grants(CAROL);
		assert_eq!([views[0].id, views[1].id], [first, second]);
		assert_eq!((views[0].vested, views[0].released, views[0].revoker), (370, 0, Some(BOB)));
		assert_eq!((views[1].vested, views[1].grantor, views[1].terms), (185, ALICE, TERMS));
		hold(CAROL, 1_500).unwrap();
		dispatch(BOB, Call::revoke { who: CAROL, id: first }).unwrap();
		assert_eq!(Vesting::owed(CAROL), [(ALICE, 630)]);
		assert_eq!(Vesting::calendar(CAROL).owed, 630);
		assert_eq!(Vesting::grants(CAROL)[0].released, 185);
	});
}
