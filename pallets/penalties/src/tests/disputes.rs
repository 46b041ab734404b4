//! What penalties say about pay.

use crate::{mock::*, Disputed, Quarrel};
use dtel_primitives::EraIndex;
use dtel_traits::{Dispute, Disputes, OffenceKind::*, PenaltyId};

fn state(owner: AccountId, era: EraIndex) -> Dispute {
	<Penalties as Disputes<AccountId>>::state(&owner, era)
}

/// Executes a penalty in the first era in which that can be done.
fn carry_out(id: PenaltyId) {
	go_to_era(penalty(id).executes_from().unwrap());
	execute(id).unwrap();
}

#[test]
fn pay_of_the_era_waits_while_a_penalty_is_open() {
	ExtBuilder.build_and_execute(|| {
		go_to_era(3);
		report(FalsePlace, 2, 1);
		assert_eq!(state(11, 2), Dispute::Open);
		// That of other eras and operators does not.
		assert_eq!(state(11, 1), Dispute::None);
		assert_eq!(state(11, 3), Dispute::None);
		assert_eq!(state(12, 2), Dispute::None);
	});
}

#[test]
fn pay_waits_in_every_state_that_is_open() {
	ExtBuilder.build_and_execute(|| {
		let id = report(DoubleReveal, 0, 1);
		assert_eq!(state(11, 0), Dispute::Open);
		appeal(11, id).unwrap();
		assert_eq!(state(11, 0), Dispute::Open);
		uphold(id).unwrap();
		assert_eq!(state(11, 0), Dispute::Open);
		carry_out(id);
		assert_eq!(state(11, 0), Dispute::Lost);
	});
}

#[test]
fn nothing_is_disputed_when_the_penalty_is_cancelled() {
	for kind in [DoubleReveal, FalsePlace] {
		ExtBuilder.build_and_execute(|| {
			let id = report(kind, 0, 1);
			assert_eq!(state(11, 0), Dispute::Open);
			cancel(id).unwrap();
			assert_eq!(state(11, 0), Dispute::None);
			assert_eq!(Disputed::<Test>::iter().count(), 0);
		});
	}
}

/// It had a low score in its era already, or none. Whatever becomes of the penalty, it takes no pay.
#[test]
fn nothing_waits_and_nothing_is_lost_when_it_was_poor_service() {
	for kind in [MissedDuty, Unavailable, PoorQuality, Outlier] {
		ExtBuilder.build_and_execute(|| {
			let id = report(kind, 0, 1);
			assert_eq!(state(11, 0), Dispute::None);
			carry_out(id);
			assert_eq!(state(11, 0), Dispute::None);
			assert_eq!(Disputed::<Test>::iter().count(), 0);
		});
	}
}

#[test]
fn pay_is_lost_when_it_was_no_accident() {
	for kind in [DoubleReveal, FalsePlace] {
		ExtBuilder.build_and_execute(|| {
			let id = report(kind, 0, 1);
			carry_out(id);
			assert_eq!(state(11, 0), Dispute::Lost);
			assert_eq!(state(11, 1), Dispute::None);
		});
	}
	ExtBuilder.build_and_execute(|| {
		let id = equivocate(0, 12, 1, 30);
		carry_out(id);
		assert_eq!(state(12, 0), Dispute::Lost);
	});
}

#[test]
fn pay_waits_for_the_last_of_several_penalties() {
	ExtBuilder.build_and_execute(|| {
		let (poor, bad) = (report(FalsePlace, 0, 1), report(DoubleReveal, 0, 2));
		assert_eq!(Disputed::<Test>::get(11, 0), Some(Quarrel { open: 2, lost: 0 }));
		carry_out(bad);
		assert_eq!(Disputed::<Test>::get(11, 0), Some(Quarrel { open: 1, lost: 1 }));
		assert_eq!(state(11, 0), Dispute::Open);
		cancel(poor).unwrap();
		assert_eq!(state(11, 0), Dispute::Lost);
	});
}

/// A report that only raises a penalty is not another one.
#[test]
fn an_equivocation_counts_once_when_it_is_raised() {
	ExtBuilder.build_and_execute(|| {
		let id = equivocate(0, 12, 1, 30);
		equivocate(0, 12, 3, 30);
		assert_eq!(Disputed::<Test>::get(12, 0), Some(Quarrel { open: 1, lost: 0 }));
		cancel(id).unwrap();
		assert_eq!(Disputed::<Test>::get(12, 0), None);
	});
}

#[test]
fn nothing_is_known_when_the_era_is_swept() {
	ExtBuilder.build_and_execute(|| {
		let id = report(DoubleReveal, 0, 1);
		carry_out(id);
		go_to_era(61);
		settle_down();
		assert_eq!(state(11, 0), Dispute::None);
		assert_eq!(Disputed::<Test>::iter().count(), 0);
	});
}

#[test]
fn the_payroll_is_told_once_when_pay_is_lost() {
	ExtBuilder.build_and_execute(|| {
		let ids = [report(DoubleReveal, 0, 1), report(FalsePlace, 0, 2), report(Unavailable, 0, 1)];
		let cancelled = report(DoubleReveal, 0, 3);
		cancel(cancelled).unwrap();
		assert_eq!(Forfeits::get(), []);
		for id in ids {
			carry_out(id);
		}
		// By each penalty that takes it; whoever keeps the pay knows what is left to lose.
		assert_eq!(Forfeits::get(), [(11, 0), (11, 0)]);
		go_to_era(62);
		settle_down();
		assert_eq!(Forfeits::get().len(), 2, "nor when it is forgotten");
	});
}
