//! The dependency descriptor (RTP Payload Format For AV1, appendix A): which frame of which layer a packet carries,
//! and for whom it is. Works for encrypted payloads, too.
//!
//! A [`Structure`] comes with a keyframe and holds until the next one; the descriptors between refer to its templates.

pub mod extension;

use std::sync::Arc;

use super::bits::{BitReader, BitWriter};
use extension::Raw;

/// URI of the RTP header extension.
pub const URI: &str =
	"https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
/// Longest extension (RFC 8285 §4.3, two-byte form).
pub const MAX_BYTES: usize = 255;
/// Templates of a structure, and the range of template ids (§A.8.2).
const MAX_TEMPLATES: usize = 64;
/// Spatial layers (§A.8.3: 2 bits in `MAX_SPATIAL_ID` 3).
const MAX_SPATIAL: u8 = 4;
/// Temporal layers (`MAX_TEMPORAL_ID` 7).
const MAX_TEMPORAL: u8 = 8;

/// What a frame is for a decode target (§A.8.3, table A.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indication {
	/// Not part of it.
	NotPresent,
	/// Nothing refers to it.
	Discardable,
	/// A receiver that can decode this frame can decode the target from here on.
	Switch,
	/// Part of it.
	Required,
}

/// Indications of up to 32 decode targets, two bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Indications(u64);

impl Indications {
	fn set(&mut self, target: usize, value: u32) {
		let shift = 2 * (target as u32 & 31);
		self.0 = self.0 & !(3 << shift) | u64::from(value & 3) << shift;
	}

	/// Of a decode target below 32.
	pub fn of(&self, target: usize) -> Indication {
		match self.0 >> (2 * (target as u32 & 31)) & 3 {
			0 => Indication::NotPresent,
			1 => Indication::Discardable,
			2 => Indication::Switch,
			_ => Indication::Required,
		}
	}
}

/// A template (§A.8.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
	/// Spatial layer.
	pub spatial: u8,
	/// Temporal layer.
	pub temporal: u8,
	/// For each decode target.
	pub indications: Indications,
}

/// The template dependency structure that a keyframe brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
	/// `template_id_offset`.
	pub offset: u8,
	/// Decode targets, 1 to 32.
	pub targets: usize,
	/// Templates, 1 to 64.
	pub templates: Vec<Template>,
	/// Highest spatial and temporal layer of each decode target.
	pub layers: Vec<(u8, u8)>,
	/// Chains.
	pub chains: usize,
	/// Width and height of each spatial layer, if said.
	pub sizes: Vec<(u32, u32)>,
}

impl Structure {
	/// Spatial layers.
	pub fn spatial_layers(&self) -> u8 {
		self.layers.iter().map(|l| l.0).max().unwrap_or(0) + 1
	}

	/// The decode target with the highest layers that are not above these: spatial first.
	pub fn target(&self, spatial: u8, temporal: u8) -> Option<usize> {
		let fits = |l: &(u8, u8)| l.0 <= spatial && l.1 <= temporal;
		let fitting = self.layers.iter().enumerate().filter(|(_, l)| fits(l));
		fitting.max_by_key(|(_, l)| **l).map(|(i, _)| i)
	}

	/// Bit mask of the decode targets that are not above these layers.
	pub fn mask(&self, spatial: u8, temporal: u8) -> u32 {
		let fits = |l: &(u8, u8)| l.0 <= spatial && l.1 <= temporal;
		let fitting = self.layers.iter().enumerate().filter(|(_, l)| fits(l));
		fitting.fold(0, |mask, (i, _)| mask | 1u32.checked_shl(i as u32).unwrap_or(0))
	}

