//! The runtime API `DtelApi` and the views that it returns.
//!
//! Daemons, the command line and explorers ask the chain through this one trait. It returns views,
//! never storage types: storage may change with an upgrade, an answer keeps its meaning.

use crate::{
	clock::{EraClock, Moment},
	node::{ClientView, NearNodes, NodePage, NodeView},
	offence::{PenaltyId, PenaltyPage, PenaltyView},
	report::{Measurement, ReleaseVersion, SelfReport},
	reward::{Apr, EraPay, Expected, OperatorPay},
	stake::{PoolView, PositionView},
	units::{maybe_text, text},
	validator::ValidatorsView,
	AccountId, Balance, BasisPoints, BlockNumber, EraIndex, MediaKey, NodeId, NodeIndex,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Most entries that one call returns.
pub const MAX_PAGE: u32 = 256;

/// Where the chain stands.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct EraView {
	/// The block at which this was asked.
	pub block: BlockNumber,
	/// Milliseconds from one block to the next.
	pub block_ms: u64,
	/// The clock.
	pub clock: EraClock,
	/// What it shows.
	pub moment: Moment,
	/// How many nodes are members of the running era.
	pub members: u32,
	/// How many verifiers have committed in it so far.
	pub commits: u32,
	/// How many have revealed.
	pub reveals: u32,
	/// How many targets are settled.
	pub settled: u32,
}

/// One target of a verifier.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct Target {
	/// The node to measure.
	pub node: NodeId,
	/// Where it is reached.
	pub domain: Vec<u8>,
	/// Its daemon's key.
	pub media: MediaKey,
}

/// What a verifier has to do in an era.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct Duty {
	/// The era.
	pub era: EraIndex,
	/// The verifier.
	pub verifier: NodeId,
	/// Its dense index in the era's snapshot.
	pub index: NodeIndex,
	/// Whom it measures, by rising node.
	pub targets: Vec<Target>,
	/// Whether it has committed.
	pub committed: bool,
	/// Whether it has revealed.
	pub revealed: bool,
}

/// How the evidence on a node was judged in an era.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
	/// Enough verifiers reported; the figures are their pooled medians.
	#[codec(index = 0)]
	Measured,
	/// Enough reported, and all of them, at least three, found it down.
	#[codec(index = 1)]
	Down,
	/// Too few reported to say anything: the last score stays.
	#[codec(index = 2)]
	#[default]
	Unmeasured,
}

/// What the network came to know of a node in an era.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Default,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Outcome {
	/// How many verifiers were assigned to it.
	pub assigned: u8,
	/// How many of them revealed a measurement of it.
	pub reported: u8,
	/// How many reports of this and earlier eras the medians are taken from.
	pub pooled: u16,
	/// The judgement.
	pub verdict: Verdict,
	/// Median time to set a call up, in milliseconds.
	pub setup_ms: u32,
	/// Median loss.
	pub loss: BasisPoints,
	/// Median jitter in microseconds.
	pub jitter_us: u32,
	/// Median of the shortest round trips in microseconds.
	pub rtt_min_us: u32,
	/// Median of the median round trips in microseconds.
	pub rtt_us: u32,
	/// Median of what 95 % of the round trips did not exceed, in microseconds.
	pub rtt_p95_us: u32,
	/// Median MOS in hundredths.
	pub mos_centi: u16,
	/// Median video score.
	pub video: BasisPoints,
	/// Median share of calls that came up.
	pub availability: BasisPoints,
	/// Median throughput to the node, in kbit/s.
	pub up_kbps: u32,
	/// Median throughput back from the node, in kbit/s.
	pub kbps: u32,
	/// The software that it said it runs: the median of what verifiers were told.
	pub version: ReleaseVersion,
	/// The score that counts.
	pub score: BasisPoints,
	/// Whether the node did its own duty as a verifier.
	pub duty_done: bool,
	/// How many of its verifiers were outside of the tolerance in this era.
	pub outliers: u8,
	/// How many of them it cannot be as far from as the two say.
	pub doubts: u8,
	/// What it says of its own service, beside what was attested.
	pub own: Option<SelfReport>,
	/// Whether that is better than what was attested by more than the tolerance.
	pub boasts: bool,
	/// The points of work that it earned: kbit/s × basis points.
	pub points: u64,
}

