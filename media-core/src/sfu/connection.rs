//! The quality of each participant's connection, both ways.

use std::time::{Duration, Instant};

use super::track::{DownTrack, UpTrack};
use super::types::{Event, ParticipantId};
use super::Sfu;
use crate::quality::connection::{opinion, ConnectionClass, LossWeight, Window};
use crate::MediaKind;

/// What was seen of a published track at the end of the last interval.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
	packets: u64,
	lost: u64,
	/// Since when it should be sent without a break.
	since: Option<Instant>,
}

/// What a receiver reported of a subscription.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Remote {
	/// Highest sequence number, cumulative loss, jitter.
	report: Option<(u64, i64, Duration)>,
	/// The same, and losses on the way to the node, at the end of the last interval.
	last: Option<(u64, i64, u64)>,
}

impl Remote {
	pub(super) fn report(&mut self, highest: u64, lost: i64, jitter: Duration) {
		self.report = Some((highest, lost, jitter));
	}

	/// The packets since the last interval. `missing`: packets so far that the node itself did not have.
	fn window(&mut self, missing: u64, upstream: Duration) -> Option<Window> {
		let (highest, lost, jitter) = self.report.take()?;
		let last = self.last.replace((highest, lost, missing))?;
		let expected = highest.checked_sub(last.0).filter(|n| *n > 0)?;
		let lost = u64::try_from(lost.saturating_sub(last.1)).unwrap_or(0);
		let lost = lost.saturating_sub(missing.saturating_sub(last.2)).min(expected);
		Some(Window {
			packets: expected - lost,
			lost,
			jitter: jitter.saturating_sub(upstream),
			reports: true,
			..Window::default()
		})
	}
}

impl Sfu {
	/// Scores all participants, once an interval, and tells the changes.
	pub(super) fn tick_quality(&mut self) {
		if self.now < self.next_quality {
			return;
		}
		self.next_quality = self.now + self.config.quality_interval;
		let ids: Vec<ParticipantId> = self.participants.ids().collect();
		for id in ids {
			self.score_published(id);
			self.score_subscribed(id);
			let Some((class, opinion)) = self.connection_quality(id) else { continue };
			let Some(p) = self.participants.get_mut(id) else { continue };
			if p.told_class.replace(class) != Some(class) {
				self.event(Event::ConnectionQuality { participant: id, class, opinion });
			}
		}
	}

	/// Class of a participant's connection, that of its worst track, and the mean opinion that it stands for.
	pub fn connection_quality(&self, id: ParticipantId) -> Option<(ConnectionClass, f32)> {
		let p = self.participants.get(id)?;
		let up = p.up.iter().map(|t| t.scorer.score());
		let worst = up.chain(p.down.values().map(|d| d.scorer.score())).fold(100.0, f64::min);
		Some((ConnectionClass::of(worst), opinion(worst)))
	}

	fn score_published(&mut self, id: ParticipantId) {
		let (now, interval) = (self.now, self.config.quality_interval);
		let Some(p) = self.participants.get_mut(id) else { return };
		let heard = p.publisher.connected
			&& now.saturating_duration_since(p.publisher.last_heard) < interval;
		for track in &mut p.up {
			let packets = track.layers.iter().map(|l| l.stats.packets()).sum();
			let lost = track.layers.iter().map(|l| l.stats.lost()).sum();
			let last = track.seen;
			track.seen = Seen { packets, lost, since: last.since };
			if track.muted || track.wanted.told() == Some(None) {
				track.seen.since = None;
				track.scorer.excuse();
				continue;
			}
			// Only an interval in which it should have been sent all the time counts.
			let since = *track.seen.since.get_or_insert(now);
			if now.saturating_duration_since(since) < interval {
				continue;
			}
			let window = Window {
				packets: packets.saturating_sub(last.packets),
				lost: lost.saturating_sub(last.lost),
				jitter: track.layers.iter().map(|l| l.stats.jitter()).max().unwrap_or_default(),
				layer_distance: missing_layers(track, now),
				reports: heard,
				..Window::default()
			};
			track.scorer.set_weight(weight(track));
			track.scorer.update(&window);
		}
	}

	fn score_subscribed(&mut self, id: ParticipantId) {
		let now = self.now;
		let Some(p) = self.participants.get_mut(id) else { return };
		let mut down = std::mem::take(&mut p.down);
		for (key, d) in &mut down {
			let source = self.participants.get(d.source);
			let track = source.and_then(|s| s.up.iter().find(|t| t.key == *key));
			let Some(track) = track.filter(|t| !t.muted && !d.disabled && d.tx.is_some()) else {
				d.scorer.excuse();
				continue;
			};
			if d.paused {
				d.scorer.pause();
				continue;
			}
			let upstream = track.layers.iter().map(|l| l.stats.jitter()).max().unwrap_or_default();
			let Some(window) = d.remote.window(d.stats.lost(), upstream) else { continue };
			let rtt = d.rtt.unwrap_or_default();
			d.scorer.set_weight(weight(track));
			d.scorer.update(&Window { rtt, layer_distance: distance(track, d, now), ..window });
		}
		if let Some(p) = self.participants.get_mut(id) {
			p.down = down;
		}
	}
}

fn weight(track: &UpTrack) -> LossWeight {
	let format = track.format.map(|(_, f)| f).or(track.expected);
	let fec = format.is_some_and(|f| f.spec.format.use_inband_fec == Some(true));
	match (track.binding.kind, format.is_some_and(|f| f.red), fec) {
		(MediaKind::Video, ..) => LossWeight::Video,
		(_, true, true) => LossWeight::RedFec,
		(_, true, false) => LossWeight::Red,
		(_, false, true) => LossWeight::OpusFec,
		(_, false, false) => LossWeight::Opus,
	}
}

/// Highest layer of a track that comes.
fn best(track: &UpTrack, now: Instant) -> Option<usize> {
	track.ladder(now).iter().rposition(Option::is_some)
}

/// Layers between the best that is wanted and the best that comes.
fn missing_layers(track: &UpTrack, now: Instant) -> f64 {
	let top = track.rungs().saturating_sub(1);
	let wanted = track.wanted.told().flatten().map_or(top, |w| usize::from(w).min(top));
	best(track, now).map_or(0.0, |best| wanted.saturating_sub(best) as f64)
}

/// Layers between what a subscriber wants and could have, and what it gets.
fn distance(track: &UpTrack, down: &DownTrack, now: Instant) -> f64 {
	let wanted = best(track, now).map(|b| down.max_layer.map_or(b, |m| m.min(b)));
	match (wanted, down.current) {
		(Some(wanted), Some(current)) => wanted.saturating_sub(current) as f64,
		_ => 0.0,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NONE: Duration = Duration::ZERO;

	#[test]
	fn window_counts_what_was_lost_behind_the_node() {
		let mut r = Remote::default();
		r.report(1_000, 50, NONE);
		assert_eq!(r.window(20, NONE), None);
		// 10 of the 15 new losses were the publisher's.
		r.report(1_100, 65, Duration::from_millis(30));
		let window = r.window(30, Duration::from_millis(10)).unwrap();
		assert_eq!((window.packets, window.lost, window.jitter.as_millis()), (95, 5, 20));
		assert_eq!(r.window(30, NONE), None);
		// The same report again, and one that goes back, say nothing.
		r.report(1_100, 65, NONE);
		assert_eq!(r.window(30, NONE), None);
		r.report(900, -5, NONE);
		assert_eq!(r.window(30, NONE), None);
		r.report(1_000, -90, NONE);
		assert_eq!(r.window(30, NONE).map(|w| (w.packets, w.lost)), Some((100, 0)));
	}
}
