//! # Governance
//!
//! Who may change what, and how that is decided. There is no key that can do anything of it: every origin here is
//! given by a referendum of all tokens, but that of the technical committee, which may only say that a proposal is
//! urgent and put the chain into safe mode for a bounded time.
//!
//! | module | what it owns |
//! |---|---|
//! | [`origins`] | the origins that referenda can have, and what each may spend |
//! | [`tracks`] | how each of them is decided: deposits, periods, curves |
//! | [`parameters`] | every number that a referendum can set, with the bounds that none can leave |
//! | [`within`] | numbers that cannot leave their bounds |
//! | [`turnout`] | how many tokens there are that can vote |
//! | [`room`] | a scheduler whose full blocks do not lose what was decided |

pub mod origins;
pub mod parameters;
pub mod room;
pub mod tracks;
pub mod turnout;
pub mod within;

use crate::{configs::fees::deposit, setup, *};
use frame_support::{
	parameter_types,
	traits::{
		fungible::HoldConsideration, ConstU32, EitherOf, EqualPrivilegeOnly, LinearStoragePrice,
	},
	weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use origins::{EnsureReferendumCanceller, EnsureReferendumKiller, EnsureWhitelistedCaller};
use sp_runtime::Perbill;

/// The technical committee's instance of pallet Collective.
pub type Technical = pallet_collective::Instance1;

parameter_types! {
	/// Most of a block that enacted proposals may take: what Attestation has to do finds room in any block.
	pub MaximumScheduledWeight: Weight =
		Perbill::from_percent(50) * configs::system::BlockWeights::get().max_block;
	/// Held for a preimage.
	pub const PreimageBaseDeposit: Balance = deposit(2, 64);
	/// Held for each byte of it.
	pub const PreimageByteDeposit: Balance = deposit(0, 1);
	/// Why it is held.
	pub const PreimageHoldReason: RuntimeHoldReason =
		RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
	/// A referendum that nobody pays the decision of is forgotten after two weeks.
	pub UndecidingTimeout: BlockNumber = setup::days(14);
	/// A week for each conviction.
	pub VoteLockingPeriod: BlockNumber = setup::days(7);
	/// Motions of the technical committee are open for three days.
	pub MotionDuration: BlockNumber = setup::days(3);
	/// What a motion may weigh: it only whitelists, or enters safe mode. Half of the room that there is for closing one.
	pub MaxMotionWeight: Weight =
		Perbill::from_percent(5) * configs::system::BlockWeights::get().max_block;
	/// A call that a referendum approved before the committee whitelisted it waits so long for that; anybody can dispatch it
	/// then.
	pub DeferredDispatch: BlockNumber = setup::days(7);
}

impl pallet_preimage::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = crate::weights::pallet_preimage::WeightInfo<Runtime>;
	type Currency = Balances;
	type ManagerOrigin = EnsureRoot<AccountId>;
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHoldReason,
		LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
	>;
}

impl pallet_scheduler::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type MaximumWeight = MaximumScheduledWeight;
	type ScheduleOrigin = EnsureRoot<AccountId>;
	type OriginPrivilegeCmp = EqualPrivilegeOnly;
	type MaxScheduledPerBlock = ConstU32<256>;
	type WeightInfo = crate::weights::pallet_scheduler::WeightInfo<Runtime>;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

impl pallet_referenda::Config for Runtime {
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = crate::weights::pallet_referenda::WeightInfo<Runtime>;
	type Scheduler = room::WithRoom<Scheduler>;
	type Currency = Balances;
	type SubmitOrigin = EnsureSigned<AccountId>;
	type CancelOrigin = EitherOf<EnsureRoot<AccountId>, EnsureReferendumCanceller>;
	type KillOrigin = EitherOf<EnsureRoot<AccountId>, EnsureReferendumKiller>;
	type Slash = Treasury;
	type Votes = Balance;
	type Tally = pallet_conviction_voting::TallyOf<Runtime>;
	type SubmissionDeposit = parameters::SubmissionDeposit;
	type MaxQueued = ConstU32<100>;
	type UndecidingTimeout = UndecidingTimeout;
	type AlarmInterval = ConstU32<1>;
	type Tracks = tracks::Tracks;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
}

impl pallet_conviction_voting::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = crate::weights::pallet_conviction_voting::WeightInfo<Runtime>;
	type Currency = Balances;
	type Polls = Referenda;
	type MaxTurnout = turnout::Turnout;
	// A delegation pays for so many before it is known how many there are: 512 would be an eighth of a block.
	type MaxVotes = ConstU32<128>;
	type VoteLockingPeriod = VoteLockingPeriod;
	type BlockNumberProvider = System;
	type VotingHooks = ();
}

impl origins::pallet::Config for Runtime {}

impl pallet_whitelist::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type WhitelistOrigin = EitherOf<EnsureRoot<AccountId>, origins::TwoThirdsOfCommittee>;
	type DispatchWhitelistedOrigin = EitherOf<EnsureRoot<AccountId>, EnsureWhitelistedCaller>;
	type Preimages = Preimage;
	type DeferredDispatchExpiration = DeferredDispatch;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_whitelist::WeightInfo<Runtime>;
}

impl pallet_collective::Config<Technical> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type MotionDuration = MotionDuration;
	type MaxProposals = ConstU32<20>;
	type MaxMembers = ConstU32<15>;
	type DefaultVote = origins::SilenceIsNo;
	type WeightInfo = crate::weights::pallet_collective::WeightInfo<Runtime>;
	// A referendum fills it, changes it and empties it.
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type MaxProposalWeight = MaxMotionWeight;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type Consideration = ();
}

impl pallet_parameters::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = parameters::RuntimeParameters;
	type AdminOrigin = parameters::Admin;
	type WeightInfo = crate::weights::pallet_parameters::WeightInfo<Runtime>;
}
