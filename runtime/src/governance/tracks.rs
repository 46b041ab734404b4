//! How each origin is decided.
//!
//! Periods are told in hours of governance ([`setup::hours`]): on a chain for development an hour is a block. Three rules
//! hold between them, and are tested:
//!
//! - whatever is decided on a track, a referendum that cancels it can pass between the moment when its confirmation begins, which
//!   nobody can foresee, and the one when it ends ([`CANCEL_HOURS`]): a referendum that is confirmed cannot be cancelled any more;
//! - an appeal can be decided and enacted before the penalty is executed without an answer;
//! - tracks that defend have so many places to be decided in that nobody buys them all.

use super::origins::Origin;
use crate::{setup, Balance, BlockNumber, OriginCaller, DTEL};
use alloc::borrow::Cow;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use sp_runtime::{str_array, FixedI64};

/// Numbers of tracks.
pub type TrackId = u16;

/// A track, its periods in hours of governance.
pub struct Plan {
	/// Its number.
	pub id: TrackId,
	/// Its name.
	pub name: &'static str,
	/// The origin that it decides about; Root without one.
	pub origin: Option<Origin>,
	/// How many of it can be decided at a time.
	pub deciding: u32,
	/// What must be deposited to have one decided.
	pub deposit: Balance,
	/// From submission until it can be decided.
	pub prepare: u32,
	/// For how long it can be decided.
	pub decision: u32,
	/// For how long it must be passing.
	pub confirm: u32,
	/// From then to enactment.
	pub enactment: u32,
	/// Which part of votes, weighed by conviction, must be ayes, by how much of the decision period has passed.
	pub approval: Curve,
	/// Which part of [`super::turnout::Turnout`] must have voted aye or abstained.
	pub support: Curve,
}

const DAY: u32 = 24;

const fn percent(parts: u128) -> FixedI64 {
	FixedI64::from_rational(parts, 100)
}

const fn permille(parts: u128) -> FixedI64 {
	FixedI64::from_rational(parts, 1_000)
}

/// From `ceil` to `floor` percent, straight, over the whole decision period.
const fn linear(ceil: u128, floor: u128) -> Curve {
	Curve::make_linear(1, 1, percent(floor), percent(ceil))
}

/// From `ceil` permille quickly to `level` at `day` of `days`, then slowly to `floor`.
const fn reciprocal(day: u128, days: u128, ceil: u128, level: u128, floor: u128) -> Curve {
	Curve::make_reciprocal(day, days, permille(level), permille(floor), permille(ceil))
}

