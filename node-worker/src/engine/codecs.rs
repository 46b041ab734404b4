//! Codecs by the names that clients use.

use dtel_media_core::MediaKind;
use livekit_protocol as proto;

/// What is forwarded of audio. The first is meant by who names none.
const AUDIO: [&str; 2] = ["audio/opus", "audio/red"];
/// The same of video.
const VIDEO: [&str; 4] = ["video/VP8", "video/H264", "video/VP9", "video/AV1"];

fn forwarded(kind: MediaKind) -> &'static [&'static str] {
	match kind {
		MediaKind::Audio => &AUDIO,
		MediaKind::Video => &VIDEO,
	}
}

/// What clients may publish.
pub(super) fn enabled() -> Vec<proto::Codec> {
	let codec = |mime: &&str| proto::Codec { mime: (*mime).into(), ..Default::default() };
	AUDIO.iter().chain(&VIDEO).map(codec).collect()
}

/// The first of the codecs that a client names which is forwarded, as MIME type. Names are with or without the part
/// before the slash. Without any the usual one; `None` if none of them is forwarded.
pub(super) fn chosen(kind: MediaKind, named: &[proto::SimulcastCodec]) -> Option<&'static str> {
	let forwarded = forwarded(kind);
	if named.is_empty() {
		return forwarded.first().copied();
	}
	let find = |name: &str| {
		let is = |mime: &&&str| {
			let short = mime.split_once('/').map_or(**mime, |(_, short)| short);
			mime.eq_ignore_ascii_case(name) || short.eq_ignore_ascii_case(name)
		};
		forwarded.iter().find(is).copied()
	};
	named.iter().find_map(|c| find(&c.codec))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn first_codec_that_is_forwarded_is_chosen() {
		let of = |kind, names: &[&str]| {
			let codec =
				|n: &&str| proto::SimulcastCodec { codec: (*n).into(), ..Default::default() };
			chosen(kind, &names.iter().map(codec).collect::<Vec<_>>())
		};
		assert_eq!(of(MediaKind::Video, &[]), Some("video/VP8"));
		assert_eq!(of(MediaKind::Audio, &[]), Some("audio/opus"));
		assert_eq!(of(MediaKind::Video, &["vp9", "vp8"]), Some("video/VP9"));
		assert_eq!(of(MediaKind::Video, &["h265", "vp8"]), Some("video/VP8"));
		assert_eq!(of(MediaKind::Video, &["video/h264"]), Some("video/H264"));
		assert_eq!(of(MediaKind::Video, &["AV1"]), Some("video/AV1"));
		assert_eq!(of(MediaKind::Video, &["h265"]), None);
		assert_eq!(of(MediaKind::Video, &["opus"]), None);
		assert_eq!(of(MediaKind::Audio, &["red"]), Some("audio/red"));
		assert_eq!(enabled().len(), AUDIO.len() + VIDEO.len());
	}
}
