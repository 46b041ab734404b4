//! A chain on which every pallet that a call can reach has something to lose.

use crate::{arguments::Maker, world::*};
use codec::Encode;
use dtel_primitives::{
	attestor::AttestorPair,
	clock::EraClock,
	node::{Capabilities, Region, SoftwareVersion},
	offence::{Evidence, Offender},
	DTEL,
};
use dtel_runtime::{
	configs::quality::RewardsId,
	governance::{origins::Origin, Technical},
	setup, AccountId, Balances, Penalties, Registry, Rewards, Runtime, Staking, System,
};
use dtel_traits::{Offence, OffenceSink, ScoreSink, Scored};
use frame_support::{assert_ok, traits::Get};
use pallet_conviction_voting::Conviction;
use sp_core::Pair;
use sp_runtime::traits::{AccountIdConversion, BlakeTwo256, Hash};
use std::collections::BTreeSet;

/// Somebody who has little, and nothing to do with anything.
pub const STRANGER: AccountId = AccountId::new([7; 32]);

/// The chain.
pub fn chain() -> sp_io::TestExternalities {
	let mut ext = crate::world::chain();
	ext.execute_with(|| {
		let _ = Balances::transfer_keep_alive(signed("Op6"), STRANGER.into(), 2 * DTEL);
		sp_io::storage::set(sp_core::storage::well_known_keys::CODE, b"code");
		stake();
		bounties();
		referenda();
		committee();
		accounts();
		// After the blocks that the others took: neither is due.
		penalties();
		pallet_babe::CurrentSlot::<Runtime>::put(sp_consensus_babe::Slot::from(1_000));
		System::reset_events();
		check();
	});
	// So that what follows is undone to here.
	ext.commit_all().expect("no transaction is open");
	ext
}

/// Arguments that mean something on it.
pub fn maker(seed: u64) -> Maker {
	let mut maker = Maker::new(seed);
	maker.accounts = PEOPLE.iter().map(|name| who(name)).collect();
	maker.accounts.extend([STRANGER, treasury(), RewardsId::get().into_account_truncating()]);
	maker.hashes = [proposal(), noted()].iter().map(|call| BlakeTwo256::hash_of(call).0).collect();
	let motion = pallet_collective::Proposals::<Runtime, Technical>::get();
	maker.hashes.extend(motion.iter().map(|hash| hash.0));
	maker.block = now();
	maker.moment = 1_000 * <setup::SlotMillis<Runtime> as Get<u64>>::get();
	maker
}

/// Accounts that are pallets' own, the treasury among them.
pub fn pallets() -> BTreeSet<AccountId> {
	use dtel_runtime::{Bounties, ChildBounties};
	let mut all =
		BTreeSet::from([treasury(), RewardsId::get().into_account_truncating(), Staking::pot()]);
	for bounty in 0..8 {
		all.insert(Bounties::bounty_account_id(bounty));
		all.extend((0..8).map(|child| ChildBounties::child_bounty_account_id(bounty, child)));
	}
	all
}

fn proposal() -> dtel_runtime::RuntimeCall {
	put(b"whitelisted")
}

fn noted() -> dtel_runtime::RuntimeCall {
	put(b"noted")
}

/// Two operators with stake, one with a delegator and pay that nobody has claimed, and somebody who is leaving.
fn stake() {
	for name in ["Op1", "Op2"] {
		assert_ok!(Staking::bond(signed(name), 60_000 * DTEL, Default::default()));
		register(name);
	}
	assert_ok!(Staking::delegate(signed("Bob"), who("Op1"), 20_000 * DTEL));
	assert_ok!(Staking::delegate(signed("App"), who("Op2"), 20_000 * DTEL));
	let media = sp_core::ed25519::Pair::from_string("//client", None).expect("a seed").public();
	assert_ok!(Registry::add_client(signed("App"), media, None, 100));
	let clock = <setup::Clock<Runtime> as Get<EraClock>>::get();
	run_to(clock.first_block(1) + 1);
	Rewards::era_settled(0);
	for (node, name) in [(0, "Op1"), (1, "Op2")] {
		let (owner, stake, score) = (who(name), 60_000 * DTEL, dtel_primitives::BasisPoints::ONE);
		Rewards::scored(Scored { era: 1, node, owner, stake, kbps: 9_000, score, duty: 5 });
	}
	Rewards::era_settled(1);
	run_to(clock.first_block(4) + 1);
	assert_ok!(Rewards::payout(signed("Alice"), 1, who("Op1")));
	assert_ok!(Staking::undelegate(signed("App"), who("Op2"), 5_000 * DTEL));
}

fn register(name: &str) {
	let attestor = AttestorPair::from_string(&format!("//{name}//a"), None).expect("a seed");
	let media = sp_core::ed25519::Pair::from_string(&format!("//{name}//m"), None).expect("a seed");
	let declaration = pallet_dtel_registry::Declaration {
		domain: format!("127.0.0.1:7{}", &name[2..]).into_bytes().try_into().expect("short"),
		region: Region { country: *b"DE", lat: 525, lon: 134 },
		capabilities: Capabilities::SFU,
		declared_kbps: 100_000,
		version: SoftwareVersion::new(b"dtel-worker/0.1.0").expect("a version"),
		did: None,
	};
	assert_ok!(Registry::register(signed(name), declaration, attestor.public(), media.public()));
}

