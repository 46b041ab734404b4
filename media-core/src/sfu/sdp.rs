//! Payload types in descriptions: their order, and which of them are offered at all.

/// An answer whose payload types stand in the order of the offer, line by line. Total: what does not fit stays.
pub(super) fn in_order_of(answer: &str, offer: &str) -> String {
	let mut offered = offer.lines().filter_map(media_formats);
	answer
		.split_inclusive('\n')
		.map(|line| {
			let Some((head, formats)) = media_formats(line) else { return line.to_owned() };
			let order = offered.next().map(|o| o.1).unwrap_or_default();
			let place = |pt: &&str| order.iter().position(|o| o == pt).unwrap_or(usize::MAX);
			let mut formats = formats;
			formats.sort_by_key(place);
			join(head, &formats, line)
		})
		.collect()
}

/// A description in which lines with one of these `mid`s have only the payload types given with it.
pub(super) fn restrict(sdp: &str, allowed: &[(String, Vec<u8>)]) -> String {
	let mut out = String::with_capacity(sdp.len());
	let mut section: Vec<&str> = Vec::new();
	for line in sdp.split_inclusive('\n') {
		if line.starts_with("m=") {
			push_section(&mut out, &section, allowed);
			section.clear();
		}
		section.push(line);
	}
	push_section(&mut out, &section, allowed);
	out
}

/// What an answer says of a line on which the client offers to receive.
pub(super) struct Receiving<'a> {
	pub mid: &'a str,
	/// Stream and track that it gets, as `a=msid` names them; nothing for now if there are none.
	pub msid: Option<(String, &'a str)>,
	/// The client sends on it, too.
	pub sends: bool,
}