/// All tracks, by number. Each curve stands with its track; `docs/tracks.svg` plots them.
pub static TRACKS: [Plan; 14] = [
	Plan {
		id: 0,
		name: "root",
		origin: None,
		deciding: 1,
		deposit: 100_000 * DTEL,
		prepare: 2,
		decision: 28 * DAY,
		confirm: DAY,
		enactment: DAY,
		// 80 percent on the fourth day, a bare majority on the last.
		approval: reciprocal(4, 28, 1_000, 800, 500),
		// Never nothing: a proposal that nobody noticed does not pass on its last day.
		support: linear(50, 2),
	},
	Plan {
		id: 1,
		name: "whitelisted_caller",
		origin: Some(Origin::WhitelistedCaller),
		deciding: 20,
		deposit: 10_000 * DTEL,
		prepare: 1,
		decision: 28 * DAY,
		confirm: 4,
		enactment: 1,
		approval: reciprocal(16, 28 * 24, 1_000, 960, 500),
		// The committee vouches for it: less support does.
		support: reciprocal(1, 28, 500, 200, 10),
	},
	Plan {
		id: 10,
		name: "parameter_admin",
		origin: Some(Origin::ParameterAdmin),
		deciding: 10,
		deposit: 5_000 * DTEL,
		prepare: 2,
		decision: 14 * DAY,
		confirm: 12,
		enactment: 6,
		approval: linear(100, 50),
		support: reciprocal(7, 14, 500, 100, 10),
	},
	Plan {
		id: 11,
		name: "staking_admin",
		origin: Some(Origin::StakingAdmin),
		deciding: 10,
		deposit: 5_000 * DTEL,
		prepare: 2,
		decision: 14 * DAY,
		confirm: 12,
		enactment: 6,
		approval: linear(100, 50),
		support: reciprocal(7, 14, 500, 100, 10),
	},
	Plan {
		id: 12,
		name: "penalty_admin",
		origin: Some(Origin::PenaltyAdmin),
		// Appeals come in crowds when many nodes fail for one reason, and whoever took all places would have them unheard.
		deciding: 1_000,
		deposit: 500 * DTEL,
		prepare: 1,
		decision: 4 * DAY,
		confirm: 4,
		enactment: 1,
		approval: linear(100, 50),
		support: reciprocal(2, 4, 250, 50, 5),
	},
	Plan {
		id: 13,
		name: "registry_admin",
		origin: Some(Origin::RegistryAdmin),
		deciding: 10,
		deposit: 1_000 * DTEL,
		prepare: 2,
		decision: 14 * DAY,
		confirm: 12,
		enactment: 6,
		approval: linear(100, 50),
		support: reciprocal(7, 14, 500, 100, 10),
	},
	Plan {
		id: 20,
		name: "treasurer",
		origin: Some(Origin::Treasurer),
		deciding: 10,
		deposit: 10_000 * DTEL,
		prepare: 2,
		decision: 28 * DAY,
		confirm: DAY,
		enactment: DAY,
		approval: reciprocal(4, 28, 1_000, 800, 500),
		support: linear(50, 2),
	},
	Plan {
		id: 21,
		name: "emergency_admin",
		origin: Some(Origin::EmergencyAdmin),
		// As many as the other tracks that defend.
		deciding: 1_000,
		deposit: 5_000 * DTEL,
		prepare: 1,
		decision: 7 * DAY,
		confirm: 4,
		enactment: 1,
		approval: linear(80, 50),
		support: reciprocal(1, 7, 250, 50, 5),
	},
	Plan {
		id: 22,
		name: "referendum_canceller",
		origin: Some(Origin::ReferendumCanceller),
		deciding: 1_000,
		deposit: 5_000 * DTEL,
		prepare: 1,
		decision: 7 * DAY,
		// So that it is enacted before any other track's confirmation ends.
		confirm: 1,
		enactment: 1,
		approval: linear(80, 50),
		// A tenth of all tokens cancels at once, half a percent within the week.
		support: reciprocal(1, 7, 100, 30, 5),
	},
	Plan {
		id: 23,
		name: "referendum_killer",
		origin: Some(Origin::ReferendumKiller),
		deciding: 1_000,
		deposit: 20_000 * DTEL,
		prepare: 1,
		decision: 14 * DAY,
		confirm: 4,
		enactment: 1,
		// It takes deposits: nobody's should be lost for being in the minority.
		approval: linear(100, 75),
		support: reciprocal(7, 14, 500, 100, 10),
	},
	Plan {
		id: 30,
		name: "tipper",
		origin: Some(Origin::Tipper),
		deciding: 100,
		deposit: 10 * DTEL,
		prepare: 1,
		decision: 7 * DAY,
		confirm: 6,
		enactment: 1,
		approval: linear(100, 50),
		support: reciprocal(2, 7, 100, 10, 1),
	},
	Plan {
		id: 31,
		name: "small_spender",
		origin: Some(Origin::SmallSpender),
		deciding: 50,
		deposit: 100 * DTEL,
		prepare: 4,
		decision: 28 * DAY,
		confirm: 12,
		enactment: DAY,
		approval: linear(100, 50),
		support: reciprocal(7, 28, 200, 30, 5),
	},
	Plan {
		id: 32,
		name: "medium_spender",
		origin: Some(Origin::MediumSpender),
		deciding: 50,
		deposit: 500 * DTEL,
		prepare: 4,
		decision: 28 * DAY,
		confirm: DAY,
		enactment: DAY,
		approval: linear(100, 50),
		support: reciprocal(10, 28, 350, 80, 10),
	},
	Plan {
		id: 33,
		name: "big_spender",
		origin: Some(Origin::BigSpender),
		deciding: 20,
		deposit: 2_000 * DTEL,
		prepare: 4,
		decision: 28 * DAY,
		confirm: 2 * DAY,
		enactment: DAY,
		approval: linear(100, 50),
		support: reciprocal(14, 28, 500, 150, 20),
	},
];

/// What a referendum on the canceller's track takes that a tenth of the tokens supports, from submission to enactment.
pub const CANCEL_HOURS: u32 = 3;

impl Plan {
	fn track(&self, hour: BlockNumber) -> Track<TrackId, Balance, BlockNumber> {
		Track { id: self.id, info: self.info(hour) }
	}

	fn info(&self, hour: BlockNumber) -> TrackInfo<Balance, BlockNumber> {
		let blocks = |hours: u32| hours.saturating_mul(hour);
		TrackInfo {
			name: str_array(self.name),
			max_deciding: self.deciding,
			decision_deposit: self.deposit,
			prepare_period: blocks(self.prepare),
			decision_period: blocks(self.decision),
			confirm_period: blocks(self.confirm),
			min_enactment_period: blocks(self.enactment),
			min_approval: self.approval.clone(),
			min_support: self.support.clone(),
		}
	}
}

/// The tracks, as pallet Referenda asks for them.
pub struct Tracks;

impl TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = TrackId;
	type RuntimeOrigin = OriginCaller;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track<TrackId, Balance, BlockNumber>>> {
		let hour = setup::HourBlocks::<crate::Runtime>::get();
		TRACKS.iter().map(move |plan| Cow::Owned(plan.track(hour)))
	}

	fn track_ids() -> impl Iterator<Item = TrackId> {
		TRACKS.iter().map(|plan| plan.id)
	}

	fn info(id: TrackId) -> Option<Cow<'static, TrackInfo<Balance, BlockNumber>>> {
		let plan = TRACKS.iter().find(|plan| plan.id == id)?;
		Some(Cow::Owned(plan.info(setup::HourBlocks::<crate::Runtime>::get())))
	}

	fn track_for(origin: &OriginCaller) -> Result<TrackId, ()> {
		let custom = match origin {
			OriginCaller::system(RawOrigin::Root) => None,
			OriginCaller::Origins(custom) => Some(*custom),
			_ => return Err(()),
		};
		TRACKS.iter().find(|plan| plan.origin == custom).map(|plan| plan.id).ok_or(())
	}
}
