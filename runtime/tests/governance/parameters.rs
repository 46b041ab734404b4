//! Every parameter: its bounds, its administrators, and that the pallets use it.

mod effects;

use crate::world::*;
use codec::{Decode, Encode};
use dtel_primitives::{Balance, DTEL};
use dtel_runtime::{
	configs::fees::MILLI,
	governance::{
		origins::Origin,
		parameters::{self, params as p, RuntimeParametersKey, Shares},
	},
	Runtime, RuntimeCall, RuntimeOrigin,
};
use frame_support::{assert_ok, traits::Get};
use sp_runtime::DispatchError;

/// The bounds of a parameter as they are told to voters, and where it is read.
pub struct Bounds {
	pub key: [u8; 2],
	low: u128,
	default: u128,
	high: u128,
	get: fn() -> u128,
}

macro_rules! bounds {
	($($key:expr, $matter:ident::$name:ident: $low:expr, $default:expr, $high:expr;)*) => {
		[$(Bounds {
			key: $key,
			low: $low,
			default: $default,
			high: $high,
			get: || <p::$matter::$name as Get<_>>::get().get(),
		}),*]
	};
}

/// All of them but [`SHARES`], in the order of their keys.
pub fn all() -> [Bounds; 19] {
	bounds! {
		[0, 0], staking::MinBond: 100 * DTEL, 1_000 * DTEL, 100_000 * DTEL;
		[0, 1], staking::MinDelegation: DTEL, 10 * DTEL, 1_000 * DTEL;
		[0, 2], staking::MinStakePerNode: 1_000 * DTEL, 10_000 * DTEL, 1_000_000 * DTEL;
		[0, 3], staking::ValidatorFloor: 1_000 * DTEL, 50_000 * DTEL, 5_000_000 * DTEL;
		[1, 0], rewards::StakePerMbps: DTEL, 100 * DTEL, 10_000 * DTEL;
		[1, 1], rewards::YearlyRelease: 100, 1_000, 2_000;
		[2, 0], penalties::AppealBond: DTEL, 100 * DTEL, 10_000 * DTEL;
		[3, 0], registry::NodeDeposit: 100 * MILLI, 948 * MILLI, 100 * DTEL;
		[3, 1], registry::NodeDepositPerByte: MILLI / 10, MILLI / 5, 100 * MILLI;
		[3, 2], registry::ClientDeposit: 10 * MILLI, 110 * MILLI, 100 * DTEL;
		[3, 3], registry::MaxClientLimit: 100, 100_000, 1_000_000;
		[3, 4], registry::MaxNodesPerOwner: 1, 64, 256;
		[4, 0], fees::WeightPrice: 100_000, 1_000_000, 100_000_000;
		[4, 1], fees::ByteFee: MILLI / 1_000, MILLI / 100, MILLI;
		[4, 2], fees::BurnedFees: 0, 0, 5_000;
		[5, 0], governance::TreasuryBurn: 0, 0, 100;
		[5, 1], governance::SubmissionDeposit: DTEL, 100 * DTEL, 1_000 * DTEL;
		[5, 2], governance::SafeModeDeposit: 100_000 * DTEL, 500_000 * DTEL, 10_000_000 * DTEL;
		[6, 0], attestation::ProbeMegabytes: 16, 64, 10_000;
	}
}

/// The key of the one that is no number.
pub const SHARES: [u8; 2] = [1, 2];

/// Every key that there is: each is two bytes.
pub fn keys() -> Vec<[u8; 2]> {
	let bytes = |first: u8| (0..=u8::MAX).map(move |second| [first, second]);
	let keys: Vec<_> = (0..=u8::MAX)
		.flat_map(bytes)
		.filter(|key| RuntimeParametersKey::decode(&mut &key[..]).is_ok())
		.collect();
	assert!(keys.iter().all(|key| of(*key).encode() == key));
	keys
}

fn of(key: [u8; 2]) -> RuntimeParametersKey {
	RuntimeParametersKey::decode(&mut &key[..]).expect("a key")
}

/// The call that sets a parameter to an encoded value, if there is such a call.
fn set_to(key: [u8; 2], value: &[u8]) -> Option<RuntimeCall> {
	// The pallet, the call, the parameter, that there is a value.
	let encoded = [&[57, 0], &key[..], &[1], value].concat();
	let input = &mut &encoded[..];
	let call = RuntimeCall::decode(input).ok()?;
	assert!(input.is_empty() && call.encode() == encoded);
	Some(call)
}