/// An answer in which these lines say what is sent on them. As it comes they all do so, with random names.
pub(super) fn assign(answer: &str, lines: &[Receiving<'_>]) -> String {
	let mut out = String::with_capacity(answer.len());
	let mut now: Option<&Receiving<'_>> = None;
	// The direction comes after the `mid`, and that after the candidates: see the test.
	for line in answer.split_inclusive('\n') {
		let end = line.get(line.trim_end().len()..).unwrap_or_default();
		if line.starts_with("m=") {
			now = None;
		} else if let Some(mid) = line.strip_prefix("a=mid:") {
			now = lines.iter().find(|l| l.mid == mid.trim());
		}
		let Some(receiving) = now else {
			out.push_str(line);
			continue;
		};
		let attribute = line.trim_end().strip_prefix("a=").unwrap_or_default();
		let words: Vec<&str> = attribute.splitn(2, ' ').collect();
		match (&receiving.msid, words.as_slice()) {
			(Some((stream, track)), [word, ..]) if word.starts_with("msid:") => {
				out.push_str(&format!("a=msid:{stream} {track}{end}"));
			}
			(Some((stream, track)), [ssrc, rest])
				if ssrc.starts_with("ssrc:") && rest.starts_with("msid:") =>
			{
				out.push_str(&format!("a={ssrc} msid:{stream} {track}{end}"));
			}
			(None, ["sendrecv" | "sendonly" | "recvonly" | "inactive"]) => {
				let direction = if receiving.sends { "recvonly" } else { "inactive" };
				out.push_str(&format!("a={direction}{end}"));
			}
			(None, [word, ..])
				if ["msid:", "ssrc:", "ssrc-group:"].iter().any(|p| word.starts_with(p)) => {}
			_ => out.push_str(line),
		}
	}
	out
}

fn push_section(out: &mut String, section: &[&str], allowed: &[(String, Vec<u8>)]) {
	let mid = section.iter().find_map(|l| l.strip_prefix("a=mid:")).map(str::trim);
	let Some((_, keep)) = mid.and_then(|mid| allowed.iter().find(|a| a.0 == mid)) else {
		out.extend(section.iter().copied());
		return;
	};
	let kept = |pt: &str| pt.parse().is_ok_and(|pt: u8| keep.contains(&pt));
	for line in section {
		if let Some((head, formats)) = media_formats(line) {
			let left: Vec<&str> = formats.into_iter().filter(|f| kept(f)).collect();
			// A line without payload types is no line.
			if left.is_empty() {
				out.extend(section.iter().copied());
				return;
			}
			out.push_str(&join(head, &left, line));
			continue;
		}
		let about =
			["a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"].iter().find_map(|p| line.strip_prefix(p));
		let pt = about.and_then(|rest| rest.split_ascii_whitespace().next());
		if pt.is_none_or(|pt| pt == "*" || kept(pt)) {
			out.push_str(line);
		}
	}
}

/// Start and payload types of a media line with RTP.
fn media_formats(line: &str) -> Option<(&str, Vec<&str>)> {
	if !line.starts_with("m=audio ") && !line.starts_with("m=video ") {
		return None;
	}
	// Kind, port and protocol.
	let (at, _) = line.match_indices(' ').nth(2)?;
	let (head, formats) = line.split_at_checked(at)?;
	Some((head, formats.split_ascii_whitespace().collect()))
}

fn join(head: &str, formats: &[&str], line: &str) -> String {
	let end = line.get(line.trim_end().len()..).unwrap_or_default();
	format!("{head} {}{end}", formats.join(" "))
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn answer_takes_the_order_of_the_offer() {
		let offer = "v=0\r\nm=application 9 X webrtc-datachannel\r\nm=audio 9 A 63 111\r\nm=video 9 A 45 46 98 99 96 97\r\n";
		let answer = "v=0\r\nm=application 9 X webrtc-datachannel\r\nm=audio 9 A 111 63\r\na=x\r\nm=video 9 A 96 97 98 99 45 46\r\na=y\r\n";
		let wanted = "v=0\r\nm=application 9 X webrtc-datachannel\r\nm=audio 9 A 63 111\r\na=x\r\nm=video 9 A 45 46 98 99 96 97\r\na=y\r\n";
		assert_eq!(in_order_of(answer, offer), wanted);
		assert_eq!(in_order_of(answer, "v=0"), answer);
	}

	#[test]
	fn only_lines_that_are_named_are_restricted() {
		let sdp = "v=0\r\nm=video 9 A 96 97 98\r\na=mid:0\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=fmtp:97 apt=96\r\na=rtpmap:98 VP9/90000\r\nm=video 9 A 96 98\r\na=mid:1\r\na=rtpmap:98 VP9/90000\r\n";
		let out = restrict(sdp, &[("0".into(), vec![96, 97])]);
		let wanted =
			sdp.replacen("A 96 97 98", "A 96 97", 1).replacen("a=rtpmap:98 VP9/90000\r\n", "", 1);
		assert_eq!(out, wanted);
		assert_eq!(restrict(sdp, &[]), sdp);
		// Nothing would be left.
		assert_eq!(restrict(sdp, &[("1".into(), vec![7])]), sdp);
	}

	#[test]
	fn lines_say_what_is_sent_on_them_and_nothing_else() {
		let section = |n: u32, direction: &str, names: &str| {
			format!("m=audio 9 A 111\r\na=mid:{n}\r\na=extmap:1 x\r\na={direction}\r\n{names}a=rtcp-mux\r\n")
		};
		let random =
			"a=msid:s t\r\na=ssrc:7 cname:c\r\na=ssrc:7 msid:s t\r\na=ssrc-group:FID 7 8\r\n";
		let given =
			"a=msid:PA_a|TR_b TR_b\r\na=ssrc:7 cname:c\r\na=ssrc:7 msid:PA_a|TR_b TR_b\r\na=ssrc-group:FID 7 8\r\n";
		let answer = ["sendonly", "sendonly", "sendrecv", "sendonly"];
		let text: String =
			(0..).zip(answer).map(|(n, direction)| section(n, direction, random)).collect();
		let line = |mid, msid: Option<&'static str>, sends| Receiving {
			mid,
			msid: msid.map(|t| (format!("PA_a|{t}"), t)),
			sends,
		};
		let lines = [line("0", Some("TR_b"), false), line("1", None, false), line("2", None, true)];
		let wanted = [
			section(0, "sendonly", given),
			section(1, "inactive", ""),
			section(2, "recvonly", ""),
			section(3, "sendonly", random),
		];
		assert_eq!(assign(&text, &lines), wanted.concat());
		assert_eq!(assign(&text, &[]), text);
	}

	proptest! {
		#[test]
		fn survives_arbitrary_text(a in "(m=audio|m=video|a=mid:|a=rtpmap:| |[0-9]|\r|\n|x)*", b in "(m=audio|m=video|a=mid:| |[0-9]|\r|\n)*") {
			let _ = in_order_of(&a, &b);
			let _ = restrict(&a, &[("1".into(), vec![1, 2, 3])]);
			let _ = assign(&a, &[Receiving { mid: "1", msid: None, sends: false }]);
			prop_assert_eq!(restrict(&a, &[]), a.clone());
			prop_assert_eq!(assign(&a, &[]), a);
		}
	}
}
