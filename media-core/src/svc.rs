//! Which packets of a scalable stream a subscriber gets: VP9 by its payload descriptor, AV1 by the dependency
//! descriptor. Pure.
//!
//! Down it goes at the next picture, because no layer depends on a higher one. Up it goes where a decoder that has
//! only seen the present layers can follow: at a keyframe, at a frame that is not predicted (VP9) or one that is a
//! switch for the layers wanted (AV1).

use crate::codecs::dependency::{Descriptor, Indication, Structure};
use crate::codecs::vp9;

/// A spatial and a temporal layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
	/// Spatial.
	pub spatial: u8,
	/// Temporal.
	pub temporal: u8,
}

impl Layers {
	/// Everything.
	pub const ALL: Self = Self { spatial: u8::MAX, temporal: u8::MAX };

	fn min(self, other: Self) -> Self {
		Self {
			spatial: self.spatial.min(other.spatial),
			temporal: self.temporal.min(other.temporal),
		}
	}
}

/// What to do with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
	/// Not for this subscriber.
	Drop,
	/// Send it.
	Forward {
		/// It is the last packet of the picture, as this subscriber gets it.
		marker: bool,
	},
}

/// The layers that one subscriber gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selector {
	/// Layers to go to.
	pub target: Layers,
	current: Option<Layers>,
}

impl Default for Selector {
	fn default() -> Self {
		Self { target: Layers::ALL, current: None }
	}
}

impl Selector {
	/// Starts anew, at a keyframe.
	pub fn detach(&mut self) {
		self.current = None;
	}

	/// Layers that are sent; none before a keyframe. They may be more than the stream has.
	pub fn current(&self) -> Option<Layers> {
		self.current
	}

	/// A VP9 packet. `newest`: it is not late; `marker`: its marker bit.
	pub fn vp9(&mut self, packet: &vp9::Descriptor, newest: bool, marker: bool) -> Verdict {
		let (spatial, temporal) = packet.layers();
		if newest && packet.starts_keyframe() {
			self.current = Some(self.target);
		}
		let Some(mut now) = self.current else { return Verdict::Drop };
		if newest && packet.begin {
			if spatial == 0 {
				now = now.min(self.target);
				let up = packet.layer.is_some_and(|l| l.switching_up);
				if up && temporal <= now.temporal {
					now.temporal = self.target.temporal;
				}
			}
			let next = now.spatial.checked_add(1) == Some(spatial);
			if next && spatial <= self.target.spatial && !packet.inter {
				now.spatial = spatial;
			}
			self.current = Some(now);
		}
		if spatial > now.spatial || temporal > now.temporal {
			return Verdict::Drop;
		}
		Verdict::Forward { marker: marker || (packet.end && spatial == now.spatial) }
	}

	/// A packet with a dependency descriptor. `active`: the decode targets that the encoder has on.
	pub fn dependency(
		&mut self,
		packet: &Descriptor,
		structure: &Structure,
		active: u32,
		newest: bool,
		marker: bool,
	) -> Verdict {
		let target_of = |l: Layers| target_in(structure, active, l);
		if newest && packet.start && packet.structure.is_some() {
			self.current = Some(self.target);
		}
		let Some(mut now) = self.current else { return Verdict::Drop };
		let template = &packet.template;
		if newest && packet.start && now != self.target {
			if template.spatial == 0 {
				now = now.min(self.target);
			}
			let present = |l| {
				target_of(l).is_some_and(|t| template.indications.of(t) != Indication::NotPresent)
			};
			let switches = target_of(self.target)
				.is_some_and(|t| template.indications.of(t) == Indication::Switch);
			if switches && present(now) {
				now = self.target;
			}
			self.current = Some(now);
		}
		let Some(target) = target_of(now) else { return Verdict::Drop };
		if template.indications.of(target) == Indication::NotPresent {
			return Verdict::Drop;
		}
		let top = structure.layers.get(target).map_or(0, |l| l.0);
		Verdict::Forward { marker: marker || (packet.end && template.spatial == top) }
	}
}

/// The highest decode target that is on and not above some layers; the lowest that is on if all are above.
fn target_in(structure: &Structure, active: u32, layers: Layers) -> Option<usize> {
	let on = |i: &usize| active.checked_shr(*i as u32).is_some_and(|m| m & 1 == 1);
	let all = || structure.layers.iter().enumerate().filter(|(i, _)| on(i));
	all()
		.filter(|(_, l)| l.0 <= layers.spatial && l.1 <= layers.temporal)
		.max_by_key(|(_, l)| **l)
		.or_else(|| all().min_by_key(|(_, l)| **l))
		.map(|(i, _)| i)
}

#[cfg(test)]
mod tests;