/// One measurement of a node, as it counts.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct SampleView {
	/// The era.
	pub era: EraIndex,
	/// Who measured.
	pub verifier: NodeId,
	/// What the verifier had at stake; next to nothing for one that was jailed.
	#[serde(serialize_with = "text")]
	pub weight: Balance,
	/// What it measured.
	pub measurement: Measurement,
}

/// What a node did as a verifier in an era.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct VerifierView {
	/// The era.
	pub era: EraIndex,
	/// Whom it was to measure, by rising node.
	pub targets: Vec<NodeId>,
	/// Who was to measure it, nearest on the ring first.
	pub verifiers: Vec<NodeId>,
	/// Whether it has committed.
	pub committed: bool,
	/// Whether it has revealed.
	pub revealed: bool,
	/// How many of its measurements were outside of the tolerance. Complete when the era is settled.
	pub outliers: u8,
}

/// A node in an era: what was attested, earned and paid for its work. Authored blocks and measurements as a verifier are
/// paid to its operator besides, as `earnings` tells.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct NodeEraView {
	/// The node.
	pub node: NodeId,
	/// Its operator when the snapshot was frozen.
	pub owner: AccountId,
	/// Stake that counted for it.
	#[serde(serialize_with = "text")]
	pub stake: Balance,
	/// What was attested; nothing before it is settled.
	pub outcome: Option<Outcome>,
	/// Points earned.
	#[serde(serialize_with = "text")]
	pub points: Balance,
	/// Its part, by points, in what its operator was paid for work; nothing before the payout.
	#[serde(serialize_with = "maybe_text")]
	pub paid: Option<Balance>,
	/// Its part in what a payout would pay for work now; nothing when none can be made.
	#[serde(serialize_with = "maybe_text")]
	pub payable: Option<Balance>,
	/// The era of the offence, when the node is jailed for this or an earlier era.
	pub jailed_since: Option<EraIndex>,
}

/// An era as a whole.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo, Serialize,
)]
pub struct EraSummary {
	/// The era.
	pub era: EraIndex,
	/// How many nodes were members.
	pub members: u32,
	/// Whether every member is settled.
	pub settled: bool,
	/// What was released from the reserve for work.
	#[serde(serialize_with = "text")]
	pub released: Balance,
	/// The sum of all points.
	#[serde(serialize_with = "text")]
	pub points: Balance,
	/// What has been paid for work.
	#[serde(serialize_with = "text")]
	pub paid: Balance,
	/// All that was released, done and paid; nothing as long as nobody did anything.
	pub pay: Option<EraPay>,
}

