//! What offences cost: pure, no storage.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use dtel_primitives::{BasisPoints, EraIndex};
use dtel_traits::{Evidence, OffenceKind};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// What one kind of service offence costs.
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
pub struct Terms {
	/// The part of the operator's stake that is taken without strikes.
	pub slash: Perbill,
	/// The largest part, however many strikes there are.
	pub max_slash: Perbill,
	/// Full eras in jail after the era of the offence, without strikes.
	pub jail_eras: EraIndex,
	/// The longest term.
	pub max_jail_eras: EraIndex,
}

impl Terms {
	/// Slash and jail after `strikes`: both doubled by each, up to their maxima.
	fn price(&self, strikes: u32) -> Price {
		let factor = 1u32.checked_shl(strikes).unwrap_or(u32::MAX);
		let grown = |base: u32, most: u32| base.saturating_mul(factor).min(most.max(base));
		Price {
			fraction: Perbill::from_parts(grown(
				self.slash.deconstruct(),
				self.max_slash.deconstruct(),
			)),
			jail_eras: grown(self.jail_eras, self.max_jail_eras),
		}
	}

	fn longest(&self) -> EraIndex {
		self.max_jail_eras.max(self.jail_eras)
	}
}

/// How often is too often: `hits` of the last `of` eras.
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
pub struct Watch {
	/// How many bad eras make an offence.
	pub hits: u8,
	/// Of how many, at most 32.
	pub of: u8,
}

impl Watch {
	/// Whether it can be reached and fits the window.
	pub const fn is_valid(&self) -> bool {
		0 < self.hits && self.hits <= self.of && self.of <= 32
	}
}

/// What an offence costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
	/// The part of the stake.
	pub fraction: Perbill,
	/// Full eras in jail after that of the offence.
	pub jail_eras: EraIndex,
}

/// What each kind of offence costs, and what is one.
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
pub struct Policy {
	/// Terms of [`OffenceKind::MissedDuty`].
	pub missed_duty: Terms,
	/// Terms of [`OffenceKind::Unavailable`].
	pub unavailable: Terms,
	/// Terms of [`OffenceKind::PoorQuality`].
	pub poor_quality: Terms,
	/// Terms of [`OffenceKind::Outlier`].
	pub outlier: Terms,
	/// Terms of [`OffenceKind::DoubleReveal`].
	pub double_reveal: Terms,
	/// Terms of [`OffenceKind::FalsePlace`].
	pub false_place: Terms,
	/// Full eras in jail for an equivocation, whose slash comes with its report.
	pub equivocation_jail_eras: EraIndex,
	/// A lower score is a bad one.
	pub poor_below: BasisPoints,
	/// How many bad scores are poor quality.
	pub poor: Watch,
	/// How many eras as an outlier are an offence.
	pub outliers: Watch,
	/// How many eras, of those in which something could be said, are unavailability when all verifiers found it down.
	pub down: Watch,
	/// How many eras in which it cannot be where it declares are an offence, of those in which enough can tell.
	pub places: Watch,
	/// After how many eras without a new one there is a strike less.
	pub strike_eras: EraIndex,
	/// Nobody is blamed for having revealed nothing in an era in which a smaller part of its members revealed.
	pub least_revealed: BasisPoints,
	/// Nobody is blamed for having been down in an era in which a larger part of all measurements found their target
	/// down.
	pub most_down: BasisPoints,
}

const fn terms(slash: u32, max_slash: u32, jail_eras: EraIndex, max_jail_eras: EraIndex) -> Terms {
	// In parts of a hundred thousand.
	Terms {
		slash: Perbill::from_parts(slash.saturating_mul(10_000)),
		max_slash: Perbill::from_parts(max_slash.saturating_mul(10_000)),
		jail_eras,
		max_jail_eras,
	}
}

impl Policy {
	/// The table in the crate's documentation.
	pub const DEFAULT: Self = Self {
		missed_duty: terms(0, 0, 1, 16),
		unavailable: terms(100, 1_600, 2, 32),
		poor_quality: terms(100, 1_600, 2, 32),
		// An era longer than the others: it is told of an era later, when the next members are frozen.
		outlier: terms(200, 3_200, 3, 33),
		double_reveal: terms(5_000, 20_000, 14, 56),
		false_place: terms(1_000, 8_000, 7, 56),
		equivocation_jail_eras: 56,
		poor_below: BasisPoints::saturating(3_000),
		poor: Watch { hits: 10, of: 12 },
		outliers: Watch { hits: 7, of: 12 },
		down: Watch { hits: 3, of: 12 },
		places: Watch { hits: 9, of: 12 },
		strike_eras: 28,
		least_revealed: BasisPoints::saturating(5_000),
		most_down: BasisPoints::saturating(5_000),
	};

	/// The terms of a kind; nothing for those whose slash comes with the report.
	const fn terms(&self, kind: OffenceKind) -> Option<Terms> {
		match kind {
			OffenceKind::MissedDuty => Some(self.missed_duty),
			OffenceKind::Unavailable => Some(self.unavailable),
			OffenceKind::PoorQuality => Some(self.poor_quality),
			OffenceKind::Outlier => Some(self.outlier),
			OffenceKind::DoubleReveal => Some(self.double_reveal),
			OffenceKind::FalsePlace => Some(self.false_place),
			OffenceKind::BabeEquivocation | OffenceKind::GrandpaEquivocation => None,
		}
	}

	/// Whether so many failed in the same way that nobody is blamed for it.
	pub fn excuses(&self, evidence: &Evidence) -> bool {
		let part =
			|of: u32, whole: BasisPoints| u64::from(of).saturating_mul(u64::from(whole.parts()));
		let all = |of: u32| part(of, BasisPoints::ONE);
		match *evidence {
			Evidence::MissedDuty { revealed, members, .. } => {
				all(revealed) < part(members, self.least_revealed)
			}
			Evidence::Unavailable { down, measured, .. } => {
				all(down) > part(measured, self.most_down)
			}
			_ => false,
		}
	}

	/// What an offence costs after `strikes`.
	pub fn price(&self, evidence: &Evidence, strikes: u32) -> Price {
		let reported = || Price {
			fraction: evidence.fraction().unwrap_or_default(),
			jail_eras: self.equivocation_jail_eras,
		};
		self.terms(evidence.kind()).map_or_else(reported, |terms| terms.price(strikes))
	}

	/// The longest term in jail.
	pub fn longest_term(&self) -> EraIndex {
		OffenceKind::ALL
			.into_iter()
			.filter_map(|kind| self.terms(kind))
			.map(|terms| terms.longest())
			.fold(self.equivocation_jail_eras, EraIndex::max)
	}
}

impl Default for Policy {
	fn default() -> Self {
		Self::DEFAULT
	}
}
