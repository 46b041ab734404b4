//! What storage holds.

use crate::{policy::Watch, strikes::Strikes};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{Balance, BasisPoints, EraIndex};
use dtel_traits::{Evidence, OffenceKind, Offender, PenaltyId};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, SaturatedConversion};

/// Most offences that a sentence tells apart.
pub const MAX_TERMS: u32 = 8;

/// How far a penalty has come.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum State {
	/// It waits until it is due. It can be appealed and cancelled.
	#[codec(index = 0)]
	Pending,
	/// An appeal is open. It waits for a decision, and for none longer than until its last era.
	#[codec(index = 1)]
	Appealed {
		/// What is held of the operator's funds.
		bond: Balance,
	},
	/// An appeal was rejected. It waits until it is due, and can be cancelled.
	#[codec(index = 2)]
	Upheld,
	/// Stake was taken. The end.
	#[codec(index = 3)]
	Executed {
		/// How much.
		amount: Balance,
	},
	/// It was cancelled. The end.
	#[codec(index = 4)]
	Cancelled,
}

/// An offence that was reported, and what follows from it.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Penalty<AccountId> {
	pub(crate) era: EraIndex,
	pub(crate) offender: Offender<AccountId>,
	pub(crate) owner: AccountId,
	pub(crate) evidence: Evidence,
	pub(crate) fraction: Perbill,
	pub(crate) strikes: u32,
	pub(crate) jail_until: EraIndex,
	pub(crate) reported: EraIndex,
	pub(crate) due: EraIndex,
	pub(crate) last: EraIndex,
	pub(crate) state: State,
	pub(crate) decided: Option<EraIndex>,
	pub(crate) lapsed: bool,
}

impl<AccountId> Penalty<AccountId> {
	/// The era of the offence.
	pub const fn era(&self) -> EraIndex {
		self.era
	}
	/// Who did it.
	pub const fn offender(&self) -> &Offender<AccountId> {
		&self.offender
	}
	/// The operator in that era: its stake answers, and it may appeal.
	pub const fn owner(&self) -> &AccountId {
		&self.owner
	}
	/// What shows the offence.
	pub const fn evidence(&self) -> &Evidence {
		&self.evidence
	}
	/// What was done.
	pub const fn kind(&self) -> OffenceKind {
		self.evidence.kind()
	}
	/// The part of the stake that it costs.
	pub const fn fraction(&self) -> Perbill {
		self.fraction
	}
	/// How many strikes there were before it.
	pub const fn strikes(&self) -> u32 {
		self.strikes
	}
	/// The first era in which the jail term for this offence alone is over.
	pub const fn jail_until(&self) -> EraIndex {
		self.jail_until
	}
	/// The era of the report.
	pub const fn reported(&self) -> EraIndex {
		self.reported
	}
	/// The era from which on it is executed. It can be appealed before.
	pub const fn due(&self) -> EraIndex {
		self.due
	}
	/// The era from which on it is executed although an appeal is open.
	pub const fn last(&self) -> EraIndex {
		self.last
	}
	/// How far it has come.
	pub const fn state(&self) -> State {
		self.state
	}

	/// The era in which it was executed or cancelled; nothing as long as it is open.
	pub const fn decided(&self) -> Option<EraIndex> {
		self.decided
	}
	/// Whether it was executed because nobody had decided about an appeal.
	pub const fn lapsed(&self) -> bool {
		self.lapsed
	}

	/// Whether it was neither executed nor cancelled.
	pub const fn is_open(&self) -> bool {
		matches!(self.state, State::Pending | State::Appealed { .. } | State::Upheld)
	}

	/// The era from which on it is executed as things stand: its place in the queue. Nothing when it
	/// never will be.
	pub const fn executes_from(&self) -> Option<EraIndex> {
		match self.state {
			State::Pending | State::Upheld => Some(self.due),
			State::Appealed { .. } => Some(self.last),
			State::Executed { .. } | State::Cancelled => None,
		}
	}

	/// The span that its offence alone jails for.
	#[cfg(any(test, feature = "try-runtime"))]
	pub(crate) const fn span(&self) -> Span {
		Span { since: self.era, until: self.jail_until }
	}
}

/// From an era to the first one after.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Span {
	/// The earliest era of the offences that it is for.
	pub since: EraIndex,
	/// The first era in which the offender may be released.
	pub until: EraIndex,
}

