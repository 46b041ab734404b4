//! What people do in governance: propose, vote, delegate, wait.

use crate::chain::{account, Chain, Tx, Who};
use codec::Encode;
use dtel_primitives::{Balance, Hash, DTEL};
use dtel_runtime::{
	governance::origins::Origin, Balances, OriginCaller, Referenda, Runtime, RuntimeCall,
	RuntimeEvent,
};
use frame_support::traits::{
	fungible::Inspect,
	schedule::DispatchTime,
	tokens::{Fortitude, Preservation},
	Bounded, QueryPreimage,
};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::{ReferendumIndex, ReferendumInfo, ReferendumInfoFor};
use sp_runtime::{DispatchError, DispatchResult, MultiAddress};

/// Who proposes, and does not vote: deposits are not taken of tokens that a vote locks.
pub const PROPOSER: Who = "App";

/// Who votes: 12 of the 13 who have tokens.
pub const VOTERS: [Who; 12] =
	["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "Op1", "Op2", "Op3", "Op4", "Op5", "Op6"];

/// With what each of them votes.
pub const STAKE: Balance = 800_000 * DTEL;

/// Submitted with each referendum.
pub const SUBMISSION: Balance = 100 * DTEL;

/// Longer than any track takes from its decision's beginning to enactment.
const PATIENCE: u32 = 28 * 24 + 5 * 24;

/// The origin of a track as a call has it.
pub fn root() -> OriginCaller {
	OriginCaller::system(frame_system::RawOrigin::Root)
}

/// Another one.
pub fn as_origin(origin: Origin) -> OriginCaller {
	OriginCaller::Origins(origin)
}

/// An address in a call.
pub fn to(who: Who) -> dtel_runtime::Address {
	MultiAddress::Id(account(who))
}

/// All for it.
pub fn aye(balance: Balance, conviction: Conviction) -> AccountVote<Balance> {
	AccountVote::Standard { vote: Vote { aye: true, conviction }, balance }
}

/// All against it.
pub fn nay(balance: Balance, conviction: Conviction) -> AccountVote<Balance> {
	AccountVote::Standard { vote: Vote { aye: false, conviction }, balance }
}

/// A vote's call.
pub fn vote(index: ReferendumIndex, vote: AccountVote<Balance>) -> RuntimeCall {
	pallet_conviction_voting::Call::vote { poll_index: index, vote }.into()
}

/// The hash under which a call is noted.
pub fn hash(call: &RuntimeCall) -> Hash {
	sp_io::hashing::blake2_256(&call.encode()).into()
}

/// A transfer that does not touch existence.
pub fn transfer(who: Who, value: Balance) -> RuntimeCall {
	pallet_balances::Call::transfer_keep_alive { dest: to(who), value }.into()
}

/// The call refused because of safe mode, a pause or the quiet time.
pub fn filtered() -> DispatchError {
	frame_system::Error::<Runtime>::CallFiltered.into()
}

impl Chain {
	/// What somebody can spend: free, and not locked.
	pub fn usable(&mut self, who: Who) -> Balance {
		self.view(|| {
			Balances::reducible_balance(&account(who), Preservation::Expendable, Fortitude::Polite)
		})
	}

	/// All that somebody has.
	pub fn total(&mut self, who: Who) -> Balance {
		self.view(|| Balances::total_balance(&account(who)))
	}

	/// What is free of it, locked or not.
	pub fn free(&mut self, who: Who) -> Balance {
		self.view(|| Balances::free_balance(account(who)))
	}

	/// What is reserved or held of it.
	pub fn reserved(&mut self, who: Who) -> Balance {
		self.view(|| Balances::reserved_balance(account(who)))
	}

	/// What somebody paid for transactions since a mark.
	pub fn fees(&self, who: Who, mark: usize) -> Balance {
		let paid = self.since(mark).filter_map(|event| match event {
			RuntimeEvent::TransactionPayment(
				pallet_transaction_payment::Event::TransactionFeePaid {
					who: by, actual_fee, ..
				},
			) if *by == account(who) => Some(*actual_fee),
			_ => None,
		});
		paid.sum()
	}

	/// Notes these bytes as a preimage and submits what they are.
	fn submit_bytes(&mut self, by: Who, origin: OriginCaller, bytes: Vec<u8>) -> ReferendumIndex {
		let hash = sp_io::hashing::blake2_256(&bytes).into();
		let proposal = Bounded::Lookup { hash, len: bytes.len() as u32 };
		let index = self.view(pallet_referenda::ReferendumCount::<Runtime>::get);
		// Somebody may have noted the same before.
		let noted = self.view(|| <dtel_runtime::Preimage as QueryPreimage>::len(&hash).is_some());
		if !noted {
			self.send(by, pallet_preimage::Call::note_preimage { bytes });
		}
		self.send(
			by,
			pallet_referenda::Call::submit {
				proposal_origin: Box::new(origin),
				proposal: proposal.clone(),
				enactment_moment: DispatchTime::After(0),
			},
		);
		let track = self.ongoing(index).track;
		self.assert_once(pallet_referenda::Event::Submitted { index, track, proposal });
		index
	}

	/// Notes a call, submits it on the track of an origin and pays for its decision.
	pub fn propose(
		&mut self,
		by: Who,
		origin: OriginCaller,
		call: impl Into<RuntimeCall>,
	) -> ReferendumIndex {
		self.propose_bytes(by, origin, call.into().encode())
	}

	/// The same with bytes that may be no call.
	pub fn propose_bytes(
		&mut self,
		by: Who,
		origin: OriginCaller,
		bytes: Vec<u8>,
	) -> ReferendumIndex {
		let index = self.submit_bytes(by, origin, bytes);
		self.send(by, pallet_referenda::Call::place_decision_deposit { index });
		index
	}

	/// Submits a call, and pays for no decision.
	pub fn submit(
		&mut self,
		by: Who,
		origin: OriginCaller,
		call: impl Into<RuntimeCall>,
	) -> ReferendumIndex {
		self.submit_bytes(by, origin, call.into().encode())
	}

	/// These vote the same, in one block.
	pub fn vote(&mut self, index: ReferendumIndex, voters: &[Who], how: AccountVote<Balance>) {
		self.send_all(voters.iter().map(|who| (*who, vote(index, how))).collect());
	}

	/// A referendum that is not decided yet.
	#[track_caller]
	pub fn ongoing(
		&mut self,
		index: ReferendumIndex,
	) -> pallet_referenda::ReferendumStatusOf<Runtime, ()> {
		self.view(|| Referenda::ensure_ongoing(index)).expect("ongoing")
	}

	/// Any referendum.
	pub fn referendum(
		&mut self,
		index: ReferendumIndex,
	) -> pallet_referenda::ReferendumInfoOf<Runtime, ()> {
		self.view(|| ReferendumInfoFor::<Runtime>::get(index)).expect("submitted")
	}

	/// Builds blocks until something holds.
	#[track_caller]
	pub fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
		for _ in 0..PATIENCE {
			if holds(self) {
				return;
			}
			self.block();
		}
		panic!("{PATIENCE} blocks without {what}");
	}

	/// Builds blocks until this happened.
	#[track_caller]
	pub fn until_event(&mut self, event: impl Into<RuntimeEvent>) {
		let event = event.into();
		let what = format!("{event:?}");
		self.until(&what, |chain| chain.times(event.clone()) > 0);
	}

	/// Builds blocks until something of this kind happened to a referendum.
	#[track_caller]
	pub fn until_event_of(
		&mut self,
		what: &str,
		is: impl Fn(&pallet_referenda::Event<Runtime>) -> bool,
	) {
		self.until(what, |chain| {
			chain.since(0).any(|event| matches!(event, RuntimeEvent::Referenda(event) if is(event)))
		});
	}

	/// Builds blocks until a referendum was approved.
	#[track_caller]
	pub fn until_approved(&mut self, index: ReferendumIndex) {
		self.until("approval", |chain| match chain.referendum(index) {
			ReferendumInfo::Ongoing(_) => false,
			ReferendumInfo::Approved(..) => true,
			other => panic!("decided otherwise: {other:?}"),
		});
	}

	/// How a referendum was enacted, if it was.
	pub fn enacted(&self, index: ReferendumIndex) -> Option<DispatchResult> {
		let name = (*b"assembly", "enactment", index).using_encoded(sp_io::hashing::blake2_256);
		let mut results = self.since(0).filter_map(|event| match event {
			RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
				id: Some(id),
				result,
				..
			}) if *id == name => Some(*result),
			_ => None,
		});
		let first = results.next();
		assert_eq!(results.next(), None, "enacted once");
		first
	}

	/// Builds blocks until a referendum is approved and enacted, and looks whether all is well then.
	#[track_caller]
	pub fn until_enacted(&mut self, index: ReferendumIndex) -> DispatchResult {
		self.until_approved(index);
		self.until("enactment", |chain| chain.enacted(index).is_some());
		self.check();
		self.enacted(index).expect("just looked")
	}

	/// A call from proposal to enactment, all voters for it.
	#[track_caller]
	pub fn decide(&mut self, origin: OriginCaller, call: impl Into<RuntimeCall>) -> DispatchResult {
		let index = self.propose(PROPOSER, origin, call);
		self.vote(index, &VOTERS, aye(STAKE, Conviction::Locked1x));
		self.until_enacted(index)
	}

	/// The committee's members propose a motion, as many as it needs agree, and it is closed, all in one block. Says how it was executed.
	pub fn motion(&mut self, threshold: u32, call: impl Into<RuntimeCall>) -> DispatchResult {
		let call = call.into();
		let proposal_hash = hash(&call);
		let (index, mark) = (self.view(proposals), self.mark());
		let mut steps = vec![("Alice", propose_motion(threshold, &call))];
		let ayes = ["Alice", "Bob", "Charlie"].into_iter().take(threshold as usize);
		steps.extend(ayes.map(|who| (who, motion_vote(&call, index))));
		steps.push(("Alice", close_motion(&call, index)));
		self.send_all(steps);
		let result = self.since(mark).find_map(|event| match event {
			RuntimeEvent::TechnicalCommittee(pallet_collective::Event::Executed {
				proposal_hash: executed,
				result,
			}) if *executed == proposal_hash => Some(*result),
			_ => None,
		});
		result.expect("executed")
	}

	/// What becomes of a transaction that may not even be taken.
	pub fn attempt(&mut self, who: Who, call: impl Into<RuntimeCall>) -> crate::chain::Applied {
		self.apply_one(Tx::Signed(who, call.into()))
	}
}

/// How many motions there were.
pub fn proposals() -> u32 {
	pallet_collective::ProposalCount::<Runtime, pallet_collective::Instance1>::get()
}

/// A member's motion.
pub fn propose_motion(threshold: u32, call: &RuntimeCall) -> RuntimeCall {
	RuntimeCall::TechnicalCommittee(pallet_collective::Call::propose {
		threshold,
		proposal: Box::new(call.clone()),
		length_bound: call.encoded_size() as u32,
	})
}

/// A member's aye.
pub fn motion_vote(call: &RuntimeCall, index: u32) -> RuntimeCall {
	RuntimeCall::TechnicalCommittee(pallet_collective::Call::vote {
		proposal: hash(call),
		index,
		approve: true,
	})
}

/// The end of a motion.
pub fn close_motion(call: &RuntimeCall, index: u32) -> RuntimeCall {
	use frame_support::dispatch::GetDispatchInfo;
	RuntimeCall::TechnicalCommittee(pallet_collective::Call::close {
		proposal_hash: hash(call),
		index,
		proposal_weight_bound: call.get_dispatch_info().call_weight,
		length_bound: call.encoded_size() as u32,
	})
}