/// The call that sets a number.
pub fn set(key: [u8; 2], number: u128) -> Option<RuntimeCall> {
	set_to(key, &number.encode())
}

/// Sets a number as a referendum would.
#[track_caller]
pub fn settle(key: [u8; 2], number: u128) {
	let call = set(key, number).expect("within its bounds");
	assert_ok!(dispatch(Origin::ParameterAdmin.into(), call));
}

/// The call that makes a parameter its default again.
fn unset(key: [u8; 2]) -> RuntimeCall {
	let encoded = [&[57, 0], &key[..], &[0]].concat();
	RuntimeCall::decode(&mut &encoded[..]).expect("a call")
}

#[test]
fn every_parameter_is_here() {
	let mut here: Vec<_> = all().iter().map(|bounds| bounds.key).chain([SHARES]).collect();
	here.sort_unstable();
	assert_eq!(keys(), here);
}

/// Their numbers are in storage and in signed calls.
#[test]
fn numbers_of_parameters_stay() {
	let names: Vec<_> = keys().into_iter().map(|key| format!("{:?}", of(key))).collect();
	assert_eq!(
		names,
		[
			"Staking(MinBond(MinBond))",
			"Staking(MinDelegation(MinDelegation))",
			"Staking(MinStakePerNode(MinStakePerNode))",
			"Staking(ValidatorFloor(ValidatorFloor))",
			"Rewards(StakePerMbps(StakePerMbps))",
			"Rewards(YearlyRelease(YearlyRelease))",
			"Rewards(RewardShares(RewardShares))",
			"Penalties(AppealBond(AppealBond))",
			"Registry(NodeDeposit(NodeDeposit))",
			"Registry(NodeDepositPerByte(NodeDepositPerByte))",
			"Registry(ClientDeposit(ClientDeposit))",
			"Registry(MaxClientLimit(MaxClientLimit))",
			"Registry(MaxNodesPerOwner(MaxNodesPerOwner))",
			"Fees(WeightPrice(WeightPrice))",
			"Fees(ByteFee(ByteFee))",
			"Fees(BurnedFees(BurnedFees))",
			"Governance(TreasuryBurn(TreasuryBurn))",
			"Governance(SubmissionDeposit(SubmissionDeposit))",
			"Governance(SafeModeDeposit(SafeModeDeposit))",
			"Attestation(ProbeMegabytes(ProbeMegabytes))",
		]
	);
}

#[test]
fn bounds_can_be_set_and_nothing_beyond_them_is_a_call() {
	chain().execute_with(|| {
		for Bounds { key, low, default, high, get } in all() {
			let name = format!("{:?}", of(key));
			assert!(low <= default && default <= high, "{name}");
			assert_eq!(get(), default, "{name}");
			for number in [high, low] {
				settle(key, number);
				assert_eq!(get(), number, "{name}");
			}
			let beyond = [low.checked_sub(1), Some(high + 1), Some(u128::MAX)];
			for number in beyond.into_iter().flatten() {
				assert_eq!(set(key, number), None, "{name} to {number}");
			}
			assert_eq!(get(), low);
			assert_ok!(dispatch(Origin::ParameterAdmin.into(), unset(key)));
			assert_eq!(get(), default, "{name}: unset");
		}
	});
}

/// As when a later runtime narrows them.
#[test]
fn what_stands_in_storage_beyond_its_bounds_reads_as_the_default() {
	chain().execute_with(|| {
		for Bounds { key, default, high, get, .. } in all() {
			let place = pallet_parameters::Parameters::<Runtime>::hashed_key_for(of(key));
			sp_io::storage::set(&place, &[&key[..], &(high + 1).encode()].concat());
			assert_eq!(get(), default, "{:?}", of(key));
			// And can be set again.
			settle(key, high);
			assert_eq!(get(), high);
		}
	});
}

/// Who may set the parameters of a matter, by its number, besides Root and the parameter administrator.
fn own_admin(matter: u8) -> Option<Origin> {
	match matter {
		0 => Some(Origin::StakingAdmin),
		2 => Some(Origin::PenaltyAdmin),
		3 => Some(Origin::RegistryAdmin),
		1 | 4 | 5 | 6 => None,
		_ => panic!("say who may set the parameters of matter {matter}"),
	}
}

