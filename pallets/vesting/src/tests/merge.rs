//! `merge`.

use super::*;

fn merge(id: u64, other: u64) -> Call<Test> {
	Call::merge { who: CAROL, id, other }
}

#[test]
fn makes_one_grant_of_two_when_nobody_can_revoke_them() {
	ExtBuilder::new().build_and_execute(|| {
		let (a, b) = (grant(CAROL, 1_000, TERMS, None), grant(CAROL, 500, TERMS, None));
		go_to(130);
		for who in [ALICE, BOB, ANYBODY] {
			refused(who, merge(a, b), Error::<Test>::NotHolder);
		}
		dispatch(CAROL, merge(b, a)).unwrap();
		let claimed = Event::Claimed { who: CAROL, amount: 555, frozen: 945 };
		assert_eq!(events(), [claimed, Event::Merged { id: b, other: a, who: CAROL }]);
		let list = crate::Schedules::<Test>::get(CAROL);
		assert_eq!((list.len(), list[0].amount, list[0].released), (1, 1_500, 555));
		go_to(200);
		dispatch(CAROL, Call::claim { who: CAROL }).unwrap();
		assert_eq!(liquid(CAROL), 1_510);
	});
}

#[test]
fn fails_when_anything_differs() {
	ExtBuilder::new().build_and_execute(|| {
		let a = grant(CAROL, 1_000, TERMS, None);
		let others = [
			grant(CAROL, 1_000, Terms { start: 99, ..TERMS }, None),
			grant(CAROL, 1_000, Terms { cliff: 131, ..TERMS }, None),
			grant(CAROL, 1_000, Terms { end: 201, ..TERMS }, None),
			grant(CAROL, 1_000, Terms { period: 5, ..TERMS }, None),
			grant(CAROL, 1_000, Terms { at_start: BasisPoints::ZERO, ..TERMS }, None),
			grant(CAROL, 1_000, TERMS, Some(BOB)),
			grant_from(BOB, CAROL, 1_000, TERMS, None),
		];
		for other in others {
			refused(CAROL, merge(a, other), Error::<Test>::Incompatible);
			refused(CAROL, merge(other, a), Error::<Test>::Incompatible);
		}
		refused(CAROL, merge(a, a), Error::<Test>::SameGrant);
		refused(CAROL, merge(a, 99), Error::<Test>::NoGrant);
		refused(CAROL, merge(99, a), Error::<Test>::NoGrant);
	});
}

/// Who could revoke one of two and keep the other loses that by a merger: only the revoker makes it.
#[test]
fn only_the_revoker_merges_what_it_can_revoke() {
	ExtBuilder::new().build_and_execute(|| {
		let a = grant(CAROL, 1_000, TERMS, Some(BOB));
		let b = grant(CAROL, 500, TERMS, Some(BOB));
		let c = grant(CAROL, 500, TERMS, Some(DAVE));
		for who in [ALICE, CAROL, DAVE] {
			refused(who, merge(a, b), Error::<Test>::NotRevoker);
		}
		refused(BOB, merge(a, c), Error::<Test>::Incompatible);
		dispatch(BOB, merge(a, b)).unwrap();
		go_to(130);
		dispatch(BOB, Call::revoke { who: CAROL, id: a }).unwrap();
		assert_eq!(total(ALICE), FUNDS - 1_500 - 500 + 945 + 2, "two planck wait for the end");
		refused(BOB, Call::revoke { who: CAROL, id: b }, Error::<Test>::NoGrant);
	});
}

/// Rounding down the sum would free a planck earlier than rounding down each.
#[test]
fn frees_nothing_earlier_by_rounding() {
	let free = |merged: bool| {
		let mut seen = Vec::new();
		ExtBuilder::new().build_and_execute(|| {
			let terms = Terms { end: 197, at_start: BasisPoints::saturating(333), ..TERMS };
			let ids: Vec<_> =
				[109, 119, 137, 149].map(|amount| grant(CAROL, amount, terms, None)).into();
			if merged {
				for other in &ids[1..] {
					dispatch(CAROL, merge(ids[0], *other)).unwrap();
				}
			}
			for block in 99..=197 {
				go_to(block);
				let _ = dispatch(CAROL, Call::claim { who: CAROL });
				seen.push(liquid(CAROL));
			}
		});
		seen
	};
	let (apart, together) = (free(false), free(true));
	for (apart, together) in apart.iter().zip(&together) {
		assert!(together <= apart && apart - together <= 6, "{together} {apart}");
	}
	assert_eq!(apart.last(), together.last());
}

/// A merger brings both up to date first: what was freed of each stays free.
#[test]
fn what_was_free_stays_free() {
	ExtBuilder::new().build_and_execute(|| {
		let a = grant(CAROL, 101, TERMS, None);
		let b = grant(CAROL, 109, TERMS, None);
		for block in (100..200).step_by(7) {
			go_to(block);
			let before = liquid(CAROL);
			let _ = dispatch(CAROL, merge(a, b));
			let _ = dispatch(CAROL, Call::claim { who: CAROL });
			assert!(liquid(CAROL) >= before);
		}
	});
}
