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

/// A publisher's offer with the payload types of each video's codec in front. Clients leave it to the answer which codec
/// they send, and the SFU's answer has the order of the offer. `codec` says a track's MIME type by the client's id of it
/// (`a=msid`). Total: what does not fit stays.
pub(super) fn preferring(offer: &str, codec: impl Fn(&str) -> Option<String>) -> String {
	let mut out = String::with_capacity(offer.len());
	let mut section: Vec<&str> = Vec::new();
	for line in offer.split_inclusive('\n') {
		if line.starts_with("m=") {
			push_section(&mut out, &section, &codec);
			section.clear();
		}
		section.push(line);
	}
	push_section(&mut out, &section, &codec);
	out
}

fn push_section(out: &mut String, section: &[&str], codec: impl Fn(&str) -> Option<String>) {
	let value = |name: &str| section.iter().find_map(|l| l.strip_prefix(name)).map(str::trim);
	let track = value("a=msid:").and_then(|msid| msid.split_ascii_whitespace().nth(1));
	let mime = track.and_then(codec);
	let name = mime.as_deref().and_then(|mime| mime.strip_prefix("video/"));
	let mut lines = section.iter();
	if let (Some(name), Some(first)) = (name, lines.clone().next()) {
		let is = |pt: &&str| {
			let maps = section.iter().filter_map(|l| l.strip_prefix("a=rtpmap:"));
			let mut maps = maps.filter_map(|map| map.split_once(' '));
			maps.any(|(of, map)| {
				let found = map.split('/').next().unwrap_or_default();
				of == *pt && found.eq_ignore_ascii_case(name)
			})
		};
		let words: Vec<&str> = first.trim_end().split(' ').collect();
		// Kind, port and protocol come first.
		if let Some((head, formats)) = words.split_at_checked(3) {
			let (front, rest): (Vec<_>, Vec<_>) = formats.iter().copied().partition(is);
			let end = first.get(first.trim_end().len()..).unwrap_or_default();
			out.push_str(&[head, &front, &rest].concat().join(" "));
			out.push_str(end);
			lines.next();
		}
	}
	out.extend(lines.copied());
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	const OFFER: &str = "v=0\r\nm=audio 9 X 111\r\na=msid:- mic\r\nm=video 9 X 96 97 98 99 100\r\na=msid:- cam\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:100 VP9/90000\r\nm=video 9 X 96 98\r\na=msid:- screen\r\na=rtpmap:98 VP9/90000\r\n";

	#[test]
	fn codec_of_a_track_comes_first_in_its_line() {
		let vp9 = |cid: &str| (cid == "cam").then(|| "video/VP9".to_owned());
		let wanted = OFFER.replacen("96 97 98 99 100", "98 100 96 97 99", 1);
		assert_eq!(preferring(OFFER, vp9), wanted);
		for mime in ["video/VP8", "video/AV1", "audio/opus", ""] {
			assert_eq!(preferring(OFFER, |_| Some(mime.into())), OFFER, "{mime}");
		}
		assert_eq!(preferring(OFFER, |_| None), OFFER);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_text(text in "(m=video |m=|a=msid:|a=rtpmap:| |[0-9]|VP8|/|\r|\n|x)*") {
			let same = |text: &str| { let mut all: Vec<_> = text.chars().collect(); all.sort_unstable(); all };
			prop_assert_eq!(same(&preferring(&text, |_| Some("video/VP8".into()))), same(&text));
			prop_assert_eq!(preferring(&text, |_| None), text);
		}
	}

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
