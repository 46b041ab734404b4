use crate::{mock::*, Airdrops, Claimed, Error, Event, WeightInfo};
use dtel_primitives::{
	airdrop::{AirdropId, Plan, Proof},
	Balance, Hash, DTEL,
};
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use sp_runtime::{traits::BadOrigin, DispatchError, TokenError};

fn refused(drop: &Listed, (airdrop, index): (AirdropId, u32), error: impl Into<DispatchError>) {
	let (who, amount) = drop.list[index as usize];
	let (proof, error) = (drop.tree.proof(index).unwrap(), error.into());
	assert_noop!(claim(airdrop, index, who, amount, proof).map_err(|e| e.error), error);
}

#[test]
fn anybody_claims_for_an_account_once() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		events();
		let info = drop.claim(airdrop, 1).unwrap();
		assert_eq!(info.pays_fee, Pays::Yes);
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::claim(2)));
		assert_eq!((balance(2), balance(ANYBODY)), (2 * DTEL, DTEL));
		assert_eq!(balance(Claims::account(airdrop)), 4 * DTEL + ED);
		assert_eq!(events(), [Event::Claimed { airdrop, index: 1, who: 2, amount: 2 * DTEL }]);
		let kept = Airdrops::<Test>::get(airdrop).unwrap();
		assert_eq!((kept.paid, kept.claims, kept.left()), (2 * DTEL, 1, 4 * DTEL));
		assert_eq!(
			[0, 1, 2].map(|i| Claims::is_claimed(airdrop, i)),
			[false, true, false].map(Some)
		);
		refused(&drop, (airdrop, 1), Error::<Test>::AlreadyClaimed);
		assert_ok!(drop.claim(airdrop, 0));
		assert_ok!(drop.claim(airdrop, 2));
		assert_eq!(balance(Claims::account(airdrop)), ED);
		for index in 0..3 {
			refused(&drop, (airdrop, index), Error::<Test>::AlreadyClaimed);
		}
	});
}

#[test]
fn the_window_has_two_ends() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let plan = drop.plan();
		let airdrop = create(plan.clone());
		refused(&drop, (airdrop, 0), Error::<Test>::NotOpenYet);
		go_to(plan.opens - 1);
		refused(&drop, (airdrop, 0), Error::<Test>::NotOpenYet);
		go_to(plan.opens);
		assert_ok!(drop.claim(airdrop, 0));
		go_to(plan.closes - 1);
		assert_ok!(drop.claim(airdrop, 1));
		go_to(plan.closes);
		refused(&drop, (airdrop, 2), Error::<Test>::WindowOver);
		close(airdrop).unwrap();
		refused(&drop, (airdrop, 2), Error::<Test>::WindowOver);
		prune(airdrop, 1).unwrap();
		refused(&drop, (airdrop, 2), Error::<Test>::AirdropUnknown);
	});
}

#[test]
fn fails_when_not_signed() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(1);
		let airdrop = open(drop.plan());
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let call = Claims::claim(origin, airdrop, 0, 1, DTEL, Proof::default());
			assert_noop!(call, BadOrigin);
		}
	});
}

#[test]
fn fails_when_there_is_no_such_airdrop() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let airdrop = open(drop.plan());
		refused(&drop, (airdrop + 1, 0), Error::<Test>::AirdropUnknown);
	});
}

#[test]
fn fails_when_anything_of_it_is_another() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(5);
		let airdrop = open(drop.plan());
		let proof = drop.tree.proof(2).unwrap();
		let attempt = |index, who, amount: Balance, proof: &[Hash], error: Error<Test>| {
			let proof = Proof::try_from(proof.to_vec()).unwrap();
			assert_noop!(claim(airdrop, index, who, amount, proof), error);
		};
		attempt(2, 4, 3 * DTEL, &proof, Error::BadProof);
		attempt(2, 3, 3 * DTEL + 1, &proof, Error::BadProof);
		attempt(3, 3, 3 * DTEL, &proof, Error::BadProof);
		attempt(2, 3, 3 * DTEL, &drop.tree.proof(3).unwrap(), Error::BadProof);
		attempt(2, 3, 3 * DTEL, &proof[..2], Error::WrongProofLength);
		attempt(2, 3, 3 * DTEL, &[], Error::WrongProofLength);
		attempt(2, 3, 3 * DTEL, &[&proof[..], &[Hash::zero()]].concat(), Error::WrongProofLength);
		for index in [5, 2 + 8, u32::MAX] {
			attempt(index, 3, 3 * DTEL, &proof, Error::IndexOutOfRange);
		}
		for at in 0..proof.len() {
			let mut other = proof.to_vec();
			other[at] = flip(other[at]);
			attempt(2, 3, 3 * DTEL, &other, Error::BadProof);
		}
		attempt(2, 3, 3 * DTEL, &[Hash::zero(); 20], Error::WrongProofLength);
		assert_ok!(claim(airdrop, 2, 3, 3 * DTEL, proof));
	});
}

#[test]
fn places_are_apart_on_pages_and_across_them() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("pages", (0..4_100).map(|n| (1_000 + n, ED)).collect());
		let airdrop = open(drop.plan());
		for index in [0, 7, 8, 2_047, 2_048, 4_095, 4_096, 4_099] {
			assert_ok!(drop.claim(airdrop, index));
			refused(&drop, (airdrop, index), Error::<Test>::AlreadyClaimed);
		}
		for index in [1, 6, 9, 2_046, 2_049, 4_097] {
			assert_eq!(Claims::is_claimed(airdrop, index), Some(false));
			assert_ok!(drop.claim(airdrop, index));
		}
		assert_eq!(Claimed::<Test>::iter_prefix(airdrop).count(), 3);
	});
}

