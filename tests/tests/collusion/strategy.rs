//! What a group does, and what it says of others.
//!
//! The group knows what is public: who measures whom, and what the chain published of everybody up to the era before. Its members
//! tell each other everything; others' reports they know as little as anybody before they are revealed.

use crate::nodes::{down, invented, Look, Service};
use dtel_primitives::{
	api::{Outcome, Verdict},
	report::Measurement,
	EraIndex, NodeId,
};

/// How far a careful liar goes with a score, in parts of ten thousand: 500 are always tolerated, less what the median may
/// have moved since it was published.
const ROOM_SCORE: f64 = 400.0;
/// How far it goes with bandwidth: a seventh either way is always tolerated.
const ROOM_KBPS: f64 = 0.11;
/// By how much copies differ, one being what measurements do. Equal figures of many would be conspicuous.
const COPY_NOISE: f64 = 0.05;

/// What a group does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
	/// Serves, measures, and says what it measured.
	Honest,
	/// Serves, but measures nothing: says what the chain published last, or what is typical.
	Lazy,
	/// Says the best that there is of its own, and that all others are down.
	Loud,
	/// Praises its own and defames others as far as is tolerated.
	Careful,
	/// The same, and says that a target is down when nobody else measures it.
	Ambush,
	/// Serves half as well, and praises its own as far as is tolerated.
	Half,
	/// Is down in every other era, and says of its own that they were not.
	Absent,
}

impl Strategy {
	/// All but honest work.
	pub const DISHONEST: [Self; 6] =
		[Self::Lazy, Self::Loud, Self::Careful, Self::Ambush, Self::Half, Self::Absent];

	/// In a word.
	pub fn name(self) -> &'static str {
		match self {
			Self::Honest => "honest",
			Self::Lazy => "lazy",
			Self::Loud => "loud",
			Self::Careful => "careful",
			Self::Ambush => "ambush",
			Self::Half => "half",
			Self::Absent => "absent",
		}
	}

	/// Whether who does this wants more bandwidth credited than it has, and so declares all that its stake allows for.
	pub fn overstates(self) -> bool {
		!matches!(self, Self::Honest | Self::Lazy)
	}

	/// How a member of the group serves that could serve as well as `good`.
	pub fn serves(self, node: NodeId, era: EraIndex, good: Service) -> Option<Service> {
		match self {
			Self::Half => Some(good.half()),
			Self::Absent if (node + era) % 2 == 1 => None,
			_ => Some(good),
		}
	}
}

/// What is known in an era.
pub struct Known<'a> {
	/// Who is in the group, by node.
	pub group: &'a [bool],
	/// How every node serves in this era.
	pub service: &'a [Option<Service>],
	/// What the chain published of every node last.
	pub last: &'a [Option<Outcome>],
	/// Who measures every node.
	pub verifiers: &'a [Vec<NodeId>],
}

impl Known<'_> {
	/// What a node was published to be worth, or what is typical.
	fn published(&self, node: NodeId) -> Service {
		let known = self.last[node as usize].filter(|o| o.verdict == Verdict::Measured);
		known.map_or(Service::TYPICAL, |o| Service {
			mos_centi: o.mos_centi.into(),
			video: o.video.parts().into(),
			kbps: o.kbps.into(),
		})
	}

	fn is_ours(&self, node: NodeId) -> bool {
		self.group[node as usize]
	}

	/// Whether nobody else measures a node.
	fn is_surrounded(&self, node: NodeId) -> bool {
		self.verifiers[node as usize].iter().all(|verifier| self.is_ours(*verifier))
	}

	/// What a verifier says.
	pub fn say(&self, strategy: Strategy, look: Look) -> Measurement {
		let Look { verifier, target, .. } = look;
		let strategy = if self.is_ours(verifier) { strategy } else { Strategy::Honest };
		let ours = self.is_ours(target);
		let honestly = || look.at(self.service[target as usize]);
		let tell = |service| invented(verifier, target, service);
		match strategy {
			Strategy::Honest => honestly(),
			Strategy::Lazy => {
				let copy = Look { noise: look.noise * COPY_NOISE, ..look };
				copy.at(Some(self.published(target)))
			}
			Strategy::Loud if ours => tell(Service {
				mos_centi: 500.0,
				video: 10_000.0,
				kbps: Measurement::MAX_KBPS.into(),
			}),
			Strategy::Loud => down(target),
			Strategy::Ambush if !ours && self.is_surrounded(target) => down(target),
			Strategy::Careful | Strategy::Ambush if !ours => {
				tell(moved(self.published(target), -1.0))
			}
			Strategy::Careful | Strategy::Ambush | Strategy::Half | Strategy::Absent if ours => {
				tell(moved(self.published(target), 1.0))
			}
			_ => honestly(),
		}
	}
}

/// Something as much better, or worse, as is tolerated.
fn moved(service: Service, sign: f64) -> Service {
	// Both halves of the score by the same part.
	let best = f64::from(dtel_math::score::BEST_MOS_CENTI);
	let worst = f64::from(dtel_math::score::WORST_MOS_CENTI);
	let mos = ROOM_SCORE / 10_000.0 * (best - worst);
	Service {
		mos_centi: (service.mos_centi + sign * mos).clamp(worst, best),
		video: (service.video + sign * ROOM_SCORE).clamp(0.0, 10_000.0),
		kbps: service.kbps * (1.0 + sign * ROOM_KBPS),
	}
}