/// Bounties: proposed, funded, with a curator, with children, to be claimed.
fn bounties() {
	use pallet_bounties::Call;
	use pallet_child_bounties::Call as Child;
	let treasurer = || Origin::Treasurer.into();
	for _ in 0..5 {
		let description = b"something to be done".to_vec();
		assert_ok!(call("Dave", Call::propose_bounty { value: 1_000 * DTEL, description }));
	}
	for bounty_id in 1..5 {
		assert_ok!(dispatch(treasurer(), Call::approve_bounty { bounty_id }));
	}
	run_to(now() + setup::days(7) + 1);
	for bounty_id in 2..5 {
		let (curator, fee) = (who("Eve").into(), 100 * DTEL);
		assert_ok!(dispatch(treasurer(), Call::propose_curator { bounty_id, curator, fee }));
		assert_ok!(call("Eve", Call::accept_curator { bounty_id }));
	}
	for child in 0..3 {
		let description = b"a part of it".to_vec();
		let parent_bounty_id = 3;
		let value = 100 * DTEL;
		assert_ok!(call("Eve", Child::add_child_bounty { parent_bounty_id, value, description }));
		let (curator, fee) = (who("Ferdie").into(), 20 * DTEL);
		let child_bounty_id = child;
		let propose = Child::propose_curator { parent_bounty_id, child_bounty_id, curator, fee };
		assert_ok!(call("Eve", propose));
		let accept = Child::accept_curator { parent_bounty_id, child_bounty_id };
		assert_ok!(call("Ferdie", accept));
	}
	let beneficiary = || who("Dave").into();
	let award = Child::award_child_bounty {
		parent_bounty_id: 3,
		child_bounty_id: 1,
		beneficiary: beneficiary(),
	};
	assert_ok!(call("Ferdie", award));
	assert_ok!(call("Eve", Call::award_bounty { bounty_id: 4, beneficiary: beneficiary() }));
	run_to(now() + setup::days(4) + 1);
	let spend = pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount: 500 * DTEL,
		beneficiary: Box::new(who("Dave")),
		valid_from: None,
	};
	assert_ok!(dispatch(Origin::Tipper.into(), spend.clone()));
	assert_ok!(dispatch(Origin::SmallSpender.into(), spend));
}

/// Some that are voted about, one that was approved, one that nobody pays for; and votes that are delegated.
fn referenda() {
	let done = propose("Alice", Origin::Tipper, mark("done"));
	ayes(&["Alice", "Bob", "Charlie"], done);
	run_to(now() + 12);
	assert!(is_approved(done));
	propose("Charlie", root(), mark("root"));
	propose("Dave", Origin::StakingAdmin, mark("stake"));
	submit("Dave", Origin::Treasurer, mark("spend"));
	for index in 1..4 {
		let aye = standard(true, Conviction::Locked1x, 1_000 * DTEL);
		assert_ok!(vote("Bob", index, aye));
	}
	let delegate = pallet_conviction_voting::Call::delegate {
		class: 30,
		to: who("Bob").into(),
		conviction: Conviction::Locked2x,
		balance: 5_000 * DTEL,
	};
	assert_ok!(call("Eve", delegate));
	let bytes = noted().encode();
	assert_ok!(call("Dave", pallet_preimage::Call::note_preimage { bytes }));
}

/// Something whitelisted, and a motion.
fn committee() {
	let call_hash = BlakeTwo256::hash_of(&proposal());
	let whitelist = pallet_whitelist::Call::whitelist_call { call_hash };
	assert_ok!(dispatch(members(3, 3), whitelist));
	let proposal = Box::new(mark("motion"));
	let propose = pallet_collective::Call::propose { threshold: 2, proposal, length_bound: 100 };
	assert_ok!(call("Alice", dtel_runtime::RuntimeCall::TechnicalCommittee(propose)));
}

/// A proxy, an announcement and an unfinished operation of a multisig.
fn accounts() {
	use dtel_runtime::configs::accounts::ProxyType;
	let add = pallet_proxy::Call::add_proxy {
		delegate: who("Dave").into(),
		proxy_type: ProxyType::Any,
		delay: 0,
	};
	assert_ok!(call("Charlie", add));
	let announce = pallet_proxy::Call::announce {
		real: who("Charlie").into(),
		call_hash: BlakeTwo256::hash_of(&mark("announced")),
	};
	assert_ok!(call("Dave", announce));
	let mut others = vec![who("Bob"), who("Charlie")];
	others.sort();
	let approve = pallet_multisig::Call::approve_as_multi {
		threshold: 2,
		other_signatories: others,
		maybe_timepoint: None,
		call_hash: [5; 32],
		max_weight: Default::default(),
	};
	assert_ok!(call("Eve", approve));
}

/// One penalty that is appealed, one that is not.
fn penalties() {
	let era = <setup::Clock<Runtime> as Get<EraClock>>::get().era_of(now());
	for (node, name) in [(0, "Op1"), (1, "Op2")] {
		let evidence = Evidence::Unavailable { assigned: 5, reported: 5, down: 0, measured: 0 };
		let (offender, owner) = (Offender::Node(node), who(name));
		Penalties::report(Offence { era, offender, owner, evidence });
	}
	assert_ok!(Penalties::appeal(signed("Op1"), 0));
}