#[test]
fn every_origin_sets_what_it_may_and_nothing_else() {
	chain().execute_with(|| {
		for key in keys() {
			let call = match all().iter().find(|bounds| bounds.key == key) {
				Some(bounds) => set(key, bounds.high).expect("a call"),
				None => set_to(key, &Shares::DEFAULT.encode()).expect("a call"),
			};
			let custom = CUSTOM.into_iter().map(|origin| {
				let may = origin == Origin::ParameterAdmin || own_admin(key[0]) == Some(origin);
				(RuntimeOrigin::from(origin), may)
			});
			let others = [
				(RuntimeOrigin::root(), true),
				(RuntimeOrigin::none(), false),
				(signed("Alice"), false),
				(members(3, 3), false),
				(members(15, 15), false),
			];
			for (origin, may) in custom.chain(others) {
				let expected = if may { Ok(()) } else { Err(DispatchError::BadOrigin) };
				let result = dispatch(origin.clone(), call.clone());
				assert_eq!(result, expected, "{:?} by {origin:?}", of(key));
			}
		}
	});
}

#[test]
fn shares_that_are_not_the_whole_or_out_of_bounds_are_no_call() {
	let set = |shares: (u16, u16, u16, u16)| set_to(SHARES, &shares.encode());
	let good = [
		(8_000, 800, 700, 500),
		(5_000, 2_500, 2_500, 0),
		(5_500, 2_400, 100, 2_000),
		(9_800, 100, 100, 0),
	];
	let bad = [
		// Not the whole, or more.
		(8_000, 800, 700, 499),
		(8_000, 800, 700, 501),
		(5_000, 100, 100, 0),
		(u16::MAX, 800, 700, 500),
		(0, 0, 0, 0),
		// Each beyond its own bounds, by one.
		(4_999, 2_500, 2_500, 1),
		(9_801, 99, 100, 0),
		(9_801, 100, 99, 0),
		(6_000, 2_501, 1_499, 0),
		(6_000, 1_499, 2_501, 0),
		(7_000, 500, 499, 2_001),
	];
	chain().execute_with(|| {
		for shares in good {
			let call = set(shares).expect("whole");
			assert_ok!(dispatch(Origin::ParameterAdmin.into(), call));
			let (work, blocks, duty, treasury) = shares;
			let is = <p::rewards::RewardShares as Get<Shares>>::get();
			assert_eq!(Some(is), Shares::new(work, blocks, duty, treasury));
			assert!(parameters::RewardSplit::get().is_whole());
		}
		let before = <p::rewards::RewardShares as Get<Shares>>::get();
		for shares in bad {
			assert_eq!(set(shares), None, "{shares:?}");
		}
		assert_eq!(<p::rewards::RewardShares as Get<Shares>>::get(), before);
	});
}

/// A referendum with a wrong value can be submitted, for a proposal is a hash. Nothing comes of it.
#[test]
fn a_wrong_value_that_was_voted_for_is_not_enacted() {
	use frame_support::traits::{schedule::DispatchTime, Bounded};
	use sp_runtime::traits::{BlakeTwo256, Hash};
	chain().execute_with(|| {
		let [bond, ..] = all();
		let bytes = [&[57, 0], &bond.key[..], &[1], &(bond.high + 1).encode()[..]].concat();
		let proposal = Bounded::Lookup { hash: BlakeTwo256::hash(&bytes), len: bytes.len() as u32 };
		assert_ok!(call("Alice", pallet_preimage::Call::note_preimage { bytes }));
		let origin = Box::new(Origin::StakingAdmin.into());
		let at = DispatchTime::After(0);
		let submit = pallet_referenda::Call::submit {
			proposal_origin: origin,
			proposal,
			enactment_moment: at,
		};
		assert_ok!(call("Alice", submit));
		assert_ok!(call("Alice", pallet_referenda::Call::place_decision_deposit { index: 0 }));
		ayes(&PEOPLE, 0);
		run_to(60);
		assert!(is_approved(0));
		assert_eq!((bond.get)(), bond.default);
		check();
	});
}

#[test]
fn parameters_set_together_may_be_of_any_amount_within_their_bounds() {
	// Deposits and stakes are added up; no bounds are so wide that a sum would not fit.
	let sum: Balance = all().iter().map(|bounds| bounds.high).sum();
	assert!(sum < Balance::MAX / 1_000_000);
}