	fn parse(bits: &mut BitReader<'_>) -> Option<Self> {
		let offset = bits.bits(6)? as u8;
		let targets = bits.bits(5)? as usize + 1;
		let mut templates = Vec::new();
		let (mut spatial, mut temporal) = (0, 0);
		loop {
			if templates.len() >= MAX_TEMPLATES {
				return None;
			}
			templates.push(Template { spatial, temporal, indications: Indications::default() });
			match bits.bits(2)? {
				0 => {}
				1 => temporal += 1,
				2 => (spatial, temporal) = (spatial + 1, 0),
				_ => break,
			}
			if spatial >= MAX_SPATIAL || temporal >= MAX_TEMPORAL {
				return None;
			}
		}
		for template in &mut templates {
			for target in 0..targets {
				template.indications.set(target, bits.bits(2)?);
			}
		}
		for _ in &templates {
			while bits.flag()? {
				bits.bits(4)?;
			}
		}
		let chains = bits.non_symmetric(targets as u32 + 1)? as usize;
		if chains > 0 {
			for _ in 0..targets {
				bits.non_symmetric(chains as u32)?;
			}
			for _ in 0..templates.len() * chains {
				bits.bits(4)?;
			}
		}
		let mut sizes = Vec::new();
		if bits.flag()? {
			for _ in 0..=spatial {
				sizes.push((bits.bits(16)? + 1, bits.bits(16)? + 1));
			}
		}
		let layers = (0..targets)
			.map(|target| {
				let present = |t: &&Template| t.indications.of(target) != Indication::NotPresent;
				templates.iter().filter(present).fold((0, 0), |(s, t), template| {
					(template.spatial.max(s), template.temporal.max(t))
				})
			})
			.collect();
		Some(Self { offset, targets, templates, layers, chains, sizes })
	}
}

/// A descriptor, read with the structure that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
	/// First packet of the frame.
	pub start: bool,
	/// Last packet of the frame.
	pub end: bool,
	/// `frame_number`.
	pub frame: u16,
	/// Layers and indications of the frame.
	pub template: Template,
	/// A structure that came with it: this is a keyframe.
	pub structure: Option<Arc<Structure>>,
	/// `active_decode_targets_bitmask`, if said.
	pub active: Option<u32>,
	/// Bits up to the end of the structure.
	structure_end: usize,
	/// Decode targets of the structure that holds.
	targets: usize,
}

impl Descriptor {
	/// Reads a descriptor (§A.8.2). `known` is the structure that came before. `None` if it is cut, contradicts itself
	/// or refers to a structure that did not come.
	pub fn parse(data: &[u8], known: Option<&Arc<Structure>>) -> Option<Self> {
		let mut bits = BitReader::new(data.get(..data.len().min(MAX_BYTES))?);
		let (start, end) = (bits.flag()?, bits.flag()?);
		let id = bits.bits(6)? as usize;
		let frame = bits.bits(16)? as u16;
		let (mut structure, mut has_active) = (None, false);
		let (mut dtis, mut fdiffs, mut chains) = (false, false, false);
		if data.len() > 3 {
			let has_structure = bits.flag()?;
			has_active = bits.flag()?;
			(dtis, fdiffs, chains) = (bits.flag()?, bits.flag()?, bits.flag()?);
			if has_structure {
				structure = Some(Arc::new(Structure::parse(&mut bits)?));
			}
		}
		let structure_end = bits.position();
		let holds = structure.as_ref().or(known)?;
		let targets = holds.targets;
		let active = if has_active { Some(bits.bits(targets)?) } else { None };
		let index = (id + MAX_TEMPLATES - usize::from(holds.offset)) % MAX_TEMPLATES;
		let mut template = *holds.templates.get(index)?;
		if dtis {
			for target in 0..targets {
				template.indications.set(target, bits.bits(2)?);
			}
		}
		if fdiffs {
			loop {
				match bits.bits(2)? {
					0 => break,
					size => bits.bits(4 * size as usize)?,
				};
			}
		}
		if chains {
			for _ in 0..holds.chains {
				bits.bits(8)?;
			}
		}
		Some(Self { start, end, frame, template, structure, active, structure_end, targets })
	}

	/// The same descriptor for a stream in which frames are numbered otherwise, and fewer targets are active.
	/// `data` is what this was read from.
	pub fn rewrite(&self, data: &[u8], frame: u16, active: Option<u32>) -> Raw {
		let mut out = Raw::new(data);
		if let [_, high, low, ..] = out.bytes_mut() {
			[*high, *low] = frame.to_be_bytes();
		}
		let Some(mask) = active.filter(|m| data.len() > 3 && self.active != Some(*m)) else {
			return out;
		};
		let mut from = BitReader::new(out.bytes());
		let mut to = BitWriter::default();
		// Mandatory fields, the structure's flag; then the flag of the mask is set and the mask comes in.
		to.copy(&mut from, 25);
		let _ = from.flag();
		to.flag(true);
		to.copy(&mut from, self.structure_end.saturating_sub(26));
		to.bits(mask, self.targets);
		if self.active.is_some() {
			let _ = from.bits(self.targets);
		}
		let left = from.left();
		to.copy(&mut from, left);
		let bytes = to.finish();
		if bytes.len() > MAX_BYTES {
			return out;
		}
		Raw::new(&bytes)
	}
}

#[cfg(test)]
mod tests;