/// An account may stand in a list twice: each place is its own.
#[test]
fn an_account_may_have_two_places() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("twice", vec![(5, DTEL), (6, DTEL), (5, DTEL)]);
		let airdrop = open(drop.plan());
		assert_ok!(drop.claim(airdrop, 0));
		assert_ok!(drop.claim(airdrop, 2));
		refused(&drop, (airdrop, 0), Error::<Test>::AlreadyClaimed);
		assert_eq!(balance(5), 2 * DTEL);
	});
}

#[test]
fn fails_when_the_account_would_not_live_and_succeeds_when_it_does() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("small", vec![(5, ED - 1), (6, ED)]);
		let airdrop = open(drop.plan());
		refused(&drop, (airdrop, 0), TokenError::BelowMinimum);
		assert_eq!(Claims::is_claimed(airdrop, 0), Some(false));
		send(ANYBODY, 5, ED);
		assert_ok!(drop.claim(airdrop, 0));
		assert_eq!(balance(5), 2 * ED - 1);
		assert_ok!(drop.claim(airdrop, 1));
	});
}

/// Claims that leave less than an existential deposit leave it: nothing is lost as dust.
#[test]
fn what_is_left_is_never_dust() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::new("dust", vec![(5, DTEL), (ANYBODY, 1)]);
		let airdrop = open(drop.plan());
		assert_ok!(drop.claim(airdrop, 0));
		assert_eq!(balance(Claims::account(airdrop)), ED + 1);
		assert_ok!(drop.claim(airdrop, 1));
		assert_eq!(balance(Claims::account(airdrop)), ED);
	});
}

#[test]
fn fails_when_the_account_is_the_chains_own() {
	ExtBuilder.build_and_execute(|| {
		let (this, other, none) = (Claims::account(0), Claims::account(1), Claims::account(900));
		let list = [MODULE, this, other, none, TREASURY].map(|who| (who, DTEL)).to_vec();
		let drop = Listed::new("modules", list);
		let airdrop = open(drop.plan());
		for index in 0..4 {
			refused(&drop, (airdrop, index), Error::<Test>::NotAReceiver);
		}
		assert_ok!(drop.claim(airdrop, 4));
	});
}

/// Only a list that lies about its sum comes so far.
#[test]
fn fails_when_less_is_left() {
	ExtBuilder.build_and_execute(|| {
		let list = vec![(1, DTEL), (2, 2 * DTEL), (3, DTEL)];
		let drop = Listed::with_total("short", list, 2 * DTEL);
		let airdrop = open(Plan { amount: 2 * DTEL, ..drop.plan() });
		assert_ok!(drop.claim(airdrop, 0));
		refused(&drop, (airdrop, 1), Error::<Test>::Underfunded);
		assert_ok!(drop.claim(airdrop, 2));
		refused(&drop, (airdrop, 1), Error::<Test>::Underfunded);
		// What somebody sends there is not the airdrop's to give.
		send(TREASURY, Claims::account(airdrop), 5 * DTEL);
		refused(&drop, (airdrop, 1), Error::<Test>::Underfunded);
	});
}

/// Funded with another sum than that of the list, nobody is paid: nobody is first.
#[test]
fn fails_when_the_plan_is_not_that_of_the_list() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(3);
		let plan = drop.plan();
		let wrong = [
			Plan { amount: plan.amount - 1, ..plan.clone() },
			Plan { leaves: 4, ..plan.clone() },
			Plan { label: b"tset".to_vec().try_into().unwrap(), ..plan.clone() },
			Plan { root: flip(plan.root), ..plan.clone() },
		];
		wrong.into_iter().for_each(|plan| {
			create(plan);
		});
		go_to(plan.opens);
		for airdrop in 0..4 {
			for index in 0..3 {
				refused(&drop, (airdrop, index), Error::<Test>::BadProof);
			}
		}
	});
}

#[test]
fn two_lists_with_the_same_entries_are_apart_by_their_labels() {
	ExtBuilder.build_and_execute(|| {
		let list = vec![(1, DTEL), (2, DTEL)];
		let (spring, autumn) = (Listed::new("spring", list.clone()), Listed::new("autumn", list));
		let (first, second) = (create(spring.plan()), create(autumn.plan()));
		go_to(spring.plan().opens);
		refused(&spring, (second, 0), Error::<Test>::BadProof);
		refused(&autumn, (first, 0), Error::<Test>::BadProof);
		assert_ok!(spring.claim(first, 0));
		assert_ok!(autumn.claim(second, 0));
	});
}

#[test]
fn a_list_of_one_needs_no_proof() {
	ExtBuilder.build_and_execute(|| {
		let drop = Listed::of(1);
		let airdrop = open(drop.plan());
		let one = Proof::try_from(vec![Hash::zero()]).unwrap();
		assert_noop!(claim(airdrop, 0, 1, DTEL, one), Error::<Test>::WrongProofLength);
		assert_ok!(claim(airdrop, 0, 1, DTEL, Proof::default()));
	});
}

/// A claim is declared to cost the more of both kinds, and what it did not is refunded.
#[test]
fn the_declared_weight_is_that_of_the_dearer_kind() {
	use frame_support::dispatch::GetDispatchInfo;
	for levels in [0, 20] {
		let proof = Proof::try_from(vec![Hash::zero(); levels]).unwrap();
		let call = crate::Call::<Test>::claim { airdrop: 0, index: 0, who: 1, amount: 1, proof };
		let (plain, vested) = (
			<() as WeightInfo>::claim(levels as u32),
			<() as WeightInfo>::claim_vested(levels as u32),
		);
		assert_eq!(call.get_dispatch_info().call_weight, plain.max(vested));
	}
}