sp_api::decl_runtime_apis! {
	/// Questions about nodes, eras, duties and pay.
	#[api_version(1)]
	pub trait DtelApi {
		/// Era, phase and progress.
		fn era() -> EraView;
		/// A node.
		fn node(node: NodeId) -> Option<NodeView>;
		/// The node whose daemon holds this key.
		fn node_by_media(media: MediaKey) -> Option<NodeView>;
		/// Nodes with identifiers from `start` on, at most `limit` and [`MAX_PAGE`], by rising identifier.
		fn nodes(start: NodeId, limit: u32) -> Vec<NodeView>;
		/// Nodes to send calls to, with identifiers from `start` on, at most `limit` and [`MAX_PAGE`], by
		/// rising identifier: those that take calls, are not jailed, and whose operator has the stake that the members
		/// of an era need. A page may be short, or empty, although more follow: other nodes are passed over, and one
		/// answer looks at [`MAX_PAGE`] nodes.
		fn active_nodes(start: NodeId, limit: u32) -> NodePage;
		/// The nodes nearest to a place, in tenths of a degree, of those that [`Self::active_nodes`] lists: at most `limit`
		/// and [`MAX_PAGE`]; none when the place is not on the globe.
		fn nodes_near(lat: i16, lon: i16, limit: u32) -> NearNodes;
		/// What a verifier has to do in the running era; nothing for one that is no member.
		fn duty(verifier: NodeId) -> Option<Duty>;
		/// What a node had to do as a verifier in an era, and did; nothing for one that was no member, or when that is pruned.
		fn verifier(node: NodeId, era: EraIndex) -> Option<VerifierView>;
		/// What became known of a node in eras before `before`, the newest first: at most `limit` and [`MAX_PAGE`]. Eras in
		/// which it was no member are passed over.
		fn outcomes(node: NodeId, before: EraIndex, limit: u32) -> Vec<(EraIndex, Outcome)>;
		/// The measurements from which a node's newest figures are taken, by rising era.
		fn evidence(node: NodeId) -> Vec<SampleView>;
		/// Megabytes of media that a verifier may send to one target in an era.
		fn probe_megabytes() -> u32;
		/// An API key.
		fn client(key: MediaKey) -> Option<ClientView>;
		/// Whether tokens under an API key are to be accepted now.
		fn is_client_valid(key: MediaKey) -> bool;
		/// An era as a whole; nothing when it is unknown or pruned.
		fn era_summary(era: EraIndex) -> Option<EraSummary>;
		/// An operator's pool.
		fn pool(operator: AccountId) -> Option<PoolView>;
		/// What a holder has with an operator, what it has earned and what slashes cost it.
		fn position(holder: AccountId, operator: AccountId) -> Option<PositionView<AccountId>>;
		/// All that a holder has, by operator. There are as many as the constant `Staking.MaxPoolsPerHolder` says at most.
		fn positions(holder: AccountId) -> Vec<(AccountId, PositionView<AccountId>)>;
		/// What an operator did in open eras from `start` on, rising, at most `limit` and [`MAX_PAGE`], and what became of
		/// its pay.
		fn earnings(operator: AccountId, start: EraIndex, limit: u32) -> Vec<OperatorPay>;
		/// What an operator and its delegators together are to expect of the running era; nothing before the first era is
		/// settled. See [`Expected`] for what is assumed.
		fn expected(operator: AccountId) -> Option<Expected>;
		/// What a holder is to expect of that for its stake with the operator, the operator's own with its commission.
		fn expected_by(holder: AccountId, operator: AccountId) -> Option<Expected>;
		/// What stake with an operator brought its delegators in the last settled eras, as a yearly rate; nothing without
		/// a pool, or before the first era in which its stake counted is settled. See [`Apr`] for what is assumed.
		fn apr(operator: AccountId) -> Option<Apr>;
		/// Who validates, who asked to be chosen, with what stake, and why one has no seat. At most as many as there are
		/// places and seats.
		fn validators() -> ValidatorsView<AccountId>;
		/// A penalty; nothing when it is unknown or the era of its offence is closed.
		fn penalty(penalty: PenaltyId) -> Option<PenaltyView>;
		/// Open penalties after `after` (from the beginning without one), at most `limit` and [`MAX_PAGE`], in the order of
		/// storage. A page may be short, or empty, although more follow: decided ones are passed over. One that is open
		/// throughout a walk over all pages is met once, whatever happens meanwhile.
		fn open_penalties(after: Option<PenaltyId>, limit: u32) -> PenaltyPage;
		/// The penalties of an operator, decided ones included, paged as [`Self::open_penalties`].
		fn penalties_of_owner(owner: AccountId, after: Option<PenaltyId>, limit: u32) -> PenaltyPage;
		/// The penalties of a node, decided ones included: at most `limit` and [`MAX_PAGE`], the newest
		/// offences first.
		fn penalties_of_node(node: NodeId, limit: u32) -> Vec<PenaltyView>;
		/// The members of an era from dense index `start` on, at most `limit` and [`MAX_PAGE`].
		fn era_nodes(era: EraIndex, start: NodeIndex, limit: u32) -> Vec<NodeEraView>;
	}
}