impl Span {
	/// The span of both.
	pub fn merge(self, other: Self) -> Self {
		Self { since: self.since.min(other.since), until: self.until.max(other.until) }
	}
}

/// What one offence adds to a sentence.
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Term {
	pub(crate) penalty: Option<PenaltyId>,
	pub(crate) span: Span,
}

impl Term {
	/// The penalty that it belongs to; nothing for what was merged of several, which stays to the end.
	pub const fn penalty(&self) -> Option<PenaltyId> {
		self.penalty
	}
	/// From when to when.
	pub const fn span(&self) -> Span {
		self.span
	}
}

/// For what and how long an offender is jailed.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Sentence<AccountId> {
	pub(crate) owner: AccountId,
	/// The penalty that began it.
	pub(crate) first: PenaltyId,
	pub(crate) terms: BoundedVec<Term, ConstU32<MAX_TERMS>>,
	/// Of how many penalties the term without one is.
	pub(crate) merged: u32,
}

impl<AccountId> Sentence<AccountId> {
	/// A sentence of no terms yet, that begins with a penalty.
	pub(crate) fn of(owner: AccountId, first: PenaltyId) -> Self {
		Self { owner, first, terms: BoundedVec::new(), merged: 0 }
	}

	/// The operator that counts as jailed.
	pub const fn owner(&self) -> &AccountId {
		&self.owner
	}

	/// What it is made of, in the order of the reports.
	pub fn terms(&self) -> &[Term] {
		&self.terms
	}

	/// Of how many penalties the term is that names none.
	pub const fn merged(&self) -> u32 {
		self.merged
	}

	/// From the earliest era of the offences to the latest of their ends; nothing without terms.
	pub fn span(&self) -> Option<Span> {
		self.terms.iter().map(|term| term.span).reduce(Span::merge)
	}

	/// Adds a term. When there is no room the one that ends first is merged into the one of those that were merged
	/// before, or, the first time, with the one that ends next.
	pub(crate) fn add(&mut self, penalty: PenaltyId, span: Span) {
		let term = Term { penalty: Some(penalty), span };
		if self.terms.is_full() {
			// That which was merged comes first.
			self.terms.sort_by_key(|term| (term.penalty.is_some(), term.span.until));
			let first = (!self.terms.is_empty()).then(|| self.terms.remove(0));
			if let (Some(first), Some(second)) = (first, self.terms.iter_mut().next()) {
				*second = Term { penalty: None, span: first.span.merge(second.span) };
				self.merged = self.merged.max(1).saturating_add(1);
			}
		}
		// There is room now: a bounded vector of eight lost one.
		let added = self.terms.try_push(term);
		debug_assert!(added.is_ok());
	}

	/// Takes back what a penalty added. A term that was merged goes with the last of its penalties.
	pub(crate) fn remove(&mut self, penalty: PenaltyId) {
		let before = self.terms.len();
		self.terms.retain(|term| term.penalty != Some(penalty));
		// Who is jailed is so by every penalty since the first: what is not told apart was merged.
		if self.terms.len() == before && penalty >= self.first && self.merged > 0 {
			self.merged = self.merged.saturating_sub(1);
			if self.merged == 0 {
				self.terms.retain(|term| term.penalty.is_some());
			}
		}
	}
}

/// The last eras of a node as bits, the newest lowest: set for an era that was bad.
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
)]
pub struct Window {
	pub(crate) bits: u32,
	pub(crate) newest: Option<EraIndex>,
}

impl Window {
	/// How many eras were bad.
	pub const fn hits(&self) -> u32 {
		self.bits.count_ones()
	}

	/// Moves an era in and the oldest of `of` out. Returns whether the era is newer than all before.
	pub(crate) fn push(&mut self, era: EraIndex, bad: bool, of: u8) -> bool {
		if self.newest.is_some_and(|newest| newest >= era) {
			return false;
		}
		// More than the type holds count as all that it holds.
		let mask = 1u32.checked_shl(u32::from(of)).map_or(u32::MAX, |bit| bit.saturating_sub(1));
		self.bits = (self.bits << 1 | u32::from(bad)) & mask;
		self.newest = Some(era);
		true
	}

