//! The report as a table.

use super::report::{Latency, Load, Report, Saturation};
use std::fmt;

impl fmt::Display for Report {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let m = &self.machine;
		writeln!(f, "{}, {} cores, load before {}", m.processor, m.cores, m.load)?;
		if !m.optimised {
			writeln!(f, "built without optimisations: the figures say little")?;
		}
		for load in &self.loads {
			write!(f, "\n{load}")?;
		}
		match &self.saturation {
			Some(saturation) => write!(f, "\n{saturation}"),
			None => Ok(()),
		}
	}
}

impl fmt::Display for Load {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let mut row = |name: &str, value: String| writeln!(f, "| {name:<44} | {value:>30} |");
		row(&self.name, format!("{:.1} s", self.seconds))?;
		row("---", "---:".into())?;
		row("participants", self.participants.to_string())?;
		row("RTP packets/s received", format!("{:.0}", self.packets_in))?;
		row("RTP packets/s forwarded", format!("{:.0}", self.packets_forwarded))?;
		row("processor time, s/s", format!("{:.2}", self.cpu))?;
		row("packets/s and core", format!("{:.0}", self.packets_per_core))?;
		row("memory for a participant, KiB", (self.memory_per_participant / 1_024).to_string())?;
		row(
			"audio packets lost",
			format!("{} of {}", self.expected.saturating_sub(self.received), self.expected),
		)?;
		row("video packets lost", format!("{} of {}", self.video_lost, self.video_expected))?;
		row("socket to socket, p50 / p99 / longest, µs", self.latency.to_string())?;
		row("inside the daemon, p50 / p99, at most, µs", self.inside.to_string())?;
		row("datagrams without a place", self.overflowed.to_string())?;
		row(
			"load generator, s/s; late at most, ms",
			format!("{:.2}; {:.1}", self.generator.cpu, self.generator.late_ms),
		)?;
		for limit in &self.limits {
			let name =
				format!("limit, {} B, {} at once, packets/s and core", limit.bytes, limit.batch);
			row(&name, format!("{:.0}", limit.packets_per_core))?;
		}
		row("share of the first limit", format!("{:.1} %", self.share * 100.0))
	}
}

impl fmt::Display for Latency {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let part = |v: Option<u64>| v.map_or("–".into(), |v| v.to_string());
		write!(f, "{} / {}", part(self.p50_us), part(self.p99_us))?;
		match self.max_us {
			Some(max) => write!(f, " / {max}"),
			None => Ok(()),
		}
	}
}

impl fmt::Display for Saturation {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		writeln!(
			f,
			"A room of {} whose participants send ever more packets of {} bytes; {}.",
			self.room, self.payload, self.ended
		)?;
		writeln!(f, "| packets/s forwarded | s/s | packets/s and core | loss | p50 / p99 / longest, µs | late, ms |")?;
		writeln!(f, "|--:|--:|--:|--:|--:|--:|")?;
		for s in &self.steps {
			writeln!(
				f,
				"| {:.0} | {:.2} | {:.0} | {:.2} % | {} | {:.0} |",
				s.packets_forwarded,
				s.cpu,
				s.packets_per_core,
				s.loss * 100.0,
				s.latency,
				s.late_ms
			)?;
		}
		for limit in &self.limits {
			writeln!(
				f,
				"Limit, {} B, {} at once: {:.0} packets/s and core.",
				limit.bytes, limit.batch, limit.packets_per_core
			)?;
		}
		match &self.best {
			Some(best) => writeln!(
				f,
				"Most with at most one in a thousand lost: {:.0} packets/s, {:.1} % of the first limit.",
				best.packets_forwarded,
				self.share * 100.0
			),
			None => writeln!(f, "No step had a loss of at most one in a thousand."),
		}
	}
}
