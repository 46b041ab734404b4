//! Codecs: what comes in under a payload type, where it goes, and what a packet says.

use str0m::format::{Codec, CodecSpec};
use str0m::media::{Mid, Pt};
use str0m::rtp::{ExtensionValues, Vp8Descriptor};
use str0m::Rtc;

use super::track::Layer;
use crate::codecs::dependency::{self, extension::Raw, Descriptor};
use crate::codecs::h264::{Profile, Units};
use crate::codecs::{av1, vp9};

/// RFC 6184 §8.1: Baseline, level 1, if nothing is said.
const H264_DEFAULT: u32 = 0x42_000a;

/// What a publisher sends under a payload type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
	/// Payload type of the codec itself.
	pub pt: Pt,
	pub spec: CodecSpec,
	/// Wrapped in RED (RFC 2198).
	pub red: bool,
}

impl Format {
	pub(super) fn find(rtc: &Rtc, pt: Pt) -> Option<Self> {
		let config = rtc.codec_config();
		let params = config.find(|p| p.pt() == pt || p.red() == Some(pt))?;
		Some(Self { pt: params.pt(), spec: params.spec(), red: params.pt() != pt })
	}

	/// Name, as LiveKit's protocol has it after `audio/` or `video/`.
	pub(super) fn name(&self) -> &'static str {
		match self.spec.codec {
			_ if self.red => "red",
			Codec::Opus => "opus",
			Codec::Vp8 => "vp8",
			Codec::Vp9 => "vp9",
			Codec::H264 => "h264",
			Codec::Av1 => "av1",
			_ => "",
		}
	}
}

/// How a packet's payload changes on its way to a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
	Nothing,
	/// Only the primary block of RED: the subscriber has no RED.
	Strip,
	/// The codec has another payload type there.
	Renumber {
		from: u8,
		to: u8,
	},
}

/// Under which payload type a subscriber takes a format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exit {
	pub pt: Pt,
	pub change: Change,
}

impl Exit {
	/// `None` if the subscriber does not take the codec on that line.
	pub(super) fn find(rtc: &Rtc, mid: Mid, format: &Format) -> Option<Self> {
		let media = rtc.media(mid).filter(|m| !m.disabled() && m.direction().is_sending())?;
		let config = rtc.codec_config();
		let candidates = media.remote_pts().iter().filter_map(|pt| {
			let params = config.find(|p| p.pt() == *pt)?;
			Some((suitability(&format.spec, &params.spec())?, *pt, params.red()))
		});
		// The first of the most suitable ones.
		let (_, pt, red) = candidates.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
		let (from, to) = (*format.pt, *pt);
		Some(match red.filter(|_| format.red) {
			Some(red) if from == to => Self { pt: red, change: Change::Nothing },
			Some(red) => Self { pt: red, change: Change::Renumber { from, to } },
			None if format.red => Self { pt, change: Change::Strip },
			None => Self { pt, change: Change::Nothing },
		})
	}
}

/// Whether a decoder for `to` can decode `from`, and how well it fits.
fn suitability(from: &CodecSpec, to: &CodecSpec) -> Option<u8> {
	if from.codec != to.codec {
		return None;
	}
	let (a, b) = (&from.format, &to.format);
	match from.codec {
		Codec::H264 => {
			let mode = |f: Option<u8>| f.unwrap_or(0);
			let (mode_a, mode_b) = (mode(a.packetization_mode), mode(b.packetization_mode));
			let profile = |id: Option<u32>| Profile::parse(id.unwrap_or(H264_DEFAULT));
			let (profile_a, profile_b) =
				(profile(a.profile_level_id)?, profile(b.profile_level_id)?);
			let same = profile_a == profile_b;
			// Whoever takes fragments takes single NAL units; every profile contains constrained Baseline.
			let fits = same || profile_a == Profile::ConstrainedBaseline;
			(fits && mode_a <= mode_b).then_some(2 * u8::from(same) + u8::from(mode_a == mode_b))
		}
		Codec::Vp9 => (a.profile_id.unwrap_or(0) == b.profile_id.unwrap_or(0)).then_some(0),
		Codec::Av1 => (a.profile.unwrap_or(0) == b.profile.unwrap_or(0)).then_some(0),
		_ => Some(0),
	}
}

