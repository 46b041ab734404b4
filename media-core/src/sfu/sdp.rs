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

	proptest! {
		#[test]
		fn survives_arbitrary_text(a in "(m=audio|m=video|a=mid:|a=rtpmap:| |[0-9]|\r|\n|x)*", b in "(m=audio|m=video|a=mid:| |[0-9]|\r|\n)*") {
			let _ = in_order_of(&a, &b);
			let _ = restrict(&a, &[("1".into(), vec![1, 2, 3])]);
			prop_assert_eq!(restrict(&a, &[]), a);
		}
	}
}