	/// Moves an era in. When that makes too many bad ones all are forgotten, and how many there were is returned.
	pub(crate) fn too_often(&mut self, era: EraIndex, bad: bool, rule: Watch) -> Option<u8> {
		if !self.push(era, bad, rule.of) || self.hits() < u32::from(rule.hits) {
			return None;
		}
		let hits = self.hits().saturated_into();
		self.bits = 0;
		Some(hits)
	}
}

/// What is remembered of an offender beyond its penalties.
#[derive(
	Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Record {
	pub(crate) strikes: Strikes,
	pub(crate) quality: Window,
	pub(crate) outliers: Window,
	pub(crate) downs: Window,
	pub(crate) places: Window,
	pub(crate) worst: BasisPoints,
}

impl Default for Record {
	fn default() -> Self {
		Self {
			strikes: Strikes::default(),
			quality: Window::default(),
			outliers: Window::default(),
			downs: Window::default(),
			places: Window::default(),
			worst: BasisPoints::ONE,
		}
	}
}

impl Record {
	/// The strikes.
	pub const fn strikes(&self) -> &Strikes {
		&self.strikes
	}

	/// The window of scores under the threshold.
	pub const fn quality(&self) -> Window {
		self.quality
	}

	/// The window of eras as an outlier.
	pub const fn outliers(&self) -> Window {
		self.outliers
	}

	/// The window of eras in which it was down.
	pub const fn downs(&self) -> Window {
		self.downs
	}

	/// The window of eras in which it could not be where it declared.
	pub const fn places(&self) -> Window {
		self.places
	}

	pub(crate) const fn windows(&self) -> [Window; 4] {
		[self.quality, self.outliers, self.downs, self.places]
	}

	/// Whether it says nothing that could matter in `now` or later.
	pub(crate) fn is_clean(&self, now: EraIndex, decay: EraIndex) -> bool {
		self.strikes.has_decayed(now, decay)
			&& self.windows().into_iter().all(|window| window.bits == 0)
	}

	/// Notes a score. Tells of poor quality when too many were bad, and then forgets them.
	pub(crate) fn poor(
		&mut self,
		era: EraIndex,
		score: BasisPoints,
		poor: bool,
		rule: Watch,
	) -> Option<Evidence> {
		if poor && self.quality.newest.is_none_or(|newest| newest < era) {
			self.worst = self.worst.min(score);
		}
		let below = self.quality.too_often(era, poor, rule);
		let worst = self.worst;
		if self.quality.bits == 0 {
			self.worst = BasisPoints::ONE;
		}
		Some(Evidence::PoorQuality { below: below?, of: rule.of, worst })
	}

	/// Notes whether it was down. Tells of the last time when it was too often.
	pub(crate) fn down(
		&mut self,
		era: EraIndex,
		down: Option<Evidence>,
		rule: Watch,
	) -> Option<Evidence> {
		self.downs.too_often(era, down.is_some(), rule)?;
		down
	}

	/// Notes whether it could not be where it declared.
	pub(crate) fn misplaced(&mut self, era: EraIndex, off: bool, rule: Watch) -> Option<Evidence> {
		let broken = self.places.too_often(era, off, rule)?;
		Some(Evidence::FalsePlace { broken, of: rule.of })
	}
}

/// How many equivocations of a kind a validator was reported for in an era.
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
)]
pub struct Tally {
	/// How many.
	pub count: u32,
	/// The largest fraction that one of them costs, or did when it was reported.
	pub largest: Perbill,
}

/// How many penalties of an operator for what was done in an era matter for its pay.
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
)]
pub struct Quarrel {
	/// Those that are open.
	pub open: u32,
	/// Those that were executed and cost the pay.
	pub lost: u32,
}

impl Quarrel {
	/// Both together.
	pub(crate) const fn plus(self, more: Self) -> Self {
		Self {
			open: self.open.saturating_add(more.open),
			lost: self.lost.saturating_add(more.lost),
		}
	}

	/// Without the other.
	pub(crate) const fn less(self, other: Self) -> Self {
		Self {
			open: self.open.saturating_sub(other.open),
			lost: self.lost.saturating_sub(other.lost),
		}
	}
}

/// Up to where history is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Horizon {
	/// The first era that is not closed. No offence of an earlier one is taken.
	pub(crate) oldest: EraIndex,
	/// Whether records of the era before it are still to be removed.
	pub(crate) sweeping: bool,
}