/// What a packet says about its place in the video.
#[derive(Debug)]
pub(super) enum Seen {
	/// Audio, or a codec without numbers of its own.
	Plain,
	Vp8(Vp8Descriptor),
	Vp9(vp9::Descriptor),
	/// With a dependency descriptor.
	Described(Descriptor),
}

/// Looks into a packet of a video; whether a receiver can start at it. What cannot be read is [`Seen::Plain`]: an
/// encrypted payload, say.
pub(super) fn inspect(
	codec: Codec,
	payload: &[u8],
	values: &ExtensionValues,
	layer: &mut Layer,
) -> (Seen, bool) {
	match codec {
		Codec::Vp8 => match Vp8Descriptor::parse(payload) {
			Ok(d) => (Seen::Vp8(d), d.starts_keyframe(payload)),
			Err(_) => (Seen::Plain, false),
		},
		Codec::Vp9 => match vp9::Descriptor::parse(payload) {
			Some(d) => {
				if let Some(structure) = &d.structure {
					layer.set_spatial(structure.layers);
				}
				(Seen::Vp9(d), d.starts_keyframe())
			}
			None => (Seen::Plain, false),
		},
		Codec::H264 => {
			let units = Units::parse(payload).unwrap_or_default();
			layer.parameter_sets |= units.sps;
			// Without its parameter sets an IDR picture is of no use, unless they never come in the stream.
			(Seen::Plain, units.sps || (units.idr && !layer.parameter_sets))
		}
		Codec::Av1 => {
			let by_payload = av1::Packet::parse(payload).is_some_and(|p| p.starts_keyframe());
			let Some(bytes) = values.user_values.get::<Raw>().map(Raw::bytes) else {
				return (Seen::Plain, by_payload);
			};
			let Some(d) = dependency::Descriptor::parse(bytes, layer.structure.as_ref()) else {
				return (Seen::Plain, by_payload);
			};
			let key = d.structure.is_some();
			if let Some(structure) = &d.structure {
				layer.set_spatial(structure.spatial_layers().into());
				layer.structure = Some(structure.clone());
				layer.active = u32::MAX;
			}
			layer.active = d.active.unwrap_or(layer.active);
			let starts = key && d.start;
			(Seen::Described(d), starts)
		}
		_ => (Seen::Plain, false),
	}
}

impl Seen {
	/// Spatial layer of the packet.
	pub(super) fn spatial(&self) -> u8 {
		match self {
			Self::Vp9(d) => d.layers().0,
			Self::Described(d) => d.template.spatial,
			_ => 0,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use str0m::format::FormatParams;
	use str0m::media::Frequency;

	fn h264(mode: Option<u8>, profile: Option<u32>) -> CodecSpec {
		let format = FormatParams {
			packetization_mode: mode,
			profile_level_id: profile,
			..FormatParams::default()
		};
		CodecSpec { codec: Codec::H264, clock_rate: Frequency::NINETY_KHZ, channels: None, format }
	}

	#[test]
	fn h264_goes_where_mode_and_profile_match() {
		let fit = |a, b| suitability(&a, &b);
		let constrained = h264(Some(1), Some(0x42e01f));
		assert_eq!(fit(constrained, h264(Some(1), Some(0x42e034))), Some(3));
		assert_eq!(fit(constrained, h264(Some(1), Some(0x42001f))), Some(1));
		assert_eq!(fit(constrained, h264(Some(1), Some(0x64001f))), Some(1));
		assert_eq!(fit(constrained, h264(Some(0), Some(0x42e01f))), None);
		assert_eq!(fit(h264(None, Some(0x42e01f)), constrained), Some(2));
		assert_eq!(fit(h264(Some(1), Some(0x64001f)), constrained), None);
		assert_eq!(fit(h264(Some(1), None), h264(Some(1), Some(0x42001f))), Some(3));
		let vp8 = CodecSpec { codec: Codec::Vp8, ..constrained };
		assert_eq!(fit(constrained, vp8), None);
	}
}
